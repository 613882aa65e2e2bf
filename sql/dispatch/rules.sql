-- Changing what dispatch goes by (2.1, annex 1). What contradicts what is there is refused with TW012: two fallbacks
-- of one area, two laws for one matter, a rule for a closed department, a name that two departments share.
-- A rule that has begun is ended by date, never rewritten. Needs the capability manager for the center.
-- May touch: statutory_rule, duty, exception_rule, area_fallback, organization_alias, committee_place.

create or replace function ticket_workflow.name_key(name text) returns text
	language c immutable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_name_key';
comment on function ticket_workflow.name_key(text) is
	'A name as dispatch looks for it: compatibility and traditional forms, spaces and marks undone';

-- The span of a rule: real days, both included; no last day is no end.
create or replace function ticket_workflow.rule_span(since date, until date) returns void
	language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
begin
	if not isfinite(rule_span.since) or not coalesce(isfinite(rule_span.until), true) then
		perform ticket_workflow.fail('dispatch_span_endless', '2.1', rule_span.since::text, coalesce(rule_span.until::text, '…'));
	end if;
	perform ticket_workflow.require_day(rule_span.since, 'since'), ticket_workflow.require_day(rule_span.until, 'until');
	if rule_span.until < rule_span.since then
		perform ticket_workflow.fail('day_order', null, rule_span.since::text, rule_span.until::text);
	end if;
end
$$;
comment on function ticket_workflow.rule_span(date, date) is 'Refuses a validity without real days (TW006) or in the wrong order';

-- A name or alias means one department: for the functions that name organizations.
create or replace function ticket_workflow.refuse_shared_name(center_id bigint, organization_id bigint, name text, since date, until date)
	returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	taken record;
begin
	-- two sessions could give one name to two departments
	lock table ticket_workflow.organization_alias in share row exclusive mode;
	select coalesce(o.name, ticket_workflow.message_text('dispatch_harmless')) as holder into taken
		from ticket_workflow.organization_alias a
			left join ticket_workflow.organization o on o.organization_id = a.organization_id
		where a.center_id = refuse_shared_name.center_id and a.organization_id is distinct from refuse_shared_name.organization_id
			and ticket_workflow.name_key(a.alias) = ticket_workflow.name_key(refuse_shared_name.name)
			and daterange(a.valid_from, a.valid_until, '[]') && daterange(refuse_shared_name.since, refuse_shared_name.until, '[]')
		order by a.rule_id limit 1;
	if found then
		perform ticket_workflow.fail('dispatch_alias_taken', '2.1', refuse_shared_name.name, taken.holder);
	end if;
end
$$;
comment on function ticket_workflow.refuse_shared_name(bigint, bigint, text, date, date) is
	'Refuses (TW012) the name of an organization that is an alias of another in that time; for create_organization() and change_organization()';

-- The department of a rule: there for the whole span of the rule, and one that tickets go to.
create or replace function ticket_workflow.rule_department(center_id bigint, code text, since date, until date) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	o ticket_workflow.organization;
begin
	perform ticket_workflow.rule_span(rule_department.since, rule_department.until);
	select * into o from ticket_workflow.organization r
		where r.organization_id = ticket_workflow.organization_id_of(rule_department.center_id,
			ticket_workflow.require_text(rule_department.code, 'department', 64));
	if o.kind not in ('department', 'committee') then
		perform ticket_workflow.fail('not_a_handling_department', '2.1', o.code);
	end if;
	if rule_department.since < o.valid_from or coalesce(rule_department.until, 'infinity') > coalesce(o.valid_until, 'infinity') then
		perform ticket_workflow.fail('dispatch_rule_closed', '2.1', o.name, o.valid_from::text, coalesce(o.valid_until::text, '…'));
	end if;
	return o.organization_id;
end
$$;
comment on function ticket_workflow.rule_department(bigint, text, date, date) is
	'Id of the department of a rule; TW006 when unknown or no handling department, TW012 when it is not there for the whole span';

create or replace function ticket_workflow.create_duty(center text, department text, matter text, basis text,
		area text default null, since date default null, until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_duty.center);
	r ticket_workflow.duty;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.valid_from := coalesce(create_duty.since, ticket_workflow.today(home));
	r.valid_until := create_duty.until;
	r.organization_id := ticket_workflow.rule_department(home, create_duty.department, r.valid_from, r.valid_until);
	r.matter_id := ticket_workflow.matter_id_of(home, ticket_workflow.require_text(create_duty.matter, 'matter', 64));
	r.area_id := ticket_workflow.area_id_of(home, create_duty.area);
	r.basis := ticket_workflow.require_text(create_duty.basis, 'basis', 500);
	begin
		insert into ticket_workflow.duty values (r.*);
	exception when exclusion_violation then
		perform ticket_workflow.fail('dispatch_duty_twice', 'A1.2', create_duty.department, create_duty.matter, (
			select d.rule_id::text from ticket_workflow.duty d
			where d.matter_id = r.matter_id and d.organization_id = r.organization_id and d.area_id is not distinct from r.area_id
				and daterange(d.valid_from, d.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]') limit 1));
	end;
	return r.rule_id;
end
$$;
comment on function ticket_workflow.create_duty(text, text, text, text, text, date, date) is
	'A duty (职责): the department handles the matter and what stands below it, in one area or everywhere, from since (today) on. Returns the rule''s id. Errors: TW005, TW006, TW012. Clause A1.2';

create or replace function ticket_workflow.create_statutory_rule(center text, department text, matter text, law text,
		article text default null, preceding text default null, area text default null,
		since date default null, until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_statutory_rule.center);
	r ticket_workflow.statutory_rule;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.valid_from := coalesce(create_statutory_rule.since, ticket_workflow.today(home));
	r.valid_until := create_statutory_rule.until;
	r.organization_id := ticket_workflow.rule_department(home, create_statutory_rule.department, r.valid_from, r.valid_until);
	r.matter_id := ticket_workflow.matter_id_of(home, ticket_workflow.require_text(create_statutory_rule.matter, 'matter', 64));
	r.area_id := ticket_workflow.area_id_of(home, create_statutory_rule.area);
	r.law := ticket_workflow.require_text(create_statutory_rule.law, 'law', 200);
	r.article := ticket_workflow.optional_text(create_statutory_rule.article, 'article', 100);
	r.preceding := ticket_workflow.optional_text(create_statutory_rule.preceding, 'preceding', 200);
	begin
		insert into ticket_workflow.statutory_rule values (r.*);
	exception when exclusion_violation then
		perform ticket_workflow.fail('dispatch_statutory_twice', 'A1.1', create_statutory_rule.matter, (
			select o.name || ' (' || s.rule_id || ')' from ticket_workflow.statutory_rule s
				join ticket_workflow.organization o on o.organization_id = s.organization_id
			where s.matter_id = r.matter_id and s.area_id is not distinct from r.area_id
				and daterange(s.valid_from, s.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]') limit 1));
	end;
	return r.rule_id;
end
$$;
comment on function ticket_workflow.create_statutory_rule(text, text, text, text, text, text, text, date, date) is
	'A law that names the department for a matter (法定), with the procedure of others that precedes, if any. Returns the rule''s id. Errors: TW005, TW006, TW012. Clause A1.1';

-- Without a look at who asks: the act of a manager, and of whoever may open a response plan (3.6.1).
create or replace function ticket_workflow.add_exception_rule(home bigint, name text, department text, reason text,
		until date, approved_by text, matter text, area text, since date)
	returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.exception_rule;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.name := ticket_workflow.require_text(add_exception_rule.name, 'name', 100);
	r.reason := ticket_workflow.require_reason(add_exception_rule.reason, 'A1.7');
	r.valid_from := coalesce(add_exception_rule.since, ticket_workflow.today(home));
	r.valid_until := add_exception_rule.until;
	if r.valid_until is null then
		perform ticket_workflow.fail('dispatch_exception_open', 'A1.7', r.name);
	end if;
	r.organization_id := ticket_workflow.rule_department(home, add_exception_rule.department, r.valid_from, r.valid_until);
	r.matter_id := ticket_workflow.matter_id_of(home, add_exception_rule.matter);
	r.area_id := ticket_workflow.area_id_of(home, add_exception_rule.area);
	r.approved_by := ticket_workflow.official_id_of(home, ticket_workflow.require_text(add_exception_rule.approved_by, 'approved_by', 64));
	begin
		insert into ticket_workflow.exception_rule values (r.*);
	exception when exclusion_violation then
		perform ticket_workflow.fail('dispatch_exception_twice', 'A1.7', r.name, (
			select e.name || ' (' || e.rule_id || ')' from ticket_workflow.exception_rule e
			where e.center_id = home and e.matter_id is not distinct from r.matter_id and e.area_id is not distinct from r.area_id
				and daterange(e.valid_from, e.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]') limit 1));
	end;
	return r.rule_id;
end
$$;
comment on function ticket_workflow.add_exception_rule(bigint, text, text, text, date, text, text, text, date) is
	'Stores a named exception; for create_exception_rule() and open_response_plan()';

create or replace function ticket_workflow.create_exception_rule(center text, name text, department text, reason text,
		until date, approved_by text, matter text default null, area text default null, since date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
	return ticket_workflow.add_exception_rule(ticket_workflow.managed_center(create_exception_rule.center), create_exception_rule.name,
		create_exception_rule.department, create_exception_rule.reason, create_exception_rule.until, create_exception_rule.approved_by,
		create_exception_rule.matter, create_exception_rule.area, create_exception_rule.since);
end
$$;
comment on function ticket_workflow.create_exception_rule(text, text, text, text, date, text, text, text, date) is
	'A named exception (例外) for a matter (NULL: every matter), with reason, who approved it and its last day; response plans produce them. Returns the rule''s id. Errors: TW005, TW006, TW009, TW012. Clause A1.7';

create or replace function ticket_workflow.create_fallback(center text, department text, area text default null,
		basis text default '托底', since date default null, until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_fallback.center);
	r ticket_workflow.area_fallback;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.valid_from := coalesce(create_fallback.since, ticket_workflow.today(home));
	r.valid_until := create_fallback.until;
	r.organization_id := ticket_workflow.rule_department(home, create_fallback.department, r.valid_from, r.valid_until);
	r.area_id := ticket_workflow.area_id_of(home, create_fallback.area);
	r.basis := ticket_workflow.require_text(create_fallback.basis, 'basis', 500);
	begin
		insert into ticket_workflow.area_fallback values (r.*);
	exception when exclusion_violation then
		perform ticket_workflow.fail('dispatch_fallback_twice', 'A1.6', coalesce(create_fallback.area, '*'), (
			select o.name || ' (' || f.rule_id || ')' from ticket_workflow.area_fallback f
				join ticket_workflow.organization o on o.organization_id = f.organization_id
			where f.center_id = home and f.area_id is not distinct from r.area_id
				and daterange(f.valid_from, f.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]') limit 1));
	end;
	return r.rule_id;
end
$$;
comment on function ticket_workflow.create_fallback(text, text, text, text, date, date) is
	'Who takes what is nobody''s duty (托底) in an area; without an area: wherever an area has none of its own. Returns the rule''s id. Errors: TW005, TW006, TW012. Clause A1.6';

-- Names of one length or none cannot be told from any other text.
create or replace function ticket_workflow.findable_name(name text, parameter text) returns text
	language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.require_text(findable_name.name, findable_name.parameter, 100);
	if length(ticket_workflow.name_key(findable_name.name)) not between 2 and 64 then
		perform ticket_workflow.fail('dispatch_name_bad', '2.1', findable_name.name);
	end if;
	return findable_name.name;
end
$$;
comment on function ticket_workflow.findable_name(text, text) is
	'A name that can be looked for in texts: 2 to 64 letters, ideographs or digits; TW012 for others';

create or replace function ticket_workflow.create_alias(center text, alias text, department text default null,
		since date default null, until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_alias.center);
	r ticket_workflow.organization_alias;
	key text;
	taken text;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.valid_from := coalesce(create_alias.since, ticket_workflow.today(home));
	r.valid_until := create_alias.until;
	r.alias := ticket_workflow.findable_name(create_alias.alias, 'alias');
	if create_alias.department is not null then
		r.organization_id := ticket_workflow.rule_department(home, create_alias.department, r.valid_from, r.valid_until);
	else
		perform ticket_workflow.rule_span(r.valid_from, r.valid_until);
	end if;
	key := ticket_workflow.name_key(r.alias);
	-- two sessions could give one name to two departments
	lock table ticket_workflow.organization_alias in share row exclusive mode;
	select o.name into taken
		from (
			select n.organization_id, n.name as spelling, n.valid_from, n.valid_until
				from ticket_workflow.organization n where n.center_id = home
			union all
			select a.organization_id, a.alias, a.valid_from, a.valid_until
				from ticket_workflow.organization_alias a where a.center_id = home
		) used
			left join ticket_workflow.organization o on o.organization_id = used.organization_id
		where ticket_workflow.name_key(used.spelling) = key
			and daterange(used.valid_from, used.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]')
		limit 1;
	if found then
		perform ticket_workflow.fail('dispatch_alias_taken', '2.1', r.alias, coalesce(taken, ticket_workflow.message_text('dispatch_harmless')));
	end if;
	insert into ticket_workflow.organization_alias values (r.*);
	return r.rule_id;
end
$$;
comment on function ticket_workflow.create_alias(text, text, text, date, date) is
	'Another name under which people know a department; without a department a harmless word that holds a name and means none. Returns its id. Errors: TW005, TW006, TW012. Clause A1.5';

create or replace function ticket_workflow.create_place(center text, name text, kind text, committee text default null,
		number_from integer default null, number_until integer default null, side text default 'both',
		since date default null, until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_place.center);
	r ticket_workflow.committee_place;
	taken text;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.kind := ticket_workflow.require_code('place_kind', create_place.kind, 'kind');
	r.name := ticket_workflow.findable_name(create_place.name, 'name');
	r.number_from := create_place.number_from;
	r.number_until := create_place.number_until;
	r.side := ticket_workflow.require_code('road_side', create_place.side, 'side');
	r.valid_from := coalesce(create_place.since, ticket_workflow.today(home));
	r.valid_until := create_place.until;
	if r.kind <> 'road' and (num_nonnulls(r.number_from, r.number_until) > 0 or r.side <> 'both')
		or r.number_from < 1 or r.number_until < coalesce(r.number_from, 1) or greatest(r.number_from, r.number_until) > 99999 then
		perform ticket_workflow.fail('dispatch_numbers_bad', 'A1.3', r.name);
	end if;
	if create_place.committee is not null then
		r.organization_id := ticket_workflow.rule_department(home, create_place.committee, r.valid_from, r.valid_until);
		if not exists (select from ticket_workflow.organization o
				where o.organization_id = r.organization_id and o.kind = 'committee') then
			perform ticket_workflow.fail('dispatch_not_a_committee', 'A1.3', create_place.committee);
		end if;
	else
		perform ticket_workflow.rule_span(r.valid_from, r.valid_until);
	end if;
	lock table ticket_workflow.committee_place in share row exclusive mode;
	select coalesce(o.name, '—') || ' (' || p.rule_id || ')' into taken
		from ticket_workflow.committee_place p
			left join ticket_workflow.organization o on o.organization_id = p.organization_id
		where p.center_id = home and ticket_workflow.name_key(p.name) = ticket_workflow.name_key(r.name)
			and p.organization_id is distinct from r.organization_id
			and daterange(p.valid_from, p.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]')
			and int4range(coalesce(p.number_from, 0), p.number_until, '[]') && int4range(coalesce(r.number_from, 0), r.number_until, '[]')
			and (p.side = r.side or 'both' in (p.side, r.side))
		order by p.rule_id limit 1;
	if found then
		perform ticket_workflow.fail('dispatch_place_taken', 'A1.3', r.name, taken);
	end if;
	insert into ticket_workflow.committee_place values (r.*);
	return r.rule_id;
end
$$;
comment on function ticket_workflow.create_place(text, text, text, text, integer, integer, text, date, date) is
	'A place of a residents'' committee: estate, road (with house numbers and side) or text; without a committee it lies outside the territory. Returns its id. Errors: TW005, TW006, TW012. Clause A1.3';

-- Without a look at who asks, as add_exception_rule().
create or replace function ticket_workflow.end_rule(rule_id bigint, last_day date) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	today date;
	ends date;
	begins date;
	relation text;
begin
	today := ticket_workflow.today(ticket_workflow.center_of(end_rule.rule_id));
	ends := coalesce(end_rule.last_day, today);
	foreach relation in array array['statutory_rule', 'duty', 'exception_rule', 'area_fallback', 'organization_alias', 'committee_place'] loop
		execute format('select r.valid_from from ticket_workflow.%I r where r.rule_id = $1 for update', relation)
			into begins using end_rule.rule_id;
		exit when begins is not null;
	end loop;
	if begins is null then
		perform ticket_workflow.fail('unknown_row', null, 'rule', end_rule.rule_id::text);
	elsif not isfinite(ends) then
		perform ticket_workflow.fail('dispatch_span_endless', '2.1', begins::text, ends::text);
	elsif ends < begins and begins > today then
		-- never was in force
		execute format('delete from ticket_workflow.%I r where r.rule_id = $1', relation) using end_rule.rule_id;
	elsif ends < begins then
		perform ticket_workflow.fail('day_order', null, begins::text, ends::text);
	else
		begin
			execute format('update ticket_workflow.%I r set valid_until = $2 where r.rule_id = $1', relation)
				using end_rule.rule_id, ends;
		exception when exclusion_violation then
			-- a later last day than before runs into the rule that followed
			perform ticket_workflow.fail('dispatch_rule_overlap', '2.1', end_rule.rule_id::text, ends::text);
		end;
	end if;
	return end_rule.rule_id;
end
$$;
comment on function ticket_workflow.end_rule(bigint, date) is
	'Ends a rule of dispatch after its last day (today); for end_dispatch_rule() and the acts on response plans';

create or replace function ticket_workflow.end_dispatch_rule(rule_id bigint, last_day date default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.center_of(end_dispatch_rule.rule_id);
begin
	if not exists (select from ticket_workflow.center c where c.center_id = home) then
		perform ticket_workflow.fail('unknown_row', null, 'rule', end_dispatch_rule.rule_id::text);
	end if;
	perform ticket_workflow.require_capability('manager', home);
	return ticket_workflow.end_rule(end_dispatch_rule.rule_id, end_dispatch_rule.last_day);
end
$$;
comment on function ticket_workflow.end_dispatch_rule(bigint, date) is
	'Ends a rule, name or place of dispatch after its last day (today); one that has not begun is taken away when it ends before. Errors: TW005, TW006, TW012';
