-- Every pair of states: what is not in the table of transitions is refused by a plain UPDATE of the owner too.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
-- 11 states, each to each other; 27 pairs are legal
select plan(11 * 10 - 27 + 9);

select pg_temp.at_time('2023-02-07 10:00+08');
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '楼道灯不亮') as ticket \gset

-- the guard looks at the row alone: put it into a state without asking it
create function pg_temp.force_state(ticket bigint, forced text) returns void language plpgsql as $$
begin
	set local session_replication_role = replica;
	update ticket_workflow.ticket t
		set state = forced, state_act = null, state_reason = null,
			lead_department_id = (select o.organization_id from ticket_workflow.organization o where o.code = 'cg')
		where t.ticket_id = force_state.ticket;
	set local session_replication_role = origin;
end
$$;

create function pg_temp.sqlstate_of(ticket bigint, from_state text, to_state text) returns text language plpgsql as $$
begin
	perform pg_temp.force_state(ticket, from_state);
	update ticket_workflow.ticket t set state = to_state, state_reason = '测试' where t.ticket_id = sqlstate_of.ticket;
	return 'allowed';
exception when others then
	return sqlstate;
end
$$;

select is(pg_temp.sqlstate_of(:ticket, f.state, o.state), 'TW001', format('S4 %s to %s is refused', f.state, o.state))
from ticket_workflow.ticket_state f
	cross join ticket_workflow.ticket_state o
where f.state <> o.state and not exists (select from ticket_workflow.ticket_transition t
	where t.from_state = f.state and t.to_state = o.state)
order by f.ordinal, o.ordinal;

select is(count(*), 27::bigint, 'S4 the table of transitions has 27 pairs')
from (select distinct from_state, to_state from ticket_workflow.ticket_transition) p;

-- legal by the table, but not without what it asks for
select isnt(pg_temp.sqlstate_of(:ticket, 'reported', 'completed'), 'allowed', 'S4 completed without a passed report is refused');
select isnt(pg_temp.sqlstate_of(:ticket, 'accepted', 'return_requested'), 'allowed', '2.2 return_requested without a return is refused');
select isnt(pg_temp.sqlstate_of(:ticket, 'accepted', 'reported'), 'allowed', '2.3.3 reported without a report is refused');
select isnt(pg_temp.sqlstate_of(:ticket, 'received', 'merged'), 'allowed', '2.3.6 merged without a target is refused');

-- which states are open is said by the table, the function and the partial indexes: one answer
create function pg_temp.states_of(condition text) returns text[] language plpgsql as $$
declare
	answer text[];
begin
	execute format('select array_agg(s.state order by s.ordinal) from ticket_workflow.ticket_state s where %s', states_of.condition) into answer;
	return answer;
end
$$;
select is(pg_temp.states_of('ticket_workflow.is_open_state(s.state)'), pg_temp.states_of('s.is_open'), 'S4 the function knows the open states of the table');
create temp view open_index as
	select i.indexrelid::regclass::text as name, substring(pg_get_expr(i.indpred, i.indrelid) from 'state = ANY \(ARRAY\[[^]]*\]\)') as condition
	from pg_index i where pg_get_expr(i.indpred, i.indrelid) like '%rework%';
select cmp_ok(count(*), '>=', 1::bigint, 'S4 the indexes of the open desk are found') from open_index;
select is_empty($$ select name, condition from open_index where pg_temp.states_of('s.' || condition) is distinct from pg_temp.states_of('s.is_open') $$,
	'S4 and hold the same states');
set local enable_seqscan = off;
select matches(pg_temp.plan_of('select from ticket_workflow.ticket t where t.center_id = 1 and ticket_workflow.is_open_state(t.state)'), 'ticket_open',
	'S4 and the function finds them, since it is inlined');

select * from finish();
rollback;
