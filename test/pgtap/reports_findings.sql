-- What the ticket's rows say of a report, clause by clause: the case that is right, the nearest that is not.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/report_desk.sql
select no_plan();

-- codes and severities of a check, in order
create function pg_temp.found(report bigint) returns text language sql as $$
	select coalesce(string_agg(f.code || ':' || f.severity, ' ' order by f.code), '') from ticket_workflow.check_report(report) f
	where not ticket_workflow.finding_of_text(f.code) or f.code ~ '^N' $$;

-- ---- nothing wrong

select pg_temp.accepted_ticket() as ticket \gset
select pg_temp.saved_report(:ticket) as report \gset
select is(pg_temp.found(:report), '', '2.3.3 a report with everything has no findings of its rows');

-- ---- A3, A5, 2.4.3: chosen or not

select ticket_workflow.save_report(:ticket, '文') as report \gset
select is(pg_temp.found(:report), 'claim_finding:reject fact_finding:reject handling_result:reject', 'A3 2.4.3 what was not chosen');
select pg_temp.saved_report(:ticket, result => '解释说明');
select is(pg_temp.found(:report), 'relation:reject', 'A5 a warned combination needs a reason');
select ticket_workflow.save_report(:ticket, '文', fact_finding => '属实', claim_finding => '诉求合理合法', handling_result => '解释说明',
	relation_reason => '已说明');
select is(pg_temp.found(:report), 'relation:advice', 'A5 with a reason it is advice');
select pg_temp.saved_report(:ticket, result => '参考备案');
select is(pg_temp.found(:report), 'relation:reject', 'A5 so does what the table does not list');
select pg_temp.saved_report(:ticket, claim => '无政策依据', result => '解释说明');
select is(pg_temp.found(:report), '', 'A5 an allowed one needs none');

-- the category was corrected after the findings were chosen
savepoint category;
update ticket_workflow.ticket set category = 'suggestion' where ticket_id = :ticket;
select is(pg_temp.found(:report), 'claim_finding:reject fact_finding:reject relation:reject', 'A3 findings of the category before do not fit');
rollback to category;
select pg_temp.accepted_ticket(category => 'suggestion') as other \gset
select ticket_workflow.save_report(:other, '文', fact_finding => '采纳', handling_result => '实际解决') as other_report \gset
select is(pg_temp.found(:other_report), '', 'A5 a suggestion has no claim finding, and needs none');

-- ---- 2.3.3.2: unsolved

select pg_temp.at_time('2023-02-07 10:00+08'), pg_temp.act_as('rp_author');
create function pg_temp.found_with_plan(ticket bigint, plan text, until date) returns text language sql as $$
	select pg_temp.found(ticket_workflow.save_report(ticket, '文', fact_finding => '属实', claim_finding => '其他', handling_result => '未解决',
		relation_reason => '因', plan => plan, plan_until => until)) $$;
select is(pg_temp.found_with_plan(:ticket, p.plan, p.until::date), p.expected, '2.3.3.2 ' || p.what)
from (values (1, null, null, 'plan:reject relation:advice', 'unsolved without a plan'), (2, '更换', null, 'plan:reject relation:advice', 'a plan without a time'),
	(3, null, '2023-03-01', 'plan:reject relation:advice', 'a time without a plan'), (4, '更换', '2023-02-06', 'plan:reject relation:advice', 'a time that has passed'),
	(5, '更换', '2023-02-07', 'relation:advice', 'today is still to come'), (6, '更换', '2023-03-01', 'relation:advice', 'plan and time'))
	as p (nr, plan, until, expected, what)
order by p.nr;

-- ---- 2.4.1, 2.4.2, 2.3.3.1: contacts and recordings

select pg_temp.accepted_ticket(facts => false) as ticket \gset
select pg_temp.saved_report(:ticket) as report \gset
select is(pg_temp.found(:report), 'first_contact:reject reply:reject site_visit:reject', '2.4.1 2.3.2.2 nothing was done yet');
select ticket_workflow.record_site_visit(:ticket, photos => array['file:1']);
select ticket_workflow.record_contact(:ticket, 'first_contact', 'ip_phone', 'reached') as first \gset
select is(pg_temp.found(:report), 'recording:reject reply:reject', '2.4.2 a call without its recording');
select ticket_workflow.add_evidence(:ticket, 'recording', 'file:2', contact_id => :first);
select is(pg_temp.found(:report), 'reply:reject', '2.4.2 the recording is there');
savepoint reply;
select ticket_workflow.declare_absent(:ticket, 'reply', 'recording', '录音损坏');
select is(pg_temp.found(:report), '', '2.3.3.1 the reply''s recording is declared absent');
rollback to reply;
select ticket_workflow.record_contact(:ticket, 'reply', 'ip_phone', 'not_reached', call_log => 'file:3');
select is(pg_temp.found(:report), 'reply:reject', '2.3.3.1 a reply that reached nobody is none');
savepoint reply;
select ticket_workflow.record_contact(:ticket, 'reply', 'visit', 'reached');
select is(pg_temp.found(:report), '', '2.3.3.1 who was told in person has no recording');
rollback to reply;
select ticket_workflow.record_contact(:ticket, 'reply', 'ip_phone', 'reached') as reply \gset
select is(pg_temp.found(:report), 'recording:reject', '2.3.3.1 a call in reply without its recording');
select ticket_workflow.add_evidence(:ticket, 'recording', 'file:4', contact_id => :reply) as recording \gset
select is(pg_temp.found(:report), '', '2.3.3.1 with its recording');
select ticket_workflow.void_record('evidence', :recording, '录错');
select is(pg_temp.found(:report), 'recording:reject', '2.3.3.1 a voided recording is none');
select ticket_workflow.void_record('contact', :first, '录错');
select is(pg_temp.found(:report), 'first_contact:reject recording:reject', '2.4.1 a voided contact is none');

-- three failed attempts, half an hour apart, with call logs and a text message
select pg_temp.accepted_ticket(facts => false) as ticket \gset
select pg_temp.saved_report(:ticket) as report \gset
select ticket_workflow.record_site_visit(:ticket, photos => array['file:1']);
select ticket_workflow.record_contact(:ticket, 'first_contact', 'ip_phone', 'not_reached', occurred_at => '2023-02-07 09:20+08', call_log => 'file:1');
select ticket_workflow.record_contact(:ticket, 'first_contact', 'mobile_phone', 'not_reached', occurred_at => '2023-02-07 09:50+08', call_log => 'file:2');
select is(pg_temp.found(:report), 'first_contact:reject first_contact:reject reply:reject', '2.4.1 two attempts and no text message');
select pg_temp.at_time('2023-02-07 10:25+08');
select ticket_workflow.record_contact(:ticket, 'first_contact', 'mobile_phone', 'not_reached', occurred_at => '2023-02-07 10:20+08', call_log => 'file:3');
select ticket_workflow.record_contact(:ticket, 'first_contact', 'sms', 'sent', sms_screenshot => 'file:4');
select is(pg_temp.found(:report), '', '2.4.1 contact properly failed: neither contact nor reply is missing');

-- nobody to call
select pg_temp.accepted_ticket(phone => null) as ticket \gset
select pg_temp.saved_report(:ticket) as report \gset
select is(pg_temp.found(:report), '', '2.4.1 without contact details nobody is called');

-- ---- 2.3.2.2: the site

select pg_temp.accepted_ticket(phone => null, facts => false) as ticket \gset
select pg_temp.saved_report(:ticket) as report \gset
select is(pg_temp.found(:report), 'site_visit:reject', '2.3.2.2 the site was not seen');
savepoint site;
select ticket_workflow.record_site_visit(:ticket, no_site => true, note => '咨询事项');
select is(pg_temp.found(:report), '', '2.3.2.2 there is no site');
rollback to site;
select ticket_workflow.record_site_visit(:ticket);
select is(pg_temp.found(:report), 'site_visit:reject', '2.3.2.2 a visit without a photo');
select ticket_workflow.declare_absent(:ticket, 'site_visit', 'photo', '涉及隐私不宜拍摄');
select is(pg_temp.found(:report), '', '2.3.2.2 a visit whose photo is declared absent');

-- ---- 2.3.4: 不属实

select pg_temp.accepted_ticket(phone => null, facts => false) as ticket \gset
select ticket_workflow.record_site_visit(:ticket, no_site => true, note => '无现场');
select pg_temp.saved_report(:ticket, fact => '不属实', claim => '无政策依据', result => '解释说明', body => '经查，该处不存在违章。') as report \gset
select is(pg_temp.found(:report), 'basis:reject', '2.3.4 unfounded without evidence');
select ticket_workflow.add_evidence(:ticket, 'document', 'file:basis');
select is(pg_temp.found(:report), '', '2.3.4 with evidence and conclusion');
select pg_temp.saved_report(:ticket, fact => '不属实', claim => '无政策依据', result => '解释说明', body => '经查，情况不属实。');
select is(pg_temp.found(:report), 'N1:reject', '2.3.4 without concluding words');
select pg_temp.saved_report(:ticket, fact => '部分属实', claim => '无政策依据', result => '解释说明', body => '经查，情况不属实。');
select is(pg_temp.found(:report), '', '2.3.4 partly founded needs neither');

-- ---- 2.3.6: repeated petitions

select pg_temp.accepted_ticket(phone => '13900139000', matter => 'noise', place => '甲地') as one \gset
select pg_temp.accepted_ticket(phone => '13900139000', matter => 'noise', place => '乙地') as two \gset
select pg_temp.accepted_ticket(phone => '13900139000', matter => 'noise', place => '丙地') as three \gset
select is(array(select ticket_workflow.repeat_kind_of(:two)), '{}', '2.3.6.1 the second time is none too many');
select is(array(select ticket_workflow.repeat_kind_of(:three)), '{same_person}', '2.3.6.1 the third time of one person');
select is(array(select ticket_workflow.repeat_kind_of(:one)), '{}', '2.3.6.1 the first does not become a repetition');
select pg_temp.saved_report(:three) as report \gset
select is(pg_temp.found(:report), 'N2:review', '2.3.6.1 earlier handling is to be told');
select pg_temp.saved_report(:three, body => '此前已两次处理。');
select is(pg_temp.found(:report), '', '2.3.6.1 it is told');
select pg_temp.accepted_ticket(phone => '13900139000', matter => 'light', place => '丁地') as other \gset
select is(array(select ticket_workflow.repeat_kind_of(:other)), '{}', '2.3.6.1 another matter is no repetition');

select pg_temp.accepted_ticket(phone => '13900139001', matter => 'noise', place => '戊地') as one \gset
select pg_temp.accepted_ticket(phone => '13900139002', matter => 'noise', place => '戊地') as two \gset
select is(array(select ticket_workflow.repeat_kind_of(:one)), '{}', '2.3.6.2 one person is not several');
select is(array(select ticket_workflow.repeat_kind_of(:two)), '{several_persons}', '2.3.6.2 two persons, same matter and place');
select pg_temp.saved_report(:two) as report \gset
select is(pg_temp.found(:report), 'N2:review N3:review N4:review', '2.3.6.2 earlier handling, background and ticket numbers');
select pg_temp.saved_report(:two, body => '背景：该处前期已处理，工单号：' || :one);
select is(pg_temp.found(:report), '', '2.3.6.2 all three are told');
savepoint span;
update ticket_workflow.rulebook_setting set value = '0' where rulebook = 'yichuan_2023' and name = 'repeat_span_days';
select is(array(select ticket_workflow.repeat_kind_of(:two)), '{}', '2.3.6.2 outside the span of time nothing repeats');
rollback to span;

select pg_temp.accepted_ticket(phone => '13900139003', matter => 'noise', place => '己地');
select pg_temp.accepted_ticket(phone => '13900139003', matter => 'light', place => '庚地') as ticket \gset
savepoint matters;
update ticket_workflow.rulebook_setting set value = '2' where rulebook = 'yichuan_2023' and name = 'repeat_several_matters';
select is(pg_temp.found(pg_temp.saved_report(:ticket)), 'coordination:advice', '2.3.6.3 several matters of one person are shown, not held up');
rollback to matters;
select is(pg_temp.found(pg_temp.saved_report(:ticket)), '', '2.3.6.3 below the threshold');

-- ---- 2.3.1, A4.2.7: assisting departments

select pg_temp.accepted_ticket() as ticket \gset
insert into ticket_workflow.ticket_assist (assist_id, center_id, ticket_id, organization_id, asked_at)
	values (77000000000001, 77, :ticket, 77000000000003, '2023-02-07 09:00+08');
select pg_temp.saved_report(:ticket) as report \gset
select is(pg_temp.found(:report), 'assistance:review', '2.3.1 an assisting department without a result');
update ticket_workflow.ticket_assist set done_at = '2023-02-07 09:30+08', result = '已修剪' where ticket_id = :ticket;
select is(pg_temp.found(:report), 'assistance:review', 'A4.2.7 its result is not in the report');
select pg_temp.saved_report(:ticket, body => '绿化所已修剪树枝。');
select is(pg_temp.found(:report), '', 'A4.2.7 it is');

-- ---- A4.1: fields and facts count as elements

create or replace function ticket_workflow.report_text_findings(report_id bigint)
	returns table (code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text)
	language sql stable as $$
	select e, 'reject', null::integer, null::integer, null::text, 'missing ' || e, 'A4.1.1' from unnest('{E1,E2,E3,E4,E5,E6,E7,P5}'::text[]) e $$;
create function pg_temp.rejected(report bigint) returns text language sql as $$
	select coalesce(string_agg(f.code, ' ' order by f.code), '') from ticket_workflow.check_report(report) f
	where f.severity = 'reject' and f.code ~ '^[EP]' $$;
select pg_temp.accepted_ticket(facts => false) as ticket \gset
select ticket_workflow.save_report(:ticket, '文') as report \gset
select is(pg_temp.rejected(:report), 'E1 E2 E3 E4 E5 E6 E7 P5', 'A4.1 what neither text nor rows have is missing');
select ticket_workflow.save_report(:ticket, '文', fact_finding => '属实', responsible_person => '李明', responsible_phone => '62345678');
select p.phone from ticket_workflow.ticket t join ticket_workflow.petitioner p using (petitioner_id) where t.ticket_id = :ticket \gset
select is(pg_temp.rejected(:report), 'E1 E3 E4 E7 P5', 'A4.1 finding, person and telephone stand in fields');
create function pg_temp.rejected_with_phone(ticket bigint, phone text) returns text language sql as $$
	select pg_temp.rejected(ticket_workflow.save_report(ticket, '文', fact_finding => '属实', responsible_person => '李明', responsible_phone => phone)) $$;
select is(pg_temp.rejected_with_phone(:ticket, p.phone), 'E1 E3 E4 E6 E7 P5', 'A4.1.6 ' || p.phone || ' is no telephone of the handler')
from (values ('12345'), (:'phone'), ('021-12345')) as p (phone);
select pg_temp.facts_of(:ticket);
select pg_temp.saved_report(:ticket);
select is(pg_temp.rejected(:report), 'E3 E4 P5', 'A4.1 contact, reply and attachments are recorded');
select pg_temp.accepted_ticket(phone => null) as ticket \gset
select is(pg_temp.rejected(pg_temp.saved_report(:ticket)), 'E1 E3 E4 E7', 'A4.2.5 nobody to ask, but photos of the site');

select * from finish();
rollback;
