-- 1.1.0: what assisting departments have not done yet is found without looking at what they did.

create index ticket_assist_open on ticket_workflow.ticket_assist (center_id, due_at) where done_at is null;
