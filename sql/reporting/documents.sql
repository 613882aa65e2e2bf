-- What printed documents are made of: escaped text, numbers as people read them, the style of a page.
-- May touch: nothing. escape_html() stands in sql/report/annotate.sql.

create or replace function ticket_workflow.escape_markdown(given text) returns text
	language sql immutable parallel safe
	-- one line, no markup: what people wrote may stand in a cell, a heading or a list
	return replace(replace(replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(btrim(escape_markdown.given), '\s+', ' ', 'g'),
			'([\\`*_\[\]|~$])', '\\\1', 'g'),
		-- what makes a list, a heading or a rule at the start of a line; a clause (2.2.2), a decimal or +3% makes none
		'^([#=])', '\\\1'), '^([-+])(?=[-+ ]|$)', '\\\1'), '^([0-9]+)([.)])(?= |$)', '\1\\\2'), '&', '&amp;'), '<', '&lt;'), '>', '&gt;');
comment on function ticket_workflow.escape_markdown(text) is 'Text as Markdown shows it, on one line, in a cell too';

create or replace function ticket_workflow.percent_text(share numeric) returns text
	language sql immutable parallel safe
	return coalesce(to_char(round(percent_text.share * 100, 1), 'FM9999990.0') || '%', '–');
comment on function ticket_workflow.percent_text(numeric) is 'A share in percent with one decimal; a dash for none';

create or replace function ticket_workflow.change_text(value numeric, before numeric, is_rate boolean) returns text
	language sql stable parallel safe
	-- rates differ by points, numbers by a share of what was before
	return case
		when change_text.value is null or change_text.before is null then '–'
		when is_rate then to_char(round((change_text.value - change_text.before) * 100, 1), 'FMSG9999990.0')
			|| ticket_workflow.label('bulletin', 'points')
		when change_text.before = 0 then case when change_text.value = 0 then '0%' else '–' end
		else to_char(round((change_text.value - change_text.before) * 100 / change_text.before, 1), 'FMSG9999990.0') || '%'
	end;
comment on function ticket_workflow.change_text(numeric, numeric, boolean) is
	'How a number or a rate differs from the span before, as people read it';

create or replace function ticket_workflow.month_text(month date) returns text
	language sql stable parallel safe
	return case when ticket_workflow.language() = 'en' then to_char(month_text.month, 'FMMonth YYYY')
		else to_char(month_text.month, 'YYYY"年"FMMM"月"') end;
comment on function ticket_workflow.month_text(date) is 'A month as people write it';

-- Well-formed as XML too, so that a parser can say whether everything was escaped and closed.
create or replace function ticket_workflow.html_page(title text, style text, content text) returns text
	language sql stable parallel safe
	return '<!DOCTYPE html>' || E'\n' || format('<html xmlns="http://www.w3.org/1999/xhtml" lang="%s">',
			case when ticket_workflow.language() = 'en' then 'en' else 'zh-CN' end)
		|| E'\n<head>\n<meta charset="utf-8"/>\n<title>' || ticket_workflow.escape_html(html_page.title) || E'</title>\n<style>\n'
		|| 'body{margin:0 auto;max-width:190mm;padding:6mm;color:#1f2933;background:#fff;line-height:1.5;font-size:10.5pt;'
		|| 'font-family:"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC","Noto Sans","Segoe UI",sans-serif}'
		|| E'\nh1{font-size:18pt;margin:0 0 2mm}h2{font-size:12.5pt;margin:7mm 0 2mm;border-left:3pt solid #1f6feb;padding-left:2.5mm;break-after:avoid}'
		|| E'\ntable{border-collapse:collapse;width:100%;font-size:9pt}thead{display:table-header-group}tr,figure,section.whole{break-inside:avoid}'
		|| E'\nth,td{border:.5pt solid #c9d1d9;padding:1.1mm 1.8mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f0f3f6;font-weight:600}'
		|| E'\nfigure{margin:2mm 0}svg{width:100%;height:auto;display:block}svg text{font-family:inherit}'
		|| E'\n@page{size:A4;margin:12mm}@media print{body{max-width:none;padding:0}h2{break-after:avoid}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}\n'
		|| html_page.style || E'\n</style>\n</head>\n<body>\n' || html_page.content || E'\n</body>\n</html>\n';
comment on function ticket_workflow.html_page(text, text, text) is
	'One self-contained page for screen and A4 paper; the title is escaped here, the content by whoever made it';
