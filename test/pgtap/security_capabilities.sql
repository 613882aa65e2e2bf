-- What each capability may call and read: lines complete by the catalog, privileges as the lines say, nothing more.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/security_desk.sql
select no_plan();

create temp view member as
select d.objid, d.classid from pg_depend d join pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
where d.refclassid = 'pg_extension'::regclass and d.deptype = 'e';
create temp view routine as
select p.oid::regprocedure::text as signature, p.* from pg_proc p join member m on m.objid = p.oid and m.classid = 'pg_proc'::regclass;
create temp view relation as
select c.* from pg_class c join member m on m.objid = c.oid and m.classid = 'pg_class'::regclass;
create temp table holder (capability text, role_name text);
insert into holder select c, 'tw_test_' || c
from unnest(array['application', 'official', 'reader', 'auditor', 'sweeper', 'manager', 'none']) c;

-- ---- complete lines
select is_empty($$
	select distinct proname from routine r where prorettype <> 'trigger'::regtype
		and not exists (select from ticket_workflow.function_capability f where f.function_name = r.proname)
$$, 'design 8: every function has a line in function_capability (sql/security/capabilities.sql)');
select is_empty($$
	select distinct proname from routine r where prorettype = 'trigger'::regtype
		and exists (select from ticket_workflow.function_capability f where f.function_name = r.proname)
$$, 'design 8: no trigger is granted to anybody');
select is_empty($$
	select distinct function_name from ticket_workflow.function_capability f
	where not exists (select from routine r where r.proname = f.function_name)
$$, 'design 8: no line is about a function that is not there');
select is_empty($$
	select function_name from ticket_workflow.function_capability
	group by 1 having count(*) > 1 and bool_or(capability in ('any', 'internal'))
$$, 'design 8: any and internal stand alone');
select is_empty($$
	select relname from relation r where relkind in ('r', 'v', 'm')
		and not exists (select from ticket_workflow.relation_capability f where f.relation_name = r.relname)
$$, 'design 8: every table and view has a line in relation_capability (sql/security/capabilities.sql)');
select is_empty($$
	select distinct relation_name from ticket_workflow.relation_capability f
	where not exists (select from relation r where r.relname = f.relation_name and r.relkind in ('r', 'v'))
$$, 'design 8: no line is about a table or view that is not there');
select is_empty($$
	select f.relation_name, c from ticket_workflow.relation_capability f, unnest(f.columns) c
	where not exists (select from pg_attribute a where a.attrelid = ('ticket_workflow.' || f.relation_name)::regclass and a.attname = c)
$$, 'design 8: the columns of the lines exist');

-- ---- privileges are what the lines say: every function and relation by every role
select cmp_ok(count(*), '>', 200::bigint, 'design 8: the functions of the matrix are found') from routine;
select is_empty(format($q$
	select r.signature, has_function_privilege(%1$L, r.oid, 'execute') as may_execute from routine r
	where has_function_privilege(%1$L, r.oid, 'execute') <> exists (select from ticket_workflow.function_capability f
		where f.function_name = r.proname and (f.capability = %2$L or f.capability = 'any' and %2$L <> 'none'))
$q$, h.role_name, h.capability), format('design 8: %s executes what its capability says', h.role_name))
from holder h;
select is_empty(format($q$
	select r.relname, a.attname from relation r
		join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
	where r.relkind in ('r', 'v') and has_column_privilege(%1$L, r.oid, a.attnum, 'select') <> exists (
		select from ticket_workflow.relation_capability f
		where f.relation_name = r.relname and (f.capability = %2$L or f.capability = 'any' and %2$L <> 'none')
			and (f.columns is null or a.attname = any (f.columns)))
$q$, h.role_name, h.capability), format('design 8: %s reads the columns its capability says', h.role_name))
from holder h;

-- ---- and, whatever the lines say
select is_empty($$
	select h.role_name, r.relname, p from relation r cross join holder h,
		unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
	where r.relkind in ('r', 'v') and has_table_privilege(h.role_name, r.oid, p)
	union all
	select h.role_name, r.relname, p from relation r cross join holder h, unnest(array['insert', 'update', 'references']) p
	where r.relkind in ('r', 'v') and has_any_column_privilege(h.role_name, r.oid, p)
$$, 'design 1: nobody writes into a table past the functions');
select is_empty($$
	select h.role_name, r.relname from relation r cross join holder h
	where r.relkind = 'S' and has_sequence_privilege(h.role_name, r.oid, 'usage, select, update')
$$, 'design 8: nobody draws from a sequence');
select is_empty($$
	select h.role_name, r.signature from routine r join holder h on has_function_privilege(h.role_name, r.oid, 'execute')
	where h.capability in ('reader', 'auditor') and r.provolatile = 'v'
		-- which journals whom it shows in full, by an act that neither has
		and r.proname <> 'ticket_sheet'
$$, 'design 8: readers and auditors execute nothing that may write');
select is_empty($$
	select h.role_name, r.signature from routine r join holder h on has_function_privilege(h.role_name, r.oid, 'execute')
	where h.capability not in ('application', 'official') and r.prosrc ~ 'begin_act'
$$, 'design 8: acts on tickets are for applications and officials');
select is_empty($$
	select h.role_name, r.signature from routine r join holder h on has_function_privilege(h.role_name, r.oid, 'execute')
	where h.capability <> 'manager' and r.prosrc ~ '(managed_center|managed_official|managed_post|require_capability\(''manager''|require_managed)'
		and not (h.capability = 'sweeper' and r.proname = 'recompute_deadlines')
$$, 'design 8: what needs the capability manager is executable by managers only');
select is_empty($$
	select h.role_name, c from holder h, unnest(array['name', 'phone', 'address']) c
	where has_column_privilege(h.role_name, 'ticket_workflow.petitioner', c, 'select')
$$, 'design 3: nobody reads personal data past reveal_petitioner()');
select is_empty($$
	select h.role_name from holder h where has_schema_privilege(h.role_name, 'ticket_workflow', 'create')
$$, 'design 8: nobody creates objects in the schema');
select is_empty($$
	select r.signature from routine r
	where prosecdef and provolatile = 'v' and prorettype <> 'trigger'::regtype
		and exists (select from ticket_workflow.function_capability f where f.function_name = r.proname and f.capability in ('application', 'official'))
		and prosrc !~ '(begin_act|begin_move|begin_return_act|begin_center_act|begin_plan_act|begin_coordination|sign_subject|require_right|has_capability|require_capability|may_see|visible_report|granted_centers)'
		-- the token of the lease is the right
		and r.proname not in ('confirm_notice', 'fail_notice')
$$, 'design 8: every act asks who may, itself or through its helper');

-- a definer function looks past row security: each that a reading capability may execute was looked at by a person
select results_eq($$
	select distinct r.proname::text from routine r join holder h on has_function_privilege(h.role_name, r.oid, 'execute')
	where r.prosecdef and h.capability in ('reader', 'auditor') and r.prosrc !~ '(may_see|visible_report|my_centers\(\)|audited_centers)'
	order by 1
$$, $$ select unnest(array[
	-- about the caller himself
	'my_areas', 'my_centers', 'my_departments', 'my_directory', 'my_home', 'my_inspected', 'my_platforms', 'my_sight', 'my_tickets_apart',
	-- about no ticket, or of all centers by the capability's nature
	'check_integrity', 'lifecycle_diagram', 'sweep_backlog', 'verify_journals',
	'center_zone',
	-- of the row that the caller hands over: the rulebook's limit for it
	'completion_if_taken',
	-- of the tickets he sees (my_sight)
	'desk_today'])::text collate "C" order by 1 $$,
	'design 8: a definer function that readers may execute asks may_see() or for the centers that the caller sees, or was reviewed');

-- ---- every view works for whom it is granted, with rows in it
create function pg_temp.read_view(relation text) returns text language plpgsql as $$
declare
	n bigint;
	r record;
begin
	n := 0;
	for r in execute format('select * from ticket_workflow.%I', relation) loop
		n := n + 1;
	end loop;
	return 'rows';
end
$$;
select pg_temp.at_time('2023-02-10 10:00+08');
select is(pg_temp.as_role(h.role_name, format('select pg_temp.read_view(%L)', r.relname), a.actor), 'rows',
	format('design 6: %s %s reads the view %s', h.role_name, a.actor, r.relname))
from relation r join ticket_workflow.relation_capability f on f.relation_name = r.relname
	join holder h on h.capability = f.capability or f.capability = 'any' and h.capability <> 'none'
	cross join lateral (select case when h.capability = 'application' then 'dispatcher' else '' end as actor) a
where r.relkind = 'v';

-- ---- granting
select is((select string_agg(g.capability || coalesce(':' || c.code, ''), ',' order by g.capability) from ticket_workflow.access_grant g
	left join ticket_workflow.center c using (center_id) where g.role_name = 'tw_test_reader'), 'reader:yc', 'design 8: what was granted is remembered');
select throws_ok($$ call ticket_workflow.grant_access('tw_no_such_role', 'reader') $$, 'TW006', null, 'design 8: an unknown role is refused');
select throws_ok($$ call ticket_workflow.grant_access('public', 'reader') $$, 'TW006', null, 'design 8: PUBLIC is no role to grant to');
select throws_ok($$ call ticket_workflow.grant_access('tw_test_none', 'everything') $$, 'TW006', null, 'design 8: an unknown capability is refused');
select throws_ok($$ call ticket_workflow.grant_access('tw_test_none', 'internal') $$, 'TW006', null, 'design 8: internal cannot be granted');
select throws_ok($$ call ticket_workflow.grant_access('tw_test_none', 'any') $$, 'TW006', null, 'design 8: any cannot be granted');
select throws_ok($$ call ticket_workflow.grant_access('tw_test_none', 'reader', '{nowhere}') $$, 'TW006', null, 'design 8: an unknown center is refused');
select throws_ok($$ call ticket_workflow.grant_access('tw_test_none', 'reader', '{}') $$, 'TW006', null, 'design 8: no center is not all centers');
select throws_ok($$ call ticket_workflow.revoke_access('tw_test_none', 'reader') $$, 'TW006', null, 'design 8: what was not granted cannot be revoked');
create role "tw Test ""odd"" role";
call ticket_workflow.grant_access('tw Test "odd" role', 'reader');
select is(pg_temp.seen('tw Test "odd" role'), 't_cg,t_city,t_fg,t_new,t_zz', 'design 8: a role of any name can be granted');
call ticket_workflow.revoke_access('tw Test "odd" role', '查阅');
select is(pg_temp.seen('tw Test "odd" role'), '42501', 'design 8: and revoked');
select ok(not has_schema_privilege('tw Test "odd" role', 'ticket_workflow', 'usage'), 'design 8: with the last capability goes the schema');
select lives_ok($$ drop role "tw Test ""odd"" role" $$, 'P-2.8: nothing is left behind that keeps the role from being dropped');
-- grants that wandered off are put right
grant insert on ticket_workflow.ticket to tw_test_reader;
revoke select on ticket_workflow.label from tw_test_reader;
select results_eq($$ select refreshed from ticket_workflow.refresh_grants() where role_name = 'tw_test_reader' $$, array[true],
	'design 8: refresh_grants() repeats the grants');
select ok(not has_table_privilege('tw_test_reader', 'ticket_workflow.ticket', 'insert')
	and has_table_privilege('tw_test_reader', 'ticket_workflow.label', 'select'), 'design 8: to what the capabilities say, no more and no less');
insert into ticket_workflow.access_grant values ('tw_gone', 'reader', null, ticket_workflow.now(), 'test');
select results_eq($$ select refreshed from ticket_workflow.refresh_grants() where role_name = 'tw_gone' $$, array[false],
	'design 8: a role that is gone is told, the others are refreshed');
select is(pg_temp.seen('tw_test_reader'), 't_cg,t_city,t_fg,t_new', 'design 8: a remembered role that is gone disturbs nobody');
select lives_ok($$ call ticket_workflow.revoke_access('tw_gone', 'reader') $$, 'design 8: and can be forgotten');

select is(pg_temp.as_role(h.role_name, 'select 1 from ticket_workflow.refresh_grants()'), '42501', 'design 8: ' || h.role_name || ' cannot refresh grants')
from holder h;
create function pg_temp.try(command text) returns text language plpgsql as $$ begin execute command; return 'done'; end $$;
select is(pg_temp.as_role(h.role_name, format('select pg_temp.try(%L)', 'call ticket_workflow.grant_access(''' || h.role_name || ''', ''manager'')')), '42501',
	'design 8: ' || h.role_name || ' cannot grant itself a capability') from holder h;
-- a DBA without superuser: a member of the owner
create role tw_test_dba in role ticket_workflow_owner;
select is(pg_temp.as_role('tw_test_dba', $q$ select pg_temp.try('call ticket_workflow.grant_access(''tw_test_reader'', ''sweeper'')') $q$), 'done',
	'design 8: who has the owner''s rights grants');

-- a role of a role: the right comes by membership, and only with its privileges
create role tw_test_member in role tw_test_reader;
create role tw_test_aloof noinherit in role tw_test_reader;
select is(pg_temp.seen('tw_test_member'), 't_cg,t_city,t_fg,t_new', 'design 8: a member inherits the capability');
select is(pg_temp.seen('tw_test_aloof'), '42501', 'design 8: one that does not inherit has to SET ROLE');
select * from finish();
rollback;
