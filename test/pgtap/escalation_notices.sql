-- The outbox: what is taken, by whom, with which words; leases, confirmation, digests, vacant posts.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/desk.sql
create function pg_temp.sweep_at(moment timestamptz) returns boolean language sql as $$
	select set_config('ticket_workflow.now', moment::text, true), set_config('ticket_workflow.actor', '', true);
	select ticket_workflow.sweep_batch(ticket_workflow.begin_sweep(), 200, null);
$$;
create function pg_temp.dispatched(moment timestamptz, number text) returns bigint language plpgsql as $$
declare
	ticket bigint;
begin
	perform pg_temp.at_time(moment), pg_temp.act_as('dispatcher');
	ticket := ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '占道堆物', source => '区平台', external_no => number, area => 'p1');
	perform ticket_workflow.dispatch_ticket(ticket, 'cg', '职责原则');
	return ticket;
end
$$;
\o
select plan(30);

-- ---- one notice; what is past its use is another matter (escalation_delivery)
select ticket_workflow.set_notice_rule('yichuan_2023', 'notice_warning') \g /dev/null
select pg_temp.dispatched('2023-02-14 09:00+08', 'PT-1') as t1 \gset
select pg_temp.sweep_at('2023-02-14 09:31+08') \g /dev/null
create temp table taken as select * from ticket_workflow.take_notices(100, '1 second');
select is((select array_agg(recipient || ' ' || message order by recipient, message) from taken),
	'{"head notice_overdue","liaison notice_warning","officer notice_overdue","officer notice_warning"}', '2.3.2.2 who is told what');
select is((select notice_text from taken where recipient = 'head'), '【超期】工单 PT-1 的“接单”已于 2023-02-14 09:30 到期，尚未完成，承办：城管中队',
	'2.3.2.2 the words in Chinese');
select is((select count(distinct token) from taken), 4::bigint, 'each message has a token of its own');
select is((select bool_and(attempts = 1 and notices = 1 and center = 'yc' and recipient_post is null and fallback is null and ticket_id = :t1) from taken), true,
	'a notice says whose, and about which ticket');
select is((select count(*) from ticket_workflow.take_notices()), 0::bigint, 'what is leased is not given twice');
select notice_id as n1, token as k1 from taken where recipient = 'head' \gset
select is(ticket_workflow.confirm_notice(:n1, gen_random_uuid()), false, 'a foreign token confirms nothing');
select is(ticket_workflow.confirm_notice(:n1, :'k1'), true, 'the token confirms');
select is(ticket_workflow.confirm_notice(:n1, :'k1'), true, 'confirming twice is no error');
select is(ticket_workflow.confirm_notice(-1, :'k1'), false, 'nor does the token fit another notice');
-- leases run on the real clock
select pg_sleep(1.1) \g /dev/null
set ticket_workflow.language = 'en';
create temp table again as select * from ticket_workflow.take_notices(2);
select is((select array_agg(attempts) from again), '{2,2}', 'a lease that ran out: tried again, at most max_rows');
select is((select notice_text from again where recipient = 'liaison'), 'Warning: ticket PT-1, "acceptance" is due 2023-02-14 09:30, in hand: 城管中队',
	'2.3.2.2 the words in English');
reset ticket_workflow.language;
select notice_id as n2, token as k2 from again limit 1 \gset
select is((select ticket_workflow.confirm_notice(n.notice_id, n.token) from taken n where n.notice_id = :n2), false,
	'who comes too late does not confirm what another took since');
select is(ticket_workflow.confirm_notice(:n2, :'k2'), true, 'who has it, does');
select is((select count(*) from ticket_workflow.take_notices()), 1::bigint, 'what was confirmed does not come back, what was neither taken nor confirmed does');
select throws_ok('select ticket_workflow.take_notices(0)', 'TW006', null, 'max_rows is at least 1');
select throws_ok('select ticket_workflow.take_notices(null)', 'TW006', null, 'max_rows is a number');
select throws_ok($$select ticket_workflow.take_notices(1, '0')$$, 'TW006', null, 'a lease lasts');
select throws_ok($$select ticket_workflow.take_notices(1, '1 year')$$, 'TW006', null, 'but not for ever');

-- ---- digests (3.3)
savepoint digests;
delete from ticket_workflow.notice;
select pg_temp.dispatched('2023-02-14 10:00+08', 'PT-2') as t2 \gset
select pg_temp.sweep_at('2023-02-17 00:01+08') \g /dev/null
select is((select count(*) from ticket_workflow.take_notices() where recipient in ('leader', 'area_leader')), 0::bigint, '3.3 no leader is woken');
select pg_temp.at_time('2023-02-17 08:30+08') \g /dev/null
create temp table digest as select * from ticket_workflow.take_notices() where recipient in ('leader', 'area_leader');
select is((select array_agg(recipient || ' ' || notices order by recipient) from digest), '{"area_leader 2","leader 2"}', '3.3 one digest per leader when the office opens');
select is((select notice_text from digest where recipient = 'leader'), E'您有 2 条督促通知：\n【通报】工单 PT-1 至 2023-02-16 24:00 仍未办结（包干联络一级），承办：城管中队\n【通报】工单 PT-2 至 2023-02-16 24:00 仍未办结（包干联络一级），承办：城管中队',
	'3.3 with all his tickets in it');
select is((select bool_and(ticket_workflow.confirm_notice(notice_id, token)) from digest), true, '3.3 confirmed as one');
select is((select count(*) from ticket_workflow.notice where digest and confirmed_at is null), 0::bigint, '3.3 with all that it held');
rollback to digests;

select ticket_workflow.set_rulebook_setting('yichuan_2023', 'digest_leader_notices', 'off') \g /dev/null
select pg_temp.sweep_at('2023-02-17 00:01+08') \g /dev/null
select is((select array_agg(recipient order by recipient) from ticket_workflow.take_notices() where message = 'notice_notice'), '{area_leader,leader}',
	'3.3 the setting off: single messages, at once');
rollback to digests;

-- ---- posts that nobody holds
select ticket_workflow.end_post(p.post_id, '2023-02-15') from ticket_workflow.post p join ticket_workflow.official o using (official_id) where o.code = 'leader' \g /dev/null
select pg_temp.sweep_at('2023-02-17 00:01+08'), pg_temp.at_time('2023-02-17 09:00+08') \g /dev/null
create temp table vacant as select * from ticket_workflow.take_notices() where recipient is null;
select is((select recipient_post || ' ' || fallback::text from vacant), 'lead:supervising_leader {dispatcher}', '3.3 nobody holds the post: the center''s dispatcher passes it on');
select matches((select notice_text from vacant), '无人任职', '3.3 and reads that nobody does');
select ticket_workflow.end_post(p.post_id, '2023-02-15') from ticket_workflow.post p join ticket_workflow.official o using (official_id) where o.code = 'dispatcher' \g /dev/null
select is(ticket_workflow.center_fallback((select center_id from ticket_workflow.center where code = 'yc'), '2023-02-17'), '{operator}', '2.3.2.1 without a dispatcher the operators');
rollback to digests;

-- ---- substitutes (design 3)
select ticket_workflow.delegate_post(p.post_id, 'fg_leader', '出差', '2023-02-16', '2023-02-20')
	from ticket_workflow.post p join ticket_workflow.official o using (official_id) where o.code = 'leader' \g /dev/null
select pg_temp.sweep_at('2023-02-17 00:01+08') \g /dev/null
select is((select recipients from ticket_workflow.escalation where clock = 'leader_notice'), '{片区分管领导,房管分管领导}', '3.3 the substitute of an absent leader is told');
rollback to digests;

-- ---- other rooms' notices
select is((select ticket_workflow.notify_post(t, 'lead', 'liaison', 'notice_vacant', '{a,b}') from ticket_workflow.ticket t where ticket_id = :t1), 1, 'a notice to a post');
select is((select ticket_workflow.notify_post(t, 'lead', 'operator', 'notice_vacant', '{a,b}') from ticket_workflow.ticket t where ticket_id = :t1), 1,
	'a notice to a post that nobody holds is not lost');

select * from finish();
rollback;
