-- The text engine called through SQL with valid UTF-8 of all planes: positions fall on characters of what was given,
-- and sizes from nothing to one byte too many are answered or refused.  :heavy makes it long.
begin;
select no_plan();
set local client_min_messages = warning;
select setseed(0.20230126);

-- the norm's words, disguises and shapes that recognisers look for, so that random texts meet them
create temp table snippet as
select array[
	'将会', '正在整改中', '適時', '已到现场查看', '未发现', '我所', '非我部门职责', '已要求当事人自行整改', '诉求人反映', '“', '”', '《', '》',
	'责任人：', '赵某', '欧阳', '电话：', '021-12345678', '13800000000', '12345606', '2023年3月15日前', '上午10时20分', '3月底', '第二季度',
	'正', '在', '㊣', chr(8203), chr(822), chr(65024), chr(127462), E'\n', E'\n\n', '。', '；', '，', '|', '〔', '〕', '[', ']', '【', '】',
	'︷', 'ﷺ', '①', 'Ａ', '１', '　', '将 会', '先行联系', '附件：', '照片', '〇', '五一前', '报告日2024年5月20日', '*', 'x'] as words;

-- any code point of any plane; surrogates and zero are none
create function pg_temp.any_character() returns text language sql volatile as $$
	select chr(case when p between 55296 and 57343 then 19968 else greatest(p, 1) end)
	from (select case floor(random() * 5)::integer
		when 0 then floor(random() * 1114112)::integer
		when 1 then floor(random() * 65536)::integer
		when 2 then 19968 + floor(random() * 20000)::integer
		when 3 then 32 + floor(random() * 96)::integer
		else 12288 + floor(random() * 64)::integer end as p) t
$$;

create function pg_temp.random_text(pieces integer) returns text language sql volatile as $$
	select coalesce(string_agg(case when random() < 0.5 then pg_temp.any_character()
		else words[1 + floor(random() * cardinality(words))::integer] end, ''), '')
	from generate_series(1, random_text.pieces), snippet
$$;

create temp table sample as
select g as n, pg_temp.random_text(floor(random() * 60)::integer) as body,
	case when g % 3 = 0 then pg_temp.random_text(floor(random() * 20)::integer) end as points
from generate_series(1, case when :heavy = 1 then 40000 else 800 end) g;

select cmp_ok((select count(distinct body) from sample), '>', (select count(*) * 9 / 10 from sample), 'the texts differ');

create temp table found as
select s.n, f.*, s.body || coalesce(E'\n' || s.points, '') as whole
from sample s, ticket_workflow.check_report_text(s.body, s.points, rulebook => 'yichuan_2023', reported_on => '2023-02-10',
	appeal => s.points, category => (array['complaint', 'help', 'suggestion', 'consultation', null])[1 + s.n % 5]) f;

select cmp_ok((select count(*) from found where start_pos is not null), '>', 300::bigint, 'R1: phrases are found in random texts');
select is_empty($$
	select n, code, start_pos, length, excerpt from found
	where start_pos is not null and (start_pos < 1 or length < 1 or substr(whole, start_pos, length) is distinct from excerpt)
$$, 'R1: positions count characters of the original');

select is_empty($$
	select s.n, t.start_pos, t.length, t.excerpt
	from sample s, unnest(array['将会', '正[4]在', '(已|将)<20>(查看|会|)(发现|要求)']) p, ticket_workflow.test_phrase(p, s.body) t
	where substr(s.body, t.start_pos, t.length) is distinct from t.excerpt
$$, 'R1: so do those of test_phrase');

select is_empty($$select n from sample where ticket_workflow.fold_text(body) <> ticket_workflow.fold_text(ticket_workflow.fold_text(body))$$,
	'R1: what is folded stays as it is');
select is_empty($$
	select a.n from sample a join sample b on b.n = a.n + 1,
		lateral (select ticket_workflow.text_similarity(a.body, b.body) as one, ticket_workflow.text_similarity(b.body, a.body) as other) t
	where t.one not between 0 and 1 or t.one <> t.other
$$, 'similarity lies between 0 and 1, either way round');

-- patterns nobody should write are compiled or refused, never worse
create function pg_temp.try_phrase(pattern text) returns text language plpgsql as $$
begin
	perform * from ticket_workflow.test_phrase(pattern, '物业将会安排');
	return 'taken';
exception when sqlstate 'TW012' or sqlstate 'TW006' then
	return 'refused';
end $$;
select bag_has($$select distinct pg_temp.try_phrase(left(body, 40)) from sample where n <= 300$$, $$values ('taken'), ('refused')$$,
	'a phrase of random characters is compiled or refused with TW012');

-- ---- sizes

select is((select count(*) from ticket_workflow.check_report_text('', rulebook => 'yichuan_2023') where code like 'E%'), 7::bigint, 'A4.1 an empty text lacks all seven');
select is((select count(*) from ticket_workflow.check_report_text('', '', 'yichuan_2023') where start_pos is not null), 0::bigint, 'nothing is found in nothing');
select is(ticket_workflow.fold_text(''), '', 'nothing folds to nothing');
select is(ticket_workflow.text_similarity('', ''), 1::real, 'nothing is like nothing');

create temp table size as
select 1048576 - octet_length(unit) * (1048576 / octet_length(unit)) as rest, unit, repeat(unit, 1048576 / octet_length(unit)) as body
from unnest(array['a', '𠀀', '正在。', '2', '电，'] || case when :heavy = 1 then array['将', '。', '，', '正在', '|责任人|'] end) unit;
update size set body = body || repeat('b', rest);
select is((select count(*) from size where octet_length(body) <> 1048576), 0::bigint, 'texts of 1 MB');
select lives_ok($$select ticket_workflow.fold_text(body), ticket_workflow.text_similarity(body, body) from size$$, '1 MB is folded and compared');
select lives_ok($$select count(*) from size, ticket_workflow.check_report_text(body, rulebook => 'yichuan_2023')$$, '1 MB is checked, whatever it is made of');
select lives_ok($$select count(*) from size, ticket_workflow.test_phrase('正[4]在', body)$$, '1 MB is a sample');
-- some of them: to cut a place out of 1 MB takes the server long
select is_empty($$
	with places as materialized (
		select s.unit, s.body, f.start_pos, f.length, f.excerpt
		from size s, ticket_workflow.check_report_text(s.body, rulebook => 'yichuan_2023') f
		where f.start_pos is not null and f.start_pos % 20011 < 2)
	select unit, start_pos from places where substr(body, start_pos, length) is distinct from excerpt
$$, 'R1: positions in 1 MB, too');

create function pg_temp.refused(statement text) returns text language plpgsql as $$
begin
	execute statement;
	return 'taken';
exception when sqlstate 'TW006' then
	return 'TW006';
end $$;
select is(pg_temp.refused(statement), 'TW006', 'one byte more than 1 MB is refused: ' || what) from (values
	('body', $$select count(*) from ticket_workflow.check_report_text(repeat('a', 1048577), rulebook => 'yichuan_2023')$$),
	('points', $$select count(*) from ticket_workflow.check_report_text('a', repeat('a', 1048577), rulebook => 'yichuan_2023')$$),
	('fold_text', $$select ticket_workflow.fold_text(repeat('a', 1048577))$$),
	('test_phrase', $$select count(*) from ticket_workflow.test_phrase('将会', repeat('a', 1048577))$$),
	('text_similarity', $$select ticket_workflow.text_similarity('a', repeat('a', 1048577))$$)) t (what, statement);

select * from finish();
rollback;
