-- resolve_dispatch over 1M rows with 10,000 rules and 3,000 names, text of 30 characters of place and 100 of appeal,
-- against a query of PL/pgSQL that finds the holders of the duty alone; the load of the compiled rules and its memory;
-- and how well text_similarity ranks pairs of appeals about the same and about different incidents.
\pset footer off
create extension ticket_workflow;
select ticket_workflow.load_rulebook('yichuan_2023');
select ticket_workflow.create_center('b', '基准城运中心', rulebook => 'yichuan_2023', center_id => 1);

-- names of Chinese characters: each number as digits of the alphabet below
create function word(n integer, width integer) returns text language sql immutable as $$
	select string_agg(substr('山水花木金石玉林泉云星月江河湖海东南西北', 1 + (n / (20 ^ i)::integer) % 20, 1), '' order by i) from generate_series(0, width - 1) i $$;

insert into ticket_workflow.area select 1000000000000 + i, 1, 'a' || i, '第' || i || '片区' from generate_series(1, 20) i;
insert into ticket_workflow.organization (organization_id, center_id, code, name, kind, area_id)
	select 1000000100000 + i, 1, 'd' || i, word(i, 3) || '管理科', 'department', null from generate_series(1, 100) i
	union all
	select 1000000200000 + i, 1, 'c' || i, word(i, 3) || '居委会', 'committee', 1000000000000 + 1 + i % 20 from generate_series(1, 100) i;
insert into ticket_workflow.matter select 1000000000000 + i, 1, 'm' || i, '事项' || i from generate_series(1, 1500) i;
insert into ticket_workflow.matter_parent select 1000000000000 + i, 1000000000000 + i / 10 from generate_series(10, 1500) i;
insert into ticket_workflow.duty select 1000001000000 + i, 1, 1000000000000 + 1 + i % 1500, case when i % 3 > 0 then 1000000000000 + 1 + i % 20 end,
	1000000100000 + 1 + (i % 1500 * 7 + i / 1500 * 13) % 100, '三定方案第' || i || '条', '2020-01-01', null from generate_series(1, 6000) i;
insert into ticket_workflow.statutory_rule select 1000002000000 + i, 1, 1000000000000 + 500 + i, null, 1000000100000 + 1 + i % 100, '《条例' || i || '》', '第五条', null,
	'2020-01-01', null from generate_series(1, 680) i;
insert into ticket_workflow.area_fallback select 1000003000000 + i, 1, 1000000000000 + i, 1000000100000 + i, '托底清单', '2020-01-01', null from generate_series(1, 20) i;
insert into ticket_workflow.organization_alias select 1000004000000 + i, 1, 1000000100000 + 1 + i % 100, word(i * 3, 4) || '科', '2020-01-01', null from generate_series(1, 1400) i;
insert into ticket_workflow.committee_place select 1000005000000 + i, 1, 1000000200000 + 1 + i % 100, 'estate', word(i * 3 + 1, 4) || '小区', null, null, 'both', '2020-01-01', null from generate_series(1, 1300) i;
insert into ticket_workflow.committee_place select 1000006000000 + i, 1, 1000000200000 + 1 + i % 100, 'road', word(i / 4 * 3 + 2, 4) || '路',
	1 + i % 4 * 100, 100 + i % 4 * 100, 'both', '2020-01-01', null from generate_series(1, 2000) i;
vacuum analyze;
select (select count(*) from ticket_workflow.duty) + (select count(*) from ticket_workflow.statutory_rule) + (select count(*) from ticket_workflow.area_fallback)
	+ (select count(*) from ticket_workflow.committee_place) as rules,
	(select count(*) from ticket_workflow.organization) + (select count(*) from ticket_workflow.organization_alias)
	+ (select count(distinct name) from ticket_workflow.committee_place) as names;

create table asked as
select 'm' || 1 + i % 1500 as matter, case when i % 5 > 0 then 'a' || 1 + i % 20 end as area,
	rpad(word(i % 500 * 3 + 2, 4) || '路' || i % 400 || '号' || case when i % 2 = 0 then word(i % 1300 * 3 + 1, 4) || '小区' else '' end, 30, '近大门附近楼下沿街一侧路口') as place,
	rpad('来电人反映近期夜间施工噪声很大影响休息多次联系' || word(i % 1400 * 3, 4) || case when i % 3 = 0 then '科' else '' end || '没有结果希望尽快处理并回复，', 100,
		'现场有渣土车进出道路扬尘严重居民意见很大请相关部门核实情况') as appeal
from generate_series(1, 1000000) i;
vacuum analyze asked;
select round(avg(length(place))) as place_characters, round(avg(length(appeal))) as appeal_characters from asked;

create function elapsed(query text) returns double precision language plpgsql as $$
declare
	since timestamptz := clock_timestamp();
begin
	execute query;
	return extract(epoch from clock_timestamp() - since);
end
$$;
set max_parallel_workers_per_gather = 0;
set jit = off;

-- the first call compiles: what a backend, or a change of a rule, costs
create function load_time() returns text language plpgsql as $$
declare
	spans double precision[] := '{}';
begin
	for i in 1..11 loop
		update ticket_workflow.duty set valid_until = null where rule_id = 1000001000001;
		spans := spans || elapsed('select count(*) from ticket_workflow.resolve_dispatch(''b'')') * 1000;
	end loop;
	return format('dispatch: rebuild of 10,000 rules and 3,000 names|%s|50|ms',
		round((select percentile_cont(0.5) within group (order by s) from unnest(spans) s)::numeric, 1));
end
$$;
select load_time();
select format('dispatch: memory of the compiled rules|%s||MB', round(sum(total_bytes) / 1048576.0, 1))
	from pg_backend_memory_contexts where name = 'ticket_workflow cache' and ident = 'b';

-- seven rows a ticket, all of their text made; the rest of the query is measured and taken off
create function per_call(figure text, query text, against text, calls integer, budget numeric) returns text language plpgsql as $$
declare
	spans double precision[] := '{}';
begin
	perform elapsed(query);
	for i in 1..11 loop
		spans := spans || (elapsed(query) - elapsed(against)) * 1000000 / calls;
	end loop;
	return format('%s|%s|%s|us', figure, round((select percentile_cont(0.5) within group (order by s) from unnest(spans) s)::numeric, 2), budget);
end
$$;
select per_call('dispatch: matching alone', $$select sum(length(ticket_workflow.found_in_text('b', place, appeal, '2023-02-07'))) from (select * from asked limit 100000) a$$,
	$$select sum(length(place) + length(appeal)) from (select * from asked limit 100000) a$$, 100000, 5);
select per_call('dispatch: the whole call, 7 explained rows', $$select count(*) from (select ticket_workflow.resolve_dispatch('b', matter, area, place, appeal, on_day => '2023-02-07') from (select * from asked limit 100000) a) r$$,
	$$select count(*) from (select unnest('{1,2,3,4,5,6,7}'::integer[]), matter, area, place, appeal from (select * from asked limit 100000) a) r$$, 100000, 12);
-- once over all of them
select format('dispatch: the whole call, 1M rows once|%s|12|us', round((elapsed($$select count(*) from (select ticket_workflow.resolve_dispatch('b', matter, area, place, appeal,
	on_day => '2023-02-07') from asked) r$$) - elapsed($$select count(*) from (select unnest('{1,2,3,4,5,6,7}'::integer[]), matter, area, place, appeal from asked) r$$))::numeric, 2));
-- what a desk would write instead: the nearest holders alone, no text, no reasons; with the index it would have
create index on ticket_workflow.duty (matter_id);
analyze ticket_workflow.duty;
create function plain_duty(matter text, area text) returns bigint language plpgsql stable as $$
declare
	at bigint := (select matter_id from ticket_workflow.matter m where m.center_id = 1 and m.code = plain_duty.matter);
	held bigint;
begin
	loop
		select min(d.organization_id) into held from ticket_workflow.duty d left join ticket_workflow.area a on a.area_id = d.area_id
			where d.matter_id = at and (d.area_id is null or a.code = plain_duty.area) and '2023-02-07' between d.valid_from and coalesce(d.valid_until, 'infinity');
		exit when held is not null;
		select p.parent_id into at from ticket_workflow.matter_parent p where p.matter_id = at;
		exit when not found;
	end loop;
	return held;
end
$$;
select per_call('dispatch: for comparison, duty alone in PL/pgSQL', $$select count(plain_duty(matter, area)) from (select * from asked limit 2000) a$$,
	$$select count(matter || area) from (select * from asked limit 2000) a$$, 2000, null);
select principle, count(*) from (select * from asked limit 20000) a,
	lateral ticket_workflow.resolve_dispatch('b', matter, area, place, appeal, on_day => '2023-02-07') r where r.decisive group by 1 order by 2 desc;

-- ---- text_similarity: is a pair about the same incident ranked above one of the same matter about another?
create table pair (same boolean, a text, b text, hard boolean default false, place_a text, place_b text);
insert into pair (same, a, b) values
	(true, '宜川公园广场舞音响太吵', '宜川公园每晚跳广场舞音响很吵'),
	(true, '泰山小区5号楼道灯不亮', '泰山小区5号3楼楼道灯坏了没人修'),
	(true, '石泉路88号门口渣土车扬尘', '石泉路88号工地渣土车进出扬尘严重'),
	(true, '华山新村12号下水道堵塞污水外溢', '华山新村12号底楼下水道堵了污水流出来'),
	(true, '宜川路35弄门口共享单车乱停放', '共享单车乱停在宜川路35弄门口堵路'),
	(true, '黄山苑电梯停运三天', '黄山苑8号电梯坏了三天没修好'),
	(true, '楼上装修违规敲承重墙', '邻居装修敲掉承重墙怕有危险'),
	(true, '小区门口早点摊占道经营', '早点摊在小区门口占道，油烟大'),
	(true, '垃圾房异味大，垃圾满溢不清运', '小区垃圾房垃圾满溢，气味难闻'),
	(true, '树枝遮挡阳光要求修剪', '楼前大树树枝挡住阳光，希望修剪'),
	(true, '夜间施工噪声扰民', '工地半夜还在施工，噪声太大睡不着'),
	(true, '地下室有人居住群租', '地下室里住了很多人，属于群租'),
	(true, '饭店油烟直排影响居民', '楼下饭店油烟直接排到居民窗口'),
	(true, '路灯不亮夜间出行不安全', '这段路路灯都不亮，晚上走路不安全'),
	(true, '居民楼外墙瓷砖脱落', '外墙瓷砖掉下来，险些砸到人'),
	(true, '小区内违章搭建阳光房', '底楼居民违章搭建阳光房'),
	(true, '流浪狗伤人要求处理', '小区里流浪狗多，已咬伤人'),
	(true, '物业费涨价未征求意见', '物业未征求业主意见就涨物业费'),
	(true, '自来水发黄有异味', '家里自来水是黄的，还有味道'),
	(true, '停车位被占用无法停车', '我的停车位一直被别人占用'),
	(true, '楼道堆物堵塞消防通道', '消防通道被楼道堆物堵住'),
	(true, '加装电梯施工停工一个月', '加装电梯工程停工一个多月没人管'),
	(true, '健身器材损坏未修', '小区健身器材坏了一直没有维修'),
	(true, '快递柜占用绿地', '绿地上装了快递柜，要求移走'),
	(false, '宜川公园广场舞音响太吵', '楼上半夜拖动家具声音很大'),
	(false, '泰山小区5号楼道灯不亮', '华山新村地下车库照明不足'),
	(false, '石泉路88号门口渣土车扬尘', '华池路拆房没有洒水灰尘大'),
	(false, '华山新村12号下水道堵塞污水外溢', '家中厨房排水管漏水要求维修'),
	(false, '宜川路35弄门口共享单车乱停放', '地铁口电动自行车充电飞线'),
	(false, '黄山苑电梯停运三天', '办公楼电梯年检过期仍在使用'),
	(false, '楼上装修违规敲承重墙', '隔壁装修周末施工很吵'),
	(false, '小区门口早点摊占道经营', '水果店把货摆到人行道上'),
	(false, '垃圾房异味大，垃圾满溢不清运', '建筑垃圾堆放在绿化带里'),
	(false, '树枝遮挡阳光要求修剪', '行道树虫害严重，要求打药'),
	(false, '夜间施工噪声扰民', '空调外机噪声影响邻居休息'),
	(false, '地下室有人居住群租', '房东把客厅隔断后分租'),
	(false, '饭店油烟直排影响居民', '邻居在阳台烧烤烟味进屋'),
	(false, '路灯不亮夜间出行不安全', '红绿灯故障路口混乱'),
	(false, '居民楼外墙瓷砖脱落', '屋顶漏水顶楼墙面发霉'),
	(false, '小区内违章搭建阳光房', '楼顶有人违章搭建鸽棚'),
	(false, '流浪狗伤人要求处理', '邻居遛狗不牵绳'),
	(false, '物业费涨价未征求意见', '物业不公开公共收益账目'),
	(false, '自来水发黄有异味', '水压太低高层用水困难'),
	(false, '停车位被占用无法停车', '小区停车费涨价不合理'),
	(false, '楼道堆物堵塞消防通道', '消火栓没有水'),
	(false, '加装电梯施工停工一个月', '一楼居民反对加装电梯'),
	(false, '健身器材损坏未修', '建议小区增设儿童游乐设施'),
	(false, '快递柜占用绿地', '快递员不送货上门');
-- the hard ones: the same thing in other words, and the same words about another place, which suggest_incident() tells by
-- the place and the text alone cannot
insert into pair values
	(true, '楼上空调外机滴水', '邻居家空调一直往下漏水滴到我家雨棚', true, '宜川路35弄3号', '宜川路35弄3号楼'),
	(true, '小区南门保安半夜大声聊天', '门岗夜里说话声音大，吵得睡不着', true, '泰山小区南门', '泰山小区南门岗亭'),
	(true, '公交站台候车亭玻璃碎了', '等车的地方玻璃破损，扎到乘客', true, '石泉路宜川路公交站', '石泉路公交站近宜川路'),
	(true, '菜场门口污水横流', '菜市场外面地上全是脏水，味道很大', true, '泰山路菜场', '泰山路菜市场门口'),
	(true, '三号楼业主私自改造下水管', '三号楼有人改排水管道，影响楼下', true, '华山新村3号', '华山新村3号楼'),
	(true, '工地围挡占用盲道', '施工板把盲人通道挡住了', true, '石泉路88号', '石泉路88号工地'),
	(true, '物业拒开电动车车棚', '车棚锁着不让停电瓶车，物业不管', true, '黄山苑车棚', '黄山苑电动车车棚'),
	(true, '社区食堂饭菜不新鲜', '老年食堂的菜有馊味', true, '社区食堂（宜川路200号）', '宜川路200号社区食堂'),
	(true, '沿街商铺音响招揽顾客', '路边店铺喇叭一天到晚放广告', true, '香溢路沿街', '香溢路56号沿街商铺'),
	(true, '居民楼内开设棋牌室', '楼里有人开麻将馆，通宵打牌', true, '泰山二村12号402室', '泰山二村12号4楼'),
	(true, '河道漂浮垃圾无人打捞', '河里很多垃圾没有人清理', true, '彭越浦河', '彭越浦河石泉路桥下'),
	(true, '电线垂落到人行道', '人行道上方线缆掉下来，很危险', true, '华阴路98弄门口', '华阴路98弄'),
	(false, '泰山小区5号楼道灯不亮', '华山新村8号楼道灯不亮', true, '泰山小区5号', '华山新村8号'),
	(false, '石泉路88号门口渣土车扬尘', '华池路12号门口渣土车扬尘', true, '石泉路88号', '华池路12号'),
	(false, '宜川路35弄门口共享单车乱停放', '黄山苑门口共享单车乱停放', true, '宜川路35弄', '黄山苑'),
	(false, '黄山苑电梯停运三天', '泰山小区电梯停运两天', true, '黄山苑8号', '泰山小区2号'),
	(false, '小区门口早点摊占道经营', '学校门口早点摊占道经营', true, '泰山小区门口', '宜川中学门口'),
	(false, '夜间施工噪声扰民', '夜间广场舞噪声扰民', true, '石泉路工地', '宜川公园'),
	(false, '楼上装修违规敲承重墙', '楼下商铺装修违规敲承重墙', true, '华山新村6号', '香溢路20号'),
	(false, '自来水发黄有异味', '河水发黑有异味', true, '中远两湾城36号', '彭越浦河'),
	(false, '路灯不亮夜间出行不安全', '井盖缺失夜间出行不安全', true, '石泉路', '华阴路'),
	(false, '健身器材损坏未修', '楼道扶手损坏未修', true, '宜川公园', '泰山三村9号'),
	(false, '物业费涨价未征求意见', '停车费涨价未征求意见', true, '黄山苑', '中远两湾城'),
	(false, '树枝遮挡阳光要求修剪', '广告牌遮挡阳光要求拆除', true, '泰山二村30号', '香溢路56号');
create view scored as select p.same, p.hard, ticket_workflow.text_similarity(a, b) as text,
	-- as suggest_incident() weighs them
	0.4 * ticket_workflow.text_similarity(a, b) + 0.45 * ticket_workflow.text_similarity(place_a, place_b) as with_place from pair p;
create function auc(same double precision[], different double precision[]) returns text language sql as $$
	select format('%s same and %s different pairs|%s||', cardinality(same), cardinality(different),
		round(avg(case when s > d then 1 when s = d then 0.5 else 0 end), 3)) from unnest(same) s, unnest(different) d $$;
select format('text_similarity: AUC over %s', auc(array_agg(text) filter (where same), array_agg(text) filter (where not same))) from scored;
select format('text_similarity: the plain ones, %s', auc(array_agg(text) filter (where same), array_agg(text) filter (where not same))) from scored where not hard;
select format('text_similarity: the hard ones, %s', auc(array_agg(text) filter (where same), array_agg(text) filter (where not same))) from scored where hard;
select format('suggest_incident: the hard ones with their places, %s', auc(array_agg(with_place) filter (where same), array_agg(with_place) filter (where not same))) from scored where hard;
