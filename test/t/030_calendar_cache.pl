# The engine's cache where one session or one snapshot is not enough: parallel workers, the extension dropped and
# created anew in one session, memory of a backend that uses many calendars, a plain role.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node);
use PostgreSQL::Test::Cluster;
use Test::More;

my $node = desk_node('calendars');
$node->safe_psql('postgres', 'create database desk');
$node->safe_psql('desk', q{
	create extension ticket_workflow;
	select ticket_workflow.load_calendar('cn_shanghai');
	create table day as select date '2004-01-01' + i % 8300 as day from generate_series(1, 200000) i;
	analyze day;
});

# ---- parallel workers load for themselves, and see what their leader sees, uncommitted rows too
my $parallel = q{set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0;
	set max_parallel_workers_per_gather = 2;};
my $count = q{select count(*) filter (where ticket_workflow.is_working_day(day)), min(ticket_workflow.add_working_days(day, 4)) from day};
like($node->safe_psql('desk', "$parallel explain (costs off) $count"), qr/Partial Aggregate.*Parallel Seq Scan/s, 'the plan is parallel');
foreach my $level ('read committed', 'repeatable read', 'serializable')
{
	my $sum = $node->safe_psql('desk', "$parallel begin isolation level $level; $count; commit");
	is($sum, $node->safe_psql('desk', "set max_parallel_workers_per_gather = 0; $count"), "$level: workers count as one does");
	my ($before, $after) = split /\n/, $node->safe_psql('desk', qq{$parallel begin isolation level $level; $count;
		\\o /dev/null
		select ticket_workflow.set_calendar_day('cn_shanghai', '2023-01-30', true);
		\\o
		$count; rollback});
	my ($worked) = split /\|/, $before;
	my ($less) = split /\|/, $after;
	is($worked - $less, $node->safe_psql('desk', q{select count(*) from day where day = '2023-01-30'}),
		"P-2.12, $level: workers see their leader's uncommitted change");
}

# ---- dropped and created in one session with a warm cache: tables have other OIDs then
is($node->safe_psql('desk', q{
	\o /dev/null
	select ticket_workflow.is_working_day('2023-01-30', 'cn');
	set client_min_messages = warning;
	drop extension ticket_workflow;
	create extension ticket_workflow;
	select ticket_workflow.create_calendar('cn', 'another', 'UTC');
	select ticket_workflow.is_working_day('2023-01-30', 'cn');
	select ticket_workflow.set_calendar_day('cn', '2023-01-30', true);
	\o
	select ticket_workflow.is_working_day('2023-01-30', 'cn'), ticket_workflow.is_working_day('2023-01-22', 'cn');
}), 'f|f', 'P-2.12: a dropped and created extension is another one');
my ($rc, $out, $err) = $node->psql('desk', q{
	select ticket_workflow.is_working_day('2023-01-30', 'cn');
	begin; drop extension ticket_workflow; rollback;
	select ticket_workflow.is_working_day('2023-01-30', 'cn');
});
is($out, "f\nf", 'and one whose drop was rolled back is still there');

# ---- many calendars, long-lived backend
$node->safe_psql('desk', q{
	select count(ticket_workflow.create_calendar('many_' || i, 'many', 'America/New_York')) from generate_series(1, 300) i;
	select count(ticket_workflow.set_calendar_day('many_' || i, date '2023-01-02' + i % 20, true)) from generate_series(1, 300) i;
});
my $memory = q{select coalesce(sum(total_bytes), 0), count(*) from pg_backend_memory_contexts where name = 'ticket_workflow cache'};
my $session = $node->background_psql('desk');
my $round = q{select count(*) filter (where ticket_workflow.is_working_day(date '2023-01-02' + i % 20, 'many_' || i)) from generate_series(1, 300) i};
is($session->query_safe($round), 0, 'three hundred calendars, each with its own day off');
my ($bytes, $contexts) = split /\|/, $session->query_safe($memory);
cmp_ok($contexts, '<=', 64, "of them no more than 64 are kept ($contexts)");
cmp_ok($bytes, '<', 4 * 1024 * 1024, "in less than 4 MB ($bytes)");
$session->query_safe($round) for 1 .. 5;
$session->query_safe(q{select ticket_workflow.set_calendar_day('many_1', '2023-03-01', true)}), $session->query_safe($round) for 1 .. 20;
my ($later) = split /\|/, $session->query_safe($memory);
cmp_ok($later, '<=', $bytes * 1.2, "and it does not grow with calls and changes ($later)");
$session->query_safe('begin isolation level repeatable read; select 1');
$session->query_safe(q{select ticket_workflow.set_calendar_day('many_1', '2023-03-02', true)});
$session->query_safe($round);
$session->query_safe('commit');
$session->query_safe($round);
my ($last) = split /\|/, $session->query_safe($memory);
cmp_ok($last, '<=', $bytes * 1.2, "nor with a transaction's own copies ($last)");
$session->quit;

# ---- who may not read the tables may count days once it may call the function
$node->safe_psql('desk', q{create role plain; grant usage on schema ticket_workflow to plain;
	grant execute on function ticket_workflow.is_working_day(date, text) to plain});
is($node->safe_psql('desk', q{set role plain; select ticket_workflow.is_working_day('2023-01-30', 'cn')}), 'f', 'the cache needs no privilege on tables');
isnt($node->psql('desk', q{set role plain; select ticket_workflow.set_calendar_day('cn', '2023-01-30', null)}), 0, 'changing them does');

# ---- rows that logical replication brings, which fires no statement triggers
my $publisher = desk_node('publisher', init => [ allows_streaming => 'logical' ]);
my @tables = map { "ticket_workflow.$_" } qw(calendar calendar_base calendar_window calendar_date_window calendar_document calendar_day);
$_->safe_psql('postgres', 'create database copied') for $publisher, $node;
$_->safe_psql('copied', 'create extension ticket_workflow') for $publisher, $node;
$publisher->safe_psql('copied', q{select ticket_workflow.create_calendar('far', 'far', 'UTC')});
$publisher->safe_psql('copied', 'create publication calendars for table ' . join(', ', @tables));
$node->safe_psql('copied', sprintf q{create subscription calendars connection '%s dbname=copied' publication calendars}, $publisher->connstr);
$node->poll_query_until('copied', q{select count(*) = 6 from pg_subscription_rel where srsubstate = 'r'}) or die 'no copy';
my $reader = $node->background_psql('copied');
my $monday = q{select ticket_workflow.is_working_day('2023-01-02', 'far')};
is($reader->query_safe($monday), 't', 'a replicated calendar');
foreach my $step ([ 'true', 'f' ], [ 'null', 't' ])
{
	my ($off, $answer) = @$step;
	$publisher->safe_psql('copied', "select ticket_workflow.set_calendar_day('far', '2023-01-02', $off)");
	$publisher->wait_for_catchup('calendars');
	is($reader->query_safe($monday), $answer, 'P-2.12: a replicated change reaches a warm cache');
}
$reader->quit;
$node->safe_psql('copied', 'drop subscription calendars');
$publisher->stop;

$node->stop;
done_testing();
