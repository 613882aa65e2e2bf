-- 3.6.2: five or more tickets of the same matter in one calendar day are one escalation, at the moment of the fifth.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/facts.sql
select no_plan();
select ticket_workflow.create_matter('yc', 'noise', '噪声');
select ticket_workflow.create_matter('yc', 'noise_night', '夜间施工噪声', parent => 'noise');
select ticket_workflow.create_matter('yc', 'noise_shop', '商铺噪声', parent => 'noise');
select ticket_workflow.create_area('yc', 'p2', '第二片区');
select ticket_workflow.create_official('officer2', '二片区信息员', 'yc');
select ticket_workflow.assign_post('officer2', 'yc', 'information_officer', 'p2', '2020-01-01');
select ticket_workflow.create_area('yc', 'p3', '第三片区');
select ticket_workflow.create_official('officer3', '三片区信息员', 'yc');
select ticket_workflow.assign_post('officer3', 'yc', 'information_officer', 'p3', '2020-01-01');
select ticket_workflow.create_duty('yc', 'cg', 'noise', '噪声扰民处置', since => '2020-01-01');

create function pg_temp.call(at timestamptz, matter text default 'noise_night', area text default 'p1', kind text default 'ordinary') returns bigint language plpgsql as $$
begin
	perform pg_temp.at_time(call.at);
	perform pg_temp.act_as('dispatcher');
	return ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '施工噪声', matter => call.matter, area => call.area, kind => call.kind, source => 'district');
end $$;
create function pg_temp.calls(n integer, since timestamptz, matter text default 'noise_night', area text default 'p1') returns bigint language sql as $$
	select max(pg_temp.call(since + (i - 1) * interval '10 minutes', matter, area)) from generate_series(1, n) i $$;
create function pg_temp.bursts() returns setof text language sql as $$
	select concat_ws(' ', b.day, b.scope, b.matter, b.area, b.cases, to_char(b.reached_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI'), b.recipients)
	from ticket_workflow.similar_case_burst b order by b.reached_at, b.burst_id $$;
create function pg_temp.told() returns setof text language sql as $$
	select coalesce(o.code, n.recipient_post) || ' ' || n.message from ticket_workflow.notice n
		left join ticket_workflow.official o on o.official_id = n.recipient_id
	where n.message like 'notice_burst%' order by 1 $$;
create function pg_temp.desk_bursts() returns text[] language sql as $$
	select array(select b ->> 'matter' from jsonb_array_elements(ticket_workflow.desk_today('yc') -> 'bursts') b) $$;

-- what counts together is said once, and the conditions reach an index wherever it is asked
set local enable_seqscan = off;
select matches(pg_temp.plan_of(q.query), 'using ticket_\w+ on ticket t\s+Index Cond: .*received_at >= .*received_at <', '3.6.2 same cases are found by an index, since the function is inlined: ' || q.asked)
	from (values ('the count', 'select from ticket_workflow.similar_cases(1, array[1,2], ''center'', null, ''2023-02-08'', ''2023-02-09'') limit 5'),
		('the view', 'select cases from ticket_workflow.similar_case_burst')) q (asked, query);
reset enable_seqscan;

-- four on Tuesday from 22:00 on, the fifth after midnight: no day has five
select pg_temp.calls(4, '2023-02-07 22:00+08') \g /dev/null
select pg_temp.call('2023-02-08 00:00+08') \g /dev/null
select is_empty('select * from pg_temp.bursts()', '3.6.2 four and one over midnight are no burst: the calendar day counts');
select pg_temp.call('2023-02-07 23:50+08', 'light') \g /dev/null
select is_empty('select * from pg_temp.bursts()', '3.6.2 nor does another matter count');
select pg_temp.call('2023-02-08 00:05+08', kind => 'callback_review') \g /dev/null
select pg_temp.calls(3, '2023-02-08 08:00+08') \g /dev/null
select is_empty('select * from pg_temp.bursts()', '3.6.2 a callback review is no fifth');
select pg_temp.call('2023-02-08 09:00+08', 'noise_shop') \g /dev/null
select is_empty('select * from pg_temp.bursts()', '3.6.2 nor is the sister matter, where the matter itself counts');
select pg_temp.call('2023-02-08 09:30+08', area => 'p2') as fifth \gset
select results_eq('select * from pg_temp.bursts()', $$ values ('2023-02-08 center noise_night 5 02-08 09:30 {城管分管领导}') $$,
	'3.6.2 the fifth of the day, in whatever area: the supervising leader of the department on duty for the matter is told');
select results_eq('select * from pg_temp.told()', $$ values ('leader notice_burst'), ('officer notice_burst_report'), ('officer2 notice_burst_report') $$,
	'3.6.2 and the information officers, who report it');
select is((select reached_by_ticket from ticket_workflow.similar_case_burst), :fifth::bigint, '3.6.2 it names the fifth');
select pg_temp.calls(3, '2023-02-08 10:00+08') \g /dev/null
select results_eq('select * from pg_temp.bursts()', $$ values ('2023-02-08 center noise_night 8 02-08 09:30 {城管分管领导}') $$, '3.6.2 one escalation per matter and day, however many come');
select is((select count(*) from pg_temp.told()), 3::bigint, '3.6.2 and nobody is told twice');

-- the report
select burst_id as burst from ticket_workflow.similar_case_burst \gset
select pg_temp.act_as('liaison');
select throws_ok(format('select ticket_workflow.report_burst(%s, ''x'')', :burst), 'TW006', null, '3.6.2 a department is not asked');
select pg_temp.act_as('officer3');
select throws_ok(format('select ticket_workflow.report_burst(%s, ''x'')', :burst), 'TW006', null, '3.6.2 nor an officer in whose area none of them lies');
select is(pg_temp.desk_bursts(), '{}', '3.6.2 nor does his home page show it');
select pg_temp.act_as('center_leader');
select pg_temp.fails(format('select ticket_workflow.report_burst(%s, ''x'')', :burst), 'TW005', '3.6.2', '城运分管领导 (center_leader)', '3.6.2 who sees it all need not be one of those who report');
select pg_temp.act_as('officer2');
select is(pg_temp.desk_bursts(), '{noise_night}', '3.6.2 the home page shows it in the area of the fifth');
select pg_temp.act_as('officer');
select is(pg_temp.desk_bursts(), '{noise_night}', '3.6.2 and in the area of the four before it');
select is(ticket_workflow.report_burst(:burst, '均为同一工地夜间浇筑，建议约谈'), :burst::bigint,
	'3.6.2 an information officer reports to the leader: of any area concerned, as all of them were told');
select results_eq('select reported_by_name, report_note from ticket_workflow.similar_case_burst', $$ values ('片区信息员', '均为同一工地夜间浇筑，建议约谈') $$, '3.6.2 with his word');
select pg_temp.act_as('officer2');
select pg_temp.fails(format('select ticket_workflow.report_burst(%s, ''再报'')', :burst), 'TW001', '3.6.2', '片区信息员 (officer)', '3.6.2 once, whoever of them did');
select throws_ok('delete from ticket_workflow.similar_case', 'TW010', null, '3.6.2 it stays');
select throws_ok('update ticket_workflow.similar_case set reached_at = now()', 'TW010', null, '3.6.2 as it was');
select throws_ok($$ insert into ticket_workflow.similar_case (burst_id, center_id, scope, level, matter_id, area_id, day, threshold, reached_by_id, reached_at, noticed_at, clause, recipients, vacant_posts)
	select burst_id + 1, center_id, scope, level, matter_id, area_id, day, threshold, reached_by_id, reached_at, noticed_at, clause, recipients, vacant_posts from ticket_workflow.similar_case $$,
	'23505', null, '3.6.2 once per matter and day is a constraint');

-- a late entry of yesterday's, and a correction, are dated as if seen at once
select pg_temp.at_time('2023-02-09 09:00+08');
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '补录', matter => 'noise_night', area => 'p1', received_at => '2023-02-07 22:05+08') \g /dev/null
select results_eq('select * from pg_temp.bursts() limit 1', $$ values ('2023-02-07 center noise_night 5 02-07 22:30 {城管分管领导}') $$,
	'3.6.2 entered a day late: the fifth by its receipt, not by its entry');
select is((select noticed_at from ticket_workflow.similar_case_burst where day = '2023-02-07'), timestamptz '2023-02-09 09:00+08', '3.6.2 when it was noticed is kept');
select pg_temp.calls(4, '2023-02-10 09:00+08', 'light') \g /dev/null
select pg_temp.call('2023-02-10 08:00+08', 'noise_shop') as wrong \gset
select pg_temp.at_time('2023-02-10 15:00+08');
select ticket_workflow.correct_ticket(:wrong, '事项选错', matter => 'light') \g /dev/null
select is((select concat_ws(' ', matter, reached_at at time zone 'Asia/Shanghai', recipients, vacant_posts) from ticket_workflow.similar_case_burst where day = '2023-02-10'),
	'light 2023-02-10 09:30:00 {城运分管领导} {}', '3.6.2 a corrected matter makes the fifth; nobody''s duty: the center''s own leader');
select ticket_workflow.correct_ticket(:wrong, '又更正', matter => 'noise_shop') \g /dev/null
select is((select cases from ticket_workflow.similar_case_burst where day = '2023-02-10'), 4, '3.6.2 corrected away it stays told, the view counts what stands');

-- ---- settings: the area's five, the matter above, another leader
select ticket_workflow.set_rulebook_setting('yichuan_2023', 'burst_scope', 'area');
select ticket_workflow.set_rulebook_setting('yichuan_2023', 'burst_level', 'parent');
select ticket_workflow.set_rulebook_setting('yichuan_2023', 'burst_leader', 'area');
select pg_temp.calls(3, '2023-02-13 09:00+08', 'noise_night', 'p1') \g /dev/null
select pg_temp.calls(3, '2023-02-13 09:05+08', 'noise_shop', 'p2') \g /dev/null
select is((select count(*) from ticket_workflow.similar_case_burst where day = '2023-02-13'), 0::bigint, '3.6.2 by area: three here and three there are none');
select pg_temp.calls(2, '2023-02-13 11:00+08', 'noise_shop', 'p1') \g /dev/null
select is((select concat_ws(' ', scope, matter, area, cases, recipients) from ticket_workflow.similar_case_burst where day = '2023-02-13'), 'area noise p1 5 {片区分管领导}',
	'3.6.2 counted over the matter above, in the area, for the area''s leader');
select ticket_workflow.set_rulebook_setting('yichuan_2023', 'burst_count', '2');
select pg_temp.calls(2, '2023-02-14 09:00+08', 'light', 'p2') \g /dev/null
select is((select concat_ws(' ', threshold, area, recipients, vacant_posts, vacant_posts_label) from ticket_workflow.similar_case_burst where day = '2023-02-14'),
	'2 p2 {} {area:supervising_leader} {"片区 分管领导"}', '3.6.2 a leader that is not there: the center passes it on');
update ticket_workflow.rulebook_setting set value = 'street' where rulebook = 'yichuan_2023' and name = 'burst_scope';
select throws_ok($$ select pg_temp.call('2023-02-14 12:00+08', 'light', 'p2') $$, 'TW012', null, '3.6.2 a word that is none is said');
delete from ticket_workflow.rulebook_setting where rulebook = 'yichuan_2023' and name like 'burst%';
select lives_ok($$ select pg_temp.calls(6, '2023-02-15 09:00+08', 'light') $$, '3.6.2 a rulebook without bursts receives all the same');
select is_empty($$ select * from ticket_workflow.similar_case_burst where day = '2023-02-15' $$, '3.6.2 and has none');

select * from finish();
rollback;
