-- The phrases of a rulebook: what a report must not say, must say, and what only looks like it.
-- Data table; src/report_sql.c compiles and caches it.

create table ticket_workflow.phrase (
	rulebook text not null references ticket_workflow.rulebook,
	-- what the phrase is there for: prohibited, synonym, harmless, hollow, or a part of speech of the engine
	role text not null,
	-- P1 to P7 of a prohibited phrase, E1 to E7 of an element's word, what a harmless word silences, * for any
	code text not null,
	-- literals with bounded gaps: 已要求[10]自行(整改|改正); see doc/report-validation.md
	pattern text not null,
	severity text check (severity in ('reject', 'review', 'advice')),
	clause text,
	-- what lifts a prohibition: none, time_node, done_or_node, scene, legal, verified, summary
	waiver text,
	primary key (rulebook, role, code, pattern)
);
comment on table ticket_workflow.phrase is
	'Phrases by which check_report_text() judges a report: role, pattern, severity, clause and what lifts it (annex 4)';
