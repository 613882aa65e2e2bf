-- Dispatch of tickets: the recommendation and what departs from it, on both paths; returns and re-dispatch; assistance;
-- lead persons; incidents and what follows from them; what changed rules would have done.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/dispatch_desk.sql
\ir ../fixtures/facts.sql
select no_plan();
select pg_temp.at_time('2023-02-07 09:00+08');

create function pg_temp.taken(matter text, place text, appeal text default '诉求', area text default 'p1', phone text default null,
	kind text default 'ordinary', supervised_by text default null, in_territory boolean default true) returns bigint language plpgsql as $$
begin
	perform pg_temp.act_as('dp_dispatcher');
	return ticket_workflow.receive_ticket('dp', '投诉', appeal, source => 'city', matter => matter, area => area, place => place, petitioner_phone => phone,
		kind => kind, supervised_by => supervised_by, in_territory => in_territory);
end $$;
create function pg_temp.went(ticket bigint) returns text language sql as $$
	select o.code || ' by ' || t.dispatch_principle from ticket_workflow.ticket t
		join ticket_workflow.organization o on o.organization_id = t.lead_department_id where t.ticket_id = ticket $$;

-- ---- recommendation and decision

select pg_temp.taken('stall', '宜川路35号', '路边摆摊') as t \gset
select is((select string_agg(principle || coalesce(':' || department, '') || case when decisive then '!' else '' end, ' ' order by rank) from ticket_workflow.recommend_dispatch(:t)),
	'exception statutory factual association duty:cg! territorial fallback', '2.1 every principle is told');
select is((select principle_label || ' ' || department_name from ticket_workflow.recommend_dispatch(:t) where decisive), '职责原则 城管中队', '2.1 in the words of the norm');
select pg_temp.fails(format('select ticket_workflow.dispatch_ticket(%s, %L)', :t, 'fg'), 'TW009', 'A1.7', '城管中队', 'A1.7 departing without a reason');
select pg_temp.fails(format('select ticket_workflow.dispatch_ticket(%s, %L, %L)', :t, 'fg', 'duty'), 'TW009', 'A1.7', '职责原则', 'A1.7 nor by naming a principle');
select pg_temp.fails(format('select ticket_workflow.dispatch_ticket(%s, %L, %L)', :t, 'cg', '法定原则'), 'TW009', 'A1.7', '法定原则', 'A1.7 another principle for the same department');
select pg_temp.fails(format($$update ticket_workflow.ticket set state = 'dispatched', lead_department_id = (select organization_id from ticket_workflow.organization where code = 'fg' and center_id = %s), dispatch_principle = 'duty' where ticket_id = %s$$,
	ticket_workflow.center_of(:t), :t), 'TW009', 'A1.7', '城管中队', 'A1.7 by plain UPDATE');
select ticket_workflow.dispatch_ticket(:t);
select is(pg_temp.went(:t), 'cg by duty', '2.1 dispatched as recommended, by its principle');
select is((select jsonb_array_length(d.explanation) || ' ' || o.code from ticket_workflow.dispatch_decision d join ticket_workflow.organization o on o.organization_id = d.recommended_id
	where d.ticket_id = :t), '7 cg', '2.1 the explanation is kept with the decision');

select pg_temp.taken('stall', null) as t \gset
select ticket_workflow.dispatch_ticket(:t, 'fg', reason => '城管中队已在现场联合执法');
select is(pg_temp.went(:t), 'fg by exception', 'A1.7 departing with a reason is an exception');
select is((select o.code || ' ' || d.reason from ticket_workflow.dispatch_decision d join ticket_workflow.organization o on o.organization_id = d.recommended_id where d.ticket_id = :t),
	'cg 城管中队已在现场联合执法', 'A1.7 what was recommended stands beside the reason');
select pg_temp.taken('shelter', null) as t \gset
select ticket_workflow.dispatch_ticket(:t);
select is((select d.principle || ' ' || (d.reason like '%人防专项%') from ticket_workflow.dispatch_decision d where d.ticket_id = :t), 'exception true', 'A1.7 an exception of the rules brings its reason');
select pg_temp.taken('leak', null, area => null) as t \gset
select pg_temp.fails(format('select ticket_workflow.dispatch_ticket(%s)', :t), 'TW006', '2.1', '没有可推荐的部门', '2.1 nothing is recommended');
select pg_temp.fails(format('select ticket_workflow.dispatch_ticket(%s, %L)', :t, 'fg'), 'TW009', 'A1.7', '没有可推荐', '2.1 and a choice needs a reason');
select pg_temp.taken('stall', '曹杨路8号') as t \gset
select is((select principle_label from ticket_workflow.recommend_dispatch(:t) where decisive), '转出', '2.2.1 outside: transfer');
select pg_temp.fails(format('select ticket_workflow.dispatch_ticket(%s)', :t), 'TW006', '2.1', '不在辖区', '2.2.1 and no department by default');
select pg_temp.taken('stall', null, in_territory => false) as t \gset
select is((select principle from ticket_workflow.recommend_dispatch(:t) where decisive), 'transfer', '2.2.1 marked at receipt: transfer');
select pg_temp.fails(format('select ticket_workflow.dispatch_ticket(%s, %L)', :t, 'ft'), 'TW006', '2.1', 'ft', '2.1 the court is no handling department');
select pg_temp.fails('select * from ticket_workflow.recommend_dispatch(77)', 'TW006', null, '77', 'what one may not see is unknown');

-- a center without rules goes on by hand
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket('yc', '投诉', '楼道灯不亮', matter => 'light') as hand \gset
select pg_temp.fails(format('select ticket_workflow.dispatch_ticket(%s, %L)', :hand, 'cg'), 'TW006', '2.1', '派单原则', '2.1 without rules the principle is named');
select lives_ok(format('select ticket_workflow.dispatch_ticket(%s, %L, %L)', :hand, 'cg', 'duty'), '2.1 and then by hand');

-- ---- returns and recall

select pg_temp.taken('leak', '泰山小区', phone => null) as t \gset
select ticket_workflow.dispatch_ticket(:t);
select is(pg_temp.went(:t), 'jw1 by territorial', 'A1.3 the committee leads');
select pg_temp.act_as('dp_jw1');
select ticket_workflow.request_return(:t, 'out_of_duty', '属房管部门', should_go_to => '房管办', documents => '{a}', recordings => '{b}', photos => '{c}') as back \gset
select pg_temp.act_as('dp_dispatcher');
select ticket_workflow.decide_return(:back, true);
select is((select count(*) from ticket_workflow.recommend_dispatch(:t) where decisive), 0::bigint, '2.2.2 whose return was granted is not recommended again');
select ok((select basis like '%泰山居委会%房管办%' from ticket_workflow.recommend_dispatch(:t) where rank is null), '2.2.2 what it named is shown');
select ticket_workflow.dispatch_ticket(:t, 'fg', reason => '按退单意见');
select is(pg_temp.went(:t), 'fg by exception', '2.2.2 dispatched anew, with a reason');
select pg_temp.taken('stall', null) as t \gset
select ticket_workflow.dispatch_ticket(:t);
select ticket_workflow.recall_ticket(:t, '派错');
select is((select department from ticket_workflow.recommend_dispatch(:t) where decisive), 'cg', '2.1 a recall is no return: still recommended');

-- ---- assistance

select pg_temp.taken('stall', null) as t \gset
select pg_temp.fails(format('select ticket_workflow.dispatch_ticket(%s, assisting => %L)', :t, '{cg}'), 'TW006', '2.3.1', '城管中队', '2.3.1 the lead does not assist itself');
select pg_temp.fails(format('select ticket_workflow.dispatch_ticket(%s, assisting => %L, assist_due_at => %L)', :t, '{fg}', '2023-02-06 09:00+08'), 'TW006', '2.3.1', '期限', '2.3.1 a due time that is past');
select ticket_workflow.dispatch_ticket(:t, assisting => '{fg,jw1}', assist_task => '提供产权资料');
select is((select string_agg(o.code || ' ' || a.due_at, ', ' order by o.code) from ticket_workflow.ticket_assist a join ticket_workflow.organization o using (organization_id) where a.ticket_id = :t),
	'fg ' || timestamptz '2023-02-11 00:00+08' || ', jw1 ' || timestamptz '2023-02-11 00:00+08', '2.3.1 due after the rulebook''s three working days');
select is((select string_agg(o.code, ' ' order by o.code) from ticket_workflow.notice n join ticket_workflow.official o on o.official_id = n.recipient_id
	where n.ticket_id = :t and n.message = 'notice_assistance'), 'dp_fg dp_jw1', '2.3.1 their liaisons are told');
select pg_temp.act_as('dp_cg');
select pg_temp.fails(format('select ticket_workflow.record_assistance(%s, %L)', :t, '完成'), 'TW005', null, '', '2.3.1 the lead does not record for them');
select pg_temp.act_as('dp_fg');
select pg_temp.fails(format('select ticket_workflow.record_assistance(%s, %L, %L)', :t, '完成', 'jw1'), 'TW006', '2.3.1', 'jw1', '2.3.1 nor one assistant for another');
select pg_temp.fails(format('select ticket_workflow.record_assistance(%s, %L)', :t, ''), 'TW006', null, 'result', '2.3.1 what was done is said');
select ticket_workflow.record_assistance(:t, '已提供产权资料');
select is((select a.result || ' ' || a.done_at from ticket_workflow.ticket_assist a join ticket_workflow.organization o using (organization_id) where a.ticket_id = :t and o.code = 'fg'),
	'已提供产权资料 ' || timestamptz '2023-02-07 09:00+08', '2.3.1 and kept');
select is((select j.details ->> 'in_time' from ticket_workflow.journal j where j.ticket_id = :t and j.kind = 'record_assistance'), 'true', '2.3.1 journalled, in time');
select is((select string_agg(format('%s %s %s %s %s', v.assisting_department, v.lead_department, v.due_on, v.done_at is not null, v.late), ', ' order by v.assisting_department)
	from ticket_workflow.assistance_overview v where v.ticket_id = :t), 'fg cg 2023-02-10 t f, jw1 cg 2023-02-10 f f', '2.3.1 the view shows who has answered');
select pg_temp.at_time('2023-02-11 00:00+08');
select is((select bool_or(v.late) from ticket_workflow.assistance_overview v where v.ticket_id = :t), false, '2.3.1 at the due time in time');
select pg_temp.at_time('2023-02-11 00:01+08');
select is((select string_agg(v.assisting_department, ' ') from ticket_workflow.assistance_overview v where v.ticket_id = :t and v.late), 'jw1', '2.3.1 and after it late');
select pg_temp.at_time('2023-02-07 09:00+08');
select pg_temp.act_as('dp_fg');
select pg_temp.fails(format('select ticket_workflow.record_assistance(%s, %L)', :t, '改写'), 'TW010', '2.3.1', '登记', '2.3.1 nothing is overwritten');

-- ---- city-supervised

select pg_temp.taken('stall', null, kind => 'supervised', supervised_by => 'city') as t \gset
select pg_temp.fails(format('select ticket_workflow.dispatch_ticket(%s, lead_person => %L)', :t, 'dp_fg'), 'TW006', '2.3.5', 'dp_fg', '2.3.5 a lead person is the supervising leader');
select ticket_workflow.dispatch_ticket(:t);
select is((select string_agg(o.code, ' ') from ticket_workflow.notice n join ticket_workflow.official o on o.official_id = n.recipient_id
	where n.ticket_id = :t and n.message = 'notice_lead_person'), 'dp_cg_leader', '2.3.5 reminded at dispatch');
select pg_temp.taken('stall', null, kind => 'supervised', supervised_by => 'city') as t \gset
select ticket_workflow.dispatch_ticket(:t, lead_person => 'dp_cg_leader');
select is((select count(*) from ticket_workflow.notice n where n.ticket_id = :t and n.message = 'notice_lead_person'), 0::bigint, '2.3.5 no reminder where one is named');
select ticket_workflow.recall_ticket(:t, '派错');
select ticket_workflow.dispatch_ticket(:t, 'fg', reason => '改派');
select ok((select lead_person_id is null from ticket_workflow.ticket where ticket_id = :t), '2.3.5 another department''s leader does not lead it');

-- ---- incidents

select pg_temp.taken('noise', '宜川公园', '宜川公园广场舞音响太吵', phone => '13800000001') as a \gset
select pg_temp.at_time('2023-02-07 10:00+08');
select pg_temp.taken('noise', '宜川公园南门', '宜川公园每晚跳广场舞音响很吵', phone => '13800000002') as b \gset
select pg_temp.taken('noise', '石泉路8号', '楼上装修电钻声', phone => '13800000003') as c \gset
select pg_temp.act_as('dp_dispatcher');
select is((select array_agg(other_id order by score desc) from ticket_workflow.suggest_incident(:b)), array[:a, :c]::bigint[], '2.3.6 the likely one first');
select ok((select text_score > 0.5 and place_score > 0.5 and score <= 1 and not same_person from ticket_workflow.suggest_incident(:b) limit 1), '2.3.6 with its scores');
select is((select count(*) from ticket_workflow.suggest_incident(:b, 1)), 1::bigint, '2.3.6 no more than asked for');
select is((select count(*) from ticket_workflow.suggest_incident(:b, null)), 2::bigint, '2.3.6 ten where no number is given');
select is((select count(*) from ticket_workflow.suggest_incident(:b, -1)), 0::bigint, '2.3.6 none for less than none');
select ticket_workflow.link_incident(:b, with_ticket => :a) as incident \gset
select is(ticket_workflow.incident_of(:a), :incident::bigint, '2.3.6 both are linked');
select is((select array_agg(other_id) from ticket_workflow.suggest_incident(:b)), array[:c]::bigint[], '2.3.6 what is linked is not proposed again');
select is(ticket_workflow.link_incident(:b, :incident), :incident::bigint, '2.3.6 linking again changes nothing');
select is((select count(*) from ticket_workflow.journal j where j.ticket_id in (:a, :b) and j.kind = 'link_incident'), 2::bigint, '2.3.6 each link is journalled once');
select pg_temp.fails(format('select ticket_workflow.link_incident(%s)', :c), 'TW006', '2.3.6', '事件', '2.3.6 to what');
select pg_temp.fails(format('select ticket_workflow.link_incident(%s, with_ticket => %s)', :c, :c), 'TW006', '2.3.6', '事件', '2.3.6 not with itself');
select pg_temp.fails(format('select ticket_workflow.link_incident(%s, with_ticket => %s)', :c, :hand), 'TW006', null, :'hand', '2.3.6 not with another center''s');
select pg_temp.fails(format('select ticket_workflow.link_incident(%s, 12345)', :c), 'TW006', null, '12345', '2.3.6 an incident that there is not');
select is((select department from ticket_workflow.recommend_dispatch(:b) where decisive), 'jw2', 'A1.4 nobody handles the incident yet: territory');
select ticket_workflow.dispatch_ticket(:a, 'ga', reason => '夜间集中整治');
select pg_temp.at_time('2023-02-07 11:00+08');
select is((select principle || ' ' || department from ticket_workflow.recommend_dispatch(:b) where decisive), 'factual ga', 'A1.4 who handles the incident gets the next one');
select ok((select basis like '%' || :a || '%派出所办理' from ticket_workflow.recommend_dispatch(:b) where decisive), 'A1.4 and the ticket is named');
select is((select count(*) from ticket_workflow.resolve_dispatch('dp', 'noise', incident_id => :incident, ticket_id => :a) r where r.principle = 'factual' and r.department is not null), 0::bigint,
	'A1.4 a ticket is no reason for itself');
select ticket_workflow.dispatch_ticket(:b);
select is(pg_temp.went(:b), 'ga by factual', 'A1.4 dispatched by it');

-- several persons follow from the link, in spite of two places
select set_eq(format('select ticket_workflow.repeat_kind_of(%s)', :b), array['several_persons'], '2.3.6.2 linked tickets of several persons');
select is((select count(*) from ticket_workflow.repeat_kind_of(:a)), 0::bigint, '2.3.6.2 the first of them repeated nothing');
select pg_temp.fails(format('select ticket_workflow.unlink_incident(%s, %L)', :b, ' '), 'TW009', '2.3.6', '理由', '2.3.6 undoing needs a reason');
select ticket_workflow.unlink_incident(:b, '不是同一件事');
select is((select count(*) from ticket_workflow.repeat_kind_of(:b)), 0::bigint, '2.3.6 undone, nothing follows any more');
select is((select unlink_reason || ' ' || unlinked_by from ticket_workflow.incident_ticket where ticket_id = :b), '不是同一件事 dp_dispatcher', '2.3.6 the link stays on record');
select pg_temp.fails(format('select ticket_workflow.unlink_incident(%s, %L)', :b, '再次'), 'TW006', '2.3.6', '未关联', '2.3.6 there is nothing to undo');
select lives_ok(format('select ticket_workflow.link_incident(%s, %s)', :b, :incident), '2.3.6 and linked again');
select throws_ok('delete from ticket_workflow.incident_ticket', 'TW010', null, '2.3.6: links are history');
select ticket_workflow.link_incident(:c, with_ticket => (select pg_temp.taken('noise', '石泉路8号', '楼上装修电钻声', phone => '13800000003'))) as second \gset
select pg_temp.fails(format('select ticket_workflow.link_incident(%s, %s)', :c, :incident), 'TW006', '2.3.6', :'second', '2.3.6 one incident at a time');
select ticket_workflow.link_incident(pg_temp.taken('noise', '石泉路8号', '又在装修', phone => '13800000003'), :second);
select is((select array_agg(k order by k) from ticket_workflow.repeat_kind_of((select max(ticket_id) from ticket_workflow.ticket)) k), array['same_person'],
	'2.3.6.1 the third of one person');
select is((select count(*) from ticket_workflow.repeated_ticket((select max(ticket_id) from ticket_workflow.ticket)) r where r.repeat_kind = 'same_person'), 3::bigint,
	'2.3.6.1 found by link and by telephone, counted once');

-- ---- merge: two tickets of one incident (4)

select pg_temp.taken('dance', '华山新村', '华山新村门口广场舞太吵', phone => '13800000011') as m1 \gset
select pg_temp.taken('dance', '华山新村', '华山新村广场舞扰民', phone => '13800000012') as m2 \gset
select pg_temp.taken('dance', '衡山里', '衡山里广场舞扰民', phone => '13800000013') as m3 \gset
select ticket_workflow.merge_ticket(:m2, :m1);
select is(ticket_workflow.incident_of(:m2), ticket_workflow.incident_of(:m1), '2.3.6 to merge is to say that it is the same thing: both are linked');
select isnt(ticket_workflow.incident_of(:m1), null, '2.3.6 to one incident');
select set_eq(format('select j.ticket_id from ticket_workflow.journal j where j.kind = %L and j.ticket_id in (%s, %s)', 'link_incident', :m1, :m2), array[:m1, :m2]::bigint[], '2.3.6 journalled with both');
select pg_temp.fails(format('select ticket_workflow.unlink_incident(%s, %L)', :m1, '不是同一件事'), 'TW006', '2.3.6', '并单', '2.3.6 merged tickets stay in one incident');
select ticket_workflow.link_incident(:m3, with_ticket => pg_temp.taken('dance', '衡山里', '衡山里跳舞', phone => '13800000014')) as elsewhere \gset
select pg_temp.fails(format('select ticket_workflow.merge_ticket(%s, %s)', :m3, :m1), 'TW006', '2.3.6', :'elsewhere', '2.3.6 two incidents do not merge');
insert into ticket_workflow.ticket_merge values (:m3, :m1);
select pg_temp.fails(format($$update ticket_workflow.ticket set state = 'merged', state_act = 'merge', state_reason = null where ticket_id = %s$$, :m3), 'TW001', '2.3.6', '同一件事', '2.3.6 nor by plain UPDATE');

-- ---- what changed rules would have done

select is((select sum(tickets) from ticket_workflow.simulate_dispatch('dp', '2023-02-07', '2023-02-08') where matter = 'stall' and elsewhere),
	2::numeric, '2.1 simulation: those that departed from the recommendation would go elsewhere');
savepoint changed;
select ticket_workflow.create_exception_rule('dp', '试行', 'sq', '试行', '2023-12-31', 'dp_cg_leader', 'stall', since => '2023-01-01');
select is((select array_agg(distinct would_be || ' ' || principle || ' ' || elsewhere) from ticket_workflow.simulate_dispatch('dp', '2023-02-07', '2023-02-08') where matter = 'stall'),
	array['sq exception true'], '2.1 simulation: under a changed rule all of them');
rollback to savepoint changed;
select is((select sum(tickets) from ticket_workflow.simulate_dispatch('dp', '2023-02-07', '2023-02-08') where matter = 'stall' and elsewhere),
	2::numeric, '2.1 simulation: and the rules are as before');
select is((select sum(tickets) from ticket_workflow.simulate_dispatch('dp', null, null)), (select sum(tickets) from ticket_workflow.simulate_dispatch('dp', '2023-02-07', '2023-02-08')),
	'2.1 simulation: without bounds of all');
select ok((select not bool_or(elsewhere) from ticket_workflow.simulate_dispatch('dp', '2023-02-07', '2023-02-08') where principle = 'factual'),
	'2.1 simulation: who handled the incident first still does');

select * from finish();
rollback;
