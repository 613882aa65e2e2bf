-- What every object of the extension keeps to, whoever wrote it: search_path, privileges, owners, comments,
-- volatility, dump registration, completeness of messages and labels.
begin;
select no_plan();

create temp view member_function as
select p.*, p.oid::regprocedure::text as signature, l.lanname,
	pg_get_functiondef(p.oid) as definition
from pg_depend d
	join pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
	join pg_proc p on p.oid = d.objid
	join pg_language l on l.oid = p.prolang
where d.refclassid = 'pg_extension'::regclass and d.classid = 'pg_proc'::regclass and d.deptype = 'e'
	and p.prokind in ('f', 'p');

create temp view member_relation as
select c.*, c.oid::regclass::text as name, obj_description(c.oid, 'pg_class') as description,
	c.oid = any (e.extconfig) as registered
from pg_depend d
	join pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
	join pg_class c on c.oid = d.objid
where d.refclassid = 'pg_extension'::regclass and d.classid = 'pg_class'::regclass and d.deptype = 'e';

select cmp_ok((select count(*) from member_function), '>', 5::bigint, 'the functions of the extension are found');
select cmp_ok((select count(*) from member_relation), '>', 2::bigint, 'the tables of the extension are found');

-- ---- functions

-- the script is read with check_function_bodies off: what does not compile shows at its first call only
create function pg_temp.uncompiled() returns table (signature text, problem text) language plpgsql as $$
#variable_conflict use_column
declare
	f record;
begin
	for f in select oid, signature, lanname from member_function where lanname in ('plpgsql', 'sql') loop
		begin
			if f.lanname = 'plpgsql' then
				perform plpgsql_validator(f.oid);
			else
				perform fmgr_sql_validator(f.oid);
			end if;
		exception when others then
			return query select f.signature, sqlerrm;
		end;
	end loop;
end
$$;
set local check_function_bodies = on;
select is_empty('select * from pg_temp.uncompiled()', 'every function compiles');

select is_empty($$
	select signature, proconfig from member_function
	where (lanname = 'plpgsql' or lanname = 'sql' and prosqlbody is null)
		and not coalesce('search_path=pg_catalog, pg_temp' = any (proconfig), false)
		-- a procedure that commits can have no SET; it is then no definer either (next test)
		and not (prokind = 'p' and prosrc ~* '\mcommit\M')
$$, 'P-2.7: every PL/pgSQL and every non-inlined SQL function has search_path pg_catalog, pg_temp');

select is_empty($$
	select signature from member_function where prosecdef and proconfig is null and lanname = 'plpgsql'
$$, 'P-2.7: no definer function of PL/pgSQL without SET');

select is_empty($$
	select signature, proconfig from member_function where lanname = 'c' and proconfig is not null
$$, 'P-2.7: no SQL-callable C function has a SET clause');

select is_empty($$
	select signature, proconfig from member_function
	where exists (select from unnest(proconfig) setting where setting like 'ticket\_workflow.%')
$$, 'design 5: no function sets a setting of ours');

select is_empty($$
	select signature from member_function where lanname not in ('c', 'sql', 'plpgsql')
$$, 'no other language is needed');

select is_empty($$
	select signature from member_function where definition ~* 'current_setting\s*\(\s*''ticket_workflow'
$$, 'design 5: nothing reads a setting of ours past the C functions');

select is_empty($$
	select signature from member_function
	where lanname <> 'c' and definition ~* '(pg_catalog\.|[^._a-z])now\(\)|current_timestamp|current_date|localtimestamp|transaction_timestamp'
$$, 'design 5: nothing asks the transaction''s clock; ticket_workflow.now() is the time');

select is_empty($$
	select signature from member_function
	where pronamespace = 'ticket_workflow'::regnamespace and obj_description(oid, 'pg_proc') is null
$$, 'every function has a comment');

select is_empty($$
	select signature, a.privilege_type
	from member_function, aclexplode(coalesce(proacl, acldefault('f', proowner))) a
	where a.grantee = 0
$$, 'design 8: no function is executable by PUBLIC');

select is_empty($$
	select signature, proowner::regrole from member_function where proowner <> 'ticket_workflow_owner'::regrole
$$, 'design 8: ticket_workflow_owner owns every function');

select is_empty($$
	select f.signature, called.proname
	from member_function f
		join member_function called on called.provolatile <> 'i' and called.prorettype <> 'trigger'::regtype
			and f.definition ~ ('ticket_workflow\.' || called.proname || '\s*\(')
			and f.proname <> called.proname
			-- an error's language is no value
			and called.proname <> 'fail'
	where f.provolatile = 'i' and f.lanname <> 'c'
		-- one name may have an immutable form too
		and not exists (select from member_function other where other.proname = called.proname and other.provolatile = 'i')
	union all
	select f.signature, r.relname
	from member_function f
		join member_relation r on r.relkind in ('r', 'v')
			and f.definition ~* ('(from|join)\s+ticket_workflow\.' || r.relname || '\M')
	where f.provolatile = 'i'
$$, 'P-2.11: no IMMUTABLE function reads a table or calls what is not immutable');

-- what a C function reads cannot be seen from here: those that read nothing are named
select is_empty($$
	select signature from member_function
	where provolatile = 'i' and lanname = 'c' and proname <> all (array[
		'digest_fields', 'fill_template', 'fold_compatible', 'fold_text', 'journal_hash', 'name_key', 'optional_text', 'require_text', 'seal_digest', 'text_similarity'])
$$, 'P-2.11: IMMUTABLE are those functions of C alone whose result is made of their arguments');

select is_empty($$
	select signature from member_function
	where provolatile <> 'v' and lanname <> 'c'
		and prosrc ~* '\m(insert\s+into|delete\s+from|update\s+ticket_workflow)\M'
$$, 'no STABLE or IMMUTABLE function writes');

-- ---- relations

select is_empty($$
	select name, relowner::regrole from member_relation where relowner <> 'ticket_workflow_owner'::regrole
$$, 'design 8: ticket_workflow_owner owns every table, view and sequence');

select is_empty($$
	select name, a.privilege_type
	from member_relation, aclexplode(relacl) a where a.grantee = 0
	union all
	select r.name || '.' || c.attname, a.privilege_type
	from member_relation r join pg_attribute c on c.attrelid = r.oid, aclexplode(c.attacl) a where a.grantee = 0
$$, 'design 8: nothing is granted to PUBLIC');

select is_empty($$
	select name from member_relation where relkind in ('r', 'v', 'm') and description is null
$$, 'every table and view has a comment');

select is_empty($$
	select name from member_relation where relkind not in ('r', 'v', 'S', 'i', 'c')
$$, 'P-2.4: no partitioned, foreign or materialised relation is a member');

select is_empty($$
	select name, registered, description from member_relation
	where relkind = 'r' and registered is not distinct from (description like 'Product table:%')
$$, 'design 2: each table is either registered for dump or called a product table, never both or neither');

select is_empty($$
	select r.name from member_relation r
	where r.relkind = 'r' and not coalesce(r.registered, false)
		and (select count(*) from pg_trigger t
			where t.tgrelid = r.oid and t.tgfoid = 'ticket_workflow.refuse_product_change'::regproc
				and t.tgtype & 62 = 62 and t.tgenabled = 'O') <> 1
$$, 'design 2: each product table refuses INSERT, UPDATE, DELETE and TRUNCATE');

select is_empty($$
	select name from member_relation where relkind = 'S' and not coalesce(registered, false)
$$, 'P-2.1: every sequence is registered for dump');

select is_empty($$
	select e.extcondition from pg_extension e
	where e.extname = 'ticket_workflow' and exists (select from unnest(e.extcondition) c where c <> '')
$$, 'P-2.1: every row of a registered table is dumped');

select is_empty($$
	select r.name, a.attname from member_relation r
		join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
		join pg_type t on t.oid = a.atttypid
	where r.relkind = 'r' and (a.attidentity <> '' or t.typtype = 'e' or t.typname in ('oid', 'timestamp'))
$$, 'P-2.3, P-2.6: no identity column, no enum, no oid, no time without its zone');

select is_empty($$
	select c.conrelid::regclass, c.conname from pg_constraint c
		join member_relation r on r.oid = c.conrelid
	where c.contype = 'f' and (c.confrelid = c.conrelid or exists (
		select from pg_constraint back
		where back.contype = 'f' and back.conrelid = c.confrelid and back.confrelid = c.conrelid))
$$, 'P-2.1: no table refers to itself, no two to each other');

-- what COPY into the tables of one dump must not meet
select is_empty($$
	with recursive reach (source, target, depth) as (
		select conrelid, confrelid, 1 from pg_constraint
		where contype = 'f' and connamespace = 'ticket_workflow'::regnamespace
		union
		select r.source, c.confrelid, r.depth + 1
		from reach r join pg_constraint c on c.contype = 'f' and c.conrelid = r.target
		where r.depth < 40)
	select distinct source::regclass from reach where source = target
$$, 'P-2.1: the foreign keys have no circle');

select is_empty($$
	select r.name, t.tgname from member_relation r join pg_trigger t on t.tgrelid = r.oid
	where not t.tgisinternal and r.registered and t.tgtype & 4 <> 0
		-- an invalidation judges nothing
		and not (t.tgfoid = 'ticket_workflow.invalidate_cache'::regproc
			and t.tgenabled = case when t.tgtype & 1 = 0 then 'A' else 'R' end)
$$, 'P-2.2: no trigger judges an INSERT into a data table; on INSERT only the caches'' triggers');

select is_empty($$
	select r.name, array_agg(t.tgtype::integer order by t.tgtype) from member_relation r join pg_trigger t on t.tgrelid = r.oid
	where t.tgfoid = 'ticket_workflow.invalidate_cache'::regproc
	group by r.name
	-- each replicated row, and statements on insert, update, delete, truncate, before and after
	having array_agg(t.tgtype::integer order by t.tgtype) <> array[29, 60, 62]
$$, 'P-2.12: a cached table sends its invalidation before and after every kind of statement, and with each replicated row');

select is_empty($$
	select name, reloptions from member_relation
	where relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false)
$$, 'design 6: every view is security_invoker');

-- ---- messages and labels

select is_empty($$
	select key from ticket_workflow.message
	where zh = '' or en = '' or zh !~ '[一-鿿]' or en ~ '[一-鿿]' or hint_en ~ '[一-鿿]'
$$, 'design 7: every message is in Chinese and in English');

select is_empty($$
	select key, sqlstate from ticket_workflow.message
	where sqlstate is not null and (hint_zh is null or hint_en is null)
		or (hint_zh is null) <> (hint_en is null)
$$, 'design 7: every error has a hint in both languages');

select is_empty($$
	select key from ticket_workflow.message
	where (select array_agg(distinct m[1] order by m[1]) from regexp_matches(zh, '%(@?[1-9])', 'g') m)
		is distinct from
		(select array_agg(distinct m[1] order by m[1]) from regexp_matches(en, '%(@?[1-9])', 'g') m)
$$, 'both languages of a message use the same arguments');

select is_empty($$
	select key, sqlstate from ticket_workflow.message where sqlstate !~ '^TW0(0[1-9]|1[0-2])$'
$$, 'design 7: the SQLSTATEs are the twelve of the design');

-- %@1 in a message: what a kind of row is called, and no name of a table between Chinese words
select is_empty($$
	select what.name, what.called from (
		select f.signature, call[2] from member_function f, regexp_matches(f.definition, '(unknown_row|code_taken)'', [^,]*, ''([a-z_]+)''', 'g') call
		union select f.signature, call[1] from member_function f, regexp_matches(f.definition, 'require_managed\([^;]*, ''([a-z_]+)'',', 'g') call
		union select t.tgname, c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
			where c.relnamespace = 'ticket_workflow'::regnamespace and not t.tgisinternal and p.prosrc ~ 'history_change|begun_is_history|referenced_row|fixed_column'
		union select 'void_record', l.code from ticket_workflow.label l where l.domain = 'fact_kind'
		) what (name, called)
	where not exists (select from ticket_workflow.label l where l.domain = 'object' and l.code = what.called)
$$, 'design 7: every kind of row that a message names has its name in both languages');

select is_empty($$
	select clause from ticket_workflow.clause where zh !~ '[一-鿿]' or en = '' or en ~ '[一-鿿]'
$$, 'every clause is worded in Chinese and in English');

select is_empty($$
	select domain, code from ticket_workflow.label where zh !~ '[一-鿿]' or en = '' or en ~ '[一-鿿]'
$$, 'every label is in Chinese and in English');

-- every code that a column may hold by its CHECK has its label, where there are labels for it: those of the domain
-- TABLE_COLUMN, else those of COLUMN; the names that many tables have mean the ticket's there
create temp view checked_code as
select r.name, code[1] as code,
	case when exists (select from ticket_workflow.label l where l.domain = r.relname || '_' || a.attname)
		then r.relname || '_' || a.attname
		when a.attname in ('state', 'kind', 'purpose', 'status') and r.relname <> 'ticket' then null
		else a.attname end as domain
from member_relation r
	join pg_constraint c on c.conrelid = r.oid and c.contype = 'c' and cardinality(c.conkey) = 1
	join pg_attribute a on a.attrelid = r.oid and a.attnum = c.conkey[1],
	regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''::text', 'g') code
where pg_get_constraintdef(c.oid) ~ '= ANY \(ARRAY\[' and a.atttypid = 'text'::regtype;

select is_empty($$
	select c.name, c.domain, c.code from checked_code c
	where exists (select from ticket_workflow.label l where l.domain = c.domain)
		and not exists (select from ticket_workflow.label l where l.domain = c.domain and l.code = c.code)
$$, 'every code of a labelled column has its label');

select is_empty($$
	select distinct f.signature, call[1]
	from member_function f, regexp_matches(f.definition, 'ticket_workflow\.label\(''([a-z_]+)''', 'g') call
	where not exists (select from ticket_workflow.label l where l.domain = call[1])
	union all
	select distinct r.name, call[1]
	from member_relation r, regexp_matches(pg_get_viewdef(r.oid), 'label\(''([a-z_]+)''', 'g') call
	where r.relkind = 'v' and not exists (select from ticket_workflow.label l where l.domain = call[1])
$$, 'every domain of labels that is asked for exists');

select is_empty($$
	select r.name, a.attname from member_relation r
		join pg_attribute a on a.attrelid = r.oid and a.attname like '%\_label'
	where r.relkind = 'v' and not exists (
		select from pg_attribute code where code.attrelid = r.oid and code.attname = regexp_replace(a.attname, '_label$', ''))
$$, 'design 6: beside each label of a view stands its code');

select * from finish();
rollback;
