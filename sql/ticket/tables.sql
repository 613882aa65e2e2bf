-- The ticket, the person behind it, and what links tickets to each other.
-- State, clocks and journal follow from guarded UPDATEs of ticket (sql/ticket/guards.sql).

create sequence ticket_workflow.petitioner_seq;
create sequence ticket_workflow.ticket_seq;

create table ticket_workflow.petitioner (
	petitioner_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	name text,
	-- normalised once, by normalize_phone()
	phone text check (phone ~ '^[+]?[0-9]{3,20}(-[0-9]{1,6})?$'),
	phone_is_mobile boolean,
	phone_locality text check (phone_locality in ('local', 'non_local', 'unknown')),
	address text,
	name_masked text generated always as (ticket_workflow.mask_name(name)) stored,
	phone_masked text generated always as (ticket_workflow.mask_phone(phone)) stored,
	address_masked text generated always as (ticket_workflow.mask_address(address)) stored
);
comment on table ticket_workflow.petitioner is
	'Personal data, apart from the ticket; readers see the masked columns. A correction adds a row, none is overwritten';
create index petitioner_phone on ticket_workflow.petitioner (center_id, phone) where phone is not null;

create table ticket_workflow.ticket_state (
	state text primary key,
	ordinal integer not null unique,
	is_open boolean not null,
	terminal boolean not null
);
comment on table ticket_workflow.ticket_state is 'Product table: states of a ticket';

create table ticket_workflow.ticket_transition (
	from_state text not null references ticket_workflow.ticket_state,
	to_state text not null references ticket_workflow.ticket_state,
	act text not null,
	-- what the transition means to the clocks (clock_event)
	event text not null,
	needs_reason boolean not null,
	clause text not null,
	primary key (from_state, to_state, act)
);
comment on table ticket_workflow.ticket_transition is
	'Product table: the allowed changes of state; every other is refused (TW001). lifecycle_diagram() prints it';

create table ticket_workflow.ticket (
	ticket_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	rulebook text not null references ticket_workflow.rulebook,
	-- the platform's own number; it comes back under the same one as a further round
	source text not null check (source in ('city', 'district', 'center')),
	external_no text,
	external_round integer not null default 1 check (external_round >= 1),
	kind text not null check (kind in ('ordinary', 'supervised', 'callback_review')),
	-- which platform supervises a supervised ticket (督办)
	supervised_by text check (supervised_by in ('city', 'district')),
	category text not null check (category in ('complaint', 'help', 'suggestion', 'consultation')),
	handling_class text not null check (handling_class in ('ordinary', 'simple', 'same_day')),
	urgent boolean not null,
	matter_id bigint references ticket_workflow.matter,
	area_id bigint references ticket_workflow.area,
	in_territory boolean not null,
	place text,
	appeal text not null,
	petitioner_id bigint references ticket_workflow.petitioner,
	received_at timestamptz not null,
	recorded_at timestamptz not null,
	-- what the center's calendar called the day of receipt; kept, since calendars change
	received_on text not null check (received_on in ('working', 'rest')),
	platform_due_at timestamptz,
	given_limit_kind text check (given_limit_kind in
		('elapsed_minutes', 'service_minutes', 'working_days', 'calendar_days')),
	given_limit_amount integer check (given_limit_amount >= 0),

	state text not null references ticket_workflow.ticket_state,
	state_at timestamptz not null,
	-- with a change of state: which act it is, and why; the guard and the journal read them
	state_act text,
	state_reason text,

	dispatch_round integer not null default 0,
	first_dispatched_at timestamptz,
	dispatched_at timestamptz,
	lead_department_id bigint references ticket_workflow.organization,
	dispatch_principle text check (dispatch_principle in
		('statutory', 'duty', 'territorial', 'factual', 'association', 'fallback', 'exception')),
	dispatch_reason text,
	-- city-supervised tickets: the supervising leader who leads (2.3.5)
	lead_person_id bigint references ticket_workflow.official,
	accepted_at timestamptz,
	accepted_deemed boolean not null default false,
	-- the latest submission of a report; of the one that passed, once completed
	reported_at timestamptz,
	completed_at timestamptz,
	closed_at timestamptz,
	reopenings integer not null default 0,
	-- an existing desk's ticket: history kept, nothing fires for its past
	imported boolean not null default false,
	attributes jsonb not null default '{}',

	check (center_id = ticket_id / 1000000000000),
	check (kind = 'supervised' or supervised_by is null),
	check ((given_limit_kind is null) = (given_limit_amount is null)),
	check (state not in ('dispatched', 'accepted', 'return_requested', 'reported', 'rework', 'completed', 'closed')
		or lead_department_id is not null)
);
comment on table ticket_workflow.ticket is
	'Tickets (工单); changed through the API, judged by the guards of sql/ticket/guards.sql on every path';
create unique index ticket_external on ticket_workflow.ticket (center_id, source, external_no, external_round)
	where external_no is not null;
-- the open desk: small whatever the archive's size
create index ticket_open on ticket_workflow.ticket (center_id, state)
	where state in ('received', 'dispatched', 'accepted', 'return_requested', 'reported', 'rework');
create index ticket_received on ticket_workflow.ticket (center_id, received_at);
create index ticket_completed on ticket_workflow.ticket (center_id, completed_at) where completed_at is not null;
-- months of the figures (sql/reporting): what ended otherwise than by its report
create index ticket_closed on ticket_workflow.ticket (center_id, closed_at) where closed_at is not null;
create index ticket_ended on ticket_workflow.ticket (center_id, state_at) where state in ('transferred', 'withdrawn', 'merged');
create index ticket_matter on ticket_workflow.ticket (center_id, matter_id, received_at);
-- the same matter at the same place (2.3.6.2); hashed, since a place may be longer than a key
create index ticket_place on ticket_workflow.ticket (center_id, matter_id, hashtextextended(place, 0)) where place is not null;
create index ticket_lead on ticket_workflow.ticket (lead_department_id, received_at);
create index ticket_area on ticket_workflow.ticket (area_id, received_at);
create index ticket_petitioner on ticket_workflow.ticket (petitioner_id);

-- link tables: no self-referencing keys
create table ticket_workflow.ticket_original (
	ticket_id bigint primary key references ticket_workflow.ticket,
	original_id bigint not null references ticket_workflow.ticket,
	check (ticket_id <> original_id)
);
comment on table ticket_workflow.ticket_original is 'A callback review ticket (回访复核单) and the ticket it reviews';
create index ticket_original_original on ticket_workflow.ticket_original (original_id);

create table ticket_workflow.ticket_merge (
	ticket_id bigint primary key references ticket_workflow.ticket,
	into_id bigint not null references ticket_workflow.ticket,
	check (ticket_id <> into_id)
);
comment on table ticket_workflow.ticket_merge is 'A merged ticket and the one whose report answers it';
create index ticket_merge_into on ticket_workflow.ticket_merge (into_id);
