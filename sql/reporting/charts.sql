-- Charts of the bulletin as inline SVG: drawn from the same data as its tables, no script, no picture from elsewhere.
-- May touch: nothing. Colours are told apart in grey print too: blue dark, green middle, red and orange with their numbers.

create or replace function ticket_workflow.chart_top(highest numeric) returns numeric
	language sql immutable parallel safe
	-- four steps of 1, 2 or 5 times a power of ten, that reach over the highest
	return 4 * (select min(s.step) from (
		select f.factor * power(10::numeric, p.power) as step
		from (values (1), (2), (5)) f (factor), generate_series(0, 9) p (power)) s where 4 * s.step >= greatest(chart_top.highest, 1));
comment on function ticket_workflow.chart_top(numeric) is 'End of a chart''s axis: round, in four steps';

create or replace function ticket_workflow.svg_text(x numeric, y numeric, given text, anchor text default 'start', size numeric default 11,
		fill text default '#1f2933') returns text
	language sql immutable parallel safe
	return format('<text x="%s" y="%s" text-anchor="%s" font-size="%s" fill="%s">%s</text>', round(x, 1), round(y, 1), anchor, size, fill,
		ticket_workflow.escape_html(svg_text.given));
comment on function ticket_workflow.svg_text(numeric, numeric, text, text, numeric, text) is 'A word in a chart, escaped';

create or replace function ticket_workflow.svg_bar(x numeric, y numeric, width numeric, height numeric, fill text) returns text
	language sql immutable parallel safe
	return case when width > 0 and height > 0 then format('<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>',
		round(x, 1), round(y, 1), round(width, 1), round(height, 1), fill) else '' end;
comment on function ticket_workflow.svg_bar(numeric, numeric, numeric, numeric, text) is 'A bar in a chart; nothing for none';

create or replace function ticket_workflow.svg_legend(names text[], colours text[]) returns text
	language sql immutable parallel safe
	return (select string_agg(ticket_workflow.svg_bar(40 + (n.nr - 1) * 150, 6, 10, 10, colours[n.nr])
			|| ticket_workflow.svg_text(54 + (n.nr - 1) * 150, 15, n.name), '' order by n.nr)
		from unnest(names) with ordinality n (name, nr));
comment on function ticket_workflow.svg_legend(text[], text[]) is 'What the colours of a chart mean';

create or replace function ticket_workflow.svg_frame(width integer, height integer, title text, content text) returns text
	language sql immutable parallel safe
	return format('<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img" aria-label="%s">%s</svg></figure>',
		width, height, ticket_workflow.escape_html(title), content);
comment on function ticket_workflow.svg_frame(integer, integer, text, text) is 'A chart as a figure of the page';

create or replace function ticket_workflow.chart_days(days jsonb) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	top numeric;
	step numeric;
	content text;
begin
	select ticket_workflow.chart_top(max(greatest((d ->> 'received')::numeric, (d ->> 'completed')::numeric))), 690.0 / count(*)
		into top, step from jsonb_array_elements(days) d;
	select string_agg(
			case when (d.day ->> 'working')::boolean then '' else ticket_workflow.svg_bar(40 + (d.nr - 1) * step, 26, step, 164, '#eef1f4') end,
			'' order by d.nr)
		into content from jsonb_array_elements(days) with ordinality d (day, nr);
	select content || string_agg(format('<line x1="40" y1="%1$s" x2="730" y2="%1$s" stroke="#d0d7de" stroke-width="0.7"/>', 190 - g * 41)
			|| ticket_workflow.svg_text(34, 194 - g * 41, (top * g / 4)::integer::text, 'end', 10, '#57606a'), '' order by g)
		into content from generate_series(0, 4) g;
	select content || string_agg(
			ticket_workflow.svg_bar(40 + (d.nr - 1) * step + step * 0.12, 190 - 164 * (d.day ->> 'received')::numeric / top, step * 0.38,
				164 * (d.day ->> 'received')::numeric / top, '#1f6feb')
			|| ticket_workflow.svg_bar(40 + (d.nr - 1) * step + step * 0.52, 190 - 164 * (d.day ->> 'completed')::numeric / top, step * 0.36,
				164 * (d.day ->> 'completed')::numeric / top, '#57ab5a')
			|| ticket_workflow.svg_text(40 + (d.nr - 0.5) * step, 204, extract(day from (d.day ->> 'day')::date)::text, 'middle', 9.5, '#57606a'),
			'' order by d.nr)
		into content from jsonb_array_elements(days) with ordinality d (day, nr);
	return ticket_workflow.svg_frame(740, 212, ticket_workflow.label('bulletin', 'days'),
		ticket_workflow.svg_legend(array[ticket_workflow.label('figure', 'received'), ticket_workflow.label('figure', 'completed'),
			ticket_workflow.label('bulletin', 'rest_day')], '{#1f6feb,#57ab5a,#dde3e8}') || content);
end
$$;
comment on function ticket_workflow.chart_days(jsonb) is 'Tickets per day: received and completed, rest days grey';

-- Rows of bars lying on each other: of each row its name and the lengths of its parts.
create or replace function ticket_workflow.chart_rows(title text, legend text[], colours text[], rows jsonb, stacked boolean) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	highest numeric;
	content text;
	parts constant integer := cardinality(legend);
begin
	if jsonb_array_length(rows) = 0 then
		return '';
	end if;
	select greatest(max(s.length), 1) into highest
		from (
			select case when stacked then sum(p.value::numeric) else max(p.value::numeric) end as length
			from jsonb_array_elements(rows) with ordinality r (row, nr), jsonb_array_elements_text(r.row -> 'parts') p (value)
			group by r.nr
		) s;
	select string_agg(
			ticket_workflow.svg_text(168, 38 + (r.nr - 1) * 24, case
				when length(ticket_workflow.as_wide_as(r.row ->> 'name', 'x')) <= 26 then r.row ->> 'name'
				else left(r.row ->> 'name', greatest(12, 24 - (length(ticket_workflow.as_wide_as(r.row ->> 'name', 'x')) - length(r.row ->> 'name')))) || '…' end, 'end')
			|| (
				select string_agg(case when stacked
						then ticket_workflow.svg_bar(176 + 470 * p.before / highest, 26 + (r.nr - 1) * 24, 470 * p.value / highest, 16, colours[p.nr])
						else ticket_workflow.svg_bar(176, 26 + (r.nr - 1) * 24 + (p.nr - 1) * 16.0 / parts, 470 * p.value / highest, 16.0 / parts - 0.6, colours[p.nr]) end,
					'' order by p.nr)
				from (
					select v.nr, v.value::numeric, sum(v.value::numeric) over (order by v.nr) - v.value::numeric as before
					from jsonb_array_elements_text(r.row -> 'parts') with ordinality v (value, nr)
				) p)
			|| ticket_workflow.svg_text(case when stacked then 182 + 470 * s.total / highest else 182 + 470 * s.longest / highest end,
				38 + (r.nr - 1) * 24, s.numbers, 'start', 10.5, '#3d444d'), '' order by r.nr)
		into content
		from jsonb_array_elements(rows) with ordinality r (row, nr)
			cross join lateral (
				select sum(v.value::numeric) as total, max(v.value::numeric) as longest,
					coalesce(r.row ->> 'text', string_agg(v.value, ' / ' order by v.nr)) as numbers
				from jsonb_array_elements_text(r.row -> 'parts') with ordinality v (value, nr)) s;
	return ticket_workflow.svg_frame(740, 30 + 24 * jsonb_array_length(rows), title, ticket_workflow.svg_legend(legend, colours) || content);
end
$$;
comment on function ticket_workflow.chart_rows(text, text[], text[], jsonb, boolean) is
	'Horizontal bars with names and numbers: parts stacked, or one below the other';

create or replace function ticket_workflow.chart_share(title text, names text[], numbers numeric[], colours text[], middle text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	total constant numeric := (select sum(n) from unnest(numbers) n);
	around constant numeric := 2 * 3.14159265 * 62;
	content text;
begin
	select string_agg(case when total > 0 and n.number > 0 then
				format('<circle cx="110" cy="95" r="62" fill="none" stroke="%s" stroke-width="26" stroke-dasharray="%s %s" stroke-dashoffset="%s" transform="rotate(-90 110 95)"/>',
					colours[n.nr], round(around * n.number / total, 2), round(around, 2), round(-around * n.before / total, 2))
				else '' end
			|| ticket_workflow.svg_bar(230, 50 + (n.nr - 1) * 30, 13, 13, colours[n.nr])
			|| ticket_workflow.svg_text(251, 61 + (n.nr - 1) * 30, names[n.nr] || '  ' || n.number
				|| case when total > 0 then ' (' || ticket_workflow.percent_text(n.number / total) || ')' else '' end, 'start', 13), '' order by n.nr)
		into content
		from (select u.number, u.nr, sum(u.number) over (order by u.nr) - u.number as before
			from unnest(numbers) with ordinality u (number, nr)) n;
	return ticket_workflow.svg_frame(740, 190, title,
		case when coalesce(total, 0) = 0 then '<circle cx="110" cy="95" r="62" fill="none" stroke="#eef1f4" stroke-width="26"/>' else '' end
		|| content || ticket_workflow.svg_text(110, 102, middle, 'middle', 20));
end
$$;
comment on function ticket_workflow.chart_share(text, text[], numeric[], text[], text) is 'A ring of parts with their numbers and shares';
