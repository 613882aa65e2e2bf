-- Extending the completion limit (section 8, Limits): allowed, the nearest refused and the boundary, through the
-- API and again through a plain UPDATE; what the clock and the journal say afterwards.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/report_desk.sql
select no_plan();

create function pg_temp.fails(what text, state text, clause text, title text) returns setof text language plpgsql as $$
declare
	got_state text; got_detail text; got_hint text; got_message text;
begin
	begin
		execute what;
		return next fail(title || ': nothing was refused');
		return;
	exception when others then
		get stacked diagnostics got_state = returned_sqlstate, got_detail = pg_exception_detail, got_hint = pg_exception_hint, got_message = message_text;
	end;
	return next is(got_state || ' ' || (got_detail like '%' || clause || '%') || ' ' || (got_hint <> ''), state || ' true true', title);
end $$;
create function pg_temp.limit_of(ticket bigint, clock text default 'completion') returns text language sql as $$
	select concat_ws(' ', c.limit_kind, c.amount, to_char(c.due_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI'), case when c.adjusted then 'adjusted' end)
	from ticket_workflow.clock c where c.ticket_id = ticket and c.clock = limit_of.clock order by c.round desc limit 1 $$;
-- the due time of every open clock follows from its row
create function pg_temp.astray(ticket bigint) returns bigint language sql as $$
	select count(*) from ticket_workflow.clock c join ticket_workflow.ticket t using (ticket_id) join ticket_workflow.clock_kind k using (clock)
	where c.ticket_id = ticket and c.due_at <> ticket_workflow.recomputed_due(c.*, t.platform_due_at, k.expires) $$;
create function pg_temp.asked(ticket bigint, days integer default 2) returns bigint language sql as $$
	select pg_temp.act_as('rp_author');
	select ticket_workflow.extend_limit(ticket, days, '等待灯具到货') $$;
-- a request as a draft row, for what a plain UPDATE makes of it
create function pg_temp.draft(ticket bigint, days integer default 2, reason text default '等待灯具到货') returns bigint language sql as $$
	insert into ticket_workflow.limit_extension (extension_id, center_id, ticket_id, dispatch_round, organization_id, clock_id, working_days, reason, state)
		select ticket_workflow.new_id(77, 'ticket_workflow.extension_seq'), 77, t.ticket_id, t.dispatch_round, t.lead_department_id,
			c.clock_id, days, reason, 'draft'
		from ticket_workflow.ticket t join ticket_workflow.clock c on c.ticket_id = t.ticket_id and c.clock = 'completion'
		where t.ticket_id = ticket
		returning extension_id $$;
create function pg_temp.plainly(extension bigint, state text) returns text language sql as $$
	select format('update ticket_workflow.limit_extension set state = %L where extension_id = %s', state, extension) $$;

-- ---- asked for, signed, in force

select pg_temp.accepted_ticket() as ticket \gset
select is(pg_temp.limit_of(:ticket), 'working_days 5 02-15 00:00', '2.3.2.2 five working days from 7 February');
select pg_temp.asked(:ticket) as extension \gset
select is(pg_temp.limit_of(:ticket), 'working_days 5 02-15 00:00', '2.3.2.2 asked for, nothing moves');
select is((select w.subject_state || ' ' || w.official_code from ticket_workflow.waiting_signature w where w.subject = 'extension' and w.subject_id = :extension
	and w.official_code = 'rp_head'), 'requested rp_head', '2.3.2.2 the head sees what waits for him');
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s)', :extension), 'TW005', '2.3.2.2', '2.3.2.2 who asked does not sign');
select pg_temp.act_as('rp_second');
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s)', :extension), 'TW005', '2.3.2.2', '2.3.2.2 nor does another liaison');
select pg_temp.act_as('rp_dispatcher');
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s)', :extension), 'TW005', '2.3.2.2', '2.3.2.2 nor the center');
select pg_temp.fails(pg_temp.plainly(:extension, 'granted'), 'TW002', '2.3.2.2', '2.3.2.2 unsigned it is not in force, by plain UPDATE either');
select pg_temp.act_as('rp_head');
select ticket_workflow.sign_extension(:extension) as approval \gset
select is(pg_temp.limit_of(:ticket), 'working_days 7 02-17 00:00 adjusted', '2.3.2.2 with the head''s signature two working days more');
select is(pg_temp.astray(:ticket), 0::bigint, 'C1 the due time follows from the row');
select is((select format('%s %s %s', x.state, x.requested_by, x.new_due_at - x.old_due_at) from ticket_workflow.limit_extension x where x.extension_id = :extension),
	'granted rp_author 2 days', '2.3.2.2 the row keeps who asked, the old and the new due time');
select is((select array_agg(j.kind order by j.seq) from ticket_workflow.journal j where j.ticket_id = :ticket and (j.kind like 'extension%' or j.kind = 'signed')),
	'{extension_requested,signed,extension_granted}', '2.3.2.2 the journal tells it in this order');
select is((select (j.details #>> '{clocks,completion,from}')::timestamptz || ' ' || (j.details #>> '{clocks,completion,to}')::timestamptz
	from ticket_workflow.journal j where j.ticket_id = :ticket and j.kind = 'extension_granted'),
	timestamptz '2023-02-15 00:00+08' || ' ' || timestamptz '2023-02-17 00:00+08', '2.3.2.2 with the old and the new due time');
select is((select count(*) from ticket_workflow.verify_journal(:ticket)), 0::bigint, '2.3.2.2 the chain holds');
select is_empty(format('select from ticket_workflow.waiting_signature where subject_id = %s', :extension), '2.3.2.2 nothing waits any more');
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s)', :extension), 'TW001', '2.2.2', '2.3.2.2 what is in force is not signed again');
select pg_temp.fails(format('select ticket_workflow.revoke_signature(%s, ''再看'')', :approval), 'TW004', '2.2.2', '2.3.2.2 nor is its signature taken back');
select pg_temp.fails(pg_temp.plainly(:extension, s.state), 'TW001', '2.3.2.2', '2.3.2.2 in force it does not become ' || s.state)
from (values ('draft'), ('requested'), ('withdrawn')) s (state);
select pg_temp.fails(format('update ticket_workflow.limit_extension set working_days = 9 where extension_id = %s', :extension), 'TW010', '2.3.2.2',
	'2.3.2.2 nor does what was signed change');
select pg_temp.fails(format('delete from ticket_workflow.limit_extension where extension_id = %s', :extension), 'TW010', '', '2.3.2.2 nor is it deleted');

-- ---- once per ticket, unless the rulebook says otherwise

select pg_temp.act_as('rp_author');
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 1, ''再等'')', :ticket), 'TW004', '2.3.2.2', '2.3.2.2 once per ticket');
select pg_temp.draft(:ticket, 1) as second \gset
select pg_temp.fails(pg_temp.plainly(:second, 'requested'), 'TW004', '2.3.2.2', '2.3.2.2 once per ticket, by plain UPDATE');
update ticket_workflow.rulebook_setting set value = '2' where rulebook = 'yichuan_2023' and name = 'extensions_per_ticket';
select lives_ok(pg_temp.plainly(:second, 'requested'), '2.3.2.2 twice, where the rulebook says so');
select pg_temp.act_as('rp_head');
select lives_ok(format('select ticket_workflow.sign_extension(%s)', :second), '2.3.2.2 with a signature of its own');
select is(pg_temp.limit_of(:ticket), 'working_days 8 02-18 00:00 adjusted', '2.3.2.2 and counts on');
select pg_temp.act_as('rp_author');
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 1, ''再等'')', :ticket), 'TW004', '2.3.2.2', '2.3.2.2 not a third time');
update ticket_workflow.rulebook_setting set value = '0' where rulebook = 'yichuan_2023' and name = 'extensions_per_ticket';
select pg_temp.accepted_ticket() as ticket \gset
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 1, ''等'')', :ticket), 'TW004', '2.3.2.2', '2.3.2.2 never, where the rulebook says 0');
update ticket_workflow.rulebook_setting set value = 'many' where rulebook = 'yichuan_2023' and name = 'extensions_per_ticket';
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 1, ''等'')', :ticket), 'TW012', '2.3.2.2', '2.3.2.2 a setting that is no number');
update ticket_workflow.rulebook_setting set value = '1' where rulebook = 'yichuan_2023' and name = 'extensions_per_ticket';

-- ---- reason, days, who may ask

select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 1, %L)', :ticket, r.reason), 'TW009', '2.3.2.2', '2.3.2.2 a reason: ' || coalesce(quote_literal(r.reason), 'NULL'))
from (values (null), (''), (' 　')) r (reason);
select pg_temp.draft(:ticket, 1, ' ') as bare \gset
select pg_temp.fails(pg_temp.plainly(:bare, 'requested'), 'TW009', '2.3.2.2', '2.3.2.2 a reason, by plain UPDATE');
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, %s, ''等'')', :ticket, d.days), 'TW006', '2.3.2.2', '2.3.2.2 days: ' || d.days)
from (values ('0'), ('-1'), ('251'), ('null')) d (days);
select pg_temp.draft(:ticket, 0) as bare \gset
select pg_temp.fails(pg_temp.plainly(:bare, 'requested'), 'TW006', '2.3.2.2', '2.3.2.2 days: 0, by plain UPDATE');
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 1, ''等'')', :ticket), 'TW005', '2.3.2.2', '2.3.2.2 ' || a.who || ' does not ask')
from (values ('rp_dispatcher'), ('rp_info')) a (who), pg_temp.act_as(a.who);
select pg_temp.draft(:ticket) as bare \gset
select pg_temp.act_as('rp_dispatcher');
select pg_temp.fails(pg_temp.plainly(:bare, 'requested'), 'TW005', '2.3.2.2', '2.3.2.2 nor does the center by plain UPDATE');
-- a head may ask; then a higher post signs
select pg_temp.act_as('rp_head');
select ticket_workflow.extend_limit(:ticket, 1, '等') as extension \gset
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s)', :extension), 'TW005', '2.2.2', '2.3.2.2 the head who asked does not sign');
select pg_temp.act_as('rp_standing');
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s)', :extension), 'TW005', '2.2.2', '2.3.2.2 nor his deputy for him');
select pg_temp.act_as('rp_deputy');
select lives_ok(format('select ticket_workflow.sign_extension(%s)', :extension), '2.3.2.2 the supervising leader''s substitute does');
select is((select a.on_behalf_of_id from ticket_workflow.approval a where a.subject = 'extension' and a.subject_id = :extension), 77000000000006,
	'2.3.2.2 with both names');

-- ---- in time: at the due time, not an instant later

select pg_temp.accepted_ticket() as ticket \gset
select pg_temp.at_time('2023-02-15 00:00:00.000001+08'), pg_temp.act_as('rp_author');
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 1, ''等'')', :ticket), 'TW004', '2.3.2.2', 'T3 an instant after the due time it is too late to ask');
select pg_temp.draft(:ticket) as bare \gset
select pg_temp.fails(pg_temp.plainly(:bare, 'requested'), 'TW004', '2.3.2.2', 'T3 by plain UPDATE too');
select pg_temp.at_time('2023-02-15 00:00+08');
select lives_ok(pg_temp.plainly(:bare, 'requested'), 'T3 at the due time it is not');
select pg_temp.at_time('2023-02-15 00:00:00.000001+08'), pg_temp.act_as('rp_head');
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s)', :bare), 'TW004', '2.3.2.2', 'T3 nor is a late signature in time');
select is(pg_temp.limit_of(:ticket), 'working_days 5 02-15 00:00', 'T3 what is overdue stays so');
select pg_temp.at_time('2023-02-15 00:00+08');
select lives_ok(format('select ticket_workflow.sign_extension(%s)', :bare), 'T3 signed at the due time it is');
select is(pg_temp.limit_of(:ticket), 'working_days 7 02-17 00:00 adjusted', 'T3 and counts from the limit, not from today');

-- ---- only while the completion clock runs

select pg_temp.accepted_ticket() as ticket \gset
select pg_temp.asked(:ticket) as extension \gset
select pg_temp.saved_report(:ticket) as report \gset
select ticket_workflow.submit_report(:report);
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 1, ''等'')', :ticket), 'TW001', '2.3.2.2', 'C2 not while the report is reviewed');
select pg_temp.draft(:ticket) as bare \gset
select pg_temp.fails(pg_temp.plainly(:bare, 'requested'), 'TW001', '2.3.2.2', 'C2 by plain UPDATE too');
select pg_temp.act_as('rp_head');
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s)', :extension), 'TW001', '2.3.2.2', 'C2 nor is it granted then');
select pg_temp.act_as('rp_reviewer');
select ticket_workflow.review_report(:report, false, '处理结果不明');
select pg_temp.act_as('rp_head');
select lives_ok(format('select ticket_workflow.sign_extension(%s)', :extension), 'C2 sent back, the clock runs on and may be extended');
select is(pg_temp.limit_of(:ticket), 'working_days 7 02-17 00:00 adjusted', 'C2 sent back and extended');
select pg_temp.act_as('rp_author');
select pg_temp.saved_report(:ticket) as report \gset
select ticket_workflow.submit_report(:report);
select pg_temp.act_as('rp_reviewer');
select ticket_workflow.review_report(:report, true);
select pg_temp.fails(pg_temp.plainly(pg_temp.draft(:ticket), 'requested'), 'TW005', '2.3.2.2', 'C2 who may not ask');
select pg_temp.act_as('rp_author');
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 1, ''等'')', :ticket), 'TW001', '2.3.2.2', 'C2 not when it is completed');
-- before anybody has it
select pg_temp.at_time('2023-02-07 09:00+08'), pg_temp.act_as('rp_dispatcher');
select ticket_workflow.receive_ticket(center => 'rp', category => '投诉', appeal => '路灯不亮', area => 'rp1') as ticket \gset
select ticket_workflow.dispatch_ticket(:ticket, 'rp_build', 'duty');
select pg_temp.act_as('rp_author');
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 1, ''等'')', :ticket), 'TW001', '2.3.2.2', '2.3.2.2 before acceptance there is nothing to extend');

-- ---- never past the platform's limit

select pg_temp.at_time('2023-02-07 09:00+08'), pg_temp.act_as('rp_dispatcher');
select ticket_workflow.receive_ticket(center => 'rp', category => '投诉', appeal => '路灯不亮', area => 'rp1', platform_due_at => '2023-02-17 00:00+08') as ticket \gset
select ticket_workflow.dispatch_ticket(:ticket, 'rp_build', 'duty');
select pg_temp.act_as('rp_author');
select ticket_workflow.accept_ticket(:ticket);
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 3, ''等'')', :ticket), 'TW004', 'C2', 'C2 not past the platform''s limit');
select pg_temp.fails(pg_temp.plainly(pg_temp.draft(:ticket, 3), 'requested'), 'TW004', 'C2', 'C2 by plain UPDATE neither');
select pg_temp.asked(:ticket, 2) as extension \gset
select pg_temp.act_as('rp_head');
select lives_ok(format('select ticket_workflow.sign_extension(%s)', :extension), 'C2 up to it');
select is(pg_temp.limit_of(:ticket), 'working_days 7 02-17 00:00 adjusted', 'C2 the last day it leaves');
-- the platform's limit comes later than the extension: it caps all the same
select pg_temp.accepted_ticket() as ticket \gset
select pg_temp.asked(:ticket) as extension \gset
select pg_temp.act_as('rp_head');
select ticket_workflow.sign_extension(:extension);
select pg_temp.act_as('rp_dispatcher');
select ticket_workflow.correct_ticket(:ticket, '平台补发时限', platform_due_at => '2023-02-16 00:00+08');
select is(pg_temp.limit_of(:ticket), 'working_days 7 02-16 00:00 adjusted', 'C2 a platform''s limit that comes later caps an extension too');
select ticket_workflow.correct_ticket(:ticket, '类别有误', category => '咨询');
select is(pg_temp.limit_of(:ticket), 'working_days 7 02-16 00:00 adjusted', 'S4 a correction leaves what was granted');
select is(pg_temp.astray(:ticket), 0::bigint, 'C1 the due time follows from the row');

-- ---- limits that are not in working days: counted from the day on which they end

select pg_temp.at_time('2023-02-10 10:00+08'), pg_temp.act_as('rp_dispatcher');
select ticket_workflow.receive_ticket(center => 'rp', category => '求助', appeal => '灯不亮', area => 'rp1', handling_class => 'simple') as ticket \gset
select ticket_workflow.dispatch_ticket(:ticket, 'rp_build', 'duty');
select pg_temp.act_as('rp_author');
select ticket_workflow.accept_ticket(:ticket);
select is(pg_temp.limit_of(:ticket), 'elapsed_minutes 1440 02-11 10:00', '3.1 24 hours from Friday morning');
select pg_temp.asked(:ticket, 1) as extension \gset
select pg_temp.act_as('rp_head');
select ticket_workflow.sign_extension(:extension);
select is(pg_temp.limit_of(:ticket), 'working_days 1 02-14 00:00 adjusted', '3.1 one working day more than Saturday: the end of Monday');
select is(pg_temp.astray(:ticket), 0::bigint, 'C1 the due time follows from the row');
-- urgent on a rest day: urgent_completion is what is extended
select pg_temp.at_time('2023-02-11 10:00+08'), pg_temp.act_as('rp_dispatcher');
select ticket_workflow.receive_ticket(center => 'rp', category => '投诉', appeal => '高空坠物', area => 'rp1', urgent => true) as ticket \gset
select ticket_workflow.dispatch_ticket(:ticket, 'rp_build', 'duty');
select pg_temp.act_as('rp_author');
select ticket_workflow.accept_ticket(:ticket);
select pg_temp.asked(:ticket, 1) as extension \gset
select pg_temp.act_as('rp_head');
select ticket_workflow.sign_extension(:extension);
select is(pg_temp.limit_of(:ticket, 'urgent_completion'), 'working_days 2 02-15 00:00 adjusted', '2.3.2.1 the urgent limit is extended in its place');

-- ---- what waits and is overtaken

select pg_temp.accepted_ticket() as ticket \gset
select pg_temp.asked(:ticket, 2) as first \gset
select pg_temp.asked(:ticket, 3) as second \gset
select is((select string_agg(x.state, ' ' order by x.extension_id) from ticket_workflow.limit_extension x where x.ticket_id = :ticket), 'withdrawn requested',
	'2.3.2.2 asked again, the first request is taken back');
select pg_temp.act_as('rp_head');
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s)', :first), 'TW001', '2.2.2', '2.3.2.2 and no longer signed');
select pg_temp.act_as('rp_dispatcher');
select ticket_workflow.recall_ticket(:ticket, '派错');
select is((select x.state from ticket_workflow.limit_extension x where x.extension_id = :second), 'withdrawn',
	'2.3.2.2 a ticket that leaves its department takes the request along');
select ticket_workflow.dispatch_ticket(:ticket, 'rp_green', 'duty');
select pg_temp.act_as('rp_duty_leader');
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s)', :second), 'TW001', '2.2.2', '2.3.2.2 the next department asks for its own');

-- ---- on paper: recorded by another, with the image

select pg_temp.accepted_ticket() as ticket \gset
select pg_temp.asked(:ticket, 1) as extension \gset
select pg_temp.act_as('rp_info');
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s, ''rp_head'', ''2023-02-07 10:00+08'', ''paper'')', :extension), 'TW008', '2.2.2',
	'2.2.2 a signature on paper needs its image');
select ticket_workflow.add_evidence(:ticket, 'signature_image', 'file:extension.jpg') as image \gset
select lives_ok(format('select ticket_workflow.sign_extension(%s, ''rp_head'', ''2023-02-07 10:00+08'', ''paper'', %s)', :extension, :image),
	'2.2.2 with it, it counts');
select is(pg_temp.limit_of(:ticket), 'working_days 6 02-16 00:00 adjusted', '2.2.2 and the limit moves');
-- a rulebook that asks for no signature
select pg_temp.accepted_ticket() as ticket \gset
delete from ticket_workflow.approval_rule where rulebook = 'yichuan_2023' and subject = 'extension';
select pg_temp.asked(:ticket);
select is((select x.state from ticket_workflow.limit_extension x where x.ticket_id = :ticket), 'granted', '2.3.2.2 no rule, no signature: in force at once');

-- ---- what may not be seen does not exist

select pg_temp.act_as('rp_other_leader');
select pg_temp.fails(format('select ticket_workflow.extend_limit(%s, 1, ''等'')', :ticket), 'TW006', '', '2.3.2.2 an unseen ticket');
select pg_temp.fails(format('select ticket_workflow.sign_extension(%s)', :extension), 'TW006', '', '2.3.2.2 an unseen extension');
-- the fixture's own rows were given their ids by hand
select is((select count(*) from ticket_workflow.check_integrity() i where i.problem <> 'sequence_lags'), 0::bigint, 'check_integrity() finds nothing');

select * from finish();
rollback;
