-- What people look at, on the desk of bench/views_desk.psql: 1M tickets, 40,000 running clocks. Measured as superuser, as
-- reader, and as officials under row security; a plan that scans a growing table is a figure over its budget.
\set ON_ERROR_STOP 1
\timing off
\ir views_desk.psql

create function pg_temp.measure(figure text, budget text, query text) returns text language plpgsql as $$
declare
	plan json;
	times numeric[] := '{}';
begin
	for i in 1..5 loop
		execute 'explain (analyze, timing off, summary on, format json) ' || query into plan;
		times := times || (plan -> 0 ->> 'Execution Time')::numeric;
	end loop;
	return format('%s|%s|%s|ms', figure, (select round(percentile_cont(0.5) within group (order by t)::numeric, 1) from unnest(times) t), budget);
end
$$;
create function pg_temp.scans(query text) returns text language plpgsql as $$
declare
	plan json;
begin
	execute 'explain (format json) ' || query into plan;
	return case when plan::text ~ '"Seq Scan",[^{}]*"Relation Name": "(ticket|clock|escalation|journal|notice|report|contact)"' then '1' else '0' end;
end
$$;
create temp table view_asked as
	select v, 'select * from ticket_workflow.' || v as query from unnest('{running_clock,overdue_ticket,due_soon,escalation_overview,waiting_signature,waiting_decision,finish_today,guidance_missing_today,vacant_post}'::text[]) v
	union all
	select 'ticket_overview, one department''s open tickets', $q$select * from ticket_workflow.ticket_overview where center_id = 1 and state = 'accepted' and lead_department = 'D7'$q$;
grant select on view_asked to bench_app, bench_reader;

select pg_temp.measure(v || ', owner', '50', query) from view_asked;
select pg_temp.measure('desk_today(), owner', '20', $$select ticket_workflow.desk_today('yichuan')$$);
set role bench_reader;
select pg_temp.measure(v || ', reader', '50', query) from view_asked;
select v || ', reader: plan scans a growing table|' || pg_temp.scans(query) || '|0|' from view_asked;
select pg_temp.measure('desk_today(), reader', '20', $$select ticket_workflow.desk_today('yichuan')$$);
select pg_temp.measure('monthly_summary, a month of 38,000 tickets, reader', '1000', $$select * from ticket_workflow.monthly_summary where center = 'yichuan' and month = '2023-02-01'$$);
select pg_temp.measure('department_performance, the same month, reader', '1000', $$select * from ticket_workflow.department_performance where center = 'yichuan' and month = '2023-02-01'$$);
select pg_temp.measure('repeat_petition, the same month, reader', '', $$select * from ticket_workflow.repeat_petition where center = 'yichuan' and month = '2023-02-01'$$);
set role bench_app;
set ticket_workflow.actor = 'P7';
select pg_temp.measure(v || ', liaison', '50', query) from view_asked;
select v || ', liaison: plan scans a growing table|' || pg_temp.scans(query) || '|0|' from view_asked;
select pg_temp.measure('desk_today(), liaison', '20', $$select ticket_workflow.desk_today('yichuan')$$);
set ticket_workflow.actor = 'P118';
select pg_temp.measure(v || ', information officer', '50', query) from view_asked;
select pg_temp.measure('desk_today(), information officer', '20', $$select ticket_workflow.desk_today('yichuan')$$);
set ticket_workflow.actor = 'P128';
select pg_temp.measure(v || ', operator', '50', query) from view_asked;
