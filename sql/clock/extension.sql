-- Extending the completion limit (section 8, Limits; ours, not the norm's): what it needs, and asking for it.
-- sql/clock/extension_guards.sql judges; the signature stands in sql/approval.
-- May touch: limit_extension; through its guards clock and journal.

-- urgent_completion stands in completion's place; after a reopening completion runs beside what is left of it
create or replace function ticket_workflow.extended_clock(ticket_id bigint) returns ticket_workflow.clock
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	found_clock ticket_workflow.clock;
begin
	select c.* into found_clock
		from ticket_workflow.clock c
		where c.ticket_id = extended_clock.ticket_id and c.clock in ('completion', 'urgent_completion') and c.status = 'running'
		order by c.clock = 'completion' desc
		limit 1;
	return found_clock;
end
$$;
comment on function ticket_workflow.extended_clock(bigint) is 'The clock that an extension moves: the running completion clock; NULL while none runs';

-- Working days are added to working days; to any other limit they are counted from the day on which it ends.
create or replace function ticket_workflow.extended_limit(clock ticket_workflow.clock, working_days integer) returns ticket_workflow.clock
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	c ticket_workflow.clock := extended_limit.clock;
begin
	if c.limit_kind = 'working_days' then
		c.amount := c.amount + extended_limit.working_days;
	else
		-- the end of a day belongs to that day
		c.counted_from := c.due_at - interval '1 microsecond';
		c.limit_kind := 'working_days';
		c.amount := extended_limit.working_days;
		c.at_time := null;
	end if;
	c.adjusted := true;
	c.calendar_version := ticket_workflow.calendar_version(c.calendar);
	-- without the platform's cap, which is a condition here and not a cut
	c.due_at := ticket_workflow.recomputed_due(c, null, false);
	return c;
end
$$;
comment on function ticket_workflow.extended_limit(ticket_workflow.clock, integer) is 'The clock as it stands when its limit is extended by so many working days';

create or replace function ticket_workflow.extension_problems(extension ticket_workflow.limit_extension, ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	x constant ticket_workflow.limit_extension := extension_problems.extension;
	t constant ticket_workflow.ticket := extension_problems.ticket;
	c constant ticket_workflow.clock := ticket_workflow.extended_clock(t.ticket_id);
	allowed constant text := ticket_workflow.rulebook_setting(t.rulebook, 'extensions_per_ticket');
	used integer;
	extended ticket_workflow.clock;
begin
	if allowed !~ '^[0-9]{1,4}$' then
		perform ticket_workflow.fail('setting_malformed', '2.3.2.2', t.rulebook, 'extensions_per_ticket', allowed, '0 – 9999');
	end if;
	if x.working_days is null or x.working_days not between 1 and 250 then
		return query select 'out_of_range'::text, '2.3.2.2'::text, array['working_days', coalesce(x.working_days::text, ''), '1', '250'];
		return;
	end if;
	if coalesce(btrim(x.reason, E' \t\r\n　'), '') = '' then
		return query select 'reason_missing'::text, '2.3.2.2'::text, '{}'::text[];
	end if;
	-- the department that asked still has the ticket, and the limit it asked for still runs
	if c.clock_id is distinct from x.clock_id or (x.dispatch_round, x.organization_id) is distinct from (t.dispatch_round, t.lead_department_id)
		or c.clock_id is null then
		return query select 'extension_no_clock'::text, '2.3.2.2'::text, '{}'::text[];
		return;
	end if;
	-- an event at the due time is on time (T3); what is overdue stays so
	if ticket_workflow.now() > c.due_at then
		return query select 'extension_due_over'::text, '2.3.2.2'::text, array[ticket_workflow.local_text(c.due_at, c.calendar)];
	end if;
	select count(*) into used
		from ticket_workflow.limit_extension o
		where o.ticket_id = t.ticket_id and o.state = 'granted' and o.extension_id <> x.extension_id;
	if used >= allowed::integer then
		return query select 'extension_used_up'::text, '2.3.2.2'::text, array[used::text, allowed];
	end if;
	extended := ticket_workflow.extended_limit(c, x.working_days);
	if extended.due_at > t.platform_due_at then
		return query select 'extension_past_platform'::text, 'C2'::text,
			array[ticket_workflow.local_text(extended.due_at, c.calendar), ticket_workflow.local_text(t.platform_due_at, c.calendar)];
	end if;
end
$$;
comment on function ticket_workflow.extension_problems(ticket_workflow.limit_extension, ticket_workflow.ticket) is
	'What stands in the way of an extension, when it is asked for and again when it is granted; the signature apart';

-- In force as soon as nothing is missing: with the last signature, or at once where the rulebook asks for none.
create or replace function ticket_workflow.settle_extension(extension_id bigint) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	update ticket_workflow.limit_extension x
		set state = 'granted'
		where x.extension_id = settle_extension.extension_id and x.state = 'requested'
			and not exists (select from ticket_workflow.signature_problems('extension', settle_extension.extension_id));
end
$$;
comment on function ticket_workflow.settle_extension(bigint) is 'Puts an extension in force that lacks no signature any more';

create or replace function ticket_workflow.extend_limit(ticket_id bigint, working_days integer, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(extend_limit.ticket_id, 'extend_limit');
	x ticket_workflow.limit_extension;
	c constant ticket_workflow.clock := ticket_workflow.extended_clock(extend_limit.ticket_id);
begin
	perform ticket_workflow.require_actor();
	if c.clock_id is null then
		perform ticket_workflow.fail('extension_no_clock', '2.3.2.2');
	end if;
	-- another request takes the place of the one that waits
	update ticket_workflow.limit_extension o set state = 'withdrawn'
		where o.ticket_id = t.ticket_id and o.state = 'requested';
	x.extension_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.extension_seq');
	x.center_id := t.center_id;
	x.ticket_id := t.ticket_id;
	x.dispatch_round := t.dispatch_round;
	x.organization_id := t.lead_department_id;
	x.clock_id := c.clock_id;
	-- what is missing is the guard's to say
	x.working_days := coalesce(extend_limit.working_days, 0);
	x.reason := coalesce(ticket_workflow.optional_text(extend_limit.reason, 'reason'), '');
	x.state := 'draft';
	insert into ticket_workflow.limit_extension values (x.*);
	update ticket_workflow.limit_extension o set state = 'requested' where o.extension_id = x.extension_id;
	perform ticket_workflow.settle_extension(x.extension_id);
	return x.extension_id;
end
$$;
comment on function ticket_workflow.extend_limit(bigint, integer, text) is
	'Asks for so many working days more on the running completion limit, with a reason; in force once sign_extension() brings the head''s signature, once per ticket, never past the platform''s limit. Asking again takes the request that waits back. Returns extension_id. Errors: TW001, TW004, TW005, TW006, TW009. Clauses 2.3.2.2, C2';
