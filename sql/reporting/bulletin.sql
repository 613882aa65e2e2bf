-- The bulletin's forms: Markdown, and one page of HTML. Both show bulletin_data(), and count nothing.
-- May touch: nothing.

-- The lines of the table of figures, the same in both forms.
create or replace function ticket_workflow.bulletin_lines(summary jsonb)
	returns table (ordinal bigint, code text, is_rate boolean, name text, value text, before text, change text)
	language sql stable
begin atomic
	select l.ordinal, l.code, l.is_rate, ticket_workflow.label('figure', l.code),
		case when l.is_rate then ticket_workflow.percent_text((bulletin_lines.summary ->> l.code)::numeric) else bulletin_lines.summary ->> l.code end,
		case when l.is_rate then ticket_workflow.percent_text((bulletin_lines.summary ->> ('previous_' || l.code))::numeric)
			else coalesce(bulletin_lines.summary ->> ('previous_' || l.code), '–') end,
		ticket_workflow.change_text((bulletin_lines.summary ->> l.code)::numeric, (bulletin_lines.summary ->> ('previous_' || l.code))::numeric, l.is_rate)
	from unnest(array['received', 'completed', 'on_time_rate', 'overdue', 'first_contact_rate', 'solution_rate', 'satisfaction',
			'confirmed_rate', 'returns', 'return_rate', 'rework', 'rework_rate'],
		array[false, false, true, false, true, true, true, true, false, true, false, true]) with ordinality l (code, is_rate, ordinal);
end;
comment on function ticket_workflow.bulletin_lines(jsonb) is 'Figures of a month beside the month before, as people read them';

create or replace function ticket_workflow.bulletin_opening(data jsonb) returns text
	language sql stable
	return ticket_workflow.message_text('bulletin_opening', array[
		bulletin_opening.data #>> '{summary,received}', bulletin_opening.data #>> '{summary,complaints}', bulletin_opening.data #>> '{summary,help_requests}',
		bulletin_opening.data #>> '{summary,suggestions}', bulletin_opening.data #>> '{summary,consultations}',
		bulletin_opening.data #>> '{summary,completed}',
		ticket_workflow.percent_text((bulletin_opening.data #>> '{summary,on_time_rate}')::numeric),
		ticket_workflow.percent_text((bulletin_opening.data #>> '{summary,satisfaction}')::numeric),
		bulletin_opening.data #>> '{summary,overdue}']);
comment on function ticket_workflow.bulletin_opening(jsonb) is 'First sentence of a bulletin';

-- Tables of the bulletin, each row an array of cells: what a form does with them is its own.
create or replace function ticket_workflow.bulletin_tables(data jsonb)
	returns table (section text, columns text[], cells text[], ordinal bigint)
	language sql stable
begin atomic
	select 'departments', array['department', 'received', 'dispatched', 'completed', 'on_time_rate', 'overdue', 'returns', 'rework', 'solution_rate', 'satisfaction'],
		array[coalesce(d.row ->> 'department_name', ticket_workflow.label('bulletin', 'no_department')), d.row ->> 'received', d.row ->> 'dispatched',
			d.row ->> 'completed', ticket_workflow.percent_text((d.row ->> 'on_time_rate')::numeric), d.row ->> 'overdue', d.row ->> 'returns', d.row ->> 'rework',
			ticket_workflow.percent_text((d.row ->> 'solution_rate')::numeric), ticket_workflow.percent_text((d.row ->> 'satisfaction')::numeric)], d.nr
	from jsonb_array_elements(bulletin_tables.data -> 'departments') with ordinality d (row, nr)
	union all
	-- the sum, so that a reader can add up
	select 'departments', '{}', array[ticket_workflow.label('bulletin', 'together'), s.row ->> 'received', s.row ->> 'dispatched', s.row ->> 'completed',
			ticket_workflow.percent_text((s.row ->> 'on_time_rate')::numeric), s.row ->> 'overdue', s.row ->> 'returns', s.row ->> 'rework',
			ticket_workflow.percent_text((s.row ->> 'solution_rate')::numeric), ticket_workflow.percent_text((s.row ->> 'satisfaction')::numeric)], 1000000
	from (values (bulletin_tables.data -> 'summary')) s (row)
	union all
	select 'matters', array['matter', 'received', 'before', 'change', 'completed'],
		array[coalesce(m.row ->> 'name', ticket_workflow.label('bulletin', 'no_matter')), m.row ->> 'received', m.row ->> 'before',
			ticket_workflow.change_text((m.row ->> 'received')::numeric, (m.row ->> 'before')::numeric, false), m.row ->> 'completed'], m.nr
	from jsonb_array_elements(bulletin_tables.data -> 'matters') with ordinality m (row, nr)
	where m.nr <= 15
	union all
	-- the rest in one line, so that the column adds up
	select 'matters', '{}', array[ticket_workflow.label('bulletin', 'others') || ' (' || count(*) || ')', sum((m.row ->> 'received')::integer)::text,
			sum((m.row ->> 'before')::integer)::text,
			ticket_workflow.change_text(sum((m.row ->> 'received')::integer), sum((m.row ->> 'before')::integer), false),
			sum((m.row ->> 'completed')::integer)::text], 999999
	from jsonb_array_elements(bulletin_tables.data -> 'matters') with ordinality m (row, nr)
	where m.nr > 15
	having count(*) > 0
	union all
	select 'matters', '{}', array[ticket_workflow.label('bulletin', 'together'), bulletin_tables.data #>> '{summary,received}',
			bulletin_tables.data #>> '{summary,previous_received}',
			ticket_workflow.change_text((bulletin_tables.data #>> '{summary,received}')::numeric, (bulletin_tables.data #>> '{summary,previous_received}')::numeric, false),
			bulletin_tables.data #>> '{summary,completed}'], 1000000
	union all
	select 'hot_spots', array['place', 'matter', 'tickets', 'open'],
		array[h.row ->> 'place', coalesce(h.row ->> 'matter', '–'), h.row ->> 'tickets', h.row ->> 'open'], h.nr
	from jsonb_array_elements(bulletin_tables.data -> 'hot_spots') with ordinality h (row, nr)
	union all
	select 'repeats', array['repeat_kind', 'matter', 'place', 'tickets', 'persons', 'open', 'number', 'department'],
		array[r.row ->> 'kind', coalesce(r.row ->> 'matter', '–'), coalesce(r.row ->> 'place', '–'), r.row ->> 'tickets', r.row ->> 'persons', r.row ->> 'open',
			r.row ->> 'number', coalesce(r.row ->> 'department', '–')], r.nr
	from jsonb_array_elements(bulletin_tables.data -> 'repeats') with ordinality r (row, nr)
	union all
	select 'overdue', array['number', 'department', 'category', 'state', 'due_on', 'working_days_late'],
		array[o.row ->> 'number', coalesce(o.row ->> 'department', '–'), o.row ->> 'category', o.row ->> 'state', o.row ->> 'due_on', o.row ->> 'working_days_late'], o.nr
	from jsonb_array_elements(bulletin_tables.data -> 'overdue') with ordinality o (row, nr);
end;
comment on function ticket_workflow.bulletin_tables(jsonb) is 'Rows of the bulletin''s tables as people read them; not escaped';

create or replace function ticket_workflow.bulletin_markdown(data jsonb) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	result text;
	part text;
	section_name text;
	dash text;
begin
	result := format(E'# %s %s\n\n%s\n\n%s\n\n## %s\n\n| %s | %s | %s | %s |\n|---|---:|---:|---:|\n',
		ticket_workflow.escape_markdown(data #>> '{summary,center_name}'),
		ticket_workflow.message_text('bulletin_title', array[ticket_workflow.month_text((data ->> 'month')::date)]),
		ticket_workflow.message_text('bulletin_as_of', array[data ->> 'printed_at']), ticket_workflow.bulletin_opening(data),
		ticket_workflow.label('bulletin', 'figures'), ticket_workflow.label('bulletin', 'figure'),
		ticket_workflow.month_text((data ->> 'month')::date), ticket_workflow.month_text((data ->> 'before')::date), ticket_workflow.label('bulletin', 'change'));
	select string_agg(format('| %s | %s | %s | %s |', l.name, l.value, l.before, l.change), E'\n' order by l.ordinal)
		into part from ticket_workflow.bulletin_lines(data -> 'summary') l;
	result := result || part || E'\n';

	select string_agg(format('| %s | %s | %s |', d.row ->> 'day' || case when (d.row ->> 'working')::boolean then '' else ' *' end,
			d.row ->> 'received', d.row ->> 'completed'), E'\n' order by d.nr)
		into part from jsonb_array_elements(data -> 'days') with ordinality d (row, nr);
	result := result || format(E'\n## %s\n\n| %s | %s | %s |\n|---|---:|---:|\n%s\n\n\\* %s\n', ticket_workflow.label('bulletin', 'days'),
		ticket_workflow.label('bulletin', 'day'), ticket_workflow.label('figure', 'received'), ticket_workflow.label('figure', 'completed'),
		part, ticket_workflow.label('bulletin', 'rest_day'));

	foreach section_name in array '{departments,matters,hot_spots,repeats,overdue}'::text[] loop
		select format(E'| %s |\n|%s|', string_agg(ticket_workflow.label('figure', c.code), ' | ' order by c.nr), string_agg('---', '|' order by c.nr))
			into dash
			from (select t.columns from ticket_workflow.bulletin_tables(data) t where t.section = section_name and t.columns <> '{}' limit 1) h,
				unnest(h.columns) with ordinality c (code, nr);
		select string_agg('| ' || (select string_agg(ticket_workflow.escape_markdown(coalesce(c.cell, '–')), ' | ' order by c.nr)
				from unnest(t.cells) with ordinality c (cell, nr)) || ' |', E'\n' order by t.ordinal)
			into part from ticket_workflow.bulletin_tables(data) t where t.section = section_name;
		result := result || format(E'\n## %s\n\n', ticket_workflow.label('bulletin', section_name))
			|| case when dash like '%---%' then dash || E'\n' || part else ticket_workflow.label('bulletin', 'none') end || E'\n';
	end loop;
	return result || format(E'\n%s\n', ticket_workflow.label('bulletin', 'how_counted'));
end
$$;
comment on function ticket_workflow.bulletin_markdown(jsonb) is 'monthly_bulletin() as Markdown; everything people wrote is escaped';

create or replace function ticket_workflow.bulletin_charts(data jsonb, chart text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	rows jsonb;
	this_month constant text := ticket_workflow.month_text((data ->> 'month')::date);
	before_month constant text := ticket_workflow.month_text((data ->> 'before')::date);
begin
	case chart
	when 'days' then
		return ticket_workflow.chart_days(data -> 'days');
	when 'on_time' then
		return ticket_workflow.chart_share(ticket_workflow.label('bulletin', 'on_time'),
			array[ticket_workflow.label('figure', 'on_time'), ticket_workflow.label('figure', 'completed_late'), ticket_workflow.label('figure', 'target_missed')],
			array[(data #>> '{summary,on_time}')::numeric, (data #>> '{summary,completed_late}')::numeric, (data #>> '{summary,target_missed}')::numeric],
			'{#2da44e,#cf222e,#d4a72c}', ticket_workflow.percent_text((data #>> '{summary,on_time_rate}')::numeric));
	when 'comparison' then
		select jsonb_agg(jsonb_build_object('name', l.name, 'parts', jsonb_build_array(coalesce(data #> array['summary', l.code], '0'), coalesce(data #> array['summary', 'previous_' || l.code], '0')),
				'text', l.value || ' / ' || l.before) order by l.ordinal)
			into rows
			from (select x.*, data #>> array['summary', x.code] as v from ticket_workflow.bulletin_lines(data -> 'summary') x where x.is_rate) l;
		-- a rate that is not there has no bar
		select jsonb_agg(jsonb_build_object('name', r.row -> 'name', 'text', r.row -> 'text', 'parts',
				(select jsonb_agg(case when p.value = 'null' then '0'::jsonb else p.value end order by p.nr) from jsonb_array_elements(r.row -> 'parts') with ordinality p (value, nr))) order by r.nr)
			into rows from jsonb_array_elements(rows) with ordinality r (row, nr);
		return ticket_workflow.chart_rows(ticket_workflow.label('bulletin', 'comparison'), array[this_month, before_month], '{#1f6feb,#a8b3bf}', rows, false);
	when 'departments' then
		select coalesce(jsonb_agg(jsonb_build_object('name', coalesce(d.row ->> 'department_name', ticket_workflow.label('bulletin', 'no_department')),
				'parts', jsonb_build_array(d.row -> 'on_time', (d.row ->> 'target_missed')::integer, d.row -> 'completed_late', d.row -> 'open_overdue')) order by d.nr), '[]')
			into rows
			from jsonb_array_elements(data -> 'departments') with ordinality d (row, nr)
			where d.nr <= 20 and (d.row ->> 'on_time')::integer + (d.row ->> 'target_missed')::integer + (d.row ->> 'overdue')::integer > 0;
		return ticket_workflow.chart_rows(ticket_workflow.label('bulletin', 'departments'),
			array[ticket_workflow.label('figure', 'on_time'), ticket_workflow.label('figure', 'target_missed'), ticket_workflow.label('figure', 'completed_late'), ticket_workflow.label('figure', 'open_overdue')],
			'{#2da44e,#d4a72c,#cf222e,#8250df}', rows, true);
	else
		select coalesce(jsonb_agg(jsonb_build_object('name', coalesce(m.row ->> 'name', ticket_workflow.label('bulletin', 'no_matter')),
				'parts', jsonb_build_array(m.row -> 'received', m.row -> 'before')) order by m.nr), '[]')
			into rows from jsonb_array_elements(data -> 'matters') with ordinality m (row, nr) where m.nr <= 12;
		return ticket_workflow.chart_rows(ticket_workflow.label('bulletin', 'matters'), array[this_month, before_month], '{#1f6feb,#a8b3bf}', rows, false);
	end case;
end
$$;
comment on function ticket_workflow.bulletin_charts(jsonb, text) is 'A chart of the bulletin: days, on_time, comparison, departments, matters';

create or replace function ticket_workflow.bulletin_html(data jsonb) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	content text;
	part text;
	head text;
	section_name text;
	title constant text := (data #>> '{summary,center_name}') || ' '
		|| ticket_workflow.message_text('bulletin_title', array[ticket_workflow.month_text((data ->> 'month')::date)]);
begin
	content := format(E'<header><h1>%s</h1><p class="asof">%s</p></header>\n<p>%s</p>\n', ticket_workflow.escape_html(title),
		ticket_workflow.escape_html(ticket_workflow.message_text('bulletin_as_of', array[data ->> 'printed_at'])),
		ticket_workflow.escape_html(ticket_workflow.bulletin_opening(data)));
	-- what leaders look at first
	select '<section class="tiles whole">' || string_agg(format('<div class="tile"><b>%s</b><span>%s</span><small>%s</small></div>',
			ticket_workflow.escape_html(l.value), ticket_workflow.escape_html(l.name), ticket_workflow.escape_html(l.change)), '' order by l.ordinal) || E'</section>\n'
		into part from ticket_workflow.bulletin_lines(data -> 'summary') l where l.ordinal <= 8;
	content := content || part;
	content := content || format(E'<section class="whole"><h2>%s</h2>%s</section>\n', ticket_workflow.escape_html(ticket_workflow.label('bulletin', 'days')),
		ticket_workflow.bulletin_charts(data, 'days'));
	content := content || format(E'<section class="whole"><h2>%s</h2>%s</section>\n', ticket_workflow.escape_html(ticket_workflow.label('bulletin', 'on_time')),
		ticket_workflow.bulletin_charts(data, 'on_time'));
	select string_agg(format('<tr><td>%s</td><td class="n">%s</td><td class="n">%s</td><td class="n">%s</td></tr>', ticket_workflow.escape_html(l.name),
			ticket_workflow.escape_html(l.value), ticket_workflow.escape_html(l.before), ticket_workflow.escape_html(l.change)), E'\n' order by l.ordinal)
		into part from ticket_workflow.bulletin_lines(data -> 'summary') l;
	content := content || format(E'<section class="whole"><h2>%s</h2>%s<table><thead><tr><th>%s</th><th class="n">%s</th><th class="n">%s</th><th class="n">%s</th></tr></thead><tbody>\n%s\n</tbody></table></section>\n',
		ticket_workflow.escape_html(ticket_workflow.label('bulletin', 'comparison')), ticket_workflow.bulletin_charts(data, 'comparison'),
		ticket_workflow.escape_html(ticket_workflow.label('bulletin', 'figure')), ticket_workflow.escape_html(ticket_workflow.month_text((data ->> 'month')::date)),
		ticket_workflow.escape_html(ticket_workflow.month_text((data ->> 'before')::date)), ticket_workflow.escape_html(ticket_workflow.label('bulletin', 'change')), part);

	foreach section_name in array '{departments,matters,hot_spots,repeats,overdue}'::text[] loop
		select string_agg(format('<th%s>%s</th>', case when c.code in ('department', 'matter', 'place', 'repeat_kind', 'number', 'category', 'state', 'due_on')
				then '' else ' class="n"' end, ticket_workflow.escape_html(ticket_workflow.label('figure', c.code))), '' order by c.nr) into head
			from (select t.columns from ticket_workflow.bulletin_tables(data) t where t.section = section_name and t.columns <> '{}' limit 1) h,
				unnest(h.columns) with ordinality c (code, nr);
		select string_agg(format('<tr%s>', case when t.ordinal = 1000000 then ' class="sum"' else '' end) || (
				select string_agg(format('<td%s>%s</td>', case when c.cell ~ '^[0-9+–-][0-9.]*%?$' then ' class="n"' else '' end,
					ticket_workflow.escape_html(coalesce(c.cell, '–'))), '' order by c.nr)
				from unnest(t.cells) with ordinality c (cell, nr)) || '</tr>', E'\n' order by t.ordinal)
			into part from ticket_workflow.bulletin_tables(data) t where t.section = section_name;
		content := content || format(E'<section><h2>%s</h2>%s%s</section>\n', ticket_workflow.escape_html(ticket_workflow.label('bulletin', section_name)),
			case when section_name in ('departments', 'matters') and head is not null then ticket_workflow.bulletin_charts(data, section_name) else '' end,
			case when head is null then '<p>' || ticket_workflow.escape_html(ticket_workflow.label('bulletin', 'none')) || '</p>'
				else E'<table><thead><tr>' || head || E'</tr></thead><tbody>\n' || part || E'\n</tbody></table>' end);
	end loop;
	content := content || format('<p class="asof">%s</p>', ticket_workflow.escape_html(ticket_workflow.label('bulletin', 'how_counted')));
	return ticket_workflow.html_page(title,
		E'.asof{color:#57606a;font-size:9pt;margin:0 0 2mm}.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:2.5mm;margin:3mm 0}'
		|| E'\n.tile{border:.5pt solid #c9d1d9;border-radius:2mm;padding:2mm 3mm}.tile b{display:block;font-size:16pt;line-height:1.25}.tile span{font-size:9pt}'
		|| E'\n.tile small{float:right;color:#57606a}td.n,th.n{text-align:right}td.n{white-space:nowrap}th:first-child{min-width:26mm}tr.sum td{font-weight:600;background:#f6f8fa}', content);
end
$$;
comment on function ticket_workflow.bulletin_html(jsonb) is 'monthly_bulletin() as one self-contained page: inline charts, A4 print, everything people wrote escaped';
