-- Daily seals: a cut-off end and a rewritten history show; what is whole verifies; each auditor for his centers.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/security_desk.sql
select no_plan();
-- the journals end where the test leaves them: no candidates for accountability are raised in the daily part
delete from ticket_workflow.accountability_rule;
create function pg_temp.daily(moment timestamptz) returns bigint language plpgsql as $$
begin
	perform pg_temp.at_time(moment);
	-- the first days by the sweep; what else it has to say later would only stand behind the entries below
	if moment < '2023-02-10' then
		perform pg_temp.sweep_centers(ticket_workflow.begin_sweep());
	else
		perform ticket_workflow.seal_days(c.center_id, ticket_workflow.today(c.center_id)) from ticket_workflow.center c;
	end if;
	return (select count(*) from ticket_workflow.journal_seal s join ticket_workflow.center c using (center_id) where c.code = 'yc');
end
$$;
select t.ticket_id as cg from ticket_of t where t.name = 't_cg' \gset
select t.ticket_id as zz from ticket_of t where t.name = 't_zz' \gset

-- ---- sealing: by the sweep's daily part, once per local day
select is(pg_temp.daily('2023-02-07 23:59+08'), 1::bigint, 'design 3: the day before is sealed, though nothing happened yet');
select is((select cardinality(ticket_ids) from ticket_workflow.journal_seal where center_id = ticket_workflow.center_of(:cg)), 0, 'design 3: the day itself is not over, and not in it');
select is(pg_temp.daily('2023-02-08 00:00+08'), 2::bigint, 'design 3: at 00:00 of the center the day is sealed');
select is(pg_temp.daily('2023-02-08 00:01+08'), 2::bigint, 'design 3: once');
select is(ticket_workflow.seal_days(ticket_workflow.center_of(:cg), '2023-02-08'), 0, 'design 3: also when asked again');
select is((select ticket_ids from ticket_workflow.journal_seal where center_id = ticket_workflow.center_of(:cg) and day = '2023-02-07'),
	(select array_agg(ticket_id order by ticket_id) from ticket_of where name <> 't_zz'), 'design 3: it holds the tickets of its center that had entries that day');
select pg_temp.at_time('2023-02-08 10:00+08');
select pg_temp.act_as('liaison');
select ticket_workflow.accept_ticket(:cg) \g /dev/null
select max(seq) as last from ticket_workflow.journal where ticket_id = :cg \gset
select pg_temp.act_as('');
select is(pg_temp.daily('2023-02-11 03:00+08'), 5::bigint, 'design 3: days without a sweep are sealed later, one by one');
select results_eq($$ select day, cardinality(ticket_ids) from ticket_workflow.journal_seal s join ticket_workflow.center c using (center_id) where c.code = 'yc' order by day $$,
	$$ values (date '2023-02-06', 0), ('2023-02-07', 4), ('2023-02-08', 1), ('2023-02-09', 0), ('2023-02-10', 0) $$, 'design 3: each ticket on the days on which something was written');
select is_empty('select * from ticket_workflow.verify_seals()', 'design 3: whole seals verify');
select is((select count(*) from ticket_workflow.export_seals('yc')), 5::bigint, 'design 3: and are exported');

-- the bytes, put together by another program's means
select is((select encode(s.digest, 'hex') from ticket_workflow.journal_seal s where s.center_id = ticket_workflow.center_of(:cg) and s.day = '2023-02-08'),
	(select encode(sha256(int2send(1::int2) || int8send(ticket_workflow.center_of(:cg)) || int4send('2023-02-08'::date - '1970-01-01'::date)
		|| int4send(32) || (select p.digest from ticket_workflow.journal_seal p where p.center_id = ticket_workflow.center_of(:cg) and p.day = '2023-02-07')
		|| int4send(1) || int8send(:cg) || int4send(j.seq) || int4send(32) || j.hash), 'hex')
		from ticket_workflow.journal j where j.ticket_id = :cg and j.seq = :last),
	'design 3: a seal is the SHA-256 of the documented bytes');

-- ---- what a superuser does with the triggers off
select digest as kept from ticket_workflow.export_seals('yc', '2023-02-08', '2023-02-08') \gset
select is_empty(format('select * from ticket_workflow.verify_seal(''yc'', ''2023-02-08'', %L)', :'kept'), 'design 3: the digest that was kept is the one of that day');
select is_empty(format('select * from ticket_workflow.verify_seal(''yc'', ''2023-02-08'', %L)', upper(:'kept')), 'design 3: however its digits are written');
savepoint whole;
set local session_replication_role = replica;
delete from ticket_workflow.journal where ticket_id = :cg and seq = :last;
select is_empty(format('select * from ticket_workflow.verify_journal(%s)', :cg), 'design 3: a cut-off end does not show in the chain');
select results_eq('select day, problem, ticket_id from ticket_workflow.verify_seals()', format('values (date ''2023-02-08'', ''entry'', %s::bigint)', :cg), 'design 3: it shows against the seals');
select results_eq(format('select problem, ticket_id from ticket_workflow.verify_seal(''yc'', ''2023-02-08'', %L)', :'kept'), format('values (''entry'', %s::bigint)', :cg), 'design 3: and for that day');
rollback to whole;
-- the last entry written anew, with its right hash
set local session_replication_role = replica;
update ticket_workflow.journal j set actor = 'head', hash = ticket_workflow.journal_hash(j.version, j.ticket_id, j.seq, j.occurred_at, j.recorded_at, 'head',
	j.caller, j.session_role, j.kind, j.clause, j.from_state, j.to_state, j.details, (select p.hash from ticket_workflow.journal p where p.ticket_id = j.ticket_id and p.seq = j.seq - 1))
where j.ticket_id = :cg and j.seq = :last;
set local session_replication_role = origin;
select is_empty('select * from ticket_workflow.verify_journals()', 'design 3: a rewritten chain is a chain');
select results_eq('select day, problem from ticket_workflow.verify_seals()', $$ values (date '2023-02-08', 'digest') $$, 'design 3: the seal does not fit it');
-- and the seals too, from that day on
set local session_replication_role = replica;
delete from ticket_workflow.journal_seal where day >= '2023-02-08';
set local session_replication_role = origin;
select ticket_workflow.seal_days(c.center_id, '2023-02-11') from ticket_workflow.center c \g /dev/null
select is_empty('select * from ticket_workflow.verify_seals()', 'design 3: rewritten seals fit again');
select results_eq(format('select problem, ticket_id from ticket_workflow.verify_seal(''yc'', ''2023-02-08'', %L)', :'kept'), $$ values ('replaced', null::bigint) $$,
	'design 3: but not the digest that was kept elsewhere');
rollback to whole;
set local session_replication_role = replica;
delete from ticket_workflow.journal_seal where day = '2023-02-09';
select results_eq('select distinct day, problem from ticket_workflow.verify_seals()', $$ values (date '2023-02-10', 'gap') $$, 'design 3: a missing seal shows');
select results_eq($$ select problem from ticket_workflow.verify_seal('yc', '2023-02-09', repeat('0', 64)) $$, $$ values ('no_seal') $$, 'design 3: and for its day');
rollback to whole;
set local session_replication_role = replica;
update ticket_workflow.journal_seal set previous = sha256('x') where day = '2023-02-09' and center_id = ticket_workflow.center_of(:cg);
select results_eq('select day, problem from ticket_workflow.verify_seals()', $$ values (date '2023-02-09', 'previous') $$, 'design 3: a broken chain of seals shows');
rollback to whole;
set local session_replication_role = replica;
update ticket_workflow.journal set center_id = 2 where ticket_id = :cg and seq = 2;
select results_eq('select ticket_id, seq, problem from ticket_workflow.verify_journals()', format('values (%s::bigint, 2, ''hash'')', :cg), 'design 3: an entry moved to another center shows');
rollback to whole;

-- an entry of a transaction that ended after its day was sealed
set local session_replication_role = replica;
insert into ticket_workflow.journal
	select j.center_id, j.ticket_id, j.seq + 1, timestamptz '2023-02-10 23:59+08', timestamptz '2023-02-10 23:59+08', j.actor, j.caller, j.session_role, 'add_evidence', null, null, null, '{}', 1::smallint,
		ticket_workflow.journal_hash(1::smallint, j.ticket_id, j.seq + 1, timestamptz '2023-02-10 23:59+08', timestamptz '2023-02-10 23:59+08', j.actor, j.caller, j.session_role, 'add_evidence', null, null, null, '{}', j.hash)
	from ticket_workflow.journal j where j.ticket_id = :cg order by j.seq desc limit 1;
set local session_replication_role = origin;
select is_empty('select * from ticket_workflow.verify_seals()', 'design 3: a late entry does not break the seal of its day');
select is(pg_temp.daily('2023-02-12 00:00+08'), 6::bigint, 'design 3: the next day');
select is((select ticket_ids from ticket_workflow.journal_seal where center_id = ticket_workflow.center_of(:cg) and day = '2023-02-11'), array[:cg]::bigint[], 'design 3: seals it');
rollback to whole;

-- ---- history
select throws_ok(c, 'TW010', null, 'design 3: seals are append-only: ' || c) from unnest(array['update ticket_workflow.journal_seal set day = day', 'delete from ticket_workflow.journal_seal',
	'truncate ticket_workflow.journal_seal']) c;

-- ---- who: an auditor for his centers
select is(pg_temp.as_role('tw_test_auditor', 'select string_agg(distinct center_code, '','') from ticket_workflow.export_seals()'), 'zz', 'design 8: an auditor exports the seals of his centers');
select is(pg_temp.as_role('tw_test_auditor', c), 'TW006', 'design 8: another center does not exist for him: ' || c) from unnest(array[
	'select 1 from ticket_workflow.export_seals(''yc'')', 'select 1 from ticket_workflow.verify_seals(''yc'')', 'select 1 from ticket_workflow.export_seals(''nowhere'')',
	format('select 1 from ticket_workflow.verify_seal(''yc'', ''2023-02-08'', %L)', :'kept'), format('select 1 from ticket_workflow.verify_journal(%s)', :cg),
	'select 1 from ticket_workflow.verify_journal(1000999999999)', 'select 1 from ticket_workflow.verify_journal(null)']) c;
select is(pg_temp.as_role('tw_test_auditor', 'select count(distinct center_id) from ticket_workflow.journal_seal'), '1', 'design 8: nor in the table');
set local session_replication_role = replica;
update ticket_workflow.journal set kind = 'x' where ticket_id in (:cg, :zz) and seq = 1;
set local session_replication_role = origin;
select is(pg_temp.as_role('tw_test_auditor', 'select string_agg(ticket_id::text, '','') from ticket_workflow.verify_journals()'), :'zz', 'design 8: verify_journals() looks at his centers');
select is(pg_temp.as_role('tw_test_auditor', format('select problem from ticket_workflow.verify_journal(%s)', :zz)), 'hash', 'design 8: verify_journal() at his tickets');
select is((select count(*) from ticket_workflow.verify_journals()), 2::bigint, 'design 8: the owner looks at all');
select is(pg_temp.as_role(r, 'select 1 from ticket_workflow.verify_seals()'), '42501', 'design 8: ' || r || ' does not audit')
from unnest(array['tw_test_reader', 'tw_test_application', 'tw_test_manager', 'tw_test_sweeper', 'tw_test_official']) r;

-- ---- bad input
select throws_ok(format('select * from ticket_workflow.verify_seal(%s)', a), 'TW006', null, 'design 7: verify_seal(' || a || ')') from unnest(array[
	'''yc'', ''2023-02-08'', null', '''yc'', ''2023-02-08'', ''xyz''', '''yc'', null, repeat(''0'', 64)', '''yc'', ''infinity'', repeat(''0'', 64)', 'null, ''2023-02-08'', repeat(''0'', 64)']) a;
select * from finish();
rollback;
