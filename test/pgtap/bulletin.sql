-- The bulletin: the views' figures, a page that a strict parser reads, nothing of what people wrote that is taken for markup.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/every_state.sql
-- names that attack: in HTML, in an attribute, in Markdown, in format()
update ticket_workflow.organization set name = '城管"<script>alert(1)</script>&amp;|%s*' where code = 'cg';
update ticket_workflow.matter set name = '照明</td><td>&<b>"''|`x`[a](http://e.org)' where code = 'light';
update ticket_workflow.center set name = '中心<&">' where code = 'yc';
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '甲', matter => 'light', area => 'p1', place => '<img src=x onerror=alert(1)>', petitioner_phone => p)
	from unnest('{13711110001,13711110002}'::text[]) p;
select pg_temp.at_time('2023-03-01 09:00+08'), pg_temp.act_as('');
select ticket_workflow.sweep_batch(ticket_workflow.begin_sweep(), 500, null);
select ticket_workflow.monthly_bulletin('yc', '2023-02-15', 'html') as html, ticket_workflow.monthly_bulletin('yc', '2023-02-15', 'markdown') as markdown,
	ticket_workflow.monthly_bulletin('yc', '2023-02-15', 'json') as data \gset
set ticket_workflow.language = 'en';
select ticket_workflow.monthly_bulletin('yc', '2023-02-15', 'html') as english, ticket_workflow.monthly_bulletin('yc', '2023-02-15', 'markdown') as english_markdown \gset
reset ticket_workflow.language;
create temp table page as select :'html'::text as html, :'markdown'::text as markdown, :'data'::jsonb as data, :'english'::text as english, :'english_markdown'::text as english_markdown;
\o
select no_plan();

-- a name space of its own for XPath
create function pg_temp.cells(given text, path text) returns text[] language sql as $$
	select array_agg(x::text order by nr) from unnest(xpath(path, given::xml, '{{h,http://www.w3.org/1999/xhtml},{s,http://www.w3.org/2000/svg}}')) with ordinality x (x, nr)
$$;
select lives_ok('select xmlparse(document html), xmlparse(document english) from page', '3.2 the page is well-formed, whatever people wrote');
select is((select cardinality(pg_temp.cells(html, '//s:svg')) from page), 5, '3.2 five charts are drawn in it');
select is((select pg_temp.cells(html, '//h:script | //h:img | //h:link | //s:image | //*[@onerror] | //*[@href]') from page), null, 'nothing is loaded, nothing runs, no name became markup');
select ok((select html !~* '(src|href|url\()' or html !~ 'https?://(?!www.w3.org|e.org)' from page), 'self-contained');
select ok((select html like '%@page{size:A4%' and html like '%break-inside:avoid%' and html like '%thead{display:table-header-group}%' from page), '3.2 fit for printing');
select ok((select html like '%城管&quot;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;|%' from page), 'names stand as they were written');
select ok((select markdown !~ '[^\\]<' and markdown like '%城管"&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;\\|%' from page), 'in Markdown too');
select is((select array_agg(distinct regexp_count) from (
		select length(regexp_replace(l, '(\\\|)|[^|]', '', 'g')) as regexp_count
		from page, string_to_table(markdown, E'\n') l where l like '| %城管%') c), '{7,11}', 'and no name makes a cell of a Markdown table more');
select ok((select html ~ 'lang="zh-CN"' and english ~ 'lang="en"' and english like '%Hotline bulletin, February 2023%' and english_markdown like '%Tickets per day%' from page), 'in both languages');
select is((select string_agg(m[1], ' ') from page, regexp_matches(replace(replace(replace(replace(replace(replace(english_markdown, '城管', ''), '照明', ''), '中心', ''), '宜川路1号', ''), '宜川路11号', ''), '城管中队', ''), '([一-鿿]+)', 'g') m
		where m[1] not in ('房管办')), null, 'English but for the desk''s own names');

-- ---- the numbers are the views', and add up
select is((select (data -> 'summary') - '{month}'::text[] from page), (select to_jsonb(s) - '{month}'::text[] from ticket_workflow.monthly_summary s where month = '2023-02-01'), '3.2 the figures are those of monthly_summary');
select is((select pg_temp.cells(html, '(//h:div[@class="tile"]/h:b)[position() < 3]/text()') from page),
	(select array[received::text, completed::text] from ticket_workflow.monthly_summary where month = '2023-02-01'), 'and stand first on the page');
select is((select sum((d ->> 'received')::integer) || ' ' || sum((d ->> 'completed')::integer) || ' ' || count(*) from page, jsonb_array_elements(data -> 'days') d),
	(select received || ' ' || completed || ' 28' from ticket_workflow.monthly_summary where month = '2023-02-01'), '3.2 the days add up to the month');
select is((select sum((d ->> 'received')::integer) || ' ' || sum((d ->> 'completed')::integer) from page, jsonb_array_elements(data -> 'matters') d),
	(select received || ' ' || completed from ticket_workflow.monthly_summary where month = '2023-02-01'), '3.2 the matters add up to the month');
select is((select sum((d ->> 'received')::integer) || ' ' || sum((d ->> 'overdue')::integer) || ' ' || sum((d ->> 'returns')::integer) from page, jsonb_array_elements(data -> 'departments') d),
	(select received || ' ' || overdue || ' ' || returns from ticket_workflow.monthly_summary where month = '2023-02-01'), '3.2 the departments add up to the month');
select is((select jsonb_agg(d -> 'number' order by d ->> 'number') from page, jsonb_array_elements(data -> 'overdue') d),
	(select jsonb_agg(ticket_number order by ticket_number collate "C") from ticket_workflow.overdue_ticket where clock in ('completion', 'urgent_completion') and not target_only and due_on < '2023-03-01'), '3.2 the overdue are those of overdue_ticket');
select is((select d ->> 'tickets' || ' ' || (d ->> 'place') from page, jsonb_array_elements(data -> 'hot_spots') d where d ->> 'place' like '<img%'), '2 <img src=x onerror=alert(1)>', '3.2 hot spots');
select is((select array_agg(d ->> 'day') from page, jsonb_array_elements(data -> 'days') d where not (d ->> 'working')::boolean),
	'{2023-02-04,2023-02-05,2023-02-11,2023-02-12,2023-02-18,2023-02-19,2023-02-25,2023-02-26}', 'T4 rest days are the calendar''s');

-- ---- months without anything, and those that are none
select lives_ok($$select xmlparse(document ticket_workflow.monthly_bulletin('yc', '2023-03-01'))$$, 'a month that has just begun has its page');
select throws_ok($$select ticket_workflow.monthly_bulletin('yc', '2023-01-01')$$, 'TW006', null, 'before the first ticket there is no bulletin');
select throws_ok($$select ticket_workflow.monthly_bulletin('yc', '2024-01-01')$$, 'TW006', null, 'nor of what is to come');
select throws_ok($$select ticket_workflow.monthly_bulletin('yc', null)$$, 'TW006', null, 'a month must be named');
select throws_ok($$select ticket_workflow.monthly_bulletin('yc', '2023-02-01', 'pdf')$$, 'TW006', null, 'an unknown form is named with the known ones');
\o /dev/null
create role b_app login;
call ticket_workflow.grant_access('b_app', 'application');
select pg_temp.act_as('fg_liaison');
\o
grant select on page to b_app;
set local role b_app;
select throws_ok($$select ticket_workflow.monthly_bulletin('yc', '2023-02-01')$$, 'TW006', null, 'design 8: for a department''s official there is no such center');
select set_config('ticket_workflow.actor', 'principal', true) \g /dev/null
select ok(ticket_workflow.monthly_bulletin('yc', '2023-02-01', 'markdown') = (select markdown from page), 'design 8: the principal leader reads the same bulletin');
reset role;
select * from finish();
rollback;
