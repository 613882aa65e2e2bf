-- Who calls, and who acts: the database role, its capabilities, and the official behind it.
-- May touch: nothing; reads access_grant and official.

-- An inlined query, so that the callers' own plans hold it.
create or replace function ticket_workflow.caller_grants() returns setof ticket_workflow.access_grant
	language sql stable parallel safe
begin atomic
	select g.* from ticket_workflow.access_grant g
		-- the right to use a role's privileges, as EXECUTE itself asks; a dropped role matches nobody
		where pg_has_role(ticket_workflow.caller()::oid, to_regrole(quote_ident(g.role_name))::oid, 'USAGE');
end;
comment on function ticket_workflow.caller_grants() is 'The rows of access_grant that count for the caller';

create or replace function ticket_workflow.caller_owns() returns boolean
	language sql stable parallel safe
	return pg_has_role(ticket_workflow.caller()::oid, 'ticket_workflow_owner'::name, 'USAGE');
comment on function ticket_workflow.caller_owns() is 'Whether the caller is a superuser or has the rights of ticket_workflow_owner: every capability';

create or replace function ticket_workflow.has_capability(capability text, center_id bigint default null) returns boolean
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	-- apart from the query, which costs more to start than all else here
	if ticket_workflow.caller_owns() then
		return true;
	end if;
	return exists (select from ticket_workflow.caller_grants() g
		where g.capability = has_capability.capability
			and (g.center_id is null or has_capability.center_id is null or g.center_id = has_capability.center_id));
end
$$;
comment on function ticket_workflow.has_capability(text, bigint) is
	'Whether the caller has a capability for a center; NULL: for any';

create or replace function ticket_workflow.granted_centers(capabilities text[]) returns bigint[]
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if ticket_workflow.caller_owns() or exists (select from ticket_workflow.caller_grants() g
			where g.capability = any (granted_centers.capabilities) and g.center_id is null) then
		return array(select c.center_id from ticket_workflow.center c);
	end if;
	return array(select g.center_id from ticket_workflow.caller_grants() g
		where g.capability = any (granted_centers.capabilities));
end
$$;
comment on function ticket_workflow.granted_centers(text[]) is 'Centers for which the caller has one of the capabilities';

create or replace function ticket_workflow.require_capability(capability text, center_id bigint) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	everywhere boolean;
begin
	-- a NULL center means all of them here: what concerns every center needs the capability for every center
	everywhere := ticket_workflow.caller_owns() or exists (select from ticket_workflow.caller_grants() g
		where g.capability = require_capability.capability and g.center_id is null);
	if not (everywhere or require_capability.center_id is not null
			and ticket_workflow.has_capability(require_capability.capability, require_capability.center_id)) then
		perform ticket_workflow.fail('capability_missing', null,
			coalesce(ticket_workflow.label('capability', require_capability.capability), require_capability.capability),
			pg_get_userbyid(ticket_workflow.caller())::text, require_capability.capability);
	end if;
end
$$;
comment on function ticket_workflow.require_capability(text, bigint) is
	'TW005 unless the caller has the capability for that center; NULL: for all centers';

create or replace function ticket_workflow.acting_official() returns ticket_workflow.official
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	named constant text := ticket_workflow.actor_setting();
	me ticket_workflow.official;
begin
	if named is not null then
		select * into me from ticket_workflow.official o where o.code = named;
		if not found or not ticket_workflow.has_capability('application', me.center_id) then
			-- who may not name an actor at all does not learn which codes exist
			if not ticket_workflow.has_capability('application') then
				perform ticket_workflow.fail('actor_needs_application', null, pg_get_userbyid(ticket_workflow.caller())::text);
			end if;
			perform ticket_workflow.fail('actor_unknown', null, left(named, 60));
		end if;
	else
		select * into me from ticket_workflow.official o
			where o.database_role = pg_get_userbyid(ticket_workflow.caller())::text;
		if not found then
			return null;
		end if;
	end if;
	if not me.active then
		perform ticket_workflow.fail('actor_inactive', null, me.code);
	end if;
	return me;
end
$$;
comment on function ticket_workflow.acting_official() is
	'The official who acts: named by ticket_workflow.actor, which counts only for the capability application (else TW005), or the one whose database role calls; NULLs for none';

create or replace function ticket_workflow.actor_id() returns bigint
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
begin
	return (ticket_workflow.acting_official()).official_id;
end
$$;
comment on function ticket_workflow.actor_id() is 'Id of the official who acts, NULL for none; TW005 where the setting ticket_workflow.actor is not the caller''s to use';

create or replace function ticket_workflow.actor() returns text
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
begin
	return (ticket_workflow.acting_official()).code;
end
$$;
comment on function ticket_workflow.actor() is 'Code of the official who acts, NULL for none; see actor_id()';

create or replace function ticket_workflow.require_actor() returns bigint
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
declare
	me constant bigint := ticket_workflow.actor_id();
begin
	if me is null then
		perform ticket_workflow.fail('actor_missing', null, pg_get_userbyid(ticket_workflow.caller())::text);
	end if;
	return me;
end
$$;
comment on function ticket_workflow.require_actor() is 'The official who acts; TW005 when there is none';
