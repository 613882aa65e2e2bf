-- Accountability candidates (3.8): what the rows of a ticket show by accountability_rule, and what discipline
-- inspection decides.
-- May touch: accountability_case, accountability_decision, notice; the journal.

-- What holds now, for these tickets: one row per ticket and item, of several grounds the earliest.
-- Facts are codes, numbers and times. Nothing here depends on when it is asked, but for what still runs.
create or replace function ticket_workflow.accountability_grounds(tickets bigint[])
	returns table (ticket_id bigint, item text, ground text, occurred_at timestamptz, department_id bigint, facts jsonb, clause text)
	language plpgsql stable rows 100 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	at constant timestamptz := ticket_workflow.now();
begin
	return query
	with t as materialized (
		select r.* from ticket_workflow.ticket r
		where r.ticket_id = any (accountability_grounds.tickets)
	), passed as materialized (
		-- the report that answered, the petitioner's latest word after it, how often it was asked
		select distinct on (r.ticket_id) r.ticket_id, r.report_id, r.organization_id, r.fact_finding, r.claim_finding,
			r.handling_result, r.reviewed_at, o.starred,
			c.contact_id, c.occurred_at as called_at, c.satisfaction, c.solved
		from t
			join ticket_workflow.report r on r.ticket_id = t.ticket_id and r.state = 'passed'
			left join ticket_workflow.finding_option o on o.rulebook = t.rulebook and o.dimension = 'fact_finding'
				and o.category = t.category and o.code = r.fact_finding
			left join lateral (
				select b.contact_id, b.occurred_at, b.satisfaction, b.solved from ticket_workflow.contact b
				where b.ticket_id = r.ticket_id and b.purpose = 'callback' and b.outcome = 'reached' and b.voided_at is null
					and b.occurred_at >= r.reviewed_at
				order by b.occurred_at desc, b.contact_id desc limit 1) c on true
		order by r.ticket_id, r.version desc
	), found_ground as (
		-- 1 不满意工单: 处置不到位、处置效率低、服务态度差等
		select t.ticket_id, 'dissatisfied' as item, c.ground, c.nth_at as occurred_at, t.lead_department_id as department_id,
			jsonb_build_object('callbacks', c.callbacks, 'contact_id', c.contact_id) as facts
		from t
			join lateral (
				select coalesce(b.dissatisfied_with, 'unstated') as ground, count(*)::integer as callbacks,
					min(b.occurred_at) as nth_at, min(b.contact_id) as contact_id
				from ticket_workflow.contact b
				where b.ticket_id = t.ticket_id and b.purpose = 'callback' and b.satisfaction = 'dissatisfied' and b.voided_at is null
				group by 1) c on true
			join ticket_workflow.accountability_rule a on a.rulebook = t.rulebook and a.item = 'dissatisfied' and a.ground = c.ground
				and c.callbacks >= a.threshold
		union all
		-- 2 不属实工单: 工单办理意见真实性存疑
		select t.ticket_id, 'unfounded', d.ground, d.at, p.organization_id,
			jsonb_build_object('report_id', p.report_id, 'fact_finding', p.fact_finding)
		from t
			join ticket_workflow.report p on p.ticket_id = t.ticket_id and p.state = 'passed' and p.fact_finding = 'unfounded'
			cross join lateral (
				select 'callback' as ground, min(b.occurred_at) as at, count(*) as doubts from ticket_workflow.contact b
					where b.ticket_id = t.ticket_id and b.purpose = 'callback' and b.voided_at is null and b.occurred_at >= p.reviewed_at
						and (b.satisfaction = 'dissatisfied' or not b.solved)
				union all
				select 'reopened', min(j.occurred_at), count(*) from ticket_workflow.journal j
					where j.ticket_id = t.ticket_id and j.kind = 'reopen' and j.occurred_at >= p.reviewed_at
				union all
				select 'callback_review', min(o.received_at), count(*) from ticket_workflow.ticket_original l
						join ticket_workflow.ticket o on o.ticket_id = l.ticket_id and o.kind = 'callback_review'
					where l.original_id = t.ticket_id and o.received_at >= p.reviewed_at
			) d
			join ticket_workflow.accountability_rule a on a.rulebook = t.rulebook and a.item = 'unfounded' and a.ground = d.ground
				and d.doubts >= greatest(a.threshold, 1)
		union all
		-- 3 重复工单: 诉求重复三次以上未实际解决，且事实认定属实、诉求合理合法
		select t.ticket_id, 'repeated', n.ground, greatest(p.reviewed_at, case when not p.solved then p.called_at end), p.organization_id,
			jsonb_build_object('petitions', n.petitions, 'report_id', p.report_id, 'handling_result', p.handling_result)
		from t
			join passed p on p.ticket_id = t.ticket_id and p.fact_finding = 'founded' and p.claim_finding = 'reasonable'
				and coalesce(not p.solved, p.handling_result is distinct from 'solved')
			join lateral (
				select r.repeat_kind as ground, count(distinct r.other_id)::integer as petitions
				from ticket_workflow.repeated_ticket(t.ticket_id) r group by 1) n on true
			join ticket_workflow.accountability_rule a on a.rulebook = t.rulebook and a.item = 'repeated' and a.ground = n.ground
				and n.petitions >= a.threshold
		union all
		-- 4 超期工单: 联系、核实、处置、回复等环节; a same-day target is missed, not broken (3.1)
		select t.ticket_id, 'overdue', c.clock, c.due_at, coalesce(c.department_id, t.lead_department_id),
			jsonb_build_object('clock', c.clock, 'round', c.round, 'due_at', c.due_at)
		from t
			join ticket_workflow.clock c on c.ticket_id = t.ticket_id
				and (c.status = 'late' or c.status = 'running' and c.due_at < at)
				and not (c.clock = 'completion' and t.handling_class = 'same_day')
			join ticket_workflow.accountability_rule a on a.rulebook = t.rulebook and a.item = 'overdue' and a.ground = c.clock
				and coalesce(c.stopped_at, at) > c.due_at + make_interval(mins => a.threshold)
		union all
		-- 5 不当退单; the center's own wrong dispatch is none
		select t.ticket_id, 'improper_return', m.mark, r.decided_at, r.organization_id,
			jsonb_build_object('return_id', r.return_id, 'marks', r.marks, 'ordinal', r.ordinal)
		from t
			join ticket_workflow.ticket_return r on r.ticket_id = t.ticket_id and r.state in ('granted', 'refused') and not r.own_error
			cross join lateral unnest(r.marks) m (mark)
			join ticket_workflow.accountability_rule a on a.rulebook = t.rulebook and a.item = 'improper_return' and a.ground = m.mark
				and a.threshold <= 1
		union all
		-- ... and 工单空转: returned again and again
		select t.ticket_id, 'improper_return', 'idle_circulation', r.nth_at, t.lead_department_id,
			jsonb_build_object('returns', r.returns)
		from t
			join ticket_workflow.accountability_rule a on a.rulebook = t.rulebook and a.item = 'improper_return' and a.ground = 'idle_circulation'
			join lateral (
				select count(*)::integer as returns, max(x.decided_at) filter (where x.nth = greatest(a.threshold, 1)) as nth_at
				from (
					select r.decided_at, row_number() over (order by r.decided_at, r.return_id) as nth
					from ticket_workflow.ticket_return r
					where r.ticket_id = t.ticket_id and r.state in ('granted', 'refused') and not r.own_error) x
				) r on r.returns >= a.threshold and r.nth_at is not null
	)
	select distinct on (g.ticket_id, g.item) g.ticket_id, g.item, g.ground, g.occurred_at, g.department_id, g.facts, a.clause
	from found_ground g
		-- what an imported ticket shows of the time before is the former desk's
		join t on t.ticket_id = g.ticket_id and (not t.imported or g.occurred_at >= t.recorded_at)
		join ticket_workflow.accountability_rule a on a.rulebook = t.rulebook and a.item = g.item and a.ground = g.ground
	order by g.ticket_id, g.item, g.occurred_at, g.ground;
end
$$;
comment on function ticket_workflow.accountability_grounds(bigint[]) is
	'Which items of 3.8 these tickets show now, by the grounds and thresholds of accountability_rule, with the facts';

-- Function: settle_accountability. Raises what these tickets show and had not been raised; what nobody has decided
-- and no longer holds (a voided callback, a fact entered late) lapses, and comes back if it holds again.
-- Returns: how many were raised. The caller has locked the tickets.
create or replace function ticket_workflow.settle_accountability(tickets bigint[]) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	at constant timestamptz := ticket_workflow.now();
	raised record;
begin
	with holds as materialized (
		select * from ticket_workflow.accountability_grounds(settle_accountability.tickets)
	), lapsed as (
		update ticket_workflow.accountability_case c
			set state = 'lapsed', state_at = at
			where c.ticket_id = any (settle_accountability.tickets) and c.state = 'candidate' and c.ground <> 'person'
				and not exists (select from holds h where h.ticket_id = c.ticket_id and h.item = c.item)
	), back as (
		update ticket_workflow.accountability_case c
			set state = 'candidate', state_at = at
			from holds h
			where c.ticket_id = h.ticket_id and c.item = h.item and c.state = 'lapsed'
	), written as (
		insert into ticket_workflow.accountability_case (case_id, center_id, ticket_id, item, ground, department_id, occurred_at,
				raised_at, facts, clause, state, state_at)
			select ticket_workflow.new_id(ticket_workflow.center_of(h.ticket_id), 'ticket_workflow.case_seq'),
				ticket_workflow.center_of(h.ticket_id), h.ticket_id, h.item, h.ground, h.department_id, h.occurred_at,
				at, h.facts, h.clause, 'candidate', at
			from holds h
			where not exists (select from ticket_workflow.accountability_case c where c.ticket_id = h.ticket_id and c.item = h.item)
			order by h.occurred_at, h.ticket_id, h.item
			on conflict (ticket_id, item) do nothing
			returning case_id, ticket_id, item, occurred_at, clause
	)
	-- a journal has one new row of a ticket at a time
	select array_agg(w.ticket_id) as tickets, array_agg(w.clause) as clauses, array_agg(w.items) as details,
			array_agg(w.occurred_at) as moments, coalesce(sum(w.n), 0)::integer as n
		into raised
		from (
			select w.ticket_id, min(w.clause) as clause, max(w.occurred_at) as occurred_at, count(*) as n,
				jsonb_build_object('case_ids', jsonb_agg(w.case_id order by w.case_id), 'items', jsonb_agg(w.item order by w.case_id)) as items
			from written w
			group by w.ticket_id) w;
	if raised.n > 0 then
		perform ticket_workflow.write_journals(raised.tickets, 'accountability_raised', raised.clauses, raised.details, raised.moments);
	end if;
	return raised.n;
end
$$;
comment on function ticket_workflow.settle_accountability(bigint[]) is
	'Raises the accountability candidates these locked tickets show, each once per ticket and item; lets undecided ones lapse whose ground is gone';

-- Function: sweep_accountability. What time alone brings: clocks that are over their limit, or ended late.
-- A clock that ends late was seen running late before, or ended within the span that is looked back on: a report sent
-- in late waits for its review, which is why that is a month and not a day.
create or replace function ticket_workflow.sweep_accountability(center_id bigint) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	at constant timestamptz := ticket_workflow.now();
	tickets bigint[];
	raised integer;
begin
	with late as materialized (
		select c.ticket_id, c.clock, c.due_at, coalesce(c.stopped_at, at) as until
			from ticket_workflow.clock c
			where c.center_id = sweep_accountability.center_id and c.status = 'running' and c.due_at < at
		union all
		select c.ticket_id, c.clock, c.due_at, c.stopped_at
			from ticket_workflow.clock c
			where c.center_id = sweep_accountability.center_id and c.status = 'late' and c.stopped_at > at - interval '31 days'
	), asked as (
		select l.ticket_id
			from late l
				join ticket_workflow.ticket t on t.ticket_id = l.ticket_id and (not t.imported or l.due_at >= t.recorded_at)
				join ticket_workflow.accountability_rule a on a.rulebook = t.rulebook and a.item = 'overdue' and a.ground = l.clock
					and l.until > l.due_at + make_interval(mins => a.threshold)
			where not exists (select from ticket_workflow.accountability_case c where c.ticket_id = l.ticket_id and c.item = 'overdue'
				and c.state <> 'lapsed')
		union
		-- undecided ones that have lost their ground
		select c.ticket_id
			from ticket_workflow.accountability_case c
			where c.center_id = sweep_accountability.center_id and c.state = 'candidate' and c.item = 'overdue' and c.ground <> 'person'
				and not exists (select from ticket_workflow.clock k
					where k.ticket_id = c.ticket_id and k.clock = c.ground and (k.status = 'late' or k.status = 'running' and k.due_at < at))
	), new_ones as (
		select t.ticket_id
		from asked q join ticket_workflow.ticket t on t.ticket_id = q.ticket_id
		order by t.ticket_id
		-- a bounded transaction; what is left over, and who has one in hand, is looked at again tomorrow
		limit 2000
		for no key update of t skip locked
	)
	select array_agg(n.ticket_id order by n.ticket_id) into tickets from new_ones n;
	if tickets is null then
		return 0;
	end if;
	raised := ticket_workflow.settle_accountability(tickets);
	if raised > 0 then
		perform ticket_workflow.tell_holders(sweep_accountability.center_id, 'inspection', 'inspector', null, 'notice_accountability',
			array[raised::text], digest => true);
	end if;
	return raised;
end
$$;
comment on function ticket_workflow.sweep_accountability(bigint) is
	'The day''s look for tickets over their limits (3.8.4); tells discipline inspection how many there are. Returns how many were raised';

create or replace function ticket_workflow.open_accountability(ticket_id bigint, item text, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(open_accountability.ticket_id, 'open_accountability');
	c ticket_workflow.accountability_case;
begin
	c.item := ticket_workflow.require_code('accountability_item', open_accountability.item, 'item');
	c.reason := ticket_workflow.require_reason(open_accountability.reason, '3.8');
	c.case_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.case_seq');
	c.center_id := t.center_id;
	c.ticket_id := t.ticket_id;
	c.ground := 'person';
	c.department_id := t.lead_department_id;
	c.raised_at := ticket_workflow.now();
	c.occurred_at := c.raised_at;
	c.raised_by := ticket_workflow.actor();
	c.facts := '{}';
	c.clause := '3.8';
	c.state := 'candidate';
	c.state_at := c.raised_at;
	insert into ticket_workflow.accountability_case values (c.*) on conflict (ticket_id, item) do nothing;
	if not found then
		perform ticket_workflow.fail('accountability_exists', '3.8', (
			select r.case_id::text || ' (' || ticket_workflow.label('accountability_state', r.state) || ')'
			from ticket_workflow.accountability_case r where r.ticket_id = t.ticket_id and r.item = c.item));
	end if;
	perform ticket_workflow.write_journal(t.ticket_id, 'accountability_raised', '3.8',
		jsonb_build_object('case_ids', jsonb_build_array(c.case_id), 'items', jsonb_build_array(c.item)));
	perform ticket_workflow.tell_holders(t.center_id, 'inspection', 'inspector', null, 'notice_accountability', '{1}');
	return c.case_id;
end
$$;
comment on function ticket_workflow.open_accountability(bigint, text, text) is
	'A person raises an accountability candidate of an item, by his own judgement and with a reason; one per ticket and item. Returns case_id. Errors: TW005, TW006, TW009. Clause 3.8';

create or replace function ticket_workflow.decide_accountability(case_id bigint, decision text, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.accountability_case;
	decided text;
begin
	select * into c from ticket_workflow.accountability_case r where r.case_id = decide_accountability.case_id;
	-- seen as its row policy has it: who may not see it hears that there is no such case
	if c.case_id is null or not c.center_id = any (ticket_workflow.my_centers() || ticket_workflow.my_inspected()) then
		perform ticket_workflow.fail('unknown_row', null, 'accountability_case', decide_accountability.case_id::text);
	end if;
	perform ticket_workflow.begin_act(c.ticket_id, 'decide_accountability');
	decided := ticket_workflow.require_code('accountability_decision', decide_accountability.decision, 'decision');
	update ticket_workflow.accountability_case r
		set state = case decided when 'open' then 'opened' when 'dismiss' then 'dismissed' when 'refer' then 'referred' end,
			decision_reason = decide_accountability.reason
		where r.case_id = c.case_id;
	return c.case_id;
end
$$;
comment on function ticket_workflow.decide_accountability(bigint, text, text) is
	'Discipline inspection opens, dismisses or refers an accountability case (open, dismiss, refer), with a reason. Returns case_id. Errors: TW001, TW005, TW006, TW009. Clause 3.8';
