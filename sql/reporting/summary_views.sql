-- Months, quarters, departments, repeated petitions: the figures of sql/reporting/figures.sql as views.
-- May touch: nothing. Columns are a contract: new ones are appended.
--
-- A row per center and span, whether something happened or not; a filter on center or month reaches the span before
-- anything is counted. "with apart" keeps the planner from taking the inner query apart, so that figures are counted
-- once a row, and those of the span before only where one of their columns is asked for.

create or replace view ticket_workflow.monthly_summary with (security_invoker = true) as
	select s.center_id, s.center, s.center_name, s.month,
		(s.figures).received, (s.figures).complaints, (s.figures).help_requests, (s.figures).suggestions, (s.figures).consultations,
		(s.figures).urgent, (s.figures).supervised, (s.figures).dispatched, (s.figures).completed,
		(s.figures).on_time, (s.figures).completed_late, (s.figures).target_missed, (s.figures).open_overdue, (s.figures).overdue,
		(s.figures).contacts_due, (s.figures).contacts_on_time, (s.figures).results_counted, (s.figures).results_solved,
		(s.figures).closed, (s.figures).transferred, (s.figures).withdrawn, (s.figures).merged,
		(s.figures).returns, (s.figures).returns_granted, (s.figures).returns_refused, (s.figures).returns_improper,
		(s.figures).reports_passed, (s.figures).reports_sent_back, (s.figures).reopened, (s.figures).rework,
		(s.figures).callbacks, (s.figures).answers, (s.figures).answers_weighed, (s.figures).solved_asked, (s.figures).solved_confirmed,
		(s.figures).on_time_rate, (s.figures).first_contact_rate, (s.figures).solution_rate, (s.figures).confirmed_rate,
		(s.figures).satisfaction, (s.figures).return_rate, (s.figures).rework_rate,
		(s.before).received as previous_received, (s.before).completed as previous_completed, (s.before).overdue as previous_overdue,
		(s.before).returns as previous_returns, (s.before).rework as previous_rework,
		(s.before).on_time_rate as previous_on_time_rate, (s.before).first_contact_rate as previous_first_contact_rate,
		(s.before).solution_rate as previous_solution_rate, (s.before).confirmed_rate as previous_confirmed_rate,
		(s.before).satisfaction as previous_satisfaction, (s.before).return_rate as previous_return_rate,
		(s.before).rework_rate as previous_rework_rate,
		ticket_workflow.share_of((s.figures).received - (s.before).received, (s.before).received) as received_change,
		ticket_workflow.share_of((s.figures).completed - (s.before).completed, (s.before).completed) as completed_change
	from (
		with apart as (select)
		select c.center_id, c.code as center, c.name as center_name, m.month, f as figures,
			(select b from ticket_workflow.period_figures(c.center_id, (m.month - interval '1 month')::date, m.month) b) as before
		from ticket_workflow.center c
			cross join lateral ticket_workflow.desk_months(c.center_id) as m (month)
			cross join lateral ticket_workflow.period_figures(c.center_id, m.month, (m.month + interval '1 month')::date) f
	) s;
comment on view ticket_workflow.monthly_summary is
	'A center''s month: what was received, completed, late, returned, reworked, and its rates, beside the month before; for those who see the whole center (3.2, 3.8)';

create or replace view ticket_workflow.quarterly_summary with (security_invoker = true) as
	select s.center_id, s.center, s.center_name, s.quarter,
		(s.figures).received, (s.figures).complaints, (s.figures).help_requests, (s.figures).suggestions, (s.figures).consultations,
		(s.figures).urgent, (s.figures).supervised, (s.figures).dispatched, (s.figures).completed,
		(s.figures).on_time, (s.figures).completed_late, (s.figures).target_missed, (s.figures).open_overdue, (s.figures).overdue,
		(s.figures).contacts_due, (s.figures).contacts_on_time, (s.figures).results_counted, (s.figures).results_solved,
		(s.figures).closed, (s.figures).transferred, (s.figures).withdrawn, (s.figures).merged,
		(s.figures).returns, (s.figures).returns_granted, (s.figures).returns_refused, (s.figures).returns_improper,
		(s.figures).reports_passed, (s.figures).reports_sent_back, (s.figures).reopened, (s.figures).rework,
		(s.figures).callbacks, (s.figures).answers, (s.figures).answers_weighed, (s.figures).solved_asked, (s.figures).solved_confirmed,
		(s.figures).on_time_rate, (s.figures).first_contact_rate, (s.figures).solution_rate, (s.figures).confirmed_rate,
		(s.figures).satisfaction, (s.figures).return_rate, (s.figures).rework_rate,
		(s.before).received as previous_received, (s.before).completed as previous_completed, (s.before).overdue as previous_overdue,
		(s.before).returns as previous_returns, (s.before).rework as previous_rework,
		(s.before).on_time_rate as previous_on_time_rate, (s.before).first_contact_rate as previous_first_contact_rate,
		(s.before).solution_rate as previous_solution_rate, (s.before).confirmed_rate as previous_confirmed_rate,
		(s.before).satisfaction as previous_satisfaction, (s.before).return_rate as previous_return_rate,
		(s.before).rework_rate as previous_rework_rate,
		ticket_workflow.share_of((s.figures).received - (s.before).received, (s.before).received) as received_change,
		ticket_workflow.share_of((s.figures).completed - (s.before).completed, (s.before).completed) as completed_change
	from (
		with apart as (select)
		select c.center_id, c.code as center, c.name as center_name, q.quarter, f as figures,
			(select b from ticket_workflow.period_figures(c.center_id, (q.quarter - interval '3 months')::date, q.quarter) b) as before
		from ticket_workflow.center c
			cross join lateral (select distinct date_trunc('quarter', m)::date as quarter from ticket_workflow.desk_months(c.center_id) m) q
			cross join lateral ticket_workflow.period_figures(c.center_id, q.quarter, (q.quarter + interval '3 months')::date) f
	) s;
comment on view ticket_workflow.quarterly_summary is
	'A center''s quarter, which the principal leader hears of, counted as monthly_summary counts (3.4)';

create or replace view ticket_workflow.department_performance with (security_invoker = true) as
	select c.center_id, c.code as center, m.month, f.department_id, o.code as department, o.name as department_name,
		o.kind as organization_kind, ticket_workflow.label('organization_kind', o.kind) as organization_kind_label,
		f.received, f.complaints, f.help_requests, f.suggestions, f.consultations, f.urgent, f.supervised,
		f.dispatched, f.completed, f.on_time, f.completed_late, f.target_missed, f.open_overdue, f.overdue,
		f.contacts_due, f.contacts_on_time, f.results_counted, f.results_solved,
		f.closed, f.transferred, f.withdrawn, f.merged,
		f.returns, f.returns_granted, f.returns_refused, f.returns_improper,
		f.reports_passed, f.reports_sent_back, f.reopened, f.rework,
		f.callbacks, f.answers, f.answers_weighed, f.solved_asked, f.solved_confirmed,
		f.on_time_rate, f.first_contact_rate, f.solution_rate, f.confirmed_rate, f.satisfaction, f.return_rate, f.rework_rate
	from ticket_workflow.center c
		cross join lateral ticket_workflow.desk_months(c.center_id) as m (month)
		cross join lateral ticket_workflow.period_figures(c.center_id, m.month, (m.month + interval '1 month')::date, true) f
		left join ticket_workflow.organization o on o.organization_id = f.department_id
	where f.received + f.dispatched + f.completed + f.open_overdue + f.closed + f.transferred + f.withdrawn + f.merged + f.returns
		+ f.reports_passed + f.reports_sent_back + f.reopened + f.callbacks > 0;
comment on view ticket_workflow.department_performance is
	'A department''s month, counted as monthly_summary counts, so that the departments of a month add up to it; one row without a department for what none has. For those who see the center or the department';

create or replace view ticket_workflow.repeat_petition with (security_invoker = true) as
	select c.center_id, c.code as center, m.month, r.repeat_kind, ticket_workflow.label('repeat_kind', r.repeat_kind) as repeat_kind_label,
		case r.repeat_kind when 'same_person' then '2.3.6.1' when 'several_persons' then '2.3.6.2' else '2.3.6.3' end as clause,
		y.code as matter, y.name as matter_name, r.incident_id, p.name_masked, p.phone_masked,
		cardinality(r.ticket_ids) as tickets, r.persons::integer as persons, r.matters::integer as matters,
		s.open_tickets, s.first_received_at, s.last_received_at, s.ticket_numbers,
		r.latest_id as ticket_id, coalesce(t.external_no, t.ticket_id::text) as ticket_number, t.place,
		o.code as lead_department, o.name as lead_department_name
	from ticket_workflow.center c
		cross join lateral ticket_workflow.desk_months(c.center_id) as m (month)
		cross join lateral ticket_workflow.month_repeats(c.center_id, m.month) r
		join ticket_workflow.ticket t on t.ticket_id = r.latest_id
		cross join lateral (
			select count(*) filter (where ticket_workflow.is_open_state(x.state))::integer as open_tickets,
				min(x.received_at) as first_received_at, max(x.received_at) as last_received_at,
				array_agg(coalesce(x.external_no, x.ticket_id::text) order by x.received_at, x.ticket_id) as ticket_numbers
			from ticket_workflow.ticket x where x.ticket_id = any (r.ticket_ids)) s
		left join ticket_workflow.matter y on y.matter_id = r.matter_id
		left join ticket_workflow.petitioner p on p.petitioner_id = r.petitioner_id
		left join ticket_workflow.organization o on o.organization_id = t.lead_department_id;
comment on view ticket_workflow.repeat_petition is
	'Petitions that repeat, by the month of their latest ticket: one person again and again, several persons, one person with several matters; for those who see the whole center (2.3.6)';
