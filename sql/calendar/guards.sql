-- What keeps the engine's cached calendars true, and the log of changes as it is.
-- May touch: triggers of the calendar tables.

do $guards$
declare
	cached constant text[] := array['calendar', 'calendar_base', 'calendar_window', 'calendar_date_window',
		'calendar_document', 'calendar_day'];
	member text;
	moment text;
begin
	foreach member in array cached loop
		foreach moment in array array['before', 'after'] loop
			execute pg_catalog.format('create or replace trigger invalidate_cache_%s %s insert or update or delete or truncate '
				'on ticket_workflow.%I for each statement execute function ticket_workflow.invalidate_cache()',
				moment, moment, member);
			execute pg_catalog.format('alter table ticket_workflow.%I enable always trigger invalidate_cache_%s', member, moment);
		end loop;
		execute pg_catalog.format('create or replace trigger invalidate_cache_replica after insert or update or delete '
			'on ticket_workflow.%I for each row execute function ticket_workflow.invalidate_cache()', member);
		execute pg_catalog.format('alter table ticket_workflow.%I enable replica trigger invalidate_cache_replica', member);
	end loop;
end
$guards$;
