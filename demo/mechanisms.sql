-- What is done beside the tickets: chapter three of the norm, played by demo/mechanisms.tsv and shown in the evening
-- of its day. do_beside() does it through the public API, lines_of() asks the views what is to be seen of it,
-- deliver() is the consumer of the outbox. Uses the tables of demo/player.sql.

-- the office that oversees the center chairs the weekly meeting and coordinates mediation (3.4, 3.5)
select ticket_workflow.change_organization('yichuan', 'sq', oversees => true);
-- waits between deliveries are of the real clock, and half an hour of the street is gone in some milliseconds
select ticket_workflow.set_notice_rule('yichuan_2023', '*', 10, 0.00001, 0.00001);

create table demo.beside (
	-- on the half hour, after the tickets' own steps of that half hour
	at timestamptz not null check (extract(minute from at) in (0, 30) and extract(second from at) = 0),
	who text not null,
	act text not null,
	-- the story it is about, where it is about one
	alias text,
	args jsonb not null default '{}',
	-- the SQLSTATE with which it is expected to be refused
	refused text
);

-- what the evening prints of it
create table demo.shown (
	shown_id integer generated always as identity primary key,
	at timestamptz not null,
	part text not null,
	line text not null
);

create table demo.delivery (
	delivery_id integer generated always as identity primary key,
	at timestamptz not null,
	notice_id bigint not null,
	recipient text,
	notices integer not null,
	attempt integer not null,
	channel text,
	notice_text text not null,
	delivered boolean not null
);
-- a gateway that is down for one digest
create table demo.fault (error text not null);
-- a seal as the auditing office keeps it
create table demo.kept_seal (day date not null, digest text not null);

-- A part has one line that says what it is and where the norm has it.
create function demo.heading(title text, clause text) returns text language sql immutable
	return format('  -- %s（%s）', title, clause);
create function demo.row_of(variadic cells text[]) returns text language sql immutable
	return '     ' || array_to_string(cells, '  ');
create function demo.clock_time(at timestamptz) returns text language sql stable
	return to_char(at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI');

-- 3.1, 3.2, 3.3
create function demo.lines_daily(part text, today date) returns setof text language plpgsql as $$
begin
	case part
	when 'daily_notice' then
		return query select demo.heading(format('每日通报：%s 的情况，%s 发%s工作群', p.day, demo.clock_time(p.posted_at), ticket_workflow.label('contact_channel', p.channel)), '3.2')
			from ticket_workflow.daily_posting p where p.day = today - 1;
		return query select demo.row_of(l) from ticket_workflow.daily_posting p, string_to_table(p.body, E'\n') l where p.day = today - 1;
	when 'finish_today' then
		return query select demo.heading(format('日清日结：%s 时今日应办结的', to_char(ticket_workflow.now() at time zone 'Asia/Shanghai', 'HH24:MI')), '3.1');
		return query select demo.row_of(f.ticket_number, demo.pad(f.lead_department_name, 18), demo.pad(f.finish_reason_label, 18), demo.pad(f.state_label, 8),
				format('剩 %s 小时%s', f.minutes_left / 60, case when f.department_called_at is not null then '，已第一时间联系处置部门' else '' end))
			from ticket_workflow.finish_today f order by f.due_at, f.ticket_id;
	when 'desk_today' then
		return query
			with d as (select ticket_workflow.desk_today('yichuan', 3) as j)
			select demo.heading(format('工作台首页：%s 时，desk_today() 一次调用', to_char(ticket_workflow.now() at time zone 'Asia/Shanghai', 'HH24:MI')), '3.1、3.3') from d
			union all
			select demo.row_of(format('今日收单 %s，办结 %s；在办 %s（%s）', j ->> 'received_today', j ->> 'completed_today', j ->> 'open', (
				select string_agg(format('%s %s', ticket_workflow.label('state', s.key), s.value), '、' order by t.ordinal)
				from jsonb_each_text(j -> 'open_by_state') s join ticket_workflow.ticket_state t on t.state = s.key))) from d
			union all
			select demo.row_of(format('待派单 %s，待审定和审核 %s，待签字 %s；今日到期 %s 件，超期 %s 件', j ->> 'waiting_dispatch', j ->> 'waiting_decision', j ->> 'waiting_signature',
				j ->> 'due_today_tickets', j ->> 'overdue_tickets')) from d
			union all
			select demo.row_of(format('缺指导意见 %s 件；督促未解除 %s 次，其中无人认领 %s 次；扫描%s', j ->> 'guidance_missing', j ->> 'escalations_open',
				j ->> 'escalations_unacknowledged', j ->> 'sweep_status_label')) from d;
	when 'acknowledged' then
		return query select demo.heading('督促认领：今日在办工单的督促，谁认领了', '3.3');
		return query select demo.row_of(e.ticket_number, demo.pad(e.clock_label || e.purpose_label, 18), demo.pad(demo.clock_time(e.reached_at), 11),
				case when e.acknowledged_at is null then '无人认领'
					else format('%s %s认领：%s', demo.clock_time(e.acknowledged_at), e.acknowledged_by_name, e.acknowledge_note) end)
			from ticket_workflow.escalation_overview e where e.purpose <> 'warning' order by e.reached_at, e.escalation_id;
	when 'digest' then
		return query select demo.heading('领导汇总通知：下班后的督促，上班时合为一条；网关失败一次，再取即送达', '3.3');
		return query
			select l from demo.delivery d, lateral (
				select demo.row_of(format('%s 取出：%s，%s，第 %s 次，%s', demo.clock_time(d.at), d.recipient, ticket_workflow.label('notice_channel', d.channel), d.attempt,
					case when d.delivered then '已确认送达' else '发送失败' end)) as l, 0 as n
				union all
				select demo.row_of('  ' || x.line), x.n::integer from string_to_table(d.notice_text, E'\n') with ordinality x (line, n) where d.delivered) p
			where d.notice_id in (select f.notice_id from demo.delivery f where not f.delivered)
			order by d.delivery_id, p.n;
	end case;
end
$$;

-- 3.4 to 3.8
create function demo.lines_beside(part text, today date) returns setof text language plpgsql as $$
begin
	case part
	when 'mediation' then
		return query select l from ticket_workflow.mediation m, lateral (values
				(demo.heading(format('联合协调：%s', m.subject), '3.5')),
				(demo.row_of(format('%s，%s召集，%s，%s', demo.clock_time(m.held_at), (select o.name from ticket_workflow.organization o where o.organization_id = m.coordinator_id),
					ticket_workflow.label('mediation_forum', m.forum), ticket_workflow.label('mediation_outcome', m.outcome)))),
				(demo.row_of(format('工单 %s；参加 %s', (select string_agg(o.ticket_number, '、') from ticket_workflow.mediation_ticket t join ticket_workflow.ticket_overview o on o.ticket_id = t.ticket_id
						where t.mediation_id = m.mediation_id),
					(select string_agg(coalesce(p.name, o.name), '、' order by p.official_id nulls first, o.organization_id) from ticket_workflow.mediation_participant x
						left join ticket_workflow.organization o on o.organization_id = x.organization_id
						left join ticket_workflow.official p on p.official_id = x.official_id where x.mediation_id = m.mediation_id)))),
				(demo.row_of('结果：' || m.result))) v (l)
			where (m.held_at at time zone 'Asia/Shanghai')::date = today;
	when 'burst' then
		return query select l from ticket_workflow.similar_case_burst b, lateral (values
				(demo.heading(format('同类案件：“%s”一日 %s 件', b.matter_name, b.cases), '3.6.2')),
				(demo.row_of(format('%s 受理第 %s 件时触发，已告知分管领导 %s', demo.clock_time(b.reached_at), b.threshold, array_to_string(b.recipients, '、')))),
				(demo.row_of(format('%s %s上报：%s', demo.clock_time(b.reported_at), b.reported_by_name, b.report_note)))) v (l)
			where b.day = today;
	when 'plan' then
		return query select l from demo.played x
			cross join lateral ticket_workflow.response_plan_for(x.ticket_id) p
			cross join lateral (values
				(demo.heading(format('应急处置方案“%s”：%s 至 %s 执行', p.name, p.valid_from, p.valid_until), '3.6.1')),
				(demo.row_of(format('%s承接，责任人%s，电话 %s', p.department_name, p.responsible_name, p.phone))),
				(demo.row_of('情况：' || p.situation)),
				(demo.row_of('统一口径：' || p.wording)),
				(demo.row_of('据此派单（例外原则）：' || (select string_agg(format('%s → %s', o.ticket_number, o.lead_department_name), '，' order by o.ticket_id)
					from demo.story s join demo.played y on y.alias = s.alias join ticket_workflow.ticket_overview o on o.ticket_id = y.ticket_id
					where s.principle = 'exception' and s.matter = 'water_public')))) v (l)
			where x.alias = (select min(y.alias) from demo.played y join demo.story s on s.alias = y.alias
				where s.principle = 'exception' and s.matter = 'water_public');
	when 'guidance' then
		return query select demo.heading('片区指导意见：信息员今日已写和还缺', '3.6.2');
		return query
			select demo.row_of(demo.pad(a.name, 8), format('已写 %s 件', (select count(*) from ticket_workflow.guidance g join ticket_workflow.ticket t on t.ticket_id = g.ticket_id
					where t.area_id = a.area_id and g.day = today)),
				coalesce('还缺 ' || (select string_agg(format('%s（%s，%s天）', m.ticket_number, m.state_label, m.age_days), '、' order by m.received_at)
					from ticket_workflow.guidance_missing_today m where m.area = a.code), '不缺'))
			from ticket_workflow.area a order by a.code;
	when 'meetings' then
		return query select demo.heading('例会和通报会：到期的', '3.4');
		return query
			select demo.row_of(demo.pad(split_part(d.duty_label, '：', 1), 18), format('%s 至 %s', to_char(d.period_start, 'MM-DD'), to_char(d.period_end, 'MM-DD')), format('限 %s', to_char(d.due_on, 'MM-DD')), demo.pad(d.duty_status_label, 8),
				case when d.held_at is not null then format('%s %s主持，到会 %s 人，请假 %s 人', demo.clock_time(d.held_at), d.chair_name, d.attendance, d.excused)
					when d.days_late > 0 then format('应由%s%s主持，已过 %s 天', d.chair_relation_label, d.chair_position_label, d.days_late)
					else format('由%s%s主持', d.chair_relation_label, d.chair_position_label) end)
			from ticket_workflow.periodic_duty_overview d where d.due_on <= today order by d.due_at, d.occurrence_id;
	when 'accountability' then
		return query
			select demo.heading(format('问责线索 %s 条：%s', sum(x.n), string_agg(format('%s %s', x.case_state_label, x.n), '，' order by x.n desc, x.case_state_label collate "C")), '3.8')
			from (select a.case_state_label, count(*) as n from ticket_workflow.accountability_case_overview a group by 1) x;
		-- what waits by its ground, what was decided one by one
		return query
			select demo.row_of(demo.pad(a.clause, 5), demo.pad(a.item_label || '：' || a.ground_label, 26), demo.pad(a.case_state_label, 8), x.tickets || coalesce('，' || a.decided_by_name || '：' || a.decision_reason, ''))
			from ticket_workflow.accountability_case_overview a
				join (select min(b.case_id) as case_id, string_agg(b.ticket_number, '、' order by b.case_id) as tickets
					from ticket_workflow.accountability_case_overview b
					group by b.item, b.ground, b.case_state, case when b.decided_by is not null then b.case_id end) x on x.case_id = a.case_id
			order by a.decided_by is not null, a.clause, a.ground, a.case_state, a.case_id;
	end case;
end
$$;

-- One act beside the tickets, through the public API.
create function demo.perform_beside(e demo.beside) returns void language plpgsql as $$
declare
	a jsonb := e.args;
	ticket constant bigint := (select p.ticket_id from demo.played p where p.alias = e.alias);
	today constant date := (e.at at time zone 'Asia/Shanghai')::date;
	key bigint;
begin
	case e.act
	when 'daily_notice' then
		perform ticket_workflow.record_daily_notice('yichuan', evidence_uri => format('https://files.example/notice-%s.png', today - 1));
	when 'department_call' then
		perform ticket_workflow.record_department_call(ticket);
	when 'guidance' then
		for key in select m.ticket_id from ticket_workflow.guidance_missing_today m where m.area = a ->> 'area' order by m.ticket_id loop
			perform ticket_workflow.record_guidance(key, a ->> 'opinion');
		end loop;
	when 'burst' then
		perform ticket_workflow.report_burst((select b.burst_id from ticket_workflow.similar_case_burst b where b.day = today), a ->> 'note');
	when 'plan' then
		perform ticket_workflow.open_response_plan('yichuan', a ->> 'name', a ->> 'department', a ->> 'responsible', a ->> 'phone', a ->> 'wording',
			a ->> 'situation', (a ->> 'until')::date, a ->> 'matter');
	when 'mediation' then
		perform ticket_workflow.record_mediation(array[ticket], a ->> 'subject', a ->> 'forum', a ->> 'outcome', a ->> 'result',
			array(select jsonb_array_elements_text(a -> 'participants')), held_at => e.at - interval '1 hour');
	when 'meeting' then
		perform ticket_workflow.record_duty_done(
			(select d.occurrence_id from ticket_workflow.periodic_duty_overview d where d.duty = a ->> 'duty' and today between d.period_start and d.period_end),
			a ->> 'chair', a ->> 'record', array(select jsonb_array_elements_text(a -> 'attendees')), array(select jsonb_array_elements_text(a -> 'excused')),
			e.at - interval '1 hour');
	when 'acknowledge' then
		perform ticket_workflow.acknowledge_escalation(
			(select o.escalation_id from ticket_workflow.escalation_overview o where o.ticket_id = ticket and o.purpose = 'overdue' and o.clock = a ->> 'clock'), a ->> 'note');
	when 'decide' then
		perform ticket_workflow.decide_accountability(
			(select c.case_id from ticket_workflow.accountability_case_overview c where c.ticket_id = ticket and c.item = a ->> 'item'), a ->> 'decision', a ->> 'reason');
	when 'keep_seal' then
		insert into demo.kept_seal select s.day, s.digest from ticket_workflow.export_seals('yichuan', today - 1, today - 1) s;
	when 'gateway_down' then
		insert into demo.fault values (a ->> 'error');
	when 'show' then
		insert into demo.shown (at, part, line)
			select e.at, a ->> 'part', l from demo.lines_daily(a ->> 'part', today) l
			where a ->> 'part' in ('daily_notice', 'finish_today', 'desk_today', 'acknowledged', 'digest')
			union all
			select e.at, a ->> 'part', l from demo.lines_beside(a ->> 'part', today) l
			where a ->> 'part' not in ('daily_notice', 'finish_today', 'desk_today', 'acknowledged', 'digest');
	end case;
end
$$;

create procedure demo.do_beside(tick timestamptz) language plpgsql as $$
declare
	e demo.beside;
begin
	for e in select * from demo.beside b where b.at = tick order by b.act = 'show' loop
		perform set_config('ticket_workflow.now', e.at::text, false);
		perform set_config('ticket_workflow.actor', e.who, false);
		begin
			perform demo.perform_beside(e);
			if e.refused is not null then
				insert into demo.refusal values (e.at, coalesce(e.alias, e.act), e.act, null, 'was not refused', false);
			end if;
		exception when others then
			insert into demo.refusal values (e.at, coalesce(e.alias, e.act), e.act, sqlstate, sqlerrm, sqlstate is not distinct from e.refused);
		end;
		perform set_config('ticket_workflow.actor', '', false);
	end loop;
end
$$;

-- The consumer: takes what may go out, and says of each what became of it.
create procedure demo.deliver(tick timestamptz) language plpgsql as $$
declare
	n record;
	broken text;
begin
	for n in select * from ticket_workflow.take_notices(1000, '5 minutes') loop
		delete from demo.fault where n.message = 'notice_digest' returning error into broken;
		insert into demo.delivery (at, notice_id, recipient, notices, attempt, channel, notice_text, delivered)
			values (tick, n.notice_id, n.recipient_name, n.notices, n.attempts, n.channel, n.notice_text, broken is null);
		if not (case when broken is null then ticket_workflow.confirm_notice(n.notice_id, n.token)
				else ticket_workflow.fail_notice(n.notice_id, n.token, broken) end) then
			raise exception 'notice % is no longer ours', n.notice_id;
		end if;
	end loop;
end
$$;

-- Some lines of a document, from a heading of it on, without the backslashes that keep Markdown from taking them for its own.
create procedure demo.lines_of(body text, heading text, max_lines integer) language plpgsql as $$
declare
	l text;
begin
	for l in select x.line from string_to_table(substr(body, strpos(body, heading)), E'\n') with ordinality x (line, n)
			where x.line <> '' order by x.n limit max_lines loop
		raise notice '     %', regexp_replace(l, '\\([[:punct:]])', '\1', 'g');
	end loop;
end
$$;

create procedure demo.opening() language plpgsql as $$
begin
	raise notice '一条街道的四个星期：宜川路街道，2023-01-16 至 02-10，含春节（1月21日至27日放假，28、29日调休上班）。';
	raise notice '% 件工单全部经公开接口办理；每晚 22:00 打印当日视图，括号内为规范条款，○●为派单七原则逐条判断（●为所据）。', (select count(*) from demo.story);
	raise notice '(Four weeks of one street in its own language; what is printed are the views of each evening, clauses of the norm in brackets.)';
end
$$;

-- What stands at the end: meetings, candidates, and how what was told went out.
create procedure demo.mechanisms() language plpgsql as $$
declare
	l text;
begin
	raise notice '';
	raise notice '== 第三章机制：四周小结';
	for l in select * from demo.lines_beside('meetings', date '2023-02-10') union all select * from demo.lines_beside('accountability', date '2023-02-10') loop
		raise notice '%', l;
	end loop;
	raise notice '%', demo.heading('通知：取出、送达、确认', '3.3');
	raise notice '%', demo.row_of((select format('送达 %s 条（其中领导汇总 %s 条，合并 %s 次督促），失败 %s 次，未送达 %s 条', count(*) filter (where d.delivered), count(*) filter (where d.delivered and d.notices > 1),
		sum(d.notices) filter (where d.delivered and d.notices > 1), count(*) filter (where not d.delivered), (select count(*) from ticket_workflow.undelivered_notice)) from demo.delivery d));
end
$$;

-- The month's bulletin (3.2) and a sheet (2.2.2): written by demo/documents.sql, here their first lines.
create procedure demo.documents(ticket bigint, directory text, stays boolean) language plpgsql as $$
begin
	raise notice '';
	raise notice '== 文书';
	raise notice '%', demo.heading('热线简报 2023年1月：网页（带图表）和文本，开头部分', '3.2');
	call demo.lines_of(ticket_workflow.monthly_bulletin('yichuan', '2023-01-01', 'markdown'), '# ', 13);
	raise notice '%', demo.heading(format('退单申请表 %s：可打印的网页，第三次退单的签字栏', (select o.ticket_number from ticket_workflow.ticket_overview o where o.ticket_id = ticket)), '2.2.2');
	call demo.lines_of(ticket_workflow.ticket_sheet(ticket, 'markdown', 'return'), '## 签字', 5);
	raise notice '%', demo.heading('文件', '3.2、2.2.2');
	raise notice '%', demo.row_of(format('%s/bulletin.html、bulletin.md、sheet.html%s', directory,
		case when stays then '' else '，演示结束即删（make demo KEEP=1 保留）' end));
end
$$;

-- The last word: everything whole, each part of it said by what the product has for it.
create procedure demo.verify() language plpgsql as $$
declare
	bad text;
begin
	select string_agg(x.what, E'\n') into bad
		from (select 'check_integrity(): ' || i::text as what from ticket_workflow.check_integrity() i
			union all select 'verify_journals(): ' || j::text from ticket_workflow.verify_journals() j
			union all select 'verify_seals(): ' || s::text from ticket_workflow.verify_seals('yichuan') s
			union all select 'verify_seal(): ' || s::text from demo.kept_seal k, ticket_workflow.verify_seal('yichuan', k.day, k.digest) s) x;
	if bad is not null then
		raise exception 'what the demo leaves is not sound: %', bad;
	end if;
	raise notice '';
	raise notice '== 核验（通过）';
	perform demo.line('数据', 'check_integrity()：没有矛盾');
	perform demo.line('日志', (select format('verify_journals()：%s 条，%s 件工单的哈希链完整', count(*), count(distinct j.ticket_id)) from ticket_workflow.journal j));
	perform demo.line('日封', (select format('verify_seals()：%s 至 %s 共 %s 天，每天一枚，前后相接', min(s.day), max(s.day), count(*)) from ticket_workflow.export_seals('yichuan') s));
	perform demo.line('', (select format('verify_seal()：审计处留存的 %s 日封 %s… 与库中相符', min(k.day), left(min(k.digest), 16)) from demo.kept_seal k having count(*) = 1));
end
$$;
