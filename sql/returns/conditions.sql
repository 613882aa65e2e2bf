-- What a return needs to be asked for and to be granted, and how it is counted. Whose signature the n-th one needs
-- stands in approval_rule; sql/approval reads it (signature_problems).
-- May touch: nothing; reads ticket_return, evidence, clocks and the rulebook.

-- The n-th return: those asked for and not withdrawn; the center's own wrong dispatch does not count.
create or replace function ticket_workflow.return_ordinal(ret ticket_workflow.ticket_return, rulebook text) returns integer
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	scope constant text := ticket_workflow.rulebook_setting(return_ordinal.rulebook, 'return_count_scope');
begin
	if scope not in ('ticket', 'department') then
		perform ticket_workflow.fail('setting_malformed', '2.2.2', return_ordinal.rulebook, 'return_count_scope', scope, 'ticket, department');
	end if;
	return 1 + (
		select count(*)
		from ticket_workflow.ticket_return r
		where r.ticket_id = return_ordinal.ret.ticket_id and r.return_id <> return_ordinal.ret.return_id
			and r.state in ('requested', 'granted', 'refused') and not r.own_error
			and (scope = 'ticket' or r.organization_id = return_ordinal.ret.organization_id));
end
$$;
comment on function ticket_workflow.return_ordinal(ticket_workflow.ticket_return, text) is
	'Which return of the ticket (or of its department, setting return_count_scope) this is (2.2.2)';

-- Evidence that the department of this dispatch brought: not what came with the ticket or from the one before.
create or replace function ticket_workflow.round_evidence(ticket ticket_workflow.ticket) returns setof ticket_workflow.evidence
	language sql stable
begin atomic
	select e.*
	from ticket_workflow.evidence e
		left join ticket_workflow.contact c on c.contact_id = e.contact_id
		left join ticket_workflow.site_visit v on v.visit_id = e.visit_id
	where e.ticket_id = (round_evidence.ticket).ticket_id and e.voided_at is null
		and e.added_at >= (round_evidence.ticket).dispatched_at
		and (c.contact_id is null or c.voided_at is null and c.dispatch_round = (round_evidence.ticket).dispatch_round)
		and (v.visit_id is null or v.voided_at is null and v.dispatch_round = (round_evidence.ticket).dispatch_round);
end;
comment on function ticket_workflow.round_evidence(ticket_workflow.ticket) is 'Evidence added under the current dispatch, without that of voided facts and earlier dispatches';

create or replace function ticket_workflow.return_window(ticket ticket_workflow.ticket) returns ticket_workflow.clock
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	found_clock ticket_workflow.clock;
begin
	select c.* into found_clock
		from ticket_workflow.clock c
		where c.ticket_id = return_window.ticket.ticket_id and c.clock = 'return_window'
			and c.dispatch_round = return_window.ticket.dispatch_round
		order by c.round desc
		limit 1;
	return found_clock;
end
$$;
comment on function ticket_workflow.return_window(ticket_workflow.ticket) is 'The return window of the current dispatch; NULL where the rulebook gives none';

-- Running out at the due time, not before: an event at the due time is on time (T3).
create or replace function ticket_workflow.window_open(window_clock ticket_workflow.clock, at timestamptz) returns boolean
	language sql immutable
	return window_clock.clock_id is null
		or window_clock.status in ('running', 'paused') and window_open.at <= window_clock.due_at;
comment on function ticket_workflow.window_open(ticket_workflow.clock, timestamptz) is 'May a return out of duty be asked for at that moment (2.2.2)';

create or replace function ticket_workflow.return_request_problems(ret ticket_workflow.ticket_return, ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	window_clock constant ticket_workflow.clock := ticket_workflow.return_window(return_request_problems.ticket);
	of_clause constant text := case return_request_problems.ret.ground when 'out_of_area' then '2.2.1' else '2.2.2' end;
begin
	-- 最晚4个工作日内提出，逾期不退，视作接收; out of area there is no window
	if ret.ground = 'out_of_duty' and not ticket_workflow.window_open(window_clock, ticket_workflow.now()) then
		return query select 'return_window_over'::text, '2.2.2'::text, array[to_char(window_clock.due_on, 'YYYY-MM-DD')];
	end if;
	if coalesce(btrim(ret.reason), '') = '' then
		return query select 'reason_missing'::text, of_clause, '{}'::text[];
	end if;
	-- 写明退单理由及应转派何部门
	if ret.ground = 'out_of_area' and coalesce(btrim(ret.should_go_to), '') = '' then
		return query select 'return_target_missing'::text, '2.2.1'::text, '{}'::text[];
	end if;
	return query
		select 'return_evidence_missing'::text, q.clause, array[ticket_workflow.label('evidence_kind', q.kind)]
		from ticket_workflow.required_evidence q
		where q.rulebook = return_request_problems.ticket.rulebook and q.subject = return_request_problems.ret.ground
			and not exists (
				select from ticket_workflow.round_evidence(return_request_problems.ticket) e where e.kind = q.kind)
			and not exists (
				select from ticket_workflow.evidence_absence a
				where a.ticket_id = return_request_problems.ticket.ticket_id and a.dispatch_round = return_request_problems.ticket.dispatch_round
					and a.subject = 'return' and a.kind = q.kind and a.voided_at is null)
		order by q.kind;
end
$$;
comment on function ticket_workflow.return_request_problems(ticket_workflow.ticket_return, ticket_workflow.ticket) is
	'What is missing for a return to be asked for: window, reason, where it should go, evidence (2.2.1, 2.2.2)';

create or replace function ticket_workflow.return_grant_problems(ret ticket_workflow.ticket_return, ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
		select p.message, p.clause, p.args
		from ticket_workflow.first_contact_problems(return_grant_problems.ticket, return_grant_problems.ret.dispatch_round,
			return_grant_problems.ticket.dispatched_at) p;
	return query
		select p.message, p.clause, p.args
		from ticket_workflow.signature_problems('return', return_grant_problems.ret.return_id) p;
end
$$;
comment on function ticket_workflow.return_grant_problems(ticket_workflow.ticket_return, ticket_workflow.ticket) is
	'What is missing for a return to be granted: the first contact (2.4.1), the signatures (2.2.2)';

create or replace function ticket_workflow.return_problems(return_id bigint)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.ticket_return;
	t ticket_workflow.ticket;
begin
	select * into r from ticket_workflow.ticket_return o where o.return_id = return_problems.return_id;
	select * into t from ticket_workflow.ticket o where o.ticket_id = r.ticket_id;
	case r.state
	when 'draft' then
		return query select p.message, p.clause, p.args from ticket_workflow.return_request_problems(r, t) p;
	when 'requested' then
		return query select p.message, p.clause, p.args from ticket_workflow.return_grant_problems(r, t) p;
	else
		null;
	end case;
end
$$;
comment on function ticket_workflow.return_problems(bigint) is
	'What stands in the way of a return''s next step: of asking for a draft, of granting a request; no row when nothing does';

-- The ticket follows its return, never the other way round.
create or replace function ticket_workflow.return_transition_problems(ticket_id bigint, act text)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	-- the state of the return from which the act on the ticket follows
	needed constant text := case return_transition_problems.act when 'request_return' then 'requested'
		when 'grant_return' then 'granted' when 'refuse_return' then 'refused' when 'withdraw_return' then 'withdrawn' end;
	latest text;
begin
	select r.state into latest
		from ticket_workflow.ticket_return r
		where r.ticket_id = return_transition_problems.ticket_id and r.state <> 'draft'
		-- the open one, if there is one, else the one that was decided last
		order by (r.state = 'requested') desc, r.requested_at desc, r.return_id desc
		limit 1;
	if latest is distinct from needed then
		return query select case needed when 'requested' then 'return_not_requested' else 'return_not_decided' end, '2.2'::text,
			array[ticket_workflow.label('return_state', needed)];
	end if;
end
$$;
comment on function ticket_workflow.return_transition_problems(bigint, text) is
	'A ticket enters and leaves return_requested only with its return: asked for, granted, refused or withdrawn';
