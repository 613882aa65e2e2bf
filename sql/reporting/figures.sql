-- The figures of a span of days: what is counted, by which date, and each rate, once. The summaries, the departments'
-- figures, the bulletin and the home page all take them from period_figures().
-- May touch: nothing.
--
-- Every figure belongs to the local day on which the thing counted took place, in the zone of the center's calendar:
-- a ticket received at 23:59 on the 31st is the old month's. Tickets are counted where they stand now: one that was
-- reopened is completed no longer, until its next report passes.

create or replace function ticket_workflow.center_zone(center_id bigint) returns text
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (select k.zone
		from ticket_workflow.center c
			join ticket_workflow.calendar k on k.code = c.calendar
		where c.center_id = center_zone.center_id);
end
$$;
comment on function ticket_workflow.center_zone(bigint) is 'The time zone in which a center''s days begin and end';

create or replace function ticket_workflow.share_of(part numeric, whole numeric) returns numeric
	language sql immutable parallel safe
	return round(share_of.part / nullif(share_of.whole, 0), 4);
comment on function ticket_workflow.share_of(numeric, numeric) is 'A part of a whole, to four places; NULL where the whole is nothing';

-- Months of a center's desk, from its first ticket to now, the empty ones too.
create or replace function ticket_workflow.desk_months(center_id bigint) returns setof date
	language plpgsql stable security definer rows 24 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	zone constant text := ticket_workflow.center_zone(desk_months.center_id);
	-- by the index: the first row of the center
	first_at constant timestamptz := (select t.received_at from ticket_workflow.ticket t
		where t.center_id = desk_months.center_id order by t.center_id, t.received_at limit 1);
begin
	if not (desk_months.center_id = any (ticket_workflow.my_centers()) or desk_months.center_id = coalesce(ticket_workflow.my_home(), 0)) then
		return;
	end if;
	return query select m::date
		from generate_series(date_trunc('month', first_at at time zone zone),
			date_trunc('month', ticket_workflow.now() at time zone zone), interval '1 month') m;
end
$$;
comment on function ticket_workflow.desk_months(bigint) is
	'First days of the months for which a center has figures: from its first ticket to now';

-- Plans are the same for every span: begin with the span's rows by an index, never with a table.
create or replace function ticket_workflow.period_figures(center_id bigint, since date, until date, by_department boolean default false)
	returns setof ticket_workflow.period_figure
	language plpgsql stable security definer rows 40
	set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	home constant bigint := period_figures.center_id;
	zone constant text := ticket_workflow.center_zone(home);
	starts_at constant timestamptz := ticket_workflow.require_day(period_figures.since, 'since')::timestamp at time zone zone;
	ends_at constant timestamptz := ticket_workflow.require_day(period_figures.until, 'until')::timestamp at time zone zone;
	moment constant timestamptz := ticket_workflow.now();
	whole constant boolean := home = any (ticket_workflow.my_centers());
	own constant bigint[] := ticket_workflow.my_departments();
begin
	-- complete or not at all: who does not see the center gets no center's figure
	if not whole and not (by_department and own <> '{}') then
		return;
	end if;
	return query
		with arrival as (
			select coalesce(t.lead_department_id, 0) as id, count(*) as received,
				count(*) filter (where t.category = 'complaint') as complaints,
				count(*) filter (where t.category = 'help') as help_requests,
				count(*) filter (where t.category = 'suggestion') as suggestions,
				count(*) filter (where t.category = 'consultation') as consultations,
				count(*) filter (where t.urgent) as urgent,
				count(*) filter (where t.kind = 'supervised') as supervised
			from ticket_workflow.ticket t
			where t.center_id = home and t.received_at >= starts_at and t.received_at < ends_at
			group by 1
		), dispatch as (
			select d.department_id as id, count(*) as dispatched
			from ticket_workflow.dispatch_decision d
			where d.center_id = home and d.decided_at >= starts_at and d.decided_at < ends_at
			group by 1
		), completion as (
			select coalesce(t.lead_department_id, 0) as id, count(*) as completed,
				-- T3; 日清日结 is striven for: missed, not broken (3.1)
				count(*) filter (where c.deadline = 'met') as on_time,
				count(*) filter (where c.deadline = 'late' and not c.target) as completed_late,
				count(*) filter (where c.deadline = 'late' and c.target) as target_missed,
				count(f.contact) as contacts_due,
				count(*) filter (where f.contact = 'met') as contacts_on_time,
				count(w.weight) as results_counted, coalesce(sum(w.weight), 0) as results_solved
			from ticket_workflow.ticket t
				left join lateral (
					select k.status, k.stopped_at from ticket_workflow.clock k
					where k.ticket_id = t.ticket_id and k.clock = 'completion' and k.status in ('met', 'late')
					order by k.round desc limit 1) o on true
				left join lateral (
					select k.status, k.stopped_at from ticket_workflow.clock k
					where k.ticket_id = t.ticket_id and k.clock = 'urgent_completion' and k.status in ('met', 'late')
						and (t.urgent or o.status is null)
					order by k.round desc limit 1) u on true
				-- the deadline that the completion that stands had to keep
				cross join lateral (
					select coalesce(u.stopped_at > o.stopped_at or o.stopped_at is null, false) as urgent) s
				-- the limit of the urgent ones of a rest day is no target, whatever their class (2.3.2.1)
				cross join lateral (
					select case when s.urgent then u.status else o.status end as deadline, not s.urgent and t.handling_class = 'same_day' as target) c
				left join lateral (
					-- of the department that completed it; cancelled: never made, unless the telephone proved to be none
					select case when k.status <> 'cancelled' or exists (select from ticket_workflow.petitioner p
						where p.petitioner_id = t.petitioner_id and p.phone is not null) then k.status end as contact
					from ticket_workflow.clock k
					where k.ticket_id = t.ticket_id and k.clock = 'first_contact' and k.dispatch_round = t.dispatch_round
					order by k.round desc limit 1) f on true
				left join lateral (
					select r.handling_result from ticket_workflow.report r
					where r.ticket_id = t.ticket_id and r.state = 'passed'
					order by r.version desc limit 1) p on true
				left join ticket_workflow.rate_weight w on w.rulebook = t.rulebook and w.rate = 'solution'
					and w.code = p.handling_result and (w.category is null or w.category = t.category)
			where t.center_id = home and t.completed_at >= starts_at and t.completed_at < ends_at
			group by 1
		), late as (
			select coalesce(t.lead_department_id, 0) as id, count(*) as open_overdue
			from ticket_workflow.clock k
				join ticket_workflow.ticket t on t.ticket_id = k.ticket_id
			where k.center_id = home and k.status = 'running' and k.clock in ('completion', 'urgent_completion')
				and k.due_at > starts_at and k.due_at <= ends_at and k.due_at < moment
				and not (k.clock = 'completion' and t.handling_class = 'same_day')
			group by 1
		), closure as (
			select coalesce(t.lead_department_id, 0) as id, count(*) as closed
			from ticket_workflow.ticket t
			where t.center_id = home and t.closed_at >= starts_at and t.closed_at < ends_at
			group by 1
		), ending as (
			select coalesce(t.lead_department_id, 0) as id,
				count(*) filter (where t.state = 'transferred') as transferred,
				count(*) filter (where t.state = 'withdrawn') as withdrawn,
				count(*) filter (where t.state = 'merged') as merged
			from ticket_workflow.ticket t
			where t.center_id = home and t.state in ('transferred', 'withdrawn', 'merged')
				and t.state_at >= starts_at and t.state_at < ends_at
			group by 1
		), sent_back as (
			-- the center's own wrong dispatch is none of the department's
			select r.organization_id as id, count(*) as returns,
				count(*) filter (where r.state = 'granted') as returns_granted,
				count(*) filter (where r.state = 'refused') as returns_refused,
				count(*) filter (where r.marks <> '{}') as returns_improper
			from ticket_workflow.ticket_return r
			where r.center_id = home and r.requested_at >= starts_at and r.requested_at < ends_at
				and r.state in ('requested', 'granted', 'refused') and not r.own_error
			group by 1
		), review as (
			select r.organization_id as id,
				count(*) filter (where r.state = 'passed') as reports_passed,
				count(*) filter (where r.state = 'sent_back') as reports_sent_back
			from ticket_workflow.report r
			where r.center_id = home and r.reviewed_at >= starts_at and r.reviewed_at < ends_at
			group by 1
		), reopening as (
			select coalesce(t.lead_department_id, 0) as id, count(*) as reopened
			from ticket_workflow.journal j
				join ticket_workflow.ticket t on t.ticket_id = j.ticket_id
			where j.center_id = home and j.kind = 'reopen' and j.occurred_at >= starts_at and j.occurred_at < ends_at
			group by 1
		), callback as (
			select coalesce(t.lead_department_id, 0) as id, count(*) as callbacks,
				count(w.weight) as answers, coalesce(sum(w.weight), 0) as answers_weighed,
				count(c.solved) as solved_asked, count(*) filter (where c.solved) as solved_confirmed
			from ticket_workflow.contact c
				join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
				left join ticket_workflow.rate_weight w on w.rulebook = t.rulebook and w.rate = 'satisfaction'
					and w.code = c.satisfaction and (w.category is null or w.category = t.category)
			where c.center_id = home and c.purpose = 'callback' and c.voided_at is null
				and c.occurred_at >= starts_at and c.occurred_at < ends_at
			group by 1
		), counted as (
			select case when by_department then d.id end as id,
				sum(a.received)::bigint as received, sum(a.complaints)::bigint as complaints, sum(a.help_requests)::bigint as help_requests,
				sum(a.suggestions)::bigint as suggestions, sum(a.consultations)::bigint as consultations,
				sum(a.urgent)::bigint as urgent, sum(a.supervised)::bigint as supervised, sum(p.dispatched)::bigint as dispatched,
				sum(n.completed)::bigint as completed, sum(n.on_time)::bigint as on_time, sum(n.completed_late)::bigint as completed_late,
				sum(n.target_missed)::bigint as target_missed, sum(l.open_overdue)::bigint as open_overdue,
				sum(n.contacts_due)::bigint as contacts_due, sum(n.contacts_on_time)::bigint as contacts_on_time,
				sum(n.results_counted)::bigint as results_counted, sum(n.results_solved) as results_solved,
				sum(s.closed)::bigint as closed, sum(e.transferred)::bigint as transferred, sum(e.withdrawn)::bigint as withdrawn,
				sum(e.merged)::bigint as merged, sum(b.returns)::bigint as returns, sum(b.returns_granted)::bigint as returns_granted,
				sum(b.returns_refused)::bigint as returns_refused, sum(b.returns_improper)::bigint as returns_improper,
				sum(v.reports_passed)::bigint as reports_passed, sum(v.reports_sent_back)::bigint as reports_sent_back,
				sum(o.reopened)::bigint as reopened, sum(c.callbacks)::bigint as callbacks, sum(c.answers)::bigint as answers,
				sum(c.answers_weighed) as answers_weighed, sum(c.solved_asked)::bigint as solved_asked,
				sum(c.solved_confirmed)::bigint as solved_confirmed
			-- 0: with no department, or not any more
			from (select o.organization_id as id from ticket_workflow.organization o where o.center_id = home union all select 0) d
				left join arrival a on a.id = d.id
				left join dispatch p on p.id = d.id
				left join completion n on n.id = d.id
				left join late l on l.id = d.id
				left join closure s on s.id = d.id
				left join ending e on e.id = d.id
				left join sent_back b on b.id = d.id
				left join review v on v.id = d.id
				left join reopening o on o.id = d.id
				left join callback c on c.id = d.id
			where whole or d.id = any (own)
			group by 1
		)
		select nullif(x.id, 0), coalesce(x.received, 0), coalesce(x.complaints, 0), coalesce(x.help_requests, 0), coalesce(x.suggestions, 0),
			coalesce(x.consultations, 0), coalesce(x.urgent, 0), coalesce(x.supervised, 0), coalesce(x.dispatched, 0),
			coalesce(x.completed, 0), coalesce(x.on_time, 0), coalesce(x.completed_late, 0), coalesce(x.target_missed, 0),
			coalesce(x.open_overdue, 0), coalesce(x.completed_late, 0) + coalesce(x.open_overdue, 0),
			coalesce(x.contacts_due, 0), coalesce(x.contacts_on_time, 0), coalesce(x.results_counted, 0), coalesce(x.results_solved, 0),
			coalesce(x.closed, 0), coalesce(x.transferred, 0), coalesce(x.withdrawn, 0), coalesce(x.merged, 0),
			coalesce(x.returns, 0), coalesce(x.returns_granted, 0), coalesce(x.returns_refused, 0), coalesce(x.returns_improper, 0),
			coalesce(x.reports_passed, 0), coalesce(x.reports_sent_back, 0), coalesce(x.reopened, 0),
			coalesce(x.reports_sent_back, 0) + coalesce(x.reopened, 0),
			coalesce(x.callbacks, 0), coalesce(x.answers, 0), coalesce(x.answers_weighed, 0), coalesce(x.solved_asked, 0), coalesce(x.solved_confirmed, 0),
			ticket_workflow.share_of(x.on_time, x.on_time + x.completed_late),
			ticket_workflow.share_of(x.contacts_on_time, x.contacts_due),
			ticket_workflow.share_of(x.results_solved, x.results_counted),
			ticket_workflow.share_of(x.solved_confirmed, x.solved_asked),
			ticket_workflow.share_of(x.answers_weighed, x.answers),
			ticket_workflow.share_of(coalesce(x.returns, 0), x.dispatched),
			ticket_workflow.share_of(x.reports_sent_back, x.reports_passed + x.reports_sent_back)
		from counted x;
end
$$;
comment on function ticket_workflow.period_figures(bigint, date, date, boolean) is
	'Figures of a center from one day to before another, in all or per department, for those who see the center or the department: the one place where they are counted (3.2, 3.4, 3.8)';
