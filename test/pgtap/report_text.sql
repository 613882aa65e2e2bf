-- The text engine: folding, positions, rules R1 to R8 by hand, phrases as rows, arguments.
begin;
select no_plan();
set local client_min_messages = warning;

create temp view checked as
select null::text as sample, null::text as codes where false;

-- codes with their severity, once each, of what stands in the text (missing elements left out)
create function pg_temp.found(sample text, reported_on date default '2023-02-10', rulebook text default 'yichuan_2023') returns text
	language sql as $$
	select coalesce(string_agg(distinct code || ':' || severity, ',' order by code || ':' || severity), '')
	from ticket_workflow.check_report_text(found.sample, rulebook => found.rulebook, reported_on => found.reported_on)
	where code like 'P%' and start_pos is not null and severity <> 'advice'
$$;

-- ---- R1: folding

select is_empty($$
	select i, chr(i), ticket_workflow.fold_compatible(chr(i)), normalize(chr(i), NFKC)
	from generate_series(1, 1114111) i
	where i not between 55296 and 57343
		and ticket_workflow.fold_compatible(chr(i)) is distinct from normalize(chr(i), NFKC)
		-- assigned later than the table's Unicode 14; what is assigned never changes
		and (current_setting('server_version_num')::integer < 160000
			or ticket_workflow.fold_compatible(chr(i)) <> chr(i))
$$, 'R1: the table of compatibility forms is normalize(NFKC) for every code point');

select is(ticket_workflow.fold_text('㊣將會ＡＢ１２' || chr(8203) || '適時'), '正将会ab12适时', 'R1: compatibility, traditional, invisible');

select is(pg_temp.found(sample), 'P1:reject', 'R1: ' || why) from (values
	('物业将会安排人员清理', 'as it is'),
	('物业将　会安排人员清理', 'ideographic space'),
	('物业将' || chr(8203) || '会安排人员清理', 'zero-width space'),
	('物业将-会安排人员清理', 'hyphen'),
	(E'物业将\n会安排人员清理', 'line break'),
	('物業將會安排人員清理', 'traditional characters'),
	('物业“将会”安排人员清理', 'quotation marks around the phrase alone'),
	('物业将' || chr(822) || '会安排人员清理', 'a stroke laid over a character')) t (sample, why);

select is(pg_temp.found(sample), '', 'R1: ' || why) from (values
	('杂物由居委会移走将。会同物业的情况如下', 'a full stop is a barrier'),
	(E'杂物由居委会移走将\n\n会议已开', 'a blank line is a barrier')) t (sample, why);

select is_empty($$
	select t.sample, f.*
	from (values (E'物业将　会安排，我所已报 上级 部门。\n正' || chr(8203) || '在处理'), (chr(128512) || 'é将會' || chr(64976) || '，适 时')) t (sample),
		ticket_workflow.check_report_text(t.sample, rulebook => 'yichuan_2023') f
	where f.start_pos is not null and substr(t.sample, f.start_pos, f.length) is distinct from f.excerpt
$$, 'design 4: substr(body, start_pos, length) is the excerpt');

select is_empty($$
	select f.* from (values ('清理完毕。'), ('')) b (body), (values ('物业将会安排')) p (points),
		ticket_workflow.check_report_text(b.body, p.points, 'yichuan_2023') f
	where f.start_pos is not null and substr(b.body || E'\n' || p.points, f.start_pos, f.length) is distinct from f.excerpt
$$, 'R7a: positions in the points go on behind body and line break');
select is((select count(*) from ticket_workflow.check_report_text('清理完毕。', '物业将会安排', 'yichuan_2023') where code = 'P1'), 1::bigint,
	'R7a: reply points are read too');

-- ---- R2 to R6

select is(pg_temp.found(sample), wanted, clause || ': ' || sample) from (values
	('R2', '将会议纪要送达各方', ''),
	('R2', '纠正在人行道设摊的行为', ''),
	('R2', '物业积极响应，向业主说明', ''),
	('R3', '当事人正在整改中', 'P2:reject'),
	('R3', '当事人正在整改中，2023年3月15日前拆除完毕', ''),
	('R3', '物业将于3月15日前完成施工', ''),
	('R4', '诉求人称物业正在拖延', ''),
	('R4', '诉求人称物业正在拖延，街道将会督促', 'P1:reject'),
	('R4', '店主李先生表示将会整改', 'P1:reject'),
	('R5', '当事人正在整改中，2022年12月31日前完成', 'P2:reject'),
	('R5', '当事人正在整改中，2月8日已到场检查', 'P2:reject'),
	('R5', '当事人正在整改中，近期完成', 'P2:reject'),
	('R5', '已要求当事人自行整改，两周内完成', ''),
	('R5', '已要求当事人自行整改，第二季度完成', ''),
	('R5', '已要求当事人自行整改，元旦前完成', 'P4:reject'),
	('A4.2.5', '已到现场查看，未发现占道设摊', 'P5:reject'),
	('A4.2.6', '我所在的小区', ''),
	('A4.2.6', '我所工作人员到场', 'P6:reject'),
	('A4.2.7', '非我部门职责', 'P7:reject'),
	('A4.2.1', '物业即将安排人员清理', 'P1:review')) t (clause, sample, wanted);

create temp table sound (report text);
insert into sound values ('一、先行联系：2023年2月6日10时20分，电话联系诉求人王女士（13800000000）。二、核实情况：2月6日14时现场查看，诉求属实。三、办理过程：约谈店主。四、处置过程：2月7日清理完毕。五、回复情况：2月7日15时30分电话回复诉求人，诉求人表示满意。六、责任人：赵某，联系电话：021-12345678。七、附件：录音1份、处置前后照片4张。');
create function pg_temp.missing(report text, has_contact boolean default true, phone text default null) returns text language sql as $$
	select coalesce(string_agg(code, ',' order by code), '')
	from ticket_workflow.check_report_text(missing.report, rulebook => 'yichuan_2023', reported_on => '2023-02-10', category => '投诉类',
		has_contact => missing.has_contact, petitioner_phone => missing.phone)
	where severity = 'reject'
$$;
select is(pg_temp.missing(report), '', 'A4.1: seven elements') from sound;
select is(pg_temp.missing(replace(report, a, b)), wanted, clause || ': ' || a || ' → ' || b) from sound, (values
	('A4.1.1', '2023年2月6日10时20分，', '', 'E1,E7'),
	('A4.1.2', '诉求属实', '情况如上', 'E2'),
	('A4.1.3', '三、办理过程：约谈店主。', '', 'E3'),
	('A4.1.4', '四、处置过程：2月7日清理完毕。', '', 'E4'),
	('R6', '赵某', '社区管理办', 'E5'),
	('A4.1.5', '六、责任人：赵某，', '六、', 'E5'),
	('R6', '021-12345678', '12345', 'E6'),
	('R6', '021-12345678', '13800000000', 'E6'),
	('A4.1.6', '，联系电话：021-12345678', '', 'E6'),
	('A4.1.7', '2月7日15时30分', '', 'E7'),
	('A4.1.7', '七、附件：录音1份、处置前后照片4张。', '', 'E7')) t (clause, a, b, wanted);
select is(pg_temp.missing(replace(report, '2023年2月6日10时20分，', ''), false), '', 'R7: without contact details E1 is waived') from sound;
select is(pg_temp.missing(report, true, '021 1234 5678'), 'E6', 'R6: the petitioner''s number is not the handler''s') from sound;
select is(pg_temp.missing(report, true, '0'), '', 'R6: a scrap of a number is nobody''s') from sound;

-- ---- answers

select is((select array_agg(code || severity) from ticket_workflow.check_report_text(null, rulebook => 'yichuan_2023') where code like 'E%'),
	array['E1reject', 'E2reject', 'E3reject', 'E4reject', 'E5reject', 'E6reject', 'E7reject'], 'A4.1: without a body everything is missing');
select is_empty($$
	select * from ticket_workflow.check_report_text('物业将会安排，我所已报上级部门', rulebook => 'yichuan_2023') f
	where not exists (select from ticket_workflow.clause c where c.clause = f.clause) or f.message = ''
$$, 'design 4: every finding has its message and an existing clause');
set local ticket_workflow.language = 'en';
select alike(f.message, '"' || f.excerpt || '" must not appear%', 'design 7: messages in English')
	from ticket_workflow.check_report_text('物业将会安排', rulebook => 'yichuan_2023') f where f.code = 'P1';
set local ticket_workflow.language = 'zh';

select cmp_ok(ticket_workflow.text_similarity('楼道堆物影响通行', '樓道堆物，影響通行'), '=', 1::real, 'design 4: similarity undoes disguises');
select cmp_ok(ticket_workflow.text_similarity('楼道堆物影响通行', '噪音扰民'), '=', 0::real, 'design 4: nothing in common');

-- ---- phrases as rows

select lives_ok($$select ticket_workflow.copy_rulebook('yichuan_2023', 'report_text_test')$$, 'A4: a center has a copy of its own');
select lives_ok($$select ticket_workflow.add_phrase('report_text_test', 'prohibited', 'P1', '从长[4]计议', 'reject')$$, 'A4.2.1: a phrase is added');
select is(pg_temp.found('此事从长，再作计议'), '', 'A4.2.1: the norm''s own rulebook stays as it was');
select is(pg_temp.found('此事从长再作计议', rulebook => 'report_text_test'), 'P1:reject', 'A4.2.1: the copy knows the new phrase at once');
select is((select array_agg(excerpt) from ticket_workflow.test_phrase('从长[4]计议', '从长计议；从长，再作计议；從長再計議')),
	array['从长计议', '從長再計議'], 'A4: test_phrase shows where a pattern matches');
select lives_ok($$select ticket_workflow.change_phrase('report_text_test', 'prohibited', 'P1', '从长[4]计议', 'advice')$$, 'A4: severity changed');
select is(pg_temp.found('此事从长再作计议', rulebook => 'report_text_test'), '', 'A4: and it counts');
select lives_ok($$select ticket_workflow.remove_phrase('report_text_test', 'prohibited', 'P1', '从长[4]计议')$$, 'A4: removed');
select cmp_ok(ticket_workflow.raise_phrase_severity('report_text_test', 'P1'), '>', 0, 'A4.2.1: a center raises synonyms');
select is(pg_temp.found('物业即将安排人员清理', rulebook => 'report_text_test'), 'P1:reject', 'A4.2.1: they reject there');

select throws_ok(format('select ticket_workflow.add_phrase(%L, %L, %L, %L, %L, %L, %L)', 'report_text_test', role, code, pattern, severity, clause, waiver),
	'TW012', null, 'A4: ' || why) from (values
	('prohibited', 'P1', '[5]', 'reject', null, null, 'a gap alone'),
	('prohibited', 'P1', '从长[61]计议', 'reject', null, null, 'a gap too long'),
	('prohibited', 'P1', '(从长|计议', 'reject', null, null, 'an open group'),
	('prohibited', 'P1', '从长。计议', 'reject', null, null, 'the end of a sentence'),
	('prohibited', 'P1', '，、', 'reject', null, null, 'marks alone'),
	('prohibited', 'E1', '从长', 'reject', null, null, 'an element''s code'),
	('prohibited', 'P9', '从长', 'reject', null, null, 'no such code'),
	('prohibited', 'P1', '从长', null, null, null, 'no severity'),
	('prohibited', 'P1', '从长', 'death', null, null, 'no such severity'),
	('synonym', 'P3', '从长', 'reject', null, null, 'P3 is never decided by the machine alone (R8)'),
	('prohibited', 'P1', '从长', 'reject', '9.9', null, 'no such clause'),
	('prohibited', 'P1', '从长', 'reject', null, 'mercy', 'no such waiver'),
	('harmless', 'P1', '从长', null, null, 'none_such', 'a waiver of nothing'),
	('verb', 'P1', '从长', 'reject', null, null, 'no such role'),
	('prohibited', 'P1', '正在', 'reject', null, null, 'a phrase that is there already')) t (role, code, pattern, severity, clause, waiver, why);
select throws_ok($$select ticket_workflow.remove_phrase('report_text_test', 'prohibited', 'P1', '没有')$$, 'TW012', null, 'A4: nothing to remove');
select throws_ok($$select ticket_workflow.raise_phrase_severity('report_text_test', 'P3')$$, 'TW012', null, 'R8: P3 cannot be raised');

-- ---- arguments

select throws_ok($$select * from ticket_workflow.check_report_text('', rulebook => 'none')$$, 'TW012', null, 'a rulebook that is not there');
select throws_ok($$select * from ticket_workflow.check_report_text('')$$, 'TW012', null, 'two rulebooks and none named');
select throws_ok($$select * from ticket_workflow.check_report_text('', rulebook => 'yichuan_2023', category => '表扬')$$, 'TW006', null, 'no such category');
select throws_ok($$select * from ticket_workflow.check_report_text('', rulebook => 'yichuan_2023', reported_on => 'infinity')$$, 'TW006', null, 'no day');
-- ---- elements: refused only where they are absent

create function pg_temp.lacks(sample text, category text default 'complaint') returns text
	language sql as $$
	select coalesce(string_agg(distinct code, ',' order by code), '')
	from ticket_workflow.check_report_text(lacks.sample, rulebook => 'yichuan_2023', reported_on => '2023-02-10', category => lacks.category)
	where code like 'E%' and severity = 'reject'
$$;

select is(replace(pg_temp.lacks(sample), 'E', '') like '%' || element || '%', missing, 'A4.1.' || element || ' ' || sample) from (values
	('1', false, '〔先行联系〕2月6日10时20分，电话。〔核实〕属实'),
	('1', false, '|先行联系|2月6日10:20电话|核实情况|属实|'),
	('1', false, '首联：2月6日10时20分，座机打给诉求人'),
	('1', false, '2月6日10:20联系消费者。2月7日核实，属实'),
	('1', true, '2月6日10:20物业联系电工。2月7日9:00电话回复诉求人'),
	('1', true, '接单后已与诉求人取得联系。2月7日9:00电话回复诉求人'),
	('2', false, '现场确有纸箱6个'),
	('2', false, '现场情况与诉求人描述吻合'),
	('2', true, '明确由物业负责，已核对无误'),
	('2', false, '居民所说异味情况属实'),
	('2', true, '诉求人说情况属实'),
	('5', false, '责任人：教务员 令清扬'),
	('5', false, '责任人｜王爱民'),
	('5', false, '责任人：太叔瑶'),
	('5', false, '社区民警：毛志强；电话：22046110'),
	('5', false, E'附件：录音\n市容办 马陆 62330055'),
	('5', true, '责任人：街道城市建设管理事务中心'),
	('5', true, '责任人：待定'),
	('5', true, '责任人：详见系统'),
	('5', true, '责任人：居委会负责同志'),
	('6', false, '联系电话：12345606'),
	('6', false, '联系电话：021-12345678'),
	('6', false, '市容办 马陆 62330055'),
	('6', true, '可拨打12345'),
	('6', true, '资产编号02106612，水表读数12345606'),
	('7', true, '2月6日10:20先行联系诉求人。2月7日9:00电话回复诉求人'),
	('7', false, '2月6日10:20先行联系诉求人。2月7日9:00电话回复诉求人。附前后照片')) t (element, missing, sample);
select is(pg_temp.lacks('根据《居住证管理办法》，可凭合同办理', 'consultation') like '%E2%', false, 'A4.1.2 an answer by a norm''s name');
select is(pg_temp.lacks('2月7日查阅采购台账、更换流程，防水公司测量') like '%E4%', true, 'A4.1.4 names of things are no measures');

select is(pg_temp.found(sample), codes, rule || ' ' || sample) from (values
	('R2', '物业将会办理', 'P1:reject'), ('R2', '物业将会长期巡查', 'P1:reject'), ('R2', '将会签意见归档', ''), ('R2', '将会车点增为3处', ''),
	('R2', '学校正在联系', 'P1:reject'), ('R2', '校正在线监测仪', ''), ('R2', '维修正在进行', 'P1:reject'), ('R2', '修正在册信息', ''),
	('R2', '把路牌扶正在原位', ''), ('R2', '应向东路口护栏已焊牢', ''),
	('R4', '模板中的“将会”一词已删去', ''), ('R1', '物业“将会”安排', 'P1:reject'),
	('R5', '已要求当事人自行整改，限2月1日前清理完毕', 'P4:reject'), ('R5', '已要求当事人自行整改，2月8日前已清理完毕', ''),
	('R5', '正在整改中，第一季度完成', ''), ('R5', '正在整改中，第一季度完成（报告日2024年5月20日）', 'P2:reject'),
	('A4.2.6', '户口本所登记的人', ''), ('A4.2.6', '本所联系安全员', 'P6:reject')) t (rule, sample, codes);

select throws_ok($$select * from ticket_workflow.check_report_text(repeat('正在', 174763), rulebook => 'yichuan_2023')$$, 'TW006', null, 'more than 1 MB is refused');
select is((select count(*) from ticket_workflow.check_report_text(repeat('处理。', 116508), rulebook => 'yichuan_2023') where code like 'E%'), 7::bigint,
	'1 MB is read');

select * from finish();
rollback;
