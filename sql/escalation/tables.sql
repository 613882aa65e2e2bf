-- What clocks said: escalations, notices to people, and how the sweep is doing.

create sequence ticket_workflow.escalation_seq;
create sequence ticket_workflow.notice_seq;
create sequence ticket_workflow.sweep_seq;

create table ticket_workflow.escalation (
	escalation_id bigint primary key,
	center_id bigint not null,
	-- the clock's, which refers to the ticket: a second reference would only cost (check_integrity() compares them)
	ticket_id bigint not null,
	clock_id bigint not null references ticket_workflow.clock,
	clock text not null,
	round integer not null,
	level integer not null,
	purpose text not null check (purpose in ('warning', 'overdue', 'notice')),
	-- as it stood then
	due_at timestamptz not null,
	due_on date not null,
	-- when the level was reached; a late sweep changes noticed_at only
	reached_at timestamptz not null,
	noticed_at timestamptz not null,
	-- whom it told, by the names they had, and relation:position of the posts that nobody held
	recipients text[] not null,
	vacant_posts text[] not null,
	-- the first who took it on, and what he said
	acknowledged_at timestamptz,
	acknowledged_by text,
	acknowledge_note text,
	-- when its cause ended; before reached_at where a fact was entered later than it happened
	ended_at timestamptz,
	end_cause text,
	-- each level of each clock once, ever, per round (C4); a clock row is one round
	unique (clock_id, level),
	check (center_id = ticket_id / 1000000000000),
	check ((ended_at is null) = (end_cause is null)),
	check ((acknowledged_at is null) = (acknowledged_by is null))
);
comment on table ticket_workflow.escalation is 'Levels that were reached, each once per clock and round (C4)';
create index escalation_ticket on ticket_workflow.escalation (ticket_id);
create index escalation_open on ticket_workflow.escalation (center_id, reached_at) where ended_at is null;
create index escalation_warned on ticket_workflow.escalation (clock_id) where ended_at is null and purpose = 'warning';
create index escalation_reached on ticket_workflow.escalation (center_id, reached_at);

create table ticket_workflow.notice (
	notice_id bigint primary key,
	center_id bigint not null,
	-- the escalation's, where there is one; no reference, as above
	ticket_id bigint,
	escalation_id bigint references ticket_workflow.escalation,
	recipient_id bigint references ticket_workflow.official,
	-- where nobody holds the post: relation:position it was meant for
	recipient_post text,
	-- key of a message and its arguments: the text is made in the reader's language,
	-- an argument @domain:code is shown by its label
	message text not null,
	args text[] not null default '{}',
	-- those of one recipient go out together
	digest boolean not null default false,
	created_at timestamptz not null,
	-- quiet hours and digests: not before
	not_before timestamptz not null,
	lease_token uuid,
	lease_until timestamptz,
	attempts integer not null default 0,
	confirmed_at timestamptz,
	-- the position in which the recipient is told, for the choice of the channel; null: as the person he is
	position text,
	-- past its use from then on, by the desk's clock
	expires_at timestamptz,
	-- not sent once its escalation has ended
	until_ended boolean not null default false,
	-- what the consumer said of an attempt that failed; not tried again before retry_at, by the real clock
	failures integer not null default 0,
	failed_at timestamptz,
	last_error text,
	retry_at timestamptz,
	-- not sent, and no longer to be sent
	closed_at timestamptz,
	close_reason text constraint notice_close_reason check (close_reason in ('expired', 'cause_ended', 'given_up')),
	check (recipient_id is not null or recipient_post is not null),
	check ((lease_token is null) = (lease_until is null)),
	constraint notice_closed check ((closed_at is null) = (close_reason is null)),
	constraint notice_settled_once check (confirmed_at is null or closed_at is null)
);
comment on table ticket_workflow.notice is
	'Outbox of notices: taken with a lease, confirmed or found failed with its token, closed when past its use or given up';
create index notice_open on ticket_workflow.notice (not_before) where confirmed_at is null and closed_at is null;
create index notice_digest on ticket_workflow.notice (recipient_id) where confirmed_at is null and closed_at is null and digest;
create index notice_token on ticket_workflow.notice (lease_token) where confirmed_at is null and lease_token is not null;
-- those that a sweep looks at again: past their use, tried before, given up
create index notice_expires on ticket_workflow.notice (expires_at)
	where confirmed_at is null and closed_at is null and expires_at is not null;
create index notice_tried on ticket_workflow.notice (center_id) where confirmed_at is null and closed_at is null and attempts > 0;
create index notice_given_up on ticket_workflow.notice (center_id, closed_at) where close_reason = 'given_up';
-- for purge_notices()
create index notice_settled on ticket_workflow.notice (center_id, coalesce(confirmed_at, closed_at))
	where coalesce(confirmed_at, closed_at) is not null;
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
	batches integer not null default 0,
	clocks integer not null default 0,
	escalations integer not null default 0,
	failures integer not null default 0
);
comment on table ticket_workflow.sweep_run is 'Heartbeat of the sweeps: one row per run, kept for a month';

create table ticket_workflow.sweep_day (
	center_id bigint primary key references ticket_workflow.center,
	-- local day of the center whose daily part is done
	done_on date not null,
	-- first day of the month in which the missing year was last told (T4)
	year_told_on date
);
comment on table ticket_workflow.sweep_day is 'What sweeps do once a day for each center, and when they last did it';

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
