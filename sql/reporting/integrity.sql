-- What must hold of the stored rows, whatever way they came: after a restore, an update, an accident.
-- May touch: nothing.

-- Foreign keys are asked again: a restore under session_replication_role = replica does not check them.
create or replace function ticket_workflow.broken_references() returns table (problem text, id bigint, detail text)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
	reference record;
begin
	for reference in
		select k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent, k.conname,
			(select string_agg(format('c.%I', a.attname), ', ' order by u.ord)
				from unnest(k.conkey) with ordinality u (num, ord)
					join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num) as child_columns,
			(select string_agg(format('p.%I = c.%I', b.attname, a.attname), ' and ' order by u.ord)
				from unnest(k.conkey, k.confkey) with ordinality u (num, parent_num, ord)
					join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num
					join pg_attribute b on b.attrelid = k.confrelid and b.attnum = u.parent_num) as matches
		from pg_constraint k
		where k.contype = 'f' and k.connamespace = 'ticket_workflow'::regnamespace
		order by k.conname
	loop
		return query execute format(
			'select %1$L::text, null::bigint, row(%2$s)::text from %3$s c where row(%2$s) is not null and not exists (select from %4$s p where %5$s)',
			'reference_' || reference.conname, reference.child_columns, reference.child, reference.parent, reference.matches);
	end loop;
end
$$;
comment on function ticket_workflow.broken_references() is 'Rows whose foreign key leads nowhere';

-- Sequences are restored beside the rows; one that lags would give an id twice.
create or replace function ticket_workflow.lagging_sequences() returns table (problem text, id bigint, detail text)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
	key record;
	highest bigint;
	reached bigint;
begin
	for key in
		-- each id column with its sequence, which is named after it but for these; a sequence that is not found here
		-- fails a test (test/pgtap/integrity.sql)
		select i.indrelid::regclass::text as relation, a.attname as column_name, s.oid::regclass::text as sequence
		from pg_index i
			join pg_class r on r.oid = i.indrelid and r.relnamespace = 'ticket_workflow'::regnamespace
			join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
			join pg_class s on s.relnamespace = r.relnamespace and s.relkind = 'S'
				and s.relname = case
					when a.attname = 'rule_id' then 'dispatch_rule_seq'
					when r.relname = 'calendar_change' then 'calendar_version_seq'
					else regexp_replace(a.attname, '_id$', '_seq') end
		where i.indisprimary and i.indnkeyatts = 1
		order by 1
	loop
		execute format('select coalesce(max(%I %% 1000000000000), 0) from %s', key.column_name, key.relation) into highest;
		execute format('select case when is_called then last_value else last_value - 1 end from %s', key.sequence) into reached;
		if reached < highest then
			return query select 'sequence_lags'::text, highest, key.sequence;
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.lagging_sequences() is 'Sequences that stand below the highest id they gave';

-- What stands in a row beside a key: the center that the id says, and the ticket and center of the row referred to.
-- Such columns are kept for indexes and row security; they may not tell another story than the key.
create or replace function ticket_workflow.contradicting_keys() returns table (problem text, id bigint, detail text)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
	own record;
	reference record;
begin
	for own in
		-- ids of our scheme: a primary key of one column of a table with center_id; and ticket_id wherever it stands
		select r.oid::regclass::text as relation, a.attname as key_column
		from pg_class r
			join pg_attribute c on c.attrelid = r.oid and c.attname = 'center_id' and not c.attisdropped
			join pg_attribute a on a.attrelid = r.oid and a.atttypid = 'int8'::regtype and a.attname <> 'center_id' and not a.attisdropped
		where r.relnamespace = 'ticket_workflow'::regnamespace and r.relkind = 'r'
			and (a.attname = 'ticket_id' or exists (select from pg_index i
				where i.indrelid = r.oid and i.indisprimary and i.indnkeyatts = 1 and i.indkey[0] = a.attnum))
		order by 1, 2
	loop
		return query execute format(
			'select %1$L::text, c.%2$I, %3$L || c.center_id from %4$s c where c.center_id <> ticket_workflow.center_of(c.%2$I)',
			'center_contradicts_key', own.key_column, own.relation || ' ' || own.key_column || ', center ', own.relation);
	end loop;
	for reference in
		select k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent, k.conname, a.attname as child_column,
			b.attname as parent_column, same.attname as same_column
		from pg_constraint k
			join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
			join pg_attribute b on b.attrelid = k.confrelid and b.attnum = k.confkey[1]
			join pg_attribute same on same.attrelid = k.conrelid and same.attname = 'ticket_id' and not same.attisdropped
			join pg_attribute theirs on theirs.attrelid = k.confrelid and theirs.attname = same.attname and not theirs.attisdropped
		where k.contype = 'f' and k.connamespace = 'ticket_workflow'::regnamespace and array_length(k.conkey, 1) = 1
			-- another ticket is just what a link to one means
			and b.attname <> 'ticket_id'
		order by k.conname
	loop
		return query execute format(
			'select ''ticket_contradicts_reference''::text, c.ticket_id, %1$L || c.%2$I
			from %3$s c join %4$s p on p.%5$I = c.%2$I where c.ticket_id <> p.ticket_id',
			reference.child || ' ' || reference.child_column || ' ', reference.child_column, reference.child, reference.parent,
			reference.parent_column);
	end loop;
end
$$;
comment on function ticket_workflow.contradicting_keys() is
	'Rows whose center or ticket is not that of their id, or of the row they refer to';

-- A signature names what it signs by kind and number, which no foreign key can follow.
create or replace function ticket_workflow.lost_subjects() returns table (problem text, id bigint, detail text)
	language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
	select 'signature_without_subject', a.approval_id, a.subject || ' ' || a.subject_id
	from ticket_workflow.approval a
	where not case a.subject
		when 'report' then exists (select from ticket_workflow.report r where r.report_id = a.subject_id and r.ticket_id = a.ticket_id)
		when 'return' then exists (select from ticket_workflow.ticket_return r where r.return_id = a.subject_id and r.ticket_id = a.ticket_id)
		when 'extension' then exists (select from ticket_workflow.limit_extension x where x.extension_id = a.subject_id and x.ticket_id = a.ticket_id)
		when 'transfer' then a.subject_id = a.ticket_id
		-- a kind of another room's own, which that room looks after
		else true end
	union all
	select 'post_without_position', p.post_id, p.position
	from ticket_workflow.post p
	where not exists (select from ticket_workflow.position r where r.position = p.position);
end;
comment on function ticket_workflow.lost_subjects() is 'Signatures whose report, return or extension is not there; posts whose position is not';

-- Trees: a row above itself would keep their walkers busy for ever. Functions refuse it, rows that came another way are seen here.
create or replace function ticket_workflow.parent_cycles() returns table (problem text, id bigint, detail text)
	language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
	with recursive edge as (
		select 'organization_parent' as tree, p.organization_id::text as child, p.parent_id::text as parent from ticket_workflow.organization_parent p
		union all
		select 'matter_parent', p.matter_id::text, p.parent_id::text from ticket_workflow.matter_parent p
		union all
		select 'calendar_base', b.calendar, b.base from ticket_workflow.calendar_base b
	), above as (
		select e.tree, e.child as origin, e.parent from edge e
		union
		select a.tree, a.origin, e.parent from above a join edge e on e.tree = a.tree and e.child = a.parent
	)
	select 'cycle_in_' || a.tree, case when a.tree <> 'calendar_base' then a.origin::bigint end, a.origin
	from above a where a.parent = a.origin;
end;
comment on function ticket_workflow.parent_cycles() is 'Organizations, matters and calendars that stand above themselves';

create or replace function ticket_workflow.check_integrity() returns table (problem text, id bigint, detail text)
	language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
	select 'clock_not_carried' as problem, c.ticket_id as id, c.clock as detail
	from ticket_workflow.clock c
		join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
	where c.status in ('running', 'paused', 'held') and not exists (
		select from ticket_workflow.clock_carrier r where r.clock = c.clock and r.state = t.state)
	union all
	select 'clock_twice', c.ticket_id, c.clock
	from ticket_workflow.clock c
	where c.status in ('running', 'paused', 'held')
	group by c.ticket_id, c.clock having count(*) > 1
	union all
	select 'state_without_journal', t.ticket_id, t.state
	from ticket_workflow.ticket t
	where t.state is distinct from (
		select j.to_state from ticket_workflow.journal j
		where j.ticket_id = t.ticket_id and j.to_state is not null
		order by j.seq desc limit 1)
	union all
	select 'journal_' || v.problem, v.ticket_id, v.seq::text
	from ticket_workflow.verify_journals() v
	union all
	select 'round_without_decision', t.ticket_id, t.dispatch_round::text
	from ticket_workflow.ticket t
	where t.dispatch_round <> (
		select count(*) from ticket_workflow.dispatch_decision d where d.ticket_id = t.ticket_id)
	union all
	select 'report_missing', t.ticket_id, t.state
	from ticket_workflow.ticket t
	where t.state in ('reported', 'completed', 'closed') and not exists (
		select from ticket_workflow.report r
		where r.ticket_id = t.ticket_id and r.state = case t.state when 'reported' then 'submitted' else 'passed' end)
	union all
	select 'return_missing', t.ticket_id, t.state
	from ticket_workflow.ticket t
	where (t.state = 'return_requested') <> exists (
		select from ticket_workflow.ticket_return r where r.ticket_id = t.ticket_id and r.state = 'requested')
	union all
	select 'escalation_open_on_ended_clock', e.ticket_id, e.clock
	from ticket_workflow.escalation e
		join ticket_workflow.clock c on c.clock_id = e.clock_id
	where e.ended_at is null and c.status in ('met', 'late', 'cancelled')
	union all
	select 'notice_of_another_ticket', n.ticket_id, n.notice_id::text
	from ticket_workflow.notice n
		join ticket_workflow.escalation e on e.escalation_id = n.escalation_id
	where n.ticket_id is distinct from e.ticket_id
	union all
	-- these have no foreign key to ask
	select 'notice_without_ticket', n.ticket_id, n.notice_id::text
	from ticket_workflow.notice n
	where n.ticket_id is not null and not exists (select from ticket_workflow.ticket t where t.ticket_id = n.ticket_id)
	union all
	select 'escalation_contradicts_clock', e.ticket_id, e.escalation_id::text
	from ticket_workflow.escalation e
		join ticket_workflow.clock c on c.clock_id = e.clock_id
	where (e.clock, e.round) is distinct from (c.clock, c.round)
	union all
	select 'clock_never_looked_at', c.ticket_id, c.clock
	from ticket_workflow.clock c
		join ticket_workflow.clock_kind k on k.clock = c.clock
	where c.status = 'running' and c.next_at is null and (k.expires or k.due_event is not null and not c.due_done)
	union all
	select 'journal_head_missing', t.ticket_id, t.state
	from ticket_workflow.ticket t
	where not exists (select from ticket_workflow.journal j where j.ticket_id = t.ticket_id and j.seq = 1)
	union all
	select b.problem, b.id, b.detail from ticket_workflow.broken_references() b
	union all
	select k.problem, k.id, k.detail from ticket_workflow.contradicting_keys() k
	union all
	select l.problem, l.id, l.detail from ticket_workflow.lost_subjects() l
	union all
	select y.problem, y.id, y.detail from ticket_workflow.parent_cycles() y
	union all
	select s.problem, s.id, s.detail from ticket_workflow.lagging_sequences() s;
end;
comment on function ticket_workflow.check_integrity() is
	'What does not hold of the stored rows: clocks against states, journals, rounds, references, keys, trees, sequences. No row when all is well; run it after a restore';
