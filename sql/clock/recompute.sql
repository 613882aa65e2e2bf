-- After a change of a calendar: the open deadlines whose span it touches are computed again (T5).
-- May touch: clock, journal.

create or replace function ticket_workflow.recompute_deadlines(calendar text default null) returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	reached record;
	total integer := 0;
begin
	if not ticket_workflow.has_capability('sweeper') then
		perform ticket_workflow.require_capability('manager', null);
	end if;
	if recompute_deadlines.calendar is not null then
		perform ticket_workflow.check_calendar(recompute_deadlines.calendar);
	end if;
	for reached in
		-- materialized: the version is asked of each calendar once, not of each of its clocks
		with v as materialized (
			select k.code, ticket_workflow.calendar_version(k.code) as version
			from (select distinct c.calendar as code from ticket_workflow.center c) k
		)
		select v.code, v.version
		from v
		where (recompute_deadlines.calendar is null or v.code = recompute_deadlines.calendar)
			and exists (select from ticket_workflow.clock c
				where c.calendar = v.code and c.calendar_version < v.version and c.status in ('running', 'paused', 'held'))
		order by v.code
	loop
		total := total + ticket_workflow.recompute_calendar(reached.code, reached.version);
	end loop;
	return total;
end
$$;
comment on function ticket_workflow.recompute_deadlines(text) is
	'Computes the open deadlines again that changes of a calendar (NULL: of any) touch; nothing else moves. Returns how many clocks moved; the journal keeps old and new. T5';

-- A ticket that somebody holds is left for the next time: its clocks keep their older version until then.
create or replace function ticket_workflow.recompute_calendar(calendar text, version bigint) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	tickets bigint[];
	oldest bigint;
	touched record;
	moved integer;
begin
	-- the one lock order: tickets first, in the order of their ids
	select array_agg(l.ticket_id) into tickets
		from (
			select t.ticket_id from ticket_workflow.ticket t
			where t.ticket_id in (
				select c.ticket_id from ticket_workflow.clock c
				where c.calendar = recompute_calendar.calendar and c.calendar_version < recompute_calendar.version
					and c.status in ('running', 'paused', 'held'))
			order by t.ticket_id
			for no key update skip locked) l;
	select min(c.calendar_version) into oldest
		from ticket_workflow.clock c
		where c.calendar = recompute_calendar.calendar and c.calendar_version < recompute_calendar.version
			and c.status in ('running', 'paused', 'held');
	select coalesce(min(g.first_day), 'infinity') as first_day, coalesce(max(g.last_day), '-infinity') as last_day into touched
		from ticket_workflow.calendar_changes(recompute_calendar.calendar, oldest) g;

	-- materialized: who acts is asked once, not for every row
	with stamp as materialized (
		select ticket_workflow.now() as at, ticket_workflow.actor() as actor, ticket_workflow.caller()::text as caller
	), fresh as materialized (
		select c.clock_id, c.clock, c.status, c.started_at, c.calendar, c.due_at as old_due, c.due_done, c.provisional, t.rulebook, t.urgent,
			ticket_workflow.recomputed_due(c.*, t.platform_due_at, k.expires) as new_due,
			-- a span that the change does not touch stands as it is
			c.due_on >= touched.first_day and (touched.last_day = 'infinity'
				or ticket_workflow.local_day(c.counted_from, c.calendar) <= touched.last_day) as touched
		from ticket_workflow.clock c
			join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
			join ticket_workflow.clock_kind k on k.clock = c.clock
		where c.ticket_id = any (tickets) and c.calendar = recompute_calendar.calendar
			and c.calendar_version < recompute_calendar.version and c.status in ('running', 'paused', 'held')
	), placed as materialized (
		select f.*, d.new_on, not ticket_workflow.calendar_covers(d.new_on, f.calendar) as now_provisional
		from fresh f
			cross join lateral (select ticket_workflow.due_on(f.new_due, f.calendar) as new_on) d
		where f.touched
	), stamped as (
		-- looked at, and found as it should be
		update ticket_workflow.clock c
			set calendar_version = recompute_calendar.version
			from fresh f
				left join placed p on p.clock_id = f.clock_id
			where c.clock_id = f.clock_id
				and (p.clock_id is null or p.new_due = p.old_due and p.now_provisional = p.provisional)
	), written as (
		update ticket_workflow.clock c
			set calendar_version = recompute_calendar.version, due_at = p.new_due, due_on = p.new_on, provisional = p.now_provisional,
				next_at = case when p.status = 'running' then n.next_at end
			from placed p
				cross join lateral ticket_workflow.next_look(p.rulebook, p.clock, p.urgent, p.clock_id, p.started_at, p.new_due, p.calendar, p.due_done) n
			where c.clock_id = p.clock_id and (p.new_due <> p.old_due or p.now_provisional <> p.provisional)
			returning c.clock_id, c.ticket_id, c.clock, p.old_due, c.due_at as new_due
	), told as (
		insert into ticket_workflow.journal
			select ticket_workflow.center_of(w.ticket_id), w.ticket_id, last.seq + 1, n.at, n.at, n.actor, n.caller, session_user,
				'recompute', 'T5', null, null, w.details, 1::smallint,
				ticket_workflow.journal_hash(1::smallint, w.ticket_id, last.seq + 1, n.at, n.at, n.actor, n.caller, session_user,
					'recompute', 'T5', null, null, w.details, last.hash)
			from (
					select ticket_id, jsonb_build_object('clocks',
						jsonb_object_agg(clock, jsonb_build_object('from', old_due, 'to', new_due))) as details
					from written
					where old_due <> new_due
					group by ticket_id
				) w
				cross join stamp n
				cross join lateral (
					select j.seq, j.hash from ticket_workflow.journal j
					where j.ticket_id = w.ticket_id order by j.seq desc limit 1) last
	)
	select count(*) filter (where old_due <> new_due) into moved from written;
	return moved;
end
$$;
comment on function ticket_workflow.recompute_calendar(text, bigint) is
	'Brings the open clocks of one calendar to its version, set-based: those whose span a change touches are computed again, one journal row per ticket';
