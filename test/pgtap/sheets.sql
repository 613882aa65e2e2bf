-- Printed sheets: what stands on them, whose eyes, what is masked, and that nothing people wrote becomes markup.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\o /dev/null
\ir ../fixtures/every_state.sql
select ticket_id as signed_ticket from ticket_workflow.report where report_id = :signed \gset
select ticket_id as asked_ticket from ticket_workflow.ticket_return where return_id = :asked \gset
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => E'# 标题\n- <script>alert("1")</script> & ''x'' | `y`\n1. 第二行', matter => 'light', area => 'p1',
	place => '</td><td onclick="x">', petitioner_name => '欧阳<b>', petitioner_phone => '13912345678', petitioner_address => '某路9号') as attack \gset
select pg_temp.asked_back(:attack) as attack_return \gset
select pg_temp.act_as('');
\o
select no_plan();
create function pg_temp.sheet(ticket bigint, sheet text default 'ticket', format text default 'json') returns text language sql
	as $$ select ticket_workflow.ticket_sheet(ticket, format, sheet) $$;
create function pg_temp.value_of(doc text, label text) returns text language sql as $$
	select r.row ->> 1 from jsonb_array_elements(doc::jsonb -> 'blocks') b, jsonb_array_elements(b -> 'rows') r (row)
	where b ->> 'kind' = 'fields' and r.row ->> 0 = label limit 1 $$;

-- ---- every state, every sheet, both languages
create function pg_temp.unreadable() returns setof text language plpgsql as $$
declare
	t record;
begin
	for t in select x.ticket_id, x.state, s.sheet, l.language from ticket_workflow.ticket x, unnest('{ticket,return,signature}'::text[]) s (sheet), unnest('{zh,en}'::text[]) l (language) loop
		perform set_config('ticket_workflow.language', t.language, true);
		begin
			perform xmlparse(document pg_temp.sheet(t.ticket_id, t.sheet, 'html'));
			if coalesce(pg_temp.sheet(t.ticket_id, t.sheet, 'markdown'), '') = '' or pg_temp.sheet(t.ticket_id, t.sheet) is null then
				raise exception 'empty';
			end if;
		exception when others then
			return next format('%s %s %s: %s', t.state, t.sheet, t.language, sqlerrm);
		end;
	end loop;
	perform set_config('ticket_workflow.language', 'zh', true);
end
$$;
select is_empty('select * from pg_temp.unreadable()', '3 paper: each sheet of a ticket in each state is a well-formed page');

-- ---- attacks
select is((select cardinality(xpath('//h:script | //h:b | //*[@onclick]', pg_temp.sheet(:attack, 'ticket', 'html')::xml, '{{h,http://www.w3.org/1999/xhtml}}'))), 0, 'no text becomes an element');
select is((select (xpath('//h:div[@class="text"]/text()', pg_temp.sheet(:attack, 'ticket', 'html')::xml, '{{h,http://www.w3.org/1999/xhtml}}'))[1]::text),
	E'# 标题\n- &lt;script&gt;alert("1")&lt;/script&gt; &amp; ''x'' | `y`\n1. 第二行', 'the appeal stands as it was written');
select ok(pg_temp.sheet(:attack, 'ticket', 'markdown') like E'%> \\\\# 标题\n> \\\\- &lt;script&gt;%&amp; ''x'' \\\\| \\\\`y\\\\`\n> 1\\\\. 第二行%', 'in Markdown too, line by line');
select is(ticket_workflow.escape_markdown(t), e, 'Markdown: ' || t)
	from (values ('2.2.2', '2.2.2'), ('2.3.6.1 三次以上', '2.3.6.1 三次以上'), ('3.5', '3.5'), ('+3.2%', '+3.2%'), ('-0.5', '-0.5'), ('–', '–'),
		('1. 一', '1\. 一'), ('12) 二', '12\) 二'), ('7.', '7\.'), ('- 三', '\- 三'), ('---', '\---'), ('-', '\-'), ('+', '\+'), ('#1', '\#1'),
		('===', '\==='), ('条款2.2.2 第1. 项', '条款2.2.2 第1. 项')) v (t, e);

-- ---- what stands on them
select is(pg_temp.value_of(pg_temp.sheet(:received), '工单号'), 'SH-2023-0001', '工单: its number');
select is(pg_temp.value_of(pg_temp.sheet(:received), '收单时间'), '2023-02-07 09:00', '工单: times of the calendar''s zone');
select is(pg_temp.value_of(pg_temp.sheet(:asked_ticket, 'return'), '退单截止'), '2023-02-13 24:00', '2.2.2 退单申请表: the last moment of the window');
select is(pg_temp.value_of(pg_temp.sheet(:asked_ticket, 'return'), '应转派部门') || ' ' || pg_temp.value_of(pg_temp.sheet(:asked_ticket, 'return'), '第几次退单')
	|| ' ' || pg_temp.value_of(pg_temp.sheet(:asked_ticket, 'return'), '审定时间'), '房管办 1 ', '2.2.2 退单申请表: where to, the how many''th, the decision open');
select is((select array_agg(r.row ->> 0 order by (r.row ->> 0) collate "C") from jsonb_array_elements(pg_temp.sheet(:asked_ticket, 'return')::jsonb -> 'blocks') b,
	jsonb_array_elements(b -> 'rows') r (row) where b ->> 'title' = '依据、录音、照片'), '{录音,录音,照片,相关依据}', '2.2.2 退单申请表: the evidence');
select is(pg_temp.value_of(pg_temp.sheet(:received, 'return'), '退单类型'), '', 'before a return is asked for the form is open');
select is((select r.row from jsonb_array_elements(pg_temp.sheet(:signed_ticket, 'signature')::jsonb -> 'blocks') b, jsonb_array_elements(b -> 'rows') r (row) where b ->> 'title' = '签字'),
	(select jsonb_build_array('办结报告', '城管中队 负责人', d.clause, '城管负责人', '2023-02-07 09:00 系统', left(encode(a.digest, 'hex'), 16))
		from ticket_workflow.signature_demand d join ticket_workflow.approval a on a.approval_id = d.approval_id where d.subject = 'report' and d.subject_id = :signed),
	'2.3.6.2 签批单: whose signature, who gave it, and the digest it is bound to');
select is((select b -> 'rows' from jsonb_array_elements(pg_temp.sheet(:received, 'signature')::jsonb -> 'blocks') b where b ->> 'title' = '签字'), '[]', '签批单: nothing to sign');

-- ---- masked, unless asked for with a purpose
select is(pg_temp.value_of(pg_temp.sheet(:attack), '诉求人') || pg_temp.value_of(pg_temp.sheet(:attack), '联系电话'), '欧****139******78', 'design 3: the petitioner is masked');
select ok(not exists (select from unnest('{html,markdown,json}'::text[]) f, unnest('{ticket,return,signature}'::text[]) s
	where pg_temp.sheet(:attack, s, f) like '%13912345678%' or pg_temp.sheet(:attack, s, f) like '%某路9号%'), 'design 3: on no sheet in no form');
select pg_temp.act_as('liaison') \g /dev/null
select is(pg_temp.value_of(ticket_workflow.reveal_sheet(:attack, '上门核实', 'json'), '联系电话'), '13912345678', 'design 3: in full for a purpose ...');
select is((select actor || ' ' || (details ->> 'purpose') from ticket_workflow.journal where ticket_id = :attack order by seq desc limit 1), 'liaison 上门核实', '... which the journal keeps');
select pg_temp.act_as('fg_liaison') \g /dev/null
create role sh_app login;
call ticket_workflow.grant_access('sh_app', 'application');
set local role sh_app;
select throws_ok(format('select ticket_workflow.ticket_sheet(%s)', :attack), 'TW006', null, 'design 8: what one may not see has no sheet');
select set_config('ticket_workflow.actor', 'leader', true) \g /dev/null
select lives_ok(format('select ticket_workflow.ticket_sheet(%s)', :attack), 'design 8: a leader prints what his department leads');
select throws_ok(format('select ticket_workflow.reveal_sheet(%s, ''好奇'')', :attack), 'TW005', null, 'design 3: in full only for who may reveal the petitioner');
select throws_ok(format('select ticket_workflow.ticket_sheet(%s, sheet => ''x'')', :attack), 'TW006', null, 'an unknown sheet is named with the known ones');
reset role;
select * from finish();
rollback;
