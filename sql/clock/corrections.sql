-- Clocks follow corrections of a ticket, extensions and changes of a calendar.
-- May touch: clock, journal.

-- A corrected ticket may have other limits, need clocks it did not have, or need some no longer.
create or replace function ticket_workflow.follow_correction(before ticket_workflow.ticket, ticket ticket_workflow.ticket) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock;
	given_limit record;
	old_due timestamptz;
	moved jsonb := '{}';
	state ticket_workflow.ticket_state;
	taken_over timestamptz;
	kind ticket_workflow.clock_kind;
begin
	select * into strict state from ticket_workflow.ticket_state s where s.state = ticket.state;

	if state.is_open then
		for c in
			select r.* from ticket_workflow.clock r
				join ticket_workflow.clock_kind k on k.clock = r.clock
			where r.ticket_id = follow_correction.ticket.ticket_id and r.status in ('running', 'paused', 'held')
			order by k.ordinal
		loop
			select * into strict kind from ticket_workflow.clock_kind k where k.clock = c.clock;
			select * into given_limit from ticket_workflow.find_limit(follow_correction.ticket, c.clock, c.started_at, c.calendar);
			if not found
				or kind.needs_contact and not ticket_workflow.has_contact(follow_correction.ticket) then
				perform ticket_workflow.end_clock(c.clock_id, 'cancelled', ticket_workflow.now(), 'corrected');
				moved := moved || jsonb_build_object(c.clock, jsonb_build_object('from', c.due_at, 'to', null));
				continue;
			end if;
			old_due := c.due_at;
			-- the limit of an extension and of a resumed window stands as it was granted; the platform's cap holds for them too
			if not c.adjusted then
				c.limit_kind := given_limit.limit_kind;
				c.amount := given_limit.amount;
				c.at_time := given_limit.at_time;
				c.roll := given_limit.roll;
			end if;
			c.calendar_version := ticket_workflow.calendar_version(c.calendar);
			c.due_at := ticket_workflow.recomputed_due(c, follow_correction.ticket.platform_due_at, kind.expires);
			continue when c.due_at = old_due;
			perform ticket_workflow.move_due(c, follow_correction.ticket.rulebook);
			moved := moved || jsonb_build_object(c.clock, jsonb_build_object('from', old_due, 'to', c.due_at));
		end loop;

		-- what the corrected ticket needs and did not have starts with the correction
		perform ticket_workflow.apply_new_clocks(follow_correction.before, follow_correction.ticket);
		-- completion where urgent completion stood in its place
		select min(r.started_at) into taken_over
			from ticket_workflow.clock r
			where r.ticket_id = follow_correction.ticket.ticket_id and r.clock = 'site_visit'
				and r.dispatch_round = follow_correction.ticket.dispatch_round;
		taken_over := coalesce(follow_correction.ticket.accepted_at, taken_over);
		if taken_over is not null then
			if exists (select from ticket_workflow.clock r
					where r.ticket_id = follow_correction.ticket.ticket_id and r.clock = 'urgent_completion' and r.status = 'running') then
				perform ticket_workflow.end_clock(r.clock_id, 'cancelled', ticket_workflow.now(), 'corrected')
					from ticket_workflow.clock r
					where r.ticket_id = follow_correction.ticket.ticket_id and r.clock = 'completion' and r.status = 'running'
						and follow_correction.ticket.reopenings = 0;
			elsif ticket.state in ('accepted', 'dispatched', 'rework') then
				perform ticket_workflow.start_clocks(follow_correction.ticket, '{completion}', taken_over);
			end if;
		end if;
		perform ticket_workflow.settle_fact_clocks(follow_correction.ticket.ticket_id);
		-- levels for urgent tickets only now apply, or no longer do
		if follow_correction.ticket.urgent <> follow_correction.before.urgent then
			update ticket_workflow.clock r
				set next_at = ticket_workflow.next_look(r, follow_correction.ticket.rulebook)
				where r.ticket_id = follow_correction.ticket.ticket_id and r.status = 'running';
		end if;
	end if;

	perform ticket_workflow.write_journal(follow_correction.ticket.ticket_id, 'correct', null,
		ticket_workflow.changed_columns(follow_correction.before, follow_correction.ticket)
			|| case when moved = '{}' then '{}'::jsonb else jsonb_build_object('clocks', moved) end);
end
$$;
comment on function ticket_workflow.follow_correction(ticket_workflow.ticket, ticket_workflow.ticket) is
	'After a correction: limits computed again from the same start, clocks added and cancelled, all in the journal';

create or replace function ticket_workflow.apply_new_clocks(before ticket_workflow.ticket, ticket ticket_workflow.ticket) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	at constant timestamptz := ticket_workflow.now();
begin
	if ticket_workflow.has_contact(ticket) and not ticket_workflow.has_contact(before) then
		perform ticket_workflow.start_clocks(ticket, '{center_contact}', at);
		if exists (select from ticket_workflow.clock c
				where c.ticket_id = apply_new_clocks.ticket.ticket_id and c.clock = 'site_visit'
					and c.dispatch_round = apply_new_clocks.ticket.dispatch_round) then
			perform ticket_workflow.start_clocks(ticket, '{first_contact}', at);
		end if;
	end if;
	-- urgent_report and urgent_completion have a limit for urgent tickets of a rest day only
	if ticket.urgent and not before.urgent then
		perform ticket_workflow.start_clocks(ticket, '{urgent_report,urgent_completion}', at);
	end if;
end
$$;
comment on function ticket_workflow.apply_new_clocks(ticket_workflow.ticket, ticket_workflow.ticket) is
	'Starts the clocks that a correction makes necessary, from the moment of the correction';

create or replace function ticket_workflow.move_due(clock ticket_workflow.clock, rulebook text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock := move_due.clock;
	new_on constant date := ticket_workflow.due_on(c.due_at, c.calendar);
begin
	update ticket_workflow.clock r
		set counted_from = c.counted_from, limit_kind = c.limit_kind, amount = c.amount, at_time = c.at_time, roll = c.roll, adjusted = c.adjusted,
			calendar_version = c.calendar_version, due_at = c.due_at, due_on = new_on, provisional = not ticket_workflow.calendar_covers(new_on, c.calendar),
			next_at = case when r.status = 'running' then ticket_workflow.next_look(c, move_due.rulebook) end
		where r.clock_id = c.clock_id;
end
$$;
comment on function ticket_workflow.move_due(ticket_workflow.clock, text) is 'Writes a clock''s new limit and due time, and when the sweep must look';
