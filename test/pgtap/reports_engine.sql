-- The text engine at work in a report: what it finds is stored, sent back or left to the reviewer (A4).
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/report_desk.sql
select no_plan();

create function pg_temp.rejects(report bigint) returns text language sql as $$
	select coalesce(string_agg(distinct f.code, ' ' order by f.code), '') from ticket_workflow.check_report(report) f where f.severity = 'reject' $$;
create function pg_temp.body(inserted text default '') returns text language sql as $$ select
'2023年2月7日10时先行联系诉求人，核实反映的楼道灯不亮情况属实。经现场查看，灯管损坏。' || inserted || '2月7日下午物业已更换灯管，恢复照明，2月7日16时已电话回复诉求人，诉求人表示满意。责任人：李明，联系电话：62345678。附回复录音和现场照片。' $$;

select pg_temp.accepted_ticket() as ticket \gset
select pg_temp.saved_report(:ticket, body => pg_temp.body()) as report \gset
select is(pg_temp.rejects(:report), '', 'A4.1 a whole report has no rejects');
select pg_temp.saved_report(:ticket, body => pg_temp.body('我们将会再换一次灯管。'));
select is(pg_temp.rejects(:report), 'P1', 'A4.2.1 a promise is found');
select is((select substr(r.body, f.start_pos, f.length) from ticket_workflow.check_report(:report) f, ticket_workflow.report r
	where r.report_id = :report and f.code = 'P1'), '将会', 'A4.2.1 where it stands');
select is(ticket_workflow.submit_report(:report), 'submitted', 'A4.2.1 it waits for the reviewer');
select alike(ticket_workflow.annotated_report(:report, 'html'), '%我们<mark class="reject" data-findings="1" title="P1 %">将会</mark>再换一次灯管%', 'A4.2.1 who sees it marked');
select pg_temp.act_as('rp_reviewer');
select throws_ok(format('select ticket_workflow.review_report(%s, true)', :report), 'TW003', null, 'A4.2.1 and cannot pass it as it is');
select is(ticket_workflow.review_report(:report, true, overrule => (
	select jsonb_object_agg(f.ordinal, '已另附措施') from ticket_workflow.report_finding f where f.report_id = :report and f.severity = 'reject')), 'passed',
	'A4.2.1 but overrule it with a reason');

select pg_temp.accepted_ticket() as ticket \gset
select pg_temp.saved_report(:ticket, body => '收悉。') as report \gset
select alike(pg_temp.rejects(:report), '%E3%', 'A4.1.3 a report without a process lacks an element');
select is(ticket_workflow.submit_report(:report), 'sent_back', 'A4.1 and goes back at once');
select is((select t.state from ticket_workflow.ticket t where t.ticket_id = :ticket), 'rework', 'A4.1 the ticket is in rework');

-- points are read too, and marked in their own place
select pg_temp.accepted_ticket() as ticket \gset
select ticket_workflow.save_report(:ticket, pg_temp.body(), '<要点>我们将会再换一次灯管', '属实', '诉求合理合法', '实际解决', responsible_person => '李明',
	responsible_phone => '62345678') as report \gset
select is(pg_temp.rejects(:report), 'P1', 'A4.2.1 a promise in the points');
select alike(ticket_workflow.annotated_report(:report, 'html'), '%<pre class="points">&lt;要点&gt;我们<mark class="reject" %>将会</mark>再换一次灯管</pre>%', 'A4.2.1 is marked there');
select alike(ticket_workflow.annotated_report(:report), E'%现场照片。\n\n<要点>我们将会再换一次灯管\n          ^^^^ [%', 'A4.2.1 in the text too');

select * from finish();
rollback;
