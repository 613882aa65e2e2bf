-- desk_today(): each number against the views and the rows, for the center and under the sight of officials.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/every_state.sql
select pg_temp.act_as('dispatcher');
select pg_temp.at_time('2023-02-13 09:30+08');
select ticket_workflow.sweep_batch(ticket_workflow.begin_sweep(), 500, null);
select pg_temp.dispatched(pg_temp.received('今日来件一')), pg_temp.received('今日来件二'), pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '今天办结', handling_class => '日清', area => 'p1');
select ticket_workflow.set_duty('yc', '2023-02-13 08:00+08', '2023-02-14 08:00+08', 'duty', 'duty_leader');
select pg_temp.at_time('2023-02-13 10:45+08');
select ticket_workflow.sweep_batch(ticket_workflow.begin_sweep(), 500, null);
select pg_temp.act_as('');
create temp table d as select ticket_workflow.desk_today('yc', 5) as v;
\o
select no_plan();
select is((select v ->> 'day' || ' ' || (v ->> 'working_day') || ' ' || (v ->> 'whole_center') from d), '2023-02-13 true true', 'the day of the center''s calendar');
select is((select v ->> 'received_today' from d), (select count(*)::text from ticket_workflow.journal where kind = 'receive' and occurred_at >= '2023-02-13 00:00+08'), 'received today, as the journal says');
select is((select v -> 'received_today' from d), '3', 'which are three');
select is((select v -> 'open_by_state' from d), (select jsonb_object_agg(state, n) from (select state, count(*) as n from ticket_workflow.ticket_overview
	where state not in ('completed', 'closed', 'transferred', 'withdrawn', 'merged') group by state) s), 'open by state');
select is((select v ->> 'open' from d), (select sum(n.value::integer)::text from d, jsonb_each_text(v -> 'open_by_state') n), 'which add up');
select is((select (v ->> 'overdue_clocks') || ' ' || (v ->> 'overdue_tickets') from d), (select count(*) || ' ' || count(distinct ticket_id) from ticket_workflow.overdue_ticket), '3.8.4 overdue as overdue_ticket lists it');
select is((select (v ->> 'due_today_clocks') || ' ' || (v ->> 'due_today_tickets') from d),
	(select count(*) || ' ' || count(distinct ticket_id) from ticket_workflow.running_clock where not overdue and due_on <= '2023-02-13' and ticket_workflow.makes_late(clock)), 'T1 due today: by the last day of the limit');
select cmp_ok((select (v ->> 'due_today_clocks')::integer from d), '>', 0, 'and there are some');
select is((select v -> 'finish_today' from d), (select to_jsonb(count(*)) from ticket_workflow.finish_today), '3.1 finish today as finish_today lists it');
select is((select v -> 'guidance_missing' from d), (select to_jsonb(count(*)) from ticket_workflow.guidance_missing_today), '3.6.2 guidance as guidance_missing_today lists it');
select is((select v -> 'waiting_signature' from d), (select to_jsonb(count(distinct (subject, subject_id))) from ticket_workflow.waiting_signature), '2.2.2 signatures as waiting_signature lists them');
select is((select v -> 'waiting_decision' from d), (select to_jsonb(count(distinct (subject, subject_id))) from ticket_workflow.waiting_decision), '2.2 decisions as waiting_decision lists them');
select is((select v -> 'waiting_dispatch' from d), (select to_jsonb(count(*)) from ticket_workflow.ticket where state = 'received'), '2.3.2.1 what waits for dispatch');
select is((select (v ->> 'escalations_open') || ' ' || (v ->> 'escalations_unacknowledged') from d),
	(select count(*) || ' ' || count(*) filter (where purpose <> 'warning' and acknowledged_at is null) from ticket_workflow.escalation_overview), 'C4 escalations as escalation_overview lists them');
select is((select array_agg(e ->> 'ticket_number' || (e ->> 'clock') order by nr) from d, jsonb_array_elements(v -> 'overdue_list') with ordinality x (e, nr)),
	(select array_agg(ticket_number || clock order by due_at, clock_id) from (select * from ticket_workflow.overdue_ticket order by due_at, clock_id limit 5) o), 'the lists begin with the oldest');
select is((select array_agg(jsonb_array_length(v -> l) <= 5) from d, unnest('{overdue_list,due_list,finish_today_list,signature_list,escalation_list}'::text[]) l), '{t,t,t,t,t}', 'and are short');
select is((select v #>> '{on_duty,0,official}' from d), 'duty', '2.3.2.1 who is on duty');
select is((select v ->> 'sweep_status' from d), (select sweep_status from ticket_workflow.sweep_health), 'how the sweep does');
select is((select count(*) from d where v::text ~ '张三|13900139000'), 0::bigint, 'design 3: nothing personal');
select throws_ok($$select ticket_workflow.desk_today('nowhere')$$, 'TW006', null, 'an unknown center');
select throws_ok('select ticket_workflow.desk_today(null)', 'TW006', null, 'no center');

-- ---- officials: the same as their views say
\o /dev/null
create role d_app login; create role d_reader login;
call ticket_workflow.grant_access('d_app', 'application');
select ticket_workflow.create_center('other', '另一个中心', rulebook => 'yichuan_2023');
call ticket_workflow.grant_access('d_reader', 'reader', '{other}');
\o
create function pg_temp.differs(official text) returns setof text language plpgsql as $$
declare
	v jsonb;
begin
	perform set_config('ticket_workflow.actor', official, true);
	v := ticket_workflow.desk_today('yc');
	return query
		select official || ' ' || x.name || ' ' || x.desk || ' <> ' || x.views
		from (
			select 'open', v ->> 'open', (select count(*)::text from ticket_workflow.ticket where state in ('received', 'dispatched', 'accepted', 'return_requested', 'reported', 'rework'))
			union all select 'received', v ->> 'received_today', (select count(*)::text from ticket_workflow.ticket where received_at >= '2023-02-13 00:00+08')
			union all select 'completed', v ->> 'completed_today', (select count(*)::text from ticket_workflow.ticket where completed_at >= '2023-02-13 00:00+08')
			union all select 'overdue', v ->> 'overdue_clocks', (select count(*)::text from ticket_workflow.overdue_ticket)
			union all select 'finish', v ->> 'finish_today', (select count(*)::text from ticket_workflow.finish_today)
			union all select 'guidance', v ->> 'guidance_missing', (select count(*)::text from ticket_workflow.guidance_missing_today)
			union all select 'signature', v ->> 'waiting_signature', (select count(distinct (subject, subject_id))::text from ticket_workflow.waiting_signature)
			union all select 'escalations', v ->> 'escalations_open', (select count(*)::text from ticket_workflow.escalation_overview)
		) x (name, desk, views)
		where x.desk is distinct from x.views;
end
$$;
set local role d_app;
select is_empty(format('select * from pg_temp.differs(%L)', o), 'design 8: ' || o || ' sees on the home page what he sees in the views')
	from unnest('{dispatcher,principal,officer,area_leader,liaison,leader,fg_liaison,fg_head}'::text[]) o;
select set_config('ticket_workflow.actor', 'fg_liaison', true) \g /dev/null
select is((ticket_workflow.desk_today('yc') ->> 'open')::bigint > 0 and (ticket_workflow.desk_today('yc') ->> 'open')::bigint < 10, true, 'which is a part of the desk');
select throws_ok($$select ticket_workflow.desk_today('other')$$, 'TW006', null, 'design 8: another center does not exist for him');
select set_config('ticket_workflow.actor', '', true) \g /dev/null
set local role d_reader;
select throws_ok($$select ticket_workflow.desk_today('yc')$$, 'TW006', null, 'design 8: nor for a reader of the other');
reset role;
select * from finish();
rollback;
