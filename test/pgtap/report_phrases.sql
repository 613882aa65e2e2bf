-- How phrases are weighed: whose words they end in, what stands on a notice board, which rule wins, which month it is,
-- and the signs of P3 (R3, R4, R5, R8). The wordings themselves are scored from test/data by report_scores.
begin;
select no_plan();
set local client_min_messages = warning;

create function pg_temp.found(sample text, reported_on date default '2023-02-10') returns text language sql as $$
	select coalesce(string_agg(distinct code || ':' || severity, ',' order by code || ':' || severity), '')
	from ticket_workflow.check_report_text(found.sample, rulebook => 'yichuan_2023', reported_on => found.reported_on)
	where code like 'P%' and start_pos is not null and severity <> 'advice'
$$;

select is(pg_temp.found(sample), wanted, clause || ': ' || sample) from (values
	-- an inspection by the author, a sight by the petitioner
	('R4', '现场核实时来电人称没看到噪声源', ''),
	('R4', '居民看过调取监控的画面后也说“是听别人讲的，没看到”', ''),
	('R4', '已到现场查看，“未发现”占道设摊', 'P5:reject'),
	('R4', '“正在施工”告示牌已随完工撤除', ''),
	('R4', '物业“正在”施工', 'P1:reject'),
	-- two synonyms are shown beside each other, the norm's own words stand for both
	('R3', '等待审批', 'P1:review,P2:review'),
	('R3', '当事人正在整改中', 'P2:reject'),
	-- a reason in the clause before is none for this one
	('A4.2.1', '因物业正在施工，通道封闭', 'P1:review'),
	('A4.2.1', '因缺同色砖，供应商正在调货', 'P1:reject'),
	('A4.2.1', '燃气公司将会上门换表', 'P1:reject'),
	('A4.2.1', '物业将会上意见汇总后张贴', ''),
	-- a duty by law: fulfilled, not only pointed at
	('A4.2.1', '依照条例商家应向顾客出具凭证，该店已于2月3日补开', ''),
	('A4.2.1', '依照条例商家应向顾客出具凭证，已电话告知诉求人', 'P1:reject'),
	('R5', '店家正在整改中，4月2日前完成（报告日2023年5月）', 'P2:reject'),
	('R5', '店家正在整改中，5月20日前完成（报告日2023年5月）', ''),
	('R5', '店家正在整改中，上月25日前完成', 'P2:reject'),
	('R5', '店家正在整改中，下月25日前完成', ''),
	('R5', '店家正在整改中，去年12月25日前完成', 'P2:reject'),
	('A4.2.1', '用人单位应向职工补发的工资已于2月3日发清', ''),
	('A4.2.1', '店主方正在场签收', ''),
	('A4.2.5', '现场检查，混凝土浇筑，未见夜间施工许可', ''),
	('A4.2.4', '已要求当事人自行整改，2月1日已警告一次', 'P4:reject'),
	('A4.2.4', '已要求当事人自行整改，2月9日已由其搬空', ''),
	('A4.2.4', '业主接到通知后自行拆除了围栏', ''),
	('A4.2.7', '街道无权干涉', 'P7:reject'),
	('A4.2.7', '物业无权强制业主缴费', '')) t (clause, sample, wanted);

-- R8: signs of P3
create function pg_temp.signs(disposal text, appeal text default null) returns bigint language sql as $$
	select count(*) from ticket_workflow.check_report_text('先行联系：2023年2月6日10时20分，电话联系诉求人王女士。核实情况：2月6日14时在三楼听到鼓声，诉求属实。'
		|| '办理过程：居委会走访本楼12户，查到房东2021年更换过隔音门。处置过程：' || signs.disposal || '回复情况：2月7日15时30分电话回复诉求人，诉求人表示满意。'
		|| '责任人：赵某，联系电话：021-12345678。附件：录音1份、处置前后照片4张。', rulebook => 'yichuan_2023', reported_on => '2023-02-10',
		appeal => signs.appeal, category => '投诉类')
	where code = 'P3' and severity = 'review' and start_pos is null
$$;
select is(pg_temp.signs('2月7日户主拆下架子鼓。', '诉求人反映四楼住户夜间练架子鼓，要求制止。'), 0::bigint, 'R8: the matter is put right');
select is(pg_temp.signs('2月7日清理花坛犬粪，铲除小广告20处。', '诉求人反映四楼住户夜间练架子鼓，要求制止。'), 1::bigint,
	'R8: measures that speak of something else are a sign');
select is(pg_temp.signs('2月7日清理花坛犬粪，铲除小广告20处。'), 0::bigint, 'R8: without the appeal nothing is compared');
select is(pg_temp.signs('已按规定办结。'), 1::bigint, 'R8: closed is not done');
select is(pg_temp.signs('2月7日户主把鼓送去乐器店寄放。'), 0::bigint, 'R8: what happened on a day is told, whatever the verb');

select * from finish();
rollback;
