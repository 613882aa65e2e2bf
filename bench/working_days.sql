-- Working days and working time over 1M rows, against built-in date arithmetic.
-- Each candidate runs next to the built-in it is compared with, eleven times round; the figure is the median of
-- the eleven ratios. What the executor costs per row and call is in both, so the ratio shows the distance left.
\pset footer off
create extension ticket_workflow;
select ticket_workflow.load_calendar('cn_shanghai') as calendar;
-- twenty calendars: layers over the national one, each with a day of its own
select count(ticket_workflow.set_calendar_day(
	ticket_workflow.create_calendar('layer_' || i, 'layer ' || i, base => 'cn'), date '2023-06-01' + i, true))
from generate_series(1, 20) i;
select ticket_workflow.create_calendar('two_windows', 'two windows a day', base => 'cn_shanghai');
select ticket_workflow.set_service_hours('two_windows', 0, '09:00-12:00, 13:30-17:30');
select ticket_workflow.create_calendar('berlin', 'daylight saving, five windows a week', 'Europe/Berlin');
select count(ticket_workflow.set_service_hours('berlin', i, '08:00-12:00, 13:00-1' || 4 + i || ':00')) from generate_series(1, 5) i;

create table day_pair as
select date '2004-01-01' + (random() * 8300)::integer as a, date '2004-01-01' + (random() * 8300)::integer as b,
	timestamptz '2004-01-01' + random() * interval '8300 days' as at, 'layer_' || 1 + i % 20 as calendar
from generate_series(1, 1000000) i;
vacuum analyze day_pair;

create function elapsed(query text) returns double precision language plpgsql as $$
declare
	since timestamptz := clock_timestamp();
begin
	execute query;
	return extract(epoch from clock_timestamp() - since);
end
$$;

create function ratio(figure text, query text, against text, budget numeric) returns text language plpgsql as $$
declare
	ratios double precision[] := '{}';
	base double precision;
begin
	perform elapsed(query), elapsed(against);
	for i in 1..11 loop
		base := elapsed(against);
		ratios := ratios || elapsed(query) / ((base + elapsed(against)) / 2);
	end loop;
	return format('%s|%s|%s|x', figure,
		round((select percentile_cont(0.5) within group (order by r) from unnest(ratios) r)::numeric, 2), budget);
end
$$;

-- microseconds a call beyond what reading the column costs
create function per_call(figure text, query text, against text, budget numeric) returns text language plpgsql as $$
declare
	spans double precision[] := '{}';
begin
	perform elapsed(query), elapsed(against);
	for i in 1..11 loop
		spans := spans || elapsed(query) - elapsed(against);
	end loop;
	return format('%s|%s|%s|us', figure,
		round((select percentile_cont(0.5) within group (order by r) from unnest(spans) r)::numeric, 3), budget);
end
$$;

set max_parallel_workers_per_gather = 0;
select ratio('add_working_days n=4 / d + 4', 'select count(ticket_workflow.add_working_days(a, 4)) from day_pair',
	'select count(a + 4) from day_pair', 1.5);
select ratio('add_working_days n=250 / d + 250', 'select count(ticket_workflow.add_working_days(a, 250)) from day_pair',
	'select count(a + 250) from day_pair', 1.5);
select ratio('working_days_between / b - a', 'select count(ticket_workflow.working_days_between(a, b)) from day_pair',
	'select count(b - a) from day_pair', 1.5);
select ratio('is_working_day / d + 4', 'select count(ticket_workflow.is_working_day(a)) from day_pair',
	'select count(a + 4) from day_pair', 1.5);
-- the calendar from a column, so the comparison reads it too
select ratio('add_working_days n=4, 20 calendars / d + 4', 'select count(ticket_workflow.add_working_days(a, 4, calendar)) from day_pair',
	'select count(case when calendar is not null then a + 4 end) from day_pair', 1.5);
select ratio('add_working_days n=250, 20 calendars / d + 250', 'select count(ticket_workflow.add_working_days(a, 250, calendar)) from day_pair',
	'select count(case when calendar is not null then a + 250 end) from day_pair', 1.5);
select ratio('working_days_between, 20 calendars / b - a', 'select count(ticket_workflow.working_days_between(a, b, calendar)) from day_pair',
	'select count(case when calendar is not null then b - a end) from day_pair', 1.5);
select per_call('add_working_time 10 h, one window', 'select count(ticket_workflow.add_working_time(at, ''10 h'')) from day_pair',
	'select count(at) from day_pair', 0.5);
select per_call('add_working_time 10 h, two windows', 'select count(ticket_workflow.add_working_time(at, ''10 h'', ''two_windows'')) from day_pair',
	'select count(at) from day_pair', 0.5);
select per_call('add_working_time 1000 h, two windows', 'select count(ticket_workflow.add_working_time(at, ''1000 h'', ''two_windows'')) from day_pair',
	'select count(at) from day_pair', 0.5);
select per_call('add_working_time 10 h, Berlin, uneven week', 'select count(ticket_workflow.add_working_time(at, ''10 h'', ''berlin'')) from day_pair',
	'select count(at) from day_pair', 0.5);
select per_call('due_at working_days', 'select count(ticket_workflow.due_at(at, ''working_days'', 5)) from day_pair',
	'select count(at) from day_pair', null);

-- how near a function of three arguments that does nothing at all comes: the rest is ours
select round((x.plain - x.base)::numeric * 1000, 1) as "ms per 1M calls of a function that is_working_day needs beyond reading the column"
from (select elapsed('select count(a) from day_pair') as base,
	elapsed('select count(ticket_workflow.is_working_day(a)) from day_pair') as plain) x;

set max_parallel_workers_per_gather = 2;
set parallel_setup_cost = 0;
explain (costs off) select count(ticket_workflow.add_working_days(a, 4)) from day_pair;
