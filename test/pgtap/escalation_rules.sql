-- Levels and recipients as rows: every kind of moment, every relation, conditions, quiet hours; functions that change
-- them, and what they refuse.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/desk.sql
create function pg_temp.sweep_at(moment timestamptz) returns boolean language sql as $$
	select set_config('ticket_workflow.now', moment::text, true), set_config('ticket_workflow.actor', '', true);
	select ticket_workflow.sweep_batch(ticket_workflow.begin_sweep(), 200, null);
$$;
create function pg_temp.raised(ticket bigint, which text) returns text language sql as $$
	select string_agg(format('%s %s %s %s%s', e.level, e.purpose, to_char(e.reached_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI'),
			array_to_string(e.recipients, ','), case when e.vacant_posts <> '{}' then ' vacant ' || array_to_string(e.vacant_posts, ',') end), '; ' order by e.level)
	from ticket_workflow.escalation e where e.ticket_id = raised.ticket and e.clock = raised.which
$$;
create function pg_temp.opened(moment timestamptz, urgent boolean default false) returns bigint language sql as $$
	select pg_temp.at_time(moment), pg_temp.act_as('dispatcher');
	select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '占道堆物', area => 'p1', urgent => opened.urgent);
$$;
create function pg_temp.dispatched(moment timestamptz, urgent boolean default false) returns bigint language plpgsql as $$
declare
	ticket constant bigint := pg_temp.opened(moment, urgent);
begin
	perform ticket_workflow.dispatch_ticket(ticket, 'cg', '职责原则');
	perform pg_temp.act_as('liaison');
	perform ticket_workflow.accept_ticket(ticket);
	return ticket;
end
$$;
-- when a level of a clock that runs from Tuesday 09:00 to Thursday 09:00 would be reached
create function pg_temp.moment_of(kind text, amount numeric, since text default '2023-02-14 09:00+08', due text default '2023-02-16 09:00+08')
returns text language sql as $$
	select to_char(ticket_workflow.level_at(row('x', 'x', 1, kind, amount, 'notice', false, '3.3', null, null, null)::ticket_workflow.escalation_level,
		since::timestamptz, due::timestamptz, 'cn_shanghai') at time zone 'Asia/Shanghai', 'MM-DD HH24:MI')
$$;
\o
select plan(58);

-- ---- moments (C1: any number of warnings before the due time, share of the span or fixed lead; working days after)
select is(pg_temp.moment_of(k, a), m, format('C1 %s %s', k, a))
from (values ('share', 0.5, '02-15 09:00'), ('share', 1, '02-16 09:00'), ('share', 1.5, '02-17 09:00'),
	('minutes', -90, '02-16 07:30'), ('minutes', 0, '02-16 09:00'), ('minutes', 30, '02-16 09:30'),
	-- the end of a day is the next day's 00:00
	('working_days', 1, '02-18 00:00'), ('working_days', 2, '02-21 00:00'), ('working_days', -1, '02-16 00:00'), ('working_days', 0, '02-17 00:00')) v (k, a, m);
select is(pg_temp.moment_of('minutes', -10000), '02-14 09:00', 'C1 a lead longer than the span is reached at the start');
-- 2023: the Spring Festival's week off is 21 to 27 January, and Saturday 28 and Sunday 29 are worked
select is(pg_temp.moment_of('working_days', 2, '2023-01-18 09:00+08', '2023-01-21 00:00+08'), '01-30 00:00', 'T4 working days after the due time pass the Spring Festival and count make-up days');
select is(pg_temp.moment_of('working_days', 1, '2023-01-18 09:00+08', '2023-01-20 17:30+08'), '01-29 00:00', 'T4 the first working day after the festival is a Saturday');

-- ---- every relation (issue: lead, assist, territory, center, roster, inspection)
select ticket_workflow.create_organization('yc', 'jw', '纪委', 'inspection') \g /dev/null
select ticket_workflow.create_official('inspector', '督查员', 'yc') \g /dev/null
select ticket_workflow.assign_post('inspector', 'jw', 'inspector', null, '2020-01-01') \g /dev/null
select ticket_workflow.copy_rulebook('yichuan_2023', 'own') \g /dev/null
select ticket_workflow.put_in_force('yc', 'own', '2023-02-01') \g /dev/null
select is(ticket_workflow.set_escalation_level('own', 'completion', 3, 'working_days', 1, 'overdue', '2.3.2.2'), 0, '3.3 a level of one''s own: nothing runs yet');
select ticket_workflow.set_escalation_recipient('own', 'completion', 3, r.relation, r.position)
from (values ('lead', 'liaison'), ('lead', 'head'), ('lead', 'supervising_leader'), ('assist', 'liaison'), ('area', 'information_officer'),
	('area', 'supervising_leader'), ('center', 'principal_leader'), ('inspection', 'inspector'), ('duty', 'duty_leader')) r (relation, position) \g /dev/null
select pg_temp.dispatched('2023-02-14 09:00+08') as t1 \gset
insert into ticket_workflow.ticket_assist (assist_id, ticket_id, center_id, organization_id, asked_at)
	select ticket_workflow.new_id(center_id, 'ticket_workflow.assist_seq'), :t1, center_id, organization_id, ticket_workflow.now() from ticket_workflow.organization where code = 'fg';
-- 5 working days: due at the end of Tuesday 21; a working day later at the end of Wednesday 22
select pg_temp.sweep_at('2023-02-23 08:00+08') \g /dev/null
select is(split_part(pg_temp.raised(:t1, 'completion'), '; ', 3), '3 overdue 02-23 00:00 片区信息员,片区分管领导,主要领导,城管联络员,城管负责人,城管分管领导,房管联络员,督查员',
	'3.3 a working day after the due time: every relation is told, on a working day not the roster');
select is((select count(*) from ticket_workflow.escalation e where e.ticket_id = :t1 and e.level = 3 and e.round <> 1), 0::bigint, 'C4 of the first round');

-- ---- a level that is written while clocks run
select pg_temp.dispatched('2023-03-07 09:00+08') as t2 \gset
select is((select next_at from ticket_workflow.clock where ticket_id = :t2 and clock = 'completion'),
	(select started_at + (due_at - started_at) * 0.8::double precision from ticket_workflow.clock where ticket_id = :t2 and clock = 'completion'), 'C1 the first look is at four fifths');
select cmp_ok(ticket_workflow.set_escalation_level('own', '处置时限', 4, '分钟', -7000, '预警', '2.3.2.2'), '>=', 1, 'C1 an earlier warning moves the clocks that run');
select is((select next_at from ticket_workflow.clock where ticket_id = :t2 and clock = 'completion'),
	(select due_at - interval '7000 minutes' from ticket_workflow.clock where ticket_id = :t2 and clock = 'completion'), 'C1 to its moment');
select ticket_workflow.set_escalation_recipient('own', 'completion', 4, 'lead', 'liaison') \g /dev/null
select pg_temp.sweep_at('2023-03-10 08:00+08') \g /dev/null
select matches(pg_temp.raised(:t2, 'completion'), '^4 warning 03-10 03:20 城管联络员$', 'C1 and fires there');
select cmp_ok(ticket_workflow.remove_escalation_level('own', 'completion', 4), '>=', 0, 'C4 a level goes');
select is((select count(*) from ticket_workflow.escalation where ticket_id = :t2 and level = 4), 1::bigint, 'C4 what has fired stays');
select is((select count(*) from ticket_workflow.escalation_level where rulebook = 'yichuan_2023' and clock = 'completion'), 2::bigint, 'design 2: the shipped rulebook is as it was');

-- ---- urgent only
select is(ticket_workflow.set_escalation_level('own', 'dispatch', 2, 'minutes', -10, 'warning', '2.3.2.1', urgent => true), 0, '2.3.2.1 a warning for urgent tickets');
select ticket_workflow.set_escalation_recipient('own', 'dispatch', 2, 'center', 'dispatcher') \g /dev/null
select ticket_workflow.set_escalation_recipient('own', 'dispatch', 1, 'center', 'supervising_leader', urgent => true) \g /dev/null
select pg_temp.opened('2023-03-14 10:00+08', true) as u \gset
select pg_temp.opened('2023-03-14 10:00+08') as o \gset
select pg_temp.sweep_at('2023-03-14 10:55+08') \g /dev/null
select is(pg_temp.raised(:u, 'dispatch'), '2 warning 03-14 10:50 派单员', '2.3.2.1 the urgent ticket is warned of');
select is(pg_temp.raised(:o, 'dispatch'), null, '2.3.2.1 the other is not');
select is((select next_at from ticket_workflow.clock where ticket_id = :o and clock = 'dispatch'), '2023-03-14 11:00+08'::timestamptz, '2.3.2.1 nor looked at for it');
select pg_temp.sweep_at('2023-03-14 11:01+08') \g /dev/null
select is(pg_temp.raised(:u, 'dispatch'), '1 overdue 03-14 11:00 派单员,坐席,城运分管领导; 2 warning 03-14 10:50 派单员', '2.3.2.1 a recipient for urgent tickets is told of the urgent one');
select is(pg_temp.raised(:o, 'dispatch'), '1 overdue 03-14 11:00 派单员,坐席', '2.3.2.1 and not of the other');
select is((select count(*) from ticket_workflow.sweep_failure), 0::bigint, 'C4 no clock is stuck by a level that does not apply');
-- corrected to urgent while it runs, and a rulebook's change of calendar asks the same
select pg_temp.opened('2023-03-15 10:00+08') as c \gset
select is((select next_at from ticket_workflow.clock where ticket_id = :c and clock = 'dispatch'), '2023-03-15 11:00+08'::timestamptz, '2.3.2.1 not urgent: no warning');
select ticket_workflow.correct_ticket(:c, '来电人称有人受伤', urgent => true) \g /dev/null
select is((select next_at from ticket_workflow.clock where ticket_id = :c and clock = 'dispatch'), '2023-03-15 10:50+08'::timestamptz, '2.3.2.1 corrected to urgent: the warning applies');
-- one moment, two recipients' circles: a level for urgent tickets and one for the others
select lives_ok($$select ticket_workflow.set_escalation_level('own', 'dispatch', 3, 'minutes', -10, 'warning', '2.3.2.1', urgent => false)$$, '2.3.2.1 the others may have a level at the same moment');

-- ---- quiet hours of a level
select is(ticket_workflow.after_quiet_hours(at::timestamptz, f::time, u::time, 'cn_shanghai'), goes::timestamptz, format('3.3 quiet from %s until %s, at %s', f, u, at))
from (values ('2023-02-14 21:59+08', '22:00', '07:00', '2023-02-14 21:59+08'), ('2023-02-14 22:00+08', '22:00', '07:00', '2023-02-15 07:00+08'),
	('2023-02-15 06:59+08', '22:00', '07:00', '2023-02-15 07:00+08'), ('2023-02-15 07:00+08', '22:00', '07:00', '2023-02-15 07:00+08'),
	('2023-02-14 13:00+08', '12:00', '14:00', '2023-02-14 14:00+08'), ('2023-02-14 14:00+08', '12:00', '14:00', '2023-02-14 14:00+08')) v (at, f, u, goes);
select ticket_workflow.set_escalation_level('own', 'principal_notice', 1, 'share', 1, 'notice', '3.3', quiet_from => '22:00', quiet_until => '07:00') \g /dev/null
select pg_temp.dispatched('2023-03-14 09:00+08') as q \gset
select pg_temp.sweep_at('2023-03-21 00:01+08') \g /dev/null
select is((select not_before from ticket_workflow.notice n where ticket_id = :q and '@clock:principal_notice' = any (args)), '2023-03-21 07:00+08'::timestamptz,
	'3.3 in the quiet hours of its level a notice waits for their end, not for the office');
select is((select not_before from ticket_workflow.notice n where ticket_id = :q and '@clock:leader_notice' = any (args) limit 1), '2023-03-21 08:30+08'::timestamptz,
	'3.3 a digest of another level for the office');
-- the digest is a setting of each level
select ticket_workflow.set_escalation_level('own', 'leader_notice', 1, 'share', 1, 'notice', '3.3', digest => false) \g /dev/null
select pg_temp.dispatched('2023-03-22 09:00+08') as n \gset
select pg_temp.sweep_at('2023-03-25 00:01+08') \g /dev/null
select is((select array_agg(distinct n.not_before) from ticket_workflow.notice n where ticket_id = :n and '@clock:leader_notice' = any (args)), array['2023-03-25 00:01+08'::timestamptz],
	'3.3 a level without a digest tells at once');

-- ---- what cannot be meant
create function pg_temp.refused(call text, what text) returns text language sql as $$ select throws_ok('select ' || call, 'TW012', null, what) $$;
select pg_temp.refused(c, 'TW012 ' || w) from (values
	($$ticket_workflow.set_escalation_level('no_such', 'completion', 9, 'share', 1, 'overdue', '3.3')$$, 'an unknown rulebook'),
	($$ticket_workflow.set_escalation_level('own', 'completion', 0, 'minutes', 5, 'overdue', '3.3')$$, 'level 0'),
	($$ticket_workflow.set_escalation_level('own', 'completion', 9, 'minutes', 5, 'warning', '3.3')$$, 'a warning after the due time'),
	($$ticket_workflow.set_escalation_level('own', 'completion', 9, 'share', 0.9, 'overdue', '3.3')$$, 'overdue before the due time'),
	($$ticket_workflow.set_escalation_level('own', 'completion', 9, 'minutes', 1.5, 'overdue', '3.3')$$, 'half a minute'),
	($$ticket_workflow.set_escalation_level('own', 'completion', 9, 'share', 0, 'warning', '3.3')$$, 'no share at all'),
	($$ticket_workflow.set_escalation_level('own', 'completion', 9, 'minutes', 0, 'overdue', '3.3')$$, 'the due time twice'),
	($$ticket_workflow.set_escalation_level('own', 'return_window', 9, 'working_days', 1, 'overdue', '2.2.2')$$, 'after the window that only closes'),
	($$ticket_workflow.set_escalation_level('own', 'completion', 9, 'minutes', 5, 'overdue', '9.9')$$, 'an unknown clause'),
	($$ticket_workflow.set_escalation_level('own', 'completion', 9, 'minutes', 5, 'overdue', '3.3', quiet_from => '22:00')$$, 'quiet hours without an end'),
	($$ticket_workflow.set_escalation_recipient('own', 'dispatch', 1, 'lead', 'head')$$, 'a department before dispatch'),
	($$ticket_workflow.set_escalation_recipient('own', 'completion', 1, 'lead', 'information_officer')$$, 'an information officer of a department'),
	($$ticket_workflow.set_escalation_recipient('own', 'completion', 1, 'center', 'duty_officer')$$, 'the roster as a post'),
	($$ticket_workflow.set_escalation_recipient('own', 'dispatch', 2, 'center', 'head', urgent => false)$$, 'a recipient against the level''s condition'),
	($$ticket_workflow.set_escalation_recipient('own', 'completion', 77, 'center', 'head')$$, 'a level that is not there'),
	($$ticket_workflow.remove_escalation_recipient('own', 'completion', 1, 'center', 'head')$$, 'a recipient that is not there')) v (c, w);

select * from finish();
rollback;
