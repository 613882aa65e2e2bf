-- 3.8: candidates for accountability, one per ticket and item, and what discipline inspection decides.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/facts.sql
select no_plan();
select ticket_workflow.create_organization('yc', 'jw', '纪委', kind => 'inspection');
select ticket_workflow.create_official('inspector', '督查', 'yc'), ticket_workflow.create_official('inspector2', '督查二', 'yc'), ticket_workflow.create_official('chief', '城运负责人', 'yc');
select ticket_workflow.assign_post('inspector', 'jw', 'inspector', null, '2020-01-01'), ticket_workflow.assign_post('inspector2', 'jw', 'inspector', null, '2020-01-01'),
	ticket_workflow.assign_post('chief', 'yc', 'head', null, '2020-01-01');

create function pg_temp.completed(at timestamptz, finding text default '属实', claim text default '诉求合理合法', result text default '实际解决', phone text default null) returns bigint language plpgsql as $$
declare
	id bigint;
	report bigint;
begin
	perform pg_temp.at_time(completed.at);
	perform pg_temp.act_as('dispatcher');
	id := ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '楼道灯不亮', source => 'center', area => 'p1', matter => 'light', petitioner_phone => completed.phone);
	perform ticket_workflow.dispatch_ticket(id, 'cg', 'duty');
	perform pg_temp.act_as('liaison');
	perform ticket_workflow.accept_ticket(id);
	if completed.phone is not null then
		perform ticket_workflow.record_contact(id, 'first_contact', 'ip_phone', 'reached', recording => 'file:first.mp3');
		perform ticket_workflow.record_contact(id, 'reply', 'ip_phone', 'reached', recording => 'file:reply.mp3');
	end if;
	perform ticket_workflow.record_site_visit(id, photos => '{file:a.jpg}');
	perform ticket_workflow.add_evidence(id, 'document', 'file:basis.pdf');
	report := ticket_workflow.save_report(id, to_char(completed.at at time zone 'Asia/Shanghai', 'YYYY年FMMM月FMDD日HH24时') || case when completed.phone is null then '，诉求人未留联系方式。' else '先行联系诉求人。' end
		|| '核实情况：经现场查看，诉求' || completed.finding || '，不存在其他情况。前期已处理。办理过程：到场处理。处置过程：已更换灯管2根，恢复照明。'
		|| case when completed.phone is null then '' else to_char(completed.at at time zone 'Asia/Shanghai', 'YYYY年FMMM月FMDD日HH24时') || '已电话回复诉求人，诉求人表示认可。' end
		|| '责任人：李明，联系电话：62345678。附件：现场照片2张、录音。',
		fact_finding => completed.finding, claim_finding => case when completed.finding = '不属实' then '其他' else completed.claim end,
		handling_result => case when completed.finding = '不属实' then '解释说明' else completed.result end,
		responsible_person => '李明', responsible_phone => '62345678', relation_reason => '见核实情况', plan => '更换整栋线路', plan_until => completed.at::date + 60);
	perform ticket_workflow.submit_report(report);
	perform pg_temp.act_as('leader');
	if exists (select from ticket_workflow.required_signatures('report', report)) then
		perform ticket_workflow.sign_report(report);
	end if;
	perform pg_temp.act_as('operator');
	perform ticket_workflow.review_report(report, true, overrule => (select jsonb_object_agg(f.ordinal, '核实无误') from ticket_workflow.report_finding f where f.report_id = report and f.severity = 'reject'));
	return id;
end $$;
create function pg_temp.cases(ticket bigint) returns setof text language sql as $$
	select concat_ws(' ', c.item, c.ground, c.clause, c.case_state, c.department) from ticket_workflow.accountability_case_overview c
	where c.ticket_id = ticket order by c.item $$;

-- ---- 1 dissatisfied, by reason
select pg_temp.completed('2023-02-07 10:00+08') as t1 \gset
select is_empty(format('select pg_temp.cases(%s)', :t1), '3.8 what is solved is no case');
select ticket_workflow.record_callback(:t1, '不满意', true, 'attitude') as callback \gset
select results_eq(format('select pg_temp.cases(%s)', :t1), $$ values ('dissatisfied attitude 3.8.1 candidate cg') $$, '3.8.1 dissatisfied with the attitude');
select ticket_workflow.record_callback(:t1, '不满意', true, 'efficiency') \g /dev/null
select is((select count(*) from pg_temp.cases(:t1)), 1::bigint, '3.8 one candidate per ticket and item');
select throws_ok($$ insert into ticket_workflow.accountability_case (case_id, center_id, ticket_id, item, ground, occurred_at, raised_at, clause, state, state_at)
	select case_id + 1, center_id, ticket_id, item, ground, occurred_at, raised_at, clause, state, state_at from ticket_workflow.accountability_case $$, '23505', null, '3.8 which is a constraint');
select ok((select facts ? 'contact_id' and facts::text !~ '灯' from ticket_workflow.accountability_case), '3.8 with the facts, and nothing personal');
select results_eq(format($$ select kind, clause, details -> 'items' from ticket_workflow.journal where ticket_id = %s and kind like 'account%%' $$, :t1),
	$$ values ('accountability_raised', '3.8.1', '["dissatisfied"]'::jsonb) $$, '3.8 the journal has it');
select pg_temp.completed('2023-02-07 11:00+08') as t1b \gset
select ticket_workflow.record_callback(:t1b, '一般', true) \g /dev/null
select is_empty(format('select pg_temp.cases(%s)', :t1b), '3.8.1 neither content nor dissatisfied is no case');
select ticket_workflow.record_callback(:t1b, '不满意', true) as wrong \gset
select results_eq(format('select pg_temp.cases(%s)', :t1b), $$ values ('dissatisfied unstated 3.8.1 candidate cg') $$, '3.8.1 without a reason too');
-- a plain UPDATE is no way round: what lapses and comes back does so with its ground
select throws_ok(format($$ update ticket_workflow.accountability_case set state = 'lapsed' where ticket_id = %s $$, :t1b), 'TW001', null, '3.8 a candidate whose ground holds does not lapse, on any path');
select ticket_workflow.void_record('contact', :wrong, '登记错工单') \g /dev/null
select throws_ok(format($$ update ticket_workflow.accountability_case set state = 'candidate' where ticket_id = %s $$, :t1b), 'TW001', null, '3.8 nor does a lapsed one come back without its ground');
select results_eq(format('select pg_temp.cases(%s)', :t1b), $$ values ('dissatisfied unstated 3.8.1 lapsed cg') $$, '3.8.1 a voided callback: the candidate lapses');
select ticket_workflow.record_callback(:t1b, '不满意', true) \g /dev/null
select results_eq(format('select pg_temp.cases(%s)', :t1b), $$ values ('dissatisfied unstated 3.8.1 candidate cg') $$, '3.8.1 and comes back when it holds again');

-- ---- 2 unfounded finding doubted
select pg_temp.completed('2023-02-07 12:00+08', '不属实') as t2 \gset
select is_empty(format('select pg_temp.cases(%s)', :t2), '3.8.2 unfounded alone is no case');
select pg_temp.act_as('dispatcher');
select ticket_workflow.reopen_ticket(:t2, '诉求人提供了照片') \g /dev/null
select results_eq(format('select pg_temp.cases(%s)', :t2), $$ values ('unfounded reopened 3.8.2 candidate cg') $$, '3.8.2 its result rejected: the truth of the finding is doubted');
select pg_temp.completed('2023-02-07 13:00+08', '不属实') as t2b \gset
select ticket_workflow.record_callback(:t2b, '一般', false) \g /dev/null
select results_eq(format('select pg_temp.cases(%s)', :t2b), $$ values ('unfounded callback 3.8.2 candidate cg') $$, '3.8.2 so it is where the callback says it is not solved');

-- ---- 3 repeated three times, founded, reasonable, not solved
select pg_temp.completed('2023-02-08 09:00+08', phone => '13800138000', result => '解释说明') as r1 \gset
select pg_temp.completed('2023-02-08 11:00+08', phone => '13800138000', result => '解释说明') as r2 \gset
select is_empty(format('select pg_temp.cases(%s)', :r2), '3.8.3 twice is not three times');
select pg_temp.completed('2023-02-08 13:00+08', phone => '13800138000', result => '解释说明') as r3 \gset
select results_eq(format('select pg_temp.cases(%s)', :r3), $$ values ('repeated same_person 3.8.3 candidate cg') $$, '3.8.3 the third, founded and reasonable, was explained and not solved');
select is((select facts ->> 'petitions' from ticket_workflow.accountability_case where ticket_id = :r3), '3', '3.8.3 the facts count them');
select pg_temp.completed('2023-02-08 15:00+08', phone => '13800138000') as r4 \gset
select is_empty(format('select pg_temp.cases(%s)', :r4), '3.8.3 the fourth was actually solved');
select pg_temp.completed('2023-02-08 16:00+08', '部分属实', phone => '13800138000', result => '解释说明') as r5 \gset
select is_empty(format('select pg_temp.cases(%s)', :r5), '3.8.3 partly founded is not 属实');
select pg_temp.completed('2023-02-08 17:00+08', claim => '诉求过高', phone => '13800138000', result => '解释说明') as r6 \gset
select is_empty(format('select pg_temp.cases(%s)', :r6), '3.8.3 an excessive claim is not 诉求合理合法');
select ticket_workflow.record_callback(:r4, '不满意', false, 'handling') \g /dev/null
select results_eq(format('select pg_temp.cases(%s)', :r4), $$ values ('dissatisfied handling 3.8.1 candidate cg'), ('repeated same_person 3.8.3 candidate cg') $$,
	'3.8.3 the petitioner says it is not solved: his word goes before the report''s');

-- ---- 4 overdue in contact, verification, disposal: the sweep's daily part
select pg_temp.at_time('2023-02-09 09:00+08');
select pg_temp.accepted() as late \gset
select pg_temp.accepted('13900139000') as silent \gset
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '求助', appeal => '当日办结', handling_class => 'same_day', area => 'p1', source => 'district') as same_day \gset
select ticket_workflow.dispatch_ticket(:same_day, 'cg', 'duty') \g /dev/null
select pg_temp.act_as('liaison');
select ticket_workflow.accept_ticket(:same_day) \g /dev/null
select ticket_workflow.record_site_visit(:same_day, photos => '{file:a.jpg}') \g /dev/null
select ticket_workflow.record_site_visit(:silent, photos => '{file:a.jpg}') \g /dev/null
create function pg_temp.swept(at timestamptz) returns integer language sql as $$
	select pg_temp.at_time(at);
	select ticket_workflow.sweep_accountability((select center_id from ticket_workflow.center where code = 'yc')) $$;
select pg_temp.swept('2023-02-09 16:59+08') \g /dev/null
select is_empty(format('select pg_temp.cases(%s)', :silent), '3.8.4 within the limit nobody is late');
select pg_temp.swept('2023-02-09 17:00:01+08') \g /dev/null
select results_eq(format('select pg_temp.cases(%s)', :silent), $$ values ('overdue first_contact 3.8.4 candidate cg') $$, '3.8.4 overdue in contact');
select is((select occurred_at from ticket_workflow.accountability_case where ticket_id = :silent), timestamptz '2023-02-09 17:00+08', '3.8.4 dated by the limit, not by the look');
select pg_temp.swept('2023-02-14 09:00+08') \g /dev/null
select results_eq(format('select pg_temp.cases(%s)', :late), $$ values ('overdue site_visit 3.8.4 candidate cg') $$, '3.8.4 overdue in verification');
select is_empty(format('select pg_temp.cases(%s)', :same_day), '3.8.4, 3.1 a same-day target is missed, not broken');
select is(pg_temp.swept('2023-02-14 09:00+08'), 0, '3.8.4 a second look finds nothing new');
-- entered late, done in time
select pg_temp.act_as('liaison');
select ticket_workflow.record_contact(:silent, 'first_contact', 'mobile_phone', 'reached', occurred_at => '2023-02-09 10:00+08', recording => 'file:first.mp3') \g /dev/null
select pg_temp.swept('2023-02-15 09:00+08') \g /dev/null
select results_eq(format('select pg_temp.cases(%s)', :silent), $$ values ('overdue first_contact 3.8.4 lapsed cg') $$, '3.8.4, C4 a contact entered late that was made in time: the candidate lapses');
select is((select count(*) from ticket_workflow.notice n join ticket_workflow.official o on o.official_id = n.recipient_id where n.message = 'notice_accountability' and o.code = 'inspector') > 0, true,
	'3.8 discipline inspection is told how many there are');

-- ---- 5 improper return, idle circulation
select pg_temp.dispatched() as ret \gset
select pg_temp.at_time('2023-02-13 10:00+08');
select pg_temp.asked(:ret) as asked \gset
select pg_temp.act_as('dispatcher');
select is_empty(format('select pg_temp.cases(%s)', :ret), '3.8.5 asked for is not decided');
select ticket_workflow.decide_return(:asked, false, '属城管中队职责') \g /dev/null
select results_eq(format('select pg_temp.cases(%s)', :ret), $$ values ('improper_return last_day 3.8.5 candidate cg'), ('overdue site_visit 3.8.4 candidate cg') $$, '3.8.5 on the last day, refused as unfounded; nobody had gone to see it either');
select is((select facts -> 'marks' from ticket_workflow.accountability_case where ticket_id = :ret and item = 'improper_return'), '["last_day", "unfounded"]'::jsonb, '3.8.5 the facts name every sign');
select pg_temp.dispatched() as own \gset
select pg_temp.at_time('2023-02-13 10:00+08');
select pg_temp.asked(:own) as own_asked \gset
select pg_temp.act_as('dispatcher');
select ticket_workflow.decide_return(:own_asked, true, '本中心派错', own_error => true) \g /dev/null
select is_empty(format('select pg_temp.cases(%s)', :own), '3.8.5 the center''s own wrong dispatch is none');

-- ---- opened by a person
select pg_temp.act_as('chief');
select ticket_workflow.open_accountability(:t1, '不属实工单', '照片与现场不符') as opened \gset
select throws_ok(format($$ update ticket_workflow.accountability_case set state = 'lapsed' where case_id = %s $$, :opened), 'TW001', null, '3.8 what a person raised does not lapse');
select results_eq(format('select pg_temp.cases(%s)', :t1), $$ values ('dissatisfied attitude 3.8.1 candidate cg'), ('unfounded person 3.8 candidate cg') $$, '3.8 a person raises one by his judgement');
select pg_temp.fails(format('select ticket_workflow.open_accountability(%s, ''unfounded'', ''再提'')', :t1), 'TW006', '3.8', :opened::text, '3.8 one per ticket and item');
select throws_ok(format('select ticket_workflow.open_accountability(%s, ''overdue'', '''')', :t1), 'TW009', null, '3.8 with a reason');
select pg_temp.act_as('liaison');
select throws_ok(format('select ticket_workflow.open_accountability(%s, ''overdue'', ''x'')', :t1), 'TW005', null, '3.8 not by the department');

-- ---- decided by discipline inspection only
select case_id as first from ticket_workflow.accountability_case where ticket_id = :t1 and item = 'dissatisfied' \gset
select pg_temp.act_as('chief');
select throws_ok(format('select ticket_workflow.decide_accountability(%s, ''open'', ''x'')', :first), 'TW005', null, '3.8 the center does not decide');
select throws_ok(format('update ticket_workflow.accountability_case set state = ''dismissed'', decision_reason = ''x'' where case_id = %s', :first), 'TW005', null, '3.8 nor by a plain UPDATE');
select pg_temp.act_as('inspector');
select throws_ok(format('select ticket_workflow.decide_accountability(%s, ''open'', '' '')', :first), 'TW009', null, '3.8 with a reason');
select throws_ok(format('select ticket_workflow.decide_accountability(%s, ''forget'', ''x'')', :first), 'TW006', null, '3.8 open, dismiss or refer');
select is(ticket_workflow.decide_accountability(:first, '立案', '回访录音属实'), :first::bigint, '3.8 discipline inspection opens it');
select is(ticket_workflow.decide_accountability(:first, 'refer', '移送街道纪工委'), :first::bigint, '3.8 and refers it');
select pg_temp.fails(format('select ticket_workflow.decide_accountability(%s, ''open'', ''x'')', :first), 'TW001', '3.8', '已移送', '3.8 what is referred is out of hand');
select results_eq(format('select ordinal, decision, reason, decided_by from ticket_workflow.accountability_decision where case_id = %s order by 1', :first),
	$$ values (1, 'open', '回访录音属实', 'inspector'), (2, 'refer', '移送街道纪工委', 'inspector') $$, '3.8 every decision is kept');
select results_eq(format('select case_state_label, decided_by_name, decision_reason from ticket_workflow.accountability_case_overview where case_id = %s', :first),
	$$ values ('已移送', '督查', '移送街道纪工委') $$, '3.8 the view has the last');
select throws_ok('update ticket_workflow.accountability_decision set reason = ''x''', 'TW010', null, '3.8 decisions stay');
select throws_ok('delete from ticket_workflow.accountability_case', 'TW010', null, '3.8 and so do cases');
select throws_ok('update ticket_workflow.accountability_case set facts = ''{}''', 'TW010', null, '3.8 and their facts');
select pg_temp.fails(format('select ticket_workflow.open_accountability(%s, ''overdue'', ''核查发现'')', :r1), 'TW006', null, :r1::text, '3.8 discipline inspection sees its cases, not the whole desk');
select ticket_workflow.open_accountability(:t2, 'repeated', '核查发现') as own_case \gset
select pg_temp.fails(format('select ticket_workflow.decide_accountability(%s, ''dismiss'', ''x'')', :own_case), 'TW005', '3.8', 'inspector', '3.8 who raised it does not decide it');
select pg_temp.act_as('inspector2');
select lives_ok(format('select ticket_workflow.decide_accountability(%s, ''dismiss'', ''已说明'')', :own_case), '3.8 another one does');

-- ---- who sees what
create role tw_test_case;
call ticket_workflow.grant_access('tw_test_case', 'application', '{yc}');
select count(*) as total, count(distinct ticket_id) as tickets from ticket_workflow.accountability_case \gset
create function pg_temp.visible(actor text, relation text) returns bigint language plpgsql as $$
declare
	n bigint;
begin
	perform pg_temp.act_as(actor);
	set local role tw_test_case;
	execute format('select count(*) from ticket_workflow.%I', relation) into n;
	reset role;
	return n;
end $$;
select is(pg_temp.visible('inspector', 'accountability_case_overview'), :total::bigint, '3.8 discipline inspection sees its cases');
select is(pg_temp.visible('inspector', 'ticket'), :tickets::bigint, 'design 8: and the tickets of its cases, no others');
select is(pg_temp.visible('dispatcher', 'accountability_case_overview'), :total::bigint, '3.8 the center sees what it reports upward');
select is(pg_temp.visible('liaison', 'accountability_case_overview'), 0::bigint, '3.8 the department does not see the case about it');
select is(pg_temp.visible('liaison', 'accountability_decision'), 0::bigint, '3.8 nor what was decided');
select pg_temp.act_as('liaison');
select pg_temp.fails(format('select ticket_workflow.decide_accountability(%s, ''open'', ''x'')', :first), 'TW006', null, :first::text, 'design 8: a case that one does not see does not exist');

-- ---- thresholds are data
delete from ticket_workflow.accountability_rule where rulebook = 'yichuan_2023' and item = 'dissatisfied';
select pg_temp.completed('2023-02-20 10:00+08') as none \gset
select ticket_workflow.record_callback(:none, '不满意', true, 'handling') \g /dev/null
select is_empty(format('select pg_temp.cases(%s)', :none), '3.8 what the rulebook does not list is no case');
insert into ticket_workflow.accountability_rule values ('yichuan_2023', 'dissatisfied', 'handling', 2, '3.8.1');
select ticket_workflow.record_callback(:none, '不满意', true, 'handling') \g /dev/null
select results_eq(format('select pg_temp.cases(%s)', :none), $$ values ('dissatisfied handling 3.8.1 candidate cg') $$, '3.8 thresholds are rows of the rulebook');

select * from finish();
rollback;
