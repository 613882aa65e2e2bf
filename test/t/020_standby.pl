# A hot standby answers like its primary, and sees a change of the calendar, the rulebook and the language's texts
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

# two sessions with warm caches: one takes each statement's state, one holds a snapshot
my $warm = $standby->background_psql('desk');
my $held = $standby->background_psql('desk');
is($warm->query($ask), 't|2026-06-10|4|t', 'warm in READ COMMITTED');
$held->query_safe('begin isolation level repeatable read');
is($held->query($ask), 't|2026-06-10|4|t', 'warm in REPEATABLE READ');

# Wednesday, 10 June 2026, is given off by a document of the city
$primary->safe_psql('desk', q{select ticket_workflow.set_calendar_day('cn_shanghai', '2026-06-10', true, '测试')});
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));

my $moved = 'f|2026-06-11|3|f';
is($primary->safe_psql('desk', $ask), $moved, 'the primary has moved');
is($warm->query($ask), $moved, 'P-2.12: a warm session of the standby sees the change when it is replayed');
is($standby->safe_psql('desk', $ask), $moved, 'and a new one');
is($held->query($ask), 't|2026-06-10|4|t', 'P-2.12: a session with an older snapshot keeps the calendar of its snapshot');
$held->query_safe('commit');
is($held->query($ask), $moved, 'until its transaction ends');

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

done_testing();
