-- What is wrong with a report: the words of its text, and what the ticket's own rows say.
-- Codes of the text are capital letters and a digit (E1, P3, N1): judged when the report is submitted,
-- stored, and overruled by a reviewer. Codes of the rows are words (recording, relation): they follow
-- the rows until the last moment, and are never overruled, since what is missing can be brought.
-- May touch: nothing; reads the report, its ticket and the facts recorded for it.

create or replace function ticket_workflow.finding_of_text(code text) returns boolean
	language sql immutable parallel safe
	return code ~ '^[A-Z]+[0-9]';
comment on function ticket_workflow.finding_of_text(text) is
	'Whether a finding is about the text, judged at submission and overruled by a reviewer, or about the ticket''s rows';

-- The one place where the text engine is asked, with what the ticket knows and the text may not say.
create or replace function ticket_workflow.report_text_findings(report_id bigint)
	returns table (code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
	t ticket_workflow.ticket;
	facts record;
begin
	select x.* into strict r from ticket_workflow.report x where x.report_id = report_text_findings.report_id;
	select x.* into strict t from ticket_workflow.ticket x where x.ticket_id = r.ticket_id;
	facts := ticket_workflow.report_facts(r, t);
	return query
		select f.code, f.severity, f.start_pos, f.length, f.excerpt, f.message, f.clause
		from ticket_workflow.check_report_text(body => r.body, points => r.points, rulebook => t.rulebook,
			reported_on => facts.reported_on, appeal => t.appeal, category => t.category,
			-- R7: three documented failed attempts count as contact that could not be made
			has_contact => facts.has_phone and not facts.failed,
			petitioner_phone => (select p.phone from ticket_workflow.petitioner p where p.petitioner_id = t.petitioner_id)) f;
end
$$;
comment on function ticket_workflow.report_text_findings(bigint) is
	'Findings of the text engine for a report, with what the ticket knows of category, contact and day';

create or replace function ticket_workflow.absence_declared(ticket ticket_workflow.ticket, subject text, kind text) returns boolean
	language sql stable
	return exists (
		select from ticket_workflow.evidence_absence a
		where a.ticket_id = (ticket).ticket_id and a.dispatch_round = (ticket).dispatch_round
			and a.subject = absence_declared.subject and a.kind = absence_declared.kind and a.voided_at is null);
comment on function ticket_workflow.absence_declared(ticket_workflow.ticket, text, text) is
	'Whether the department that has the ticket declared, with a reason, that a kind of evidence does not exist';

-- What the petitioner was told and when, as the recorded facts have it.
create or replace function ticket_workflow.report_facts(report ticket_workflow.report, ticket ticket_workflow.ticket,
		out has_phone boolean, out first_contact_at timestamptz, out reached boolean, out failed boolean,
		out replied_at timestamptz, out own_phone boolean, out reported_on date)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	phone text;
begin
	select p.phone into phone from ticket_workflow.petitioner p where p.petitioner_id = (report_facts.ticket).petitioner_id;
	has_phone := ticket_workflow.has_contact(report_facts.ticket);
	select coalesce(bool_or(c.purpose = 'first_contact' and c.outcome = 'reached'), false),
			max(c.occurred_at) filter (where c.purpose = 'reply' and c.outcome in ('reached', 'sent'))
		into reached, replied_at
		from ticket_workflow.contact c
		where c.ticket_id = (report_facts.ticket).ticket_id and c.dispatch_round = (report_facts.ticket).dispatch_round
			and c.voided_at is null;
	first_contact_at := ticket_workflow.clock_fact_time(report_facts.ticket, 'first_contact', 'department');
	failed := first_contact_at is not null and not reached;
	-- R6: the handler's telephone is neither the petitioner's nor the hotline
	own_phone := (report_facts.report).responsible_phone is not null
		and regexp_replace((report_facts.report).responsible_phone, '[^0-9]', '', 'g') not in ('', '12345', '02112345')
		and regexp_replace((report_facts.report).responsible_phone, '[^0-9]', '', 'g')
			is distinct from regexp_replace(phone, '[^0-9]', '', 'g');
	reported_on := ticket_workflow.local_day(coalesce((report_facts.report).submitted_at, ticket_workflow.now()),
		ticket_workflow.ticket_calendar((report_facts.ticket).center_id));
end
$$;
comment on function ticket_workflow.report_facts(ticket_workflow.report, ticket_workflow.ticket) is
	'What recorded contacts and fields say for a report: reached or failed, replied, a telephone of the handler''s own, the day of the report';

create or replace function ticket_workflow.report_row_findings(report ticket_workflow.report, ticket ticket_workflow.ticket)
	returns table (code text, severity text, message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r constant ticket_workflow.report := report_row_findings.report;
	t constant ticket_workflow.ticket := report_row_findings.ticket;
	facts record;
	written text;
	asked text;
	given text;
	fits boolean;
	chosen boolean;
	repeats text[];
	missing text;
	item record;
begin
	facts := ticket_workflow.report_facts(r, t);
	written := r.body || coalesce(E'\n' || r.points, '');

	-- annex 3 and 5: options of the ticket's category, in a relation that makes sense
	for asked, given, fits, chosen in
		select d.dimension, d.given, coalesce(bool_or(o.code = d.given), false), count(o.code) > 0
			from (values (1, 'fact_finding', r.fact_finding), (2, 'claim_finding', r.claim_finding),
					(3, 'handling_result', r.handling_result)) as d (ordinal, dimension, given)
				left join ticket_workflow.finding_option o
					on o.rulebook = t.rulebook and o.dimension = d.dimension and o.category = t.category
			group by d.ordinal, d.dimension, d.given
			order by d.ordinal
	loop
		if given is null and chosen then
			return query values (asked, 'reject', 'report_finding_missing',
				case asked when 'fact_finding' then 'A3' else '2.4.3' end,
				array[ticket_workflow.label('finding_dimension', asked)]);
		elsif given is not null and not fits then
			-- chosen before the ticket's category was corrected
			return query values (asked, 'reject', 'report_finding_does_not_fit',
				case asked when 'fact_finding' then 'A3' else 'A5' end,
				array[ticket_workflow.label('finding_dimension', asked), given,
					ticket_workflow.label('category', t.category)]);
		end if;
	end loop;
	if r.fact_finding is not null and r.handling_result is not null
		and ticket_workflow.relation_verdict(t.rulebook, t.category, r.fact_finding, r.claim_finding, r.handling_result) = 'warn'
	then
		return query values ('relation', case when r.relation_reason is null then 'reject' else 'advice' end,
			case when r.relation_reason is null then 'report_relation_needs_reason' else 'report_relation_warned' end, 'A5',
			array[ticket_workflow.finding_label(t.rulebook, 'fact_finding', t.category, r.fact_finding),
				coalesce(ticket_workflow.finding_label(t.rulebook, 'claim_finding', t.category, r.claim_finding), '–'),
				ticket_workflow.finding_label(t.rulebook, 'handling_result', t.category, r.handling_result)]);
	end if;

	-- 2.3.3.2: what cannot be solved yet has a plan and a rough time, which lies ahead
	if r.handling_result = 'unsolved' then
		if r.plan is null or r.plan_until is null then
			return query values ('plan', 'reject', 'report_plan_missing', '2.3.3.2', '{}'::text[]);
		elsif r.plan_until < facts.reported_on then
			return query values ('plan', 'reject', 'report_plan_past', '2.3.3.2',
				array[to_char(r.plan_until, 'YYYY-MM-DD')]);
		end if;
	end if;

	-- 2.4.1, 2.3.3.1: first contact and reply, each with its recording where it was a call
	if facts.first_contact_at is null then
		return query
			select 'first_contact', 'reject', p.message, p.clause, p.args
			from ticket_workflow.first_contact_problems(t, t.dispatch_round, t.dispatched_at) p;
	end if;
	if facts.has_phone and not facts.failed and facts.replied_at is null
		and not ticket_workflow.absence_declared(t, 'reply', 'recording')
	then
		return query values ('reply', 'reject', 'report_reply_missing', '2.3.3.1', '{}'::text[]);
	end if;
	return query
		select 'recording', 'reject', p.message, p.clause, p.args
		from ticket_workflow.recording_problems(t.ticket_id) p;

	-- 2.3.2.2: the site was seen, with a photo, or there is none
	if ticket_workflow.clock_fact_time(t, 'site_visit', 'department') is null then
		if not (exists (
				select from ticket_workflow.site_visit v
				where v.ticket_id = t.ticket_id and v.dispatch_round = t.dispatch_round and v.voided_at is null)
			and ticket_workflow.absence_declared(t, 'site_visit', 'photo'))
		then
			return query values ('site_visit', 'reject', 'report_site_visit_missing', '2.3.2.2', '{}'::text[]);
		end if;
	end if;

	-- 2.3.4: 不属实 stands on evidence, and is concluded in words
	if r.fact_finding = 'unfounded' then
		if not exists (
			select from ticket_workflow.evidence e
			where e.ticket_id = t.ticket_id and e.kind in ('document', 'photo') and e.voided_at is null)
		then
			return query values ('basis', 'reject', 'report_basis_missing', '2.3.4', '{}'::text[]);
		end if;
		if not ticket_workflow.mentions(written, ticket_workflow.rulebook_setting(t.rulebook, 'words_conclusion')) then
			return query values ('N1', 'reject', 'report_conclusion_missing', '2.3.4', '{}'::text[]);
		end if;
	end if;

	-- 2.3.6: what repeated petitions ask of the text, for the reviewer's eye
	repeats := r.repeat_kinds;
	if repeats <> '{}' and not ticket_workflow.mentions(written, ticket_workflow.rulebook_setting(t.rulebook, 'words_earlier_handling')) then
		return query values ('N2', 'review', 'report_earlier_handling_missing',
			case when 'same_person' = any (repeats) then '2.3.6.1' else '2.3.6.2' end, '{}'::text[]);
	end if;
	if 'several_persons' = any (repeats) then
		if not ticket_workflow.mentions(written, ticket_workflow.rulebook_setting(t.rulebook, 'words_background')) then
			return query values ('N3', 'review', 'report_background_missing', '2.3.6.2', '{}'::text[]);
		end if;
		select string_agg(o.number, ', ' order by o.number) into missing
			from ticket_workflow.repeated_ticket(t.ticket_id) o
			where o.repeat_kind = 'several_persons' and o.other_id <> t.ticket_id and strpos(written, o.number) = 0;
		if missing is not null then
			return query values ('N4', 'review', 'report_ticket_numbers_missing', '2.3.6.2', array[missing]);
		end if;
	end if;

	-- 2.3.6.3: asked for, not blocking, and for a person to confirm
	if ticket_workflow.matters_of_petitioner(t.ticket_id)
		>= ticket_workflow.rulebook_setting(t.rulebook, 'repeat_several_matters')::integer
	then
		return query values ('coordination', 'advice', 'report_coordination', '2.3.6.3',
			array[ticket_workflow.matters_of_petitioner(t.ticket_id)::text]);
	end if;

	-- A4.2.7, 2.3.1: what the assisting departments did belongs into the report
	for item in
		select o.name, a.done_at
		from ticket_workflow.ticket_assist a
			join ticket_workflow.organization o using (organization_id)
		where a.ticket_id = t.ticket_id and (a.done_at is null or strpos(written, o.name) = 0)
		order by o.name
	loop
		return query values ('assistance', 'review',
			case when item.done_at is null then 'report_assistance_open' else 'report_assistance_not_told' end,
			case when item.done_at is null then '2.3.1' else 'A4.2.7' end, array[item.name]);
	end loop;

	if r.responsible_phone is not null and not facts.own_phone then
		return query values ('responsible_phone', 'review', 'report_phone_not_own', 'A4.1.6', array[r.responsible_phone]);
	end if;
end
$$;
comment on function ticket_workflow.report_row_findings(ticket_workflow.report, ticket_workflow.ticket) is
	'What the ticket''s own rows say of its report: findings and their relation, plan, contacts, recordings, site, basis, repetition, assistance; message is a key, args its arguments';

-- Fields and recorded facts count as elements too (A4.1): what the text lacks and they have is advice.
create or replace function ticket_workflow.report_findings(report ticket_workflow.report, ticket ticket_workflow.ticket)
	returns table (ordinal integer, code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r constant ticket_workflow.report := report_findings.report;
	facts record;
	has_evidence boolean;
	has_photo boolean;
begin
	facts := ticket_workflow.report_facts(r, report_findings.ticket);
	select count(*) > 0, coalesce(bool_or(e.kind = 'photo'), false) into has_evidence, has_photo
		from ticket_workflow.evidence e
		where e.ticket_id = r.ticket_id and e.voided_at is null;
	return query
		select (row_number() over (order by all_of.by_rows, all_of.start_pos nulls last, all_of.code, all_of.message))::integer,
			all_of.code, all_of.severity, all_of.start_pos, all_of.length, all_of.excerpt, all_of.message, all_of.clause
		from (
			select false as by_rows, x.code,
				case when x.severity = 'reject' and case x.code
						when 'E1' then facts.first_contact_at is not null
						when 'E2' then r.fact_finding is not null
						when 'E5' then r.responsible_person is not null
						when 'E6' then facts.own_phone
						when 'E7' then facts.first_contact_at is not null and (facts.replied_at is not null or facts.failed) and has_evidence
						-- nobody to ask: photos of the site stand in for the call (A4.2.5)
						when 'P5' then not facts.has_phone and has_photo
						else false
					end then 'advice' else x.severity end as severity,
				x.start_pos, x.length, x.excerpt, x.message, x.clause
			from ticket_workflow.report_text_findings(r.report_id) x
			union all
			select true, d.code, d.severity, null, null, null, ticket_workflow.message_text(d.message, d.args), d.clause
			from ticket_workflow.report_row_findings(r, report_findings.ticket) d
		) all_of;
end
$$;
comment on function ticket_workflow.report_findings(ticket_workflow.report, ticket_workflow.ticket) is
	'All findings of a report, text and rows together, numbered as the reviewer cites them';
