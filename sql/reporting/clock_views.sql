-- Views of what runs, what is late and what will be: the open desk.
-- May touch: nothing. Columns are a contract: new ones are appended.
--
-- Their plans begin with the few running clocks and never scan the tickets; labels come from C, row by row.

-- The clocks that only close a window or tell a leader make nobody late when they run out.
create or replace function ticket_workflow.makes_late(clock text) returns boolean
	language sql immutable parallel safe
	return makes_late.clock not in ('return_window', 'leader_notice', 'principal_notice');
comment on function ticket_workflow.makes_late(text) is
	'Whether somebody is late when this clock runs out; not where a window closes or leaders are told (2.2.2, 3.3)';

create or replace view ticket_workflow.running_clock with (security_invoker = true) as
	select c.clock_id, t.center_id, t.center, t.ticket_id,
		coalesce(t.external_no, t.ticket_id::text) as ticket_number,
		c.clock, ticket_workflow.label('clock', c.clock) as clock_label, c.round,
		c.started_at, c.due_at, c.due_on,
		floor(date_part('epoch', c.due_at - ticket_workflow.now()) / 60)::integer as minutes_left,
		c.due_at < ticket_workflow.now() and ticket_workflow.makes_late(c.clock) as overdue,
		c.limit_kind, ticket_workflow.label('limit_kind', c.limit_kind) as limit_kind_label, c.amount, c.at_time,
		c.provisional, c.adjusted, c.calendar, c.clause,
		t.state, ticket_workflow.label('state', t.state) as state_label,
		t.source, ticket_workflow.label('source', t.source) as source_label,
		t.kind, ticket_workflow.label('kind', t.kind) as kind_label,
		t.category, ticket_workflow.label('category', t.category) as category_label,
		t.handling_class, ticket_workflow.label('handling_class', t.handling_class) as handling_class_label,
		t.urgent, t.received_at,
		t.lead_department, t.lead_department_name,
		t.area, t.area_name,
		-- few tickets have one: looked up for those, not joined to all
		case when t.lead_person_id is not null then
			(select p.code from ticket_workflow.official p where p.official_id = t.lead_person_id) end as lead_person,
		case when t.lead_person_id is not null then
			(select p.name from ticket_workflow.official p where p.official_id = t.lead_person_id) end as lead_person_name
	from (
			-- The tickets first, with their names, then each one's clocks ("with apart" keeps it so, and lets a condition on the
			-- ticket through): who sees few tickets is asked for these, not for the tickets of all running clocks.
			with apart as (select)
			select x.*, ce.code as center, o.code as lead_department, o.name as lead_department_name, a.code as area, a.name as area_name
			from (
					-- C3 in words that the partial index ticket_open knows: a clock runs in an open state ...
					select t.ticket_id, t.center_id, t.external_no, t.state, t.source, t.kind, t.category, t.handling_class, t.urgent,
						t.received_at, t.lead_department_id, t.area_id, t.lead_person_id
					from ticket_workflow.ticket t
					where ticket_workflow.is_open_state(t.state)
					union all
					-- ... or it waits for an urgent completion to be reported to the district platform
					select t.ticket_id, t.center_id, t.external_no, t.state, t.source, t.kind, t.category, t.handling_class, t.urgent,
						t.received_at, t.lead_department_id, t.area_id, t.lead_person_id
					from ticket_workflow.clock c
						join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
					where c.status = 'running' and c.clock = 'urgent_completion' and t.state = 'completed'
				) x
				-- all left joins: an inner one to a table of one row would make the planner expect a row or two, and loop
				left join ticket_workflow.center ce on ce.center_id = x.center_id
				left join ticket_workflow.organization o on o.organization_id = x.lead_department_id
				left join ticket_workflow.area a on a.area_id = x.area_id
		) t
		cross join lateral (
			with apart as (select)
			select k.clock_id, k.clock, k.round, k.started_at, k.due_at, k.due_on, k.limit_kind, k.amount, k.at_time,
				k.provisional, k.adjusted, k.calendar, k.clause
			from ticket_workflow.clock k
			where k.ticket_id = t.ticket_id and k.status = 'running'
		) c;
comment on view ticket_workflow.running_clock is 'Every running clock with its ticket, due time and what is left of it';

create or replace view ticket_workflow.overdue_ticket with (security_invoker = true) as
	select r.ticket_id, r.center_id, r.center, r.ticket_number, r.clock_id, r.clock, r.clock_label, r.round,
		r.due_at, r.due_on, -r.minutes_left as minutes_late,
		ticket_workflow.working_days_between(r.due_on,
			(ticket_workflow.now() at time zone k.zone)::date, r.calendar) as working_days_late,
		-- 日清日结 is striven for: missed, not broken (3.1)
		r.clock = 'completion' and r.handling_class = 'same_day' as target_only,
		r.state, r.state_label, r.source, r.source_label, r.kind, r.kind_label, r.category, r.category_label,
		r.handling_class, r.handling_class_label, r.urgent, r.received_at,
		r.lead_department, r.lead_department_name, r.area, r.area_name,
		r.lead_person, r.lead_person_name, r.clause
	from ticket_workflow.running_clock r
		left join ticket_workflow.calendar k on k.code = r.calendar
	where r.due_at < ticket_workflow.now() and ticket_workflow.makes_late(r.clock);
comment on view ticket_workflow.overdue_ticket is
	'Open tickets with an overdue clock, one row for each such clock: how late, and who leads (T3, 3.8.4)';

create or replace view ticket_workflow.due_soon with (security_invoker = true) as
	with horizon as materialized (
		-- the end of the next working day, once per center
		select ce.center_id,
			ticket_workflow.due_at(ticket_workflow.now(), 'working_days', 1, null, ce.calendar) as until
		from ticket_workflow.center ce
	)
	select r.ticket_id, r.center_id, r.center, r.ticket_number, r.clock_id, r.clock, r.clock_label, r.round,
		r.due_at, r.due_on, r.minutes_left,
		case when r.due_at <= h.until then 'next_working_day' else 'warned' end as due_reason,
		ticket_workflow.label('due_reason', case when r.due_at <= h.until then 'next_working_day' else 'warned' end) as due_reason_label,
		r.state, r.state_label, r.source, r.source_label, r.kind, r.kind_label, r.category, r.category_label,
		r.handling_class, r.handling_class_label, r.urgent, r.received_at,
		r.lead_department, r.lead_department_name, r.area, r.area_name, r.clause
	from ticket_workflow.running_clock r
		left join horizon h on h.center_id = r.center_id
	-- a condition of the row, not a join: how many clocks run and are due later no statistics tell, and a join guessed
	-- to be of a few rows took a minute
	where r.due_at >= ticket_workflow.now()
		and (r.due_at <= h.until
			or r.clock_id in (select e.clock_id from ticket_workflow.escalation e where e.ended_at is null and e.purpose = 'warning'));
comment on view ticket_workflow.due_soon is
	'Running clocks that are due by the end of the next working day, or whose warning was raised';
