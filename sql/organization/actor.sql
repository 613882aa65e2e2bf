-- Who calls, and who acts: the database role, its capabilities, and the official behind it.
-- May touch: nothing; reads access_grant and official.

create or replace function ticket_workflow.caller_is(role_name text) returns boolean
	language c stable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_caller_is';
comment on function ticket_workflow.caller_is(text) is
	'Whether the caller may use a role''s privileges, as EXECUTE itself asks; a dropped role matches nobody';

-- An inlined query, so that the callers' own plans hold it.
create or replace function ticket_workflow.caller_grants() returns setof ticket_workflow.access_grant
	language sql stable parallel safe
begin atomic
	select g.* from ticket_workflow.access_grant g
		where ticket_workflow.caller_is(g.role_name);
end;
comment on function ticket_workflow.caller_grants() is 'The rows of access_grant that count for the caller';

create or replace function ticket_workflow.caller_owns() returns boolean
	language sql stable parallel safe
	return ticket_workflow.caller_is('ticket_workflow_owner');
comment on function ticket_workflow.caller_owns() is 'Whether the caller is a superuser or has the rights of ticket_workflow_owner: every capability';

-- In C with grants and officials kept (src/actor.c): every act asks it several times, for its right, its author, its journal.
create or replace function ticket_workflow.has_capability(capability text, center_id bigint default null) returns boolean
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_has_capability';
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

create or replace function ticket_workflow.actor_id() returns bigint
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_actor_id';
comment on function ticket_workflow.actor_id() is
	'Id of the official who acts: named by ticket_workflow.actor, which counts only for the capability application (else TW005), or the one whose database role calls; NULL for none';

create or replace function ticket_workflow.actor() returns text
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_actor';
comment on function ticket_workflow.actor() is 'Code of the official who acts, NULL for none; see actor_id()';

create or replace function ticket_workflow.acting_official() returns ticket_workflow.official
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	me ticket_workflow.official;
begin
	select * into me from ticket_workflow.official o where o.official_id = ticket_workflow.actor_id();
	return me;
end
$$;
comment on function ticket_workflow.acting_official() is 'The official who acts, as a row; NULLs for none; see actor_id()';

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
