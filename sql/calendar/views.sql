-- What report tools ask of calendars: how far they reach.
-- May touch: nothing. Columns are a contract: new ones are appended.

create or replace view ticket_workflow.calendar_health with (security_invoker = true) as
	with reach as (
		select c.code, c.name, c.zone, b.base, (ticket_workflow.now() at time zone c.zone)::date as today,
			coalesce(k.covered, '{}'::datemultirange) as covered, coalesce(k.documents, 0) as documents, k.last_imported_at
		from ticket_workflow.calendar c
			left join ticket_workflow.calendar_base b on b.calendar = c.code
			left join lateral (
				select range_agg(daterange(d.covers_since, d.covers_until, '[]')) filter (where d.covers_since is not null) as covered,
					count(*)::integer as documents, max(d.imported_at) as last_imported_at
				from ticket_workflow.calendar_layers(c.code) l
					join ticket_workflow.calendar_document d on d.calendar = l.code) k on true
	), judged as (
		select r.*, extract(year from r.today)::integer + 1 as next_year,
			(select upper(u.span) - 1 from unnest(r.covered) u(span) where u.span @> r.today) as covered_until,
			not r.covered @> daterange(make_date(extract(year from r.today)::integer + 1, 1, 1),
				make_date(extract(year from r.today)::integer + 1, 12, 31), '[]') as next_year_missing
		from reach r
	), graded as (
		select j.*, case when j.next_year_missing then make_date(j.next_year - 1, 10, 1) end as notice_since,
			case
				when j.covered_until is null then 'not_covered'
				when j.next_year_missing and extract(month from j.today) >= 10 then 'next_year_missing'
				else 'ok'
			end as calendar_status
		from judged j
	)
	select g.code as calendar, g.name as calendar_name, g.base, g.zone,
		g.calendar_status, ticket_workflow.label('calendar_status', g.calendar_status) as calendar_status_label,
		g.covered, g.covered_until, g.next_year, g.next_year_missing, g.notice_since, g.documents, g.last_imported_at,
		ticket_workflow.calendar_version(g.code) as version
	from graded g;
comment on view ticket_workflow.calendar_health is
	'How far each calendar is published: ok, next_year_missing (from 1 October on) or not_covered (today is on the weekly pattern alone)';
comment on column ticket_workflow.calendar_health.calendar is 'code of the calendar';
comment on column ticket_workflow.calendar_health.calendar_name is 'name of the calendar';
comment on column ticket_workflow.calendar_health.base is 'calendar it is laid over';
comment on column ticket_workflow.calendar_health.zone is 'time zone its days and hours are in';
comment on column ticket_workflow.calendar_health.calendar_status is 'ok, next_year_missing or not_covered';
comment on column ticket_workflow.calendar_health.calendar_status_label is 'label of calendar_status, in the session''s language';
comment on column ticket_workflow.calendar_health.covered is 'published ranges, bases included';
comment on column ticket_workflow.calendar_health.covered_until is 'last day that is published without a gap from today on; NULL when today is not';
comment on column ticket_workflow.calendar_health.next_year is 'the year after this one';
comment on column ticket_workflow.calendar_health.next_year_missing is 'whether any of its days is not published';
comment on column ticket_workflow.calendar_health.notice_since is 'from which day on notices are raised: 1 October (T4); NULL when nothing is missing';
comment on column ticket_workflow.calendar_health.documents is 'documents imported, bases included';
comment on column ticket_workflow.calendar_health.last_imported_at is 'when the newest of them was imported';
comment on column ticket_workflow.calendar_health.version is 'version of the calendar; calendar_changes() tells what moved since another';
