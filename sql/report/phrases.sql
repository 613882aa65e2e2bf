-- The text engine and the phrases it works by.
-- May touch: phrase.

create or replace function ticket_workflow.check_report_text(body text, points text default null, rulebook text default null,
		reported_on date default null, appeal text default null, category text default null,
		has_contact boolean default true, petitioner_phone text default null)
	returns table (code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text)
	language c stable parallel safe rows 5 as 'MODULE_PATHNAME', 'tw_sql_check_report_text';
comment on function ticket_workflow.check_report_text(text, text, text, date, text, text, boolean, text) is
	'Checks a completion report against the seven elements and seven prohibitions of annex 4. start_pos counts characters of body, or of body, a line break and points; NULL for what is missing. Errors: TW006, TW012';

create or replace function ticket_workflow.test_phrase(pattern text, sample text)
	returns table (start_pos integer, length integer, excerpt text)
	language c stable parallel safe rows 5 as 'MODULE_PATHNAME', 'tw_sql_test_phrase';
comment on function ticket_workflow.test_phrase(text, text) is
	'Where a pattern would be found in a text, disguises undone, before harmless words and waivers. Errors: TW006, TW012';

create or replace function ticket_workflow.check_phrase(code text, role text, pattern text, severity text, waiver text) returns void
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_check_phrase';
comment on function ticket_workflow.check_phrase(text, text, text, text, text) is
	'TW012 for a phrase the engine could not use: an unknown role, a gap without a number, a pattern without words';

create or replace function ticket_workflow.fold_text(given text) returns text
	language c immutable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_fold_text';
comment on function ticket_workflow.fold_text(text) is
	'A text as phrases are compared with it: compatibility forms and traditional characters replaced, invisible characters dropped (R1). Errors: TW006';

create or replace function ticket_workflow.fold_compatible(given text) returns text
	language c immutable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_fold_compatible';
comment on function ticket_workflow.fold_compatible(text) is
	'NFKC of each character by itself, from the engine''s own table; for the test that compares it with normalize()';

create or replace function ticket_workflow.text_similarity(a text, b text) returns real
	language c immutable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_text_similarity';
comment on function ticket_workflow.text_similarity(text, text) is
	'How alike two texts are, 0 to 1: Dice''s coefficient of their adjacent character pairs, disguises undone. Errors: TW006';

create or replace function ticket_workflow.add_phrase(rulebook text, role text, code text, pattern text,
		severity text default null, clause text default null, waiver text default null) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	judges constant boolean := add_phrase.role in ('prohibited', 'synonym', 'hollow');
begin
	perform ticket_workflow.require_capability('manager', null);
	if not exists (select from ticket_workflow.rulebook r where r.rulebook = add_phrase.rulebook) then
		perform ticket_workflow.fail('unknown_rulebook', null, left(add_phrase.rulebook, 60), (
			select string_agg(r.rulebook, ', ') from ticket_workflow.rulebook r));
	end if;
	perform ticket_workflow.require_text(add_phrase.pattern, 'pattern', 800);
	perform ticket_workflow.check_phrase(coalesce(add_phrase.code, '*'), add_phrase.role, add_phrase.pattern,
		add_phrase.severity, add_phrase.waiver);
	if add_phrase.clause is not null and not exists (
			select from ticket_workflow.clause c where c.clause = add_phrase.clause) then
		perform ticket_workflow.fail('phrase_unknown_clause', null, add_phrase.pattern, add_phrase.clause);
	end if;
	insert into ticket_workflow.phrase (rulebook, role, code, pattern, severity, clause, waiver)
		values (add_phrase.rulebook, add_phrase.role, coalesce(add_phrase.code, '*'), add_phrase.pattern, add_phrase.severity,
			case when judges then coalesce(add_phrase.clause, 'A4.2.' || substr(add_phrase.code, 2)) else add_phrase.clause end,
			add_phrase.waiver);
exception when unique_violation then
	perform ticket_workflow.fail('phrase_exists', null, add_phrase.pattern);
end
$$;
comment on function ticket_workflow.add_phrase(text, text, text, text, text, text, text) is
	'Adds a phrase to a rulebook; reports are judged by it from the next check on. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.change_phrase(rulebook text, role text, code text, pattern text,
		severity text, clause text default null, waiver text default null) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.require_capability('manager', null);
	perform ticket_workflow.check_phrase(change_phrase.code, change_phrase.role, change_phrase.pattern,
		change_phrase.severity, change_phrase.waiver);
	if change_phrase.clause is not null and not exists (
			select from ticket_workflow.clause c where c.clause = change_phrase.clause) then
		perform ticket_workflow.fail('phrase_unknown_clause', null, change_phrase.pattern, change_phrase.clause);
	end if;
	update ticket_workflow.phrase p
		set severity = change_phrase.severity, clause = coalesce(change_phrase.clause, p.clause), waiver = change_phrase.waiver
		where p.rulebook = change_phrase.rulebook and p.role = change_phrase.role and p.code = change_phrase.code
			and p.pattern = change_phrase.pattern;
	if not found then
		perform ticket_workflow.fail('phrase_missing', null, change_phrase.pattern, change_phrase.rulebook);
	end if;
end
$$;
comment on function ticket_workflow.change_phrase(text, text, text, text, text, text, text) is
	'Changes severity, clause and waiver of a phrase. Errors: TW005, TW012';

create or replace function ticket_workflow.remove_phrase(rulebook text, role text, code text, pattern text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.require_capability('manager', null);
	delete from ticket_workflow.phrase p
		where p.rulebook = remove_phrase.rulebook and p.role = remove_phrase.role and p.code = remove_phrase.code
			and p.pattern = remove_phrase.pattern;
	if not found then
		perform ticket_workflow.fail('phrase_missing', null, remove_phrase.pattern, remove_phrase.rulebook);
	end if;
end
$$;
comment on function ticket_workflow.remove_phrase(text, text, text, text) is 'Removes a phrase from a rulebook. Errors: TW005, TW012';

create or replace function ticket_workflow.raise_phrase_severity(rulebook text, code text, severity text default 'reject') returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	changed integer;
begin
	perform ticket_workflow.require_capability('manager', null);
	if raise_phrase_severity.severity is null or raise_phrase_severity.severity not in ('reject', 'review', 'advice') then
		perform ticket_workflow.fail('phrase_unknown_severity', null, '', raise_phrase_severity.severity);
	end if;
	-- the engine's word on it: P3 is never decided by the machine alone (R8)
	perform ticket_workflow.check_phrase(raise_phrase_severity.code, 'synonym', '某', raise_phrase_severity.severity, null);
	update ticket_workflow.phrase p
		set severity = raise_phrase_severity.severity
		where p.rulebook = raise_phrase_severity.rulebook and p.role = 'synonym' and p.code = raise_phrase_severity.code
			and p.severity <> raise_phrase_severity.severity;
	get diagnostics changed = row_count;
	return changed;
end
$$;
comment on function ticket_workflow.raise_phrase_severity(text, text, text) is
	'Sets the severity of all synonyms of a prohibition (review as shipped), in a center''s own copy of a rulebook; returns how many changed. Errors: TW005, TW012';

select ticket_workflow.keep_cache_true(array['phrase']);
