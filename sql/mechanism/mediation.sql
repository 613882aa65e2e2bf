-- Joint mediation (3.5): ordinary cases before the area, complex ones before a regular or special meeting.
-- May touch: mediation and its tickets and participants; the journal.

-- The overseeing office coordinates, though it leads none of the tickets.
create or replace function ticket_workflow.begin_coordination(ticket_id bigint, act text) returns ticket_workflow.ticket
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	at timestamptz;
begin
	-- seen before it is locked: who does not see it must not learn by waiting that it is there
	select * into t from ticket_workflow.ticket r where r.ticket_id = begin_coordination.ticket_id;
	if found and not ticket_workflow.has_right(t, begin_coordination.act) and ticket_workflow.may_see(t)
		and ticket_workflow.has_right(ticket_workflow.center_case(t.center_id), begin_coordination.act) then
		at := ticket_workflow.act_time();
		select * into strict t from ticket_workflow.ticket r where r.ticket_id = begin_coordination.ticket_id for no key update;
		if ticket_workflow.catch_up(t.ticket_id, at - interval '1 microsecond') > 0 then
			select * into strict t from ticket_workflow.ticket r where r.ticket_id = begin_coordination.ticket_id;
		end if;
		return t;
	end if;
	return ticket_workflow.begin_act(begin_coordination.ticket_id, begin_coordination.act);
end
$$;
comment on function ticket_workflow.begin_coordination(bigint, text) is
	'begin_act(), also for the office that oversees the center, where act_right has the act for a lead department';

create or replace function ticket_workflow.record_mediation(tickets bigint[], subject text, forum text, outcome text, result text,
		participants text[], complex boolean default null, coordinator text default null, held_at timestamptz default null,
		record_uri text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	m ticket_workflow.mediation;
	t ticket_workflow.ticket;
	one bigint;
	wrong text;
begin
	if not exists (select from unnest(tickets) x where x is not null) then
		perform ticket_workflow.fail('text_missing', '3.5', 'tickets');
	end if;
	m.held_at := coalesce(record_mediation.held_at, ticket_workflow.now());
	m.marks := '{}';
	-- in one order, whoever else mediates the same ones
	for one in select distinct x from unnest(tickets) x where x is not null order by x loop
		t := ticket_workflow.begin_coordination(one, 'record_mediation');
		m.center_id := coalesce(m.center_id, t.center_id);
		if t.center_id <> m.center_id then
			perform ticket_workflow.fail('unknown_row', null, 'ticket', one::text);
		end if;
		m.marks := m.marks || ticket_workflow.check_occurred(t, m.held_at);
	end loop;
	m.marks := array(select distinct x from unnest(m.marks) x order by 1);
	m.subject := ticket_workflow.require_text(record_mediation.subject, 'subject', 500);
	m.forum := ticket_workflow.require_code('mediation_forum', record_mediation.forum, 'forum');
	m.complex := coalesce(record_mediation.complex, m.forum <> 'area');
	-- recorded as it was; that it went another way than the norm has it is marked
	if m.complex and m.forum = 'area' then
		m.marks := m.marks || 'complex_in_area'::text;
	end if;
	m.outcome := ticket_workflow.require_code('mediation_outcome', record_mediation.outcome, 'outcome');
	m.result := ticket_workflow.require_text(record_mediation.result, 'result', 10000);
	m.record_uri := ticket_workflow.optional_text(record_mediation.record_uri, 'record_uri', 2000);
	if record_mediation.coordinator is not null then
		m.coordinator_id := ticket_workflow.organization_id_of(m.center_id, record_mediation.coordinator,
			ticket_workflow.local_day(m.held_at, ticket_workflow.ticket_calendar(m.center_id)));
	else
		m.coordinator_id := (ticket_workflow.center_case(m.center_id)).lead_department_id;
		if m.coordinator_id is null then
			perform ticket_workflow.fail('coordinator_missing', '3.5');
		end if;
	end if;
	m.mediation_id := ticket_workflow.new_id(m.center_id, 'ticket_workflow.mediation_seq');
	m.recorded_at := ticket_workflow.now();
	m.recorded_by := ticket_workflow.actor();
	insert into ticket_workflow.mediation values (m.*);
	insert into ticket_workflow.mediation_ticket
		select distinct m.mediation_id, x, m.center_id from unnest(tickets) x where x is not null;

	select string_agg(c, ', ') into wrong
		from unnest(participants) c
		where not exists (select from ticket_workflow.organization o where o.center_id = m.center_id and o.code = c)
			and not exists (select from ticket_workflow.official o where o.center_id = m.center_id and o.code = c);
	if wrong is not null then
		perform ticket_workflow.fail('unknown_row', null, 'participant', left(wrong, 200));
	end if;
	if not exists (select from unnest(participants) x where x is not null) then
		perform ticket_workflow.fail('text_missing', '3.5', 'participants');
	end if;
	insert into ticket_workflow.mediation_participant (mediation_id, organization_id, official_id)
		select m.mediation_id, o.organization_id, null
		from unnest(participants) c join ticket_workflow.organization o on o.center_id = m.center_id and o.code = c
		union
		-- an official sits there for the organization of his post
		select m.mediation_id, coalesce((
				select p.organization_id
				from ticket_workflow.posts_on(f.official_id, ticket_workflow.local_day(m.held_at, ticket_workflow.ticket_calendar(m.center_id))) p
				order by p.substitute, p.rank desc, p.post_id limit 1),
			ticket_workflow.center_organization(m.center_id)), f.official_id
		from unnest(participants) c join ticket_workflow.official f on f.center_id = m.center_id and f.code = c;

	perform ticket_workflow.write_journal(x.ticket_id, 'record_mediation', '3.5',
			jsonb_strip_nulls(jsonb_build_object('mediation_id', m.mediation_id, 'forum', m.forum, 'complex', m.complex, 'outcome', m.outcome,
				'coordinator_id', m.coordinator_id, 'marks', nullif(to_jsonb(m.marks), '[]'))), m.held_at)
		from ticket_workflow.mediation_ticket x where x.mediation_id = m.mediation_id;
	return m.mediation_id;
end
$$;
comment on function ticket_workflow.record_mediation(bigint[], text, text, text, text, text[], boolean, text, timestamptz, text) is
	'Records a joint mediation of one or several tickets: before the area, a regular or a special meeting; participants are codes of organizations and officials, coordinator is the overseeing office (社区管理办) unless named. A complex case before the area is marked. Returns mediation_id. Errors: TW005, TW006. Clause 3.5';
