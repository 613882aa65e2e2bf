-- Which signatures are needed, and which one counts (2.2.2, 2.3.4, 2.3.5, 2.3.6, A3).
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/report_desk.sql
select no_plan();

create function pg_temp.needed(subject text, id bigint) returns text language sql as $$
	select coalesce(string_agg(rule || case when approval_id is null then '' else '+' end, ' ' order by rule), '')
	from ticket_workflow.required_signatures(subject, id) $$;

-- ---- A3: starred findings, per category

select is(pg_temp.needed('report', pg_temp.saved_report(pg_temp.accepted_ticket(category => c.category), fact => c.fact, claim => c.claim, result => '解释说明')),
	c.needed, format('A3 %s of a %s: %s', c.fact, c.category, coalesce(nullif(c.needed, ''), 'no signature')))
from (values ('complaint', '属实', '其他', ''), ('complaint', '部分属实', '其他', ''), ('complaint', '不属实', '其他', 'starred_finding'),
	('help', '不属实', '其他', 'starred_finding'), ('suggestion', '采纳', null, ''), ('suggestion', '部分采纳', null, ''),
	('suggestion', '留作参考', null, 'starred_finding'), ('suggestion', '不采纳', null, 'starred_finding'),
	('consultation', '有政策信息', null, ''), ('consultation', '无政策信息', null, 'starred_finding'),
	('consultation', '对政策解释不接受', null, 'starred_finding')) as c (category, fact, claim, needed);
-- the category alone decides what its finding means
select is(pg_temp.needed('report', ticket_workflow.save_report(pg_temp.accepted_ticket(), '文')), '', 'A3 nothing chosen, nothing to sign');

-- ---- 2.3.5: source and kind

select is(pg_temp.needed('report', pg_temp.saved_report(pg_temp.accepted_ticket(source => 'district'), fact => '不属实')),
	'district_unfounded starred_finding', '2.3.5 unfounded, from the district');
select is(pg_temp.needed('report', pg_temp.saved_report(pg_temp.accepted_ticket(source => 'district'), fact => '部分属实')), '',
	'2.3.5 partly founded, from the district');
select is(pg_temp.needed('report', pg_temp.saved_report(pg_temp.accepted_ticket(kind => 'callback_review'))), 'callback_review',
	'2.3.5 a callback review, whatever its finding');

-- ---- 2.3.6: repetition

select pg_temp.accepted_ticket(phone => '13900139000', matter => 'noise', place => '甲地');
select pg_temp.accepted_ticket(phone => '13900139000', matter => 'noise', place => '乙地') as two \gset
select pg_temp.accepted_ticket(phone => '13900139000', matter => 'noise', place => '丙地') as three \gset
select is(pg_temp.needed('report', pg_temp.saved_report(:two)), '', '2.3.6.1 the second time');
select is(pg_temp.needed('report', pg_temp.saved_report(:three)), 'same_person', '2.3.6.1 the third time');
select pg_temp.accepted_ticket(phone => '13900139009', matter => 'noise', place => '丙地') as several \gset
select is(pg_temp.needed('report', pg_temp.saved_report(:several)), 'several_persons', '2.3.6.2 another person, same matter and place');

-- linked by a person after the report was saved, and taken apart again
select pg_temp.accepted_ticket(matter => 'light', place => '壬地') as first \gset
select pg_temp.accepted_ticket(matter => 'noise', place => '癸地') as second \gset
select pg_temp.saved_report(:second) as report \gset
select is(pg_temp.needed('report', :report), '', '2.3.6.2 two tickets that nobody linked');
select pg_temp.act_as('rp_dispatcher');
select ticket_workflow.link_incident(:second, with_ticket => :first);
select is(pg_temp.needed('report', :report), 'several_persons', '2.3.6.2 linked: the open report needs the head''s signature');
select ticket_workflow.unlink_incident(:second, '误联');
select is(pg_temp.needed('report', :report), '', '2.3.6.2 unlinked: it does not');
-- a corrected matter makes a repetition
select pg_temp.accepted_ticket(phone => '13900139000', matter => 'light', place => '子地') as other \gset
select pg_temp.saved_report(:other) as report \gset
select is(pg_temp.needed('report', :report), '', '2.3.6.1 another matter');
update ticket_workflow.ticket set matter_id = 77000000000001 where ticket_id = :other;
select is(pg_temp.needed('report', :report), 'same_person', '2.3.6.1 corrected to the repeated one');

-- ---- 2.2.2: transfer and extension

select pg_temp.at_time('2023-02-07 10:00+08'), pg_temp.act_as('rp_dispatcher');
select ticket_workflow.receive_ticket(center => 'rp', category => '投诉', appeal => '外区道路', in_territory => false) as outside \gset
select is((select format('%s %s %s %s', s.rule, s.position, s.relation, s.or_leader_on_duty) from ticket_workflow.required_signatures('转出', :outside) s),
	'transfer supervising_leader center t', '2.2 a transfer: the center''s supervising leader or the leader on duty');
select pg_temp.act_as('rp_author');
select ticket_workflow.extend_limit(:two, 2, '等待检测结果') as extension \gset
select is((select s.position || ' ' || s.organization_id from ticket_workflow.required_signatures('extension', :extension) s), 'head 77000000000002',
	'2.3.2.2 an extension: the head of the department that has the ticket');
select throws_ok($$select * from ticket_workflow.required_signatures('合同', 1)$$, 'TW006', null, 'A3 a subject that there is not');
select is_empty($$select * from ticket_workflow.required_signatures('report', 1)$$, 'A3 what is not there needs nothing');

-- ---- higher posts sign for lower ones, over the same organization

select is(ticket_workflow.post_may_sign(77000000000000 + p.post, p.position, 77000000000002), p.may, 'A3 ' || p.what)
from (values (5, 'head', true, 'the head for the head'), (6, 'head', true, 'the supervising leader for the head'),
	(7, 'head', true, 'the principal leader for the head'), (7, 'supervising_leader', true, 'the principal leader for the supervising leader'),
	(6, 'supervising_leader', true, 'the supervising leader for himself'), (5, 'supervising_leader', false, 'the head not for the supervising leader'),
	(4, 'head', false, 'the liaison not for the head'), (9, 'supervising_leader', false, 'another department''s leader'),
	(10, 'supervising_leader', false, 'the center''s leader not for a department'), (2, 'head', false, 'the center''s head not for a department'))
	as p (post, "position", may, what);
select is(ticket_workflow.post_may_sign(77000000000013, 'supervising_leader', 77000000000001), false, '2.2 a leader of an area is not the center''s');
select is(ticket_workflow.post_may_sign(77000000000010, 'supervising_leader', 77000000000001), true, '2.2 the center''s own is');
select is(ticket_workflow.post_may_sign(null, 'head', 77000000000002), false, 'A3 nobody signs without a post');

-- ---- one signature serves every rule it is high enough for

select pg_temp.accepted_ticket(source => 'district', phone => '13900139000', matter => 'noise', place => '丁地') as ticket \gset
select pg_temp.saved_report(:ticket, fact => '不属实', claim => '其他', result => '解释说明') as report \gset
select is(pg_temp.needed('report', :report), 'district_unfounded same_person starred_finding', '2.3.5 2.3.6.1 three rules at once');
select is((select string_agg(m, '；') from regexp_split_to_table(split_part(pg_temp.said(format('select ticket_workflow.raise_problems((
		select jsonb_agg(to_jsonb(p)) from ticket_workflow.signature_problems(''report'', %s) p))', :report)), ' | ', 1), '；') m),
	'办结报告缺城建中心分管领导签字；办结报告缺城建中心负责人签字', '2.3.5 and each signature is asked for once, whatever the rules that ask for it');
select pg_temp.act_as('rp_head');
select ticket_workflow.sign_report(:report) as head \gset
select is(pg_temp.needed('report', :report), 'district_unfounded same_person+ starred_finding', '2.3.6.1 the head''s serves the head''s rule alone');
select pg_temp.at_time('2023-02-13 10:00+08'), pg_temp.act_as('rp_leader');
select ticket_workflow.sign_report(:report) as leader \gset
select is(pg_temp.needed('report', :report), 'district_unfounded+ same_person+ starred_finding+', '2.3.5 A3 the leader''s serves them all');
select is((select min(s.approval_id) from ticket_workflow.required_signatures('report', :report) s where s.rule = 'starred_finding'), :leader::bigint,
	'A3 and is the one that counts');

-- ---- the digest

select is(ticket_workflow.digest_fields('a', null), ticket_workflow.digest_fields('a', null), 'A3 the same fields, the same digest');
select isnt(ticket_workflow.digest_fields(f.one, f.other), ticket_workflow.digest_fields(f.another, f.last), 'A3 digest: ' || f.what)
from (values ('ab', 'c', 'a', 'bc', 'where a field ends counts'), ('a', null, 'a', '', 'NULL is not empty'), ('a', 'b', 'b', 'a', 'so does the order'))
	as f (one, other, another, last, what);
select ticket_workflow.subject_digest('report', :report) as digest \gset
set local timezone = 'America/New_York';
set local datestyle = 'SQL, DMY';
select is(ticket_workflow.subject_digest('report', :report)::text, :'digest', 'A3 no setting of a session changes the digest');
reset timezone;
reset datestyle;
select is(length(ticket_workflow.subject_digest(s.subject, s.id)), 32, 'A3 digest of a ' || s.subject)
from (values ('transfer', :ticket), ('extension', :extension)) as s (subject, id);

select * from finish();
rollback;
