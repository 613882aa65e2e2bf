-- Incidents: the machine proposes what may be the same thing, a person links it and can take that back (2.3.6).
-- May touch: incident, incident_ticket; the journal of the tickets.

create or replace function ticket_workflow.link_incident(ticket_id bigint, incident_id bigint default null,
		with_ticket bigint default null, title text default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	other ticket_workflow.ticket;
	target bigint := link_incident.incident_id;
	present bigint;
begin
	if num_nonnulls(link_incident.incident_id, link_incident.with_ticket) <> 1
		or link_incident.ticket_id = link_incident.with_ticket then
		perform ticket_workflow.fail('incident_target', '2.3.6');
	end if;
	-- two links against each other lock in the same order
	perform from ticket_workflow.ticket r
		where r.ticket_id in (link_incident.ticket_id, link_incident.with_ticket) and ticket_workflow.may_see(r)
		order by r.ticket_id for no key update;
	t := ticket_workflow.begin_act(link_incident.ticket_id, 'link_incident');
	present := ticket_workflow.incident_of(t.ticket_id);
	if link_incident.with_ticket is not null then
		select * into other from ticket_workflow.ticket r where r.ticket_id = link_incident.with_ticket;
		if not found or not ticket_workflow.may_see(other) or other.center_id <> t.center_id then
			perform ticket_workflow.fail('unknown_row', null, 'ticket', link_incident.with_ticket::text);
		end if;
		target := coalesce(ticket_workflow.incident_of(other.ticket_id), present);
	elsif not exists (
			select from ticket_workflow.incident_ticket l join ticket_workflow.ticket r on r.ticket_id = l.ticket_id
			where l.incident_id = target and l.center_id = t.center_id and ticket_workflow.may_see(r)) then
		perform ticket_workflow.fail('unknown_row', null, 'incident', target::text);
	end if;
	if present <> target then
		perform ticket_workflow.fail('incident_other', '2.3.6', present::text);
	end if;
	if target is null then
		target := ticket_workflow.new_id(t.center_id, 'ticket_workflow.incident_seq');
		insert into ticket_workflow.incident values (target, t.center_id,
			ticket_workflow.optional_text(link_incident.title, 'title', 200), ticket_workflow.now(), ticket_workflow.actor());
	end if;
	perform ticket_workflow.add_to_incident(target, t.ticket_id);
	if other.ticket_id is not null then
		perform ticket_workflow.add_to_incident(target, other.ticket_id);
	end if;
	-- whose report is still open may need a signature more (2.3.6)
	perform ticket_workflow.refresh_repeats(l.ticket_id)
		from ticket_workflow.incident_ticket l where l.incident_id = target and l.unlinked_at is null;
	return target;
end
$$;
comment on function ticket_workflow.link_incident(bigint, bigint, bigint, text) is
	'Links a ticket to an incident, or to that of another ticket about the same thing, which opens one if there is none. Returns the incident. Errors: TW005, TW006. Clause 2.3.6';

-- For merge_ticket(), which has locked both: to merge is to say that it is the same thing.
create or replace function ticket_workflow.join_incident(ticket_id bigint, other_id bigint) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	own constant bigint := ticket_workflow.incident_of(join_incident.ticket_id);
	target bigint := ticket_workflow.incident_of(join_incident.other_id);
begin
	if own <> target then
		perform ticket_workflow.fail('incident_other', '2.3.6', own::text);
	end if;
	target := coalesce(target, own);
	if target is null then
		target := ticket_workflow.new_id(ticket_workflow.center_of(join_incident.ticket_id), 'ticket_workflow.incident_seq');
		insert into ticket_workflow.incident values (target, ticket_workflow.center_of(join_incident.ticket_id), null,
			ticket_workflow.now(), ticket_workflow.actor());
	end if;
	perform ticket_workflow.add_to_incident(target, join_incident.ticket_id), ticket_workflow.add_to_incident(target, join_incident.other_id);
	perform ticket_workflow.refresh_repeats(l.ticket_id)
		from ticket_workflow.incident_ticket l where l.incident_id = target and l.unlinked_at is null;
	return target;
end
$$;
comment on function ticket_workflow.join_incident(bigint, bigint) is
	'Two locked tickets into one incident, opened if neither has one; TW006 when they belong to different ones';

create or replace function ticket_workflow.add_to_incident(incident_id bigint, ticket_id bigint) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if ticket_workflow.incident_of(add_to_incident.ticket_id) = add_to_incident.incident_id then
		return;
	end if;
	insert into ticket_workflow.incident_ticket (incident_id, ticket_id, center_id, linked_at, linked_by)
		values (add_to_incident.incident_id, add_to_incident.ticket_id, ticket_workflow.center_of(add_to_incident.ticket_id),
			ticket_workflow.now(), ticket_workflow.actor())
		-- linked, taken away and linked again in one moment
		on conflict (incident_id, ticket_id, linked_at) do update
			set unlinked_at = null, unlinked_by = null, unlink_reason = null;
	perform ticket_workflow.write_journal(add_to_incident.ticket_id, 'link_incident', '2.3.6',
		jsonb_build_object('incident_id', add_to_incident.incident_id));
end
$$;
comment on function ticket_workflow.add_to_incident(bigint, bigint) is 'One link of a ticket that the caller has locked, journalled';

create or replace function ticket_workflow.unlink_incident(ticket_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(unlink_incident.ticket_id, 'link_incident');
	present constant bigint := ticket_workflow.incident_of(t.ticket_id);
	why constant text := ticket_workflow.require_reason(unlink_incident.reason, '2.3.6');
begin
	if present is null then
		perform ticket_workflow.fail('incident_none', '2.3.6');
	-- one report answers both for good
	elsif exists (select from ticket_workflow.ticket_merge m where m.ticket_id = t.ticket_id or m.into_id = t.ticket_id) then
		perform ticket_workflow.fail('incident_merged', '2.3.6');
	end if;
	update ticket_workflow.incident_ticket l
		set unlinked_at = ticket_workflow.now(), unlinked_by = ticket_workflow.actor(), unlink_reason = why
		where l.ticket_id = t.ticket_id and l.unlinked_at is null;
	perform ticket_workflow.refresh_repeats(l.ticket_id)
		from ticket_workflow.incident_ticket l where l.incident_id = present;
	perform ticket_workflow.write_journal(t.ticket_id, 'unlink_incident', '2.3.6', jsonb_build_object('incident_id', present));
	return present;
end
$$;
comment on function ticket_workflow.unlink_incident(bigint, text) is
	'Takes a ticket out of its incident, with a reason; the link stays on record. Merged tickets stay together. Returns the incident. Errors: TW005, TW006, TW009. Clause 2.3.6';

create or replace function ticket_workflow.suggest_incident(ticket_id bigint, max_rows integer default 10)
	returns table (other_id bigint, ticket_number text, incident_id bigint, state text, received_at timestamptz,
		same_person boolean, place_score real, text_score real, score real)
	language plpgsql stable security definer rows 10 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	own_phone text;
	own bigint;
	span interval;
begin
	select * into t from ticket_workflow.ticket r where r.ticket_id = suggest_incident.ticket_id;
	if not found or not ticket_workflow.may_see(t) then
		perform ticket_workflow.fail('unknown_row', null, 'ticket', suggest_incident.ticket_id::text);
	end if;
	span := make_interval(hours => 24 * ticket_workflow.rulebook_setting(t.rulebook, 'incident_span_days')::integer);
	select p.phone into own_phone from ticket_workflow.petitioner p where p.petitioner_id = t.petitioner_id;
	own := ticket_workflow.incident_of(t.ticket_id);
	return query
		with ranked as (
			select c, s.place_score, s.text_score,
				-- where weighs most: of one matter the same words are often said about another house (bench/dispatch.sql)
				(0.4 * s.text_score + 0.45 * s.place_score
					+ 0.15 * (1 - abs(extract(epoch from c.received_at - t.received_at)) / extract(epoch from span)))::real as score
			from ticket_workflow.ticket c
				cross join lateral (select coalesce(ticket_workflow.text_similarity(c.place, t.place), 0::real) as place_score,
					ticket_workflow.text_similarity(c.appeal, t.appeal) as text_score offset 0) s
			where c.center_id = t.center_id and c.matter_id = t.matter_id and c.ticket_id <> t.ticket_id
				and c.received_at between t.received_at - span and t.received_at + span
				and c.state not in ('withdrawn', 'merged') and c.kind <> 'callback_review'
			order by score desc, c.ticket_id
			-- what costs more is asked of the best only, until there are enough
			offset 0
		), best as (
			select * from ranked r
			where ticket_workflow.may_see(r.c) and (own is null or ticket_workflow.incident_of((r.c).ticket_id) is distinct from own)
			limit least(greatest(coalesce(suggest_incident.max_rows, 10), 0), 200)
		)
		select (b.c).ticket_id, coalesce((b.c).external_no, (b.c).ticket_id::text), ticket_workflow.incident_of((b.c).ticket_id), (b.c).state,
			(b.c).received_at, coalesce(p.phone = own_phone, false), b.place_score, b.text_score, b.score
		from best b
			left join ticket_workflow.petitioner p on p.petitioner_id = (b.c).petitioner_id
		order by b.score desc, (b.c).ticket_id;
end
$$;
comment on function ticket_workflow.suggest_incident(bigint, integer) is
	'Tickets of the same matter that may be about the same thing, by text, place and time, best first; a person decides (link_incident). Errors: TW006. Clause 2.3.6';
