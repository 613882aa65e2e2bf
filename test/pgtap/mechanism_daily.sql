-- 3.1 finish today, 3.2 the daily notice, 3.4 last week's list, 3.6.2 daily guidance: what was left undone, by the day.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/facts.sql
select no_plan();

create function pg_temp.ticket(no text, at timestamptz, class text default 'ordinary', category text default '求助', area text default 'p1') returns bigint language plpgsql as $$
begin
	perform pg_temp.at_time(ticket.at);
	perform pg_temp.act_as('dispatcher');
	return ticket_workflow.receive_ticket(center => 'yc', category => ticket.category, appeal => '楼道灯不亮', external_no => ticket.no, source => 'district',
		handling_class => ticket.class, area => ticket.area, matter => null);
end $$;
create function pg_temp.sent(ticket bigint, department text default 'cg') returns bigint language plpgsql as $$
begin
	perform pg_temp.act_as('dispatcher');
	perform ticket_workflow.dispatch_ticket(sent.ticket, sent.department, 'duty');
	perform pg_temp.act_as(case department when 'cg' then 'liaison' else 'fg_liaison' end);
	perform ticket_workflow.accept_ticket(sent.ticket);
	return sent.ticket;
end $$;
create function pg_temp.completed(ticket bigint, result text, finding text default '部分属实') returns bigint language plpgsql as $$
declare
	report bigint;
begin
	perform pg_temp.act_as((select case o.code when 'cg' then 'liaison' else 'fg_liaison' end from ticket_workflow.ticket t
		join ticket_workflow.organization o on o.organization_id = t.lead_department_id where t.ticket_id = completed.ticket));
	perform ticket_workflow.record_site_visit(completed.ticket, photos => '{file:a.jpg}');
	report := ticket_workflow.save_report(completed.ticket, '先行联系：诉求人未留联系方式。核实情况：经现场查看，诉求部分属实。办理过程：到场处理。'
		|| '处置过程：已更换灯管2根，恢复照明。责任人：李明，联系电话：62345678。附件：现场照片2张。', fact_finding => completed.finding,
		claim_finding => '诉求合理合法', handling_result => completed.result, responsible_person => '李明', responsible_phone => '62345678',
		plan => case when result = '未解决' then '需更换整栋线路，列入3月底前的施工' end, plan_until => case when result = '未解决' then date '2023-03-31' end,
		relation_reason => '线路老化');
	perform ticket_workflow.submit_report(report);
	perform pg_temp.act_as('operator');
	perform ticket_workflow.review_report(report, true, overrule => null);
	return completed.ticket;
end $$;
create function pg_temp.notice(day date) returns setof text language sql as $$
	select concat_ws(' ', n.item, n.ticket_number, n.lead_department, n.state, n.age_days, n.age_working_days, n.handling_result)
	from ticket_workflow.daily_notice_on('yc', notice.day) n order by n.item, n.ticket_number $$;

-- Tuesday 7 February 2023
select pg_temp.sent(pg_temp.ticket('A1', '2023-02-07 09:00+08')) as a1 \gset
select pg_temp.sent(pg_temp.ticket('A2', '2023-02-07 10:00+08'), 'fg') as a2 \gset
select pg_temp.ticket('A3', '2023-02-07 16:00+08') as a3 \gset

-- ---- 3.2
select pg_temp.at_time('2023-02-07 23:59:59+08');
select pg_temp.fails($$select * from ticket_workflow.daily_notice_on('yc', '2023-02-07')$$, 'TW006', '3.2', '2023-02-07', '3.2 a day that is not over has no notice');
select pg_temp.ticket('A4', '2023-02-08 00:00+08') as a4 \gset
select pg_temp.act_as('dispatcher');
select results_eq($$ select * from pg_temp.notice('2023-02-07') $$, $$ values ('unfinished A1 cg accepted 0 0'), ('unfinished A2 fg accepted 0 0'), ('unfinished A3 received 0 0') $$,
	'3.2 everything unfinished at 24:00 of the day before; what comes at 00:00 belongs to the new day');
select results_eq($$ select item || ' ' || ticket_number from ticket_workflow.daily_notice order by ticket_number $$,
	$$ values ('unfinished A1'), ('unfinished A2'), ('unfinished A3') $$, '3.2 the view is of yesterday');
select pg_temp.at_time('2023-02-08 09:00+08');
select pg_temp.sent(:a3);
select pg_temp.at_time('2023-02-08 15:00+08');
select pg_temp.completed(:a1, '未解决') \g /dev/null
select pg_temp.completed(:a2, '实际解决') \g /dev/null
select pg_temp.at_time('2023-02-09 08:00+08');
select pg_temp.act_as('dispatcher');
select results_eq($$ select * from pg_temp.notice('2023-02-08') $$, $$ values ('unfinished A3 cg accepted 1 1'), ('unfinished A4 received 0 0'),
	('unsolved A1 cg completed 1 1 unsolved') $$, '3.2 age in days, and what was completed that day unsolved; what was solved is not told');
select results_eq($$ select * from pg_temp.notice('2023-02-07') $$, $$ values ('unfinished A1 cg accepted 0 0'), ('unfinished A2 fg accepted 0 0'), ('unfinished A3 received 0 0') $$,
	'3.2 a past day is told as it was, whatever came of its tickets');
select pg_temp.act_as('dispatcher');
select ticket_workflow.close_ticket(:a1);
select ticket_workflow.close_ticket(:a2);
select ticket_workflow.reopen_ticket(:a2, '回访不满意');
select results_eq($$ select * from pg_temp.notice('2023-02-08') $$, $$ values ('unfinished A3 cg accepted 1 1'), ('unfinished A4 received 0 0'),
	('unsolved A1 cg completed 1 1 unsolved') $$, '3.2 nor closing and reopening later change it');
select is(ticket_workflow.daily_notice_text('yc'), E'【宜川城运中心 热线工单每日通报 2023-02-08】未办结 2 件，已办结未解决 1 件。\n城管中队：未办结 1 件（A3 已 1 天）；未解决 1 件（A1）\n（待派单）：未办结 1 件（A4 已 0 天）',
	'3.2 the text for the work group, per department');
set ticket_workflow.language = 'en';
select is(split_part(ticket_workflow.daily_notice_text('yc', '2023-02-08'), E'\n', 1), '[宜川城运中心, hotline tickets, daily notice of 2023-02-08] unfinished: 2, completed unsolved: 1.', '3.2 in English too');
reset ticket_workflow.language;
select ok(ticket_workflow.record_daily_notice('yc', evidence_uri => 'file:group.png') is not null, '3.2 posting it is recorded');
select results_eq($$ select day, unfinished, unsolved, body like '【%A3 已 1 天%', recorded_by from ticket_workflow.daily_posting $$,
	$$ values (date '2023-02-08', 2, 1, true, 'dispatcher') $$, '3.2 with what it said, and by whom');
select is((select count(*) from ticket_workflow.daily_notice where posted_at = '2023-02-09 08:00+08'), 3::bigint, '3.2 the view says when');
select pg_temp.fails($$select ticket_workflow.record_daily_notice('yc')$$, 'TW006', '3.2', '2023-02-08', '3.2 once per day');
select throws_ok($$update ticket_workflow.daily_posting set unfinished = 0$$, 'TW010', null, '3.2 what was posted stays');
select pg_temp.act_as('liaison');
select throws_ok($$select ticket_workflow.record_daily_notice('yc', '2023-02-07')$$, 'TW005', null, '3.2 a department does not post it');
-- the petitioner's word goes before the report's
select pg_temp.at_time('2023-02-09 10:00+08');
select pg_temp.sent(pg_temp.ticket('B1', '2023-02-09 10:00+08')) as b1 \gset
select pg_temp.completed(:b1, '实际解决') \g /dev/null
select pg_temp.act_as('operator');
select ticket_workflow.record_callback(:b1, '一般', solved => false) as callback \gset
select pg_temp.at_time('2023-02-10 08:00+08');
select is((select string_agg(ticket_number, ',') from ticket_workflow.daily_notice where item = 'unsolved'), 'B1', '3.2 a callback that says it is not solved counts');
select ticket_workflow.void_record('contact', :callback, '登记错工单') \g /dev/null
select is((select string_agg(ticket_number, ',') from ticket_workflow.daily_notice where item = 'unsolved'), null, '3.2 a voided one does not');

-- ---- 3.4: last week, Monday to Sunday
select pg_temp.at_time('2023-02-12 23:59+08');
select is((select count(*) from ticket_workflow.unsolved_last_week where week_start <> '2023-01-30'), 0::bigint, '3.4 on Sunday last week is still the one before');
select pg_temp.act_as('dispatcher');
select pg_temp.at_time('2023-02-13 00:00+08');
select results_eq($$ select item || ' ' || ticket_number || ' ' || age_days from ticket_workflow.unsolved_last_week order by 1 $$,
	$$ values ('unfinished A2 5'), ('unfinished A3 5'), ('unfinished A4 4'), ('unsolved A1 5') $$,
	'3.4 from Monday on: what was unfinished at its end, and completed in it unsolved; the age is that of Sunday');
select is((select array_agg(distinct week_start || ' ' || week_end) from ticket_workflow.unsolved_last_week), '{2023-02-06 2023-02-12}', '3.4 Monday to Sunday');

-- ---- row security
create role tw_test_mechanism;
call ticket_workflow.grant_access('tw_test_mechanism', 'application', '{yc}');
set local role tw_test_mechanism;
select pg_temp.act_as('fg_liaison');
select is((select string_agg(ticket_number, ',') from ticket_workflow.unsolved_last_week), 'A2', 'design 6: a department sees its own');
select is((select count(*) from ticket_workflow.daily_notice_on('yc', '2023-02-07')), 1::bigint, 'design 6: of a past day too');
reset role;

-- ---- 3.1
select pg_temp.at_time('2023-02-14 09:00+08');
select pg_temp.ticket('T1', '2023-02-14 09:00+08', 'same_day') as t1 \gset
select results_eq($$ select ticket_number, finish_reason, due_on, due_at, minutes_left from ticket_workflow.finish_today $$,
	$$ values ('T1', 'same_day', date '2023-02-14', timestamptz '2023-02-15 00:00+08', 900) $$, '3.1 a same-day ticket that nobody has accepted yet');
select pg_temp.sent(:t1);
select pg_temp.sent(pg_temp.ticket('T2', '2023-02-14 10:00+08', 'simple')) as t2 \gset
select results_eq($$ select ticket_number || ' ' || finish_reason || ' ' || target_only from ticket_workflow.finish_today where ticket_number like 'T%' $$,
	$$ values ('T1 same_day true') $$, '3.1 a simple one of 24 hours is due tomorrow');
select pg_temp.act_as('dispatcher');
select ok(ticket_workflow.record_department_call(:t1, official => 'liaison', note => '请当日办结') is not null, '3.1 the department was told at once');
select is((select department_called_at from ticket_workflow.finish_today where ticket_number = 'T1'), timestamptz '2023-02-14 10:00+08', '3.1 and the view says when');
select results_eq($$ select kind, clause from ticket_workflow.journal where ticket_id = (select ticket_id from ticket_workflow.ticket where external_no = 'T1') and kind = 'record_department_call' $$,
	$$ values ('record_department_call', '3.1') $$, '3.1 it stands in the journal');
select pg_temp.act_as('liaison');
select throws_ok(format('select ticket_workflow.record_department_call(%s)', :t1), 'TW005', null, '3.1 the center calls, not the department');
select pg_temp.at_time('2023-02-15 00:00+08');
select results_eq($$ select ticket_number, finish_reason, due_at from ticket_workflow.finish_today where ticket_number like 'T%' $$,
	$$ values ('T2', 'simple', timestamptz '2023-02-15 10:00+08') $$, '3.1 a day later the simple one; what was due yesterday is overdue, not due');
select pg_temp.completed(:t2, '实际解决') \g /dev/null
select is_empty($$ select ticket_number from ticket_workflow.finish_today where ticket_number = 'T2' $$, '3.1 finished is finished');

-- ---- 3.6.2 guidance
select pg_temp.at_time('2023-02-15 09:00+08');
select pg_temp.ticket('G1', '2023-02-15 09:00+08', area => null) \g /dev/null
select results_eq($$ select ticket_number || ' ' || area || ' ' || age_days from ticket_workflow.guidance_missing_today order by 1 $$,
	$$ values ('A2 p1 8'), ('A3 p1 8'), ('A4 p1 7'), ('T1 p1 1') $$, '3.6.2 each unfinished ticket of an area; one without an area is nobody''s');
select pg_temp.act_as('officer');
select ok(ticket_workflow.record_guidance(:t1, '请先与物业核实线路归属') is not null, '3.6.2 the information officer guides');
select ok(ticket_workflow.record_guidance(:t1, '物业已到场') is not null, '3.6.2 as often as he likes');
select is((select string_agg(ticket_number, ',' order by ticket_number) from ticket_workflow.guidance_missing_today), 'A2,A3,A4', '3.6.2 it lacks today''s no more');
select pg_temp.fails(format('select ticket_workflow.record_guidance(%s, ''补充'')', :t2), 'TW001', '3.6.2', '已办结', '3.6.2 a finished ticket needs none');
select throws_ok(format('select ticket_workflow.record_guidance(%s, '' '')', :a3), 'TW006', null, '3.6.2 guidance says something');
select pg_temp.act_as('liaison');
select throws_ok(format('select ticket_workflow.record_guidance(%s, ''x'')', :a3), 'TW005', null, '3.6.2 the department does not guide itself');
select pg_temp.at_time('2023-02-15 23:59:59.999+08');
select is((select count(*) from ticket_workflow.guidance_missing_today), 3::bigint, '3.6.2 to the end of the day');
select pg_temp.at_time('2023-02-16 00:00+08');
select is((select last_guidance_at from ticket_workflow.guidance_missing_today where ticket_number = 'T1'), timestamptz '2023-02-15 09:00+08', '3.6.2 every day anew');
select throws_ok($$delete from ticket_workflow.guidance$$, 'TW010', null, '3.6.2 what was said stays');

-- ---- 3.1 on a rest day
-- the day of a rest day is the next working day, accepted or not; the platform's limit is one on any day
select pg_temp.at_time('2023-02-18 09:00+08');
select pg_temp.ticket('T3', '2023-02-18 09:00+08', 'same_day') as t3 \gset
select pg_temp.ticket('T4', '2023-02-18 09:00+08', 'ordinary') as t4 \gset
select is_empty($$ select ticket_number from ticket_workflow.finish_today where ticket_number in ('T3', 'T4') $$, '3.1, T7 on a Saturday a same-day ticket need not be finished yet');
select ticket_workflow.correct_ticket(:t4, '平台限时', platform_due_at => '2023-02-18 15:00+08') \g /dev/null
select results_eq($$ select ticket_number, finish_reason, due_at, target_only from ticket_workflow.finish_today where ticket_number in ('T3', 'T4') $$,
	$$ values ('T4', 'completion_due', timestamptz '2023-02-18 15:00+08', false) $$, '3.1, C2 what the platform wants today must be finished today, accepted or not');
select pg_temp.at_time('2023-02-20 09:00+08');
select results_eq($$ select ticket_number, due_at from ticket_workflow.finish_today where ticket_number in ('T3', 'T4') $$,
	$$ values ('T3', timestamptz '2023-02-21 00:00+08') $$, '3.1, T7 on Monday it is');
select * from finish();
rollback;
