-- Loading, copying and reading rulebooks.
-- May touch: the tables of sql/rulebook and, through load_calendar(), the calendars a rulebook counts by.

-- Tables whose rows make up a rulebook, in the order of their keys. A room that adds one adds it here.
create or replace function ticket_workflow.rulebook_tables() returns text[]
	language sql immutable parallel safe
	return array['rulebook_setting', 'clock_limit', 'escalation_level', 'escalation_recipient', 'act_right',
		'approval_rule', 'finding_option', 'finding_relation', 'required_evidence', 'phrase', 'dispatch_order', 'dispatch_word', 'rate_weight',
		'notice_rule', 'notice_channel', 'notice_template',
		'periodic_duty', 'periodic_duty_attendee', 'accountability_rule'];
comment on function ticket_workflow.rulebook_tables() is 'Tables whose rows make up a rulebook, parents first';

create or replace function ticket_workflow.load_rulebook(name text, center text default null, since date default '2000-01-01',
		document jsonb default null)
	returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	content jsonb := load_rulebook.document;
	subject text;
begin
	perform ticket_workflow.require_capability('manager', null);
	perform ticket_workflow.require_text(load_rulebook.name, 'name', 60);
	if jsonb_typeof(load_rulebook.document) <> 'object' then
		perform ticket_workflow.fail('document_object', null, 'document');
	end if;
	if content is null then
		select d.document into content
			from ticket_workflow.shipped_document d
			where d.kind = 'rulebook' and d.name = load_rulebook.name;
		if content is null then
			perform ticket_workflow.fail('unknown_rulebook', null, left(load_rulebook.name, 60), (
				select string_agg(d.name, ', ') from ticket_workflow.shipped_document d where d.kind = 'rulebook'));
		end if;
		perform ticket_workflow.load_calendar('cn_shanghai');
	end if;

	if not exists (select from ticket_workflow.rulebook r where r.rulebook = load_rulebook.name) then
		if jsonb_typeof(content) <> 'object' or exists (
				select from jsonb_object_keys(content) k where k <> 'rulebook' and k <> all (ticket_workflow.rulebook_tables())) then
			perform ticket_workflow.fail('rulebook_unreadable', null, (
				select string_agg(k, ', ') from jsonb_object_keys(content) k
				where k <> 'rulebook' and k <> all (ticket_workflow.rulebook_tables())), array_to_string(ticket_workflow.rulebook_tables(), ', '));
		end if;
		insert into ticket_workflow.rulebook
			select load_rulebook.name, coalesce(r.title, load_rulebook.name), r.source, ticket_workflow.now()
			from (select content #>> '{rulebook,0,title}' as title, content #>> '{rulebook,0,source}' as source) r;
		foreach subject in array ticket_workflow.rulebook_tables() loop
			begin
				execute format('insert into ticket_workflow.%1$I
					select filled.* from jsonb_array_elements($1) as given (row),
						jsonb_populate_record(null::ticket_workflow.%1$I, given.row || jsonb_build_object(''rulebook'', $2)) as filled', subject)
					using coalesce(content -> subject, '[]'), load_rulebook.name;
			exception when data_exception or integrity_constraint_violation then
				perform ticket_workflow.fail('rulebook_row_unreadable', null, subject, sqlerrm);
			end;
		end loop;
		perform ticket_workflow.check_escalation_rules(load_rulebook.name);
	elsif load_rulebook.document is not null then
		-- tickets keep the rulebook under which they came: a changed one takes a new name
		perform ticket_workflow.fail('rulebook_exists', null, load_rulebook.name);
	end if;

	if load_rulebook.center is not null then
		perform ticket_workflow.put_in_force(load_rulebook.center, load_rulebook.name, load_rulebook.since);
	end if;
	return load_rulebook.name;
end
$$;
comment on function ticket_workflow.load_rulebook(text, text, date, jsonb) is
	'Loads a shipped rulebook, or the document given, with the calendars it needs; with a center it is in force there from since on. Loading a loaded one again changes nothing. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.put_in_force(center text, rulebook text, since date) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home bigint;
	from_day constant date := put_in_force.since;
begin
	home := ticket_workflow.center_id_of(put_in_force.center);
	perform ticket_workflow.require_capability('manager', home);
	if not exists (select from ticket_workflow.rulebook r where r.rulebook = put_in_force.rulebook) then
		perform ticket_workflow.fail('unknown_rulebook', null, left(put_in_force.rulebook, 60), (
			select string_agg(r.rulebook, ', ') from ticket_workflow.rulebook r));
	end if;
	if from_day is null or home is null then
		perform ticket_workflow.fail('text_missing', null, 'center, since');
	end if;
	perform ticket_workflow.require_day(from_day, 'since');
	if exists (select from ticket_workflow.center_rulebook r
			where r.center_id = home and r.rulebook = put_in_force.rulebook and r.valid @> from_day) then
		return;
	end if;
	-- what was in force ends the day before; what was to come later is set aside
	delete from ticket_workflow.center_rulebook r where r.center_id = home and lower(r.valid) >= from_day;
	update ticket_workflow.center_rulebook r
		set valid = daterange(lower(r.valid), from_day)
		where r.center_id = home and r.valid @> from_day;
	insert into ticket_workflow.center_rulebook values (home, put_in_force.rulebook, daterange(from_day, null));
end
$$;
comment on function ticket_workflow.put_in_force(text, text, date) is
	'Lets a center follow a rulebook from a day on; tickets received before keep theirs. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.copy_rulebook(source text, target text, title text default null) returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	subject text;
begin
	perform ticket_workflow.require_capability('manager', null);
	perform ticket_workflow.require_text(copy_rulebook.target, 'target', 60);
	-- not the half of a change that somebody is making (require_rulebook())
	perform from ticket_workflow.rulebook r where r.rulebook = copy_rulebook.source for share;
	if not found then
		perform ticket_workflow.fail('unknown_rulebook', null, left(copy_rulebook.source, 60), (
			select string_agg(r.rulebook, ', ') from ticket_workflow.rulebook r));
	end if;
	if exists (select from ticket_workflow.rulebook r where r.rulebook = copy_rulebook.target) then
		perform ticket_workflow.fail('rulebook_exists', null, copy_rulebook.target);
	end if;
	insert into ticket_workflow.rulebook
		select copy_rulebook.target, coalesce(copy_rulebook.title, r.title), r.source, ticket_workflow.now()
		from ticket_workflow.rulebook r where r.rulebook = copy_rulebook.source;
	foreach subject in array ticket_workflow.rulebook_tables() loop
		execute format('insert into ticket_workflow.%1$I
			select filled.* from ticket_workflow.%1$I r,
				jsonb_populate_record(null::ticket_workflow.%1$I, to_jsonb(r) || jsonb_build_object(''rulebook'', $2)) as filled
			where r.rulebook = $1', subject)
			using copy_rulebook.source, copy_rulebook.target;
	end loop;
	return copy_rulebook.target;
end
$$;
comment on function ticket_workflow.copy_rulebook(text, text, text) is
	'Copies a rulebook under a new name, to change the copy and put it in force from a day on. Errors: TW005, TW012';

create or replace function ticket_workflow.rulebook_setting(rulebook text, name text) returns text
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_rulebook_setting';
comment on function ticket_workflow.rulebook_setting(text, text) is 'A single amount or switch of a rulebook; TW012 when it is missing';

create or replace function ticket_workflow.set_rulebook_setting(rulebook text, name text, value text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.require_capability('manager', null);
	-- a new name would be read by nobody
	update ticket_workflow.rulebook_setting s
		set value = ticket_workflow.require_text(set_rulebook_setting.value, 'value', 200)
		where s.rulebook = set_rulebook_setting.rulebook and s.name = set_rulebook_setting.name;
	if not found then
		perform ticket_workflow.fail('setting_missing', null, set_rulebook_setting.name, set_rulebook_setting.rulebook);
	end if;
end
$$;
comment on function ticket_workflow.set_rulebook_setting(text, text, text) is 'Changes a single amount or switch of a rulebook. Errors: TW005, TW012';
