-- Extensions on every path: what may be asked for, that nothing is in force unsigned, and that the clock follows.
-- May touch: triggers of limit_extension, one of approval, one of ticket; through them clock and journal.

create or replace function ticket_workflow.guard_extension() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	c ticket_workflow.clock;
	-- what a change of state may write; the rest was asked for, and signed
	state_columns constant text[] := array['state', 'requested_at', 'requested_by', 'ended_at', 'old_due_at', 'new_due_at'];
begin
	if to_jsonb(new) - state_columns is distinct from to_jsonb(old) - state_columns or new.state = old.state then
		perform ticket_workflow.fail('history_change', '2.3.2.2', tg_table_name::text);
	end if;
	-- the one lock order: the ticket first
	select * into strict t from ticket_workflow.ticket r where r.ticket_id = new.ticket_id for no key update;
	new.requested_at := old.requested_at;
	new.requested_by := old.requested_by;
	new.ended_at := null;
	new.old_due_at := null;
	new.new_due_at := null;

	case old.state || '>' || new.state
	when 'draft>requested' then
		perform ticket_workflow.require_right(t, 'extend_limit');
		perform ticket_workflow.raise_problems((
			select jsonb_agg(to_jsonb(p)) from ticket_workflow.extension_problems(new, t) p));
		new.requested_at := ticket_workflow.now();
		new.requested_by := ticket_workflow.actor();
	when 'requested>granted' then
		perform ticket_workflow.raise_problems((
			select jsonb_agg(to_jsonb(p)) from (
				select * from ticket_workflow.extension_problems(new, t)
				union all
				select * from ticket_workflow.signature_problems('extension', new.extension_id)) p));
		c := ticket_workflow.extended_clock(t.ticket_id);
		new.ended_at := ticket_workflow.now();
		new.old_due_at := c.due_at;
		new.new_due_at := (ticket_workflow.extended_limit(c, new.working_days)).due_at;
	when 'requested>withdrawn' then
		-- by who may ask, or because the department no longer has the ticket
		if new.dispatch_round = t.dispatch_round and t.state in ('dispatched', 'accepted', 'return_requested', 'reported', 'rework') then
			perform ticket_workflow.require_right(t, 'extend_limit');
		end if;
		new.ended_at := ticket_workflow.now();
	else
		perform ticket_workflow.fail('extension_state', '2.3.2.2', ticket_workflow.label('extension_state', old.state),
			ticket_workflow.label('extension_state', new.state));
	end case;
	return new;
end
$$;
comment on function ticket_workflow.guard_extension() is
	'Trigger: judges an extension on its way: TW001 without a running limit, TW004 too late, too often or past the platform''s limit, TW002 unsigned, TW009 without reason';

create or replace function ticket_workflow.follow_extension() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock;
begin
	select * into strict c from ticket_workflow.clock r where r.clock_id = new.clock_id;
	if new.state = 'granted' then
		perform ticket_workflow.move_due(ticket_workflow.extended_limit(c, new.working_days), t.rulebook)
			from ticket_workflow.ticket t where t.ticket_id = new.ticket_id;
	end if;
	perform ticket_workflow.write_journal(new.ticket_id, 'extension_' || new.state, '2.3.2.2',
		jsonb_strip_nulls(jsonb_build_object('extension_id', new.extension_id, 'working_days', new.working_days,
			'clocks', case when new.state = 'granted' then
				jsonb_build_object(c.clock, jsonb_build_object('from', new.old_due_at, 'to', new.new_due_at)) end)));
	return null;
end
$$;
comment on function ticket_workflow.follow_extension() is 'Trigger: an extension in force moves its clock; the journal shows the old and the new due time';

create or replace trigger guard_extension
	before update on ticket_workflow.limit_extension
	for each row execute function ticket_workflow.guard_extension();

create or replace trigger follow_extension
	after update on ticket_workflow.limit_extension
	for each row execute function ticket_workflow.follow_extension();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.limit_extension
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace function ticket_workflow.grant_extension() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.settle_extension(new.subject_id);
	return null;
end
$$;
comment on function ticket_workflow.grant_extension() is 'Trigger: the last signature puts an extension in force';

-- behind follow_approval, so that the journal tells of the signature first
create or replace trigger grant_extension
	after update on ticket_workflow.approval
	for each row when (new.subject = 'extension' and new.state = 'valid' and old.state <> 'valid')
	execute function ticket_workflow.grant_extension();

create or replace function ticket_workflow.withdraw_extension() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	update ticket_workflow.limit_extension x
		set state = 'withdrawn'
		where x.ticket_id = new.ticket_id and x.state = 'requested';
	return null;
end
$$;
comment on function ticket_workflow.withdraw_extension() is 'Trigger: a ticket that leaves its department or ends takes the request that waits with it';

create or replace trigger withdraw_extension
	after update on ticket_workflow.ticket
	for each row when (old.state <> new.state and new.state in ('received', 'completed', 'transferred', 'withdrawn', 'merged'))
	execute function ticket_workflow.withdraw_extension();
