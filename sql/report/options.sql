-- Options of annexes 3 and 5: from what people write to codes, and what a combination is worth.
-- May touch: nothing; reads finding_option, finding_relation, rulebook_setting.

create or replace function ticket_workflow.finding_code(rulebook text, category text, dimension text, given text) returns text
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	wanted constant text := lower(btrim(finding_code.given));
	code text;
	allowed text;
begin
	if coalesce(wanted, '') = '' then
		return null;
	end if;
	select o.code into code
		from ticket_workflow.finding_option o
		where o.rulebook = finding_code.rulebook and o.dimension = finding_code.dimension
			and o.category = finding_code.category and wanted in (o.code, o.zh, lower(o.en))
		order by o.code <> wanted limit 1;
	if code is not null then
		return code;
	end if;

	select string_agg(format('%s (%s)', o.code, case ticket_workflow.language() when 'en' then o.en else o.zh end),
			', ' order by o.ordinal)
		into allowed
		from ticket_workflow.finding_option o
		where o.rulebook = finding_code.rulebook and o.dimension = finding_code.dimension
			and o.category = finding_code.category;
	-- known, but of another category: that is the relation of annexes 3 and 5, not a slip of the pen
	if exists (
		select from ticket_workflow.finding_option o
		where o.rulebook = finding_code.rulebook and o.dimension = finding_code.dimension
			and wanted in (o.code, o.zh, lower(o.en)))
	then
		if allowed is null then
			perform ticket_workflow.fail('finding_not_for_category', 'A5',
				ticket_workflow.label('finding_dimension', finding_code.dimension),
				ticket_workflow.label('category', finding_code.category));
		end if;
		perform ticket_workflow.fail('finding_of_other_category', case finding_code.dimension when 'fact_finding' then 'A3' else 'A5' end,
			ticket_workflow.label('finding_dimension', finding_code.dimension), finding_code.given,
			ticket_workflow.label('category', finding_code.category), allowed);
	end if;
	perform ticket_workflow.fail('finding_unknown', case finding_code.dimension when 'fact_finding' then 'A3' else 'A5' end,
		ticket_workflow.label('finding_dimension', finding_code.dimension), left(finding_code.given, 100), allowed);
	return null;
end
$$;
comment on function ticket_workflow.finding_code(text, text, text, text) is
	'Code of a finding given as code, Chinese or English, within the rulebook and category; TW007 for an option of another category, TW006 for an unknown one';

create or replace function ticket_workflow.finding_label(rulebook text, dimension text, category text, code text) returns text
	language sql stable parallel safe
	return (select case when ticket_workflow.language() = 'en' then o.en else o.zh end
			from ticket_workflow.finding_option o
			where o.rulebook = finding_label.rulebook and o.dimension = finding_label.dimension
				and o.category = finding_label.category and o.code = finding_label.code);
comment on function ticket_workflow.finding_label(text, text, text, text) is
	'What a finding is called in the session''s language';

create or replace function ticket_workflow.relation_verdict(rulebook text, category text, fact_finding text,
		claim_finding text, handling_result text) returns text
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	-- annex 5 itself is not known to us: what our table does not list is warned, never refused
	return coalesce((select r.verdict
			from ticket_workflow.finding_relation r
			where r.rulebook = relation_verdict.rulebook and r.category = relation_verdict.category
				and r.fact_finding = relation_verdict.fact_finding
				and r.claim_finding is not distinct from relation_verdict.claim_finding
				and r.handling_result = relation_verdict.handling_result), 'warn');
end
$$;
comment on function ticket_workflow.relation_verdict(text, text, text, text, text) is
	'What annex 5 says of a combination of findings: allow, or warn (also for what it does not list), which needs a reason';

create or replace function ticket_workflow.mentions(body text, words text) returns boolean
	language sql immutable parallel safe
	-- words of a setting: plain, separated by |
	return exists (select from string_to_table(words, '|') as w (word) where w.word <> '' and strpos(body, w.word) > 0);
comment on function ticket_workflow.mentions(text, text) is 'Whether a text holds one of the words, which stand separated by |';

-- "The same thing" is what a person linked to one incident, and beyond that what a machine can tell: the
-- same telephone with the same matter, or the same matter at the same place. Tickets up to this one
-- count, so that the answer does not change once a report is signed; a callback review is the
-- platform's question, not another complaint, and what was withdrawn was none.
-- For one ticket or for a month of them: each is looked for by indexes, whatever the planner thinks of their number.
create or replace function ticket_workflow.repeated_tickets(ticket_ids bigint[])
	returns table (ticket_id bigint, repeat_kind text, other_id bigint, number text, person text)
	language plpgsql stable security definer rows 1000
	set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
	return query
		with given as materialized (
			select t.ticket_id, t.center_id, t.rulebook, t.matter_id, t.place, t.received_at, p.phone
			from unnest(repeated_tickets.ticket_ids) g (ticket_id)
				join ticket_workflow.ticket t on t.ticket_id = g.ticket_id
				left join ticket_workflow.petitioner p on p.petitioner_id = t.petitioner_id
		), span as materialized (
			select r.rulebook, make_interval(hours => 24 * ticket_workflow.rulebook_setting(r.rulebook, 'repeat_span_days')::integer) as length
			from (select distinct g.rulebook from given g) r
		), this as materialized (
			select g.*, g.received_at - s.length as since from given g left join span s on s.rulebook = g.rulebook
		)
		select x.ticket_id, 'same_person', t.ticket_id, coalesce(t.external_no, t.ticket_id::text), p.phone
			from this x
				join ticket_workflow.petitioner p on p.center_id = x.center_id and p.phone = x.phone
				join ticket_workflow.ticket t on t.petitioner_id = p.petitioner_id
			where t.matter_id = x.matter_id and t.kind <> 'callback_review' and t.state <> 'withdrawn'
				and (t.received_at, t.ticket_id) <= (x.received_at, x.ticket_id) and t.received_at > x.since
		union all
		select x.ticket_id, 'several_persons', t.ticket_id, coalesce(t.external_no, t.ticket_id::text),
				coalesce(p.phone, 'petitioner ' || t.petitioner_id::text, 'ticket ' || t.ticket_id::text)
			from this x
				-- offset 0: the place finds the few, the span of time would read a year of the desk
				cross join lateral (
					select o.* from ticket_workflow.ticket o
					where o.center_id = x.center_id and o.matter_id = x.matter_id
						and hashtextextended(o.place, 0) = hashtextextended(x.place, 0) and o.place = x.place
					offset 0
				) t
				left join ticket_workflow.petitioner p on p.petitioner_id = t.petitioner_id
			where t.kind <> 'callback_review' and t.state <> 'withdrawn'
				and (t.received_at, t.ticket_id) <= (x.received_at, x.ticket_id) and t.received_at > x.since
		-- linked by a person: however long ago. A ticket found both ways counts once
		union
		select x.ticket_id, unnest(case when p.phone = x.phone then array['same_person', 'several_persons'] else array['several_persons'] end),
				t.ticket_id, coalesce(t.external_no, t.ticket_id::text),
				coalesce(p.phone, 'petitioner ' || t.petitioner_id::text, 'ticket ' || t.ticket_id::text)
			from this x
				join ticket_workflow.incident_ticket mine on mine.ticket_id = x.ticket_id and mine.unlinked_at is null
				join ticket_workflow.incident_ticket l on l.incident_id = mine.incident_id and l.unlinked_at is null
				join ticket_workflow.ticket t on t.ticket_id = l.ticket_id
				left join ticket_workflow.petitioner p on p.petitioner_id = t.petitioner_id
			where t.ticket_id = x.ticket_id or t.kind <> 'callback_review' and t.state <> 'withdrawn'
				and (t.received_at, t.ticket_id) <= (x.received_at, x.ticket_id);
end
$$;
comment on function ticket_workflow.repeated_tickets(bigint[]) is
	'Tickets that say the same thing as each of these, itself included: by the same telephone (same_person), at the same place (several_persons). For the extension''s own use: person is a telephone';

create or replace function ticket_workflow.repeated_ticket(ticket_id bigint)
	returns table (repeat_kind text, other_id bigint, number text, person text)
	language plpgsql stable security definer rows 10 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query select r.repeat_kind, r.other_id, r.number, r.person from ticket_workflow.repeated_tickets(array[repeated_ticket.ticket_id]) r;
end
$$;
comment on function ticket_workflow.repeated_ticket(bigint) is
	'Tickets that say the same thing as this one, itself included; as repeated_tickets()';

create or replace function ticket_workflow.repeat_kind_of(ticket_id bigint) returns setof text
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	rulebook_of_ticket text;
begin
	select t.rulebook into rulebook_of_ticket from ticket_workflow.ticket t where t.ticket_id = repeat_kind_of.ticket_id;
	return query
		select r.repeat_kind
		from ticket_workflow.repeated_ticket(repeat_kind_of.ticket_id) r
		group by r.repeat_kind
		having case r.repeat_kind
			when 'same_person' then count(*)
				>= ticket_workflow.rulebook_setting(rulebook_of_ticket, 'repeat_same_person')::integer
			else count(distinct r.person)
				>= ticket_workflow.rulebook_setting(rulebook_of_ticket, 'repeat_several_persons')::integer
		end;
end
$$;
comment on function ticket_workflow.repeat_kind_of(bigint) is
	'Whether a ticket repeats a matter: same_person (the third of the same telephone, 2.3.6.1), several_persons (2.3.6.2); none, one or both';

create or replace function ticket_workflow.matters_of_petitioner(ticket_id bigint) returns integer
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (
		select count(distinct o.matter_id)::integer
		from ticket_workflow.ticket t
			join ticket_workflow.petitioner p on p.petitioner_id = t.petitioner_id
			join ticket_workflow.petitioner q on q.center_id = p.center_id and q.phone = p.phone
			join ticket_workflow.ticket o on o.petitioner_id = q.petitioner_id
		where t.ticket_id = matters_of_petitioner.ticket_id and o.state <> 'withdrawn' and o.kind <> 'callback_review'
			and (o.received_at, o.ticket_id) <= (t.received_at, t.ticket_id)
			and o.received_at > t.received_at - make_interval(hours =>
				24 * ticket_workflow.rulebook_setting(t.rulebook, 'repeat_span_days')::integer));
end
$$;
comment on function ticket_workflow.matters_of_petitioner(bigint) is
	'How many different matters the same telephone has brought up to this ticket (2.3.6.3)';
