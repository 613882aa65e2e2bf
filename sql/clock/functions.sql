-- Starting, ending and recomputing clocks.
-- May touch: clock. Whoever calls has locked the ticket.

-- The limit of a clock that starts at that moment: the first row of the rulebook whose conditions hold.
-- This and the next three have SQL bodies without a SET, to be inlined into the one statement that starts clocks.
create or replace function ticket_workflow.find_limit(ticket ticket_workflow.ticket, clock text, started_at timestamptz, calendar text)
	returns table (limit_kind text, amount integer, at_time time, roll boolean, clause text)
	language sql stable rows 1
begin atomic
	select case when l.limit_kind = 'given' then (find_limit.ticket).given_limit_kind else l.limit_kind end,
		case when l.limit_kind = 'given' then (find_limit.ticket).given_limit_amount else l.amount end,
		l.at_time, l.roll, l.clause
	from ticket_workflow.clock_limit l
	where l.rulebook = (find_limit.ticket).rulebook and l.clock = find_limit.clock
		and (l.day_kind is null or l.day_kind = case when ticket_workflow.is_working_day(
			ticket_workflow.local_day(find_limit.started_at, find_limit.calendar), find_limit.calendar) then 'working' else 'rest' end)
		and (l.received_on is null or l.received_on = (find_limit.ticket).received_on)
		and (l.urgent is null or l.urgent = (find_limit.ticket).urgent)
		and (l.handling_class is null or l.handling_class = (find_limit.ticket).handling_class)
		and (l.kind is null or l.kind = (find_limit.ticket).kind)
		and (l.category is null or l.category = (find_limit.ticket).category)
		and (l.limit_kind <> 'given' or (find_limit.ticket).given_limit_kind is not null)
	order by l.priority
	limit 1;
end;
comment on function ticket_workflow.find_limit(ticket_workflow.ticket, text, timestamptz, text) is
	'The rulebook''s limit of a clock for this ticket; no row where the clock does not run';

-- The platform's limit caps every other, except a window that only closes (C2).
create or replace function ticket_workflow.capped_due(counted_from timestamptz, limit_kind text, amount integer, at_time time,
		calendar text, roll boolean, platform_due_at timestamptz, expires boolean) returns timestamptz
	language sql stable
	return least(
		ticket_workflow.due_at(capped_due.counted_from, capped_due.limit_kind, capped_due.amount, capped_due.at_time,
			capped_due.calendar, capped_due.roll),
		case when not capped_due.expires then capped_due.platform_due_at end);
comment on function ticket_workflow.capped_due(timestamptz, text, integer, time, text, boolean, timestamptz, boolean) is
	'Due time of a limit under the cap of platform_due_at, unless the clock only expires (C2)';

create or replace function ticket_workflow.recomputed_due(clock ticket_workflow.clock, platform_due_at timestamptz, expires boolean)
	returns timestamptz
	language sql stable
	return ticket_workflow.capped_due(clock.counted_from, clock.limit_kind, clock.amount, clock.at_time, clock.calendar, clock.roll,
		recomputed_due.platform_due_at, recomputed_due.expires);
comment on function ticket_workflow.recomputed_due(ticket_workflow.clock, timestamptz, boolean) is
	'Due time of a clock computed from what it is counted from and its limit (C1)';

-- For the view of what must be finished today, whose caller need not see the rulebook's rows.
create or replace function ticket_workflow.completion_if_taken(ticket ticket_workflow.ticket, calendar text) returns timestamptz
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	at constant timestamptz := ticket_workflow.now();
begin
	return (
		select ticket_workflow.capped_due(at, l.limit_kind, l.amount, l.at_time, completion_if_taken.calendar, l.roll,
			completion_if_taken.ticket.platform_due_at, false)
		from ticket_workflow.find_limit(completion_if_taken.ticket, 'completion', at, completion_if_taken.calendar) l);
end
$$;
comment on function ticket_workflow.completion_if_taken(ticket_workflow.ticket, text) is
	'When the completion of a ticket would be due whose department took it over now (2.3.2.2, 3.1, C2)';

-- A limit is never negative; a lead in working days is.
create or replace function ticket_workflow.end_of_working_day(at timestamptz, n integer, calendar text) returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	day constant date := ticket_workflow.add_working_days(
		ticket_workflow.local_day(end_of_working_day.at, end_of_working_day.calendar), end_of_working_day.n, end_of_working_day.calendar);
	zone constant text := (select c.zone from ticket_workflow.calendar c where c.code = end_of_working_day.calendar);
begin
	return ticket_workflow.due_at((day + time '12:00') at time zone zone, 'calendar_days', 0, null, end_of_working_day.calendar, false);
end
$$;
comment on function ticket_workflow.end_of_working_day(timestamptz, integer, text) is
	'End of the n-th working day after, or before (negative), the day of a moment (T7)';

create or replace function ticket_workflow.level_at(level ticket_workflow.escalation_level, started_at timestamptz, due_at timestamptz, calendar text)
	returns timestamptz
	language sql stable
	return case
		when level.offset_kind = 'share' then case when level.amount = 1 then level_at.due_at
			else level_at.started_at + (level_at.due_at - level_at.started_at) * level.amount::double precision end
		-- a lead longer than the span is reached at the start
		else greatest(level_at.started_at, case level.offset_kind
			when 'minutes' then level_at.due_at + make_interval(mins => level.amount::integer)
			-- the end of a day belongs to that day
			else case when level.amount < 0
				then ticket_workflow.end_of_working_day(level_at.due_at - interval '1 microsecond', level.amount::integer, level_at.calendar)
				else ticket_workflow.due_at(level_at.due_at - interval '1 microsecond', 'working_days', level.amount::integer, null, level_at.calendar) end
		end)
	end;
comment on function ticket_workflow.level_at(ticket_workflow.escalation_level, timestamptz, timestamptz, text) is
	'When a level of a clock with this start and due time is reached';

-- The one place that says which levels a clock may still raise: those of its rulebook and of its ticket's urgency, each once,
-- ever (C4). Inlined wherever it is called: no SET, and no argument may be a subquery. A clock that just starts has no clock_id yet.
create or replace function ticket_workflow.pending_levels(rulebook text, clock text, urgent boolean, clock_id bigint)
	returns setof ticket_workflow.escalation_level
	language sql stable rows 2
begin atomic
	select l.*
	from ticket_workflow.escalation_level l
	where l.rulebook = pending_levels.rulebook and l.clock = pending_levels.clock
		and (l.urgent is null or l.urgent = pending_levels.urgent)
		and not exists (select from ticket_workflow.escalation e where e.clock_id = pending_levels.clock_id and e.level = l.level);
end;
comment on function ticket_workflow.pending_levels(text, text, boolean, bigint) is 'The levels that a clock has not raised yet';

-- When the sweep must look at a running clock again: its next level, or its due time if that still brings something.
-- Inlined too.
create or replace function ticket_workflow.next_look(rulebook text, clock text, urgent boolean, clock_id bigint, started_at timestamptz,
		due_at timestamptz, calendar text, due_done boolean)
	returns table (next_at timestamptz)
	language sql stable rows 1
begin atomic
	select least(
		(select min(ticket_workflow.level_at(l.*, next_look.started_at, next_look.due_at, next_look.calendar))
			from ticket_workflow.pending_levels(next_look.rulebook, next_look.clock, next_look.urgent, next_look.clock_id) l),
		(select next_look.due_at from ticket_workflow.clock_kind k
			where k.clock = next_look.clock and (k.expires or k.due_event is not null and not next_look.due_done)));
end;
comment on function ticket_workflow.next_look(text, text, boolean, bigint, timestamptz, timestamptz, text, boolean) is
	'Next moment at which a running clock asks for the sweep; NULL when it has nothing more to say';

create or replace function ticket_workflow.next_look(clock ticket_workflow.clock, rulebook text) returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c constant ticket_workflow.clock := next_look.clock;
begin
	return (select n.next_at
		from ticket_workflow.ticket t
			cross join lateral ticket_workflow.next_look(next_look.rulebook, c.clock, t.urgent, c.clock_id, c.started_at, c.due_at, c.calendar, c.due_done) n
		where t.ticket_id = c.ticket_id);
end
$$;
comment on function ticket_workflow.next_look(ticket_workflow.clock, text) is 'The same for the row of a clock';

-- Which of these clocks start at a moment, beside those that the ticket has had: whatever comes first has started one,
-- within the round for a department's, and none starts without a limit.
create or replace function ticket_workflow.clocks_to_start(ticket ticket_workflow.ticket, had ticket_workflow.clock[], starting text[],
		at timestamptz, calendar text, reachable boolean)
	returns table (clock text, of text, round integer, limit_kind text, amount integer, at_time time, roll boolean, clause text,
		due_at timestamptz, due_on date)
	language sql stable
begin atomic
	select k.clock, k.of, s.round, l.limit_kind, l.amount, l.at_time, l.roll, l.clause, g.due_at,
			ticket_workflow.due_on(g.due_at, clocks_to_start.calendar)
		from ticket_workflow.clock_kind k
			cross join lateral (
				select coalesce(max(r.round) filter (where r.clock = k.clock), 0) + 1 as round,
					coalesce(bool_or(case when r.clock = k.clock then r.status in ('running', 'paused', 'held')
							or k.of = 'department' and k.by_fact and r.status <> 'cancelled'
								and r.dispatch_round = (clocks_to_start.ticket).dispatch_round
						else r.status <> 'cancelled' and (clocks_to_start.ticket).reopenings = 0 end), false) as started
				from unnest(clocks_to_start.had) r
				where r.clock in (k.clock, k.replaced_by)) s
			cross join lateral ticket_workflow.find_limit(clocks_to_start.ticket, k.clock, clocks_to_start.at, clocks_to_start.calendar) l
			cross join lateral (
				select ticket_workflow.capped_due(clocks_to_start.at, l.limit_kind, l.amount, l.at_time, clocks_to_start.calendar, l.roll,
					(clocks_to_start.ticket).platform_due_at, k.expires) as due_at) g
		where k.clock = any (clocks_to_start.starting) and (clocks_to_start.reachable or not k.needs_contact) and not s.started
		order by k.ordinal;
end;
comment on function ticket_workflow.clocks_to_start(ticket_workflow.ticket, ticket_workflow.clock[], text[], timestamptz, text, boolean) is
	'Which of these clocks start at that moment, with their round, limit and due time: those the rulebook limits and that do not run already';

-- One statement, however many: a dispatch starts four, and to start a statement costs more than a clock.
-- All it asks is by the ticket's key: one plan serves every ticket, where planning anew would cost five times the rest.
create or replace function ticket_workflow.start_clocks(ticket ticket_workflow.ticket, clocks text[], started_at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	t constant ticket_workflow.ticket := start_clocks.ticket;
	calendar constant text := ticket_workflow.ticket_calendar(t.center_id);
	-- before the due times that are kept with it
	version constant bigint := ticket_workflow.calendar_version(calendar);
	reachable constant boolean := ticket_workflow.has_contact(t);
	had constant ticket_workflow.clock[] := array(select r from ticket_workflow.clock r where r.ticket_id = t.ticket_id);
begin
	insert into ticket_workflow.clock (clock_id, center_id, ticket_id, clock, round, dispatch_round, department_id, status,
			started_at, counted_from, limit_kind, amount, at_time, roll, calendar, clause,
			due_at, due_on, calendar_version, provisional, next_at)
		select ticket_workflow.new_id(t.center_id, 'ticket_workflow.clock_seq'), t.center_id, t.ticket_id, d.clock, d.round, t.dispatch_round,
			case when d.of = 'department' then t.lead_department_id end, 'running',
			start_clocks.started_at, start_clocks.started_at, d.limit_kind, d.amount, d.at_time, d.roll, calendar, d.clause,
			d.due_at, d.due_on, version, not ticket_workflow.calendar_covers(d.due_on, calendar), n.next_at
		from ticket_workflow.clocks_to_start(t, had, start_clocks.clocks, start_clocks.started_at, calendar, reachable) d
			cross join lateral ticket_workflow.next_look(t.rulebook, d.clock, t.urgent, null, start_clocks.started_at, d.due_at, calendar, false) n;
end
$$;
comment on function ticket_workflow.start_clocks(ticket_workflow.ticket, text[], timestamptz) is
	'Starts clocks of a ticket, where the rulebook gives them a limit and they do not run already';

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

-- An event is on time when it is at or before the due time (T3). A held clock had stopped when it was held.
create or replace function ticket_workflow.ended_status(effect text, stopped_at timestamptz, due_at timestamptz) returns text
	language sql immutable parallel safe
	return case ended_status.effect when 'hold' then 'held' when 'pause' then 'paused' when 'cancel' then 'cancelled'
		else case when ended_status.stopped_at <= ended_status.due_at then 'met' else 'late' end end;
comment on function ticket_workflow.ended_status(text, timestamptz, timestamptz) is
	'Status of a clock that is held, paused, cancelled or stopped at that moment: met at or before the due time, late after it (T3)';

-- C2a: the window resumes with what was left, at least one working day.
create or replace function ticket_workflow.resumed_clock(clock ticket_workflow.clock, platform_due_at timestamptz, at timestamptz)
	returns ticket_workflow.clock
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock := resumed_clock.clock;
begin
	if c.limit_kind = 'working_days' then
		c.amount := greatest(1, ticket_workflow.working_days_between(
			ticket_workflow.local_day(c.stopped_at, c.calendar), c.due_on, c.calendar));
		c.counted_from := resumed_clock.at;
	else
		c.counted_from := c.counted_from + (resumed_clock.at - c.stopped_at);
	end if;
	c.status := 'running';
	c.stopped_at := null;
	c.adjusted := true;
	c.calendar_version := ticket_workflow.calendar_version(c.calendar);
	c.due_at := ticket_workflow.recomputed_due(c, resumed_clock.platform_due_at,
		(select k.expires from ticket_workflow.clock_kind k where k.clock = c.clock));
	c.due_on := ticket_workflow.due_on(c.due_at, c.calendar);
	c.provisional := not ticket_workflow.calendar_covers(c.due_on, c.calendar);
	return c;
end
$$;
comment on function ticket_workflow.resumed_clock(ticket_workflow.clock, timestamptz, timestamptz) is
	'A paused clock as it runs on with what was left, at least one working day (C2a)';

create or replace function ticket_workflow.resume_clock(clock ticket_workflow.clock, rulebook text, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c constant ticket_workflow.clock := ticket_workflow.resumed_clock(resume_clock.clock, (
		select t.platform_due_at from ticket_workflow.ticket t where t.ticket_id = resume_clock.clock.ticket_id), resume_clock.at);
begin
	update ticket_workflow.clock r
		set status = c.status, stopped_at = c.stopped_at, adjusted = c.adjusted, amount = c.amount, counted_from = c.counted_from,
			calendar_version = c.calendar_version, due_at = c.due_at, due_on = c.due_on, provisional = c.provisional,
			next_at = ticket_workflow.next_look(c, resume_clock.rulebook)
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

-- What an event means to each clock stands in clock_event. Events of one moment are applied together: no clock
-- has a part in two of them.
create or replace function ticket_workflow.apply_events(ticket ticket_workflow.ticket, events text[], at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	t constant ticket_workflow.ticket := apply_events.ticket;
	effects record;
	ended record;
	resumed record;
begin
	select array_agg(e.clock) filter (where e.effect = 'start') as started,
			bool_or(e.effect in ('stop', 'hold', 'pause')) as ending, bool_or(e.effect in ('release', 'resume')) as resuming
		into effects
		from ticket_workflow.clock_event e
		where e.event = any (apply_events.events) and (e.handling_class is null or e.handling_class = t.handling_class);
	if effects.ending then
		for ended in
			with ended as (
				update ticket_workflow.clock c
					set status = ticket_workflow.ended_status(e.effect, case when c.status = 'held' then c.stopped_at else apply_events.at end, c.due_at),
						stopped_at = case when c.status = 'held' then c.stopped_at else apply_events.at end, next_at = null
					from ticket_workflow.clock_event e
					where e.event = any (apply_events.events) and (e.handling_class is null or e.handling_class = t.handling_class)
						and c.ticket_id = t.ticket_id and c.clock = e.clock
						and (c.status = 'running' and e.effect in ('stop', 'hold', 'pause') or c.status in ('paused', 'held') and e.effect = 'stop')
					returning c.clock_id, c.stopped_at, e.event
			)
			select d.clock_id, d.event, d.stopped_at from ended d
			where exists (select from ticket_workflow.escalation x where x.clock_id = d.clock_id and x.ended_at is null)
			order by d.clock_id
		loop
			perform ticket_workflow.end_escalations(ended.clock_id, ended.event, ended.stopped_at);
		end loop;
	end if;
	if effects.resuming then
		for resumed in
			select e.event, r as clock
			from ticket_workflow.clock_event e
				join ticket_workflow.clock r on r.ticket_id = t.ticket_id and r.clock = e.clock
			where e.event = any (apply_events.events) and (e.handling_class is null or e.handling_class = t.handling_class)
				and (e.effect = 'release' and r.status = 'held' or e.effect = 'resume' and r.status = 'paused')
			order by r.clock_id
		loop
			if (resumed.clock).status = 'held' then
				perform ticket_workflow.release_clock(resumed.clock, t.rulebook, apply_events.at, resumed.event);
			else
				perform ticket_workflow.resume_clock(resumed.clock, t.rulebook, apply_events.at);
			end if;
		end loop;
	end if;
	if effects.started is not null then
		perform ticket_workflow.start_clocks(t, effects.started, apply_events.at);
	end if;
end
$$;
comment on function ticket_workflow.apply_events(ticket_workflow.ticket, text[], timestamptz) is
	'Starts, stops, holds, releases, pauses and resumes the clocks of a ticket as clock_event says';

-- C3: a state that does not carry a clock ends it.
create or replace function ticket_workflow.end_uncarried_clocks(ticket ticket_workflow.ticket, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	ended record;
begin
	for ended in
		with ended as (
			update ticket_workflow.clock c
				set status = 'cancelled', stopped_at = end_uncarried_clocks.at, next_at = null
				where c.ticket_id = end_uncarried_clocks.ticket.ticket_id and c.status in ('running', 'paused', 'held')
					and not exists (select from ticket_workflow.clock_carrier r
						where r.clock = c.clock and r.state = end_uncarried_clocks.ticket.state)
				returning c.clock_id
		)
		select d.clock_id from ended d
		where exists (select from ticket_workflow.escalation x where x.clock_id = d.clock_id and x.ended_at is null)
		order by d.clock_id
	loop
		perform ticket_workflow.end_escalations(ended.clock_id, end_uncarried_clocks.ticket.state, end_uncarried_clocks.at);
	end loop;
end
$$;
comment on function ticket_workflow.end_uncarried_clocks(ticket_workflow.ticket, timestamptz) is 'Cancels what the ticket''s state does not carry (C3)';
