-- Clocks that end by a recorded fact: settled as of when it happened, however late it was entered (C4).
-- May touch: clock.

create or replace function ticket_workflow.clock_fact_time(ticket ticket_workflow.ticket, clock text, of text) returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	-- what happened before a department had the ticket is not that department's
	since constant timestamptz := case when clock_fact_time.of = 'department'
		then clock_fact_time.ticket.dispatched_at else clock_fact_time.ticket.received_at end;
	fact timestamptz := ticket_workflow.fact_time(clock_fact_time.ticket, clock_fact_time.clock, clock_fact_time.ticket.dispatch_round, since);
begin
	-- completed and reported to the district platform: both
	if clock_fact_time.clock = 'urgent_completion' then
		return case when clock_fact_time.ticket.completed_at is not null and fact is not null
			then greatest(clock_fact_time.ticket.reported_at, fact) end;
	end if;
	return fact;
end
$$;
comment on function ticket_workflow.clock_fact_time(ticket_workflow.ticket, text, text) is
	'When the facts of a ticket first satisfied that clock, which is the ticket''s or the department''s; NULL if they do not';

-- All it asks is by the ticket's key: one plan serves every ticket, and planning anew costs more than reading.
create or replace function ticket_workflow.settle_fact_clocks(ticket ticket_workflow.ticket, facts_changed boolean default true) returns void
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	t constant ticket_workflow.ticket := settle_fact_clocks.ticket;
	latest record;
	c ticket_workflow.clock;
	fact timestamptz;
begin
	for latest in
		-- the latest run of each: an earlier round's facts are settled for good
		select distinct on (r.clock) r as clock, k.of
		from ticket_workflow.clock r
			join ticket_workflow.clock_kind k on k.clock = r.clock and k.by_fact
		where r.ticket_id = t.ticket_id and r.status in ('running', 'met', 'late')
			-- a change of state finds facts for a clock that runs, and reopens what was completed
			and (settle_fact_clocks.facts_changed or r.status = 'running' or r.clock = 'urgent_completion')
			and (k.of = 'ticket' or r.dispatch_round = t.dispatch_round)
		order by r.clock, r.round desc
	loop
		c := latest.clock;
		fact := ticket_workflow.clock_fact_time(t, c.clock, latest.of);
		if fact is not null then
			if fact is distinct from c.stopped_at then
				perform ticket_workflow.end_clock(c.clock_id, ticket_workflow.ended_status('stop', fact, c.due_at), fact, 'fact_recorded');
			end if;
		elsif c.status <> 'running' then
			-- what ended it was voided
			if exists (select from ticket_workflow.clock_carrier r where r.clock = c.clock and r.state = t.state) then
				perform ticket_workflow.release_clock(c, t.rulebook, ticket_workflow.now(), 'fact_voided');
			end if;
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.settle_fact_clocks(ticket_workflow.ticket, boolean) is
	'Ends the clocks whose facts are recorded, as of when they happened, and lets those run again whose facts were voided';

create or replace function ticket_workflow.settle_fact_clocks(ticket_id bigint, facts_changed boolean default true) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
begin
	select * into strict t from ticket_workflow.ticket r where r.ticket_id = settle_fact_clocks.ticket_id;
	perform ticket_workflow.settle_fact_clocks(t, settle_fact_clocks.facts_changed);
end
$$;
comment on function ticket_workflow.settle_fact_clocks(bigint, boolean) is 'The same for a ticket by its id';
