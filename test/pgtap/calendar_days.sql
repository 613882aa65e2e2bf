-- The shipped calendars: working days a year, every day from 2004 to 2026 with every n from -60 to 60 against a
-- brute-force oracle, and the properties the requirements name.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
select plan(19);
select ticket_workflow.load_calendar('cn_shanghai');

select results_eq($$
	select y, (select count(*)::integer from generate_series(make_date(y, 1, 1), make_date(y, 12, 31), interval '1 day') d
		where ticket_workflow.is_working_day(d::date, 'cn'))
	from generate_series(2015, 2026) y
$$, $$ values (2015, 249), (2016, 250), (2017, 249), (2018, 250), (2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249),
	(2024, 251), (2025, 248), (2026, 248) $$, 'T4: working days a year by the State Council''s arrangements');

-- the oracle counts rows; it knows the documents and the weekly pattern, not the engine
create temp table oracle as
select d.day, coalesce(
		(select not x.is_off_day from ticket_workflow.calendar_day x where x.calendar = 'cn_shanghai' and x.day = d.day),
		(select not x.is_off_day from ticket_workflow.calendar_day x where x.calendar = 'cn' and x.day = d.day),
		extract(isodow from d.day) < 6) as works
from (select date '2003-09-01' + i as day from generate_series(0, 8700) i) d;
-- the n-th working day after a day is the one numbered n more than the last one up to it
create temp table numbered as select day, row_number() over (order by day) as nth from oracle where works;
create unique index on numbered (nth);
create temp table counted as
select o.day, o.works, (count(*) filter (where o.works) over (order by o.day)) as upto from oracle o;
create unique index on counted (day);
analyze numbered;
analyze counted;

select is((select count(*) from oracle o where o.works <> ticket_workflow.is_working_day(o.day, 'cn_shanghai')), 0::bigint,
	'T4: is_working_day on every day');

create temp table pair as
select c.day, n, c.works, c.upto, (
		select k.day from numbered k where k.nth =
			case when n > 0 then c.upto + n when n < 0 then c.upto - c.works::integer + n + 1 else c.upto - c.works::integer + 1 end) as expected,
	ticket_workflow.add_working_days(c.day, n, 'cn_shanghai') as added
from counted c, generate_series(-60, 60) n
where c.day between date '2004-01-01' and date '2026-12-31';

select is((select count(*) from pair), 8401 * 121::bigint, 'every day from 2004 to 2026, every n from -60 to 60');
select is((select count(*) from pair where added is distinct from expected), 0::bigint, 'T7: add_working_days as counted');
select is((select count(*) from pair where (n <> 0 or works) and ticket_workflow.working_days_between(day, added, 'cn_shanghai') <> n), 0::bigint,
	'T7: between(a, add(a, n)) = n');
select is((select count(*) from pair where n = 0 and not works and (ticket_workflow.working_days_between(day, added, 'cn_shanghai') <> 1
	or added <= day)), 0::bigint, 'T7: zero days on a rest day are the next working day');
select is((select count(*) from (select added < lag(added) over (partition by n order by day) as back from pair) x where back), 0::bigint,
	'add is monotone in the day');
select is((select count(*) from (select added <= lag(added) over (partition by day order by n) as back, n from pair) x where back and n <> 0 and n <> 1), 0::bigint,
	'add is monotone in n');
select is((select count(*) from pair p cross join (values (3), (17), (41)) m(m)
	where p.n > 0 and p.day between '2022-06-01' and '2024-06-01'
		and ticket_workflow.add_working_days(ticket_workflow.add_working_days(p.day, m, 'cn_shanghai'), p.n, 'cn_shanghai')
			<> ticket_workflow.add_working_days(p.day, m + p.n, 'cn_shanghai')), 0::bigint, 'add(add(a, m), n) = add(a, m + n), both forward');
select is((select count(*) from pair p cross join (values (-3), (5), (-17), (41)) m(m)
	where p.works and p.day between '2022-06-01' and '2024-06-01' and m + p.n <> 0
		and ticket_workflow.add_working_days(ticket_workflow.add_working_days(p.day, m, 'cn_shanghai'), p.n, 'cn_shanghai')
			<> ticket_workflow.add_working_days(p.day, m + p.n, 'cn_shanghai')), 0::bigint, 'the same from a working day, in both directions');

select is((select count(*) from counted a join counted b on b.day = a.day + ((a.upto * 37 + extract(day from a.day)::integer) % 400)::integer
	where ticket_workflow.working_days_between(a.day, b.day, 'cn_shanghai') <> b.upto - a.upto
		or ticket_workflow.working_days_between(b.day, a.day, 'cn_shanghai') <> -(b.upto - b.works::integer - a.upto + a.works::integer)),
	0::bigint, 'T7: between counts a < d <= b, and going back b <= d < a, negative');

-- far outside of the documents the weekly pattern rules, in one step
select is(ticket_workflow.working_days_between('1000-01-06', '3000-01-01', 'cn'),
	(select count(*)::integer from generate_series(timestamp '1000-01-07', timestamp '3000-01-01', interval '1 day') d
		where ticket_workflow.is_working_day(d::date, 'cn')), 'two thousand years are counted as one by one');
select is(ticket_workflow.add_working_days('2023-01-19', 1000000, 'cn'),
	(select ticket_workflow.add_working_days(ticket_workflow.add_working_days('2023-01-19', 999999, 'cn'), 1, 'cn')), 'a million days on');
select is(ticket_workflow.working_days_between(ticket_workflow.add_working_days('2023-01-19', -1000000, 'cn'), '2023-01-19', 'cn'), 1000000,
	'a million days back');

-- the local arrangement goes before the national one
select is(ticket_workflow.is_working_day('2018-11-05', 'cn'), true, 'T4: a national working day');
select is(ticket_workflow.is_working_day('2018-11-05', 'cn_shanghai'), false, 'T4: the local rest day goes before it');
select is(ticket_workflow.is_working_day('2018-11-03', 'cn_shanghai'), true, 'T4: a local make-up working day');
select ok(ticket_workflow.calendar_covers('2026-12-31') and ticket_workflow.calendar_covers('2004-01-01')
	and not ticket_workflow.calendar_covers('2027-01-01') and not ticket_workflow.calendar_covers('2003-12-31'), 'T4: covered are the published years');
select is(ticket_workflow.is_working_day('2027-02-08'), true, 'T4: a year that nobody has published is on the weekly pattern');
select * from finish();
rollback;
