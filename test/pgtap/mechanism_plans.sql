-- 3.6.1: response plans: prepared before the complaints come, dispatch by exception, one wording for everybody.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/facts.sql
select no_plan();
select ticket_workflow.create_matter('yc', 'heating', '供暖'), ticket_workflow.create_matter('yc', 'boiler', '锅炉停运', parent => 'heating');
select ticket_workflow.create_duty('yc', 'cg', 'heating', '供暖投诉处置', since => '2020-01-01');
create function pg_temp.call(matter text, area text default 'p1') returns bigint language plpgsql as $$
begin
	perform pg_temp.act_as('dispatcher');
	return ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '家中没有暖气', matter => call.matter, area => call.area, source => 'district');
end $$;
create function pg_temp.recommended(ticket bigint) returns text language sql as $$
	select r.principle || ' ' || r.department from ticket_workflow.recommend_dispatch(recommended.ticket) r where r.decisive $$;
create function pg_temp.opened(until date, since date default null, matter text default 'heating') returns bigint language sql as $$
	select ticket_workflow.open_response_plan('yc', '锅炉检修' || coalesce(since::text, ''), 'fg', 'fg_head', '021-62345678', '锅炉检修将于2月12日18时完成，期间由房管办发放电暖器。',
		'区域锅炉房例行检修，影响三个小区。', until, matter => opened.matter, valid_from => since, approved_by => 'center_leader') $$;

select pg_temp.at_time('2023-02-07 09:00+08');
select pg_temp.call('boiler') as before \gset
select is(pg_temp.recommended(:before), 'duty cg', '3.6.1 without a plan the duty decides');
select pg_temp.act_as('liaison');
select throws_ok($$ select pg_temp.opened('2023-02-12') $$, 'TW005', null, '3.6.1 a department does not open one');
select pg_temp.act_as('dispatcher');
select throws_ok($$ select pg_temp.opened(null) $$, 'TW012', null, '3.6.1 it always ends');
select throws_ok($$ select pg_temp.opened('2023-02-12', '2023-02-06') $$, 'TW010', null, '3.6.1 it is opened beforehand, not for days gone by');
select pg_temp.opened('2023-02-12', '2023-02-08') as plan \gset
select pg_temp.fails($$ select pg_temp.opened('2023-02-20', '2023-02-10') $$, 'TW012', 'A1.7', '锅炉检修', '3.6.1 two plans for one matter at once contradict each other');
select results_eq($$ select o.code, n.args from ticket_workflow.notice n join ticket_workflow.official o on o.official_id = n.recipient_id where n.message = 'notice_response_plan' $$,
	$$ values ('fg_head', '{锅炉检修2023-02-08,2023-02-08,2023-02-12,02162345678}'::text[]) $$, '3.6.1 the responsible person is told');
select is_empty(format('select * from ticket_workflow.response_plan_for(%s)', :before), '3.6.1 not in force before its first day');

select pg_temp.at_time('2023-02-08 00:00+08');
select pg_temp.call('boiler') as during \gset
select is(pg_temp.recommended(:during), 'exception fg', '3.6.1 in force it dispatches by exception, also what stands below its matter');
select ticket_workflow.dispatch_ticket(:during) \g /dev/null
select results_eq(format('select o.code, t.dispatch_principle, t.dispatch_reason from ticket_workflow.ticket t join ticket_workflow.organization o on o.organization_id = t.lead_department_id where ticket_id = %s', :during),
	$$ values ('fg', 'exception', '例外规则“锅炉检修2023-02-08”：区域锅炉房例行检修，影响三个小区。（至2023-02-12有效），由房管办负责') $$, '3.6.1 without another word from the dispatcher');
select pg_temp.act_as('fg_liaison');
select results_eq(format('select department_name, responsible_name, phone, wording, situation, valid_from, valid_until from ticket_workflow.response_plan_for(%s)', :during),
	$$ values ('房管办', '房管负责人', '02162345678', '锅炉检修将于2月12日18时完成，期间由房管办发放电暖器。', '区域锅炉房例行检修，影响三个小区。', date '2023-02-08', date '2023-02-12') $$,
	'3.6.1 whoever contacts the petitioner sees whom to name and what to say');
select throws_ok(format('select * from ticket_workflow.response_plan_for(%s)', :before), 'TW006', null, 'design 8: not for a ticket that one does not see');
select pg_temp.call('light') as other \gset
select is_empty(format('select * from ticket_workflow.response_plan_for(%s)', :other), '3.6.1 another matter has no plan');

-- extended, with a new wording
select ticket_workflow.extend_response_plan(:plan, '2023-02-15', wording => '检修延至2月15日。') \g /dev/null
select results_eq(format('select wording, valid_until from ticket_workflow.response_plan_for(%s)', :during), $$ values ('检修延至2月15日。', date '2023-02-15') $$, '3.6.1 extended, with its wording brought up to date');
select pg_temp.at_time('2023-02-15 23:59+08');
select is(pg_temp.recommended(pg_temp.call('heating')), 'exception fg', '3.6.1 to the end of its last day');
select pg_temp.at_time('2023-02-16 00:00+08');
select is(pg_temp.recommended(pg_temp.call('heating')), 'duty cg', '3.6.1 and not after it');
select is_empty(format('select * from ticket_workflow.response_plan_for(%s)', :during), '3.6.1 nor is its wording shown');

-- closed early; taken back before it began
select pg_temp.opened('2023-02-28') as second \gset
select pg_temp.at_time('2023-02-17 09:00+08');
select throws_ok(format('select ticket_workflow.close_response_plan(%s, '''')', :second), 'TW009', null, '3.6.1 closing it has a reason');
select ticket_workflow.close_response_plan(:second, '检修提前完成') \g /dev/null
select is(pg_temp.recommended(pg_temp.call('heating')), 'exception fg', '3.6.1 closed: in force to the end of the day');
select pg_temp.fails(format('select ticket_workflow.extend_response_plan(%s, ''2023-03-31'')', :second), 'TW001', '3.6.1', :second::text, '3.6.1 a closed one is not extended');
select pg_temp.at_time('2023-02-18 09:00+08');
select is(pg_temp.recommended(pg_temp.call('heating')), 'duty cg', '3.6.1 and not on the next');
select pg_temp.opened('2023-03-31', '2023-03-01') as third \gset
select ticket_workflow.close_response_plan(:third, '检修取消') \g /dev/null
select pg_temp.at_time('2023-03-01 09:00+08');
select is(pg_temp.recommended(pg_temp.call('heating')), 'duty cg', '3.6.1 one that was taken back never dispatches');
select throws_ok('delete from ticket_workflow.response_plan', 'TW010', null, '3.6.1 plans stay');
select throws_ok(format('update ticket_workflow.response_plan set phone = ''021-1'' where plan_id = %s', :plan), 'TW010', null, '3.6.1 as they were opened');
select pg_temp.act_as('head');
select throws_ok(format('select ticket_workflow.close_response_plan(%s, ''x'')', :plan), 'TW005', null, '3.6.1 a department does not close one');

select * from finish();
rollback;
