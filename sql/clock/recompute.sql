-- After a change of a calendar: the open deadlines whose span it touches are computed again (T5).
-- May touch: clock, journal, clock_recompute.

create or replace function ticket_workflow.recompute_deadlines(calendar text default null) returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	reached record;
	moved integer;
	total integer := 0;
begin
	if not ticket_workflow.has_capability('sweeper') then
		perform ticket_workflow.require_capability('manager', null);
	end if;
	for reached in
		-- every calendar that clocks count by, what changed since it was last looked at, its bases' changes included
		select k.code, h.version, h.first_day, h.last_day
		from (select distinct c.calendar as code from ticket_workflow.center c) k
			cross join lateral (
				select max(g.version) as version, min(g.first_day) as first_day, max(g.last_day) as last_day
				from ticket_workflow.calendar_changes(k.code, coalesce((
					select r.version from ticket_workflow.clock_recompute r where r.calendar = k.code), 0)) g) h
		where h.version is not null
			and (recompute_deadlines.calendar is null or k.code = recompute_deadlines.calendar)
		order by k.code
	loop
		moved := ticket_workflow.recompute_span(reached.code, reached.first_day, reached.last_day);
		total := total + moved;
		insert into ticket_workflow.clock_recompute as r (calendar, version, recomputed_at, moved)
			values (reached.code, reached.version, ticket_workflow.now(), moved)
			on conflict (calendar) do update
				set version = excluded.version, recomputed_at = excluded.recomputed_at, moved = excluded.moved;
	end loop;
	return total;
end
$$;
comment on function ticket_workflow.recompute_deadlines(text) is
	'Computes the open deadlines again that changes of a calendar (NULL: of any) touch; nothing else moves. Returns how many clocks moved; the journal keeps old and new. T5';

create or replace function ticket_workflow.recompute_span(calendar text, first_day date, last_day date) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	moved integer;
begin
	-- the one lock order: tickets first, in the order of their ids
	perform from ticket_workflow.ticket t
		where t.ticket_id in (
			select c.ticket_id from ticket_workflow.clock c
			where c.calendar = recompute_span.calendar and c.status in ('running', 'paused', 'held')
				and c.due_on >= recompute_span.first_day)
		order by t.ticket_id
		for no key update;

	with fresh as materialized (
		select c.clock_id, c.clock, c.status, c.started_at, c.calendar, c.due_at as old_due, c.provisional, t.rulebook,
			ticket_workflow.recomputed_due(c.*, t.platform_due_at, k.expires) as new_due,
			k.expires or k.due_event is not null and not c.due_done as due_event
		from ticket_workflow.clock c
			join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
			join ticket_workflow.clock_kind k on k.clock = c.clock
		where c.calendar = recompute_span.calendar and c.status in ('running', 'paused', 'held')
			and c.due_on >= recompute_span.first_day
			and (recompute_span.last_day = 'infinity'
				or ticket_workflow.local_day(c.counted_from, c.calendar) <= recompute_span.last_day)
	), placed as materialized (
		select f.*, d.new_on, not ticket_workflow.calendar_covers(d.new_on, f.calendar) as now_provisional
		from fresh f
			cross join lateral (select ticket_workflow.due_on(f.new_due, f.calendar) as new_on) d
	), next_level as (
		-- as next_look() says, for all of them at once; a level that fired stays fired
		select p.clock_id, min(ticket_workflow.level_at(l.*, p.started_at, p.new_due, p.calendar)) as at
		from placed p
			join ticket_workflow.escalation_level l on l.rulebook = p.rulebook and l.clock = p.clock
			left join ticket_workflow.escalation e on e.clock_id = p.clock_id and e.level = l.level
		where p.status = 'running' and e.escalation_id is null
		group by p.clock_id
	), written as (
		update ticket_workflow.clock c
			set due_at = p.new_due, due_on = p.new_on, provisional = p.now_provisional,
				next_at = case when p.status = 'running' then least(n.at, case when p.due_event then p.new_due end) end
			from placed p
				left join next_level n on n.clock_id = p.clock_id
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
				cross join (select ticket_workflow.now() as at, ticket_workflow.actor() as actor, ticket_workflow.caller()::text as caller) n
				cross join lateral (
					select j.seq, j.hash from ticket_workflow.journal j
					where j.ticket_id = w.ticket_id order by j.seq desc limit 1) last
	)
	select count(*) filter (where old_due <> new_due) into moved from written;
	return moved;
end
$$;
comment on function ticket_workflow.recompute_span(text, date, date) is
	'Computes the open deadlines of one calendar again whose span touches the days given, set-based, one journal row per ticket';
