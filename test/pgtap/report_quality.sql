-- report_quality(): findings per month, department and code, and the share sent back (2.3.3.3).
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
select plan(8);

-- one report of the last minute of January, two of February; the second of February is sent back
create function pg_temp.report(at timestamptz, body text, passed boolean) returns bigint language plpgsql as $$
declare
	id bigint;
	report bigint;
begin
	perform pg_temp.at_time(at - interval '1 hour');
	perform pg_temp.act_as('dispatcher');
	id := ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '楼道灯不亮');
	perform ticket_workflow.dispatch_ticket(id, 'cg', 'duty');
	perform pg_temp.act_as('liaison');
	perform ticket_workflow.accept_ticket(id);
	perform ticket_workflow.record_site_visit(id, photos => array['https://files.example/a.jpg']);
	perform pg_temp.at_time(at);
	report := ticket_workflow.save_report(id, body => body, fact_finding => '属实', claim_finding => '诉求合理合法',
		handling_result => '实际解决', responsible_person => '周立新', responsible_phone => '021-55500101');
	perform ticket_workflow.submit_report(report);
	perform pg_temp.act_as('operator');
	perform ticket_workflow.review_report(report, passed, case when not passed then '请补充' end);
	return report;
end
$$;
\set good '先行联系：诉求人未留联系方式。核实情况：现场查看，楼道灯损坏，诉求属实。办理过程：联系电工到场检修。处置过程：已更换声控开关3只，照明恢复。责任人：周立新，联系电话：021-55500101。附件：现场照片2张。'
select pg_temp.report('2023-01-31 23:59+08', :'good', true);
select pg_temp.report('2023-02-06 10:00+08', :'good', true);
select pg_temp.report('2023-02-07 10:00+08', :'good' || '我街道将会加强巡查。', false) as sent_back \gset

select is((select array_agg(distinct month order by month) from ticket_workflow.report_quality('yc', '2023-01-01', '2023-02-28')),
	array['2023-01-01', '2023-02-01']::date[], '2.3.3.3 months are the center''s, also for the last minute of January');
select is((select distinct reports from ticket_workflow.report_quality('yc', '2023-02-01', '2023-02-28')), 2::bigint, '2.3.3.3 submitted in February');
select is((select distinct sent_back_share from ticket_workflow.report_quality('yc', '2023-02-01', '2023-02-28')), 0.5, '2.3.3.3 one of two sent back');
select ok(exists (select from ticket_workflow.report_quality('yc', '2023-02-01', '2023-02-28') where code = 'P1' and severity = 'reject' and findings = 1),
	'A4.2.1 the promise is counted');
select is((select sum(findings) from ticket_workflow.report_quality('yc', '2023-01-01', '2023-02-28')),
	(select count(*)::numeric from ticket_workflow.report_finding), 'what is stored is what is counted');
select is_empty($$ select * from ticket_workflow.report_quality('yc', '2023-03-01', '2023-03-31') $$, 'nothing submitted, nothing said');

-- who does not see the whole center
select throws_ok($$ select * from ticket_workflow.report_quality('nowhere', '2023-01-01', '2023-02-28') $$, 'TW006', null, 'an unknown center');
create role quality_stranger;
grant usage on schema ticket_workflow to quality_stranger;
grant execute on function ticket_workflow.report_quality(text, date, date) to quality_stranger;
create function pg_temp.as_stranger() returns text language plpgsql as $$
begin
	perform set_config('ticket_workflow.actor', '', true);
	set local role quality_stranger;
	perform from ticket_workflow.report_quality('yc', '2023-01-01', '2023-02-28');
	reset role;
	return 'answered';
exception when others then
	return sqlstate;
end
$$;
select is(pg_temp.as_stranger(), 'TW006', 'who does not see the center gets the answer of one that is not there');

select * from finish();
rollback;
