-- Officials, their posts, who stands in for them, and who is on duty.
-- Needs the capability manager for the center.
-- May touch: official, post, delegation, duty_roster.

-- A row of a center that the caller does not manage does not exist for him; who manages none is told so.
create or replace function ticket_workflow.require_managed(center_id bigint, subject text, given text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	if require_managed.center_id is null or not ticket_workflow.has_capability('manager', require_managed.center_id) then
		if not ticket_workflow.has_capability('manager') then
			perform ticket_workflow.require_capability('manager', null);
		end if;
		perform ticket_workflow.fail('unknown_row', null, require_managed.subject, require_managed.given);
	end if;
end
$$;
comment on function ticket_workflow.require_managed(bigint, text, text) is
	'TW005 unless the caller manages some center, TW006 as if unknown unless he manages this one (NULL: the row does not exist)';

create or replace function ticket_workflow.check_official_role(database_role text, official_id bigint) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	taken text;
begin
	if to_regrole(quote_ident(check_official_role.database_role)) is null then
		perform ticket_workflow.fail('role_unknown', null, left(check_official_role.database_role, 63));
	end if;
	-- who has every right by his role would have one person's name in the journal whatever he does
	if pg_has_role(to_regrole(quote_ident(check_official_role.database_role))::oid, 'ticket_workflow_owner'::name, 'USAGE') then
		perform ticket_workflow.fail('role_of_desk', null, check_official_role.database_role);
	end if;
	select o.code into taken from ticket_workflow.official o
		where o.database_role = check_official_role.database_role
			and o.official_id is distinct from check_official_role.official_id;
	if found then
		perform ticket_workflow.fail('role_taken', null, check_official_role.database_role, taken);
	end if;
end
$$;
comment on function ticket_workflow.check_official_role(text, bigint) is
	'TW006 unless the role exists, is no superuser''s or owner''s and stands for no other official';

create or replace function ticket_workflow.create_official(code text, name text, center text, database_role text default null,
		attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_official.center);
	new_official bigint;
begin
	if create_official.database_role is not null then
		perform ticket_workflow.check_official_role(create_official.database_role, null);
	end if;
	insert into ticket_workflow.official (official_id, center_id, code, name, database_role, attributes)
		values (ticket_workflow.new_id(home, 'ticket_workflow.official_seq'), home,
			ticket_workflow.require_text(create_official.code, 'code', 64),
			ticket_workflow.require_text(create_official.name, 'name', 100),
			create_official.database_role, coalesce(create_official.attributes, '{}'))
		on conflict (code) do nothing
		returning official_id into new_official;
	if new_official is null then
		perform ticket_workflow.fail('code_taken', null, 'official', create_official.code);
	end if;
	return new_official;
end
$$;
comment on function ticket_workflow.create_official(text, text, text, text, jsonb) is
	'Creates an official; his code is unique over all centers, and with database_role he acts under his own role. Returns his id. Errors: TW005, TW006';

create or replace function ticket_workflow.managed_official(official text) returns ticket_workflow.official
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	o ticket_workflow.official;
begin
	select * into o from ticket_workflow.official r
		where r.code = ticket_workflow.require_text(managed_official.official, 'official', 64);
	perform ticket_workflow.require_managed(o.center_id, 'official', managed_official.official);
	return o;
end
$$;
comment on function ticket_workflow.managed_official(text) is 'An official of a center that the caller may manage; TW005, TW006';

create or replace function ticket_workflow.change_official(official text, name text default null, database_role text default null,
		active boolean default null, attributes jsonb default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	o constant ticket_workflow.official := ticket_workflow.managed_official(change_official.official);
begin
	if change_official.name is not null then
		perform ticket_workflow.require_text(change_official.name, 'name', 100);
	end if;
	if change_official.database_role <> '' then
		perform ticket_workflow.check_official_role(change_official.database_role, o.official_id);
	end if;
	update ticket_workflow.official r
		set name = coalesce(change_official.name, r.name),
			database_role = case when change_official.database_role is null then r.database_role
				else nullif(change_official.database_role, '') end,
			active = coalesce(change_official.active, r.active),
			attributes = coalesce(change_official.attributes, r.attributes)
		where r.official_id = o.official_id;
	return o.official_id;
end
$$;
comment on function ticket_workflow.change_official(text, text, text, boolean, jsonb) is
	'Changes an official; NULL leaves a value as it is, '''' takes the database role away; active false: he acts no more. Errors: TW005, TW006';

create or replace function ticket_workflow.assign_post(official text, organization text, "position" text, area text default null,
		valid_from date default null, valid_until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	o constant ticket_workflow.official := ticket_workflow.managed_official(assign_post.official);
	begins constant date := coalesce(assign_post.valid_from, ticket_workflow.today(o.center_id));
	kind_of_post constant text := ticket_workflow.code_of('position',
		ticket_workflow.require_text(assign_post."position", 'position', 64), 'position');
	place ticket_workflow.organization;
	for_area constant bigint := ticket_workflow.area_id_of(o.center_id, assign_post.area);
	held ticket_workflow.post;
	new_post bigint;
begin
	select * into strict place from ticket_workflow.organization r
		where r.organization_id = ticket_workflow.organization_id_of(o.center_id,
			ticket_workflow.require_text(assign_post.organization, 'organization', 64), begins);
	-- duty is a matter of the roster, not of a post
	if not exists (select from ticket_workflow."position" p where p."position" = kind_of_post) then
		perform ticket_workflow.fail('unknown_code', null, 'position', kind_of_post,
			(select string_agg(p."position", ', ' order by p.rank, p."position") from ticket_workflow."position" p));
	end if;
	if (kind_of_post = 'inspector') <> (place.kind = 'inspection') then
		perform ticket_workflow.fail('post_place', '3.8', ticket_workflow.label('position', kind_of_post),
			ticket_workflow.label('organization_kind', place.kind));
	end if;
	if kind_of_post = 'information_officer' and for_area is null then
		perform ticket_workflow.fail('post_area_missing', '2.4.1', ticket_workflow.label('position', kind_of_post));
	end if;
	if for_area is not null and place.kind <> 'center' then
		perform ticket_workflow.fail('post_area_place', '2.4.1');
	end if;
	perform ticket_workflow.require_day(begins, 'valid_from'), ticket_workflow.require_day(assign_post.valid_until, 'valid_until');
	if assign_post.valid_until < begins then
		perform ticket_workflow.fail('day_order', null, begins::text, assign_post.valid_until::text);
	end if;
	-- two assignments at once of the same post: the second sees the first
	perform from ticket_workflow.official r where r.official_id = o.official_id for no key update;
	select * into held from ticket_workflow.post p
		where p.official_id = o.official_id and p.organization_id = place.organization_id and p."position" = kind_of_post
			and p.area_id is not distinct from for_area
			and daterange(p.valid_from, p.valid_until, '[]') && daterange(begins, assign_post.valid_until, '[]')
		limit 1;
	if found then
		perform ticket_workflow.fail('post_twice', null, o.code, held.post_id::text || ': ' || held.valid_from::text || ' – '
			|| coalesce(held.valid_until::text, ''));
	end if;
	new_post := ticket_workflow.new_id(o.center_id, 'ticket_workflow.post_seq');
	insert into ticket_workflow.post (post_id, center_id, official_id, organization_id, "position", area_id, valid_from, valid_until)
		values (new_post, o.center_id, o.official_id, place.organization_id, kind_of_post, for_area, begins, assign_post.valid_until);
	return new_post;
end
$$;
comment on function ticket_workflow.assign_post(text, text, text, text, date, date) is
	'Gives an official a position in an organization of his center from a day (today) until a day, both included; information officers and territorial leaders hold it in the center for an area. Returns the post''s id. Errors: TW005, TW006';

create or replace function ticket_workflow.managed_post(post_id bigint) returns ticket_workflow.post
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p ticket_workflow.post;
begin
	select * into p from ticket_workflow.post r where r.post_id = managed_post.post_id;
	perform ticket_workflow.require_managed(p.center_id, 'post', managed_post.post_id::text);
	-- not before: who does not manage it must not learn by waiting that it is there
	select * into strict p from ticket_workflow.post r where r.post_id = p.post_id for no key update;
	return p;
end
$$;
comment on function ticket_workflow.managed_post(bigint) is 'A post of a center that the caller may manage, locked; TW005, TW006';

create or replace function ticket_workflow.end_post(post_id bigint, last_day date default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p constant ticket_workflow.post := ticket_workflow.managed_post(end_post.post_id);
	ends constant date := coalesce(end_post.last_day, ticket_workflow.today(p.center_id));
begin
	perform ticket_workflow.require_day(ends, 'last_day');
	if ends < p.valid_from then
		perform ticket_workflow.fail('day_order', null, p.valid_from::text, ends::text);
	end if;
	update ticket_workflow.post r set valid_until = ends where r.post_id = p.post_id;
	return p.post_id;
end
$$;
comment on function ticket_workflow.end_post(bigint, date) is
	'Ends a post after its last day (today); not before its last signature. Errors: TW005, TW006, TW010';

create or replace function ticket_workflow.delegate_post(post_id bigint, substitute text, reason text,
		valid_from date default null, valid_until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p constant ticket_workflow.post := ticket_workflow.managed_post(delegate_post.post_id);
	deputy constant bigint := ticket_workflow.official_id_of(p.center_id,
		ticket_workflow.require_text(delegate_post.substitute, 'substitute', 64));
	begins constant date := coalesce(delegate_post.valid_from, ticket_workflow.today(p.center_id));
	new_delegation bigint;
begin
	if deputy = p.official_id then
		perform ticket_workflow.fail('delegation_to_holder', null, delegate_post.substitute);
	end if;
	perform ticket_workflow.require_day(begins, 'valid_from'), ticket_workflow.require_day(delegate_post.valid_until, 'valid_until');
	if delegate_post.valid_until < begins then
		perform ticket_workflow.fail('day_order', null, begins::text, delegate_post.valid_until::text);
	end if;
	-- a standing deputy ends with the post by itself
	if not begins between p.valid_from and coalesce(p.valid_until, 'infinity')
			or delegate_post.valid_until > coalesce(p.valid_until, 'infinity') then
		perform ticket_workflow.fail('delegation_outside_post', null, p.valid_from::text, coalesce(p.valid_until::text, '…'));
	end if;
	new_delegation := ticket_workflow.new_id(p.center_id, 'ticket_workflow.delegation_seq');
	insert into ticket_workflow.delegation (delegation_id, center_id, post_id, substitute_id, valid_from, valid_until, reason)
		values (new_delegation, p.center_id, p.post_id, deputy, begins, delegate_post.valid_until,
			ticket_workflow.require_reason(delegate_post.reason, null));
	return new_delegation;
end
$$;
comment on function ticket_workflow.delegate_post(bigint, text, text, date, date) is
	'Names who stands in for the holder of a post: with an end a dated substitute for his absence, without one a standing deputy (AB角). Returns the delegation''s id. Errors: TW005, TW006, TW009';

create or replace function ticket_workflow.end_delegation(delegation_id bigint, last_day date default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	d ticket_workflow.delegation;
	ends date;
begin
	select * into d from ticket_workflow.delegation r where r.delegation_id = end_delegation.delegation_id;
	perform ticket_workflow.require_managed(d.center_id, 'delegation', end_delegation.delegation_id::text);
	-- locked behind the question, as in managed_post()
	select * into strict d from ticket_workflow.delegation r where r.delegation_id = d.delegation_id for no key update;
	ends := coalesce(end_delegation.last_day, ticket_workflow.today(d.center_id));
	perform ticket_workflow.require_day(ends, 'last_day');
	if ends < d.valid_from then
		perform ticket_workflow.fail('day_order', null, d.valid_from::text, ends::text);
	end if;
	update ticket_workflow.delegation r set valid_until = ends where r.delegation_id = d.delegation_id;
	return d.delegation_id;
end
$$;
comment on function ticket_workflow.end_delegation(bigint, date) is 'Ends a substitution after its last day (today). Errors: TW005, TW006';

create or replace function ticket_workflow.set_duty(center text, starts_at timestamptz, ends_at timestamptz, official text, leader text)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(set_duty.center);
	officer constant bigint := ticket_workflow.official_id_of(home, ticket_workflow.require_text(set_duty.official, 'official', 64));
	leading_official constant bigint := ticket_workflow.official_id_of(home, ticket_workflow.require_text(set_duty.leader, 'leader', 64));
	other ticket_workflow.duty_roster;
	new_duty bigint;
begin
	if set_duty.starts_at is null or set_duty.ends_at is null or not isfinite(set_duty.starts_at) or not isfinite(set_duty.ends_at) then
		perform ticket_workflow.fail('text_missing', null, 'starts_at, ends_at');
	end if;
	if set_duty.ends_at <= set_duty.starts_at then
		perform ticket_workflow.fail('day_order', null, set_duty.starts_at::text, set_duty.ends_at::text);
	end if;
	perform from ticket_workflow.official r where r.official_id = officer for no key update;
	select * into other from ticket_workflow.duty_roster d
		where d.center_id = home and d.official_id = officer
			and d.starts_at < set_duty.ends_at and d.ends_at > set_duty.starts_at
		limit 1;
	if found then
		perform ticket_workflow.fail('duty_overlap', null, set_duty.official, other.duty_id::text);
	end if;
	new_duty := ticket_workflow.new_id(home, 'ticket_workflow.duty_seq');
	insert into ticket_workflow.duty_roster (duty_id, center_id, starts_at, ends_at, official_id, leader_id)
		values (new_duty, home, set_duty.starts_at, set_duty.ends_at, officer, leading_official);
	return new_duty;
end
$$;
comment on function ticket_workflow.set_duty(text, timestamptz, timestamptz, text, text) is
	'Puts an official and a leader on duty (值班值守) for a span, its end not included. Returns the duty''s id. Errors: TW005, TW006';

create or replace function ticket_workflow.end_duty(duty_id bigint, ends_at timestamptz default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	d ticket_workflow.duty_roster;
	ends constant timestamptz := coalesce(end_duty.ends_at, ticket_workflow.now());
begin
	select * into d from ticket_workflow.duty_roster r where r.duty_id = end_duty.duty_id;
	perform ticket_workflow.require_managed(d.center_id, 'duty_roster', end_duty.duty_id::text);
	-- locked behind the question, as in managed_post()
	select * into d from ticket_workflow.duty_roster r where r.duty_id = d.duty_id for no key update;
	if not found then
		-- somebody else took it away meanwhile
		perform ticket_workflow.fail('unknown_row', null, 'duty_roster', end_duty.duty_id::text);
	end if;
	if d.ends_at <= ticket_workflow.now() then
		perform ticket_workflow.fail('duty_past', null, d.duty_id::text);
	end if;
	if ends <= d.starts_at then
		-- not yet begun: it will not take place
		delete from ticket_workflow.duty_roster r where r.duty_id = d.duty_id;
	else
		update ticket_workflow.duty_roster r
			set ends_at = greatest(ends, ticket_workflow.now()) where r.duty_id = d.duty_id;
	end if;
	return d.duty_id;
end
$$;
comment on function ticket_workflow.end_duty(bigint, timestamptz) is
	'Ends a turn of duty at a moment (now), or takes away one that has not begun. Errors: TW005, TW006, TW010';
