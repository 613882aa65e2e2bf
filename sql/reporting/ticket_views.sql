-- The view of tickets. Personal data are masked; reveal_petitioner() shows the rest and says to whom.
-- May touch: nothing. Columns are a contract: new ones are appended.

create or replace view ticket_workflow.ticket_overview with (security_invoker = true) as
	select t.ticket_id, t.center_id, ce.code as center,
		coalesce(t.external_no, t.ticket_id::text) as ticket_number,
		t.source, ticket_workflow.label('source', t.source) as source_label, t.external_no, t.external_round,
		t.kind, ticket_workflow.label('kind', t.kind) as kind_label,
		t.supervised_by, ticket_workflow.label('supervised_by', t.supervised_by) as supervised_by_label,
		t.category, ticket_workflow.label('category', t.category) as category_label,
		t.handling_class, ticket_workflow.label('handling_class', t.handling_class) as handling_class_label,
		t.urgent, m.code as matter, m.name as matter_name, a.code as area, a.name as area_name,
		t.in_territory, t.place, t.appeal, p.name_masked, p.phone_masked, p.address_masked,
		t.received_at, t.recorded_at, t.received_on, ticket_workflow.label('received_on', t.received_on) as received_on_label,
		t.platform_due_at,
		t.state, ticket_workflow.label('state', t.state) as state_label, t.state_at, t.state_reason,
		t.dispatch_round, t.first_dispatched_at, t.dispatched_at,
		o.code as lead_department, o.name as lead_department_name,
		t.dispatch_principle as principle, ticket_workflow.label('principle', t.dispatch_principle) as principle_label,
		lp.code as lead_person, lp.name as lead_person_name,
		t.accepted_at, t.accepted_deemed, t.reported_at, t.completed_at, t.closed_at, t.reopenings, t.imported, t.rulebook,
		-- scalar subqueries: whoever does not ask for the column does not pay for it
		(select c.due_at from ticket_workflow.clock c
			where c.ticket_id = t.ticket_id and c.clock in ('completion', 'urgent_completion')
			order by c.started_at desc, c.clock_id desc limit 1) as due_at,
		(select c.due_on from ticket_workflow.clock c
			where c.ticket_id = t.ticket_id and c.clock in ('completion', 'urgent_completion')
			order by c.started_at desc, c.clock_id desc limit 1) as due_on,
		(select count(*)::integer from ticket_workflow.clock c
			where c.ticket_id = t.ticket_id and c.status = 'running' and c.due_at < ticket_workflow.now()
				and ticket_workflow.makes_late(c.clock)) as overdue_clocks,
		(select count(*)::integer from ticket_workflow.escalation e
			where e.ticket_id = t.ticket_id and e.ended_at is null) as open_escalations,
		(select count(*)::integer from ticket_workflow.ticket_return r
			where r.ticket_id = t.ticket_id and r.state in ('requested', 'granted', 'refused')) as returns
	from ticket_workflow.ticket t
		join ticket_workflow.center ce on ce.center_id = t.center_id
		left join ticket_workflow.organization o on o.organization_id = t.lead_department_id
		left join ticket_workflow.area a on a.area_id = t.area_id
		left join ticket_workflow.matter m on m.matter_id = t.matter_id
		left join ticket_workflow.petitioner p on p.petitioner_id = t.petitioner_id
		left join ticket_workflow.official lp on lp.official_id = t.lead_person_id;
comment on view ticket_workflow.ticket_overview is
	'Every ticket: what it is about, where it stands, who leads, when it is due; the petitioner masked';
