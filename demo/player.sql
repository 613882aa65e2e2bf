-- The driver: plays stories on the simulated clock, through the public API alone.
--
-- A story is a ticket with its texts (demo/stories.tsv, demo/burst.tsv); its course says what happens to it, step by
-- step (demo/courses.tsv). schedule() works out when each step takes place, play() plays them in the order of time
-- with sweeps between, evening() prints what the views of that evening show. What is done beside the tickets is in
-- demo/mechanisms.sql.

create schema demo;

create table demo.department (
	code text primary key,
	name text not null,
	kind text not null default 'department',
	area text,
	-- the supervising leader, and who answers the telephone
	leader text not null,
	person text not null,
	phone text not null
);

create table demo.story (
	alias text primary key,
	received timestamptz not null,
	source text not null,
	external_no text,
	kind text not null,
	category text not null,
	handling_class text not null,
	urgent boolean not null,
	matter text not null,
	area text,
	place text,
	appeal text not null,
	person text,
	phone text,
	-- where the rules send it, and by which principle
	department text not null,
	principle text not null,
	course text not null,
	-- what the report says
	finding text,
	process text,
	result text,
	fact text,
	claim text,
	outcome text
);

create table demo.course (
	course text not null,
	step integer not null,
	-- after the step before: minutes of the clock on the wall (wait), service minutes (work),
	-- or at that time n working days later (day)
	pace text not null check (pace in ('wait', 'work', 'day')),
	amount integer not null,
	at_time time,
	who text not null,
	act text not null,
	args jsonb not null default '{}',
	-- the SQLSTATE with which the guard is expected to refuse
	refused text,
	primary key (course, step)
);

create table demo.event (
	event_id integer generated always as identity primary key,
	at timestamptz not null,
	alias text not null,
	step integer not null,
	who text not null,
	act text not null,
	args jsonb not null,
	refused text
);
create index on demo.event (at);

create table demo.played (
	alias text primary key,
	ticket_id bigint,
	return_id bigint,
	report_id bigint,
	contact_id bigint,
	visit_id bigint,
	extension_id bigint
);

-- what the principles said of some tickets: the first that each decided, and those that were returned
create table demo.explained (
	alias text not null,
	decided text not null,
	at timestamptz not null,
	rank integer,
	line text not null
);

-- what was refused, and whether it was meant to be
create table demo.refusal (
	at timestamptz,
	alias text,
	act text,
	sqlstate text,
	message text,
	expected boolean
);

create function demo.pace(start timestamptz, pace text, amount integer, at_time time) returns timestamptz
	language sql stable
	return case pace
		when 'wait' then start + make_interval(mins => amount)
		when 'work' then ticket_workflow.add_working_time(start, make_interval(mins => amount), 'cn_shanghai')
		else (ticket_workflow.add_working_days((start at time zone 'Asia/Shanghai')::date, amount, 'cn_shanghai') + at_time)
			at time zone 'Asia/Shanghai'
	end;

create procedure demo.schedule() language sql
begin atomic
	with recursive walk as (
		select s.alias, 0 as step, s.received as at, 'dispatcher'::text as who, 'receive'::text as act, '{}'::jsonb as args, null::text as refused, s.course
		from demo.story s
		union all
		select w.alias, c.step, demo.pace(w.at, c.pace, c.amount, c.at_time), c.who, c.act, c.args, c.refused, w.course
		from walk w join demo.course c on c.course = w.course and c.step = w.step + 1
	)
	insert into demo.event (at, alias, step, who, act, args, refused)
		select at, alias, step, who, act, args, refused from walk order by at, alias, step;
end;

-- Keeps what recommend_dispatch() says where it is the first of its kind or the ticket came back.
create function demo.explain(e demo.event, s demo.story, ticket bigint) returns void language sql as $$
	insert into demo.explained (alias, decided, at, rank, line)
		select e.alias, s.principle, e.at, r.rank,
			case when r.rank is null then r.basis
				else format('%s %s%s：%s', case when r.decisive then '●' else '○' end, r.principle_label,
					coalesce(' → ' || r.department_name, ''), r.basis) end
		from ticket_workflow.recommend_dispatch(ticket) r
		where not exists (select from demo.explained x where x.decided = s.principle and x.alias <> e.alias)
			and not exists (select from demo.explained x where x.alias = e.alias and x.at >= e.at)
			-- of one that came back, what decides now and where the departments wanted it to go
			or (r.decisive or r.rank is null)
				and exists (select from ticket_workflow.ticket_return b where b.ticket_id = ticket and b.state = 'granted' and b.ordinal > 1)
$$;

-- One step, through the public API. Texts come from the story, the rest from the course.
create function demo.perform_step(e demo.event) returns void language plpgsql as $$
declare
	s demo.story;
	p demo.played;
	a jsonb := e.args;
begin
	select * into strict s from demo.story where alias = e.alias;
	select * into p from demo.played where alias = e.alias;
	case e.act
	when 'receive' then
		insert into demo.played (alias, ticket_id) values (s.alias, ticket_workflow.receive_ticket(
			center => 'yichuan', category => s.category, appeal => s.appeal, source => s.source, external_no => s.external_no,
			kind => s.kind, handling_class => s.handling_class, urgent => s.urgent, matter => s.matter, area => s.area, place => s.place,
			petitioner_name => s.person, petitioner_phone => s.phone));
	when 'dispatch' then
		perform demo.explain(e, s, p.ticket_id);
		-- as recommended, unless the course names another department, which then needs its reason
		perform ticket_workflow.dispatch_ticket(p.ticket_id, a ->> 'department', a ->> 'principle',
			reason => a ->> 'reason', lead_person => a ->> 'lead_person');
		if not exists (
				select from ticket_workflow.ticket t join ticket_workflow.organization o on o.organization_id = t.lead_department_id
				where t.ticket_id = p.ticket_id and o.code = coalesce(a ->> 'department', s.department)
					and t.dispatch_principle = case when a ? 'department' then 'exception' else coalesce(a ->> 'principle', s.principle) end) then
			raise exception 'dispatched otherwise than to % by %', coalesce(a ->> 'department', s.department), s.principle;
		end if;
	when 'link' then
		-- a person links, but what the machine proposes first should be it
		if (select p2.alias from ticket_workflow.suggest_incident(p.ticket_id, 1) x join demo.played p2 on p2.ticket_id = x.other_id)
				is distinct from a ->> 'with' then
			raise exception 'suggest_incident() does not propose % first', a ->> 'with';
		end if;
		perform ticket_workflow.link_incident(p.ticket_id, with_ticket => (select ticket_id from demo.played where alias = a ->> 'with'));
	when 'recall' then
		perform ticket_workflow.recall_ticket(p.ticket_id, a ->> 'reason');
	when 'accept' then
		perform ticket_workflow.accept_ticket(p.ticket_id);
	when 'correct' then
		perform ticket_workflow.correct_ticket(p.ticket_id, a ->> 'reason', urgent => (a ->> 'urgent')::boolean,
			handling_class => a ->> 'handling_class', petitioner_phone => a ->> 'phone',
			in_territory => (a ->> 'in_territory')::boolean);
	when 'contact' then
		update demo.played set contact_id = ticket_workflow.record_contact(p.ticket_id, a ->> 'purpose',
				coalesce(a ->> 'channel', 'ip_phone'), coalesce(a ->> 'outcome', 'reached'),
				occurred_at => e.at - make_interval(mins => coalesce((a ->> 'minutes_ago')::integer, 0)),
				recording => case when coalesce(a ->> 'recording', 'yes') = 'yes' and a ->> 'purpose' <> 'center_notice'
					and coalesce(a ->> 'outcome', 'reached') = 'reached' then format('https://files.example/%s/%s.wav', s.alias, a ->> 'purpose') end,
				call_log => case when a ->> 'outcome' = 'not_reached' then format('https://files.example/%s/call-%s.png', s.alias, e.step) end,
				sms_screenshot => case when a ->> 'channel' = 'sms' then format('https://files.example/%s/sms.png', s.alias) end)
			where alias = e.alias;
	when 'visit' then
		update demo.played set visit_id = ticket_workflow.record_site_visit(p.ticket_id,
				no_site => coalesce((a ->> 'no_site')::boolean, false),
				photos => case when (a ->> 'no_site')::boolean then '{}'::text[]
					else array[format('https://files.example/%s/before.jpg', s.alias), format('https://files.example/%s/after.jpg', s.alias)] end,
				note => a ->> 'note')
			where alias = e.alias;
	when 'evidence' then
		perform ticket_workflow.add_evidence(p.ticket_id, a ->> 'kind', format('https://files.example/%s/%s', s.alias, a ->> 'file'));
	when 'absent' then
		perform ticket_workflow.declare_absent(p.ticket_id, a ->> 'subject', a ->> 'kind', a ->> 'reason');
	when 'void' then
		perform ticket_workflow.void_record(a ->> 'kind', case a ->> 'kind' when 'contact' then p.contact_id else p.visit_id end, a ->> 'reason');
	when 'platform_report' then
		perform ticket_workflow.record_platform_report(p.ticket_id, 'district', a ->> 'kind', format('PT-%s-%s', s.alias, e.step));
	when 'return' then
		update demo.played set return_id = ticket_workflow.request_return(p.ticket_id, a ->> 'ground', a ->> 'reason', a ->> 'should_go_to',
				documents => array[format('https://files.example/%s/duty.pdf', s.alias)],
				recordings => array[format('https://files.example/%s/return.wav', s.alias)],
				photos => array[format('https://files.example/%s/return.jpg', s.alias)])
			where alias = e.alias;
	when 'withdraw_return' then
		perform ticket_workflow.withdraw_return(p.return_id, a ->> 'reason');
	when 'sign_return' then
		perform ticket_workflow.sign_return(p.return_id);
	when 'decide_return' then
		perform ticket_workflow.decide_return(p.return_id, (a ->> 'granted')::boolean, a ->> 'reason');
	when 'save' then
		update demo.played set report_id = ticket_workflow.save_report(p.ticket_id,
				body => demo.report_body(s, p.ticket_id, e.at, a), fact_finding => s.fact, claim_finding => s.claim, handling_result => s.outcome,
				relation_reason => a ->> 'relation_reason',
				plan => a ->> 'plan', plan_until => (e.at at time zone 'Asia/Shanghai')::date + (a ->> 'plan_days')::integer,
				responsible_person => coalesce(a ->> 'person', demo.person_of(s)), responsible_phone => coalesce(a ->> 'phone', demo.phone_of(s)))
			where alias = e.alias;
	when 'submit' then
		perform ticket_workflow.submit_report(p.report_id);
	when 'sign' then
		perform ticket_workflow.sign_report(p.report_id);
	when 'sign_paper' then
		-- the leader signed on paper; the information officer brings the picture of the sheet
		perform ticket_workflow.sign_report(p.report_id, signer => (select d.leader from demo.department d where d.code = s.department),
			signed_at => e.at - make_interval(mins => (a ->> 'minutes_ago')::integer), channel => a ->> 'channel',
			image_id => ticket_workflow.add_evidence(p.ticket_id, 'signature_image', format('https://files.example/%s/signature.jpg', s.alias)));
	when 'extend' then
		update demo.played set extension_id = ticket_workflow.extend_limit(p.ticket_id, (a ->> 'working_days')::integer, a ->> 'reason')
			where alias = e.alias;
	when 'sign_extension' then
		perform ticket_workflow.sign_extension(p.extension_id);
	when 'review' then
		perform ticket_workflow.review_report(p.report_id, (a ->> 'passed')::boolean, a ->> 'reason', a -> 'overrule');
	when 'callback' then
		perform ticket_workflow.record_callback(p.ticket_id, a ->> 'satisfaction', (a ->> 'solved')::boolean, a ->> 'dissatisfied_with');
	when 'reopen' then
		perform ticket_workflow.reopen_ticket(p.ticket_id, a ->> 'reason');
	when 'close' then
		perform ticket_workflow.close_ticket(p.ticket_id);
	when 'sign_transfer' then
		perform ticket_workflow.sign_transfer(p.ticket_id);
	when 'transfer' then
		perform demo.explain(e, s, p.ticket_id);
		perform ticket_workflow.transfer_ticket(p.ticket_id, a ->> 'reason');
	when 'withdraw' then
		perform ticket_workflow.withdraw_ticket(p.ticket_id, a ->> 'reason');
	when 'merge' then
		perform ticket_workflow.merge_ticket(p.ticket_id, (select ticket_id from demo.played where alias = a ->> 'into'));
	when 'supervise' then
		perform ticket_workflow.supervise_ticket(p.ticket_id, a ->> 'by', a ->> 'lead_person');
	end case;
end
$$;

create function demo.person_of(s demo.story) returns text language sql stable
	return (select d.person from demo.department d where d.code = s.department);
create function demo.phone_of(s demo.story) returns text language sql stable
	return (select d.phone from demo.department d where d.code = s.department);

create function demo.cn(at timestamptz) returns text language sql stable
	return to_char(at at time zone 'Asia/Shanghai', 'FMYYYY"年"FMMM"月"FMDD"日"FMHH24"时"MI"分"');

-- The report as its handler writes it: what happened to the ticket, in the norm's seven elements.
-- args: "omit" leaves elements out, "add" puts a sentence in.
create function demo.report_body(s demo.story, ticket bigint, at timestamptz, args jsonb) returns text language plpgsql as $$
declare
	first timestamptz;
	parts text[] := '{}';
	surname constant text := coalesce(left(s.person, 1), '某');
	omit constant jsonb := coalesce(args -> 'omit', '[]');
begin
	select min(c.occurred_at) into first from ticket_workflow.contact c
		where c.ticket_id = report_body.ticket and c.purpose = 'first_contact' and c.voided_at is null;
	if s.phone is null then
		parts := parts || '先行联系：诉求人未留联系方式。'::text;
	elsif first is not null and not omit ? 'first_contact' then
		parts := parts || format('先行联系时间：%s，工作人员电话联系诉求人%s女士/先生，核实诉求。', demo.cn(first), surname);
	end if;
	parts := parts || format('核实情况：%s。', s.finding);
	parts := parts || format('办理过程：%s。', s.process);
	parts := parts || format('处置过程：%s。', s.result);
	if args ? 'add' then
		parts := parts || (args ->> 'add');
	end if;
	if s.phone is not null then
		parts := parts || format('回复情况：%s电话回复诉求人，诉求人对办理质量和结果表示认可。', demo.cn(at - interval '30 minutes'));
	end if;
	if not omit ? 'person' then
		parts := parts || format('责任人：%s，联系电话：%s。', demo.person_of(s), demo.phone_of(s));
	end if;
	parts := parts || case when s.phone is null then '附件：现场照片2张。' else '附件：先行联系录音、回复录音、现场照片2张。' end::text;
	return array_to_string(parts, E'\n');
end
$$;

-- Who acts, as an official's code: the parts of the center stand as they are, those of a department are its own.
create function demo.official_for(e demo.event) returns text language plpgsql stable as $$
begin
	return case
		when e.who in ('liaison', 'head') then coalesce(
			(select o.code from demo.played p
				join ticket_workflow.ticket t on t.ticket_id = p.ticket_id
				join ticket_workflow.organization o on o.organization_id = t.lead_department_id
				where p.alias = e.alias),
			(select s.department from demo.story s where s.alias = e.alias)) || '_' || e.who
		when e.who = 'leader' then (select d.leader from demo.department d
			join demo.played p on p.alias = e.alias
			join ticket_workflow.ticket t on t.ticket_id = p.ticket_id
			join ticket_workflow.organization o on o.organization_id = t.lead_department_id and o.code = d.code)
		when e.who = 'officer' then 'officer_' || coalesce((select s.area from demo.story s where s.alias = e.alias), 'p1')
		else e.who end;
end
$$;

create procedure demo.step(e demo.event) language plpgsql as $$
begin
	perform set_config('ticket_workflow.now', e.at::text, false);
	perform set_config('ticket_workflow.actor', demo.official_for(e), false);
	begin
		perform demo.perform_step(e);
		if e.refused is not null then
			insert into demo.refusal values (e.at, e.alias, e.act, null, 'was not refused', false);
		end if;
	exception when others then
		insert into demo.refusal values (e.at, e.alias, e.act, sqlstate, sqlerrm, sqlstate is not distinct from e.refused);
	end;
	-- nobody acts between the steps: the sweep is the system's own
	perform set_config('ticket_workflow.actor', '', false);
end
$$;

-- A Chinese character is three bytes and two columns wide.
create function demo.pad(given text, width integer) returns text language sql immutable
	return given || repeat(' ', greatest(0, width - length(given) - (octet_length(given) - length(given)) / 2));

create function demo.line(label text, value text) returns void language plpgsql as $$
begin
	raise notice '  %  %', demo.pad(label, 20), coalesce(value, '无');
end
$$;

-- people know a ticket by the platform's number
create function demo.number_of(alias text) returns text language sql stable
	return coalesce((select s.external_no from demo.story s where s.alias = number_of.alias), number_of.alias);

-- What this evening's views show.
create procedure demo.evening(day date) language plpgsql as $$
declare
	row record;
	since constant timestamptz := day::timestamp at time zone 'Asia/Shanghai';
begin
	raise notice '';
	raise notice '== % %', day, (array['周一','周二','周三','周四','周五','周六','周日'])[extract(isodow from day)::integer]
		|| case when ticket_workflow.is_working_day(day, 'cn_shanghai') then case when extract(isodow from day) > 5 then '（调休上班）' else '' end
			when extract(isodow from day) > 5 then '（休）' else '（放假）' end;
	perform demo.line('今日', (select string_agg(format('%s %s', x.label, x.n), '，' order by x.label collate "C")
		from (select coalesce(ticket_workflow.label('act', j.kind), j.kind) as label, count(*) as n from ticket_workflow.journal j
			where j.occurred_at >= since and j.occurred_at < since + interval '1 day' and j.to_state is not null group by 1) x));
	perform demo.line('在办', (select string_agg(format('%s %s', x.state_label, x.n), '，' order by x.ordinal)
		from (select o.state_label, s.ordinal, count(*) as n from ticket_workflow.ticket_overview o
			join ticket_workflow.ticket_state s on s.state = o.state where s.is_open group by 1, 2) x));
	for row in
		select x.at, x.alias, s.appeal, array_agg(x.line order by x.rank nulls last, x.line) as lines
		from demo.explained x join demo.story s on s.alias = x.alias
		where x.at >= since and x.at < since + interval '1 day'
		group by 1, 2, 3 order by 1
	loop
		perform demo.line('派单依据（2.1）', format('%s：%s', demo.number_of(row.alias), row.appeal));
		for i in 1..cardinality(row.lines) loop
			perform demo.line('', row.lines[i]);
		end loop;
	end loop;
	-- on a rest day the list is the one of the evening before, a day older
	for row in
		select o.clock_label, string_agg(format('%s %s（%s）', o.ticket_number, coalesce(o.lead_department_name, '城运中心'),
			case when o.minutes_late < 60 then o.minutes_late || '分钟' when o.minutes_late < 1440 then o.minutes_late / 60 || '小时'
				else o.minutes_late / 1440 || '天' end), '、' order by o.due_at) as tickets
		from ticket_workflow.overdue_ticket o
		where ticket_workflow.is_working_day(day, 'cn_shanghai')
		group by o.clock_label order by 1
	loop
		perform demo.line('仍超期 ' || row.clock_label, row.tickets);
	end loop;
	for row in
		select h.clock_label, h.purpose_label, count(*) as n,
			string_agg(distinct h.ticket_number, '、' order by h.ticket_number) as tickets
		from ticket_workflow.escalation_history h
		where h.reached_at >= since and h.reached_at < since + interval '1 day' and h.purpose <> 'warning'
		group by 1, 2 order by 1, 2
	loop
		perform demo.line('新 ' || row.clock_label || ' ' || row.purpose_label, row.n || ' 件：' || row.tickets);
	end loop;
	for row in select w.line from demo.shown w where w.at >= since and w.at < since + interval '1 day' order by w.shown_id loop
		raise notice '%', row.line;
	end loop;
end
$$;

create procedure demo.play() language plpgsql as $$
declare
	e demo.event;
	tick timestamptz := '2023-01-16 08:00+08';
	last constant timestamptz := '2023-02-10 23:30+08';
begin
	-- half an hour at a time: what happens in it, then a sweep, then the notices; at 22:00 what the evening shows
	while tick <= last loop
		for e in select * from demo.event v where v.at <= tick and v.at > tick - interval '30 minutes' order by v.at, v.event_id loop
			call demo.step(e);
			commit;
		end loop;
		call demo.do_beside(tick);
		commit;
		perform set_config('ticket_workflow.now', tick::text, false);
		-- what a sweep leaves does not depend on when it came: the nights have fewer, so that nobody waits for them
		if extract(hour from tick at time zone 'Asia/Shanghai') between 7 and 22 or extract(minute from tick) = 0 then
			call ticket_workflow.sweep();
			call demo.deliver(tick);
			commit;
		end if;
		if extract(hour from tick at time zone 'Asia/Shanghai') = 22 and extract(minute from tick) = 0 then
			call demo.evening((tick at time zone 'Asia/Shanghai')::date);
			commit;
		end if;
		tick := tick + interval '30 minutes';
	end loop;
end
$$;

create procedure demo.summary() language plpgsql as $$
declare
	row record;
begin
	raise notice '';
	raise notice '== 四周小结';
	perform demo.line('工单', (select string_agg(format('%s %s', x.state_label, x.n), '，' order by x.ordinal)
		from (select ticket_workflow.label('state', t.state) as state_label, s.ordinal, count(*) as n from ticket_workflow.ticket t
			join ticket_workflow.ticket_state s on s.state = t.state group by 1, 2) x));
	-- a ticket counts by its last dispatch: what a principle decided, and where the dispatcher departed from it
	for row in
		select r.ordinal, ticket_workflow.label('principle', r.principle) as label,
			count(d.ticket_id) filter (where d.recommended_id = d.department_id and d.reason is not distinct from coalesce(x.basis, d.reason)) as n,
			count(d.ticket_id) as all_of_them
		from ticket_workflow.dispatch_order r
			left join ticket_workflow.dispatch_decision d on d.principle = r.principle and d.dispatch_round = (
				select max(l.dispatch_round) from ticket_workflow.dispatch_decision l where l.ticket_id = d.ticket_id)
			left join lateral jsonb_to_recordset(d.explanation) x (principle text, decisive boolean, basis text)
				on x.decisive and d.principle = 'exception'
		group by 1, 2 order by 1
	loop
		perform demo.line('派单 ' || row.label, row.n || ' 件' || case when row.all_of_them > row.n
			then format('，另有 %s 件由派单员说明理由', row.all_of_them - row.n) else '' end);
	end loop;
	perform demo.line('派单 转出', (select count(*) || ' 件' from ticket_workflow.ticket t where t.state = 'transferred'));
	perform demo.line('改派他部门', (select count(*) || ' 次，均有理由' from ticket_workflow.dispatch_decision d
		where d.department_id is distinct from d.recommended_id and d.reason is not null));
	perform demo.line('视作接收', (select count(*)::text from ticket_workflow.journal j where j.kind = 'accept' and j.clause = '2.2.2'));
	perform demo.line('派错撤回', (select count(*)::text from ticket_workflow.journal j where j.kind = 'recall'));
	perform demo.line('退回重办', (select count(*)::text from ticket_workflow.journal j where j.kind = 'send_back_report'));
	for row in
		select c.clock, count(*) filter (where c.status in ('met', 'late')) as n, count(*) filter (where c.status = 'met') as met,
			(select string_agg(format('，%s %s 次', x.purpose_label, x.n), '' order by x.purpose_label collate "C")
				from (select h.purpose_label, count(*) as n from ticket_workflow.escalation_history h where h.clock = c.clock and h.purpose <> 'warning' group by 1) x) as told
		from ticket_workflow.clock c group by 1 order by 1
	loop
		perform demo.line('按时 ' || ticket_workflow.label('clock', row.clock), format('%s / %s%s', row.met, row.n, row.told));
	end loop;
	perform demo.line('退单', (select string_agg(format('第%s次 %s', x.ordinal, x.n), '，' order by x.ordinal)
		from (select r.ordinal, count(*) as n from ticket_workflow.ticket_return r where r.state in ('granted', 'refused') group by 1) x));
	perform demo.line('签字', (select format('有效 %s，改稿后失效 %s，纸质补录 %s，代理 %s', count(*) filter (where a.state = 'valid'),
			count(*) filter (where a.state = 'void'), count(*) filter (where a.channel = 'paper'), count(*) filter (where a.on_behalf_of_id is not null))
		from ticket_workflow.approval a where a.state <> 'draft'));
	perform demo.line('延期', (select string_agg(format('%s 延 %s 个工作日', coalesce(t.external_no, t.ticket_id::text), x.working_days), '，')
		from ticket_workflow.limit_extension x join ticket_workflow.ticket t on t.ticket_id = x.ticket_id where x.state = 'granted'));
	for row in select r.alias, r.act, r.sqlstate, r.message from demo.refusal r where r.expected order by r.at loop
		perform demo.line('依规拒绝 ' || row.sqlstate, format('%s %s', demo.number_of(row.alias), row.message));
	end loop;
	if exists (select from demo.refusal r where not r.expected) then
		raise exception 'the demo met an answer it did not expect: %', (
			select string_agg(format('%s %s %s: %s %s', r.at, r.alias, r.act, r.sqlstate, r.message), E'\n') from demo.refusal r where not r.expected);
	end if;
end
$$;
