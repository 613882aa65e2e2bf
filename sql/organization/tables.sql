-- Who is there: centers, areas, organizations, officials, their posts, substitutes and duty rosters,
-- and the taxonomy of matters. Every row belongs to a center; ids are center_id * 10^12 + n.

create sequence ticket_workflow.organization_seq;
create sequence ticket_workflow.area_seq;
create sequence ticket_workflow.official_seq;
create sequence ticket_workflow.post_seq;
create sequence ticket_workflow.delegation_seq;
create sequence ticket_workflow.duty_seq;
create sequence ticket_workflow.matter_seq;

create table ticket_workflow.center (
	-- below 9007, so that every id stays below 2^53 and JSON keeps it
	center_id bigint primary key check (center_id between 1 and 9006),
	code text not null unique,
	name text not null,
	calendar text not null references ticket_workflow.calendar (code),
	attributes jsonb not null default '{}'
);
comment on table ticket_workflow.center is 'Operation centers (城运中心): each with its calendar; everything else belongs to one of them';

create table ticket_workflow.area (
	area_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	code text not null,
	name text not null,
	attributes jsonb not null default '{}',
	unique (center_id, code)
);
comment on table ticket_workflow.area is 'Areas (片区) of a center''s territory';

create table ticket_workflow.organization (
	organization_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	code text not null,
	name text not null,
	kind text not null check (kind in ('city_platform', 'district_platform', 'center', 'department', 'committee', 'court', 'inspection')),
	area_id bigint references ticket_workflow.area,
	-- sees the whole desk of its center without being the center: 社区管理办, which chairs the weekly meeting (3.4, 3.5)
	oversees boolean not null default false,
	valid_from date not null default '2000-01-01',
	valid_until date check (valid_until >= valid_from),
	attributes jsonb not null default '{}',
	unique (center_id, code)
);
comment on table ticket_workflow.organization is
	'Platforms above, the center itself, handling departments, residents'' committees (with their area), court, discipline inspection';
create index organization_area on ticket_workflow.organization (area_id) where area_id is not null;

-- a link table: a self-referencing key loses rows in dumps with --inserts
create table ticket_workflow.organization_parent (
	organization_id bigint primary key references ticket_workflow.organization,
	parent_id bigint not null references ticket_workflow.organization,
	check (organization_id <> parent_id)
);
comment on table ticket_workflow.organization_parent is 'Tree of organizations: which one stands above';
create index organization_parent_parent on ticket_workflow.organization_parent (parent_id);

create table ticket_workflow.official (
	official_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	-- unique over all centers: the setting ticket_workflow.actor names nothing else
	code text not null unique,
	name text not null,
	database_role text unique,
	active boolean not null default true,
	attributes jsonb not null default '{}'
);
comment on table ticket_workflow.official is 'People who act; database_role lets one act under his own role';
create index official_center on ticket_workflow.official (center_id);

create table ticket_workflow.position (
	position text primary key,
	rank integer not null
);
comment on table ticket_workflow.position is 'Product table: positions and their rank; a higher post may sign for a lower one';

create table ticket_workflow.post (
	post_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	official_id bigint not null references ticket_workflow.official,
	organization_id bigint not null references ticket_workflow.organization,
	position text not null,
	-- information officers and territorial leaders hold their post in the center, for an area
	area_id bigint references ticket_workflow.area,
	valid_from date not null,
	valid_until date check (valid_until >= valid_from)
);
comment on table ticket_workflow.post is 'Who holds which position in which organization (and area), from and until which day, both included';
create index post_official on ticket_workflow.post (official_id);
create index post_organization on ticket_workflow.post (organization_id, position);
create index post_position on ticket_workflow.post (center_id, position);

create table ticket_workflow.delegation (
	delegation_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	post_id bigint not null references ticket_workflow.post,
	substitute_id bigint not null references ticket_workflow.official,
	valid_from date not null,
	-- open end: a standing deputy (AB角)
	valid_until date check (valid_until >= valid_from),
	reason text not null
);
comment on table ticket_workflow.delegation is 'Dated substitutes of a post, and standing deputies without an end';
create index delegation_post on ticket_workflow.delegation (post_id);
create index delegation_substitute on ticket_workflow.delegation (substitute_id);

create table ticket_workflow.duty_roster (
	duty_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	starts_at timestamptz not null,
	ends_at timestamptz not null check (ends_at > starts_at),
	official_id bigint not null references ticket_workflow.official,
	leader_id bigint not null references ticket_workflow.official
);
comment on table ticket_workflow.duty_roster is 'Who is on duty (值班值守) and leads, for what cannot wait for a working day';
create index duty_roster_span on ticket_workflow.duty_roster (center_id, starts_at);

create table ticket_workflow.matter (
	matter_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	code text not null,
	name text not null,
	attributes jsonb not null default '{}',
	unique (center_id, code)
);
comment on table ticket_workflow.matter is 'Taxonomy of matters that appeals are about';

create table ticket_workflow.matter_parent (
	matter_id bigint primary key references ticket_workflow.matter,
	parent_id bigint not null references ticket_workflow.matter,
	check (matter_id <> parent_id)
);
comment on table ticket_workflow.matter_parent is 'Tree of matters';
create index matter_parent_parent on ticket_workflow.matter_parent (parent_id);
