-- The acts of a ticket's way after its dispatch (sql/dispatch), in the order of the way.
-- Each fills in an UPDATE of ticket; sql/ticket/guards.sql judges it and lets clocks and journal follow.
-- May touch: ticket, ticket_merge.

-- ticket_state.is_open as an expression: inlined, it is what the partial indexes of the open desk ask for
-- (sql/ticket/tables.sql), which can hold literals only. test/pgtap/transitions.sql compares table, function and indexes.
create or replace function ticket_workflow.is_open_state(state text) returns boolean
	language sql immutable parallel safe
	return is_open_state.state in ('received', 'dispatched', 'accepted', 'return_requested', 'reported', 'rework');
comment on function ticket_workflow.is_open_state(text) is
	'Whether a ticket in this state is unfinished: neither completed nor closed, transferred, withdrawn or merged';

create or replace function ticket_workflow.begin_act(ticket_id bigint, act text) returns ticket_workflow.ticket
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	at constant timestamptz := ticket_workflow.act_time();
begin
	-- The one lock order: the ticket first. Who does not see it must not learn by waiting that it is there.
	select * into t from ticket_workflow.ticket r where r.ticket_id = begin_act.ticket_id for no key update skip locked;
	if not found then
		select * into t from ticket_workflow.ticket r where r.ticket_id = begin_act.ticket_id;
		if found and ticket_workflow.may_see(t) then
			select * into t from ticket_workflow.ticket r where r.ticket_id = begin_act.ticket_id for no key update;
		else
			t := null;
		end if;
	end if;
	-- who has the right sees the ticket; to ask for both would cost as much again
	if t.ticket_id is null or not ticket_workflow.has_right(t, begin_act.act) then
		if t.ticket_id is null or not ticket_workflow.may_see(t) then
			perform ticket_workflow.fail('unknown_row', null, 'ticket', begin_act.ticket_id::text);
		end if;
		perform ticket_workflow.require_right(t, begin_act.act);
	end if;
	-- what was due before this act happens before it; an act at the due time is on time (T3)
	if ticket_workflow.catch_up(begin_act.ticket_id, at - interval '1 microsecond') > 0 then
		select * into strict t from ticket_workflow.ticket r where r.ticket_id = begin_act.ticket_id;
	end if;
	return t;
end
$$;
comment on function ticket_workflow.begin_act(bigint, text) is
	'Head of every act: what the caller may not see does not exist, the ticket is locked, what was due has happened, the actor has the right';

-- An act said twice leaves the state as it is, as a correction does, and the guard takes it for one.
create or replace function ticket_workflow.begin_move(ticket_id bigint, act text, to_state text) returns ticket_workflow.ticket
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	t constant ticket_workflow.ticket := ticket_workflow.begin_act(begin_move.ticket_id, begin_move.act);
begin
	if t.state = begin_move.to_state then
		perform ticket_workflow.fail('illegal_transition', 'S4', t.state, begin_move.to_state);
	end if;
	return t;
end
$$;
comment on function ticket_workflow.begin_move(bigint, text, text) is
	'Head of the acts that change the state: begin_act(), and the ticket is not where the act would bring it (TW001)';

create or replace function ticket_workflow.recall_ticket(ticket_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(recall_ticket.ticket_id, 'recall', 'received');
	update ticket_workflow.ticket r
		set state = 'received', state_act = 'recall',
			state_reason = ticket_workflow.require_reason(recall_ticket.reason, '2.1')
		where r.ticket_id = recall_ticket.ticket_id;
	return recall_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.recall_ticket(bigint, text) is
	'Takes a wrongly dispatched ticket back to the center; not a return of the department. Errors: TW001, TW005, TW009. Clause 2.1';

create or replace function ticket_workflow.accept_ticket(ticket_id bigint) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(accept_ticket.ticket_id, 'accept', 'accepted');
	update ticket_workflow.ticket r
		set state = 'accepted', state_act = 'accept', state_reason = null
		where r.ticket_id = accept_ticket.ticket_id;
	return accept_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.accept_ticket(bigint) is
	'The handling department accepts (接单). Errors: TW001, TW005. Clause 2.3.2.2';

create or replace function ticket_workflow.transfer_ticket(ticket_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(transfer_ticket.ticket_id, 'transfer', 'transferred');
	update ticket_workflow.ticket r
		set state = 'transferred', state_act = 'transfer',
			state_reason = ticket_workflow.require_reason(transfer_ticket.reason, '2.2.1')
		where r.ticket_id = transfer_ticket.ticket_id;
	return transfer_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.transfer_ticket(bigint, text) is
	'Returns a received ticket straight to the platform above, signed by the center''s supervising leader or the leader on duty. Errors: TW001, TW002, TW005, TW009. Clause 2.2';

create or replace function ticket_workflow.withdraw_ticket(ticket_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(withdraw_ticket.ticket_id, 'withdraw', 'withdrawn');
	update ticket_workflow.ticket r
		set state = 'withdrawn', state_act = 'withdraw',
			state_reason = ticket_workflow.require_reason(withdraw_ticket.reason, '2.3.2.1')
		where r.ticket_id = withdraw_ticket.ticket_id;
	return withdraw_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.withdraw_ticket(bigint, text) is
	'The center ends a ticket that the petitioner gave up, with his recording. Errors: TW001, TW005, TW008, TW009';

create or replace function ticket_workflow.merge_ticket(ticket_id bigint, into_ticket bigint) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	target ticket_workflow.ticket;
begin
	if merge_ticket.ticket_id = merge_ticket.into_ticket then
		perform ticket_workflow.fail('merge_into_itself', '2.3.6');
	end if;
	-- two merges against each other lock in the same order
	perform from ticket_workflow.ticket r
		where r.ticket_id in (merge_ticket.ticket_id, merge_ticket.into_ticket) and ticket_workflow.may_see(r)
		order by r.ticket_id for no key update;
	perform ticket_workflow.begin_move(merge_ticket.ticket_id, 'merge', 'merged');
	select * into target from ticket_workflow.ticket r where r.ticket_id = merge_ticket.into_ticket;
	if not found or not ticket_workflow.may_see(target)
		or target.center_id <> ticket_workflow.center_of(merge_ticket.ticket_id) then
		perform ticket_workflow.fail('unknown_row', null, 'ticket', merge_ticket.into_ticket::text);
	end if;
	if (select s.terminal from ticket_workflow.ticket_state s where s.state = target.state) then
		perform ticket_workflow.fail('merge_target_ended', '2.3.6', target.state);
	end if;
	perform ticket_workflow.join_incident(merge_ticket.ticket_id, merge_ticket.into_ticket);
	insert into ticket_workflow.ticket_merge values (merge_ticket.ticket_id, merge_ticket.into_ticket);
	update ticket_workflow.ticket r
		set state = 'merged', state_act = 'merge', state_reason = null
		where r.ticket_id = merge_ticket.ticket_id;
	perform ticket_workflow.write_journal(merge_ticket.into_ticket, 'merged_in', '2.3.6',
		jsonb_build_object('ticket_id', merge_ticket.ticket_id));
	return merge_ticket.into_ticket;
end
$$;
comment on function ticket_workflow.merge_ticket(bigint, bigint) is
	'Ends a ticket in favour of another of the same incident, whose report answers both; links them if no one has yet. Returns the other. Errors: TW001, TW005, TW006. Clause 2.3.6';

create or replace function ticket_workflow.close_ticket(ticket_id bigint) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(close_ticket.ticket_id, 'close', 'closed');
	update ticket_workflow.ticket r
		set state = 'closed', state_act = 'close', state_reason = null
		where r.ticket_id = close_ticket.ticket_id;
	return close_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.close_ticket(bigint) is
	'Closes and archives a completed ticket (结案归档). Errors: TW001, TW005, TW008';

create or replace function ticket_workflow.reopen_ticket(ticket_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(reopen_ticket.ticket_id, 'reopen', 'rework');
	update ticket_workflow.ticket r
		set state = 'rework', state_act = 'reopen',
			state_reason = ticket_workflow.require_reason(reopen_ticket.reason, '2.3.5')
		where r.ticket_id = reopen_ticket.ticket_id;
	return reopen_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.reopen_ticket(bigint, text) is
	'The platform or a callback rejects the result: back to the department, with fresh clocks of the ticket. Errors: TW001, TW005, TW009. Clause 2.3.5';
