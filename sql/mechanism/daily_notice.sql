-- What was unfinished at a moment, and what was completed in a span without being solved: the rows of the daily
-- notice (3.2) and of the weekly list (3.4); the notice's text, and its posting.
-- May touch: daily_posting. The reading functions run under the caller's own rights: he sees his tickets.

-- The state of a ticket at a past moment stands in its journal, its department in the decisions of dispatch; only what
-- changed since needs a look there. Of what was completed, the petitioner's own word, given after the completion, goes
-- before what the report says. The planner is to see the moments: each arm begins with an index of what is open or late.
create or replace function ticket_workflow.notice_rows(center_id bigint, since timestamptz, until timestamptz, last_day date)
	returns table (item text, ticket_id bigint, ticket_number text, lead_department text, lead_department_name text,
		area text, area_name text, state text, source text, kind text, category text, handling_class text, urgent boolean,
		received_at timestamptz, age_days integer, age_working_days integer, completed_at timestamptz,
		handling_result text, handling_result_label text)
	language plpgsql stable rows 1000 set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
	calendar constant text := ticket_workflow.ticket_calendar(notice_rows.center_id);
	-- of any rulebook: which completions are worth a closer look
	doubtful constant text[] := array(select unnest(string_to_array(s.value, '|')) from ticket_workflow.rulebook_setting s
		where s.name = 'unsolved_results');
begin
	return query
	select x.item, x.ticket_id, coalesce(x.external_no, x.ticket_id::text), o.code, o.name, a.code, a.name,
		x.state, x.source, x.kind, x.category, x.handling_class, x.urgent, x.received_at,
		notice_rows.last_day - x.received_on, ticket_workflow.working_days_between(x.received_on, notice_rows.last_day, calendar),
		x.completed_at, x.handling_result,
		case when x.handling_result is not null then
			ticket_workflow.finding_label(x.rulebook, 'handling_result', x.category, x.handling_result) end
	from (
			select 'unfinished' as item, t.ticket_id, t.external_no, t.area_id, t.source, t.kind, t.category, t.handling_class, t.urgent, t.received_at, t.rulebook,
				t.state, t.lead_department_id as department_id, null::timestamptz as completed_at, null::text as handling_result,
				ticket_workflow.local_day(t.received_at, calendar) as received_on
			from ticket_workflow.ticket t
			where t.center_id = notice_rows.center_id and t.state_at < notice_rows.until
				and ticket_workflow.is_open_state(t.state)
			union all
			select 'unfinished', t.ticket_id, t.external_no, t.area_id, t.source, t.kind, t.category, t.handling_class, t.urgent, t.received_at, t.rulebook,
				s.state, case when s.state <> 'received' then (
					select d.department_id from ticket_workflow.dispatch_decision d
					where d.ticket_id = t.ticket_id and d.decided_at < notice_rows.until
					order by d.dispatch_round desc limit 1) end, null, null,
				ticket_workflow.local_day(t.received_at, calendar)
			from (
					-- what moved since, or ended, each way by its own index; not what came since
					select m.ticket_id, m.external_no, m.area_id, m.source, m.kind, m.category, m.handling_class, m.urgent, m.received_at, m.rulebook
						from ticket_workflow.ticket m
						where m.center_id = notice_rows.center_id and m.received_at < notice_rows.until and m.state_at >= notice_rows.until
							and ticket_workflow.is_open_state(m.state)
					union all
					select m.ticket_id, m.external_no, m.area_id, m.source, m.kind, m.category, m.handling_class, m.urgent, m.received_at, m.rulebook
						from ticket_workflow.ticket m
						where m.center_id = notice_rows.center_id and m.received_at < notice_rows.until and m.state = 'completed' and m.completed_at >= notice_rows.until
					union all
					select m.ticket_id, m.external_no, m.area_id, m.source, m.kind, m.category, m.handling_class, m.urgent, m.received_at, m.rulebook
						from ticket_workflow.ticket m
						where m.center_id = notice_rows.center_id and m.received_at < notice_rows.until and m.state = 'closed' and m.closed_at >= notice_rows.until
					union all
					select m.ticket_id, m.external_no, m.area_id, m.source, m.kind, m.category, m.handling_class, m.urgent, m.received_at, m.rulebook
						from ticket_workflow.ticket m
						where m.center_id = notice_rows.center_id and m.received_at < notice_rows.until and m.state in ('transferred', 'withdrawn', 'merged') and m.state_at >= notice_rows.until
				) t
				cross join lateral (
					select j.to_state as state from ticket_workflow.journal j
					where j.ticket_id = t.ticket_id and j.to_state is not null and j.occurred_at < notice_rows.until
					order by j.seq desc limit 1) s
			where ticket_workflow.is_open_state(s.state)
			union all
			select 'unsolved', t.ticket_id, t.external_no, t.area_id, t.source, t.kind, t.category, t.handling_class, t.urgent, t.received_at, t.rulebook,
				'completed', r.organization_id, r.reviewed_at, r.handling_result,
				ticket_workflow.local_day(t.received_at, calendar)
			from ticket_workflow.report r
				-- what passed before an import was the former desk's to tell
				join ticket_workflow.ticket t on t.ticket_id = r.ticket_id and (not t.imported or r.reviewed_at >= t.recorded_at)
			where r.center_id = notice_rows.center_id and r.state = 'passed'
				and r.reviewed_at >= notice_rows.since and r.reviewed_at < notice_rows.until
				and (r.handling_result = any (doubtful) or r.ticket_id in (
					select b.ticket_id from ticket_workflow.contact b
					where b.center_id = notice_rows.center_id and b.purpose = 'callback' and not b.solved
						and b.occurred_at >= notice_rows.since and b.occurred_at < notice_rows.until))
				and coalesce((
						select not c.solved from ticket_workflow.contact c
						where c.ticket_id = r.ticket_id and c.purpose = 'callback' and c.solved is not null and c.voided_at is null
							and c.occurred_at >= r.reviewed_at and c.occurred_at < notice_rows.until
						order by c.occurred_at desc, c.contact_id desc limit 1),
					r.handling_result = any (string_to_array((select s.value from ticket_workflow.rulebook_setting s
						where s.rulebook = t.rulebook and s.name = 'unsolved_results'), '|')))
		) x
		left join ticket_workflow.organization o on o.organization_id = x.department_id
		left join ticket_workflow.area a on a.area_id = x.area_id;
end
$$;
comment on function ticket_workflow.notice_rows(bigint, timestamptz, timestamptz, date) is
	'What was unfinished at the end of a span, with its age on its last day, and what was completed in it without being solved (3.2, 3.4); of the tickets the caller sees';

create or replace function ticket_workflow.day_start(day date, calendar text) returns timestamptz
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (select ticket_workflow.require_day(day_start.day, 'day')::timestamp at time zone k.zone from ticket_workflow.calendar k where k.code = day_start.calendar);
end
$$;
comment on function ticket_workflow.day_start(date, text) is '00:00 of a day in the zone of a calendar';

create or replace function ticket_workflow.daily_notice_on(center text, day date)
	returns table (item text, item_label text, ticket_id bigint, ticket_number text, lead_department text, lead_department_name text,
		area text, area_name text, state text, state_label text, category text, category_label text,
		handling_class text, handling_class_label text, urgent boolean, received_at timestamptz,
		age_days integer, age_working_days integer, completed_at timestamptz,
		handling_result text, handling_result_label text, due_at timestamptz, due_on date)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.center_id_of(daily_notice_on.center);
	calendar constant text := ticket_workflow.ticket_calendar(home);
begin
	perform ticket_workflow.check_notice_day(home, daily_notice_on.day);
	return query
		select n.item, ticket_workflow.label('notice_item', n.item), n.ticket_id, n.ticket_number, n.lead_department, n.lead_department_name,
			n.area, n.area_name, n.state, ticket_workflow.label('state', n.state),
			n.category, ticket_workflow.label('category', n.category),
			n.handling_class, ticket_workflow.label('handling_class', n.handling_class), n.urgent, n.received_at,
			n.age_days, n.age_working_days, n.completed_at, n.handling_result, n.handling_result_label, c.due_at, c.due_on
		from ticket_workflow.notice_rows(home, ticket_workflow.day_start(daily_notice_on.day, calendar),
			ticket_workflow.day_start(daily_notice_on.day + 1, calendar), daily_notice_on.day) n
			left join lateral (
				select k.due_at, k.due_on from ticket_workflow.clock k
				where k.ticket_id = n.ticket_id and k.clock in ('completion', 'urgent_completion')
				order by k.started_at desc, k.clock_id desc limit 1) c on true;
end
$$;
comment on function ticket_workflow.daily_notice_on(text, date) is
	'The daily notice of a past day: what was unfinished at its 24:00 with its age, and what was completed on it unsolved; of the tickets the caller sees. Errors: TW006. Clause 3.2';

create or replace function ticket_workflow.check_notice_day(center_id bigint, day date) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	if check_notice_day.center_id is null or not coalesce(isfinite(check_notice_day.day), false) then
		perform ticket_workflow.fail('text_missing', null, 'center, day');
	end if;
	if check_notice_day.day >= ticket_workflow.today(check_notice_day.center_id) then
		perform ticket_workflow.fail('notice_day_not_over', '3.2', check_notice_day.day::text);
	end if;
end
$$;
comment on function ticket_workflow.check_notice_day(bigint, date) is 'TW006 unless the day is over at the center';

-- One paragraph a department, ready to paste. Numbers and ages only: the group is no place for what people ask.
create or replace function ticket_workflow.notice_body(center_id bigint, day date, out body text, out unfinished integer, out unsolved integer)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	calendar constant text := ticket_workflow.ticket_calendar(notice_body.center_id);
	comma constant text := case ticket_workflow.language() when 'en' then ', ' else '、' end;
begin
	perform ticket_workflow.require_day(notice_body.day, 'day');
	with listed as materialized (
		select n.item, n.ticket_number, n.age_days, n.completed_at, n.lead_department, n.lead_department_name,
			(select k.due_at from ticket_workflow.clock k
				where k.ticket_id = n.ticket_id and k.clock in ('completion', 'urgent_completion')
				order by k.started_at desc, k.clock_id desc limit 1) < ticket_workflow.day_start(notice_body.day + 1, calendar) as overdue
		from ticket_workflow.notice_rows(notice_body.center_id, ticket_workflow.day_start(notice_body.day, calendar),
			ticket_workflow.day_start(notice_body.day + 1, calendar), notice_body.day) n
	), of_department as (
		select l.lead_department, min(l.lead_department_name) as name,
			count(*) filter (where l.item = 'unfinished') as unfinished,
			count(*) filter (where l.item = 'unsolved') as unsolved,
			string_agg(ticket_workflow.message_text(case when l.overdue then 'daily_notice_overdue' else 'daily_notice_ticket' end,
				array[l.ticket_number, l.age_days::text]), comma order by l.age_days desc, l.ticket_number collate "C")
				filter (where l.item = 'unfinished') as unfinished_list,
			string_agg(l.ticket_number, comma order by l.ticket_number collate "C") filter (where l.item = 'unsolved') as unsolved_list
		from listed l
		group by l.lead_department
	)
	select ticket_workflow.message_text('daily_notice_head', array[
				(select c.name from ticket_workflow.center c where c.center_id = notice_body.center_id), notice_body.day::text,
				coalesce(sum(d.unfinished), 0)::text, coalesce(sum(d.unsolved), 0)::text])
			|| coalesce(string_agg(E'\n'
				|| coalesce(d.name, ticket_workflow.message_text('daily_notice_undispatched'))
				|| case when d.unfinished > 0 then ticket_workflow.message_text('daily_notice_unfinished', array[d.unfinished::text, d.unfinished_list]) else '' end
				|| case when d.unsolved > 0 then ticket_workflow.message_text('daily_notice_unsolved', array[d.unsolved::text, d.unsolved_list]) else '' end,
				'' order by d.unfinished + d.unsolved desc, d.lead_department collate "C" nulls first), ''),
			coalesce(sum(d.unfinished), 0), coalesce(sum(d.unsolved), 0)
		into body, unfinished, unsolved
		from of_department d;
end
$$;
comment on function ticket_workflow.notice_body(bigint, date) is
	'Text of the daily notice, and its sums: head with them, then per department the numbers of its unfinished tickets with their age and of those completed unsolved';

create or replace function ticket_workflow.daily_notice_text(center text, day date default null) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.center_id_of(daily_notice_text.center);
	of_day constant date := coalesce(daily_notice_text.day, ticket_workflow.today(home) - 1);
begin
	perform ticket_workflow.check_notice_day(home, of_day);
	return (ticket_workflow.notice_body(home, of_day)).body;
end
$$;
comment on function ticket_workflow.daily_notice_text(text, date) is
	'The daily notice of a day (yesterday) as text for the work group, in the session''s language; of the tickets the caller sees. Errors: TW006. Clause 3.2';

create or replace function ticket_workflow.record_daily_notice(center text, day date default null, channel text default 'wechat',
		evidence_uri text default null, posted_at timestamptz default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p ticket_workflow.daily_posting;
begin
	p.center_id := (ticket_workflow.begin_center_act(record_daily_notice.center, 'record_daily_notice')).center_id;
	p.day := coalesce(record_daily_notice.day, ticket_workflow.today(p.center_id) - 1);
	perform ticket_workflow.check_notice_day(p.center_id, p.day);
	p.channel := ticket_workflow.require_code('contact_channel', record_daily_notice.channel, 'channel');
	p.recorded_at := ticket_workflow.now();
	p.posted_at := coalesce(record_daily_notice.posted_at, p.recorded_at);
	if p.posted_at > p.recorded_at or not isfinite(p.posted_at) then
		perform ticket_workflow.fail('in_the_future', null, 'posted_at',
			ticket_workflow.local_text(p.posted_at, ticket_workflow.ticket_calendar(p.center_id)));
	end if;
	p.recorded_by := ticket_workflow.actor();
	p.evidence_uri := ticket_workflow.optional_text(record_daily_notice.evidence_uri, 'evidence_uri', 2000);
	-- as definer it counts the whole desk, whoever records it
	select n.body, n.unfinished, n.unsolved into p.body, p.unfinished, p.unsolved from ticket_workflow.notice_body(p.center_id, p.day) n;
	p.posting_id := ticket_workflow.new_id(p.center_id, 'ticket_workflow.posting_seq');
	insert into ticket_workflow.daily_posting values (p.*) on conflict (center_id, day) do nothing;
	if not found then
		perform ticket_workflow.fail('daily_notice_posted', '3.2', p.day::text);
	end if;
	return p.posting_id;
end
$$;
comment on function ticket_workflow.record_daily_notice(text, date, text, text, timestamptz) is
	'Records that the daily notice of a day (yesterday) was posted, with its text, in the session''s language, and the image''s URI; once per day. Returns posting_id. Errors: TW005, TW006. Clause 3.2';
