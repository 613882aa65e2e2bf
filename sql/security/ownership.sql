-- Ends every install and update: one owner, nothing for PUBLIC.
-- Only what is not so yet is touched: whatever a script grants or revokes, the server takes down all privileges of
-- the object as the extension's own, a DBA's grants included; dumps then lack them, and a role dropped later
-- stops pg_upgrade (P-2.8).
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
			end as name,
			coalesce(c.relowner, p.proowner, t.typowner) operator(pg_catalog.<>) o.oid as foreign_owner,
			exists (select from pg_catalog.aclexplode(case d.classid
				when 'pg_catalog.pg_class'::pg_catalog.regclass then
					coalesce(c.relacl, pg_catalog.acldefault(case c.relkind when 'S' then 's' else 'r' end::pg_catalog."char", c.relowner))
				when 'pg_catalog.pg_proc'::pg_catalog.regclass then coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))
				else coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner)) end) a
				where a.grantee operator(pg_catalog.=) 0) as public
		from pg_catalog.pg_depend d
			join pg_catalog.pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
			left join pg_catalog.pg_class c on c.oid = d.objid and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
			left join pg_catalog.pg_proc p on p.oid = d.objid and d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
			left join pg_catalog.pg_type t on t.oid = d.objid and d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
			join pg_catalog.pg_roles o on o.rolname operator(pg_catalog.=) 'ticket_workflow_owner'
		where d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.deptype = 'e'
			-- a table's row type and an array follow their table and element
			and (t.oid is null or t.typtype in ('d', 'e') or t.typtype = 'c' and
				exists (select from pg_catalog.pg_class r where r.oid = t.typrelid and r.relkind = 'c'))
	loop
		if member.kind is null then
			continue;
		end if;
		if member.foreign_owner then
			execute pg_catalog.format('alter %s %s owner to ticket_workflow_owner', member.kind, member.name);
		end if;
		if member.public then
			execute pg_catalog.format('revoke all on %s %s from public',
				case member.kind when 'view' then 'table' else member.kind end, member.name);
		end if;
	end loop;
end
$ownership$;
