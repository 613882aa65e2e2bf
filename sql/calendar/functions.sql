-- Making and changing calendars, so that nobody writes their rows by hand.
-- May touch: the calendar tables.
--
-- Each change takes calendar_change's lock first: versions then grow in the order of
-- commits, and two changes cannot close a circle of bases between them.

create or replace function ticket_workflow.calendar_layers(calendar text)
	returns table (layer integer, code text)
	language sql stable
begin atomic
	-- 32 as in the engine, so that a circle written past the functions ends
	with recursive up (layer, code) as (
		select 0, c.code from ticket_workflow.calendar c where c.code = calendar_layers.calendar
		union all
		select up.layer + 1, b.base from up join ticket_workflow.calendar_base b on b.calendar = up.code where up.layer < 31
	)
	select up.layer, up.code from up;
end;
comment on function ticket_workflow.calendar_layers(text) is 'A calendar and its bases, the calendar itself as layer 0';

create or replace function ticket_workflow.lock_calendars() returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
	lock table ticket_workflow.calendar_change in share row exclusive mode;
end
$$;
comment on function ticket_workflow.lock_calendars() is 'One change of calendars at a time; reading goes on';

create or replace function ticket_workflow.check_calendar(code text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if not exists (select from ticket_workflow.calendar c where c.code = check_calendar.code) then
		perform ticket_workflow.fail('unknown_calendar', null, coalesce(check_calendar.code, 'NULL'));
	end if;
end
$$;
comment on function ticket_workflow.check_calendar(text) is 'Fails where there is no such calendar';

-- A calendar is shared: it counts in every center that follows it, or one that lies over it.
create or replace function ticket_workflow.require_calendar(calendar text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if exists (select from ticket_workflow.center c
			where not ticket_workflow.has_capability('manager', c.center_id)
				and exists (select from ticket_workflow.calendar_layers(c.calendar) l where l.code = require_calendar.calendar)) then
		perform ticket_workflow.require_capability('manager', null);
	end if;
end
$$;
comment on function ticket_workflow.require_calendar(text) is
	'TW005 unless the caller manages every center that follows the calendar, by itself or below its own';

create or replace function ticket_workflow.log_calendar_change(calendar text, first_day date, last_day date, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	next_version bigint;
begin
	perform ticket_workflow.require_calendar(log_calendar_change.calendar);
	insert into ticket_workflow.calendar_change (version, calendar, first_day, last_day, reason, changed_at, changed_by)
		values (nextval('ticket_workflow.calendar_version_seq'), log_calendar_change.calendar,
			coalesce(log_calendar_change.first_day, '-infinity'), coalesce(log_calendar_change.last_day, 'infinity'),
			log_calendar_change.reason, ticket_workflow.now(), ticket_workflow.caller()::text)
		returning version into next_version;
	return next_version;
end
$$;
comment on function ticket_workflow.log_calendar_change(text, date, date, text) is
	'Notes which days may have moved; NULL is without bound';

create or replace function ticket_workflow.calendar_version(calendar text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (select coalesce(max(c.version), 0)
			from ticket_workflow.calendar_layers(calendar_version.calendar) l
				join ticket_workflow.calendar_change c on c.calendar = l.code);
end
$$;
comment on function ticket_workflow.calendar_version(text) is
	'Version of a calendar, bases included. Read it before the deadline that is kept with it';

create or replace function ticket_workflow.calendar_changes(calendar text, since_version bigint default 0)
	returns table (version bigint, changed text, first_day date, last_day date, reason text, changed_at timestamptz)
	language sql stable
begin atomic
	select c.version, c.calendar, c.first_day, c.last_day, c.reason, c.changed_at
	from ticket_workflow.calendar_layers(calendar_changes.calendar) l
		join ticket_workflow.calendar_change c on c.calendar = l.code
	where c.version > calendar_changes.since_version
	order by c.version;
end;
comment on function ticket_workflow.calendar_changes(text, bigint) is
	'What has moved in a calendar, bases included, after a version: a deadline whose span meets none of it stands';

create or replace function ticket_workflow.check_calendar_settings(zone text, working_week text, closing_time time) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	-- the engine's own reading: it takes more forms than the view of names lists
	if zone <> '' then
		begin
			perform pg_catalog.timezone(zone, timestamptz '2000-01-01');
		exception when invalid_parameter_value then
			perform ticket_workflow.fail('unknown_zone', null, zone);
		end;
		if zone ~ '^[+-]?\d' or not exists (select from pg_catalog.pg_timezone_names n where lower(n.name) = lower(zone)) then
			perform ticket_workflow.fail('unknown_zone', null, zone);
		end if;
	end if;
	if working_week !~ '^[01]{7}$' then
		perform ticket_workflow.fail('working_week_bad', null, working_week);
	end if;
	if closing_time = time '00:00' or date_trunc('minute', closing_time) <> closing_time::interval then
		perform ticket_workflow.fail('closing_time_bad', null, closing_time::text);
	end if;
end
$$;
comment on function ticket_workflow.check_calendar_settings(text, text, time) is 'Fails on a zone, week or closing time that cannot be';

create or replace function ticket_workflow.set_calendar_base(calendar text, base text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	old_base text;
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(set_calendar_base.calendar);
	delete from ticket_workflow.calendar_base b where b.calendar = set_calendar_base.calendar returning b.base into old_base;
	if set_calendar_base.base <> '' then
		perform ticket_workflow.check_calendar(set_calendar_base.base);
		if exists (select from ticket_workflow.calendar_layers(set_calendar_base.base) l
				where l.code = set_calendar_base.calendar or l.layer >= 16) then
			perform ticket_workflow.fail('calendar_circle', null, set_calendar_base.calendar);
		end if;
		insert into ticket_workflow.calendar_base (calendar, base) values (set_calendar_base.calendar, set_calendar_base.base);
	end if;
	if coalesce(set_calendar_base.base, '') <> coalesce(old_base, '') then
		perform ticket_workflow.log_calendar_change(set_calendar_base.calendar, null, null, 'base');
	end if;
	return ticket_workflow.calendar_version(set_calendar_base.calendar);
end
$$;
comment on function ticket_workflow.set_calendar_base(text, text) is 'Lays a calendar over another, empty for none; circles are refused';

create or replace function ticket_workflow.create_calendar(code text, name text, zone text default null, working_week text default null,
	closing_time time default null, base text default null) returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.lock_calendars();
	if coalesce(create_calendar.code, '') !~ '^[a-z][a-z0-9_]{0,62}$' then
		perform ticket_workflow.fail('calendar_code_bad', null, coalesce(create_calendar.code, 'NULL'));
	end if;
	if exists (select from ticket_workflow.calendar c where c.code = create_calendar.code) then
		perform ticket_workflow.fail('calendar_exists', null, create_calendar.code);
	end if;
	if coalesce(create_calendar.name, '') = '' then
		perform ticket_workflow.fail('calendar_name_missing', null, create_calendar.code);
	end if;
	if coalesce(create_calendar.base, '') = '' and coalesce(create_calendar.zone, '') = '' then
		perform ticket_workflow.fail('calendar_zone_missing', null, create_calendar.code);
	end if;
	perform ticket_workflow.check_calendar_settings(create_calendar.zone, create_calendar.working_week, create_calendar.closing_time);
	perform ticket_workflow.check_calendar(b) from nullif(create_calendar.base, '') b where b is not null;
	insert into ticket_workflow.calendar (code, name, zone, working_week, closing_time)
	values (create_calendar.code, create_calendar.name,
		coalesce(nullif(create_calendar.zone, ''), (select c.zone from ticket_workflow.calendar c where c.code = create_calendar.base)),
		create_calendar.working_week, create_calendar.closing_time);
	perform ticket_workflow.set_calendar_base(create_calendar.code, create_calendar.base);
	perform ticket_workflow.log_calendar_change(create_calendar.code, null, null, 'created');
	return create_calendar.code;
end
$$;
comment on function ticket_workflow.create_calendar(text, text, text, text, time, text) is
	'New calendar. A zone left out is its base''s of today; the weekly pattern (1111100: Monday to Friday) and the closing time are the base''s as it changes';

create or replace function ticket_workflow.change_calendar(code text, name text default null, zone text default null,
	working_week text default null, closing_time time default null, base text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	before ticket_workflow.calendar;
	after ticket_workflow.calendar;
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(change_calendar.code);
	perform ticket_workflow.require_calendar(change_calendar.code);
	perform ticket_workflow.check_calendar_settings(change_calendar.zone, change_calendar.working_week, change_calendar.closing_time);
	select c.* into before from ticket_workflow.calendar c where c.code = change_calendar.code;
	update ticket_workflow.calendar c set
		name = coalesce(nullif(change_calendar.name, ''), c.name),
		zone = coalesce(nullif(change_calendar.zone, ''), c.zone),
		working_week = coalesce(change_calendar.working_week, c.working_week),
		closing_time = coalesce(change_calendar.closing_time, c.closing_time)
	where c.code = change_calendar.code
	returning c.* into after;
	if change_calendar.base is not null then
		perform ticket_workflow.set_calendar_base(change_calendar.code, change_calendar.base);
	end if;
	if (before.zone, before.working_week, before.closing_time) is distinct from (after.zone, after.working_week, after.closing_time) then
		return ticket_workflow.log_calendar_change(change_calendar.code, null, null, 'calendar');
	end if;
	return ticket_workflow.calendar_version(change_calendar.code);
end
$$;
comment on function ticket_workflow.change_calendar(text, text, text, text, time, text) is
	'Changes what is given; an empty base takes it away. Returns the calendar''s version';

create or replace function ticket_workflow.drop_calendar(code text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(drop_calendar.code);
	perform ticket_workflow.require_calendar(drop_calendar.code);
	delete from ticket_workflow.calendar_day d where d.calendar = drop_calendar.code;
	delete from ticket_workflow.calendar_document d where d.calendar = drop_calendar.code;
	delete from ticket_workflow.calendar_window w where w.calendar = drop_calendar.code;
	delete from ticket_workflow.calendar_date_window w where w.calendar = drop_calendar.code;
	delete from ticket_workflow.calendar_base b where b.calendar = drop_calendar.code;
	delete from ticket_workflow.calendar c where c.code = drop_calendar.code;
exception when foreign_key_violation then
	perform ticket_workflow.fail('calendar_in_use', null, drop_calendar.code);
end
$$;
comment on function ticket_workflow.drop_calendar(text) is 'Removes a calendar that no center, clock or other calendar uses';

-- ---- service hours

create or replace function ticket_workflow.parse_windows(windows text) returns table (opens time, closes time)
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
	part text;
	bound text[];
	last_close time;
begin
	for part in
		select p from (select trim(w) as p from regexp_split_to_table(replace(parse_windows.windows, '–', '-'), ',|，|;|；') w) s
		order by lpad(p, 11, '0') collate "C"
	loop
		bound := regexp_match(part, '^(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$');
		if bound is null or bound[1] !~ '^([01]?\d|2[0-3]):[0-5]\d$' or bound[2] !~ '^(([01]?\d|2[0-3]):[0-5]\d|24:00)$' then
			perform ticket_workflow.fail('window_bad', null, part);
		end if;
		opens := bound[1]::time;
		closes := bound[2]::time;
		if opens >= closes then
			perform ticket_workflow.fail('window_over_midnight', null, part);
		end if;
		if opens < last_close then
			perform ticket_workflow.fail('window_overlap', null, part);
		end if;
		last_close := closes;
		return next;
	end loop;
end
$$;
comment on function ticket_workflow.parse_windows(text) is 'Service hours written as 08:30-12:00, 13:00-17:30';

create or replace function ticket_workflow.set_service_hours(calendar text, weekday integer, windows text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(set_service_hours.calendar);
	if set_service_hours.weekday is null or set_service_hours.weekday not between 0 and 7 then
		perform ticket_workflow.fail('weekday_bad', null, coalesce(set_service_hours.weekday::text, 'NULL'));
	end if;
	delete from ticket_workflow.calendar_window w
	where w.calendar = set_service_hours.calendar and w.weekday = set_service_hours.weekday;
	if set_service_hours.windows <> '' then
		insert into ticket_workflow.calendar_window (calendar, weekday, opens, closes)
		select set_service_hours.calendar, set_service_hours.weekday, p.opens, p.closes
		from ticket_workflow.parse_windows(set_service_hours.windows) p;
	end if;
	return ticket_workflow.log_calendar_change(set_service_hours.calendar, null, null, 'service hours');
end
$$;
comment on function ticket_workflow.set_service_hours(text, integer, text) is
	'Service hours of a weekday (1 Monday to 7 Sunday, 0 every working day without its own), as 08:30-12:00, 13:00-17:30; empty takes them away';

create or replace function ticket_workflow.set_date_hours(calendar text, day date, windows text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(set_date_hours.calendar);
	perform ticket_workflow.check_calendar_day(set_date_hours.day);
	delete from ticket_workflow.calendar_date_window w
	where w.calendar = set_date_hours.calendar and w.day = set_date_hours.day;
	if set_date_hours.windows <> '' then
		insert into ticket_workflow.calendar_date_window (calendar, day, opens, closes)
		select set_date_hours.calendar, set_date_hours.day, p.opens, p.closes
		from ticket_workflow.parse_windows(set_date_hours.windows) p;
	end if;
	return ticket_workflow.log_calendar_change(set_date_hours.calendar, set_date_hours.day, set_date_hours.day, 'service hours');
end
$$;
comment on function ticket_workflow.set_date_hours(text, date, text) is
	'Service hours of one date, should it be worked: a short day, a make-up day with its own; empty takes them away';

-- ---- single days

create or replace function ticket_workflow.check_calendar_day(day date) returns void
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
	if day is null or day not between date '1900-01-01' and date '2199-12-31' then
		perform ticket_workflow.fail('calendar_day_bad', null, coalesce(day::text, 'NULL'));
	end if;
end
$$;
comment on function ticket_workflow.check_calendar_day(date) is 'Fails on a day outside the years that calendars name days of';

create or replace function ticket_workflow.set_calendar_day(calendar text, day date, is_off_day boolean, name text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(set_calendar_day.calendar);
	perform ticket_workflow.check_calendar_day(set_calendar_day.day);
	perform ticket_workflow.optional_text(set_calendar_day.name, 'name', 200);
	delete from ticket_workflow.calendar_day d
	where d.calendar = set_calendar_day.calendar and d.day = set_calendar_day.day and d.source = 'manual';
	if set_calendar_day.is_off_day is not null then
		if not exists (select from ticket_workflow.calendar_document d
				where d.calendar = set_calendar_day.calendar and d.source = 'manual') then
			insert into ticket_workflow.calendar_document (calendar, source, imported_at)
			values (set_calendar_day.calendar, 'manual', ticket_workflow.now());
		end if;
		insert into ticket_workflow.calendar_day (calendar, day, source, name, is_off_day, rank)
		values (set_calendar_day.calendar, set_calendar_day.day, 'manual', coalesce(nullif(set_calendar_day.name, ''), 'manual'),
			set_calendar_day.is_off_day, 9999);
	end if;
	return ticket_workflow.log_calendar_change(set_calendar_day.calendar, set_calendar_day.day, set_calendar_day.day, 'day');
end
$$;
comment on function ticket_workflow.set_calendar_day(text, date, boolean, text) is
	'Makes one day a rest day or a working day, whatever the documents say; NULL lets them speak again';
