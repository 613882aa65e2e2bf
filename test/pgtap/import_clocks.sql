-- The clocks of imported tickets: those of the past are settled by the norm from the times that are given, live ones run on,
-- and what was due before the import fires for nobody. Due times are counted by hand. More, and by the sweep: test/t/086_import.pl,
-- and in 080_simulation every ticket of a street told again.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/desk.sql
\ir ../fixtures/old_desk.sql
select ticket_workflow.create_organization('yc', 'jw', '纪委', kind => 'inspection');
select pg_temp.at_time('2023-02-07 10:00+08');
\o
select no_plan();
create function pg_temp.clocks_of(number text) returns table (clock text, round integer, status text, due_at timestamptz, stopped_at timestamptz) language sql as
$$
	select c.clock, c.round, c.status, c.due_at, c.stopped_at from ticket_workflow.clock c join ticket_workflow.clock_kind k using (clock)
	where c.ticket_id = (pg_temp.ticket_of(number)).ticket_id order by k.ordinal, c.round
$$;
create function pg_temp.status_of(number text, clock text) returns text language sql as
$$ select string_agg(c.status, ' ' order by c.round) from pg_temp.clocks_of(number) c where c.clock = status_of.clock $$;
create function pg_temp.due_of(number text, clock text) returns timestamptz language sql as
$$ select c.due_at from pg_temp.clocks_of(number) c where c.clock = due_of.clock order by c.round desc limit 1 $$;

-- ---- the past: Tuesday 1 March 2022
select is(pg_temp.answer(pg_temp.old('A-1')), 'imported', 'design 5: a finished ticket');
select results_eq($$ select * from pg_temp.clocks_of('A-1') $$, $$ values
	('dispatch', 1, 'met', '2022-03-01 10:10+08'::timestamptz, '2022-03-01 09:40+08'::timestamptz),
	-- no contact of the center is told: it was never made, and is no longer due
	('center_contact', 1, 'cancelled', '2022-03-01 11:10+08', '2022-03-05 10:00+08'),
	('acceptance', 1, 'met', '2022-03-01 10:10+08', '2022-03-01 10:00+08'),
	('return_window', 1, 'met', '2022-03-08 00:00+08', '2022-03-04 16:00+08'),
	('site_visit', 1, 'met', '2022-03-03 00:00+08', '2022-03-01 15:00+08'),
	('first_contact', 1, 'met', '2022-03-01 17:00+08', '2022-03-01 11:00+08'),
	('completion', 1, 'met', '2022-03-09 00:00+08', '2022-03-04 16:00+08'),
	('review', 1, 'met', '2022-03-08 00:00+08', '2022-03-05 10:00+08'),
	('leader_notice', 1, 'late', '2022-03-04 00:00+08', '2022-03-05 10:00+08'),
	('principal_notice', 1, 'met', '2022-03-08 00:00+08', '2022-03-05 10:00+08') $$,
	'3: its clocks are ended, met or late by the norm''s limits from the given times');
select is(pg_temp.answer(pg_temp.old('A-2', '{"on_time": true}')), 'refused TW006 on_time 不是可识别的键', '3: nobody is asked whether it was in time');
select pg_temp.answer(pg_temp.old('A-3', jsonb_build_object('events', replace(replace(pg_temp.steps('close')::text, '09:40', '10:11'), '10:00"', '10:50"')::jsonb, 'contacts', '[{"purpose": "first_contact", "channel": "ip_phone", "outcome": "reached", "occurred_at": "2022-03-01 17:01"}]'::jsonb,
	'visits', '[{"occurred_at": "2022-03-01 15:00"}]'::jsonb))) \g /dev/null
select is(pg_temp.status_of('A-3', 'dispatch'), 'late', '2.3.2.1: dispatched a minute after its hour');
select is(pg_temp.status_of('A-3', 'acceptance'), 'late', '2.3.2.2: accepted after 39 minutes');
select is(pg_temp.status_of('A-3', 'first_contact'), 'late', '2.4.1: called at 17:01');
select is(pg_temp.status_of('A-3', 'site_visit'), 'cancelled', '2.3.2.2: a visit without a photo is on record and counts for nothing');
-- Spring Festival 2022: 31 January to 6 February off, 29 and 30 January worked
select pg_temp.answer(pg_temp.old('A-4', '{"received_at": "2022-01-28 08:40", "contacts": [], "visits": [], "events": [
	{"act": "dispatch", "at": "2022-01-28 09:00", "department": "cg"}, {"act": "accept", "at": "2022-01-28 09:10"},
	{"act": "submit_report", "at": "2022-02-09 23:59:59", "report": {"body": "已修复"}}, {"act": "pass_report", "at": "2022-02-10 10:00"}]}')) \g /dev/null
select is(pg_temp.due_of('A-4', 'completion'), '2022-02-10 00:00+08', 'T4: five working days over Spring Festival, a worked weekend before it');
select is(pg_temp.status_of('A-4', 'completion'), 'met', 'T3: reported in its last second');
-- sent back, extended, returned, dispatched again, reopened
select pg_temp.answer(pg_temp.with_steps('A-5', '{"act": "dispatch", "at": "2022-03-01 09:40", "department": "cg"}', '{"act": "accept", "at": "2022-03-01 10:00"}',
	'{"act": "request_return", "at": "2022-03-02 10:00", "ground": "非职责范围", "reason": "房管"}', '{"act": "refuse_return", "at": "2022-03-03 10:00", "reason": "属城管"}',
	'{"act": "extend_limit", "at": "2022-03-03 11:00", "working_days": 2}',
	'{"act": "submit_report", "at": "2022-03-09 10:00", "report": {"body": "一"}}', '{"act": "send_back_report", "at": "2022-03-09 11:00"}',
	'{"act": "submit_report", "at": "2022-03-11 10:00", "report": {"body": "二"}}', '{"act": "pass_report", "at": "2022-03-11 11:00"}', '{"act": "close", "at": "2022-03-12 10:00"}',
	'{"act": "reopen", "at": "2022-03-14 10:00"}', '{"act": "submit_report", "at": "2022-03-15 10:00", "report": {"body": "三"}}', '{"act": "pass_report", "at": "2022-03-15 11:00"}')) \g /dev/null
-- asked for on the first of its four days: three are left when refused on 3 March
select results_eq($$ select clock, round, status, due_at from pg_temp.clocks_of('A-5') where clock in ('completion', 'return_window') $$, $$ values
	('return_window', 1, 'expired', '2022-03-09 00:00+08'::timestamptz), ('completion', 1, 'late', '2022-03-11 00:00+08'), ('completion', 2, 'met', '2022-03-22 00:00+08') $$,
	'C2, C2a: three days of the window were left when the return was refused; two more to report; sent back does not restart; reopened does');
select is((pg_temp.ticket_of('A-5')).reopenings, 1, 'S4: it was reopened once');
select results_eq($$ select x.state, x.old_due_at, x.new_due_at from ticket_workflow.limit_extension x where x.ticket_id = (pg_temp.ticket_of('A-5')).ticket_id $$,
	$$ values ('granted', '2022-03-09 00:00+08'::timestamptz, '2022-03-11 00:00+08'::timestamptz) $$, '2.3.2.2: the extension is on record');
-- urgent on a rest day: Saturday 5 March 2022
select pg_temp.answer(pg_temp.old('A-6', '{"received_at": "2022-03-05 10:00", "urgent": true, "contacts": [], "visits": [], "events": [
	{"act": "dispatch", "at": "2022-03-05 10:30", "department": "cg"}, {"act": "accept", "at": "2022-03-05 10:40"},
	{"act": "submit_report", "at": "2022-03-06 10:00", "report": {"body": "已处置"}}, {"act": "pass_report", "at": "2022-03-06 10:30"}, {"act": "close", "at": "2022-03-08 10:00"}],
	"platform_reports": [{"platform": "district", "kind": "progress", "receipt": "QX-1", "occurred_at": "2022-03-05 12:01"}, {"platform": "district", "kind": "completion", "receipt": "QX-2", "occurred_at": "2022-03-06 11:00"}]}')) \g /dev/null
select results_eq($$ select clock, status, due_at, stopped_at from pg_temp.clocks_of('A-6') where clock in ('dispatch', 'urgent_report', 'urgent_completion', 'completion') $$, $$ values
	('dispatch', 'met', '2022-03-05 10:30+08'::timestamptz, '2022-03-05 10:30+08'::timestamptz), ('urgent_report', 'late', '2022-03-05 12:00+08', '2022-03-05 12:01+08'),
	('urgent_completion', 'met', '2022-03-08 00:00+08', '2022-03-06 11:00+08') $$, '2.3.2.1: urgent on a rest day');

-- ---- nothing of it fires
select is_empty($$ select from ticket_workflow.escalation $$, 'C4: no escalation of the past');
select is_empty($$ select from ticket_workflow.notice $$, 'design 5: nobody is told');
select is_empty($$ select from ticket_workflow.clock where next_at is not null or status in ('running', 'paused', 'held') $$, 'C3: nothing runs in what is finished, the sweep has nothing to look at');
select ticket_workflow.settle_accountability(array(select ticket_id from ticket_workflow.ticket)) \g /dev/null
select is_empty($$ select from ticket_workflow.accountability_case $$, '3.8: no candidate of the past, though clocks were late');

-- ---- live ones: it is Tuesday 7 February 2023, 10:00
create function pg_temp.live(number text, received text, variadic steps text[] default '{}') returns text language sql as
$$
	select pg_temp.answer(pg_temp.old(number, jsonb_build_object('received_at', received, 'contacts', '[]'::jsonb, 'visits', '[]'::jsonb,
		'events', coalesce((select jsonb_agg(s::jsonb order by n) from unnest(steps) with ordinality u (s, n)), '[]'))))
$$;
select is(pg_temp.live('L-1', '2023-02-06 09:00', '{"act": "dispatch", "at": "2023-02-06 09:30", "department": "cg"}', '{"act": "accept", "at": "2023-02-06 09:50"}'), 'imported', 'design 5: accepted yesterday');
select results_eq($$ select clock, status, due_at from pg_temp.clocks_of('L-1') $$, $$ values
	('dispatch', 'met', '2023-02-06 10:00+08'::timestamptz), ('center_contact', 'running', '2023-02-06 11:00+08'), ('acceptance', 'met', '2023-02-06 10:00+08'), ('return_window', 'running', '2023-02-11 00:00+08'),
	('site_visit', 'running', '2023-02-08 00:00+08'), ('first_contact', 'running', '2023-02-06 17:00+08'), ('completion', 'running', '2023-02-14 00:00+08'),
	('leader_notice', 'running', '2023-02-09 00:00+08'), ('principal_notice', 'running', '2023-02-11 00:00+08') $$, 'design 5: runs on from its historical starts');
select results_eq($$ select clock, level, purpose, end_cause, ended_at, recipients, vacant_posts from ticket_workflow.escalation where ticket_id = (pg_temp.ticket_of('L-1')).ticket_id order by reached_at $$, $$ values
	('center_contact', 1, 'overdue', 'imported', '2023-02-07 10:00+08'::timestamptz, '{}'::text[], '{}'::text[]), ('first_contact', 1, 'warning', 'imported', '2023-02-07 10:00+08', '{}', '{}'),
	('first_contact', 2, 'overdue', 'imported', '2023-02-07 10:00+08', '{}', '{}') $$, 'C4: levels that were reached before are recorded as passed, by the import, and told to nobody');
select is_empty($$ select from ticket_workflow.notice $$, 'design 5: nobody is told');
select is((select end_cause_label from ticket_workflow.escalation_history where end_cause = 'imported' limit 1), '导入前已过', 'design 6: the history says so');
select is_empty($$ select from ticket_workflow.escalation_overview $$, 'design 6: none of them is open');
select is((select count(*) from ticket_workflow.overdue_ticket where ticket_number = 'L-1'), 2::bigint, 'design 6: what is overdue is shown as overdue');
select is((select next_at from ticket_workflow.clock where ticket_id = (pg_temp.ticket_of('L-1')).ticket_id and clock = 'first_contact'), null, 'C4: the sweep has nothing more to say of a clock whose last level is passed');
select ticket_workflow.catch_up((pg_temp.ticket_of('L-1')).ticket_id, ticket_workflow.now()) as steps \gset
select is(:steps, 0, 'C4: at the moment of the import nothing is due');
select pg_temp.at_time('2023-02-09 09:00+08') \g /dev/null
select ticket_workflow.catch_up((pg_temp.ticket_of('L-1')).ticket_id, ticket_workflow.now()) \g /dev/null
select results_eq($$ select clock, level, reached_at, end_cause from ticket_workflow.escalation where ticket_id = (pg_temp.ticket_of('L-1')).ticket_id and end_cause is distinct from 'imported' order by reached_at, clock $$, $$ values
	('site_visit', 1, '2023-02-06 09:50+08'::timestamptz + 0.8 * (timestamptz '2023-02-08 00:00+08' - '2023-02-06 09:50+08'), null::text), ('site_visit', 2, '2023-02-08 00:00+08', null), ('leader_notice', 1, '2023-02-09 00:00+08', null) $$,
	'C4: later levels fire at their time, as of any other');
select cmp_ok((select count(*) from ticket_workflow.notice), '>', 0::bigint, 'C4: and are told');
select ticket_workflow.settle_accountability(array[(pg_temp.ticket_of('L-1')).ticket_id]) \g /dev/null
select results_eq($$ select item, ground from ticket_workflow.accountability_case $$, $$ values ('overdue', 'site_visit') $$, '3.8.4: a candidate for what became overdue here, not for the first contact before');
select pg_temp.at_time('2023-02-07 10:00+08') \g /dev/null

select is(pg_temp.live('L-2', '2023-01-29 09:00', '{"act": "dispatch", "at": "2023-01-29 09:30", "department": "cg"}'), 'imported', '2.2.2: dispatched on a make-up Sunday, accepted by nobody');
select is((t).state || ' ' || (t).accepted_deemed || ' ' || ((t).accepted_at at time zone 'Asia/Shanghai'), 'accepted true 2023-02-03 00:00:00', '2.2.2: deemed accepted when its window closed') from pg_temp.ticket_of('L-2') t;
select is(pg_temp.status_of('L-2', 'return_window') || ' ' || pg_temp.status_of('L-2', 'acceptance'), 'expired late', '2.2.2: the window is closed');
select is(pg_temp.due_of('L-2', 'completion'), '2023-02-04 00:00+08', '2.3.2.2: completion counts from when acceptance was due');
select is(pg_temp.answer(pg_temp.old('L-3', jsonb_build_object('state', 'dispatched', 'received_at', '2023-01-29 09:00', 'contacts', '[]'::jsonb, 'visits', '[]'::jsonb, 'events', '[{"act": "dispatch", "at": "2023-01-29 09:30", "department": "cg"}]'::jsonb))), 'imported',
	'2.2.2: what the former desk calls dispatched may be deemed accepted');
select is(pg_temp.live('L-4', '2023-01-29 09:00', '{"act": "dispatch", "at": "2023-01-29 09:30", "department": "cg"}', '{"act": "accept", "at": "2023-02-06 09:30"}'), 'imported', '2.2.2: accepted after its window had closed');
select is(((pg_temp.ticket_of('L-4')).accepted_at at time zone 'Asia/Shanghai')::text, '2023-02-03 00:00:00', '2.2.2: was deemed accepted then');

select is(pg_temp.live('L-5', '2023-02-06 09:00', '{"act": "dispatch", "at": "2023-02-06 09:30", "department": "cg"}', '{"act": "request_return", "at": "2023-02-06 10:30", "ground": "非职责范围", "reason": "房管"}'), 'imported', '2.2: a return that waits');
select is(pg_temp.status_of('L-5', 'return_window') || ' ' || pg_temp.status_of('L-5', 'return_decision'), 'paused running', 'C2a: its window stands still');
select isnt_empty($$ select from ticket_workflow.waiting_decision where ticket_id = (pg_temp.ticket_of('L-5')).ticket_id $$, 'design 6: it waits for its decision');
select pg_temp.act_as('dispatcher') \g /dev/null
select ticket_workflow.decide_return((select return_id from ticket_workflow.ticket_return where ticket_id = (pg_temp.ticket_of('L-5')).ticket_id), false, '属城管') \g /dev/null
select is(pg_temp.due_of('L-5', 'return_window'), '2023-02-14 00:00+08', 'C2a: decided here, it resumes with the four days that were left');

select is(pg_temp.live('L-6', '2023-01-29 09:00', '{"act": "dispatch", "at": "2023-01-29 09:30", "department": "cg"}', '{"act": "accept", "at": "2023-01-29 09:50"}',
	'{"act": "submit_report", "at": "2023-02-02 10:00", "by": "liaison", "report": {"body": "将会处理"}}'), 'imported', '2.3.3: a report under review');
select is(pg_temp.status_of('L-6', 'completion'), 'held', 'C2: completion is held');
select is_empty($$ select from ticket_workflow.escalation e where e.ticket_id = (pg_temp.ticket_of('L-6')).ticket_id and e.clock = 'completion' and e.level = 2 $$, 'C2: while the center reviews, the department is not overdue');
select ticket_workflow.review_report((select report_id from ticket_workflow.report where ticket_id = (pg_temp.ticket_of('L-6')).ticket_id), false, '请写明结果') \g /dev/null
select is(pg_temp.status_of('L-6', 'completion'), 'running', 'C2: sent back here, it runs on as if never held');
select is((select count(*) from ticket_workflow.escalation e where e.ticket_id = (pg_temp.ticket_of('L-6')).ticket_id and e.clock = 'completion' and e.end_cause is null), 0::bigint, 'C2: what the import passed is not opened again');
select ticket_workflow.catch_up((pg_temp.ticket_of('L-6')).ticket_id, ticket_workflow.now()) \g /dev/null
select results_eq($$ select level, reached_at, recipients <> '{}' from ticket_workflow.escalation e where e.ticket_id = (pg_temp.ticket_of('L-6')).ticket_id and e.clock = 'completion' and e.end_cause is null order by level $$,
	$$ values (1, '2023-01-29 09:50+08'::timestamptz + 0.8 * (timestamptz '2023-02-04 00:00+08' - '2023-01-29 09:50+08'), true), (2, '2023-02-04 00:00+08', true) $$, 'C2: and is overdue from then on, which is told now');
select pg_temp.act_as('') \g /dev/null

-- its warning was behind when the report came: on 2 February at 21:10
select is(pg_temp.live('L-9', '2023-01-29 09:00', '{"act": "dispatch", "at": "2023-01-29 09:30", "department": "cg"}', '{"act": "accept", "at": "2023-01-29 09:50"}',
	'{"act": "submit_report", "at": "2023-02-03 10:00", "by": "liaison", "report": {"body": "将会处理"}}'), 'imported', '2.3.3: another report under review');
select pg_temp.act_as('dispatcher') \g /dev/null
select ticket_workflow.review_report((select report_id from ticket_workflow.report where ticket_id = (pg_temp.ticket_of('L-9')).ticket_id), false, '请写明结果') \g /dev/null
select pg_temp.act_as('') \g /dev/null
select results_eq($$ select level, end_cause from ticket_workflow.escalation e where e.ticket_id = (pg_temp.ticket_of('L-9')).ticket_id and e.clock = 'completion' $$,
	$$ values (1, 'imported') $$, 'C2: a level passed before the import is not opened when the clock runs on');

select is(pg_temp.live('L-7', '2023-02-07 09:30'), 'imported', '2.3.2.1: received half an hour ago');
select is((select next_at from ticket_workflow.clock where ticket_id = (pg_temp.ticket_of('L-7')).ticket_id and clock = 'dispatch'), '2023-02-07 10:30+08', '2.3.2.1: is to be dispatched within the hour');
select is(pg_temp.answer(pg_temp.old('L-8', '{"received_at": "2023-02-06 09:00", "platform_due_at": "2023-02-08 12:00", "contacts": [], "visits": [], "events": [
	{"act": "dispatch", "at": "2023-02-06 09:30", "department": "cg"}, {"act": "accept", "at": "2023-02-06 09:50"}, {"act": "extend_limit", "at": "2023-02-06 10:00", "working_days": 9}]}')), 'imported', 'C2: a limit of the platform');
select is(pg_temp.due_of('L-8', 'completion'), '2023-02-08 12:00+08', 'C2: caps every other, an extension''s too');
select pg_temp.act_as('liaison') \g /dev/null
select ticket_workflow.record_contact((pg_temp.ticket_of('L-1')).ticket_id, 'first_contact', 'ip_phone', 'reached', recording => 'file:1') \g /dev/null
select is(pg_temp.status_of('L-1', 'first_contact'), 'late', '2.4.1: the acts of a live one go on');
select pg_temp.act_as('') \g /dev/null

select is_empty($$ select * from ticket_workflow.check_integrity() $$, 'design 9: check_integrity() finds nothing');
select is_empty($$ select * from ticket_workflow.verify_journals() $$, 'design 3: all chains are whole');
select * from finish();
rollback;
