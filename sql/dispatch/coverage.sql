-- What the rules of dispatch leave open: for the manager who keeps them.
-- May touch: nothing.

create or replace function ticket_workflow.rulebook_coverage(center text default null, on_day date default null)
	returns table (center_code text, gap text, gap_label text, code text, name text, details text)
	language plpgsql stable security definer rows 100 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home bigint := ticket_workflow.center_id_of(rulebook_coverage.center);
	place record;
	day date;
begin
	perform ticket_workflow.require_capability('manager', home);
	for place in select c.center_id, c.code from ticket_workflow.center c where home is null or c.center_id = home order by c.center_id loop
		day := coalesce(rulebook_coverage.on_day, ticket_workflow.today(place.center_id));
		return query
			select place.code, g.gap, ticket_workflow.label('coverage_gap', g.gap), g.code, g.name, g.details
			from ticket_workflow.coverage_gaps(place.center_id, day) g
			order by g.gap, g.code, g.details;
	end loop;
end
$$;
comment on function ticket_workflow.rulebook_coverage(text, date) is
	'What the rules of dispatch leave open on a day (today), per center: matters without duty, duties shared by several, areas without fallback or committee, committees without a place, departments never reached, rules of closed departments. For managers. Errors: TW005, TW006';

create or replace function ticket_workflow.coverage_gaps(center_id bigint, day date)
	returns table (gap text, code text, name text, details text)
	language plpgsql stable rows 100 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	with recursive being as (
		select o.* from ticket_workflow.organization o
		where o.center_id = coverage_gaps.center_id and o.kind in ('department', 'committee')
			and coverage_gaps.day between o.valid_from and coalesce(o.valid_until, 'infinity')
	), rule as (
		select 'duty' as kind, d.rule_id, d.matter_id, d.area_id, d.organization_id, d.valid_from, d.valid_until
			from ticket_workflow.duty d where d.center_id = coverage_gaps.center_id
		union all select 'statutory', s.rule_id, s.matter_id, s.area_id, s.organization_id, s.valid_from, s.valid_until
			from ticket_workflow.statutory_rule s where s.center_id = coverage_gaps.center_id
		union all select 'exception', e.rule_id, e.matter_id, e.area_id, e.organization_id, e.valid_from, e.valid_until
			from ticket_workflow.exception_rule e where e.center_id = coverage_gaps.center_id
		union all select 'fallback', f.rule_id, null, f.area_id, f.organization_id, f.valid_from, f.valid_until
			from ticket_workflow.area_fallback f where f.center_id = coverage_gaps.center_id
	), in_force as (
		select r.* from rule r where coverage_gaps.day between r.valid_from and coalesce(r.valid_until, 'infinity')
	), held as (
		select r.* from in_force r join being b on b.organization_id = r.organization_id where r.kind = 'duty'
	), up (matter_id, at, depth) as (
		select m.matter_id, m.matter_id, 0 from ticket_workflow.matter m where m.center_id = coverage_gaps.center_id
		union all
		select u.matter_id, p.parent_id, u.depth + 1
		from up u join ticket_workflow.matter_parent p on p.matter_id = u.at
		where u.depth < 64
	), area as (
		select a.* from ticket_workflow.area a where a.center_id = coverage_gaps.center_id
	)
	-- in some area nobody holds it: neither a duty everywhere nor one of each area
	select 'matter_without_duty', m.code, m.name,
			(select string_agg(a.name, '、' order by a.code) from area a
				where exists (select from up u join held h on h.matter_id = u.at where u.matter_id = m.matter_id)
					and not exists (select from up u join held h on h.matter_id = u.at
						where u.matter_id = m.matter_id and (h.area_id is null or h.area_id = a.area_id)))
		from ticket_workflow.matter m
		where m.center_id = coverage_gaps.center_id
			and not exists (select from up u join held h on h.matter_id = u.at and h.area_id is null where u.matter_id = m.matter_id)
			and (not exists (select from area) or exists (
				select from area a where not exists (select from up u join held h on h.matter_id = u.at
					where u.matter_id = m.matter_id and (h.area_id is null or h.area_id = a.area_id))))
	union all
	-- where the rule stands, not again for each matter below
	select 'duty_shared', m.code, m.name, string_agg(distinct b.name, '、')
		from held h
			join ticket_workflow.matter m on m.matter_id = h.matter_id
			join being b on b.organization_id = h.organization_id
		where exists (select from held o where o.matter_id = h.matter_id and o.organization_id <> h.organization_id
			and (o.area_id is null or h.area_id is null or o.area_id = h.area_id))
		group by m.code, m.name
	union all
	select 'area_without_fallback', a.code, a.name, null
		from area a
		where not exists (select from in_force r join being b on b.organization_id = r.organization_id
			where r.kind = 'fallback' and (r.area_id is null or r.area_id = a.area_id))
	union all
	select 'area_without_committee', a.code, a.name, null
		from area a
		where not exists (select from being b where b.kind = 'committee' and b.area_id = a.area_id)
	union all
	select 'committee_without_place', b.code, b.name, null
		from being b
		where b.kind = 'committee' and not exists (select from ticket_workflow.committee_place p
			where p.organization_id = b.organization_id and coverage_gaps.day between p.valid_from and coalesce(p.valid_until, 'infinity'))
	union all
	-- a committee is reached by its places
	select 'department_never_reached', b.code, b.name, null
		from being b
		where b.kind = 'department' and not exists (select from in_force r where r.organization_id = b.organization_id)
	union all
	select 'rule_of_closed', o.code, o.name, ticket_workflow.label('dispatch_rule', r.kind) || ' ' || r.rule_id
		from in_force r
			join ticket_workflow.organization o on o.organization_id = r.organization_id
		where not exists (select from being b where b.organization_id = r.organization_id)
	union all
	select 'alias_shared', o.code, o.name, a.alias
		from ticket_workflow.organization_alias a
			join ticket_workflow.organization o on o.center_id = a.center_id and o.organization_id is distinct from a.organization_id
				and coverage_gaps.day between o.valid_from and coalesce(o.valid_until, 'infinity')
		where a.center_id = coverage_gaps.center_id and coverage_gaps.day between a.valid_from and coalesce(a.valid_until, 'infinity')
			and ticket_workflow.name_key(a.alias) = ticket_workflow.name_key(o.name);
end
$$;
comment on function ticket_workflow.coverage_gaps(bigint, date) is 'The gaps of one center; for rulebook_coverage()';
