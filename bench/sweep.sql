-- The sweep, on a desk of 1M tickets (10M with FULL=1; the views have bench/views.sql): 100k running clocks, none due and 1,000 due with two recipients each. Cost must follow what is due and what is
-- open, not what is stored: all tickets are closed but 10,000, then 25,000; the figures are to be the same at any size.
-- The desk is built by set-based inserts, without the API: nothing is measured until it stands.
\set ON_ERROR_STOP 1
\timing off
create extension ticket_workflow;
set client_min_messages = warning;
set ticket_workflow.now = '2023-03-01 10:00+08';
set timezone = 'Asia/Shanghai';
select case when :full = 1 then 10000000 else 1000000 end as tickets \gset
\set open 25000

select ticket_workflow.load_rulebook('yichuan_2023');
-- the rows of a restore, as it were: no trigger, no foreign key is asked
set session_replication_role = replica;
insert into ticket_workflow.center values (1, 'yichuan', '宜川路街道城运中心', 'cn_shanghai');
insert into ticket_workflow.center_rulebook values (1, 'yichuan_2023', '[2020-01-01,)');
insert into ticket_workflow.area select 1000000000000 + i, 1, 'A' || i, '片区' || i from generate_series(1, 10) i;
insert into ticket_workflow.organization (organization_id, center_id, code, name, kind)
	select 1000000000000 + i, 1, 'D' || i, case i when 1 then '城运中心' else '部门' || i end, case i when 1 then 'center' else 'department' end
	from generate_series(1, 40) i;
insert into ticket_workflow.official (official_id, center_id, code, name)
	select 1000000000000 + i, 1, 'P' || i, '人员' || i from generate_series(1, 200) i;
-- of each department a liaison, a head, a supervising leader; of each area an information officer
insert into ticket_workflow.post (post_id, center_id, official_id, organization_id, position, area_id, valid_from)
	select 1000000000000 + row_number() over (), 1, 1000000000000 + 1 + (row_number() over ()) % 200, p.organization_id, p.position, p.area_id, '2020-01-01'
	from (
		select 1000000000000 + d as organization_id, position, null::bigint as area_id
		from generate_series(2, 40) d, unnest('{liaison,head,supervising_leader}'::text[]) position
		union all
		select 1000000000001, 'information_officer', 1000000000000 + a from generate_series(1, 10) a
		union all
		select 1000000000001, position, null from unnest('{operator,dispatcher,head,principal_leader}'::text[]) position
	) p;
insert into ticket_workflow.petitioner (petitioner_id, center_id, name, phone, phone_is_mobile, phone_locality, address)
	select 1000000000000 + i, 1, '张三' || i, (13800000000 + i)::text, true, 'unknown', '宜川路' || i || '号'
	from generate_series(1, :tickets / 10) i;

-- the older the ticket the smaller its number; the last 25,000 are open
insert into ticket_workflow.ticket (ticket_id, center_id, rulebook, source, external_no, kind, category, handling_class, urgent,
		area_id, in_territory, place, appeal, petitioner_id, received_at, recorded_at, received_on, state, state_at, state_act,
		dispatch_round, first_dispatched_at, dispatched_at, lead_department_id, dispatch_principle, accepted_at,
		reported_at, completed_at, closed_at)
	select 1000000000000 + i, 1, 'yichuan_2023', 'district', 'SH' || i, 'ordinary', 'complaint', 'ordinary', false,
		1000000000001 + i % 10, true, '宜川路' || i % 500 || '号', '反映小区楼道堆物影响通行，希望相关部门处理', 1000000000001 + i % (:tickets / 10),
		h.at, h.at, 'working',
		case when h.open then 'accepted' else 'closed' end, h.at, case when h.open then 'accept' else 'close' end,
		1, h.at, h.at, 1000000000002 + i % 39, 'duty', h.at,
		case when not h.open then h.at end, case when not h.open then h.at end, case when not h.open then h.at end
	from generate_series(1, :tickets) i
		cross join lateral (select i > :tickets - :open and i <= :tickets - :open + 10000 as open,
			timestamptz '2023-03-01 09:00+08' - (:tickets - i) * interval '20 seconds' as at) h;

-- closed tickets: two met clocks each; open ones: running clocks, four each once all stand
create function pg_temp.add_clocks(first_ticket bigint, last_ticket bigint, names text[], clock_status text, offset_id bigint) returns void
language sql as $$
	insert into ticket_workflow.clock (clock_id, center_id, ticket_id, clock, round, dispatch_round, department_id, status,
			started_at, counted_from, limit_kind, amount, roll, calendar, clause, due_at, due_on, calendar_version, provisional, stopped_at, next_at)
		select 1000000000000 + offset_id + (t.ticket_id - first_ticket) * cardinality(names) + n.ordinal, 1, t.ticket_id, n.name, 1, 1, t.lead_department_id,
			clock_status, t.accepted_at, t.accepted_at, 'working_days', 5, true, 'cn_shanghai', '2.3.2.2', d.due_at, d.due_at::date,
			ticket_workflow.calendar_version('cn_shanghai'), false, case when clock_status <> 'running' then t.accepted_at + interval '1 hour' end,
			case when clock_status = 'running' then d.due_at end
		from ticket_workflow.ticket t
			cross join unnest(names) with ordinality as n (name, ordinal)
			-- spread over ten days, a tenth of them past and looked at
			cross join lateral (select timestamptz '2023-02-28 10:00+08' + (t.ticket_id % 10) * interval '1 day' + n.ordinal * interval '1 minute' as due_at) d
		where t.ticket_id between first_ticket and last_ticket
$$;
select pg_temp.add_clocks(1000000000001, 1000000000000 + :tickets - :open, '{dispatch,completion}', 'met', 0) \g /dev/null
select pg_temp.add_clocks(1000000000001 + :tickets - :open, 1000000000000 + :tickets - :open + 10000,
	'{completion,leader_notice,principal_notice,site_visit}', 'running', 50000000000) \g /dev/null
-- what is past has been looked at; warnings have been raised where due in two days
update ticket_workflow.clock set next_at = null where status = 'running' and due_at < '2023-03-01 10:00+08';
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
	from ticket_workflow.clock c where c.status = 'met' and c.clock = 'completion' and c.ticket_id % 5 = 0;
-- the day's part is done, and the clocks have followed their calendar
insert into ticket_workflow.sweep_day values (1, '2023-03-01');
set session_replication_role = origin;
vacuum (analyze);

-- ---- the sweep: 100k running clocks
set session_replication_role = replica;
update ticket_workflow.ticket set state = 'accepted', state_act = 'accept', reported_at = null, completed_at = null, closed_at = null
	where ticket_id > 1000000000000 + :tickets - :open + 10000;
select pg_temp.add_clocks(1000000000001 + :tickets - :open + 10000, 1000000000000 + :tickets,
	'{completion,leader_notice,principal_notice,site_visit}', 'running', 60000000000) \g /dev/null
update ticket_workflow.clock set next_at = null where status = 'running' and due_at < '2023-03-01 10:00+08';
-- eleven times 1,000 completion clocks that come due a minute apart, their warning raised: one level, two recipients
with chosen as (
	select c.clock_id, (row_number() over (order by c.clock_id) - 1) / 1000 as run
	from ticket_workflow.clock c
	where c.clock = 'completion' and c.status = 'running' and c.clock_id > 1060000000000
	order by c.clock_id limit 11000
)
update ticket_workflow.clock c
	set due_at = timestamptz '2023-03-01 11:00+08' + h.run * interval '1 minute', due_on = '2023-03-01', next_at = timestamptz '2023-03-01 11:00+08' + h.run * interval '1 minute'
	from chosen h where h.clock_id = c.clock_id;
insert into ticket_workflow.escalation (escalation_id, center_id, ticket_id, clock_id, clock, round, level, purpose, due_at, due_on, reached_at, noticed_at, recipients, vacant_posts)
	select 1000900000000 + row_number() over (), 1, c.ticket_id, c.clock_id, c.clock, 1, 1, 'warning', c.due_at, c.due_on, '2023-03-01 09:30+08', '2023-03-01 09:30+08', '{人员1,人员2}', '{}'
	from ticket_workflow.clock c where c.status = 'running' and c.next_at >= '2023-03-01 11:00+08' and c.next_at < '2023-03-01 11:11+08';
-- everybody else is due after the measurements
update ticket_workflow.clock set next_at = '2023-03-20 10:00+08' where next_at is not null and not (next_at >= '2023-03-01 11:00+08' and next_at < '2023-03-01 11:11+08');
insert into ticket_workflow.journal (center_id, ticket_id, seq, occurred_at, recorded_at, caller, session_role, kind, version, hash)
	select 1, t.ticket_id, 1, t.received_at, t.received_at, 'desk', 'desk', 'receive', 1, '\x00'
	from ticket_workflow.ticket t where t.state = 'accepted';
select setval('ticket_workflow.escalation_seq', 2000000000), setval('ticket_workflow.notice_seq', 2000000000) \g /dev/null
set session_replication_role = origin;
vacuum (analyze);

create table pg_temp.measured (what text, ms numeric);
do $$
declare
	started timestamptz;
begin
	-- warm
	call ticket_workflow.sweep();
	for i in 1..11 loop
		started := clock_timestamp();
		call ticket_workflow.sweep();
		insert into pg_temp.measured values ('none', extract(epoch from clock_timestamp() - started) * 1000);
		commit;
	end loop;
end
$$;
select format('sweep, %s running clocks of %s tickets, none due|%s|5|ms', (select count(*) from ticket_workflow.clock where status = 'running'), :tickets,
	(select round(percentile_cont(0.5) within group (order by ms)::numeric, 2) from pg_temp.measured where what = 'none'));
do $$
declare
	started timestamptz;
begin
	for i in 0..10 loop
		perform set_config('ticket_workflow.now', (timestamptz '2023-03-01 11:00+08' + i * interval '1 minute' + interval '1 second')::text, false);
		started := clock_timestamp();
		call ticket_workflow.sweep();
		insert into pg_temp.measured values ('due', extract(epoch from clock_timestamp() - started) * 1000);
		commit;
	end loop;
end
$$;
select 'sweep runs: ' || string_agg(format('%s clocks %s escalations %s failures', clocks, escalations, failures), ', ' order by sweep_id)
	from (select * from ticket_workflow.sweep_run order by sweep_id desc limit 3) r;
select format('notices per escalation: %s', (select round(count(*)::numeric / 11000, 2) from ticket_workflow.notice where notice_id > 1002000000000));
select format('sweep, 1,000 due of %s running clocks, two recipients each|%s|200|ms', (select count(*) from ticket_workflow.clock where status = 'running'),
	(select round(percentile_cont(0.5) within group (order by ms)::numeric, 1) from pg_temp.measured where what = 'due'));
