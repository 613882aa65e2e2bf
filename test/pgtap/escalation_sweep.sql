-- The sweep: bounded batches, a bad row set aside, heartbeat and health, the day's part (the commits: iso_sweep.spec).
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/desk.sql
-- one batch, as sweep() does it between its commits; ended where it says that no other may follow
create function pg_temp.sweep_at(moment timestamptz, batch_size integer default 200, max_batches integer default null) returns boolean language plpgsql as $$
declare
	run bigint;
	more boolean;
begin
	perform set_config('ticket_workflow.now', moment::text, true), set_config('ticket_workflow.actor', '', true);
	run := ticket_workflow.begin_sweep();
	more := ticket_workflow.sweep_batch(run, batch_size, max_batches);
	if not more then
		perform pg_temp.sweep_centers(run);
		perform ticket_workflow.end_sweep(run);
	end if;
	return more;
end
$$;
create function pg_temp.fired() returns bigint language sql as $$ select count(*) from ticket_workflow.escalation where clock = 'dispatch' $$;
\o
select plan(32);

select is((select sweep_status from ticket_workflow.sweep_health), 'never', 'a desk without a sweep says so');

-- five tickets, due one minute after another
select pg_temp.act_as('dispatcher') \g /dev/null
create temp table desk as
	select n, (select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '第' || n || '件')
		from pg_temp.at_time('2023-02-07 10:00+08'::timestamptz + n * interval '1 minute')) as ticket
	from generate_series(1, 5) n;

-- ---- batches
select is(pg_temp.sweep_at('2023-02-07 11:30+08', 2), true, 'a full batch says that there may be more');
select is((select array_agg(d.n order by d.n) from desk d join ticket_workflow.escalation e on e.ticket_id = d.ticket), '{1,2}', 'the oldest are done first');
select is(pg_temp.sweep_at('2023-02-07 11:30+08', 2, 1), false, 'max_batches ends a sweep');
select is(pg_temp.fired(), 4::bigint, 'after the batch it had');
select is(pg_temp.sweep_at('2023-02-07 11:30+08', 2), false, 'a batch that is not full is the last');
select is(pg_temp.fired(), 5::bigint, 'all are done');
select is(pg_temp.sweep_at('2023-02-07 11:30+08'), false, 'C4 the next finds nothing');
select is(pg_temp.fired(), 5::bigint, 'C4 and fires nothing');
select throws_ok('select pg_temp.sweep_at(''2023-02-07 11:30+08'', 0)', 'TW006', null, 'a batch has a size');
select throws_ok('select pg_temp.sweep_at(''2023-02-07 11:30+08'', null)', 'TW006', null, 'a batch has a known size');
select is((select array_agg(r.clocks order by r.sweep_id) from ticket_workflow.sweep_run r), '{2,2,1,0}', 'the heartbeat counts clocks');
select is((select array_agg(r.escalations order by r.sweep_id) from ticket_workflow.sweep_run r), '{2,2,1,0}', 'and escalations');
select is((select array_agg(r.finished_at is null order by r.sweep_id) from ticket_workflow.sweep_run r), '{t,f,f,f}', 'and shows the one that did not come to its end');
select is((select as_of from ticket_workflow.sweep_run order by sweep_id limit 1), '2023-02-07 11:29:59.999999+08'::timestamptz, 'T3 what is due at this moment is left');

-- ---- a bad row does not stop the others
select ticket as bad from desk where n = 3 \gset
create function pg_temp.stumble() returns trigger language plpgsql as $$ begin raise exception 'stumbled' using errcode = '22012'; end $$;
-- the center is to be told once more, ten minutes after the due time
savepoint before_failure;
insert into ticket_workflow.escalation_level values ('yichuan_2023', 'dispatch', 2, 'minutes', 10, 'overdue', false, '2.3.2.1');
insert into ticket_workflow.escalation_recipient values ('yichuan_2023', 'dispatch', 2, 'center', 'dispatcher');
update ticket_workflow.clock set next_at = due_at + interval '10 minutes' where clock = 'dispatch' and status = 'running';
create trigger stumble before insert on ticket_workflow.escalation for each row when (new.level = 2) execute function pg_temp.stumble();
select pg_temp.sweep_at('2023-02-07 11:30+08') \g /dev/null
select is(pg_temp.fired(), 5::bigint, 'when all fail nothing is written');
select is((select count(*) || ' ' || min(sqlstate) || ' ' || min(message) from ticket_workflow.sweep_failure), '5 22012 stumbled', 'and each is set aside with its error');
select is((select sweep_status || ' ' || set_aside || ' ' || last_failure from ticket_workflow.sweep_health), 'failing 5 22012 stumbled', 'as sweep_health shows');
rollback to before_failure;

insert into ticket_workflow.escalation_level values ('yichuan_2023', 'dispatch', 2, 'minutes', 10, 'overdue', false, '2.3.2.1');
insert into ticket_workflow.escalation_recipient values ('yichuan_2023', 'dispatch', 2, 'center', 'dispatcher');
update ticket_workflow.clock set next_at = due_at + interval '10 minutes' where clock = 'dispatch' and status = 'running';
select format('create trigger stumble before insert on ticket_workflow.escalation for each row when (new.ticket_id = %s) execute function pg_temp.stumble()', :bad) \gexec
select pg_temp.sweep_at('2023-02-07 11:30+08') \g /dev/null
select is((select array_agg(d.n order by d.n) from desk d join ticket_workflow.escalation e on e.ticket_id = d.ticket and e.level = 2), '{1,2,4,5}', 'a failing ticket does not stop the others');
select is((select array_agg(d.n) from desk d join ticket_workflow.clock c on c.ticket_id = d.ticket join ticket_workflow.sweep_failure f on f.clock_id = c.clock_id), '{3}', 'it alone is set aside');
select is((select failures || ' ' || clocks from ticket_workflow.sweep_run order by sweep_id desc limit 1), '1 4', 'the heartbeat counts it');
select pg_temp.sweep_at('2023-02-07 11:31+08') \g /dev/null
select is((select failures from ticket_workflow.sweep_failure), 1, 'set aside it is not tried at once');
create temp table waits (n integer, waiting interval);
do $$
begin
	for n in 1..13 loop
		update ticket_workflow.sweep_failure set retry_at = clock_timestamp() - interval '1 second';
		perform pg_temp.sweep_at('2023-02-07 11:32+08');
		insert into waits select n, retry_at - failed_at from ticket_workflow.sweep_failure;
	end loop;
end
$$;
select is((select array_agg(waiting order by n) from waits where n in (1, 2, 3, 12, 13)), '{2 min,4 min,8 min,1 day,1 day}'::interval[], 'each failure doubles the wait, up to a day');
drop trigger stumble on ticket_workflow.escalation;
update ticket_workflow.sweep_failure set retry_at = clock_timestamp() - interval '1 second';
select pg_temp.sweep_at('2023-02-07 11:33+08') \g /dev/null
select is((select array_agg(d.n order by d.n) from desk d join ticket_workflow.escalation e on e.ticket_id = d.ticket and e.level = 2), '{1,2,3,4,5}', 'once it can be done it is done');
select is((select count(*) from ticket_workflow.sweep_failure), 0::bigint, 'and forgotten');

-- ---- health, on the real clock
update ticket_workflow.sweep_run set finished_at = clock_timestamp() where finished_at is null;
select is((select sweep_status from ticket_workflow.sweep_health), 'ok', 'sweeps that come to their end are ok');
update ticket_workflow.sweep_run set started_at = started_at - interval '1 hour', beat_at = beat_at - interval '1 hour', finished_at = finished_at - interval '1 hour';
select is((select sweep_status from ticket_workflow.sweep_health), 'late', 'five minutes without one are late');
-- backend 0 is nobody's
insert into ticket_workflow.sweep_run (sweep_id, started_at, beat_at, as_of, backend) values (nextval('ticket_workflow.sweep_seq'), clock_timestamp(), clock_timestamp(), clock_timestamp(), 0);
select is((select sweep_status || ' ' || broken_off || ' ' || running_now from ticket_workflow.sweep_health), 'broken 1 0', 'one that was killed in the middle shows');
select pg_temp.sweep_at('2023-02-07 11:34+08') \g /dev/null
select is((select sweep_status || ' ' || broken_off from ticket_workflow.sweep_health), 'ok 1', 'until one comes to its end');

-- ---- the day's part: a year that nobody has published (T4)
select pg_temp.sweep_at('2026-09-30 12:00+08') \g /dev/null
select is((select count(*) from ticket_workflow.notice where message = 'notice_calendar_year'), 0::bigint, 'T4 not before October');
select pg_temp.sweep_at(m) from generate_series(timestamptz '2026-10-01 00:10+08', '2026-11-30 00:10+08', interval '6 hours') m \g /dev/null
select is((select array_agg(format('%s %s %s', to_char(n.created_at at time zone 'Asia/Shanghai', 'MM-DD'), o.code, n.args) order by n.notice_id)
		from ticket_workflow.notice n join ticket_workflow.official o on o.official_id = n.recipient_id where n.message = 'notice_calendar_year'),
	'{"10-01 dispatcher {cn_shanghai,2027}","11-01 dispatcher {cn_shanghai,2027}"}', 'T4 from 1 October, once a month, to the center');
select is((select done_on from ticket_workflow.sweep_day), '2026-11-30'::date, 'T4 asked once a day');

select * from finish();
rollback;
