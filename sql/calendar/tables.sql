-- Calendars: which days are worked, at which hours, and which document says so.
-- The engine (src/calendar_layers.c) reads the first six; calendar_change tells the clocks what moved.

create table ticket_workflow.calendar (
	code text primary key check (code <> '' and octet_length(code) <= 255),
	name text not null,
	zone text not null,
	-- what is null here is the base's; without a base Monday to Friday, 24:00
	working_week text check (working_week ~ '^[01]{7}$'),
	closing_time time check (closing_time > time '00:00' and date_trunc('minute', closing_time) = closing_time)
);
comment on table ticket_workflow.calendar is
	'Calendars (日历): zone, weekly pattern (seven digits from Monday, 1 is worked) and the time at which a day ends';

create table ticket_workflow.calendar_base (
	calendar text primary key references ticket_workflow.calendar,
	base text not null references ticket_workflow.calendar,
	check (calendar <> base)
);
comment on table ticket_workflow.calendar_base is 'Which calendar another is laid over: local day before national day before weekly pattern';
create index calendar_base_base on ticket_workflow.calendar_base (base);

create table ticket_workflow.calendar_window (
	calendar text not null references ticket_workflow.calendar,
	-- 1 is Monday, 7 Sunday; 0 is every working day that has no windows of its own
	weekday smallint not null check (weekday between 0 and 7),
	opens time not null check (date_trunc('minute', opens) = opens),
	closes time not null check (date_trunc('minute', closes) = closes),
	primary key (calendar, weekday, opens),
	check (opens < closes)
);
comment on table ticket_workflow.calendar_window is 'Service hours (服务时间) by weekday; a calendar without any is open all day';

create table ticket_workflow.calendar_date_window (
	calendar text not null references ticket_workflow.calendar,
	day date not null,
	opens time not null check (date_trunc('minute', opens) = opens),
	closes time not null check (date_trunc('minute', closes) = closes),
	primary key (calendar, day, opens),
	check (opens < closes)
);
comment on table ticket_workflow.calendar_date_window is 'Service hours of one date, in the place of its weekday''s';

create table ticket_workflow.calendar_document (
	calendar text not null references ticket_workflow.calendar,
	source text not null,
	-- the year of the paper; null for days entered by hand
	year integer,
	papers text[] not null default '{}',
	-- first and last day for which this document is the whole truth
	covers_since date,
	covers_until date,
	imported_at timestamptz not null,
	primary key (calendar, source),
	check ((covers_since is null) = (covers_until is null) and covers_since <= covers_until)
);
comment on table ticket_workflow.calendar_document is 'Documents that calendars were made from, and what they cover (公布范围)';

create table ticket_workflow.calendar_day (
	calendar text not null,
	day date not null check (day between date '1900-01-01' and date '2199-12-31'),
	source text not null,
	name text not null,
	is_off_day boolean not null,
	-- of several documents that name a day the highest decides: the year of the paper, days entered by hand above all
	rank integer not null,
	primary key (calendar, day, source),
	foreign key (calendar, source) references ticket_workflow.calendar_document
);
comment on table ticket_workflow.calendar_day is 'Days that depart from the weekly pattern: holidays (放假) and make-up working days (调休上班)';
create index calendar_day_source on ticket_workflow.calendar_day (calendar, source);

create sequence ticket_workflow.calendar_version_seq;

create table ticket_workflow.calendar_change (
	version bigint primary key,
	-- no foreign key: what a dropped calendar once moved stays
	calendar text not null,
	-- what may have moved, inclusive; -infinity and infinity where it is everything
	first_day date not null,
	last_day date not null,
	reason text not null,
	changed_at timestamptz not null,
	changed_by text not null,
	check (first_day <= last_day)
);
comment on table ticket_workflow.calendar_change is
	'Log of changes: versions grow in the order of commits; calendar_changes() adds those of the bases';
create index calendar_change_calendar on ticket_workflow.calendar_change (calendar, version);
