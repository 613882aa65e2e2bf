-- import_tickets(): 1,000 tickets in one call into an empty desk. Documents like those of a desk that moves house: nine of ten closed,
-- with five steps, three contacts, a visit and a report; one of ten open, accepted last week. No budget in design 10; wanted
-- were a few seconds. psql -v n=100 takes fewer.
\set ON_ERROR_STOP 1
\if :{?cmm} \else \set cmm warning \endif
\if :{?n} \else \set n 1000 \endif
create extension if not exists ticket_workflow;
set client_min_messages = :cmm;
begin;
\o /dev/null
select ticket_workflow.load_rulebook('yichuan_2023');
select ticket_workflow.create_center('bench_import', '导入测速', rulebook => 'yichuan_2023');
select ticket_workflow.create_organization('bench_import', 'd' || i, '部门' || i) from generate_series(1, 20) i;
select ticket_workflow.create_matter('bench_import', 'm' || i, '事项' || i) from generate_series(1, 50) i;
select ticket_workflow.create_official('bench_import_' || i, '经办' || i, 'bench_import') from generate_series(1, 20) i;
create temp table bench_document as
select i, jsonb_build_object('source', 'city', 'external_no', 'OLD-' || i, 'category', (array['投诉', '求助', '咨询'])[1 + i % 3],
	'received_at', to_char(at, 'YYYY-MM-DD HH24:MI'), 'appeal', '反映楼道灯不亮，要求尽快修理，编号' || i, 'matter', 'm' || 1 + i % 50, 'place', '宜川路' || i % 900 || '号',
	'petitioner', jsonb_build_object('name', '张三', 'phone', '1380' || lpad((i % 70000)::text, 7, '0')),
	'events', jsonb_build_array(
		jsonb_build_object('act', 'dispatch', 'at', to_char(at + interval '30 min', 'YYYY-MM-DD HH24:MI'), 'department', 'd' || 1 + i % 20, 'by', 'bench_import_' || 1 + i % 20),
		jsonb_build_object('act', 'accept', 'at', to_char(at + interval '50 min', 'YYYY-MM-DD HH24:MI')))
		|| case when open then '[]'::jsonb else jsonb_build_array(
		jsonb_build_object('act', 'submit_report', 'at', to_char(at + interval '3 days', 'YYYY-MM-DD HH24:MI'), 'by', 'bench_import_' || 1 + i % 20,
			'report', jsonb_build_object('body', repeat('经现场查看，灯管损坏，已更换灯管，恢复照明，已电话回复诉求人。', 8), 'handling_result', '解释说明')),
		jsonb_build_object('act', 'pass_report', 'at', to_char(at + interval '4 days', 'YYYY-MM-DD HH24:MI'), 'by', 'bench_import_' || 1 + (i + 1) % 20),
		jsonb_build_object('act', 'close', 'at', to_char(at + interval '5 days', 'YYYY-MM-DD HH24:MI'))) end,
	'contacts', jsonb_build_array(
		jsonb_build_object('purpose', 'first_contact', 'channel', 'ip_phone', 'outcome', 'reached', 'occurred_at', to_char(at + interval '2 hours', 'YYYY-MM-DD HH24:MI'), 'recording', 'old:1'))
		|| case when open then '[]'::jsonb else jsonb_build_array(
		jsonb_build_object('purpose', 'reply', 'channel', 'ip_phone', 'outcome', 'reached', 'occurred_at', to_char(at + interval '70 hours', 'YYYY-MM-DD HH24:MI'), 'recording', 'old:2'),
		jsonb_build_object('purpose', 'callback', 'channel', 'ip_phone', 'outcome', 'reached', 'occurred_at', to_char(at + interval '6 days', 'YYYY-MM-DD HH24:MI'), 'satisfaction', 'satisfied', 'solved', true)) end,
	'visits', jsonb_build_array(jsonb_build_object('occurred_at', to_char(at + interval '5 hours', 'YYYY-MM-DD HH24:MI'), 'photos', jsonb_build_array('old:p')))) as document
from (select i, i % 10 = 0 as open, case when i % 10 = 0 then date_trunc('minute', now()) - interval '7 days' - i % 100 * interval '1 minute'
	else timestamp '2023-01-03 09:00' + i * interval '7 minutes' end as at from generate_series(1, :n) i) g;
\o
select 'import, ' || count(*) || ' tickets in one call|' || round(extract(epoch from clock_timestamp() - statement_timestamp())::numeric, 2) || '||s'
from ticket_workflow.import_tickets('bench_import', (select array_agg(document order by i) from bench_document)) where outcome = 'imported';
select 'import, the same again, recognised|' || round(extract(epoch from clock_timestamp() - statement_timestamp())::numeric, 2) || '||s'
from ticket_workflow.import_tickets('bench_import', (select array_agg(document order by i) from bench_document)) having bool_and(outcome = 'exists');
rollback;
