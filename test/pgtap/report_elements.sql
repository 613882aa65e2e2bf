-- The elements of contact and responsibility by classes of wording: whatever says it counts, whatever only looks like it does not.
begin;
select no_plan();
set local client_min_messages = warning;

create function pg_temp.lacks(sample text, category text default 'complaint') returns text
	language sql as $$
	select coalesce(string_agg(distinct code, ',' order by code), '')
	from ticket_workflow.check_report_text(lacks.sample, rulebook => 'yichuan_2023', reported_on => '2023-02-10', category => lacks.category)
	where code like 'E%' and severity = 'reject'
$$;

-- missing: is the element refused?
select is(pg_temp.lacks(sample) like '%E' || element || '%', missing, 'A4.1.' || element || ' ' || sample) from (values
	-- the order's time is not the contact's
	('1', true, '工单于2月6日15时派至街道，工作人员已与车先生取得联系。2月7日10时上门查看，属实'),
	('1', true, '2月6日9时接到工单，随即联系了诉求人。2月7日核实，属实'),
	('1', true, '派单时间：2月6日9时。已联系诉求人'),
	('1', false, '2月6日9时40分（接单后40分钟）电话联系诉求人'),
	('1', false, '接单后，2月6日9时40分电话联系诉求人'),
	('1', true, '已联系诉求人，2月7日10时到现场查看，属实'),
	('1', false, '已电话联系诉求人，时间为2月6日9时40分'),
	-- whatever the contact and the petitioner are called
	('1', false, '2月6日20时31分（骑手下班时间）街道营商专员微信语音先行联系，录音已存。2月7日核实，属实'),
	('1', false, '2月6日20时31分社区干部拨通机主号码。2月7日核实，属实'),
	('1', true, '2月6日20时31分社区干部电话联系养护单位。2月7日核实，属实'),
	-- R7: three attempts count, two do not
	('1', true, '先行联系：诉求人电话无人接听，2月6日9时01分、9时12分各拨打一次均未接'),
	('1', false, '先行联系：2月6日9时01分、9时40分、10时20分各拨打诉求人电话一次，均无人接听'),
	('1', false, '先行联系：2月6日9时01分拨打诉求人电话未接，9时12分再次致电诉求人接通'),
	('1', true, '已联系诉求人王女士。2月7日核实，属实。2月8日更换灯管3根。2月8日15时致电王女士，她表示满意'),
	('1', false, '【时间】2023-02-06 14:20【联系】电话联系阮先生'),
	('1', false, '2月6日9点40分，助残员上门见到提议人本人，当面沟通。情况属实'),
	('1', false, '先行回应：2月6日9时40分，电话'),
	('1', true, '2月6日9时10分拨打诉求人手机一次，无人接听，此后未再联系'),
	('1', true, '先行联系：多次拨打诉求人电话，均无人接听。核实：7月20日10:10到场，属实'),
	('1', true, '先行联系：2月6日10时20分电话联系店主林某。核实情况：2月6日14时查看，属实'),
	('1', false, '先行联系：2月6日10时20分，电话。核实情况：2月6日14时查看，属实'),
	-- a form's boxes: what is not ticked is nobody's word
	('1', false, E'先行联系时间：2023年2月6日14时08分　联系结果：☑接通 □未接通'),
	('2', false, E'事实认定：☑属实　□部分属实　□不属实'),
	('2', true, E'事实认定：□属实　□部分属实　□不属实'),
	-- a heading with empty words behind it has told nothing
	('3', true, '核实情况：属实。办理过程：略。处置过程：2月7日更换灯管3根'),
	('3', false, '核实情况：属实。办理过程：到场处理。处置过程：2月7日更换灯管3根'),
	('3', false, '核实情况：属实。推进情况：街道与物业、业委会开会商定分工。处置过程：2月7日更换灯管3根'),
	('3', true, '情况属实。已按规定办结'),
	('4', true, '核实情况：属实。办理过程：约谈店主，店主签收通知。处置过程：已处置完毕。回复时间：2月8日9时'),
	('4', true, '广告牌遮挡灯箱，反映属实。问题已妥善解决'),
	('4', false, '核实情况：属实。办理过程：约谈店主，店主签收通知。处置过程：换灯3盏。回复时间：2月8日9时'),
	('4', true, '核实情况：属实。办理过程：约谈店主，店主签收通知。处置过程：已整改到位。回复时间：2月8日9时'),
	('4', true, '核实：门店已关门，定金未退，属实。办理过程：到注册地址查看，了解搬离日期'),
	('4', false, '反映属实。2月7日广告牌已移走'),
	('4', true, '反映属实。2月7日组织双方谈话，中介只愿赔两千元，谈话至11时结束'),
	('3', true, '2月6日10:20电话联系诉求人。反映属实。现井盖已更换为防响井盖，夜间无响声'),
	-- names
	('5', false, '责任人凌某（社区管理办）（电话：60001248）'),
	('5', false, '责 任 人：别 某'),
	('5', false, '责任人：社区管理办　王　某'),
	('5', false, '责任人：李**（主任）'),
	('5', false, '责任人：张××'),
	('5', false, '跟单人：毋某'),
	('5', true, '见证人：毋某'),
	('5', true, '责任人：社区管理办（电话：60001248）'),
	('5', false, E'6. 责任人。终某。\n7. 电话。021-60000705'),
	('5', false, '责任人：城管樊建华'),
	('5', false, '责任人：残联邴××'),
	('5', false, '经办人糜惠于十月十七日联系诉求人'),
	('5', true, '责任人：社区民警'),
	('5', true, E'| 责任人 | 物业服务中心 |\n| 电话 | 56001223 |\n| 附件 | 录音、验收单、画面截图 |'),
	('5', true, '责任人：残联干事'),
	('5', true, '责任人：不便透露'),
	('5', true, '联系人：诉求人谯先生'),
	('5', true, '约谈店方负责人岑某。责任人：社区管理办'),
	-- whose number it is
	('6', true, '责任人：路某（店方电话021-60001271）'),
	('6', false, '责任人：老年学校教务濮某　联系电话：52620914'),
	('6', false, '联系电话：+86-21-60001271'),
	('6', true, '责任人：满某，用气疑问可拨打燃气服务热线962777'),
	('6', true, '约谈店长（店方电话13900006789）。责任人：夔某'),
	('6', true, '电话回复隆女士（13800009876）。责任人：夔某'),
	('6', true, '13800009876（诉求人）。责任人：夔某'),
	('6', true, '施工方电话：13900006789。责任人：夔某'),
	('6', true, '责任人：夔某，传真：021-60001248'),
	('6', false, '责任人：物业经理夔某 13900006789'),
	('6', false, '由社区干部夔某（60001248）负责'),
	('6', false, '用座机60001248致电诉求人王女士，责任人：夔某（电话60001248）'),
	('6', false, '责任人：夔某（社区管理办）60001248'),
	-- the reply's own time
	('7', true, '2月6日10:20先行联系诉求人。2月7日9时家庭医生上门，诉求人同意。2月7日更换水表。复查正常。已电话回复诉求人。附照片2张'),
	('7', false, '2月6日10:20先行联系诉求人。情况属实。2月7日更换水表。2月8日9时电告结果。附照片2张'),
	('7', true, '2月6日10:20先行联系诉求人。2月8日9时电话回复诉求人。附件：无'),
	('7', true, '2月6日10:20先行联系诉求人，属实。拟于2月13日15时电话回复诉求人。附照片2张'),
	('7', false, E'2月6日10:20先行联系诉求人。属实\n回　复：二月八日下午三点　卞女士收到赔偿　满意\n附　件：录音　照片'),
	('7', true, '2月6日10:20先行联系诉求人。2月7日更换水表，已电话回复诉求人。附照片2张'),
	('7', false, '2月6日10:20先行联系诉求人。2月7日更换水表，随后电话回复诉求人。附照片2张'),
	('7', false, '2月6日10:20先行联系诉求人，录音已存。2月7日更换水表，2月8日9时电话回复诉求人。附照片2张')) t (element, missing, sample);

-- R4: the petitioner by his name, learnt where he is introduced
create function pg_temp.prohibited(sample text) returns text language sql as $$
	select coalesce(string_agg(distinct code || ':' || severity, ',' order by code || ':' || severity), '')
	from ticket_workflow.check_report_text(prohibited.sample, rulebook => 'yichuan_2023', reported_on => '2023-02-10')
	where code like 'P%' and start_pos is not null and severity = 'reject'
$$;
select is(pg_temp.prohibited(sample), wanted, 'R4 ' || sample) from (values
	('电话联系诉求人应某，应某称对方正在装隔音棉', ''),
	('电话联系投诉人陈建华，陈建华认为这样下去将会烧起来', ''),
	('致电求助人：习老师。习老师说物业将会收费', ''),
	('2月6日10时致电业主谌先生。业主谌先生称物业将会收费', ''),
	('电话联系诉求人应某。店主卓某称将会整改', 'P1:reject'),
	('店主李先生表示将会整改', 'P1:reject'),
	('已责令当事人自行整改，2月8日到场查看，门洞还在；现场已加装支撑两根', 'P4:reject')) t (sample, wanted);

select * from finish();
rollback;
