-- In an update only: empties the product tables, whose rows the fragments behind this one bring anew.
-- References from data to these rows are not asked meanwhile; verify.sql asks them at the end.
-- May touch: the rows of product tables.

-- neither the guards that refuse changes of product rows nor the references to them; ends with the script
set local session_replication_role = replica;

do $refill$
declare
	relation pg_catalog.regclass;
begin
	-- the guard marks a product table; one that this update made is empty yet
	for relation in
		select t.tgrelid from pg_catalog.pg_trigger t
		where t.tgname operator(pg_catalog.=) 'refuse_product_change'
			and t.tgfoid operator(pg_catalog.=) 'ticket_workflow.refuse_product_change()'::pg_catalog.regprocedure
	loop
		execute pg_catalog.format('delete from %s', relation);
	end loop;
end
$refill$;
