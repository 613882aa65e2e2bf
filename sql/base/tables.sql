-- Product tables of the base: texts in two languages. Filled by this script, replaced by
-- updates, not dumped; sql/base/guards.sql refuses to change them.

create table ticket_workflow.message (
	key text primary key,
	sqlstate text,
	zh text not null,
	en text not null,
	hint_zh text,
	hint_en text
);
comment on table ticket_workflow.message is 'Product table: texts of errors and notices; %1 to %9 are the arguments';

create table ticket_workflow.clause (
	clause text primary key,
	zh text not null,
	en text not null
);
comment on table ticket_workflow.clause is 'Product table: wording of the norm''s clauses, as errors and findings cite them';

create table ticket_workflow.label (
	domain text,
	code text,
	zh text not null,
	en text not null,
	primary key (domain, code)
);
comment on table ticket_workflow.label is 'Product table: what a code is called; domain is the column it stands in';

create table ticket_workflow.shipped_document (
	kind text,
	name text,
	document jsonb not null,
	primary key (kind, name)
);
comment on table ticket_workflow.shipped_document is
	'Product table: calendars and rulebooks as they come with the extension; load_calendar() and load_rulebook() read them';
