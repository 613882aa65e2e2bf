-- Calls to departments (3.1) and daily guidance (3.6.2): recorded for tickets that are not finished.
-- May touch: department_call, guidance; the journal.

create or replace function ticket_workflow.check_unfinished(ticket ticket_workflow.ticket, clause text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if not (select s.is_open from ticket_workflow.ticket_state s where s.state = check_unfinished.ticket.state) then
		perform ticket_workflow.fail('ticket_finished', check_unfinished.clause, ticket_workflow.label('state', check_unfinished.ticket.state));
	end if;
end
$$;
comment on function ticket_workflow.check_unfinished(ticket_workflow.ticket, text) is 'TW001 for a ticket that is finished';

create or replace function ticket_workflow.record_department_call(ticket_id bigint, department text default null,
		channel text default 'ip_phone', official text default null, occurred_at timestamptz default null, note text default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_department_call.ticket_id, 'record_department_call');
	c ticket_workflow.department_call;
begin
	c.call_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.call_seq');
	c.center_id := t.center_id;
	c.ticket_id := t.ticket_id;
	c.organization_id := coalesce(ticket_workflow.organization_id_of(t.center_id, record_department_call.department), t.lead_department_id);
	if c.organization_id is null then
		perform ticket_workflow.fail('text_missing', '3.1', 'department');
	end if;
	c.channel := ticket_workflow.require_code('contact_channel', record_department_call.channel, 'channel');
	c.official_id := ticket_workflow.official_id_of(t.center_id, record_department_call.official);
	c.recorded_at := ticket_workflow.now();
	c.occurred_at := coalesce(record_department_call.occurred_at, c.recorded_at);
	c.marks := ticket_workflow.check_occurred(t, c.occurred_at);
	c.recorded_by := ticket_workflow.actor();
	c.note := ticket_workflow.optional_text(record_department_call.note, 'note');
	insert into ticket_workflow.department_call values (c.*);
	perform ticket_workflow.write_journal(t.ticket_id, 'record_department_call', '3.1',
		jsonb_strip_nulls(jsonb_build_object('call_id', c.call_id, 'organization_id', c.organization_id, 'channel', c.channel,
			'official_id', c.official_id, 'marks', nullif(to_jsonb(c.marks), '[]'))), c.occurred_at);
	return c.call_id;
end
$$;
comment on function ticket_workflow.record_department_call(bigint, text, text, text, timestamptz, text) is
	'Records that the center told a department (the lead department) of a ticket at once (第一时间联系处置部门). Returns call_id. Errors: TW005, TW006. Clause 3.1';

create or replace function ticket_workflow.record_guidance(ticket_id bigint, opinion text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_guidance.ticket_id, 'record_guidance');
	g ticket_workflow.guidance;
begin
	perform ticket_workflow.check_unfinished(t, '3.6.2');
	g.guidance_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.guidance_seq');
	g.center_id := t.center_id;
	g.ticket_id := t.ticket_id;
	g.day := ticket_workflow.today(t.center_id);
	g.opinion := ticket_workflow.require_text(record_guidance.opinion, 'opinion');
	g.recorded_at := ticket_workflow.now();
	g.recorded_by := ticket_workflow.actor();
	insert into ticket_workflow.guidance values (g.*);
	perform ticket_workflow.write_journal(t.ticket_id, 'record_guidance', '3.6.2', jsonb_build_object('guidance_id', g.guidance_id, 'day', g.day));
	return g.guidance_id;
end
$$;
comment on function ticket_workflow.record_guidance(bigint, text) is
	'The information officer''s guidance of today for an unfinished ticket of his area (每天跟踪并给出指导意见). Returns guidance_id. Errors: TW001, TW005, TW006. Clause 3.6.2';
