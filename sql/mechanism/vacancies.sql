-- Posts that somebody must hold: what escalations, signatures and acts of the rulebook in force ask for.
-- May touch: nothing.

-- As act_right, escalation_recipient and approval_rule name them. An act is asked for where it needs exactly
-- this position: one that several may perform is not missed as long as one of them is there.
create or replace function ticket_workflow.needed_posts(rulebook text)
	returns table (relation text, "position" text, needed_by text[])
	language sql stable rows 20
begin atomic
	select n.relation, n."position", array_agg(distinct n.needed_by order by n.needed_by)
	from (
		select r.relation, r."position", 'escalation' as needed_by
			from ticket_workflow.escalation_recipient r where r.rulebook = needed_posts.rulebook
		union all
		select a.relation, a."position", 'approval'
			from ticket_workflow.approval_rule a where a.rulebook = needed_posts.rulebook
		union all
		select min(a.relation), min(a."position"), 'act'
			from ticket_workflow.act_right a where a.rulebook = needed_posts.rulebook
			group by a.act having count(*) = 1
	) n
	-- a turn of duty is not a post, and who assists is one of the departments
	where n.relation in ('lead', 'area', 'center', 'inspection')
	group by n.relation, n."position";
end;
comment on function ticket_workflow.needed_posts(text) is
	'Positions, by their relation to a ticket, that escalations, approvals or acts of a rulebook need, and which of these';
