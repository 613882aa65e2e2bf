# Message keys, clause keys and sources agree; the sources keep the rules that only their text can show.
use strict;
use warnings;
use FindBin;
use Test::More;

chdir "$FindBin::Bin/../.." or die $!;

sub slurp { my $file = shift; open(my $in, '<:encoding(UTF-8)', $file) or die "$file: $!"; local $/; return <$in>; }

sub keys_of
{
	my ($file) = @_;
	return map { (split /\t/)[0] } grep { !/^(#|\s*$)/ } split /\n/, slurp($file);
}

my @sql = grep { !m{^sql/releases/} } split /\n/, `find sql -name '*.sql'`;
my @c   = split /\n/, `find src -name '*.[ch]' -not -path 'src/generated/*'`;
my %text = map { $_ => slurp($_) } @sql, @c;
ok(@sql > 5 && @c > 2, 'sources found');

my %message = map { $_ => 1 } keys_of('messages/messages.tsv');
my %clause  = map { $_ => 1 } keys_of('messages/clauses.tsv');

my @codes  = map { (split /\t/)[1] // () } split /\n/, slurp('messages/labels.tsv');

my (@unknown_key, @unknown_clause, @current_setting, @raised, %mentioned, %cited);
foreach my $file (sort keys %text)
{
	my $text = $text{$file};
	while ($text =~ /\b(?:ticket_workflow\.fail|tw_fail|tw_message|message_text)\(\s*(['"])(\w+)\1(?:\s*,\s*(['"])([^'"]+)\3)?/g)
	{
		my ($key, $cited) = ($2, $4);
		push @unknown_key, "$file: $key" if !$message{$key};
		push @unknown_clause, "$file: $cited" if defined $cited && !$clause{$cited};
	}
	$mentioned{$_} = 1 for $text =~ /['"](\w+)['"]/g;
	# a key put together of a prefix and a code, as 'notice_' || purpose
	foreach my $prefix ($text =~ /'(\w+_)'\s*\|\|/g)
	{
		$mentioned{ $prefix . $_ } = 1 for @codes;
	}
	$cited{$_} = 1 for $text =~ /(?<![\w.])([\w.]+\w)/g;
	(my $code = $text) =~ s{/\*.*?\*/|--[^\n]*}{}gs;
	# what CREATE EXTENSION itself refuses
	$code =~ s/^do \$(\w*)\$.*?^\$\1\$;//gms;
	push @current_setting, $file if $code =~ /current_setting\s*\(\s*'ticket_workflow/i;
	# raise_problems() is fail() for several
	push @raised, $file if $file ne 'sql/base/checks.sql' && $code =~ /\braise\s+exception\b/i;
}

# documents and the data of rulebooks cite clauses and keys too
$cited{$_} = $mentioned{$_} = 1
	for map { slurp($_) =~ /["'\t]([^"'\s]+)["'\t\n]/g } split(/\n/, `find data messages/labels.tsv -type f 2>/dev/null`);

is_deeply(\@unknown_key, [], 'every key given to fail(), tw_fail() or message_text() is a message');
is_deeply(\@unknown_clause, [], 'every clause cited has its wording');
is_deeply([ grep { !$mentioned{$_} } sort keys %message ], [], 'every message is used');
is_deeply(\@current_setting, [], 'design 5: no current_setting() of ours');
is_deeply(\@raised, [], 'design 7: errors are raised by fail() only');

# a file says what it is for in its first line, and stays one subject
is_deeply([ grep { $text{$_} !~ m{\A(?:--|/\*)} } sort keys %text ], [], 'design 2: every file begins with what it is for');
is_deeply([ grep { ($text{$_} =~ tr/\n//) > 600 } sort keys %text ], [], 'design 2: no file beyond 600 lines');

# every fragment is in the install script, and the other way round
my $order = slurp('sql/order.mk');
is_deeply([ grep { $order !~ /^\s*\Q$_\E( \\)?$/m } sort @sql ], [], 'every fragment stands in sql/order.mk');

done_testing();
