-- pg_cron, where it is: found at run time, nothing here depends on it.
-- May touch: cron's jobs, as the caller.
--
-- SECURITY INVOKER: a job runs as the role that made it, and the owner of the extension may not log in. The command
-- is exactly one CALL, since the sweep commits. What is returned can be run as it is: the words stand in comments.

create or replace function ticket_workflow.sweep_job() returns text
	language sql stable
	return 'ticket_workflow_sweep_' || current_database();
comment on function ticket_workflow.sweep_job() is 'Name of this database''s job in pg_cron';

-- Where pg_cron keeps its jobs: a database, or NULL where the server has none or does not tell this role.
create or replace function ticket_workflow.cron_database() returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	return current_setting('cron.database_name', true);
exception when insufficient_privilege then
	-- it is there, else the setting would not be known
	return '?';
end
$$;
comment on function ticket_workflow.cron_database() is
	'Database in which pg_cron keeps its jobs; ? where the caller may not know, NULL where the server has no pg_cron';

create or replace function ticket_workflow.schedule_sweeps() returns text
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	command constant text := 'CALL ticket_workflow.sweep()';
	job constant text := ticket_workflow.sweep_job();
	home constant text := ticket_workflow.cron_database();
	here constant text := format('select cron.schedule(%L, %L, %L);', job, '* * * * *', command);
begin
	if exists (select from pg_extension e where e.extname = 'pg_cron') then
		begin
			execute here;
		exception when insufficient_privilege then
			return ticket_workflow.message_text('schedule_not_allowed', array[session_user::text, sqlerrm]) || E'\n' || here;
		end;
		return ticket_workflow.message_text('schedule_done', array[job, command]);
	end if;
	if home is null then
		return ticket_workflow.message_text('schedule_none') || E'\n' || command || ';';
	end if;
	if home = current_database() then
		return ticket_workflow.message_text('schedule_create', array[home]) || E'\ncreate extension pg_cron;\n' || here;
	end if;
	return ticket_workflow.message_text('schedule_elsewhere', array[home]) || E'\n'
		|| format('select cron.schedule_in_database(%L, %L, %L, %L);', job, '* * * * *', command, current_database());
end
$$;
comment on function ticket_workflow.schedule_sweeps() is
	'Makes the job that sweeps every minute where pg_cron is in this database; else returns what to run, and where. May be called again';

create or replace function ticket_workflow.unschedule_sweeps() returns text
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	job constant text := ticket_workflow.sweep_job();
	home constant text := ticket_workflow.cron_database();
	-- by number: the name alone is refused where there is no such job
	statement constant text := format('select cron.unschedule(jobid) from cron.job where jobname = %L;', job);
	ended integer;
begin
	if exists (select from pg_extension e where e.extname = 'pg_cron') then
		begin
			execute statement;
			get diagnostics ended = row_count;
		exception when insufficient_privilege then
			return ticket_workflow.message_text('schedule_not_allowed', array[session_user::text, sqlerrm]) || E'\n' || statement;
		end;
		return ticket_workflow.message_text(case when ended > 0 then 'unschedule_done' else 'unschedule_nothing' end, array[job]);
	end if;
	if home is null or home = current_database() then
		return ticket_workflow.message_text('unschedule_nothing', array[job]);
	end if;
	return ticket_workflow.message_text('schedule_elsewhere', array[home]) || E'\n' || statement;
end
$$;
comment on function ticket_workflow.unschedule_sweeps() is
	'Takes the job away that schedule_sweeps() made; where pg_cron is in another database it returns what to run there';
