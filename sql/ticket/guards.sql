-- The rules of a ticket's life, on every path: which changes of state are allowed, what each asks for,
-- and what follows from it (journal, clocks). API functions only fill in the UPDATE.
-- May touch: triggers of ticket; through them journal and clock.

-- What a change of state asks for, beyond being in the table of transitions.
create or replace function ticket_workflow.transition_problems(before ticket_workflow.ticket, ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	case ticket.state_act
	when 'dispatch' then
		return query select p.message, p.clause, p.args from ticket_workflow.dispatch_problems(transition_problems.ticket) p;
	when 'request_return', 'grant_return', 'refuse_return', 'withdraw_return' then
		return query select p.message, p.clause, p.args
			from ticket_workflow.return_transition_problems(transition_problems.ticket.ticket_id, transition_problems.ticket.state_act) p;
	when 'transfer' then
		return query select p.message, p.clause, p.args
			from ticket_workflow.signature_problems('transfer', transition_problems.ticket.ticket_id) p;
	when 'accept' then
		-- deemed acceptance is the closing of the window, nothing else (2.2.2)
		if ticket.accepted_deemed then
			if not exists (
				select from ticket_workflow.clock c
				where c.ticket_id = transition_problems.ticket.ticket_id and c.clock = 'return_window' and c.status = 'expired'
					and c.dispatch_round = transition_problems.ticket.dispatch_round
					and c.due_at = transition_problems.ticket.state_at) then
				return query select 'window_not_closed'::text, '2.2.2'::text, '{}'::text[];
			end if;
		end if;
	when 'submit_report' then
		return query select p.message, p.clause, p.args from ticket_workflow.submission_problems(transition_problems.ticket) p;
	when 'pass_report' then
		return query select p.message, p.clause, p.args from ticket_workflow.completion_problems(transition_problems.ticket.ticket_id) p;
	when 'send_back_report' then
		if (select r.state from ticket_workflow.current_report(transition_problems.ticket.ticket_id) r) is distinct from 'sent_back' then
			return query select 'report_not_sent_back'::text, '2.3.3.3'::text, '{}'::text[];
		end if;
	when 'withdraw' then
		-- with the petitioner's own recording, where there is a petitioner to be heard
		if ticket_workflow.has_contact(transition_problems.ticket) and not exists (
			select from ticket_workflow.evidence e
			where e.ticket_id = transition_problems.ticket.ticket_id and e.kind = 'recording' and e.voided_at is null) then
			return query select 'withdrawal_recording_missing'::text, '2.3.2.1'::text, '{}'::text[];
		end if;
	when 'merge' then
		if not exists (select from ticket_workflow.ticket_merge m where m.ticket_id = transition_problems.ticket.ticket_id) then
			return query select 'merge_target_missing'::text, '2.3.6'::text, '{}'::text[];
		elsif not exists (
				select from ticket_workflow.ticket_merge m
				where m.ticket_id = transition_problems.ticket.ticket_id
					and ticket_workflow.incident_of(m.ticket_id) = ticket_workflow.incident_of(m.into_id)) then
			return query select 'merge_other_incident'::text, '2.3.6'::text, '{}'::text[];
		end if;
	when 'close' then
		-- an urgent ticket is done when the district platform has it (2.3.2.1)
		if exists (select from ticket_workflow.clock c
				where c.ticket_id = transition_problems.ticket.ticket_id and c.clock = 'urgent_completion' and c.status = 'running') then
			return query select 'platform_completion_missing'::text, '2.3.2.1'::text, '{}'::text[];
		end if;
	else
		null;	-- recall and reopen ask for a reason only
	end case;
end
$$;
comment on function ticket_workflow.transition_problems(ticket_workflow.ticket, ticket_workflow.ticket) is
	'What is missing for the change of state that a ticket is about to make, all at once';

create or replace function ticket_workflow.submission_problems(ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if (select r.state from ticket_workflow.current_report(submission_problems.ticket.ticket_id) r) is distinct from 'submitted' then
		return query select 'report_not_submitted'::text, '2.3.3'::text, '{}'::text[];
	end if;
	-- 市级督办件须处置部门的分管领导牵头推进
	if ticket.kind = 'supervised' and ticket.supervised_by = 'city' and ticket.lead_person_id is null then
		return query select 'lead_person_missing'::text, '2.3.5'::text, '{}'::text[];
	end if;
end
$$;
comment on function ticket_workflow.submission_problems(ticket_workflow.ticket) is 'What is missing for the submission of a ticket''s report';

-- What else a change of state sets: for the guard, and for an import that tells a history again (sql/import).
create or replace function ticket_workflow.state_columns(before ticket_workflow.ticket, after ticket_workflow.ticket) returns ticket_workflow.ticket
	language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
	moved ticket_workflow.ticket := state_columns.after;
begin
	moved.dispatch_round := before.dispatch_round;
	moved.first_dispatched_at := before.first_dispatched_at;
	moved.dispatched_at := before.dispatched_at;
	moved.accepted_at := before.accepted_at;
	moved.reported_at := before.reported_at;
	moved.completed_at := before.completed_at;
	moved.closed_at := before.closed_at;
	moved.reopenings := before.reopenings;
	if moved.state <> 'dispatched' then
		moved.lead_department_id := before.lead_department_id;
		moved.dispatch_principle := before.dispatch_principle;
	end if;

	case moved.state
	when 'received' then
		moved.dispatched_at := null;
		moved.lead_department_id := null;
		moved.dispatch_principle := null;
		moved.dispatch_reason := null;
		moved.lead_person_id := null;
		moved.accepted_at := null;
		moved.accepted_deemed := false;
	when 'dispatched' then
		moved.dispatch_round := before.dispatch_round + 1;
		moved.dispatched_at := moved.state_at;
		moved.first_dispatched_at := coalesce(before.first_dispatched_at, moved.state_at);
	when 'accepted' then
		moved.accepted_at := coalesce(before.accepted_at, moved.state_at);
	when 'reported' then
		moved.reported_at := moved.state_at;
	when 'completed' then
		moved.completed_at := moved.state_at;
	when 'closed' then
		moved.closed_at := moved.state_at;
	when 'rework' then
		if moved.state_act = 'reopen' then
			moved.reopenings := before.reopenings + 1;
			moved.completed_at := null;
			moved.closed_at := null;
		end if;
	else
		null;
	end case;
	return moved;
end
$$;
comment on function ticket_workflow.state_columns(ticket_workflow.ticket, ticket_workflow.ticket) is
	'A ticket that enters a state, with the columns that follow from it: rounds, moments, department';

create or replace function ticket_workflow.guard_ticket() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	transition ticket_workflow.ticket_transition;
	act_given constant boolean := new.state_act is distinct from old.state_act;
begin
	if (new.ticket_id, new.center_id, new.rulebook, new.received_at, new.recorded_at, new.received_on, new.source, new.imported)
		is distinct from
		(old.ticket_id, old.center_id, old.rulebook, old.received_at, old.recorded_at, old.received_on, old.source, old.imported) then
		perform ticket_workflow.fail('history_change', 'S4', 'ticket');
	end if;

	-- he leads in person (2.3.5): one who holds the post over the department that has the ticket
	if new.lead_person_id is not null and new.lead_person_id is distinct from old.lead_person_id then
		-- a condition of its own: one with a query in it is planned and started even where the first half says no
		if not exists (
			select from ticket_workflow.posts_on(new.lead_person_id, ticket_workflow.today(new.center_id)) p
			where p.organization_id = new.lead_department_id and p."position" = 'supervising_leader' and not p.substitute) then
			perform ticket_workflow.fail('not_supervising_leader', '2.3.5',
				(select o.code from ticket_workflow.official o where o.official_id = new.lead_person_id));
		end if;
	end if;

	if new.state = old.state then
		-- these follow from changes of state alone
		if (new.state_at, new.state_act, new.dispatch_round, new.first_dispatched_at, new.dispatched_at, new.lead_department_id,
				new.dispatch_principle, new.accepted_at, new.accepted_deemed, new.reported_at, new.completed_at, new.closed_at, new.reopenings)
			is distinct from
			(old.state_at, old.state_act, old.dispatch_round, old.first_dispatched_at, old.dispatched_at, old.lead_department_id,
				old.dispatch_principle, old.accepted_at, old.accepted_deemed, old.reported_at, old.completed_at, old.closed_at, old.reopenings) then
			perform ticket_workflow.fail('illegal_transition', 'S4', old.state, new.state);
		end if;
		return new;
	end if;

	-- a plain UPDATE need not name the act where the pair of states leaves no choice
	select t.* into transition
		from ticket_workflow.ticket_transition t
		where t.from_state = old.state and t.to_state = new.state and (not act_given or t.act = new.state_act)
		order by t.act
		limit 1;
	if transition.act is null then
		perform ticket_workflow.fail('illegal_transition', 'S4', old.state, new.state);
	end if;
	-- the reason belongs to this change, not to the one before
	if not act_given and new.state_reason is not distinct from old.state_reason then
		new.state_reason := null;
	end if;
	new.state_act := transition.act;
	if transition.needs_reason and coalesce(btrim(new.state_reason), '') = '' then
		perform ticket_workflow.fail('reason_missing', transition.clause);
	end if;

	-- acts take place now; deemed acceptance when the window closed, which transition_problems() checks
	if not (new.accepted_deemed and not old.accepted_deemed) then
		new.state_at := ticket_workflow.now();
		new.accepted_deemed := old.accepted_deemed;
	end if;
	new := ticket_workflow.state_columns(old, new);

	perform ticket_workflow.raise_problems((
		select jsonb_agg(to_jsonb(p)) from ticket_workflow.transition_problems(old, new) p));
	return new;
end
$$;
comment on function ticket_workflow.guard_ticket() is
	'Trigger: judges every change of a ticket: TW001 for a transition that is not in the table, TW009 without a reason, and all that is missing at once';

-- In C, column by column, since every change of a ticket asks it: src/changes.c says which columns are shown how.
create or replace function ticket_workflow.changed_columns(before ticket_workflow.ticket, after ticket_workflow.ticket) returns jsonb
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_changed_columns';
comment on function ticket_workflow.changed_columns(ticket_workflow.ticket, ticket_workflow.ticket) is
	'What an UPDATE of a ticket changed, without personal data, for the journal';

create or replace function ticket_workflow.follow_ticket() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	transition ticket_workflow.ticket_transition;
	deemed boolean;
begin
	if new.state = old.state then
		perform ticket_workflow.follow_correction(old, new);
		return null;
	end if;

	select * into strict transition
		from ticket_workflow.ticket_transition t
		where t.from_state = old.state and t.to_state = new.state and t.act = new.state_act;
	deemed := new.accepted_deemed and not old.accepted_deemed;
	perform ticket_workflow.write_journal(new.ticket_id, new.state_act,
		case when deemed then '2.2.2' else transition.clause end,
		ticket_workflow.changed_columns(old, new), new.state_at, old.state, new.state, by_system => deemed);

	perform ticket_workflow.apply_events(new, array_remove(array[transition.event,
		case when old.first_dispatched_at is null and new.first_dispatched_at is not null then 'first_dispatched' end,
		case when new.state = 'accepted' then 'taken_over' end], null), new.state_at);
	perform ticket_workflow.end_uncarried_clocks(new, new.state_at);
	perform ticket_workflow.settle_fact_clocks(new, facts_changed => false);
	return null;
end
$$;
comment on function ticket_workflow.follow_ticket() is
	'Trigger: journals a change of a ticket and lets its clocks follow';

create or replace trigger guard_ticket
	before update on ticket_workflow.ticket
	for each row execute function ticket_workflow.guard_ticket();

create or replace trigger follow_ticket
	after update on ticket_workflow.ticket
	for each row when (old.* is distinct from new.*) execute function ticket_workflow.follow_ticket();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.ticket
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace trigger refuse_history_change
	before update or delete or truncate on ticket_workflow.petitioner
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace trigger refuse_history_change
	before update or delete or truncate on ticket_workflow.ticket_original
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace trigger refuse_history_change
	before update or delete or truncate on ticket_workflow.ticket_merge
	for each statement execute function ticket_workflow.refuse_history_change();
