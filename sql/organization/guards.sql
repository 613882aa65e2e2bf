-- The organization's history stays true on every path: what was in force is ended by date,
-- never rewritten or deleted, since journals, signatures and rights of past days rest on it.
-- Guards act on UPDATE, DELETE and TRUNCATE only.
-- May touch: triggers of the tables of sql/organization, and the caches' of access_grant and rulebook_setting.

create or replace function ticket_workflow.guard_fixed_columns() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	fixed text;
begin
	-- the arguments name the columns that stay as they were inserted
	foreach fixed in array tg_argv loop
		if to_jsonb(old) -> fixed is distinct from to_jsonb(new) -> fixed then
			perform ticket_workflow.fail('fixed_column', null, tg_table_name::text, fixed);
		end if;
	end loop;
	return new;
end
$$;
comment on function ticket_workflow.guard_fixed_columns() is 'Trigger: the named columns cannot be changed (TW010)';

-- The foreign keys would refuse too, but without a word about the way out.
create or replace function ticket_workflow.guard_referenced_delete() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	reference record;
	used boolean;
begin
	for reference in
		select c.conrelid::regclass as relation, r.relname, a.attname, k.attname as key
		from pg_constraint c
			join pg_class r on r.oid = c.conrelid
			join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
			join pg_attribute k on k.attrelid = c.confrelid and k.attnum = c.confkey[1]
		where c.contype = 'f' and c.confrelid = tg_relid and cardinality(c.conkey) = 1
	loop
		execute format('select exists (select from %s where %I = $1)', reference.relation, reference.attname)
			into used using (to_jsonb(old) ->> reference.key)::bigint;
		if used then
			perform ticket_workflow.fail('referenced_row', null, tg_table_name::text, reference.relname::text);
		end if;
	end loop;
	return old;
end
$$;
comment on function ticket_workflow.guard_referenced_delete() is 'Trigger: what other rows refer to is ended by date, not deleted (TW010)';

create or replace function ticket_workflow.guard_post() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	signed date;
begin
	if tg_op = 'DELETE' then
		if old.valid_from <= ticket_workflow.today(old.center_id) then
			perform ticket_workflow.fail('begun_is_history', null, tg_table_name::text);
		end if;
		return old;
	end if;
	if new.valid_from <> old.valid_from and least(new.valid_from, old.valid_from) <= ticket_workflow.today(old.center_id) then
		perform ticket_workflow.fail('begun_is_history', null, tg_table_name::text);
	end if;
	-- a signature stands on the post its signer held that day (2.2.2)
	select max(ticket_workflow.local_day(a.signed_at, ticket_workflow.ticket_calendar(a.center_id))) into signed
		from ticket_workflow.approval a where a.post_id = old.post_id;
	if signed > new.valid_until then
		perform ticket_workflow.fail('post_signed_later', '2.2.2', old.post_id::text, signed::text);
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_post() is 'Trigger: a post that has begun is not deleted or moved, and not ended before its last signature (TW010)';

create or replace function ticket_workflow.guard_delegation() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	if old.valid_from <= ticket_workflow.today(old.center_id) and (tg_op = 'DELETE' or new.valid_from <> old.valid_from) then
		perform ticket_workflow.fail('begun_is_history', null, tg_table_name::text);
	end if;
	return case tg_op when 'DELETE' then old else new end;
end
$$;
comment on function ticket_workflow.guard_delegation() is 'Trigger: a substitution that has begun is ended, not deleted or moved (TW010)';

create or replace function ticket_workflow.guard_duty() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	if old.starts_at <= ticket_workflow.now() and (tg_op = 'DELETE' or new.starts_at <> old.starts_at) then
		perform ticket_workflow.fail('begun_is_history', null, tg_table_name::text);
	end if;
	if tg_op = 'UPDATE' and old.ends_at <= ticket_workflow.now() then
		perform ticket_workflow.fail('duty_past', null, old.duty_id::text);
	end if;
	return case tg_op when 'DELETE' then old else new end;
end
$$;
comment on function ticket_workflow.guard_duty() is 'Trigger: who was on duty is history (TW010)';

create or replace function ticket_workflow.guard_tree() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	if tg_table_name = 'matter_parent' then
		perform ticket_workflow.check_matter_parent(new.matter_id, new.parent_id);
	else
		perform ticket_workflow.check_organization_parent(new.organization_id, new.parent_id);
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_tree() is 'Trigger: an UPDATE of a parent closes no circle either (TW006)';

do $triggers$
declare
	guarded record;
begin
	for guarded in
		select * from (values
			('center', 'center_id, code', true, null),
			('area', 'area_id, center_id, code', true, null),
			('organization', 'organization_id, center_id, code, kind, valid_from', true, null),
			('official', 'official_id, center_id, code', true, null),
			('matter', 'matter_id, center_id, code', true, null),
			('post', 'post_id, center_id, official_id, organization_id, position, area_id', true, 'guard_post'),
			('delegation', 'delegation_id, center_id, post_id, substitute_id', false, 'guard_delegation'),
			('duty_roster', 'duty_id, center_id, official_id, leader_id', false, 'guard_duty')
		) as g (relation, fixed, referenced, own)
	loop
		execute pg_catalog.format('create or replace trigger guard_fixed_columns before update on ticket_workflow.%I '
			'for each row execute function ticket_workflow.guard_fixed_columns(%s)', guarded.relation, guarded.fixed);
		execute pg_catalog.format('create or replace trigger refuse_truncate before truncate on ticket_workflow.%I '
			'for each statement execute function ticket_workflow.refuse_history_change()', guarded.relation);
		if guarded.referenced then
			execute pg_catalog.format('create or replace trigger guard_referenced_delete before delete on ticket_workflow.%I '
				'for each row execute function ticket_workflow.guard_referenced_delete()', guarded.relation);
		end if;
		if guarded.own is not null then
			execute pg_catalog.format('create or replace trigger guard_own before update or delete on ticket_workflow.%I '
				'for each row execute function ticket_workflow.%I()', guarded.relation, guarded.own);
		end if;
	end loop;
	for guarded in select relation from (values ('organization_parent'), ('matter_parent')) as g (relation)
	loop
		execute pg_catalog.format('create or replace trigger guard_tree before update on ticket_workflow.%I '
			'for each row execute function ticket_workflow.guard_tree()', guarded.relation);
	end loop;
end
$triggers$;

-- What src/actor.c and src/desk.c keep of these tables stays true (sql/base/cache.sql).
select ticket_workflow.keep_cache_true(array['center', 'official', 'access_grant', 'rulebook_setting']);
