-- The view that monitoring asks: do the sweeps run, and do they keep up.
-- May touch: nothing. Columns are a contract: new ones are appended. Times are the machine's own, except
-- last_as_of, oldest_due_at and oldest_notice_at, which are the desk's.

create or replace view ticket_workflow.sweep_health with (security_invoker = true) as
	with recent as (
		-- a day, at one sweep a minute
		select r.*, r.finished_at is null and r.beat_at > clock_timestamp() - interval '1 hour'
				and exists (select from pg_catalog.pg_stat_activity s where s.pid = r.backend) as alive,
			r.beat_at > clock_timestamp() - interval '1 hour' as last_hour
		from (select * from ticket_workflow.sweep_run order by sweep_id desc limit 1440) r
	), runs as (
		select max(r.started_at) as last_started_at, max(r.finished_at) as last_finished_at, max(r.as_of) as last_as_of,
			count(*) filter (where r.alive)::integer as running_now,
			count(*) filter (where r.finished_at is null and not r.alive)::integer as broken_off,
			max(r.beat_at) filter (where r.finished_at is null and not r.alive) as last_broken_at,
			coalesce(sum(r.clocks) filter (where r.last_hour), 0)::integer as clocks_last_hour,
			coalesce(sum(r.escalations) filter (where r.last_hour), 0)::integer as escalations_last_hour,
			coalesce(sum(r.failures) filter (where r.last_hour), 0)::integer as failures_last_hour
		from recent r
	), failures as (
		select count(*)::integer as set_aside, min(x.retry_at) as next_retry_at,
			(array_agg(x.sqlstate || ' ' || x.message order by x.failed_at desc))[1] as last_failure
		from ticket_workflow.sweep_failure x
	), waiting as (
		select b.* from ticket_workflow.sweep_backlog() b
	), health as (
		select r.*, f.*, w.*,
			case
				when r.last_started_at is null then 'never'
				when r.last_broken_at > coalesce(r.last_finished_at, '-infinity') then 'broken'
				-- one a minute: five without one that came to its end
				when coalesce(r.last_finished_at, '-infinity') < clock_timestamp() - interval '5 minutes' then 'late'
				when f.set_aside > 0 then 'failing'
				-- for a day: what is given up stays given up
				when w.last_given_up_at > clock_timestamp() - interval '1 day' then 'undelivered'
				else 'ok'
			end as sweep_status
		from runs r, failures f, waiting w
	)
	select h.sweep_status, ticket_workflow.label('sweep_status', h.sweep_status) as sweep_status_label,
		h.last_started_at, h.last_finished_at, h.last_as_of, h.running_now, h.broken_off, h.last_broken_at,
		h.clocks_last_hour, h.escalations_last_hour, h.failures_last_hour,
		h.set_aside, h.next_retry_at, h.last_failure, h.oldest_due_at, h.notices_waiting, h.oldest_notice_at,
		h.notices_failing, h.notices_given_up, h.last_given_up_at
	from health h;
comment on view ticket_workflow.sweep_health is
	'How the sweeps are doing, in one row: never, ok, late, broken (killed in the middle), failing (clocks set aside) or undelivered (notices given up in the last day)';
