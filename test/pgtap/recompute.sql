-- T5: when a calendar changes, the open deadlines whose span it touches are computed again, and nothing else moves.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
select plan(16);

select pg_temp.at_time('2023-02-06 10:00+08');
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '楼道灯不亮', petitioner_phone => '13812345678') as ticket \gset
select ticket_workflow.dispatch_ticket(:ticket, 'cg', 'duty');
select pg_temp.act_as('liaison');
select ticket_workflow.accept_ticket(:ticket);

create function pg_temp.due(ticket bigint, clock text) returns timestamptz language sql
	as $$ select c.due_at from ticket_workflow.clock c where c.ticket_id = due.ticket and c.clock = due.clock order by round desc limit 1 $$;
create function pg_temp.entries(ticket bigint) returns bigint language sql
	as $$ select count(*) from ticket_workflow.journal j where j.ticket_id = entries.ticket and j.kind = 'recompute' $$;

select ticket_workflow.recompute_deadlines();
select is(pg_temp.due(:ticket, 'completion'), '2023-02-14 00:00+08', 'T5 before: 7, 8, 9, 10, 13');
select is(pg_temp.entries(:ticket), 0::bigint, 'T5 no change, no entry');

-- a level that has fired
select ticket_workflow.catch_up(:ticket, '2023-02-08 00:00+08') > 0 as swept \gset
create temp table fired as select clock_id, level, reached_at from ticket_workflow.escalation;
select isnt_empty('select * from fired', 'T5 some level has fired before the change');

select ticket_workflow.set_calendar_day('cn_shanghai', '2023-02-09', true, '临时放假');
select is(ticket_workflow.recompute_deadlines(), (
		select count(*)::integer from ticket_workflow.clock c
		where c.ticket_id = :ticket and c.status = 'running' and c.due_on >= '2023-02-09'),
	'T5 as many clocks move as the day touches');
select is(pg_temp.due(:ticket, 'completion'), '2023-02-15 00:00+08', 'T5 completion a day later');
select is(pg_temp.due(:ticket, 'leader_notice'), '2023-02-09 00:00+08', 'T5 what ends on the 8th stays');
select is(pg_temp.due(:ticket, 'return_window'), '2023-02-14 00:00+08', 'T5 the window of the return too');
select is(pg_temp.entries(:ticket), 1::bigint, 'T5 one journal row per ticket');
select is((select j.details #>> '{clocks,completion,from}' from ticket_workflow.journal j where j.ticket_id = :ticket and j.kind = 'recompute')::timestamptz,
	'2023-02-14 00:00+08', 'T5 with the old value');
select set_eq('select clock_id, level, reached_at from ticket_workflow.escalation', 'select * from fired', 'T5 levels already fired stay fired');
select set_eq(format('select clock, next_at from ticket_workflow.clock where ticket_id = %s and status = ''running''', :ticket),
	format('select c.clock, ticket_workflow.next_look(c, ''yichuan_2023'') from ticket_workflow.clock c where ticket_id = %s and status = ''running''', :ticket),
	'T5 the sweep looks at each clock when next_look() says');

select is(ticket_workflow.recompute_deadlines(), 0, 'T5 a second time nothing moves');
select is(pg_temp.entries(:ticket), 1::bigint, 'T5 and nothing is written');

-- a change of the base reaches the calendar laid over it
select ticket_workflow.set_calendar_day('cn', '2023-02-10', true, '临时放假');
select ticket_workflow.recompute_deadlines();
select is(pg_temp.due(:ticket, 'completion'), '2023-02-16 00:00+08', 'T5 a change of the national calendar reaches Shanghai''s');

-- T4: a year that nobody has published is provisional until it is
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '楼道灯不亮',
	limit_kind => 'working_days', limit_amount => 1000) as later \gset
select ticket_workflow.dispatch_ticket(:later, 'cg', 'duty');
select pg_temp.act_as('liaison');
select ticket_workflow.accept_ticket(:later);
select ok((select c.provisional from ticket_workflow.clock c where c.ticket_id = :later and c.clock = 'completion'), 'T4 a deadline in 2027 is provisional');
select ticket_workflow.import_calendar('cn', '{"year": 2027, "papers": [], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}', 'test 2027');
select ticket_workflow.recompute_deadlines();
select ok(not (select c.provisional from ticket_workflow.clock c where c.ticket_id = :later and c.clock = 'completion'), 'T4 and no longer once 2027 is published');

select * from finish();
rollback;
