-- What the street dispatches by: matters, and for each principle the rules, names and places that decide it
-- (2.1, annex 1). All of it through the public API; the tickets of stories.tsv are dispatched as it recommends.

select ticket_workflow.create_matter('yichuan', m.code, m.name)
from (values ('env', '市容环境'), ('property', '房屋物业'), ('noise', '噪声扰民'), ('parking', '停车管理'), ('safety', '公共安全'),
	('market', '消费市场'), ('water', '给排水'), ('green', '绿化'), ('service', '民生服务'), ('health', '卫生防疫'),
	('dispute', '邻里纠纷'), ('lighting', '公共照明')) as m (code, name);
select ticket_workflow.create_matter('yichuan', m.code, m.name, m.parent)
from (values ('env_stall', '占道经营', 'env'), ('env_waste', '垃圾清运', 'env'), ('env_clean', '道路和公厕保洁', 'env'),
	('env_ads', '乱张贴乱丢弃', 'env'), ('env_pile', '楼道堆物', 'env'), ('env_smoke', '餐饮油烟', 'env'), ('road', '道路设施', 'env'),
	('housing', '房屋维修', 'property'), ('management', '物业管理', 'property'), ('building', '房屋安全', 'property'),
	('light_stair', '楼道照明', 'lighting'), ('light_street', '道路照明', 'lighting'),
	('noise_home', '居家噪声', 'noise'), ('noise_square', '广场舞噪声', 'noise'), ('noise_device', '设备噪声', 'noise'),
	('noise_venue', '营业场所噪声', 'noise'), ('noise_site', '施工噪声', 'noise'), ('noise_road', '交通噪声', 'noise'),
	('fireworks', '烟花爆竹', 'safety'), ('throwing', '高空抛物', 'safety'), ('fire', '消防和燃气', 'safety'),
	('signboard', '广告牌', 'safety'), ('playground', '健身游乐设施', 'safety'), ('camera', '公共区域摄像头', 'safety'),
	('fire_lane', '消防通道占用', 'safety'), ('parking_estate', '小区停车', 'parking'), ('parking_plan', '停车资源统筹', 'parking'),
	('bikes', '非机动车停放', 'parking'), ('traffic', '交通秩序', 'parking'), ('food', '食品安全', 'market'), ('business', '营商咨询', 'market'),
	('water_home', '小区内管道', 'water'), ('water_public', '公共供排水', 'water'), ('elderly', '养老和社区服务', 'service'),
	('disabled', '残疾人服务', 'service'), ('culture', '文化设施', 'service'), ('jobs', '就业和社保', 'service'),
	('home_care', '居家人员就医用药', 'health'), ('common_space', '公共部位使用', 'dispute'), ('subletting', '群租', 'dispute')
	) as m (code, name, parent);

-- 法定
select ticket_workflow.create_statutory_rule('yichuan', r.department, r.matter, r.law, r.article, r.preceding, since => '2020-01-01')
from (values ('sc', 'food', '《中华人民共和国食品安全法》', '第六条', null), ('pc', 'fireworks', '《烟花爆竹安全管理条例》', '第四条', null),
	('pc', 'throwing', '《中华人民共和国民法典》', '第一千二百五十四条', '物业服务企业先行调取监控')) as r (department, matter, law, article, preceding);

-- 职责: a matter of two departments is for the committee of the place, unless the appeal names one of them
select ticket_workflow.create_duty('yichuan', d.department, m.matter, format('《%s职责清单》', o.name), since => '2020-01-01')
from (values ('cg', array['env_stall', 'env_ads', 'env_smoke', 'noise_site', 'signboard']), ('lh', array['env_waste', 'env_clean', 'green']),
	('fg', array['housing', 'management', 'building', 'light_stair', 'noise_home', 'noise_device', 'water_home', 'env_pile']),
	('zz', array['noise_home', 'env_pile', 'parking_estate', 'playground']), ('sq', array['management', 'parking_plan']),
	('pa', array['fire', 'fire_lane', 'noise_venue', 'camera']), ('sz', array['road', 'light_street', 'water_public']),
	('jt', array['bikes', 'traffic']), ('sc', array['market']), ('ys', array['business']), ('fw', array['elderly', 'home_care']),
	('cl', array['disabled']), ('wh', array['culture', 'noise_square']), ('ld', array['jobs']), ('ws', array['health'])
	) as d (department, matters)
	join demo.department o on o.code = d.department
	cross join unnest(d.matters) as m (matter);

-- 关联: how people call them
select ticket_workflow.create_alias('yichuan', a.alias, a.department, since => '2020-01-01')
from (values ('城管', 'cg'), ('自治办', 'zz'), ('社区管理办', 'sq'), ('房管办', 'fg'), ('平安办', 'pa'), ('市场监管', 'sc')) as a (alias, department);

-- 属地: what belongs to which committee, and what is known to lie outside
select ticket_workflow.create_place('yichuan', p.name, p.kind, p.committee, p.low, p.high, p.side, '2020-01-01')
from (values ('石泉一村', 'estate', 'jw1', null::integer, null::integer, 'both'), ('石泉路', 'road', 'jw1', 2, 198, 'even'),
	('石泉路', 'road', 'jw2', 1, 199, 'odd'), ('中远两湾城', 'estate', 'jw2', null, null, 'both'), ('泰山二村', 'estate', 'jw3', null, null, 'both'),
	('泰山三村', 'estate', 'jw3', null, null, 'both'), ('泰山路', 'road', 'jw3', null, null, 'both'), ('华阴路', 'road', 'jw4', 1, 199, 'both'),
	('华阴路', 'road', 'jw5', 200, 299, 'both'), ('华阴路', 'road', 'jw4', 300, 399, 'both'), ('香溢花城', 'estate', 'jw5', null, null, 'both'),
	('香溢路', 'road', 'jw5', null, null, 'both'), ('彭浦新村', 'text', null, null, null, 'both')) as p (name, kind, committee, low, high, side);

-- 托底
select ticket_workflow.create_fallback('yichuan', f.department, f.area, '《街道托底事项清单》', '2020-01-01')
from (values ('sq', 'p1'), ('zz', 'p2'), ('sq', 'p3'), ('zz', 'p4')) as f (department, area);

-- 例外: a plan for some weeks, approved by a leader
select ticket_workflow.create_exception_rule('yichuan', '节日期间居家就医用药保障', 'ws', '节日期间送药上门和独居照料由卫生服务中心专班承接',
	'2023-02-05', 'leader_c', 'home_care', since => '2023-01-10');
