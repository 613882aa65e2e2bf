-- Who sees which ticket: one predicate, sees(), behind may_see() for one ticket and behind
-- every row policy (sql/security/policies.sql) for many.
-- May touch: nothing.
--
-- The predicate takes the caller's sight as arguments. A policy passes (select my_...()), which
-- the planner turns into a part of the plan that runs once per query; and since sees() has no
-- subquery of its own it is inlined there, so that its first arms can use the ticket's indexes.

create or replace function ticket_workflow.sees(ticket ticket_workflow.ticket, centers bigint[], areas bigint[],
		departments bigint[], platforms text[], home bigint, apart boolean)
	returns boolean
	language sql immutable parallel safe
	return (sees.ticket).center_id = any (sees.centers)
		or (sees.ticket).area_id = any (sees.areas)
		or (sees.ticket).lead_department_id = any (sees.departments)
		or (sees.ticket).supervised_by = any (sees.platforms) and (sees.ticket).center_id = sees.home
		or sees.apart;
comment on function ticket_workflow.sees(ticket_workflow.ticket, bigint[], bigint[], bigint[], text[], bigint, boolean) is
	'The rule of who sees a ticket: its whole center, its area, its lead department, the platform that supervises it, or the ticket apart (assistance)';

-- Tickets that are seen one by one. only_ticket asks for one of them.
create or replace function ticket_workflow.tickets_apart(departments bigint[], only_ticket bigint default null) returns setof bigint
	language sql stable parallel safe
begin atomic
	select a.ticket_id from ticket_workflow.ticket_assist a
		where a.organization_id = any (tickets_apart.departments)
			and (tickets_apart.only_ticket is null or a.ticket_id = tickets_apart.only_ticket);
end;
comment on function ticket_workflow.tickets_apart(bigint[], bigint) is 'Tickets that these organizations assist';

-- An organization and those below it; the visited ones are not entered again, so that a circle ends.
create or replace function ticket_workflow.organizations_below(tops bigint[]) returns bigint[]
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	reached bigint[] := organizations_below.tops;
	next_level bigint[] := organizations_below.tops;
begin
	-- level by level: a recursive query costs ten times as much to start as the few levels to walk
	loop
		next_level := array(select c.organization_id from ticket_workflow.organization_parent c
			where c.parent_id = any (next_level) and c.organization_id <> all (reached));
		exit when next_level = '{}';
		reached := reached || next_level;
	end loop;
	return reached;
end
$$;
comment on function ticket_workflow.organizations_below(bigint[]) is 'These organizations and all that stand below them in the tree';

create or replace function ticket_workflow.my_sight(out centers bigint[], out areas bigint[], out departments bigint[],
		out platforms text[], out home bigint)
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	me constant ticket_workflow.official := ticket_workflow.acting_official();
	at constant timestamptz := ticket_workflow.now();
	day date;
	whole boolean;
	tops bigint[];
begin
	centers := '{}';
	areas := '{}';
	departments := '{}';
	platforms := '{}';
	if me.official_id is not null then
		home := me.center_id;
		-- once: an argument of an inlined function is computed wherever it stands in it
		day := ticket_workflow.today(home);
		select
				coalesce(bool_or(p.organization_kind = 'center' and p.area_id is null or p.oversees or p."position" = 'principal_leader'), false),
				coalesce(array_agg(p.area_id) filter (where p.area_id is not null), '{}'),
				coalesce(array_agg(p.organization_id) filter (where p.organization_kind in ('department', 'committee', 'court')), '{}'),
				coalesce(array_agg(case p.organization_kind when 'city_platform' then 'city' else 'district' end)
					filter (where p.organization_kind in ('city_platform', 'district_platform')), '{}')
			into whole, areas, tops, platforms
			from ticket_workflow.posts_on(me.official_id, day) p;
		-- asked only where it decides: a condition with a query in it is started even where its first half has decided
		if tops <> '{}' then
			departments := ticket_workflow.organizations_below(tops);
		end if;
		if not whole then
			whole := exists (select from ticket_workflow.duty_roster d
				where d.center_id = home and at >= d.starts_at and at < d.ends_at and me.official_id in (d.official_id, d.leader_id));
		end if;
		if whole then
			centers := array[home];
		end if;
	end if;
	-- an application that names an actor sees what he sees, whatever else its role may read
	if ticket_workflow.actor_setting() is null then
		centers := centers || ticket_workflow.granted_centers('{reader,auditor}');
	end if;
end
$$;
comment on function ticket_workflow.my_sight() is
	'What the caller sees: whole centers, areas, lead departments, platforms that supervise (of the home center)';

create or replace function ticket_workflow.my_centers() returns bigint[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (select s.centers from ticket_workflow.my_sight() s); end $$;
comment on function ticket_workflow.my_centers() is 'Centers all of whose tickets the caller sees';

create or replace function ticket_workflow.my_areas() returns bigint[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (select s.areas from ticket_workflow.my_sight() s); end $$;
comment on function ticket_workflow.my_areas() is 'Areas whose tickets the caller sees';

create or replace function ticket_workflow.my_departments() returns bigint[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (select s.departments from ticket_workflow.my_sight() s); end $$;
comment on function ticket_workflow.my_departments() is 'Organizations of the caller and those below them: he sees what they lead or assist';

create or replace function ticket_workflow.my_platforms() returns text[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (select s.platforms from ticket_workflow.my_sight() s); end $$;
comment on function ticket_workflow.my_platforms() is 'Platforms of the caller: he sees what they supervise in his home center';

create or replace function ticket_workflow.my_home() returns bigint
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (select s.home from ticket_workflow.my_sight() s); end $$;
comment on function ticket_workflow.my_home() is 'Center of the official who acts';

-- The group role of officials is nobody, whatever centers it was granted for: a person has a home.
create or replace function ticket_workflow.my_directory() returns bigint[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
begin
	return array_append(ticket_workflow.granted_centers('{application,reader,auditor,sweeper,manager}'),
		(ticket_workflow.acting_official()).center_id);
end
$$;
comment on function ticket_workflow.my_directory() is 'Centers whose people the caller sees: those granted to him, and the home of the official who acts';

-- Discipline inspection sees its cases (3.8), of the centers in which the official holds a post there.
create or replace function ticket_workflow.my_inspected() returns bigint[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	me constant ticket_workflow.official := ticket_workflow.acting_official();
begin
	if me.official_id is null or not exists (
		select from ticket_workflow.posts_on(me.official_id, ticket_workflow.today(me.center_id)) p where p.organization_kind = 'inspection') then
		return '{}';
	end if;
	return array[me.center_id];
end
$$;
comment on function ticket_workflow.my_inspected() is 'Centers whose accountability cases the caller sees, as discipline inspection';

create or replace function ticket_workflow.my_tickets_apart() returns setof bigint
	language plpgsql stable parallel safe security definer rows 1000 set search_path = pg_catalog, pg_temp
as $$
begin
	return query select t from ticket_workflow.tickets_apart((select s.departments from ticket_workflow.my_sight() s)) t;
	return query select c.ticket_id from ticket_workflow.accountability_case c where c.center_id = any (ticket_workflow.my_inspected());
end
$$;
comment on function ticket_workflow.my_tickets_apart() is 'Tickets the caller sees one by one: those his organizations assist, and for discipline inspection those of its cases';

create or replace function ticket_workflow.may_see(ticket ticket_workflow.ticket) returns boolean
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
declare
	sight record;
begin
	sight := ticket_workflow.my_sight();
	if ticket_workflow.sees(may_see.ticket, sight.centers, sight.areas, sight.departments, sight.platforms, sight.home, false) then
		return true;
	end if;
	return sight.departments <> '{}' and exists (
			select from ticket_workflow.tickets_apart(sight.departments, (may_see.ticket).ticket_id))
		-- asked last: few callers are discipline inspection
		or exists (select from ticket_workflow.accountability_case c
			where c.ticket_id = (may_see.ticket).ticket_id and c.center_id = any (ticket_workflow.my_inspected()));
end
$$;
comment on function ticket_workflow.may_see(ticket_workflow.ticket) is
	'Whether the caller sees a ticket; the same rule as the row policies, at the head of every API function';

-- By key: where may_see() of a joined row stands in a query, a planner that takes the table for small asks it of every ticket.
create or replace function ticket_workflow.may_see(ticket_id bigint) returns boolean
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
begin
	select * into t from ticket_workflow.ticket r where r.ticket_id = may_see.ticket_id;
	return found and ticket_workflow.may_see(t);
end
$$;
comment on function ticket_workflow.may_see(bigint) is 'Whether there is a ticket of this id that the caller sees';
