-- What stands in a monthly bulletin (热线简报, 3.2), once for all its forms: figures from the views, nothing counted anew.
-- May touch: nothing.

create or replace function ticket_workflow.day_figures(center_id bigint, since date, until date)
	returns table (day date, matter_id bigint, received bigint, completed bigint)
	language plpgsql stable security definer rows 500
	set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	home constant bigint := day_figures.center_id;
	zone constant text := ticket_workflow.center_zone(home);
	starts_at constant timestamptz := day_figures.since::timestamp at time zone zone;
	ends_at constant timestamptz := day_figures.until::timestamp at time zone zone;
begin
	if not home = any (ticket_workflow.my_centers()) then
		return;
	end if;
	-- the same tickets as received and completed of period_figures(), which counts much else for each day
	return query
		select (e.at at time zone zone)::date as day, e.matter_id, count(*) filter (where e.arrived), count(*) filter (where not e.arrived)
		from (
			select t.received_at as at, t.matter_id, true as arrived from ticket_workflow.ticket t
			where t.center_id = home and t.received_at >= starts_at and t.received_at < ends_at
			union all
			select t.completed_at, t.matter_id, false from ticket_workflow.ticket t
			where t.center_id = home and t.completed_at >= starts_at and t.completed_at < ends_at
		) e
		group by 1, 2;
end
$$;
comment on function ticket_workflow.day_figures(bigint, date, date) is
	'Tickets received and completed of each matter on each local day from one to before another, what has none left out, for those who see the center; they add up to period_figures()';

create or replace function ticket_workflow.hot_spots(center_id bigint, since date, until date, max_rows integer default 10)
	returns table (matter_id bigint, place text, tickets bigint, open_tickets bigint)
	language plpgsql stable security definer rows 10
	set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	home constant bigint := hot_spots.center_id;
	zone constant text := ticket_workflow.center_zone(home);
	starts_at constant timestamptz := hot_spots.since::timestamp at time zone zone;
	ends_at constant timestamptz := hot_spots.until::timestamp at time zone zone;
begin
	if not home = any (ticket_workflow.my_centers()) then
		return;
	end if;
	return query
		select t.matter_id, t.place, count(*),
			count(*) filter (where ticket_workflow.is_open_state(t.state))
		from ticket_workflow.ticket t
		where t.center_id = home and t.received_at >= starts_at and t.received_at < ends_at and t.place is not null
		group by t.matter_id, t.place
		having count(*) > 1
		order by count(*) desc, max(t.received_at) desc, t.place
		limit hot_spots.max_rows;
end
$$;
comment on function ticket_workflow.hot_spots(bigint, date, date, integer) is
	'Places and matters with more than one ticket in the span, most first, for those who see the center';

create or replace function ticket_workflow.bulletin_data(center_id bigint, month date) returns jsonb
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := bulletin_data.center_id;
	since constant date := date_trunc('month', bulletin_data.month::timestamp)::date;
	until constant date := (since + interval '1 month')::date;
	before constant date := (since - interval '1 month')::date;
	k constant text := ticket_workflow.ticket_calendar(home);
	zone constant text := ticket_workflow.center_zone(home);
	summary jsonb;
begin
	select to_jsonb(s) into summary from ticket_workflow.monthly_summary s where s.center_id = home and s.month = since;
	if summary is null then
		perform ticket_workflow.fail('bulletin_no_month', '3.2', ticket_workflow.month_text(since));
	end if;
	return jsonb_build_object('month', since, 'before', before, 'printed_at', to_char(ticket_workflow.now() at time zone zone, 'YYYY-MM-DD HH24:MI'),
		'summary', summary,
		'days', (
			select jsonb_agg(jsonb_build_object('day', d.day, 'working', ticket_workflow.is_working_day(d.day, k),
				'received', coalesce(f.received, 0), 'completed', coalesce(f.completed, 0)) order by d.day)
			from (select g::date as day from generate_series(since::timestamp, (until - 1)::timestamp, interval '1 day') g) d
				left join (
					select y.day, sum(y.received) as received, sum(y.completed) as completed
					from ticket_workflow.day_figures(home, since, until) y group by y.day) f on f.day = d.day),
		'departments', (
			select coalesce(jsonb_agg(to_jsonb(p) order by p.department is null, p.dispatched desc, p.received desc, p.department), '[]')
			from ticket_workflow.department_performance p where p.center_id = home and p.month = since),
		'matters', (
			select coalesce(jsonb_agg(jsonb_build_object('matter', m.code, 'name', m.name, 'received', coalesce(f.received, 0),
				'completed', coalesce(f.completed, 0), 'before', coalesce(b.received, 0))
				order by coalesce(f.received, 0) desc, coalesce(b.received, 0) desc, m.code), '[]')
			from (
					select y.matter_id, sum(y.received) as received, sum(y.completed) as completed
					from ticket_workflow.day_figures(home, since, until) y group by y.matter_id) f
				full join (
					select y.matter_id, sum(y.received) as received
					from ticket_workflow.day_figures(home, before, since) y group by y.matter_id) b
					on coalesce(b.matter_id, 0) = coalesce(f.matter_id, 0)
				left join ticket_workflow.matter m on m.matter_id = coalesce(f.matter_id, b.matter_id)),
		'hot_spots', (
			select coalesce(jsonb_agg(jsonb_build_object('place', h.place, 'matter', m.name, 'tickets', h.tickets, 'open', h.open_tickets)
				order by h.tickets desc, h.place), '[]')
			from ticket_workflow.hot_spots(home, since, until, 10) h left join ticket_workflow.matter m on m.matter_id = h.matter_id),
		'repeats', (
			select coalesce(jsonb_agg(jsonb_build_object('kind', r.repeat_kind_label, 'matter', r.matter_name, 'place', r.place, 'tickets', r.tickets,
				'persons', r.persons, 'open', r.open_tickets, 'number', r.ticket_number, 'department', r.lead_department_name)
				order by r.tickets desc, r.ticket_number), '[]')
			from (select * from ticket_workflow.repeat_petition r where r.center_id = home and r.month = since
				order by r.tickets desc, r.ticket_number limit 10) r),
		'overdue', (
			select coalesce(jsonb_agg(jsonb_build_object('number', o.ticket_number, 'department', o.lead_department_name, 'category', o.category_label,
				'due_on', o.due_on, 'working_days_late', o.working_days_late, 'state', o.state_label) order by o.due_at, o.ticket_id), '[]')
			from (select * from ticket_workflow.overdue_ticket o
				where o.center_id = home and o.clock in ('completion', 'urgent_completion') and not o.target_only
					and o.due_on >= since and o.due_on < until
				order by o.due_at, o.ticket_id limit 20) o));
end
$$;
comment on function ticket_workflow.bulletin_data(bigint, date) is
	'All that a monthly bulletin shows, as monthly_bulletin(…, ''json'') gives it; the caller has checked who asks';

create or replace function ticket_workflow.monthly_bulletin(center text, month date, format text default 'html') returns text
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
	home constant bigint := ticket_workflow.center_id_of(monthly_bulletin.center);
	form constant text := ticket_workflow.require_code('document_format', monthly_bulletin.format, 'format');
	data jsonb;
begin
	-- the whole center's figures: for those who see all of it; for others there is no such center
	if home is null or not home = any (ticket_workflow.my_centers()) then
		perform ticket_workflow.fail('unknown_row', null, 'center', left(coalesce(monthly_bulletin.center, 'NULL'), 60));
	end if;
	if monthly_bulletin.month is null then
		perform ticket_workflow.fail('text_missing', null, 'month');
	end if;
	data := ticket_workflow.bulletin_data(home, monthly_bulletin.month);
	return case form
		when 'html' then ticket_workflow.bulletin_html(data)
		when 'json' then data::text
		else ticket_workflow.bulletin_markdown(data)
	end;
end
$$;
comment on function ticket_workflow.monthly_bulletin(text, date, text) is
	'The month''s bulletin (热线简报) of a center, as html (one self-contained page with charts, for A4), markdown or json, in the session''s language; any day names its month. For those who see the whole center. Errors: TW006. Clause 3.2';
