# ticket_workflow: a PGXS extension.
#
#   make, make install, make installcheck   as for every extension, PG_CONFIG=... picks the server
#   make demo, make test                    do all set-up themselves on a fresh Debian (scripts/setup)
#   make test-heavy, make bench, make lint  full sizes, figures, checkers

EXTENSION = ticket_workflow
EXTENSION_VERSION := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" ticket_workflow.control)
EXTENSION_SCRIPT = ticket_workflow--$(EXTENSION_VERSION).sql

# The fragments, in the order in which the scripts need them, and the version an update starts from.
include sql/order.mk
UPDATE_SCRIPT = ticket_workflow--$(UPDATE_FROM)--$(EXTENSION_VERSION).sql

MODULE_big = ticket_workflow
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c)))

DATA = $(wildcard sql/releases/*.sql)
DATA_built = $(EXTENSION_SCRIPT) $(UPDATE_SCRIPT)

REGRESS = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
# whatever the encoding of the cluster's other databases
ENCODING = UTF8
REGRESS_OPTS = --inputdir=test --load-extension=ticket_workflow
ISOLATION = $(patsubst test/specs/%.spec,%,$(sort $(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test --outputdir=. --load-extension=ticket_workflow
TAP_TESTS = 1
PROVE_TESTS = test/t/*.pl

EXTRA_CLEAN = build src/generated results output_iso tmp_check log regression.diffs regression.out

PG_CFLAGS += -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare $(if $(WERROR),-Werror)
PG_CPPFLAGS += -Isrc

# Bitcode would ask every DBA for clang; a JIT gains nothing on these functions.
override with_llvm := no

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifneq ($(wildcard $(PGXS)),)
include $(PGXS)
else
# scripts/setup comes first on a machine that has no server yet
all install installcheck:
	@echo "PG_CONFIG=$(PG_CONFIG) leads to no development files of PostgreSQL (Debian: postgresql-server-dev-NN)" >&2; exit 1
clean:
	rm -rf $(OBJS) $(MODULE_big).so $(EXTENSION_SCRIPT) $(UPDATE_SCRIPT) $(EXTRA_CLEAN)
endif

# ---- generated parts -------------------------------------------------------

$(EXTENSION_SCRIPT): $(FRAGMENTS) sql/order.mk ticket_workflow.control scripts/assemble
	scripts/assemble install $(FRAGMENTS) > $@.tmp && mv $@.tmp $@

$(UPDATE_SCRIPT): $(UPDATE_FRAGMENTS) sql/order.mk ticket_workflow.control scripts/assemble
	scripts/assemble update $(UPDATE_FRAGMENTS) > $@.tmp && mv $@.tmp $@

# One message file serves SQL and C.
MESSAGE_FILES = messages/messages.tsv messages/clauses.tsv messages/labels.tsv

src/generated/messages.h: $(MESSAGE_FILES) scripts/generate-messages
	mkdir -p $(@D) && scripts/generate-messages c > $@.tmp && mv $@.tmp $@

src/generated/labels.h: $(MESSAGE_FILES) scripts/generate-messages
	mkdir -p $(@D) && scripts/generate-messages labels > $@.tmp && mv $@.tmp $@

build/sql/messages.sql: $(MESSAGE_FILES) scripts/generate-messages
	mkdir -p $(@D) && scripts/generate-messages sql > $@.tmp && mv $@.tmp $@

# Rulebooks and calendars ship as documents that load_rulebook() and import_calendar() read.
DOCUMENT_FILES := $(shell find data -type f 2>/dev/null)

build/sql/documents.sql: $(DOCUMENT_FILES) scripts/pack-documents
	mkdir -p $(@D) && scripts/pack-documents > $@.tmp && mv $@.tmp $@

$(OBJS): $(wildcard src/*.h) build/server
src/messages.o: src/generated/messages.h
src/labels.o: src/generated/labels.h

# Objects built for another server are out of date: this file changes when the server does.
build/server: FORCE
	@mkdir -p $(@D) && $(PG_CONFIG) --version --bindir --includedir-server --cc --cflags > $@.tmp && \
	if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi

# ---- commands of the README ------------------------------------------------

.PHONY: test test-heavy demo bench lint check-memory FORCE
test test-heavy demo bench lint check-memory:
	scripts/run $@
