-- Returns (退单, 2.2): asked for by the handling side, decided by the center.
-- Inserted as a draft; a guarded UPDATE makes it a request, another decides it.

create sequence ticket_workflow.return_seq;

create table ticket_workflow.ticket_return (
	return_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	organization_id bigint not null references ticket_workflow.organization,
	ground text not null check (ground in ('out_of_area', 'out_of_duty')),
	-- to a platform above instead of back to the center
	upward text check (upward in ('district', 'city')),
	reason text not null,
	-- the department it should go to (应转派何部门)
	should_go_to text,
	state text not null check (state in ('draft', 'requested', 'granted', 'refused', 'withdrawn')),
	requested_at timestamptz,
	requested_by text,
	-- the n-th return of the ticket
	ordinal integer,
	decided_at timestamptz,
	decided_by text,
	decision_reason text,
	-- the center's own wrong dispatch: does not count
	own_error boolean not null default false,
	-- late, last_day, without_contact, unfounded, unverified: signs of an improper return (3.8.5)
	marks text[] not null default '{}',
	check ((state = 'draft') = (requested_at is null)),
	check ((state in ('draft', 'requested')) = (decided_at is null)),
	check (state = 'draft' or ordinal >= 1),
	check (not own_error or state = 'granted')
);
comment on table ticket_workflow.ticket_return is 'Returns of tickets: ground, reason, where it should go, and what became of it';
create index ticket_return_ticket on ticket_workflow.ticket_return (ticket_id, requested_at);
-- one request at a time
create unique index ticket_return_pending on ticket_workflow.ticket_return (ticket_id) where state = 'requested';
create index ticket_return_open on ticket_workflow.ticket_return (center_id, requested_at) where state = 'requested';
create index ticket_return_requested on ticket_workflow.ticket_return (center_id, requested_at) where requested_at is not null;
