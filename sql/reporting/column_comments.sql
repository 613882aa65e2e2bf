-- What the columns of the views mean, once for each name.
-- May touch: comments of the views named here.

do $comments$
declare
	views constant text[] := array['running_clock', 'overdue_ticket', 'due_soon', 'escalation_overview',
		'escalation_history', 'ticket_overview', 'sweep_health'];
	meaning constant jsonb := $json${
		"accepted_at": "when the handling department accepted the ticket (接单)",
		"accepted_deemed": "deemed accepted: the return window closed and nobody had accepted or returned it (2.2.2)",
		"acknowledge_note": "what the official said who took the escalation on",
		"acknowledged_at": "when the first official took the escalation on",
		"acknowledged_by": "code of the official who took the escalation on",
		"acknowledged_by_name": "name of that official",
		"address_masked": "petitioner's address, masked",
		"adjusted": "extended or resumed: the due time does not follow from the start alone",
		"amount": "amount of the limit, in the unit of limit_kind",
		"appeal": "what the petitioner asks for (诉求)",
		"area": "code of the area (片区)",
		"area_name": "name of the area",
		"at_time": "time of day of the limit, where it has one",
		"broken_off": "sweeps of about the last day that were killed or failed in the middle",
		"calendar": "calendar the clock counts by",
		"category": "complaint, help, suggestion or consultation",
		"center": "code of the operation center (城运中心)",
		"center_id": "key of the center",
		"clause": "clause of the norm that gives the limit",
		"clock": "which clock of the norm",
		"clock_id": "key of the clock",
		"clocks_last_hour": "clocks that sweeps processed in the last hour",
		"closed_at": "when the ticket was closed (结案归档)",
		"completed_at": "when the report passed (办结)",
		"dispatch_round": "how many times the ticket was dispatched",
		"dispatched_at": "when it was last dispatched",
		"due_at": "due time; the end of a day is 00:00 of the next",
		"due_on": "last day of the limit, in the calendar's zone",
		"due_reason": "why it is listed: due by the end of the next working day, or warned",
		"end_cause": "what ended the escalation",
		"ended_at": "when the cause ended; before reached_at where a fact was entered later than it happened",
		"escalation_id": "key of the escalation, for acknowledge_escalation()",
		"escalation_status": "open, acknowledged or ended",
		"escalations_last_hour": "levels that sweeps raised in the last hour",
		"external_no": "the platform's number of the ticket",
		"external_round": "how many times the platform sent it under that number",
		"failures_last_hour": "failures of clocks in the last hour",
		"first_dispatched_at": "when it was first dispatched; the leaders' clocks count from there (3.3)",
		"handling_class": "ordinary, simple (24 hours) or same_day",
		"imported": "came from an existing desk with its history",
		"in_territory": "the place is in the center's territory",
		"kind": "ordinary (转办单), supervised (督办单) or callback_review (回访复核单)",
		"last_as_of": "desk time up to which the latest sweep looked",
		"last_broken_at": "last sign of life of the latest sweep that was killed or failed in the middle",
		"last_failure": "SQLSTATE and message of the latest failure of a clock that is still set aside",
		"last_finished_at": "when a sweep last came to its end",
		"last_started_at": "when a sweep last began",
		"lead_department": "code of the lead department (首派部门)",
		"lead_department_name": "name of the lead department",
		"lead_person": "code of the supervising leader who leads a city-supervised ticket (2.3.5)",
		"lead_person_name": "name of that leader",
		"level": "level of the clock in the rulebook",
		"limit_kind": "unit of the limit",
		"matter": "code of the matter",
		"matter_name": "name of the matter",
		"minutes_late": "minutes since the due time, elapsed",
		"minutes_left": "minutes until the due time, elapsed; negative after it",
		"minutes_open": "minutes since the level was reached",
		"name_masked": "petitioner's name, masked",
		"next_retry_at": "when the first of the clocks set aside is tried again",
		"noticed_at": "when a sweep or an act noticed it",
		"notices_waiting": "notices that may go out and are not confirmed",
		"oldest_due_at": "since when the oldest clock has been waiting for a sweep; NULL when none is",
		"oldest_notice_at": "since when the oldest of the waiting notices may go out",
		"open_escalations": "escalations of the ticket whose cause goes on",
		"overdue": "past its due time, and somebody is late (T3)",
		"overdue_clocks": "how many clocks of the ticket are overdue",
		"phone_masked": "petitioner's telephone, masked",
		"place": "where the matter is",
		"platform_due_at": "due time given by the platform; caps every other",
		"principle": "principle of the dispatch (annex 1)",
		"provisional": "reaches into a year whose calendar is not published (T4)",
		"purpose": "warning, overdue or notice",
		"reached_at": "when the level was reached, however late it was noticed",
		"received_at": "when the center received the ticket (收单)",
		"received_on": "what the calendar called the day of receipt: working or rest",
		"recipients": "whom it told, by the names they had then",
		"recorded_at": "when the receipt was recorded",
		"reopenings": "how many times the ticket was reopened",
		"reported_at": "when a report was last submitted; of the one that passed, once completed",
		"returns": "returns that were asked for and not withdrawn",
		"round": "the n-th time this clock runs for this ticket",
		"rulebook": "rulebook in force when the ticket was received",
		"running_now": "sweeps at work",
		"set_aside": "clocks set aside because their processing failed",
		"source": "city platform, district platform or the center itself",
		"started_at": "when the clock started",
		"state": "state of the ticket",
		"state_at": "since when the ticket is in that state",
		"state_reason": "reason given for the last change of state",
		"supervised_by": "platform that supervises a supervised ticket",
		"sweep_status": "never, ok, late, broken or failing",
		"target_only": "a same-day target (3.1): missed, but no breach",
		"ticket_id": "key of the ticket",
		"ticket_number": "the number people call the ticket by: the platform's, else the key",
		"urgent": "urgent (紧急)",
		"vacant_posts": "relation:position of the posts that nobody held: the center was told instead",
		"working_days_late": "working days since the last day of the limit"
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
			raise exception 'column % of % has no meaning in column_comments.sql', part.name, part.view;
		end if;
		execute pg_catalog.format('comment on column %s.%I is %L', part.view, part.name, part.text);
	end loop;
end
$comments$;
