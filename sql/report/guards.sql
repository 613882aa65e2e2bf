-- Reports on every path: drafts are edited, a submitted report never changes, and its state goes one way.
-- May touch: triggers of report and report_finding; the journal.

create or replace function ticket_workflow.guard_report() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	content_changed constant boolean :=
		(new.body, new.points, new.fact_finding, new.claim_finding, new.handling_result, new.relation_reason, new.plan,
			new.plan_until, new.responsible_person, new.responsible_phone, new.dispatch_round, new.organization_id, new.written_by)
		is distinct from
		(old.body, old.points, old.fact_finding, old.claim_finding, old.handling_result, old.relation_reason, old.plan,
			old.plan_until, old.responsible_person, old.responsible_phone, old.dispatch_round, old.organization_id, old.written_by);
begin
	if (new.report_id, new.center_id, new.ticket_id, new.version) is distinct from (old.report_id, old.center_id, old.ticket_id, old.version)
		or content_changed and (old.state <> 'draft' or new.state <> 'draft')
	then
		perform ticket_workflow.fail('report_submitted_fixed', '2.3.3', old.version::text);
	end if;
	if new.state = old.state then
		-- these belong to a change of state
		if (new.submitted_at, new.submitted_by, new.reviewed_at, new.reviewed_by, new.review_reason, new.sent_back_by_check)
			is distinct from (old.submitted_at, old.submitted_by, old.reviewed_at, old.reviewed_by, old.review_reason, old.sent_back_by_check)
			or old.state <> 'draft' and new.saved_at is distinct from old.saved_at
			-- a corrected ticket may turn out to be a repetition until the report has passed
			or old.state in ('sent_back', 'passed') and new.repeat_kinds <> old.repeat_kinds
		then
			perform ticket_workflow.fail('report_submitted_fixed', '2.3.3', old.version::text);
		end if;
		return new;
	end if;
	if (old.state, new.state) not in (('draft', 'submitted'), ('submitted', 'passed'), ('submitted', 'sent_back')) then
		perform ticket_workflow.fail('report_transition', '2.3.3',
			ticket_workflow.label('report_state', old.state), ticket_workflow.label('report_state', new.state));
	end if;

	-- signatures, facts and reviews of this ticket wait for each other
	select x.* into t from ticket_workflow.ticket x where x.ticket_id = new.ticket_id for no key update;
	new.saved_at := old.saved_at;
	if new.state = 'submitted' then
		if t.state not in ('accepted', 'rework') then
			perform ticket_workflow.fail('report_not_now', '2.3.3', ticket_workflow.label('state', t.state));
		end if;
		if (new.organization_id, new.dispatch_round) is distinct from (t.lead_department_id, t.dispatch_round) then
			perform ticket_workflow.fail('report_of_other_department', '2.3.1');
		end if;
		-- acts take place now
		new.submitted_at := ticket_workflow.now();
		new.repeat_kinds := array(select k from ticket_workflow.repeat_kind_of(new.ticket_id) k order by k);
		new.reviewed_at := null;
		new.reviewed_by := null;
		new.review_reason := null;
		new.sent_back_by_check := false;
		return new;
	end if;

	if t.state <> 'reported' then
		perform ticket_workflow.fail('report_not_under_review', '2.3.3', ticket_workflow.label('state', t.state));
	end if;
	new.submitted_at := old.submitted_at;
	new.submitted_by := old.submitted_by;
	new.reviewed_at := ticket_workflow.now();
	if new.state = 'sent_back' and new.sent_back_by_check then
		-- the machine sends back for what it found in the text, in nobody's name
		if not exists (
			select from ticket_workflow.report_finding f
			where f.report_id = new.report_id and f.severity = 'reject' and ticket_workflow.finding_of_text(f.code))
		then
			perform ticket_workflow.fail('report_without_reject', '2.3.3.3');
		end if;
		new.reviewed_by := null;
		return new;
	end if;
	new.sent_back_by_check := false;
	if new.reviewed_by is null then
		perform ticket_workflow.fail('report_reviewer_missing', '2.3.3');
	end if;
	if ticket_workflow.wrote_report(new, new.reviewed_by) then
		perform ticket_workflow.fail('report_own_review', '2.3.3', ticket_workflow.official_text(new.reviewed_by));
	end if;
	if new.state = 'sent_back' then
		new.review_reason := ticket_workflow.require_reason(new.review_reason, '2.3.3.3');
		return new;
	end if;
	perform ticket_workflow.raise_problems((
		select jsonb_agg(to_jsonb(p)) from ticket_workflow.report_problems(new) p));
	return new;
end
$$;
comment on function ticket_workflow.guard_report() is
	'Trigger: judges every change of a report: TW010 for a submitted one''s content, TW001 for its state, TW005 for the writer as reviewer, and what it lacks to pass';

create or replace function ticket_workflow.follow_report() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.write_journal(new.ticket_id,
		case when new.sent_back_by_check then 'report_sent_back_by_check' else 'report_' || new.state end,
		case when new.state = 'sent_back' then '2.3.3.3' else '2.3.3' end,
		jsonb_build_object('report_id', new.report_id, 'version', new.version));
	return null;
end
$$;
comment on function ticket_workflow.follow_report() is 'Trigger: journals what became of a report';

create or replace function ticket_workflow.refresh_repeats(ticket_id bigint) returns void
	language sql
begin atomic
	update ticket_workflow.report r
		set repeat_kinds = k.kinds
		from (select array(select k from ticket_workflow.repeat_kind_of(refresh_repeats.ticket_id) k order by k) as kinds) k
		where r.ticket_id = refresh_repeats.ticket_id and r.state in ('draft', 'submitted') and r.repeat_kinds <> k.kinds;
end;
comment on function ticket_workflow.refresh_repeats(bigint) is
	'Looks again whether a ticket with an open report repeats a matter (2.3.6): for whoever changes what that depends on';

create or replace function ticket_workflow.follow_repetition() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.refresh_repeats(new.ticket_id);
	return null;
end
$$;
comment on function ticket_workflow.follow_repetition() is 'Trigger: a corrected petitioner, matter or place may make a repetition, or end it';

create or replace trigger follow_repetition
	after update on ticket_workflow.ticket
	for each row when ((old.petitioner_id, old.matter_id, old.place) is distinct from (new.petitioner_id, new.matter_id, new.place))
	execute function ticket_workflow.follow_repetition();

create or replace trigger guard_report
	before update on ticket_workflow.report
	for each row execute function ticket_workflow.guard_report();

create or replace trigger follow_report
	after update of state on ticket_workflow.report
	for each row when (old.state is distinct from new.state) execute function ticket_workflow.follow_report();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.report
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace function ticket_workflow.guard_report_finding() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
begin
	-- one change is allowed, once: the reviewer overrules a reject of the text, while he reviews
	if (new.report_id, new.ordinal, new.code, new.severity, new.start_pos, new.length, new.excerpt, new.message, new.clause)
			is distinct from
			(old.report_id, old.ordinal, old.code, old.severity, old.start_pos, old.length, old.excerpt, old.message, old.clause)
		or old.overruled_at is not null or new.overruled_at is null
	then
		perform ticket_workflow.fail('history_change', '2.3.3.3', 'report_finding');
	end if;
	select x.* into r from ticket_workflow.report x where x.report_id = new.report_id;
	if r.state <> 'submitted' then
		perform ticket_workflow.fail('report_not_under_review', '2.3.3', ticket_workflow.label('report_state', r.state));
	end if;
	if not ticket_workflow.finding_of_text(old.code) then
		perform ticket_workflow.fail('overrule_not_text', old.clause, old.ordinal::text, old.message);
	end if;
	if old.severity <> 'reject' then
		perform ticket_workflow.fail('overrule_not_reject', old.clause, old.ordinal::text);
	end if;
	new.overruled_at := ticket_workflow.now();
	new.overrule_reason := ticket_workflow.require_reason(new.overrule_reason, '2.3.3.3');
	if new.overruled_by is null then
		perform ticket_workflow.fail('report_reviewer_missing', '2.3.3.3');
	end if;
	if ticket_workflow.wrote_report(r, new.overruled_by) then
		perform ticket_workflow.fail('report_own_review', '2.3.3.3', ticket_workflow.official_text(new.overruled_by));
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_report_finding() is
	'Trigger: findings of a submitted report are history; a reviewer may overrule a reject of the text, once and with a reason';

create or replace function ticket_workflow.follow_report_finding() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	ticket bigint;
begin
	select r.ticket_id into ticket from ticket_workflow.report r where r.report_id = new.report_id;
	perform ticket_workflow.write_journal(ticket, 'finding_overruled', new.clause,
		jsonb_build_object('report_id', new.report_id, 'ordinal', new.ordinal, 'code', new.code, 'reason', new.overrule_reason));
	return null;
end
$$;
comment on function ticket_workflow.follow_report_finding() is 'Trigger: journals an overruled finding with its reason';

create or replace trigger guard_report_finding
	before update on ticket_workflow.report_finding
	for each row execute function ticket_workflow.guard_report_finding();

create or replace trigger follow_report_finding
	after update on ticket_workflow.report_finding
	for each row execute function ticket_workflow.follow_report_finding();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.report_finding
	for each statement execute function ticket_workflow.refuse_history_change();
