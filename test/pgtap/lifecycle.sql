-- Every legal transition, through the public API: the journal must show each row of the table of transitions.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
select plan(4 + 8 + 1);

-- an anonymous petitioner: the ways that ask for a contact have tests of their own (contacts, returns)
create function pg_temp.reach(goal text) returns bigint language plpgsql as $$
declare
	id bigint;
	report bigint;
begin
	perform pg_temp.act_as('dispatcher');
	id := ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '楼道灯不亮', area => 'p1');
	if goal = 'received' then return id; end if;
	perform ticket_workflow.dispatch_ticket(id, 'cg', 'duty');
	if goal = 'dispatched' then return id; end if;
	perform pg_temp.act_as('liaison');
	perform ticket_workflow.accept_ticket(id);
	if goal = 'accepted' then return id; end if;
	if goal = 'return_requested' then
		perform pg_temp.ask_return(id);
		return id;
	end if;
	report := pg_temp.submit(id);
	if goal = 'reported' then return id; end if;
	perform pg_temp.act_as('operator');
	if goal = 'rework' then
		perform ticket_workflow.review_report(report, false, '处置结果没有写清楚');
		return id;
	end if;
	perform ticket_workflow.review_report(report, true);
	if goal = 'completed' then return id; end if;
	perform ticket_workflow.close_ticket(id);
	return id;
end
$$;

create function pg_temp.submit(ticket bigint) returns bigint language plpgsql as $$
declare
	report bigint;
begin
	perform pg_temp.act_as('liaison');
	perform ticket_workflow.record_site_visit(ticket, photos => array['https://files.example/before.jpg']);
	report := ticket_workflow.save_report(ticket,
		body => '先行联系：诉求人未留联系方式。核实情况：现场查看，楼道灯损坏，诉求属实。办理过程：联系电工到场检修。'
			|| '处置过程：已更换声控开关3只，照明恢复。责任人：周立新，联系电话：021-55500101。附件：现场照片2张。',
		fact_finding => '属实', claim_finding => '诉求合理合法', handling_result => '实际解决',
		responsible_person => '周立新', responsible_phone => '021-55500101');
	perform ticket_workflow.submit_report(report);
	return report;
end
$$;

create function pg_temp.ask_return(ticket bigint, upward text default null) returns bigint language plpgsql as $$
begin
	perform pg_temp.act_as('liaison');
	return ticket_workflow.request_return(ticket, 'out_of_duty', '不属本部门职责', should_go_to => '房管办', upward => upward,
		documents => array['https://files.example/duty.pdf'], photos => array['https://files.example/site.jpg'],
		waivers => '{"recording": "匿名诉求，无联系方式"}');
end
$$;

select pg_temp.at_time('2023-02-07 10:00+08');

-- to the end, back from closed, to the end again, back from completed
do $$
declare
	id bigint := pg_temp.reach('rework');
	report bigint := pg_temp.submit(id);
begin
	perform pg_temp.act_as('operator');
	perform ticket_workflow.review_report(report, true);
	perform ticket_workflow.reopen_ticket(id, '回访不满意');
	report := pg_temp.submit(id);
	perform pg_temp.act_as('operator');
	perform ticket_workflow.review_report(report, true);
	perform ticket_workflow.close_ticket(id);
	perform ticket_workflow.reopen_ticket(id, '平台退回');
end $$;

-- recalled from both states that allow it
do $$
declare
	state text;
	id bigint;
begin
	foreach state in array array['dispatched', 'accepted'] loop
		id := pg_temp.reach(state);
		perform pg_temp.act_as('dispatcher');
		perform ticket_workflow.recall_ticket(id, '派错部门');
	end loop;
end $$;

-- returned: asked for from both states, granted, refused, withdrawn, upward
do $$
declare
	id bigint;
	asked bigint;
begin
	id := pg_temp.reach('dispatched');
	asked := pg_temp.ask_return(id);
	perform pg_temp.act_as('dispatcher');
	perform ticket_workflow.decide_return(asked, true, '属房管办职责');

	id := pg_temp.reach('accepted');
	asked := pg_temp.ask_return(id);
	perform ticket_workflow.withdraw_return(asked, '内部协商后继续办理');
	asked := pg_temp.ask_return(id);
	perform pg_temp.act_as('dispatcher');
	perform ticket_workflow.decide_return(asked, false, '属城管职责');

	id := pg_temp.reach('accepted');
	asked := pg_temp.ask_return(id, upward => 'district');
	perform pg_temp.act_as('leader');
	perform ticket_workflow.sign_return(asked);
	perform pg_temp.act_as('dispatcher');
	perform ticket_workflow.decide_return(asked, true, '不属本区职责');
end $$;

-- straight to the platform, signed by the center's supervising leader
do $$
declare
	id bigint := pg_temp.reach('received');
begin
	perform pg_temp.act_as('center_leader');
	perform ticket_workflow.sign_transfer(id);
	perform pg_temp.act_as('dispatcher');
	perform ticket_workflow.transfer_ticket(id, '不在本街道辖区');
end $$;

-- withdrawn and merged from every state that allows it
do $$
declare
	way record;
	id bigint;
	target bigint := pg_temp.reach('accepted');
begin
	for way in select from_state, act from ticket_workflow.ticket_transition where act in ('withdraw', 'merge') loop
		id := pg_temp.reach(way.from_state);
		perform pg_temp.act_as('dispatcher');
		if way.act = 'withdraw' then
			perform ticket_workflow.withdraw_ticket(id, '诉求人来访表示不再需要');
		else
			perform ticket_workflow.merge_ticket(id, target);
		end if;
	end loop;
end $$;

-- said twice: an act that would bring the ticket to where it is is refused, whatever was said the first time
create function pg_temp.again(goal text, act text, call text) returns text language plpgsql as $$
declare
	id bigint := pg_temp.reach(goal);
	target bigint := pg_temp.reach('received');
begin
	perform pg_temp.act_as(case act when 'transfer' then 'center_leader' else 'dispatcher' end);
	if act = 'transfer' then
		perform ticket_workflow.sign_transfer(id);
		perform pg_temp.act_as('dispatcher');
	elsif act = 'accept' then
		perform pg_temp.act_as('liaison');
	end if;
	execute format(call, id, target);
	begin
		execute format(call, id, target);
		return 'allowed';
	exception when others then
		return sqlstate;
	end;
end
$$;
select is(pg_temp.again(c.goal, c.act, c.call), 'TW001', 'S4 not twice: ' || c.act)
from (values ('received', 'dispatch', 'select ticket_workflow.dispatch_ticket(%s, ''cg'', ''duty'')'),
	('dispatched', 'accept', 'select ticket_workflow.accept_ticket(%s)'),
	('dispatched', 'recall', 'select ticket_workflow.recall_ticket(%s, ''派错'')'),
	('received', 'transfer', 'select ticket_workflow.transfer_ticket(%s, ''辖区外'')'),
	('received', 'withdraw', 'select ticket_workflow.withdraw_ticket(%s, ''不再需要'')'),
	('received', 'merge', 'select ticket_workflow.merge_ticket(%s, %s)'),
	('completed', 'close', 'select ticket_workflow.close_ticket(%s)'),
	('completed', 'reopen', 'select ticket_workflow.reopen_ticket(%s, ''回访不满意'')')) as c (goal, act, call);
select is_empty($$ select ticket_id from ticket_workflow.journal where kind = 'correct' $$, 'S4 and leaves no line of a correction');

select set_eq(
	$$ select from_state, to_state, kind from ticket_workflow.journal where from_state is not null and to_state is not null $$,
	$$ select from_state, to_state, act from ticket_workflow.ticket_transition $$,
	'S4 every transition of the table, and no other, passes through the API');
select is_empty($$ select * from ticket_workflow.check_integrity() $$, 'C3 what was left holds together');
select is_empty($$ select c.clock, t.state from ticket_workflow.clock c join ticket_workflow.ticket t using (ticket_id)
	where c.status = 'running' and t.state in ('closed', 'transferred', 'withdrawn', 'merged') $$,
	'C3 no clock runs for an ended ticket');
select is((select count(*)::integer from ticket_workflow.verify_journals()), 0, 'the journals verify');

select * from finish();
rollback;
