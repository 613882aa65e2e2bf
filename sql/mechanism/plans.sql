-- Response plans (3.6.1): opened before the complaints come, dispatch by exception while they are in force.
-- May touch: response_plan; exception_rule through sql/dispatch/rules.sql.

create or replace function ticket_workflow.open_response_plan(center text, name text, department text, responsible text, phone text,
		wording text, situation text, valid_until date, matter text default null, area text default null,
		valid_from date default null, approved_by text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p ticket_workflow.response_plan;
	begins date;
begin
	p.center_id := (ticket_workflow.begin_center_act(open_response_plan.center, 'open_response_plan')).center_id;
	begins := coalesce(open_response_plan.valid_from, ticket_workflow.today(p.center_id));
	if begins < ticket_workflow.today(p.center_id) then
		perform ticket_workflow.fail('begun_is_history', '3.6.1', 'response_plan');
	end if;
	p.plan_id := ticket_workflow.new_id(p.center_id, 'ticket_workflow.plan_seq');
	p.name := ticket_workflow.require_text(open_response_plan.name, 'name', 100);
	p.matter_id := ticket_workflow.matter_id_of(p.center_id, open_response_plan.matter);
	p.area_id := ticket_workflow.area_id_of(p.center_id, open_response_plan.area);
	p.department_id := ticket_workflow.organization_id_of(p.center_id, ticket_workflow.require_text(open_response_plan.department, 'department', 64));
	p.responsible_id := ticket_workflow.official_id_of(p.center_id, ticket_workflow.require_text(open_response_plan.responsible, 'responsible', 64));
	p.phone := ticket_workflow.normalize_phone(ticket_workflow.require_text(open_response_plan.phone, 'phone', 60));
	p.wording := ticket_workflow.require_text(open_response_plan.wording, 'wording', 4000);
	p.situation := ticket_workflow.require_text(open_response_plan.situation, 'situation', 4000);
	p.rule_id := ticket_workflow.add_exception_rule(p.center_id, p.name, open_response_plan.department, p.situation,
		open_response_plan.valid_until, coalesce(open_response_plan.approved_by, ticket_workflow.actor()),
		open_response_plan.matter, open_response_plan.area, begins);
	p.opened_at := ticket_workflow.now();
	p.opened_by := ticket_workflow.actor();
	insert into ticket_workflow.response_plan values (p.*);
	perform ticket_workflow.post_notice(p.center_id, p.responsible_id, 'notice_response_plan',
		array[p.name, begins::text, open_response_plan.valid_until::text, p.phone]);
	return p.plan_id;
end
$$;
comment on function ticket_workflow.open_response_plan(text, text, text, text, text, text, text, date, text, text, date, text) is
	'Opens a response plan (应急处置方案) for a matter, NULL: every matter: receiving department, responsible person, telephone, unified wording, situation, last day. In force it dispatches by exception. The responsible person is told. Returns plan_id. Errors: TW005, TW006, TW009, TW012. Clause 3.6.1';

create or replace function ticket_workflow.begin_plan_act(plan_id bigint) returns ticket_workflow.response_plan
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p ticket_workflow.response_plan;
begin
	select * into p from ticket_workflow.response_plan r where r.plan_id = begin_plan_act.plan_id;
	if p.plan_id is null or p.center_id is distinct from (ticket_workflow.acting_official()).center_id then
		perform ticket_workflow.fail('unknown_row', null, 'response_plan', begin_plan_act.plan_id::text);
	end if;
	perform ticket_workflow.require_right(ticket_workflow.center_case(p.center_id), 'open_response_plan');
	-- not before: who does not see it must not learn by waiting that it is there
	select * into strict p from ticket_workflow.response_plan r where r.plan_id = p.plan_id for no key update;
	return p;
end
$$;
comment on function ticket_workflow.begin_plan_act(bigint) is 'Head of the acts on a response plan: it is locked, of the actor''s center (TW006), and he has the right (TW005)';

create or replace function ticket_workflow.extend_response_plan(plan_id bigint, valid_until date, wording text default null,
		situation text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p constant ticket_workflow.response_plan := ticket_workflow.begin_plan_act(extend_response_plan.plan_id);
begin
	if p.closed_at is not null then
		perform ticket_workflow.fail('plan_closed', '3.6.1', p.plan_id::text);
	end if;
	if not coalesce(isfinite(extend_response_plan.valid_until), false) then
		perform ticket_workflow.fail('text_missing', '3.6.1', 'valid_until');
	end if;
	if extend_response_plan.valid_until < ticket_workflow.today(p.center_id) then
		perform ticket_workflow.fail('day_order', '3.6.1', ticket_workflow.today(p.center_id)::text, extend_response_plan.valid_until::text);
	end if;
	perform ticket_workflow.end_rule(p.rule_id, extend_response_plan.valid_until);
	update ticket_workflow.response_plan r
		set wording = coalesce(ticket_workflow.optional_text(nullif(btrim(extend_response_plan.wording), ''), 'wording', 4000), r.wording),
			situation = coalesce(ticket_workflow.optional_text(nullif(btrim(extend_response_plan.situation), ''), 'situation', 4000), r.situation)
		where r.plan_id = p.plan_id;
	return p.plan_id;
end
$$;
comment on function ticket_workflow.extend_response_plan(bigint, date, text, text) is
	'Gives a response plan another last day, later or earlier, and brings its wording and situation up to date. Errors: TW001, TW005, TW006, TW012. Clause 3.6.1';

create or replace function ticket_workflow.close_response_plan(plan_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p constant ticket_workflow.response_plan := ticket_workflow.begin_plan_act(close_response_plan.plan_id);
	today constant date := ticket_workflow.today(p.center_id);
	rule ticket_workflow.exception_rule;
begin
	if p.closed_at is not null then
		perform ticket_workflow.fail('plan_closed', '3.6.1', p.plan_id::text);
	end if;
	select * into strict rule from ticket_workflow.exception_rule r where r.rule_id = p.rule_id;
	update ticket_workflow.response_plan r
		set closed_at = ticket_workflow.now(), closed_by = ticket_workflow.actor(),
			close_reason = ticket_workflow.require_reason(close_response_plan.reason, '3.6.1'),
			rule_id = case when rule.valid_from <= today then r.rule_id end
		where r.plan_id = p.plan_id;
	if rule.valid_until >= today then
		-- one that has not begun is taken away
		perform ticket_workflow.end_rule(rule.rule_id, today);
	end if;
	return p.plan_id;
end
$$;
comment on function ticket_workflow.close_response_plan(bigint, text) is
	'Closes a response plan: it is in force to the end of today, one that has not begun is taken back. Errors: TW001, TW005, TW006, TW009. Clause 3.6.1';

create or replace function ticket_workflow.response_plan_for(ticket_id bigint)
	returns table (plan_id bigint, name text, department text, department_name text, responsible text, responsible_name text,
		phone text, wording text, situation text, valid_from date, valid_until date)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	way bigint[];
begin
	select * into t from ticket_workflow.ticket r where r.ticket_id = response_plan_for.ticket_id;
	if not found or not ticket_workflow.may_see(t) then
		perform ticket_workflow.fail('unknown_row', null, 'ticket', response_plan_for.ticket_id::text);
	end if;
	way := case when t.matter_id is null then '{}' else ticket_workflow.matters_above(t.matter_id) end;
	return query
		select p.plan_id, p.name, o.code, o.name, f.code, f.name, p.phone, p.wording, p.situation, e.valid_from, e.valid_until
		from ticket_workflow.response_plan p
			join ticket_workflow.exception_rule e on e.rule_id = p.rule_id
			join ticket_workflow.organization o on o.organization_id = p.department_id
			join ticket_workflow.official f on f.official_id = p.responsible_id
		where p.center_id = t.center_id and (p.matter_id is null or p.matter_id = any (way))
			and (p.area_id is null or p.area_id = t.area_id)
			and ticket_workflow.today(t.center_id) between e.valid_from and e.valid_until
		-- the nearest matter first, as in dispatch
		order by array_position(way, p.matter_id), p.area_id is null, p.plan_id;
end
$$;
comment on function ticket_workflow.response_plan_for(bigint) is
	'Response plans in force for a ticket, nearest matter first: what whoever contacts the petitioner says, and to whom he may turn. Errors: TW006. Clause 3.6.1';
