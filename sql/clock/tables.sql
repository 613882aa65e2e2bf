-- Clocks: what runs, since when, until when. The norm's table of clocks (requirements, section 3)
-- stands here as product rows; the amounts stand in the rulebook (clock_limit).

create sequence ticket_workflow.clock_seq;

create table ticket_workflow.clock_kind (
	clock text primary key,
	ordinal integer not null unique,
	of text not null check (of in ('ticket', 'department')),
	-- clocks that end by a recorded fact, not by a change of state
	by_fact boolean not null,
	-- runs only where the petitioner can be reached
	needs_contact boolean not null,
	-- does not start where that one runs
	replaced_by text,
	-- where its time runs out the matter is decided (deemed acceptance), nobody is late
	expires boolean not null,
	-- what reaching the due time means to other clocks
	due_event text,
	clause text not null
);
comment on table ticket_workflow.clock_kind is 'Product table: the clocks of the norm';

create table ticket_workflow.clock_carrier (
	clock text not null references ticket_workflow.clock_kind,
	state text not null references ticket_workflow.ticket_state,
	primary key (clock, state)
);
comment on table ticket_workflow.clock_carrier is 'Product table: in which states a clock may run (C3); entering any other ends it';

create table ticket_workflow.clock_event (
	event text not null,
	clock text not null references ticket_workflow.clock_kind,
	effect text not null check (effect in ('start', 'stop', 'hold', 'release', 'pause', 'resume')),
	-- null: for every handling class
	handling_class text,
	primary key (event, clock)
);
comment on table ticket_workflow.clock_event is
	'Product table: what an event does to a clock. hold = stopped as of now, to be confirmed by a stop; release = runs on as if never held; resume = runs on with what was left';

create table ticket_workflow.clock (
	clock_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	clock text not null references ticket_workflow.clock_kind,
	-- the n-th time this clock runs for this ticket
	round integer not null,
	dispatch_round integer not null,
	department_id bigint references ticket_workflow.organization,
	status text not null check (status in ('running', 'paused', 'held', 'met', 'late', 'expired', 'cancelled')),
	started_at timestamptz not null,
	-- where the limit is counted from: the start, or the moment at which a paused clock resumed with what was left
	counted_from timestamptz not null,
	limit_kind text not null,
	amount integer,
	at_time time,
	roll boolean not null,
	calendar text not null references ticket_workflow.calendar (code),
	clause text not null,
	due_at timestamptz not null,
	due_on date not null,
	-- the version of the calendar that due_at was computed with: an older one is computed again (T5)
	calendar_version bigint not null,
	-- reaches into a year that no source has published (T4)
	provisional boolean not null,
	-- an extension or a resumed window: the limit is no longer the rulebook's
	adjusted boolean not null default false,
	-- the due time was reached and its due_event has happened
	due_done boolean not null default false,
	stopped_at timestamptz,
	-- the next level or the due time, whichever comes first: when the sweep must look
	next_at timestamptz,
	unique (ticket_id, clock, round),
	check (center_id = ticket_id / 1000000000000),
	check (status = 'running' or next_at is null),
	check ((stopped_at is null) = (status = 'running'))
);
comment on table ticket_workflow.clock is 'Clocks of tickets, with all that is needed to compute the due time again (C1)';
create index clock_next on ticket_workflow.clock (next_at) where next_at is not null;
create index clock_running on ticket_workflow.clock (center_id, due_at) where status = 'running';
create index clock_open on ticket_workflow.clock (calendar, calendar_version) where status in ('running', 'paused', 'held');
-- the one clock that runs on in a ticket that is no longer open (sql/reporting/clock_views.sql)
create index clock_urgent on ticket_workflow.clock (ticket_id) where status = 'running' and clock = 'urgent_completion';
-- ended late, lately (3.8.4); those that still run are in clock_running
create index clock_late on ticket_workflow.clock (center_id, stopped_at) where status = 'late';

-- Extensions (section 8, Limits): asked for by the handling department, in force with its head's signature.
-- Inserted as a draft; a guarded UPDATE makes it a request, another grants it and moves the clock.
create sequence ticket_workflow.extension_seq;

create table ticket_workflow.limit_extension (
	extension_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	organization_id bigint not null references ticket_workflow.organization,
	clock_id bigint not null references ticket_workflow.clock,
	working_days integer not null,
	reason text not null,
	state text not null check (state in ('draft', 'requested', 'granted', 'withdrawn')),
	requested_at timestamptz,
	requested_by text,
	-- granted or withdrawn
	ended_at timestamptz,
	old_due_at timestamptz,
	new_due_at timestamptz,
	check (center_id = ticket_id / 1000000000000),
	check ((state = 'draft') = (requested_at is null)),
	check ((state in ('draft', 'requested')) = (ended_at is null)),
	check ((state = 'granted') = (new_due_at is not null)),
	check ((new_due_at is null) = (old_due_at is null))
);
comment on table ticket_workflow.limit_extension is
	'Extensions of a ticket''s completion limit: who asked for how many working days and why, old and new due time (2.3.2.2, ours)';
create index limit_extension_ticket on ticket_workflow.limit_extension (ticket_id);
create index limit_extension_clock on ticket_workflow.limit_extension (clock_id);
-- one request at a time
create unique index limit_extension_pending on ticket_workflow.limit_extension (ticket_id) where state = 'requested';
