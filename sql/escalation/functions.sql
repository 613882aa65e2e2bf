-- Escalations: a level of a clock is reached, people are told; its cause ends, they are told that too.
-- May touch: escalation, notice, journal. Whoever calls has locked the ticket.

-- What the levels that were reached say, and about what. Apart from the statement that raises them, which would not
-- know how many there are, and compare each with every other.
create or replace function ticket_workflow.reached_levels(clock_ids bigint[], levels integer[], moments timestamptz[])
	returns table (escalation_id bigint, center_id bigint, ticket_id bigint, clock_id bigint, clock text, round integer, level integer,
		purpose text, due_at timestamptz, due_on date, reached_at timestamptz, clause text, rulebook text, urgent boolean,
		lead_department_id bigint, area_id bigint, calendar text, day date, digest boolean, quiet_from time, quiet_until time, args text[])
	language plpgsql volatile rows 200 set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
	return query
		select ticket_workflow.new_id(c.center_id, 'ticket_workflow.escalation_seq'),
			c.center_id, c.ticket_id, c.clock_id, c.clock, c.round, l.level, l.purpose, c.due_at, c.due_on, g.reached_at, l.clause,
			t.rulebook, t.urgent, t.lead_department_id, t.area_id, c.calendar, (g.reached_at at time zone k.zone)::date,
			case when l.digest then ticket_workflow.rulebook_setting(t.rulebook, 'digest_leader_notices') = 'on' else false end,
			l.quiet_from, l.quiet_until,
			ticket_workflow.clock_args(ticket_workflow.ticket_number(t), c.clock, c.due_at at time zone k.zone,
				coalesce(o.name, ce.name))
		from unnest(reached_levels.clock_ids, reached_levels.levels, reached_levels.moments) as g (clock_id, level, reached_at)
			join ticket_workflow.clock c on c.clock_id = g.clock_id
			join ticket_workflow.calendar k on k.code = c.calendar
			join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
			join ticket_workflow.escalation_level l on l.rulebook = t.rulebook and l.clock = c.clock and l.level = g.level
			join ticket_workflow.center ce on ce.center_id = c.center_id
			left join ticket_workflow.organization o on o.organization_id = coalesce(c.department_id, t.lead_department_id)
		where not exists (select from ticket_workflow.escalation e where e.clock_id = g.clock_id and e.level = g.level)
		-- ids in the order in which things happened: new_id() is called behind the sort, as volatile functions are
		order by g.reached_at, c.ticket_id, l.level;
end
$$;
comment on function ticket_workflow.reached_levels(bigint[], integer[], timestamptz[]) is
	'For raise_escalations(): the levels that have not been raised yet, with a new id, their ticket''s circumstances and the arguments of their notices';

-- Function: raise_escalations. Records levels that were reached, one a ticket, and tells their recipients.
-- Returns: how many of them had not been raised before. Calls: reached_levels, post_holders, write_journals.
--
-- Everything is dated by reached_at, so that a late sweep leaves the rows of one that came in time (C4);
-- only noticed_at, and when a waiting digest goes out, tell the difference. For many at once, since a sweep
-- that asked for each ticket who holds its department's posts would ask the same thing all night.
-- Planned once: planning it costs as much as a batch.
create or replace function ticket_workflow.raise_escalations(clock_ids bigint[], levels integer[], reached_at timestamptz[]) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	at constant timestamptz := ticket_workflow.now();
	entries record;
begin
	-- one statement: escalations and their notices, in one transaction anyway (C4)
	with reached as materialized (
		select e.*
		from ticket_workflow.reached_levels(raise_escalations.clock_ids, raise_escalations.levels, raise_escalations.reached_at) e
	), asked as materialized (
		select e.escalation_id, e.ticket_id, r.relation, r.position, e.day, e.reached_at,
			-- tickets of one department ask for the same people: a roster names them by the minute, posts by the day
			dense_rank() over (order by r.relation, r.position, p.over_id, e.day,
				case r.relation when 'duty' then e.reached_at end) as question,
			-- a post that this ticket does not have is not vacant: no department yet, no area,
			-- and the duty roster stands in for the office on rest days only
			p.over_id is not null and not (r.relation = 'duty' and ticket_workflow.is_working_day(e.day, e.calendar)) as applies
		from reached e
			join ticket_workflow.escalation_recipient r on r.rulebook = e.rulebook and r.clock = e.clock and r.level = e.level
			cross join lateral (select case r.relation when 'lead' then e.lead_department_id when 'area' then e.area_id
				when 'assist' then e.ticket_id else e.center_id end as over_id) p
		where r.urgent is null or r.urgent = e.urgent
	), holders as materialized (
		select q.question, h.official_id
		from (select distinct on (a.question) a.* from asked a where a.applies order by a.question) q
			join ticket_workflow.ticket t on t.ticket_id = q.ticket_id
			left join lateral (
				select p.official_id from ticket_workflow.post_holders(t, q.relation, q.position, q.day) p where q.relation <> 'duty'
				union all
				select d.official_id from ticket_workflow.holders_of(t, q.relation, q.position, q.reached_at) as d (official_id)
				where q.relation = 'duty'
			) h on true
	), told as materialized (
		-- who holds two of the posts is told once; of each that nobody holds the center is told
		select a.escalation_id, h.official_id,
			case when h.official_id is null then a.relation || ':' || a.position end as post, min(a.position) as position
		from asked a
			join holders h on h.question = a.question
		where a.applies
		group by 1, 2, 3
		union all
		select a.escalation_id, null, 'center:dispatcher', 'dispatcher'
		from asked a
		group by a.escalation_id
		having not bool_or(a.applies)
	), delivery as materialized (
		-- when what is posted now may go out, and how long it is of use: the same for whole sorts of levels
		select d.*, o.goes_at, o.goes_at + make_interval(mins => (r.rule).keep_minutes) as kept_until,
			(r.rule).until_due, (r.rule).until_ended
		from (select distinct e.rulebook, e.purpose, e.calendar, e.digest, e.quiet_from, e.quiet_until from reached e) d
			cross join lateral (select ticket_workflow.notice_rule_of(d.rulebook, 'notice_' || d.purpose) as rule offset 0) r
			cross join lateral (select ticket_workflow.notice_time(at, d.digest, d.quiet_from, d.quiet_until, d.calendar) as goes_at offset 0) o
	), named as materialized (
		select p.escalation_id, count(*) as notices,
			array_agg(o.name order by o.official_id) filter (where o.official_id is not null) as recipients,
			array_agg(p.post order by p.post) filter (where o.official_id is null) as vacant_posts
		from told p
			left join ticket_workflow.official o on o.official_id = p.official_id
		group by p.escalation_id
	), written as (
		insert into ticket_workflow.escalation (escalation_id, center_id, ticket_id, clock_id, clock, round, level, purpose,
				due_at, due_on, reached_at, noticed_at, recipients, vacant_posts)
			select e.escalation_id, e.center_id, e.ticket_id, e.clock_id, e.clock, e.round, e.level, e.purpose,
				e.due_at, e.due_on, e.reached_at, at, coalesce(n.recipients, '{}'), coalesce(n.vacant_posts, '{}')
			from reached e
				left join named n on n.escalation_id = e.escalation_id
			order by e.escalation_id
			-- each level once, ever (C4)
			on conflict (clock_id, level) do nothing
			returning escalation_id
	), posted as (
		insert into ticket_workflow.notice (notice_id, center_id, ticket_id, escalation_id, recipient_id, recipient_post,
				message, args, digest, created_at, not_before, position, expires_at, until_ended)
			select ticket_workflow.new_id(e.center_id, 'ticket_workflow.notice_seq'), e.center_id, e.ticket_id, e.escalation_id,
				p.official_id, p.post, 'notice_' || e.purpose, e.args, e.digest, at, d.goes_at, p.position,
				least(d.kept_until, case when d.until_due then e.due_at end), d.until_ended
			from written w
				join reached e on e.escalation_id = w.escalation_id
				join told p on p.escalation_id = w.escalation_id
				join delivery d on d.rulebook = e.rulebook and d.purpose = e.purpose and d.calendar = e.calendar and d.digest = e.digest
					and d.quiet_from is not distinct from e.quiet_from and d.quiet_until is not distinct from e.quiet_until
			order by e.escalation_id, p.official_id, p.post
	)
	select array_agg(e.ticket_id) as tickets, array_agg(e.clause) as clauses, array_agg(e.reached_at) as moments,
			array_agg(jsonb_build_object('escalation_id', e.escalation_id, 'clock', e.clock, 'round', e.round, 'level', e.level,
				'purpose', e.purpose, 'due_at', e.due_at, 'notices', coalesce(n.notices, 0))) as details,
			array_agg(distinct e.center_id) as centers
		into entries
		from written w
			join reached e on e.escalation_id = w.escalation_id
			left join named n on n.escalation_id = w.escalation_id;
	if entries.tickets is null then
		return 0;
	end if;
	perform ticket_workflow.write_journals(entries.tickets, 'escalated', entries.clauses, entries.details, entries.moments);
	perform pg_notify('ticket_workflow_notice', c.center_id::text) from unnest(entries.centers) as c (center_id);
	return cardinality(entries.tickets);
end
$$;
comment on function ticket_workflow.raise_escalations(bigint[], integer[], timestamptz[]) is
	'Records that levels of clocks were reached, one a ticket, and tells their recipients, in one transaction; those raised before are left alone (C4)';

create or replace function ticket_workflow.raise_escalation(clock ticket_workflow.clock,
		level ticket_workflow.escalation_level, reached_at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.raise_escalations(array[raise_escalation.clock.clock_id], array[raise_escalation.level.level],
		array[raise_escalation.reached_at]);
end
$$;
comment on function ticket_workflow.raise_escalation(ticket_workflow.clock, ticket_workflow.escalation_level, timestamptz) is
	'raise_escalations() for one level of one clock';

-- What is still unsent of escalations that ended, where its rule says so, is not sent any more: before those who were
-- told are told of the end. What a consumer holds at this moment counts as told; nobody waits for him.
create or replace function ticket_workflow.withdraw_unsent(clock_id bigint, levels integer[]) returns void
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
	update ticket_workflow.notice w
		set closed_at = clock_timestamp(), close_reason = 'cause_ended'
		where w.notice_id in (
			select n.notice_id
			from ticket_workflow.escalation e
				join ticket_workflow.notice n on n.escalation_id = e.escalation_id
			where e.clock_id = withdraw_unsent.clock_id and e.level = any (withdraw_unsent.levels)
				and n.until_ended and n.attempts = 0 and n.confirmed_at is null and n.closed_at is null
			for no key update of n skip locked);
end
$$;
comment on function ticket_workflow.withdraw_unsent(bigint, integer[]) is
	'Closes unsent notices of escalations that ended, where their rule says that they are then not sent';

-- Tells those whom the open or just ended levels of a clock were told to, once each. Warnings are left out:
-- what was done in time needs no second message.
create or replace function ticket_workflow.tell_again(clock_id bigint, levels integer[], message text, cause text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.post_notice(told.center_id, told.recipient_id, tell_again.message,
			told.args || ('@end_cause:' || tell_again.cause),
			told.ticket_id, told.escalation_id, told.recipient_post, told.digest, told.position,
			not_before => told.not_before)
		from (
			select c.center_id, c.ticket_id, n.recipient_id, n.recipient_post, max(e.escalation_id) as escalation_id,
				bool_and(n.digest) as digest, min(n.position) as position,
				max(ticket_workflow.notice_time(ticket_workflow.now(), false, l.quiet_from, l.quiet_until, c.calendar)) as not_before,
				ticket_workflow.clock_args(ticket_workflow.ticket_number(t), c.clock, c.due_at at time zone k.zone,
					coalesce(o.name, ce.name)) as args
			from ticket_workflow.clock c
				join ticket_workflow.calendar k on k.code = c.calendar
				join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
				join ticket_workflow.center ce on ce.center_id = c.center_id
				left join ticket_workflow.organization o on o.organization_id = coalesce(c.department_id, t.lead_department_id)
				join ticket_workflow.escalation e on e.clock_id = c.clock_id
				join ticket_workflow.notice n on n.escalation_id = e.escalation_id and n.message = 'notice_' || e.purpose
				left join ticket_workflow.escalation_level l on l.rulebook = t.rulebook and l.clock = e.clock and l.level = e.level
			where c.clock_id = tell_again.clock_id and e.level = any (tell_again.levels) and e.purpose <> 'warning'
				-- who was not told, since it was over or past its use before it was sent, is told nothing now
				and (n.attempts > 0 or n.closed_at is null and coalesce(n.expires_at, 'infinity') > ticket_workflow.now())
			group by c.clock_id, k.code, t.ticket_id, ce.center_id, o.organization_id, n.recipient_id, n.recipient_post
			order by n.recipient_id, n.recipient_post
		) told;
end
$$;
comment on function ticket_workflow.tell_again(bigint, integer[], text, text) is
	'Posts one more notice to each who was told of these levels of a clock';

create or replace function ticket_workflow.end_escalations(clock_id bigint, cause text, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	ended record;
begin
	with closed as (
		update ticket_workflow.escalation e
			set ended_at = end_escalations.at, end_cause = end_escalations.cause
			where e.clock_id = end_escalations.clock_id and e.ended_at is null
			returning e.ticket_id, e.clock, e.level
	)
	select min(c.ticket_id) as ticket_id, min(c.clock) as clock, array_agg(c.level order by c.level) as levels
		into ended from closed c;
	if ended.ticket_id is null then
		return;
	end if;
	perform ticket_workflow.withdraw_unsent(end_escalations.clock_id, ended.levels);
	perform ticket_workflow.tell_again(end_escalations.clock_id, ended.levels, 'notice_ended', end_escalations.cause);
	perform ticket_workflow.write_journal(ended.ticket_id, 'escalation_ended', 'C4',
		jsonb_build_object('clock', ended.clock, 'levels', ended.levels, 'cause', end_escalations.cause),
		end_escalations.at, by_system => true);
end
$$;
comment on function ticket_workflow.end_escalations(bigint, text, timestamptz) is
	'Ends the escalations of a clock that stopped, and tells those who had been told (C4)';

-- A report sent back, or a fact found void: the clock runs on as if it had never stopped (C2). Its levels
-- are not raised anew, each fires once; the ones that stand become open again.
create or replace function ticket_workflow.reopen_escalations(clock_id bigint, cause text, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	open record;
begin
	with reopened as (
		update ticket_workflow.escalation e
			set ended_at = null, end_cause = null
			where e.clock_id = reopen_escalations.clock_id and e.ended_at is not null
				-- passed before an import, never raised
				and e.end_cause <> 'imported'
			returning e.ticket_id, e.clock, e.level
	)
	select min(r.ticket_id) as ticket_id, min(r.clock) as clock, array_agg(r.level order by r.level) as levels
		into open from reopened r;
	if open.ticket_id is null then
		return;
	end if;
	perform ticket_workflow.tell_again(reopen_escalations.clock_id, open.levels, 'notice_reopened', reopen_escalations.cause);
	-- what was withdrawn unsent is to be sent after all
	update ticket_workflow.notice n
		set closed_at = null, close_reason = null
		from ticket_workflow.escalation e
		where e.clock_id = reopen_escalations.clock_id and e.level = any (open.levels)
			and n.escalation_id = e.escalation_id and n.close_reason = 'cause_ended' and n.attempts = 0;
	perform ticket_workflow.write_journal(open.ticket_id, 'escalation_reopened', 'C2',
		jsonb_build_object('clock', open.clock, 'levels', open.levels, 'cause', reopen_escalations.cause),
		reopen_escalations.at, by_system => true);
end
$$;
comment on function ticket_workflow.reopen_escalations(bigint, text, timestamptz) is
	'Opens the ended escalations of a clock that runs again, and tells those who had been told';

-- The first who acknowledges has it; what later ones say stands in the journal.
create or replace function ticket_workflow.acknowledge_escalation(escalation_id bigint, note text default null)
	returns ticket_workflow.escalation
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	e ticket_workflow.escalation;
	t ticket_workflow.ticket;
begin
	select * into e from ticket_workflow.escalation r where r.escalation_id = acknowledge_escalation.escalation_id;
	select * into t from ticket_workflow.ticket r where r.ticket_id = e.ticket_id;
	-- one that the caller may not see answers as if it did not exist
	if t.ticket_id is null or not ticket_workflow.may_see(t) then
		perform ticket_workflow.fail('unknown_row', null, 'escalation', acknowledge_escalation.escalation_id::text);
	end if;
	perform ticket_workflow.optional_text(acknowledge_escalation.note, 'note');
	perform ticket_workflow.begin_act(e.ticket_id, 'acknowledge_escalation');
	perform ticket_workflow.require_actor();

	update ticket_workflow.escalation r
		set acknowledged_at = coalesce(r.acknowledged_at, ticket_workflow.now()),
			acknowledge_note = case when r.acknowledged_at is null then acknowledge_escalation.note else r.acknowledge_note end,
			acknowledged_by = coalesce(r.acknowledged_by, ticket_workflow.actor())
		where r.escalation_id = acknowledge_escalation.escalation_id
		returning r.* into e;
	perform ticket_workflow.write_journal(e.ticket_id, 'escalation_acknowledged', '3.3',
		jsonb_build_object('escalation_id', e.escalation_id, 'clock', e.clock, 'level', e.level));
	return e;
end
$$;
comment on function ticket_workflow.acknowledge_escalation(bigint, text) is
	'An official takes an escalation on, with a note; the first one stands in the escalation, every one in the journal';
