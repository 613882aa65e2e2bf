-- errors, their details and hints, and labels in both languages
\set SHOW_CONTEXT never

select ticket_workflow.language();
select ticket_workflow.message_text('product_table', array['label']);
set ticket_workflow.language = 'en';
select ticket_workflow.language();
select ticket_workflow.message_text('product_table', array['label']);
-- a language by hand, a missing and a superfluous argument
select ticket_workflow.message_text('product_table', array['label'], 'zh');
select ticket_workflow.message_text('product_table');
select ticket_workflow.message_text('product_table', array['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k']);
select ticket_workflow.message_text('product_table', array[null]);
select ticket_workflow.message_text(null);
-- the argument's own %1 stays as it is
select ticket_workflow.message_text('product_table', array['%1 %2']);
-- %@1 is what a kind of row is called; one that has no name is shown as it is
select ticket_workflow.message_text('unknown_row', array['duty_roster', '7']);
select ticket_workflow.message_text('unknown_row', array['duty_roster', '7'], 'zh');
select ticket_workflow.message_text('unknown_row', array['nothing', '7']), ticket_workflow.message_text('unknown_row');
select ticket_workflow.message_text('no_such_message');
set ticket_workflow.language = 'fr';
reset ticket_workflow.language;

-- SQLSTATE, detail and hint as an application gets them
create function pg_temp.caught(key text, clause text, variadic args text[], out item text, out said text)
	returns setof record language plpgsql
as $$
declare
	state text;
	message text;
	detail text;
	hint text;
begin
	perform ticket_workflow.fail(key, clause, variadic args);
exception when others then
	get stacked diagnostics state = returned_sqlstate, message = message_text,
		detail = pg_exception_detail, hint = pg_exception_hint;
	-- the clause's wording stands for itself, the file that has it may change
	select coalesce(replace(replace(detail, c.zh, '<zh>'), c.en, '<en>'), detail) into detail
		from (values (1)) one left join ticket_workflow.clause c on c.clause = caught.clause;
	return query values ('sqlstate', state), ('message', message), ('detail', detail), ('hint', hint);
end
$$;
select * from pg_temp.caught('product_table', '2.2.2', 'label');
select * from pg_temp.caught('product_table', null, 'label');
select * from pg_temp.caught('product_table', 'a clause of our own', 'label');
set ticket_workflow.language = 'en';
select * from pg_temp.caught('product_table', '2.2.2', 'label');
select ticket_workflow.fail('product_table', null, 'label');
select ticket_workflow.fail(null, null);
select ticket_workflow.fail('no_such_message', null);

-- labels
select ticket_workflow.label('language', 'zh'), ticket_workflow.label('language', 'xx') is null as unknown;
set ticket_workflow.language = 'zh';
select ticket_workflow.label('language', 'zh'), ticket_workflow.label('language', 'en');

-- product tables refuse every change, from a superuser too
insert into ticket_workflow.label values ('x', 'y', 'z', 'z');
update ticket_workflow.message set zh = 'x';
delete from ticket_workflow.clause;
truncate ticket_workflow.label;
