-- The home page of a desk in one call: what stands now, as numbers and short lists.
-- May touch: nothing.
--
-- Row security is asked once, not row by row: who sees the whole center counts by the indexes of what is open; for anybody
-- else the open tickets he sees are found first, by the rule of the row policies (sees()), and everything is counted of those:
-- an arm for each. "in (select unnest(mine))" is hashed, "= any (mine)" would be searched through for every row.

-- Tickets of a center that are open and that the caller sees, though he does not see the whole of it.
create or replace function ticket_workflow.my_open_tickets(center_id bigint) returns bigint[]
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	sight record;
	apart bigint[];
begin
	sight := ticket_workflow.my_sight();
	apart := array(select a from ticket_workflow.my_tickets_apart() a);
	return array(
		select t.ticket_id from ticket_workflow.ticket t
		where t.center_id = my_open_tickets.center_id
			and ticket_workflow.is_open_state(t.state)
			and ticket_workflow.sees(t, sight.centers, sight.areas, sight.departments, sight.platforms, sight.home, t.ticket_id in (select unnest(apart))));
end
$$;
comment on function ticket_workflow.my_open_tickets(bigint) is 'Keys of the open tickets of a center that the caller sees';

-- Clocks in the order of their due times, a few of them, as people read them.
create or replace function ticket_workflow.desk_clocks(center_id bigint, since timestamptz, until timestamptz, mine bigint[], max_rows integer)
	returns jsonb
	language plpgsql stable security definer
	set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object('ticket_id', c.ticket_id, 'ticket_number', coalesce(t.external_no, c.ticket_id::text),
				'clock', c.clock, 'clock_label', ticket_workflow.label('clock', c.clock), 'due_at', c.due_at, 'due_on', c.due_on,
				'minutes_left', floor(date_part('epoch', c.due_at - ticket_workflow.now()) / 60)::integer,
				'state', t.state, 'state_label', ticket_workflow.label('state', t.state), 'urgent', t.urgent,
				'lead_department', o.code, 'lead_department_name', o.name) order by c.due_at, c.clock_id), '[]')
		from (
				-- in the order of the index for who sees all; few of a few tickets would be looked for through everybody's
				(select k.clock_id, k.ticket_id, k.clock, k.due_at, k.due_on
				from ticket_workflow.clock k
				where desk_clocks.mine is null and k.center_id = desk_clocks.center_id and k.status = 'running' and ticket_workflow.makes_late(k.clock)
					and k.due_at >= desk_clocks.since and k.due_at < desk_clocks.until
				order by k.due_at limit desk_clocks.max_rows)
				union all
				(select k.clock_id, k.ticket_id, k.clock, k.due_at, k.due_on
				from unnest(desk_clocks.mine) m (ticket_id)
					cross join lateral (select y.* from ticket_workflow.clock y where y.ticket_id = m.ticket_id and y.status = 'running' offset 0) k
				where ticket_workflow.makes_late(k.clock) and k.due_at >= desk_clocks.since and k.due_at < desk_clocks.until
				order by k.due_at, k.clock_id limit desk_clocks.max_rows)
			) c
			join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
			left join ticket_workflow.organization o on o.organization_id = t.lead_department_id);
end
$$;
comment on function ticket_workflow.desk_clocks(bigint, timestamptz, timestamptz, bigint[], integer) is
	'The first running clocks due in a span that make somebody late, for desk_today(); mine: of these tickets only';

create or replace function ticket_workflow.desk_today(center text, max_rows integer default 10) returns jsonb
	language plpgsql stable security definer
	set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.center_id_of(desk_today.center);
	k constant text := ticket_workflow.ticket_calendar(home);
	moment constant timestamptz := ticket_workflow.now();
	today constant date := ticket_workflow.today(home);
	zone constant text := ticket_workflow.center_zone(home);
	starts_at constant timestamptz := today::timestamp at time zone zone;
	ends_at constant timestamptz := (today + 1)::timestamp at time zone zone;
	rows_wanted constant integer := least(greatest(desk_today.max_rows, 0), 100);
	sight record;
	whole boolean;
	mine bigint[];
	apart bigint[];
	result jsonb;
	part jsonb;
begin
	sight := ticket_workflow.my_sight();
	whole := home = any (sight.centers);
	if whole is null or not whole and sight.home is distinct from home then
		perform ticket_workflow.fail('unknown_row', null, 'center', left(coalesce(desk_today.center, 'NULL'), 60));
	end if;
	if not whole then
		apart := array(select a from ticket_workflow.my_tickets_apart() a);
		mine := ticket_workflow.my_open_tickets(home);
	end if;

	result := jsonb_build_object('center', desk_today.center, 'day', today, 'as_of', moment, 'working_day', ticket_workflow.is_working_day(today, k),
		'whole_center', whole);

	-- ---- what came and went today
	if whole then
		select jsonb_build_object(
				'received_today', (select count(*) from ticket_workflow.ticket t where t.center_id = home and t.received_at >= starts_at and t.received_at < ends_at),
				'completed_today', (select count(*) from ticket_workflow.ticket t where t.center_id = home and t.completed_at >= starts_at and t.completed_at < ends_at))
			into part;
	else
		select jsonb_build_object('received_today', count(*) filter (where t.received_at >= starts_at), 'completed_today', count(*) filter (where t.completed_at >= starts_at))
			into part
			from (
				select x.ticket_id, x.received_at, x.completed_at from ticket_workflow.ticket x
				where x.center_id = home and x.received_at >= starts_at and x.received_at < ends_at
					and ticket_workflow.sees(x, sight.centers, sight.areas, sight.departments, sight.platforms, sight.home,
						x.ticket_id in (select unnest(apart)))
				union
				select x.ticket_id, x.received_at, x.completed_at from ticket_workflow.ticket x
				where x.center_id = home and x.completed_at >= starts_at and x.completed_at < ends_at
					and ticket_workflow.sees(x, sight.centers, sight.areas, sight.departments, sight.platforms, sight.home,
						x.ticket_id in (select unnest(apart)))
			) t;
	end if;
	result := result || part;

	-- ---- what is open, by state; what waits for the center
	select jsonb_build_object('open', coalesce(sum(s.tickets), 0), 'open_by_state', coalesce(jsonb_object_agg(s.state, s.tickets), '{}'),
			'waiting_dispatch', coalesce(sum(s.tickets) filter (where s.state = 'received'), 0),
			'waiting_decision', coalesce(sum(s.tickets) filter (where s.state in ('return_requested', 'reported')), 0))
		into part
		from (
			select t.state, count(*) as tickets from ticket_workflow.ticket t
			where mine is null and t.center_id = home and ticket_workflow.is_open_state(t.state)
			group by t.state
			union all
			select t.state, count(*) from ticket_workflow.ticket t
			where t.ticket_id in (select unnest(mine))
			group by t.state
		) s;
	result := result || part;

	-- ---- limits
	select jsonb_build_object('overdue_clocks', coalesce(sum(c.overdue), 0), 'overdue_tickets', count(*) filter (where c.overdue > 0),
			'due_today_clocks', coalesce(sum(c.due), 0), 'due_today_tickets', count(*) filter (where c.due > 0))
		into part
		from (
			select k.ticket_id, count(*) filter (where k.due_at < moment) as overdue, count(*) filter (where k.due_at >= moment) as due
			from (
				select x.ticket_id, x.due_at, x.clock from ticket_workflow.clock x
				where mine is null and x.center_id = home and x.status = 'running' and x.due_at <= ends_at
				union all
				select x.ticket_id, x.due_at, x.clock from unnest(mine) m (ticket_id)
					join ticket_workflow.clock x on x.ticket_id = m.ticket_id and x.status = 'running' and x.due_at <= ends_at
			) k
			where ticket_workflow.makes_late(k.clock)
			group by k.ticket_id
		) c;
	result := result || part || jsonb_build_object(
		'overdue_list', ticket_workflow.desk_clocks(home, '-infinity', moment, mine, rows_wanted),
		'due_list', ticket_workflow.desk_clocks(home, moment, 'infinity', mine, rows_wanted));

	-- ---- what must be finished today (3.1), and what lacks its guidance (3.6.2)
	select jsonb_build_object('finish_today', count(*), 'finish_today_list', coalesce(jsonb_agg(jsonb_build_object('ticket_id', f.ticket_id,
			'ticket_number', f.ticket_number, 'finish_reason', f.finish_reason, 'minutes_left', f.minutes_left, 'lead_department', f.lead_department)
			order by f.nr) filter (where f.nr <= rows_wanted), '[]'))
		into part
		from (
			select row_number() over (order by x.due_at, x.ticket_id) as nr, x.ticket_id, x.ticket_number, x.finish_reason, x.minutes_left, x.lead_department
			from ticket_workflow.finish_today x
			where x.center_id = home and (mine is null or x.ticket_id in (select unnest(mine)))
		) f;
	result := result || part || jsonb_build_object('guidance_missing', (
		select count(*)
		from (
			select t.ticket_id from ticket_workflow.ticket t
			where mine is null and t.center_id = home and ticket_workflow.is_open_state(t.state)
				and t.area_id is not null
			union all
			select t.ticket_id from unnest(mine) m (ticket_id)
				join ticket_workflow.ticket t on t.ticket_id = m.ticket_id
			where t.area_id is not null
		) t
		-- hashed whatever is known of the day's rows: an array is searched through for every ticket, a join is guessed wrong in the morning
		where t.ticket_id not in (select g.ticket_id from ticket_workflow.guidance g where g.center_id = home and g.day = today)));

	-- ---- signatures: subjects that lack one, and the first of them
	select jsonb_build_object('waiting_signature', count(*), 'signature_list', coalesce(jsonb_agg(jsonb_build_object('ticket_id', s.ticket_id, 'subject', s.subject,
			'subject_label', ticket_workflow.label('approval_subject', s.subject), 'subject_id', s.subject_id, 'since', s.since)
			order by s.nr) filter (where s.nr <= rows_wanted), '[]'))
		into part
		from (
			select row_number() over (order by min(d.since), d.subject_id) as nr, d.ticket_id, d.subject, d.subject_id, min(d.since) as since
			from ticket_workflow.open_demand d
			where d.center_id = home and (mine is null or d.ticket_id in (select unnest(mine)))
			group by d.ticket_id, d.subject, d.subject_id
		) s;
	result := result || part;

	-- ---- what leaders were told, and nobody took on
	select jsonb_build_object('escalations_open', count(*), 'escalations_unacknowledged', count(*) filter (where e.acknowledged_at is null and e.purpose <> 'warning'))
		into part
		from (
			select x.acknowledged_at, x.purpose from ticket_workflow.escalation x
			where mine is null and x.center_id = home and x.ended_at is null
			union all
			select x.acknowledged_at, x.purpose from unnest(mine) m (ticket_id)
				join ticket_workflow.escalation x on x.ticket_id = m.ticket_id and x.ended_at is null
		) e;
	result := result || part || jsonb_build_object('escalation_list', (
		select coalesce(jsonb_agg(jsonb_build_object('escalation_id', e.escalation_id, 'ticket_id', e.ticket_id, 'clock', e.clock,
				'clock_label', ticket_workflow.label('clock', e.clock), 'purpose', e.purpose, 'purpose_label', ticket_workflow.label('purpose', e.purpose),
				'level', e.level, 'reached_at', e.reached_at, 'recipients', to_jsonb(e.recipients)) order by e.reached_at desc, e.escalation_id), '[]')
		from (
			(select x.* from ticket_workflow.escalation x
			where mine is null and x.center_id = home and x.ended_at is null and x.acknowledged_at is null and x.purpose <> 'warning'
			order by x.reached_at desc limit rows_wanted)
			union all
			(select x.* from unnest(mine) m (ticket_id)
				join ticket_workflow.escalation x on x.ticket_id = m.ticket_id
			where x.ended_at is null and x.acknowledged_at is null and x.purpose <> 'warning'
			order by x.reached_at desc limit rows_wanted)
		) e));

	-- ---- the center as a whole
	select jsonb_build_object('bursts', coalesce(jsonb_agg(jsonb_build_object('matter', m.code, 'matter_name', m.name, 'area', a.code,
			'reached_at', b.reached_at, 'reported', b.reported_at is not null) order by b.reached_at), '[]'))
		into part
		from ticket_workflow.similar_case b
			left join ticket_workflow.matter m on m.matter_id = b.matter_id
			left join ticket_workflow.area a on a.area_id = b.area_id
		-- to the officers of all areas concerned, as raise_burst() tells them
		where b.center_id = home and b.day = today and (whole or b.area_id = any (sight.areas) or exists (
			select from ticket_workflow.similar_cases(home, ticket_workflow.burst_matters(b.level, b.matter_id), b.scope, b.area_id,
				starts_at, ends_at) c
			where c.area_id = any (sight.areas)));
	result := result || part;
	select jsonb_build_object('on_duty', coalesce(jsonb_agg(jsonb_build_object('official', p.code, 'official_name', p.name, 'leader', l.code,
			'leader_name', l.name, 'until', d.ends_at) order by d.starts_at), '[]'))
		into part
		from ticket_workflow.duty_roster d
			join ticket_workflow.official p on p.official_id = d.official_id
			join ticket_workflow.official l on l.official_id = d.leader_id
		where d.center_id = home and moment >= d.starts_at and moment < d.ends_at;
	result := result || part;
	return result || (select jsonb_build_object('sweep_status', h.sweep_status, 'sweep_status_label', h.sweep_status_label,
			'sweep_last_finished_at', h.last_finished_at) from ticket_workflow.sweep_health h);
end
$$;
comment on function ticket_workflow.desk_today(text, integer) is
	'A desk''s home page in one call, as jsonb: received, open by state, due today, overdue, finish today, waiting for dispatch, decision and signature, escalations, guidance missing, bursts, who is on duty, how the sweep does; with lists of up to max_rows (at most 100). Of the center for who sees it whole, else of the tickets the caller sees. Errors: TW006';
