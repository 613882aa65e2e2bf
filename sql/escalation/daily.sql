-- The day's part of a sweep: once per local day of each center, each center in a transaction of its own (sweep()).
-- May touch: sweep_day, sweep_run; otherwise through the functions of the rooms it calls.

-- T4: from 1 October, if nobody has published the next year yet; again with each further month.
create or replace function ticket_workflow.tell_missing_year(center_id bigint, calendar text, today date) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	next_year constant integer := extract(year from tell_missing_year.today)::integer + 1;
	this_month constant date := date_trunc('month', tell_missing_year.today)::date;
	told_to bigint[];
begin
	if extract(month from tell_missing_year.today) < 10
		or ticket_workflow.calendar_covers(make_date(next_year, 12, 31), tell_missing_year.calendar) then
		return;
	end if;
	insert into ticket_workflow.sweep_day as s (center_id, done_on, year_told_on)
		values (tell_missing_year.center_id, tell_missing_year.today - 1, this_month)
		on conflict (center_id) do update set year_told_on = excluded.year_told_on
			where s.year_told_on is distinct from excluded.year_told_on;
	if not found then
		return;
	end if;
	select array_agg(o.official_id order by o.official_id) into told_to
		from ticket_workflow.official o
		where o.code = any (ticket_workflow.center_fallback(tell_missing_year.center_id, tell_missing_year.today));
	perform ticket_workflow.post_notice(tell_missing_year.center_id, told.recipient, 'notice_calendar_year',
			array[tell_missing_year.calendar, next_year::text],
			recipient_post => case when told.recipient is null then 'center:dispatcher' end)
		from unnest(coalesce(told_to, array[null::bigint])) as told (recipient);
end
$$;
comment on function ticket_workflow.tell_missing_year(bigint, text, date) is
	'From 1 October tells the center, once a month, that its calendar does not cover the next year (T4)';

-- Function: sweep_center. The day's part of the next center, by id, that has not had it today.
-- Returns: that center; NULL when there is none behind the one given.
-- Calls: tell_missing_year, seal_days, sweep_mechanisms, purge_notices, purge_sweep_runs.
--
-- Two sweeps never work at one center: what the other has in hand is passed by. So whatever is locked here, in a
-- fixed order where it is more than one row (sweep_bursts()), is locked against users alone. A failure stops
-- neither the sweep nor the other centers; the next sweep tries again.
create or replace function ticket_workflow.sweep_center(sweep_id bigint, after bigint) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	center record;
	failed integer := 0;
begin
	select c.center_id, c.calendar, d.today into center
		from ticket_workflow.center c
			cross join lateral (select ticket_workflow.local_day(ticket_workflow.now(), c.calendar) as today) d
			left join ticket_workflow.sweep_day s on s.center_id = c.center_id
		where c.center_id > coalesce(sweep_center.after, 0) and (s.done_on is null or s.done_on < d.today)
		order by c.center_id
		limit 1
		for no key update of c skip locked;
	if not found then
		return null;
	end if;
	-- another sweep may have come to its end between the look and the lock
	if exists (select from ticket_workflow.sweep_day s where s.center_id = center.center_id and s.done_on >= center.today) then
		return center.center_id;
	end if;
	begin
		perform ticket_workflow.tell_missing_year(center.center_id, center.calendar, center.today);
		perform ticket_workflow.seal_days(center.center_id, center.today);
		failed := ticket_workflow.sweep_mechanisms(center.center_id, center.today);
		perform ticket_workflow.purge_notices(100000), ticket_workflow.purge_sweep_runs();
		insert into ticket_workflow.sweep_day (center_id, done_on) values (center.center_id, center.today)
			on conflict (center_id) do update set done_on = excluded.done_on;
	exception when others then
		failed := failed + 1;
		raise warning '%', sqlerrm using errcode = sqlstate;
	end;
	update ticket_workflow.sweep_run r
		set beat_at = clock_timestamp(), failures = r.failures + failed
		where r.sweep_id = sweep_center.sweep_id;
	return center.center_id;
end
$$;
comment on function ticket_workflow.sweep_center(bigint, bigint) is
	'What a sweep does once a day for a center, the next one behind the center given: tells of a year without a calendar, seals the journal of the days gone by, looks after the mechanisms of chapter three, forgets old notices and heartbeats; NULL when none is left';
