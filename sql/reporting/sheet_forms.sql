-- Sheets as HTML for A4 and as Markdown. Everything that people wrote is escaped here, in one place each.
-- May touch: nothing.

create or replace function ticket_workflow.sheet_html(sheet jsonb) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	content text;
	part text;
	b jsonb;
begin
	content := format(E'<h1>%s</h1>\n', ticket_workflow.escape_html(sheet ->> 'title'));
	for b in select x.value from jsonb_array_elements(sheet -> 'blocks') with ordinality x (value, nr) order by x.nr loop
		case b ->> 'kind'
		when 'fields' then
			-- two a line
			select string_agg(l.line, E'\n' order by l.nr) into part
				from (
					select (r.nr - 1) / 2 as nr, '<tr>' || string_agg(format('<th>%s</th><td%s>%s</td>', ticket_workflow.escape_html(r.row ->> 0),
							-- the last one alone has the line
							case when r.nr % 2 = 1 and r.nr = jsonb_array_length(b -> 'rows') then ' colspan="3"' else '' end,
							ticket_workflow.escape_html(r.row ->> 1)), '' order by r.nr) || '</tr>' as line
					from jsonb_array_elements(b -> 'rows') with ordinality r (row, nr)
					group by (r.nr - 1) / 2
				) l;
			part := E'<table class="fields"><tbody>\n' || part || E'\n</tbody></table>';
		when 'table' then
			select string_agg('<tr>' || (select string_agg('<td>' || ticket_workflow.escape_html(c.cell) || '</td>', '' order by c.nr)
					from jsonb_array_elements_text(r.row) with ordinality c (cell, nr)) || '</tr>', E'\n' order by r.nr) into part
				from jsonb_array_elements(b -> 'rows') with ordinality r (row, nr);
			part := '<table><thead><tr>' || (select string_agg('<th>' || ticket_workflow.escape_html(c.name) || '</th>', '' order by c.nr)
					from jsonb_array_elements_text(b -> 'columns') with ordinality c (name, nr)) || E'</tr></thead><tbody>\n'
				|| coalesce(part, format('<tr><td colspan="%s">%s</td></tr>', jsonb_array_length(b -> 'columns'), ticket_workflow.escape_html(ticket_workflow.label('sheet', 'none'))))
				|| E'\n</tbody></table>';
		when 'text' then
			part := '<div class="text">' || ticket_workflow.escape_html(b ->> 'body') || '</div>';
		else
			select '<div class="sign">' || string_agg('<span>' || ticket_workflow.escape_html(l.line) || '</span>', '' order by l.nr) || '</div>' into part
				from jsonb_array_elements_text(b -> 'lines') with ordinality l (line, nr);
		end case;
		content := content || coalesce('<h2>' || ticket_workflow.escape_html(b ->> 'title') || E'</h2>\n', '') || part || E'\n';
	end loop;
	return ticket_workflow.html_page(sheet ->> 'title',
		E'h1{text-align:center}h2{margin:4mm 0 1.5mm}.fields{table-layout:fixed}.fields th{width:15%}'
		|| E'\n.text{white-space:pre-wrap;overflow-wrap:anywhere;border:.5pt solid #c9d1d9;padding:2mm;min-height:12mm}'
		|| E'\n.sign{display:flex;gap:8mm;margin:12mm 0 4mm;break-inside:avoid}.sign span{flex:1;border-top:.5pt solid #1f2933;padding-top:1mm;font-size:9pt}'
		|| E'\n.printed{color:#57606a;font-size:8.5pt}',
		content || format('<p class="printed">%s</p>', ticket_workflow.escape_html(sheet ->> 'printed')));
end
$$;
comment on function ticket_workflow.sheet_html(jsonb) is 'ticket_sheet() as one page of HTML for A4';

create or replace function ticket_workflow.sheet_markdown(sheet jsonb) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	content text;
	part text;
	b jsonb;
begin
	content := format(E'# %s\n', ticket_workflow.escape_markdown(sheet ->> 'title'));
	for b in select x.value from jsonb_array_elements(sheet -> 'blocks') with ordinality x (value, nr) order by x.nr loop
		case b ->> 'kind'
		when 'fields' then
			select string_agg(format('- %s: %s', ticket_workflow.escape_markdown(r.row ->> 0),
					coalesce(nullif(ticket_workflow.escape_markdown(r.row ->> 1), ''), '\_\_\_\_')), E'\n' order by r.nr) into part
				from jsonb_array_elements(b -> 'rows') with ordinality r (row, nr);
		when 'table' then
			select string_agg('| ' || (select string_agg(ticket_workflow.escape_markdown(c.cell), ' | ' order by c.nr)
					from jsonb_array_elements_text(r.row) with ordinality c (cell, nr)) || ' |', E'\n' order by r.nr) into part
				from jsonb_array_elements(b -> 'rows') with ordinality r (row, nr);
			part := case when part is null then ticket_workflow.label('sheet', 'none')
				else (select '| ' || string_agg(ticket_workflow.escape_markdown(c.name), ' | ' order by c.nr) || E' |\n|' || string_agg('---|', '' order by c.nr)
					from jsonb_array_elements_text(b -> 'columns') with ordinality c (name, nr)) || E'\n' || part end;
		when 'text' then
			-- a quotation, line by line; an empty one is to be written by hand
			select string_agg('> ' || case when b ->> 'body' = '' then '\_\_\_\_' else ticket_workflow.escape_markdown(l.line) end, E'\n' order by l.nr) into part
				from string_to_table(b ->> 'body', E'\n') with ordinality l (line, nr);
		else
			select string_agg(ticket_workflow.escape_markdown(l.line) || ': \_\_\_\_', E'\n\n' order by l.nr) into part
				from jsonb_array_elements_text(b -> 'lines') with ordinality l (line, nr);
		end case;
		content := content || coalesce(E'\n## ' || ticket_workflow.escape_markdown(b ->> 'title') || E'\n', '') || E'\n' || coalesce(part, '') || E'\n';
	end loop;
	return content || format(E'\n%s\n', ticket_workflow.escape_markdown(sheet ->> 'printed'));
end
$$;
comment on function ticket_workflow.sheet_markdown(jsonb) is 'ticket_sheet() as Markdown';
