-- Personal data, shown to who needs it for a ticket, and journalled.
-- May touch: the journal.

create or replace function ticket_workflow.reveal_petitioner(ticket_id bigint, purpose text)
	returns table (petitioner_id bigint, name text, phone text, phone_is_mobile boolean, phone_locality text, address text)
	language plpgsql security definer rows 1 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(reveal_petitioner.ticket_id, 'reveal_petitioner');
begin
	perform ticket_workflow.require_text(reveal_petitioner.purpose, 'purpose', 200);
	if t.petitioner_id is null then
		-- anonymous: nothing is shown, nothing is to be accounted for
		return;
	end if;
	perform ticket_workflow.write_journal(t.ticket_id, 'reveal_petitioner', null,
		jsonb_build_object('petitioner_id', t.petitioner_id, 'purpose', reveal_petitioner.purpose));
	return query
		select p.petitioner_id, p.name, p.phone, p.phone_is_mobile, p.phone_locality, p.address
		from ticket_workflow.petitioner p where p.petitioner_id = t.petitioner_id;
end
$$;
comment on function ticket_workflow.reveal_petitioner(bigint, text) is
	'Name, phone and address behind a ticket, for a stated purpose; the journal keeps who asked and why. No row for an anonymous petitioner. Errors: TW005, TW006';
