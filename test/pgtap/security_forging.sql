-- Attempts of roles on what is not theirs: actor, clock, language, rights, rows, history. Each is refused.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/security_desk.sql
select no_plan();
create function pg_temp.try(command text) returns text language plpgsql as $$ begin execute command; return 'done'; end $$;
create function pg_temp.attempt(role_name text, command text, actor text default '') returns text language sql as $$
	select pg_temp.as_role(role_name, format('select pg_temp.try(%L)', command), actor)
$$;
create role tw_test_liaison in role tw_test_official;
select ticket_workflow.change_official('liaison', database_role => 'tw_test_liaison') \g /dev/null
select t.ticket_id as cg from ticket_of t where t.name = 't_cg' \gset
select t.ticket_id as fg from ticket_of t where t.name = 't_fg' \gset
select t.ticket_id as zz from ticket_of t where t.name = 't_zz' \gset

-- ---- the actor
select is(pg_temp.attempt('tw_test_liaison', format('select ticket_workflow.recall_ticket(%s, ''x'')', :cg), 'dispatcher'), 'TW005',
	'design 5: an official cannot act in the name of another');
select is(pg_temp.attempt('tw_test_liaison', format('select ticket_workflow.accept_ticket(%s)', :cg), 'liaison'), 'TW005',
	'design 5: not even in his own name by the setting');
select is(pg_temp.as_role(r, 'select ticket_workflow.actor()', 'dispatcher'), 'TW005', 'design 5: ' || r || ' cannot name an actor')
from unnest(array['tw_test_official', 'tw_test_reader', 'tw_test_auditor', 'tw_test_sweeper', 'tw_test_manager']) r;
select is(pg_temp.as_role('tw_test_reader', 'select ticket_workflow.actor()', 'there is no such'), 'TW005',
	'design 5: and does not learn which codes exist: the same answer for none');
select is(pg_temp.as_role('tw_test_reader', 'select count(*) from ticket_workflow.ticket', 'dispatcher'), 'TW005',
	'design 5: a reader with a forged actor reads nothing at all');
select is(pg_temp.as_role('tw_test_application', 'select ticket_workflow.actor()', 'zz_dispatcher'), 'TW005',
	'design 8: an application of one center cannot act for another''s officials');
select is(pg_temp.as_role('tw_test_application', 'select ticket_workflow.actor()', 'liaison'), 'liaison', 'design 5: an application names an actor');
select is(pg_temp.as_role('tw_test_liaison', 'select ticket_workflow.actor()'), 'liaison', 'design 5: an official is who his role says');
select is(pg_temp.as_role('tw_test_official', 'select ticket_workflow.actor()'), null, 'design 5: the group role of officials is nobody');
select is(pg_temp.attempt('tw_test_application', format('select ticket_workflow.accept_ticket(%s)', :cg)), 'TW006',
	'design 5: an application without an actor does nothing, and sees nothing');
select ticket_workflow.change_official('fg_liaison', active => false) \g /dev/null
select is(pg_temp.as_role('tw_test_application', 'select ticket_workflow.actor()', 'fg_liaison'), 'TW005', 'design 5: an inactive official is refused');
select ticket_workflow.change_official('fg_liaison', active => true) \g /dev/null
select ticket_workflow.change_official('liaison', active => false) \g /dev/null
select is(pg_temp.as_role('tw_test_liaison', 'select ticket_workflow.actor()'), 'TW005', 'design 5: by his own role too');
select ticket_workflow.change_official('liaison', active => true) \g /dev/null
-- SET ROLE takes off what the session's role could do, and puts nothing on
select is(pg_temp.as_role('tw_test_liaison', 'select ticket_workflow.caller()'), 'tw_test_liaison', 'design 5: the caller is the role in force, under SET ROLE too');
create role tw_test_both in role tw_test_application, tw_test_liaison;
select is(pg_temp.as_role('tw_test_both', 'select ticket_workflow.actor()'), null, 'design 5: membership in an official''s role does not make one the official');

-- ---- clock, settings
select is(pg_temp.attempt('tw_test_liaison', 'set local ticket_workflow.now = ''2023-01-01''') , '42501', 'design 5: an official cannot set the clock');
select is(pg_temp.attempt('tw_test_application', 'set local ticket_workflow.now = ''2023-01-01'''), '42501', 'design 5: an application neither');
select is(pg_temp.attempt('tw_test_manager', 'set local session_replication_role = replica'), '42501', 'design 4: nobody switches the guards off');
select is(pg_temp.attempt('tw_test_liaison', 'set local row_security = off; select * from ticket_workflow.ticket'), '42501', 'design 8: row_security = off is an error, not a way around');

-- ---- tables past the functions
select is(pg_temp.attempt(r, c), '42501', format('design 1: %s: %s', r, c))
from unnest(array['tw_test_application', 'tw_test_liaison', 'tw_test_reader', 'tw_test_auditor', 'tw_test_sweeper', 'tw_test_manager']) r,
	unnest(array[
		'insert into ticket_workflow.ticket select * from ticket_workflow.ticket',
		'update ticket_workflow.ticket set state = ''completed''',
		'delete from ticket_workflow.journal',
		'truncate ticket_workflow.journal',
		'update ticket_workflow.clock set due_at = due_at + interval ''1 day''',
		'insert into ticket_workflow.access_grant values (''tw_test_reader'', ''manager'', null, now(), ''x'')',
		'insert into ticket_workflow.act_right values (''yichuan_2023'', ''recall'', ''liaison'', ''lead'', null)',
		'update ticket_workflow.official set database_role = ''tw_test_reader'' where code = ''dispatcher''',
		'alter table ticket_workflow.ticket disable trigger all',
		'drop policy seen on ticket_workflow.ticket',
		'create table ticket_workflow.mine ()',
		'create function ticket_workflow.now(integer) returns timestamptz language sql as ''select null::timestamptz''',
		'select nextval(''ticket_workflow.ticket_seq'')',
		'lock table ticket_workflow.ticket',
		'select * from ticket_workflow.ticket for update',
		'select phone from ticket_workflow.petitioner',
		'select ticket_workflow.write_journal(1, ''x'', null)',
		'select ticket_workflow.require_actor()',
		'select ticket_workflow.begin_act(1, ''dispatch'')',
		'select ticket_workflow.tickets_apart(array[1000000000002])',
		'select ticket_workflow.repeated_ticket(1000000000001)',
		'call ticket_workflow.revoke_access(''tw_test_reader'', ''reader'')'
	]) c;

-- ---- managers: of their own center only
select is(pg_temp.attempt('tw_test_manager', 'select ticket_workflow.create_area(''yc'', ''p9'', ''第九片区'')'), 'done', 'design 8: a manager manages his center');
select is(pg_temp.attempt('tw_test_manager', c), 'TW005', 'design 8: not another: ' || c) from unnest(array[
	'select ticket_workflow.create_area(''zz'', ''p9'', ''第九片区'')',
	'select ticket_workflow.create_official(''spy'', ''某人'', ''zz'')',
	'select ticket_workflow.create_organization(''zz'', ''x'', ''某部门'')',
	'select ticket_workflow.close_organization(''zz'', ''zz_cg'')',
	'select ticket_workflow.set_duty(''zz'', ''2023-02-11'', ''2023-02-12'', ''zz_dispatcher'', ''zz_dispatcher'')',
	'select ticket_workflow.create_matter(''zz'', ''x'', ''某事'')',
	'select ticket_workflow.put_in_force(''zz'', ''yichuan_2023'', ''2024-01-01'')',
	-- what concerns every center
	'select ticket_workflow.create_center(''new'', ''新中心'')']) c;
select is(pg_temp.attempt('tw_test_manager', c), 'TW006', 'design 8: another center''s people do not exist for him: ' || c) from unnest(array[
	'select ticket_workflow.change_official(''zz_dispatcher'', name => ''x'')',
	'select ticket_workflow.assign_post(''zz_dispatcher'', ''zz'', ''operator'')',
	format('select ticket_workflow.end_post(%s)', (select p.post_id from ticket_workflow.post p join ticket_workflow.official o using (official_id) where o.code = 'zz_dispatcher')),
	format('select ticket_workflow.delegate_post(%s, ''deputy'', ''x'')', (select p.post_id from ticket_workflow.post p join ticket_workflow.official o using (official_id) where o.code = 'zz_dispatcher'))]) c;
select is(pg_temp.attempt('tw_test_application', 'select ticket_workflow.create_area(''yc'', ''p8'', ''第八片区'')', 'dispatcher'), '42501', 'design 8: an application manages nothing');
select is(pg_temp.attempt('tw_test_manager', format('select ticket_workflow.recall_ticket(%s, ''x'')', :cg)), '42501', 'design 8: a manager acts on no ticket');
create role tw_test_super superuser;
select is(pg_temp.attempt('tw_test_manager', 'select ticket_workflow.change_official(''nobody'', database_role => ''tw_test_super'')'), 'TW006',
	'design 5: a superuser''s role stands for no official');
select is(pg_temp.attempt('tw_test_manager', 'select ticket_workflow.change_official(''nobody'', database_role => ''ticket_workflow_owner'')'), 'TW006',
	'design 5: nor does the owner''s');
select is(pg_temp.attempt('tw_test_manager', 'select ticket_workflow.change_official(''nobody'', database_role => ''tw_test_liaison'')'), 'TW006',
	'design 5: one role stands for one official');

-- ---- search_path and temporary objects
create function pg_temp.ambush() returns text language plpgsql set search_path from current as $$
begin
	-- own operators and tables before everything else
	execute 'create function pg_temp.yes(text, text) returns boolean language sql as ''select true''';
	execute 'create operator pg_temp.= (leftarg = text, rightarg = text, procedure = pg_temp.yes)';
	execute 'create temp table official as select 1::bigint as official_id, 1::bigint as center_id, ''dispatcher''::text as code, true as active';
	execute 'create temp table access_grant as select ''tw_test_liaison''::text as role_name, ''application''::text as capability';
	perform set_config('search_path', 'pg_temp, ticket_workflow, pg_catalog', true);
	return ticket_workflow.actor() || ' ' || ticket_workflow.has_capability('application')::text;
end
$$;
select is(pg_temp.as_role('tw_test_liaison', 'select pg_temp.ambush()'), 'liaison false', 'P-2.7: a hostile search_path with own operators and tables changes nothing');

-- ---- a leaky function in the query sees no hidden row: the policy's terms come first
create temp table leaked (ticket_id bigint);
grant insert, select on leaked to public;
create function pg_temp.leak(ticket_id bigint) returns boolean language plpgsql cost 0.0000001 as $$
begin
	insert into pg_temp.leaked values (ticket_id);
	return true;
end
$$;
select is(pg_temp.as_role('tw_test_liaison', 'select count(*) from ticket_workflow.ticket t where pg_temp.leak(t.ticket_id)'), '1', 'design 8: a cheap function in the query');
select results_eq('select ticket_id from leaked', format('values (%s::bigint)', :cg), 'design 8: is shown no row that the caller does not see');
select is(pg_temp.as_role('tw_test_liaison', format('select count(*) from ticket_workflow.ticket t where t.ticket_id = %s and 1 / (t.dispatch_round - 1) = 0', :fg)), '0',
	'design 8: an error message does not tell of a hidden row');
select is(pg_temp.as_role('tw_test_liaison', 'select count(*) from pg_stats where schemaname = ''ticket_workflow'' and tablename in (''petitioner'', ''ticket'')'), '0',
	'design 8: statistics do not tell of hidden rows');
select is(pg_temp.as_role('tw_test_liaison', format('select ticket_workflow.may_see(t) from ticket_workflow.ticket t where t.ticket_id = %s', :zz)), null,
	'design 8: may_see() is asked of no hidden row');
select * from finish();
rollback;
