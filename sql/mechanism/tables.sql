-- Mechanisms of chapter three, the daily ones: calls to departments (3.1), posted notices (3.2), joint mediation (3.5),
-- daily guidance and bursts of the same matter (3.6.2). Each is a fact: added, never changed or deleted.

create sequence ticket_workflow.call_seq;
create sequence ticket_workflow.posting_seq;
create sequence ticket_workflow.mediation_seq;
create sequence ticket_workflow.guidance_seq;
create sequence ticket_workflow.burst_seq;

create table ticket_workflow.department_call (
	call_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	organization_id bigint not null references ticket_workflow.organization,
	channel text not null check (channel in ('ip_phone', 'mobile_phone', 'sms', 'visit', 'wechat')),
	-- the official who was reached
	official_id bigint references ticket_workflow.official,
	occurred_at timestamptz not null,
	recorded_at timestamptz not null,
	recorded_by text,
	marks text[] not null default '{}',
	note text,
	check (center_id = ticket_id / 1000000000000)
);
comment on table ticket_workflow.department_call is
	'The center told a department of a ticket at once (第一时间联系处置部门, 3.1): whom, how and when';
create index department_call_ticket on ticket_workflow.department_call (ticket_id, occurred_at);

create table ticket_workflow.daily_posting (
	posting_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	-- the day the notice tells of
	day date not null,
	channel text not null check (channel in ('ip_phone', 'mobile_phone', 'sms', 'visit', 'wechat')),
	posted_at timestamptz not null,
	recorded_at timestamptz not null,
	recorded_by text,
	unfinished integer not null,
	unsolved integer not null,
	-- as it was posted
	body text not null,
	evidence_uri text,
	check (center_id = posting_id / 1000000000000),
	-- once per day
	unique (center_id, day)
);
comment on table ticket_workflow.daily_posting is 'Daily notices that were posted to the work group (3.2), once per center and day, with what they said';

create table ticket_workflow.mediation (
	mediation_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	subject text not null,
	complex boolean not null,
	forum text not null check (forum in ('area', 'regular_meeting', 'special_meeting')),
	-- who brings everybody together: 社区管理办负责总体协调各方
	coordinator_id bigint not null references ticket_workflow.organization,
	held_at timestamptz not null,
	outcome text not null check (outcome in ('agreed', 'partly_agreed', 'not_agreed', 'adjourned')),
	result text not null,
	record_uri text,
	marks text[] not null default '{}',
	recorded_at timestamptz not null,
	recorded_by text,
	check (center_id = mediation_id / 1000000000000)
);
comment on table ticket_workflow.mediation is
	'Joint mediation (联合调处, 3.5): ordinary cases before the area, complex ones before a regular or special meeting, and what came of it';
create index mediation_center on ticket_workflow.mediation (center_id, held_at);

create table ticket_workflow.mediation_ticket (
	mediation_id bigint not null references ticket_workflow.mediation,
	ticket_id bigint not null references ticket_workflow.ticket,
	center_id bigint not null,
	primary key (mediation_id, ticket_id),
	check (center_id = ticket_id / 1000000000000 and center_id = mediation_id / 1000000000000)
);
comment on table ticket_workflow.mediation_ticket is 'Tickets that a mediation was about';
create index mediation_ticket_ticket on ticket_workflow.mediation_ticket (ticket_id);

create table ticket_workflow.mediation_participant (
	mediation_id bigint not null references ticket_workflow.mediation,
	organization_id bigint not null references ticket_workflow.organization,
	official_id bigint references ticket_workflow.official,
	unique nulls not distinct (mediation_id, organization_id, official_id)
);
comment on table ticket_workflow.mediation_participant is
	'Who took part in a mediation: organizations, and officials for them; petitioners are those of its tickets';

create table ticket_workflow.guidance (
	guidance_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	-- the center's local day it counts for
	day date not null,
	opinion text not null,
	recorded_at timestamptz not null,
	recorded_by text not null,
	check (center_id = ticket_id / 1000000000000)
);
comment on table ticket_workflow.guidance is
	'Daily guidance of information officers for unfinished tickets of their area (指导意见, 3.6.2)';
create index guidance_ticket on ticket_workflow.guidance (ticket_id, day);
create index guidance_day on ticket_workflow.guidance (center_id, day);

create table ticket_workflow.similar_case (
	burst_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	-- as the rulebook had it then: counted over the center or over the area, over one matter or all below it
	scope text not null check (scope in ('center', 'area')),
	level text not null check (level in ('matter', 'parent', 'top')),
	matter_id bigint not null references ticket_workflow.matter,
	area_id bigint references ticket_workflow.area,
	day date not null,
	threshold integer not null,
	-- the ticket with which the threshold was reached, and when it was received
	reached_by_id bigint not null references ticket_workflow.ticket,
	reached_at timestamptz not null,
	noticed_at timestamptz not null,
	clause text not null,
	-- departments whose leaders were told, by the names they had, and the posts that nobody held
	recipients text[] not null,
	vacant_posts text[] not null,
	-- the information officer's own word to the leader
	reported_at timestamptz,
	reported_by text,
	report_note text,
	check (center_id = burst_id / 1000000000000),
	check ((scope = 'center') <= (area_id is null)),
	check ((reported_at is null) = (reported_by is null)),
	-- one escalation per matter and day
	unique nulls not distinct (center_id, day, matter_id, scope, area_id)
);
comment on table ticket_workflow.similar_case is
	'Bursts (3.6.2): so many tickets of the same matter in one calendar day, once per matter and day, dated at the receipt that made it so';
create index similar_case_matter on ticket_workflow.similar_case (matter_id, day);
create index similar_case_reached on ticket_workflow.similar_case (reached_by_id);

