-- What every view of the extension keeps to, with tickets in every state in it: each code has its label in both
-- languages, each column says what it means, beside due_at stands due_on, no view shows what is personal.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/every_state.sql
-- escalations, deemed acceptances, notices
select pg_temp.at_time('2023-02-28 12:00+08');
select ticket_workflow.catch_up(ticket_id, ticket_workflow.now()) from ticket_workflow.ticket;
\o
select no_plan();

create temp view shown as
select c.oid, c.relname, c.oid::regclass::text as name, a.attname, a.attnum, a.atttypid
from pg_depend d
	join pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
	join pg_class c on c.oid = d.objid and c.relkind = 'v'
	join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
where d.refclassid = 'pg_extension'::regclass and d.classid = 'pg_class'::regclass and d.deptype = 'e';

-- signature_demand is what required_signatures() and waiting_signature are made of, not a report tool's
select is_empty($$select name, attname from shown where col_description(oid, attnum) is null and relname not in ('signature_demand', 'open_demand')$$,
	'design 6: every column of a view has a comment');

select is_empty($$
	select name, attname from shown v
	where attname = 'due_at' and not exists (select from shown o
		where o.oid = v.oid and o.attname = 'due_on' and o.atttypid = 'date'::regtype)
$$, 'design 6: beside each due_at stands due_on');

select is_empty($$select name, attname from shown where atttypid = 'timestamp'::regtype or attname ~ '_at$' and atttypid <> 'timestamptz'::regtype$$,
	'design 6: times are timestamptz');

-- every row of every view: a code without its label, and how many rows were looked at
create function pg_temp.unlabelled(out view text, out label text, out code text) returns setof record language plpgsql as $$
declare
	pair record;
begin
	for pair in
		select v.name, v.attname as label, o.attname as code
		from shown v join shown o on o.oid = v.oid and o.attname = regexp_replace(v.attname, '_label$', '')
		where v.attname like '%\_label'
	loop
		return query execute format('select distinct %L, %L, %I::text from %s where %I is not null and coalesce(%I::text, '''') = ''''',
			pair.name, pair.label, pair.code, pair.name, pair.code, pair.label);
	end loop;
end
$$;
set ticket_workflow.language = 'zh';
select is_empty('select * from pg_temp.unlabelled()', 'design 6: every code has its label in Chinese');
set ticket_workflow.language = 'en';
select is_empty('select * from pg_temp.unlabelled()', 'design 6: every code has its label in English');
reset ticket_workflow.language;

-- personal data as the fixture has it: the phone of the correction, the name, the flat
create function pg_temp.leaking(out view text, out leaked text) returns setof record language plpgsql as $$
declare
	v record;
begin
	for v in select distinct name from shown loop
		return query execute format('select distinct %L, p.personal from %s r, (values (''张三''), (''13900139000''), (''1弄2号303室'')) p (personal) where r::text like ''%%'' || p.personal || ''%%''',
			v.name, v.name);
	end loop;
end
$$;
select is_empty('select * from pg_temp.leaking()', 'design 6: no view shows a name, a telephone number or an address');

create function pg_temp.rows_of(out view text, out shown_rows bigint) returns setof record language plpgsql as $$
declare
	v record;
begin
	for v in select distinct s.name from shown s loop
		return query execute format('select %L, count(*) from %s', v.name, v.name);
	end loop;
end
$$;
select is_empty($$
	select * from pg_temp.rows_of() r where r.shown_rows = 0
		and r.view in ('ticket_workflow.ticket_overview', 'ticket_workflow.running_clock', 'ticket_workflow.overdue_ticket',
			'ticket_workflow.escalation_overview', 'ticket_workflow.escalation_history', 'ticket_workflow.calendar_health',
			'ticket_workflow.sweep_health')
$$, 'the views have rows to be judged by');

select * from finish();
rollback;
