-- What the columns of this room's views mean; a name that older views have means the same here, unless it is below.
-- May touch: comments of the views named here. Stands behind sql/reporting/column_comments.sql.

do $comments$
declare
	views constant text[] := array['finish_today', 'daily_notice', 'unsolved_last_week', 'guidance_missing_today',
		'similar_case_burst', 'accountability_case_overview', 'periodic_duty_overview', 'vacant_post'];
	meaning constant jsonb := $json${
		"age_days": "calendar days since the day of receipt, at the end of the day or week",
		"guidance_missing_today.age_days": "calendar days since the day of receipt",
		"age_working_days": "working days since the day of receipt, at the end of the day or week",
		"attendance": "how many attended",
		"attendees": "names of those who attended",
		"burst_id": "key of the burst, for report_burst()",
		"case_id": "key of the case, for decide_accountability()",
		"case_state": "candidate, opened, dismissed, referred, or lapsed (its ground was gone before anybody decided)",
		"case_state_at": "since when the case is in that state",
		"cases": "how many tickets of the matter the day has, as it stands now",
		"chair": "code of the official who chaired",
		"chair_name": "name of that official",
		"chair_position": "position of the one who is to chair",
		"chair_relation": "of the center, or of the office that oversees it (社区管理办)",
		"clause": "clause of the norm",
		"completed_at": "when the report passed, of what was completed unsolved",
		"day": "day of the notice, in the center's calendar: yesterday",
		"guidance_missing_today.day": "today, in the center's calendar",
		"similar_case_burst.day": "calendar day of the receipts",
		"days_late": "calendar days past the due day, of what is overdue or was done late",
		"decided_by": "code of the official who decided last",
		"decided_by_name": "name of that official",
		"decision_reason": "reason of the last decision",
		"department": "code of the department that had the ticket then",
		"department_called_at": "when the center first told a department of it (第一时间联系处置部门)",
		"department_name": "name of that department",
		"finish_today.due_at": "when it is due; the end of today for what nobody has accepted yet",
		"finish_today.due_on": "today, in the center's calendar",
		"duty": "code of the periodic duty in the rulebook",
		"duty_label": "what the duty is called, in the session's language",
		"duty_kind": "meeting or training",
		"duty_status": "open, overdue, done or done_late",
		"excused": "how many were excused",
		"expected": "how many hold a post that is expected to attend",
		"facts": "codes, numbers and times that show it, without personal data",
		"finish_reason": "same_day, simple (24 hours) or another completion that is due",
		"ground": "what of the item it was: with what he is dissatisfied, which clock, which sign; person: raised by one",
		"handling_result": "handling result of the report that passed",
		"handling_result_label": "what that result is called, in the session's language",
		"held_at": "when it took place",
		"item": "unfinished, or completed but unsolved",
		"accountability_case_overview.item": "which of the five items of 3.8",
		"last_guidance_at": "when guidance was last recorded for it",
		"marks": "how it departed from the rule: other_chair, late",
		"matter": "code of the matter",
		"matter_name": "name of the matter",
		"minutes_left": "minutes until it is due, negative when past",
		"needed_by": "what needs the post: escalation, approval, act",
		"noticed_at": "when it was noticed",
		"occurred_at": "when it happened",
		"occurrence_id": "key of the occurrence, for record_duty_done()",
		"organization": "code of the organization; none where there is no such organization",
		"organization_kind": "kind of the organization",
		"organization_name": "name of the organization",
		"period": "week, month, quarter or half_year",
		"period_end": "last day of the period",
		"period_start": "first day of the period",
		"position": "the position that nobody holds",
		"posted_at": "when the notice was posted (record_daily_notice)",
		"raised_at": "when it was noticed",
		"raised_by": "code of the official who raised it; none: the system",
		"reached_at": "receipt of the ticket that reached the threshold",
		"reached_by_ticket": "key of that ticket",
		"reason": "why a person raised it",
		"recipients": "leaders it told, by the names they had then",
		"record": "what was said and decided",
		"record_uri": "where the minutes or the sign-in sheet are",
		"recorded_at": "when it was recorded",
		"recorded_by": "code of the official who recorded it",
		"relation": "relation to tickets in which the post is needed: lead, area, center, inspection",
		"report_note": "what the information officer reported",
		"reported_at": "when he reported it",
		"reported_by": "code of the information officer who reported it to the leader",
		"reported_by_name": "his name",
		"scope": "counted over the center or over the area",
		"state": "state of the ticket at the end of the day or week",
		"finish_today.state": "state of the ticket",
		"guidance_missing_today.state": "state of the ticket",
		"accountability_case_overview.state": "state of the ticket",
		"target_only": "a same-day target (3.1): missed, but no breach",
		"daily_notice.lead_department": "code of the lead department at the end of the day; of what was completed, the one that reported",
		"unsolved_last_week.lead_department": "code of the lead department at the end of the week; of what was completed, the one that reported",
		"threshold": "how many tickets make a burst",
		"vacant_since": "first day after the last holder's post ended; none: nobody held it, or its holder is inactive",
		"week_end": "Sunday of last week",
		"week_start": "Monday of last week"
	}$json$;
	part record;
begin
	for part in
		select a.attrelid::pg_catalog.regclass as view, a.attname::text as name,
			coalesce(meaning ->> (v.name || '.' || a.attname), meaning ->> a.attname::text,
				(select pg_catalog.col_description(o.attrelid, o.attnum) from pg_catalog.pg_attribute o
					where o.attrelid in ('ticket_workflow.ticket_overview'::pg_catalog.regclass, 'ticket_workflow.overdue_ticket'::pg_catalog.regclass,
							'ticket_workflow.escalation_overview'::pg_catalog.regclass) and o.attname = a.attname
					order by o.attrelid limit 1),
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
