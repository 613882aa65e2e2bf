-- What waits for whom: waiting_signature and waiting_decision (2.2.2, 2.3.3, A3).
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/report_desk.sql
select no_plan();

create function pg_temp.signers(ticket bigint) returns text language sql as $$
	select string_agg(distinct format('%s %s %s', w.subject, w.rule, coalesce(w.official_code, '-')), ', ' order by format('%s %s %s', w.subject, w.rule, coalesce(w.official_code, '-')))
	from ticket_workflow.waiting_signature w where w.ticket_id = ticket $$;
create function pg_temp.deciders(ticket bigint) returns text language sql as $$
	select string_agg(distinct w.official_code, ', ' order by w.official_code) from ticket_workflow.waiting_decision w where w.ticket_id = ticket $$;

-- ---- A3: a starred report waits for the leader, or who stands in for him

select pg_temp.accepted_ticket() as ticket \gset
select is(pg_temp.signers(:ticket), null, 'A3 no report, nothing waits');
select pg_temp.saved_report(:ticket, fact => '不属实', claim => '无政策依据', result => '解释说明', body => pg_temp.unfounded_body()) as report \gset
select is(pg_temp.signers(:ticket), 'report starred_finding rp_deputy', 'A3 while the leader is away it waits for his substitute');
select pg_temp.at_time('2023-02-13 10:00+08');
select is(pg_temp.signers(:ticket), 'report starred_finding rp_leader', 'A3 once he is back, for him');
select is((select format('%s %s %s', w.subject_label, w.position_label, w.clause_text) from ticket_workflow.waiting_signature w where w.ticket_id = :ticket),
	'办结报告 分管领导 附件3：事实认定选项，“不属实类”须分管领导签字', 'A3 with what and why');
select is((select format('%s %s', w.subject_label, w.position_label) from set_config('ticket_workflow.language', 'en', true), ticket_workflow.waiting_signature w where w.ticket_id = :ticket),
	'report supervising leader', 'A3 in English too');
select set_config('ticket_workflow.language', 'zh', true);
select is((select w.subject_id from ticket_workflow.waiting_signature w where w.ticket_id = :ticket), :report::bigint, 'A3 subject_id is the argument of sign_report()');
savepoint vacant;
update ticket_workflow.official set active = false where code = 'rp_leader';
select is(pg_temp.signers(:ticket), 'report starred_finding -', 'A3 where nobody holds the post it still shows');
rollback to vacant;
select pg_temp.act_as('rp_leader');
select ticket_workflow.sign_report(:report);
select is(pg_temp.signers(:ticket), null, 'A3 signed, it waits no longer');

-- ---- 2.3.3: then for the center

select is(pg_temp.deciders(:ticket), null, '2.3.3 a draft waits for nobody''s decision');
select pg_temp.act_as('rp_author');
select ticket_workflow.submit_report(:report);
select is(pg_temp.deciders(:ticket), 'rp_dispatcher, rp_duty, rp_reviewer', '2.3.3 a submitted report waits for those who review');
select is((select distinct format('%s %s %s %s %s', w.subject, w.act_label, w.open_rejects, w.missing_signatures, w.due_on) from ticket_workflow.waiting_decision w
	where w.ticket_id = :ticket), 'report 审核办结报告 0 0 2023-02-14', '2.3.3 with what it lacks and until when');
select pg_temp.at_time('2023-02-15 00:00+08');
select is((select bool_and(w.overdue) from ticket_workflow.waiting_decision w where w.ticket_id = :ticket), false, '2.3.3 the end of its day is in time');
select pg_temp.at_time('2023-02-15 00:00:01+08');
select is((select bool_and(w.overdue) from ticket_workflow.waiting_decision w where w.ticket_id = :ticket), true, '2.3.3 a second later it is not');
select pg_temp.act_as('rp_reviewer');
select ticket_workflow.review_report(:report, false, '补充');
select is(pg_temp.deciders(:ticket), null, '2.3.3 decided, it waits no longer');

-- ---- 2.2.2: returns

select pg_temp.accepted_ticket() as ticket \gset
select ticket_workflow.request_return(:ticket, 'out_of_duty', '非本部门职责', should_go_to => '绿化所', upward => 'district',
	documents => array['file:d'], recordings => array['file:r'], photos => array['file:p']) as return \gset
select is(pg_temp.signers(:ticket), 'return return_upward rp_deputy', '2.2.2 a return to a platform waits for the leader');
select is(pg_temp.deciders(:ticket), 'rp_center_leader, rp_dispatcher, rp_reviewer', '2.2 and for the center');
select is((select distinct format('%s %s', w.subject_label, w.missing_signatures) from ticket_workflow.waiting_decision w where w.ticket_id = :ticket),
	'退单 1', '2.2.2 which sees that the signature is missing');
select pg_temp.act_as('rp_deputy');
select ticket_workflow.sign_return(:return);
select is(pg_temp.signers(:ticket), null, '2.2.2 signed, it waits no longer');

-- ---- 2.2: what can only go up

select pg_temp.at_time('2023-02-11 10:00+08'), pg_temp.act_as('rp_duty');
select ticket_workflow.receive_ticket(center => 'rp', category => '投诉', appeal => '外区道路', in_territory => false) as outside \gset
select ticket_workflow.receive_ticket(center => 'rp', category => '投诉', appeal => '本区道路') as inside \gset
select is(pg_temp.signers(:outside), 'transfer transfer rp_center_leader, transfer transfer rp_duty_leader', '2.2 outside our territory: the center''s leader or the leader on duty');
select is(pg_temp.signers(:inside), null, '2.2 inside it nothing is to be transferred');

-- ---- every column says what it is, every code has its label

select is((select count(*) from pg_attribute a where a.attrelid = v.view::regclass and a.attnum > 0 and col_description(a.attrelid, a.attnum) is null), 0::bigint,
	v.view || ': every column has its comment')
from (values ('ticket_workflow.waiting_signature'), ('ticket_workflow.waiting_decision')) as v (view);

select * from finish();
rollback;
