-- Centers, areas, organizations and matters: creating, changing and closing them.
-- In every change_ function NULL leaves a value as it is, and '' takes an optional one away.
-- Needs the capability manager for the center (creating a center: for all centers).
-- May touch: center, area, organization, organization_parent, matter, matter_parent;
-- center_rulebook through put_in_force().

create or replace function ticket_workflow.managed_center(center text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	home constant bigint := ticket_workflow.center_id_of(ticket_workflow.require_text(managed_center.center, 'center', 64));
begin
	perform ticket_workflow.require_capability('manager', home);
	return home;
end
$$;
comment on function ticket_workflow.managed_center(text) is 'Id of a center that the caller may manage; TW005, TW006';

create or replace function ticket_workflow.create_center(code text, name text, calendar text default 'cn_shanghai',
		rulebook text default null, since date default '2000-01-01', center_id bigint default null,
		attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	new_center bigint;
begin
	perform ticket_workflow.require_capability('manager', null);
	perform ticket_workflow.require_text(create_center.code, 'code', 64);
	perform ticket_workflow.require_text(create_center.name, 'name', 200);
	if not exists (select from ticket_workflow.calendar c where c.code = create_center.calendar) then
		perform ticket_workflow.fail('calendar_unknown', 'T4', left(create_center.calendar, 60));
	end if;
	-- one at a time: the number is the highest so far and one more
	lock table ticket_workflow.center in share row exclusive mode;
	new_center := coalesce(create_center.center_id, (select coalesce(max(c.center_id), 0) + 1 from ticket_workflow.center c));
	if new_center not between 1 and 9006
			or exists (select from ticket_workflow.center c where c.center_id = new_center) then
		perform ticket_workflow.fail('center_number_taken', null, new_center::text);
	end if;
	if exists (select from ticket_workflow.center c where c.code = create_center.code) then
		perform ticket_workflow.fail('code_taken', null, 'center', create_center.code);
	end if;
	insert into ticket_workflow.center (center_id, code, name, calendar, attributes)
		values (new_center, create_center.code, create_center.name, create_center.calendar,
			coalesce(create_center.attributes, '{}'));
	insert into ticket_workflow.organization (organization_id, center_id, code, name, kind)
		values (ticket_workflow.new_id(new_center, 'ticket_workflow.organization_seq'), new_center,
			create_center.code, create_center.name, 'center');
	if create_center.rulebook is not null then
		perform ticket_workflow.put_in_force(create_center.code, create_center.rulebook, coalesce(create_center.since, '2000-01-01'));
	end if;
	return new_center;
end
$$;
comment on function ticket_workflow.create_center(text, text, text, text, date, bigint, jsonb) is
	'Creates a center with its own organization of the same code; a rulebook is in force there from since on. Returns the center''s number (1 to 9006). Errors: TW005, TW006, TW011, TW012';

create or replace function ticket_workflow.change_center(center text, name text default null, calendar text default null,
		attributes jsonb default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(change_center.center);
begin
	if change_center.name is not null then
		perform ticket_workflow.require_text(change_center.name, 'name', 200);
	end if;
	if change_center.calendar is not null
			and not exists (select from ticket_workflow.calendar c where c.code = change_center.calendar) then
		perform ticket_workflow.fail('calendar_unknown', 'T4', left(change_center.calendar, 60));
	end if;
	update ticket_workflow.center c
		set name = coalesce(change_center.name, c.name), calendar = coalesce(change_center.calendar, c.calendar),
			attributes = coalesce(change_center.attributes, c.attributes)
		where c.center_id = home;
	return home;
end
$$;
comment on function ticket_workflow.change_center(text, text, text, jsonb) is
	'Changes name, calendar or attributes of a center; running clocks keep the calendar they started with. Errors: TW005, TW006, TW011';

create or replace function ticket_workflow.create_area(center text, code text, name text, attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_area.center);
	new_area bigint;
begin
	insert into ticket_workflow.area (area_id, center_id, code, name, attributes)
		values (ticket_workflow.new_id(home, 'ticket_workflow.area_seq'), home,
			ticket_workflow.require_text(create_area.code, 'code', 64),
			ticket_workflow.require_text(create_area.name, 'name', 200), coalesce(create_area.attributes, '{}'))
		on conflict (center_id, code) do nothing
		returning area_id into new_area;
	if new_area is null then
		perform ticket_workflow.fail('code_taken', null, 'area', create_area.code);
	end if;
	return new_area;
end
$$;
comment on function ticket_workflow.create_area(text, text, text, jsonb) is
	'Creates an area (片区) of a center. Returns its id. Errors: TW005, TW006';

create or replace function ticket_workflow.change_area(center text, code text, name text default null, attributes jsonb default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(change_area.center);
	it constant bigint := ticket_workflow.area_id_of(home, ticket_workflow.require_text(change_area.code, 'code', 64));
begin
	if change_area.name is not null then
		perform ticket_workflow.require_text(change_area.name, 'name', 200);
	end if;
	update ticket_workflow.area a
		set name = coalesce(change_area.name, a.name), attributes = coalesce(change_area.attributes, a.attributes)
		where a.area_id = it;
	return it;
end
$$;
comment on function ticket_workflow.change_area(text, text, text, jsonb) is 'Changes name or attributes of an area. Errors: TW005, TW006';

create or replace function ticket_workflow.check_organization_parent(organization_id bigint, parent_id bigint) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if check_organization_parent.parent_id = any (ticket_workflow.organizations_below(array[check_organization_parent.organization_id])) then
		perform ticket_workflow.fail('tree_circle', null,
			(select r.code from ticket_workflow.organization r where r.organization_id = check_organization_parent.organization_id),
			(select r.code from ticket_workflow.organization r where r.organization_id = check_organization_parent.parent_id));
	end if;
end
$$;
comment on function ticket_workflow.check_organization_parent(bigint, bigint) is 'TW006 where a parent would close a circle';

create or replace function ticket_workflow.set_organization_parent(organization_id bigint, parent_id bigint) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	-- two changes at once could close a circle together
	lock table ticket_workflow.organization_parent in share row exclusive mode;
	delete from ticket_workflow.organization_parent p where p.organization_id = set_organization_parent.organization_id;
	if set_organization_parent.parent_id is null then
		return;
	end if;
	perform ticket_workflow.check_organization_parent(set_organization_parent.organization_id, set_organization_parent.parent_id);
	insert into ticket_workflow.organization_parent values (set_organization_parent.organization_id, set_organization_parent.parent_id);
end
$$;
comment on function ticket_workflow.set_organization_parent(bigint, bigint) is
	'Puts an organization below another, NULL: below none; TW006 for a circle';

create or replace function ticket_workflow.create_organization(center text, code text, name text, kind text default 'department',
		area text default null, parent text default null, oversees boolean default false, since date default '2000-01-01',
		attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_organization.center);
	what constant text := ticket_workflow.code_of('organization_kind',
		ticket_workflow.require_text(create_organization.kind, 'kind', 64), 'kind');
	new_organization bigint;
begin
	if what = 'center' then
		perform ticket_workflow.fail('center_organization_kind', null);
	end if;
	perform ticket_workflow.refuse_shared_name(home, null, create_organization.name, coalesce(create_organization.since, '2000-01-01'), null);
	insert into ticket_workflow.organization (organization_id, center_id, code, name, kind, area_id, oversees, valid_from, attributes)
		values (ticket_workflow.new_id(home, 'ticket_workflow.organization_seq'), home,
			ticket_workflow.require_text(create_organization.code, 'code', 64),
			ticket_workflow.require_text(create_organization.name, 'name', 200), what,
			ticket_workflow.area_id_of(home, create_organization.area), coalesce(create_organization.oversees, false),
			coalesce(create_organization.since, '2000-01-01'), coalesce(create_organization.attributes, '{}'))
		on conflict (center_id, code) do nothing
		returning organization_id into new_organization;
	if new_organization is null then
		perform ticket_workflow.fail('code_taken', null, 'organization', create_organization.code);
	end if;
	if create_organization.parent is not null then
		perform ticket_workflow.set_organization_parent(new_organization,
			ticket_workflow.organization_id_of(home, create_organization.parent));
	end if;
	return new_organization;
end
$$;
comment on function ticket_workflow.create_organization(text, text, text, text, text, text, boolean, date, jsonb) is
	'Creates a department, residents'' committee (with its area), court, platform or discipline inspection; parent stands above it, oversees lets it see the center''s whole desk (社区管理办). Returns its id. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.change_organization(center text, code text, name text default null,
		area text default null, parent text default null, oversees boolean default null, attributes jsonb default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(change_organization.center);
	it constant bigint := ticket_workflow.organization_id_of(home, ticket_workflow.require_text(change_organization.code, 'code', 64));
begin
	if change_organization.name is not null then
		perform ticket_workflow.require_text(change_organization.name, 'name', 200);
		perform ticket_workflow.refuse_shared_name(home, it, change_organization.name, o.valid_from, o.valid_until)
			from ticket_workflow.organization o where o.organization_id = it;
	end if;
	update ticket_workflow.organization o
		set name = coalesce(change_organization.name, o.name),
			area_id = case when change_organization.area is null then o.area_id
				else ticket_workflow.area_id_of(home, nullif(change_organization.area, '')) end,
			oversees = coalesce(change_organization.oversees, o.oversees),
			attributes = coalesce(change_organization.attributes, o.attributes)
		where o.organization_id = it;
	if change_organization.parent is not null then
		perform ticket_workflow.set_organization_parent(it,
			ticket_workflow.organization_id_of(home, nullif(change_organization.parent, '')));
	end if;
	return it;
end
$$;
comment on function ticket_workflow.change_organization(text, text, text, text, text, boolean, jsonb) is
	'Changes an organization; NULL leaves a value as it is, '''' takes area or parent away. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.close_organization(center text, code text, last_day date default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(close_organization.center);
	it constant bigint := ticket_workflow.organization_id_of(home, ticket_workflow.require_text(close_organization.code, 'code', 64));
	ends date := coalesce(close_organization.last_day, ticket_workflow.today(home));
	o ticket_workflow.organization;
	open_tickets bigint;
begin
	select * into strict o from ticket_workflow.organization r where r.organization_id = it for update;
	if o.kind = 'center' then
		perform ticket_workflow.fail('center_closed_never', null);
	end if;
	if ends < o.valid_from then
		perform ticket_workflow.fail('day_order', null, o.valid_from::text, ends::text);
	end if;
	-- closed today or before, nobody would be left who may complete what it leads
	if ends <= ticket_workflow.today(home) then
		select count(*) into open_tickets
			from ticket_workflow.ticket t
				join ticket_workflow.ticket_state s on s.state = t.state and s.is_open
			where t.lead_department_id = it;
		if open_tickets > 0 then
			perform ticket_workflow.fail('organization_leads_open', null, o.code, open_tickets::text);
		end if;
	end if;
	update ticket_workflow.organization r set valid_until = ends where r.organization_id = it;
	return it;
end
$$;
comment on function ticket_workflow.close_organization(text, text, date) is
	'Ends an organization after its last day (today): it receives no ticket and its posts give no right any more; its history stays. Errors: TW005, TW006';

create or replace function ticket_workflow.matters_below(tops bigint[]) returns bigint[]
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	reached bigint[] := matters_below.tops;
	next_level bigint[] := matters_below.tops;
begin
	-- level by level: a recursive query costs ten times as much to start as the few levels to walk
	loop
		next_level := array(select c.matter_id from ticket_workflow.matter_parent c
			where c.parent_id = any (next_level) and c.matter_id <> all (reached));
		exit when next_level = '{}';
		reached := reached || next_level;
	end loop;
	return reached;
end
$$;
comment on function ticket_workflow.matters_below(bigint[]) is 'These matters and all that stand below them in the taxonomy';

create or replace function ticket_workflow.check_matter_parent(matter_id bigint, parent_id bigint) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if check_matter_parent.parent_id = any (ticket_workflow.matters_below(array[check_matter_parent.matter_id])) then
		perform ticket_workflow.fail('tree_circle', null,
			(select r.code from ticket_workflow.matter r where r.matter_id = check_matter_parent.matter_id),
			(select r.code from ticket_workflow.matter r where r.matter_id = check_matter_parent.parent_id));
	end if;
end
$$;
comment on function ticket_workflow.check_matter_parent(bigint, bigint) is 'TW006 where a parent would close a circle';

create or replace function ticket_workflow.set_matter_parent(matter_id bigint, parent_id bigint) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	lock table ticket_workflow.matter_parent in share row exclusive mode;
	delete from ticket_workflow.matter_parent p where p.matter_id = set_matter_parent.matter_id;
	if set_matter_parent.parent_id is null then
		return;
	end if;
	perform ticket_workflow.check_matter_parent(set_matter_parent.matter_id, set_matter_parent.parent_id);
	insert into ticket_workflow.matter_parent values (set_matter_parent.matter_id, set_matter_parent.parent_id);
end
$$;
comment on function ticket_workflow.set_matter_parent(bigint, bigint) is
	'Puts a matter below another, NULL: below none; TW006 for a circle';

create or replace function ticket_workflow.create_matter(center text, code text, name text, parent text default null,
		attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_matter.center);
	new_matter bigint;
begin
	insert into ticket_workflow.matter (matter_id, center_id, code, name, attributes)
		values (ticket_workflow.new_id(home, 'ticket_workflow.matter_seq'), home,
			ticket_workflow.require_text(create_matter.code, 'code', 64),
			ticket_workflow.require_text(create_matter.name, 'name', 200), coalesce(create_matter.attributes, '{}'))
		on conflict (center_id, code) do nothing
		returning matter_id into new_matter;
	if new_matter is null then
		perform ticket_workflow.fail('code_taken', null, 'matter', create_matter.code);
	end if;
	if create_matter.parent is not null then
		perform ticket_workflow.set_matter_parent(new_matter, ticket_workflow.matter_id_of(home, create_matter.parent));
	end if;
	return new_matter;
end
$$;
comment on function ticket_workflow.create_matter(text, text, text, text, jsonb) is
	'Creates a matter of the center''s taxonomy, below its parent. Returns its id. Errors: TW005, TW006';

create or replace function ticket_workflow.change_matter(center text, code text, name text default null, parent text default null,
		attributes jsonb default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(change_matter.center);
	it constant bigint := ticket_workflow.matter_id_of(home, ticket_workflow.require_text(change_matter.code, 'code', 64));
begin
	if change_matter.name is not null then
		perform ticket_workflow.require_text(change_matter.name, 'name', 200);
	end if;
	update ticket_workflow.matter m
		set name = coalesce(change_matter.name, m.name), attributes = coalesce(change_matter.attributes, m.attributes)
		where m.matter_id = it;
	if change_matter.parent is not null then
		perform ticket_workflow.set_matter_parent(it, ticket_workflow.matter_id_of(home, nullif(change_matter.parent, '')));
	end if;
	return it;
end
$$;
comment on function ticket_workflow.change_matter(text, text, text, text, jsonb) is
	'Changes a matter; NULL leaves a value as it is, '''' puts it at the top of the taxonomy. Errors: TW005, TW006';
