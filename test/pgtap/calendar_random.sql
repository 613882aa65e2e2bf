-- Day and time functions against a brute-force oracle, over random calendars: zones with and without daylight saving,
-- weekly patterns, windows, windows of single dates, up to three layers. The oracle knows the rows and the wall clock
-- ("at time zone") only: it steps through a span minute by minute. 5,000 cases each, 100,000 when :heavy.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
select plan(4);
set local client_min_messages = warning;
select setseed(0.2023);
select set_config('tw_test.heavy', :'heavy', true);

create temp table mismatch (kind text, calendar text, details text);
create temp table tally (kind text primary key, cases bigint);
insert into tally values ('days', 0), ('time', 0), ('due', 0);

create temp table oracle_day (day date primary key, works boolean);
create temp table oracle_window (day date, opens time, closes time);
create index on oracle_window (day);
create temp table oracle_minute (at timestamptz, n integer primary key, service integer);
create index on oracle_minute (service, at);

-- around changes of the clock, and where there is none
create temp table span (zone text, day date);
insert into span values
	('Asia/Shanghai', '1986-05-04'), ('Asia/Shanghai', '1986-09-14'), ('Asia/Shanghai', '1988-04-17'), ('Asia/Shanghai', '1991-09-15'),
	('Asia/Shanghai', '2023-01-25'), ('Europe/Berlin', '2023-03-26'), ('Europe/Berlin', '2023-10-29'), ('Europe/Berlin', '2061-03-27'),
	('America/New_York', '2023-03-12'), ('America/New_York', '2023-11-05'), ('America/New_York', '2150-11-01'),
	('Australia/Lord_Howe', '2023-04-02'), ('Australia/Lord_Howe', '2023-10-01'), ('UTC', '2023-06-15'), ('UTC', '2199-11-10'),
	('America/St_Johns', '2005-10-30'), ('America/Sao_Paulo', '2017-10-15'), ('Africa/Casablanca', '2023-03-19'), ('Pacific/Apia', '2011-12-30');

create function pg_temp.random_windows() returns text language plpgsql as $$
declare
	bound integer[] := array(select distinct (random() * 288)::integer * 5 from generate_series(1, 2 + (random() * 4)::integer) order by 1);
	written text := '';
begin
	if random() < 0.15 then
		bound := array[0, 1440];
	end if;
	for i in 1 .. cardinality(bound) / 2 loop
		written := written || format('%s%s:%s-%s:%s', case when i > 1 then ', ' end, lpad((bound[2 * i - 1] / 60)::text, 2, '0'),
			lpad((bound[2 * i - 1] % 60)::text, 2, '0'), lpad((bound[2 * i] / 60)::text, 2, '0'), lpad((bound[2 * i] % 60)::text, 2, '0'));
	end loop;
	return nullif(written, '');
end
$$;

create function pg_temp.random_calendar(code text, zone text, near date, base text) returns void language plpgsql as $$
declare
	week text := (select string_agg((random() < 0.7)::integer::text, '') from generate_series(1, 7));
begin
	perform ticket_workflow.create_calendar(code, code, zone, case when base is null or random() < 0.3 then
			case when week = '0000000' then '0000001' else week end end,
		case when random() < 0.2 then make_time((random() * 22)::integer + 1, 30, 0) end, base);
	for i in 0 .. 7 loop
		if random() < 0.25 then
			perform ticket_workflow.set_service_hours(code, i, pg_temp.random_windows());
		end if;
	end loop;
	for i in 1 .. (random() * 12)::integer loop
		perform ticket_workflow.set_calendar_day(code, near + (random() * 40 - 20)::integer, random() < 0.5);
	end loop;
	for i in 1 .. (random() * 4)::integer loop
		perform ticket_workflow.set_date_hours(code, near + (random() * 30 - 15)::integer, pg_temp.random_windows());
	end loop;
end
$$;

-- the oracle's own reading of the rows
create function pg_temp.oracle_days(code text, near date) returns void language plpgsql as $$
declare
	week text;
begin
	select coalesce((select c.working_week from ticket_workflow.calendar_layers(code) l join ticket_workflow.calendar c on c.code = l.code
		where c.working_week is not null order by l.layer limit 1), '1111100') into week;
	-- emptied in place: thousands of dropped tables would slow the catalogs down
	truncate oracle_day, oracle_window;
	insert into oracle_day
	select d.day, coalesce((
			select not x.is_off_day from ticket_workflow.calendar_layers(code) l
				join ticket_workflow.calendar_day x on x.calendar = l.code and x.day = d.day
			order by l.layer, x.rank desc limit 1),
		substr(week, extract(isodow from d.day)::integer, 1) = '1') as works
	from (select near + i as day from generate_series(-150, 150) i) d;
	insert into oracle_window
	with layer as (select * from ticket_workflow.calendar_layers(code)),
		weekly as (
			select w.* from layer l join ticket_workflow.calendar_window w on w.calendar = l.code
			where l.layer = (select min(k.layer) from layer k join ticket_workflow.calendar_window v on v.calendar = k.code))
	select d.day, w.opens, w.closes
	from oracle_day d cross join lateral (
		select s.opens, s.closes from layer l join ticket_workflow.calendar_date_window s on s.calendar = l.code and s.day = d.day
		where l.layer = (select min(k.layer) from layer k join ticket_workflow.calendar_date_window v on v.calendar = k.code and v.day = d.day)
		union all
		select w.opens, w.closes from weekly w
		where not exists (select from layer k join ticket_workflow.calendar_date_window v on v.calendar = k.code and v.day = d.day)
			and w.weekday = coalesce((select distinct v.weekday from weekly v where v.weekday = extract(isodow from d.day)), 0)
		union all
		select '00:00', '24:00'
		where not exists (select from layer k join ticket_workflow.calendar_date_window v on v.calendar = k.code and v.day = d.day)
			and not exists (select from weekly w where w.weekday in (0, extract(isodow from d.day)))) w
	where d.works and abs(d.day - near) <= 25;
	analyze oracle_day;
	analyze oracle_window;
end
$$;

create function pg_temp.check_days(code text, near date, cases integer) returns void language plpgsql as $$
declare
	c record;
begin
	for c in
		select x.*, (select o.works from oracle_day o where o.day = x.a) as works,
			case
				when x.n > 0 then (select o.day from oracle_day o where o.works and o.day > x.a order by o.day offset x.n - 1 limit 1)
				when x.n < 0 then (select o.day from oracle_day o where o.works and o.day < x.a order by o.day desc offset -x.n - 1 limit 1)
				else (select o.day from oracle_day o where o.works and o.day >= x.a order by o.day limit 1)
			end as added,
			case when x.b >= x.a then (select count(*) from oracle_day o where o.works and o.day > x.a and o.day <= x.b)
				else -(select count(*) from oracle_day o where o.works and o.day < x.a and o.day >= x.b) end as counted
		from (select near + (random() * 80 - 40)::integer as a, near + (random() * 80 - 40)::integer as b, (random() * 30 - 15)::integer as n
			from generate_series(1, cases)) x
	loop
		update tally set cases = tally.cases + 1 where kind = 'days';
		-- beyond the oracle's days there is nothing to compare
		if c.works is distinct from ticket_workflow.is_working_day(c.a, code)
			or c.added is not null and c.added <> ticket_workflow.add_working_days(c.a, c.n, code)
			or c.counted <> ticket_workflow.working_days_between(c.a, c.b, code)
			or c.n <> 0 and ticket_workflow.working_days_between(c.a, ticket_workflow.add_working_days(c.a, c.n, code), code) <> c.n then
			insert into mismatch values ('days', code, format('%s + %s: %s expected, %s; between %s: %s expected, %s', c.a, c.n, c.added,
				ticket_workflow.add_working_days(c.a, c.n, code), c.b, c.counted, ticket_workflow.working_days_between(c.a, c.b, code)));
		end if;
	end loop;
end
$$;

create function pg_temp.check_time(code text, zone text, near date, cases integer) returns void language plpgsql as $$
declare
	first constant timestamptz := (near - 12)::timestamp at time zone 'UTC';
	c record;
	got timestamptz;
begin
	-- the service done before each minute of 24 days
	truncate oracle_minute;
	insert into oracle_minute
	select m.at, m.n, coalesce(sum(m.open::integer) over (order by m.n rows between unbounded preceding and 1 preceding), 0)::integer as service
	from (
		select t.at, t.n, w.day is not null as open
		from (select at, n, local::date as day, local::time as clock
				from (select first + n * interval '1 minute' as at, n, (first + n * interval '1 minute') at time zone zone as local
					from generate_series(0, 24 * 1440) n offset 0) l) t
			-- the windows of a day do not overlap
			left join oracle_window w on w.day = t.day and w.opens <= t.clock and t.clock < w.closes) m;
	analyze oracle_minute;

	for c in
		select a.at as a, b.at as b, a.service as from_service, b.service - a.service as done, x.amount,
			case
				-- the first moment at which it is done, going back the last one
				when x.amount > 0 then (select min(m.at) from oracle_minute m where m.service = a.service + x.amount)
				when x.amount < 0 then (select max(m.at) from oracle_minute m where m.service = a.service + x.amount)
				when a.at = (select min(m.at) from oracle_minute m where m.service = a.service) then a.at
				else (select max(m.at) from oracle_minute m where m.service = a.service)
			end as added
		from (select (random() * 24 * 1440)::integer as na, (random() * 24 * 1440)::integer as nb,
				case when random() < 0.1 then 0 else (random() * 3000 - 1500)::integer end as amount
			from generate_series(1, cases)) x
			join oracle_minute a on a.n = x.na join oracle_minute b on b.n = x.nb
	loop
		update tally set cases = tally.cases + 1 where kind = 'time';
		if ticket_workflow.working_time_between(c.a, c.b, code) <> make_interval(mins => c.done) then
			insert into mismatch values ('time', code, format('%s between %s and %s: %s minutes expected, %s', zone, c.a, c.b, c.done,
				ticket_workflow.working_time_between(c.a, c.b, code)));
		end if;
		-- what ends at the oracle's first or last minute may go on outside
		if c.added > first and c.added < first + interval '34560 minutes' then
			got := ticket_workflow.add_working_time(c.a, make_interval(mins => c.amount), code);
			if got <> c.added then
				insert into mismatch values ('time', code, format('%s %s + %s minutes: %s expected, %s', zone, c.a, c.amount, c.added, got));
			end if;
		end if;
	end loop;
end
$$;

create function pg_temp.check_due(code text, zone text, near date, cases integer) returns void language plpgsql as $$
declare
	closing constant time := coalesce((select c.closing_time from ticket_workflow.calendar_layers(code) l
		join ticket_workflow.calendar c on c.code = l.code where c.closing_time is not null order by l.layer limit 1), '24:00');
	c record;
	expected timestamptz;
	got timestamptz;
	rolled date;
begin
	for c in
		select x.*, (x.start at time zone zone)::date as day, (x.start at time zone zone)::time as clock
		from (select near::timestamptz + (random() * 40 - 20) * interval '1 day' as start, (random() * 8)::integer as n, random() < 0.7 as roll,
				(array['working_days', 'calendar_days', 'next_working_day_at', 'half_day_cutoff', 'elapsed_minutes'])[1 + floor(random() * 5)] as kind,
				case when random() < 0.6 then make_time(floor(random() * 24)::integer, floor(random() * 60)::integer, 0) end as at_time
			from generate_series(1, cases)) x
	loop
		rolled := case c.kind
			when 'working_days' then (select o.day from oracle_day o where o.works and o.day > c.day - (c.n = 0)::integer order by o.day
				offset greatest(c.n - 1, 0) limit 1)
			when 'next_working_day_at' then (select o.day from oracle_day o where o.works and o.day > c.day - (c.n = 0)::integer order by o.day
				offset greatest(c.n - 1, 0) limit 1)
			when 'calendar_days' then c.day + c.n
			when 'half_day_cutoff' then c.day + (c.clock >= '12:00')::integer
		end;
		if c.roll and c.kind in ('calendar_days', 'half_day_cutoff') then
			rolled := (select o.day from oracle_day o where o.works and o.day >= rolled order by o.day limit 1);
		end if;
		expected := case c.kind
			when 'elapsed_minutes' then c.start + c.n * interval '1 minute'
			when 'half_day_cutoff' then (rolled + case when c.clock < '12:00' then make_time(case c.n when 0 then 17 else c.n end, 0, 0)
				else coalesce(c.at_time, '12:00') end) at time zone zone
			when 'next_working_day_at' then (rolled + coalesce(c.at_time, '12:00')) at time zone zone
			else (rolled + coalesce(c.at_time, closing)) at time zone zone
		end;
		continue when expected is null;
		update tally set cases = tally.cases + 1 where kind = 'due';
		got := ticket_workflow.due_at(c.start, c.kind, c.n, c.at_time, code, c.roll);
		if got <> expected or ticket_workflow.due_on(got, code) <> ((got - interval '1 microsecond') at time zone zone)::date then
			insert into mismatch values ('due', code, format('%s %s %s %s at %s roll %s: %s expected, %s; on %s', zone, c.start, c.kind, c.n, c.at_time,
				c.roll, expected, got, ticket_workflow.due_on(got, code)));
		end if;
	end loop;
end
$$;

do $$
declare
	rounds constant integer := case when current_setting('tw_test.heavy') = '1' then 400 else 20 end;
	s record;
	code text;
begin
	for i in 1 .. rounds loop
		select * into s from span offset (i - 1) % 19 limit 1;
		code := 'r' || i;
		perform pg_temp.random_calendar(code || 'a', s.zone, s.day, null);
		if random() < 0.6 then
			perform pg_temp.random_calendar(code || 'b', s.zone, s.day, code || 'a');
			code := code || 'b';
			if random() < 0.5 then
				perform pg_temp.random_calendar('r' || i || 'c', s.zone, s.day, code);
				code := 'r' || i || 'c';
			end if;
		else
			code := code || 'a';
		end if;
		perform pg_temp.oracle_days(code, s.day);
		perform pg_temp.check_days(code, s.day, 250);
		perform pg_temp.check_time(code, s.zone, s.day, 250);
		perform pg_temp.check_due(code, s.zone, s.day, 300);
	end loop;
end
$$;

select is_empty($$ select * from mismatch where kind = 'days' order by details limit 20 $$,
	'T4 T7: is_working_day, add_working_days, working_days_between as counted by hand');
select is_empty($$ select * from mismatch where kind = 'time' order by details limit 20 $$,
	'T2 T6: add_working_time, working_time_between as counted minute by minute, across changes of the clock');
select is_empty($$ select * from mismatch where kind = 'due' order by details limit 20 $$,
	'T1 T6 T7: due_at as the wall clock of the calendar''s zone has it');
select cmp_ok(least((select cases from tally where kind = 'days'), (select cases from tally where kind = 'time'), (select cases from tally where kind = 'due')),
	'>=', case when :'heavy' = '1' then 100000 else 5000 end::bigint, 'as many cases of each as were meant');
select * from finish();
rollback;
