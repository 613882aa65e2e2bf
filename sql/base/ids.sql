-- Keys: center_id * 10^12 + n. Below 2^53, since center_id is at most 9006.
-- May touch: nothing.

create or replace function ticket_workflow.center_of(id bigint) returns bigint
	language sql immutable parallel safe
	return center_of.id / 1000000000000;
comment on function ticket_workflow.center_of(bigint) is 'The center a ticket, a report, a return ... belongs to';

create or replace function ticket_workflow.new_id(center_id bigint, sequence regclass) returns bigint
	language sql volatile
	return new_id.center_id * 1000000000000 + nextval(new_id.sequence);
comment on function ticket_workflow.new_id(bigint, regclass) is 'The next id of a sequence for a center';
