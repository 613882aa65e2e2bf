-- Ends every install and update: each data table and sequence is registered for pg_dump,
-- each product table guarded. What is neither named a product table here nor ...
-- May touch: pg_extension.extconfig, triggers of product tables, replica identity of data tables.

do $dump$
declare
	-- filled by the script, replaced by updates, not dumped
	product constant text[] := array['message', 'clause', 'label', 'position', 'ticket_state', 'ticket_transition',
		'clock_kind', 'clock_carrier', 'clock_event', 'shipped_document', 'function_capability', 'relation_capability'];
	member record;
begin
	for member in
		select c.oid::pg_catalog.regclass as relation, c.relkind, c.relname
		from pg_catalog.pg_depend d
			join pg_catalog.pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
			join pg_catalog.pg_class c on c.oid = d.objid
		where d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.deptype = 'e'
			and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and c.relkind in ('r', 'S')
	loop
		if member.relname <> all (product) then
			perform pg_catalog.pg_extension_config_dump(member.relation, '');
			-- without a key its whole row is what logical replication finds it by; else a publication would refuse its UPDATEs
			if member.relkind = 'r' and not exists (select from pg_catalog.pg_index i
					where i.indrelid operator(pg_catalog.=) member.relation and i.indisprimary) then
				execute pg_catalog.format('alter table %s replica identity full', member.relation);
			end if;
		else
			execute pg_catalog.format(
				'create or replace trigger refuse_product_change before insert or update or delete or truncate on %s '
				'for each statement execute function ticket_workflow.refuse_product_change()', member.relation);
		end if;
	end loop;
end
$dump$;
