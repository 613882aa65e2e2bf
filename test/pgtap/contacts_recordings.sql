-- Recordings that are missing are asked for and can be declared absent; callbacks (2.3.3, 2.4.2, 3.8).
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/facts.sql
select no_plan();

create function pg_temp.missing_recordings(ticket bigint) returns text language sql as $$
	select string_agg(subject, ',' order by subject) from ticket_workflow.missing_recordings(ticket) $$;
create function pg_temp.notices(ticket bigint) returns text language sql as $$
	select string_agg(o.code || ':' || n.args[2], ',' order by o.code, n.args[2])
	from ticket_workflow.notice n join ticket_workflow.official o on o.official_id = n.recipient_id
	where n.ticket_id = ticket and n.message = 'notice_recording_missing' $$;
create function pg_temp.submit(ticket bigint) returns bigint language sql as $$
	select ticket_workflow.submit_report(ticket_workflow.save_report(ticket,
'2023年2月7日10时先行联系诉求人，核实反映的楼道堆物情况属实。经现场查看，2月7日下午已清理完毕，2月7日16时已电话回复诉求人，诉求人表示满意。责任人：李明，联系电话：62345678。附回复录音和现场照片。',
		fact_finding => '属实', claim_finding => '诉求合理合法', handling_result => '实际解决',
		responsible_person => '李明', responsible_phone => '021-62345678'));
	select (select r.report_id from ticket_workflow.report r where r.ticket_id = submit.ticket order by version desc limit 1) $$;

-- ---- 2.3.3, 2.4.2: which recordings are missing

select pg_temp.at_time('2023-02-07 10:00+08');
select pg_temp.accepted('13812345678') as t \gset
select pg_temp.at_time('2023-02-07 11:00+08');
select is(pg_temp.missing_recordings(:t), null, '2.4.2 where nobody was called no recording is missing');
select ticket_workflow.record_contact(:t, 'first_contact', 'mobile_phone', 'not_reached') \g /dev/null
select is(pg_temp.missing_recordings(:t), null, '2.4.2 a call that reached nobody has none');
select ticket_workflow.record_contact(:t, 'first_contact', '上门', 'reached') \g /dev/null
select is(pg_temp.missing_recordings(:t), null, '2.4.2 a visit has none');
select ticket_workflow.record_contact(:t, 'first_contact', 'mobile_phone', 'reached') as first \gset
select is(pg_temp.missing_recordings(:t), 'first_contact', '2.4.2 the first contact needs its recording');
select ticket_workflow.record_contact(:t, 'reply', 'ip_phone', 'reached') as reply \gset
select is(pg_temp.missing_recordings(:t), 'first_contact,reply', '2.3.3 so does the reply');
select results_eq(format($$select message, clause, args[2]::bigint from ticket_workflow.recording_problems(%s)$$, :t),
	format($$values ('recording_missing', '2.4.2', %s::bigint), ('recording_missing', '2.3.3', %s)$$, :first, :reply),
	'2.3.3 2.4.2 as problems, each with its clause and contact');
select ticket_workflow.add_evidence(:t, 'recording', 'file:other.mp3') \g /dev/null
select is(pg_temp.missing_recordings(:t), 'first_contact,reply', '2.4.2 a recording of something else is none');
select ticket_workflow.add_evidence(:t, '录音', 'file:first.mp3', contact_id => :first) as e \gset
select is(pg_temp.missing_recordings(:t), 'reply', '2.4.2 with its recording the first contact is complete');
select ticket_workflow.void_record('evidence', :e, '录音不对') \g /dev/null
select is(pg_temp.missing_recordings(:t), 'first_contact,reply', '2.4.2 a voided recording is none');
select ticket_workflow.record_contact(:t, 'first_contact', 'ip_phone', 'reached', recording => 'file:second.mp3') as second \gset
select is(pg_temp.missing_recordings(:t), 'reply', '2.4.2 one recorded call of the first contact is enough');
select ticket_workflow.void_record('contact', :second, '不是本工单') \g /dev/null
select is(pg_temp.missing_recordings(:t), 'first_contact,reply', '2.4.2 the recording of a voided contact is none');

-- ---- declared absent, with a reason

select pg_temp.fails(format($$select ticket_workflow.declare_absent(%s, 'first_contact', 'recording', '')$$, :t), 'TW009', '2.4.2', '理由', '2.4.2 declared absent without a reason');
select pg_temp.fails(format($$select ticket_workflow.declare_absent(%s, 'first_contact', 'signature_image', '丢失')$$, :t), 'TW006', '2.2.2', '签字', '2.2.2 an image of a signature cannot be waived');
select pg_temp.fails(format($$select ticket_workflow.declare_absent(%s, 'meeting', 'recording', '丢失')$$, :t), 'TW006', null, 'meeting', 'declared absent of something unknown');
select ticket_workflow.declare_absent(:t, '先行联系', '录音', '手机损坏，录音丢失') as absence \gset
select is(pg_temp.missing_recordings(:t), 'reply', '2.4.2 declared absent, it is no longer missing');
select pg_temp.fails(format($$select ticket_workflow.declare_absent(%s, 'first_contact', 'recording', '再说一次')$$, :t), 'TW006', null, '先行联系', '2.4.2 declared twice');
select ticket_workflow.void_record('缺少说明', :absence, '录音找到了') \g /dev/null
select is(pg_temp.missing_recordings(:t), 'first_contact,reply', '2.4.2 a voided declaration is none');
select lives_ok(format($$select ticket_workflow.declare_absent(%s, 'first_contact', 'recording', '找到的不是')$$, :t), '2.4.2 after which it can be declared anew');
select pg_temp.fails(format($$update ticket_workflow.evidence_absence set reason = 'x' where absence_id = %s$$, :absence), 'TW010', 'S4', '作废', 'S4 plain UPDATE of a voided declaration');
select pg_temp.fails(format($$update ticket_workflow.evidence_absence set reason = 'x' where ticket_id = %s and voided_at is null$$, :t), 'TW010', 'S4', 'evidence_absence', 'S4 plain UPDATE of a declaration');
select pg_temp.fails(format($$delete from ticket_workflow.evidence_absence where ticket_id = %s$$, :t), 'TW010', 'S4', 'evidence_absence', 'S4 DELETE of a declaration');

-- another department's declaration is not this one's
select pg_temp.at_time('2023-02-07 12:00+08');
select pg_temp.act_as('dispatcher');
select ticket_workflow.recall_ticket(:t, '派单有误') \g /dev/null
select ticket_workflow.dispatch_ticket(:t, 'fg', 'duty') \g /dev/null
select pg_temp.act_as('fg_liaison');
select ticket_workflow.accept_ticket(:t) \g /dev/null
select is(pg_temp.missing_recordings(:t), null, '2.4.2 calls of the department before are not asked for again');
select ticket_workflow.record_contact(:t, 'first_contact', 'mobile_phone', 'reached') as third \gset
select is(pg_temp.missing_recordings(:t), 'first_contact', '2.4.2 the next department records its own');

-- ---- the notice: when the report comes without them, to the department and the information officer

select is(pg_temp.notices(:t), null, '2.3.3 nobody is asked while the report is not there');
select pg_temp.at_time('2023-02-07 16:00+08');
select ticket_workflow.record_contact(:t, 'reply', 'ip_phone', 'reached', recording => 'file:reply.mp3') \g /dev/null
select ticket_workflow.record_site_visit(:t, photos => '{file:site.jpg}') \g /dev/null
select pg_temp.submit(:t) as report \gset
select is(state, 'reported', '2.3.3 the report can be submitted without the recording') from ticket_workflow.ticket where ticket_id = :t;
select is(pg_temp.notices(:t), 'fg_liaison:@contact_purpose:first_contact,officer:@contact_purpose:first_contact',
	'2.3.3 the missing recording is asked for of the department and the information officer, the one that is there is not');
select is(ticket_workflow.notice_text(message, args), format('工单 %s 的先行联系（2023-02-07 12:00）没有录音，请在拨打电话的手机中查找后补传，或说明原因', :t),
	'2.3.3 the notice says which call') from ticket_workflow.notice where ticket_id = :t and message = 'notice_recording_missing' limit 1;
select is(count(*), 1::bigint, '2.3.3 the asking is journalled') from ticket_workflow.journal where ticket_id = :t and kind = 'recording_asked_for';
select pg_temp.act_as('dispatcher');
select pg_temp.fails(format($$select ticket_workflow.review_report(%s, true)$$, :report), 'TW008', '2.4.2', '先行联系', '2.4.2 the report does not pass without the recording');
select pg_temp.act_as('fg_liaison');
select ticket_workflow.add_evidence(:t, 'recording', 'file:third.mp3', contact_id => :third) \g /dev/null
select pg_temp.act_as('dispatcher');
select pg_temp.fails(format($$select ticket_workflow.record_callback(%s, '满意', true)$$, :t), 'TW001', '3.8', '回访', '3.8 a callback before there is a result');
select pg_temp.fails(format($$select ticket_workflow.record_contact(%s, 'callback', 'ip_phone', 'not_reached')$$, :t), 'TW001', '3.8', '回访', '3.8 nor as a plain contact');
select lives_ok(format($$select ticket_workflow.review_report(%s, true)$$, :report), '2.4.2 with the recording it passes');

-- ---- 3.8: callback

select pg_temp.at_time('2023-02-08 10:00+08');
select ticket_workflow.record_callback(:t, '满意', true, recording => 'file:callback.mp3') as c \gset
select results_eq(format($$select purpose, satisfaction, solved, o.code from ticket_workflow.contact join ticket_workflow.organization o using (organization_id) where contact_id = %s$$, :c),
	$$values ('callback', 'satisfied', true, 'yc')$$, '3.8 what the petitioner says is kept, as the center''s contact');
select is((select details ->> 'satisfaction' from ticket_workflow.journal where ticket_id = :t and kind = 'record_callback'), 'satisfied', '3.8 the journal has it');
select ticket_workflow.record_callback(:t, '不满意', false, '处置') as c \gset
select results_eq(format($$select satisfaction, dissatisfied_with from ticket_workflow.contact where contact_id = %s$$, :c),
	$$values ('dissatisfied', 'handling')$$, '3.8.1 with what he is dissatisfied');
select pg_temp.fails(format($$select ticket_workflow.record_callback(%s, '满意', true, '态度')$$, :t), 'TW006', '3.8', '不满意', '3.8.1 satisfied, but with what dissatisfied');
select pg_temp.fails(format($$select ticket_workflow.record_callback(%s)$$, :t), 'TW006', null, 'satisfaction', '3.8 reached, and nothing asked');
select pg_temp.fails(format($$select ticket_workflow.record_callback(%s, '满意', outcome => 'not_reached')$$, :t), 'TW006', '3.8', '满意度', '3.8 nobody reached, and satisfied');
select lives_ok(format($$select ticket_workflow.record_callback(%s, outcome => '未联系上')$$, :t), '3.8 an attempt is recorded as well');
select pg_temp.fails(format($$select ticket_workflow.record_callback(%s, '很好')$$, :t), 'TW006', null, '很好', '3.8 an unknown value of satisfaction');

-- 2.3.5: a review of our own is a setting, off by default
select is(count(*), 0::bigint, '2.3.5 a dissatisfied callback opens no review of our own by default') from ticket_workflow.ticket_original where original_id = :t;
select ticket_workflow.set_rulebook_setting('yichuan_2023', 'review_after_callback', 'on');
select ticket_workflow.record_callback(:t, '满意', true) \g /dev/null
select is(count(*), 0::bigint, '2.3.5 nor does a satisfied one where it is on') from ticket_workflow.ticket_original where original_id = :t;
select ticket_workflow.record_callback(:t, '基本满意', false) \g /dev/null
select results_eq(format($$select t.kind, t.state, t.category, p.phone from ticket_workflow.ticket_original o
		join ticket_workflow.ticket t using (ticket_id) join ticket_workflow.petitioner p using (petitioner_id) where o.original_id = %s$$, :t),
	$$values ('callback_review', 'received', 'complaint', '13812345678')$$, '2.3.5 where it is on, an unsolved one opens a review of the same matter and person');

select * from finish();
rollback;
