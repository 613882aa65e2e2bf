-- A report with its findings marked where they stand, for the reviewer's screen.
-- May touch: nothing.

create or replace function ticket_workflow.escape_html(given text) returns text
	language sql immutable parallel safe
	return replace(replace(replace(replace(replace(escape_html.given,
		'&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
comment on function ticket_workflow.escape_html(text) is 'Text as HTML shows it, in content and in quoted attributes';

-- What stands under a text so that a mark below falls under its character: Chinese ones are two wide.
create or replace function ticket_workflow.as_wide_as(given text, filler text) returns text
	language sql immutable parallel safe
	-- a filler is one character: a long one would make of a text more than a text can hold
	return regexp_replace(regexp_replace(as_wide_as.given,
			'[^\tᄀ-ᅟ⺀-〾ぁ-꓏가-힣豈-﫿︰-﹏！-｠￠-￦\U0001F300-\U0001FAFF\U00020000-\U0003FFFD]', left(as_wide_as.filler, 1), 'g'),
		'[ᄀ-ᅟ⺀-〾ぁ-꓏가-힣豈-﫿︰-﹏！-｠￠-￦\U0001F300-\U0001FAFF\U00020000-\U0003FFFD]',
		left(as_wide_as.filler, 1) || left(as_wide_as.filler, 1), 'g');
comment on function ticket_workflow.as_wide_as(text, text) is
	'As many fillers as the text takes columns on a terminal, tabs kept';

create or replace function ticket_workflow.annotated_source(report ticket_workflow.report) returns text
	language sql immutable parallel safe
	-- positions of findings count through body, line break and points
	return (report).body || coalesce(E'\n' || (report).points, '');
comment on function ticket_workflow.annotated_source(ticket_workflow.report) is 'The text that positions of findings count in';

create or replace function ticket_workflow.shown_findings(report ticket_workflow.report)
	returns table (ordinal integer, code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text,
		overrule_reason text, placed boolean)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	source constant text := ticket_workflow.annotated_source(report);
begin
	if (report).state <> 'draft' then
		-- what was found when it was submitted, and what the reviewer made of it
		return query
			select f.ordinal, f.code, f.severity, f.start_pos, f.length, f.excerpt, f.message, f.clause, f.overrule_reason,
				coalesce(f.length > 0 and substr(source, f.start_pos, f.length) = f.excerpt, false)
			from ticket_workflow.report_finding f
			where f.report_id = (report).report_id;
		return;
	end if;
	select x.* into t from ticket_workflow.ticket x where x.ticket_id = (report).ticket_id;
	return query
		select f.ordinal, f.code, f.severity, f.start_pos, f.length, f.excerpt, f.message, f.clause, null::text,
			coalesce(f.length > 0 and substr(source, f.start_pos, f.length) = f.excerpt, false)
		from ticket_workflow.report_findings(report, t) f;
end
$$;
comment on function ticket_workflow.shown_findings(ticket_workflow.report) is
	'Findings to show with a report: of a draft as it stands, of a submitted one as it was judged; placed: whether it has a place in annotated_source()';

create or replace function ticket_workflow.annotated_html(report ticket_workflow.report) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	source constant text := ticket_workflow.annotated_source(annotated_html.report);
	text_part text;
	points_part text;
	list_part text;
begin
	-- the text, cut at every beginning and end of a finding; each piece carries all that lie over it.
	-- The line break between body and points is a piece of its own and stays away
	with finding as (
		select * from ticket_workflow.shown_findings(annotated_html.report)
	), cut as (
		select 1 as at
		union select length((annotated_html.report).body) + 1
		union select length((annotated_html.report).body) + 2
		union select length(source) + 1
		union select f.start_pos from finding f where f.placed
		union select f.start_pos + f.length from finding f where f.placed
	), piece as (
		select c.at, lead(c.at) over (order by c.at) as until from cut c
	), marked as (
		select p.at, ticket_workflow.escape_html(substr(source, p.at, p.until - p.at)) as part, over.*
		from piece p
			cross join lateral (
				select string_agg(f.ordinal::text, ' ' order by f.ordinal) as ordinals,
					case min(array_position('{reject,review,advice}', f.severity)) when 1 then 'reject' when 2 then 'review' else 'advice' end as severity,
					ticket_workflow.escape_html(string_agg(f.code || ' ' || f.message, E'\n' order by f.ordinal)) as title
				from finding f
				where f.placed and f.start_pos <= p.at and f.start_pos + f.length >= p.until
			) over
		where p.until is not null and p.until <= length(source) + 1
	), shown as (
		select m.at, case when m.ordinals is null then m.part
			else format('<mark class="%s" data-findings="%s" title="%s">%s</mark>', m.severity, m.ordinals, m.title, m.part) end as part
		from marked m
	)
	select string_agg(w.part, '' order by w.at) filter (where w.at <= length((annotated_html.report).body)),
			string_agg(w.part, '' order by w.at) filter (where w.at > length((annotated_html.report).body) + 1)
		into text_part, points_part
		from shown w;

	select string_agg(format('<li class="%s" value="%s">%s <b>%s</b> %s%s <small>%s</small>%s</li>', f.severity, f.ordinal,
				ticket_workflow.escape_html(ticket_workflow.label('severity', f.severity)), ticket_workflow.escape_html(f.code),
				ticket_workflow.escape_html(f.message),
				case when f.excerpt is null then '' else ' <q>' || ticket_workflow.escape_html(f.excerpt) || '</q>' end,
				ticket_workflow.escape_html(f.clause),
				case when f.overrule_reason is null then '' else ' <ins>' || ticket_workflow.escape_html(f.overrule_reason) || '</ins>' end),
			E'\n' order by f.ordinal)
		into list_part
		from ticket_workflow.shown_findings(annotated_html.report) f;

	return format(E'<article class="report" data-report="%s">\n<pre class="body">%s</pre>\n', (annotated_html.report).report_id, text_part)
		-- format() takes NULL for an empty text, || does not
		|| coalesce('<pre class="points">' || points_part || E'</pre>\n', '')
		|| coalesce(E'<ol class="findings">\n' || list_part || E'\n</ol>\n', '')
		|| '</article>';
end
$$;
comment on function ticket_workflow.annotated_html(ticket_workflow.report) is 'annotated_report() as HTML; everything people wrote is escaped';

create or replace function ticket_workflow.annotated_text(report ticket_workflow.report) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	result text;
begin
	with finding as (
		select * from ticket_workflow.shown_findings(annotated_text.report)
	), line as (
		select l.line, l.nr, 1 + coalesce(sum(length(l.line) + 1) over (order by l.nr rows between unbounded preceding and 1 preceding), 0)::integer as at
		from string_to_table(ticket_workflow.annotated_source(annotated_text.report), E'\n') with ordinality as l (line, nr)
	), caret as (
		-- a finding that runs over the end of a line is marked on each
		select l.nr, f.ordinal,
			ticket_workflow.as_wide_as(substr(l.line, 1, greatest(f.start_pos - l.at, 0)), ' ')
			|| ticket_workflow.as_wide_as(substr(l.line, greatest(f.start_pos - l.at, 0) + 1,
				least(f.start_pos + f.length - l.at, length(l.line)) - greatest(f.start_pos - l.at, 0)), '^')
			|| case when f.start_pos >= l.at then format(' [%s] %s %s', f.ordinal, f.code, f.message) else '' end as mark
		from line l
			join finding f on f.placed and f.start_pos < l.at + length(l.line) and f.start_pos + f.length > l.at
	), written as (
		select 1 as part, l.nr, 0 as ordinal, l.line as row from line l
		union all
		select 1, c.nr, c.ordinal, c.mark from caret c
		union all
		-- a blank line sets the points apart
		select 1, min(l.nr), -1, '' from line l
		where l.at = length((annotated_text.report).body) + 2 and (annotated_text.report).points is not null
		having min(l.nr) is not null
		union all
		select 3, 0, 0, '' where exists (select from finding)
		union all
		select 3, 1, f.ordinal, format('[%s] %s %s %s%s (%s)%s', f.ordinal, ticket_workflow.label('severity', f.severity), f.code,
				f.message, case when f.excerpt is null or f.placed then '' else ' «' || f.excerpt || '»' end, f.clause,
				case when f.overrule_reason is null then '' else ' – ' || f.overrule_reason end)
		from finding f
	)
	select string_agg(w.row, E'\n' order by w.part, w.nr, w.ordinal) into result from written w;
	return result;
end
$$;
comment on function ticket_workflow.annotated_text(ticket_workflow.report) is 'annotated_report() as plain text, carets under what was found';

create or replace function ticket_workflow.annotated_report(report_id bigint, format text default 'text') returns text
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
	r constant ticket_workflow.report := ticket_workflow.visible_report(annotated_report.report_id);
begin
	return case ticket_workflow.code_of('report_format', annotated_report.format, 'format')
		when 'html' then ticket_workflow.annotated_html(r)
		else ticket_workflow.annotated_text(r)
	end;
end
$$;
comment on function ticket_workflow.annotated_report(bigint, text) is
	'A report with its findings marked: html (escaped, marks with class and title) or text (carets below the words)';
