-- Decisions of dispatch and departments that assist.

create sequence ticket_workflow.assist_seq;

create table ticket_workflow.dispatch_decision (
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	center_id bigint not null,
	department_id bigint not null references ticket_workflow.organization,
	principle text not null,
	reason text,
	-- what resolve_dispatch() recommended and why, as it was shown to the dispatcher
	recommended_id bigint references ticket_workflow.organization,
	explanation jsonb,
	decided_at timestamptz not null,
	decided_by text,
	primary key (ticket_id, dispatch_round)
);
comment on table ticket_workflow.dispatch_decision is 'Each dispatch of a ticket: department, principle, reason, and the recommendation beside it (2.1)';
create index dispatch_decision_decided on ticket_workflow.dispatch_decision (center_id, decided_at);
create index dispatch_decision_department on ticket_workflow.dispatch_decision (department_id);

create table ticket_workflow.ticket_assist (
	assist_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	organization_id bigint not null references ticket_workflow.organization,
	asked_at timestamptz not null,
	due_at timestamptz,
	task text,
	done_at timestamptz,
	result text,
	unique (ticket_id, organization_id)
);
comment on table ticket_workflow.ticket_assist is 'Assisting departments (协办部门) of a ticket, what was asked and what they did (2.3.1)';
create index ticket_assist_organization on ticket_workflow.ticket_assist (organization_id);
-- what still waits: few rows of many
create index ticket_assist_open on ticket_workflow.ticket_assist (center_id, due_at) where done_at is null;
