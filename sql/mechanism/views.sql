-- Views of the mechanisms: what must be done today, what was left undone, who is missing.
-- May touch: nothing. Columns are a contract: new ones are appended.

create or replace view ticket_workflow.finish_today with (security_invoker = true) as
	with today as materialized (
		select ce.center_id, ce.code, ce.calendar, ticket_workflow.local_day(ticket_workflow.now(), ce.calendar) as day,
			ticket_workflow.due_at(ticket_workflow.now(), 'calendar_days', 0, null, ce.calendar, false) as ends_at
		from ticket_workflow.center ce
	)
	select x.ticket_id, x.center_id, d.code as center, coalesce(x.external_no, x.ticket_id::text) as ticket_number,
		x.finish_reason, ticket_workflow.label('finish_reason', x.finish_reason) as finish_reason_label,
		x.due_at, x.due_on,
		floor(date_part('epoch', x.due_at - ticket_workflow.now()) / 60)::integer as minutes_left,
		x.clock = 'completion' and x.handling_class = 'same_day' as target_only,
		x.state, ticket_workflow.label('state', x.state) as state_label,
		x.source, ticket_workflow.label('source', x.source) as source_label,
		x.kind, ticket_workflow.label('kind', x.kind) as kind_label,
		x.category, ticket_workflow.label('category', x.category) as category_label,
		x.handling_class, ticket_workflow.label('handling_class', x.handling_class) as handling_class_label,
		x.urgent, x.received_at,
		o.code as lead_department, o.name as lead_department_name, a.code as area, a.name as area_name,
		(select min(c.occurred_at) from ticket_workflow.department_call c where c.ticket_id = x.ticket_id) as department_called_at
	from today d
		cross join lateral (
			-- a completion that is due by the end of today
			select t.*, c.clock, c.due_at, c.due_on,
				case when t.handling_class in ('same_day', 'simple') then t.handling_class else 'completion_due' end as finish_reason
			from ticket_workflow.clock c
				join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
			where c.center_id = d.center_id and c.status = 'running' and c.clock in ('completion', 'urgent_completion')
				and c.due_at >= ticket_workflow.day_start(d.day, d.calendar) and c.due_at <= d.ends_at and c.due_on = d.day
			union all
			-- what nobody has accepted yet, whose clock has not begun: same-day tickets, and those whose platform wants them
			-- today. Begun now it would end today; on a rest day the day itself is the next working day (T7)
			select (w.t).*, 'completion', u.due_at, d.day,
				case when (w.t).handling_class in ('same_day', 'simple') then (w.t).handling_class else 'completion_due' end
			-- offset 0: first the few that have no clock yet, then when they would be due
			from (
					select t
					from ticket_workflow.ticket t
					where t.center_id = d.center_id and (t.handling_class = 'same_day' or t.platform_due_at <= d.ends_at)
						-- in no other open state is a ticket without this clock
						and t.state in ('received', 'dispatched', 'return_requested')
						and not exists (select from ticket_workflow.clock c
							where c.ticket_id = t.ticket_id and c.clock in ('completion', 'urgent_completion') and c.status <> 'cancelled')
					offset 0
				) w
				cross join lateral (select ticket_workflow.completion_if_taken(w.t, d.calendar) as due_at offset 0) u
			where u.due_at > ticket_workflow.day_start(d.day, d.calendar) and u.due_at <= d.ends_at
		) x
		left join ticket_workflow.organization o on o.organization_id = x.lead_department_id
		left join ticket_workflow.area a on a.area_id = x.area_id;
comment on view ticket_workflow.finish_today is
	'What must be finished today (日清日结, 3.1): completions that are due by the end of the day, and what nobody has accepted yet: same-day tickets, and those whose platform wants them today';

create or replace view ticket_workflow.daily_notice with (security_invoker = true) as
	select n.center_id, n.center, n.day, n.item, ticket_workflow.label('notice_item', n.item) as item_label,
		n.lead_department, n.lead_department_name, n.ticket_id, n.ticket_number,
		n.state, ticket_workflow.label('state', n.state) as state_label,
		n.source, ticket_workflow.label('source', n.source) as source_label,
		n.kind, ticket_workflow.label('kind', n.kind) as kind_label,
		n.category, ticket_workflow.label('category', n.category) as category_label,
		n.handling_class, ticket_workflow.label('handling_class', n.handling_class) as handling_class_label,
		n.urgent, n.received_at, n.age_days, n.age_working_days, n.completed_at,
		n.handling_result, n.handling_result_label,
		(n.completion).due_at, (n.completion).due_on,
		n.area, n.area_name, n.posted_at
	from (
			-- "with apart": the day is looked up once a center and the clock once a row, and only where a column of them is asked for
			with apart as (select)
			select d.center_id, d.center, d.day, d.posted_at, l.*, (
					select c from ticket_workflow.clock c
					where c.ticket_id = l.ticket_id and c.clock in ('completion', 'urgent_completion')
					order by c.started_at desc, c.clock_id desc limit 1) as completion
			from (
					with apart as (select)
					select y.*, (select p.posted_at from ticket_workflow.daily_posting p where p.center_id = y.center_id and p.day = y.day) as posted_at
					from (
							select ce.center_id, ce.code as center, ce.calendar, ticket_workflow.local_day(ticket_workflow.now(), ce.calendar) - 1 as day
							from ticket_workflow.center ce
						) y
				) d
				cross join lateral ticket_workflow.notice_rows(d.center_id, ticket_workflow.day_start(d.day, d.calendar),
					ticket_workflow.day_start(d.day + 1, d.calendar), d.day) l
		) n;
comment on view ticket_workflow.daily_notice is
	'The daily notice (3.2): what was unfinished at 24:00 of yesterday, with its age, and what was completed yesterday unsolved; daily_notice_on() for other days';

create or replace view ticket_workflow.unsolved_last_week with (security_invoker = true) as
	select n.center_id, n.center, n.week_start, n.week_start + 6 as week_end,
		n.item, ticket_workflow.label('notice_item', n.item) as item_label,
		n.lead_department, n.lead_department_name, n.ticket_id, n.ticket_number,
		n.state, ticket_workflow.label('state', n.state) as state_label,
		n.source, ticket_workflow.label('source', n.source) as source_label,
		n.kind, ticket_workflow.label('kind', n.kind) as kind_label,
		n.category, ticket_workflow.label('category', n.category) as category_label,
		n.handling_class, ticket_workflow.label('handling_class', n.handling_class) as handling_class_label,
		n.urgent, n.received_at, n.age_days, n.age_working_days, n.completed_at,
		n.handling_result, n.handling_result_label,
		(n.completion).due_at, (n.completion).due_on,
		n.area, n.area_name
	from (
			with apart as (select)
			select w.center_id, w.center, w.week_start, l.*, (
					select c from ticket_workflow.clock c
					where c.ticket_id = l.ticket_id and c.clock in ('completion', 'urgent_completion')
					order by c.started_at desc, c.clock_id desc limit 1) as completion
			from (
					with apart as (select)
					select ce.center_id, ce.code as center, ce.calendar,
						(ticket_workflow.period_bounds('week', ticket_workflow.local_day(ticket_workflow.now(), ce.calendar) - 7)).first_day as week_start
					from ticket_workflow.center ce
				) w
				cross join lateral ticket_workflow.notice_rows(w.center_id, ticket_workflow.day_start(w.week_start, w.calendar),
					ticket_workflow.day_start(w.week_start + 7, w.calendar), w.week_start + 6) l
		) n;
comment on view ticket_workflow.unsolved_last_week is
	'The list of the weekly meeting (3.4): tickets that were unfinished at the end of last week (Monday to Sunday), and those completed in it unsolved';

create or replace view ticket_workflow.guidance_missing_today with (security_invoker = true) as
	with today as materialized (
		select ce.center_id, ce.code, ce.calendar, ticket_workflow.local_day(ticket_workflow.now(), ce.calendar) as day
		from ticket_workflow.center ce
	)
	select t.ticket_id, t.center_id, d.code as center, coalesce(t.external_no, t.ticket_id::text) as ticket_number, d.day,
		a.code as area, a.name as area_name,
		t.state, ticket_workflow.label('state', t.state) as state_label,
		t.kind, ticket_workflow.label('kind', t.kind) as kind_label,
		t.category, ticket_workflow.label('category', t.category) as category_label,
		t.handling_class, ticket_workflow.label('handling_class', t.handling_class) as handling_class_label,
		t.urgent, t.received_at, d.day - ticket_workflow.local_day(t.received_at, d.calendar) as age_days,
		o.code as lead_department, o.name as lead_department_name,
		(select max(g.recorded_at) from ticket_workflow.guidance g where g.ticket_id = t.ticket_id) as last_guidance_at
	from ticket_workflow.ticket t
		left join today d on d.center_id = t.center_id
		left join ticket_workflow.area a on a.area_id = t.area_id
		left join ticket_workflow.organization o on o.organization_id = t.lead_department_id
	where ticket_workflow.is_open_state(t.state) and t.area_id is not null
		and not exists (select from ticket_workflow.guidance g where g.ticket_id = t.ticket_id and g.day = d.day);
comment on view ticket_workflow.guidance_missing_today is
	'Unfinished tickets of the areas that lack today''s guidance of their information officer (3.6.2)';

create or replace view ticket_workflow.similar_case_burst with (security_invoker = true) as
	select b.burst_id, b.center_id, ce.code as center, b.day, b.scope, ticket_workflow.label('burst_scope', b.scope) as scope_label,
		m.code as matter, m.name as matter_name, a.code as area, a.name as area_name, b.threshold,
		b.reached_by_id as reached_by_ticket, b.reached_at, b.noticed_at,
		-- as it stands: corrections since then count
		(select count(*)::integer
			from ticket_workflow.similar_cases(b.center_id, ticket_workflow.burst_matters(b.level, b.matter_id), b.scope, b.area_id,
				ticket_workflow.day_start(b.day, ce.calendar), ticket_workflow.day_start(b.day + 1, ce.calendar))) as cases,
		b.recipients, b.vacant_posts,
		case when b.vacant_posts = '{}' then '{}'::text[] else
			array(select ticket_workflow.post_label(v) from unnest(b.vacant_posts) v) end as vacant_posts_label,
		b.reported_at, b.reported_by,
		(select p.name from ticket_workflow.official p where p.code = b.reported_by) as reported_by_name, b.report_note, b.clause
	from ticket_workflow.similar_case b
		left join ticket_workflow.center ce on ce.center_id = b.center_id
		left join ticket_workflow.matter m on m.matter_id = b.matter_id
		left join ticket_workflow.area a on a.area_id = b.area_id;
comment on view ticket_workflow.similar_case_burst is
	'Bursts (3.6.2): so many tickets of one matter in one day, once per matter and day; when it was reached, whom it told, what the information officer reported';

create or replace view ticket_workflow.accountability_case_overview with (security_invoker = true) as
	select c.case_id, c.center_id, ce.code as center, c.ticket_id, coalesce(c.external_no, c.ticket_id::text) as ticket_number,
		c.item, ticket_workflow.label('accountability_item', c.item) as item_label,
		c.ground, ticket_workflow.label('accountability_ground', c.ground) as ground_label,
		o.code as department, o.name as department_name,
		c.occurred_at, c.raised_at, c.raised_by, c.facts, c.reason, c.clause,
		c.state as case_state, ticket_workflow.label('accountability_state', c.state) as case_state_label, c.state_at as case_state_at,
		c.decided_by, (select p.name from ticket_workflow.official p where p.code = c.decided_by) as decided_by_name, c.decision_reason,
		c.ticket_state as state, ticket_workflow.label('state', c.ticket_state) as state_label,
		c.category, ticket_workflow.label('category', c.category) as category_label,
		c.handling_class, ticket_workflow.label('handling_class', c.handling_class) as handling_class_label,
		c.urgent, c.received_at, l.code as lead_department, l.name as lead_department_name, a.code as area, a.name as area_name
	from (
			-- each ticket by its key (offset 0), else all of them are read for the sake of these; the names afterwards
			with apart as (select)
			select x.*, t.external_no, t.state as ticket_state, t.category, t.handling_class, t.urgent, t.received_at, t.lead_department_id, t.area_id
			from ticket_workflow.accountability_case x
				cross join lateral (select y.* from ticket_workflow.ticket y where y.ticket_id = x.ticket_id offset 0) t
		) c
		left join ticket_workflow.center ce on ce.center_id = c.center_id
		left join ticket_workflow.organization o on o.organization_id = c.department_id
		left join ticket_workflow.organization l on l.organization_id = c.lead_department_id
		left join ticket_workflow.area a on a.area_id = c.area_id;
comment on view ticket_workflow.accountability_case_overview is
	'Accountability candidates and cases (3.8) with their facts, clause and decision; for discipline inspection and whoever sees the whole center';

create or replace view ticket_workflow.periodic_duty_overview with (security_invoker = true) as
	select o.occurrence_id, o.center_id, ce.code as center, o.duty, ticket_workflow.duty_name(o.rulebook, o.duty) as duty_label,
		d.kind as duty_kind, ticket_workflow.label('duty_kind', d.kind) as duty_kind_label,
		d.period, ticket_workflow.label('period', d.period) as period_label, o.period_start, o.period_end, o.due_at, o.due_on,
		s.duty_status, ticket_workflow.label('duty_status', s.duty_status) as duty_status_label,
		case when s.duty_status in ('overdue', 'done_late') then
			s.last_day - o.due_on end as days_late,
		d.chair_relation, ticket_workflow.label('relation', d.chair_relation) as chair_relation_label,
		d.chair_position, ticket_workflow.label('position', d.chair_position) as chair_position_label,
		o.held_at, c.code as chair, c.name as chair_name,
		(select count(*)::integer from ticket_workflow.duty_attendance w where w.occurrence_id = o.occurrence_id and w.present) as attendance,
		(select count(*)::integer from ticket_workflow.duty_attendance w where w.occurrence_id = o.occurrence_id and not w.present) as excused,
		(select count(distinct h)::integer
			from ticket_workflow.periodic_duty_attendee e,
				ticket_workflow.center_holders(o.center_id, e.relation, e.position, s.last_day) h
			where e.rulebook = o.rulebook and e.duty = o.duty) as expected,
		array(select p.name from ticket_workflow.duty_attendance w join ticket_workflow.official p on p.official_id = w.official_id
			where w.occurrence_id = o.occurrence_id and w.present order by p.official_id) as attendees,
		o.record, o.record_uri, o.marks, o.recorded_at, o.recorded_by, d.clause
	from ticket_workflow.duty_occurrence o
		join ticket_workflow.periodic_duty d on d.rulebook = o.rulebook and d.duty = o.duty
		left join ticket_workflow.center ce on ce.center_id = o.center_id
		left join ticket_workflow.official c on c.official_id = o.chair_id
		cross join lateral (
			select ticket_workflow.local_day(coalesce(o.held_at, ticket_workflow.now()), ce.calendar) as last_day,
				case when o.held_at is not null then case when o.held_at > o.due_at then 'done_late' else 'done' end
					when o.due_at < ticket_workflow.now() then 'overdue'
					else 'open' end as duty_status) s;
comment on view ticket_workflow.periodic_duty_overview is
	'Each occurrence of the periodic duties (3.4, 3.7): meetings and trainings with due day, chair, attendance and record';

create or replace view ticket_workflow.vacant_post with (security_invoker = true) as
	with here as materialized (
		select ce.center_id, ce.code, ce.name, d.day, r.rulebook
		from ticket_workflow.center ce
			cross join lateral (select ticket_workflow.local_day(ticket_workflow.now(), ce.calendar) as day) d
			join ticket_workflow.center_rulebook r on r.center_id = ce.center_id and r.valid @> d.day
	), place as (
		select h.center_id, h.day, h.rulebook, o.organization_id, null::bigint as area_id,
			case o.kind when 'center' then 'center' when 'inspection' then 'inspection' else 'lead' end as relation
		from here h
			join ticket_workflow.organization o on o.center_id = h.center_id and o.kind in ('center', 'department', 'committee', 'inspection')
				and h.day between o.valid_from and coalesce(o.valid_until, 'infinity')
		union all
		select h.center_id, h.day, h.rulebook, ticket_workflow.center_organization(h.center_id), a.area_id, 'area'
		from here h join ticket_workflow.area a on a.center_id = h.center_id
		union all
		-- nobody can be told, since there is no such organization
		select h.center_id, h.day, h.rulebook, null, null, 'inspection'
		from here h
		where not exists (select from ticket_workflow.organization o where o.center_id = h.center_id and o.kind = 'inspection'
			and h.day between o.valid_from and coalesce(o.valid_until, 'infinity'))
	)
	select p.center_id, h.code as center, o.code as organization, o.name as organization_name,
		o.kind as organization_kind, ticket_workflow.label('organization_kind', o.kind) as organization_kind_label,
		a.code as area, a.name as area_name,
		n.relation, ticket_workflow.label('relation', n.relation) as relation_label,
		n."position", ticket_workflow.label('position', n."position") as position_label,
		n.needed_by, array(select ticket_workflow.label('needed_by', x) from unnest(n.needed_by) x) as needed_by_label,
		(select max(q.valid_until) + 1 from ticket_workflow.post q
			where q.organization_id = p.organization_id and q."position" = n."position" and q.area_id is not distinct from p.area_id
				and q.valid_until < p.day) as vacant_since
	from place p
		join here h on h.center_id = p.center_id
		join lateral ticket_workflow.needed_posts(p.rulebook) n on n.relation = p.relation
		left join ticket_workflow.organization o on o.organization_id = p.organization_id
		left join ticket_workflow.area a on a.area_id = p.area_id
	where not exists (
		select
		from ticket_workflow.post q
			cross join lateral ticket_workflow.acting_holders(q.post_id, p.day) w
		where q.organization_id = p.organization_id and q."position" = n."position" and q.area_id is not distinct from p.area_id
			and p.day between q.valid_from and coalesce(q.valid_until, 'infinity'));
comment on view ticket_workflow.vacant_post is
	'Posts that the rulebook in force needs (escalations, signatures, acts) and that nobody holds today, substitutes and standing deputies included';
