-- Product tables refuse changes: an update of the extension replaces them.
-- May touch: triggers of product tables.

create or replace function ticket_workflow.refuse_product_change() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.fail('product_table', null, tg_table_name::text);
	return null;
end
$$;
comment on function ticket_workflow.refuse_product_change() is 'Trigger: product tables are changed by updates of the extension only';
