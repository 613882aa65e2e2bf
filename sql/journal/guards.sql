-- The journal is append-only, on every path.
-- May touch: triggers of journal, journal_seal.

create or replace function ticket_workflow.refuse_history_change() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.fail('history_change', 'S4', tg_table_name::text);
	return null;
end
$$;
comment on function ticket_workflow.refuse_history_change() is 'Trigger: history is append-only (TW010)';

create or replace trigger refuse_history_change
	before update or delete or truncate on ticket_workflow.journal
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace trigger refuse_history_change
	before update or delete or truncate on ticket_workflow.journal_seal
	for each statement execute function ticket_workflow.refuse_history_change();
