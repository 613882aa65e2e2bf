-- Clocks of every path: none is deleted, none runs in a state that does not carry it (C3).
-- May touch: triggers of clock.

create or replace function ticket_workflow.guard_clock() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	if old.clock_id <> new.clock_id or old.ticket_id <> new.ticket_id or old.clock <> new.clock
		or old.round <> new.round or old.started_at <> new.started_at then
		perform ticket_workflow.fail('history_change', 'C1', 'clock');
	end if;
	-- two conditions: one with a query in it is started even where the first half says no, and most clocks only end
	if new.status = 'running' and old.status <> 'running' then
		if not exists (
			select from ticket_workflow.ticket t
				join ticket_workflow.clock_carrier r on r.state = t.state and r.clock = new.clock
			where t.ticket_id = new.ticket_id) then
			perform ticket_workflow.fail('clock_not_carried', 'C3', new.clock,
				(select t.state from ticket_workflow.ticket t where t.ticket_id = new.ticket_id));
		end if;
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_clock() is 'Trigger: a clock runs only in a state that carries it, and keeps its identity (C1, C3)';

create or replace trigger guard_clock
	before update on ticket_workflow.clock
	for each row when ((old.clock_id, old.ticket_id, old.clock, old.round, old.started_at, old.status)
		is distinct from (new.clock_id, new.ticket_id, new.clock, new.round, new.started_at, new.status)) execute function ticket_workflow.guard_clock();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.clock
	for each statement execute function ticket_workflow.refuse_history_change();
