# Dump and restore, in every format, into another cluster: identical rows in every table, sequences beyond their
# highest id, check_integrity() clean, privileges as they were, and a desk that goes on working.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node stderr_of data_of play_every_state at_time differing);
use PostgreSQL::Test::Utils;
use Test::More;

my $source = desk_node('source');
play_every_state($source, 'desk');

# what falls due later: deemed acceptances, escalations, notices; one of them taken and confirmed
at_time($source, 'desk', $_, 'call ticket_workflow.sweep()')
	for ('2023-02-08 12:00+08', '2023-02-15 12:00+08', '2023-03-01 12:00+08');
at_time($source, 'desk', '2023-03-01 12:00+08', q{
	select ticket_workflow.confirm_notice(notice_id, token) from ticket_workflow.take_notices(1)});
# one that failed, one given up, some past their use; a rulebook of the desk's own words, hours and conditions
at_time($source, 'desk', '2023-03-01 12:00+08', q{
	select ticket_workflow.fail_notice(notice_id, token, 'busy') from ticket_workflow.take_notices(1);
	update ticket_workflow.notice set closed_at = clock_timestamp(), close_reason = 'given_up'
		where notice_id = (select min(notice_id) from ticket_workflow.notice where confirmed_at is null and closed_at is null);
	select ticket_workflow.set_escalation_level('yc_own', 'completion', 3, 'working_days', 1, 'overdue', '2.3.2.2', urgent => true,
		quiet_from => '22:00', quiet_until => '07:00');
	select ticket_workflow.set_escalation_recipient('yc_own', 'completion', 3, 'lead', 'head', true);
	select ticket_workflow.set_notice_template('yc_own', 'notice_warning', 'zh', '请抓紧：%1');
});
is($source->safe_psql('desk', q{select string_agg(distinct close_reason, ' ' order by close_reason) from ticket_workflow.notice}),
	'expired given_up', 'notices that ended unsent');

# all that was dispatched has been deemed accepted by now
at_time($source, 'desk', '2023-03-01 12:00+08', q{
	begin;
	set local ticket_workflow.actor = 'dispatcher';
	select ticket_workflow.dispatch_ticket(min(ticket_id), 'fg', 'duty') from ticket_workflow.ticket where state = 'received';
	commit});

# protect(): a plain DROP EXTENSION fails, and the way out stands in its message
is($source->safe_psql('desk', 'select ticket_workflow.unprotect()'), 'f', 'P-2.5: unprotected at first');
like($source->safe_psql('desk', 'select ticket_workflow.protect(), ticket_workflow.protect()'), qr/call_unprotect_before_drop_extension/, 'P-2.5: protect(), twice if need be');
like(stderr_of($source, 'desk', 'drop extension ticket_workflow'), qr/call_unprotect_before_drop_extension.*depends on function ticket_workflow\.protection/s,
	'P-2.5: a plain DROP EXTENSION fails, and says what to call');
$source->safe_psql('desk', 'create role outsider login');
like(stderr_of($source, 'desk', 'select ticket_workflow.unprotect()', extra_params => [ '-U', 'outsider' ]), qr/permission denied/, 'who may not, may not unprotect');
is($source->safe_psql('desk', 'begin; drop extension ticket_workflow cascade; rollback; select count(*) > 10 from ticket_workflow.ticket'), 't',
	'P-2.5: CASCADE is not stopped, as documented');

# a DBA's grants are dumped with the members they are on
my $roles = 'create role desk_app login; create role desk_reader login;';
$source->safe_psql('desk', $roles . q{
	grant usage on schema ticket_workflow to desk_app, desk_reader;
	grant execute on function ticket_workflow.accept_ticket(bigint) to desk_app;
	grant select on ticket_workflow.ticket_overview to desk_reader;
	grant select (ticket_id, state) on ticket_workflow.ticket to desk_reader;
});
my $privileges = q{
	select string_agg(a.grantee::regrole || ' ' || o.name || ' ' || a.privilege_type, E'\n' order by a.grantee::regrole::text, o.name, a.privilege_type)
	from (
		select nspname::text as name, nspacl as acl from pg_namespace where nspname = 'ticket_workflow'
		union all select oid::regprocedure::text, proacl from pg_proc where pronamespace = 'ticket_workflow'::regnamespace
		union all select oid::regclass::text, relacl from pg_class where relnamespace = 'ticket_workflow'::regnamespace
		union all select attrelid::regclass || '.' || attname, attacl from pg_attribute
			where attrelid in (select oid from pg_class where relnamespace = 'ticket_workflow'::regnamespace)
	) o, aclexplode(o.acl) a};

is($source->safe_psql('desk', q{
	select string_agg(s.state, ' ' order by s.ordinal) from ticket_workflow.ticket_state s
	where not exists (select from ticket_workflow.ticket t where t.state = s.state)}), '', 'a ticket stands in every state');
cmp_ok($source->safe_psql('desk', 'select count(*) from ticket_workflow.escalation'), '>', 0, 'and escalations have fired');
cmp_ok($source->safe_psql('desk', 'select count(*) from ticket_workflow.notice'), '>', 0, 'and notices wait');
is($source->safe_psql('desk', 'select * from ticket_workflow.check_integrity()'), '', 'the source is sound');

my $data       = data_of($source, 'desk');
my $acl        = $source->safe_psql('desk', $privileges);
my $empty      = join ' ', grep { $data->{$_} eq '' } sort keys %$data;
note("tables without a row: $empty");
cmp_ok(scalar(grep { $data->{$_} ne '' } keys %$data), '>', 40, 'most tables have rows');

# the whole cluster is another one: not even the owner role is there
my $target = desk_node('target');
$target->safe_psql('postgres', $roles);

my $dir = PostgreSQL::Test::Utils::tempdir;
my @dump = ('pg_dump', '-d', $source->connstr('desk'));

sub restored_ok
{
	my ($database, $title, $data_only) = @_;
	is_deeply(differing($data, data_of($target, $database)), [], "$title: identical rows in every table and sequence");
	is($target->safe_psql($database, 'select * from ticket_workflow.check_integrity()'), '', "$title: check_integrity() is clean");
	return if $data_only;
	my %now = map { $_ => 1 } split /\n/, $target->safe_psql($database, $privileges);
	my %then = map { $_ => 1 } split /\n/, $acl;
	is_deeply(differing(\%then, \%now), [], "$title: the same privileges");
	return;
}

# every way of restoring: title => [ dump's options, command that restores ]
my @ways = (
	[ 'custom',           [ '-Fc' ], sub { ('pg_restore', '-e', '-d', $_[1], $_[0]) } ],
	[ 'custom, -1',       [ '-Fc' ], sub { ('pg_restore', '-1', '-d', $_[1], $_[0]) } ],
	[ 'plain',            [ '-Fp' ], sub { ('psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $_[1], '-f', $_[0]) } ],
	[ '--inserts',        [ '-Fp', '--inserts' ], sub { ('psql', '-qX1', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $_[1], '-f', $_[0]) } ],
	[ 'directory serial', [ '-Fd' ], sub { ('pg_restore', '-e', '-d', $_[1], $_[0]) } ],
	[ 'tar',              [ '-Ft' ], sub { ('pg_restore', '-e', '-d', $_[1], $_[0]) } ],
);
my $n = 0;
foreach my $way (@ways)
{
	my ($title, $options, $restore) = @$way;
	my $database = 'restored' . ++$n;
	my ($out, $err) = run_command([ @dump, @$options, '-f', "$dir/$database" ]);
	is($err, '', "$title: pg_dump says nothing");
	$target->safe_psql('postgres', "create database $database");
	$target->command_ok([ $restore->("$dir/$database", $target->connstr($database)) ], "$title: restores without an error");
	restored_ok($database, $title);
}

# parallel: the order of data is not a dependency, so references are not checked on the way in (P-2.1)
{
	local $ENV{PGOPTIONS} = '-c session_replication_role=replica';
	$target->safe_psql('postgres', 'create database parallel');
	$target->command_ok([ 'pg_restore', '-e', '-j4', '-d', $target->connstr('parallel'), "$dir/restored5" ], 'directory, -j4 as replica');
}
restored_ok('parallel', 'directory, -j4 as replica');
{
	local $ENV{PGOPTIONS} = '-c session_replication_role=replica';
	$target->safe_psql('postgres', 'create database parallel_custom');
	$target->command_ok([ 'pg_restore', '-e', '-j4', '-d', $target->connstr('parallel_custom'), "$dir/restored1" ], 'custom, -j4 as replica');
}
restored_ok('parallel_custom', 'custom, -j4 as replica');

# the extension first, for a dump of another version, then the data alone (the DBA grants anew)
$target->safe_psql('postgres', 'create database beforehand');
$target->safe_psql('beforehand', 'create extension ticket_workflow');
$target->command_ok([ 'pg_restore', '-e', '--data-only', '-d', $target->connstr('beforehand'), "$dir/restored1" ], 'into a database that has the extension');
restored_ok('beforehand', 'extension beforehand', 1);

# a dump of the restored desk is a dump of the desk
$target->command_ok([ 'pg_dump', '-d', $target->connstr('restored1'), '-Fp', '--inserts', '-f', "$dir/again" ], 'dumped again');
my $plain = slurp_file("$dir/restored4");
is(lines_of(slurp_file("$dir/again")), lines_of($plain), 'the dump of the restored desk has the same lines');
unlike($plain, qr/(GRANT|REVOKE) .*"\d+"/, 'P-2.8: no grant to a role by number');

# no order is promised inside a table, and a token and an xid of the session's own head
sub lines_of { return join "\n", sort grep { !/^(--|\\|SET |SELECT pg_catalog\.set_config)/ } split /\n/, shift }

# ---- the restored desk goes on working

my $database = 'restored1';
is(at_time($target, $database, '2023-03-02 10:00+08', q{
	begin;
	set local ticket_workflow.actor = 'dispatcher';
	with new as (select ticket_workflow.receive_ticket(center => 'yc', category => 'complaint', appeal => '恢复后的新工单') as id)
	select new.id > (select max(ticket_id) from ticket_workflow.ticket) from new;
	commit;
}), 't', 'a new ticket gets an id beyond all restored ones');
my $act = q{
	begin;
	set local ticket_workflow.actor = 'fg_liaison';
	select ticket_workflow.accept_ticket(ticket_id) = ticket_id from ticket_workflow.ticket
	where state = 'dispatched' and lead_department_id = (select organization_id from ticket_workflow.organization where code = 'fg')
	order by ticket_id limit 1;
	commit;
};
at_time($target, $database, '2023-03-02 10:00+08', q{
	begin;
	set local ticket_workflow.actor = 'dispatcher';
	select ticket_workflow.dispatch_ticket(max(ticket_id), 'fg', 'duty') from ticket_workflow.ticket;
	commit});
is(at_time($target, $database, '2023-03-02 10:10+08', $act), 't', 'a restored desk dispatches and accepts');
at_time($target, $database, '2023-03-20 10:00+08', 'call ticket_workflow.sweep()');
is($target->safe_psql($database, 'select failures from ticket_workflow.sweep_run order by sweep_id desc limit 1'), '0', 'sweeps without a failure');
is($target->safe_psql($database, 'select * from ticket_workflow.check_integrity()'), '', 'and stays sound');
is($target->safe_psql($database, 'select * from ticket_workflow.verify_journals()'), '', 'its journals hold together across the restore');

# the guards are up again
my ($rc, $out, $err) = $target->psql($database, q{update ticket_workflow.journal set details = '{}'});
isnt($rc, 0, 'the journal is append-only after a restore');
($rc, $out, $err) = $target->psql($database, q{update ticket_workflow.ticket set state = 'closed' where state = 'received'});
isnt($rc, 0, 'an illegal transition is refused after a restore');

# protected like the desk it comes from, and dropped when that is taken away
foreach my $copy ('restored1', 'restored4', 'parallel')
{
	like(stderr_of($target, $copy, 'drop extension ticket_workflow'), qr/call_unprotect_before_drop_extension/, "P-2.5: $copy is protected");
}
is($target->safe_psql('beforehand', 'select ticket_workflow.unprotect()'), 'f', 'a restore of the data alone does not protect');
is($target->safe_psql('parallel', q{
	select ticket_workflow.unprotect();
	drop extension ticket_workflow;
	select count(*) from pg_namespace where nspname like 'ticket_workflow%'}), "t\n1", 'P-2.5: unprotect(), then a plain DROP works');

done_testing();
