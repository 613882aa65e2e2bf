-- Drafts, options and relation of findings, and what a submitted report no longer allows (2.3.3, 2.4.3, A3, A5).
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/report_desk.sql
select no_plan();

-- ---- A3, A5: options, as code, Chinese or English, within the category

select is(ticket_workflow.finding_code('yichuan_2023', 'complaint', 'fact_finding', o.given), o.code, 'A3 ' || o.given)
from (values ('属实', 'founded'), ('founded', 'founded'), (' Partly founded ', 'partly_founded'), ('不属实', 'unfounded'), (null, null), ('', null))
	as o (given, code);
select is(ticket_workflow.finding_code('yichuan_2023', c.category, 'fact_finding', c.given), c.code, format('A3 %s of a %s', c.given, c.category))
from (values ('suggestion', '采纳', 'adopted'), ('suggestion', '部分采纳', 'partly_adopted'), ('suggestion', '留作参考', 'kept_for_reference'),
	('suggestion', '不采纳', 'not_adopted'), ('consultation', '有政策信息', 'policy_exists'), ('consultation', '无政策信息', 'no_policy'),
	('consultation', '对政策解释不接受', 'explanation_not_accepted'), ('help', '部分属实', 'partly_founded')) as c (category, given, code);
-- 诉求过高 is a claim finding and a result, each with its own code
select is(ticket_workflow.finding_code('yichuan_2023', 'help', 'claim_finding', '诉求过高'), 'excessive', 'A5 诉求过高 as claim finding');
select is(ticket_workflow.finding_code('yichuan_2023', 'help', 'handling_result', '诉求过高'), 'excessive_demand', 'A5 诉求过高 as result');
select throws_ok($$select ticket_workflow.finding_code('yichuan_2023', 'suggestion', 'fact_finding', '属实')$$, 'TW007', null,
	'A3 an option of another category is no relation');
select throws_ok($$select ticket_workflow.finding_code('yichuan_2023', 'consultation', 'claim_finding', '诉求过高')$$, 'TW007', null,
	'A5 a consultation has no claim finding');
select throws_ok($$select ticket_workflow.finding_code('yichuan_2023', 'suggestion', 'claim_finding', 'reasonable')$$, 'TW007', null,
	'A5 a suggestion has no claim finding');
select throws_ok($$select ticket_workflow.finding_code('yichuan_2023', 'complaint', 'fact_finding', '基本属实')$$, 'TW006', null,
	'A3 an option that no category has is unknown');
select alike(pg_temp.said($$select ticket_workflow.finding_code('yichuan_2023', 'complaint', 'fact_finding', '基本属实')$$),
	'%founded (属实)%条款 A3%请填代码%', 'A3 the error names the options, the clause and the way out');

select is((select string_agg(o.zh, ',' order by o.category, o.ordinal) from ticket_workflow.finding_option o
		where o.rulebook = 'yichuan_2023' and o.dimension = 'fact_finding' and o.starred),
	'不属实,无政策信息,对政策解释不接受,不属实,留作参考,不采纳', 'A3 the starred options');

-- ---- A5: every combination is allowed or warned, none refused

select is(ticket_workflow.relation_verdict('yichuan_2023', v.category, v.fact, v.claim, v.result), v.verdict,
	format('A5 %s %s %s %s: %s', v.category, v.fact, coalesce(v.claim, '-'), v.result, v.verdict))
from (values ('complaint', 'founded', 'reasonable', 'solved', 'allow'), ('help', 'founded', 'reasonable', 'unsolved', 'warn'),
	('complaint', 'founded', 'reasonable', 'filed', 'warn'), ('complaint', 'unfounded', 'excessive', 'excessive_demand', 'allow'),
	('complaint', 'unfounded', 'reasonable', 'explained', 'warn'), ('suggestion', 'adopted', null, 'solved', 'allow'),
	('suggestion', 'not_adopted', null, 'solved', 'warn'), ('consultation', 'policy_exists', null, 'explained', 'allow'),
	('consultation', 'explanation_not_accepted', null, 'excessive_demand', 'warn')) as v (category, fact, claim, result, verdict);

-- ---- 2.3.3: drafts

select pg_temp.accepted_ticket() as ticket \gset
select pg_temp.saved_report(:ticket) as report \gset
select is((select (r.state, r.version, r.fact_finding, r.claim_finding, r.handling_result, r.written_by)::text from ticket_workflow.report r
		where r.report_id = :report), '(draft,1,founded,reasonable,solved,rp_author)', '2.3.3 a draft keeps codes and its writer');
select is(pg_temp.saved_report(:ticket, fact => '部分属实'), :report, '2.3.3 saving again changes the same draft');
select is((select r.fact_finding from ticket_workflow.report r where r.report_id = :report), 'partly_founded', '2.3.3 the draft is replaced');
select is((select count(*) from ticket_workflow.journal j where j.ticket_id = :ticket and j.kind = 'report_saved'), 2::bigint,
	'2.3.3 each change of a draft is in the journal');
select lives_ok(format('select pg_temp.saved_report(%s, fact => ''部分属实'')', :ticket), '2.3.3 a draft saved without a change');
select is((select count(*) from ticket_workflow.journal j where j.ticket_id = :ticket and j.kind = 'report_saved'), 2::bigint,
	'2.3.3 saving what is there already writes nothing');
select throws_ok(format('select ticket_workflow.save_report(%s, '' '')', :ticket), 'TW006', null, '2.3.3 a report has a body');
select throws_ok(format('select ticket_workflow.save_report(%s, null)', :ticket), 'TW006', null, '2.3.3 NULL is no body');
select throws_ok(format('select ticket_workflow.save_report(%s, repeat(''好'', 349526))', :ticket), 'TW006', null,
	'2.3.3 one byte more than 1 MB is refused');
select lives_ok(format('select ticket_workflow.save_report(%s, repeat(''好'', 349525))', :ticket), '2.3.3 1 MB is taken');
select lives_ok(format('update ticket_workflow.report set body = ''改'' where report_id = %s', :report), '2.3.3 a plain UPDATE edits a draft');
select throws_ok(format('select ticket_workflow.save_report(%s, ''文'', fact_finding => ''采纳'')', :ticket), 'TW007', null,
	'A3 a complaint is not adopted');
select throws_ok(format('update ticket_workflow.report set version = 9 where report_id = %s', :report), 'TW010', null,
	'2.3.3 the number of a version stays');
select throws_ok(format('update ticket_workflow.report set submitted_at = now() where report_id = %s', :report), 'TW010', null,
	'2.3.3 a draft has no time of submission');
select throws_ok(format('delete from ticket_workflow.report where report_id = %s', :report), 'TW010', null, '2.3.3 no report is deleted');
select throws_ok('truncate ticket_workflow.report cascade', 'TW010', null, '2.3.3 nor all of them');
select throws_ok(format('update ticket_workflow.report set state = %L where report_id = %s', s.state, :report), 'TW001', null,
	'2.3.3 a draft is not ' || s.state || ' at once')
from (values ('passed'), ('sent_back')) as s (state);
select throws_ok($$select ticket_workflow.check_report(770)$$, 'TW006', null, '2.3.3 a report that is not there');
select throws_ok($$select ticket_workflow.submit_report(null)$$, 'TW006', null, '2.3.3 no report at all');

-- where there is none to write
select pg_temp.at_time('2023-02-07 11:00+08'), pg_temp.act_as('rp_dispatcher');
select ticket_workflow.receive_ticket(center => 'rp', category => '咨询', appeal => '如何办理', area => 'rp1') as fresh \gset
select pg_temp.act_as('rp_info');
select throws_ok(format('select ticket_workflow.save_report(%s, ''文'')', :fresh), 'TW001', null, '2.3.3 no report before acceptance');
select pg_temp.act_as('rp_dispatcher');
select ticket_workflow.dispatch_ticket(:fresh, 'rp_green', 'duty');
select pg_temp.act_as('rp_info');
select throws_ok(format('select ticket_workflow.save_report(%s, ''文'')', :fresh), 'TW001', null, '2.3.3 no report before acceptance, though dispatched');

-- a draft of the department before is taken over by the one that has the ticket
select pg_temp.act_as('rp_author');
select pg_temp.saved_report(:ticket);
select pg_temp.act_as('rp_dispatcher');
select ticket_workflow.recall_ticket(:ticket, '派错');
select ticket_workflow.dispatch_ticket(:ticket, 'rp_green', 'duty');
select pg_temp.act_as('rp_deputy');
select ticket_workflow.accept_ticket(:ticket);
select throws_ok(format('update ticket_workflow.report set state = ''submitted'' where report_id = %s', :report), 'TW003', null,
	'2.3.1 the draft of the department before is not submitted');
select is(pg_temp.saved_report(:ticket), :report, '2.3.1 it is taken over');
select is((select (r.organization_id, r.dispatch_round)::text from ticket_workflow.report r where r.report_id = :report),
	'(77000000000003,2)', '2.3.1 by the department and the round that have the ticket');

-- ---- 2.3.3: once submitted

select pg_temp.facts_of(:ticket);
select pg_temp.saved_report(:ticket);
select is(ticket_workflow.submit_report(:report), 'submitted', '2.3.3 submitted');
select is((select (t.state, r.state, r.submitted_by)::text from ticket_workflow.ticket t join ticket_workflow.report r using (ticket_id)
	where r.report_id = :report), '(reported,submitted,rp_deputy)', '2.3.3 the ticket follows');
select throws_ok(format('select ticket_workflow.submit_report(%s)', :report), 'TW001', null, '2.3.3 not twice');
select throws_ok(format('select pg_temp.saved_report(%s)', :ticket), 'TW001', null, '2.3.3 nothing is saved under review');
select throws_ok(format('update ticket_workflow.report set %s where report_id = %s', c.change, :report), 'TW010', null,
	'2.3.3 a submitted report keeps ' || c.change)
from (values ('body = body || ''。'''), ('points = ''点'''), ('fact_finding = ''unfounded'''), ('claim_finding = null'),
	('handling_result = ''unsolved'''), ('relation_reason = ''因'''), ('plan = ''计划'''), ('plan_until = ''2023-03-01'''),
	('responsible_person = ''他'''), ('responsible_phone = ''1'''), ('written_by = ''rp_reviewer'''), ('submitted_at = now()'),
	('submitted_by = ''rp_reviewer'''), ('saved_at = now()'), ('dispatch_round = 1')) as c (change);
select throws_ok(format('update ticket_workflow.report set state = ''draft'' where report_id = %s', :report), 'TW001', null,
	'2.3.3 a submitted report is no draft again');
select throws_ok(format('update ticket_workflow.report set state = ''passed'', reviewed_by = ''rp_reviewer'', body = ''别的'' where report_id = %s', :report),
	'TW010', null, '2.3.3 nor is its text changed while it passes');

select * from finish();
rollback;
