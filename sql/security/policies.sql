-- Row security: what stands at a ticket is seen by whoever sees the ticket, and nobody else; people by their centers.
-- Runs at every install and update. No FORCE: the owner's definer functions ask may_see() instead,
-- and pg_dump by the owner must go on working.
-- May touch: policies of the extension's tables.

do $policies$
declare
	-- own: a predicate of the table's own beside that of the ticket
	hanging constant jsonb := '{
		"clock": null, "journal": null, "contact": null, "site_visit": null, "platform_report": null,
		"evidence": null, "evidence_absence": null, "ticket_original": null, "ticket_merge": null,
		"dispatch_decision": null, "ticket_assist": null, "incident_ticket": null, "ticket_return": null, "report": null,
		"approval": null, "escalation": null, "limit_extension": null,
		"department_call": null, "guidance": null, "mediation_ticket": null,
		"notice": "recipient_id = (select ticket_workflow.actor_id())"}';
	hung record;
begin
	alter table ticket_workflow.ticket enable row level security;
	drop policy if exists seen on ticket_workflow.ticket;
	create policy seen on ticket_workflow.ticket for select using (
		ticket_workflow.sees(ticket,
			(select ticket_workflow.my_centers()), (select ticket_workflow.my_areas()),
			(select ticket_workflow.my_departments()), (select ticket_workflow.my_platforms()), (select ticket_workflow.my_home()),
			ticket_id in (select ticket_workflow.my_tickets_apart())));

	for hung in select key as relation, value as own from pg_catalog.jsonb_each_text(hanging)
	loop
		execute pg_catalog.format('alter table ticket_workflow.%I enable row level security', hung.relation);
		execute pg_catalog.format('drop policy if exists seen on ticket_workflow.%I', hung.relation);
		-- The center first: a reader needs no look at the ticket. The subquery obeys the policy of ticket; offset 0
		-- keeps the planner from hashing every ticket the caller sees for the sake of a few rows.
		execute pg_catalog.format(
			'create policy seen on ticket_workflow.%1$I for select using ('
			'%2$s = any ((select ticket_workflow.my_centers())::bigint[]) or '
			'exists (select from ticket_workflow.ticket t where t.ticket_id = %1$I.ticket_id offset 0)%3$s)',
			hung.relation,
			case when hung.relation in ('ticket_original', 'ticket_merge')
				then pg_catalog.format('ticket_workflow.center_of(%I.ticket_id)', hung.relation)
				else pg_catalog.format('%I.center_id', hung.relation) end,
			' or ' operator(pg_catalog.||) hung.own);
	end loop;

	-- an incident is seen through its tickets
	alter table ticket_workflow.incident enable row level security;
	drop policy if exists seen on ticket_workflow.incident;
	create policy seen on ticket_workflow.incident for select using (
		exists (select from ticket_workflow.incident_ticket l where l.incident_id = incident.incident_id));

	-- mechanisms: through their tickets, or by whoever works in the center
	alter table ticket_workflow.mediation enable row level security;
	drop policy if exists seen on ticket_workflow.mediation;
	create policy seen on ticket_workflow.mediation for select using (
		exists (select from ticket_workflow.mediation_ticket l where l.mediation_id = mediation.mediation_id));
	alter table ticket_workflow.mediation_participant enable row level security;
	drop policy if exists seen on ticket_workflow.mediation_participant;
	create policy seen on ticket_workflow.mediation_participant for select using (
		exists (select from ticket_workflow.mediation_ticket l where l.mediation_id = mediation_participant.mediation_id));
	for hung in select r as relation from pg_catalog.unnest(array['similar_case', 'response_plan', 'duty_occurrence', 'daily_posting']) r
	loop
		execute pg_catalog.format('alter table ticket_workflow.%I enable row level security', hung.relation);
		execute pg_catalog.format('drop policy if exists seen on ticket_workflow.%I', hung.relation);
		execute pg_catalog.format('create policy seen on ticket_workflow.%1$I for select using ('
			'%1$I.center_id = any ((select ticket_workflow.my_directory())::bigint[]))', hung.relation);
	end loop;
	alter table ticket_workflow.duty_attendance enable row level security;
	drop policy if exists seen on ticket_workflow.duty_attendance;
	create policy seen on ticket_workflow.duty_attendance for select using (
		exists (select from ticket_workflow.duty_occurrence o where o.occurrence_id = duty_attendance.occurrence_id
			and o.center_id = any ((select ticket_workflow.my_directory())::bigint[]) offset 0));
	-- a case is no business of the department it is about (3.8)
	alter table ticket_workflow.accountability_case enable row level security;
	drop policy if exists seen on ticket_workflow.accountability_case;
	create policy seen on ticket_workflow.accountability_case for select using (
		accountability_case.center_id = any ((select ticket_workflow.my_centers())::bigint[])
		or accountability_case.center_id = any ((select ticket_workflow.my_inspected())::bigint[]));
	alter table ticket_workflow.accountability_decision enable row level security;
	drop policy if exists seen on ticket_workflow.accountability_decision;
	create policy seen on ticket_workflow.accountability_decision for select using (
		exists (select from ticket_workflow.accountability_case c where c.case_id = accountability_decision.case_id offset 0));

	-- a person is seen through his tickets, under masked columns (relation_capability)
	alter table ticket_workflow.petitioner enable row level security;
	drop policy if exists seen on ticket_workflow.petitioner;
	create policy seen on ticket_workflow.petitioner for select using (
		exists (select from ticket_workflow.ticket t where t.petitioner_id = petitioner.petitioner_id offset 0));

	-- People, their absences and duties, and the machine's failures: of the caller's centers. What is no person
	-- (centers, areas, organizations, matters, rules) is open to every capability (doc/security.md says why).
	for hung in select t as relation, null as own
		from pg_catalog.unnest(array['official', 'post', 'delegation', 'duty_roster', 'access_grant', 'journal_seal', 'sweep_day', 'sweep_failure']) t
	loop
		execute pg_catalog.format('alter table ticket_workflow.%I enable row level security', hung.relation);
		execute pg_catalog.format('drop policy if exists seen on ticket_workflow.%I', hung.relation);
		execute pg_catalog.format('create policy seen on ticket_workflow.%I for select using (%scenter_id = any ((select ticket_workflow.my_directory())::bigint[]))',
			hung.relation, case hung.relation when 'access_grant' then 'center_id is null or ' else '' end);
	end loop;

	alter table ticket_workflow.report_finding enable row level security;
	drop policy if exists seen on ticket_workflow.report_finding;
	create policy seen on ticket_workflow.report_finding for select using (
		exists (select from ticket_workflow.report r where r.report_id = report_finding.report_id offset 0));
end
$policies$;
