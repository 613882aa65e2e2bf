-- What figures are made of: the weights of their rates, and the row that a span of days has.

-- a type of its own, so that a view can hold the figures of two spans
create type ticket_workflow.period_figure as (
	department_id bigint,
	received bigint, complaints bigint, help_requests bigint, suggestions bigint, consultations bigint, urgent bigint, supervised bigint,
	dispatched bigint, completed bigint, on_time bigint, completed_late bigint, target_missed bigint, open_overdue bigint, overdue bigint,
	contacts_due bigint, contacts_on_time bigint, results_counted bigint, results_solved numeric,
	closed bigint, transferred bigint, withdrawn bigint, merged bigint,
	returns bigint, returns_granted bigint, returns_refused bigint, returns_improper bigint,
	reports_passed bigint, reports_sent_back bigint, reopened bigint, rework bigint,
	callbacks bigint, answers bigint, answers_weighed numeric, solved_asked bigint, solved_confirmed bigint,
	on_time_rate numeric, first_contact_rate numeric, solution_rate numeric, confirmed_rate numeric, satisfaction numeric,
	return_rate numeric, rework_rate numeric
);
comment on type ticket_workflow.period_figure is 'Figures of a span of days; each is explained at the columns of monthly_summary';

create table ticket_workflow.rate_weight (
	rulebook text not null references ticket_workflow.rulebook,
	rate text not null check (rate in ('satisfaction', 'solution')),
	-- null: of every category
	category text check (category in ('complaint', 'help', 'suggestion', 'consultation')),
	code text not null,
	weight numeric not null check (weight between 0 and 1),
	clause text not null,
	unique nulls not distinct (rulebook, rate, category, code)
);
comment on table ticket_workflow.rate_weight is
	'How much an answer of a callback (satisfaction) or a handling result (solution) counts in its rate; a code without a row does not count at all, above or below the line';
-- rulebooks that are loaded already weigh as the norm does (an update; a fresh database has none)
insert into ticket_workflow.rate_weight
	select r.rulebook, w.rate, w.category, w.code, w.weight, w.clause
	from ticket_workflow.rulebook r,
		(values ('satisfaction', null, 'satisfied', 1, '3.8'), ('satisfaction', null, 'basically_satisfied', 0.8, '3.8'),
			('satisfaction', null, 'neutral', 0.6, '3.8'), ('satisfaction', null, 'dissatisfied', 0, '3.8')) w (rate, category, code, weight, clause)
	union all
	select o.rulebook, 'solution', o.category, o.code, case when o.code operator(pg_catalog.=) 'solved' then 1 else 0 end, o.clause
	from ticket_workflow.finding_option o
	where o.dimension operator(pg_catalog.=) 'handling_result' and o.category in ('complaint', 'help');
