-- Product rows of the subject: the clocks of the norm (requirements, section 3), the states that carry them, and
-- what events do to them; the amounts stand in the rulebook (clock_limit). An update empties the tables and runs this again.
-- May touch: clock_kind, clock_carrier, clock_event.

insert into ticket_workflow.clock_kind values
	('dispatch', 1, 'ticket', false, false, null, false, null, '2.3.2.1'),
	('center_contact', 2, 'ticket', true, true, null, false, null, '2.3.2.1'),
	('urgent_report', 3, 'ticket', true, false, null, false, null, '2.3.2.1'),
	('urgent_completion', 4, 'ticket', true, false, null, false, null, '2.3.2.1'),
	('acceptance', 5, 'department', false, false, null, false, 'taken_over', '2.3.2.2'),
	('return_window', 6, 'department', false, false, null, true, null, '2.2.2'),
	('return_decision', 7, 'department', false, false, null, false, null, '2.2'),
	('site_visit', 8, 'department', true, false, null, false, null, '2.3.2.2'),
	('first_contact', 9, 'department', true, true, null, false, null, '2.4.1'),
	('completion', 10, 'ticket', false, false, 'urgent_completion', false, null, '2.3.2.2'),
	('review', 11, 'department', false, false, null, false, null, '2.3.3'),
	('leader_notice', 12, 'ticket', false, false, null, false, null, '3.3'),
	('principal_notice', 13, 'ticket', false, false, null, false, null, '3.3');

insert into ticket_workflow.clock_carrier
	select c.clock, s.state
	from (values
		('dispatch', '{received}'::text[]),
		('center_contact', '{received,dispatched,accepted,return_requested,reported,rework}'),
		('urgent_report', '{received,dispatched,accepted,return_requested,reported,rework}'),
		-- completed, but not yet reported to the district platform
		('urgent_completion', '{received,dispatched,accepted,return_requested,reported,rework,completed}'),
		('acceptance', '{dispatched}'),
		('return_window', '{dispatched,accepted,return_requested}'),
		('return_decision', '{return_requested}'),
		('site_visit', '{dispatched,accepted,return_requested,reported,rework}'),
		('first_contact', '{dispatched,accepted,return_requested,reported,rework}'),
		('completion', '{received,dispatched,accepted,return_requested,reported,rework}'),
		('review', '{reported}'),
		('leader_notice', '{received,dispatched,accepted,return_requested,reported,rework}'),
		('principal_notice', '{received,dispatched,accepted,return_requested,reported,rework}')
	) as c (clock, states), unnest(c.states) as s (state);

insert into ticket_workflow.clock_event values
	('received', 'dispatch', 'start', null),
	('received', 'center_contact', 'start', null),
	('received', 'urgent_report', 'start', null),
	('received', 'urgent_completion', 'start', null),
	('dispatched', 'dispatch', 'stop', null),
	('dispatched', 'acceptance', 'start', null),
	('dispatched', 'return_window', 'start', null),
	('first_dispatched', 'leader_notice', 'start', null),
	('first_dispatched', 'principal_notice', 'start', null),
	('accepted', 'acceptance', 'stop', null),
	-- accepted, or acceptance due, whichever is first
	('taken_over', 'site_visit', 'start', null),
	('taken_over', 'first_contact', 'start', null),
	('taken_over', 'completion', 'start', null),
	('return_requested', 'acceptance', 'stop', null),
	('return_requested', 'return_window', 'pause', null),
	('return_requested', 'first_contact', 'start', null),
	('return_requested', 'return_decision', 'start', null),
	-- a simple ticket is completed or returned within its limit (3.1)
	('return_requested', 'completion', 'hold', 'simple'),
	('return_refused', 'completion', 'release', 'simple'),
	('return_withdrawn', 'completion', 'release', 'simple'),
	('return_granted', 'completion', 'stop', 'simple'),
	('return_refused', 'return_decision', 'stop', null),
	('return_refused', 'return_window', 'resume', null),
	('return_withdrawn', 'return_decision', 'stop', null),
	('return_withdrawn', 'return_window', 'resume', null),
	('return_granted', 'return_decision', 'stop', null),
	('return_granted', 'dispatch', 'start', null),
	('recalled', 'dispatch', 'start', null),
	('transferred', 'dispatch', 'stop', null),
	('transferred', 'return_decision', 'stop', null),
	('report_submitted', 'return_window', 'stop', null),
	('report_submitted', 'completion', 'hold', null),
	('report_submitted', 'review', 'start', null),
	('report_sent_back', 'review', 'stop', null),
	('report_sent_back', 'completion', 'release', null),
	('report_passed', 'review', 'stop', null),
	('report_passed', 'completion', 'stop', null),
	('report_passed', 'leader_notice', 'stop', null),
	('report_passed', 'principal_notice', 'stop', null),
	('reopened', 'completion', 'start', null),
	('reopened', 'leader_notice', 'start', null),
	('reopened', 'principal_notice', 'start', null);
