-- The text engine against our own labelled reports and phrases (test/data): the thresholds of issue 5.
begin;
select no_plan();
set local client_min_messages = warning;

\i test/fixtures/labelled_reports.sql
create temp table report as select n, content::jsonb as r from line;

create temp table score as
select r ->> 'id' as id,
	array(select jsonb_array_elements_text(r -> 'reject') except select jsonb_array_elements_text(coalesce(r -> 'either', '[]')) order by 1) as want,
	array(select distinct f.code
		from ticket_workflow.check_report_text(r ->> 'report', rulebook => 'yichuan_2023', reported_on => (r ->> 'reported_on')::date,
			appeal => r ->> 'appeal', category => r ->> 'category') f
		where f.severity = 'reject'
		except select jsonb_array_elements_text(coalesce(r -> 'either', '[]')) order by 1) as got
from report;

select cmp_ok((select count(*) from score), '>=', 200::bigint, 'issue 5: at least 200 labelled reports');
select cmp_ok((select count(*) filter (where (want = '{}') = (got = '{}')) / count(*)::numeric from score), '>=', 0.95,
	'issue 5: rejected or not, 95 % exactly right');
select cmp_ok((select count(*) filter (where want <> '{}' and got <> '{}') / count(*) filter (where got <> '{}')::numeric from score), '>=', 0.98,
	'issue 5: precision at report level');
select cmp_ok((select count(*) filter (where want <> '{}' and got <> '{}') / count(*) filter (where want <> '{}')::numeric from score), '>=', 0.97,
	'issue 5: recall at report level');
select cmp_ok((
	with c as (
		select sum(cardinality(array(select unnest(want) intersect select unnest(got)))) as hit,
			sum(cardinality(got)) as got, sum(cardinality(want)) as want
		from score)
	select 2 * hit / (got + want)::numeric from c), '>=', 0.95, 'issue 5: F1 of the codes');
select diag('report ' || id || ': wanted ' || want::text || ', got ' || got::text) from score where want <> got;

truncate line;
\copy line (content) from 'test/data/phrases-own.tsv' with (format csv, delimiter E'\x02', quote E'\x01', header)
\copy line (content) from 'test/data/phrases-blind1.tsv' with (format csv, delimiter E'\x02', quote E'\x01', header)
\copy line (content) from 'test/data/phrases-fresh.tsv' with (format csv, delimiter E'\x02', quote E'\x01', header)
\copy line (content) from 'test/data/phrases-blind3.tsv' with (format csv, delimiter E'\x02', quote E'\x01', header)
\copy line (content) from 'test/data/phrases-blind4.tsv' with (format csv, delimiter E'\x02', quote E'\x01', header)
\copy line (content) from 'test/data/phrases-blind5.tsv' with (format csv, delimiter E'\x02', quote E'\x01', header)
\copy line (content) from 'test/data/phrases-blind6.tsv' with (format csv, delimiter E'\x02', quote E'\x01', header)
\copy line (content) from 'test/data/phrases-blind7.tsv' with (format csv, delimiter E'\x02', quote E'\x01', header)
\copy line (content) from 'test/data/phrases-blind8.tsv' with (format csv, delimiter E'\x02', quote E'\x01', header)
\copy line (content) from 'test/data/phrases-blind9.tsv' with (format csv, delimiter E'\x02', quote E'\x01', header)
\copy line (content) from 'test/data/phrases-classes.tsv' with (format csv, delimiter E'\x02', quote E'\x01', header)
create temp table phrase_score as
select cell[1] as rule, cell[2] as expected, cell[3] as sample,
	coalesce((select case when bool_or(f.severity = 'reject') then 'reject' when bool_or(f.severity = 'review') then 'review' end
		from ticket_workflow.check_report_text(cell[3], rulebook => 'yichuan_2023', reported_on => '2023-02-10') f
		where f.code = cell[1]), '') as got
from (select string_to_array(content, E'\t') as cell from line) t;

select cmp_ok((select count(*) from phrase_score), '>=', 300::bigint, 'issue 5: at least 300 labelled phrases');
select cmp_ok((select count(*) filter (where case expected
		when 'flag' then got = 'reject' or rule = 'P3' and got = 'review'
		when 'ok' then got = ''
		else got in ('review', 'reject') end) / count(*)::numeric from phrase_score), '>=', 0.97, 'issue 5: 97 % of the phrases');
select diag('phrase ' || rule || ' ' || expected || ': ' || sample || ', got ' || got) from phrase_score
	where not case expected
		when 'flag' then got = 'reject' or rule = 'P3' and got = 'review'
		when 'ok' then got = ''
		else got in ('review', 'reject') end;

select * from finish();
rollback;
