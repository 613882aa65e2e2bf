-- correct_ticket(): what was received is corrected, the clocks follow, the journal shows both.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
select plan(27);

create function pg_temp.clock_of(ticket bigint, name text) returns ticket_workflow.clock language sql
	as $$ select c.* from ticket_workflow.clock c where c.ticket_id = ticket and c.clock = name order by c.round desc limit 1 $$;

select pg_temp.at_time('2023-02-06 10:00+08');
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '楼道灯不亮', petitioner_name => '王小明',
	petitioner_phone => '138 1234 5678') as ticket \gset
select ticket_workflow.dispatch_ticket(:ticket, 'cg', 'duty');
select pg_temp.act_as('liaison');
select ticket_workflow.accept_ticket(:ticket);
select pg_temp.act_as('dispatcher');

select throws_ok(format('select ticket_workflow.correct_ticket(%s, '' '', category => ''咨询'')', :ticket), 'TW009', null, 'S4 a correction has a reason');
select throws_ok(format('select ticket_workflow.correct_ticket(%s, ''x'', category => ''别的'')', :ticket), 'TW006', null, 'S4 and known values');

-- category: another limit from the same start
select is((pg_temp.clock_of(:ticket, 'completion')).due_on, '2023-02-13', '2.3.2.2 a complaint: 5 working days');
select pg_temp.at_time('2023-02-06 11:00+08');
select ticket_workflow.correct_ticket(:ticket, '录入有误，实为咨询', category => '咨询');
select is((pg_temp.clock_of(:ticket, 'completion')).due_at, '2023-02-08 00:00+08', '2.3.2.2 a consultation: 1 working day from the same start');
select is((pg_temp.clock_of(:ticket, 'completion')).due_on, '2023-02-07', '2.3.2.2 and its last day with it');
select is((pg_temp.clock_of(:ticket, 'completion')).round, 1, 'C1 the clock is the same');
select is((select j.details -> 'category' from ticket_workflow.journal j where j.ticket_id = :ticket order by seq desc limit 1),
	'{"from": "complaint", "to": "consultation"}'::jsonb, 'S4 the journal shows both values');
select is((select j.details #>> '{clocks,completion,from}' from ticket_workflow.journal j where j.ticket_id = :ticket order by seq desc limit 1)::timestamptz,
	'2023-02-14 00:00+08', 'S4 and both due times');
select is((pg_temp.clock_of(:ticket, 'return_window')).due_on, '2023-02-10', 'S4 what does not depend on the category stays');

-- the telephone goes: contact clocks go
select is((pg_temp.clock_of(:ticket, 'center_contact')).status, 'running', '2.3.2.1 the caller is to be told');
select ticket_workflow.correct_ticket(:ticket, '号码录错，诉求人匿名', petitioner_phone => '');
select is((pg_temp.clock_of(:ticket, 'center_contact')).status, 'cancelled', '2.3.2.1 nobody to call: no clock');
select is((pg_temp.clock_of(:ticket, 'first_contact')).status, 'cancelled', '2.4.1 nor a first contact');
select is((select count(*) from ticket_workflow.petitioner where center_id = ticket_workflow.center_of(:ticket)), 2::bigint, 'S4 no petitioner is overwritten');
select is((select name from ticket_workflow.petitioner p join ticket_workflow.ticket t using (petitioner_id) where t.ticket_id = :ticket), '王小明', 'S4 what was not corrected stays');
select is((select count(*) from ticket_workflow.journal j where j.ticket_id = :ticket and j.details::text like '%13812345678%'), 0::bigint,
	'the journal holds no telephone');

-- and comes again: they start with the correction
select pg_temp.at_time('2023-02-06 14:00+08');
select ticket_workflow.correct_ticket(:ticket, '诉求人补留电话', petitioner_phone => '021-62345678转12');
select is((pg_temp.clock_of(:ticket, 'center_contact')).due_at, '2023-02-06 16:00+08', '2.3.2.1 120 minutes from the correction');
select is((pg_temp.clock_of(:ticket, 'first_contact')).due_at, '2023-02-07 12:00+08', '2.4.1 known in the afternoon: noon of the next day');
select is((select row(phone, phone_is_mobile, phone_locality)::text from ticket_workflow.petitioner p join ticket_workflow.ticket t using (petitioner_id)
	where t.ticket_id = :ticket), '(02162345678-12,f,local)', 'section 7: a landline of the city with its extension');

-- urgency of a rest day
select pg_temp.at_time('2023-02-04 10:00+08');
select ticket_workflow.set_duty('yc', '2023-02-04 00:00+08', '2023-02-06 00:00+08', 'duty', 'duty_leader');
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '求助', appeal => '燃气味') as rest \gset
select is((pg_temp.clock_of(:rest, 'dispatch')).due_at, '2023-02-06 12:00+08', '2.3.2.1 Saturday: Monday noon');
select pg_temp.at_time('2023-02-04 10:20+08');
select ticket_workflow.correct_ticket(:rest, '来电补充：气味加重，改为紧急', urgent => true);
select is((pg_temp.clock_of(:rest, 'dispatch')).due_at, '2023-02-04 10:30+08', '2.3.2.1 urgent: 30 minutes from receipt');
select is((pg_temp.clock_of(:rest, 'urgent_report')).due_at, '2023-02-04 12:20+08', '2.3.2.1 120 minutes from when it was known to be urgent');
select is((pg_temp.clock_of(:rest, 'urgent_completion')).due_on, '2023-02-06', '2.3.2.1 1 working day');
select ticket_workflow.correct_ticket(:rest, '现场确认不紧急', urgent => false);
select is((pg_temp.clock_of(:rest, 'urgent_report')).status, 'cancelled', '2.3.2.1 not urgent after all');
select is((pg_temp.clock_of(:rest, 'dispatch')).due_at, '2023-02-06 12:00+08', '2.3.2.1 back to Monday noon');

-- a plain UPDATE of the owner: the clocks follow all the same
update ticket_workflow.ticket set platform_due_at = '2023-02-06 09:00+08' where ticket_id = :rest;
select is((pg_temp.clock_of(:rest, 'dispatch')).due_at, '2023-02-06 09:00+08', 'C2 platform_due_at caps, on every path');
select throws_ok(format('update ticket_workflow.ticket set dispatch_round = 7 where ticket_id = %s', :rest), 'TW001', null,
	'S4 what follows from a change of state is not set by hand');
select throws_ok(format('update ticket_workflow.ticket set received_at = received_at - interval ''1 day'' where ticket_id = %s', :rest), 'TW010', null,
	'S4 nor is the receipt moved');

select * from finish();
rollback;
