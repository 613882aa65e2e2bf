-- Returns: conditions, window, counting, signatures, decision, marks, and the guards on every path (2.2, 2.4.1, C2a, 3.8.5).
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/facts.sql
select no_plan();

create function pg_temp.state(ticket bigint) returns text language sql as $$
	select t.state from ticket_workflow.ticket t where t.ticket_id = ticket $$;
create function pg_temp.the_window(ticket bigint) returns text language sql as $$
	select c.status || ' ' || c.due_on from ticket_workflow.clock c
	where c.ticket_id = ticket and c.clock = 'return_window' order by c.round desc limit 1 $$;
create function pg_temp.outcome(statement text) returns text language plpgsql as $$
begin
	execute statement;
	return 'allowed';
exception when others then
	return sqlstate;
end $$;
create function pg_temp.journal(ticket bigint, kind text) returns jsonb language sql as $$
	select j.details from ticket_workflow.journal j where j.ticket_id = ticket and j.kind = journal.kind order by j.seq desc limit 1 $$;

-- a draft as the API leaves it between its two steps, for plain UPDATEs of the owner
create function pg_temp.draft(ticket bigint, ground text default 'out_of_duty', reason text default '非本部门职责', should_go_to text default '绿化所') returns bigint
language plpgsql as $$
declare
	r ticket_workflow.ticket_return;
begin
	select center_id, ticket_id, dispatch_round, lead_department_id into r.center_id, r.ticket_id, r.dispatch_round, r.organization_id
		from ticket_workflow.ticket where ticket_id = draft.ticket;
	r.return_id := ticket_workflow.new_id(r.center_id, 'ticket_workflow.return_seq');
	r.ground := ground;
	r.reason := draft.reason;
	r.should_go_to := draft.should_go_to;
	r.state := 'draft';
	r.own_error := false;
	r.marks := '{}';
	insert into ticket_workflow.ticket_return values (r.*);
	return r.return_id;
end $$;
create function pg_temp.plain(return_id bigint, state text, more text default '') returns text language sql as $$
	select format('update ticket_workflow.ticket_return set state = %L%s where return_id = %s', state, more, return_id) $$;
create function pg_temp.evidence_for(ticket bigint, variadic kinds text[]) returns void language sql as $$
	select ticket_workflow.add_evidence(evidence_for.ticket, k, 'file:' || k) from unnest(kinds) k $$;

-- ---- 2.2.2: what a return out of duty needs; through the API, then by plain UPDATE

select pg_temp.dispatched() as t \gset
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, '非职责范围', '', documents => '{a}', recordings => '{b}', photos => '{c}')$$, :t),
	'TW009', '2.2.2', '理由', '2.2.2 a return without a reason');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, 'out_of_duty', '非本部门职责')$$, :t),
	'TW008', '2.2.2', '相关依据；退单缺少照片；退单缺少录音', '2.2.2 all evidence that is missing is named at once');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, 'out_of_duty', '非本部门职责', documents => '{a}', recordings => '{b}')$$, :t),
	'TW008', '2.2.2', '照片', '2.2.2 a return without a photo');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, 'out_of_duty', '非本部门职责', documents => '{a}', recordings => '{b}', waivers => '{"photo": " "}')$$, :t),
	'TW009', '2.2.2', '理由', '2.2.2 a photo waived without a reason');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, 'out_of_duty', '非本部门职责', waivers => '["photo"]')$$, :t),
	'TW006', '2.2.2', '格式', '2.2.2 waivers that are not readable');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, '太远', '非本部门职责')$$, :t),
	'TW006', null, '太远', '2.2 an unknown ground');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, 'out_of_duty', '非本部门职责', upward => 'moon')$$, :t),
	'TW006', null, 'moon', '2.2 an unknown platform');
select is(pg_temp.state(:t), 'dispatched', '2.2.2 a refused request leaves the ticket where it was');
select is(count(*), 0::bigint, '2.2.2 and no draft behind') from ticket_workflow.ticket_return where ticket_id = :t;

select pg_temp.draft(:t) as r \gset
select pg_temp.fails(pg_temp.plain(:r, 'requested'), 'TW008', '2.2.2', '录音', '2.2.2 plain UPDATE without evidence');
select pg_temp.evidence_for(:t, 'document', 'recording');
select pg_temp.fails(pg_temp.plain(:r, 'requested'), 'TW008', '2.2.2', '照片', '2.2.2 plain UPDATE without a photo');
select is((select string_agg(concat_ws(' ', message, clause, args), ';') from ticket_workflow.return_problems(:r)),
	'return_evidence_missing 2.2.2 {照片}', '2.2.2 return_problems() says what a draft lacks');
select pg_temp.draft(:t, reason => ' ') as blank \gset
select pg_temp.fails(pg_temp.plain(:blank, 'requested'), 'TW009', '2.2.2', '理由', '2.2.2 plain UPDATE without a reason');
select ticket_workflow.declare_absent(:t, '退单', '照片', '咨询类，无现场') \g /dev/null
select lives_ok(pg_temp.plain(:r, 'requested'), '2.2.2 with a stated reason for what does not apply it is asked for, by plain UPDATE too');
select is(pg_temp.state(:t), 'return_requested', '2.2 the ticket follows its return');
select results_eq(format('select requested_at, requested_by, ordinal, marks from ticket_workflow.ticket_return where return_id = %s', :r),
	$$values ('2023-02-08 10:00+08'::timestamptz, 'liaison', 1, '{}'::text[])$$, '2.2 when, by whom, which one');
select is(pg_temp.journal(:t, 'return_requested') - 'return_id', '{"ground": "out_of_duty", "ordinal": 1}', '2.2 the journal has it');
select is(pg_temp.clock(:t, 'return_decision'), 'running', '2.2 the center''s clock runs');
select is(pg_temp.the_window(:t), 'paused 2023-02-13', 'C2a the window stands still');
select is(pg_temp.clock(:t, 'acceptance'), 'late 02-08 10:00', '2.3.2.2 asking ends the clock of acceptance');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, 'out_of_duty', '再退')$$, :t), 'TW001', 'S4', 'return_requested', 'S4 asked for twice');

-- evidence of a voided fact, of before the dispatch and of the department before is not the return's
select pg_temp.at_time('2023-02-07 09:30+08');
select pg_temp.received('13812345678') as t \gset
select pg_temp.evidence_for(:t, 'document', 'recording', 'photo');
select pg_temp.at_time('2023-02-07 10:00+08');
select ticket_workflow.dispatch_ticket(:t, 'cg', 'duty') \g /dev/null
select pg_temp.act_as('liaison');
select pg_temp.draft(:t) as r \gset
select is((select count(*) from ticket_workflow.return_problems(:r)), 3::bigint, '2.2.2 what came with the ticket is not the department''s evidence');
select ticket_workflow.record_contact(:t, 'first_contact', 'mobile_phone', 'reached', recording => 'file:1') as c \gset
select ticket_workflow.record_site_visit(:t, photos => '{file:2}') as v \gset
select is((select string_agg(args[1], ',') from ticket_workflow.return_problems(:r)), '相关依据', '2.2.2 recording of the contact and photo of the visit are');
select ticket_workflow.void_record('contact', :c, '错') \g /dev/null
select ok((select bool_or(args[1] = '录音') from ticket_workflow.return_problems(:r)), '2.2.2 not the recording of a voided contact');

-- ---- 2.2.1: out of area: where it should go; no window

select pg_temp.dispatched() as t \gset
select pg_temp.act_as('officer');
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, '非辖区范围', '地址在甘泉路')$$, :t), 'TW009', '2.2.1', '应转派', '2.2.1 out of area without where it should go');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, '非辖区范围', ' ', '甘泉路街道')$$, :t), 'TW009', '2.2.1', '理由', '2.2.1 out of area without a reason');
select pg_temp.draft(:t, 'out_of_area', should_go_to => null) as r \gset
select pg_temp.fails(pg_temp.plain(:r, 'requested'), 'TW009', '2.2.1', '应转派', '2.2.1 plain UPDATE without where it should go');
select ticket_workflow.request_return(:t, '非辖区范围', '地址在甘泉路', '甘泉路街道') as r \gset
select is(pg_temp.state(:t), 'return_requested', '2.2.1 reason and target are enough');
select is(marks, '{unverified}', '3.8.5 nobody was asked, nothing is shown: a bare assertion is marked') from ticket_workflow.ticket_return where return_id = :r;

select pg_temp.dispatched() as t \gset
select pg_temp.act_as('officer');
select pg_temp.at_time('2023-02-14 09:00+08');
select ticket_workflow.request_return(:t, 'out_of_area', '地址在甘泉路', '甘泉路街道', photos => '{file:map.jpg}') as r \gset
select is(pg_temp.state(:t), 'return_requested', '2.2.1 out of area there is no window');
select is(marks, '{late}', '2.2.1 but a late one is marked') from ticket_workflow.ticket_return where return_id = :r;
select is(accepted_deemed, true, '2.2.2 the ticket had been deemed accepted') from ticket_workflow.ticket where ticket_id = :t;

-- ---- 2.2.2: the window: four working days, to the end of the fourth

select pg_temp.dispatched() as t1, pg_temp.dispatched() as t2, pg_temp.dispatched() as t3, pg_temp.dispatched() as t4 \gset
select is(pg_temp.the_window(:t1), 'running 2023-02-13', '2.2.2 dispatched on Tuesday the 7th: 8, 9, 10, 13');
select pg_temp.at_time('2023-02-10 23:59+08');
select pg_temp.asked(:t4) as r \gset
select is(marks, '{}', '3.8.5 the day before the last is not marked') from ticket_workflow.ticket_return where return_id = :r;
select pg_temp.at_time('2023-02-13 23:59:59+08');
select pg_temp.asked(:t1) as r \gset
select is(pg_temp.state(:t1), 'return_requested', '2.2.2 in the last second of the fourth day it is in time');
select is(marks, '{last_day}', '3.8.5 asked for on the last working day of the window: marked') from ticket_workflow.ticket_return where return_id = :r;
select pg_temp.at_time('2023-02-14 00:00+08');
select pg_temp.asked(:t2) as r \gset
select is(pg_temp.state(:t2), 'return_requested', '2.2.2 T3 at 24:00 it is in time');
select pg_temp.at_time('2023-02-14 00:00:01+08');
select pg_temp.fails(format($$select pg_temp.asked(%s)$$, :t3), 'TW004', '2.2.2', '2023-02-13', '2.2.2 one second later it is too late');
select pg_temp.evidence_for(:t3, 'document', 'recording', 'photo');
select is(pg_temp.state(:t3), 'accepted', '2.2.2 not returned, deemed accepted');
select pg_temp.draft(:t3) as r \gset
select pg_temp.fails(pg_temp.plain(:r, 'requested'), 'TW004', '2.2.2', '2023-02-13', '2.2.2 plain UPDATE after the window');

-- the plain path where no call and no sweep has closed the window yet
select pg_temp.dispatched() as t \gset
select pg_temp.evidence_for(:t, 'document', 'recording', 'photo');
select pg_temp.draft(:t) as r \gset
select pg_temp.at_time('2023-02-14 00:00:01+08');
select is(pg_temp.the_window(:t), 'running 2023-02-13', '2.2.2 nobody has looked yet');
select pg_temp.fails(pg_temp.plain(:r, 'requested'), 'TW004', '2.2.2', '2023-02-13', '2.2.2 plain UPDATE after the window, before the sweep');
select pg_temp.at_time('2023-02-13 23:59:59+08');
select lives_ok(pg_temp.plain(:r, 'requested'), '2.2.2 plain UPDATE within the window');

-- a department that has accepted may still return within the window
select pg_temp.dispatched() as t \gset
select pg_temp.at_time('2023-02-07 10:20+08');
select ticket_workflow.accept_ticket(:t) \g /dev/null
select pg_temp.at_time('2023-02-09 10:00+08');
select pg_temp.asked(:t) as r \gset
select is(pg_temp.state(:t), 'return_requested', '2.2.2 an accepted ticket is returned within the window too');

-- ---- C2a: refused: what was left, at least one working day; the department keeps it as accepted

select pg_temp.at_time('2023-02-10 10:00+08');
select pg_temp.act_as('dispatcher');
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, false)$$, :r), 'TW009', '2.2.2', '理由', '2.2 refused without a reason');
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, null)$$, :r), 'TW006', null, 'granted', '2.2 neither granted nor refused');
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, false, '派单有误', own_error => true)$$, :r), 'TW006', '2.2', '派单有误', '2.2 a wrong dispatch is not refused');
select pg_temp.fails(pg_temp.plain(:r, 'refused'), 'TW009', '2.2.2', '理由', '2.2 plain UPDATE that refuses without a reason');
select ticket_workflow.decide_return(:r, false, '职责清单第3条') as ticket \gset
select is(:ticket, :t, '2.2 decide_return returns the ticket');
select is(pg_temp.state(:t), 'accepted', 'C2a refused: the department keeps it as accepted');
select is(pg_temp.the_window(:t), 'running 2023-02-14', 'C2a asked on the 9th with 10 and 13 left, refused on the 10th: 13 and 14');
select is(marks, '{unfounded}', '3.8.5 refused for its substance: marked') from ticket_workflow.ticket_return where return_id = :r;
select is(pg_temp.clock(:t, 'return_decision'), 'met 02-10 10:00', '2.2 the center decided within a working day');
select is(pg_temp.journal(:t, 'return_refused') - 'return_id', '{"ground": "out_of_duty", "ordinal": 1, "marks": ["unfounded"]}', '2.2 the journal has the refusal');

select pg_temp.dispatched() as t \gset
select pg_temp.at_time('2023-02-13 16:00+08');
select pg_temp.asked(:t) as r \gset
select pg_temp.at_time('2023-02-14 15:00+08');
select pg_temp.act_as('dispatcher');
select ticket_workflow.decide_return(:r, false, '材料不足', unfounded => false) \g /dev/null
select is(pg_temp.the_window(:t), 'running 2023-02-15', 'C2a nothing was left: one working day');
select is(marks, '{last_day}', '3.8.5 refused for its form: not marked as unfounded') from ticket_workflow.ticket_return where return_id = :r;
select pg_temp.at_time('2023-02-15 23:59+08');
select pg_temp.asked(:t) as r \gset
select is(ordinal, 2, '2.2.2 a refused return counts: this is the second') from ticket_workflow.ticket_return where return_id = :r;
select is(pg_temp.state(:t), 'return_requested', 'C2a within the resumed window it is asked for again');

-- ---- withdrawn: does not count, the window runs on

select pg_temp.at_time('2023-02-15 23:59:30+08');
select pg_temp.act_as('liaison');
select ticket_workflow.withdraw_return(:r, '核实后属本部门职责') \g /dev/null
select is(pg_temp.state(:t), 'accepted', '2.2 withdrawn: the department keeps it');
select is(pg_temp.the_window(:t), 'running 2023-02-16', 'C2a the window resumes, at least one working day');
select pg_temp.fails(format($$select ticket_workflow.withdraw_return(%s)$$, :r), 'TW001', '2.2', '撤回', '2.2 withdrawn twice');
select pg_temp.act_as('dispatcher');
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, true)$$, :r), 'TW001', '2.2', '撤回', '2.2 decided after it was withdrawn');
select pg_temp.fails(pg_temp.plain(:r, 'granted'), 'TW001', '2.2', '撤回', '2.2 plain UPDATE that grants what was withdrawn');
select pg_temp.fails(pg_temp.plain(:r, 'requested'), 'TW001', '2.2', '撤回', '2.2 plain UPDATE that asks again for what was withdrawn');
select pg_temp.fails(pg_temp.plain(:r, 'draft'), 'TW001', '2.2', '撤回', '2.2 plain UPDATE back to a draft');
select pg_temp.at_time('2023-02-16 10:00+08');
select pg_temp.asked(:t) as r \gset
select is(ordinal, 2, '2.2.2 a withdrawn return does not count') from ticket_workflow.ticket_return where return_id = :r;

-- ---- 2.4.1: granted only after the petitioner was contacted, or contact properly failed

select pg_temp.dispatched('13812345678') as t \gset
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.asked(:t) as r \gset
select pg_temp.act_as('dispatcher');
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, true)$$, :r), 'TW008', '2.4.1', '先行联系', '2.4.1 granted before the first contact');
select pg_temp.fails(pg_temp.plain(:r, 'granted'), 'TW008', '2.4.1', '先行联系', '2.4.1 plain UPDATE that grants before the first contact');
select ticket_workflow.record_contact(:t, 'center_notice', 'ip_phone', 'reached') \g /dev/null
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, true)$$, :r), 'TW008', '2.4.1', '先行联系', '2.4.1 the center''s notice is not the first contact');
select is((select string_agg(concat_ws(' ', message, clause), ';') from ticket_workflow.return_problems(:r)), 'first_contact_missing 2.4.1', '2.4.1 return_problems() says so beforehand');
select pg_temp.act_as('liaison');
select ticket_workflow.record_contact(:t, 'first_contact', 'mobile_phone', 'not_reached', at, call_log => 'file:l')
	from unnest(array['2023-02-08 08:30+08', '2023-02-08 09:00+08', '2023-02-08 09:30+08']::timestamptz[]) at \g /dev/null
select pg_temp.act_as('dispatcher');
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, true)$$, :r), 'TW008', '2.4.1', '短信', '2.4.1 failed contact of a mobile without the text message');
select pg_temp.act_as('liaison');
select ticket_workflow.record_contact(:t, 'first_contact', 'sms', 'sent', sms_screenshot => 'file:s') \g /dev/null
select pg_temp.act_as('dispatcher');
select lives_ok(format($$select ticket_workflow.decide_return(%s, true)$$, :r), '2.4.1 properly failed contact is enough');
select is(pg_temp.state(:t), 'received', '2.2 granted: back to the center');
select is(pg_temp.clock(:t, 'dispatch'), 'running', '2.3.2.1 whose clock of dispatch runs');
select is(pg_temp.clock(:t, 'return_window'), 'cancelled 02-08 10:00', 'C3 the window is over with the dispatch');

select pg_temp.dispatched('13812345678') as t \gset
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.asked(:t) as r \gset
select pg_temp.act_as('dispatcher');
select ticket_workflow.decide_return(:r, false, '未联系诉求人') \g /dev/null
select is(marks, '{unfounded,without_contact}', '3.8.5 decided without the first contact: marked') from ticket_workflow.ticket_return where return_id = :r;

select pg_temp.dispatched() as t \gset
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.asked(:t) as r \gset
select pg_temp.act_as('dispatcher');
select lives_ok(pg_temp.plain(:r, 'granted'), '2.4.1 without contact details it is granted, by plain UPDATE too');
select is(pg_temp.state(:t), 'received', '2.2 the ticket follows');

-- ---- who asks: the information officer (2.2.1), the handling department (2.2.2); who decides: the center

select pg_temp.dispatched() as t \gset
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.evidence_for(:t, 'document', 'recording', 'photo');
select pg_temp.draft(:t) as duty_draft, pg_temp.draft(:t, 'out_of_area') as area_draft \gset
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, 'out_of_area', '地址在甘泉路', '甘泉路街道')$$, :t), 'TW005', '2.2.1', 'liaison', '2.2.1 out of area is not for the department to say');
select pg_temp.fails(pg_temp.plain(:area_draft, 'requested'), 'TW005', '2.2.1', 'liaison', '2.2.1 by plain UPDATE neither');
select pg_temp.act_as('officer');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, 'out_of_duty', '非本部门职责')$$, :t), 'TW005', '2.2.2', 'officer', '2.2.2 out of duty is not for the information officer to say');
select pg_temp.fails(pg_temp.plain(:duty_draft, 'requested'), 'TW005', '2.2.2', 'officer', '2.2.2 by plain UPDATE neither');
select pg_temp.act_as('fg_liaison');
select pg_temp.fails(format($$select ticket_workflow.request_return(%s, 'out_of_duty', '非本部门职责')$$, :t), 'TW006', null, :'t', '2.2.2 nor for a department that does not have the ticket');
select pg_temp.fails(pg_temp.plain(:duty_draft, 'requested'), 'TW005', '2.2.2', 'fg_liaison', '2.2.2 by plain UPDATE neither');
select pg_temp.act_as('head');
select lives_ok(pg_temp.plain(:duty_draft, 'requested'), '2.2.2 the head of the department may');
select pg_temp.act_as('liaison');
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, true)$$, :duty_draft), 'TW005', '2.2', 'liaison', '2.2 a department decides nothing');
select pg_temp.fails(pg_temp.plain(:duty_draft, 'granted'), 'TW005', '2.2', 'liaison', '2.2 by plain UPDATE neither');
select pg_temp.act_as('dispatcher');
select pg_temp.fails(format($$select ticket_workflow.withdraw_return(%s)$$, :duty_draft), 'TW005', '2.2', 'dispatcher', '2.2 and the center takes nothing back in its place');
select pg_temp.fails(pg_temp.plain(:duty_draft, 'withdrawn'), 'TW005', '2.2', 'dispatcher', '2.2 by plain UPDATE neither');
select pg_temp.act_as('');
select pg_temp.fails(pg_temp.plain(:duty_draft, 'granted'), 'TW005', null, '', '2.2 a decision is somebody''s: no actor, no decision');
-- the drafts that nobody asked for
select pg_temp.act_as('officer');
select pg_temp.fails(pg_temp.plain(:area_draft, 'requested'), 'TW001', 'S4', 'return_requested', '2.2 one request at a time');

-- ---- four eyes: who asked does not decide

select ticket_workflow.assign_post('officer', 'yc', 'dispatcher', null, '2020-01-01') \g /dev/null
select pg_temp.dispatched() as t \gset
select pg_temp.act_as('officer');
select pg_temp.at_time('2023-02-08 10:00+08');
select ticket_workflow.request_return(:t, 'out_of_area', '地址在甘泉路', '甘泉路街道') as r \gset
select pg_temp.fails(pg_temp.plain(:r, 'granted'), 'TW005', '2.2', '不能自己审定', 'design 8 plain UPDATE that grants one''s own');
select pg_temp.fails(pg_temp.plain(:r, 'refused', $$, decision_reason = '不退了'$$), 'TW005', '2.2', '不能自己审定', 'design 8 plain UPDATE that refuses one''s own');
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, true)$$, :r), 'TW005', '2.2', '不能自己审定', 'design 8 granting one''s own');
select pg_temp.act_as('dispatcher');
select lives_ok(format($$select ticket_workflow.decide_return(%s, true)$$, :r), 'design 8 another official decides');

-- ---- 2.2.2: the n-th return and its signature

select pg_temp.dispatched() as t \gset
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.asked(:t) as r \gset
select pg_temp.act_as('dispatcher');
select lives_ok(format($$select ticket_workflow.decide_return(%s, true)$$, :r), '2.2.2 the first return needs no signature');
select ticket_workflow.dispatch_ticket(:t, 'fg', 'duty') \g /dev/null
select pg_temp.asked(:t) as r \gset
select is(ordinal, 2, '2.2.2 counted per ticket: the next department''s first is the second') from ticket_workflow.ticket_return where return_id = :r;
select pg_temp.act_as('dispatcher');
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, true)$$, :r), 'TW002', '2.2.2', '负责人', '2.2.2 the second without its head''s signature');
select pg_temp.fails(pg_temp.plain(:r, 'granted'), 'TW002', '2.2.2', '负责人', '2.2.2 plain UPDATE that grants the second unsigned');
select pg_temp.act_as('head');
select isnt(pg_temp.outcome(format($$select ticket_workflow.sign_return(%s)$$, :r)), 'allowed', '2.2.2 the head of the department before does not sign it');
select pg_temp.act_as('fg_head');
select ticket_workflow.sign_return(:r) \g /dev/null
select pg_temp.act_as('dispatcher');
select lives_ok(format($$select ticket_workflow.decide_return(%s, true)$$, :r), '2.2.2 the second, signed by the head');

select ticket_workflow.dispatch_ticket(:t, 'cg', 'duty') \g /dev/null
select pg_temp.asked(:t) as r \gset
select is(ordinal, 3, '2.2.2 the third') from ticket_workflow.ticket_return where return_id = :r;
select pg_temp.act_as('head');
select ticket_workflow.sign_return(:r) \g /dev/null
select pg_temp.act_as('dispatcher');
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, true)$$, :r), 'TW002', '2.2.2', '分管领导', '2.2.2 the third with the head''s signature only');
select pg_temp.act_as('leader');
select ticket_workflow.sign_return(:r) \g /dev/null
select pg_temp.act_as('dispatcher');
select lives_ok(format($$select ticket_workflow.decide_return(%s, true, '派单有误', own_error => true)$$, :r), '2.2.2 the third, signed by the supervising leader');
select is(pg_temp.journal(:t, 'return_granted') ->> 'own_error', 'true', '2.2 the journal says that the center had erred');
select ticket_workflow.dispatch_ticket(:t, 'fg', 'duty') \g /dev/null
select pg_temp.asked(:t) as r \gset
select is(ordinal, 3, '2.2 one that the center marks as its own wrong dispatch does not count') from ticket_workflow.ticket_return where return_id = :r;
select pg_temp.act_as('fg_leader');
select ticket_workflow.sign_return(:r) \g /dev/null
select pg_temp.act_as('dispatcher');
select lives_ok(format($$select ticket_workflow.decide_return(%s, true)$$, :r), '2.2.2 the leader''s signature serves for the head''s');

-- per department, where the rulebook says so
select ticket_workflow.set_rulebook_setting('yichuan_2023', 'return_count_scope', 'department') \g /dev/null
select ticket_workflow.dispatch_ticket(:t, 'fg', 'duty') \g /dev/null
select pg_temp.asked(:t) as r \gset
select is(ordinal, 3, '2.2.2 counted per department: two of its own before') from ticket_workflow.ticket_return where return_id = :r;
select pg_temp.act_as('fg_liaison');
select ticket_workflow.withdraw_return(:r) \g /dev/null
select ticket_workflow.set_rulebook_setting('yichuan_2023', 'return_count_scope', 'street') \g /dev/null
select pg_temp.fails(format($$select pg_temp.asked(%s)$$, :t), 'TW012', '2.2.2', 'return_count_scope', '2.2.2 a scope that nobody knows');
select ticket_workflow.set_rulebook_setting('yichuan_2023', 'return_count_scope', 'ticket') \g /dev/null

-- to a platform: signed from the first, transferred
select pg_temp.dispatched() as t \gset
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.asked(:t, '市平台') as r \gset
select pg_temp.act_as('dispatcher');
select pg_temp.fails(format($$select ticket_workflow.decide_return(%s, true)$$, :r), 'TW002', '2.2.2', '分管领导', '2.2.2 to the city platform without the supervising leader');
select pg_temp.act_as('head');
select isnt(pg_temp.outcome(format($$select ticket_workflow.sign_return(%s)$$, :r)), 'allowed', '2.2.2 the head is not enough for it');
select pg_temp.act_as('leader');
select ticket_workflow.sign_return(:r) \g /dev/null
select pg_temp.act_as('dispatcher');
select lives_ok(format($$select ticket_workflow.decide_return(%s, true)$$, :r), '2.2.2 to the city platform, signed');
select is(pg_temp.state(:t), 'transferred', '2.2 granted upward: transferred');
select is_empty(format($$select clock from ticket_workflow.clock where ticket_id = %s and status in ('running', 'paused', 'held')$$, :t), 'C3 no clock of it runs on');

-- signed on paper, recorded by the information officer: the image stands as long as the signature does
select pg_temp.dispatched() as t \gset
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.asked(:t, '区平台') as r \gset
select pg_temp.act_as('officer');
select ticket_workflow.add_evidence(:t, '签字图片', 'file:signature.jpg') as image \gset
select ticket_workflow.sign_return(:r, 'leader', '2023-02-08 09:50+08', '纸质', :image) as approval \gset
select pg_temp.fails(format($$select ticket_workflow.void_record('evidence', %s, '图片模糊')$$, :image), 'TW010', '2.2.2', '有效签字', '2.2.2 the image of a valid signature is not voided');
select pg_temp.fails(format($$update ticket_workflow.evidence set voided_at = now(), void_reason = '图片模糊' where evidence_id = %s$$, :image), 'TW010', '2.2.2', '有效签字', '2.2.2 by plain UPDATE neither');
select pg_temp.act_as('leader');
select ticket_workflow.revoke_signature(:approval, '未看清内容') \g /dev/null
select pg_temp.act_as('officer');
select lives_ok(format($$select ticket_workflow.void_record('evidence', %s, '图片模糊')$$, :image), '2.2.2 of a revoked one it is');

-- ---- from received straight upward: the center's supervising leader (2.2)

select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.received() as t \gset
select pg_temp.fails(format($$select ticket_workflow.transfer_ticket(%s, '不在辖区')$$, :t), 'TW002', '2.2', '分管领导', '2.2 transferred from received without a signature');
select pg_temp.fails(format($$update ticket_workflow.ticket set state = 'transferred', state_reason = '不在辖区' where ticket_id = %s$$, :t), 'TW002', '2.2', '分管领导', '2.2 plain UPDATE that transfers without a signature');
select pg_temp.act_as('center_leader');
select ticket_workflow.sign_transfer(:t) \g /dev/null
select pg_temp.act_as('dispatcher');
select lives_ok(format($$select ticket_workflow.transfer_ticket(%s, '不在辖区')$$, :t), '2.2 transferred, signed by the center''s supervising leader');

-- ---- the ticket follows its return, never the other way round

select pg_temp.dispatched() as t \gset
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.fails(format($$update ticket_workflow.ticket set state = 'return_requested' where ticket_id = %s$$, :t), 'TW001', '2.2', '退单申请', '2.2 plain UPDATE of the ticket without a return');
select pg_temp.draft(:t) as r \gset
select pg_temp.fails(format($$update ticket_workflow.ticket set state = 'return_requested' where ticket_id = %s$$, :t), 'TW001', '2.2', '退单申请', '2.2 a draft is no request');
select pg_temp.asked(:t) as r \gset
select pg_temp.act_as('dispatcher');
select pg_temp.fails(format($$update ticket_workflow.ticket set state = %L, state_act = %L, state_reason = '测试' where ticket_id = %s$$, s.state, s.act, :t), 'TW001', '2.2', '退单',
		format('2.2 plain UPDATE of the ticket to %s by %s without the decision', s.state, s.act))
	from (values ('received', 'grant_return'), ('transferred', 'grant_return'), ('accepted', 'refuse_return'), ('accepted', 'withdraw_return')) s (state, act);

-- the center ends the ticket: its return ends with it
select ticket_workflow.withdraw_ticket(:t, '诉求人撤诉') \g /dev/null
select is(pg_temp.state(:t), 'withdrawn', '2.3.2.1 a ticket whose return waits can be withdrawn');
select is(state, 'withdrawn', '2.2 and takes its return with it') from ticket_workflow.ticket_return where return_id = :r;

-- ---- what was asked for stands: TW010

select pg_temp.dispatched() as t \gset
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.asked(:t) as r \gset
select pg_temp.fails(format('update ticket_workflow.ticket_return set %s where return_id = %s', s.change, :r), 'TW010', '2.2', 'ticket_return',
		'2.2 plain UPDATE of a request: ' || s.change)
	from unnest(array[$$reason = '改口'$$, $$ground = 'out_of_area'$$, $$upward = 'city'$$, $$should_go_to = '别处'$$, $$ordinal = 9$$, $$marks = '{late}'$$,
		$$requested_by = 'leader'$$, $$organization_id = organization_id + 1$$, $$state = 'granted', reason = '改口'$$]) s (change);
select pg_temp.fails(format('delete from ticket_workflow.ticket_return where return_id = %s', :r), 'TW010', 'S4', 'ticket_return', 'S4 DELETE of a return');
select pg_temp.fails('truncate ticket_workflow.ticket_return', 'TW010', 'S4', 'ticket_return', 'S4 TRUNCATE of returns');
select pg_temp.act_as('dispatcher');
select lives_ok(pg_temp.plain(:r, 'granted', $$, requested_by = 'nobody', ordinal = 7, decided_at = '2020-01-01', decided_by = 'nobody', marks = '{late}'$$), '2.2 a plain UPDATE decides,');
select results_eq(format('select requested_by, ordinal, decided_at, decided_by, marks from ticket_workflow.ticket_return where return_id = %s', :r),
	$$values ('liaison', 1, '2023-02-08 10:00+08'::timestamptz, 'dispatcher', '{}'::text[])$$, '2.2 but who, when and which one is not for it to say');

select pg_temp.fails($$select ticket_workflow.decide_return(1000000099999, true)$$, 'TW006', null, '1000000099999', '2.2 a return that does not exist');

-- ---- 3.1: a simple ticket is completed or returned within its 24 hours

select pg_temp.at_time('2023-02-07 10:00+08');
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '井盖松动', area => 'p1', handling_class => '简易') as t \gset
select ticket_workflow.dispatch_ticket(:t, 'cg', 'duty') \g /dev/null
select pg_temp.act_as('liaison');
select ticket_workflow.accept_ticket(:t) \g /dev/null
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.asked(:t) as r \gset
select is(pg_temp.clock(:t, 'completion'), 'held 02-08 10:00', '3.1 asking for the return holds its clock of completion');
select pg_temp.at_time('2023-02-08 15:00+08');
select pg_temp.act_as('dispatcher');
select ticket_workflow.decide_return(:r, true) \g /dev/null
select is(pg_temp.clock(:t, 'completion'), 'met 02-08 10:00', '3.1 returned within 24 hours, granted later: met');

select is_empty('select * from ticket_workflow.check_integrity()', 'nothing of all this leaves the database inconsistent');
select is_empty('select * from ticket_workflow.verify_journals()', 'nor the journal');

select * from finish();
rollback;
