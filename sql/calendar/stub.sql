-- Stand-in until the calendar room lands (minutes): Monday to Friday. The calendar room deletes this file and its line in order.mk.
create table ticket_workflow.calendar (code text primary key, zone text not null default 'Asia/Shanghai');
create table ticket_workflow.shipped_document(kind text, name text, document jsonb);
create or replace function ticket_workflow.is_working_day(day date, calendar text default null) returns boolean language sql stable return extract(isodow from day) < 6;
create or replace function ticket_workflow.calendar_covers(day date, calendar text default null) returns boolean language sql stable return true;
create or replace function ticket_workflow.add_working_days(day date, n integer, calendar text default null) returns date language sql stable return (select d::date from generate_series(day+1, day+60, interval '1 day') d where extract(isodow from d)<6 limit 1 offset n-1);
create or replace function ticket_workflow.working_days_between(a date, b date, calendar text default null) returns integer language sql stable return (select count(*)::int from generate_series(a+1, b, interval '1 day') d where extract(isodow from d)<6);
create or replace function ticket_workflow.due_on(due timestamptz, calendar text) returns date language sql stable return ((due - interval '1 microsecond') at time zone 'Asia/Shanghai')::date;
create or replace function ticket_workflow.due_at(start timestamptz, limit_kind text, amount integer, at_time time default null, calendar text default null, roll boolean default true) returns timestamptz language sql stable return
 case limit_kind when 'elapsed_minutes' then start + make_interval(mins=>amount) when 'service_minutes' then start + make_interval(mins=>amount)
 when 'working_days' then (ticket_workflow.add_working_days((start at time zone 'Asia/Shanghai')::date, amount)+1)::timestamp at time zone 'Asia/Shanghai'
 else start + interval '1 day' end;
create or replace function ticket_workflow.load_calendar(name text) returns void language sql begin atomic insert into ticket_workflow.calendar values (load_calendar.name) on conflict do nothing; end;
