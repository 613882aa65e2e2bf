-- What keeps the engine's compiled rules true. Contradictions between rules are refused by their constraints.
-- May touch: triggers of the tables that rules of dispatch are compiled from.

-- as src/dispatch_cache.c names them
select ticket_workflow.keep_cache_true(array['center', 'area', 'organization', 'matter', 'matter_parent', 'statutory_rule', 'duty',
	'exception_rule', 'area_fallback', 'organization_alias', 'committee_place', 'center_rulebook', 'dispatch_order', 'dispatch_word']);
drop function ticket_workflow.keep_cache_true(text[]);

do $guards$
declare
	member text;
begin
	-- a rule moves to no other center, and keeps what it says: it is ended, and another begins
	foreach member in array array['statutory_rule', 'duty', 'exception_rule', 'area_fallback', 'organization_alias', 'committee_place'] loop
		execute pg_catalog.format('create or replace trigger guard_fixed_columns before update on ticket_workflow.%I '
			'for each row execute function ticket_workflow.guard_fixed_columns(%s)', member,
			(select pg_catalog.string_agg(pg_catalog.quote_literal(a.attname), ', ')
				from pg_catalog.pg_attribute a
				where a.attrelid = pg_catalog.format('ticket_workflow.%I', member)::pg_catalog.regclass and a.attnum > 0
					and not a.attisdropped and a.attname <> 'valid_until'));
	end loop;
	execute 'create or replace trigger guard_fixed_columns before update on ticket_workflow.incident_ticket '
		'for each row execute function ticket_workflow.guard_fixed_columns(''incident_id'', ''ticket_id'', ''center_id'', ''linked_at'', ''linked_by'')';
	foreach member in array array['incident', 'incident_ticket'] loop
		execute pg_catalog.format('create or replace trigger refuse_history_change before delete or truncate on ticket_workflow.%I '
			'for each statement execute function ticket_workflow.refuse_history_change()', member);
	end loop;
end
$guards$;

-- each decision stays with the recommendation that stood beside it (2.1)
create or replace trigger refuse_history_change
	before update or delete or truncate on ticket_workflow.dispatch_decision
	for each statement execute function ticket_workflow.refuse_history_change();
