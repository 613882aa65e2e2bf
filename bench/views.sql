-- What people look at, on a desk of 1M tickets (10M with FULL=1): two years of a center that gets 1,370 a day; all closed
-- but 10,000, which carry 40,000 running clocks. Measured as superuser, as reader, and as officials under row security;
-- a plan that scans a growing table is a figure over its budget. The desk is built by set-based inserts, without the API.
\set ON_ERROR_STOP 1
\timing off
create extension ticket_workflow;
set client_min_messages = warning;
set ticket_workflow.now = '2023-03-01 10:00+08';
set timezone = 'Asia/Shanghai';
select case when :full = 1 then 10000000 else 1000000 end as tickets \gset
\set open 10000

select ticket_workflow.load_rulebook('yichuan_2023') \g /dev/null
-- the rows of a restore, as it were: no trigger, no foreign key is asked
set session_replication_role = replica;
insert into ticket_workflow.center values (1, 'yichuan', '宜川路街道城运中心', 'cn_shanghai');
insert into ticket_workflow.center_rulebook values (1, 'yichuan_2023', '[2020-01-01,)');
insert into ticket_workflow.area select 1000000000000 + i, 1, 'A' || i, '片区' || i from generate_series(1, 10) i;
insert into ticket_workflow.matter (matter_id, center_id, code, name) select 1000000000000 + i, 1, 'M' || i, '事项' || i from generate_series(1, 60) i;
insert into ticket_workflow.organization (organization_id, center_id, code, name, kind)
	select 1000000000000 + i, 1, 'D' || i, case i when 1 then '城运中心' else '部门' || i end, case i when 1 then 'center' else 'department' end
	from generate_series(1, 40) i;
insert into ticket_workflow.official (official_id, center_id, code, name)
	select 1000000000000 + i, 1, 'P' || i, '人员' || i from generate_series(1, 200) i;
-- of each department a liaison, a head, a supervising leader; of each area an information officer
insert into ticket_workflow.post (post_id, center_id, official_id, organization_id, position, area_id, valid_from)
	select 1000000000000 + row_number() over (), 1, 1000000000000 + (row_number() over ()), p.organization_id, p.position, p.area_id, '2020-01-01'
	from (
		select 1000000000000 + d as organization_id, position, null::bigint as area_id
		from generate_series(2, 40) d, unnest('{liaison,head,supervising_leader}'::text[]) position
		union all
		select 1000000000001, 'information_officer', 1000000000000 + a from generate_series(1, 10) a
		union all
		select 1000000000001, position, null from unnest('{operator,dispatcher,head,principal_leader,supervising_leader}'::text[]) position
	) p;
insert into ticket_workflow.petitioner (petitioner_id, center_id, name, phone, phone_is_mobile, phone_locality, address)
	select 1000000000000 + i, 1, '张三' || i, (13800000000 + i)::text, true, 'unknown', '宜川路' || i || '号'
	from generate_series(1, :tickets * 0.9) i;

-- the older the ticket the smaller its number; the last 10,000 are open: a fifth at the center, then with departments
insert into ticket_workflow.ticket (ticket_id, center_id, rulebook, source, external_no, kind, category, handling_class, urgent, matter_id,
		area_id, in_territory, place, appeal, petitioner_id, received_at, recorded_at, received_on, state, state_at, state_act,
		dispatch_round, first_dispatched_at, dispatched_at, lead_department_id, dispatch_principle, accepted_at,
		reported_at, completed_at, closed_at)
	select 1000000000000 + i, 1, 'yichuan_2023', 'district', 'SH' || i, 'ordinary', case i % 7 when 0 then 'help' when 1 then 'consultation' else 'complaint' end,
		case i % 50 when 0 then 'same_day' else 'ordinary' end, i % 97 = 0, 1000000000001 + hashint4(i) % 30 + 29,
		1000000000001 + i % 10, true, '宜川路' || hashint4(i + 7) % 50000 || '号', '反映小区楼道堆物影响通行，希望相关部门处理',
		1000000000001 + (i::bigint * 7919) % (:tickets * 9 / 10), h.at, h.at, 'working',
		s.state, h.at + case when h.open then interval '40 minutes' else interval '4 days' end, 'close',
		1, d.at, d.at, case when s.state <> 'received' then 1000000000002 + i % 39 end, case when s.state <> 'received' then 'duty' end, d.at,
		case when s.state in ('reported', 'closed') then h.at + interval '3 days' end, case when not h.open then h.at + interval '3 days 5 hours' end,
		case when not h.open then h.at + interval '4 days' end
	from generate_series(1, :tickets) i
		cross join lateral (select i > :tickets - :open as open,
			timestamptz '2023-03-01 09:00+08' - (:tickets - i) * interval '63 seconds' as at) h
		cross join lateral (select case when not h.open then 'closed' when i % 40 = 0 then 'received' when i % 40 = 1 then 'return_requested' when i % 10 = 2 then 'reported' when i % 10 = 3 then 'dispatched' else 'accepted' end as state) s
		cross join lateral (select case when s.state <> 'received' then h.at + interval '40 minutes' end as at) d;
insert into ticket_workflow.dispatch_decision (ticket_id, dispatch_round, center_id, department_id, principle, decided_at, decided_by)
	select t.ticket_id, 1, 1, t.lead_department_id, 'duty', t.dispatched_at, 'P120' from ticket_workflow.ticket t where t.dispatched_at is not null;
insert into ticket_workflow.report (report_id, center_id, ticket_id, dispatch_round, organization_id, version, state, body, fact_finding, claim_finding,
		handling_result, saved_at, submitted_at, reviewed_at)
	select t.ticket_id, 1, t.ticket_id, 1, t.lead_department_id, 1, case t.state when 'closed' then 'passed' else 'submitted' end, '已更换灯管，恢复照明。', 'founded', 'reasonable',
		case t.ticket_id % 9 when 0 then 'explained' else 'solved' end, t.reported_at, t.reported_at, t.completed_at
	from ticket_workflow.ticket t where t.state in ('closed', 'reported');
insert into ticket_workflow.contact (contact_id, center_id, ticket_id, dispatch_round, organization_id, purpose, channel, outcome, occurred_at, recorded_at, satisfaction, solved)
	select t.ticket_id, 1, t.ticket_id, 1, 1000000000001, 'callback', 'ip_phone', 'reached', t.completed_at + interval '1 hour', t.completed_at + interval '1 hour',
		case t.ticket_id % 12 when 0 then 'dissatisfied' when 3 then 'neutral' else 'satisfied' end, t.ticket_id % 12 <> 0
	from ticket_workflow.ticket t where t.state = 'closed' and t.ticket_id % 3 = 0;
insert into ticket_workflow.ticket_return (return_id, center_id, ticket_id, dispatch_round, organization_id, ground, reason, state, requested_at, ordinal, decided_at)
	select t.ticket_id, 1, t.ticket_id, 1, t.lead_department_id, 'out_of_duty', '不属职责', case t.state when 'closed' then 'refused' else 'requested' end,
		t.dispatched_at + interval '1 hour', 1, case t.state when 'closed' then t.dispatched_at + interval '5 hours' end
	from ticket_workflow.ticket t where t.state = 'return_requested' or t.state = 'closed' and t.ticket_id % 31 = 0;

create function pg_temp.add_clocks(wanted text[], names text[], clock_status text, offset_id bigint) returns void language sql as $$
	insert into ticket_workflow.clock (clock_id, center_id, ticket_id, clock, round, dispatch_round, department_id, status,
			started_at, counted_from, limit_kind, amount, roll, calendar, clause, due_at, due_on, calendar_version, provisional, stopped_at, next_at)
		select 1000000000000 + offset_id + (t.ticket_id - 1000000000000) * 4 + n.ordinal, 1, t.ticket_id, n.name, 1, 1, t.lead_department_id,
			case when clock_status = 'met' and t.ticket_id % 20 = 0 then 'late' else clock_status end, t.received_at, t.received_at, 'working_days', 5, true, 'cn_shanghai', '2.3.2.2', d.due_at,
			d.due_at::date, ticket_workflow.calendar_version('cn_shanghai'), false, case when clock_status <> 'running' then t.reported_at end,
			case when clock_status = 'running' and d.due_at > '2023-03-01 10:00+08' then d.due_at end
		from ticket_workflow.ticket t
			cross join unnest(names) with ordinality as n (name, ordinal)
			-- of the running ones spread over ten days, a tenth of them past and looked at
			cross join lateral (select case when clock_status = 'running'
				then timestamptz '2023-02-28 10:00+08' + (t.ticket_id % 10) * interval '1 day' + n.ordinal * interval '1 minute'
				else t.received_at + interval '5 days' end as due_at) d
		where t.state = any (wanted)
$$;
select pg_temp.add_clocks('{closed}', '{completion,first_contact}', 'met', 0) \g /dev/null
select pg_temp.add_clocks('{received,dispatched,accepted,return_requested,reported}', '{completion,leader_notice,principal_notice,site_visit}', 'running', 100000000000) \g /dev/null
insert into ticket_workflow.escalation (escalation_id, center_id, ticket_id, clock_id, clock, round, level, purpose, due_at, due_on, reached_at, noticed_at, recipients, vacant_posts)
	select 1000000000000 + row_number() over (), 1, c.ticket_id, c.clock_id, c.clock, 1, l.level, l.purpose, c.due_at, c.due_on, c.due_at - interval '1 day', c.due_at - interval '1 day', '{人员1,人员2}', '{}'
	from ticket_workflow.clock c
		join ticket_workflow.escalation_level l on l.rulebook = 'yichuan_2023' and l.clock = c.clock
	where c.status = 'running' and (c.due_at < '2023-03-01 10:00+08' or l.purpose = 'warning' and c.due_at < '2023-03-03 10:00+08');
insert into ticket_workflow.notice (notice_id, center_id, ticket_id, escalation_id, recipient_id, message, args, created_at, not_before, confirmed_at)
	select 1000000000000 + 2 * row_number() over () + n, 1, e.ticket_id, e.escalation_id, 1000000000002 + n, 'notice_' || e.purpose, '{}', e.noticed_at, e.noticed_at, e.noticed_at
	from ticket_workflow.escalation e, generate_series(0, 1) n;
-- history: every fifth closed ticket was once warned of
insert into ticket_workflow.escalation (escalation_id, center_id, ticket_id, clock_id, clock, round, level, purpose, due_at, due_on, reached_at, noticed_at,
		recipients, vacant_posts, ended_at, end_cause)
	select 1100000000000 + c.ticket_id % 1000000000, 1, c.ticket_id, c.clock_id, c.clock, 1, 1, 'warning', c.due_at, c.due_on, c.started_at, c.started_at,
		'{人员1,人员2}', '{}', c.stopped_at, 'report_submitted'
	from ticket_workflow.clock c where c.status in ('met', 'late') and c.clock = 'completion' and c.ticket_id % 5 = 0;
insert into ticket_workflow.journal (center_id, ticket_id, seq, occurred_at, recorded_at, caller, session_role, kind, version, hash)
	select 1, t.ticket_id, s.seq, t.received_at, t.received_at, 'desk', 'desk', case s.seq when 1 then 'receive' when 2 then 'dispatch' else 'accept' end, 1, '\x00'
	from ticket_workflow.ticket t, generate_series(1, 3) as s (seq) where t.ticket_id > 1000000000000 + :tickets - 200000;
insert into ticket_workflow.sweep_day values (1, '2023-03-01');
set session_replication_role = origin;
vacuum (analyze);

-- ---- who looks: the owner, a reader, a liaison (P7), an information officer (P118) and an operator (P128)
create role bench_app;
create role bench_reader;
call ticket_workflow.grant_access('bench_app', 'application');
call ticket_workflow.grant_access('bench_reader', 'reader');

create function pg_temp.measure(figure text, budget text, query text) returns text language plpgsql as $$
declare
	plan json;
	times numeric[] := '{}';
begin
	for i in 1..5 loop
		execute 'explain (analyze, timing off, summary on, format json) ' || query into plan;
		times := times || (plan -> 0 ->> 'Execution Time')::numeric;
	end loop;
	return format('%s|%s|%s|ms', figure, (select round(percentile_cont(0.5) within group (order by t)::numeric, 1) from unnest(times) t), budget);
end
$$;
create function pg_temp.scans(query text) returns text language plpgsql as $$
declare
	plan json;
begin
	execute 'explain (format json) ' || query into plan;
	return case when plan::text ~ '"Seq Scan",[^{}]*"Relation Name": "(ticket|clock|escalation|journal|notice|report|contact)"' then '1' else '0' end;
end
$$;
create temp table view_asked as
	select v, 'select * from ticket_workflow.' || v as query from unnest('{running_clock,overdue_ticket,due_soon,escalation_overview,waiting_signature,waiting_decision,finish_today,guidance_missing_today,vacant_post}'::text[]) v
	union all
	select 'ticket_overview, one department''s open tickets', $q$select * from ticket_workflow.ticket_overview where center_id = 1 and state = 'accepted' and lead_department = 'D7'$q$;
grant select on view_asked to bench_app, bench_reader;

select pg_temp.measure(v || ', owner', '50', query) from view_asked;
select pg_temp.measure('desk_today(), owner', '20', $$select ticket_workflow.desk_today('yichuan')$$);
set role bench_reader;
select pg_temp.measure(v || ', reader', '50', query) from view_asked;
select v || ', reader: plan scans a growing table|' || pg_temp.scans(query) || '|0|' from view_asked;
select pg_temp.measure('desk_today(), reader', '20', $$select ticket_workflow.desk_today('yichuan')$$);
select pg_temp.measure('monthly_summary, a month of 38,000 tickets, reader', '1000', $$select * from ticket_workflow.monthly_summary where center = 'yichuan' and month = '2023-02-01'$$);
select pg_temp.measure('department_performance, the same month, reader', '1000', $$select * from ticket_workflow.department_performance where center = 'yichuan' and month = '2023-02-01'$$);
select pg_temp.measure('repeat_petition, the same month, reader', '', $$select * from ticket_workflow.repeat_petition where center = 'yichuan' and month = '2023-02-01'$$);
set role bench_app;
set ticket_workflow.actor = 'P7';
select pg_temp.measure(v || ', liaison', '50', query) from view_asked;
select v || ', liaison: plan scans a growing table|' || pg_temp.scans(query) || '|0|' from view_asked;
select pg_temp.measure('desk_today(), liaison', '20', $$select ticket_workflow.desk_today('yichuan')$$);
set ticket_workflow.actor = 'P118';
select pg_temp.measure(v || ', information officer', '50', query) from view_asked;
select pg_temp.measure('desk_today(), information officer', '20', $$select ticket_workflow.desk_today('yichuan')$$);
set ticket_workflow.actor = 'P128';
select pg_temp.measure(v || ', operator', '50', query) from view_asked;
