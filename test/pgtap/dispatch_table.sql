-- The decision table of dispatch: what is asked, what decides, and what the other principles say of it.
-- Rules stand in test/fixtures/dispatch_desk.sql; the norm's order is exception, statutory, factual, association, duty,
-- territorial, fallback. Reasons are checked as a part of each named principle's words.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/dispatch_desk.sql

create temp table expected (
	n serial, clause text, why text, matter text, area text, place text, appeal text,
	principle text, department text, reasons jsonb,
	on_day date not null default '2023-02-07', excluded text[] not null default '{}', in_territory boolean not null default true);

insert into expected (clause, why, matter, area, place, appeal, principle, department, reasons) values
	-- statutory
	('A1.1', 'a law names the department', 'food', 'p1', null, '饭店卫生差', 'statutory', 'sj', '{"statutory": "《中华人民共和国食品安全法》第六条规定“食品安全”由市场监管所负责", "duty": "没有部门的职责包括“食品安全”"}'),
	('A1.1', 'what stands below the matter follows its law', 'canteen', 'p1', null, '食堂有老鼠', 'statutory', 'sj', '{"statutory": "“食品安全”由市场监管所负责"}'),
	('A1.1', 'a procedure precedes, the department still makes the contact', 'dog', 'p1', null, '邻居养狗', 'statutory', 'ga', '{"statutory": "有前置程序：犬只免疫登记，仍由派出所先行联系"}'),
	('A1.1', 'the rule of the area before the general one', 'dog', 'p3', null, '邻居养狗', 'statutory', 'cg', '{"statutory": "第五条"}'),
	('A1.1', 'without an area the general one', 'dog', null, null, '邻居养狗', 'statutory', 'ga', '{"statutory": "第四条"}'),
	('A1.1', 'the area comes from the place', 'dog', null, '衡山里3号', '邻居养狗', 'statutory', 'cg', '{"statutory": "第五条"}'),
	('A1.1', 'the law before the department that is named', 'dog', 'p1', null, '请城管处理流浪狗', 'statutory', 'ga', '{"association": "但“犬类管理”不属其职责"}'),
	('A1.1', 'no law: the miss says so', 'stall', 'p1', null, '路边摆摊', 'duty', 'cg', '{"statutory": "没有法律法规就“占道经营”指定部门"}'),
	-- duty
	('A1.2', 'exactly one holder', 'stall', 'p1', null, '路边摆摊', 'duty', 'cg', '{"duty": "“占道经营”属城管中队职责：三定方案第三条", "territorial": "只有城管中队一个职责部门"}'),
	('A1.2', 'the nearest ancestor with duties', 'night', 'p1', null, '夜里摆摊', 'duty', 'cg', '{"duty": "“夜间占道”属“占道经营”，为城管中队职责"}'),
	('A1.2', 'the ancestor itself has its own holder', 'city', 'p1', null, '环境脏乱', 'duty', 'sq', '{"duty": "“市容环境”属社区管理办职责"}'),
	('A1.2', 'a nearer duty hides the farther one', 'light', 'p1', null, '楼道灯坏', 'duty', 'fg', '{"duty": "房管职责第一条"}'),
	('A1.2', 'a matter without its own duty takes the parent''s', 'house', 'p1', null, '房屋问题', 'duty', 'fg', '{"duty": "房管职责总则"}'),
	('A1.2', 'a duty limited to the area given', 'green', 'p1', null, '草坪枯死', 'duty', 'lh', '{"duty": "绿化养护"}'),
	('A1.2', 'another holder in another area', 'green', 'p2', null, '草坪枯死', 'duty', 'cg', '{"duty": "代管绿化"}'),
	('A1.2', 'in an area where nobody holds it', 'green', 'p3', null, '草坪枯死', null, null, '{"duty": "没有部门的职责包括“绿化”", "fallback": "第三片区没有托底部门"}'),
	('A1.2', 'a limited duty does not count where the area is unknown', 'green', null, null, '草坪枯死', null, null, '{"duty": "没有部门的职责包括“绿化”", "fallback": "片区不明"}'),
	('A1.2', 'the area of the estate makes the limited duty count', 'green', null, '泰山小区', '草坪枯死', 'duty', 'lh', '{"duty": "绿化养护"}'),
	('A1.2', 'the area of the house number', 'green', null, '宜川路301号', '草坪枯死', 'duty', 'cg', '{"duty": "代管绿化"}'),
	('A1.2', 'the child of a matter with limited duties', 'tree', 'p1', null, '树枝挡光', 'duty', 'lh', '{"duty": "“树木修剪”属“绿化”"}'),
	('A1.2', 'the area given goes before that of the place', 'green', 'p1', '宜川路301号', '草坪枯死', 'duty', 'lh', '{"duty": "绿化养护"}'),
	('A1.2', 'a general duty and one of the area are several', 'parking', 'p1', null, '乱停车', null, null, '{"duty": "城管中队、派出所共同职责", "territorial": "没有地址"}'),
	('A1.2', 'the general one alone where the other does not reach', 'parking', 'p2', null, '乱停车', 'duty', 'ga', '{"duty": "道路交通"}'),
	('A1.2', 'the only holder was closed: nobody''s duty', 'pipe', 'p1', null, '下水道堵', 'fallback', 'sq', '{"duty": "没有部门的职责包括“管道疏通”"}'),
	-- territorial
	('A1.3', 'several holders: the committee of the estate', 'leak', 'p1', '泰山小区5号', '漏水', 'territorial', 'jw1', '{"duty": "为房管办、社区管理办共同职责", "territorial": "“泰山小区”属泰山居委会，由其牵头"}'),
	('A1.3', 'another estate', 'leak', 'p1', '华山新村12号', '漏水', 'territorial', 'jw2', '{"territorial": "“华山新村”属华山居委会"}'),
	('A1.3', 'odd side of the road', 'noise', 'p1', '宜川路35号', '施工吵', 'territorial', 'jw1', '{"territorial": "“宜川路35”属泰山居委会"}'),
	('A1.3', 'even side of the road', 'noise', 'p1', '宜川路36号', '施工吵', 'territorial', 'jw2', '{"territorial": "“宜川路36”属华山居委会"}'),
	('A1.3', 'a lane counts along the road', 'noise', 'p1', '宜川路35弄7号302室', '施工吵', 'territorial', 'jw1', '{"territorial": "宜川路35"}'),
	('A1.3', 'first number of the odd range', 'noise', 'p1', '宜川路1号', '施工吵', 'territorial', 'jw1', '{"territorial": "宜川路1"}'),
	('A1.3', 'last number of the odd range', 'noise', 'p1', '宜川路199弄', '施工吵', 'territorial', 'jw1', '{"territorial": "宜川路199"}'),
	('A1.3', 'last number of the even range', 'noise', 'p1', '宜川路200号', '施工吵', 'territorial', 'jw2', '{"territorial": "宜川路200"}'),
	('A1.3', 'first of the range of both sides', 'noise', 'p2', '宜川路201号', '施工吵', 'territorial', 'jw3', '{"territorial": "宜川路201"}'),
	('A1.3', 'even number in the range of both sides', 'noise', 'p2', '宜川路398号', '施工吵', 'territorial', 'jw3', '{"territorial": "宜川路398"}'),
	('A1.3', 'last of the range of both sides', 'noise', 'p2', '宜川路399号', '施工吵', 'territorial', 'jw3', '{"territorial": "宜川路399"}'),
	('A1.3', 'full-width digits', 'noise', 'p1', '宜川路３５弄', '施工吵', 'territorial', 'jw1', '{"territorial": "宜川路35"}'),
	('A1.3', 'spaces between', 'noise', 'p1', '宜川路 36 号', '施工吵', 'territorial', 'jw2', '{"territorial": "宜川路36"}'),
	('A1.3', 'a comma inside the name of the road', 'noise', 'p1', '宜川，路36号', '施工吵', 'territorial', 'jw2', '{"territorial": "宜川路36"}'),
	('A1.3', 'Chinese numerals', 'noise', 'p1', '宜川路三十五号', '施工吵', 'territorial', 'jw1', '{"territorial": "宜川路35"}'),
	('A1.3', 'Chinese numerals of hundreds', 'noise', 'p1', '宜川路一百二十号', '施工吵', 'territorial', 'jw2', '{"territorial": "宜川路120"}'),
	('A1.3', 'Chinese digits one by one', 'noise', 'p2', '宜川路三〇一弄', '施工吵', 'territorial', 'jw3', '{"territorial": "宜川路301"}'),
	('A1.3', 'a numeral that belongs to a name is no number', 'noise', 'p2', '石泉路一村', '施工吵', 'territorial', 'jw3', '{"territorial": "“石泉路”属黄山居委会"}'),
	('A1.3', 'with 第', 'noise', 'p1', '宜川路第36号', '施工吵', 'territorial', 'jw2', '{"territorial": "宜川路36"}'),
	('A1.3', 'a bus line is no house number', 'noise', 'p1', '石泉路110路公交站', '施工吵', 'territorial', 'jw3', '{"territorial": "“石泉路”属黄山居委会"}'),
	('A1.3', 'a number of meters is no house number', 'noise', 'p1', '石泉路100米处', '施工吵', 'territorial', 'jw3', '{"territorial": "“石泉路”属"}'),
	('A1.3', 'a whole road of one committee needs no number', 'noise', 'p2', '石泉路路口', '施工吵', 'territorial', 'jw3', '{"territorial": "“石泉路”属黄山居委会"}'),
	('A1.3', 'a number on a whole road', 'noise', 'p2', '石泉路88号', '施工吵', 'territorial', 'jw3', '{"territorial": "“石泉路88”属黄山居委会"}'),
	('A1.3', 'a road of several committees without a number is a tie', 'noise', 'p1', '华池路上', '施工吵', null, null, '{"territorial": "“华池路”可能属于泰山居委会、华山居委会，须核实门牌号", "fallback": "城管中队、派出所负有职责"}'),
	('A1.3', 'number in the first range', 'noise', 'p1', '华池路50弄', '施工吵', 'territorial', 'jw1', '{"territorial": "华池路50"}'),
	('A1.3', 'number in the second range', 'noise', 'p1', '华池路100号', '施工吵', 'territorial', 'jw2', '{"territorial": "华池路100"}'),
	('A1.3', 'a number that nobody has', 'noise', 'p1', '华池路500号', '施工吵', null, null, '{"territorial": "“华池路500”未登记所属居委会"}'),
	('A1.3', 'two roads that cross leave what they share', 'noise', null, '宜川路石泉路路口', '施工吵', 'territorial', 'jw3', '{"territorial": "属黄山居委会"}'),
	('A1.3', 'the number decides over a road beside it', 'noise', 'p1', '宜川路35号近石泉路', '施工吵', 'territorial', 'jw1', '{"territorial": "宜川路35"}'),
	('A1.3', 'the estate decides over a road beside it', 'noise', 'p1', '石泉路对面泰山小区', '施工吵', 'territorial', 'jw1', '{"territorial": "泰山小区"}'),
	('A1.3', 'an estate and a number that disagree are a tie', 'noise', 'p1', '宜川路36弄泰山小区', '施工吵', null, null, '{"territorial": "泰山居委会、华山居委会"}'),
	('A1.3', 'an estate and its own number agree', 'noise', 'p1', '宜川路35弄泰山小区', '施工吵', 'territorial', 'jw1', '{"territorial": "泰山居委会"}'),
	('A1.3', 'free text', 'noise', 'p1', '宜川公园广场', '跳舞吵', 'territorial', 'jw2', '{"territorial": "“宜川公园”属华山居委会"}'),
	('A1.3', 'free text weighs less than a number', 'noise', 'p1', '宜川公园对面宜川路35号', '施工吵', 'territorial', 'jw1', '{"territorial": "宜川路35"}'),
	('A1.3', 'no address', 'leak', 'p1', null, '漏水', null, null, '{"territorial": "没有地址，无法确定居委会"}'),
	('A1.3', 'an address that is not registered', 'leak', 'p1', '某某大厦', '漏水', null, null, '{"territorial": "地址未登记所属居委会"}'),
	('A1.3', 'no address, but the appeal tells the place', 'leak', null, null, '泰山小区漏水', 'territorial', 'jw1', '{"territorial": "泰山小区"}'),
	('A1.3', 'the appeal helps where the address is not registered', 'leak', 'p1', '某某大厦', '宜川路36弄漏水', 'territorial', 'jw2', '{"territorial": "宜川路36"}'),
	('A1.3', 'the address goes before the appeal', 'leak', 'p1', '泰山小区', '华山新村也漏水', 'territorial', 'jw1', '{"territorial": "泰山小区"}'),
	('A1.3', 'traditional characters', 'leak', 'p1', '華山新村', '漏水', 'territorial', 'jw2', '{"territorial": "华山新村"}'),
	('A1.3', 'holders by inheritance are several too', 'dance', 'p1', '宜川公园', '广场舞', 'territorial', 'jw2', '{"duty": "“广场舞噪声”为城管中队、派出所共同职责"}'),
	('A1.3', 'in one area only the duties are several', 'parking', null, '泰山小区', '乱停车', 'territorial', 'jw1', '{"territorial": "城管中队、派出所职责重叠"}'),
	-- association
	('A1.5', 'the named one among several holders', 'noise', 'p1', '泰山小区', '城管中队不管', 'association', 'cg', '{"association": "诉求点名“城管中队”，且“噪声扰民”属城管中队职责", "territorial": "由其牵头"}'),
	('A1.5', 'by an alias', 'leak', 'p1', '泰山小区', '要求区房管局处理', 'association', 'fg', '{"association": "诉求点名“区房管局”"}'),
	('A1.5', 'by a short alias', 'noise', 'p1', null, '请城管来看看', 'association', 'cg', '{"association": "诉求点名“城管”"}'),
	('A1.5', 'the longest reading wins', 'noise', 'p1', null, '城管执法队没有来', 'association', 'cg', '{"association": "诉求点名“城管执法队”"}'),
	('A1.5', 'named, and the only holder', 'light', 'p1', null, '房管办一直不修', 'association', 'fg', '{"association": "房管办", "duty": "房管职责第一条"}'),
	('A1.5', 'named, but not its duty', 'light', 'p1', null, '城管不管', 'duty', 'fg', '{"association": "诉求点名城管中队，但“楼道照明”不属其职责"}'),
	('A1.5', 'both holders named: it does not decide', 'noise', 'p1', '泰山小区', '城管推给公安', 'territorial', 'jw1', '{"association": "诉求同时点名城管中队、派出所"}'),
	('A1.5', 'two named, one of them a holder', 'leak', 'p1', '泰山小区', '城管和房管所都来过', 'association', 'fg', '{"association": "诉求点名“房管所”"}'),
	('A1.5', 'the same one twice is one', 'leak', 'p1', '泰山小区', '房管所、区房管局', 'association', 'fg', '{"association": "房管办职责"}'),
	('A1.5', 'nobody named', 'leak', 'p1', '泰山小区', '漏水', 'territorial', 'jw1', '{"association": "诉求未点名部门"}'),
	('A1.5', 'spaces inside a name', 'leak', 'p1', '泰山小区', '要求 区 房 管 局 处理', 'association', 'fg', '{"association": "区房管局"}'),
	('A1.5', 'traditional characters', 'leak', 'p1', '泰山小区', '要求區房管局處理', 'association', 'fg', '{"association": "区房管局"}'),
	('A1.5', 'trap: a retired employee of the former bureau', 'leak', 'p1', '泰山小区', '原区房管局退休职工家中漏水', 'territorial', 'jw1', '{"association": "诉求未点名部门"}'),
	('A1.5', 'trap: the former bureau', 'leak', 'p1', '泰山小区', '原区房管局的房子漏水', 'territorial', 'jw1', '{"association": "诉求未点名部门"}'),
	('A1.5', 'trap: its retired people', 'leak', 'p1', '泰山小区', '区房管局退休人员反映漏水', 'territorial', 'jw1', '{"association": "诉求未点名部门"}'),
	('A1.5', 'trap: its dormitory', 'leak', 'p1', '泰山小区', '房管所宿舍漏水', 'territorial', 'jw1', '{"association": "诉求未点名部门"}'),
	('A1.5', 'trap: beside its door', 'noise', 'p1', '泰山小区', '城管中队门口有人唱歌', 'territorial', 'jw1', '{"association": "诉求未点名部门"}'),
	('A1.5', 'trap: opposite to it', 'noise', 'p1', '泰山小区', '派出所对面吵闹', 'territorial', 'jw1', '{"association": "诉求未点名部门"}'),
	('A1.5', 'trap: a longer harmless word', 'noise', 'p1', '泰山小区', '城管学院学生唱歌', 'territorial', 'jw1', '{"association": "诉求未点名部门"}'),
	('A1.5', 'a trap and a real naming in one text', 'leak', 'p1', '泰山小区', '原区房管局退休职工，请房管所来修', 'association', 'fg', '{"association": "诉求点名“房管所”"}'),
	('A1.5', 'the same name as a trap and for real', 'noise', 'p1', '泰山小区', '城管门口很吵，城管不管', 'association', 'cg', '{"association": "城管"}'),
	('A1.5', 'earlier is not former', 'noise', 'p1', '泰山小区', '之前城管来过', 'association', 'cg', '{"association": "城管"}'),
	('A1.5', 'names of a full stop''s two sides are no name', 'noise', 'p1', '泰山小区', '一座城。管他呢', 'territorial', 'jw1', '{"association": "诉求未点名部门"}'),
	('A1.5', 'the court is nobody to dispatch to', 'noise', 'p1', '泰山小区', '请宜馨法苑调解', 'territorial', 'jw1', '{"association": "诉求未点名部门"}'),
	('A1.5', 'a committee is named, but has no duty', 'noise', 'p1', '泰山小区', '泰山居委会不管', 'territorial', 'jw1', '{"association": "诉求点名泰山居委会，但“噪声扰民”不属其职责"}'),
	('A1.5', 'what the address names is a place', 'noise', 'p1', '泰山小区城管中队', '施工吵', 'territorial', 'jw1', '{"association": "诉求未点名部门"}'),
	('A1.5', 'named without a matter', null, 'p1', null, '请城管处理', 'fallback', 'sq', '{"association": "事项未分类"}'),
	-- fallback
	('A1.6', 'nobody''s duty', 'misc', 'p1', null, '咨询', 'fallback', 'sq', '{"fallback": "无职责部门，第一片区由社区管理办托底：街道托底清单"}'),
	('A1.6', 'another area, a committee', 'misc', 'p2', null, '咨询', 'fallback', 'jw3', '{"fallback": "第二片区由黄山居委会托底"}'),
	('A1.6', 'an area without a fallback', 'misc', 'p3', null, '咨询', null, null, '{"fallback": "第三片区没有托底部门"}'),
	('A1.6', 'no area and no place', 'misc', null, null, '咨询', null, null, '{"fallback": "片区不明"}'),
	('A1.6', 'the area of the place', 'misc', null, '泰山小区', '咨询', 'fallback', 'sq', '{"fallback": "第一片区"}'),
	('A1.6', 'of committees of one area', 'misc', null, '华池路', '咨询', 'fallback', 'sq', '{"fallback": "第一片区"}'),
	('A1.6', 'not of committees of two areas', 'misc', null, '宜川路', '咨询', null, null, '{"fallback": "片区不明"}'),
	('A1.6', 'no matter', null, 'p1', null, '说不清的事', 'fallback', 'sq', '{"statutory": "事项未分类", "duty": "事项未分类", "territorial": "事项未分类"}'),
	('A1.6', 'an unknown matter', 'nonsense', 'p1', null, '说不清的事', 'fallback', 'sq', '{"duty": "事项分类中没有“nonsense”"}'),
	('A1.6', 'unknown matter, area of the place', 'nonsense', null, '宜川路301号', '说不清的事', 'fallback', 'jw3', '{"statutory": "事项分类中没有“nonsense”"}'),
	('A1.6', 'an empty appeal and place', 'misc', 'p1', '', '', 'fallback', 'sq', '{"association": "诉求未点名部门"}'),
	('A1.6', 'a duty of somebody: no fallback', 'stall', 'p1', null, '摆摊', 'duty', 'cg', '{"fallback": "城管中队负有职责，不适用托底"}'),
	-- outside the territory
	('2.2.1', 'a road outside', 'misc', 'p1', '曹杨路100号', '咨询', 'transfer', null, '{"transfer": "“曹杨路100”不在辖区内，建议转出", "fallback": "“曹杨路100”不在辖区内"}'),
	('2.2.1', 'a road outside, without a number', 'misc', null, '曹杨路', '咨询', 'transfer', null, '{"transfer": "“曹杨路”不在辖区内"}'),
	('2.2.1', 'numbers of our road that lie outside', 'misc', null, '宜川路500号', '咨询', 'transfer', null, '{"transfer": "“宜川路500”不在辖区内"}'),
	('2.2.1', 'duties of ours do not reach there', 'stall', null, '曹杨路1号', '摆摊', 'transfer', null, '{"duty": "“曹杨路1”不在辖区内"}'),
	('2.2.1', 'free text outside', 'leak', null, '长寿公园', '漏水', 'transfer', null, '{"territorial": "“长寿公园”不在辖区内"}'),
	('2.2.1', 'inside weighs as much as outside: a tie, no transfer', 'leak', null, '曹杨路1号，泰山小区', '漏水', null, null, '{"territorial": "可能属于泰山居委会"}'),
	('2.2.1', 'an appeal that mentions another place does not move the ticket', 'stall', 'p1', null, '从曹杨路来的摊贩', 'duty', 'cg', '{"duty": "占道经营"}'),
	('2.2.1', 'the law decides outside too', 'food', null, '曹杨路1号', '饭店脏', 'statutory', 'sj', '{"fallback": "不在辖区内"}'),
	-- exception without dates of its own
	('A1.7', 'a rule in force goes before all', 'shelter', 'p1', null, '地下室', 'exception', 'cg', '{"exception": "例外规则“人防专项”：上级专项部署（至2023-12-31有效），由城管中队负责", "duty": "没有部门的职责包括"}'),
	('A1.7', 'none applies', 'stall', 'p1', null, '摆摊', 'duty', 'cg', '{"exception": "没有适用的例外规则"}'),
	('A1.7', 'it decides outside the territory too', 'shelter', null, '曹杨路1号', '地下室', 'exception', 'cg', '{"exception": "人防专项"}');

-- days: both ends of a validity count
insert into expected (clause, why, matter, area, place, appeal, principle, department, reasons, on_day) values
	('A1.7', 'the day before it begins', 'leak', 'p2', '石泉路1号', '漏水', 'territorial', 'jw3', '{"exception": "没有适用"}', '2023-02-28'),
	('A1.7', 'its first day', 'leak', 'p2', '石泉路1号', '漏水', 'exception', 'fg', '{"exception": "旧改应急方案"}', '2023-03-01'),
	('A1.7', 'its last day', 'leak', 'p2', '石泉路1号', '漏水', 'exception', 'fg', '{"exception": "旧改应急方案"}', '2023-03-31'),
	('A1.7', 'the day after', 'leak', 'p2', '石泉路1号', '漏水', 'territorial', 'jw3', '{"exception": "没有适用"}', '2023-04-01'),
	('A1.7', 'only in its area', 'leak', 'p1', '泰山小区', '漏水', 'territorial', 'jw1', '{"exception": "没有适用"}', '2023-03-15'),
	('A1.7', 'for every matter of an area', 'misc', 'p3', null, '咨询', 'exception', 'sq', '{"exception": "五一保障"}', '2023-05-01'),
	('A1.7', 'even before the law', 'food', 'p3', null, '饭店脏', 'exception', 'sq', '{"exception": "五一保障", "statutory": "第六条"}', '2023-05-07'),
	('A1.7', 'over the day after', 'food', 'p3', null, '饭店脏', 'statutory', 'sj', '{"exception": "没有适用"}', '2023-05-08'),
	('A1.7', 'the one of the matter before the one for all', 'pipe', 'p3', null, '停水', 'exception', 'sj', '{"exception": "饮水保障"}', '2023-05-03'),
	('A1.7', 'without a matter the one for all', null, 'p3', null, '停水', 'exception', 'sq', '{"exception": "五一保障"}', '2023-05-03'),
	('A1.2', 'the last day of a duty', 'house', 'p1', null, '房屋', 'duty', 'fg', '{"duty": "房管职责总则"}', '2023-06-30'),
	('A1.2', 'between two duties', 'house', 'p1', null, '房屋', 'fallback', 'sq', '{"duty": "没有部门的职责包括“房屋管理”"}', '2023-07-01'),
	('A1.2', 'the first day of the new holder', 'house', 'p1', null, '房屋', 'duty', 'xx', '{"duty": "城市更新"}', '2024-01-01'),
	('A1.2', 'children with duties of their own do not follow', 'light', 'p1', null, '灯坏', 'duty', 'fg', '{"duty": "房管职责第一条"}', '2024-01-01'),
	('A1.2', 'the holder on its last day in being', 'pipe', 'p1', null, '堵', 'duty', 'wy', '{"duty": "物业维修"}', '2022-12-31'),
	('A1.2', 'and the day after', 'pipe', 'p1', null, '堵', 'fallback', 'sq', '{"duty": "没有部门的职责包括"}', '2023-01-01'),
	('A1.3', 'an estate on the last day of its committee', 'leak', null, '黄山苑', '漏水', 'exception', 'fg', '{"territorial": "黄山居委会"}', '2023-03-31'),
	('A1.3', 'and on the first of the next', 'leak', null, '黄山苑', '漏水', 'territorial', 'jw1', '{"territorial": "泰山居委会"}', '2023-04-01'),
	('A1.5', 'an alias on its last day', 'leak', 'p1', '泰山小区', '建管科来过', 'association', 'fg', '{"association": "建管科"}', '2022-12-31'),
	('A1.5', 'and the day after', 'leak', 'p1', '泰山小区', '建管科来过', 'territorial', 'jw1', '{"association": "诉求未点名部门"}', '2023-01-01'),
	('A1.5', 'the name of a department that is not there yet', 'house', 'p1', null, '城市更新办', 'duty', 'fg', '{"association": "诉求未点名部门"}', '2023-02-07'),
	('A1.1', 'before any rule began', 'food', 'p1', null, '脏', null, null, '{"statutory": "没有法律法规", "fallback": "第一片区没有托底部门"}', '2019-12-31');

-- departments whose return was granted
insert into expected (clause, why, matter, area, place, appeal, principle, department, reasons, excluded) values
	('2.2.2', 'the only holder returned it: fallback', 'stall', 'p1', null, '摆摊', 'fallback', 'sq', '{"duty": "城管中队已就本工单获准退单", "fallback": "托底"}', '{cg}'),
	('2.2.2', 'it does not climb to the next ancestor', 'night', 'p2', null, '摆摊', 'fallback', 'jw3', '{"duty": "城管中队已就本工单获准退单"}', '{cg}'),
	('2.2.2', 'one of two returned it: the other has the duty alone', 'leak', 'p1', '泰山小区', '漏水', 'duty', 'sq', '{"territorial": "只有社区管理办一个职责部门"}', '{fg}'),
	('2.2.2', 'both returned it', 'leak', 'p1', '泰山小区', '漏水', 'fallback', 'sq', '{"duty": "房管办、城管中队"}', '{fg}'),
	('2.2.2', 'the committee returned it', 'leak', 'p1', '泰山小区', '漏水', null, null, '{"territorial": "泰山居委会已就本工单获准退单"}', '{jw1}'),
	('2.2.2', 'the department of the law returned it', 'food', 'p1', null, '脏', 'fallback', 'sq', '{"statutory": "市场监管所已就本工单获准退单"}', '{sj}'),
	('2.2.2', 'of the law''s two the general one is left', 'dog', 'p3', null, '狗', 'statutory', 'ga', '{"statutory": "第四条"}', '{cg}'),
	('2.2.2', 'the fallback returned it', 'misc', 'p1', null, '咨询', null, null, '{"fallback": "社区管理办已就本工单获准退单"}', '{sq}'),
	('2.2.2', 'the named one returned it', 'noise', 'p1', '泰山小区', '城管不管', 'duty', 'ga', '{"association": "诉求点名城管中队，但"}', '{cg}'),
	('2.2.2', 'an exception for who returned it', 'shelter', 'p1', null, '地下室', 'fallback', 'sq', '{"exception": "城管中队已就本工单获准退单"}', '{cg}'),
	('2.2.2', 'two that returned it', 'noise', 'p1', '泰山小区', '吵', 'fallback', 'sq', '{"duty": "城管中队、派出所已就本工单获准退单"}', '{cg,ga}');
-- the row "both returned it" of the table above means both holders
update expected set excluded = '{fg,sq}', principle = null, department = null,
	reasons = '{"duty": "房管办、社区管理办已就本工单获准退单", "fallback": "社区管理办已就本工单获准退单"}'
	where why = 'both returned it';

insert into expected (clause, why, matter, area, place, appeal, principle, department, reasons, in_territory) values
	('2.2.1', 'marked at receipt', 'stall', 'p1', null, '摆摊', 'transfer', null, '{"duty": "收单时已注明不在辖区内", "transfer": "建议转出"}', false),
	('2.2.1', 'marked at receipt, whatever the address', 'leak', 'p1', '泰山小区', '漏水', 'transfer', null, '{"territorial": "收单时已注明不在辖区内"}', false),
	('2.2.1', 'marked at receipt, but the law names one', 'food', 'p1', null, '脏', 'statutory', 'sj', '{"transfer": "建议转出"}', false),
	('2.2.1', 'marked at receipt, named department', 'stall', 'p1', null, '城管不管', 'transfer', null, '{"association": "收单时已注明不在辖区内"}', false);

select plan(5 + 2 * (select count(*)::integer from expected));
select cmp_ok((select count(*) from expected), '>=', 120::bigint, 'A1: the decision table has at least 120 cases');

create temp table answer as
select e.n, r.*
from expected e, ticket_workflow.resolve_dispatch('dp', e.matter, e.area, e.place, e.appeal, null, e.excluded, e.on_day, e.in_territory) r;

select is(coalesce((select r.principle || ':' || coalesce(r.department, '-') from answer r where r.n = e.n and r.decisive), 'none'),
	case when e.principle is null then 'none' else e.principle || ':' || coalesce(e.department, '-') end,
	e.clause || ': case ' || e.n || ', ' || e.why)
from expected e order by e.n;

select ok(not exists (select from jsonb_each_text(e.reasons) w
		where not exists (select from answer r where r.n = e.n and r.principle = w.key and strpos(r.basis, w.value) > 0)),
	e.clause || ': case ' || e.n || ' says why: ' || coalesce((
		select string_agg(w.key || ' "' || coalesce((select r.basis from answer r where r.n = e.n and r.principle = w.key), '-') || '"', ', ')
		from jsonb_each_text(e.reasons) w), ''))
from expected e order by e.n;

select is_empty($$
	select n, count(*) from answer where principle <> 'transfer' group by n having count(*) <> 7 or count(distinct principle) <> 7
$$, 'A1: one row per principle, every time');
select is_empty($$ select n, principle from answer where basis is null or basis = '' or basis ~ '%[0-9]' $$, 'A1: every row says why');
select is_empty($$ select n from answer where decisive group by n having count(*) > 1 $$, 'A1: one principle decides, or none');
select is_empty($$
	select r.n from answer r where r.decisive and exists (
		select from answer b where b.n = r.n and b.rank < r.rank and b.department is not null)
$$, 'A1: the first that hits decides');

select * from finish();
rollback;
