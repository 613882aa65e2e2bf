-- What was done beside the steps of an imported ticket: contacts, visits, reports to platforms, evidence. Taken as told;
-- what it is worth the norm's own functions say (sql/contact/validity.sql), from what the document gives.
-- May touch: nothing.

create or replace function ticket_workflow.import_occurred(ticket ticket_workflow.ticket, document jsonb, path text, zone text, at timestamptz)
	returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	moment constant timestamptz := ticket_workflow.import_need(
		ticket_workflow.import_time(import_occurred.document, 'occurred_at', import_occurred.path, import_occurred.zone),
		import_occurred.path || 'occurred_at');
	calendar constant text := ticket_workflow.ticket_calendar(import_occurred.ticket.center_id);
begin
	if moment > import_occurred.at then
		perform ticket_workflow.fail('in_the_future', null, import_occurred.path || 'occurred_at', ticket_workflow.local_text(moment, calendar));
	elsif moment < import_occurred.ticket.received_at then
		perform ticket_workflow.fail('import_order', 'S4', import_occurred.path || 'occurred_at', ticket_workflow.local_text(moment, calendar),
			'received_at', ticket_workflow.local_text(import_occurred.ticket.received_at, calendar));
	end if;
	return moment;
end
$$;
comment on function ticket_workflow.import_occurred(ticket_workflow.ticket, jsonb, text, text, timestamptz) is
	'When a fact of an imported ticket happened: after its receipt and not in the future (TW006)';

-- Whose act it was: the organization named, else the center's or that of the department which had the ticket then.
create or replace function ticket_workflow.import_actor_of(ticket ticket_workflow.ticket, document jsonb, path text,
		decisions ticket_workflow.dispatch_decision[], by_center boolean, at timestamptz, out dispatch_round integer, out organization_id bigint)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	organization_id := (ticket_workflow.import_organization(import_actor_of.ticket.center_id, import_actor_of.document, 'organization',
		import_actor_of.path)).organization_id;
	dispatch_round := 0;
	for i in 1 .. coalesce(cardinality(decisions), 0) loop
		exit when decisions[i].decided_at > import_actor_of.at;
		dispatch_round := decisions[i].dispatch_round;
	end loop;
	if organization_id is null and dispatch_round > 0 and not by_center then
		organization_id := decisions[dispatch_round].department_id;
	end if;
	if organization_id is null then
		select o.organization_id into organization_id
			from ticket_workflow.organization o
			where o.center_id = import_actor_of.ticket.center_id and o.kind = 'center'
			order by o.organization_id limit 1;
	end if;
end
$$;
comment on function ticket_workflow.import_actor_of(ticket_workflow.ticket, jsonb, text, ticket_workflow.dispatch_decision[], boolean, timestamptz) is
	'The dispatch under which a fact happened (0 before the first), and whose act it was';

create or replace function ticket_workflow.import_evidence(ticket ticket_workflow.ticket, kind text, uri text, path text, taken_at timestamptz,
		at timestamptz, contact_id bigint default null, visit_id bigint default null) returns ticket_workflow.evidence
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	e ticket_workflow.evidence;
begin
	e.evidence_id := ticket_workflow.new_id(import_evidence.ticket.center_id, 'ticket_workflow.evidence_seq');
	e.center_id := import_evidence.ticket.center_id;
	e.ticket_id := import_evidence.ticket.ticket_id;
	e.contact_id := import_evidence.contact_id;
	e.visit_id := import_evidence.visit_id;
	e.kind := import_evidence.kind;
	e.uri := ticket_workflow.require_text(import_evidence.uri, import_evidence.path);
	e.taken_at := import_evidence.taken_at;
	e.added_at := import_evidence.at;
	return e;
end
$$;
comment on function ticket_workflow.import_evidence(ticket_workflow.ticket, text, text, text, timestamptz, timestamptz, bigint, bigint) is
	'One piece of evidence of an imported ticket; what came with a fact shows what the fact says, as of the same moment';

create or replace function ticket_workflow.import_platform_reports(ticket ticket_workflow.ticket, document jsonb, zone text, at timestamptz)
	returns ticket_workflow.platform_report[]
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	list constant jsonb := ticket_workflow.import_list(import_platform_reports.document, 'platform_reports', '', 'object', 500);
	given jsonb;
	path text;
	r ticket_workflow.platform_report;
	found_reports ticket_workflow.platform_report[] := '{}';
begin
	for i in 0 .. jsonb_array_length(list) - 1 loop
		given := list -> i;
		path := format('platform_reports[%s].', i + 1);
		perform ticket_workflow.import_keys(given, path, '{platform,kind,receipt,occurred_at,note,by}');
		r.platform_report_id := ticket_workflow.new_id(import_platform_reports.ticket.center_id, 'ticket_workflow.platform_report_seq');
		r.center_id := import_platform_reports.ticket.center_id;
		r.ticket_id := import_platform_reports.ticket.ticket_id;
		r.platform := ticket_workflow.import_need(ticket_workflow.import_code(given, 'platform', path, 'platform'), path || 'platform');
		r.kind := ticket_workflow.import_need(ticket_workflow.import_code(given, 'kind', path, 'platform_report_kind'), path || 'kind');
		-- without one it is on record, and counts for nothing
		r.receipt := coalesce(ticket_workflow.import_text(given, 'receipt', path, 200), '');
		r.occurred_at := ticket_workflow.import_occurred(import_platform_reports.ticket, given, path, import_platform_reports.zone,
			import_platform_reports.at);
		r.recorded_at := import_platform_reports.at;
		r.recorded_by := (ticket_workflow.import_official(r.center_id, given, 'by', path)).code;
		r.note := ticket_workflow.import_text(given, 'note', path);
		r.marks := '{}';
		found_reports := found_reports || r;
	end loop;
	return found_reports;
end
$$;
comment on function ticket_workflow.import_platform_reports(ticket_workflow.ticket, jsonb, text, timestamptz) is
	'Reports to platforms of an imported ticket';

create or replace function ticket_workflow.import_facts(ticket ticket_workflow.ticket, document jsonb, decisions ticket_workflow.dispatch_decision[],
		zone text, at timestamptz, out contacts ticket_workflow.contact[], out visits ticket_workflow.site_visit[],
		out evidences ticket_workflow.evidence[])
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t constant ticket_workflow.ticket := import_facts.ticket;
	moment constant timestamptz := import_facts.at;
	list jsonb;
	photos jsonb;
	given jsonb;
	path text;
	shown text;
	whose record;
	c ticket_workflow.contact;
	v ticket_workflow.site_visit;
	e ticket_workflow.evidence;
begin
	list := ticket_workflow.import_list(import_facts.document, 'contacts', '', 'object', 500);
	for i in 0 .. jsonb_array_length(list) - 1 loop
		given := list -> i;
		path := format('contacts[%s].', i + 1);
		perform ticket_workflow.import_keys(given, path, array['purpose', 'channel', 'outcome', 'occurred_at', 'organization', 'recording',
			'call_log', 'sms_screenshot', 'satisfaction', 'dissatisfied_with', 'solved', 'note', 'by']);
		c.contact_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.contact_seq');
		c.center_id := t.center_id;
		c.ticket_id := t.ticket_id;
		c.purpose := ticket_workflow.import_need(ticket_workflow.import_code(given, 'purpose', path, 'contact_purpose'), path || 'purpose');
		c.channel := ticket_workflow.import_need(ticket_workflow.import_code(given, 'channel', path, 'contact_channel'), path || 'channel');
		c.outcome := ticket_workflow.import_need(ticket_workflow.import_code(given, 'outcome', path, 'contact_outcome'), path || 'outcome');
		c.occurred_at := ticket_workflow.import_occurred(t, given, path, import_facts.zone, moment);
		c.recorded_at := moment;
		c.recorded_by := (ticket_workflow.import_official(t.center_id, given, 'by', path)).code;
		c.marks := '{}';
		c.satisfaction := ticket_workflow.import_code(given, 'satisfaction', path, 'satisfaction');
		c.dissatisfied_with := ticket_workflow.import_code(given, 'dissatisfied_with', path, 'dissatisfied_with');
		c.solved := ticket_workflow.import_flag(given, 'solved', path);
		c.note := ticket_workflow.import_text(given, 'note', path);
		-- what the table refuses, in the caller's terms
		if c.outcome = 'sent' and c.channel not in ('sms', 'wechat') then
			perform ticket_workflow.fail('import_contradicts', null, path || 'outcome', path || 'channel');
		elsif c.purpose <> 'callback' and num_nonnulls(c.satisfaction, c.solved) > 0 then
			perform ticket_workflow.fail('import_contradicts', null, path || case when c.satisfaction is null then 'solved' else 'satisfaction' end,
				path || 'purpose');
		elsif c.dissatisfied_with is not null and c.satisfaction is distinct from 'dissatisfied' then
			perform ticket_workflow.fail('import_contradicts', null, path || 'dissatisfied_with', path || 'satisfaction');
		end if;
		select a.* into whose from ticket_workflow.import_actor_of(t, given, path, import_facts.decisions,
			c.purpose in ('center_notice', 'callback'), c.occurred_at) a;
		c.dispatch_round := whose.dispatch_round;
		c.organization_id := whose.organization_id;
		contacts := contacts || c;
		foreach shown in array '{recording,call_log,sms_screenshot}'::text[] loop
			continue when ticket_workflow.import_text(given, shown, path) is null;
			evidences := evidences || ticket_workflow.import_evidence(t, shown, given ->> shown, path || shown, c.occurred_at, moment,
				contact_id => c.contact_id);
		end loop;
	end loop;

	list := ticket_workflow.import_list(import_facts.document, 'visits', '', 'object', 500);
	for i in 0 .. jsonb_array_length(list) - 1 loop
		given := list -> i;
		path := format('visits[%s].', i + 1);
		perform ticket_workflow.import_keys(given, path, '{occurred_at,no_site,photos,organization,note,by}');
		v.visit_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.visit_seq');
		v.center_id := t.center_id;
		v.ticket_id := t.ticket_id;
		v.occurred_at := ticket_workflow.import_occurred(t, given, path, import_facts.zone, moment);
		v.recorded_at := moment;
		v.recorded_by := (ticket_workflow.import_official(t.center_id, given, 'by', path)).code;
		v.no_site := coalesce(ticket_workflow.import_flag(given, 'no_site', path), false);
		v.note := ticket_workflow.import_text(given, 'note', path);
		v.marks := '{}';
		select a.* into whose from ticket_workflow.import_actor_of(t, given, path, import_facts.decisions, false, v.occurred_at) a;
		v.dispatch_round := whose.dispatch_round;
		v.organization_id := whose.organization_id;
		visits := visits || v;
		photos := ticket_workflow.import_list(given, 'photos', path, 'string', 100);
		for j in 0 .. jsonb_array_length(photos) - 1 loop
			evidences := evidences || ticket_workflow.import_evidence(t, 'photo', photos ->> j, format('%sphotos[%s]', path, j + 1),
				v.occurred_at, moment, visit_id => v.visit_id);
		end loop;
	end loop;

	list := ticket_workflow.import_list(import_facts.document, 'evidence', '', 'object', 500);
	for i in 0 .. jsonb_array_length(list) - 1 loop
		given := list -> i;
		path := format('evidence[%s].', i + 1);
		perform ticket_workflow.import_keys(given, path, '{kind,uri,sha256,taken_at,note,by}');
		e := ticket_workflow.import_evidence(t,
			ticket_workflow.import_need(ticket_workflow.import_code(given, 'kind', path, 'evidence_kind'), path || 'kind'),
			ticket_workflow.import_text(given, 'uri', path), path || 'uri',
			ticket_workflow.import_time(given, 'taken_at', path, import_facts.zone), moment);
		if e.taken_at > moment then
			perform ticket_workflow.fail('in_the_future', null, path || 'taken_at',
				ticket_workflow.local_text(e.taken_at, ticket_workflow.ticket_calendar(t.center_id)));
		end if;
		e.sha256 := lower(ticket_workflow.import_text(given, 'sha256', path));
		if e.sha256 !~ '^[0-9a-f]{64}$' then
			perform ticket_workflow.fail('import_contradicts', null, path || 'sha256', 'SHA-256');
		end if;
		e.added_by := (ticket_workflow.import_official(t.center_id, given, 'by', path)).code;
		e.note := ticket_workflow.import_text(given, 'note', path);
		evidences := evidences || e;
	end loop;
end
$$;
comment on function ticket_workflow.import_facts(ticket_workflow.ticket, jsonb, ticket_workflow.dispatch_decision[], text, timestamptz) is
	'Contacts, visits and evidence of an imported ticket, each ascribed to the dispatch under which it happened';
