-- Asking for a return, taking it back, deciding it. Each fills in an UPDATE of ticket_return;
-- sql/returns/guards.sql judges it and lets ticket and journal follow.
-- May touch: ticket_return, evidence, evidence_absence.

create or replace function ticket_workflow.request_return(ticket_id bigint, ground text, reason text,
		should_go_to text default null, upward text default null,
		documents text[] default '{}', recordings text[] default '{}', photos text[] default '{}', waivers jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	r ticket_workflow.ticket_return;
	given record;
begin
	r.ground := ticket_workflow.require_code('return_ground', request_return.ground, 'ground');
	-- who may ask depends on the ground: the information officer (2.2.1), the handling department (2.2.2)
	t := ticket_workflow.begin_act(request_return.ticket_id, 'return_' || r.ground);
	if t.state not in ('dispatched', 'accepted') then
		perform ticket_workflow.fail('illegal_transition', 'S4', t.state, 'return_requested');
	end if;
	for given in
		select 'document' as kind, u.uri from unnest(request_return.documents) u (uri)
		union all
		select 'recording', u.uri from unnest(request_return.recordings) u (uri)
		union all
		select 'photo', u.uri from unnest(request_return.photos) u (uri)
	loop
		perform ticket_workflow.insert_evidence(t, given.kind, given.uri, null, null, null, null, null);
	end loop;
	if request_return.waivers is not null and jsonb_typeof(request_return.waivers) <> 'object' then
		perform ticket_workflow.fail('waivers_malformed', '2.2.2');
	end if;
	for given in
		-- what a return before this one declared holds on for the same dispatch
		select w.key as kind, w.value as reason
		from jsonb_each_text(request_return.waivers) w
		where not exists (
			select from ticket_workflow.evidence_absence a
			where a.ticket_id = t.ticket_id and a.dispatch_round = t.dispatch_round and a.subject = 'return'
				and a.kind = w.key and a.reason = w.value and a.voided_at is null)
	loop
		perform ticket_workflow.insert_absence(t, 'return', given.kind, given.reason);
	end loop;

	r.return_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.return_seq');
	r.center_id := t.center_id;
	r.ticket_id := t.ticket_id;
	r.dispatch_round := t.dispatch_round;
	-- a return is the lead department's, also when the information officer asks: it is counted and signed there
	r.organization_id := t.lead_department_id;
	r.upward := ticket_workflow.code_of('platform', request_return.upward, 'upward');
	-- an empty one is the guard's to refuse
	r.reason := coalesce(ticket_workflow.optional_text(request_return.reason, 'reason'), '');
	r.should_go_to := ticket_workflow.optional_text(request_return.should_go_to, 'should_go_to', 200);
	r.state := 'draft';
	r.own_error := false;
	r.marks := '{}';
	insert into ticket_workflow.ticket_return values (r.*);
	update ticket_workflow.ticket_return o set state = 'requested' where o.return_id = r.return_id;
	return r.return_id;
end
$$;
comment on function ticket_workflow.request_return(bigint, text, text, text, text, text[], text[], text[], jsonb) is
	'Asks the center to take a ticket back: out_of_area (by the information officer, with the department it should go to) or out_of_duty (by the handling department, within the window, with document, recording and photo, or waivers {"photo": "reason"}); upward names the platform it should go back to. Returns return_id. Errors: TW001, TW004, TW005, TW006, TW008, TW009. Clauses 2.2.1, 2.2.2';

-- What one may not see does not exist.
create or replace function ticket_workflow.begin_return_act(return_id bigint, act text) returns ticket_workflow.ticket_return
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.ticket_return;
begin
	select o.* into r
		from ticket_workflow.ticket_return o
		where o.return_id = begin_return_act.return_id and ticket_workflow.may_see(o.ticket_id);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'return', begin_return_act.return_id::text);
	end if;
	perform ticket_workflow.begin_act(r.ticket_id, begin_return_act.act);
	-- as it is behind the lock
	select o.* into strict r from ticket_workflow.ticket_return o where o.return_id = begin_return_act.return_id;
	return r;
end
$$;
comment on function ticket_workflow.begin_return_act(bigint, text) is 'Head of the acts on a return: begin_act() of its ticket, then the return as it is behind the lock';

create or replace function ticket_workflow.withdraw_return(return_id bigint, reason text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.ticket_return := ticket_workflow.begin_return_act(withdraw_return.return_id, 'withdraw_return');
begin
	update ticket_workflow.ticket_return o
		set state = 'withdrawn', decision_reason = ticket_workflow.optional_text(withdraw_return.reason, 'reason')
		where o.return_id = r.return_id;
	return r.ticket_id;
end
$$;
comment on function ticket_workflow.withdraw_return(bigint, text) is
	'Takes a return back before it is decided: it does not count, the department keeps the ticket and its window runs on. Returns ticket_id. Errors: TW001, TW005, TW006. Clause 2.2';

create or replace function ticket_workflow.decide_return(return_id bigint, granted boolean, reason text default null,
		own_error boolean default false, unfounded boolean default true) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.ticket_return := ticket_workflow.begin_return_act(decide_return.return_id, 'decide_return');
begin
	if decide_return.granted is null then
		perform ticket_workflow.fail('text_missing', null, 'granted');
	end if;
	update ticket_workflow.ticket_return o
		set state = case when decide_return.granted then 'granted' else 'refused' end,
			decision_reason = ticket_workflow.optional_text(decide_return.reason, 'reason'),
			own_error = coalesce(decide_return.own_error, false),
			marks = case when not decide_return.granted and coalesce(decide_return.unfounded, true)
				then o.marks || 'unfounded'::text else o.marks end
		where o.return_id = r.return_id;
	return r.ticket_id;
end
$$;
comment on function ticket_workflow.decide_return(bigint, boolean, text, boolean, boolean) is
	'The center grants a return (back for re-dispatch, or upward) or refuses it with a reason; own_error: the center''s wrong dispatch, which does not count; unfounded: refused for its substance, a sign of an improper return. Returns ticket_id. Errors: TW001, TW002, TW005, TW006, TW008, TW009. Clauses 2.2, 2.4.1, 3.8';
