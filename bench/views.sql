-- What people look at, on the desk of bench/views_desk.psql: 1M tickets, 40,000 running clocks. Measured as superuser, as
-- reader, and as officials under row security; a plan that scans a growing table is a figure over its budget.
\set ON_ERROR_STOP 1
\timing off
\ir views_desk.psql

-- planning belongs to what a user waits for
create function pg_temp.measure(figure text, budget text, query text, rounds integer default 5) returns text language plpgsql as $$
declare
	plan json;
	times numeric[] := '{}';
begin
	for i in 1..rounds loop
		execute 'explain (analyze, timing off, summary on, format json) ' || query into plan;
		times := times || (plan -> 0 ->> 'Execution Time')::numeric + (plan -> 0 ->> 'Planning Time')::numeric;
	end loop;
	return format('%s|%s|%s|ms', figure, (select round(percentile_cont(0.5) within group (order by t)::numeric, 1) from unnest(times) t), budget);
end
$$;
-- Whether a growing table was read from end to end, in the plan or in a function's.
create function pg_temp.scans(figure text, query text) returns text language plpgsql as $$
declare
	before bigint;
	plan json;
	counted constant text := $q$select sum(seq_scan) from pg_stat_xact_user_tables where schemaname = 'ticket_workflow'
		and relname in ('ticket', 'clock', 'escalation', 'journal', 'report', 'contact', 'petitioner', 'dispatch_decision')$q$;
	afterwards bigint;
begin
	execute counted into before;
	execute 'explain (analyze, timing off, format json) ' || query into plan;
	execute counted into afterwards;
	return format('%s: scans of growing tables|%s|0|', figure, afterwards - before);
end
$$;
create temp table view_asked as
	select v, '50' as budget, 'select * from ticket_workflow.' || v as query
	from unnest('{running_clock,overdue_ticket,due_soon,escalation_overview,waiting_signature,waiting_decision,finish_today,guidance_missing_today,vacant_post,daily_notice}'::text[]) v
	union all
	select 'ticket_overview, one department''s open tickets', '50', $q$select * from ticket_workflow.ticket_overview where center_id = 1 and state = 'accepted' and lead_department = 'D7'$q$
	union all
	select 'running_clock of one ticket', '5', $q$select * from ticket_workflow.running_clock where ticket_id = 1000000999001$q$
	union all
	-- no lists of the open desk: a week's, and all that was ever asked
	select v, '', 'select * from ticket_workflow.' || v from unnest('{unsolved_last_week,assistance_overview}'::text[]) v;
create temp table month_asked as
	select * from (values
		('monthly_summary, a month of 38,000 tickets', '1000', $q$select * from ticket_workflow.monthly_summary where center = 'yichuan' and month = '2023-02-01'$q$),
		('department_performance, the same month', '1000', $q$select * from ticket_workflow.department_performance where center = 'yichuan' and month = '2023-02-01'$q$),
		('repeat_petition, the same month', '', $q$select * from ticket_workflow.repeat_petition where center = 'yichuan' and month = '2023-02-01'$q$),
		('monthly_bulletin, the same month', '3000', $q$select ticket_workflow.monthly_bulletin('yichuan', '2023-02-01')$q$),
		('monthly_summary, a street''s month of 1,500', '1000', $q$select * from ticket_workflow.monthly_summary where center = 'street' and month = '2023-02-01'$q$),
		('monthly_bulletin, the street''s month', '1000', $q$select ticket_workflow.monthly_bulletin('street', '2023-02-01')$q$)) m (v, budget, query);
grant select on view_asked, month_asked to bench_app, bench_reader;

select pg_temp.measure(v || ', owner', budget, query) from view_asked;
select pg_temp.measure('desk_today(), owner', '20', $$select ticket_workflow.desk_today('yichuan')$$);
set role bench_reader;
select pg_temp.measure(v || ', reader', budget, query) from view_asked;
select pg_temp.scans(v || ', reader', query) from view_asked;
select pg_temp.measure('desk_today(), reader', '20', $$select ticket_workflow.desk_today('yichuan')$$);
select pg_temp.scans('desk_today(), reader', $$select ticket_workflow.desk_today('yichuan')$$);
select pg_temp.measure(v || ', reader', budget, query, 3) from month_asked;
select pg_temp.scans(v || ', reader', query) from month_asked;
set role bench_app;
set ticket_workflow.actor = 'P7';
select pg_temp.measure(v || ', liaison', budget, query) from view_asked;
select pg_temp.scans(v || ', liaison', query) from view_asked;
select pg_temp.measure('desk_today(), liaison', '20', $$select ticket_workflow.desk_today('yichuan')$$);
select pg_temp.scans('desk_today(), liaison', $$select ticket_workflow.desk_today('yichuan')$$);
set ticket_workflow.actor = 'P118';
select pg_temp.measure(v || ', information officer', budget, query) from view_asked;
select pg_temp.scans(v || ', information officer', query) from view_asked;
select pg_temp.measure('desk_today(), information officer', '20', $$select ticket_workflow.desk_today('yichuan')$$);
set ticket_workflow.actor = 'P128';
select pg_temp.measure(v || ', operator', budget, query) from view_asked;
select pg_temp.measure('desk_today(), operator', '20', $$select ticket_workflow.desk_today('yichuan')$$);
