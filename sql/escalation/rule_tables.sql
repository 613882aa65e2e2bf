-- Rules of a rulebook about notices: how long they are of use and how often they are tried, which channel, which words.
-- When a clock speaks up and to whom (escalation_level, escalation_recipient) stands in sql/rulebook/tables.sql.

create table ticket_workflow.notice_rule (
	rulebook text not null references ticket_workflow.rulebook,
	-- key of a message, * = all that have no row of their own
	message text not null,
	-- not sent after the due time of its clock, once its escalation has ended, so many minutes after it might have gone out
	until_due boolean not null,
	until_ended boolean not null,
	keep_minutes integer check (keep_minutes > 0),
	-- attempts until it is given up; the wait after the first failure, doubled with each further one up to the most
	attempts integer not null check (attempts between 1 and 100),
	retry_minutes numeric not null check (retry_minutes > 0),
	most_retry_minutes numeric not null check (most_retry_minutes >= retry_minutes),
	primary key (rulebook, message)
);
comment on table ticket_workflow.notice_rule is
	'How long notices are of use and how often their delivery is tried, by message (* = any other)';

create table ticket_workflow.notice_channel (
	rulebook text not null references ticket_workflow.rulebook,
	-- the first row whose conditions hold
	priority integer not null,
	message text,
	position text,
	urgent boolean,
	channel text not null check (channel in ('wechat', 'sms', 'phone', 'desk')),
	primary key (rulebook, priority)
);
comment on table ticket_workflow.notice_channel is
	'By which channel a notice is best sent: by message, position of the recipient and urgency of the ticket (null = any)';

create table ticket_workflow.notice_template (
	rulebook text not null references ticket_workflow.rulebook,
	message text not null,
	language text not null check (language in ('zh', 'en')),
	-- %1 to %9 as in the message whose place it takes
	template text not null,
	primary key (rulebook, message, language)
);
comment on table ticket_workflow.notice_template is
	'Words of a rulebook''s own for notices, in place of the product''s; set_notice_template() writes them';

-- what a rulebook gets that was loaded before these tables were there: the norm's rows; none at an install
insert into ticket_workflow.notice_rule
	select r.rulebook, n.message, n.of_use, n.of_use, null, 10, 1, 60
	from ticket_workflow.rulebook r, (values ('*', false), ('notice_warning', true)) as n (message, of_use);
insert into ticket_workflow.notice_channel
	select r.rulebook, c.*
	from ticket_workflow.rulebook r, (values
		(10, null, 'duty_officer', null::boolean, 'phone'),
		(20, null, 'duty_leader', null, 'phone'),
		(30, 'notice_overdue', null, true, 'phone'),
		(40, 'notice_warning', null, true, 'sms'),
		(50, 'notice_overdue', 'liaison', null, 'sms'),
		(60, 'notice_overdue', 'head', null, 'sms'),
		(100, null, null, null, 'wechat')) as c (priority, message, "position", urgent, channel);
