-- Taking over an existing desk's tickets: one by one, or many with an answer for each. doc/import.md describes the document.
-- The documents are read by read.sql, history.sql and facts.sql, and written by write.sql.
-- May touch: through them ticket and what hangs on it.

-- Function: import_chunk. Reads and writes some documents. What is refused is reported as a row, or raised if strict.
-- Returns: a row for each document. An error while writing ends all of it: the callers then go one by one.
create or replace function ticket_workflow.import_chunk(center_id bigint, documents jsonb[], first_place integer, strict boolean, dry_run boolean)
	returns table (place integer, external_no text, ticket_id bigint, outcome text, error_code text, message text, detail text, hint text)
	language plpgsql rows 100 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	moment constant timestamptz := ticket_workflow.now();
	calendar constant text := ticket_workflow.ticket_calendar(import_chunk.center_id);
	zone constant text := (select k.zone from ticket_workflow.calendar k where k.code = calendar);
	one record;
	keys text[] := '{}';
	ids bigint[] := '{}';
	digests text[] := '{}';
	states text[] := '{}';
	details jsonb[] := '{}';
	tickets ticket_workflow.ticket[] := '{}';
	petitioners ticket_workflow.petitioner[] := '{}';
	clocks ticket_workflow.clock[] := '{}';
	decisions ticket_workflow.dispatch_decision[] := '{}';
	returns ticket_workflow.ticket_return[] := '{}';
	reports ticket_workflow.report[] := '{}';
	extensions ticket_workflow.limit_extension[] := '{}';
	contacts ticket_workflow.contact[] := '{}';
	visits ticket_workflow.site_visit[] := '{}';
	platform_reports ticket_workflow.platform_report[] := '{}';
	evidences ticket_workflow.evidence[] := '{}';
	merged bigint[] := '{}';
	merged_into bigint[] := '{}';
	reviews bigint[] := '{}';
	originals bigint[] := '{}';
begin
	for i in 1 .. cardinality(import_chunk.documents) loop
		place := import_chunk.first_place + i - 1;
		external_no := null;
		ticket_id := null;
		error_code := null;
		message := null;
		detail := null;
		hint := null;
		if jsonb_typeof(import_chunk.documents[i] -> 'external_no') = 'string' then
			external_no := left(import_chunk.documents[i] ->> 'external_no', 100);
		end if;
		if import_chunk.strict then
			select r.* into one from ticket_workflow.import_read(import_chunk.center_id, calendar, zone, import_chunk.documents[i], moment,
				keys, ids, digests) r;
		else
			begin
				select r.* into one from ticket_workflow.import_read(import_chunk.center_id, calendar, zone, import_chunk.documents[i], moment,
					keys, ids, digests) r;
			exception when others then
				-- the machine's trouble is not the document's
				if left(sqlstate, 2) in ('25', '40', '53', '55', '57', '58', 'XX') then
					raise;
				end if;
				get stacked diagnostics error_code = returned_sqlstate, message = message_text, detail = pg_exception_detail, hint = pg_exception_hint;
				outcome := 'refused';
				return next;
				continue;
			end;
		end if;
		if one.existing_id is not null then
			ticket_id := one.existing_id;
			outcome := 'exists';
			return next;
			continue;
		end if;
		keys := keys || one.key;
		ids := ids || (one.ticket).ticket_id;
		digests := digests || one.digest;
		ticket_id := case when not import_chunk.dry_run then (one.ticket).ticket_id end;
		outcome := case when import_chunk.dry_run then 'ready' else 'imported' end;
		return next;
		-- later documents may name it, but nothing of it will be written
		continue when import_chunk.dry_run;
		states := states || (one.ticket).state;
		details := details || one.details;
		tickets := tickets || one.ticket;
		if (one.petitioner).petitioner_id is not null then
			petitioners := petitioners || one.petitioner;
		end if;
		clocks := clocks || one.clocks;
		decisions := decisions || one.decisions;
		returns := returns || one.returns;
		reports := reports || one.reports;
		extensions := extensions || one.extensions;
		contacts := contacts || one.contacts;
		visits := visits || one.visits;
		platform_reports := platform_reports || one.platform_reports;
		evidences := evidences || one.evidences;
		if one.merged_into is not null then
			merged := merged || (one.ticket).ticket_id;
			merged_into := merged_into || one.merged_into;
		end if;
		if one.original_id is not null then
			reviews := reviews || (one.ticket).ticket_id;
			originals := originals || one.original_id;
		end if;
	end loop;
	if tickets <> '{}' then
		perform ticket_workflow.import_write(moment, ids, states, details, tickets, petitioners, clocks, decisions, returns, reports, extensions,
			contacts, visits, platform_reports, evidences, merged, merged_into, reviews, originals);
	end if;
end
$$;
comment on function ticket_workflow.import_chunk(bigint, jsonb[], integer, boolean, boolean) is
	'For import_ticket() and import_tickets(): reads some documents, writes what was not refused, a row for each';

-- Another session may store the same number at the same moment: then it is there at the second look, unless the
-- transaction's snapshot is an older one.
create or replace function ticket_workflow.import_one(center_id bigint, document jsonb, first_place integer, strict boolean, dry_run boolean)
	returns table (place integer, external_no text, ticket_id bigint, outcome text, error_code text, message text, detail text, hint text)
	language plpgsql rows 1 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	broken text;
begin
	for tries in 1 .. 2 loop
		begin
			return query select c.* from ticket_workflow.import_chunk(import_one.center_id, array[import_one.document], import_one.first_place,
				import_one.strict, import_one.dry_run) c;
			return;
		exception when unique_violation then
			get stacked diagnostics broken = constraint_name;
			if broken <> 'ticket_external' then
				raise;
			end if;
		end;
	end loop;
	perform ticket_workflow.fail('ticket_exists', null, left(import_one.document ->> 'external_no', 100),
		coalesce(import_one.document ->> 'external_round', '1'));
end
$$;
comment on function ticket_workflow.import_one(bigint, jsonb, integer, boolean, boolean) is
	'import_chunk() for one document, once more where another session stored the same number meanwhile';

create or replace function ticket_workflow.import_ticket(center text, document jsonb) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(import_ticket.center);
begin
	return (select c.ticket_id from ticket_workflow.import_one(home, import_ticket.document, 1, true, false) c);
end
$$;
comment on function ticket_workflow.import_ticket(text, jsonb) is
	'Takes over a ticket of another system with its history, from one document: no notice, nothing fires for its past, a live one runs on. The very same document again returns the same ticket_id. Errors: TW001, TW005, TW006, TW007, TW012. Design, sections 4 and 5; C4';

-- Some at a time: arrays stay short, and one that cannot be written costs the retry of few. A dry run takes all at once: what it
-- does not write is known to the documents behind it only from the same chunk.
create or replace function ticket_workflow.import_tickets(center text, documents jsonb[], dry_run boolean default false)
	returns table (place integer, external_no text, ticket_id bigint, outcome text, error_code text, message text, detail text, hint text)
	language plpgsql security definer rows 1000 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(import_tickets.center);
	most constant integer := 10000;
	trial constant boolean := coalesce(import_tickets.dry_run, false);
	size constant integer := case when trial then most else 50 end;
	-- one row of them, counted from one, however the caller built his array
	given constant jsonb[] := array(select u.document from unnest(import_tickets.documents) u (document));
	chunk jsonb[];
begin
	if cardinality(given) > most then
		perform ticket_workflow.fail('out_of_range', null, 'documents', cardinality(given)::text, '0', most::text);
	end if;
	for n in 0 .. (cardinality(given) + size - 1) / size - 1 loop
		chunk := given[n * size + 1 : (n + 1) * size];
		begin
			return query select c.* from ticket_workflow.import_chunk(home, chunk, n * size + 1, false, trial) c;
			continue;
		exception when others then
			if left(sqlstate, 2) in ('25', '40', '53', '55', '57', '58', 'XX') then
				raise;
			end if;
		end;
		-- one by one: whose fault it was
		for i in 1 .. cardinality(chunk) loop
			begin
				return query select c.* from ticket_workflow.import_one(home, chunk[i], n * size + i, false, trial) c;
			exception when others then
				if left(sqlstate, 2) in ('25', '40', '53', '55', '57', '58', 'XX') then
					raise;
				end if;
				place := n * size + i;
				external_no := left(chunk[i] ->> 'external_no', 100);
				ticket_id := null;
				outcome := 'refused';
				get stacked diagnostics error_code = returned_sqlstate, message = message_text, detail = pg_exception_detail, hint = pg_exception_hint;
				return next;
			end;
		end loop;
	end loop;
end
$$;
comment on function ticket_workflow.import_tickets(text, jsonb[], boolean) is
	'import_ticket() for up to 10,000 documents: a row for each, in their order, with its outcome (imported, exists, refused; ready in a dry run) and the error where it was refused; what is refused does not keep the others back. Errors: TW005, TW006';
