-- Whose signature is needed for what, and which one counts: the rules of approval_rule applied to
-- reports, returns, transfers and extensions.
-- May touch: nothing.

create or replace function ticket_workflow.subject_ticket(subject text, subject_id bigint) returns bigint
	language sql stable
	return case subject_ticket.subject
		when 'report' then (select r.ticket_id from ticket_workflow.report r where r.report_id = subject_ticket.subject_id)
		when 'return' then (select r.ticket_id from ticket_workflow.ticket_return r where r.return_id = subject_ticket.subject_id)
		when 'extension' then (select x.ticket_id from ticket_workflow.limit_extension x where x.extension_id = subject_ticket.subject_id)
		else (select t.ticket_id from ticket_workflow.ticket t where t.ticket_id = subject_ticket.subject_id)
	end;
comment on function ticket_workflow.subject_ticket(text, bigint) is 'The ticket a report, return, transfer or extension belongs to';

create or replace function ticket_workflow.digest_fields(variadic fields text[]) returns bytea
	language c immutable parallel safe as 'MODULE_PATHNAME', 'tw_sql_digest_fields';
comment on function ticket_workflow.digest_fields(text[]) is
	'SHA-256 over the canonical bytes of fields: a version, each with its length before it, NULL apart from empty';

-- What a signature is bound to: canonical bytes, so that no setting of a session changes them. A new
-- layout is a new version (report/2), under which old signatures no longer count as current.
create or replace function ticket_workflow.subject_digest(subject text, subject_id bigint) returns bytea
	language sql stable
	return case subject_digest.subject
		when 'report' then (
			select ticket_workflow.digest_fields('report/1', r.report_id::text, r.body, r.points,
				r.fact_finding, r.claim_finding, r.handling_result)
			from ticket_workflow.report r where r.report_id = subject_digest.subject_id)
		when 'return' then (
			select ticket_workflow.digest_fields('return/1', r.return_id::text, r.ground, r.reason, r.should_go_to, r.upward)
			from ticket_workflow.ticket_return r where r.return_id = subject_digest.subject_id)
		-- before the transfer there is no other paper than the ticket itself
		when 'transfer' then (
			select ticket_workflow.digest_fields('transfer/1', t.ticket_id::text, t.dispatch_round::text, t.appeal, t.place,
				t.matter_id::text)
			from ticket_workflow.ticket t where t.ticket_id = subject_digest.subject_id)
		-- so many days for this clock and this reason, not whatever is asked for later
		when 'extension' then (
			select ticket_workflow.digest_fields('extension/1', x.extension_id::text, x.clock_id::text, x.working_days::text, x.reason)
			from ticket_workflow.limit_extension x where x.extension_id = subject_digest.subject_id)
	end;
comment on function ticket_workflow.subject_digest(text, bigint) is
	'SHA-256 of what is signed: body, points and findings of a report; ground, reason, target and direction of a return; days and reason of an extension; the ticket for a transfer';

create or replace function ticket_workflow.center_organization(center_id bigint) returns bigint
	language sql stable
	return (select o.organization_id from ticket_workflow.organization o
		where o.center_id = center_organization.center_id and o.kind = 'center'
		order by o.organization_id limit 1);
comment on function ticket_workflow.center_organization(bigint) is 'The organization that the center itself is';

create or replace function ticket_workflow.post_may_sign(post_id bigint, "position" text, organization_id bigint) returns boolean
	language sql stable
	-- a higher post may sign for a lower one, over the same organization; the principal leader stands over
	-- all of the center's, and a leader of an area is none of the center
	return exists (
		select
		from ticket_workflow.post p
			join ticket_workflow.position held on held.position = p.position
			join ticket_workflow.position least on least.position = post_may_sign.position
			join ticket_workflow.organization o on o.organization_id = p.organization_id
		where p.post_id = post_may_sign.post_id and held.rank >= least.rank and p.area_id is null
			and (p.organization_id = post_may_sign.organization_id
				or p.position = 'principal_leader' and o.kind = 'center'
					and o.center_id = ticket_workflow.center_of(post_may_sign.organization_id)));
comment on function ticket_workflow.post_may_sign(bigint, text, bigint) is
	'Whether a post is high enough and over the organization for a signature';

create or replace function ticket_workflow.led_duty_at(official_id bigint, center_id bigint, at timestamptz) returns boolean
	language sql stable
	return exists (
		select from ticket_workflow.duty_roster d
		where d.center_id = led_duty_at.center_id and d.leader_id = led_duty_at.official_id
			and d.starts_at <= led_duty_at.at and led_duty_at.at < d.ends_at);
comment on function ticket_workflow.led_duty_at(bigint, bigint, timestamptz) is 'Whether an official was the leader on duty of a center at that moment';

create or replace function ticket_workflow.signature_serves(approval ticket_workflow.approval, "position" text, organization_id bigint,
		or_leader_on_duty boolean) returns boolean
	language sql stable
	-- one signature may serve several rules; a changed text has another digest, whatever the state says,
	-- and a signature on paper stands on its image
	return (ticket_workflow.post_may_sign((approval).post_id, signature_serves.position, signature_serves.organization_id)
			or signature_serves.or_leader_on_duty
				and ticket_workflow.led_duty_at((approval).signer_id, (approval).center_id, (approval).signed_at))
		and ((approval).image_id is null or exists (
			select from ticket_workflow.evidence e where e.evidence_id = (approval).image_id and e.voided_at is null))
		and (approval).digest = ticket_workflow.subject_digest((approval).subject, (approval).subject_id);
comment on function ticket_workflow.signature_serves(ticket_workflow.approval, text, bigint, boolean) is
	'Whether a valid signature satisfies a demand: post or duty, the text as it stands, the image of a paper one';

-- A branch per subject, its name a constant: whoever asks for one subject reads no table of the others.
create or replace view ticket_workflow.signature_demand with (security_invoker = true) as
	select d.center_id, d.ticket_id, d.subject, d.subject_id, d.subject_state, d.since, d.rule, d.position, d.relation,
		d.organization_id, d.or_leader_on_duty, d.clause, (
			select a.approval_id
			from ticket_workflow.approval a
			where a.subject = d.subject and a.subject_id = d.subject_id and a.state = 'valid'
				and ticket_workflow.signature_serves(a.*, d.position, d.organization_id, d.or_leader_on_duty)
			order by a.signed_at, a.approval_id limit 1
		) as approval_id,
		d.external_no, d.ticket_state, d.in_territory
	from (
		select t.center_id, t.ticket_id, 'report'::text as subject, r.report_id as subject_id, r.state as subject_state,
			coalesce(r.submitted_at, r.saved_at) as since,
			a.rule, a.position, a.relation,
			case a.relation when 'lead' then t.lead_department_id else ticket_workflow.center_organization(t.center_id) end as organization_id,
			a.or_leader_on_duty, a.clause, t.external_no, t.state as ticket_state, t.in_territory
		from ticket_workflow.report r
			join ticket_workflow.ticket t on t.ticket_id = r.ticket_id
			join ticket_workflow.approval_rule a on a.rulebook = t.rulebook and a.subject = 'report'
				and (a.kind is null or a.kind = t.kind)
				and (a.source is null or a.source = t.source)
				and (a.fact_finding is null or a.fact_finding = r.fact_finding)
				and (a.starred is null or a.starred = exists (
					select from ticket_workflow.finding_option o
					where o.rulebook = t.rulebook and o.dimension = 'fact_finding' and o.category = t.category
						and o.code = r.fact_finding and o.starred))
				and (a.repeat_kind is null or a.repeat_kind = any (r.repeat_kinds))
		union all
		select t.center_id, t.ticket_id, 'return', r.return_id, r.state, r.requested_at,
			a.rule, a.position, a.relation,
			case a.relation when 'lead' then r.organization_id else ticket_workflow.center_organization(t.center_id) end,
			a.or_leader_on_duty, a.clause, t.external_no, t.state, t.in_territory
		from ticket_workflow.ticket_return r
			join ticket_workflow.ticket t on t.ticket_id = r.ticket_id
			join ticket_workflow.approval_rule a on a.rulebook = t.rulebook and a.subject = 'return'
				and (a.kind is null or a.kind = t.kind)
				and (a.source is null or a.source = t.source)
				and (a.min_ordinal is null or r.ordinal >= a.min_ordinal)
				and (a.upward is null or a.upward = (r.upward is not null))
		union all
		select t.center_id, t.ticket_id, 'transfer', t.ticket_id, t.state, t.state_at,
			a.rule, a.position, a.relation,
			case a.relation when 'lead' then t.lead_department_id else ticket_workflow.center_organization(t.center_id) end,
			a.or_leader_on_duty, a.clause, t.external_no, t.state, t.in_territory
		from ticket_workflow.ticket t
			join ticket_workflow.approval_rule a on a.rulebook = t.rulebook and a.subject = 'transfer'
				and (a.kind is null or a.kind = t.kind)
				and (a.source is null or a.source = t.source)
		union all
		select t.center_id, t.ticket_id, 'extension', x.extension_id, x.state, x.requested_at,
			a.rule, a.position, a.relation,
			case a.relation when 'lead' then x.organization_id else ticket_workflow.center_organization(t.center_id) end,
			a.or_leader_on_duty, a.clause, t.external_no, t.state, t.in_territory
		from ticket_workflow.limit_extension x
			join ticket_workflow.ticket t on t.ticket_id = x.ticket_id
			join ticket_workflow.approval_rule a on a.rulebook = t.rulebook and a.subject = 'extension'
				and (a.kind is null or a.kind = t.kind)
				and (a.source is null or a.source = t.source)
	) d;
comment on view ticket_workflow.signature_demand is
	'Every signature the rules ask for, with the approval that satisfies it; NULL: missing';

-- signature_demand is large: planning it anew for each call cost ten times its reading, here and in the two that judge signatures.
create or replace function ticket_workflow.required_signatures(subject text, subject_id bigint)
	returns table (rule text, "position" text, relation text, organization_id bigint, or_leader_on_duty boolean, clause text, approval_id bigint)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	code constant text := ticket_workflow.code_of('approval_subject', required_signatures.subject, 'subject');
	t ticket_workflow.ticket;
begin
	select x.* into t
		from ticket_workflow.ticket x
		where x.ticket_id = ticket_workflow.subject_ticket(code, required_signatures.subject_id);
	-- what one may not see answers as if it did not exist: nothing is needed
	if not found or not ticket_workflow.may_see(t) then
		return;
	end if;
	return query
		select d.rule, d.position, d.relation, d.organization_id, d.or_leader_on_duty, d.clause,
			d.approval_id
		from ticket_workflow.signature_demand d
		where d.subject = code and d.subject_id = required_signatures.subject_id
		order by d.rule;
end
$$;
comment on function ticket_workflow.required_signatures(text, bigint) is
	'Signatures that a report, return, transfer or extension needs: rule, least position, over which organization, clause, and the approval that satisfies it (NULL: missing)';

create or replace function ticket_workflow.signature_problems(subject text, subject_id bigint)
	returns table (message text, clause text, args text[])
	language sql stable
begin atomic
	select 'signature_missing', d.clause,
		array[ticket_workflow.label('position', d.position), coalesce(o.name, '–'),
			ticket_workflow.label('approval_subject', d.subject)]
	from ticket_workflow.signature_demand d
		left join ticket_workflow.organization o on o.organization_id = d.organization_id
	where d.subject = signature_problems.subject and d.subject_id = signature_problems.subject_id
		and d.approval_id is null
	order by d.rule;
end;
comment on function ticket_workflow.signature_problems(text, bigint) is
	'Signatures that are still missing, one line per rule that applies; message is a key';
