# After an import, by the sweep: nothing fires for what came closed, transferred, withdrawn, merged or completed, whatever had
# been late, on no later day either; a live one fires its next level at its time, once. Then dump and restore: the same rows,
# journals whole, the imported recognised. And two sessions import the same thousand at once.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node data_of at_time differing slurp);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = desk_node('old_desk', conf => "synchronous_commit = off\njit = off\n");
$node->safe_psql('postgres', 'create database desk');
$node->safe_psql('desk', 'create extension ticket_workflow');
$node->command_ok([ 'psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $node->connstr('desk'), '-c', 'begin', '-f', 'test/fixtures/desk.sql', '-c', 'commit' ], 'the desk stands');
sub rows { return $node->safe_psql('desk', $_[0]) }
$node->safe_psql('desk', q{
	select ticket_workflow.create_organization('yc', 'jw', '纪委', kind => 'inspection');
	select ticket_workflow.create_official('inspector', '督查', 'yc');
	select ticket_workflow.assign_post('inspector', 'jw', 'inspector', null, '2020-01-01')});
# the sweep of a day on which nothing was imported yet
at_time($node, 'desk', '2023-02-06 23:59+08', 'call ticket_workflow.sweep()');

# all of them received on Thursday 2 February 2023 at 09:00, dispatched and accepted late, called by nobody, of one matter and place
my $late = q({"act": "dispatch", "at": "2023-02-02 12:00", "department": "cg"}, {"act": "accept", "at": "2023-02-02 15:00"});
my $report = q({"act": "submit_report", "at": "2023-02-06 09:00", "by": "liaison", "report": {"body": "将会处理", "fact_finding": "不属实", "handling_result": "未解决"}});
my %way = (
	closed => qq($late, $report, {"act": "pass_report", "at": "2023-02-07 09:00"}, {"act": "close", "at": "2023-02-07 09:30"}),
	completed => qq($late, $report, {"act": "pass_report", "at": "2023-02-07 09:00"}),
	transferred => q({"act": "transfer", "at": "2023-02-07 09:00"}),
	withdrawn => qq($late, {"act": "withdraw", "at": "2023-02-07 09:00"}),
	merged => qq($late, {"act": "merge", "at": "2023-02-07 09:00", "into": {"external_no": "closed 1"}}),
	accepted => $late);
sub document
{
	my ($number, $events) = @_;
	return qq({"source": "city", "external_no": "$number", "category": "投诉", "appeal": "楼道灯不亮", "matter": "light", "area": "p1", "place": "宜川路1号",
		"received_at": "2023-02-02 09:00", "petitioner": {"phone": "13812345678"}, "events": [$events],
		"contacts": [{"purpose": "callback", "channel": "ip_phone", "outcome": "reached", "occurred_at": "2023-02-07 09:45", "satisfaction": "不满意", "dissatisfied_with": "attitude", "solved": false}]});
}
my @documents = map { my $end = $_; map { document("$end $_", $way{$end}) } 1 .. 3 } qw(closed completed transferred withdrawn merged);
push @documents, document('live', $way{accepted});
my $array = 'array[' . join(', ', map { "'$_'::jsonb" } @documents) . ']';
my $now = '2023-02-07 10:00+08';
is(at_time($node, 'desk', $now, "select outcome, count(*) from ticket_workflow.import_tickets('yc', $array) group by 1"), 'imported|16', 'design 5: three of each way to end, and a live one');
cmp_ok(rows(q{select count(*) from ticket_workflow.clock c join ticket_workflow.ticket t using (ticket_id) where t.state = 'closed' and c.status = 'late'}), '>', 6, 'the finished ones had been late');

my $kinds = q{select coalesce(string_agg(distinct j.kind, ' '), '') from ticket_workflow.journal j join ticket_workflow.ticket t using (ticket_id) where t.external_no <> 'live'};
foreach my $at ($now, '2023-02-07 10:01+08', '2023-02-07 23:59+08', '2023-02-08 00:00:01+08', '2023-02-08 12:05+08')
{
	at_time($node, 'desk', $at, 'call ticket_workflow.sweep()');
}
foreach my $state (qw(closed completed transferred withdrawn merged))
{
	is(rows("select count(*) from ticket_workflow.escalation e join ticket_workflow.ticket t using (ticket_id) where t.state = '$state'"), '0', "C4: no escalation for what came $state");
	is(rows("select count(*) from ticket_workflow.notice n join ticket_workflow.ticket t using (ticket_id) where t.state = '$state'"), '0', "C4: no notice for what came $state");
	is(rows("select count(*) from ticket_workflow.clock c join ticket_workflow.ticket t using (ticket_id) where t.state = '$state' and (c.next_at is not null or c.status in ('running', 'paused', 'held'))"), '0',
		"C3: nothing runs in what came $state");
	is(rows("select count(*) from ticket_workflow.accountability_case a join ticket_workflow.ticket t using (ticket_id) where t.state = '$state'"), '0', "3.8: no candidate for what came $state");
}
is(rows($kinds), 'imported', 'design 3: nothing but the import in their journals');
is(rows('select count(*) from ticket_workflow.similar_case'), '0', '3.6.2: no burst');
is(rows(q{select count(*) from ticket_workflow.daily_notice_on('yc', '2023-02-07') where item = 'unsolved'}), '0', '3.2: what the former desk completed unsolved is not in the daily notice');
is(rows(q{select count(*) from ticket_workflow.daily_notice_on('yc', '2023-02-07') where item = 'unfinished'}), '1', '3.2: the live one is');
is(rows(q{select count(*) from ticket_workflow.sweep_failure}), '0', 'no sweep failed');

# its acceptance was due at 12:30 on the 2nd: completion's warning at 80 per cent of the span to the end of the 9th is on the 8th at
# 12:06; the supervising leaders' notice is behind, the principal leader's not
is(rows(q{select string_agg(clock || ' ' || level, ', ' order by reached_at, clock) from ticket_workflow.escalation e where end_cause = 'imported'}),
	'center_contact 1, first_contact 1, first_contact 2, site_visit 1, site_visit 2, leader_notice 1', 'C4: what the live one had reached is recorded as passed');
is(rows(q{select count(*) from ticket_workflow.escalation where end_cause is distinct from 'imported'}), '0', 'C4: and nothing else has fired');
at_time($node, 'desk', '2023-02-08 12:07+08', 'call ticket_workflow.sweep()');
is(rows(q{select string_agg(clock || ' ' || level || ' ' || (reached_at at time zone 'Asia/Shanghai'), ', ' order by reached_at, clock) from ticket_workflow.escalation e where end_cause is distinct from 'imported'}),
	'completion 1 2023-02-08 12:06:00', 'C4: the next level after the import fires as it falls due');
at_time($node, 'desk', '2023-02-10 09:00+08', 'call ticket_workflow.sweep()') for 1 .. 2;
is(rows(q{select string_agg(clock || ' ' || level || ' ' || (reached_at at time zone 'Asia/Shanghai'), ', ' order by reached_at, clock) from ticket_workflow.escalation e where end_cause is distinct from 'imported' and level = 2 or clock = 'principal_notice'}),
	'principal_notice 1 2023-02-09 00:00:00, completion 2 2023-02-10 00:00:00', 'C4: and those after it, once');
is(rows('select count(*) = count(distinct (clock_id, level)) from ticket_workflow.escalation'), 't', 'C4: each level once');
is(rows(q{select string_agg(ground, ' ') from ticket_workflow.accountability_case}), 'completion', '3.8.4: a candidate for what became overdue here');
is(rows($kinds), 'imported', 'design 3: still nothing but the import in the journals of the others');

# ---- the worked example of the documentation does what it says
my $doc = slurp('doc/import.md');
my ($csv) = $doc =~ /```csv\n(.*?)```/s;
my ($example) = $doc =~ /## Worked example.*?```sql\n(.*?)```/s;
my $dir = PostgreSQL::Test::Utils::tempdir();
append_to_file("$dir/old_desk.csv", $csv);
$example =~ s/'old_desk\.csv'/'$dir\/old_desk.csv'/;
$example =~ s/'yichuan'/'yc'/g;
is(at_time($node, 'desk', $now, $example), "23-0108|TW006|参数 category 的值“抱怨”无法识别|可用的值：complaint (投诉), consultation (咨询), help (求助), suggestion (意见建议)\nimported|3\nrefused|1",
	'the worked example: one line is refused and named, the others are imported');
is(rows(q{select string_agg(external_no || ' ' || state, ', ' order by external_no) from ticket_workflow.ticket where external_no ~ '^2'}), '22-0001 closed, 22-0002 completed, 23-0107 accepted', 'the worked example: as they stood');

# ---- dump and restore
$node->safe_psql('postgres', 'create database restored');
my $dump = $node->basedir . '/desk.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, $node->connstr('desk') ], 'dumped');
$node->command_ok([ 'pg_restore', '-d', $node->connstr('restored'), $dump ], 'restored');
is_deeply(differing(data_of($node, 'desk'), data_of($node, 'restored')), [], 'design 9: identical rows');
is($node->safe_psql('restored', 'select * from ticket_workflow.check_integrity()'), '', 'design 9: check_integrity() finds nothing');
is($node->safe_psql('restored', 'select * from ticket_workflow.verify_journals()'), '', 'design 3: verify_journals() finds nothing');
is(at_time($node, 'restored', '2023-02-10 10:00+08', "select outcome, count(*) from ticket_workflow.import_tickets('yc', $array) group by 1"), 'exists|16', 'import: recognised after a restore');

# ---- twice at once
my $many = q{select string_agg(outcome || ' ' || n, ', ' order by outcome) from (select outcome, count(*) as n from ticket_workflow.import_tickets('yc', (
	select array_agg(jsonb_build_object('source', 'district', 'external_no', 'many ' || i, 'category', 'help', 'appeal', 'a', 'received_at', '2022-03-01 09:10') order by i) from generate_series(1, 1000) i)) group by 1) x};
my ($out, $err) = ('', '');
my $other = IPC::Run::start([ 'psql', '-AtXq', '-d', $node->connstr('desk'), '-c', $many ], '<', \'', '>', \$out, '2>', \$err);
my $first = rows($many);
$other->finish;
my %count = ();
foreach my $answer ($first, $out) { $count{$1} += $2 while $answer =~ /(\w+) (\d+)/g }
is("$count{imported} $count{exists} $err", '1000 1000 ', 'import: the same thousand by two sessions at once: each once, recognised by the other');
is(rows(q{select count(*) from ticket_workflow.ticket where external_no ~ '^many'}), '1000', 'a thousand');
is(rows('select * from ticket_workflow.check_integrity()'), '', 'check_integrity() finds nothing');
$node->stop;
done_testing();
