-- The steps of an imported ticket, told again in their order: each must be a change of state that is allowed, at its
-- time. What the norm asks of an act when it is done (signatures, evidence, the right wording, within which minutes) is not
-- asked of history: it happened. Clocks follow from the steps.
-- May touch: nothing.

-- What each act may say beside act, at, by and reason.
create or replace function ticket_workflow.import_step_keys(act text) returns text[]
	language sql immutable parallel safe
	return '{act,at,by,reason}'::text[] || case import_step_keys.act
		when 'dispatch' then '{department,principle,lead_person}'::text[]
		when 'request_return' then '{ground,should_go_to,upward}'
		when 'grant_return' then '{own_error}'
		when 'submit_report' then '{report}'
		when 'merge' then '{into}'
		when 'extend_limit' then '{working_days}'
		else '{}' end;
comment on function ticket_workflow.import_step_keys(text) is 'Keys of a step of an imported history';

create or replace function ticket_workflow.import_report(ticket ticket_workflow.ticket, step jsonb, path text, version integer,
		author text, at timestamptz) returns ticket_workflow.report
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	t constant ticket_workflow.ticket := import_report.ticket;
	place constant text := import_report.path || 'report.';
	given constant jsonb := ticket_workflow.import_need(ticket_workflow.import_value(import_report.step, 'report', import_report.path, 'object'),
		import_report.path || 'report');
	r ticket_workflow.report;
begin
	perform ticket_workflow.import_keys(given, place, array['body', 'points', 'fact_finding', 'claim_finding', 'handling_result',
		'relation_reason', 'plan', 'plan_until', 'responsible_person', 'responsible_phone', 'written_by']);
	r.report_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.report_seq');
	r.center_id := t.center_id;
	r.ticket_id := t.ticket_id;
	r.dispatch_round := t.dispatch_round;
	r.organization_id := t.lead_department_id;
	r.version := import_report.version;
	r.state := 'submitted';
	r.body := ticket_workflow.import_need(ticket_workflow.import_text(given, 'body', place, 1048576), place || 'body');
	r.points := ticket_workflow.import_text(given, 'points', place, 1048576);
	if octet_length(r.body) > 1048576 or octet_length(r.points) > 1048576 then
		perform ticket_workflow.fail('text_too_long', null, place || case when octet_length(r.body) > 1048576 then 'body' else 'points' end,
			greatest(octet_length(r.body), octet_length(r.points))::text, '1048576');
	end if;
	-- annexes 3 and 5 say which options a category has; what is empty stays empty
	r.fact_finding := ticket_workflow.finding_code(t.rulebook, t.category, 'fact_finding', ticket_workflow.import_text(given, 'fact_finding', place));
	r.claim_finding := ticket_workflow.finding_code(t.rulebook, t.category, 'claim_finding', ticket_workflow.import_text(given, 'claim_finding', place));
	r.handling_result := ticket_workflow.finding_code(t.rulebook, t.category, 'handling_result', ticket_workflow.import_text(given, 'handling_result', place));
	r.relation_reason := ticket_workflow.import_text(given, 'relation_reason', place);
	r.plan := ticket_workflow.import_text(given, 'plan', place);
	r.plan_until := ticket_workflow.import_date(given, 'plan_until', place);
	r.responsible_person := ticket_workflow.import_text(given, 'responsible_person', place, 100);
	r.responsible_phone := ticket_workflow.import_text(given, 'responsible_phone', place, 100);
	r.repeat_kinds := '{}';
	r.written_by := coalesce((ticket_workflow.import_official(t.center_id, given, 'written_by', place)).code, import_report.author);
	r.saved_at := import_report.at;
	r.submitted_at := import_report.at;
	r.submitted_by := import_report.author;
	r.sent_back_by_check := false;
	return r;
end
$$;
comment on function ticket_workflow.import_report(ticket_workflow.ticket, jsonb, text, integer, text, timestamptz) is
	'The report of a step submit_report: its body is asked for, its wording is not judged';

create or replace function ticket_workflow.import_return(ticket ticket_workflow.ticket, step jsonb, path text, earlier ticket_workflow.ticket_return[],
		author text, reason text, at timestamptz) returns ticket_workflow.ticket_return
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t constant ticket_workflow.ticket := import_return.ticket;
	by_department boolean;
	r ticket_workflow.ticket_return;
begin
	r.return_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.return_seq');
	r.center_id := t.center_id;
	r.ticket_id := t.ticket_id;
	r.dispatch_round := t.dispatch_round;
	r.organization_id := t.lead_department_id;
	r.ground := ticket_workflow.import_need(ticket_workflow.import_code(import_return.step, 'ground', import_return.path, 'return_ground'),
		import_return.path || 'ground');
	r.upward := ticket_workflow.import_code(import_return.step, 'upward', import_return.path, 'platform');
	r.reason := coalesce(import_return.reason, '');
	r.should_go_to := ticket_workflow.import_text(import_return.step, 'should_go_to', import_return.path, 200);
	r.state := 'requested';
	r.requested_at := import_return.at;
	r.requested_by := import_return.author;
	by_department := ticket_workflow.rulebook_setting(t.rulebook, 'return_count_scope') = 'department';
	r.ordinal := 1 + (
		select count(*)
		from unnest(import_return.earlier) e
		where e.state in ('granted', 'refused') and not e.own_error and (not by_department or e.organization_id = r.organization_id));
	r.own_error := false;
	r.marks := '{}';
	return r;
end
$$;
comment on function ticket_workflow.import_return(ticket_workflow.ticket, jsonb, text, ticket_workflow.ticket_return[], text, text, timestamptz) is
	'The return of a step request_return: its ground is asked for, not its evidence, its window or its signature';

create or replace function ticket_workflow.import_extension(ticket ticket_workflow.ticket, clock ticket_workflow.clock, step jsonb, path text,
		author text, reason text, at timestamptz, out extension ticket_workflow.limit_extension, out extended ticket_workflow.clock)
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	extension.extension_id := ticket_workflow.new_id(ticket.center_id, 'ticket_workflow.extension_seq');
	extension.center_id := ticket.center_id;
	extension.ticket_id := ticket.ticket_id;
	extension.dispatch_round := ticket.dispatch_round;
	extension.organization_id := ticket.lead_department_id;
	extension.clock_id := clock.clock_id;
	extension.working_days := ticket_workflow.import_need(
		ticket_workflow.import_number(import_extension.step, 'working_days', import_extension.path, 1, 250), import_extension.path || 'working_days');
	extension.reason := coalesce(import_extension.reason, '');
	extension.state := 'granted';
	extension.requested_at := import_extension.at;
	extension.requested_by := import_extension.author;
	extension.ended_at := import_extension.at;
	extension.old_due_at := clock.due_at;
	extended := ticket_workflow.extended_limit(import_extension.clock, extension.working_days);
	-- the platform's limit caps every other (C2)
	extended.due_at := least(extended.due_at, ticket.platform_due_at);
	extended.due_on := ticket_workflow.due_on(extended.due_at, extended.calendar);
	extended.provisional := not ticket_workflow.calendar_covers(extended.due_on, extended.calendar);
	extension.new_due_at := extended.due_at;
end
$$;
comment on function ticket_workflow.import_extension(ticket_workflow.ticket, ticket_workflow.clock, jsonb, text, text, text, timestamptz) is
	'The extension of a step extend_limit, and the clock as it runs on with it';

-- Function: import_history. Tells the steps again. The ticket comes as it was received, and goes as it stands now.
-- Returns: besides the ticket what its steps left: clocks, decisions, returns, reports, extensions, and whom it was merged into.
-- Calls: told_due() before each step, told_events() for it. Reads: ticket_transition.
create or replace function ticket_workflow.import_history(inout ticket ticket_workflow.ticket, steps jsonb, zone text, at timestamptz,
		reachable boolean, platform_done timestamptz,
		out clocks ticket_workflow.clock[], out decisions ticket_workflow.dispatch_decision[], out returns ticket_workflow.ticket_return[],
		out reports ticket_workflow.report[], out extensions ticket_workflow.limit_extension[], out merged_into jsonb)
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	calendar constant text := ticket_workflow.ticket_calendar(ticket.center_id);
	version constant bigint := ticket_workflow.calendar_version(calendar);
	transition ticket_workflow.ticket_transition;
	before ticket_workflow.ticket;
	decision ticket_workflow.dispatch_decision;
	lead ticket_workflow.organization;
	step jsonb;
	path text;
	last_path text := 'received_at';
	step_act text;
	upward boolean;
	author text;
	reason text;
	moment timestamptz;
	last_moment timestamptz := ticket.received_at;
	n integer;
	told record;
begin
	clocks := ticket_workflow.told_events(ticket, '{}', '{received}', ticket.received_at, calendar, version, reachable, platform_done);
	for i in 0 .. jsonb_array_length(import_history.steps) - 1 loop
		step := import_history.steps -> i;
		path := format('events[%s].', i + 1);
		step_act := ticket_workflow.import_need(ticket_workflow.import_code(step, 'act', path, 'act'), path || 'act');
		perform ticket_workflow.import_keys(step, path, ticket_workflow.import_step_keys(step_act));
		moment := ticket_workflow.import_need(ticket_workflow.import_time(step, 'at', path, import_history.zone), path || 'at');
		if moment > import_history.at then
			perform ticket_workflow.fail('in_the_future', null, path || 'at', ticket_workflow.local_text(moment, calendar));
		elsif moment < last_moment then
			perform ticket_workflow.fail('import_order', 'S4', path || 'at', ticket_workflow.local_text(moment, calendar),
				last_path, ticket_workflow.local_text(last_moment, calendar));
		end if;
		last_moment := moment;
		last_path := path || 'at';
		author := (ticket_workflow.import_official(ticket.center_id, step, 'by', path)).code;
		reason := ticket_workflow.import_text(step, 'reason', path);
		-- what was due before it happened before it; an act at the due time is on time (T3)
		select d.* into told from ticket_workflow.told_due(ticket, clocks, moment - interval '1 microsecond', calendar, version, reachable, platform_done) d;
		ticket := told.ticket;
		clocks := told.clocks;

		if step_act = 'extend_limit' then
			n := null;
			for k in 1 .. coalesce(cardinality(clocks), 0) loop
				if clocks[k].status = 'running' and clocks[k].clock in ('completion', 'urgent_completion') then
					n := k;
				end if;
			end loop;
			if n is null then
				perform ticket_workflow.fail('import_extension', '2.3.2.2', path || 'act', ticket_workflow.label('state', ticket.state));
			end if;
			select x.* into told from ticket_workflow.import_extension(ticket, clocks[n], step, path, author, reason, moment) x;
			clocks[n] := told.extended;
			extensions := extensions || told.extension;
			continue;
		end if;
		-- accepted after all, when the window had closed: it was deemed accepted then (2.2.2)
		continue when step_act = 'accept' and ticket.state = 'accepted' and ticket.accepted_deemed;

		upward := returns[cardinality(returns)].upward is not null;
		select r.* into transition
			from ticket_workflow.ticket_transition r
			where r.from_state = ticket.state and r.act = step_act
			-- a return upward leaves the desk
			order by (r.to_state = 'transferred') = upward desc, r.to_state
			limit 1;
		if not found then
			perform ticket_workflow.fail('import_step', 'S4', path || 'act', ticket_workflow.label('act', step_act), ticket_workflow.label('state', ticket.state),
				(select string_agg(r.act, ', ' order by r.act) from ticket_workflow.ticket_transition r where r.from_state = ticket.state));
		end if;
		before := ticket;
		ticket.state := transition.to_state;
		ticket.state_act := step_act;
		ticket.state_at := moment;
		ticket.state_reason := reason;
		if step_act = 'dispatch' then
			lead := ticket_workflow.import_organization(ticket.center_id, step, 'department', path);
			perform ticket_workflow.import_need(lead.organization_id, path || 'department');
			if lead.kind not in ('department', 'committee') then
				perform ticket_workflow.fail('import_department', '2.1', path || 'department', lead.code);
			end if;
			ticket.lead_department_id := lead.organization_id;
			-- on whose principle nobody knows any more: a dispatcher's decision (A1.7)
			ticket.dispatch_principle := coalesce(ticket_workflow.import_code(step, 'principle', path, 'principle'), 'exception');
			ticket.dispatch_reason := coalesce(reason, case when ticket.dispatch_principle = 'exception'
				then ticket_workflow.message_text('import_dispatch_reason') end);
			ticket.state_reason := null;
			ticket.lead_person_id := (ticket_workflow.import_official(ticket.center_id, step, 'lead_person', path)).official_id;
		end if;
		ticket := ticket_workflow.state_columns(before, ticket);

		n := cardinality(returns);
		case step_act
		when 'dispatch' then
			decision.ticket_id := ticket.ticket_id;
			decision.dispatch_round := ticket.dispatch_round;
			decision.center_id := ticket.center_id;
			decision.department_id := ticket.lead_department_id;
			decision.principle := ticket.dispatch_principle;
			decision.reason := ticket.dispatch_reason;
			decision.decided_at := moment;
			decision.decided_by := author;
			decisions := decisions || decision;
		when 'request_return' then
			returns := returns || ticket_workflow.import_return(ticket, step, path, returns, author, reason, moment);
		when 'grant_return', 'refuse_return', 'withdraw_return' then
			returns[n].state := case step_act when 'grant_return' then 'granted' when 'refuse_return' then 'refused' else 'withdrawn' end;
			returns[n].decided_at := moment;
			returns[n].decided_by := author;
			returns[n].decision_reason := reason;
			returns[n].own_error := coalesce(ticket_workflow.import_flag(step, 'own_error', path), false);
		when 'submit_report' then
			reports := reports || ticket_workflow.import_report(ticket, step, path, coalesce(cardinality(reports), 0) + 1, author, moment);
		when 'pass_report', 'send_back_report' then
			n := cardinality(reports);
			reports[n].state := case step_act when 'pass_report' then 'passed' else 'sent_back' end;
			reports[n].reviewed_at := moment;
			reports[n].reviewed_by := author;
			reports[n].review_reason := reason;
		when 'withdraw' then
			-- a ticket that the center ended took its return with it
			if before.state = 'return_requested' then
				returns[n].state := 'withdrawn';
				returns[n].decided_at := moment;
			end if;
		when 'merge' then
			merged_into := ticket_workflow.import_need(ticket_workflow.import_value(step, 'into', path, 'object'), path || 'into');
		else
			null;
		end case;

		clocks := ticket_workflow.told_events(ticket, clocks, array_remove(array[transition.event,
			case when before.first_dispatched_at is null and ticket.first_dispatched_at is not null then 'first_dispatched' end,
			case when ticket.state = 'accepted' then 'taken_over' end], null), moment, calendar, version, reachable, platform_done);
	end loop;
	select d.* into told from ticket_workflow.told_due(ticket, clocks, import_history.at - interval '1 microsecond', calendar, version,
		reachable, platform_done) d;
	ticket := told.ticket;
	clocks := told.clocks;
end
$$;
comment on function ticket_workflow.import_history(ticket_workflow.ticket, jsonb, text, timestamptz, boolean, timestamptz) is
	'Tells the steps of an imported ticket again: TW001 for one that its state does not allow, TW006 for what is missing, unknown or out of order; with the clocks that follow';
