-- How the columns of views get their comments: for the files of meanings that follow; the last of them drops it again.
-- A column that has no meaning there gets none: a test misses it (view_contract).
-- May touch: comments of the views it is given.

create or replace function ticket_workflow.comment_columns(views text[], meaning jsonb) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	part record;
begin
	for part in
		select a.attrelid::regclass as view, a.attname::text as name,
			coalesce(comment_columns.meaning ->> (v.name || '.' || a.attname), comment_columns.meaning ->> a.attname::text,
				-- what older views have means the same in the younger ones
				(select col_description(o.attrelid, o.attnum) from pg_attribute o
					where o.attrelid in ('ticket_workflow.ticket_overview'::regclass, 'ticket_workflow.overdue_ticket'::regclass,
							'ticket_workflow.escalation_overview'::regclass)
						and o.attrelid <> a.attrelid and o.attname = a.attname
					order by o.attrelid limit 1),
				'label of ' || nullif(regexp_replace(a.attname::text, '_label$', ''), a.attname::text) || ', in the session''s language') as text
		from unnest(comment_columns.views) as v (name)
			join pg_attribute a on a.attrelid = ('ticket_workflow.' || v.name)::regclass and a.attnum > 0 and not a.attisdropped
	loop
		execute format('comment on column %s.%I is %L', part.view, part.name, part.text);
	end loop;
end
$$;
