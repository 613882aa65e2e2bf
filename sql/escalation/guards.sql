-- Escalations are never taken back: a level fires once, and that it fired stays (C4).
-- May touch: triggers of escalation.

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.escalation
	for each statement execute function ticket_workflow.refuse_history_change();
