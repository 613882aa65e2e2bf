-- The sweep: what has become due is done in bounded batches, each committed, oldest first.
-- May touch: sweep_run, sweep_failure; clocks only through process_clock() of their own room.
--
-- One lock order: tickets are locked first, and those that somebody else holds are left to the next sweep.
-- A clock is read again under the lock, so two sweeps at once share the work and fire nothing twice.

-- The next due clock of a ticket. One that failed is set aside for a while, the ticket's others go on.
-- A few rows of one ticket, by key, at the head of every call: planning them anew each time costs five times their reading.
create or replace function ticket_workflow.next_due_clock(ticket_id bigint, until timestamptz) returns ticket_workflow.clock
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	found_clock ticket_workflow.clock;
begin
	select c.* into found_clock
		from ticket_workflow.clock c
			join ticket_workflow.clock_kind k on k.clock = c.clock
		where c.ticket_id = next_due_clock.ticket_id and c.next_at <= next_due_clock.until
			and not exists (select from ticket_workflow.sweep_failure f
				where f.clock_id = c.clock_id and f.retry_at > clock_timestamp())
		order by c.next_at, k.ordinal
		limit 1;
	return found_clock;
end
$$;
comment on function ticket_workflow.next_due_clock(bigint, timestamptz) is
	'The clock of a ticket that asks first, no later than until; those set aside after a failure are left out';

create or replace function ticket_workflow.sweep_clock(clock ticket_workflow.clock) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
begin
	select * into strict t from ticket_workflow.ticket r where r.ticket_id = sweep_clock.clock.ticket_id;
	perform ticket_workflow.process_clock(t, sweep_clock.clock);
	-- what asks again at the same moment would keep the sweep for ever
	if exists (select from ticket_workflow.clock r
			where r.clock_id = sweep_clock.clock.clock_id and r.next_at <= sweep_clock.clock.next_at) then
		perform ticket_workflow.fail('clock_stuck', 'C4', sweep_clock.clock.clock, sweep_clock.clock.clock_id::text);
	end if;
	delete from ticket_workflow.sweep_failure f where f.clock_id = sweep_clock.clock.clock_id;
end
$$;
comment on function ticket_workflow.sweep_clock(ticket_workflow.clock) is 'One step of one due clock; its earlier failure is forgotten';

-- Doubled at each further failure, from a minute up to a day, on the real clock.
create or replace function ticket_workflow.set_clock_aside(clock ticket_workflow.clock, state text, message text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	insert into ticket_workflow.sweep_failure (clock_id, center_id, failed_at, retry_at, failures, sqlstate, message)
		values (set_clock_aside.clock.clock_id, set_clock_aside.clock.center_id, clock_timestamp(),
			clock_timestamp() + interval '1 minute', 1, set_clock_aside.state, left(set_clock_aside.message, 1000))
		on conflict (clock_id) do update
			set failed_at = excluded.failed_at, failures = sweep_failure.failures + 1,
				retry_at = excluded.failed_at
					+ least(interval '1 minute' * power(2, least(sweep_failure.failures, 11)), interval '1 day'),
				sqlstate = excluded.sqlstate, message = excluded.message;
end
$$;
comment on function ticket_workflow.set_clock_aside(ticket_workflow.clock, text, text) is
	'Sets a clock aside whose processing failed, with its error, for longer each time';

-- Most of what is due only speaks: one level of the one clock of its ticket that is due, and nothing follows.
-- That is done for all of them at once; what brings more than words, or more than one at a time, is left to
-- process_clock(), in the order in which it became due.
create or replace function ticket_workflow.sweep_levels(tickets bigint[], until timestamptz) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	found_levels record;
begin
	with due as materialized (
		select c as clock, c.clock_id, c.next_at, t.rulebook, t.urgent,
			not k.expires and (k.due_event is null or c.due_done or c.due_at > c.next_at) as only_speaks,
			count(*) over (partition by c.ticket_id) as due_clocks
		from ticket_workflow.clock c
			join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
			join ticket_workflow.clock_kind k on k.clock = c.clock
		where c.ticket_id = any (sweep_levels.tickets) and c.next_at <= sweep_levels.until
			and not exists (select from ticket_workflow.sweep_failure f
				where f.clock_id = c.clock_id and f.retry_at > clock_timestamp())
	), reached as (
		select d.clock_id, l.level, ticket_workflow.level_at(l, (d.clock).started_at, (d.clock).due_at, (d.clock).calendar) as reached_at,
			count(*) over (partition by d.clock_id) as levels
		from due d
			cross join lateral ticket_workflow.pending_levels(d.rulebook, (d.clock).clock, d.urgent, d.clock_id) l
		where d.only_speaks and d.due_clocks = 1
			and ticket_workflow.level_at(l, (d.clock).started_at, (d.clock).due_at, (d.clock).calendar) <= d.next_at
	)
	select array_agg(r.clock_id) as clocks, array_agg(r.level) as levels, array_agg(r.reached_at) as moments
		into found_levels
		from reached r
		where r.levels = 1;
	if found_levels.clocks is null then
		return 0;
	end if;
	perform ticket_workflow.raise_escalations(found_levels.clocks, found_levels.levels, found_levels.moments);
	update ticket_workflow.clock c
		set next_at = f.next_at
		from (
			select r.clock_id, n.next_at
			from ticket_workflow.clock r
				join ticket_workflow.ticket t on t.ticket_id = r.ticket_id
				cross join lateral ticket_workflow.next_look(t.rulebook, r.clock, t.urgent, r.clock_id, r.started_at, r.due_at, r.calendar, r.due_done) n
			where r.clock_id = any (found_levels.clocks)
			offset 0
		) f
		where c.clock_id = f.clock_id;
	delete from ticket_workflow.sweep_failure f where f.clock_id = any (found_levels.clocks);
	return cardinality(found_levels.clocks);
end
$$;
comment on function ticket_workflow.sweep_levels(bigint[], timestamptz) is
	'Raises the one due level of each of these tickets that has one, where nothing else follows; returns how many';

create or replace function ticket_workflow.begin_sweep() returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
	started bigint;
begin
	-- the heartbeat alone is not worth a flush: the first batch that does something makes it durable too
	perform set_config('synchronous_commit', 'off', true);
	insert into ticket_workflow.sweep_run (sweep_id, started_at, beat_at, as_of, backend)
		-- what is due at this moment is not late yet (T3), as at the head of every act
		values (nextval('ticket_workflow.sweep_seq'), clock_timestamp(), clock_timestamp(),
			ticket_workflow.now() - interval '1 microsecond', pg_backend_pid())
		returning sweep_id into started;
	return started;
end
$$;
comment on function ticket_workflow.begin_sweep() is 'Heartbeat at the start of a sweep, committed on its own so that a killed one shows';

-- T5: after a change of a calendar its deadlines are computed again before anything fires by the old ones.
-- Its failure must not stop the sweep; it is tried again by the next.
create or replace function ticket_workflow.sweep_calendars(sweep_id bigint) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.recompute_deadlines();
exception when others then
	raise warning '%', sqlerrm using errcode = sqlstate;
	update ticket_workflow.sweep_run r set failures = r.failures + 1 where r.sweep_id = sweep_calendars.sweep_id;
end
$$;
comment on function ticket_workflow.sweep_calendars(bigint) is
	'Computes the deadlines again whose calendar has changed; a failure is counted, the sweep goes on';

-- Function: sweep_batch. Does what is due for up to batch_size clocks' tickets, and beats.
-- Returns: whether another batch may find something. Calls: process_clock() for each due clock.
--
-- All of it runs in one subtransaction; only when that fails, once more with one for each clock, to find the bad
-- one. Sixty-four subtransactions that write are all a backend can show its neighbours cheaply.
create or replace function ticket_workflow.sweep_batch(sweep_id bigint, batch_size integer, max_batches integer) returns boolean
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	run ticket_workflow.sweep_run;
	tickets bigint[];
	found_clocks integer;
	ticket bigint;
	c ticket_workflow.clock;
	spoken integer;
	done integer := 0;
	failed integer := 0;
	fired integer := 0;
	more boolean;
	at constant timestamptz := ticket_workflow.now();
begin
	if batch_size is null or batch_size not between 1 and 10000 then
		perform ticket_workflow.fail('out_of_range', null, 'batch_size', batch_size::text, '1', '10000');
	end if;
	select * into run from ticket_workflow.sweep_run r where r.sweep_id = sweep_batch.sweep_id;
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'sweep', coalesce(sweep_batch.sweep_id::text, 'NULL'));
	end if;

	with due as (
		select d.ticket_id, d.next_at
		from ticket_workflow.clock d
			join ticket_workflow.ticket t on t.ticket_id = d.ticket_id
		where d.next_at <= run.as_of
			and not exists (select from ticket_workflow.sweep_failure f
				where f.clock_id = d.clock_id and f.retry_at > clock_timestamp())
		order by d.next_at
		limit sweep_batch.batch_size
		for no key update of t skip locked
	), first_due as (
		select d.ticket_id, min(d.next_at) as next_at, count(*) as clocks from due d group by d.ticket_id
	)
	select array_agg(f.ticket_id order by f.next_at, f.ticket_id), coalesce(sum(f.clocks), 0)
		into tickets, found_clocks
		from first_due f;
	more := found_clocks = sweep_batch.batch_size
		and (sweep_batch.max_batches is null or run.batches + 1 < sweep_batch.max_batches);

	if found_clocks > 0 then
		begin
			loop
				spoken := ticket_workflow.sweep_levels(tickets, run.as_of);
				exit when spoken = 0;
				done := done + spoken;
			end loop;
			for ticket in
				select d.ticket_id from ticket_workflow.clock d
				where d.ticket_id = any (tickets) and d.next_at <= run.as_of
				group by d.ticket_id
				order by min(d.next_at), d.ticket_id
			loop
				loop
					c := ticket_workflow.next_due_clock(ticket, run.as_of);
					exit when c.clock_id is null;
					perform ticket_workflow.sweep_clock(c);
					done := done + 1;
				end loop;
			end loop;
		exception when others then
			done := 0;
			foreach ticket in array tickets loop
				loop
					c := ticket_workflow.next_due_clock(ticket, run.as_of);
					exit when c.clock_id is null;
					begin
						perform ticket_workflow.sweep_clock(c);
						done := done + 1;
					exception when others then
						failed := failed + 1;
						perform ticket_workflow.set_clock_aside(c, sqlstate, sqlerrm);
					end;
				end loop;
			end loop;
		end;
		-- nobody else can have written these: the tickets are ours until the commit
		select count(*) into fired
			from ticket_workflow.escalation e
			where e.ticket_id = any (tickets) and e.noticed_at = at;
	end if;

	if done = 0 and failed = 0 then
		-- as in begin_sweep(): nothing here that could be missed
		perform set_config('synchronous_commit', 'off', true);
	end if;
	update ticket_workflow.sweep_run r
		set beat_at = clock_timestamp(), batches = r.batches + 1, clocks = r.clocks + done,
			escalations = r.escalations + fired, failures = r.failures + failed
		where r.sweep_id = sweep_batch.sweep_id;
	return more;
end
$$;
comment on function ticket_workflow.sweep_batch(bigint, integer, integer) is
	'One batch of a sweep: locks the tickets of the oldest due clocks, does what they ask for, beats; true when there may be more';

-- A waiting digest that has become ripe, or a lease that ran out, wakes the consumers once more.
create or replace function ticket_workflow.wake_consumers(ripe timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if exists (select from ticket_workflow.notice n
			where n.confirmed_at is null and n.closed_at is null and n.not_before <= wake_consumers.ripe
				and (n.lease_until is null or n.lease_until < clock_timestamp())
				and (n.retry_at is null or n.retry_at <= clock_timestamp())) then
		perform pg_notify('ticket_workflow_notice', '');
	end if;
end
$$;
comment on function ticket_workflow.wake_consumers(timestamptz) is 'Wakes listeners of ticket_workflow_notice when a notice may be taken';

create or replace function ticket_workflow.end_sweep(sweep_id bigint) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.close_notices();
	perform ticket_workflow.wake_consumers(ticket_workflow.now());
	-- as in begin_sweep(): what this closed the next would close again
	perform set_config('synchronous_commit', 'off', true);
	update ticket_workflow.sweep_run r
		set beat_at = clock_timestamp(), finished_at = clock_timestamp()
		where r.sweep_id = end_sweep.sweep_id;
end
$$;
comment on function ticket_workflow.end_sweep(bigint) is 'Ends a sweep: closes notices past their use, wakes consumers; the last heartbeat';

-- Neither SET nor SECURITY DEFINER: with either a procedure may not commit. So every name is qualified, and
-- all rules are in the definer functions it calls.
create or replace procedure ticket_workflow.sweep(batch_size integer default 500, max_batches integer default null)
	language plpgsql
as $$
declare
	run bigint;
	center bigint;
begin
	-- a standby cannot write; pg_cron and timers may run there all the same
	if pg_catalog.pg_is_in_recovery() then
		return;
	end if;
	-- under an older snapshot a lock would not be followed by a fresh look
	commit;
	set transaction isolation level read committed;
	run := ticket_workflow.begin_sweep();
	commit;
	set transaction isolation level read committed;
	perform ticket_workflow.sweep_calendars(run);
	commit;
	loop
		set transaction isolation level read committed;
		exit when not ticket_workflow.sweep_batch(run, batch_size, max_batches);
		commit;
	end loop;
	commit;
	loop
		set transaction isolation level read committed;
		center := ticket_workflow.sweep_center(run, center);
		exit when center is null;
		commit;
	end loop;
	perform ticket_workflow.end_sweep(run);
	commit;
end
$$;
comment on procedure ticket_workflow.sweep(integer, integer) is
	'Does what has become due, in batches of so many clocks, each committed, at most max_batches of them; then, once a day, each center''s daily part. Run it every minute (schedule_sweeps)';

-- Past row security: who watches the machine need not see the tickets, and a count of the rows he sees would
-- call a stuck sweep healthy.
create or replace function ticket_workflow.sweep_backlog(out oldest_due_at timestamptz, out notices_waiting integer,
		out oldest_notice_at timestamptz, out notices_failing integer, out notices_given_up integer, out last_given_up_at timestamptz)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	select min(c.next_at) into oldest_due_at
		from ticket_workflow.clock c where c.next_at < ticket_workflow.now();
	select count(*)::integer, min(n.not_before) into notices_waiting, oldest_notice_at
		from ticket_workflow.notice n
		where n.confirmed_at is null and n.closed_at is null and n.not_before <= ticket_workflow.now();
	select count(*)::integer into notices_failing
		from ticket_workflow.notice n
		where n.confirmed_at is null and n.closed_at is null and n.attempts > 0 and n.failures > 0;
	select count(*)::integer, max(n.closed_at) into notices_given_up, last_given_up_at
		from ticket_workflow.notice n where n.close_reason = 'given_up';
end
$$;
comment on function ticket_workflow.sweep_backlog() is
	'What waits, over all centers: the oldest due clock, notices that are to be sent, the oldest of them, those whose delivery failed so far, those that were given up';
