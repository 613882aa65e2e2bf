-- Views of what clocks said: open escalations, and all of them.
-- May touch: nothing. Columns are a contract: new ones are appended.

create or replace view ticket_workflow.escalation_history with (security_invoker = true) as
	select e.escalation_id, e.center_id, ce.code as center, e.ticket_id,
		coalesce(e.external_no, e.ticket_id::text) as ticket_number,
		e.clock_id, e.clock, ticket_workflow.label('clock', e.clock) as clock_label, e.round,
		e.level, e.purpose, ticket_workflow.label('purpose', e.purpose) as purpose_label,
		e.due_at, e.due_on,
		e.reached_at, e.noticed_at,
		case when e.ended_at is not null then 'ended' when e.acknowledged_at is not null then 'acknowledged' else 'open' end as escalation_status,
		ticket_workflow.label('escalation_status', case when e.ended_at is not null then 'ended'
			when e.acknowledged_at is not null then 'acknowledged' else 'open' end) as escalation_status_label,
		e.acknowledged_at, e.acknowledged_by,
		case when e.acknowledged_by is not null then
			(select p.name from ticket_workflow.official p where p.code = e.acknowledged_by) end as acknowledged_by_name,
		e.acknowledge_note,
		e.ended_at, e.end_cause, ticket_workflow.label('end_cause', e.end_cause) as end_cause_label,
		e.recipients, e.vacant_posts,
		case when e.vacant_posts = '{}' then '{}'::text[] else
			array(select ticket_workflow.post_label(v) from unnest(e.vacant_posts) v) end as vacant_posts_label,
		e.state, ticket_workflow.label('state', e.state) as state_label,
		e.category, ticket_workflow.label('category', e.category) as category_label,
		e.handling_class, ticket_workflow.label('handling_class', e.handling_class) as handling_class_label,
		e.urgent, e.received_at,
		o.code as lead_department, o.name as lead_department_name,
		a.code as area, a.name as area_name
	from (
			-- each ticket by its key (offset 0): under row security the planner would else scan all of them for the sake of
			-- the open ones; and "with apart" keeps the names' joins out of that loop
			with apart as (select)
			select x.*, t.external_no, t.state, t.category, t.handling_class, t.urgent, t.received_at, t.lead_department_id, t.area_id
			from ticket_workflow.escalation x
				cross join lateral (select y.* from ticket_workflow.ticket y where y.ticket_id = x.ticket_id offset 0) t
		) e
		left join ticket_workflow.center ce on ce.center_id = e.center_id
		left join ticket_workflow.organization o on o.organization_id = e.lead_department_id
		left join ticket_workflow.area a on a.area_id = e.area_id;
comment on view ticket_workflow.escalation_history is
	'Every level of every clock that was reached: when, whom it told, who took it on, and how it ended (C4)';

create or replace view ticket_workflow.escalation_overview with (security_invoker = true) as
	select h.escalation_id, h.center_id, h.center, h.ticket_id, h.ticket_number, h.clock_id, h.clock, h.clock_label, h.round,
		h.level, h.purpose, h.purpose_label, h.due_at, h.due_on, h.reached_at, h.noticed_at,
		floor(date_part('epoch', ticket_workflow.now() - h.reached_at) / 60)::integer as minutes_open,
		h.escalation_status, h.escalation_status_label, h.acknowledged_at, h.acknowledged_by, h.acknowledged_by_name,
		h.acknowledge_note, h.recipients, h.vacant_posts, h.vacant_posts_label, h.state, h.state_label, h.category, h.category_label,
		h.handling_class, h.handling_class_label, h.urgent, h.received_at,
		h.lead_department, h.lead_department_name, h.area, h.area_name
	from ticket_workflow.escalation_history h
	where h.ended_at is null;
comment on view ticket_workflow.escalation_overview is 'Escalations whose cause goes on: for how long, whom they told, and whether somebody took them on';

-- What the outbox could not get rid of: failed and tried again, given up. Its words as the consumer gets them.
create or replace view ticket_workflow.undelivered_notice with (security_invoker = true) as
	select n.notice_id, n.center_id, ce.code as center,
		case when n.close_reason = 'given_up' then 'given_up' else 'failing' end as notice_status,
		ticket_workflow.label('notice_status', case when n.close_reason = 'given_up' then 'given_up' else 'failing' end) as notice_status_label,
		o.code as recipient, o.name as recipient_name, n.recipient_post,
		n.ticket_id, coalesce(t.external_no, t.ticket_id::text) as ticket_number, n.escalation_id, n.message,
		ticket_workflow.notice_text(n.message, n.args, coalesce(t.rulebook, ticket_workflow.notice_rulebook(n.center_id))) as notice_text,
		n.created_at, n.not_before, n.expires_at, n.attempts, n.failures, n.failed_at, n.last_error, n.retry_at,
		case when n.close_reason = 'given_up' then n.closed_at end as given_up_at
	from ticket_workflow.notice n
		left join ticket_workflow.ticket t on t.ticket_id = n.ticket_id
		left join ticket_workflow.center ce on ce.center_id = n.center_id
		left join ticket_workflow.official o on o.official_id = n.recipient_id
	where n.close_reason = 'given_up'
		or n.confirmed_at is null and n.closed_at is null and n.attempts > 0 and n.failures > 0;
comment on view ticket_workflow.undelivered_notice is
	'Notices whose delivery failed: those that are tried again, and those that were given up (retry_notices)';
