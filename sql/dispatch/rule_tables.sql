-- What dispatch goes by (2.1, annex 1): the rules of a center as rows with their validity, the names and places
-- by which departments and committees are found in a text, and of a rulebook the order of the principles.
-- The engine (src/dispatch_cache.c) compiles them per center; every table but dispatch_word's two is per center.
-- Contradictions are refused here for every path; the change functions of rules.sql say so in the norm's words.

create sequence ticket_workflow.dispatch_rule_seq;

create table ticket_workflow.dispatch_order (
	rulebook text not null references ticket_workflow.rulebook,
	ordinal integer not null check (ordinal between 1 and 7),
	principle text not null check (principle in
		('statutory', 'duty', 'territorial', 'factual', 'association', 'fallback', 'exception')),
	clause text not null,
	primary key (rulebook, ordinal),
	unique (rulebook, principle)
);
comment on table ticket_workflow.dispatch_order is
	'In which order the principles of dispatch are asked; the first that hits decides, one that is not listed is not asked';

create table ticket_workflow.dispatch_word (
	rulebook text not null references ticket_workflow.rulebook,
	side text not null check (side in ('before', 'after')),
	word text not null,
	primary key (rulebook, side, word)
);
comment on table ticket_workflow.dispatch_word is
	'Words beside a department''s name by which it is not the department that is meant: 原区房管局退休职工, 城管中队门口';

create table ticket_workflow.statutory_rule (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	matter_id bigint not null references ticket_workflow.matter,
	area_id bigint references ticket_workflow.area,
	organization_id bigint not null references ticket_workflow.organization,
	law text not null,
	article text,
	-- another authority's procedure that comes first; the department still makes the contact
	preceding text,
	valid_from date not null,
	valid_until date check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000),
	exclude using gist (int8range(matter_id, matter_id, '[]') with &&,
		int8range(coalesce(area_id, 0), coalesce(area_id, 0), '[]') with &&, daterange(valid_from, valid_until, '[]') with &&)
);
comment on table ticket_workflow.statutory_rule is 'Matters for which a law or regulation names the department (法定): one per matter, area and day';

create table ticket_workflow.duty (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	matter_id bigint not null references ticket_workflow.matter,
	area_id bigint references ticket_workflow.area,
	organization_id bigint not null references ticket_workflow.organization,
	basis text not null,
	valid_from date not null,
	valid_until date check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000),
	exclude using gist (int8range(matter_id, matter_id, '[]') with &&, int8range(organization_id, organization_id, '[]') with &&,
		int8range(coalesce(area_id, 0), coalesce(area_id, 0), '[]') with &&, daterange(valid_from, valid_until, '[]') with &&)
);
comment on table ticket_workflow.duty is 'Duties of departments (职责): a matter with all below it, in one area or everywhere, and on what basis';
create index duty_organization on ticket_workflow.duty (organization_id);

create table ticket_workflow.exception_rule (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	name text not null,
	-- null: every matter
	matter_id bigint references ticket_workflow.matter,
	area_id bigint references ticket_workflow.area,
	organization_id bigint not null references ticket_workflow.organization,
	reason text not null,
	approved_by bigint not null references ticket_workflow.official,
	valid_from date not null,
	-- an exception always ends
	valid_until date not null check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000),
	exclude using gist (int8range(center_id, center_id, '[]') with &&,
		int8range(coalesce(matter_id, 0), coalesce(matter_id, 0), '[]') with &&,
		int8range(coalesce(area_id, 0), coalesce(area_id, 0), '[]') with &&, daterange(valid_from, valid_until, '[]') with &&)
);
comment on table ticket_workflow.exception_rule is
	'Named exceptions (例外) with reason, validity and who approved them; response plans (3.6.1) produce them';

create table ticket_workflow.area_fallback (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	-- null: wherever no area has its own
	area_id bigint references ticket_workflow.area,
	organization_id bigint not null references ticket_workflow.organization,
	basis text not null,
	valid_from date not null,
	valid_until date check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000),
	exclude using gist (int8range(center_id, center_id, '[]') with &&,
		int8range(coalesce(area_id, 0), coalesce(area_id, 0), '[]') with &&, daterange(valid_from, valid_until, '[]') with &&)
);
comment on table ticket_workflow.area_fallback is 'Who takes what is nobody''s duty (托底): one department per area and day';

create table ticket_workflow.organization_alias (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	-- null: a harmless word that holds a name and means no department (房管局退休)
	organization_id bigint references ticket_workflow.organization,
	alias text not null,
	valid_from date not null,
	valid_until date check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000)
);
comment on table ticket_workflow.organization_alias is
	'Other names of departments as people write them, and harmless words that hold one; the longest reading wins';
create index organization_alias_organization on ticket_workflow.organization_alias (organization_id);

create table ticket_workflow.committee_place (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	-- null: known to lie outside the territory
	organization_id bigint references ticket_workflow.organization,
	kind text not null check (kind in ('estate', 'road', 'text')),
	name text not null,
	-- of a road: house and lane numbers, which count along it together; null: all
	number_from integer check (number_from >= 1),
	number_until integer check (number_until >= number_from),
	side text not null default 'both' check (side in ('both', 'odd', 'even')),
	valid_from date not null,
	valid_until date check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000),
	check (kind = 'road' or num_nonnulls(number_from, number_until) = 0 and side = 'both')
);
comment on table ticket_workflow.committee_place is
	'Places of residents'' committees: estates, roads with their numbers and side, free text; without a committee they lie outside the territory';
create index committee_place_organization on ticket_workflow.committee_place (organization_id);
