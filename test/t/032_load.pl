# Many at once: the mix of bench/load.sh for some seconds, on a clock so fast that everything runs out. No transaction
# fails, no deadlock, each acknowledged act stands in its journal once, the second opinion finds nothing, nobody starves.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = desk_node('load', conf => "max_connections = 100\nshared_buffers = 64MB\nlog_lock_waits = on\n");
$ENV{$_->[0]} = $_->[1] for [ PGHOST => $node->host ], [ PGPORT => $node->port ], [ PGUSER => scalar getpwuid($>) ],
	[ SPEED => 2000 ], [ SECONDS_EACH => $ENV{HEAVY} ? 60 : 4 ], [ CLIENTS => $ENV{HEAVY} ? '4 16 64' : '4 16' ];
my ($out, $err) = run_command([ 'bench/load.sh' ]);
note($out);
is($err, '', 'nothing to say about errors, deadlocks, lost acts or broken rules');
my %figure = $out =~ /^load([^|\n]*)\|([\d.]+)\|/mg;
is($figure{$_}, 0, "$_: none") for grep { /failed|deadlocks|differ|do not hold/ } sort keys %figure;
cmp_ok(scalar(grep { /tps|transactions/ } keys %figure), '>=', 4, 'figures for each number of clients');
like($out, qr/^\Q$_\E [1-9]\d* done/m, "done under load: $_") for qw(receive dispatch accept contact visit report);
is($node->safe_psql('bench_load', 'select * from ticket_workflow.check_integrity()'), '', 'sound');
is($node->safe_psql('bench_load', 'select clock_id, level from ticket_workflow.escalation group by 1, 2 having count(*) > 1'), '', 'no level twice');
cmp_ok($node->safe_psql('bench_load', 'select count(*) from ticket_workflow.escalation'), '>', 10, 'levels fired meanwhile');
unlike(slurp_file($node->logfile), qr/deadlock detected|PANIC|terminated by signal/, 'the log tells of no deadlock and no crash');

done_testing();
