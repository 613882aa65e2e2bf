-- Who got which capability, and what each capability may call and read.
-- access_grant is data (the DBA's roles); the two tables of capabilities are the product's.

create table ticket_workflow.access_grant (
	-- by name: an oid would not survive a dump
	role_name text not null,
	capability text not null
		check (capability in ('application', 'official', 'reader', 'auditor', 'sweeper', 'manager')),
	-- null: all centers, those to come included
	center_id bigint references ticket_workflow.center,
	granted_at timestamptz not null,
	granted_by text not null,
	unique nulls not distinct (role_name, capability, center_id)
);
comment on table ticket_workflow.access_grant is
	'Capabilities granted to database roles, per center or for all; grant_access() writes it, refresh_grants() repeats it';

create table ticket_workflow.function_capability (
	function_name text not null,
	-- any: whoever has any capability; internal: nobody, the extension calls it itself
	capability text not null
		check (capability in ('application', 'official', 'reader', 'auditor', 'sweeper', 'manager', 'any', 'internal')),
	primary key (function_name, capability)
);
comment on table ticket_workflow.function_capability is
	'Product table: which capability may execute which function; a function without a line may be executed by nobody and fails a test';

create table ticket_workflow.relation_capability (
	relation_name text not null,
	capability text not null
		check (capability in ('application', 'official', 'reader', 'auditor', 'sweeper', 'manager', 'any', 'internal')),
	-- null: all columns
	columns text[],
	primary key (relation_name, capability)
);
comment on table ticket_workflow.relation_capability is
	'Product table: which capability may select from which table or view, and which columns of it; rows are a matter of row security';
