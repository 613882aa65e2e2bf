-- Corrections of what was received, and the supervision that comes later.
-- May touch: ticket, petitioner; the clocks follow by follow_correction().

create or replace function ticket_workflow.correct_ticket(ticket_id bigint, reason text,
		category text default null, matter text default null, area text default null, place text default null,
		urgent boolean default null, handling_class text default null, in_territory boolean default null,
		petitioner_name text default null, petitioner_phone text default null, petitioner_address text default null,
		phone_locality text default null, platform_due_at timestamptz default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(correct_ticket.ticket_id, 'correct');
	person ticket_workflow.petitioner;
begin
	perform ticket_workflow.require_reason(correct_ticket.reason, 'S4');
	if not isfinite(correct_ticket.platform_due_at) then
		perform ticket_workflow.fail('in_the_future', null, 'platform_due_at', 'infinity');
	end if;
	-- nothing is overwritten: a corrected person is a new row
	if num_nonnulls(correct_ticket.petitioner_name, correct_ticket.petitioner_phone, correct_ticket.petitioner_address,
			correct_ticket.phone_locality) > 0 then
		select * into person from ticket_workflow.petitioner p where p.petitioner_id = t.petitioner_id;
		t.petitioner_id := ticket_workflow.add_petitioner(t.center_id,
			coalesce(correct_ticket.petitioner_name, person.name),
			-- an empty number takes a wrong one away
			coalesce(correct_ticket.petitioner_phone, person.phone),
			coalesce(correct_ticket.petitioner_address, person.address),
			coalesce(correct_ticket.phone_locality,
				case when correct_ticket.petitioner_phone is null then person.phone_locality end));
	end if;
	update ticket_workflow.ticket r
		set category = coalesce(ticket_workflow.code_of('category', correct_ticket.category, 'category'), r.category),
			matter_id = coalesce(ticket_workflow.matter_id_of(t.center_id, correct_ticket.matter), r.matter_id),
			area_id = coalesce(ticket_workflow.area_id_of(t.center_id, correct_ticket.area), r.area_id),
			place = coalesce(ticket_workflow.optional_text(correct_ticket.place, 'place', 500), r.place),
			urgent = coalesce(correct_ticket.urgent, r.urgent),
			handling_class = coalesce(ticket_workflow.code_of('handling_class', correct_ticket.handling_class, 'handling_class'), r.handling_class),
			in_territory = coalesce(correct_ticket.in_territory, r.in_territory),
			platform_due_at = coalesce(r.platform_due_at, correct_ticket.platform_due_at),
			petitioner_id = t.petitioner_id,
			state_reason = correct_ticket.reason
		where r.ticket_id = correct_ticket.ticket_id;
	return correct_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.correct_ticket(bigint, text, text, text, text, text, boolean, text, boolean, text, text, text, text, timestamptz) is
	'Corrects what was received, with a reason; NULL leaves as it is, an empty telephone takes it away. The clocks follow, the journal shows both. platform_due_at is set once. Errors: TW005, TW006, TW009';

create or replace function ticket_workflow.supervise_ticket(ticket_id bigint, supervised_by text, lead_person text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(supervise_ticket.ticket_id, 'supervise');
	by_platform constant text := ticket_workflow.code_of('supervised_by', supervise_ticket.supervised_by, 'supervised_by');
	leader constant bigint := ticket_workflow.official_id_of(t.center_id, supervise_ticket.lead_person);
begin
	if by_platform is null then
		perform ticket_workflow.fail('text_missing', '2.3.5', 'supervised_by');
	end if;
	update ticket_workflow.ticket r
		set kind = 'supervised', supervised_by = by_platform, lead_person_id = coalesce(leader, r.lead_person_id)
		where r.ticket_id = supervise_ticket.ticket_id;
	return supervise_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.supervise_ticket(bigint, text, text) is
	'Marks a ticket as supervised by city or district and names the supervising leader who leads it. Errors: TW005, TW006. Clause 2.3.5';
