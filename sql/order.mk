# The install script is these fragments in this order: first every table, then
# what the tables of other subjects are needed for. Within a kind the subjects
# stand in the order in which a ticket meets them.

TABLES = \
	sql/base/preflight.sql \
	sql/base/tables.sql \
	build/sql/messages.sql

# Re-created by every update: functions, guards, views.
FUNCTIONS = \
	sql/base/functions.sql \
	sql/base/cache.sql

GUARDS = \
	sql/base/guards.sql

VIEWS =

# Ends every install and every update: owner, REVOKE, dump registration.
CLOSING = \
	sql/security/ownership.sql \
	sql/security/dump.sql

FRAGMENTS = $(TABLES) $(FUNCTIONS) $(GUARDS) $(VIEWS) $(CLOSING)
