-- Reading the document of an import: each value by its key, typed, or refused with a message that names the key.
-- May touch: nothing.
--
-- Nothing here casts what it has not looked at, so that no document ends in an error of the server's own.

create or replace function ticket_workflow.import_type(path text, wanted text, found_value jsonb) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.fail('import_type', null, import_type.path,
		ticket_workflow.label('json_type', import_type.wanted),
		ticket_workflow.label('json_type', jsonb_typeof(import_type.found_value)));
end
$$;
comment on function ticket_workflow.import_type(text, text, jsonb) is 'TW006: a key of an import''s document holds another type';

-- Missing and null are the same: exports write them as they like.
create or replace function ticket_workflow.import_value(document jsonb, key text, path text, wanted text) returns jsonb
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	given constant jsonb := import_value.document -> import_value.key;
begin
	if given is null or given = 'null' then
		return null;
	elsif jsonb_typeof(given) <> import_value.wanted then
		perform ticket_workflow.import_type(import_value.path || import_value.key, import_value.wanted, given);
	end if;
	return given;
end
$$;
comment on function ticket_workflow.import_value(jsonb, text, text, text) is
	'Value of a key that is to be of one type; NULL where there is none; TW006 for another type';

-- ... and so is an empty string.
create or replace function ticket_workflow.import_text(document jsonb, key text, path text, max_length integer default 2000) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	given constant jsonb := ticket_workflow.import_value(import_text.document, import_text.key, import_text.path, 'string');
begin
	return ticket_workflow.optional_text(nullif(btrim(given #>> '{}', E' \t\r\n　'), ''), import_text.path || import_text.key,
		import_text.max_length);
end
$$;
comment on function ticket_workflow.import_text(jsonb, text, text, integer) is
	'Text of a key, without blanks around it; NULL where there is none; TW006 for another type, over-long texts and control characters';

create or replace function ticket_workflow.import_need(value anyelement, path text) returns anyelement
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
	if import_need.value is null then
		perform ticket_workflow.fail('text_missing', null, import_need.path);
	end if;
	return import_need.value;
end
$$;
comment on function ticket_workflow.import_need(anyelement, text) is 'The value; TW006 naming the key where there is none';

create or replace function ticket_workflow.import_code(document jsonb, key text, path text, domain text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	given text;
begin
	if not import_code.document ? import_code.key then
		return null;
	end if;
	given := ticket_workflow.import_text(import_code.document, import_code.key, import_code.path);
	-- by the key, as most exports have it; then by name
	if given is null or exists (select from ticket_workflow.label l where l.domain = import_code.domain and l.code = given) then
		return given;
	end if;
	return ticket_workflow.code_of(import_code.domain, given, import_code.path || import_code.key);
end
$$;
comment on function ticket_workflow.import_code(jsonb, text, text, text) is 'code_of() the text of a key';

create or replace function ticket_workflow.import_flag(document jsonb, key text, path text) returns boolean
	language sql stable
	return ticket_workflow.import_value(import_flag.document, import_flag.key, import_flag.path, 'boolean') = 'true';
comment on function ticket_workflow.import_flag(jsonb, text, text) is 'true or false of a key; NULL where there is none; TW006 for another type';

create or replace function ticket_workflow.import_number(document jsonb, key text, path text, lowest integer, highest integer) returns integer
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	value constant numeric := ticket_workflow.import_value(import_number.document, import_number.key, import_number.path, 'number')::numeric;
begin
	if value not between import_number.lowest and import_number.highest or value <> trunc(value) then
		perform ticket_workflow.fail('out_of_range', null, import_number.path || import_number.key, left(value::text, 40),
			import_number.lowest::text, import_number.highest::text);
	end if;
	return value::integer;
end
$$;
comment on function ticket_workflow.import_number(jsonb, text, text, integer, integer) is
	'Whole number of a key within bounds; NULL where there is none; TW006 for another type or outside of them';

-- Without an offset a time is the center's own, whatever the session's zone (T6).
create or replace function ticket_workflow.import_time(document jsonb, key text, path text, zone text) returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	given constant text := ticket_workflow.import_text(import_time.document, import_time.key, import_time.path, 100);
	day text;
begin
	if given is null then
		return null;
	end if;
	-- the year first, so that no DateStyle reads it otherwise
	if given !~ '^[0-9]{4}[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12][0-9]|3[01])[ T]([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?\s*(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)?$'
		or given < '0001' then
		perform ticket_workflow.fail('import_time', null, import_time.path || import_time.key, left(given, 60));
	end if;
	day := split_part(replace(split_part(replace(given, 'T', ' '), ' ', 1), '/', '-'), '-', 3);
	if day > '28' and length(day) = 2 and day::integer > extract(day from make_date(left(given, 4)::integer,
			split_part(replace(given, '/', '-'), '-', 2)::integer, 1) + interval '1 month - 1 day') then
		perform ticket_workflow.fail('import_time', null, import_time.path || import_time.key, left(given, 60));
	end if;
	if given ~ '(Z|[+-][0-9:]+)$' and given ~ ':.*(Z|[+-])' then
		return given::timestamptz;
	end if;
	return given::timestamp at time zone import_time.zone;
end
$$;
comment on function ticket_workflow.import_time(jsonb, text, text, text) is
	'Time of a key, YYYY-MM-DD HH:MM[:SS][offset]; without an offset in that zone; NULL where there is none; TW006 for anything else';

create or replace function ticket_workflow.import_date(document jsonb, key text, path text) returns date
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	given constant text := ticket_workflow.import_text(import_date.document, import_date.key, import_date.path, 100);
begin
	if given is null then
		return null;
	elsif given !~ '^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}$' then
		perform ticket_workflow.fail('import_time', null, import_date.path || import_date.key, left(given, 60));
	end if;
	return ticket_workflow.import_time(jsonb_build_object(import_date.key, given || ' 00:00Z'), import_date.key, import_date.path, 'UTC')
		at time zone 'UTC';
end
$$;
comment on function ticket_workflow.import_date(jsonb, text, text) is 'Day of a key, YYYY-MM-DD; NULL where there is none; TW006 for anything else';

create or replace function ticket_workflow.import_list(document jsonb, key text, path text, wanted text, most integer) returns jsonb
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	given constant jsonb := coalesce(ticket_workflow.import_value(import_list.document, import_list.key, import_list.path, 'array'), '[]');
	odd record;
begin
	if jsonb_array_length(given) > import_list.most then
		perform ticket_workflow.fail('out_of_range', null, import_list.path || import_list.key, jsonb_array_length(given)::text,
			'0', import_list.most::text);
	end if;
	select e.value, e.place into odd
		from jsonb_array_elements(given) with ordinality e (value, place)
		where jsonb_typeof(e.value) <> import_list.wanted
		order by e.place limit 1;
	if found then
		perform ticket_workflow.import_type(format('%s%s[%s]', import_list.path, import_list.key, odd.place), import_list.wanted, odd.value);
	end if;
	return given;
end
$$;
comment on function ticket_workflow.import_list(jsonb, text, text, text, integer) is
	'Array of a key whose elements are all of one type; an empty one where there is none; TW006 otherwise';

-- A key nobody reads is a slip of the pen, by which history would be lost.
create or replace function ticket_workflow.import_keys(document jsonb, path text, allowed text[]) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	odd text;
begin
	-- where there is none, which is the rule, without a query
	if import_keys.document - import_keys.allowed = '{}' then
		return;
	end if;
	select min(k.key) into odd from jsonb_object_keys(import_keys.document - import_keys.allowed) k (key);
	perform ticket_workflow.fail('import_key', null, import_keys.path || left(odd, 60), array_to_string(import_keys.allowed, ', '));
end
$$;
comment on function ticket_workflow.import_keys(jsonb, text, text[]) is 'TW006 for a key that is none of these';

-- ---- the directory

create or replace function ticket_workflow.import_unknown(path text, what text, code text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.fail('import_unknown', null, import_unknown.path,
		coalesce(ticket_workflow.label('directory', import_unknown.what), import_unknown.what), left(import_unknown.code, 60));
end
$$;
comment on function ticket_workflow.import_unknown(text, text, text) is 'TW006: a code that the center''s directory does not have';

create or replace function ticket_workflow.import_organization(center_id bigint, document jsonb, key text, path text)
	returns ticket_workflow.organization
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	given constant text := ticket_workflow.import_text(import_organization.document, import_organization.key, import_organization.path, 255);
	it ticket_workflow.organization;
begin
	if given is null then
		return null;
	end if;
	select * into it from ticket_workflow.organization o
		where o.center_id = import_organization.center_id and o.code = given;
	if not found then
		perform ticket_workflow.import_unknown(import_organization.path || import_organization.key, 'organization', given);
	end if;
	return it;
end
$$;
comment on function ticket_workflow.import_organization(bigint, jsonb, text, text) is
	'Organization of the center by the code in a key, whether or not it is still in being; TW006 for an unknown one';

create or replace function ticket_workflow.import_official(center_id bigint, document jsonb, key text, path text) returns ticket_workflow.official
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	given constant text := ticket_workflow.import_text(import_official.document, import_official.key, import_official.path, 255);
	it ticket_workflow.official;
begin
	if given is null then
		return null;
	end if;
	select * into it from ticket_workflow.official o where o.code = given and o.center_id = import_official.center_id;
	if not found then
		perform ticket_workflow.import_unknown(import_official.path || import_official.key, 'official', given);
	end if;
	return it;
end
$$;
comment on function ticket_workflow.import_official(bigint, jsonb, text, text) is
	'Official of the center by the code in a key, whether or not he is still active; TW006 for an unknown one';
