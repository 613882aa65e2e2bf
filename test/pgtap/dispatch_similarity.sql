-- text_similarity: symmetric, 1 for what folds to the same, 0 for nothing in common, for any text.
begin;
select plan(12);
create function pg_temp.s(a text, b text) returns real language sql as $$ select ticket_workflow.text_similarity(a, b) $$;

select is(pg_temp.s('楼道灯不亮', '楼道灯不亮'), 1::real, '2.3.6 equal texts');
select is(pg_temp.s('楼道灯不亮', '樓道 燈，不亮！'), 1::real, '2.3.6 other forms of the same characters');
select is(pg_temp.s('灯', '燈'), 1::real, '2.3.6 one character');
select is(pg_temp.s('灯', '树'), 0::real, '2.3.6 two different ones');
select is(pg_temp.s('', ''), 1::real, '2.3.6 nothing is nothing');
select is(pg_temp.s('', '灯不亮'), 0::real, '2.3.6 nothing and something');
select is(pg_temp.s('楼道灯', '违章停车'), 0::real, '2.3.6 nothing in common');
select is(pg_temp.s(null, '灯'), null::real, 'NULL gives NULL');
select is(round(pg_temp.s('楼道灯不亮', '路灯不亮')::numeric, 3), 0.571, '2.3.6 two of four and three pairs');

-- any text: short ones of few characters meet often, long ones of any code point do not
create function pg_temp.noise(width integer, few boolean) returns text language sql volatile as $$
	select coalesce(string_agg(case when few then substr('灯不亮 。，ＡaＢ１2楼樓', 1 + (random() * 13)::integer, 1)
		when random() < 0.5 then chr(1 + (random() * 50000)::integer)
		else chr(57344 + (random() * 60000)::integer) end, ''), '')
	from generate_series(1, width) $$;
create temp table fuzzed as
select i, pg_temp.noise((random() * case when i % 50 = 1 then 2000 else 12 end)::integer, i % 2 = 0) as a,
	pg_temp.noise((random() * 12)::integer, i % 2 = 0) as b
from generate_series(1, 3000) i;
select is_empty($$ select i, a, b from fuzzed where pg_temp.s(a, b) <> pg_temp.s(b, a) $$, '2.3.6 symmetric');
select is_empty($$ select i, a, b from fuzzed where not pg_temp.s(a, b) between 0 and 1 $$, '2.3.6 between 0 and 1');
select is_empty($$ select i, a from fuzzed where pg_temp.s(a, a) <> 1 or pg_temp.s(a, ' ' || a || E'\n ') <> 1 $$, '2.3.6 1 for equal, whatever stands around it');
select * from finish();
rollback;
