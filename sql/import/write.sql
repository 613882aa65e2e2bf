-- Writing what an import has read: set by set, each row once.
-- May touch: ticket and what hangs on it, journal, clock, escalation (levels that were passed), incident.
--
-- Rows are inserted as they stand: no trigger acts on INSERT, so nobody is told, nothing fires, and no limit of the norm is
-- asked of what is past. The journal says so: its first entry is the import, with the digest of the document.
--
-- Nothing here joins stored tables: the first import of a desk fills empty ones within one transaction, and the planner, who
-- holds them for empty to its end, would read them whole for each row.

create or replace function ticket_workflow.import_journal(ids bigint[], states text[], details jsonb[], at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	author constant text := ticket_workflow.actor();
	asked_by constant text := ticket_workflow.caller();
begin
	insert into ticket_workflow.journal (center_id, ticket_id, seq, occurred_at, recorded_at, actor, caller, session_role,
			kind, clause, from_state, to_state, details, version, hash)
		select ticket_workflow.center_of(t.ticket_id), t.ticket_id, 1, import_journal.at, import_journal.at, author, asked_by, session_user,
			'imported', 'S4', null, t.state, t.details, 1::smallint,
			ticket_workflow.journal_hash(1::smallint, t.ticket_id, 1, import_journal.at, import_journal.at, author, asked_by,
				session_user, 'imported', 'S4', null, t.state, t.details, null)
		from unnest(import_journal.ids, import_journal.states, import_journal.details) as t (ticket_id, state, details);
end
$$;
comment on function ticket_workflow.import_journal(bigint[], text[], jsonb[], timestamptz) is
	'The first entry in the journal of each imported ticket: that, when and by whom it was imported, and the digest of its document';

-- Clocks of facts are worth what the facts say (fact_time), which are stored already; the others were settled by the steps.
-- Those that still run run on: levels that were reached before the import are recorded as passed, by the import and without a
-- notice (end_cause imported), and the sweep looks at the next one, as next_look() says of stored clocks.
create or replace function ticket_workflow.import_clocks(at timestamptz, tickets ticket_workflow.ticket[], clocks ticket_workflow.clock[],
		decisions ticket_workflow.dispatch_decision[]) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	with settled as materialized (
		select c.*, t.rulebook, t.urgent, k.expires or k.due_event is not null and not c.due_done as due_event,
			case when f.at is not null then ticket_workflow.ended_status('stop', f.at, c.due_at)
				-- done, but never said to be: a state that does not carry it has ended it (C3)
				when u.uncarried then 'cancelled' else c.status end as now_status,
			coalesce(f.at, case when u.uncarried then t.state_at else c.stopped_at end) as now_stopped_at
		from unnest(import_clocks.clocks) c
			join ticket_workflow.clock_kind k on k.clock = c.clock
			join unnest(import_clocks.tickets) t on t.ticket_id = c.ticket_id
			left join unnest(import_clocks.decisions) d on d.ticket_id = c.ticket_id and d.dispatch_round = c.dispatch_round
			left join lateral (
				select case when c.clock <> 'urgent_completion' then x.fact
					-- completed and reported to the district platform: both
					when t.completed_at is not null and x.fact is not null then greatest(t.reported_at, x.fact) end as at
				from (select ticket_workflow.fact_time(t, c.clock, c.dispatch_round,
					case k.of when 'department' then d.decided_at else t.received_at end) as fact where k.by_fact) x
				-- once a clock, however often it is named
				offset 0
			-- what came after the ticket had left the department changes nothing
			) f on c.status = 'running' or c.status = 'cancelled' and f.at <= c.stopped_at
			cross join lateral (select c.status = 'running' and not exists (
				select from ticket_workflow.clock_carrier r where r.clock = c.clock and r.state = t.state) as uncarried) u
	), level as materialized (
		select s.clock_id, l.level, l.purpose, g.reached_at,
			-- a clock that stands still has not reached what lies behind the moment at which it stopped
			case when s.now_status = 'running' then g.reached_at < import_clocks.at else g.reached_at <= s.now_stopped_at end as passed
		from settled s
			-- none of them has raised any yet
			cross join lateral ticket_workflow.pending_levels(s.rulebook, s.clock, s.urgent, null) l
			cross join lateral (select ticket_workflow.level_at(l.*, s.started_at, s.due_at, s.calendar) as reached_at) g
		where s.now_status in ('running', 'paused', 'held')
	), ahead as (
		select l.clock_id, min(l.reached_at) as at from level l where not l.passed group by l.clock_id
	), written as (
		insert into ticket_workflow.clock (clock_id, center_id, ticket_id, clock, round, dispatch_round, department_id, status, started_at,
				counted_from, limit_kind, amount, at_time, roll, calendar, clause, due_at, due_on, calendar_version, provisional, adjusted,
				due_done, stopped_at, next_at)
			select s.clock_id, s.center_id, s.ticket_id, s.clock, s.round, s.dispatch_round, s.department_id, s.now_status, s.started_at,
				s.counted_from, s.limit_kind, s.amount, s.at_time, s.roll, s.calendar, s.clause, s.due_at, s.due_on, s.calendar_version,
				s.provisional, s.adjusted, s.due_done, s.now_stopped_at,
				case when s.now_status = 'running' then least(a.at, case when s.due_event then s.due_at end) end
			from settled s
				left join ahead a on a.clock_id = s.clock_id
	)
	insert into ticket_workflow.escalation (escalation_id, center_id, ticket_id, clock_id, clock, round, level, purpose,
			due_at, due_on, reached_at, noticed_at, recipients, vacant_posts, ended_at, end_cause)
		select ticket_workflow.new_id(p.center_id, 'ticket_workflow.escalation_seq'), p.center_id, p.ticket_id, p.clock_id, p.clock, p.round, p.level,
			p.purpose, p.due_at, p.due_on, p.reached_at, import_clocks.at, '{}', '{}', import_clocks.at, 'imported'
		from (
			select s.center_id, s.ticket_id, s.clock_id, s.clock, s.round, s.due_at, s.due_on, l.level, l.purpose, l.reached_at
			from level l
				join settled s on s.clock_id = l.clock_id
			where l.passed
			order by l.reached_at, s.ticket_id, l.level
		) p;
end
$$;
comment on function ticket_workflow.import_clocks(timestamptz, ticket_workflow.ticket[], ticket_workflow.clock[], ticket_workflow.dispatch_decision[]) is
	'Writes the clocks of imported tickets, whose facts are stored already; levels reached before are recorded as passed, nobody is told';

-- A merged ticket and the one that answers it are one incident (2.3.6).
create or replace function ticket_workflow.link_imported(merged bigint[], into_ids bigint[], imported bigint[], at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	pair record;
	incident bigint;
	was bigint;
begin
	for pair in
		select m.ticket_id, m.into_id, r.center_id, r.ticket_id = any (link_imported.imported) as told_with
		from unnest(link_imported.merged, link_imported.into_ids) as m (ticket_id, into_id)
			join ticket_workflow.ticket r on r.ticket_id = m.into_id
		order by m.into_id, m.ticket_id
	loop
		perform from ticket_workflow.ticket r where r.ticket_id = pair.into_id for no key update;
		insert into ticket_workflow.ticket_merge values (pair.ticket_id, pair.into_id);
		was := ticket_workflow.incident_of(pair.into_id);
		incident := coalesce(was, ticket_workflow.incident_of(pair.ticket_id));
		if incident is null then
			incident := ticket_workflow.new_id(pair.center_id, 'ticket_workflow.incident_seq');
			insert into ticket_workflow.incident values (incident, pair.center_id, null, link_imported.at, ticket_workflow.actor());
		end if;
		insert into ticket_workflow.incident_ticket (incident_id, ticket_id, center_id, linked_at, linked_by)
			select incident, l.ticket_id, pair.center_id, link_imported.at, ticket_workflow.actor()
			from unnest(array[pair.ticket_id, pair.into_id]) l (ticket_id)
			where ticket_workflow.incident_of(l.ticket_id) is null;
		-- the other's journal tells of it, unless it is imported itself with this call
		if not pair.told_with then
			if was is null then
				perform ticket_workflow.write_journal(pair.into_id, 'link_incident', '2.3.6', jsonb_build_object('incident_id', incident));
			end if;
			perform ticket_workflow.write_journal(pair.into_id, 'merged_in', '2.3.6',
				jsonb_build_object('ticket_id', pair.ticket_id, 'imported', true));
		end if;
		perform ticket_workflow.refresh_repeats(pair.into_id);
	end loop;
end
$$;
comment on function ticket_workflow.link_imported(bigint[], bigint[], bigint[], timestamptz) is
	'Links imported tickets that were merged to the ones that answer them';

-- Reports that wait for their review may repeat a matter that is only known now (2.3.6).
create or replace function ticket_workflow.refresh_imported_repeats(tickets ticket_workflow.ticket[], petitioners ticket_workflow.petitioner[])
	returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	matters constant bigint[] := array(select distinct t.matter_id from unnest(refresh_imported_repeats.tickets) t where t.matter_id is not null);
	places constant text[] := array(select distinct t.place from unnest(refresh_imported_repeats.tickets) t where t.place is not null);
	phones constant text[] := array(select distinct p.phone from unnest(refresh_imported_repeats.petitioners) p where p.phone is not null);
	pending record;
	t ticket_workflow.ticket;
begin
	-- one by one: they are few, and found by keys
	for pending in select r.ticket_id from ticket_workflow.report r where r.state in ('draft', 'submitted') loop
		select * into strict t from ticket_workflow.ticket x where x.ticket_id = pending.ticket_id;
		if t.center_id = tickets[1].center_id and t.matter_id = any (matters) and (t.place = any (places)
			or (select p.phone from ticket_workflow.petitioner p where p.petitioner_id = t.petitioner_id) = any (phones)) then
			perform ticket_workflow.refresh_repeats(t.ticket_id);
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.refresh_imported_repeats(ticket_workflow.ticket[], ticket_workflow.petitioner[]) is
	'refresh_repeats() of the open reports about the same matter by the same telephone or at the same place as imported tickets';

create or replace function ticket_workflow.import_write(at timestamptz, ids bigint[], states text[], details jsonb[], tickets ticket_workflow.ticket[],
		petitioners ticket_workflow.petitioner[], clocks ticket_workflow.clock[], decisions ticket_workflow.dispatch_decision[],
		returns ticket_workflow.ticket_return[], reports ticket_workflow.report[], extensions ticket_workflow.limit_extension[],
		contacts ticket_workflow.contact[], visits ticket_workflow.site_visit[], platform_reports ticket_workflow.platform_report[],
		evidences ticket_workflow.evidence[], merged bigint[], merged_into bigint[], reviews bigint[], originals bigint[]) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	insert into ticket_workflow.petitioner (petitioner_id, center_id, name, phone, phone_is_mobile, phone_locality, address)
		select p.petitioner_id, p.center_id, p.name, p.phone, p.phone_is_mobile, p.phone_locality, p.address
		from unnest(import_write.petitioners) p;
	-- in one order, so that two imports of the same tickets wait for each other and do not lock each other out
	insert into ticket_workflow.ticket
		select t.* from unnest(import_write.tickets) t order by t.source, t.external_no, t.external_round;
	perform ticket_workflow.import_journal(import_write.ids, import_write.states, import_write.details, import_write.at);
	insert into ticket_workflow.dispatch_decision select d.* from unnest(import_write.decisions) d;
	insert into ticket_workflow.contact select c.* from unnest(import_write.contacts) c;
	insert into ticket_workflow.site_visit select v.* from unnest(import_write.visits) v;
	insert into ticket_workflow.platform_report select r.* from unnest(import_write.platform_reports) r;
	insert into ticket_workflow.evidence select e.* from unnest(import_write.evidences) e;
	insert into ticket_workflow.ticket_return select r.* from unnest(import_write.returns) r;
	insert into ticket_workflow.report select r.* from unnest(import_write.reports) r;
	perform ticket_workflow.import_clocks(import_write.at, import_write.tickets, import_write.clocks, import_write.decisions);
	insert into ticket_workflow.limit_extension select x.* from unnest(import_write.extensions) x;
	insert into ticket_workflow.ticket_original select o.* from unnest(import_write.reviews, import_write.originals) o;
	if import_write.merged <> '{}' then
		perform ticket_workflow.link_imported(import_write.merged, import_write.merged_into, import_write.ids, import_write.at);
	end if;
	perform ticket_workflow.refresh_imported_repeats(import_write.tickets, import_write.petitioners);
end
$$;
comment on function ticket_workflow.import_write(timestamptz, bigint[], text[], jsonb[], ticket_workflow.ticket[], ticket_workflow.petitioner[], ticket_workflow.clock[], ticket_workflow.dispatch_decision[], ticket_workflow.ticket_return[], ticket_workflow.report[], ticket_workflow.limit_extension[], ticket_workflow.contact[], ticket_workflow.site_visit[], ticket_workflow.platform_report[], ticket_workflow.evidence[], bigint[], bigint[], bigint[], bigint[]) is
	'Writes the rows of imported tickets; a number that another session stored meanwhile ends it (unique violation)';
