-- As released with 1.0.0, frozen: test/t/050_update.pl plays it at that version.
-- A small desk for tests, made through the public API: one center, one area, two departments, a committee,
-- and one official for each part in a ticket's life, whose code is that part.
-- Included by \ir inside the test's own transaction.

select ticket_workflow.load_rulebook('yichuan_2023');
select ticket_workflow.create_center('yc', '宜川城运中心', rulebook => 'yichuan_2023');
select ticket_workflow.create_area('yc', 'p1', '第一片区');
select ticket_workflow.create_organization('yc', 'cg', '城管中队');
select ticket_workflow.create_organization('yc', 'fg', '房管办');
select ticket_workflow.create_organization('yc', 'jw1', '第一居委会', kind => 'committee', area => 'p1');
select ticket_workflow.create_matter('yc', 'light', '楼道照明');

select ticket_workflow.create_official(o.code, o.name, 'yc')
from (values ('dispatcher', '派单员'), ('operator', '坐席'), ('officer', '片区信息员'), ('center_leader', '城运分管领导'),
	('area_leader', '片区分管领导'), ('principal', '主要领导'), ('liaison', '城管联络员'), ('head', '城管负责人'),
	('leader', '城管分管领导'), ('fg_liaison', '房管联络员'), ('fg_head', '房管负责人'), ('fg_leader', '房管分管领导'),
	('duty', '值班员'), ('duty_leader', '值班领导')) as o (code, name);

select ticket_workflow.assign_post(p.official, p.organization, p.held, p.area, '2020-01-01')
from (values ('dispatcher', 'yc', 'dispatcher', null), ('operator', 'yc', 'operator', null),
	('officer', 'yc', 'information_officer', 'p1'), ('center_leader', 'yc', 'supervising_leader', null),
	('area_leader', 'yc', 'supervising_leader', 'p1'), ('principal', 'yc', 'principal_leader', null),
	('liaison', 'cg', 'liaison', null), ('head', 'cg', 'head', null), ('leader', 'cg', 'supervising_leader', null),
	('fg_liaison', 'fg', 'liaison', null), ('fg_head', 'fg', 'head', null), ('fg_leader', 'fg', 'supervising_leader', null))
	as p (official, organization, held, area);

create function pg_temp.at_time(moment timestamptz) returns void language sql
	as $$ select set_config('ticket_workflow.now', moment::text, true) $$;
create function pg_temp.act_as(official text) returns void language sql
	as $$ select set_config('ticket_workflow.actor', official, true) $$;
