-- Properties of the text engine: a qualified report told, laid out or typed in another way stays qualified, and
-- whatever element is taken out of one is missed. What no author of the labelled sets thinks of, a transformation finds.
begin;
select no_plan();
set local client_min_messages = warning;

\i test/fixtures/labelled_reports.sql
create function pg_temp.refused(report text, r jsonb) returns text[] language sql as $$
	select array(select distinct f.code
		from ticket_workflow.check_report_text(refused.report, rulebook => 'yichuan_2023', reported_on => (r ->> 'reported_on')::date,
			appeal => r ->> 'appeal', category => r ->> 'category') f
		where f.severity = 'reject' order by 1)
$$;
create temp table sound as
select r, r ->> 'report' as report from (select content::jsonb as r from line) t
where r -> 'reject' = '[]' and not r ? 'either' and pg_temp.refused(r ->> 'report', r) = '{}';
select cmp_ok((select count(*) from sound), '>', 400::bigint, 'issue 5: qualified reports to transform');

create temp table told (what text, pattern text, replacement text);
insert into told values
	('号 for 日', '(\d月\d{1,2})日', '\1号'),
	('months and days with two digits', '(?<!\d)(\d)月(\d)日', '0\1月0\2日'),
	('a weekday behind the day', '(\d月\d{1,2}日)(?!前|之前|起|至|内)', '\1（周三）'),
	('点 for 时', '(\d)时(\d{1,2}分|整)', '\1点\2'),
	('the hour with a colon', '(\d)[时点](\d{2})分', '\1:\2'),
	('a number in two halves', '(?<!\d)([2-9]\d{3})(\d{4})(?!\d)', '\1 \2'),
	('a number with the country before it', '(?<![\d-])([2-9]\d{3})(\d{4})(?!\d)', '021-\1\2'),
	('a masked number', '(?<!\d)([2-9]\d{3})(\d{4})(?!\d)', '\1****'),
	('承办人 for 责任人', '责任人(?=[：:])', '承办人'),
	('another name of the heading', '责任人(?=[：:])', '经办人姓名'),
	('headings in brackets', '(先行联系|核实情况|办理过程|处置过程|回复情况|回复|责任人|联系电话|附件)[：:]', '【\1】'),
	('headings set apart by a bar', '(先行联系|核实情况|办理过程|处置过程|回复情况|责任人|联系电话|附件)[：:]', '\1｜'),
	('核查情况 for 核实情况', '核实情况(?=[：:])', '核查情况'),
	('先行回应 for 先行联系', '(^|\n|。)先行联系(?=[：:])', '\1先行回应'),
	('推进情况 for 办理过程', '办理过程(?=[：:])', '推进情况'),
	('整改成效 for 处置过程', '处置过程(?=[：:])', '整改成效'),
	('来电人 for 诉求人', '诉求人', '来电人'),
	('the petitioner as 某', '(女士|先生)', '某'),
	('the petitioner as 老师', '(女士|先生)', '老师'),
	('电话联络 for 电话联系', '电话联系(?=[^方电人])', '电话联络'),
	('致电反馈 for 电话回复', '电话回复', '致电反馈'),
	('电告 for 电话回复', '电话回复', '电告'),
	('a name typed wide', '(责任人[：:])([^\s，。；、]{1,3})某(?=[，。；\s])', '\1\2　某'),
	('a masked name', '(责任人[：:])(.)某(?=[，。；\s])', '\1\2**'),
	('department and name', '(责任人[：:])(.)某(?=[，。；\s])', '\1社区管理办科员\2某'),
	('the department behind the name', '(责任人[：:])(.)某(?=[，。；\s])', '\1\2某（社区管理办）'),
	('semicolons', '。', '；'),
	('a line for each sentence', '。', E'。\n'),
	('typed full stops', '。(?=.)', '. '),
	('commas and colons of the other width', '，', ',');

create temp table transformed as
select t.what, s.r, regexp_replace(s.report, t.pattern, t.replacement, 'g') as report from told t, sound s
where regexp_replace(s.report, t.pattern, t.replacement, 'g') <> s.report
union all
select 'full-width digits', r, translate(report, '0123456789:', '０１２３４５６７８９：') from sound where report ~ '\d'
union all
select 'zero-width spaces', r, regexp_replace(report, '(.)', '\1' || chr(8203), 'g') from sound
union all
select 'traditional characters', r, translate(report, '办电话联系时间处过复责实况结协调诉现场录图张证关门满对发应该单', '辦電話聯繫時間處過復責實況結協調訴現場錄圖張證關門滿對發應該單') from sound;

create temp table outcome as
select what, r ->> 'id' as id, pg_temp.refused(report, r) as refused from transformed;
select cmp_ok(refused, '<=', greatest(n / 50, 1), 'R1, A4.1: qualified with ' || what || ' (' || n || ')')
from (select what, count(*) as n, count(*) filter (where refused <> '{}') as refused from outcome group by what order by what) t;
select cmp_ok((select count(*) filter (where refused <> '{}') / count(*)::numeric from outcome), '<=', 0.006, 'issue 5: of all of them hardly one is sent back');
select diag(what || ': ' || id || ' ' || refused::text) from outcome where refused <> '{}';

-- what is taken out is missed; of a process or disposal of several sentences only the first is, so that some still tell enough
create temp table taken (element text, what text, pattern text, replacement text, least numeric);
insert into taken values
	('E6', 'no number', '(?<!\d)(\+?86-?)?([（(]?021[)）]?[-—－ ]?)?(1[3-9]\d[- ]?[\d*xX]{4}[- ]?\d{4}|[2-9]\d{3}[- 　]?\d{4}|400[- ]?\d{3}[- ]?\d{4})([-转]\d{3,4})?(?!\d)', '', 0.98),
	('E6', 'the hotline', '(?<!\d)(\+?86-?)?([（(]?021[)）]?[-—－ ]?)?(1[3-9]\d[- ]?[\d*xX]{4}[- ]?\d{4}|[2-9]\d{3}[- 　]?\d{4}|400[- ]?\d{3}[- ]?\d{4})([-转]\d{3,4})?(?!\d)', '12345', 0.98),
	('E5', 'a department', '(责任人|经办人|承办人|负责人)([：:])[^，。；、\s（()）/]{0,14}?.某{1,2}(?=[，。；、\s（(）/])', '\1\2社区管理办', 0.96),
	('E5', 'nobody in particular', '(责任人|经办人|承办人|负责人)([：:])[^，。；、\s（()）/]{0,14}?.某{1,2}(?=[，。；、\s（(）/])', '\1\2街道承办科室工作人员', 0.96),
	('E3', 'no process', '(办理过程|办理情况)[：:][^。\n]*[。\n]', '\1：略。', 0.80),
	('E4', 'no disposal', '(处置过程|处置情况|处置结果)[：:][^。\n]*[。\n]', '\1：已处置完毕。', 0.60),
	('E7', 'no attachments', '(附件)[：:][^\n]*$', '\1：无。', 0.88);
create temp table missed as
select t.element, t.what, t.least, s.r, regexp_replace(s.report, t.pattern, t.replacement, 'g') as report from taken t, sound s
where regexp_replace(s.report, t.pattern, t.replacement, 'g') <> s.report;
select cmp_ok(round(share, 3), '>=', least, 'A4.1: ' || element || ' is missed: ' || what || ' (' || n || ')')
from (select element, what, min(least) as least, count(*) as n, count(*) filter (where element = any (pg_temp.refused(report, r))) / count(*)::numeric as share
	from missed group by element, what order by element, what) t;

select * from finish();
rollback;
