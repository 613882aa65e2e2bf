-- Product rows of the subject: the states of a ticket and the allowed changes between them.
-- An update empties the tables and runs this again.
-- May touch: ticket_state, ticket_transition.

insert into ticket_workflow.ticket_state values
	('received', 1, true, false), ('dispatched', 2, true, false), ('accepted', 3, true, false),
	('return_requested', 4, true, false), ('reported', 5, true, false), ('rework', 6, true, false),
	('completed', 7, false, false), ('closed', 8, false, false), ('transferred', 9, false, true),
	('withdrawn', 10, false, true), ('merged', 11, false, true);

insert into ticket_workflow.ticket_transition values
	('received', 'dispatched', 'dispatch', 'dispatched', false, '2.1'),
	('received', 'transferred', 'transfer', 'transferred', true, '2.2.1'),
	('received', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('received', 'merged', 'merge', 'merged', false, '2.3.6'),
	('dispatched', 'accepted', 'accept', 'accepted', false, '2.3.2.2'),
	('dispatched', 'return_requested', 'request_return', 'return_requested', false, '2.2'),
	('dispatched', 'received', 'recall', 'recalled', true, '2.1'),
	('dispatched', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('dispatched', 'merged', 'merge', 'merged', false, '2.3.6'),
	('accepted', 'return_requested', 'request_return', 'return_requested', false, '2.2'),
	('accepted', 'received', 'recall', 'recalled', true, '2.1'),
	('accepted', 'reported', 'submit_report', 'report_submitted', false, '2.3.3'),
	('accepted', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('accepted', 'merged', 'merge', 'merged', false, '2.3.6'),
	('return_requested', 'received', 'grant_return', 'return_granted', false, '2.2'),
	('return_requested', 'transferred', 'grant_return', 'transferred', false, '2.2'),
	('return_requested', 'accepted', 'refuse_return', 'return_refused', true, '2.2'),
	('return_requested', 'accepted', 'withdraw_return', 'return_withdrawn', false, '2.2'),
	('return_requested', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('reported', 'completed', 'pass_report', 'report_passed', false, '2.3.3'),
	('reported', 'rework', 'send_back_report', 'report_sent_back', false, '2.3.3.3'),
	('reported', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('rework', 'reported', 'submit_report', 'report_submitted', false, '2.3.3'),
	('rework', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('rework', 'merged', 'merge', 'merged', false, '2.3.6'),
	('completed', 'closed', 'close', 'closed', false, '2.3.3'),
	('completed', 'rework', 'reopen', 'reopened', true, '2.3.5'),
	('closed', 'rework', 'reopen', 'reopened', true, '2.3.5');
