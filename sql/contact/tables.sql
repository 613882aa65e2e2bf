-- Facts: contacts, visits, reports to platforms, evidence. Inserted without judgement; *_valid functions
-- judge them where something relies on them. Voiding marks a row, nothing is overwritten.

create sequence ticket_workflow.contact_seq;
create sequence ticket_workflow.visit_seq;
create sequence ticket_workflow.platform_report_seq;
create sequence ticket_workflow.evidence_seq;
create sequence ticket_workflow.absence_seq;

create table ticket_workflow.contact (
	contact_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	-- the department or center that made the contact
	organization_id bigint not null references ticket_workflow.organization,
	purpose text not null check (purpose in ('center_notice', 'first_contact', 'reply', 'callback')),
	channel text not null check (channel in ('ip_phone', 'mobile_phone', 'sms', 'visit', 'wechat')),
	outcome text not null check (outcome in ('reached', 'not_reached', 'sent')),
	occurred_at timestamptz not null,
	recorded_at timestamptz not null,
	recorded_by text,
	-- departures from the rules, kept beside the fact: channel, late_entry ...
	marks text[] not null default '{}',
	satisfaction text check (satisfaction in ('satisfied', 'basically_satisfied', 'neutral', 'dissatisfied')),
	dissatisfied_with text check (dissatisfied_with in ('handling', 'efficiency', 'attitude')),
	solved boolean,
	note text,
	voided_at timestamptz,
	voided_by text,
	void_reason text,
	check ((voided_at is null) = (void_reason is null)),
	check (outcome <> 'sent' or channel in ('sms', 'wechat')),
	check (purpose = 'callback' or (satisfaction is null and solved is null)),
	check (dissatisfied_with is null or satisfaction = 'dissatisfied')
);
comment on table ticket_workflow.contact is 'Contacts with the petitioner: purpose, channel, outcome and time (2.4.1); callbacks carry satisfaction';
create index contact_ticket on ticket_workflow.contact (ticket_id, purpose, occurred_at);
create index contact_callback on ticket_workflow.contact (center_id, occurred_at) where purpose = 'callback';

create table ticket_workflow.site_visit (
	visit_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	organization_id bigint not null references ticket_workflow.organization,
	occurred_at timestamptz not null,
	recorded_at timestamptz not null,
	recorded_by text,
	-- 若无实际现场的可无照片
	no_site boolean not null,
	note text,
	marks text[] not null default '{}',
	voided_at timestamptz,
	voided_by text,
	void_reason text,
	check ((voided_at is null) = (void_reason is null))
);
comment on table ticket_workflow.site_visit is 'Visits to the site, or the declaration that there is none (2.3.2.2)';
create index site_visit_ticket on ticket_workflow.site_visit (ticket_id, occurred_at);

create table ticket_workflow.platform_report (
	platform_report_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	platform text not null check (platform in ('district', 'city')),
	kind text not null check (kind in ('progress', 'completion', 'return')),
	receipt text not null,
	occurred_at timestamptz not null,
	recorded_at timestamptz not null,
	recorded_by text,
	note text,
	marks text[] not null default '{}',
	voided_at timestamptz,
	voided_by text,
	void_reason text,
	check ((voided_at is null) = (void_reason is null))
);
comment on table ticket_workflow.platform_report is 'What went up to the district or city platform, with its receipt (2.3.2.1)';
create index platform_report_ticket on ticket_workflow.platform_report (ticket_id, kind);

create table ticket_workflow.evidence (
	evidence_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	-- what it proves, where it belongs to one fact
	contact_id bigint references ticket_workflow.contact,
	visit_id bigint references ticket_workflow.site_visit,
	kind text not null check (kind in
		('recording', 'call_log', 'sms_screenshot', 'photo', 'document', 'signature_image')),
	uri text not null,
	sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
	taken_at timestamptz,
	added_at timestamptz not null,
	added_by text,
	note text,
	voided_at timestamptz,
	voided_by text,
	void_reason text,
	check ((voided_at is null) = (void_reason is null))
);
comment on table ticket_workflow.evidence is 'Evidence by reference: kind, URI, SHA-256, when taken and by whom added; the content stays outside';
create index evidence_ticket on ticket_workflow.evidence (ticket_id, kind);
create index evidence_contact on ticket_workflow.evidence (contact_id) where contact_id is not null;
create index evidence_visit on ticket_workflow.evidence (visit_id) where visit_id is not null;

create table ticket_workflow.evidence_absence (
	absence_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	-- a declaration speaks for the department that had the ticket then
	dispatch_round integer not null,
	subject text not null check (subject in ('return', 'first_contact', 'reply', 'site_visit')),
	kind text not null check (kind in ('recording', 'call_log', 'sms_screenshot', 'photo', 'document')),
	reason text not null,
	declared_at timestamptz not null,
	declared_by text,
	voided_at timestamptz,
	voided_by text,
	void_reason text,
	check ((voided_at is null) = (void_reason is null))
);
comment on table ticket_workflow.evidence_absence is 'Declared with a reason: why a kind of evidence does not exist (anonymous, no site, recording lost)';
create unique index evidence_absence_subject on ticket_workflow.evidence_absence (ticket_id, dispatch_round, subject, kind)
	where voided_at is null;
