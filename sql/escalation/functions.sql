-- Escalations: a level of a clock is reached, people are told; its cause ends, they are told that too.
-- May touch: escalation, notice, journal. Whoever calls has locked the ticket.

-- Function: raise_escalation. Called by the clocks' room when a level is reached.
-- Everything is dated by reached_at, so that a late sweep leaves the rows of one that came in time (C4);
-- only noticed_at, and when a waiting digest goes out, tell the difference.
create or replace function ticket_workflow.raise_escalation(clock ticket_workflow.clock,
		level ticket_workflow.escalation_level, reached_at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c constant ticket_workflow.clock := raise_escalation.clock;
	l constant ticket_workflow.escalation_level := raise_escalation.level;
	t ticket_workflow.ticket;
	at constant timestamptz := ticket_workflow.now();
	raised bigint;
	digest boolean := false;
	told integer;
begin
	insert into ticket_workflow.escalation (escalation_id, center_id, ticket_id, clock_id, clock, level, purpose,
			due_at, reached_at, noticed_at)
		values (ticket_workflow.new_id(c.center_id, 'ticket_workflow.escalation_seq'), c.center_id, c.ticket_id, c.clock_id,
			c.clock, l.level, l.purpose, c.due_at, raise_escalation.reached_at, at)
		on conflict (clock_id, level) do nothing
		returning escalation_id into raised;
	-- each level once, ever (C4)
	if raised is null then
		return;
	end if;

	select * into strict t from ticket_workflow.ticket r where r.ticket_id = c.ticket_id;
	if l.digest then
		digest := ticket_workflow.rulebook_setting(t.rulebook, 'digest_leader_notices') = 'on';
	end if;

	with asked as (
		select r.relation || ':' || r.position as post, r.relation, r.position,
			-- a post that this ticket does not have is not vacant: no department yet, no area,
			-- and the duty roster stands in for the office on rest days only
			case r.relation
				when 'lead' then t.lead_department_id is not null
				when 'area' then t.area_id is not null
				when 'duty' then not ticket_workflow.is_working_day(
					ticket_workflow.local_day(raise_escalation.reached_at, c.calendar), c.calendar)
				else true
			end as applies
		from ticket_workflow.escalation_recipient r
		where r.rulebook = l.rulebook and r.clock = l.clock and r.level = l.level
	), told_to as (
		-- who holds two of the posts is told once; of each that nobody holds the center is told
		select distinct h.official_id, case when h.official_id is null then a.post end as post
		from asked a
			left join lateral ticket_workflow.holders_of(t, a.relation, a.position, raise_escalation.reached_at) as h (official_id) on true
		where a.applies
		union all
		select null, 'center:dispatcher'
		where exists (select from asked) and not exists (select from asked a where a.applies)
	)
	insert into ticket_workflow.notice (notice_id, center_id, ticket_id, escalation_id, recipient_id, recipient_post,
			message, args, digest, created_at, not_before)
		select ticket_workflow.new_id(c.center_id, 'ticket_workflow.notice_seq'), c.center_id, c.ticket_id, raised,
			p.official_id, p.post, 'notice_' || l.purpose, ticket_workflow.escalation_args(t, c), digest, at,
			case when digest then ticket_workflow.office_opening(at, c.calendar) else at end
		from told_to p
		order by p.official_id, p.post;
	get diagnostics told = row_count;
	if told > 0 then
		perform pg_notify('ticket_workflow_notice', c.center_id::text);
	end if;

	perform ticket_workflow.write_journal(c.ticket_id, 'escalated', l.clause,
		jsonb_build_object('escalation_id', raised, 'clock', c.clock, 'round', c.round, 'level', l.level,
			'purpose', l.purpose, 'due_at', c.due_at, 'notices', told),
		raise_escalation.reached_at, by_system => true);
end
$$;
comment on function ticket_workflow.raise_escalation(ticket_workflow.clock, ticket_workflow.escalation_level, timestamptz) is
	'Records that a level of a clock was reached and tells its recipients, in one transaction; does nothing the second time (C4)';

-- What every notice about a clock says: ticket, clock, due time, department. Never who asked, or what for.
create or replace function ticket_workflow.escalation_args(ticket ticket_workflow.ticket, clock ticket_workflow.clock) returns text[]
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return array[ticket_workflow.ticket_number(escalation_args.ticket), '@clock:' || escalation_args.clock.clock,
		ticket_workflow.local_text(escalation_args.clock.due_at, escalation_args.clock.calendar),
		coalesce(
			(select o.name from ticket_workflow.organization o
				where o.organization_id = coalesce(escalation_args.clock.department_id, escalation_args.ticket.lead_department_id)),
			(select c.name from ticket_workflow.center c where c.center_id = escalation_args.clock.center_id))];
end
$$;
comment on function ticket_workflow.escalation_args(ticket_workflow.ticket, ticket_workflow.clock) is
	'Arguments of the notices about a clock: ticket number, clock, due time, who has it in hand';

-- Tells those whom the open or just ended levels of a clock were told to, once each. Warnings are left out:
-- what was done in time needs no second message.
create or replace function ticket_workflow.tell_again(clock_id bigint, levels integer[], message text, cause text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock;
	t ticket_workflow.ticket;
begin
	select * into strict c from ticket_workflow.clock r where r.clock_id = tell_again.clock_id;
	select * into strict t from ticket_workflow.ticket r where r.ticket_id = c.ticket_id;
	perform ticket_workflow.post_notice(c.center_id, told.recipient_id, tell_again.message,
			ticket_workflow.escalation_args(t, c) || ('@end_cause:' || tell_again.cause),
			c.ticket_id, told.escalation_id, told.recipient_post, told.digest)
		from (
			select n.recipient_id, n.recipient_post, max(e.escalation_id) as escalation_id, bool_and(n.digest) as digest
			from ticket_workflow.escalation e
				join ticket_workflow.notice n on n.escalation_id = e.escalation_id and n.message = 'notice_' || e.purpose
			where e.clock_id = tell_again.clock_id and e.level = any (tell_again.levels) and e.purpose <> 'warning'
			group by n.recipient_id, n.recipient_post
			order by n.recipient_id, n.recipient_post
		) told;
end
$$;
comment on function ticket_workflow.tell_again(bigint, integer[], text, text) is
	'Posts one more notice to each who was told of these levels of a clock';

create or replace function ticket_workflow.end_escalations(clock_id bigint, cause text, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
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
			returning e.ticket_id, e.clock, e.level
	)
	select min(r.ticket_id) as ticket_id, min(r.clock) as clock, array_agg(r.level order by r.level) as levels
		into open from reopened r;
	if open.ticket_id is null then
		return;
	end if;
	perform ticket_workflow.tell_again(reopen_escalations.clock_id, open.levels, 'notice_reopened', reopen_escalations.cause);
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
