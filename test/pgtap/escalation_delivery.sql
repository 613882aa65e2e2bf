-- Delivery of notices: channels, words of a rulebook's own, failures and their waits, giving up, what is past its use,
-- what is forgotten after a time.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/desk.sql
create function pg_temp.sweep_at(moment timestamptz) returns boolean language sql as $$
	select set_config('ticket_workflow.now', moment::text, true), set_config('ticket_workflow.actor', '', true);
	select ticket_workflow.sweep_batch(ticket_workflow.begin_sweep(), 200, null);
$$;
create function pg_temp.dispatched(moment timestamptz, number text, urgent boolean default false) returns bigint language plpgsql as $$
declare
	ticket bigint;
begin
	perform pg_temp.at_time(moment), pg_temp.act_as('dispatcher');
	ticket := ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '占道堆物', source => '区平台', external_no => number,
		area => 'p1', urgent => dispatched.urgent);
	perform ticket_workflow.dispatch_ticket(ticket, 'cg', '职责原则');
	return ticket;
end
$$;
-- the waits of the real clock are over
create function pg_temp.later() returns void language sql as $$
	update ticket_workflow.notice set retry_at = clock_timestamp() - interval '1 second' where retry_at is not null;
	update ticket_workflow.notice set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null;
$$;
create function pg_temp.only_head() returns void language sql as $$
	delete from ticket_workflow.notice n using ticket_workflow.official o where o.official_id = n.recipient_id and o.code <> 'head' $$;
\o
select plan(61);

-- ---- channels: by position, message and urgency
select pg_temp.dispatched('2023-02-14 09:00+08', 'PT-1') as t1 \gset
select pg_temp.dispatched('2023-02-14 09:00+08', 'PT-2', true) as t2 \gset
select pg_temp.sweep_at('2023-02-14 09:25+08') \g /dev/null
savepoint warned;
create temp table taken as select * from ticket_workflow.take_notices();
select is((select array_agg(format('%s %s %s', recipient, position, channel) order by recipient) from taken where ticket_id = :t1),
	'{"liaison liaison wechat","officer information_officer wechat"}', '2.3.2.2 a warning goes by WeChat');
select is((select array_agg(format('%s %s %s', recipient, channel, urgent) order by recipient) from taken where ticket_id = :t2),
	'{"liaison sms t","officer sms t"}', '2.3.2.2 of an urgent ticket by text message');
rollback to warned;
select ticket_workflow.set_notice_channel('yichuan_2023', 5, '工作台', "position" => 'information_officer') \g /dev/null
select is((select array_agg(distinct channel) from ticket_workflow.take_notices() where recipient = 'officer'), '{desk}', 'the lowest priority whose conditions hold decides');
select ticket_workflow.set_notice_channel('yichuan_2023', p, null) from unnest('{5,10,20,30,40,50,60,100}'::int[]) p \g /dev/null
select pg_temp.later() \g /dev/null
select is((select array_agg(distinct coalesce(channel, '-')) from ticket_workflow.take_notices()), '{-}', 'no row, no hint');
select throws_ok($$select ticket_workflow.set_notice_channel('yichuan_2023', 5, null)$$, 'TW012', null, 'a channel that is not there cannot be removed');
select throws_ok($$select ticket_workflow.set_notice_channel('yichuan_2023', 5, 'pigeon')$$, 'TW006', null, 'an unknown channel is refused');
select throws_ok($$select ticket_workflow.set_notice_channel('yichuan_2023', 5, 'sms', message => 'notice_of_nothing')$$, 'TW012', null, 'an unknown message is refused');
rollback to warned;

-- ---- words of a rulebook's own
select ticket_workflow.set_notice_template('yichuan_2023', 'notice_warning', 'zh', '请抓紧：%1（%2）%3 到期') \g /dev/null
select is((select notice_text from ticket_workflow.take_notices() where recipient = 'liaison' and ticket_id = :t1), '请抓紧：PT-1（接单）2023-02-14 09:30 到期', '2.3.2.2 the center''s own words');
select pg_temp.later() \g /dev/null
set local ticket_workflow.language = 'en';
select is((select notice_text from ticket_workflow.take_notices() where recipient = 'liaison' and ticket_id = :t1), 'Warning: ticket PT-1, "acceptance" is due 2023-02-14 09:30, in hand: 城管中队', '2.3.2.2 in the other language the product''s');
set local ticket_workflow.language = 'zh';
select is(ticket_workflow.notice_text('notice_warning', '{a%2,b}', 'yichuan_2023'), '请抓紧：a%2（b） 到期', 'an argument is no template');
select ticket_workflow.copy_rulebook('yichuan_2023', 'copied') \g /dev/null
select is(ticket_workflow.notice_text('notice_warning', '{A,B,C}', 'copied'), '请抓紧：A（B）C 到期', 'a copied rulebook has the words too');
select is((select count(*) from ticket_workflow.notice_rule where rulebook = 'copied'), 2::bigint, 'and the rules');
select is((select count(*) from ticket_workflow.notice_channel where rulebook = 'copied'), 7::bigint, 'and the channels');
select throws_like($$select ticket_workflow.set_notice_template('yichuan_2023', 'notice_warning', 'zh', '工单 %1 %7')$$, '%\%7%', 'a placeholder that the message has not is named');
select throws_ok($$select ticket_workflow.set_notice_template('yichuan_2023', 'notice_warning', 'en', '%5')$$, 'TW012', null, 'and refused');
select throws_ok($$select ticket_workflow.set_notice_template('yichuan_2023', 'notice_warning', 'en', '%0')$$, 'TW012', null, '%0 is none');
select throws_ok($$select ticket_workflow.set_notice_template('yichuan_2023', 'notice_warning', 'fr', '%1')$$, 'TW012', null, 'a language that is not ours');
select throws_ok($$select ticket_workflow.set_notice_template('yichuan_2023', 'notice_warning', 'zh', '  ')$$, 'TW012', null, 'no words at all');
select throws_ok($$select ticket_workflow.set_notice_template('yichuan_2023', 'unknown_row', 'zh', '%1')$$, 'TW012', null, 'an error is no notice');
select throws_ok($$select ticket_workflow.load_rulebook('wrong', document => '{"notice_template": [{"message": "notice_digest", "language": "zh", "template": "%1 %2"}]}')$$,
	'TW012', null, 'a document is checked as the functions are');
select ticket_workflow.set_notice_template('yichuan_2023', 'notice_warning', 'zh', null) \g /dev/null
select matches(ticket_workflow.notice_text('notice_warning', '{A,B,C}', 'yichuan_2023'), '^【预警】', 'NULL brings the product''s words back');
rollback to warned;

-- ---- past its use: a warning after the due time, and one whose cause ended
select is((select count(*) from ticket_workflow.notice where expires_at = '2023-02-14 09:30+08'), 4::bigint, '2.3.2.2 a warning is of use until the due time');
select pg_temp.at_time('2023-02-14 09:30+08') \g /dev/null
select is((select count(*) from ticket_workflow.take_notices() where message = 'notice_warning'), 0::bigint, '2.3.2.2 and not sent after it');
select is((select array_agg(distinct close_reason) from ticket_workflow.notice where message = 'notice_warning'), '{expired}', 'but closed as past its use');
rollback to warned;
select pg_temp.at_time('2023-02-14 09:26+08'), pg_temp.act_as('liaison') \g /dev/null
select ticket_workflow.accept_ticket(:t1) \g /dev/null
select is((select array_agg(distinct close_reason) from ticket_workflow.notice where ticket_id = :t1), '{cause_ended}', '2.3.2.2 accepted before the warning was sent: it is not sent');
select is((select array_agg(distinct ticket_id) from ticket_workflow.take_notices()), array[:t2::bigint], '2.3.2.2 the other ticket''s is');
select is((select count(*) from ticket_workflow.notice where message = 'notice_ended'), 0::bigint, 'who was not warned is told nothing');
rollback to warned;
-- taken, then accepted: it went out; failed, it is not tried again
create temp table taken as select * from ticket_workflow.take_notices();
select pg_temp.at_time('2023-02-14 09:26+08'), pg_temp.act_as('liaison') \g /dev/null
select ticket_workflow.accept_ticket(:t1) \g /dev/null
select is((select bool_and(closed_at is null) from ticket_workflow.notice where ticket_id = :t1), true, 'what a consumer holds is his');
select is((select ticket_workflow.confirm_notice(notice_id, token) from taken where ticket_id = :t1 and recipient = 'liaison'), true, 'and can be confirmed');
select is((select ticket_workflow.fail_notice(notice_id, token, 'no route') from taken where ticket_id = :t1 and recipient = 'officer'), true, 'or failed');
select pg_temp.later() \g /dev/null
select is((select count(*) from ticket_workflow.take_notices() where ticket_id = :t1), 0::bigint, 'then it is not tried again: its cause is over');
select is((select array_agg(coalesce(close_reason, 'delivered') order by close_reason) from ticket_workflow.notice where ticket_id = :t1), '{cause_ended,delivered}', 'and says why');
rollback to warned;

-- a leaders' notice that a rulebook does not send once its cause ended: they are not told of the end either
select ticket_workflow.set_notice_rule('yichuan_2023', 'notice_notice', until_ended => true, keep_minutes => 600) \g /dev/null
select pg_temp.sweep_at('2023-02-17 00:01+08') \g /dev/null
savepoint leaders;
select ticket_workflow.end_escalations(clock_id, 'report_passed', ticket_workflow.now()) from ticket_workflow.clock where ticket_id = :t1 and clock = 'leader_notice' \g /dev/null
select is((select array_agg(distinct n.message || ' ' || coalesce(n.close_reason, '-')) from ticket_workflow.notice n join ticket_workflow.escalation e using (escalation_id)
	where e.ticket_id = :t1 and e.clock = 'leader_notice'), '{"notice_notice cause_ended"}', '3.3 over before the office opened: the leaders hear nothing');
select ticket_workflow.reopen_escalations(clock_id, 'fact_voided', ticket_workflow.now()) from ticket_workflow.clock where ticket_id = :t1 and clock = 'leader_notice' \g /dev/null
select is((select array_agg(distinct n.message || ' ' || coalesce(n.close_reason, '-')) from ticket_workflow.notice n join ticket_workflow.escalation e using (escalation_id)
	where e.ticket_id = :t1 and e.clock = 'leader_notice'), '{"notice_notice -"}', '3.3 and if it goes on after all, they are told as if nothing had been');
rollback to leaders;
select pg_temp.at_time('2023-02-17 18:29+08') \g /dev/null
select cmp_ok((select count(*) from ticket_workflow.take_notices() where recipient = 'leader'), '>', 0::bigint, '3.3 kept for ten hours from the opening');
rollback to leaders;
select pg_temp.at_time('2023-02-17 18:31+08') \g /dev/null
select is((select count(*) from ticket_workflow.take_notices() where recipient = 'leader' and message = 'notice_notice'), 0::bigint, '3.3 and no longer');
rollback to warned;

-- ---- failures
delete from ticket_workflow.notice;
select pg_temp.sweep_at('2023-02-14 09:31+08') \g /dev/null
select pg_temp.only_head() \g /dev/null
delete from ticket_workflow.notice where ticket_id = :t2;
select notice_id as n, token as k from ticket_workflow.take_notices() \gset
select throws_ok(format('select ticket_workflow.fail_notice(%s, %L, '' '')', :'n', :'k'), 'TW006', null, 'a failure has a reason');
select is(ticket_workflow.fail_notice(:n, gen_random_uuid(), 'x'), false, 'a foreign token fails nothing');
select is(ticket_workflow.fail_notice(:n, :'k', E'550 mailbox\x02full\r\n'), true, 'the token says that it failed');
select is((select last_error || ' ' || failures || ' ' || attempts from ticket_workflow.notice where notice_id = :n), '550 mailbox full 1 1', 'the error is kept, in one line');
select is(ticket_workflow.fail_notice(:n, :'k', 'again'), false, 'once');
select is(ticket_workflow.confirm_notice(:n, :'k'), false, 'and is then not confirmed by the same token');
select is((select count(*) from ticket_workflow.take_notices()), 0::bigint, 'it is not tried at once');
select is((select notice_status || ' ' || notice_status_label || ' ' || recipient || ' ' || last_error from ticket_workflow.undelivered_notice), 'failing 发送失败待重试 head 550 mailbox full', 'a view shows it');
create temp table waits (attempt integer, waiting interval);
do $$
declare
	taken record;
begin
	for i in 2..10 loop
		perform pg_temp.later();
		select * into strict taken from ticket_workflow.take_notices();
		perform ticket_workflow.fail_notice(taken.notice_id, taken.token, 'busy');
		insert into waits select i, date_trunc('second', retry_at - failed_at) from ticket_workflow.notice where notice_id = taken.notice_id;
	end loop;
end
$$;
select is((select array_agg(waiting order by attempt) from waits where attempt < 10), '{2 min,4 min,8 min,16 min,32 min,1 hour,1 hour,1 hour}'::interval[], 'each failure doubles the wait, up to the most');
select is((select close_reason || ' ' || attempts from ticket_workflow.notice where notice_id = :n), 'given_up 10', 'after ten attempts it is given up');
select pg_temp.later() \g /dev/null
select is((select count(*) from ticket_workflow.take_notices()), 0::bigint, 'and not tried again');
select is((select notice_status from ticket_workflow.undelivered_notice), 'given_up', 'the view shows that, too');
update ticket_workflow.sweep_run set finished_at = clock_timestamp() where finished_at is null;
select is((select sweep_status || ' ' || notices_given_up || ' ' || notices_failing from ticket_workflow.sweep_health), 'undelivered 1 0', 'and sweep_health calls');
select is(ticket_workflow.retry_notices('yc'), 1, 'once the gateway works again');
select is((select attempts from ticket_workflow.take_notices()), 1, 'it is tried as if for the first time');
select is((select sweep_status from ticket_workflow.sweep_health), 'ok', 'and all is well');
-- a consumer that dies over it each time never says that it failed
select ticket_workflow.set_notice_rule('yichuan_2023', '*', attempts => 3) \g /dev/null
do $$
begin
	for i in 1..5 loop
		perform pg_temp.later();
		perform ticket_workflow.take_notices();
	end loop;
end
$$;
select is((select close_reason || ' ' || attempts || ' ' || failures from ticket_workflow.notice where notice_id = :n), 'given_up 3 0', 'leases that run out count as attempts');
select throws_ok($$select ticket_workflow.set_notice_rule('yichuan_2023', '*', attempts => 0)$$, 'TW012', null, 'no attempt at all is refused');
select throws_ok($$select ticket_workflow.set_notice_rule('yichuan_2023', '*', retry_minutes => 10, most_retry_minutes => 5)$$, 'TW012', null, 'a most below the first wait too');

-- ---- what is forgotten
rollback to warned;
select ticket_workflow.set_notice_rule('yichuan_2023', 'notice_warning') \g /dev/null
delete from ticket_workflow.notice;
select pg_temp.sweep_at('2023-02-14 09:31+08') \g /dev/null
select ticket_workflow.confirm_notice(notice_id, token) from ticket_workflow.take_notices() \g /dev/null
update ticket_workflow.notice set confirmed_at = clock_timestamp() - interval '366 days' where ticket_id = :t1 and confirmed_at is not null;
update ticket_workflow.notice set confirmed_at = clock_timestamp() - interval '364 days' where ticket_id = :t2 and confirmed_at is not null;
select is(ticket_workflow.purge_notices(), 0, 'old notices of an escalation that goes on stay: whom it told will be told of its end');
update ticket_workflow.escalation set ended_at = ticket_workflow.now(), end_cause = 'accepted';
select ticket_workflow.post_notice(center_id, null, 'notice_digest', '{1}', recipient_post => 'center:dispatcher') from ticket_workflow.center where code = 'yc' \g /dev/null
select is(array[ticket_workflow.purge_notices(1), ticket_workflow.purge_notices()], '{1,1}', 'the others go after a year, so many at a time');
select is((select count(*) filter (where confirmed_at is null) || ' ' || count(*) filter (where ticket_id = :t2) from ticket_workflow.notice), '1 2', 'younger ones and unsent ones stay');
insert into ticket_workflow.sweep_run (sweep_id, started_at, beat_at, as_of, backend)
	select nextval('ticket_workflow.sweep_seq'), clock_timestamp() - d * interval '1 day', clock_timestamp(), clock_timestamp(), 0 from unnest('{8,30,32}'::int[]) d;
select is(ticket_workflow.purge_sweep_runs(), 1, 'heartbeats are kept for a month');
select ticket_workflow.set_rulebook_setting('yichuan_2023', 'sweep_keep_days', '7') \g /dev/null
select is(ticket_workflow.purge_sweep_runs(), 2, 'or as long as the setting says');
select throws_ok($$select ticket_workflow.purge_notices(0)$$, 'TW006', null, 'max_rows is at least 1');

select * from finish();
rollback;
