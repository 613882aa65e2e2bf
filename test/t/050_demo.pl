# The demo plays to its end by itself: every refusal in it was meant, every ticket went where the street's rules send it,
# by each of the seven principles more than once, and what they said of it is printed; what chapter three asks for beside the tickets
# took place, and is printed under one heading each; the data it leaves is sound.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = desk_node('demo', conf => "shared_buffers = 64MB\n");
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
local $ENV{PGUSER} = $node->safe_psql('postgres', 'select current_user');
local $ENV{KEEP_DATABASE} = 'street';
delete local $ENV{KEEP};
my $documents = local $ENV{DOCUMENTS} = PostgreSQL::Test::Utils::tempdir();
my ($out, $err);
my $done = IPC::Run::run(['demo/run'], '>', \$out, '2>', \$err);
ok($done, 'the demo comes to its end') or diag(join "\n", $err, (split /\n/, $out)[-20 .. -1]);
is($err, '', 'without a complaint');
utf8::decode($out);

sub rows { return $node->safe_psql('street', $_[0]) }
sub printed { my ($what, $title) = @_; utf8::decode(my $words = $what); return like($out, qr/$words/, $title) }

# 2.1: by recommendation, each principle at least twice
is(rows(q{select string_agg(distinct o.principle, ' ') from ticket_workflow.dispatch_order o
	where (select count(*) from ticket_workflow.ticket t where t.dispatch_principle = o.principle) < 2}), '',
	'2.1: each of the seven principles decided two tickets at least');
is(rows(q{select string_agg(p.alias, ' ') from demo.played p
	join demo.story s on s.alias = p.alias join ticket_workflow.ticket t on t.ticket_id = p.ticket_id
	left join ticket_workflow.organization o on o.organization_id = t.lead_department_id
	where t.state not in ('transferred', 'merged') and o.code is distinct from s.department}), '',
	'2.1: every ticket ended with the department that its story names');
is(rows(q{select count(*) from demo.story s where s.principle not in ('factual', 'exception', 'transfer') and not exists (
	select from demo.played p
		join ticket_workflow.ticket t on t.ticket_id = p.ticket_id
		join ticket_workflow.dispatch_decision d on d.ticket_id = t.ticket_id and d.dispatch_round = t.dispatch_round
	where p.alias = s.alias and d.recommended_id = d.department_id and jsonb_array_length(d.explanation) = 7)}), 0,
	'2.1: which was the recommended one, the explanation kept');
is(rows(q{select count(*) filter (where d.reason is null) || ' ' || (count(*) > 0) from ticket_workflow.dispatch_decision d
	where d.department_id <> d.recommended_id}), '0 true', 'A1.7: where the dispatcher departed he gave his reason');
is(rows(q{select count(*) > 0 from ticket_workflow.dispatch_decision d, jsonb_to_recordset(d.explanation) r (principle text, decisive boolean)
	where d.principle = 'exception' and r.principle = 'exception' and r.decisive having count(*) >= 2}), 't',
	'A1.7: rules of exception decided, not only dispatchers');
cmp_ok(rows(q{select count(*) from ticket_workflow.ticket where state = 'transferred'}), '>=', 1, '2.2.1: what lies outside was transferred');
printed("● $_", "2.1: printed why: $_")
	for '例外原则', '法定原则', '事实原则', '关联原则', '职责原则', '属地原则', '托底原则', '转出：“彭浦新村”不在辖区内';
printed("○ $_", "2.1: and why not: $_") for '例外原则：没有适用', '职责原则：“楼道堆物”为房管办事处、社区自治办公室共同职责';
printed("派单 $_原则 +[2-9]\\d* 件", "2.1: the table at the end: $_") for '法定', '职责', '属地', '事实', '关联', '托底', '例外';

# chapter three: it took place
is(rows('select day, channel from ticket_workflow.daily_posting'), '2023-01-31|wechat', '3.2: the daily notice of one evening was posted');
is(rows(q{select count(distinct g.recorded_by) || ' ' || count(*) filter (where a.code = 'p4') from ticket_workflow.guidance g
	join ticket_workflow.ticket t on t.ticket_id = g.ticket_id join ticket_workflow.area a on a.area_id = t.area_id}), '3 0',
	'3.6.2: three information officers gave guidance, the fourth did not');
is(rows(q{select matter, cases, reached_at at time zone 'Asia/Shanghai', reported_by from ticket_workflow.similar_case_burst}),
	'water_public|5|2023-01-30 11:35:00|officer_p4', '3.6.2: five on one matter were a burst, which the information officer reported');
is(rows(q{select string_agg(s.alias || ' ' || o.code, ', ' order by s.alias collate "C") from demo.story s join demo.played p on p.alias = s.alias
	join ticket_workflow.ticket t on t.ticket_id = p.ticket_id join ticket_workflow.organization o on o.organization_id = t.lead_department_id
	where s.matter = 'water_public' and t.dispatch_principle = 'exception'}), 'T100 sq, T99 sq', '3.6.1: the plan in force dispatched two tickets');
is(rows(q{select m.forum, m.outcome, count(*), string_agg(p.alias, ' ') from ticket_workflow.mediation m join ticket_workflow.mediation_ticket t on t.mediation_id = m.mediation_id
	join demo.played p on p.ticket_id = t.ticket_id group by 1, 2}), 'special_meeting|partly_agreed|1|T37', '3.5: one joint mediation');
is(rows(q{select duty_status, count(*) from (select case when o.held_at is not null then 'held' when o.due_at < '2023-02-10 23:30+08' then 'overdue' end as duty_status
	from ticket_workflow.duty_occurrence o where o.duty = 'weekly_meeting') x where duty_status is not null group by 1 order by 1}), "held|2\noverdue|1",
	'3.4: weekly meetings were recorded, one is overdue');
is(rows(q{select c.state, d.decided_by from ticket_workflow.accountability_case c join ticket_workflow.accountability_decision d on d.case_id = c.case_id order by 1}),
	"dismissed|inspector\nreferred|inspector", '3.8: discipline inspection dismissed one candidate and referred one');
is(rows(q{select sqlstate from demo.refusal where act = 'decide'}), 'TW005', '3.8: and nobody else did');
is(rows(q{select string_agg(d.attempt || ' ' || d.delivered, ', ' order by d.delivery_id) || ' ' || min(d.notices) from demo.delivery d
	where d.notice_id in (select f.notice_id from demo.delivery f where not f.delivered)}), '1 false, 2 true 2', '3.3: a digest of two failed once and went out with the second delivery');
is(rows(q{select count(*) from ticket_workflow.notice where confirmed_at is null and closed_at is null and not_before <= '2023-02-10 23:30+08'}), 0, '3.3: no notice is left');
is(rows(q{select e.clock, e.acknowledged_by, p.alias from ticket_workflow.escalation e join demo.played p on p.ticket_id = e.ticket_id where e.acknowledged_at is not null}),
	'acceptance|leader_c|T73', '3.3: one escalation was taken on');

# and is printed, each part under one heading with its clause
my @headings = $out =~ /^  -- (.*)$/mg;
utf8::decode(my $clause = '（\d(?:\.\d+)+(?:、\d(?:\.\d+)+)*）$');
is(scalar(grep { !/$clause/ } @headings), 0, 'every heading ends in its clause');
foreach my $part ('联合协调：石泉一村停车难（3.5）', '领导汇总通知：.*（3.3）', '同类案件：“公共供排水”一日 5 件（3.6.2）', '应急处置方案“自来水发黄”：2023-01-31 至 2023-02-03 执行（3.6.1）',
	'每日通报：2023-01-31 的情况.*（3.2）', '片区指导意见：.*（3.6.2）', '督促认领：.*（3.3）', '日清日结：.*（3.1）', '工作台首页：.*（3.1、3.3）',
	'例会和通报会：.*（3.4）', '问责线索 14 条：.*（3.8）', '通知：.*（3.3）', '热线简报 2023年1月：.*（3.2）', '退单申请表 SH23010089：.*（2.2.2）', '文件.*')
{
	utf8::decode(my $words = $part);
	is(scalar(grep { /^$words$/ } @headings), 1, "printed once: $part");
}
printed($_, "and under it: $_")
	for '第 1 次，发送失败\n.*第 2 次，已确认送达', '未办结 \d+ 件，已办结未解决 \d+ 件。\n +房管办事处：未办结', '01-30 11:35 受理第 5 件时触发，已告知分管领导 副主任甲\n.*四片区信息员上报',
	'统一口径：水司正在冲洗管网.*\n +据此派单（例外原则）：SH23010099 → 社区管理办公室，SH23010100 → 社区管理办公室', '第四片区  已写 0 件  还缺 SH\d+',
	'SH23010073 .*副主任丙认领', 'SH23010084  社区卫生服务中心 .*当日办结', '今日收单 \d+，办结 \d+；在办 \d+（', '已超期 .*已过 7 天', '已移送 .*SH23010007，纪工委干部：', '不予追究 .*SH23010061，纪工委干部：',
	'\\| 受理 \\| 77 \\|', '市场监管所 分管领导 \\| 2\.2\.2 \\| 副主任丙', 'verify_seals\(\)：2023-01-15 至 2023-02-09 共 26 天', 'verify_seal\(\)：审计处留存的 2023-01-31';
# a Chinese character is two columns wide: the next column begins where it does in the other rows
sub width { my $wide = () = $_[0] =~ /[^\x00-\x{2fff}]/g; return length($_[0]) + $wide }
utf8::decode(my $under = '（3\.4）\n');
my ($meetings) = $out =~ /$under((?:     .*\n)+)/;
utf8::decode(my $limit = '限 ');
my %begins = map { width(substr $_, 0, index $_, $limit) => 1 } split /\n/, $meetings;
is(scalar(keys %begins), 1, 'columns stand below each other');
unlike($out, qr/[ \t]$/m, 'no line ends in blanks');
cmp_ok(scalar(split /\n/, $out), '<=', 420, 'it is not longer than a reader bears');

sub document { my ($name) = @_; open(my $in, '<:encoding(UTF-8)', "$documents/$name") or return "$name: $!"; local $/; return <$in> }
like(document('bulletin.html'), qr{\A<!DOCTYPE html>.*<svg.*</html>\s*\z}s, '3.2: the bulletin is a page with charts');
like(document('bulletin.md'), qr/\A# .*2023.*\n/, '3.2: and Markdown');
like(document('sheet.html'), qr{\A<!DOCTYPE html>.*SH23010089.*</html>\s*\z}s, '2.2.2: the sheet is a page');
like($out, qr/\Q$documents\E\/bulletin\.html/, 'it says where they are');

is(rows('select count(*) from demo.refusal where not expected'), 0, 'every refusal was meant');
is(rows('select count(*) from ticket_workflow.check_integrity()'), 0, 'what it leaves is sound');
is(rows('select count(*) from ticket_workflow.verify_journals()'), 0, 'and every journal whole');
is(rows(q{select (select count(*) from ticket_workflow.verify_seals('yichuan')) || ' ' || count(*) from ticket_workflow.export_seals('yichuan')}), '0 26', 'with a seal for each day');
is(rows(q{select count(*) || ' ' || count(v.problem) from demo.kept_seal k left join lateral ticket_workflow.verify_seal('yichuan', k.day, k.digest) v on true}), '1 0',
	'and the one that was kept elsewhere is still the one');
is(rows(q{select count(*) from ticket_workflow.rulebook_coverage('yichuan', '2023-02-01')
	where gap in ('area_without_fallback', 'area_without_committee', 'committee_without_place', 'rule_of_closed', 'alias_shared')}), 0,
	'2.1: the street leaves no area without fallback or committee');
$node->stop;
done_testing();
