-- What keeps the C engine's caches true; src/cache.h says how.
-- May touch: triggers of the tables that it is given.

create or replace function ticket_workflow.invalidate_cache() returns trigger
	language c as 'MODULE_PATHNAME', 'tw_sql_invalidate_cache';
comment on function ticket_workflow.invalidate_cache() is
	'Trigger of every table the C engine caches, before and after a statement and after a replicated row: backends load it anew';

-- For the rooms whose tables a cache is made from; the last of them (sql/dispatch/guards.sql) drops it again.
-- Such a table carries three triggers. Two are always enabled; the third is for rows that logical replication
-- brings, which fires no statement triggers.
create or replace function ticket_workflow.keep_cache_true(tables text[]) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	member text;
	moment text;
begin
	foreach member in array keep_cache_true.tables loop
		foreach moment in array array['before', 'after'] loop
			execute format('create or replace trigger invalidate_cache_%s %s insert or update or delete or truncate '
				'on ticket_workflow.%I for each statement execute function ticket_workflow.invalidate_cache()',
				moment, moment, member);
			execute format('alter table ticket_workflow.%I enable always trigger invalidate_cache_%s', member, moment);
		end loop;
		execute format('create or replace trigger invalidate_cache_replica after insert or update or delete '
			'on ticket_workflow.%I for each row execute function ticket_workflow.invalidate_cache()', member);
		execute format('alter table ticket_workflow.%I enable replica trigger invalidate_cache_replica', member);
	end loop;
end
$$;
