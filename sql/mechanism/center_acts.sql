-- Acts that belong to a center and to no ticket: who may, and who holds a post there.
-- May touch: nothing.
--
-- act_right speaks of relations to a ticket. An act of the center is judged as one on a ticket that the center has and
-- that its overseeing office (社区管理办, which brings everybody together, 3.4, 3.5) leads: center, duty and lead then
-- mean what they say.

create or replace function ticket_workflow.center_case(center_id bigint) returns ticket_workflow.ticket
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
begin
	t.center_id := center_case.center_id;
	t.rulebook := ticket_workflow.rulebook_on(t.center_id, ticket_workflow.today(t.center_id));
	-- of several overseeing offices the actor's own
	select o.organization_id into t.lead_department_id
		from ticket_workflow.organization o
		where o.center_id = center_case.center_id and o.oversees
			and ticket_workflow.today(center_case.center_id) between o.valid_from and coalesce(o.valid_until, 'infinity')
		order by exists (select from ticket_workflow.posts_on(ticket_workflow.actor_id(), ticket_workflow.today(center_case.center_id)) p
				where p.organization_id = o.organization_id) desc, o.organization_id
		limit 1;
	return t;
end
$$;
comment on function ticket_workflow.center_case(bigint) is
	'No ticket, but one as act_right sees it: of the center, led by its overseeing office, under the rulebook of today';

create or replace function ticket_workflow.begin_center_act(center text, act text) returns ticket_workflow.ticket
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	t ticket_workflow.ticket;
begin
	t := ticket_workflow.center_case(ticket_workflow.center_id_of(ticket_workflow.require_text(begin_center_act.center, 'center', 64)));
	perform ticket_workflow.require_right(t, begin_center_act.act);
	return t;
end
$$;
comment on function ticket_workflow.begin_center_act(text, text) is 'Head of the acts of a center: the actor has the right there (TW005)';

-- relation: center, area (one of them), oversight, inspection, department (one of them, or all)
create or replace function ticket_workflow.center_holders(center_id bigint, relation text, "position" text, day date,
		over_id bigint default null) returns setof bigint
	language sql stable rows 5
begin atomic
	select distinct w.official_id
	from ticket_workflow.post p
		join ticket_workflow.organization o on o.organization_id = p.organization_id
		cross join lateral ticket_workflow.acting_holders(p.post_id, center_holders.day) w (official_id)
	where p.center_id = center_holders.center_id and p."position" = center_holders."position"
		and center_holders.day between p.valid_from and coalesce(p.valid_until, 'infinity')
		and center_holders.day between o.valid_from and coalesce(o.valid_until, 'infinity')
		and case center_holders.relation
			when 'center' then o.kind = 'center' and p.area_id is null
			when 'area' then p.area_id = center_holders.over_id
			when 'oversight' then o.oversees
			when 'inspection' then o.kind = 'inspection'
			when 'department' then o.kind in ('department', 'committee') and not o.oversees
				and (center_holders.over_id is null or o.organization_id = center_holders.over_id)
			else false end;
end;
comment on function ticket_workflow.center_holders(bigint, text, text, date, bigint) is
	'Who acts in a position of a center on a day, substitutes in place of absent holders: of the center itself, an area, the overseeing office, discipline inspection, a department';

-- Function: tell_holders. Posts a message to whoever acts in a position of a center, or for the vacant post.
-- Returns: the names told, and relation:position where nobody holds it. Calls: post_notice.
create or replace function ticket_workflow.tell_holders(center_id bigint, relation text, "position" text, over_id bigint, message text,
		args text[], ticket_id bigint default null, digest boolean default false, out names text[], out vacant text)
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	-- the outbox knows the relations of tickets
	shown constant text := case tell_holders.relation when 'department' then 'lead' when 'oversight' then 'lead' else tell_holders.relation end;
begin
	select array_agg(o.name order by o.official_id),
			-- the aggregate makes sure that every one of them is posted
			case when count(ticket_workflow.post_notice(tell_holders.center_id, o.official_id, tell_holders.message, tell_holders.args,
				tell_holders.ticket_id, digest => tell_holders.digest)) = 0 then shown || ':' || tell_holders."position" end
		into names, vacant
		from ticket_workflow.center_holders(tell_holders.center_id, tell_holders.relation, tell_holders."position",
				ticket_workflow.today(tell_holders.center_id), tell_holders.over_id) h (official_id)
			join ticket_workflow.official o on o.official_id = h.official_id;
	names := coalesce(names, '{}');
	if vacant is not null then
		perform ticket_workflow.post_notice(tell_holders.center_id, null, tell_holders.message, tell_holders.args, tell_holders.ticket_id,
			recipient_post => vacant);
	end if;
end
$$;
comment on function ticket_workflow.tell_holders(bigint, text, text, bigint, text, text[], bigint, boolean) is
	'Tells whoever acts in a position of a center; where nobody does, the center passes it on';
