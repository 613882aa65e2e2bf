-- The figures of months, quarters and departments against what the journal says, counted here in other words; and by
-- hand: the last minute of a month, the Spring Festival, reopened and re-dispatched tickets, months without a ticket.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/every_state.sql
select pg_temp.act_as('dispatcher');
-- the calls that the center makes after completion
select ticket_workflow.record_callback(:closed, '基本满意', true);

-- January: received before the Spring Festival, dispatched, returned, dispatched anew; completed after it
select pg_temp.at_time('2023-01-20 10:00+08');
select pg_temp.received('节前来电一') as festival \gset
select pg_temp.asked_back(:festival) as festival_return \gset
select pg_temp.act_as('dispatcher');
select ticket_workflow.decide_return(:festival_return, true, '应由房管办处理');
select pg_temp.dispatched(:festival, 'fg');
select pg_temp.act_as('fg_liaison');
select ticket_workflow.accept_ticket(:festival);
select ticket_workflow.record_contact(:festival, 'first_contact', 'ip_phone', 'reached', recording => 'file:first.mp3');
select ticket_workflow.record_site_visit(:festival, photos => array['file:s1.jpg']);

-- the last minute of January, and the first moment of February
select pg_temp.at_time('2023-01-31 23:59+08');
select pg_temp.received('月末来电') as last_minute \gset
select pg_temp.at_time('2023-02-01 00:00+08');
select pg_temp.received('月初来电') as first_moment \gset

-- five working days from Friday the 20th: the 28th and 29th are worked, so the last is Wednesday the 1st of February
create function pg_temp.passes(ticket bigint, writer text, first_signer text, moment timestamptz) returns void language plpgsql as $$
declare
	report bigint;
	signer text;
begin
	perform pg_temp.at_time(moment), pg_temp.act_as(writer);
	perform ticket_workflow.record_contact(ticket, 'reply', 'ip_phone', 'reached', recording => 'file:reply.mp3');
	report := ticket_workflow.save_report(ticket,
		format('2023年1月20日10时先行联系诉求人，核实反映的楼道灯不亮情况属实。经现场查看，灯管损坏。物业已更换灯管，恢复照明，%s已电话回复诉求人，诉求人表示满意。责任人：李明，联系电话：62345678。附回复录音和现场照片。',
			to_char(moment at time zone 'Asia/Shanghai', 'FMMM月FMDD日HH24时')),
		fact_finding => '属实', claim_finding => '诉求合理合法', handling_result => '实际解决',
		responsible_person => '李明', responsible_phone => '021-62345678');
	perform ticket_workflow.submit_report(report);
	perform pg_temp.act_as(first_signer);
	if exists (select from ticket_workflow.required_signatures('report', report) q where q.approval_id is null) then
		perform ticket_workflow.sign_report(report);
	end if;
	perform pg_temp.act_as('operator');
	perform ticket_workflow.review_report(report, true);
end
$$;
-- the one of the last minute: its five working days end on the 8th; reported on the 9th: late
select pg_temp.at_time('2023-02-01 09:00+08');
select pg_temp.accepted(:last_minute);
select pg_temp.passes(:festival, 'fg_liaison', 'fg_head', '2023-02-01 16:00+08');
select pg_temp.at_time('2023-02-02 13:00+08'), pg_temp.act_as('liaison');
select ticket_workflow.record_contact(:last_minute, 'first_contact', 'ip_phone', 'reached', recording => 'file:first.mp3'),
	ticket_workflow.record_site_visit(:last_minute, photos => array['file:s1.jpg']);
select pg_temp.passes(:last_minute, 'liaison', 'head', '2023-02-09 10:00+08');
-- March: closed in February, reopened, completed again
select pg_temp.at_time('2023-02-10 09:00+08'), pg_temp.act_as('dispatcher');
select ticket_workflow.record_callback(:last_minute, '不满意', false, 'handling');
select ticket_workflow.record_callback(:festival, '满意', true);
select ticket_workflow.close_ticket(:festival);
select pg_temp.at_time('2023-03-01 09:00+08');
select ticket_workflow.reopen_ticket(:last_minute, '回访不满意');
select pg_temp.at_time('2023-03-20 09:00+08');
select ticket_workflow.sweep_batch(ticket_workflow.begin_sweep(), 500, null);
-- two months on
select pg_temp.at_time('2023-05-04 09:00+08'), pg_temp.act_as('');
\o
select no_plan();

select is((select array_agg(month order by month) from ticket_workflow.monthly_summary where center = 'yc'),
	'{2023-01-01,2023-02-01,2023-03-01,2023-04-01,2023-05-01}', '3.2 every month from the first ticket to now, the empty ones too');

-- ---- by hand
select is((select received from ticket_workflow.monthly_summary where month = '2023-01-01'), 2::bigint,
	'T6 received at 23:59 on the 31st is January''s, at 00:00 February''s');
select is((select completed || ' ' || on_time || ' ' || completed_late from ticket_workflow.department_performance
	where month = '2023-02-01' and department = 'fg'), '1 1 0', '3.8 the 1st of February is in time: two days of the Spring Festival were worked, seven not');
select is((select department || ' ' || returns || ' ' || returns_granted || ' ' || dispatched from ticket_workflow.department_performance
	where month = '2023-01-01' and department = 'cg'), 'cg 1 1 1', '2.2 a return is the department''s that asked for it');
select is((select department || ' ' || received || ' ' || dispatched || ' ' || returns from ticket_workflow.department_performance
	where month = '2023-01-01' and department = 'fg'), 'fg 1 1 0', '2.2 a re-dispatched ticket is the later department''s, a dispatch counts for each');
select is((select completed from ticket_workflow.monthly_summary where month = '2023-03-01'), 0::bigint, 'a reopened ticket is completed no more ...');
select is((select reopened || ' ' || rework || ' ' || reports_sent_back from ticket_workflow.monthly_summary where month = '2023-03-01'), '1 1 0',
	'... and rework is counted where it was reopened');
select is((select reports_passed - completed from ticket_workflow.monthly_summary where month = '2023-02-01'), 2::bigint,
	'3.2 two reports that passed in February belong to tickets reopened since');
select is((select satisfaction || ' ' || answers || ' ' || confirmed_rate from ticket_workflow.monthly_summary where month = '2023-02-01'),
	'0.6000 3 0.6667', '3.8.1 satisfaction weighs 满意 1, 基本满意 0.8, 不满意 0: 1.8 of 3');
select is((select array_agg(on_time_rate || '') || array_agg(satisfaction || '') || array_agg(return_rate || '') || array_agg(rework_rate || '')
		|| array_agg(first_contact_rate || '') || array_agg(solution_rate || '') || array_agg(received_change || '')
	from ticket_workflow.monthly_summary where month = '2023-05-01'), '{NULL,NULL,NULL,NULL,NULL,NULL,NULL}', '3.8 an empty denominator gives NULL');
select is((select received || ' ' || previous_received from ticket_workflow.monthly_summary where month = '2023-04-01'), '0 0', '3.2 an empty month is a row of zeros');
select is((select previous_received || ' ' || previous_satisfaction || ' ' || received_change from ticket_workflow.monthly_summary where month = '2023-03-01'),
	(select received || ' ' || satisfaction || ' -1.0000' from ticket_workflow.monthly_summary where month = '2023-02-01'), '3.2 beside the month before');
select is((select received || ' ' || completed || ' ' || returns from ticket_workflow.quarterly_summary where quarter = '2023-01-01'),
	(select sum(received) || ' ' || sum(completed) || ' ' || sum(returns) from ticket_workflow.monthly_summary where month < '2023-04-01'),
	'3.4 a quarter is its three months');
select is((select previous_received from ticket_workflow.quarterly_summary where quarter = '2023-04-01'),
	(select received from ticket_workflow.quarterly_summary where quarter = '2023-01-01'), '3.4 beside the quarter before');

-- ---- a second opinion: the journal, row by row, in the calendar's zone
create temp view event as
select to_char(j.occurred_at at time zone 'Asia/Shanghai', 'YYYY-MM-01')::date as month, j.ticket_id, j.seq, j.kind, j.from_state, j.to_state, j.details
from ticket_workflow.journal j;
create temp view second_opinion as
select m.month,
	(select count(*) from event e where e.month = m.month and e.kind = 'receive') as received,
	(select count(*) from event e where e.month = m.month and e.kind = 'dispatch') as dispatched,
	(select count(*) from event e where e.month = m.month and e.kind = 'pass_report'
		and not exists (select from event r where r.ticket_id = e.ticket_id and r.kind = 'reopen' and r.seq > e.seq)) as completed,
	(select count(*) from event e where e.month = m.month and e.kind = 'close'
		and not exists (select from event r where r.ticket_id = e.ticket_id and r.kind = 'reopen' and r.seq > e.seq)) as closed,
	(select count(*) from event e where e.month = m.month and e.to_state = 'transferred') as transferred,
	(select count(*) from event e where e.month = m.month and e.to_state = 'withdrawn') as withdrawn,
	(select count(*) from event e where e.month = m.month and e.to_state = 'merged') as merged,
	(select count(*) from event e where e.month = m.month and e.kind = 'request_return') as returns,
	(select count(*) from event e where e.month = m.month and e.kind = 'grant_return') as granted,
	(select count(*) from event e where e.month = m.month and e.kind = 'refuse_return') as refused,
	(select count(*) from event e where e.month = m.month and e.kind = 'pass_report') as passed,
	(select count(*) from event e where e.month = m.month and e.kind = 'send_back_report') as sent_back,
	(select count(*) from event e where e.month = m.month and e.kind = 'reopen') as reopened,
	(select count(*) from event e where e.month = m.month and e.kind = 'record_callback') as callbacks
from (select distinct month from ticket_workflow.monthly_summary) m;
select results_eq($$select month, received, dispatched, completed, closed, transferred, withdrawn, merged, returns, returns_granted, returns_refused,
		reports_passed, reports_sent_back, reopened, callbacks from ticket_workflow.monthly_summary order by month$$,
	'select * from second_opinion order by month', '3.2 the months are what the journal says');
select cmp_ok((select min(least(received, dispatched, completed, closed, transferred, withdrawn, merged, returns, granted, refused, sent_back, reopened, callbacks))
	from second_opinion where month = '2023-02-01'), '>=', 1::bigint, 'and February has one of each');

-- ---- the departments add up
select is_empty($$
	select s.month from ticket_workflow.monthly_summary s
		left join (select month, sum(received) as received, sum(dispatched) as dispatched, sum(completed) as completed, sum(on_time) as on_time,
				sum(overdue) as overdue, sum(returns) as returns, sum(rework) as rework, sum(closed) as closed, sum(contacts_due) as contacts_due,
				sum(results_solved) as results_solved, sum(answers_weighed) as answers_weighed, sum(transferred + withdrawn + merged) as ended
			from ticket_workflow.department_performance group by month) d on d.month = s.month
	where (s.received, s.dispatched, s.completed, s.on_time, s.overdue, s.returns, s.rework, s.closed, s.contacts_due, s.results_solved, s.answers_weighed,
			s.transferred + s.withdrawn + s.merged)
		is distinct from (coalesce(d.received, 0), coalesce(d.dispatched, 0), coalesce(d.completed, 0), coalesce(d.on_time, 0), coalesce(d.overdue, 0),
			coalesce(d.returns, 0), coalesce(d.rework, 0), coalesce(d.closed, 0), coalesce(d.contacts_due, 0), coalesce(d.results_solved, 0),
			coalesce(d.answers_weighed, 0), coalesce(d.ended, 0))
$$, '3.2 the departments of a month add up to it');
select is_empty('select month from ticket_workflow.monthly_summary where complaints + help_requests + suggestions + consultations <> received',
	'3.2 the categories add up');
select is((select sum(completed) from ticket_workflow.monthly_summary), (select count(*) from ticket_workflow.ticket where completed_at is not null)::numeric,
	'every completed ticket is counted once');
select is((select sum(open_overdue) from ticket_workflow.monthly_summary)::bigint,
	(select count(*) from ticket_workflow.overdue_ticket where clock in ('completion', 'urgent_completion') and not target_only),
	'3.8.4 what is overdue now is what overdue_ticket lists');

-- ---- weights and thresholds are the rulebook's
update ticket_workflow.rate_weight set weight = 0.5 where rulebook = 'yichuan_2023' and code = 'basically_satisfied';
select is((select satisfaction from ticket_workflow.monthly_summary where month = '2023-02-01'), 0.5000, '3.8.1 the weights are rows of the rulebook');

-- ---- repeated petitions: the fixture's callers all speak of one place
select is((select repeat_kind || ' ' || clause || ' ' || (tickets = (select count(*) from ticket_workflow.ticket where state <> 'withdrawn' and place = '宜川路1号'))
		|| ' ' || (persons = tickets) || ' ' || matter || coalesce(phone_masked, '')
	from ticket_workflow.repeat_petition where month = '2023-02-01' and tickets > 5), 'several_persons 2.3.6.2 true true light', '2.3.6.2 several persons, one place: all of them in one row');
\o /dev/null
select pg_temp.at_time('2023-05-05 09:00+08'), pg_temp.act_as('dispatcher');
select ticket_workflow.create_matter('yc', m, '事项' || m) from unnest('{m1,m2}'::text[]) m;
create function pg_temp.calls(matter text, place text, phone text default '13611112222') returns bigint language sql as $$
	select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '再次来电', matter => matter, place => place, area => 'p1',
		petitioner_phone => phone, petitioner_name => '赵钱孙')
$$;
select pg_temp.calls('m1', '甲处') as c1, pg_temp.calls('m1', '乙处') as c2 \gset
\o
select is((select count(*) from ticket_workflow.repeat_petition where month = '2023-05-01'), 0::bigint, '2.3.6.1 twice is not three times');
\o /dev/null
select pg_temp.calls('m1', '丙处') as c3 \gset
\o
select is((select repeat_kind || ' ' || tickets || ' ' || persons || ' ' || open_tickets || ' ' || ticket_number || ' ' || phone_masked || ' ' || cardinality(ticket_numbers)
	from ticket_workflow.repeat_petition where month = '2023-05-01'), 'same_person 3 1 3 ' || :'c3' || ' 136******22 3', '2.3.6.1 the third time: one row, masked');
\o /dev/null
select pg_temp.calls('light', '丁处') as c4, pg_temp.calls('m2', '戊处') as c5 \gset
-- a person links what no machine could: another caller, another matter
select pg_temp.calls('light', '己处', '13733334444') as c6 \gset
select ticket_workflow.link_incident(:c6, with_ticket => :c5);
\o
select is((select tickets || ' ' || matters from ticket_workflow.repeat_petition where month = '2023-05-01' and repeat_kind = 'several_matters'), '5 3', '2.3.6.3 one person, three matters');
select is((select tickets || ' ' || persons || ' ' || (incident_id is not null) || coalesce(name_masked, '') from ticket_workflow.repeat_petition
	where month = '2023-05-01' and repeat_kind = 'several_persons'), '2 2 true', '2.3.6.2 an incident that a person linked');
select is((select count(*) from ticket_workflow.repeat_petition where month = '2023-05-01'), 3::bigint, '2.3.6 each group once');
\o /dev/null
select ticket_workflow.create_matter('yc', 'm3', '事项m3');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '回访复核', kind => '回访复核单', matter => 'm3', area => 'p1', petitioner_phone => '13611112222') as c7 \gset
\o
select is((select tickets || ' ' || matters from ticket_workflow.repeat_petition where month = '2023-05-01' and repeat_kind = 'several_matters'), '5 3', '2.3.6.3 a callback review is no matter of its own');

-- ---- a wrong dispatch of the center's own is no return (section 6), in no figure and no rate
\o /dev/null
select pg_temp.at_time('2023-06-05 09:00+08');
select pg_temp.asked_back(pg_temp.received('六月来电一')) as wrong, pg_temp.asked_back(pg_temp.received('六月来电二')) as right \gset
select pg_temp.act_as('');
\o
create temp view june as
	select d.dispatched || ' ' || d.returns || ' ' || d.returns_granted || ' ' || d.return_rate || ' ' || m.returns || ' ' || m.return_rate as figures
	from ticket_workflow.department_performance d join ticket_workflow.monthly_summary m on m.month = d.month
	where d.month = '2023-06-01' and d.department = 'cg';
select is((select figures from june), '2 2 0 1.0000 2 1.0000', '2.2 a return counts once asked for');
select pg_temp.act_as('dispatcher') \g /dev/null
select ticket_workflow.decide_return(:wrong, true, '派单有误', own_error => true), ticket_workflow.decide_return(:right, true, '应由房管办处理') \g /dev/null
select is((select figures from june), '2 1 1 0.5000 1 0.5000', '2.2 the center''s own wrong dispatch does not, neither in the numbers nor in the rate');
select is((select returns || ' ' || return_rate from ticket_workflow.quarterly_summary where quarter = '2023-04-01'), '1 0.5000', '3.4 nor in the quarter''s');

-- ---- who sees which figure: complete, or none
\o /dev/null
create role f_app login; create role f_reader login; create role f_other login;
call ticket_workflow.grant_access('f_app', 'application');
select ticket_workflow.create_center('other', '另一个中心', rulebook => 'yichuan_2023');
call ticket_workflow.grant_access('f_reader', 'reader', '{yc}');
call ticket_workflow.grant_access('f_other', 'reader', '{other}');
select received as february from ticket_workflow.monthly_summary where month = '2023-02-01' \gset
\o
select pg_temp.act_as('') \g /dev/null
set local role f_reader;
select is((select received from ticket_workflow.monthly_summary where month = '2023-02-01'), :february::bigint, 'design 8: a reader sees the center''s figures ...');
set local role f_other;
select is((select coalesce(sum(received), 0) from ticket_workflow.monthly_summary) + (select count(*) from ticket_workflow.department_performance)
	+ (select count(*) from ticket_workflow.repeat_petition), 0::numeric, '... of the centers it was granted');
set local role f_app;
select set_config('ticket_workflow.actor', 'fg_liaison', true) \g /dev/null
select is((select count(*) from ticket_workflow.monthly_summary), 0::bigint, 'design 8: a department''s official sees no center''s figure, and no part of one');
select is((select array_agg(distinct department) from ticket_workflow.department_performance), '{fg}', 'design 8: he sees his department''s');
select is((select count(*) from ticket_workflow.repeat_petition), 0::bigint, 'design 8: and no telephone that others left');
select set_config('ticket_workflow.actor', 'principal', true) \g /dev/null
select is((select received from ticket_workflow.monthly_summary where month = '2023-02-01'), :february::bigint, 'design 8: the principal leader sees the center''s');
reset role;

select * from finish();
rollback;
