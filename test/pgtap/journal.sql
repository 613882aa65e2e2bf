-- The journal and the clocks are history: only added to, and tampering shows.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
select plan(22);

select pg_temp.at_time('2023-02-06 10:00+08');
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '楼道灯不亮') as ticket \gset
select ticket_workflow.dispatch_ticket(:ticket, 'cg', 'duty');
select pg_temp.act_as('liaison');
select ticket_workflow.accept_ticket(:ticket);

select results_eq(format('select seq, kind, actor, from_state, to_state from ticket_workflow.journal where ticket_id = %s order by seq', :ticket),
	$$ values (1, 'receive', 'dispatcher', null, 'received'), (2, 'dispatch', 'dispatcher', 'received', 'dispatched'), (3, 'accept', 'liaison', 'dispatched', 'accepted') $$,
	'one row for each thing that happened, with who did it');
select is((select caller from ticket_workflow.journal where ticket_id = :ticket and seq = 1), current_user::text, 'with the role that called');

select throws_ok(format('update ticket_workflow.journal set kind = ''x'' where ticket_id = %s', :ticket), 'TW010', null, 'no UPDATE');
select throws_ok(format('delete from ticket_workflow.journal where ticket_id = %s', :ticket), 'TW010', null, 'no DELETE');
select throws_ok('truncate ticket_workflow.journal', 'TW010', null, 'no TRUNCATE');
select throws_ok(format('delete from ticket_workflow.clock where ticket_id = %s', :ticket), 'TW010', null, 'C3 no clock is deleted');
select throws_ok(format('delete from ticket_workflow.ticket where ticket_id = %s', :ticket), 'TW010', null, 'nor a ticket');
select throws_ok('truncate ticket_workflow.ticket cascade', 'TW010', null, 'nor all of them');
select throws_ok('update ticket_workflow.petitioner set name = ''x''', 'TW010', null, 'nor is a petitioner changed');
select throws_ok(format('update ticket_workflow.clock set started_at = started_at - interval ''1 hour'' where ticket_id = %s', :ticket), 'TW010', null,
	'C1 a clock keeps its start');

select throws_ok('delete from ticket_workflow.dispatch_decision', 'TW010', null, '2.1 nor a decision of dispatch');
select throws_ok('delete from ticket_workflow.escalation', 'TW010', null, 'C4 nor an escalation');

-- the hash depends on the values alone
set local timezone = 'America/New_York';
set local datestyle = 'SQL, DMY';
select is((select count(*) from ticket_workflow.verify_journal(:ticket)), 0::bigint, 'whole, in another time zone and date style');
set local timezone = 'Asia/Shanghai';
select isnt(ticket_workflow.journal_hash(1::smallint, 1, 1, now(), now(), 'ab', 'c', 's', 'k', null, null, null, '{}', null),
	ticket_workflow.journal_hash(1::smallint, 1, 1, now(), now(), 'a', 'bc', 's', 'k', null, null, null, '{}', null),
	'fields do not run into each other');
select isnt(ticket_workflow.journal_hash(1::smallint, 1, 1, now(), now(), '', 'c', 's', 'k', null, null, null, '{}', null),
	ticket_workflow.journal_hash(1::smallint, 1, 1, now(), now(), null, 'c', 's', 'k', null, null, null, '{}', null),
	'empty is not NULL');

-- what a superuser does with the triggers off shows
savepoint whole;
set local session_replication_role = replica;
update ticket_workflow.journal set details = details || '{"urgent": true}' where ticket_id = :ticket and seq = 1;
select results_eq(format('select * from ticket_workflow.verify_journal(%s)', :ticket), $$ values (1, 'hash') $$, 'a changed detail shows');
rollback to whole;
set local session_replication_role = replica;
update ticket_workflow.journal set recorded_at = recorded_at + interval '1 microsecond' where ticket_id = :ticket and seq = 2;
select results_eq(format('select * from ticket_workflow.verify_journal(%s)', :ticket), $$ values (2, 'hash') $$, 'a microsecond shows');
rollback to whole;
set local session_replication_role = replica;
delete from ticket_workflow.journal where ticket_id = :ticket and seq = 2;
select results_eq(format('select * from ticket_workflow.verify_journal(%s)', :ticket), $$ values (3, 'gap') $$, 'a missing row shows');
select results_eq('select ticket_id, seq, problem from ticket_workflow.verify_journals()', format('values (%s::bigint, 3, ''gap'')', :ticket), 'to verify_journals() too');
select ok(exists (select from ticket_workflow.check_integrity() i where i.problem = 'journal_gap'), 'and to check_integrity()');
rollback to whole;

-- C3: no clock is set running for a ticket whose state does not carry it
select pg_temp.act_as('dispatcher');
select ticket_workflow.withdraw_ticket(:ticket, '诉求人来访撤回');
select is((select count(*) from ticket_workflow.clock where ticket_id = :ticket and status = 'running'), 0::bigint, 'C3 no clock runs for an ended ticket');
select throws_ok(format('update ticket_workflow.clock set status = ''running'', stopped_at = null where ticket_id = %s and clock = ''completion''', :ticket),
	'TW001', null, 'C3 nor can one be set running');

select * from finish();
rollback;
