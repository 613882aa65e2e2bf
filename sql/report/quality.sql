-- Quality of completion reports over time: what the check found, and what was sent back.
-- May touch: nothing.

create or replace function ticket_workflow.report_quality(center text, since date, until date)
	returns table (month date, department text, department_name text, code text, severity text, clause text,
		findings bigint, reports_found bigint, reports bigint, sent_back bigint, sent_back_share numeric)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.center_id_of(report_quality.center);
	zone constant text := (select c.zone from ticket_workflow.center k
		join lateral ticket_workflow.calendar_layers(k.calendar) l on true
		join ticket_workflow.calendar c on c.code = l.code and c.zone is not null
		where k.center_id = home order by l.layer limit 1);
begin
	-- the center's own figures: for those who see all of it
	if not home = any (ticket_workflow.my_centers()) then
		perform ticket_workflow.fail('unknown_row', null, 'center', report_quality.center);
	end if;
	return query
		with submitted as (
			select r.report_id, r.organization_id, r.state,
				date_trunc('month', r.submitted_at at time zone zone)::date as month
			from ticket_workflow.report r
			where r.center_id = home
				and r.submitted_at >= report_quality.since::timestamp at time zone zone
				and r.submitted_at < (report_quality.until + 1)::timestamp at time zone zone
		), totals as (
			select s.month, s.organization_id, count(*) as reports, count(*) filter (where s.state = 'sent_back') as sent_back
			from submitted s
			group by s.month, s.organization_id
		), found as (
			select s.month, s.organization_id, f.code, f.severity, min(f.clause) as clause,
				count(*) as findings, count(distinct f.report_id) as reports_found
			from submitted s
				join ticket_workflow.report_finding f on f.report_id = s.report_id
			group by s.month, s.organization_id, f.code, f.severity
		)
		-- a department whose reports show nothing has its line too, without a code
		select t.month, o.code, o.name, f.code, f.severity, f.clause, coalesce(f.findings, 0), coalesce(f.reports_found, 0),
			t.reports, t.sent_back, round(t.sent_back::numeric / t.reports, 4)
		from totals t
			join ticket_workflow.organization o on o.organization_id = t.organization_id
			left join found f on f.month = t.month and f.organization_id = t.organization_id
		order by t.month, o.code, f.code, f.severity;
end
$$;
comment on function ticket_workflow.report_quality(text, date, date) is
	'Findings of submitted reports per month (in the center''s zone), department and code, with the share sent back; since and until are days, both included. For those who see the whole center. Errors: TW006';
