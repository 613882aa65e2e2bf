-- Changing when clocks speak up, to whom, how notices are delivered and worded. What cannot be meant is refused with
-- TW012, whether it comes by these functions or with load_rulebook(): escalation_problems() is the one list of it.
-- May touch: escalation_level, escalation_recipient, notice_rule, notice_channel, notice_template; next_at of clocks.

-- Function: escalation_problems. What in a rulebook contradicts itself or could never happen.
-- Returns: rows for raise_problems(). Nothing may be judged here that a CHECK of the tables says already.
create or replace function ticket_workflow.escalation_problems(rulebook text)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
		select p.message, null::text, p.args
		from (
			select 1 as place, l.clock, l.level, 'escalation_unknown_clock' as message,
					array[l.clock, (select string_agg(k.clock, ', ' order by k.ordinal) from ticket_workflow.clock_kind k)] as args
				from ticket_workflow.escalation_level l
				where l.rulebook = escalation_problems.rulebook
					and not exists (select from ticket_workflow.clock_kind k where k.clock = l.clock)
			union all
			select 2, l.clock, l.level, 'escalation_level_number', array[l.clock, l.level::text]
				from ticket_workflow.escalation_level l
				where l.rulebook = escalation_problems.rulebook and l.level not between 1 and 99
			union all
			select 3, l.clock, l.level, 'escalation_amount', array[l.clock, l.level::text, l.amount::text]
				from ticket_workflow.escalation_level l
				where l.rulebook = escalation_problems.rulebook and l.offset_kind <> 'share'
					and (l.amount <> trunc(l.amount) or abs(l.amount) > case l.offset_kind when 'minutes' then 525600 else 250 end)
			union all
			-- a warning comes before, overdue at or after the due time
			select 4, l.clock, l.level, 'escalation_moment', array[l.clock, l.level::text, '@purpose:' || l.purpose]
				from ticket_workflow.escalation_level l
				where l.rulebook = escalation_problems.rulebook
					and (l.purpose = 'warning') <> (case l.offset_kind when 'share' then l.amount < 1 else l.amount < 0 end)
					and l.purpose <> 'notice'
			union all
			-- such a clock ends at its due time
			select 5, l.clock, l.level, 'escalation_after_end', array[l.clock, l.level::text]
				from ticket_workflow.escalation_level l
					join ticket_workflow.clock_kind k on k.clock = l.clock and k.expires
				where l.rulebook = escalation_problems.rulebook
					and case l.offset_kind when 'share' then l.amount > 1 else l.amount > 0 end
			union all
			select 6, l.clock, l.level, 'escalation_twice', array[l.clock, l.level::text, o.level::text]
				from ticket_workflow.escalation_level l
					join ticket_workflow.escalation_level o on o.rulebook = l.rulebook and o.clock = l.clock and o.level < l.level
						and o.purpose = l.purpose and (o.urgent is null or l.urgent is null or o.urgent = l.urgent)
						and (o.offset_kind = l.offset_kind and o.amount = l.amount
							-- both are the due time itself
							or (case o.offset_kind when 'share' then o.amount = 1 else o.amount = 0 end)
								and (case l.offset_kind when 'share' then l.amount = 1 else l.amount = 0 end))
				where l.rulebook = escalation_problems.rulebook
			union all
			select 7, l.clock, l.level, 'escalation_unknown_clause', array[l.clause]
				from ticket_workflow.escalation_level l
				where l.rulebook = escalation_problems.rulebook
					and not exists (select from ticket_workflow.clause c where c.clause = l.clause)
			union all
			select 8, r.clock, r.level, 'escalation_position', array[r.clock, r.level::text, r.relation, r.position]
				from ticket_workflow.escalation_recipient r
				where r.rulebook = escalation_problems.rulebook
					and not case r.relation
						when 'duty' then r.position in ('duty_officer', 'duty_leader')
						when 'inspection' then r.position = 'inspector'
						-- information officers have an area each; any other post may be for one
						else exists (select from ticket_workflow.position p where p.position = r.position and p.position <> 'inspector')
							and (r.position <> 'information_officer' or r.relation = 'area') end
			union all
			-- before dispatch nobody leads or assists
			select 9, r.clock, r.level, 'escalation_no_department', array[r.clock, r.level::text, '@relation:' || r.relation]
				from ticket_workflow.escalation_recipient r
				where r.rulebook = escalation_problems.rulebook and r.clock = 'dispatch' and r.relation in ('lead', 'assist')
			union all
			select 10, r.clock, r.level, 'escalation_urgency', array[r.clock, r.level::text]
				from ticket_workflow.escalation_recipient r
					join ticket_workflow.escalation_level l on l.rulebook = r.rulebook and l.clock = r.clock and l.level = r.level
				where r.rulebook = escalation_problems.rulebook and r.urgent <> l.urgent
			union all
			select 11, m.message, 0, 'notice_unknown', array[m.message]
				from (
					select n.message from ticket_workflow.notice_rule n where n.rulebook = escalation_problems.rulebook and n.message <> '*'
					union select c.message from ticket_workflow.notice_channel c where c.rulebook = escalation_problems.rulebook
					union select t.message from ticket_workflow.notice_template t where t.rulebook = escalation_problems.rulebook
				) m
				where m.message is not null and not exists (
					select from ticket_workflow.message k where k.key = m.message and k.key like 'notice\_%' and k.sqlstate is null)
			union all
			select 12, c.position, 0, 'notice_position', array[c.position]
				from ticket_workflow.notice_channel c
				where c.rulebook = escalation_problems.rulebook and c.position is not null
					and c.position not in ('duty_officer', 'duty_leader')
					and not exists (select from ticket_workflow.position p where p.position = c.position)
			union all
			-- %n stands for an argument that the message has; a lone % is a slip, as 100% is not
			select 13, t.message, 0, 'notice_placeholder', array[t.message, g.found[1],
					(select string_agg(distinct h[1], ' ') from regexp_matches(k.zh, '%[1-9]', 'g') h)]
				from ticket_workflow.notice_template t
					join ticket_workflow.message k on k.key = t.message,
					regexp_matches(t.template, '%[0-9]', 'g') as g (found)
				where t.rulebook = escalation_problems.rulebook and position(g.found[1] in k.zh) = 0
			union all
			select 14, t.message, 0, 'notice_template_bad', array[t.message]
				from ticket_workflow.notice_template t
				where t.rulebook = escalation_problems.rulebook
					and (btrim(t.template, E' \t\r\n　') = '' or length(t.template) > 1000
						or t.template ~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]')
		) p
		order by p.place, p.clock, p.level;
end
$$;
comment on function ticket_workflow.escalation_problems(text) is
	'What contradicts itself, or could never happen, among the levels, recipients, channels and words of a rulebook';

create or replace function ticket_workflow.check_escalation_rules(rulebook text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	problem record;
begin
	-- the first one: one that is wrong brings others along
	select p.message, p.args into problem from ticket_workflow.escalation_problems(check_escalation_rules.rulebook) p limit 1;
	if found then
		perform ticket_workflow.fail(problem.message, null, variadic array(
			select case when a like '@%:%' then ticket_workflow.label(substr(split_part(a, ':', 1), 2), split_part(a, ':', 2)) else a end
			from unnest(problem.args) with ordinality g (a, ordinal) order by g.ordinal));
	end if;
end
$$;
comment on function ticket_workflow.check_escalation_rules(text) is 'TW012 for the first of the rulebook''s escalation_problems()';

-- One change of a rulebook at a time: two that are right alone may contradict each other, and neither would see it.
-- Written and not only locked, so that under REPEATABLE READ the second fails (40001) and does not judge by old rows.
create or replace function ticket_workflow.require_rulebook(rulebook text) returns text
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.require_capability('manager', null);
	update ticket_workflow.rulebook r set loaded_at = r.loaded_at where r.rulebook = require_rulebook.rulebook;
	if not found then
		perform ticket_workflow.fail('unknown_rulebook', null, left(require_rulebook.rulebook, 60), (
			select string_agg(r.rulebook, ', ') from ticket_workflow.rulebook r));
	end if;
	return require_rulebook.rulebook;
end
$$;
comment on function ticket_workflow.require_rulebook(text) is
	'The name of a rulebook that the caller may change, which nobody else changes until he commits; TW005 without the capability manager for all centers, TW012 when there is none of that name';

-- Running clocks of the rulebook's tickets look for their next level by the changed rows. Tickets first, as everywhere.
create or replace function ticket_workflow.follow_levels(rulebook text, clock text) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	tickets bigint[];
	moved integer;
begin
	tickets := array(
		select t.ticket_id
		from ticket_workflow.ticket t
		where t.rulebook = follow_levels.rulebook and t.ticket_id in (
			select c.ticket_id from ticket_workflow.clock c where c.clock = follow_levels.clock and c.status = 'running')
		order by t.ticket_id
		for no key update);
	update ticket_workflow.clock c
		set next_at = f.next_at
		from (
			select r.clock_id, ticket_workflow.next_look(r, follow_levels.rulebook) as next_at
			from ticket_workflow.clock r
			where r.ticket_id = any (tickets) and r.clock = follow_levels.clock and r.status = 'running'
			offset 0
		) f
		where c.clock_id = f.clock_id and c.next_at is distinct from f.next_at;
	get diagnostics moved = row_count;
	return moved;
end
$$;
comment on function ticket_workflow.follow_levels(text, text) is
	'After a change of levels: when the sweep must look at the running clocks of that rulebook. Returns how many moved';

create or replace function ticket_workflow.set_escalation_level(rulebook text, clock text, level integer, offset_kind text,
		amount numeric, purpose text, clause text, digest boolean default false, urgent boolean default null,
		quiet_from time default null, quiet_until time default null) returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	l ticket_workflow.escalation_level;
begin
	l.rulebook := ticket_workflow.require_rulebook(set_escalation_level.rulebook);
	l.clock := ticket_workflow.require_code('clock', set_escalation_level.clock, 'clock');
	l.level := set_escalation_level.level;
	l.offset_kind := ticket_workflow.require_code('offset_kind', set_escalation_level.offset_kind, 'offset_kind');
	l.amount := set_escalation_level.amount;
	l.purpose := ticket_workflow.require_code('purpose', set_escalation_level.purpose, 'purpose');
	l.digest := coalesce(set_escalation_level.digest, false);
	l.clause := set_escalation_level.clause;
	l.urgent := set_escalation_level.urgent;
	l.quiet_from := set_escalation_level.quiet_from;
	l.quiet_until := set_escalation_level.quiet_until;
	insert into ticket_workflow.escalation_level values (l.*)
		on conflict (rulebook, clock, level) do update
			set offset_kind = excluded.offset_kind, amount = excluded.amount, purpose = excluded.purpose, digest = excluded.digest,
				clause = excluded.clause, urgent = excluded.urgent, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until;
	perform ticket_workflow.check_escalation_rules(l.rulebook);
	return ticket_workflow.follow_levels(l.rulebook, l.clock);
exception when check_violation or not_null_violation then
	perform ticket_workflow.fail('rulebook_row_unreadable', null, 'escalation_level', sqlerrm);
end
$$;
comment on function ticket_workflow.set_escalation_level(text, text, integer, text, numeric, text, text, boolean, boolean, time, time) is
	'Writes a level of a clock, a new one or another form of an old one; running clocks follow, what has fired stays. urgent: true for urgent tickets only. Returns how many clocks have another next look. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.remove_escalation_level(rulebook text, clock text, level integer) returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	book constant text := ticket_workflow.require_rulebook(remove_escalation_level.rulebook);
	of_clock constant text := ticket_workflow.require_code('clock', remove_escalation_level.clock, 'clock');
begin
	delete from ticket_workflow.escalation_recipient r
		where r.rulebook = book and r.clock = of_clock and r.level = remove_escalation_level.level;
	delete from ticket_workflow.escalation_level l
		where l.rulebook = book and l.clock = of_clock and l.level = remove_escalation_level.level;
	if not found then
		perform ticket_workflow.fail('escalation_level_missing', null, of_clock, remove_escalation_level.level::text);
	end if;
	return ticket_workflow.follow_levels(book, of_clock);
end
$$;
comment on function ticket_workflow.remove_escalation_level(text, text, integer) is
	'Removes a level of a clock with its recipients; what has fired stays. Returns how many clocks have another next look. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.set_escalation_recipient(rulebook text, clock text, level integer, relation text,
		"position" text, urgent boolean default null) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.escalation_recipient;
begin
	r.rulebook := ticket_workflow.require_rulebook(set_escalation_recipient.rulebook);
	r.clock := ticket_workflow.require_code('clock', set_escalation_recipient.clock, 'clock');
	r.level := set_escalation_recipient.level;
	r.relation := ticket_workflow.require_code('relation', set_escalation_recipient.relation, 'relation');
	r.position := ticket_workflow.require_code('position', set_escalation_recipient."position", 'position');
	r.urgent := set_escalation_recipient.urgent;
	if not exists (select from ticket_workflow.escalation_level l
			where l.rulebook = r.rulebook and l.clock = r.clock and l.level = r.level) then
		perform ticket_workflow.fail('escalation_level_missing', null, r.clock, set_escalation_recipient.level::text);
	end if;
	insert into ticket_workflow.escalation_recipient values (r.*)
		on conflict (rulebook, clock, level, relation, "position") do update set urgent = excluded.urgent;
	perform ticket_workflow.check_escalation_rules(r.rulebook);
end
$$;
comment on function ticket_workflow.set_escalation_recipient(text, text, integer, text, text, boolean) is
	'Adds a recipient of a level, a position in its relation to the ticket; urgent: true where he is told of urgent tickets only. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.remove_escalation_recipient(rulebook text, clock text, level integer, relation text,
		"position" text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	book constant text := ticket_workflow.require_rulebook(remove_escalation_recipient.rulebook);
	of_clock constant text := ticket_workflow.require_code('clock', remove_escalation_recipient.clock, 'clock');
begin
	delete from ticket_workflow.escalation_recipient r
		where r.rulebook = book and r.clock = of_clock and r.level = remove_escalation_recipient.level
			and r.relation = ticket_workflow.require_code('relation', remove_escalation_recipient.relation, 'relation')
			and r.position = ticket_workflow.require_code('position', remove_escalation_recipient."position", 'position');
	if not found then
		perform ticket_workflow.fail('escalation_recipient_missing', null, of_clock, remove_escalation_recipient.level::text,
			remove_escalation_recipient.relation, remove_escalation_recipient."position");
	end if;
end
$$;
comment on function ticket_workflow.remove_escalation_recipient(text, text, integer, text, text) is
	'Removes a recipient of a level. Without any, the level is raised and shown, and nobody is told. Errors: TW005, TW006, TW012';
