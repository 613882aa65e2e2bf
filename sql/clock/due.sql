-- What becomes due: levels, deemed acceptance, the clocks that start when acceptance is due.
-- May touch: clock, escalation (through its room), ticket (deemed acceptance).

-- One step of one clock, at its next_at. The order over all clocks of a ticket is catch_up()'s.
create or replace function ticket_workflow.process_clock(ticket ticket_workflow.ticket, clock ticket_workflow.clock) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock := process_clock.clock;
	kind ticket_workflow.clock_kind;
	level ticket_workflow.escalation_level;
begin
	select * into strict kind from ticket_workflow.clock_kind k where k.clock = c.clock;

	for level in
		select l.*
		from ticket_workflow.pending_levels(process_clock.ticket.rulebook, c.clock, process_clock.ticket.urgent, c.clock_id) l
		where ticket_workflow.level_at(l.*, c.started_at, c.due_at, c.calendar) <= c.next_at
		order by ticket_workflow.level_at(l.*, c.started_at, c.due_at, c.calendar), l.level
	loop
		perform ticket_workflow.raise_escalation(c, level, ticket_workflow.level_at(level, c.started_at, c.due_at, c.calendar));
	end loop;

	if c.due_at <= c.next_at and kind.expires then
		perform ticket_workflow.expire_clock(process_clock.ticket, c);
		return;
	end if;
	if c.due_at <= c.next_at and kind.due_event is not null and not c.due_done then
		c.due_done := true;
		-- a platform's limit may have passed before the clock began: nobody has a ticket before it was dispatched to him
		perform ticket_workflow.apply_events(process_clock.ticket, array[kind.due_event], greatest(c.due_at, c.started_at));
		perform ticket_workflow.settle_fact_clocks(c.ticket_id, facts_changed => false);
	end if;
	update ticket_workflow.clock r
		set due_done = c.due_done, next_at = ticket_workflow.next_look(c, process_clock.ticket.rulebook)
		where r.clock_id = c.clock_id;
end
$$;
comment on function ticket_workflow.process_clock(ticket_workflow.ticket, ticket_workflow.clock) is
	'Does what a running clock asks for at its next_at: levels, and what its due time brings';

-- 逾期不退，视作接收 (2.2.2): the window closes, and a ticket nobody accepted is deemed accepted at that moment.
create or replace function ticket_workflow.expire_clock(ticket ticket_workflow.ticket, clock ticket_workflow.clock) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.end_clock(expire_clock.clock.clock_id, 'expired', expire_clock.clock.due_at, 'expired');
	perform ticket_workflow.write_journal(expire_clock.ticket.ticket_id, 'return_window_closed', expire_clock.clock.clause,
		jsonb_build_object('dispatch_round', expire_clock.ticket.dispatch_round), expire_clock.clock.due_at, by_system => true);
	if expire_clock.ticket.state = 'dispatched' then
		update ticket_workflow.ticket t
			set state = 'accepted', state_act = 'accept', state_reason = null,
				accepted_deemed = true, state_at = expire_clock.clock.due_at
			where t.ticket_id = expire_clock.ticket.ticket_id;
	end if;
end
$$;
comment on function ticket_workflow.expire_clock(ticket_workflow.ticket, ticket_workflow.clock) is
	'Closes the return window; a ticket that nobody accepted is deemed accepted (2.2.2)';

-- Everything that has become due for a ticket, in the order in which it became due: a sweep that runs late,
-- and a call that comes before it, leave the same rows as one that ran on time (C4).
create or replace function ticket_workflow.catch_up(ticket_id bigint, until timestamptz) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	c ticket_workflow.clock;
	steps integer := 0;
begin
	loop
		-- one that failed in a sweep is set aside, and does not keep people from their ticket
		c := ticket_workflow.next_due_clock(catch_up.ticket_id, catch_up.until);
		exit when c.clock_id is null;
		select * into strict t from ticket_workflow.ticket where ticket.ticket_id = catch_up.ticket_id;
		perform ticket_workflow.process_clock(t, c);
		steps := steps + 1;
	end loop;
	return steps;
end
$$;
comment on function ticket_workflow.catch_up(bigint, timestamptz) is
	'Does what became due for a ticket until that moment, oldest first; the caller has locked the ticket. Returns the number of steps';
