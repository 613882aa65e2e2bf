# A random walk: people of a small desk call the API at random, validly and not, from before Spring Festival 2023 on,
# with sweeps between. Whatever they do, only the documented errors come, and what stands afterwards holds by a second
# opinion (test/fixtures/invariants.sql). The seed is fixed; SEED=0.3 takes another walk, HEAVY=1 a longer one.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node);
use Test::More;

my $calls = $ENV{CALLS} // ($ENV{HEAVY} ? 20000 : 2000);
my $seed  = $ENV{SEED}  // 0.12345;

my $node = desk_node('walk', conf => "synchronous_commit = off\nshared_buffers = 64MB\n");
$node->safe_psql('postgres', 'create database walk');
$node->safe_psql('walk', 'create extension ticket_workflow');
$node->command_ok([ 'psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $node->connstr('walk'), '-f', 'test/fixtures/random_walk.sql' ],
	'the desk stands');
# in pieces: a session of its own plans anew, as sessions of a pool do
my $piece = 1000;
for (my $done = 0; $done < $calls; $done += $piece)
{
	$node->safe_psql('walk', "call walk.run($done, " . ($calls - $done < $piece ? $calls - $done : $piece) . ", $seed + $done * 1e-6)");
}

sub rows { return $node->safe_psql('walk', $_[0]) }
sub none
{
	my ($sql, $title) = @_;
	my $found = rows($sql);
	is($found, '', $title);
	return;
}

is(rows('select count(*) from walk.log'), $calls, "$calls calls");
none(q{select n, act, sqlstate, message, call from walk.log where sqlstate !~ '^TW0(0[1-9]|1[0-2])$' order by n limit 20},
	'no error but the documented ones');
none(q{select n, act, sqlstate, message from walk.log where sqlstate is not null and (coalesce(message, '') = '' or coalesce(hint, '') = '') limit 20},
	'every error has words and a hint');
none(q{select rule, ticket_id, detail from walk.violations() limit 40}, 'the second opinion finds nothing');
none(q{select * from ticket_workflow.sweep_failure limit 5}, 'no sweep failed');

# a walk that goes nowhere would find nothing either
none(q{select s.state from ticket_workflow.ticket_state s where not exists (
	select from ticket_workflow.journal j where j.to_state = s.state)}, 'every state was reached');
none(q{select x.from_state, x.to_state, x.act from ticket_workflow.ticket_transition x where not exists (
	select from ticket_workflow.journal j where (j.from_state, j.to_state, j.kind) = (x.from_state, x.to_state, x.act))},
	'every transition was made') if $ENV{HEAVY};
# a short walk may miss a rare act when the rules around it change
my $never = rows(q{select string_agg(act, ' ') from (
	select act from walk.log group by act having count(*) filter (where sqlstate is null) = 0) x});
cmp_ok(scalar(split ' ', $never), '<=', $ENV{HEAVY} ? 0 : 2, 'the acts come off') or diag("never: $never");
none(q{select e from unnest(array['TW001', 'TW002', 'TW004', 'TW005', 'TW006', 'TW008', 'TW009']) e
	where not exists (select from walk.log where sqlstate = e)}, 'every kind of refusal was met');
cmp_ok(rows(q{select count(*) from walk.log where sqlstate is null}), '>', $calls / 3, 'a good part of the calls was valid');
cmp_ok(rows(q{select count(*) from walk.log where sqlstate is not null}), '>', $calls / 8, 'and a good part was not');
cmp_ok(rows(q{select count(*) from ticket_workflow.escalation}), '>', 50, 'levels were raised');
note(rows(q{select string_agg(coalesce(sqlstate, 'done') || ' ' || n, ', ' order by sqlstate nulls first) from (
	select sqlstate, count(*) as n from walk.log group by 1) x}));
note(rows(q{select string_agg(state || ' ' || n, ', ') from (select state, count(*) as n from ticket_workflow.ticket group by 1) x}));
note(rows(q{select 'until ' || max(at) || ', returns ' || (select count(*) from ticket_workflow.ticket_return) || ', signatures '
	|| (select count(*) from ticket_workflow.approval) || ', extensions ' || (select count(*) from ticket_workflow.limit_extension where state = 'granted') from walk.log}));

note('not walked: ' . rows(q{select string_agg(f.function_name, ', ' order by f.function_name) from ticket_workflow.function_capability f
	where f.capability = 'official' and not exists (select from walk.log l where l.call like '%ticket_workflow.' || f.function_name || '(%')}));

$node->stop;
done_testing();
