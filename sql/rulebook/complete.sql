-- Rulebooks that were loaded before a setting, an act or a table of rows was known get the norm's, so that tickets
-- under them go on and the mechanisms work for them too. At an installation there is no rulebook yet.
-- May touch: rulebook_setting, act_right, and the rulebook tables that came later, where a rulebook has no row in them.

do $complete$
declare
	norm pg_catalog.jsonb;
	subject pg_catalog.text;
begin
	select d.document into norm
		from ticket_workflow.shipped_document d where d.kind operator(pg_catalog.=) 'rulebook' and d.name operator(pg_catalog.=) 'yichuan_2023';
	insert into ticket_workflow.rulebook_setting (rulebook, name, value, clause)
		select r.rulebook, g.row ->> 'name', g.row ->> 'value', g.row ->> 'clause'
		from ticket_workflow.rulebook r, pg_catalog.jsonb_array_elements(norm -> 'rulebook_setting') as g (row)
		where not exists (select from ticket_workflow.rulebook_setting s
			where s.rulebook operator(pg_catalog.=) r.rulebook and s.name operator(pg_catalog.=) (g.row ->> 'name'));
	insert into ticket_workflow.act_right (rulebook, act, position, relation, clause)
		select r.rulebook, g.row ->> 'act', g.row ->> 'position', g.row ->> 'relation', g.row ->> 'clause'
		from ticket_workflow.rulebook r, pg_catalog.jsonb_array_elements(norm -> 'act_right') as g (row)
		where not exists (select from ticket_workflow.act_right a
			where a.rulebook operator(pg_catalog.=) r.rulebook and a.act operator(pg_catalog.=) (g.row ->> 'act'));
	foreach subject in array array['periodic_duty', 'periodic_duty_attendee', 'accountability_rule', 'notice_rule', 'notice_channel'] loop
		execute pg_catalog.format('insert into ticket_workflow.%1$I
			select filled.* from ticket_workflow.rulebook r, pg_catalog.jsonb_array_elements($1) as given (row),
				pg_catalog.jsonb_populate_record(null::ticket_workflow.%1$I, given.row operator(pg_catalog.||) pg_catalog.jsonb_build_object(''rulebook'', r.rulebook)) as filled
			where not exists (select from ticket_workflow.%1$I x where x.rulebook operator(pg_catalog.=) r.rulebook)', subject)
			using norm -> subject;
	end loop;
end
$complete$;
