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
		-- each id column whose table has a sequence named after it
		select i.indrelid::regclass::text as relation, a.attname as column_name, s.oid::regclass::text as sequence
		from pg_index i
			join pg_class r on r.oid = i.indrelid and r.relnamespace = 'ticket_workflow'::regnamespace
			join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
			join pg_class s on s.relnamespace = r.relnamespace and s.relkind = 'S'
				and s.relname = regexp_replace(a.attname, '_id$', '_seq')
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
		and not t.imported
	union all
	select 'journal_' || v.problem, v.ticket_id, v.seq::text
	from ticket_workflow.verify_journals() v
	union all
	select 'round_without_decision', t.ticket_id, t.dispatch_round::text
	from ticket_workflow.ticket t
	where not t.imported and t.dispatch_round <> (
		select count(*) from ticket_workflow.dispatch_decision d where d.ticket_id = t.ticket_id)
	union all
	select 'report_missing', t.ticket_id, t.state
	from ticket_workflow.ticket t
	where t.state in ('reported', 'completed', 'closed') and not t.imported and not exists (
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
	select b.problem, b.id, b.detail from ticket_workflow.broken_references() b
	union all
	select s.problem, s.id, s.detail from ticket_workflow.lagging_sequences() s;
end;
comment on function ticket_workflow.check_integrity() is
	'What does not hold of the stored rows: clocks against states, journals, rounds, references, sequences. No row when all is well; run it after a restore';
