-- The mechanisms' part of a sweep: once per local day of each center, from sweep_daily().
-- May touch: what the files of this room may.

create or replace function ticket_workflow.sweep_mechanisms(center_id bigint, today date) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.make_occurrences(sweep_mechanisms.center_id, sweep_mechanisms.today);
	perform ticket_workflow.tell_duties(sweep_mechanisms.center_id, sweep_mechanisms.today);
	perform ticket_workflow.sweep_bursts(sweep_mechanisms.center_id, sweep_mechanisms.today - 1, sweep_mechanisms.today);
	perform ticket_workflow.sweep_accountability(sweep_mechanisms.center_id);
end
$$;
comment on function ticket_workflow.sweep_mechanisms(bigint, date) is
	'Once a day for a center: periodic duties (3.4, 3.7), bursts nobody saw (3.6.2), tickets over their limits (3.8.4)';
