-- Limits by hand, arguments at their edges, and service hours in words.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
select no_plan();
select ticket_workflow.load_calendar('cn_shanghai');
set local ticket_workflow.language = en;

create temp table expected (rule text, start timestamptz, kind text, amount integer, at_time time, roll boolean, due timestamptz);
insert into expected values
	('T1', '2023-01-19 09:00+08', 'working_days', 4, null, null, '2023-01-31 00:00+08'),
	('T1', '2023-01-21 10:00+08', 'working_days', 1, null, null, '2023-01-29 00:00+08'),
	('T1', '2023-02-03 23:59:59+08', 'working_days', 1, null, null, '2023-02-07 00:00+08'),
	('T1', '2023-02-04 00:00+08', 'working_days', 1, null, null, '2023-02-07 00:00+08'),
	('T1', '2023-02-06 00:00+08', 'working_days', 1, null, null, '2023-02-08 00:00+08'),
	('T7', '2023-02-06 10:00+08', 'working_days', 0, null, null, '2023-02-07 00:00+08'),
	('T7', '2023-02-04 10:00+08', 'working_days', 0, null, null, '2023-02-07 00:00+08'),
	('T1', '2023-02-06 10:00+08', 'working_days', 2, '17:00', null, '2023-02-08 17:00+08'),
	('T1', '2023-02-06 10:00+08', 'calendar_days', 1, null, true, '2023-02-08 00:00+08'),
	('T1', '2023-02-03 10:00+08', 'calendar_days', 1, null, true, '2023-02-07 00:00+08'),
	('T1', '2023-02-03 10:00+08', 'calendar_days', 1, null, false, '2023-02-05 00:00+08'),
	('T1', '2023-02-03 10:00+08', 'calendar_days', 1, '09:30', true, '2023-02-06 09:30+08'),
	('T7', '2023-02-04 10:00+08', 'calendar_days', 0, null, true, '2023-02-07 00:00+08'),
	('T7', '2023-02-04 10:00+08', 'calendar_days', 0, null, false, '2023-02-05 00:00+08'),
	('2.3.2.1', '2023-01-21 10:00+08', 'next_working_day_at', null, null, null, '2023-01-28 12:00+08'),
	('2.3.2.1', '2023-01-20 10:00+08', 'next_working_day_at', 1, '09:00', null, '2023-01-28 09:00+08'),
	('2.3.2.1', '2023-01-20 10:00+08', 'next_working_day_at', 2, null, null, '2023-01-29 12:00+08'),
	('2.4.1', '2023-02-02 11:59:59+08', 'half_day_cutoff', null, null, true, '2023-02-02 17:00+08'),
	('2.4.1', '2023-02-02 12:00+08', 'half_day_cutoff', null, null, true, '2023-02-03 12:00+08'),
	('2.4.1', '2023-02-03 15:00+08', 'half_day_cutoff', null, null, true, '2023-02-06 12:00+08'),
	('2.4.1', '2023-02-03 15:00+08', 'half_day_cutoff', 0, null, false, '2023-02-04 12:00+08'),
	('2.4.1', '2023-02-04 10:00+08', 'half_day_cutoff', 17, null, true, '2023-02-06 17:00+08'),
	('2.4.1', '2023-02-02 09:00+08', 'half_day_cutoff', 16, '11:00', true, '2023-02-02 16:00+08'),
	('2.4.1', '2023-02-02 13:00+08', 'half_day_cutoff', 16, '11:00', true, '2023-02-03 11:00+08'),
	('T2', '2023-01-21 10:00+08', 'elapsed_minutes', 30, null, null, '2023-01-21 10:30+08'),
	('T2', '2023-02-07 20:00+08', 'service_minutes', 30, null, null, '2023-02-08 09:00+08'),
	('T2', '2023-02-04 10:00+08', 'service_minutes', 30, null, null, '2023-02-06 09:00+08'),
	('T2', '2023-02-07 17:00+08', 'service_minutes', 30, null, null, '2023-02-07 17:30+08'),
	('T2', '2023-02-07 17:30+08', 'service_minutes', 0, null, null, '2023-02-07 17:30+08'),
	('T2', '2023-02-07 17:31+08', 'service_minutes', 0, null, null, '2023-02-08 08:30+08'),
	('T2', '2023-02-07 08:30+08', 'service_minutes', 540, null, null, '2023-02-07 17:30+08'),
	('T2', '2023-02-07 08:30+08', 'service_minutes', 541, null, null, '2023-02-08 08:31+08'),
	('T2', '2023-01-20 17:20+08', 'service_minutes', 30, null, null, '2023-01-28 08:50+08');
select is(ticket_workflow.due_at(e.start, e.kind, e.amount, e.at_time, 'cn_shanghai', e.roll), e.due,
	format('%s: %s %s from %s%s', e.rule, coalesce(e.amount::text, '-'), e.kind, e.start at time zone 'Asia/Shanghai', ' roll ' || e.roll)) from expected e;

set local timezone = 'America/New_York';
select is(ticket_workflow.due_at(e.start, e.kind, e.amount, e.at_time, 'cn_shanghai', e.roll), e.due,
	'T6: the session''s zone changes nothing') from expected e;
set local timezone = 'Asia/Shanghai';

select is(ticket_workflow.due_on('2023-01-31 00:00+08'), '2023-01-30', 'the end of a day belongs to it');
select is(ticket_workflow.due_on('2023-01-31 00:00:00.000001+08'), '2023-01-31', 'a moment later it is the next');
select is(ticket_workflow.due_on('2023-01-30 12:00+08'), '2023-01-30', 'due at noon is that day');
select ticket_workflow.create_calendar('sp', 'a day that begins at 01:00', 'America/Sao_Paulo', '1111111');
select is(ticket_workflow.due_at('2017-10-13 12:00-03', 'working_days', 1, null, 'sp'), '2017-10-15 03:00+00', 'the end of a day before one that begins at 01:00');
select is(ticket_workflow.due_on('2017-10-15 03:00+00', 'sp'), '2017-10-14', 'belongs to the day before all the same');
select is(ticket_workflow.due_on('infinity'), 'infinity', 'no end has no day');

-- working time, going back and forth
select is(ticket_workflow.add_working_time('2023-02-07 08:40+08', '-20 minutes'), '2023-02-06 17:20+08', 'back over the night');
select is(ticket_workflow.add_working_time('2023-02-07 20:00+08', '-10 minutes'), '2023-02-07 17:20+08', 'going back begins at the previous closing');
select is(ticket_workflow.add_working_time('2023-02-07 09:00+08', '-30 minutes'), '2023-02-07 08:30+08', 'going back ends at opening');
select is(ticket_workflow.working_time_between('2023-01-20 17:00+08', '2023-01-28 09:00+08'), '01:00:00', 'half an hour before the festival, half after');
select is(ticket_workflow.working_time_between('2023-01-28 09:00+08', '2023-01-20 17:00+08'), '-01:00:00', 'reversed is negative');
select is(extract(day from ticket_workflow.working_time_between('2023-01-01', '2023-12-31')), 0::numeric, 'time field only');

-- windows
select ticket_workflow.create_calendar('desk', 'desk', 'Europe/Berlin');
select is(ticket_workflow.working_time_between('2023-03-24 00:00+01', '2023-03-28 00:00+02', 'desk'), '48:00:00',
	'no windows: the whole day; a Friday and a Monday');
select ticket_workflow.set_service_hours('desk', 0, '09:00-12:00, 13:30-17:30');
select ticket_workflow.set_service_hours('desk', 5, '9:00-12:00');
select is(ticket_workflow.add_working_time('2023-03-24 11:00+01', '5 hours', 'desk'), '2023-03-27 14:30+02', 'short Friday, summer time from Sunday');
select ticket_workflow.set_date_hours('desk', '2023-03-27', '10:00-11:00');
select is(ticket_workflow.add_working_time('2023-03-24 11:00+01', '5 hours', 'desk'), '2023-03-28 12:00+02', 'a short day');
select ticket_workflow.set_date_hours('desk', '2023-03-27', null);
select is(ticket_workflow.add_working_time('2023-03-24 11:00+01', '5 hours', 'desk'), '2023-03-27 14:30+02', 'and back');
select ticket_workflow.set_calendar_day('desk', '2023-03-25', false, 'make-up');
select is(ticket_workflow.add_working_time('2023-03-24 11:00+01', '5 hours', 'desk'), '2023-03-25 14:30+01', 'a make-up Saturday has the hours of weekday 0');
select ticket_workflow.create_calendar('night', 'whole days through the change of clocks', 'Europe/Berlin', '1111111');
select is(ticket_workflow.working_time_between('2023-03-26 00:00+01', '2023-03-27 00:00+02', 'night'), '23:00:00', 'hours are elapsed: a day of 23');
select is(ticket_workflow.working_time_between('2023-10-29 00:00+02', '2023-10-30 00:00+01', 'night'), '25:00:00', 'and one of 25');
select is(ticket_workflow.due_at('2023-10-28 12:00+02', 'working_days', 1, null, 'night'), '2023-10-30 00:00+01', 'days are local');
select ticket_workflow.change_calendar('night', closing_time => '18:00');
select is(ticket_workflow.due_at('2023-10-28 12:00+02', 'working_days', 1, null, 'night'), '2023-10-29 18:00+01', 'T1: the end of a day is the closing time');
select throws_ok($$ select ticket_workflow.set_service_hours('desk', 1, '22:00-06:00') $$, 'TW011', null, 'a window over midnight is refused in words');
select throws_ok($$ select ticket_workflow.set_service_hours('desk', 1, '09:00-12:00, 11:00-13:00') $$, 'TW011', null, 'windows that overlap');
select throws_ok(format($$ select ticket_workflow.set_service_hours('desk', 1, %L) $$, w), 'TW011', null, 'windows that cannot be read: ' || w)
from unnest(array['9-12', '09:00', '09:00-25:00', '09:60-10:00', '09:00-12:00,', 'x', '24:00-24:00', '09:00:30-10:00']) w;
select throws_ok($$ select ticket_workflow.set_service_hours('desk', 8, '09:00-12:00') $$, 'TW011', null, 'there is no eighth weekday');

-- edges
select throws_ok(q, code, null, q) from (values
	($$ select ticket_workflow.is_working_day('2023-01-01', 'nowhere') $$, 'TW011'),
	($$ select ticket_workflow.is_working_day('2023-01-01', repeat('x', 300)) $$, 'TW006'),
	($$ select ticket_workflow.is_working_day('2023-01-01', '') $$, 'TW011'),
	($$ select ticket_workflow.add_working_days('2023-01-01', 2147483647) $$, 'TW006'),
	($$ select ticket_workflow.add_working_days('2023-01-01', -2147483648) $$, 'TW006'),
	($$ select ticket_workflow.add_working_days('5874897-12-30', 10) $$, 'TW006'),
	($$ select ticket_workflow.add_working_days('4714-11-24 BC', -10) $$, 'TW006'),
	($$ select ticket_workflow.working_days_between('2023-01-01', 'infinity') $$, 'TW006'),
	($$ select ticket_workflow.working_time_between('-infinity', '2023-01-01') $$, 'TW006'),
	($$ select ticket_workflow.add_working_time('2023-01-01', '1 day') $$, 'TW006'),
	($$ select ticket_workflow.add_working_time('2023-01-01', '1 month') $$, 'TW006'),
	($$ select ticket_workflow.add_working_time('2023-01-01', '-1 day 24 hours') $$, 'TW006'),
	($$ select ticket_workflow.add_working_time('2023-01-01', '2000000 hours') $$, 'TW006'),
	($$ select ticket_workflow.add_working_time('2300-01-01', '1 hour', 'desk') $$, 'TW006'),
	($$ select ticket_workflow.working_time_between('2300-01-01', '2023-01-01', 'desk') $$, 'TW006'),
	($$ select ticket_workflow.add_working_time('294276-12-31 12:00', '100000 hours') $$, 'TW006'),
	($$ select ticket_workflow.due_at('2023-01-01', 'fortnights', 1) $$, 'TW006'),
	($$ select ticket_workflow.due_at('2023-01-01', 'working_days', -1) $$, 'TW006'),
	($$ select ticket_workflow.due_at('2023-01-01', 'working_days', 1000001) $$, 'TW006'),
	($$ select ticket_workflow.due_at('2023-01-01', 'working_days', null) $$, 'TW006'),
	($$ select ticket_workflow.due_at('2023-01-01', 'service_minutes', null) $$, 'TW006'),
	($$ select ticket_workflow.due_at('2023-01-01', 'elapsed_minutes', 2147483647) $$, 'TW006'),
	($$ select ticket_workflow.due_at('2023-01-01', 'half_day_cutoff', 25) $$, 'TW006'),
	($$ select ticket_workflow.due_at('294276-12-31 12:00', 'working_days', 100) $$, 'TW006')) e(q, code);

select is(x, null, what || ': NULL') from (values
	('is_working_day', ticket_workflow.is_working_day(null)::text), ('calendar_covers', ticket_workflow.calendar_covers(null)::text),
	('add_working_days', ticket_workflow.add_working_days(null, 1)::text), ('add_working_days n', ticket_workflow.add_working_days('2023-01-01', null)::text),
	('working_days_between', ticket_workflow.working_days_between(null, '2023-01-01')::text),
	('working_days_between b', ticket_workflow.working_days_between('2023-01-01', null)::text),
	('add_working_time', ticket_workflow.add_working_time(null, '1 hour')::text), ('working_time_between', ticket_workflow.working_time_between(null, now())::text),
	('due_at', ticket_workflow.due_at(null, 'working_days', 1)::text), ('due_at kind', ticket_workflow.due_at(now(), null, 1)::text),
	('due_on', ticket_workflow.due_on(null)::text), ('is_working_day of infinity', ticket_workflow.is_working_day('infinity')::text)) v(what, x);
select is(ticket_workflow.add_working_days('infinity', 3), 'infinity', 'infinity stays');
select is(ticket_workflow.add_working_days('-infinity', 3), '-infinity', 'on both sides');
select is(ticket_workflow.add_working_time('infinity', '1 hour'), 'infinity', 'also in time');
select is(ticket_workflow.due_at('infinity', 'working_days', 3), 'infinity', 'and as a limit');
select ok(not ticket_workflow.calendar_covers('infinity'), 'infinity is not covered');

-- a calendar that never works ends nothing
select ticket_workflow.create_calendar('idle', 'idle', 'UTC', '0000000');
select is(ticket_workflow.is_working_day('2023-01-02', 'idle'), false, 'no day is worked');
select is(ticket_workflow.working_days_between('2023-01-02', '2024-01-02', 'idle'), 0, 'none between');
select is(ticket_workflow.working_time_between('2023-01-02', '2024-01-02', 'idle'), '0'::interval, 'no time either');
select throws_ok($$ select ticket_workflow.add_working_days('2023-01-02', 1, 'idle') $$, 'TW011', null, 'TW011 instead of an endless search: days');
select throws_ok($$ select ticket_workflow.add_working_time('2023-01-02', '1 hour', 'idle') $$, 'TW011', null, 'TW011 instead of an endless search: time');
select throws_ok($$ select ticket_workflow.due_at('2023-01-02', 'calendar_days', 1, null, 'idle') $$, 'TW011', null, 'TW011 instead of an endless search: roll');
select ticket_workflow.set_calendar_day('idle', '2023-06-01', false);
select is(ticket_workflow.add_working_days('2023-01-02', 1, 'idle'), '2023-06-01', 'its only working day');
select throws_ok($$ select ticket_workflow.add_working_days('2023-01-02', 2, 'idle') $$, 'TW011', null, 'there is no second one');

-- the setting
set local ticket_workflow.calendar = 'idle';
select is(ticket_workflow.is_working_day('2023-01-03'), false, 'NULL is the calendar of the setting');
set local ticket_workflow.calendar = 'cn';
select is(ticket_workflow.is_working_day('2023-01-03'), true, 'at each call');
select * from finish();
rollback;
