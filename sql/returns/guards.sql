-- Returns on every path: a guarded UPDATE makes a draft a request, another decides it; the ticket follows.
-- May touch: triggers of ticket_return and one of ticket; through them ticket and journal.

-- 不当退单 (3.8.5): signs that a person weighs, never a refusal by themselves.
create or replace function ticket_workflow.improper_marks(ret ticket_workflow.ticket_return, ticket ticket_workflow.ticket) returns text[]
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	window_clock constant ticket_workflow.clock := ticket_workflow.return_window(improper_marks.ticket);
	marks text[] := '{}';
begin
	if ret.ground = 'out_of_area' then
		if not ticket_workflow.window_open(window_clock, ticket_workflow.now()) then
			marks := marks || 'late'::text;
		end if;
	elsif window_clock.due_on = ticket_workflow.local_day(ticket_workflow.now(), window_clock.calendar) then
		-- 临近超期退单
		marks := marks || 'last_day'::text;
	end if;
	-- 核实不到位: nobody was asked, nothing was seen, nothing is shown
	if not exists (
			select from ticket_workflow.round_evidence(improper_marks.ticket) e where e.kind in ('document', 'photo'))
		and not exists (
			select from ticket_workflow.contact c
			where c.ticket_id = improper_marks.ticket.ticket_id and c.dispatch_round = improper_marks.ticket.dispatch_round
				and c.purpose = 'first_contact' and ticket_workflow.contact_reached(c.*)) then
		marks := marks || 'unverified'::text;
	end if;
	return marks;
end
$$;
comment on function ticket_workflow.improper_marks(ticket_workflow.ticket_return, ticket_workflow.ticket) is
	'Signs of an improper return at the moment it is asked for (3.8.5): late, last_day, unverified';

create or replace function ticket_workflow.guard_return() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	-- the decider's word, not computed from anything
	unfounded constant boolean := 'unfounded' = any (new.marks);
	-- what a decision may write; the request itself stands as it was made, and was signed
	decision_columns constant text[] := array['state', 'requested_at', 'requested_by', 'ordinal', 'decided_at', 'decided_by',
		'decision_reason', 'own_error', 'marks'];
begin
	if to_jsonb(new) - decision_columns is distinct from to_jsonb(old) - decision_columns
		or new.state = old.state and old.state in ('draft', 'requested') then
		perform ticket_workflow.fail('history_change', '2.2', tg_table_name::text);
	end if;
	select * into strict t from ticket_workflow.ticket r where r.ticket_id = new.ticket_id for no key update;

	case old.state || '>' || new.state
	when 'draft>requested' then
		perform ticket_workflow.require_right(t, 'return_' || new.ground);
		if t.state not in ('dispatched', 'accepted') or new.dispatch_round <> t.dispatch_round
			or new.organization_id <> t.lead_department_id then
			perform ticket_workflow.fail('illegal_transition', 'S4', t.state, 'return_requested');
		end if;
		perform ticket_workflow.raise_problems((
			select jsonb_agg(to_jsonb(p)) from ticket_workflow.return_request_problems(new, t) p));
		-- acts take place now, and have the author they have
		new.requested_at := ticket_workflow.now();
		new.requested_by := ticket_workflow.actor();
		new.ordinal := ticket_workflow.return_ordinal(new, t.rulebook);
		new.marks := ticket_workflow.improper_marks(new, t);
		new.decided_at := null;
		new.decided_by := null;
		new.decision_reason := null;
		new.own_error := false;
		return new;
	when 'requested>granted', 'requested>refused' then
		perform ticket_workflow.require_right(t, 'decide_return');
		-- who asked does not decide
		if ticket_workflow.actor() is null or ticket_workflow.actor() is not distinct from old.requested_by then
			perform ticket_workflow.fail('four_eyes', '2.2', ticket_workflow.official_text(old.requested_by));
		end if;
		if new.own_error and new.state = 'refused' then
			perform ticket_workflow.fail('own_error_refused', '2.2');
		end if;
		new.marks := old.marks;
		if new.state = 'granted' then
			perform ticket_workflow.raise_problems((
				select jsonb_agg(to_jsonb(p)) from ticket_workflow.return_grant_problems(new, t) p));
		else
			new.decision_reason := ticket_workflow.require_reason(new.decision_reason,
				case new.ground when 'out_of_area' then '2.2.1' else '2.2.2' end);
			if unfounded then
				new.marks := new.marks || 'unfounded'::text;
			end if;
			if exists (select from ticket_workflow.first_contact_problems(t, new.dispatch_round, t.dispatched_at)) then
				new.marks := new.marks || 'without_contact'::text;
			end if;
		end if;
	when 'requested>withdrawn' then
		-- a ticket that the center ended has taken its return with it
		if t.state = 'return_requested' then
			perform ticket_workflow.require_right(t, 'withdraw_return');
		end if;
		new.marks := old.marks;
		new.own_error := false;
	else
		perform ticket_workflow.fail('return_state', '2.2', ticket_workflow.label('return_state', old.state),
			ticket_workflow.label('return_state', new.state));
	end case;
	new.requested_at := old.requested_at;
	new.requested_by := old.requested_by;
	new.ordinal := old.ordinal;
	new.decided_at := ticket_workflow.now();
	new.decided_by := ticket_workflow.actor();
	return new;
end
$$;
comment on function ticket_workflow.guard_return() is
	'Trigger: judges a return on its way from draft to request and decision: TW004 after the window, TW008 without evidence or contact, TW002 unsigned, TW005 for who may not or decides his own, TW009 without reason';

create or replace function ticket_workflow.follow_return() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	clause constant text := case new.ground when 'out_of_area' then '2.2.1' else '2.2.2' end;
begin
	perform ticket_workflow.write_journal(new.ticket_id, 'return_' || new.state, clause,
		jsonb_strip_nulls(jsonb_build_object('return_id', new.return_id, 'ground', new.ground, 'ordinal', new.ordinal,
			'upward', new.upward, 'own_error', nullif(new.own_error, false), 'marks', nullif(to_jsonb(new.marks), '[]'))));
	update ticket_workflow.ticket t
		set state = case new.state when 'requested' then 'return_requested'
				when 'granted' then case when new.upward is null then 'received' else 'transferred' end
				else 'accepted' end,
			state_act = case new.state when 'requested' then 'request_return' when 'granted' then 'grant_return'
				when 'refused' then 'refuse_return' else 'withdraw_return' end,
			state_reason = case new.state when 'requested' then new.reason else new.decision_reason end
		where t.ticket_id = new.ticket_id
			-- not where the center ended the ticket, and with it the return
			and (new.state = 'requested' or t.state = 'return_requested');
	return null;
end
$$;
comment on function ticket_workflow.follow_return() is 'Trigger: journals a return and moves its ticket, whose own guard judges the move';

-- 撤单 while a return waits: there is nothing left to decide.
create or replace function ticket_workflow.follow_withdrawal() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	update ticket_workflow.ticket_return r
		set state = 'withdrawn', decision_reason = new.state_reason
		where r.ticket_id = new.ticket_id and r.state = 'requested';
	return null;
end
$$;
comment on function ticket_workflow.follow_withdrawal() is 'Trigger: a ticket that the center withdraws takes its open return with it';

create or replace trigger guard_return
	before update on ticket_workflow.ticket_return
	for each row execute function ticket_workflow.guard_return();

create or replace trigger follow_return
	after update on ticket_workflow.ticket_return
	for each row execute function ticket_workflow.follow_return();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.ticket_return
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace trigger follow_withdrawal
	after update on ticket_workflow.ticket
	for each row when (old.state = 'return_requested' and new.state = 'withdrawn')
	execute function ticket_workflow.follow_withdrawal();
