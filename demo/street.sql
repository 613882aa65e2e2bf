-- One street: a center, four areas, residents' committees, departments, their people, and who is on duty
-- over the Spring Festival. All of it through the public API.

select ticket_workflow.load_rulebook('yichuan_2023');
select ticket_workflow.create_center('yichuan', '宜川路街道城运中心', rulebook => 'yichuan_2023');
select ticket_workflow.create_area('yichuan', a.code, a.name)
from (values ('p1', '第一片区'), ('p2', '第二片区'), ('p3', '第三片区'), ('p4', '第四片区')) as a (code, name);

insert into demo.department (code, name, leader, person, phone) values
	('cg', '城管执法中队', 'leader_a', '周立新', '021-55500101'),
	('fg', '房管办事处', 'leader_b', '沈国强', '021-55500102'),
	('lh', '绿化市容所', 'leader_a', '陆文娟', '021-55500103'),
	('sc', '市场监管所', 'leader_c', '施建平', '021-55500104'),
	('pc', '派出所', 'leader_d', '顾警官', '021-55500105'),
	('sq', '社区管理办公室', 'leader_b', '范丽华', '021-55500106'),
	('fw', '社区服务办公室', 'leader_c', '唐慧敏', '021-55500107'),
	('pa', '社区平安办公室', 'leader_d', '秦卫东', '021-55500108'),
	('zz', '社区自治办公室', 'leader_b', '钱晓芸', '021-55500109'),
	('ys', '营商服务办公室', 'leader_c', '何俊', '021-55500110'),
	('ws', '社区卫生服务中心', 'leader_c', '俞医生', '021-55500111'),
	('sz', '市政水务科', 'leader_a', '韩志刚', '021-55500112'),
	('ld', '劳动保障事务所', 'leader_c', '曹敏', '021-55500113'),
	('cl', '残疾人联合会', 'leader_c', '邵静', '021-55500114'),
	('wh', '社区文化活动中心', 'leader_c', '戴琳', '021-55500115'),
	('jt', '交通协管站', 'leader_d', '汪海', '021-55500116');
insert into demo.department (code, name, kind, area, leader, person, phone) values
	('jw1', '石泉一居委会', 'committee', 'p1', 'leader_b', '陈阿姨', '021-55500201'),
	('jw2', '中远二居委会', 'committee', 'p1', 'leader_b', '吴书记', '021-55500202'),
	('jw3', '泰山三居委会', 'committee', 'p2', 'leader_b', '高主任', '021-55500203'),
	('jw4', '华阴四居委会', 'committee', 'p3', 'leader_b', '朱书记', '021-55500204'),
	('jw5', '香溢五居委会', 'committee', 'p4', 'leader_b', '林主任', '021-55500205');

select ticket_workflow.create_organization('yichuan', d.code, d.name, kind => d.kind, area => d.area)
from demo.department d order by d.code;
select ticket_workflow.create_organization('yichuan', 'qu', '区城运平台', kind => 'district_platform');
select ticket_workflow.create_organization('yichuan', 'shi', '市民服务热线平台', kind => 'city_platform');
select ticket_workflow.create_organization('yichuan', 'jw_inspect', '街道纪工委', kind => 'inspection');
select ticket_workflow.create_organization('yichuan', 'xinyuan', '宜馨法苑', kind => 'court');

-- people: the center, the leaders, one liaison and one head a department
select ticket_workflow.create_official(p.code, p.name, 'yichuan')
from (values ('dispatcher', '王萍'), ('operator1', '李娜'), ('operator2', '张蕾'), ('reviewer', '徐静'), ('center_head', '郭主任'),
	('leader_x', '分管城运副主任'), ('principal', '街道主任'), ('leader_a', '副主任甲'), ('leader_b', '副主任乙'),
	('leader_c', '副主任丙'), ('leader_d', '副主任丁'), ('officer_p1', '一片区信息员'), ('officer_p2', '二片区信息员'),
	('officer_p3', '三片区信息员'), ('officer_p4', '四片区信息员'), ('duty', '值班员'), ('duty_leader', '值班领导'),
	('inspector', '纪工委干部')) as p (code, name);
select ticket_workflow.create_official(d.code || '_liaison', d.name || '联络员', 'yichuan'),
	ticket_workflow.create_official(d.code || '_head', d.name || '负责人', 'yichuan')
from demo.department d order by d.code;

select ticket_workflow.assign_post(p.official, p.organization, p.held, p.area, '2020-01-01')
from (values ('dispatcher', 'yichuan', 'dispatcher', null), ('operator1', 'yichuan', 'operator', null),
	('operator2', 'yichuan', 'operator', null), ('reviewer', 'yichuan', 'operator', null), ('center_head', 'yichuan', 'head', null),
	('leader_x', 'yichuan', 'supervising_leader', null), ('principal', 'yichuan', 'principal_leader', null),
	('officer_p1', 'yichuan', 'information_officer', 'p1'), ('officer_p2', 'yichuan', 'information_officer', 'p2'),
	('officer_p3', 'yichuan', 'information_officer', 'p3'), ('officer_p4', 'yichuan', 'information_officer', 'p4'),
	('leader_a', 'yichuan', 'supervising_leader', 'p1'), ('leader_b', 'yichuan', 'supervising_leader', 'p2'),
	('leader_c', 'yichuan', 'supervising_leader', 'p3'), ('leader_d', 'yichuan', 'supervising_leader', 'p4'),
	('inspector', 'jw_inspect', 'inspector', null)) as p (official, organization, held, area);
select ticket_workflow.assign_post(d.code || '_liaison', d.code, 'liaison', null, '2020-01-01'),
	ticket_workflow.assign_post(d.code || '_head', d.code, 'head', null, '2020-01-01'),
	ticket_workflow.assign_post(d.leader, d.code, 'supervising_leader', null, '2020-01-01')
from demo.department d order by d.code;

-- on duty day and night on every rest day of the four weeks
select ticket_workflow.set_duty('yichuan', d::timestamp at time zone 'Asia/Shanghai', (d + interval '1 day')::timestamp at time zone 'Asia/Shanghai',
	'duty', 'duty_leader')
from generate_series(date '2023-01-14', date '2023-02-12', interval '1 day') d
where not ticket_workflow.is_working_day(d::date, 'cn_shanghai');

-- away for a week: another leader signs in his place for the market supervision office
select ticket_workflow.delegate_post(p.post_id, 'leader_d', '赴外省招商', '2023-02-06', '2023-02-10')
from ticket_workflow.post p
	join ticket_workflow.official l on l.official_id = p.official_id and l.code = 'leader_c'
	join ticket_workflow.organization o on o.organization_id = p.organization_id and o.code = 'sc'
where p."position" = 'supervising_leader';
