-- Completion reports (办结报告): drafts, submissions, findings of the check, the reviewer's word.

create sequence ticket_workflow.report_seq;

create table ticket_workflow.report (
	report_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	organization_id bigint not null references ticket_workflow.organization,
	version integer not null,
	state text not null check (state in ('draft', 'submitted', 'sent_back', 'passed')),
	-- reply body (回复内容) and reply points (答复要点)
	body text not null check (octet_length(body) <= 1048576),
	points text check (octet_length(points) <= 1048576),
	fact_finding text,
	claim_finding text,
	handling_result text,
	-- why an unlisted or warned combination of findings is right (annex 5)
	relation_reason text,
	-- what cannot be solved yet: plan and rough time (2.3.3.2)
	plan text,
	plan_until date,
	responsible_person text,
	responsible_phone text,
	-- repeat_kind_of() when it was saved and submitted: whose signature it needs is seen by many, often
	repeat_kinds text[] not null default '{}',
	written_by text,
	saved_at timestamptz not null,
	submitted_at timestamptz,
	submitted_by text,
	reviewed_at timestamptz,
	reviewed_by text,
	review_reason text,
	-- sent back by the machine at once, not by a reviewer
	sent_back_by_check boolean not null default false,
	unique (ticket_id, version)
);
comment on table ticket_workflow.report is 'Completion reports of a ticket, one row per version that was submitted or is being drafted (2.3.3)';
create index report_submitted on ticket_workflow.report (center_id, submitted_at) where submitted_at is not null;
create index report_reviewed on ticket_workflow.report (center_id, reviewed_at) where reviewed_at is not null;
-- one report at a time is the ticket's own
create unique index report_pending on ticket_workflow.report (ticket_id) where state in ('draft', 'submitted');

create table ticket_workflow.report_finding (
	report_id bigint not null references ticket_workflow.report,
	ordinal integer not null,
	code text not null,
	severity text not null check (severity in ('reject', 'review', 'advice')),
	start_pos integer,
	length integer,
	excerpt text,
	message text not null,
	clause text not null,
	overruled_at timestamptz,
	overruled_by text,
	overrule_reason text,
	primary key (report_id, ordinal),
	check ((overruled_at is null) = (overrule_reason is null))
);
comment on table ticket_workflow.report_finding is 'What the check found in a submitted report, and what the reviewer overruled with which reason';
create index report_finding_code on ticket_workflow.report_finding (code, severity);
