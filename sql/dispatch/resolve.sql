-- The engine's answer (src/dispatch.c), and the same for a ticket.
-- May touch: nothing.

-- parallel safe: what it reads of incidents is read under the same snapshot
create or replace function ticket_workflow.resolve_dispatch(center text, matter text default null, area text default null,
		place text default null, appeal text default null, incident_id bigint default null, excluded text[] default '{}',
		on_day date default null, in_territory boolean default true, ticket_id bigint default null)
	returns table (rank integer, principle text, department text, decisive boolean, basis text)
	language c stable parallel safe cost 1000 rows 7 as 'MODULE_PATHNAME', 'tw_sql_resolve_dispatch';
comment on function ticket_workflow.resolve_dispatch(text, text, text, text, text, bigint, text[], date, boolean, bigint) is
	'Which department by which principle: one row for each in the order of the rulebook, with the department or the reason for its miss; the first that hits is decisive. A row "transfer" when the place is outside. excluded: departments whose return was granted; ticket_id leaves a ticket out of its own incident. Errors: TW006, TW011, TW012. Clause 2.1';

create or replace function ticket_workflow.found_in_text(center text, place text, appeal text default null, on_day date default null) returns text
	language c stable parallel safe cost 500 as 'MODULE_PATHNAME', 'tw_sql_found_in_text';
comment on function ticket_workflow.found_in_text(text, text, text, date) is
	'What dispatch finds in an address and an appeal, to try out names and places: "place: committees; name: department"; - lies outside. Errors: TW006, TW012';

-- Triples of department, handling or completed, and ticket number, in the order in which they were dispatched.
create or replace function ticket_workflow.incident_handlers(center text, incident_id bigint, ticket_id bigint) returns text[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	own ticket_workflow.ticket;
	result text[];
begin
	select * into own from ticket_workflow.ticket t where t.ticket_id = incident_handlers.ticket_id;
	select array_agg(h.piece order by h.handling desc, h.at, h.ticket_id, h.part) into result
		from (
			select s.is_open as handling, t.ticket_id, part,
				-- of what is done the latest counts
				case when s.is_open then extract(epoch from t.dispatched_at) else -extract(epoch from t.completed_at) end as at,
				(array[o.code, case when s.is_open then 'handling' else 'completed' end, coalesce(t.external_no, t.ticket_id::text)])[part] as piece
			from ticket_workflow.incident_ticket l
				join ticket_workflow.center c on c.center_id = l.center_id and c.code = incident_handlers.center
				join ticket_workflow.ticket t on t.ticket_id = l.ticket_id
				join ticket_workflow.ticket_state s on s.state = t.state
				join ticket_workflow.organization o on o.organization_id = t.lead_department_id
				cross join generate_series(1, 3) part
			where l.incident_id = incident_handlers.incident_id and l.unlinked_at is null
				and t.ticket_id is distinct from incident_handlers.ticket_id
				and t.state in ('dispatched', 'accepted', 'reported', 'rework', 'completed', 'closed')
				-- whoever asks the engine directly learns of no ticket that he does not see
				and (ticket_workflow.may_see(t) or ticket_workflow.has_capability('manager', t.center_id))
				-- of a ticket that has its department already: what was known when it was dispatched
				and (own.dispatched_at is null or t.first_dispatched_at < own.dispatched_at)
		) h;
	return coalesce(result, '{}');
end
$$;
comment on function ticket_workflow.incident_handlers(text, bigint, bigint) is
	'For the engine: departments that handle or completed tickets of an incident, other than the ticket itself';

create or replace function ticket_workflow.incident_of(ticket_id bigint) returns bigint
	language sql stable parallel safe
	return (select l.incident_id from ticket_workflow.incident_ticket l
		where l.ticket_id = incident_of.ticket_id and l.unlinked_at is null);
comment on function ticket_workflow.incident_of(bigint) is 'The incident a ticket is linked to now, NULL for none';

create or replace function ticket_workflow.returned_departments(ticket_id bigint) returns text[]
	language sql stable
	return (select coalesce(array_agg(distinct o.code), '{}')
		from ticket_workflow.ticket_return r
			join ticket_workflow.organization o on o.organization_id = r.organization_id
		where r.ticket_id = returned_departments.ticket_id and r.state = 'granted');
comment on function ticket_workflow.returned_departments(bigint) is
	'Departments whose return of this ticket was granted: no longer recommended for it';

create or replace function ticket_workflow.has_dispatch_rules(center_id bigint) returns boolean
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return exists (select from ticket_workflow.duty r
			where r.rule_id between has_dispatch_rules.center_id * 1000000000000 and has_dispatch_rules.center_id * 1000000000000 + 999999999999)
		or exists (select from ticket_workflow.area_fallback r
			where r.rule_id between has_dispatch_rules.center_id * 1000000000000 and has_dispatch_rules.center_id * 1000000000000 + 999999999999)
		or exists (select from ticket_workflow.statutory_rule r
			where r.rule_id between has_dispatch_rules.center_id * 1000000000000 and has_dispatch_rules.center_id * 1000000000000 + 999999999999)
		or exists (select from ticket_workflow.exception_rule r
			where r.rule_id between has_dispatch_rules.center_id * 1000000000000 and has_dispatch_rules.center_id * 1000000000000 + 999999999999);
end
$$;
comment on function ticket_workflow.has_dispatch_rules(bigint) is
	'Whether a center has rules of dispatch at all; one without dispatches by hand';

create or replace function ticket_workflow.ticket_recommendation(ticket ticket_workflow.ticket, on_day date default null)
	returns table (rank integer, principle text, department text, decisive boolean, basis text)
	language plpgsql stable rows 7 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
		select r.rank, r.principle, r.department, r.decisive, r.basis
		from ticket_workflow.center c
			left join ticket_workflow.matter m on m.matter_id = ticket_recommendation.ticket.matter_id
			left join ticket_workflow.area a on a.area_id = ticket_recommendation.ticket.area_id
			cross join lateral ticket_workflow.resolve_dispatch(c.code, m.code, a.code, ticket_recommendation.ticket.place,
				ticket_recommendation.ticket.appeal, ticket_workflow.incident_of(ticket_recommendation.ticket.ticket_id),
				ticket_workflow.returned_departments(ticket_recommendation.ticket.ticket_id), ticket_recommendation.on_day,
				ticket_recommendation.ticket.in_territory, ticket_recommendation.ticket.ticket_id) r
		where c.center_id = ticket_recommendation.ticket.center_id;
end
$$;
comment on function ticket_workflow.ticket_recommendation(ticket_workflow.ticket, date) is
	'resolve_dispatch() of a ticket with its incident and its returns; for the extension''s own use';
