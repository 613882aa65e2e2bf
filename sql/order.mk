# The install script is these fragments in this order: first every table, then what re-creates itself
# with every update. Within a kind the subjects stand in the order in which a ticket meets them;
# a function with an SQL body stands behind the functions and tables it names.
# The update script is OPENING, MIGRATE, NEW_TABLES, REFILL, PRODUCT, ... CLOSING, VERIFY. How to add a
# table, a column, or another signature: sql/migrate/README.md.

# Runs first in both, whatever is there.
OPENING = \
	sql/base/preflight.sql \
	sql/base/ids.sql \
	sql/ticket/masks.sql

# Tables as the last released version has them, with the columns that MIGRATE adds at their ends.
TABLES = \
	sql/base/tables.sql \
	sql/calendar/tables.sql \
	sql/organization/tables.sql \
	sql/security/tables.sql \
	sql/rulebook/tables.sql \
	sql/ticket/tables.sql \
	sql/journal/tables.sql \
	sql/clock/tables.sql \
	sql/dispatch/tables.sql \
	sql/dispatch/rule_tables.sql \
	sql/dispatch/incident_tables.sql \
	sql/contact/tables.sql \
	sql/returns/tables.sql \
	sql/report/tables.sql \
	sql/report/phrase_tables.sql \
	sql/approval/tables.sql \
	sql/escalation/tables.sql

# Tables that came after it: the install script and the update run the same files. One a line: NEW_TABLES += file
NEW_TABLES =
NEW_TABLES += sql/reporting/tables.sql
NEW_TABLES += sql/escalation/rule_tables.sql
NEW_TABLES += sql/journal/seal_tables.sql
NEW_TABLES += sql/mechanism/tables.sql
NEW_TABLES += sql/mechanism/plan_tables.sql
NEW_TABLES += sql/mechanism/duty_tables.sql
NEW_TABLES += sql/mechanism/accountability_tables.sql

# The released version that the update script starts from, and what brings its tables (not the new ones, not
# functions and views, which are re-created) to where the fragments above have them. Install runs none of these.
# One a line: MIGRATE += file
UPDATE_FROM = 1.0.0
MIGRATE =
MIGRATE += sql/migrate/1.1.0/clock.sql
MIGRATE += sql/migrate/1.1.0/reporting.sql
MIGRATE += sql/migrate/1.1.0/escalation.sql
MIGRATE += sql/migrate/1.1.0/dispatch.sql
MIGRATE += sql/migrate/1.1.0/mechanism.sql

# Rows of product tables: an update empties the tables (REFILL) and fills them anew from these.
REFILL = sql/migrate/refill.sql
PRODUCT = \
	build/sql/messages.sql \
	build/sql/documents.sql \
	sql/organization/product.sql \
	sql/ticket/product.sql \
	sql/clock/product.sql \
	sql/security/capabilities.sql

# Re-created by every update: functions, guards, views.
FUNCTIONS = \
	sql/base/functions.sql \
	sql/base/cache.sql \
	sql/base/checks.sql \
	sql/calendar/engine.sql \
	sql/calendar/functions.sql \
	sql/calendar/import.sql \
	sql/organization/actor.sql \
	sql/organization/lookup.sql \
	sql/organization/sight.sql \
	sql/organization/structure.sql \
	sql/organization/people.sql \
	sql/calendar/formats.sql \
	sql/rulebook/functions.sql \
	sql/journal/functions.sql \
	sql/journal/seals.sql \
	sql/ticket/receive.sql \
	sql/clock/functions.sql \
	sql/clock/facts.sql \
	sql/clock/due.sql \
	sql/clock/corrections.sql \
	sql/clock/recompute.sql \
	sql/clock/extension.sql \
	sql/ticket/acts.sql \
	sql/dispatch/rules.sql \
	sql/dispatch/resolve.sql \
	sql/dispatch/functions.sql \
	sql/dispatch/incidents.sql \
	sql/dispatch/coverage.sql \
	sql/ticket/corrections.sql \
	sql/ticket/lifecycle.sql \
	sql/contact/validity.sql \
	sql/contact/functions.sql \
	sql/contact/recordings.sql \
	sql/returns/conditions.sql \
	sql/returns/functions.sql \
	sql/report/phrases.sql \
	sql/report/options.sql \
	sql/report/findings.sql \
	sql/report/functions.sql \
	sql/report/completion.sql \
	sql/report/annotate.sql \
	sql/report/quality.sql \
	sql/approval/demand.sql \
	sql/approval/functions.sql \
	sql/import/shape.sql \
	sql/import/clocks.sql \
	sql/import/history.sql \
	sql/import/facts.sql \
	sql/import/read.sql \
	sql/import/write.sql \
	sql/import/functions.sql \
	sql/reporting/integrity.sql \
	sql/reporting/figures.sql \
	sql/reporting/repeats.sql \
	sql/reporting/documents.sql \
	sql/reporting/charts.sql \
	sql/reporting/bulletin_data.sql \
	sql/reporting/bulletin.sql \
	sql/reporting/sheets.sql \
	sql/reporting/sheet_forms.sql \
	sql/escalation/notices.sql \
	sql/escalation/outbox.sql \
	sql/escalation/rules.sql \
	sql/escalation/wording.sql \
	sql/escalation/functions.sql \
	sql/escalation/sweep.sql \
	sql/escalation/daily.sql \
	sql/escalation/schedule.sql \
	sql/mechanism/center_acts.sql \
	sql/mechanism/guidance.sql \
	sql/mechanism/daily_notice.sql \
	sql/mechanism/duties.sql \
	sql/mechanism/mediation.sql \
	sql/mechanism/plans.sql \
	sql/mechanism/burst.sql \
	sql/mechanism/accountability.sql \
	sql/mechanism/vacancies.sql \
	sql/mechanism/daily.sql \
	sql/reporting/desk_today.sql \
	sql/security/grants.sql \
	sql/security/protect.sql \
	sql/security/petitioner.sql

GUARDS = \
	sql/base/guards.sql \
	sql/calendar/guards.sql \
	sql/journal/guards.sql \
	sql/organization/guards.sql \
	sql/clock/guards.sql \
	sql/dispatch/guards.sql \
	sql/ticket/guards.sql \
	sql/clock/extension_guards.sql \
	sql/contact/guards.sql \
	sql/returns/guards.sql \
	sql/report/guards.sql \
	sql/approval/guards.sql \
	sql/escalation/guards.sql \
	sql/mechanism/guards.sql

VIEWS = \
	sql/calendar/views.sql \
	sql/reporting/clock_views.sql \
	sql/reporting/escalation_views.sql \
	sql/reporting/ticket_views.sql \
	sql/reporting/health_views.sql \
	sql/approval/views.sql \
	sql/dispatch/views.sql \
	sql/reporting/summary_views.sql \
	sql/reporting/comment_columns.sql \
	sql/reporting/column_comments.sql \
	sql/reporting/summary_comments.sql \
	sql/mechanism/views.sql \
	sql/mechanism/column_comments.sql

# Ends every install and every update: owner, REVOKE, dump registration.
CLOSING = \
	sql/rulebook/complete.sql \
	sql/security/policies.sql \
	sql/security/ownership.sql \
	sql/security/dump.sql

# Ends an update: what refers to product rows still finds them.
VERIFY = sql/migrate/verify.sql

RECREATED = $(PRODUCT) $(FUNCTIONS) $(GUARDS) $(VIEWS) $(CLOSING)
FRAGMENTS = $(OPENING) $(TABLES) $(NEW_TABLES) $(RECREATED)
UPDATE_FRAGMENTS = $(OPENING) $(MIGRATE) $(NEW_TABLES) $(REFILL) $(RECREATED) $(VERIFY)
