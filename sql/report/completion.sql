-- What a ticket still lacks for completion, all at once.
-- May touch: nothing.

create or replace function ticket_workflow.report_problems(report ticket_workflow.report)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r constant ticket_workflow.report := report_problems.report;
	t ticket_workflow.ticket;
begin
	select x.* into t from ticket_workflow.ticket x where x.ticket_id = r.ticket_id;
	if (r.organization_id, r.dispatch_round) is distinct from (t.lead_department_id, t.dispatch_round) then
		return query values ('report_of_other_department', '2.3.1', '{}'::text[]);
	end if;
	return query
		select s.message, s.clause, s.args from ticket_workflow.signature_problems('report', r.report_id) s;
	-- of the text, as it was judged when submitted: one line per code, each reject answers for itself
	return query
		select 'report_reject_open', min(f.clause),
			array[string_agg(f.ordinal::text, ', ' order by f.ordinal), f.code, min(f.message)]
		from ticket_workflow.report_finding f
		where f.report_id = r.report_id and f.severity = 'reject' and f.overruled_at is null
			and ticket_workflow.finding_of_text(f.code)
		group by f.code
		order by f.code;
	-- of the rows, as they are now
	return query
		select d.message, d.clause, d.args
		from ticket_workflow.report_row_findings(r, t) d
		where d.severity = 'reject' and not ticket_workflow.finding_of_text(d.code);
end
$$;
comment on function ticket_workflow.report_problems(ticket_workflow.report) is
	'What keeps a submitted report from passing: signatures, rejects not overruled, what the ticket''s rows lack; message is a key';

create or replace function ticket_workflow.completion_problems(ticket_id bigint)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r constant ticket_workflow.report := ticket_workflow.current_report(completion_problems.ticket_id);
begin
	if r.report_id is null then
		return query values ('report_none', '2.3.3', '{}'::text[]);
		return;
	end if;
	if r.state <> 'passed' then
		return query values ('report_not_passed', '2.3.3', array[ticket_workflow.label('report_state', r.state)]);
	end if;
	return query select p.message, p.clause, p.args from ticket_workflow.report_problems(r) p;
end
$$;
comment on function ticket_workflow.completion_problems(bigint) is
	'Everything a ticket lacks for completion, at once; the guard of the ticket raises it on every path';
