# A desk that was played at the last release lives on through the update: no row is lost or changed, the catalog is
# that of a fresh install with the DBA's grants, every ticket goes on, and a dump of the old version still finds its way.
# Then the mechanism of releases itself: what scripts/make-release freezes can be installed and updated.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(slurp desk_node play_every_state at_time differing);
use Drift qw(catalog_of same_extension updates_ok versions);
use PostgreSQL::Test::Utils;
use Test::More;

my ($from, $to) = versions();
my $node = desk_node('update');
$node->safe_psql('postgres', 'create role desk_app login; create role desk_reader login; create role desk_auditor login');
my $grants = q{
	call ticket_workflow.grant_access('desk_app', 'application');
	call ticket_workflow.grant_access('desk_reader', 'reader', array['yc']);
	call ticket_workflow.grant_access('desk_auditor', 'auditor');
};

play_every_state($node, 'desk', $from);
at_time($node, 'desk', $_, 'call ticket_workflow.sweep()') for ('2023-02-08 12:00+08', '2023-02-15 12:00+08');
# all that was dispatched has been deemed accepted by now
at_time($node, 'desk', '2023-02-15 13:00+08', q{
	begin;
	set local ticket_workflow.actor = 'dispatcher';
	select ticket_workflow.dispatch_ticket(min(ticket_id), 'cg', 'duty') from ticket_workflow.ticket where state = 'received';
	commit});
$node->safe_psql('desk', $grants);
# a DBA's own
$node->safe_psql('desk', 'grant select on ticket_workflow.ticket_overview to desk_app; create role dba_own; grant select on ticket_workflow.clock to dba_own; grant usage on schema ticket_workflow to dba_own');
is($node->safe_psql('desk', 'select * from ticket_workflow.check_integrity()'), '', "$from: sound before");
is($node->safe_psql('desk', q{
	select string_agg(s.state, ' ' order by s.ordinal) from ticket_workflow.ticket_state s
	where not exists (select from ticket_workflow.ticket t where t.state = s.state)}), '', "$from: a ticket stands in every state");

# the rows in the columns that they had, whatever an update adds
my %columns = map { split /\t/, $_, 2 } split /\n/, $node->safe_psql('desk', q{
	select c.oid::regclass || E'\t' || string_agg(quote_ident(a.attname), ', ' order by a.attnum)
	from pg_extension e, unnest(e.extconfig) t(oid) join pg_class c on c.oid = t.oid and c.relkind = 'r'
		join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
	where e.extname = 'ticket_workflow' group by c.oid});
sub rows_of
{
	my ($database) = @_;
	my %data;
	foreach my $table (keys %columns)
	{
		$data{$table} = $node->safe_psql($database, qq{select r from (select row($columns{$table})::text as r from $table) x order by r collate "C"});
	}
	$data{$_} = $node->safe_psql($database, "select last_value, is_called from $_") for split /\n/, $node->safe_psql('desk', q{
		select c.oid::regclass from pg_class c where c.relnamespace = 'ticket_workflow'::regnamespace and c.relkind = 'S'
			and exists (select from pg_extension e where c.oid = any (e.extconfig))});
	return \%data;
}
# a rulebook may have got rows that its tickets need from now on, but lost none; the rest is as it was
sub survived
{
	my ($before, $after, $title) = @_;
	my %rulebook = map { ("ticket_workflow.$_" => 1) } split /\n/, $node->safe_psql('desk', 'select unnest(ticket_workflow.rulebook_tables())');
	my @changed;
	foreach my $table (sort keys %$before)
	{
		my %now;
		$now{$_}++ for split /\n/, $after->{$table} // '';
		my @lost = grep { !$now{$_}-- } split /\n/, $before->{$table};
		push @changed, map { "$table lost $_" } @lost;
		push @changed, "$table has rows more" if !$rulebook{$table} && !@lost && $before->{$table} ne ($after->{$table} // '');
	}
	is_deeply(\@changed, [], $title);
	return;
}

my $before = rows_of('desk');
my $dir = PostgreSQL::Test::Utils::tempdir;
$node->command_ok([ 'pg_dump', '-Fc', '-d', $node->connstr('desk'), '-f', "$dir/old" ], "a dump of $from");

# a session that has used the old version goes on: its caches and plans are of yesterday
my $open = $node->background_psql('desk');
my $ask  = q{select ticket_workflow.add_working_days('2023-01-20', 1), (select count(*) from ticket_workflow.ticket_overview) > 10};
is($open->query($ask), '2023-01-28|t', 'a session before');

if (!updates_ok($node, 'desk'))
{
	$open->quit;
	done_testing();
	exit;
}
is($open->query($ask), '2023-01-28|t', 'the same session after');
$open->quit;
survived($before, rows_of('desk'), 'no row is lost or changed by the update');
is($node->safe_psql('desk', 'select * from ticket_workflow.check_integrity()'), '', "$to: sound after");
is($node->safe_psql('desk', 'select count(*) from ticket_workflow.verify_journals()'), '0', 'journals verify');
is($node->safe_psql('desk', 'select count(*) from ticket_workflow.refresh_grants() where refreshed'), '3', 'refresh_grants() repeats the grants');

# the fresh install with the same grants, the DBA's own too
$node->safe_psql('postgres', 'create database fresh');
$node->safe_psql('fresh', 'create extension ticket_workflow');
$node->safe_psql('fresh', q{
	select ticket_workflow.load_rulebook('yichuan_2023');
	select ticket_workflow.create_center('yc', '宜川城运中心', rulebook => 'yichuan_2023')});
$node->safe_psql('fresh', $grants . 'grant select on ticket_workflow.clock to dba_own; grant usage on schema ticket_workflow to dba_own');
same_extension(catalog_of($node, 'fresh'), catalog_of($node, 'desk'),
	'P-2.8: the same catalog as a fresh install, grants included; none of them has become an initial privilege');

my $dumped = $node->safe_psql('desk', 'select 1') && `pg_dump -s -d "@{[ $node->connstr('desk') ]}"`;
like($dumped, qr/GRANT SELECT ON TABLE ticket_workflow\.clock TO dba_own;/, 'P-2.8: a dump after the update has the grants made before it');

# ---- what loaded rulebooks lack, tickets under them would miss (sql/rulebook/complete.sql); phrases stay as they were
# loaded: reports go on being judged by what was in force when their ticket came
is($node->safe_psql('desk', q{
	select string_agg(f.t, ' ') from unnest(ticket_workflow.rulebook_tables()) f (t)
	where f.t <> 'phrase' and jsonb_array_length(coalesce((select d.document -> f.t from ticket_workflow.shipped_document d where d.kind = 'rulebook' and d.name = 'yichuan_2023'), '[]')) >
		(xpath('/row/n/text()', query_to_xml(format($$select count(*) as n from ticket_workflow.%I where rulebook = 'yichuan_2023'$$, f.t), false, true, '')))[1]::text::int}),
	'', "the loaded rulebook has the rows that $to ships: else sql/migrate/$to must bring them");

# ---- every ticket goes on

sub as_person
{
	my ($at, $person, $sql) = @_;
	return at_time($node, 'desk', $at, "begin; set local ticket_workflow.actor = '$person'; $sql; commit");
}
my $at = '2023-02-16 10:00+08';
my $of = q{(select organization_id from ticket_workflow.organization where code = 'cg')};
is(as_person($at, 'dispatcher', qq{
	select ticket_workflow.receive_ticket(center => 'yc', category => 'complaint', appeal => '更新后的新工单') > (select max(ticket_id) from ticket_workflow.ticket)}),
	't', 'received: a new ticket has an id beyond all others');
as_person($at, 'dispatcher', q{select ticket_workflow.dispatch_ticket(max(ticket_id), 'cg', 'duty') from ticket_workflow.ticket where state = 'received'});
is(as_person($at, 'liaison', qq{
	select count(ticket_workflow.accept_ticket(ticket_id)) from ticket_workflow.ticket where state = 'dispatched' and lead_department_id = $of}),
	'2', 'dispatched before or after, then accepted');
cmp_ok(as_person($at, 'dispatcher', q{
	select count(ticket_workflow.decide_return(return_id, false, '属城管中队职责')) from ticket_workflow.ticket_return where state = 'requested'}),
	'>', 0, 'a return asked for before is decided after');
cmp_ok(as_person($at, 'operator', q{
	select count(ticket_workflow.review_report(report_id, true)) from ticket_workflow.report where state = 'submitted'}),
	'>', 0, 'a report submitted and signed before is passed after');
cmp_ok(as_person($at, 'dispatcher', q{
	select count(ticket_workflow.close_ticket(ticket_id)) from ticket_workflow.ticket where state = 'completed'}), '>', 0, 'completed, then closed');
cmp_ok(as_person($at, 'dispatcher', q{
	select count(ticket_workflow.reopen_ticket(ticket_id, '回访不满意')) from (select ticket_id from ticket_workflow.ticket where state = 'closed' order by 1 limit 1) t}),
	'>', 0, 'closed, then reopened');
cmp_ok(as_person('2023-02-16 10:30+08', 'liaison', qq{
	select count(ticket_workflow.save_report(ticket_id,
		'2023年2月16日10时先行联系诉求人，核实反映的楼道灯不亮情况属实。经现场查看，灯管损坏。2月16日物业已更换灯管，恢复照明，已电话回复诉求人，诉求人表示满意。责任人：李明，联系电话：62345678。附回复录音和现场照片。',
		fact_finding => '属实', claim_finding => '诉求合理合法', handling_result => '实际解决', responsible_person => '李明', responsible_phone => '021-62345678'))
	from ticket_workflow.ticket where state in ('rework', 'accepted') and category in ('complaint', 'help') and lead_department_id = $of}), '>', 0, 'sent back, then written anew');
my $fired = $node->safe_psql('desk', 'select count(*) from ticket_workflow.escalation');
at_time($node, 'desk', $_, 'call ticket_workflow.sweep()') for ('2023-02-20 12:00+08', '2023-03-01 12:00+08');
cmp_ok($node->safe_psql('desk', 'select count(*) from ticket_workflow.escalation'), '>', $fired, 'levels fire for clocks that began before');
is($node->safe_psql('desk', q{select clock_id, level from ticket_workflow.escalation group by 1, 2 having count(*) > 1}), '', 'none twice');
is($node->safe_psql('desk', 'select message from ticket_workflow.sweep_failure'), '', 'no clock failed');
is($node->safe_psql('desk', 'select * from ticket_workflow.check_integrity()'), '', 'sound in the end');

# ---- a dump of the old version: into that version, then the update

$node->safe_psql('postgres', 'create database restored');
$node->safe_psql('restored', "create extension ticket_workflow version '$from'");
$node->command_ok([ 'pg_restore', '-e', '--data-only', '-d', $node->connstr('restored'), "$dir/old" ], "the dump of $from goes into $from");
updates_ok($node, 'restored');
survived($before, rows_of('restored'), 'and its rows through the update');
is($node->safe_psql('restored', 'select * from ticket_workflow.check_integrity()'), '', 'sound');
is($node->safe_psql('restored', 'select count(*) from ticket_workflow.refresh_grants() where refreshed'), '3', 'grants come back by refresh_grants()');
$node->safe_psql('restored', 'grant select on ticket_workflow.clock to dba_own; grant usage on schema ticket_workflow to dba_own');
same_extension(catalog_of($node, 'desk'), catalog_of($node, 'restored'), 'the same catalog');

# ---- a release: in a copy of the tree, so that the next version begins and both ways lead to it

my $copy = "$dir/tree";
system("mkdir $copy && tar --exclude=./tmp_check --exclude=./.git -cf - . | tar -xf - -C $copy") == 0 or die 'copying the tree';
delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
$ENV{PG_CONFIG} //= 'pg_config';
$node->command_ok([ "$copy/scripts/make-release", '9.0.0' ], 'make-release freezes the version in work and begins 9.0.0');
my @script = ("ticket_workflow--9.0.0.sql", "ticket_workflow--$to--9.0.0.sql");
$node->command_ok([ 'make', '-s', '-C', $copy, "PG_CONFIG=$ENV{PG_CONFIG}", @script ], 'the scripts of the next version are made');
is(slurp("$copy/sql/releases/ticket_workflow--$to.sql"), slurp("ticket_workflow--$to.sql"), 'what is frozen is what was in work');
like(slurp("$copy/META.json"), qr/"version": "9\.0\.0".*"version": "9\.0\.0".*"meta-spec": \{\s*"version": "1\.0\.0"/s, 'META.json names it');

SKIP:
{
	skip 'the extension is installed, not staged: the next version would go beside it', 3 unless $ENV{STAGE};
	my $stage = "$dir/stage";
	chomp(my $share = `$ENV{PG_CONFIG} --sharedir`);
	system("mkdir $stage && cp -r $ENV{STAGE}/usr $stage && rm $stage$share/extension/ticket_workflow*"
		. " && cp $copy/ticket_workflow.control $copy/sql/releases/*.sql " . join(' ', map { "$copy/$_" } @script) . " $stage$share/extension") == 0
		or die 'staging the next version';
	local $ENV{STAGE} = $stage;
	my $next = desk_node('next');
	foreach my $database ('was', 'is')
	{
		$next->safe_psql('postgres', "create database \"$database\"");
	}
	$next->safe_psql('is', 'create extension ticket_workflow');
	$next->safe_psql('was', "create extension ticket_workflow version '$from'");
	# in two steps, protected between them: protection is no hindrance
	$next->safe_psql('was', "alter extension ticket_workflow update to '$to'");
	$next->safe_psql('was', 'select ticket_workflow.protect()');
	$next->safe_psql('was', 'alter extension ticket_workflow update');
	is($next->safe_psql('was', q{select extversion from pg_extension where extname = 'ticket_workflow'}), '9.0.0', "from $from over $to to 9.0.0");
	same_extension(catalog_of($next, 'is'), catalog_of($next, 'was'), 'with the catalog of a fresh 9.0.0');
	$next->stop;
}

done_testing();
