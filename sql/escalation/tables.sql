-- What clocks said: escalations, notices to people, and how the sweep is doing.

create sequence ticket_workflow.escalation_seq;
create sequence ticket_workflow.notice_seq;
create sequence ticket_workflow.sweep_seq;

create table ticket_workflow.escalation (
	escalation_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	clock_id bigint not null references ticket_workflow.clock,
	clock text not null,
	level integer not null,
	purpose text not null check (purpose in ('warning', 'overdue', 'notice')),
	due_at timestamptz not null,
	-- when the level was reached; a late sweep changes noticed_at only
	reached_at timestamptz not null,
	noticed_at timestamptz not null,
	acknowledged_at timestamptz,
	acknowledged_by text,
	ended_at timestamptz,
	end_cause text,
	-- each level of each clock once, ever, per round (C4); a clock row is one round
	unique (clock_id, level)
);
comment on table ticket_workflow.escalation is 'Levels that were reached, each once per clock and round (C4)';
create index escalation_ticket on ticket_workflow.escalation (ticket_id);
create index escalation_open on ticket_workflow.escalation (center_id, reached_at) where ended_at is null;
create index escalation_reached on ticket_workflow.escalation (center_id, reached_at);

create table ticket_workflow.notice (
	notice_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint references ticket_workflow.ticket,
	escalation_id bigint references ticket_workflow.escalation,
	recipient_id bigint references ticket_workflow.official,
	-- where nobody holds the post: whom it was meant for
	recipient_post text,
	-- key of a message and its arguments: the text is made in the reader's language
	message text not null,
	args text[] not null default '{}',
	created_at timestamptz not null,
	-- quiet hours and digests: not before
	not_before timestamptz not null,
	lease_token uuid,
	lease_until timestamptz,
	attempts integer not null default 0,
	confirmed_at timestamptz
);
comment on table ticket_workflow.notice is 'Outbox of notices: taken with a lease, confirmed with its token';
create index notice_open on ticket_workflow.notice (not_before) where confirmed_at is null;
create index notice_ticket on ticket_workflow.notice (ticket_id);
create index notice_escalation on ticket_workflow.notice (escalation_id) where escalation_id is not null;

create table ticket_workflow.sweep_run (
	sweep_id bigint primary key,
	-- the real clock: this is about the machine, not about the desk
	started_at timestamptz not null,
	finished_at timestamptz,
	beat_at timestamptz not null,
	as_of timestamptz not null,
	backend integer not null,
	clocks integer not null default 0,
	escalations integer not null default 0,
	failures integer not null default 0
);
comment on table ticket_workflow.sweep_run is 'Heartbeat of the sweeps: one row per run';

create table ticket_workflow.sweep_failure (
	clock_id bigint primary key references ticket_workflow.clock,
	center_id bigint not null,
	failed_at timestamptz not null,
	-- set aside until then; doubled at each further failure
	retry_at timestamptz not null,
	failures integer not null,
	sqlstate text not null,
	message text not null
);
comment on table ticket_workflow.sweep_failure is 'Clocks set aside because their processing failed; they do not stop the others';
