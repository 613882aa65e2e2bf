-- 2.3.5: a city-supervised ticket is led by the supervising leader of its department.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
select plan(8);

select pg_temp.at_time('2023-02-07 10:00+08');
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '校门口拥堵', source => 'city', kind => '督办单') as ticket \gset
select is((select supervised_by from ticket_workflow.ticket where ticket_id = :ticket), 'city', '2.3.5 a supervised ticket of the city is supervised by the city');

select throws_ok(format('select ticket_workflow.dispatch_ticket(%s, ''cg'', ''duty'', lead_person => ''head'')', :ticket),
	'TW006', null, '2.3.5 the head does not lead in the place of the supervising leader');
select throws_ok(format('select ticket_workflow.dispatch_ticket(%s, ''cg'', ''duty'', lead_person => ''fg_leader'')', :ticket),
	'TW006', null, '2.3.5 nor does another department''s supervising leader');
select lives_ok(format('select ticket_workflow.dispatch_ticket(%s, ''cg'', ''duty'', lead_person => ''leader'')', :ticket),
	'2.3.5 the department''s supervising leader leads');
select throws_ok(format('update ticket_workflow.ticket set lead_person_id = (select official_id from ticket_workflow.official where code = ''head'') where ticket_id = %s', :ticket),
	'TW006', null, '2.3.5 a plain UPDATE is judged by the same rule');

select ticket_workflow.recall_ticket(:ticket, '派错部门');
select is((select lead_person_id from ticket_workflow.ticket where ticket_id = :ticket), null::bigint,
	'2.3.5 the leader of the department that had it before does not lead what comes next');

select ticket_workflow.dispatch_ticket(:ticket, 'fg', 'duty');
select pg_temp.act_as('fg_liaison');
select ticket_workflow.accept_ticket(:ticket);
select ticket_workflow.save_report(:ticket, body => '先行联系：未留联系方式。核实情况：属实。办理过程：现场疏导。处置过程：已增设停靠区。责任人：汪海，联系电话：021-55500116。') as report \gset
select throws_ok(format('select ticket_workflow.submit_report(%s)', :report), 'TW008', null, '2.3.5 without him the report is not submitted');
select pg_temp.act_as('dispatcher');
select ticket_workflow.supervise_ticket(:ticket, '市级督办', lead_person => 'fg_leader');
select pg_temp.act_as('fg_liaison');
select lives_ok(format('select ticket_workflow.submit_report(%s)', :report), '2.3.5 with him it is');

select * from finish();
rollback;
