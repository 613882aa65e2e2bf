-- What the columns of the summaries mean: what is counted, and which day decides.
-- May touch: comments of the views named here.

do $comments$
declare
	views constant text[] := array['monthly_summary', 'quarterly_summary', 'department_performance', 'repeat_petition'];
	meaning constant jsonb := $json${
		"center_id": "key of the center",
		"center": "code of the operation center (城运中心)",
		"center_name": "name of the center",
		"month": "first day of the month, as the center's calendar zone counts days",
		"quarter": "first day of the quarter, as the center's calendar zone counts days",
		"department_id": "key of the department; NULL: tickets that no department leads",
		"department": "code of the department",
		"department_name": "name of the department",
		"organization_kind": "department, committee (居委会) or what else it is",
		"received": "tickets received in the span (收单), whatever became of them; of a department: that it leads now",
		"complaints": "of received: complaints (投诉)",
		"help_requests": "of received: requests for help (求助)",
		"suggestions": "of received: suggestions (意见建议)",
		"consultations": "of received: consultations (咨询)",
		"urgent": "of received: urgent",
		"supervised": "of received: supervised tickets (督办单)",
		"dispatched": "dispatches in the span (派单): a ticket dispatched twice counts twice, each time for the department it went to",
		"completed": "tickets whose report passed in the span and which were not reopened since (办结); a reopened one counts where its next report passes",
		"on_time": "of completed: the report that passed was submitted by the due time (T3)",
		"completed_late": "of completed: it was submitted after the due time; without the same-day target",
		"target_missed": "of completed: a same-day target was missed, which is no breach (日清日结, 3.1)",
		"open_overdue": "tickets still open whose completion fell due in the span, and is past; without the same-day target",
		"overdue": "completed_late and open_overdue together",
		"contacts_due": "of completed: the petitioner left a telephone, so the completing department owed a first contact (2.4.1)",
		"contacts_on_time": "of contacts_due: reached, or properly failed, by the due time of the first contact",
		"results_counted": "of completed: with a handling result that the rulebook weighs (rate_weight, solution): complaints and requests for help",
		"results_solved": "sum of the weights of those results: 实际解决 1, others 0, as shipped",
		"closed": "tickets closed in the span (结案归档) and not reopened since",
		"transferred": "tickets returned upward in the span, for good",
		"withdrawn": "tickets withdrawn in the span",
		"merged": "tickets merged into another in the span",
		"returns": "returns asked for in the span and not withdrawn (退单), without the center's own wrong dispatches",
		"returns_granted": "of returns: granted",
		"returns_refused": "of returns: refused",
		"returns_improper": "of returns: with a mark of an improper return (3.8.5)",
		"reports_passed": "reports that passed review in the span, those of tickets reopened since included",
		"reports_sent_back": "reports sent back in the span, by the machine or a reviewer (退回重办)",
		"reopened": "reopenings in the span, by the journal; of a department: of tickets it leads now",
		"rework": "reports_sent_back and reopened together: how often work had to be done again",
		"callbacks": "callbacks made in the span (回访), void ones left out",
		"answers": "of callbacks: with a satisfaction that the rulebook weighs (rate_weight, satisfaction)",
		"answers_weighed": "sum of the weights of those answers: 满意 1, 基本满意 0.8, 一般 0.6, 不满意 0, as shipped",
		"solved_asked": "of callbacks: the petitioner said whether it is solved",
		"solved_confirmed": "of solved_asked: he said it is",
		"on_time_rate": "on-time completion: on_time / (on_time + completed_late); NULL without any",
		"first_contact_rate": "first-contact rate (先行联系率): contacts_on_time / contacts_due; NULL without any",
		"solution_rate": "actual-solution rate (实际解决率): results_solved / results_counted; NULL without any",
		"confirmed_rate": "solved as petitioners say: solved_confirmed / solved_asked; NULL without any",
		"satisfaction": "satisfaction (满意率): answers_weighed / answers; NULL without any",
		"return_rate": "return rate (退单率): returns / dispatched; NULL without a dispatch",
		"rework_rate": "rework rate (退回重办率): reports_sent_back / (reports_passed + reports_sent_back); NULL without any",
		"previous_received": "received in the span before",
		"previous_completed": "completed in the span before",
		"previous_overdue": "overdue of the span before, as it stands now",
		"previous_returns": "returns of the span before",
		"previous_rework": "rework of the span before",
		"previous_on_time_rate": "on_time_rate of the span before",
		"previous_first_contact_rate": "first_contact_rate of the span before",
		"previous_solution_rate": "solution_rate of the span before",
		"previous_confirmed_rate": "confirmed_rate of the span before",
		"previous_satisfaction": "satisfaction of the span before",
		"previous_return_rate": "return_rate of the span before",
		"previous_rework_rate": "rework_rate of the span before",
		"received_change": "change of received, as a share of the span before; NULL where that had none",
		"completed_change": "change of completed, as a share of the span before; NULL where that had none",
		"repeat_kind": "same_person (2.3.6.1), several_persons (2.3.6.2) or several_matters (2.3.6.3); thresholds and span of time are settings of the rulebook",
		"clause": "clause of the norm",
		"matter": "code of the matter; NULL for several_matters",
		"matter_name": "name of the matter",
		"incident_id": "incident the latest ticket is linked to",
		"name_masked": "petitioner's name, masked; NULL for several persons",
		"phone_masked": "petitioner's telephone, masked; NULL for several persons",
		"tickets": "how many tickets the group has within the rulebook's span of time, up to the latest of the month",
		"persons": "how many persons: by telephone, else by petitioner",
		"matters": "how many different matters",
		"open_tickets": "how many of the tickets are open",
		"first_received_at": "when the first of them was received",
		"last_received_at": "when the latest of them was received",
		"ticket_numbers": "their numbers, in the order of receipt",
		"ticket_id": "key of the latest ticket of the month",
		"ticket_number": "number of the latest ticket",
		"place": "where it is",
		"lead_department": "code of its lead department",
		"lead_department_name": "name of that department"
	}$json$;
	part record;
begin
	for part in
		select a.attrelid::pg_catalog.regclass as view, a.attname::text as name,
			coalesce(meaning ->> a.attname::text,
				'label of ' || nullif(pg_catalog.regexp_replace(a.attname::text, '_label$', ''), a.attname::text)
					|| ', in the session''s language') as text
		from pg_catalog.unnest(views) as v (name)
			join pg_catalog.pg_attribute a on a.attrelid = ('ticket_workflow.' || v.name)::pg_catalog.regclass and a.attnum > 0
	loop
		if part.text is null then
			raise exception 'column % of % has no meaning in summary_comments.sql', part.name, part.view;
		end if;
		execute pg_catalog.format('comment on column %s.%I is %L', part.view, part.name, part.text);
	end loop;
end
$comments$;
