# What the README shows is what happens: the first ticket runs, the diagram is the table's; and no example of the
# documents names a function, an argument, a column or a table that is not there.
use strict;
use warnings;
use lib 'test/perl';
use Test::More;
use Desk qw(desk_node);

open(my $in, '<', 'README.md') or die "README.md: $!";
my $readme = do { local $/; <$in> };
my ($first) = $readme =~ /^## First ticket\n.*?```sql\n(.*?)```/ms or die 'README.md has no first ticket';
my ($diagram) = $readme =~ /```mermaid\n(.*?)```/s or die 'README.md has no diagram';

cmp_ok(scalar(split /\n/, $first), '<=', 10, 'the first ticket in ten lines');

my $node = desk_node('readme');
$node->safe_psql('postgres', 'create extension ticket_workflow');
$node->safe_psql('postgres', "select ticket_workflow.load_rulebook('yichuan_2023')");
my $clocks = $node->safe_psql('postgres', $first);
like($clocks, qr/^退单期限\|/m, 'the first ticket runs, and its clocks show');
is($node->safe_psql('postgres', 'select ticket_workflow.lifecycle_diagram()') =~ s/\s+\z//r, $diagram =~ s/\s+\z//r,
	'the diagram is printed from the table of transitions');

open($in, '<', 'README.zh-CN.md') or die "README.zh-CN.md: $!";
my ($chinese) = do { local $/; <$in> } =~ /```sql\n(.*?create_center.*?)```/s;
is($chinese // '', $first, 'the Chinese README has the same first ticket');

# each block by itself, on a desk with a ticket in every state; what an example refuses for want of its rows is no matter
$node->safe_psql('postgres', 'create database docs');
$node->safe_psql('docs', 'create extension ticket_workflow');
$node->command_ok([ 'psql', '-qX1', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $node->connstr('docs'), '-f', 'test/fixtures/every_state.sql' ], 'a desk for the examples');
my @stale;
my $examples = 0;
foreach my $file (sort glob('README*.md doc/*.md'))
{
	open($in, '<', $file) or die "$file: $!";
	my $text = do { local $/; <$in> };
	while ($text =~ /```sql\n(.*?)```/gs)
	{
		my $block = $1;
		my $line = 1 + substr($text, 0, $-[0]) =~ tr/\n//;
		# two servers are 022_replication.pl's
		next if $block =~ /subscription/;
		$examples++;
		my (undef, undef, $err) = $node->psql('docs', "begin;\nset local ticket_workflow.actor = 'dispatcher';\n$block\n;rollback;",
			on_error_stop => 0, extra_params => [ '-v', 'VERBOSITY=verbose', '-v', 'ON_ERROR_ROLLBACK=on', '-v', 'notice_id=1', '-v', "token='$file'" ]);
		push @stale, "$file:$line: $1" while $err =~ /ERROR:\s+(42\w{3}: [^\n]*)/g;
	}
}
cmp_ok($examples, '>', 20, 'examples are found');
is_deeply(\@stale, [], 'no example of the documents is stale');
$node->stop;

done_testing();
