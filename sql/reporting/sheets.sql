-- Paper: the ticket (工单), the application for a return (退单申请表), what is to be signed (签批单), to print and to file.
-- May touch: nothing; reveal_sheet() the journal, through reveal_petitioner().
--
-- A sheet is a list of blocks (fields, table, text, sign); two functions at the end write them as HTML and as Markdown.

create or replace function ticket_workflow.sheet_fields(title text, variadic pairs text[]) returns jsonb
	language sql stable
	-- label and value in turn
	return jsonb_build_object('kind', 'fields', 'title', ticket_workflow.label('sheet', title), 'rows', (
		select jsonb_agg(jsonb_build_array(ticket_workflow.label('sheet', pairs[2 * i - 1]), coalesce(pairs[2 * i], '')) order by i)
		from generate_series(1, cardinality(pairs) / 2) i));
comment on function ticket_workflow.sheet_fields(text, text[]) is 'A block of named values; an empty one is left open to be filled in by hand';

create or replace function ticket_workflow.sheet_table(title text, columns text[], rows jsonb) returns jsonb
	language sql stable
	return jsonb_build_object('kind', 'table', 'title', ticket_workflow.label('sheet', title), 'columns', (
		select jsonb_agg(ticket_workflow.label('sheet', c.code) order by c.nr) from unnest(columns) with ordinality c (code, nr)),
		'rows', coalesce(rows, '[]'));
comment on function ticket_workflow.sheet_table(text, text[], jsonb) is 'A block of rows';

create or replace function ticket_workflow.sheet_text(title text, body text) returns jsonb
	language sql stable
	return jsonb_build_object('kind', 'text', 'title', ticket_workflow.label('sheet', title), 'body', coalesce(body, ''));
comment on function ticket_workflow.sheet_text(text, text) is 'A block of running text, as it was written';

-- Who signs what: names where signed, an open line where not.
create or replace function ticket_workflow.sheet_signatures(subject text, subject_id bigint, zone text) returns jsonb
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (
		select jsonb_agg(jsonb_build_array(
				ticket_workflow.label('approval_subject', d.subject),
				coalesce(o.name || ' ', '') || ticket_workflow.label('position', d.position)
					|| case when d.or_leader_on_duty then ' / ' || ticket_workflow.label('position', 'duty_leader') else '' end,
				d.clause,
				coalesce(p.name || case when b.official_id is not null then ' (' || ticket_workflow.label('sheet', 'on_behalf_of') || ' ' || b.name || ')' else '' end, ''),
				coalesce(to_char(a.signed_at at time zone sheet_signatures.zone, 'YYYY-MM-DD HH24:MI') || ' ' || ticket_workflow.label('approval_channel', a.channel), ''),
				-- what the signature is bound to, so that a picture of the sheet names the text it stands under
				left(encode(ticket_workflow.subject_digest(d.subject, d.subject_id), 'hex'), 16)) order by d.rule)
		from ticket_workflow.signature_demand d
			left join ticket_workflow.organization o on o.organization_id = d.organization_id
			left join ticket_workflow.approval a on a.approval_id = d.approval_id
			left join ticket_workflow.official p on p.official_id = a.signer_id
			left join ticket_workflow.official b on b.official_id = a.on_behalf_of_id
		where d.subject = sheet_signatures.subject and d.subject_id = sheet_signatures.subject_id);
end
$$;
comment on function ticket_workflow.sheet_signatures(text, bigint, text) is 'Rows of a sheet''s signatures: what, whose, clause, who signed, when and how, digest of what is signed';

create or replace function ticket_workflow.ticket_blocks(t ticket_workflow.ticket, person text[], zone text) returns jsonb
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	moment constant text := 'YYYY-MM-DD HH24:MI';
	r ticket_workflow.report;
	blocks jsonb;
begin
	blocks := jsonb_build_array(
		ticket_workflow.sheet_fields('ticket', 'number', ticket_workflow.ticket_number(t), 'source', ticket_workflow.label('source', t.source),
			'kind', ticket_workflow.label('kind', t.kind), 'category', ticket_workflow.label('category', t.category),
			'handling_class', ticket_workflow.label('handling_class', t.handling_class), 'urgent', ticket_workflow.label('sheet', case when t.urgent then 'yes' else 'no' end),
			'received_at', to_char(t.received_at at time zone zone, moment), 'platform_due', ticket_workflow.local_text((t.platform_due_at at time zone zone)::timestamp),
			'state', ticket_workflow.label('state', t.state),
			'matter', (select m.name from ticket_workflow.matter m where m.matter_id = t.matter_id),
			'area', (select a.name from ticket_workflow.area a where a.area_id = t.area_id), 'place', t.place,
			'petitioner', person[1], 'phone', person[2], 'address', person[3],
			'department', (select o.name from ticket_workflow.organization o where o.organization_id = t.lead_department_id),
			'principle', ticket_workflow.label('principle', t.dispatch_principle),
			'dispatched_at', to_char(t.dispatched_at at time zone zone, moment),
			'assisting', (select string_agg(o.name, case ticket_workflow.language() when 'en' then ', ' else '、' end order by o.code) from ticket_workflow.ticket_assist a
				join ticket_workflow.organization o on o.organization_id = a.organization_id where a.ticket_id = t.ticket_id),
			'lead_person', (select p.name from ticket_workflow.official p where p.official_id = t.lead_person_id)),
		ticket_workflow.sheet_text('appeal', t.appeal),
		ticket_workflow.sheet_table('limits', '{clock,clause,started_at,due_at,status}', (
			select jsonb_agg(jsonb_build_array(ticket_workflow.label('clock', c.clock), c.clause, to_char(c.started_at at time zone zone, moment),
				ticket_workflow.local_text((c.due_at at time zone zone)::timestamp), ticket_workflow.label('clock_status', c.status)) order by c.started_at, c.clock_id)
			from ticket_workflow.clock c join ticket_workflow.clock_kind k on k.clock = c.clock
			where c.ticket_id = t.ticket_id and c.status <> 'cancelled' and ticket_workflow.makes_late(c.clock))),
		ticket_workflow.sheet_table('facts', '{at,what,how,result,by}', (
			select jsonb_agg(jsonb_build_array(to_char(f.at at time zone zone, moment), f.what, f.how, f.result, f.department) order by f.at, f.what)
			from (
				select c.occurred_at as at, ticket_workflow.label('contact_purpose', c.purpose) as what, ticket_workflow.label('contact_channel', c.channel) as how,
					ticket_workflow.label('contact_outcome', c.outcome) as result, o.name as department
				from ticket_workflow.contact c join ticket_workflow.organization o on o.organization_id = c.organization_id
				where c.ticket_id = t.ticket_id and c.voided_at is null
				union all
				select v.occurred_at, ticket_workflow.label('fact_kind', 'site_visit'), '',
					case when v.no_site then ticket_workflow.label('sheet', 'no_site') else '' end, o.name
				from ticket_workflow.site_visit v join ticket_workflow.organization o on o.organization_id = v.organization_id
				where v.ticket_id = t.ticket_id and v.voided_at is null) f)));
	select x.* into r from ticket_workflow.report x where x.ticket_id = t.ticket_id order by x.version desc limit 1;
	if r.report_id is not null then
		blocks := blocks || jsonb_build_array(
			ticket_workflow.sheet_fields('report', 'report_version', r.version || ' (' || ticket_workflow.label('report_state', r.state) || ')',
				'submitted_at', to_char(r.submitted_at at time zone zone, moment),
				'fact_finding', ticket_workflow.finding_label(t.rulebook, 'fact_finding', t.category, r.fact_finding),
				'claim_finding', ticket_workflow.finding_label(t.rulebook, 'claim_finding', t.category, r.claim_finding),
				'handling_result', ticket_workflow.finding_label(t.rulebook, 'handling_result', t.category, r.handling_result),
				'responsible', concat_ws(' ', r.responsible_person, r.responsible_phone)),
			ticket_workflow.sheet_text('report_body', r.body || coalesce(E'\n' || r.points, '')));
	end if;
	return blocks || jsonb_build_array(jsonb_build_object('kind', 'sign', 'lines', jsonb_build_array(
		ticket_workflow.label('sheet', 'handled_by'), ticket_workflow.label('sheet', 'head_signs'), ticket_workflow.label('sheet', 'signed_on'))));
end
$$;
comment on function ticket_workflow.ticket_blocks(ticket_workflow.ticket, text[], text) is 'What stands on a ticket''s own sheet (工单)';

create or replace function ticket_workflow.return_blocks(t ticket_workflow.ticket, zone text) returns jsonb
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	moment constant text := 'YYYY-MM-DD HH24:MI';
	r ticket_workflow.ticket_return;
begin
	-- the latest; none yet: a form to fill in by hand
	select x.* into r from ticket_workflow.ticket_return x where x.ticket_id = t.ticket_id order by x.requested_at desc nulls first, x.return_id desc limit 1;
	return jsonb_build_array(
		ticket_workflow.sheet_fields('return', 'number', ticket_workflow.ticket_number(t),
			'department', (select o.name from ticket_workflow.organization o where o.organization_id = coalesce(r.organization_id, t.lead_department_id)),
			'dispatched_at', to_char(t.dispatched_at at time zone zone, moment),
			'return_until', (select ticket_workflow.local_text((c.due_at at time zone zone)::timestamp) from ticket_workflow.clock c
				where c.ticket_id = t.ticket_id and c.clock = 'return_window' order by c.round desc limit 1),
			'matter', (select m.name from ticket_workflow.matter m where m.matter_id = t.matter_id), 'place', t.place,
			'ground', ticket_workflow.label('return_ground', r.ground), 'ordinal', r.ordinal::text,
			'requested_at', to_char(r.requested_at at time zone zone, moment),
			'requested_by', coalesce((select p.name from ticket_workflow.official p where p.code = r.requested_by), r.requested_by),
			'should_go_to', r.should_go_to, 'upward', ticket_workflow.label('platform', r.upward),
			'return_state', ticket_workflow.label('return_state', r.state)),
		ticket_workflow.sheet_text('appeal', t.appeal),
		ticket_workflow.sheet_text('return_reason', r.reason),
		ticket_workflow.sheet_table('evidence', '{evidence_kind,uri,sha256,at}', (
			select jsonb_agg(jsonb_build_array(ticket_workflow.label('evidence_kind', e.kind), e.uri, coalesce(left(e.sha256, 16), ''),
				to_char(coalesce(e.taken_at, e.added_at) at time zone zone, moment)) order by e.added_at, e.evidence_id)
			from ticket_workflow.evidence e
			where e.ticket_id = t.ticket_id and e.voided_at is null and e.kind in ('document', 'recording', 'photo')
				-- what was brought with the return, not what came after it was decided
				and e.added_at <= coalesce(r.decided_at, 'infinity')
				and (t.dispatched_at is null or e.added_at >= coalesce((select d.decided_at from ticket_workflow.dispatch_decision d
					where d.ticket_id = t.ticket_id and d.dispatch_round = r.dispatch_round), t.dispatched_at)))),
		ticket_workflow.sheet_table('signatures', '{subject,whose,clause,signed_by,signed_at,digest}',
			case when r.state <> 'draft' then ticket_workflow.sheet_signatures('return', r.return_id, zone) end),
		ticket_workflow.sheet_fields('decision', 'decided_at', to_char(r.decided_at at time zone zone, moment),
			'decided_by', coalesce((select p.name from ticket_workflow.official p where p.code = r.decided_by), r.decided_by),
			'decision_reason', r.decision_reason),
		jsonb_build_object('kind', 'sign', 'lines', jsonb_build_array(ticket_workflow.label('sheet', 'handled_by'),
			ticket_workflow.label('sheet', 'head_signs'), ticket_workflow.label('sheet', 'leader_signs'), ticket_workflow.label('sheet', 'signed_on'))));
end
$$;
comment on function ticket_workflow.return_blocks(ticket_workflow.ticket, text) is 'What stands on the application for a return (退单申请表): of the latest return, or open to be filled in';

create or replace function ticket_workflow.signature_blocks(t ticket_workflow.ticket, zone text) returns jsonb
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
	demands jsonb;
	blocks jsonb;
begin
	select x.* into r from ticket_workflow.report x where x.ticket_id = t.ticket_id and x.state in ('draft', 'submitted') limit 1;
	select jsonb_agg(s.row order by s.nr)
		into demands
		from (
			select 1 as nr, row.value as row from jsonb_array_elements(ticket_workflow.sheet_signatures('report', r.report_id, zone)) as row (value)
			union all
			select 2, row.value from ticket_workflow.ticket_return x
				cross join lateral jsonb_array_elements(ticket_workflow.sheet_signatures('return', x.return_id, zone)) as row (value)
			where x.ticket_id = t.ticket_id and x.state = 'requested'
			union all
			select 3, row.value from ticket_workflow.limit_extension x
				cross join lateral jsonb_array_elements(ticket_workflow.sheet_signatures('extension', x.extension_id, zone)) as row (value)
			where x.ticket_id = t.ticket_id and x.state = 'requested'
			union all
			-- before the transfer the ticket itself is what is signed
			select 4, row.value from jsonb_array_elements(case when t.state = 'received' and not t.in_territory
				then ticket_workflow.sheet_signatures('transfer', t.ticket_id, zone) end) as row (value)
		) s;
	blocks := jsonb_build_array(
		ticket_workflow.sheet_fields('ticket', 'number', ticket_workflow.ticket_number(t), 'category', ticket_workflow.label('category', t.category),
			'department', (select o.name from ticket_workflow.organization o where o.organization_id = t.lead_department_id),
			'matter', (select m.name from ticket_workflow.matter m where m.matter_id = t.matter_id), 'place', t.place,
			'received_at', to_char(t.received_at at time zone zone, 'YYYY-MM-DD HH24:MI')),
		ticket_workflow.sheet_text('appeal', t.appeal));
	if r.report_id is not null then
		blocks := blocks || jsonb_build_array(
			ticket_workflow.sheet_fields('report', 'report_version', r.version || ' (' || ticket_workflow.label('report_state', r.state) || ')',
				'fact_finding', ticket_workflow.finding_label(t.rulebook, 'fact_finding', t.category, r.fact_finding),
				'claim_finding', ticket_workflow.finding_label(t.rulebook, 'claim_finding', t.category, r.claim_finding),
				'handling_result', ticket_workflow.finding_label(t.rulebook, 'handling_result', t.category, r.handling_result)),
			ticket_workflow.sheet_text('report_body', r.body || coalesce(E'\n' || r.points, '')));
	end if;
	-- room for what a leader writes; a line for whoever has not signed yet
	return blocks || jsonb_build_array(
		ticket_workflow.sheet_table('signatures', '{subject,whose,clause,signed_by,signed_at,digest}', demands),
		ticket_workflow.sheet_text('opinion', null),
		jsonb_build_object('kind', 'sign', 'lines', coalesce((
				select jsonb_agg(w.whose order by w.nr)
				from (
					select d.row ->> 1 as whose, min(d.nr) as nr from jsonb_array_elements(demands) with ordinality d (row, nr)
					where d.row ->> 3 = '' group by 1) w),
				jsonb_build_array(ticket_workflow.label('sheet', 'leader_signs')))
			|| jsonb_build_array(ticket_workflow.label('sheet', 'signed_on'))));
end
$$;
comment on function ticket_workflow.signature_blocks(ticket_workflow.ticket, text) is
	'What stands on the sheet to be signed (签批单): every signature that the ticket asks for now, and the text that it stands under';

create or replace function ticket_workflow.make_sheet(t ticket_workflow.ticket, which text, form text, person text[]) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	zone constant text := ticket_workflow.center_zone(t.center_id);
	sheet jsonb;
begin
	sheet := jsonb_build_object(
		'title', (select c.name from ticket_workflow.center c where c.center_id = t.center_id) || ' '
			|| (select upper(left(l, 1)) || substr(l, 2) from ticket_workflow.label('sheet_kind', which) l),
		'blocks', case which when 'ticket' then ticket_workflow.ticket_blocks(t, person, zone) when 'return' then ticket_workflow.return_blocks(t, zone)
			else ticket_workflow.signature_blocks(t, zone) end,
		'printed', ticket_workflow.message_text('sheet_printed', array[
			to_char(ticket_workflow.now() at time zone zone, 'YYYY-MM-DD HH24:MI'),
			coalesce((select o.name from ticket_workflow.official o where o.official_id = ticket_workflow.actor_id()), ticket_workflow.caller()::text)]));
	return case form when 'html' then ticket_workflow.sheet_html(sheet) when 'json' then sheet::text else ticket_workflow.sheet_markdown(sheet) end;
end
$$;
comment on function ticket_workflow.make_sheet(ticket_workflow.ticket, text, text, text[]) is
	'A sheet in one of its forms; person: name, telephone and address as they are to be shown. The caller has checked who asks';

create or replace function ticket_workflow.ticket_sheet(ticket_id bigint, format text default 'html', sheet text default 'ticket') returns text
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	form constant text := ticket_workflow.require_code('document_format', ticket_sheet.format, 'format');
	which constant text := ticket_workflow.require_code('sheet_kind', ticket_sheet.sheet, 'sheet');
	t ticket_workflow.ticket;
begin
	select x.* into t from ticket_workflow.ticket x where x.ticket_id = ticket_sheet.ticket_id;
	if not found or not ticket_workflow.may_see(t) then
		perform ticket_workflow.fail('unknown_row', null, 'ticket', coalesce(ticket_sheet.ticket_id::text, 'NULL'));
	end if;
	return ticket_workflow.make_sheet(t, which, form, (select array[p.name_masked, p.phone_masked, p.address_masked]
		from ticket_workflow.petitioner p where p.petitioner_id = t.petitioner_id));
end
$$;
comment on function ticket_workflow.ticket_sheet(bigint, text, text) is
	'A sheet to print: ticket (工单), return (退单申请表) or signature (签批单), as html, markdown or json in the session''s language, the petitioner masked (reveal_sheet() shows him). Errors: TW006. Clause 2.2.2';

create or replace function ticket_workflow.reveal_sheet(ticket_id bigint, purpose text, format text default 'html') returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	form constant text := ticket_workflow.require_code('document_format', reveal_sheet.format, 'format');
	person text[];
	t ticket_workflow.ticket;
begin
	-- the right, the purpose and the journal are those of reveal_petitioner(), which looks with may_see() too
	select array[p.name, p.phone, p.address] into person from ticket_workflow.reveal_petitioner(reveal_sheet.ticket_id, reveal_sheet.purpose) p;
	select x.* into strict t from ticket_workflow.ticket x where x.ticket_id = reveal_sheet.ticket_id;
	return ticket_workflow.make_sheet(t, 'ticket', form, person);
end
$$;
comment on function ticket_workflow.reveal_sheet(bigint, text, text) is
	'The ticket''s sheet with the petitioner in full, for a stated purpose, by who may reveal him; the journal keeps who printed it and why. Errors: TW005, TW006';
