-- Bad input: every public function, from the catalog, with values that no caller should send in every argument.
-- Whatever comes back is one of our errors or a result: no internal error, no constraint of a table where the caller
-- should hear in his own terms what is wrong; and nothing over-long or with control characters is stored.
-- A part of the pairs at each run, the same ones by a fixed seed; all of them, and pairs of arguments, with :heavy.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/every_state.sql
\ir ../fixtures/every_call.sql
\ir ../fixtures/bad_values.sql
select no_plan();
create role tw_every_call;
call ticket_workflow.grant_access('tw_every_call', 'reader', '{yc}');
-- who handles the ticket of the samples, so that the calls get beyond the question who may
create temp table by_hand as
select f.oid, f.name, case
	when f.name ~ '^(dispatch|receive|correct|recall|withdraw|merge|close|reopen|supervise|transfer|record_callback|record_platform|link|unlink|decide_return|open_|report_burst|record_mediation)' then 'dispatcher'
	when f.name ~ '^(sign_|revoke|contest)' then 'head'
	when f.name ~ '^review' then 'operator' else 'liaison' end as actor
from api_function f
-- each run of a sweep ends what the next one needs
where f.name not in ('sweep')
	-- the rows of a text that check their day at its head
	and f.name not in ('notice_rows');

-- SQLSTATEs that are an answer: ours, and those of the server that stand for themselves
-- (22023 etc. would be ours to say better, 57014 is a timeout: neither is here)
create function pg_temp.is_answer(state text) returns boolean language sql immutable as $$ select state = 'done' or state ~ '^TW0' $$;

-- ---- the samples: most calls work, or the values below would not get beyond the first check
create temp table base_answer as
select b.name, a.state, a.message from by_hand b cross join lateral pg_temp.answer_of(pg_temp.call_of(b.oid), 'none', b.actor) a;
select is_empty($$ select name, state, message from base_answer where not pg_temp.is_answer(state) $$, 'design 7: a call with samples answers in our terms');
select cmp_ok((select count(*) from base_answer where state = 'done')::numeric / (select count(*) from base_answer), '>', 0.5, 'design 7: most samples make a call that works');

-- ---- one bad value at a time
create temp table trial as
select b.name, b.actor, p.parameter, p.type, v.what, v.stored_never, f.provolatile = 'v' as may_store,
	pg_temp.call_of(b.oid, jsonb_build_object(p.parameter, v.value || case when v.value = 'null' then '::' || p.type else '' end)) as command
from by_hand b join api_function f on f.oid = b.oid join api_parameter p on p.oid = b.oid
	join bad_value v on v.type = p.type
where :heavy = 1 or
	-- a second each, for a thousand GRANTs
	hashtext(v.what || p.parameter) % 12 = 0 and b.name in ('grant_access', 'revoke_access', 'refresh_grants')
	or b.name not in ('grant_access', 'revoke_access', 'refresh_grants') and (v.what = 'null' or hashtext(b.name || p.parameter || v.what || 'seed 1') % 8 = 0 or v.stored_never and hashtext(b.name || p.parameter || v.what) % 4 = 0);
-- composite arguments: only NULL can be made of them
insert into trial
select b.name, b.actor, p.parameter, p.type, 'null', false, false, pg_temp.call_of(b.oid, jsonb_build_object(p.parameter, 'null::' || p.type))
from by_hand b join api_parameter p on p.oid = b.oid where p.type like 'ticket_workflow.%';
select cmp_ok(count(*), '>', 1500::bigint, 'design 7: the trials are found') from trial;
select is_empty($$ select distinct p.function_name, p.parameter, p.type from api_parameter p where p.type not like 'ticket_workflow.%'
	and not exists (select from bad_value v where v.type = p.type) $$, 'design 7: every type of an argument has bad values (test/fixtures/bad_values.sql)');

create temp table outcome as
select t.*, a.state, left(a.message, 3000) as message, left(a.context, 300) as context
from trial t cross join lateral pg_temp.answer_of(t.command, 'none', t.actor) a;
select is_empty($$
	select name, parameter, what, state, message from outcome where not pg_temp.is_answer(state)
	-- the last hours of year 294276 have no local time: the server's own answer
	and not (what = 'last' and type ~ '^timestamp' and state = '22008') order by 1, 2, 3
$$, 'design 7: bad input is answered in our terms, by every function');
select is_empty($$
	select name, parameter, what from outcome where stored_never and may_store and state = 'done'
	-- which makes a blank of it
	and name <> 'fail_notice' order by 1, 2, 3
$$, 'design 7: nothing over-long, with control characters or turned direction is stored');
-- the message is made for the caller
select is_empty($$ select name, parameter, what, length(message) from outcome where state ~ '^TW' and coalesce(length(message), 0) not between 2 and 1500 $$,
	'design 7: a message is neither empty nor as long as its input');

-- ---- several at a time
select setseed(0.2023);
create temp table pair_trial as
select b.name, b.actor, pg_temp.call_of(b.oid, c.bad) as command
from by_hand b cross join generate_series(1, case when b.name in ('grant_access', 'revoke_access', 'refresh_grants') then 1 when :heavy = 1 then 60 else 3 end) n
	cross join lateral (
		select jsonb_object_agg(p.parameter, (select v.value || case when v.value = 'null' then '::' || p.type else '' end
			from bad_value v where v.type = p.type and v.what not in ('wide', 'many') order by random() + 0 * n limit 1)) as bad
		from api_parameter p where p.oid = b.oid and p.type not like 'ticket_workflow.%' and random() < 0.5) c
where c.bad is not null;
create temp table pair_outcome as
select t.*, a.state, left(a.message, 3000) as message, left(a.context, 300) as context
from pair_trial t cross join lateral pg_temp.answer_of(t.command, 'none', t.actor) a;
select is_empty($$ select name, state, message, left(command, 400) from pair_outcome where not pg_temp.is_answer(state)
	and not (state = '22008' and command ~ '294276') $$,
	'design 7: several bad values at once are answered in our terms');
select * from finish();
rollback;
