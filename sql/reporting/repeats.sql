-- Petitions that repeat (2.3.6), month by month, one row per group of tickets.
-- May touch: nothing.
--
-- What "the same thing" is, repeated_ticket() says: incidents that a person linked, and what a machine can tell. Here the
-- month's tickets that may have such a set are found by indexes, and the latest of each set stands for it.

create or replace function ticket_workflow.month_repeats(center_id bigint, month date)
	returns table (repeat_kind text, latest_id bigint, matter_id bigint, incident_id bigint, petitioner_id bigint,
		ticket_ids bigint[], persons bigint, matters bigint)
	language plpgsql stable security definer rows 20
	set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	home constant bigint := month_repeats.center_id;
	zone constant text := ticket_workflow.center_zone(home);
	starts_at constant timestamptz := date_trunc('month', ticket_workflow.require_day(month_repeats.month, 'month')::timestamp) at time zone zone;
	ends_at constant timestamptz := (date_trunc('month', ticket_workflow.require_day(month_repeats.month, 'month')::timestamp) + interval '1 month') at time zone zone;
begin
	-- telephones are compared: only for who sees the whole desk
	if not home = any (ticket_workflow.my_centers()) then
		return;
	end if;
	return query
		with arrival as materialized (
			select t.ticket_id, t.matter_id, t.place, t.received_at, t.petitioner_id, t.rulebook, p.phone, l.incident_id
			from ticket_workflow.ticket t
				left join ticket_workflow.petitioner p on p.petitioner_id = t.petitioner_id
				left join ticket_workflow.incident_ticket l on l.ticket_id = t.ticket_id and l.unlinked_at is null
			where t.center_id = home and t.received_at >= starts_at and t.received_at < ends_at
				and t.kind <> 'callback_review' and t.state <> 'withdrawn'
		), rule as materialized (
			select r.rulebook, ticket_workflow.rulebook_setting(r.rulebook, 'repeat_same_person')::integer as same_person,
				ticket_workflow.rulebook_setting(r.rulebook, 'repeat_several_persons')::integer as several_persons,
				ticket_workflow.rulebook_setting(r.rulebook, 'repeat_several_matters')::integer as several_matters,
				make_interval(hours => 24 * ticket_workflow.rulebook_setting(r.rulebook, 'repeat_span_days')::integer) as span
			from (select distinct a.rulebook from arrival a) r
		), caller as (
			-- the latest ticket of a telephone: by matter, and over all its matters
			select distinct on (a.phone, a.matter_id) a.*,
				row_number() over (partition by a.phone order by a.received_at desc, a.ticket_id desc) = 1 as latest
			from arrival a where a.phone is not null and a.matter_id is not null
			order by a.phone, a.matter_id, a.received_at desc, a.ticket_id desc
		), spoken as materialized (
			-- all that these telephones ever brought up: most of them this one ticket
			select c.ticket_id as latest_id, c.phone, o.ticket_id, o.matter_id, o.state <> 'withdrawn' and o.kind <> 'callback_review'
				and (o.received_at, o.ticket_id) <= (c.received_at, c.ticket_id) and o.received_at > c.received_at - u.span as counts
			from caller c
				join rule u on u.rulebook = c.rulebook
				join ticket_workflow.petitioner q on q.center_id = home and q.phone = c.phone
				join ticket_workflow.ticket o on o.petitioner_id = q.petitioner_id
			where c.latest
		), candidate as materialized (
			select c.ticket_id, c.rulebook from caller c
			where exists (select from spoken o where o.phone = c.phone and o.matter_id = c.matter_id and o.ticket_id <> c.ticket_id)
			union
			select p.ticket_id, p.rulebook
			from (select distinct on (a.matter_id, a.place) a.* from arrival a where a.place is not null and a.matter_id is not null
				order by a.matter_id, a.place, a.received_at desc, a.ticket_id desc) p
			-- offset 0: the place finds the few
			where exists (select from (select o.ticket_id, o.place, o.petitioner_id from ticket_workflow.ticket o
					where o.center_id = home and o.matter_id = p.matter_id
						and hashtextextended(o.place, 0) = hashtextextended(p.place, 0) offset 0) o
				where o.place = p.place and o.ticket_id <> p.ticket_id and o.petitioner_id is distinct from p.petitioner_id)
			union
			(select distinct on (a.incident_id) a.ticket_id, a.rulebook from arrival a where a.incident_id is not null
				order by a.incident_id, a.received_at desc, a.ticket_id desc)
		), found as (
			select r.ticket_id, r.repeat_kind, array_agg(r.other_id order by r.other_id) as ticket_ids, count(distinct r.person) as persons
			from ticket_workflow.repeated_tickets(array(select c.ticket_id from candidate c)) r
				join candidate c on c.ticket_id = r.ticket_id
				join rule u on u.rulebook = c.rulebook
			group by r.ticket_id, r.repeat_kind, u.same_person, u.several_persons
			having case r.repeat_kind when 'same_person' then count(*) >= u.same_person else count(distinct r.person) >= u.several_persons end
			union all
			-- one person, several matters (2.3.6.3)
			select o.latest_id, 'several_matters', array_agg(o.ticket_id order by o.ticket_id), 1
			from spoken o
				join arrival a on a.ticket_id = o.latest_id
				join rule u on u.rulebook = a.rulebook
			where o.counts
			group by o.latest_id, u.several_matters
			having count(distinct o.matter_id) >= u.several_matters
		), distinct_set as (
			select distinct on (f.repeat_kind, f.ticket_ids) f.*
			from found f
			order by f.repeat_kind, f.ticket_ids, f.ticket_id desc
		)
		select s.repeat_kind, s.ticket_id, case when s.repeat_kind <> 'several_matters' then t.matter_id end,
			ticket_workflow.incident_of(s.ticket_id), case when s.repeat_kind <> 'several_persons' then t.petitioner_id end,
			s.ticket_ids, s.persons,
			(select count(distinct o.matter_id) from ticket_workflow.ticket o where o.ticket_id = any (s.ticket_ids))
		from distinct_set s
			join ticket_workflow.ticket t on t.ticket_id = s.ticket_id
		-- an earlier ticket of the month knows a part of what the latest knows
		where not exists (select from distinct_set o
			where o.repeat_kind = s.repeat_kind and o.ticket_ids[1] = s.ticket_ids[1] and o.ticket_ids @> s.ticket_ids and o.ticket_id <> s.ticket_id);
end
$$;
comment on function ticket_workflow.month_repeats(bigint, date) is
	'Groups of tickets that repeat, each with its latest ticket in that month: same_person, several_persons, several_matters; for those who see the center. Clause 2.3.6';
