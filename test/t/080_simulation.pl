# A street from January 2023 on, played by its officials through the public API on the simulated clock (test/fixtures/
# simulation.sql), and a second calculation from the journal and the facts alone, by the norm's words (simulation_clocks.sql,
# _told.sql, _figures.sql, _lists.sql): the same people late on the same clocks, the same escalations, told to the same people and
# over at the same moments, the same figures, bulletins, notices, lists, bursts, repeats, candidates. A month with Spring Festival
# and its make-up weekend and 2,000 tickets; HEAVY=1: the year and 20,000. SEED=, TICKETS= take other streets.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node slurp at_time);
use Test::More;
use Time::HiRes qw(time);
use Time::Local qw(timegm);

my $heavy   = $ENV{HEAVY};
my $tickets = $ENV{TICKETS} // ($heavy ? 20000 : 2000);
my $seed    = $ENV{SEED} // 0.42;
# tickets come in January, with Spring Festival and a make-up weekend; a week for clocks to run out
my $since   = $heavy ? '2023-01-02' : '2023-01-03';
my $until   = $heavy ? '2023-12-29' : '2023-01-31';
my $end     = $heavy ? '2024-01-05' : '2023-02-09';
# minutes between sweeps, where something is due: what happens is dated by when it was due, so fewer only notice later
my $every   = $ENV{EVERY} // 20;
note("SEED=$seed TICKETS=$tickets EVERY=$every");

sub days
{
	my ($first, $last) = map { my ($y, $m, $d) = split /-/; timegm(0, 0, 0, $d, $m - 1, $y) } @_;
	return map { my @t = gmtime($first + $_ * 86400); sprintf('%04d-%02d-%02d', $t[5] + 1900, $t[4] + 1, $t[3]) } 0 .. ($last - $first) / 86400;
}

# the first moment of the day after
sub moment_after { my @days = days($_[0], '2024-12-31'); return "$days[1] 00:00:01+08" }

my $began = time;
my $node = desk_node('street', conf => "synchronous_commit = off\nfull_page_writes = off\nshared_buffers = 256MB\nmax_wal_size = 4GB\njit = off\n");

# a database with the street, its plan and what was played of it
sub street
{
	my ($name, $number, $last, $skip) = @_;
	$node->safe_psql('postgres', "create database $name");
	$node->safe_psql($name, 'create extension ticket_workflow');
	$node->command_ok([ 'psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $node->connstr($name), '-f', 'test/fixtures/simulation.sql' ], "$name: the desk stands");
	$node->safe_psql($name, "call sim.plan($number, '$since', '" . ($last lt $until ? $last : $until) . "', $seed)");
	# some days in a session of its own, as sessions of a pool come and go; autovacuum hears of nothing within a long CALL
	my @days = days($since, $last);
	my $span = 1;
	while (my @span = splice(@days, 0, $span))
	{
		$node->safe_psql($name, "select setseed(0.1); call sim.play('$span[-1] 24:00+08', '$every minutes', $skip)");
		$node->safe_psql($name, 'vacuum analyze');
		note("$name: $span[-1] after " . int(time - $began) . ' s');
		$span = 6;
	}
	$node->safe_psql($name, "call sim.sweep('" . moment_after($last) . "')");
	return;
}

street('street', $tickets, $end, 0);
my $played = time - $began;
my $as_of  = moment_after($end);

sub rows { return $node->safe_psql('street', $_[0]) }
sub none { my ($sql, $title) = @_; my $found = rows($sql); is($found, '', $title); return }

# ---- the street was a busy one
none(q{select act, sqlstate, message from sim.played where sqlstate !~ '^TW0(0[1-9]|1[0-2])$' limit 5}, 'no error but the documented ones');
cmp_ok(rows('select count(*) filter (where sqlstate is not null) * 100.0 / count(*) from sim.played'), '<', 8, 'most of what people do is allowed');
none(q{select s.state from ticket_workflow.ticket_state s where not exists (select from ticket_workflow.journal j where j.to_state = s.state)}, 'every state was reached');
none(q{select unnest(array['record_contact', 'record_site_visit', 'record_assistance', 'record_platform_report', 'request_return', 'grant_return', 'refuse_return', 'withdraw_return', 'recall', 'merge',
	'correct', 'void_record', 'report_sent_back_by_check', 'report_sent_back', 'reopen', 'close', 'extension_granted', 'record_callback', 'record_guidance', 'record_mediation',
	'escalation_acknowledged', 'accountability_raised', 'return_window_closed', 'record_department_call', 'signed']) except select kind from ticket_workflow.journal}, 'everything happened');
none(q{select t from unnest(array['mediation', 'guidance', 'similar_case', 'response_plan', 'daily_posting', 'duty_attendance', 'accountability_decision', 'limit_extension']) t
	where (xpath('/row/n/text()', query_to_xml('select count(*) as n from ticket_workflow.' || t, false, true, '')))[1]::text::bigint = 0}, 'in every room');
none('select clock_id, sqlstate, message from ticket_workflow.sweep_failure limit 5', 'no sweep failed');

# ---- the second calculation
my $cal = '[' . join(',', map { slurp("data/calendar/cn/$_.json") } 2022 .. 2024) . ']';
$cal =~ s/\s+/ /g;
foreach my $part (qw(clocks told figures lists))
{
	$node->command_ok([ 'psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('street'), '-v', "cal=$cal", '-v', "as_of=$as_of", '-v', "since=$since",
			'-f', "test/fixtures/simulation_$part.sql" ], "the second calculation: $part");
}
{
	local $ENV{PGOPTIONS} = "-c ticket_workflow.now=" . $as_of =~ s/ /\\ /r;
	$node->command_ok([ 'psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('street'), '-v', "as_of=$as_of", '-v', "since=$since", '-f', 'test/fixtures/simulation_compare.sql' ], 'beside the views');
}
foreach my $what (split /\n/, <<'EOW')
clock
overdue_ticket
escalation
told
over
return window
monthly_summary
department_performance
rate without denominator
monthly_bulletin
daily notice
burst
periodic duty
accountability
quarterly_summary
before
repeat_petition
seen late
seen finish
seen week
EOW
{
	none("select * from norm.difference where what like '$what%' order by 1, 2 limit 10", "the same by both: $what");
}
# a comparison of nothing would find nothing
foreach my $count (['norm.clock', 8], ["norm.clock where outcome = 'late'", 0.8], ["norm.clock where outcome = 'overdue'", 0.03], ['norm.level', 1], ['norm.window_closed where deemed', 0.01],
	['norm.told', 1], ["norm.told where vacant <> '{}'", 0.001], ['norm.over where ended_at is not null', 0.8], ['norm.daily', 2], ['norm.late_then', 1], ['norm.finish', 0.05], ["norm.week where item = 'unsolved'", 0.02],
	["norm.repeated where repeat_kind = 'same_person'", 0.001], ["norm.repeated where repeat_kind = 'several_matters'", 0.001], ["norm.repeated where repeat_kind = 'several_persons'", 0.001], ['norm.before', 0.005], ['norm.burst', 0.002], ['norm.candidate', 0.05], ["norm.figure where figure = 'satisfaction' and value is not null", 0.001])
{
	my ($from, $share) = @$count;
	cmp_ok(rows("select count(*) from $from"), '>', $share * $tickets, "there is something of: $from");
}

# ---- what stands
none('select * from ticket_workflow.check_integrity() limit 5', 'check_integrity() finds nothing');
none('select * from ticket_workflow.verify_journals() limit 5', 'verify_journals() finds nothing');
$node->safe_psql('street', 'create schema walk; create table walk.swept as select at from sim.swept');
$node->command_ok([ 'psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('street'), '-f', 'test/fixtures/invariants.sql' ], 'invariants');
none('select rule, ticket_id, detail from walk.violations() limit 20', 'the second opinion of the random walk finds nothing');
none(q{select e.ticket_id, e.clock, e.level from ticket_workflow.escalation e join norm.state s on s.ticket_id = e.ticket_id and s.state in ('closed', 'transferred', 'withdrawn', 'merged') and s.until = 'infinity'
	where e.reached_at >= s.at limit 5}, 'C3: nothing fires for what is closed, transferred, withdrawn or merged');
none(q{select ticket_id, clock_id, level from ticket_workflow.escalation group by 1, 2, 3 having count(*) > 1}, 'C4: each level once');

# ---- every ticket told again as a former desk would, and imported (sql/import): the same state, clocks and levels
$node->command_ok([ 'psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('street'), '-v', "as_of=$as_of", '-f', 'test/fixtures/simulation_retold.sql' ], 'the street is told again');
none('select * from retold.difference order by 1, 2 limit 10', 'import: as it was played');
cmp_ok(rows(q{select count(*) from retold.outcome where outcome = 'imported'}), '>', 0.6 * $tickets, 'import: most of the street');

# ---- the same with sweeps that do not come: the same levels, only later noticed (more of it in 075_sweep_times)
if ($heavy)
{
	my $month = '2023-02-10';
	$node->safe_psql('postgres', 'drop database street');
	my $few = $tickets < 1500 ? $tickets : 1500;
	street('swept', $few, $month, 0);
	street('skipped', $few, $month, 0.8);
	my $levels = q{select ticket_id, clock, round, level, purpose, due_at, reached_at, ended_at, end_cause, recipients, vacant_posts from ticket_workflow.escalation order by ticket_id, clock, round, level};
	is($node->safe_psql('skipped', "select md5(string_agg(x::text, '' order by x::text)) from ($levels) x"), $node->safe_psql('swept', "select md5(string_agg(x::text, '' order by x::text)) from ($levels) x"),
		'C4: four sweeps of five left out: the same escalations');
	cmp_ok($node->safe_psql('skipped', 'select count(*) from ticket_workflow.escalation where noticed_at > reached_at + interval \'1 hour\''), '>', 100, 'some of them noticed an hour later');
}

# ---- figures, for doc/operations.md; no test depends on them
unless ($heavy)
{
	note(sprintf('%d calls and %d sweeps in %.0f s', rows('select count(*) from sim.played'), rows('select count(*) from sim.swept'), $played));
	note(rows(q{select 'calls/s ' || round(count(*) / extract(epoch from sum(took))) || ', sweep ms ' || round((select avg(extract(epoch from took) * 1000) from sim.swept), 1) from sim.played}));
}
$node->stop;
done_testing();
