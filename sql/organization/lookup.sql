-- From codes to rows, and from officials to their posts.
-- May touch: nothing.

create or replace function ticket_workflow.center_id_of(code text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	result bigint;
begin
	if center_id_of.code is null then
		return null;
	end if;
	select c.center_id into result from ticket_workflow.center c where c.code = center_id_of.code;
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'center', left(center_id_of.code, 60));
	end if;
	return result;
end
$$;
comment on function ticket_workflow.center_id_of(text) is 'Id of a center by its code; TW006 when unknown, NULL for NULL';

create or replace function ticket_workflow.area_id_of(center_id bigint, code text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	result bigint;
begin
	if area_id_of.code is null then
		return null;
	end if;
	select a.area_id into result from ticket_workflow.area a
		where a.center_id = area_id_of.center_id and a.code = area_id_of.code;
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'area', left(area_id_of.code, 60));
	end if;
	return result;
end
$$;
comment on function ticket_workflow.area_id_of(bigint, text) is 'Id of an area of a center; TW006 when unknown, NULL for NULL';

create or replace function ticket_workflow.organization_id_of(center_id bigint, code text, on_day date default null) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	it ticket_workflow.organization;
begin
	if organization_id_of.code is null then
		return null;
	end if;
	select * into it from ticket_workflow.organization o
		where o.center_id = organization_id_of.center_id and o.code = organization_id_of.code;
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'organization', left(organization_id_of.code, 60));
	end if;
	if organization_id_of.on_day not between it.valid_from and coalesce(it.valid_until, 'infinity') then
		perform ticket_workflow.fail('organization_not_in_being', null, it.code, organization_id_of.on_day::text,
			it.valid_from::text, coalesce(it.valid_until::text, '…'));
	end if;
	return it.organization_id;
end
$$;
comment on function ticket_workflow.organization_id_of(bigint, text, date) is
	'Id of an organization of a center; TW006 when unknown or, with on_day, not in being on that day; NULL for NULL';

create or replace function ticket_workflow.official_id_of(center_id bigint, code text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	result bigint;
begin
	if official_id_of.code is null then
		return null;
	end if;
	select o.official_id into result from ticket_workflow.official o
		where o.code = official_id_of.code and (official_id_of.center_id is null or o.center_id = official_id_of.center_id);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'official', left(official_id_of.code, 60));
	end if;
	return result;
end
$$;
comment on function ticket_workflow.official_id_of(bigint, text) is
	'Id of an official of a center (NULL: of any); TW006 when unknown, NULL for a NULL code';

-- As messages name a person: whoever reads them knows his colleagues by their names, not by their codes.
create or replace function ticket_workflow.official_text(code text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return coalesce((select o.name || ' (' || o.code || ')' from ticket_workflow.official o where o.code = official_text.code), official_text.code);
end
$$;
comment on function ticket_workflow.official_text(text) is 'Name and code of an official; the code where there is none of that code';

create or replace function ticket_workflow.matter_id_of(center_id bigint, code text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	result bigint;
begin
	if matter_id_of.code is null then
		return null;
	end if;
	select m.matter_id into result from ticket_workflow.matter m
		where m.center_id = matter_id_of.center_id and m.code = matter_id_of.code;
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'matter', left(matter_id_of.code, 60));
	end if;
	return result;
end
$$;
comment on function ticket_workflow.matter_id_of(bigint, text) is 'Id of a matter of a center''s taxonomy; TW006 when unknown, NULL for NULL';

create or replace function ticket_workflow.ticket_calendar(center_id bigint) returns text
	language c stable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_ticket_calendar';
comment on function ticket_workflow.ticket_calendar(bigint) is 'The calendar of a center: a ticket''s times never depend on a user''s setting';

create or replace function ticket_workflow.today(center_id bigint) returns date
	language sql stable parallel safe
	return ticket_workflow.local_day(ticket_workflow.now(), ticket_workflow.ticket_calendar(today.center_id));
comment on function ticket_workflow.today(bigint) is 'The day it is at a center, in its calendar''s zone';

-- A holder keeps the rights of his post while a substitute has them too: he may come back early.
-- A post is read with its holder, not looked up again: joined to itself the generic plan went over all posts for each.
create or replace function ticket_workflow.posts_on(official_id bigint, day date)
	returns table (post_id bigint, organization_id bigint, "position" text, rank integer, area_id bigint,
		holder_id bigint, substitute boolean, organization_kind text, oversees boolean)
	language sql stable
begin atomic
	select w.post_id, w.organization_id, w."position", k.rank, w.area_id, w.official_id, w.substitute, o.kind, o.oversees
		from (
			select h.post_id, h.organization_id, h."position", h.area_id, h.official_id, h.valid_from, h.valid_until, false as substitute
				from ticket_workflow.post h where h.official_id = posts_on.official_id
			union all
			select p.post_id, p.organization_id, p."position", p.area_id, p.official_id, p.valid_from, p.valid_until, true
				from ticket_workflow.delegation d
					join ticket_workflow.post p on p.post_id = d.post_id
				where d.substitute_id = posts_on.official_id
					and posts_on.day between d.valid_from and coalesce(d.valid_until, 'infinity')
		) w
			join ticket_workflow."position" k on k."position" = w."position"
			join ticket_workflow.organization o on o.organization_id = w.organization_id
		where posts_on.day between w.valid_from and coalesce(w.valid_until, 'infinity')
			and posts_on.day between o.valid_from and coalesce(o.valid_until, 'infinity');
end;
comment on function ticket_workflow.posts_on(bigint, date) is
	'Posts of an official on a day: his own, and those he stands in for (dated substitute or standing deputy) with their holder';

create or replace function ticket_workflow.assists(ticket_id bigint, organization_id bigint) returns boolean
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return exists (select from ticket_workflow.ticket_assist a
		where a.ticket_id = assists.ticket_id and a.organization_id = assists.organization_id);
end
$$;
comment on function ticket_workflow.assists(bigint, bigint) is 'Whether an organization assists in a ticket';

-- What "in which relation to the ticket" means, once for rights, recipients and signatures.
-- Without a query of its own, so that it is inlined: it is asked for every post of a center.
create or replace function ticket_workflow.post_relates(ticket ticket_workflow.ticket, relation text,
		organization_id bigint, organization_kind text, area_id bigint, center_id bigint)
	returns boolean
	language sql stable
	return case post_relates.relation
		-- a post for an area is the area's, not its organization's
		when 'lead' then post_relates.area_id is null
			and post_relates.organization_id = (post_relates.ticket).lead_department_id
		when 'assist' then post_relates.area_id is null
			and ticket_workflow.assists((post_relates.ticket).ticket_id, post_relates.organization_id)
		when 'area' then post_relates.area_id = (post_relates.ticket).area_id
		when 'center' then post_relates.organization_kind = 'center' and post_relates.area_id is null
			and post_relates.center_id = (post_relates.ticket).center_id
		when 'inspection' then post_relates.organization_kind = 'inspection'
			and post_relates.center_id = (post_relates.ticket).center_id
		else false end;
comment on function ticket_workflow.post_relates(ticket_workflow.ticket, text, bigint, text, bigint, bigint) is
	'Whether a post stands in a relation to a ticket: its organization leads or assists, it is for the ticket''s area, in the center itself or in discipline inspection';

-- Who is absent is known by his dated substitute; a standing deputy (AB角) steps in
-- where neither the holder nor a dated substitute is there.
create or replace function ticket_workflow.acting_holders(post_id bigint, day date) returns setof bigint
	language sql stable rows 1
begin atomic
	select f.official_id
		from (
			select w.official_id, w.place, min(w.place) over () as first_place
			from (
				select d.substitute_id as official_id, 1 as place
					from ticket_workflow.delegation d
					where d.post_id = acting_holders.post_id and acting_holders.day between d.valid_from and d.valid_until
				union all
				select p.official_id, 2
					from ticket_workflow.post p
					where p.post_id = acting_holders.post_id
						and not exists (select from ticket_workflow.delegation d
							where d.post_id = acting_holders.post_id and acting_holders.day between d.valid_from and d.valid_until)
				union all
				select d.substitute_id, 3
					from ticket_workflow.delegation d
					where d.post_id = acting_holders.post_id and d.valid_until is null and acting_holders.day >= d.valid_from
			) w
				join ticket_workflow.official o on o.official_id = w.official_id and o.active
		) f
		where f.place = f.first_place;
end;
comment on function ticket_workflow.acting_holders(bigint, date) is
	'Who acts for a post on a day: the dated substitutes, else the holder, else the standing deputies; active officials only';

-- Inlined: a sweep asks it for dozens of posts in one statement.
create or replace function ticket_workflow.post_holders(ticket ticket_workflow.ticket, relation text, "position" text, day date)
	returns table (official_id bigint)
	language sql stable rows 5
begin atomic
	select distinct w.official_id
		from ticket_workflow.post p
			join ticket_workflow.organization o on o.organization_id = p.organization_id
			cross join lateral ticket_workflow.acting_holders(p.post_id, post_holders.day) w (official_id)
		where p.center_id = (post_holders.ticket).center_id and p."position" = post_holders."position"
			and post_holders.day between p.valid_from and coalesce(p.valid_until, 'infinity')
			and post_holders.day between o.valid_from and coalesce(o.valid_until, 'infinity')
			and ticket_workflow.post_relates(post_holders.ticket, post_holders.relation, p.organization_id, o.kind, p.area_id, p.center_id);
end;
comment on function ticket_workflow.post_holders(ticket_workflow.ticket, text, text, date) is
	'Officials who act in a position and relation to a ticket on a day; holders_of() besides knows the duty roster';

create or replace function ticket_workflow.holders_of(ticket ticket_workflow.ticket, relation text, "position" text, at timestamptz)
	returns setof bigint
	language plpgsql stable rows 5 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	day date;
begin
	if holders_of.relation = 'duty' then
		return query
			select distinct o.official_id
			from ticket_workflow.duty_roster r
				join ticket_workflow.official o on o.active and o.official_id =
					case holders_of."position" when 'duty_officer' then r.official_id when 'duty_leader' then r.leader_id end
			where r.center_id = (holders_of.ticket).center_id and holders_of.at >= r.starts_at and holders_of.at < r.ends_at;
		return;
	end if;
	day := ticket_workflow.local_day(holders_of.at, ticket_workflow.ticket_calendar((holders_of.ticket).center_id));
	return query
		select h.official_id
		from ticket_workflow.post_holders(holders_of.ticket, holders_of.relation, holders_of."position", day) h;
end
$$;
comment on function ticket_workflow.holders_of(ticket_workflow.ticket, text, text, timestamptz) is
	'Officials who stand in a position and relation to a ticket at a moment, substitutes in place of absent holders; duty knows duty_officer and duty_leader';

-- Whoever has the right sees the ticket: each relation is an arm of sees(), but for inspection, which sees its cases.
create or replace function ticket_workflow.has_right(ticket ticket_workflow.ticket, act text) returns boolean
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	me constant bigint := ticket_workflow.actor_id();
	at constant timestamptz := ticket_workflow.now();
	-- computed once: an argument of an inlined function is computed wherever it stands in it
	day constant date := ticket_workflow.today((has_right.ticket).center_id);
	held text;
begin
	if me is null then
		return false;
	end if;
	select r.relation into held
		from ticket_workflow.posts_on(me, day) p
			join ticket_workflow.act_right r on r.rulebook = (has_right.ticket).rulebook
				and r.act = has_right.act and r."position" = p."position"
		where ticket_workflow.post_relates(has_right.ticket, r.relation, p.organization_id, p.organization_kind, p.area_id,
			ticket_workflow.center_of(p.post_id))
		order by r.relation = 'inspection'
		limit 1;
	if found then
		return held <> 'inspection' or ticket_workflow.may_see(has_right.ticket);
	end if;
	return exists (
		select from ticket_workflow.duty_roster d
			join ticket_workflow.act_right r on r.rulebook = (has_right.ticket).rulebook
				and r.act = has_right.act and r.relation = 'duty'
		where d.center_id = (has_right.ticket).center_id and at >= d.starts_at and at < d.ends_at
			and me = case r."position" when 'duty_officer' then d.official_id when 'duty_leader' then d.leader_id end);
end
$$;
comment on function ticket_workflow.has_right(ticket_workflow.ticket, text) is
	'Whether a post of the actor, or his duty, stands in act_right for this act in its relation to the ticket, and he sees the ticket';

create or replace function ticket_workflow.require_right(ticket ticket_workflow.ticket, act text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	allowed text;
begin
	if ticket_workflow.has_right(require_right.ticket, require_right.act) then
		return;
	end if;
	perform ticket_workflow.require_actor();
	select string_agg(coalesce(ticket_workflow.label('relation', r.relation), r.relation) || ' '
			|| coalesce(ticket_workflow.label('position', r."position"), r."position"), ', ' order by r.relation, r."position")
		into allowed
		from ticket_workflow.act_right r
		where r.rulebook = (require_right.ticket).rulebook and r.act = require_right.act;
	if allowed is null then
		perform ticket_workflow.fail('act_without_right', null, require_right.act, (require_right.ticket).rulebook);
	end if;
	perform ticket_workflow.fail('act_not_allowed',
		(select min(r.clause) from ticket_workflow.act_right r
			where r.rulebook = (require_right.ticket).rulebook and r.act = require_right.act),
		ticket_workflow.official_text(ticket_workflow.actor()), coalesce(ticket_workflow.label('act', require_right.act), require_right.act), allowed);
end
$$;
comment on function ticket_workflow.require_right(ticket_workflow.ticket, text) is
	'TW005 unless a post of the actor, or his duty, stands in act_right for this act in its relation to the ticket';
