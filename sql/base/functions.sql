-- Settings, errors, labels: what every other subject calls.
-- May touch: nothing but the product tables of the base.

create or replace function ticket_workflow.now() returns timestamptz
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_now';
comment on function ticket_workflow.now() is
	'Time of the statement; a superuser''s ticket_workflow.now takes its place in demos and tests';

create or replace function ticket_workflow.act_time() returns timestamptz
	language c stable as 'MODULE_PATHNAME', 'tw_sql_act_time';
comment on function ticket_workflow.act_time() is 'now() for an act; TW004 where the statement that acts began more than a minute ago';

create or replace function ticket_workflow.language() returns text
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_language';
comment on function ticket_workflow.language() is 'Language of messages and labels: zh or en, from ticket_workflow.language';

create or replace function ticket_workflow.caller() returns regrole
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_caller';
comment on function ticket_workflow.caller() is 'Database role that calls: the outer user, also inside SECURITY DEFINER functions';

create or replace function ticket_workflow.actor_setting() returns text
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_actor_setting';
comment on function ticket_workflow.actor_setting() is 'The setting ticket_workflow.actor as it is; actor() says whether the caller may use it';

create or replace function ticket_workflow.calendar_setting() returns text
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_calendar_setting';
comment on function ticket_workflow.calendar_setting() is 'The setting ticket_workflow.calendar: the calendar of functions that are given none';

create or replace function ticket_workflow.fail(key text, clause text, variadic args text[] default '{}') returns void
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_fail';
comment on function ticket_workflow.fail(text, text, text[]) is
	'Raises the message of that key: SQLSTATE TWnnn, the clause and its wording in DETAIL, the way out in HINT';

create or replace function ticket_workflow.message_text(key text, args text[] default '{}', language text default null) returns text
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_message_text';
comment on function ticket_workflow.message_text(text, text[], text) is
	'Text of a message with its arguments filled in; language NULL is the session''s';

-- in C, since views call it several times a row
create or replace function ticket_workflow.label(domain text, code text) returns text
	language c stable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_label';
comment on function ticket_workflow.label(text, text) is
	'What a code is called in the session''s language; NULL for a code that has no label';
