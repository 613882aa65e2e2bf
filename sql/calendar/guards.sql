-- What keeps the engine's cached calendars true, and the log of changes as it is.
-- May touch: triggers of the calendar tables.

select ticket_workflow.keep_cache_true(array['calendar', 'calendar_base', 'calendar_window', 'calendar_date_window',
	'calendar_document', 'calendar_day']);
