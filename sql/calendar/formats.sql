-- iCalendar and CSV in, iCalendar and JSON out. The readers make the document that import_calendar() takes, so
-- that preview, checks and replacing are the same whatever the form.
-- May touch: nothing.

create or replace function ticket_workflow.feed_document(days jsonb, year integer) returns jsonb
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	clash text;
begin
	select d ->> 'date' into clash from jsonb_array_elements(days) d
	group by d ->> 'date' having count(distinct d ->> 'isOffDay') > 1 order by 1 limit 1;
	if clash is not null then
		perform ticket_workflow.refuse_document(clash || ' 同时标为休息和上班', clash || ' is both a rest day and a working day');
	end if;
	-- a day may have two names: Mid-Autumn and National Day
	return jsonb_build_object('year', feed_document.year, 'papers', '[]'::jsonb, 'days', coalesce((
		select jsonb_agg(jsonb_build_object('date', x.date, 'name', x.name, 'isOffDay', x.off) order by x.date)
		from (
			select d ->> 'date' as date, string_agg(distinct d ->> 'name', '、') as name, (d ->> 'isOffDay')::boolean as off
			from jsonb_array_elements(days) d
			where feed_document.year is null
				-- a holiday over the turn of the year stands in the new year's paper: 2022-12-31 in 2023's
				or feed_document.year = left(d ->> 'date', 4)::integer + (substr(d ->> 'date', 6, 2) = '12' and exists (
					select from jsonb_array_elements(days) january
					where january ->> 'name' = d ->> 'name'
						and january ->> 'date' between (left(d ->> 'date', 4)::integer + 1) || '-01-01'
							and (left(d ->> 'date', 4)::integer + 1) || '-01-10'))::integer
			group by 1, 3) x), '[]'::jsonb));
end
$$;
comment on function ticket_workflow.feed_document(jsonb, integer) is
	'Document of the days of a feed: those of one year, or with NULL all of them, which then cover nothing';

create or replace function ticket_workflow.read_ical(body text, year integer default null) returns jsonb
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
	line record;
	part text[];
	property text;
	value text;
	open_components text[] := '{}';
	closed boolean := false;
	since date;
	until date;
	length integer;
	summary text;
	mark text;
	cancelled boolean;
	days jsonb := '[]';
begin
	if coalesce(body, '') = '' or octet_length(body) > 4000000 then
		perform ticket_workflow.refuse_document('iCalendar 内容为空或超过 4 MB', 'the iCalendar text is empty or longer than 4 MB');
	end if;
	for line in
		-- folded lines go on after a line break and a blank
		select l.text, l.n from regexp_split_to_table(
			regexp_replace(regexp_replace(regexp_replace(body, E'^\uFEFF', ''), E'\r\n?', E'\n', 'g'), E'\n[ \t]', '', 'g'), E'\n')
			with ordinality l(text, n)
		where l.text <> '' order by l.n
	loop
		part := regexp_match(line.text, '^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^;:"]*))*):(.*)$');
		if part is null or closed then
			perform ticket_workflow.refuse_document('第 ' || line.n || ' 行看不懂：' || left(line.text, 60),
				'line ' || line.n || ' cannot be read: ' || left(line.text, 60));
		end if;
		property := upper(part[1]);
		value := trim(part[3]);
		if property = 'BEGIN' then
			if (cardinality(open_components) = 0) <> (upper(value) = 'VCALENDAR') or upper(value) = 'VEVENT' and cardinality(open_components) <> 1 then
				perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的 BEGIN 不在其位', 'BEGIN in line ' || line.n || ' is out of place');
			end if;
			open_components := open_components || upper(value);
			if upper(value) = 'VEVENT' then
				since := null; until := null; length := null; summary := null; mark := null; cancelled := false;
			end if;
		elsif property = 'END' then
			if cardinality(open_components) = 0 or open_components[cardinality(open_components)] <> upper(value) then
				perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的 END 没有对应的 BEGIN', 'END in line ' || line.n || ' has no BEGIN');
			end if;
			open_components := open_components[:cardinality(open_components) - 1];
			closed := cardinality(open_components) = 0;
			if upper(value) = 'VEVENT' and not cancelled then
				if since is null then
					perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的事件没有 DTSTART', 'the event that ends in line ' || line.n || ' has no DTSTART');
				end if;
				until := coalesce(until, since + coalesce(length, 1));
				if until <= since or until - since > 366 then
					perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的事件不足一天或超过一年（DTEND 不含当日）',
						'the event that ends in line ' || line.n || ' is shorter than a day or longer than a year; DTEND is exclusive');
				end if;
				summary := coalesce(summary, '');
				mark := coalesce(mark, (regexp_match(summary, '[（(【\[]\s*(休|班)\s*[）)】\]]'))[1], (regexp_match(summary, '(休|班)\s*$'))[1],
					(regexp_match(summary, '^(休|班)'))[1], case when summary ~ '补班|上班' then '班' else '休' end);
				summary := trim(regexp_replace(summary, '\s*[（(【\[]\s*(休|班)\s*[）)】\]]|\s+(休|班)\s*$|^(休|班)\s+', '', 'g'));
				days := days || (select jsonb_agg(jsonb_build_object('date', to_char(d, 'YYYY-MM-DD'), 'isOffDay', mark = '休',
						'name', coalesce(nullif(left(summary, 100), ''), mark)))
					from generate_series(since::timestamp, until::timestamp - interval '1 day', interval '1 day') d);
			end if;
		elsif cardinality(open_components) = 0 then
			perform ticket_workflow.refuse_document('不是以 BEGIN:VCALENDAR 开头', 'it does not begin with BEGIN:VCALENDAR');
		elsif open_components[cardinality(open_components)] = 'VEVENT' then
			case property
				when 'DTSTART', 'DTEND' then
					if value !~ '^\d{8}$' or ticket_workflow.iso_date(substr(value, 1, 4) || '-' || substr(value, 5, 2) || '-' || substr(value, 7, 2)) is null then
						perform ticket_workflow.refuse_document('第 ' || line.n || ' 行不是全天日期：' || left(value, 30),
							'line ' || line.n || ' is no all-day date: ' || left(value, 30));
					end if;
					if property = 'DTSTART' then
						since := ticket_workflow.iso_date(substr(value, 1, 4) || '-' || substr(value, 5, 2) || '-' || substr(value, 7, 2));
					else
						until := ticket_workflow.iso_date(substr(value, 1, 4) || '-' || substr(value, 5, 2) || '-' || substr(value, 7, 2));
					end if;
				when 'DURATION' then
					if value !~ '^\+?P\d{1,3}[DW]$' then
						perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的 DURATION 不是整日数：' || left(value, 30),
							'DURATION in line ' || line.n || ' is no number of days: ' || left(value, 30));
					end if;
					length := substring(value from '\d+')::integer * case when value like '%W' then 7 else 1 end;
				when 'RRULE', 'RDATE', 'EXDATE' then
					perform ticket_workflow.refuse_document('第 ' || line.n || ' 行：不接受重复事件', 'line ' || line.n || ': recurring events are not taken');
				when 'SUMMARY' then
					summary := replace(replace(regexp_replace(value, '\\([,;])', '\1', 'g'), '\n', ' '), '\\', '\');
				when 'STATUS' then
					cancelled := upper(value) = 'CANCELLED';
				when 'X-APPLE-SPECIAL-DAY' then
					mark := case upper(value) when 'WORK-HOLIDAY' then '休' when 'ALTERNATE-WORKDAY' then '班' end;
				else
					null;
			end case;
		end if;
	end loop;
	if not closed then
		perform ticket_workflow.refuse_document('不完整：缺少 END:VCALENDAR', 'it is not complete: END:VCALENDAR is missing');
	end if;
	return ticket_workflow.feed_document(days, year);
end
$$;
comment on function ticket_workflow.read_ical(text, integer) is
	'Document for import_calendar() of an iCalendar feed: all-day events, 休 and 班 marks (none: a rest day); one year of it, or all';

create or replace function ticket_workflow.read_calendar_csv(body text, year integer default null) returns jsonb
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
	line record;
	field text[];
	place integer[];
	off boolean;
	days jsonb := '[]';
begin
	if coalesce(body, '') = '' or octet_length(body) > 4000000 then
		perform ticket_workflow.refuse_document('CSV 内容为空或超过 4 MB', 'the CSV text is empty or longer than 4 MB');
	end if;
	for line in
		select l.text, l.n from regexp_split_to_table(regexp_replace(regexp_replace(body, E'^\uFEFF', ''), E'\r\n?', E'\n', 'g'), E'\n')
			with ordinality l(text, n) where trim(l.text) <> '' order by l.n
	loop
		if line.text !~ '^(?:"(?:[^"]|"")*"|[^",]*)(?:,(?:"(?:[^"]|"")*"|[^",]*))*$' then
			perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的引号不成对', 'line ' || line.n || ' has an unpaired quote');
		end if;
		select array_agg(trim(case when m[1] like '"%' then replace(substr(m[1], 2, length(m[1]) - 2), '""', '"') else m[1] end) order by f.n)
			into field
			from regexp_matches(line.text || ',', '("(?:[^"]|"")*"|[^",]*),', 'g') with ordinality f(m, n);
		if place is null then
			select array[min(h.n) filter (where h.name in ('date', '日期')), min(h.n) filter (where h.name in ('name', '名称')),
					min(h.n) filter (where h.name in ('isoffday', 'is_off_day', '休息'))]
				into place from unnest(field) with ordinality u(raw, n), lateral (select lower(u.raw) as name, u.n::integer as n) h;
			if array_position(place, null) is not null then
				perform ticket_workflow.refuse_document('首行应有 date、name、is_off_day 三列', 'the first line must name the columns date, name and is_off_day');
			end if;
			place := place || cardinality(field);
		else
			off := case lower(field[place[3]]) when 'true' then true when '1' then true when '休' then true
				when 'false' then false when '0' then false when '班' then false end;
			if cardinality(field) <> place[4] or off is null or field[place[2]] = '' or ticket_workflow.iso_date(field[place[1]]) is null then
				perform ticket_workflow.refuse_document('第 ' || line.n || ' 行看不懂：' || left(line.text, 60),
					'line ' || line.n || ' cannot be read: ' || left(line.text, 60));
			end if;
			days := days || jsonb_build_object('date', field[place[1]], 'name', field[place[2]], 'isOffDay', off);
		end if;
	end loop;
	return ticket_workflow.feed_document(days, year);
end
$$;
comment on function ticket_workflow.read_calendar_csv(text, integer) is
	'Document for import_calendar() of lines date,name,is_off_day with a header; one year of it, or all';

-- ---- out

create or replace function ticket_workflow.calendar_days(calendar text, since date default '-infinity', until date default 'infinity')
	returns table (day date, name text, is_off_day boolean, source text, year integer, decided_by text)
	language sql stable
begin atomic
	select distinct on (d.day) d.day, d.name, d.is_off_day, d.source, doc.year, l.code
	from ticket_workflow.calendar_layers(calendar_days.calendar) l
		join ticket_workflow.calendar_day d on d.calendar = l.code
		join ticket_workflow.calendar_document doc on doc.calendar = d.calendar and doc.source = d.source
	where d.day between calendar_days.since and calendar_days.until
	order by d.day, l.layer, d.rank desc, d.source collate "C" desc;
end;
comment on function ticket_workflow.calendar_days(text, date, date) is
	'Days that depart from the weekly pattern, bases included: what each is, and which calendar and document decide it';

create or replace function ticket_workflow.fold_ical_line(line text) returns text
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
	folded text := '';
	width integer := 0;
	letter text;
begin
	-- 75 octets, and no letter cut in two
	for letter in select c from regexp_split_to_table(line, '') c loop
		if width + octet_length(letter) > 74 then
			folded := folded || E'\r\n ';
			width := 1;
		end if;
		folded := folded || letter;
		width := width + octet_length(letter);
	end loop;
	return folded || E'\r\n';
end
$$;
comment on function ticket_workflow.fold_ical_line(text) is 'A line as RFC 5545 folds it';

create or replace function ticket_workflow.export_calendar(calendar text, year integer, format text default 'json') returns text
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	papers text[];
begin
	perform ticket_workflow.check_calendar(export_calendar.calendar);
	if export_calendar.year is null or export_calendar.year not between 1900 and 2199 then
		perform ticket_workflow.fail('calendar_year_bad', null, coalesce(export_calendar.year::text, 'NULL'));
	end if;
	if export_calendar.format = 'json' then
		select array_agg(p.paper order by l.layer, doc.source collate "C", p.n) into papers
			from ticket_workflow.calendar_layers(export_calendar.calendar) l
				join ticket_workflow.calendar_document doc on doc.calendar = l.code and doc.year = export_calendar.year,
				unnest(doc.papers) with ordinality p(paper, n);
		return (select jsonb_pretty(jsonb_build_object('year', export_calendar.year, 'papers', to_jsonb(coalesce(papers, '{}')),
				'days', coalesce(jsonb_agg(jsonb_build_object('name', d.name, 'date', d.day, 'isOffDay', d.is_off_day) order by d.day), '[]')))
			from ticket_workflow.calendar_days(export_calendar.calendar) d
			where coalesce(d.year, extract(year from d.day)) = export_calendar.year);
	elsif export_calendar.format = 'ical' then
		return E'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//ticket_workflow//calendar//ZH\r\n'
			|| ticket_workflow.fold_ical_line('X-WR-CALNAME:' || (
				select regexp_replace(c.name, '([,;\\])', '\\\1', 'g') from ticket_workflow.calendar c where c.code = export_calendar.calendar))
			|| coalesce((
				select string_agg(E'BEGIN:VEVENT\r\n'
					|| ticket_workflow.fold_ical_line('UID:' || to_char(g.since, 'YYYYMMDD') || '-' || export_calendar.calendar || '@ticket_workflow')
					|| 'DTSTAMP:' || to_char(ticket_workflow.now() at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') || E'\r\n'
					|| 'DTSTART;VALUE=DATE:' || to_char(g.since, 'YYYYMMDD') || E'\r\n'
					|| 'DTEND;VALUE=DATE:' || to_char(g.until + 1, 'YYYYMMDD') || E'\r\n'
					|| ticket_workflow.fold_ical_line('SUMMARY:' || regexp_replace(g.name, '([,;\\])', '\\\1', 'g')
						|| case when g.is_off_day then '（休）' else '（班）' end)
					|| 'X-APPLE-SPECIAL-DAY:' || case when g.is_off_day then 'WORK-HOLIDAY' else 'ALTERNATE-WORKDAY' end || E'\r\n'
					|| E'TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n', '' order by g.since)
				from (
					-- days in a row of one name and kind are one event
					select min(r.day) as since, max(r.day) as until, r.name, r.is_off_day
					from (select d.*, d.day - row_number() over (partition by d.name, d.is_off_day order by d.day)::integer as island
						from ticket_workflow.calendar_days(export_calendar.calendar) d
						where coalesce(d.year, extract(year from d.day)) = export_calendar.year) r
					group by r.name, r.is_off_day, r.island) g), '')
			|| E'END:VCALENDAR\r\n';
	end if;
	perform ticket_workflow.fail('calendar_format_bad', null, coalesce(export_calendar.format, 'NULL'));
end
$$;
comment on function ticket_workflow.export_calendar(text, integer, text) is
	'A year of a calendar, bases included, as a document (json) or a feed (ical) that can be imported again';
