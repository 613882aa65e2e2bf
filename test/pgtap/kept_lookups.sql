-- What C keeps of officials, grants, centers and amounts (src/actor.c, src/desk.c) is never stale: a change counts at once
-- in its own transaction, a rollback to a savepoint takes it back. test/specs/iso_kept.spec has the same for two sessions.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
select no_plan();
select pg_temp.at_time('2023-02-07 10:00+08');
create role tw_test_kept;

-- ---- officials
set local ticket_workflow.actor = 'newcomer';
select throws_ok($$ select ticket_workflow.actor_id() $$, 'TW005', null, 'P-2.12: a code that nobody has names nobody');
savepoint s;
set local ticket_workflow.actor = '';
select ticket_workflow.create_official('newcomer', '新人', 'yc') as newcomer \gset
set local ticket_workflow.actor = 'newcomer';
select is(ticket_workflow.actor_id(), :newcomer::bigint, 'P-2.12: an official acts in the transaction that made him');
select is(ticket_workflow.actor(), 'newcomer', 'P-2.12: under his code');
select is((ticket_workflow.acting_official()).name, '新人', 'P-2.12: and is the row that stands there');
update ticket_workflow.official set active = false where code = 'newcomer';
select throws_ok($$ select ticket_workflow.actor() $$, 'TW005', null, 'P-2.12: one who was set inactive no longer acts');
rollback to s;
select throws_ok($$ select ticket_workflow.actor_id() $$, 'TW005', null, 'P-2.12: a rollback to a savepoint unmakes him');
set local ticket_workflow.actor = '';
select is(ticket_workflow.actor_id(), null, 'P-2.12: without the setting, a role that is no official''s is nobody');
select ticket_workflow.create_official(repeat('𠀀', 64), '长码', 'yc') as long_code \gset
select set_config('ticket_workflow.actor', repeat('𠀀', 64), true) \g /dev/null
select is(ticket_workflow.actor_id(), :long_code::bigint, 'P-2.12: the longest code of the longest characters is somebody''s');
set local ticket_workflow.actor = '';
select ticket_workflow.create_official('by_role', '以角色', 'yc', 'tw_test_kept') as by_role \gset
grant usage on schema ticket_workflow to tw_test_kept;
grant execute on function ticket_workflow.actor_id(), ticket_workflow.has_capability(text, bigint), ticket_workflow.fail(text, text, text[]) to tw_test_kept;
set local role tw_test_kept;
select ticket_workflow.actor_id() as acting \gset
reset role;
select is(:acting::bigint, :by_role::bigint, 'P-2.12: the official whose database role calls acts');

-- ---- grants
create function pg_temp.may(capability text, center_id bigint default null) returns boolean language plpgsql as $$
declare
	answer boolean;
begin
	set local role tw_test_kept;
	answer := ticket_workflow.has_capability(may.capability, may.center_id);
	reset role;
	return answer;
end
$$;
select ok(not pg_temp.may('reader'), 'design 8: who was granted nothing may nothing');
savepoint s;
insert into ticket_workflow.access_grant values ('tw_test_kept', 'reader', 1, ticket_workflow.now(), 'test');
select ok(pg_temp.may('reader') and pg_temp.may('reader', 1), 'P-2.12: a grant counts at once');
select ok(not pg_temp.may('reader', 2) and not pg_temp.may('application', 1), 'design 8: for its center and its capability');
rollback to s;
select ok(not pg_temp.may('reader'), 'P-2.12: a rollback to a savepoint takes a grant back');
create role tw_test_kept_group;
grant tw_test_kept_group to tw_test_kept;
insert into ticket_workflow.access_grant values ('tw_test_kept_group', 'reader', null, ticket_workflow.now(), 'test');
select ok(pg_temp.may('reader', 2), 'design 8: what a group was granted for all centers its member may everywhere');
revoke tw_test_kept_group from tw_test_kept;
select ok(not pg_temp.may('reader', 2), 'design 8: and no longer once he has left it');

-- ---- a center's calendar, a rulebook's amounts
select is(ticket_workflow.ticket_calendar(1), 'cn_shanghai', 'T6 a center counts by its calendar');
select is(ticket_workflow.ticket_calendar(77), null, 'T6 a center that is not there has none');
savepoint s;
update ticket_workflow.center set calendar = 'cn' where center_id = 1;
select is(ticket_workflow.ticket_calendar(1), 'cn', 'P-2.12: a changed calendar of a center counts at once');
rollback to s;
select is(ticket_workflow.ticket_calendar(1), 'cn_shanghai', 'P-2.12: and not after a rollback to a savepoint');
select ticket_workflow.rulebook_setting('yichuan_2023', 'late_entry_hours') as hours \gset
savepoint s;
select ticket_workflow.set_rulebook_setting('yichuan_2023', 'late_entry_hours', '7') \g /dev/null
select is(ticket_workflow.rulebook_setting('yichuan_2023', 'late_entry_hours'), '7', 'P-2.12: a changed amount counts at once');
rollback to s;
select is(ticket_workflow.rulebook_setting('yichuan_2023', 'late_entry_hours'), :'hours', 'P-2.12: and not after a rollback to a savepoint');
select throws_ok($$ select ticket_workflow.rulebook_setting('yichuan_2023', 'nothing') $$, 'TW012', null, 'design 1: an amount that is missing is said to be missing');
select throws_ok($$ select ticket_workflow.rulebook_setting(null, 'late_entry_hours') $$, 'TW012', null, 'design 1: also of no rulebook');

-- ---- codes and texts
select is(ticket_workflow.code_of('category', g, 'category'), 'complaint', 'design 5: a code is known by ' || g)
	from unnest(array['complaint', (select zh from ticket_workflow.label where domain = 'category' and code = 'complaint')]) g;
select throws_ok($$ select ticket_workflow.code_of('category', 'x', 'category') $$, 'TW006', null, 'design 5: another one is refused');
select is(ticket_workflow.optional_text(E'一\t二\r\n三', 'note', 6), E'一\t二\r\n三', 'design 7: tabs and line ends are text, characters are counted and not bytes');
select throws_ok($$ select ticket_workflow.optional_text('一二三四', 'note', 3) $$, 'TW006', null, 'design 7: one character too many is refused');
select throws_ok(format('select ticket_workflow.optional_text(%L, ''note'')', '字' || chr(c)), 'TW006', null, 'design 7: the control character ' || c || ' is refused')
	from unnest(array[1, 8, 11, 12, 14, 31, 127, 159, 8234, 8238, 8294, 8297]) c;
select lives_ok(format('select ticket_workflow.optional_text(%L, ''note'')', '字' || chr(c)), 'design 7: the character ' || c || ' is text')
	from unnest(array[9, 10, 13, 32, 126, 160, 8233, 8239, 8293, 8298]) c;
select throws_ok(format('select ticket_workflow.require_text(%L, ''note'')', t), 'TW006', null, 'design 7: blanks of every kind are no text')
	from unnest(array['', ' ', E'\t\r\n', '　']) t;

-- ---- what an UPDATE changed
select results_eq($$
	with t as (select r from ticket_workflow.ticket r limit 1)
	select ticket_workflow.changed_columns(a, b) from (
		select jsonb_populate_record(null::ticket_workflow.ticket, '{"state": "received", "urgent": false, "appeal": "甲", "attributes": {"n": 1.0}}') as a,
			jsonb_populate_record(null::ticket_workflow.ticket, '{"state": "dispatched", "urgent": true, "appeal": "乙", "attributes": {"n": 1.00},
				"category": "help", "dispatch_round": 1}') as b) x
$$, $$ values ('{"urgent": {"from": false, "to": true}, "appeal": "changed", "category": "help", "dispatch_round": 1}'::jsonb) $$,
	'S4: the journal is told what changed, both values, never the words; equal numbers are no change');

select * from finish();
rollback;
