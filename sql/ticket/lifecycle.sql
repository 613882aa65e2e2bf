-- The lifecycle diagram, printed from the table of transitions.
-- May touch: nothing.

create or replace function ticket_workflow.lifecycle_diagram(format text default 'mermaid') returns text
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
	if lifecycle_diagram.format = 'mermaid' then
		return E'stateDiagram-v2\n\t[*] --> received: receive\n' || (
			select string_agg(format(E'\t%s --> %s: %s', t.from_state, t.to_state, t.acts), E'\n' order by f.ordinal, o.ordinal)
			from (select x.from_state, x.to_state, string_agg(x.act, ' / ' order by x.act) as acts
					from ticket_workflow.ticket_transition x group by 1, 2) t
				join ticket_workflow.ticket_state f on f.state = t.from_state
				join ticket_workflow.ticket_state o on o.state = t.to_state)
			|| E'\n' || (select string_agg(format(E'\t%s --> [*]', s.state), E'\n' order by s.ordinal)
				from ticket_workflow.ticket_state s where s.terminal or s.state = 'closed') || E'\n';
	elsif lifecycle_diagram.format = 'dot' then
		return E'digraph ticket {\n\trankdir=LR;\n' || (
			select string_agg(format(E'\t%s [shape=%s];', s.state, case when s.terminal then 'doublecircle' else 'box' end), E'\n' order by s.ordinal)
			from ticket_workflow.ticket_state s) || E'\n' || (
			select string_agg(format(E'\t%s -> %s [label="%s"];', t.from_state, t.to_state, t.acts), E'\n' order by f.ordinal, o.ordinal)
			from (select x.from_state, x.to_state, string_agg(x.act, ' / ' order by x.act) as acts
					from ticket_workflow.ticket_transition x group by 1, 2) t
				join ticket_workflow.ticket_state f on f.state = t.from_state
				join ticket_workflow.ticket_state o on o.state = t.to_state) || E'\n}\n';
	end if;
	perform ticket_workflow.fail('unknown_code', null, 'format', lifecycle_diagram.format, 'mermaid, dot');
	return null;
end
$$;
comment on function ticket_workflow.lifecycle_diagram(text) is 'The states and allowed transitions as a Mermaid or DOT diagram';
