-- Refuses databases the extension cannot serve, and makes the role that owns everything.
-- May touch: roles.

do $preflight$
begin
	if pg_catalog.getdatabaseencoding() operator(pg_catalog.<>) 'UTF8' then
		raise exception 'ticket_workflow needs a database in UTF8, this one is in %', pg_catalog.getdatabaseencoding()
			using errcode = 'feature_not_supported',
				hint = 'create database desk template template0 encoding ''UTF8''';
	end if;
	if pg_catalog.current_setting('server_version_num')::pg_catalog.int4 operator(pg_catalog.<) 150000 then
		raise exception 'ticket_workflow needs PostgreSQL 15 or later'
			using errcode = 'feature_not_supported';
	end if;
	-- a cluster-wide role: the second database finds it there
	if not exists (select from pg_catalog.pg_roles where rolname operator(pg_catalog.=) 'ticket_workflow_owner') then
		create role ticket_workflow_owner nologin noinherit;
	end if;
	-- a grant, not the ownership: the schema stands in dumps by itself, and a restore on a new cluster comes to its
	-- grants only after this script has made the role. Not again in an update: the server would take down the DBA's
	-- own grants on the schema as the extension's (sql/security/ownership.sql)
	if not pg_catalog.has_schema_privilege('ticket_workflow_owner', 'ticket_workflow', 'usage') then
		grant usage on schema ticket_workflow to ticket_workflow_owner;
	end if;
end
$preflight$;
