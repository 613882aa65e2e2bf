# Desk: what the TAP tests share. A node that finds the staged extension (STAGE, set by scripts/cluster;
# without it the installed one), and the comparison of two databases row by row.
package Desk;
use strict;
use warnings;
use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT_OK = qw(slurp desk_node desk_conf stderr_of data_of play_every_state at_time differing outcome_of);

sub slurp { my $file = shift; open(my $in, '<', $file) or die "$file: $!"; local $/; return scalar <$in>; }

# the settings with which a server finds the extension
sub desk_conf
{
	my $stage = $ENV{STAGE} or return '';
	my ($share, $lib, $version) = map { my $o = `$ENV{PG_CONFIG} --$_`; chomp $o; $o } qw(sharedir pkglibdir version);
	my ($major) = $version =~ /(\d+)/;
	my $found = $major >= 18 ? "extension_control_path = '$stage$share:\$system'" : "extension_destdir = '$stage'";
	return "$found\ndynamic_library_path = '$stage$lib:\$libdir'\n";
}

# desk_node(name, conf => 'lines', init => [...]): a started node
sub desk_node
{
	my ($name, %option) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(extra => [ '--locale=C.UTF-8', '-E', 'UTF8' ], @{ $option{init} // [] });
	$node->append_conf('postgresql.conf',
		desk_conf() . "timezone = 'Asia/Shanghai'\nfsync = off\n" . ($option{conf} // ''));
	$node->start;
	return $node;
}

# what the server says to a statement that must fail
sub stderr_of
{
	my ($node, $database, $sql, %option) = @_;
	my ($rc, $out, $err) = $node->psql($database, $sql, %option);
	isnt($rc, 0, "refused: $sql") or diag("answered: $out");
	return $err;
}

# run SQL as superuser with the clock at a moment; a procedure that commits can have no SET LOCAL around it
sub at_time
{
	my ($node, $database, $moment, $sql) = @_;
	local $ENV{PGOPTIONS} = "-c ticket_workflow.now=" . $moment =~ s/ /\\ /r;
	return $node->safe_psql($database, $sql);
}

# a new database with tickets in every state (test/fixtures/every_state.sql; of a released version, that version's own)
sub play_every_state
{
	my ($node, $database, $release) = @_;
	$node->safe_psql('postgres', "create database $database");
	$node->safe_psql($database, 'create extension ticket_workflow' . (defined $release ? " version '$release'" : ''));
	$node->command_ok([ 'psql', '-qX1', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $node->connstr($database),
			'-f', defined $release ? "test/releases/$release/every_state.sql" : 'test/fixtures/every_state.sql' ],
		"tickets in every state in $database" . (defined $release ? " at $release" : ''));
	return;
}

# the names under which two results of data_of() differ; the first lines that do are shown
sub differing
{
	my ($one, $other) = @_;
	my @names = grep { ($one->{$_} // 'missing') ne ($other->{$_} // 'missing') } sort keys %{ { %$one, %$other } };
	foreach my $name (@names > 5 ? @names[ 0 .. 4 ] : @names)
	{
		my %count;
		$count{$_}++ for split /\n/, $one->{$name}   // 'missing';
		$count{$_}-- for split /\n/, $other->{$name} // 'missing';
		my @lines = map { ($count{$_} > 0 ? '- ' : '+ ') . substr($_, 0, 300) } grep { $count{$_} } sort keys %count;
		diag("$name: " . @lines . " lines differ", map { "\n    $_" } @lines > 6 ? @lines[ 0 .. 5 ] : @lines);
	}
	return \@names;
}

# What sweeps leave behind, without what tells of the sweep itself: recording times and ids are given anew
# for each run, and which of two tickets came first is the sweep's affair. Left out are candidates of accountability: they
# come with the day's part, once a day, and what another sweep still holds then comes with the next day's.
sub outcome_of
{
	my ($node, $database) = @_;
	my %seen;
	my %query = (
		clocks => q{select ticket_id, clock, round, status, due_at, stopped_at, next_at from ticket_workflow.clock},
		tickets => q{select ticket_id, state, state_at, accepted_at, accepted_deemed from ticket_workflow.ticket},
		escalations => q{select e.ticket_id, e.clock, e.level, e.due_at, e.noticed_at, e.ended_at from ticket_workflow.escalation e},
		notices => q{select e.ticket_id, e.clock, e.level, o.code, n.message, n.recipient_post from ticket_workflow.notice n
			left join ticket_workflow.escalation e using (escalation_id) left join ticket_workflow.official o on o.official_id = n.recipient_id},
		journals => q{select ticket_id, kind, clause, from_state, to_state, occurred_at, details - '{escalation_id,notice_id,case_ids,case_id}'::text[] from ticket_workflow.journal
			where kind <> 'accountability_raised'});
	foreach my $name (keys %query)
	{
		$seen{$name} = $node->safe_psql($database, qq{select row_text from (select x::text as row_text from ($query{$name}) x) y order by row_text collate "C"});
	}
	return \%seen;
}

# every row of every table that is dumped, as text in one order, and every sequence: name => content
sub data_of
{
	my ($node, $database) = @_;
	my %data;
	my $registered = $node->safe_psql($database, q{
		select c.relkind, c.oid::regclass
		from pg_extension e, unnest(e.extconfig) t(oid) join pg_class c on c.oid = t.oid
		where e.extname = 'ticket_workflow' order by 2::text collate "C"});
	foreach my $line (split /\n/, $registered)
	{
		my ($kind, $name) = split /\|/, $line;
		$data{$name} = $node->safe_psql($database,
			$kind eq 'S'
			? "select last_value, is_called from $name"
			: qq{select t::text from $name t order by t::text collate "C"});
	}
	return \%data;
}

1;
