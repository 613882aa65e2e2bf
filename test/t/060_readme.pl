# What the README shows is what happens: the first ticket runs, the diagram is the table's.
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
$node->stop;

done_testing();
