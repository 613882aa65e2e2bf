-- What the recorded facts are worth: one judgement per kind of fact, called wherever something relies on it
-- (clocks, returns, reports), and the moment at which a clock's facts were complete.
-- May touch: nothing; reads contact, site_visit, platform_report, evidence, petitioner.

-- Evidence tells of the moment it was taken; where nobody says when, of the moment it was added.
create or replace function ticket_workflow.evidence_time(evidence ticket_workflow.evidence) returns timestamptz
	language sql immutable parallel safe
	return case when evidence.voided_at is null then coalesce(evidence.taken_at, evidence.added_at) end;
comment on function ticket_workflow.evidence_time(ticket_workflow.evidence) is
	'When a piece of evidence was there; NULL for a voided one';

-- PL/pgSQL for its kept plan: an SQL function with a subquery is planned at every call.
create or replace function ticket_workflow.contact_proof(contact ticket_workflow.contact, kind text) returns timestamptz
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	shown_at timestamptz;
begin
	select min(ticket_workflow.evidence_time(e)) into shown_at
		from ticket_workflow.evidence e
		where e.contact_id = contact_proof.contact.contact_id and e.ticket_id = contact_proof.contact.ticket_id
			and e.kind = contact_proof.kind and e.voided_at is null;
	return case when shown_at is not null then greatest(contact_proof.contact.occurred_at, shown_at) end;
end
$$;
comment on function ticket_workflow.contact_proof(ticket_workflow.contact, text) is
	'When a contact and its evidence of that kind were both there; NULL without such evidence';

create or replace function ticket_workflow.contact_reached(contact ticket_workflow.contact) returns boolean
	language sql immutable parallel safe
	return contact.voided_at is null and contact.outcome = 'reached';
comment on function ticket_workflow.contact_reached(ticket_workflow.contact) is 'Did this contact reach the petitioner';

-- 联系未果附上通话记录截图，诉求人为手机号时以短信形式告知并截图 (2.3.3, 2.4.1)
create or replace function ticket_workflow.contact_valid(contact ticket_workflow.contact) returns boolean
	language sql stable parallel safe
	return contact.voided_at is null and case contact.outcome
		when 'reached' then true
		when 'sent' then contact.channel <> 'sms' or ticket_workflow.contact_proof(contact_valid.contact, 'sms_screenshot') is not null
		else contact.channel in ('ip_phone', 'mobile_phone')
			and ticket_workflow.contact_proof(contact_valid.contact, 'call_log') is not null end;
comment on function ticket_workflow.contact_valid(ticket_workflow.contact) is
	'Does a contact count: one that reached the petitioner by itself, a failed call with its call log, a text message with its screenshot (2.4.1)';

create or replace function ticket_workflow.site_visit_time(visit ticket_workflow.site_visit) returns timestamptz
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	shown_at timestamptz;
begin
	if visit.voided_at is not null then
		return null;
	end if;
	if visit.no_site then
		return visit.occurred_at;
	end if;
	select min(ticket_workflow.evidence_time(e)) into shown_at
		from ticket_workflow.evidence e
		where e.visit_id = site_visit_time.visit.visit_id and e.ticket_id = site_visit_time.visit.ticket_id
			and e.kind = 'photo' and e.voided_at is null;
	return case when shown_at is not null then greatest(visit.occurred_at, shown_at) end;
end
$$;
comment on function ticket_workflow.site_visit_time(ticket_workflow.site_visit) is
	'When a visit and its photo were both there, or no site was declared; NULL for a visit without a photo';

create or replace function ticket_workflow.site_visit_valid(visit ticket_workflow.site_visit) returns boolean
	language sql stable parallel safe
	return ticket_workflow.site_visit_time(visit) is not null;
comment on function ticket_workflow.site_visit_valid(ticket_workflow.site_visit) is
	'Does a visit count: with a photo of the site, or declared to have none (2.3.2.2)';

create or replace function ticket_workflow.platform_report_valid(report ticket_workflow.platform_report) returns boolean
	language sql immutable parallel safe
	return report.voided_at is null and btrim(report.receipt) <> '';
comment on function ticket_workflow.platform_report_valid(ticket_workflow.platform_report) is
	'Does a report to a platform count: only with its receipt (2.3.2.1)';

-- What is still missing for "contact properly failed", as counts; failed_at is NULL until nothing is.
create or replace function ticket_workflow.failed_contact(ticket ticket_workflow.ticket, dispatch_round integer, since timestamptz,
		out attempts integer, out counted integer, out needed integer, out minutes integer, out text_missing boolean, out failed_at timestamptz)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	gap interval;
	happened timestamptz[];
	proven timestamptz[];
	told timestamptz;
	moment timestamptz;
	last_counted timestamptz;
	chain integer;
begin
	needed := ticket_workflow.rulebook_setting(failed_contact.ticket.rulebook, 'failed_contact_attempts')::integer;
	minutes := ticket_workflow.rulebook_setting(failed_contact.ticket.rulebook, 'failed_contact_minutes')::integer;
	gap := make_interval(mins => minutes);

	select count(*), array_agg(c.occurred_at order by c.occurred_at, c.contact_id) filter (where proof is not null),
			array_agg(proof order by c.occurred_at, c.contact_id) filter (where proof is not null)
		into attempts, happened, proven
		from ticket_workflow.contact c,
			ticket_workflow.contact_proof(c.*, 'call_log') as proof
		where c.ticket_id = failed_contact.ticket.ticket_id and c.dispatch_round = failed_contact.dispatch_round
			and c.purpose = 'first_contact' and c.outcome = 'not_reached' and c.channel in ('ip_phone', 'mobile_phone')
			and c.voided_at is null and (failed_contact.since is null or c.occurred_at >= failed_contact.since);

	-- a mobile can be told in writing, so it must be
	text_missing := false;
	if (select p.phone_is_mobile from ticket_workflow.petitioner p where p.petitioner_id = failed_contact.ticket.petitioner_id) then
		select min(proof) into told
			from ticket_workflow.contact c,
				ticket_workflow.contact_proof(c.*, 'sms_screenshot') as proof
			where c.ticket_id = failed_contact.ticket.ticket_id and c.dispatch_round = failed_contact.dispatch_round
				and c.purpose = 'first_contact' and c.channel = 'sms' and c.voided_at is null
				and c.outcome in ('sent', 'reached')
				and (failed_contact.since is null or c.occurred_at >= failed_contact.since);
		text_missing := told is null;
	end if;

	-- the first moment at which enough attempts with call logs were there, each far enough from the one before;
	-- attempts made in between do no harm
	counted := 0;
	for moment in select distinct p from unnest(proven) p order by p loop
		chain := 0;
		last_counted := null;
		for i in 1 .. cardinality(proven) loop
			if proven[i] <= moment and (last_counted is null or happened[i] >= last_counted + gap) then
				chain := chain + 1;
				last_counted := happened[i];
			end if;
		end loop;
		counted := chain;
		if chain >= needed then
			if not text_missing then
				failed_at := greatest(moment, told);
			end if;
			return;
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.failed_contact(ticket_workflow.ticket, integer, timestamptz) is
	'How far a department''s first contact of that dispatch has properly failed: attempts, those that count, whether the text message is missing, and since when it holds (2.4.1)';

-- The moment at which the facts first satisfied a clock; what happened before since is another round's.
create or replace function ticket_workflow.fact_time(ticket ticket_workflow.ticket, clock text, dispatch_round integer, since timestamptz)
	returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	moment timestamptz;
	tried boolean;
begin
	case fact_time.clock
	when 'center_contact' then
		-- 电话或短信联系来电人: a text message is enough
		select min(c.occurred_at) into moment
			from ticket_workflow.contact c
				join ticket_workflow.organization o on o.organization_id = c.organization_id and o.kind = 'center'
			where c.ticket_id = fact_time.ticket.ticket_id and c.purpose = 'center_notice' and c.voided_at is null
				and (c.outcome = 'reached' or c.channel = 'sms' and c.outcome = 'sent')
				and (fact_time.since is null or c.occurred_at >= fact_time.since);
	when 'first_contact' then
		select min(c.occurred_at) filter (where c.dispatch_round = fact_time.dispatch_round and ticket_workflow.contact_reached(c.*)
					and (fact_time.since is null or c.occurred_at >= fact_time.since)),
				coalesce(bool_or(c.outcome = 'not_reached'), false)
			into moment, tried
			from ticket_workflow.contact c
			where c.ticket_id = fact_time.ticket.ticket_id and c.purpose = 'first_contact';
		if tried then
			moment := least(moment,
				(ticket_workflow.failed_contact(fact_time.ticket, fact_time.dispatch_round, fact_time.since)).failed_at);
		end if;
	when 'site_visit' then
		select min(ticket_workflow.site_visit_time(v.*)) into moment
			from ticket_workflow.site_visit v
			where v.ticket_id = fact_time.ticket.ticket_id and v.dispatch_round = fact_time.dispatch_round
				and (fact_time.since is null or v.occurred_at >= fact_time.since);
	when 'urgent_report' then
		-- who reports the completion has reported how the matter stands
		select min(r.occurred_at) into moment
			from ticket_workflow.platform_report r
			where r.ticket_id = fact_time.ticket.ticket_id and r.platform = 'district' and r.kind in ('progress', 'completion')
				and ticket_workflow.platform_report_valid(r.*)
				and (fact_time.since is null or r.occurred_at >= fact_time.since);
	when 'urgent_completion' then
		select min(r.occurred_at) into moment
			from ticket_workflow.platform_report r
			where r.ticket_id = fact_time.ticket.ticket_id and r.platform = 'district' and r.kind = 'completion'
				and ticket_workflow.platform_report_valid(r.*)
				and (fact_time.since is null or r.occurred_at >= fact_time.since);
	else
		null;
	end case;
	return moment;
end
$$;
comment on function ticket_workflow.fact_time(ticket_workflow.ticket, text, integer, timestamptz) is
	'Earliest moment at which the recorded facts satisfy a clock of facts (center_contact, first_contact, site_visit, urgent_report, urgent_completion); NULL if they do not yet';

-- 无论是接单还是退单，有联系方式的工单都需与市民做好先行联系 (2.4.1)
create or replace function ticket_workflow.first_contact_problems(ticket ticket_workflow.ticket, dispatch_round integer, since timestamptz)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	failed record;
begin
	if not ticket_workflow.has_contact(first_contact_problems.ticket)
		or ticket_workflow.fact_time(first_contact_problems.ticket, 'first_contact', first_contact_problems.dispatch_round,
			first_contact_problems.since) is not null then
		return;
	end if;
	select * into failed from ticket_workflow.failed_contact(first_contact_problems.ticket,
		first_contact_problems.dispatch_round, first_contact_problems.since);
	if failed.attempts = 0 then
		return query select 'first_contact_missing'::text, '2.4.1'::text, '{}'::text[];
		return;
	end if;
	if failed.counted < failed.needed then
		return query select 'failed_contact_attempts'::text, '2.4.1'::text,
			array[failed.needed, failed.minutes, failed.attempts, failed.counted]::text[];
	end if;
	if failed.text_missing then
		return query select 'failed_contact_text'::text, '2.4.1'::text, '{}'::text[];
	end if;
end
$$;
comment on function ticket_workflow.first_contact_problems(ticket_workflow.ticket, integer, timestamptz) is
	'What is missing for the first contact of a dispatch: nothing when the petitioner was reached, cannot be reached, or contact properly failed (2.4.1)';
