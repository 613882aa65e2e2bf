-- import_ticket() and import_tickets(): what is asked of a former desk's ticket, what is not, and what stands afterwards.
-- Its clocks: import_clocks.sql.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/desk.sql
\ir ../fixtures/old_desk.sql
\o
select no_plan();
set local ticket_workflow.language = 'en';
select pg_temp.at_time('2023-02-07 10:00+08') \g /dev/null

-- ---- history kept
select isnt(ticket_workflow.import_ticket('yc', pg_temp.old('A-1')), null, 'design 5: import_ticket returns the ticket_id');
select is(to_jsonb(pg_temp.ticket_of('A-1')) - '{ticket_id,petitioner_id,matter_id,area_id,lead_department_id,center_id}'::text[] @> '{
	"state": "closed", "imported": true, "received_at": "2022-03-01T09:10:00+08:00", "received_on": "working", "recorded_at": "2023-02-07T10:00:00+08:00",
	"first_dispatched_at": "2022-03-01T09:40:00+08:00", "accepted_at": "2022-03-01T10:00:00+08:00", "reported_at": "2022-03-04T16:00:00+08:00",
	"completed_at": "2022-03-05T10:00:00+08:00", "closed_at": "2022-03-06T10:00:00+08:00", "state_at": "2022-03-06T10:00:00+08:00", "dispatch_round": 1,
	"dispatch_principle": "duty", "rulebook": "yichuan_2023", "category": "complaint"}', true, 'design 5: the ticket stands with its history');
select results_eq($$ select version, state, body, fact_finding, submitted_at, submitted_by, reviewed_at, reviewed_by from ticket_workflow.report where ticket_id = (pg_temp.ticket_of('A-1')).ticket_id $$,
	$$ values (1, 'passed', '将会尽快处理。', 'founded', '2022-03-04 16:00+08'::timestamptz, 'liaison', '2022-03-05 10:00+08'::timestamptz, 'operator') $$,
	'A4.2: an old report is kept as it was, its wording is not judged');
select is_empty($$ select from ticket_workflow.report_finding $$, 'A4.2: and has no findings');
select results_eq($$ select purpose, occurred_at, recorded_at, dispatch_round, o.code from ticket_workflow.contact c join ticket_workflow.organization o using (organization_id) $$,
	$$ values ('first_contact', '2022-03-01 11:00+08'::timestamptz, '2023-02-07 10:00+08'::timestamptz, 1, 'cg') $$, '2.4.1: contacts with both their times, by the department that had it then');
select results_eq($$ select department_id, principle, decided_at, decided_by from ticket_workflow.dispatch_decision $$,
	$$ select organization_id, 'duty', '2022-03-01 09:40+08'::timestamptz, 'dispatcher' from ticket_workflow.organization where code = 'cg' $$, '2.1: decisions of dispatch');

-- ---- the journal: nobody can claim that it happened here
select results_eq($$ select seq, kind, from_state, to_state, occurred_at, recorded_at, details ->> 'sha256' from ticket_workflow.journal where ticket_id = (pg_temp.ticket_of('A-1')).ticket_id $$,
	$$ select 1, 'imported', null, 'closed', '2023-02-07 10:00+08'::timestamptz, '2023-02-07 10:00+08'::timestamptz, encode(sha256(convert_to(pg_temp.old('A-1')::text, 'UTF8')), 'hex') $$,
	'design 3: the journal has one entry, the import, with the digest of the document');
select is((select caller || '/' || session_role from ticket_workflow.journal where kind = 'imported'), current_user || '/' || session_user, 'design 3: and who imported');
select ok(position('张三' in details::text) + position('138' in details::text) + position('楼道' in details::text) = 0, 'design 3: without personal data') from ticket_workflow.journal where kind = 'imported';
select is_empty($$ select * from ticket_workflow.verify_journals() $$, 'design 3: verify_journals() finds its chain whole');
select is_empty($$ select * from ticket_workflow.verify_journal((pg_temp.ticket_of('A-1')).ticket_id) $$, 'design 3: verify_journal() too');
savepoint forged;
set local session_replication_role = replica;
update ticket_workflow.journal set details = details || '{"sha256": "00"}' where kind = 'imported';
set local session_replication_role = origin;
select results_eq($$ select problem from ticket_workflow.verify_journal((pg_temp.ticket_of('A-1')).ticket_id) $$, $$ values ('hash') $$, 'design 3: another digest in its place shows');
rollback to forged;

-- ---- once
select is(ticket_workflow.import_ticket('yc', pg_temp.old('A-1')), (pg_temp.ticket_of('A-1')).ticket_id, 'import: the very same document again is recognised');
select is(count(*)::integer, 1, 'import: and leaves nothing behind') from ticket_workflow.journal;
select is(count(*)::integer, 1, 'import: no second petitioner either') from ticket_workflow.petitioner;
select throws_ok($$ select ticket_workflow.import_ticket('yc', pg_temp.old('A-1', '{"appeal": "别的"}')) $$, 'TW006', null, 'import: the same number with another document is refused');
select pg_temp.act_as('dispatcher') \g /dev/null
select ticket_workflow.receive_ticket('yc', '投诉', '今天的', source => 'city', external_no => 'LIVE-1') as live \gset
select pg_temp.act_as('') \g /dev/null
select is(pg_temp.answer(pg_temp.old('LIVE-1')), 'refused TW006 ticket LIVE-1, round 1, was received already', 'import: a number that was received here is no former desk''s');
select is(pg_temp.answer(pg_temp.old('LIVE-1', '{"external_round": 2}')), 'imported', 'import: its second round is another ticket');

-- ---- a row for each
create temp table answered as select * from ticket_workflow.import_tickets('yc', array[pg_temp.old('B-1'), pg_temp.old('B-2', '{"category": "抱怨"}'), pg_temp.old('A-1'),
	pg_temp.old('B-1'), 'null', pg_temp.old('B-1', '{"urgent": true}'), pg_temp.old('B-3')]);
select results_eq($$ select place, external_no, ticket_id is not null, outcome, error_code from answered $$,
	$$ values (1, 'B-1', true, 'imported', null), (2, 'B-2', false, 'refused', 'TW006'), (3, 'A-1', true, 'exists', null), (4, 'B-1', true, 'exists', null),
		(5, null, false, 'refused', 'TW006'), (6, 'B-1', false, 'refused', 'TW006'), (7, 'B-3', true, 'imported', null) $$,
	'import: an answer for each document, in their order; what is refused does not keep the others back');
select ok(message like '%category%抱怨%' and hint like '%complaint (投诉)%', 'design 7: a refusal names the key and the way out') from answered where place = 2;
select is((select count(distinct ticket_id) from answered where external_no = 'B-1'), 1::bigint, 'import: twice in one call is one ticket');
select is((pg_temp.ticket_of('B-2')).ticket_id, null, 'import: what was refused is not there');
select results_eq($$ select outcome, ticket_id from ticket_workflow.import_tickets('yc', array[pg_temp.old('D-1')], dry_run => true) $$, $$ values ('ready', null::bigint) $$, 'import: a dry run judges');
select is((pg_temp.ticket_of('D-1')).ticket_id, null, 'import: and writes nothing');
create function pg_temp.import_read_only() returns setof text language plpgsql as $$
begin
	perform set_config('transaction_read_only', 'on', true);
	return query select outcome from ticket_workflow.import_tickets('yc', array[pg_temp.old('D-1')]);
end
$$;
select throws_ok('select pg_temp.import_read_only()', '25006', null, 'import: a transaction that cannot write is no fault of a document');
select results_eq($$ select r.outcome, r.error_code from ticket_workflow.import_tickets('yc', (select array_agg(pg_temp.old('E-' || i, case i
		when 57 then '{"external_no": "E-1", "appeal": "别的"}'::jsonb when 58 then '{"external_no": "E-2"}' when 59 then '{"kind": "callback_review", "original": {"external_no": "E-3"}}'
		when 60 then jsonb_build_object('events', replace(pg_temp.steps('merge')::text, 'A-1', 'E-4')::jsonb) else '{}' end) order by i) from generate_series(1, 60) i), dry_run => true) r where r.place > 56 $$,
	$$ values ('refused', 'TW006'), ('exists', null), ('ready', null), ('ready', null) $$, 'import: a dry run knows the documents before, however many they are');
select is_empty($$ select * from ticket_workflow.import_tickets('yc', '{}') $$, 'import: no document, no row');
select results_eq($$ select place, outcome from ticket_workflow.import_tickets('yc', '[7:8]={1,2}') $$, $$ values (1, 'refused'), (2, 'refused') $$, 'import: however the array is built');
select is_empty($$ select * from ticket_workflow.import_tickets('yc', null) $$, 'import: none at all neither');
select throws_ok($$ select * from ticket_workflow.import_tickets('yc', array_fill('{}'::jsonb, array[10001])) $$, 'TW006', null, 'import: no more than 10,000 in a call');
select is((select array_agg(outcome order by place) from ticket_workflow.import_tickets('yc', (select array_agg(pg_temp.old('N-' || i, case when i % 50 = 7 then '{"source": "x"}'::jsonb else '{}' end) order by i) from generate_series(1, 230) i))),
	(select array_agg(case when i % 50 = 7 then 'refused' else 'imported' end order by i) from generate_series(1, 230) i), 'import: over several hundred, in their order');

-- ---- reachable states, in order
select is(pg_temp.answer(d.document), d.answer, 'S4: ' || d.title) from (values
	('a step that its state does not allow', pg_temp.with_steps('C-1', '{"act": "close", "at": "2022-03-02 10:00"}'), 'refused TW001 events[1].act: a ticket that is received has no close'),
	('closed without a report', pg_temp.old('C-2', jsonb_build_object('events', pg_temp.steps('accept') || '[{"act": "pass_report", "at": "2022-03-05 10:00"}]')), 'refused TW001 events[3].act: a ticket that is accepted has no pass report'),
	('a report without its body', pg_temp.old('C-3', jsonb_build_object('events', pg_temp.steps('accept') || '[{"act": "submit_report", "at": "2022-03-05 10:00", "report": {}}]')), 'refused TW006 events[3].report.body must not be empty'),
	('a report that is none', pg_temp.old('C-4', jsonb_build_object('events', pg_temp.steps('accept') || '[{"act": "submit_report", "at": "2022-03-05 10:00"}]')), 'refused TW006 events[3].report must not be empty'),
	('steps out of order', pg_temp.old('C-5', jsonb_build_object('events', pg_temp.steps('dispatch') || '[{"act": "accept", "at": "2022-03-01 09:30"}]')),
		'refused TW006 events[2].at (2022-03-01 09:30) lies before events[1].at (2022-03-01 09:40)'),
	('dispatched before it was received', pg_temp.with_steps('C-6', '{"act": "dispatch", "at": "2022-03-01 09:00", "department": "cg"}'), 'refused TW006 events[1].at (2022-03-01 09:00) lies before received_at (2022-03-01 09:10)'),
	('a step in the future', pg_temp.old('C-7', jsonb_build_object('events', pg_temp.steps('pass_report') || '[{"act": "close", "at": "2023-02-07 10:01"}]')), 'refused TW006 events[5].at lies in the future: 2023-02-07 10:01'),
	('received in the future', pg_temp.old('C-8', '{"received_at": "2023-02-07 10:01", "events": []}'), 'refused TW006 received_at lies in the future: 2023-02-07 10:01'),
	('another state than the steps lead to', pg_temp.old('C-9', '{"state": "completed"}'), 'refused TW001 the steps end in closed, state says completed'),
	('the state they lead to, in Chinese', pg_temp.old('C-10', '{"state": "结案归档"}'), 'imported'),
	('a contact before the receipt', pg_temp.old('C-11', '{"contacts": [{"purpose": "reply", "channel": "sms", "outcome": "sent", "occurred_at": "2022-02-28 10:00"}]}'), 'refused TW006 contacts[1].occurred_at (2022-02-28 10:00) lies before received_at (2022-03-01 09:10)'),
	('a visit in the future', pg_temp.old('C-12', '{"visits": [{"occurred_at": "2023-03-01 10:00"}]}'), 'refused TW006 visits[1].occurred_at lies in the future: 2023-03-01 10:00'),
	('an extension where nothing runs', pg_temp.old('C-13', jsonb_build_object('events', '[{"act": "extend_limit", "at": "2022-03-01 10:00", "working_days": 2}]'::jsonb)), 'refused TW001 events[1].act: no completion limit was running, the ticket was received')
) d (title, document, answer);

-- ---- the directory knows who and what
select is(pg_temp.answer(d.document), d.answer, 'design 3: ' || d.title) from (values
	('an unknown department', pg_temp.with_steps('K-1', '{"act": "dispatch", "at": "2022-03-01 09:40", "department": "zz"}'), 'refused TW006 events[1].department: there is no such organization: zz'),
	('no department', pg_temp.with_steps('K-2', '{"act": "dispatch", "at": "2022-03-01 09:40"}'), 'refused TW006 events[1].department must not be empty'),
	('the center handles no ticket', pg_temp.with_steps('K-3', '{"act": "dispatch", "at": "2022-03-01 09:40", "department": "yc"}'), 'refused TW006 events[1].department: yc is no handling department'),
	('an unknown person', pg_temp.with_steps('K-4', '{"act": "dispatch", "at": "2022-03-01 09:40", "department": "cg", "by": "nobody"}'), 'refused TW006 events[1].by: there is no such official: nobody'),
	('an unknown matter', pg_temp.old('K-5', '{"matter": "zz"}'), 'refused TW006 matter: there is no such matter: zz'),
	('an unknown area', pg_temp.old('K-6', '{"area": "zz"}'), 'refused TW006 area: there is no such area: zz'),
	('merged into what is not there', pg_temp.old('K-7', jsonb_build_object('events', pg_temp.steps('dispatch') || '[{"act": "merge", "at": "2022-03-02 10:00", "into": {"external_no": "zz"}}]')), 'refused TW006 events[2].into: there is no ticket city 1 zz'),
	('a review of what is not there', pg_temp.old('K-8', '{"kind": "回访复核单", "original": {"external_no": "zz"}}'), 'refused TW006 original: there is no ticket city 1 zz')
) d (title, document, answer);
select ticket_workflow.close_organization('yc', 'fg', '2022-12-31') \g /dev/null
select ticket_workflow.change_official('fg_head', active => false) \g /dev/null
select is(pg_temp.answer(pg_temp.old('K-9', jsonb_build_object('events', replace(replace(pg_temp.steps('close')::text, '"cg"', '"fg"'), '"liaison"', '"fg_head"')::jsonb))), 'imported',
	'design 3: a department that was closed and people who left are history');
select is(pg_temp.answer(pg_temp.with_steps('K-10', '{"act": "dispatch", "at": "2023-02-07 09:40", "department": "fg"}')), 'refused TW006 the organization fg is not in being on 2023-02-07 (from 2000-01-01 to 2022-12-31)',
	'design 3: but a live ticket needs one that is there');

-- ---- what would be refused today is history
select is(pg_temp.answer(d.document), 'imported', d.title) from (values
	('2.2: a transfer that nobody signed', pg_temp.old('H-1', jsonb_build_object('events', pg_temp.steps('transfer')))),
	('2.3.2.1: a withdrawal without a recording', pg_temp.old('H-2', jsonb_build_object('events', pg_temp.steps('withdraw')))),
	('2.2.2: a return without evidence, long after its window', pg_temp.with_steps('H-3', '{"act": "dispatch", "at": "2022-03-01 09:40", "department": "cg"}', '{"act": "accept", "at": "2022-03-01 10:00"}',
		'{"act": "request_return", "at": "2022-04-01 10:00", "ground": "非职责范围"}', '{"act": "refuse_return", "at": "2022-04-02 10:00"}', '{"act": "submit_report", "at": "2022-04-03 10:00", "report": {"body": "已处理"}}',
		'{"act": "pass_report", "at": "2022-04-03 11:00"}')),
	('2.3.5: a city-supervised one that nobody led', pg_temp.old('H-4', '{"kind": "督办单"}')),
	('2.1: dispatched for a reason that nobody knows', pg_temp.with_steps('H-5', '{"act": "dispatch", "at": "2022-03-01 09:40", "department": "cg"}', '{"act": "recall", "at": "2022-03-02 10:00"}', '{"act": "withdraw", "at": "2022-03-02 11:00"}')),
	('2.3.2: steps that took months', pg_temp.with_steps('H-6', '{"act": "dispatch", "at": "2022-05-01 09:40", "department": "cg"}', '{"act": "accept", "at": "2022-07-01 10:00"}', '{"act": "withdraw", "at": "2022-09-02 11:00"}'))
) d (title, document);
select is((pg_temp.ticket_of('H-4')).supervised_by, 'city', '2.3.5: supervised by whom it came from');
select is((select principle from ticket_workflow.dispatch_decision where ticket_id = (pg_temp.ticket_of('H-5')).ticket_id), 'exception', 'A1.7: a dispatch without a principle is a decision of the dispatcher');
select is((select state || ' ' || ordinal from ticket_workflow.ticket_return where ticket_id = (pg_temp.ticket_of('H-3')).ticket_id), 'refused 1', '2.2: returns with what became of them');
select is(pg_temp.answer(pg_temp.old('H-7', '{"received_at": "1999-05-04 09:10", "events": []}')), 'imported', 'design 1: received before any rulebook was in force: measured by the first');
select is(pg_temp.answer(pg_temp.old('H-8', '{"received_at": "1966-05-04 09:10", "events": []}')), 'refused TW006 received_at is out of range: 1966-05-04 09:10', 'import: before any hotline is a slip of the pen');
select is(pg_temp.answer(pg_temp.old('H-9', jsonb_build_object('events', replace(pg_temp.steps('close')::text, '"属实"', '"采纳"')::jsonb))), 'refused TW007 "采纳" is no fact finding for a complaint ticket; allowed: founded (founded), partly_founded (partly founded), unfounded (unfounded)',
	'A3: an option of another category is none');

-- ---- shape: every wrong value is refused with its key
select ok(pg_temp.answer(d.document) like d.answer, 'import: ' || d.title || ': ' || pg_temp.answer(d.document)) from (values
	('an array', '[]'::jsonb, 'refused TW006 document must be an object, the document has an array'),
	('a string', '"x"', 'refused TW006 document %'),
	('empty', '{}', 'refused TW006 source must not be empty'),
	('no number', pg_temp.old('S-1') - 'external_no', 'refused TW006 external_no must not be empty'),
	('a blank number', pg_temp.old('  '), 'refused TW006 external_no must not be empty'),
	('a number that is a number', pg_temp.old('S-2', '{"external_no": 17}'), 'refused TW006 external_no must be a string, the document has a number'),
	('an unknown key', pg_temp.old('S-3', '{"recieved_at": "2022-03-01 09:10"}'), 'refused TW006 recieved_at is no key of the document'),
	('an unknown key of a step', pg_temp.with_steps('S-4', '{"act": "dispatch", "at": "2022-03-01 09:40", "department": "cg", "dept": 1}'), 'refused TW006 events[1].dept is no key of the document'),
	('an unknown key of a report', pg_temp.old('S-5', jsonb_build_object('events', pg_temp.steps('accept') || '[{"act": "submit_report", "at": "2022-03-05 10:00", "report": {"text": "x"}}]')), 'refused TW006 events[3].report.text is no key%'),
	('no category', pg_temp.old('S-6') - 'category', 'refused TW006 category must not be empty'),
	('no appeal', pg_temp.old('S-7', '{"appeal": null}'), 'refused TW006 appeal must not be empty'),
	('no receipt', pg_temp.old('S-8') - 'received_at', 'refused TW006 received_at must not be empty'),
	('a time that is none', pg_temp.old('S-9', '{"received_at": "yesterday"}'), 'refused TW006 received_at is no time: yesterday'),
	('30 February', pg_temp.old('S-10', '{"received_at": "2022-02-30 10:00"}'), 'refused TW006 received_at is no time: 2022-02-30 10:00'),
	('infinity', pg_temp.old('S-11', '{"platform_due_at": "infinity"}'), 'refused TW006 platform_due_at is no time: infinity'),
	('a time that is a number', pg_temp.old('S-12', '{"received_at": 1646097000}'), 'refused TW006 received_at must be a string, the document has a number'),
	('a flag that is a text', pg_temp.old('S-13', '{"urgent": "yes"}'), 'refused TW006 urgent must be true or false, the document has a string'),
	('steps that are an object', pg_temp.old('S-14', '{"events": {}}'), 'refused TW006 events must be an array, the document has an object'),
	('a step that is a text', pg_temp.old('S-15', '{"events": ["close"]}'), 'refused TW006 events[1] must be an object, the document has a string'),
	('a step without an act', pg_temp.old('S-16', '{"events": [{"at": "2022-03-01 09:40"}]}'), 'refused TW006 events[1].act must not be empty'),
	('an act that is none', pg_temp.old('S-17', '{"events": [{"act": "fly", "at": "2022-03-01 09:40"}]}'), 'refused TW006 events[1].act does not know the value "fly"'),
	('a step without a time', pg_temp.old('S-18', '{"events": [{"act": "dispatch", "department": "cg"}]}'), 'refused TW006 events[1].at must not be empty'),
	('a huge round', pg_temp.old('S-19', '{"external_round": 1e30}'), 'refused TW006 external_round is out of range%'),
	('half a round', pg_temp.old('S-20', '{"external_round": 1.5}'), 'refused TW006 external_round is out of range: 1.5'),
	('an over-long appeal', pg_temp.old('S-21', jsonb_build_object('appeal', repeat('长', 10001))), 'refused TW006 appeal has 10001 characters, more than 10000'),
	('a huge document', pg_temp.old('S-22', jsonb_build_object('attributes', jsonb_build_object('x', repeat('长', 1400000)))), 'refused TW006 document has % characters, more than 4194304'),
	('a control character', pg_temp.old('S-23', '{"appeal": "a\u0007b"}'), 'refused TW006 appeal %'),
	('a person who is a text', pg_temp.old('S-24', '{"petitioner": "张三"}'), 'refused TW006 petitioner must be an object, the document has a string'),
	('no telephone number', pg_temp.old('S-25', '{"petitioner": {"phone": "不详"}}'), 'refused TW006 petitioner.phone is no telephone number: 不详'),
	('attributes that are an array', pg_temp.old('S-26', '{"attributes": []}'), 'refused TW006 attributes must be an object, the document has an array'),
	('a call that was sent', pg_temp.old('S-27', '{"contacts": [{"purpose": "reply", "channel": "ip_phone", "outcome": "sent", "occurred_at": "2022-03-02 10:00"}]}'), 'refused TW006 contacts[1].outcome does not go with contacts[1].channel'),
	('satisfied with a reply', pg_temp.old('S-28', '{"contacts": [{"purpose": "reply", "channel": "ip_phone", "outcome": "reached", "occurred_at": "2022-03-02 10:00", "satisfaction": "满意"}]}'), 'refused TW006 contacts[1].satisfaction does not go with contacts[1].purpose'),
	('why he is dissatisfied who is not', pg_temp.old('S-29', '{"contacts": [{"purpose": "回访", "channel": "ip_phone", "outcome": "reached", "occurred_at": "2022-03-09 10:00", "satisfaction": "满意", "dissatisfied_with": "attitude"}]}'), 'refused TW006 contacts[1].dissatisfied_with %'),
	('photos that are one', pg_temp.old('S-30', '{"visits": [{"occurred_at": "2022-03-02 10:00", "photos": "old:1"}]}'), 'refused TW006 visits[1].photos must be an array, the document has a string'),
	('a photo that is none', pg_temp.old('S-31', '{"visits": [{"occurred_at": "2022-03-02 10:00", "photos": ["old:1", 2]}]}'), 'refused TW006 visits[1].photos[2] must be a string, the document has a number'),
	('a digest that is none', pg_temp.old('S-32', '{"evidence": [{"kind": "document", "uri": "old:1", "sha256": "12"}]}'), 'refused TW006 evidence[1].sha256 does not go with SHA-256'),
	('evidence without a place', pg_temp.old('S-33', '{"evidence": [{"kind": "document"}]}'), 'refused TW006 evidence[1].uri must not be empty'),
	('a limit without an amount', pg_temp.old('S-34', '{"limit_kind": "working_days"}'), 'refused TW006 limit_kind does not go with limit_amount'),
	('supervised who is not', pg_temp.old('S-35', '{"supervised_by": "city"}'), 'refused TW006 supervised_by does not go with kind'),
	('too many steps', pg_temp.old('S-36', jsonb_build_object('events', (select jsonb_agg('{}'::jsonb) from generate_series(1, 501)))), 'refused TW006 events is out of range: 501'),
	('deep nesting', pg_temp.old('S-37', jsonb_build_object('events', (repeat('[', 5000) || repeat(']', 5000))::jsonb)), 'refused TW006 events[1] must be an object, the document has an array')
) d (title, document, answer);
select throws_ok($$ select ticket_workflow.import_ticket('yc', '{"external_no": "a\u0000b"}') $$, '22P05', null, 'import: a NUL is refused by jsonb itself');
select throws_ok($$ select ticket_workflow.import_ticket('yc', null) $$, 'TW006', null, 'import: no document');
select is(pg_temp.answer(pg_temp.old('S-38', jsonb_build_object('attributes', (repeat('{"a":', 4000) || '1' || repeat('}', 4000))::jsonb))), 'imported', 'import: attributes are the application''s, however deep');
select is((select array_agg(t.external_no) from ticket_workflow.ticket t where t.external_no ~ '^(S|C|K)-' and t.external_no not in ('C-10', 'K-9', 'S-38')), null, 'import: nothing of all these was stored');
-- every value of a full document, in turn, by each of these, and each key left out: an answer in the desk's words, whatever it is
create temp table full_document as select pg_temp.old('F-1', '{"kind": "督办单", "supervised_by": "city", "urgent": true, "in_territory": true, "external_round": 1, "handling_class": "ordinary",
	"platform_due_at": "2022-04-01 10:00", "limit_kind": "working_days", "limit_amount": 5, "state": "closed", "attributes": {"a": 1}, "original": {"source": "city", "external_no": "A-1", "external_round": 1},
	"petitioner": {"name": "张三", "phone": "13812345678", "address": "宜川路", "phone_locality": "local"},
	"contacts": [{"purpose": "callback", "channel": "ip_phone", "outcome": "reached", "occurred_at": "2022-03-09 11:00", "organization": "yc", "recording": "a", "call_log": "b", "sms_screenshot": "c",
		"satisfaction": "dissatisfied", "dissatisfied_with": "attitude", "solved": false, "note": "n", "by": "operator"}],
	"visits": [{"occurred_at": "2022-03-01 15:00", "no_site": false, "photos": ["p"], "organization": "cg", "note": "n", "by": "liaison"}],
	"platform_reports": [{"platform": "city", "kind": "progress", "receipt": "r", "occurred_at": "2022-03-01 15:00", "note": "n", "by": "operator"}],
	"evidence": [{"kind": "document", "uri": "u", "sha256": "0000000000000000000000000000000000000000000000000000000000000000", "taken_at": "2022-03-01 15:00", "note": "n", "by": "liaison"}],
	"events": [{"act": "dispatch", "at": "2022-03-01 09:40", "department": "cg", "principle": "duty", "lead_person": "leader", "by": "dispatcher", "reason": "r"},
		{"act": "request_return", "at": "2022-03-01 09:50", "ground": "out_of_duty", "should_go_to": "x", "upward": "city", "by": "liaison", "reason": "r"}, {"act": "refuse_return", "at": "2022-03-01 10:00"},
		{"act": "extend_limit", "at": "2022-03-01 10:10", "working_days": 2, "reason": "r"},
		{"act": "submit_report", "at": "2022-03-02 10:10", "report": {"body": "b", "points": "p", "fact_finding": "founded", "claim_finding": "reasonable", "handling_result": "solved", "relation_reason": "r", "plan": "p",
			"plan_until": "2022-04-01", "responsible_person": "x", "responsible_phone": "1", "written_by": "liaison"}},
		{"act": "pass_report", "at": "2022-03-03 10:10"}, {"act": "close", "at": "2022-03-04 10:10"}]}') as d;
create temp table mangled as
	with recursive part (path, v) as (
		select '{}'::text[], d from full_document
		union all
		select p.path || c.key, c.value from part p cross join lateral (
			select e.key, e.value from jsonb_each(case jsonb_typeof(p.v) when 'object' then p.v else '{}' end) e
			union all select (e.n - 1)::text, e.value from jsonb_array_elements(case jsonb_typeof(p.v) when 'array' then p.v else '[]' end) with ordinality e (value, n)) c)
	select array_to_string(p.path, '.') || ' = ' || left(coalesce(w.value::text, 'left out'), 20) as what, case when w.value is null then d #- p.path else jsonb_set(d, p.path, w.value) end as document
	from part p, unnest(array[null, 'null', '1', '1e400', 'true', '"x"', '[]', '{}', '[[]]', '"2023-02-30 10:00"', '"9999-12-31 23:59:59+15:59"', '"\u202e"']::jsonb[]) with ordinality w (value, n),
		-- each with a number of its own
		lateral (select case when p.path = '{external_no}' then f.d else jsonb_set(f.d, '{external_no}', to_jsonb('F-' || array_to_string(p.path, '.') || ' ' || w.n)) end as d
			from full_document f) full_document
	where p.path <> '{}';
select is((select outcome from ticket_workflow.import_tickets('yc', array[(select d from full_document)], dry_run => true)), 'ready', 'import: a document with every key');
select cmp_ok((select count(*) from mangled), '>', 900::bigint, 'import: mangled in every place');
select is_empty($$ select m.what, r.error_code, r.message from (select array_agg(document order by what) as documents, array_agg(what order by what) as names from mangled) a
	cross join lateral ticket_workflow.import_tickets('yc', a.documents, dry_run => true) r cross join lateral (select a.names[r.place] as what) m
	where r.outcome = 'refused' and (r.error_code !~ '^TW0' or coalesce(r.message, '') = '') $$, 'design 7: whatever stands in a document, the answer is one of the desk''s');
select is_empty($$ select m.what, r.message from (select array_agg(document order by what) as documents, array_agg(what order by what) as names from mangled where what ~ ' = ("x"|1|true|\[\]|\{\})$') a
	cross join lateral ticket_workflow.import_tickets('yc', a.documents, dry_run => true) r cross join lateral (select a.names[r.place] as what) m
	cross join lateral string_to_array(split_part(m.what, ' ', 1), '.') p (part)
	where r.outcome = 'refused' and position(p.part[1] || coalesce('[' || (substring(p.part[2] from '^[0-9]+$')::integer + 1) || ']', '') in r.message) = 0
		and m.what !~ '((_finding|_result) = |^events = \[\])' $$,
	'design 7: and names the key');

set local timezone = 'America/New_York'; set local datestyle = 'german, dmy';
select is(pg_temp.answer(pg_temp.old('T-1', '{"received_at": "2022/3/1 9:10"}')), 'imported', 'T6: a time without an offset');
reset timezone; reset datestyle;
select is((pg_temp.ticket_of('T-1')).received_at, '2022-03-01 09:10+08', 'T6: is the center''s own, whatever the session''s zone and style');

-- ---- merged, reviewed, repeated
select is(pg_temp.answer(pg_temp.old('M-1', jsonb_build_object('events', pg_temp.steps('merge')))), 'imported', '2.3.6: a merged ticket');
select is((select i.external_no from ticket_workflow.ticket_merge m join ticket_workflow.ticket i on i.ticket_id = m.into_id where m.ticket_id = (pg_temp.ticket_of('M-1')).ticket_id), 'A-1', '2.3.6: and the one that answers it');
select is(ticket_workflow.incident_of((pg_temp.ticket_of('M-1')).ticket_id), ticket_workflow.incident_of((pg_temp.ticket_of('A-1')).ticket_id), '2.3.6: are one incident');
select results_eq($$ select outcome from ticket_workflow.import_tickets('yc', array[pg_temp.old('M-2', '{"petitioner": {}}'), pg_temp.old('M-3', jsonb_build_object('events', replace(pg_temp.steps('merge')::text, 'A-1', 'M-2')::jsonb)),
	pg_temp.old('M-4', '{"kind": "callback_review", "original": {"external_no": "M-2"}}')]) $$, $$ values ('imported'), ('imported'), ('imported') $$, '2.3.6: into one that stands before it in the call');
select is((select count(*) from ticket_workflow.journal j where j.ticket_id in ((pg_temp.ticket_of('M-2')).ticket_id, (pg_temp.ticket_of('M-3')).ticket_id)), 2::bigint, 'design 3: one entry each');
select is((select original_id from ticket_workflow.ticket_original where ticket_id = (pg_temp.ticket_of('M-4')).ticket_id), (pg_temp.ticket_of('M-2')).ticket_id, '2.3.5: a callback review and what it reviews');
select is(pg_temp.answer(pg_temp.old('M-5', jsonb_build_object('events', replace(pg_temp.steps('merge')::text, 'A-1', 'LIVE-1')::jsonb))), 'imported', '2.3.6: into a live one');
select is((select string_agg(kind, ' ' order by seq) from ticket_workflow.journal where ticket_id = :live), 'receive link_incident merged_in', '2.3.6: whose journal tells of it');
select pg_temp.act_as('dispatcher') \g /dev/null
select ticket_workflow.import_ticket('yc', pg_temp.old('M-6', '{"received_at": "2023-02-06 09:10", "events": [], "contacts": [], "visits": []}')) as opened \gset
select is(ticket_workflow.merge_ticket(:opened, :live), :live, '2.3.6: a live imported ticket merges with one received here');
select is((select actor from ticket_workflow.journal where ticket_id = :opened and kind = 'imported'), 'dispatcher', 'design 3: an import in somebody''s name has it');
select ticket_workflow.receive_ticket('yc', '投诉', '又来', source => 'center', matter => 'light', place => '宜川路2号', petitioner_phone => '13900000001') as again \gset
select is_empty(format('select * from ticket_workflow.repeat_kind_of(%s)', :again), '2.3.6.1: the first call of a telephone');
select pg_temp.answer(pg_temp.old('R-' || i, '{"received_at": "2022-12-01 09:10", "events": [], "contacts": [], "visits": [], "place": "别处", "petitioner": {"phone": "13900000001"}}')) from generate_series(1, 2) i \g /dev/null
select results_eq(format('select * from ticket_workflow.repeat_kind_of(%s)', :again), $$ values ('same_person') $$, '2.3.6.1: is the third with two of the former desk');

-- a report that waits for its review when the history comes
create function pg_temp.waiting(phone text) returns bigint language plpgsql as $$
declare
	ticket bigint;
begin
	perform pg_temp.act_as('dispatcher');
	ticket := ticket_workflow.receive_ticket('yc', '投诉', '又来', source => 'center', matter => 'light', petitioner_phone => waiting.phone);
	perform ticket_workflow.dispatch_ticket(ticket, 'cg', 'duty');
	perform pg_temp.act_as('liaison');
	perform ticket_workflow.accept_ticket(ticket);
	return ticket_workflow.save_report(ticket, '已处理');
end
$$;
select pg_temp.waiting('13900000002') as waiting \gset
select pg_temp.act_as('') \g /dev/null
select pg_temp.answer(pg_temp.old('R2-' || i, '{"received_at": "2022-12-01 09:10", "place": "别处", "events": [], "contacts": [], "visits": [], "petitioner": {"phone": "13900000002"}}')) from generate_series(1, 2) i \g /dev/null
select is((select repeat_kinds from ticket_workflow.report where report_id = :waiting), '{same_person}', '2.3.6.1: an open report learns that it repeats');

-- ---- figures and views
select results_eq($$ select received, completed, on_time, completed_late, contacts_due, contacts_on_time, closed from ticket_workflow.monthly_summary where month = '2022-03-01' and center = 'yc' $$,
	$$ select count(*) filter (where received_at between '2022-03-01 00:00+08' and '2022-03-31 23:59+08'), count(*) filter (where completed_at < '2022-04-01 00:00+08'),
		count(*) filter (where completed_at < '2022-04-01 00:00+08'), 0::bigint, count(*) filter (where completed_at < '2022-04-01 00:00+08' and petitioner_id is not null),
		count(*) filter (where completed_at < '2022-04-01 00:00+08' and petitioner_id is not null), count(*) filter (where closed_at < '2022-04-01 00:00+08') from ticket_workflow.ticket where imported $$,
	'3.2: imported tickets are counted in the months in which things happened');
select is((select count(*) from ticket_workflow.ticket_overview where ticket_number = 'A-1' and imported), 1::bigint, 'design 6: the overview shows them');
select cmp_ok((select count(*) from ticket_workflow.repeat_petition where month = '2022-12-01'), '>', 0::bigint, '2.3.6: repetitions of the past');
select is_empty($$ select * from ticket_workflow.similar_case $$, '3.6.2: hundreds of one matter on one day of the past are no burst');
select is_empty($$ select * from ticket_workflow.daily_notice_on('yc', '2022-03-05') where item = 'unsolved' $$, '3.2: what the former desk completed is not in a daily notice');

-- ---- rights
create role tw_test_importer; create role tw_test_other_importer;
call ticket_workflow.grant_access('tw_test_importer', 'manager', '{yc}');
select ticket_workflow.create_center('other', '别处', rulebook => 'yichuan_2023') \g /dev/null
call ticket_workflow.grant_access('tw_test_other_importer', 'manager', '{other}');
create function pg_temp.imported_as(role_name text, center text, document jsonb) returns text language plpgsql as $$
begin
	execute format('set local role %I', role_name);
	begin
		perform ticket_workflow.import_ticket(center, document);
		reset role;
		return 'imported';
	exception when others then
		reset role;
		return sqlstate;
	end;
end
$$;
select pg_temp.act_as('') \g /dev/null
create temp table rights_document as select pg_temp.old('X-1') as own, jsonb_build_object('source', 'city', 'external_no', 'X-2', 'category', '投诉', 'appeal', 'x', 'received_at', '2022-03-01 09:10') as plain;
select is(pg_temp.imported_as('tw_test_importer', 'yc', own), 'imported', 'design 8: the manager of a center imports') from rights_document;
select is(pg_temp.imported_as('tw_test_importer', 'other', plain), 'TW005', 'design 8: not into another''s') from rights_document;
select is(pg_temp.imported_as('tw_test_other_importer', 'yc', plain), 'TW005', 'design 8: nor does that one''s manager here') from rights_document;
select is(pg_temp.imported_as('tw_test_other_importer', 'other', plain || '{"events": [{"act": "dispatch", "at": "2022-03-01 10:00", "department": "cg"}]}'), 'TW006', 'design 8: and finds no department of ours') from rights_document;
select is((select caller from ticket_workflow.journal where ticket_id = (pg_temp.ticket_of('X-1')).ticket_id), 'tw_test_importer', 'design 3: the journal has the role');
create role tw_test_app; call ticket_workflow.grant_access('tw_test_app', 'application', '{yc}');
select is(pg_temp.imported_as('tw_test_app', 'yc', plain), '42501', 'design 8: an application does not import') from rights_document;

select is_empty($$ select * from ticket_workflow.check_integrity() $$, 'design 9: check_integrity() finds nothing');
select is_empty($$ select * from ticket_workflow.verify_journals() $$, 'design 3: all chains are whole');
select * from finish();
rollback;
