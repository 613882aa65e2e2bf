-- What keeps the C engine's caches true; src/cache.h says how.
-- May touch: nothing.
--
-- A table that a cache is made from carries three triggers. Two are always enabled; the third is for rows that
-- logical replication brings, which fires no statement triggers:
--
--	create or replace trigger invalidate_cache_before before insert or update or delete or truncate
--		on ticket_workflow.x for each statement execute function ticket_workflow.invalidate_cache();
--	create or replace trigger invalidate_cache_after after insert or update or delete or truncate
--		on ticket_workflow.x for each statement execute function ticket_workflow.invalidate_cache();
--	create or replace trigger invalidate_cache_replica after insert or update or delete
--		on ticket_workflow.x for each row execute function ticket_workflow.invalidate_cache();
--	alter table ticket_workflow.x enable always trigger invalidate_cache_before;
--	alter table ticket_workflow.x enable always trigger invalidate_cache_after;
--	alter table ticket_workflow.x enable replica trigger invalidate_cache_replica;

create or replace function ticket_workflow.invalidate_cache() returns trigger
	language c as 'MODULE_PATHNAME', 'tw_sql_invalidate_cache';
comment on function ticket_workflow.invalidate_cache() is
	'Trigger of every table the C engine caches, before and after a statement and after a replicated row: backends load it anew';
