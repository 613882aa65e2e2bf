-- Recordings of the first contact and the reply (2.3.3, 2.4.2): which are missing, and asking for them.
-- May touch: notice through its room, journal.

create or replace function ticket_workflow.missing_recordings(ticket_id bigint)
	returns table (subject text, contact_id bigint, occurred_at timestamptz, organization_id bigint)
	language sql stable
begin atomic
	-- only calls can be recorded; one recorded call of each purpose is what the norm asks for
	select distinct on (c.purpose) c.purpose, c.contact_id, c.occurred_at, c.organization_id
	from ticket_workflow.contact c
		join ticket_workflow.ticket t on t.ticket_id = c.ticket_id and t.dispatch_round = c.dispatch_round
	where c.ticket_id = missing_recordings.ticket_id and c.purpose in ('first_contact', 'reply')
		and c.channel in ('ip_phone', 'mobile_phone') and ticket_workflow.contact_reached(c.*)
		and not exists (
			select from ticket_workflow.contact o
				join ticket_workflow.evidence e on e.contact_id = o.contact_id and e.ticket_id = o.ticket_id
			where o.ticket_id = c.ticket_id and o.dispatch_round = c.dispatch_round and o.purpose = c.purpose
				and ticket_workflow.contact_reached(o.*) and e.kind = 'recording' and e.voided_at is null)
		and not exists (
			select from ticket_workflow.evidence_absence a
			where a.ticket_id = c.ticket_id and a.dispatch_round = c.dispatch_round and a.subject = c.purpose
				and a.kind = 'recording' and a.voided_at is null)
	order by c.purpose, c.occurred_at, c.contact_id;
end;
comment on function ticket_workflow.missing_recordings(bigint) is
	'Calls of the first contact and the reply in the current dispatch whose recording is neither there nor declared absent (2.3.3, 2.4.2)';

create or replace function ticket_workflow.recording_problems(ticket_id bigint)
	returns table (message text, clause text, args text[])
	language sql stable
begin atomic
	select 'recording_missing'::text, case m.subject when 'first_contact' then '2.4.2' else '2.3.3' end,
		array[ticket_workflow.label('contact_purpose', m.subject), m.contact_id::text]
	from ticket_workflow.missing_recordings(recording_problems.ticket_id) m
	order by m.subject;
end;
comment on function ticket_workflow.recording_problems(bigint) is
	'The missing recordings as problems that completion names; the report can be submitted without them, not pass';

-- 若发现无录音文件，将联系处置部门/片区信息员，请其通过拨打电话的手机寻找录音文件
create or replace function ticket_workflow.ask_for_recordings(ticket ticket_workflow.ticket) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	missing record;
	asked integer := 0;
begin
	for missing in
		select * from ticket_workflow.missing_recordings(ask_for_recordings.ticket.ticket_id)
	loop
		perform ticket_workflow.notify_post(ask_for_recordings.ticket, who.relation, who.position, 'notice_recording_missing',
				array[ticket_workflow.ticket_number(ask_for_recordings.ticket), '@contact_purpose:' || missing.subject,
					ticket_workflow.local_text(missing.occurred_at, ticket_workflow.ticket_calendar(ask_for_recordings.ticket.center_id))])
			from (values ('lead', 'liaison'), ('area', 'information_officer')) as who (relation, position);
		perform ticket_workflow.write_journal(ask_for_recordings.ticket.ticket_id, 'recording_asked_for',
			case missing.subject when 'first_contact' then '2.4.2' else '2.3.3' end,
			jsonb_build_object('contact_id', missing.contact_id, 'subject', missing.subject));
		asked := asked + 1;
	end loop;
	return asked;
end
$$;
comment on function ticket_workflow.ask_for_recordings(ticket_workflow.ticket) is
	'Asks the handling department and the area''s information officer for missing recordings, by notice (2.3.3). Returns how many are missing';
