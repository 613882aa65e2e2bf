-- 1.1.0: the events of a ticket start and end all their clocks in one statement each.

drop function ticket_workflow.start_clock(ticket_workflow.ticket, text, timestamptz);
drop function ticket_workflow.stop_clock(ticket_workflow.clock, timestamptz, text);
drop function ticket_workflow.apply_event(ticket_workflow.ticket, text, timestamptz);
drop function ticket_workflow.find_limit(ticket_workflow.ticket, text, timestamptz, text);
drop function ticket_workflow.settle_fact_clocks(bigint);
drop function ticket_workflow.clock_fact_time(ticket_workflow.ticket, text);
