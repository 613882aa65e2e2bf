# pg_cron really runs the sweep: scheduled in its own database and from another one; and what schedule_sweeps()
# answers where it can do nothing itself. What it returns is run as it stands.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node);
use Test::More;

my $cron = "shared_preload_libraries = 'pg_cron'\ncron.database_name = 'home'\ncron.use_background_workers = on\n";

# ---- a server without pg_cron: the sweep is for any other timer

my $bare = desk_node('bare');
$bare->safe_psql('postgres', 'create extension ticket_workflow');
my $answer = $bare->safe_psql('postgres', 'select ticket_workflow.schedule_sweeps()');
like($answer, qr/^CALL ticket_workflow\.sweep\(\);$/m, 'without pg_cron: the call for another timer');
is((grep { !/^--/ && !/^CALL/ } split /\n/, $answer), 0, 'the words stand in comments');
$bare->safe_psql('postgres', $answer);
is($bare->safe_psql('postgres', 'select count(*) from ticket_workflow.sweep_run where finished_at is not null'), '1',
	'and run as it stands it sweeps');
like($bare->safe_psql('postgres', 'select ticket_workflow.unschedule_sweeps()'), qr/^--/, 'nothing to unschedule is no error');
$bare->stop;

# ---- with pg_cron, before its extension is created

my $node = desk_node('cron', conf => $cron);
$node->safe_psql('postgres', 'create database home');
$node->safe_psql('postgres', 'create database away');
$node->safe_psql($_, 'create extension ticket_workflow') for qw(home away);

$answer = $node->safe_psql('home', 'select ticket_workflow.schedule_sweeps()');
like($answer, qr/^create extension pg_cron;$/m, 'pg_cron is loaded, its extension missing: said so');
$node->safe_psql('home', $answer);
is($node->safe_psql('home', 'select count(*) from cron.job'), '1', 'run as it stands it schedules');

# ---- here, and again: one job, one CALL

$answer = $node->safe_psql('home', 'select ticket_workflow.schedule_sweeps()');
unlike($answer, qr/^(?!--)./m, 'scheduled here: nothing is left to run');
is($node->safe_psql('home', 'select jobname, schedule, command, database, active from cron.job'),
	'ticket_workflow_sweep_home|* * * * *|CALL ticket_workflow.sweep()|home|t', 'one named job of exactly one CALL, called twice or not');

# ---- from another database

$answer = $node->safe_psql('away', 'select ticket_workflow.schedule_sweeps()');
like($answer, qr/home/, 'in another database: told where');
$node->safe_psql('home', $answer);
is($node->safe_psql('home', "select jobname, command, database from cron.job where database = 'away'"),
	'ticket_workflow_sweep_away|CALL ticket_workflow.sweep()|away', 'run there as it stands it schedules for this one');

# ---- a role that may not

$node->safe_psql('home', q{
	create role timer login;
	grant usage on schema ticket_workflow to timer;
	grant execute on all functions in schema ticket_workflow to timer;
});
$answer = $node->safe_psql('home', 'select ticket_workflow.schedule_sweeps()', extra_params => [ '-U', 'timer' ]);
like($answer, qr/^select cron\.schedule\(/m, 'a role that may not schedule gets the statement');
like($answer, qr/^--.*timer/m, 'and is told why');
is($node->safe_psql('home', "select count(*) from cron.job where username = 'timer'"), '0', 'nothing was scheduled for it');

# ---- and it runs: at the next full minute, in both databases

ok($node->poll_query_until($_, q{select exists (select from ticket_workflow.sweep_run where finished_at is not null)}),
	"pg_cron has swept database $_") for qw(home away);
ok($node->poll_query_until('home', q{
	select count(distinct database) = 2 and bool_and(status = 'succeeded') from cron.job_run_details where status <> 'running'}),
	'pg_cron calls both runs a success')
	or diag($node->safe_psql('home', 'select database, status, return_message from cron.job_run_details'));
is($node->safe_psql('away', 'select last_finished_at is not null, failures_last_hour from ticket_workflow.sweep_health'),
	't|0', 'sweep_health shows it');

# ---- away with it

like($node->safe_psql('home', 'select ticket_workflow.unschedule_sweeps()'), qr/^--/, 'unscheduled here');
$answer = $node->safe_psql('away', 'select ticket_workflow.unschedule_sweeps()');
$node->safe_psql('home', $answer);
is($node->safe_psql('home', 'select count(*) from cron.job'), '0', 'no job is left, of either database');

done_testing();
