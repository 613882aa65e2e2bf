-- C3: nothing fires for a ticket that was closed, transferred, withdrawn or merged while levels of its clocks were still to come,
-- however late the sweep is. Beside each goes on one that was left as it was, and for which the same levels fire.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/desk.sql
\ir ../fixtures/facts.sql
create function pg_temp.sweep_at(moment timestamptz) returns boolean language sql as $$
	select set_config('ticket_workflow.now', moment::text, true), set_config('ticket_workflow.actor', '', true);
	select ticket_workflow.sweep_batch(ticket_workflow.begin_sweep(), 500, null);
$$;
create table pg_temp.ended (way text, step text, ticket_id bigint, at timestamptz);
create function pg_temp.begun(way text, step text) returns bigint language plpgsql as $$
declare
	id bigint;
begin
	perform pg_temp.at_time('2023-02-07 10:00+08');
	id := pg_temp.received('13812345678');
	if step <> 'received' then
		perform ticket_workflow.dispatch_ticket(id, 'cg', 'duty');
	end if;
	if step in ('accepted', 'completed') then
		perform pg_temp.act_as('liaison');
		perform ticket_workflow.accept_ticket(id);
	end if;
	insert into pg_temp.ended values (way, step, id);
	return id;
end
$$;
create function pg_temp.end_it(way text, step text, moment timestamptz) returns void language plpgsql as $$
declare
	id constant bigint := pg_temp.begun(way, step);
	target bigint;
	asked bigint;
begin
	if way = 'merged' then
		target := pg_temp.begun('target', step);
	end if;
	perform pg_temp.at_time(moment);
	perform pg_temp.act_as('dispatcher');
	case way
	when 'left' then
		null;
	when 'withdrawn' then
		perform ticket_workflow.add_evidence(id, 'recording', 'file:withdrawn.mp3');
		perform ticket_workflow.withdraw_ticket(id, '诉求人不再需要');
	when 'withdrawn by UPDATE' then
		perform ticket_workflow.add_evidence(id, 'recording', 'file:withdrawn.mp3');
		update ticket_workflow.ticket set state = 'withdrawn', state_reason = '诉求人不再需要' where ticket_id = id;
	when 'merged' then
		perform ticket_workflow.merge_ticket(id, target);
	when 'transferred' then
		perform ticket_workflow.record_contact(id, 'first_contact', 'mobile_phone', 'reached', recording => 'file:first.mp3');
		if step = 'received' then
			perform pg_temp.act_as('center_leader');
			perform ticket_workflow.sign_transfer(id);
			perform pg_temp.act_as('dispatcher');
			perform ticket_workflow.transfer_ticket(id, '不在本街道辖区');
		else
			asked := pg_temp.asked(id, upward => 'district');
			perform pg_temp.act_as('leader');
			perform ticket_workflow.sign_return(asked);
			perform pg_temp.act_as('dispatcher');
			perform ticket_workflow.decide_return(asked, true, '不属本区职责');
		end if;
	when 'closed' then
		perform pg_temp.act_as('liaison');
		perform ticket_workflow.record_contact(id, 'first_contact', 'mobile_phone', 'reached', recording => 'file:first.mp3');
		perform ticket_workflow.record_contact(id, 'reply', 'mobile_phone', 'reached', recording => 'file:reply.mp3');
		perform ticket_workflow.record_site_visit(id, photos => '{file:a.jpg}');
		perform ticket_workflow.submit_report(ticket_workflow.save_report(id, to_char(moment at time zone 'Asia/Shanghai', 'YYYY年FMMM月FMDD日HH24时') || '先行联系诉求人。核实情况：经现场查看，诉求属实。办理过程：到场处理。处置过程：已清理堆物2处。'
			|| to_char(moment at time zone 'Asia/Shanghai', 'YYYY年FMMM月FMDD日HH24时') || '已电话回复诉求人，诉求人表示认可。责任人：李明，联系电话：62345678。附件：先行联系录音、回复录音、现场照片2张。',
			fact_finding => '属实', claim_finding => '诉求合理合法', handling_result => '实际解决', responsible_person => '李明', responsible_phone => '62345678'));
		perform pg_temp.act_as('operator');
		perform ticket_workflow.review_report((select r.report_id from ticket_workflow.report r where r.ticket_id = id), true,
			overrule => (select jsonb_object_agg(f.ordinal, '核实无误') from ticket_workflow.report_finding f join ticket_workflow.report r using (report_id) where r.ticket_id = id and f.severity = 'reject'));
		perform ticket_workflow.close_ticket(id);
	end case;
	update pg_temp.ended e set at = moment where e.ticket_id = id;
end
$$;
-- what was to come when it ended; what was raised at or after that moment
create function pg_temp.fired(way text, step text) returns text language sql as $$
	select string_agg(e.clock || ' ' || e.level, ', ' order by e.clock collate "C", e.level) from pg_temp.ended x join ticket_workflow.escalation e using (ticket_id)
	where x.way = fired.way and x.step = fired.step and e.reached_at >= x.at $$;
create function pg_temp.to_come(way text, step text) returns text language sql as $$
	select string_agg(distinct c.clock, ', ' order by c.clock) from pg_temp.ended x join ticket_workflow.clock c using (ticket_id)
	where x.way = to_come.way and x.step = to_come.step and (c.status = 'cancelled' or c.stopped_at = x.at) and c.due_at > x.at $$;
\o
select no_plan();

-- ended a quarter of an hour after it came, before anything was due but what the liaison was warned of
\o /dev/null
select pg_temp.end_it(w.way, s.step, '2023-02-07 10:15+08')
from (values ('left'), ('withdrawn'), ('withdrawn by UPDATE'), ('merged'), ('transferred')) w (way), (values ('received'), ('dispatched'), ('accepted')) s (step);
select pg_temp.end_it('closed', 'accepted', '2023-02-07 10:15+08');
-- nobody sweeps for two months
select pg_temp.sweep_at('2023-04-10 09:00+08');
\o
select is(pg_temp.fired('left', 'received'), 'center_contact 1, dispatch 1', 'C3 for the one that was left in the center both clocks say so');
select is(pg_temp.fired('left', 'accepted'), 'center_contact 1, completion 1, completion 2, first_contact 1, first_contact 2, leader_notice 1, principal_notice 1, site_visit 1, site_visit 2',
	'C3 for the one that was left with the department each of its levels fires');
select isnt(pg_temp.to_come(w.way, s.step), null, format('C3 %s, %s: there were clocks with levels to come', w.way, s.step))
from (values ('withdrawn'), ('withdrawn by UPDATE'), ('merged'), ('transferred')) w (way), (values ('received'), ('dispatched'), ('accepted')) s (step);
select is(pg_temp.fired(w.way, s.step), null, format('C3 %s, %s: none of them fires', w.way, s.step))
from (values ('withdrawn'), ('withdrawn by UPDATE'), ('merged'), ('transferred')) w (way), (values ('received'), ('dispatched'), ('accepted')) s (step);
select is((select t.state from ticket_workflow.ticket t join pg_temp.ended e using (ticket_id) where e.way = 'closed'), 'closed', 'C3 one is closed');
select is(pg_temp.to_come('closed', 'accepted'), 'center_contact, completion, first_contact, leader_notice, principal_notice, return_window, review, site_visit', 'C3 whose clocks had their levels to come');
select is(pg_temp.fired('closed', 'accepted'), null, 'C3 none of them fires');
select is((select count(*) from pg_temp.ended x join ticket_workflow.clock c using (ticket_id) where x.way not in ('left', 'target') and (c.next_at is not null or c.status in ('running', 'paused', 'held'))), 0::bigint,
	'C3 no clock of theirs asks for anything');

-- ended when levels had been reached that no sweep had noticed: they are dated before the end and over with it, nothing comes after
\o /dev/null
truncate pg_temp.ended;
select pg_temp.end_it(w.way, s.step, '2023-02-08 18:00+08')
from (values ('withdrawn'), ('merged'), ('transferred')) w (way), (values ('received'), ('accepted')) s (step);
select pg_temp.end_it('closed', 'accepted', '2023-02-08 18:00+08');
select pg_temp.sweep_at('2023-04-10 09:00+08');
\o
select is(pg_temp.fired(e.way, e.step), null, format('C3 %s, %s: nothing is reached after the end', e.way, e.step)) from pg_temp.ended e where e.way <> 'target' order by e.way, e.step;
select isnt((select count(*) from ticket_workflow.escalation x where x.ticket_id = e.ticket_id), 0::bigint, format('C4 %s, %s: what was reached before it is noticed', e.way, e.step))
from pg_temp.ended e where e.way <> 'target' order by e.way, e.step;
select is((select count(*) from ticket_workflow.escalation x where x.ticket_id = e.ticket_id and (x.ended_at is null or x.ended_at > e.at)), 0::bigint, format('C3 %s, %s: and over', e.way, e.step))
from pg_temp.ended e where e.way <> 'target' order by e.way, e.step;
select is_empty($$ select ticket_id, clock, round, level from ticket_workflow.escalation group by 1, 2, 3, 4 having count(*) > 1 $$, 'C4 each level once per ticket, clock and round');
select throws_ok($$ insert into ticket_workflow.escalation select (jsonb_populate_record(e, jsonb_build_object('escalation_id', e.escalation_id + 1000000))).* from ticket_workflow.escalation e limit 1 $$,
	'23505', null, 'C4 which is a constraint');
select is_empty($$ select * from ticket_workflow.check_integrity() $$, 'C3 what is left holds together');
select * from finish();
rollback;
