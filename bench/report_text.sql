-- The text engine: a report of 500 characters with everything on, against one regex alternation over the raw
-- phrases of annex 4 on the same text, which holds none of them; the same report with four findings; 20,000
-- characters and 1 MB, which have to be linear.
-- All run side by side, eleven times round; a figure is the median of the ratios. Both are called as a user calls
-- them, on rows of a table: the alternation in where, the check as a lateral row source, with the call, the reading
-- of the row and the empty result in the figure.
--
-- Where the time goes, in instructions of the processor (callgrind, which a busy machine does not disturb): 155,000 for the
-- check, 114,000 for the alternation. With 449 patterns and 22,000 literals: what ends at each character, and patterns and
-- their gaps 30 %, the automaton 22 %, folding 10 %, whose words they are 6 %, sections, persons, times, telephones, elements
-- the rest; in the server 1.1 us more for the call, its arguments and the result. Each literal found costs, and each pattern
-- that shares it; literals that are not found cost nothing.
-- 1 MB is linear by instructions. In a session that has freed large memory before, the half fits into what the C library kept,
-- while all of it is handed out page by page anew (3,500 page faults for two calls, none for the halves): that is the
-- 1.6 that this figure shows; in a fresh session, where both fault, it is 0.9 to 1.1.
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
-- four findings
create table found as select replace(replace(replace(replace(report, '楼道恢复畅通', '我办将会跟进'), '物业在一楼', '非我部门职责，在一楼'),
	'责任人：赵某（社区管理办），', ''), '附件：', '另：') as report, appeal from sample;
create table reports as select s.* from sample s, generate_series(1, 2000);
create table found_reports as select f.* from found f, generate_series(1, 2000);
create table long_reports as select repeat(report, 40) as report, appeal from sample s, generate_series(1, 50);
create table half_reports (like sample);
create table huge_reports (like sample);
alter table half_reports alter report set storage external;
alter table huge_reports alter report set storage external;
insert into half_reports select repeat(report, 345), appeal from sample s, generate_series(1, 4);
insert into huge_reports select repeat(report, 690), appeal from sample s, generate_series(1, 2);
vacuum analyze;

create function check_of(source text) returns text language sql as $$
	select format('select count(f.code) from %I r left join lateral ticket_workflow.check_report_text(r.report,
		rulebook => ''yichuan_2023'', reported_on => ''2023-02-10'', appeal => r.appeal, category => ''complaint'',
		petitioner_phone => ''13800000000'') f on true', source)
$$;
create function found_in(source text) returns bigint language plpgsql as $$
declare
	found bigint;
begin
	execute check_of(source) into found;
	return found;
end
$$;
select length(report) as characters, found_in('sample') as findings from sample
union all
select length(report), found_in('found') from found;

create function elapsed(query text) returns double precision language plpgsql as $$
declare
	since timestamptz := clock_timestamp();
begin
	execute query;
	return extract(epoch from clock_timestamp() - since);
end
$$;

create function figure(name text, measured double precision[], budget numeric, unit text) returns text language sql as $$
	select format('%s|%s|%s|%s', name, round(percentile_cont(0.5) within group (order by m)::numeric, 2), budget, unit)
	from unnest(measured) m
$$;

create function report_figures() returns setof text language plpgsql as $$
declare
	alternation constant text := 'select count(*) from reports where report ~
		''将会|正在|适时|将列入计划|已报上级部门|已报街道|应向|正在走相关程序|正在整改中|已要求当事人自行整改|因地址不明确|未发现|我办|我所|非我部门职责''';
	base double precision;
	own double precision;
	found double precision;
	ratios double precision[] := '{}';
	found_ratios double precision[] := '{}';
	longs double precision[] := '{}';
	huges double precision[] := '{}';
	spans double precision[] := '{}';
	micros double precision[] := '{}';
	base_micros double precision[] := '{}';
begin
	perform elapsed(check_of('reports')), elapsed(check_of('found_reports')), elapsed(alternation), elapsed(check_of('long_reports')),
		elapsed(check_of('half_reports')), elapsed(check_of('huge_reports'));
	for i in 1..11 loop
		base := elapsed(alternation) * 500;
		own := elapsed(check_of('reports')) * 500;
		found := elapsed(check_of('found_reports')) * 500;
		base := (base + elapsed(alternation) * 500) / 2;
		micros := micros || own;
		base_micros := base_micros || base;
		ratios := ratios || own / base;
		found_ratios := found_ratios || found / base;
		longs := longs || elapsed(check_of('long_reports')) * 20000 / (own * 40);
		huges := huges || elapsed(check_of('huge_reports')) / elapsed(check_of('half_reports'));
		spans := spans || elapsed(check_of('huge_reports')) * 500;
	end loop;
	return next figure('report: alternation over the raw phrases, 500 characters', base_micros, null, 'us');
	return next figure('report: check of 500 characters, no finding', micros, null, 'us');
	return next figure('report: check / alternation, no finding', ratios, 1.0, 'x');
	return next figure('report: check / alternation, with findings', found_ratios, null, 'x');
	return next figure('report: 20,000 characters / 40 times 500', longs, 1.25, 'x');
	return next figure('report: 1 MB, 345,000 characters / twice the half', huges, 1.25, 'x');
	return next figure('report: check of 1 MB', spans, null, 'ms');
end
$$;
select report_figures();
