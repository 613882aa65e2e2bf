-- Role × object × right: every function, table, view and sequence of the schema by every capability, an official under
-- his own database role, a role without any and PUBLIC, against one table of rules (test/data/rights.tsv); and the rows.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/security_desk.sql
select no_plan();

create temp table line (number serial, line text);
\copy line (line) from 'test/data/rights.tsv' with (format csv, delimiter E'\x01', quote E'\x02')
create temp table rule as
select l.number, split_part(l.line, E'\t', 1) as kind, split_part(l.line, E'\t', 2) as who, split_part(l.line, E'\t', 3) as rows,
	regexp_replace(n, '\(.*', '') as name, string_to_array(substring(n from '\((.*)\)'), ',') as columns
from line l, unnest(string_to_array(split_part(l.line, E'\t', 4), ' ')) n
where l.line !~ '^(#|$)';

create temp view member as
select d.objid, d.classid from pg_depend d join pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
where d.refclassid = 'pg_extension'::regclass and d.deptype = 'e';
create temp table object as
select case when p.prorettype = 'trigger'::regtype then 'trigger' else 'function' end as kind, p.proname::text as name, p.oid, p.oid::regprocedure::text as full_name
from pg_proc p join member m on m.objid = p.oid and m.classid = 'pg_proc'::regclass
union all
select case c.relkind when 'r' then 'table' when 'v' then 'view' when 'S' then 'sequence' when 'c' then 'type' else 'relation of kind ' || c.relkind::text end,
	c.relname, c.oid, c.oid::regclass::text
from pg_class c join member m on m.objid = c.oid and m.classid = 'pg_class'::regclass;

-- the rules of an object: those that name it, else the patterns that match it
create temp table ruled as
select o.*, r.who, r.rows, r.columns, r.number
from object o join rule r on r.kind = o.kind and o.name like r.name
where r.name = o.name or not exists (select from rule x where x.kind = o.kind and x.name = o.name);
create temp table holder (letter text, role_name name);
insert into holder values ('a', 'tw_test_application'), ('o', 'tw_test_official'), ('o', 'tw_test_person'), ('r', 'tw_test_reader'), ('u', 'tw_test_auditor'),
	('s', 'tw_test_sweeper'), ('m', 'tw_test_manager'), ('', 'tw_test_none'), ('', 'public');
create role tw_test_person in role tw_test_official;
select ticket_workflow.change_official('liaison', database_role => 'tw_test_person') \g /dev/null

-- ---- the table of rules is whole
select cmp_ok(count(*), '>', 300::bigint, 'design 8: functions of the matrix are found') from object where kind = 'function';
select cmp_ok(count(*), '>', 60::bigint, 'design 8: tables and views of the matrix are found') from object where kind in ('table', 'view');
select is_empty($$
	select o.kind, o.full_name from object o where o.kind not in ('trigger', 'type') and not exists (select from ruled r where r.oid = o.oid)
$$, 'design 8: every function, table, view and sequence has a rule (test/data/rights.tsv)');
select is_empty($$
	select r.number, r.kind, r.name from rule r where not exists (select from object o where o.kind = r.kind and o.name like r.name)
$$, 'design 8: no rule is about what is not there');
select is_empty($$
	select kind, full_name from ruled group by kind, full_name, oid
	having count(distinct rows) > 1 or count(distinct number) > 1 and (kind = 'function' or bool_or(who = '-'))
$$, 'design 8: no two rules about one object contradict each other');
select is_empty($$ select * from rule where kind not in ('function', 'table', 'view', 'sequence') or who !~ '^([aorusm]+|\*|-)$'
	or rows not in ('ticket', 'center', 'all', '-') $$, 'design 8: the rules are well formed');

-- ---- rights are what the rules say, and nothing else
select is_empty(format($q$
	select o.kind, o.full_name, has_function_privilege(%1$L, o.oid, 'execute') as may_execute
	from object o
	where case when o.kind in ('function', 'trigger') then has_function_privilege(%1$L, o.oid, 'execute') end <> exists (
		select from ruled r where r.oid = o.oid and %2$L <> '' and (r.who = '*' or position(%2$L in r.who) > 0))
$q$, h.role_name, h.letter), format('design 8: %s executes what the rules say', h.role_name)) from holder h;
select is_empty(format($q$
	select o.full_name, a.attname, has_column_privilege(%1$L, o.oid, a.attnum, 'select') as may_read
	from object o join pg_attribute a on a.attrelid = o.oid and not a.attisdropped
	where a.attnum > 0 and case when o.kind in ('table', 'view') then has_column_privilege(%1$L, o.oid, a.attnum, 'select') end <> exists (
			select from ruled r where r.oid = o.oid and %2$L <> '' and (r.who = '*' or position(%2$L in r.who) > 0)
				and (r.columns is null or a.attname = any (r.columns)))
$q$, h.role_name, h.letter), format('design 8: %s reads the columns that the rules say', h.role_name)) from holder h;
select is_empty(format($q$
	select o.full_name, p from object o, unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
	where case when o.kind in ('table', 'view') then has_table_privilege(%1$L, o.oid, p)
		or p in ('insert', 'update', 'references') and has_any_column_privilege(%1$L, o.oid, p) end
	union all
	select o.full_name, 'sequence' from object o where case when o.kind = 'sequence' then has_sequence_privilege(%1$L, o.oid, 'usage, select, update') end
$q$, h.role_name), format('design 1: %s writes into no table and draws from no sequence', h.role_name)) from holder h;
select is(has_schema_privilege(h.role_name, 'ticket_workflow', 'usage'), h.letter <> '', format('design 8: %s and the schema', h.role_name)) from holder h;
select ok(not has_schema_privilege(h.role_name, 'ticket_workflow', 'create'), format('design 8: %s creates nothing in the schema', h.role_name)) from holder h;

-- ---- owner, place, and what definer functions and views are made of
select is_empty($$
	select o.kind, o.full_name from object o left join pg_proc p on p.oid = o.oid left join pg_class c on c.oid = o.oid
	where pg_get_userbyid(coalesce(p.proowner, c.relowner)) <> 'ticket_workflow_owner'
$$, 'design 8: everything is owned by ticket_workflow_owner');
select ok(not rolcanlogin and not rolsuper and not rolbypassrls and not rolcreaterole and not rolreplication, 'design 8: which cannot log in, nor more than own')
from pg_roles where rolname = 'ticket_workflow_owner';
select is_empty($$
	select m.classid::regclass, pg_describe_object(m.classid, m.objid, 0) from member m
	where not case m.classid
		when 'pg_proc'::regclass then (select pronamespace = 'ticket_workflow'::regnamespace from pg_proc where oid = m.objid)
		when 'pg_class'::regclass then (select relnamespace = 'ticket_workflow'::regnamespace from pg_class where oid = m.objid)
		when 'pg_type'::regclass then (select typnamespace = 'ticket_workflow'::regnamespace from pg_type where oid = m.objid)
		else false end
$$, 'design 8: no object outside the schema, and none of another kind: no operator, cast, event trigger, language');
select is_empty($$
	select o.full_name from object o join pg_class c on c.oid = o.oid
	where o.kind = 'view' and not coalesce(c.reloptions @> '{security_invoker=true}' or c.reloptions @> '{security_invoker=on}', false)
$$, 'design 6: every view runs with the rights of who asks');
select is_empty($$
	select o.full_name from object o join pg_proc p on p.oid = o.oid join pg_language l on l.oid = p.prolang
	where p.prosecdef and not coalesce(p.proconfig @> array['search_path=pg_catalog, pg_temp'], false)
		-- an SQL body is bound when it is made
		and not (l.lanname = 'sql' and p.prosqlbody is not null)
$$, 'P-2.7: every definer function has its own search_path');
select is_empty($$
	select o.full_name from object o join pg_proc p on p.oid = o.oid where p.proleakproof
$$, 'design 8: no function of ours claims to be leakproof');

-- ---- rows: which tables have row security, and by which rule
select is_empty($$
	select o.full_name, r.rows, c.relrowsecurity from object o join pg_class c on c.oid = o.oid
		join (select distinct oid, rows from ruled) r on r.oid = o.oid
	where o.kind = 'table' and c.relrowsecurity <> (r.rows in ('ticket', 'center'))
$$, 'design 8: the tables that the rules say have row security');
select is_empty($$
	select o.full_name, p.polname, p.polcmd, pg_get_expr(p.polqual, p.polrelid) from object o
		join (select distinct oid, rows from ruled) r on r.oid = o.oid
		left join pg_policy p on p.polrelid = o.oid
	where o.kind = 'table' and r.rows in ('ticket', 'center')
		and (p.polname is null or p.polcmd <> 'r' or not p.polpermissive or p.polroles <> '{0}'
			-- by the caller's centers, by his home, or through a row that is
			or r.rows = 'center' and pg_get_expr(p.polqual, p.polrelid) !~ 'my_directory|my_home|my_inspected|duty_occurrence|accountability_case'
			or r.rows = 'ticket' and pg_get_expr(p.polqual, p.polrelid) ~ 'my_directory')
$$, 'design 8: one policy for SELECT, of the kind that the rule says');
select is_empty($$
	select o.full_name from object o where o.kind = 'table' and (select count(*) from pg_policy p where p.polrelid = o.oid) > 1
$$, 'design 8: and no second one that would widen it');
-- a table with a center in it is limited to centers, unless it is one of rules, words and places
select is_empty($$
	select o.full_name from object o join (select distinct oid, rows from ruled) r on r.oid = o.oid
	where o.kind = 'table' and r.rows = 'all' and exists (select from pg_attribute a where a.attrelid = o.oid and not a.attisdropped
			and a.attname in ('ticket_id', 'report_id', 'petitioner_id', 'official_id', 'post_id', 'clock_id', 'escalation_id', 'actor', 'recipient_id'))
$$, 'design 8: what is about tickets or people is limited by rows');

-- ---- directory and machine across centers: everybody sees the people of his own centers
create function pg_temp.centers_of(relation text) returns text language plpgsql as $$
declare
	answer text;
begin
	execute format('select string_agg(distinct coalesce(c.code, ''all''), '','' order by coalesce(c.code, ''all'')) from ticket_workflow.%I x left join ticket_workflow.center c using (center_id)', relation) into answer;
	return answer;
end
$$;
select ticket_workflow.set_duty('zz', '2023-02-11 00:00+08', '2023-02-12 00:00+08', 'zz_dispatcher', 'zz_dispatcher') \g /dev/null
select is(pg_temp.as_role(w.role_name, format('select pg_temp.centers_of(%L)', t), w.actor), w.centers,
	format('design 8: %s %s sees of %s the people of %s', w.role_name, w.actor, t, coalesce(w.centers, 'no center')))
from (values ('tw_test_application', '', 'yc'), ('tw_test_application', 'dispatcher', 'yc'), ('tw_test_person', '', 'yc'), ('tw_test_official', '', null),
	('tw_test_reader', '', 'yc'), ('tw_test_auditor', '', 'zz'), ('tw_test_manager', '', 'yc'), ('tw_test_sweeper', '', 'yc,zz'), ('postgres', '', 'yc,zz')) as w (role_name, actor, centers),
	unnest(array['post', 'duty_roster']) t;
select is(pg_temp.as_role(w.role_name, 'select string_agg(distinct center_id::text, '','' order by center_id::text) from (select center_id, code, name from ticket_workflow.official) o', w.actor), w.centers,
	format('design 8: %s %s sees the officials of %s', w.role_name, w.actor, w.centers))
from (values ('tw_test_application', '', '1'), ('tw_test_reader', '', '1'), ('tw_test_auditor', '', '2'), ('tw_test_manager', '', '1'), ('tw_test_person', '', '1'), ('tw_test_official', '', null)) as w (role_name, actor, centers);
select is(pg_temp.as_role('tw_test_manager', 'select string_agg(distinct role_name, '','' order by role_name) from ticket_workflow.access_grant'),
	'tw_test_application,tw_test_manager,tw_test_official,tw_test_reader,tw_test_sweeper', 'design 8: a manager sees who may what at his center');
select * from finish();
rollback;
