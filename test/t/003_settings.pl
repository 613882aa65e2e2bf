# A plain role cannot forge the clock by setting a placeholder before the library is loaded, whatever the way;
# actor and language it may set, and the functions see the value that the server has checked.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node);
use Test::More;

my $node = desk_node('settings');
$node->safe_psql('postgres', q{
	create database desk;
	create role forger login;
});
$node->safe_psql('desk', q{
	create extension ticket_workflow;
	grant usage on schema ticket_workflow to forger;
	grant execute on all functions in schema ticket_workflow to forger;
	grant create on schema public to forger;
	grant create on database desk to forger;
});

# The value of the clock in a new session of the forger, after what he tries first.
sub clock
{
	my ($before, %option) = @_;
	local $ENV{PGOPTIONS} = $option{pgoptions} if $option{pgoptions};
	my ($rc, $out, $err) = $node->psql('desk', "$before\nselect ticket_workflow.now() = statement_timestamp();",
		extra_params => [ '-U', 'forger' ], on_error_stop => 0);
	my @lines = split /\n/, $out;
	return ($lines[-1] // '', $err);
}

my $false = '2023-01-20 16:59:00+08';
my $answer;
my $said;

($answer, $said) = clock("set ticket_workflow.now = '$false';");
is($answer, 't', 'SET before the library is loaded: the real clock');
like($said, qr/permission denied to set parameter "ticket_workflow.now"/, 'and the forger is told so');

($answer) = clock("select set_config('ticket_workflow.now', '$false', false);");
is($answer, 't', 'set_config() before the library is loaded');

($answer) = clock("begin; set local ticket_workflow.now = '$false';");
is($answer, 't', 'SET LOCAL in a transaction');

($answer) = clock('', pgoptions => "-c ticket_workflow.now=2023-01-20");
is($answer, 't', 'PGOPTIONS');

($answer) = clock("load '\$libdir/plpgsql'; set ticket_workflow.now = '$false'; discard plans;");
is($answer, 't', 'with another library between');

my ($rc, $out, $err) = $node->psql('desk', "alter role forger set ticket_workflow.now = '$false'",
	extra_params => [ '-U', 'forger' ]);
($answer) = clock('');
is($answer, 't', 'ALTER ROLE ... SET by the role itself, ' . ($rc ? 'refused' : 'without effect'));
$node->safe_psql('postgres', 'alter role forger reset all');

# ... and one that a superuser has set for the role is meant
$node->safe_psql('postgres', "alter role forger set ticket_workflow.now = '$false'");
($answer) = clock('');
is($answer, 'f', 'a superuser may give the role a clock (a demo does)');
$node->safe_psql('postgres', 'alter role forger reset all');

# SET clause of a function: refused where it is written, without and with the library
foreach my $first ('', 'select ticket_workflow.now() is not null;')
{
	($rc, $out, $err) = $node->psql('desk', qq{
		$first
		create or replace function public.forged() returns boolean language sql
			set ticket_workflow.now = '$false'
			as 'select ticket_workflow.now() = statement_timestamp()';
		select public.forged();
	}, extra_params => [ '-U', 'forger' ], on_error_stop => 0);
	unlike($out, qr/^f$/m, 'a SET clause of a function gives no false clock');
	like($err, qr/permission denied to set parameter "ticket_workflow.now"/, 'it is refused');
}
# one that a superuser made, and the forger takes for his own text, is refused when it is called
$node->safe_psql('desk', qq{
	create function public.lent() returns boolean language sql set ticket_workflow.now = '$false'
		as 'select ticket_workflow.now() = statement_timestamp()'});
($rc, $out, $err) = $node->psql('desk', 'select public.lent()', extra_params => [ '-U', 'forger' ]);
isnt($out, 'f', 'calling a function with such a SET clause gives the forger no clock');

# a database of his own: ALTER DATABASE ... SET
$node->safe_psql('postgres', 'alter database desk owner to forger');
($rc) = $node->psql('desk', "alter database desk set ticket_workflow.now = '$false'", extra_params => [ '-U', 'forger' ]);
($answer) = clock('');
is($answer, 't', 'ALTER DATABASE ... SET by its owner, ' . ($rc ? 'refused' : 'without effect'));
$node->safe_psql('postgres', 'alter database desk owner to current_user');
$node->safe_psql('postgres', 'alter database desk reset all');

# language and actor are a session's own, but only values of the right kind survive the loading
($rc, $out, $err) = $node->psql('desk', q{
	set ticket_workflow.language = 'klingon';
	select ticket_workflow.language();
}, extra_params => [ '-U', 'forger' ]);
is($out, 'zh', 'a placeholder language that does not exist falls back to the default');
like($err, qr/invalid value for parameter "ticket_workflow.language"/, 'with a warning');
($rc, $out, $err) = $node->psql('desk', q{
	set ticket_workflow.language = 'en';
	set ticket_workflow.actor = 'L01';
	select ticket_workflow.language(), ticket_workflow.actor_setting();
}, extra_params => [ '-U', 'forger' ]);
is($out, 'en|L01', 'good placeholders set before the loading are taken over');
($rc, $out, $err) = $node->psql('desk', q{
	set ticket_workflow.clock = 'x';
	select ticket_workflow.language();
}, extra_params => [ '-U', 'forger' ]);
like($err, qr/ticket_workflow\.clock/, 'a placeholder of our prefix that is none of ours is dropped with a warning');

done_testing();
