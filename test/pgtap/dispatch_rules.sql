-- Rules of dispatch: what contradicts is refused with TW012, by function and by constraint; what is ended stays;
-- managers only; what the rules leave open is reported.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/dispatch_desk.sql
\ir ../fixtures/facts.sql
select no_plan();
select pg_temp.at_time('2023-02-07 09:00+08');

create function pg_temp.decided(matter text, area text default 'p1', place text default null, appeal text default '…', on_day date default null)
	returns text language sql as $$
	select r.principle || ':' || coalesce(r.department, '-') from ticket_workflow.resolve_dispatch('dp', matter, area, place, appeal, on_day => on_day) r
	where r.decisive $$;

-- ---- contradictions

select pg_temp.fails($$select ticket_workflow.create_fallback('dp', 'cg', 'p1')$$, 'TW012', 'A1.6', '社区管理办', 'A1.6 two fallbacks of one area');
select pg_temp.fails($$select ticket_workflow.create_fallback('dp', 'cg', 'p1', since => '2019-01-01', until => '2020-01-01')$$, 'TW012', 'A1.6', '托底部门', 'A1.6 overlapping by one day');
select lives_ok($$select ticket_workflow.create_fallback('dp', 'cg', 'p1', since => '2019-01-01', until => '2019-12-31')$$, 'A1.6: the day before, another department may');
select throws_ok($$insert into ticket_workflow.area_fallback select rule_id - 1000000000000, center_id, null, organization_id, basis, '2022-01-01', null from ticket_workflow.area_fallback limit 1$$,
	'23514', null, 'A1.6: a rule''s id is of its center');
select throws_ok($$insert into ticket_workflow.area_fallback select rule_id + 500000, center_id, area_id, organization_id, basis, '2022-01-01', null from ticket_workflow.area_fallback where valid_until is null limit 1$$,
	'23P01', null, 'A1.6: the table itself refuses a second fallback');
select pg_temp.fails($$select ticket_workflow.create_duty('dp', 'cg', 'stall', '再来一次')$$, 'TW012', 'A1.2', '已登记', 'A1.2 the same duty twice');
select pg_temp.fails($$select ticket_workflow.create_statutory_rule('dp', 'cg', 'food', '《另一部法》')$$, 'TW012', 'A1.1', '市场监管所', 'A1.1 two laws for one matter');
select pg_temp.fails($$select ticket_workflow.create_exception_rule('dp', '又一专项', 'fg', '理由', '2023-06-30', 'dp_cg_leader', 'shelter')$$, 'TW012', 'A1.7', '人防专项', 'A1.7 two exceptions for one matter');
select pg_temp.fails($$select ticket_workflow.create_exception_rule('dp', '无期限', 'fg', '理由', null, 'dp_cg_leader')$$, 'TW012', 'A1.7', '最后一日', 'A1.7 an exception without an end');
select pg_temp.fails($$select ticket_workflow.create_exception_rule('dp', '无理由', 'fg', ' ', '2023-06-30', 'dp_cg_leader')$$, 'TW009', 'A1.7', '理由', 'A1.7 an exception without a reason');
select pg_temp.fails($$select ticket_workflow.create_duty('dp', 'wy', 'misc', '已撤销')$$, 'TW012', '2.1', '物业办', '2.1 a rule for a closed department');
select pg_temp.fails($$select ticket_workflow.create_duty('dp', 'xx', 'misc', '尚未成立')$$, 'TW012', '2.1', '2024-01-01', '2.1 a rule for a department that is not there yet');
select pg_temp.fails($$select ticket_workflow.create_duty('dp', 'ft', 'misc', '法苑')$$, 'TW006', '2.1', 'ft', '2.1 a rule for a court');
select pg_temp.fails($$select ticket_workflow.create_duty('dp', 'cg', 'misc', '依据', since => '2023-05-01', until => '2023-04-01')$$, 'TW006', null, '2023-05-01', '2.1 a span that ends before it begins');
select pg_temp.fails($$select ticket_workflow.create_alias('dp', '区房管局', 'cg')$$, 'TW012', '2.1', '房管办', '2.1 an alias that two departments share');
select pg_temp.fails($$select ticket_workflow.create_alias('dp', '區 房管局', 'cg')$$, 'TW012', '2.1', '房管办', '2.1 another spelling of it');
select pg_temp.fails($$select ticket_workflow.create_alias('dp', '派出所', 'cg')$$, 'TW012', '2.1', '派出所', '2.1 an alias that is another''s name');
select pg_temp.fails($$select ticket_workflow.create_alias('dp', '！', 'cg')$$, 'TW012', '2.1', '！', '2.1 a name nobody could find');
select pg_temp.fails($$select ticket_workflow.create_alias('dp', '办', 'cg')$$, 'TW012', '2.1', '办', '2.1 a name of one character');
select pg_temp.fails($$select ticket_workflow.create_alias('dp', '城管学院', 'cg')$$, 'TW012', '2.1', '不指部门', '2.1 a harmless word that is to be a name');
select pg_temp.fails($$select ticket_workflow.create_organization('dp', 'gj', '房 管所')$$, 'TW012', '2.1', '房管办', '2.1 a department whose name is another''s alias');
select pg_temp.fails($$select ticket_workflow.change_organization('dp', 'lh', '城管')$$, 'TW012', '2.1', '城管中队', '2.1 nor may one be renamed to it');
savepoint renamed;
select lives_ok($$select ticket_workflow.change_organization('dp', 'fg', '房管所')$$, '2.1: its own alias it may take as its name');
rollback to savepoint renamed;
select pg_temp.fails($$select ticket_workflow.create_duty('dp', 'cg', 'misc', '依据', until => 'infinity')$$, 'TW006', '2.1', 'infinity', '2.1 a rule''s last day is a day');
select pg_temp.fails($$select ticket_workflow.create_alias('dp', '某词', null, '-infinity')$$, 'TW006', '2.1', 'infinity', '2.1 and its first');
select pg_temp.fails($$select ticket_workflow.create_place('dp', '某苑', 'estate', null, since => '2023-01-01', until => '2022-01-01')$$, 'TW006', null, '2022-01-01', '2.1 in that order');
select pg_temp.fails($$select ticket_workflow.end_dispatch_rule((select min(rule_id) from ticket_workflow.duty), 'infinity')$$, 'TW006', '2.1', 'infinity', '2.1 also where a rule is ended');
select lives_ok($$select ticket_workflow.create_alias('dp', '建管科', 'sq', since => '2023-01-01')$$, '2.1: a name that is free again goes to another');
select is(pg_temp.decided('leak', 'p1', '泰山小区', '建管科来过'), 'association:sq', '2.1: and means that one');
select pg_temp.fails($$select ticket_workflow.create_place('dp', '泰山小区', 'estate', 'jw2')$$, 'TW012', 'A1.3', '泰山居委会', 'A1.3 an estate of two committees');
select pg_temp.fails($$select ticket_workflow.create_place('dp', '宜川路', '道路', 'jw2', 150, 250)$$, 'TW012', 'A1.3', '宜川路', 'A1.3 overlapping numbers');
select pg_temp.fails($$select ticket_workflow.create_place('dp', '宜川路', 'road', 'jw2', 101, 149, '单号')$$, 'TW012', 'A1.3', '泰山居委会', 'A1.3 overlapping numbers of one side');
select lives_ok($$select ticket_workflow.create_place('dp', '宜川路', 'road', 'jw1', 1001, 1099, 'odd'), ticket_workflow.create_place('dp', '宜川路', 'road', 'jw2', 1001, 1099, 'even')$$, 'A1.3: the two sides of one stretch');
select pg_temp.fails($$select ticket_workflow.create_place('dp', '新小区', 'estate', 'jw1', 1, 9)$$, 'TW006', 'A1.3', '门牌号', 'A1.3 an estate has no numbers');
select pg_temp.fails($$select ticket_workflow.create_place('dp', '新村路', 'road', 'jw1', 9, 1)$$, 'TW006', 'A1.3', '门牌号', 'A1.3 numbers in the wrong order');
select pg_temp.fails($$select ticket_workflow.create_place('dp', '新村路', 'road', 'cg')$$, 'TW006', 'A1.3', 'cg', 'A1.3 a place of a department');
select pg_temp.fails($$select ticket_workflow.create_duty('dp', 'cg', 'nonsense', '依据')$$, 'TW006', null, 'nonsense', '2.1 an unknown matter');

-- ---- ending and changing

select is(pg_temp.decided('stall'), 'duty:cg', 'A1.2: before the end');
select ticket_workflow.end_dispatch_rule(d.rule_id, '2023-02-06') from ticket_workflow.duty d
	join ticket_workflow.matter m on m.matter_id = d.matter_id and m.code = 'stall' and m.center_id = d.center_id;
select is(pg_temp.decided('stall'), 'duty:sq', 'A1.2: ended yesterday, the ancestor''s holder decides at once');
select is(pg_temp.decided('stall', on_day => '2023-02-06'), 'duty:cg', 'A1.2: on its last day it still counts');
select pg_temp.fails(format('select ticket_workflow.end_dispatch_rule(%s, %L)', (select min(rule_id) from ticket_workflow.duty), '2019-01-01'),
	'TW006', null, '2019-01-01', '2.1 an end before the beginning');
select pg_temp.fails('select ticket_workflow.end_dispatch_rule(5)', 'TW006', null, '5', '2.1 a rule that there is not');
select ticket_workflow.create_duty('dp', 'cg', 'misc', '将来', since => '2023-03-01') as future \gset
select ticket_workflow.end_dispatch_rule(:future);
select is((select count(*) from ticket_workflow.duty where rule_id = :future), 0::bigint, '2.1: one that had not begun is taken away');
select throws_ok($$update ticket_workflow.duty set basis = '改写'$$, 'TW010', null, '2.1: a rule keeps what it says, also by plain UPDATE');
select ticket_workflow.create_fallback('dp', 'cg', 'p3', since => '2023-01-01', until => '2023-01-31') as early \gset
select ticket_workflow.create_fallback('dp', 'lh', 'p3', since => '2023-02-01');
select pg_temp.fails(format('select ticket_workflow.end_dispatch_rule(%s, %L)', :early, '2023-02-28'), 'TW012', '2.1', '2023-02-28', '2.1 an end that runs into the next rule');

-- a rollback takes back what the engine knew
savepoint before_rule;
select ticket_workflow.create_duty('dp', 'lh', 'misc', '新职责', since => '2020-01-01');
select is(pg_temp.decided('misc'), 'duty:lh', 'P-2.12: one''s own new rule counts at once');
rollback to savepoint before_rule;
select is(pg_temp.decided('misc'), 'fallback:sq', 'P-2.12: and is gone after a rollback');
update ticket_workflow.dispatch_order set ordinal = 7 - ordinal where false;
delete from ticket_workflow.dispatch_order;
select pg_temp.fails($$select * from ticket_workflow.resolve_dispatch('dp')$$, 'TW012', '2.1', '派单原则', '2.1 a rulebook without an order');
-- the norm's own list, as an order: association could never decide
insert into ticket_workflow.dispatch_order select 'yichuan_2023', n, p, '2.1'
	from unnest(array['statutory', 'duty', 'territorial', 'factual', 'association', 'fallback', 'exception']) with ordinality o (p, n);
select is(pg_temp.decided('noise', 'p1', '泰山小区', '城管不管'), 'territorial:jw1', '2.1: the order is the rulebook''s');
select is((select string_agg(r.principle, ' ' order by r.rank) from ticket_workflow.resolve_dispatch('dp', 'noise') r),
	'statutory duty territorial factual association fallback exception', '2.1: and the rows follow it');
rollback to savepoint before_rule;

-- who returned it is named once, and the search does not climb past it
savepoint below_law;
select ticket_workflow.create_statutory_rule('dp', 'cg', 'canteen', '《学校食品安全规定》', since => '2020-01-01');
select is((select r.department || ' ' || (r.basis like '%学校食品安全规定%') from ticket_workflow.resolve_dispatch('dp', 'canteen', 'p1') r where r.principle = 'statutory'),
	'cg true', 'A1.1: the nearer law');
select is((select coalesce(r.department, '-') || ' ' || r.basis from ticket_workflow.resolve_dispatch('dp', 'canteen', 'p1', excluded => '{cg}') r where r.principle = 'statutory'),
	'- 城管中队已就本工单获准退单，不再推荐', '2.2.2: returned, the law of the ancestor does not step in');
select ticket_workflow.create_duty('dp', 'lh', 'green', '行道树', since => '2020-01-01');
select is((select r.basis from ticket_workflow.resolve_dispatch('dp', 'green', 'p1', excluded => '{lh}') r where r.principle = 'duty'),
	'绿化办已就本工单获准退单，不再推荐', '2.2.2: a department with two duties is named once');
rollback to savepoint below_law;
select is((select string_agg(ticket_workflow.found_in_text('dp', a), ' ' order by n) from unnest(array['宜川路一百十五号', '宜川路一百二号', '宜川路一百零二号']) with ordinality x (a, n)),
	'宜川路115: jw1 宜川路120: jw2 宜川路102: jw2', 'A1.3: numbers as people say them');

-- ---- bad arguments

select pg_temp.fails($$select * from ticket_workflow.resolve_dispatch(null)$$, 'TW006', null, 'center', 'no center');
select pg_temp.fails($$select * from ticket_workflow.resolve_dispatch('nowhere')$$, 'TW006', null, 'nowhere', 'an unknown center');
select pg_temp.fails($$select * from ticket_workflow.resolve_dispatch('dp', area => 'p9')$$, 'TW006', null, 'p9', 'an unknown area');
select pg_temp.fails($$select * from ticket_workflow.resolve_dispatch('dp', excluded => '{nobody}')$$, 'TW006', null, 'nobody', 'an unknown department');
select pg_temp.fails($$select * from ticket_workflow.resolve_dispatch('dp', on_day => 'infinity')$$, 'TW006', null, '日期', 'no day');
select pg_temp.fails($$select * from ticket_workflow.resolve_dispatch('dp', on_day => '1990-01-01')$$, 'TW012', null, '1990-01-01', 'a day without a rulebook');
select lives_ok($$select * from ticket_workflow.resolve_dispatch('dp', 'noise', null, repeat('宜川路石泉路泰山小区', 2000), repeat('城管区房管局', 2000))$$, 'long texts');
select is((select count(*) from ticket_workflow.resolve_dispatch('dp', '', '' || 'p1', '', '')), 7::bigint, 'empty texts');
set local ticket_workflow.language = 'en';
select is((select count(*) from ticket_workflow.resolve_dispatch('dp', 'leak', null, '泰山小区') r where r.basis !~ '[a-z]'), 0::bigint, 'design 7: the reasons in English');
select ok((select r.basis like 'the duties of 房管办, 社区管理办 overlap%' from ticket_workflow.resolve_dispatch('dp', 'leak', null, '泰山小区') r where r.principle = 'territorial'),
	'design 7: with an English list');
set local ticket_workflow.language = 'zh';

-- ---- trying out names and places

select is(ticket_workflow.found_in_text('dp', '宜川路35号', '城管和房管所'), '宜川路35: jw1; 城管: cg; 房管所: fg', 'A1.5: what is found in the texts');
select is(ticket_workflow.found_in_text('dp', '华池路', '原区房管局退休职工'), '华池路: jw1 jw2', 'A1.3: a tie shows all, a trap nothing');
select is(ticket_workflow.found_in_text('dp', '曹杨路1号'), '曹杨路1: -', '2.2.1: outside');
select is(ticket_workflow.found_in_text('dp', null), '', 'nothing in nothing');
select pg_temp.fails($$select ticket_workflow.found_in_text(null, '')$$, 'TW006', null, 'center', 'no center');

-- ---- rights

create role dispatch_clerk nologin;
call ticket_workflow.grant_access('dispatch_clerk', 'application', '{dp}');
set local role dispatch_clerk;
select throws_ok($$select ticket_workflow.create_duty('dp', 'cg', 'misc', '依据')$$, '42501', null, 'design 8: an application changes no rule');
select throws_ok($$insert into ticket_workflow.duty select * from ticket_workflow.duty$$, '42501', null, 'design 8: nor writes into the tables');
reset role;

-- ---- coverage

select set_eq($$select gap, code from ticket_workflow.rulebook_coverage('dp', '2023-02-07')$$, $$ values
	('matter_without_duty', 'dog'), ('matter_without_duty', 'food'), ('matter_without_duty', 'canteen'), ('matter_without_duty', 'pipe'),
	('matter_without_duty', 'shelter'), ('matter_without_duty', 'misc'), ('matter_without_duty', 'green'), ('matter_without_duty', 'tree'),
	('duty_shared', 'leak'), ('duty_shared', 'noise'), ('duty_shared', 'parking'), ('rule_of_closed', 'wy') $$,
	'2.1: the gaps of a day, each once');
select is((select details from ticket_workflow.rulebook_coverage('dp', '2023-02-07') where code = 'green'), '第三片区', '2.1: with the areas where nobody holds it');
select is((select string_agg(distinct code, ',' order by code) from ticket_workflow.rulebook_coverage('dp', '2019-12-31') where gap = 'area_without_fallback'), 'p2,p3', '2.1: areas without a fallback');
select is((select string_agg(code, ',' order by code collate "C") from ticket_workflow.rulebook_coverage('dp', '2019-12-31') where gap = 'committee_without_place'), 'jw1,jw2,jw3,jw4', '2.1: committees without a place');
select is((select count(*) from ticket_workflow.rulebook_coverage() where gap_label is null), 0::bigint, 'design 6: every gap has its label');

select * from finish();
rollback;
