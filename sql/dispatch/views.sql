-- What was asked of assisting departments (2.3.1), done or not.
-- May touch: nothing. Columns are a contract: new ones are appended.

create or replace view ticket_workflow.assistance_overview with (security_invoker = true) as
	select a.ticket_id, a.center_id, ce.code as center, coalesce(a.external_no, a.ticket_id::text) as ticket_number,
		a.assist_id, h.code as assisting_department, h.name as assisting_department_name,
		l.code as lead_department, l.name as lead_department_name,
		a.state, ticket_workflow.label('state', a.state) as state_label,
		a.task, a.asked_at, a.due_at, ticket_workflow.due_on(a.due_at, ce.calendar) as due_on,
		a.done_at, a.result,
		-- done late, or not done and due
		coalesce(coalesce(a.done_at, ticket_workflow.now()) > a.due_at, false) as late
	from (
			-- each ticket by its key (offset 0), else all of them are read for the sake of these; the names afterwards
			with apart as (select)
			select x.*, t.external_no, t.state, t.lead_department_id
			from ticket_workflow.ticket_assist x
				cross join lateral (select y.* from ticket_workflow.ticket y where y.ticket_id = x.ticket_id offset 0) t
		) a
		join ticket_workflow.center ce on ce.center_id = a.center_id
		join ticket_workflow.organization h on h.organization_id = a.organization_id
		left join ticket_workflow.organization l on l.organization_id = a.lead_department_id;
comment on view ticket_workflow.assistance_overview is
	'What assisting departments (协办部门) were asked, by when, and what they did; done_at is null where the answer is still missing (2.3.1)';
comment on column ticket_workflow.assistance_overview.ticket_id is 'key of the ticket';
comment on column ticket_workflow.assistance_overview.center_id is 'key of the center';
comment on column ticket_workflow.assistance_overview.center is 'code of the operation center (城运中心)';
comment on column ticket_workflow.assistance_overview.ticket_number is 'the platform''s number of the ticket, else its key';
comment on column ticket_workflow.assistance_overview.assist_id is 'key of what was asked';
comment on column ticket_workflow.assistance_overview.assisting_department is 'code of the assisting department (协办部门)';
comment on column ticket_workflow.assistance_overview.assisting_department_name is 'name of the assisting department';
comment on column ticket_workflow.assistance_overview.lead_department is 'code of the lead department (首派部门)';
comment on column ticket_workflow.assistance_overview.lead_department_name is 'name of the lead department';
comment on column ticket_workflow.assistance_overview.state is 'state of the ticket';
comment on column ticket_workflow.assistance_overview.state_label is 'state in the language of language()';
comment on column ticket_workflow.assistance_overview.task is 'what was asked of it';
comment on column ticket_workflow.assistance_overview.asked_at is 'when it was asked: at the dispatch';
comment on column ticket_workflow.assistance_overview.due_at is 'due time; the end of a day is 00:00 of the next';
comment on column ticket_workflow.assistance_overview.due_on is 'last day of the limit, in the calendar''s zone';
comment on column ticket_workflow.assistance_overview.done_at is 'when it did its part, by record_assistance()';
comment on column ticket_workflow.assistance_overview.result is 'what it did';
comment on column ticket_workflow.assistance_overview.late is 'done after the due time, or not done and due';
