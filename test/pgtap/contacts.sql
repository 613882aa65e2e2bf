-- Facts: times, marks, what counts as contact, visit and report, clocks settled as of when it happened,
-- voiding, and the guards of facts on every path (2.3.2, 2.3.3, 2.4.1, C4).
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/facts.sql
select no_plan();

-- ---- times

select pg_temp.at_time('2023-02-07 10:00+08');
select pg_temp.accepted('13812345678') as t \gset
select pg_temp.at_time('2023-02-07 11:00+08');

select ticket_workflow.record_contact(:t, '先行联系', '手机', '联系上') as c \gset
select is(array[purpose, channel, outcome], '{first_contact,mobile_phone,reached}', '2.4.1 the Chinese names of the options are taken')
	from ticket_workflow.contact where contact_id = :c;
select is(array[occurred_at, recorded_at], array['2023-02-07 11:00+08', '2023-02-07 11:00+08']::timestamptz[], 'a contact happens now unless said otherwise')
	from ticket_workflow.contact where contact_id = :c;
select is(recorded_by, 'liaison', 'who recorded it is kept') from ticket_workflow.contact where contact_id = :c;
select is(o.code, 'cg', 'it is the contact of his department')
	from ticket_workflow.contact c join ticket_workflow.organization o using (organization_id) where contact_id = :c;

select pg_temp.fails(format($$select ticket_workflow.record_contact(%s, 'first_contact', 'ip_phone', 'reached', '2023-02-07 11:00:01+08')$$, :t),
	'TW006', null, 'occurred_at', 'a contact of the future');
select lives_ok(format($$select ticket_workflow.record_contact(%s, 'first_contact', 'ip_phone', 'reached', '2023-02-07 10:00+08')$$, :t),
	'a contact at the moment of receipt is taken');
select pg_temp.fails(format($$select ticket_workflow.record_contact(%s, 'first_contact', 'ip_phone', 'reached', '2023-02-07 09:59:59+08')$$, :t),
	'TW006', null, '收单时间', 'a contact before the receipt');
select pg_temp.fails(format($$select ticket_workflow.record_contact(%s, '闲聊', 'ip_phone', 'reached')$$, :t),
	'TW006', null, '闲聊', 'an unknown purpose');
select pg_temp.fails(format($$select ticket_workflow.record_contact(%s, null, 'ip_phone', 'reached')$$, :t),
	'TW006', null, 'purpose', 'no purpose');
select pg_temp.fails(format($$select ticket_workflow.record_contact(%s, 'first_contact', 'ip_phone', 'sent')$$, :t),
	'TW006', null, 'IP电话', 'a call that was "sent"');
select lives_ok(format($$select ticket_workflow.record_contact(%s, 'first_contact', '微信', '已发送')$$, :t), 'a message by WeChat can be sent');

-- C4: both times are kept; beyond the tolerance it takes the capability manager and leaves a mark
select pg_temp.at_time('2023-02-08 11:00+08');
select ticket_workflow.record_contact(:t, 'first_contact', 'ip_phone', 'not_reached', '2023-02-07 11:00+08') as c \gset
select is(array[occurred_at, recorded_at], array['2023-02-07 11:00+08', '2023-02-08 11:00+08']::timestamptz[],
		'C4 a late entry keeps when it happened and when it was recorded')
	from ticket_workflow.contact where contact_id = :c;
select is(marks, '{}', 'C4 at the tolerance of 24 hours a late entry is not marked') from ticket_workflow.contact where contact_id = :c;
select ticket_workflow.record_contact(:t, 'first_contact', 'ip_phone', 'not_reached', '2023-02-07 10:59:59+08') as c \gset
select is(marks, '{late_entry}', 'C4 beyond the tolerance a manager''s entry is marked') from ticket_workflow.contact where contact_id = :c;
select is((select j.occurred_at from ticket_workflow.journal j
		where j.ticket_id = :t and j.kind = 'record_contact' and (j.details ->> 'contact_id')::bigint = :c),
	'2023-02-07 10:59:59+08'::timestamptz, 'C4 the journal has the time it happened');
select is((select j.details -> 'marks' from ticket_workflow.journal j
		where j.ticket_id = :t and j.kind = 'record_contact' and (j.details ->> 'contact_id')::bigint = :c),
	'["late_entry"]'::jsonb, 'C4 the journal has the mark');

-- ---- whose contact it is

select pg_temp.act_as('dispatcher');
select ticket_workflow.record_contact(:t, 'center_notice', 'sms', 'sent') as c \gset
select is(o.code, 'yc', 'a contact of the dispatcher is the center''s')
	from ticket_workflow.contact c join ticket_workflow.organization o using (organization_id) where contact_id = :c;
select ticket_workflow.record_contact(:t, 'first_contact', 'ip_phone', 'reached') as c \gset
select is(o.code, 'cg', 'a first contact that the dispatcher enters is the department''s, unless he says otherwise')
	from ticket_workflow.contact c join ticket_workflow.organization o using (organization_id) where contact_id = :c;
select pg_temp.act_as('officer');
select ticket_workflow.record_contact(:t, 'first_contact', 'ip_phone', 'reached') as c \gset
select is(o.code, 'yc', 'one that the information officer makes is his own')
	from ticket_workflow.contact c join ticket_workflow.organization o using (organization_id) where contact_id = :c;
select pg_temp.act_as('dispatcher');
select ticket_workflow.record_contact(:t, 'first_contact', 'ip_phone', 'reached', organization => 'cg') as c \gset
select is(o.code, 'cg', 'the center may enter what a department tells it')
	from ticket_workflow.contact c join ticket_workflow.organization o using (organization_id) where contact_id = :c;
select pg_temp.act_as('liaison');
select pg_temp.fails(format($$select ticket_workflow.record_contact(%s, 'first_contact', 'ip_phone', 'reached', organization => 'fg')$$, :t),
	'TW005', null, 'fg', 'a department records nothing in another''s name');

-- ---- 2.4.1: local numbers by IP phone first, non-local and unreachable ones by mobile; marked, not refused

select pg_temp.at_time('2023-02-07 10:00+08');
select pg_temp.accepted('021-62345678') as local_ticket \gset
select pg_temp.accepted('0571-87654321') as far_ticket \gset
select pg_temp.accepted('13812345678') as mobile_ticket \gset
select pg_temp.accepted('13812345678', '本市') as local_mobile \gset
select pg_temp.at_time('2023-02-07 11:00+08');
select ticket_workflow.record_contact(:local_ticket, 'first_contact', 'mobile_phone', 'not_reached') as c \gset
select is(marks, '{mobile_before_ip_phone}', '2.4.1 a local number by mobile at once is recorded and marked') from ticket_workflow.contact where contact_id = :c;
select ticket_workflow.record_contact(:local_ticket, 'reply', 'mobile_phone', 'not_reached') as c \gset
select is(marks, '{}', '2.4.1 the rule of channels is the first contact''s') from ticket_workflow.contact where contact_id = :c;
select ticket_workflow.record_contact(:local_ticket, 'first_contact', 'ip_phone', 'not_reached') as failed \gset
select is(marks, '{}', '2.4.1 a local number by IP phone keeps to the rule') from ticket_workflow.contact where contact_id = :failed;
select ticket_workflow.record_contact(:local_ticket, 'first_contact', 'mobile_phone', 'not_reached') as c \gset
select is(marks, '{}', '2.4.1 a local number that could not be reached by IP phone may be called by mobile') from ticket_workflow.contact where contact_id = :c;
select ticket_workflow.void_record('contact', :failed, '登记错误') \g /dev/null
select ticket_workflow.record_contact(:local_ticket, 'first_contact', 'mobile_phone', 'not_reached') as c \gset
select is(marks, '{mobile_before_ip_phone}', '2.4.1 a voided attempt is none') from ticket_workflow.contact where contact_id = :c;
select ticket_workflow.record_contact(:far_ticket, 'first_contact', 'ip_phone', 'reached') as c \gset
select is(marks, '{ip_phone_to_non_local}', '2.4.1 a non-local number by IP phone is recorded and marked') from ticket_workflow.contact where contact_id = :c;
select ticket_workflow.record_contact(:far_ticket, 'first_contact', 'mobile_phone', 'reached') as c \gset
select is(marks, '{}', '2.4.1 a non-local number by mobile keeps to the rule') from ticket_workflow.contact where contact_id = :c;
select ticket_workflow.record_contact(:mobile_ticket, 'first_contact', 'mobile_phone', 'reached') as c \gset
select is(marks, '{}', '2.4.1 where nobody knows whether a number is local nothing is marked') from ticket_workflow.contact where contact_id = :c;
select ticket_workflow.record_contact(:local_mobile, 'first_contact', 'mobile_phone', 'reached') as c \gset
select is(marks, '{mobile_before_ip_phone}', '2.4.1 a mobile that is local is called by IP phone first') from ticket_workflow.contact where contact_id = :c;

-- ---- 2.3.2.1: the center tells the caller

select pg_temp.at_time('2023-02-07 10:00+08');
select pg_temp.received('13812345678') as t \gset
select is(pg_temp.clock(:t, 'center_contact'), 'running', '2.3.2.1 the clock of the center''s contact runs');
select pg_temp.at_time('2023-02-07 11:00+08');
select ticket_workflow.record_contact(:t, 'center_notice', 'ip_phone', 'not_reached') \g /dev/null
select is(pg_temp.clock(:t, 'center_contact'), 'running', '2.3.2.1 a call that reached nobody does not end it');
select ticket_workflow.record_contact(:t, 'center_notice', 'wechat', 'sent') \g /dev/null
select is(pg_temp.clock(:t, 'center_contact'), 'running', '2.3.2.1 by telephone or text message, not by a WeChat nobody may read');
select ticket_workflow.record_contact(:t, 'first_contact', 'ip_phone', 'reached') \g /dev/null
select is(pg_temp.clock(:t, 'center_contact'), 'running', '2.3.2.1 the first contact is the handler''s, not the center''s');
select ticket_workflow.record_contact(:t, 'center_notice', 'sms', 'sent', '2023-02-07 10:30+08') as c \gset
select is(pg_temp.clock(:t, 'center_contact'), 'met 02-07 10:30', '2.3.2.1 C4 a text message of the center ends it, as of when it was sent');
select pg_temp.at_time('2023-02-07 12:30+08');
select ticket_workflow.record_contact(:t, 'center_notice', 'ip_phone', 'reached', '2023-02-07 10:10+08') \g /dev/null
select is(pg_temp.clock(:t, 'center_contact'), 'met 02-07 10:10', 'C4 an earlier fact entered later moves the end to when it happened');

-- the boundary: 120 minutes
select pg_temp.at_time('2023-02-07 10:00+08');
select pg_temp.received('13812345678') as t1, pg_temp.received('13812345678') as t2, pg_temp.received('13812345678') as t3 \gset
select pg_temp.at_time('2023-02-07 12:00+08');
select ticket_workflow.record_contact(:t1, 'center_notice', 'ip_phone', 'reached') \g /dev/null
select is(pg_temp.clock(:t1, 'center_contact'), 'met 02-07 12:00', '2.3.2.1 T3 at 120 minutes it is on time');
select pg_temp.at_time('2023-02-07 12:00:01+08');
select ticket_workflow.record_contact(:t2, 'center_notice', 'ip_phone', 'reached') \g /dev/null
select is(pg_temp.clock(:t2, 'center_contact'), 'late 02-07 12:00', '2.3.2.1 T3 one second later it is late');
select ticket_workflow.dispatch_ticket(:t3, 'cg', 'duty') \g /dev/null
select pg_temp.act_as('liaison');
select ticket_workflow.record_contact(:t3, 'center_notice', 'ip_phone', 'reached') \g /dev/null
select is(pg_temp.clock(:t3, 'center_contact'), 'running', '2.3.2.1 what a department tells the caller is not the center''s word');

-- C4: met in time, entered late; the escalation ends
select pg_temp.act_as('dispatcher');
select ticket_workflow.record_contact(:t3, 'center_notice', 'ip_phone', 'reached', '2023-02-07 11:59+08') as c \gset
select is(pg_temp.clock(:t3, 'center_contact'), 'met 02-07 11:59', 'C4 entered after the due time, met in time');
select is_empty(format($$select 1 from ticket_workflow.escalation e join ticket_workflow.clock c using (clock_id)
	where c.ticket_id = %s and c.clock = 'center_contact' and e.ended_at is null$$, :t3), 'C4 an escalation raised meanwhile has ended');
select ticket_workflow.void_record('联系记录', :c, '登记到了别的工单') \g /dev/null
select is(pg_temp.clock(:t3, 'center_contact'), 'running', 'S4 what a voided contact had ended runs again');

-- ---- 2.4.1: the first contact of the department: afternoon, so by 12:00 of the next day

select pg_temp.at_time('2023-02-07 13:00+08');
select pg_temp.accepted('13812345678') as m, pg_temp.accepted('021-62345678') as l, pg_temp.accepted() as anonymous \gset
select is(pg_temp.clock(:anonymous, 'first_contact'), null, '2.4.1 without contact details there is no clock of the first contact');
select is(pg_temp.missing(:anonymous), null,
	'2.4.1 without contact details nothing is missing');
select is(pg_temp.missing(:m), 'first_contact_missing 2.4.1 {}', '2.4.1 nobody was called yet');

-- three attempts, 30 minutes apart, each with its call log
select pg_temp.at_time('2023-02-07 17:00+08');
select ticket_workflow.record_contact(:l, 'first_contact', 'ip_phone', 'not_reached', '2023-02-07 14:00+08', call_log => 'file:1') as c1 \gset
select ticket_workflow.record_contact(:l, 'first_contact', 'ip_phone', 'not_reached', '2023-02-07 14:30+08', call_log => 'file:2') as c2 \gset
select is(pg_temp.clock(:l, 'first_contact'), 'running', '2.4.1 two attempts are not enough');
select ticket_workflow.record_contact(:l, 'first_contact', 'ip_phone', 'not_reached', '2023-02-07 14:59:59+08', call_log => 'file:3') as c3 \gset
select is(pg_temp.clock(:l, 'first_contact'), 'running', '2.4.1 a third attempt one second short of half an hour does not count');
select is(pg_temp.missing(:l), 'failed_contact_attempts 2.4.1 {3,30,3,2}', '2.4.1 what is missing is said in numbers');
select ticket_workflow.record_contact(:l, 'first_contact', 'ip_phone', 'not_reached', '2023-02-07 15:00+08') as c4 \gset
select is(pg_temp.clock(:l, 'first_contact'), 'running', '2.4.1 an attempt without its call log does not count');
select ticket_workflow.add_evidence(:l, '通话记录截图', 'file:4', contact_id => :c4, taken_at => '2023-02-07 15:20+08') as e4 \gset
select is(pg_temp.clock(:l, 'first_contact'), 'met 02-07 15:20', '2.4.1 C4 with the call log it counts, as of when that was taken; the attempt in between does no harm');
select ok(ticket_workflow.contact_valid(c), '2.4.1 a failed call with its log is valid') from ticket_workflow.contact c where contact_id = :c4;
select ticket_workflow.void_record('证据材料', :e4, '截图不是本次通话') \g /dev/null
select is(pg_temp.clock(:l, 'first_contact'), 'running', 'S4 with the log voided the contact has not failed properly');
select ok(not ticket_workflow.contact_valid(c), '2.4.1 a failed call without a log is not') from ticket_workflow.contact c where contact_id = :c4;
select ticket_workflow.add_evidence(:l, 'call_log', 'file:5', contact_id => :c4) \g /dev/null
select is(pg_temp.clock(:l, 'first_contact'), 'met 02-07 17:00', '2.4.1 a log that does not say when it was taken counts from when it was added');

-- a mobile is told in writing
select ticket_workflow.record_contact(:m, 'first_contact', 'mobile_phone', 'not_reached', at, call_log => 'file:' || at)
	from unnest(array['2023-02-07 14:00+08', '2023-02-07 14:30+08', '2023-02-07 15:00+08']::timestamptz[]) at \g /dev/null
select is(pg_temp.clock(:m, 'first_contact'), 'running', '2.4.1 a mobile needs a text message as well');
select is(pg_temp.missing(:m), 'failed_contact_text 2.4.1 {}', '2.4.1 only the text message is missing');
select ticket_workflow.record_contact(:m, 'first_contact', 'sms', 'sent', '2023-02-07 15:05+08') as sms \gset
select is(pg_temp.clock(:m, 'first_contact'), 'running', '2.4.1 a text message without its screenshot does not count');
select ticket_workflow.add_evidence(:m, 'sms_screenshot', 'file:6', contact_id => :sms, taken_at => '2023-02-07 15:10+08') \g /dev/null
select is(pg_temp.clock(:m, 'first_contact'), 'met 02-07 15:10', '2.4.1 with the screenshot the contact has properly failed');
-- a later success does not undo an earlier end, an earlier one precedes it
select ticket_workflow.record_contact(:m, 'first_contact', 'mobile_phone', 'reached', '2023-02-07 16:00+08') \g /dev/null
select is(pg_temp.clock(:m, 'first_contact'), 'met 02-07 15:10', '2.4.1 the first of reached and properly failed counts');
select ticket_workflow.record_contact(:m, 'first_contact', 'mobile_phone', 'reached', '2023-02-07 13:30+08') \g /dev/null
select is(pg_temp.clock(:m, 'first_contact'), 'met 02-07 13:30', '2.4.1 C4 reached before, entered later');

-- amounts are the rulebook's
select is((ticket_workflow.failed_contact(t, 1, null)).needed, 3, '2.4.1 three attempts by the norm') from ticket_workflow.ticket t where ticket_id = :m;

-- what was done before the dispatch, or under another, is not this department's
select pg_temp.at_time('2023-02-08 09:00+08');
select pg_temp.received('13812345678') as t \gset
select ticket_workflow.record_contact(:t, 'first_contact', 'mobile_phone', 'reached') as early \gset
select is(dispatch_round, 0, 'a contact before the dispatch belongs to none') from ticket_workflow.contact where contact_id = :early;
select pg_temp.at_time('2023-02-08 09:10+08');
select ticket_workflow.dispatch_ticket(:t, 'cg', 'duty') \g /dev/null
select pg_temp.at_time('2023-02-08 09:20+08');
select pg_temp.act_as('liaison');
select ticket_workflow.accept_ticket(:t) \g /dev/null
select is(pg_temp.clock(:t, 'first_contact'), 'running', '2.4.1 a contact before the dispatch is not the department''s first contact');
select ticket_workflow.record_contact(:t, 'first_contact', 'mobile_phone', 'reached', '2023-02-08 09:15+08') as between \gset
select is(pg_temp.clock(:t, 'first_contact'), 'met 02-08 09:15', '2.4.1 one between dispatch and acceptance is');
select pg_temp.act_as('dispatcher');
select pg_temp.at_time('2023-02-08 09:30+08');
select ticket_workflow.recall_ticket(:t, '派单有误') \g /dev/null
select ticket_workflow.dispatch_ticket(:t, 'fg', 'duty') \g /dev/null
select pg_temp.act_as('fg_liaison');
select ticket_workflow.accept_ticket(:t) \g /dev/null
select is(pg_temp.clock(:t, 'first_contact'), 'running', 'C2 the next department makes its own first contact');
select pg_temp.act_as('dispatcher');
select ticket_workflow.record_contact(:t, 'first_contact', 'mobile_phone', 'reached', '2023-02-08 09:25+08', organization => 'cg') as c \gset
select is(dispatch_round, 1, 'C4 a late entry belongs to the dispatch under which it happened') from ticket_workflow.contact where contact_id = :c;
select is(pg_temp.clock(:t, 'first_contact'), 'running', 'C2 and does nothing for the next department');

-- ---- 2.3.2.2: the site

select pg_temp.at_time('2023-02-07 10:00+08');
select pg_temp.accepted() as v1, pg_temp.accepted() as v2, pg_temp.accepted() as v3 \gset
select pg_temp.at_time('2023-02-08 09:00+08');
select ticket_workflow.record_site_visit(:v1) as visit \gset
select is(pg_temp.clock(:v1, 'site_visit'), 'running', '2.3.2.2 a visit without a photo does not count');
select ok(not ticket_workflow.site_visit_valid(v), '2.3.2.2 it is not valid') from ticket_workflow.site_visit v where visit_id = :visit;
select ticket_workflow.add_evidence(:v1, 'document', 'file:d', visit_id => :visit) \g /dev/null
select is(pg_temp.clock(:v1, 'site_visit'), 'running', '2.3.2.2 a document is no photo');
select ticket_workflow.add_evidence(:v1, 'photo', 'file:p') \g /dev/null
select is(pg_temp.clock(:v1, 'site_visit'), 'running', '2.3.2.2 a photo of something else is no photo of the visit');
select ticket_workflow.add_evidence(:v1, '照片', 'file:p', visit_id => :visit, taken_at => '2023-02-08 08:30+08') \g /dev/null
select is(pg_temp.clock(:v1, 'site_visit'), 'met 02-08 09:00', '2.3.2.2 with a photo it counts from the visit');
select ticket_workflow.record_site_visit(:v2, photos => '{file:a,file:b}', occurred_at => '2023-02-07 12:00+08') as visit \gset
select is(pg_temp.clock(:v2, 'site_visit'), 'met 02-07 12:00', '2.3.2.2 C4 photos that come with the record are of the moment of the visit');
select is(count(*), 2::bigint, '2.3.2.2 both photos are kept') from ticket_workflow.evidence where visit_id = :visit and kind = 'photo';
select pg_temp.fails(format($$select ticket_workflow.record_site_visit(%s, no_site => true)$$, :v3), 'TW009', '2.3.2.2', '理由', 'no site without saying why');
select ticket_workflow.record_site_visit(:v3, no_site => true, note => '政策咨询，无实际现场') as visit \gset
select is(pg_temp.clock(:v3, 'site_visit'), 'met 02-08 09:00', '2.3.2.2 where there is no site the declaration takes the photo''s place');
select ticket_workflow.void_record('site_visit', :visit, '有现场') \g /dev/null
select is(pg_temp.clock(:v3, 'site_visit'), 'running', 'S4 a voided declaration is none');

-- ---- 2.3.2.1: urgent on a rest day: reported to the district platform within 120 minutes

select pg_temp.at_time('2023-02-04 10:00+08');
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '求助', appeal => '水管爆裂', source => 'district', urgent => true, area => 'p1') as u \gset
select pg_temp.at_time('2023-02-04 12:00+08');
select pg_temp.fails(format($$select ticket_workflow.record_platform_report(%s, '区平台', '进展', ' ')$$, :u), 'TW006', null, 'receipt', 'a report without its receipt');
select ticket_workflow.record_platform_report(:u, 'city', '进展', 'S-1') \g /dev/null
select is(pg_temp.clock(:u, 'urgent_report'), 'running', '2.3.2.1 it goes to the district, not to the city');
select ticket_workflow.record_platform_report(:u, 'district', 'return', 'Q-0') \g /dev/null
select is(pg_temp.clock(:u, 'urgent_report'), 'running', '2.3.2.1 a return does not tell how the matter stands');
select ticket_workflow.record_platform_report(:u, '区平台', '进展', 'Q-1') as r \gset
select is(pg_temp.clock(:u, 'urgent_report'), 'met 02-04 12:00', '2.3.2.1 T3 reported at 120 minutes it is on time');
select ticket_workflow.void_record('platform_report', :r, '回执号有误') \g /dev/null
select pg_temp.at_time('2023-02-04 12:00:01+08');
select ticket_workflow.record_platform_report(:u, 'district', 'progress', 'Q-2') \g /dev/null
select is(pg_temp.clock(:u, 'urgent_report'), 'late 02-04 12:00', '2.3.2.1 one second later it is late');
select is(pg_temp.clock(:u, 'urgent_completion'), 'running', '2.3.2.1 progress is not completion');

-- ---- evidence

select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.act_as('liaison');
select pg_temp.fails(format($$select ticket_workflow.add_evidence(%s, 'photo', '')$$, :v1), 'TW006', null, 'uri', 'evidence that is nowhere');
select pg_temp.fails(format($$select ticket_workflow.add_evidence(%s, 'film', 'file:x')$$, :v1), 'TW006', null, 'film', 'an unknown kind of evidence');
select pg_temp.fails(format($$select ticket_workflow.add_evidence(%s, 'photo', 'file:x', 'abc')$$, :v1), 'TW006', null, 'abc', 'a digest that is none');
select pg_temp.fails(format($$select ticket_workflow.add_evidence(%s, 'photo', 'file:x', taken_at => '2023-02-08 10:00:01+08')$$, :v1), 'TW006', null, 'taken_at', 'a photo of the future');
select pg_temp.fails(format($$select ticket_workflow.add_evidence(%s, 'photo', 'file:x', visit_id => %s)$$, :v1, :visit), 'TW006', null, '没有这个现场查看', 'evidence of another ticket''s visit');
select pg_temp.fails(format($$select ticket_workflow.add_evidence(%s, 'call_log', 'file:x', contact_id => %s)$$, :v1, :c1), 'TW006', null, '没有这个联系记录', 'evidence of another ticket''s contact');
select ticket_workflow.add_evidence(:v1, 'photo', 'file:x', upper(repeat('ab', 32))) as e \gset
select is(sha256, repeat('ab', 32), 'a digest is kept in small letters') from ticket_workflow.evidence where evidence_id = :e;

-- ---- who may: by his post, and beyond the tolerance by the capability of his role

select pg_temp.act_as('fg_liaison');
select pg_temp.fails(format($$select ticket_workflow.record_contact(%s, 'first_contact', 'ip_phone', 'reached')$$, :v1), 'TW006', null, :'v1', 'design 8 what one may not see does not exist');
select pg_temp.act_as('leader');
select pg_temp.fails(format($$select ticket_workflow.record_contact(%s, 'first_contact', 'ip_phone', 'reached')$$, :v1), 'TW005', '2.4.1', 'leader', 'design 8 the supervising leader does not record contacts');
select pg_temp.act_as('liaison');
select pg_temp.fails(format($$select ticket_workflow.record_platform_report(%s, 'district', 'progress', 'Q')$$, :v1), 'TW005', '2.3.2.1', 'liaison', 'design 8 the department does not report to the platform');
select pg_temp.fails(format($$select ticket_workflow.void_record('platform_report', %s, '错')$$, (select max(platform_report_id) from ticket_workflow.platform_report)), 'TW006', null, '没有这个上报记录', 'design 8 nor void what it does not see');
select pg_temp.at_time('2023-02-08 10:00:01+08');
create role tw_test_application;
call ticket_workflow.grant_access('tw_test_application', 'application');
set local role tw_test_application;
select lives_ok(format($$select ticket_workflow.record_contact(%s, 'first_contact', 'mobile_phone', 'not_reached', '2023-02-07 10:00:01+08')$$, :v1),
	'C4 up to the tolerance an application enters what happened');
select pg_temp.fails(format($$select ticket_workflow.record_contact(%s, 'first_contact', 'mobile_phone', 'not_reached', '2023-02-07 10:00:00+08')$$, :v1), 'TW005', null, '24', 'C4 beyond it a contact needs the capability manager');
select pg_temp.fails(format($$select ticket_workflow.record_site_visit(%s, occurred_at => '2023-02-07 10:00:00+08')$$, :v1), 'TW005', null, '24', 'C4 so does a visit');
reset role;
call ticket_workflow.grant_access('tw_test_application', 'manager');
set local role tw_test_application;
select ticket_workflow.record_site_visit(:v1, occurred_at => '2023-02-07 10:00:00+08') as visit \gset
reset role;
select is(marks, '{late_entry}', 'C4 with it, it is recorded and marked') from ticket_workflow.site_visit where visit_id = :visit;
select pg_temp.at_time('2023-02-08 10:00+08');

-- ---- guards: voided once, with a reason; never changed, never deleted; the API and the owner's plain UPDATE alike

select pg_temp.fails(format($$select ticket_workflow.void_record('evidence', %s, ' ')$$, :e), 'TW009', 'S4', '理由', 'S4 voided without a reason');
select pg_temp.fails($$select ticket_workflow.void_record('evidence', 1000000099999, '错')$$, 'TW006', null, '1000000099999', 'S4 a record that does not exist');
select pg_temp.fails(format($$select ticket_workflow.void_record('ticket', %s, '错')$$, :v1), 'TW006', null, 'ticket', 'S4 a ticket is withdrawn, not voided');
select ticket_workflow.void_record('evidence', :e, '拍错了') as ticket \gset
select is(:ticket, :v1, 'S4 void_record returns the ticket');
select results_eq(format($$select voided_at, voided_by, void_reason from ticket_workflow.evidence where evidence_id = %s$$, :e),
	$$values ('2023-02-08 10:00+08'::timestamptz, 'liaison', '拍错了')$$, 'S4 when, by whom and why it was voided is kept');
select is((select j.details ->> 'evidence_id' from ticket_workflow.journal j where j.ticket_id = :v1 and j.kind = 'void_record' order by seq desc limit 1),
	:e::text, 'S4 the journal has the voided record');
select pg_temp.fails(format($$select ticket_workflow.void_record('evidence', %s, '再作废')$$, :e), 'TW010', 'S4', '作废', 'S4 voided twice');

create temp table fact as
select * from (values
	('contact', 'contact_id', (select max(contact_id) from ticket_workflow.contact where voided_at is null), 'note'),
	('site_visit', 'visit_id', (select max(visit_id) from ticket_workflow.site_visit where voided_at is null), 'note'),
	('platform_report', 'platform_report_id', (select max(platform_report_id) from ticket_workflow.platform_report where voided_at is null), 'receipt'),
	('evidence', 'evidence_id', (select max(evidence_id) from ticket_workflow.evidence where voided_at is null), 'uri')) f (kind, key, id, col);
select pg_temp.fails(format('update ticket_workflow.%I set %I = %L where %I = %s', kind, col, 'x', key, id), 'TW010', 'S4', kind,
	format('S4 plain UPDATE of a column of %s', kind)) from fact;
select pg_temp.fails(format('update ticket_workflow.%I set %I = %L, voided_at = now(), void_reason = %L where %I = %s', kind, col, 'x', 'r', key, id), 'TW010', 'S4', kind,
	format('S4 plain UPDATE that changes and voids %s', kind)) from fact;
select pg_temp.fails(format('delete from ticket_workflow.%I where %I = %s', kind, key, id), 'TW010', 'S4', kind,
	format('S4 DELETE of %s', kind)) from fact;
select pg_temp.fails(format('truncate ticket_workflow.%I cascade', kind), 'TW010', 'S4', '',
	format('S4 TRUNCATE of %s', kind)) from fact;
select pg_temp.fails(format('update ticket_workflow.%I set voided_at = now(), void_reason = %L where %I = %s', kind, ' ', key, id), 'TW009', 'S4', '理由',
	format('S4 plain UPDATE that voids %s without a reason', kind)) from fact;
select lives_ok(format('update ticket_workflow.%I set voided_at = %L, voided_by = %L, void_reason = %L where %I = %s', kind, '2020-01-01', 'somebody', '登记错误', key, id),
	format('S4 plain UPDATE that voids %s with a reason is allowed', kind)) from fact;
create function pg_temp.voided(kind text, key text, id bigint) returns text language plpgsql as $$
declare
	answer text;
begin
	execute format('select concat_ws('' '', voided_at = ticket_workflow.now(), voided_by) from ticket_workflow.%I where %I = $1', kind, key) into answer using id;
	return answer;
end $$;
select is(pg_temp.voided(kind, key, id), 't liaison', format('S4 when and by whom %s was voided is not for the UPDATE to say', kind)) from fact;
select is((select count(*) from ticket_workflow.journal j where j.kind = 'void_record' and (j.details ->> f.key)::bigint = f.id), 1::bigint,
	format('S4 a plain UPDATE that voids %s is journalled too', f.kind)) from fact f;
select pg_temp.fails(format('update ticket_workflow.%I set voided_at = null, void_reason = null, voided_by = null where %I = %s', kind, key, id), 'TW010', 'S4', '作废',
	format('S4 %s cannot be unvoided', kind)) from fact;

select * from finish();
rollback;
