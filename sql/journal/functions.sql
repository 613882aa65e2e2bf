-- Writing and verifying the journal.
-- May touch: journal.

create or replace function ticket_workflow.journal_hash(version smallint, ticket_id bigint, seq integer,
		occurred_at timestamptz, recorded_at timestamptz, actor text, caller text, session_role text,
		kind text, clause text, from_state text, to_state text, details jsonb, previous bytea) returns bytea
	language c immutable parallel safe as 'MODULE_PATHNAME', 'tw_sql_journal_hash';
comment on function ticket_workflow.journal_hash(smallint, bigint, integer, timestamptz, timestamptz, text, text, text, text, text, text, text, jsonb, bytea) is
	'SHA-256 over the canonical bytes of a journal row and the hash of the row before it; independent of TimeZone and DateStyle';

-- The ticket row is locked by whoever changes the ticket, so the last row stays the last.
create or replace function ticket_workflow.write_journal(ticket_id bigint, kind text, clause text,
		details jsonb default '{}', occurred_at timestamptz default null,
		from_state text default null, to_state text default null, by_system boolean default false) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	recorded constant timestamptz := ticket_workflow.now();
	happened constant timestamptz := coalesce(write_journal.occurred_at, recorded);
	-- deemed acceptance and escalation have no author, whoever's call they came to light in
	author constant text := case when not write_journal.by_system then ticket_workflow.actor() end;
	asked_by constant text := ticket_workflow.caller();
	noted constant jsonb := coalesce(write_journal.details, '{}');
	written integer;
begin
	insert into ticket_workflow.journal (center_id, ticket_id, seq, occurred_at, recorded_at, actor, caller, session_role,
			kind, clause, from_state, to_state, details, version, hash)
		select ticket_workflow.center_of(write_journal.ticket_id), write_journal.ticket_id, n.seq, happened, recorded, author, asked_by,
			session_user, write_journal.kind, write_journal.clause, write_journal.from_state, write_journal.to_state, noted, 1::smallint,
			ticket_workflow.journal_hash(1::smallint, write_journal.ticket_id, n.seq, happened, recorded, author, asked_by,
				session_user, write_journal.kind, write_journal.clause, write_journal.from_state, write_journal.to_state, noted, n.previous)
		from (values (1)) one
			left join lateral (
				select j.seq, j.hash from ticket_workflow.journal j
				where j.ticket_id = write_journal.ticket_id order by j.seq desc limit 1) last on true
			cross join lateral (select coalesce(last.seq, 0) + 1 as seq, last.hash as previous) n
		returning seq into written;
	return written;
end
$$;
comment on function ticket_workflow.write_journal(bigint, text, text, jsonb, timestamptz, text, text, boolean) is
	'Adds a row to the journal of a ticket that the caller has locked; details never hold personal data';

-- The same for many tickets at once, one entry each: a sweep and a recomputation would else spend their time here.
create or replace function ticket_workflow.write_journals(ticket_ids bigint[], kind text, clauses text[], details jsonb[],
		occurred_at timestamptz[]) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	insert into ticket_workflow.journal (center_id, ticket_id, seq, occurred_at, recorded_at, actor, caller, session_role,
			kind, clause, from_state, to_state, details, version, hash)
		select ticket_workflow.center_of(g.ticket_id), g.ticket_id, coalesce(last.seq, 0) + 1, g.occurred_at, n.at, null, n.caller,
			session_user, write_journals.kind, g.clause, null, null, g.details, 1::smallint,
			ticket_workflow.journal_hash(1::smallint, g.ticket_id, coalesce(last.seq, 0) + 1, g.occurred_at, n.at, null, n.caller,
				session_user, write_journals.kind, g.clause, null, null, g.details, last.hash)
		from unnest(write_journals.ticket_ids, write_journals.clauses, write_journals.details, write_journals.occurred_at)
				as g (ticket_id, clause, details, occurred_at)
			cross join (select ticket_workflow.now() as at, ticket_workflow.caller()::text as caller) n
			left join lateral (
				select j.seq, j.hash from ticket_workflow.journal j
				where j.ticket_id = g.ticket_id order by j.seq desc limit 1) last on true;
end
$$;
comment on function ticket_workflow.write_journals(bigint[], text, text[], jsonb[], timestamptz[]) is
	'Adds one entry without an author to the journal of each of these tickets, which the caller has locked';

-- An auditor of one center verifies that one.
create or replace function ticket_workflow.audited_centers(center text default null) returns bigint[]
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	theirs constant bigint[] := ticket_workflow.granted_centers('{auditor}');
	wanted bigint;
begin
	if audited_centers.center is null then
		return theirs;
	end if;
	select c.center_id into wanted from ticket_workflow.center c where c.code = audited_centers.center and c.center_id = any (theirs);
	if wanted is null then
		perform ticket_workflow.fail('unknown_row', null, 'center', left(audited_centers.center, 60));
	end if;
	return array[wanted];
end
$$;
comment on function ticket_workflow.audited_centers(text) is
	'The centers that the caller audits, or the one of this code among them; TW006 for another';

-- Set-based, in the order of the primary key: the chains of millions of rows in one pass.
create or replace function ticket_workflow.verify_journals(since timestamptz default '-infinity', until timestamptz default 'infinity')
	returns table (ticket_id bigint, seq integer, problem text)
	language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
	-- the first broken link of each ticket that has a row recorded in the span
	select distinct on (broken.ticket_id) broken.ticket_id, broken.seq, broken.problem
	from (
		select j.ticket_id, j.seq,
			case
				when j.seq <> row_number() over chain then 'gap'
				when j.center_id <> ticket_workflow.center_of(j.ticket_id)
					or j.hash <> ticket_workflow.journal_hash(j.version, j.ticket_id, j.seq, j.occurred_at, j.recorded_at,
						j.actor, j.caller, j.session_role, j.kind, j.clause, j.from_state, j.to_state, j.details,
						lag(j.hash) over chain) then 'hash'
			end as problem
		from ticket_workflow.journal j
		-- by the key, which the hash covers
		where ticket_workflow.center_of(j.ticket_id) = any ((select ticket_workflow.audited_centers())::bigint[])
			and (verify_journals.since = '-infinity' and verify_journals.until = 'infinity'
				or j.ticket_id in (
					select touched.ticket_id from ticket_workflow.journal touched
					where touched.recorded_at >= verify_journals.since and touched.recorded_at <= verify_journals.until))
		window chain as (partition by j.ticket_id order by j.seq)
	) broken
	where broken.problem is not null
	order by broken.ticket_id, broken.seq;
end;
comment on function ticket_workflow.verify_journals(timestamptz, timestamptz) is
	'First broken link of each ticket with entries recorded in the span, of the centers that the caller audits: gap (a row is missing) or hash (a row was changed)';

create or replace function ticket_workflow.verify_journal(ticket_id bigint)
	returns table (seq integer, problem text)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	entry ticket_workflow.journal;
	previous bytea;
	expected integer := 0;
begin
	-- what the caller does not audit does not exist
	if not exists (select from ticket_workflow.ticket t where t.ticket_id = verify_journal.ticket_id)
		or ticket_workflow.center_of(verify_journal.ticket_id) <> all (ticket_workflow.audited_centers()) then
		perform ticket_workflow.fail('unknown_row', null, 'ticket', verify_journal.ticket_id::text);
	end if;
	for entry in
		select * from ticket_workflow.journal j where j.ticket_id = verify_journal.ticket_id order by j.seq
	loop
		expected := expected + 1;
		if entry.seq <> expected then
			return query select entry.seq, 'gap'::text;
			return;
		end if;
		if entry.center_id <> ticket_workflow.center_of(entry.ticket_id)
			or entry.hash <> ticket_workflow.journal_hash(entry.version, entry.ticket_id, entry.seq, entry.occurred_at,
				entry.recorded_at, entry.actor, entry.caller, entry.session_role, entry.kind, entry.clause,
				entry.from_state, entry.to_state, entry.details, previous) then
			return query select entry.seq, 'hash'::text;
			return;
		end if;
		previous := entry.hash;
	end loop;
	if expected = 0 then
		-- its receipt is in the journal of every ticket
		return query select 1, 'gap'::text;
	end if;
end
$$;
comment on function ticket_workflow.verify_journal(bigint) is
	'First broken link in a ticket''s journal: gap (a row is missing) or hash (a row was changed); no row when it is whole. A cut-off end shows against the seals (verify_seals). Errors: TW006';
