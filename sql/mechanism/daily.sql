-- The mechanisms' part of a sweep: once per local day of each center, from sweep_center().
-- May touch: what the files of this room may.

-- Returns the number of failures: one mechanism that fails stops neither the others nor the day's part of the sweep;
-- all but the bursts of the day before come again tomorrow.
create or replace function ticket_workflow.sweep_mechanisms(center_id bigint, today date) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	failed integer := 0;
begin
	begin
		perform ticket_workflow.make_occurrences(sweep_mechanisms.center_id, sweep_mechanisms.today);
		perform ticket_workflow.tell_duties(sweep_mechanisms.center_id, sweep_mechanisms.today);
	exception when others then
		failed := failed + 1;
		raise warning '%', sqlerrm using errcode = sqlstate;
	end;
	begin
		perform ticket_workflow.sweep_bursts(sweep_mechanisms.center_id, sweep_mechanisms.today - 1, sweep_mechanisms.today);
	exception when others then
		failed := failed + 1;
		raise warning '%', sqlerrm using errcode = sqlstate;
	end;
	begin
		perform ticket_workflow.sweep_accountability(sweep_mechanisms.center_id);
	exception when others then
		failed := failed + 1;
		raise warning '%', sqlerrm using errcode = sqlstate;
	end;
	return failed;
end
$$;
comment on function ticket_workflow.sweep_mechanisms(bigint, date) is
	'Once a day for a center: periodic duties (3.4, 3.7), bursts nobody saw (3.6.2), tickets over their limits (3.8.4). Returns how many of these failed';
