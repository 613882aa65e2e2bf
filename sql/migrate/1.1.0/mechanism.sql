-- What the mechanisms of chapter three ask of the tables of 1.0.0.

create index clock_late on ticket_workflow.clock (center_id, stopped_at) where status = 'late';
