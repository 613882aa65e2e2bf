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
	-- names
	('5', false, '责任人凌某（社区管理办）（电话：60001248）'),
	('5', false, '责 任 人：别 某'),
	('5', false, '责任人：社区管理办　王　某'),
	('5', false, '责任人：李**（主任）'),
	('5', false, '责任人：张××'),
	('5', false, '跟单人：毋某'),
	('5', true, '见证人：毋某'),
	('5', true, '责任人：社区管理办（电话：60001248）'),
	-- whose number it is
	('6', true, '责任人：满某，用气疑问可拨打燃气服务热线962777'),
	('6', true, '约谈店长（店方电话13900006789）。责任人：夔某'),
	('6', true, '电话回复隆女士（13800009876）。责任人：夔某'),
	('6', true, '13800009876（诉求人）。责任人：夔某'),
	('6', true, '施工方电话：13900006789。责任人：夔某'),
	('6', false, '责任人：物业经理夔某 13900006789'),
	('6', false, '由社区干部夔某（60001248）负责'),
	('6', false, '用座机60001248致电诉求人王女士，责任人：夔某（电话60001248）'),
	('6', false, '责任人：夔某（社区管理办）60001248'),
	-- the reply's own time
	('7', true, '2月6日10:20先行联系诉求人。2月7日更换水表，已电话回复诉求人。附照片2张'),
	('7', false, '2月6日10:20先行联系诉求人。2月7日更换水表，随后电话回复诉求人。附照片2张'),
	('7', false, '2月6日10:20先行联系诉求人，录音已存。2月7日更换水表，2月8日9时电话回复诉求人。附照片2张')) t (element, missing, sample);

select * from finish();
rollback;
