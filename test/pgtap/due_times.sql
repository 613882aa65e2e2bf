-- Due times by hand-made table: every row is worked out from the clause with a calendar on the wall.
-- "at" is when the clock starts by its event: receipt, dispatch or acceptance.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
select plan(1 + 84);

create temp table expected (
	clause text, clock text, event text, at timestamptz, due timestamptz, why text,
	urgent boolean default false, handling_class text default 'ordinary', kind text default 'ordinary',
	category text default 'complaint', limit_kind text, limit_amount integer, platform_due timestamptz);

insert into expected (clause, clock, event, at, due, why) values
	('2.3.2.1', 'dispatch', 'received', '2023-01-20 16:59+08', '2023-01-20 17:59+08', 'Friday, working day: 60 minutes'),
	('2.3.2.1', 'dispatch', 'received', '2023-01-20 23:30+08', '2023-01-21 00:30+08', 'minutes elapse at night too'),
	('2.3.2.1', 'dispatch', 'received', '2023-01-21 10:00+08', '2023-01-28 12:00+08', 'Spring Festival: noon of the make-up Saturday'),
	('2.3.2.1', 'dispatch', 'received', '2023-01-27 23:59+08', '2023-01-28 12:00+08', 'last minute of the holiday'),
	('2.3.2.1', 'dispatch', 'received', '2023-01-28 09:00+08', '2023-01-28 10:00+08', 'make-up Saturday is a working day'),
	('2.3.2.1', 'dispatch', 'received', '2023-01-29 11:30+08', '2023-01-29 12:30+08', 'make-up Sunday is a working day'),
	('2.3.2.1', 'dispatch', 'received', '2023-02-04 09:00+08', '2023-02-06 12:00+08', 'plain Saturday'),
	('2.3.2.1', 'dispatch', 'received', '2023-04-05 08:00+08', '2023-04-06 12:00+08', 'Qingming, a Wednesday'),
	('2.3.2.1', 'dispatch', 'received', '2023-04-23 08:00+08', '2023-04-23 09:00+08', 'make-up Sunday before Labour Day'),
	('2.3.2.1', 'dispatch', 'received', '2023-02-07 00:00+08', '2023-02-07 01:00+08', 'midnight belongs to the working day it begins'),
	('2.3.2.1', 'dispatch', 'received', '2023-09-29 10:00+08', '2023-10-07 12:00+08', 'National Day to the make-up Saturday'),
	('2.3.2.1', 'dispatch', 'received', '2022-12-31 10:00+08', '2023-01-03 12:00+08', 'New Year across the year''s end'),
	('2.3.2.1', 'center_contact', 'received', '2023-01-20 16:59+08', '2023-01-20 18:59+08', '120 minutes'),
	('2.3.2.1', 'center_contact', 'received', '2023-01-21 10:00+08', '2023-01-28 12:00+08', 'rest day'),
	('2.3.2.1', 'center_contact', 'received', '2023-01-28 09:00+08', '2023-01-28 11:00+08', 'make-up Saturday'),
	('2.3.2.1', 'center_contact', 'received', '2023-02-05 22:00+08', '2023-02-06 12:00+08', 'Sunday night'),
	('2.3.2.1', 'center_contact', 'received', '2023-06-24 20:00+08', '2023-06-25 12:00+08', 'Dragon Boat to the make-up Sunday'),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-02-07 20:00+08', '2023-02-08 09:00+08', 'after hours: 30 service minutes from 08:30'),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-02-04 10:00+08', '2023-02-06 09:00+08', 'Saturday'),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-02-07 17:00+08', '2023-02-07 17:30+08', 'ends exactly at closing and stays there'),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-02-07 17:10+08', '2023-02-08 08:40+08', '20 minutes today, 10 tomorrow'),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-02-07 17:30+08', '2023-02-08 09:00+08', 'dispatched at closing'),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-02-07 08:00+08', '2023-02-07 09:00+08', 'before opening'),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-02-07 08:30+08', '2023-02-07 09:00+08', 'at opening'),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-01-20 17:20+08', '2023-01-28 08:50+08', '10 minutes before the festival, 20 after'),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-01-28 10:00+08', '2023-01-28 10:30+08', 'make-up Saturday'),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-02-03 17:29+08', '2023-02-06 08:59+08', 'one minute on Friday'),
	('2.2.2', 'return_window', 'dispatched', '2023-01-19 10:00+08', '2023-01-31 00:00+08', '20, 28, 29, 30'),
	('2.2.2', 'return_window', 'dispatched', '2023-02-06 09:00+08', '2023-02-11 00:00+08', 'Monday: to the end of Friday'),
	('2.2.2', 'return_window', 'dispatched', '2023-02-07 23:59+08', '2023-02-14 00:00+08', 'the day of dispatch does not count'),
	('2.2.2', 'return_window', 'dispatched', '2023-02-04 10:00+08', '2023-02-10 00:00+08', 'Saturday: Monday is day 1'),
	('2.2.2', 'return_window', 'dispatched', '2023-04-21 10:00+08', '2023-04-27 00:00+08', 'the make-up Sunday counts'),
	('2.2.2', 'return_window', 'dispatched', '2023-09-28 10:00+08', '2023-10-11 00:00+08', '7, 8, 9, 10 October'),
	('2.3.2.2', 'site_visit', 'accepted', '2023-02-07 10:00+08', '2023-02-09 00:00+08', 'the next day'),
	('2.3.2.2', 'site_visit', 'accepted', '2023-02-03 10:00+08', '2023-02-07 00:00+08', 'Saturday rolls to Monday'),
	('2.3.2.2', 'site_visit', 'accepted', '2023-01-20 15:00+08', '2023-01-29 00:00+08', 'rolls over the festival to the make-up Saturday'),
	('2.3.2.2', 'site_visit', 'accepted', '2023-02-04 11:00+08', '2023-02-07 00:00+08', 'Sunday rolls to Monday'),
	('2.4.1', 'first_contact', 'accepted', '2023-02-09 11:59+08', '2023-02-09 17:00+08', 'morning: 17:00 that day'),
	('2.4.1', 'first_contact', 'accepted', '2023-02-09 12:00+08', '2023-02-10 12:00+08', 'noon is afternoon: 12:00 the next day'),
	('2.4.1', 'first_contact', 'accepted', '2023-02-10 15:00+08', '2023-02-13 12:00+08', 'Friday afternoon: Monday noon'),
	('2.4.1', 'first_contact', 'accepted', '2023-02-10 09:00+08', '2023-02-10 17:00+08', 'Friday morning'),
	('2.4.1', 'first_contact', 'accepted', '2023-01-20 14:00+08', '2023-01-28 12:00+08', 'afternoon before the festival'),
	('2.4.1', 'first_contact', 'accepted', '2023-02-04 09:00+08', '2023-02-06 17:00+08', 'Saturday morning rolls to Monday 17:00'),
	('2.4.1', 'first_contact', 'accepted', '2023-01-28 00:00+08', '2023-01-28 17:00+08', 'first minute of the make-up Saturday'),
	('2.4.1', 'first_contact', 'accepted', '2023-01-28 13:00+08', '2023-01-29 12:00+08', 'make-up Sunday noon'),
	('2.3.2.2', 'completion', 'accepted', '2023-02-06 10:00+08', '2023-02-14 00:00+08', 'complaint: 7, 8, 9, 10, 13'),
	('2.3.2.2', 'completion', 'accepted', '2023-01-19 09:00+08', '2023-02-01 00:00+08', 'complaint: 20, 28, 29, 30, 31'),
	('3.3', 'leader_notice', 'dispatched', '2023-02-06 10:00+08', '2023-02-09 00:00+08', '2 working days'),
	('3.3', 'leader_notice', 'dispatched', '2023-01-19 10:00+08', '2023-01-29 00:00+08', '20 and 28'),
	('3.3', 'principal_notice', 'dispatched', '2023-02-06 10:00+08', '2023-02-11 00:00+08', '4 working days'),
	('3.3', 'principal_notice', 'dispatched', '2023-01-19 10:00+08', '2023-01-31 00:00+08', '20, 28, 29, 30'),
	-- nobody accepts: acceptance due takes its place (dispatched Tuesday 20:00, due Wednesday 09:00)
	('2.3.2.2', 'site_visit', 'acceptance due', '2023-02-07 20:00+08', '2023-02-10 00:00+08', 'a day from Wednesday 09:00'),
	('2.4.1', 'first_contact', 'acceptance due', '2023-02-07 20:00+08', '2023-02-08 17:00+08', 'Wednesday 09:00 is morning'),
	('2.3.2.2', 'completion', 'acceptance due', '2023-02-07 20:00+08', '2023-02-16 00:00+08', '9, 10, 13, 14, 15');

insert into expected (clause, clock, event, at, due, why, urgent) values
	('2.3.2.1', 'dispatch', 'received', '2023-01-21 10:00+08', '2023-01-21 10:30+08', 'urgent on a rest day: 30 minutes', true),
	('2.3.2.1', 'dispatch', 'received', '2023-02-05 23:59+08', '2023-02-06 00:29+08', 'urgent on Sunday, into Monday', true),
	('2.3.2.1', 'dispatch', 'received', '2023-02-07 10:00+08', '2023-02-07 11:00+08', 'urgent on a working day: 60 minutes', true),
	('2.3.2.1', 'center_contact', 'received', '2023-01-21 10:00+08', '2023-01-28 12:00+08', 'urgent: the caller is told as on every rest day', true),
	('2.3.2.1', 'urgent_report', 'received', '2023-01-21 10:00+08', '2023-01-21 12:00+08', '120 minutes', true),
	('2.3.2.1', 'urgent_report', 'received', '2023-02-05 23:00+08', '2023-02-06 01:00+08', '120 minutes across midnight', true),
	('2.3.2.1', 'urgent_report', 'received', '2023-04-05 08:15+08', '2023-04-05 10:15+08', 'Qingming', true),
	('2.3.2.1', 'urgent_report', 'received', '2023-02-07 10:00+08', null, 'on a working day it does not run', true),
	('2.3.2.1', 'urgent_completion', 'received', '2023-01-21 10:00+08', '2023-01-29 00:00+08', '1 working day: the make-up Saturday', true),
	('2.3.2.1', 'urgent_completion', 'received', '2023-02-05 23:00+08', '2023-02-07 00:00+08', 'the end of Monday', true),
	('2.3.2.1', 'urgent_completion', 'received', '2023-10-01 00:05+08', '2023-10-08 00:00+08', 'the make-up Saturday after National Day', true),
	('2.3.2.1', 'urgent_completion', 'received', '2023-02-07 10:00+08', null, 'on a working day it does not run', true),
	('2.3.2.1', 'completion', 'accepted', '2023-02-04 10:00+08', null, 'urgent_completion takes its place', true),
	('2.3.2.2', 'completion', 'accepted', '2023-02-07 10:00+08', '2023-02-15 00:00+08', 'urgent on a working day: as usual', true),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-02-04 10:00+08', '2023-02-04 10:30+08', 'urgent: at any hour', true),
	('2.3.2.2', 'acceptance', 'dispatched', '2023-02-07 23:50+08', '2023-02-08 00:20+08', 'urgent: at any hour', true);

insert into expected (clause, clock, event, at, due, why, handling_class, kind, category, limit_kind, limit_amount, platform_due) values
	('2.3.2.2', 'completion', 'accepted', '2023-02-06 10:00+08', '2023-02-14 00:00+08', 'help', 'ordinary', 'ordinary', 'help', null, null, null),
	('2.3.2.2', 'completion', 'accepted', '2023-02-06 10:00+08', '2023-02-08 00:00+08', 'consultation: 1', 'ordinary', 'ordinary', 'consultation', null, null, null),
	('2.3.2.2', 'completion', 'accepted', '2023-02-06 10:00+08', '2023-02-08 00:00+08', 'suggestion: 1', 'ordinary', 'ordinary', 'suggestion', null, null, null),
	('2.3.5', 'completion', 'accepted', '2023-02-06 10:00+08', '2023-02-10 00:00+08', 'callback review: 3', 'ordinary', 'callback_review', 'complaint', null, null, null),
	('2.3.5', 'completion', 'accepted', '2023-02-06 10:00+08', '2023-02-10 00:00+08', 'supervised: 3', 'ordinary', 'supervised', 'complaint', null, null, null),
	('3.1', 'completion', 'accepted', '2023-02-06 10:00+08', '2023-02-07 10:00+08', 'simple: 24 hours', 'simple', 'ordinary', 'complaint', null, null, null),
	('3.1', 'completion', 'accepted', '2023-01-20 17:00+08', '2023-01-21 17:00+08', 'simple: hours elapse on rest days', 'simple', 'ordinary', 'complaint', null, null, null),
	('3.1', 'completion', 'accepted', '2023-02-06 10:00+08', '2023-02-07 00:00+08', 'same day', 'same_day', 'ordinary', 'complaint', null, null, null),
	('3.1', 'completion', 'accepted', '2023-02-04 10:00+08', '2023-02-07 00:00+08', 'same day on Saturday: Monday', 'same_day', 'ordinary', 'complaint', null, null, null),
	('2.3.2.2', 'completion', 'accepted', '2023-02-06 10:00+08', '2023-02-09 00:00+08', 'the limit given with the ticket', 'ordinary', 'ordinary', 'complaint', 'working_days', 2, null),
	('C2', 'completion', 'accepted', '2023-02-06 10:00+08', '2023-02-07 12:00+08', 'platform_due_at caps', 'ordinary', 'ordinary', 'complaint', null, null, '2023-02-07 12:00+08'),
	('C2', 'completion', 'accepted', '2023-02-06 10:00+08', '2023-02-14 00:00+08', 'a later platform_due_at changes nothing', 'ordinary', 'ordinary', 'complaint', null, null, '2023-03-07 12:00+08'),
	('C2', 'dispatch', 'received', '2023-02-06 10:00+08', '2023-02-06 10:20+08', 'platform_due_at caps every limit', 'ordinary', 'ordinary', 'complaint', null, null, '2023-02-06 10:20+08'),
	('C2', 'return_window', 'dispatched', '2023-02-06 10:00+08', '2023-02-11 00:00+08', 'but the window of a return only closes', 'ordinary', 'ordinary', 'complaint', null, null, '2023-02-07 12:00+08');

-- plays one row: the events before the clock's happen at the same moment
create function pg_temp.due_of(e expected) returns timestamptz language plpgsql as $$
declare
	id bigint;
begin
	perform pg_temp.at_time(e.at);
	perform pg_temp.act_as('dispatcher');
	id := ticket_workflow.receive_ticket(center => 'yc', category => e.category, appeal => '楼道灯不亮', kind => e.kind,
		supervised_by => case e.kind when 'supervised' then 'district' end,
		handling_class => e.handling_class, urgent => e.urgent, area => 'p1', petitioner_phone => '13812345678',
		limit_kind => e.limit_kind, limit_amount => e.limit_amount, platform_due_at => e.platform_due);
	if e.event in ('dispatched', 'accepted', 'acceptance due') then
		perform ticket_workflow.dispatch_ticket(id, 'cg', 'duty');
	end if;
	if e.event = 'accepted' then
		perform pg_temp.act_as('liaison');
		perform ticket_workflow.accept_ticket(id);
	end if;
	if e.event = 'acceptance due' then
		perform ticket_workflow.catch_up(id, e.at + interval '2 days');
	end if;
	return (select c.due_at from ticket_workflow.clock c where c.ticket_id = id and c.clock = e.clock and c.status <> 'cancelled');
end
$$;

select is(pg_temp.due_of(e), e.due, format('%s %s %s %s: %s', e.clause, e.clock, e.event, to_char(e.at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'), e.why))
from expected e;
select is((select count(*) from expected where due is null), 3::bigint, 'rows without a due time are those named so');

select * from finish();
rollback;
