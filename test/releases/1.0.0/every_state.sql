-- As released with 1.0.0, frozen: test/t/050_update.pl plays it at that version.
-- Tickets in every state, with the rows of every room around them, played through the public API on the desk of
-- desk.sql. Included by \ir in one transaction; what is due later is left to a sweep after its commit.

\ir desk.sql

create temp sequence caller;
create function pg_temp.received(appeal text, category text default '投诉', source text default 'city', kind text default 'ordinary',
	external_no text default null, urgent boolean default false) returns bigint language sql
as $$
	select pg_temp.act_as('dispatcher');
	select ticket_workflow.receive_ticket(center => 'yc', category => category, appeal => appeal, source => source, kind => kind,
		matter => 'light', area => 'p1', place => '宜川路1号', petitioner_phone => '138' || lpad(nextval('caller')::text, 8, '0'), petitioner_name => '张三',
		petitioner_address => '宜川路1弄2号303室', external_no => external_no, urgent => urgent)
$$;
create function pg_temp.dispatched(ticket bigint, department text default 'cg') returns bigint language sql
as $$
	select pg_temp.act_as('dispatcher');
	select ticket_workflow.dispatch_ticket(ticket, department, 'duty', assisting => array['jw1'], assist_task => '配合查看');
	select ticket
$$;
create function pg_temp.accepted(ticket bigint) returns bigint language plpgsql
as $$
begin
	perform pg_temp.dispatched(ticket);
	perform pg_temp.act_as('liaison');
	perform ticket_workflow.accept_ticket(ticket);
	return ticket;
end
$$;
-- contacts and the visit that a report rests on
create function pg_temp.handled(ticket bigint) returns bigint language plpgsql
as $$
begin
	perform pg_temp.accepted(ticket);
	perform ticket_workflow.record_contact(ticket, 'first_contact', 'ip_phone', 'reached', recording => 'file:first.mp3');
	perform ticket_workflow.record_site_visit(ticket, photos => array['file:site1.jpg', 'file:site2.jpg']);
	perform ticket_workflow.record_contact(ticket, 'reply', 'ip_phone', 'reached', recording => 'file:reply.mp3');
	return ticket;
end
$$;
create function pg_temp.saved(ticket bigint) returns bigint language plpgsql
as $$
begin
	perform pg_temp.handled(ticket);
	return ticket_workflow.save_report(ticket,
		'2023年2月7日10时先行联系诉求人，核实反映的楼道灯不亮情况属实。经现场查看，灯管损坏。2月7日下午物业已更换灯管，恢复照明，2月7日16时已电话回复诉求人，诉求人表示满意。责任人：李明，联系电话：62345678。附回复录音和现场照片。',
		fact_finding => '属实', claim_finding => '诉求合理合法', handling_result => '实际解决',
		responsible_person => '李明', responsible_phone => '021-62345678');
end
$$;
create function pg_temp.submitted(ticket bigint) returns bigint language plpgsql
as $$
declare
	report bigint := pg_temp.saved(ticket);
begin
	perform ticket_workflow.submit_report(report);
	return report;
end
$$;
create function pg_temp.reviewed(ticket bigint, passed boolean) returns bigint language plpgsql
as $$
declare
	report bigint := pg_temp.submitted(ticket);
begin
	-- several persons about the same place: the department's head signs (2.3.6.2)
	perform pg_temp.act_as('head');
	perform ticket_workflow.sign_report(report);
	perform pg_temp.act_as('operator');
	perform ticket_workflow.review_report(report, passed, case when not passed then '未写明整改结果' end);
	return ticket;
end
$$;

select pg_temp.at_time('2023-02-07 09:00+08');

-- received; one of them corrected
select pg_temp.received('路灯不亮', external_no => 'SH-2023-0001') as received \gset
select ticket_workflow.correct_ticket(:received, '来电人补充地址', place => '宜川路11号', petitioner_phone => '13900139000');

-- dispatched; one recalled and dispatched anew
select pg_temp.dispatched(pg_temp.received('楼道堆物')) as dispatched \gset
select pg_temp.dispatched(pg_temp.received('派错部门')) as recalled \gset
select ticket_workflow.recall_ticket(:recalled, '应由房管办处理');
select pg_temp.dispatched(:recalled, 'fg');

-- accepted; a draft report, a voided contact, an evidence of its own
select pg_temp.saved(pg_temp.received('邻居装修噪声', '求助')) as draft \gset
select ticket_id as accepted from ticket_workflow.report where report_id = :draft \gset
select ticket_workflow.record_contact(:accepted, 'reply', 'ip_phone', 'not_reached', call_log => 'file:log.jpg') as wrong \gset
select ticket_workflow.void_record('contact', :wrong, '登记错工单');
select ticket_workflow.add_evidence(:accepted, 'document', 'file:permit.pdf', note => '施工许可');

-- its limit extended
select ticket_workflow.extend_limit(:accepted, 2, '等待检测结果') as extension \gset
select pg_temp.act_as('head');
select ticket_workflow.sign_extension(:extension);
select pg_temp.act_as('liaison');

-- return requested; one granted and received again, one refused
create function pg_temp.asked_back(ticket bigint) returns bigint language plpgsql
as $$
begin
	perform pg_temp.dispatched(ticket);
	perform pg_temp.act_as('liaison');
	perform ticket_workflow.record_contact(ticket, 'first_contact', 'ip_phone', 'reached', recording => 'file:first.mp3');
	return ticket_workflow.request_return(ticket, 'out_of_duty', '不属于城管中队职责', should_go_to => '房管办',
		documents => array['file:duties.pdf'], recordings => array['file:call.mp3'], photos => array['file:place.jpg']);
end
$$;
select pg_temp.asked_back(pg_temp.received('小区绿化修剪', '意见建议')) as asked \gset
select pg_temp.asked_back(pg_temp.received('物业费争议', '咨询')) as granted \gset
select pg_temp.act_as('dispatcher');
select ticket_workflow.decide_return(:granted, true, '应由房管办处理');
select pg_temp.asked_back(pg_temp.received('跨门营业')) as refused \gset
select pg_temp.act_as('dispatcher');
select ticket_workflow.decide_return(:refused, false, '属城管中队职责');

-- reported, rework, completed, closed, closed and reopened
select pg_temp.submitted(pg_temp.received('楼道灯不亮一')) as signed \gset
select pg_temp.act_as('head');
select ticket_workflow.sign_report(:signed);
select pg_temp.reviewed(pg_temp.received('楼道灯不亮二'), false);
select pg_temp.reviewed(pg_temp.received('楼道灯不亮三'), true);
select pg_temp.reviewed(pg_temp.received('楼道灯不亮四'), true) as closed \gset
select pg_temp.act_as('dispatcher');
select ticket_workflow.close_ticket(:closed);
select pg_temp.reviewed(pg_temp.received('楼道灯不亮五'), true) as reopened \gset
select pg_temp.act_as('dispatcher');
select ticket_workflow.close_ticket(:reopened);
select ticket_workflow.reopen_ticket(:reopened, '回访不满意');

-- transferred upwards, withdrawn with the petitioner's recording, merged
select pg_temp.received('外区道路') as transferred \gset
select pg_temp.act_as('center_leader');
select ticket_workflow.sign_transfer(:transferred);
select pg_temp.act_as('dispatcher');
select ticket_workflow.transfer_ticket(:transferred, '不属于本街道辖区');
select pg_temp.received('已自行解决') as withdrawn \gset
select ticket_workflow.add_evidence(:withdrawn, 'recording', 'file:withdrawal.mp3');
select ticket_workflow.withdraw_ticket(:withdrawn, '来电人放弃诉求');
select pg_temp.received('同一路灯再次来电') as merged \gset
select ticket_workflow.merge_ticket(:merged, :accepted);

-- supervised by the city, urgent on a rest day
select pg_temp.dispatched(pg_temp.received('督办：群租', kind => 'supervised')) as supervised \gset
select pg_temp.at_time('2023-02-11 10:00+08');
select pg_temp.received('高空坠物', urgent => true) as urgent \gset
select ticket_workflow.record_platform_report(:urgent, 'city', 'progress', '市平台回执0211');

-- rows of the rooms around: a substitute, a duty, a calendar and a rulebook of the desk's own
select ticket_workflow.delegate_post((select post_id from ticket_workflow.post p join ticket_workflow.official o using (official_id)
	where o.code = 'leader'), 'fg_leader', '出差', '2023-02-06', '2023-02-10');
select ticket_workflow.set_duty('yc', '2023-02-11 00:00+08', '2023-02-12 00:00+08', 'duty', 'duty_leader');
select ticket_workflow.create_calendar('yc_own', '街道日历', base => 'cn_shanghai');
select ticket_workflow.set_calendar_day('yc_own', '2023-02-13', true, '街道停电');
select ticket_workflow.copy_rulebook('yichuan_2023', 'yc_own');
