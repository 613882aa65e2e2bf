-- Product rows of the subject: positions and their rank. An update empties the table and runs this again.
-- May touch: position.

insert into ticket_workflow.position values
	('inspector', 0), ('operator', 10), ('liaison', 10), ('information_officer', 10), ('dispatcher', 15),
	('head', 20), ('supervising_leader', 30), ('principal_leader', 40);
