-- Sealing the journal day by day, and verifying seals.
-- A ticket's chain shows a change in its middle; it cannot show that its end was cut off, or that all of it was written
-- anew. A seal takes the last hash of each chain once a day; kept outside of this server it binds all that was before.
-- May touch: journal_seal.

create or replace function ticket_workflow.seal_digest(version smallint, center_id bigint, day date, previous bytea,
		ticket_ids bigint[], seqs integer[], hashes bytea[]) returns bytea
	language c immutable parallel safe as 'MODULE_PATHNAME', 'tw_sql_seal_digest';
comment on function ticket_workflow.seal_digest(smallint, bigint, date, bytea, bigint[], integer[], bytea[]) is
	'SHA-256 over the canonical bytes of a seal: version, center, day, the digest before, then ticket, number and hash of each sealed entry';

-- Entries of late transactions: an entry is recorded at the time of its statement and seen at its commit. What
-- commits after a day was sealed goes into the next seal, if it comes within three days; its chain holds it in any case.
create or replace function ticket_workflow.seal_journal(center_id bigint, day date) returns bytea
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	late constant interval := '3 days';
	last ticket_workflow.journal_seal;
	it ticket_workflow.journal_seal;
	hashes bytea[];
begin
	select * into last from ticket_workflow.journal_seal s
		where s.center_id = seal_journal.center_id order by s.day desc limit 1;
	if last.day >= seal_journal.day then
		return null;
	end if;
	-- One that was exported must be there after a crash: made again it could be another, and the exported one called replaced.
	if current_setting('synchronous_commit') = 'off' then
		perform set_config('synchronous_commit', 'on', true);
	end if;
	it.center_id := seal_journal.center_id;
	it.day := seal_journal.day;
	-- the end of a day is the next one's 00:00
	it.until := ticket_workflow.day_start(seal_journal.day + 1, ticket_workflow.ticket_calendar(seal_journal.center_id));
	it.version := 1;
	it.previous := last.digest;
	it.sealed_at := ticket_workflow.now();
	select coalesce(array_agg(h.ticket_id order by h.ticket_id), '{}'), coalesce(array_agg(h.seq order by h.ticket_id), '{}'),
			coalesce(array_agg(j.hash order by h.ticket_id), '{}')
		into it.ticket_ids, it.seqs, hashes
		from (
			select e.ticket_id, max(e.seq) as seq
			from ticket_workflow.journal e
			-- by the key: the center's tickets, whatever the column says
			where e.ticket_id >= it.center_id * 1000000000000 and e.ticket_id < (it.center_id + 1) * 1000000000000
				and e.recorded_at < it.until and e.recorded_at >= coalesce(last.until - late, '-infinity')
			group by e.ticket_id
			) h
			join ticket_workflow.journal j on j.ticket_id = h.ticket_id and j.seq = h.seq
			left join (
				select u.ticket_id, max(u.seq) as seq
				from ticket_workflow.journal_seal s, unnest(s.ticket_ids, s.seqs) u (ticket_id, seq)
				where s.center_id = it.center_id and s.until >= last.until - late - interval '1 day'
				group by u.ticket_id
			) sealed on sealed.ticket_id = h.ticket_id
		where sealed.seq is null or sealed.seq < h.seq;
	it.digest := ticket_workflow.seal_digest(it.version, it.center_id, it.day, it.previous, it.ticket_ids, it.seqs, hashes);
	insert into ticket_workflow.journal_seal values (it.*)
		-- another sweep did it
		on conflict (center_id, day) do nothing;
	return it.digest;
end
$$;
comment on function ticket_workflow.seal_journal(bigint, date) is
	'Seals the journal of a center for a local day; NULL when that day or a later one is sealed already';

create or replace function ticket_workflow.seal_days(center_id bigint, today date) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	first_day date;
	sealed integer := 0;
begin
	select max(s.day) + 1 into first_day from ticket_workflow.journal_seal s where s.center_id = seal_days.center_id;
	-- the first seal takes in all there is
	first_day := coalesce(first_day, seal_days.today - 1);
	while first_day < seal_days.today loop
		if ticket_workflow.seal_journal(seal_days.center_id, first_day) is not null then
			sealed := sealed + 1;
		end if;
		first_day := first_day + 1;
	end loop;
	return sealed;
end
$$;
comment on function ticket_workflow.seal_days(bigint, date) is
	'Seals each day of a center that is over and not sealed, one seal a day; what a sweep does once a day. Returns how many';

create or replace function ticket_workflow.export_seals(center text default null, since date default null, until date default null)
	returns table (center_code text, day date, entries integer, digest text, sealed_at timestamptz)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	theirs constant bigint[] := ticket_workflow.audited_centers(export_seals.center);
begin
	return query
		select c.code, s.day, cardinality(s.ticket_ids), encode(s.digest, 'hex'), s.sealed_at
		from ticket_workflow.journal_seal s join ticket_workflow.center c on c.center_id = s.center_id
		where s.center_id = any (theirs)
			and s.day >= coalesce(export_seals.since, '-infinity') and s.day <= coalesce(export_seals.until, 'infinity')
		order by c.code, s.day;
end
$$;
comment on function ticket_workflow.export_seals(text, date, date) is
	'Seals of the centers that the caller audits, to be kept elsewhere: digest as 64 hexadecimal digits. since and until are local days, both included';

-- The stored seals against the journal and against each other.
create or replace function ticket_workflow.check_seals(centers bigint[], only_day date default null)
	returns table (center_id bigint, day date, problem text, ticket_id bigint)
	language sql stable set search_path = pg_catalog, pg_temp
begin atomic
	with seal as (
		select s.*, lag(s.day) over chain as day_before, lag(s.digest) over chain as digest_before
		from ticket_workflow.journal_seal s where s.center_id = any (check_seals.centers)
		window chain as (partition by s.center_id order by s.day)
	), head as (
		select s.center_id, s.day, u.ticket_id, u.seq, j.hash
		from seal s cross join lateral unnest(s.ticket_ids, s.seqs) u (ticket_id, seq)
			left join ticket_workflow.journal j on j.ticket_id = u.ticket_id and j.seq = u.seq
		where check_seals.only_day is null or s.day = check_seals.only_day
	)
	select h.center_id, h.day, 'entry', h.ticket_id from head h where h.hash is null
	union all
	select s.center_id, s.day,
			case
				when s.day_before is distinct from s.day - 1 and s.day_before is not null then 'gap'
				when s.previous is distinct from s.digest_before then 'previous'
				else 'digest' end, null
		from seal s
			left join lateral (
				select coalesce(array_agg(h.hash order by h.ticket_id), '{}') as hashes, bool_or(h.hash is null) as broken
				from head h where h.center_id = s.center_id and h.day = s.day) found on true
		where (check_seals.only_day is null or s.day = check_seals.only_day)
			and (s.day_before is distinct from s.day - 1 and s.day_before is not null
				or s.previous is distinct from s.digest_before
				-- entries that are gone are told one by one
				or found.broken is distinct from true and s.digest <> ticket_workflow.seal_digest(s.version, s.center_id, s.day,
					s.previous, s.ticket_ids, s.seqs, found.hashes));
end;
comment on function ticket_workflow.check_seals(bigint[], date) is
	'What is wrong with the seals of these centers: entry (a sealed entry is gone), digest (a sealed entry or the seal was changed), previous (not the digest of the seal before), gap (a day between seals is missing)';

create or replace function ticket_workflow.verify_seals(center text default null)
	returns table (center_code text, day date, problem text, ticket_id bigint)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	theirs constant bigint[] := ticket_workflow.audited_centers(verify_seals.center);
begin
	return query
		select c.code, p.day, p.problem, p.ticket_id
		from ticket_workflow.check_seals(theirs) p join ticket_workflow.center c on c.center_id = p.center_id
		order by c.code, p.day, p.problem, p.ticket_id;
end
$$;
comment on function ticket_workflow.verify_seals(text) is
	'Compares every seal of the centers that the caller audits with the journal and with the seal before: entry (a sealed entry is gone), digest (an entry or the seal was changed), previous, gap (a seal is missing); no row when all is whole. Errors: TW006';

create or replace function ticket_workflow.verify_seal(center text, day date, digest text)
	returns table (problem text, ticket_id bigint)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	theirs constant bigint[] := ticket_workflow.audited_centers(ticket_workflow.require_text(verify_seal.center, 'center', 64));
	kept bytea;
	stored bytea;
begin
	if verify_seal.day is null or not isfinite(verify_seal.day) then
		perform ticket_workflow.fail('text_missing', null, 'day');
	end if;
	if coalesce(verify_seal.digest, '') !~ '^[0-9a-fA-F]{64}$' then
		perform ticket_workflow.fail('digest_form', null, 'digest');
	end if;
	kept := decode(verify_seal.digest, 'hex');
	select s.digest into stored from ticket_workflow.journal_seal s
		where s.center_id = any (theirs) and s.day = verify_seal.day;
	if not found then
		return query select 'no_seal'::text, null::bigint;
	elsif stored <> kept then
		-- all of it was written anew, or the kept digest is of another desk
		return query select 'replaced'::text, null::bigint;
	end if;
	return query
		select p.problem, p.ticket_id from ticket_workflow.check_seals(theirs, verify_seal.day) p order by 1, 2;
end
$$;
comment on function ticket_workflow.verify_seal(text, date, text) is
	'Compares a digest that was kept elsewhere with the seal of that day, and the seal with the journal: no_seal, replaced (not the digest that was kept), entry, digest, previous, gap; no row when that day is whole. Errors: TW006';
