-- What happened to a ticket, row by row, chained by hashes. Append-only.

create table ticket_workflow.journal (
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	seq integer not null,
	occurred_at timestamptz not null,
	recorded_at timestamptz not null,
	-- the official; null: the system itself (a sweep, a deemed acceptance)
	actor text,
	caller text not null,
	session_role text not null,
	kind text not null,
	clause text,
	from_state text,
	to_state text,
	-- never personal data
	details jsonb not null default '{}',
	version smallint not null,
	hash bytea not null,
	primary key (ticket_id, seq)
);
comment on table ticket_workflow.journal is
	'Append-only: one row per thing that happened to a ticket; hash over the row and the hash before it';
create index journal_recorded on ticket_workflow.journal using brin (recorded_at);
-- the figures of a month count what the ticket's row does not keep
create index journal_reopened on ticket_workflow.journal (center_id, occurred_at) where kind = 'reopen';
