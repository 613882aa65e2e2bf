# pg_upgrade: a desk with tickets in every state moves into a new cluster, to the same major version always, to others where
# their servers (with development files) are installed; it says so when not. Identical data, the same catalog, the DBA's
# grants, index and dropped roles included; the version of the extension stays and is updated afterwards.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node desk_conf data_of play_every_state at_time differing);
use Drift qw(catalog_of same_extension versions);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($from) = versions();
my $dir = PostgreSQL::Test::Utils::tempdir;
chomp(my $bindir = `$ENV{PG_CONFIG} --bindir`);
chomp(my $major = `$ENV{PG_CONFIG} --version`);
($major) = $major =~ /(\d+)/;

my $old = desk_node('before');
# one desk in the version at work, one that still is at the last release
play_every_state($old, 'desk');
play_every_state($old, 'released', $from);
foreach my $database ('desk', 'released')
{
	at_time($old, $database, $_, 'call ticket_workflow.sweep()') for ('2023-02-08 12:00+08', '2023-02-15 12:00+08');
}
# a DBA's grants, an index of his own, and a role that was granted something and is gone (P-2.8)
$old->safe_psql('desk', q{
	create role desk_app login;
	create role gone login;
	call ticket_workflow.grant_access('desk_app', 'application');
	call ticket_workflow.grant_access('gone', 'reader');
	call ticket_workflow.revoke_access('gone', 'reader');
	drop owned by gone;
	drop role gone;
	create index dba_own on ticket_workflow.ticket (place);
	select ticket_workflow.protect()});
my %data = map { $_ => data_of($old, $_) } ('desk', 'released');
my $catalog = catalog_of($old, 'desk');
is($old->safe_psql('desk', 'select * from ticket_workflow.check_integrity()'), '', 'sound before');
$old->stop;

# another server: build the extension for it beside ours, as its DBA would
sub stage_for
{
	my ($version) = @_;
	my $config = "/usr/lib/postgresql/$version/bin/pg_config";
	chomp(my $headers = `$config --includedir-server 2>/dev/null`);
	return () unless -x "/usr/lib/postgresql/$version/bin/pg_upgrade" && -e "$headers/postgres.h";
	my $tree = "$dir/tree$version";
	local @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
	delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
	system("mkdir $tree && tar --exclude=./tmp_check --exclude=./.git --exclude='*.o' --exclude='*.so' -cf - . | tar -xf - -C $tree"
		. " && make -s -C $tree PG_CONFIG=$config all && make -s -C $tree PG_CONFIG=$config DESTDIR=$dir/stage$version install >/dev/null") == 0
		or die "building for $version";
	return ($config, "$dir/stage$version");
}

sub upgrade_to
{
	my ($version, $config, $stage) = @_;
	local $ENV{PG_CONFIG} = $config;
	local $ENV{STAGE} = $stage;
	chomp(my $newbin = `$config --bindir`);
	my $new = PostgreSQL::Test::Cluster->new("after$version", install_path => $newbin eq $bindir ? undef : $newbin =~ s,/bin$,,r);
	# an old cluster from before 18 has no checksums; from 18 on they are the default, on both sides then
	$new->init(extra => [ '--locale=C.UTF-8', '-E', 'UTF8', $version >= 18 && $major < 18 ? '--no-data-checksums' : () ]);
	$new->append_conf('postgresql.conf', desk_conf() . "timezone = 'Asia/Shanghai'\nfsync = off\n");
	# both servers read their settings from their own files; the log of a failure is where pg_upgrade says
	chdir $dir or die $!;
	command_ok([ "$newbin/pg_upgrade", '--no-sync', '-d', $old->data_dir, '-D', $new->data_dir, '-b', $bindir, '-B', $newbin,
			'-s', $new->host, '-p', $old->port, '-P', $new->port, '-U', scalar getpwuid($>) ], "pg_upgrade from $major to $version");
	chdir "$FindBin::Bin/../.." or die $!;
	$new->start;
	foreach my $database ('desk', 'released')
	{
		is_deeply(differing($data{$database}, data_of($new, $database)), [], "$version: $database: identical rows in every table and sequence");
		is($new->safe_psql($database, 'select * from ticket_workflow.check_integrity()'), '', "$version: $database: sound");
	}
	# what was parsed from its own text is worded anew (parentheses, names of inner tables), and between majors all is
	my ($then, $now) = map { my $c = $_; +{ map { ($_ => /^(view|trigger|policy)\t[^\t]+\tdefinition$/ || $c->{$_} =~ /BEGIN ATOMIC|\\nRETURN / ? '' : $c->{$_}) } keys %$c } }
		($catalog, catalog_of($new, 'desk'));
	same_extension($then, $now, "$version: the same catalog, privileges included") if $version == $major;
	is($new->safe_psql('desk', q{select count(*) from pg_indexes where indexname = 'dba_own'}), '1', "$version: an index of the DBA's own");
	is($new->safe_psql('desk', q{select has_function_privilege('desk_app', 'ticket_workflow.accept_ticket(bigint)', 'execute')}), 't', "$version: grants");
	is($new->safe_psql('released', q{select extversion from pg_extension where extname = 'ticket_workflow'}), $from, "$version: the version stays");
	$new->safe_psql('released', 'alter extension ticket_workflow update');
	is($new->safe_psql('released', 'select * from ticket_workflow.check_integrity()'), '', "$version: and is updated afterwards");
	at_time($new, 'desk', '2023-03-01 12:00+08', 'call ticket_workflow.sweep()');
	is($new->safe_psql('desk', 'select message from ticket_workflow.sweep_failure'), '', "$version: sweeps");
	is(at_time($new, 'desk', '2023-03-02 10:00+08', q{
		begin;
		set local ticket_workflow.actor = 'dispatcher';
		with new as (select ticket_workflow.receive_ticket(center => 'yc', category => 'complaint', appeal => '升级后的新工单') as id)
		select new.id > (select max(ticket_id) from ticket_workflow.ticket) from new;
		commit}), 't', "$version: takes tickets");
	$new->stop;
	return;
}

upgrade_to($major, $ENV{PG_CONFIG}, $ENV{STAGE});
foreach my $version (grep { $_ > $major } 16 .. 18)
{
	my ($config, $stage) = stage_for($version);
	SKIP:
	{
		skip "no server $version with development files is installed: pg_upgrade to it is not tested", 1 unless $config;
		upgrade_to($version, $config, $stage);
	}
}

done_testing();
