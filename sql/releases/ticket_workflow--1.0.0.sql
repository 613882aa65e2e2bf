\echo Use "CREATE EXTENSION ticket_workflow" to load this file. \quit

-- ==== sql/base/preflight.sql

-- Refuses databases the extension cannot serve, and makes the role that owns everything.
-- May touch: roles.

do $preflight$
begin
	if pg_catalog.getdatabaseencoding() operator(pg_catalog.<>) 'UTF8' then
		raise exception 'ticket_workflow needs a database in UTF8, this one is in %', pg_catalog.getdatabaseencoding()
			using errcode = 'feature_not_supported',
				hint = 'create database desk template template0 encoding ''UTF8''';
	end if;
	if pg_catalog.current_setting('server_version_num')::pg_catalog.int4 operator(pg_catalog.<) 150000 then
		raise exception 'ticket_workflow needs PostgreSQL 15 or later'
			using errcode = 'feature_not_supported';
	end if;
	-- a cluster-wide role: the second database finds it there
	if not exists (select from pg_catalog.pg_roles where rolname operator(pg_catalog.=) 'ticket_workflow_owner') then
		create role ticket_workflow_owner nologin noinherit;
	end if;
end
$preflight$;

-- a grant, not the ownership: the schema stands in dumps by itself, and a restore
-- on a new cluster comes to its grants only after this script has made the role
grant usage on schema ticket_workflow to ticket_workflow_owner;

-- ==== sql/base/tables.sql

-- Product tables of the base: texts in two languages. Filled by this script, replaced by
-- updates, not dumped; sql/base/guards.sql refuses to change them.

create table ticket_workflow.message (
	key text primary key,
	sqlstate text,
	zh text not null,
	en text not null,
	hint_zh text,
	hint_en text
);
comment on table ticket_workflow.message is 'Product table: texts of errors and notices; %1 to %9 are the arguments';

create table ticket_workflow.clause (
	clause text primary key,
	zh text not null,
	en text not null
);
comment on table ticket_workflow.clause is 'Product table: wording of the norm''s clauses, as errors and findings cite them';

create table ticket_workflow.label (
	domain text,
	code text,
	zh text not null,
	en text not null,
	primary key (domain, code)
);
comment on table ticket_workflow.label is 'Product table: what a code is called; domain is the column it stands in';

create table ticket_workflow.shipped_document (
	kind text,
	name text,
	document jsonb not null,
	primary key (kind, name)
);
comment on table ticket_workflow.shipped_document is
	'Product table: calendars and rulebooks as they come with the extension; load_calendar() and load_rulebook() read them';

-- ==== build/sql/messages.sql

insert into ticket_workflow.message values
	('absence_declared', 'TW006', '已说明%1缺少%2的原因', 'it was declared already why there is no %2 for %1', '说明有误的，先用 void_record 作废', 'void a wrong declaration with void_record first'),
	('absence_of_signature', 'TW006', '签字图片不能以说明代替', 'the image of a signature cannot be waived', '由本人在系统内签字，或补传图片', 'let the signer sign in the system, or bring the image'),
	('act_not_allowed', 'TW005', '%1 无权对该工单办理“%2”', '%1 may not perform "%2" on this ticket', '可以办理的岗位：%3', 'posts that may: %3'),
	('act_without_right', 'TW012', '操作规范 %2 没有规定谁可以办理“%1”', 'the rulebook %2 says of nobody that he may perform "%1"', '请在 act_right 表中补充', 'add it to the rulebook''s act_right'),
	('actor_inactive', 'TW005', '人员 %1 已停用', 'the official %1 is inactive', '由管理员用 change_official 恢复', 'a manager reactivates him with change_official'),
	('actor_missing', 'TW005', '须以具体人员的身份办理，角色 %1 未对应任何人员', 'somebody must act: the role %1 stands for no official', '应用系统请先 set local ticket_workflow.actor = ''人员编码''；个人请由管理员用 change_official 登记数据库角色', 'an application sets ticket_workflow.actor to an official''s code; for a person a manager registers the database role with change_official'),
	('actor_needs_application', 'TW005', '角色 %1 不能以他人身份办理', 'the role %1 may not act in the name of an official', '只有“应用系统”权限可以设置 ticket_workflow.actor；请清除该设置，以本人数据库角色办理', 'only the capability application may set ticket_workflow.actor; reset it and act under your own role'),
	('actor_unknown', 'TW005', '没有可由本系统代办的人员 %1', 'there is no official %1 for whom this application may act', '请核对 ticket_workflow.actor 的人员编码及应用系统被授权的中心', 'check the code in ticket_workflow.actor and the centers granted to the application'),
	('amount_out_of_range', 'TW006', '数额 %1 超出允许范围（最多 %2）', 'the amount %1 is out of range, %2 at most', '时限不为负数；请检查单位', 'limits are not negative; check the unit'),
	('assist_before_asked', 'TW006', '完成时间 %1 早于请求协办的时间 %2', '%1 is before the assistance was asked for, %2', '请核对 occurred_at', 'check occurred_at'),
	('assist_done', 'TW010', '协办结果已于 %1 登记', 'the result was recorded as of %1', '补充情况请告知首派部门写入办结报告', 'tell the lead department, whose report holds it'),
	('assist_due_past', 'TW006', '协办期限 %1 已过', 'the due time of the assistance, %1, is past', '填写将来的时间', 'give a time that lies ahead'),
	('assist_is_lead', 'TW006', '%1 是首派部门，不能同时协办', '%1 leads the ticket and does not assist too', '从 assisting 中去掉', 'leave it out of assisting'),
	('assist_not_asked', 'TW006', '没有请 %1 协办本工单', '%1 was not asked to assist this ticket', '由协办部门的联络员或负责人登记', 'the liaison or head of an assisting department records it'),
	('assist_which', 'TW006', '您任职的多个部门都在协办', 'several departments of yours assist', '填写 organization', 'name the organization'),
	('begun_is_history', 'TW010', '%1 的这一行已经生效，不能删除或改写', 'this row of %1 has taken effect and cannot be deleted or rewritten', '用 end_post、end_delegation、end_duty 按日期结束', 'end it by date: end_post, end_delegation, end_duty'),
	('beyond_horizon', 'TW006', '时间超出 %1 年，该时区的夏令时无法推算', 'the time is after %1, beyond which the zone''s daylight saving is not known', '请检查起始时间和时限数额', 'check the start and the amount'),
	('calendar_circle', 'TW011', '日历 %1 的上级日历互相循环或超过 32 层', 'the bases of calendar %1 form a circle or are more than 32 deep', '用 change_calendar(base => ...) 改正上级日历', 'correct it with change_calendar(base => ...)'),
	('calendar_code_bad', 'TW011', '日历编码 %1 不合规则', 'the calendar code %1 is not a valid one', '小写字母开头，只含小写字母、数字和下划线，最长 63 位', 'lower-case letters, digits and underscores, a letter first, up to 63'),
	('calendar_day_bad', 'TW011', '日期 %1 缺失，或不在 1900 至 2199 年之间', 'the day %1 is missing or not between 1900 and 2199', '请给出具体日期', 'give a date'),
	('calendar_document_bad', 'TW011', '日历文件有误：%1', 'the calendar document is not right: %1', '格式为 {"year", "papers", "days": [{"name", "date", "isOffDay"}]}；没有任何内容被修改', 'it looks like {"year", "papers", "days": [{"name", "date", "isOffDay"}]}; nothing was changed'),
	('calendar_exists', 'TW011', '日历 %1 已经存在', 'there is a calendar %1 already', '修改请用 change_calendar()', 'to change it there is change_calendar()'),
	('calendar_format_bad', 'TW006', '不能导出为 %1', '%1 is no format to export to', '可用 json 和 ical', 'there are json and ical'),
	('calendar_in_use', 'TW011', '日历 %1 仍被使用，不能删除', 'calendar %1 is in use and cannot be dropped', '先让引用它的中心、时钟或日历改用别的日历', 'let the centers, clocks or calendars that refer to it use another one first'),
	('calendar_name_missing', 'TW011', '日历 %1 没有名称', 'calendar %1 has no name', '请给出 name', 'give a name'),
	('calendar_never_works', 'TW011', '该日历没有任何工作日，期限无从计算', 'the calendar has no working day, so the limit never ends', '用 change_calendar(working_week => ...) 设定每周工作日', 'set the weekly pattern with change_calendar(working_week => ...)'),
	('calendar_not_shipped', 'TW011', '扩展没有附带日历 %1', 'no calendar %1 comes with the extension', '附带的有：%2；其他日历用 create_calendar() 新建', 'there are %2; others are made with create_calendar()'),
	('calendar_unknown', 'TW011', '没有名为 %1 的日历', 'there is no calendar %1', '先用 load_calendar 或 import_calendar 建立日历', 'bring it first with load_calendar or import_calendar'),
	('calendar_year_bad', 'TW006', '年份 %1 缺失，或不在 1900 至 2199 之间', 'the year %1 is missing or not between 1900 and 2199', '请给出四位年份', 'give a year of four digits'),
	('calendar_zone_missing', 'TW011', '日历 %1 没有上级日历，必须给出时区', 'calendar %1 has no base, and needs a zone', '例如 zone => ''Asia/Shanghai''', 'zone => ''Asia/Shanghai'' for one'),
	('callback_before_completion', 'TW001', '工单%1，尚无办理结果可以回访', 'the ticket is %1: there is no result to ask about yet', '办结后再回访', 'call back after completion'),
	('callback_unreached', 'TW006', '未联系上诉求人，不能登记满意度', 'nobody was reached, so nobody judged', '联系上后再登记满意度，或将 outcome 填为 reached', 'record the judgement once the petitioner is reached'),
	('capability_missing', 'TW005', '角色 %2 没有“%1”权限', 'the role %2 lacks the capability "%1"', '由数据库管理员执行 call ticket_workflow.grant_access(''%2'', ''%3'')', 'ask the DBA for: call ticket_workflow.grant_access(''%2'', ''%3'')'),
	('center_closed_never', 'TW006', '中心自身的单位不能撤销', 'the center''s own organization cannot be closed', '停止使用某中心请停用其人员', 'to retire a center deactivate its officials'),
	('center_number_taken', 'TW006', '中心编号 %1 已被使用或超出 1 至 9006', 'the center number %1 is taken or not between 1 and 9006', '不填 center_id 时自动取下一个空号', 'leave center_id out to get the next free one'),
	('center_organization_kind', 'TW006', '每个中心只有一个“中心”单位，由 create_center 建立', 'a center has one organization of kind center, made by create_center', '处置部门请用 department 或 committee', 'use department or committee for who handles tickets'),
	('clock_not_carried', 'TW001', '时钟 %1 不能在状态 %2 下运行', 'the clock %1 cannot run in the state %2', '时钟由工单状态驱动，请通过 API 改变状态', 'clocks follow the state of their ticket; change the state through the API'),
	('clock_stuck', 'TW012', '时钟 %1（%2）处理后没有前进', 'clock %1 (%2) did not move on when it was processed', '请检查规则库中该时钟的督促级别；它已被搁置，稍后重试', 'check the escalation levels of this clock in the rulebook; it is set aside and tried again later'),
	('closing_time_bad', 'TW011', '每日截止时间 %1 应为整分钟且晚于 00:00', 'the closing time %1 must be a whole minute after 00:00', '24:00 表示当日结束', '24:00 is the end of the day'),
	('code_taken', 'TW006', '%1 编码 %2 已被使用', 'the code %2 of %1 is taken', '请换一个编码；修改已有的请用 change_ 函数', 'take another code; to alter the existing one use the change_ function'),
	('code_too_long', 'TW006', '编码过长：%1…', 'the code is too long: %1…', '编码最长 255 字节', 'codes have up to 255 bytes'),
	('date_out_of_range', 'TW006', '日期超出范围', 'the date is out of range', '请检查起始日期和天数', 'check the day and the amount'),
	('day_order', 'TW006', '结束日期 %2 早于开始日期 %1', 'the last day %2 is before the first day %1', '有效期首尾两日都算在内', 'both days are included'),
	('delegation_outside_post', 'TW006', '代理期须在任期之内（%1 至 %2）', 'a substitute stands in within the post''s own days (%1 to %2)', '请调整代理日期', 'choose other days'),
	('delegation_to_holder', 'TW006', '%1 不能代理本人的岗位', '%1 cannot be the substitute of his own post', '请指定其他人员', 'name somebody else'),
	('dispatch_alias_taken', 'TW012', '别名“%1”在同一时期已属于 %2', 'the name "%1" is that of %2 in that time already', '一个名称只能指一个部门；先用 end_dispatch_rule 结束原别名', 'a name means one department: end the other alias first (end_dispatch_rule)'),
	('dispatch_area_none', null, '片区不明，也没有全辖区的托底部门', 'the area is not known, and no department is the fallback everywhere', null, null),
	('dispatch_association', null, '诉求点名“%1”，且“%2”属%3职责', 'the appeal names "%1", and "%2" is a duty of %3', null, null),
	('dispatch_association_no_duty', null, '诉求点名%1，但“%2”不属其职责', 'the appeal names %1, whose duty "%2" is not', null, null),
	('dispatch_association_none', null, '诉求未点名部门', 'the appeal names no department', null, null),
	('dispatch_association_several', null, '诉求同时点名%1，“%2”均属其职责，不能据此确定', 'the appeal names %1, and "%2" is a duty of each: it does not decide', null, null),
	('dispatch_departs', 'TW009', '按%3推荐派%2，改派%1须写明理由', '%2 is recommended (%3); another department, %1, needs a reason', '填写 reason，按例外原则派单', 'give a reason: it is then an exception'),
	('dispatch_duty', null, '“%1”属%2职责：%3', '"%1" is a duty of %2: %3', null, null),
	('dispatch_duty_inherited', null, '“%1”属“%2”，为%3职责：%4', '"%1" is part of "%2", a duty of %3: %4', null, null),
	('dispatch_duty_none', null, '没有部门的职责包括“%1”', '"%1" is nobody''s duty', null, null),
	('dispatch_duty_several', null, '“%2”为%1共同职责，不能据此确定', '"%2" is a duty of %1: it does not decide', null, null),
	('dispatch_duty_twice', 'TW012', '%1 对事项 %2 的职责已登记：规则 %3', 'the duty of %1 for %2 is there already: rule %3', '先用 end_dispatch_rule 结束原规则', 'end the other rule first (end_dispatch_rule)'),
	('dispatch_exception', null, '例外规则“%1”：%2（至%3有效），由%4负责', 'exception "%1": %2 (until %3), handled by %4', null, null),
	('dispatch_exception_none', null, '没有适用的例外规则', 'no exception rule applies', null, null),
	('dispatch_exception_open', 'TW012', '例外规则 %1 没有写明最后一日', 'the exception %1 has no last day', '例外必须有期限，请填写 until', 'an exception ends: give until'),
	('dispatch_exception_twice', 'TW012', '例外规则 %1 与现有的 %2 时间重叠', 'the exception %1 overlaps %2', '先用 end_dispatch_rule 结束原规则，或错开有效期', 'end the other rule first (end_dispatch_rule), or choose another span'),
	('dispatch_factual', null, '同一件事的工单 %1 正由%2办理', '%2 handles ticket %1 of the same incident', null, null),
	('dispatch_factual_completed', null, '同一件事的工单 %1 已由%2办结，本单为其延续', '%2 completed ticket %1 of the same incident, which this one continues', null, null),
	('dispatch_factual_first', null, '同一件事的工单 %1 由%2最先办理（%3也在办理）', '%2 was the first to handle the incident, with ticket %1 (%3 handle it too)', null, null),
	('dispatch_factual_nobody', null, '同一件事尚无部门办理或办结', 'nobody handles or completed the incident yet', null, null),
	('dispatch_factual_none', null, '未与其他工单关联为同一件事', 'not linked to an incident', null, null),
	('dispatch_fallback', null, '无职责部门，%1由%2托底：%3', 'nobody''s duty; in %1 the fallback is %2: %3', null, null),
	('dispatch_fallback_duty', null, '%1负有职责，不适用托底', 'it is a duty of %1: no fallback', null, null),
	('dispatch_fallback_general', null, '无职责部门，由%1托底：%2', 'nobody''s duty; the fallback is %1: %2', null, null),
	('dispatch_fallback_none', null, '%1没有托底部门', '%1 has no fallback', null, null),
	('dispatch_fallback_twice', 'TW012', '片区 %1 在同一时期已有托底部门：%2', 'the area %1 has its fallback in that time already: %2', '先用 end_dispatch_rule 结束原规则', 'end the other rule first (end_dispatch_rule)'),
	('dispatch_gone', null, '%1已就本工单获准退单，不再推荐', 'the return of this ticket by %1 was granted: not recommended again', null, null),
	('dispatch_incomplete', 'TW006', '派单须写明首派部门和派单原则', 'a dispatch names its lead department and its principle', '用 dispatch_ticket 派单', 'use dispatch_ticket'),
	('dispatch_matter_none', null, '事项未分类', 'the ticket has no matter', null, null),
	('dispatch_matter_unknown', null, '事项分类中没有“%1”', 'the taxonomy has no matter "%1"', null, null),
	('dispatch_name_bad', 'TW012', '“%1”不能用于在文字中查找', '"%1" cannot be looked for in a text', '须为 2 至 64 个汉字、字母或数字', '2 to 64 ideographs, letters or digits'),
	('dispatch_no_recommendation', 'TW006', '没有可推荐的部门：%1', 'no department is recommended: %1', '填写 department 和 reason，或用 transfer_ticket 转出', 'name department and reason, or use transfer_ticket'),
	('dispatch_not_a_committee', 'TW006', '%1 不是居委会', '%1 is no residents'' committee', '地点归居委会；不在辖区的不填 committee', 'places belong to committees; leave committee out for what lies outside'),
	('dispatch_not_in_being', null, '%1当日不存续', '%1 is not there on that day', null, null),
	('dispatch_nothing_recommended', 'TW009', '没有可推荐的部门，派%1须写明理由', 'no department is recommended; %1 needs a reason', '填写 reason，按例外原则派单', 'give a reason: it is then an exception'),
	('dispatch_numbers_bad', 'TW006', '“%1”的门牌号范围不对', 'the house numbers of "%1" are not right', '只有道路有门牌号，从小到大，1 至 99999', 'only roads have numbers, in order, 1 to 99999'),
	('dispatch_order_missing', 'TW012', '施行中的操作规范没有派单原则的顺序', 'the rulebook in force has no order of principles', '在 dispatch_order 中载入', 'load it into dispatch_order'),
	('dispatch_other_principle', 'TW009', '派%1的依据是%2，按%3派单须写明理由', '%1 is recommended by another principle (%2); %3 needs a reason', '不填 principle 即按推荐的原则，或填写 reason', 'leave principle out, or give a reason'),
	('dispatch_outside', null, '“%1”不在辖区内', '"%1" is outside the territory', null, null),
	('dispatch_outside_given', null, '收单时已注明不在辖区内', 'marked as outside the territory at receipt', null, null),
	('dispatch_place_none', null, '没有地址，无法确定居委会', 'no address: the residents'' committee is not known', null, null),
	('dispatch_place_number', null, '“%1”未登记所属居委会', '"%1" is registered with no residents'' committee', null, null),
	('dispatch_place_several', null, '“%1”可能属于%2，须核实门牌号', '"%1" may belong to %2: the house number is needed', null, null),
	('dispatch_place_taken', 'TW012', '地点“%1”在同一时期已属于 %2', 'the place "%1" belongs to %2 in that time already', '核对门牌号范围和单双号，或先用 end_dispatch_rule 结束原登记', 'check numbers and side, or end the other one first (end_dispatch_rule)'),
	('dispatch_place_unknown', null, '地址未登记所属居委会', 'the address is registered with no residents'' committee', null, null),
	('dispatch_returned', null, '%1退单时认为应转派：%2', 'returned by %1, which said it belongs to: %2', null, null),
	('dispatch_rule_closed', 'TW012', '%1 只在 %2 至 %3 之间存续，规则不能超出', '%1 is there from %2 to %3, and a rule of it no longer', '缩短规则的有效期，或改用现有部门', 'shorten the rule, or name a department that is there'),
	('dispatch_rule_overlap', 'TW012', '规则 %1 延至 %2 会与其后的规则重叠', 'rule %1 until %2 would overlap the one that follows it', '选择更早的最后一日', 'choose an earlier last day'),
	('dispatch_statutory', null, '%1规定“%2”由%3负责', '%1: "%2" is handled by %3', null, null),
	('dispatch_statutory_none', null, '没有法律法规就“%1”指定部门', 'no law names a department for "%1"', null, null),
	('dispatch_statutory_preceding', null, '%1规定“%2”由%3负责；有前置程序：%4，仍由%3先行联系', '%1: "%2" is handled by %3; %4 comes first, and %3 still makes the contact', null, null),
	('dispatch_statutory_twice', 'TW012', '事项 %1 在同一时期已有法定部门：%2', 'the law names a department for %1 in that time already: %2', '先用 end_dispatch_rule 结束原规则', 'end the other rule first (end_dispatch_rule)'),
	('dispatch_territorial', null, '%1职责重叠，“%2”属%3，由其牵头', 'the duties of %1 overlap; "%2" belongs to %3, which leads', null, null),
	('dispatch_territorial_one', null, '只有%1一个职责部门，不适用属地', 'only %1 holds the duty: territory does not matter', null, null),
	('dispatch_transfer', null, '“%1”不在辖区内，建议转出', '"%1" is outside the territory: transfer it', null, null),
	('dispatch_transfer_given', null, '收单时已注明不在辖区内，建议转出', 'marked as outside the territory at receipt: transfer it', null, null),
	('dispatch_undecided', null, '各项原则均不能确定部门', 'no principle decides', null, null),
	('dissatisfied_without', 'TW006', '只有不满意时才填写不满意的方面', 'what he is dissatisfied with belongs to a dissatisfied petitioner', 'satisfaction 填 dissatisfied，或不填 dissatisfied_with', 'set satisfaction to dissatisfied, or leave dissatisfied_with out'),
	('duty_overlap', 'TW006', '%1 在该时段已排值班（%2）', '%1 is on duty already in that time (%2)', '先用 end_duty 调整原班次', 'alter the earlier turn with end_duty'),
	('duty_past', 'TW010', '值班 %1 已经结束，不能更改', 'the duty %1 is over and cannot be changed', '值班记录是历史', 'who was on duty is history'),
	('evidence_carries_signature', 'TW010', '该材料是有效签字的图片，不能作废', 'this is the image of a valid signature and is not voided', '先由签字人用 revoke_signature 撤销签字', 'let the signer revoke it with revoke_signature first'),
	('extension_due_over', 'TW004', '处置时限已于 %1 届满，不能再延期', 'the limit ran out at %1: it is no longer extended', '延期须在时限届满前申请并签字', 'an extension is asked for and signed before the limit runs out'),
	('extension_no_clock', 'TW001', '工单的处置时限没有在计时，不能延期', 'the completion limit of the ticket is not running: there is nothing to extend', '接单后、提交办结报告前可以申请延期', 'extensions are asked for after acceptance and before the report is submitted'),
	('extension_past_platform', 'TW004', '延期至 %1，超过平台给定的时限 %2', 'the extension reaches %1, past the platform''s limit of %2', '请减少延期天数', 'ask for fewer working days'),
	('extension_state', 'TW001', '延期不能由“%1”变为“%2”', 'an extension cannot go from %1 to %2', '已生效或撤回的延期不再改变，可另行申请', 'what is in force or withdrawn stays; ask anew if need be'),
	('extension_used_up', 'TW004', '工单已延期 %1 次，最多 %2 次', 'the ticket has been extended %1 time(s), %2 at most', '请在现有时限内办结', 'complete the ticket within the limit it has'),
	('failed_contact_attempts', 'TW008', '联系未果须有 %1 次通话记录截图，每次间隔 %2 分钟以上：已联系 %3 次，有效 %4 次', 'failed contact needs %1 call logs, each %2 minutes after the one before: %3 attempts, %4 count', '补足间隔和次数，并用 add_evidence 附上每次的通话记录截图（call_log）', 'make further attempts, and add the call log of each with add_evidence'),
	('failed_contact_text', 'TW008', '诉求人为手机号，联系未果须以短信告知并附截图', 'the petitioner has a mobile: failed contact needs a text message with its screenshot', '登记短信（sms），并附 sms_screenshot', 'record the message (sms) with its sms_screenshot'),
	('finding_not_for_category', 'TW007', '%2类工单没有%1', 'a %2 ticket has no %1', '请将该项留空', 'leave it empty'),
	('finding_of_other_category', 'TW007', '“%2”不是%3类工单的%1选项，可选：%4', '"%2" is no %1 for a %3 ticket; allowed: %4', '请按工单类别选择；类别有误的先更正工单（correct_ticket）', 'choose by the ticket''s category; if that is wrong, correct the ticket first (correct_ticket)'),
	('finding_unknown', 'TW006', '%1没有选项“%2”，可选：%3', '%1 has no option "%2"; allowed: %3', '请填代码、中文或英文名称', 'give the code, or the Chinese or English name'),
	('first_contact_missing', 'TW008', '尚未与诉求人先行联系', 'the petitioner was not contacted yet', '用 record_contact 登记先行联系（first_contact）', 'record the first contact with record_contact'),
	('fixed_column', 'TW010', '%1 的 %2 不能修改', '%2 of %1 cannot be changed', '编码已写入历史记录；请结束原记录并新建', 'history cites it; end this row and create another'),
	('four_eyes', 'TW005', '%1 是申请人，不能自己审定', '%1 asked for it and does not decide it', '请由城运中心其他具名人员审定', 'another named official of the center decides'),
	('history_change', 'TW010', '%1 的历史记录只能追加，不能修改或删除', 'the history in %1 can only be added to, not changed or deleted', '更正请用 correct_ticket、void_record 等函数，原记录会保留', 'use correct_ticket, void_record and the like; what was recorded stays'),
	('illegal_transition', 'TW001', '工单不能从 %1 转为 %2', 'a ticket cannot go from %1 to %2', '允许的转换见 ticket_transition 表和 lifecycle_diagram()', 'see ticket_transition or lifecycle_diagram() for what is allowed'),
	('in_the_future', 'TW006', '%1 不能晚于现在：%2', '%1 lies in the future: %2', '请核对时间和时区', 'check the time and its zone'),
	('incident_none', 'TW006', '工单未关联任何事件', 'the ticket is linked to no incident', '请核对工单号', 'check the ticket'),
	('incident_other', 'TW006', '工单已关联事件 %1', 'the ticket is linked to incident %1', '先用 unlink_incident 解除', 'unlink_incident comes first'),
	('incident_target', 'TW006', '须写明一个事件或一张其他工单', 'one incident or one other ticket is to be named', '填写 incident_id 或 with_ticket 之一', 'give either incident_id or with_ticket'),
	('infinite_range', 'TW006', '无穷日期之间无法计数', 'nothing can be counted up to an infinite date', '请给出有限的日期', 'give finite dates'),
	('interval_with_days', 'TW006', '工作时间只接受时、分、秒，不接受日和月', 'working time takes hours, minutes and seconds, no days or months', '按天计算请用 add_working_days()', 'for days there is add_working_days()'),
	('late_entry', 'TW005', '补录已超过 %1 小时的事项需要管理权限', 'what happened more than %1 hours ago is entered by a manager only', '请由具有 manager 权限的人员补录，记录会标明补录', 'let a role with the capability manager enter it; it will be marked'),
	('lead_person_missing', 'TW008', '市级督办件须先确定牵头的分管领导', 'a city-supervised ticket needs the supervising leader who leads it', '用 supervise_ticket 登记 lead_person', 'name him with supervise_ticket'),
	('limit_amount_missing', 'TW006', '时限种类 %1 需要数额', 'the kind of limit %1 needs an amount', '只有 next_working_day_at 和 half_day_cutoff 可以不给数额', 'only next_working_day_at and half_day_cutoff go without'),
	('limit_unreadable', 'TW006', '随单时限的单位和数值须同时给出', 'a limit given with the ticket needs its kind and its amount', 'limit_kind 为 elapsed_minutes、service_minutes、working_days 或 calendar_days，limit_amount 不小于 0', 'limit_kind is elapsed_minutes, service_minutes, working_days or calendar_days, limit_amount at least 0'),
	('merge_into_itself', 'TW006', '工单不能并入自身', 'a ticket cannot be merged into itself', '请核对 into_ticket', 'check into_ticket'),
	('merge_target_ended', 'TW001', '并入的工单已是 %1', 'the ticket to merge into is %1', '请并入仍在办理或已办结的工单', 'choose one that is being handled or completed'),
	('merge_target_missing', 'TW001', '并单须指明并入的工单', 'a merge names the ticket it goes into', '用 merge_ticket 并单', 'use merge_ticket'),
	('no_phrases', 'TW012', '操作规范“%1”没有用语表', 'the rulebook "%1" has no phrases', '先用 load_rulebook 载入', 'load it with load_rulebook'),
	('no_rulebook_in_force', 'TW012', '%1 没有施行中的操作规范', 'no rulebook is in force on %1', '请先用 load_rulebook 或 put_in_force 规定施行日期', 'use load_rulebook or put_in_force first'),
	('not_a_handling_department', 'TW006', '%1 不是本中心现有的处置部门', '%1 is not a handling department of this center in force today', '请选择本中心有效的部门或居委会', 'choose a department or residents'' committee of the center'),
	('not_granted', 'TW006', '角色 %1 没有被授予“%2”', 'the role %1 was not granted "%2"', '已授予的见 access_grant 表', 'access_grant shows what was granted'),
	('not_supervising_leader', 'TW006', '%1 不是处置部门的分管领导', '%1 is not the supervising leader of the handling department', '牵头人须是首派部门现任分管领导', 'name the one who holds that post today'),
	('notice_assistance', null, '请%2协办工单 %1，于 %3 前完成：%4', '%2 is asked to assist ticket %1 by %3: %4', null, null),
	('notice_calendar_year', null, '日历 %1 尚无 %2 年的工作日安排，请在公布后导入；跨年期限暂按周规律计算', 'calendar %1 has no arrangement for %2 yet, please import it once it is published; limits that reach into it follow the weekly pattern', null, null),
	('notice_digest', null, '您有 %1 条督促通知：', '%1 notices for you:', null, null),
	('notice_ended', null, '【解除】工单 %1 的“%2”（期限 %3）督促已解除：%5，承办：%4', 'Ended: ticket %1, "%2" (due %3): %5, in hand: %4', null, null),
	('notice_lead_person', null, '市级督办工单 %1 已派至贵部门，请明确牵头的分管领导', 'the city-supervised ticket %1 was dispatched to you: its leading supervising leader is to be named', null, null),
	('notice_notice', null, '【通报】工单 %1 至 %3 仍未办结（%2），承办：%4', 'For notice: ticket %1 was not completed by %3 (%2), in hand: %4', null, null),
	('notice_overdue', null, '【超期】工单 %1 的“%2”已于 %3 到期，尚未完成，承办：%4', 'Overdue: ticket %1, "%2" was due %3 and is not done, in hand: %4', null, null),
	('notice_recording_missing', null, '工单 %1 的%2（%3）没有录音，请在拨打电话的手机中查找后补传，或说明原因', 'ticket %1 lacks the recording of its %2 (%3): please find it on the telephone that was used, or declare why there is none', null, null),
	('notice_reopened', null, '【恢复】工单 %1 的“%2”（期限 %3）继续计时：%5，承办：%4', 'Open again: ticket %1, "%2" (due %3) runs on: %5, in hand: %4', null, null),
	('notice_signature_contested', null, '您登记的工单 %1 %2签字（编号 %3）被签字人否认', 'the signer denies the signature %3 you recorded on the %2 of ticket %1', null, null),
	('notice_signature_recorded', null, '工单 %1 的%2已由 %3 登记您的%4签字（编号 %5）；如非本人所签，请提出异议', '%3 recorded your signature (%4) on the %2 of ticket %1, number %5; contest it if it is not yours', null, null),
	('notice_signature_void', null, '工单 %1 的%2内容有变，您的签字已失效', 'the %2 of ticket %1 was changed: your signature is void', null, null),
	('notice_vacant', null, '（%1 无人任职，请城运中心转达）%2', '(nobody is %1; the center is asked to pass this on) %2', null, null),
	('notice_warning', null, '【预警】工单 %1 的“%2”将于 %3 到期，承办：%4', 'Warning: ticket %1, "%2" is due %3, in hand: %4', null, null),
	('occurred_before_receipt', 'TW006', '发生时间 %1 早于收单时间 %2', '%1 lies before the receipt of the ticket, %2', '请核对时间；收单前的情况请写入工单内容', 'check the time; what happened before belongs in the ticket''s text'),
	('organization_leads_open', 'TW006', '单位 %1 还有 %2 件未办结工单', 'the organization %1 still leads %2 open tickets', '请先办结、撤回派单，或把撤销日期定在将来', 'complete or recall them, or set a later day'),
	('organization_not_in_being', 'TW006', '单位 %1 在 %2 不存在（有效期 %3 至 %4）', 'the organization %1 is not in being on %2 (from %3 to %4)', '请选择当日有效的单位', 'choose one that is in being on that day'),
	('organization_not_yours', 'TW005', '您不在 %1 任职，不能以其名义登记', 'you hold no post in %1 and record nothing in its name', '请由该部门或城运中心登记，或不填 organization', 'let that department or the center record it, or leave organization out'),
	('out_of_range', 'TW006', '%1 的值“%2”超出范围', '%1 is out of range: %2', '允许范围：%3 至 %4', 'from %3 to %4'),
	('overrule_malformed', 'TW006', '采信理由的格式不对', 'the overruled findings are not readable', '写作 {"1": "理由"} 或 [{"ordinal": 1, "reason": "理由"}]', 'write {"1": "reason"} or [{"ordinal": 1, "reason": "reason"}]'),
	('overrule_not_reject', 'TW006', '第%1项不影响通过，无需说明理由', 'finding %1 does not stand in the way', '只对标为“退回”的发现说明理由', 'only rejects are overruled'),
	('overrule_not_text', 'TW008', '第%1项不能以理由代替：%2', 'finding %1 cannot be overruled: %2', '补齐所缺的记录或材料', 'bring what is missing'),
	('overrule_unknown', 'TW006', '没有第%1项发现', 'there is no finding %1', '序号见 annotated_report 或 report_finding', 'annotated_report and report_finding show the numbers'),
	('own_error_refused', 'TW006', '派单有误的退单应当同意', 'a return of a wrong dispatch is granted, not refused', '同意退单，或不勾选 own_error', 'grant it, or leave own_error out'),
	('owner_only', 'TW005', '角色 %1 不能授权', 'the role %1 may not grant access', '由超级用户或具有 ticket_workflow_owner 权限的角色执行', 'a superuser or a role with the rights of ticket_workflow_owner does this'),
	('phone_unreadable', 'TW006', '“%1”不是电话号码', '"%1" is not a telephone number', '请只填一个号码，例如 13812345678、021-62345678转8001', 'give one number, such as 13812345678 or 021-62345678 ext 8001'),
	('phrase_bad_gap', 'TW012', '“%1”的间隔有误', '"%1" has a wrong gap', '写作 [10]（同一小句）或 <20>（同一句），1 至 60，至多三个', 'write [10] within a clause or <20> within a sentence, 1 to 60, three at the most'),
	('phrase_bad_group', 'TW012', '“%1”的括号有误', '"%1" has a wrong group', '写作 (甲|乙)，不能嵌套，里面不能有间隔', 'write (a|b), not nested, without gaps inside'),
	('phrase_barrier', 'TW012', '“%1”中有句末标点', '"%1" holds the end of a sentence', '词语不跨句，请删去句号、分号、问号、叹号', 'a phrase does not go beyond its sentence'),
	('phrase_empty_part', 'TW012', '“%1”有空的部分', 'a part of "%1" is empty', '间隔两边都须有文字，可选的部分不能单独成段', 'there must be words on both sides of a gap'),
	('phrase_exists', 'TW012', '已有用语“%1”', 'the phrase "%1" exists already', '修改用 change_phrase', 'change it with change_phrase'),
	('phrase_missing', 'TW012', '操作规范 %2 没有用语“%1”', 'the rulebook %2 has no phrase "%1"', 'role、code、pattern 须与 phrase 表一致', 'role, code and pattern must be as in the table phrase'),
	('phrase_needs_code', 'TW012', '角色 %2 的用语“%1”须有编码 P1 至 P7', 'the phrase "%1" of role %2 needs a code P1 to P7', '写明所属的“不得”', 'say which prohibition it belongs to'),
	('phrase_needs_element', 'TW012', '栏目名“%1”须有编码 E1 至 E7', 'the heading "%1" needs a code E1 to E7', '写明所属的要素', 'say which element it heads'),
	('phrase_needs_severity', 'TW012', '角色 %2 的用语“%1”须写明程度', 'the phrase "%1" of role %2 needs a severity', '可用 reject、review、advice', 'reject, review or advice'),
	('phrase_p3_reject', 'TW012', '“%1”：P3 不由系统单独判定退回', '"%1": P3 is never rejected by the machine alone', '程度用 review 或 advice', 'use review or advice'),
	('phrase_too_long', 'TW012', '“%1”中有超过64个字的词', 'a literal of "%1" has more than 64 characters', '缩短，或用间隔分开', 'shorten it, or part it by a gap'),
	('phrase_too_many_variants', 'TW012', '“%1”的一个部分展开后超过1000种', 'a part of "%1" stands for more than 1000 literals', '拆成几条，或用间隔代替', 'split it, or use a gap'),
	('phrase_unknown_clause', 'TW012', '用语“%1”引用的条款 %2 不存在', 'the phrase "%1" cites a clause %2 that does not exist', '可用的条款见 clause 表', 'see the table clause'),
	('phrase_unknown_code', 'TW012', '用语“%1”的编码 %2 不存在', 'the phrase "%1" has the unknown code %2', '可用 E1 至 E7、P1 至 P7 或 *', 'E1 to E7, P1 to P7, or *'),
	('phrase_unknown_role', 'TW012', '用语“%1”的角色 %2 不存在', 'the phrase "%1" has the unknown role %2', '可用的角色见 doc/report-validation.zh-CN.md', 'see doc/report-validation.md'),
	('phrase_unknown_severity', 'TW012', '用语“%1”的程度 %2 不存在', 'the phrase "%1" has the unknown severity %2', '可用 reject、review、advice', 'reject, review or advice'),
	('phrase_unknown_waiver', 'TW012', '用语“%1”的豁免 %2 不存在', 'the phrase "%1" has the unknown waiver %2', '可用 none、time_node、done_or_node、scene、legal、verified、summary', 'none, time_node, done_or_node, scene, legal, verified or summary'),
	('phrase_unmatchable', 'TW012', '“%1”中有无法匹配的字符', '"%1" holds characters that cannot be matched', '只用汉字、字母和数字', 'use ideographs, letters and digits'),
	('phrase_waiver_without_prohibition', 'TW012', '“%1”不是禁止用语，不能有豁免', '"%1" is not prohibited and can have no waiver', '去掉 waiver', 'leave the waiver out'),
	('platform_completion_missing', 'TW008', '紧急工单办结情况尚未上报区平台', 'the completion of an urgent ticket has not been reported to the district platform', '用 record_platform_report 登记上报回执', 'record its receipt with record_platform_report'),
	('post_area_missing', 'TW006', '岗位“%1”须指定片区', 'the position "%1" needs its area', '请填写 area', 'give the area'),
	('post_area_place', 'TW006', '按片区任职的岗位设在城运中心', 'a post for an area stands in the center''s own organization', 'organization 填本中心，或不填 area', 'give the center''s organization, or leave area out'),
	('post_place', 'TW006', '岗位“%1”不能设在“%2”', 'the position "%1" cannot be held in an organization of kind "%2"', '督查人员的岗位只设在纪检督查单位', 'inspectors stand in discipline inspection, and nobody else does'),
	('post_signed_later', 'TW010', '岗位 %1 在 %2 还签过字，不能更早结束', 'the post %1 signed on %2 and cannot end before', '结束日期不早于最后一次签字', 'end it on the day of its last signature or later'),
	('post_twice', 'TW006', '%1 在该段时间已任此岗位（%2）', '%1 holds this post already in that time (%2)', '先用 end_post 结束原任职', 'end the earlier post with end_post'),
	('product_table', 'TW012', '表 %1 随扩展发布，不能修改', 'table %1 belongs to the product and cannot be changed', '产品表由扩展升级替换；本单位的规则请写入规则库', 'product tables are replaced by updates of the extension; rules of your own belong in a rulebook'),
	('reason_missing', 'TW009', '必须写明理由', 'a reason is required', '请在 reason 中写明理由', 'state it in the parameter reason'),
	('record_voided', 'TW010', '该%1已于 %2 作废', 'this %1 was voided at %2', '作废不能撤销，请重新登记', 'a void record stays void; record it anew'),
	('recording_missing', 'TW008', '%1缺少录音（联系编号 %2）', 'there is no recording of the %1 (contact %2)', '用 add_evidence 补录音，或用 declare_absent 说明原因', 'add it with add_evidence, or declare its absence with declare_absent'),
	('referenced_row', 'TW010', '%1 的这一行被 %2 引用，不能删除', 'this row of %1 is referred to by %2 and cannot be deleted', '按日期结束：close_organization、end_post，或停用人员', 'end it by date instead: close_organization, end_post, or deactivate the official'),
	('report_assistance_not_told', null, '未见协办部门%1的处置情况', 'what %1 did to assist is not told', null, null),
	('report_assistance_open', null, '协办部门%1尚无办理结果', '%1 was asked to assist and has no result yet', null, null),
	('report_background_missing', null, '多人诉求未见背景介绍', 'the background of a matter of several persons is not told', null, null),
	('report_basis_missing', 'TW008', '认定不属实未提供相关依据', 'an unfounded finding lacks its evidence', '用 add_evidence 补充文件或照片', 'add documents or photos'),
	('report_c1', null, '未见诉求人对办理质量和结果的反馈', 'the petitioner''s judgement of handling and result is not told', '写明诉求人是否满意、认可', 'say whether the petitioner was satisfied'),
	('report_c2', null, '“%1”没有说明拍的是什么', 'what "%1" show is not said', '写明是现场、处置前后等照片', 'say that they show the place, before and after, and so on'),
	('report_c3', null, '“%1”：暂时无法解决的，应写明解释说明、日后解决计划和大致时限', '"%1": what cannot be solved yet needs an explanation, a plan and a rough time', '写明如何解释、何时解决', 'say what was explained, and by when it will be solved'),
	('report_c4', null, '认定“%1”须写结论性话语：不存在……、不符合……', 'the finding "%1" needs a concluding word: there is no..., it is not...', '写明不存在或不符合的事项', 'say what there is not, or what does not hold'),
	('report_c5', null, '“%1”：涉及多个部门的，应汇总各部门处置情况', '"%1": where several departments are involved, put together what each did', '逐个部门写明处置情况', 'say of each department what it did'),
	('report_conclusion_missing', 'TW003', '认定不属实未写结论性话语，如“不存在……”“不符合……”', 'an unfounded finding lacks concluding words', '在回复内容中写清结论', 'write the conclusion in the reply body'),
	('report_coordination', null, '诉求人近期反映 %1 项事，请整理分析并协调处理', 'the petitioner has brought %1 matters of late: analyse and coordinate them', null, null),
	('report_day_unusable', 'TW006', '报告日期无法使用', 'the day of the report cannot be used', '请给出具体日期', 'give a finite date'),
	('report_e1', null, '缺少先行联系时间', 'the time of the first contact is missing', '写明先行联系的年月日时分', 'give the day and hour of the first contact'),
	('report_e1_no_time', null, '“%1”没有具体时间', '"%1" has no specific time', '写明先行联系的年月日时分', 'give the day and hour of the first contact'),
	('report_e1_rough', null, '“%1”的时间不够具体', 'the time of "%1" is not specific enough', '写明先行联系的日期和时分', 'give both the day and the hour of the first contact'),
	('report_e2', null, '缺少核实情况：是否属实（意见建议写是否采纳，咨询写有无政策信息）', 'it is not said whether the matter is true (a suggestion: adopted or not; a question: whether there is a policy)', '写明附件3的认定选项', 'give one of the options of annex 3'),
	('report_e3', null, '缺少办理过程', 'the process of handling is missing', '写明与谁联系、如何协调和处理', 'say with whom it was handled, and how'),
	('report_e4', null, '缺少处置过程：实质性措施及结果', 'the disposal is missing: measures and their result', '写明采取的措施和结果', 'say what was done and what came of it'),
	('report_e5', null, '缺少具体责任人', 'the responsible person is missing', '写明责任人姓名', 'give the name of the responsible person'),
	('report_e5_no_name', null, '“%1”后没有人名，部门不是责任人', 'no person is named at "%1"; a department is not a person', '写明责任人姓名', 'give the name of the responsible person'),
	('report_e6', null, '缺少承办方联系电话', 'the handler''s telephone number is missing', '写明责任人或部门的电话', 'give the number of the person or department'),
	('report_e6_not_own', null, '“%1”是诉求人电话或12345，不是承办方电话', '"%1" is the petitioner''s number or the hotline, not the handler''s', '写明责任人或部门的电话', 'give the number of the person or department'),
	('report_e7_attachments', null, '缺少相关附件', 'attachments are missing', '附先行联系和回复录音、相关照片', 'attach recordings of contact and reply, and photos'),
	('report_e7_both', null, '缺少回复时间和相关附件', 'the time of the reply and the attachments are missing', '写明回复时间，附录音和照片', 'give the time of the reply, attach recordings and photos'),
	('report_e7_contact', null, '缺少先行联系和回复时间中的先行联系时间', 'of the times of first contact and reply, the first contact is missing', '写明先行联系时间', 'give the time of the first contact'),
	('report_e7_reply', null, '缺少回复时间', 'the time of the reply is missing', '写明回复诉求人的时间', 'give the time of the reply to the petitioner'),
	('report_earlier_handling_missing', null, '重复诉求未见前期处理情况', 'earlier handling of the repeated matter is not told', null, null),
	('report_finding_does_not_fit', 'TW007', '%1“%2”不适用于%3类工单', '%1 "%2" does not fit a %3 ticket', '按工单现在的类别重新选择', 'choose again by the ticket''s present category'),
	('report_finding_missing', 'TW003', '未选择%1', '%1 is not chosen', '在办结报告中选择', 'choose it in the report'),
	('report_hollow', null, '“%1”内容空洞，应写实质性措施', '"%1" is hollow: name the measures taken', '写明谁、何时、做了什么、结果如何', 'say who did what, when, and with what result'),
	('report_no_action', null, '未见已完成的实质性措施', 'no finished measure is found', '写明谁、何时、做了什么、结果如何', 'say who did what, when, and with what result'),
	('report_none', 'TW003', '没有提交过的办结报告', 'no report was submitted', '先用 save_report、submit_report 填报', 'save and submit one first'),
	('report_not_now', 'TW001', '工单%1，不能填报办结报告', 'the ticket is %1: no report can be written now', '接单后或退回重办时填报', 'reports are written after acceptance or in rework'),
	('report_not_passed', 'TW003', '办结报告%1，尚未通过审核', 'the report is %1, not passed', '用 review_report 审核通过后办结', 'review_report passes it'),
	('report_not_sent_back', 'TW001', '没有被退回的办结报告', 'no completion report was sent back', '由 review_report 退回', 'use review_report'),
	('report_not_submitted', 'TW001', '没有已提交的办结报告', 'no completion report was submitted', '用 save_report、submit_report 提交', 'use save_report and submit_report'),
	('report_not_under_review', 'TW001', '%1，不在审核中', '%1: not under review', '只有已提交、尚未审核的办结报告可以审核', 'only a submitted report that was not reviewed can be'),
	('report_of_other_department', 'TW003', '办结报告不是现承办部门本次派单的报告', 'the report is not that of the department that has the ticket now', '由现承办部门用 save_report 保存并提交', 'the department that has the ticket saves and submits it'),
	('report_off_subject', null, '报告与诉求几乎没有相同的内容，请审核是否答非所问', 'report and appeal have hardly a word in common', '针对市民诉求回复', 'answer the appeal'),
	('report_own_review', 'TW005', '%1 参与填写或提交了该报告，不能审核', '%1 wrote or submitted this report and does not review it', '请由其他审核人员办理', 'another reviewer must do it'),
	('report_p1', null, '“%1”是不得出现的用语，应在有实质举措后再申请结案', '"%1" must not appear: close the case after real measures', '写明已完成的举措和结果', 'say what was done and what came of it'),
	('report_p1_like', null, '“%1”与“将会、正在、适时、已报”等义，请审核人判断', '"%1" says as much as the prohibited "will", "is being", "in due time"; the reviewer decides', '写明已完成的举措，暂不能解决的写明时间', 'say what was done; for what cannot be solved yet, say by when'),
	('report_p2', null, '“%1”须在整改完毕后，或有今后的时间节点，才能申请结案', '"%1" may stand only once it is done, or with a completion date that lies ahead', '写明整改完毕的时间，或拟定的时间节点', 'say when it was done, or by when it will be'),
	('report_p2_like', null, '“%1”与“正在整改中、正在走相关程序”等义，且没有时间节点', '"%1" says as much as "being rectified", without a completion date', '写明整改完毕的时间，或拟定的时间节点', 'say when it was done, or by when it will be'),
	('report_p4', null, '“%1”须在当事人整改完毕后，或明确时间节点，才能申请结案', '"%1" may stand only once the person has done it, or with a completion date that lies ahead', '写明当事人何时整改完毕，或限定的日期', 'say when the person did it, or the date set'),
	('report_p4_like', null, '“%1”与“已要求当事人自行整改”等义，且未见完成或时间节点', '"%1" says as much as "was told to rectify it himself", neither done nor dated', '写明当事人何时整改完毕，或限定的日期', 'say when the person did it, or the date set'),
	('report_p5', null, '“%1”：应与来电人联系核实，无联系方式的应有现场照片', '"%1": verify with the caller, or without contact details give photos of the place', '写明何时与来电人核实、结果如何', 'say when it was verified with the caller, and the result'),
	('report_p5_like', null, '“%1”：请审核人判断是否已与来电人核实', '"%1": the reviewer decides whether it was verified with the caller', '写明何时与来电人核实、结果如何', 'say when it was verified with the caller, and the result'),
	('report_p6', null, '“%1”：不得以下属单位名义上报', '"%1": a report is not made in the name of a subordinate unit', '以本级承办单位名义上报', 'report in the name of the handling unit itself'),
	('report_p6_like', null, '“%1”：请审核人判断是否以下属单位名义上报', '"%1": the reviewer decides whether this is a subordinate unit', '以本级承办单位名义上报', 'report in the name of the handling unit itself'),
	('report_p7', null, '“%1”不得出现，应汇总各部门处置情况再行上报', '"%1" must not appear: put together what the departments did', '写明相关部门的处置结果', 'say what the departments concerned did'),
	('report_p7_like', null, '“%1”有推诿之嫌，应汇总各部门处置情况', '"%1" seems to pass the matter on: put together what the departments did', '写明相关部门的处置结果', 'say what the departments concerned did'),
	('report_phone_not_own', null, '联系电话 %1 是诉求人或热线的号码', 'the telephone %1 is the petitioner''s or the hotline''s', null, null),
	('report_plan_missing', 'TW003', '未解决的诉求须写明日后解决计划和大致时限', 'what is unsolved needs a plan and a rough time', '填写 plan 和 plan_until', 'give plan and plan_until'),
	('report_plan_past', 'TW003', '解决计划的时限 %1 已过', 'the plan''s time %1 has passed', '填写将来的时限', 'give a day that lies ahead'),
	('report_reject_open', 'TW003', '第%1项发现（%2）未改正也未说明采信理由：%3', 'finding %1 (%2) is neither mended nor overruled: %3', '退回修改，或由审核人逐项说明理由（overrule）', 'send it back, or overrule each with a reason (overrule)'),
	('report_relation_needs_reason', 'TW007', '事实认定“%1”、诉求认定“%2”、处理结果“%3”的组合须说明理由', 'the combination of %1, %2 and %3 needs a reason', '填写 relation_reason 或改选', 'give relation_reason, or choose otherwise'),
	('report_relation_warned', null, '“%1”“%2”“%3”的组合不在关系表的常规组合内，已说明理由', 'the combination of %1, %2 and %3 is not among the usual ones; a reason is given', null, null),
	('report_reply_missing', 'TW008', '没有回复诉求人的记录', 'there is no reply to the petitioner', '用 record_contact 记录回复（reply），或说明没有回复录音的原因', 'record the reply, or declare why there is no recording of one'),
	('report_reviewer_missing', 'TW005', '没有审核人', 'there is no reviewer', '审核须有具名的工作人员', 'a review is somebody''s: name the official'),
	('report_sent_back_by_check', null, '办结报告七要素或用语不合格，自动退回：%1', 'sent back by the check: %1', null, null),
	('report_site_visit_missing', 'TW008', '没有附照片的现场查看记录', 'there is no site visit with a photo', '用 record_site_visit 记录并附照片，或说明无实际现场', 'record the visit with a photo, or declare that there is no site'),
	('report_submitted_fixed', 'TW010', '第%1版办结报告已提交，内容不能再改', 'version %1 of the report was submitted and no longer changes', '退回后用 save_report 另存新版本', 'once it is sent back, save a new version with save_report'),
	('report_ticket_numbers_missing', null, '多人诉求的工单号列表缺：%1', 'ticket numbers of the same matter are not listed: %1', null, null),
	('report_too_long', 'TW006', '参数 %1 超过 %2 字节', '%1 has more than %2 bytes', '请缩短文字', 'shorten the text'),
	('report_transition', 'TW001', '办结报告不能由“%1”变为“%2”', 'a report cannot go from %1 to %2', '草稿、已提交、通过或退回；退回后另存新稿', 'draft, submitted, then passed or sent back; after that a new draft is saved'),
	('report_without_reject', 'TW003', '系统未发现应退回的问题，不能自动退回', 'the check found nothing to send the report back for', '由审核人说明理由后退回', 'a reviewer sends it back with a reason'),
	('return_evidence_missing', 'TW008', '退单缺少%1', 'the return lacks its evidence: %1', '附上该材料，或在 waivers 中说明不适用的原因', 'add it, or state in waivers why it does not apply'),
	('return_not_decided', 'TW001', '工单随退单申请变动：没有“%1”的退单', 'the ticket follows its return: there is none that is %1', '用 decide_return 或 withdraw_return 办理', 'use decide_return or withdraw_return'),
	('return_not_requested', 'TW001', '没有已提出的退单申请', 'no return was asked for', '用 request_return 申请退单', 'use request_return'),
	('return_state', 'TW001', '退单不能由“%1”变为“%2”', 'a return cannot go from %1 to %2', '已决定或撤回的退单不再改变，可另行申请', 'what was decided or withdrawn stays; ask anew if need be'),
	('return_target_missing', 'TW009', '退单未写明应转派何部门', 'the return does not say which department it should go to', '填写 should_go_to', 'give should_go_to'),
	('return_window_over', 'TW004', '退单期限已于 %1 届满，视作接收', 'the return window closed at the end of %1: the ticket is deemed accepted', '由本部门继续办理；确属派单错误的，由城运中心撤回派单（recall_ticket）', 'the department handles it; if the dispatch was wrong the center recalls it (recall_ticket)'),
	('role_of_desk', 'TW006', '角色 %1 不能登记给人员', 'the role %1 cannot stand for an official', '超级用户和 ticket_workflow_owner 不代表任何人', 'superusers and ticket_workflow_owner stand for nobody'),
	('role_taken', 'TW006', '数据库角色 %1 已登记给 %2', 'the database role %1 stands for %2 already', '一个角色只对应一名人员', 'one role stands for one official'),
	('role_unknown', 'TW006', '没有数据库角色 %1', 'there is no database role %1', '先由数据库管理员 create role', 'let the DBA create it first'),
	('rulebook_exists', 'TW012', '操作规范 %1 已存在', 'the rulebook %1 exists already', '修改请用 copy_rulebook 复制后以新名称施行', 'copy it with copy_rulebook and put the copy in force'),
	('rulebook_not_named', 'TW012', '有多个操作规范（%1、%2），须指明一个', 'there are several rulebooks (%1, %2): name one', '在 rulebook 中写明名称', 'give the parameter rulebook'),
	('rulebook_row_unreadable', 'TW012', '规范文件 %1 部分有错误：%2', 'the part %1 of the document is wrong: %2', '请改正后重新载入，本次未作任何更改', 'correct it and load again; nothing was changed'),
	('rulebook_unreadable', 'TW012', '规范文件中有不认识的部分：%1', 'the document has unknown parts: %1', '可用的部分：%2', 'known parts: %2'),
	('schedule_create', null, '-- 本库就是 pg_cron 的数据库（%1），但尚未创建该扩展，请由超级用户执行：', '-- this is pg_cron''s database (%1), but the extension has not been created; to be run by a superuser:', null, null),
	('schedule_done', null, '-- 已安排作业 %1，每分钟执行：%2', '-- job %1 is scheduled, every minute: %2', null, null),
	('schedule_elsewhere', null, '-- pg_cron 在数据库 %1 中，请由可在该库安排作业的角色在该库执行：', '-- pg_cron is in the database %1; to be run there by a role that may schedule jobs:', null, null),
	('schedule_none', null, '-- 服务器没有 pg_cron；请用任意定时器（systemd、cron 等）每分钟在本库执行一次，不放在事务块中：', '-- this server has no pg_cron; let any timer (systemd, cron ...) run this in this database every minute, outside a transaction block:', null, null),
	('schedule_not_allowed', null, '-- 角色 %1 不能使用 pg_cron（%2），请由有权的角色在本库执行：', '-- role %1 may not use pg_cron (%2); to be run in this database by a role that may:', null, null),
	('sent_by_voice', 'TW006', '%1不能是“已发送”', '%1 cannot be "sent"', '电话、上门的结果填 reached 或 not_reached；短信、微信可填 sent', 'calls and visits are reached or not_reached; text messages can be sent'),
	('setting_malformed', 'TW012', '规则库 %1 的设置 %2 为“%3”', 'the rulebook %1 has the setting %2 at "%3"', '可用的值：%4', 'allowed: %4'),
	('setting_missing', 'TW012', '操作规范 %2 没有设置 %1', 'the rulebook %2 has no setting %1', '可用的设置见 rulebook_setting 表', 'see the table rulebook_setting'),
	('sha256_malformed', 'TW006', 'SHA-256 格式不对：%1', 'this is no SHA-256: %1', '填写 64 位十六进制摘要，或不填', 'give 64 hexadecimal digits, or leave it out'),
	('signature_for_another', 'TW005', '不能在系统中代 %1 签字', 'one does not sign for %1 in the system', '纸质或微信签字请填写 channel、signed_at 和 image_id', 'for a signature on paper or by WeChat give channel, signed_at and image_id'),
	('signature_image_missing', 'TW008', '没有该工单的签字图片', 'there is no image of the signature with this ticket', '先用 add_evidence 添加 signature_image，再填 image_id', 'add it with add_evidence (signature_image) and give image_id'),
	('signature_in_future', 'TW006', '签字时间晚于现在', 'the time of the signature lies in the future', '填写实际签字时间', 'give the time it was signed'),
	('signature_missing', 'TW002', '%3缺%2%1签字', 'the %3 lacks the signature of the %1 of %2', '由该职务或更高职务的人员、其代理人签字，见 required_signatures', 'the holder of that post or a higher one, or a substitute, signs; see required_signatures'),
	('signature_not_awaited', 'TW001', '该%1现在不接受签字', 'this %1 does not take a signature now', '报告在办结前、退单在申请后、转出在派单前签字', 'reports are signed before completion, returns once asked for, transfers before dispatch'),
	('signature_not_needed', 'TW006', '该%1不需要签字', 'this %1 needs no signature', '所需签字见 required_signatures', 'required_signatures shows what is needed'),
	('signature_not_recorded', 'TW006', '系统内的签字不能否认，可以撤销', 'a signature made in the system is revoked, not contested', '用 revoke_signature', 'use revoke_signature'),
	('signature_not_yours', 'TW005', '这不是您的签字', 'this is not your signature', '只有签字人本人办理', 'only the signer may do this'),
	('signature_of_other_text', 'TW002', '签字时的%1内容与现在不同', 'the %1 is not the one that was signed', '请对现在的内容签字', 'sign it as it stands now'),
	('signature_own', 'TW005', '%1 是填报人或申请人，不能自己签字或由代理人代签', '%1 wrote or asked for it and does not sign it, nor does a substitute for him', '请由更高职务的人员签字', 'a higher post signs'),
	('signature_recorder', 'TW005', '%1 的纸质或微信签字须由他人登记', 'a signature of %1 on paper or by WeChat is recorded by somebody else', '由片区信息员或城运中心登记', 'the information officer or the center records it'),
	('signature_still_holds', 'TW010', '所签内容没有变化，签字仍然有效', 'what was signed has not changed: the signature stands', '本人可用 revoke_signature 撤销', 'its signer may revoke it'),
	('signature_system_is_now', 'TW006', '系统签字以当时为准，不填签字时间和图片', 'a signature in the system is made now and has no image', '纸质或微信签字请填写 channel', 'for paper or WeChat give channel'),
	('signature_too_late_to_revoke', 'TW004', '工单%1，签字不能再撤销', 'the ticket is %1: the signature is no longer revoked', '需要时先重启工单（reopen_ticket）', 'reopen the ticket first if need be'),
	('signature_transition', 'TW001', '签字不能由“%1”变为“%2”', 'a signature cannot go from %1 to %2', '撤销后重新签字', 'sign again after a revocation'),
	('signer_without_post', 'TW005', '%1 于 %2 不具有签字所需的职务（%3）', '%1 did not hold the post that signs on %2 (%3)', '由任该职务或更高职务的人员、其代理人签字', 'the holder of that post or a higher one, or a dated substitute, signs'),
	('supervised_by_without_kind', 'TW006', '只有督办单才有督办平台', 'only a supervised ticket has a supervising platform', 'kind 填 supervised，或不填 supervised_by', 'set kind to supervised, or leave supervised_by out'),
	('text_control', 'TW006', '参数 %1 含有控制字符', '%1 contains control characters', '请去掉不可见的控制字符', 'remove the invisible control characters'),
	('text_missing', 'TW006', '参数 %1 不能为空', '%1 must not be empty', '请填写该参数', 'give a value'),
	('text_too_long', 'TW006', '参数 %1 有 %2 个字符，超过上限 %3', '%1 has %2 characters, more than %3', '请缩短文字，附件只登记地址', 'shorten the text; attachments are registered by their address'),
	('ticket_exists', 'TW006', '来源编号 %1 第 %2 轮已经收单', 'ticket %1, round %2, was received already', '同一编号再次下派时不填 external_round，系统自动记为下一轮', 'leave external_round out and a ticket sent again becomes the next round'),
	('tree_circle', 'TW006', '%1 的上级不能是它自己或它的下级 %2', '%2 stands below %1 or is %1 itself, and cannot be above it', '请选择其他上级', 'choose another parent'),
	('unknown_calendar', 'TW011', '没有日历 %1', 'there is no calendar %1', '用 load_calendar() 装入随扩展发布的日历，或用 create_calendar() 新建；也请检查设置 ticket_workflow.calendar', 'load a shipped one with load_calendar(), make one with create_calendar(), or check the setting ticket_workflow.calendar'),
	('unknown_calendar_document', 'TW011', '日历 %1 没有来源为 %2 的文件', 'calendar %1 has no document from source %2', '来源见 ticket_workflow.calendar_document', 'ticket_workflow.calendar_document lists them'),
	('unknown_code', 'TW006', '参数 %1 的值“%2”无法识别', '%1 does not know the value "%2"', '可用的值：%3', 'allowed: %3'),
	('unknown_grantee', 'TW006', '没有数据库角色 %1', 'there is no database role %1', '先 create role，再 grant_access', 'create the role first'),
	('unknown_limit_kind', 'TW006', '没有时限种类 %1', 'there is no kind of limit called %1', '可用：elapsed_minutes、service_minutes、working_days、calendar_days、next_working_day_at、half_day_cutoff', 'there are elapsed_minutes, service_minutes, working_days, calendar_days, next_working_day_at, half_day_cutoff'),
	('unknown_row', 'TW006', '没有这个 %1：%2', 'there is no such %1: %2', '请核对编号；无权查看的视同不存在', 'check the code or number; what you may not see does not exist for you'),
	('unknown_rulebook', 'TW012', '没有名为 %1 的操作规范', 'there is no rulebook %1', '可用的：%2', 'there are: %2'),
	('unknown_zone', 'TW011', '没有时区 %1', 'there is no time zone %1', '时区名见 pg_timezone_names，例如 Asia/Shanghai', 'pg_timezone_names lists them, Asia/Shanghai for one'),
	('unschedule_done', null, '-- 已取消作业 %1', '-- job %1 is taken away', null, null),
	('unschedule_nothing', null, '-- 没有作业 %1', '-- there is no job %1', null, null),
	('waivers_malformed', 'TW006', '不适用说明的格式不对', 'the waivers are not readable', '写作 {"photo": "原因"}', 'write {"photo": "reason"}'),
	('weekday_bad', 'TW011', '星期 %1 应为 0 至 7', 'the weekday %1 is not between 0 and 7', '1 为星期一，7 为星期日，0 为没有单独规定的每个工作日', '1 is Monday, 7 Sunday, 0 every working day without hours of its own'),
	('window_bad', 'TW011', '服务时间“%1”看不懂', 'the service hours "%1" cannot be read', '写作 08:30-12:00, 13:00-17:30，一天最晚到 24:00', 'write them as 08:30-12:00, 13:00-17:30, until 24:00 at the latest'),
	('window_not_closed', 'TW001', '退单期限未满，不能视作接收', 'the return window has not closed: nothing is deemed accepted', '由处置部门接单，或等期限届满', 'let the department accept, or wait for the window to close'),
	('window_over_midnight', 'TW011', '服务时间“%1”的结束不晚于开始，不接受跨午夜', 'the service hours "%1" do not end after they begin; hours over midnight are not taken', '请分成两段：22:00-24:00 属当日，00:00-06:00 属次日', 'give two: 22:00-24:00 on the one day, 00:00-06:00 on the next'),
	('window_overlap', 'TW011', '服务时间“%1”与前一段重叠', 'the service hours "%1" overlap those before', '请合并重叠的时段', 'join them'),
	('withdrawal_recording_missing', 'TW008', '撤单须有诉求人的录音', 'a withdrawal needs the petitioner''s recording', '先用 add_evidence 登记录音', 'register it with add_evidence first'),
	('working_week_bad', 'TW011', '每周工作日 %1 应为七位 0 或 1，从星期一起', 'the weekly pattern %1 is not seven digits 0 or 1, from Monday on', '例如 1111100 为星期一至星期五', '1111100 is Monday to Friday');

insert into ticket_workflow.clause values
	('2.1', '城运中心按照法定、职责、属地、事实、关联、托底、例外原则进行精准派单（附件1）', 'the center dispatches by the principles statutory, duty, territorial, factual, association, fallback and exception (annex 1)'),
	('2.2', '退单规则：非辖区范围、非职责范围', 'rules of return: outside the area, outside the duties'),
	('2.2.1', '信息员确定非本街道职责范围的，需先行联系诉求人告知情况，并写明退单理由及应转派何部门', 'outside our area: the information officer first contacts the petitioner and states the reason and the department it should go to'),
	('2.2.2', '确定非本部门职责范围的，最晚4个工作日内向城运中心提出申请，写明退单理由、提供相关依据、录音及照片；逾期不退，视作接收；二次退单须负责人签字，三次退单或向市平台退单须分管领导签字', 'outside its duties a department applies within 4 working days with reason, basis, recording and photos, or is deemed to have accepted; the second return is signed by its head, the third and any to the platform by its supervising leader'),
	('2.3.1', '首派负责：首派部门对工单有首问负责制，具体负责牵头推进，协办部门积极跟进配合', 'the department dispatched first stays responsible and leads, assisting departments follow'),
	('2.3.2.1', '城运中心：工作日60分钟内收单派单、120分钟内联系来电人；非工作日于上班后第一个工作日12点前；非工作日紧急工单30分钟内派遣、120分钟内上报、1个工作日内办结上报区平台', 'center: on working days dispatched in 60 minutes and the caller told in 120; on rest days by 12:00 of the next working day; urgent on rest days: dispatched in 30 minutes, reported in 120, completed and reported to the district platform in 1 working day'),
	('2.3.2.2', '处置部门30分钟内接单，接单后1日内现场查看并拍摄照片，在给予的处置时限内完成处置', 'handling department: accepts in 30 minutes, views and photographs the site within 1 day, completes within the limit given'),
	('2.3.3', '办结报告由回复内容、答复要点和附件组成', 'a completion report consists of reply body, reply points and attachments'),
	('2.3.3.1', '回复内容需包含沟通核实、事实认定、主要过程、办理结果、市民反馈、责任人及联系电话，附回复录音和照片说明；联系未果附三个间隔半小时以上的通话记录截图，手机号以短信告知并截图', 'the reply contains verification, finding, process, result, the citizen''s judgement, person and telephone, with recording and photos; failed contact is shown by three call logs half an hour apart and, for a mobile, a text message'),
	('2.3.3.2', '暂时无法解决的须做好解释说明并安抚情绪，写明日后解决计划和大致时限', 'what cannot be solved yet is explained, with a plan and a rough time'),
	('2.3.3.3', '办结报告不合格，将被退回重办（附件4）', 'a report that does not meet annex 4 is sent back'),
	('2.3.4', '投诉、求助类勾选“不属实”须提供相关依据，写清结论性话语', 'an unfounded complaint or request needs evidence and concluding words'),
	('2.3.5', '市级督办件须分管领导牵头推进；回访复核单办结须分管领导签字；区来源的“不属实”工单由分管领导签字', 'city-supervised tickets are led by the supervising leader; callback reviews and unfounded tickets of the district are signed by him'),
	('2.3.6', '特殊类型事项', 'special kinds of matters'),
	('2.3.6.1', '单人投诉同一件事三次及以上的，须含前期处理情况、处置部门领导签字', 'the same person three times or more on the same matter: earlier handling and the department leader''s signature'),
	('2.3.6.2', '多人投诉同一件事的，须含背景介绍、前期处置情况、工单号列表、处置部门领导签字', 'several persons on the same matter: background, earlier handling, ticket numbers and the department leader''s signature'),
	('2.3.6.3', '单人投诉多项事的，整理分析、了解情况并协调处理', 'one person on several matters: analysis, consultation and coordination'),
	('2.4.1', '有联系方式的工单都需先行联系：上午接单当日17点前，下午接单次日12点前；本市号码用IP电话，外地或打不通的用手机；联系未果附三个间隔半小时以上的通话记录截图', 'first contact with everyone who can be reached: taken in the morning by 17:00, in the afternoon by 12:00 of the next day; local numbers by IP phone, others by mobile; failed contact needs three call logs half an hour apart'),
	('2.4.2', '办结报告内需写明先行联系具体时间，附先行联系录音', 'the report states the time of the first contact and attaches its recording'),
	('2.4.3', '选择正确的事实认定、诉求认定、处理结果的关系（附件5）', 'fact finding, claim finding and handling result are chosen in their right relation (annex 5)'),
	('3.1', '日清日结：时效工单力求当日办结，简易类接单后24小时内办结或退单', 'finish today: urgent kinds on the day, simple ones completed or returned within 24 hours of acceptance'),
	('3.2', '反馈通报：每日通报前一日未办结和未解决工单，每月编撰热线简报', 'daily notice of what is unfinished and unsolved, monthly bulletin'),
	('3.3', '包干联络：2个工作日内未办结通报处置部门和属地的分管领导，4个工作日内未办结通报主要领导', 'not completed in 2 working days: the supervising leaders of department and territory are told; in 4: the principal leader'),
	('3.4', '定期例会：每周例会、每月通报会、每季度总结会', 'regular meetings: weekly, monthly, quarterly'),
	('3.5', '联合调处：一般案件片区协调，复杂案件例会或专题会议协商', 'joint mediation: ordinary cases in the area, complex ones in meetings'),
	('3.6.1', '可能引发大量集中投诉的事项提前制定应急处置方案', 'response plans for matters that may bring many complaints'),
	('3.6.2', '信息员每天跟踪未办结案件并给出指导意见；1个自然日内同类案件达5件的上报分管领导', 'information officers guide unfinished cases daily; five of the same matter in one day are reported to the supervising leader'),
	('3.7', '每半年开展一次集中专题培训', 'training every half year'),
	('3.8', '群众合理诉求未得到及时妥善解决的，上报纪委、督查等部门', 'reasonable appeals not handled properly or in time are reported to discipline inspection'),
	('A1', '附件1：派单原则', 'annex 1: principles of dispatch'),
	('A1.1', '附件1（1）法定原则：法律法规规定由该部门负责的；有前置程序的仍由其先行联系', 'annex 1, statutory: a law or regulation names the department; where a procedure precedes, it still makes the contact'),
	('A1.2', '附件1（2）职责原则：事项属于部门职责的', 'annex 1, duty: the department''s duties cover the matter'),
	('A1.3', '附件1（3）属地原则：涉及多个部门职责的，由所在居委会牵头', 'annex 1, territorial: where several departments'' duties cover the matter, the residents'' committee of the place leads'),
	('A1.4', '附件1（4）事实原则：已在办理或曾办结同一件事的部门', 'annex 1, factual: the department that handles or completed the same incident'),
	('A1.5', '附件1（5）关联原则：诉求点名且属其职责的部门', 'annex 1, association: the department that the appeal names, where the matter is its duty'),
	('A1.6', '附件1（6）托底原则：无职责部门又属本辖区的，由片区托底部门办理', 'annex 1, fallback: nobody''s duty but in our territory, the area''s fallback department'),
	('A1.7', '附件1（7）例外原则：有依据、有期限的例外规则，或派单员写明理由的决定', 'annex 1, exception: a named rule with reason and validity, or a dispatcher''s decision with a reason'),
	('A3', '附件3：事实认定选项，“不属实类”须分管领导签字', 'annex 3: options of the fact finding, those of the unfounded kind need the supervising leader''s signature'),
	('A4.1.1', '办结报告“七”要素（1）有一日先行联系时间；要素有缺陷的一律退回', 'element 1 of a completion report: time of the first contact; a report that lacks one is sent back'),
	('A4.1.2', '办结报告“七”要素（2）有核实情况是否属实；要素有缺陷的一律退回', 'element 2 of a completion report: whether the matter is true; a report that lacks one is sent back'),
	('A4.1.3', '办结报告“七”要素（3）有办理过程；要素有缺陷的一律退回', 'element 3 of a completion report: process of handling; a report that lacks one is sent back'),
	('A4.1.4', '办结报告“七”要素（4）有处置过程；要素有缺陷的一律退回', 'element 4 of a completion report: disposal: measures and result; a report that lacks one is sent back'),
	('A4.1.5', '办结报告“七”要素（5）有具体责任人；要素有缺陷的一律退回', 'element 5 of a completion report: responsible person; a report that lacks one is sent back'),
	('A4.1.6', '办结报告“七”要素（6）有联系电话；要素有缺陷的一律退回', 'element 6 of a completion report: telephone; a report that lacks one is sent back'),
	('A4.1.7', '办结报告“七”要素（7）有先行联系和回复时间、相关附件；要素有缺陷的一律退回', 'element 7 of a completion report: times of first contact and reply, attachments; a report that lacks one is sent back'),
	('A4.2.1', '办结报告“七”不得（1）不得出现“将会”“正在”“适时”“将列入计划”“已报上级部门/街道”“应向”', 'prohibition 1 of a completion report: no promises instead of measures'),
	('A4.2.2', '办结报告“七”不得（2）不得出现“正在走相关程序”“正在整改中”，应整改完毕或有时间节点', 'prohibition 2 of a completion report: nothing in process without a time node'),
	('A4.2.3', '办结报告“七”不得（3）不得答非所问、避重就轻、内容空洞、说过做过', 'prohibition 3 of a completion report: nothing beside the point, evasive or hollow'),
	('A4.2.4', '办结报告“七”不得（4）不得出现“已要求当事人自行整改”，应整改完毕或明确时间节点', 'prohibition 4 of a completion report: no leaving it to the party without a time node'),
	('A4.2.5', '办结报告“七”不得（5）不得出现“因地址不明确，无法处置”“已到现场查看，未发现”，应与来电人核实或提供现场照片', 'prohibition 5 of a completion report: nothing not found without verification with the caller or photos'),
	('A4.2.6', '办结报告“七”不得（6）不得以下属单位名义上报（“我办”“我所”等）', 'prohibition 6 of a completion report: not in the name of a subordinate unit'),
	('A4.2.7', '办结报告“七”不得（7）不得出现“非我部门职责”等，应汇总各部门处置情况', 'prohibition 7 of a completion report: no disclaiming of duty'),
	('A5', '附件5：事实认定、诉求认定、处理结果关系表', 'annex 5: relation of fact finding, claim finding and handling result'),
	('C1', '时钟保存起算、期限、单位、日历和到期时间', 'a clock keeps what is needed to compute it again'),
	('C2', '退回重办不重新起算处置时限；重新派单部门时钟重新起算，工单时钟继续', 'a report sent back does not restart completion; a new dispatch starts the department''s clocks, the ticket''s go on'),
	('C3', '时钟只在工单处于相应状态时运行', 'a clock runs only while its ticket is in a state that carries it'),
	('C4', '每个时钟每轮每级只触发一次', 'each level of each clock fires once per round'),
	('S4', '工单状态及其允许的转换', 'states of a ticket and the allowed transitions'),
	('T4', '工作日按国务院年度安排及地方调整', 'working days follow the State Council''s arrangement and local changes');

insert into ticket_workflow.label values
	('absence_subject', 'first_contact', '先行联系', 'first contact'),
	('absence_subject', 'reply', '回复', 'reply'),
	('absence_subject', 'return', '退单', 'return'),
	('absence_subject', 'site_visit', '现场查看', 'site visit'),
	('act', 'accept', '接单', 'accept'),
	('act', 'acknowledge_escalation', '签收督促', 'acknowledge escalation'),
	('act', 'add_evidence', '添加材料', 'add evidence'),
	('act', 'close', '归档', 'close'),
	('act', 'confirm_repeat', '确认特殊类型事项', 'confirm repetition'),
	('act', 'contest_signature', '否认签字', 'contest signature'),
	('act', 'correct', '更正', 'correct'),
	('act', 'decide_accountability', '处理问责线索', 'decide accountability case'),
	('act', 'decide_return', '审定退单', 'decide return'),
	('act', 'declare_absent', '说明缺少', 'declare absent'),
	('act', 'dispatch', '派单', 'dispatch'),
	('act', 'extend_limit', '延长时限', 'extend limit'),
	('act', 'grant_return', '同意退单', 'grant return'),
	('act', 'link_incident', '关联同一件事', 'link incident'),
	('act', 'merge', '并单', 'merge'),
	('act', 'open_accountability', '立问责线索', 'open accountability case'),
	('act', 'pass_report', '审核通过', 'pass report'),
	('act', 'recall', '撤回派单', 'recall'),
	('act', 'receive', '收单', 'receive'),
	('act', 'record_assistance', '登记协办', 'record assistance'),
	('act', 'record_callback', '登记回访', 'record callback'),
	('act', 'record_contact', '登记联系', 'record contact'),
	('act', 'record_coordination', '登记协调', 'record coordination'),
	('act', 'record_guidance', '登记指导意见', 'record guidance'),
	('act', 'record_mediation', '登记联合调处', 'record mediation'),
	('act', 'record_platform_report', '登记上报', 'record platform report'),
	('act', 'record_signature', '登记签字', 'record signature'),
	('act', 'record_site_visit', '登记现场查看', 'record site visit'),
	('act', 'refuse_return', '不同意退单', 'refuse return'),
	('act', 'reopen', '重启', 'reopen'),
	('act', 'request_return', '申请退单', 'request return'),
	('act', 'return_out_of_area', '申请非辖区退单', 'ask for a return out of area'),
	('act', 'return_out_of_duty', '申请非职责退单', 'ask for a return out of duty'),
	('act', 'reveal_petitioner', '查看诉求人信息', 'reveal petitioner'),
	('act', 'review_report', '审核办结报告', 'review report'),
	('act', 'revoke_signature', '撤销签字', 'revoke signature'),
	('act', 'save_report', '填报办结报告', 'save report'),
	('act', 'send_back_report', '退回重办', 'send back report'),
	('act', 'sign_extension', '延期签字', 'sign extension'),
	('act', 'sign_report', '办结报告签字', 'sign report'),
	('act', 'sign_return', '退单签字', 'sign return'),
	('act', 'sign_transfer', '转出签字', 'sign transfer'),
	('act', 'submit_report', '报办结', 'submit report'),
	('act', 'supervise', '督办', 'supervise'),
	('act', 'transfer', '转出', 'transfer'),
	('act', 'unlink_incident', '解除同一件事关联', 'unlink incident'),
	('act', 'void_record', '作废记录', 'void record'),
	('act', 'withdraw', '撤单', 'withdraw'),
	('act', 'withdraw_return', '撤回退单', 'withdraw return'),
	('approval_channel', 'paper', '纸质', 'paper'),
	('approval_channel', 'system', '系统', 'system'),
	('approval_channel', 'wechat', '微信', 'WeChat'),
	('approval_state', 'draft', '草拟', 'draft'),
	('approval_state', 'revoked', '已撤销', 'revoked'),
	('approval_state', 'valid', '有效', 'valid'),
	('approval_state', 'void', '已失效', 'void'),
	('approval_subject', 'extension', '延期', 'extension'),
	('approval_subject', 'report', '办结报告', 'report'),
	('approval_subject', 'return', '退单', 'return'),
	('approval_subject', 'transfer', '转出', 'transfer'),
	('calendar_status', 'next_year_missing', '缺下一年安排', 'next year is missing'),
	('calendar_status', 'not_covered', '当年未公布', 'this year is not published'),
	('calendar_status', 'ok', '正常', 'ok'),
	('capability', 'any', '任一权限', 'any capability'),
	('capability', 'application', '应用系统', 'application'),
	('capability', 'auditor', '审计', 'auditor'),
	('capability', 'internal', '内部', 'internal'),
	('capability', 'manager', '管理', 'manager'),
	('capability', 'official', '工作人员', 'official'),
	('capability', 'reader', '查阅', 'reader'),
	('capability', 'sweeper', '巡检', 'sweeper'),
	('category', 'complaint', '投诉', 'complaint'),
	('category', 'consultation', '咨询', 'consultation'),
	('category', 'help', '求助', 'help'),
	('category', 'suggestion', '意见建议', 'suggestion'),
	('clock', 'acceptance', '接单', 'acceptance'),
	('clock', 'center_contact', '告知来电人', 'center contact'),
	('clock', 'completion', '处置时限', 'completion'),
	('clock', 'dispatch', '收单派单', 'dispatch'),
	('clock', 'first_contact', '先行联系', 'first contact'),
	('clock', 'leader_notice', '包干联络一级', 'leader notice'),
	('clock', 'principal_notice', '包干联络二级', 'principal notice'),
	('clock', 'return_decision', '退单审定', 'return decision'),
	('clock', 'return_window', '退单期限', 'return window'),
	('clock', 'review', '审核', 'review'),
	('clock', 'site_visit', '现场查看', 'site visit'),
	('clock', 'urgent_completion', '紧急办结', 'urgent completion'),
	('clock', 'urgent_report', '紧急上报', 'urgent report'),
	('clock_status', 'cancelled', '取消', 'cancelled'),
	('clock_status', 'expired', '期满', 'expired'),
	('clock_status', 'held', '待确认', 'held'),
	('clock_status', 'late', '逾期完成', 'late'),
	('clock_status', 'met', '按时', 'met'),
	('clock_status', 'paused', '暂停', 'paused'),
	('clock_status', 'running', '运行', 'running'),
	('contact_channel', 'ip_phone', 'IP电话', 'IP phone'),
	('contact_channel', 'mobile_phone', '手机', 'mobile phone'),
	('contact_channel', 'sms', '短信', 'text message'),
	('contact_channel', 'visit', '上门', 'visit'),
	('contact_channel', 'wechat', '微信', 'WeChat'),
	('contact_mark', 'ip_phone_to_non_local', '外地号码用IP电话', 'non-local number by IP phone'),
	('contact_mark', 'late_entry', '补录', 'late entry'),
	('contact_mark', 'mobile_before_ip_phone', '本市号码未先用IP电话', 'local number by mobile first'),
	('contact_outcome', 'not_reached', '未联系上', 'not reached'),
	('contact_outcome', 'reached', '联系上', 'reached'),
	('contact_outcome', 'sent', '已发送', 'sent'),
	('contact_purpose', 'callback', '回访', 'callback'),
	('contact_purpose', 'center_notice', '告知来电人', 'center notice'),
	('contact_purpose', 'first_contact', '先行联系', 'first contact'),
	('contact_purpose', 'reply', '回复', 'reply'),
	('coverage_gap', 'alias_shared', '别名与部门重名', 'alias that is another''s name'),
	('coverage_gap', 'area_without_committee', '片区无居委会', 'area without committee'),
	('coverage_gap', 'area_without_fallback', '片区无托底部门', 'area without fallback'),
	('coverage_gap', 'committee_without_place', '居委会无地点', 'committee without a place'),
	('coverage_gap', 'department_never_reached', '部门从不被派单', 'department never reached'),
	('coverage_gap', 'duty_shared', '职责重叠（按属地）', 'duty shared, falls to territory'),
	('coverage_gap', 'matter_without_duty', '事项无职责部门', 'matter without duty'),
	('coverage_gap', 'rule_of_closed', '撤销部门的规则', 'rule of a closed department'),
	('dispatch_rule', 'duty', '职责规则', 'duty'),
	('dispatch_rule', 'exception', '例外规则', 'exception'),
	('dispatch_rule', 'fallback', '托底规则', 'fallback'),
	('dispatch_rule', 'statutory', '法定规则', 'statutory rule'),
	('dissatisfied_with', 'attitude', '态度', 'attitude'),
	('dissatisfied_with', 'efficiency', '效率', 'efficiency'),
	('dissatisfied_with', 'handling', '处置', 'handling'),
	('due_reason', 'next_working_day', '下一工作日内到期', 'due by the next working day'),
	('due_reason', 'warned', '已预警', 'warned'),
	('end_cause', 'accepted', '已接单', 'accepted'),
	('end_cause', 'closed', '已归档', 'closed'),
	('end_cause', 'completed', '已办结', 'completed'),
	('end_cause', 'corrected', '工单更正', 'ticket corrected'),
	('end_cause', 'dispatched', '已派单', 'dispatched'),
	('end_cause', 'expired', '期限届满', 'window closed'),
	('end_cause', 'fact_recorded', '事实已记录', 'fact recorded'),
	('end_cause', 'fact_voided', '记录已作废', 'fact voided'),
	('end_cause', 'first_dispatched', '首次派单', 'first dispatched'),
	('end_cause', 'merged', '已并单', 'merged'),
	('end_cause', 'recalled', '派单撤回', 'recalled'),
	('end_cause', 'received', '退回中心', 'back at the center'),
	('end_cause', 'reopened', '已重启', 'reopened'),
	('end_cause', 'report_passed', '审核通过', 'report passed'),
	('end_cause', 'report_sent_back', '退回重办', 'report sent back'),
	('end_cause', 'report_submitted', '已报办结', 'report submitted'),
	('end_cause', 'reported', '已报办结', 'reported'),
	('end_cause', 'return_granted', '同意退单', 'return granted'),
	('end_cause', 'return_refused', '不同意退单', 'return refused'),
	('end_cause', 'return_requested', '申请退单', 'return requested'),
	('end_cause', 'return_withdrawn', '撤回退单', 'return withdrawn'),
	('end_cause', 'rework', '重办', 'rework'),
	('end_cause', 'taken_over', '视同接手', 'taken over'),
	('end_cause', 'transferred', '已转出', 'transferred'),
	('end_cause', 'withdrawn', '已撤单', 'withdrawn'),
	('escalation_status', 'acknowledged', '已知悉', 'acknowledged'),
	('escalation_status', 'ended', '已解除', 'ended'),
	('escalation_status', 'open', '待处理', 'open'),
	('evidence_kind', 'call_log', '通话记录截图', 'call log'),
	('evidence_kind', 'document', '相关依据', 'document'),
	('evidence_kind', 'photo', '照片', 'photo'),
	('evidence_kind', 'recording', '录音', 'recording'),
	('evidence_kind', 'signature_image', '签字图片', 'image of a signature'),
	('evidence_kind', 'sms_screenshot', '短信截图', 'text message screenshot'),
	('extension_state', 'draft', '草拟', 'draft'),
	('extension_state', 'granted', '已生效', 'in force'),
	('extension_state', 'requested', '已申请', 'requested'),
	('extension_state', 'withdrawn', '已撤回', 'withdrawn'),
	('fact_kind', 'contact', '联系记录', 'contact'),
	('fact_kind', 'evidence', '证据材料', 'evidence'),
	('fact_kind', 'evidence_absence', '缺少说明', 'declaration of absence'),
	('fact_kind', 'platform_report', '上报记录', 'platform report'),
	('fact_kind', 'site_visit', '现场查看', 'site visit'),
	('finding_dimension', 'claim_finding', '诉求认定', 'claim finding'),
	('finding_dimension', 'fact_finding', '事实认定', 'fact finding'),
	('finding_dimension', 'handling_result', '处理结果', 'handling result'),
	('handling_class', 'ordinary', '一般', 'ordinary'),
	('handling_class', 'same_day', '日清', 'same day'),
	('handling_class', 'simple', '简易', 'simple'),
	('kind', 'callback_review', '回访复核单', 'callback review'),
	('kind', 'ordinary', '转办单', 'ordinary'),
	('kind', 'supervised', '督办单', 'supervised'),
	('language', 'en', '英文', 'English'),
	('language', 'zh', '中文', 'Chinese'),
	('limit_kind', 'calendar_days', '自然日', 'calendar days'),
	('limit_kind', 'elapsed_minutes', '自然分钟', 'elapsed minutes'),
	('limit_kind', 'given', '来单指定', 'as given with the ticket'),
	('limit_kind', 'half_day_cutoff', '半日节点', 'half-day cut-off'),
	('limit_kind', 'next_working_day_at', '下一工作日定时', 'next working day at'),
	('limit_kind', 'service_minutes', '工作分钟', 'service minutes'),
	('limit_kind', 'working_days', '工作日', 'working days'),
	('organization_kind', 'center', '城运中心', 'center'),
	('organization_kind', 'city_platform', '市热线平台', 'city platform'),
	('organization_kind', 'committee', '居委会', 'residents'' committee'),
	('organization_kind', 'court', '调处法苑', 'mediation court'),
	('organization_kind', 'department', '处置部门', 'department'),
	('organization_kind', 'district_platform', '区平台', 'district platform'),
	('organization_kind', 'inspection', '纪检督查', 'discipline inspection'),
	('phone_locality', 'local', '本市', 'local'),
	('phone_locality', 'non_local', '外地', 'non-local'),
	('phone_locality', 'unknown', '不详', 'unknown'),
	('place_kind', 'estate', '小区', 'estate'),
	('place_kind', 'road', '道路', 'road'),
	('place_kind', 'text', '其他地名', 'text'),
	('platform', 'city', '市平台', 'city platform'),
	('platform', 'district', '区平台', 'district platform'),
	('platform_report_kind', 'completion', '办结', 'completion'),
	('platform_report_kind', 'progress', '进展', 'progress'),
	('platform_report_kind', 'return', '退单', 'return'),
	('position', 'dispatcher', '派单员', 'dispatcher'),
	('position', 'duty_leader', '值班领导', 'leader on duty'),
	('position', 'duty_officer', '值班人员', 'officer on duty'),
	('position', 'head', '负责人', 'head'),
	('position', 'information_officer', '片区信息员', 'information officer'),
	('position', 'inspector', '督查人员', 'inspector'),
	('position', 'liaison', '热线联络员', 'liaison'),
	('position', 'operator', '话务员', 'operator'),
	('position', 'principal_leader', '主要领导', 'principal leader'),
	('position', 'supervising_leader', '分管领导', 'supervising leader'),
	('principle', 'association', '关联原则', 'association'),
	('principle', 'duty', '职责原则', 'duty'),
	('principle', 'exception', '例外原则', 'exception'),
	('principle', 'factual', '事实原则', 'factual'),
	('principle', 'fallback', '托底原则', 'fallback'),
	('principle', 'statutory', '法定原则', 'statutory'),
	('principle', 'territorial', '属地原则', 'territorial'),
	('purpose', 'notice', '通报', 'notice'),
	('purpose', 'overdue', '超期', 'overdue'),
	('purpose', 'warning', '预警', 'warning'),
	('received_on', 'rest', '休息日', 'rest day'),
	('received_on', 'working', '工作日', 'working day'),
	('relation', 'area', '片区', 'area'),
	('relation', 'assist', '协办部门', 'assisting department'),
	('relation', 'center', '城运中心', 'center'),
	('relation', 'duty', '值班', 'duty roster'),
	('relation', 'inspection', '纪检督查', 'discipline inspection'),
	('relation', 'lead', '首派部门', 'lead department'),
	('report_format', 'html', '网页', 'HTML'),
	('report_format', 'text', '文本', 'text'),
	('report_state', 'draft', '草稿', 'draft'),
	('report_state', 'passed', '已通过', 'passed'),
	('report_state', 'sent_back', '已退回', 'sent back'),
	('report_state', 'submitted', '已提交', 'submitted'),
	('return_ground', 'out_of_area', '非辖区范围', 'out of area'),
	('return_ground', 'out_of_duty', '非职责范围', 'out of duty'),
	('return_mark', 'last_day', '临近超期', 'on the last day'),
	('return_mark', 'late', '逾期', 'late'),
	('return_mark', 'unfounded', '理由不成立', 'unfounded'),
	('return_mark', 'unverified', '核实不到位', 'unverified'),
	('return_mark', 'without_contact', '未先行联系', 'without first contact'),
	('return_state', 'draft', '草拟', 'draft'),
	('return_state', 'granted', '已同意', 'granted'),
	('return_state', 'refused', '不同意', 'refused'),
	('return_state', 'requested', '已申请', 'requested'),
	('return_state', 'withdrawn', '已撤回', 'withdrawn'),
	('road_side', 'both', '双侧', 'both'),
	('road_side', 'even', '双号', 'even'),
	('road_side', 'odd', '单号', 'odd'),
	('satisfaction', 'basically_satisfied', '基本满意', 'basically satisfied'),
	('satisfaction', 'dissatisfied', '不满意', 'dissatisfied'),
	('satisfaction', 'neutral', '一般', 'neutral'),
	('satisfaction', 'satisfied', '满意', 'satisfied'),
	('severity', 'advice', '提示', 'advice'),
	('severity', 'reject', '退回', 'reject'),
	('severity', 'review', '审看', 'review'),
	('source', 'center', '城运中心', 'center'),
	('source', 'city', '市平台', 'city platform'),
	('source', 'district', '区平台', 'district platform'),
	('state', 'accepted', '已接单', 'accepted'),
	('state', 'closed', '结案归档', 'closed'),
	('state', 'completed', '已办结', 'completed'),
	('state', 'dispatched', '已派单', 'dispatched'),
	('state', 'merged', '已并单', 'merged'),
	('state', 'received', '已收单', 'received'),
	('state', 'reported', '已报办结', 'reported'),
	('state', 'return_requested', '申请退单', 'return requested'),
	('state', 'rework', '退回重办', 'rework'),
	('state', 'transferred', '已转出', 'transferred'),
	('state', 'withdrawn', '已撤单', 'withdrawn'),
	('supervised_by', 'city', '市级督办', 'city'),
	('supervised_by', 'district', '区级督办', 'district'),
	('sweep_status', 'broken', '中断', 'broken off'),
	('sweep_status', 'failing', '有搁置', 'clocks set aside'),
	('sweep_status', 'late', '滞后', 'late'),
	('sweep_status', 'never', '从未运行', 'never ran'),
	('sweep_status', 'ok', '正常', 'ok');


-- ==== sql/base/ids.sql

-- Keys: center_id * 10^12 + n. Below 2^53, since center_id is at most 9006.
-- May touch: nothing.

create or replace function ticket_workflow.center_of(id bigint) returns bigint
	language sql immutable parallel safe
	return center_of.id / 1000000000000;
comment on function ticket_workflow.center_of(bigint) is 'The center a ticket, a report, a return ... belongs to';

create or replace function ticket_workflow.new_id(center_id bigint, sequence regclass) returns bigint
	language sql volatile
	return new_id.center_id * 1000000000000 + nextval(new_id.sequence);
comment on function ticket_workflow.new_id(bigint, regclass) is 'The next id of a sequence for a center';

-- ==== build/sql/documents.sql

-- packed from data/ by scripts/pack-documents

insert into ticket_workflow.shipped_document values ('calendar/cn', '2004', '{ "year": 2004, "papers": [], "days": [ {"name": "元旦", "date": "2004-01-01", "isOffDay": true}, {"name": "春节", "date": "2004-01-17", "isOffDay": false}, {"name": "春节", "date": "2004-01-18", "isOffDay": false}, {"name": "春节", "date": "2004-01-22", "isOffDay": true}, {"name": "春节", "date": "2004-01-23", "isOffDay": true}, {"name": "春节", "date": "2004-01-24", "isOffDay": true}, {"name": "春节", "date": "2004-01-25", "isOffDay": true}, {"name": "春节", "date": "2004-01-26", "isOffDay": true}, {"name": "春节", "date": "2004-01-27", "isOffDay": true}, {"name": "春节", "date": "2004-01-28", "isOffDay": true}, {"name": "劳动节", "date": "2004-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2004-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2004-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2004-05-04", "isOffDay": true}, {"name": "劳动节", "date": "2004-05-05", "isOffDay": true}, {"name": "劳动节", "date": "2004-05-06", "isOffDay": true}, {"name": "劳动节", "date": "2004-05-07", "isOffDay": true}, {"name": "劳动节", "date": "2004-05-08", "isOffDay": false}, {"name": "劳动节", "date": "2004-05-09", "isOffDay": false}, {"name": "国庆节", "date": "2004-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2004-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2004-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2004-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2004-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2004-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2004-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2004-10-09", "isOffDay": false}, {"name": "国庆节", "date": "2004-10-10", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2005', '{ "year": 2005, "papers": [], "days": [ {"name": "元旦", "date": "2005-01-01", "isOffDay": true}, {"name": "元旦", "date": "2005-01-02", "isOffDay": true}, {"name": "元旦", "date": "2005-01-03", "isOffDay": true}, {"name": "春节", "date": "2005-02-05", "isOffDay": false}, {"name": "春节", "date": "2005-02-06", "isOffDay": false}, {"name": "春节", "date": "2005-02-09", "isOffDay": true}, {"name": "春节", "date": "2005-02-10", "isOffDay": true}, {"name": "春节", "date": "2005-02-11", "isOffDay": true}, {"name": "春节", "date": "2005-02-12", "isOffDay": true}, {"name": "春节", "date": "2005-02-13", "isOffDay": true}, {"name": "春节", "date": "2005-02-14", "isOffDay": true}, {"name": "春节", "date": "2005-02-15", "isOffDay": true}, {"name": "劳动节", "date": "2005-04-30", "isOffDay": false}, {"name": "劳动节", "date": "2005-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2005-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2005-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2005-05-04", "isOffDay": true}, {"name": "劳动节", "date": "2005-05-05", "isOffDay": true}, {"name": "劳动节", "date": "2005-05-06", "isOffDay": true}, {"name": "劳动节", "date": "2005-05-07", "isOffDay": true}, {"name": "劳动节", "date": "2005-05-08", "isOffDay": false}, {"name": "国庆节", "date": "2005-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2005-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2005-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2005-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2005-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2005-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2005-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2005-10-08", "isOffDay": false}, {"name": "国庆节", "date": "2005-10-09", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2006', '{ "year": 2006, "papers": [], "days": [ {"name": "元旦", "date": "2006-01-01", "isOffDay": true}, {"name": "元旦", "date": "2006-01-02", "isOffDay": true}, {"name": "元旦", "date": "2006-01-03", "isOffDay": true}, {"name": "春节", "date": "2006-01-28", "isOffDay": false}, {"name": "春节", "date": "2006-01-29", "isOffDay": true}, {"name": "春节", "date": "2006-01-30", "isOffDay": true}, {"name": "春节", "date": "2006-01-31", "isOffDay": true}, {"name": "春节", "date": "2006-02-01", "isOffDay": true}, {"name": "春节", "date": "2006-02-02", "isOffDay": true}, {"name": "春节", "date": "2006-02-03", "isOffDay": true}, {"name": "春节", "date": "2006-02-04", "isOffDay": true}, {"name": "春节", "date": "2006-02-05", "isOffDay": false}, {"name": "劳动节", "date": "2006-04-29", "isOffDay": false}, {"name": "劳动节", "date": "2006-04-30", "isOffDay": false}, {"name": "劳动节", "date": "2006-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2006-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2006-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2006-05-04", "isOffDay": true}, {"name": "劳动节", "date": "2006-05-05", "isOffDay": true}, {"name": "劳动节", "date": "2006-05-06", "isOffDay": true}, {"name": "劳动节", "date": "2006-05-07", "isOffDay": true}, {"name": "国庆节", "date": "2006-09-30", "isOffDay": false}, {"name": "国庆节", "date": "2006-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2006-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2006-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2006-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2006-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2006-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2006-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2006-10-08", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2007', '{ "year": 2007, "papers": [], "days": [ {"name": "元旦", "date": "2006-12-30", "isOffDay": false}, {"name": "元旦", "date": "2006-12-31", "isOffDay": false}, {"name": "元旦", "date": "2007-01-01", "isOffDay": true}, {"name": "元旦", "date": "2007-01-02", "isOffDay": true}, {"name": "元旦", "date": "2007-01-03", "isOffDay": true}, {"name": "春节", "date": "2007-02-17", "isOffDay": false}, {"name": "春节", "date": "2007-02-18", "isOffDay": true}, {"name": "春节", "date": "2007-02-19", "isOffDay": true}, {"name": "春节", "date": "2007-02-20", "isOffDay": true}, {"name": "春节", "date": "2007-02-21", "isOffDay": true}, {"name": "春节", "date": "2007-02-22", "isOffDay": true}, {"name": "春节", "date": "2007-02-23", "isOffDay": true}, {"name": "春节", "date": "2007-02-24", "isOffDay": true}, {"name": "春节", "date": "2007-02-25", "isOffDay": false}, {"name": "“五一”", "date": "2007-04-28", "isOffDay": false}, {"name": "“五一”", "date": "2007-04-29", "isOffDay": false}, {"name": "“五一”", "date": "2007-05-01", "isOffDay": true}, {"name": "“五一”", "date": "2007-05-02", "isOffDay": true}, {"name": "“五一”", "date": "2007-05-03", "isOffDay": true}, {"name": "“五一”", "date": "2007-05-04", "isOffDay": true}, {"name": "“五一”", "date": "2007-05-05", "isOffDay": true}, {"name": "“五一”", "date": "2007-05-06", "isOffDay": true}, {"name": "“五一”", "date": "2007-05-07", "isOffDay": true}, {"name": "“十一”", "date": "2007-09-29", "isOffDay": false}, {"name": "“十一”", "date": "2007-09-30", "isOffDay": false}, {"name": "“十一”", "date": "2007-10-01", "isOffDay": true}, {"name": "“十一”", "date": "2007-10-02", "isOffDay": true}, {"name": "“十一”", "date": "2007-10-03", "isOffDay": true}, {"name": "“十一”", "date": "2007-10-04", "isOffDay": true}, {"name": "“十一”", "date": "2007-10-05", "isOffDay": true}, {"name": "“十一”", "date": "2007-10-06", "isOffDay": true}, {"name": "“十一”", "date": "2007-10-07", "isOffDay": true} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2008', '{ "year": 2008, "papers": [], "days": [ {"name": "元旦", "date": "2007-12-29", "isOffDay": false}, {"name": "元旦", "date": "2007-12-30", "isOffDay": true}, {"name": "元旦", "date": "2007-12-31", "isOffDay": true}, {"name": "元旦", "date": "2008-01-01", "isOffDay": true}, {"name": "春节", "date": "2008-02-02", "isOffDay": false}, {"name": "春节", "date": "2008-02-03", "isOffDay": false}, {"name": "春节", "date": "2008-02-06", "isOffDay": true}, {"name": "春节", "date": "2008-02-07", "isOffDay": true}, {"name": "春节", "date": "2008-02-08", "isOffDay": true}, {"name": "春节", "date": "2008-02-09", "isOffDay": true}, {"name": "春节", "date": "2008-02-10", "isOffDay": true}, {"name": "春节", "date": "2008-02-11", "isOffDay": true}, {"name": "春节", "date": "2008-02-12", "isOffDay": true}, {"name": "清明节", "date": "2008-04-04", "isOffDay": true}, {"name": "清明节", "date": "2008-04-05", "isOffDay": true}, {"name": "清明节", "date": "2008-04-06", "isOffDay": true}, {"name": "“五一”国际劳动节", "date": "2008-05-01", "isOffDay": true}, {"name": "“五一”国际劳动节", "date": "2008-05-02", "isOffDay": true}, {"name": "“五一”国际劳动节", "date": "2008-05-03", "isOffDay": true}, {"name": "“五一”国际劳动节", "date": "2008-05-04", "isOffDay": false}, {"name": "端午节", "date": "2008-06-07", "isOffDay": true}, {"name": "端午节", "date": "2008-06-08", "isOffDay": true}, {"name": "端午节", "date": "2008-06-09", "isOffDay": true}, {"name": "中秋节", "date": "2008-09-13", "isOffDay": true}, {"name": "中秋节", "date": "2008-09-14", "isOffDay": true}, {"name": "中秋节", "date": "2008-09-15", "isOffDay": true}, {"name": "国庆节", "date": "2008-09-27", "isOffDay": false}, {"name": "国庆节", "date": "2008-09-28", "isOffDay": false}, {"name": "国庆节", "date": "2008-09-29", "isOffDay": true}, {"name": "国庆节", "date": "2008-09-30", "isOffDay": true}, {"name": "国庆节", "date": "2008-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2008-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2008-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2008-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2008-10-05", "isOffDay": true} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2009', '{ "year": 2009, "papers": [], "days": [ {"name": "元旦", "date": "2009-01-01", "isOffDay": true}, {"name": "元旦", "date": "2009-01-02", "isOffDay": true}, {"name": "元旦", "date": "2009-01-03", "isOffDay": true}, {"name": "元旦", "date": "2009-01-04", "isOffDay": false}, {"name": "春节", "date": "2009-01-24", "isOffDay": false}, {"name": "春节", "date": "2009-01-25", "isOffDay": true}, {"name": "春节", "date": "2009-01-26", "isOffDay": true}, {"name": "春节", "date": "2009-01-27", "isOffDay": true}, {"name": "春节", "date": "2009-01-28", "isOffDay": true}, {"name": "春节", "date": "2009-01-29", "isOffDay": true}, {"name": "春节", "date": "2009-01-30", "isOffDay": true}, {"name": "春节", "date": "2009-01-31", "isOffDay": true}, {"name": "春节", "date": "2009-02-01", "isOffDay": false}, {"name": "清明节", "date": "2009-04-04", "isOffDay": true}, {"name": "清明节", "date": "2009-04-05", "isOffDay": true}, {"name": "清明节", "date": "2009-04-06", "isOffDay": true}, {"name": "劳动节", "date": "2009-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2009-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2009-05-03", "isOffDay": true}, {"name": "端午节", "date": "2009-05-28", "isOffDay": true}, {"name": "端午节", "date": "2009-05-29", "isOffDay": true}, {"name": "端午节", "date": "2009-05-30", "isOffDay": true}, {"name": "端午节", "date": "2009-05-31", "isOffDay": false}, {"name": "国庆节、中秋节", "date": "2009-09-27", "isOffDay": false}, {"name": "国庆节、中秋节", "date": "2009-10-01", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2009-10-02", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2009-10-03", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2009-10-04", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2009-10-05", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2009-10-06", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2009-10-07", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2009-10-08", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2009-10-10", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2010', '{ "year": 2010, "papers": [], "days": [ {"name": "元旦", "date": "2010-01-01", "isOffDay": true}, {"name": "元旦", "date": "2010-01-02", "isOffDay": true}, {"name": "元旦", "date": "2010-01-03", "isOffDay": true}, {"name": "春节", "date": "2010-02-13", "isOffDay": true}, {"name": "春节", "date": "2010-02-14", "isOffDay": true}, {"name": "春节", "date": "2010-02-15", "isOffDay": true}, {"name": "春节", "date": "2010-02-16", "isOffDay": true}, {"name": "春节", "date": "2010-02-17", "isOffDay": true}, {"name": "春节", "date": "2010-02-18", "isOffDay": true}, {"name": "春节", "date": "2010-02-19", "isOffDay": true}, {"name": "春节", "date": "2010-02-20", "isOffDay": false}, {"name": "春节", "date": "2010-02-21", "isOffDay": false}, {"name": "清明节", "date": "2010-04-03", "isOffDay": true}, {"name": "清明节", "date": "2010-04-04", "isOffDay": true}, {"name": "清明节", "date": "2010-04-05", "isOffDay": true}, {"name": "劳动节", "date": "2010-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2010-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2010-05-03", "isOffDay": true}, {"name": "端午节", "date": "2010-06-12", "isOffDay": false}, {"name": "端午节", "date": "2010-06-13", "isOffDay": false}, {"name": "端午节", "date": "2010-06-14", "isOffDay": true}, {"name": "端午节", "date": "2010-06-15", "isOffDay": true}, {"name": "端午节", "date": "2010-06-16", "isOffDay": true}, {"name": "中秋节", "date": "2010-09-19", "isOffDay": false}, {"name": "中秋节", "date": "2010-09-22", "isOffDay": true}, {"name": "中秋节", "date": "2010-09-23", "isOffDay": true}, {"name": "中秋节", "date": "2010-09-24", "isOffDay": true}, {"name": "中秋节", "date": "2010-09-25", "isOffDay": false}, {"name": "国庆节", "date": "2010-09-26", "isOffDay": false}, {"name": "国庆节", "date": "2010-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2010-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2010-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2010-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2010-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2010-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2010-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2010-10-09", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2011', '{ "year": 2011, "papers": [], "days": [ {"name": "元旦", "date": "2011-01-01", "isOffDay": true}, {"name": "元旦", "date": "2011-01-02", "isOffDay": true}, {"name": "元旦", "date": "2011-01-03", "isOffDay": true}, {"name": "春节", "date": "2011-01-30", "isOffDay": false}, {"name": "春节", "date": "2011-02-02", "isOffDay": true}, {"name": "春节", "date": "2011-02-03", "isOffDay": true}, {"name": "春节", "date": "2011-02-04", "isOffDay": true}, {"name": "春节", "date": "2011-02-05", "isOffDay": true}, {"name": "春节", "date": "2011-02-06", "isOffDay": true}, {"name": "春节", "date": "2011-02-07", "isOffDay": true}, {"name": "春节", "date": "2011-02-08", "isOffDay": true}, {"name": "春节", "date": "2011-02-12", "isOffDay": false}, {"name": "清明节", "date": "2011-04-02", "isOffDay": false}, {"name": "清明节", "date": "2011-04-03", "isOffDay": true}, {"name": "清明节", "date": "2011-04-04", "isOffDay": true}, {"name": "清明节", "date": "2011-04-05", "isOffDay": true}, {"name": "劳动节", "date": "2011-04-30", "isOffDay": true}, {"name": "劳动节", "date": "2011-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2011-05-02", "isOffDay": true}, {"name": "端午节", "date": "2011-06-04", "isOffDay": true}, {"name": "端午节", "date": "2011-06-05", "isOffDay": true}, {"name": "端午节", "date": "2011-06-06", "isOffDay": true}, {"name": "中秋节", "date": "2011-09-10", "isOffDay": true}, {"name": "中秋节", "date": "2011-09-11", "isOffDay": true}, {"name": "中秋节", "date": "2011-09-12", "isOffDay": true}, {"name": "国庆节", "date": "2011-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2011-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2011-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2011-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2011-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2011-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2011-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2011-10-08", "isOffDay": false}, {"name": "国庆节", "date": "2011-10-09", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2012', '{ "year": 2012, "papers": [], "days": [ {"name": "元旦", "date": "2011-12-31", "isOffDay": false}, {"name": "元旦", "date": "2012-01-01", "isOffDay": true}, {"name": "元旦", "date": "2012-01-02", "isOffDay": true}, {"name": "元旦", "date": "2012-01-03", "isOffDay": true}, {"name": "春节", "date": "2012-01-21", "isOffDay": false}, {"name": "春节", "date": "2012-01-22", "isOffDay": true}, {"name": "春节", "date": "2012-01-23", "isOffDay": true}, {"name": "春节", "date": "2012-01-24", "isOffDay": true}, {"name": "春节", "date": "2012-01-25", "isOffDay": true}, {"name": "春节", "date": "2012-01-26", "isOffDay": true}, {"name": "春节", "date": "2012-01-27", "isOffDay": true}, {"name": "春节", "date": "2012-01-28", "isOffDay": true}, {"name": "春节", "date": "2012-01-29", "isOffDay": false}, {"name": "清明节", "date": "2012-03-31", "isOffDay": false}, {"name": "清明节", "date": "2012-04-01", "isOffDay": false}, {"name": "清明节", "date": "2012-04-02", "isOffDay": true}, {"name": "清明节", "date": "2012-04-03", "isOffDay": true}, {"name": "清明节", "date": "2012-04-04", "isOffDay": true}, {"name": "劳动节", "date": "2012-04-28", "isOffDay": false}, {"name": "劳动节", "date": "2012-04-29", "isOffDay": true}, {"name": "劳动节", "date": "2012-04-30", "isOffDay": true}, {"name": "劳动节", "date": "2012-05-01", "isOffDay": true}, {"name": "端午节", "date": "2012-06-22", "isOffDay": true}, {"name": "端午节", "date": "2012-06-23", "isOffDay": true}, {"name": "端午节", "date": "2012-06-24", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2012-09-29", "isOffDay": false}, {"name": "中秋节、国庆节", "date": "2012-09-30", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2012-10-01", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2012-10-02", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2012-10-03", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2012-10-04", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2012-10-05", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2012-10-06", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2012-10-07", "isOffDay": true} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2013', '{ "year": 2013, "papers": [], "days": [ {"name": "元旦", "date": "2013-01-01", "isOffDay": true}, {"name": "元旦", "date": "2013-01-02", "isOffDay": true}, {"name": "元旦", "date": "2013-01-03", "isOffDay": true}, {"name": "元旦", "date": "2013-01-05", "isOffDay": false}, {"name": "元旦", "date": "2013-01-06", "isOffDay": false}, {"name": "春节", "date": "2013-02-09", "isOffDay": true}, {"name": "春节", "date": "2013-02-10", "isOffDay": true}, {"name": "春节", "date": "2013-02-11", "isOffDay": true}, {"name": "春节", "date": "2013-02-12", "isOffDay": true}, {"name": "春节", "date": "2013-02-13", "isOffDay": true}, {"name": "春节", "date": "2013-02-14", "isOffDay": true}, {"name": "春节", "date": "2013-02-15", "isOffDay": true}, {"name": "春节", "date": "2013-02-16", "isOffDay": false}, {"name": "春节", "date": "2013-02-17", "isOffDay": false}, {"name": "清明节", "date": "2013-04-04", "isOffDay": true}, {"name": "清明节", "date": "2013-04-05", "isOffDay": true}, {"name": "清明节", "date": "2013-04-06", "isOffDay": true}, {"name": "清明节", "date": "2013-04-07", "isOffDay": false}, {"name": "劳动节", "date": "2013-04-27", "isOffDay": false}, {"name": "劳动节", "date": "2013-04-28", "isOffDay": false}, {"name": "劳动节", "date": "2013-04-29", "isOffDay": true}, {"name": "劳动节", "date": "2013-04-30", "isOffDay": true}, {"name": "劳动节", "date": "2013-05-01", "isOffDay": true}, {"name": "端午节", "date": "2013-06-08", "isOffDay": false}, {"name": "端午节", "date": "2013-06-09", "isOffDay": false}, {"name": "端午节", "date": "2013-06-10", "isOffDay": true}, {"name": "端午节", "date": "2013-06-11", "isOffDay": true}, {"name": "端午节", "date": "2013-06-12", "isOffDay": true}, {"name": "中秋节", "date": "2013-09-19", "isOffDay": true}, {"name": "中秋节", "date": "2013-09-20", "isOffDay": true}, {"name": "中秋节", "date": "2013-09-21", "isOffDay": true}, {"name": "中秋节", "date": "2013-09-22", "isOffDay": false}, {"name": "国庆节", "date": "2013-09-29", "isOffDay": false}, {"name": "国庆节", "date": "2013-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2013-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2013-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2013-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2013-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2013-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2013-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2013-10-12", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2014', '{ "year": 2014, "papers": [], "days": [ {"name": "元旦", "date": "2014-01-01", "isOffDay": true}, {"name": "春节", "date": "2014-01-26", "isOffDay": false}, {"name": "春节", "date": "2014-01-31", "isOffDay": true}, {"name": "春节", "date": "2014-02-01", "isOffDay": true}, {"name": "春节", "date": "2014-02-02", "isOffDay": true}, {"name": "春节", "date": "2014-02-03", "isOffDay": true}, {"name": "春节", "date": "2014-02-04", "isOffDay": true}, {"name": "春节", "date": "2014-02-05", "isOffDay": true}, {"name": "春节", "date": "2014-02-06", "isOffDay": true}, {"name": "春节", "date": "2014-02-08", "isOffDay": false}, {"name": "清明节", "date": "2014-04-05", "isOffDay": true}, {"name": "清明节", "date": "2014-04-06", "isOffDay": true}, {"name": "清明节", "date": "2014-04-07", "isOffDay": true}, {"name": "劳动节", "date": "2014-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2014-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2014-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2014-05-04", "isOffDay": false}, {"name": "端午节", "date": "2014-06-02", "isOffDay": true}, {"name": "中秋节", "date": "2014-09-08", "isOffDay": true}, {"name": "国庆节", "date": "2014-09-28", "isOffDay": false}, {"name": "国庆节", "date": "2014-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2014-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2014-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2014-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2014-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2014-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2014-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2014-10-11", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2015', '{ "year": 2015, "papers": [], "days": [ {"name": "元旦", "date": "2015-01-01", "isOffDay": true}, {"name": "元旦", "date": "2015-01-02", "isOffDay": true}, {"name": "元旦", "date": "2015-01-03", "isOffDay": true}, {"name": "元旦", "date": "2015-01-04", "isOffDay": false}, {"name": "春节", "date": "2015-02-15", "isOffDay": false}, {"name": "春节", "date": "2015-02-18", "isOffDay": true}, {"name": "春节", "date": "2015-02-19", "isOffDay": true}, {"name": "春节", "date": "2015-02-20", "isOffDay": true}, {"name": "春节", "date": "2015-02-21", "isOffDay": true}, {"name": "春节", "date": "2015-02-22", "isOffDay": true}, {"name": "春节", "date": "2015-02-23", "isOffDay": true}, {"name": "春节", "date": "2015-02-24", "isOffDay": true}, {"name": "春节", "date": "2015-02-28", "isOffDay": false}, {"name": "清明节", "date": "2015-04-05", "isOffDay": true}, {"name": "清明节", "date": "2015-04-06", "isOffDay": true}, {"name": "劳动节", "date": "2015-05-01", "isOffDay": true}, {"name": "端午节", "date": "2015-06-20", "isOffDay": true}, {"name": "端午节", "date": "2015-06-22", "isOffDay": true}, {"name": "抗日战争暨世界反法西斯战争胜利70周年纪念日", "date": "2015-09-03", "isOffDay": true}, {"name": "抗日战争暨世界反法西斯战争胜利70周年纪念日", "date": "2015-09-04", "isOffDay": true}, {"name": "抗日战争暨世界反法西斯战争胜利70周年纪念日", "date": "2015-09-05", "isOffDay": true}, {"name": "抗日战争暨世界反法西斯战争胜利70周年纪念日", "date": "2015-09-06", "isOffDay": false}, {"name": "中秋节", "date": "2015-09-27", "isOffDay": true}, {"name": "国庆节", "date": "2015-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2015-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2015-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2015-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2015-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2015-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2015-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2015-10-10", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2016', '{ "year": 2016, "papers": [], "days": [ {"name": "元旦", "date": "2016-01-01", "isOffDay": true}, {"name": "春节", "date": "2016-02-06", "isOffDay": false}, {"name": "春节", "date": "2016-02-07", "isOffDay": true}, {"name": "春节", "date": "2016-02-08", "isOffDay": true}, {"name": "春节", "date": "2016-02-09", "isOffDay": true}, {"name": "春节", "date": "2016-02-10", "isOffDay": true}, {"name": "春节", "date": "2016-02-11", "isOffDay": true}, {"name": "春节", "date": "2016-02-12", "isOffDay": true}, {"name": "春节", "date": "2016-02-13", "isOffDay": true}, {"name": "春节", "date": "2016-02-14", "isOffDay": false}, {"name": "清明节", "date": "2016-04-04", "isOffDay": true}, {"name": "劳动节", "date": "2016-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2016-05-02", "isOffDay": true}, {"name": "端午节", "date": "2016-06-09", "isOffDay": true}, {"name": "端午节", "date": "2016-06-10", "isOffDay": true}, {"name": "端午节", "date": "2016-06-11", "isOffDay": true}, {"name": "端午节", "date": "2016-06-12", "isOffDay": false}, {"name": "中秋节", "date": "2016-09-15", "isOffDay": true}, {"name": "中秋节", "date": "2016-09-16", "isOffDay": true}, {"name": "中秋节", "date": "2016-09-17", "isOffDay": true}, {"name": "中秋节", "date": "2016-09-18", "isOffDay": false}, {"name": "国庆节", "date": "2016-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2016-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2016-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2016-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2016-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2016-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2016-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2016-10-08", "isOffDay": false}, {"name": "国庆节", "date": "2016-10-09", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2017', '{ "year": 2017, "papers": [], "days": [ {"name": "元旦", "date": "2017-01-01", "isOffDay": true}, {"name": "元旦", "date": "2017-01-02", "isOffDay": true}, {"name": "春节", "date": "2017-01-22", "isOffDay": false}, {"name": "春节", "date": "2017-01-27", "isOffDay": true}, {"name": "春节", "date": "2017-01-28", "isOffDay": true}, {"name": "春节", "date": "2017-01-29", "isOffDay": true}, {"name": "春节", "date": "2017-01-30", "isOffDay": true}, {"name": "春节", "date": "2017-01-31", "isOffDay": true}, {"name": "春节", "date": "2017-02-01", "isOffDay": true}, {"name": "春节", "date": "2017-02-02", "isOffDay": true}, {"name": "春节", "date": "2017-02-04", "isOffDay": false}, {"name": "清明节", "date": "2017-04-01", "isOffDay": false}, {"name": "清明节", "date": "2017-04-02", "isOffDay": true}, {"name": "清明节", "date": "2017-04-03", "isOffDay": true}, {"name": "清明节", "date": "2017-04-04", "isOffDay": true}, {"name": "劳动节", "date": "2017-05-01", "isOffDay": true}, {"name": "端午节", "date": "2017-05-27", "isOffDay": false}, {"name": "端午节", "date": "2017-05-28", "isOffDay": true}, {"name": "端午节", "date": "2017-05-29", "isOffDay": true}, {"name": "端午节", "date": "2017-05-30", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2017-09-30", "isOffDay": false}, {"name": "中秋节、国庆节", "date": "2017-10-01", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2017-10-02", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2017-10-03", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2017-10-04", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2017-10-05", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2017-10-06", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2017-10-07", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2017-10-08", "isOffDay": true} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2018', '{ "year": 2018, "papers": [], "days": [ {"name": "元旦", "date": "2018-01-01", "isOffDay": true}, {"name": "春节", "date": "2018-02-11", "isOffDay": false}, {"name": "春节", "date": "2018-02-15", "isOffDay": true}, {"name": "春节", "date": "2018-02-16", "isOffDay": true}, {"name": "春节", "date": "2018-02-17", "isOffDay": true}, {"name": "春节", "date": "2018-02-18", "isOffDay": true}, {"name": "春节", "date": "2018-02-19", "isOffDay": true}, {"name": "春节", "date": "2018-02-20", "isOffDay": true}, {"name": "春节", "date": "2018-02-21", "isOffDay": true}, {"name": "春节", "date": "2018-02-24", "isOffDay": false}, {"name": "清明节", "date": "2018-04-05", "isOffDay": true}, {"name": "清明节", "date": "2018-04-06", "isOffDay": true}, {"name": "清明节", "date": "2018-04-07", "isOffDay": true}, {"name": "清明节", "date": "2018-04-08", "isOffDay": false}, {"name": "劳动节", "date": "2018-04-28", "isOffDay": false}, {"name": "劳动节", "date": "2018-04-29", "isOffDay": true}, {"name": "劳动节", "date": "2018-04-30", "isOffDay": true}, {"name": "劳动节", "date": "2018-05-01", "isOffDay": true}, {"name": "端午节", "date": "2018-06-18", "isOffDay": true}, {"name": "中秋节", "date": "2018-09-24", "isOffDay": true}, {"name": "国庆节", "date": "2018-09-29", "isOffDay": false}, {"name": "国庆节", "date": "2018-09-30", "isOffDay": false}, {"name": "国庆节", "date": "2018-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2018-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2018-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2018-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2018-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2018-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2018-10-07", "isOffDay": true} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2019', '{ "year": 2019, "papers": [], "days": [ {"name": "元旦", "date": "2018-12-29", "isOffDay": false}, {"name": "元旦", "date": "2018-12-30", "isOffDay": true}, {"name": "元旦", "date": "2018-12-31", "isOffDay": true}, {"name": "元旦", "date": "2019-01-01", "isOffDay": true}, {"name": "春节", "date": "2019-02-02", "isOffDay": false}, {"name": "春节", "date": "2019-02-03", "isOffDay": false}, {"name": "春节", "date": "2019-02-04", "isOffDay": true}, {"name": "春节", "date": "2019-02-05", "isOffDay": true}, {"name": "春节", "date": "2019-02-06", "isOffDay": true}, {"name": "春节", "date": "2019-02-07", "isOffDay": true}, {"name": "春节", "date": "2019-02-08", "isOffDay": true}, {"name": "春节", "date": "2019-02-09", "isOffDay": true}, {"name": "春节", "date": "2019-02-10", "isOffDay": true}, {"name": "清明节", "date": "2019-04-05", "isOffDay": true}, {"name": "清明节", "date": "2019-04-06", "isOffDay": true}, {"name": "清明节", "date": "2019-04-07", "isOffDay": true}, {"name": "劳动节", "date": "2019-04-28", "isOffDay": false}, {"name": "劳动节", "date": "2019-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2019-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2019-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2019-05-04", "isOffDay": true}, {"name": "劳动节", "date": "2019-05-05", "isOffDay": false}, {"name": "端午节", "date": "2019-06-07", "isOffDay": true}, {"name": "端午节", "date": "2019-06-08", "isOffDay": true}, {"name": "端午节", "date": "2019-06-09", "isOffDay": true}, {"name": "中秋节", "date": "2019-09-13", "isOffDay": true}, {"name": "中秋节", "date": "2019-09-14", "isOffDay": true}, {"name": "中秋节", "date": "2019-09-15", "isOffDay": true}, {"name": "国庆节", "date": "2019-09-29", "isOffDay": false}, {"name": "国庆节", "date": "2019-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2019-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2019-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2019-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2019-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2019-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2019-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2019-10-12", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2020', '{ "year": 2020, "papers": [], "days": [ {"name": "元旦", "date": "2020-01-01", "isOffDay": true}, {"name": "春节", "date": "2020-01-19", "isOffDay": false}, {"name": "春节", "date": "2020-01-24", "isOffDay": true}, {"name": "春节", "date": "2020-01-25", "isOffDay": true}, {"name": "春节", "date": "2020-01-26", "isOffDay": true}, {"name": "春节", "date": "2020-01-27", "isOffDay": true}, {"name": "春节", "date": "2020-01-28", "isOffDay": true}, {"name": "春节", "date": "2020-01-29", "isOffDay": true}, {"name": "春节", "date": "2020-01-30", "isOffDay": true}, {"name": "春节", "date": "2020-01-31", "isOffDay": true}, {"name": "春节", "date": "2020-02-01", "isOffDay": true}, {"name": "春节", "date": "2020-02-02", "isOffDay": true}, {"name": "春节", "date": "2020-02-03", "isOffDay": false}, {"name": "清明节", "date": "2020-04-04", "isOffDay": true}, {"name": "清明节", "date": "2020-04-05", "isOffDay": true}, {"name": "清明节", "date": "2020-04-06", "isOffDay": true}, {"name": "劳动节", "date": "2020-04-26", "isOffDay": false}, {"name": "劳动节", "date": "2020-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2020-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2020-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2020-05-04", "isOffDay": true}, {"name": "劳动节", "date": "2020-05-05", "isOffDay": true}, {"name": "劳动节", "date": "2020-05-09", "isOffDay": false}, {"name": "端午节", "date": "2020-06-25", "isOffDay": true}, {"name": "端午节", "date": "2020-06-26", "isOffDay": true}, {"name": "端午节", "date": "2020-06-27", "isOffDay": true}, {"name": "端午节", "date": "2020-06-28", "isOffDay": false}, {"name": "国庆节、中秋节", "date": "2020-09-27", "isOffDay": false}, {"name": "国庆节、中秋节", "date": "2020-10-01", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2020-10-02", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2020-10-03", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2020-10-04", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2020-10-05", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2020-10-06", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2020-10-07", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2020-10-08", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2020-10-10", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2021', '{ "year": 2021, "papers": [], "days": [ {"name": "元旦", "date": "2021-01-01", "isOffDay": true}, {"name": "元旦", "date": "2021-01-02", "isOffDay": true}, {"name": "元旦", "date": "2021-01-03", "isOffDay": true}, {"name": "春节", "date": "2021-02-07", "isOffDay": false}, {"name": "春节", "date": "2021-02-11", "isOffDay": true}, {"name": "春节", "date": "2021-02-12", "isOffDay": true}, {"name": "春节", "date": "2021-02-13", "isOffDay": true}, {"name": "春节", "date": "2021-02-14", "isOffDay": true}, {"name": "春节", "date": "2021-02-15", "isOffDay": true}, {"name": "春节", "date": "2021-02-16", "isOffDay": true}, {"name": "春节", "date": "2021-02-17", "isOffDay": true}, {"name": "春节", "date": "2021-02-20", "isOffDay": false}, {"name": "清明节", "date": "2021-04-03", "isOffDay": true}, {"name": "清明节", "date": "2021-04-04", "isOffDay": true}, {"name": "清明节", "date": "2021-04-05", "isOffDay": true}, {"name": "劳动节", "date": "2021-04-25", "isOffDay": false}, {"name": "劳动节", "date": "2021-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2021-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2021-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2021-05-04", "isOffDay": true}, {"name": "劳动节", "date": "2021-05-05", "isOffDay": true}, {"name": "劳动节", "date": "2021-05-08", "isOffDay": false}, {"name": "端午节", "date": "2021-06-12", "isOffDay": true}, {"name": "端午节", "date": "2021-06-13", "isOffDay": true}, {"name": "端午节", "date": "2021-06-14", "isOffDay": true}, {"name": "中秋节", "date": "2021-09-18", "isOffDay": false}, {"name": "中秋节", "date": "2021-09-19", "isOffDay": true}, {"name": "中秋节", "date": "2021-09-20", "isOffDay": true}, {"name": "中秋节", "date": "2021-09-21", "isOffDay": true}, {"name": "国庆节", "date": "2021-09-26", "isOffDay": false}, {"name": "国庆节", "date": "2021-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2021-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2021-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2021-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2021-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2021-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2021-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2021-10-09", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2022', '{ "year": 2022, "papers": [], "days": [ {"name": "元旦", "date": "2022-01-01", "isOffDay": true}, {"name": "元旦", "date": "2022-01-02", "isOffDay": true}, {"name": "元旦", "date": "2022-01-03", "isOffDay": true}, {"name": "春节", "date": "2022-01-29", "isOffDay": false}, {"name": "春节", "date": "2022-01-30", "isOffDay": false}, {"name": "春节", "date": "2022-01-31", "isOffDay": true}, {"name": "春节", "date": "2022-02-01", "isOffDay": true}, {"name": "春节", "date": "2022-02-02", "isOffDay": true}, {"name": "春节", "date": "2022-02-03", "isOffDay": true}, {"name": "春节", "date": "2022-02-04", "isOffDay": true}, {"name": "春节", "date": "2022-02-05", "isOffDay": true}, {"name": "春节", "date": "2022-02-06", "isOffDay": true}, {"name": "清明节", "date": "2022-04-02", "isOffDay": false}, {"name": "清明节", "date": "2022-04-03", "isOffDay": true}, {"name": "清明节", "date": "2022-04-04", "isOffDay": true}, {"name": "清明节", "date": "2022-04-05", "isOffDay": true}, {"name": "劳动节", "date": "2022-04-24", "isOffDay": false}, {"name": "劳动节", "date": "2022-04-30", "isOffDay": true}, {"name": "劳动节", "date": "2022-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2022-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2022-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2022-05-04", "isOffDay": true}, {"name": "劳动节", "date": "2022-05-07", "isOffDay": false}, {"name": "端午节", "date": "2022-06-03", "isOffDay": true}, {"name": "端午节", "date": "2022-06-04", "isOffDay": true}, {"name": "端午节", "date": "2022-06-05", "isOffDay": true}, {"name": "中秋节", "date": "2022-09-10", "isOffDay": true}, {"name": "中秋节", "date": "2022-09-11", "isOffDay": true}, {"name": "中秋节", "date": "2022-09-12", "isOffDay": true}, {"name": "国庆节", "date": "2022-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2022-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2022-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2022-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2022-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2022-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2022-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2022-10-08", "isOffDay": false}, {"name": "国庆节", "date": "2022-10-09", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2023', '{ "year": 2023, "papers": [], "days": [ {"name": "元旦", "date": "2022-12-31", "isOffDay": true}, {"name": "元旦", "date": "2023-01-01", "isOffDay": true}, {"name": "元旦", "date": "2023-01-02", "isOffDay": true}, {"name": "春节", "date": "2023-01-21", "isOffDay": true}, {"name": "春节", "date": "2023-01-22", "isOffDay": true}, {"name": "春节", "date": "2023-01-23", "isOffDay": true}, {"name": "春节", "date": "2023-01-24", "isOffDay": true}, {"name": "春节", "date": "2023-01-25", "isOffDay": true}, {"name": "春节", "date": "2023-01-26", "isOffDay": true}, {"name": "春节", "date": "2023-01-27", "isOffDay": true}, {"name": "春节", "date": "2023-01-28", "isOffDay": false}, {"name": "春节", "date": "2023-01-29", "isOffDay": false}, {"name": "清明节", "date": "2023-04-05", "isOffDay": true}, {"name": "劳动节", "date": "2023-04-23", "isOffDay": false}, {"name": "劳动节", "date": "2023-04-29", "isOffDay": true}, {"name": "劳动节", "date": "2023-04-30", "isOffDay": true}, {"name": "劳动节", "date": "2023-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2023-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2023-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2023-05-06", "isOffDay": false}, {"name": "端午节", "date": "2023-06-22", "isOffDay": true}, {"name": "端午节", "date": "2023-06-23", "isOffDay": true}, {"name": "端午节", "date": "2023-06-24", "isOffDay": true}, {"name": "端午节", "date": "2023-06-25", "isOffDay": false}, {"name": "中秋节、国庆节", "date": "2023-09-29", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2023-09-30", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2023-10-01", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2023-10-02", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2023-10-03", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2023-10-04", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2023-10-05", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2023-10-06", "isOffDay": true}, {"name": "中秋节、国庆节", "date": "2023-10-07", "isOffDay": false}, {"name": "中秋节、国庆节", "date": "2023-10-08", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2024', '{ "year": 2024, "papers": [], "days": [ {"name": "元旦", "date": "2024-01-01", "isOffDay": true}, {"name": "春节", "date": "2024-02-04", "isOffDay": false}, {"name": "春节", "date": "2024-02-10", "isOffDay": true}, {"name": "春节", "date": "2024-02-11", "isOffDay": true}, {"name": "春节", "date": "2024-02-12", "isOffDay": true}, {"name": "春节", "date": "2024-02-13", "isOffDay": true}, {"name": "春节", "date": "2024-02-14", "isOffDay": true}, {"name": "春节", "date": "2024-02-15", "isOffDay": true}, {"name": "春节", "date": "2024-02-16", "isOffDay": true}, {"name": "春节", "date": "2024-02-17", "isOffDay": true}, {"name": "春节", "date": "2024-02-18", "isOffDay": false}, {"name": "清明节", "date": "2024-04-04", "isOffDay": true}, {"name": "清明节", "date": "2024-04-05", "isOffDay": true}, {"name": "清明节", "date": "2024-04-06", "isOffDay": true}, {"name": "清明节", "date": "2024-04-07", "isOffDay": false}, {"name": "劳动节", "date": "2024-04-28", "isOffDay": false}, {"name": "劳动节", "date": "2024-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2024-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2024-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2024-05-04", "isOffDay": true}, {"name": "劳动节", "date": "2024-05-05", "isOffDay": true}, {"name": "劳动节", "date": "2024-05-11", "isOffDay": false}, {"name": "端午节", "date": "2024-06-10", "isOffDay": true}, {"name": "中秋节", "date": "2024-09-14", "isOffDay": false}, {"name": "中秋节", "date": "2024-09-15", "isOffDay": true}, {"name": "中秋节", "date": "2024-09-16", "isOffDay": true}, {"name": "中秋节", "date": "2024-09-17", "isOffDay": true}, {"name": "国庆节", "date": "2024-09-29", "isOffDay": false}, {"name": "国庆节", "date": "2024-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2024-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2024-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2024-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2024-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2024-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2024-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2024-10-12", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2025', '{ "year": 2025, "papers": [], "days": [ {"name": "元旦", "date": "2025-01-01", "isOffDay": true}, {"name": "春节", "date": "2025-01-26", "isOffDay": false}, {"name": "春节", "date": "2025-01-28", "isOffDay": true}, {"name": "春节", "date": "2025-01-29", "isOffDay": true}, {"name": "春节", "date": "2025-01-30", "isOffDay": true}, {"name": "春节", "date": "2025-01-31", "isOffDay": true}, {"name": "春节", "date": "2025-02-01", "isOffDay": true}, {"name": "春节", "date": "2025-02-02", "isOffDay": true}, {"name": "春节", "date": "2025-02-03", "isOffDay": true}, {"name": "春节", "date": "2025-02-04", "isOffDay": true}, {"name": "春节", "date": "2025-02-08", "isOffDay": false}, {"name": "清明节", "date": "2025-04-04", "isOffDay": true}, {"name": "清明节", "date": "2025-04-05", "isOffDay": true}, {"name": "清明节", "date": "2025-04-06", "isOffDay": true}, {"name": "劳动节", "date": "2025-04-27", "isOffDay": false}, {"name": "劳动节", "date": "2025-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2025-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2025-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2025-05-04", "isOffDay": true}, {"name": "劳动节", "date": "2025-05-05", "isOffDay": true}, {"name": "端午节", "date": "2025-05-31", "isOffDay": true}, {"name": "端午节", "date": "2025-06-01", "isOffDay": true}, {"name": "端午节", "date": "2025-06-02", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2025-09-28", "isOffDay": false}, {"name": "国庆节、中秋节", "date": "2025-10-01", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2025-10-02", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2025-10-03", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2025-10-04", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2025-10-05", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2025-10-06", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2025-10-07", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2025-10-08", "isOffDay": true}, {"name": "国庆节、中秋节", "date": "2025-10-11", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', '2026', '{ "year": 2026, "papers": [], "days": [ {"name": "元旦", "date": "2026-01-01", "isOffDay": true}, {"name": "元旦", "date": "2026-01-02", "isOffDay": true}, {"name": "元旦", "date": "2026-01-03", "isOffDay": true}, {"name": "元旦", "date": "2026-01-04", "isOffDay": false}, {"name": "春节", "date": "2026-02-14", "isOffDay": false}, {"name": "春节", "date": "2026-02-15", "isOffDay": true}, {"name": "春节", "date": "2026-02-16", "isOffDay": true}, {"name": "春节", "date": "2026-02-17", "isOffDay": true}, {"name": "春节", "date": "2026-02-18", "isOffDay": true}, {"name": "春节", "date": "2026-02-19", "isOffDay": true}, {"name": "春节", "date": "2026-02-20", "isOffDay": true}, {"name": "春节", "date": "2026-02-21", "isOffDay": true}, {"name": "春节", "date": "2026-02-22", "isOffDay": true}, {"name": "春节", "date": "2026-02-23", "isOffDay": true}, {"name": "春节", "date": "2026-02-28", "isOffDay": false}, {"name": "清明节", "date": "2026-04-04", "isOffDay": true}, {"name": "清明节", "date": "2026-04-05", "isOffDay": true}, {"name": "清明节", "date": "2026-04-06", "isOffDay": true}, {"name": "劳动节", "date": "2026-05-01", "isOffDay": true}, {"name": "劳动节", "date": "2026-05-02", "isOffDay": true}, {"name": "劳动节", "date": "2026-05-03", "isOffDay": true}, {"name": "劳动节", "date": "2026-05-04", "isOffDay": true}, {"name": "劳动节", "date": "2026-05-05", "isOffDay": true}, {"name": "劳动节", "date": "2026-05-09", "isOffDay": false}, {"name": "端午节", "date": "2026-06-19", "isOffDay": true}, {"name": "端午节", "date": "2026-06-20", "isOffDay": true}, {"name": "端午节", "date": "2026-06-21", "isOffDay": true}, {"name": "国庆节", "date": "2026-09-20", "isOffDay": false}, {"name": "中秋节", "date": "2026-09-25", "isOffDay": true}, {"name": "中秋节", "date": "2026-09-26", "isOffDay": true}, {"name": "中秋节", "date": "2026-09-27", "isOffDay": true}, {"name": "国庆节", "date": "2026-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2026-10-02", "isOffDay": true}, {"name": "国庆节", "date": "2026-10-03", "isOffDay": true}, {"name": "国庆节", "date": "2026-10-04", "isOffDay": true}, {"name": "国庆节", "date": "2026-10-05", "isOffDay": true}, {"name": "国庆节", "date": "2026-10-06", "isOffDay": true}, {"name": "国庆节", "date": "2026-10-07", "isOffDay": true}, {"name": "国庆节", "date": "2026-10-10", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn', 'calendar', '{ "name": "全国（国务院办公厅节假日安排）", "zone": "Asia/Shanghai", "working_week": "1111100", "service_hours": {"0": "08:30-17:30"} }');
insert into ticket_workflow.shipped_document values ('calendar/cn_shanghai', '2010', '{ "year": 2010, "papers": ["9000bbs.cn repost of the municipal arrangement (weak source)"], "days": [ {"name": "世博会开幕", "date": "2010-04-30", "isOffDay": true}, {"name": "世博会开幕", "date": "2010-05-04", "isOffDay": true} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn_shanghai', '2014', '{ "year": 2014, "papers": ["137pz.cn repost of 上海市人民政府办公厅 notice dated 2014-05-20"], "days": [ {"name": "亚信峰会", "date": "2014-05-21", "isOffDay": true} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn_shanghai', '2018', '{ "year": 2018, "papers": ["leaders-online.jp (NNA 2018-10-12) citing shanghai.gov.cn"], "days": [ {"name": "首届进博会", "date": "2018-11-03", "isOffDay": false}, {"name": "首届进博会", "date": "2018-11-05", "isOffDay": true}, {"name": "首届进博会", "date": "2018-11-06", "isOffDay": true}, {"name": "首届进博会", "date": "2018-11-11", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn_shanghai', '2019', '{ "year": 2019, "papers": ["shanghai.guidebook.jp/archives/12585"], "days": [ {"name": "第二届进博会", "date": "2019-11-02", "isOffDay": false}, {"name": "第二届进博会", "date": "2019-11-04", "isOffDay": true}, {"name": "第二届进博会", "date": "2019-11-05", "isOffDay": true}, {"name": "第二届进博会", "date": "2019-11-09", "isOffDay": false} ] }');
insert into ticket_workflow.shipped_document values ('calendar/cn_shanghai', 'calendar', '{ "name": "上海（全国安排及本市调整）", "base": "cn" }');
insert into ticket_workflow.shipped_document values ('rulebook', 'yichuan_2023', '{"act_right":[{"act":"receive","clause":"2.3.2.1","position":"operator","relation":"center"},{"act":"receive","clause":"2.3.2.1","position":"dispatcher","relation":"center"},{"act":"receive","clause":"2.3.2.1","position":"head","relation":"center"},{"act":"receive","clause":"2.3.2.1","position":"duty_officer","relation":"duty"},{"act":"receive","clause":"2.3.2.1","position":"duty_leader","relation":"duty"},{"act":"correct","clause":"2.3.2.1","position":"operator","relation":"center"},{"act":"correct","clause":"2.3.2.1","position":"dispatcher","relation":"center"},{"act":"correct","clause":"2.3.2.1","position":"head","relation":"center"},{"act":"correct","clause":"2.3.2.1","position":"duty_officer","relation":"duty"},{"act":"correct","clause":"2.3.2.1","position":"duty_leader","relation":"duty"},{"act":"dispatch","clause":"2.3.2.1","position":"operator","relation":"center"},{"act":"dispatch","clause":"2.3.2.1","position":"dispatcher","relation":"center"},{"act":"dispatch","clause":"2.3.2.1","position":"head","relation":"center"},{"act":"dispatch","clause":"2.3.2.1","position":"duty_officer","relation":"duty"},{"act":"dispatch","clause":"2.3.2.1","position":"duty_leader","relation":"duty"},{"act":"recall","clause":"2.1","position":"operator","relation":"center"},{"act":"recall","clause":"2.1","position":"dispatcher","relation":"center"},{"act":"recall","clause":"2.1","position":"head","relation":"center"},{"act":"recall","clause":"2.1","position":"duty_officer","relation":"duty"},{"act":"recall","clause":"2.1","position":"duty_leader","relation":"duty"},{"act":"accept","clause":"2.3.2.2","position":"liaison","relation":"lead"},{"act":"accept","clause":"2.3.2.2","position":"head","relation":"lead"},{"act":"record_contact","clause":"2.4.1","position":"operator","relation":"center"},{"act":"record_contact","clause":"2.4.1","position":"dispatcher","relation":"center"},{"act":"record_contact","clause":"2.4.1","position":"head","relation":"center"},{"act":"record_contact","clause":"2.4.1","position":"duty_officer","relation":"duty"},{"act":"record_contact","clause":"2.4.1","position":"duty_leader","relation":"duty"},{"act":"record_contact","clause":"2.4.1","position":"liaison","relation":"lead"},{"act":"record_contact","clause":"2.4.1","position":"head","relation":"lead"},{"act":"record_contact","clause":"2.4.1","position":"information_officer","relation":"area"},{"act":"record_site_visit","clause":"2.3.2.2","position":"liaison","relation":"lead"},{"act":"record_site_visit","clause":"2.3.2.2","position":"head","relation":"lead"},{"act":"record_site_visit","clause":"2.3.2.2","position":"information_officer","relation":"area"},{"act":"record_assistance","clause":"2.3.1","position":"liaison","relation":"assist"},{"act":"record_assistance","clause":"2.3.1","position":"head","relation":"assist"},{"act":"add_evidence","clause":"2.3.3.1","position":"operator","relation":"center"},{"act":"add_evidence","clause":"2.3.3.1","position":"dispatcher","relation":"center"},{"act":"add_evidence","clause":"2.3.3.1","position":"head","relation":"center"},{"act":"add_evidence","clause":"2.3.3.1","position":"duty_officer","relation":"duty"},{"act":"add_evidence","clause":"2.3.3.1","position":"duty_leader","relation":"duty"},{"act":"add_evidence","clause":"2.3.3.1","position":"liaison","relation":"lead"},{"act":"add_evidence","clause":"2.3.3.1","position":"head","relation":"lead"},{"act":"add_evidence","clause":"2.3.3.1","position":"liaison","relation":"assist"},{"act":"add_evidence","clause":"2.3.3.1","position":"head","relation":"assist"},{"act":"add_evidence","clause":"2.3.3.1","position":"information_officer","relation":"area"},{"act":"declare_absent","clause":"2.3.3.1","position":"operator","relation":"center"},{"act":"declare_absent","clause":"2.3.3.1","position":"dispatcher","relation":"center"},{"act":"declare_absent","clause":"2.3.3.1","position":"head","relation":"center"},{"act":"declare_absent","clause":"2.3.3.1","position":"duty_officer","relation":"duty"},{"act":"declare_absent","clause":"2.3.3.1","position":"duty_leader","relation":"duty"},{"act":"declare_absent","clause":"2.3.3.1","position":"liaison","relation":"lead"},{"act":"declare_absent","clause":"2.3.3.1","position":"head","relation":"lead"},{"act":"declare_absent","clause":"2.3.3.1","position":"information_officer","relation":"area"},{"act":"void_record","clause":"2.3.3.1","position":"operator","relation":"center"},{"act":"void_record","clause":"2.3.3.1","position":"dispatcher","relation":"center"},{"act":"void_record","clause":"2.3.3.1","position":"head","relation":"center"},{"act":"void_record","clause":"2.3.3.1","position":"duty_officer","relation":"duty"},{"act":"void_record","clause":"2.3.3.1","position":"duty_leader","relation":"duty"},{"act":"void_record","clause":"2.3.3.1","position":"liaison","relation":"lead"},{"act":"void_record","clause":"2.3.3.1","position":"head","relation":"lead"},{"act":"void_record","clause":"2.3.3.1","position":"liaison","relation":"assist"},{"act":"void_record","clause":"2.3.3.1","position":"head","relation":"assist"},{"act":"void_record","clause":"2.3.3.1","position":"information_officer","relation":"area"},{"act":"record_platform_report","clause":"2.3.2.1","position":"operator","relation":"center"},{"act":"record_platform_report","clause":"2.3.2.1","position":"dispatcher","relation":"center"},{"act":"record_platform_report","clause":"2.3.2.1","position":"head","relation":"center"},{"act":"record_platform_report","clause":"2.3.2.1","position":"duty_officer","relation":"duty"},{"act":"record_platform_report","clause":"2.3.2.1","position":"duty_leader","relation":"duty"},{"act":"return_out_of_area","clause":"2.2.1","position":"information_officer","relation":"area"},{"act":"return_out_of_duty","clause":"2.2.2","position":"liaison","relation":"lead"},{"act":"return_out_of_duty","clause":"2.2.2","position":"head","relation":"lead"},{"act":"withdraw_return","clause":"2.2","position":"liaison","relation":"lead"},{"act":"withdraw_return","clause":"2.2","position":"head","relation":"lead"},{"act":"withdraw_return","clause":"2.2","position":"information_officer","relation":"area"},{"act":"decide_return","clause":"2.2","position":"dispatcher","relation":"center"},{"act":"decide_return","clause":"2.2","position":"head","relation":"center"},{"act":"decide_return","clause":"2.2","position":"supervising_leader","relation":"center"},{"act":"sign_report","clause":"A3","position":"head","relation":"lead"},{"act":"sign_report","clause":"A3","position":"supervising_leader","relation":"lead"},{"act":"sign_report","clause":"A3","position":"principal_leader","relation":"center"},{"act":"sign_return","clause":"2.2.2","position":"head","relation":"lead"},{"act":"sign_return","clause":"2.2.2","position":"supervising_leader","relation":"lead"},{"act":"sign_return","clause":"2.2.2","position":"principal_leader","relation":"center"},{"act":"sign_extension","clause":"2.3.2.2","position":"head","relation":"lead"},{"act":"sign_extension","clause":"2.3.2.2","position":"supervising_leader","relation":"lead"},{"act":"sign_extension","clause":"2.3.2.2","position":"principal_leader","relation":"center"},{"act":"sign_transfer","clause":"2.2.2","position":"supervising_leader","relation":"center"},{"act":"sign_transfer","clause":"2.2.2","position":"principal_leader","relation":"center"},{"act":"sign_transfer","clause":"2.2.2","position":"duty_leader","relation":"duty"},{"act":"record_signature","clause":"2.2.2","position":"operator","relation":"center"},{"act":"record_signature","clause":"2.2.2","position":"dispatcher","relation":"center"},{"act":"record_signature","clause":"2.2.2","position":"head","relation":"center"},{"act":"record_signature","clause":"2.2.2","position":"information_officer","relation":"area"},{"act":"revoke_signature","clause":"2.2.2","position":"head","relation":"lead"},{"act":"revoke_signature","clause":"2.2.2","position":"supervising_leader","relation":"lead"},{"act":"revoke_signature","clause":"2.2.2","position":"supervising_leader","relation":"center"},{"act":"revoke_signature","clause":"2.2.2","position":"principal_leader","relation":"center"},{"act":"revoke_signature","clause":"2.2.2","position":"duty_leader","relation":"duty"},{"act":"contest_signature","clause":"2.2.2","position":"head","relation":"lead"},{"act":"contest_signature","clause":"2.2.2","position":"supervising_leader","relation":"lead"},{"act":"contest_signature","clause":"2.2.2","position":"supervising_leader","relation":"center"},{"act":"contest_signature","clause":"2.2.2","position":"principal_leader","relation":"center"},{"act":"contest_signature","clause":"2.2.2","position":"duty_leader","relation":"duty"},{"act":"save_report","clause":"2.3.3","position":"liaison","relation":"lead"},{"act":"save_report","clause":"2.3.3","position":"head","relation":"lead"},{"act":"save_report","clause":"2.3.3","position":"information_officer","relation":"area"},{"act":"submit_report","clause":"2.3.3","position":"liaison","relation":"lead"},{"act":"submit_report","clause":"2.3.3","position":"head","relation":"lead"},{"act":"submit_report","clause":"2.3.3","position":"information_officer","relation":"area"},{"act":"review_report","clause":"2.3.3","position":"operator","relation":"center"},{"act":"review_report","clause":"2.3.3","position":"dispatcher","relation":"center"},{"act":"review_report","clause":"2.3.3","position":"head","relation":"center"},{"act":"transfer","clause":"2.2.1","position":"operator","relation":"center"},{"act":"transfer","clause":"2.2.1","position":"dispatcher","relation":"center"},{"act":"transfer","clause":"2.2.1","position":"head","relation":"center"},{"act":"transfer","clause":"2.2.1","position":"duty_officer","relation":"duty"},{"act":"transfer","clause":"2.2.1","position":"duty_leader","relation":"duty"},{"act":"withdraw","clause":"2.3.2.1","position":"dispatcher","relation":"center"},{"act":"withdraw","clause":"2.3.2.1","position":"head","relation":"center"},{"act":"merge","clause":"2.3.6","position":"operator","relation":"center"},{"act":"merge","clause":"2.3.6","position":"dispatcher","relation":"center"},{"act":"merge","clause":"2.3.6","position":"head","relation":"center"},{"act":"record_callback","clause":"2.3.5","position":"operator","relation":"center"},{"act":"record_callback","clause":"2.3.5","position":"dispatcher","relation":"center"},{"act":"record_callback","clause":"2.3.5","position":"head","relation":"center"},{"act":"reopen","clause":"2.3.5","position":"operator","relation":"center"},{"act":"reopen","clause":"2.3.5","position":"dispatcher","relation":"center"},{"act":"reopen","clause":"2.3.5","position":"head","relation":"center"},{"act":"close","clause":"2.3.3","position":"operator","relation":"center"},{"act":"close","clause":"2.3.3","position":"dispatcher","relation":"center"},{"act":"close","clause":"2.3.3","position":"head","relation":"center"},{"act":"supervise","clause":"2.3.5","position":"operator","relation":"center"},{"act":"supervise","clause":"2.3.5","position":"dispatcher","relation":"center"},{"act":"supervise","clause":"2.3.5","position":"head","relation":"center"},{"act":"supervise","clause":"2.3.5","position":"duty_officer","relation":"duty"},{"act":"supervise","clause":"2.3.5","position":"duty_leader","relation":"duty"},{"act":"link_incident","clause":"2.3.6","position":"operator","relation":"center"},{"act":"link_incident","clause":"2.3.6","position":"dispatcher","relation":"center"},{"act":"link_incident","clause":"2.3.6","position":"head","relation":"center"},{"act":"link_incident","clause":"2.3.6","position":"information_officer","relation":"area"},{"act":"confirm_repeat","clause":"2.3.6.3","position":"operator","relation":"center"},{"act":"confirm_repeat","clause":"2.3.6.3","position":"dispatcher","relation":"center"},{"act":"confirm_repeat","clause":"2.3.6.3","position":"head","relation":"center"},{"act":"confirm_repeat","clause":"2.3.6.3","position":"information_officer","relation":"area"},{"act":"record_coordination","clause":"2.3.6.3","position":"operator","relation":"center"},{"act":"record_coordination","clause":"2.3.6.3","position":"dispatcher","relation":"center"},{"act":"record_coordination","clause":"2.3.6.3","position":"head","relation":"center"},{"act":"record_coordination","clause":"2.3.6.3","position":"liaison","relation":"lead"},{"act":"record_coordination","clause":"2.3.6.3","position":"head","relation":"lead"},{"act":"record_coordination","clause":"2.3.6.3","position":"information_officer","relation":"area"},{"act":"extend_limit","clause":"2.3.2.2","position":"liaison","relation":"lead"},{"act":"extend_limit","clause":"2.3.2.2","position":"head","relation":"lead"},{"act":"acknowledge_escalation","clause":"3.3","position":"operator","relation":"center"},{"act":"acknowledge_escalation","clause":"3.3","position":"dispatcher","relation":"center"},{"act":"acknowledge_escalation","clause":"3.3","position":"head","relation":"center"},{"act":"acknowledge_escalation","clause":"3.3","position":"supervising_leader","relation":"center"},{"act":"acknowledge_escalation","clause":"3.3","position":"principal_leader","relation":"center"},{"act":"acknowledge_escalation","clause":"3.3","position":"duty_officer","relation":"duty"},{"act":"acknowledge_escalation","clause":"3.3","position":"duty_leader","relation":"duty"},{"act":"acknowledge_escalation","clause":"3.3","position":"liaison","relation":"lead"},{"act":"acknowledge_escalation","clause":"3.3","position":"head","relation":"lead"},{"act":"acknowledge_escalation","clause":"3.3","position":"supervising_leader","relation":"lead"},{"act":"acknowledge_escalation","clause":"3.3","position":"liaison","relation":"assist"},{"act":"acknowledge_escalation","clause":"3.3","position":"head","relation":"assist"},{"act":"acknowledge_escalation","clause":"3.3","position":"information_officer","relation":"area"},{"act":"acknowledge_escalation","clause":"3.3","position":"supervising_leader","relation":"area"},{"act":"record_guidance","clause":"3.6.2","position":"information_officer","relation":"area"},{"act":"record_mediation","clause":"3.5","position":"head","relation":"center"},{"act":"record_mediation","clause":"3.5","position":"supervising_leader","relation":"center"},{"act":"record_mediation","clause":"3.5","position":"liaison","relation":"lead"},{"act":"record_mediation","clause":"3.5","position":"head","relation":"lead"},{"act":"record_mediation","clause":"3.5","position":"information_officer","relation":"area"},{"act":"open_accountability","clause":"3.8","position":"head","relation":"center"},{"act":"open_accountability","clause":"3.8","position":"supervising_leader","relation":"center"},{"act":"open_accountability","clause":"3.8","position":"inspector","relation":"inspection"},{"act":"decide_accountability","clause":"3.8","position":"inspector","relation":"inspection"},{"act":"reveal_petitioner","clause":"2.4.1","position":"operator","relation":"center"},{"act":"reveal_petitioner","clause":"2.4.1","position":"dispatcher","relation":"center"},{"act":"reveal_petitioner","clause":"2.4.1","position":"head","relation":"center"},{"act":"reveal_petitioner","clause":"2.4.1","position":"duty_officer","relation":"duty"},{"act":"reveal_petitioner","clause":"2.4.1","position":"duty_leader","relation":"duty"},{"act":"reveal_petitioner","clause":"2.4.1","position":"liaison","relation":"lead"},{"act":"reveal_petitioner","clause":"2.4.1","position":"head","relation":"lead"},{"act":"reveal_petitioner","clause":"2.4.1","position":"liaison","relation":"assist"},{"act":"reveal_petitioner","clause":"2.4.1","position":"head","relation":"assist"},{"act":"reveal_petitioner","clause":"2.4.1","position":"information_officer","relation":"area"}],"approval_rule":[{"clause":"2.2.2","fact_finding":null,"kind":null,"min_ordinal":"2","or_leader_on_duty":"false","position":"head","relation":"lead","repeat_kind":null,"rule":"second_return","source":null,"starred":null,"subject":"return","upward":null},{"clause":"2.2.2","fact_finding":null,"kind":null,"min_ordinal":"3","or_leader_on_duty":"false","position":"supervising_leader","relation":"lead","repeat_kind":null,"rule":"third_return","source":null,"starred":null,"subject":"return","upward":null},{"clause":"2.2.2","fact_finding":null,"kind":null,"min_ordinal":null,"or_leader_on_duty":"false","position":"supervising_leader","relation":"lead","repeat_kind":null,"rule":"return_upward","source":null,"starred":null,"subject":"return","upward":"true"},{"clause":"2.2","fact_finding":null,"kind":null,"min_ordinal":null,"or_leader_on_duty":"true","position":"supervising_leader","relation":"center","repeat_kind":null,"rule":"transfer","source":null,"starred":null,"subject":"transfer","upward":null},{"clause":"A3","fact_finding":null,"kind":null,"min_ordinal":null,"or_leader_on_duty":"false","position":"supervising_leader","relation":"lead","repeat_kind":null,"rule":"starred_finding","source":null,"starred":"true","subject":"report","upward":null},{"clause":"2.3.5","fact_finding":null,"kind":"callback_review","min_ordinal":null,"or_leader_on_duty":"false","position":"supervising_leader","relation":"lead","repeat_kind":null,"rule":"callback_review","source":null,"starred":null,"subject":"report","upward":null},{"clause":"2.3.5","fact_finding":"unfounded","kind":null,"min_ordinal":null,"or_leader_on_duty":"false","position":"supervising_leader","relation":"lead","repeat_kind":null,"rule":"district_unfounded","source":"district","starred":null,"subject":"report","upward":null},{"clause":"2.3.6.1","fact_finding":null,"kind":null,"min_ordinal":null,"or_leader_on_duty":"false","position":"head","relation":"lead","repeat_kind":"same_person","rule":"same_person","source":null,"starred":null,"subject":"report","upward":null},{"clause":"2.3.6.2","fact_finding":null,"kind":null,"min_ordinal":null,"or_leader_on_duty":"false","position":"head","relation":"lead","repeat_kind":"several_persons","rule":"several_persons","source":null,"starred":null,"subject":"report","upward":null},{"clause":"2.3.2.2","fact_finding":null,"kind":null,"min_ordinal":null,"or_leader_on_duty":"false","position":"head","relation":"lead","repeat_kind":null,"rule":"extension","source":null,"starred":null,"subject":"extension","upward":null}],"clock_limit":[{"amount":"30","at_time":null,"category":null,"clause":"2.3.2.1","clock":"dispatch","day_kind":"rest","handling_class":null,"kind":null,"limit_kind":"elapsed_minutes","priority":"10","received_on":null,"roll":"true","urgent":"true"},{"amount":"1","at_time":"12:00","category":null,"clause":"2.3.2.1","clock":"dispatch","day_kind":"rest","handling_class":null,"kind":null,"limit_kind":"next_working_day_at","priority":"20","received_on":null,"roll":"true","urgent":null},{"amount":"60","at_time":null,"category":null,"clause":"2.3.2.1","clock":"dispatch","day_kind":"working","handling_class":null,"kind":null,"limit_kind":"elapsed_minutes","priority":"30","received_on":null,"roll":"true","urgent":null},{"amount":"1","at_time":"12:00","category":null,"clause":"2.3.2.1","clock":"center_contact","day_kind":"rest","handling_class":null,"kind":null,"limit_kind":"next_working_day_at","priority":"10","received_on":null,"roll":"true","urgent":null},{"amount":"120","at_time":null,"category":null,"clause":"2.3.2.1","clock":"center_contact","day_kind":"working","handling_class":null,"kind":null,"limit_kind":"elapsed_minutes","priority":"20","received_on":null,"roll":"true","urgent":null},{"amount":"120","at_time":null,"category":null,"clause":"2.3.2.1","clock":"urgent_report","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"elapsed_minutes","priority":"10","received_on":"rest","roll":"true","urgent":"true"},{"amount":"1","at_time":null,"category":null,"clause":"2.3.2.1","clock":"urgent_completion","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"working_days","priority":"10","received_on":"rest","roll":"true","urgent":"true"},{"amount":"30","at_time":null,"category":null,"clause":"2.3.2.2","clock":"acceptance","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"elapsed_minutes","priority":"10","received_on":null,"roll":"true","urgent":"true"},{"amount":"30","at_time":null,"category":null,"clause":"2.3.2.2","clock":"acceptance","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"service_minutes","priority":"20","received_on":null,"roll":"true","urgent":null},{"amount":"4","at_time":null,"category":null,"clause":"2.2.2","clock":"return_window","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"working_days","priority":"10","received_on":null,"roll":"true","urgent":null},{"amount":"1","at_time":null,"category":null,"clause":"2.2","clock":"return_decision","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"working_days","priority":"10","received_on":null,"roll":"true","urgent":null},{"amount":"1","at_time":null,"category":null,"clause":"2.3.2.2","clock":"site_visit","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"calendar_days","priority":"10","received_on":null,"roll":"true","urgent":null},{"amount":"17","at_time":"12:00","category":null,"clause":"2.4.1","clock":"first_contact","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"half_day_cutoff","priority":"10","received_on":null,"roll":"true","urgent":null},{"amount":null,"at_time":null,"category":null,"clause":"2.3.2.2","clock":"completion","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"given","priority":"10","received_on":null,"roll":"true","urgent":null},{"amount":"1440","at_time":null,"category":null,"clause":"3.1","clock":"completion","day_kind":null,"handling_class":"simple","kind":null,"limit_kind":"elapsed_minutes","priority":"20","received_on":null,"roll":"true","urgent":null},{"amount":"0","at_time":null,"category":null,"clause":"3.1","clock":"completion","day_kind":null,"handling_class":"same_day","kind":null,"limit_kind":"calendar_days","priority":"30","received_on":null,"roll":"true","urgent":null},{"amount":"3","at_time":null,"category":null,"clause":"2.3.5","clock":"completion","day_kind":null,"handling_class":null,"kind":"callback_review","limit_kind":"working_days","priority":"40","received_on":null,"roll":"true","urgent":null},{"amount":"3","at_time":null,"category":null,"clause":"2.3.5","clock":"completion","day_kind":null,"handling_class":null,"kind":"supervised","limit_kind":"working_days","priority":"50","received_on":null,"roll":"true","urgent":null},{"amount":"1","at_time":null,"category":"consultation","clause":"2.3.2.2","clock":"completion","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"working_days","priority":"60","received_on":null,"roll":"true","urgent":null},{"amount":"1","at_time":null,"category":"suggestion","clause":"2.3.2.2","clock":"completion","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"working_days","priority":"70","received_on":null,"roll":"true","urgent":null},{"amount":"5","at_time":null,"category":null,"clause":"2.3.2.2","clock":"completion","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"working_days","priority":"80","received_on":null,"roll":"true","urgent":null},{"amount":"1","at_time":null,"category":null,"clause":"2.3.3","clock":"review","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"working_days","priority":"10","received_on":null,"roll":"true","urgent":null},{"amount":"2","at_time":null,"category":null,"clause":"3.3","clock":"leader_notice","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"working_days","priority":"10","received_on":null,"roll":"true","urgent":null},{"amount":"4","at_time":null,"category":null,"clause":"3.3","clock":"principal_notice","day_kind":null,"handling_class":null,"kind":null,"limit_kind":"working_days","priority":"10","received_on":null,"roll":"true","urgent":null}],"dispatch_order":[{"clause":"A1.7","ordinal":"1","principle":"exception"},{"clause":"A1.1","ordinal":"2","principle":"statutory"},{"clause":"A1.4","ordinal":"3","principle":"factual"},{"clause":"A1.5","ordinal":"4","principle":"association"},{"clause":"A1.2","ordinal":"5","principle":"duty"},{"clause":"A1.3","ordinal":"6","principle":"territorial"},{"clause":"A1.6","ordinal":"7","principle":"fallback"}],"dispatch_word":[{"side":"before","word":"原"},{"side":"before","word":"原先"},{"side":"before","word":"当年"},{"side":"before","word":"撤销前"},{"side":"after","word":"退休"},{"side":"after","word":"离休"},{"side":"after","word":"下岗"},{"side":"after","word":"职工"},{"side":"after","word":"员工"},{"side":"after","word":"家属"},{"side":"after","word":"宿舍"},{"side":"after","word":"老干部"},{"side":"after","word":"大楼"},{"side":"after","word":"旧址"},{"side":"after","word":"大门"},{"side":"after","word":"门口"},{"side":"after","word":"门前"},{"side":"after","word":"对面"},{"side":"after","word":"隔壁"},{"side":"after","word":"旁"},{"side":"after","word":"附近"},{"side":"after","word":"后面"},{"side":"after","word":"楼下"}],"escalation_level":[{"amount":"1","clause":"2.3.2.1","clock":"dispatch","digest":"false","level":"1","offset_kind":"share","purpose":"overdue"},{"amount":"1","clause":"2.3.2.1","clock":"center_contact","digest":"false","level":"1","offset_kind":"share","purpose":"overdue"},{"amount":"0.8","clause":"2.3.2.1","clock":"urgent_report","digest":"false","level":"1","offset_kind":"share","purpose":"warning"},{"amount":"1","clause":"2.3.2.1","clock":"urgent_report","digest":"false","level":"2","offset_kind":"share","purpose":"overdue"},{"amount":"0.8","clause":"2.3.2.1","clock":"urgent_completion","digest":"false","level":"1","offset_kind":"share","purpose":"warning"},{"amount":"1","clause":"2.3.2.1","clock":"urgent_completion","digest":"false","level":"2","offset_kind":"share","purpose":"overdue"},{"amount":"0.8","clause":"2.3.2.2","clock":"acceptance","digest":"false","level":"1","offset_kind":"share","purpose":"warning"},{"amount":"1","clause":"2.3.2.2","clock":"acceptance","digest":"false","level":"2","offset_kind":"share","purpose":"overdue"},{"amount":"1","clause":"2.2","clock":"return_decision","digest":"false","level":"1","offset_kind":"share","purpose":"overdue"},{"amount":"0.8","clause":"2.3.2.2","clock":"site_visit","digest":"false","level":"1","offset_kind":"share","purpose":"warning"},{"amount":"1","clause":"2.3.2.2","clock":"site_visit","digest":"false","level":"2","offset_kind":"share","purpose":"overdue"},{"amount":"0.8","clause":"2.4.1","clock":"first_contact","digest":"false","level":"1","offset_kind":"share","purpose":"warning"},{"amount":"1","clause":"2.4.1","clock":"first_contact","digest":"false","level":"2","offset_kind":"share","purpose":"overdue"},{"amount":"0.8","clause":"2.3.2.2","clock":"completion","digest":"false","level":"1","offset_kind":"share","purpose":"warning"},{"amount":"1","clause":"2.3.2.2","clock":"completion","digest":"false","level":"2","offset_kind":"share","purpose":"overdue"},{"amount":"1","clause":"2.3.3","clock":"review","digest":"false","level":"1","offset_kind":"share","purpose":"overdue"},{"amount":"1","clause":"3.3","clock":"leader_notice","digest":"true","level":"1","offset_kind":"share","purpose":"notice"},{"amount":"1","clause":"3.3","clock":"principal_notice","digest":"true","level":"1","offset_kind":"share","purpose":"notice"}],"escalation_recipient":[{"clock":"dispatch","level":"1","position":"operator","relation":"center"},{"clock":"dispatch","level":"1","position":"dispatcher","relation":"center"},{"clock":"dispatch","level":"1","position":"duty_officer","relation":"duty"},{"clock":"dispatch","level":"1","position":"duty_leader","relation":"duty"},{"clock":"center_contact","level":"1","position":"operator","relation":"center"},{"clock":"center_contact","level":"1","position":"dispatcher","relation":"center"},{"clock":"urgent_report","level":"1","position":"dispatcher","relation":"center"},{"clock":"urgent_report","level":"1","position":"duty_officer","relation":"duty"},{"clock":"urgent_report","level":"2","position":"head","relation":"center"},{"clock":"urgent_report","level":"2","position":"duty_officer","relation":"duty"},{"clock":"urgent_report","level":"2","position":"duty_leader","relation":"duty"},{"clock":"urgent_completion","level":"1","position":"liaison","relation":"lead"},{"clock":"urgent_completion","level":"1","position":"information_officer","relation":"area"},{"clock":"urgent_completion","level":"1","position":"duty_officer","relation":"duty"},{"clock":"urgent_completion","level":"2","position":"head","relation":"lead"},{"clock":"urgent_completion","level":"2","position":"supervising_leader","relation":"lead"},{"clock":"urgent_completion","level":"2","position":"head","relation":"center"},{"clock":"acceptance","level":"1","position":"liaison","relation":"lead"},{"clock":"acceptance","level":"1","position":"information_officer","relation":"area"},{"clock":"acceptance","level":"2","position":"head","relation":"lead"},{"clock":"acceptance","level":"2","position":"information_officer","relation":"area"},{"clock":"return_decision","level":"1","position":"operator","relation":"center"},{"clock":"return_decision","level":"1","position":"dispatcher","relation":"center"},{"clock":"return_decision","level":"1","position":"head","relation":"center"},{"clock":"site_visit","level":"1","position":"liaison","relation":"lead"},{"clock":"site_visit","level":"1","position":"information_officer","relation":"area"},{"clock":"site_visit","level":"2","position":"head","relation":"lead"},{"clock":"site_visit","level":"2","position":"information_officer","relation":"area"},{"clock":"first_contact","level":"1","position":"liaison","relation":"lead"},{"clock":"first_contact","level":"1","position":"information_officer","relation":"area"},{"clock":"first_contact","level":"2","position":"head","relation":"lead"},{"clock":"first_contact","level":"2","position":"information_officer","relation":"area"},{"clock":"completion","level":"1","position":"liaison","relation":"lead"},{"clock":"completion","level":"1","position":"information_officer","relation":"area"},{"clock":"completion","level":"2","position":"head","relation":"lead"},{"clock":"completion","level":"2","position":"information_officer","relation":"area"},{"clock":"review","level":"1","position":"operator","relation":"center"},{"clock":"review","level":"1","position":"dispatcher","relation":"center"},{"clock":"review","level":"1","position":"head","relation":"center"},{"clock":"leader_notice","level":"1","position":"supervising_leader","relation":"lead"},{"clock":"leader_notice","level":"1","position":"supervising_leader","relation":"area"},{"clock":"principal_notice","level":"1","position":"principal_leader","relation":"center"}],"finding_option":[{"category":"complaint","clause":"A3","code":"founded","dimension":"fact_finding","en":"founded","ordinal":"1","starred":"false","zh":"属实"},{"category":"complaint","clause":"A3","code":"partly_founded","dimension":"fact_finding","en":"partly founded","ordinal":"2","starred":"false","zh":"部分属实"},{"category":"complaint","clause":"A3","code":"unfounded","dimension":"fact_finding","en":"unfounded","ordinal":"3","starred":"true","zh":"不属实"},{"category":"help","clause":"A3","code":"founded","dimension":"fact_finding","en":"founded","ordinal":"1","starred":"false","zh":"属实"},{"category":"help","clause":"A3","code":"partly_founded","dimension":"fact_finding","en":"partly founded","ordinal":"2","starred":"false","zh":"部分属实"},{"category":"help","clause":"A3","code":"unfounded","dimension":"fact_finding","en":"unfounded","ordinal":"3","starred":"true","zh":"不属实"},{"category":"suggestion","clause":"A3","code":"adopted","dimension":"fact_finding","en":"adopted","ordinal":"1","starred":"false","zh":"采纳"},{"category":"suggestion","clause":"A3","code":"partly_adopted","dimension":"fact_finding","en":"partly adopted","ordinal":"2","starred":"false","zh":"部分采纳"},{"category":"suggestion","clause":"A3","code":"kept_for_reference","dimension":"fact_finding","en":"kept for reference","ordinal":"3","starred":"true","zh":"留作参考"},{"category":"suggestion","clause":"A3","code":"not_adopted","dimension":"fact_finding","en":"not adopted","ordinal":"4","starred":"true","zh":"不采纳"},{"category":"consultation","clause":"A3","code":"policy_exists","dimension":"fact_finding","en":"policy exists","ordinal":"1","starred":"false","zh":"有政策信息"},{"category":"consultation","clause":"A3","code":"no_policy","dimension":"fact_finding","en":"no policy","ordinal":"2","starred":"true","zh":"无政策信息"},{"category":"consultation","clause":"A3","code":"explanation_not_accepted","dimension":"fact_finding","en":"explanation not accepted","ordinal":"3","starred":"true","zh":"对政策解释不接受"},{"category":"complaint","clause":"A5","code":"reasonable","dimension":"claim_finding","en":"reasonable and lawful","ordinal":"1","starred":"false","zh":"诉求合理合法"},{"category":"complaint","clause":"A5","code":"no_policy_basis","dimension":"claim_finding","en":"no basis in policy","ordinal":"2","starred":"false","zh":"无政策依据"},{"category":"complaint","clause":"A5","code":"excessive","dimension":"claim_finding","en":"excessive","ordinal":"3","starred":"false","zh":"诉求过高"},{"category":"complaint","clause":"A5","code":"other","dimension":"claim_finding","en":"other","ordinal":"4","starred":"false","zh":"其他"},{"category":"help","clause":"A5","code":"reasonable","dimension":"claim_finding","en":"reasonable and lawful","ordinal":"1","starred":"false","zh":"诉求合理合法"},{"category":"help","clause":"A5","code":"no_policy_basis","dimension":"claim_finding","en":"no basis in policy","ordinal":"2","starred":"false","zh":"无政策依据"},{"category":"help","clause":"A5","code":"excessive","dimension":"claim_finding","en":"excessive","ordinal":"3","starred":"false","zh":"诉求过高"},{"category":"help","clause":"A5","code":"other","dimension":"claim_finding","en":"other","ordinal":"4","starred":"false","zh":"其他"},{"category":"complaint","clause":"A5","code":"solved","dimension":"handling_result","en":"actually solved","ordinal":"1","starred":"false","zh":"实际解决"},{"category":"complaint","clause":"A5","code":"explained","dimension":"handling_result","en":"explained","ordinal":"2","starred":"false","zh":"解释说明"},{"category":"complaint","clause":"A5","code":"filed","dimension":"handling_result","en":"filed for reference","ordinal":"3","starred":"false","zh":"参考备案"},{"category":"complaint","clause":"A5","code":"excessive_demand","dimension":"handling_result","en":"excessive demand","ordinal":"4","starred":"false","zh":"诉求过高"},{"category":"complaint","clause":"A5","code":"unsolved","dimension":"handling_result","en":"unsolved","ordinal":"5","starred":"false","zh":"未解决"},{"category":"help","clause":"A5","code":"solved","dimension":"handling_result","en":"actually solved","ordinal":"1","starred":"false","zh":"实际解决"},{"category":"help","clause":"A5","code":"explained","dimension":"handling_result","en":"explained","ordinal":"2","starred":"false","zh":"解释说明"},{"category":"help","clause":"A5","code":"filed","dimension":"handling_result","en":"filed for reference","ordinal":"3","starred":"false","zh":"参考备案"},{"category":"help","clause":"A5","code":"excessive_demand","dimension":"handling_result","en":"excessive demand","ordinal":"4","starred":"false","zh":"诉求过高"},{"category":"help","clause":"A5","code":"unsolved","dimension":"handling_result","en":"unsolved","ordinal":"5","starred":"false","zh":"未解决"},{"category":"suggestion","clause":"A5","code":"solved","dimension":"handling_result","en":"actually solved","ordinal":"1","starred":"false","zh":"实际解决"},{"category":"suggestion","clause":"A5","code":"explained","dimension":"handling_result","en":"explained","ordinal":"2","starred":"false","zh":"解释说明"},{"category":"suggestion","clause":"A5","code":"filed","dimension":"handling_result","en":"filed for reference","ordinal":"3","starred":"false","zh":"参考备案"},{"category":"suggestion","clause":"A5","code":"excessive_demand","dimension":"handling_result","en":"excessive demand","ordinal":"4","starred":"false","zh":"诉求过高"},{"category":"suggestion","clause":"A5","code":"unsolved","dimension":"handling_result","en":"unsolved","ordinal":"5","starred":"false","zh":"未解决"},{"category":"consultation","clause":"A5","code":"solved","dimension":"handling_result","en":"actually solved","ordinal":"1","starred":"false","zh":"实际解决"},{"category":"consultation","clause":"A5","code":"explained","dimension":"handling_result","en":"explained","ordinal":"2","starred":"false","zh":"解释说明"},{"category":"consultation","clause":"A5","code":"filed","dimension":"handling_result","en":"filed for reference","ordinal":"3","starred":"false","zh":"参考备案"},{"category":"consultation","clause":"A5","code":"excessive_demand","dimension":"handling_result","en":"excessive demand","ordinal":"4","starred":"false","zh":"诉求过高"},{"category":"consultation","clause":"A5","code":"unsolved","dimension":"handling_result","en":"unsolved","ordinal":"5","starred":"false","zh":"未解决"}],"finding_relation":[{"category":"complaint","claim_finding":"reasonable","fact_finding":"founded","handling_result":"solved","verdict":"allow"},{"category":"complaint","claim_finding":"reasonable","fact_finding":"founded","handling_result":"explained","verdict":"warn"},{"category":"complaint","claim_finding":"reasonable","fact_finding":"founded","handling_result":"unsolved","verdict":"warn"},{"category":"complaint","claim_finding":"no_policy_basis","fact_finding":"founded","handling_result":"explained","verdict":"allow"},{"category":"complaint","claim_finding":"no_policy_basis","fact_finding":"founded","handling_result":"solved","verdict":"warn"},{"category":"complaint","claim_finding":"excessive","fact_finding":"founded","handling_result":"excessive_demand","verdict":"allow"},{"category":"complaint","claim_finding":"excessive","fact_finding":"founded","handling_result":"explained","verdict":"allow"},{"category":"complaint","claim_finding":"other","fact_finding":"founded","handling_result":"explained","verdict":"allow"},{"category":"complaint","claim_finding":"other","fact_finding":"founded","handling_result":"solved","verdict":"allow"},{"category":"complaint","claim_finding":"other","fact_finding":"founded","handling_result":"unsolved","verdict":"warn"},{"category":"complaint","claim_finding":"reasonable","fact_finding":"partly_founded","handling_result":"solved","verdict":"allow"},{"category":"complaint","claim_finding":"reasonable","fact_finding":"partly_founded","handling_result":"explained","verdict":"allow"},{"category":"complaint","claim_finding":"reasonable","fact_finding":"partly_founded","handling_result":"unsolved","verdict":"warn"},{"category":"complaint","claim_finding":"no_policy_basis","fact_finding":"partly_founded","handling_result":"explained","verdict":"allow"},{"category":"complaint","claim_finding":"no_policy_basis","fact_finding":"partly_founded","handling_result":"solved","verdict":"warn"},{"category":"complaint","claim_finding":"excessive","fact_finding":"partly_founded","handling_result":"excessive_demand","verdict":"allow"},{"category":"complaint","claim_finding":"excessive","fact_finding":"partly_founded","handling_result":"explained","verdict":"allow"},{"category":"complaint","claim_finding":"other","fact_finding":"partly_founded","handling_result":"explained","verdict":"allow"},{"category":"complaint","claim_finding":"other","fact_finding":"partly_founded","handling_result":"solved","verdict":"allow"},{"category":"complaint","claim_finding":"other","fact_finding":"partly_founded","handling_result":"unsolved","verdict":"warn"},{"category":"complaint","claim_finding":"reasonable","fact_finding":"unfounded","handling_result":"explained","verdict":"warn"},{"category":"complaint","claim_finding":"no_policy_basis","fact_finding":"unfounded","handling_result":"explained","verdict":"allow"},{"category":"complaint","claim_finding":"excessive","fact_finding":"unfounded","handling_result":"explained","verdict":"allow"},{"category":"complaint","claim_finding":"excessive","fact_finding":"unfounded","handling_result":"excessive_demand","verdict":"allow"},{"category":"complaint","claim_finding":"other","fact_finding":"unfounded","handling_result":"explained","verdict":"allow"},{"category":"help","claim_finding":"reasonable","fact_finding":"founded","handling_result":"solved","verdict":"allow"},{"category":"help","claim_finding":"reasonable","fact_finding":"founded","handling_result":"explained","verdict":"warn"},{"category":"help","claim_finding":"reasonable","fact_finding":"founded","handling_result":"unsolved","verdict":"warn"},{"category":"help","claim_finding":"no_policy_basis","fact_finding":"founded","handling_result":"explained","verdict":"allow"},{"category":"help","claim_finding":"no_policy_basis","fact_finding":"founded","handling_result":"solved","verdict":"warn"},{"category":"help","claim_finding":"excessive","fact_finding":"founded","handling_result":"excessive_demand","verdict":"allow"},{"category":"help","claim_finding":"excessive","fact_finding":"founded","handling_result":"explained","verdict":"allow"},{"category":"help","claim_finding":"other","fact_finding":"founded","handling_result":"explained","verdict":"allow"},{"category":"help","claim_finding":"other","fact_finding":"founded","handling_result":"solved","verdict":"allow"},{"category":"help","claim_finding":"other","fact_finding":"founded","handling_result":"unsolved","verdict":"warn"},{"category":"help","claim_finding":"reasonable","fact_finding":"partly_founded","handling_result":"solved","verdict":"allow"},{"category":"help","claim_finding":"reasonable","fact_finding":"partly_founded","handling_result":"explained","verdict":"allow"},{"category":"help","claim_finding":"reasonable","fact_finding":"partly_founded","handling_result":"unsolved","verdict":"warn"},{"category":"help","claim_finding":"no_policy_basis","fact_finding":"partly_founded","handling_result":"explained","verdict":"allow"},{"category":"help","claim_finding":"no_policy_basis","fact_finding":"partly_founded","handling_result":"solved","verdict":"warn"},{"category":"help","claim_finding":"excessive","fact_finding":"partly_founded","handling_result":"excessive_demand","verdict":"allow"},{"category":"help","claim_finding":"excessive","fact_finding":"partly_founded","handling_result":"explained","verdict":"allow"},{"category":"help","claim_finding":"other","fact_finding":"partly_founded","handling_result":"explained","verdict":"allow"},{"category":"help","claim_finding":"other","fact_finding":"partly_founded","handling_result":"solved","verdict":"allow"},{"category":"help","claim_finding":"other","fact_finding":"partly_founded","handling_result":"unsolved","verdict":"warn"},{"category":"help","claim_finding":"reasonable","fact_finding":"unfounded","handling_result":"explained","verdict":"warn"},{"category":"help","claim_finding":"no_policy_basis","fact_finding":"unfounded","handling_result":"explained","verdict":"allow"},{"category":"help","claim_finding":"excessive","fact_finding":"unfounded","handling_result":"explained","verdict":"allow"},{"category":"help","claim_finding":"excessive","fact_finding":"unfounded","handling_result":"excessive_demand","verdict":"allow"},{"category":"help","claim_finding":"other","fact_finding":"unfounded","handling_result":"explained","verdict":"allow"},{"category":"suggestion","claim_finding":null,"fact_finding":"adopted","handling_result":"solved","verdict":"allow"},{"category":"suggestion","claim_finding":null,"fact_finding":"adopted","handling_result":"explained","verdict":"warn"},{"category":"suggestion","claim_finding":null,"fact_finding":"partly_adopted","handling_result":"solved","verdict":"allow"},{"category":"suggestion","claim_finding":null,"fact_finding":"partly_adopted","handling_result":"explained","verdict":"allow"},{"category":"suggestion","claim_finding":null,"fact_finding":"kept_for_reference","handling_result":"filed","verdict":"allow"},{"category":"suggestion","claim_finding":null,"fact_finding":"kept_for_reference","handling_result":"explained","verdict":"warn"},{"category":"suggestion","claim_finding":null,"fact_finding":"not_adopted","handling_result":"explained","verdict":"allow"},{"category":"consultation","claim_finding":null,"fact_finding":"policy_exists","handling_result":"explained","verdict":"allow"},{"category":"consultation","claim_finding":null,"fact_finding":"policy_exists","handling_result":"solved","verdict":"warn"},{"category":"consultation","claim_finding":null,"fact_finding":"no_policy","handling_result":"explained","verdict":"allow"},{"category":"consultation","claim_finding":null,"fact_finding":"no_policy","handling_result":"filed","verdict":"allow"},{"category":"consultation","claim_finding":null,"fact_finding":"explanation_not_accepted","handling_result":"explained","verdict":"allow"},{"category":"consultation","claim_finding":null,"fact_finding":"explanation_not_accepted","handling_result":"excessive_demand","verdict":"warn"}],"phrase":[{"clause":"A4.2.1","code":"P1","pattern":"(将列入计划|已报上级部门|已报街道|已报上级)","role":"prohibited","severity":"reject","waiver":"none"},{"clause":"A4.2.2","code":"P2","pattern":"(正在走相关程序|正在整改中|正在整改)","role":"prohibited","severity":"reject","waiver":"done_or_node"},{"clause":"A4.2.4","code":"P4","pattern":"(已要求当事人自行整改|要求当事人自行整改)","role":"prohibited","severity":"reject","waiver":"done_or_node"},{"clause":"A4.2.5","code":"P5","pattern":"(因地址不明确无法处置|已到现场查看未发现)","role":"prohibited","severity":"reject","waiver":"verified"},{"clause":"A4.2.7","code":"P7","pattern":"非我部门职责","role":"prohibited","severity":"reject","waiver":"summary"},{"clause":null,"code":"P4","pattern":"(不得|不能|不应|无权)要求","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"reply_label","pattern":"(回复内容|答复要点|答复内容|回复要点|回复正文)","role":"harmless","severity":null,"waiver":null},{"clause":"A4.2.1","code":"P1","pattern":"将会","role":"prohibited","severity":"reject","waiver":"none"},{"clause":"A4.2.1","code":"P1","pattern":"正在","role":"prohibited","severity":"reject","waiver":"scene"},{"clause":"A4.2.1","code":"P1","pattern":"适时","role":"prohibited","severity":"reject","waiver":"none"},{"clause":"A4.2.1","code":"P1","pattern":"将(|其|该项|该事项|该问题|此事|此项)列入[6]计划","role":"prohibited","severity":"reject","waiver":"none"},{"clause":"A4.2.1","code":"P1","pattern":"已报(|送|请|告|给|至)[3]上级","role":"prohibited","severity":"reject","waiver":"none"},{"clause":"A4.2.1","code":"P1","pattern":"已报(|送|请|告|给|至)(|我|本)街道","role":"prohibited","severity":"reject","waiver":"none"},{"clause":"A4.2.1","code":"P1","pattern":"已报(|送|请|告|给|至)(区|市|有关|相关|主管|职能)[4]部门","role":"prohibited","severity":"reject","waiver":"none"},{"clause":"A4.2.1","code":"P1","pattern":"应向","role":"prohibited","severity":"reject","waiver":"legal"},{"clause":"A4.2.1","code":"P1","pattern":"即将","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"将(尽快|尽早|及时|立即|逐步|继续|持续|进一步|加强|加大|加快|督促|安排|组织|联合|联系|协调|积极|严格|定期|不定期|对|根据|按照|结合|视|依法|推进|开展|采取|派|予以|给予|落实|完善|统筹|统一|择|研究|考虑|纳入|由|在|配合|做好|适当|争取|抓紧|启动|实施|优先|陆续|分批|全面|不断|密切|跟踪|跟进|着手|申请|邀请|召开)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"将(于|在)[16](开展|进行|实施|启动|完成|整改|拆除|修复|更换|清理|施工|安装|组织|解决|到位|召开|改造|维修)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":null,"code":"P1","pattern":"计划(安排表|表|书|内)","role":"harmless","severity":null,"waiver":null},{"clause":"A4.2.1","code":"P1","pattern":"(拟|计划|准备|打算|预备)[8](开展|安排|实施|启动|进行|组织|联合|协调|整治|改造|更换|维修|修缮|拆除|清理|处理|解决|推进|申请|采购|施工|安装|增设|完善|召开|邀请|加装|纳入|列入)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"下一步(|我们|街道|我街道)(将|拟|会|要|计划|工作|准备)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"(后续|后期|今后|日后|之后|届时)[8](将|会|拟|再)(会|对|由|在|与|加强|安排|督促|继续|持续|跟进|协调|尽快|推进|开展|处理|组织|联系)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"(争取|力争)[8](尽快|尽早|早日|解决|完成|落实|推进|改善|整改|处理)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"(尽快|尽早|早日|抓紧)(解决|处理|落实|整改|完成|安排|修复|推进|办理|维修|更换|清理|拆除|启动|实施|协调|答复|回复|恢复|清运|疏通|处置)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"(处理|办理|推进|协调|调查|核实|维修|修复|施工|审批|研究|处置|落实|筹备|沟通|排查|清理|改造|修缮|采购|更换|进行)中","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"视[6](情况|条件|进度|天气)[3](安排|推进|开展|处理|实施|整改|逐步|分批|再行|决定|启动|进行)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"(视情|视情况|视条件|择机|择期|择日|择时|伺机)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"(列为|列作|作为)[6](储备|后续|备选|待建|预备)项目","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"(纳入|列入|排入|编入)[12](计划|规划|储备|项目|清单|预算|盘子)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"已(向|将|把)[12](转交|移交|转办|转派|转送|报告|汇报|上报|反映|报送|移送|通报|转给)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"已(转|移交|转交|转办|转派|转送|转请|转达|移送|交由|反馈|上报|报告|报送|汇报|提请|呈报|反映)[12](局|处|委|办|部门|街道|公司|单位|中心|支队|所|队|上级|区|市|方|站)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"(已|均已)上报","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"(请|建议|敬请)(诉求人|来电人|市民|其|您|居民)[4](咨询|联系|拨打|前往|向|致电|找|询问)[12](局|处|部门|单位|公司|中心|窗口|法院|物业|热线|仲裁|所|站|队|委|机关|机构|银行|平台|公安|派出所)","role":"synonym","severity":"review","waiver":"none"},{"clause":"A4.2.1","code":"P1","pattern":"(诉求人|来电人|市民|其|当事人|居民)(可|可以|需|应|应当|宜|须)[4](向|通过|到|前往)[14](申请|起诉|投诉|反映|咨询|举报|主张|维权|诉讼|仲裁)","role":"synonym","severity":"review","waiver":"none"},{"clause":"A4.2.1","code":"P1","pattern":"待[8](成熟|具备|到位|允许|批复|落实|下达)[4](再|后|方可|方能|才能)[3](启动|安排|实施|开展|处理|解决|推进|研究|整改|进行|维修|更换|改造|施工|行)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"待[14](后|时)[3](启动|安排|实施|开展|处理|解决|推进|研究|整改|进行|维修|更换|改造|施工)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"(近期|近日|不日|日内|稍后|随后|随即)(将|会|拟|安排|启动|实施|即可|予以)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.1","code":"P1","pattern":"(会|要|再)(尽快|尽早|继续|持续|进一步|加强|督促|安排|协调|跟进|推进|关注)","role":"synonym","severity":"review","waiver":"time_node"},{"clause":"A4.2.2","code":"P2","pattern":"(已|均已)(启动|进入|开始)[8](程序|流程|阶段)","role":"synonym","severity":"review","waiver":"done_or_node"},{"clause":null,"code":"P1","pattern":"将(会议|会员|会计|会展|会所|会场|会商|会谈|会后|会前|会签|会诊|会费|会长|会客|会面|会标|会徽|会址|会友|会审|会话|会办|会餐|会晤|会馆|会务)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"将会(同|商|办)[12](商定|制定|确定|拟定|签订|商议|协商|讨论|形成|整理)的","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"将会(上|阴|厌|心|晤|盟|堂|籍|旗)(意见|决定|讨论|护|区|处|内|)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"将会(同|商|办)<50>(情况|结果|意见|方案)(|如下|汇总|报告|报|告知|反馈|说明|答复|向|予以|一并|回复)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(纠正在|真正在意|真正在乎|真正在于|真正在做|真正在|端正在岗|端正在职|校正在用|修正在册|校正在册|更正在册|订正在册|矫正在册|正在册|正在编|正在逃|态度端正在)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(补正在案|摆正在|扶正在|转正在即|放正在|立正在|站正在|坐正在)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(已|均|并|即|当场|立即|主动|及时|予以|要求其|责令其|店主|商户|摊主|经营者|未|了|口|系统|居民|村民|住户|员工|学生|老板|司机|车主|双方|户)(改|修|更|校|订|补|指|匡)正在","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(公正在|扶正在)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(合|舒|不|闲|安|调|顺|惬)适时","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"适时(间|段|装|尚)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(供|响|反|答|回|对|适|效|感|相|顺|呼|策|接)应向","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"应向(好|阳)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"已报(备|警|名|废|修|销|案|价|验|建|停|装|竣|完|考|税|关|损|失)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(已|均已|并已|业已|前期|此前)(|将)列入计划的","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"将列入[6]计划的","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(现|特|已|并已|均已|再|当场|随即|立即|及时|当即|迅速|并|先后|全部)将(对|由|根据|按照|结合|在|依法|安排|组织|联系|加|督促|采取|落实|完善)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"将(联系方式|联系电话|联系人|安排情况|采取的|落实情况|在场|在建|在用|由于|积极配合|组织者)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"已(上报|报告)(|至|给|到)(批准|审批通过|并获)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(即将)(到期|届满|坠落|脱落|倒塌|满)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(清理|拆除|施工|办理|核实|处理|维修|调查|排查|处置|沟通|协调|改造|更换|研究|落实|审批|修复|推进|筹备|采购|修缮)中(心|队|介|发现|产生|的|存在|造成|未|使用|采取|注意|涉及|了解|遇|双方|依法|如|若|有|与|需|应|因|严格|规范|做到|止|断)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(进行|处理|办理|协调|施工|维修)中(止|断|午|旬)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(过程|工作|工程|程序)中","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"已(转|移|反馈|报告|反映|汇报)[8](完毕|办结|并办结)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"(尽快|抓紧|早日|尽早)(处理|解决|整改|落实|修复|清理|拆除|恢复)的(诉求|要求|意见|通知|决定|请求|愿望|心情)","role":"harmless","severity":null,"waiver":null},{"clause":"A4.2.2","code":"P2","pattern":"正在[8](整改|自查自纠)","role":"prohibited","severity":"reject","waiver":"done_or_node"},{"clause":"A4.2.2","code":"P2","pattern":"正在[8](走|履行|办理|按|依照|按照|启动|进入|进行|完善|申请|推进|遵循|补办|补齐|走完)[10](程序|流程|手续)","role":"prohibited","severity":"reject","waiver":"done_or_node"},{"clause":"A4.2.2","code":"P2","pattern":"正在(程序|流程)中","role":"prohibited","severity":"reject","waiver":"done_or_node"},{"clause":"A4.2.2","code":"P2","pattern":"正走(|相关|审批|有关|法律|法定|内部)[6](程序|流程|手续)","role":"prohibited","severity":"reject","waiver":"done_or_node"},{"clause":"A4.2.2","code":"P2","pattern":"(尚|仍|目前|现|还|均|已|处于|在)(在|处于|)(整改|整治)(之|过程|阶段|期)中","role":"synonym","severity":"review","waiver":"done_or_node"},{"clause":"A4.2.2","code":"P2","pattern":"(整改|整治|流程|手续|程序)[6](进行中|流转|推进中|办理中|审批中|在走|未走完)","role":"synonym","severity":"review","waiver":"done_or_node"},{"clause":"A4.2.2","code":"P2","pattern":"(整改|整治|纠正)(中|之中|进行中|过程中|推进中)","role":"synonym","severity":"review","waiver":"done_or_node"},{"clause":"A4.2.2","code":"P2","pattern":"(在|处于|进入|启动|走|需走)(相关|有关|法律|法定|行政处罚|处罚|审批|立案|申报|招投标|招标|采购|司法|执法|拆违|报批|征询|办案|内部)[6](程序|流程|手续|阶段)","role":"synonym","severity":"review","waiver":"done_or_node"},{"clause":"A4.2.2","code":"P2","pattern":"(边查边改|着手整改|逐步整改|陆续整改|抓紧整改|开始整改)","role":"synonym","severity":"review","waiver":"done_or_node"},{"clause":null,"code":"P2","pattern":"(整改|整治)中(心|队|介|发现|依法|采取)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P2","pattern":"(整改|整治)中的<24>(已|均已|全部)","role":"harmless","severity":null,"waiver":null},{"clause":"A4.2.4","code":"P4","pattern":"(要求|责令|责成|勒令|督促|督令|敦促|通知|命令|责其)[16]自行[3](整改|改正|拆除|清理|纠正|处理|搬离|清除|整治|移除|恢复|消除|撤除|清运|修复|搬走|迁移|处置|停止|关停|更换|搬迁|撤离)","role":"prohibited","severity":"reject","waiver":"done_or_node"},{"clause":"A4.2.4","code":"P4","pattern":"(责令|要求|督促|责成)[12](自查自纠|自查自改|自拆|自改|自纠)","role":"prohibited","severity":"reject","waiver":"done_or_node"},{"clause":"A4.2.4","code":"P4","pattern":"(要求|责令|责成|勒令|督促|督令|敦促|通知|命令|告知|劝导|请|建议|提醒)[16]自行[3](解决|调整|补办|维修|规范|离开|挪车|挪走|挪开|驶离|协商|联系|安排|落实|关闭|收回)","role":"synonym","severity":"review","waiver":"done_or_node"},{"clause":"A4.2.4","code":"P4","pattern":"(请|让|告知|建议|劝导|提醒|要求)[12](自查自改|自查自纠|自拆|自改)","role":"synonym","severity":"review","waiver":"done_or_node"},{"clause":"A4.2.4","code":"P4","pattern":"(告知|建议|劝导|提醒|协调|联系|动员|嘱咐|劝说|劝告|引导|请|由|让|叮嘱|交代)[16]自行[3](整改|改正|拆除|清理|纠正|处理|搬离|清除|整治|移除|恢复|消除|撤除|清运|修复|搬走|解决|处置|停止|维修|更换)","role":"synonym","severity":"review","waiver":"done_or_node"},{"clause":"A4.2.4","code":"P4","pattern":"(已|已经|均已|现已|并已)(要求|责令|责成|勒令|督促|督令|敦促|通知|约谈并要求)[14](整改|改正|拆除|清理|纠正|恢复原状|限期整改|立即整改|搬离|清除)","role":"synonym","severity":"review","waiver":"done_or_node"},{"clause":"A4.2.4","code":"P4","pattern":"(当事人|店主|业主|住户|商户|对方|其|经营者|店方|企业|租户|房东|物业)(已|)(承诺|答应|同意|表示)[4]自行[6](整改|改正|拆除|清理|处理|搬离|解决)","role":"synonym","severity":"review","waiver":"done_or_node"},{"clause":"A4.2.5","code":"P5","pattern":"(地址|位置|地点|门牌|门牌号|楼号|点位|具体地址|方位|室号|路段|弄号)[2](不|未|模糊|含糊|有误|笼统|说不)(|明确|明|详|清|清楚|清晰|具体|完整|准确|全|确定|提供)<16>(无法|无从|难以|不能|未能|没法|不便|不予)(处置|处理|查找|核实|核查|查实|办理|查证|整改|定位|开展|找到|判断|现场|认定|落实|查看|联系|取证)","role":"prohibited","severity":"reject","waiver":"verified"},{"clause":"A4.2.5","code":"P5","pattern":"(地址|位置|地点|门牌号|楼号|门牌|点位)(不明|不详|不清)<12>(无法|无从|难以|不能|未能|没法)","role":"prohibited","severity":"reject","waiver":"verified"},{"clause":"A4.2.5","code":"P5","pattern":"(未提供|未说清|说不清|没说清|未说|未写明|未能提供|没有提供|未说明|未告知|未注明|无)[3](地址|位置|地点|门牌号|楼号|点位|门牌)<16>(无法|无从|难以|不能|未能|没法)[4](处置|处理|查找|核实|核查|查实|办理|查证|整改|定位|找到|判断|认定)","role":"prohibited","severity":"reject","waiver":"verified"},{"clause":"A4.2.5","code":"P5","pattern":"(无法|无从|难以|不能|未能)(确定|确认|找到|查到|锁定|定位|核实)[8](地址|位置|地点|门牌号|楼号|点位)","role":"prohibited","severity":"reject","waiver":"verified"},{"clause":"A4.2.5","code":"P5","pattern":"(现场|夜巡|日巡|两次|多次|去了|前去|三次|数次|连续|蹲点|我们去|实地|到场|上门|查看|检查|巡查|核查|走访|踏勘|勘查|勘察|排查|察看|查勘|蹲守|巡视|前往|核实|调查|赴现场|巡逻|暗访|突击检查|夜查)<24>(未|未能|没有|没|并未|均未|也未|暂未|尚未|未曾|未再|并没有|均没有)(发现|见|看到|查到|查见|找到|发觉|查获|看见|见到|察觉|查实|听到|闻到|检测到|监测到|测出)","role":"prohibited","severity":"reject","waiver":"verified"},{"clause":"A4.2.5","code":"P5","pattern":"(未|未能|没有|没|并未|均未|暂未|尚未)(发现|见|看到|查到|找到|查实)(诉求人|来电人|市民|投诉人|反映人|举报人|信访人|居民|上述|所述|其|该)[4](反映|述|称|说|投诉|提|描述|反应|问题|情况|现象|行为|车辆|人员|地址|摊贩|地点)","role":"prohibited","severity":"reject","waiver":"verified"},{"clause":"A4.2.5","code":"P5","pattern":"(未能发现|未发现该|未发现此|查无此|无此现象|并无此|查无实据|未见异常|未见明显)","role":"prohibited","severity":"reject","waiver":"verified"},{"clause":"A4.2.5","code":"P5","pattern":"(现场|夜巡|日巡|两次|多次|去了|前去|三次|数次|连续|蹲点|我们去|实地|到场|查看|检查|巡查|核查)<16>(并无|无|不存在|已无|已不|没有)(诉求人|来电人|市民|投诉人|反映人|所述|所反映|上述|该)[8](情况|问题|现象|行为|情形)","role":"prohibited","severity":"review","waiver":"verified"},{"clause":null,"code":"P5","pattern":"(再次|再|后|复|回头|重新|多次)[6](未见|未发现|未再|没有发现)(反弹|回潮|复发|再次|新增|同类|类似|残留|遗留|渗漏|漏水|积水|重新|再有|再现)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P5","pattern":"(未|未再|再未|没有|没有再|未再次|未曾再)(发现|见|看到|出现|发生)(反弹|回潮|复发|再次|新增|新的|同类|类似|残留|遗留|复燃|再犯|重新|再有|再发)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P5","pattern":"(未见面|未见过|未见效|未见到诉求人|未见诉求人|没见面)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P5","pattern":"(未|没有)(听到|看到|见到|遇到|见)(诉求人|来电人|市民|当事人)(本人|在家|在场)","role":"harmless","severity":null,"waiver":null},{"clause":"A4.2.6","code":"P6","pattern":"我(分中心|办|所|科|科室|站|队|中队|居委|居委会|社区|居民区|居|中心|窗口|服务站|工作站|物业|警署|党支部|党总支|组)","role":"prohibited","severity":"reject","waiver":"none"},{"clause":"A4.2.6","code":"P6","pattern":"本(分中心|办|所|科|科室|站|队|中队|大队|居委|居委会|居|居民区|中心|服务站|物业|物业公司|服务中心|管理所|警署)(工作人员|人员|同志|已|于|会同|接|收|组织|派|高度|在|对|与|安排|第一时间|迅速|及时|立即|认真|联合|积极|负责|民警|书记|主任|干部|社工|网格员|经|随即|执法|窗口|答复)","role":"prohibited","severity":"reject","waiver":"none"},{"clause":"A4.2.6","code":"P6","pattern":"本(居委|科室|居委会|居民委员会)","role":"prohibited","severity":"reject","waiver":"none"},{"clause":"A4.2.6","code":"P6","pattern":"我(司|公司|厅|社|院|大队|支队|部门|单位|局|处|小组|村|园区|片区|委|处室|部)","role":"synonym","severity":"review","waiver":"none"},{"clause":"A4.2.6","code":"P6","pattern":"本(部门|单位|局|处室|小组)(工作人员|人员|已|于|会同|接|收|组织|派|在|与|安排|第一时间)","role":"synonym","severity":"review","waiver":"none"},{"clause":null,"code":"P6","pattern":"我所(在|居|住|需|反映|述|说|称|购|买|知|有|提|谓|见|想|讲|指|遇|经|能|做|用|持|租|付|缴|交|缺|学|担|希|要|了解|属|听|处|从)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P6","pattern":"我办(的|理|了|过|卡|证|好|完|结|事|个|一|到|手|公|完)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P6","pattern":"(帮|给|替|让|为|请|叫|自|问|使|劝|骗|打)我(办|所|站|队|科|组|社|院|司|居|中心)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P6","pattern":"我(站在|站着|站立|站起|队伍|科学|组织|组成|组建|社会|社保|社交|居住|居家|居民身份|院子|厅里|办公|公司的|公司上|公司在|公司是|社区的|社区里|社区居住|居民区的|居民区里|物业费|院里|居所|居然|居中)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P6","pattern":"(忘|自|大|小|敌|彼|唯|无)我(所|办|队)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P6","pattern":"我(单位|局|部|处|部门)的(员工|职工|同事|工资)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P6","pattern":"我(局限|处在|处于|处境|处理|委屈|委托|村里|部分|部队)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P6","pattern":"本(站台|站点|站牌|所述|所得|科目|科生|科学历|队员|中心线|居住|办法|办理)","role":"harmless","severity":null,"waiver":null},{"clause":"A4.2.7","code":"P7","pattern":"(非|不是|不属|不属于|并非|并不属于|不在|未在|超出|不为|均不属于|不系)(我|本|街道|该街道|我们|居委|居委会|物业|社区|城管|我方|辖区)[8](职责|职能|职权|权限|管辖|受理范围|监管|执法|事权|管理范围|责任范围)","role":"prohibited","severity":"reject","waiver":"summary"},{"clause":"A4.2.7","code":"P7","pattern":"(不归|不由|不受|不该|不应由|不是由)(我|本|街道|该部门|社区|咱们|居委|物业)[6](管|负责|处理|处置|受理|主管|解决|办理)","role":"prohibited","severity":"reject","waiver":"summary"},{"clause":"A4.2.7","code":"P7","pattern":"(我|本|街道|居委)[6](不予受理|不予处理|不予办理|不受理|概不负责|不负责|管不了|无能为力)","role":"prohibited","severity":"reject","waiver":"summary"},{"clause":"A4.2.7","code":"P7","pattern":"(我|本|我方|我们|街道|居委会|社区|居委|我办|我所)[8](无|没有|并无|不具备|不具有|尚无)[6](管辖权|执法权|管理权|处置权|处罚权|监管权|职责|职权|权限|审批权|执法职能|职能|执法资格)","role":"prohibited","severity":"reject","waiver":"summary"},{"clause":"A4.2.7","code":"P7","pattern":"(与|跟)(我|本|街道|我街道|我部门|本部门|居委|居委会|我们)(|部门|单位|街道)无关","role":"prohibited","severity":"reject","waiver":"summary"},{"clause":"A4.2.7","code":"P7","pattern":"(职责|职能|职权|权限|管辖|管理|受理|执法)(|权限)范围(之|以)外","role":"prohibited","severity":"reject","waiver":"summary"},{"clause":"A4.2.7","code":"P7","pattern":"(不在|不属于|超出)[8](职责|职能|权限|管辖|管理|受理|服务|辖区|执法)(范围|范畴|权限)","role":"prohibited","severity":"reject","waiver":"summary"},{"clause":"A4.2.7","code":"P7","pattern":"(不属于|不是|非)(我们|我街道|街道|本街道|我部门|本部门|我方|居委会|居委|我|社区)(|的)(事|工作|范围|辖区|业务|管辖)","role":"prohibited","severity":"reject","waiver":"summary"},{"clause":"A4.2.7","code":"P7","pattern":"(无权|无力)(管理|处理|处置|过问|干涉|干预|管辖|执法|查处|介入|处罚|解决|强制)","role":"prohibited","severity":"reject","waiver":"summary"},{"clause":"A4.2.7","code":"P7","pattern":"(属于|应属|系|应由|需由|须由|归)[10](部门|单位|局|公司|所|队|中心|法院|处|委)[2](管理|管辖|负责|职责|范围|处理|受理)","role":"synonym","severity":"review","waiver":"summary"},{"clause":"A4.2.7","code":"P7","pattern":"(建议|请)(|诉求人|来电人|市民|其|您|居民)(|自行|另行)直接(联系|咨询|找|向|拨打|反映)","role":"synonym","severity":"review","waiver":"summary"},{"clause":null,"code":"P7","pattern":"(按|按照|根据|依据|依|各|履行|落实|明确|认真履行|严格履行|依法履行|属于我街道)[4](部门|工作|各自)(职责|职能)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P7","pattern":"(不属于|非)(违规|违法|违建|违章|消防|人为)","role":"harmless","severity":null,"waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"(上述|该|此|相关|以上|所反映|反映的)(问题|情况|事项|现象|事|诉求)[3](整治|解决|处理|落实|消除|整改|办结|改善|处置|协调)(|到位|完毕|完成)","role":"hollow","severity":"review","waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"此事已[4](落实|处理|解决|办理|协调)(|到位|完毕|完成)","role":"hollow","severity":"review","waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"高度重视","role":"hollow","severity":"review","waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"(加强|加大|强化|做好|持续开展|继续做好)[4](宣传|巡查|监管|管理|教育|巡逻|引导|督促|管控|监督|检查|宣教|力度|保洁|维护|沟通)","role":"hollow","severity":"review","waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"(常抓不懈|压实责任|齐抓共管|长效管理|标本兼治|综合施策|久久为功|举一反三|落到实处|抓好落实|狠抓落实|提高认识|统一思想|研究部署|多措并举|形成合力|常态化管理|提高站位|细化措施|全力以赴|靠前服务|主动作为|扎实推进|稳步推进|有序推进|持续推进|不断完善|不断优化|抓细抓实|抓紧抓好|建立健全|久久为功|持之以恒|加强领导|落实责任|明确责任|优化服务|提升服务|积极作为)","role":"hollow","severity":"review","waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"(不断|持续|进一步|切实|努力)(提升|改善|优化|提高|完善|加强|做好|增强|推进|营造|维护|规范)[14](品质|水平|环境|质量|服务|满意度|力度|工作|氛围|秩序|管理|意识|机制|获得感)","role":"hollow","severity":"review","waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"(请|望|敬请|恳请|希望)[6](耐心等待|耐心等候|谅解|理解|放心|配合|支持|监督|体谅)","role":"hollow","severity":"review","waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"(已|已经|均已)(处理|处置|解决|知晓|关注|落实|办理|安排|协调|跟进|沟通|做好相关工作|采取措施|采取相应措施|妥善处理|妥善处置|处理完毕|处理好|做了工作|引起重视|按要求处理)","role":"hollow","severity":"review","waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"(积极|认真|及时|妥善|耐心|稳妥|努力|尽力|全力)(协调|处理|处置|推进|沟通|解决|落实|对待|应对|配合|跟进|研究|做好|办理)","role":"hollow","severity":"review","waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"(请|让|要求|督促|提醒|通知|建议|协调|会同)[6](物业|居委|居委会|保安|门卫|部门|单位|城管|社区)[8](加强|加大|强化|做好|注意|重视|关注|落实)[6](巡查|管理|监管|巡视|宣传|保洁|检查|维护|值守|引导|管控|工作|力度|监督)","role":"hollow","severity":"review","waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"(密切关注|持续关注|继续关注|长期关注|动态关注|跟踪关注|持续跟进|继续跟进|跟踪落实|加以关注|予以关注|引以为戒|深表歉意)","role":"hollow","severity":"review","waiver":null},{"clause":"A4.2.3","code":"P3","pattern":"感谢[8](关心|支持|理解|监督)","role":"hollow","severity":"review","waiver":null},{"clause":null,"code":"*","pattern":"(诉求人|您|来电人|市民|投诉人|反映人|举报人|来信人|信访人|网友|求助人|咨询人|建议人|反应人|诉求者|来电者|当事居民|来电市民|申诉人|致电人)","role":"petitioner","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(居民反映|群众反映|居民群众|群众)","role":"petitioner","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(先生|女士|小姐|阿姨|大爷|大妈|老伯|阿婆)","role":"title","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(物业|店主|店方|店家|业主|业委会|居委|居委会|街道|我们|施工|施工方|施工单位|公司|单位|部门|商户|商家|摊主|经营者|负责人|当事人|执法|执法队|执法人员|民警|城管|派出所|经理|开发商|房东|租户|住户|邻居|对方|双方|管理方|校方|学校|医院|企业|老板|队员|工作人员|书记|主任|专家|律师|法院|车主|信息员|网格员|志愿者|保安|承租人|产权人|养护|区局|市局|管理处|管理局|车队|小区|饭店|餐厅|超市|银行|机构|教练|家长)","role":"other_party","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(称|表示|认为|询问|诉称|说|担心|担忧|希望|要求|提出|质疑|怀疑|强调|提到|指出|坚持|陈述|讲述|述称|抱怨|疑问|想知道|请求|坦言|告诉|回忆|声称|觉得|确认)","role":"speech","severity":null,"waiver":null},{"clause":null,"code":"E2","pattern":"(反映|反应|投诉|咨询|建议|来电|举报|求助|诉求|所述|描述|述)","role":"speech","severity":null,"waiver":null},{"clause":null,"code":"speech","pattern":"(要求并|按要求|按照要求|根据要求|有关要求|相关要求|工作要求|承重要求|整改要求|不要求)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"speech","pattern":"(名称|简称|统称|职称|自称是|对称|称重|称呼|称号)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(诉求内容|诉求描述|来电内容|反映内容|工单内容|诉求摘要|投诉内容|诉求概况|诉求情况|市民诉求|来电反映|诉求人诉求|诉求事项|反映情况|工单诉求|反映问题|诉求主题|求助内容|咨询内容|建议内容|诉求简述|基本诉求)","role":"speech_label","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(完毕|到位|完工|竣工|干净|完成|恢复正常|恢复原状|恢复畅通|恢复通行|恢复照明|恢复供水|恢复供电|恢复使用|恢复运行|投入使用|消除|合格|结束|停止|停工|达标|验收|办结|解决)","role":"completion","severity":null,"waiver":null},{"clause":null,"code":"completion","pattern":"(完成登记|完成拍照|完成接单|完成受理|完成联系|完成回复|完成核实|完成评估|完成答复|无法解决|不能解决|难以解决|未能解决|如何解决|协商解决|解决方案|解决问题|解决办法|解决途径|解决措施|要求解决|请求解决|希望解决|得到解决|需要解决|待解决|未解决|没有解决|尚未解决|暂时解决|推动解决|帮助解决|解决不|解决计划|完成时限|完成时间|完成情况|完成计划)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(拆除|清除|清理|清运|更换|修复|维修|修缮|修理|安装|加装|增设|搬离|搬走|移除|移走|移入|移至|撤离|撤除|疏通|冲洗|消杀|补种|补植|修剪|粉刷|铲除|封堵|加固|填平|铺设|重铺|施划|划设|划出|整改|改正|纠正|关停|关闭|取缔|暂扣|罚款|处罚|查处|退还|退款|赔偿|赔付|支付|发放|办妥|办好|开通|恢复|拖离|拖移|搬迁|搬移|腾空|归位|入库|建成|新增|增派|增加|调整|调换|切除|抢修|检修|维护|保养|打扫|清扫|清洗|收回|撤走|撤摊|停工|停业|停止施工|停止营业|停止使用|下架|召回|清淤|平整|修补|补漏|防水|重做|重新|焊接|喷洒|灭蚊|灭鼠|除虫|捕捉|收容|送医|安置|签订|签署|达成|送餐|送达签收|移位|抬升|复位|通电|通水|补办|登记入册|补发|补贴|补缴|补助|减免|降低|调低|减少|隔离|围挡|张贴|悬挂|设置|盖好|覆盖|紧固|加高|加锁|归还|返还|到账|劝离|驱离|驱散|拉设|立案|改造|建成|搭建|购置|配备|采购|清退|注销|解锁|续签|开具证明|转移|入住|出具)","role":"measure","severity":null,"waiver":null},{"clause":null,"code":"measure","pattern":"(未拆除|未清除|未清理|未更换|未修复|未整改|不整改|未恢复|未安装|无法拆除|无法更换|要求拆除|要求清理|要求整改|要求更换|要求修复|要求恢复|要求安装|请求安装|请求修复|请求更换|维修基金|维修资金|维护秩序|维护工作|整改意见|整改要求|整改方案|整改通知|整改计划|改造计划|改造方案|改造项目|需更换|需拆除|需维修|需修复|待维修|待更换|待拆除|维修方案|维修费|维修单位|维修人员|维修电话|安装公司|处罚规定|增加人手|安装需要|重新评估|登记维修|维修登记|限期拆除|责令改正|责令整改|限期整改|限期改正|立案调查|维修申请|重新核实|协调安装|设置不合理|减少噪音|登记检查|进行登记)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"completion","pattern":"(未完成|没有完成|尚未完成|不到位|未到位|没到位|未停止|不合格|未消除|无法完成|不能完成|未结束|尚未结束|未完工)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(已|已经|均已|业已|全部|当场|当日|当即|现已|均|共|累计|成功|立即|随即|完毕|次日|同日|当天)","role":"done_mark","severity":null,"waiver":null},{"clause":null,"code":"done_mark","pattern":"(已要求|已责令|已责成|已督促|已通知|已告知|已报|已上报|已列入|已纳入|已转|已联系|已约谈|已启动|已进入|已向|已建议|已提醒|已受理|已安排|已将|已提请|已请)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(将|拟|预计|计划|待|争取|力争|承诺|尽快|下一步|后续|准备|答应|要求|责令|责成|督促|敦促|限期|通知|应当|应于|必须|须|需要|即将|打算|建议|约定|保证|同意将|会尽快)","role":"future_mark","severity":null,"waiver":null},{"clause":null,"code":"future_mark","pattern":"(将其|将该|将上述|将剩余|将原|将所有|将全部|将破损|将堆|将货|将杂物|将车|将垃圾|将违|将此|将两|将三|将店|将门|将余|将款|将会议|将会员|将会计|将相关|将现场|将其余|将老|将旧|将坏|将人|将地|将路|将树|将摊|将物|将广告|将材料|将案|将证|将补|将费|将押|将退|将钱|按计划|原计划|根据计划|整改计划|等待|耐心等待|接待|对待|看待|准备金|按照要求|按要求|将污|将积|将淤|将井|将管|将电|将水|将灯|将墙|将楼|将空|将设|将机|将器|将座|将桌|将椅|将围|将护|将栏|将标|将招|将油|将排|将噪|将音|将犬|将狗|将猫|将鸡|将宠|将非|将共|将充|将线|将飞|将临|将棚|将顶|将违|将结|将处理结果|将办理结果|将处置|将情况|将上|将诉|将建议|将意见|将问题|将照片|将录音|将名|将老人|将孩|将患|将病|将资|将合|将协|将发|将单|将卡|将账|将会同)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(未|尚未|没有|未能|无法|不能|拒绝|拒不|暂未|不予|并未)","role":"negation","severity":null,"waiver":null},{"clause":null,"code":"negation","pattern":"(未留|未再|未发现|未接|未果|有没有|未见|从未|未来|没有发现|无法接通|未接通|未成年|没有异议|未超)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"E1","pattern":"(先行联系|联系|联络|来电|先行联络时间|沟通联系|首次联络|联系经过|首次联系|先行联系时间|先行联系情况|首次联系时间|先行联系记录|联系情况|联系时间|联系诉求人情况|先行沟通|首次沟通|联系沟通情况|与诉求人联系情况|沟通情况|联系来电人情况|联系市民情况|先行联络)","role":"label","severity":null,"waiver":null},{"clause":null,"code":"E2","pattern":"(核实情况|查看|认定|查看情况|核查结果|现场|现场查看|实地查看|查实|属实认定|调查|核查情况|事实认定|调查情况|核实|核查|查证情况|情况核实|调查核实|调查核实情况|现场核实|现场核实情况|核实认定|事实核查|现场核查|查实情况|属实情况|现场情况|认定情况|核实结果|是否属实|现场查看情况)","role":"label","severity":null,"waiver":null},{"clause":null,"code":"E3","pattern":"(办理过程|经过|处办过程|推进过程|工作情况|办理步骤|办理经过|处理过程|处理经过|办理情况|办理程序|工作过程|工作经过|办理流程|办理的主要过程|主要过程|过程|经办过程|办理步骤|办理环节|调处过程|协调过程|办理|办理措施|工作开展情况|协调情况)","role":"label","severity":null,"waiver":null},{"clause":null,"code":"E4","pattern":"(处置过程|措施|处置办法|处置内容|办结情况|整改|整改过程|办结结果|解决结果|处置情况|处置结果|处置措施|处理结果|办理结果|处置|整改情况|整改结果|处理措施|解决措施|处理情况|解决情况|落实情况|处置经过|处置及结果|处置过程及结果|处理意见|处理结论|办理结论|办理过程及处置|办理与处置|结果)","role":"label","severity":null,"waiver":null},{"clause":null,"code":"E3","pattern":"(办理过程及处置|办理与处置|办理及处置|办理处置|办理和处置|处理过程及结果|办理过程及结果|办理情况及结果|办理过程和结果|办理过程与结果|办理处置过程|办理处置情况)","role":"label","severity":null,"waiver":null},{"clause":null,"code":"E4","pattern":"(办理及处置|办理处置|办理和处置|处理过程及结果|办理过程及结果|办理情况及结果|办理过程和结果|办理过程与结果|办理处置过程|办理处置情况)","role":"label","severity":null,"waiver":null},{"clause":null,"code":"E5","pattern":"(责任人|责任人及电话|责任人及联系电话|责任人及联系方式|责任人电话|具体责任人|经办人|承办人|负责人|联系人|办理人|处置人|责任人员|经办人员|承办人员|具体经办人|具体承办人|具体负责人|处置责任人|承办责任人|主办人|主办人员)","role":"label","severity":null,"waiver":null},{"clause":null,"code":"E6","pattern":"(联系电话|联系方式|电话|办公电话|座机|电话号码|联系号码|联络电话|咨询电话|责任人电话|经办人电话|承办人电话|手机|固定电话|单位电话|联系热线)","role":"label","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(回复|告知|告知情况|回告|答复结果|回复情况|回复时间|回复诉求人|回复诉求人情况|答复情况|答复时间|答复|反馈情况|回访情况|回复市民|市民反馈|诉求人反馈|满意度|诉求人评价|回复来电人|反馈时间|回复记录|回访|结果反馈|反馈|答复市民|诉求人意见|群众评价|市民评价|回复与反馈|回复及评价|回复和评价)","role":"reply_label","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(附件|相关附件|附件材料|附件清单|附件情况|附|佐证材料|附件列表|附件目录|证明材料|相关材料|随附材料)","role":"attachment_label","severity":null,"waiver":null},{"clause":null,"code":"contact","pattern":"(先行联系|首次联系|回复|答复|联系|回访|沟通)(|的|与|及|和)(|回复|先行联系|通话|电话|短信)(录音|通话记录|记录截图|截图)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"reply","pattern":"(先行联系|首次联系|回复|答复|联系|回访|沟通)(|的|与|及|和)(|回复|先行联系|通话|电话|短信)(录音|通话记录|记录截图|截图)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"E1","pattern":"(先行联系|首次联系|先行联络|第一次联系|首次致电|首次电话|先行沟通|先行致电|先行电话|首次与诉求人|首次拨打|先行告知|首通电话|首次沟通|先行与)","role":"contact","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(联系|致电|拨打|电联|走访|约见|沟通|通话|拨通|去电|面谈|会面|联络|打通|拜访|电询|面访|见面|接通|回电|回拨|电话|微信|见到|听取|语音|视频|接听|通上话|通了话|上门找)[8](诉求人|来电人|市民|投诉人|反映人|举报人|求助人|咨询人|建议人|先生|女士|小姐|阿姨|居民|老伯|大爷|您|家属|大妈|阿婆|爷叔|师傅|其本人)","role":"contact","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(回电|回拨|去电|通电话|通了电话|打了电话|打电话|拨通电话|通话|接通电话|接到居委会电话|接听了)","role":"contact","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(再次|再度|又|二次)(致电|电话|联系|通话|拨打|上门|回访|去电|打电话|与|向|接通|拨通)","role":"contact","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(电话|微信|短信|当面)(联系|沟通|通话)","role":"contact","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(拨通|接通|打通)[6]电话","role":"contact","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(诉求人|来电人|市民|投诉人|反映人|举报人|求助人|咨询人|建议人|先生|女士|小姐|阿姨|居民|老伯|大爷|您|家属|大妈|阿婆|爷叔|师傅|其本人)[14](联系|致电|拨打|电联|走访|约见|沟通|通话|拨通|去电|面谈|会面|联络|打通|拜访|电询|面访|见面|接通|回电|回拨|电话|微信|见到|听取|语音|视频|接听|通上话|通了话|上门找)","role":"contact","severity":null,"waiver":null},{"clause":null,"code":"contact","pattern":"(直接联系|来电诉求人|拨打12345|自行联系|请联系|可联系|建议联系|联系物业|联系居委|联系电话|联系方式|沟通协调|联系店|联系房|联系业|联系施|联系车|联系公司|联系区|联系当事人|联系电工|联系供|联系燃|联系保|联系社区|联系家属)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(回复|答复|回访|回电|回告)(|给|了|到)(诉求人|来电人|市民|投诉人|反映人|举报人|求助人|咨询人|建议人|其|本人|该诉求人|居民)","role":"reply","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(电话|短信|微信|上门|当面|书面|致电|口头|现场|再次|面对面|邮件|来电|逐一|通过电话|去电|及时|最终|正式|手机)(回复|答复|回访|反馈|告知|通报)","role":"reply","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(回复|答复|回访|反馈)[10](先生|女士|小姐|阿姨|老师|老伯|大爷)","role":"reply","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(向|给|与|跟|同|对)(诉求人|来电人|市民|投诉人|反映人|举报人|其)[10](回复|答复|反馈|回访|告知|通报|解释|说明)","role":"reply","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(致电|联系|电联|告知|通知|拨打|回拨|电告|短信|约见|上门|走访|通话|告诉)<16>(结果|处置情况|处理情况|办理情况|完成情况|整改情况|修复情况|办结情况|落实情况|进展|处理完毕|已修复|已整改|已清理|已拆除|已完成|已处理|已解决|已更换|已恢复|修好|办好了|解决了)","role":"reply","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(先生|女士|小姐|阿姨|诉求人|来电人|市民)[10](回复|答复|回访|反馈|告知)[10](结果|处置|处理|办理|修复|情况|完成|进展|整改)","role":"reply","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(回复时间|答复时间|回复日期|反馈时间|回访时间|回复于|答复于|已回复|作了回复|作出答复|予以回复|予以答复|完成回复|进行回复|进行回访|进行了回访|进行答复|进行了回复|电话回访|最终回复|反馈结果|反馈处理结果|告知办理结果|告知处理结果|告知处置结果|告知结果|告知核查结果|结果反馈|结果告知|办理结果告知|结果回复)","role":"reply","severity":null,"waiver":null},{"clause":null,"code":"reply","pattern":"(等待回复|尚未回复|未回复|未答复|要求回复|希望回复|请求回复|要求答复|请求答复|复函|期待回复|待回复|回复口径)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(附件|随单附|随附|见附|附后|随文附|附有|附上|另附|并附|现附|附现场|附先行|附回复|附录音|附照片|附处置|附通话|附短信|附截图|附整改|附拍摄|后附|一并上传|已上传|上传附件|上传录音|上传照片|附联系|材料附)","role":"attachment","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"附[10](录音|照片|截图|图片|凭证|影像|视频|记录|清单|复印件|扫描件|签字)","role":"attachment","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(录音|照片|截图|图片)[3](一|两|二|三|四|五|六|七|八|九|十|1|2|3|4|5|6|7|8|9|各)(份|张|段|组|幅|套|个|条)","role":"attachment","severity":null,"waiver":null},{"clause":null,"code":"attachment","pattern":"(附件无|附件暂无|无附件|没有附件|附件没有|无任何附件|附件缺|附件未|未附|附近|附属|附着|附加|未上传)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(属实|不实|与事实相符|与事实不符|与实际相符|与实际不符|与实际情况相符|与实际情况不符|情况存在|情况真实|问题存在|现象存在|确实存在|确有|确存在|确系|确为|确是|确实有|确已|相符|不相符|一致|不一致|采纳|留作参考|作为参考|有政策信息|无政策信息|对政策解释不接受|政策解释不接受|存在该|存在上述|存在诉求人|真实存在|客观存在|情况真实|反映真实|如诉求人所述|与描述一致|与反映一致|所述无误|属事实|为事实|是事实|符合事实|真实有效|有政策依据|无政策依据|有相关政策|无相关政策|有明确规定|有明确政策|已有政策|暂无政策|不成立|诉求成立|投诉成立|基本属实|部分属实|完全属实|均属实|不存在该|不存在诉求人|不存在所|不存在上述|纳入参考|予以吸收|未予采纳|无此政策|没有政策|暂无相关政策|没有相关政策|尚无政策|尚无相关政策)","role":"fact","severity":null,"waiver":null},{"clause":null,"code":"E2","pattern":"(是否属实|属实与否|是否一致|是否相符|是否存在|是否真实|是否采纳|属实待|未核实属实|待核实是否|不确有|不一致意见|达成一致|协商一致|意见一致|一致同意|一致认为|取得一致|口径一致|统一一致|一致意见|一致性|一致好评|意见不一致)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(会同|约谈|协商|商议|召开|调解|劝导|劝说|劝阻|宣讲|普法|责令|开具|送达|责成|报修|派单|调取|检修|查阅|查询|征询|走访|了解情况|约见|签订|批评教育|制止|检测|勘察|勘测|测量|对接|牵头|联合|发函|函告|协调|沟通|核对|确认|组织|联系物业|联系电工|联系施工|联系供|联系业|联系店|联系车|联系环|联系绿|联系房|联系区|联系市|联系养|联系产|联系管|联系燃|联系社|联系维|联系保|联系疏|派遣|派员|派人|调派|委托|督促|要求物业|要求店|要求施工|要求业主|要求商|通知物业|通知店|通知施工|通知业|告知物业|告知店|告知业|告知当|张贴告|询问店|询问当|询问物|询问业|询问经|调查取证|拍照取证|立案|执法检查|蹲点|值守|排查原因|查明|排查|追查|走访周边|入户|上门|邀请|比对|整理|汇总|提醒|教育|宣传|协助|对照|审核|查验|约请|商讨|研究|踏勘|筛查|比选|询价|申请|申报|上报区|致函|指导|陪同|安抚|解释|梳理)","role":"process","severity":null,"waiver":null},{"clause":null,"code":"E3","pattern":"(沟通情况|组织者|确认书|多次召开会议|协调会议纪要|上门查看|上门核实|上门核查)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"E5","pattern":"(责任人|承办|具体责任人|经办人|承办人|办理人|处置人|责任人员|经办人员|承办人员|具体负责人|主办人|主办人员|责任民警|本单负责人|工单负责人|案件负责人|责任领导|处置责任人|片区责任人|责任部门及人员|责任单位及人员|经办)","role":"person","severity":null,"waiver":null},{"clause":null,"code":"E5","pattern":"(联系人|对接人|负责人姓名|部门负责人|科室负责人|单位负责人|办理负责人|本件负责人|负责同志)","role":"person","severity":null,"waiver":null},{"clause":null,"code":"E5","pattern":"负责人","role":"person","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"由[20](办理|负责|承办|经办|跟进|处置|处理|经手|落实|主办)","role":"person","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(具体负责|负责办理|负责处置|负责处理|负责跟进|承办|负责本单|负责本工单|负责此单|负责落实|负责对接|负责该工单|全程负责|为责任人|为具体责任人|为本单责任人|系责任人|作为责任人|为经办人|为承办人|负责解释|负责联系|负责|任责任人|担任责任人|为本工单责任人|是本单责任人|系本单责任人|是责任人|为联系人|为本案责任人)","role":"person","severity":null,"waiver":null},{"clause":null,"code":"E5","pattern":"(物业负责人|店方负责人|店铺负责人|施工负责人|公司负责人|门店负责人|管理方负责人|项目负责人|现场负责人|企业负责人|商户负责人|饭店负责人|超市负责人|工地负责人|菜场负责人|店负责人|业委会负责人|网格负责人|场所负责人|单位主要负责人|经营负责人|健身房负责人|学校负责人|幼儿园负责人|车队负责人|机构负责人|租赁方负责人|运营方负责人|市场负责人|事故责任人|违法责任人|直接责任人|消防责任人|安全责任人|侵权责任人|损坏责任人|乱丢责任人|当事责任人|倾倒责任人|堆物责任人|物业方负责人|中介负责人|养护单位负责人|产权单位负责人|施工单位负责人|施工方负责人|管理处负责人|承办法院|责任人员安|门责制责任人|追究责任人|相关责任人|有关责任人|物业联系人|店方联系人|物业公司负责人|物业服务企业负责人|酒店负责人|工程负责人|开发商负责人|协会负责人|门前责任人|首派负责)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(电话|联系方式|座机|手机|热线|致电|拨打|号码|固话|办公室电话|联系热线|手机号|联系号码|tel|咨询|联络|总机)","role":"phone","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(工单号|工单编号|编号|单号|订单号|受理号|案号|读数|表号|身份证|身份证号|证号|车牌|车牌号|账号|卡号|文号|流水号|金额|面积|余额|档案号|备案号|合同号|票号|发票|邮编|房产证|许可证|执照|户号|登记号|序列号|设备号|条码|沪公网|学籍号|社保号|批次|型号|字第|票据|交易号|凭证号|代码|信用代码|人民币|共计|收费|费用|里程)","role":"not_phone","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(未留联系方式|无联系方式|未留电话|未留下联系方式|匿名|没有留下联系方式|没有联系方式|未提供联系方式|未留下电话|无联系电话|未留联系电话|没有留联系方式|未登记联系方式|无法联系诉求人|未预留联系方式|未留任何联系方式|未填写联系方式|无诉求人联系方式|无来电号码|未留号码|未提供电话|未预留电话|没有留电话|来电未显示号码|号码保密|联系方式缺失|未留下任何联系方式|工单无联系|没有联系电话|隐藏号码|未提供联系电话|联系方式为空|未显示来电号码|联系方式未留)","role":"no_contact","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(无人接听|未接通|未接听|无法接通|关机|空号|停机|拒接|占线|联系未果|未能联系上|无人应答|未打通|忙音|不在服务区|无人接|未接电话|未能接通|均未接|联系不上|未应答|未能取得联系|拒绝接听|暂停服务)","role":"no_answer","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(照片|图片|影像|相片|影像资料|图像)","role":"photo","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(进一步核|再次核|联系核|联系核实|核对|复核|复测|在场|陪同|一同|一起|共同查看|共同到|共同前往|指认|到场指|带领|带路|指引|确认|核实地址|核实具体|核实位置|核实点位|核实地点|核实门牌|再次联系|再次致电|再次与|再次电话|重新核|补充核|现场指|核实准确|核准|约诉求人|约定|当面核|进一步了解|反复核|三方|同诉求人|同来电人|与其核|与诉求人核|向诉求人核|向其核|向来电人核)","role":"verify","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(与|向|同|跟|和|联系|致电|询问)[8](诉求人|来电人|市民|先生|女士|小姐|投诉人|反映人)[12](核实|核查|核对|确认|了解|询问|进一步|补充|定位|明确|查看|勘查|复看)","role":"verify","severity":null,"waiver":null},{"clause":null,"code":"verify","pattern":"(确认收货|确认满意|确认知晓|确认函|签字确认|确认书)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(复查|回头看|回访|再次巡查|再次检查|再次查看|复检|复看|抽查|后续巡查|连续巡查|跟踪检查|反复巡查|再次到场|再次到现场|整改后|清理后|拆除后|处置后|多次巡查|随后巡查|次日巡查|复核|巡查未再|值守|再查|连续三天|连续多日|至今|此后|之后|维修后|更换后|修复后|试运行|调试后|消杀后|冲洗后|夜间巡查)","role":"recheck","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(因|由于|鉴于|发现|看到|见到|见|到场时|检查时|查看时|巡查时|到达时|现场时|期间|上门时|走访时|核查时|核实时|当时|时段|看见|当场查获|查获|确认|查见|核实到|目睹|看见有|拍到|视频显示|监控显示|时，)","role":"scene","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(根据|依据|按照|依照|条例|规定|办法|法律|民法典|合同约定|管理规约|法规|章程|协议约定|依规|依法|规约|公约|物业服务合同)","role":"legal","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(汇总|各部门处置情况|汇总如下|情况如下|综合各部门|各部门处置|各部门反馈|处置情况汇总|办理情况汇总|各方处置)","role":"summary","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(涉及|牵涉)[16](部门|单位)","role":"involved","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(不属实|不实|与事实不符|诉求不成立)","role":"unfounded","severity":null,"waiver":null},{"clause":null,"code":"unfounded","pattern":"(部分不属实|属实不属实|不实之处)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"与[10]不符","role":"concluding","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(不存在|不符合|不构成|不属于|不违反|未违反|未违规|无违规|并无|没有违|符合规定|符合要求|符合规范|符合标准|合法合规|未超标|达标|不影响|不具备|无法认定|不成立)","role":"concluding","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(满意|认可|理解|接受|感谢|清楚|无异议|没有异议|知晓|放心|同意|不满|不认可|不接受|满意度|评价|知悉|无其他|没有其他|表示可以|无疑问|明白|肯定|谅解|不理解|认同|好评|赞同|了解了|无意见|没有意见|确认|支持|解决认可|反馈良好|点赞)","role":"feedback","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(暂时无法|暂无法|目前无法|暂不能|暂时不能|暂未解决|无法立即|短期内无法|一时无法|尚不具备条件|暂不具备|近期无法|难以立即|暂难|目前尚无法|目前暂无)","role":"unresolved","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(解释|说明|告知|答复|讲解|宣传|介绍|阐明|释明|安抚|发送|提供|整理|解答|指导|回应|提示)","role":"explained","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"安排[6](人员|师傅|施工队|保洁|电工)","role":"process","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"张贴[6]通知","role":"process","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(换|装|送|补|清|拆|修|搬|拖|贴|划|退|赔|罚|铺|刷|剪|种|填|堵|挖|挪|撤|移|盖|封|锁|扫|冲|洗|运|摆|砌|焊|涂|喷|灭|还|付|挂|割|砍|锯|疏|掏|垫|钉|腾|扣|加|停|关|改|派|设|发|增|办|架|立|抽|接|降|升|调|树|浇|抹|缴|拔|栽|捞|收|拉|画)(上|掉|好|走|完|回|去|毕|净|满|成|出|到)","role":"measure","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(换|装|补|清|拆|修|搬|贴|划|画|铺|刷|剪|种|填|堵|盖|封|锁|扫|冲|退|赔|罚|涂|砌|焊|喷|挂|割|砍|锯|疏|掏|垫|钉|腾|缴|拔|栽|捞|改|停|关|设|挪|移|撤|送)了","role":"measure","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(换|装|送|补|拆|修|搬|拖|贴|划|退|赔|罚|铺|刷|剪|种|填|堵|挖|挪|撤|移|盖|封|锁|扫|冲|运|砌|焊|涂|喷|灭|还|付|挂|割|砍|锯|疏|掏|垫|钉|腾|扣|栽|捞|增|装设|新设|派|发放|领取|补助|设)[5](一|二|两|三|四|五|六|七|八|九|十|1|2|3|4|5|6|7|8|9)","role":"measure","severity":null,"waiver":null},{"clause":null,"code":"*","pattern":"(辞退|驶离|启用|拉走|离开|领回|取回|配发|道闸|训诫|警告|开班|开课|到课|开通|上线|加班|延长|缩短|错峰|限行|提前|推迟|改道|改为|改到|改用|改在|开放|关门|闭店|销毁|封存|没收|扣留|熄灭|关掉|调低|调小|调高|移交公安|减排|停用|停火|停售|下线|供水恢复|来水|来电恢复|通气|通行|畅通|止漏|不漏|不再滴|不滴水|归零|撤码|撤摊|收摊|缴清|付清|结清|协调到位|签收|领取|发证|取证|制证|办证|办结手续|上牌|落户|开户|到户|送达|送到|送至|接走|转运|转院|收治|就诊|陪诊|探望|慰问|帮扶|结对|登门道歉|道歉|致歉|补课|排班|轮岗|增开|加开|增配|补装|补划|复绿|复垦|回填|加盖|加装|包裹|保温|隔音|降噪|静音|减振|换新|换成|更正|改写|换发|挂牌|立牌|竖牌|拍照存档|收起|收走|牵走|带离|带走|约束|拴养|办证|免疫|绝育|投药|投放|布放|堵洞|封洞|封口|喷药|灭杀|清零|清空|清走|清离|清洁|消毒|拖地|擦拭|刷新|上漆|刷漆|涂刷|出新|翻新|翻修|翻建|重建|复建|还建|装好|补好|修好|改好|铺好|接好|换好|疏好|调好|贴好|摆好|放好)","role":"measure","severity":null,"waiver":null},{"clause":null,"code":"measure","pattern":"(交换|兑换|变换|听取|打电话|发送了|写了|办公|加强|加大|改善|改进|设想|补充|调解|调查|修正|清楚|清点|清单|拆迁|装修|停车|停放|送检|退回|封面|运行|运营|运动|设施|设备|发现|发展|开会|开展|派出所|关于|关心|关注|停留|设立|划分|划线标准|立案|接受|贴心|补贴标准|加班|改变|改天|办法|架空|抽查|降价|升级|调度|树木|扫码|换位)(了|好|完|到|出|上|一|两|)","role":"harmless","severity":null,"waiver":null},{"clause":null,"code":"P1","pattern":"适时[4]了","role":"harmless","severity":null,"waiver":null}],"required_evidence":[{"clause":"2.2.2","kind":"document","subject":"out_of_duty"},{"clause":"2.2.2","kind":"recording","subject":"out_of_duty"},{"clause":"2.2.2","kind":"photo","subject":"out_of_duty"}],"rulebook":[{"source":"普宜办〔2023〕5号，2023-01-26","title":"宜川路街道“12345”市民服务热线工作操作规范"}],"rulebook_setting":[{"clause":"2.4.1","name":"failed_contact_attempts","value":"3"},{"clause":"2.4.1","name":"failed_contact_minutes","value":"30"},{"clause":"C4","name":"late_entry_hours","value":"24"},{"clause":"2.3.3.3","name":"send_back_by_check","value":"elements"},{"clause":"2.3.6","name":"repeat_span_days","value":"365"},{"clause":"2.3.6.1","name":"repeat_same_person","value":"3"},{"clause":"2.3.6.2","name":"repeat_several_persons","value":"2"},{"clause":"2.3.6.3","name":"repeat_several_matters","value":"3"},{"clause":"2.3.4","name":"words_conclusion","value":"不存在|不符合|未发现|没有发现|并无|并非|无此情况|与事实不符|与实际不符"},{"clause":"2.3.6.1","name":"words_earlier_handling","value":"前期|此前|之前|前次|上次|曾于|曾多次"},{"clause":"2.3.6.2","name":"words_background","value":"背景|由来|历史原因|基本情况"},{"clause":"3.3","name":"digest_leader_notices","value":"on"},{"clause":"2.2.2","name":"return_count_scope","value":"ticket"},{"clause":"2.3.5","name":"review_after_callback","value":"off"},{"clause":"2.3.1","name":"assist_working_days","value":"3"},{"clause":"2.3.6","name":"incident_span_days","value":"90"},{"clause":"2.3.2.2","name":"extensions_per_ticket","value":"1"}]}');

-- ==== sql/calendar/tables.sql

-- Calendars: which days are worked, at which hours, and which document says so.
-- The engine (src/calendar_cache.c) reads the first six; calendar_change tells the clocks what moved.

create table ticket_workflow.calendar (
	code text primary key check (code <> '' and octet_length(code) <= 255),
	name text not null,
	zone text not null,
	-- what is null here is the base's; without a base Monday to Friday, 24:00
	working_week text check (working_week ~ '^[01]{7}$'),
	closing_time time check (closing_time > time '00:00' and date_trunc('minute', closing_time) = closing_time)
);
comment on table ticket_workflow.calendar is
	'Calendars (日历): zone, weekly pattern (seven digits from Monday, 1 is worked) and the time at which a day ends';

create table ticket_workflow.calendar_base (
	calendar text primary key references ticket_workflow.calendar,
	base text not null references ticket_workflow.calendar,
	check (calendar <> base)
);
comment on table ticket_workflow.calendar_base is 'Which calendar another is laid over: local day before national day before weekly pattern';
create index calendar_base_base on ticket_workflow.calendar_base (base);

create table ticket_workflow.calendar_window (
	calendar text not null references ticket_workflow.calendar,
	-- 1 is Monday, 7 Sunday; 0 is every working day that has no windows of its own
	weekday smallint not null check (weekday between 0 and 7),
	opens time not null check (date_trunc('minute', opens) = opens),
	closes time not null check (date_trunc('minute', closes) = closes),
	primary key (calendar, weekday, opens),
	check (opens < closes)
);
comment on table ticket_workflow.calendar_window is 'Service hours (服务时间) by weekday; a calendar without any is open all day';

create table ticket_workflow.calendar_date_window (
	calendar text not null references ticket_workflow.calendar,
	day date not null,
	opens time not null check (date_trunc('minute', opens) = opens),
	closes time not null check (date_trunc('minute', closes) = closes),
	primary key (calendar, day, opens),
	check (opens < closes)
);
comment on table ticket_workflow.calendar_date_window is 'Service hours of one date, in the place of its weekday''s';

create table ticket_workflow.calendar_document (
	calendar text not null references ticket_workflow.calendar,
	source text not null,
	-- the year of the paper; null for days entered by hand
	year integer,
	papers text[] not null default '{}',
	-- first and last day for which this document is the whole truth
	covers_since date,
	covers_until date,
	imported_at timestamptz not null,
	primary key (calendar, source),
	check ((covers_since is null) = (covers_until is null) and covers_since <= covers_until)
);
comment on table ticket_workflow.calendar_document is 'Documents that calendars were made from, and what they cover (公布范围)';

create table ticket_workflow.calendar_day (
	calendar text not null,
	day date not null check (day between date '1900-01-01' and date '2199-12-31'),
	source text not null,
	name text not null,
	is_off_day boolean not null,
	-- of several documents that name a day the highest decides: the year of the paper, days entered by hand above all
	rank integer not null,
	primary key (calendar, day, source),
	foreign key (calendar, source) references ticket_workflow.calendar_document
);
comment on table ticket_workflow.calendar_day is 'Days that depart from the weekly pattern: holidays (放假) and make-up working days (调休上班)';
create index calendar_day_source on ticket_workflow.calendar_day (calendar, source);

create sequence ticket_workflow.calendar_version_seq;

create table ticket_workflow.calendar_change (
	version bigint primary key,
	-- no foreign key: what a dropped calendar once moved stays
	calendar text not null,
	-- what may have moved, inclusive; -infinity and infinity where it is everything
	first_day date not null,
	last_day date not null,
	reason text not null,
	changed_at timestamptz not null,
	changed_by text not null,
	check (first_day <= last_day)
);
comment on table ticket_workflow.calendar_change is
	'Log of changes: versions grow in the order of commits; calendar_changes() adds those of the bases';
create index calendar_change_calendar on ticket_workflow.calendar_change (calendar, version);

-- ==== sql/organization/tables.sql

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
insert into ticket_workflow.position values
	('inspector', 0), ('operator', 10), ('liaison', 10), ('information_officer', 10), ('dispatcher', 15),
	('head', 20), ('supervising_leader', 30), ('principal_leader', 40);

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

-- ==== sql/security/tables.sql

-- Who got which capability, and what each capability may call and read.
-- access_grant is data (the DBA's roles); the two tables of capabilities are the product's.

create table ticket_workflow.access_grant (
	-- by name: an oid would not survive a dump
	role_name text not null,
	capability text not null
		check (capability in ('application', 'official', 'reader', 'auditor', 'sweeper', 'manager')),
	-- null: all centers, those to come included
	center_id bigint references ticket_workflow.center,
	granted_at timestamptz not null,
	granted_by text not null,
	unique nulls not distinct (role_name, capability, center_id)
);
comment on table ticket_workflow.access_grant is
	'Capabilities granted to database roles, per center or for all; grant_access() writes it, refresh_grants() repeats it';

create table ticket_workflow.function_capability (
	function_name text not null,
	-- any: whoever has any capability; internal: nobody, the extension calls it itself
	capability text not null
		check (capability in ('application', 'official', 'reader', 'auditor', 'sweeper', 'manager', 'any', 'internal')),
	primary key (function_name, capability)
);
comment on table ticket_workflow.function_capability is
	'Product table: which capability may execute which function; a function without a line may be executed by nobody and fails a test';

create table ticket_workflow.relation_capability (
	relation_name text not null,
	capability text not null
		check (capability in ('application', 'official', 'reader', 'auditor', 'sweeper', 'manager', 'any', 'internal')),
	-- null: all columns
	columns text[],
	primary key (relation_name, capability)
);
comment on table ticket_workflow.relation_capability is
	'Product table: which capability may select from which table or view, and which columns of it; rows are a matter of row security';

-- ==== sql/rulebook/tables.sql

-- The rulebook: amounts, thresholds, roles and option lists of one norm, as rows.
-- CREATE EXTENSION brings none; load_rulebook() does. A ticket keeps the rulebook of its receipt.

create table ticket_workflow.rulebook (
	rulebook text primary key,
	title text not null,
	source text,
	loaded_at timestamptz not null
);
comment on table ticket_workflow.rulebook is 'Norms that can be in force, by name';

create table ticket_workflow.center_rulebook (
	center_id bigint not null references ticket_workflow.center,
	rulebook text not null references ticket_workflow.rulebook,
	valid daterange not null check (not isempty(valid)),
	-- one rulebook in force per center and day; int8range needs no other extension
	exclude using gist (int8range(center_id, center_id, '[]') with &&, valid with &&)
);
comment on table ticket_workflow.center_rulebook is 'Which rulebook a center follows on which days';

create table ticket_workflow.rulebook_setting (
	rulebook text not null references ticket_workflow.rulebook,
	name text not null,
	value text not null,
	clause text,
	primary key (rulebook, name)
);
comment on table ticket_workflow.rulebook_setting is 'Single amounts and switches of a rulebook; rulebook_setting() reads them';

create table ticket_workflow.clock_limit (
	rulebook text not null references ticket_workflow.rulebook,
	clock text not null,
	-- the first row whose conditions hold gives the limit; none: the clock does not run
	priority integer not null,
	day_kind text check (day_kind in ('working', 'rest')),
	received_on text check (received_on in ('working', 'rest')),
	urgent boolean,
	handling_class text,
	kind text,
	category text,
	limit_kind text not null check (limit_kind in
		('elapsed_minutes', 'service_minutes', 'working_days', 'calendar_days', 'next_working_day_at', 'half_day_cutoff', 'given')),
	amount integer,
	at_time time,
	roll boolean not null default true,
	clause text not null,
	primary key (rulebook, clock, priority)
);
comment on table ticket_workflow.clock_limit is
	'How long each clock runs, by kind of day at its start and at receipt, urgency, class, kind and category (null = any); given = the limit that came with the ticket';

create table ticket_workflow.escalation_level (
	rulebook text not null references ticket_workflow.rulebook,
	clock text not null,
	level integer not null,
	offset_kind text not null check (offset_kind in ('share', 'minutes', 'working_days')),
	-- share of the span (0.8 = a warning, 1 = when due), minutes or working days from the due time (negative = before)
	amount numeric not null check (offset_kind <> 'share' or amount > 0 and amount <= 1),
	purpose text not null check (purpose in ('warning', 'overdue', 'notice')),
	digest boolean not null default false,
	clause text not null,
	primary key (rulebook, clock, level)
);
comment on table ticket_workflow.escalation_level is 'When a running clock speaks up: levels before, at and after the due time';

create table ticket_workflow.escalation_recipient (
	rulebook text not null,
	clock text not null,
	level integer not null,
	relation text not null check (relation in ('lead', 'assist', 'area', 'center', 'duty', 'inspection')),
	position text not null,
	primary key (rulebook, clock, level, relation, position),
	foreign key (rulebook, clock, level) references ticket_workflow.escalation_level
);
comment on table ticket_workflow.escalation_recipient is
	'To whom a level speaks: a position in its relation to the ticket; duty knows the positions duty_officer and duty_leader';

create table ticket_workflow.act_right (
	rulebook text not null references ticket_workflow.rulebook,
	act text not null,
	position text not null,
	relation text not null check (relation in ('lead', 'assist', 'area', 'center', 'duty', 'inspection')),
	clause text,
	primary key (rulebook, act, position, relation)
);
comment on table ticket_workflow.act_right is 'Which position, in which relation to the ticket, may perform which act';

create table ticket_workflow.approval_rule (
	rulebook text not null references ticket_workflow.rulebook,
	rule text not null,
	subject text not null check (subject in ('report', 'return', 'transfer', 'extension')),
	-- what makes the rule apply; null = any
	kind text,
	source text,
	fact_finding text,
	starred boolean,
	min_ordinal integer,
	upward boolean,
	repeat_kind text check (repeat_kind in ('same_person', 'several_persons')),
	-- the least position that signs, and over which organization
	position text not null,
	relation text not null check (relation in ('lead', 'center')),
	or_leader_on_duty boolean not null default false,
	clause text not null,
	primary key (rulebook, rule)
);
comment on table ticket_workflow.approval_rule is 'Whose signature a report, return, transfer or extension needs, and when';

create table ticket_workflow.finding_option (
	rulebook text not null references ticket_workflow.rulebook,
	dimension text not null check (dimension in ('fact_finding', 'claim_finding', 'handling_result')),
	code text not null,
	category text not null,
	zh text not null,
	en text not null,
	starred boolean not null default false,
	ordinal integer not null,
	clause text not null,
	primary key (rulebook, dimension, category, code)
);
comment on table ticket_workflow.finding_option is
	'Options of annexes 3 and 5 (事实认定, 诉求认定, 处理结果) per category; starred ones (不属实类) need a signature';

create table ticket_workflow.finding_relation (
	rulebook text not null references ticket_workflow.rulebook,
	category text not null,
	fact_finding text not null,
	claim_finding text,
	handling_result text not null,
	verdict text not null check (verdict in ('allow', 'warn')),
	unique nulls not distinct (rulebook, category, fact_finding, claim_finding, handling_result)
);
comment on table ticket_workflow.finding_relation is
	'Combinations of findings that are allowed or warned; what is not listed is warned and needs a reason (annex 5)';

create table ticket_workflow.required_evidence (
	rulebook text not null references ticket_workflow.rulebook,
	subject text not null check (subject in ('out_of_area', 'out_of_duty')),
	kind text not null,
	clause text not null,
	primary key (rulebook, subject, kind)
);
comment on table ticket_workflow.required_evidence is 'Kinds of evidence a return needs, or a stated reason why a kind does not apply (2.2.2)';

-- ==== sql/ticket/masks.sql

-- Masks of personal data; generated columns are made of them, so they stand before the tables.
-- May touch: nothing.

create or replace function ticket_workflow.mask_name(name text) returns text
	language sql immutable parallel safe
	return case when mask_name.name is null then null
		else left(mask_name.name, 1) || repeat('*', greatest(length(mask_name.name) - 1, 1)) end;
comment on function ticket_workflow.mask_name(text) is 'The family name, the rest starred';

create or replace function ticket_workflow.mask_phone(phone text) returns text
	language sql immutable parallel safe
	return case when mask_phone.phone is null then null
		when length(mask_phone.phone) < 7 then repeat('*', length(mask_phone.phone))
		else left(mask_phone.phone, 3) || repeat('*', length(mask_phone.phone) - 5) || right(mask_phone.phone, 2) end;
comment on function ticket_workflow.mask_phone(text) is 'First three and last two digits, the rest starred';

create or replace function ticket_workflow.mask_address(address text) returns text
	language sql immutable parallel safe
	-- road and estate help the reader, numbers lead to the door
	return regexp_replace(mask_address.address, '[0-9０-９一二三四五六七八九十百]+(?=\s*(弄|号|栋|幢|座|单元|室|楼|层|支弄|-|—))|[0-9０-９]+', '**', 'g');
comment on function ticket_workflow.mask_address(text) is 'The address without its numbers';

-- ==== sql/ticket/tables.sql

-- The ticket, the person behind it, and what links tickets to each other.
-- State, clocks and journal follow from guarded UPDATEs of ticket (sql/ticket/guards.sql).

create sequence ticket_workflow.petitioner_seq;
create sequence ticket_workflow.ticket_seq;

create table ticket_workflow.petitioner (
	petitioner_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	name text,
	-- normalised once, by normalize_phone()
	phone text check (phone ~ '^[+]?[0-9]{3,20}(-[0-9]{1,6})?$'),
	phone_is_mobile boolean,
	phone_locality text check (phone_locality in ('local', 'non_local', 'unknown')),
	address text,
	name_masked text generated always as (ticket_workflow.mask_name(name)) stored,
	phone_masked text generated always as (ticket_workflow.mask_phone(phone)) stored,
	address_masked text generated always as (ticket_workflow.mask_address(address)) stored
);
comment on table ticket_workflow.petitioner is
	'Personal data, apart from the ticket; readers see the masked columns. A correction adds a row, none is overwritten';
create index petitioner_phone on ticket_workflow.petitioner (center_id, phone) where phone is not null;

create table ticket_workflow.ticket_state (
	state text primary key,
	ordinal integer not null unique,
	is_open boolean not null,
	terminal boolean not null
);
comment on table ticket_workflow.ticket_state is 'Product table: states of a ticket';
insert into ticket_workflow.ticket_state values
	('received', 1, true, false), ('dispatched', 2, true, false), ('accepted', 3, true, false),
	('return_requested', 4, true, false), ('reported', 5, true, false), ('rework', 6, true, false),
	('completed', 7, false, false), ('closed', 8, false, false), ('transferred', 9, false, true),
	('withdrawn', 10, false, true), ('merged', 11, false, true);

create table ticket_workflow.ticket_transition (
	from_state text not null references ticket_workflow.ticket_state,
	to_state text not null references ticket_workflow.ticket_state,
	act text not null,
	-- what the transition means to the clocks (clock_event)
	event text not null,
	needs_reason boolean not null,
	clause text not null,
	primary key (from_state, to_state, act)
);
comment on table ticket_workflow.ticket_transition is
	'Product table: the allowed changes of state; every other is refused (TW001). lifecycle_diagram() prints it';
insert into ticket_workflow.ticket_transition values
	('received', 'dispatched', 'dispatch', 'dispatched', false, '2.1'),
	('received', 'transferred', 'transfer', 'transferred', true, '2.2.1'),
	('received', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('received', 'merged', 'merge', 'merged', false, '2.3.6'),
	('dispatched', 'accepted', 'accept', 'accepted', false, '2.3.2.2'),
	('dispatched', 'return_requested', 'request_return', 'return_requested', false, '2.2'),
	('dispatched', 'received', 'recall', 'recalled', true, '2.1'),
	('dispatched', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('dispatched', 'merged', 'merge', 'merged', false, '2.3.6'),
	('accepted', 'return_requested', 'request_return', 'return_requested', false, '2.2'),
	('accepted', 'received', 'recall', 'recalled', true, '2.1'),
	('accepted', 'reported', 'submit_report', 'report_submitted', false, '2.3.3'),
	('accepted', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('accepted', 'merged', 'merge', 'merged', false, '2.3.6'),
	('return_requested', 'received', 'grant_return', 'return_granted', false, '2.2'),
	('return_requested', 'transferred', 'grant_return', 'transferred', false, '2.2'),
	('return_requested', 'accepted', 'refuse_return', 'return_refused', true, '2.2'),
	('return_requested', 'accepted', 'withdraw_return', 'return_withdrawn', false, '2.2'),
	('return_requested', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('reported', 'completed', 'pass_report', 'report_passed', false, '2.3.3'),
	('reported', 'rework', 'send_back_report', 'report_sent_back', false, '2.3.3.3'),
	('reported', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('rework', 'reported', 'submit_report', 'report_submitted', false, '2.3.3'),
	('rework', 'withdrawn', 'withdraw', 'withdrawn', true, '2.3.2.1'),
	('rework', 'merged', 'merge', 'merged', false, '2.3.6'),
	('completed', 'closed', 'close', 'closed', false, '2.3.3'),
	('completed', 'rework', 'reopen', 'reopened', true, '2.3.5'),
	('closed', 'rework', 'reopen', 'reopened', true, '2.3.5');

create table ticket_workflow.ticket (
	ticket_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	rulebook text not null references ticket_workflow.rulebook,
	-- the platform's own number; it comes back under the same one as a further round
	source text not null check (source in ('city', 'district', 'center')),
	external_no text,
	external_round integer not null default 1 check (external_round >= 1),
	kind text not null check (kind in ('ordinary', 'supervised', 'callback_review')),
	-- which platform supervises a supervised ticket (督办)
	supervised_by text check (supervised_by in ('city', 'district')),
	category text not null check (category in ('complaint', 'help', 'suggestion', 'consultation')),
	handling_class text not null check (handling_class in ('ordinary', 'simple', 'same_day')),
	urgent boolean not null,
	matter_id bigint references ticket_workflow.matter,
	area_id bigint references ticket_workflow.area,
	in_territory boolean not null,
	place text,
	appeal text not null,
	petitioner_id bigint references ticket_workflow.petitioner,
	received_at timestamptz not null,
	recorded_at timestamptz not null,
	-- what the center's calendar called the day of receipt; kept, since calendars change
	received_on text not null check (received_on in ('working', 'rest')),
	platform_due_at timestamptz,
	given_limit_kind text check (given_limit_kind in
		('elapsed_minutes', 'service_minutes', 'working_days', 'calendar_days')),
	given_limit_amount integer check (given_limit_amount >= 0),

	state text not null references ticket_workflow.ticket_state,
	state_at timestamptz not null,
	-- with a change of state: which act it is, and why; the guard and the journal read them
	state_act text,
	state_reason text,

	dispatch_round integer not null default 0,
	first_dispatched_at timestamptz,
	dispatched_at timestamptz,
	lead_department_id bigint references ticket_workflow.organization,
	dispatch_principle text check (dispatch_principle in
		('statutory', 'duty', 'territorial', 'factual', 'association', 'fallback', 'exception')),
	dispatch_reason text,
	-- city-supervised tickets: the supervising leader who leads (2.3.5)
	lead_person_id bigint references ticket_workflow.official,
	accepted_at timestamptz,
	accepted_deemed boolean not null default false,
	-- the latest submission of a report; of the one that passed, once completed
	reported_at timestamptz,
	completed_at timestamptz,
	closed_at timestamptz,
	reopenings integer not null default 0,
	-- an existing desk's ticket: history kept, nothing fires for its past
	imported boolean not null default false,
	attributes jsonb not null default '{}',

	check (center_id = ticket_id / 1000000000000),
	check (kind = 'supervised' or supervised_by is null),
	check ((given_limit_kind is null) = (given_limit_amount is null)),
	check (state not in ('dispatched', 'accepted', 'return_requested', 'reported', 'rework', 'completed', 'closed')
		or lead_department_id is not null)
);
comment on table ticket_workflow.ticket is
	'Tickets (工单); changed through the API, judged by the guards of sql/ticket/guards.sql on every path';
create unique index ticket_external on ticket_workflow.ticket (center_id, source, external_no, external_round)
	where external_no is not null;
-- the open desk: small whatever the archive's size
create index ticket_open on ticket_workflow.ticket (center_id, state)
	where state in ('received', 'dispatched', 'accepted', 'return_requested', 'reported', 'rework');
create index ticket_received on ticket_workflow.ticket (center_id, received_at);
create index ticket_completed on ticket_workflow.ticket (center_id, completed_at) where completed_at is not null;
create index ticket_matter on ticket_workflow.ticket (center_id, matter_id, received_at);
-- the same matter at the same place (2.3.6.2); hashed, since a place may be longer than a key
create index ticket_place on ticket_workflow.ticket (center_id, matter_id, hashtextextended(place, 0)) where place is not null;
create index ticket_lead on ticket_workflow.ticket (lead_department_id, received_at);
create index ticket_area on ticket_workflow.ticket (area_id, received_at);
create index ticket_petitioner on ticket_workflow.ticket (petitioner_id);

-- link tables: no self-referencing keys
create table ticket_workflow.ticket_original (
	ticket_id bigint primary key references ticket_workflow.ticket,
	original_id bigint not null references ticket_workflow.ticket,
	check (ticket_id <> original_id)
);
comment on table ticket_workflow.ticket_original is 'A callback review ticket (回访复核单) and the ticket it reviews';
create index ticket_original_original on ticket_workflow.ticket_original (original_id);

create table ticket_workflow.ticket_merge (
	ticket_id bigint primary key references ticket_workflow.ticket,
	into_id bigint not null references ticket_workflow.ticket,
	check (ticket_id <> into_id)
);
comment on table ticket_workflow.ticket_merge is 'A merged ticket and the one whose report answers it';
create index ticket_merge_into on ticket_workflow.ticket_merge (into_id);

-- ==== sql/journal/tables.sql

-- What happened to a ticket, row by row, chained by hashes. Append-only.

create table ticket_workflow.journal (
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	seq integer not null,
	occurred_at timestamptz not null,
	recorded_at timestamptz not null,
	-- the official; null: the system itself (a sweep, a deemed acceptance)
	actor text,
	caller text not null,
	session_role text not null,
	kind text not null,
	clause text,
	from_state text,
	to_state text,
	-- never personal data
	details jsonb not null default '{}',
	version smallint not null,
	hash bytea not null,
	primary key (ticket_id, seq)
);
comment on table ticket_workflow.journal is
	'Append-only: one row per thing that happened to a ticket; hash over the row and the hash before it';
create index journal_recorded on ticket_workflow.journal using brin (recorded_at);

-- ==== sql/clock/tables.sql

-- Clocks: what runs, since when, until when. The norm's table of clocks (requirements, section 3)
-- stands here as product rows; the amounts stand in the rulebook (clock_limit).

create sequence ticket_workflow.clock_seq;

create table ticket_workflow.clock_kind (
	clock text primary key,
	ordinal integer not null unique,
	of text not null check (of in ('ticket', 'department')),
	-- clocks that end by a recorded fact, not by a change of state
	by_fact boolean not null,
	-- runs only where the petitioner can be reached
	needs_contact boolean not null,
	-- does not start where that one runs
	replaced_by text,
	-- where its time runs out the matter is decided (deemed acceptance), nobody is late
	expires boolean not null,
	-- what reaching the due time means to other clocks
	due_event text,
	clause text not null
);
comment on table ticket_workflow.clock_kind is 'Product table: the clocks of the norm';
insert into ticket_workflow.clock_kind values
	('dispatch', 1, 'ticket', false, false, null, false, null, '2.3.2.1'),
	('center_contact', 2, 'ticket', true, true, null, false, null, '2.3.2.1'),
	('urgent_report', 3, 'ticket', true, false, null, false, null, '2.3.2.1'),
	('urgent_completion', 4, 'ticket', true, false, null, false, null, '2.3.2.1'),
	('acceptance', 5, 'department', false, false, null, false, 'taken_over', '2.3.2.2'),
	('return_window', 6, 'department', false, false, null, true, null, '2.2.2'),
	('return_decision', 7, 'department', false, false, null, false, null, '2.2'),
	('site_visit', 8, 'department', true, false, null, false, null, '2.3.2.2'),
	('first_contact', 9, 'department', true, true, null, false, null, '2.4.1'),
	('completion', 10, 'ticket', false, false, 'urgent_completion', false, null, '2.3.2.2'),
	('review', 11, 'department', false, false, null, false, null, '2.3.3'),
	('leader_notice', 12, 'ticket', false, false, null, false, null, '3.3'),
	('principal_notice', 13, 'ticket', false, false, null, false, null, '3.3');

create table ticket_workflow.clock_carrier (
	clock text not null references ticket_workflow.clock_kind,
	state text not null references ticket_workflow.ticket_state,
	primary key (clock, state)
);
comment on table ticket_workflow.clock_carrier is 'Product table: in which states a clock may run (C3); entering any other ends it';
insert into ticket_workflow.clock_carrier
	select c.clock, s.state
	from (values
		('dispatch', '{received}'::text[]),
		('center_contact', '{received,dispatched,accepted,return_requested,reported,rework}'),
		('urgent_report', '{received,dispatched,accepted,return_requested,reported,rework}'),
		-- completed, but not yet reported to the district platform
		('urgent_completion', '{received,dispatched,accepted,return_requested,reported,rework,completed}'),
		('acceptance', '{dispatched}'),
		('return_window', '{dispatched,accepted,return_requested}'),
		('return_decision', '{return_requested}'),
		('site_visit', '{dispatched,accepted,return_requested,reported,rework}'),
		('first_contact', '{dispatched,accepted,return_requested,reported,rework}'),
		('completion', '{received,dispatched,accepted,return_requested,reported,rework}'),
		('review', '{reported}'),
		('leader_notice', '{received,dispatched,accepted,return_requested,reported,rework}'),
		('principal_notice', '{received,dispatched,accepted,return_requested,reported,rework}')
	) as c (clock, states), unnest(c.states) as s (state);

create table ticket_workflow.clock_event (
	event text not null,
	clock text not null references ticket_workflow.clock_kind,
	effect text not null check (effect in ('start', 'stop', 'hold', 'release', 'pause', 'resume')),
	-- null: for every handling class
	handling_class text,
	primary key (event, clock)
);
comment on table ticket_workflow.clock_event is
	'Product table: what an event does to a clock. hold = stopped as of now, to be confirmed by a stop; release = runs on as if never held; resume = runs on with what was left';
insert into ticket_workflow.clock_event values
	('received', 'dispatch', 'start', null),
	('received', 'center_contact', 'start', null),
	('received', 'urgent_report', 'start', null),
	('received', 'urgent_completion', 'start', null),
	('dispatched', 'dispatch', 'stop', null),
	('dispatched', 'acceptance', 'start', null),
	('dispatched', 'return_window', 'start', null),
	('first_dispatched', 'leader_notice', 'start', null),
	('first_dispatched', 'principal_notice', 'start', null),
	('accepted', 'acceptance', 'stop', null),
	-- accepted, or acceptance due, whichever is first
	('taken_over', 'site_visit', 'start', null),
	('taken_over', 'first_contact', 'start', null),
	('taken_over', 'completion', 'start', null),
	('return_requested', 'acceptance', 'stop', null),
	('return_requested', 'return_window', 'pause', null),
	('return_requested', 'first_contact', 'start', null),
	('return_requested', 'return_decision', 'start', null),
	-- a simple ticket is completed or returned within its limit (3.1)
	('return_requested', 'completion', 'hold', 'simple'),
	('return_refused', 'completion', 'release', 'simple'),
	('return_withdrawn', 'completion', 'release', 'simple'),
	('return_granted', 'completion', 'stop', 'simple'),
	('return_refused', 'return_decision', 'stop', null),
	('return_refused', 'return_window', 'resume', null),
	('return_withdrawn', 'return_decision', 'stop', null),
	('return_withdrawn', 'return_window', 'resume', null),
	('return_granted', 'return_decision', 'stop', null),
	('return_granted', 'dispatch', 'start', null),
	('recalled', 'dispatch', 'start', null),
	('transferred', 'dispatch', 'stop', null),
	('transferred', 'return_decision', 'stop', null),
	('report_submitted', 'return_window', 'stop', null),
	('report_submitted', 'completion', 'hold', null),
	('report_submitted', 'review', 'start', null),
	('report_sent_back', 'review', 'stop', null),
	('report_sent_back', 'completion', 'release', null),
	('report_passed', 'review', 'stop', null),
	('report_passed', 'completion', 'stop', null),
	('report_passed', 'leader_notice', 'stop', null),
	('report_passed', 'principal_notice', 'stop', null),
	('reopened', 'completion', 'start', null),
	('reopened', 'leader_notice', 'start', null),
	('reopened', 'principal_notice', 'start', null);

create table ticket_workflow.clock (
	clock_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	clock text not null references ticket_workflow.clock_kind,
	-- the n-th time this clock runs for this ticket
	round integer not null,
	dispatch_round integer not null,
	department_id bigint references ticket_workflow.organization,
	status text not null check (status in ('running', 'paused', 'held', 'met', 'late', 'expired', 'cancelled')),
	started_at timestamptz not null,
	-- where the limit is counted from: the start, or the moment at which a paused clock resumed with what was left
	counted_from timestamptz not null,
	limit_kind text not null,
	amount integer,
	at_time time,
	roll boolean not null,
	calendar text not null references ticket_workflow.calendar (code),
	clause text not null,
	due_at timestamptz not null,
	due_on date not null,
	-- the version of the calendar that due_at was computed with: an older one is computed again (T5)
	calendar_version bigint not null,
	-- reaches into a year that no source has published (T4)
	provisional boolean not null,
	-- an extension or a resumed window: the limit is no longer the rulebook's
	adjusted boolean not null default false,
	-- the due time was reached and its due_event has happened
	due_done boolean not null default false,
	stopped_at timestamptz,
	-- the next level or the due time, whichever comes first: when the sweep must look
	next_at timestamptz,
	unique (ticket_id, clock, round),
	check (center_id = ticket_id / 1000000000000),
	check (status = 'running' or next_at is null),
	check ((stopped_at is null) = (status = 'running'))
);
comment on table ticket_workflow.clock is 'Clocks of tickets, with all that is needed to compute the due time again (C1)';
create index clock_next on ticket_workflow.clock (next_at) where next_at is not null;
create index clock_running on ticket_workflow.clock (center_id, due_at) where status = 'running';
create index clock_open on ticket_workflow.clock (calendar, calendar_version) where status in ('running', 'paused', 'held');
-- the one clock that runs on in a ticket that is no longer open (sql/reporting/clock_views.sql)
create index clock_urgent on ticket_workflow.clock (ticket_id) where status = 'running' and clock = 'urgent_completion';
create index clock_department on ticket_workflow.clock (department_id, due_at) where status = 'running';

-- Extensions (section 8, Limits): asked for by the handling department, in force with its head's signature.
-- Inserted as a draft; a guarded UPDATE makes it a request, another grants it and moves the clock.
create sequence ticket_workflow.extension_seq;

create table ticket_workflow.limit_extension (
	extension_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	organization_id bigint not null references ticket_workflow.organization,
	clock_id bigint not null references ticket_workflow.clock,
	working_days integer not null,
	reason text not null,
	state text not null check (state in ('draft', 'requested', 'granted', 'withdrawn')),
	requested_at timestamptz,
	requested_by text,
	-- granted or withdrawn
	ended_at timestamptz,
	old_due_at timestamptz,
	new_due_at timestamptz,
	check (center_id = ticket_id / 1000000000000),
	check ((state = 'draft') = (requested_at is null)),
	check ((state in ('draft', 'requested')) = (ended_at is null)),
	check ((state = 'granted') = (new_due_at is not null)),
	check ((new_due_at is null) = (old_due_at is null))
);
comment on table ticket_workflow.limit_extension is
	'Extensions of a ticket''s completion limit: who asked for how many working days and why, old and new due time (2.3.2.2, ours)';
create index limit_extension_ticket on ticket_workflow.limit_extension (ticket_id);
create index limit_extension_clock on ticket_workflow.limit_extension (clock_id);
-- one request at a time
create unique index limit_extension_pending on ticket_workflow.limit_extension (ticket_id) where state = 'requested';

-- ==== sql/dispatch/tables.sql

-- Decisions of dispatch and departments that assist.

create sequence ticket_workflow.assist_seq;

create table ticket_workflow.dispatch_decision (
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	center_id bigint not null,
	department_id bigint not null references ticket_workflow.organization,
	principle text not null,
	reason text,
	-- what resolve_dispatch() recommended and why, as it was shown to the dispatcher
	recommended_id bigint references ticket_workflow.organization,
	explanation jsonb,
	decided_at timestamptz not null,
	decided_by text,
	primary key (ticket_id, dispatch_round)
);
comment on table ticket_workflow.dispatch_decision is 'Each dispatch of a ticket: department, principle, reason, and the recommendation beside it (2.1)';
create index dispatch_decision_department on ticket_workflow.dispatch_decision (department_id);

create table ticket_workflow.ticket_assist (
	assist_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	organization_id bigint not null references ticket_workflow.organization,
	asked_at timestamptz not null,
	due_at timestamptz,
	task text,
	done_at timestamptz,
	result text,
	unique (ticket_id, organization_id)
);
comment on table ticket_workflow.ticket_assist is 'Assisting departments (协办部门) of a ticket, what was asked and what they did (2.3.1)';
create index ticket_assist_organization on ticket_workflow.ticket_assist (organization_id);

-- ==== sql/dispatch/rule_tables.sql

-- What dispatch goes by (2.1, annex 1): the rules of a center as rows with their validity, the names and places
-- by which departments and committees are found in a text, and of a rulebook the order of the principles.
-- The engine (src/dispatch_cache.c) compiles them per center; every table but dispatch_word's two is per center.
-- Contradictions are refused here for every path; the change functions of rules.sql say so in the norm's words.

create sequence ticket_workflow.dispatch_rule_seq;

create table ticket_workflow.dispatch_order (
	rulebook text not null references ticket_workflow.rulebook,
	ordinal integer not null check (ordinal between 1 and 7),
	principle text not null check (principle in
		('statutory', 'duty', 'territorial', 'factual', 'association', 'fallback', 'exception')),
	clause text not null,
	primary key (rulebook, ordinal),
	unique (rulebook, principle)
);
comment on table ticket_workflow.dispatch_order is
	'In which order the principles of dispatch are asked; the first that hits decides, one that is not listed is not asked';

create table ticket_workflow.dispatch_word (
	rulebook text not null references ticket_workflow.rulebook,
	side text not null check (side in ('before', 'after')),
	word text not null,
	primary key (rulebook, side, word)
);
comment on table ticket_workflow.dispatch_word is
	'Words beside a department''s name by which it is not the department that is meant: 原区房管局退休职工, 城管中队门口';

create table ticket_workflow.statutory_rule (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	matter_id bigint not null references ticket_workflow.matter,
	area_id bigint references ticket_workflow.area,
	organization_id bigint not null references ticket_workflow.organization,
	law text not null,
	article text,
	-- another authority's procedure that comes first; the department still makes the contact
	preceding text,
	valid_from date not null,
	valid_until date check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000),
	exclude using gist (int8range(matter_id, matter_id, '[]') with &&,
		int8range(coalesce(area_id, 0), coalesce(area_id, 0), '[]') with &&, daterange(valid_from, valid_until, '[]') with &&)
);
comment on table ticket_workflow.statutory_rule is 'Matters for which a law or regulation names the department (法定): one per matter, area and day';

create table ticket_workflow.duty (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	matter_id bigint not null references ticket_workflow.matter,
	area_id bigint references ticket_workflow.area,
	organization_id bigint not null references ticket_workflow.organization,
	basis text not null,
	valid_from date not null,
	valid_until date check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000),
	exclude using gist (int8range(matter_id, matter_id, '[]') with &&, int8range(organization_id, organization_id, '[]') with &&,
		int8range(coalesce(area_id, 0), coalesce(area_id, 0), '[]') with &&, daterange(valid_from, valid_until, '[]') with &&)
);
comment on table ticket_workflow.duty is 'Duties of departments (职责): a matter with all below it, in one area or everywhere, and on what basis';
create index duty_organization on ticket_workflow.duty (organization_id);

create table ticket_workflow.exception_rule (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	name text not null,
	-- null: every matter
	matter_id bigint references ticket_workflow.matter,
	area_id bigint references ticket_workflow.area,
	organization_id bigint not null references ticket_workflow.organization,
	reason text not null,
	approved_by bigint not null references ticket_workflow.official,
	valid_from date not null,
	-- an exception always ends
	valid_until date not null check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000),
	exclude using gist (int8range(center_id, center_id, '[]') with &&,
		int8range(coalesce(matter_id, 0), coalesce(matter_id, 0), '[]') with &&,
		int8range(coalesce(area_id, 0), coalesce(area_id, 0), '[]') with &&, daterange(valid_from, valid_until, '[]') with &&)
);
comment on table ticket_workflow.exception_rule is
	'Named exceptions (例外) with reason, validity and who approved them; response plans (3.6.1) produce them';

create table ticket_workflow.area_fallback (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	-- null: wherever no area has its own
	area_id bigint references ticket_workflow.area,
	organization_id bigint not null references ticket_workflow.organization,
	basis text not null,
	valid_from date not null,
	valid_until date check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000),
	exclude using gist (int8range(center_id, center_id, '[]') with &&,
		int8range(coalesce(area_id, 0), coalesce(area_id, 0), '[]') with &&, daterange(valid_from, valid_until, '[]') with &&)
);
comment on table ticket_workflow.area_fallback is 'Who takes what is nobody''s duty (托底): one department per area and day';

create table ticket_workflow.organization_alias (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	-- null: a harmless word that holds a name and means no department (房管局退休)
	organization_id bigint references ticket_workflow.organization,
	alias text not null,
	valid_from date not null,
	valid_until date check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000)
);
comment on table ticket_workflow.organization_alias is
	'Other names of departments as people write them, and harmless words that hold one; the longest reading wins';
create index organization_alias_organization on ticket_workflow.organization_alias (organization_id);

create table ticket_workflow.committee_place (
	rule_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	-- null: known to lie outside the territory
	organization_id bigint references ticket_workflow.organization,
	kind text not null check (kind in ('estate', 'road', 'text')),
	name text not null,
	-- of a road: house and lane numbers, which count along it together; null: all
	number_from integer check (number_from >= 1),
	number_until integer check (number_until >= number_from),
	side text not null default 'both' check (side in ('both', 'odd', 'even')),
	valid_from date not null,
	valid_until date check (valid_until >= valid_from),
	check (center_id = rule_id / 1000000000000),
	check (kind = 'road' or num_nonnulls(number_from, number_until) = 0 and side = 'both')
);
comment on table ticket_workflow.committee_place is
	'Places of residents'' committees: estates, roads with their numbers and side, free text; without a committee they lie outside the territory';
create index committee_place_organization on ticket_workflow.committee_place (organization_id);

-- ==== sql/dispatch/incident_tables.sql

-- Incidents (同一件事): tickets that say the same thing, linked by a person.

create sequence ticket_workflow.incident_seq;

create table ticket_workflow.incident (
	incident_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	title text,
	opened_at timestamptz not null,
	opened_by text,
	check (center_id = incident_id / 1000000000000)
);
comment on table ticket_workflow.incident is 'Incidents (同一件事) that tickets are linked to by a person (2.3.6)';
create index incident_center on ticket_workflow.incident (center_id, opened_at);

create table ticket_workflow.incident_ticket (
	incident_id bigint not null references ticket_workflow.incident,
	ticket_id bigint not null references ticket_workflow.ticket,
	center_id bigint not null,
	linked_at timestamptz not null,
	linked_by text,
	unlinked_at timestamptz,
	unlinked_by text,
	unlink_reason text,
	primary key (incident_id, ticket_id, linked_at),
	check (center_id = ticket_id / 1000000000000 and center_id = incident_id / 1000000000000),
	check ((unlinked_at is null) = (unlink_reason is null))
);
comment on table ticket_workflow.incident_ticket is 'Which tickets belong to an incident; a link taken away stays, with who did it and why';
-- a ticket is part of one incident at a time
create unique index incident_ticket_now on ticket_workflow.incident_ticket (ticket_id) where unlinked_at is null;

-- ==== sql/contact/tables.sql

-- Facts: contacts, visits, reports to platforms, evidence. Inserted without judgement; *_valid functions
-- judge them where something relies on them. Voiding marks a row, nothing is overwritten.

create sequence ticket_workflow.contact_seq;
create sequence ticket_workflow.visit_seq;
create sequence ticket_workflow.platform_report_seq;
create sequence ticket_workflow.evidence_seq;
create sequence ticket_workflow.absence_seq;

create table ticket_workflow.contact (
	contact_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	-- the department or center that made the contact
	organization_id bigint not null references ticket_workflow.organization,
	purpose text not null check (purpose in ('center_notice', 'first_contact', 'reply', 'callback')),
	channel text not null check (channel in ('ip_phone', 'mobile_phone', 'sms', 'visit', 'wechat')),
	outcome text not null check (outcome in ('reached', 'not_reached', 'sent')),
	occurred_at timestamptz not null,
	recorded_at timestamptz not null,
	recorded_by text,
	-- departures from the rules, kept beside the fact: channel, late_entry ...
	marks text[] not null default '{}',
	satisfaction text check (satisfaction in ('satisfied', 'basically_satisfied', 'neutral', 'dissatisfied')),
	dissatisfied_with text check (dissatisfied_with in ('handling', 'efficiency', 'attitude')),
	solved boolean,
	note text,
	voided_at timestamptz,
	voided_by text,
	void_reason text,
	check ((voided_at is null) = (void_reason is null)),
	check (outcome <> 'sent' or channel in ('sms', 'wechat')),
	check (purpose = 'callback' or (satisfaction is null and solved is null)),
	check (dissatisfied_with is null or satisfaction = 'dissatisfied')
);
comment on table ticket_workflow.contact is 'Contacts with the petitioner: purpose, channel, outcome and time (2.4.1); callbacks carry satisfaction';
create index contact_ticket on ticket_workflow.contact (ticket_id, purpose, occurred_at);
create index contact_callback on ticket_workflow.contact (center_id, occurred_at) where purpose = 'callback';

create table ticket_workflow.site_visit (
	visit_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	organization_id bigint not null references ticket_workflow.organization,
	occurred_at timestamptz not null,
	recorded_at timestamptz not null,
	recorded_by text,
	-- 若无实际现场的可无照片
	no_site boolean not null,
	note text,
	marks text[] not null default '{}',
	voided_at timestamptz,
	voided_by text,
	void_reason text,
	check ((voided_at is null) = (void_reason is null))
);
comment on table ticket_workflow.site_visit is 'Visits to the site, or the declaration that there is none (2.3.2.2)';
create index site_visit_ticket on ticket_workflow.site_visit (ticket_id, occurred_at);

create table ticket_workflow.platform_report (
	platform_report_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	platform text not null check (platform in ('district', 'city')),
	kind text not null check (kind in ('progress', 'completion', 'return')),
	receipt text not null,
	occurred_at timestamptz not null,
	recorded_at timestamptz not null,
	recorded_by text,
	note text,
	marks text[] not null default '{}',
	voided_at timestamptz,
	voided_by text,
	void_reason text,
	check ((voided_at is null) = (void_reason is null))
);
comment on table ticket_workflow.platform_report is 'What went up to the district or city platform, with its receipt (2.3.2.1)';
create index platform_report_ticket on ticket_workflow.platform_report (ticket_id, kind);

create table ticket_workflow.evidence (
	evidence_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	-- what it proves, where it belongs to one fact
	contact_id bigint references ticket_workflow.contact,
	visit_id bigint references ticket_workflow.site_visit,
	kind text not null check (kind in
		('recording', 'call_log', 'sms_screenshot', 'photo', 'document', 'signature_image')),
	uri text not null,
	sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
	taken_at timestamptz,
	added_at timestamptz not null,
	added_by text,
	note text,
	voided_at timestamptz,
	voided_by text,
	void_reason text,
	check ((voided_at is null) = (void_reason is null))
);
comment on table ticket_workflow.evidence is 'Evidence by reference: kind, URI, SHA-256, when taken and by whom added; the content stays outside';
create index evidence_ticket on ticket_workflow.evidence (ticket_id, kind);
create index evidence_contact on ticket_workflow.evidence (contact_id) where contact_id is not null;
create index evidence_visit on ticket_workflow.evidence (visit_id) where visit_id is not null;

create table ticket_workflow.evidence_absence (
	absence_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	-- a declaration speaks for the department that had the ticket then
	dispatch_round integer not null,
	subject text not null check (subject in ('return', 'first_contact', 'reply', 'site_visit')),
	kind text not null check (kind in ('recording', 'call_log', 'sms_screenshot', 'photo', 'document')),
	reason text not null,
	declared_at timestamptz not null,
	declared_by text,
	voided_at timestamptz,
	voided_by text,
	void_reason text,
	check ((voided_at is null) = (void_reason is null))
);
comment on table ticket_workflow.evidence_absence is 'Declared with a reason: why a kind of evidence does not exist (anonymous, no site, recording lost)';
create unique index evidence_absence_subject on ticket_workflow.evidence_absence (ticket_id, dispatch_round, subject, kind)
	where voided_at is null;

-- ==== sql/returns/tables.sql

-- Returns (退单, 2.2): asked for by the handling side, decided by the center.
-- Inserted as a draft; a guarded UPDATE makes it a request, another decides it.

create sequence ticket_workflow.return_seq;

create table ticket_workflow.ticket_return (
	return_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	organization_id bigint not null references ticket_workflow.organization,
	ground text not null check (ground in ('out_of_area', 'out_of_duty')),
	-- to a platform above instead of back to the center
	upward text check (upward in ('district', 'city')),
	reason text not null,
	-- the department it should go to (应转派何部门)
	should_go_to text,
	state text not null check (state in ('draft', 'requested', 'granted', 'refused', 'withdrawn')),
	requested_at timestamptz,
	requested_by text,
	-- the n-th return of the ticket
	ordinal integer,
	decided_at timestamptz,
	decided_by text,
	decision_reason text,
	-- the center's own wrong dispatch: does not count
	own_error boolean not null default false,
	-- late, last_day, without_contact, unfounded, unverified: signs of an improper return (3.8.5)
	marks text[] not null default '{}',
	check ((state = 'draft') = (requested_at is null)),
	check ((state in ('draft', 'requested')) = (decided_at is null)),
	check (state = 'draft' or ordinal >= 1),
	check (not own_error or state = 'granted')
);
comment on table ticket_workflow.ticket_return is 'Returns of tickets: ground, reason, where it should go, and what became of it';
create index ticket_return_ticket on ticket_workflow.ticket_return (ticket_id, requested_at);
-- one request at a time
create unique index ticket_return_pending on ticket_workflow.ticket_return (ticket_id) where state = 'requested';
create index ticket_return_open on ticket_workflow.ticket_return (center_id, requested_at) where state = 'requested';

-- ==== sql/report/tables.sql

-- Completion reports (办结报告): drafts, submissions, findings of the check, the reviewer's word.

create sequence ticket_workflow.report_seq;

create table ticket_workflow.report (
	report_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	dispatch_round integer not null,
	organization_id bigint not null references ticket_workflow.organization,
	version integer not null,
	state text not null check (state in ('draft', 'submitted', 'sent_back', 'passed')),
	-- reply body (回复内容) and reply points (答复要点)
	body text not null check (octet_length(body) <= 1048576),
	points text check (octet_length(points) <= 1048576),
	fact_finding text,
	claim_finding text,
	handling_result text,
	-- why an unlisted or warned combination of findings is right (annex 5)
	relation_reason text,
	-- what cannot be solved yet: plan and rough time (2.3.3.2)
	plan text,
	plan_until date,
	responsible_person text,
	responsible_phone text,
	-- repeat_kind_of() when it was saved and submitted: whose signature it needs is seen by many, often
	repeat_kinds text[] not null default '{}',
	written_by text,
	saved_at timestamptz not null,
	submitted_at timestamptz,
	submitted_by text,
	reviewed_at timestamptz,
	reviewed_by text,
	review_reason text,
	-- sent back by the machine at once, not by a reviewer
	sent_back_by_check boolean not null default false,
	unique (ticket_id, version)
);
comment on table ticket_workflow.report is 'Completion reports of a ticket, one row per version that was submitted or is being drafted (2.3.3)';
create index report_submitted on ticket_workflow.report (center_id, submitted_at) where submitted_at is not null;
-- one report at a time is the ticket's own
create unique index report_pending on ticket_workflow.report (ticket_id) where state in ('draft', 'submitted');

create table ticket_workflow.report_finding (
	report_id bigint not null references ticket_workflow.report,
	ordinal integer not null,
	code text not null,
	severity text not null check (severity in ('reject', 'review', 'advice')),
	start_pos integer,
	length integer,
	excerpt text,
	message text not null,
	clause text not null,
	overruled_at timestamptz,
	overruled_by text,
	overrule_reason text,
	primary key (report_id, ordinal),
	check ((overruled_at is null) = (overrule_reason is null))
);
comment on table ticket_workflow.report_finding is 'What the check found in a submitted report, and what the reviewer overruled with which reason';
create index report_finding_code on ticket_workflow.report_finding (code, severity);

-- ==== sql/report/phrase_tables.sql

-- The phrases of a rulebook: what a report must not say, must say, and what only looks like it.
-- Data table; src/report_sql.c compiles and caches it.

create table ticket_workflow.phrase (
	rulebook text not null references ticket_workflow.rulebook,
	-- what the phrase is there for: prohibited, synonym, harmless, hollow, or a part of speech of the engine
	role text not null,
	-- P1 to P7 of a prohibited phrase, E1 to E7 of an element's word, what a harmless word silences, * for any
	code text not null,
	-- literals with bounded gaps: 已要求[10]自行(整改|改正); see doc/report-validation.md
	pattern text not null,
	severity text check (severity in ('reject', 'review', 'advice')),
	clause text,
	-- what lifts a prohibition: none, time_node, done_or_node, scene, legal, verified, summary
	waiver text,
	primary key (rulebook, role, code, pattern)
);
comment on table ticket_workflow.phrase is
	'Phrases by which check_report_text() judges a report: role, pattern, severity, clause and what lifts it (annex 4)';

-- ==== sql/approval/tables.sql

-- Signatures: bound to a digest of what was signed, a post and a day. Inserted as drafts,
-- valid by a guarded UPDATE.

create sequence ticket_workflow.approval_seq;

create table ticket_workflow.approval (
	approval_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	subject text not null check (subject in ('report', 'return', 'transfer', 'extension')),
	-- report_id, return_id, extension_id; the ticket's own id for a transfer
	subject_id bigint not null,
	state text not null check (state in ('draft', 'valid', 'revoked', 'void')),
	signer_id bigint not null references ticket_workflow.official,
	post_id bigint references ticket_workflow.post,
	-- a substitute signs for the holder of the post: both names stay
	on_behalf_of_id bigint references ticket_workflow.official,
	digest bytea not null,
	signed_at timestamptz not null,
	channel text not null check (channel in ('system', 'paper', 'wechat')),
	image_id bigint references ticket_workflow.evidence,
	recorded_by text,
	recorded_at timestamptz not null,
	ended_at timestamptz,
	end_reason text,
	contested_at timestamptz,
	contest_reason text,
	check (channel = 'system' or image_id is not null)
);
comment on table ticket_workflow.approval is 'Signatures on reports, returns, transfers and extensions (2.2.2, 2.3.4, 2.3.5, 2.3.6)';
create index approval_subject on ticket_workflow.approval (subject, subject_id);
create index approval_ticket on ticket_workflow.approval (ticket_id);
create index approval_signer on ticket_workflow.approval (signer_id);

-- ==== sql/escalation/tables.sql

-- What clocks said: escalations, notices to people, and how the sweep is doing.

create sequence ticket_workflow.escalation_seq;
create sequence ticket_workflow.notice_seq;
create sequence ticket_workflow.sweep_seq;

create table ticket_workflow.escalation (
	escalation_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	clock_id bigint not null references ticket_workflow.clock,
	clock text not null,
	round integer not null,
	level integer not null,
	purpose text not null check (purpose in ('warning', 'overdue', 'notice')),
	-- as it stood then
	due_at timestamptz not null,
	due_on date not null,
	-- when the level was reached; a late sweep changes noticed_at only
	reached_at timestamptz not null,
	noticed_at timestamptz not null,
	-- whom it told, by the names they had, and relation:position of the posts that nobody held
	recipients text[] not null,
	vacant_posts text[] not null,
	-- the first who took it on, and what he said
	acknowledged_at timestamptz,
	acknowledged_by text,
	acknowledge_note text,
	-- when its cause ended; before reached_at where a fact was entered later than it happened
	ended_at timestamptz,
	end_cause text,
	-- each level of each clock once, ever, per round (C4); a clock row is one round
	unique (clock_id, level),
	check (center_id = ticket_id / 1000000000000),
	check ((ended_at is null) = (end_cause is null)),
	check ((acknowledged_at is null) = (acknowledged_by is null))
);
comment on table ticket_workflow.escalation is 'Levels that were reached, each once per clock and round (C4)';
create index escalation_ticket on ticket_workflow.escalation (ticket_id);
create index escalation_open on ticket_workflow.escalation (center_id, reached_at) where ended_at is null;
create index escalation_warned on ticket_workflow.escalation (clock_id) where ended_at is null and purpose = 'warning';
create index escalation_reached on ticket_workflow.escalation (center_id, reached_at);

create table ticket_workflow.notice (
	notice_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint references ticket_workflow.ticket,
	escalation_id bigint references ticket_workflow.escalation,
	recipient_id bigint references ticket_workflow.official,
	-- where nobody holds the post: relation:position it was meant for
	recipient_post text,
	-- key of a message and its arguments: the text is made in the reader's language,
	-- an argument @domain:code is shown by its label
	message text not null,
	args text[] not null default '{}',
	-- those of one recipient go out together
	digest boolean not null default false,
	created_at timestamptz not null,
	-- quiet hours and digests: not before
	not_before timestamptz not null,
	lease_token uuid,
	lease_until timestamptz,
	attempts integer not null default 0,
	confirmed_at timestamptz,
	check (recipient_id is not null or recipient_post is not null),
	check ((lease_token is null) = (lease_until is null))
);
comment on table ticket_workflow.notice is 'Outbox of notices: taken with a lease, confirmed with its token';
create index notice_open on ticket_workflow.notice (not_before) where confirmed_at is null;
create index notice_digest on ticket_workflow.notice (recipient_id) where confirmed_at is null and digest;
create index notice_token on ticket_workflow.notice (lease_token) where confirmed_at is null and lease_token is not null;
create index notice_ticket on ticket_workflow.notice (ticket_id);
create index notice_escalation on ticket_workflow.notice (escalation_id) where escalation_id is not null;

create table ticket_workflow.sweep_run (
	sweep_id bigint primary key,
	-- the real clock: this is about the machine, not about the desk
	started_at timestamptz not null,
	finished_at timestamptz,
	beat_at timestamptz not null,
	as_of timestamptz not null,
	backend integer not null,
	batches integer not null default 0,
	clocks integer not null default 0,
	escalations integer not null default 0,
	failures integer not null default 0
);
comment on table ticket_workflow.sweep_run is 'Heartbeat of the sweeps: one row per run, kept for a month';

create table ticket_workflow.sweep_day (
	center_id bigint primary key references ticket_workflow.center,
	-- local day of the center whose daily part is done
	done_on date not null,
	-- first day of the month in which the missing year was last told (T4)
	year_told_on date
);
comment on table ticket_workflow.sweep_day is 'What sweeps do once a day for each center, and when they last did it';

create table ticket_workflow.sweep_failure (
	clock_id bigint primary key references ticket_workflow.clock,
	center_id bigint not null,
	failed_at timestamptz not null,
	-- set aside until then; doubled at each further failure
	retry_at timestamptz not null,
	failures integer not null,
	sqlstate text not null,
	message text not null
);
comment on table ticket_workflow.sweep_failure is 'Clocks set aside because their processing failed; they do not stop the others';

-- ==== sql/security/capabilities.sql

-- What each capability may call and read: the product tables behind grant_access().
-- Every function but triggers, every table and view has a line here, 'internal' where nobody but the
-- extension itself needs it; test/pgtap/security.sql compares with the catalog. A room that adds one adds its line.
-- May touch: function_capability, relation_capability.

-- Whoever has any capability. No tickets stand in these, or only those the caller sees: functions of the
-- caller's own rights, which the views call for him, and his sight for the row policies.
insert into ticket_workflow.function_capability (function_name, capability)
select f, 'any' from unnest(array[
	-- base
	'now', 'language', 'caller', 'label', 'message_text', 'fail', 'center_of',
	-- organization
	'actor', 'actor_id', 'has_capability', 'may_see', 'sees',
	'my_sight', 'my_centers', 'my_areas', 'my_departments', 'my_platforms', 'my_home', 'my_tickets_apart',
	'today', 'posts_on', 'post_relates', 'holders_of', 'acting_holders', 'assists',
	-- calendar
	'is_working_day', 'add_working_days', 'working_days_between', 'add_working_time', 'working_time_between',
	'due_at', 'due_on', 'calendar_days', 'calendar_layers', 'calendar_covers', 'calendar_version', 'local_day', 'ticket_calendar',
	-- ticket, clocks, notices: what views call
	'lifecycle_diagram', 'local_text', 'makes_late', 'ticket_number', 'post_label', 'notice_text',
	'center_organization', 'rulebook_setting',
	-- the engines of texts and dispatch look at no ticket, but for the visible ones of an incident
	'resolve_dispatch', 'found_in_text', 'name_key',
	'check_report_text', 'test_phrase', 'fold_text', 'text_similarity',
	-- reports, signatures: what views call
	'signature_serves', 'subject_digest', 'digest_fields', 'led_duty_at', 'post_may_sign', 'as_wide_as', 'finding_of_text', 'finding_label'
]) f;

-- Acts of a person: an application in his name, or himself under his own database role.
insert into ticket_workflow.function_capability (function_name, capability)
select f, c from unnest(array[
	-- ticket
	'receive_ticket', 'correct_ticket', 'dispatch_ticket', 'recall_ticket', 'accept_ticket', 'transfer_ticket',
	'withdraw_ticket', 'merge_ticket', 'close_ticket', 'reopen_ticket', 'supervise_ticket', 'extend_limit', 'reveal_petitioner',
	-- facts
	'record_contact', 'record_site_visit', 'record_platform_report', 'record_callback', 'add_evidence',
	'declare_absent', 'void_record',
	-- returns
	'request_return', 'withdraw_return', 'decide_return',
	-- reports, signatures
	'save_report', 'submit_report', 'review_report', 'sign_report', 'sign_return', 'sign_transfer', 'sign_extension',
	'revoke_signature', 'contest_signature',
	-- dispatch
	'record_assistance', 'link_incident', 'unlink_incident', 'suggest_incident',
	-- escalation
	'acknowledge_escalation'
]) f, unnest(array['application', 'official']) c;

-- Reading functions that look at tickets past row security; each begins with may_see().
insert into ticket_workflow.function_capability (function_name, capability)
select f, c from unnest(array['check_report', 'annotated_report', 'report_quality', 'required_signatures', 'recommend_dispatch']) f,
	unnest(array['application', 'official', 'reader', 'auditor']) c;

-- An application delivers the notices of the outbox.
insert into ticket_workflow.function_capability (function_name, capability)
select f, 'application' from unnest(array['take_notices', 'confirm_notice']) f;

insert into ticket_workflow.function_capability (function_name, capability)
select f, 'auditor' from unnest(array['verify_journal', 'verify_journals', 'check_integrity']) f;

insert into ticket_workflow.function_capability (function_name, capability)
select 'sweep_backlog', c from unnest(array['sweeper', 'manager', 'auditor']) c;

-- sweep() has no rights of its own (it commits): its definer parts are called by the sweeper's.
insert into ticket_workflow.function_capability (function_name, capability)
select f, 'sweeper' from unnest(array['sweep', 'begin_sweep', 'sweep_batch', 'end_sweep', 'sweep_calendars', 'recompute_deadlines',
	'schedule_sweeps', 'unschedule_sweeps', 'sweep_job', 'cron_database', 'check_integrity']) f;

insert into ticket_workflow.function_capability (function_name, capability)
select f, 'manager' from unnest(array[
	-- organization
	'create_center', 'change_center', 'create_area', 'change_area', 'create_organization', 'change_organization',
	'close_organization', 'create_matter', 'change_matter', 'create_official', 'change_official', 'assign_post', 'end_post',
	'delegate_post', 'end_delegation', 'set_duty', 'end_duty',
	-- calendar
	'create_calendar', 'change_calendar', 'drop_calendar', 'set_calendar_base', 'set_calendar_day', 'set_date_hours',
	'set_service_hours', 'load_calendar', 'import_calendar', 'preview_calendar_import', 'remove_calendar_document',
	'export_calendar', 'read_ical', 'read_calendar_csv', 'recompute_deadlines',
	-- rulebook
	'load_rulebook', 'copy_rulebook', 'put_in_force', 'set_rulebook_setting',
	'create_duty', 'create_statutory_rule', 'create_exception_rule', 'create_fallback', 'create_alias', 'create_place',
	'end_dispatch_rule', 'simulate_dispatch', 'rulebook_coverage',
	'add_phrase', 'change_phrase', 'remove_phrase', 'raise_phrase_severity',
	'schedule_sweeps', 'unschedule_sweeps', 'sweep_job', 'cron_database', 'check_integrity'
]) f;

insert into ticket_workflow.function_capability (function_name, capability)
select f, 'internal' from unnest(array[
	-- base, checks
	'actor_setting', 'calendar_setting', 'new_id', 'code_of', 'require_code', 'require_text', 'optional_text',
	'require_reason', 'raise_problems', 'iso_date',
	-- organization, security
	'caller_grants', 'caller_owns', 'granted_centers', 'acting_official', 'require_actor', 'require_capability', 'require_right', 'has_right', 'require_managed', 'require_owner',
	'managed_center', 'managed_official', 'managed_post', 'check_official_role', 'check_organization_parent', 'check_matter_parent',
	'set_organization_parent', 'set_matter_parent', 'organizations_below', 'matters_below', 'tickets_apart',
	'center_id_of', 'area_id_of', 'organization_id_of', 'official_id_of', 'matter_id_of',
	'grant_access', 'revoke_access', 'refresh_grants', 'apply_grants', 'grantable',
	-- calendar
	'calendar_changes', 'calendar_document_days', 'calendar_document_source', 'check_calendar',
	'check_calendar_day', 'check_calendar_settings', 'lock_calendars', 'log_calendar_change', 'parse_windows', 'refuse_document',
	'feed_document', 'fold_ical_line',
	-- rulebook, journal
	'rulebook_tables', 'check_phrase', 'fold_compatible', 'rulebook_on', 'journal_hash', 'write_journal', 'write_journals', 'broken_references', 'lagging_sequences',
	-- ticket
	'begin_act', 'begin_move', 'add_petitioner', 'normalize_phone', 'phone_locality', 'mask_name', 'mask_phone', 'mask_address',
	'has_contact', 'changed_columns', 'transition_problems', 'dispatch_problems', 'follow_correction',
	-- dispatch
	'rule_department', 'findable_name', 'incident_handlers', 'incident_of', 'returned_departments', 'has_dispatch_rules',
	'ticket_recommendation', 'notify_assistance', 'ask_assistance', 'add_to_incident', 'coverage_gaps',
	-- clocks
	'apply_event', 'apply_new_clocks', 'catch_up', 'clock_fact_time', 'end_clock', 'end_uncarried_clocks',
	'expire_clock', 'fact_time', 'find_limit', 'level_at', 'move_due', 'next_due_clock', 'next_look', 'process_clock',
	'recompute_calendar', 'recomputed_due', 'release_clock', 'resume_clock', 'settle_fact_clocks', 'start_clock', 'stop_clock',
	'extended_clock', 'extended_limit', 'extension_problems', 'settle_extension',
	-- facts
	'absence_declared', 'acting_organization', 'ask_for_recordings', 'channel_marks', 'check_callback', 'check_occurred',
	'contact_proof', 'contact_reached', 'contact_valid', 'dispatch_round_at', 'evidence_time', 'failed_contact',
	'first_contact_problems', 'insert_absence', 'insert_contact', 'insert_evidence', 'open_review', 'missing_recordings',
	'platform_report_valid', 'recording_problems', 'round_evidence', 'site_visit_time', 'site_visit_valid',
	-- returns
	'begin_return_act', 'improper_marks', 'return_grant_problems', 'return_ordinal', 'return_problems',
	'return_request_problems', 'return_transition_problems', 'return_window', 'window_open',
	-- reports, signatures
	'annotated_html', 'annotated_text', 'approval_problems', 'completion_problems', 'current_report', 'escape_html',
	'finding_code', 'mentions', 'repeat_kind_of', 'repeated_ticket', 'refresh_repeats', 'annotated_source', 'matters_of_petitioner', 'overruled_findings', 'relation_verdict', 'report_facts', 'report_findings', 'report_problems',
	'report_row_findings', 'report_text_findings', 'shown_findings', 'sign_subject', 'signature_problems', 'subject_ticket',
	'submission_problems', 'visible_approval', 'visible_report', 'wrote_report',
	-- escalation, sweep
	'center_fallback', 'end_escalations', 'clock_args', 'notify_post', 'office_opening', 'post_notice',
	'raise_escalation', 'raise_escalations', 'reopen_escalations', 'set_clock_aside', 'sweep_clock', 'sweep_levels', 'sweep_daily', 'tell_again',
	'tell_missing_year', 'wake_consumers'
]) f;

-- ---- tables and views

-- The product's words and states, the rules, the calendars, and the directory of who is who.
insert into ticket_workflow.relation_capability (relation_name, capability)
select r, 'any' from unnest(array[
	'message', 'clause', 'label', 'position', 'ticket_state', 'ticket_transition', 'clock_kind', 'clock_carrier', 'clock_event',
	'function_capability', 'relation_capability',
	'rulebook', 'center_rulebook', 'rulebook_setting', 'clock_limit', 'escalation_level', 'escalation_recipient', 'act_right',
	'approval_rule', 'finding_option', 'finding_relation', 'required_evidence', 'phrase', 'dispatch_order', 'dispatch_word',
	'statutory_rule', 'duty', 'exception_rule', 'area_fallback', 'organization_alias', 'committee_place',
	'calendar', 'calendar_base', 'calendar_window', 'calendar_day', 'calendar_date_window', 'calendar_document', 'calendar_change',
	'calendar_health',
	'center', 'area', 'organization', 'organization_parent', 'post', 'duty_roster', 'matter', 'matter_parent'
]) r;
-- without the role a person logs in by, what else is kept about him, and why he is absent
insert into ticket_workflow.relation_capability values
	('official', 'any', '{official_id,center_id,code,name,active}'),
	('official', 'manager', null),
	('delegation', 'any', '{delegation_id,center_id,post_id,substitute_id,valid_from,valid_until}'),
	('delegation', 'manager', null),
	('access_grant', 'manager', null),
	('access_grant', 'auditor', null);

-- What stands at tickets, under row security; personal data masked.
insert into ticket_workflow.relation_capability (relation_name, capability, columns)
select r, c, case r when 'petitioner' then
		'{petitioner_id,center_id,phone_is_mobile,phone_locality,name_masked,phone_masked,address_masked}'::text[] end
from unnest(array[
	'ticket', 'petitioner', 'ticket_original', 'ticket_merge', 'ticket_assist', 'dispatch_decision', 'incident', 'incident_ticket', 'journal', 'clock',
	'contact', 'site_visit', 'platform_report', 'evidence', 'evidence_absence', 'ticket_return',
	'report', 'report_finding', 'approval', 'limit_extension', 'escalation', 'notice',
	'ticket_overview', 'running_clock', 'overdue_ticket', 'due_soon', 'escalation_overview', 'escalation_history',
	'signature_demand', 'waiting_signature', 'waiting_decision'
]) r, unnest(array['application', 'official', 'reader', 'auditor']) c;

-- How the machine is doing.
insert into ticket_workflow.relation_capability (relation_name, capability)
select r, c from unnest(array['sweep_run', 'sweep_failure', 'sweep_day', 'sweep_health']) r,
	unnest(array['sweeper', 'manager', 'auditor']) c;

insert into ticket_workflow.relation_capability (relation_name, capability) values
	('shipped_document', 'internal');

-- ==== sql/base/functions.sql

-- Settings, errors, labels: what every other subject calls.
-- May touch: nothing but the product tables of the base.

create or replace function ticket_workflow.now() returns timestamptz
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_now';
comment on function ticket_workflow.now() is
	'Time of the statement; a superuser''s ticket_workflow.now takes its place in demos and tests';

create or replace function ticket_workflow.language() returns text
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_language';
comment on function ticket_workflow.language() is 'Language of messages and labels: zh or en, from ticket_workflow.language';

create or replace function ticket_workflow.caller() returns regrole
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_caller';
comment on function ticket_workflow.caller() is 'Database role that calls: the outer user, also inside SECURITY DEFINER functions';

create or replace function ticket_workflow.actor_setting() returns text
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_actor_setting';
comment on function ticket_workflow.actor_setting() is 'The setting ticket_workflow.actor as it is; actor() says whether the caller may use it';

create or replace function ticket_workflow.calendar_setting() returns text
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_calendar_setting';
comment on function ticket_workflow.calendar_setting() is 'The setting ticket_workflow.calendar: the calendar of functions that are given none';

create or replace function ticket_workflow.fail(key text, clause text, variadic args text[] default '{}') returns void
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_fail';
comment on function ticket_workflow.fail(text, text, text[]) is
	'Raises the message of that key: SQLSTATE TWnnn, the clause and its wording in DETAIL, the way out in HINT';

create or replace function ticket_workflow.message_text(key text, args text[] default '{}', language text default null) returns text
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_message_text';
comment on function ticket_workflow.message_text(text, text[], text) is
	'Text of a message with its arguments filled in; language NULL is the session''s';

-- in C, since views call it several times a row
create or replace function ticket_workflow.label(domain text, code text) returns text
	language c stable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_label';
comment on function ticket_workflow.label(text, text) is
	'What a code is called in the session''s language; NULL for a code that has no label';

-- ==== sql/base/cache.sql

-- What keeps the C engine's caches true; src/cache.h says how.
-- May touch: nothing.
--
-- A table that a cache is made from carries three triggers. Two are always enabled; the third is for rows that
-- logical replication brings, which fires no statement triggers:
--
--	create or replace trigger invalidate_cache_before before insert or update or delete or truncate
--		on ticket_workflow.x for each statement execute function ticket_workflow.invalidate_cache();
--	create or replace trigger invalidate_cache_after after insert or update or delete or truncate
--		on ticket_workflow.x for each statement execute function ticket_workflow.invalidate_cache();
--	create or replace trigger invalidate_cache_replica after insert or update or delete
--		on ticket_workflow.x for each row execute function ticket_workflow.invalidate_cache();
--	alter table ticket_workflow.x enable always trigger invalidate_cache_before;
--	alter table ticket_workflow.x enable always trigger invalidate_cache_after;
--	alter table ticket_workflow.x enable replica trigger invalidate_cache_replica;

create or replace function ticket_workflow.invalidate_cache() returns trigger
	language c as 'MODULE_PATHNAME', 'tw_sql_invalidate_cache';
comment on function ticket_workflow.invalidate_cache() is
	'Trigger of every table the C engine caches, before and after a statement and after a replicated row: backends load it anew';

-- ==== sql/base/checks.sql

-- What every API function asks of its arguments, and how several problems are raised as one error.
-- May touch: nothing.

create or replace function ticket_workflow.code_of(domain text, given text, parameter text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	found_code text;
begin
	if code_of.given is null then
		return null;
	end if;
	select l.code into found_code
		from ticket_workflow.label l
		where l.domain = code_of.domain and code_of.given in (l.code, l.zh, l.en)
		order by (l.code = code_of.given) desc
		limit 1;
	if found_code is null then
		perform ticket_workflow.fail('unknown_code', null, code_of.parameter, left(code_of.given, 60),
			(select string_agg(l.code || ' (' || l.zh || ')', ', ' order by l.code)
				from ticket_workflow.label l where l.domain = code_of.domain));
	end if;
	return found_code;
end
$$;
comment on function ticket_workflow.code_of(text, text, text) is
	'The code for a code or its Chinese or English name; TW006 naming the allowed ones for anything else; NULL for NULL';

create or replace function ticket_workflow.require_code(domain text, given text, parameter text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	if coalesce(btrim(require_code.given), '') = '' then
		perform ticket_workflow.fail('text_missing', null, require_code.parameter);
	end if;
	return ticket_workflow.code_of(require_code.domain, require_code.given, require_code.parameter);
end
$$;
comment on function ticket_workflow.require_code(text, text, text) is 'code_of() where there must be one: TW006 for NULL too';

create or replace function ticket_workflow.require_text(given text, parameter text, max_length integer default 2000) returns text
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
	if require_text.given is null or btrim(require_text.given, E' \t\r\n　') = '' then
		perform ticket_workflow.fail('text_missing', null, require_text.parameter);
	end if;
	return ticket_workflow.optional_text(require_text.given, require_text.parameter, require_text.max_length);
end
$$;
comment on function ticket_workflow.require_text(text, text, integer) is
	'The text; TW006 when it is empty, longer than max_length characters or holds control characters';

create or replace function ticket_workflow.optional_text(given text, parameter text, max_length integer default 2000) returns text
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
	if length(optional_text.given) > optional_text.max_length then
		perform ticket_workflow.fail('text_too_long', null, optional_text.parameter,
			length(optional_text.given)::text, optional_text.max_length::text);
	end if;
	-- a control character would break sheets, logs and the reader's trust; line ends and tabs are text
	if optional_text.given ~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]' then
		perform ticket_workflow.fail('text_control', null, optional_text.parameter);
	end if;
	return optional_text.given;
end
$$;
comment on function ticket_workflow.optional_text(text, text, integer) is
	'The text, or NULL; TW006 when it is longer than max_length characters or holds control characters';

create or replace function ticket_workflow.require_reason(reason text, clause text) returns text
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
	if require_reason.reason is null or btrim(require_reason.reason, E' \t\r\n　') = '' then
		perform ticket_workflow.fail('reason_missing', require_reason.clause);
	end if;
	return ticket_workflow.optional_text(require_reason.reason, 'reason');
end
$$;
comment on function ticket_workflow.require_reason(text, text) is 'The reason; TW009 with the clause when there is none';

-- Guards name everything that is missing at once, not one item a try.
create or replace function ticket_workflow.raise_problems(problems jsonb) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	problem record;
	state text;
	messages text[];
	details text[];
	hints text[];
	english constant boolean := ticket_workflow.language() = 'en';
begin
	if raise_problems.problems is null or jsonb_array_length(raise_problems.problems) = 0 then
		return;
	end if;
	for problem in
		select p.message, p.clause, p.args, m.sqlstate,
			ticket_workflow.message_text(p.message, p.args) as text,
			case when english then m.hint_en else m.hint_zh end as hint,
			case when english then coalesce('Clause ' || p.clause || ': ' || c.en, 'Clause ' || p.clause)
				else coalesce('条款 ' || p.clause || '：' || c.zh, '条款 ' || p.clause) end as detail
		from rows from (jsonb_to_recordset(raise_problems.problems) as (message text, clause text, args text[]))
				with ordinality as p (message, clause, args, ordinal)
			left join ticket_workflow.message m on m.key = p.message
			left join ticket_workflow.clause c on c.clause = p.clause
		-- the first one gives the SQLSTATE
		order by p.ordinal
	loop
		state := coalesce(state, problem.sqlstate);
		-- two rules may ask for the same signature
		if problem.text <> all (coalesce(messages, '{}')) then
			messages := messages || problem.text;
		end if;
		if problem.detail is not null and problem.detail <> all (coalesce(details, '{}')) then
			details := details || problem.detail;
		end if;
		if problem.hint is not null and problem.hint <> all (coalesce(hints, '{}')) then
			hints := hints || problem.hint;
		end if;
	end loop;
	raise exception using
		errcode = coalesce(state, 'XX000'),
		message = array_to_string(messages, case when english then '; ' else '；' end),
		detail = coalesce(array_to_string(details, E'\n'), ''),
		hint = coalesce(array_to_string(hints, E'\n'), '');
end
$$;
comment on function ticket_workflow.raise_problems(jsonb) is
	'Raises an array of {message, clause, args} as one error that names them all; nothing when it is empty';

-- ==== sql/calendar/engine.sql

-- The calendar engine: working days, working time, limits. In C (src/calendar*.c), over cached calendars.
-- May touch: nothing; reads the calendar tables past privileges, for every capability may count days.

create or replace function ticket_workflow.is_working_day(day date, calendar text default null) returns boolean
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_is_working_day';
comment on function ticket_workflow.is_working_day(date, text) is
	'Whether the day is worked: local arrangement before national before weekly pattern; NULL for an infinite day';

create or replace function ticket_workflow.add_working_days(day date, n integer, calendar text default null) returns date
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_add_working_days';
comment on function ticket_workflow.add_working_days(date, integer, text) is
	'The n-th working day after the day, before it when n is negative; 0 is the day itself or the first working day after it';

create or replace function ticket_workflow.working_days_between(a date, b date, calendar text default null) returns integer
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_working_days_between';
comment on function ticket_workflow.working_days_between(date, date, text) is
	'Working days after a up to b; going back those before a down to b, negative. between(a, add(a, n)) = n';

create or replace function ticket_workflow.add_working_time(at timestamptz, amount interval, calendar text default null) returns timestamptz
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_add_working_time';
comment on function ticket_workflow.add_working_time(timestamptz, interval, text) is
	'When so much time has passed within service hours; what ends at closing stays there, a negative amount goes back';

create or replace function ticket_workflow.working_time_between(a timestamptz, b timestamptz, calendar text default null) returns interval
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_working_time_between';
comment on function ticket_workflow.working_time_between(timestamptz, timestamptz, text) is
	'Service time from a to b, in the time field only; negative when b is before a';

create or replace function ticket_workflow.due_at(start timestamptz, limit_kind text, amount integer, at_time time default null,
	calendar text default null, roll boolean default true) returns timestamptz
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_due_at';
comment on function ticket_workflow.due_at(timestamptz, text, integer, time, text, boolean) is
	'When a limit ends: elapsed_minutes, service_minutes, working_days, calendar_days, next_working_day_at, half_day_cutoff';

create or replace function ticket_workflow.due_on(due timestamptz, calendar text default null) returns date
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_due_on';
comment on function ticket_workflow.due_on(timestamptz, text) is
	'The last day of a limit in the calendar''s zone: the end of a day is the next one''s 00:00';

create or replace function ticket_workflow.calendar_covers(day date, calendar text default null) returns boolean
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_calendar_covers';
comment on function ticket_workflow.calendar_covers(date, text) is
	'Whether a published document says what the day is; else the weekly pattern is all there is, and a limit provisional';

-- ==== sql/calendar/functions.sql

-- Making and changing calendars, so that nobody writes their rows by hand.
-- May touch: the calendar tables.
--
-- Each change takes calendar_change's lock first: versions then grow in the order of
-- commits, and two changes cannot close a circle of bases between them.

create or replace function ticket_workflow.calendar_layers(calendar text)
	returns table (layer integer, code text)
	language sql stable
begin atomic
	-- 32 as in the engine, so that a circle written past the functions ends
	with recursive up (layer, code) as (
		select 0, c.code from ticket_workflow.calendar c where c.code = calendar_layers.calendar
		union all
		select up.layer + 1, b.base from up join ticket_workflow.calendar_base b on b.calendar = up.code where up.layer < 31
	)
	select up.layer, up.code from up;
end;
comment on function ticket_workflow.calendar_layers(text) is 'A calendar and its bases, the calendar itself as layer 0';

create or replace function ticket_workflow.lock_calendars() returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
	lock table ticket_workflow.calendar_change in share row exclusive mode;
end
$$;
comment on function ticket_workflow.lock_calendars() is 'One change of calendars at a time; reading goes on';

create or replace function ticket_workflow.check_calendar(code text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if not exists (select from ticket_workflow.calendar c where c.code = check_calendar.code) then
		perform ticket_workflow.fail('unknown_calendar', null, coalesce(check_calendar.code, 'NULL'));
	end if;
end
$$;
comment on function ticket_workflow.check_calendar(text) is 'Fails where there is no such calendar';

create or replace function ticket_workflow.log_calendar_change(calendar text, first_day date, last_day date, reason text) returns bigint
	language sql security definer set search_path = pg_catalog, pg_temp
as $$
	insert into ticket_workflow.calendar_change (version, calendar, first_day, last_day, reason, changed_at, changed_by)
	values (nextval('ticket_workflow.calendar_version_seq'), log_calendar_change.calendar,
		coalesce(log_calendar_change.first_day, '-infinity'), coalesce(log_calendar_change.last_day, 'infinity'),
		log_calendar_change.reason, ticket_workflow.now(), ticket_workflow.caller()::text)
	returning version
$$;
comment on function ticket_workflow.log_calendar_change(text, date, date, text) is
	'Notes which days may have moved; NULL is without bound';

create or replace function ticket_workflow.calendar_version(calendar text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (select coalesce(max(c.version), 0)
			from ticket_workflow.calendar_layers(calendar_version.calendar) l
				join ticket_workflow.calendar_change c on c.calendar = l.code);
end
$$;
comment on function ticket_workflow.calendar_version(text) is
	'Version of a calendar, bases included. Read it before the deadline that is kept with it';

create or replace function ticket_workflow.calendar_changes(calendar text, since_version bigint default 0)
	returns table (version bigint, changed text, first_day date, last_day date, reason text, changed_at timestamptz)
	language sql stable
begin atomic
	select c.version, c.calendar, c.first_day, c.last_day, c.reason, c.changed_at
	from ticket_workflow.calendar_layers(calendar_changes.calendar) l
		join ticket_workflow.calendar_change c on c.calendar = l.code
	where c.version > calendar_changes.since_version
	order by c.version;
end;
comment on function ticket_workflow.calendar_changes(text, bigint) is
	'What has moved in a calendar, bases included, after a version: a deadline whose span meets none of it stands';

create or replace function ticket_workflow.check_calendar_settings(zone text, working_week text, closing_time time) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	-- the engine's own reading: it takes more forms than the view of names lists
	if zone <> '' then
		begin
			perform pg_catalog.timezone(zone, timestamptz '2000-01-01');
		exception when invalid_parameter_value then
			perform ticket_workflow.fail('unknown_zone', null, zone);
		end;
		if zone ~ '^[+-]?\d' or not exists (select from pg_catalog.pg_timezone_names n where lower(n.name) = lower(zone)) then
			perform ticket_workflow.fail('unknown_zone', null, zone);
		end if;
	end if;
	if working_week !~ '^[01]{7}$' then
		perform ticket_workflow.fail('working_week_bad', null, working_week);
	end if;
	if closing_time = time '00:00' or date_trunc('minute', closing_time) <> closing_time::interval then
		perform ticket_workflow.fail('closing_time_bad', null, closing_time::text);
	end if;
end
$$;
comment on function ticket_workflow.check_calendar_settings(text, text, time) is 'Fails on a zone, week or closing time that cannot be';

create or replace function ticket_workflow.set_calendar_base(calendar text, base text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	old_base text;
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(set_calendar_base.calendar);
	delete from ticket_workflow.calendar_base b where b.calendar = set_calendar_base.calendar returning b.base into old_base;
	if set_calendar_base.base <> '' then
		perform ticket_workflow.check_calendar(set_calendar_base.base);
		if exists (select from ticket_workflow.calendar_layers(set_calendar_base.base) l
				where l.code = set_calendar_base.calendar or l.layer >= 16) then
			perform ticket_workflow.fail('calendar_circle', null, set_calendar_base.calendar);
		end if;
		insert into ticket_workflow.calendar_base (calendar, base) values (set_calendar_base.calendar, set_calendar_base.base);
	end if;
	if coalesce(set_calendar_base.base, '') <> coalesce(old_base, '') then
		perform ticket_workflow.log_calendar_change(set_calendar_base.calendar, null, null, 'base');
	end if;
	return ticket_workflow.calendar_version(set_calendar_base.calendar);
end
$$;
comment on function ticket_workflow.set_calendar_base(text, text) is 'Lays a calendar over another, empty for none; circles are refused';

create or replace function ticket_workflow.create_calendar(code text, name text, zone text default null, working_week text default null,
	closing_time time default null, base text default null) returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.lock_calendars();
	if coalesce(create_calendar.code, '') !~ '^[a-z][a-z0-9_]{0,62}$' then
		perform ticket_workflow.fail('calendar_code_bad', null, coalesce(create_calendar.code, 'NULL'));
	end if;
	if exists (select from ticket_workflow.calendar c where c.code = create_calendar.code) then
		perform ticket_workflow.fail('calendar_exists', null, create_calendar.code);
	end if;
	if coalesce(create_calendar.name, '') = '' then
		perform ticket_workflow.fail('calendar_name_missing', null, create_calendar.code);
	end if;
	if coalesce(create_calendar.base, '') = '' and coalesce(create_calendar.zone, '') = '' then
		perform ticket_workflow.fail('calendar_zone_missing', null, create_calendar.code);
	end if;
	perform ticket_workflow.check_calendar_settings(create_calendar.zone, create_calendar.working_week, create_calendar.closing_time);
	perform ticket_workflow.check_calendar(b) from nullif(create_calendar.base, '') b where b is not null;
	insert into ticket_workflow.calendar (code, name, zone, working_week, closing_time)
	values (create_calendar.code, create_calendar.name,
		coalesce(nullif(create_calendar.zone, ''), (select c.zone from ticket_workflow.calendar c where c.code = create_calendar.base)),
		create_calendar.working_week, create_calendar.closing_time);
	perform ticket_workflow.set_calendar_base(create_calendar.code, create_calendar.base);
	perform ticket_workflow.log_calendar_change(create_calendar.code, null, null, 'created');
	return create_calendar.code;
end
$$;
comment on function ticket_workflow.create_calendar(text, text, text, text, time, text) is
	'New calendar. A zone left out is its base''s of today; the weekly pattern (1111100: Monday to Friday) and the closing time are the base''s as it changes';

create or replace function ticket_workflow.change_calendar(code text, name text default null, zone text default null,
	working_week text default null, closing_time time default null, base text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	before ticket_workflow.calendar;
	after ticket_workflow.calendar;
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(change_calendar.code);
	perform ticket_workflow.check_calendar_settings(change_calendar.zone, change_calendar.working_week, change_calendar.closing_time);
	select c.* into before from ticket_workflow.calendar c where c.code = change_calendar.code;
	update ticket_workflow.calendar c set
		name = coalesce(nullif(change_calendar.name, ''), c.name),
		zone = coalesce(nullif(change_calendar.zone, ''), c.zone),
		working_week = coalesce(change_calendar.working_week, c.working_week),
		closing_time = coalesce(change_calendar.closing_time, c.closing_time)
	where c.code = change_calendar.code
	returning c.* into after;
	if change_calendar.base is not null then
		perform ticket_workflow.set_calendar_base(change_calendar.code, change_calendar.base);
	end if;
	if (before.zone, before.working_week, before.closing_time) is distinct from (after.zone, after.working_week, after.closing_time) then
		return ticket_workflow.log_calendar_change(change_calendar.code, null, null, 'calendar');
	end if;
	return ticket_workflow.calendar_version(change_calendar.code);
end
$$;
comment on function ticket_workflow.change_calendar(text, text, text, text, time, text) is
	'Changes what is given; an empty base takes it away. Returns the calendar''s version';

create or replace function ticket_workflow.drop_calendar(code text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(drop_calendar.code);
	delete from ticket_workflow.calendar_day d where d.calendar = drop_calendar.code;
	delete from ticket_workflow.calendar_document d where d.calendar = drop_calendar.code;
	delete from ticket_workflow.calendar_window w where w.calendar = drop_calendar.code;
	delete from ticket_workflow.calendar_date_window w where w.calendar = drop_calendar.code;
	delete from ticket_workflow.calendar_base b where b.calendar = drop_calendar.code;
	delete from ticket_workflow.calendar c where c.code = drop_calendar.code;
exception when foreign_key_violation then
	perform ticket_workflow.fail('calendar_in_use', null, drop_calendar.code);
end
$$;
comment on function ticket_workflow.drop_calendar(text) is 'Removes a calendar that no center, clock or other calendar uses';

-- ---- service hours

create or replace function ticket_workflow.parse_windows(windows text) returns table (opens time, closes time)
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
	part text;
	bound text[];
	last_close time;
begin
	for part in
		select p from (select trim(w) as p from regexp_split_to_table(replace(parse_windows.windows, '–', '-'), ',|，|;|；') w) s
		order by lpad(p, 11, '0') collate "C"
	loop
		bound := regexp_match(part, '^(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$');
		if bound is null or bound[1] !~ '^([01]?\d|2[0-3]):[0-5]\d$' or bound[2] !~ '^(([01]?\d|2[0-3]):[0-5]\d|24:00)$' then
			perform ticket_workflow.fail('window_bad', null, part);
		end if;
		opens := bound[1]::time;
		closes := bound[2]::time;
		if opens >= closes then
			perform ticket_workflow.fail('window_over_midnight', null, part);
		end if;
		if opens < last_close then
			perform ticket_workflow.fail('window_overlap', null, part);
		end if;
		last_close := closes;
		return next;
	end loop;
end
$$;
comment on function ticket_workflow.parse_windows(text) is 'Service hours written as 08:30-12:00, 13:00-17:30';

create or replace function ticket_workflow.set_service_hours(calendar text, weekday integer, windows text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(set_service_hours.calendar);
	if set_service_hours.weekday is null or set_service_hours.weekday not between 0 and 7 then
		perform ticket_workflow.fail('weekday_bad', null, coalesce(set_service_hours.weekday::text, 'NULL'));
	end if;
	delete from ticket_workflow.calendar_window w
	where w.calendar = set_service_hours.calendar and w.weekday = set_service_hours.weekday;
	if set_service_hours.windows <> '' then
		insert into ticket_workflow.calendar_window (calendar, weekday, opens, closes)
		select set_service_hours.calendar, set_service_hours.weekday, p.opens, p.closes
		from ticket_workflow.parse_windows(set_service_hours.windows) p;
	end if;
	return ticket_workflow.log_calendar_change(set_service_hours.calendar, null, null, 'service hours');
end
$$;
comment on function ticket_workflow.set_service_hours(text, integer, text) is
	'Service hours of a weekday (1 Monday to 7 Sunday, 0 every working day without its own), as 08:30-12:00, 13:00-17:30; empty takes them away';

create or replace function ticket_workflow.set_date_hours(calendar text, day date, windows text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(set_date_hours.calendar);
	perform ticket_workflow.check_calendar_day(set_date_hours.day);
	delete from ticket_workflow.calendar_date_window w
	where w.calendar = set_date_hours.calendar and w.day = set_date_hours.day;
	if set_date_hours.windows <> '' then
		insert into ticket_workflow.calendar_date_window (calendar, day, opens, closes)
		select set_date_hours.calendar, set_date_hours.day, p.opens, p.closes
		from ticket_workflow.parse_windows(set_date_hours.windows) p;
	end if;
	return ticket_workflow.log_calendar_change(set_date_hours.calendar, set_date_hours.day, set_date_hours.day, 'service hours');
end
$$;
comment on function ticket_workflow.set_date_hours(text, date, text) is
	'Service hours of one date, should it be worked: a short day, a make-up day with its own; empty takes them away';

-- ---- single days

create or replace function ticket_workflow.check_calendar_day(day date) returns void
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
	if day is null or day not between date '1900-01-01' and date '2199-12-31' then
		perform ticket_workflow.fail('calendar_day_bad', null, coalesce(day::text, 'NULL'));
	end if;
end
$$;
comment on function ticket_workflow.check_calendar_day(date) is 'Fails on a day outside the years that calendars name days of';

create or replace function ticket_workflow.set_calendar_day(calendar text, day date, is_off_day boolean, name text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(set_calendar_day.calendar);
	perform ticket_workflow.check_calendar_day(set_calendar_day.day);
	delete from ticket_workflow.calendar_day d
	where d.calendar = set_calendar_day.calendar and d.day = set_calendar_day.day and d.source = 'manual';
	if set_calendar_day.is_off_day is not null then
		if not exists (select from ticket_workflow.calendar_document d
				where d.calendar = set_calendar_day.calendar and d.source = 'manual') then
			insert into ticket_workflow.calendar_document (calendar, source, imported_at)
			values (set_calendar_day.calendar, 'manual', ticket_workflow.now());
		end if;
		insert into ticket_workflow.calendar_day (calendar, day, source, name, is_off_day, rank)
		values (set_calendar_day.calendar, set_calendar_day.day, 'manual', coalesce(nullif(set_calendar_day.name, ''), 'manual'),
			set_calendar_day.is_off_day, 9999);
	end if;
	return ticket_workflow.log_calendar_change(set_calendar_day.calendar, set_calendar_day.day, set_calendar_day.day, 'day');
end
$$;
comment on function ticket_workflow.set_calendar_day(text, date, boolean, text) is
	'Makes one day a rest day or a working day, whatever the documents say; NULL lets them speak again';

-- ==== sql/calendar/import.sql

-- Import of published arrangements: holiday-cn JSON documents, and the calendars that ship.
-- May touch: calendar_document, calendar_day, calendar_change.

create or replace function ticket_workflow.refuse_document(reason_zh text, reason_en text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.fail('calendar_document_bad', null,
		case when ticket_workflow.language() = 'en' then reason_en else reason_zh end);
end
$$;
comment on function ticket_workflow.refuse_document(text, text) is 'TW011: a calendar document that cannot be right';

-- Strictly ISO: what the server's date input takes (2023.1.5, now, J2459000) is a slip in a document.
create or replace function ticket_workflow.iso_date(value text) returns date
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
	part constant text[] := regexp_match(value, '^(\d{4})-(\d{2})-(\d{2})$');
	year integer;
	month integer;
	day integer;
begin
	if part is null then
		return null;
	end if;
	year := part[1]::integer;
	month := part[2]::integer;
	day := part[3]::integer;
	if year = 0 or month not between 1 and 12 or day < 1
		or day > extract(day from make_date(year, month, 1) + interval '1 month - 1 day') then
		return null;
	end if;
	return make_date(year, month, day);
end
$$;
comment on function ticket_workflow.iso_date(text) is 'A date of the form 2023-01-28, else NULL';

create or replace function ticket_workflow.calendar_document_days(document jsonb)
	returns table (day date, name text, is_off_day boolean)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
	year integer;
	item jsonb;
	bad text;
	place integer := 0;
	seen date[] := '{}';
begin
	if coalesce(jsonb_typeof(document), 'null') <> 'object' then
		perform ticket_workflow.refuse_document('文件应为 JSON 对象', 'the document is no JSON object');
	end if;
	select k into bad from jsonb_object_keys(document) k
	where k not in ('year', 'papers', 'days') and k !~ '^\$' order by k limit 1;
	if bad is not null then
		perform ticket_workflow.refuse_document('不认识的字段 ' || bad, 'unknown field ' || bad);
	end if;

	-- a feed of several years has a null year, and covers nothing; only our readers make it
	if not document ? 'year' then
		perform ticket_workflow.refuse_document('缺少 year', 'year is missing');
	end if;
	if jsonb_typeof(document -> 'year') not in ('number', 'null') then
		perform ticket_workflow.refuse_document('year 应为数字', 'year is no number');
	end if;
	if jsonb_typeof(document -> 'year') = 'number' then
		if (document ->> 'year')::numeric not between 1900 and 2199 or (document ->> 'year')::numeric % 1 <> 0 then
			perform ticket_workflow.refuse_document('year 应在 1900 至 2199 之间', 'year is not between 1900 and 2199');
		end if;
		year := (document ->> 'year')::numeric::integer;
	end if;

	if document ? 'papers' then
		if jsonb_typeof(document -> 'papers') <> 'array' then
			perform ticket_workflow.refuse_document('papers 应为数组', 'papers is no array');
		end if;
		if exists (select from jsonb_array_elements(document -> 'papers') p where jsonb_typeof(p) <> 'string') then
			perform ticket_workflow.refuse_document('papers 的每一项应为字符串', 'papers has an item that is no string');
		end if;
	end if;

	if not document ? 'days' then
		perform ticket_workflow.refuse_document('缺少 days', 'days is missing');
	end if;
	if jsonb_typeof(document -> 'days') <> 'array' then
		perform ticket_workflow.refuse_document('days 应为数组', 'days is no array');
	end if;
	if jsonb_array_length(document -> 'days') > 10000 then
		perform ticket_workflow.refuse_document('days 超过 10000 项', 'days has more than 10000 items');
	end if;

	for item in select d from jsonb_array_elements(document -> 'days') with ordinality x(d, n) order by x.n loop
		place := place + 1;
		if jsonb_typeof(item) <> 'object' then
			perform ticket_workflow.refuse_document('days 第 ' || place || ' 项应为对象', 'item ' || place || ' of days is no object');
		end if;
		select k into bad from jsonb_object_keys(item) k where k not in ('name', 'date', 'isOffDay') order by k limit 1;
		if bad is not null then
			perform ticket_workflow.refuse_document('days 第 ' || place || ' 项有不认识的字段 ' || bad,
				'item ' || place || ' of days has the unknown field ' || bad);
		end if;
		if coalesce(jsonb_typeof(item -> 'name'), '') <> 'string' or trim(item ->> 'name') = '' or length(item ->> 'name') > 200 then
			perform ticket_workflow.refuse_document('days 第 ' || place || ' 项的 name 缺失、为空或过长',
				'name of item ' || place || ' of days is missing, empty or too long');
		end if;
		if coalesce(jsonb_typeof(item -> 'isOffDay'), '') <> 'boolean' then
			perform ticket_workflow.refuse_document('days 第 ' || place || ' 项的 isOffDay 应为 true 或 false',
				'isOffDay of item ' || place || ' of days is neither true nor false');
		end if;
		if coalesce(jsonb_typeof(item -> 'date'), '') <> 'string' or ticket_workflow.iso_date(item ->> 'date') is null then
			perform ticket_workflow.refuse_document('days 第 ' || place || ' 项的 date 应为存在的日期，形如 2023-01-28',
				'date of item ' || place || ' of days is no existing date of the form 2023-01-28');
		end if;
		day := ticket_workflow.iso_date(item ->> 'date');
		name := trim(item ->> 'name');
		is_off_day := (item ->> 'isOffDay')::boolean;
		-- a holiday at a turn of years stands in the paper of one of them: 2022-12-31 in 2023's
		if day not between coalesce(make_date(year - 1, 12, 1), date '1900-01-01') and coalesce(make_date(year + 1, 1, 31), date '2199-12-31')
			or day not between date '1900-01-01' and date '2199-12-31' then
			perform ticket_workflow.refuse_document(day || ' 不属于该年', day || ' is not of that year');
		end if;
		if day = any (seen) then
			perform ticket_workflow.refuse_document(day || ' 出现两次', day || ' stands there twice');
		end if;
		seen := seen || day;
		return next;
	end loop;
end
$$;
comment on function ticket_workflow.calendar_document_days(jsonb) is
	'Days of a document {"year", "papers", "days": [{"name", "date", "isOffDay"}]}; fails with TW011 where it is not one';

create or replace function ticket_workflow.calendar_document_source(document jsonb, source text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	name constant text := coalesce(source, document ->> 'year');
begin
	if coalesce(name, '') = '' or length(name) > 200 or name = 'manual' then
		perform ticket_workflow.refuse_document('来源（source）缺失、过长或为保留字 manual', 'the source is missing, too long or the reserved manual');
	end if;
	return name;
end
$$;
comment on function ticket_workflow.calendar_document_source(jsonb, text) is 'What a document replaces is what came from the same source; by default its year';

create or replace function ticket_workflow.preview_calendar_import(calendar text, document jsonb, source text default null)
	returns table (day date, change text, old_name text, new_name text, old_is_off_day boolean, new_is_off_day boolean)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	own_source text;
begin
	perform ticket_workflow.check_calendar(preview_calendar_import.calendar);
	-- the document first: a broken one has no source either
	perform count(*) from ticket_workflow.calendar_document_days(preview_calendar_import.document);
	own_source := ticket_workflow.calendar_document_source(preview_calendar_import.document, preview_calendar_import.source);
	return query
		select coalesce(n.day, o.day),
			case when o.day is null then 'added' when n.day is null then 'removed' else 'changed' end,
			o.name, n.name, o.is_off_day, n.is_off_day
		from ticket_workflow.calendar_document_days(preview_calendar_import.document) n
			full join (select d.day, d.name, d.is_off_day from ticket_workflow.calendar_day d
				where d.calendar = preview_calendar_import.calendar and d.source = own_source) o on o.day = n.day
		where (o.name, o.is_off_day) is distinct from (n.name, n.is_off_day)
		order by 1;
end
$$;
comment on function ticket_workflow.preview_calendar_import(text, jsonb, text) is
	'What import_calendar() with the same arguments would add, change and remove; no row when nothing';

create or replace function ticket_workflow.import_calendar(calendar text, document jsonb, source text default null,
	complete boolean default null) returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	own_source text;
	own_year integer;
	since date;
	until date;
	old ticket_workflow.calendar_document;
	moved integer;
	first_moved date;
	last_moved date;
begin
	perform ticket_workflow.lock_calendars();
	select count(*), min(p.day), max(p.day) into moved, first_moved, last_moved
	from ticket_workflow.preview_calendar_import(import_calendar.calendar, import_calendar.document, import_calendar.source) p;
	own_source := ticket_workflow.calendar_document_source(import_calendar.document, import_calendar.source);
	own_year := (import_calendar.document ->> 'year')::integer;

	-- no days published: nothing is known of that year. What lies over another calendar completes it, and is
	-- complete by itself only when it is said so
	if own_year is not null and jsonb_array_length(import_calendar.document -> 'days') > 0
		and coalesce(import_calendar.complete,
			not exists (select from ticket_workflow.calendar_base b where b.calendar = import_calendar.calendar)) then
		since := make_date(own_year, 1, 1);
		until := make_date(own_year, 12, 31);
	end if;

	select d.* into old from ticket_workflow.calendar_document d
	where d.calendar = import_calendar.calendar and d.source = own_source;
	delete from ticket_workflow.calendar_day d where d.calendar = import_calendar.calendar and d.source = own_source;
	if old.calendar is null then
		insert into ticket_workflow.calendar_document (calendar, source, year, papers, covers_since, covers_until, imported_at)
		values (import_calendar.calendar, own_source, own_year, '{}', since, until, ticket_workflow.now());
	end if;
	update ticket_workflow.calendar_document d set
		year = own_year, covers_since = since, covers_until = until, imported_at = ticket_workflow.now(),
		papers = array(select p.paper from jsonb_array_elements_text(import_calendar.document -> 'papers') with ordinality p(paper, n) order by p.n)
	where d.calendar = import_calendar.calendar and d.source = own_source;
	insert into ticket_workflow.calendar_day (calendar, day, source, name, is_off_day, rank)
	select import_calendar.calendar, n.day, own_source, n.name, n.is_off_day, coalesce(own_year, 0)
	from ticket_workflow.calendar_document_days(import_calendar.document) n;

	-- a year that becomes covered, or ceases to be, moves what is provisional in it
	if (old.covers_since, old.covers_until) is distinct from (since, until) or old.year is distinct from own_year then
		first_moved := least(first_moved, since, old.covers_since);
		last_moved := greatest(last_moved, until, old.covers_until);
	end if;
	if first_moved is not null then
		perform ticket_workflow.log_calendar_change(import_calendar.calendar, first_moved, last_moved, 'import ' || own_source);
	end if;
	return moved;
end
$$;
comment on function ticket_workflow.import_calendar(text, jsonb, text, boolean) is
	'Takes over a published arrangement; the same source again replaces its own days only. Returns how many days it changed';

create or replace function ticket_workflow.remove_calendar_document(calendar text, source text) returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	old ticket_workflow.calendar_document;
	first_moved date;
	last_moved date;
	moved integer;
begin
	perform ticket_workflow.lock_calendars();
	perform ticket_workflow.check_calendar(remove_calendar_document.calendar);
	select d.* into old from ticket_workflow.calendar_document d
	where d.calendar = remove_calendar_document.calendar and d.source = remove_calendar_document.source;
	if old.calendar is null then
		perform ticket_workflow.fail('unknown_calendar_document', null, remove_calendar_document.calendar,
			coalesce(remove_calendar_document.source, 'NULL'));
	end if;
	with gone as (
		delete from ticket_workflow.calendar_day d
		where d.calendar = remove_calendar_document.calendar and d.source = remove_calendar_document.source
		returning d.day
	)
	select count(*), min(g.day), max(g.day) into moved, first_moved, last_moved from gone g;
	delete from ticket_workflow.calendar_document d
	where d.calendar = remove_calendar_document.calendar and d.source = remove_calendar_document.source;
	first_moved := least(first_moved, old.covers_since);
	last_moved := greatest(last_moved, old.covers_until);
	if first_moved is not null then
		perform ticket_workflow.log_calendar_change(remove_calendar_document.calendar, first_moved, last_moved,
			'removed ' || remove_calendar_document.source);
	end if;
	return moved;
end
$$;
comment on function ticket_workflow.remove_calendar_document(text, text) is 'Takes an imported document back, its days with it';

create or replace function ticket_workflow.load_calendar(name text) returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	shipped record;
	properties jsonb;
	hours record;
begin
	select d.document into properties from ticket_workflow.shipped_document d
	where d.kind = 'calendar/' || load_calendar.name and d.name = 'calendar';
	if properties is null then
		perform ticket_workflow.fail('calendar_not_shipped', null, coalesce(load_calendar.name, 'NULL'),
			(select string_agg(substr(d.kind, 10), ', ' order by d.kind collate "C") from ticket_workflow.shipped_document d
			where d.kind like 'calendar/%' and d.name = 'calendar'));
	end if;
	perform ticket_workflow.lock_calendars();
	if properties ? 'base' then
		perform ticket_workflow.load_calendar(properties ->> 'base');
	end if;
	if not exists (select from ticket_workflow.calendar c where c.code = load_calendar.name) then
		perform ticket_workflow.create_calendar(load_calendar.name, properties ->> 'name', properties ->> 'zone',
			properties ->> 'working_week', (properties ->> 'closing_time')::time, properties ->> 'base');
		for hours in select h.key, h.value from jsonb_each_text(properties -> 'service_hours') h loop
			perform ticket_workflow.set_service_hours(load_calendar.name, hours.key::integer, hours.value);
		end loop;
	end if;
	-- years that are there already may have been amended since
	for shipped in
		select d.name, d.document from ticket_workflow.shipped_document d
		where d.kind = 'calendar/' || load_calendar.name and d.name <> 'calendar'
			and not exists (select from ticket_workflow.calendar_document own
				where own.calendar = load_calendar.name and own.source = d.document ->> 'year')
		order by d.name collate "C"
	loop
		perform ticket_workflow.import_calendar(load_calendar.name, shipped.document);
	end loop;
	return load_calendar.name;
end
$$;
comment on function ticket_workflow.load_calendar(text) is
	'Loads a calendar that comes with the extension, its base with it: cn, cn_shanghai. Again: what has been added since';

-- ==== sql/organization/actor.sql

-- Who calls, and who acts: the database role, its capabilities, and the official behind it.
-- May touch: nothing; reads access_grant and official.

-- An inlined query, so that the callers' own plans hold it.
create or replace function ticket_workflow.caller_grants() returns setof ticket_workflow.access_grant
	language sql stable parallel safe
begin atomic
	select g.* from ticket_workflow.access_grant g
		-- the right to use a role's privileges, as EXECUTE itself asks; a dropped role matches nobody
		where pg_has_role(ticket_workflow.caller()::oid, to_regrole(quote_ident(g.role_name))::oid, 'USAGE');
end;
comment on function ticket_workflow.caller_grants() is 'The rows of access_grant that count for the caller';

create or replace function ticket_workflow.caller_owns() returns boolean
	language sql stable parallel safe
	return pg_has_role(ticket_workflow.caller()::oid, 'ticket_workflow_owner'::name, 'USAGE');
comment on function ticket_workflow.caller_owns() is 'Whether the caller is a superuser or has the rights of ticket_workflow_owner: every capability';

create or replace function ticket_workflow.has_capability(capability text, center_id bigint default null) returns boolean
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	-- apart from the query, which costs more to start than all else here
	if ticket_workflow.caller_owns() then
		return true;
	end if;
	return exists (select from ticket_workflow.caller_grants() g
		where g.capability = has_capability.capability
			and (g.center_id is null or has_capability.center_id is null or g.center_id = has_capability.center_id));
end
$$;
comment on function ticket_workflow.has_capability(text, bigint) is
	'Whether the caller has a capability for a center; NULL: for any';

create or replace function ticket_workflow.granted_centers(capabilities text[]) returns bigint[]
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if ticket_workflow.caller_owns() or exists (select from ticket_workflow.caller_grants() g
			where g.capability = any (granted_centers.capabilities) and g.center_id is null) then
		return array(select c.center_id from ticket_workflow.center c);
	end if;
	return array(select g.center_id from ticket_workflow.caller_grants() g
		where g.capability = any (granted_centers.capabilities));
end
$$;
comment on function ticket_workflow.granted_centers(text[]) is 'Centers for which the caller has one of the capabilities';

create or replace function ticket_workflow.require_capability(capability text, center_id bigint) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	everywhere boolean;
begin
	-- a NULL center means all of them here: what concerns every center needs the capability for every center
	everywhere := ticket_workflow.caller_owns() or exists (select from ticket_workflow.caller_grants() g
		where g.capability = require_capability.capability and g.center_id is null);
	if not (everywhere or require_capability.center_id is not null
			and ticket_workflow.has_capability(require_capability.capability, require_capability.center_id)) then
		perform ticket_workflow.fail('capability_missing', null,
			coalesce(ticket_workflow.label('capability', require_capability.capability), require_capability.capability),
			pg_get_userbyid(ticket_workflow.caller())::text, require_capability.capability);
	end if;
end
$$;
comment on function ticket_workflow.require_capability(text, bigint) is
	'TW005 unless the caller has the capability for that center; NULL: for all centers';

create or replace function ticket_workflow.acting_official() returns ticket_workflow.official
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	named constant text := ticket_workflow.actor_setting();
	me ticket_workflow.official;
begin
	if named is not null then
		select * into me from ticket_workflow.official o where o.code = named;
		if not found or not ticket_workflow.has_capability('application', me.center_id) then
			-- who may not name an actor at all does not learn which codes exist
			if not ticket_workflow.has_capability('application') then
				perform ticket_workflow.fail('actor_needs_application', null, pg_get_userbyid(ticket_workflow.caller())::text);
			end if;
			perform ticket_workflow.fail('actor_unknown', null, left(named, 60));
		end if;
	else
		select * into me from ticket_workflow.official o
			where o.database_role = pg_get_userbyid(ticket_workflow.caller())::text;
		if not found then
			return null;
		end if;
	end if;
	if not me.active then
		perform ticket_workflow.fail('actor_inactive', null, me.code);
	end if;
	return me;
end
$$;
comment on function ticket_workflow.acting_official() is
	'The official who acts: named by ticket_workflow.actor, which counts only for the capability application (else TW005), or the one whose database role calls; NULLs for none';

create or replace function ticket_workflow.actor_id() returns bigint
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
begin
	return (ticket_workflow.acting_official()).official_id;
end
$$;
comment on function ticket_workflow.actor_id() is 'Id of the official who acts, NULL for none; TW005 where the setting ticket_workflow.actor is not the caller''s to use';

create or replace function ticket_workflow.actor() returns text
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
begin
	return (ticket_workflow.acting_official()).code;
end
$$;
comment on function ticket_workflow.actor() is 'Code of the official who acts, NULL for none; see actor_id()';

create or replace function ticket_workflow.require_actor() returns bigint
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
declare
	me constant bigint := ticket_workflow.actor_id();
begin
	if me is null then
		perform ticket_workflow.fail('actor_missing', null, pg_get_userbyid(ticket_workflow.caller())::text);
	end if;
	return me;
end
$$;
comment on function ticket_workflow.require_actor() is 'The official who acts; TW005 when there is none';

-- ==== sql/organization/lookup.sql

-- From codes to rows, and from officials to their posts.
-- May touch: nothing.

create or replace function ticket_workflow.center_id_of(code text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	result bigint;
begin
	if center_id_of.code is null then
		return null;
	end if;
	select c.center_id into result from ticket_workflow.center c where c.code = center_id_of.code;
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'center', left(center_id_of.code, 60));
	end if;
	return result;
end
$$;
comment on function ticket_workflow.center_id_of(text) is 'Id of a center by its code; TW006 when unknown, NULL for NULL';

create or replace function ticket_workflow.area_id_of(center_id bigint, code text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	result bigint;
begin
	if area_id_of.code is null then
		return null;
	end if;
	select a.area_id into result from ticket_workflow.area a
		where a.center_id = area_id_of.center_id and a.code = area_id_of.code;
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'area', left(area_id_of.code, 60));
	end if;
	return result;
end
$$;
comment on function ticket_workflow.area_id_of(bigint, text) is 'Id of an area of a center; TW006 when unknown, NULL for NULL';

create or replace function ticket_workflow.organization_id_of(center_id bigint, code text, on_day date default null) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	it ticket_workflow.organization;
begin
	if organization_id_of.code is null then
		return null;
	end if;
	select * into it from ticket_workflow.organization o
		where o.center_id = organization_id_of.center_id and o.code = organization_id_of.code;
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'organization', left(organization_id_of.code, 60));
	end if;
	if organization_id_of.on_day not between it.valid_from and coalesce(it.valid_until, 'infinity') then
		perform ticket_workflow.fail('organization_not_in_being', null, it.code, organization_id_of.on_day::text,
			it.valid_from::text, coalesce(it.valid_until::text, '…'));
	end if;
	return it.organization_id;
end
$$;
comment on function ticket_workflow.organization_id_of(bigint, text, date) is
	'Id of an organization of a center; TW006 when unknown or, with on_day, not in being on that day; NULL for NULL';

create or replace function ticket_workflow.official_id_of(center_id bigint, code text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	result bigint;
begin
	if official_id_of.code is null then
		return null;
	end if;
	select o.official_id into result from ticket_workflow.official o
		where o.code = official_id_of.code and (official_id_of.center_id is null or o.center_id = official_id_of.center_id);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'official', left(official_id_of.code, 60));
	end if;
	return result;
end
$$;
comment on function ticket_workflow.official_id_of(bigint, text) is
	'Id of an official of a center (NULL: of any); TW006 when unknown, NULL for a NULL code';

create or replace function ticket_workflow.matter_id_of(center_id bigint, code text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	result bigint;
begin
	if matter_id_of.code is null then
		return null;
	end if;
	select m.matter_id into result from ticket_workflow.matter m
		where m.center_id = matter_id_of.center_id and m.code = matter_id_of.code;
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'matter', left(matter_id_of.code, 60));
	end if;
	return result;
end
$$;
comment on function ticket_workflow.matter_id_of(bigint, text) is 'Id of a matter of a center''s taxonomy; TW006 when unknown, NULL for NULL';

create or replace function ticket_workflow.today(center_id bigint) returns date
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	return ticket_workflow.local_day(ticket_workflow.now(), ticket_workflow.ticket_calendar(today.center_id));
end
$$;
comment on function ticket_workflow.today(bigint) is 'The day it is at a center, in its calendar''s zone';

-- A holder keeps the rights of his post while a substitute has them too: he may come back early.
create or replace function ticket_workflow.posts_on(official_id bigint, day date)
	returns table (post_id bigint, organization_id bigint, "position" text, rank integer, area_id bigint,
		holder_id bigint, substitute boolean, organization_kind text, oversees boolean)
	language sql stable
begin atomic
	select p.post_id, p.organization_id, p."position", k.rank, p.area_id, p.official_id, w.substitute, o.kind, o.oversees
		from (
			select h.post_id, false as substitute from ticket_workflow.post h where h.official_id = posts_on.official_id
			union all
			select d.post_id, true from ticket_workflow.delegation d
				where d.substitute_id = posts_on.official_id
					and posts_on.day between d.valid_from and coalesce(d.valid_until, 'infinity')
		) w
			join ticket_workflow.post p on p.post_id = w.post_id
			join ticket_workflow."position" k on k."position" = p."position"
			join ticket_workflow.organization o on o.organization_id = p.organization_id
		where posts_on.day between p.valid_from and coalesce(p.valid_until, 'infinity')
			and posts_on.day between o.valid_from and coalesce(o.valid_until, 'infinity');
end;
comment on function ticket_workflow.posts_on(bigint, date) is
	'Posts of an official on a day: his own, and those he stands in for (dated substitute or standing deputy) with their holder';

create or replace function ticket_workflow.assists(ticket_id bigint, organization_id bigint) returns boolean
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return exists (select from ticket_workflow.ticket_assist a
		where a.ticket_id = assists.ticket_id and a.organization_id = assists.organization_id);
end
$$;
comment on function ticket_workflow.assists(bigint, bigint) is 'Whether an organization assists in a ticket';

-- What "in which relation to the ticket" means, once for rights, recipients and signatures.
-- Without a query of its own, so that it is inlined: it is asked for every post of a center.
create or replace function ticket_workflow.post_relates(ticket ticket_workflow.ticket, relation text,
		organization_id bigint, organization_kind text, area_id bigint, center_id bigint)
	returns boolean
	language sql stable
	return case post_relates.relation
		-- a post for an area is the area's, not its organization's
		when 'lead' then post_relates.area_id is null
			and post_relates.organization_id = (post_relates.ticket).lead_department_id
		when 'assist' then post_relates.area_id is null
			and ticket_workflow.assists((post_relates.ticket).ticket_id, post_relates.organization_id)
		when 'area' then post_relates.area_id = (post_relates.ticket).area_id
		when 'center' then post_relates.organization_kind = 'center' and post_relates.area_id is null
			and post_relates.center_id = (post_relates.ticket).center_id
		when 'inspection' then post_relates.organization_kind = 'inspection'
			and post_relates.center_id = (post_relates.ticket).center_id
		else false end;
comment on function ticket_workflow.post_relates(ticket_workflow.ticket, text, bigint, text, bigint, bigint) is
	'Whether a post stands in a relation to a ticket: its organization leads or assists, it is for the ticket''s area, in the center itself or in discipline inspection';

create or replace function ticket_workflow.holders_of(ticket ticket_workflow.ticket, relation text, "position" text, at timestamptz)
	returns setof bigint
	language plpgsql stable rows 5 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	day date;
begin
	if holders_of.relation = 'duty' then
		return query
			select distinct o.official_id
			from ticket_workflow.duty_roster r
				join ticket_workflow.official o on o.active and o.official_id =
					case holders_of."position" when 'duty_officer' then r.official_id when 'duty_leader' then r.leader_id end
			where r.center_id = (holders_of.ticket).center_id and holders_of.at >= r.starts_at and holders_of.at < r.ends_at;
		return;
	end if;
	day := ticket_workflow.local_day(holders_of.at, ticket_workflow.ticket_calendar((holders_of.ticket).center_id));
	return query
		select distinct w.official_id
		from ticket_workflow.post p
			join ticket_workflow.organization o on o.organization_id = p.organization_id
			cross join lateral ticket_workflow.acting_holders(p.post_id, day) w (official_id)
		where p.center_id = (holders_of.ticket).center_id and p."position" = holders_of."position"
			and day between p.valid_from and coalesce(p.valid_until, 'infinity')
			and day between o.valid_from and coalesce(o.valid_until, 'infinity')
			and ticket_workflow.post_relates(holders_of.ticket, holders_of.relation, p.organization_id, o.kind, p.area_id, p.center_id);
end
$$;
comment on function ticket_workflow.holders_of(ticket_workflow.ticket, text, text, timestamptz) is
	'Officials who stand in a position and relation to a ticket at a moment, substitutes in place of absent holders; duty knows duty_officer and duty_leader';

-- Who is absent is known by his dated substitute; a standing deputy (AB角) steps in
-- where neither the holder nor a dated substitute is there.
create or replace function ticket_workflow.acting_holders(post_id bigint, day date) returns setof bigint
	language sql stable rows 1
begin atomic
	select f.official_id
		from (
			select w.official_id, w.place, min(w.place) over () as first_place
			from (
				select d.substitute_id as official_id, 1 as place
					from ticket_workflow.delegation d
					where d.post_id = acting_holders.post_id and acting_holders.day between d.valid_from and d.valid_until
				union all
				select p.official_id, 2
					from ticket_workflow.post p
					where p.post_id = acting_holders.post_id
						and not exists (select from ticket_workflow.delegation d
							where d.post_id = acting_holders.post_id and acting_holders.day between d.valid_from and d.valid_until)
				union all
				select d.substitute_id, 3
					from ticket_workflow.delegation d
					where d.post_id = acting_holders.post_id and d.valid_until is null and acting_holders.day >= d.valid_from
			) w
				join ticket_workflow.official o on o.official_id = w.official_id and o.active
		) f
		where f.place = f.first_place;
end;
comment on function ticket_workflow.acting_holders(bigint, date) is
	'Who acts for a post on a day: the dated substitutes, else the holder, else the standing deputies; active officials only';

-- Whoever has the right sees the ticket: each relation is an arm of sees(), but for inspection, which sees its cases.
create or replace function ticket_workflow.has_right(ticket ticket_workflow.ticket, act text) returns boolean
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	me constant bigint := ticket_workflow.actor_id();
	at constant timestamptz := ticket_workflow.now();
	-- computed once: an argument of an inlined function is computed wherever it stands in it
	day constant date := ticket_workflow.today((has_right.ticket).center_id);
	held text;
begin
	if me is null then
		return false;
	end if;
	select r.relation into held
		from ticket_workflow.posts_on(me, day) p
			join ticket_workflow.act_right r on r.rulebook = (has_right.ticket).rulebook
				and r.act = has_right.act and r."position" = p."position"
		where ticket_workflow.post_relates(has_right.ticket, r.relation, p.organization_id, p.organization_kind, p.area_id,
			ticket_workflow.center_of(p.post_id))
		order by r.relation = 'inspection'
		limit 1;
	if found then
		return held <> 'inspection' or ticket_workflow.may_see(has_right.ticket);
	end if;
	return exists (
		select from ticket_workflow.duty_roster d
			join ticket_workflow.act_right r on r.rulebook = (has_right.ticket).rulebook
				and r.act = has_right.act and r.relation = 'duty'
		where d.center_id = (has_right.ticket).center_id and at >= d.starts_at and at < d.ends_at
			and me = case r."position" when 'duty_officer' then d.official_id when 'duty_leader' then d.leader_id end);
end
$$;
comment on function ticket_workflow.has_right(ticket_workflow.ticket, text) is
	'Whether a post of the actor, or his duty, stands in act_right for this act in its relation to the ticket, and he sees the ticket';

create or replace function ticket_workflow.require_right(ticket ticket_workflow.ticket, act text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	allowed text;
begin
	if ticket_workflow.has_right(require_right.ticket, require_right.act) then
		return;
	end if;
	perform ticket_workflow.require_actor();
	select string_agg(coalesce(ticket_workflow.label('relation', r.relation), r.relation) || ' '
			|| coalesce(ticket_workflow.label('position', r."position"), r."position"), ', ' order by r.relation, r."position")
		into allowed
		from ticket_workflow.act_right r
		where r.rulebook = (require_right.ticket).rulebook and r.act = require_right.act;
	if allowed is null then
		perform ticket_workflow.fail('act_without_right', null, require_right.act, (require_right.ticket).rulebook);
	end if;
	perform ticket_workflow.fail('act_not_allowed',
		(select min(r.clause) from ticket_workflow.act_right r
			where r.rulebook = (require_right.ticket).rulebook and r.act = require_right.act),
		ticket_workflow.actor(), coalesce(ticket_workflow.label('act', require_right.act), require_right.act), allowed);
end
$$;
comment on function ticket_workflow.require_right(ticket_workflow.ticket, text) is
	'TW005 unless a post of the actor, or his duty, stands in act_right for this act in its relation to the ticket';

-- ==== sql/organization/sight.sql

-- Who sees which ticket: one predicate, sees(), behind may_see() for one ticket and behind
-- every row policy (sql/security/policies.sql) for many.
-- May touch: nothing.
--
-- The predicate takes the caller's sight as arguments. A policy passes (select my_...()), which
-- the planner turns into a part of the plan that runs once per query; and since sees() has no
-- subquery of its own it is inlined there, so that its first arms can use the ticket's indexes.

create or replace function ticket_workflow.sees(ticket ticket_workflow.ticket, centers bigint[], areas bigint[],
		departments bigint[], platforms text[], home bigint, apart boolean)
	returns boolean
	language sql immutable parallel safe
	return (sees.ticket).center_id = any (sees.centers)
		or (sees.ticket).area_id = any (sees.areas)
		or (sees.ticket).lead_department_id = any (sees.departments)
		or (sees.ticket).supervised_by = any (sees.platforms) and (sees.ticket).center_id = sees.home
		or sees.apart;
comment on function ticket_workflow.sees(ticket_workflow.ticket, bigint[], bigint[], bigint[], text[], bigint, boolean) is
	'The rule of who sees a ticket: its whole center, its area, its lead department, the platform that supervises it, or the ticket apart (assistance)';

-- Tickets that are seen one by one. only_ticket asks for one of them.
create or replace function ticket_workflow.tickets_apart(departments bigint[], only_ticket bigint default null) returns setof bigint
	language sql stable parallel safe
begin atomic
	select a.ticket_id from ticket_workflow.ticket_assist a
		where a.organization_id = any (tickets_apart.departments)
			and (tickets_apart.only_ticket is null or a.ticket_id = tickets_apart.only_ticket);
end;
comment on function ticket_workflow.tickets_apart(bigint[], bigint) is 'Tickets that these organizations assist';

-- An organization and those below it; the visited ones are not entered again, so that a circle ends.
create or replace function ticket_workflow.organizations_below(tops bigint[]) returns bigint[]
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	reached bigint[] := organizations_below.tops;
	next_level bigint[] := organizations_below.tops;
begin
	-- level by level: a recursive query costs ten times as much to start as the few levels to walk
	loop
		next_level := array(select c.organization_id from ticket_workflow.organization_parent c
			where c.parent_id = any (next_level) and c.organization_id <> all (reached));
		exit when next_level = '{}';
		reached := reached || next_level;
	end loop;
	return reached;
end
$$;
comment on function ticket_workflow.organizations_below(bigint[]) is 'These organizations and all that stand below them in the tree';

create or replace function ticket_workflow.my_sight(out centers bigint[], out areas bigint[], out departments bigint[],
		out platforms text[], out home bigint)
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	me constant ticket_workflow.official := ticket_workflow.acting_official();
	at constant timestamptz := ticket_workflow.now();
	day date;
	whole boolean;
	tops bigint[];
begin
	centers := '{}';
	areas := '{}';
	departments := '{}';
	platforms := '{}';
	if me.official_id is not null then
		home := me.center_id;
		-- once: an argument of an inlined function is computed wherever it stands in it
		day := ticket_workflow.today(home);
		select
				coalesce(bool_or(p.organization_kind = 'center' and p.area_id is null or p.oversees or p."position" = 'principal_leader'), false),
				coalesce(array_agg(p.area_id) filter (where p.area_id is not null), '{}'),
				coalesce(array_agg(p.organization_id) filter (where p.organization_kind in ('department', 'committee', 'court')), '{}'),
				coalesce(array_agg(case p.organization_kind when 'city_platform' then 'city' else 'district' end)
					filter (where p.organization_kind in ('city_platform', 'district_platform')), '{}')
			into whole, areas, tops, platforms
			from ticket_workflow.posts_on(me.official_id, day) p;
		departments := ticket_workflow.organizations_below(tops);
		if whole or exists (select from ticket_workflow.duty_roster d
				where d.center_id = home and at >= d.starts_at and at < d.ends_at and me.official_id in (d.official_id, d.leader_id)) then
			centers := array[home];
		end if;
	end if;
	-- an application that names an actor sees what he sees, whatever else its role may read
	if ticket_workflow.actor_setting() is null then
		centers := centers || ticket_workflow.granted_centers('{reader,auditor}');
	end if;
end
$$;
comment on function ticket_workflow.my_sight() is
	'What the caller sees: whole centers, areas, lead departments, platforms that supervise (of the home center)';

create or replace function ticket_workflow.my_centers() returns bigint[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (select s.centers from ticket_workflow.my_sight() s); end $$;
comment on function ticket_workflow.my_centers() is 'Centers all of whose tickets the caller sees';

create or replace function ticket_workflow.my_areas() returns bigint[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (select s.areas from ticket_workflow.my_sight() s); end $$;
comment on function ticket_workflow.my_areas() is 'Areas whose tickets the caller sees';

create or replace function ticket_workflow.my_departments() returns bigint[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (select s.departments from ticket_workflow.my_sight() s); end $$;
comment on function ticket_workflow.my_departments() is 'Organizations of the caller and those below them: he sees what they lead or assist';

create or replace function ticket_workflow.my_platforms() returns text[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (select s.platforms from ticket_workflow.my_sight() s); end $$;
comment on function ticket_workflow.my_platforms() is 'Platforms of the caller: he sees what they supervise in his home center';

create or replace function ticket_workflow.my_home() returns bigint
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (select s.home from ticket_workflow.my_sight() s); end $$;
comment on function ticket_workflow.my_home() is 'Center of the official who acts';

create or replace function ticket_workflow.my_tickets_apart() returns setof bigint
	language plpgsql stable parallel safe security definer rows 1000 set search_path = pg_catalog, pg_temp
as $$
begin
	return query select t from ticket_workflow.tickets_apart((select s.departments from ticket_workflow.my_sight() s)) t;
end
$$;
comment on function ticket_workflow.my_tickets_apart() is 'Tickets the caller sees one by one: those his organizations assist';

create or replace function ticket_workflow.may_see(ticket ticket_workflow.ticket) returns boolean
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
declare
	sight record;
begin
	sight := ticket_workflow.my_sight();
	if ticket_workflow.sees(may_see.ticket, sight.centers, sight.areas, sight.departments, sight.platforms, sight.home, false) then
		return true;
	end if;
	return sight.departments <> '{}' and exists (
		select from ticket_workflow.tickets_apart(sight.departments, (may_see.ticket).ticket_id));
end
$$;
comment on function ticket_workflow.may_see(ticket_workflow.ticket) is
	'Whether the caller sees a ticket; the same rule as the row policies, at the head of every API function';

-- ==== sql/organization/structure.sql

-- Centers, areas, organizations and matters: creating, changing and closing them.
-- In every change_ function NULL leaves a value as it is, and '' takes an optional one away.
-- Needs the capability manager for the center (creating a center: for all centers).
-- May touch: center, area, organization, organization_parent, matter, matter_parent;
-- center_rulebook through put_in_force().

create or replace function ticket_workflow.managed_center(center text) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	home constant bigint := ticket_workflow.center_id_of(ticket_workflow.require_text(managed_center.center, 'center', 64));
begin
	perform ticket_workflow.require_capability('manager', home);
	return home;
end
$$;
comment on function ticket_workflow.managed_center(text) is 'Id of a center that the caller may manage; TW005, TW006';

create or replace function ticket_workflow.create_center(code text, name text, calendar text default 'cn_shanghai',
		rulebook text default null, since date default '2000-01-01', center_id bigint default null,
		attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	new_center bigint;
begin
	perform ticket_workflow.require_capability('manager', null);
	perform ticket_workflow.require_text(create_center.code, 'code', 64);
	perform ticket_workflow.require_text(create_center.name, 'name', 200);
	if not exists (select from ticket_workflow.calendar c where c.code = create_center.calendar) then
		perform ticket_workflow.fail('calendar_unknown', 'T4', left(create_center.calendar, 60));
	end if;
	-- one at a time: the number is the highest so far and one more
	lock table ticket_workflow.center in share row exclusive mode;
	new_center := coalesce(create_center.center_id, (select coalesce(max(c.center_id), 0) + 1 from ticket_workflow.center c));
	if new_center not between 1 and 9006
			or exists (select from ticket_workflow.center c where c.center_id = new_center) then
		perform ticket_workflow.fail('center_number_taken', null, new_center::text);
	end if;
	if exists (select from ticket_workflow.center c where c.code = create_center.code) then
		perform ticket_workflow.fail('code_taken', null, 'center', create_center.code);
	end if;
	insert into ticket_workflow.center (center_id, code, name, calendar, attributes)
		values (new_center, create_center.code, create_center.name, create_center.calendar,
			coalesce(create_center.attributes, '{}'));
	insert into ticket_workflow.organization (organization_id, center_id, code, name, kind)
		values (ticket_workflow.new_id(new_center, 'ticket_workflow.organization_seq'), new_center,
			create_center.code, create_center.name, 'center');
	if create_center.rulebook is not null then
		perform ticket_workflow.put_in_force(create_center.code, create_center.rulebook, coalesce(create_center.since, '2000-01-01'));
	end if;
	return new_center;
end
$$;
comment on function ticket_workflow.create_center(text, text, text, text, date, bigint, jsonb) is
	'Creates a center with its own organization of the same code; a rulebook is in force there from since on. Returns the center''s number (1 to 9006). Errors: TW005, TW006, TW011, TW012';

create or replace function ticket_workflow.change_center(center text, name text default null, calendar text default null,
		attributes jsonb default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(change_center.center);
begin
	if change_center.name is not null then
		perform ticket_workflow.require_text(change_center.name, 'name', 200);
	end if;
	if change_center.calendar is not null
			and not exists (select from ticket_workflow.calendar c where c.code = change_center.calendar) then
		perform ticket_workflow.fail('calendar_unknown', 'T4', left(change_center.calendar, 60));
	end if;
	update ticket_workflow.center c
		set name = coalesce(change_center.name, c.name), calendar = coalesce(change_center.calendar, c.calendar),
			attributes = coalesce(change_center.attributes, c.attributes)
		where c.center_id = home;
	return home;
end
$$;
comment on function ticket_workflow.change_center(text, text, text, jsonb) is
	'Changes name, calendar or attributes of a center; running clocks keep the calendar they started with. Errors: TW005, TW006, TW011';

create or replace function ticket_workflow.create_area(center text, code text, name text, attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_area.center);
	new_area bigint;
begin
	insert into ticket_workflow.area (area_id, center_id, code, name, attributes)
		values (ticket_workflow.new_id(home, 'ticket_workflow.area_seq'), home,
			ticket_workflow.require_text(create_area.code, 'code', 64),
			ticket_workflow.require_text(create_area.name, 'name', 200), coalesce(create_area.attributes, '{}'))
		on conflict (center_id, code) do nothing
		returning area_id into new_area;
	if new_area is null then
		perform ticket_workflow.fail('code_taken', null, 'area', create_area.code);
	end if;
	return new_area;
end
$$;
comment on function ticket_workflow.create_area(text, text, text, jsonb) is
	'Creates an area (片区) of a center. Returns its id. Errors: TW005, TW006';

create or replace function ticket_workflow.change_area(center text, code text, name text default null, attributes jsonb default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(change_area.center);
	it constant bigint := ticket_workflow.area_id_of(home, ticket_workflow.require_text(change_area.code, 'code', 64));
begin
	if change_area.name is not null then
		perform ticket_workflow.require_text(change_area.name, 'name', 200);
	end if;
	update ticket_workflow.area a
		set name = coalesce(change_area.name, a.name), attributes = coalesce(change_area.attributes, a.attributes)
		where a.area_id = it;
	return it;
end
$$;
comment on function ticket_workflow.change_area(text, text, text, jsonb) is 'Changes name or attributes of an area. Errors: TW005, TW006';

create or replace function ticket_workflow.check_organization_parent(organization_id bigint, parent_id bigint) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if check_organization_parent.parent_id = any (ticket_workflow.organizations_below(array[check_organization_parent.organization_id])) then
		perform ticket_workflow.fail('tree_circle', null,
			(select r.code from ticket_workflow.organization r where r.organization_id = check_organization_parent.organization_id),
			(select r.code from ticket_workflow.organization r where r.organization_id = check_organization_parent.parent_id));
	end if;
end
$$;
comment on function ticket_workflow.check_organization_parent(bigint, bigint) is 'TW006 where a parent would close a circle';

create or replace function ticket_workflow.set_organization_parent(organization_id bigint, parent_id bigint) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	-- two changes at once could close a circle together
	lock table ticket_workflow.organization_parent in share row exclusive mode;
	delete from ticket_workflow.organization_parent p where p.organization_id = set_organization_parent.organization_id;
	if set_organization_parent.parent_id is null then
		return;
	end if;
	perform ticket_workflow.check_organization_parent(set_organization_parent.organization_id, set_organization_parent.parent_id);
	insert into ticket_workflow.organization_parent values (set_organization_parent.organization_id, set_organization_parent.parent_id);
end
$$;
comment on function ticket_workflow.set_organization_parent(bigint, bigint) is
	'Puts an organization below another, NULL: below none; TW006 for a circle';

create or replace function ticket_workflow.create_organization(center text, code text, name text, kind text default 'department',
		area text default null, parent text default null, oversees boolean default false, since date default '2000-01-01',
		attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_organization.center);
	what constant text := ticket_workflow.code_of('organization_kind',
		ticket_workflow.require_text(create_organization.kind, 'kind', 64), 'kind');
	new_organization bigint;
begin
	if what = 'center' then
		perform ticket_workflow.fail('center_organization_kind', null);
	end if;
	insert into ticket_workflow.organization (organization_id, center_id, code, name, kind, area_id, oversees, valid_from, attributes)
		values (ticket_workflow.new_id(home, 'ticket_workflow.organization_seq'), home,
			ticket_workflow.require_text(create_organization.code, 'code', 64),
			ticket_workflow.require_text(create_organization.name, 'name', 200), what,
			ticket_workflow.area_id_of(home, create_organization.area), coalesce(create_organization.oversees, false),
			coalesce(create_organization.since, '2000-01-01'), coalesce(create_organization.attributes, '{}'))
		on conflict (center_id, code) do nothing
		returning organization_id into new_organization;
	if new_organization is null then
		perform ticket_workflow.fail('code_taken', null, 'organization', create_organization.code);
	end if;
	if create_organization.parent is not null then
		perform ticket_workflow.set_organization_parent(new_organization,
			ticket_workflow.organization_id_of(home, create_organization.parent));
	end if;
	return new_organization;
end
$$;
comment on function ticket_workflow.create_organization(text, text, text, text, text, text, boolean, date, jsonb) is
	'Creates a department, residents'' committee (with its area), court, platform or discipline inspection; parent stands above it, oversees lets it see the center''s whole desk (社区管理办). Returns its id. Errors: TW005, TW006';

create or replace function ticket_workflow.change_organization(center text, code text, name text default null,
		area text default null, parent text default null, oversees boolean default null, attributes jsonb default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(change_organization.center);
	it constant bigint := ticket_workflow.organization_id_of(home, ticket_workflow.require_text(change_organization.code, 'code', 64));
begin
	if change_organization.name is not null then
		perform ticket_workflow.require_text(change_organization.name, 'name', 200);
	end if;
	update ticket_workflow.organization o
		set name = coalesce(change_organization.name, o.name),
			area_id = case when change_organization.area is null then o.area_id
				else ticket_workflow.area_id_of(home, nullif(change_organization.area, '')) end,
			oversees = coalesce(change_organization.oversees, o.oversees),
			attributes = coalesce(change_organization.attributes, o.attributes)
		where o.organization_id = it;
	if change_organization.parent is not null then
		perform ticket_workflow.set_organization_parent(it,
			ticket_workflow.organization_id_of(home, nullif(change_organization.parent, '')));
	end if;
	return it;
end
$$;
comment on function ticket_workflow.change_organization(text, text, text, text, text, boolean, jsonb) is
	'Changes an organization; NULL leaves a value as it is, '''' takes area or parent away. Errors: TW005, TW006';

create or replace function ticket_workflow.close_organization(center text, code text, last_day date default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(close_organization.center);
	it constant bigint := ticket_workflow.organization_id_of(home, ticket_workflow.require_text(close_organization.code, 'code', 64));
	ends date := coalesce(close_organization.last_day, ticket_workflow.today(home));
	o ticket_workflow.organization;
	open_tickets bigint;
begin
	select * into strict o from ticket_workflow.organization r where r.organization_id = it for update;
	if o.kind = 'center' then
		perform ticket_workflow.fail('center_closed_never', null);
	end if;
	if ends < o.valid_from then
		perform ticket_workflow.fail('day_order', null, o.valid_from::text, ends::text);
	end if;
	-- closed today or before, nobody would be left who may complete what it leads
	if ends <= ticket_workflow.today(home) then
		select count(*) into open_tickets
			from ticket_workflow.ticket t
				join ticket_workflow.ticket_state s on s.state = t.state and s.is_open
			where t.lead_department_id = it;
		if open_tickets > 0 then
			perform ticket_workflow.fail('organization_leads_open', null, o.code, open_tickets::text);
		end if;
	end if;
	update ticket_workflow.organization r set valid_until = ends where r.organization_id = it;
	return it;
end
$$;
comment on function ticket_workflow.close_organization(text, text, date) is
	'Ends an organization after its last day (today): it receives no ticket and its posts give no right any more; its history stays. Errors: TW005, TW006';

create or replace function ticket_workflow.matters_below(tops bigint[]) returns bigint[]
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	reached bigint[] := matters_below.tops;
	next_level bigint[] := matters_below.tops;
begin
	-- level by level: a recursive query costs ten times as much to start as the few levels to walk
	loop
		next_level := array(select c.matter_id from ticket_workflow.matter_parent c
			where c.parent_id = any (next_level) and c.matter_id <> all (reached));
		exit when next_level = '{}';
		reached := reached || next_level;
	end loop;
	return reached;
end
$$;
comment on function ticket_workflow.matters_below(bigint[]) is 'These matters and all that stand below them in the taxonomy';

create or replace function ticket_workflow.check_matter_parent(matter_id bigint, parent_id bigint) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if check_matter_parent.parent_id = any (ticket_workflow.matters_below(array[check_matter_parent.matter_id])) then
		perform ticket_workflow.fail('tree_circle', null,
			(select r.code from ticket_workflow.matter r where r.matter_id = check_matter_parent.matter_id),
			(select r.code from ticket_workflow.matter r where r.matter_id = check_matter_parent.parent_id));
	end if;
end
$$;
comment on function ticket_workflow.check_matter_parent(bigint, bigint) is 'TW006 where a parent would close a circle';

create or replace function ticket_workflow.set_matter_parent(matter_id bigint, parent_id bigint) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	lock table ticket_workflow.matter_parent in share row exclusive mode;
	delete from ticket_workflow.matter_parent p where p.matter_id = set_matter_parent.matter_id;
	if set_matter_parent.parent_id is null then
		return;
	end if;
	perform ticket_workflow.check_matter_parent(set_matter_parent.matter_id, set_matter_parent.parent_id);
	insert into ticket_workflow.matter_parent values (set_matter_parent.matter_id, set_matter_parent.parent_id);
end
$$;
comment on function ticket_workflow.set_matter_parent(bigint, bigint) is
	'Puts a matter below another, NULL: below none; TW006 for a circle';

create or replace function ticket_workflow.create_matter(center text, code text, name text, parent text default null,
		attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_matter.center);
	new_matter bigint;
begin
	insert into ticket_workflow.matter (matter_id, center_id, code, name, attributes)
		values (ticket_workflow.new_id(home, 'ticket_workflow.matter_seq'), home,
			ticket_workflow.require_text(create_matter.code, 'code', 64),
			ticket_workflow.require_text(create_matter.name, 'name', 200), coalesce(create_matter.attributes, '{}'))
		on conflict (center_id, code) do nothing
		returning matter_id into new_matter;
	if new_matter is null then
		perform ticket_workflow.fail('code_taken', null, 'matter', create_matter.code);
	end if;
	if create_matter.parent is not null then
		perform ticket_workflow.set_matter_parent(new_matter, ticket_workflow.matter_id_of(home, create_matter.parent));
	end if;
	return new_matter;
end
$$;
comment on function ticket_workflow.create_matter(text, text, text, text, jsonb) is
	'Creates a matter of the center''s taxonomy, below its parent. Returns its id. Errors: TW005, TW006';

create or replace function ticket_workflow.change_matter(center text, code text, name text default null, parent text default null,
		attributes jsonb default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(change_matter.center);
	it constant bigint := ticket_workflow.matter_id_of(home, ticket_workflow.require_text(change_matter.code, 'code', 64));
begin
	if change_matter.name is not null then
		perform ticket_workflow.require_text(change_matter.name, 'name', 200);
	end if;
	update ticket_workflow.matter m
		set name = coalesce(change_matter.name, m.name), attributes = coalesce(change_matter.attributes, m.attributes)
		where m.matter_id = it;
	if change_matter.parent is not null then
		perform ticket_workflow.set_matter_parent(it, ticket_workflow.matter_id_of(home, nullif(change_matter.parent, '')));
	end if;
	return it;
end
$$;
comment on function ticket_workflow.change_matter(text, text, text, text, jsonb) is
	'Changes a matter; NULL leaves a value as it is, '''' puts it at the top of the taxonomy. Errors: TW005, TW006';

-- ==== sql/organization/people.sql

-- Officials, their posts, who stands in for them, and who is on duty.
-- Needs the capability manager for the center.
-- May touch: official, post, delegation, duty_roster.

-- A row of a center that the caller does not manage does not exist for him; who manages none is told so.
create or replace function ticket_workflow.require_managed(center_id bigint, subject text, given text) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	if require_managed.center_id is null or not ticket_workflow.has_capability('manager', require_managed.center_id) then
		if not ticket_workflow.has_capability('manager') then
			perform ticket_workflow.require_capability('manager', null);
		end if;
		perform ticket_workflow.fail('unknown_row', null, require_managed.subject, require_managed.given);
	end if;
end
$$;
comment on function ticket_workflow.require_managed(bigint, text, text) is
	'TW005 unless the caller manages some center, TW006 as if unknown unless he manages this one (NULL: the row does not exist)';

create or replace function ticket_workflow.check_official_role(database_role text, official_id bigint) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	taken text;
begin
	if to_regrole(quote_ident(check_official_role.database_role)) is null then
		perform ticket_workflow.fail('role_unknown', null, left(check_official_role.database_role, 63));
	end if;
	-- who has every right by his role would have one person's name in the journal whatever he does
	if pg_has_role(to_regrole(quote_ident(check_official_role.database_role))::oid, 'ticket_workflow_owner'::name, 'USAGE') then
		perform ticket_workflow.fail('role_of_desk', null, check_official_role.database_role);
	end if;
	select o.code into taken from ticket_workflow.official o
		where o.database_role = check_official_role.database_role
			and o.official_id is distinct from check_official_role.official_id;
	if found then
		perform ticket_workflow.fail('role_taken', null, check_official_role.database_role, taken);
	end if;
end
$$;
comment on function ticket_workflow.check_official_role(text, bigint) is
	'TW006 unless the role exists, is no superuser''s or owner''s and stands for no other official';

create or replace function ticket_workflow.create_official(code text, name text, center text, database_role text default null,
		attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_official.center);
	new_official bigint;
begin
	if create_official.database_role is not null then
		perform ticket_workflow.check_official_role(create_official.database_role, null);
	end if;
	insert into ticket_workflow.official (official_id, center_id, code, name, database_role, attributes)
		values (ticket_workflow.new_id(home, 'ticket_workflow.official_seq'), home,
			ticket_workflow.require_text(create_official.code, 'code', 64),
			ticket_workflow.require_text(create_official.name, 'name', 100),
			create_official.database_role, coalesce(create_official.attributes, '{}'))
		on conflict (code) do nothing
		returning official_id into new_official;
	if new_official is null then
		perform ticket_workflow.fail('code_taken', null, 'official', create_official.code);
	end if;
	return new_official;
end
$$;
comment on function ticket_workflow.create_official(text, text, text, text, jsonb) is
	'Creates an official; his code is unique over all centers, and with database_role he acts under his own role. Returns his id. Errors: TW005, TW006';

create or replace function ticket_workflow.managed_official(official text) returns ticket_workflow.official
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	o ticket_workflow.official;
begin
	select * into o from ticket_workflow.official r
		where r.code = ticket_workflow.require_text(managed_official.official, 'official', 64);
	perform ticket_workflow.require_managed(o.center_id, 'official', managed_official.official);
	return o;
end
$$;
comment on function ticket_workflow.managed_official(text) is 'An official of a center that the caller may manage; TW005, TW006';

create or replace function ticket_workflow.change_official(official text, name text default null, database_role text default null,
		active boolean default null, attributes jsonb default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	o constant ticket_workflow.official := ticket_workflow.managed_official(change_official.official);
begin
	if change_official.name is not null then
		perform ticket_workflow.require_text(change_official.name, 'name', 100);
	end if;
	if change_official.database_role <> '' then
		perform ticket_workflow.check_official_role(change_official.database_role, o.official_id);
	end if;
	update ticket_workflow.official r
		set name = coalesce(change_official.name, r.name),
			database_role = case when change_official.database_role is null then r.database_role
				else nullif(change_official.database_role, '') end,
			active = coalesce(change_official.active, r.active),
			attributes = coalesce(change_official.attributes, r.attributes)
		where r.official_id = o.official_id;
	return o.official_id;
end
$$;
comment on function ticket_workflow.change_official(text, text, text, boolean, jsonb) is
	'Changes an official; NULL leaves a value as it is, '''' takes the database role away; active false: he acts no more. Errors: TW005, TW006';

create or replace function ticket_workflow.assign_post(official text, organization text, "position" text, area text default null,
		valid_from date default null, valid_until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	o constant ticket_workflow.official := ticket_workflow.managed_official(assign_post.official);
	begins constant date := coalesce(assign_post.valid_from, ticket_workflow.today(o.center_id));
	kind_of_post constant text := ticket_workflow.code_of('position',
		ticket_workflow.require_text(assign_post."position", 'position', 64), 'position');
	place ticket_workflow.organization;
	for_area constant bigint := ticket_workflow.area_id_of(o.center_id, assign_post.area);
	held ticket_workflow.post;
	new_post bigint;
begin
	select * into strict place from ticket_workflow.organization r
		where r.organization_id = ticket_workflow.organization_id_of(o.center_id,
			ticket_workflow.require_text(assign_post.organization, 'organization', 64), begins);
	-- duty is a matter of the roster, not of a post
	if not exists (select from ticket_workflow."position" p where p."position" = kind_of_post) then
		perform ticket_workflow.fail('unknown_code', null, 'position', kind_of_post,
			(select string_agg(p."position", ', ' order by p.rank, p."position") from ticket_workflow."position" p));
	end if;
	if (kind_of_post = 'inspector') <> (place.kind = 'inspection') then
		perform ticket_workflow.fail('post_place', '3.8', ticket_workflow.label('position', kind_of_post),
			ticket_workflow.label('organization_kind', place.kind));
	end if;
	if kind_of_post = 'information_officer' and for_area is null then
		perform ticket_workflow.fail('post_area_missing', '2.4.1', ticket_workflow.label('position', kind_of_post));
	end if;
	if for_area is not null and place.kind <> 'center' then
		perform ticket_workflow.fail('post_area_place', '2.4.1');
	end if;
	if assign_post.valid_until < begins then
		perform ticket_workflow.fail('day_order', null, begins::text, assign_post.valid_until::text);
	end if;
	-- two assignments at once of the same post: the second sees the first
	perform from ticket_workflow.official r where r.official_id = o.official_id for no key update;
	select * into held from ticket_workflow.post p
		where p.official_id = o.official_id and p.organization_id = place.organization_id and p."position" = kind_of_post
			and p.area_id is not distinct from for_area
			and daterange(p.valid_from, p.valid_until, '[]') && daterange(begins, assign_post.valid_until, '[]')
		limit 1;
	if found then
		perform ticket_workflow.fail('post_twice', null, o.code, held.post_id::text || ': ' || held.valid_from::text || ' – '
			|| coalesce(held.valid_until::text, ''));
	end if;
	new_post := ticket_workflow.new_id(o.center_id, 'ticket_workflow.post_seq');
	insert into ticket_workflow.post (post_id, center_id, official_id, organization_id, "position", area_id, valid_from, valid_until)
		values (new_post, o.center_id, o.official_id, place.organization_id, kind_of_post, for_area, begins, assign_post.valid_until);
	return new_post;
end
$$;
comment on function ticket_workflow.assign_post(text, text, text, text, date, date) is
	'Gives an official a position in an organization of his center from a day (today) until a day, both included; information officers and territorial leaders hold it in the center for an area. Returns the post''s id. Errors: TW005, TW006';

create or replace function ticket_workflow.managed_post(post_id bigint) returns ticket_workflow.post
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p ticket_workflow.post;
begin
	select * into p from ticket_workflow.post r where r.post_id = managed_post.post_id for no key update;
	perform ticket_workflow.require_managed(p.center_id, 'post', managed_post.post_id::text);
	return p;
end
$$;
comment on function ticket_workflow.managed_post(bigint) is 'A post of a center that the caller may manage, locked; TW005, TW006';

create or replace function ticket_workflow.end_post(post_id bigint, last_day date default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p constant ticket_workflow.post := ticket_workflow.managed_post(end_post.post_id);
	ends constant date := coalesce(end_post.last_day, ticket_workflow.today(p.center_id));
begin
	if ends < p.valid_from then
		perform ticket_workflow.fail('day_order', null, p.valid_from::text, ends::text);
	end if;
	update ticket_workflow.post r set valid_until = ends where r.post_id = p.post_id;
	return p.post_id;
end
$$;
comment on function ticket_workflow.end_post(bigint, date) is
	'Ends a post after its last day (today); not before its last signature. Errors: TW005, TW006, TW010';

create or replace function ticket_workflow.delegate_post(post_id bigint, substitute text, reason text,
		valid_from date default null, valid_until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	p constant ticket_workflow.post := ticket_workflow.managed_post(delegate_post.post_id);
	deputy constant bigint := ticket_workflow.official_id_of(p.center_id,
		ticket_workflow.require_text(delegate_post.substitute, 'substitute', 64));
	begins constant date := coalesce(delegate_post.valid_from, ticket_workflow.today(p.center_id));
	new_delegation bigint;
begin
	if deputy = p.official_id then
		perform ticket_workflow.fail('delegation_to_holder', null, delegate_post.substitute);
	end if;
	if delegate_post.valid_until < begins then
		perform ticket_workflow.fail('day_order', null, begins::text, delegate_post.valid_until::text);
	end if;
	-- a standing deputy ends with the post by itself
	if not begins between p.valid_from and coalesce(p.valid_until, 'infinity')
			or delegate_post.valid_until > coalesce(p.valid_until, 'infinity') then
		perform ticket_workflow.fail('delegation_outside_post', null, p.valid_from::text, coalesce(p.valid_until::text, '…'));
	end if;
	new_delegation := ticket_workflow.new_id(p.center_id, 'ticket_workflow.delegation_seq');
	insert into ticket_workflow.delegation (delegation_id, center_id, post_id, substitute_id, valid_from, valid_until, reason)
		values (new_delegation, p.center_id, p.post_id, deputy, begins, delegate_post.valid_until,
			ticket_workflow.require_reason(delegate_post.reason, null));
	return new_delegation;
end
$$;
comment on function ticket_workflow.delegate_post(bigint, text, text, date, date) is
	'Names who stands in for the holder of a post: with an end a dated substitute for his absence, without one a standing deputy (AB角). Returns the delegation''s id. Errors: TW005, TW006, TW009';

create or replace function ticket_workflow.end_delegation(delegation_id bigint, last_day date default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	d ticket_workflow.delegation;
	ends date;
begin
	select * into d from ticket_workflow.delegation r where r.delegation_id = end_delegation.delegation_id for no key update;
	perform ticket_workflow.require_managed(d.center_id, 'delegation', end_delegation.delegation_id::text);
	ends := coalesce(end_delegation.last_day, ticket_workflow.today(d.center_id));
	if ends < d.valid_from then
		perform ticket_workflow.fail('day_order', null, d.valid_from::text, ends::text);
	end if;
	update ticket_workflow.delegation r set valid_until = ends where r.delegation_id = d.delegation_id;
	return d.delegation_id;
end
$$;
comment on function ticket_workflow.end_delegation(bigint, date) is 'Ends a substitution after its last day (today). Errors: TW005, TW006';

create or replace function ticket_workflow.set_duty(center text, starts_at timestamptz, ends_at timestamptz, official text, leader text)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(set_duty.center);
	officer constant bigint := ticket_workflow.official_id_of(home, ticket_workflow.require_text(set_duty.official, 'official', 64));
	leading_official constant bigint := ticket_workflow.official_id_of(home, ticket_workflow.require_text(set_duty.leader, 'leader', 64));
	other ticket_workflow.duty_roster;
	new_duty bigint;
begin
	if set_duty.starts_at is null or set_duty.ends_at is null or not isfinite(set_duty.starts_at) or not isfinite(set_duty.ends_at) then
		perform ticket_workflow.fail('text_missing', null, 'starts_at, ends_at');
	end if;
	if set_duty.ends_at <= set_duty.starts_at then
		perform ticket_workflow.fail('day_order', null, set_duty.starts_at::text, set_duty.ends_at::text);
	end if;
	perform from ticket_workflow.official r where r.official_id = officer for no key update;
	select * into other from ticket_workflow.duty_roster d
		where d.center_id = home and d.official_id = officer
			and d.starts_at < set_duty.ends_at and d.ends_at > set_duty.starts_at
		limit 1;
	if found then
		perform ticket_workflow.fail('duty_overlap', null, set_duty.official, other.duty_id::text);
	end if;
	new_duty := ticket_workflow.new_id(home, 'ticket_workflow.duty_seq');
	insert into ticket_workflow.duty_roster (duty_id, center_id, starts_at, ends_at, official_id, leader_id)
		values (new_duty, home, set_duty.starts_at, set_duty.ends_at, officer, leading_official);
	return new_duty;
end
$$;
comment on function ticket_workflow.set_duty(text, timestamptz, timestamptz, text, text) is
	'Puts an official and a leader on duty (值班值守) for a span, its end not included. Returns the duty''s id. Errors: TW005, TW006';

create or replace function ticket_workflow.end_duty(duty_id bigint, ends_at timestamptz default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	d ticket_workflow.duty_roster;
	ends constant timestamptz := coalesce(end_duty.ends_at, ticket_workflow.now());
begin
	select * into d from ticket_workflow.duty_roster r where r.duty_id = end_duty.duty_id for no key update;
	perform ticket_workflow.require_managed(d.center_id, 'duty_roster', end_duty.duty_id::text);
	if d.ends_at <= ticket_workflow.now() then
		perform ticket_workflow.fail('duty_past', null, d.duty_id::text);
	end if;
	if ends <= d.starts_at then
		-- not yet begun: it will not take place
		delete from ticket_workflow.duty_roster r where r.duty_id = d.duty_id;
	else
		update ticket_workflow.duty_roster r
			set ends_at = greatest(ends, ticket_workflow.now()) where r.duty_id = d.duty_id;
	end if;
	return d.duty_id;
end
$$;
comment on function ticket_workflow.end_duty(bigint, timestamptz) is
	'Ends a turn of duty at a moment (now), or takes away one that has not begun. Errors: TW005, TW006, TW010';

-- ==== sql/calendar/formats.sql

-- iCalendar and CSV in, iCalendar and JSON out. The readers make the document that import_calendar() takes, so
-- that preview, checks and replacing are the same whatever the form.
-- May touch: nothing.

create or replace function ticket_workflow.feed_document(days jsonb, year integer) returns jsonb
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	clash text;
begin
	select d ->> 'date' into clash from jsonb_array_elements(days) d
	group by d ->> 'date' having count(distinct d ->> 'isOffDay') > 1 order by 1 limit 1;
	if clash is not null then
		perform ticket_workflow.refuse_document(clash || ' 同时标为休息和上班', clash || ' is both a rest day and a working day');
	end if;
	-- a day may have two names: Mid-Autumn and National Day
	return jsonb_build_object('year', feed_document.year, 'papers', '[]'::jsonb, 'days', coalesce((
		select jsonb_agg(jsonb_build_object('date', x.date, 'name', x.name, 'isOffDay', x.off) order by x.date)
		from (
			select d ->> 'date' as date, string_agg(distinct d ->> 'name', '、') as name, (d ->> 'isOffDay')::boolean as off
			from jsonb_array_elements(days) d
			where feed_document.year is null
				-- a holiday over the turn of the year stands in the new year's paper: 2022-12-31 in 2023's
				or feed_document.year = left(d ->> 'date', 4)::integer + (substr(d ->> 'date', 6, 2) = '12' and exists (
					select from jsonb_array_elements(days) january
					where january ->> 'name' = d ->> 'name'
						and january ->> 'date' between (left(d ->> 'date', 4)::integer + 1) || '-01-01'
							and (left(d ->> 'date', 4)::integer + 1) || '-01-10'))::integer
			group by 1, 3) x), '[]'::jsonb));
end
$$;
comment on function ticket_workflow.feed_document(jsonb, integer) is
	'Document of the days of a feed: those of one year, or with NULL all of them, which then cover nothing';

create or replace function ticket_workflow.read_ical(body text, year integer default null) returns jsonb
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
	line record;
	part text[];
	property text;
	value text;
	open_components text[] := '{}';
	closed boolean := false;
	since date;
	until date;
	length integer;
	summary text;
	mark text;
	cancelled boolean;
	days jsonb := '[]';
begin
	if coalesce(body, '') = '' or octet_length(body) > 4000000 then
		perform ticket_workflow.refuse_document('iCalendar 内容为空或超过 4 MB', 'the iCalendar text is empty or longer than 4 MB');
	end if;
	for line in
		-- folded lines go on after a line break and a blank
		select l.text, l.n from regexp_split_to_table(
			regexp_replace(regexp_replace(regexp_replace(body, E'^\uFEFF', ''), E'\r\n?', E'\n', 'g'), E'\n[ \t]', '', 'g'), E'\n')
			with ordinality l(text, n)
		where l.text <> '' order by l.n
	loop
		part := regexp_match(line.text, '^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^;:"]*))*):(.*)$');
		if part is null or closed then
			perform ticket_workflow.refuse_document('第 ' || line.n || ' 行看不懂：' || left(line.text, 60),
				'line ' || line.n || ' cannot be read: ' || left(line.text, 60));
		end if;
		property := upper(part[1]);
		value := trim(part[3]);
		if property = 'BEGIN' then
			if (cardinality(open_components) = 0) <> (upper(value) = 'VCALENDAR') or upper(value) = 'VEVENT' and cardinality(open_components) <> 1 then
				perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的 BEGIN 不在其位', 'BEGIN in line ' || line.n || ' is out of place');
			end if;
			open_components := open_components || upper(value);
			if upper(value) = 'VEVENT' then
				since := null; until := null; length := null; summary := null; mark := null; cancelled := false;
			end if;
		elsif property = 'END' then
			if cardinality(open_components) = 0 or open_components[cardinality(open_components)] <> upper(value) then
				perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的 END 没有对应的 BEGIN', 'END in line ' || line.n || ' has no BEGIN');
			end if;
			open_components := open_components[:cardinality(open_components) - 1];
			closed := cardinality(open_components) = 0;
			if upper(value) = 'VEVENT' and not cancelled then
				if since is null then
					perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的事件没有 DTSTART', 'the event that ends in line ' || line.n || ' has no DTSTART');
				end if;
				until := coalesce(until, since + coalesce(length, 1));
				if until <= since or until - since > 366 then
					perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的事件不足一天或超过一年（DTEND 不含当日）',
						'the event that ends in line ' || line.n || ' is shorter than a day or longer than a year; DTEND is exclusive');
				end if;
				summary := coalesce(summary, '');
				mark := coalesce(mark, (regexp_match(summary, '[（(【\[]\s*(休|班)\s*[）)】\]]'))[1], (regexp_match(summary, '(休|班)\s*$'))[1],
					(regexp_match(summary, '^(休|班)'))[1], case when summary ~ '补班|上班' then '班' else '休' end);
				summary := trim(regexp_replace(summary, '\s*[（(【\[]\s*(休|班)\s*[）)】\]]|\s+(休|班)\s*$|^(休|班)\s+', '', 'g'));
				days := days || (select jsonb_agg(jsonb_build_object('date', to_char(d, 'YYYY-MM-DD'), 'isOffDay', mark = '休',
						'name', coalesce(nullif(left(summary, 100), ''), mark)))
					from generate_series(since::timestamp, until::timestamp - interval '1 day', interval '1 day') d);
			end if;
		elsif cardinality(open_components) = 0 then
			perform ticket_workflow.refuse_document('不是以 BEGIN:VCALENDAR 开头', 'it does not begin with BEGIN:VCALENDAR');
		elsif open_components[cardinality(open_components)] = 'VEVENT' then
			case property
				when 'DTSTART', 'DTEND' then
					if value !~ '^\d{8}$' or ticket_workflow.iso_date(substr(value, 1, 4) || '-' || substr(value, 5, 2) || '-' || substr(value, 7, 2)) is null then
						perform ticket_workflow.refuse_document('第 ' || line.n || ' 行不是全天日期：' || left(value, 30),
							'line ' || line.n || ' is no all-day date: ' || left(value, 30));
					end if;
					if property = 'DTSTART' then
						since := ticket_workflow.iso_date(substr(value, 1, 4) || '-' || substr(value, 5, 2) || '-' || substr(value, 7, 2));
					else
						until := ticket_workflow.iso_date(substr(value, 1, 4) || '-' || substr(value, 5, 2) || '-' || substr(value, 7, 2));
					end if;
				when 'DURATION' then
					if value !~ '^\+?P\d{1,3}[DW]$' then
						perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的 DURATION 不是整日数：' || left(value, 30),
							'DURATION in line ' || line.n || ' is no number of days: ' || left(value, 30));
					end if;
					length := substring(value from '\d+')::integer * case when value like '%W' then 7 else 1 end;
				when 'RRULE', 'RDATE', 'EXDATE' then
					perform ticket_workflow.refuse_document('第 ' || line.n || ' 行：不接受重复事件', 'line ' || line.n || ': recurring events are not taken');
				when 'SUMMARY' then
					summary := replace(replace(regexp_replace(value, '\\([,;])', '\1', 'g'), '\n', ' '), '\\', '\');
				when 'STATUS' then
					cancelled := upper(value) = 'CANCELLED';
				when 'X-APPLE-SPECIAL-DAY' then
					mark := case upper(value) when 'WORK-HOLIDAY' then '休' when 'ALTERNATE-WORKDAY' then '班' end;
				else
					null;
			end case;
		end if;
	end loop;
	if not closed then
		perform ticket_workflow.refuse_document('不完整：缺少 END:VCALENDAR', 'it is not complete: END:VCALENDAR is missing');
	end if;
	return ticket_workflow.feed_document(days, year);
end
$$;
comment on function ticket_workflow.read_ical(text, integer) is
	'Document for import_calendar() of an iCalendar feed: all-day events, 休 and 班 marks (none: a rest day); one year of it, or all';

create or replace function ticket_workflow.read_calendar_csv(body text, year integer default null) returns jsonb
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
	line record;
	field text[];
	place integer[];
	off boolean;
	days jsonb := '[]';
begin
	if coalesce(body, '') = '' or octet_length(body) > 4000000 then
		perform ticket_workflow.refuse_document('CSV 内容为空或超过 4 MB', 'the CSV text is empty or longer than 4 MB');
	end if;
	for line in
		select l.text, l.n from regexp_split_to_table(regexp_replace(regexp_replace(body, E'^\uFEFF', ''), E'\r\n?', E'\n', 'g'), E'\n')
			with ordinality l(text, n) where trim(l.text) <> '' order by l.n
	loop
		if line.text !~ '^(?:"(?:[^"]|"")*"|[^",]*)(?:,(?:"(?:[^"]|"")*"|[^",]*))*$' then
			perform ticket_workflow.refuse_document('第 ' || line.n || ' 行的引号不成对', 'line ' || line.n || ' has an unpaired quote');
		end if;
		select array_agg(trim(case when m[1] like '"%' then replace(substr(m[1], 2, length(m[1]) - 2), '""', '"') else m[1] end) order by f.n)
			into field
			from regexp_matches(line.text || ',', '("(?:[^"]|"")*"|[^",]*),', 'g') with ordinality f(m, n);
		if place is null then
			select array[min(h.n) filter (where h.name in ('date', '日期')), min(h.n) filter (where h.name in ('name', '名称')),
					min(h.n) filter (where h.name in ('isoffday', 'is_off_day', '休息'))]
				into place from unnest(field) with ordinality u(raw, n), lateral (select lower(u.raw) as name, u.n::integer as n) h;
			if array_position(place, null) is not null then
				perform ticket_workflow.refuse_document('首行应有 date、name、is_off_day 三列', 'the first line must name the columns date, name and is_off_day');
			end if;
			place := place || cardinality(field);
		else
			off := case lower(field[place[3]]) when 'true' then true when '1' then true when '休' then true
				when 'false' then false when '0' then false when '班' then false end;
			if cardinality(field) <> place[4] or off is null or field[place[2]] = '' or ticket_workflow.iso_date(field[place[1]]) is null then
				perform ticket_workflow.refuse_document('第 ' || line.n || ' 行看不懂：' || left(line.text, 60),
					'line ' || line.n || ' cannot be read: ' || left(line.text, 60));
			end if;
			days := days || jsonb_build_object('date', field[place[1]], 'name', field[place[2]], 'isOffDay', off);
		end if;
	end loop;
	return ticket_workflow.feed_document(days, year);
end
$$;
comment on function ticket_workflow.read_calendar_csv(text, integer) is
	'Document for import_calendar() of lines date,name,is_off_day with a header; one year of it, or all';

-- ---- out

create or replace function ticket_workflow.calendar_days(calendar text, since date default '-infinity', until date default 'infinity')
	returns table (day date, name text, is_off_day boolean, source text, year integer, decided_by text)
	language sql stable
begin atomic
	select distinct on (d.day) d.day, d.name, d.is_off_day, d.source, doc.year, l.code
	from ticket_workflow.calendar_layers(calendar_days.calendar) l
		join ticket_workflow.calendar_day d on d.calendar = l.code
		join ticket_workflow.calendar_document doc on doc.calendar = d.calendar and doc.source = d.source
	where d.day between calendar_days.since and calendar_days.until
	order by d.day, l.layer, d.rank desc, d.source collate "C" desc;
end;
comment on function ticket_workflow.calendar_days(text, date, date) is
	'Days that depart from the weekly pattern, bases included: what each is, and which calendar and document decide it';

create or replace function ticket_workflow.fold_ical_line(line text) returns text
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
	folded text := '';
	width integer := 0;
	letter text;
begin
	-- 75 octets, and no letter cut in two
	for letter in select c from regexp_split_to_table(line, '') c loop
		if width + octet_length(letter) > 74 then
			folded := folded || E'\r\n ';
			width := 1;
		end if;
		folded := folded || letter;
		width := width + octet_length(letter);
	end loop;
	return folded || E'\r\n';
end
$$;
comment on function ticket_workflow.fold_ical_line(text) is 'A line as RFC 5545 folds it';

create or replace function ticket_workflow.export_calendar(calendar text, year integer, format text default 'json') returns text
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	papers text[];
begin
	perform ticket_workflow.check_calendar(export_calendar.calendar);
	if export_calendar.year is null or export_calendar.year not between 1900 and 2199 then
		perform ticket_workflow.fail('calendar_year_bad', null, coalesce(export_calendar.year::text, 'NULL'));
	end if;
	if export_calendar.format = 'json' then
		select array_agg(p.paper order by l.layer, doc.source collate "C", p.n) into papers
			from ticket_workflow.calendar_layers(export_calendar.calendar) l
				join ticket_workflow.calendar_document doc on doc.calendar = l.code and doc.year = export_calendar.year,
				unnest(doc.papers) with ordinality p(paper, n);
		return (select jsonb_pretty(jsonb_build_object('year', export_calendar.year, 'papers', to_jsonb(coalesce(papers, '{}')),
				'days', coalesce(jsonb_agg(jsonb_build_object('name', d.name, 'date', d.day, 'isOffDay', d.is_off_day) order by d.day), '[]')))
			from ticket_workflow.calendar_days(export_calendar.calendar) d
			where coalesce(d.year, extract(year from d.day)) = export_calendar.year);
	elsif export_calendar.format = 'ical' then
		return E'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//ticket_workflow//calendar//ZH\r\n'
			|| ticket_workflow.fold_ical_line('X-WR-CALNAME:' || (
				select regexp_replace(c.name, '([,;\\])', '\\\1', 'g') from ticket_workflow.calendar c where c.code = export_calendar.calendar))
			|| coalesce((
				select string_agg(E'BEGIN:VEVENT\r\n'
					|| ticket_workflow.fold_ical_line('UID:' || to_char(g.since, 'YYYYMMDD') || '-' || export_calendar.calendar || '@ticket_workflow')
					|| 'DTSTAMP:' || to_char(ticket_workflow.now() at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') || E'\r\n'
					|| 'DTSTART;VALUE=DATE:' || to_char(g.since, 'YYYYMMDD') || E'\r\n'
					|| 'DTEND;VALUE=DATE:' || to_char(g.until + 1, 'YYYYMMDD') || E'\r\n'
					|| ticket_workflow.fold_ical_line('SUMMARY:' || regexp_replace(g.name, '([,;\\])', '\\\1', 'g')
						|| case when g.is_off_day then '（休）' else '（班）' end)
					|| 'X-APPLE-SPECIAL-DAY:' || case when g.is_off_day then 'WORK-HOLIDAY' else 'ALTERNATE-WORKDAY' end || E'\r\n'
					|| E'TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n', '' order by g.since)
				from (
					-- days in a row of one name and kind are one event
					select min(r.day) as since, max(r.day) as until, r.name, r.is_off_day
					from (select d.*, d.day - row_number() over (partition by d.name, d.is_off_day order by d.day)::integer as island
						from ticket_workflow.calendar_days(export_calendar.calendar) d
						where coalesce(d.year, extract(year from d.day)) = export_calendar.year) r
					group by r.name, r.is_off_day, r.island) g), '')
			|| E'END:VCALENDAR\r\n';
	end if;
	perform ticket_workflow.fail('calendar_format_bad', null, coalesce(export_calendar.format, 'NULL'));
end
$$;
comment on function ticket_workflow.export_calendar(text, integer, text) is
	'A year of a calendar, bases included, as a document (json) or a feed (ical) that can be imported again';

-- ==== sql/rulebook/functions.sql

-- Loading, copying and reading rulebooks.
-- May touch: the tables of sql/rulebook and, through load_calendar(), the calendars a rulebook counts by.

-- Tables whose rows make up a rulebook, in the order of their keys. A room that adds one adds it here.
create or replace function ticket_workflow.rulebook_tables() returns text[]
	language sql immutable parallel safe
	return array['rulebook_setting', 'clock_limit', 'escalation_level', 'escalation_recipient', 'act_right',
		'approval_rule', 'finding_option', 'finding_relation', 'required_evidence', 'phrase', 'dispatch_order', 'dispatch_word'];
comment on function ticket_workflow.rulebook_tables() is 'Tables whose rows make up a rulebook, parents first';

create or replace function ticket_workflow.load_rulebook(name text, center text default null, since date default '2000-01-01',
		document jsonb default null)
	returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	content jsonb := load_rulebook.document;
	subject text;
begin
	perform ticket_workflow.require_capability('manager', null);
	perform ticket_workflow.require_text(load_rulebook.name, 'name', 60);
	if content is null then
		select d.document into content
			from ticket_workflow.shipped_document d
			where d.kind = 'rulebook' and d.name = load_rulebook.name;
		if content is null then
			perform ticket_workflow.fail('unknown_rulebook', null, left(load_rulebook.name, 60), (
				select string_agg(d.name, ', ') from ticket_workflow.shipped_document d where d.kind = 'rulebook'));
		end if;
		perform ticket_workflow.load_calendar('cn_shanghai');
	end if;

	if not exists (select from ticket_workflow.rulebook r where r.rulebook = load_rulebook.name) then
		if jsonb_typeof(content) <> 'object' or exists (
				select from jsonb_object_keys(content) k where k <> 'rulebook' and k <> all (ticket_workflow.rulebook_tables())) then
			perform ticket_workflow.fail('rulebook_unreadable', null, (
				select string_agg(k, ', ') from jsonb_object_keys(content) k
				where k <> 'rulebook' and k <> all (ticket_workflow.rulebook_tables())), array_to_string(ticket_workflow.rulebook_tables(), ', '));
		end if;
		insert into ticket_workflow.rulebook
			select load_rulebook.name, coalesce(r.title, load_rulebook.name), r.source, ticket_workflow.now()
			from (select content #>> '{rulebook,0,title}' as title, content #>> '{rulebook,0,source}' as source) r;
		foreach subject in array ticket_workflow.rulebook_tables() loop
			begin
				execute format('insert into ticket_workflow.%1$I
					select filled.* from jsonb_array_elements($1) as given (row),
						jsonb_populate_record(null::ticket_workflow.%1$I, given.row || jsonb_build_object(''rulebook'', $2)) as filled', subject)
					using coalesce(content -> subject, '[]'), load_rulebook.name;
			exception when data_exception or integrity_constraint_violation then
				perform ticket_workflow.fail('rulebook_row_unreadable', null, subject, sqlerrm);
			end;
		end loop;
	elsif load_rulebook.document is not null then
		-- tickets keep the rulebook under which they came: a changed one takes a new name
		perform ticket_workflow.fail('rulebook_exists', null, load_rulebook.name);
	end if;

	if load_rulebook.center is not null then
		perform ticket_workflow.put_in_force(load_rulebook.center, load_rulebook.name, load_rulebook.since);
	end if;
	return load_rulebook.name;
end
$$;
comment on function ticket_workflow.load_rulebook(text, text, date, jsonb) is
	'Loads a shipped rulebook, or the document given, with the calendars it needs; with a center it is in force there from since on. Loading a loaded one again changes nothing. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.put_in_force(center text, rulebook text, since date) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home bigint;
	from_day constant date := put_in_force.since;
begin
	home := ticket_workflow.center_id_of(put_in_force.center);
	perform ticket_workflow.require_capability('manager', home);
	if not exists (select from ticket_workflow.rulebook r where r.rulebook = put_in_force.rulebook) then
		perform ticket_workflow.fail('unknown_rulebook', null, left(put_in_force.rulebook, 60), (
			select string_agg(r.rulebook, ', ') from ticket_workflow.rulebook r));
	end if;
	if exists (select from ticket_workflow.center_rulebook r
			where r.center_id = home and r.rulebook = put_in_force.rulebook and r.valid @> from_day) then
		return;
	end if;
	-- what was in force ends the day before; what was to come later is set aside
	delete from ticket_workflow.center_rulebook r where r.center_id = home and lower(r.valid) >= from_day;
	update ticket_workflow.center_rulebook r
		set valid = daterange(lower(r.valid), from_day)
		where r.center_id = home and r.valid @> from_day;
	insert into ticket_workflow.center_rulebook values (home, put_in_force.rulebook, daterange(from_day, null));
end
$$;
comment on function ticket_workflow.put_in_force(text, text, date) is
	'Lets a center follow a rulebook from a day on; tickets received before keep theirs. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.copy_rulebook(source text, target text, title text default null) returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	subject text;
begin
	perform ticket_workflow.require_capability('manager', null);
	perform ticket_workflow.require_text(copy_rulebook.target, 'target', 60);
	if not exists (select from ticket_workflow.rulebook r where r.rulebook = copy_rulebook.source) then
		perform ticket_workflow.fail('unknown_rulebook', null, left(copy_rulebook.source, 60), (
			select string_agg(r.rulebook, ', ') from ticket_workflow.rulebook r));
	end if;
	if exists (select from ticket_workflow.rulebook r where r.rulebook = copy_rulebook.target) then
		perform ticket_workflow.fail('rulebook_exists', null, copy_rulebook.target);
	end if;
	insert into ticket_workflow.rulebook
		select copy_rulebook.target, coalesce(copy_rulebook.title, r.title), r.source, ticket_workflow.now()
		from ticket_workflow.rulebook r where r.rulebook = copy_rulebook.source;
	foreach subject in array ticket_workflow.rulebook_tables() loop
		execute format('insert into ticket_workflow.%1$I
			select filled.* from ticket_workflow.%1$I r,
				jsonb_populate_record(null::ticket_workflow.%1$I, to_jsonb(r) || jsonb_build_object(''rulebook'', $2)) as filled
			where r.rulebook = $1', subject)
			using copy_rulebook.source, copy_rulebook.target;
	end loop;
	return copy_rulebook.target;
end
$$;
comment on function ticket_workflow.copy_rulebook(text, text, text) is
	'Copies a rulebook under a new name, to change the copy and put it in force from a day on. Errors: TW005, TW012';

create or replace function ticket_workflow.rulebook_setting(rulebook text, name text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	found_value text;
begin
	select s.value into found_value
		from ticket_workflow.rulebook_setting s
		where s.rulebook = rulebook_setting.rulebook and s.name = rulebook_setting.name;
	if found_value is null then
		perform ticket_workflow.fail('setting_missing', null, rulebook_setting.name, rulebook_setting.rulebook);
	end if;
	return found_value;
end
$$;
comment on function ticket_workflow.rulebook_setting(text, text) is 'A single amount or switch of a rulebook; TW012 when it is missing';

create or replace function ticket_workflow.set_rulebook_setting(rulebook text, name text, value text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.require_capability('manager', null);
	-- a new name would be read by nobody
	update ticket_workflow.rulebook_setting s
		set value = ticket_workflow.require_text(set_rulebook_setting.value, 'value', 200)
		where s.rulebook = set_rulebook_setting.rulebook and s.name = set_rulebook_setting.name;
	if not found then
		perform ticket_workflow.fail('setting_missing', null, set_rulebook_setting.name, set_rulebook_setting.rulebook);
	end if;
end
$$;
comment on function ticket_workflow.set_rulebook_setting(text, text, text) is 'Changes a single amount or switch of a rulebook. Errors: TW005, TW012';

-- ==== sql/journal/functions.sql

-- Writing and verifying the journal.
-- May touch: journal.

create or replace function ticket_workflow.journal_hash(version smallint, ticket_id bigint, seq integer,
		occurred_at timestamptz, recorded_at timestamptz, actor text, caller text, session_role text,
		kind text, clause text, from_state text, to_state text, details jsonb, previous bytea) returns bytea
	language c immutable parallel safe as 'MODULE_PATHNAME', 'tw_sql_journal_hash';
comment on function ticket_workflow.journal_hash(smallint, bigint, integer, timestamptz, timestamptz, text, text, text, text, text, text, text, jsonb, bytea) is
	'SHA-256 over the canonical bytes of a journal row and the hash of the row before it; independent of TimeZone and DateStyle';

-- The ticket row is locked by whoever changes the ticket, so the last row stays the last.
create or replace function ticket_workflow.write_journal(ticket_id bigint, kind text, clause text,
		details jsonb default '{}', occurred_at timestamptz default null,
		from_state text default null, to_state text default null, by_system boolean default false) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	last record;
	entry ticket_workflow.journal;
begin
	select j.seq, j.hash into last
		from ticket_workflow.journal j
		where j.ticket_id = write_journal.ticket_id
		order by j.seq desc limit 1;
	entry.center_id := ticket_workflow.center_of(write_journal.ticket_id);
	entry.ticket_id := write_journal.ticket_id;
	entry.seq := coalesce(last.seq, 0) + 1;
	entry.recorded_at := ticket_workflow.now();
	entry.occurred_at := coalesce(write_journal.occurred_at, entry.recorded_at);
	-- deemed acceptance and escalation have no author, whoever's call they came to light in
	entry.actor := case when write_journal.by_system then null else ticket_workflow.actor() end;
	entry.caller := ticket_workflow.caller();
	entry.session_role := session_user;
	entry.kind := write_journal.kind;
	entry.clause := write_journal.clause;
	entry.from_state := write_journal.from_state;
	entry.to_state := write_journal.to_state;
	entry.details := coalesce(write_journal.details, '{}');
	entry.version := 1;
	entry.hash := ticket_workflow.journal_hash(entry.version, entry.ticket_id, entry.seq, entry.occurred_at,
		entry.recorded_at, entry.actor, entry.caller, entry.session_role, entry.kind, entry.clause,
		entry.from_state, entry.to_state, entry.details, last.hash);
	insert into ticket_workflow.journal values (entry.*);
	return entry.seq;
end
$$;
comment on function ticket_workflow.write_journal(bigint, text, text, jsonb, timestamptz, text, text, boolean) is
	'Adds a row to the journal of a ticket that the caller has locked; details never hold personal data';

-- The same for many tickets at once, one entry each: a sweep and a recomputation would else spend their time here.
create or replace function ticket_workflow.write_journals(ticket_ids bigint[], kind text, clauses text[], details jsonb[],
		occurred_at timestamptz[]) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	insert into ticket_workflow.journal (center_id, ticket_id, seq, occurred_at, recorded_at, actor, caller, session_role,
			kind, clause, from_state, to_state, details, version, hash)
		select ticket_workflow.center_of(g.ticket_id), g.ticket_id, coalesce(last.seq, 0) + 1, g.occurred_at, n.at, null, n.caller,
			session_user, write_journals.kind, g.clause, null, null, g.details, 1::smallint,
			ticket_workflow.journal_hash(1::smallint, g.ticket_id, coalesce(last.seq, 0) + 1, g.occurred_at, n.at, null, n.caller,
				session_user, write_journals.kind, g.clause, null, null, g.details, last.hash)
		from unnest(write_journals.ticket_ids, write_journals.clauses, write_journals.details, write_journals.occurred_at)
				as g (ticket_id, clause, details, occurred_at)
			cross join (select ticket_workflow.now() as at, ticket_workflow.caller()::text as caller) n
			left join lateral (
				select j.seq, j.hash from ticket_workflow.journal j
				where j.ticket_id = g.ticket_id order by j.seq desc limit 1) last on true;
end
$$;
comment on function ticket_workflow.write_journals(bigint[], text, text[], jsonb[], timestamptz[]) is
	'Adds one entry without an author to the journal of each of these tickets, which the caller has locked';

create or replace function ticket_workflow.verify_journals(since timestamptz default '-infinity', until timestamptz default 'infinity')
	returns table (ticket_id bigint, seq integer, problem text)
	language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
	-- the first broken link of each ticket that has a row recorded in the span
	select distinct on (broken.ticket_id) broken.ticket_id, broken.seq, broken.problem
	from (
		select j.ticket_id, j.seq,
			case
				when j.seq <> row_number() over chain then 'gap'
				when j.hash <> ticket_workflow.journal_hash(j.version, j.ticket_id, j.seq, j.occurred_at, j.recorded_at,
					j.actor, j.caller, j.session_role, j.kind, j.clause, j.from_state, j.to_state, j.details,
					lag(j.hash) over chain) then 'hash'
			end as problem
		from ticket_workflow.journal j
		where j.ticket_id in (
			select touched.ticket_id from ticket_workflow.journal touched
			where touched.recorded_at >= verify_journals.since and touched.recorded_at <= verify_journals.until)
		window chain as (partition by j.ticket_id order by j.seq)
	) broken
	where broken.problem is not null
	order by broken.ticket_id, broken.seq;
end;
comment on function ticket_workflow.verify_journals(timestamptz, timestamptz) is
	'First broken link of each ticket with entries recorded in the span: gap (a row is missing) or hash (a row was changed)';

create or replace function ticket_workflow.verify_journal(ticket_id bigint)
	returns table (seq integer, problem text)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	entry ticket_workflow.journal;
	previous bytea;
	expected integer := 0;
begin
	for entry in
		select * from ticket_workflow.journal j where j.ticket_id = verify_journal.ticket_id order by j.seq
	loop
		expected := expected + 1;
		if entry.seq <> expected then
			return query select entry.seq, 'gap'::text;
			return;
		end if;
		if entry.hash <> ticket_workflow.journal_hash(entry.version, entry.ticket_id, entry.seq, entry.occurred_at,
				entry.recorded_at, entry.actor, entry.caller, entry.session_role, entry.kind, entry.clause,
				entry.from_state, entry.to_state, entry.details, previous) then
			return query select entry.seq, 'hash'::text;
			return;
		end if;
		previous := entry.hash;
	end loop;
end
$$;
comment on function ticket_workflow.verify_journal(bigint) is
	'First broken link in a ticket''s journal: gap (a row is missing) or hash (a row was changed); no row when it is whole';

-- ==== sql/ticket/receive.sql

-- Receipt of a ticket, and the person behind it.
-- May touch: ticket, petitioner, ticket_original; through them clock and journal.

create or replace function ticket_workflow.has_contact(ticket ticket_workflow.ticket) returns boolean
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return exists (select from ticket_workflow.petitioner p
		where p.petitioner_id = (has_contact.ticket).petitioner_id and p.phone is not null);
end
$$;
comment on function ticket_workflow.has_contact(ticket_workflow.ticket) is 'Whether the petitioner left a telephone number (有联系方式)';

-- Full-width digits, +86, brackets and blanks are ways of writing the same number.
create or replace function ticket_workflow.normalize_phone(given text) returns text
	language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
	digits text := normalize(btrim(normalize_phone.given), nfkc);
	extension text;
begin
	if coalesce(digits, '') = '' then
		return null;
	end if;
	digits := regexp_replace(digits, '\s*(?:转|分机|ext\.?|x|#)\s*(\d{1,6})$', '#\1', 'i');
	extension := substring(digits from '#(\d{1,6})$');
	digits := regexp_replace(split_part(digits, '#', 1), '[\s()\[\]{}.–—-]', '', 'g');
	digits := regexp_replace(digits, '^(\+|00)86', '');
	if digits ~ '^861[3-9]\d{9}$' then
		digits := substr(digits, 3);
	end if;
	if digits !~ '^\+?\d{3,20}$' then
		perform ticket_workflow.fail('phone_unreadable', null, left(normalize_phone.given, 40));
	end if;
	return digits || coalesce('-' || extension, '');
end
$$;
comment on function ticket_workflow.normalize_phone(text) is
	'A telephone number as digits, with -extension; NULL for none, TW006 for what is no number';

-- Is it a mobile, and is it local: two attributes (requirements, section 7).
create or replace function ticket_workflow.phone_locality(phone text, area_code text) returns text
	language sql immutable parallel safe
	return case
		when phone_locality.phone ~ '^1[3-9]\d{9}$' or phone_locality.phone ~ '^\+' then
			case when phone_locality.phone ~ '^\+' then 'non_local' else 'unknown' end
		when phone_locality.phone ~ '^0' then
			case when starts_with(phone_locality.phone, phone_locality.area_code) then 'local' else 'non_local' end
		when phone_locality.phone ~ '^\d{7,8}(-|$)' then 'local'
		else 'unknown' end;
comment on function ticket_workflow.phone_locality(text, text) is
	'local, non_local or unknown, as far as the number tells: a landline by its area code, a mobile not at all';

create or replace function ticket_workflow.add_petitioner(center_id bigint, name text, phone text, address text, phone_locality text)
	returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	digits constant text := ticket_workflow.normalize_phone(add_petitioner.phone);
	new_id bigint;
begin
	if add_petitioner.name is null and digits is null and add_petitioner.address is null then
		return null;
	end if;
	new_id := ticket_workflow.new_id(add_petitioner.center_id, 'ticket_workflow.petitioner_seq');
	insert into ticket_workflow.petitioner (petitioner_id, center_id, name, phone, phone_is_mobile, phone_locality, address)
		values (new_id, add_petitioner.center_id,
			ticket_workflow.optional_text(add_petitioner.name, 'petitioner_name', 100), digits, digits ~ '^1[3-9]\d{9}$',
			case when digits is not null then coalesce(
				ticket_workflow.code_of('phone_locality', add_petitioner.phone_locality, 'phone_locality'),
				ticket_workflow.phone_locality(digits, coalesce((
					select c.attributes ->> 'area_code' from ticket_workflow.center c
					where c.center_id = add_petitioner.center_id), '021'))) end,
			ticket_workflow.optional_text(add_petitioner.address, 'petitioner_address', 500));
	return new_id;
end
$$;
comment on function ticket_workflow.add_petitioner(bigint, text, text, text, text) is 'Stores a petitioner; NULL for an anonymous one who left nothing';

create or replace function ticket_workflow.rulebook_on(center_id bigint, day date) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	in_force text;
begin
	select r.rulebook into in_force
		from ticket_workflow.center_rulebook r
		where r.center_id = rulebook_on.center_id and r.valid @> rulebook_on.day;
	if in_force is null then
		perform ticket_workflow.fail('no_rulebook_in_force', null, rulebook_on.day::text);
	end if;
	return in_force;
end
$$;
comment on function ticket_workflow.rulebook_on(bigint, date) is 'The rulebook a center follows on a day; TW012 when there is none';

create or replace function ticket_workflow.receive_ticket(
		center text, category text, appeal text,
		source text default 'center', external_no text default null, external_round integer default null,
		kind text default 'ordinary', supervised_by text default null,
		handling_class text default 'ordinary', urgent boolean default false,
		matter text default null, area text default null, place text default null, in_territory boolean default true,
		petitioner_name text default null, petitioner_phone text default null, petitioner_address text default null,
		phone_locality text default null, received_at timestamptz default null,
		platform_due_at timestamptz default null, limit_kind text default null, limit_amount integer default null,
		original_ticket bigint default null, attributes jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	home ticket_workflow.center;
	at constant timestamptz := ticket_workflow.now();
	day date;
begin
	select * into strict home from ticket_workflow.center c
		where c.center_id = ticket_workflow.center_id_of(receive_ticket.center);
	t.center_id := home.center_id;
	t.received_at := coalesce(receive_ticket.received_at, at);
	t.recorded_at := at;
	if t.received_at > at then
		perform ticket_workflow.fail('in_the_future', null, 'received_at', t.received_at::text);
	end if;
	if not isfinite(t.received_at) or not coalesce(isfinite(receive_ticket.platform_due_at), true) then
		perform ticket_workflow.fail('in_the_future', null, 'received_at, platform_due_at', 'infinity');
	end if;
	day := ticket_workflow.local_day(t.received_at, home.calendar);
	t.received_on := case when ticket_workflow.is_working_day(day, home.calendar) then 'working' else 'rest' end;
	t.rulebook := ticket_workflow.rulebook_on(home.center_id, day);

	t.source := ticket_workflow.code_of('source', receive_ticket.source, 'source');
	t.category := ticket_workflow.code_of('category', receive_ticket.category, 'category');
	t.kind := ticket_workflow.code_of('kind', receive_ticket.kind, 'kind');
	t.supervised_by := ticket_workflow.code_of('supervised_by', receive_ticket.supervised_by, 'supervised_by');
	t.handling_class := ticket_workflow.code_of('handling_class', receive_ticket.handling_class, 'handling_class');
	if t.category is null or t.kind is null or t.source is null or t.handling_class is null then
		perform ticket_workflow.fail('text_missing', null, 'category, kind, source, handling_class');
	end if;
	if t.kind = 'supervised' then
		t.supervised_by := coalesce(t.supervised_by, case t.source when 'city' then 'city' else 'district' end);
	elsif t.supervised_by is not null then
		perform ticket_workflow.fail('supervised_by_without_kind', '2.3.5');
	end if;
	t.urgent := coalesce(receive_ticket.urgent, false);
	t.matter_id := ticket_workflow.matter_id_of(home.center_id, receive_ticket.matter);
	t.area_id := ticket_workflow.area_id_of(home.center_id, receive_ticket.area);
	t.in_territory := coalesce(receive_ticket.in_territory, true);
	t.place := ticket_workflow.optional_text(receive_ticket.place, 'place', 500);
	t.appeal := ticket_workflow.require_text(receive_ticket.appeal, 'appeal', 10000);
	t.external_no := ticket_workflow.optional_text(nullif(btrim(receive_ticket.external_no), ''), 'external_no', 100);
	t.platform_due_at := receive_ticket.platform_due_at;
	t.given_limit_kind := ticket_workflow.code_of('limit_kind', receive_ticket.limit_kind, 'limit_kind');
	t.given_limit_amount := receive_ticket.limit_amount;
	if (t.given_limit_kind is null) <> (t.given_limit_amount is null)
		or t.given_limit_kind not in ('elapsed_minutes', 'service_minutes', 'working_days', 'calendar_days')
		or t.given_limit_amount not between 0 and 1000000 then
		perform ticket_workflow.fail('limit_unreadable', null);
	end if;

	-- the platform sends a ticket again under the same number: a further round
	t.external_round := coalesce(receive_ticket.external_round, 1 + (
		select max(r.external_round) from ticket_workflow.ticket r
		where r.center_id = t.center_id and r.source = t.source and r.external_no = t.external_no), 1);

	t.ticket_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.ticket_seq');
	t.petitioner_id := ticket_workflow.add_petitioner(t.center_id, receive_ticket.petitioner_name,
		receive_ticket.petitioner_phone, receive_ticket.petitioner_address, receive_ticket.phone_locality);
	t.state := 'received';
	t.state_at := t.received_at;
	t.state_act := 'receive';
	t.dispatch_round := 0;
	t.accepted_deemed := false;
	t.reopenings := 0;
	t.imported := false;
	t.attributes := coalesce(receive_ticket.attributes, '{}');
	perform ticket_workflow.require_right(t, 'receive');
	insert into ticket_workflow.ticket values (t.*)
		on conflict (center_id, source, external_no, external_round) where external_no is not null do nothing;
	-- another session was first with the same number
	if not found then
		perform ticket_workflow.fail('ticket_exists', null, t.external_no, t.external_round::text);
	end if;

	if receive_ticket.original_ticket is not null then
		if not exists (select from ticket_workflow.ticket o
				where o.ticket_id = receive_ticket.original_ticket and ticket_workflow.may_see(o)) then
			perform ticket_workflow.fail('unknown_row', null, 'ticket', receive_ticket.original_ticket::text);
		end if;
		insert into ticket_workflow.ticket_original values (t.ticket_id, receive_ticket.original_ticket);
	end if;

	perform ticket_workflow.write_journal(t.ticket_id, 'receive', '2.3.2.1',
		jsonb_build_object('source', t.source, 'category', t.category, 'kind', t.kind, 'handling_class', t.handling_class,
			'urgent', t.urgent, 'received_on', t.received_on, 'rulebook', t.rulebook, 'has_contact', ticket_workflow.has_contact(t)),
		t.received_at, null, 'received');
	perform ticket_workflow.apply_event(t, 'received', t.received_at);
	return t.ticket_id;
end
$$;
comment on function ticket_workflow.receive_ticket(text, text, text, text, text, integer, text, text, text, boolean, text, text, text, boolean, text, text, text, text, timestamptz, timestamptz, text, integer, bigint, jsonb) is
	'Receives a ticket and starts its clocks; options as codes or Chinese names. Errors: TW005, TW006, TW012. Clause 2.3.2.1';

-- ==== sql/clock/functions.sql

-- Starting, ending and recomputing clocks.
-- May touch: clock. Whoever calls has locked the ticket.

-- due_on() names the day that ends at a moment; the day a moment lies in ends after it.
create or replace function ticket_workflow.local_day(at timestamptz, calendar text) returns date
	language sql stable parallel safe
	return ticket_workflow.due_on(local_day.at + interval '1 microsecond', local_day.calendar);
comment on function ticket_workflow.local_day(timestamptz, text) is 'The day of a moment in the calendar''s own zone (T6)';

-- In PL/pgSQL, as all that holds a query and is called from PL/pgSQL: it keeps its plan for the session, where an
-- SQL function plans anew in every transaction.
create or replace function ticket_workflow.ticket_calendar(center_id bigint) returns text
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (select c.calendar from ticket_workflow.center c where c.center_id = ticket_calendar.center_id);
end
$$;
comment on function ticket_workflow.ticket_calendar(bigint) is 'The calendar of a center: a ticket''s times never depend on a user''s setting';

-- The limit of a clock that starts at that moment: the first row of the rulebook whose conditions hold.
create or replace function ticket_workflow.find_limit(ticket ticket_workflow.ticket, clock text, started_at timestamptz, calendar text)
	returns ticket_workflow.clock_limit
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	found_limit ticket_workflow.clock_limit;
	start_kind constant text := case when ticket_workflow.is_working_day(
		ticket_workflow.local_day(find_limit.started_at, find_limit.calendar), find_limit.calendar) then 'working' else 'rest' end;
begin
	select l.* into found_limit
		from ticket_workflow.clock_limit l
		where l.rulebook = find_limit.ticket.rulebook and l.clock = find_limit.clock
			and (l.day_kind is null or l.day_kind = start_kind)
			and (l.received_on is null or l.received_on = find_limit.ticket.received_on)
			and (l.urgent is null or l.urgent = find_limit.ticket.urgent)
			and (l.handling_class is null or l.handling_class = find_limit.ticket.handling_class)
			and (l.kind is null or l.kind = find_limit.ticket.kind)
			and (l.category is null or l.category = find_limit.ticket.category)
			and (l.limit_kind <> 'given' or find_limit.ticket.given_limit_kind is not null)
		order by l.priority
		limit 1;
	if found_limit.limit_kind = 'given' then
		found_limit.limit_kind := find_limit.ticket.given_limit_kind;
		found_limit.amount := find_limit.ticket.given_limit_amount;
	end if;
	return found_limit;
end
$$;
comment on function ticket_workflow.find_limit(ticket_workflow.ticket, text, timestamptz, text) is
	'The rulebook''s limit of a clock for this ticket; all NULL where the clock does not run';

-- The due time of a clock, from its own row (C1). The platform's limit caps every other, except a window that only closes.
create or replace function ticket_workflow.recomputed_due(clock ticket_workflow.clock, platform_due_at timestamptz, expires boolean)
	returns timestamptz
	language sql stable
	return least(
		ticket_workflow.due_at(clock.counted_from, clock.limit_kind, clock.amount, clock.at_time, clock.calendar, clock.roll),
		case when not recomputed_due.expires then recomputed_due.platform_due_at end);
comment on function ticket_workflow.recomputed_due(ticket_workflow.clock, timestamptz, boolean) is
	'Due time of a clock computed from what it is counted from and its limit, under the cap of platform_due_at unless it only expires (C2)';

create or replace function ticket_workflow.level_at(level ticket_workflow.escalation_level, started_at timestamptz, due_at timestamptz, calendar text)
	returns timestamptz
	language sql stable
	return case level.offset_kind
		when 'share' then case when level.amount = 1 then level_at.due_at
			else level_at.started_at + (level_at.due_at - level_at.started_at) * level.amount::double precision end
		when 'minutes' then level_at.due_at + make_interval(mins => level.amount::integer)
		-- the end of a day belongs to that day
		else ticket_workflow.due_at(level_at.due_at - interval '1 microsecond', 'working_days', level.amount::integer, null, level_at.calendar)
	end;
comment on function ticket_workflow.level_at(ticket_workflow.escalation_level, timestamptz, timestamptz, text) is
	'When a level of a clock with this start and due time is reached';

-- When the sweep must look at a running clock again: its next level, or its due time if that still brings something.
create or replace function ticket_workflow.next_look(clock ticket_workflow.clock, rulebook text) returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c constant ticket_workflow.clock := next_look.clock;
begin
	return least(
		(select min(ticket_workflow.level_at(l.*, c.started_at, c.due_at, c.calendar))
			from ticket_workflow.escalation_level l
			where l.rulebook = next_look.rulebook and l.clock = c.clock
				and not exists (select from ticket_workflow.escalation e where e.clock_id = c.clock_id and e.level = l.level)),
		(select c.due_at from ticket_workflow.clock_kind k
			where k.clock = c.clock and (k.expires or k.due_event is not null and not c.due_done)));
end
$$;
comment on function ticket_workflow.next_look(ticket_workflow.clock, text) is 'Next moment at which a running clock asks for the sweep; NULL when it has nothing more to say';

create or replace function ticket_workflow.start_clock(ticket ticket_workflow.ticket, clock text, started_at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	kind ticket_workflow.clock_kind;
	given_limit ticket_workflow.clock_limit;
	c ticket_workflow.clock;
	started boolean;
begin
	select * into strict kind from ticket_workflow.clock_kind k where k.clock = start_clock.clock;
	if kind.needs_contact and not ticket_workflow.has_contact(start_clock.ticket) then
		return;
	end if;
	-- whichever comes first has started it: within the round for a department's clock
	select coalesce(max(r.round) filter (where r.clock = start_clock.clock), 0) + 1,
			coalesce(bool_or(case when r.clock = start_clock.clock then r.status in ('running', 'paused', 'held')
					or kind.of = 'department' and kind.by_fact and r.status <> 'cancelled' and r.dispatch_round = start_clock.ticket.dispatch_round
				else r.status <> 'cancelled' and start_clock.ticket.reopenings = 0 end), false)
		into c.round, started
		from ticket_workflow.clock r
		where r.ticket_id = start_clock.ticket.ticket_id and r.clock in (start_clock.clock, kind.replaced_by);
	if started then
		return;
	end if;

	c.calendar := ticket_workflow.ticket_calendar(start_clock.ticket.center_id);
	given_limit := ticket_workflow.find_limit(start_clock.ticket, start_clock.clock, start_clock.started_at, c.calendar);
	if given_limit.clock is null then
		return;
	end if;
	c.clock_id := ticket_workflow.new_id(start_clock.ticket.center_id, 'ticket_workflow.clock_seq');
	c.center_id := start_clock.ticket.center_id;
	c.ticket_id := start_clock.ticket.ticket_id;
	c.clock := start_clock.clock;
	c.dispatch_round := start_clock.ticket.dispatch_round;
	c.department_id := case when kind.of = 'department' then start_clock.ticket.lead_department_id end;
	c.status := 'running';
	c.started_at := start_clock.started_at;
	c.counted_from := start_clock.started_at;
	c.limit_kind := given_limit.limit_kind;
	c.amount := given_limit.amount;
	c.at_time := given_limit.at_time;
	c.roll := given_limit.roll;
	c.clause := given_limit.clause;
	c.adjusted := false;
	c.due_done := false;
	c.calendar_version := ticket_workflow.calendar_version(c.calendar);
	c.due_at := ticket_workflow.recomputed_due(c, start_clock.ticket.platform_due_at, kind.expires);
	c.due_on := ticket_workflow.due_on(c.due_at, c.calendar);
	c.provisional := not ticket_workflow.calendar_covers(c.due_on, c.calendar);
	c.next_at := ticket_workflow.next_look(c, start_clock.ticket.rulebook);
	insert into ticket_workflow.clock values (c.*);
end
$$;
comment on function ticket_workflow.start_clock(ticket_workflow.ticket, text, timestamptz) is
	'Starts a clock of a ticket, where the rulebook gives it a limit and it does not run already';

create or replace function ticket_workflow.end_clock(clock_id bigint, status text, at timestamptz, cause text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	update ticket_workflow.clock c
		set status = end_clock.status, stopped_at = end_clock.at, next_at = null
		where c.clock_id = end_clock.clock_id;
	perform ticket_workflow.end_escalations(end_clock.clock_id, end_clock.cause, end_clock.at);
end
$$;
comment on function ticket_workflow.end_clock(bigint, text, timestamptz, text) is 'Ends a clock and what it escalated';

-- An event is on time when it is at or before the due time (T3).
create or replace function ticket_workflow.stop_clock(clock ticket_workflow.clock, at timestamptz, cause text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	-- a held clock had stopped when it was held
	stopped constant timestamptz := coalesce(case when stop_clock.clock.status = 'held' then stop_clock.clock.stopped_at end, stop_clock.at);
begin
	perform ticket_workflow.end_clock(stop_clock.clock.clock_id,
		case when stopped <= stop_clock.clock.due_at then 'met' else 'late' end, stopped, stop_clock.cause);
end
$$;
comment on function ticket_workflow.stop_clock(ticket_workflow.clock, timestamptz, text) is 'Ends a clock as met or late';

-- C2a: the window resumes with what was left, at least one working day.
create or replace function ticket_workflow.resume_clock(clock ticket_workflow.clock, rulebook text, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock := resume_clock.clock;
	kind ticket_workflow.clock_kind;
begin
	select * into strict kind from ticket_workflow.clock_kind k where k.clock = c.clock;
	if c.limit_kind = 'working_days' then
		c.amount := greatest(1, ticket_workflow.working_days_between(
			ticket_workflow.local_day(c.stopped_at, c.calendar), c.due_on, c.calendar));
		c.counted_from := resume_clock.at;
	else
		c.counted_from := c.counted_from + (resume_clock.at - c.stopped_at);
	end if;
	c.calendar_version := ticket_workflow.calendar_version(c.calendar);
	c.due_at := ticket_workflow.recomputed_due(c, (
		select t.platform_due_at from ticket_workflow.ticket t where t.ticket_id = c.ticket_id), kind.expires);
	c.due_on := ticket_workflow.due_on(c.due_at, c.calendar);
	c.provisional := not ticket_workflow.calendar_covers(c.due_on, c.calendar);
	c.next_at := ticket_workflow.next_look(c, resume_clock.rulebook);
	update ticket_workflow.clock r
		set status = 'running', stopped_at = null, adjusted = true, amount = c.amount, counted_from = c.counted_from,
			calendar_version = c.calendar_version, due_at = c.due_at, due_on = c.due_on, provisional = c.provisional, next_at = c.next_at
		where r.clock_id = c.clock_id;
end
$$;
comment on function ticket_workflow.resume_clock(ticket_workflow.clock, text, timestamptz) is
	'Lets a paused clock run on with what was left, at least one working day (C2a)';

-- C2: a held clock that is released runs on as if it had never been held.
create or replace function ticket_workflow.release_clock(clock ticket_workflow.clock, rulebook text, at timestamptz, cause text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	update ticket_workflow.clock c
		set status = 'running', stopped_at = null, next_at = ticket_workflow.next_look(release_clock.clock, release_clock.rulebook)
		where c.clock_id = release_clock.clock.clock_id;
	perform ticket_workflow.reopen_escalations(release_clock.clock.clock_id, release_clock.cause, release_clock.at);
end
$$;
comment on function ticket_workflow.release_clock(ticket_workflow.clock, text, timestamptz, text) is
	'Lets a held clock run on as if it had never been held: a report sent back does not restart completion (C2)';

-- What an event means to each clock stands in clock_event.
create or replace function ticket_workflow.apply_event(ticket ticket_workflow.ticket, event text, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	effect record;
	c ticket_workflow.clock;
begin
	for effect in
		select e.clock, e.effect
		from ticket_workflow.clock_event e
			join ticket_workflow.clock_kind k on k.clock = e.clock
		where e.event = apply_event.event
			and (e.handling_class is null or e.handling_class = apply_event.ticket.handling_class)
		order by k.ordinal
	loop
		if effect.effect = 'start' then
			perform ticket_workflow.start_clock(apply_event.ticket, effect.clock, apply_event.at);
			continue;
		end if;
		select * into c
			from ticket_workflow.clock r
			where r.ticket_id = apply_event.ticket.ticket_id and r.clock = effect.clock
				and r.status in ('running', 'paused', 'held');
		continue when not found;
		if effect.effect = 'stop' then
			perform ticket_workflow.stop_clock(c, apply_event.at, apply_event.event);
		elsif effect.effect = 'hold' and c.status = 'running' then
			perform ticket_workflow.end_clock(c.clock_id, 'held', apply_event.at, apply_event.event);
		elsif effect.effect = 'pause' and c.status = 'running' then
			perform ticket_workflow.end_clock(c.clock_id, 'paused', apply_event.at, apply_event.event);
		elsif effect.effect = 'release' and c.status = 'held' then
			perform ticket_workflow.release_clock(c, apply_event.ticket.rulebook, apply_event.at, apply_event.event);
		elsif effect.effect = 'resume' and c.status = 'paused' then
			perform ticket_workflow.resume_clock(c, apply_event.ticket.rulebook, apply_event.at);
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.apply_event(ticket_workflow.ticket, text, timestamptz) is
	'Starts, stops, holds, releases, pauses and resumes the clocks of a ticket as clock_event says';

-- C3: a state that does not carry a clock ends it.
create or replace function ticket_workflow.end_uncarried_clocks(ticket ticket_workflow.ticket, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.end_clock(c.clock_id, 'cancelled', end_uncarried_clocks.at, end_uncarried_clocks.ticket.state)
		from ticket_workflow.clock c
		where c.ticket_id = end_uncarried_clocks.ticket.ticket_id and c.status in ('running', 'paused', 'held')
			and not exists (select from ticket_workflow.clock_carrier r
				where r.clock = c.clock and r.state = end_uncarried_clocks.ticket.state);
end
$$;
comment on function ticket_workflow.end_uncarried_clocks(ticket_workflow.ticket, timestamptz) is 'Cancels what the ticket''s state does not carry (C3)';

-- ==== sql/clock/facts.sql

-- Clocks that end by a recorded fact: settled as of when it happened, however late it was entered (C4).
-- May touch: clock.

create or replace function ticket_workflow.clock_fact_time(ticket ticket_workflow.ticket, clock text) returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	-- what happened before a department had the ticket is not that department's
	since constant timestamptz := case when (select k.of from ticket_workflow.clock_kind k where k.clock = clock_fact_time.clock) = 'department'
		then clock_fact_time.ticket.dispatched_at else clock_fact_time.ticket.received_at end;
	fact timestamptz := ticket_workflow.fact_time(clock_fact_time.ticket, clock_fact_time.clock, clock_fact_time.ticket.dispatch_round, since);
begin
	-- completed and reported to the district platform: both
	if clock_fact_time.clock = 'urgent_completion' then
		return case when clock_fact_time.ticket.completed_at is not null and fact is not null
			then greatest(clock_fact_time.ticket.reported_at, fact) end;
	end if;
	return fact;
end
$$;
comment on function ticket_workflow.clock_fact_time(ticket_workflow.ticket, text) is
	'When the facts of a ticket first satisfied that clock; NULL if they do not';

-- All it asks is by the ticket's key: one plan serves every ticket, and planning anew costs more than reading.
create or replace function ticket_workflow.settle_fact_clocks(ticket_id bigint) returns void
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	c ticket_workflow.clock;
	fact timestamptz;
begin
	select * into strict t from ticket_workflow.ticket where ticket.ticket_id = settle_fact_clocks.ticket_id;
	for c in
		-- the latest run of each: an earlier round's facts are settled for good
		select distinct on (r.clock) r.*
		from ticket_workflow.clock r
			join ticket_workflow.clock_kind k on k.clock = r.clock and k.by_fact
		where r.ticket_id = t.ticket_id and r.status in ('running', 'met', 'late')
			and (k.of = 'ticket' or r.dispatch_round = t.dispatch_round)
		order by r.clock, r.round desc
	loop
		fact := ticket_workflow.clock_fact_time(t, c.clock);
		if fact is not null and fact is distinct from c.stopped_at then
			perform ticket_workflow.stop_clock(c, fact, 'fact_recorded');
		elsif fact is null and c.status <> 'running'
			and exists (select from ticket_workflow.clock_carrier r where r.clock = c.clock and r.state = t.state) then
			-- what ended it was voided
			perform ticket_workflow.release_clock(c, t.rulebook, ticket_workflow.now(), 'fact_voided');
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.settle_fact_clocks(bigint) is
	'Ends the clocks whose facts are recorded, as of when they happened, and lets those run again whose facts were voided';

-- ==== sql/clock/due.sql

-- What becomes due: levels, deemed acceptance, the clocks that start when acceptance is due.
-- May touch: clock, escalation (through its room), ticket (deemed acceptance).

-- One step of one clock, at its next_at. The order over all clocks of a ticket is catch_up()'s.
create or replace function ticket_workflow.process_clock(ticket ticket_workflow.ticket, clock ticket_workflow.clock) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock := process_clock.clock;
	kind ticket_workflow.clock_kind;
	level ticket_workflow.escalation_level;
begin
	select * into strict kind from ticket_workflow.clock_kind k where k.clock = c.clock;

	for level in
		select l.*
		from ticket_workflow.escalation_level l
		where l.rulebook = process_clock.ticket.rulebook and l.clock = c.clock
			and not exists (select from ticket_workflow.escalation e where e.clock_id = c.clock_id and e.level = l.level)
			and ticket_workflow.level_at(l.*, c.started_at, c.due_at, c.calendar) <= c.next_at
		order by ticket_workflow.level_at(l.*, c.started_at, c.due_at, c.calendar), l.level
	loop
		perform ticket_workflow.raise_escalation(c, level, ticket_workflow.level_at(level, c.started_at, c.due_at, c.calendar));
	end loop;

	if c.due_at <= c.next_at and kind.expires then
		perform ticket_workflow.expire_clock(process_clock.ticket, c);
		return;
	end if;
	if c.due_at <= c.next_at and kind.due_event is not null and not c.due_done then
		c.due_done := true;
		perform ticket_workflow.apply_event(process_clock.ticket, kind.due_event, c.due_at);
		perform ticket_workflow.settle_fact_clocks(c.ticket_id);
	end if;
	update ticket_workflow.clock r
		set due_done = c.due_done, next_at = ticket_workflow.next_look(c, process_clock.ticket.rulebook)
		where r.clock_id = c.clock_id;
end
$$;
comment on function ticket_workflow.process_clock(ticket_workflow.ticket, ticket_workflow.clock) is
	'Does what a running clock asks for at its next_at: levels, and what its due time brings';

-- 逾期不退，视作接收 (2.2.2): the window closes, and a ticket nobody accepted is deemed accepted at that moment.
create or replace function ticket_workflow.expire_clock(ticket ticket_workflow.ticket, clock ticket_workflow.clock) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.end_clock(expire_clock.clock.clock_id, 'expired', expire_clock.clock.due_at, 'expired');
	perform ticket_workflow.write_journal(expire_clock.ticket.ticket_id, 'return_window_closed', expire_clock.clock.clause,
		jsonb_build_object('dispatch_round', expire_clock.ticket.dispatch_round), expire_clock.clock.due_at, by_system => true);
	if expire_clock.ticket.state = 'dispatched' then
		update ticket_workflow.ticket t
			set state = 'accepted', state_act = 'accept', state_reason = null,
				accepted_deemed = true, state_at = expire_clock.clock.due_at
			where t.ticket_id = expire_clock.ticket.ticket_id;
	end if;
end
$$;
comment on function ticket_workflow.expire_clock(ticket_workflow.ticket, ticket_workflow.clock) is
	'Closes the return window; a ticket that nobody accepted is deemed accepted (2.2.2)';

-- Everything that has become due for a ticket, in the order in which it became due: a sweep that runs late,
-- and a call that comes before it, leave the same rows as one that ran on time (C4).
create or replace function ticket_workflow.catch_up(ticket_id bigint, until timestamptz) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	c ticket_workflow.clock;
	steps integer := 0;
begin
	loop
		-- one that failed in a sweep is set aside, and does not keep people from their ticket
		c := ticket_workflow.next_due_clock(catch_up.ticket_id, catch_up.until);
		exit when c.clock_id is null;
		select * into strict t from ticket_workflow.ticket where ticket.ticket_id = catch_up.ticket_id;
		perform ticket_workflow.process_clock(t, c);
		steps := steps + 1;
	end loop;
	return steps;
end
$$;
comment on function ticket_workflow.catch_up(bigint, timestamptz) is
	'Does what became due for a ticket until that moment, oldest first; the caller has locked the ticket. Returns the number of steps';

-- ==== sql/clock/corrections.sql

-- Clocks follow corrections of a ticket, extensions and changes of a calendar.
-- May touch: clock, journal.

-- A corrected ticket may have other limits, need clocks it did not have, or need some no longer.
create or replace function ticket_workflow.follow_correction(before ticket_workflow.ticket, ticket ticket_workflow.ticket) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock;
	given_limit ticket_workflow.clock_limit;
	old_due timestamptz;
	moved jsonb := '{}';
	state ticket_workflow.ticket_state;
	taken_over timestamptz;
	kind ticket_workflow.clock_kind;
begin
	select * into strict state from ticket_workflow.ticket_state s where s.state = ticket.state;

	if state.is_open then
		for c in
			select r.* from ticket_workflow.clock r
				join ticket_workflow.clock_kind k on k.clock = r.clock
			where r.ticket_id = follow_correction.ticket.ticket_id and r.status in ('running', 'paused', 'held')
			order by k.ordinal
		loop
			select * into strict kind from ticket_workflow.clock_kind k where k.clock = c.clock;
			given_limit := ticket_workflow.find_limit(follow_correction.ticket, c.clock, c.started_at, c.calendar);
			if given_limit.clock is null
				or kind.needs_contact and not ticket_workflow.has_contact(follow_correction.ticket) then
				perform ticket_workflow.end_clock(c.clock_id, 'cancelled', ticket_workflow.now(), 'corrected');
				moved := moved || jsonb_build_object(c.clock, jsonb_build_object('from', c.due_at, 'to', null));
				continue;
			end if;
			old_due := c.due_at;
			-- the limit of an extension and of a resumed window stands as it was granted; the platform's cap holds for them too
			if not c.adjusted then
				c.limit_kind := given_limit.limit_kind;
				c.amount := given_limit.amount;
				c.at_time := given_limit.at_time;
				c.roll := given_limit.roll;
			end if;
			c.calendar_version := ticket_workflow.calendar_version(c.calendar);
			c.due_at := ticket_workflow.recomputed_due(c, follow_correction.ticket.platform_due_at, kind.expires);
			continue when c.due_at = old_due;
			perform ticket_workflow.move_due(c, follow_correction.ticket.rulebook);
			moved := moved || jsonb_build_object(c.clock, jsonb_build_object('from', old_due, 'to', c.due_at));
		end loop;

		-- what the corrected ticket needs and did not have starts with the correction
		perform ticket_workflow.apply_new_clocks(follow_correction.before, follow_correction.ticket);
		-- completion where urgent completion stood in its place
		select min(r.started_at) into taken_over
			from ticket_workflow.clock r
			where r.ticket_id = follow_correction.ticket.ticket_id and r.clock = 'site_visit'
				and r.dispatch_round = follow_correction.ticket.dispatch_round;
		taken_over := coalesce(follow_correction.ticket.accepted_at, taken_over);
		if taken_over is not null then
			if exists (select from ticket_workflow.clock r
					where r.ticket_id = follow_correction.ticket.ticket_id and r.clock = 'urgent_completion' and r.status = 'running') then
				perform ticket_workflow.end_clock(r.clock_id, 'cancelled', ticket_workflow.now(), 'corrected')
					from ticket_workflow.clock r
					where r.ticket_id = follow_correction.ticket.ticket_id and r.clock = 'completion' and r.status = 'running'
						and follow_correction.ticket.reopenings = 0;
			elsif ticket.state in ('accepted', 'dispatched', 'rework') then
				perform ticket_workflow.start_clock(follow_correction.ticket, 'completion', taken_over);
			end if;
		end if;
		perform ticket_workflow.settle_fact_clocks(follow_correction.ticket.ticket_id);
	end if;

	perform ticket_workflow.write_journal(follow_correction.ticket.ticket_id, 'correct', null,
		ticket_workflow.changed_columns(follow_correction.before, follow_correction.ticket)
			|| case when moved = '{}' then '{}'::jsonb else jsonb_build_object('clocks', moved) end);
end
$$;
comment on function ticket_workflow.follow_correction(ticket_workflow.ticket, ticket_workflow.ticket) is
	'After a correction: limits computed again from the same start, clocks added and cancelled, all in the journal';

create or replace function ticket_workflow.apply_new_clocks(before ticket_workflow.ticket, ticket ticket_workflow.ticket) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	at constant timestamptz := ticket_workflow.now();
begin
	if ticket_workflow.has_contact(ticket) and not ticket_workflow.has_contact(before) then
		perform ticket_workflow.start_clock(ticket, 'center_contact', at);
		if exists (select from ticket_workflow.clock c
				where c.ticket_id = apply_new_clocks.ticket.ticket_id and c.clock = 'site_visit'
					and c.dispatch_round = apply_new_clocks.ticket.dispatch_round) then
			perform ticket_workflow.start_clock(ticket, 'first_contact', at);
		end if;
	end if;
	-- urgent_report and urgent_completion have a limit for urgent tickets of a rest day only
	if ticket.urgent and not before.urgent then
		perform ticket_workflow.start_clock(ticket, 'urgent_report', at);
		perform ticket_workflow.start_clock(ticket, 'urgent_completion', at);
	end if;
end
$$;
comment on function ticket_workflow.apply_new_clocks(ticket_workflow.ticket, ticket_workflow.ticket) is
	'Starts the clocks that a correction makes necessary, from the moment of the correction';

create or replace function ticket_workflow.move_due(clock ticket_workflow.clock, rulebook text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock := move_due.clock;
	new_on constant date := ticket_workflow.due_on(c.due_at, c.calendar);
begin
	update ticket_workflow.clock r
		set counted_from = c.counted_from, limit_kind = c.limit_kind, amount = c.amount, at_time = c.at_time, roll = c.roll, adjusted = c.adjusted,
			calendar_version = c.calendar_version, due_at = c.due_at, due_on = new_on, provisional = not ticket_workflow.calendar_covers(new_on, c.calendar),
			next_at = case when r.status = 'running' then ticket_workflow.next_look(c, move_due.rulebook) end
		where r.clock_id = c.clock_id;
end
$$;
comment on function ticket_workflow.move_due(ticket_workflow.clock, text) is 'Writes a clock''s new limit and due time, and when the sweep must look';

-- ==== sql/clock/recompute.sql

-- After a change of a calendar: the open deadlines whose span it touches are computed again (T5).
-- May touch: clock, journal.

create or replace function ticket_workflow.recompute_deadlines(calendar text default null) returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	reached record;
	total integer := 0;
begin
	if not ticket_workflow.has_capability('sweeper') then
		perform ticket_workflow.require_capability('manager', null);
	end if;
	for reached in
		-- materialized: the version is asked of each calendar once, not of each of its clocks
		with v as materialized (
			select k.code, ticket_workflow.calendar_version(k.code) as version
			from (select distinct c.calendar as code from ticket_workflow.center c) k
		)
		select v.code, v.version
		from v
		where (recompute_deadlines.calendar is null or v.code = recompute_deadlines.calendar)
			and exists (select from ticket_workflow.clock c
				where c.calendar = v.code and c.calendar_version < v.version and c.status in ('running', 'paused', 'held'))
		order by v.code
	loop
		total := total + ticket_workflow.recompute_calendar(reached.code, reached.version);
	end loop;
	return total;
end
$$;
comment on function ticket_workflow.recompute_deadlines(text) is
	'Computes the open deadlines again that changes of a calendar (NULL: of any) touch; nothing else moves. Returns how many clocks moved; the journal keeps old and new. T5';

-- A ticket that somebody holds is left for the next time: its clocks keep their older version until then.
create or replace function ticket_workflow.recompute_calendar(calendar text, version bigint) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	tickets bigint[];
	oldest bigint;
	touched record;
	moved integer;
begin
	-- the one lock order: tickets first, in the order of their ids
	select array_agg(l.ticket_id) into tickets
		from (
			select t.ticket_id from ticket_workflow.ticket t
			where t.ticket_id in (
				select c.ticket_id from ticket_workflow.clock c
				where c.calendar = recompute_calendar.calendar and c.calendar_version < recompute_calendar.version
					and c.status in ('running', 'paused', 'held'))
			order by t.ticket_id
			for no key update skip locked) l;
	select min(c.calendar_version) into oldest
		from ticket_workflow.clock c
		where c.calendar = recompute_calendar.calendar and c.calendar_version < recompute_calendar.version
			and c.status in ('running', 'paused', 'held');
	select coalesce(min(g.first_day), 'infinity') as first_day, coalesce(max(g.last_day), '-infinity') as last_day into touched
		from ticket_workflow.calendar_changes(recompute_calendar.calendar, oldest) g;

	-- materialized: who acts is asked once, not for every row
	with stamp as materialized (
		select ticket_workflow.now() as at, ticket_workflow.actor() as actor, ticket_workflow.caller()::text as caller
	), fresh as materialized (
		select c.clock_id, c.clock, c.status, c.started_at, c.calendar, c.due_at as old_due, c.provisional, t.rulebook,
			ticket_workflow.recomputed_due(c.*, t.platform_due_at, k.expires) as new_due,
			k.expires or k.due_event is not null and not c.due_done as due_event,
			-- a span that the change does not touch stands as it is
			c.due_on >= touched.first_day and (touched.last_day = 'infinity'
				or ticket_workflow.local_day(c.counted_from, c.calendar) <= touched.last_day) as touched
		from ticket_workflow.clock c
			join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
			join ticket_workflow.clock_kind k on k.clock = c.clock
		where c.ticket_id = any (tickets) and c.calendar = recompute_calendar.calendar
			and c.calendar_version < recompute_calendar.version and c.status in ('running', 'paused', 'held')
	), placed as materialized (
		select f.*, d.new_on, not ticket_workflow.calendar_covers(d.new_on, f.calendar) as now_provisional
		from fresh f
			cross join lateral (select ticket_workflow.due_on(f.new_due, f.calendar) as new_on) d
		where f.touched
	), next_level as (
		-- as next_look() says, for all of them at once; a level that fired stays fired
		select p.clock_id, min(ticket_workflow.level_at(l.*, p.started_at, p.new_due, p.calendar)) as at
		from placed p
			join ticket_workflow.escalation_level l on l.rulebook = p.rulebook and l.clock = p.clock
			left join ticket_workflow.escalation e on e.clock_id = p.clock_id and e.level = l.level
		where p.status = 'running' and e.escalation_id is null
		group by p.clock_id
	), stamped as (
		-- looked at, and found as it should be
		update ticket_workflow.clock c
			set calendar_version = recompute_calendar.version
			from fresh f
				left join placed p on p.clock_id = f.clock_id
			where c.clock_id = f.clock_id
				and (p.clock_id is null or p.new_due = p.old_due and p.now_provisional = p.provisional)
	), written as (
		update ticket_workflow.clock c
			set calendar_version = recompute_calendar.version, due_at = p.new_due, due_on = p.new_on, provisional = p.now_provisional,
				next_at = case when p.status = 'running' then least(n.at, case when p.due_event then p.new_due end) end
			from placed p
				left join next_level n on n.clock_id = p.clock_id
			where c.clock_id = p.clock_id and (p.new_due <> p.old_due or p.now_provisional <> p.provisional)
			returning c.clock_id, c.ticket_id, c.clock, p.old_due, c.due_at as new_due
	), told as (
		insert into ticket_workflow.journal
			select ticket_workflow.center_of(w.ticket_id), w.ticket_id, last.seq + 1, n.at, n.at, n.actor, n.caller, session_user,
				'recompute', 'T5', null, null, w.details, 1::smallint,
				ticket_workflow.journal_hash(1::smallint, w.ticket_id, last.seq + 1, n.at, n.at, n.actor, n.caller, session_user,
					'recompute', 'T5', null, null, w.details, last.hash)
			from (
					select ticket_id, jsonb_build_object('clocks',
						jsonb_object_agg(clock, jsonb_build_object('from', old_due, 'to', new_due))) as details
					from written
					where old_due <> new_due
					group by ticket_id
				) w
				cross join stamp n
				cross join lateral (
					select j.seq, j.hash from ticket_workflow.journal j
					where j.ticket_id = w.ticket_id order by j.seq desc limit 1) last
	)
	select count(*) filter (where old_due <> new_due) into moved from written;
	return moved;
end
$$;
comment on function ticket_workflow.recompute_calendar(text, bigint) is
	'Brings the open clocks of one calendar to its version, set-based: those whose span a change touches are computed again, one journal row per ticket';

-- ==== sql/clock/extension.sql

-- Extending the completion limit (section 8, Limits; ours, not the norm's): what it needs, and asking for it.
-- sql/clock/extension_guards.sql judges; the signature stands in sql/approval.
-- May touch: limit_extension; through its guards clock and journal.

-- urgent_completion stands in completion's place; after a reopening completion runs beside what is left of it
create or replace function ticket_workflow.extended_clock(ticket_id bigint) returns ticket_workflow.clock
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	found_clock ticket_workflow.clock;
begin
	select c.* into found_clock
		from ticket_workflow.clock c
		where c.ticket_id = extended_clock.ticket_id and c.clock in ('completion', 'urgent_completion') and c.status = 'running'
		order by c.clock = 'completion' desc
		limit 1;
	return found_clock;
end
$$;
comment on function ticket_workflow.extended_clock(bigint) is 'The clock that an extension moves: the running completion clock; NULL while none runs';

-- Working days are added to working days; to any other limit they are counted from the day on which it ends.
create or replace function ticket_workflow.extended_limit(clock ticket_workflow.clock, working_days integer) returns ticket_workflow.clock
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	c ticket_workflow.clock := extended_limit.clock;
begin
	if c.limit_kind = 'working_days' then
		c.amount := c.amount + extended_limit.working_days;
	else
		-- the end of a day belongs to that day
		c.counted_from := c.due_at - interval '1 microsecond';
		c.limit_kind := 'working_days';
		c.amount := extended_limit.working_days;
		c.at_time := null;
	end if;
	c.adjusted := true;
	c.calendar_version := ticket_workflow.calendar_version(c.calendar);
	-- without the platform's cap, which is a condition here and not a cut
	c.due_at := ticket_workflow.recomputed_due(c, null, false);
	return c;
end
$$;
comment on function ticket_workflow.extended_limit(ticket_workflow.clock, integer) is 'The clock as it stands when its limit is extended by so many working days';

create or replace function ticket_workflow.extension_problems(extension ticket_workflow.limit_extension, ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	x constant ticket_workflow.limit_extension := extension_problems.extension;
	t constant ticket_workflow.ticket := extension_problems.ticket;
	c constant ticket_workflow.clock := ticket_workflow.extended_clock(t.ticket_id);
	allowed constant text := ticket_workflow.rulebook_setting(t.rulebook, 'extensions_per_ticket');
	used integer;
	extended ticket_workflow.clock;
begin
	if allowed !~ '^[0-9]{1,4}$' then
		perform ticket_workflow.fail('setting_malformed', '2.3.2.2', t.rulebook, 'extensions_per_ticket', allowed, '0 – 9999');
	end if;
	if x.working_days is null or x.working_days not between 1 and 250 then
		return query select 'out_of_range'::text, '2.3.2.2'::text, array['working_days', coalesce(x.working_days::text, ''), '1', '250'];
		return;
	end if;
	if coalesce(btrim(x.reason, E' \t\r\n　'), '') = '' then
		return query select 'reason_missing'::text, '2.3.2.2'::text, '{}'::text[];
	end if;
	-- the department that asked still has the ticket, and the limit it asked for still runs
	if c.clock_id is distinct from x.clock_id or (x.dispatch_round, x.organization_id) is distinct from (t.dispatch_round, t.lead_department_id)
		or c.clock_id is null then
		return query select 'extension_no_clock'::text, '2.3.2.2'::text, '{}'::text[];
		return;
	end if;
	-- an event at the due time is on time (T3); what is overdue stays so
	if ticket_workflow.now() > c.due_at then
		return query select 'extension_due_over'::text, '2.3.2.2'::text, array[ticket_workflow.local_text(c.due_at, c.calendar)];
	end if;
	select count(*) into used
		from ticket_workflow.limit_extension o
		where o.ticket_id = t.ticket_id and o.state = 'granted' and o.extension_id <> x.extension_id;
	if used >= allowed::integer then
		return query select 'extension_used_up'::text, '2.3.2.2'::text, array[used::text, allowed];
	end if;
	extended := ticket_workflow.extended_limit(c, x.working_days);
	if extended.due_at > t.platform_due_at then
		return query select 'extension_past_platform'::text, 'C2'::text,
			array[ticket_workflow.local_text(extended.due_at, c.calendar), ticket_workflow.local_text(t.platform_due_at, c.calendar)];
	end if;
end
$$;
comment on function ticket_workflow.extension_problems(ticket_workflow.limit_extension, ticket_workflow.ticket) is
	'What stands in the way of an extension, when it is asked for and again when it is granted; the signature apart';

-- In force as soon as nothing is missing: with the last signature, or at once where the rulebook asks for none.
create or replace function ticket_workflow.settle_extension(extension_id bigint) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	update ticket_workflow.limit_extension x
		set state = 'granted'
		where x.extension_id = settle_extension.extension_id and x.state = 'requested'
			and not exists (select from ticket_workflow.signature_problems('extension', settle_extension.extension_id));
end
$$;
comment on function ticket_workflow.settle_extension(bigint) is 'Puts an extension in force that lacks no signature any more';

create or replace function ticket_workflow.extend_limit(ticket_id bigint, working_days integer, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(extend_limit.ticket_id, 'extend_limit');
	x ticket_workflow.limit_extension;
	c constant ticket_workflow.clock := ticket_workflow.extended_clock(extend_limit.ticket_id);
begin
	perform ticket_workflow.require_actor();
	if c.clock_id is null then
		perform ticket_workflow.fail('extension_no_clock', '2.3.2.2');
	end if;
	-- another request takes the place of the one that waits
	update ticket_workflow.limit_extension o set state = 'withdrawn'
		where o.ticket_id = t.ticket_id and o.state = 'requested';
	x.extension_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.extension_seq');
	x.center_id := t.center_id;
	x.ticket_id := t.ticket_id;
	x.dispatch_round := t.dispatch_round;
	x.organization_id := t.lead_department_id;
	x.clock_id := c.clock_id;
	-- what is missing is the guard's to say
	x.working_days := coalesce(extend_limit.working_days, 0);
	x.reason := coalesce(ticket_workflow.optional_text(extend_limit.reason, 'reason'), '');
	x.state := 'draft';
	insert into ticket_workflow.limit_extension values (x.*);
	update ticket_workflow.limit_extension o set state = 'requested' where o.extension_id = x.extension_id;
	perform ticket_workflow.settle_extension(x.extension_id);
	return x.extension_id;
end
$$;
comment on function ticket_workflow.extend_limit(bigint, integer, text) is
	'Asks for so many working days more on the running completion limit, with a reason; in force once sign_extension() brings the head''s signature, once per ticket, never past the platform''s limit. Asking again takes the request that waits back. Returns extension_id. Errors: TW001, TW004, TW005, TW006, TW009. Clauses 2.3.2.2, C2';

-- ==== sql/ticket/acts.sql

-- The acts of a ticket's way after its dispatch (sql/dispatch), in the order of the way.
-- Each fills in an UPDATE of ticket; sql/ticket/guards.sql judges it and lets clocks and journal follow.
-- May touch: ticket, ticket_merge.

create or replace function ticket_workflow.begin_act(ticket_id bigint, act text) returns ticket_workflow.ticket
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
begin
	-- the one lock order: the ticket first
	select * into t from ticket_workflow.ticket r where r.ticket_id = begin_act.ticket_id for no key update;
	-- who has the right sees the ticket; to ask for both would cost as much again
	if not found or not ticket_workflow.has_right(t, begin_act.act) then
		if t.ticket_id is null or not ticket_workflow.may_see(t) then
			perform ticket_workflow.fail('unknown_row', null, 'ticket', begin_act.ticket_id::text);
		end if;
		perform ticket_workflow.require_right(t, begin_act.act);
	end if;
	-- what was due before this act happens before it; an act at the due time is on time (T3)
	if ticket_workflow.catch_up(begin_act.ticket_id, ticket_workflow.now() - interval '1 microsecond') > 0 then
		select * into strict t from ticket_workflow.ticket r where r.ticket_id = begin_act.ticket_id;
	end if;
	return t;
end
$$;
comment on function ticket_workflow.begin_act(bigint, text) is
	'Head of every act: what the caller may not see does not exist, the ticket is locked, what was due has happened, the actor has the right';

-- An act said twice leaves the state as it is, as a correction does, and the guard takes it for one.
create or replace function ticket_workflow.begin_move(ticket_id bigint, act text, to_state text) returns ticket_workflow.ticket
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	t constant ticket_workflow.ticket := ticket_workflow.begin_act(begin_move.ticket_id, begin_move.act);
begin
	if t.state = begin_move.to_state then
		perform ticket_workflow.fail('illegal_transition', 'S4', t.state, begin_move.to_state);
	end if;
	return t;
end
$$;
comment on function ticket_workflow.begin_move(bigint, text, text) is
	'Head of the acts that change the state: begin_act(), and the ticket is not where the act would bring it (TW001)';

create or replace function ticket_workflow.recall_ticket(ticket_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(recall_ticket.ticket_id, 'recall', 'received');
	update ticket_workflow.ticket r
		set state = 'received', state_act = 'recall',
			state_reason = ticket_workflow.require_reason(recall_ticket.reason, '2.1')
		where r.ticket_id = recall_ticket.ticket_id;
	return recall_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.recall_ticket(bigint, text) is
	'Takes a wrongly dispatched ticket back to the center; not a return of the department. Errors: TW001, TW005, TW009. Clause 2.1';

create or replace function ticket_workflow.accept_ticket(ticket_id bigint) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(accept_ticket.ticket_id, 'accept', 'accepted');
	update ticket_workflow.ticket r
		set state = 'accepted', state_act = 'accept', state_reason = null
		where r.ticket_id = accept_ticket.ticket_id;
	return accept_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.accept_ticket(bigint) is
	'The handling department accepts (接单). Errors: TW001, TW005. Clause 2.3.2.2';

create or replace function ticket_workflow.transfer_ticket(ticket_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(transfer_ticket.ticket_id, 'transfer', 'transferred');
	update ticket_workflow.ticket r
		set state = 'transferred', state_act = 'transfer',
			state_reason = ticket_workflow.require_reason(transfer_ticket.reason, '2.2.1')
		where r.ticket_id = transfer_ticket.ticket_id;
	return transfer_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.transfer_ticket(bigint, text) is
	'Returns a received ticket straight to the platform above, signed by the center''s supervising leader or the leader on duty. Errors: TW001, TW002, TW005, TW009. Clause 2.2';

create or replace function ticket_workflow.withdraw_ticket(ticket_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(withdraw_ticket.ticket_id, 'withdraw', 'withdrawn');
	update ticket_workflow.ticket r
		set state = 'withdrawn', state_act = 'withdraw',
			state_reason = ticket_workflow.require_reason(withdraw_ticket.reason, '2.3.2.1')
		where r.ticket_id = withdraw_ticket.ticket_id;
	return withdraw_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.withdraw_ticket(bigint, text) is
	'The center ends a ticket that the petitioner gave up, with his recording. Errors: TW001, TW005, TW008, TW009';

create or replace function ticket_workflow.merge_ticket(ticket_id bigint, into_ticket bigint) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	target ticket_workflow.ticket;
begin
	if merge_ticket.ticket_id = merge_ticket.into_ticket then
		perform ticket_workflow.fail('merge_into_itself', '2.3.6');
	end if;
	-- two merges against each other lock in the same order
	perform from ticket_workflow.ticket r
		where r.ticket_id in (merge_ticket.ticket_id, merge_ticket.into_ticket)
		order by r.ticket_id for no key update;
	perform ticket_workflow.begin_move(merge_ticket.ticket_id, 'merge', 'merged');
	select * into target from ticket_workflow.ticket r where r.ticket_id = merge_ticket.into_ticket;
	if not found or not ticket_workflow.may_see(target)
		or target.center_id <> ticket_workflow.center_of(merge_ticket.ticket_id) then
		perform ticket_workflow.fail('unknown_row', null, 'ticket', merge_ticket.into_ticket::text);
	end if;
	if (select s.terminal from ticket_workflow.ticket_state s where s.state = target.state) then
		perform ticket_workflow.fail('merge_target_ended', '2.3.6', target.state);
	end if;
	insert into ticket_workflow.ticket_merge values (merge_ticket.ticket_id, merge_ticket.into_ticket);
	update ticket_workflow.ticket r
		set state = 'merged', state_act = 'merge', state_reason = null
		where r.ticket_id = merge_ticket.ticket_id;
	perform ticket_workflow.write_journal(merge_ticket.into_ticket, 'merged_in', '2.3.6',
		jsonb_build_object('ticket_id', merge_ticket.ticket_id));
	return merge_ticket.into_ticket;
end
$$;
comment on function ticket_workflow.merge_ticket(bigint, bigint) is
	'Ends a ticket in favour of another about the same matter, whose report answers both. Returns the other. Errors: TW001, TW005, TW006. Clause 2.3.6';

create or replace function ticket_workflow.close_ticket(ticket_id bigint) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(close_ticket.ticket_id, 'close', 'closed');
	update ticket_workflow.ticket r
		set state = 'closed', state_act = 'close', state_reason = null
		where r.ticket_id = close_ticket.ticket_id;
	return close_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.close_ticket(bigint) is
	'Closes and archives a completed ticket (结案归档). Errors: TW001, TW005, TW008';

create or replace function ticket_workflow.reopen_ticket(ticket_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.begin_move(reopen_ticket.ticket_id, 'reopen', 'rework');
	update ticket_workflow.ticket r
		set state = 'rework', state_act = 'reopen',
			state_reason = ticket_workflow.require_reason(reopen_ticket.reason, '2.3.5')
		where r.ticket_id = reopen_ticket.ticket_id;
	return reopen_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.reopen_ticket(bigint, text) is
	'The platform or a callback rejects the result: back to the department, with fresh clocks of the ticket. Errors: TW001, TW005, TW009. Clause 2.3.5';

-- ==== sql/dispatch/rules.sql

-- Changing what dispatch goes by (2.1, annex 1). What contradicts what is there is refused with TW012: two fallbacks
-- of one area, two laws for one matter, a rule for a closed department, a name that two departments share.
-- A rule that has begun is ended by date, never rewritten. Needs the capability manager for the center.
-- May touch: statutory_rule, duty, exception_rule, area_fallback, organization_alias, committee_place.

create or replace function ticket_workflow.name_key(name text) returns text
	language c immutable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_name_key';
comment on function ticket_workflow.name_key(text) is
	'A name as dispatch looks for it: compatibility and traditional forms, spaces and marks undone';

-- The department of a rule: there for the whole span of the rule, and one that tickets go to.
create or replace function ticket_workflow.rule_department(center_id bigint, code text, since date, until date) returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	o ticket_workflow.organization;
begin
	if not coalesce(isfinite(rule_department.since), false) or not coalesce(isfinite(rule_department.until), true)
		or rule_department.until < rule_department.since then
		perform ticket_workflow.fail('day_order', null, rule_department.since::text, rule_department.until::text);
	end if;
	select * into o from ticket_workflow.organization r
		where r.organization_id = ticket_workflow.organization_id_of(rule_department.center_id,
			ticket_workflow.require_text(rule_department.code, 'department', 64));
	if o.kind not in ('department', 'committee') then
		perform ticket_workflow.fail('not_a_handling_department', '2.1', o.code);
	end if;
	if rule_department.since < o.valid_from or coalesce(rule_department.until, 'infinity') > coalesce(o.valid_until, 'infinity') then
		perform ticket_workflow.fail('dispatch_rule_closed', '2.1', o.name, o.valid_from::text, coalesce(o.valid_until::text, '…'));
	end if;
	return o.organization_id;
end
$$;
comment on function ticket_workflow.rule_department(bigint, text, date, date) is
	'Id of the department of a rule; TW006 when unknown or no handling department, TW012 when it is not there for the whole span';

create or replace function ticket_workflow.create_duty(center text, department text, matter text, basis text,
		area text default null, since date default null, until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_duty.center);
	r ticket_workflow.duty;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.valid_from := coalesce(create_duty.since, ticket_workflow.today(home));
	r.valid_until := create_duty.until;
	r.organization_id := ticket_workflow.rule_department(home, create_duty.department, r.valid_from, r.valid_until);
	r.matter_id := ticket_workflow.matter_id_of(home, ticket_workflow.require_text(create_duty.matter, 'matter', 64));
	r.area_id := ticket_workflow.area_id_of(home, create_duty.area);
	r.basis := ticket_workflow.require_text(create_duty.basis, 'basis', 500);
	begin
		insert into ticket_workflow.duty values (r.*);
	exception when exclusion_violation then
		perform ticket_workflow.fail('dispatch_duty_twice', 'A1.2', create_duty.department, create_duty.matter, (
			select d.rule_id::text from ticket_workflow.duty d
			where d.matter_id = r.matter_id and d.organization_id = r.organization_id and d.area_id is not distinct from r.area_id
				and daterange(d.valid_from, d.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]') limit 1));
	end;
	return r.rule_id;
end
$$;
comment on function ticket_workflow.create_duty(text, text, text, text, text, date, date) is
	'A duty (职责): the department handles the matter and what stands below it, in one area or everywhere, from since (today) on. Returns the rule''s id. Errors: TW005, TW006, TW012. Clause A1.2';

create or replace function ticket_workflow.create_statutory_rule(center text, department text, matter text, law text,
		article text default null, preceding text default null, area text default null,
		since date default null, until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_statutory_rule.center);
	r ticket_workflow.statutory_rule;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.valid_from := coalesce(create_statutory_rule.since, ticket_workflow.today(home));
	r.valid_until := create_statutory_rule.until;
	r.organization_id := ticket_workflow.rule_department(home, create_statutory_rule.department, r.valid_from, r.valid_until);
	r.matter_id := ticket_workflow.matter_id_of(home, ticket_workflow.require_text(create_statutory_rule.matter, 'matter', 64));
	r.area_id := ticket_workflow.area_id_of(home, create_statutory_rule.area);
	r.law := ticket_workflow.require_text(create_statutory_rule.law, 'law', 200);
	r.article := ticket_workflow.optional_text(create_statutory_rule.article, 'article', 100);
	r.preceding := ticket_workflow.optional_text(create_statutory_rule.preceding, 'preceding', 200);
	begin
		insert into ticket_workflow.statutory_rule values (r.*);
	exception when exclusion_violation then
		perform ticket_workflow.fail('dispatch_statutory_twice', 'A1.1', create_statutory_rule.matter, (
			select o.name || ' (' || s.rule_id || ')' from ticket_workflow.statutory_rule s
				join ticket_workflow.organization o on o.organization_id = s.organization_id
			where s.matter_id = r.matter_id and s.area_id is not distinct from r.area_id
				and daterange(s.valid_from, s.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]') limit 1));
	end;
	return r.rule_id;
end
$$;
comment on function ticket_workflow.create_statutory_rule(text, text, text, text, text, text, text, date, date) is
	'A law that names the department for a matter (法定), with the procedure of others that precedes, if any. Returns the rule''s id. Errors: TW005, TW006, TW012. Clause A1.1';

create or replace function ticket_workflow.create_exception_rule(center text, name text, department text, reason text,
		until date, approved_by text, matter text default null, area text default null, since date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_exception_rule.center);
	r ticket_workflow.exception_rule;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.name := ticket_workflow.require_text(create_exception_rule.name, 'name', 100);
	r.reason := ticket_workflow.require_reason(create_exception_rule.reason, 'A1.7');
	r.valid_from := coalesce(create_exception_rule.since, ticket_workflow.today(home));
	r.valid_until := create_exception_rule.until;
	if r.valid_until is null then
		perform ticket_workflow.fail('dispatch_exception_open', 'A1.7', r.name);
	end if;
	r.organization_id := ticket_workflow.rule_department(home, create_exception_rule.department, r.valid_from, r.valid_until);
	r.matter_id := ticket_workflow.matter_id_of(home, create_exception_rule.matter);
	r.area_id := ticket_workflow.area_id_of(home, create_exception_rule.area);
	r.approved_by := ticket_workflow.official_id_of(home, ticket_workflow.require_text(create_exception_rule.approved_by, 'approved_by', 64));
	begin
		insert into ticket_workflow.exception_rule values (r.*);
	exception when exclusion_violation then
		perform ticket_workflow.fail('dispatch_exception_twice', 'A1.7', r.name, (
			select e.name || ' (' || e.rule_id || ')' from ticket_workflow.exception_rule e
			where e.center_id = home and e.matter_id is not distinct from r.matter_id and e.area_id is not distinct from r.area_id
				and daterange(e.valid_from, e.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]') limit 1));
	end;
	return r.rule_id;
end
$$;
comment on function ticket_workflow.create_exception_rule(text, text, text, text, date, text, text, text, date) is
	'A named exception (例外) for a matter (NULL: every matter), with reason, who approved it and its last day; response plans produce them. Returns the rule''s id. Errors: TW005, TW006, TW009, TW012. Clause A1.7';

create or replace function ticket_workflow.create_fallback(center text, department text, area text default null,
		basis text default '托底', since date default null, until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_fallback.center);
	r ticket_workflow.area_fallback;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.valid_from := coalesce(create_fallback.since, ticket_workflow.today(home));
	r.valid_until := create_fallback.until;
	r.organization_id := ticket_workflow.rule_department(home, create_fallback.department, r.valid_from, r.valid_until);
	r.area_id := ticket_workflow.area_id_of(home, create_fallback.area);
	r.basis := ticket_workflow.require_text(create_fallback.basis, 'basis', 500);
	begin
		insert into ticket_workflow.area_fallback values (r.*);
	exception when exclusion_violation then
		perform ticket_workflow.fail('dispatch_fallback_twice', 'A1.6', coalesce(create_fallback.area, '*'), (
			select o.name || ' (' || f.rule_id || ')' from ticket_workflow.area_fallback f
				join ticket_workflow.organization o on o.organization_id = f.organization_id
			where f.center_id = home and f.area_id is not distinct from r.area_id
				and daterange(f.valid_from, f.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]') limit 1));
	end;
	return r.rule_id;
end
$$;
comment on function ticket_workflow.create_fallback(text, text, text, text, date, date) is
	'Who takes what is nobody''s duty (托底) in an area; without an area: wherever an area has none of its own. Returns the rule''s id. Errors: TW005, TW006, TW012. Clause A1.6';

-- Names of one length or none cannot be told from any other text.
create or replace function ticket_workflow.findable_name(name text, parameter text) returns text
	language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.require_text(findable_name.name, findable_name.parameter, 100);
	if length(ticket_workflow.name_key(findable_name.name)) not between 2 and 64 then
		perform ticket_workflow.fail('dispatch_name_bad', '2.1', findable_name.name);
	end if;
	return findable_name.name;
end
$$;
comment on function ticket_workflow.findable_name(text, text) is
	'A name that can be looked for in texts: 2 to 64 letters, ideographs or digits; TW012 for others';

create or replace function ticket_workflow.create_alias(center text, alias text, department text default null,
		since date default null, until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_alias.center);
	r ticket_workflow.organization_alias;
	key text;
	taken text;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.valid_from := coalesce(create_alias.since, ticket_workflow.today(home));
	r.valid_until := create_alias.until;
	r.alias := ticket_workflow.findable_name(create_alias.alias, 'alias');
	if create_alias.department is not null then
		r.organization_id := ticket_workflow.rule_department(home, create_alias.department, r.valid_from, r.valid_until);
	elsif r.valid_until < r.valid_from then
		perform ticket_workflow.fail('day_order', null, r.valid_from::text, r.valid_until::text);
	end if;
	key := ticket_workflow.name_key(r.alias);
	-- two sessions could give one name to two departments
	lock table ticket_workflow.organization_alias in share row exclusive mode;
	select o.name into taken
		from (
			select n.organization_id, n.name as spelling, n.valid_from, n.valid_until
				from ticket_workflow.organization n where n.center_id = home
			union all
			select a.organization_id, a.alias, a.valid_from, a.valid_until
				from ticket_workflow.organization_alias a where a.center_id = home
		) used
			left join ticket_workflow.organization o on o.organization_id = used.organization_id
		where ticket_workflow.name_key(used.spelling) = key
			and daterange(used.valid_from, used.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]')
		limit 1;
	if found then
		perform ticket_workflow.fail('dispatch_alias_taken', '2.1', r.alias, coalesce(taken, '—'));
	end if;
	insert into ticket_workflow.organization_alias values (r.*);
	return r.rule_id;
end
$$;
comment on function ticket_workflow.create_alias(text, text, text, date, date) is
	'Another name under which people know a department; without a department a harmless word that holds a name and means none. Returns its id. Errors: TW005, TW006, TW012. Clause A1.5';

create or replace function ticket_workflow.create_place(center text, name text, kind text, committee text default null,
		number_from integer default null, number_until integer default null, side text default 'both',
		since date default null, until date default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(create_place.center);
	r ticket_workflow.committee_place;
	taken text;
begin
	r.rule_id := ticket_workflow.new_id(home, 'ticket_workflow.dispatch_rule_seq');
	r.center_id := home;
	r.kind := ticket_workflow.require_code('place_kind', create_place.kind, 'kind');
	r.name := ticket_workflow.findable_name(create_place.name, 'name');
	r.number_from := create_place.number_from;
	r.number_until := create_place.number_until;
	r.side := ticket_workflow.require_code('road_side', create_place.side, 'side');
	r.valid_from := coalesce(create_place.since, ticket_workflow.today(home));
	r.valid_until := create_place.until;
	if r.kind <> 'road' and (num_nonnulls(r.number_from, r.number_until) > 0 or r.side <> 'both')
		or r.number_from < 1 or r.number_until < coalesce(r.number_from, 1) or greatest(r.number_from, r.number_until) > 99999 then
		perform ticket_workflow.fail('dispatch_numbers_bad', 'A1.3', r.name);
	end if;
	if create_place.committee is not null then
		r.organization_id := ticket_workflow.rule_department(home, create_place.committee, r.valid_from, r.valid_until);
		if not exists (select from ticket_workflow.organization o
				where o.organization_id = r.organization_id and o.kind = 'committee') then
			perform ticket_workflow.fail('dispatch_not_a_committee', 'A1.3', create_place.committee);
		end if;
	elsif r.valid_until < r.valid_from then
		perform ticket_workflow.fail('day_order', null, r.valid_from::text, r.valid_until::text);
	end if;
	lock table ticket_workflow.committee_place in share row exclusive mode;
	select coalesce(o.name, '—') || ' (' || p.rule_id || ')' into taken
		from ticket_workflow.committee_place p
			left join ticket_workflow.organization o on o.organization_id = p.organization_id
		where p.center_id = home and ticket_workflow.name_key(p.name) = ticket_workflow.name_key(r.name)
			and p.organization_id is distinct from r.organization_id
			and daterange(p.valid_from, p.valid_until, '[]') && daterange(r.valid_from, r.valid_until, '[]')
			and int4range(coalesce(p.number_from, 0), p.number_until, '[]') && int4range(coalesce(r.number_from, 0), r.number_until, '[]')
			and (p.side = r.side or 'both' in (p.side, r.side))
		order by p.rule_id limit 1;
	if found then
		perform ticket_workflow.fail('dispatch_place_taken', 'A1.3', r.name, taken);
	end if;
	insert into ticket_workflow.committee_place values (r.*);
	return r.rule_id;
end
$$;
comment on function ticket_workflow.create_place(text, text, text, text, integer, integer, text, date, date) is
	'A place of a residents'' committee: estate, road (with house numbers and side) or text; without a committee it lies outside the territory. Returns its id. Errors: TW005, TW006, TW012. Clause A1.3';

create or replace function ticket_workflow.end_dispatch_rule(rule_id bigint, last_day date default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.center_of(end_dispatch_rule.rule_id);
	today date;
	ends date;
	begins date;
	relation text;
begin
	if not exists (select from ticket_workflow.center c where c.center_id = home) then
		perform ticket_workflow.fail('unknown_row', null, 'rule', end_dispatch_rule.rule_id::text);
	end if;
	perform ticket_workflow.require_capability('manager', home);
	today := ticket_workflow.today(home);
	ends := coalesce(end_dispatch_rule.last_day, today);
	foreach relation in array array['statutory_rule', 'duty', 'exception_rule', 'area_fallback', 'organization_alias', 'committee_place'] loop
		execute format('select r.valid_from from ticket_workflow.%I r where r.rule_id = $1 for update', relation)
			into begins using end_dispatch_rule.rule_id;
		exit when begins is not null;
	end loop;
	if begins is null then
		perform ticket_workflow.fail('unknown_row', null, 'rule', end_dispatch_rule.rule_id::text);
	elsif ends < begins and begins > today then
		-- never was in force
		execute format('delete from ticket_workflow.%I r where r.rule_id = $1', relation) using end_dispatch_rule.rule_id;
	elsif ends < begins then
		perform ticket_workflow.fail('day_order', null, begins::text, ends::text);
	else
		begin
			execute format('update ticket_workflow.%I r set valid_until = $2 where r.rule_id = $1', relation)
				using end_dispatch_rule.rule_id, ends;
		exception when exclusion_violation then
			-- a later last day than before runs into the rule that followed
			perform ticket_workflow.fail('dispatch_rule_overlap', '2.1', end_dispatch_rule.rule_id::text, ends::text);
		end;
	end if;
	return end_dispatch_rule.rule_id;
end
$$;
comment on function ticket_workflow.end_dispatch_rule(bigint, date) is
	'Ends a rule, name or place of dispatch after its last day (today); one that has not begun is taken away when it ends before. Errors: TW005, TW006, TW012';

-- ==== sql/dispatch/resolve.sql

-- The engine's answer (src/dispatch.c), and the same for a ticket.
-- May touch: nothing.

-- parallel safe: what it reads of incidents is read under the same snapshot
create or replace function ticket_workflow.resolve_dispatch(center text, matter text default null, area text default null,
		place text default null, appeal text default null, incident_id bigint default null, excluded text[] default '{}',
		on_day date default null, in_territory boolean default true, ticket_id bigint default null)
	returns table (rank integer, principle text, department text, decisive boolean, basis text)
	language c stable parallel safe cost 1000 rows 7 as 'MODULE_PATHNAME', 'tw_sql_resolve_dispatch';
comment on function ticket_workflow.resolve_dispatch(text, text, text, text, text, bigint, text[], date, boolean, bigint) is
	'Which department by which principle: one row for each in the order of the rulebook, with the department or the reason for its miss; the first that hits is decisive. A row "transfer" when the place is outside. excluded: departments whose return was granted; ticket_id leaves a ticket out of its own incident. Errors: TW006, TW011, TW012. Clause 2.1';

create or replace function ticket_workflow.found_in_text(center text, place text, appeal text default null, on_day date default null) returns text
	language c stable parallel safe cost 500 as 'MODULE_PATHNAME', 'tw_sql_found_in_text';
comment on function ticket_workflow.found_in_text(text, text, text, date) is
	'What dispatch finds in an address and an appeal, to try out names and places: "place: committees; name: department"; - lies outside. Errors: TW006, TW012';

-- Triples of department, handling or completed, and ticket number, in the order in which they were dispatched.
create or replace function ticket_workflow.incident_handlers(center text, incident_id bigint, ticket_id bigint) returns text[]
	language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	own ticket_workflow.ticket;
	result text[];
begin
	select * into own from ticket_workflow.ticket t where t.ticket_id = incident_handlers.ticket_id;
	select array_agg(h.piece order by h.handling desc, h.at, h.ticket_id, h.part) into result
		from (
			select s.is_open as handling, t.ticket_id, part,
				-- of what is done the latest counts
				case when s.is_open then extract(epoch from t.dispatched_at) else -extract(epoch from t.completed_at) end as at,
				(array[o.code, case when s.is_open then 'handling' else 'completed' end, coalesce(t.external_no, t.ticket_id::text)])[part] as piece
			from ticket_workflow.incident_ticket l
				join ticket_workflow.center c on c.center_id = l.center_id and c.code = incident_handlers.center
				join ticket_workflow.ticket t on t.ticket_id = l.ticket_id
				join ticket_workflow.ticket_state s on s.state = t.state
				join ticket_workflow.organization o on o.organization_id = t.lead_department_id
				cross join generate_series(1, 3) part
			where l.incident_id = incident_handlers.incident_id and l.unlinked_at is null
				and t.ticket_id is distinct from incident_handlers.ticket_id
				and t.state in ('dispatched', 'accepted', 'reported', 'rework', 'completed', 'closed')
				-- whoever asks the engine directly learns of no ticket that he does not see
				and (ticket_workflow.may_see(t) or ticket_workflow.has_capability('manager', t.center_id))
				-- of a ticket that has its department already: what was known when it was dispatched
				and (own.dispatched_at is null or t.first_dispatched_at < own.dispatched_at)
		) h;
	return coalesce(result, '{}');
end
$$;
comment on function ticket_workflow.incident_handlers(text, bigint, bigint) is
	'For the engine: departments that handle or completed tickets of an incident, other than the ticket itself';

create or replace function ticket_workflow.incident_of(ticket_id bigint) returns bigint
	language sql stable parallel safe
	return (select l.incident_id from ticket_workflow.incident_ticket l
		where l.ticket_id = incident_of.ticket_id and l.unlinked_at is null);
comment on function ticket_workflow.incident_of(bigint) is 'The incident a ticket is linked to now, NULL for none';

create or replace function ticket_workflow.returned_departments(ticket_id bigint) returns text[]
	language sql stable
	return (select coalesce(array_agg(distinct o.code), '{}')
		from ticket_workflow.ticket_return r
			join ticket_workflow.organization o on o.organization_id = r.organization_id
		where r.ticket_id = returned_departments.ticket_id and r.state = 'granted');
comment on function ticket_workflow.returned_departments(bigint) is
	'Departments whose return of this ticket was granted: no longer recommended for it';

create or replace function ticket_workflow.has_dispatch_rules(center_id bigint) returns boolean
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return exists (select from ticket_workflow.duty r
			where r.rule_id between has_dispatch_rules.center_id * 1000000000000 and has_dispatch_rules.center_id * 1000000000000 + 999999999999)
		or exists (select from ticket_workflow.area_fallback r
			where r.rule_id between has_dispatch_rules.center_id * 1000000000000 and has_dispatch_rules.center_id * 1000000000000 + 999999999999)
		or exists (select from ticket_workflow.statutory_rule r
			where r.rule_id between has_dispatch_rules.center_id * 1000000000000 and has_dispatch_rules.center_id * 1000000000000 + 999999999999)
		or exists (select from ticket_workflow.exception_rule r
			where r.rule_id between has_dispatch_rules.center_id * 1000000000000 and has_dispatch_rules.center_id * 1000000000000 + 999999999999);
end
$$;
comment on function ticket_workflow.has_dispatch_rules(bigint) is
	'Whether a center has rules of dispatch at all; one without dispatches by hand';

create or replace function ticket_workflow.ticket_recommendation(ticket ticket_workflow.ticket, on_day date default null)
	returns table (rank integer, principle text, department text, decisive boolean, basis text)
	language plpgsql stable rows 7 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
		select r.rank, r.principle, r.department, r.decisive, r.basis
		from ticket_workflow.center c
			left join ticket_workflow.matter m on m.matter_id = ticket_recommendation.ticket.matter_id
			left join ticket_workflow.area a on a.area_id = ticket_recommendation.ticket.area_id
			cross join lateral ticket_workflow.resolve_dispatch(c.code, m.code, a.code, ticket_recommendation.ticket.place,
				ticket_recommendation.ticket.appeal, ticket_workflow.incident_of(ticket_recommendation.ticket.ticket_id),
				ticket_workflow.returned_departments(ticket_recommendation.ticket.ticket_id), ticket_recommendation.on_day,
				ticket_recommendation.ticket.in_territory, ticket_recommendation.ticket.ticket_id) r
		where c.center_id = ticket_recommendation.ticket.center_id;
end
$$;
comment on function ticket_workflow.ticket_recommendation(ticket_workflow.ticket, date) is
	'resolve_dispatch() of a ticket with its incident and its returns; for the extension''s own use';

-- ==== sql/dispatch/functions.sql

-- Dispatch of tickets (2.1), assisting departments (2.3.1), and what changed rules would have done.
-- May touch: ticket, dispatch_decision, ticket_assist; journal and notices through their rooms.

create or replace function ticket_workflow.recommend_dispatch(ticket_id bigint)
	returns table (rank integer, principle text, principle_label text, department text, department_name text,
		decisive boolean, basis text)
	language plpgsql stable security definer rows 8 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
begin
	select * into t from ticket_workflow.ticket r where r.ticket_id = recommend_dispatch.ticket_id;
	if not found or not ticket_workflow.may_see(t) then
		perform ticket_workflow.fail('unknown_row', null, 'ticket', recommend_dispatch.ticket_id::text);
	end if;
	return query
		select r.rank, r.principle,
			case r.principle when 'transfer' then ticket_workflow.label('act', 'transfer')
				else ticket_workflow.label('principle', r.principle) end,
			r.department, o.name, r.decisive, r.basis
		from ticket_workflow.ticket_recommendation(t) r
			left join ticket_workflow.organization o on o.center_id = t.center_id and o.code = r.department
		union all
		-- where those who returned it said that it belongs (应转派何部门): shown, not judged
		select null, null, null, null, null, false,
			ticket_workflow.message_text('dispatch_returned', array[o.name, r.should_go_to])
		from ticket_workflow.ticket_return r
			join ticket_workflow.organization o on o.organization_id = r.organization_id
		where r.ticket_id = recommend_dispatch.ticket_id and r.state = 'granted' and r.should_go_to is not null
		order by 1;
end
$$;
comment on function ticket_workflow.recommend_dispatch(bigint) is
	'What each principle says of a ticket, in the rulebook''s order, and which decides; below, without a rank, where granted returns said it belongs. Errors: TW006, TW012. Clause 2.1';

-- How the lead, the principle and the reason fit the recommendation: the rule that dispatch_ticket() makes convenient.
create or replace function ticket_workflow.dispatch_problems(ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	given constant boolean := coalesce(btrim(ticket.dispatch_reason), '') <> '';
	lead ticket_workflow.organization;
	decisive record;
begin
	if ticket.lead_department_id is null or ticket.dispatch_principle is null then
		return query select 'dispatch_incomplete'::text, '2.1'::text, '{}'::text[];
		return;
	end if;
	select * into lead from ticket_workflow.organization o where o.organization_id = dispatch_problems.ticket.lead_department_id;
	if lead.center_id <> ticket.center_id or lead.kind not in ('department', 'committee')
		or not ticket_workflow.today(lead.center_id) between lead.valid_from and coalesce(lead.valid_until, 'infinity') then
		return query select 'not_a_handling_department'::text, '2.1'::text, array[lead.code];
	end if;
	if ticket_workflow.has_dispatch_rules(ticket.center_id) then
		select r.principle, r.department, o.name into decisive
			from ticket_workflow.ticket_recommendation(dispatch_problems.ticket) r
				left join ticket_workflow.organization o on o.center_id = dispatch_problems.ticket.center_id and o.code = r.department
			where r.decisive;
		if decisive.department is distinct from lead.code then
			-- who departs from it dispatches by exception, with a reason (A1.7)
			if ticket.dispatch_principle <> 'exception' or not given then
				return query select case when decisive.department is null then 'dispatch_nothing_recommended' else 'dispatch_departs' end,
					'A1.7'::text, array[lead.name, decisive.name, ticket_workflow.label('principle', decisive.principle)];
			end if;
			return;
		elsif ticket.dispatch_principle <> decisive.principle and not given then
			return query select 'dispatch_other_principle'::text, 'A1.7'::text,
				array[lead.name, ticket_workflow.label('principle', decisive.principle), ticket_workflow.label('principle', ticket.dispatch_principle)];
			return;
		end if;
	end if;
	if ticket.dispatch_principle = 'exception' and not given then
		return query select 'reason_missing'::text, 'A1.7'::text, '{}'::text[];
	end if;
end
$$;
comment on function ticket_workflow.dispatch_problems(ticket_workflow.ticket) is
	'What is missing for the dispatch of a ticket; where a center has rules, what departs from the recommendation is an exception with a reason';

-- Liaisons and heads of an assisting department are told; of one that has neither, the center.
create or replace function ticket_workflow.notify_assistance(ticket ticket_workflow.ticket, organization_id bigint, due_at timestamptz, task text)
	returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	zone constant text := ticket_workflow.ticket_calendar(ticket.center_id);
	day constant date := ticket_workflow.today(ticket.center_id);
	args text[];
	told integer;
begin
	select array[coalesce(ticket.external_no, ticket.ticket_id::text), o.name,
			ticket_workflow.due_on(notify_assistance.due_at, zone)::text, coalesce(notify_assistance.task, '—')]
		into args from ticket_workflow.organization o where o.organization_id = notify_assistance.organization_id;
	select count(ticket_workflow.post_notice(notify_assistance.ticket.center_id, h.official_id, 'notice_assistance', args, notify_assistance.ticket.ticket_id))
		into told
		from (
			select distinct w.official_id
			from ticket_workflow.post p
				cross join lateral ticket_workflow.acting_holders(p.post_id, day) w (official_id)
			where p.organization_id = notify_assistance.organization_id and p."position" in ('liaison', 'head')
				and day between p.valid_from and coalesce(p.valid_until, 'infinity')
		) h;
	if told = 0 then
		perform ticket_workflow.post_notice(ticket.center_id, null, 'notice_assistance', args, ticket.ticket_id, null, 'assist:liaison');
	end if;
	return told;
end
$$;
comment on function ticket_workflow.notify_assistance(ticket_workflow.ticket, bigint, timestamptz, text) is
	'Tells an assisting department what is asked of it and by when';

create or replace function ticket_workflow.ask_assistance(ticket ticket_workflow.ticket, organizations text[], task text, due_at timestamptz)
	returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	day constant date := ticket_workflow.today(ticket.center_id);
	due timestamptz := ask_assistance.due_at;
	asked text;
	helper ticket_workflow.organization;
begin
	if cardinality(ask_assistance.organizations) = 0 then
		return;
	end if;
	if due <= ticket.dispatched_at then
		perform ticket_workflow.fail('assist_due_past', '2.3.1', due::text);
	end if;
	-- no limit of the norm's own: the rulebook's days, never past what the platform gave
	due := least(coalesce(due, ticket_workflow.due_at(ticket.dispatched_at, 'working_days',
			ticket_workflow.rulebook_setting(ticket.rulebook, 'assist_working_days')::integer, null,
			ticket_workflow.ticket_calendar(ticket.center_id))), ticket.platform_due_at);
	for asked in select distinct a.code from unnest(ask_assistance.organizations) a (code) order by 1 loop
		select * into strict helper from ticket_workflow.organization o
			where o.organization_id = ticket_workflow.organization_id_of(ask_assistance.ticket.center_id,
				ticket_workflow.require_text(asked, 'assisting', 64), day);
		if helper.kind not in ('department', 'committee', 'court') then
			perform ticket_workflow.fail('not_a_handling_department', '2.3.1', helper.code);
		elsif helper.organization_id = ticket.lead_department_id then
			perform ticket_workflow.fail('assist_is_lead', '2.3.1', helper.name);
		end if;
		insert into ticket_workflow.ticket_assist (assist_id, center_id, ticket_id, organization_id, asked_at, due_at, task)
			values (ticket_workflow.new_id(ticket.center_id, 'ticket_workflow.assist_seq'), ticket.center_id, ticket.ticket_id,
				helper.organization_id, ticket.dispatched_at, due, ask_assistance.task)
			-- asked again in a further round; what was done stays
			on conflict (ticket_id, organization_id) do update
				set asked_at = excluded.asked_at, due_at = excluded.due_at, task = excluded.task
				where ticket_workflow.ticket_assist.done_at is null;
		if found then
			perform ticket_workflow.notify_assistance(ticket, helper.organization_id, due, ask_assistance.task);
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.ask_assistance(ticket_workflow.ticket, text[], text, timestamptz) is
	'Asks departments to assist a dispatched ticket, with notice and due time; for dispatch_ticket()';

create or replace function ticket_workflow.dispatch_ticket(ticket_id bigint, department text default null, principle text default null,
		reason text default null, assisting text[] default '{}', assist_task text default null, lead_person text default null,
		assist_due_at timestamptz default null)
	returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_move(dispatch_ticket.ticket_id, 'dispatch', 'dispatched');
	day constant date := ticket_workflow.today(t.center_id);
	ruled constant boolean := ticket_workflow.has_dispatch_rules(t.center_id);
	basis text := ticket_workflow.code_of('principle', dispatch_ticket.principle, 'principle');
	why text := ticket_workflow.optional_text(dispatch_ticket.reason, 'reason');
	leader constant bigint := ticket_workflow.official_id_of(t.center_id, dispatch_ticket.lead_person);
	shown jsonb;
	best record;
	chosen bigint;
begin
	if ruled then
		select jsonb_agg(to_jsonb(r) order by r.rank) into shown from ticket_workflow.ticket_recommendation(t) r;
	end if;
	select r.* into best
		from jsonb_to_recordset(shown) as r (principle text, department text, decisive boolean, basis text) where r.decisive;
	if coalesce(dispatch_ticket.department, best.department) is null then
		perform ticket_workflow.fail('dispatch_no_recommendation', '2.1',
			coalesce(best.basis, ticket_workflow.message_text('dispatch_undecided')));
	end if;
	chosen := ticket_workflow.organization_id_of(t.center_id, coalesce(dispatch_ticket.department, best.department), day);
	if ruled then
		if best.department is distinct from (select o.code from ticket_workflow.organization o where o.organization_id = chosen) then
			basis := 'exception';
		else
			basis := coalesce(basis, best.principle);
			-- an exception of the rules has its reason already
			why := coalesce(why, case when basis = 'exception' and best.principle = 'exception' then best.basis end);
		end if;
	end if;

	update ticket_workflow.ticket r
		set state = 'dispatched', state_act = 'dispatch', state_reason = null,
			lead_department_id = chosen, dispatch_principle = basis, dispatch_reason = why,
			lead_person_id = leader
		where r.ticket_id = dispatch_ticket.ticket_id
		returning * into t;
	insert into ticket_workflow.dispatch_decision (ticket_id, dispatch_round, center_id, department_id, principle, reason,
			recommended_id, explanation, decided_at, decided_by)
		values (t.ticket_id, t.dispatch_round, t.center_id, chosen, basis, t.dispatch_reason,
			ticket_workflow.organization_id_of(t.center_id, best.department), shown, t.dispatched_at, ticket_workflow.actor());
	perform ticket_workflow.ask_assistance(t, coalesce(dispatch_ticket.assisting, '{}'), dispatch_ticket.assist_task, dispatch_ticket.assist_due_at);
	-- 市级督办件须分管领导牵头推进: reminded now, asked for before the report is submitted
	if t.kind = 'supervised' and t.supervised_by = 'city' and t.lead_person_id is null then
		perform ticket_workflow.notify_post(t, 'lead', 'supervising_leader', 'notice_lead_person',
			array[coalesce(t.external_no, t.ticket_id::text)]);
	end if;
	return t.dispatch_round;
end
$$;
comment on function ticket_workflow.dispatch_ticket(bigint, text, text, text, text[], text, text, timestamptz) is
	'Dispatches a received ticket to its lead department, by default as recommended and by that principle; another department is an exception and needs a reason. Assisting departments are told with a due time. The explanation is kept with the decision. A center without rules names department and principle. Returns the round. Errors: TW001, TW005, TW006, TW009, TW012. Clauses 2.1, 2.3.1, 2.3.5';

create or replace function ticket_workflow.record_assistance(ticket_id bigint, result text, organization text default null,
		occurred_at timestamptz default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_assistance.ticket_id, 'record_assistance');
	named constant bigint := ticket_workflow.organization_id_of(t.center_id, record_assistance.organization);
	at constant timestamptz := coalesce(record_assistance.occurred_at, ticket_workflow.now());
	marks constant text[] := ticket_workflow.check_occurred(t, at);
	asked ticket_workflow.ticket_assist[];
begin
	perform ticket_workflow.require_text(record_assistance.result, 'result', 4000);
	-- a department speaks for itself
	select array_agg(a order by a.assist_id) into asked
		from ticket_workflow.ticket_assist a
		where a.ticket_id = record_assistance.ticket_id and (named is null or a.organization_id = named)
			and exists (select from ticket_workflow.posts_on(ticket_workflow.actor_id(), ticket_workflow.today(t.center_id)) p
				where p.organization_id = a.organization_id and p."position" in ('liaison', 'head'));
	if asked is null then
		perform ticket_workflow.fail('assist_not_asked', '2.3.1', coalesce(record_assistance.organization, ticket_workflow.actor()));
	elsif cardinality(asked) > 1 then
		perform ticket_workflow.fail('assist_which', '2.3.1');
	elsif asked[1].done_at is not null then
		perform ticket_workflow.fail('assist_done', '2.3.1', asked[1].done_at::text);
	elsif at < asked[1].asked_at then
		perform ticket_workflow.fail('assist_before_asked', '2.3.1', at::text, asked[1].asked_at::text);
	end if;
	update ticket_workflow.ticket_assist a
		set done_at = at, result = record_assistance.result
		where a.assist_id = asked[1].assist_id;
	perform ticket_workflow.write_journal(t.ticket_id, 'record_assistance', '2.3.1',
		jsonb_build_object('organization', (select o.code from ticket_workflow.organization o where o.organization_id = asked[1].organization_id),
			'due_at', asked[1].due_at, 'in_time', asked[1].due_at is null or at <= asked[1].due_at, 'marks', marks), at);
	return asked[1].assist_id;
end
$$;
comment on function ticket_workflow.record_assistance(bigint, text, text, timestamptz) is
	'An assisting department records what it did. Returns the id of the assistance. Errors: TW005, TW006, TW010. Clause 2.3.1';

-- Called in a transaction that changed the rules and is rolled back, or with a day on which the changed rules are in force.
create or replace function ticket_workflow.simulate_dispatch(center text, since timestamptz, until timestamptz, on_day date default null)
	returns table (matter text, department text, would_be text, principle text, elsewhere boolean, tickets bigint)
	language plpgsql stable security definer rows 200 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.managed_center(simulate_dispatch.center);
begin
	return query
		select m.code, o.code, r.department, r.principle, r.department is distinct from o.code, count(*)
		from ticket_workflow.ticket t
			join ticket_workflow.organization o on o.organization_id = t.lead_department_id
			left join ticket_workflow.matter m on m.matter_id = t.matter_id
			left join ticket_workflow.area a on a.area_id = t.area_id
			left join ticket_workflow.incident_ticket l on l.ticket_id = t.ticket_id and l.unlinked_at is null
			left join lateral (
				select x.department, x.principle
				from ticket_workflow.resolve_dispatch(simulate_dispatch.center, m.code, a.code, t.place, t.appeal, l.incident_id,
					-- a first dispatch knows of no return
					case when t.dispatch_round > 1 then ticket_workflow.returned_departments(t.ticket_id) end,
					simulate_dispatch.on_day, t.in_territory, t.ticket_id) x
				where x.decisive) r on true
		where t.center_id = home and t.received_at >= simulate_dispatch.since and t.received_at < simulate_dispatch.until
		group by 1, 2, 3, 4, 5
		order by 5 desc, 6 desc, 1, 2, 3, 4;
end
$$;
comment on function ticket_workflow.simulate_dispatch(text, timestamptz, timestamptz, date) is
	'Resolves the dispatched tickets received in a span anew under the rules as they are (in a transaction to be rolled back: as changed) on a day, and counts per matter which department had them and which would; elsewhere tells the difference. For managers. Errors: TW005, TW006, TW012';

-- ==== sql/dispatch/incidents.sql

-- Incidents: the machine proposes what may be the same thing, a person links it and can take that back (2.3.6).
-- May touch: incident, incident_ticket; the journal of the tickets.

create or replace function ticket_workflow.link_incident(ticket_id bigint, incident_id bigint default null,
		with_ticket bigint default null, title text default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	other ticket_workflow.ticket;
	target bigint := link_incident.incident_id;
	present bigint;
begin
	if num_nonnulls(link_incident.incident_id, link_incident.with_ticket) <> 1
		or link_incident.ticket_id = link_incident.with_ticket then
		perform ticket_workflow.fail('incident_target', '2.3.6');
	end if;
	-- two links against each other lock in the same order
	perform from ticket_workflow.ticket r
		where r.ticket_id in (link_incident.ticket_id, link_incident.with_ticket)
		order by r.ticket_id for no key update;
	t := ticket_workflow.begin_act(link_incident.ticket_id, 'link_incident');
	present := ticket_workflow.incident_of(t.ticket_id);
	if link_incident.with_ticket is not null then
		select * into other from ticket_workflow.ticket r where r.ticket_id = link_incident.with_ticket;
		if not found or not ticket_workflow.may_see(other) or other.center_id <> t.center_id then
			perform ticket_workflow.fail('unknown_row', null, 'ticket', link_incident.with_ticket::text);
		end if;
		target := coalesce(ticket_workflow.incident_of(other.ticket_id), present);
	elsif not exists (
			select from ticket_workflow.incident_ticket l join ticket_workflow.ticket r on r.ticket_id = l.ticket_id
			where l.incident_id = target and l.center_id = t.center_id and ticket_workflow.may_see(r)) then
		perform ticket_workflow.fail('unknown_row', null, 'incident', target::text);
	end if;
	if present <> target then
		perform ticket_workflow.fail('incident_other', '2.3.6', present::text);
	end if;
	if target is null then
		target := ticket_workflow.new_id(t.center_id, 'ticket_workflow.incident_seq');
		insert into ticket_workflow.incident values (target, t.center_id,
			ticket_workflow.optional_text(link_incident.title, 'title', 200), ticket_workflow.now(), ticket_workflow.actor());
	end if;
	perform ticket_workflow.add_to_incident(target, t.ticket_id);
	if other.ticket_id is not null then
		perform ticket_workflow.add_to_incident(target, other.ticket_id);
	end if;
	-- whose report is still open may need a signature more (2.3.6)
	perform ticket_workflow.refresh_repeats(l.ticket_id)
		from ticket_workflow.incident_ticket l where l.incident_id = target and l.unlinked_at is null;
	return target;
end
$$;
comment on function ticket_workflow.link_incident(bigint, bigint, bigint, text) is
	'Links a ticket to an incident, or to that of another ticket about the same thing, which opens one if there is none. Returns the incident. Errors: TW005, TW006. Clause 2.3.6';

create or replace function ticket_workflow.add_to_incident(incident_id bigint, ticket_id bigint) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if ticket_workflow.incident_of(add_to_incident.ticket_id) = add_to_incident.incident_id then
		return;
	end if;
	insert into ticket_workflow.incident_ticket (incident_id, ticket_id, center_id, linked_at, linked_by)
		values (add_to_incident.incident_id, add_to_incident.ticket_id, ticket_workflow.center_of(add_to_incident.ticket_id),
			ticket_workflow.now(), ticket_workflow.actor())
		-- linked, taken away and linked again in one moment
		on conflict (incident_id, ticket_id, linked_at) do update
			set unlinked_at = null, unlinked_by = null, unlink_reason = null;
	perform ticket_workflow.write_journal(add_to_incident.ticket_id, 'link_incident', '2.3.6',
		jsonb_build_object('incident_id', add_to_incident.incident_id));
end
$$;
comment on function ticket_workflow.add_to_incident(bigint, bigint) is 'One link of a ticket that the caller has locked, journalled';

create or replace function ticket_workflow.unlink_incident(ticket_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(unlink_incident.ticket_id, 'link_incident');
	present constant bigint := ticket_workflow.incident_of(t.ticket_id);
	why constant text := ticket_workflow.require_reason(unlink_incident.reason, '2.3.6');
begin
	if present is null then
		perform ticket_workflow.fail('incident_none', '2.3.6');
	end if;
	update ticket_workflow.incident_ticket l
		set unlinked_at = ticket_workflow.now(), unlinked_by = ticket_workflow.actor(), unlink_reason = why
		where l.ticket_id = t.ticket_id and l.unlinked_at is null;
	perform ticket_workflow.refresh_repeats(l.ticket_id)
		from ticket_workflow.incident_ticket l where l.incident_id = present;
	perform ticket_workflow.write_journal(t.ticket_id, 'unlink_incident', '2.3.6', jsonb_build_object('incident_id', present));
	return present;
end
$$;
comment on function ticket_workflow.unlink_incident(bigint, text) is
	'Takes a ticket out of its incident, with a reason; the link stays on record. Returns the incident. Errors: TW005, TW006, TW009. Clause 2.3.6';

create or replace function ticket_workflow.suggest_incident(ticket_id bigint, max_rows integer default 10)
	returns table (other_id bigint, ticket_number text, incident_id bigint, state text, received_at timestamptz,
		same_person boolean, place_score real, text_score real, score real)
	language plpgsql stable security definer rows 10 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	own_phone text;
	span interval;
begin
	select * into t from ticket_workflow.ticket r where r.ticket_id = suggest_incident.ticket_id;
	if not found or not ticket_workflow.may_see(t) then
		perform ticket_workflow.fail('unknown_row', null, 'ticket', suggest_incident.ticket_id::text);
	end if;
	span := make_interval(hours => 24 * ticket_workflow.rulebook_setting(t.rulebook, 'incident_span_days')::integer);
	select p.phone into own_phone from ticket_workflow.petitioner p where p.petitioner_id = t.petitioner_id;
	return query
		select s.* from (
			select c.ticket_id, coalesce(c.external_no, c.ticket_id::text), ticket_workflow.incident_of(c.ticket_id), c.state,
				c.received_at, coalesce(p.phone = own_phone, false),
				coalesce(ticket_workflow.text_similarity(c.place, t.place), 0::real) as place_score,
				ticket_workflow.text_similarity(c.appeal, t.appeal) as text_score,
				-- what is said weighs most, then where, then how long ago
				(0.5 * ticket_workflow.text_similarity(c.appeal, t.appeal)
					+ 0.35 * coalesce(ticket_workflow.text_similarity(c.place, t.place), 0)
					+ 0.15 * (1 - abs(extract(epoch from c.received_at - t.received_at)) / extract(epoch from span)))::real as score
			from ticket_workflow.ticket c
				left join ticket_workflow.petitioner p on p.petitioner_id = c.petitioner_id
			where c.center_id = t.center_id and c.matter_id = t.matter_id and c.ticket_id <> t.ticket_id
				and c.received_at between t.received_at - span and t.received_at + span
				and c.state not in ('withdrawn', 'merged') and c.kind <> 'callback_review'
				and (ticket_workflow.incident_of(t.ticket_id) is distinct from ticket_workflow.incident_of(c.ticket_id)
					or ticket_workflow.incident_of(t.ticket_id) is null)
				and ticket_workflow.may_see(c)
		) s
		order by s.score desc, s.ticket_id
		limit least(greatest(suggest_incident.max_rows, 0), 200);
end
$$;
comment on function ticket_workflow.suggest_incident(bigint, integer) is
	'Tickets of the same matter that may be about the same thing, by text, place and time, best first; a person decides (link_incident). Errors: TW006. Clause 2.3.6';

-- ==== sql/dispatch/coverage.sql

-- What the rules of dispatch leave open: for the manager who keeps them.
-- May touch: nothing.

create or replace function ticket_workflow.rulebook_coverage(center text default null, on_day date default null)
	returns table (center_code text, gap text, gap_label text, code text, name text, details text)
	language plpgsql stable security definer rows 100 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home bigint := ticket_workflow.center_id_of(rulebook_coverage.center);
	place record;
	day date;
begin
	perform ticket_workflow.require_capability('manager', home);
	for place in select c.center_id, c.code from ticket_workflow.center c where home is null or c.center_id = home order by c.center_id loop
		day := coalesce(rulebook_coverage.on_day, ticket_workflow.today(place.center_id));
		return query
			select place.code, g.gap, ticket_workflow.label('coverage_gap', g.gap), g.code, g.name, g.details
			from ticket_workflow.coverage_gaps(place.center_id, day) g
			order by g.gap, g.code, g.details;
	end loop;
end
$$;
comment on function ticket_workflow.rulebook_coverage(text, date) is
	'What the rules of dispatch leave open on a day (today), per center: matters without duty, duties shared by several, areas without fallback or committee, committees without a place, departments never reached, rules of closed departments. For managers. Errors: TW005, TW006';

create or replace function ticket_workflow.coverage_gaps(center_id bigint, day date)
	returns table (gap text, code text, name text, details text)
	language plpgsql stable rows 100 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	with recursive being as (
		select o.* from ticket_workflow.organization o
		where o.center_id = coverage_gaps.center_id and o.kind in ('department', 'committee')
			and coverage_gaps.day between o.valid_from and coalesce(o.valid_until, 'infinity')
	), rule as (
		select 'duty' as kind, d.rule_id, d.matter_id, d.area_id, d.organization_id, d.valid_from, d.valid_until
			from ticket_workflow.duty d where d.center_id = coverage_gaps.center_id
		union all select 'statutory', s.rule_id, s.matter_id, s.area_id, s.organization_id, s.valid_from, s.valid_until
			from ticket_workflow.statutory_rule s where s.center_id = coverage_gaps.center_id
		union all select 'exception', e.rule_id, e.matter_id, e.area_id, e.organization_id, e.valid_from, e.valid_until
			from ticket_workflow.exception_rule e where e.center_id = coverage_gaps.center_id
		union all select 'fallback', f.rule_id, null, f.area_id, f.organization_id, f.valid_from, f.valid_until
			from ticket_workflow.area_fallback f where f.center_id = coverage_gaps.center_id
	), in_force as (
		select r.* from rule r where coverage_gaps.day between r.valid_from and coalesce(r.valid_until, 'infinity')
	), held as (
		select r.* from in_force r join being b on b.organization_id = r.organization_id where r.kind = 'duty'
	), up (matter_id, at, depth) as (
		select m.matter_id, m.matter_id, 0 from ticket_workflow.matter m where m.center_id = coverage_gaps.center_id
		union all
		select u.matter_id, p.parent_id, u.depth + 1
		from up u join ticket_workflow.matter_parent p on p.matter_id = u.at
		where u.depth < 64
	), area as (
		select a.* from ticket_workflow.area a where a.center_id = coverage_gaps.center_id
	)
	-- in some area nobody holds it: neither a duty everywhere nor one of each area
	select 'matter_without_duty', m.code, m.name,
			(select string_agg(a.name, '、' order by a.code) from area a
				where exists (select from up u join held h on h.matter_id = u.at where u.matter_id = m.matter_id)
					and not exists (select from up u join held h on h.matter_id = u.at
						where u.matter_id = m.matter_id and (h.area_id is null or h.area_id = a.area_id)))
		from ticket_workflow.matter m
		where m.center_id = coverage_gaps.center_id
			and not exists (select from up u join held h on h.matter_id = u.at and h.area_id is null where u.matter_id = m.matter_id)
			and (not exists (select from area) or exists (
				select from area a where not exists (select from up u join held h on h.matter_id = u.at
					where u.matter_id = m.matter_id and (h.area_id is null or h.area_id = a.area_id))))
	union all
	-- where the rule stands, not again for each matter below
	select 'duty_shared', m.code, m.name, string_agg(distinct b.name, '、')
		from held h
			join ticket_workflow.matter m on m.matter_id = h.matter_id
			join being b on b.organization_id = h.organization_id
		where exists (select from held o where o.matter_id = h.matter_id and o.organization_id <> h.organization_id
			and (o.area_id is null or h.area_id is null or o.area_id = h.area_id))
		group by m.code, m.name
	union all
	select 'area_without_fallback', a.code, a.name, null
		from area a
		where not exists (select from in_force r join being b on b.organization_id = r.organization_id
			where r.kind = 'fallback' and (r.area_id is null or r.area_id = a.area_id))
	union all
	select 'area_without_committee', a.code, a.name, null
		from area a
		where not exists (select from being b where b.kind = 'committee' and b.area_id = a.area_id)
	union all
	select 'committee_without_place', b.code, b.name, null
		from being b
		where b.kind = 'committee' and not exists (select from ticket_workflow.committee_place p
			where p.organization_id = b.organization_id and coverage_gaps.day between p.valid_from and coalesce(p.valid_until, 'infinity'))
	union all
	-- a committee is reached by its places
	select 'department_never_reached', b.code, b.name, null
		from being b
		where b.kind = 'department' and not exists (select from in_force r where r.organization_id = b.organization_id)
	union all
	select 'rule_of_closed', o.code, o.name, ticket_workflow.label('dispatch_rule', r.kind) || ' ' || r.rule_id
		from in_force r
			join ticket_workflow.organization o on o.organization_id = r.organization_id
		where not exists (select from being b where b.organization_id = r.organization_id)
	union all
	select 'alias_shared', o.code, o.name, a.alias
		from ticket_workflow.organization_alias a
			join ticket_workflow.organization o on o.center_id = a.center_id and o.organization_id is distinct from a.organization_id
				and coverage_gaps.day between o.valid_from and coalesce(o.valid_until, 'infinity')
		where a.center_id = coverage_gaps.center_id and coverage_gaps.day between a.valid_from and coalesce(a.valid_until, 'infinity')
			and ticket_workflow.name_key(a.alias) = ticket_workflow.name_key(o.name);
end
$$;
comment on function ticket_workflow.coverage_gaps(bigint, date) is 'The gaps of one center; for rulebook_coverage()';

-- ==== sql/ticket/corrections.sql

-- Corrections of what was received, and the supervision that comes later.
-- May touch: ticket, petitioner; the clocks follow by follow_correction().

create or replace function ticket_workflow.correct_ticket(ticket_id bigint, reason text,
		category text default null, matter text default null, area text default null, place text default null,
		urgent boolean default null, handling_class text default null, in_territory boolean default null,
		petitioner_name text default null, petitioner_phone text default null, petitioner_address text default null,
		phone_locality text default null, platform_due_at timestamptz default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(correct_ticket.ticket_id, 'correct');
	person ticket_workflow.petitioner;
begin
	perform ticket_workflow.require_reason(correct_ticket.reason, 'S4');
	-- nothing is overwritten: a corrected person is a new row
	if num_nonnulls(correct_ticket.petitioner_name, correct_ticket.petitioner_phone, correct_ticket.petitioner_address,
			correct_ticket.phone_locality) > 0 then
		select * into person from ticket_workflow.petitioner p where p.petitioner_id = t.petitioner_id;
		t.petitioner_id := ticket_workflow.add_petitioner(t.center_id,
			coalesce(correct_ticket.petitioner_name, person.name),
			-- an empty number takes a wrong one away
			coalesce(correct_ticket.petitioner_phone, person.phone),
			coalesce(correct_ticket.petitioner_address, person.address),
			coalesce(correct_ticket.phone_locality,
				case when correct_ticket.petitioner_phone is null then person.phone_locality end));
	end if;
	update ticket_workflow.ticket r
		set category = coalesce(ticket_workflow.code_of('category', correct_ticket.category, 'category'), r.category),
			matter_id = coalesce(ticket_workflow.matter_id_of(t.center_id, correct_ticket.matter), r.matter_id),
			area_id = coalesce(ticket_workflow.area_id_of(t.center_id, correct_ticket.area), r.area_id),
			place = coalesce(ticket_workflow.optional_text(correct_ticket.place, 'place', 500), r.place),
			urgent = coalesce(correct_ticket.urgent, r.urgent),
			handling_class = coalesce(ticket_workflow.code_of('handling_class', correct_ticket.handling_class, 'handling_class'), r.handling_class),
			in_territory = coalesce(correct_ticket.in_territory, r.in_territory),
			platform_due_at = coalesce(r.platform_due_at, correct_ticket.platform_due_at),
			petitioner_id = t.petitioner_id,
			state_reason = correct_ticket.reason
		where r.ticket_id = correct_ticket.ticket_id;
	return correct_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.correct_ticket(bigint, text, text, text, text, text, boolean, text, boolean, text, text, text, text, timestamptz) is
	'Corrects what was received, with a reason; NULL leaves as it is, an empty telephone takes it away. The clocks follow, the journal shows both. platform_due_at is set once. Errors: TW005, TW006, TW009';

create or replace function ticket_workflow.supervise_ticket(ticket_id bigint, supervised_by text, lead_person text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(supervise_ticket.ticket_id, 'supervise');
	by_platform constant text := ticket_workflow.code_of('supervised_by', supervise_ticket.supervised_by, 'supervised_by');
	leader constant bigint := ticket_workflow.official_id_of(t.center_id, supervise_ticket.lead_person);
begin
	if by_platform is null then
		perform ticket_workflow.fail('text_missing', '2.3.5', 'supervised_by');
	end if;
	update ticket_workflow.ticket r
		set kind = 'supervised', supervised_by = by_platform, lead_person_id = coalesce(leader, r.lead_person_id)
		where r.ticket_id = supervise_ticket.ticket_id;
	return supervise_ticket.ticket_id;
end
$$;
comment on function ticket_workflow.supervise_ticket(bigint, text, text) is
	'Marks a ticket as supervised by city or district and names the supervising leader who leads it. Errors: TW005, TW006. Clause 2.3.5';

-- ==== sql/ticket/lifecycle.sql

-- The lifecycle diagram, printed from the table of transitions.
-- May touch: nothing.

create or replace function ticket_workflow.lifecycle_diagram(format text default 'mermaid') returns text
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
	if lifecycle_diagram.format = 'mermaid' then
		return E'stateDiagram-v2\n\t[*] --> received: receive\n' || (
			select string_agg(format(E'\t%s --> %s: %s', t.from_state, t.to_state, t.acts), E'\n' order by f.ordinal, o.ordinal)
			from (select x.from_state, x.to_state, string_agg(x.act, ' / ' order by x.act) as acts
					from ticket_workflow.ticket_transition x group by 1, 2) t
				join ticket_workflow.ticket_state f on f.state = t.from_state
				join ticket_workflow.ticket_state o on o.state = t.to_state)
			|| E'\n' || (select string_agg(format(E'\t%s --> [*]', s.state), E'\n' order by s.ordinal)
				from ticket_workflow.ticket_state s where s.terminal or s.state = 'closed') || E'\n';
	elsif lifecycle_diagram.format = 'dot' then
		return E'digraph ticket {\n\trankdir=LR;\n' || (
			select string_agg(format(E'\t%s [shape=%s];', s.state, case when s.terminal then 'doublecircle' else 'box' end), E'\n' order by s.ordinal)
			from ticket_workflow.ticket_state s) || E'\n' || (
			select string_agg(format(E'\t%s -> %s [label="%s"];', t.from_state, t.to_state, t.acts), E'\n' order by f.ordinal, o.ordinal)
			from (select x.from_state, x.to_state, string_agg(x.act, ' / ' order by x.act) as acts
					from ticket_workflow.ticket_transition x group by 1, 2) t
				join ticket_workflow.ticket_state f on f.state = t.from_state
				join ticket_workflow.ticket_state o on o.state = t.to_state) || E'\n}\n';
	end if;
	perform ticket_workflow.fail('unknown_code', null, 'format', lifecycle_diagram.format, 'mermaid, dot');
	return null;
end
$$;
comment on function ticket_workflow.lifecycle_diagram(text) is 'The states and allowed transitions as a Mermaid or DOT diagram';

-- ==== sql/contact/validity.sql

-- What the recorded facts are worth: one judgement per kind of fact, called wherever something relies on it
-- (clocks, returns, reports), and the moment at which a clock's facts were complete.
-- May touch: nothing; reads contact, site_visit, platform_report, evidence, petitioner.

-- Evidence tells of the moment it was taken; where nobody says when, of the moment it was added.
create or replace function ticket_workflow.evidence_time(evidence ticket_workflow.evidence) returns timestamptz
	language sql immutable parallel safe
	return case when evidence.voided_at is null then coalesce(evidence.taken_at, evidence.added_at) end;
comment on function ticket_workflow.evidence_time(ticket_workflow.evidence) is
	'When a piece of evidence was there; NULL for a voided one';

-- PL/pgSQL for its kept plan: an SQL function with a subquery is planned at every call.
create or replace function ticket_workflow.contact_proof(contact ticket_workflow.contact, kind text) returns timestamptz
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	shown_at timestamptz;
begin
	select min(ticket_workflow.evidence_time(e)) into shown_at
		from ticket_workflow.evidence e
		where e.contact_id = contact_proof.contact.contact_id and e.ticket_id = contact_proof.contact.ticket_id
			and e.kind = contact_proof.kind and e.voided_at is null;
	return case when shown_at is not null then greatest(contact_proof.contact.occurred_at, shown_at) end;
end
$$;
comment on function ticket_workflow.contact_proof(ticket_workflow.contact, text) is
	'When a contact and its evidence of that kind were both there; NULL without such evidence';

create or replace function ticket_workflow.contact_reached(contact ticket_workflow.contact) returns boolean
	language sql immutable parallel safe
	return contact.voided_at is null and contact.outcome = 'reached';
comment on function ticket_workflow.contact_reached(ticket_workflow.contact) is 'Did this contact reach the petitioner';

-- 联系未果附上通话记录截图，诉求人为手机号时以短信形式告知并截图 (2.3.3, 2.4.1)
create or replace function ticket_workflow.contact_valid(contact ticket_workflow.contact) returns boolean
	language sql stable parallel safe
	return contact.voided_at is null and case contact.outcome
		when 'reached' then true
		when 'sent' then contact.channel <> 'sms' or ticket_workflow.contact_proof(contact_valid.contact, 'sms_screenshot') is not null
		else contact.channel in ('ip_phone', 'mobile_phone')
			and ticket_workflow.contact_proof(contact_valid.contact, 'call_log') is not null end;
comment on function ticket_workflow.contact_valid(ticket_workflow.contact) is
	'Does a contact count: one that reached the petitioner by itself, a failed call with its call log, a text message with its screenshot (2.4.1)';

create or replace function ticket_workflow.site_visit_time(visit ticket_workflow.site_visit) returns timestamptz
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	shown_at timestamptz;
begin
	if visit.voided_at is not null then
		return null;
	end if;
	if visit.no_site then
		return visit.occurred_at;
	end if;
	select min(ticket_workflow.evidence_time(e)) into shown_at
		from ticket_workflow.evidence e
		where e.visit_id = site_visit_time.visit.visit_id and e.ticket_id = site_visit_time.visit.ticket_id
			and e.kind = 'photo' and e.voided_at is null;
	return case when shown_at is not null then greatest(visit.occurred_at, shown_at) end;
end
$$;
comment on function ticket_workflow.site_visit_time(ticket_workflow.site_visit) is
	'When a visit and its photo were both there, or no site was declared; NULL for a visit without a photo';

create or replace function ticket_workflow.site_visit_valid(visit ticket_workflow.site_visit) returns boolean
	language sql stable parallel safe
	return ticket_workflow.site_visit_time(visit) is not null;
comment on function ticket_workflow.site_visit_valid(ticket_workflow.site_visit) is
	'Does a visit count: with a photo of the site, or declared to have none (2.3.2.2)';

create or replace function ticket_workflow.platform_report_valid(report ticket_workflow.platform_report) returns boolean
	language sql immutable parallel safe
	return report.voided_at is null and btrim(report.receipt) <> '';
comment on function ticket_workflow.platform_report_valid(ticket_workflow.platform_report) is
	'Does a report to a platform count: only with its receipt (2.3.2.1)';

-- What is still missing for "contact properly failed", as counts; failed_at is NULL until nothing is.
create or replace function ticket_workflow.failed_contact(ticket ticket_workflow.ticket, dispatch_round integer, since timestamptz,
		out attempts integer, out counted integer, out needed integer, out minutes integer, out text_missing boolean, out failed_at timestamptz)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	gap interval;
	happened timestamptz[];
	proven timestamptz[];
	told timestamptz;
	moment timestamptz;
	last_counted timestamptz;
	chain integer;
begin
	needed := ticket_workflow.rulebook_setting(failed_contact.ticket.rulebook, 'failed_contact_attempts')::integer;
	minutes := ticket_workflow.rulebook_setting(failed_contact.ticket.rulebook, 'failed_contact_minutes')::integer;
	gap := make_interval(mins => minutes);

	select count(*), array_agg(c.occurred_at order by c.occurred_at, c.contact_id) filter (where proof is not null),
			array_agg(proof order by c.occurred_at, c.contact_id) filter (where proof is not null)
		into attempts, happened, proven
		from ticket_workflow.contact c,
			ticket_workflow.contact_proof(c.*, 'call_log') as proof
		where c.ticket_id = failed_contact.ticket.ticket_id and c.dispatch_round = failed_contact.dispatch_round
			and c.purpose = 'first_contact' and c.outcome = 'not_reached' and c.channel in ('ip_phone', 'mobile_phone')
			and c.voided_at is null and (failed_contact.since is null or c.occurred_at >= failed_contact.since);

	-- a mobile can be told in writing, so it must be
	text_missing := false;
	if (select p.phone_is_mobile from ticket_workflow.petitioner p where p.petitioner_id = failed_contact.ticket.petitioner_id) then
		select min(proof) into told
			from ticket_workflow.contact c,
				ticket_workflow.contact_proof(c.*, 'sms_screenshot') as proof
			where c.ticket_id = failed_contact.ticket.ticket_id and c.dispatch_round = failed_contact.dispatch_round
				and c.purpose = 'first_contact' and c.channel = 'sms' and c.voided_at is null
				and c.outcome in ('sent', 'reached')
				and (failed_contact.since is null or c.occurred_at >= failed_contact.since);
		text_missing := told is null;
	end if;

	-- the first moment at which enough attempts with call logs were there, each far enough from the one before;
	-- attempts made in between do no harm
	counted := 0;
	for moment in select distinct p from unnest(proven) p order by p loop
		chain := 0;
		last_counted := null;
		for i in 1 .. cardinality(proven) loop
			if proven[i] <= moment and (last_counted is null or happened[i] >= last_counted + gap) then
				chain := chain + 1;
				last_counted := happened[i];
			end if;
		end loop;
		counted := chain;
		if chain >= needed then
			if not text_missing then
				failed_at := greatest(moment, told);
			end if;
			return;
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.failed_contact(ticket_workflow.ticket, integer, timestamptz) is
	'How far a department''s first contact of that dispatch has properly failed: attempts, those that count, whether the text message is missing, and since when it holds (2.4.1)';

-- The moment at which the facts first satisfied a clock; what happened before since is another round's.
create or replace function ticket_workflow.fact_time(ticket ticket_workflow.ticket, clock text, dispatch_round integer, since timestamptz)
	returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	moment timestamptz;
begin
	case fact_time.clock
	when 'center_contact' then
		-- 电话或短信联系来电人: a text message is enough
		select min(c.occurred_at) into moment
			from ticket_workflow.contact c
				join ticket_workflow.organization o on o.organization_id = c.organization_id and o.kind = 'center'
			where c.ticket_id = fact_time.ticket.ticket_id and c.purpose = 'center_notice' and c.voided_at is null
				and (c.outcome = 'reached' or c.channel = 'sms' and c.outcome = 'sent')
				and (fact_time.since is null or c.occurred_at >= fact_time.since);
	when 'first_contact' then
		select min(c.occurred_at) into moment
			from ticket_workflow.contact c
			where c.ticket_id = fact_time.ticket.ticket_id and c.dispatch_round = fact_time.dispatch_round
				and c.purpose = 'first_contact' and ticket_workflow.contact_reached(c.*)
				and (fact_time.since is null or c.occurred_at >= fact_time.since);
		if exists (
			select from ticket_workflow.contact c
			where c.ticket_id = fact_time.ticket.ticket_id and c.purpose = 'first_contact' and c.outcome = 'not_reached') then
			moment := least(moment,
				(ticket_workflow.failed_contact(fact_time.ticket, fact_time.dispatch_round, fact_time.since)).failed_at);
		end if;
	when 'site_visit' then
		select min(ticket_workflow.site_visit_time(v.*)) into moment
			from ticket_workflow.site_visit v
			where v.ticket_id = fact_time.ticket.ticket_id and v.dispatch_round = fact_time.dispatch_round
				and (fact_time.since is null or v.occurred_at >= fact_time.since);
	when 'urgent_report' then
		-- who reports the completion has reported how the matter stands
		select min(r.occurred_at) into moment
			from ticket_workflow.platform_report r
			where r.ticket_id = fact_time.ticket.ticket_id and r.platform = 'district' and r.kind in ('progress', 'completion')
				and ticket_workflow.platform_report_valid(r.*)
				and (fact_time.since is null or r.occurred_at >= fact_time.since);
	when 'urgent_completion' then
		select min(r.occurred_at) into moment
			from ticket_workflow.platform_report r
			where r.ticket_id = fact_time.ticket.ticket_id and r.platform = 'district' and r.kind = 'completion'
				and ticket_workflow.platform_report_valid(r.*)
				and (fact_time.since is null or r.occurred_at >= fact_time.since);
	else
		null;
	end case;
	return moment;
end
$$;
comment on function ticket_workflow.fact_time(ticket_workflow.ticket, text, integer, timestamptz) is
	'Earliest moment at which the recorded facts satisfy a clock of facts (center_contact, first_contact, site_visit, urgent_report, urgent_completion); NULL if they do not yet';

-- 无论是接单还是退单，有联系方式的工单都需与市民做好先行联系 (2.4.1)
create or replace function ticket_workflow.first_contact_problems(ticket ticket_workflow.ticket, dispatch_round integer, since timestamptz)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	failed record;
begin
	if not ticket_workflow.has_contact(first_contact_problems.ticket)
		or ticket_workflow.fact_time(first_contact_problems.ticket, 'first_contact', first_contact_problems.dispatch_round,
			first_contact_problems.since) is not null then
		return;
	end if;
	select * into failed from ticket_workflow.failed_contact(first_contact_problems.ticket,
		first_contact_problems.dispatch_round, first_contact_problems.since);
	if failed.attempts = 0 then
		return query select 'first_contact_missing'::text, '2.4.1'::text, '{}'::text[];
		return;
	end if;
	if failed.counted < failed.needed then
		return query select 'failed_contact_attempts'::text, '2.4.1'::text,
			array[failed.needed, failed.minutes, failed.attempts, failed.counted]::text[];
	end if;
	if failed.text_missing then
		return query select 'failed_contact_text'::text, '2.4.1'::text, '{}'::text[];
	end if;
end
$$;
comment on function ticket_workflow.first_contact_problems(ticket_workflow.ticket, integer, timestamptz) is
	'What is missing for the first contact of a dispatch: nothing when the petitioner was reached, cannot be reached, or contact properly failed (2.4.1)';

-- ==== sql/contact/functions.sql

-- Recording what happened: contacts, visits, reports to platforms, evidence, callbacks. What happened is
-- recorded, departures from the norm are marked; what it is worth is judged in validity.sql.
-- May touch: contact, site_visit, platform_report, evidence, evidence_absence; journal and clocks through their rooms.

-- A fact may be entered later than it happened; both times are kept. Returns the marks it earns by that.
create or replace function ticket_workflow.check_occurred(ticket ticket_workflow.ticket, occurred_at timestamptz) returns text[]
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	calendar constant text := ticket_workflow.ticket_calendar(check_occurred.ticket.center_id);
	hours integer;
begin
	if check_occurred.occurred_at > ticket_workflow.now() then
		perform ticket_workflow.fail('in_the_future', null, 'occurred_at', ticket_workflow.local_text(check_occurred.occurred_at, calendar));
	end if;
	if check_occurred.occurred_at < check_occurred.ticket.received_at then
		perform ticket_workflow.fail('occurred_before_receipt', null,
			ticket_workflow.local_text(check_occurred.occurred_at, calendar), ticket_workflow.local_text(check_occurred.ticket.received_at, calendar));
	end if;
	hours := ticket_workflow.rulebook_setting(check_occurred.ticket.rulebook, 'late_entry_hours')::integer;
	if check_occurred.occurred_at >= ticket_workflow.now() - make_interval(hours => hours) then
		return '{}';
	end if;
	if not ticket_workflow.has_capability('manager', check_occurred.ticket.center_id) then
		perform ticket_workflow.fail('late_entry', null, hours::text);
	end if;
	return '{late_entry}';
end
$$;
comment on function ticket_workflow.check_occurred(ticket_workflow.ticket, timestamptz) is
	'Refuses facts of the future and of before the ticket (TW006), late entries without the capability manager (TW005); marks those with it';

-- A late entry belongs to the dispatch that was running when it happened.
create or replace function ticket_workflow.dispatch_round_at(ticket ticket_workflow.ticket, at timestamptz) returns integer
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if dispatch_round_at.at >= ticket.dispatched_at then
		return ticket.dispatch_round;
	end if;
	return coalesce((select max(d.dispatch_round) from ticket_workflow.dispatch_decision d
		where d.ticket_id = dispatch_round_at.ticket.ticket_id and d.decided_at <= dispatch_round_at.at), 0);
end
$$;
comment on function ticket_workflow.dispatch_round_at(ticket_workflow.ticket, timestamptz) is 'The dispatch under which something happened; 0 before the first';

-- Whose act it was: the organization named, or that of the actor's post which has most to do with the purpose.
create or replace function ticket_workflow.acting_organization(ticket ticket_workflow.ticket, given text, by_center boolean, at timestamptz)
	returns bigint
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	me constant bigint := ticket_workflow.actor_id();
	day constant date := ticket_workflow.local_day(acting_organization.at, ticket_workflow.ticket_calendar(acting_organization.ticket.center_id));
	chosen bigint;
begin
	if given is not null then
		chosen := ticket_workflow.organization_id_of(acting_organization.ticket.center_id, acting_organization.given, day);
		-- the center and its information officers enter what a department tells them; a department speaks for itself
		if me is not null and not exists (
			select from ticket_workflow.posts_on(me, day) p
				join ticket_workflow.organization o on o.organization_id = p.organization_id
			where p.organization_id = chosen or o.kind = 'center') then
			perform ticket_workflow.fail('organization_not_yours', null, acting_organization.given);
		end if;
		return chosen;
	end if;
	select p.organization_id into chosen
		from ticket_workflow.posts_on(me, day) p
			join ticket_workflow.organization o on o.organization_id = p.organization_id
				and o.center_id = acting_organization.ticket.center_id
		-- in the center only its information officers do the handler's part; its others write down the department's
		where acting_organization.by_center or o.kind <> 'center' or p."position" = 'information_officer'
		order by (o.kind = 'center') = acting_organization.by_center desc,
			o.organization_id = acting_organization.ticket.lead_department_id desc, o.organization_id
		limit 1;
	return coalesce(chosen,
		case when not by_center then acting_organization.ticket.lead_department_id end,
		ticket_workflow.center_organization(acting_organization.ticket.center_id));
end
$$;
comment on function ticket_workflow.acting_organization(ticket_workflow.ticket, text, boolean, timestamptz) is
	'The organization that a recorded fact is ascribed to; TW005 for a department''s official who names another one';

-- 本市号码均使用IP电话，外地号码或始终打不通的本市号码使用手机 (2.4.1): a rule of the first contact
create or replace function ticket_workflow.channel_marks(ticket ticket_workflow.ticket, purpose text, channel text, occurred_at timestamptz)
	returns text[]
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	locality text;
begin
	if channel_marks.purpose = 'first_contact' and channel_marks.channel in ('ip_phone', 'mobile_phone') then
		select p.phone_locality into locality
			from ticket_workflow.petitioner p where p.petitioner_id = channel_marks.ticket.petitioner_id;
		if channel_marks.channel = 'ip_phone' and locality = 'non_local' then
			return '{ip_phone_to_non_local}';
		end if;
		if channel_marks.channel = 'mobile_phone' and locality = 'local' and not exists (
			select from ticket_workflow.contact c
			where c.ticket_id = channel_marks.ticket.ticket_id and c.channel = 'ip_phone' and c.outcome = 'not_reached'
				and c.voided_at is null and c.occurred_at <= channel_marks.occurred_at) then
			return '{mobile_before_ip_phone}';
		end if;
	end if;
	return '{}';
end
$$;
comment on function ticket_workflow.channel_marks(ticket_workflow.ticket, text, text, timestamptz) is
	'How a call departs from the rule of channels (2.4.1); recorded and marked, not refused';

create or replace function ticket_workflow.insert_evidence(ticket ticket_workflow.ticket, kind text, uri text, sha256 text,
		taken_at timestamptz, contact_id bigint, visit_id bigint, note text) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	e ticket_workflow.evidence;
begin
	e.evidence_id := ticket_workflow.new_id(insert_evidence.ticket.center_id, 'ticket_workflow.evidence_seq');
	e.center_id := insert_evidence.ticket.center_id;
	e.ticket_id := insert_evidence.ticket.ticket_id;
	e.contact_id := insert_evidence.contact_id;
	e.visit_id := insert_evidence.visit_id;
	e.kind := insert_evidence.kind;
	e.uri := ticket_workflow.require_text(insert_evidence.uri, 'uri', 2000);
	e.sha256 := lower(insert_evidence.sha256);
	if e.sha256 !~ '^[0-9a-f]{64}$' then
		perform ticket_workflow.fail('sha256_malformed', null, left(insert_evidence.sha256, 80));
	end if;
	e.taken_at := insert_evidence.taken_at;
	if e.taken_at > ticket_workflow.now() then
		perform ticket_workflow.fail('in_the_future', null, 'taken_at',
			ticket_workflow.local_text(e.taken_at, ticket_workflow.ticket_calendar(e.center_id)));
	end if;
	e.added_at := ticket_workflow.now();
	e.added_by := ticket_workflow.actor();
	e.note := ticket_workflow.optional_text(insert_evidence.note, 'note');
	insert into ticket_workflow.evidence values (e.*);
	return e.evidence_id;
end
$$;
comment on function ticket_workflow.insert_evidence(ticket_workflow.ticket, text, text, text, timestamptz, bigint, bigint, text) is
	'Stores one piece of evidence of a ticket that the caller has locked';

create or replace function ticket_workflow.insert_contact(ticket ticket_workflow.ticket, purpose text, channel text, outcome text,
		occurred_at timestamptz, recording text, call_log text, sms_screenshot text, organization text, note text,
		satisfaction text default null, dissatisfied_with text default null, solved boolean default null) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.contact;
	given record;
begin
	c.contact_id := ticket_workflow.new_id(insert_contact.ticket.center_id, 'ticket_workflow.contact_seq');
	c.center_id := insert_contact.ticket.center_id;
	c.ticket_id := insert_contact.ticket.ticket_id;
	c.purpose := ticket_workflow.require_code('contact_purpose', insert_contact.purpose, 'purpose');
	c.channel := ticket_workflow.require_code('contact_channel', insert_contact.channel, 'channel');
	c.outcome := ticket_workflow.require_code('contact_outcome', insert_contact.outcome, 'outcome');
	if c.outcome = 'sent' and c.channel not in ('sms', 'wechat') then
		perform ticket_workflow.fail('sent_by_voice', null, ticket_workflow.label('contact_channel', c.channel));
	end if;
	c.occurred_at := coalesce(insert_contact.occurred_at, ticket_workflow.now());
	c.marks := ticket_workflow.check_occurred(insert_contact.ticket, c.occurred_at)
		|| ticket_workflow.channel_marks(insert_contact.ticket, c.purpose, c.channel, c.occurred_at);
	c.dispatch_round := ticket_workflow.dispatch_round_at(insert_contact.ticket, c.occurred_at);
	c.organization_id := ticket_workflow.acting_organization(insert_contact.ticket, insert_contact.organization,
		c.purpose in ('center_notice', 'callback'), c.occurred_at);
	c.recorded_at := ticket_workflow.now();
	c.recorded_by := ticket_workflow.actor();
	c.satisfaction := insert_contact.satisfaction;
	c.dissatisfied_with := insert_contact.dissatisfied_with;
	c.solved := insert_contact.solved;
	c.note := ticket_workflow.optional_text(insert_contact.note, 'note');
	insert into ticket_workflow.contact values (c.*);

	-- what comes with the record shows what the record says, so it counts from the same moment
	for given in
		select * from (values ('recording', insert_contact.recording), ('call_log', insert_contact.call_log),
			('sms_screenshot', insert_contact.sms_screenshot)) as g (kind, uri)
		where g.uri is not null
	loop
		perform ticket_workflow.insert_evidence(insert_contact.ticket, given.kind, given.uri, null, c.occurred_at, c.contact_id, null, null);
	end loop;

	perform ticket_workflow.write_journal(c.ticket_id, case c.purpose when 'callback' then 'record_callback' else 'record_contact' end,
		case c.purpose when 'center_notice' then '2.3.2.1' when 'first_contact' then '2.4.1' when 'reply' then '2.3.3' else '3.8' end,
		jsonb_strip_nulls(jsonb_build_object('contact_id', c.contact_id, 'purpose', c.purpose, 'channel', c.channel,
			'outcome', c.outcome, 'organization_id', c.organization_id, 'marks', nullif(to_jsonb(c.marks), '[]'),
			'satisfaction', c.satisfaction, 'dissatisfied_with', c.dissatisfied_with, 'solved', c.solved)),
		c.occurred_at);
	perform ticket_workflow.settle_fact_clocks(c.ticket_id);
	return c.contact_id;
end
$$;
comment on function ticket_workflow.insert_contact(ticket_workflow.ticket, text, text, text, timestamptz, text, text, text, text, text, text, text, boolean) is
	'Stores a contact with its evidence, journals it and settles the clocks of facts';

create or replace function ticket_workflow.record_contact(ticket_id bigint, purpose text, channel text, outcome text,
		occurred_at timestamptz default null, recording text default null, call_log text default null,
		sms_screenshot text default null, organization text default null, note text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_contact.ticket_id, 'record_contact');
begin
	if ticket_workflow.code_of('contact_purpose', record_contact.purpose, 'purpose') = 'callback' then
		perform ticket_workflow.check_callback(t);
	end if;
	return ticket_workflow.insert_contact(t, record_contact.purpose, record_contact.channel, record_contact.outcome,
		record_contact.occurred_at, record_contact.recording, record_contact.call_log, record_contact.sms_screenshot,
		record_contact.organization, record_contact.note);
end
$$;
comment on function ticket_workflow.record_contact(bigint, text, text, text, timestamptz, text, text, text, text, text) is
	'Records a contact with the petitioner, with the URIs of its evidence; a late entry keeps both times and settles its clock as of when it happened. Returns contact_id. Errors: TW005, TW006. Clauses 2.3.2.1, 2.3.3, 2.4.1';

create or replace function ticket_workflow.record_site_visit(ticket_id bigint, no_site boolean default false,
		photos text[] default '{}', occurred_at timestamptz default null, organization text default null, note text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_site_visit.ticket_id, 'record_site_visit');
	v ticket_workflow.site_visit;
	photo text;
begin
	v.visit_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.visit_seq');
	v.center_id := t.center_id;
	v.ticket_id := t.ticket_id;
	v.no_site := coalesce(record_site_visit.no_site, false);
	v.occurred_at := coalesce(record_site_visit.occurred_at, ticket_workflow.now());
	v.marks := ticket_workflow.check_occurred(t, v.occurred_at);
	v.dispatch_round := ticket_workflow.dispatch_round_at(t, v.occurred_at);
	v.organization_id := ticket_workflow.acting_organization(t, record_site_visit.organization, false, v.occurred_at);
	v.recorded_at := ticket_workflow.now();
	v.recorded_by := ticket_workflow.actor();
	v.note := ticket_workflow.optional_text(record_site_visit.note, 'note');
	-- 若无实际现场的可无照片: the declaration takes the place of the photo, so it says why
	if v.no_site and coalesce(btrim(v.note), '') = '' then
		perform ticket_workflow.fail('reason_missing', '2.3.2.2');
	end if;
	insert into ticket_workflow.site_visit values (v.*);
	foreach photo in array coalesce(record_site_visit.photos, '{}') loop
		perform ticket_workflow.insert_evidence(t, 'photo', photo, null, v.occurred_at, null, v.visit_id, null);
	end loop;
	perform ticket_workflow.write_journal(v.ticket_id, 'record_site_visit', '2.3.2.2',
		jsonb_strip_nulls(jsonb_build_object('visit_id', v.visit_id, 'no_site', v.no_site, 'organization_id', v.organization_id,
			'photos', coalesce(cardinality(record_site_visit.photos), 0), 'marks', nullif(to_jsonb(v.marks), '[]'))),
		v.occurred_at);
	perform ticket_workflow.settle_fact_clocks(v.ticket_id);
	return v.visit_id;
end
$$;
comment on function ticket_workflow.record_site_visit(bigint, boolean, text[], timestamptz, text, text) is
	'Records a visit to the site with its photos, or declares, with a reason in note, that there is none. Returns visit_id. Errors: TW005, TW006, TW009. Clause 2.3.2.2';

create or replace function ticket_workflow.record_platform_report(ticket_id bigint, platform text, kind text, receipt text,
		occurred_at timestamptz default null, note text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_platform_report.ticket_id, 'record_platform_report');
	r ticket_workflow.platform_report;
begin
	r.platform_report_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.platform_report_seq');
	r.center_id := t.center_id;
	r.ticket_id := t.ticket_id;
	r.platform := ticket_workflow.require_code('platform', record_platform_report.platform, 'platform');
	r.kind := ticket_workflow.require_code('platform_report_kind', record_platform_report.kind, 'kind');
	r.receipt := ticket_workflow.require_text(record_platform_report.receipt, 'receipt', 200);
	r.occurred_at := coalesce(record_platform_report.occurred_at, ticket_workflow.now());
	r.marks := ticket_workflow.check_occurred(t, r.occurred_at);
	r.recorded_at := ticket_workflow.now();
	r.recorded_by := ticket_workflow.actor();
	r.note := ticket_workflow.optional_text(record_platform_report.note, 'note');
	insert into ticket_workflow.platform_report values (r.*);
	perform ticket_workflow.write_journal(r.ticket_id, 'record_platform_report', '2.3.2.1',
		jsonb_strip_nulls(jsonb_build_object('platform_report_id', r.platform_report_id, 'platform', r.platform,
			'report_kind', r.kind, 'marks', nullif(to_jsonb(r.marks), '[]'))),
		r.occurred_at);
	perform ticket_workflow.settle_fact_clocks(r.ticket_id);
	return r.platform_report_id;
end
$$;
comment on function ticket_workflow.record_platform_report(bigint, text, text, text, timestamptz, text) is
	'Records what went up to the district or city platform (progress, completion, return), with its receipt. Returns platform_report_id. Errors: TW005, TW006. Clause 2.3.2.1';

create or replace function ticket_workflow.add_evidence(ticket_id bigint, kind text, uri text, sha256 text default null,
		taken_at timestamptz default null, contact_id bigint default null, visit_id bigint default null, note text default null)
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(add_evidence.ticket_id, 'add_evidence');
	code constant text := ticket_workflow.require_code('evidence_kind', add_evidence.kind, 'kind');
	evidence_id bigint;
begin
	if add_evidence.contact_id is not null and not exists (
		select from ticket_workflow.contact c
		where c.contact_id = add_evidence.contact_id and c.ticket_id = t.ticket_id) then
		perform ticket_workflow.fail('unknown_row', null, 'contact', add_evidence.contact_id::text);
	end if;
	if add_evidence.visit_id is not null and not exists (
		select from ticket_workflow.site_visit v
		where v.visit_id = add_evidence.visit_id and v.ticket_id = t.ticket_id) then
		perform ticket_workflow.fail('unknown_row', null, 'site_visit', add_evidence.visit_id::text);
	end if;
	evidence_id := ticket_workflow.insert_evidence(t, code, add_evidence.uri, add_evidence.sha256, add_evidence.taken_at,
		add_evidence.contact_id, add_evidence.visit_id, add_evidence.note);
	perform ticket_workflow.write_journal(t.ticket_id, 'add_evidence', '2.3.3',
		jsonb_strip_nulls(jsonb_build_object('evidence_id', evidence_id, 'evidence_kind', code, 'sha256', lower(add_evidence.sha256),
			'contact_id', add_evidence.contact_id, 'visit_id', add_evidence.visit_id)),
		add_evidence.taken_at);
	perform ticket_workflow.settle_fact_clocks(t.ticket_id);
	return evidence_id;
end
$$;
comment on function ticket_workflow.add_evidence(bigint, text, text, text, timestamptz, bigint, bigint, text) is
	'Adds evidence by reference to a ticket, or to one of its contacts or visits; it counts from taken_at, without one from now. Returns evidence_id. Errors: TW005, TW006. Clause 2.3.3';

create or replace function ticket_workflow.insert_absence(ticket ticket_workflow.ticket, subject text, kind text, reason text) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	a ticket_workflow.evidence_absence;
begin
	a.absence_id := ticket_workflow.new_id(insert_absence.ticket.center_id, 'ticket_workflow.absence_seq');
	a.center_id := insert_absence.ticket.center_id;
	a.ticket_id := insert_absence.ticket.ticket_id;
	a.dispatch_round := insert_absence.ticket.dispatch_round;
	a.subject := ticket_workflow.require_code('absence_subject', insert_absence.subject, 'subject');
	a.kind := ticket_workflow.require_code('evidence_kind', insert_absence.kind, 'kind');
	if a.kind = 'signature_image' then
		-- a signature without its image is no signature
		perform ticket_workflow.fail('absence_of_signature', '2.2.2');
	end if;
	a.reason := ticket_workflow.require_reason(insert_absence.reason, case a.subject when 'return' then '2.2.2' when 'site_visit' then '2.3.2.2'
		when 'first_contact' then '2.4.2' else '2.3.3' end);
	if exists (
		select from ticket_workflow.evidence_absence o
		where o.ticket_id = a.ticket_id and o.dispatch_round = a.dispatch_round
			and o.subject = a.subject and o.kind = a.kind and o.voided_at is null) then
		perform ticket_workflow.fail('absence_declared', null, ticket_workflow.label('absence_subject', a.subject),
			ticket_workflow.label('evidence_kind', a.kind));
	end if;
	a.declared_at := ticket_workflow.now();
	a.declared_by := ticket_workflow.actor();
	insert into ticket_workflow.evidence_absence values (a.*);
	perform ticket_workflow.write_journal(a.ticket_id, 'declare_absent', case a.subject when 'return' then '2.2.2' else '2.3.3' end,
		jsonb_build_object('absence_id', a.absence_id, 'subject', a.subject, 'evidence_kind', a.kind));
	return a.absence_id;
end
$$;
comment on function ticket_workflow.insert_absence(ticket_workflow.ticket, text, text, text) is
	'Stores and journals why a kind of evidence does not exist';

create or replace function ticket_workflow.declare_absent(ticket_id bigint, subject text, kind text, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(declare_absent.ticket_id, 'declare_absent');
begin
	return ticket_workflow.insert_absence(t, declare_absent.subject, declare_absent.kind, declare_absent.reason);
end
$$;
comment on function ticket_workflow.declare_absent(bigint, text, text, text) is
	'Declares with a reason that a kind of evidence does not exist for a return, the first contact, the reply or the site visit of the current dispatch. Returns absence_id. Errors: TW005, TW006, TW009. Clauses 2.2.2, 2.3.3';

create or replace function ticket_workflow.void_record(kind text, record_id bigint, reason text) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	code constant text := ticket_workflow.require_code('fact_kind', void_record.kind, 'kind');
	-- of the table named by the kind of fact
	key constant text := case code when 'site_visit' then 'visit_id' when 'evidence_absence' then 'absence_id' else code || '_id' end;
	t ticket_workflow.ticket;
	owning_ticket bigint;
begin
	execute format('select f.ticket_id from ticket_workflow.%I f
		join ticket_workflow.ticket t on t.ticket_id = f.ticket_id
		where f.%I = $1 and ticket_workflow.may_see(t)', code, key)
		into owning_ticket using void_record.record_id;
	if owning_ticket is null then
		perform ticket_workflow.fail('unknown_row', null, code, void_record.record_id::text);
	end if;
	t := ticket_workflow.begin_act(owning_ticket, 'void_record');
	execute format('update ticket_workflow.%I set voided_at = $2, void_reason = $3 where %I = $1', code, key)
		using void_record.record_id, ticket_workflow.now(), ticket_workflow.require_reason(void_record.reason, 'S4');
	return t.ticket_id;
end
$$;
comment on function ticket_workflow.void_record(text, bigint, text) is
	'Marks a wrongly entered contact, site_visit, platform_report, evidence or evidence_absence as void; the clocks it had ended run again. Returns ticket_id. Errors: TW005, TW006, TW009, TW010';

-- Satisfaction is about a result, so there must have been one.
create or replace function ticket_workflow.check_callback(ticket ticket_workflow.ticket) returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	if check_callback.ticket.completed_at is null and check_callback.ticket.reopenings = 0 then
		perform ticket_workflow.fail('callback_before_completion', '3.8', ticket_workflow.label('state', check_callback.ticket.state));
	end if;
end
$$;
comment on function ticket_workflow.check_callback(ticket_workflow.ticket) is 'A callback asks about a result: TW001 before there was one';

create or replace function ticket_workflow.open_review(original ticket_workflow.ticket) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	o constant ticket_workflow.ticket := open_review.original;
	p ticket_workflow.petitioner;
begin
	select * into p from ticket_workflow.petitioner x where x.petitioner_id = o.petitioner_id;
	return ticket_workflow.receive_ticket(
		center => (select c.code from ticket_workflow.center c where c.center_id = o.center_id),
		category => o.category, appeal => o.appeal, source => 'center', kind => 'callback_review',
		matter => (select m.code from ticket_workflow.matter m where m.matter_id = o.matter_id),
		area => (select a.code from ticket_workflow.area a where a.area_id = o.area_id),
		place => o.place, in_territory => o.in_territory,
		petitioner_name => p.name, petitioner_phone => p.phone, petitioner_address => p.address,
		phone_locality => p.phone_locality, original_ticket => o.ticket_id);
end
$$;
comment on function ticket_workflow.open_review(ticket_workflow.ticket) is
	'Receives a callback review ticket of our own for a completed one (2.3.5)';

create or replace function ticket_workflow.record_callback(ticket_id bigint, satisfaction text default null, solved boolean default null,
		dissatisfied_with text default null, channel text default 'ip_phone', outcome text default 'reached',
		occurred_at timestamptz default null, recording text default null, note text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(record_callback.ticket_id, 'record_callback');
	judged text := ticket_workflow.code_of('satisfaction', record_callback.satisfaction, 'satisfaction');
	about text := ticket_workflow.code_of('dissatisfied_with', record_callback.dissatisfied_with, 'dissatisfied_with');
	reached constant boolean := ticket_workflow.require_code('contact_outcome', record_callback.outcome, 'outcome') = 'reached';
	contact_id bigint;
begin
	perform ticket_workflow.check_callback(t);
	if reached and judged is null then
		perform ticket_workflow.fail('text_missing', null, 'satisfaction');
	end if;
	if not reached and (judged is not null or record_callback.solved is not null) then
		perform ticket_workflow.fail('callback_unreached', '3.8');
	end if;
	if about is not null and judged is distinct from 'dissatisfied' then
		perform ticket_workflow.fail('dissatisfied_without', '3.8');
	end if;
	contact_id := ticket_workflow.insert_contact(t, 'callback', record_callback.channel, record_callback.outcome,
		record_callback.occurred_at, record_callback.recording, null, null, null, record_callback.note,
		judged, about, record_callback.solved);
	-- 市民不满意、解决不认可的: the platform sends its review; a desk that opens its own says so in its rulebook
	if (judged = 'dissatisfied' or not record_callback.solved)
		and ticket_workflow.rulebook_setting(t.rulebook, 'review_after_callback') = 'on' then
		perform ticket_workflow.open_review(t);
	end if;
	return contact_id;
end
$$;
comment on function ticket_workflow.record_callback(bigint, text, boolean, text, text, text, timestamptz, text, text) is
	'Records what the petitioner says of a completed ticket: satisfaction, what he is dissatisfied with (handling, efficiency, attitude), whether it is solved. Returns contact_id. Errors: TW001, TW005, TW006. Clause 3.8';

-- ==== sql/contact/recordings.sql

-- Recordings of the first contact and the reply (2.3.3, 2.4.2): which are missing, and asking for them.
-- May touch: notice through its room, journal.

create or replace function ticket_workflow.missing_recordings(ticket_id bigint)
	returns table (subject text, contact_id bigint, occurred_at timestamptz, organization_id bigint)
	language sql stable
begin atomic
	-- only calls can be recorded; one recorded call of each purpose is what the norm asks for
	select distinct on (c.purpose) c.purpose, c.contact_id, c.occurred_at, c.organization_id
	from ticket_workflow.contact c
		join ticket_workflow.ticket t on t.ticket_id = c.ticket_id and t.dispatch_round = c.dispatch_round
	where c.ticket_id = missing_recordings.ticket_id and c.purpose in ('first_contact', 'reply')
		and c.channel in ('ip_phone', 'mobile_phone') and ticket_workflow.contact_reached(c.*)
		and not exists (
			select from ticket_workflow.contact o
				join ticket_workflow.evidence e on e.contact_id = o.contact_id and e.ticket_id = o.ticket_id
			where o.ticket_id = c.ticket_id and o.dispatch_round = c.dispatch_round and o.purpose = c.purpose
				and ticket_workflow.contact_reached(o.*) and e.kind = 'recording' and e.voided_at is null)
		and not exists (
			select from ticket_workflow.evidence_absence a
			where a.ticket_id = c.ticket_id and a.dispatch_round = c.dispatch_round and a.subject = c.purpose
				and a.kind = 'recording' and a.voided_at is null)
	order by c.purpose, c.occurred_at, c.contact_id;
end;
comment on function ticket_workflow.missing_recordings(bigint) is
	'Calls of the first contact and the reply in the current dispatch whose recording is neither there nor declared absent (2.3.3, 2.4.2)';

create or replace function ticket_workflow.recording_problems(ticket_id bigint)
	returns table (message text, clause text, args text[])
	language sql stable
begin atomic
	select 'recording_missing'::text, case m.subject when 'first_contact' then '2.4.2' else '2.3.3' end,
		array[ticket_workflow.label('contact_purpose', m.subject), m.contact_id::text]
	from ticket_workflow.missing_recordings(recording_problems.ticket_id) m
	order by m.subject;
end;
comment on function ticket_workflow.recording_problems(bigint) is
	'The missing recordings as problems that completion names; the report can be submitted without them, not pass';

-- 若发现无录音文件，将联系处置部门/片区信息员，请其通过拨打电话的手机寻找录音文件
create or replace function ticket_workflow.ask_for_recordings(ticket ticket_workflow.ticket) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	missing record;
	asked integer := 0;
begin
	for missing in
		select * from ticket_workflow.missing_recordings(ask_for_recordings.ticket.ticket_id)
	loop
		perform ticket_workflow.notify_post(ask_for_recordings.ticket, who.relation, who.position, 'notice_recording_missing',
				array[ticket_workflow.ticket_number(ask_for_recordings.ticket), '@contact_purpose:' || missing.subject,
					ticket_workflow.local_text(missing.occurred_at, ticket_workflow.ticket_calendar(ask_for_recordings.ticket.center_id))])
			from (values ('lead', 'liaison'), ('area', 'information_officer')) as who (relation, position);
		perform ticket_workflow.write_journal(ask_for_recordings.ticket.ticket_id, 'recording_asked_for',
			case missing.subject when 'first_contact' then '2.4.2' else '2.3.3' end,
			jsonb_build_object('contact_id', missing.contact_id, 'subject', missing.subject));
		asked := asked + 1;
	end loop;
	return asked;
end
$$;
comment on function ticket_workflow.ask_for_recordings(ticket_workflow.ticket) is
	'Asks the handling department and the area''s information officer for missing recordings, by notice (2.3.3). Returns how many are missing';

-- ==== sql/returns/conditions.sql

-- What a return needs to be asked for and to be granted, and how it is counted. Whose signature the n-th one needs
-- stands in approval_rule; sql/approval reads it (signature_problems).
-- May touch: nothing; reads ticket_return, evidence, clocks and the rulebook.

-- The n-th return: those asked for and not withdrawn; the center's own wrong dispatch does not count.
create or replace function ticket_workflow.return_ordinal(ret ticket_workflow.ticket_return, rulebook text) returns integer
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	scope constant text := ticket_workflow.rulebook_setting(return_ordinal.rulebook, 'return_count_scope');
begin
	if scope not in ('ticket', 'department') then
		perform ticket_workflow.fail('setting_malformed', '2.2.2', return_ordinal.rulebook, 'return_count_scope', scope, 'ticket, department');
	end if;
	return 1 + (
		select count(*)
		from ticket_workflow.ticket_return r
		where r.ticket_id = return_ordinal.ret.ticket_id and r.return_id <> return_ordinal.ret.return_id
			and r.state in ('requested', 'granted', 'refused') and not r.own_error
			and (scope = 'ticket' or r.organization_id = return_ordinal.ret.organization_id));
end
$$;
comment on function ticket_workflow.return_ordinal(ticket_workflow.ticket_return, text) is
	'Which return of the ticket (or of its department, setting return_count_scope) this is (2.2.2)';

-- Evidence that the department of this dispatch brought: not what came with the ticket or from the one before.
create or replace function ticket_workflow.round_evidence(ticket ticket_workflow.ticket) returns setof ticket_workflow.evidence
	language sql stable
begin atomic
	select e.*
	from ticket_workflow.evidence e
		left join ticket_workflow.contact c on c.contact_id = e.contact_id
		left join ticket_workflow.site_visit v on v.visit_id = e.visit_id
	where e.ticket_id = (round_evidence.ticket).ticket_id and e.voided_at is null
		and e.added_at >= (round_evidence.ticket).dispatched_at
		and (c.contact_id is null or c.voided_at is null and c.dispatch_round = (round_evidence.ticket).dispatch_round)
		and (v.visit_id is null or v.voided_at is null and v.dispatch_round = (round_evidence.ticket).dispatch_round);
end;
comment on function ticket_workflow.round_evidence(ticket_workflow.ticket) is 'Evidence added under the current dispatch, without that of voided facts and earlier dispatches';

create or replace function ticket_workflow.return_window(ticket ticket_workflow.ticket) returns ticket_workflow.clock
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	found_clock ticket_workflow.clock;
begin
	select c.* into found_clock
		from ticket_workflow.clock c
		where c.ticket_id = return_window.ticket.ticket_id and c.clock = 'return_window'
			and c.dispatch_round = return_window.ticket.dispatch_round
		order by c.round desc
		limit 1;
	return found_clock;
end
$$;
comment on function ticket_workflow.return_window(ticket_workflow.ticket) is 'The return window of the current dispatch; NULL where the rulebook gives none';

-- Running out at the due time, not before: an event at the due time is on time (T3).
create or replace function ticket_workflow.window_open(window_clock ticket_workflow.clock, at timestamptz) returns boolean
	language sql immutable
	return window_clock.clock_id is null
		or window_clock.status in ('running', 'paused') and window_open.at <= window_clock.due_at;
comment on function ticket_workflow.window_open(ticket_workflow.clock, timestamptz) is 'May a return out of duty be asked for at that moment (2.2.2)';

create or replace function ticket_workflow.return_request_problems(ret ticket_workflow.ticket_return, ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	window_clock constant ticket_workflow.clock := ticket_workflow.return_window(return_request_problems.ticket);
	of_clause constant text := case return_request_problems.ret.ground when 'out_of_area' then '2.2.1' else '2.2.2' end;
begin
	-- 最晚4个工作日内提出，逾期不退，视作接收; out of area there is no window
	if ret.ground = 'out_of_duty' and not ticket_workflow.window_open(window_clock, ticket_workflow.now()) then
		return query select 'return_window_over'::text, '2.2.2'::text, array[to_char(window_clock.due_on, 'YYYY-MM-DD')];
	end if;
	if coalesce(btrim(ret.reason), '') = '' then
		return query select 'reason_missing'::text, of_clause, '{}'::text[];
	end if;
	-- 写明退单理由及应转派何部门
	if ret.ground = 'out_of_area' and coalesce(btrim(ret.should_go_to), '') = '' then
		return query select 'return_target_missing'::text, '2.2.1'::text, '{}'::text[];
	end if;
	return query
		select 'return_evidence_missing'::text, q.clause, array[ticket_workflow.label('evidence_kind', q.kind)]
		from ticket_workflow.required_evidence q
		where q.rulebook = return_request_problems.ticket.rulebook and q.subject = return_request_problems.ret.ground
			and not exists (
				select from ticket_workflow.round_evidence(return_request_problems.ticket) e where e.kind = q.kind)
			and not exists (
				select from ticket_workflow.evidence_absence a
				where a.ticket_id = return_request_problems.ticket.ticket_id and a.dispatch_round = return_request_problems.ticket.dispatch_round
					and a.subject = 'return' and a.kind = q.kind and a.voided_at is null)
		order by q.kind;
end
$$;
comment on function ticket_workflow.return_request_problems(ticket_workflow.ticket_return, ticket_workflow.ticket) is
	'What is missing for a return to be asked for: window, reason, where it should go, evidence (2.2.1, 2.2.2)';

create or replace function ticket_workflow.return_grant_problems(ret ticket_workflow.ticket_return, ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
		select p.message, p.clause, p.args
		from ticket_workflow.first_contact_problems(return_grant_problems.ticket, return_grant_problems.ret.dispatch_round,
			return_grant_problems.ticket.dispatched_at) p;
	return query
		select p.message, p.clause, p.args
		from ticket_workflow.signature_problems('return', return_grant_problems.ret.return_id) p;
end
$$;
comment on function ticket_workflow.return_grant_problems(ticket_workflow.ticket_return, ticket_workflow.ticket) is
	'What is missing for a return to be granted: the first contact (2.4.1), the signatures (2.2.2)';

create or replace function ticket_workflow.return_problems(return_id bigint)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.ticket_return;
	t ticket_workflow.ticket;
begin
	select * into r from ticket_workflow.ticket_return o where o.return_id = return_problems.return_id;
	select * into t from ticket_workflow.ticket o where o.ticket_id = r.ticket_id;
	case r.state
	when 'draft' then
		return query select p.message, p.clause, p.args from ticket_workflow.return_request_problems(r, t) p;
	when 'requested' then
		return query select p.message, p.clause, p.args from ticket_workflow.return_grant_problems(r, t) p;
	else
		null;
	end case;
end
$$;
comment on function ticket_workflow.return_problems(bigint) is
	'What stands in the way of a return''s next step: of asking for a draft, of granting a request; no row when nothing does';

-- The ticket follows its return, never the other way round.
create or replace function ticket_workflow.return_transition_problems(ticket_id bigint, act text)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	-- the state of the return from which the act on the ticket follows
	needed constant text := case return_transition_problems.act when 'request_return' then 'requested'
		when 'grant_return' then 'granted' when 'refuse_return' then 'refused' when 'withdraw_return' then 'withdrawn' end;
	latest text;
begin
	select r.state into latest
		from ticket_workflow.ticket_return r
		where r.ticket_id = return_transition_problems.ticket_id and r.state <> 'draft'
		-- the open one, if there is one, else the one that was decided last
		order by (r.state = 'requested') desc, r.requested_at desc, r.return_id desc
		limit 1;
	if latest is distinct from needed then
		return query select case needed when 'requested' then 'return_not_requested' else 'return_not_decided' end, '2.2'::text,
			array[ticket_workflow.label('return_state', needed)];
	end if;
end
$$;
comment on function ticket_workflow.return_transition_problems(bigint, text) is
	'A ticket enters and leaves return_requested only with its return: asked for, granted, refused or withdrawn';

-- ==== sql/returns/functions.sql

-- Asking for a return, taking it back, deciding it. Each fills in an UPDATE of ticket_return;
-- sql/returns/guards.sql judges it and lets ticket and journal follow.
-- May touch: ticket_return, evidence, evidence_absence.

create or replace function ticket_workflow.request_return(ticket_id bigint, ground text, reason text,
		should_go_to text default null, upward text default null,
		documents text[] default '{}', recordings text[] default '{}', photos text[] default '{}', waivers jsonb default '{}')
	returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	r ticket_workflow.ticket_return;
	given record;
begin
	r.ground := ticket_workflow.require_code('return_ground', request_return.ground, 'ground');
	-- who may ask depends on the ground: the information officer (2.2.1), the handling department (2.2.2)
	t := ticket_workflow.begin_act(request_return.ticket_id, 'return_' || r.ground);
	if t.state not in ('dispatched', 'accepted') then
		perform ticket_workflow.fail('illegal_transition', 'S4', t.state, 'return_requested');
	end if;
	for given in
		select 'document' as kind, u.uri from unnest(request_return.documents) u (uri)
		union all
		select 'recording', u.uri from unnest(request_return.recordings) u (uri)
		union all
		select 'photo', u.uri from unnest(request_return.photos) u (uri)
	loop
		perform ticket_workflow.insert_evidence(t, given.kind, given.uri, null, null, null, null, null);
	end loop;
	if request_return.waivers is not null and jsonb_typeof(request_return.waivers) <> 'object' then
		perform ticket_workflow.fail('waivers_malformed', '2.2.2');
	end if;
	for given in
		-- what a return before this one declared holds on for the same dispatch
		select w.key as kind, w.value as reason
		from jsonb_each_text(request_return.waivers) w
		where not exists (
			select from ticket_workflow.evidence_absence a
			where a.ticket_id = t.ticket_id and a.dispatch_round = t.dispatch_round and a.subject = 'return'
				and a.kind = w.key and a.reason = w.value and a.voided_at is null)
	loop
		perform ticket_workflow.insert_absence(t, 'return', given.kind, given.reason);
	end loop;

	r.return_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.return_seq');
	r.center_id := t.center_id;
	r.ticket_id := t.ticket_id;
	r.dispatch_round := t.dispatch_round;
	-- a return is the lead department's, also when the information officer asks: it is counted and signed there
	r.organization_id := t.lead_department_id;
	r.upward := ticket_workflow.code_of('platform', request_return.upward, 'upward');
	-- an empty one is the guard's to refuse
	r.reason := coalesce(ticket_workflow.optional_text(request_return.reason, 'reason'), '');
	r.should_go_to := ticket_workflow.optional_text(request_return.should_go_to, 'should_go_to', 200);
	r.state := 'draft';
	r.own_error := false;
	r.marks := '{}';
	insert into ticket_workflow.ticket_return values (r.*);
	update ticket_workflow.ticket_return o set state = 'requested' where o.return_id = r.return_id;
	return r.return_id;
end
$$;
comment on function ticket_workflow.request_return(bigint, text, text, text, text, text[], text[], text[], jsonb) is
	'Asks the center to take a ticket back: out_of_area (by the information officer, with the department it should go to) or out_of_duty (by the handling department, within the window, with document, recording and photo, or waivers {"photo": "reason"}); upward names the platform it should go back to. Returns return_id. Errors: TW001, TW004, TW005, TW006, TW008, TW009. Clauses 2.2.1, 2.2.2';

-- What one may not see does not exist.
create or replace function ticket_workflow.begin_return_act(return_id bigint, act text) returns ticket_workflow.ticket_return
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.ticket_return;
begin
	select o.* into r
		from ticket_workflow.ticket_return o
			join ticket_workflow.ticket t on t.ticket_id = o.ticket_id
		where o.return_id = begin_return_act.return_id and ticket_workflow.may_see(t);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'return', begin_return_act.return_id::text);
	end if;
	perform ticket_workflow.begin_act(r.ticket_id, begin_return_act.act);
	-- as it is behind the lock
	select o.* into strict r from ticket_workflow.ticket_return o where o.return_id = begin_return_act.return_id;
	return r;
end
$$;
comment on function ticket_workflow.begin_return_act(bigint, text) is 'Head of the acts on a return: begin_act() of its ticket, then the return as it is behind the lock';

create or replace function ticket_workflow.withdraw_return(return_id bigint, reason text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.ticket_return := ticket_workflow.begin_return_act(withdraw_return.return_id, 'withdraw_return');
begin
	update ticket_workflow.ticket_return o
		set state = 'withdrawn', decision_reason = ticket_workflow.optional_text(withdraw_return.reason, 'reason')
		where o.return_id = r.return_id;
	return r.ticket_id;
end
$$;
comment on function ticket_workflow.withdraw_return(bigint, text) is
	'Takes a return back before it is decided: it does not count, the department keeps the ticket and its window runs on. Returns ticket_id. Errors: TW001, TW005, TW006. Clause 2.2';

create or replace function ticket_workflow.decide_return(return_id bigint, granted boolean, reason text default null,
		own_error boolean default false, unfounded boolean default true) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.ticket_return := ticket_workflow.begin_return_act(decide_return.return_id, 'decide_return');
begin
	if decide_return.granted is null then
		perform ticket_workflow.fail('text_missing', null, 'granted');
	end if;
	update ticket_workflow.ticket_return o
		set state = case when decide_return.granted then 'granted' else 'refused' end,
			decision_reason = ticket_workflow.optional_text(decide_return.reason, 'reason'),
			own_error = coalesce(decide_return.own_error, false),
			marks = case when not decide_return.granted and coalesce(decide_return.unfounded, true)
				then o.marks || 'unfounded'::text else o.marks end
		where o.return_id = r.return_id;
	return r.ticket_id;
end
$$;
comment on function ticket_workflow.decide_return(bigint, boolean, text, boolean, boolean) is
	'The center grants a return (back for re-dispatch, or upward) or refuses it with a reason; own_error: the center''s wrong dispatch, which does not count; unfounded: refused for its substance, a sign of an improper return. Returns ticket_id. Errors: TW001, TW002, TW005, TW006, TW008, TW009. Clauses 2.2, 2.4.1, 3.8';

-- ==== sql/report/phrases.sql

-- The text engine and the phrases it works by.
-- May touch: phrase.

create or replace function ticket_workflow.check_report_text(body text, points text default null, rulebook text default null,
		reported_on date default null, appeal text default null, category text default null,
		has_contact boolean default true, petitioner_phone text default null)
	returns table (code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text)
	language c stable parallel safe rows 5 as 'MODULE_PATHNAME', 'tw_sql_check_report_text';
comment on function ticket_workflow.check_report_text(text, text, text, date, text, text, boolean, text) is
	'Checks a completion report against the seven elements and seven prohibitions of annex 4. start_pos counts characters of body, or of body, a line break and points; NULL for what is missing. Errors: TW006, TW012';

create or replace function ticket_workflow.test_phrase(pattern text, sample text)
	returns table (start_pos integer, length integer, excerpt text)
	language c stable parallel safe rows 5 as 'MODULE_PATHNAME', 'tw_sql_test_phrase';
comment on function ticket_workflow.test_phrase(text, text) is
	'Where a pattern would be found in a text, disguises undone, before harmless words and waivers. Errors: TW006, TW012';

create or replace function ticket_workflow.check_phrase(code text, role text, pattern text, severity text, waiver text) returns void
	language c stable parallel safe as 'MODULE_PATHNAME', 'tw_sql_check_phrase';
comment on function ticket_workflow.check_phrase(text, text, text, text, text) is
	'TW012 for a phrase the engine could not use: an unknown role, a gap without a number, a pattern without words';

create or replace function ticket_workflow.fold_text(given text) returns text
	language c immutable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_fold_text';
comment on function ticket_workflow.fold_text(text) is
	'A text as phrases are compared with it: compatibility forms and traditional characters replaced, invisible characters dropped (R1). Errors: TW006';

create or replace function ticket_workflow.fold_compatible(given text) returns text
	language c immutable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_fold_compatible';
comment on function ticket_workflow.fold_compatible(text) is
	'NFKC of each character by itself, from the engine''s own table; for the test that compares it with normalize()';

create or replace function ticket_workflow.text_similarity(a text, b text) returns real
	language c immutable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_text_similarity';
comment on function ticket_workflow.text_similarity(text, text) is
	'How alike two texts are, 0 to 1: Dice''s coefficient of their adjacent character pairs, disguises undone. Errors: TW006';

create or replace function ticket_workflow.add_phrase(rulebook text, role text, code text, pattern text,
		severity text default null, clause text default null, waiver text default null) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	judges constant boolean := add_phrase.role in ('prohibited', 'synonym', 'hollow');
begin
	perform ticket_workflow.require_capability('manager', null);
	if not exists (select from ticket_workflow.rulebook r where r.rulebook = add_phrase.rulebook) then
		perform ticket_workflow.fail('unknown_rulebook', null, left(add_phrase.rulebook, 60), (
			select string_agg(r.rulebook, ', ') from ticket_workflow.rulebook r));
	end if;
	perform ticket_workflow.require_text(add_phrase.pattern, 'pattern', 800);
	perform ticket_workflow.check_phrase(coalesce(add_phrase.code, '*'), add_phrase.role, add_phrase.pattern,
		add_phrase.severity, add_phrase.waiver);
	if add_phrase.clause is not null and not exists (
			select from ticket_workflow.clause c where c.clause = add_phrase.clause) then
		perform ticket_workflow.fail('phrase_unknown_clause', null, add_phrase.pattern, add_phrase.clause);
	end if;
	insert into ticket_workflow.phrase (rulebook, role, code, pattern, severity, clause, waiver)
		values (add_phrase.rulebook, add_phrase.role, coalesce(add_phrase.code, '*'), add_phrase.pattern, add_phrase.severity,
			case when judges then coalesce(add_phrase.clause, 'A4.2.' || substr(add_phrase.code, 2)) else add_phrase.clause end,
			add_phrase.waiver);
exception when unique_violation then
	perform ticket_workflow.fail('phrase_exists', null, add_phrase.pattern);
end
$$;
comment on function ticket_workflow.add_phrase(text, text, text, text, text, text, text) is
	'Adds a phrase to a rulebook; reports are judged by it from the next check on. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.change_phrase(rulebook text, role text, code text, pattern text,
		severity text, clause text default null, waiver text default null) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.require_capability('manager', null);
	perform ticket_workflow.check_phrase(change_phrase.code, change_phrase.role, change_phrase.pattern,
		change_phrase.severity, change_phrase.waiver);
	if change_phrase.clause is not null and not exists (
			select from ticket_workflow.clause c where c.clause = change_phrase.clause) then
		perform ticket_workflow.fail('phrase_unknown_clause', null, change_phrase.pattern, change_phrase.clause);
	end if;
	update ticket_workflow.phrase p
		set severity = change_phrase.severity, clause = coalesce(change_phrase.clause, p.clause), waiver = change_phrase.waiver
		where p.rulebook = change_phrase.rulebook and p.role = change_phrase.role and p.code = change_phrase.code
			and p.pattern = change_phrase.pattern;
	if not found then
		perform ticket_workflow.fail('phrase_missing', null, change_phrase.pattern, change_phrase.rulebook);
	end if;
end
$$;
comment on function ticket_workflow.change_phrase(text, text, text, text, text, text, text) is
	'Changes severity, clause and waiver of a phrase. Errors: TW005, TW012';

create or replace function ticket_workflow.remove_phrase(rulebook text, role text, code text, pattern text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.require_capability('manager', null);
	delete from ticket_workflow.phrase p
		where p.rulebook = remove_phrase.rulebook and p.role = remove_phrase.role and p.code = remove_phrase.code
			and p.pattern = remove_phrase.pattern;
	if not found then
		perform ticket_workflow.fail('phrase_missing', null, remove_phrase.pattern, remove_phrase.rulebook);
	end if;
end
$$;
comment on function ticket_workflow.remove_phrase(text, text, text, text) is 'Removes a phrase from a rulebook. Errors: TW005, TW012';

create or replace function ticket_workflow.raise_phrase_severity(rulebook text, code text, severity text default 'reject') returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	changed integer;
begin
	perform ticket_workflow.require_capability('manager', null);
	if raise_phrase_severity.severity is null or raise_phrase_severity.severity not in ('reject', 'review', 'advice') then
		perform ticket_workflow.fail('phrase_unknown_severity', null, '', raise_phrase_severity.severity);
	end if;
	-- the engine's word on it: P3 is never decided by the machine alone (R8)
	perform ticket_workflow.check_phrase(raise_phrase_severity.code, 'synonym', '某', raise_phrase_severity.severity, null);
	update ticket_workflow.phrase p
		set severity = raise_phrase_severity.severity
		where p.rulebook = raise_phrase_severity.rulebook and p.role = 'synonym' and p.code = raise_phrase_severity.code
			and p.severity <> raise_phrase_severity.severity;
	get diagnostics changed = row_count;
	return changed;
end
$$;
comment on function ticket_workflow.raise_phrase_severity(text, text, text) is
	'Sets the severity of all synonyms of a prohibition (review as shipped), in a center''s own copy of a rulebook; returns how many changed. Errors: TW005, TW012';

create or replace trigger invalidate_cache_before before insert or update or delete or truncate
	on ticket_workflow.phrase for each statement execute function ticket_workflow.invalidate_cache();
create or replace trigger invalidate_cache_after after insert or update or delete or truncate
	on ticket_workflow.phrase for each statement execute function ticket_workflow.invalidate_cache();
create or replace trigger invalidate_cache_replica after insert or update or delete
	on ticket_workflow.phrase for each row execute function ticket_workflow.invalidate_cache();
alter table ticket_workflow.phrase enable always trigger invalidate_cache_before;
alter table ticket_workflow.phrase enable always trigger invalidate_cache_after;
alter table ticket_workflow.phrase enable replica trigger invalidate_cache_replica;

-- ==== sql/report/options.sql

-- Options of annexes 3 and 5: from what people write to codes, and what a combination is worth.
-- May touch: nothing; reads finding_option, finding_relation, rulebook_setting.

create or replace function ticket_workflow.finding_code(rulebook text, category text, dimension text, given text) returns text
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	wanted constant text := lower(btrim(finding_code.given));
	code text;
	allowed text;
begin
	if coalesce(wanted, '') = '' then
		return null;
	end if;
	select o.code into code
		from ticket_workflow.finding_option o
		where o.rulebook = finding_code.rulebook and o.dimension = finding_code.dimension
			and o.category = finding_code.category and wanted in (o.code, o.zh, lower(o.en))
		order by o.code <> wanted limit 1;
	if code is not null then
		return code;
	end if;

	select string_agg(format('%s (%s)', o.code, case ticket_workflow.language() when 'en' then o.en else o.zh end),
			', ' order by o.ordinal)
		into allowed
		from ticket_workflow.finding_option o
		where o.rulebook = finding_code.rulebook and o.dimension = finding_code.dimension
			and o.category = finding_code.category;
	-- known, but of another category: that is the relation of annexes 3 and 5, not a slip of the pen
	if exists (
		select from ticket_workflow.finding_option o
		where o.rulebook = finding_code.rulebook and o.dimension = finding_code.dimension
			and wanted in (o.code, o.zh, lower(o.en)))
	then
		if allowed is null then
			perform ticket_workflow.fail('finding_not_for_category', 'A5',
				ticket_workflow.label('finding_dimension', finding_code.dimension),
				ticket_workflow.label('category', finding_code.category));
		end if;
		perform ticket_workflow.fail('finding_of_other_category', case finding_code.dimension when 'fact_finding' then 'A3' else 'A5' end,
			ticket_workflow.label('finding_dimension', finding_code.dimension), finding_code.given,
			ticket_workflow.label('category', finding_code.category), allowed);
	end if;
	perform ticket_workflow.fail('finding_unknown', case finding_code.dimension when 'fact_finding' then 'A3' else 'A5' end,
		ticket_workflow.label('finding_dimension', finding_code.dimension), left(finding_code.given, 100), allowed);
	return null;
end
$$;
comment on function ticket_workflow.finding_code(text, text, text, text) is
	'Code of a finding given as code, Chinese or English, within the rulebook and category; TW007 for an option of another category, TW006 for an unknown one';

create or replace function ticket_workflow.finding_label(rulebook text, dimension text, category text, code text) returns text
	language sql stable parallel safe
	return (select case when ticket_workflow.language() = 'en' then o.en else o.zh end
			from ticket_workflow.finding_option o
			where o.rulebook = finding_label.rulebook and o.dimension = finding_label.dimension
				and o.category = finding_label.category and o.code = finding_label.code);
comment on function ticket_workflow.finding_label(text, text, text, text) is
	'What a finding is called in the session''s language';

create or replace function ticket_workflow.relation_verdict(rulebook text, category text, fact_finding text,
		claim_finding text, handling_result text) returns text
	language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	-- annex 5 itself is not known to us: what our table does not list is warned, never refused
	return coalesce((select r.verdict
			from ticket_workflow.finding_relation r
			where r.rulebook = relation_verdict.rulebook and r.category = relation_verdict.category
				and r.fact_finding = relation_verdict.fact_finding
				and r.claim_finding is not distinct from relation_verdict.claim_finding
				and r.handling_result = relation_verdict.handling_result), 'warn');
end
$$;
comment on function ticket_workflow.relation_verdict(text, text, text, text, text) is
	'What annex 5 says of a combination of findings: allow, or warn (also for what it does not list), which needs a reason';

create or replace function ticket_workflow.mentions(body text, words text) returns boolean
	language sql immutable parallel safe
	-- words of a setting: plain, separated by |
	return exists (select from string_to_table(words, '|') as w (word) where w.word <> '' and strpos(body, w.word) > 0);
comment on function ticket_workflow.mentions(text, text) is 'Whether a text holds one of the words, which stand separated by |';

-- "The same thing" is what a person linked to one incident, and beyond that what a machine can tell: the
-- same telephone with the same matter, or the same matter at the same place. Tickets up to this one
-- count, so that the answer does not change once a report is signed; a callback review is the
-- platform's question, not another complaint, and what was withdrawn was none.
create or replace function ticket_workflow.repeated_ticket(ticket_id bigint)
	returns table (repeat_kind text, other_id bigint, number text, person text)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	this ticket_workflow.ticket;
	this_phone text;
	since timestamptz;
begin
	select * into this from ticket_workflow.ticket t where t.ticket_id = repeated_ticket.ticket_id;
	if not found then
		return;
	end if;
	since := this.received_at
		- make_interval(hours => 24 * ticket_workflow.rulebook_setting(this.rulebook, 'repeat_span_days')::integer);
	select p.phone into this_phone from ticket_workflow.petitioner p where p.petitioner_id = this.petitioner_id;
	return query
		select 'same_person', t.ticket_id, coalesce(t.external_no, t.ticket_id::text), p.phone
			from ticket_workflow.petitioner p
				join ticket_workflow.ticket t on t.petitioner_id = p.petitioner_id
			where p.center_id = this.center_id and p.phone = this_phone and t.matter_id = this.matter_id
				and t.kind <> 'callback_review' and t.state <> 'withdrawn'
				and (t.received_at, t.ticket_id) <= (this.received_at, this.ticket_id) and t.received_at > since
		union all
		select 'several_persons', t.ticket_id, coalesce(t.external_no, t.ticket_id::text),
				coalesce(p.phone, 'petitioner ' || t.petitioner_id::text, 'ticket ' || t.ticket_id::text)
			-- offset 0: the place finds the few, the span of time would read a year of the desk
			from (
					select o.* from ticket_workflow.ticket o
					where o.center_id = this.center_id and o.matter_id = this.matter_id
						and hashtextextended(o.place, 0) = hashtextextended(this.place, 0) and o.place = this.place
					offset 0
				) t
				left join ticket_workflow.petitioner p on p.petitioner_id = t.petitioner_id
			where t.kind <> 'callback_review' and t.state <> 'withdrawn'
				and (t.received_at, t.ticket_id) <= (this.received_at, this.ticket_id) and t.received_at > since
		-- linked by a person: however long ago. A ticket found both ways counts once
		union
		select unnest(case when p.phone = this_phone then array['same_person', 'several_persons'] else array['several_persons'] end),
				t.ticket_id, coalesce(t.external_no, t.ticket_id::text),
				coalesce(p.phone, 'petitioner ' || t.petitioner_id::text, 'ticket ' || t.ticket_id::text)
			from ticket_workflow.incident_ticket mine
				join ticket_workflow.incident_ticket l on l.incident_id = mine.incident_id and l.unlinked_at is null
				join ticket_workflow.ticket t on t.ticket_id = l.ticket_id
				left join ticket_workflow.petitioner p on p.petitioner_id = t.petitioner_id
			where mine.ticket_id = this.ticket_id and mine.unlinked_at is null
				and (t.ticket_id = this.ticket_id or t.kind <> 'callback_review' and t.state <> 'withdrawn'
					and (t.received_at, t.ticket_id) <= (this.received_at, this.ticket_id));
end
$$;
comment on function ticket_workflow.repeated_ticket(bigint) is
	'Tickets that say the same thing as this one, itself included: by the same telephone (same_person), at the same place (several_persons). For the extension''s own use: person is a telephone';

create or replace function ticket_workflow.repeat_kind_of(ticket_id bigint) returns setof text
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	rulebook_of_ticket text;
begin
	select t.rulebook into rulebook_of_ticket from ticket_workflow.ticket t where t.ticket_id = repeat_kind_of.ticket_id;
	return query
		select r.repeat_kind
		from ticket_workflow.repeated_ticket(repeat_kind_of.ticket_id) r
		group by r.repeat_kind
		having case r.repeat_kind
			when 'same_person' then count(*)
				>= ticket_workflow.rulebook_setting(rulebook_of_ticket, 'repeat_same_person')::integer
			else count(distinct r.person)
				>= ticket_workflow.rulebook_setting(rulebook_of_ticket, 'repeat_several_persons')::integer
		end;
end
$$;
comment on function ticket_workflow.repeat_kind_of(bigint) is
	'Whether a ticket repeats a matter: same_person (the third of the same telephone, 2.3.6.1), several_persons (2.3.6.2); none, one or both';

create or replace function ticket_workflow.matters_of_petitioner(ticket_id bigint) returns integer
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (
		select count(distinct o.matter_id)::integer
		from ticket_workflow.ticket t
			join ticket_workflow.petitioner p on p.petitioner_id = t.petitioner_id
			join ticket_workflow.petitioner q on q.center_id = p.center_id and q.phone = p.phone
			join ticket_workflow.ticket o on o.petitioner_id = q.petitioner_id
		where t.ticket_id = matters_of_petitioner.ticket_id and o.state <> 'withdrawn'
			and (o.received_at, o.ticket_id) <= (t.received_at, t.ticket_id)
			and o.received_at > t.received_at - make_interval(hours =>
				24 * ticket_workflow.rulebook_setting(t.rulebook, 'repeat_span_days')::integer));
end
$$;
comment on function ticket_workflow.matters_of_petitioner(bigint) is
	'How many different matters the same telephone has brought up to this ticket (2.3.6.3)';

-- ==== sql/report/findings.sql

-- What is wrong with a report: the words of its text, and what the ticket's own rows say.
-- Codes of the text are capital letters and a digit (E1, P3, N1): judged when the report is submitted,
-- stored, and overruled by a reviewer. Codes of the rows are words (recording, relation): they follow
-- the rows until the last moment, and are never overruled, since what is missing can be brought.
-- May touch: nothing; reads the report, its ticket and the facts recorded for it.

create or replace function ticket_workflow.finding_of_text(code text) returns boolean
	language sql immutable parallel safe
	return code ~ '^[A-Z]+[0-9]';
comment on function ticket_workflow.finding_of_text(text) is
	'Whether a finding is about the text, judged at submission and overruled by a reviewer, or about the ticket''s rows';

-- The one place where the text engine is asked, with what the ticket knows and the text may not say.
create or replace function ticket_workflow.report_text_findings(report_id bigint)
	returns table (code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
	t ticket_workflow.ticket;
	facts record;
begin
	select x.* into strict r from ticket_workflow.report x where x.report_id = report_text_findings.report_id;
	select x.* into strict t from ticket_workflow.ticket x where x.ticket_id = r.ticket_id;
	facts := ticket_workflow.report_facts(r, t);
	return query
		select f.code, f.severity, f.start_pos, f.length, f.excerpt, f.message, f.clause
		from ticket_workflow.check_report_text(body => r.body, points => r.points, rulebook => t.rulebook,
			reported_on => facts.reported_on, appeal => t.appeal, category => t.category,
			-- R7: three documented failed attempts count as contact that could not be made
			has_contact => facts.has_phone and not facts.failed,
			petitioner_phone => (select p.phone from ticket_workflow.petitioner p where p.petitioner_id = t.petitioner_id)) f;
end
$$;
comment on function ticket_workflow.report_text_findings(bigint) is
	'Findings of the text engine for a report, with what the ticket knows of category, contact and day';

create or replace function ticket_workflow.absence_declared(ticket ticket_workflow.ticket, subject text, kind text) returns boolean
	language sql stable
	return exists (
		select from ticket_workflow.evidence_absence a
		where a.ticket_id = (ticket).ticket_id and a.dispatch_round = (ticket).dispatch_round
			and a.subject = absence_declared.subject and a.kind = absence_declared.kind and a.voided_at is null);
comment on function ticket_workflow.absence_declared(ticket_workflow.ticket, text, text) is
	'Whether the department that has the ticket declared, with a reason, that a kind of evidence does not exist';

-- What the petitioner was told and when, as the recorded facts have it.
create or replace function ticket_workflow.report_facts(report ticket_workflow.report, ticket ticket_workflow.ticket,
		out has_phone boolean, out first_contact_at timestamptz, out reached boolean, out failed boolean,
		out replied_at timestamptz, out own_phone boolean, out reported_on date)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	phone text;
begin
	select p.phone into phone from ticket_workflow.petitioner p where p.petitioner_id = (report_facts.ticket).petitioner_id;
	has_phone := ticket_workflow.has_contact(report_facts.ticket);
	reached := exists (
		select from ticket_workflow.contact c
		where c.ticket_id = (report_facts.ticket).ticket_id and c.dispatch_round = (report_facts.ticket).dispatch_round
			and c.purpose = 'first_contact' and c.outcome = 'reached' and c.voided_at is null);
	first_contact_at := ticket_workflow.clock_fact_time(report_facts.ticket, 'first_contact');
	failed := first_contact_at is not null and not reached;
	select max(c.occurred_at) into replied_at
		from ticket_workflow.contact c
		where c.ticket_id = (report_facts.ticket).ticket_id and c.dispatch_round = (report_facts.ticket).dispatch_round
			and c.purpose = 'reply' and c.outcome in ('reached', 'sent') and c.voided_at is null;
	-- R6: the handler's telephone is neither the petitioner's nor the hotline
	own_phone := (report_facts.report).responsible_phone is not null
		and regexp_replace((report_facts.report).responsible_phone, '[^0-9]', '', 'g') not in ('', '12345', '02112345')
		and regexp_replace((report_facts.report).responsible_phone, '[^0-9]', '', 'g')
			is distinct from regexp_replace(phone, '[^0-9]', '', 'g');
	reported_on := ticket_workflow.local_day(coalesce((report_facts.report).submitted_at, ticket_workflow.now()),
		ticket_workflow.ticket_calendar((report_facts.ticket).center_id));
end
$$;
comment on function ticket_workflow.report_facts(ticket_workflow.report, ticket_workflow.ticket) is
	'What recorded contacts and fields say for a report: reached or failed, replied, a telephone of the handler''s own, the day of the report';

create or replace function ticket_workflow.report_row_findings(report ticket_workflow.report, ticket ticket_workflow.ticket)
	returns table (code text, severity text, message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r constant ticket_workflow.report := report_row_findings.report;
	t constant ticket_workflow.ticket := report_row_findings.ticket;
	facts record;
	written text;
	asked text;
	given text;
	fits boolean;
	chosen boolean := true;
	repeats text[];
	missing text;
	item record;
begin
	facts := ticket_workflow.report_facts(r, t);
	written := r.body || coalesce(E'\n' || r.points, '');

	-- annex 3 and 5: options of the ticket's category, in a relation that makes sense
	foreach asked in array array['fact_finding', 'claim_finding', 'handling_result'] loop
		given := case asked when 'fact_finding' then r.fact_finding
			when 'claim_finding' then r.claim_finding else r.handling_result end;
		select coalesce(bool_or(o.code = given), false), count(*) > 0 into fits, chosen
			from ticket_workflow.finding_option o
			where o.rulebook = t.rulebook and o.dimension = asked and o.category = t.category;
		if given is null and chosen then
			return query values (asked, 'reject', 'report_finding_missing',
				case asked when 'fact_finding' then 'A3' else '2.4.3' end,
				array[ticket_workflow.label('finding_dimension', asked)]);
		elsif given is not null and not fits then
			-- chosen before the ticket's category was corrected
			return query values (asked, 'reject', 'report_finding_does_not_fit',
				case asked when 'fact_finding' then 'A3' else 'A5' end,
				array[ticket_workflow.label('finding_dimension', asked), given,
					ticket_workflow.label('category', t.category)]);
		end if;
	end loop;
	if r.fact_finding is not null and r.handling_result is not null
		and ticket_workflow.relation_verdict(t.rulebook, t.category, r.fact_finding, r.claim_finding, r.handling_result) = 'warn'
	then
		return query values ('relation', case when r.relation_reason is null then 'reject' else 'advice' end,
			case when r.relation_reason is null then 'report_relation_needs_reason' else 'report_relation_warned' end, 'A5',
			array[ticket_workflow.finding_label(t.rulebook, 'fact_finding', t.category, r.fact_finding),
				coalesce(ticket_workflow.finding_label(t.rulebook, 'claim_finding', t.category, r.claim_finding), '–'),
				ticket_workflow.finding_label(t.rulebook, 'handling_result', t.category, r.handling_result)]);
	end if;

	-- 2.3.3.2: what cannot be solved yet has a plan and a rough time, which lies ahead
	if r.handling_result = 'unsolved' then
		if r.plan is null or r.plan_until is null then
			return query values ('plan', 'reject', 'report_plan_missing', '2.3.3.2', '{}'::text[]);
		elsif r.plan_until < facts.reported_on then
			return query values ('plan', 'reject', 'report_plan_past', '2.3.3.2',
				array[to_char(r.plan_until, 'YYYY-MM-DD')]);
		end if;
	end if;

	-- 2.4.1, 2.3.3.1: first contact and reply, each with its recording where it was a call
	return query
		select 'first_contact', 'reject', p.message, p.clause, p.args
		from ticket_workflow.first_contact_problems(t, t.dispatch_round, t.dispatched_at) p;
	if facts.has_phone and not facts.failed and facts.replied_at is null
		and not ticket_workflow.absence_declared(t, 'reply', 'recording')
	then
		return query values ('reply', 'reject', 'report_reply_missing', '2.3.3.1', '{}'::text[]);
	end if;
	return query
		select 'recording', 'reject', p.message, p.clause, p.args
		from ticket_workflow.recording_problems(t.ticket_id) p;

	-- 2.3.2.2: the site was seen, with a photo, or there is none
	if ticket_workflow.clock_fact_time(t, 'site_visit') is null
		and not (exists (
				select from ticket_workflow.site_visit v
				where v.ticket_id = t.ticket_id and v.dispatch_round = t.dispatch_round and v.voided_at is null)
			and ticket_workflow.absence_declared(t, 'site_visit', 'photo'))
	then
		return query values ('site_visit', 'reject', 'report_site_visit_missing', '2.3.2.2', '{}'::text[]);
	end if;

	-- 2.3.4: 不属实 stands on evidence, and is concluded in words
	if r.fact_finding = 'unfounded' then
		if not exists (
			select from ticket_workflow.evidence e
			where e.ticket_id = t.ticket_id and e.kind in ('document', 'photo') and e.voided_at is null)
		then
			return query values ('basis', 'reject', 'report_basis_missing', '2.3.4', '{}'::text[]);
		end if;
		if not ticket_workflow.mentions(written, ticket_workflow.rulebook_setting(t.rulebook, 'words_conclusion')) then
			return query values ('N1', 'reject', 'report_conclusion_missing', '2.3.4', '{}'::text[]);
		end if;
	end if;

	-- 2.3.6: what repeated petitions ask of the text, for the reviewer's eye
	repeats := r.repeat_kinds;
	if repeats <> '{}' and not ticket_workflow.mentions(written, ticket_workflow.rulebook_setting(t.rulebook, 'words_earlier_handling')) then
		return query values ('N2', 'review', 'report_earlier_handling_missing',
			case when 'same_person' = any (repeats) then '2.3.6.1' else '2.3.6.2' end, '{}'::text[]);
	end if;
	if 'several_persons' = any (repeats) then
		if not ticket_workflow.mentions(written, ticket_workflow.rulebook_setting(t.rulebook, 'words_background')) then
			return query values ('N3', 'review', 'report_background_missing', '2.3.6.2', '{}'::text[]);
		end if;
		select string_agg(o.number, ', ' order by o.number) into missing
			from ticket_workflow.repeated_ticket(t.ticket_id) o
			where o.repeat_kind = 'several_persons' and o.other_id <> t.ticket_id and strpos(written, o.number) = 0;
		if missing is not null then
			return query values ('N4', 'review', 'report_ticket_numbers_missing', '2.3.6.2', array[missing]);
		end if;
	end if;

	-- 2.3.6.3: asked for, not blocking, and for a person to confirm
	if ticket_workflow.matters_of_petitioner(t.ticket_id)
		>= ticket_workflow.rulebook_setting(t.rulebook, 'repeat_several_matters')::integer
	then
		return query values ('coordination', 'advice', 'report_coordination', '2.3.6.3',
			array[ticket_workflow.matters_of_petitioner(t.ticket_id)::text]);
	end if;

	-- A4.2.7, 2.3.1: what the assisting departments did belongs into the report
	for item in
		select o.name, a.done_at
		from ticket_workflow.ticket_assist a
			join ticket_workflow.organization o using (organization_id)
		where a.ticket_id = t.ticket_id and (a.done_at is null or strpos(written, o.name) = 0)
		order by o.name
	loop
		return query values ('assistance', 'review',
			case when item.done_at is null then 'report_assistance_open' else 'report_assistance_not_told' end,
			case when item.done_at is null then '2.3.1' else 'A4.2.7' end, array[item.name]);
	end loop;

	if r.responsible_phone is not null and not facts.own_phone then
		return query values ('responsible_phone', 'review', 'report_phone_not_own', 'A4.1.6', array[r.responsible_phone]);
	end if;
end
$$;
comment on function ticket_workflow.report_row_findings(ticket_workflow.report, ticket_workflow.ticket) is
	'What the ticket''s own rows say of its report: findings and their relation, plan, contacts, recordings, site, basis, repetition, assistance; message is a key, args its arguments';

-- Fields and recorded facts count as elements too (A4.1): what the text lacks and they have is advice.
create or replace function ticket_workflow.report_findings(report ticket_workflow.report, ticket ticket_workflow.ticket)
	returns table (ordinal integer, code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r constant ticket_workflow.report := report_findings.report;
	facts record;
	has_evidence boolean;
	has_photo boolean;
begin
	facts := ticket_workflow.report_facts(r, report_findings.ticket);
	select count(*) > 0, coalesce(bool_or(e.kind = 'photo'), false) into has_evidence, has_photo
		from ticket_workflow.evidence e
		where e.ticket_id = r.ticket_id and e.voided_at is null;
	return query
		select (row_number() over (order by all_of.by_rows, all_of.start_pos nulls last, all_of.code, all_of.message))::integer,
			all_of.code, all_of.severity, all_of.start_pos, all_of.length, all_of.excerpt, all_of.message, all_of.clause
		from (
			select false as by_rows, x.code,
				case when x.severity = 'reject' and case x.code
						when 'E1' then facts.first_contact_at is not null
						when 'E2' then r.fact_finding is not null
						when 'E5' then r.responsible_person is not null
						when 'E6' then facts.own_phone
						when 'E7' then facts.first_contact_at is not null and (facts.replied_at is not null or facts.failed) and has_evidence
						-- nobody to ask: photos of the site stand in for the call (A4.2.5)
						when 'P5' then not facts.has_phone and has_photo
						else false
					end then 'advice' else x.severity end as severity,
				x.start_pos, x.length, x.excerpt, x.message, x.clause
			from ticket_workflow.report_text_findings(r.report_id) x
			union all
			select true, d.code, d.severity, null, null, null, ticket_workflow.message_text(d.message, d.args), d.clause
			from ticket_workflow.report_row_findings(r, report_findings.ticket) d
		) all_of;
end
$$;
comment on function ticket_workflow.report_findings(ticket_workflow.report, ticket_workflow.ticket) is
	'All findings of a report, text and rows together, numbered as the reviewer cites them';

-- ==== sql/report/functions.sql

-- Saving, checking, submitting and reviewing completion reports (2.3.3, 2.4.2, 2.4.3).
-- The rules stand in sql/report/guards.sql and findings.sql; these functions fill in the UPDATEs.
-- May touch: report, report_finding, ticket (its state), journal.

create or replace function ticket_workflow.visible_report(report_id bigint) returns ticket_workflow.report
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
begin
	select x.* into r
		from ticket_workflow.report x
			join ticket_workflow.ticket t on t.ticket_id = x.ticket_id
		where x.report_id = visible_report.report_id and ticket_workflow.may_see(t);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'report', visible_report.report_id::text);
	end if;
	return r;
end
$$;
comment on function ticket_workflow.visible_report(bigint) is
	'The report, if its ticket may be seen; TW006 otherwise, as if it did not exist';

create or replace function ticket_workflow.current_report(ticket_id bigint) returns ticket_workflow.report
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
begin
	select x.* into r
		from ticket_workflow.report x
		where x.ticket_id = current_report.ticket_id and x.state <> 'draft'
		order by x.version desc limit 1;
	return r;
end
$$;
comment on function ticket_workflow.current_report(bigint) is
	'The report of a ticket that counts: the latest that was submitted; all null when none was';

create or replace function ticket_workflow.wrote_report(report ticket_workflow.report, official_code text) returns boolean
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	-- who saved one of its drafts wrote it too, whoever saved last: the journal knows them all
	return wrote_report.official_code is not null and (
		wrote_report.official_code is not distinct from (wrote_report.report).written_by
		or wrote_report.official_code is not distinct from (wrote_report.report).submitted_by
		or exists (
			select from ticket_workflow.journal j
			where j.ticket_id = (wrote_report.report).ticket_id and j.kind = 'report_saved' and j.actor = wrote_report.official_code
				and (j.details ->> 'report_id')::bigint = (wrote_report.report).report_id));
end
$$;
comment on function ticket_workflow.wrote_report(ticket_workflow.report, text) is
	'Four eyes: whether an official wrote, changed or submitted a report';

create or replace function ticket_workflow.save_report(ticket_id bigint, body text, points text default null,
		fact_finding text default null, claim_finding text default null, handling_result text default null,
		relation_reason text default null, plan text default null, plan_until date default null,
		responsible_person text default null, responsible_phone text default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	r ticket_workflow.report;
	before ticket_workflow.report;
begin
	t := ticket_workflow.begin_act(save_report.ticket_id, 'save_report');
	perform ticket_workflow.require_actor();
	if t.state not in ('accepted', 'rework') then
		perform ticket_workflow.fail('report_not_now', '2.3.3', ticket_workflow.label('state', t.state));
	end if;

	select x.* into r
		from ticket_workflow.report x
		where x.ticket_id = t.ticket_id and x.state = 'draft';
	before := r;
	-- a draft left by a department before this one is taken over: one report at a time is the ticket's
	r.dispatch_round := t.dispatch_round;
	r.organization_id := t.lead_department_id;
	r.body := ticket_workflow.require_text(save_report.body, 'body', 1048576);
	r.points := ticket_workflow.optional_text(nullif(btrim(save_report.points), ''), 'points', 1048576);
	if octet_length(r.body) > 1048576 or octet_length(r.points) > 1048576 then
		perform ticket_workflow.fail('text_too_long', null,
			case when octet_length(r.body) > 1048576 then 'body' else 'points' end,
			greatest(octet_length(r.body), octet_length(r.points))::text, '1048576');
	end if;
	r.fact_finding := ticket_workflow.finding_code(t.rulebook, t.category, 'fact_finding', save_report.fact_finding);
	r.claim_finding := ticket_workflow.finding_code(t.rulebook, t.category, 'claim_finding', save_report.claim_finding);
	r.handling_result := ticket_workflow.finding_code(t.rulebook, t.category, 'handling_result', save_report.handling_result);
	r.relation_reason := ticket_workflow.optional_text(nullif(btrim(save_report.relation_reason), ''), 'relation_reason');
	r.plan := ticket_workflow.optional_text(nullif(btrim(save_report.plan), ''), 'plan');
	r.plan_until := save_report.plan_until;
	r.responsible_person := ticket_workflow.optional_text(nullif(btrim(save_report.responsible_person), ''), 'responsible_person', 100);
	r.responsible_phone := ticket_workflow.optional_text(nullif(btrim(save_report.responsible_phone), ''), 'responsible_phone', 100);
	r.repeat_kinds := array(select k from ticket_workflow.repeat_kind_of(t.ticket_id) k order by k);
	r.written_by := ticket_workflow.actor();

	if r.report_id is null then
		r.report_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.report_seq');
		r.center_id := t.center_id;
		r.ticket_id := t.ticket_id;
		r.version := 1 + coalesce((select max(x.version) from ticket_workflow.report x where x.ticket_id = t.ticket_id), 0);
		r.state := 'draft';
		r.saved_at := ticket_workflow.now();
		r.sent_back_by_check := false;
		insert into ticket_workflow.report values (r.*);
	elsif r is distinct from before then
		update ticket_workflow.report x
			set dispatch_round = r.dispatch_round, organization_id = r.organization_id, body = r.body, points = r.points,
				fact_finding = r.fact_finding, claim_finding = r.claim_finding, handling_result = r.handling_result,
				relation_reason = r.relation_reason, plan = r.plan, plan_until = r.plan_until,
				responsible_person = r.responsible_person, responsible_phone = r.responsible_phone,
				repeat_kinds = r.repeat_kinds, written_by = r.written_by, saved_at = ticket_workflow.now()
			where x.report_id = r.report_id;
	else
		return r.report_id;
	end if;
	perform ticket_workflow.write_journal(t.ticket_id, 'report_saved', '2.3.3',
		jsonb_build_object('report_id', r.report_id, 'version', r.version));
	return r.report_id;
end
$$;
comment on function ticket_workflow.save_report(bigint, text, text, text, text, text, text, text, date, text, text) is
	'Saves the draft of a ticket''s completion report as given, whole, and returns its report_id; findings as code, Chinese or English';

create or replace function ticket_workflow.check_report(report_id bigint)
	returns table (ordinal integer, code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
	t ticket_workflow.ticket;
begin
	r := ticket_workflow.visible_report(check_report.report_id);
	select x.* into t from ticket_workflow.ticket x where x.ticket_id = r.ticket_id;
	return query select f.* from ticket_workflow.report_findings(r, t) f order by f.ordinal;
end
$$;
comment on function ticket_workflow.check_report(bigint) is
	'What is wrong with a report as it stands now: its text and what the ticket''s rows say; stores nothing';

create or replace function ticket_workflow.submit_report(report_id bigint) returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
	t ticket_workflow.ticket;
	mode text;
	codes text;
begin
	r := ticket_workflow.visible_report(submit_report.report_id);
	t := ticket_workflow.begin_act(r.ticket_id, 'submit_report');
	perform ticket_workflow.require_actor();
	update ticket_workflow.report x
		set state = 'submitted', submitted_by = ticket_workflow.actor()
		where x.report_id = r.report_id and x.state = 'draft'
		returning x.* into r;
	if not found then
		r := ticket_workflow.visible_report(submit_report.report_id);
		perform ticket_workflow.fail('report_transition', '2.3.3',
			ticket_workflow.label('report_state', r.state), ticket_workflow.label('report_state', 'submitted'));
	end if;
	insert into ticket_workflow.report_finding (report_id, ordinal, code, severity, start_pos, length, excerpt, message, clause)
		select r.report_id, f.ordinal, f.code, f.severity, f.start_pos, f.length, f.excerpt, f.message, f.clause
		from ticket_workflow.report_findings(r, t) f;
	update ticket_workflow.ticket x
		set state = 'reported', state_act = 'submit_report', state_reason = null
		where x.ticket_id = r.ticket_id;

	-- A4.1: 要素有缺陷的一律退回. Other rejects wait for the reviewer, unless the rulebook says otherwise
	mode := ticket_workflow.rulebook_setting(t.rulebook, 'send_back_by_check');
	select string_agg(distinct f.code, ', ' order by f.code) into codes
		from ticket_workflow.report_finding f
		where f.report_id = r.report_id and f.severity = 'reject' and ticket_workflow.finding_of_text(f.code)
			and (mode = 'all' or mode = 'elements' and f.code ~ '^E[1-7]$');
	if codes is null then
		return 'submitted';
	end if;
	update ticket_workflow.report x
		set state = 'sent_back', sent_back_by_check = true,
			review_reason = ticket_workflow.message_text('report_sent_back_by_check', array[codes])
		where x.report_id = r.report_id;
	update ticket_workflow.ticket x
		set state = 'rework', state_act = 'send_back_report',
			state_reason = ticket_workflow.message_text('report_sent_back_by_check', array[codes])
		where x.ticket_id = r.ticket_id;
	return 'sent_back';
end
$$;
comment on function ticket_workflow.submit_report(bigint) is
	'Submits a draft: its findings are stored, and a report that lacks an element goes back at once; returns submitted or sent_back';

-- {"1": "reason", ...} and [{"ordinal": 1, "reason": "..."}, ...] say the same.
create or replace function ticket_workflow.overruled_findings(overrule jsonb) returns table (ordinal integer, reason text)
	language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
begin
	case jsonb_typeof(overruled_findings.overrule)
	when 'object' then
		return query select e.key::integer, e.value from jsonb_each_text(overruled_findings.overrule) e;
	when 'array' then
		return query select e.ordinal, e.reason
			from jsonb_to_recordset(overruled_findings.overrule) as e (ordinal integer, reason text);
	when 'null' then
		return;
	else
		if overruled_findings.overrule is not null then
			perform ticket_workflow.fail('overrule_malformed', '2.3.3.3');
		end if;
	end case;
exception
	when invalid_text_representation or numeric_value_out_of_range or invalid_parameter_value then
		perform ticket_workflow.fail('overrule_malformed', '2.3.3.3');
end
$$;
comment on function ticket_workflow.overruled_findings(jsonb) is
	'Which findings a reviewer overrules with which reason, from an object by ordinal or an array of {ordinal, reason}';

create or replace function ticket_workflow.review_report(report_id bigint, passed boolean, reason text default null,
		overrule jsonb default null) returns text
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
	item record;
begin
	r := ticket_workflow.visible_report(review_report.report_id);
	perform ticket_workflow.begin_act(r.ticket_id, 'review_report');
	perform ticket_workflow.require_actor();
	if review_report.passed is null then
		perform ticket_workflow.fail('text_missing', null, 'passed');
	end if;
	for item in
		select o.ordinal, o.reason
		from ticket_workflow.overruled_findings(review_report.overrule) o
		order by o.ordinal
	loop
		update ticket_workflow.report_finding f
			set overruled_at = ticket_workflow.now(), overruled_by = ticket_workflow.actor(),
				overrule_reason = ticket_workflow.require_reason(item.reason, '2.3.3.3')
			where f.report_id = r.report_id and f.ordinal = item.ordinal;
		if not found then
			perform ticket_workflow.fail('overrule_unknown', '2.3.3.3', item.ordinal::text);
		end if;
	end loop;

	update ticket_workflow.report x
		set state = case when review_report.passed then 'passed' else 'sent_back' end,
			reviewed_by = ticket_workflow.actor(),
			review_reason = ticket_workflow.optional_text(nullif(btrim(review_report.reason), ''), 'reason')
		where x.report_id = r.report_id and x.state = 'submitted';
	if not found then
		r := ticket_workflow.visible_report(review_report.report_id);
		perform ticket_workflow.fail('report_not_under_review', '2.3.3', ticket_workflow.label('report_state', r.state));
	end if;
	update ticket_workflow.ticket x
		set state = case when review_report.passed then 'completed' else 'rework' end,
			state_act = case when review_report.passed then 'pass_report' else 'send_back_report' end,
			state_reason = nullif(btrim(review_report.reason), '')
		where x.ticket_id = r.ticket_id;
	return case when review_report.passed then 'passed' else 'sent_back' end;
end
$$;
comment on function ticket_workflow.review_report(bigint, boolean, text, jsonb) is
	'The center''s word on a submitted report: passed, overruling each remaining reject with a reason, or sent back with a reason';

-- ==== sql/report/completion.sql

-- What a ticket still lacks for completion, all at once.
-- May touch: nothing.

create or replace function ticket_workflow.report_problems(report ticket_workflow.report)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r constant ticket_workflow.report := report_problems.report;
	t ticket_workflow.ticket;
begin
	select x.* into t from ticket_workflow.ticket x where x.ticket_id = r.ticket_id;
	if (r.organization_id, r.dispatch_round) is distinct from (t.lead_department_id, t.dispatch_round) then
		return query values ('report_of_other_department', '2.3.1', '{}'::text[]);
	end if;
	return query
		select s.message, s.clause, s.args from ticket_workflow.signature_problems('report', r.report_id) s;
	-- of the text, as it was judged when submitted: one line per code, each reject answers for itself
	return query
		select 'report_reject_open', min(f.clause),
			array[string_agg(f.ordinal::text, ', ' order by f.ordinal), f.code, min(f.message)]
		from ticket_workflow.report_finding f
		where f.report_id = r.report_id and f.severity = 'reject' and f.overruled_at is null
			and ticket_workflow.finding_of_text(f.code)
		group by f.code
		order by f.code;
	-- of the rows, as they are now
	return query
		select d.message, d.clause, d.args
		from ticket_workflow.report_row_findings(r, t) d
		where d.severity = 'reject' and not ticket_workflow.finding_of_text(d.code);
end
$$;
comment on function ticket_workflow.report_problems(ticket_workflow.report) is
	'What keeps a submitted report from passing: signatures, rejects not overruled, what the ticket''s rows lack; message is a key';

create or replace function ticket_workflow.completion_problems(ticket_id bigint)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r constant ticket_workflow.report := ticket_workflow.current_report(completion_problems.ticket_id);
begin
	if r.report_id is null then
		return query values ('report_none', '2.3.3', '{}'::text[]);
		return;
	end if;
	if r.state <> 'passed' then
		return query values ('report_not_passed', '2.3.3', array[ticket_workflow.label('report_state', r.state)]);
	end if;
	return query select p.message, p.clause, p.args from ticket_workflow.report_problems(r) p;
end
$$;
comment on function ticket_workflow.completion_problems(bigint) is
	'Everything a ticket lacks for completion, at once; the guard of the ticket raises it on every path';

-- ==== sql/report/annotate.sql

-- A report with its findings marked where they stand, for the reviewer's screen.
-- May touch: nothing.

create or replace function ticket_workflow.escape_html(given text) returns text
	language sql immutable parallel safe
	return replace(replace(replace(replace(replace(escape_html.given,
		'&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
comment on function ticket_workflow.escape_html(text) is 'Text as HTML shows it, in content and in quoted attributes';

-- What stands under a text so that a mark below falls under its character: Chinese ones are two wide.
create or replace function ticket_workflow.as_wide_as(given text, filler text) returns text
	language sql immutable parallel safe
	return regexp_replace(regexp_replace(as_wide_as.given,
			'[^\tᄀ-ᅟ⺀-〾ぁ-꓏가-힣豈-﫿︰-﹏！-｠￠-￦\U0001F300-\U0001FAFF\U00020000-\U0003FFFD]', as_wide_as.filler, 'g'),
		'[ᄀ-ᅟ⺀-〾ぁ-꓏가-힣豈-﫿︰-﹏！-｠￠-￦\U0001F300-\U0001FAFF\U00020000-\U0003FFFD]',
		as_wide_as.filler || as_wide_as.filler, 'g');
comment on function ticket_workflow.as_wide_as(text, text) is
	'As many fillers as the text takes columns on a terminal, tabs kept';

create or replace function ticket_workflow.annotated_source(report ticket_workflow.report) returns text
	language sql immutable parallel safe
	-- positions of findings count through body, line break and points
	return (report).body || coalesce(E'\n' || (report).points, '');
comment on function ticket_workflow.annotated_source(ticket_workflow.report) is 'The text that positions of findings count in';

create or replace function ticket_workflow.shown_findings(report ticket_workflow.report)
	returns table (ordinal integer, code text, severity text, start_pos integer, length integer, excerpt text, message text, clause text,
		overrule_reason text, placed boolean)
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	source constant text := ticket_workflow.annotated_source(report);
begin
	if (report).state <> 'draft' then
		-- what was found when it was submitted, and what the reviewer made of it
		return query
			select f.ordinal, f.code, f.severity, f.start_pos, f.length, f.excerpt, f.message, f.clause, f.overrule_reason,
				coalesce(f.length > 0 and substr(source, f.start_pos, f.length) = f.excerpt, false)
			from ticket_workflow.report_finding f
			where f.report_id = (report).report_id;
		return;
	end if;
	select x.* into t from ticket_workflow.ticket x where x.ticket_id = (report).ticket_id;
	return query
		select f.ordinal, f.code, f.severity, f.start_pos, f.length, f.excerpt, f.message, f.clause, null::text,
			coalesce(f.length > 0 and substr(source, f.start_pos, f.length) = f.excerpt, false)
		from ticket_workflow.report_findings(report, t) f;
end
$$;
comment on function ticket_workflow.shown_findings(ticket_workflow.report) is
	'Findings to show with a report: of a draft as it stands, of a submitted one as it was judged; placed: whether it has a place in annotated_source()';

create or replace function ticket_workflow.annotated_html(report ticket_workflow.report) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	source constant text := ticket_workflow.annotated_source(annotated_html.report);
	text_part text;
	points_part text;
	list_part text;
begin
	-- the text, cut at every beginning and end of a finding; each piece carries all that lie over it.
	-- The line break between body and points is a piece of its own and stays away
	with finding as (
		select * from ticket_workflow.shown_findings(annotated_html.report)
	), cut as (
		select 1 as at
		union select length((annotated_html.report).body) + 1
		union select length((annotated_html.report).body) + 2
		union select length(source) + 1
		union select f.start_pos from finding f where f.placed
		union select f.start_pos + f.length from finding f where f.placed
	), piece as (
		select c.at, lead(c.at) over (order by c.at) as until from cut c
	), marked as (
		select p.at, ticket_workflow.escape_html(substr(source, p.at, p.until - p.at)) as part, over.*
		from piece p
			cross join lateral (
				select string_agg(f.ordinal::text, ' ' order by f.ordinal) as ordinals,
					case min(array_position('{reject,review,advice}', f.severity)) when 1 then 'reject' when 2 then 'review' else 'advice' end as severity,
					ticket_workflow.escape_html(string_agg(f.code || ' ' || f.message, E'\n' order by f.ordinal)) as title
				from finding f
				where f.placed and f.start_pos <= p.at and f.start_pos + f.length >= p.until
			) over
		where p.until is not null and p.until <= length(source) + 1
	), shown as (
		select m.at, case when m.ordinals is null then m.part
			else format('<mark class="%s" data-findings="%s" title="%s">%s</mark>', m.severity, m.ordinals, m.title, m.part) end as part
		from marked m
	)
	select string_agg(w.part, '' order by w.at) filter (where w.at <= length((annotated_html.report).body)),
			string_agg(w.part, '' order by w.at) filter (where w.at > length((annotated_html.report).body) + 1)
		into text_part, points_part
		from shown w;

	select string_agg(format('<li class="%s" value="%s">%s <b>%s</b> %s%s <small>%s</small>%s</li>', f.severity, f.ordinal,
				ticket_workflow.escape_html(ticket_workflow.label('severity', f.severity)), ticket_workflow.escape_html(f.code),
				ticket_workflow.escape_html(f.message),
				case when f.excerpt is null then '' else ' <q>' || ticket_workflow.escape_html(f.excerpt) || '</q>' end,
				ticket_workflow.escape_html(f.clause),
				case when f.overrule_reason is null then '' else ' <ins>' || ticket_workflow.escape_html(f.overrule_reason) || '</ins>' end),
			E'\n' order by f.ordinal)
		into list_part
		from ticket_workflow.shown_findings(annotated_html.report) f;

	return format(E'<article class="report" data-report="%s">\n<pre class="body">%s</pre>\n', (annotated_html.report).report_id, text_part)
		-- format() takes NULL for an empty text, || does not
		|| coalesce('<pre class="points">' || points_part || E'</pre>\n', '')
		|| coalesce(E'<ol class="findings">\n' || list_part || E'\n</ol>\n', '')
		|| '</article>';
end
$$;
comment on function ticket_workflow.annotated_html(ticket_workflow.report) is 'annotated_report() as HTML; everything people wrote is escaped';

create or replace function ticket_workflow.annotated_text(report ticket_workflow.report) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	result text;
begin
	with finding as (
		select * from ticket_workflow.shown_findings(annotated_text.report)
	), line as (
		select l.line, l.nr, 1 + coalesce(sum(length(l.line) + 1) over (order by l.nr rows between unbounded preceding and 1 preceding), 0)::integer as at
		from string_to_table(ticket_workflow.annotated_source(annotated_text.report), E'\n') with ordinality as l (line, nr)
	), caret as (
		-- a finding that runs over the end of a line is marked on each
		select l.nr, f.ordinal,
			ticket_workflow.as_wide_as(substr(l.line, 1, greatest(f.start_pos - l.at, 0)), ' ')
			|| ticket_workflow.as_wide_as(substr(l.line, greatest(f.start_pos - l.at, 0) + 1,
				least(f.start_pos + f.length - l.at, length(l.line)) - greatest(f.start_pos - l.at, 0)), '^')
			|| case when f.start_pos >= l.at then format(' [%s] %s %s', f.ordinal, f.code, f.message) else '' end as mark
		from line l
			join finding f on f.placed and f.start_pos < l.at + length(l.line) and f.start_pos + f.length > l.at
	), written as (
		select 1 as part, l.nr, 0 as ordinal, l.line as row from line l
		union all
		select 1, c.nr, c.ordinal, c.mark from caret c
		union all
		-- a blank line sets the points apart
		select 1, min(l.nr), -1, '' from line l
		where l.at = length((annotated_text.report).body) + 2 and (annotated_text.report).points is not null
		having min(l.nr) is not null
		union all
		select 3, 0, 0, '' where exists (select from finding)
		union all
		select 3, 1, f.ordinal, format('[%s] %s %s %s%s (%s)%s', f.ordinal, ticket_workflow.label('severity', f.severity), f.code,
				f.message, case when f.excerpt is null or f.placed then '' else ' «' || f.excerpt || '»' end, f.clause,
				case when f.overrule_reason is null then '' else ' – ' || f.overrule_reason end)
		from finding f
	)
	select string_agg(w.row, E'\n' order by w.part, w.nr, w.ordinal) into result from written w;
	return result;
end
$$;
comment on function ticket_workflow.annotated_text(ticket_workflow.report) is 'annotated_report() as plain text, carets under what was found';

create or replace function ticket_workflow.annotated_report(report_id bigint, format text default 'text') returns text
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
	r constant ticket_workflow.report := ticket_workflow.visible_report(annotated_report.report_id);
begin
	return case ticket_workflow.code_of('report_format', annotated_report.format, 'format')
		when 'html' then ticket_workflow.annotated_html(r)
		else ticket_workflow.annotated_text(r)
	end;
end
$$;
comment on function ticket_workflow.annotated_report(bigint, text) is
	'A report with its findings marked: html (escaped, marks with class and title) or text (carets below the words)';

-- ==== sql/report/quality.sql

-- Quality of completion reports over time: what the check found, and what was sent back.
-- May touch: nothing.

create or replace function ticket_workflow.report_quality(center text, since date, until date)
	returns table (month date, department text, department_name text, code text, severity text, clause text,
		findings bigint, reports_found bigint, reports bigint, sent_back bigint, sent_back_share numeric)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.center_id_of(report_quality.center);
	zone constant text := (select c.zone from ticket_workflow.center k
		join lateral ticket_workflow.calendar_layers(k.calendar) l on true
		join ticket_workflow.calendar c on c.code = l.code and c.zone is not null
		where k.center_id = home order by l.layer limit 1);
begin
	-- the center's own figures: for those who see all of it
	if not home = any (ticket_workflow.my_centers()) then
		perform ticket_workflow.fail('unknown_row', null, 'center', report_quality.center);
	end if;
	return query
		with submitted as (
			select r.report_id, r.organization_id, r.state,
				date_trunc('month', r.submitted_at at time zone zone)::date as month
			from ticket_workflow.report r
			where r.center_id = home
				and r.submitted_at >= report_quality.since::timestamp at time zone zone
				and r.submitted_at < (report_quality.until + 1)::timestamp at time zone zone
		), totals as (
			select s.month, s.organization_id, count(*) as reports, count(*) filter (where s.state = 'sent_back') as sent_back
			from submitted s
			group by s.month, s.organization_id
		), found as (
			select s.month, s.organization_id, f.code, f.severity, min(f.clause) as clause,
				count(*) as findings, count(distinct f.report_id) as reports_found
			from submitted s
				join ticket_workflow.report_finding f on f.report_id = s.report_id
			group by s.month, s.organization_id, f.code, f.severity
		)
		-- a department whose reports show nothing has its line too, without a code
		select t.month, o.code, o.name, f.code, f.severity, f.clause, coalesce(f.findings, 0), coalesce(f.reports_found, 0),
			t.reports, t.sent_back, round(t.sent_back::numeric / t.reports, 4)
		from totals t
			join ticket_workflow.organization o on o.organization_id = t.organization_id
			left join found f on f.month = t.month and f.organization_id = t.organization_id
		order by t.month, o.code, f.code, f.severity;
end
$$;
comment on function ticket_workflow.report_quality(text, date, date) is
	'Findings of submitted reports per month (in the center''s zone), department and code, with the share sent back; since and until are days, both included. For those who see the whole center. Errors: TW006';

-- ==== sql/approval/demand.sql

-- Whose signature is needed for what, and which one counts: the rules of approval_rule applied to
-- reports, returns, transfers and extensions.
-- May touch: nothing.

create or replace function ticket_workflow.subject_ticket(subject text, subject_id bigint) returns bigint
	language sql stable
	return case subject_ticket.subject
		when 'report' then (select r.ticket_id from ticket_workflow.report r where r.report_id = subject_ticket.subject_id)
		when 'return' then (select r.ticket_id from ticket_workflow.ticket_return r where r.return_id = subject_ticket.subject_id)
		when 'extension' then (select x.ticket_id from ticket_workflow.limit_extension x where x.extension_id = subject_ticket.subject_id)
		else (select t.ticket_id from ticket_workflow.ticket t where t.ticket_id = subject_ticket.subject_id)
	end;
comment on function ticket_workflow.subject_ticket(text, bigint) is 'The ticket a report, return, transfer or extension belongs to';

create or replace function ticket_workflow.digest_fields(variadic fields text[]) returns bytea
	language c immutable parallel safe as 'MODULE_PATHNAME', 'tw_sql_digest_fields';
comment on function ticket_workflow.digest_fields(text[]) is
	'SHA-256 over the canonical bytes of fields: a version, each with its length before it, NULL apart from empty';

-- What a signature is bound to: canonical bytes, so that no setting of a session changes them. A new
-- layout is a new version (report/2), under which old signatures no longer count as current.
create or replace function ticket_workflow.subject_digest(subject text, subject_id bigint) returns bytea
	language sql stable
	return case subject_digest.subject
		when 'report' then (
			select ticket_workflow.digest_fields('report/1', r.report_id::text, r.body, r.points,
				r.fact_finding, r.claim_finding, r.handling_result)
			from ticket_workflow.report r where r.report_id = subject_digest.subject_id)
		when 'return' then (
			select ticket_workflow.digest_fields('return/1', r.return_id::text, r.ground, r.reason, r.should_go_to, r.upward)
			from ticket_workflow.ticket_return r where r.return_id = subject_digest.subject_id)
		-- before the transfer there is no other paper than the ticket itself
		when 'transfer' then (
			select ticket_workflow.digest_fields('transfer/1', t.ticket_id::text, t.dispatch_round::text, t.appeal, t.place,
				t.matter_id::text)
			from ticket_workflow.ticket t where t.ticket_id = subject_digest.subject_id)
		-- so many days for this clock and this reason, not whatever is asked for later
		when 'extension' then (
			select ticket_workflow.digest_fields('extension/1', x.extension_id::text, x.clock_id::text, x.working_days::text, x.reason)
			from ticket_workflow.limit_extension x where x.extension_id = subject_digest.subject_id)
	end;
comment on function ticket_workflow.subject_digest(text, bigint) is
	'SHA-256 of what is signed: body, points and findings of a report; ground, reason, target and direction of a return; days and reason of an extension; the ticket for a transfer';

create or replace function ticket_workflow.center_organization(center_id bigint) returns bigint
	language sql stable
	return (select o.organization_id from ticket_workflow.organization o
		where o.center_id = center_organization.center_id and o.kind = 'center'
		order by o.organization_id limit 1);
comment on function ticket_workflow.center_organization(bigint) is 'The organization that the center itself is';

create or replace function ticket_workflow.post_may_sign(post_id bigint, "position" text, organization_id bigint) returns boolean
	language sql stable
	-- a higher post may sign for a lower one, over the same organization; the principal leader stands over
	-- all of the center's, and a leader of an area is none of the center
	return exists (
		select
		from ticket_workflow.post p
			join ticket_workflow.position held on held.position = p.position
			join ticket_workflow.position least on least.position = post_may_sign.position
			join ticket_workflow.organization o on o.organization_id = p.organization_id
		where p.post_id = post_may_sign.post_id and held.rank >= least.rank and p.area_id is null
			and (p.organization_id = post_may_sign.organization_id
				or p.position = 'principal_leader' and o.kind = 'center'
					and o.center_id = ticket_workflow.center_of(post_may_sign.organization_id)));
comment on function ticket_workflow.post_may_sign(bigint, text, bigint) is
	'Whether a post is high enough and over the organization for a signature';

create or replace function ticket_workflow.led_duty_at(official_id bigint, center_id bigint, at timestamptz) returns boolean
	language sql stable
	return exists (
		select from ticket_workflow.duty_roster d
		where d.center_id = led_duty_at.center_id and d.leader_id = led_duty_at.official_id
			and d.starts_at <= led_duty_at.at and led_duty_at.at < d.ends_at);
comment on function ticket_workflow.led_duty_at(bigint, bigint, timestamptz) is 'Whether an official was the leader on duty of a center at that moment';

create or replace function ticket_workflow.signature_serves(approval ticket_workflow.approval, "position" text, organization_id bigint,
		or_leader_on_duty boolean) returns boolean
	language sql stable
	-- one signature may serve several rules; a changed text has another digest, whatever the state says,
	-- and a signature on paper stands on its image
	return (ticket_workflow.post_may_sign((approval).post_id, signature_serves.position, signature_serves.organization_id)
			or signature_serves.or_leader_on_duty
				and ticket_workflow.led_duty_at((approval).signer_id, (approval).center_id, (approval).signed_at))
		and ((approval).image_id is null or exists (
			select from ticket_workflow.evidence e where e.evidence_id = (approval).image_id and e.voided_at is null))
		and (approval).digest = ticket_workflow.subject_digest((approval).subject, (approval).subject_id);
comment on function ticket_workflow.signature_serves(ticket_workflow.approval, text, bigint, boolean) is
	'Whether a valid signature satisfies a demand: post or duty, the text as it stands, the image of a paper one';

-- A branch per subject, its name a constant: whoever asks for one subject reads no table of the others.
create or replace view ticket_workflow.signature_demand with (security_invoker = true) as
	select d.*, (
			select a.approval_id
			from ticket_workflow.approval a
			where a.subject = d.subject and a.subject_id = d.subject_id and a.state = 'valid'
				and ticket_workflow.signature_serves(a.*, d.position, d.organization_id, d.or_leader_on_duty)
			order by a.signed_at, a.approval_id limit 1
		) as approval_id
	from (
		select t.center_id, t.ticket_id, 'report'::text as subject, r.report_id as subject_id, r.state as subject_state,
			coalesce(r.submitted_at, r.saved_at) as since,
			a.rule, a.position, a.relation,
			case a.relation when 'lead' then t.lead_department_id else ticket_workflow.center_organization(t.center_id) end as organization_id,
			a.or_leader_on_duty, a.clause
		from ticket_workflow.report r
			join ticket_workflow.ticket t on t.ticket_id = r.ticket_id
			join ticket_workflow.approval_rule a on a.rulebook = t.rulebook and a.subject = 'report'
				and (a.kind is null or a.kind = t.kind)
				and (a.source is null or a.source = t.source)
				and (a.fact_finding is null or a.fact_finding = r.fact_finding)
				and (a.starred is null or a.starred = exists (
					select from ticket_workflow.finding_option o
					where o.rulebook = t.rulebook and o.dimension = 'fact_finding' and o.category = t.category
						and o.code = r.fact_finding and o.starred))
				and (a.repeat_kind is null or a.repeat_kind = any (r.repeat_kinds))
		union all
		select t.center_id, t.ticket_id, 'return', r.return_id, r.state, r.requested_at,
			a.rule, a.position, a.relation,
			case a.relation when 'lead' then r.organization_id else ticket_workflow.center_organization(t.center_id) end,
			a.or_leader_on_duty, a.clause
		from ticket_workflow.ticket_return r
			join ticket_workflow.ticket t on t.ticket_id = r.ticket_id
			join ticket_workflow.approval_rule a on a.rulebook = t.rulebook and a.subject = 'return'
				and (a.kind is null or a.kind = t.kind)
				and (a.source is null or a.source = t.source)
				and (a.min_ordinal is null or r.ordinal >= a.min_ordinal)
				and (a.upward is null or a.upward = (r.upward is not null))
		union all
		select t.center_id, t.ticket_id, 'transfer', t.ticket_id, t.state, t.state_at,
			a.rule, a.position, a.relation,
			case a.relation when 'lead' then t.lead_department_id else ticket_workflow.center_organization(t.center_id) end,
			a.or_leader_on_duty, a.clause
		from ticket_workflow.ticket t
			join ticket_workflow.approval_rule a on a.rulebook = t.rulebook and a.subject = 'transfer'
				and (a.kind is null or a.kind = t.kind)
				and (a.source is null or a.source = t.source)
		union all
		select t.center_id, t.ticket_id, 'extension', x.extension_id, x.state, x.requested_at,
			a.rule, a.position, a.relation,
			case a.relation when 'lead' then x.organization_id else ticket_workflow.center_organization(t.center_id) end,
			a.or_leader_on_duty, a.clause
		from ticket_workflow.limit_extension x
			join ticket_workflow.ticket t on t.ticket_id = x.ticket_id
			join ticket_workflow.approval_rule a on a.rulebook = t.rulebook and a.subject = 'extension'
				and (a.kind is null or a.kind = t.kind)
				and (a.source is null or a.source = t.source)
	) d;
comment on view ticket_workflow.signature_demand is
	'Every signature the rules ask for, with the approval that satisfies it; NULL: missing';

create or replace function ticket_workflow.required_signatures(subject text, subject_id bigint)
	returns table (rule text, "position" text, relation text, organization_id bigint, or_leader_on_duty boolean, clause text, approval_id bigint)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	code constant text := ticket_workflow.code_of('approval_subject', required_signatures.subject, 'subject');
	t ticket_workflow.ticket;
begin
	select x.* into t
		from ticket_workflow.ticket x
		where x.ticket_id = ticket_workflow.subject_ticket(code, required_signatures.subject_id);
	-- what one may not see answers as if it did not exist: nothing is needed
	if not found or not ticket_workflow.may_see(t) then
		return;
	end if;
	return query
		select d.rule, d.position, d.relation, d.organization_id, d.or_leader_on_duty, d.clause,
			d.approval_id
		from ticket_workflow.signature_demand d
		where d.subject = code and d.subject_id = required_signatures.subject_id
		order by d.rule;
end
$$;
comment on function ticket_workflow.required_signatures(text, bigint) is
	'Signatures that a report, return, transfer or extension needs: rule, least position, over which organization, clause, and the approval that satisfies it (NULL: missing)';

create or replace function ticket_workflow.signature_problems(subject text, subject_id bigint)
	returns table (message text, clause text, args text[])
	language sql stable
begin atomic
	select 'signature_missing', d.clause,
		array[ticket_workflow.label('position', d.position), coalesce(o.name, '–'),
			ticket_workflow.label('approval_subject', d.subject)]
	from ticket_workflow.signature_demand d
		left join ticket_workflow.organization o on o.organization_id = d.organization_id
	where d.subject = signature_problems.subject and d.subject_id = signature_problems.subject_id
		and d.approval_id is null
	order by d.rule;
end;
comment on function ticket_workflow.signature_problems(text, bigint) is
	'Signatures that are still missing, one line per rule that applies; message is a key';

-- ==== sql/approval/functions.sql

-- Signing, revoking and contesting (2.2.2, 2.3.4, 2.3.5, 2.3.6).
-- The rules stand in sql/approval/guards.sql; these functions choose the post and fill in the rows.
-- May touch: approval; through its guards the journal; notice.

-- Function: sign_subject. Inserts the draft of a signature and makes it valid.
-- Returns: approval_id. Calls: begin_act, posts_on, post_notice. Tables: approval.
create or replace function ticket_workflow.sign_subject(subject text, subject_id bigint, ticket_id bigint, signer text,
		signed_at timestamptz, channel text, image_id bigint) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	a ticket_workflow.approval;
	me bigint;
	-- what the signer saw when he said so: the lock may take a while to come
	seen constant bytea := ticket_workflow.subject_digest(sign_subject.subject, sign_subject.subject_id);
	chosen record;
begin
	a.channel := coalesce(ticket_workflow.code_of('approval_channel', sign_subject.channel, 'channel'), 'system');
	-- who signs here has the right by his post, which the guard checks; recording for another is an act of its own
	t := ticket_workflow.begin_act(sign_subject.ticket_id,
		case a.channel when 'system' then 'sign_' || sign_subject.subject else 'record_signature' end);
	me := ticket_workflow.require_actor();
	a.signer_id := case when sign_subject.signer is null then me
		else ticket_workflow.official_id_of(t.center_id, sign_subject.signer) end;
	if a.channel = 'system' then
		if a.signer_id <> me then
			perform ticket_workflow.fail('signature_for_another', '2.2.2', sign_subject.signer);
		end if;
		if sign_subject.signed_at is not null or sign_subject.image_id is not null then
			perform ticket_workflow.fail('signature_system_is_now', '2.2.2');
		end if;
		a.signed_at := ticket_workflow.now();
	else
		if sign_subject.signer is null then
			perform ticket_workflow.fail('text_missing', '2.2.2', 'signer');
		end if;
		if sign_subject.signed_at is null then
			perform ticket_workflow.fail('text_missing', '2.2.2', 'signed_at');
		end if;
		if sign_subject.image_id is null then
			perform ticket_workflow.fail('signature_image_missing', '2.2.2');
		end if;
		a.signed_at := sign_subject.signed_at;
		a.image_id := sign_subject.image_id;
		a.recorded_by := ticket_workflow.actor();
	end if;

	-- of his posts that day the one that serves most of what is asked, his own before one he stands in for
	select p.post_id, p.holder_id, p.substitute into chosen
		from ticket_workflow.posts_on(a.signer_id,
				ticket_workflow.local_day(a.signed_at, ticket_workflow.ticket_calendar(t.center_id))) p
			join ticket_workflow.signature_demand d on d.subject = sign_subject.subject and d.subject_id = sign_subject.subject_id
				and ticket_workflow.post_may_sign(p.post_id, d.position, d.organization_id)
		group by p.post_id, p.holder_id, p.substitute
		order by count(*) desc, p.substitute, p.post_id
		limit 1;
	a.post_id := chosen.post_id;
	a.on_behalf_of_id := case when chosen.substitute then chosen.holder_id end;

	a.approval_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.approval_seq');
	a.center_id := t.center_id;
	a.ticket_id := t.ticket_id;
	a.subject := sign_subject.subject;
	a.subject_id := sign_subject.subject_id;
	a.state := 'draft';
	a.digest := seen;
	a.recorded_at := ticket_workflow.now();
	insert into ticket_workflow.approval values (a.*);
	update ticket_workflow.approval x set state = 'valid' where x.approval_id = a.approval_id;

	if a.channel <> 'system' then
		perform ticket_workflow.post_notice(t.center_id, a.signer_id, 'notice_signature_recorded',
			array[ticket_workflow.ticket_number(t), ticket_workflow.label('approval_subject', a.subject),
				a.recorded_by, ticket_workflow.label('approval_channel', a.channel), a.approval_id::text], t.ticket_id);
	end if;
	return a.approval_id;
end
$$;
comment on function ticket_workflow.sign_subject(text, bigint, bigint, text, timestamptz, text, bigint) is
	'What sign_report(), sign_return(), sign_transfer() and sign_extension() have in common';

create or replace function ticket_workflow.sign_report(report_id bigint, signer text default null, signed_at timestamptz default null,
		channel text default 'system', image_id bigint default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
	r constant ticket_workflow.report := ticket_workflow.visible_report(sign_report.report_id);
begin
	return ticket_workflow.sign_subject('report', r.report_id, r.ticket_id, sign_report.signer, sign_report.signed_at,
		sign_report.channel, sign_report.image_id);
end
$$;
comment on function ticket_workflow.sign_report(bigint, text, timestamptz, text, bigint) is
	'Signs a report as it stands; on paper or by WeChat (channel) another official records signer, signed_at and image. Returns approval_id';

create or replace function ticket_workflow.sign_return(return_id bigint, signer text default null, signed_at timestamptz default null,
		channel text default 'system', image_id bigint default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	ticket bigint;
begin
	select r.ticket_id into ticket
		from ticket_workflow.ticket_return r
			join ticket_workflow.ticket t on t.ticket_id = r.ticket_id
		where r.return_id = sign_return.return_id and ticket_workflow.may_see(t);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'return', sign_return.return_id::text);
	end if;
	return ticket_workflow.sign_subject('return', sign_return.return_id, ticket, sign_return.signer, sign_return.signed_at,
		sign_return.channel, sign_return.image_id);
end
$$;
comment on function ticket_workflow.sign_return(bigint, text, timestamptz, text, bigint) is
	'Signs a return that was asked for (2.2.2); on paper or by WeChat another official records it. Returns approval_id';

create or replace function ticket_workflow.sign_transfer(ticket_id bigint, signer text default null, signed_at timestamptz default null,
		channel text default 'system', image_id bigint default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
	return ticket_workflow.sign_subject('transfer', sign_transfer.ticket_id, sign_transfer.ticket_id, sign_transfer.signer,
		sign_transfer.signed_at, sign_transfer.channel, sign_transfer.image_id);
end
$$;
comment on function ticket_workflow.sign_transfer(bigint, text, timestamptz, text, bigint) is
	'Signs the transfer of a received ticket to a platform above: the center''s supervising leader or the leader on duty. Returns approval_id';

create or replace function ticket_workflow.sign_extension(extension_id bigint, signer text default null, signed_at timestamptz default null,
		channel text default 'system', image_id bigint default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	ticket bigint;
begin
	select x.ticket_id into ticket
		from ticket_workflow.limit_extension x
			join ticket_workflow.ticket t on t.ticket_id = x.ticket_id
		where x.extension_id = sign_extension.extension_id and ticket_workflow.may_see(t);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'extension', sign_extension.extension_id::text);
	end if;
	return ticket_workflow.sign_subject('extension', sign_extension.extension_id, ticket, sign_extension.signer, sign_extension.signed_at,
		sign_extension.channel, sign_extension.image_id);
end
$$;
comment on function ticket_workflow.sign_extension(bigint, text, timestamptz, text, bigint) is
	'Signs an extension that was asked for: with the last signature it is in force. Returns approval_id';

create or replace function ticket_workflow.visible_approval(approval_id bigint) returns ticket_workflow.approval
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	a ticket_workflow.approval;
begin
	select x.* into a
		from ticket_workflow.approval x
			join ticket_workflow.ticket t on t.ticket_id = x.ticket_id
		where x.approval_id = visible_approval.approval_id and x.state <> 'draft' and ticket_workflow.may_see(t);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'approval', visible_approval.approval_id::text);
	end if;
	return a;
end
$$;
comment on function ticket_workflow.visible_approval(bigint) is
	'The signature, if its ticket may be seen; TW006 otherwise, as if it did not exist';

create or replace function ticket_workflow.revoke_signature(approval_id bigint, reason text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	a ticket_workflow.approval;
	me bigint;
begin
	a := ticket_workflow.visible_approval(revoke_signature.approval_id);
	perform ticket_workflow.begin_act(a.ticket_id, 'revoke_signature');
	me := ticket_workflow.require_actor();
	-- his own, or what a substitute signed in his name
	if me <> a.signer_id and me is distinct from a.on_behalf_of_id then
		perform ticket_workflow.fail('signature_not_yours', '2.2.2');
	end if;
	update ticket_workflow.approval x
		set state = 'revoked', end_reason = ticket_workflow.require_reason(revoke_signature.reason, '2.2.2')
		where x.approval_id = a.approval_id and x.state = 'valid';
	if not found then
		a := ticket_workflow.visible_approval(revoke_signature.approval_id);
		perform ticket_workflow.fail('signature_transition', '2.2.2',
			ticket_workflow.label('approval_state', a.state), ticket_workflow.label('approval_state', 'revoked'));
	end if;
end
$$;
comment on function ticket_workflow.revoke_signature(bigint, text) is
	'Takes back one''s own signature with a reason, while the ticket is not completed';

create or replace function ticket_workflow.contest_signature(approval_id bigint, reason text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	a ticket_workflow.approval;
	t ticket_workflow.ticket;
	recorder bigint;
begin
	a := ticket_workflow.visible_approval(contest_signature.approval_id);
	t := ticket_workflow.begin_act(a.ticket_id, 'contest_signature');
	if ticket_workflow.require_actor() <> a.signer_id then
		perform ticket_workflow.fail('signature_not_yours', '2.2.2');
	end if;
	update ticket_workflow.approval x
		set contested_at = ticket_workflow.now(),
			contest_reason = ticket_workflow.require_reason(contest_signature.reason, '2.2.2')
		where x.approval_id = a.approval_id;
	select o.official_id into recorder from ticket_workflow.official o where o.code = a.recorded_by;
	if recorder is not null then
		perform ticket_workflow.post_notice(t.center_id, recorder, 'notice_signature_contested',
			array[ticket_workflow.ticket_number(t), ticket_workflow.label('approval_subject', a.subject), a.approval_id::text], t.ticket_id);
	end if;
end
$$;
comment on function ticket_workflow.contest_signature(bigint, text) is
	'The signer denies a signature that was recorded for him: it no longer counts, and its recorder is told';

-- ==== sql/reporting/integrity.sql

-- What must hold of the stored rows, whatever way they came: after a restore, an update, an accident.
-- May touch: nothing.

-- Foreign keys are asked again: a restore under session_replication_role = replica does not check them.
create or replace function ticket_workflow.broken_references() returns table (problem text, id bigint, detail text)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
	reference record;
begin
	for reference in
		select k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent, k.conname,
			(select string_agg(format('c.%I', a.attname), ', ' order by u.ord)
				from unnest(k.conkey) with ordinality u (num, ord)
					join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num) as child_columns,
			(select string_agg(format('p.%I = c.%I', b.attname, a.attname), ' and ' order by u.ord)
				from unnest(k.conkey, k.confkey) with ordinality u (num, parent_num, ord)
					join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num
					join pg_attribute b on b.attrelid = k.confrelid and b.attnum = u.parent_num) as matches
		from pg_constraint k
		where k.contype = 'f' and k.connamespace = 'ticket_workflow'::regnamespace
		order by k.conname
	loop
		return query execute format(
			'select %1$L::text, null::bigint, row(%2$s)::text from %3$s c where row(%2$s) is not null and not exists (select from %4$s p where %5$s)',
			'reference_' || reference.conname, reference.child_columns, reference.child, reference.parent, reference.matches);
	end loop;
end
$$;
comment on function ticket_workflow.broken_references() is 'Rows whose foreign key leads nowhere';

-- Sequences are restored beside the rows; one that lags would give an id twice.
create or replace function ticket_workflow.lagging_sequences() returns table (problem text, id bigint, detail text)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
	key record;
	highest bigint;
	reached bigint;
begin
	for key in
		-- each id column whose table has a sequence named after it
		select i.indrelid::regclass::text as relation, a.attname as column_name, s.oid::regclass::text as sequence
		from pg_index i
			join pg_class r on r.oid = i.indrelid and r.relnamespace = 'ticket_workflow'::regnamespace
			join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
			join pg_class s on s.relnamespace = r.relnamespace and s.relkind = 'S'
				and s.relname = regexp_replace(a.attname, '_id$', '_seq')
		where i.indisprimary and i.indnkeyatts = 1
		order by 1
	loop
		execute format('select coalesce(max(%I %% 1000000000000), 0) from %s', key.column_name, key.relation) into highest;
		execute format('select case when is_called then last_value else last_value - 1 end from %s', key.sequence) into reached;
		if reached < highest then
			return query select 'sequence_lags'::text, highest, key.sequence;
		end if;
	end loop;
end
$$;
comment on function ticket_workflow.lagging_sequences() is 'Sequences that stand below the highest id they gave';

create or replace function ticket_workflow.check_integrity() returns table (problem text, id bigint, detail text)
	language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
	select 'clock_not_carried' as problem, c.ticket_id as id, c.clock as detail
	from ticket_workflow.clock c
		join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
	where c.status in ('running', 'paused', 'held') and not exists (
		select from ticket_workflow.clock_carrier r where r.clock = c.clock and r.state = t.state)
	union all
	select 'clock_twice', c.ticket_id, c.clock
	from ticket_workflow.clock c
	where c.status in ('running', 'paused', 'held')
	group by c.ticket_id, c.clock having count(*) > 1
	union all
	select 'state_without_journal', t.ticket_id, t.state
	from ticket_workflow.ticket t
	where t.state is distinct from (
		select j.to_state from ticket_workflow.journal j
		where j.ticket_id = t.ticket_id and j.to_state is not null
		order by j.seq desc limit 1)
		and not t.imported
	union all
	select 'journal_' || v.problem, v.ticket_id, v.seq::text
	from ticket_workflow.verify_journals() v
	union all
	select 'round_without_decision', t.ticket_id, t.dispatch_round::text
	from ticket_workflow.ticket t
	where not t.imported and t.dispatch_round <> (
		select count(*) from ticket_workflow.dispatch_decision d where d.ticket_id = t.ticket_id)
	union all
	select 'report_missing', t.ticket_id, t.state
	from ticket_workflow.ticket t
	where t.state in ('reported', 'completed', 'closed') and not t.imported and not exists (
		select from ticket_workflow.report r
		where r.ticket_id = t.ticket_id and r.state = case t.state when 'reported' then 'submitted' else 'passed' end)
	union all
	select 'return_missing', t.ticket_id, t.state
	from ticket_workflow.ticket t
	where (t.state = 'return_requested') <> exists (
		select from ticket_workflow.ticket_return r where r.ticket_id = t.ticket_id and r.state = 'requested')
	union all
	select 'escalation_open_on_ended_clock', e.ticket_id, e.clock
	from ticket_workflow.escalation e
		join ticket_workflow.clock c on c.clock_id = e.clock_id
	where e.ended_at is null and c.status in ('met', 'late', 'cancelled')
	union all
	select b.problem, b.id, b.detail from ticket_workflow.broken_references() b
	union all
	select s.problem, s.id, s.detail from ticket_workflow.lagging_sequences() s;
end;
comment on function ticket_workflow.check_integrity() is
	'What does not hold of the stored rows: clocks against states, journals, rounds, references, sequences. No row when all is well; run it after a restore';

-- ==== sql/escalation/notices.sql

-- Notices to people: posted in the transaction of what they tell, taken with a lease, confirmed with its token.
-- May touch: notice.

-- A limit of one service minute ends one minute after the opening that follows, or after now.
create or replace function ticket_workflow.office_opening(at timestamptz, calendar text) returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	after_minute constant timestamptz := ticket_workflow.due_at(office_opening.at, 'service_minutes', 1, null, office_opening.calendar);
begin
	if after_minute = office_opening.at + interval '1 minute' then
		return office_opening.at;
	end if;
	-- in the last minute before closing a part of the minute was counted before it
	return date_trunc('minute', after_minute - interval '1 microsecond');
end
$$;
comment on function ticket_workflow.office_opening(timestamptz, text) is
	'The moment itself within service hours, else the next opening of the office';

-- The end of a day is the next day's 00:00; people read it as 24:00.
create or replace function ticket_workflow.local_text(local_at timestamp) returns text
	language sql stable parallel safe
	return case when local_text.local_at = date_trunc('day', local_text.local_at)
		then to_char(local_text.local_at - interval '1 day', 'YYYY-MM-DD') || ' 24:00'
		else to_char(local_text.local_at, 'YYYY-MM-DD HH24:MI') end;
comment on function ticket_workflow.local_text(timestamp) is
	'A local moment as people read it; 00:00 is the 24:00 of the day before';

create or replace function ticket_workflow.local_text(at timestamptz, calendar text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (select ticket_workflow.local_text(local_text.at at time zone c.zone)
		from ticket_workflow.calendar c where c.code = local_text.calendar);
end
$$;
comment on function ticket_workflow.local_text(timestamptz, text) is 'A moment as people of the calendar''s zone read it';

create or replace function ticket_workflow.ticket_number(ticket ticket_workflow.ticket) returns text
	language sql stable parallel safe
	return coalesce((ticket_number.ticket).external_no, (ticket_number.ticket).ticket_id::text);
comment on function ticket_workflow.ticket_number(ticket_workflow.ticket) is
	'The number people call a ticket by: the platform''s own, else ours';

-- What every notice about a clock says: ticket, clock, due time, department. Never who asked, or what for.
create or replace function ticket_workflow.clock_args(number text, clock text, due timestamp, department text) returns text[]
	language sql stable parallel safe
	return array[clock_args.number, '@clock:' || clock_args.clock, ticket_workflow.local_text(clock_args.due), clock_args.department];
comment on function ticket_workflow.clock_args(text, text, timestamp, text) is
	'Arguments of the notices about a clock: ticket number, clock, due time in its calendar''s zone, who has it in hand';

create or replace function ticket_workflow.post_label(post text) returns text
	language sql stable
	return ticket_workflow.label('relation', split_part(post_label.post, ':', 1))
		|| ' ' || ticket_workflow.label('position', split_part(post_label.post, ':', 2));
comment on function ticket_workflow.post_label(text) is 'relation:position of a recipient in the session''s language';

-- Function: post_notice. One row of the outbox.
-- Returns: its id. Calls: rulebook_setting, office_opening. Wakes listeners of ticket_workflow_notice.
create or replace function ticket_workflow.post_notice(center_id bigint, recipient_id bigint, message text,
		args text[] default '{}', ticket_id bigint default null, escalation_id bigint default null,
		recipient_post text default null, digest boolean default false) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	posted bigint;
	at constant timestamptz := ticket_workflow.now();
begin
	insert into ticket_workflow.notice (notice_id, center_id, ticket_id, escalation_id, recipient_id, recipient_post,
			message, args, digest, created_at, not_before)
		values (ticket_workflow.new_id(post_notice.center_id, 'ticket_workflow.notice_seq'), post_notice.center_id,
			post_notice.ticket_id, post_notice.escalation_id, post_notice.recipient_id, post_notice.recipient_post,
			post_notice.message, post_notice.args, post_notice.digest, at,
			case when post_notice.digest
				then ticket_workflow.office_opening(at, ticket_workflow.ticket_calendar(post_notice.center_id)) else at end)
		returning notice_id into posted;
	perform pg_notify('ticket_workflow_notice', post_notice.center_id::text);
	return posted;
end
$$;
comment on function ticket_workflow.post_notice(bigint, bigint, text, text[], bigint, bigint, text, boolean) is
	'Posts a notice to an official (recipient_id), or to a post that nobody holds (recipient_post, relation:position); a digest waits for the opening of the office';

-- Function: notify_post. For other rooms: tells whoever holds a post in its relation to the ticket.
-- Returns: how many notices were posted, at least one: what nobody receives goes to the center (take_notices).
create or replace function ticket_workflow.notify_post(ticket ticket_workflow.ticket, relation text, "position" text,
		message text, args text[] default '{}') returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	told integer;
begin
	select count(ticket_workflow.post_notice(notify_post.ticket.center_id, h.official_id, notify_post.message, notify_post.args,
			notify_post.ticket.ticket_id))
		into told
		from ticket_workflow.holders_of(notify_post.ticket, notify_post.relation, notify_post."position", ticket_workflow.now()) as h (official_id);
	if told = 0 then
		perform ticket_workflow.post_notice(notify_post.ticket.center_id, null, notify_post.message, notify_post.args,
			notify_post.ticket.ticket_id, null, notify_post.relation || ':' || notify_post."position");
		told := 1;
	end if;
	return told;
end
$$;
comment on function ticket_workflow.notify_post(ticket_workflow.ticket, text, text, text, text[]) is
	'Posts a notice to everybody who holds a position in that relation to the ticket; to the center where nobody does';

create or replace function ticket_workflow.notice_text(message text, args text[]) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	return ticket_workflow.message_text(notice_text.message, array(
		select case when given.arg like '@%:%'
				then coalesce(ticket_workflow.label(substr(split_part(given.arg, ':', 1), 2), split_part(given.arg, ':', 2)), given.arg)
				else given.arg end
			from unnest(notice_text.args) with ordinality as given (arg, ordinal)
			order by given.ordinal));
end
$$;
comment on function ticket_workflow.notice_text(text, text[]) is
	'Text of a notice in the session''s language; an argument @domain:code is shown by its label';

-- What was meant for a post that nobody holds is passed on by those who receive and dispatch for the center (2.3.2.1).
create or replace function ticket_workflow.center_fallback(center_id bigint, on_day date) returns text[]
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	codes text[];
begin
	select array_agg(h.code order by h.code) into codes
		from (
			select distinct o.code, rank() over (order by array_position('{dispatcher,operator,head,supervising_leader,principal_leader}'::text[], p.position)) as place
			from ticket_workflow.post p
				join ticket_workflow.organization c on c.organization_id = p.organization_id and c.kind = 'center'
				join ticket_workflow.official o on o.official_id = p.official_id and o.active
			where c.center_id = center_fallback.center_id
				and p.position = any ('{dispatcher,operator,head,supervising_leader,principal_leader}')
				and center_fallback.on_day between p.valid_from and coalesce(p.valid_until, 'infinity')
		) h
		where h.place = 1;
	return codes;
end
$$;
comment on function ticket_workflow.center_fallback(bigint, date) is
	'Officials who pass on what was meant for a post that nobody holds: the center''s dispatchers, else its operators, head, leaders';

-- Function: take_notices. The consumer's half of the outbox.
-- Leases up to max_rows messages that may go out, each under a token of its own; one whose lease ran out is
-- taken again. The digests of one recipient are one message: who locks the first of them has them all.
-- Leases run on the real clock: they are about the consumer, not about the desk.
create or replace function ticket_workflow.take_notices(max_rows integer default 100, lease interval default '5 minutes')
	returns table (notice_id bigint, token uuid, center text, recipient text, recipient_name text, recipient_post text,
		fallback text[], ticket_id bigint, message text, notice_text text, notices integer, created_at timestamptz, attempts integer)
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	ripe constant timestamptz := ticket_workflow.now();
	real_now constant timestamptz := clock_timestamp();
	-- an application delivers for the centers it was granted
	centers constant bigint[] := ticket_workflow.granted_centers('{application}');
begin
	if max_rows is null or max_rows not between 1 and 10000 then
		perform ticket_workflow.fail('out_of_range', null, 'max_rows', max_rows::text, '1', '10000');
	end if;
	if lease is null or lease < interval '1 second' or lease > interval '1 day' then
		perform ticket_workflow.fail('out_of_range', null, 'lease', lease::text, '1 second', '1 day');
	end if;
	return query
		with chosen as materialized (
			select n.notice_id, n.recipient_id, n.digest, gen_random_uuid() as token
			from ticket_workflow.notice n
			where n.confirmed_at is null and n.not_before <= ripe and n.center_id = any (centers)
				and (n.lease_until is null or n.lease_until < real_now)
				and not (n.digest and n.recipient_id is not null and exists (
					select from ticket_workflow.notice e
					where e.recipient_id = n.recipient_id and e.digest and e.confirmed_at is null and e.not_before <= ripe
						and (e.lease_until is null or e.lease_until < real_now)
						and e.notice_id < n.notice_id))
			order by n.not_before, n.notice_id
			limit take_notices.max_rows
			for no key update of n skip locked
		), members as materialized (
			select l.notice_id, l.notice_id as leading_id, l.token from chosen l
			union all
			select n.notice_id, l.notice_id, l.token
			from chosen l
				join ticket_workflow.notice n on n.recipient_id = l.recipient_id and n.digest and n.confirmed_at is null
					and n.not_before <= ripe and (n.lease_until is null or n.lease_until < real_now)
					and n.notice_id > l.notice_id
			where l.digest
		), taken as (
			update ticket_workflow.notice n
				set lease_token = m.token, lease_until = real_now + take_notices.lease, attempts = n.attempts + 1
				from members m
				where n.notice_id = m.notice_id
				returning n.*, m.leading_id
		), sent as (
			select t.leading_id, count(*)::integer as notices, min(t.created_at) as created_at, max(t.attempts) as attempts,
				string_agg(ticket_workflow.notice_text(t.message, t.args), E'\n' order by t.ticket_id, t.notice_id) as body
			from taken t
			group by t.leading_id
		)
		select t.notice_id, t.lease_token, c.code, o.code, o.name, t.recipient_post,
			case when t.recipient_id is null
				then ticket_workflow.center_fallback(t.center_id, ticket_workflow.local_day(ripe, c.calendar)) end,
			case when s.notices = 1 then t.ticket_id end,
			case when s.notices = 1 then t.message else 'notice_digest' end,
			case when s.notices > 1 then ticket_workflow.message_text('notice_digest', array[s.notices::text]) || E'\n' || s.body
				when t.recipient_id is null
				then ticket_workflow.message_text('notice_vacant', array[ticket_workflow.post_label(t.recipient_post), s.body])
				else s.body end,
			s.notices, s.created_at, s.attempts
		from sent s
			join taken t on t.notice_id = s.leading_id
			join ticket_workflow.center c on c.center_id = t.center_id
			left join ticket_workflow.official o on o.official_id = t.recipient_id
		order by t.not_before, t.notice_id;
end
$$;
comment on function ticket_workflow.take_notices(integer, interval) is
	'Leases notices that are to be sent now, oldest first, with their text in the session''s language and a token for confirm_notice(); digests of one recipient come as one. Without a recipient nobody holds recipient_post: fallback names the officials of the center who pass it on';

-- Late is better than twice: a lease that ran out can still be confirmed, unless somebody else took it since.
create or replace function ticket_workflow.confirm_notice(notice_id bigint, token uuid) returns boolean
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if not exists (select from ticket_workflow.notice n
			where n.notice_id = confirm_notice.notice_id and n.lease_token = confirm_notice.token) then
		return false;
	end if;
	-- with it the others of its digest
	update ticket_workflow.notice n
		set confirmed_at = clock_timestamp()
		where n.lease_token = confirm_notice.token and n.confirmed_at is null;
	return true;
end
$$;
comment on function ticket_workflow.confirm_notice(bigint, uuid) is
	'Says that a taken notice was delivered: true, also when said twice; false when the token is not, or no longer, the notice''s';

-- ==== sql/escalation/functions.sql

-- Escalations: a level of a clock is reached, people are told; its cause ends, they are told that too.
-- May touch: escalation, notice, journal. Whoever calls has locked the ticket.

-- Function: raise_escalations. Records levels that were reached, one a ticket, and tells their recipients.
-- Returns: how many of them had not been raised before. Calls: holders_of, write_journals.
--
-- Everything is dated by reached_at, so that a late sweep leaves the rows of one that came in time (C4);
-- only noticed_at, and when a waiting digest goes out, tell the difference. For many at once, since a sweep
-- that asked for each ticket who holds its department's posts would ask the same thing all night.
create or replace function ticket_workflow.raise_escalations(clock_ids bigint[], levels integer[], reached_at timestamptz[]) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	at constant timestamptz := ticket_workflow.now();
	entries record;
begin
	-- one statement: escalations and their notices, in one transaction anyway (C4)
	with reached as materialized (
		select ticket_workflow.new_id(c.center_id, 'ticket_workflow.escalation_seq') as escalation_id,
			c.center_id, c.ticket_id, c.clock_id, c.clock, c.round, l.level, l.purpose, c.due_at, c.due_on, g.reached_at, l.clause,
			t.rulebook, t.lead_department_id, t.area_id, c.calendar, (g.reached_at at time zone k.zone)::date as day,
			case when l.digest then ticket_workflow.rulebook_setting(t.rulebook, 'digest_leader_notices') = 'on' else false end as digest,
			ticket_workflow.clock_args(ticket_workflow.ticket_number(t), c.clock, c.due_at at time zone k.zone,
				coalesce(o.name, ce.name)) as args
		from unnest(raise_escalations.clock_ids, raise_escalations.levels, raise_escalations.reached_at) as g (clock_id, level, reached_at)
			join ticket_workflow.clock c on c.clock_id = g.clock_id
			join ticket_workflow.calendar k on k.code = c.calendar
			join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
			join ticket_workflow.escalation_level l on l.rulebook = t.rulebook and l.clock = c.clock and l.level = g.level
			join ticket_workflow.center ce on ce.center_id = c.center_id
			left join ticket_workflow.organization o on o.organization_id = coalesce(c.department_id, t.lead_department_id)
		where not exists (select from ticket_workflow.escalation e where e.clock_id = g.clock_id and e.level = g.level)
		-- ids in the order in which things happened: new_id() is called behind the sort, as volatile functions are
		order by g.reached_at, c.ticket_id, l.level
	), asked as materialized (
		select e.escalation_id, e.ticket_id, e.reached_at, r.relation, r.position, p.over_id,
			-- a roster names people by the minute, posts by the day
			case r.relation when 'duty' then e.reached_at at time zone 'UTC' else e.day::timestamp end as moment,
			-- a post that this ticket does not have is not vacant: no department yet, no area,
			-- and the duty roster stands in for the office on rest days only
			p.over_id is not null and not (r.relation = 'duty' and ticket_workflow.is_working_day(e.day, e.calendar)) as applies
		from reached e
			join ticket_workflow.escalation_recipient r on r.rulebook = e.rulebook and r.clock = e.clock and r.level = e.level
			cross join lateral (select case r.relation when 'lead' then e.lead_department_id when 'area' then e.area_id
				when 'assist' then e.ticket_id else e.center_id end as over_id) p
	), holders as materialized (
		-- tickets of one department ask for the same people
		select q.relation, q.position, q.over_id, q.moment, h.official_id
		from (
			select distinct on (a.relation, a.position, a.over_id, a.moment) a.*
			from asked a where a.applies
			order by a.relation, a.position, a.over_id, a.moment
		) q
			join ticket_workflow.ticket t on t.ticket_id = q.ticket_id
			left join lateral ticket_workflow.holders_of(t, q.relation, q.position, q.reached_at) as h (official_id) on true
	), told as materialized (
		-- who holds two of the posts is told once; of each that nobody holds the center is told
		select distinct a.escalation_id, h.official_id,
			case when h.official_id is null then a.relation || ':' || a.position end as post
		from asked a
			join holders h on h.relation = a.relation and h.position = a.position and h.over_id = a.over_id and h.moment = a.moment
		where a.applies
		union all
		select a.escalation_id, null, 'center:dispatcher'
		from asked a
		group by a.escalation_id
		having not bool_or(a.applies)
	), named as (
		select p.escalation_id, count(*) as notices,
			array_agg(o.name order by o.official_id) filter (where o.official_id is not null) as recipients,
			array_agg(p.post order by p.post) filter (where o.official_id is null) as vacant_posts
		from told p
			left join ticket_workflow.official o on o.official_id = p.official_id
		group by p.escalation_id
	), written as (
		insert into ticket_workflow.escalation (escalation_id, center_id, ticket_id, clock_id, clock, round, level, purpose,
				due_at, due_on, reached_at, noticed_at, recipients, vacant_posts)
			select e.escalation_id, e.center_id, e.ticket_id, e.clock_id, e.clock, e.round, e.level, e.purpose,
				e.due_at, e.due_on, e.reached_at, at, coalesce(n.recipients, '{}'), coalesce(n.vacant_posts, '{}')
			from reached e
				left join named n on n.escalation_id = e.escalation_id
			order by e.escalation_id
			-- each level once, ever (C4)
			on conflict (clock_id, level) do nothing
			returning escalation_id
	), posted as (
		insert into ticket_workflow.notice (notice_id, center_id, ticket_id, escalation_id, recipient_id, recipient_post,
				message, args, digest, created_at, not_before)
			select ticket_workflow.new_id(e.center_id, 'ticket_workflow.notice_seq'), e.center_id, e.ticket_id, e.escalation_id,
				p.official_id, p.post, 'notice_' || e.purpose, e.args, e.digest, at,
				case when e.digest then ticket_workflow.office_opening(at, e.calendar) else at end
			from written w
				join reached e on e.escalation_id = w.escalation_id
				join told p on p.escalation_id = w.escalation_id
			order by e.escalation_id, p.official_id, p.post
	)
	select array_agg(e.ticket_id) as tickets, array_agg(e.clause) as clauses, array_agg(e.reached_at) as moments,
			array_agg(jsonb_build_object('escalation_id', e.escalation_id, 'clock', e.clock, 'round', e.round, 'level', e.level,
				'purpose', e.purpose, 'due_at', e.due_at, 'notices', coalesce(n.notices, 0))) as details,
			array_agg(distinct e.center_id) as centers
		into entries
		from written w
			join reached e on e.escalation_id = w.escalation_id
			left join named n on n.escalation_id = w.escalation_id;
	if entries.tickets is null then
		return 0;
	end if;
	perform ticket_workflow.write_journals(entries.tickets, 'escalated', entries.clauses, entries.details, entries.moments);
	perform pg_notify('ticket_workflow_notice', c.center_id::text) from unnest(entries.centers) as c (center_id);
	return cardinality(entries.tickets);
end
$$;
comment on function ticket_workflow.raise_escalations(bigint[], integer[], timestamptz[]) is
	'Records that levels of clocks were reached, one a ticket, and tells their recipients, in one transaction; those raised before are left alone (C4)';

create or replace function ticket_workflow.raise_escalation(clock ticket_workflow.clock,
		level ticket_workflow.escalation_level, reached_at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.raise_escalations(array[raise_escalation.clock.clock_id], array[raise_escalation.level.level],
		array[raise_escalation.reached_at]);
end
$$;
comment on function ticket_workflow.raise_escalation(ticket_workflow.clock, ticket_workflow.escalation_level, timestamptz) is
	'raise_escalations() for one level of one clock';

-- Tells those whom the open or just ended levels of a clock were told to, once each. Warnings are left out:
-- what was done in time needs no second message.
create or replace function ticket_workflow.tell_again(clock_id bigint, levels integer[], message text, cause text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.post_notice(told.center_id, told.recipient_id, tell_again.message,
			told.args || ('@end_cause:' || tell_again.cause),
			told.ticket_id, told.escalation_id, told.recipient_post, told.digest)
		from (
			select c.center_id, c.ticket_id, n.recipient_id, n.recipient_post, max(e.escalation_id) as escalation_id,
				bool_and(n.digest) as digest,
				ticket_workflow.clock_args(ticket_workflow.ticket_number(t), c.clock, c.due_at at time zone k.zone,
					coalesce(o.name, ce.name)) as args
			from ticket_workflow.clock c
				join ticket_workflow.calendar k on k.code = c.calendar
				join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
				join ticket_workflow.center ce on ce.center_id = c.center_id
				left join ticket_workflow.organization o on o.organization_id = coalesce(c.department_id, t.lead_department_id)
				join ticket_workflow.escalation e on e.clock_id = c.clock_id
				join ticket_workflow.notice n on n.escalation_id = e.escalation_id and n.message = 'notice_' || e.purpose
			where c.clock_id = tell_again.clock_id and e.level = any (tell_again.levels) and e.purpose <> 'warning'
			group by c.clock_id, k.code, t.ticket_id, ce.center_id, o.organization_id, n.recipient_id, n.recipient_post
			order by n.recipient_id, n.recipient_post
		) told;
end
$$;
comment on function ticket_workflow.tell_again(bigint, integer[], text, text) is
	'Posts one more notice to each who was told of these levels of a clock';

create or replace function ticket_workflow.end_escalations(clock_id bigint, cause text, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	ended record;
begin
	with closed as (
		update ticket_workflow.escalation e
			set ended_at = end_escalations.at, end_cause = end_escalations.cause
			where e.clock_id = end_escalations.clock_id and e.ended_at is null
			returning e.ticket_id, e.clock, e.level
	)
	select min(c.ticket_id) as ticket_id, min(c.clock) as clock, array_agg(c.level order by c.level) as levels
		into ended from closed c;
	if ended.ticket_id is null then
		return;
	end if;
	perform ticket_workflow.tell_again(end_escalations.clock_id, ended.levels, 'notice_ended', end_escalations.cause);
	perform ticket_workflow.write_journal(ended.ticket_id, 'escalation_ended', 'C4',
		jsonb_build_object('clock', ended.clock, 'levels', ended.levels, 'cause', end_escalations.cause),
		end_escalations.at, by_system => true);
end
$$;
comment on function ticket_workflow.end_escalations(bigint, text, timestamptz) is
	'Ends the escalations of a clock that stopped, and tells those who had been told (C4)';

-- A report sent back, or a fact found void: the clock runs on as if it had never stopped (C2). Its levels
-- are not raised anew, each fires once; the ones that stand become open again.
create or replace function ticket_workflow.reopen_escalations(clock_id bigint, cause text, at timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	open record;
begin
	with reopened as (
		update ticket_workflow.escalation e
			set ended_at = null, end_cause = null
			where e.clock_id = reopen_escalations.clock_id and e.ended_at is not null
			returning e.ticket_id, e.clock, e.level
	)
	select min(r.ticket_id) as ticket_id, min(r.clock) as clock, array_agg(r.level order by r.level) as levels
		into open from reopened r;
	if open.ticket_id is null then
		return;
	end if;
	perform ticket_workflow.tell_again(reopen_escalations.clock_id, open.levels, 'notice_reopened', reopen_escalations.cause);
	perform ticket_workflow.write_journal(open.ticket_id, 'escalation_reopened', 'C2',
		jsonb_build_object('clock', open.clock, 'levels', open.levels, 'cause', reopen_escalations.cause),
		reopen_escalations.at, by_system => true);
end
$$;
comment on function ticket_workflow.reopen_escalations(bigint, text, timestamptz) is
	'Opens the ended escalations of a clock that runs again, and tells those who had been told';

-- The first who acknowledges has it; what later ones say stands in the journal.
create or replace function ticket_workflow.acknowledge_escalation(escalation_id bigint, note text default null)
	returns ticket_workflow.escalation
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	e ticket_workflow.escalation;
	t ticket_workflow.ticket;
begin
	select * into e from ticket_workflow.escalation r where r.escalation_id = acknowledge_escalation.escalation_id;
	select * into t from ticket_workflow.ticket r where r.ticket_id = e.ticket_id;
	-- one that the caller may not see answers as if it did not exist
	if t.ticket_id is null or not ticket_workflow.may_see(t) then
		perform ticket_workflow.fail('unknown_row', null, 'escalation', acknowledge_escalation.escalation_id::text);
	end if;
	perform ticket_workflow.optional_text(acknowledge_escalation.note, 'note');
	perform ticket_workflow.begin_act(e.ticket_id, 'acknowledge_escalation');
	perform ticket_workflow.require_actor();

	update ticket_workflow.escalation r
		set acknowledged_at = coalesce(r.acknowledged_at, ticket_workflow.now()),
			acknowledge_note = case when r.acknowledged_at is null then acknowledge_escalation.note else r.acknowledge_note end,
			acknowledged_by = coalesce(r.acknowledged_by, ticket_workflow.actor())
		where r.escalation_id = acknowledge_escalation.escalation_id
		returning r.* into e;
	perform ticket_workflow.write_journal(e.ticket_id, 'escalation_acknowledged', '3.3',
		jsonb_build_object('escalation_id', e.escalation_id, 'clock', e.clock, 'level', e.level));
	return e;
end
$$;
comment on function ticket_workflow.acknowledge_escalation(bigint, text) is
	'An official takes an escalation on, with a note; the first one stands in the escalation, every one in the journal';

-- ==== sql/escalation/sweep.sql

-- The sweep: what has become due is done in bounded batches, each committed, oldest first.
-- May touch: sweep_run, sweep_failure, sweep_day; clocks only through process_clock() of their own room.
--
-- One lock order: tickets are locked first, and those that somebody else holds are left to the next sweep.
-- A clock is read again under the lock, so two sweeps at once share the work and fire nothing twice.

-- The next due clock of a ticket. One that failed is set aside for a while, the ticket's others go on.
-- A few rows of one ticket, by key, at the head of every call: planning them anew each time costs five times their reading.
create or replace function ticket_workflow.next_due_clock(ticket_id bigint, until timestamptz) returns ticket_workflow.clock
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	found_clock ticket_workflow.clock;
begin
	select c.* into found_clock
		from ticket_workflow.clock c
			join ticket_workflow.clock_kind k on k.clock = c.clock
		where c.ticket_id = next_due_clock.ticket_id and c.next_at <= next_due_clock.until
			and not exists (select from ticket_workflow.sweep_failure f
				where f.clock_id = c.clock_id and f.retry_at > clock_timestamp())
		order by c.next_at, k.ordinal
		limit 1;
	return found_clock;
end
$$;
comment on function ticket_workflow.next_due_clock(bigint, timestamptz) is
	'The clock of a ticket that asks first, no later than until; those set aside after a failure are left out';

create or replace function ticket_workflow.sweep_clock(clock ticket_workflow.clock) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
begin
	select * into strict t from ticket_workflow.ticket r where r.ticket_id = sweep_clock.clock.ticket_id;
	perform ticket_workflow.process_clock(t, sweep_clock.clock);
	-- what asks again at the same moment would keep the sweep for ever
	if exists (select from ticket_workflow.clock r
			where r.clock_id = sweep_clock.clock.clock_id and r.next_at <= sweep_clock.clock.next_at) then
		perform ticket_workflow.fail('clock_stuck', 'C4', sweep_clock.clock.clock, sweep_clock.clock.clock_id::text);
	end if;
	delete from ticket_workflow.sweep_failure f where f.clock_id = sweep_clock.clock.clock_id;
end
$$;
comment on function ticket_workflow.sweep_clock(ticket_workflow.clock) is 'One step of one due clock; its earlier failure is forgotten';

-- Doubled at each further failure, from a minute up to a day, on the real clock.
create or replace function ticket_workflow.set_clock_aside(clock ticket_workflow.clock, state text, message text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	insert into ticket_workflow.sweep_failure (clock_id, center_id, failed_at, retry_at, failures, sqlstate, message)
		values (set_clock_aside.clock.clock_id, set_clock_aside.clock.center_id, clock_timestamp(),
			clock_timestamp() + interval '1 minute', 1, set_clock_aside.state, left(set_clock_aside.message, 1000))
		on conflict (clock_id) do update
			set failed_at = excluded.failed_at, failures = sweep_failure.failures + 1,
				retry_at = excluded.failed_at
					+ least(interval '1 minute' * power(2, least(sweep_failure.failures, 11)), interval '1 day'),
				sqlstate = excluded.sqlstate, message = excluded.message;
end
$$;
comment on function ticket_workflow.set_clock_aside(ticket_workflow.clock, text, text) is
	'Sets a clock aside whose processing failed, with its error, for longer each time';

-- Most of what is due only speaks: one level of the one clock of its ticket that is due, and nothing follows.
-- That is done for all of them at once; what brings more than words, or more than one at a time, is left to
-- process_clock(), in the order in which it became due.
create or replace function ticket_workflow.sweep_levels(tickets bigint[], until timestamptz) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	found_levels record;
begin
	with due as materialized (
		select c as clock, c.clock_id, c.next_at, t.rulebook,
			not k.expires and (k.due_event is null or c.due_done or c.due_at > c.next_at) as only_speaks,
			count(*) over (partition by c.ticket_id) as due_clocks
		from ticket_workflow.clock c
			join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
			join ticket_workflow.clock_kind k on k.clock = c.clock
		where c.ticket_id = any (sweep_levels.tickets) and c.next_at <= sweep_levels.until
			and not exists (select from ticket_workflow.sweep_failure f
				where f.clock_id = c.clock_id and f.retry_at > clock_timestamp())
	), reached as (
		select d.clock_id, l.level, ticket_workflow.level_at(l, (d.clock).started_at, (d.clock).due_at, (d.clock).calendar) as reached_at,
			count(*) over (partition by d.clock_id) as levels
		from due d
			join ticket_workflow.escalation_level l on l.rulebook = d.rulebook and l.clock = (d.clock).clock
		where d.only_speaks and d.due_clocks = 1
			and not exists (select from ticket_workflow.escalation e where e.clock_id = d.clock_id and e.level = l.level)
			and ticket_workflow.level_at(l, (d.clock).started_at, (d.clock).due_at, (d.clock).calendar) <= d.next_at
	)
	select array_agg(r.clock_id) as clocks, array_agg(r.level) as levels, array_agg(r.reached_at) as moments
		into found_levels
		from reached r
		where r.levels = 1;
	if found_levels.clocks is null then
		return 0;
	end if;
	perform ticket_workflow.raise_escalations(found_levels.clocks, found_levels.levels, found_levels.moments);
	update ticket_workflow.clock c
		set next_at = ticket_workflow.next_look(c, t.rulebook)
		from ticket_workflow.ticket t
		where c.clock_id = any (found_levels.clocks) and t.ticket_id = c.ticket_id;
	delete from ticket_workflow.sweep_failure f where f.clock_id = any (found_levels.clocks);
	return cardinality(found_levels.clocks);
end
$$;
comment on function ticket_workflow.sweep_levels(bigint[], timestamptz) is
	'Raises the one due level of each of these tickets that has one, where nothing else follows; returns how many';

create or replace function ticket_workflow.begin_sweep() returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
	started bigint;
begin
	-- the heartbeat alone is not worth a flush: the first batch that does something makes it durable too
	perform set_config('synchronous_commit', 'off', true);
	insert into ticket_workflow.sweep_run (sweep_id, started_at, beat_at, as_of, backend)
		-- what is due at this moment is not late yet (T3), as at the head of every act
		values (nextval('ticket_workflow.sweep_seq'), clock_timestamp(), clock_timestamp(),
			ticket_workflow.now() - interval '1 microsecond', pg_backend_pid())
		returning sweep_id into started;
	return started;
end
$$;
comment on function ticket_workflow.begin_sweep() is 'Heartbeat at the start of a sweep, committed on its own so that a killed one shows';

-- T5: after a change of a calendar its deadlines are computed again before anything fires by the old ones.
-- Its failure must not stop the sweep; it is tried again by the next.
create or replace function ticket_workflow.sweep_calendars(sweep_id bigint) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform ticket_workflow.recompute_deadlines();
exception when others then
	raise warning '%', sqlerrm using errcode = sqlstate;
	update ticket_workflow.sweep_run r set failures = r.failures + 1 where r.sweep_id = sweep_calendars.sweep_id;
end
$$;
comment on function ticket_workflow.sweep_calendars(bigint) is
	'Computes the deadlines again whose calendar has changed; a failure is counted, the sweep goes on';

-- Function: sweep_batch. Does what is due for up to batch_size clocks' tickets, and beats.
-- Returns: whether another batch may find something. Calls: process_clock() for each due clock.
--
-- All of it runs in one subtransaction; only when that fails, once more with one for each clock, to find the bad
-- one. Sixty-four subtransactions that write are all a backend can show its neighbours cheaply.
create or replace function ticket_workflow.sweep_batch(sweep_id bigint, batch_size integer, max_batches integer) returns boolean
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	run ticket_workflow.sweep_run;
	tickets bigint[];
	found_clocks integer;
	ticket bigint;
	c ticket_workflow.clock;
	spoken integer;
	done integer := 0;
	failed integer := 0;
	fired integer := 0;
	more boolean;
begin
	if batch_size is null or batch_size not between 1 and 10000 then
		perform ticket_workflow.fail('out_of_range', null, 'batch_size', batch_size::text, '1', '10000');
	end if;
	select * into strict run from ticket_workflow.sweep_run r where r.sweep_id = sweep_batch.sweep_id;

	with due as (
		select d.ticket_id, d.next_at
		from ticket_workflow.clock d
			join ticket_workflow.ticket t on t.ticket_id = d.ticket_id
		where d.next_at <= run.as_of
			and not exists (select from ticket_workflow.sweep_failure f
				where f.clock_id = d.clock_id and f.retry_at > clock_timestamp())
		order by d.next_at
		limit sweep_batch.batch_size
		for no key update of t skip locked
	), first_due as (
		select d.ticket_id, min(d.next_at) as next_at, count(*) as clocks from due d group by d.ticket_id
	)
	select array_agg(f.ticket_id order by f.next_at, f.ticket_id), coalesce(sum(f.clocks), 0)
		into tickets, found_clocks
		from first_due f;
	more := found_clocks = sweep_batch.batch_size
		and (sweep_batch.max_batches is null or run.batches + 1 < sweep_batch.max_batches);

	if found_clocks > 0 then
		begin
			loop
				spoken := ticket_workflow.sweep_levels(tickets, run.as_of);
				exit when spoken = 0;
				done := done + spoken;
			end loop;
			for ticket in
				select d.ticket_id from ticket_workflow.clock d
				where d.ticket_id = any (tickets) and d.next_at <= run.as_of
				group by d.ticket_id
				order by min(d.next_at), d.ticket_id
			loop
				loop
					c := ticket_workflow.next_due_clock(ticket, run.as_of);
					exit when c.clock_id is null;
					perform ticket_workflow.sweep_clock(c);
					done := done + 1;
				end loop;
			end loop;
		exception when others then
			done := 0;
			foreach ticket in array tickets loop
				loop
					c := ticket_workflow.next_due_clock(ticket, run.as_of);
					exit when c.clock_id is null;
					begin
						perform ticket_workflow.sweep_clock(c);
						done := done + 1;
					exception when others then
						failed := failed + 1;
						perform ticket_workflow.set_clock_aside(c, sqlstate, sqlerrm);
					end;
				end loop;
			end loop;
		end;
		-- nobody else can have written these: the tickets are ours until the commit
		select count(*) into fired
			from ticket_workflow.escalation e
			where e.ticket_id = any (tickets) and e.noticed_at = ticket_workflow.now();
	end if;

	if done = 0 and failed = 0 then
		-- as in begin_sweep(): nothing here that could be missed
		perform set_config('synchronous_commit', 'off', true);
	end if;
	update ticket_workflow.sweep_run r
		set beat_at = clock_timestamp(), batches = r.batches + 1, clocks = r.clocks + done,
			escalations = r.escalations + fired, failures = r.failures + failed
		where r.sweep_id = sweep_batch.sweep_id;
	return more;
end
$$;
comment on function ticket_workflow.sweep_batch(bigint, integer, integer) is
	'One batch of a sweep: locks the tickets of the oldest due clocks, does what they ask for, beats; true when there may be more';

-- A waiting digest that has become ripe, or a lease that ran out, wakes the consumers once more.
create or replace function ticket_workflow.wake_consumers(ripe timestamptz) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if exists (select from ticket_workflow.notice n
			where n.confirmed_at is null and n.not_before <= wake_consumers.ripe
				and (n.lease_until is null or n.lease_until < clock_timestamp())) then
		perform pg_notify('ticket_workflow_notice', '');
	end if;
end
$$;
comment on function ticket_workflow.wake_consumers(timestamptz) is 'Wakes listeners of ticket_workflow_notice when a notice may be taken';

-- In a transaction of its own, and a short one: two sweeps that begin the day at once wait for each other here,
-- not while one of them works through its batches.
create or replace function ticket_workflow.end_sweep(sweep_id bigint) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	failed constant integer := ticket_workflow.sweep_daily();
begin
	perform ticket_workflow.wake_consumers(ticket_workflow.now());
	if failed = 0 then
		-- as in begin_sweep(): what the day's part wrote is told again by the next if it should be lost
		perform set_config('synchronous_commit', 'off', true);
	end if;
	update ticket_workflow.sweep_run r
		set beat_at = clock_timestamp(), finished_at = clock_timestamp(), failures = r.failures + failed
		where r.sweep_id = end_sweep.sweep_id;
end
$$;
comment on function ticket_workflow.end_sweep(bigint) is 'Ends a sweep: the day''s part, once a day; wakes consumers of notices; the last heartbeat';

-- Once per local day of each center. Returns the number of failures: they stop neither the sweep nor each other.
create or replace function ticket_workflow.sweep_daily() returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	center record;
	failed integer := 0;
begin
	for center in
		select d.center_id, d.calendar, d.today
		from (
			select r.center_id, r.calendar, ticket_workflow.local_day(ticket_workflow.now(), r.calendar) as today
			from ticket_workflow.center r
		) d
			left join ticket_workflow.sweep_day s on s.center_id = d.center_id
		where s.done_on is null or s.done_on < d.today
	loop
		begin
			perform ticket_workflow.tell_missing_year(center.center_id, center.calendar, center.today);
			delete from ticket_workflow.sweep_run r
				where r.started_at < clock_timestamp() - interval '31 days';
			insert into ticket_workflow.sweep_day (center_id, done_on) values (center.center_id, center.today)
				on conflict (center_id) do update set done_on = excluded.done_on;
		exception when others then
			failed := failed + 1;
			raise warning '%', sqlerrm using errcode = sqlstate;
		end;
	end loop;
	return failed;
end
$$;
comment on function ticket_workflow.sweep_daily() is
	'What a sweep does once a day for each center: tells of a year without a calendar, forgets heartbeats of a month ago';

-- T4: from 1 October, if nobody has published the next year yet; again with each further month.
create or replace function ticket_workflow.tell_missing_year(center_id bigint, calendar text, today date) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	next_year constant integer := extract(year from tell_missing_year.today)::integer + 1;
	this_month constant date := date_trunc('month', tell_missing_year.today)::date;
	told_to bigint[];
begin
	if extract(month from tell_missing_year.today) < 10
		or ticket_workflow.calendar_covers(make_date(next_year, 12, 31), tell_missing_year.calendar) then
		return;
	end if;
	insert into ticket_workflow.sweep_day as s (center_id, done_on, year_told_on)
		values (tell_missing_year.center_id, tell_missing_year.today - 1, this_month)
		on conflict (center_id) do update set year_told_on = excluded.year_told_on
			where s.year_told_on is distinct from excluded.year_told_on;
	if not found then
		return;
	end if;
	select array_agg(o.official_id order by o.official_id) into told_to
		from ticket_workflow.official o
		where o.code = any (ticket_workflow.center_fallback(tell_missing_year.center_id, tell_missing_year.today));
	perform ticket_workflow.post_notice(tell_missing_year.center_id, told.recipient, 'notice_calendar_year',
			array[tell_missing_year.calendar, next_year::text],
			recipient_post => case when told.recipient is null then 'center:dispatcher' end)
		from unnest(coalesce(told_to, array[null::bigint])) as told (recipient);
end
$$;
comment on function ticket_workflow.tell_missing_year(bigint, text, date) is
	'From 1 October tells the center, once a month, that its calendar does not cover the next year (T4)';

-- Neither SET nor SECURITY DEFINER: with either a procedure may not commit. So every name is qualified, and
-- all rules are in the definer functions it calls.
create or replace procedure ticket_workflow.sweep(batch_size integer default 200, max_batches integer default null)
	language plpgsql
as $$
declare
	run bigint;
begin
	-- a standby cannot write; pg_cron and timers may run there all the same
	if pg_catalog.pg_is_in_recovery() then
		return;
	end if;
	-- under an older snapshot a lock would not be followed by a fresh look
	commit;
	set transaction isolation level read committed;
	run := ticket_workflow.begin_sweep();
	commit;
	set transaction isolation level read committed;
	perform ticket_workflow.sweep_calendars(run);
	commit;
	loop
		set transaction isolation level read committed;
		exit when not ticket_workflow.sweep_batch(run, batch_size, max_batches);
		commit;
	end loop;
	commit;
	set transaction isolation level read committed;
	perform ticket_workflow.end_sweep(run);
	commit;
end
$$;
comment on procedure ticket_workflow.sweep(integer, integer) is
	'Does what has become due, in batches of so many clocks, each committed; at most max_batches of them. Run it every minute (schedule_sweeps)';

-- Past row security: who watches the machine need not see the tickets, and a count of the rows he sees would
-- call a stuck sweep healthy.
create or replace function ticket_workflow.sweep_backlog(out oldest_due_at timestamptz, out notices_waiting integer,
		out oldest_notice_at timestamptz)
	language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	select min(c.next_at) into oldest_due_at
		from ticket_workflow.clock c where c.next_at < ticket_workflow.now();
	select count(*)::integer, min(n.not_before) into notices_waiting, oldest_notice_at
		from ticket_workflow.notice n where n.confirmed_at is null and n.not_before <= ticket_workflow.now();
end
$$;
comment on function ticket_workflow.sweep_backlog() is
	'What waits, over all centers: the oldest due clock, notices that are to be sent and the oldest of them';

-- ==== sql/escalation/schedule.sql

-- pg_cron, where it is: found at run time, nothing here depends on it.
-- May touch: cron's jobs, as the caller.
--
-- SECURITY INVOKER: a job runs as the role that made it, and the owner of the extension may not log in. The command
-- is exactly one CALL, since the sweep commits. What is returned can be run as it is: the words stand in comments.

create or replace function ticket_workflow.sweep_job() returns text
	language sql stable
	return 'ticket_workflow_sweep_' || current_database();
comment on function ticket_workflow.sweep_job() is 'Name of this database''s job in pg_cron';

-- Where pg_cron keeps its jobs: a database, or NULL where the server has none or does not tell this role.
create or replace function ticket_workflow.cron_database() returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	return current_setting('cron.database_name', true);
exception when insufficient_privilege then
	-- it is there, else the setting would not be known
	return '?';
end
$$;
comment on function ticket_workflow.cron_database() is
	'Database in which pg_cron keeps its jobs; ? where the caller may not know, NULL where the server has no pg_cron';

create or replace function ticket_workflow.schedule_sweeps() returns text
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	command constant text := 'CALL ticket_workflow.sweep()';
	job constant text := ticket_workflow.sweep_job();
	home constant text := ticket_workflow.cron_database();
	here constant text := format('select cron.schedule(%L, %L, %L);', job, '* * * * *', command);
begin
	if exists (select from pg_extension e where e.extname = 'pg_cron') then
		begin
			execute here;
		exception when insufficient_privilege then
			return ticket_workflow.message_text('schedule_not_allowed', array[session_user::text, sqlerrm]) || E'\n' || here;
		end;
		return ticket_workflow.message_text('schedule_done', array[job, command]);
	end if;
	if home is null then
		return ticket_workflow.message_text('schedule_none') || E'\n' || command || ';';
	end if;
	if home = current_database() then
		return ticket_workflow.message_text('schedule_create', array[home]) || E'\ncreate extension pg_cron;\n' || here;
	end if;
	return ticket_workflow.message_text('schedule_elsewhere', array[home]) || E'\n'
		|| format('select cron.schedule_in_database(%L, %L, %L, %L);', job, '* * * * *', command, current_database());
end
$$;
comment on function ticket_workflow.schedule_sweeps() is
	'Makes the job that sweeps every minute where pg_cron is in this database; else returns what to run, and where. May be called again';

create or replace function ticket_workflow.unschedule_sweeps() returns text
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	job constant text := ticket_workflow.sweep_job();
	home constant text := ticket_workflow.cron_database();
	-- by number: the name alone is refused where there is no such job
	statement constant text := format('select cron.unschedule(jobid) from cron.job where jobname = %L;', job);
	ended integer;
begin
	if exists (select from pg_extension e where e.extname = 'pg_cron') then
		begin
			execute statement;
			get diagnostics ended = row_count;
		exception when insufficient_privilege then
			return ticket_workflow.message_text('schedule_not_allowed', array[session_user::text, sqlerrm]) || E'\n' || statement;
		end;
		return ticket_workflow.message_text(case when ended > 0 then 'unschedule_done' else 'unschedule_nothing' end, array[job]);
	end if;
	if home is null or home = current_database() then
		return ticket_workflow.message_text('unschedule_nothing', array[job]);
	end if;
	return ticket_workflow.message_text('schedule_elsewhere', array[home]) || E'\n' || statement;
end
$$;
comment on function ticket_workflow.unschedule_sweeps() is
	'Takes the job away that schedule_sweeps() made; where pg_cron is in another database it returns what to run there';

-- ==== sql/security/grants.sql

-- Granting the capabilities to the DBA's roles. Never run by the extension's script: what a script grants is
-- remembered by the server as part of the extension, by a number that a dropped role leaves behind (P-2.8).
-- For superusers and roles with the rights of ticket_workflow_owner, under their own rights.
-- May touch: access_grant; privileges of the extension's members and USAGE of its schema.

create or replace function ticket_workflow.require_owner() returns void
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	if not ticket_workflow.caller_owns() then
		perform ticket_workflow.fail('owner_only', null, pg_get_userbyid(ticket_workflow.caller())::text);
	end if;
end
$$;
comment on function ticket_workflow.require_owner() is 'TW005 unless the caller is a superuser or has the rights of ticket_workflow_owner';

create or replace function ticket_workflow.apply_grants(role_name text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	held constant text[] := array(select distinct g.capability from ticket_workflow.access_grant g
		where g.role_name = apply_grants.role_name);
	member record;
	reads record;
begin
	-- from nothing: what an update withdrew from a capability goes too
	for member in
		select case when d.classid = 'pg_proc'::regclass then 'routine' else 'table' end as kind,
			case when d.classid = 'pg_proc'::regclass then d.objid::regprocedure::text else d.objid::regclass::text end as name,
			case when d.classid = 'pg_proc'::regclass then p.proname else c.relname end::text as plain,
			case when d.classid = 'pg_proc'::regclass then p.proacl else c.relacl end as acl,
			d.objid
		from pg_depend d
			join pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
			left join pg_proc p on p.oid = d.objid and d.classid = 'pg_proc'::regclass
			left join pg_class c on c.oid = d.objid and d.classid = 'pg_class'::regclass and c.relkind in ('r', 'v')
		where d.refclassid = 'pg_extension'::regclass and d.deptype = 'e' and (p.oid is not null or c.oid is not null)
	loop
		-- of a table this takes the grants of its columns along
		execute format('revoke all on %s %s from %I', member.kind, member.name, apply_grants.role_name);
		if member.kind = 'routine' then
			if exists (select from ticket_workflow.function_capability f
					where f.function_name = member.plain and (f.capability = any (held) or f.capability = 'any' and held <> '{}')) then
				execute format('grant execute on routine %s to %I', member.name, apply_grants.role_name);
			end if;
		else
			for reads in
				select r.columns from ticket_workflow.relation_capability r
				where r.relation_name = member.plain and (r.capability = any (held) or r.capability = 'any' and held <> '{}')
			loop
				execute format('grant select%s on table %s to %I',
					(select ' (' || string_agg(quote_ident(c), ', ') || ')' from unnest(reads.columns) c),
					member.name, apply_grants.role_name);
			end loop;
		end if;
	end loop;
	if held = '{}' then
		execute format('revoke usage on schema ticket_workflow from %I', apply_grants.role_name);
	elsif not has_schema_privilege(apply_grants.role_name, 'ticket_workflow', 'usage') then
		execute format('grant usage on schema ticket_workflow to %I', apply_grants.role_name);
	end if;
end
$$;
comment on function ticket_workflow.apply_grants(text) is
	'Makes the privileges of a role on the extension exactly those of its remembered capabilities';

create or replace procedure ticket_workflow.grant_access(role_name text, capability text, centers text[] default null)
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	wanted text;
	ids bigint[];
begin
	perform ticket_workflow.require_owner();
	wanted := ticket_workflow.grantable(grant_access.capability);
	if to_regrole(quote_ident(grant_access.role_name)) is null then
		perform ticket_workflow.fail('unknown_grantee', null, left(grant_access.role_name, 63));
	end if;
	if grant_access.centers is null then
		-- all of them, which takes the place of some
		delete from ticket_workflow.access_grant g where g.role_name = grant_access.role_name and g.capability = wanted;
		ids := array[null::bigint];
	else
		ids := array(select ticket_workflow.center_id_of(c) from unnest(grant_access.centers) c where c is not null);
		if ids = '{}' then
			perform ticket_workflow.fail('text_missing', null, 'centers');
		end if;
	end if;
	insert into ticket_workflow.access_grant (role_name, capability, center_id, granted_at, granted_by)
		select grant_access.role_name, wanted, i, ticket_workflow.now(), session_user
		from unnest(ids) i
		on conflict (role_name, capability, center_id) do nothing;
	perform ticket_workflow.apply_grants(grant_access.role_name);
end
$$;
comment on procedure ticket_workflow.grant_access(text, text, text[]) is
	'Gives a role a capability (application, official, reader, auditor, sweeper, manager) for some centers or, NULL, for all; remembered for refresh_grants(). For superusers and owners. Errors: TW005, TW006';

create or replace function ticket_workflow.grantable(capability text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	wanted constant text := ticket_workflow.code_of('capability',
		ticket_workflow.require_text(grantable.capability, 'capability', 64), 'capability');
begin
	-- any and internal are words of the product's tables only
	if wanted in ('any', 'internal') then
		perform ticket_workflow.fail('unknown_code', null, 'capability', wanted,
			(select string_agg(l.code || ' (' || l.zh || ')', ', ' order by l.code) from ticket_workflow.label l
				where l.domain = 'capability' and l.code not in ('any', 'internal')));
	end if;
	return wanted;
end
$$;
comment on function ticket_workflow.grantable(text) is 'Code of a capability that can be granted; TW006 for anything else';

create or replace procedure ticket_workflow.revoke_access(role_name text, capability text, centers text[] default null)
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	unwanted text;
begin
	perform ticket_workflow.require_owner();
	unwanted := ticket_workflow.grantable(revoke_access.capability);
	delete from ticket_workflow.access_grant g
		where g.role_name = revoke_access.role_name and g.capability = unwanted
			and (revoke_access.centers is null
				or g.center_id in (select ticket_workflow.center_id_of(c) from unnest(revoke_access.centers) c));
	if not found then
		perform ticket_workflow.fail('not_granted', null, left(revoke_access.role_name, 63), unwanted);
	end if;
	-- a dropped role took its privileges along
	if to_regrole(quote_ident(revoke_access.role_name)) is not null then
		perform ticket_workflow.apply_grants(revoke_access.role_name);
	end if;
end
$$;
comment on procedure ticket_workflow.revoke_access(text, text, text[]) is
	'Takes a capability from a role, for some centers or altogether. What was granted for all centers is taken altogether. For superusers and owners. Errors: TW005, TW006';

create or replace function ticket_workflow.refresh_grants() returns table (role_name text, refreshed boolean)
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	grantee text;
begin
	perform ticket_workflow.require_owner();
	for grantee in select distinct g.role_name from ticket_workflow.access_grant g order by 1 loop
		role_name := grantee;
		refreshed := to_regrole(quote_ident(grantee)) is not null;
		if refreshed then
			perform ticket_workflow.apply_grants(grantee);
		end if;
		return next;
	end loop;
end
$$;
comment on function ticket_workflow.refresh_grants() is
	'Repeats every remembered grant, after an update or a restore; refreshed is false for a role that does not exist. For superusers and owners. Errors: TW005';

-- ==== sql/security/petitioner.sql

-- Personal data, shown to who needs it for a ticket, and journalled.
-- May touch: the journal.

create or replace function ticket_workflow.reveal_petitioner(ticket_id bigint, purpose text)
	returns table (petitioner_id bigint, name text, phone text, phone_is_mobile boolean, phone_locality text, address text)
	language plpgsql security definer rows 1 set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket := ticket_workflow.begin_act(reveal_petitioner.ticket_id, 'reveal_petitioner');
begin
	perform ticket_workflow.require_text(reveal_petitioner.purpose, 'purpose', 200);
	if t.petitioner_id is null then
		-- anonymous: nothing is shown, nothing is to be accounted for
		return;
	end if;
	perform ticket_workflow.write_journal(t.ticket_id, 'reveal_petitioner', null,
		jsonb_build_object('petitioner_id', t.petitioner_id, 'purpose', reveal_petitioner.purpose));
	return query
		select p.petitioner_id, p.name, p.phone, p.phone_is_mobile, p.phone_locality, p.address
		from ticket_workflow.petitioner p where p.petitioner_id = t.petitioner_id;
end
$$;
comment on function ticket_workflow.reveal_petitioner(bigint, text) is
	'Name, phone and address behind a ticket, for a stated purpose; the journal keeps who asked and why. No row for an anonymous petitioner. Errors: TW005, TW006';

-- ==== sql/base/guards.sql

-- Product tables refuse changes: an update of the extension replaces them.
-- May touch: triggers of product tables.

create or replace function ticket_workflow.refuse_product_change() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.fail('product_table', null, tg_table_name::text);
	return null;
end
$$;
comment on function ticket_workflow.refuse_product_change() is 'Trigger: product tables are changed by updates of the extension only';

-- ==== sql/calendar/guards.sql

-- What keeps the engine's cached calendars true, and the log of changes as it is.
-- May touch: triggers of the calendar tables.

do $guards$
declare
	cached constant text[] := array['calendar', 'calendar_base', 'calendar_window', 'calendar_date_window',
		'calendar_document', 'calendar_day'];
	member text;
	moment text;
begin
	foreach member in array cached loop
		foreach moment in array array['before', 'after'] loop
			execute pg_catalog.format('create or replace trigger invalidate_cache_%s %s insert or update or delete or truncate '
				'on ticket_workflow.%I for each statement execute function ticket_workflow.invalidate_cache()',
				moment, moment, member);
			execute pg_catalog.format('alter table ticket_workflow.%I enable always trigger invalidate_cache_%s', member, moment);
		end loop;
		execute pg_catalog.format('create or replace trigger invalidate_cache_replica after insert or update or delete '
			'on ticket_workflow.%I for each row execute function ticket_workflow.invalidate_cache()', member);
		execute pg_catalog.format('alter table ticket_workflow.%I enable replica trigger invalidate_cache_replica', member);
	end loop;
end
$guards$;

-- ==== sql/journal/guards.sql

-- The journal is append-only, on every path.
-- May touch: triggers of journal.

create or replace function ticket_workflow.refuse_history_change() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.fail('history_change', 'S4', tg_table_name::text);
	return null;
end
$$;
comment on function ticket_workflow.refuse_history_change() is 'Trigger: history is append-only (TW010)';

create or replace trigger refuse_history_change
	before update or delete or truncate on ticket_workflow.journal
	for each statement execute function ticket_workflow.refuse_history_change();

-- ==== sql/organization/guards.sql

-- The organization's history stays true on every path: what was in force is ended by date,
-- never rewritten or deleted, since journals, signatures and rights of past days rest on it.
-- Guards act on UPDATE, DELETE and TRUNCATE only.
-- May touch: triggers of the tables of sql/organization.

create or replace function ticket_workflow.guard_fixed_columns() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	fixed text;
begin
	-- the arguments name the columns that stay as they were inserted
	foreach fixed in array tg_argv loop
		if to_jsonb(old) -> fixed is distinct from to_jsonb(new) -> fixed then
			perform ticket_workflow.fail('fixed_column', null, tg_table_name::text, fixed);
		end if;
	end loop;
	return new;
end
$$;
comment on function ticket_workflow.guard_fixed_columns() is 'Trigger: the named columns cannot be changed (TW010)';

-- The foreign keys would refuse too, but without a word about the way out.
create or replace function ticket_workflow.guard_referenced_delete() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	reference record;
	used boolean;
begin
	for reference in
		select c.conrelid::regclass as relation, a.attname, k.attname as key
		from pg_constraint c
			join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
			join pg_attribute k on k.attrelid = c.confrelid and k.attnum = c.confkey[1]
		where c.contype = 'f' and c.confrelid = tg_relid and cardinality(c.conkey) = 1
	loop
		execute format('select exists (select from %s where %I = $1)', reference.relation, reference.attname)
			into used using (to_jsonb(old) ->> reference.key)::bigint;
		if used then
			perform ticket_workflow.fail('referenced_row', null, tg_table_name::text, reference.relation::text);
		end if;
	end loop;
	return old;
end
$$;
comment on function ticket_workflow.guard_referenced_delete() is 'Trigger: what other rows refer to is ended by date, not deleted (TW010)';

create or replace function ticket_workflow.guard_post() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	signed date;
begin
	if tg_op = 'DELETE' then
		if old.valid_from <= ticket_workflow.today(old.center_id) then
			perform ticket_workflow.fail('begun_is_history', null, tg_table_name::text);
		end if;
		return old;
	end if;
	if new.valid_from <> old.valid_from and least(new.valid_from, old.valid_from) <= ticket_workflow.today(old.center_id) then
		perform ticket_workflow.fail('begun_is_history', null, tg_table_name::text);
	end if;
	-- a signature stands on the post its signer held that day (2.2.2)
	select max(ticket_workflow.local_day(a.signed_at, ticket_workflow.ticket_calendar(a.center_id))) into signed
		from ticket_workflow.approval a where a.post_id = old.post_id;
	if signed > new.valid_until then
		perform ticket_workflow.fail('post_signed_later', '2.2.2', old.post_id::text, signed::text);
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_post() is 'Trigger: a post that has begun is not deleted or moved, and not ended before its last signature (TW010)';

create or replace function ticket_workflow.guard_delegation() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	if old.valid_from <= ticket_workflow.today(old.center_id) and (tg_op = 'DELETE' or new.valid_from <> old.valid_from) then
		perform ticket_workflow.fail('begun_is_history', null, tg_table_name::text);
	end if;
	return case tg_op when 'DELETE' then old else new end;
end
$$;
comment on function ticket_workflow.guard_delegation() is 'Trigger: a substitution that has begun is ended, not deleted or moved (TW010)';

create or replace function ticket_workflow.guard_duty() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	if old.starts_at <= ticket_workflow.now() and (tg_op = 'DELETE' or new.starts_at <> old.starts_at) then
		perform ticket_workflow.fail('begun_is_history', null, tg_table_name::text);
	end if;
	if tg_op = 'UPDATE' and old.ends_at <= ticket_workflow.now() then
		perform ticket_workflow.fail('duty_past', null, old.duty_id::text);
	end if;
	return case tg_op when 'DELETE' then old else new end;
end
$$;
comment on function ticket_workflow.guard_duty() is 'Trigger: who was on duty is history (TW010)';

create or replace function ticket_workflow.guard_tree() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	if tg_table_name = 'matter_parent' then
		perform ticket_workflow.check_matter_parent(new.matter_id, new.parent_id);
	else
		perform ticket_workflow.check_organization_parent(new.organization_id, new.parent_id);
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_tree() is 'Trigger: an UPDATE of a parent closes no circle either (TW006)';

do $triggers$
declare
	guarded record;
begin
	for guarded in
		select * from (values
			('center', 'center_id, code', true, null),
			('area', 'area_id, center_id, code', true, null),
			('organization', 'organization_id, center_id, code, kind, valid_from', true, null),
			('official', 'official_id, center_id, code', true, null),
			('matter', 'matter_id, center_id, code', true, null),
			('post', 'post_id, center_id, official_id, organization_id, position, area_id', true, 'guard_post'),
			('delegation', 'delegation_id, center_id, post_id, substitute_id', false, 'guard_delegation'),
			('duty_roster', 'duty_id, center_id, official_id, leader_id', false, 'guard_duty')
		) as g (relation, fixed, referenced, own)
	loop
		execute pg_catalog.format('create or replace trigger guard_fixed_columns before update on ticket_workflow.%I '
			'for each row execute function ticket_workflow.guard_fixed_columns(%s)', guarded.relation, guarded.fixed);
		execute pg_catalog.format('create or replace trigger refuse_truncate before truncate on ticket_workflow.%I '
			'for each statement execute function ticket_workflow.refuse_history_change()', guarded.relation);
		if guarded.referenced then
			execute pg_catalog.format('create or replace trigger guard_referenced_delete before delete on ticket_workflow.%I '
				'for each row execute function ticket_workflow.guard_referenced_delete()', guarded.relation);
		end if;
		if guarded.own is not null then
			execute pg_catalog.format('create or replace trigger guard_own before update or delete on ticket_workflow.%I '
				'for each row execute function ticket_workflow.%I()', guarded.relation, guarded.own);
		end if;
	end loop;
	for guarded in select relation from (values ('organization_parent'), ('matter_parent')) as g (relation)
	loop
		execute pg_catalog.format('create or replace trigger guard_tree before update on ticket_workflow.%I '
			'for each row execute function ticket_workflow.guard_tree()', guarded.relation);
	end loop;
end
$triggers$;

-- ==== sql/clock/guards.sql

-- Clocks of every path: none is deleted, none runs in a state that does not carry it (C3).
-- May touch: triggers of clock.

create or replace function ticket_workflow.guard_clock() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	if old.clock_id <> new.clock_id or old.ticket_id <> new.ticket_id or old.clock <> new.clock
		or old.round <> new.round or old.started_at <> new.started_at then
		perform ticket_workflow.fail('history_change', 'C1', 'clock');
	end if;
	if new.status = 'running' and old.status <> 'running' and not exists (
		select from ticket_workflow.ticket t
			join ticket_workflow.clock_carrier r on r.state = t.state and r.clock = new.clock
		where t.ticket_id = new.ticket_id) then
		perform ticket_workflow.fail('clock_not_carried', 'C3', new.clock,
			(select t.state from ticket_workflow.ticket t where t.ticket_id = new.ticket_id));
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_clock() is 'Trigger: a clock runs only in a state that carries it, and keeps its identity (C1, C3)';

create or replace trigger guard_clock
	before update on ticket_workflow.clock
	for each row when ((old.clock_id, old.ticket_id, old.clock, old.round, old.started_at, old.status)
		is distinct from (new.clock_id, new.ticket_id, new.clock, new.round, new.started_at, new.status)) execute function ticket_workflow.guard_clock();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.clock
	for each statement execute function ticket_workflow.refuse_history_change();

-- ==== sql/dispatch/guards.sql

-- What keeps the engine's compiled rules true. Contradictions between rules are refused by their constraints.
-- May touch: triggers of the tables that rules of dispatch are compiled from.

do $guards$
declare
	-- as src/dispatch_cache.c names them
	cached constant text[] := array['center', 'area', 'organization', 'matter', 'matter_parent', 'statutory_rule', 'duty',
		'exception_rule', 'area_fallback', 'organization_alias', 'committee_place', 'center_rulebook', 'dispatch_order', 'dispatch_word'];
	member text;
	moment text;
begin
	foreach member in array cached loop
		foreach moment in array array['before', 'after'] loop
			execute pg_catalog.format('create or replace trigger invalidate_cache_%s %s insert or update or delete or truncate '
				'on ticket_workflow.%I for each statement execute function ticket_workflow.invalidate_cache()',
				moment, moment, member);
			execute pg_catalog.format('alter table ticket_workflow.%I enable always trigger invalidate_cache_%s', member, moment);
		end loop;
		execute pg_catalog.format('create or replace trigger invalidate_cache_replica after insert or update or delete '
			'on ticket_workflow.%I for each row execute function ticket_workflow.invalidate_cache()', member);
		execute pg_catalog.format('alter table ticket_workflow.%I enable replica trigger invalidate_cache_replica', member);
	end loop;
	-- a rule moves to no other center, and keeps what it says: it is ended, and another begins
	foreach member in array array['statutory_rule', 'duty', 'exception_rule', 'area_fallback', 'organization_alias', 'committee_place'] loop
		execute pg_catalog.format('create or replace trigger guard_fixed_columns before update on ticket_workflow.%I '
			'for each row execute function ticket_workflow.guard_fixed_columns(%s)', member,
			(select pg_catalog.string_agg(pg_catalog.quote_literal(a.attname), ', ')
				from pg_catalog.pg_attribute a
				where a.attrelid = pg_catalog.format('ticket_workflow.%I', member)::pg_catalog.regclass and a.attnum > 0
					and not a.attisdropped and a.attname <> 'valid_until'));
	end loop;
	execute 'create or replace trigger guard_fixed_columns before update on ticket_workflow.incident_ticket '
		'for each row execute function ticket_workflow.guard_fixed_columns(''incident_id'', ''ticket_id'', ''center_id'', ''linked_at'', ''linked_by'')';
	foreach member in array array['incident', 'incident_ticket'] loop
		execute pg_catalog.format('create or replace trigger refuse_history_change before delete or truncate on ticket_workflow.%I '
			'for each statement execute function ticket_workflow.refuse_history_change()', member);
	end loop;
end
$guards$;

-- each decision stays with the recommendation that stood beside it (2.1)
create or replace trigger refuse_history_change
	before update or delete or truncate on ticket_workflow.dispatch_decision
	for each statement execute function ticket_workflow.refuse_history_change();

-- ==== sql/ticket/guards.sql

-- The rules of a ticket's life, on every path: which changes of state are allowed, what each asks for,
-- and what follows from it (journal, clocks). API functions only fill in the UPDATE.
-- May touch: triggers of ticket; through them journal and clock.

-- What a change of state asks for, beyond being in the table of transitions.
create or replace function ticket_workflow.transition_problems(before ticket_workflow.ticket, ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	case ticket.state_act
	when 'dispatch' then
		return query select p.message, p.clause, p.args from ticket_workflow.dispatch_problems(transition_problems.ticket) p;
	when 'request_return', 'grant_return', 'refuse_return', 'withdraw_return' then
		return query select p.message, p.clause, p.args
			from ticket_workflow.return_transition_problems(transition_problems.ticket.ticket_id, transition_problems.ticket.state_act) p;
	when 'transfer' then
		return query select p.message, p.clause, p.args
			from ticket_workflow.signature_problems('transfer', transition_problems.ticket.ticket_id) p;
	when 'accept' then
		-- deemed acceptance is the closing of the window, nothing else (2.2.2)
		if ticket.accepted_deemed and not exists (
			select from ticket_workflow.clock c
			where c.ticket_id = transition_problems.ticket.ticket_id and c.clock = 'return_window' and c.status = 'expired'
				and c.dispatch_round = transition_problems.ticket.dispatch_round
				and c.due_at = transition_problems.ticket.state_at) then
			return query select 'window_not_closed'::text, '2.2.2'::text, '{}'::text[];
		end if;
	when 'submit_report' then
		return query select p.message, p.clause, p.args from ticket_workflow.submission_problems(transition_problems.ticket) p;
	when 'pass_report' then
		return query select p.message, p.clause, p.args from ticket_workflow.completion_problems(transition_problems.ticket.ticket_id) p;
	when 'send_back_report' then
		if (select r.state from ticket_workflow.current_report(transition_problems.ticket.ticket_id) r) is distinct from 'sent_back' then
			return query select 'report_not_sent_back'::text, '2.3.3.3'::text, '{}'::text[];
		end if;
	when 'withdraw' then
		-- with the petitioner's own recording, where there is a petitioner to be heard
		if ticket_workflow.has_contact(transition_problems.ticket) and not exists (
			select from ticket_workflow.evidence e
			where e.ticket_id = transition_problems.ticket.ticket_id and e.kind = 'recording' and e.voided_at is null) then
			return query select 'withdrawal_recording_missing'::text, '2.3.2.1'::text, '{}'::text[];
		end if;
	when 'merge' then
		if not exists (select from ticket_workflow.ticket_merge m where m.ticket_id = transition_problems.ticket.ticket_id) then
			return query select 'merge_target_missing'::text, '2.3.6'::text, '{}'::text[];
		end if;
	when 'close' then
		-- an urgent ticket is done when the district platform has it (2.3.2.1)
		if exists (select from ticket_workflow.clock c
				where c.ticket_id = transition_problems.ticket.ticket_id and c.clock = 'urgent_completion' and c.status = 'running') then
			return query select 'platform_completion_missing'::text, '2.3.2.1'::text, '{}'::text[];
		end if;
	else
		null;	-- recall and reopen ask for a reason only
	end case;
end
$$;
comment on function ticket_workflow.transition_problems(ticket_workflow.ticket, ticket_workflow.ticket) is
	'What is missing for the change of state that a ticket is about to make, all at once';

create or replace function ticket_workflow.submission_problems(ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if (select r.state from ticket_workflow.current_report(submission_problems.ticket.ticket_id) r) is distinct from 'submitted' then
		return query select 'report_not_submitted'::text, '2.3.3'::text, '{}'::text[];
	end if;
	-- 市级督办件须处置部门的分管领导牵头推进
	if ticket.kind = 'supervised' and ticket.supervised_by = 'city' and ticket.lead_person_id is null then
		return query select 'lead_person_missing'::text, '2.3.5'::text, '{}'::text[];
	end if;
end
$$;
comment on function ticket_workflow.submission_problems(ticket_workflow.ticket) is 'What is missing for the submission of a ticket''s report';

create or replace function ticket_workflow.guard_ticket() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	transition ticket_workflow.ticket_transition;
	act_given constant boolean := new.state_act is distinct from old.state_act;
begin
	if (new.ticket_id, new.center_id, new.rulebook, new.received_at, new.recorded_at, new.received_on, new.source, new.imported)
		is distinct from
		(old.ticket_id, old.center_id, old.rulebook, old.received_at, old.recorded_at, old.received_on, old.source, old.imported) then
		perform ticket_workflow.fail('history_change', 'S4', 'ticket');
	end if;

	-- he leads in person (2.3.5): one who holds the post over the department that has the ticket
	if new.lead_person_id is not null and new.lead_person_id is distinct from old.lead_person_id and not exists (
		select from ticket_workflow.posts_on(new.lead_person_id, ticket_workflow.today(new.center_id)) p
		where p.organization_id = new.lead_department_id and p."position" = 'supervising_leader' and not p.substitute) then
		perform ticket_workflow.fail('not_supervising_leader', '2.3.5',
			(select o.code from ticket_workflow.official o where o.official_id = new.lead_person_id));
	end if;

	if new.state = old.state then
		-- these follow from changes of state alone
		if (new.state_at, new.state_act, new.dispatch_round, new.first_dispatched_at, new.dispatched_at, new.lead_department_id,
				new.dispatch_principle, new.accepted_at, new.accepted_deemed, new.reported_at, new.completed_at, new.closed_at, new.reopenings)
			is distinct from
			(old.state_at, old.state_act, old.dispatch_round, old.first_dispatched_at, old.dispatched_at, old.lead_department_id,
				old.dispatch_principle, old.accepted_at, old.accepted_deemed, old.reported_at, old.completed_at, old.closed_at, old.reopenings) then
			perform ticket_workflow.fail('illegal_transition', 'S4', old.state, new.state);
		end if;
		return new;
	end if;

	-- a plain UPDATE need not name the act where the pair of states leaves no choice
	select t.* into transition
		from ticket_workflow.ticket_transition t
		where t.from_state = old.state and t.to_state = new.state and (not act_given or t.act = new.state_act)
		order by t.act
		limit 1;
	if transition.act is null then
		perform ticket_workflow.fail('illegal_transition', 'S4', old.state, new.state);
	end if;
	-- the reason belongs to this change, not to the one before
	if not act_given and new.state_reason is not distinct from old.state_reason then
		new.state_reason := null;
	end if;
	new.state_act := transition.act;
	if transition.needs_reason and coalesce(btrim(new.state_reason), '') = '' then
		perform ticket_workflow.fail('reason_missing', transition.clause);
	end if;

	-- acts take place now; deemed acceptance when the window closed, which transition_problems() checks
	if not (new.accepted_deemed and not old.accepted_deemed) then
		new.state_at := ticket_workflow.now();
		new.accepted_deemed := old.accepted_deemed;
	end if;
	new.dispatch_round := old.dispatch_round;
	new.first_dispatched_at := old.first_dispatched_at;
	new.dispatched_at := old.dispatched_at;
	new.accepted_at := old.accepted_at;
	new.reported_at := old.reported_at;
	new.completed_at := old.completed_at;
	new.closed_at := old.closed_at;
	new.reopenings := old.reopenings;
	if new.state <> 'dispatched' then
		new.lead_department_id := old.lead_department_id;
		new.dispatch_principle := old.dispatch_principle;
	end if;

	case new.state
	when 'received' then
		new.dispatched_at := null;
		new.lead_department_id := null;
		new.dispatch_principle := null;
		new.dispatch_reason := null;
		new.lead_person_id := null;
		new.accepted_at := null;
		new.accepted_deemed := false;
	when 'dispatched' then
		new.dispatch_round := old.dispatch_round + 1;
		new.dispatched_at := new.state_at;
		new.first_dispatched_at := coalesce(old.first_dispatched_at, new.state_at);
	when 'accepted' then
		new.accepted_at := coalesce(old.accepted_at, new.state_at);
	when 'reported' then
		new.reported_at := new.state_at;
	when 'completed' then
		new.completed_at := new.state_at;
	when 'closed' then
		new.closed_at := new.state_at;
	when 'rework' then
		if transition.act = 'reopen' then
			new.reopenings := old.reopenings + 1;
			new.completed_at := null;
			new.closed_at := null;
		end if;
	else
		null;
	end case;

	perform ticket_workflow.raise_problems((
		select jsonb_agg(to_jsonb(p)) from ticket_workflow.transition_problems(old, new) p));
	return new;
end
$$;
comment on function ticket_workflow.guard_ticket() is
	'Trigger: judges every change of a ticket: TW001 for a transition that is not in the table, TW009 without a reason, and all that is missing at once';

-- What changed, for the journal: codes and times, never the texts in which people are named.
create or replace function ticket_workflow.changed_columns(before ticket_workflow.ticket, after ticket_workflow.ticket) returns jsonb
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	-- what every change of state sets is the row's own from_state, to_state, kind and time
	old_values constant jsonb := to_jsonb(changed_columns.before) - '{state,state_at,state_act}'::text[];
	new_values constant jsonb := to_jsonb(changed_columns.after) - '{state,state_at,state_act}'::text[];
begin
	return (
		select coalesce(jsonb_object_agg(n.key,
			case when n.key in ('appeal', 'place') then '"changed"'::jsonb
				when old_values -> n.key = 'null'::jsonb or n.key in ('dispatch_round', 'dispatched_at', 'accepted_at', 'reported_at') then n.value
				else jsonb_build_object('from', old_values -> n.key, 'to', n.value) end), '{}')
		-- two rows of one table have the same keys
		from jsonb_each(new_values) n
		where n.value is distinct from old_values -> n.key);
end
$$;
comment on function ticket_workflow.changed_columns(ticket_workflow.ticket, ticket_workflow.ticket) is
	'What an UPDATE of a ticket changed, without personal data, for the journal';

create or replace function ticket_workflow.follow_ticket() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	transition ticket_workflow.ticket_transition;
	deemed boolean;
begin
	if new.state = old.state then
		perform ticket_workflow.follow_correction(old, new);
		return null;
	end if;

	select * into strict transition
		from ticket_workflow.ticket_transition t
		where t.from_state = old.state and t.to_state = new.state and t.act = new.state_act;
	deemed := new.accepted_deemed and not old.accepted_deemed;
	perform ticket_workflow.write_journal(new.ticket_id, new.state_act,
		case when deemed then '2.2.2' else transition.clause end,
		ticket_workflow.changed_columns(old, new), new.state_at, old.state, new.state, by_system => deemed);

	perform ticket_workflow.apply_event(new, transition.event, new.state_at);
	if old.first_dispatched_at is null and new.first_dispatched_at is not null then
		perform ticket_workflow.apply_event(new, 'first_dispatched', new.state_at);
	end if;
	if new.state = 'accepted' then
		perform ticket_workflow.apply_event(new, 'taken_over', new.state_at);
	end if;
	perform ticket_workflow.end_uncarried_clocks(new, new.state_at);
	perform ticket_workflow.settle_fact_clocks(new.ticket_id);
	return null;
end
$$;
comment on function ticket_workflow.follow_ticket() is
	'Trigger: journals a change of a ticket and lets its clocks follow';

create or replace trigger guard_ticket
	before update on ticket_workflow.ticket
	for each row execute function ticket_workflow.guard_ticket();

create or replace trigger follow_ticket
	after update on ticket_workflow.ticket
	for each row when (old.* is distinct from new.*) execute function ticket_workflow.follow_ticket();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.ticket
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace trigger refuse_history_change
	before update or delete or truncate on ticket_workflow.petitioner
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace trigger refuse_history_change
	before update or delete or truncate on ticket_workflow.ticket_original
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace trigger refuse_history_change
	before update or delete or truncate on ticket_workflow.ticket_merge
	for each statement execute function ticket_workflow.refuse_history_change();

-- ==== sql/clock/extension_guards.sql

-- Extensions on every path: what may be asked for, that nothing is in force unsigned, and that the clock follows.
-- May touch: triggers of limit_extension, one of approval, one of ticket; through them clock and journal.

create or replace function ticket_workflow.guard_extension() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	c ticket_workflow.clock;
	-- what a change of state may write; the rest was asked for, and signed
	state_columns constant text[] := array['state', 'requested_at', 'requested_by', 'ended_at', 'old_due_at', 'new_due_at'];
begin
	if to_jsonb(new) - state_columns is distinct from to_jsonb(old) - state_columns or new.state = old.state then
		perform ticket_workflow.fail('history_change', '2.3.2.2', tg_table_name::text);
	end if;
	-- the one lock order: the ticket first
	select * into strict t from ticket_workflow.ticket r where r.ticket_id = new.ticket_id for no key update;
	new.requested_at := old.requested_at;
	new.requested_by := old.requested_by;
	new.ended_at := null;
	new.old_due_at := null;
	new.new_due_at := null;

	case old.state || '>' || new.state
	when 'draft>requested' then
		perform ticket_workflow.require_right(t, 'extend_limit');
		perform ticket_workflow.raise_problems((
			select jsonb_agg(to_jsonb(p)) from ticket_workflow.extension_problems(new, t) p));
		new.requested_at := ticket_workflow.now();
		new.requested_by := ticket_workflow.actor();
	when 'requested>granted' then
		perform ticket_workflow.raise_problems((
			select jsonb_agg(to_jsonb(p)) from (
				select * from ticket_workflow.extension_problems(new, t)
				union all
				select * from ticket_workflow.signature_problems('extension', new.extension_id)) p));
		c := ticket_workflow.extended_clock(t.ticket_id);
		new.ended_at := ticket_workflow.now();
		new.old_due_at := c.due_at;
		new.new_due_at := (ticket_workflow.extended_limit(c, new.working_days)).due_at;
	when 'requested>withdrawn' then
		-- by who may ask, or because the department no longer has the ticket
		if new.dispatch_round = t.dispatch_round and t.state in ('dispatched', 'accepted', 'return_requested', 'reported', 'rework') then
			perform ticket_workflow.require_right(t, 'extend_limit');
		end if;
		new.ended_at := ticket_workflow.now();
	else
		perform ticket_workflow.fail('extension_state', '2.3.2.2', ticket_workflow.label('extension_state', old.state),
			ticket_workflow.label('extension_state', new.state));
	end case;
	return new;
end
$$;
comment on function ticket_workflow.guard_extension() is
	'Trigger: judges an extension on its way: TW001 without a running limit, TW004 too late, too often or past the platform''s limit, TW002 unsigned, TW009 without reason';

create or replace function ticket_workflow.follow_extension() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.clock;
begin
	select * into strict c from ticket_workflow.clock r where r.clock_id = new.clock_id;
	if new.state = 'granted' then
		perform ticket_workflow.move_due(ticket_workflow.extended_limit(c, new.working_days), t.rulebook)
			from ticket_workflow.ticket t where t.ticket_id = new.ticket_id;
	end if;
	perform ticket_workflow.write_journal(new.ticket_id, 'extension_' || new.state, '2.3.2.2',
		jsonb_strip_nulls(jsonb_build_object('extension_id', new.extension_id, 'working_days', new.working_days,
			'clocks', case when new.state = 'granted' then
				jsonb_build_object(c.clock, jsonb_build_object('from', new.old_due_at, 'to', new.new_due_at)) end)));
	return null;
end
$$;
comment on function ticket_workflow.follow_extension() is 'Trigger: an extension in force moves its clock; the journal shows the old and the new due time';

create or replace trigger guard_extension
	before update on ticket_workflow.limit_extension
	for each row execute function ticket_workflow.guard_extension();

create or replace trigger follow_extension
	after update on ticket_workflow.limit_extension
	for each row execute function ticket_workflow.follow_extension();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.limit_extension
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace function ticket_workflow.grant_extension() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.settle_extension(new.subject_id);
	return null;
end
$$;
comment on function ticket_workflow.grant_extension() is 'Trigger: the last signature puts an extension in force';

-- behind follow_approval, so that the journal tells of the signature first
create or replace trigger grant_extension
	after update on ticket_workflow.approval
	for each row when (new.subject = 'extension' and new.state = 'valid' and old.state <> 'valid')
	execute function ticket_workflow.grant_extension();

create or replace function ticket_workflow.withdraw_extension() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	update ticket_workflow.limit_extension x
		set state = 'withdrawn'
		where x.ticket_id = new.ticket_id and x.state = 'requested';
	return null;
end
$$;
comment on function ticket_workflow.withdraw_extension() is 'Trigger: a ticket that leaves its department or ends takes the request that waits with it';

create or replace trigger withdraw_extension
	after update on ticket_workflow.ticket
	for each row when (old.state <> new.state and new.state in ('received', 'completed', 'transferred', 'withdrawn', 'merged'))
	execute function ticket_workflow.withdraw_extension();

-- ==== sql/contact/guards.sql

-- Facts on every path: voided once, with a reason; never changed, never deleted (TW010).
-- May touch: triggers of contact, site_visit, platform_report, evidence, evidence_absence, and one of ticket.

create or replace function ticket_workflow.guard_fact() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	void_columns constant text[] := array['voided_at', 'voided_by', 'void_reason'];
begin
	if old.voided_at is not null then
		perform ticket_workflow.fail('record_voided', 'S4', ticket_workflow.label('fact_kind', tg_table_name),
			ticket_workflow.local_text(old.voided_at, ticket_workflow.ticket_calendar(old.center_id)));
	end if;
	if new.voided_at is null or to_jsonb(new) - void_columns is distinct from to_jsonb(old) - void_columns then
		perform ticket_workflow.fail('history_change', 'S4', tg_table_name::text);
	end if;
	new.void_reason := ticket_workflow.require_reason(new.void_reason, 'S4');
	-- acts take place now, and have the author they have
	new.voided_at := ticket_workflow.now();
	new.voided_by := ticket_workflow.actor();
	-- a signature recorded from paper is worth what its image is worth (2.2.2)
	if tg_table_name = 'evidence' and exists (
		select from ticket_workflow.approval a
		where a.image_id = (to_jsonb(new) ->> 'evidence_id')::bigint and a.state = 'valid') then
		perform ticket_workflow.fail('evidence_carries_signature', '2.2.2');
	end if;
	perform from ticket_workflow.ticket t where t.ticket_id = new.ticket_id for no key update;
	return new;
end
$$;
comment on function ticket_workflow.guard_fact() is 'Trigger: a fact is only voided, once, with a reason (TW010, TW009)';

create or replace function ticket_workflow.follow_void() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
	key constant text := case tg_table_name when 'site_visit' then 'visit_id' when 'evidence_absence' then 'absence_id'
		else tg_table_name || '_id' end;
begin
	perform ticket_workflow.write_journal(new.ticket_id, 'void_record', 'S4',
		jsonb_build_object('record_kind', tg_table_name, key, to_jsonb(new) -> key));
	perform ticket_workflow.settle_fact_clocks(new.ticket_id);
	return null;
end
$$;
comment on function ticket_workflow.follow_void() is 'Trigger: journals a voided fact; the clocks it had ended run again';

do $facts$
declare
	fact text;
begin
	foreach fact in array array['contact', 'site_visit', 'platform_report', 'evidence', 'evidence_absence'] loop
		execute pg_catalog.format(
			'create or replace trigger guard_fact before update on ticket_workflow.%I '
			'for each row execute function ticket_workflow.guard_fact()', fact);
		execute pg_catalog.format(
			'create or replace trigger follow_void after update on ticket_workflow.%I '
			'for each row execute function ticket_workflow.follow_void()', fact);
		execute pg_catalog.format(
			'create or replace trigger refuse_history_change before delete or truncate on ticket_workflow.%I '
			'for each statement execute function ticket_workflow.refuse_history_change()', fact);
	end loop;
end
$facts$;

-- The report can wait for a recording, so its submission is the moment to ask (2.3.3).
create or replace function ticket_workflow.follow_submission() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.ask_for_recordings(new);
	return null;
end
$$;
comment on function ticket_workflow.follow_submission() is 'Trigger: a submitted report without its recordings asks for them';

create or replace trigger follow_submission
	after update on ticket_workflow.ticket
	for each row when (new.state = 'reported' and old.state <> 'reported')
	execute function ticket_workflow.follow_submission();

-- ==== sql/returns/guards.sql

-- Returns on every path: a guarded UPDATE makes a draft a request, another decides it; the ticket follows.
-- May touch: triggers of ticket_return and one of ticket; through them ticket and journal.

-- 不当退单 (3.8.5): signs that a person weighs, never a refusal by themselves.
create or replace function ticket_workflow.improper_marks(ret ticket_workflow.ticket_return, ticket ticket_workflow.ticket) returns text[]
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	window_clock constant ticket_workflow.clock := ticket_workflow.return_window(improper_marks.ticket);
	marks text[] := '{}';
begin
	if ret.ground = 'out_of_area' then
		if not ticket_workflow.window_open(window_clock, ticket_workflow.now()) then
			marks := marks || 'late'::text;
		end if;
	elsif window_clock.due_on = ticket_workflow.local_day(ticket_workflow.now(), window_clock.calendar) then
		-- 临近超期退单
		marks := marks || 'last_day'::text;
	end if;
	-- 核实不到位: nobody was asked, nothing was seen, nothing is shown
	if not exists (
			select from ticket_workflow.round_evidence(improper_marks.ticket) e where e.kind in ('document', 'photo'))
		and not exists (
			select from ticket_workflow.contact c
			where c.ticket_id = improper_marks.ticket.ticket_id and c.dispatch_round = improper_marks.ticket.dispatch_round
				and c.purpose = 'first_contact' and ticket_workflow.contact_reached(c.*)) then
		marks := marks || 'unverified'::text;
	end if;
	return marks;
end
$$;
comment on function ticket_workflow.improper_marks(ticket_workflow.ticket_return, ticket_workflow.ticket) is
	'Signs of an improper return at the moment it is asked for (3.8.5): late, last_day, unverified';

create or replace function ticket_workflow.guard_return() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	-- the decider's word, not computed from anything
	unfounded constant boolean := 'unfounded' = any (new.marks);
	-- what a decision may write; the request itself stands as it was made, and was signed
	decision_columns constant text[] := array['state', 'requested_at', 'requested_by', 'ordinal', 'decided_at', 'decided_by',
		'decision_reason', 'own_error', 'marks'];
begin
	if to_jsonb(new) - decision_columns is distinct from to_jsonb(old) - decision_columns
		or new.state = old.state and old.state in ('draft', 'requested') then
		perform ticket_workflow.fail('history_change', '2.2', tg_table_name::text);
	end if;
	select * into strict t from ticket_workflow.ticket r where r.ticket_id = new.ticket_id for no key update;

	case old.state || '>' || new.state
	when 'draft>requested' then
		perform ticket_workflow.require_right(t, 'return_' || new.ground);
		if t.state not in ('dispatched', 'accepted') or new.dispatch_round <> t.dispatch_round
			or new.organization_id <> t.lead_department_id then
			perform ticket_workflow.fail('illegal_transition', 'S4', t.state, 'return_requested');
		end if;
		perform ticket_workflow.raise_problems((
			select jsonb_agg(to_jsonb(p)) from ticket_workflow.return_request_problems(new, t) p));
		-- acts take place now, and have the author they have
		new.requested_at := ticket_workflow.now();
		new.requested_by := ticket_workflow.actor();
		new.ordinal := ticket_workflow.return_ordinal(new, t.rulebook);
		new.marks := ticket_workflow.improper_marks(new, t);
		new.decided_at := null;
		new.decided_by := null;
		new.decision_reason := null;
		new.own_error := false;
		return new;
	when 'requested>granted', 'requested>refused' then
		perform ticket_workflow.require_right(t, 'decide_return');
		-- who asked does not decide
		if ticket_workflow.actor() is null or ticket_workflow.actor() is not distinct from old.requested_by then
			perform ticket_workflow.fail('four_eyes', '2.2', coalesce(old.requested_by, ''));
		end if;
		if new.own_error and new.state = 'refused' then
			perform ticket_workflow.fail('own_error_refused', '2.2');
		end if;
		new.marks := old.marks;
		if new.state = 'granted' then
			perform ticket_workflow.raise_problems((
				select jsonb_agg(to_jsonb(p)) from ticket_workflow.return_grant_problems(new, t) p));
		else
			new.decision_reason := ticket_workflow.require_reason(new.decision_reason,
				case new.ground when 'out_of_area' then '2.2.1' else '2.2.2' end);
			if unfounded then
				new.marks := new.marks || 'unfounded'::text;
			end if;
			if exists (select from ticket_workflow.first_contact_problems(t, new.dispatch_round, t.dispatched_at)) then
				new.marks := new.marks || 'without_contact'::text;
			end if;
		end if;
	when 'requested>withdrawn' then
		-- a ticket that the center ended has taken its return with it
		if t.state = 'return_requested' then
			perform ticket_workflow.require_right(t, 'withdraw_return');
		end if;
		new.marks := old.marks;
		new.own_error := false;
	else
		perform ticket_workflow.fail('return_state', '2.2', ticket_workflow.label('return_state', old.state),
			ticket_workflow.label('return_state', new.state));
	end case;
	new.requested_at := old.requested_at;
	new.requested_by := old.requested_by;
	new.ordinal := old.ordinal;
	new.decided_at := ticket_workflow.now();
	new.decided_by := ticket_workflow.actor();
	return new;
end
$$;
comment on function ticket_workflow.guard_return() is
	'Trigger: judges a return on its way from draft to request and decision: TW004 after the window, TW008 without evidence or contact, TW002 unsigned, TW005 for who may not or decides his own, TW009 without reason';

create or replace function ticket_workflow.follow_return() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	clause constant text := case new.ground when 'out_of_area' then '2.2.1' else '2.2.2' end;
begin
	perform ticket_workflow.write_journal(new.ticket_id, 'return_' || new.state, clause,
		jsonb_strip_nulls(jsonb_build_object('return_id', new.return_id, 'ground', new.ground, 'ordinal', new.ordinal,
			'upward', new.upward, 'own_error', nullif(new.own_error, false), 'marks', nullif(to_jsonb(new.marks), '[]'))));
	update ticket_workflow.ticket t
		set state = case new.state when 'requested' then 'return_requested'
				when 'granted' then case when new.upward is null then 'received' else 'transferred' end
				else 'accepted' end,
			state_act = case new.state when 'requested' then 'request_return' when 'granted' then 'grant_return'
				when 'refused' then 'refuse_return' else 'withdraw_return' end,
			state_reason = case new.state when 'requested' then new.reason else new.decision_reason end
		where t.ticket_id = new.ticket_id
			-- not where the center ended the ticket, and with it the return
			and (new.state = 'requested' or t.state = 'return_requested');
	return null;
end
$$;
comment on function ticket_workflow.follow_return() is 'Trigger: journals a return and moves its ticket, whose own guard judges the move';

-- 撤单 while a return waits: there is nothing left to decide.
create or replace function ticket_workflow.follow_withdrawal() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	update ticket_workflow.ticket_return r
		set state = 'withdrawn', decision_reason = new.state_reason
		where r.ticket_id = new.ticket_id and r.state = 'requested';
	return null;
end
$$;
comment on function ticket_workflow.follow_withdrawal() is 'Trigger: a ticket that the center withdraws takes its open return with it';

create or replace trigger guard_return
	before update on ticket_workflow.ticket_return
	for each row execute function ticket_workflow.guard_return();

create or replace trigger follow_return
	after update on ticket_workflow.ticket_return
	for each row execute function ticket_workflow.follow_return();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.ticket_return
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace trigger follow_withdrawal
	after update on ticket_workflow.ticket
	for each row when (old.state = 'return_requested' and new.state = 'withdrawn')
	execute function ticket_workflow.follow_withdrawal();

-- ==== sql/report/guards.sql

-- Reports on every path: drafts are edited, a submitted report never changes, and its state goes one way.
-- May touch: triggers of report and report_finding; the journal.

create or replace function ticket_workflow.guard_report() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	content_changed constant boolean :=
		(new.body, new.points, new.fact_finding, new.claim_finding, new.handling_result, new.relation_reason, new.plan,
			new.plan_until, new.responsible_person, new.responsible_phone, new.dispatch_round, new.organization_id, new.written_by)
		is distinct from
		(old.body, old.points, old.fact_finding, old.claim_finding, old.handling_result, old.relation_reason, old.plan,
			old.plan_until, old.responsible_person, old.responsible_phone, old.dispatch_round, old.organization_id, old.written_by);
begin
	if (new.report_id, new.center_id, new.ticket_id, new.version) is distinct from (old.report_id, old.center_id, old.ticket_id, old.version)
		or content_changed and (old.state <> 'draft' or new.state <> 'draft')
	then
		perform ticket_workflow.fail('report_submitted_fixed', '2.3.3', old.version::text);
	end if;
	if new.state = old.state then
		-- these belong to a change of state
		if (new.submitted_at, new.submitted_by, new.reviewed_at, new.reviewed_by, new.review_reason, new.sent_back_by_check)
			is distinct from (old.submitted_at, old.submitted_by, old.reviewed_at, old.reviewed_by, old.review_reason, old.sent_back_by_check)
			or old.state <> 'draft' and new.saved_at is distinct from old.saved_at
			-- a corrected ticket may turn out to be a repetition until the report has passed
			or old.state in ('sent_back', 'passed') and new.repeat_kinds <> old.repeat_kinds
		then
			perform ticket_workflow.fail('report_submitted_fixed', '2.3.3', old.version::text);
		end if;
		return new;
	end if;
	if (old.state, new.state) not in (('draft', 'submitted'), ('submitted', 'passed'), ('submitted', 'sent_back')) then
		perform ticket_workflow.fail('report_transition', '2.3.3',
			ticket_workflow.label('report_state', old.state), ticket_workflow.label('report_state', new.state));
	end if;

	-- signatures, facts and reviews of this ticket wait for each other
	select x.* into t from ticket_workflow.ticket x where x.ticket_id = new.ticket_id for no key update;
	new.saved_at := old.saved_at;
	if new.state = 'submitted' then
		if t.state not in ('accepted', 'rework') then
			perform ticket_workflow.fail('report_not_now', '2.3.3', ticket_workflow.label('state', t.state));
		end if;
		if (new.organization_id, new.dispatch_round) is distinct from (t.lead_department_id, t.dispatch_round) then
			perform ticket_workflow.fail('report_of_other_department', '2.3.1');
		end if;
		-- acts take place now
		new.submitted_at := ticket_workflow.now();
		new.repeat_kinds := array(select k from ticket_workflow.repeat_kind_of(new.ticket_id) k order by k);
		new.reviewed_at := null;
		new.reviewed_by := null;
		new.review_reason := null;
		new.sent_back_by_check := false;
		return new;
	end if;

	if t.state <> 'reported' then
		perform ticket_workflow.fail('report_not_under_review', '2.3.3', ticket_workflow.label('state', t.state));
	end if;
	new.submitted_at := old.submitted_at;
	new.submitted_by := old.submitted_by;
	new.reviewed_at := ticket_workflow.now();
	if new.state = 'sent_back' and new.sent_back_by_check then
		-- the machine sends back for what it found in the text, in nobody's name
		if not exists (
			select from ticket_workflow.report_finding f
			where f.report_id = new.report_id and f.severity = 'reject' and ticket_workflow.finding_of_text(f.code))
		then
			perform ticket_workflow.fail('report_without_reject', '2.3.3.3');
		end if;
		new.reviewed_by := null;
		return new;
	end if;
	new.sent_back_by_check := false;
	if new.reviewed_by is null then
		perform ticket_workflow.fail('report_reviewer_missing', '2.3.3');
	end if;
	if ticket_workflow.wrote_report(new, new.reviewed_by) then
		perform ticket_workflow.fail('report_own_review', '2.3.3', new.reviewed_by);
	end if;
	if new.state = 'sent_back' then
		new.review_reason := ticket_workflow.require_reason(new.review_reason, '2.3.3.3');
		return new;
	end if;
	perform ticket_workflow.raise_problems((
		select jsonb_agg(to_jsonb(p)) from ticket_workflow.report_problems(new) p));
	return new;
end
$$;
comment on function ticket_workflow.guard_report() is
	'Trigger: judges every change of a report: TW010 for a submitted one''s content, TW001 for its state, TW005 for the writer as reviewer, and what it lacks to pass';

create or replace function ticket_workflow.follow_report() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.write_journal(new.ticket_id,
		case when new.sent_back_by_check then 'report_sent_back_by_check' else 'report_' || new.state end,
		case when new.state = 'sent_back' then '2.3.3.3' else '2.3.3' end,
		jsonb_build_object('report_id', new.report_id, 'version', new.version));
	return null;
end
$$;
comment on function ticket_workflow.follow_report() is 'Trigger: journals what became of a report';

create or replace function ticket_workflow.refresh_repeats(ticket_id bigint) returns void
	language sql
begin atomic
	update ticket_workflow.report r
		set repeat_kinds = k.kinds
		from (select array(select k from ticket_workflow.repeat_kind_of(refresh_repeats.ticket_id) k order by k) as kinds) k
		where r.ticket_id = refresh_repeats.ticket_id and r.state in ('draft', 'submitted') and r.repeat_kinds <> k.kinds;
end;
comment on function ticket_workflow.refresh_repeats(bigint) is
	'Looks again whether a ticket with an open report repeats a matter (2.3.6): for whoever changes what that depends on';

create or replace function ticket_workflow.follow_repetition() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.refresh_repeats(new.ticket_id);
	return null;
end
$$;
comment on function ticket_workflow.follow_repetition() is 'Trigger: a corrected petitioner, matter or place may make a repetition, or end it';

create or replace trigger follow_repetition
	after update on ticket_workflow.ticket
	for each row when ((old.petitioner_id, old.matter_id, old.place) is distinct from (new.petitioner_id, new.matter_id, new.place))
	execute function ticket_workflow.follow_repetition();

create or replace trigger guard_report
	before update on ticket_workflow.report
	for each row execute function ticket_workflow.guard_report();

create or replace trigger follow_report
	after update of state on ticket_workflow.report
	for each row when (old.state is distinct from new.state) execute function ticket_workflow.follow_report();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.report
	for each statement execute function ticket_workflow.refuse_history_change();

create or replace function ticket_workflow.guard_report_finding() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.report;
begin
	-- one change is allowed, once: the reviewer overrules a reject of the text, while he reviews
	if (new.report_id, new.ordinal, new.code, new.severity, new.start_pos, new.length, new.excerpt, new.message, new.clause)
			is distinct from
			(old.report_id, old.ordinal, old.code, old.severity, old.start_pos, old.length, old.excerpt, old.message, old.clause)
		or old.overruled_at is not null or new.overruled_at is null
	then
		perform ticket_workflow.fail('history_change', '2.3.3.3', 'report_finding');
	end if;
	select x.* into r from ticket_workflow.report x where x.report_id = new.report_id;
	if r.state <> 'submitted' then
		perform ticket_workflow.fail('report_not_under_review', '2.3.3', ticket_workflow.label('report_state', r.state));
	end if;
	if not ticket_workflow.finding_of_text(old.code) then
		perform ticket_workflow.fail('overrule_not_text', old.clause, old.ordinal::text, old.message);
	end if;
	if old.severity <> 'reject' then
		perform ticket_workflow.fail('overrule_not_reject', old.clause, old.ordinal::text);
	end if;
	new.overruled_at := ticket_workflow.now();
	new.overrule_reason := ticket_workflow.require_reason(new.overrule_reason, '2.3.3.3');
	if new.overruled_by is null then
		perform ticket_workflow.fail('report_reviewer_missing', '2.3.3.3');
	end if;
	if ticket_workflow.wrote_report(r, new.overruled_by) then
		perform ticket_workflow.fail('report_own_review', '2.3.3.3', new.overruled_by);
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_report_finding() is
	'Trigger: findings of a submitted report are history; a reviewer may overrule a reject of the text, once and with a reason';

create or replace function ticket_workflow.follow_report_finding() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	ticket bigint;
begin
	select r.ticket_id into ticket from ticket_workflow.report r where r.report_id = new.report_id;
	perform ticket_workflow.write_journal(ticket, 'finding_overruled', new.clause,
		jsonb_build_object('report_id', new.report_id, 'ordinal', new.ordinal, 'code', new.code, 'reason', new.overrule_reason));
	return null;
end
$$;
comment on function ticket_workflow.follow_report_finding() is 'Trigger: journals an overruled finding with its reason';

create or replace trigger guard_report_finding
	before update on ticket_workflow.report_finding
	for each row execute function ticket_workflow.guard_report_finding();

create or replace trigger follow_report_finding
	after update on ticket_workflow.report_finding
	for each row execute function ticket_workflow.follow_report_finding();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.report_finding
	for each statement execute function ticket_workflow.refuse_history_change();

-- ==== sql/approval/guards.sql

-- Signatures on every path: who may sign, for what, and how a signature ends.
-- May touch: triggers of approval, report and ticket_return; approval; the journal.

create or replace function ticket_workflow.guard_approval() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
begin
	if (new.approval_id, new.center_id, new.ticket_id, new.subject, new.subject_id, new.signer_id, new.post_id, new.on_behalf_of_id,
			new.digest, new.signed_at, new.channel, new.image_id, new.recorded_by, new.recorded_at)
		is distinct from
		(old.approval_id, old.center_id, old.ticket_id, old.subject, old.subject_id, old.signer_id, old.post_id, old.on_behalf_of_id,
			old.digest, old.signed_at, old.channel, old.image_id, old.recorded_by, old.recorded_at)
	then
		perform ticket_workflow.fail('history_change', '2.2.2', 'approval');
	end if;
	-- signer, writer and reviewer of a ticket wait for each other
	select x.* into t from ticket_workflow.ticket x where x.ticket_id = new.ticket_id for no key update;

	-- contesting: said once, by the one who is said to have signed; what counted no longer does
	if new.contested_at is distinct from old.contested_at or new.contest_reason is distinct from old.contest_reason then
		if old.contested_at is not null or old.state = 'draft' then
			perform ticket_workflow.fail('history_change', '2.2.2', 'approval');
		end if;
		if old.channel = 'system' then
			perform ticket_workflow.fail('signature_not_recorded', '2.2.2');
		end if;
		new.contested_at := ticket_workflow.now();
		new.contest_reason := ticket_workflow.require_reason(new.contest_reason, '2.2.2');
		if old.state = 'valid' and t.state not in ('completed', 'closed') then
			new.state := 'void';
			new.ended_at := new.contested_at;
			new.end_reason := 'contested';
		end if;
		return new;
	end if;

	if new.state = old.state then
		if (new.ended_at, new.end_reason) is distinct from (old.ended_at, old.end_reason) then
			perform ticket_workflow.fail('history_change', '2.2.2', 'approval');
		end if;
		return new;
	end if;
	if (old.state, new.state) not in (('draft', 'valid'), ('draft', 'void'), ('valid', 'revoked'), ('valid', 'void')) then
		perform ticket_workflow.fail('signature_transition', '2.2.2',
			ticket_workflow.label('approval_state', old.state), ticket_workflow.label('approval_state', new.state));
	end if;

	if new.state = 'valid' then
		-- nor does the text change under the pen, also by a plain UPDATE of its row
		perform from ticket_workflow.report r where new.subject = 'report' and r.report_id = new.subject_id for share;
		perform from ticket_workflow.ticket_return r where new.subject = 'return' and r.return_id = new.subject_id for share;
		perform from ticket_workflow.limit_extension x where new.subject = 'extension' and x.extension_id = new.subject_id for share;
		new.ended_at := null;
		new.end_reason := null;
		perform ticket_workflow.raise_problems((
			select jsonb_agg(to_jsonb(p)) from ticket_workflow.approval_problems(new, t) p));
		return new;
	end if;

	new.ended_at := ticket_workflow.now();
	if new.state = 'revoked' then
		if t.state in ('completed', 'closed') then
			perform ticket_workflow.fail('signature_too_late_to_revoke', '2.2.2', ticket_workflow.label('state', t.state));
		end if;
		-- the limit has moved with it
		if old.subject = 'extension' and exists (select from ticket_workflow.limit_extension x
				where x.extension_id = old.subject_id and x.state = 'granted') then
			perform ticket_workflow.fail('signature_too_late_to_revoke', '2.2.2', ticket_workflow.label('extension_state', 'granted'));
		end if;
		new.end_reason := ticket_workflow.require_reason(new.end_reason, '2.2.2');
	elsif old.digest = ticket_workflow.subject_digest(old.subject, old.subject_id) then
		-- void is what became of a signature, not what somebody does to it
		perform ticket_workflow.fail('signature_still_holds', '2.2.2');
	else
		new.end_reason := 'changed';
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_approval() is
	'Trigger: judges every change of a signature: who signs in which post and day, for what as it stands, four eyes, paper with its image';

create or replace function ticket_workflow.approval_problems(approval ticket_workflow.approval, ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	a constant ticket_workflow.approval := approval_problems.approval;
	t constant ticket_workflow.ticket := approval_problems.ticket;
	day constant date := ticket_workflow.local_day(a.signed_at, ticket_workflow.ticket_calendar(t.center_id));
	signer constant text := (select o.code from ticket_workflow.official o where o.official_id = a.signer_id);
	holder constant text := (select o.code from ticket_workflow.official o where o.official_id = a.on_behalf_of_id);
	r ticket_workflow.report;
	e ticket_workflow.evidence;
	own boolean;
	awaited boolean;
begin
	case a.subject
	when 'report' then
		select x.* into r from ticket_workflow.report x where x.report_id = a.subject_id;
		awaited := r.state in ('draft', 'submitted');
		own := ticket_workflow.wrote_report(r, signer) or ticket_workflow.wrote_report(r, holder);
	when 'return' then
		select x.state = 'requested', x.requested_by in (signer, holder) into awaited, own
			from ticket_workflow.ticket_return x where x.return_id = a.subject_id;
	when 'transfer' then
		awaited := t.state = 'received';
	else
		select x.state = 'requested', x.requested_by in (signer, holder) into awaited, own
			from ticket_workflow.limit_extension x where x.extension_id = a.subject_id;
	end case;
	if not coalesce(awaited, false) then
		return query values ('signature_not_awaited', '2.2.2', array[ticket_workflow.label('approval_subject', a.subject)]);
		return;
	end if;
	if ticket_workflow.subject_ticket(a.subject, a.subject_id) is distinct from a.ticket_id
		or a.digest is distinct from ticket_workflow.subject_digest(a.subject, a.subject_id)
	then
		return query values ('signature_of_other_text', '2.2.2', array[ticket_workflow.label('approval_subject', a.subject)]);
	end if;
	-- who wrote or asked does not sign, neither himself nor through his substitute
	if own then
		return query values ('signature_own', '2.2.2', array[signer]);
	end if;
	if a.signed_at > ticket_workflow.now() then
		return query values ('signature_in_future', '2.2.2', '{}'::text[]);
	end if;

	if not exists (
		select from ticket_workflow.signature_demand d where d.subject = a.subject and d.subject_id = a.subject_id)
	then
		return query values ('signature_not_needed', 'A3', array[ticket_workflow.label('approval_subject', a.subject)]);
	elsif not exists (
		select
		from ticket_workflow.signature_demand d
		where d.subject = a.subject and d.subject_id = a.subject_id
			and (ticket_workflow.post_may_sign(a.post_id, d.position, d.organization_id)
					and exists (
						select from ticket_workflow.posts_on(a.signer_id, day) p
						where p.post_id = a.post_id and (case when p.substitute then p.holder_id end) is not distinct from a.on_behalf_of_id)
				or d.or_leader_on_duty and ticket_workflow.led_duty_at(a.signer_id, t.center_id, a.signed_at)))
	then
		return query
			select 'signer_without_post', min(d.clause), array[signer, to_char(day, 'YYYY-MM-DD'),
				string_agg(distinct coalesce(o.name, '') || ticket_workflow.label('position', d.position), ', ')]
			from ticket_workflow.signature_demand d
				left join ticket_workflow.organization o on o.organization_id = d.organization_id
			where d.subject = a.subject and d.subject_id = a.subject_id;
	end if;

	-- 签字材料通过图片形式: what was signed elsewhere is recorded by somebody else, with its image
	if a.channel <> 'system' then
		if a.recorded_by is null or a.recorded_by = signer then
			return query values ('signature_recorder', '2.2.2', array[signer]);
		end if;
		select x.* into e from ticket_workflow.evidence x where x.evidence_id = a.image_id;
		if e.ticket_id is distinct from a.ticket_id or e.kind <> 'signature_image' or e.voided_at is not null then
			return query values ('signature_image_missing', '2.2.2', '{}'::text[]);
		end if;
	end if;
end
$$;
comment on function ticket_workflow.approval_problems(ticket_workflow.approval, ticket_workflow.ticket) is
	'What keeps the draft of a signature from being valid, all at once';

create or replace function ticket_workflow.follow_approval() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	what text;
begin
	what := case
		when new.contested_at is distinct from old.contested_at then 'signature_contested'
		when new.state = 'valid' then 'signed'
		else 'signature_' || new.state
	end;
	perform ticket_workflow.write_journal(new.ticket_id, what, '2.2.2',
		jsonb_strip_nulls(jsonb_build_object('approval_id', new.approval_id, 'subject', new.subject, 'subject_id', new.subject_id,
			'signer', (select o.code from ticket_workflow.official o where o.official_id = new.signer_id),
			'on_behalf_of', (select o.code from ticket_workflow.official o where o.official_id = new.on_behalf_of_id),
			'position', (select p.position from ticket_workflow.post p where p.post_id = new.post_id),
			'channel', new.channel, 'digest', encode(new.digest, 'hex'),
			'reason', case when what in ('signature_revoked', 'signature_void') then new.end_reason
				when what = 'signature_contested' then new.contest_reason end)),
		case when what = 'signed' then new.signed_at end);
	return null;
end
$$;
comment on function ticket_workflow.follow_approval() is 'Trigger: journals signatures, and how they ended';

create or replace trigger guard_approval
	before update on ticket_workflow.approval
	for each row execute function ticket_workflow.guard_approval();

create or replace trigger follow_approval
	after update on ticket_workflow.approval
	for each row when (old.state is distinct from new.state or old.contested_at is distinct from new.contested_at)
	execute function ticket_workflow.follow_approval();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.approval
	for each statement execute function ticket_workflow.refuse_history_change();

-- A signature is on this text, not on the next one; later evidence leaves it alone.
create or replace function ticket_workflow.void_signatures() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	a ticket_workflow.approval;
	number text;
	what constant text := tg_argv[0];
	id constant bigint := (to_jsonb(new) ->> tg_argv[1])::bigint;
begin
	for a in
		update ticket_workflow.approval x
			set state = 'void'
			where x.subject = what and x.subject_id = id and x.state = 'valid'
				and x.digest <> ticket_workflow.subject_digest(what, id)
			returning x.*
	loop
		select ticket_workflow.ticket_number(t) into number from ticket_workflow.ticket t where t.ticket_id = a.ticket_id;
		perform ticket_workflow.post_notice(a.center_id, a.signer_id, 'notice_signature_void',
			array[number, ticket_workflow.label('approval_subject', what)], a.ticket_id);
	end loop;
	return null;
end
$$;
comment on function ticket_workflow.void_signatures() is
	'Trigger: what was signed has changed, so its signatures are void and their signers told';

-- conditions, not column lists: what a BEFORE trigger changes stands in no column list
create or replace trigger void_signatures
	after update on ticket_workflow.report
	for each row when ((old.body, old.points, old.fact_finding, old.claim_finding, old.handling_result)
		is distinct from (new.body, new.points, new.fact_finding, new.claim_finding, new.handling_result))
	execute function ticket_workflow.void_signatures('report', 'report_id');

create or replace trigger void_signatures
	after update on ticket_workflow.ticket_return
	for each row when ((old.ground, old.reason, old.should_go_to, old.upward)
		is distinct from (new.ground, new.reason, new.should_go_to, new.upward))
	execute function ticket_workflow.void_signatures('return', 'return_id');

create or replace trigger void_transfer_signatures
	after update on ticket_workflow.ticket
	for each row when ((old.appeal, old.place, old.matter_id, old.dispatch_round)
		is distinct from (new.appeal, new.place, new.matter_id, new.dispatch_round))
	execute function ticket_workflow.void_signatures('transfer', 'ticket_id');

-- ==== sql/escalation/guards.sql

-- Escalations are never taken back: a level fires once, and that it fired stays (C4).
-- May touch: triggers of escalation.

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.escalation
	for each statement execute function ticket_workflow.refuse_history_change();

-- ==== sql/calendar/views.sql

-- What report tools ask of calendars: how far they reach.
-- May touch: nothing. Columns are a contract: new ones are appended.

create or replace view ticket_workflow.calendar_health with (security_invoker = true) as
	with reach as (
		select c.code, c.name, c.zone, b.base, (ticket_workflow.now() at time zone c.zone)::date as today,
			coalesce(k.covered, '{}'::datemultirange) as covered, coalesce(k.documents, 0) as documents, k.last_imported_at
		from ticket_workflow.calendar c
			left join ticket_workflow.calendar_base b on b.calendar = c.code
			left join lateral (
				select range_agg(daterange(d.covers_since, d.covers_until, '[]')) filter (where d.covers_since is not null) as covered,
					count(*)::integer as documents, max(d.imported_at) as last_imported_at
				from ticket_workflow.calendar_layers(c.code) l
					join ticket_workflow.calendar_document d on d.calendar = l.code) k on true
	), judged as (
		select r.*, extract(year from r.today)::integer + 1 as next_year,
			(select upper(u.span) - 1 from unnest(r.covered) u(span) where u.span @> r.today) as covered_until,
			not r.covered @> daterange(make_date(extract(year from r.today)::integer + 1, 1, 1),
				make_date(extract(year from r.today)::integer + 1, 12, 31), '[]') as next_year_missing
		from reach r
	), graded as (
		select j.*, case when j.next_year_missing then make_date(j.next_year - 1, 10, 1) end as notice_since,
			case
				when j.covered_until is null then 'not_covered'
				when j.next_year_missing and extract(month from j.today) >= 10 then 'next_year_missing'
				else 'ok'
			end as calendar_status
		from judged j
	)
	select g.code as calendar, g.name as calendar_name, g.base, g.zone,
		g.calendar_status, ticket_workflow.label('calendar_status', g.calendar_status) as calendar_status_label,
		g.covered, g.covered_until, g.next_year, g.next_year_missing, g.notice_since, g.documents, g.last_imported_at,
		ticket_workflow.calendar_version(g.code) as version
	from graded g;
comment on view ticket_workflow.calendar_health is
	'How far each calendar is published: ok, next_year_missing (from 1 October on) or not_covered (today is on the weekly pattern alone)';
comment on column ticket_workflow.calendar_health.calendar is 'code of the calendar';
comment on column ticket_workflow.calendar_health.calendar_name is 'name of the calendar';
comment on column ticket_workflow.calendar_health.base is 'calendar it is laid over';
comment on column ticket_workflow.calendar_health.zone is 'time zone its days and hours are in';
comment on column ticket_workflow.calendar_health.calendar_status is 'ok, next_year_missing or not_covered';
comment on column ticket_workflow.calendar_health.calendar_status_label is 'label of calendar_status, in the session''s language';
comment on column ticket_workflow.calendar_health.covered is 'published ranges, bases included';
comment on column ticket_workflow.calendar_health.covered_until is 'last day that is published without a gap from today on; NULL when today is not';
comment on column ticket_workflow.calendar_health.next_year is 'the year after this one';
comment on column ticket_workflow.calendar_health.next_year_missing is 'whether any of its days is not published';
comment on column ticket_workflow.calendar_health.notice_since is 'from which day on notices are raised: 1 October (T4); NULL when nothing is missing';
comment on column ticket_workflow.calendar_health.documents is 'documents imported, bases included';
comment on column ticket_workflow.calendar_health.last_imported_at is 'when the newest of them was imported';
comment on column ticket_workflow.calendar_health.version is 'version of the calendar; calendar_changes() tells what moved since another';

-- ==== sql/reporting/clock_views.sql

-- Views of what runs, what is late and what will be: the open desk.
-- May touch: nothing. Columns are a contract: new ones are appended.
--
-- Their plans begin with the few running clocks and never scan the tickets; labels come from C, row by row.

-- The clocks that only close a window or tell a leader make nobody late when they run out.
create or replace function ticket_workflow.makes_late(clock text) returns boolean
	language sql immutable parallel safe
	return makes_late.clock not in ('return_window', 'leader_notice', 'principal_notice');
comment on function ticket_workflow.makes_late(text) is
	'Whether somebody is late when this clock runs out; not where a window closes or leaders are told (2.2.2, 3.3)';

create or replace view ticket_workflow.running_clock with (security_invoker = true) as
	select x.clock_id, x.center_id, ce.code as center, x.ticket_id,
		coalesce(x.external_no, x.ticket_id::text) as ticket_number,
		x.clock, ticket_workflow.label('clock', x.clock) as clock_label, x.round,
		x.started_at, x.due_at, x.due_on,
		floor(date_part('epoch', x.due_at - ticket_workflow.now()) / 60)::integer as minutes_left,
		x.due_at < ticket_workflow.now() and ticket_workflow.makes_late(x.clock) as overdue,
		x.limit_kind, ticket_workflow.label('limit_kind', x.limit_kind) as limit_kind_label, x.amount, x.at_time,
		x.provisional, x.adjusted, x.calendar, x.clause,
		x.state, ticket_workflow.label('state', x.state) as state_label,
		x.source, ticket_workflow.label('source', x.source) as source_label,
		x.kind, ticket_workflow.label('kind', x.kind) as kind_label,
		x.category, ticket_workflow.label('category', x.category) as category_label,
		x.handling_class, ticket_workflow.label('handling_class', x.handling_class) as handling_class_label,
		x.urgent, x.received_at,
		o.code as lead_department, o.name as lead_department_name,
		a.code as area, a.name as area_name,
		-- few tickets have one: looked up for those, not joined to all
		case when x.lead_person_id is not null then
			(select p.code from ticket_workflow.official p where p.official_id = x.lead_person_id) end as lead_person,
		case when x.lead_person_id is not null then
			(select p.name from ticket_workflow.official p where p.official_id = x.lead_person_id) end as lead_person_name
	from (
			-- C3 in words that the partial index ticket_open knows: a clock runs in an open state ...
			select c.*, t.external_no, t.state, t.source, t.kind, t.category, t.handling_class, t.urgent, t.received_at,
				t.lead_department_id, t.area_id, t.lead_person_id
			from ticket_workflow.clock c
				join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
			where c.status = 'running'
				and t.state in ('received', 'dispatched', 'accepted', 'return_requested', 'reported', 'rework')
			union all
			-- ... or it waits for an urgent completion to be reported to the district platform
			select c.*, t.external_no, t.state, t.source, t.kind, t.category, t.handling_class, t.urgent, t.received_at,
				t.lead_department_id, t.area_id, t.lead_person_id
			from ticket_workflow.clock c
				join ticket_workflow.ticket t on t.ticket_id = c.ticket_id
			where c.status = 'running' and c.clock = 'urgent_completion' and t.state = 'completed'
		) x
		-- all left joins: an inner one to a table of one row would make the planner expect a row or two, and loop
		left join ticket_workflow.center ce on ce.center_id = x.center_id
		left join ticket_workflow.organization o on o.organization_id = x.lead_department_id
		left join ticket_workflow.area a on a.area_id = x.area_id;
comment on view ticket_workflow.running_clock is 'Every running clock with its ticket, due time and what is left of it';

create or replace view ticket_workflow.overdue_ticket with (security_invoker = true) as
	select r.ticket_id, r.center_id, r.center, r.ticket_number, r.clock_id, r.clock, r.clock_label, r.round,
		r.due_at, r.due_on, -r.minutes_left as minutes_late,
		ticket_workflow.working_days_between(r.due_on,
			(ticket_workflow.now() at time zone k.zone)::date, r.calendar) as working_days_late,
		-- 日清日结 is striven for: missed, not broken (3.1)
		r.clock = 'completion' and r.handling_class = 'same_day' as target_only,
		r.state, r.state_label, r.source, r.source_label, r.kind, r.kind_label, r.category, r.category_label,
		r.handling_class, r.handling_class_label, r.urgent, r.received_at,
		r.lead_department, r.lead_department_name, r.area, r.area_name,
		r.lead_person, r.lead_person_name, r.clause
	from ticket_workflow.running_clock r
		left join ticket_workflow.calendar k on k.code = r.calendar
	where r.due_at < ticket_workflow.now() and ticket_workflow.makes_late(r.clock);
comment on view ticket_workflow.overdue_ticket is
	'Open tickets with an overdue clock, one row for each such clock: how late, and who leads (T3, 3.8.4)';

create or replace view ticket_workflow.due_soon with (security_invoker = true) as
	with horizon as materialized (
		-- the end of the next working day, once per center
		select ce.center_id,
			ticket_workflow.due_at(ticket_workflow.now(), 'working_days', 1, null, ce.calendar) as until
		from ticket_workflow.center ce
	)
	select r.ticket_id, r.center_id, r.center, r.ticket_number, r.clock_id, r.clock, r.clock_label, r.round,
		r.due_at, r.due_on, r.minutes_left,
		case when r.due_at <= h.until then 'next_working_day' else 'warned' end as due_reason,
		ticket_workflow.label('due_reason', case when r.due_at <= h.until then 'next_working_day' else 'warned' end) as due_reason_label,
		r.state, r.state_label, r.source, r.source_label, r.kind, r.kind_label, r.category, r.category_label,
		r.handling_class, r.handling_class_label, r.urgent, r.received_at,
		r.lead_department, r.lead_department_name, r.area, r.area_name, r.clause
	from ticket_workflow.running_clock r
		left join horizon h on h.center_id = r.center_id
	where r.due_at >= ticket_workflow.now()
		and r.clock_id in (
			select c.clock_id
				from horizon s
					join ticket_workflow.clock c on c.center_id = s.center_id and c.status = 'running'
						and c.due_at >= ticket_workflow.now() and c.due_at <= s.until
			union all
			select e.clock_id from ticket_workflow.escalation e
				where e.ended_at is null and e.purpose = 'warning');
comment on view ticket_workflow.due_soon is
	'Running clocks that are due by the end of the next working day, or whose warning was raised';

-- ==== sql/reporting/escalation_views.sql

-- Views of what clocks said: open escalations, and all of them.
-- May touch: nothing. Columns are a contract: new ones are appended.

create or replace view ticket_workflow.escalation_history with (security_invoker = true) as
	select e.escalation_id, e.center_id, ce.code as center, e.ticket_id,
		coalesce(t.external_no, t.ticket_id::text) as ticket_number,
		e.clock_id, e.clock, ticket_workflow.label('clock', e.clock) as clock_label, e.round,
		e.level, e.purpose, ticket_workflow.label('purpose', e.purpose) as purpose_label,
		e.due_at, e.due_on,
		e.reached_at, e.noticed_at,
		case when e.ended_at is not null then 'ended' when e.acknowledged_at is not null then 'acknowledged' else 'open' end as escalation_status,
		ticket_workflow.label('escalation_status', case when e.ended_at is not null then 'ended'
			when e.acknowledged_at is not null then 'acknowledged' else 'open' end) as escalation_status_label,
		e.acknowledged_at, e.acknowledged_by,
		case when e.acknowledged_by is not null then
			(select p.name from ticket_workflow.official p where p.code = e.acknowledged_by) end as acknowledged_by_name,
		e.acknowledge_note,
		e.ended_at, e.end_cause, ticket_workflow.label('end_cause', e.end_cause) as end_cause_label,
		e.recipients, e.vacant_posts,
		case when e.vacant_posts = '{}' then '{}'::text[] else
			array(select ticket_workflow.post_label(v) from unnest(e.vacant_posts) v) end as vacant_posts_label,
		t.state, ticket_workflow.label('state', t.state) as state_label,
		t.category, ticket_workflow.label('category', t.category) as category_label,
		t.handling_class, ticket_workflow.label('handling_class', t.handling_class) as handling_class_label,
		t.urgent, t.received_at,
		o.code as lead_department, o.name as lead_department_name,
		a.code as area, a.name as area_name
	from ticket_workflow.escalation e
		join ticket_workflow.ticket t on t.ticket_id = e.ticket_id
		left join ticket_workflow.center ce on ce.center_id = e.center_id
		left join ticket_workflow.organization o on o.organization_id = t.lead_department_id
		left join ticket_workflow.area a on a.area_id = t.area_id;
comment on view ticket_workflow.escalation_history is
	'Every level of every clock that was reached: when, whom it told, who took it on, and how it ended (C4)';

create or replace view ticket_workflow.escalation_overview with (security_invoker = true) as
	select h.escalation_id, h.center_id, h.center, h.ticket_id, h.ticket_number, h.clock_id, h.clock, h.clock_label, h.round,
		h.level, h.purpose, h.purpose_label, h.due_at, h.due_on, h.reached_at, h.noticed_at,
		floor(date_part('epoch', ticket_workflow.now() - h.reached_at) / 60)::integer as minutes_open,
		h.escalation_status, h.escalation_status_label, h.acknowledged_at, h.acknowledged_by, h.acknowledged_by_name,
		h.acknowledge_note, h.recipients, h.vacant_posts, h.vacant_posts_label, h.state, h.state_label, h.category, h.category_label,
		h.handling_class, h.handling_class_label, h.urgent, h.received_at,
		h.lead_department, h.lead_department_name, h.area, h.area_name
	from ticket_workflow.escalation_history h
	where h.ended_at is null;
comment on view ticket_workflow.escalation_overview is 'Escalations whose cause goes on: for how long, whom they told, and whether somebody took them on';

-- ==== sql/reporting/ticket_views.sql

-- The view of tickets. Personal data are masked; reveal_petitioner() shows the rest and says to whom.
-- May touch: nothing. Columns are a contract: new ones are appended.

create or replace view ticket_workflow.ticket_overview with (security_invoker = true) as
	select t.ticket_id, t.center_id, ce.code as center,
		coalesce(t.external_no, t.ticket_id::text) as ticket_number,
		t.source, ticket_workflow.label('source', t.source) as source_label, t.external_no, t.external_round,
		t.kind, ticket_workflow.label('kind', t.kind) as kind_label,
		t.supervised_by, ticket_workflow.label('supervised_by', t.supervised_by) as supervised_by_label,
		t.category, ticket_workflow.label('category', t.category) as category_label,
		t.handling_class, ticket_workflow.label('handling_class', t.handling_class) as handling_class_label,
		t.urgent, m.code as matter, m.name as matter_name, a.code as area, a.name as area_name,
		t.in_territory, t.place, t.appeal, p.name_masked, p.phone_masked, p.address_masked,
		t.received_at, t.recorded_at, t.received_on, ticket_workflow.label('received_on', t.received_on) as received_on_label,
		t.platform_due_at,
		t.state, ticket_workflow.label('state', t.state) as state_label, t.state_at, t.state_reason,
		t.dispatch_round, t.first_dispatched_at, t.dispatched_at,
		o.code as lead_department, o.name as lead_department_name,
		t.dispatch_principle as principle, ticket_workflow.label('principle', t.dispatch_principle) as principle_label,
		lp.code as lead_person, lp.name as lead_person_name,
		t.accepted_at, t.accepted_deemed, t.reported_at, t.completed_at, t.closed_at, t.reopenings, t.imported, t.rulebook,
		-- scalar subqueries: whoever does not ask for the column does not pay for it
		(select c.due_at from ticket_workflow.clock c
			where c.ticket_id = t.ticket_id and c.clock in ('completion', 'urgent_completion')
			order by c.started_at desc, c.clock_id desc limit 1) as due_at,
		(select c.due_on from ticket_workflow.clock c
			where c.ticket_id = t.ticket_id and c.clock in ('completion', 'urgent_completion')
			order by c.started_at desc, c.clock_id desc limit 1) as due_on,
		(select count(*)::integer from ticket_workflow.clock c
			where c.ticket_id = t.ticket_id and c.status = 'running' and c.due_at < ticket_workflow.now()
				and ticket_workflow.makes_late(c.clock)) as overdue_clocks,
		(select count(*)::integer from ticket_workflow.escalation e
			where e.ticket_id = t.ticket_id and e.ended_at is null) as open_escalations,
		(select count(*)::integer from ticket_workflow.ticket_return r
			where r.ticket_id = t.ticket_id and r.state in ('requested', 'granted', 'refused')) as returns
	from ticket_workflow.ticket t
		join ticket_workflow.center ce on ce.center_id = t.center_id
		left join ticket_workflow.organization o on o.organization_id = t.lead_department_id
		left join ticket_workflow.area a on a.area_id = t.area_id
		left join ticket_workflow.matter m on m.matter_id = t.matter_id
		left join ticket_workflow.petitioner p on p.petitioner_id = t.petitioner_id
		left join ticket_workflow.official lp on lp.official_id = t.lead_person_id;
comment on view ticket_workflow.ticket_overview is
	'Every ticket: what it is about, where it stands, who leads, when it is due; the petitioner masked';

-- ==== sql/reporting/health_views.sql

-- The view that monitoring asks: do the sweeps run, and do they keep up.
-- May touch: nothing. Columns are a contract: new ones are appended. Times are the machine's own, except
-- last_as_of, oldest_due_at and oldest_notice_at, which are the desk's.

create or replace view ticket_workflow.sweep_health with (security_invoker = true) as
	with recent as (
		-- a day, at one sweep a minute
		select r.*, r.finished_at is null and r.beat_at > clock_timestamp() - interval '1 hour'
				and exists (select from pg_catalog.pg_stat_activity s where s.pid = r.backend) as alive,
			r.beat_at > clock_timestamp() - interval '1 hour' as last_hour
		from (select * from ticket_workflow.sweep_run order by sweep_id desc limit 1440) r
	), runs as (
		select max(r.started_at) as last_started_at, max(r.finished_at) as last_finished_at, max(r.as_of) as last_as_of,
			count(*) filter (where r.alive)::integer as running_now,
			count(*) filter (where r.finished_at is null and not r.alive)::integer as broken_off,
			max(r.beat_at) filter (where r.finished_at is null and not r.alive) as last_broken_at,
			coalesce(sum(r.clocks) filter (where r.last_hour), 0)::integer as clocks_last_hour,
			coalesce(sum(r.escalations) filter (where r.last_hour), 0)::integer as escalations_last_hour,
			coalesce(sum(r.failures) filter (where r.last_hour), 0)::integer as failures_last_hour
		from recent r
	), failures as (
		select count(*)::integer as set_aside, min(x.retry_at) as next_retry_at,
			(array_agg(x.sqlstate || ' ' || x.message order by x.failed_at desc))[1] as last_failure
		from ticket_workflow.sweep_failure x
	), waiting as (
		select b.* from ticket_workflow.sweep_backlog() b
	), health as (
		select r.*, f.*, w.*,
			case
				when r.last_started_at is null then 'never'
				when r.last_broken_at > coalesce(r.last_finished_at, '-infinity') then 'broken'
				-- one a minute: five without one that came to its end
				when coalesce(r.last_finished_at, '-infinity') < clock_timestamp() - interval '5 minutes' then 'late'
				when f.set_aside > 0 then 'failing'
				else 'ok'
			end as sweep_status
		from runs r, failures f, waiting w
	)
	select h.sweep_status, ticket_workflow.label('sweep_status', h.sweep_status) as sweep_status_label,
		h.last_started_at, h.last_finished_at, h.last_as_of, h.running_now, h.broken_off, h.last_broken_at,
		h.clocks_last_hour, h.escalations_last_hour, h.failures_last_hour,
		h.set_aside, h.next_retry_at, h.last_failure, h.oldest_due_at, h.notices_waiting, h.oldest_notice_at
	from health h;
comment on view ticket_workflow.sweep_health is
	'How the sweeps are doing, in one row: never, ok, late, broken (killed in the middle) or failing (clocks set aside)';

-- ==== sql/approval/views.sql

-- What waits for whose signature or decision, one row per person who can do it.
-- May touch: nothing.

-- Who holds a post depends on department, area or center, not on the ticket: each is looked up once.
create or replace view ticket_workflow.waiting_signature with (security_invoker = true) as
	with demand as materialized (
		select open.*, t.external_no
		from (
				-- a branch per subject, so that each finds its few open rows by its own index
				select d.* from ticket_workflow.signature_demand d
				where d.subject = 'report' and d.subject_state in ('draft', 'submitted')
				union all
				select d.* from ticket_workflow.signature_demand d
				where d.subject = 'return' and d.subject_state = 'requested'
				union all
				select d.* from ticket_workflow.signature_demand d
				where d.subject = 'extension' and d.subject_state = 'requested'
				union all
				select d.* from ticket_workflow.signature_demand d
				where d.subject = 'transfer' and d.subject_state = 'received'
			) open
			join ticket_workflow.ticket t on t.ticket_id = open.ticket_id
				and case open.subject
					when 'report' then t.state in ('accepted', 'rework', 'reported')
					-- outside our territory: it can only go up
					when 'transfer' then not t.in_territory
					else true
				end
		where open.approval_id is null
	), asked as materialized (
		select d.center_id, d.relation, d.position, d.organization_id, d.or_leader_on_duty, min(d.ticket_id) as ticket_id
		from demand d
		group by d.center_id, d.relation, d.position, d.organization_id, d.or_leader_on_duty
	), holder as materialized (
		select k.center_id, k.relation, k.position, k.organization_id, k.or_leader_on_duty, h.official_id
		from asked k
			join ticket_workflow.ticket t on t.ticket_id = k.ticket_id
			cross join lateral (
				select h.official_id
				from ticket_workflow.holders_of(t, k.relation, k.position, ticket_workflow.now()) as h (official_id)
				union
				select h.official_id
				from ticket_workflow.holders_of(t, 'duty', 'duty_leader', ticket_workflow.now()) as h (official_id)
				where k.or_leader_on_duty
			) h
	)
	select d.center_id, d.ticket_id, d.external_no,
		d.subject, ticket_workflow.label('approval_subject', d.subject) as subject_label,
		d.subject_id,
		d.subject_state,
		ticket_workflow.label(case d.subject when 'report' then 'report_state' when 'return' then 'return_state'
			when 'extension' then 'extension_state' else 'state' end,
			d.subject_state) as subject_state_label,
		d.since, d.rule, d.clause,
		case when ticket_workflow.language() = 'en' then c.en else c.zh end as clause_text,
		d.position, ticket_workflow.label('position', d.position) as position_label,
		d.organization_id, o.name as organization_name, d.or_leader_on_duty,
		p.official_id, p.code as official_code, p.name as official_name
	from demand d
		left join ticket_workflow.organization o on o.organization_id = d.organization_id
		left join ticket_workflow.clause c on c.clause = d.clause
		left join holder h on h.center_id = d.center_id and h.relation = d.relation and h.position = d.position
			and h.organization_id = d.organization_id and h.or_leader_on_duty = d.or_leader_on_duty
		left join ticket_workflow.official p on p.official_id = h.official_id;
comment on view ticket_workflow.waiting_signature is
	'Signatures that are missing, why, and who can give them: one row per person, or one without a person where nobody holds the post';
comment on column ticket_workflow.waiting_signature.center_id is 'Center';
comment on column ticket_workflow.waiting_signature.ticket_id is 'Ticket';
comment on column ticket_workflow.waiting_signature.external_no is 'The platform''s number of the ticket';
comment on column ticket_workflow.waiting_signature.subject is 'What is to be signed: report, return, transfer, extension';
comment on column ticket_workflow.waiting_signature.subject_label is 'Label of subject';
comment on column ticket_workflow.waiting_signature.subject_id is 'report_id, return_id, ticket_id or extension_id: the argument of sign_report(), sign_return(), sign_transfer(), sign_extension()';
comment on column ticket_workflow.waiting_signature.subject_state is 'State of the report, return, ticket or extension';
comment on column ticket_workflow.waiting_signature.subject_state_label is 'Label of subject_state';
comment on column ticket_workflow.waiting_signature.since is 'Saved, submitted, asked for or received at';
comment on column ticket_workflow.waiting_signature.rule is 'Rule of the rulebook that asks for the signature';
comment on column ticket_workflow.waiting_signature.clause is 'Clause the rule stands on';
comment on column ticket_workflow.waiting_signature.clause_text is 'Wording of the clause';
comment on column ticket_workflow.waiting_signature.position is 'The least position that signs';
comment on column ticket_workflow.waiting_signature.position_label is 'Label of position';
comment on column ticket_workflow.waiting_signature.organization_id is 'Over which organization';
comment on column ticket_workflow.waiting_signature.organization_name is 'Name of that organization';
comment on column ticket_workflow.waiting_signature.or_leader_on_duty is 'Whether the leader on duty may sign instead';
comment on column ticket_workflow.waiting_signature.official_id is 'Who can sign now: holder, substitute or leader on duty';
comment on column ticket_workflow.waiting_signature.official_code is 'Code of that official';
comment on column ticket_workflow.waiting_signature.official_name is 'Name of that official';

create or replace view ticket_workflow.waiting_decision with (security_invoker = true) as
	with pending as materialized (
		select w.*, t.external_no, t.rulebook,
			k.due_at, k.due_on,
			(select count(*)::integer from ticket_workflow.report_finding f
				where w.subject = 'report' and f.report_id = w.subject_id and f.severity = 'reject' and f.overruled_at is null
					and ticket_workflow.finding_of_text(f.code)) as open_rejects,
			(select count(*)::integer from ticket_workflow.signature_demand d
				where d.subject = w.subject and d.subject_id = w.subject_id
					and d.approval_id is null)
				as missing_signatures
		from (
				select r.center_id, r.ticket_id, 'report'::text as subject, r.report_id as subject_id, r.submitted_at as since,
					r.organization_id, 'review_report'::text as act, 'review'::text as clock
				from ticket_workflow.report r where r.state = 'submitted'
				union all
				select r.center_id, r.ticket_id, 'return', r.return_id, r.requested_at, r.organization_id, 'decide_return', 'return_decision'
				from ticket_workflow.ticket_return r where r.state = 'requested'
			) w
			join ticket_workflow.ticket t on t.ticket_id = w.ticket_id and t.state in ('reported', 'return_requested')
			left join ticket_workflow.clock k on k.ticket_id = w.ticket_id and k.clock = w.clock and k.status = 'running'
	), asked as materialized (
		-- the center decides, or who is on duty for it: the same people for all its tickets
		select p.center_id, p.rulebook, p.act, min(p.ticket_id) as ticket_id
		from pending p
		group by p.center_id, p.rulebook, p.act
	), decider as materialized (
		select k.center_id, k.rulebook, k.act, a.position, h.official_id
		from asked k
			join ticket_workflow.ticket t on t.ticket_id = k.ticket_id
			join ticket_workflow.act_right a on a.rulebook = k.rulebook and a.act = k.act and a.relation in ('center', 'duty')
			left join lateral ticket_workflow.holders_of(t, a.relation, a.position, ticket_workflow.now()) as h (official_id) on true
	)
	select w.center_id, w.ticket_id, w.external_no,
		w.subject, ticket_workflow.label('approval_subject', w.subject) as subject_label,
		w.subject_id, w.since, w.due_at, w.due_on, w.due_at < ticket_workflow.now() as overdue,
		w.organization_id, o.name as organization_name,
		w.open_rejects, w.missing_signatures,
		w.act, ticket_workflow.label('act', w.act) as act_label,
		d.position, ticket_workflow.label('position', d.position) as position_label,
		p.official_id, p.code as official_code, p.name as official_name
	from pending w
		left join ticket_workflow.organization o on o.organization_id = w.organization_id
		left join decider d on d.center_id = w.center_id and d.rulebook = w.rulebook and d.act = w.act
		left join ticket_workflow.official p on p.official_id = d.official_id;
comment on view ticket_workflow.waiting_decision is
	'Reports and returns that wait for the center''s word, with what they lack, and who can give it: one row per person';
comment on column ticket_workflow.waiting_decision.center_id is 'Center';
comment on column ticket_workflow.waiting_decision.ticket_id is 'Ticket';
comment on column ticket_workflow.waiting_decision.external_no is 'The platform''s number of the ticket';
comment on column ticket_workflow.waiting_decision.subject is 'What is to be decided: report, return';
comment on column ticket_workflow.waiting_decision.subject_label is 'Label of subject';
comment on column ticket_workflow.waiting_decision.subject_id is 'report_id or return_id: the argument of review_report() or decide_return()';
comment on column ticket_workflow.waiting_decision.since is 'Submitted or asked for at';
comment on column ticket_workflow.waiting_decision.due_at is 'When the decision is due; NULL where no clock runs';
comment on column ticket_workflow.waiting_decision.due_on is 'Last day of the decision';
comment on column ticket_workflow.waiting_decision.overdue is 'Whether it is past due_at';
comment on column ticket_workflow.waiting_decision.organization_id is 'Department that reported or asked';
comment on column ticket_workflow.waiting_decision.organization_name is 'Name of that department';
comment on column ticket_workflow.waiting_decision.open_rejects is 'Rejects of the report''s text that nobody has overruled';
comment on column ticket_workflow.waiting_decision.missing_signatures is 'Signatures that are still missing';
comment on column ticket_workflow.waiting_decision.act is 'The act that decides: review_report, decide_return';
comment on column ticket_workflow.waiting_decision.act_label is 'Label of act';
comment on column ticket_workflow.waiting_decision.position is 'Position that may decide';
comment on column ticket_workflow.waiting_decision.position_label is 'Label of position';
comment on column ticket_workflow.waiting_decision.official_id is 'Who can decide now';
comment on column ticket_workflow.waiting_decision.official_code is 'Code of that official';
comment on column ticket_workflow.waiting_decision.official_name is 'Name of that official';

-- ==== sql/reporting/column_comments.sql

-- What the columns of the views mean, once for each name.
-- May touch: comments of the views named here.

do $comments$
declare
	views constant text[] := array['running_clock', 'overdue_ticket', 'due_soon', 'escalation_overview',
		'escalation_history', 'ticket_overview', 'sweep_health'];
	meaning constant jsonb := $json${
		"accepted_at": "when the handling department accepted the ticket (接单)",
		"accepted_deemed": "deemed accepted: the return window closed and nobody had accepted or returned it (2.2.2)",
		"acknowledge_note": "what the official said who took the escalation on",
		"acknowledged_at": "when the first official took the escalation on",
		"acknowledged_by": "code of the official who took the escalation on",
		"acknowledged_by_name": "name of that official",
		"address_masked": "petitioner's address, masked",
		"adjusted": "extended or resumed: the due time does not follow from the start alone",
		"amount": "amount of the limit, in the unit of limit_kind",
		"appeal": "what the petitioner asks for (诉求)",
		"area": "code of the area (片区)",
		"area_name": "name of the area",
		"at_time": "time of day of the limit, where it has one",
		"broken_off": "sweeps of about the last day that were killed or failed in the middle",
		"calendar": "calendar the clock counts by",
		"category": "complaint, help, suggestion or consultation",
		"center": "code of the operation center (城运中心)",
		"center_id": "key of the center",
		"clause": "clause of the norm that gives the limit",
		"clock": "which clock of the norm",
		"clock_id": "key of the clock",
		"clocks_last_hour": "clocks that sweeps processed in the last hour",
		"closed_at": "when the ticket was closed (结案归档)",
		"completed_at": "when the report passed (办结)",
		"dispatch_round": "how many times the ticket was dispatched",
		"dispatched_at": "when it was last dispatched",
		"due_at": "due time; the end of a day is 00:00 of the next",
		"due_on": "last day of the limit, in the calendar's zone",
		"due_reason": "why it is listed: due by the end of the next working day, or warned",
		"end_cause": "what ended the escalation",
		"ended_at": "when the cause ended; before reached_at where a fact was entered later than it happened",
		"escalation_id": "key of the escalation, for acknowledge_escalation()",
		"escalation_status": "open, acknowledged or ended",
		"escalations_last_hour": "levels that sweeps raised in the last hour",
		"external_no": "the platform's number of the ticket",
		"external_round": "how many times the platform sent it under that number",
		"failures_last_hour": "failures of clocks in the last hour",
		"first_dispatched_at": "when it was first dispatched; the leaders' clocks count from there (3.3)",
		"handling_class": "ordinary, simple (24 hours) or same_day",
		"imported": "came from an existing desk with its history",
		"in_territory": "the place is in the center's territory",
		"kind": "ordinary (转办单), supervised (督办单) or callback_review (回访复核单)",
		"last_as_of": "desk time up to which the latest sweep looked",
		"last_broken_at": "last sign of life of the latest sweep that was killed or failed in the middle",
		"last_failure": "SQLSTATE and message of the latest failure of a clock that is still set aside",
		"last_finished_at": "when a sweep last came to its end",
		"last_started_at": "when a sweep last began",
		"lead_department": "code of the lead department (首派部门)",
		"lead_department_name": "name of the lead department",
		"lead_person": "code of the supervising leader who leads a city-supervised ticket (2.3.5)",
		"lead_person_name": "name of that leader",
		"level": "level of the clock in the rulebook",
		"limit_kind": "unit of the limit",
		"matter": "code of the matter",
		"matter_name": "name of the matter",
		"minutes_late": "minutes since the due time, elapsed",
		"minutes_left": "minutes until the due time, elapsed; negative after it",
		"minutes_open": "minutes since the level was reached",
		"name_masked": "petitioner's name, masked",
		"next_retry_at": "when the first of the clocks set aside is tried again",
		"noticed_at": "when a sweep or an act noticed it",
		"notices_waiting": "notices that may go out and are not confirmed",
		"oldest_due_at": "since when the oldest clock has been waiting for a sweep; NULL when none is",
		"oldest_notice_at": "since when the oldest of the waiting notices may go out",
		"open_escalations": "escalations of the ticket whose cause goes on",
		"overdue": "past its due time, and somebody is late (T3)",
		"overdue_clocks": "how many clocks of the ticket are overdue",
		"phone_masked": "petitioner's telephone, masked",
		"place": "where the matter is",
		"platform_due_at": "due time given by the platform; caps every other",
		"principle": "principle of the dispatch (annex 1)",
		"provisional": "reaches into a year whose calendar is not published (T4)",
		"purpose": "warning, overdue or notice",
		"reached_at": "when the level was reached, however late it was noticed",
		"received_at": "when the center received the ticket (收单)",
		"received_on": "what the calendar called the day of receipt: working or rest",
		"recipients": "whom it told, by the names they had then",
		"recorded_at": "when the receipt was recorded",
		"reopenings": "how many times the ticket was reopened",
		"reported_at": "when a report was last submitted; of the one that passed, once completed",
		"returns": "returns that were asked for and not withdrawn",
		"round": "the n-th time this clock runs for this ticket",
		"rulebook": "rulebook in force when the ticket was received",
		"running_now": "sweeps at work",
		"set_aside": "clocks set aside because their processing failed",
		"source": "city platform, district platform or the center itself",
		"started_at": "when the clock started",
		"state": "state of the ticket",
		"state_at": "since when the ticket is in that state",
		"state_reason": "reason given for the last change of state",
		"supervised_by": "platform that supervises a supervised ticket",
		"sweep_status": "never, ok, late, broken or failing",
		"target_only": "a same-day target (3.1): missed, but no breach",
		"ticket_id": "key of the ticket",
		"ticket_number": "the number people call the ticket by: the platform's, else the key",
		"urgent": "urgent (紧急)",
		"vacant_posts": "relation:position of the posts that nobody held: the center was told instead",
		"working_days_late": "working days since the last day of the limit"
	}$json$;
	part record;
begin
	for part in
		select a.attrelid::pg_catalog.regclass as view, a.attname::text as name,
			coalesce(meaning ->> a.attname::text,
				'label of ' || nullif(pg_catalog.regexp_replace(a.attname::text, '_label$', ''), a.attname::text)
					|| ', in the session''s language') as text
		from pg_catalog.unnest(views) as v (name)
			join pg_catalog.pg_attribute a on a.attrelid = ('ticket_workflow.' || v.name)::pg_catalog.regclass and a.attnum > 0
	loop
		if part.text is null then
			raise exception 'column % of % has no meaning in column_comments.sql', part.name, part.view;
		end if;
		execute pg_catalog.format('comment on column %s.%I is %L', part.view, part.name, part.text);
	end loop;
end
$comments$;

-- ==== sql/security/policies.sql

-- Row security: what stands at a ticket is seen by whoever sees the ticket, and nobody else.
-- Runs at every install and update. No FORCE: the owner's definer functions ask may_see() instead,
-- and pg_dump by the owner must go on working.
-- May touch: policies of the extension's tables.

do $policies$
declare
	-- own: a predicate of the table's own beside that of the ticket
	hanging constant jsonb := '{
		"clock": null, "journal": null, "contact": null, "site_visit": null, "platform_report": null,
		"evidence": null, "evidence_absence": null, "ticket_original": null, "ticket_merge": null,
		"dispatch_decision": null, "ticket_assist": null, "incident_ticket": null, "ticket_return": null, "report": null,
		"approval": null, "escalation": null, "limit_extension": null,
		"notice": "recipient_id = (select ticket_workflow.actor_id())"}';
	hung record;
begin
	alter table ticket_workflow.ticket enable row level security;
	drop policy if exists seen on ticket_workflow.ticket;
	create policy seen on ticket_workflow.ticket for select using (
		ticket_workflow.sees(ticket,
			(select ticket_workflow.my_centers()), (select ticket_workflow.my_areas()),
			(select ticket_workflow.my_departments()), (select ticket_workflow.my_platforms()), (select ticket_workflow.my_home()),
			ticket_id in (select ticket_workflow.my_tickets_apart())));

	for hung in select key as relation, value as own from pg_catalog.jsonb_each_text(hanging)
	loop
		execute pg_catalog.format('alter table ticket_workflow.%I enable row level security', hung.relation);
		execute pg_catalog.format('drop policy if exists seen on ticket_workflow.%I', hung.relation);
		-- The center first: a reader needs no look at the ticket. The subquery obeys the policy of ticket; offset 0
		-- keeps the planner from hashing every ticket the caller sees for the sake of a few rows.
		execute pg_catalog.format(
			'create policy seen on ticket_workflow.%1$I for select using ('
			'%2$s = any ((select ticket_workflow.my_centers())::bigint[]) or '
			'exists (select from ticket_workflow.ticket t where t.ticket_id = %1$I.ticket_id offset 0)%3$s)',
			hung.relation,
			case when hung.relation in ('ticket_original', 'ticket_merge')
				then pg_catalog.format('ticket_workflow.center_of(%I.ticket_id)', hung.relation)
				else pg_catalog.format('%I.center_id', hung.relation) end,
			' or ' operator(pg_catalog.||) hung.own);
	end loop;

	-- an incident is seen through its tickets
	alter table ticket_workflow.incident enable row level security;
	drop policy if exists seen on ticket_workflow.incident;
	create policy seen on ticket_workflow.incident for select using (
		exists (select from ticket_workflow.incident_ticket l where l.incident_id = incident.incident_id));

	-- a person is seen through his tickets, under masked columns (relation_capability)
	alter table ticket_workflow.petitioner enable row level security;
	drop policy if exists seen on ticket_workflow.petitioner;
	create policy seen on ticket_workflow.petitioner for select using (
		exists (select from ticket_workflow.ticket t where t.petitioner_id = petitioner.petitioner_id offset 0));

	alter table ticket_workflow.report_finding enable row level security;
	drop policy if exists seen on ticket_workflow.report_finding;
	create policy seen on ticket_workflow.report_finding for select using (
		exists (select from ticket_workflow.report r where r.report_id = report_finding.report_id offset 0));
end
$policies$;

-- ==== sql/security/ownership.sql

-- Ends every install and update: one owner, nothing for PUBLIC.
-- May touch: owners and privileges of the extension's members, nothing else.

do $ownership$
declare
	member record;
begin
	for member in
		select d.classid, d.objid, pg_catalog.pg_describe_object(d.classid, d.objid, 0) as description,
			case d.classid
				when 'pg_catalog.pg_class'::pg_catalog.regclass then
					case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end
				when 'pg_catalog.pg_proc'::pg_catalog.regclass then 'routine'
				when 'pg_catalog.pg_type'::pg_catalog.regclass then 'type'
			end as kind,
			case d.classid
				when 'pg_catalog.pg_class'::pg_catalog.regclass then d.objid::pg_catalog.regclass::text
				when 'pg_catalog.pg_proc'::pg_catalog.regclass then d.objid::pg_catalog.regprocedure::text
				when 'pg_catalog.pg_type'::pg_catalog.regclass then d.objid::pg_catalog.regtype::text
			end as name
		from pg_catalog.pg_depend d
			join pg_catalog.pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
			left join pg_catalog.pg_class c on c.oid = d.objid and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
			left join pg_catalog.pg_type t on t.oid = d.objid and d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
		where d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.deptype = 'e'
			-- a table's row type and an array follow their table and element
			and (t.oid is null or t.typtype in ('d', 'e') or t.typtype = 'c' and
				exists (select from pg_catalog.pg_class r where r.oid = t.typrelid and r.relkind = 'c'))
	loop
		if member.kind is null then
			continue;
		end if;
		execute pg_catalog.format('alter %s %s owner to ticket_workflow_owner', member.kind, member.name);
		execute pg_catalog.format('revoke all on %s %s from public',
			case member.kind when 'view' then 'table' else member.kind end, member.name);
	end loop;
end
$ownership$;

-- ==== sql/security/dump.sql

-- Ends every install and update: each data table and sequence is registered for pg_dump,
-- each product table guarded. What is neither named a product table here nor ...
-- May touch: pg_extension.extconfig, triggers of product tables.

do $dump$
declare
	-- filled by the script, replaced by updates, not dumped
	product constant text[] := array['message', 'clause', 'label', 'position', 'ticket_state', 'ticket_transition',
		'clock_kind', 'clock_carrier', 'clock_event', 'shipped_document', 'function_capability', 'relation_capability'];
	member record;
begin
	for member in
		select c.oid::pg_catalog.regclass as relation, c.relkind, c.relname
		from pg_catalog.pg_depend d
			join pg_catalog.pg_extension e on e.oid = d.refobjid and e.extname = 'ticket_workflow'
			join pg_catalog.pg_class c on c.oid = d.objid
		where d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.deptype = 'e'
			and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and c.relkind in ('r', 'S')
	loop
		if member.relname <> all (product) then
			perform pg_catalog.pg_extension_config_dump(member.relation, '');
		else
			execute pg_catalog.format(
				'create or replace trigger refuse_product_change before insert or update or delete or truncate on %s '
				'for each statement execute function ticket_workflow.refuse_product_change()', member.relation);
		end if;
	end loop;
end
$dump$;
