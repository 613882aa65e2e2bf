-- Granting the capabilities to the DBA's roles. Never run by the extension's script: what a script grants is
-- remembered by the server as part of the extension, by a number that a dropped role leaves behind (P-2.8).
-- For superusers and roles with the rights of ticket_workflow_owner, under their own rights.
-- May touch: access_grant; privileges of the extension's members and USAGE of its schema.

create or replace function ticket_workflow.require_owner() returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	if not ticket_workflow.caller_owns() then
		perform ticket_workflow.fail('owner_only', null, pg_get_userbyid(ticket_workflow.caller())::text);
	end if;
end
$$;
comment on function ticket_workflow.require_owner() is 'TW005 unless the caller is a superuser or has the rights of ticket_workflow_owner';

create or replace function ticket_workflow.apply_grants(role_name text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	held constant text[] := array(select distinct g.capability from ticket_workflow.access_grant g
		where g.role_name = apply_grants.role_name);
	member record;
	reads record;
begin
	-- from nothing: what an update withdrew from a capability goes too
	for member in
		select case when d.classid = 'pg_proc'::regclass then 'routine' else 'table' end as kind,
			case when d.classid = 'pg_proc'::regclass then d.objid::regprocedure::text else d.objid::regclass::text end as name,
			case when d.classid = 'pg_proc'::regclass then p.proname else c.relname end::text as plain,
			case when d.classid = 'pg_proc'::regclass then p.proacl else c.relacl end as acl,
			d.objid
		from pg_depend d
			join pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
			left join pg_proc p on p.oid = d.objid and d.classid = 'pg_proc'::regclass
			left join pg_class c on c.oid = d.objid and d.classid = 'pg_class'::regclass and c.relkind in ('r', 'v')
		where d.refclassid = 'pg_extension'::regclass and d.deptype = 'e' and (p.oid is not null or c.oid is not null)
	loop
		-- of a table this takes the grants of its columns along
		execute format('revoke all on %s %s from %I', member.kind, member.name, apply_grants.role_name);
		if member.kind = 'routine' then
			if exists (select from ticket_workflow.function_capability f
					where f.function_name = member.plain and (f.capability = any (held) or f.capability = 'any' and held <> '{}')) then
				execute format('grant execute on routine %s to %I', member.name, apply_grants.role_name);
			end if;
		else
			for reads in
				select r.columns from ticket_workflow.relation_capability r
				where r.relation_name = member.plain and (r.capability = any (held) or r.capability = 'any' and held <> '{}')
			loop
				execute format('grant select%s on table %s to %I',
					(select ' (' || string_agg(quote_ident(c), ', ') || ')' from unnest(reads.columns) c),
					member.name, apply_grants.role_name);
			end loop;
		end if;
	end loop;
	if held = '{}' then
		execute format('revoke usage on schema ticket_workflow from %I', apply_grants.role_name);
	elsif not has_schema_privilege(apply_grants.role_name, 'ticket_workflow', 'usage') then
		execute format('grant usage on schema ticket_workflow to %I', apply_grants.role_name);
	end if;
end
$$;
comment on function ticket_workflow.apply_grants(text) is
	'Makes the privileges of a role on the extension exactly those of its remembered capabilities';

create or replace procedure ticket_workflow.grant_access(role_name text, capability text, centers text[] default null)
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	wanted text;
	ids bigint[];
begin
	perform ticket_workflow.require_owner();
	wanted := ticket_workflow.grantable(grant_access.capability);
	if to_regrole(quote_ident(grant_access.role_name)) is null then
		perform ticket_workflow.fail('unknown_grantee', null, left(grant_access.role_name, 63));
	end if;
	if grant_access.centers is null then
		-- all of them, which takes the place of some
		delete from ticket_workflow.access_grant g where g.role_name = grant_access.role_name and g.capability = wanted;
		ids := array[null::bigint];
	else
		ids := array(select ticket_workflow.center_id_of(c) from unnest(grant_access.centers) c where c is not null);
		if ids = '{}' then
			perform ticket_workflow.fail('text_missing', null, 'centers');
		end if;
	end if;
	insert into ticket_workflow.access_grant (role_name, capability, center_id, granted_at, granted_by)
		select grant_access.role_name, wanted, i, ticket_workflow.now(), session_user
		from unnest(ids) i
		on conflict (role_name, capability, center_id) do nothing;
	perform ticket_workflow.apply_grants(grant_access.role_name);
end
$$;
comment on procedure ticket_workflow.grant_access(text, text, text[]) is
	'Gives a role a capability (application, official, reader, auditor, sweeper, manager) for some centers or, NULL, for all; remembered for refresh_grants(). For superusers and owners. Errors: TW005, TW006';

create or replace function ticket_workflow.grantable(capability text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	wanted constant text := ticket_workflow.code_of('capability',
		ticket_workflow.require_text(grantable.capability, 'capability', 64), 'capability');
begin
	-- any and internal are words of the product's tables only
	if wanted in ('any', 'internal') then
		perform ticket_workflow.fail('unknown_code', null, 'capability', wanted,
			(select string_agg(l.code || ' (' || l.zh || ')', ', ' order by l.code) from ticket_workflow.label l
				where l.domain = 'capability' and l.code not in ('any', 'internal')));
	end if;
	return wanted;
end
$$;
comment on function ticket_workflow.grantable(text) is 'Code of a capability that can be granted; TW006 for anything else';

create or replace procedure ticket_workflow.revoke_access(role_name text, capability text, centers text[] default null)
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	unwanted text;
begin
	perform ticket_workflow.require_owner();
	unwanted := ticket_workflow.grantable(revoke_access.capability);
	delete from ticket_workflow.access_grant g
		where g.role_name = revoke_access.role_name and g.capability = unwanted
			and (revoke_access.centers is null
				or g.center_id in (select ticket_workflow.center_id_of(c) from unnest(revoke_access.centers) c));
	if not found then
		perform ticket_workflow.fail('not_granted', null, left(revoke_access.role_name, 63), unwanted);
	end if;
	-- a dropped role took its privileges along
	if to_regrole(quote_ident(revoke_access.role_name)) is not null then
		perform ticket_workflow.apply_grants(revoke_access.role_name);
	end if;
end
$$;
comment on procedure ticket_workflow.revoke_access(text, text, text[]) is
	'Takes a capability from a role, for some centers or altogether. What was granted for all centers is taken altogether. For superusers and owners. Errors: TW005, TW006';

create or replace function ticket_workflow.refresh_grants() returns table (role_name text, refreshed boolean)
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	grantee text;
begin
	perform ticket_workflow.require_owner();
	for grantee in select distinct g.role_name from ticket_workflow.access_grant g order by 1 loop
		role_name := grantee;
		refreshed := to_regrole(quote_ident(grantee)) is not null;
		if refreshed then
			perform ticket_workflow.apply_grants(grantee);
		end if;
		return next;
	end loop;
end
$$;
comment on function ticket_workflow.refresh_grants() is
	'Repeats every remembered grant, after an update or a restore; refreshed is false for a role that does not exist. For superusers and owners. Errors: TW005';
