-- One document of an import: the rows of its ticket, judged before any of them is written.
-- May touch: sequences.

create or replace function ticket_workflow.import_identity(document jsonb, path text, default_source text,
		out source text, out external_no text, out external_round integer, out key text)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	source := ticket_workflow.import_need(
		coalesce(ticket_workflow.import_code(document, 'source', path, 'source'), import_identity.default_source), path || 'source');
	external_no := ticket_workflow.import_need(ticket_workflow.import_text(document, 'external_no', path, 100), path || 'external_no');
	external_round := coalesce(ticket_workflow.import_number(document, 'external_round', path, 1, 1000000), 1);
	key := format('%s %s %s', source, external_round, external_no);
end
$$;
comment on function ticket_workflow.import_identity(jsonb, text, text) is
	'What a ticket of another system is known by: source, its number there, round; TW006 without a number';

create or replace function ticket_workflow.import_reference(center_id bigint, document jsonb, path text, default_source text,
		pending_keys text[], pending_ids bigint[]) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	who record;
	found_id bigint;
begin
	if import_reference.document is null then
		return null;
	end if;
	perform ticket_workflow.import_keys(import_reference.document, import_reference.path, '{source,external_no,external_round}');
	select i.* into who
		from ticket_workflow.import_identity(import_reference.document, import_reference.path, import_reference.default_source) i;
	select t.ticket_id into found_id
		from ticket_workflow.ticket t
		where t.center_id = import_reference.center_id and t.source = who.source and t.external_no = who.external_no
			and t.external_round = who.external_round;
	-- or one that stands before this one among those of the same call
	found_id := coalesce(found_id, import_reference.pending_ids[array_position(import_reference.pending_keys, who.key)]);
	if found_id is null then
		perform ticket_workflow.fail('import_no_ticket', null, rtrim(import_reference.path, '.'), who.key);
	end if;
	return found_id;
end
$$;
comment on function ticket_workflow.import_reference(bigint, jsonb, text, text, text[], bigint[]) is
	'Another ticket of the center by its number: stored, or earlier in the same call; TW006 for an unknown one';

-- The ticket as it was received.
create or replace function ticket_workflow.import_received(center_id bigint, calendar text, zone text, document jsonb, at timestamptz)
	returns ticket_workflow.ticket
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	given constant jsonb := import_received.document;
	t ticket_workflow.ticket;
	day date;
	wanted text;
begin
	t.center_id := import_received.center_id;
	select i.source, i.external_no, i.external_round into t.source, t.external_no, t.external_round
		from ticket_workflow.import_identity(given, '', null) i;
	t.received_at := ticket_workflow.import_need(ticket_workflow.import_time(given, 'received_at', '', import_received.zone), 'received_at');
	if t.received_at > import_received.at then
		perform ticket_workflow.fail('in_the_future', null, 'received_at', ticket_workflow.local_text(t.received_at, import_received.calendar));
	elsif t.received_at < '1980-01-01 00:00Z' then
		perform ticket_workflow.fail('out_of_range', null, 'received_at', given ->> 'received_at', '1980-01-01',
			ticket_workflow.local_text(import_received.at, import_received.calendar));
	end if;
	t.recorded_at := import_received.at;
	day := ticket_workflow.local_day(t.received_at, import_received.calendar);
	t.received_on := case when ticket_workflow.is_working_day(day, import_received.calendar) then 'working' else 'rest' end;
	-- one received before any rulebook was in force is measured by the first
	select r.rulebook into t.rulebook
		from ticket_workflow.center_rulebook r
		where r.center_id = t.center_id
		order by r.valid @> day desc, lower(r.valid) limit 1;
	if t.rulebook is null then
		t.rulebook := ticket_workflow.rulebook_on(t.center_id, day);
	end if;

	t.category := ticket_workflow.import_need(ticket_workflow.import_code(given, 'category', '', 'category'), 'category');
	t.kind := coalesce(ticket_workflow.import_code(given, 'kind', '', 'kind'), 'ordinary');
	t.supervised_by := ticket_workflow.import_code(given, 'supervised_by', '', 'supervised_by');
	t.handling_class := coalesce(ticket_workflow.import_code(given, 'handling_class', '', 'handling_class'), 'ordinary');
	if t.kind = 'supervised' then
		t.supervised_by := coalesce(t.supervised_by, case t.source when 'city' then 'city' else 'district' end);
	elsif t.supervised_by is not null then
		perform ticket_workflow.fail('import_contradicts', '2.3.5', 'supervised_by', 'kind');
	end if;
	t.urgent := coalesce(ticket_workflow.import_flag(given, 'urgent', ''), false);
	wanted := ticket_workflow.import_text(given, 'matter', '', 255);
	if wanted is not null then
		select m.matter_id into t.matter_id from ticket_workflow.matter m where m.center_id = t.center_id and m.code = wanted;
		if not found then
			perform ticket_workflow.import_unknown('matter', 'matter', wanted);
		end if;
	end if;
	wanted := ticket_workflow.import_text(given, 'area', '', 255);
	if wanted is not null then
		select a.area_id into t.area_id from ticket_workflow.area a where a.center_id = t.center_id and a.code = wanted;
		if not found then
			perform ticket_workflow.import_unknown('area', 'area', wanted);
		end if;
	end if;
	t.in_territory := coalesce(ticket_workflow.import_flag(given, 'in_territory', ''), true);
	t.place := ticket_workflow.import_text(given, 'place', '', 500);
	t.appeal := ticket_workflow.import_need(ticket_workflow.import_text(given, 'appeal', '', 10000), 'appeal');
	t.platform_due_at := ticket_workflow.import_time(given, 'platform_due_at', '', import_received.zone);
	t.given_limit_kind := ticket_workflow.import_code(given, 'limit_kind', '', 'limit_kind');
	t.given_limit_amount := ticket_workflow.import_number(given, 'limit_amount', '', 0, 1000000);
	if (t.given_limit_kind is null) <> (t.given_limit_amount is null)
		or t.given_limit_kind not in ('elapsed_minutes', 'service_minutes', 'working_days', 'calendar_days') then
		perform ticket_workflow.fail('import_contradicts', null, 'limit_kind', 'limit_amount');
	end if;
	t.ticket_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.ticket_seq');
	t.state := 'received';
	t.state_at := t.received_at;
	t.state_act := 'receive';
	t.dispatch_round := 0;
	t.accepted_deemed := false;
	t.reopenings := 0;
	t.imported := true;
	t.attributes := coalesce(ticket_workflow.import_value(given, 'attributes', '', 'object'), '{}');
	return t;
end
$$;
comment on function ticket_workflow.import_received(bigint, text, text, jsonb, timestamptz) is
	'An imported ticket as it was received; the rulebook is the one in force that day, or the first there was';

-- Function: import_read. All rows of one document, with ids, nothing written yet.
-- Returns: existing_id alone where the very same document was imported before. Calls: import_received, import_history, import_facts.
create or replace function ticket_workflow.import_read(center_id bigint, calendar text, zone text, document jsonb, at timestamptz,
		pending_keys text[], pending_ids bigint[], pending_digests text[],
		out key text, out digest text, out existing_id bigint,
		out ticket ticket_workflow.ticket, out petitioner ticket_workflow.petitioner, out clocks ticket_workflow.clock[],
		out decisions ticket_workflow.dispatch_decision[], out returns ticket_workflow.ticket_return[], out reports ticket_workflow.report[],
		out extensions ticket_workflow.limit_extension[], out contacts ticket_workflow.contact[], out visits ticket_workflow.site_visit[],
		out platform_reports ticket_workflow.platform_report[], out evidences ticket_workflow.evidence[],
		out merged_into bigint, out original_id bigint, out details jsonb)
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	given constant jsonb := import_read.document;
	canonical constant text := given::text;
	who record;
	before record;
	told record;
	facts record;
	person jsonb;
	phone text;
	platform_done timestamptz;
	declared text;
	known text;
	lead ticket_workflow.organization;
begin
	if given is null or jsonb_typeof(given) <> 'object' then
		perform ticket_workflow.import_type('document', 'object', coalesce(given, 'null'));
	elsif octet_length(canonical) > 4194304 then
		perform ticket_workflow.fail('text_too_long', null, 'document', octet_length(canonical)::text, '4194304');
	end if;
	perform ticket_workflow.import_keys(given, '', array['source', 'external_no', 'external_round', 'kind', 'supervised_by', 'category',
		'handling_class', 'urgent', 'matter', 'area', 'place', 'in_territory', 'appeal', 'petitioner', 'received_at', 'platform_due_at',
		'limit_kind', 'limit_amount', 'original', 'attributes', 'state', 'events', 'contacts', 'visits', 'platform_reports', 'evidence']);
	select i.* into who from ticket_workflow.import_identity(given, '', null) i;
	key := who.key;
	-- jsonb writes one document in one way
	digest := encode(sha256(convert_to(canonical, 'UTF8')), 'hex');
	select t.ticket_id, t.imported into before
		from ticket_workflow.ticket t
		where t.center_id = import_read.center_id and t.source = who.source and t.external_no = who.external_no
			and t.external_round = who.external_round;
	if found then
		select j.details ->> 'sha256' into known from ticket_workflow.journal j where j.ticket_id = before.ticket_id and j.seq = 1;
	else
		select pending_ids[p.place] as ticket_id, true as imported into before
			from (select array_position(pending_keys, who.key) as place) p where p.place is not null;
		known := pending_digests[array_position(pending_keys, who.key)];
	end if;
	if before.ticket_id is not null then
		if not before.imported then
			perform ticket_workflow.fail('ticket_exists', null, who.external_no, who.external_round::text);
		elsif known is distinct from digest then
			perform ticket_workflow.fail('import_differs', null, who.external_no, who.external_round::text, before.ticket_id::text);
		end if;
		existing_id := before.ticket_id;
		return;
	end if;

	ticket := ticket_workflow.import_received(import_read.center_id, import_read.calendar, import_read.zone, given, import_read.at);
	person := coalesce(ticket_workflow.import_value(given, 'petitioner', '', 'object'), '{}');
	perform ticket_workflow.import_keys(person, 'petitioner.', '{name,phone,address,phone_locality}');
	phone := ticket_workflow.import_text(person, 'phone', 'petitioner.', 100);
	begin
		perform ticket_workflow.normalize_phone(phone);
	exception when sqlstate 'TW006' then
		perform ticket_workflow.fail('import_phone', null, 'petitioner.phone', left(phone, 40));
	end;
	petitioner := ticket_workflow.petitioner_row(ticket.center_id, ticket_workflow.import_text(person, 'name', 'petitioner.', 100),
		phone, ticket_workflow.import_text(person, 'address', 'petitioner.', 500),
		ticket_workflow.import_code(person, 'phone_locality', 'petitioner.', 'phone_locality'));
	ticket.petitioner_id := petitioner.petitioner_id;
	original_id := ticket_workflow.import_reference(ticket.center_id, ticket_workflow.import_value(given, 'original', '', 'object'), 'original.',
		ticket.source, pending_keys, pending_ids);

	platform_reports := ticket_workflow.import_platform_reports(ticket, given, import_read.zone, import_read.at);
	select min(r.occurred_at) into platform_done
		from unnest(platform_reports) r
		where r.platform = 'district' and r.kind = 'completion' and r.receipt <> '';
	select h.* into told
		from ticket_workflow.import_history(ticket, ticket_workflow.import_list(given, 'events', '', 'object', 500), import_read.zone, import_read.at,
			petitioner.phone is not null, platform_done) h;
	declared := ticket_workflow.import_code(given, 'state', '', 'state');
	-- a ticket that nobody accepted is deemed accepted once its window has closed (2.2.2)
	if declared <> (told.ticket).state and not (declared = 'dispatched' and (told.ticket).state = 'accepted' and (told.ticket).accepted_deemed) then
		perform ticket_workflow.fail('import_state', 'S4', ticket_workflow.label('state', declared), ticket_workflow.label('state', (told.ticket).state));
	end if;
	ticket := told.ticket;
	clocks := told.clocks;
	decisions := told.decisions;
	returns := told.returns;
	reports := told.reports;
	extensions := told.extensions;
	merged_into := ticket_workflow.import_reference(ticket.center_id, told.merged_into,
		format('events[%s].into.', jsonb_array_length(given -> 'events')), ticket.source, pending_keys, pending_ids);
	-- who has to go on with it must still be there
	if ticket.lead_department_id is not null and (select s.is_open from ticket_workflow.ticket_state s where s.state = ticket.state) then
		select * into strict lead from ticket_workflow.organization o where o.organization_id = ticket.lead_department_id;
		perform ticket_workflow.organization_id_of(ticket.center_id, lead.code,
			ticket_workflow.local_day(import_read.at, import_read.calendar));
	end if;

	select f.* into facts from ticket_workflow.import_facts(ticket, given, decisions, import_read.zone, import_read.at) f;
	contacts := facts.contacts;
	visits := facts.visits;
	evidences := facts.evidences;
	details := jsonb_strip_nulls(jsonb_build_object('sha256', digest, 'received_at', ticket.received_at, 'state_at', ticket.state_at,
		'steps', jsonb_array_length(coalesce(nullif(given -> 'events', 'null'), '[]')), 'dispatch_round', ticket.dispatch_round, 'returns', cardinality(returns),
		'reports', cardinality(reports), 'contacts', cardinality(contacts), 'visits', cardinality(visits),
		'merged_into', merged_into, 'original', original_id));
end
$$;
comment on function ticket_workflow.import_read(bigint, text, text, jsonb, timestamptz, text[], bigint[], text[]) is
	'Reads and judges one document of an import: the rows of its ticket with their ids, or the id of the ticket it was imported as before';
