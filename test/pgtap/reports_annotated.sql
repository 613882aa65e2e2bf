-- The report as the reviewer sees it: marks where the words stand, everything people wrote escaped (2.3.3.3).
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/report_desk.sql
select no_plan();

create temp table engine (code text, severity text, start_pos integer, length integer, message text);
grant all on engine to public;
create or replace function ticket_workflow.report_text_findings(report_id bigint)
	returns table (code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text)
	language plpgsql stable as $$ begin return query
		select e.code, e.severity, e.start_pos, e.length, substr(r.body, e.start_pos, e.length), e.message, 'A4.2.1'
		from pg_temp.engine e, ticket_workflow.report r where r.report_id = report_text_findings.report_id; end $$;
select pg_temp.accepted_ticket() as ticket \gset
create function pg_temp.shown(ticket bigint, format text, body text, points text default null) returns text language plpgsql as $$
declare
	report constant bigint := ticket_workflow.save_report(ticket, body, points, '属实', '诉求合理合法', '实际解决');
begin
	return ticket_workflow.annotated_report(report, format);
end
$$;

-- ---- text

select is(pg_temp.shown(:ticket, 'text', E'已修复。\n完毕'), E'已修复。\n完毕', '2.3.3.3 nothing found: the text as it is');
insert into engine values ('P1', 'reject', 3, 2, '不得出现“将会”');
select is(pg_temp.shown(:ticket, '文本', E'我们将会修复'),
	E'我们将会修复\n    ^^^^ [1] P1 不得出现“将会”\n\n[1] 退回 P1 不得出现“将会” (A4.2.1)', '2.3.3.3 carets below Chinese words, which are two wide');
select is(split_part(pg_temp.shown(:ticket, 'text', 'abcd'), E'\n', 2), '  ^^ [1] P1 不得出现“将会”', '2.3.3.3 below Latin ones, one wide');
select is(split_part(pg_temp.shown(:ticket, 'text', E'\tab'), E'\n', 2), E'\t ^ [1] P1 不得出现“将会”', '2.3.3.3 a tab before them stays a tab');
select is(pg_temp.shown(:ticket, 'text', E'甲\n将会'), E'甲\n将会\n^^^^ [1] P1 不得出现“将会”\n\n[1] 退回 P1 不得出现“将会” (A4.2.1)', '2.3.3.3 in its own line');
update engine set length = 3;
select is(pg_temp.shown(:ticket, 'text', E'甲乙将\n会丙'),
	E'甲乙将\n    ^^ [1] P1 不得出现“将会”\n会丙\n^^\n\n[1] 退回 P1 不得出现“将会” (A4.2.1)', '2.3.3.3 a finding over the end of a line is marked on both');
insert into engine values ('E3', 'reject', null, null, '缺办理过程'), ('P7', 'review', 3, 1, '推诿');
select alike(pg_temp.shown(:ticket, 'text', '甲乙丙丁戊', '要点'), E'甲乙丙丁戊\n    ^^%\n    ^^%\n\n要点\n\n[1] %\n[2] %\n[3] 退回 E3 缺办理过程 (A4.2.1)',
	'2.3.3.3 several findings, one without a place, and the points');

-- ---- HTML

delete from engine;
select is(pg_temp.shown(:ticket, 'html', '<b>"A" & ''B''</b>', '<i>'),
	format(E'<article class="report" data-report="%s">\n<pre class="body">&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;</pre>\n<pre class="points">&lt;i&gt;</pre>\n</article>',
		(select r.report_id from ticket_workflow.report r where r.ticket_id = :ticket)), '2.3.3.3 everything is escaped');
insert into engine values ('P1', 'reject', 2, 3, '不得"<'), ('P7', 'review', 4, 3, '推诿');
select alike(pg_temp.shown(:ticket, 'html', '<甲乙丙丁戊>'),
	'%<pre class="body">&lt;<mark class="reject" data-findings="1" title="P1 不得&quot;&lt;">甲乙</mark><mark class="reject" data-findings="1 2" title="P1 不得&quot;&lt;'
	|| E'\n' || 'P7 推诿">丙</mark><mark class="review" data-findings="2" title="P7 推诿">丁戊</mark>&gt;</pre>%<li class="reject" value="1">退回 <b>P1</b> 不得&quot;&lt; <q>甲乙丙</q>%',
	'2.3.3.3 findings that overlap are cut into pieces');
-- marks never change the text
select is(regexp_replace(regexp_replace(pg_temp.shown(:ticket, 'html', '一二三四五六七八九十'), '^.*<pre class="body">(.*?)</pre>.*$', '\1'), '<[^>]*>', '', 'g'),
	'一二三四五六七八九十', '2.3.3.3 without the marks it is the text');
insert into engine values ('P2', 'reject', 99, 2, '不在文中'), ('P3', 'review', 1, 0, '空'), ('P4', 'advice', -1, 1, '负');
select is(regexp_replace(regexp_replace(pg_temp.shown(:ticket, 'html', '一二三四五六七八九十'), '^.*<pre class="body">(.*?)</pre>.*$', '\1'), '<[^>]*>', '', 'g'),
	'一二三四五六七八九十', '2.3.3.3 places outside the text break nothing');

-- ---- of a submitted report: as it was judged, and what was overruled

delete from engine;
insert into engine values ('P1', 'reject', 1, 1, '不得');
select r.report_id as report from ticket_workflow.report r where r.ticket_id = :ticket \gset
select ticket_workflow.submit_report(:report);
delete from engine;
select pg_temp.act_as('rp_reviewer');
select ticket_workflow.review_report(:report, true, overrule => '{"1": "原文<引用>"}');
select alike(ticket_workflow.annotated_report(:report), '%[1] 退回 P1 不得 (A4.2.1) – 原文<引用>', '2.3.3.3 text: the finding stays, with the reviewer''s reason');
select alike(ticket_workflow.annotated_report(:report, 'html'), '%<ins>原文&lt;引用&gt;</ins></li>%', '2.3.3.3 HTML: the reason is escaped');
select throws_ok(format('select ticket_workflow.annotated_report(%s, %L)', :report, 'pdf'), 'TW006', null, '2.3.3.3 a format that there is not');
select throws_ok('select ticket_workflow.annotated_report(1)', 'TW006', null, '2.3.3.3 a report that there is not');

select * from finish();
rollback;
