-- Bursts (3.6.2): five or more tickets of the same matter received in one calendar day are told, once, to the
-- supervising leader. How many, over what, at which level of the taxonomy and whose leader are settings of the rulebook.
-- May touch: similar_case, notice.
--
-- Which tickets count is said by counts_for_burst(), which count together by similar_cases(), and nowhere else.

-- The first word where the rulebook says nothing.
create or replace function ticket_workflow.burst_word(rulebook text, name text, given text, allowed text[]) returns text
	language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
begin
	if given <> all (allowed) then
		perform ticket_workflow.fail('setting_malformed', '3.6.2', burst_word.rulebook, burst_word.name, given, array_to_string(allowed, ', '));
	end if;
	return coalesce(given, allowed[1]);
end
$$;
comment on function ticket_workflow.burst_word(text, text, text, text[]) is 'The value of a setting of bursts, one of these words; TW012 for another';

create or replace function ticket_workflow.matters_above(matter_id bigint) returns bigint[]
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	way bigint[] := array[matters_above.matter_id];
	upward bigint := matters_above.matter_id;
begin
	loop
		select p.parent_id into upward from ticket_workflow.matter_parent p where p.matter_id = upward;
		exit when upward is null or upward = any (way);
		way := way || upward;
	end loop;
	return way;
end
$$;
comment on function ticket_workflow.matters_above(bigint) is 'A matter and those above it in the taxonomy, nearest first';

-- What was received counts, whatever became of it, so that a late look finds what a look in time would have found.
-- A callback review is the platform's question, not another complaint.
create or replace function ticket_workflow.counts_for_burst(ticket ticket_workflow.ticket) returns boolean
	language sql immutable parallel safe
	return (counts_for_burst.ticket).matter_id is not null and (counts_for_burst.ticket).kind <> 'callback_review'
		and not (counts_for_burst.ticket).imported;
comment on function ticket_workflow.counts_for_burst(ticket_workflow.ticket) is 'Whether a ticket is one of those that make a burst (3.6.2)';

create or replace function ticket_workflow.burst_matters(level text, matter_id bigint) returns bigint[]
	language sql stable parallel safe
	return case when burst_matters.level = 'matter' then array[burst_matters.matter_id]
		else ticket_workflow.matters_below(array[burst_matters.matter_id]) end;
comment on function ticket_workflow.burst_matters(text, bigint) is 'The matters that count together under this one, by the setting burst_level';

-- Inlined wherever it is called, so that its conditions reach the index ticket_matter: no SET, and no argument may be a subquery.
create or replace function ticket_workflow.similar_cases(center_id bigint, matters bigint[], scope text, in_area bigint, since timestamptz, until timestamptz)
	returns table (ticket_id bigint, received_at timestamptz, area_id bigint, lead_department_id bigint)
	language sql stable parallel safe
begin atomic
	select t.ticket_id, t.received_at, t.area_id, t.lead_department_id
	from ticket_workflow.ticket t
	where t.center_id = similar_cases.center_id and t.matter_id = any (similar_cases.matters)
		and t.received_at >= similar_cases.since and t.received_at < similar_cases.until
		and ticket_workflow.counts_for_burst(t)
		and (similar_cases.scope = 'center' or t.area_id is not distinct from similar_cases.in_area);
end;
comment on function ticket_workflow.similar_cases(bigint, bigint[], text, bigint, timestamptz, timestamptz) is
	'The tickets that count together as the same case (3.6.2) of a calendar day, from since to before until: of these matters, in the center or in the area';

-- Which tickets count together with this one: the matter of the group, all its matters, the area. One look at the
-- rulebook, since every receipt asks. A rulebook without burst_count knows no bursts: receipt never fails for want of one.
create or replace function ticket_workflow.burst_group(ticket ticket_workflow.ticket, out matter_id bigint, out matters bigint[],
		out scope text, out area_id bigint, out threshold integer, out level text)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
	way bigint[];
begin
	select max(s.value) filter (where s.name = 'burst_count')::integer, max(s.value) filter (where s.name = 'burst_scope'),
			max(s.value) filter (where s.name = 'burst_level')
		into threshold, scope, level
		from ticket_workflow.rulebook_setting s
		where s.rulebook = burst_group.ticket.rulebook and s.name in ('burst_count', 'burst_scope', 'burst_level');
	if threshold is null then
		return;
	end if;
	scope := ticket_workflow.burst_word(burst_group.ticket.rulebook, 'burst_scope', scope, '{center,area}');
	level := ticket_workflow.burst_word(burst_group.ticket.rulebook, 'burst_level', level, '{matter,parent,top}');
	area_id := case when scope = 'area' then burst_group.ticket.area_id end;
	matter_id := burst_group.ticket.matter_id;
	if level <> 'matter' then
		way := ticket_workflow.matters_above(matter_id);
		matter_id := way[case level when 'parent' then least(2, cardinality(way)) else cardinality(way) end];
	end if;
	matters := ticket_workflow.burst_matters(level, matter_id);
end
$$;
comment on function ticket_workflow.burst_group(ticket_workflow.ticket) is
	'What counts as the same matter as this ticket''s, by the settings burst_level, burst_scope, burst_count';

-- Whose duty the matter is: the nearest matter upward that has duties or a law decides (requirements, section 5).
create or replace function ticket_workflow.duty_holders(center_id bigint, matter_id bigint, area_id bigint, day date) returns setof bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	nearer bigint;
begin
	foreach nearer in array ticket_workflow.matters_above(duty_holders.matter_id) loop
		return query
			select distinct d.organization_id
			from (
				select r.organization_id, r.center_id, r.matter_id, r.area_id, r.valid_from, r.valid_until from ticket_workflow.duty r
				union all
				select r.organization_id, r.center_id, r.matter_id, r.area_id, r.valid_from, r.valid_until from ticket_workflow.statutory_rule r
			) d
			where d.matter_id = nearer and d.center_id = duty_holders.center_id
				and duty_holders.day between d.valid_from and coalesce(d.valid_until, 'infinity')
				and (d.area_id is null or duty_holders.area_id is null or d.area_id = duty_holders.area_id);
		exit when found;
	end loop;
end
$$;
comment on function ticket_workflow.duty_holders(bigint, bigint, bigint, date) is
	'Departments whose duty a matter is on a day, by the nearest matter upward that is anybody''s';

-- Function: raise_burst. Records a burst and tells the leaders, and the information officers who report it.
-- Returns: its id, NULL where it had been recorded before. Calls: tell_holders.
create or replace function ticket_workflow.raise_burst(ticket ticket_workflow.ticket, reached_by_id bigint, reached_at timestamptz, day date,
		matter_id bigint, matters bigint[], scope text, area_id bigint, threshold integer, level text) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	b ticket_workflow.similar_case;
	leader constant text := ticket_workflow.burst_word(raise_burst.ticket.rulebook, 'burst_leader', (
		select s.value from ticket_workflow.rulebook_setting s
		where s.rulebook = raise_burst.ticket.rulebook and s.name = 'burst_leader'), '{duty,lead,area,center}');
	args text[];
	calendar constant text := ticket_workflow.ticket_calendar(raise_burst.ticket.center_id);
	asked record;
	told record;
begin
	b.burst_id := ticket_workflow.new_id(raise_burst.ticket.center_id, 'ticket_workflow.burst_seq');
	b.center_id := raise_burst.ticket.center_id;
	b.scope := raise_burst.scope;
	b.level := raise_burst.level;
	b.matter_id := raise_burst.matter_id;
	b.area_id := raise_burst.area_id;
	b.day := raise_burst.day;
	b.threshold := raise_burst.threshold;
	b.reached_by_id := raise_burst.reached_by_id;
	b.reached_at := raise_burst.reached_at;
	b.noticed_at := ticket_workflow.now();
	b.clause := '3.6.2';
	b.recipients := '{}';
	b.vacant_posts := '{}';
	-- two sessions that receive the fifth at once: one of them waits here, and finds it done
	insert into ticket_workflow.similar_case values (b.*)
		on conflict (center_id, day, matter_id, scope, area_id) do nothing;
	if not found then
		return null;
	end if;

	args := array[(select m.name from ticket_workflow.matter m where m.matter_id = b.matter_id), b.day::text, b.threshold::text,
		coalesce((select a.name from ticket_workflow.area a where a.area_id = b.area_id),
			(select c.name from ticket_workflow.center c where c.center_id = b.center_id))];
	for asked in
		with cases as (
			select c.area_id, c.lead_department_id
			from ticket_workflow.similar_cases(b.center_id, raise_burst.matters, b.scope, b.area_id,
				ticket_workflow.day_start(b.day, calendar), ticket_workflow.day_start(b.day + 1, calendar)) c
		), leaders as (
			select 'department' as relation, 'supervising_leader' as "position", h.organization_id as over_id
				from ticket_workflow.duty_holders(b.center_id, b.matter_id, b.area_id, b.day) h (organization_id)
				where leader = 'duty'
			union
			select 'department', 'supervising_leader', c.lead_department_id
				from cases c where leader = 'lead' and c.lead_department_id is not null
			union
			select 'area', 'supervising_leader', c.area_id
				from cases c where leader = 'area' and c.area_id is not null
		)
		select l.relation, l."position", l.over_id, 1 as rank from leaders l
		union all
		-- where that is nobody it is the center's own leader
		select 'center', 'supervising_leader', null, 1 where not exists (select from leaders)
		union all
		-- the information officers report it
		select distinct 'area', 'information_officer', c.area_id, 2 from cases c where c.area_id is not null
		order by rank, over_id
	loop
		select * into told from ticket_workflow.tell_holders(b.center_id, asked.relation, asked."position", asked.over_id,
			case asked.rank when 1 then 'notice_burst' else 'notice_burst_report' end, args, b.reached_by_id);
		if asked.rank = 1 then
			b.recipients := b.recipients || told.names;
			b.vacant_posts := b.vacant_posts || array_remove(array[told.vacant], null);
		end if;
	end loop;
	update ticket_workflow.similar_case r
		set recipients = b.recipients, vacant_posts = b.vacant_posts
		where r.burst_id = b.burst_id;
	return b.burst_id;
end
$$;
comment on function ticket_workflow.raise_burst(ticket_workflow.ticket, bigint, timestamptz, date, bigint, bigint[], text, bigint, integer, text) is
	'Records that so many tickets of a matter came in one day, once, and tells the leaders and the information officers';

-- Function: note_similar_case. Looks whether a ticket's matter has reached the threshold on the day of its receipt.
-- Returns: the burst it raised. Called at receipt, at a correction, and by the sweep's daily part.
--
-- Several sessions that receive tickets of one matter at once do not see each other's. From half of the threshold on
-- they take turns, by the matter's row: the one that comes last sees all. It costs the desk nothing on other matters.
create or replace function ticket_workflow.note_similar_case(ticket ticket_workflow.ticket) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	zone text;
	of_day date;
	since timestamptz;
	until timestamptz;
	same record;
	seen integer;
	nth record;
begin
	if not ticket_workflow.counts_for_burst(note_similar_case.ticket) then
		return null;
	end if;
	same := ticket_workflow.burst_group(note_similar_case.ticket);
	if same.threshold is null then
		return null;
	end if;
	select (note_similar_case.ticket.received_at at time zone k.zone)::date, k.zone into of_day, zone
		from ticket_workflow.center c join ticket_workflow.calendar k on k.code = c.calendar
		where c.center_id = note_similar_case.ticket.center_id;
	since := of_day::timestamp at time zone zone;
	until := (of_day + 1)::timestamp at time zone zone;
	for attempt in 1 .. 2 loop
		select count(*) into seen
			from (
				select from ticket_workflow.similar_cases(note_similar_case.ticket.center_id, same.matters, same.scope, same.area_id, since, until)
				limit same.threshold
			) c;
		if 2 * seen < same.threshold
			or exists (select from ticket_workflow.similar_case b
				where b.center_id = note_similar_case.ticket.center_id and b.day = of_day
					and b.matter_id = same.matter_id and b.scope = same.scope and b.area_id is not distinct from same.area_id) then
			return null;
		end if;
		exit when attempt = 2;
		perform from ticket_workflow.matter m where m.matter_id = same.matter_id for no key update;
	end loop;
	if seen < same.threshold then
		return null;
	end if;
	select c.ticket_id, c.received_at into strict nth
		from ticket_workflow.similar_cases(note_similar_case.ticket.center_id, same.matters, same.scope, same.area_id, since, until) c
		order by c.received_at, c.ticket_id
		offset same.threshold - 1 limit 1;
	return ticket_workflow.raise_burst(note_similar_case.ticket, nth.ticket_id, nth.received_at, of_day,
		same.matter_id, same.matters, same.scope, same.area_id, same.threshold, same.level);
end
$$;
comment on function ticket_workflow.note_similar_case(ticket_workflow.ticket) is
	'Raises the burst of a ticket''s matter where its receipt, or its correction, made the threshold; once per matter and day (3.6.2)';

-- What nobody saw: many receipts at one moment, or under a snapshot of their own. Dated as if seen at once.
create or replace function ticket_workflow.sweep_bursts(center_id bigint, since_day date, until_day date) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	calendar constant text := ticket_workflow.ticket_calendar(sweep_bursts.center_id);
	one ticket_workflow.ticket;
	raised integer := 0;
begin
	-- One ticket of each matter, area and day stands for all of them; receipts from elsewhere were counted there. In the
	-- order of the rows that note_similar_case() locks, which with burst_level parent or top are not those of their matters.
	for one in
		select (f.one).*
		from (
			select distinct on (t.rulebook, t.matter_id, t.area_id, ticket_workflow.local_day(t.received_at, calendar)) t as one
			from ticket_workflow.ticket t
			where t.center_id = sweep_bursts.center_id and ticket_workflow.counts_for_burst(t)
				and t.received_at >= ticket_workflow.day_start(sweep_bursts.since_day, calendar)
				and t.received_at < ticket_workflow.day_start(sweep_bursts.until_day + 1, calendar)
			order by t.rulebook, t.matter_id, t.area_id, ticket_workflow.local_day(t.received_at, calendar), t.ticket_id
		) f
		order by (ticket_workflow.burst_group(f.one)).matter_id, (f.one).ticket_id
	loop
		raised := raised + (ticket_workflow.note_similar_case(one) is not null)::integer;
	end loop;
	return raised;
end
$$;
comment on function ticket_workflow.sweep_bursts(bigint, date, date) is 'Looks again at the receipts of these days; returns how many bursts nobody had raised';

create or replace function ticket_workflow.report_burst(burst_id bigint, note text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	b ticket_workflow.similar_case;
	t ticket_workflow.ticket;
	calendar text;
begin
	select * into b from ticket_workflow.similar_case r where r.burst_id = report_burst.burst_id;
	calendar := ticket_workflow.ticket_calendar(b.center_id);
	-- Whoever may for one of its tickets may for the burst: the officers of all areas concerned were told. The one that
	-- reached the count stays one of them when it was corrected away; fenced, or the planner may ask of every ticket.
	select (f.one).* into t
		from (
			select k as one from ticket_workflow.ticket k
			where k.ticket_id in (
				select c.ticket_id from ticket_workflow.similar_cases(b.center_id, ticket_workflow.burst_matters(b.level, b.matter_id),
					b.scope, b.area_id, ticket_workflow.day_start(b.day, calendar), ticket_workflow.day_start(b.day + 1, calendar)) c
				union
				select b.reached_by_id)
			offset 0
		) f
		where ticket_workflow.may_see(f.one)
		order by ticket_workflow.has_right(f.one, 'report_burst') desc
		limit 1;
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'burst', report_burst.burst_id::text);
	end if;
	perform ticket_workflow.require_right(t, 'report_burst');
	-- not before: who does not see it must not learn by waiting that it is there
	select * into strict b from ticket_workflow.similar_case r where r.burst_id = b.burst_id for no key update;
	if b.reported_at is not null then
		perform ticket_workflow.fail('burst_reported', '3.6.2', ticket_workflow.official_text(b.reported_by));
	end if;
	update ticket_workflow.similar_case r
		set reported_at = ticket_workflow.now(), reported_by = ticket_workflow.actor(),
			report_note = ticket_workflow.require_text(report_burst.note, 'note')
		where r.burst_id = b.burst_id;
	return b.burst_id;
end
$$;
comment on function ticket_workflow.report_burst(bigint, text) is
	'The report of a burst to the supervising leader by an information officer of an area concerned, with what he makes of it; once. Errors: TW001, TW005, TW006. Clause 3.6.2';
