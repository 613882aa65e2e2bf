-- Starting, ending and recomputing clocks.
-- May touch: clock. Whoever calls has locked the ticket.

-- due_on() names the day that ends at a moment; the day a moment lies in ends after it.
create or replace function ticket_workflow.local_day(at timestamptz, calendar text) returns date
	language sql stable parallel safe
	return ticket_workflow.due_on(local_day.at + interval '1 microsecond', local_day.calendar);
comment on function ticket_workflow.local_day(timestamptz, text) is 'The day of a moment in the calendar''s own zone (T6)';

-- In PL/pgSQL, as all that holds a query and is called from PL/pgSQL: it keeps its plan for the session, where an
-- SQL function plans anew in every transaction.
create or replace function ticket_workflow.ticket_calendar(center_id bigint) returns text
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (select c.calendar from ticket_workflow.center c where c.center_id = ticket_calendar.center_id);
end
$$;
comment on function ticket_workflow.ticket_calendar(bigint) is 'The calendar of a center: a ticket''s times never depend on a user''s setting';

-- The limit of a clock that starts at that moment: the first row of the rulebook whose conditions hold.
create or replace function ticket_workflow.find_limit(ticket ticket_workflow.ticket, clock text, started_at timestamptz, calendar text)
	returns ticket_workflow.clock_limit
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	found_limit ticket_workflow.clock_limit;
	start_kind constant text := case when ticket_workflow.is_working_day(
		ticket_workflow.local_day(find_limit.started_at, find_limit.calendar), find_limit.calendar) then 'working' else 'rest' end;
begin
	select l.* into found_limit
		from ticket_workflow.clock_limit l
		where l.rulebook = find_limit.ticket.rulebook and l.clock = find_limit.clock
			and (l.day_kind is null or l.day_kind = start_kind)
			and (l.received_on is null or l.received_on = find_limit.ticket.received_on)
			and (l.urgent is null or l.urgent = find_limit.ticket.urgent)
			and (l.handling_class is null or l.handling_class = find_limit.ticket.handling_class)
			and (l.kind is null or l.kind = find_limit.ticket.kind)
			and (l.category is null or l.category = find_limit.ticket.category)
			and (l.limit_kind <> 'given' or find_limit.ticket.given_limit_kind is not null)
		order by l.priority
		limit 1;
	if found_limit.limit_kind = 'given' then
		found_limit.limit_kind := find_limit.ticket.given_limit_kind;
		found_limit.amount := find_limit.ticket.given_limit_amount;
	end if;
	return found_limit;
end
$$;
comment on function ticket_workflow.find_limit(ticket_workflow.ticket, text, timestamptz, text) is
	'The rulebook''s limit of a clock for this ticket; all NULL where the clock does not run';

-- The due time of a clock, from its own row (C1). The platform's limit caps every other, except a window that only closes.
create or replace function ticket_workflow.recomputed_due(clock ticket_workflow.clock, platform_due_at timestamptz, expires boolean)
	returns timestamptz
	language sql stable
	return least(
		ticket_workflow.due_at(clock.counted_from, clock.limit_kind, clock.amount, clock.at_time, clock.calendar, clock.roll),
		case when not recomputed_due.expires then recomputed_due.platform_due_at end);
comment on function ticket_workflow.recomputed_due(ticket_workflow.clock, timestamptz, boolean) is
	'Due time of a clock computed from what it is counted from and its limit, under the cap of platform_due_at unless it only expires (C2)';

create or replace function ticket_workflow.level_at(level ticket_workflow.escalation_level, started_at timestamptz, due_at timestamptz, calendar text)
	returns timestamptz
	language sql stable
	return case level.offset_kind
		when 'share' then case when level.amount = 1 then level_at.due_at
			else level_at.started_at + (level_at.due_at - level_at.started_at) * level.amount::double precision end
		when 'minutes' then level_at.due_at + make_interval(mins => level.amount::integer)
		-- the end of a day belongs to that day
		else ticket_workflow.due_at(level_at.due_at - interval '1 microsecond', 'working_days', level.amount::integer, null, level_at.calendar)
	end;
comment on function ticket_workflow.level_at(ticket_workflow.escalation_level, timestamptz, timestamptz, text) is
	'When a level of a clock with this start and due time is reached';

-- When the sweep must look at a running clock again: its next level, or its due time if that still brings something.
create or replace function ticket_workflow.next_look(clock ticket_workflow.clock, rulebook text) returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c constant ticket_workflow.clock := next_look.clock;
begin
	return least(
		(select min(ticket_workflow.level_at(l.*, c.started_at, c.due_at, c.calendar))
			from ticket_workflow.escalation_level l
			where l.rulebook = next_look.rulebook and l.clock = c.clock
				and not exists (select from ticket_workflow.escalation e where e.clock_id = c.clock_id and e.level = l.level)),
		(select c.due_at from ticket_workflow.clock_kind k
			where k.clock = c.clock and (k.expires or k.due_event is not null and not c.due_done)));
end
$$;
comment on function ticket_workflow.next_look(ticket_workflow.clock, text) is 'Next moment at which a running clock asks for the sweep; NULL when it has nothing more to say';

create or replace function ticket_workflow.start_clock(ticket ticket_workflow.ticket, clock text, started_at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	kind ticket_workflow.clock_kind;
	given_limit ticket_workflow.clock_limit;
	c ticket_workflow.clock;
	started boolean;
begin
	select * into strict kind from ticket_workflow.clock_kind k where k.clock = start_clock.clock;
	if kind.needs_contact and not ticket_workflow.has_contact(start_clock.ticket) then
		return;
	end if;
	-- whichever comes first has started it: within the round for a department's clock
	select coalesce(max(r.round) filter (where r.clock = start_clock.clock), 0) + 1,
			coalesce(bool_or(case when r.clock = start_clock.clock then r.status in ('running', 'paused', 'held')
					or kind.of = 'department' and kind.by_fact and r.status <> 'cancelled' and r.dispatch_round = start_clock.ticket.dispatch_round
				else r.status <> 'cancelled' and start_clock.ticket.reopenings = 0 end), false)
		into c.round, started
		from ticket_workflow.clock r
		where r.ticket_id = start_clock.ticket.ticket_id and r.clock in (start_clock.clock, kind.replaced_by);
	if started then
		return;
	end if;

	c.calendar := ticket_workflow.ticket_calendar(start_clock.ticket.center_id);
	given_limit := ticket_workflow.find_limit(start_clock.ticket, start_clock.clock, start_clock.started_at, c.calendar);
	if given_limit.clock is null then
		return;
	end if;
	c.clock_id := ticket_workflow.new_id(start_clock.ticket.center_id, 'ticket_workflow.clock_seq');
	c.center_id := start_clock.ticket.center_id;
	c.ticket_id := start_clock.ticket.ticket_id;
	c.clock := start_clock.clock;
	c.dispatch_round := start_clock.ticket.dispatch_round;
	c.department_id := case when kind.of = 'department' then start_clock.ticket.lead_department_id end;
	c.status := 'running';
	c.started_at := start_clock.started_at;
	c.counted_from := start_clock.started_at;
	c.limit_kind := given_limit.limit_kind;
	c.amount := given_limit.amount;
	c.at_time := given_limit.at_time;
	c.roll := given_limit.roll;
	c.clause := given_limit.clause;
	c.adjusted := false;
	c.due_done := false;
	c.calendar_version := ticket_workflow.calendar_version(c.calendar);
	c.due_at := ticket_workflow.recomputed_due(c, start_clock.ticket.platform_due_at, kind.expires);
	c.due_on := ticket_workflow.due_on(c.due_at, c.calendar);
	c.provisional := not ticket_workflow.calendar_covers(c.due_on, c.calendar);
	c.next_at := ticket_workflow.next_look(c, start_clock.ticket.rulebook);
	insert into ticket_workflow.clock values (c.*);
end
$$;
comment on function ticket_workflow.start_clock(ticket_workflow.ticket, text, timestamptz) is
	'Starts a clock of a ticket, where the rulebook gives it a limit and it does not run already';

create or replace function ticket_workflow.end_clock(clock_id bigint, status text, at timestamptz, cause text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	update ticket_workflow.clock c
		set status = end_clock.status, stopped_at = end_clock.at, next_at = null
		where c.clock_id = end_clock.clock_id;
	perform ticket_workflow.end_escalations(end_clock.clock_id, end_clock.cause, end_clock.at);
end
$$;
comment on function ticket_workflow.end_clock(bigint, text, timestamptz, text) is 'Ends a clock and what it escalated';

-- An event is on time when it is at or before the due time (T3).
create or replace function ticket_workflow.stop_clock(clock ticket_workflow.clock, at timestamptz, cause text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	-- a held clock had stopped when it was held
	stopped constant timestamptz := coalesce(case when stop_clock.clock.status = 'held' then stop_clock.clock.stopped_at end, stop_clock.at);
begin
	perform ticket_workflow.end_clock(stop_clock.clock.clock_id,
		case when stopped <= stop_clock.clock.due_at then 'met' else 'late' end, stopped, stop_clock.cause);
end
$$;
comment on function ticket_workflow.stop_clock(ticket_workflow.clock, timestamptz, text) is 'Ends a clock as met or late';

-- C2a: the window resumes with what was left, at least one working day.
create or replace function ticket_workflow.resume_clock(clock ticket_workflow.clock, rulebook text, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock := resume_clock.clock;
	kind ticket_workflow.clock_kind;
begin
	select * into strict kind from ticket_workflow.clock_kind k where k.clock = c.clock;
	if c.limit_kind = 'working_days' then
		c.amount := greatest(1, ticket_workflow.working_days_between(
			ticket_workflow.local_day(c.stopped_at, c.calendar), c.due_on, c.calendar));
		c.counted_from := resume_clock.at;
	else
		c.counted_from := c.counted_from + (resume_clock.at - c.stopped_at);
	end if;
	c.calendar_version := ticket_workflow.calendar_version(c.calendar);
	c.due_at := ticket_workflow.recomputed_due(c, (
		select t.platform_due_at from ticket_workflow.ticket t where t.ticket_id = c.ticket_id), kind.expires);
	c.due_on := ticket_workflow.due_on(c.due_at, c.calendar);
	c.provisional := not ticket_workflow.calendar_covers(c.due_on, c.calendar);
	c.next_at := ticket_workflow.next_look(c, resume_clock.rulebook);
	update ticket_workflow.clock r
		set status = 'running', stopped_at = null, adjusted = true, amount = c.amount, counted_from = c.counted_from,
			calendar_version = c.calendar_version, due_at = c.due_at, due_on = c.due_on, provisional = c.provisional, next_at = c.next_at
		where r.clock_id = c.clock_id;
end
$$;
comment on function ticket_workflow.resume_clock(ticket_workflow.clock, text, timestamptz) is
	'Lets a paused clock run on with what was left, at least one working day (C2a)';

-- C2: a held clock that is released runs on as if it had never been held.
create or replace function ticket_workflow.release_clock(clock ticket_workflow.clock, rulebook text, at timestamptz, cause text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	update ticket_workflow.clock c
		set status = 'running', stopped_at = null, next_at = ticket_workflow.next_look(release_clock.clock, release_clock.rulebook)
		where c.clock_id = release_clock.clock.clock_id;
	perform ticket_workflow.reopen_escalations(release_clock.clock.clock_id, release_clock.cause, release_clock.at);
end
$$;
comment on function ticket_workflow.release_clock(ticket_workflow.clock, text, timestamptz, text) is
	'Lets a held clock run on as if it had never been held: a report sent back does not restart completion (C2)';

-- What an event means to each clock stands in clock_event.
create or replace function ticket_workflow.apply_event(ticket ticket_workflow.ticket, event text, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	effect record;
	c ticket_workflow.clock;
begin
	for effect in
		select e.clock, e.effect
		from ticket_workflow.clock_event e
			join ticket_workflow.clock_kind k on k.clock = e.clock
		where e.event = apply_event.event
			and (e.handling_class is null or e.handling_class = apply_event.ticket.handling_class)
		order by k.ordinal
	loop
		if effect.effect = 'start' then
			perform ticket_workflow.start_clock(apply_event.ticket, effect.clock, apply_event.at);
			continue;
		end if;
		select * into c
			from ticket_workflow.clock r
			where r.ticket_id = apply_event.ticket.ticket_id and r.clock = effect.clock
				and r.status in ('running', 'paused', 'held');
		continue when not found;
		if effect.effect = 'stop' then
			perform ticket_workflow.stop_clock(c, apply_event.at, apply_event.event);
		elsif effect.effect = 'hold' and c.status = 'running' then
			perform ticket_workflow.end_clock(c.clock_id, 'held', apply_event.at, apply_event.event);
		elsif effect.effect = 'pause' and c.status = 'running' then
			perform ticket_workflow.end_clock(c.clock_id, 'paused', apply_event.at, apply_event.event);
		elsif effect.effect = 'release' and c.status = 'held' then
			perform ticket_workflow.release_clock(c, apply_event.ticket.rulebook, apply_event.at, apply_event.event);
		elsif effect.effect = 'resume' and c.status = 'paused' then
			perform ticket_workflow.resume_clock(c, apply_event.ticket.rulebook, apply_event.at);
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.apply_event(ticket_workflow.ticket, text, timestamptz) is
	'Starts, stops, holds, releases, pauses and resumes the clocks of a ticket as clock_event says';

-- C3: a state that does not carry a clock ends it.
create or replace function ticket_workflow.end_uncarried_clocks(ticket ticket_workflow.ticket, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.end_clock(c.clock_id, 'cancelled', end_uncarried_clocks.at, end_uncarried_clocks.ticket.state)
		from ticket_workflow.clock c
		where c.ticket_id = end_uncarried_clocks.ticket.ticket_id and c.status in ('running', 'paused', 'held')
			and not exists (select from ticket_workflow.clock_carrier r
				where r.clock = c.clock and r.state = end_uncarried_clocks.ticket.state);
end
$$;
comment on function ticket_workflow.end_uncarried_clocks(ticket_workflow.ticket, timestamptz) is 'Cancels what the ticket''s state does not carry (C3)';
