-- The clocks of a history that is told again: what apply_events() and catch_up() (sql/clock) do to stored clocks, step by
-- step as things happen, is done here to an array, so that an import is judged before anything is written and each
-- clock is written once. What starts, stops and holds a clock, how long it is and what it was worth are asked of the
-- same rows and functions; test/pgtap/import_clocks.sql plays tickets, imports their history and compares.
-- May touch: nothing.

create or replace function ticket_workflow.told_starts(ticket ticket_workflow.ticket, clocks ticket_workflow.clock[], starting text[],
		at timestamptz, calendar text, version bigint, reachable boolean) returns ticket_workflow.clock[]
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	t constant ticket_workflow.ticket := told_starts.ticket;
	started ticket_workflow.clock[];
begin
	select array_agg(row(ticket_workflow.new_id(t.center_id, 'ticket_workflow.clock_seq'), t.center_id, t.ticket_id, d.clock, d.round, t.dispatch_round,
			case when d.of = 'department' then t.lead_department_id end, 'running', told_starts.at, told_starts.at,
			d.limit_kind, d.amount, d.at_time, d.roll, told_starts.calendar, d.clause, d.due_at, d.due_on, told_starts.version,
			not ticket_workflow.calendar_covers(d.due_on, told_starts.calendar), false, false, null, null)::ticket_workflow.clock)
		into started
		from ticket_workflow.clocks_to_start(t, told_starts.clocks, told_starts.starting, told_starts.at, told_starts.calendar,
			told_starts.reachable) d;
	return told_starts.clocks || started;
end
$$;
comment on function ticket_workflow.told_starts(ticket_workflow.ticket, ticket_workflow.clock[], text[], timestamptz, text, bigint, boolean) is
	'The clocks of a told history with those that start at that moment, where the rulebook gives them a limit and they do not run already';

create or replace function ticket_workflow.told_events(ticket ticket_workflow.ticket, clocks ticket_workflow.clock[], events text[],
		at timestamptz, calendar text, version bigint, reachable boolean, platform_done timestamptz) returns ticket_workflow.clock[]
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock;
	list ticket_workflow.clock[] := told_events.clocks;
	effects jsonb;
	effect text;
	starting text[];
	carried text[];
begin
	-- no clock has a part in two events of one moment
	select jsonb_object_agg(e.clock, e.effect), array_agg(e.clock) filter (where e.effect = 'start')
		into effects, starting
		from ticket_workflow.clock_event e
		where e.event = any (told_events.events) and (e.handling_class is null or e.handling_class = told_events.ticket.handling_class);
	for i in 1 .. coalesce(cardinality(list), 0) loop
		c := list[i];
		continue when c.status not in ('running', 'paused', 'held');
		effect := effects ->> c.clock;
		if c.status = 'running' and effect in ('stop', 'hold', 'pause') or effect = 'stop' then
			-- a held clock had stopped when it was held
			if c.status <> 'held' then
				c.stopped_at := told_events.at;
			end if;
			c.status := ticket_workflow.ended_status(effect, c.stopped_at, c.due_at);
		elsif effect = 'release' and c.status = 'held' then
			c.status := 'running';
			c.stopped_at := null;
		elsif effect = 'resume' and c.status = 'paused' then
			c := ticket_workflow.resumed_clock(c, told_events.ticket.platform_due_at, told_events.at);
		else
			continue;
		end if;
		list[i] := c;
	end loop;
	if starting is not null then
		list := ticket_workflow.told_starts(told_events.ticket, list, starting, told_events.at, told_events.calendar, told_events.version,
			told_events.reachable);
	end if;
	-- C3: a state that does not carry a clock ends it
	carried := array(select r.clock from ticket_workflow.clock_carrier r where r.state = told_events.ticket.state);
	for i in 1 .. coalesce(cardinality(list), 0) loop
		c := list[i];
		if c.status in ('running', 'paused', 'held') and c.clock <> all (carried)
			-- done before: the facts are asked when the whole history is there
			and not (c.clock = 'urgent_completion' and coalesce(told_events.platform_done <= told_events.at, false)) then
			c.status := 'cancelled';
			c.stopped_at := told_events.at;
			list[i] := c;
		end if;
	end loop;
	return list;
end
$$;
comment on function ticket_workflow.told_events(ticket_workflow.ticket, ticket_workflow.clock[], text[], timestamptz, text, bigint, boolean, timestamptz) is
	'The clocks of a told history after events of one moment, as clock_event and clock_carrier say; the ticket is as it stands after them';

-- What came of itself before the next thing happened: acceptance was due, the return window closed (2.2.2).
create or replace function ticket_workflow.told_due(inout ticket ticket_workflow.ticket, inout clocks ticket_workflow.clock[],
		until timestamptz, calendar text, version bigint, reachable boolean, platform_done timestamptz)
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	-- product rows: a clock that expires, and one whose due time means something to others
	kinds constant jsonb := (select jsonb_object_agg(k.clock, case when k.expires then '' else k.due_event end)
		from ticket_workflow.clock_kind k where k.expires or k.due_event is not null);
	c ticket_workflow.clock;
	before ticket_workflow.ticket;
	first_due integer;
	moment timestamptz;
begin
	loop
		first_due := null;
		for i in 1 .. coalesce(cardinality(clocks), 0) loop
			c := clocks[i];
			if c.status = 'running' and kinds ? c.clock and not c.due_done and c.due_at <= told_due.until
				and (first_due is null or c.due_at < moment) then
				first_due := i;
				moment := c.due_at;
			end if;
		end loop;
		exit when first_due is null;
		c := clocks[first_due];
		if kinds ->> c.clock <> '' then
			c.due_done := true;
			clocks[first_due] := c;
			clocks := ticket_workflow.told_events(ticket, clocks, array[kinds ->> c.clock], greatest(c.due_at, c.started_at),
				told_due.calendar, told_due.version, told_due.reachable, told_due.platform_done);
			continue;
		end if;
		c.status := 'expired';
		c.stopped_at := c.due_at;
		clocks[first_due] := c;
		if ticket.state = 'dispatched' then
			before := ticket;
			ticket.state := 'accepted';
			ticket.state_act := 'accept';
			ticket.state_at := c.due_at;
			ticket.state_reason := null;
			ticket.accepted_deemed := true;
			ticket := ticket_workflow.state_columns(before, ticket);
			clocks := ticket_workflow.told_events(ticket, clocks, '{accepted,taken_over}', c.due_at,
				told_due.calendar, told_due.version, told_due.reachable, told_due.platform_done);
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.told_due(ticket_workflow.ticket, ticket_workflow.clock[], timestamptz, text, bigint, boolean, timestamptz) is
	'Ticket and clocks of a told history after what became due until that moment: acceptance overdue, deemed acceptance';
