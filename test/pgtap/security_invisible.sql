-- What one may not see answers exactly as if there were none: every function with an id, from the catalog, called
-- with a row of others and with none, must say the same: SQLSTATE, message, detail, hint, context, rows.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/every_state.sql
\ir ../fixtures/every_call.sql
select no_plan();
create role tw_test_application;
create role tw_test_fg in role tw_test_application;
call ticket_workflow.grant_access('tw_test_application', 'application');
create role tw_test_official;
call ticket_workflow.grant_access('tw_test_official', 'official');
create role tw_test_fg_liaison in role tw_test_official;
select ticket_workflow.change_official('fg_liaison', database_role => 'tw_test_fg_liaison') \g /dev/null
create role tw_test_reader;
select ticket_workflow.create_center('zz', '另一中心', rulebook => 'yichuan_2023') \g /dev/null
call ticket_workflow.grant_access('tw_test_reader', 'reader', '{zz}');
create role tw_test_auditor;
call ticket_workflow.grant_access('tw_test_auditor', 'auditor', '{zz}');

-- every id is of a known kind: a new one needs a line in id_kind (test/fixtures/every_call.sql)
select is_empty($$
	select function_name, parameter from api_parameter p
	where (type = 'bigint' or parameter ~ '_id$') and type not in ('uuid', 'text')
		and not exists (select from id_kind k where k.parameter = p.parameter)
$$, 'design 8: each id parameter is of a kind that the test knows');
select is_empty($$ select * from id_kind where existing is null $$, 'design 8: each kind of id has a row to hide');

-- ids of tickets and of rows at tickets, by who may call the function and must not see cg's
create temp table question as
select p.function_name, p.parameter, k.kind, who.role_name, who.actor,
	pg_temp.call_of(p.oid, jsonb_build_object(p.parameter, k.existing || '::bigint')) as existing_call,
	pg_temp.call_of(p.oid, jsonb_build_object(p.parameter, (k.existing / 1000000000000 * 1000000000000 + 999999999) || '::bigint')) as absent_call,
	k.existing::text as existing, (k.existing / 1000000000000 * 1000000000000 + 999999999)::text as absent
from api_parameter p join id_kind k on k.parameter = p.parameter and p.type = 'bigint' and k.kind in ('ticket', 'row')
	join api_function f on f.oid = p.oid
	cross join lateral (values ('tw_test_application', 'fg_liaison', 'application'), ('tw_test_fg_liaison', '', 'official'),
		('tw_test_application', '', 'application'), ('tw_test_reader', '', 'reader'), ('tw_test_auditor', '', 'auditor')) who (role_name, actor, capability)
where who.capability = any (f.capabilities) or 'any' = any (f.capabilities);
-- where another id stands beside it, that one is of a ticket which the caller sees
update question set existing_call = replace(existing_call, format('ticket_id => %s', :accepted), format('ticket_id => %s', :recalled)),
	absent_call = replace(absent_call, format('ticket_id => %s', :accepted), format('ticket_id => %s', :recalled))
where parameter <> 'ticket_id';
update question set existing_call = replace(existing_call, format('into_ticket => %s', :accepted), format('into_ticket => %s', :recalled)),
	absent_call = replace(absent_call, format('into_ticket => %s', :accepted), format('into_ticket => %s', :recalled))
where parameter <> 'into_ticket';
select cmp_ok(count(*), '>', 100::bigint, 'design 8: the questions are found') from question;

-- once for warming up: the context of a first call has other frames than that of later ones
select count((pg_temp.answer_of(absent_call, role_name, actor)).state) > 0 as warm from question \g /dev/null
create temp table answered as
select q.*, e.state, e.message, e.detail, e.hint, e.context, e.rows, a.state as absent_state, a.message as absent_message, a.detail as absent_detail,
	a.hint as absent_hint, a.context as absent_context, a.rows as absent_rows
from question q
	cross join lateral pg_temp.answer_of(q.existing_call, q.role_name, q.actor) e
	cross join lateral pg_temp.answer_of(q.absent_call, q.role_name, q.actor) a;
-- ids of different kinds may be the same number
create function pg_temp.same(one text, id text, other text, other_id text) returns boolean language sql immutable as
$$ select replace(replace(coalesce(one, ''), id, '#'), other_id, '#') = replace(replace(coalesce(other, ''), id, '#'), other_id, '#') $$;
select ok(state = absent_state and pg_temp.same(message, existing, absent_message, absent)
		and pg_temp.same(detail, existing, absent_detail, absent) and pg_temp.same(hint, existing, absent_hint, absent)
		and pg_temp.same(context, existing, absent_context, absent) and pg_temp.same(rows, existing, absent_rows, absent),
	format('design 8: %s(%s) of others answers as of none to %s %s', function_name, parameter, role_name, actor))
	|| case when state = absent_state and pg_temp.same(message, existing, absent_message, absent)
		and pg_temp.same(rows, existing, absent_rows, absent) and pg_temp.same(context, existing, absent_context, absent) then ''
		else E'\n# ' || replace(format('%s %s %s %s / %s %s %s %s', state, message, rows, context, absent_state, absent_message, absent_rows, absent_context), E'\n', ' ') end
from answered order by function_name, parameter, role_name, actor;
select is_empty($$ select function_name, state, message from answered where state !~ '^TW|^done$|^42501$' or absent_state !~ '^TW|^done$|^42501$' $$,
	'design 8: and answers in the desk''s own terms');

-- the questions bite: who sees the row is answered otherwise than for none
create temp table seen_answer as
select q.function_name, q.parameter, e.state, e.message, a.state as absent_state, a.message as absent_message, e.rows, a.rows as absent_rows
from (select distinct on (function_name, parameter) * from question where actor = 'fg_liaison' order by function_name, parameter) q
	cross join lateral pg_temp.answer_of(q.existing_call, 'tw_test_application', case when q.parameter in ('into_ticket', 'with_ticket', 'original_ticket') then 'dispatcher' else 'liaison' end) e
	cross join lateral pg_temp.answer_of(q.absent_call, 'tw_test_application', case when q.parameter in ('into_ticket', 'with_ticket', 'original_ticket') then 'dispatcher' else 'liaison' end) a;
select is_empty($$
	select function_name, parameter, state, message from seen_answer
	-- but for rows that are looked at after the act's right, and for functions that answer the same for every ticket here
	where parameter not in ('image_id', 'contact_id', 'visit_id', 'incident_id') and function_name not in ('assists', 'resolve_dispatch', 'link_incident')
		and replace(state || coalesce(message, '') || coalesce(rows, ''), 'x', '') = replace(absent_state || coalesce(absent_message, '') || coalesce(absent_rows, ''), 'x', '')
$$, 'design 8: who sees the row is answered otherwise');
select * from finish();
rollback;
