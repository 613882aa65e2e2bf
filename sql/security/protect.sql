-- DROP EXTENSION takes every ticket with it, without a question (P-2.5). protect() makes a plain one fail: a view in a
-- schema of its own depends on a function here that does nothing else. Not on a table or a view that means something:
-- that would stand in the way of updates and in the order of dumps. The view is an ordinary object of the DBA's:
-- dumps carry it, so a restored desk is protected like the one it came from.
-- For superusers and roles with the rights of ticket_workflow_owner, under their own rights.
-- May touch: the schema ticket_workflow_protection.

-- Its signature never changes.
create or replace function ticket_workflow.protection() returns text
	language sql immutable
	return 'unprotect() before DROP EXTENSION'::text;
comment on function ticket_workflow.protection() is 'What the view of protect() depends on; it means nothing';

create or replace function ticket_workflow.protect() returns text
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.require_owner();
	if to_regnamespace('ticket_workflow_protection') is null then
		create schema ticket_workflow_protection;
		comment on schema ticket_workflow_protection is
			'Keeps a plain DROP EXTENSION ticket_workflow from taking all tickets; select ticket_workflow.unprotect() takes it away';
	end if;
	-- the name is what DROP EXTENSION shows
	create or replace view ticket_workflow_protection.call_unprotect_before_drop_extension as
		select ticket_workflow.protection() as protection;
	return 'ticket_workflow_protection.call_unprotect_before_drop_extension';
end
$$;
comment on function ticket_workflow.protect() is
	'Makes a plain DROP EXTENSION fail until unprotect(); returns the view that does it. DROP EXTENSION ... CASCADE is not stopped. For superusers and owners. Errors: TW005';

create or replace function ticket_workflow.unprotect() returns boolean
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.require_owner();
	if to_regclass('ticket_workflow_protection.call_unprotect_before_drop_extension') is null then
		return false;
	end if;
	drop view ticket_workflow_protection.call_unprotect_before_drop_extension;
	-- what somebody else put there stays
	if not exists (select from pg_depend d where d.refclassid = 'pg_namespace'::regclass
			and d.refobjid = 'ticket_workflow_protection'::regnamespace) then
		drop schema ticket_workflow_protection;
	end if;
	return true;
end
$$;
comment on function ticket_workflow.unprotect() is
	'Takes the protection of protect() away; false where there was none. For superusers and owners. Errors: TW005';
