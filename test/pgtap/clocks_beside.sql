-- Clocks that follow another's end: what the year's simulation (test/t/080_simulation.pl) found.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/every_state.sql
\o
select no_plan();

-- 2.3.2.1: urgent on a rest day: its own limit takes the place of completion's; reopened, it runs again, and a fresh limit beside it
select pg_temp.at_time('2023-02-11 10:00+08') \g /dev/null
select pg_temp.reviewed(pg_temp.received('井盖缺失', urgent => true), true) as urgent \gset
create function pg_temp.limits() returns text language sql as $$ select string_agg(c.clock || ' ' || c.status, ', ' order by c.clock) from ticket_workflow.clock c
	where c.ticket_id = (select max(t.ticket_id) from ticket_workflow.ticket t where t.appeal = '井盖缺失') and c.clock ~ 'completion' $$;
select is(pg_temp.limits(), 'urgent_completion running', '2.3.2.1 completed, but not reported upward: the urgent limit runs, no other beside it');
select pg_temp.act_as('dispatcher') \g /dev/null
select ticket_workflow.record_platform_report(:urgent, 'district', 'completion', '区平台回执') \g /dev/null
select is(pg_temp.limits(), 'urgent_completion met', '2.3.2.1 reported upward: met');
select ticket_workflow.reopen_ticket(:urgent, '平台退回') \g /dev/null
select is(pg_temp.limits(), 'completion running, urgent_completion running', '2.3.2.1 its result rejected: it is not completed, and the fresh limit of a reopened ticket runs, too');

-- C2: the platform's limit passed before the ticket was dispatched: what follows the acceptance begins with the dispatch, not before it
select pg_temp.at_time('2023-02-13 09:00+08'), pg_temp.act_as('dispatcher') \g /dev/null
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '楼道灯不亮', area => 'p1', petitioner_phone => '13812345678', platform_due_at => '2023-02-13 10:00+08') as late \gset
select pg_temp.at_time('2023-02-13 11:00+08') \g /dev/null
select pg_temp.dispatched(:late) \g /dev/null
select ticket_workflow.catch_up(:late, '2023-02-13 11:01+08') \g /dev/null
select results_eq(format('select c.clock, c.started_at, c.due_at from ticket_workflow.clock c where c.ticket_id = %s and c.clock in (''site_visit'', ''first_contact'', ''completion'') order by 1', :late),
	$$ values ('completion', timestamptz '2023-02-13 11:00+08', timestamptz '2023-02-13 10:00+08'), ('first_contact', '2023-02-13 11:00+08', '2023-02-13 10:00+08'), ('site_visit', '2023-02-13 11:00+08', '2023-02-13 10:00+08') $$,
	'C2 nobody is late for a time at which he did not have the ticket yet');

-- 2.3.2.1, 3.1: the limit of what is urgent on a rest day is no target to be striven for, whatever its class
select pg_temp.at_time('2023-02-11 11:00+08'), pg_temp.act_as('dispatcher') \g /dev/null
select ticket_workflow.receive_ticket(center => 'yc', category => '求助', appeal => '水管爆裂', area => 'p1', handling_class => 'same_day', urgent => true) as flood \gset
select pg_temp.at_time('2023-02-13 10:00+08') \g /dev/null
select is((select target_only from ticket_workflow.finish_today where ticket_id = :flood), false, '3.1 so it must be finished today');
select pg_temp.at_time('2023-02-15 10:00+08'), pg_temp.act_as('') \g /dev/null
select is((select s.open_overdue from ticket_workflow.monthly_summary s where s.center = 'yc' and s.month = '2023-02-01'),
	(select count(*) from ticket_workflow.overdue_ticket o where o.clock in ('completion', 'urgent_completion') and not o.target_only and o.due_on between '2023-02-01' and '2023-02-28'),
	'2.3.2.1 and counts as overdue in the month, as in the list of the overdue');
select ok(exists (select from ticket_workflow.overdue_ticket o where o.ticket_id = :flood and o.clock = 'urgent_completion' and not o.target_only), '2.3.2.1 in which it stands');

select * from finish();
rollback;
