-- 3.4 meetings, 3.5 joint mediation, 3.7 training, and posts that nobody holds.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/facts.sql
select no_plan();
select ticket_workflow.create_organization('yc', 'sg', '社区管理办', oversees => true);
select ticket_workflow.create_organization('yc', 'court', '宜馨法苑', kind => 'court');
select ticket_workflow.create_official('sg_head', '社管负责人', 'yc'), ticket_workflow.create_official('chief', '城运负责人', 'yc'), ticket_workflow.create_official('deputy', '代理', 'yc');
select ticket_workflow.assign_post('sg_head', 'sg', 'head', null, '2020-01-01') as sg_post \gset
select ticket_workflow.assign_post('chief', 'yc', 'head', null, '2020-01-01') \g /dev/null
select center_id as home from ticket_workflow.center where code = 'yc' \gset
create function pg_temp.daily(day date) returns void language sql as $$
	select pg_temp.at_time(day + time '00:05' at time zone 'Asia/Shanghai');
	select pg_temp.sweep_centers(ticket_workflow.begin_sweep()) $$;
create function pg_temp.due(duty text) returns setof text language sql as $$
	select concat_ws(' ', o.period_start, o.period_end, o.due_on, o.duty_status) from ticket_workflow.periodic_duty_overview o
	where o.duty = due.duty order by o.period_start $$;
create function pg_temp.told(message text) returns setof text language sql as $$
	select coalesce(o.code, n.recipient_post) || ' ' || n.args[4] from ticket_workflow.notice n left join ticket_workflow.official o on o.official_id = n.recipient_id
	where n.message = told.message order by n.args[4], 1 $$;
create function pg_temp.swept() returns bigint language plpgsql as $$
begin
	delete from ticket_workflow.sweep_day;
	return null;
end $$;

-- ---- due days; Spring Festival 2023: 21 to 27 January off, 28 and 29 January worked (调休)
select pg_temp.daily('2023-01-16');
select results_eq($$ select * from pg_temp.due('weekly_meeting') $$, $$ values ('2023-01-16 2023-01-22 2023-01-20 open') $$, '3.4 weekly: due on the last working day of the week');
select results_eq($$ select * from pg_temp.due('monthly_meeting') $$, $$ values ('2023-01-01 2023-01-31 2023-01-31 open') $$, '3.4 monthly: the last working day of the month');
select results_eq($$ select * from pg_temp.due('quarterly_meeting') $$, $$ values ('2023-01-01 2023-03-31 2023-04-17 open') $$, '3.4 quarterly: ten working days after the quarter, 清明 not counted');
select results_eq($$ select * from pg_temp.due('training') $$, $$ values ('2023-01-01 2023-06-30 2023-06-30 open') $$, '3.7 every half year');
select pg_temp.swept();
select pg_temp.daily('2023-01-16');
select is((select count(*) from ticket_workflow.duty_occurrence), 4::bigint, '3.4 a second sweep makes none twice');
-- an outage of three weeks
select pg_temp.daily('2023-02-07');
select results_eq($$ select * from pg_temp.due('weekly_meeting') $$, $$ values ('2023-01-16 2023-01-22 2023-01-20 overdue'), ('2023-01-23 2023-01-29 2023-01-29 overdue'),
	('2023-01-30 2023-02-05 2023-02-03 overdue'), ('2023-02-06 2023-02-12 2023-02-10 open') $$, '3.4 what the sweep missed is made; the make-up Sunday ends the week of Spring Festival');
select results_eq($$ select * from pg_temp.due('monthly_meeting') $$, $$ values ('2023-01-01 2023-01-31 2023-01-31 overdue'), ('2023-02-01 2023-02-28 2023-02-28 open') $$, '3.4 months too');
select is(ticket_workflow.duty_due_on('2023-10-02', '2023-10-08', 0, 'cn_shanghai'), date '2023-10-08', '3.4 the Sunday worked after National Day');
select is(ticket_workflow.duty_due_on('2024-02-10', '2024-02-17', 0, 'cn_shanghai'), date '2024-02-18', '3.4 a period without a working day: the first one after it');
select is(ticket_workflow.duty_due_on('2023-02-01', '2023-02-28', -2, 'cn_shanghai'), date '2023-02-24', '3.4 so many working days before the last');
-- overdue ones are told once: to the chair and to the head of the center
select results_eq($$ select * from pg_temp.told('notice_duty_overdue') where told !~ '01-31' $$, $$ values ('chief 2023-01-20'), ('sg_head 2023-01-20'), ('chief 2023-01-29'), ('sg_head 2023-01-29'),
	('chief 2023-02-03'), ('sg_head 2023-02-03') $$, '3.4 overdue: the chair and the center''s head are told');
select pg_temp.daily('2023-02-08');
select is((select count(*) from pg_temp.told('notice_duty_overdue')), 8::bigint, '3.4 once each');
select is((select count(*) from pg_temp.told('notice_duty_due') where told ~ '2023-02-10'), 0::bigint, '3.4 not yet reminded');
select pg_temp.daily('2023-02-09');
select results_eq($$ select * from pg_temp.told('notice_duty_due') where told ~ '2023-02-10' $$, $$ values ('sg_head 2023-02-10') $$, '3.4 reminded a working day before');

-- ---- done
select occurrence_id as this_week from ticket_workflow.duty_occurrence where duty = 'weekly_meeting' and due_on = '2023-02-10' \gset
select occurrence_id as late_week from ticket_workflow.duty_occurrence where duty = 'weekly_meeting' and due_on = '2023-02-03' \gset
select pg_temp.at_time('2023-02-10 15:00+08');
select pg_temp.act_as('liaison');
select throws_ok(format('select ticket_workflow.record_duty_done(%s, ''sg_head'', ''会议纪要'')', :this_week), 'TW005', null, '3.4 a department does not record it');
select pg_temp.act_as('sg_head');
select is(ticket_workflow.record_duty_done(:this_week, 'sg_head', '逐件分析未解决工单', attendees => '{chief,liaison,fg_liaison}', excused => '{head}', record_uri => 'file:minutes.pdf'), :this_week::bigint,
	'3.4 the community management office chairs and records it');
select results_eq(format('select duty_status, chair_name, attendance, excused, attendees, marks, days_late, expected >= 3 from ticket_workflow.periodic_duty_overview where occurrence_id = %s', :this_week),
	$$ values ('done', '社管负责人', 4, 1, '{城管联络员,房管联络员,社管负责人,城运负责人}'::text[], '{}'::text[], null::integer, true) $$, '3.4 with chair, attendance and record');
select pg_temp.fails(format('select ticket_workflow.record_duty_done(%s, ''sg_head'', ''再记'')', :this_week), 'TW001', '3.4', '2023', '3.4 once');
select throws_ok(format('update ticket_workflow.duty_occurrence set record = ''x'' where occurrence_id = %s', :this_week), 'TW010', null, '3.4 as it was recorded it stays');
select throws_ok('delete from ticket_workflow.duty_attendance', 'TW010', null, '3.4 attendance too');
select ticket_workflow.record_duty_done(:late_week, 'chief', '补开') \g /dev/null
select results_eq(format('select duty_status, marks, days_late from ticket_workflow.periodic_duty_overview where occurrence_id = %s', :late_week),
	$$ values ('done_late', '{other_chair,late}'::text[], 7) $$, '3.4 another chair and a late day are recorded and marked');
select throws_ok(format('select ticket_workflow.record_duty_done(%s, ''sg_head'', ''x'', held_at => ''2023-02-11 09:00+08'')', (select occurrence_id from ticket_workflow.duty_occurrence where duty = 'monthly_meeting' and period_start = '2023-02-01')),
	'TW006', null, '3.4 not in the future');
select pg_temp.act_as('chief');
select is((ticket_workflow.record_duty_done(occurrence_id, 'principal', '全街道总结', held_at => '2023-02-10 10:00+08') > 0)::text || (select array_to_string(marks, ',') from ticket_workflow.duty_occurrence d where d.occurrence_id = o.occurrence_id), 'true',
	'3.4 the principal leader may chair what a supervising leader does') from ticket_workflow.duty_occurrence o where duty = 'monthly_meeting' and period_start = '2023-02-01';
-- a substitute of the chair
select ticket_workflow.delegate_post(:sg_post, 'deputy', '出差', '2023-02-13', '2023-02-17') \g /dev/null
select pg_temp.daily('2023-02-13');
select pg_temp.at_time('2023-02-17 15:00+08');
select pg_temp.act_as('deputy');
select ticket_workflow.record_duty_done(occurrence_id, 'deputy', '例会')
	from ticket_workflow.duty_occurrence where duty = 'weekly_meeting' and due_on = '2023-02-17' \g /dev/null
select is((select marks from ticket_workflow.duty_occurrence where due_on = '2023-02-17'), '{}', '3.4 the substitute of the chair is in his place');
set ticket_workflow.language = 'en';
select is((select distinct duty_label from ticket_workflow.periodic_duty_overview where duty = 'training'), 'training every half year', 'design 6: named in the reader''s language');
reset ticket_workflow.language;

-- ---- 3.5
select pg_temp.at_time('2023-02-20 10:00+08');
select pg_temp.accepted() as m1 \gset
select pg_temp.accepted() as m2 \gset
select pg_temp.act_as('officer');
select ok(ticket_workflow.record_mediation(array[:m1], '楼道堆物', 'area', '达成一致', '三日内清理', '{cg,jw1,officer}') is not null, '3.5 an ordinary case before the area');
select results_eq($$ select m.forum, m.complex, m.outcome, c.code, m.marks from ticket_workflow.mediation m join ticket_workflow.organization c on c.organization_id = m.coordinator_id $$,
	$$ values ('area', false, 'agreed', 'sg', '{}'::text[]) $$, '3.5 the community management office coordinates');
select pg_temp.act_as('sg_head');
select ticket_workflow.record_mediation(array[:m2, :m1, :m2], '历史遗留搭建', '专题会议', 'partly_agreed', '分步拆除', '{cg,fg,court,leader}') as special \gset
select is((select count(*) from ticket_workflow.mediation_ticket where mediation_id = :special), 2::bigint, '3.5 a complex one before a special meeting, by the coordinating office, several tickets at once');
select results_eq(format('select o.code, f.code from ticket_workflow.mediation_participant p join ticket_workflow.organization o using (organization_id) left join ticket_workflow.official f using (official_id) where mediation_id = %s order by 1, 2', :special),
	$$ values ('cg', 'leader'), ('cg', null), ('court', null), ('fg', null) $$, '3.5 organizations and officials took part');
select is((select count(*) from ticket_workflow.journal where kind = 'record_mediation' and ticket_id in (:m1, :m2)), 3::bigint, '3.5 it stands in the journal of each');
select ticket_workflow.record_mediation(array[:m1], '复杂', 'area', 'not_agreed', '未谈拢', '{cg}', complex => true) as marked \gset
select is((select marks from ticket_workflow.mediation where mediation_id = :marked), '{complex_in_area}', '3.5 a complex case before the area is recorded and marked');
select throws_ok(format('select ticket_workflow.record_mediation(array[%s], ''x'', ''area'', ''agreed'', ''x'', ''{nobody}'')', :m1), 'TW006', null, '3.5 participants are known');
select throws_ok('select ticket_workflow.record_mediation(''{}'', ''x'', ''area'', ''agreed'', ''x'', ''{cg}'')', 'TW006', null, '3.5 it is about a ticket');
select pg_temp.act_as('fg_liaison');
select throws_ok(format('select ticket_workflow.record_mediation(array[%s], ''x'', ''area'', ''agreed'', ''x'', ''{cg}'')', :m1), 'TW006', null, 'design 8: not of a ticket that one does not see');
select throws_ok('update ticket_workflow.mediation set result = ''x''', 'TW010', null, '3.5 it stays');

-- ---- posts that nobody holds
select pg_temp.at_time('2023-02-21 10:00+08');
create function pg_temp.vacant() returns setof text language sql as $$
	select concat_ws(' ', coalesce(organization, '-'), area, relation, position, needed_by) from ticket_workflow.vacant_post where center = 'yc' $$;
select set_has('select * from pg_temp.vacant()', $$ values ('- inspection inspector {act}'), ('jw1 lead supervising_leader {approval,escalation}'), ('jw1 lead liaison {escalation}'), ('jw1 lead head {approval,escalation}') $$,
	'2.2.2 a committee without anybody, and no discipline inspection at all');
select set_hasnt('select * from pg_temp.vacant()', $$ values ('cg lead liaison {escalation}'), ('yc center principal_leader {escalation}'), ('yc p1 area information_officer {act,escalation}') $$,
	'who is there is not missed');
select ticket_workflow.end_post((select post_id from ticket_workflow.post p join ticket_workflow.official o using (official_id) where o.code = 'head'), '2023-02-21') \g /dev/null
select is((select count(*) from ticket_workflow.vacant_post where organization = 'cg'), 0::bigint, 'he holds it to the end of his last day');
select pg_temp.at_time('2023-02-22 00:00+08');
select results_eq($$ select position, needed_by_label, vacant_since from ticket_workflow.vacant_post where organization = 'cg' $$, $$ values ('head', '{签字,督促}'::text[], date '2023-02-22') $$, 'and then it is vacant');
select ticket_workflow.change_official('leader', active => false) \g /dev/null
select set_has('select * from pg_temp.vacant()', $$ values ('cg lead supervising_leader {approval,escalation}') $$, 'an inactive holder is none');
select ticket_workflow.delegate_post((select post_id from ticket_workflow.post p join ticket_workflow.official o using (official_id) where o.code = 'leader'), 'fg_leader', 'AB角', '2023-02-22') \g /dev/null
select set_hasnt('select * from pg_temp.vacant()', $$ values ('cg lead supervising_leader {approval,escalation}') $$, 'a standing deputy (AB角) fills it');

select * from finish();
rollback;
