-- Periodic duties (3.4, 3.7): meetings and trainings as rows of the rulebook, their occurrences and attendance.

create sequence ticket_workflow.occurrence_seq;

create table ticket_workflow.periodic_duty (
	rulebook text not null references ticket_workflow.rulebook,
	duty text not null,
	kind text not null check (kind in ('meeting', 'training')),
	period text not null check (period in ('week', 'month', 'quarter', 'half_year')),
	-- who chairs: a position of the center, or of the organization that oversees it (社区管理办)
	chair_relation text not null check (chair_relation in ('center', 'oversight')),
	chair_position text not null,
	-- n-th working day after the period; 0: its last working day, -n: n working days before that
	due_working_days integer not null check (due_working_days between -200 and 200),
	-- so many working days before the due day the chair is reminded
	remind_working_days integer not null default 0 check (remind_working_days between 0 and 60),
	ordinal integer not null,
	zh text not null,
	en text not null,
	clause text not null,
	primary key (rulebook, duty)
);
comment on table ticket_workflow.periodic_duty is 'Meetings and trainings that come back every week, month, quarter or half year: who chairs, when due';

create table ticket_workflow.periodic_duty_attendee (
	rulebook text not null,
	duty text not null,
	relation text not null check (relation in ('center', 'oversight', 'department')),
	position text not null,
	primary key (rulebook, duty, relation, position),
	foreign key (rulebook, duty) references ticket_workflow.periodic_duty
);
comment on table ticket_workflow.periodic_duty_attendee is 'Who is expected at a periodic duty: positions of the center, of its overseeing office, of all departments and committees';

create table ticket_workflow.duty_occurrence (
	occurrence_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	rulebook text not null,
	duty text not null,
	period_start date not null,
	period_end date not null check (period_end >= period_start),
	due_at timestamptz not null,
	due_on date not null,
	created_at timestamptz not null,
	reminded_on date,
	overdue_told_on date,
	-- what was recorded of it
	held_at timestamptz,
	chair_id bigint references ticket_workflow.official,
	record text,
	record_uri text,
	marks text[] not null default '{}',
	recorded_at timestamptz,
	recorded_by text,
	check (center_id = occurrence_id / 1000000000000),
	check ((held_at is null) = (recorded_at is null)),
	check (held_at is null or chair_id is not null and record is not null),
	foreign key (rulebook, duty) references ticket_workflow.periodic_duty,
	-- once per period, whatever sweep makes it
	unique (center_id, duty, period_start)
);
comment on table ticket_workflow.duty_occurrence is 'Each time a periodic duty is due, and how it was done: chair, time, record (3.4, 3.7)';
create index duty_occurrence_open on ticket_workflow.duty_occurrence (center_id, due_on) where held_at is null;

create table ticket_workflow.duty_attendance (
	occurrence_id bigint not null references ticket_workflow.duty_occurrence,
	official_id bigint not null references ticket_workflow.official,
	present boolean not null,
	primary key (occurrence_id, official_id)
);
comment on table ticket_workflow.duty_attendance is 'Who attended a meeting or training, and who was excused';
