# A hot standby answers like its primary, and sees a change of the calendar or of the rules of dispatch
# as soon as it is replayed: in a session whose cache is warm, and in the isolation level that it asked for.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node desk_conf data_of);
use PostgreSQL::Test::Cluster;
use Test::More;

my $primary = desk_node('primary', init => [ allows_streaming => 1 ], conf => "max_wal_senders = 4\nfsync = off\n");
$primary->safe_psql('postgres', 'create database desk');
$primary->safe_psql('desk', q{
	create extension ticket_workflow;
	select ticket_workflow.load_calendar('cn_shanghai');
	select ticket_workflow.load_rulebook('yichuan_2023');
	select ticket_workflow.create_center('st', '备库城运中心', rulebook => 'yichuan_2023');
	select ticket_workflow.create_area('st', 'p1', '第一片区');
	select ticket_workflow.create_matter('st', 'light', '楼道照明');
	select ticket_workflow.create_organization('st', 'fg', '房管办', since => '2020-01-01'),
		ticket_workflow.create_organization('st', 'cg', '城管中队', since => '2020-01-01'),
		ticket_workflow.create_organization('st', 'jw', '泰山居委会', 'committee', 'p1', since => '2020-01-01');
	select ticket_workflow.create_duty('st', 'fg', 'light', '房管职责', since => '2020-01-01');
	select ticket_workflow.create_place('st', '泰山小区', 'estate', 'jw', since => '2020-01-01');
});
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));

# ticket_workflow.now() must be the statement's here too: nothing is written
is($standby->safe_psql('desk', 'select pg_is_in_recovery(), ticket_workflow.now() = statement_timestamp()'), 't|t',
	'the clock works in recovery');

my $ask = q{select ticket_workflow.is_working_day('2026-06-10'), ticket_workflow.add_working_days('2026-06-09', 1),
	ticket_workflow.working_days_between('2026-06-08', '2026-06-12'),
	ticket_workflow.due_at('2026-06-09 10:00+08', 'working_days', 1) = '2026-06-11 00:00+08'};
is($standby->safe_psql('desk', $ask), $primary->safe_psql('desk', $ask), 'the standby answers like the primary');

# 2.1: what decides, what the appeal names, whose place it is
my $dispatch = q{select coalesce((select r.principle || ' ' || coalesce(r.department, '-') from ticket_workflow.resolve_dispatch('st', 'light', 'p1', '泰山小区3号',
	'请城管处理楼道灯', on_day => '2023-02-07') r where r.decisive), 'nobody') || '; ' || ticket_workflow.found_in_text('st', '泰山小区3号', '请城管处理', '2023-02-07')};
my $by_duty = 'duty fg; 泰山小区: jw';
is($standby->safe_psql('desk', $dispatch), $by_duty, '2.1: the standby dispatches');

# two sessions with warm caches: one takes each statement's state, one holds a snapshot
my $warm = $standby->background_psql('desk');
my $held = $standby->background_psql('desk');
is($warm->query($ask), 't|2026-06-10|4|t', 'warm in READ COMMITTED');
$held->query_safe('begin isolation level repeatable read');
is($held->query($ask), 't|2026-06-10|4|t', 'warm in REPEATABLE READ');
is($warm->query($dispatch), $by_duty, '2.1: rules compiled in READ COMMITTED');
is($held->query($dispatch), $by_duty, '2.1: and in REPEATABLE READ');
# this one stays connected until the standby is a primary
my $kept = $standby->background_psql('desk');
is($kept->query($dispatch), $by_duty, '2.1: and in a session that will see the promotion');

# Wednesday, 10 June 2026, is given off by a document of the city
$primary->safe_psql('desk', q{select ticket_workflow.set_calendar_day('cn_shanghai', '2026-06-10', true, '测试')});
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));

my $moved = 'f|2026-06-11|3|f';
is($primary->safe_psql('desk', $ask), $moved, 'the primary has moved');
is($warm->query($ask), $moved, 'P-2.12: a warm session of the standby sees the change when it is replayed');
is($standby->safe_psql('desk', $ask), $moved, 'and a new one');
is($held->query($ask), 't|2026-06-10|4|t', 'P-2.12: a session with an older snapshot keeps the calendar of its snapshot');

# a department gets a name and shares the duty
$primary->safe_psql('desk', q{
	select ticket_workflow.create_alias('st', '城管', 'cg', '2020-01-01');
	select ticket_workflow.create_duty('st', 'cg', 'light', '代管', since => '2020-01-01')});
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
my $by_name = 'association cg; 泰山小区: jw; 城管: cg';
is($primary->safe_psql('desk', $dispatch), $by_name, '2.1: the primary goes by the new rules');
is($warm->query($dispatch), $by_name, 'P-2.12: rules changed on the primary are seen by a warm session of the standby');
is($kept->query($dispatch), $by_name, 'P-2.12: by every one');
is($held->query($dispatch), $by_duty, 'P-2.12: but not under an older snapshot');
$held->query_safe('commit');
is($held->query($ask), $moved, 'until its transaction ends');
is($held->query($dispatch), $by_name, 'P-2.12: then the new rules count there too');

# a name is ended by date; what is rolled back never was
$primary->safe_psql('desk', q{
	select ticket_workflow.end_dispatch_rule(rule_id, '2022-12-31') from ticket_workflow.organization_alias;
	begin;
	select ticket_workflow.create_fallback('st', 'cg', since => '2020-01-01');
	delete from ticket_workflow.duty;
	rollback;
});
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
is($warm->query($dispatch), 'territorial jw; 泰山小区: jw', 'P-2.12: a name that has ended names nobody, a rollback is not seen');

# and back again, in one transaction that the standby never saw half of
$primary->safe_psql('desk', q{
	begin;
	select ticket_workflow.set_calendar_day('cn_shanghai', '2026-06-10', false, '测试');
	select ticket_workflow.set_calendar_day('cn_shanghai', '2026-06-11', true, '测试');
	rollback;
});
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
is($warm->query($ask), $moved, 'what was rolled back on the primary is not seen');
$primary->safe_psql('desk', q{select ticket_workflow.set_calendar_day('cn_shanghai', '2026-06-10', false, '测试')});
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
is($warm->query($ask), 't|2026-06-10|4|t', 'the next change is seen too');

# views read, writes refuse themselves in the server's words, the sweep steps aside
my @views = split /\n/, $standby->safe_psql('desk', q{
	select oid::regclass from pg_class where relnamespace = 'ticket_workflow'::regnamespace and relkind = 'v' order by 1});
cmp_ok(scalar @views, '>', 5, 'there are views');
foreach my $view (@views)
{
	my ($rc, $out, $err) = $standby->psql('desk', "select * from $view");
	is($rc, 0, "view $view on the standby") or diag($err);
}
my ($rc, $out, $err) = $standby->psql('desk', 'call ticket_workflow.sweep()');
is("$rc$err", '0', 'a sweep on a standby steps aside without an error');
($rc, $out, $err) = $standby->psql('desk', q{select ticket_workflow.set_calendar_day('cn_shanghai', '2026-06-12', true, '测试')});
isnt($rc, 0, 'a change on the standby is refused');

# promoted, it goes on by itself
$warm->quit;
$held->quit;
$primary->stop;
$standby->promote;
$standby->safe_psql('desk', q{select ticket_workflow.set_calendar_day('cn_shanghai', '2026-06-10', true, '测试')});
is($standby->safe_psql('desk', $ask), $moved, 'after promotion it takes changes');
is($kept->query($dispatch), 'territorial jw; 泰山小区: jw', '2.1: a session that was there before the promotion goes on');
$standby->safe_psql('desk', q{
	select ticket_workflow.create_statutory_rule('st', 'fg', 'light', '《条例》', since => '2020-01-01')});
is($kept->query($dispatch), 'statutory fg; 泰山小区: jw', 'P-2.12: and sees the rules change');
is($standby->safe_psql('desk', $dispatch), 'statutory fg; 泰山小区: jw', 'P-2.12: as a new one does');
$kept->query_safe(q{select ticket_workflow.end_dispatch_rule(rule_id, '2022-12-31') from ticket_workflow.statutory_rule});
is($kept->query($dispatch), 'territorial jw; 泰山小区: jw', 'P-2.12: and its own change');
$kept->quit;

done_testing();
