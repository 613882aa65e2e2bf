-- What keeps the C engine's caches true; src/cache.h says how.
-- May touch: nothing.
--
-- A table that a cache is made from carries both triggers, always enabled, because a
-- replicated row is as new as any other:
--
--	create or replace trigger invalidate_cache_before before insert or update or delete or truncate
--		on ticket_workflow.x for each statement execute function ticket_workflow.invalidate_cache();
--	create or replace trigger invalidate_cache_after after insert or update or delete or truncate
--		on ticket_workflow.x for each statement execute function ticket_workflow.invalidate_cache();
--	alter table ticket_workflow.x enable always trigger invalidate_cache_before;
--	alter table ticket_workflow.x enable always trigger invalidate_cache_after;

create or replace function ticket_workflow.invalidate_cache() returns trigger
	language c as 'MODULE_PATHNAME', 'tw_sql_invalidate_cache';
comment on function ticket_workflow.invalidate_cache() is
	'Statement trigger, before and after, of every table the C engine caches: backends load its rows anew';
