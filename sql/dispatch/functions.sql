-- Dispatch of tickets (2.1), assisting departments (2.3.1), and what changed rules would have done.
-- May touch: ticket, dispatch_decision, ticket_assist; journal and notices through their rooms.

create or replace function ticket_workflow.recommend_dispatch(ticket_id bigint)
	returns table (rank integer, principle text, principle_label text, department text, department_name text,
		decisive boolean, basis text)
	language plpgsql stable security definer rows 8 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
begin
	select * into t from ticket_workflow.ticket r where r.ticket_id = recommend_dispatch.ticket_id;
	if not found or not ticket_workflow.may_see(t) then
		perform ticket_workflow.fail('unknown_row', null, 'ticket', recommend_dispatch.ticket_id::text);
	end if;
	return query
		select r.rank, r.principle,
			case r.principle when 'transfer' then ticket_workflow.label('act', 'transfer')
				else ticket_workflow.label('principle', r.principle) end,
			r.department, o.name, r.decisive, r.basis
		from ticket_workflow.ticket_recommendation(t) r
			left join ticket_workflow.organization o on o.center_id = t.center_id and o.code = r.department
		union all
		-- where those who returned it said that it belongs (应转派何部门): shown, not judged
		select null, null, null, null, null, false,
			ticket_workflow.message_text('dispatch_returned', array[o.name, r.should_go_to])
		from ticket_workflow.ticket_return r
			join ticket_workflow.organization o on o.organization_id = r.organization_id
		where r.ticket_id = recommend_dispatch.ticket_id and r.state = 'granted' and r.should_go_to is not null
		order by 1;
end
$$;
comment on function ticket_workflow.recommend_dispatch(bigint) is
	'What each principle says of a ticket, in the rulebook''s order, and which decides; below, without a rank, where granted returns said it belongs. Errors: TW006, TW012. Clause 2.1';

-- How the lead, the principle and the reason fit the recommendation: the rule that dispatch_ticket() makes convenient.
create or replace function ticket_workflow.dispatch_problems(ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	given constant boolean := coalesce(btrim(ticket.dispatch_reason), '') <> '';
	lead ticket_workflow.organization;
	decisive record;
begin
	if ticket.lead_department_id is null or ticket.dispatch_principle is null then
		return query select 'dispatch_incomplete'::text, '2.1'::text, '{}'::text[];
		return;
	end if;
	select * into lead from ticket_workflow.organization o where o.organization_id = dispatch_problems.ticket.lead_department_id;
	if lead.center_id <> ticket.center_id or lead.kind not in ('department', 'committee')
		or not ticket_workflow.today(lead.center_id) between lead.valid_from and coalesce(lead.valid_until, 'infinity') then
		return query select 'not_a_handling_department'::text, '2.1'::text, array[lead.code];
	end if;
	if ticket_workflow.has_dispatch_rules(ticket.center_id) then
		select r.principle, r.department, o.name into decisive
			from ticket_workflow.ticket_recommendation(dispatch_problems.ticket) r
				left join ticket_workflow.organization o on o.center_id = dispatch_problems.ticket.center_id and o.code = r.department
			where r.decisive;
		if decisive.department is distinct from lead.code then
			-- who departs from it dispatches by exception, with a reason (A1.7)
			if ticket.dispatch_principle <> 'exception' or not given then
				return query select case when decisive.department is null then 'dispatch_nothing_recommended' else 'dispatch_departs' end,
					'A1.7'::text, array[lead.name, decisive.name, ticket_workflow.label('principle', decisive.principle)];
			end if;
			return;
		elsif ticket.dispatch_principle <> decisive.principle and not given then
			return query select 'dispatch_other_principle'::text, 'A1.7'::text,
				array[lead.name, ticket_workflow.label('principle', decisive.principle), ticket_workflow.label('principle', ticket.dispatch_principle)];
			return;
		end if;
	end if;
	if ticket.dispatch_principle = 'exception' and not given then
		return query select 'reason_missing'::text, 'A1.7'::text, '{}'::text[];
	end if;
end
$$;
comment on function ticket_workflow.dispatch_problems(ticket_workflow.ticket) is
	'What is missing for the dispatch of a ticket; where a center has rules, what departs from the recommendation is an exception with a reason';

-- Liaisons and heads of an assisting department are told; of one that has neither, the center.
create or replace function ticket_workflow.notify_assistance(ticket ticket_workflow.ticket, organization_id bigint, due_at timestamptz, task text)
	returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	zone constant text := ticket_workflow.ticket_calendar(ticket.center_id);
	day constant date := ticket_workflow.today(ticket.center_id);
	args text[];
	told integer;
begin
	select array[coalesce(ticket.external_no, ticket.ticket_id::text), o.name,
			ticket_workflow.due_on(notify_assistance.due_at, zone)::text, coalesce(notify_assistance.task, '—')]
		into args from ticket_workflow.organization o where o.organization_id = notify_assistance.organization_id;
	select count(ticket_workflow.post_notice(notify_assistance.ticket.center_id, h.official_id, 'notice_assistance', args, notify_assistance.ticket.ticket_id))
		into told
		from (
			select distinct w.official_id
			from ticket_workflow.post p
				cross join lateral ticket_workflow.acting_holders(p.post_id, day) w (official_id)
			where p.organization_id = notify_assistance.organization_id and p."position" in ('liaison', 'head')
				and day between p.valid_from and coalesce(p.valid_until, 'infinity')
		) h;
	if told = 0 then
		perform ticket_workflow.post_notice(ticket.center_id, null, 'notice_assistance', args, ticket.ticket_id, null, 'assist:liaison');
	end if;
	return told;
end
$$;
comment on function ticket_workflow.notify_assistance(ticket_workflow.ticket, bigint, timestamptz, text) is
	'Tells an assisting department what is asked of it and by when';

create or replace function ticket_workflow.ask_assistance(ticket ticket_workflow.ticket, organizations text[], task text, due_at timestamptz)
	returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	day constant date := ticket_workflow.today(ticket.center_id);
	due timestamptz := ask_assistance.due_at;
	asked text;
	helper ticket_workflow.organization;
begin
	if cardinality(ask_assistance.organizations) = 0 then
		return;
	end if;
	if due <= ticket.dispatched_at then
		perform ticket_workflow.fail('assist_due_past', '2.3.1', due::text);
	end if;
	-- no limit of the norm's own: the rulebook's days, never past what the platform gave
	due := least(coalesce(due, ticket_workflow.due_at(ticket.dispatched_at, 'working_days',
			ticket_workflow.rulebook_setting(ticket.rulebook, 'assist_working_days')::integer, null,
			ticket_workflow.ticket_calendar(ticket.center_id))), ticket.platform_due_at);
	for asked in select distinct a.code from unnest(ask_assistance.organizations) a (code) order by 1 loop
		select * into strict helper from ticket_workflow.organization o
			where o.organization_id = ticket_workflow.organization_id_of(ask_assistance.ticket.center_id,
				ticket_workflow.require_text(asked, 'assisting', 64), day);
		if helper.kind not in ('department', 'committee', 'court') then
			perform ticket_workflow.fail('not_a_handling_department', '2.3.1', helper.code);
		elsif helper.organization_id = ticket.lead_department_id then
			perform ticket_workflow.fail('assist_is_lead', '2.3.1', helper.name);
		end if;
		insert into ticket_workflow.ticket_assist (assist_id, center_id, ticket_id, organization_id, asked_at, due_at, task)
			values (ticket_workflow.new_id(ticket.center_id, 'ticket_workflow.assist_seq'), ticket.center_id, ticket.ticket_id,
				helper.organization_id, ticket.dispatched_at, due, ask_assistance.task)
			-- asked again in a further round; what was done stays
			on conflict (ticket_id, organization_id) do update
				set asked_at = excluded.asked_at, due_at = excluded.due_at, task = excluded.task
				where ticket_workflow.ticket_assist.done_at is null;
		if found then
			perform ticket_workflow.notify_assistance(ticket, helper.organization_id, due, ask_assistance.task);
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.ask_assistance(ticket_workflow.ticket, text[], text, timestamptz) is
	'Asks departments to assist a dispatched ticket, with notice and due time; for dispatch_ticket()';

create or replace function ticket_workflow.dispatch_ticket(ticket_id bigint, department text default null, principle text default null,
		reason text default null, assisting text[] default '{}', assist_task text default null, lead_person text default null,
		assist_due_at timestamptz default null)
	returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_move(dispatch_ticket.ticket_id, 'dispatch', 'dispatched');
	day constant date := ticket_workflow.today(t.center_id);
	ruled constant boolean := ticket_workflow.has_dispatch_rules(t.center_id);
	basis text := ticket_workflow.code_of('principle', dispatch_ticket.principle, 'principle');
	why text := ticket_workflow.optional_text(dispatch_ticket.reason, 'reason');
	leader constant bigint := ticket_workflow.official_id_of(t.center_id, dispatch_ticket.lead_person);
	shown jsonb;
	best record;
	chosen bigint;
begin
	if ruled then
		select jsonb_agg(to_jsonb(r) order by r.rank) into shown from ticket_workflow.ticket_recommendation(t) r;
	end if;
	select r.* into best
		from jsonb_to_recordset(shown) as r (principle text, department text, decisive boolean, basis text) where r.decisive;
	if coalesce(dispatch_ticket.department, best.department) is null then
		perform ticket_workflow.fail('dispatch_no_recommendation', '2.1',
			coalesce(best.basis, ticket_workflow.message_text('dispatch_undecided')));
	end if;
	chosen := ticket_workflow.organization_id_of(t.center_id, coalesce(dispatch_ticket.department, best.department), day);
	if ruled then
		if best.department is distinct from (select o.code from ticket_workflow.organization o where o.organization_id = chosen) then
			basis := 'exception';
		else
			basis := coalesce(basis, best.principle);
			-- an exception of the rules has its reason already
			why := coalesce(why, case when basis = 'exception' and best.principle = 'exception' then best.basis end);
		end if;
	end if;

	update ticket_workflow.ticket r
		set state = 'dispatched', state_act = 'dispatch', state_reason = null,
			lead_department_id = chosen, dispatch_principle = basis, dispatch_reason = why,
			lead_person_id = leader
		where r.ticket_id = dispatch_ticket.ticket_id
		returning * into t;
	insert into ticket_workflow.dispatch_decision (ticket_id, dispatch_round, center_id, department_id, principle, reason,
			recommended_id, explanation, decided_at, decided_by)
		values (t.ticket_id, t.dispatch_round, t.center_id, chosen, basis, t.dispatch_reason,
			ticket_workflow.organization_id_of(t.center_id, best.department), shown, t.dispatched_at, ticket_workflow.actor());
	perform ticket_workflow.ask_assistance(t, coalesce(dispatch_ticket.assisting, '{}'), dispatch_ticket.assist_task, dispatch_ticket.assist_due_at);
	-- 市级督办件须分管领导牵头推进: reminded now, asked for before the report is submitted
	if t.kind = 'supervised' and t.supervised_by = 'city' and t.lead_person_id is null then
		perform ticket_workflow.notify_post(t, 'lead', 'supervising_leader', 'notice_lead_person',
			array[coalesce(t.external_no, t.ticket_id::text)]);
	end if;
	return t.dispatch_round;
end
$$;
comment on function ticket_workflow.dispatch_ticket(bigint, text, text, text, text[], text, text, timestamptz) is
	'Dispatches a received ticket to its lead department, by default as recommended and by that principle; another department is an exception and needs a reason. Assisting departments are told with a due time. The explanation is kept with the decision. A center without rules names department and principle. Returns the round. Errors: TW001, TW005, TW006, TW009, TW012. Clauses 2.1, 2.3.1, 2.3.5';

create or replace function ticket_workflow.record_assistance(ticket_id bigint, result text, organization text default null,
		occurred_at timestamptz default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_assistance.ticket_id, 'record_assistance');
	named constant bigint := ticket_workflow.organization_id_of(t.center_id, record_assistance.organization);
	at constant timestamptz := coalesce(record_assistance.occurred_at, ticket_workflow.now());
	marks constant text[] := ticket_workflow.check_occurred(t, at);
	asked ticket_workflow.ticket_assist[];
begin
	perform ticket_workflow.require_text(record_assistance.result, 'result', 4000);
	-- a department speaks for itself
	select array_agg(a order by a.assist_id) into asked
		from ticket_workflow.ticket_assist a
		where a.ticket_id = record_assistance.ticket_id and (named is null or a.organization_id = named)
			and exists (select from ticket_workflow.posts_on(ticket_workflow.actor_id(), ticket_workflow.today(t.center_id)) p
				where p.organization_id = a.organization_id and p."position" in ('liaison', 'head'));
	if asked is null then
		perform ticket_workflow.fail('assist_not_asked', '2.3.1', coalesce(record_assistance.organization, ticket_workflow.actor()));
	elsif cardinality(asked) > 1 then
		perform ticket_workflow.fail('assist_which', '2.3.1');
	elsif asked[1].done_at is not null then
		perform ticket_workflow.fail('assist_done', '2.3.1', asked[1].done_at::text);
	elsif at < asked[1].asked_at then
		perform ticket_workflow.fail('assist_before_asked', '2.3.1', at::text, asked[1].asked_at::text);
	end if;
	update ticket_workflow.ticket_assist a
		set done_at = at, result = record_assistance.result
		where a.assist_id = asked[1].assist_id;
	perform ticket_workflow.write_journal(t.ticket_id, 'record_assistance', '2.3.1',
		jsonb_build_object('organization', (select o.code from ticket_workflow.organization o where o.organization_id = asked[1].organization_id),
			'due_at', asked[1].due_at, 'in_time', asked[1].due_at is null or at <= asked[1].due_at, 'marks', marks), at);
	return asked[1].assist_id;
end
$$;
comment on function ticket_workflow.record_assistance(bigint, text, text, timestamptz) is
	'An assisting department records what it did. Returns the id of the assistance. Errors: TW005, TW006, TW010. Clause 2.3.1';

-- Called in a transaction that changed the rules and is rolled back, or with a day on which the changed rules are in force.
create or replace function ticket_workflow.simulate_dispatch(center text, since timestamptz, until timestamptz, on_day date default null)
	returns table (matter text, department text, would_be text, principle text, elsewhere boolean, tickets bigint)
	language plpgsql stable security definer rows 200 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(simulate_dispatch.center);
begin
	return query
		select m.code, o.code, r.department, r.principle, r.department is distinct from o.code, count(*)
		from ticket_workflow.ticket t
			join ticket_workflow.organization o on o.organization_id = t.lead_department_id
			left join ticket_workflow.matter m on m.matter_id = t.matter_id
			left join ticket_workflow.area a on a.area_id = t.area_id
			left join ticket_workflow.incident_ticket l on l.ticket_id = t.ticket_id and l.unlinked_at is null
			left join lateral (
				select x.department, x.principle
				from ticket_workflow.resolve_dispatch(simulate_dispatch.center, m.code, a.code, t.place, t.appeal, l.incident_id,
					-- a first dispatch knows of no return
					case when t.dispatch_round > 1 then ticket_workflow.returned_departments(t.ticket_id) end,
					simulate_dispatch.on_day, t.in_territory, t.ticket_id) x
				where x.decisive) r on true
		where t.center_id = home and t.received_at >= coalesce(simulate_dispatch.since, '-infinity')
			and t.received_at < coalesce(simulate_dispatch.until, 'infinity')
		group by 1, 2, 3, 4, 5
		order by 5 desc, 6 desc, 1, 2, 3, 4;
end
$$;
comment on function ticket_workflow.simulate_dispatch(text, timestamptz, timestamptz, date) is
	'Resolves the dispatched tickets received in a span anew under the rules as they are (in a transaction to be rolled back: as changed) on a day, and counts per matter which department had them and which would; elsewhere tells the difference. For managers. Errors: TW005, TW006, TW012';
