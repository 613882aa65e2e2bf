-- Saving, checking, submitting and reviewing completion reports (2.3.3, 2.4.2, 2.4.3).
-- The rules stand in sql/report/guards.sql and findings.sql; these functions fill in the UPDATEs.
-- May touch: report, report_finding, ticket (its state), journal.

create or replace function ticket_workflow.visible_report(report_id bigint) returns ticket_workflow.report
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
begin
	select x.* into r
		from ticket_workflow.report x
		where x.report_id = visible_report.report_id and ticket_workflow.may_see(x.ticket_id);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'report', visible_report.report_id::text);
	end if;
	return r;
end
$$;
comment on function ticket_workflow.visible_report(bigint) is
	'The report, if its ticket may be seen; TW006 otherwise, as if it did not exist';

create or replace function ticket_workflow.current_report(ticket_id bigint) returns ticket_workflow.report
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
begin
	select x.* into r
		from ticket_workflow.report x
		where x.ticket_id = current_report.ticket_id and x.state <> 'draft'
		order by x.version desc limit 1;
	return r;
end
$$;
comment on function ticket_workflow.current_report(bigint) is
	'The report of a ticket that counts: the latest that was submitted; all null when none was';

create or replace function ticket_workflow.wrote_report(report ticket_workflow.report, official_code text) returns boolean
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	-- who saved one of its drafts wrote it too, whoever saved last: the journal knows them all
	return wrote_report.official_code is not null and (
		wrote_report.official_code is not distinct from (wrote_report.report).written_by
		or wrote_report.official_code is not distinct from (wrote_report.report).submitted_by
		or exists (
			select from ticket_workflow.journal j
			where j.ticket_id = (wrote_report.report).ticket_id and j.kind = 'report_saved' and j.actor = wrote_report.official_code
				and (j.details ->> 'report_id')::bigint = (wrote_report.report).report_id));
end
$$;
comment on function ticket_workflow.wrote_report(ticket_workflow.report, text) is
	'Four eyes: whether an official wrote, changed or submitted a report';

create or replace function ticket_workflow.save_report(ticket_id bigint, body text, points text default null,
		fact_finding text default null, claim_finding text default null, handling_result text default null,
		relation_reason text default null, plan text default null, plan_until date default null,
		responsible_person text default null, responsible_phone text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	r ticket_workflow.report;
	before ticket_workflow.report;
begin
	t := ticket_workflow.begin_act(save_report.ticket_id, 'save_report');
	perform ticket_workflow.require_actor();
	if t.state not in ('accepted', 'rework') then
		perform ticket_workflow.fail('report_not_now', '2.3.3', ticket_workflow.label('state', t.state));
	end if;

	select x.* into r
		from ticket_workflow.report x
		where x.ticket_id = t.ticket_id and x.state = 'draft';
	before := r;
	-- a draft left by a department before this one is taken over: one report at a time is the ticket's
	r.dispatch_round := t.dispatch_round;
	r.organization_id := t.lead_department_id;
	r.body := ticket_workflow.require_text(save_report.body, 'body', 1048576);
	r.points := ticket_workflow.optional_text(nullif(btrim(save_report.points), ''), 'points', 1048576);
	if octet_length(r.body) > 1048576 or octet_length(r.points) > 1048576 then
		perform ticket_workflow.fail('text_too_long', null,
			case when octet_length(r.body) > 1048576 then 'body' else 'points' end,
			greatest(octet_length(r.body), octet_length(r.points))::text, '1048576');
	end if;
	r.fact_finding := ticket_workflow.finding_code(t.rulebook, t.category, 'fact_finding', save_report.fact_finding);
	r.claim_finding := ticket_workflow.finding_code(t.rulebook, t.category, 'claim_finding', save_report.claim_finding);
	r.handling_result := ticket_workflow.finding_code(t.rulebook, t.category, 'handling_result', save_report.handling_result);
	r.relation_reason := ticket_workflow.optional_text(nullif(btrim(save_report.relation_reason), ''), 'relation_reason');
	r.plan := ticket_workflow.optional_text(nullif(btrim(save_report.plan), ''), 'plan');
	r.plan_until := save_report.plan_until;
	r.responsible_person := ticket_workflow.optional_text(nullif(btrim(save_report.responsible_person), ''), 'responsible_person', 100);
	r.responsible_phone := ticket_workflow.optional_text(nullif(btrim(save_report.responsible_phone), ''), 'responsible_phone', 100);
	r.repeat_kinds := array(select k from ticket_workflow.repeat_kind_of(t.ticket_id) k order by k);
	r.written_by := ticket_workflow.actor();

	if r.report_id is null then
		r.report_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.report_seq');
		r.center_id := t.center_id;
		r.ticket_id := t.ticket_id;
		r.version := 1 + coalesce((select max(x.version) from ticket_workflow.report x where x.ticket_id = t.ticket_id), 0);
		r.state := 'draft';
		r.saved_at := ticket_workflow.now();
		r.sent_back_by_check := false;
		insert into ticket_workflow.report values (r.*);
	elsif r is distinct from before then
		update ticket_workflow.report x
			set dispatch_round = r.dispatch_round, organization_id = r.organization_id, body = r.body, points = r.points,
				fact_finding = r.fact_finding, claim_finding = r.claim_finding, handling_result = r.handling_result,
				relation_reason = r.relation_reason, plan = r.plan, plan_until = r.plan_until,
				responsible_person = r.responsible_person, responsible_phone = r.responsible_phone,
				repeat_kinds = r.repeat_kinds, written_by = r.written_by, saved_at = ticket_workflow.now()
			where x.report_id = r.report_id;
	else
		return r.report_id;
	end if;
	perform ticket_workflow.write_journal(t.ticket_id, 'report_saved', '2.3.3',
		jsonb_build_object('report_id', r.report_id, 'version', r.version));
	return r.report_id;
end
$$;
comment on function ticket_workflow.save_report(bigint, text, text, text, text, text, text, text, date, text, text) is
	'Saves the draft of a ticket''s completion report as given, whole, and returns its report_id; findings as code, Chinese or English';

create or replace function ticket_workflow.check_report(report_id bigint)
	returns table (ordinal integer, code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
	t ticket_workflow.ticket;
begin
	r := ticket_workflow.visible_report(check_report.report_id);
	select x.* into t from ticket_workflow.ticket x where x.ticket_id = r.ticket_id;
	return query select f.* from ticket_workflow.report_findings(r, t) f order by f.ordinal;
end
$$;
comment on function ticket_workflow.check_report(bigint) is
	'What is wrong with a report as it stands now: its text and what the ticket''s rows say; stores nothing';

create or replace function ticket_workflow.submit_report(report_id bigint) returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
	t ticket_workflow.ticket;
	mode text;
	codes text;
begin
	r := ticket_workflow.visible_report(submit_report.report_id);
	t := ticket_workflow.begin_act(r.ticket_id, 'submit_report');
	perform ticket_workflow.require_actor();
	update ticket_workflow.report x
		set state = 'submitted', submitted_by = ticket_workflow.actor()
		where x.report_id = r.report_id and x.state = 'draft'
		returning x.* into r;
	if not found then
		r := ticket_workflow.visible_report(submit_report.report_id);
		perform ticket_workflow.fail('report_transition', '2.3.3',
			ticket_workflow.label('report_state', r.state), ticket_workflow.label('report_state', 'submitted'));
	end if;
	insert into ticket_workflow.report_finding (report_id, ordinal, code, severity, start_pos, length, excerpt, message, clause)
		select r.report_id, f.ordinal, f.code, f.severity, f.start_pos, f.length, f.excerpt, f.message, f.clause
		from ticket_workflow.report_findings(r, t) f;
	update ticket_workflow.ticket x
		set state = 'reported', state_act = 'submit_report', state_reason = null
		where x.ticket_id = r.ticket_id;

	-- A4.1: 要素有缺陷的一律退回. Other rejects wait for the reviewer, unless the rulebook says otherwise
	mode := ticket_workflow.rulebook_setting(t.rulebook, 'send_back_by_check');
	select string_agg(distinct f.code, ', ' order by f.code) into codes
		from ticket_workflow.report_finding f
		where f.report_id = r.report_id and f.severity = 'reject' and ticket_workflow.finding_of_text(f.code)
			and (mode = 'all' or mode = 'elements' and f.code ~ '^E[1-7]$');
	if codes is null then
		return 'submitted';
	end if;
	update ticket_workflow.report x
		set state = 'sent_back', sent_back_by_check = true,
			review_reason = ticket_workflow.message_text('report_sent_back_by_check', array[codes])
		where x.report_id = r.report_id;
	update ticket_workflow.ticket x
		set state = 'rework', state_act = 'send_back_report',
			state_reason = ticket_workflow.message_text('report_sent_back_by_check', array[codes])
		where x.ticket_id = r.ticket_id;
	return 'sent_back';
end
$$;
comment on function ticket_workflow.submit_report(bigint) is
	'Submits a draft: its findings are stored, and a report that lacks an element goes back at once; returns submitted or sent_back';

-- {"1": "reason", ...} and [{"ordinal": 1, "reason": "..."}, ...] say the same.
create or replace function ticket_workflow.overruled_findings(overrule jsonb) returns table (ordinal integer, reason text)
	language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
begin
	case jsonb_typeof(overruled_findings.overrule)
	when 'object' then
		return query select e.key::integer, e.value from jsonb_each_text(overruled_findings.overrule) e;
	when 'array' then
		return query select e.ordinal, e.reason
			from jsonb_to_recordset(overruled_findings.overrule) as e (ordinal integer, reason text);
	when 'null' then
		return;
	else
		if overruled_findings.overrule is not null then
			perform ticket_workflow.fail('overrule_malformed', '2.3.3.3');
		end if;
	end case;
exception
	when invalid_text_representation or numeric_value_out_of_range or invalid_parameter_value then
		perform ticket_workflow.fail('overrule_malformed', '2.3.3.3');
end
$$;
comment on function ticket_workflow.overruled_findings(jsonb) is
	'Which findings a reviewer overrules with which reason, from an object by ordinal or an array of {ordinal, reason}';

create or replace function ticket_workflow.review_report(report_id bigint, passed boolean, reason text default null,
		overrule jsonb default null) returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
	item record;
begin
	r := ticket_workflow.visible_report(review_report.report_id);
	perform ticket_workflow.begin_act(r.ticket_id, 'review_report');
	perform ticket_workflow.require_actor();
	if review_report.passed is null then
		perform ticket_workflow.fail('text_missing', null, 'passed');
	end if;
	for item in
		select o.ordinal, o.reason
		from ticket_workflow.overruled_findings(review_report.overrule) o
		order by o.ordinal
	loop
		update ticket_workflow.report_finding f
			set overruled_at = ticket_workflow.now(), overruled_by = ticket_workflow.actor(),
				overrule_reason = ticket_workflow.require_reason(item.reason, '2.3.3.3')
			where f.report_id = r.report_id and f.ordinal = item.ordinal;
		if not found then
			perform ticket_workflow.fail('overrule_unknown', '2.3.3.3', item.ordinal::text);
		end if;
	end loop;

	update ticket_workflow.report x
		set state = case when review_report.passed then 'passed' else 'sent_back' end,
			reviewed_by = ticket_workflow.actor(),
			review_reason = ticket_workflow.optional_text(nullif(btrim(review_report.reason), ''), 'reason')
		where x.report_id = r.report_id and x.state = 'submitted';
	if not found then
		r := ticket_workflow.visible_report(review_report.report_id);
		perform ticket_workflow.fail('report_not_under_review', '2.3.3', ticket_workflow.label('report_state', r.state));
	end if;
	update ticket_workflow.ticket x
		set state = case when review_report.passed then 'completed' else 'rework' end,
			state_act = case when review_report.passed then 'pass_report' else 'send_back_report' end,
			state_reason = nullif(btrim(review_report.reason), '')
		where x.ticket_id = r.ticket_id;
	return case when review_report.passed then 'passed' else 'sent_back' end;
end
$$;
comment on function ticket_workflow.review_report(bigint, boolean, text, jsonb) is
	'The center''s word on a submitted report: passed, overruling each remaining reject with a reason, or sent back with a reason';
