-- The rulebook: amounts, thresholds, roles and option lists of one norm, as rows.
-- CREATE EXTENSION brings none; load_rulebook() does. A ticket keeps the rulebook of its receipt.

create table ticket_workflow.rulebook (
	rulebook text primary key,
	title text not null,
	source text,
	loaded_at timestamptz not null
);
comment on table ticket_workflow.rulebook is 'Norms that can be in force, by name';

create table ticket_workflow.center_rulebook (
	center_id bigint not null references ticket_workflow.center,
	rulebook text not null references ticket_workflow.rulebook,
	valid daterange not null check (not isempty(valid)),
	-- one rulebook in force per center and day; int8range needs no other extension
	exclude using gist (int8range(center_id, center_id, '[]') with &&, valid with &&)
);
comment on table ticket_workflow.center_rulebook is 'Which rulebook a center follows on which days';

create table ticket_workflow.rulebook_setting (
	rulebook text not null references ticket_workflow.rulebook,
	name text not null,
	value text not null,
	clause text,
	primary key (rulebook, name)
);
comment on table ticket_workflow.rulebook_setting is 'Single amounts and switches of a rulebook; rulebook_setting() reads them';

create table ticket_workflow.clock_limit (
	rulebook text not null references ticket_workflow.rulebook,
	clock text not null,
	-- the first row whose conditions hold gives the limit; none: the clock does not run
	priority integer not null,
	day_kind text check (day_kind in ('working', 'rest')),
	received_on text check (received_on in ('working', 'rest')),
	urgent boolean,
	handling_class text,
	kind text,
	category text,
	limit_kind text not null check (limit_kind in
		('elapsed_minutes', 'service_minutes', 'working_days', 'calendar_days', 'next_working_day_at', 'half_day_cutoff', 'given')),
	amount integer,
	at_time time,
	roll boolean not null default true,
	clause text not null,
	primary key (rulebook, clock, priority)
);
comment on table ticket_workflow.clock_limit is
	'How long each clock runs, by kind of day at its start and at receipt, urgency, class, kind and category (null = any); given = the limit that came with the ticket';

create table ticket_workflow.escalation_level (
	rulebook text not null references ticket_workflow.rulebook,
	clock text not null,
	level integer not null,
	offset_kind text not null check (offset_kind in ('share', 'minutes', 'working_days')),
	-- share of the span (0.8 = a warning, 1 = when due, 2 = as long again), minutes or working days from the due time
	-- (negative = before)
	amount numeric not null check (offset_kind <> 'share' or amount > 0 and amount <= 10),
	purpose text not null check (purpose in ('warning', 'overdue', 'notice')),
	-- one message for each recipient when the office opens
	digest boolean not null default false,
	clause text not null,
	-- true: urgent tickets only, false: only those that are not, null: any
	urgent boolean,
	-- notices wait for the end of these hours, every day, in the calendar's zone; they may go over midnight
	quiet_from time,
	quiet_until time,
	primary key (rulebook, clock, level),
	constraint escalation_level_quiet check (quiet_from is null and quiet_until is null
		or quiet_from is not null and quiet_until is not null and quiet_from <> quiet_until)
);
comment on table ticket_workflow.escalation_level is 'When a running clock speaks up: levels before, at and after the due time';

create table ticket_workflow.escalation_recipient (
	rulebook text not null,
	clock text not null,
	level integer not null,
	relation text not null check (relation in ('lead', 'assist', 'area', 'center', 'duty', 'inspection')),
	position text not null,
	-- as of a level: true, for urgent tickets only
	urgent boolean,
	primary key (rulebook, clock, level, relation, position),
	foreign key (rulebook, clock, level) references ticket_workflow.escalation_level
);
comment on table ticket_workflow.escalation_recipient is
	'To whom a level speaks: a position in its relation to the ticket; duty knows the positions duty_officer and duty_leader';

create table ticket_workflow.act_right (
	rulebook text not null references ticket_workflow.rulebook,
	act text not null,
	position text not null,
	relation text not null check (relation in ('lead', 'assist', 'area', 'center', 'duty', 'inspection')),
	clause text,
	primary key (rulebook, act, position, relation)
);
comment on table ticket_workflow.act_right is 'Which position, in which relation to the ticket, may perform which act';

create table ticket_workflow.approval_rule (
	rulebook text not null references ticket_workflow.rulebook,
	rule text not null,
	subject text not null check (subject in ('report', 'return', 'transfer', 'extension')),
	-- what makes the rule apply; null = any
	kind text,
	source text,
	fact_finding text,
	starred boolean,
	min_ordinal integer,
	upward boolean,
	repeat_kind text check (repeat_kind in ('same_person', 'several_persons')),
	-- the least position that signs, and over which organization
	position text not null,
	relation text not null check (relation in ('lead', 'center')),
	or_leader_on_duty boolean not null default false,
	clause text not null,
	primary key (rulebook, rule)
);
comment on table ticket_workflow.approval_rule is 'Whose signature a report, return, transfer or extension needs, and when';

create table ticket_workflow.finding_option (
	rulebook text not null references ticket_workflow.rulebook,
	dimension text not null check (dimension in ('fact_finding', 'claim_finding', 'handling_result')),
	code text not null,
	category text not null,
	zh text not null,
	en text not null,
	starred boolean not null default false,
	ordinal integer not null,
	clause text not null,
	primary key (rulebook, dimension, category, code)
);
comment on table ticket_workflow.finding_option is
	'Options of annexes 3 and 5 (事实认定, 诉求认定, 处理结果) per category; starred ones (不属实类) need a signature';

create table ticket_workflow.finding_relation (
	rulebook text not null references ticket_workflow.rulebook,
	category text not null,
	fact_finding text not null,
	claim_finding text,
	handling_result text not null,
	verdict text not null check (verdict in ('allow', 'warn')),
	unique nulls not distinct (rulebook, category, fact_finding, claim_finding, handling_result)
);
comment on table ticket_workflow.finding_relation is
	'Combinations of findings that are allowed or warned; what is not listed is warned and needs a reason (annex 5)';

create table ticket_workflow.required_evidence (
	rulebook text not null references ticket_workflow.rulebook,
	subject text not null check (subject in ('out_of_area', 'out_of_duty')),
	kind text not null,
	clause text not null,
	primary key (rulebook, subject, kind)
);
comment on table ticket_workflow.required_evidence is 'Kinds of evidence a return needs, or a stated reason why a kind does not apply (2.2.2)';
