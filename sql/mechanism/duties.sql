-- Periodic duties (3.4, 3.7): the sweep's daily part makes their occurrences, reminds of them and tells of those
-- that are overdue; record_duty_done() says how one was done.
-- May touch: duty_occurrence, duty_attendance, notice.

create or replace function ticket_workflow.period_bounds(period text, day date, out first_day date, out last_day date)
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.require_day(period_bounds.day, 'day');
	if period_bounds.period <> all (array['week', 'month', 'quarter', 'half_year']) then
		perform ticket_workflow.fail('unknown_code', null, 'period', left(period_bounds.period, 60), 'week, month, quarter, half_year');
	end if;
	case period_bounds.period
	when 'week' then
		-- Monday to Sunday
		first_day := date_trunc('week', day::timestamp)::date;
		last_day := first_day + 6;
	when 'half_year' then
		first_day := make_date(extract(year from day)::integer, case when extract(month from day) <= 6 then 1 else 7 end, 1);
		last_day := (first_day + interval '6 months')::date - 1;
	else
		first_day := date_trunc(period_bounds.period, day::timestamp)::date;
		last_day := (first_day + case period_bounds.period when 'month' then interval '1 month' else interval '3 months' end)::date - 1;
	end case;
end
$$;
comment on function ticket_workflow.period_bounds(text, date) is 'First and last day of the week, month, quarter or half_year of a day';

-- The last working day of the period, or so many from its end. A period without a working day (a week of Spring
-- Festival) has its last one before it began: then the first one after it, so that nothing goes unsaid.
create or replace function ticket_workflow.duty_due_on(first_day date, last_day date, working_days integer, calendar text) returns date
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
	due date;
begin
	if working_days > 0 then
		return ticket_workflow.add_working_days(last_day, working_days, duty_due_on.calendar);
	end if;
	due := ticket_workflow.add_working_days(last_day + 1, working_days - 1, duty_due_on.calendar);
	if due < first_day then
		due := ticket_workflow.add_working_days(last_day, 1, duty_due_on.calendar);
	end if;
	return due;
end
$$;
comment on function ticket_workflow.duty_due_on(date, date, integer, text) is
	'Due day of a periodic duty: n-th working day after the period, 0 its last working day, -n working days before that';

-- Function: make_occurrences. The occurrences of a center's duties up to today, each period once.
-- After an outage those of the periods that passed are made too; a rulebook that is new begins with the period of today.
create or replace function ticket_workflow.make_occurrences(center_id bigint, today date) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	calendar constant text := ticket_workflow.ticket_calendar(make_occurrences.center_id);
	made integer;
begin
	with wanted as (
		select d.rulebook, d.duty, d.due_working_days, p.first_day, p.last_day
		from ticket_workflow.center_rulebook r
			join ticket_workflow.periodic_duty d on d.rulebook = r.rulebook
			cross join lateral (
				select coalesce(max(o.period_end) + 1, make_occurrences.today) as day
				from ticket_workflow.duty_occurrence o
				where o.center_id = make_occurrences.center_id and o.duty = d.duty) since
			-- no period is shorter than a week
			cross join lateral generate_series(since.day, make_occurrences.today + 6, interval '7 days') as step (at)
			cross join lateral ticket_workflow.period_bounds(d.period, least(step.at::date, make_occurrences.today)) as p
		where r.center_id = make_occurrences.center_id and r.valid @> make_occurrences.today
			and since.day <= make_occurrences.today
		group by d.rulebook, d.duty, d.due_working_days, p.first_day, p.last_day
	), dated as (
		select w.*, ticket_workflow.duty_due_on(w.first_day, w.last_day, w.due_working_days, calendar) as due_on from wanted w
	), written as (
		insert into ticket_workflow.duty_occurrence (occurrence_id, center_id, rulebook, duty, period_start, period_end, due_at, due_on, created_at)
			select ticket_workflow.new_id(make_occurrences.center_id, 'ticket_workflow.occurrence_seq'), make_occurrences.center_id,
				d.rulebook, d.duty, d.first_day, d.last_day,
				ticket_workflow.due_at(ticket_workflow.day_start(d.due_on, calendar), 'calendar_days', 0, null, calendar, false),
				d.due_on, ticket_workflow.now()
			from dated d
			order by d.first_day, d.duty
			on conflict (center_id, duty, period_start) do nothing
			returning 1
	)
	select count(*) into made from written;
	return made;
end
$$;
comment on function ticket_workflow.make_occurrences(bigint, date) is 'Makes what is missing of the occurrences of a center''s periodic duties, up to the periods of today; returns how many';

create or replace function ticket_workflow.duty_name(rulebook text, duty text) returns text
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (select case ticket_workflow.language() when 'en' then d.en else d.zh end
		from ticket_workflow.periodic_duty d where d.rulebook = duty_name.rulebook and d.duty = duty_name.duty);
end
$$;
comment on function ticket_workflow.duty_name(text, text) is 'What a periodic duty is called in the session''s language';

-- Once each: a reminder so many working days before, and a word when the day has passed.
create or replace function ticket_workflow.tell_duties(center_id bigint, today date) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	calendar constant text := ticket_workflow.ticket_calendar(tell_duties.center_id);
	due record;
begin
	for due in
		select o.occurrence_id, d.zh || ' / ' || d.en as name, d.chair_relation, d.chair_position, o.due_on, o.period_start, o.period_end,
			o.due_on < tell_duties.today as overdue
		from ticket_workflow.duty_occurrence o
			join ticket_workflow.periodic_duty d on d.rulebook = o.rulebook and d.duty = o.duty
		where o.center_id = tell_duties.center_id and o.held_at is null
			and case when o.due_on < tell_duties.today then o.overdue_told_on is null
				else o.reminded_on is null and ticket_workflow.add_working_days(o.due_on, -d.remind_working_days, calendar) <= tell_duties.today end
		order by o.due_on, o.occurrence_id
		for update of o
	loop
		perform ticket_workflow.tell_holders(tell_duties.center_id, h.relation, h.position, null,
				case when due.overdue then 'notice_duty_overdue' else 'notice_duty_due' end,
				array[due.name, due.period_start::text, due.period_end::text, due.due_on::text], digest => true)
			from (select due.chair_relation as relation, due.chair_position as position
				-- who chairs nothing yet sees to it
				union select 'center', 'head' where due.overdue) h;
		update ticket_workflow.duty_occurrence o
			set overdue_told_on = case when due.overdue then tell_duties.today else o.overdue_told_on end,
				reminded_on = case when due.overdue then o.reminded_on else tell_duties.today end
			where o.occurrence_id = due.occurrence_id;
	end loop;
end
$$;
comment on function ticket_workflow.tell_duties(bigint, date) is 'Reminds the chair of a duty that comes due, and tells him and the center''s head of one that is overdue; once each';

create or replace function ticket_workflow.record_duty_done(occurrence_id bigint, chair text, record text, attendees text[] default '{}',
		excused text[] default '{}', held_at timestamptz default null, record_uri text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	o ticket_workflow.duty_occurrence;
	d ticket_workflow.periodic_duty;
	calendar text;
	day date;
begin
	select * into o from ticket_workflow.duty_occurrence r where r.occurrence_id = record_duty_done.occurrence_id;
	if o.occurrence_id is null or o.center_id is distinct from (ticket_workflow.acting_official()).center_id then
		perform ticket_workflow.fail('unknown_row', null, 'duty_occurrence', record_duty_done.occurrence_id::text);
	end if;
	select * into strict d from ticket_workflow.periodic_duty r where r.rulebook = o.rulebook and r.duty = o.duty;
	perform ticket_workflow.require_right(ticket_workflow.center_case(o.center_id), 'record_duty_done');
	-- not before: who does not see it must not learn by waiting that it is there
	select * into strict o from ticket_workflow.duty_occurrence r where r.occurrence_id = o.occurrence_id for no key update;
	if o.held_at is not null then
		perform ticket_workflow.fail('duty_done_already', d.clause, o.held_at::date::text);
	end if;
	calendar := ticket_workflow.ticket_calendar(o.center_id);
	o.recorded_at := ticket_workflow.now();
	o.held_at := coalesce(record_duty_done.held_at, o.recorded_at);
	if o.held_at > o.recorded_at or not isfinite(o.held_at) then
		perform ticket_workflow.fail('in_the_future', null, 'held_at', ticket_workflow.local_text(o.held_at, calendar));
	end if;
	day := ticket_workflow.local_day(o.held_at, calendar);
	if day < o.period_start then
		perform ticket_workflow.fail('day_order', d.clause, o.period_start::text, day::text);
	end if;
	o.chair_id := ticket_workflow.official_id_of(o.center_id, ticket_workflow.require_text(record_duty_done.chair, 'chair', 64));
	o.record := ticket_workflow.require_text(record_duty_done.record, 'record', 10000);
	o.record_uri := ticket_workflow.optional_text(record_duty_done.record_uri, 'record_uri', 2000);
	o.recorded_by := ticket_workflow.actor();
	-- what happened is recorded, as it happened; who should have chaired is marked
	o.marks := '{}';
	if not exists (select
			from ticket_workflow.posts_on(o.chair_id, day) p
				join ticket_workflow.position k on k.position = d.chair_position
			where p.rank >= k.rank and (p."position" = 'principal_leader'
				or case d.chair_relation when 'center' then p.organization_kind = 'center' and p.area_id is null else p.oversees end)) then
		o.marks := o.marks || 'other_chair'::text;
	end if;
	if o.held_at > o.due_at then
		o.marks := o.marks || 'late'::text;
	end if;
	update ticket_workflow.duty_occurrence r
		set held_at = o.held_at, chair_id = o.chair_id, record = o.record, record_uri = o.record_uri, marks = o.marks,
			recorded_at = o.recorded_at, recorded_by = o.recorded_by
		where r.occurrence_id = o.occurrence_id;
	insert into ticket_workflow.duty_attendance (occurrence_id, official_id, present)
		select o.occurrence_id, ticket_workflow.official_id_of(o.center_id, g.code), bool_or(g.present)
		from (
			select record_duty_done.chair as code, true as present
			union all select c, true from unnest(record_duty_done.attendees) c
			union all select c, false from unnest(record_duty_done.excused) c
		) g
		where g.code is not null
		group by 2;
	return o.occurrence_id;
end
$$;
comment on function ticket_workflow.record_duty_done(bigint, text, text, text[], text[], timestamptz, text) is
	'Records a meeting or training: who chaired it (another than the rulebook says is marked), the record, who attended and who was excused, by their codes. Once. Returns occurrence_id. Errors: TW001, TW005, TW006. Clauses 3.4, 3.7';
