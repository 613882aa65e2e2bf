-- Recording what happened: contacts, visits, reports to platforms, evidence, callbacks. What happened is
-- recorded, departures from the norm are marked; what it is worth is judged in validity.sql.
-- May touch: contact, site_visit, platform_report, evidence, evidence_absence; journal and clocks through their rooms.

-- A fact may be entered later than it happened; both times are kept. Returns the marks it earns by that.
create or replace function ticket_workflow.check_occurred(ticket ticket_workflow.ticket, occurred_at timestamptz) returns text[]
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	calendar constant text := ticket_workflow.ticket_calendar(check_occurred.ticket.center_id);
	hours integer;
begin
	if check_occurred.occurred_at > ticket_workflow.now() then
		perform ticket_workflow.fail('in_the_future', null, 'occurred_at', ticket_workflow.local_text(check_occurred.occurred_at, calendar));
	end if;
	if check_occurred.occurred_at < check_occurred.ticket.received_at then
		perform ticket_workflow.fail('occurred_before_receipt', null,
			ticket_workflow.local_text(check_occurred.occurred_at, calendar), ticket_workflow.local_text(check_occurred.ticket.received_at, calendar));
	end if;
	hours := ticket_workflow.rulebook_setting(check_occurred.ticket.rulebook, 'late_entry_hours')::integer;
	if check_occurred.occurred_at >= ticket_workflow.now() - make_interval(hours => hours) then
		return '{}';
	end if;
	if not ticket_workflow.has_capability('manager', check_occurred.ticket.center_id) then
		perform ticket_workflow.fail('late_entry', null, hours::text);
	end if;
	return '{late_entry}';
end
$$;
comment on function ticket_workflow.check_occurred(ticket_workflow.ticket, timestamptz) is
	'Refuses facts of the future and of before the ticket (TW006), late entries without the capability manager (TW005); marks those with it';

-- A late entry belongs to the dispatch that was running when it happened.
create or replace function ticket_workflow.dispatch_round_at(ticket ticket_workflow.ticket, at timestamptz) returns integer
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if dispatch_round_at.at >= ticket.dispatched_at then
		return ticket.dispatch_round;
	end if;
	return coalesce((select max(d.dispatch_round) from ticket_workflow.dispatch_decision d
		where d.ticket_id = dispatch_round_at.ticket.ticket_id and d.decided_at <= dispatch_round_at.at), 0);
end
$$;
comment on function ticket_workflow.dispatch_round_at(ticket_workflow.ticket, timestamptz) is 'The dispatch under which something happened; 0 before the first';

-- Whose act it was: the organization named, or that of the actor's post which has most to do with the purpose.
create or replace function ticket_workflow.acting_organization(ticket ticket_workflow.ticket, given text, by_center boolean, at timestamptz)
	returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	me constant bigint := ticket_workflow.actor_id();
	day constant date := ticket_workflow.local_day(acting_organization.at, ticket_workflow.ticket_calendar(acting_organization.ticket.center_id));
	chosen bigint;
begin
	if given is not null then
		chosen := ticket_workflow.organization_id_of(acting_organization.ticket.center_id, acting_organization.given, day);
		-- the center and its information officers enter what a department tells them; a department speaks for itself
		if me is not null and not exists (
			select from ticket_workflow.posts_on(me, day) p
				join ticket_workflow.organization o on o.organization_id = p.organization_id
			where p.organization_id = chosen or o.kind = 'center') then
			perform ticket_workflow.fail('organization_not_yours', null, acting_organization.given);
		end if;
		return chosen;
	end if;
	select p.organization_id into chosen
		from ticket_workflow.posts_on(me, day) p
			join ticket_workflow.organization o on o.organization_id = p.organization_id
				and o.center_id = acting_organization.ticket.center_id
		-- in the center only its information officers do the handler's part; its others write down the department's
		where acting_organization.by_center or o.kind <> 'center' or p."position" = 'information_officer'
		order by (o.kind = 'center') = acting_organization.by_center desc,
			o.organization_id = acting_organization.ticket.lead_department_id desc, o.organization_id
		limit 1;
	return coalesce(chosen,
		case when not by_center then acting_organization.ticket.lead_department_id end,
		ticket_workflow.center_organization(acting_organization.ticket.center_id));
end
$$;
comment on function ticket_workflow.acting_organization(ticket_workflow.ticket, text, boolean, timestamptz) is
	'The organization that a recorded fact is ascribed to; TW005 for a department''s official who names another one';

-- 本市号码均使用IP电话，外地号码或始终打不通的本市号码使用手机 (2.4.1): a rule of the first contact
create or replace function ticket_workflow.channel_marks(ticket ticket_workflow.ticket, purpose text, channel text, occurred_at timestamptz)
	returns text[]
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	locality text;
begin
	if channel_marks.purpose = 'first_contact' and channel_marks.channel in ('ip_phone', 'mobile_phone') then
		select p.phone_locality into locality
			from ticket_workflow.petitioner p where p.petitioner_id = channel_marks.ticket.petitioner_id;
		if channel_marks.channel = 'ip_phone' and locality = 'non_local' then
			return '{ip_phone_to_non_local}';
		end if;
		if channel_marks.channel = 'mobile_phone' and locality = 'local' then
			if not exists (
				select from ticket_workflow.contact c
				where c.ticket_id = channel_marks.ticket.ticket_id and c.channel = 'ip_phone' and c.outcome = 'not_reached'
					and c.voided_at is null and c.occurred_at <= channel_marks.occurred_at) then
				return '{mobile_before_ip_phone}';
			end if;
		end if;
	end if;
	return '{}';
end
$$;
comment on function ticket_workflow.channel_marks(ticket_workflow.ticket, text, text, timestamptz) is
	'How a call departs from the rule of channels (2.4.1); recorded and marked, not refused';

create or replace function ticket_workflow.insert_evidence(ticket ticket_workflow.ticket, kind text, uri text, sha256 text,
		taken_at timestamptz, contact_id bigint, visit_id bigint, note text) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	e ticket_workflow.evidence;
begin
	e.evidence_id := ticket_workflow.new_id(insert_evidence.ticket.center_id, 'ticket_workflow.evidence_seq');
	e.center_id := insert_evidence.ticket.center_id;
	e.ticket_id := insert_evidence.ticket.ticket_id;
	e.contact_id := insert_evidence.contact_id;
	e.visit_id := insert_evidence.visit_id;
	e.kind := insert_evidence.kind;
	e.uri := ticket_workflow.require_text(insert_evidence.uri, 'uri', 2000);
	e.sha256 := lower(insert_evidence.sha256);
	if e.sha256 !~ '^[0-9a-f]{64}$' then
		perform ticket_workflow.fail('sha256_malformed', null, left(insert_evidence.sha256, 80));
	end if;
	e.taken_at := insert_evidence.taken_at;
	if e.taken_at > ticket_workflow.now() then
		perform ticket_workflow.fail('in_the_future', null, 'taken_at',
			ticket_workflow.local_text(e.taken_at, ticket_workflow.ticket_calendar(e.center_id)));
	end if;
	e.added_at := ticket_workflow.now();
	e.added_by := ticket_workflow.actor();
	e.note := ticket_workflow.optional_text(insert_evidence.note, 'note');
	insert into ticket_workflow.evidence values (e.*);
	return e.evidence_id;
end
$$;
comment on function ticket_workflow.insert_evidence(ticket_workflow.ticket, text, text, text, timestamptz, bigint, bigint, text) is
	'Stores one piece of evidence of a ticket that the caller has locked';

create or replace function ticket_workflow.insert_contact(ticket ticket_workflow.ticket, purpose text, channel text, outcome text,
		occurred_at timestamptz, recording text, call_log text, sms_screenshot text, organization text, note text,
		satisfaction text default null, dissatisfied_with text default null, solved boolean default null) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.contact;
	-- kind and uri
	given text[];
begin
	c.contact_id := ticket_workflow.new_id(insert_contact.ticket.center_id, 'ticket_workflow.contact_seq');
	c.center_id := insert_contact.ticket.center_id;
	c.ticket_id := insert_contact.ticket.ticket_id;
	c.purpose := ticket_workflow.require_code('contact_purpose', insert_contact.purpose, 'purpose');
	c.channel := ticket_workflow.require_code('contact_channel', insert_contact.channel, 'channel');
	c.outcome := ticket_workflow.require_code('contact_outcome', insert_contact.outcome, 'outcome');
	if c.outcome = 'sent' and c.channel not in ('sms', 'wechat') then
		perform ticket_workflow.fail('sent_by_voice', null, ticket_workflow.label('contact_channel', c.channel));
	end if;
	c.occurred_at := coalesce(insert_contact.occurred_at, ticket_workflow.now());
	c.marks := ticket_workflow.check_occurred(insert_contact.ticket, c.occurred_at)
		|| ticket_workflow.channel_marks(insert_contact.ticket, c.purpose, c.channel, c.occurred_at);
	c.dispatch_round := ticket_workflow.dispatch_round_at(insert_contact.ticket, c.occurred_at);
	c.organization_id := ticket_workflow.acting_organization(insert_contact.ticket, insert_contact.organization,
		c.purpose in ('center_notice', 'callback'), c.occurred_at);
	c.recorded_at := ticket_workflow.now();
	c.recorded_by := ticket_workflow.actor();
	c.satisfaction := insert_contact.satisfaction;
	c.dissatisfied_with := insert_contact.dissatisfied_with;
	c.solved := insert_contact.solved;
	c.note := ticket_workflow.optional_text(insert_contact.note, 'note');
	insert into ticket_workflow.contact values (c.*);

	-- what comes with the record shows what the record says, so it counts from the same moment
	foreach given slice 1 in array array[['recording', insert_contact.recording], ['call_log', insert_contact.call_log],
			['sms_screenshot', insert_contact.sms_screenshot]] loop
		if given[2] is not null then
			perform ticket_workflow.insert_evidence(insert_contact.ticket, given[1], given[2], null, c.occurred_at, c.contact_id, null, null);
		end if;
	end loop;

	perform ticket_workflow.write_journal(c.ticket_id, case c.purpose when 'callback' then 'record_callback' else 'record_contact' end,
		case c.purpose when 'center_notice' then '2.3.2.1' when 'first_contact' then '2.4.1' when 'reply' then '2.3.3' else '3.8' end,
		jsonb_strip_nulls(jsonb_build_object('contact_id', c.contact_id, 'purpose', c.purpose, 'channel', c.channel,
			'outcome', c.outcome, 'organization_id', c.organization_id, 'marks', nullif(to_jsonb(c.marks), '[]'),
			'satisfaction', c.satisfaction, 'dissatisfied_with', c.dissatisfied_with, 'solved', c.solved)),
		c.occurred_at);
	perform ticket_workflow.settle_fact_clocks(insert_contact.ticket);
	return c.contact_id;
end
$$;
comment on function ticket_workflow.insert_contact(ticket_workflow.ticket, text, text, text, timestamptz, text, text, text, text, text, text, text, boolean) is
	'Stores a contact with its evidence, journals it and settles the clocks of facts';

create or replace function ticket_workflow.record_contact(ticket_id bigint, purpose text, channel text, outcome text,
		occurred_at timestamptz default null, recording text default null, call_log text default null,
		sms_screenshot text default null, organization text default null, note text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_contact.ticket_id, 'record_contact');
begin
	if ticket_workflow.code_of('contact_purpose', record_contact.purpose, 'purpose') = 'callback' then
		perform ticket_workflow.check_callback(t);
	end if;
	return ticket_workflow.insert_contact(t, record_contact.purpose, record_contact.channel, record_contact.outcome,
		record_contact.occurred_at, record_contact.recording, record_contact.call_log, record_contact.sms_screenshot,
		record_contact.organization, record_contact.note);
end
$$;
comment on function ticket_workflow.record_contact(bigint, text, text, text, timestamptz, text, text, text, text, text) is
	'Records a contact with the petitioner, with the URIs of its evidence; a late entry keeps both times and settles its clock as of when it happened. Returns contact_id. Errors: TW005, TW006. Clauses 2.3.2.1, 2.3.3, 2.4.1';

create or replace function ticket_workflow.record_site_visit(ticket_id bigint, no_site boolean default false,
		photos text[] default '{}', occurred_at timestamptz default null, organization text default null, note text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_site_visit.ticket_id, 'record_site_visit');
	v ticket_workflow.site_visit;
	photo text;
begin
	v.visit_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.visit_seq');
	v.center_id := t.center_id;
	v.ticket_id := t.ticket_id;
	v.no_site := coalesce(record_site_visit.no_site, false);
	v.occurred_at := coalesce(record_site_visit.occurred_at, ticket_workflow.now());
	v.marks := ticket_workflow.check_occurred(t, v.occurred_at);
	v.dispatch_round := ticket_workflow.dispatch_round_at(t, v.occurred_at);
	v.organization_id := ticket_workflow.acting_organization(t, record_site_visit.organization, false, v.occurred_at);
	v.recorded_at := ticket_workflow.now();
	v.recorded_by := ticket_workflow.actor();
	v.note := ticket_workflow.optional_text(record_site_visit.note, 'note');
	-- 若无实际现场的可无照片: the declaration takes the place of the photo, so it says why
	if v.no_site and coalesce(btrim(v.note), '') = '' then
		perform ticket_workflow.fail('reason_missing', '2.3.2.2');
	end if;
	insert into ticket_workflow.site_visit values (v.*);
	foreach photo in array coalesce(record_site_visit.photos, '{}') loop
		perform ticket_workflow.insert_evidence(t, 'photo', photo, null, v.occurred_at, null, v.visit_id, null);
	end loop;
	perform ticket_workflow.write_journal(v.ticket_id, 'record_site_visit', '2.3.2.2',
		jsonb_strip_nulls(jsonb_build_object('visit_id', v.visit_id, 'no_site', v.no_site, 'organization_id', v.organization_id,
			'photos', coalesce(cardinality(record_site_visit.photos), 0), 'marks', nullif(to_jsonb(v.marks), '[]'))),
		v.occurred_at);
	perform ticket_workflow.settle_fact_clocks(t);
	return v.visit_id;
end
$$;
comment on function ticket_workflow.record_site_visit(bigint, boolean, text[], timestamptz, text, text) is
	'Records a visit to the site with its photos, or declares, with a reason in note, that there is none. Returns visit_id. Errors: TW005, TW006, TW009. Clause 2.3.2.2';

create or replace function ticket_workflow.record_platform_report(ticket_id bigint, platform text, kind text, receipt text,
		occurred_at timestamptz default null, note text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_platform_report.ticket_id, 'record_platform_report');
	r ticket_workflow.platform_report;
begin
	r.platform_report_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.platform_report_seq');
	r.center_id := t.center_id;
	r.ticket_id := t.ticket_id;
	r.platform := ticket_workflow.require_code('platform', record_platform_report.platform, 'platform');
	r.kind := ticket_workflow.require_code('platform_report_kind', record_platform_report.kind, 'kind');
	r.receipt := ticket_workflow.require_text(record_platform_report.receipt, 'receipt', 200);
	r.occurred_at := coalesce(record_platform_report.occurred_at, ticket_workflow.now());
	r.marks := ticket_workflow.check_occurred(t, r.occurred_at);
	r.recorded_at := ticket_workflow.now();
	r.recorded_by := ticket_workflow.actor();
	r.note := ticket_workflow.optional_text(record_platform_report.note, 'note');
	insert into ticket_workflow.platform_report values (r.*);
	perform ticket_workflow.write_journal(r.ticket_id, 'record_platform_report', '2.3.2.1',
		jsonb_strip_nulls(jsonb_build_object('platform_report_id', r.platform_report_id, 'platform', r.platform,
			'report_kind', r.kind, 'marks', nullif(to_jsonb(r.marks), '[]'))),
		r.occurred_at);
	perform ticket_workflow.settle_fact_clocks(t);
	return r.platform_report_id;
end
$$;
comment on function ticket_workflow.record_platform_report(bigint, text, text, text, timestamptz, text) is
	'Records what went up to the district or city platform (progress, completion, return), with its receipt. Returns platform_report_id. Errors: TW005, TW006. Clause 2.3.2.1';

create or replace function ticket_workflow.add_evidence(ticket_id bigint, kind text, uri text, sha256 text default null,
		taken_at timestamptz default null, contact_id bigint default null, visit_id bigint default null, note text default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(add_evidence.ticket_id, 'add_evidence');
	code constant text := ticket_workflow.require_code('evidence_kind', add_evidence.kind, 'kind');
	evidence_id bigint;
begin
	if add_evidence.contact_id is not null and not exists (
		select from ticket_workflow.contact c
		where c.contact_id = add_evidence.contact_id and c.ticket_id = t.ticket_id) then
		perform ticket_workflow.fail('unknown_row', null, 'contact', add_evidence.contact_id::text);
	end if;
	if add_evidence.visit_id is not null and not exists (
		select from ticket_workflow.site_visit v
		where v.visit_id = add_evidence.visit_id and v.ticket_id = t.ticket_id) then
		perform ticket_workflow.fail('unknown_row', null, 'site_visit', add_evidence.visit_id::text);
	end if;
	evidence_id := ticket_workflow.insert_evidence(t, code, add_evidence.uri, add_evidence.sha256, add_evidence.taken_at,
		add_evidence.contact_id, add_evidence.visit_id, add_evidence.note);
	perform ticket_workflow.write_journal(t.ticket_id, 'add_evidence', '2.3.3',
		jsonb_strip_nulls(jsonb_build_object('evidence_id', evidence_id, 'evidence_kind', code, 'sha256', lower(add_evidence.sha256),
			'contact_id', add_evidence.contact_id, 'visit_id', add_evidence.visit_id)),
		add_evidence.taken_at);
	perform ticket_workflow.settle_fact_clocks(t);
	return evidence_id;
end
$$;
comment on function ticket_workflow.add_evidence(bigint, text, text, text, timestamptz, bigint, bigint, text) is
	'Adds evidence by reference to a ticket, or to one of its contacts or visits; it counts from taken_at, without one from now. Returns evidence_id. Errors: TW005, TW006. Clause 2.3.3';

create or replace function ticket_workflow.insert_absence(ticket ticket_workflow.ticket, subject text, kind text, reason text) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	a ticket_workflow.evidence_absence;
begin
	a.absence_id := ticket_workflow.new_id(insert_absence.ticket.center_id, 'ticket_workflow.absence_seq');
	a.center_id := insert_absence.ticket.center_id;
	a.ticket_id := insert_absence.ticket.ticket_id;
	a.dispatch_round := insert_absence.ticket.dispatch_round;
	a.subject := ticket_workflow.require_code('absence_subject', insert_absence.subject, 'subject');
	a.kind := ticket_workflow.require_code('evidence_kind', insert_absence.kind, 'kind');
	if a.kind = 'signature_image' then
		-- a signature without its image is no signature
		perform ticket_workflow.fail('absence_of_signature', '2.2.2');
	end if;
	a.reason := ticket_workflow.require_reason(insert_absence.reason, case a.subject when 'return' then '2.2.2' when 'site_visit' then '2.3.2.2'
		when 'first_contact' then '2.4.2' else '2.3.3' end);
	if exists (
		select from ticket_workflow.evidence_absence o
		where o.ticket_id = a.ticket_id and o.dispatch_round = a.dispatch_round
			and o.subject = a.subject and o.kind = a.kind and o.voided_at is null) then
		perform ticket_workflow.fail('absence_declared', null, ticket_workflow.label('absence_subject', a.subject),
			ticket_workflow.label('evidence_kind', a.kind));
	end if;
	a.declared_at := ticket_workflow.now();
	a.declared_by := ticket_workflow.actor();
	insert into ticket_workflow.evidence_absence values (a.*);
	perform ticket_workflow.write_journal(a.ticket_id, 'declare_absent', case a.subject when 'return' then '2.2.2' else '2.3.3' end,
		jsonb_build_object('absence_id', a.absence_id, 'subject', a.subject, 'evidence_kind', a.kind));
	return a.absence_id;
end
$$;
comment on function ticket_workflow.insert_absence(ticket_workflow.ticket, text, text, text) is
	'Stores and journals why a kind of evidence does not exist';

create or replace function ticket_workflow.declare_absent(ticket_id bigint, subject text, kind text, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(declare_absent.ticket_id, 'declare_absent');
begin
	return ticket_workflow.insert_absence(t, declare_absent.subject, declare_absent.kind, declare_absent.reason);
end
$$;
comment on function ticket_workflow.declare_absent(bigint, text, text, text) is
	'Declares with a reason that a kind of evidence does not exist for a return, the first contact, the reply or the site visit of the current dispatch. Returns absence_id. Errors: TW005, TW006, TW009. Clauses 2.2.2, 2.3.3';

create or replace function ticket_workflow.void_record(kind text, record_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	code constant text := ticket_workflow.require_code('fact_kind', void_record.kind, 'kind');
	-- of the table named by the kind of fact
	key constant text := case code when 'site_visit' then 'visit_id' when 'evidence_absence' then 'absence_id' else code || '_id' end;
	t ticket_workflow.ticket;
	owning_ticket bigint;
begin
	execute format('select f.ticket_id from ticket_workflow.%I f where f.%I = $1 and ticket_workflow.may_see(f.ticket_id)', code, key)
		into owning_ticket using void_record.record_id;
	if owning_ticket is null then
		perform ticket_workflow.fail('unknown_row', null, code, void_record.record_id::text);
	end if;
	t := ticket_workflow.begin_act(owning_ticket, 'void_record');
	execute format('update ticket_workflow.%I set voided_at = $2, void_reason = $3 where %I = $1', code, key)
		using void_record.record_id, ticket_workflow.now(), ticket_workflow.require_reason(void_record.reason, 'S4');
	return t.ticket_id;
end
$$;
comment on function ticket_workflow.void_record(text, bigint, text) is
	'Marks a wrongly entered contact, site_visit, platform_report, evidence or evidence_absence as void; the clocks it had ended run again. Returns ticket_id. Errors: TW005, TW006, TW009, TW010';

-- Satisfaction is about a result, so there must have been one.
create or replace function ticket_workflow.check_callback(ticket ticket_workflow.ticket) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	if check_callback.ticket.completed_at is null and check_callback.ticket.reopenings = 0 then
		perform ticket_workflow.fail('callback_before_completion', '3.8', ticket_workflow.label('state', check_callback.ticket.state));
	end if;
end
$$;
comment on function ticket_workflow.check_callback(ticket_workflow.ticket) is 'A callback asks about a result: TW001 before there was one';

create or replace function ticket_workflow.open_review(original ticket_workflow.ticket) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	o constant ticket_workflow.ticket := open_review.original;
	p ticket_workflow.petitioner;
begin
	select * into p from ticket_workflow.petitioner x where x.petitioner_id = o.petitioner_id;
	return ticket_workflow.receive_ticket(
		center => (select c.code from ticket_workflow.center c where c.center_id = o.center_id),
		category => o.category, appeal => o.appeal, source => 'center', kind => 'callback_review',
		matter => (select m.code from ticket_workflow.matter m where m.matter_id = o.matter_id),
		area => (select a.code from ticket_workflow.area a where a.area_id = o.area_id),
		place => o.place, in_territory => o.in_territory,
		petitioner_name => p.name, petitioner_phone => p.phone, petitioner_address => p.address,
		phone_locality => p.phone_locality, original_ticket => o.ticket_id);
end
$$;
comment on function ticket_workflow.open_review(ticket_workflow.ticket) is
	'Receives a callback review ticket of our own for a completed one (2.3.5)';

create or replace function ticket_workflow.record_callback(ticket_id bigint, satisfaction text default null, solved boolean default null,
		dissatisfied_with text default null, channel text default 'ip_phone', outcome text default 'reached',
		occurred_at timestamptz default null, recording text default null, note text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_callback.ticket_id, 'record_callback');
	judged text := ticket_workflow.code_of('satisfaction', record_callback.satisfaction, 'satisfaction');
	about text := ticket_workflow.code_of('dissatisfied_with', record_callback.dissatisfied_with, 'dissatisfied_with');
	reached constant boolean := ticket_workflow.require_code('contact_outcome', record_callback.outcome, 'outcome') = 'reached';
	contact_id bigint;
begin
	perform ticket_workflow.check_callback(t);
	if reached and judged is null then
		perform ticket_workflow.fail('text_missing', null, 'satisfaction');
	end if;
	if not reached and (judged is not null or record_callback.solved is not null) then
		perform ticket_workflow.fail('callback_unreached', '3.8');
	end if;
	if about is not null and judged is distinct from 'dissatisfied' then
		perform ticket_workflow.fail('dissatisfied_without', '3.8');
	end if;
	contact_id := ticket_workflow.insert_contact(t, 'callback', record_callback.channel, record_callback.outcome,
		record_callback.occurred_at, record_callback.recording, null, null, null, record_callback.note,
		judged, about, record_callback.solved);
	-- what he says may be a matter of 3.8
	perform ticket_workflow.settle_accountability(array[t.ticket_id]);
	-- 市民不满意、解决不认可的: the platform sends its review; a desk that opens its own says so in its rulebook
	if (judged = 'dissatisfied' or not record_callback.solved)
		and ticket_workflow.rulebook_setting(t.rulebook, 'review_after_callback') = 'on' then
		perform ticket_workflow.open_review(t);
	end if;
	return contact_id;
end
$$;
comment on function ticket_workflow.record_callback(bigint, text, boolean, text, text, text, timestamptz, text, text) is
	'Records what the petitioner says of a completed ticket: satisfaction, what he is dissatisfied with (handling, efficiency, attitude), whether it is solved. Returns contact_id. Errors: TW001, TW005, TW006. Clause 3.8';
