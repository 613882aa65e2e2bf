-- The text engine: a report of 500 characters with everything on, against one regex alternation over the raw
-- phrases of annex 4 on the same text, which holds none of them; and twenty times the text.
-- Both run side by side, eleven times round; the figure is the median of the ratios.
\pset footer off
create extension ticket_workflow;
select ticket_workflow.load_rulebook('yichuan_2023') as rulebook;

create table sample as
select left(
	'先行联系：2023年2月6日10时20分，社区管理办工作人员电话联系诉求人王女士，告知工单已受理，并核实堆物位置为3号楼一楼电表箱旁。'
	'核实情况：2月6日14时，居委会会同物业现场查看，3号楼一楼楼道内堆放旧衣柜1个、纸箱6个，通道宽度不足80厘米，诉求属实。'
	'办理过程：居委会当日上门与堆物业主李某沟通，出示消防安全管理规定，说明楼道堆物的危险，李某同意清理，并约定次日上午由物业协助搬运。'
	'处置过程：2月7日上午9时，物业派出保洁员两名，协助李某把旧衣柜和纸箱全部清运完毕，清扫楼道地面，楼道恢复畅通；'
	'物业在一楼张贴禁止堆物告示2张，居委会把3号楼列为每周巡楼点位，2月8日、9日两次复查，楼道内没有新的堆放。'
	'居委会楼组长走访了3号楼二楼至六楼的18户住户，发放消防安全告知书18份，住户均签字；'
	'另有两户主动把门口的鞋柜和自行车搬回家中，楼组长当场拍照记录，并在楼组微信群里公布了清理前后的对比。'
	'回复情况：2月9日15时30分，工作人员电话回复诉求人王女士，告知清理结果和后续管理办法，王女士表示满意，没有其他意见。'
	'责任人：赵某（社区管理办），联系电话：021-12345678。附件：先行联系录音1份、回复录音1份、处置前后照片4张、告知书签收表1份。', 500) as report,
	'诉求人反映宜川路某小区3号楼一楼楼道内长期堆放旧家具、纸箱等杂物，影响通行且有消防隐患，要求清理。'::text as appeal;
create table reports as select s.* from sample s, generate_series(1, 2000);
create table long_reports as select repeat(report, 40) as report, appeal from sample s, generate_series(1, 50);
select length(report) as characters, (select count(*) from ticket_workflow.check_report_text(report, rulebook => 'yichuan_2023',
	reported_on => '2023-02-10', appeal => appeal, category => 'complaint')) as findings from sample;

create function elapsed(query text) returns double precision language plpgsql as $$
declare
	since timestamptz := clock_timestamp();
begin
	execute query;
	return extract(epoch from clock_timestamp() - since);
end
$$;

create function report_figures() returns setof text language plpgsql as $$
declare
	checks constant text := 'select count(f.code) from reports r left join lateral ticket_workflow.check_report_text(r.report,
		rulebook => ''yichuan_2023'', reported_on => ''2023-02-10'', appeal => r.appeal, category => ''complaint'',
		petitioner_phone => ''13800000000'') f on true';
	alternation constant text := 'select count(*) from reports where report ~
		''将会|正在|适时|将列入计划|已报上级部门|已报街道|应向|正在走相关程序|正在整改中|已要求当事人自行整改|因地址不明确|未发现|我办|我所|非我部门职责''';
	long constant text := replace(checks, 'from reports', 'from long_reports');
	ratios double precision[] := '{}';
	own double precision[] := '{}';
	base double precision[] := '{}';
	longs double precision[] := '{}';
begin
	perform elapsed(checks), elapsed(alternation), elapsed(long);
	for i in 1..11 loop
		own := own || elapsed(checks);
		base := base || elapsed(alternation);
		longs := longs || elapsed(long);
		ratios := ratios || own[i] / base[i];
	end loop;
	return next format('check_report_text, 500 characters: %s µs; alternation %s µs; ratio %s (budget 1.0)',
		round((percentile_cont(0.5) within group (order by o) * 500)::numeric, 1),
		(select round((percentile_cont(0.5) within group (order by b) * 500)::numeric, 1) from unnest(base) b),
		(select round(percentile_cont(0.5) within group (order by r)::numeric, 2) from unnest(ratios) r))
		from unnest(own) o;
	return next format('check_report_text, 20,000 characters: %s µs, %s times 500 characters (40 would be linear)',
		(select round((percentile_cont(0.5) within group (order by l) * 20000)::numeric, 1) from unnest(longs) l),
		(select round((percentile_cont(0.5) within group (order by l) * 20000 /
			(select percentile_cont(0.5) within group (order by o) * 500 from unnest(own) o))::numeric, 1) from unnest(longs) l));
end
$$;
select report_figures();
