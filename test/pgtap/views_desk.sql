-- The open-desk views: which rows, how late, why listed. (Labels, comments, due_on and masks: view_contract.sql.)
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/desk.sql
create function pg_temp.sweep_at(moment timestamptz) returns boolean language sql as $$
	select set_config('ticket_workflow.now', moment::text, true), set_config('ticket_workflow.actor', '', true);
	select ticket_workflow.sweep_batch(ticket_workflow.begin_sweep(), 200, null);
$$;
\o
select plan(27);

-- columns are a contract: what is here stays, in this order; new ones come behind
create function pg_temp.begins(view text, wanted text) returns boolean language sql as $$
	select starts_with((select string_agg(attname, ' ' order by attnum) || ' ' from pg_attribute
		where attrelid = ('ticket_workflow.' || view)::regclass and attnum > 0), wanted || ' ')
$$;
select ok(pg_temp.begins('running_clock', 'clock_id center_id center ticket_id ticket_number clock clock_label round started_at due_at due_on minutes_left overdue limit_kind limit_kind_label amount at_time provisional adjusted calendar clause state state_label source source_label kind kind_label category category_label handling_class handling_class_label urgent received_at lead_department lead_department_name area area_name lead_person lead_person_name'), 'design 6: columns of running_clock');
select ok(pg_temp.begins('overdue_ticket', 'ticket_id center_id center ticket_number clock_id clock clock_label round due_at due_on minutes_late working_days_late target_only state state_label source source_label kind kind_label category category_label handling_class handling_class_label urgent received_at lead_department lead_department_name area area_name lead_person lead_person_name clause'), 'design 6: columns of overdue_ticket');
select ok(pg_temp.begins('due_soon', 'ticket_id center_id center ticket_number clock_id clock clock_label round due_at due_on minutes_left due_reason due_reason_label state state_label source source_label kind kind_label category category_label handling_class handling_class_label urgent received_at lead_department lead_department_name area area_name clause'), 'design 6: columns of due_soon');
select ok(pg_temp.begins('escalation_overview', 'escalation_id center_id center ticket_id ticket_number clock_id clock clock_label round level purpose purpose_label due_at due_on reached_at noticed_at minutes_open escalation_status escalation_status_label acknowledged_at acknowledged_by acknowledged_by_name acknowledge_note recipients vacant_posts vacant_posts_label state state_label'), 'design 6: columns of escalation_overview');
select ok(pg_temp.begins('escalation_history', 'escalation_id center_id center ticket_id ticket_number clock_id clock clock_label round level purpose purpose_label due_at due_on reached_at noticed_at escalation_status escalation_status_label acknowledged_at acknowledged_by acknowledged_by_name acknowledge_note ended_at end_cause end_cause_label recipients vacant_posts vacant_posts_label state state_label'), 'design 6: columns of escalation_history');
select ok(pg_temp.begins('sweep_health', 'sweep_status sweep_status_label last_started_at last_finished_at last_as_of running_now broken_off last_broken_at clocks_last_hour escalations_last_hour failures_last_hour set_aside next_retry_at last_failure oldest_due_at notices_waiting oldest_notice_at'), 'design 6: columns of sweep_health');
select ok(pg_temp.begins('ticket_overview', 'ticket_id center_id center ticket_number source source_label external_no external_round kind kind_label supervised_by supervised_by_label category category_label handling_class handling_class_label urgent matter matter_name area area_name in_territory place appeal name_masked phone_masked address_masked received_at recorded_at received_on received_on_label platform_due_at state state_label state_at state_reason dispatch_round first_dispatched_at dispatched_at lead_department lead_department_name principle principle_label lead_person lead_person_name accepted_at accepted_deemed reported_at completed_at closed_at reopenings imported rulebook due_at due_on overdue_clocks open_escalations returns'), 'design 6: columns of ticket_overview');

-- every cause that the clocks can give has its words
select is_empty($$
	select e.event from ticket_workflow.clock_event e where e.effect <> 'start' and not exists (select from ticket_workflow.label l where l.domain = 'end_cause' and l.code = e.event)
	union all
	select s.state from ticket_workflow.ticket_state s where not exists (select from ticket_workflow.label l where l.domain = 'end_cause' and l.code = s.state)
$$, 'C3 every end of an escalation has its label');

-- ---- one ticket, accepted on Thursday 2023-02-09 at 16:00, with a phone
select pg_temp.at_time('2023-02-09 15:00+08'), pg_temp.act_as('dispatcher') \g /dev/null
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '占道堆物', source => '区平台', external_no => 'PT-9',
	area => 'p1', petitioner_name => '王小明', petitioner_phone => '13812345678') as t1 \gset
select ticket_workflow.dispatch_ticket(:t1, 'cg', '职责原则') \g /dev/null
select pg_temp.at_time('2023-02-09 15:10+08'), pg_temp.act_as('liaison') \g /dev/null
select ticket_workflow.accept_ticket(:t1) \g /dev/null
select pg_temp.act_as('') \g /dev/null
select is((select array_agg(clock order by clock) from ticket_workflow.running_clock where ticket_number = 'PT-9'),
	'{center_contact,completion,first_contact,leader_notice,principal_notice,return_window,site_visit}', 'C1 running_clock has each running clock');
select is((select minutes_left || ' ' || overdue || ' ' || due_on || ' ' || lead_department || ' ' || area || ' ' || state_label
	from ticket_workflow.running_clock where ticket_number = 'PT-9' and clock = 'center_contact'), '110 false 2023-02-09 cg p1 已接单', 'C1 with what is left, who leads and where');
select is((select array_agg(clock || ' ' || due_on order by clock) from ticket_workflow.due_soon where ticket_number = 'PT-9'),
	'{"center_contact 2023-02-09","first_contact 2023-02-10","site_visit 2023-02-10"}', 'due_soon: due by the end of the next working day');
-- Friday: the next working day is Monday, the day of leader_notice (2 working days) was Monday too
select pg_temp.at_time('2023-02-10 10:00+08') \g /dev/null
select is((select array_agg(clock order by clock) from ticket_workflow.due_soon where ticket_number = 'PT-9'),
	'{first_contact,leader_notice,site_visit}', 'T4 due_soon: a weekend is not the next working day');
select is((select minutes_late || ' ' || working_days_late || ' ' || target_only from ticket_workflow.overdue_ticket where ticket_number = 'PT-9'),
	'1020 1 false', 'T3 overdue_ticket: how late, in minutes and working days');
select is((select count(*) from ticket_workflow.overdue_ticket where due_at = ticket_workflow.now()), 0::bigint, 'T3 at the due time nobody is late');
select pg_temp.at_time('2023-02-14 12:00+08') \g /dev/null
select is((select array_agg(clock || ' ' || working_days_late order by clock) from ticket_workflow.overdue_ticket where ticket_number = 'PT-9'),
	'{"center_contact 3","first_contact 2","site_visit 2"}', '3.3 leaders'' clocks make nobody late, a rest day is not counted');
select is((select lead_department_name || ' ' || lead_person_name from ticket_workflow.overdue_ticket where ticket_number = 'PT-9' limit 1), null, '2.3.5 nobody leads in person where nobody was named');

-- warned: completion is due on the 16th, its warning came on the 15th at 12:18
select pg_temp.sweep_at('2023-02-15 13:00+08') \g /dev/null
select is((select due_reason || ' ' || due_on from ticket_workflow.due_soon where ticket_number = 'PT-9' and clock = 'completion'), 'next_working_day 2023-02-16', 'due_soon: both reasons, the nearer is named');
select pg_temp.at_time('2023-02-14 23:00+08') \g /dev/null
select is((select due_reason || ' ' || due_reason_label from ticket_workflow.due_soon where ticket_number = 'PT-9' and clock = 'completion'), 'warned 已预警', 'due_soon: warned, and due later');

-- ---- escalations
select pg_temp.at_time('2023-02-15 12:00+08') \g /dev/null
select is((select array_agg(clock || ' ' || purpose_label || ' ' || minutes_open order by clock, level) from ticket_workflow.escalation_overview where clock in ('leader_notice', 'site_visit')),
	'{"leader_notice 通报 2160","site_visit 预警 6874","site_visit 超期 6480"}', '3.3 escalation_overview: open ones, for how long');
select is((select count(*) from ticket_workflow.escalation_overview), (select count(*) from ticket_workflow.escalation where ended_at is null), 'C4 all the open ones');
select is((select count(*) from ticket_workflow.escalation_history), (select count(*) from ticket_workflow.escalation), 'C4 escalation_history: all of them');
select is((select escalation_status_label || ' ' || end_cause_label from ticket_workflow.escalation_history where clock = 'return_window' limit 1), null, '2.2.2 the window closes without one');

-- ---- tickets
select is((select name_masked || ' ' || phone_masked || ' ' || state || ' ' || due_on || ' ' || overdue_clocks || ' ' || returns || ' ' || accepted_deemed from ticket_workflow.ticket_overview where ticket_number = 'PT-9'),
	'王** 138******78 accepted 2023-02-16 3 0 false', 'ticket_overview: masked, with due day and what is late');
select is((select open_escalations from ticket_workflow.ticket_overview where ticket_number = 'PT-9')::bigint, (select count(*) from ticket_workflow.escalation_overview where ticket_number = 'PT-9'), 'ticket_overview: and its open escalations');
select pg_temp.at_time('2023-02-15 12:00+08'), pg_temp.act_as('dispatcher') \g /dev/null
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '第二件', handling_class => '日清', source => '区平台', external_no => 'PT-10') as t2 \gset
select ticket_workflow.dispatch_ticket(:t2, 'cg', '职责原则') \g /dev/null
select pg_temp.sweep_at('2023-02-16 09:00+08') \g /dev/null
select is((select array_agg(clock || ' ' || target_only order by clock) from ticket_workflow.overdue_ticket where ticket_number = 'PT-10' and clock in ('acceptance', 'completion')),
	'{"acceptance false","completion true"}', '3.1 a same-day target is missed, not broken');
update ticket_workflow.ticket set state = 'withdrawn', state_reason = '撤诉' where ticket_id = :t2;
select is((select count(*) from ticket_workflow.running_clock where ticket_number = 'PT-10'), 0::bigint, 'C3 a ticket that ended has no running clock');
-- what running_clock''s plan relies on
select is_empty($$select clock, state from ticket_workflow.clock_carrier r where not exists (select from ticket_workflow.ticket_state s where s.state = r.state
		and s.state in ('received', 'dispatched', 'accepted', 'return_requested', 'reported', 'rework')) and (r.clock, r.state) <> ('urgent_completion', 'completed')$$,
	'C3 clocks run in open states, and one in completed');

select * from finish();
rollback;
