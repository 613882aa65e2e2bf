# Desk: what the TAP tests share. A node that finds the staged extension (STAGE, set by scripts/cluster;
# without it the installed one), and the comparison of two databases row by row.
package Desk;
use strict;
use warnings;
use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT_OK = qw(desk_node desk_conf stderr_of data_of);

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
