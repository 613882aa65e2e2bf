-- Incidents (同一件事): tickets that say the same thing, linked by a person.

create sequence ticket_workflow.incident_seq;

create table ticket_workflow.incident (
	incident_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	title text,
	opened_at timestamptz not null,
	opened_by text,
	check (center_id = incident_id / 1000000000000)
);
comment on table ticket_workflow.incident is 'Incidents (同一件事) that tickets are linked to by a person (2.3.6)';
create index incident_center on ticket_workflow.incident (center_id, opened_at);

create table ticket_workflow.incident_ticket (
	incident_id bigint not null references ticket_workflow.incident,
	ticket_id bigint not null references ticket_workflow.ticket,
	center_id bigint not null,
	linked_at timestamptz not null,
	linked_by text,
	unlinked_at timestamptz,
	unlinked_by text,
	unlink_reason text,
	primary key (incident_id, ticket_id, linked_at),
	check (center_id = ticket_id / 1000000000000 and center_id = incident_id / 1000000000000),
	check ((unlinked_at is null) = (unlink_reason is null))
);
comment on table ticket_workflow.incident_ticket is 'Which tickets belong to an incident; a link taken away stays, with who did it and why';
-- a ticket is part of one incident at a time
create unique index incident_ticket_now on ticket_workflow.incident_ticket (ticket_id) where unlinked_at is null;
