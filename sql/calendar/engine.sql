-- The calendar engine: working days, working time, limits. In C (src/calendar*.c), over cached calendars.
-- May touch: nothing; reads the calendar tables past privileges, for every capability may count days.

create or replace function ticket_workflow.is_working_day(day date, calendar text default null) returns boolean
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_is_working_day';
comment on function ticket_workflow.is_working_day(date, text) is
	'Whether the day is worked: local arrangement before national before weekly pattern; NULL for an infinite day';

create or replace function ticket_workflow.add_working_days(day date, n integer, calendar text default null) returns date
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_add_working_days';
comment on function ticket_workflow.add_working_days(date, integer, text) is
	'The n-th working day after the day, before it when n is negative; 0 is the day itself or the first working day after it';

create or replace function ticket_workflow.working_days_between(a date, b date, calendar text default null) returns integer
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_working_days_between';
comment on function ticket_workflow.working_days_between(date, date, text) is
	'Working days after a up to b; going back those before a down to b, negative. between(a, add(a, n)) = n';

create or replace function ticket_workflow.add_working_time(at timestamptz, amount interval, calendar text default null) returns timestamptz
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_add_working_time';
comment on function ticket_workflow.add_working_time(timestamptz, interval, text) is
	'When so much time has passed within service hours; what ends at closing stays there, a negative amount goes back';

create or replace function ticket_workflow.working_time_between(a timestamptz, b timestamptz, calendar text default null) returns interval
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_working_time_between';
comment on function ticket_workflow.working_time_between(timestamptz, timestamptz, text) is
	'Service time from a to b, in the time field only; negative when b is before a';

create or replace function ticket_workflow.due_at(start timestamptz, limit_kind text, amount integer, at_time time default null,
	calendar text default null, roll boolean default true) returns timestamptz
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_due_at';
comment on function ticket_workflow.due_at(timestamptz, text, integer, time, text, boolean) is
	'When a limit ends: elapsed_minutes, service_minutes, working_days, calendar_days, next_working_day_at, half_day_cutoff';

create or replace function ticket_workflow.due_on(due timestamptz, calendar text default null) returns date
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_due_on';
comment on function ticket_workflow.due_on(timestamptz, text) is
	'The last day of a limit in the calendar''s zone: the end of a day is the next one''s 00:00';

create or replace function ticket_workflow.calendar_covers(day date, calendar text default null) returns boolean
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_calendar_covers';
comment on function ticket_workflow.calendar_covers(date, text) is
	'Whether a published document says what the day is; else the weekly pattern is all there is, and a limit provisional';

-- due_on() names the day that ends at a moment; the day a moment lies in ends after it.
create or replace function ticket_workflow.local_day(at timestamptz, calendar text) returns date
	language sql stable parallel safe
	return ticket_workflow.due_on(local_day.at + interval '1 microsecond', local_day.calendar);
comment on function ticket_workflow.local_day(timestamptz, text) is 'The day of a moment in the calendar''s own zone (T6)';
