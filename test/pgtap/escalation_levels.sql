-- Levels of clocks: when they fire, whom they tell, that each fires once, and how they end.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/desk.sql
create function pg_temp.sweep_at(moment timestamptz) returns boolean language sql as $$
	select set_config('ticket_workflow.now', moment::text, true), set_config('ticket_workflow.actor', '', true);
	select ticket_workflow.sweep_batch(ticket_workflow.begin_sweep(), 200, null);
$$;
-- level, purpose, moment and people of what was raised for a ticket's clock
create function pg_temp.raised(ticket bigint, which text) returns text language sql as $$
	select string_agg(format('%s %s %s %s%s', e.level, e.purpose, to_char(e.reached_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI'),
			array_to_string(e.recipients, ','), case when e.vacant_posts <> '{}' then ' vacant ' || array_to_string(e.vacant_posts, ',') end), '; ' order by e.level)
	from ticket_workflow.escalation e where e.ticket_id = raised.ticket and e.clock = raised.which
$$;
create function pg_temp.open_ticket(moment timestamptz, area text, urgent boolean default false, phone text default null) returns bigint language sql as $$
	select pg_temp.at_time(moment), pg_temp.act_as('dispatcher');
	select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '占道堆物', area => open_ticket.area,
		urgent => open_ticket.urgent, petitioner_phone => open_ticket.phone);
$$;
create function pg_temp.dispatched(moment timestamptz, area text, phone text default null) returns bigint language plpgsql as $$
declare
	ticket constant bigint := pg_temp.open_ticket(moment, area, phone => dispatched.phone);
begin
	perform ticket_workflow.dispatch_ticket(ticket, 'cg', '职责原则');
	return ticket;
end
$$;
\o
select plan(34);

-- ---- the center: dispatch
select pg_temp.open_ticket('2023-02-07 10:00+08', 'p1') as t1 \gset
select ticket_workflow.set_duty('yc', '2023-02-07 00:00+08', '2023-02-12 00:00+08', 'duty', 'duty_leader') \g /dev/null
select pg_temp.sweep_at('2023-02-07 11:00+08') \g /dev/null
select is(pg_temp.raised(:t1, 'dispatch'), null, 'T3 at the due time nobody is late');
select pg_temp.sweep_at('2023-02-07 11:00:01+08') \g /dev/null
select is(pg_temp.raised(:t1, 'dispatch'), '1 overdue 02-07 11:00 派单员,坐席',
	'2.3.2.1 dispatch overdue on a working day goes to the center, not to the duty roster');
select pg_temp.open_ticket('2023-02-11 10:00+08', 'p1', urgent => true) as t2 \gset
select pg_temp.sweep_at('2023-02-11 10:31+08') \g /dev/null
select is(pg_temp.raised(:t2, 'dispatch'), '1 overdue 02-11 10:30 派单员,坐席,值班员,值班领导',
	'2.3.2.1 urgent on a rest day: to the roster too, half an hour after receipt');
select pg_temp.open_ticket('2023-02-12 10:00+08', 'p1', urgent => true) as t3 \gset
select pg_temp.sweep_at('2023-02-12 10:31+08') \g /dev/null
select is(pg_temp.raised(:t3, 'dispatch'), '1 overdue 02-12 10:30 派单员,坐席 vacant duty:duty_leader,duty:duty_officer',
	'2.3.2.1 a rest day without a roster: the posts are named as vacant');
select is(array_agg(n.recipient_post order by n.recipient_post), '{duty:duty_leader,duty:duty_officer}',
	'2.3.2.1 and notices without a recipient keep what was meant for them')
from ticket_workflow.notice n where n.ticket_id = :t3 and n.recipient_id is null;

-- ---- the department: acceptance, first contact
select pg_temp.dispatched('2023-02-14 09:00+08', 'p1') as t4 \gset
select pg_temp.dispatched('2023-02-14 09:00+08', null) as t5 \gset
select pg_temp.sweep_at('2023-02-14 09:25+08') \g /dev/null
select is(pg_temp.raised(:t4, 'acceptance'), '1 warning 02-14 09:24 片区信息员,城管联络员',
	'2.3.2.2 four fifths of the half hour: liaison and information officer are warned');
select is(pg_temp.raised(:t5, 'acceptance'), '1 warning 02-14 09:24 城管联络员',
	'2.3.2.2 a ticket without an area has no information officer: that post is not vacant');
select pg_temp.sweep_at('2023-02-14 09:31+08') \g /dev/null
select is(pg_temp.raised(:t4, 'acceptance'), '1 warning 02-14 09:24 片区信息员,城管联络员; 2 overdue 02-14 09:30 片区信息员,城管负责人',
	'2.3.2.2 overdue: head and information officer');

-- ---- 3.3: the leaders
select pg_temp.sweep_at('2023-02-17 00:01+08') \g /dev/null
select is(pg_temp.raised(:t4, 'leader_notice'), '1 notice 02-17 00:00 片区分管领导,城管分管领导',
	'3.3 not completed in 2 working days: the supervising leaders of department and territory');
select is(array_agg(distinct n.not_before), array['2023-02-17 08:30+08'::timestamptz],
	'3.3 at night it waits for the opening of the office')
from ticket_workflow.notice n where n.ticket_id = :t4 and n.message = 'notice_notice';
select is(pg_temp.raised(:t5, 'leader_notice'), '1 notice 02-17 00:00 城管分管领导', '3.3 without an area the department''s leader alone');
select pg_temp.sweep_at('2023-02-18 12:00+08') \g /dev/null
select pg_temp.sweep_at('2023-02-21 00:01+08') \g /dev/null
select is(pg_temp.raised(:t4, 'principal_notice'), '1 notice 02-21 00:00 主要领导', '3.3 not completed in 4 working days: the principal leader');

-- ---- once, and the same whenever the sweep comes
select is((select count(*) from ticket_workflow.escalation) , (
	select count(*) from (select distinct e.clock_id, e.level from ticket_workflow.escalation e) d), 'C4 no level twice');
create function pg_temp.everything() returns text language sql as $$
	select md5(string_agg(concat_ws('|', e.ticket_id, e.clock, e.round, e.level, e.purpose, e.due_at, e.reached_at, e.recipients, e.vacant_posts,
		(select string_agg(concat_ws(' ', n.recipient_id, n.recipient_post, n.message, n.args), ',' order by n.recipient_id, n.recipient_post)
			from ticket_workflow.notice n where n.escalation_id = e.escalation_id)), E'\n' order by e.ticket_id, e.clock, e.round, e.level))
	from ticket_workflow.escalation e
$$;
select count(*) as before, pg_temp.everything() as state_before from ticket_workflow.escalation \gset
select pg_temp.sweep_at('2023-02-21 00:01+08'), pg_temp.sweep_at('2023-02-21 00:02+08') \g /dev/null
select is(pg_temp.everything(), :'state_before', 'C4 sweeping again changes nothing');
select throws_ok(
	'insert into ticket_workflow.escalation select (jsonb_populate_record(e, ''{"escalation_id": 1}'')).* from ticket_workflow.escalation e limit 1',
	'23505', null, 'C4 a constraint keeps a level from firing twice');

select pg_temp.dispatched('2023-03-01 09:00+08', 'p1', '13812345678') as t6 \gset
savepoint dense;
select pg_temp.sweep_at(m) from generate_series(timestamptz '2023-03-01 09:00+08', '2023-03-10 12:00+08', interval '20 minutes') m \g /dev/null
select pg_temp.everything() as dense, count(*) as fired from ticket_workflow.escalation where ticket_id = :t6 \gset
select cmp_ok(:fired, '>=', 9, 'C4 the ticket that nobody touches raises all its levels');
select is((select count(*) from ticket_workflow.journal where ticket_id = :t6 and kind = 'escalated'), :fired::bigint, 'C4 and the journal has each of them');
rollback to dense;
select pg_temp.sweep_at('2023-03-10 12:00+08') \g /dev/null
select is(pg_temp.everything(), :'dense', 'C4 one late sweep gives the rows of one that came every 20 minutes');
select is((select count(*) from ticket_workflow.escalation where ticket_id = :t6 and noticed_at <> '2023-03-10 12:00+08'), 0::bigint,
	'C4 only the time noticed tells that it came late');
select is((select t.accepted_deemed from ticket_workflow.ticket t where t.ticket_id = :t6), true, '2.2.2 the late sweep deemed it accepted, too');
select is((select t.state_at from ticket_workflow.ticket t where t.ticket_id = :t6), '2023-03-08 00:00+08'::timestamptz, '2.2.2 as of the moment when the window closed');

-- ---- the cause ends
savepoint facts;
select pg_temp.at_time('2023-03-10 14:00+08'), pg_temp.act_as('liaison') \g /dev/null
-- the contact was made in time, and is entered nine days later
select ticket_workflow.record_contact(:t6, 'first_contact', 'mobile_phone', 'reached', '2023-03-01 11:00+08', 'https://rec/1') as contact \gset
select is((select c.status || ' ' || to_char(c.stopped_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') from ticket_workflow.clock c where c.ticket_id = :t6 and c.clock = 'first_contact'),
	'met 03-01 11:00', 'C4 a fact entered late settles its clock as of when it happened');
select is((select array_agg(distinct e.end_cause || ' ' || to_char(e.ended_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI')) from ticket_workflow.escalation e
	where e.ticket_id = :t6 and e.clock = 'first_contact'), '{fact_recorded 03-01 11:00}', 'C4 the escalations raised for it end');
select is((select array_agg(o.name order by o.official_id) from ticket_workflow.notice n
		join ticket_workflow.official o on o.official_id = n.recipient_id
	where n.ticket_id = :t6 and n.message = 'notice_ended' and '@clock:first_contact' = any (n.args)), '{片区信息员,城管负责人}', 'C4 with a notice to those who had been told it was overdue');
select is((select count(*) from ticket_workflow.notice n join ticket_workflow.escalation e on e.escalation_id = n.escalation_id
	where n.ticket_id = :t6 and n.message = 'notice_ended' and e.purpose = 'warning'), 0::bigint, 'C4 not to those who were only warned');
select ticket_workflow.void_record('contact', :contact, '录错工单') \g /dev/null
select is((select array_agg(distinct coalesce(e.end_cause, 'open')) from ticket_workflow.escalation e
	where e.ticket_id = :t6 and e.clock = 'first_contact'), '{open}', 'C4 a voided fact opens them again, and fires none twice');
select is((select count(*) from ticket_workflow.notice n where n.ticket_id = :t6 and n.message = 'notice_reopened'), 2::bigint,
	'C4 and those who were told it was over are told that it is not');
rollback to facts;

select pg_temp.at_time('2023-03-10 14:00+08'), pg_temp.act_as('dispatcher') \g /dev/null
update ticket_workflow.ticket set state = 'received', state_act = 'recall', state_reason = '派错' where ticket_id = :t6;
select is((select count(*) from ticket_workflow.escalation e join ticket_workflow.clock c using (clock_id)
	where e.ticket_id = :t6 and e.ended_at is null and c.status <> 'running'), 0::bigint, 'C3 what a state does not carry has no open escalation');

-- ---- a post in the center that nobody holds
insert into ticket_workflow.escalation_recipient values ('yichuan_2023', 'dispatch', 1, 'center', 'head');
select pg_temp.open_ticket('2023-03-14 10:00+08', 'p1') as t7 \gset
select pg_temp.sweep_at('2023-03-14 11:30+08') \g /dev/null
select is(pg_temp.raised(:t7, 'dispatch'), '1 overdue 03-14 11:00 派单员,坐席 vacant center:head', '2.3.2.1 a vacant post is named beside those who were told');

-- ---- acknowledgement
select e.escalation_id as escalation from ticket_workflow.escalation e where e.ticket_id = :t7 \gset
select pg_temp.act_as('operator') \g /dev/null
select is((ticket_workflow.acknowledge_escalation(:escalation, '马上派单')).acknowledged_by, 'operator', '3.3 an official takes an escalation on');
select pg_temp.act_as('dispatcher') \g /dev/null
select is((select a.acknowledged_by || ' ' || a.acknowledge_note from ticket_workflow.acknowledge_escalation(:escalation, '我来') a), 'operator 马上派单',
	'3.3 the first one has it');
select is((select array_agg(j.actor order by j.seq) from ticket_workflow.journal j where j.ticket_id = :t7 and j.kind = 'escalation_acknowledged'),
	'{operator,dispatcher}', '3.3 the journal keeps both');
select throws_ok('select ticket_workflow.acknowledge_escalation(77)', 'TW006', null, '3.3 an unknown one is refused');
select is((select count(*) from ticket_workflow.verify_journals()), 0::bigint, 'C4 the journals of all that are whole');

select * from finish();
rollback;
