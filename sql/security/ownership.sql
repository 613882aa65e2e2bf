-- Ends every install and update: one owner, nothing for PUBLIC.
-- May touch: owners and privileges of the extension's members, nothing else.

do $ownership$
declare
	member record;
begin
	for member in
		select d.classid, d.objid, pg_catalog.pg_describe_object(d.classid, d.objid, 0) as description,
			case d.classid
				when 'pg_catalog.pg_class'::pg_catalog.regclass then
					case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end
				when 'pg_catalog.pg_proc'::pg_catalog.regclass then 'routine'
				when 'pg_catalog.pg_type'::pg_catalog.regclass then 'type'
			end as kind,
			case d.classid
				when 'pg_catalog.pg_class'::pg_catalog.regclass then d.objid::pg_catalog.regclass::text
				when 'pg_catalog.pg_proc'::pg_catalog.regclass then d.objid::pg_catalog.regprocedure::text
				when 'pg_catalog.pg_type'::pg_catalog.regclass then d.objid::pg_catalog.regtype::text
			end as name
		from pg_catalog.pg_depend d
			join pg_catalog.pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
			left join pg_catalog.pg_class c on c.oid = d.objid and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
			left join pg_catalog.pg_type t on t.oid = d.objid and d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
		where d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.deptype = 'e'
			-- a table's row type and an array follow their table and element
			and (t.oid is null or t.typtype in ('d', 'e') or t.typtype = 'c' and
				exists (select from pg_catalog.pg_class r where r.oid = t.typrelid and r.relkind = 'c'))
	loop
		if member.kind is null then
			continue;
		end if;
		execute pg_catalog.format('alter %s %s owner to ticket_workflow_owner', member.kind, member.name);
		execute pg_catalog.format('revoke all on %s %s from public',
			case member.kind when 'view' then 'table' else member.kind end, member.name);
	end loop;
end
$ownership$;
