-- Import of published arrangements: holiday-cn JSON documents, and the calendars that ship.
-- May touch: calendar_document, calendar_day, calendar_change.

create or replace function ticket_workflow.refuse_document(reason_zh text, reason_en text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.fail('calendar_document_bad', null,
		case when ticket_workflow.language() = 'en' then reason_en else reason_zh end);
end
$$;
comment on function ticket_workflow.refuse_document(text, text) is 'TW011: a calendar document that cannot be right';

-- Strictly ISO: what the server's date input takes (2023.1.5, now, J2459000) is a slip in a document.
create or replace function ticket_workflow.iso_date(value text) returns date
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
	part constant text[] := regexp_match(value, '^(\d{4})-(\d{2})-(\d{2})$');
	year integer;
	month integer;
	day integer;
begin
	if part is null then
		return null;
	end if;
	year := part[1]::integer;
	month := part[2]::integer;
	day := part[3]::integer;
	if year = 0 or month not between 1 and 12 or day < 1
		or day > extract(day from make_date(year, month, 1) + interval '1 month - 1 day') then
		return null;
	end if;
	return make_date(year, month, day);
end
$$;
comment on function ticket_workflow.iso_date(text) is 'A date of the form 2023-01-28, else NULL';

create or replace function ticket_workflow.calendar_document_days(document jsonb)
	returns table (day date, name text, is_off_day boolean)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
	year integer;
	item jsonb;
	bad text;
	place integer := 0;
	seen date[] := '{}';
begin
	if coalesce(jsonb_typeof(document), 'null') <> 'object' then
		perform ticket_workflow.refuse_document('文件应为 JSON 对象', 'the document is no JSON object');
	end if;
	select k into bad from jsonb_object_keys(document) k
	where k not in ('year', 'papers', 'days') and k !~ '^\$' order by k limit 1;
	if bad is not null then
		perform ticket_workflow.refuse_document('不认识的字段 ' || bad, 'unknown field ' || bad);
	end if;

	-- a feed of several years has a null year, and covers nothing; only our readers make it
	if not document ? 'year' then
		perform ticket_workflow.refuse_document('缺少 year', 'year is missing');
	end if;
	if jsonb_typeof(document -> 'year') not in ('number', 'null') then
		perform ticket_workflow.refuse_document('year 应为数字', 'year is no number');
	end if;
	if jsonb_typeof(document -> 'year') = 'number' then
		if (document ->> 'year')::numeric not between 1900 and 2199 or (document ->> 'year')::numeric % 1 <> 0 then
			perform ticket_workflow.refuse_document('year 应在 1900 至 2199 之间', 'year is not between 1900 and 2199');
		end if;
		year := (document ->> 'year')::numeric::integer;
	end if;

	if document ? 'papers' then
		if jsonb_typeof(document -> 'papers') <> 'array' then
			perform ticket_workflow.refuse_document('papers 应为数组', 'papers is no array');
		end if;
		if exists (select from jsonb_array_elements(document -> 'papers') p where jsonb_typeof(p) <> 'string') then
			perform ticket_workflow.refuse_document('papers 的每一项应为字符串', 'papers has an item that is no string');
		end if;
	end if;

	if not document ? 'days' then
		perform ticket_workflow.refuse_document('缺少 days', 'days is missing');
	end if;
	if jsonb_typeof(document -> 'days') <> 'array' then
		perform ticket_workflow.refuse_document('days 应为数组', 'days is no array');
	end if;
	if jsonb_array_length(document -> 'days') > 10000 then
		perform ticket_workflow.refuse_document('days 超过 10000 项', 'days has more than 10000 items');
	end if;

	for item in select d from jsonb_array_elements(document -> 'days') with ordinality x(d, n) order by x.n loop
		place := place + 1;
		if jsonb_typeof(item) <> 'object' then
			perform ticket_workflow.refuse_document('days 第 ' || place || ' 项应为对象', 'item ' || place || ' of days is no object');
		end if;
		select k into bad from jsonb_object_keys(item) k where k not in ('name', 'date', 'isOffDay') order by k limit 1;
		if bad is not null then
			perform ticket_workflow.refuse_document('days 第 ' || place || ' 项有不认识的字段 ' || bad,
				'item ' || place || ' of days has the unknown field ' || bad);
		end if;
		if coalesce(jsonb_typeof(item -> 'name'), '') <> 'string' or trim(item ->> 'name') = '' or length(item ->> 'name') > 200 then
			perform ticket_workflow.refuse_document('days 第 ' || place || ' 项的 name 缺失、为空或过长',
				'name of item ' || place || ' of days is missing, empty or too long');
		end if;
		if coalesce(jsonb_typeof(item -> 'isOffDay'), '') <> 'boolean' then
			perform ticket_workflow.refuse_document('days 第 ' || place || ' 项的 isOffDay 应为 true 或 false',
				'isOffDay of item ' || place || ' of days is neither true nor false');
		end if;
		if coalesce(jsonb_typeof(item -> 'date'), '') <> 'string' or ticket_workflow.iso_date(item ->> 'date') is null then
			perform ticket_workflow.refuse_document('days 第 ' || place || ' 项的 date 应为存在的日期，形如 2023-01-28',
				'date of item ' || place || ' of days is no existing date of the form 2023-01-28');
		end if;
		day := ticket_workflow.iso_date(item ->> 'date');
		name := trim(item ->> 'name');
		is_off_day := (item ->> 'isOffDay')::boolean;
		-- a holiday at a turn of years stands in the paper of one of them: 2022-12-31 in 2023's
		if day not between coalesce(make_date(year - 1, 12, 1), date '1900-01-01') and coalesce(make_date(year + 1, 1, 31), date '2199-12-31')
			or day not between date '1900-01-01' and date '2199-12-31' then
			perform ticket_workflow.refuse_document(day || ' 不属于该年', day || ' is not of that year');
		end if;
		if day = any (seen) then
			perform ticket_workflow.refuse_document(day || ' 出现两次', day || ' stands there twice');
		end if;
		seen := seen || day;
		return next;
	end loop;
end
$$;
comment on function ticket_workflow.calendar_document_days(jsonb) is
	'Days of a document {"year", "papers", "days": [{"name", "date", "isOffDay"}]}; fails with TW011 where it is not one';

create or replace function ticket_workflow.calendar_document_source(document jsonb, source text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	name constant text := coalesce(source, document ->> 'year');
begin
	if coalesce(name, '') = '' or length(name) > 200 or name = 'manual' then
		perform ticket_workflow.refuse_document('来源（source）缺失、过长或为保留字 manual', 'the source is missing, too long or the reserved manual');
	end if;
	return name;
end
$$;
comment on function ticket_workflow.calendar_document_source(jsonb, text) is 'What a document replaces is what came from the same source; by default its year';

create or replace function ticket_workflow.preview_calendar_import(calendar text, document jsonb, source text default null)
	returns table (day date, change text, old_name text, new_name text, old_is_off_day boolean, new_is_off_day boolean)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	own_source text;
begin
	perform ticket_workflow.check_calendar(preview_calendar_import.calendar);
	-- the document first: a broken one has no source either
	perform count(*) from ticket_workflow.calendar_document_days(preview_calendar_import.document);
	own_source := ticket_workflow.calendar_document_source(preview_calendar_import.document, preview_calendar_import.source);
	return query
		select coalesce(n.day, o.day),
			case when o.day is null then 'added' when n.day is null then 'removed' else 'changed' end,
			o.name, n.name, o.is_off_day, n.is_off_day
		from ticket_workflow.calendar_document_days(preview_calendar_import.document) n
			full join (select d.day, d.name, d.is_off_day from ticket_workflow.calendar_day d
				where d.calendar = preview_calendar_import.calendar and d.source = own_source) o on o.day = n.day
		where (o.name, o.is_off_day) is distinct from (n.name, n.is_off_day)
		order by 1;
end
$$;
comment on function ticket_workflow.preview_calendar_import(text, jsonb, text) is
	'What import_calendar() with the same arguments would add, change and remove; no row when nothing';

create or replace function ticket_workflow.import_calendar(calendar text, document jsonb, source text default null,
	complete boolean default null) returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	own_source text;
	own_year integer;
	since date;
	until date;
	old ticket_workflow.calendar_document;
	moved integer;
	first_moved date;
	last_moved date;
begin
	perform ticket_workflow.lock_calendars();
	select count(*), min(p.day), max(p.day) into moved, first_moved, last_moved
	from ticket_workflow.preview_calendar_import(import_calendar.calendar, import_calendar.document, import_calendar.source) p;
	own_source := ticket_workflow.calendar_document_source(import_calendar.document, import_calendar.source);
	own_year := (import_calendar.document ->> 'year')::integer;

	-- no days published: nothing is known of that year. What lies over another calendar completes it, and is
	-- complete by itself only when it is said so
	if own_year is not null and jsonb_array_length(import_calendar.document -> 'days') > 0
		and coalesce(import_calendar.complete,
			not exists (select from ticket_workflow.calendar_base b where b.calendar = import_calendar.calendar)) then
		since := make_date(own_year, 1, 1);
		until := make_date(own_year, 12, 31);
	end if;

	select d.* into old from ticket_workflow.calendar_document d
	where d.calendar = import_calendar.calendar and d.source = own_source;
	delete from ticket_workflow.calendar_day d where d.calendar = import_calendar.calendar and d.source = own_source;
	if old.calendar is null then
		insert into ticket_workflow.calendar_document (calendar, source, year, papers, covers_since, covers_until, imported_at)
		values (import_calendar.calendar, own_source, own_year, '{}', since, until, ticket_workflow.now());
	end if;
	update ticket_workflow.calendar_document d set
		year = own_year, covers_since = since, covers_until = until, imported_at = ticket_workflow.now(),
		papers = array(select p.paper from jsonb_array_elements_text(import_calendar.document -> 'papers') with ordinality p(paper, n) order by p.n)
	where d.calendar = import_calendar.calendar and d.source = own_source;
	insert into ticket_workflow.calendar_day (calendar, day, source, name, is_off_day, rank)
	select import_calendar.calendar, n.day, own_source, n.name, n.is_off_day, coalesce(own_year, 0)
	from ticket_workflow.calendar_document_days(import_calendar.document) n;

	-- a year that becomes covered, or ceases to be, moves what is provisional in it
	if (old.covers_since, old.covers_until) is distinct from (since, until) or old.year is distinct from own_year then
		first_moved := least(first_moved, since, old.covers_since);
		last_moved := greatest(last_moved, until, old.covers_until);
	end if;
	if first_moved is not null then
		perform ticket_workflow.log_calendar_change(import_calendar.calendar, first_moved, last_moved, 'import ' || own_source);
	end if;
	return moved;
end
$$;
comment on function ticket_workflow.import_calendar(text, jsonb, text, boolean) is
	'Takes over a published arrangement; the same source again replaces its own days only. Returns how many days it changed';

create or replace function ticket_workflow.remove_calendar_document(calendar text, source text) returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	old ticket_workflow.calendar_document;
	first_moved date;
	last_moved date;
	moved integer;
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(remove_calendar_document.calendar);
	select d.* into old from ticket_workflow.calendar_document d
	where d.calendar = remove_calendar_document.calendar and d.source = remove_calendar_document.source;
	if old.calendar is null then
		perform ticket_workflow.fail('unknown_calendar_document', null, remove_calendar_document.calendar,
			coalesce(remove_calendar_document.source, 'NULL'));
	end if;
	with gone as (
		delete from ticket_workflow.calendar_day d
		where d.calendar = remove_calendar_document.calendar and d.source = remove_calendar_document.source
		returning d.day
	)
	select count(*), min(g.day), max(g.day) into moved, first_moved, last_moved from gone g;
	delete from ticket_workflow.calendar_document d
	where d.calendar = remove_calendar_document.calendar and d.source = remove_calendar_document.source;
	first_moved := least(first_moved, old.covers_since);
	last_moved := greatest(last_moved, old.covers_until);
	if first_moved is not null then
		perform ticket_workflow.log_calendar_change(remove_calendar_document.calendar, first_moved, last_moved,
			'removed ' || remove_calendar_document.source);
	end if;
	return moved;
end
$$;
comment on function ticket_workflow.remove_calendar_document(text, text) is 'Takes an imported document back, its days with it';

create or replace function ticket_workflow.load_calendar(name text) returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	shipped record;
	properties jsonb;
	hours record;
begin
	select d.document into properties from ticket_workflow.shipped_document d
	where d.kind = 'calendar/' || load_calendar.name and d.name = 'calendar';
	if properties is null then
		perform ticket_workflow.fail('calendar_not_shipped', null, coalesce(load_calendar.name, 'NULL'),
			(select string_agg(substr(d.kind, 10), ', ' order by d.kind collate "C") from ticket_workflow.shipped_document d
			where d.kind like 'calendar/%' and d.name = 'calendar'));
	end if;
	perform ticket_workflow.lock_calendars();
	if properties ? 'base' then
		perform ticket_workflow.load_calendar(properties ->> 'base');
	end if;
	if not exists (select from ticket_workflow.calendar c where c.code = load_calendar.name) then
		perform ticket_workflow.create_calendar(load_calendar.name, properties ->> 'name', properties ->> 'zone',
			properties ->> 'working_week', (properties ->> 'closing_time')::time, properties ->> 'base');
		for hours in select h.key, h.value from jsonb_each_text(properties -> 'service_hours') h loop
			perform ticket_workflow.set_service_hours(load_calendar.name, hours.key::integer, hours.value);
		end loop;
	end if;
	-- years that are there already may have been amended since
	for shipped in
		select d.name, d.document from ticket_workflow.shipped_document d
		where d.kind = 'calendar/' || load_calendar.name and d.name <> 'calendar'
			and not exists (select from ticket_workflow.calendar_document own
				where own.calendar = load_calendar.name and own.source = d.document ->> 'year')
		order by d.name collate "C"
	loop
		perform ticket_workflow.import_calendar(load_calendar.name, shipped.document);
	end loop;
	return load_calendar.name;
end
$$;
comment on function ticket_workflow.load_calendar(text) is
	'Loads a calendar that comes with the extension, its base with it: cn, cn_shanghai. Again: what has been added since';
