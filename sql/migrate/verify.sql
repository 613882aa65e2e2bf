-- In an update only, last: what refers to product rows still finds them (refill.sql did without these checks).
-- May touch: nothing.

set local session_replication_role = origin;

do $verify$
declare
	reference record;
	lost pg_catalog.text;
begin
	for reference in
		select k.conname, k.conrelid::pg_catalog.regclass as child, k.confrelid::pg_catalog.regclass as parent,
			c.attname as child_column, p.attname as parent_column
		from pg_catalog.pg_constraint k
			join pg_catalog.pg_trigger t on t.tgrelid operator(pg_catalog.=) k.confrelid
				and t.tgname operator(pg_catalog.=) 'refuse_product_change'
			join pg_catalog.pg_attribute c on c.attrelid operator(pg_catalog.=) k.conrelid
				and c.attnum operator(pg_catalog.=) k.conkey[1]
			join pg_catalog.pg_attribute p on p.attrelid operator(pg_catalog.=) k.confrelid
				and p.attnum operator(pg_catalog.=) k.confkey[1]
		where k.contype operator(pg_catalog.=) 'f'
			and k.connamespace operator(pg_catalog.=) 'ticket_workflow'::pg_catalog.regnamespace
			-- keys of product tables have one column, or are not referred to
			and pg_catalog.array_length(k.conkey, 1) operator(pg_catalog.=) 1
	loop
		execute pg_catalog.format(
			'select pg_catalog.string_agg(distinct c.%2$I::pg_catalog.text, '', '') from %1$s c'
			' where c.%2$I is not null and not exists (select from %3$s p where p.%4$I operator(pg_catalog.=) c.%2$I)',
			reference.child, reference.child_column, reference.parent, reference.parent_column) into lost;
		if lost is not null then
			raise exception '% of % is still in use, and the new version has it no more: %',
				reference.child_column, reference.child, lost
				using errcode = 'foreign_key_violation',
					hint = 'The update''s sql/migrate part must carry these rows over first.';
		end if;
	end loop;
end
$verify$;
