-- the settings, as the functions that alone read them see them
\set SHOW_CONTEXT never
set timezone = 'Asia/Shanghai';
set datestyle = 'ISO';

select ticket_workflow.calendar_setting(), ticket_workflow.actor_setting() is null as no_actor, ticket_workflow.language();

-- a setting that is not ours is refused, once the library is loaded
set ticket_workflow.nwo = 'x';

-- actor and calendar follow the transaction
begin;
set local ticket_workflow.actor = 'A01';
set local ticket_workflow.calendar = 'cn';
select ticket_workflow.actor_setting(), ticket_workflow.calendar_setting();
rollback;
select ticket_workflow.actor_setting() is null as no_actor, ticket_workflow.calendar_setting();

-- the clock: the statement's, not the transaction's
begin;
select ticket_workflow.now() = statement_timestamp() as of_statement;
select pg_sleep(0.01), ticket_workflow.now() > transaction_timestamp() as later_than_transaction;
rollback;
-- a superuser's time stands still, in any zone
set ticket_workflow.now = '2023-01-20 16:59:00+08';
select ticket_workflow.now();
set timezone = 'UTC';
select ticket_workflow.now();
set timezone = 'Asia/Shanghai';
-- a new value takes the place of the old one, and an empty one gives the real clock back
set ticket_workflow.now = '2023-01-28 12:00:00+08';
select ticket_workflow.now();
set ticket_workflow.now = '';
select ticket_workflow.now() = statement_timestamp() as real;
-- what is no time is no clock either
set ticket_workflow.now = 'some day';
select ticket_workflow.now();
reset ticket_workflow.now;

-- a plain role has no clock to set
create role regress_settings_plain;
set role regress_settings_plain;
set ticket_workflow.now = '2023-01-20 16:59:00+08';
select set_config('ticket_workflow.now', '2023-01-20 16:59:00+08', false);
reset role;

-- the caller is the outer user, under SET ROLE and inside a definer function
create function regress_definer() returns regrole language sql security definer
	return ticket_workflow.caller();
grant usage on schema ticket_workflow to regress_settings_plain;
grant execute on function ticket_workflow.caller() to regress_settings_plain;
set role regress_settings_plain;
select ticket_workflow.caller(), regress_definer();
reset role;
revoke all on function ticket_workflow.caller() from regress_settings_plain;
revoke all on schema ticket_workflow from regress_settings_plain;
drop function regress_definer();
drop role regress_settings_plain;
