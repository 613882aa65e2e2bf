-- Submission, sending back, review, overruling, and completion on every path (2.3.3, A4).
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/report_desk.sql
select no_plan();

-- the engine's word, as each test wants it: code and severity of findings
create temp table engine (code text, severity text, start_pos integer, excerpt text);
grant all on engine to public;
create or replace function ticket_workflow.report_text_findings(report_id bigint)
	returns table (code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text)
	language plpgsql stable as $$ begin return query
		select e.code, e.severity, e.start_pos, length(e.excerpt), e.excerpt, '发现 ' || e.code, 'A4.2.1' from pg_temp.engine e; end $$;
create function pg_temp.state_of(report bigint) returns text language sql as $$
	select format('%s %s', t.state, r.state) from ticket_workflow.report r join ticket_workflow.ticket t using (ticket_id) where r.report_id = report $$;
create function pg_temp.submitted_report(variadic codes text[]) returns bigint language plpgsql as $$
declare
	report bigint;
begin
	delete from pg_temp.engine;
	insert into pg_temp.engine select c, 'reject', 1, '2023' from unnest(codes) c where c <> '';
	report := pg_temp.saved_report(pg_temp.accepted_ticket());
	perform ticket_workflow.submit_report(report);
	return report;
end
$$;

-- ---- passed

select pg_temp.submitted_report('') as report \gset
select is(pg_temp.state_of(:report), 'reported submitted', '2.3.3 submitted without findings');
select throws_ok(format('select ticket_workflow.review_report(%s, true)', :report), 'TW005', null, '2.3.3 the writer does not review');
select throws_ok(format('update ticket_workflow.report set state = ''passed'', reviewed_by = ''rp_author'' where report_id = %s', :report),
	'TW005', null, '2.3.3 nor by a plain UPDATE');
select throws_ok(format('update ticket_workflow.report set state = ''passed'' where report_id = %s', :report), 'TW005', null,
	'2.3.3 a review is somebody''s');
select throws_ok(format('update ticket_workflow.ticket set state = ''completed'' where ticket_id = (select ticket_id from ticket_workflow.report where report_id = %s)', :report),
	'TW003', null, '2.3.3 a ticket is not completed past its review');
select pg_temp.act_as('rp_reviewer');
select throws_ok(format('select ticket_workflow.review_report(%s, null)', :report), 'TW006', null, '2.3.3 a review says yes or no');
select is(ticket_workflow.review_report(:report, true), 'passed', '2.3.3 passed');
select is(pg_temp.state_of(:report), 'completed passed', '2.3.3 the ticket is completed');
select throws_ok(format('select ticket_workflow.review_report(%s, false, ''再看'')', :report), 'TW001', null, '2.3.3 what has passed is not reviewed again');
select throws_ok(format('update ticket_workflow.report set state = ''sent_back'', reviewed_by = ''rp_reviewer'', review_reason = ''因'' where report_id = %s', :report),
	'TW001', null, '2.3.3 nor by a plain UPDATE');

-- by a plain UPDATE of the owner all the way
select pg_temp.submitted_report('') as report \gset
select lives_ok(format('update ticket_workflow.report set state = ''passed'', reviewed_by = ''rp_reviewer'' where report_id = %s', :report),
	'2.3.3 a plain UPDATE that satisfies the rules passes');
select lives_ok(format('update ticket_workflow.ticket set state = ''completed'' where ticket_id = (select ticket_id from ticket_workflow.report where report_id = %s)', :report),
	'2.3.3 so does that of its ticket');

-- whoever changed a draft wrote it
select pg_temp.accepted_ticket() as ticket \gset
select pg_temp.act_as('rp_second');
select pg_temp.saved_report(:ticket);
select pg_temp.act_as('rp_author');
select pg_temp.saved_report(:ticket, body => '重写') as report \gset
delete from engine;
select ticket_workflow.submit_report(:report);
select pg_temp.act_as('rp_second');
select throws_ok(format('select ticket_workflow.review_report(%s, true)', :report), 'TW005', null, '2.3.3 an earlier writer does not review');

-- ---- sent back

select throws_ok(format('select ticket_workflow.review_report(%s, false%s)', :report, w.words), 'TW009', null, '2.3.3.3 sent back without a reason ' || w.words)
from pg_temp.act_as('rp_reviewer'), (values (''), (', '' ''')) as w (words);
select is(ticket_workflow.review_report(:report, false, '未写明措施'), 'sent_back', '2.3.3.3 sent back with a reason');
select is(pg_temp.state_of(:report), 'rework sent_back', '2.3.3.3 the ticket is in rework');
select throws_ok(format('update ticket_workflow.report set body = ''改'' where report_id = %s', :report), 'TW010', null, '2.3.3 what was sent back stays as it was');
select pg_temp.act_as('rp_author');
select isnt(pg_temp.saved_report(:ticket), :report, '2.3.3.3 a new version is written');
select is((select string_agg(format('%s %s', r.version, r.state), ', ' order by r.version) from ticket_workflow.report r where r.ticket_id = :ticket),
	'1 sent_back, 2 draft', '2.3.3.3 both versions stay');
select pg_temp.at_time('2023-02-07 10:30+08');
select throws_ok(format('update ticket_workflow.ticket set state = ''reported'' where ticket_id = %s', :ticket), 'TW001', null,
	'2.3.3 a draft does not make a ticket reported');

-- ---- A4.1: elements go back at once, other rejects wait

select is(pg_temp.state_of(pg_temp.submitted_report('E3', 'P1')), 'rework sent_back', 'A4.1 an element is missing: sent back at once');
select is((select (r.sent_back_by_check, r.reviewed_by, r.review_reason)::text from ticket_workflow.report r order by r.report_id desc limit 1),
	'(t,,办结报告七要素或用语不合格，自动退回：E3)', 'A4.1 by the machine, in nobody''s name');
select is((select string_agg(f.code, ',' order by f.ordinal) from ticket_workflow.report_finding f
	where f.report_id = (select max(r.report_id) from ticket_workflow.report r)), 'E3,P1', 'A4.1 all findings are stored');
select is(pg_temp.state_of(pg_temp.submitted_report('P1')), 'reported submitted', 'A4.2.1 a prohibition waits for the reviewer');
select is(pg_temp.state_of(pg_temp.submitted_report('N1')), 'reported submitted', '2.3.4 so do missing words');
savepoint mode;
update ticket_workflow.rulebook_setting set value = 'all' where rulebook = 'yichuan_2023' and name = 'send_back_by_check';
select is(pg_temp.state_of(pg_temp.submitted_report('P1')), 'rework sent_back', 'A4.2.1 set to all: a prohibition goes back');
select is(pg_temp.state_of(pg_temp.submitted_report('')), 'reported submitted', 'A4 set to all: nothing found');
update ticket_workflow.rulebook_setting set value = 'none' where rulebook = 'yichuan_2023' and name = 'send_back_by_check';
select is(pg_temp.state_of(pg_temp.submitted_report('E3')), 'reported submitted', 'A4.1 set to none: even an element waits');
rollback to mode;
delete from engine;
insert into engine values ('E3', 'review', null, null), ('E4', 'advice', null, null);
select pg_temp.accepted_ticket() as ticket \gset
select is(ticket_workflow.submit_report(pg_temp.saved_report(:ticket)), 'submitted', 'A4.1 signs that an element is weak send nothing back');
select throws_ok(format('update ticket_workflow.report set state = ''sent_back'', sent_back_by_check = true where ticket_id = %s', :ticket),
	'TW003', null, 'A4.1 the machine sends nothing back without a reject');

-- what the rows lack waits, and is asked again when the report is to pass
select pg_temp.accepted_ticket(facts => false) as ticket \gset
select ticket_workflow.record_site_visit(:ticket, no_site => true, note => '无现场');
select ticket_workflow.record_contact(:ticket, 'first_contact', 'ip_phone', 'reached') as contact \gset
select ticket_workflow.record_contact(:ticket, 'reply', 'visit', 'reached');
select pg_temp.saved_report(:ticket) as report \gset
select is(ticket_workflow.submit_report(:report), 'submitted', '2.4.2 the report can wait for a recording');
select pg_temp.act_as('rp_reviewer');
select throws_ok(format('select ticket_workflow.review_report(%s, true)', :report), 'TW008', null, '2.4.2 but not pass without it');
select throws_ok(format('select ticket_workflow.review_report(%s, true, overrule => ''{"%s": "无妨"}'')', :report,
		(select f.ordinal from ticket_workflow.report_finding f where f.report_id = :report and f.code = 'recording')),
	'TW008', null, '2.4.2 no reason stands in for it');
savepoint recording;
select ticket_workflow.declare_absent(:ticket, 'first_contact', 'recording', '电话机故障');
select is(ticket_workflow.review_report(:report, true), 'passed', '2.4.2 its absence is declared');
rollback to recording;
select ticket_workflow.add_evidence(:ticket, 'recording', 'file:late', contact_id => :contact);
select is(ticket_workflow.review_report(:report, true), 'passed', '2.4.2 it was brought');

-- ---- overruling

select pg_temp.submitted_report('P1', 'P1', 'P7') as report \gset
select pg_temp.act_as('rp_reviewer');
select throws_ok(format('select ticket_workflow.review_report(%s, true%s)', :report, o.words), o.state, null, 'A4.2 ' || o.what)
from (values ('', 'TW003', 'rejects that nobody overruled'), (', overrule => ''{"1": "原文引用", "2": "原文引用"}''', 'TW003', 'one of three is left'),
	(', overrule => ''{"1": "引用", "2": "引用", "3": " "}''', 'TW009', 'overruled without a reason'),
	(', overrule => ''[{"ordinal": 1}]''', 'TW009', 'the same as an array'),
	(', overrule => ''{"9": "引用"}''', 'TW006', 'a finding that is not there'),
	(', overrule => ''{"一": "引用"}''', 'TW006', 'an ordinal that is no number'),
	(', overrule => ''"全部"''', 'TW006', 'neither object nor array')) as o (words, state, what);
select alike(pg_temp.said(format('select ticket_workflow.review_report(%s, true)', :report)), '%第1, 2项发现（P1）%第3项发现（P7）%条款 A4.2.1%',
	'A4.2 everything open is named at once');
select is(ticket_workflow.review_report(:report, true, overrule => '[{"ordinal": 1, "reason": "原文引用"}, {"ordinal": 2, "reason": "原文引用"}, {"ordinal": 3, "reason": "系转述"}]'),
	'passed', 'A4.2 each overruled with a reason');
select is((select string_agg(f.overruled_by || ' ' || f.overrule_reason, ', ' order by f.ordinal) from ticket_workflow.report_finding f where f.report_id = :report),
	'rp_reviewer 原文引用, rp_reviewer 原文引用, rp_reviewer 系转述', 'A4.2 by whom and why is kept');
select is((select count(*) from ticket_workflow.journal j join ticket_workflow.report r using (ticket_id)
	where r.report_id = :report and j.kind = 'finding_overruled'), 3::bigint, 'A4.2 and journalled');

-- by plain UPDATE
select pg_temp.submitted_report('P1') as report \gset
insert into ticket_workflow.report_finding values (:report, 7, 'E3', 'review', null, null, null, '可疑', 'A4.1.3'),
	(:report, 8, 'recording', 'reject', null, null, null, '缺录音', '2.4.2');
select throws_ok(format('update ticket_workflow.report_finding set %s where report_id = %s and ordinal = %s', u.change, :report, u.ordinal), u.state, null,
	'A4.2 plain UPDATE: ' || u.what)
from (values (1, 'severity = ''advice''', 'TW010', 'a finding is not softened'), (1, 'message = ''''', 'TW010', 'nor reworded'),
	(1, 'overruled_at = now(), overrule_reason = ''因''', 'TW005', 'nobody overruled it'),
	(1, 'overruled_at = now(), overrule_reason = '' '', overruled_by = ''rp_reviewer''', 'TW009', 'no reason'),
	(1, 'overruled_at = now(), overrule_reason = ''因'', overruled_by = ''rp_author''', 'TW005', 'its writer overrules'),
	(7, 'overruled_at = now(), overrule_reason = ''因'', overruled_by = ''rp_reviewer''', 'TW006', 'what does not stand in the way'),
	(8, 'overruled_at = now(), overrule_reason = ''因'', overruled_by = ''rp_reviewer''', 'TW008', 'what is missing is brought, not overruled'))
	as u (ordinal, change, state, what);
select lives_ok(format('update ticket_workflow.report_finding set overruled_at = now(), overrule_reason = ''因'', overruled_by = ''rp_reviewer'' where report_id = %s and ordinal = 1', :report),
	'A4.2 plain UPDATE: a reviewer with a reason');
select throws_ok(format('update ticket_workflow.report_finding set overrule_reason = ''别的'' where report_id = %s and ordinal = 1', :report), 'TW010', null,
	'A4.2 overruled once');
select throws_ok(format('delete from ticket_workflow.report_finding where report_id = %s', :report), 'TW010', null, 'A4.2 findings are not deleted');
select throws_ok('truncate ticket_workflow.report_finding', 'TW010', null, 'A4.2 nor all of them');

-- ---- all at once, with clauses and hints

select pg_temp.accepted_ticket(kind => 'callback_review', facts => false) as ticket \gset
delete from engine;
select ticket_workflow.save_report(:ticket, '文', fact_finding => '不属实', claim_finding => '其他', handling_result => '未解决') as report \gset
select ticket_workflow.submit_report(:report);
select pg_temp.act_as('rp_reviewer');
select is((select string_agg(p.message, ' ' order by p.message collate "C") from ticket_workflow.report_problems(ticket_workflow.current_report(:ticket)) p),
	'first_contact_missing report_basis_missing report_plan_missing report_reject_open report_relation_needs_reason report_reply_missing report_site_visit_missing signature_missing signature_missing',
	'2.3.3 everything that is missing, at once');
select throws_ok(format('select ticket_workflow.review_report(%s, true)', :report), 'TW002', null, '2.3.3 raised as one error');
select alike(pg_temp.said(format('select ticket_workflow.review_report(%s, true)', :report)),
	'%城建中心%签字；%结论性话语%说明理由；%不属实未提供相关依据%| %条款 2.3.5%条款 2.3.4%条款 2.3.3.2%| %required_signatures%plan_until%', '2.3.3 each with its clause and the way out');

select * from finish();
rollback;
