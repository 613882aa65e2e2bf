-- What every API function asks of its arguments, and how several problems are raised as one error.
-- May touch: nothing.

create or replace function ticket_workflow.code_of(domain text, given text, parameter text) returns text
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_code_of';
comment on function ticket_workflow.code_of(text, text, text) is
	'The code for a code or its Chinese or English name; TW006 naming the allowed ones for anything else; NULL for NULL';

create or replace function ticket_workflow.require_code(domain text, given text, parameter text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	if coalesce(btrim(require_code.given), '') = '' then
		perform ticket_workflow.fail('text_missing', null, require_code.parameter);
	end if;
	return ticket_workflow.code_of(require_code.domain, require_code.given, require_code.parameter);
end
$$;
comment on function ticket_workflow.require_code(text, text, text) is 'code_of() where there must be one: TW006 for NULL too';

create or replace function ticket_workflow.require_text(given text, parameter text, max_length integer default 2000) returns text
	language c immutable parallel safe as 'MODULE_PATHNAME', 'tw_sql_require_text';
comment on function ticket_workflow.require_text(text, text, integer) is
	'The text; TW006 when it is empty, longer than max_length characters or holds control characters';

create or replace function ticket_workflow.optional_text(given text, parameter text, max_length integer default 2000) returns text
	language c immutable parallel safe as 'MODULE_PATHNAME', 'tw_sql_optional_text';
comment on function ticket_workflow.optional_text(text, text, integer) is
	'The text, or NULL; TW006 when it is longer than max_length characters or holds control characters';

-- Days that people mean; the end of a span moves by a day where spans are compared.
create or replace function ticket_workflow.require_day(day date, parameter text) returns date
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
	if require_day.day not between date '1900-01-01' and date '9999-12-31' then
		perform ticket_workflow.fail('out_of_range', null, require_day.parameter, require_day.day::text, '1900-01-01', '9999-12-31');
	end if;
	return require_day.day;
end
$$;
comment on function ticket_workflow.require_day(date, text) is 'The day, or NULL; TW006 when it is infinite or outside the years 1900 to 9999';

create or replace function ticket_workflow.require_reason(reason text, clause text) returns text
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
	if require_reason.reason is null or btrim(require_reason.reason, E' \t\r\n　') = '' then
		perform ticket_workflow.fail('reason_missing', require_reason.clause);
	end if;
	return ticket_workflow.optional_text(require_reason.reason, 'reason');
end
$$;
comment on function ticket_workflow.require_reason(text, text) is 'The reason; TW009 with the clause when there is none';

-- Guards name everything that is missing at once, not one item a try.
create or replace function ticket_workflow.raise_problems(problems jsonb) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	problem record;
	state text;
	messages text[];
	details text[];
	hints text[];
	english constant boolean := ticket_workflow.language() = 'en';
begin
	if raise_problems.problems is null or jsonb_array_length(raise_problems.problems) = 0 then
		return;
	end if;
	for problem in
		select p.message, p.clause, p.args, m.sqlstate,
			ticket_workflow.message_text(p.message, p.args) as text,
			case when english then m.hint_en else m.hint_zh end as hint,
			case when english then coalesce('Clause ' || p.clause || ': ' || c.en, 'Clause ' || p.clause)
				else coalesce('条款 ' || p.clause || '：' || c.zh, '条款 ' || p.clause) end as detail
		from rows from (jsonb_to_recordset(raise_problems.problems) as (message text, clause text, args text[]))
				with ordinality as p (message, clause, args, ordinal)
			left join ticket_workflow.message m on m.key = p.message
			left join ticket_workflow.clause c on c.clause = p.clause
		-- the first one gives the SQLSTATE
		order by p.ordinal
	loop
		state := coalesce(state, problem.sqlstate);
		-- two rules may ask for the same signature
		if problem.text <> all (coalesce(messages, '{}')) then
			messages := messages || problem.text;
		end if;
		if problem.detail is not null and problem.detail <> all (coalesce(details, '{}')) then
			details := details || problem.detail;
		end if;
		if problem.hint is not null and problem.hint <> all (coalesce(hints, '{}')) then
			hints := hints || problem.hint;
		end if;
	end loop;
	raise exception using
		errcode = coalesce(state, 'XX000'),
		message = array_to_string(messages, case when english then '; ' else '；' end),
		detail = coalesce(array_to_string(details, E'\n'), ''),
		hint = coalesce(array_to_string(hints, E'\n'), '');
end
$$;
comment on function ticket_workflow.raise_problems(jsonb) is
	'Raises an array of {message, clause, args} as one error that names them all; nothing when it is empty';
