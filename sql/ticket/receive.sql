-- Receipt of a ticket, and the person behind it.
-- May touch: ticket, petitioner, ticket_original; through them clock and journal.

create or replace function ticket_workflow.has_contact(ticket ticket_workflow.ticket) returns boolean
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return exists (select from ticket_workflow.petitioner p
		where p.petitioner_id = (has_contact.ticket).petitioner_id and p.phone is not null);
end
$$;
comment on function ticket_workflow.has_contact(ticket_workflow.ticket) is 'Whether the petitioner left a telephone number (有联系方式)';

-- Full-width digits, +86, brackets and blanks are ways of writing the same number.
create or replace function ticket_workflow.normalize_phone(given text) returns text
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
	digits text := normalize(btrim(normalize_phone.given), nfkc);
	extension text;
begin
	if coalesce(digits, '') = '' then
		return null;
	end if;
	digits := regexp_replace(digits, '\s*(?:转|分机|ext\.?|x|#)\s*(\d{1,6})$', '#\1', 'i');
	extension := substring(digits from '#(\d{1,6})$');
	digits := regexp_replace(split_part(digits, '#', 1), '[\s()\[\]{}.–—-]', '', 'g');
	digits := regexp_replace(digits, '^(\+|00)86', '');
	if digits ~ '^861[3-9]\d{9}$' then
		digits := substr(digits, 3);
	end if;
	if digits !~ '^\+?\d{3,20}$' then
		perform ticket_workflow.fail('phone_unreadable', null, left(normalize_phone.given, 40));
	end if;
	return digits || coalesce('-' || extension, '');
end
$$;
comment on function ticket_workflow.normalize_phone(text) is
	'A telephone number as digits, with -extension; NULL for none, TW006 for what is no number';

-- Is it a mobile, and is it local: two attributes (requirements, section 7).
create or replace function ticket_workflow.phone_locality(phone text, area_code text) returns text
	language sql immutable parallel safe
	return case
		when phone_locality.phone ~ '^1[3-9]\d{9}$' or phone_locality.phone ~ '^\+' then
			case when phone_locality.phone ~ '^\+' then 'non_local' else 'unknown' end
		when phone_locality.phone ~ '^0' then
			case when starts_with(phone_locality.phone, phone_locality.area_code) then 'local' else 'non_local' end
		when phone_locality.phone ~ '^\d{7,8}(-|$)' then 'local'
		else 'unknown' end;
comment on function ticket_workflow.phone_locality(text, text) is
	'local, non_local or unknown, as far as the number tells: a landline by its area code, a mobile not at all';

create or replace function ticket_workflow.petitioner_row(center_id bigint, name text, phone text, address text, phone_locality text)
	returns ticket_workflow.petitioner
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p ticket_workflow.petitioner;
	locality constant text := ticket_workflow.code_of('phone_locality', petitioner_row.phone_locality, 'phone_locality');
begin
	p.phone := ticket_workflow.normalize_phone(petitioner_row.phone);
	if petitioner_row.name is null and p.phone is null and petitioner_row.address is null then
		return null;
	end if;
	p.petitioner_id := ticket_workflow.new_id(petitioner_row.center_id, 'ticket_workflow.petitioner_seq');
	p.center_id := petitioner_row.center_id;
	p.name := ticket_workflow.optional_text(petitioner_row.name, 'petitioner_name', 100);
	p.phone_is_mobile := p.phone ~ '^1[3-9]\d{9}$';
	if p.phone is not null then
		p.phone_locality := coalesce(locality, ticket_workflow.phone_locality(p.phone, coalesce((
			select c.attributes ->> 'area_code' from ticket_workflow.center c
			where c.center_id = petitioner_row.center_id), '021')));
	end if;
	p.address := ticket_workflow.optional_text(petitioner_row.address, 'petitioner_address', 500);
	return p;
end
$$;
comment on function ticket_workflow.petitioner_row(bigint, text, text, text, text) is
	'A petitioner with a new id as he is to be stored, his number normalised; NULLs for an anonymous one who left nothing';

create or replace function ticket_workflow.add_petitioner(center_id bigint, name text, phone text, address text, phone_locality text)
	returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p constant ticket_workflow.petitioner := ticket_workflow.petitioner_row(add_petitioner.center_id, add_petitioner.name,
		add_petitioner.phone, add_petitioner.address, add_petitioner.phone_locality);
begin
	if p.petitioner_id is not null then
		insert into ticket_workflow.petitioner (petitioner_id, center_id, name, phone, phone_is_mobile, phone_locality, address)
			values (p.petitioner_id, p.center_id, p.name, p.phone, p.phone_is_mobile, p.phone_locality, p.address);
	end if;
	return p.petitioner_id;
end
$$;
comment on function ticket_workflow.add_petitioner(bigint, text, text, text, text) is 'Stores a petitioner; NULL for an anonymous one who left nothing';

create or replace function ticket_workflow.rulebook_on(center_id bigint, day date) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	in_force text;
begin
	select r.rulebook into in_force
		from ticket_workflow.center_rulebook r
		where r.center_id = rulebook_on.center_id and r.valid @> rulebook_on.day;
	if in_force is null then
		perform ticket_workflow.fail('no_rulebook_in_force', null, rulebook_on.day::text);
	end if;
	return in_force;
end
$$;
comment on function ticket_workflow.rulebook_on(bigint, date) is 'The rulebook a center follows on a day; TW012 when there is none';

create or replace function ticket_workflow.receive_ticket(
		center text, category text, appeal text,
		source text default 'center', external_no text default null, external_round integer default null,
		kind text default 'ordinary', supervised_by text default null,
		handling_class text default 'ordinary', urgent boolean default false,
		matter text default null, area text default null, place text default null, in_territory boolean default true,
		petitioner_name text default null, petitioner_phone text default null, petitioner_address text default null,
		phone_locality text default null, received_at timestamptz default null,
		platform_due_at timestamptz default null, limit_kind text default null, limit_amount integer default null,
		original_ticket bigint default null, attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	home ticket_workflow.center;
	at constant timestamptz := ticket_workflow.now();
	day date;
begin
	if receive_ticket.center is null then
		perform ticket_workflow.fail('text_missing', null, 'center');
	end if;
	select * into strict home from ticket_workflow.center c
		where c.center_id = ticket_workflow.center_id_of(receive_ticket.center);
	t.center_id := home.center_id;
	t.received_at := coalesce(receive_ticket.received_at, at);
	t.recorded_at := at;
	if t.received_at > at then
		perform ticket_workflow.fail('in_the_future', null, 'received_at', t.received_at::text);
	end if;
	if not isfinite(t.received_at) or not coalesce(isfinite(receive_ticket.platform_due_at), true) then
		perform ticket_workflow.fail('in_the_future', null, 'received_at, platform_due_at', 'infinity');
	end if;
	day := ticket_workflow.local_day(t.received_at, home.calendar);
	t.received_on := case when ticket_workflow.is_working_day(day, home.calendar) then 'working' else 'rest' end;
	t.rulebook := ticket_workflow.rulebook_on(home.center_id, day);

	t.source := ticket_workflow.code_of('source', receive_ticket.source, 'source');
	t.category := ticket_workflow.code_of('category', receive_ticket.category, 'category');
	t.kind := ticket_workflow.code_of('kind', receive_ticket.kind, 'kind');
	t.supervised_by := ticket_workflow.code_of('supervised_by', receive_ticket.supervised_by, 'supervised_by');
	t.handling_class := ticket_workflow.code_of('handling_class', receive_ticket.handling_class, 'handling_class');
	if t.category is null or t.kind is null or t.source is null or t.handling_class is null then
		perform ticket_workflow.fail('text_missing', null, 'category, kind, source, handling_class');
	end if;
	if t.kind = 'supervised' then
		t.supervised_by := coalesce(t.supervised_by, case t.source when 'city' then 'city' else 'district' end);
	elsif t.supervised_by is not null then
		perform ticket_workflow.fail('supervised_by_without_kind', '2.3.5');
	end if;
	t.urgent := coalesce(receive_ticket.urgent, false);
	t.matter_id := ticket_workflow.matter_id_of(home.center_id, receive_ticket.matter);
	t.area_id := ticket_workflow.area_id_of(home.center_id, receive_ticket.area);
	t.in_territory := coalesce(receive_ticket.in_territory, true);
	t.place := ticket_workflow.optional_text(receive_ticket.place, 'place', 500);
	t.appeal := ticket_workflow.require_text(receive_ticket.appeal, 'appeal', 10000);
	t.external_no := ticket_workflow.optional_text(nullif(btrim(receive_ticket.external_no), ''), 'external_no', 100);
	t.platform_due_at := receive_ticket.platform_due_at;
	t.given_limit_kind := ticket_workflow.code_of('limit_kind', receive_ticket.limit_kind, 'limit_kind');
	t.given_limit_amount := receive_ticket.limit_amount;
	if (t.given_limit_kind is null) <> (t.given_limit_amount is null)
		or t.given_limit_kind not in ('elapsed_minutes', 'service_minutes', 'working_days', 'calendar_days')
		or t.given_limit_amount not between 0 and 1000000 then
		perform ticket_workflow.fail('limit_unreadable', null);
	end if;

	if receive_ticket.external_round not between 1 and 1000000 then
		perform ticket_workflow.fail('out_of_range', null, 'external_round', receive_ticket.external_round::text, '1', '1000000');
	end if;
	-- the platform sends a ticket again under the same number: a further round
	t.external_round := coalesce(receive_ticket.external_round, 1 + (
		select max(r.external_round) from ticket_workflow.ticket r
		where r.center_id = t.center_id and r.source = t.source and r.external_no = t.external_no), 1);

	t.ticket_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.ticket_seq');
	t.petitioner_id := ticket_workflow.add_petitioner(t.center_id, receive_ticket.petitioner_name,
		receive_ticket.petitioner_phone, receive_ticket.petitioner_address, receive_ticket.phone_locality);
	t.state := 'received';
	t.state_at := t.received_at;
	t.state_act := 'receive';
	t.dispatch_round := 0;
	t.accepted_deemed := false;
	t.reopenings := 0;
	t.imported := false;
	t.attributes := coalesce(receive_ticket.attributes, '{}');
	perform ticket_workflow.require_right(t, 'receive');
	insert into ticket_workflow.ticket values (t.*)
		on conflict (center_id, source, external_no, external_round) where external_no is not null do nothing;
	-- another session was first with the same number
	if not found then
		perform ticket_workflow.fail('ticket_exists', null, t.external_no, t.external_round::text);
	end if;

	if receive_ticket.original_ticket is not null then
		if not exists (select from ticket_workflow.ticket o
				where o.ticket_id = receive_ticket.original_ticket and ticket_workflow.may_see(o)) then
			perform ticket_workflow.fail('unknown_row', null, 'ticket', receive_ticket.original_ticket::text);
		end if;
		insert into ticket_workflow.ticket_original values (t.ticket_id, receive_ticket.original_ticket);
	end if;

	perform ticket_workflow.write_journal(t.ticket_id, 'receive', '2.3.2.1',
		jsonb_build_object('source', t.source, 'category', t.category, 'kind', t.kind, 'handling_class', t.handling_class,
			'urgent', t.urgent, 'received_on', t.received_on, 'rulebook', t.rulebook, 'has_contact', ticket_workflow.has_contact(t)),
		t.received_at, null, 'received');
	perform ticket_workflow.apply_events(t, '{received}', t.received_at);
	perform ticket_workflow.note_similar_case(t);
	return t.ticket_id;
end
$$;
comment on function ticket_workflow.receive_ticket(text, text, text, text, text, integer, text, text, text, boolean, text, text, text, boolean, text, text, text, text, timestamptz, timestamptz, text, integer, bigint, jsonb) is
	'Receives a ticket and starts its clocks; options as codes or Chinese names. Errors: TW005, TW006, TW012. Clause 2.3.2.1';
