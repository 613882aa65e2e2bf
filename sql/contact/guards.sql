-- Facts on every path: voided once, with a reason; never changed, never deleted (TW010).
-- May touch: triggers of contact, site_visit, platform_report, evidence, evidence_absence, and one of ticket.

create or replace function ticket_workflow.guard_fact() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	void_columns constant text[] := array['voided_at', 'voided_by', 'void_reason'];
begin
	if old.voided_at is not null then
		perform ticket_workflow.fail('record_voided', 'S4', ticket_workflow.label('fact_kind', tg_table_name),
			ticket_workflow.local_text(old.voided_at, ticket_workflow.ticket_calendar(old.center_id)));
	end if;
	if new.voided_at is null or to_jsonb(new) - void_columns is distinct from to_jsonb(old) - void_columns then
		perform ticket_workflow.fail('history_change', 'S4', tg_table_name::text);
	end if;
	new.void_reason := ticket_workflow.require_reason(new.void_reason, 'S4');
	-- acts take place now, and have the author they have
	new.voided_at := ticket_workflow.now();
	new.voided_by := ticket_workflow.actor();
	-- a signature recorded from paper is worth what its image is worth (2.2.2)
	if tg_table_name = 'evidence' and exists (
		select from ticket_workflow.approval a
		where a.image_id = (to_jsonb(new) ->> 'evidence_id')::bigint and a.state = 'valid') then
		perform ticket_workflow.fail('evidence_carries_signature', '2.2.2');
	end if;
	perform from ticket_workflow.ticket t where t.ticket_id = new.ticket_id for no key update;
	return new;
end
$$;
comment on function ticket_workflow.guard_fact() is 'Trigger: a fact is only voided, once, with a reason (TW010, TW009)';

create or replace function ticket_workflow.follow_void() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	key constant text := case tg_table_name when 'site_visit' then 'visit_id' when 'evidence_absence' then 'absence_id'
		else tg_table_name || '_id' end;
begin
	perform ticket_workflow.write_journal(new.ticket_id, 'void_record', 'S4',
		jsonb_build_object('record_kind', tg_table_name, key, to_jsonb(new) -> key));
	perform ticket_workflow.settle_fact_clocks(new.ticket_id);
	return null;
end
$$;
comment on function ticket_workflow.follow_void() is 'Trigger: journals a voided fact; the clocks it had ended run again';

do $facts$
declare
	fact text;
begin
	foreach fact in array array['contact', 'site_visit', 'platform_report', 'evidence', 'evidence_absence'] loop
		execute pg_catalog.format(
			'create or replace trigger guard_fact before update on ticket_workflow.%I '
			'for each row execute function ticket_workflow.guard_fact()', fact);
		execute pg_catalog.format(
			'create or replace trigger follow_void after update on ticket_workflow.%I '
			'for each row execute function ticket_workflow.follow_void()', fact);
		execute pg_catalog.format(
			'create or replace trigger refuse_history_change before delete or truncate on ticket_workflow.%I '
			'for each statement execute function ticket_workflow.refuse_history_change()', fact);
	end loop;
end
$facts$;

-- The report can wait for a recording, so its submission is the moment to ask (2.3.3).
create or replace function ticket_workflow.follow_submission() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.ask_for_recordings(new);
	return null;
end
$$;
comment on function ticket_workflow.follow_submission() is 'Trigger: a submitted report without its recordings asks for them';

create or replace trigger follow_submission
	after update on ticket_workflow.ticket
	for each row when (new.state = 'reported' and old.state <> 'reported')
	execute function ticket_workflow.follow_submission();
