-- Accountability (3.8): candidates for discipline inspection, one per ticket and item, and what was decided.

create sequence ticket_workflow.case_seq;

create table ticket_workflow.accountability_rule (
	rulebook text not null references ticket_workflow.rulebook,
	item text not null check (item in ('dissatisfied', 'unfounded', 'repeated', 'overdue', 'improper_return')),
	-- dissatisfied: with what; unfounded: how it came to be doubted; repeated: by whom; overdue: which clock;
	-- improper_return: which sign, or idle_circulation
	ground text not null,
	-- at least so many callbacks, doubts, petitions, minutes past the due time, returns
	threshold integer not null check (threshold >= 0),
	clause text not null,
	primary key (rulebook, item, ground)
);
comment on table ticket_workflow.accountability_rule is
	'What makes a ticket a candidate for accountability: the five items of 3.8, their grounds and thresholds';

create table ticket_workflow.accountability_case (
	case_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	item text not null check (item in ('dissatisfied', 'unfounded', 'repeated', 'overdue', 'improper_return')),
	-- as in accountability_rule; person: opened by one, by his own judgement
	ground text not null,
	-- the department that had the ticket then
	department_id bigint references ticket_workflow.organization,
	-- when it happened; raised_at says when it was noticed
	occurred_at timestamptz not null,
	raised_at timestamptz not null,
	raised_by text,
	-- codes, numbers and times, never personal data
	facts jsonb not null default '{}',
	reason text,
	clause text not null,
	state text not null check (state in ('candidate', 'opened', 'dismissed', 'referred', 'lapsed')),
	state_at timestamptz not null,
	decided_by text,
	decision_reason text,
	check (center_id = ticket_id / 1000000000000 and center_id = case_id / 1000000000000),
	check (ground <> 'person' or reason is not null),
	check ((state in ('opened', 'dismissed', 'referred')) <= (decided_by is not null and decision_reason is not null)),
	-- one candidate per ticket and item
	unique (ticket_id, item)
);
comment on table ticket_workflow.accountability_case is
	'Accountability candidates and cases (问责线索, 3.8): which item, the facts, the clause, what discipline inspection decided';
create index accountability_case_raised on ticket_workflow.accountability_case (center_id, raised_at);
create index accountability_case_open on ticket_workflow.accountability_case (center_id, item) where state = 'candidate';
create index accountability_case_department on ticket_workflow.accountability_case (department_id);

create table ticket_workflow.accountability_decision (
	case_id bigint not null references ticket_workflow.accountability_case,
	ordinal integer not null,
	decision text not null check (decision in ('open', 'dismiss', 'refer')),
	reason text not null,
	decided_at timestamptz not null,
	decided_by text not null,
	primary key (case_id, ordinal)
);
comment on table ticket_workflow.accountability_decision is 'Every decision on an accountability case, in order, with its reason';

