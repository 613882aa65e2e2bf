# The sweep under accidents: two at once, one terminated in the middle, one killed with its server, again and again:
# afterwards the same escalations, notices, clocks and journals as one clean run, each level once.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node play_every_state at_time differing outcome_of);
use Test::More;

my $moment = '2023-02-20 12:00+08';
my $node   = desk_node('crash', conf => "restart_after_crash = on\n");
play_every_state($node, 'desk');
# a desk with more of everything: every ticket some more times, received and dispatched on the days before
$node->safe_psql('desk', q{
	begin;
	set local ticket_workflow.now = '2023-02-10 09:00+08';
	set local ticket_workflow.actor = 'dispatcher';
	create temp table made as
		select ticket_workflow.receive_ticket(center => 'yc', category => (array['complaint', 'help', 'consultation'])[1 + n % 3],
			appeal => '事项' || n, urgent => n % 10 = 0) as id, n
		from generate_series(1, 120) n;
	set local ticket_workflow.now = '2023-02-10 09:20+08';
	select ticket_workflow.dispatch_ticket(id, case when n % 2 = 0 then 'cg' else 'fg' end, 'duty') from made where n % 4 <> 0;
	commit});
# Its twins, one for each accident. The checkpoint belongs to it: the copy of a sequence goes on with numbers that
# only the original's WAL has reserved, so a crash right after CREATE DATABASE would give some twice (met on PostgreSQL 15).
sub twin
{
	my ($database) = @_;
	$node->safe_psql('postgres', "create database $database template desk");
	$node->safe_psql('postgres', 'checkpoint');
	return;
}
twin($_) for qw(clean two terminated killed postmaster);

sub same_as_clean
{
	my ($database, $title, $clean) = @_;
	is_deeply(differing($clean, outcome_of($node, $database)), [], "$title: clocks, tickets, escalations, notices and journals as of one clean run");
	is($node->safe_psql($database, q{
		select clock_id, level, count(*) from ticket_workflow.escalation group by 1, 2 having count(*) > 1}), '', "$title: no level twice");
	is($node->safe_psql($database, 'select * from ticket_workflow.check_integrity()'), '', "$title: sound");
	is($node->safe_psql($database, 'select distinct sqlstate, message from ticket_workflow.sweep_failure'), '', "$title: nothing was set aside");
	return;
}

my $sweep = 'call ticket_workflow.sweep(batch_size => 7)';
my $due = 'select count(*) from ticket_workflow.clock where next_at <= ' . "'$moment'";

cmp_ok($node->safe_psql('clean', $due), '>', 200, 'plenty is due');
at_time($node, 'clean', $moment, $sweep);
my $clean = outcome_of($node, 'clean');
cmp_ok(scalar(split /\n/, $clean->{escalations}), '>', 100, 'the clean run escalates');
like($clean->{tickets}, qr/,t\)$/m, 'and accepts for the silent');
is($node->safe_psql('clean', $due), '0', 'and leaves nothing due');
same_as_clean('clean', 'clean', $clean);
at_time($node, 'clean', $moment, $sweep);
same_as_clean('clean', 'a second clean run', $clean);

# A brake: the n-th escalation of a database waits for an advisory lock that the test holds.
sub brake
{
	my ($database, $nth) = @_;
	$node->safe_psql($database, qq{
		create sequence public.braked;
		create or replace function public.brake() returns trigger language plpgsql security definer as \$\$
		begin
			if nextval('public.braked') = $nth then
				perform pg_advisory_lock_shared(4711);
				perform pg_advisory_unlock_shared(4711);
			end if;
			return null;
		end
		\$\$;
		create trigger zz_brake after insert on ticket_workflow.escalation for each row execute function public.brake()});
	my $holder = $node->background_psql($database);
	$holder->query_safe('select pg_advisory_lock(4711)');
	return $holder;
}

# A sweep in the background, stopped by the brake in the middle of a batch; its session and process.
sub braked_sweep
{
	my ($database) = @_;
	local $ENV{PGOPTIONS} = "-c ticket_workflow.now=" . $moment =~ s/ /\\ /r;
	my $session = $node->background_psql($database, on_error_stop => 0);
	my $pid = $session->query('select pg_backend_pid()');
	$session->query_until(qr/started/, "\\echo started\n$sweep;\n\\echo finished\n");
	$node->poll_query_until($database, "select exists (select from pg_stat_activity where pid = $pid and wait_event = 'advisory')")
		or die "the sweep does not reach the brake";
	return ($session, $pid);
}

# ---- two at once: the second works past what the first holds

{
	my $holder = brake('two', 25);
	my ($first, $pid) = braked_sweep('two');
	at_time($node, 'two', $moment, $sweep);
	cmp_ok($node->safe_psql('two', $due), '>', 0, 'two at once: the second leaves what the first holds');
	cmp_ok($node->safe_psql('two', 'select count(*) from ticket_workflow.escalation'), '>', 25, 'and does the rest');
	$holder->query_safe('select pg_advisory_unlock(4711)');
	$node->poll_query_until('two', "select not exists (select from pg_stat_activity where pid = $pid and state = 'active')");
	$first->quit;
	$holder->quit;
	is($node->safe_psql('two', $due), '0', 'together they have done all');
	same_as_clean('two', 'two at once', $clean);
}

# ---- terminated in the middle of a batch: what was committed stays, the rest is done by the next

{
	my $holder = brake('terminated', 40);
	my ($session, $pid) = braked_sweep('terminated');
	my $committed = $node->safe_psql('terminated', 'select count(*) from ticket_workflow.escalation');
	cmp_ok($committed, '>', 0, 'terminated: batches before are committed');
	$node->safe_psql('terminated', "select pg_terminate_backend($pid, 10000)");
	is($node->safe_psql('terminated', 'select count(*) from ticket_workflow.escalation'), $committed, 'the batch in hand is not');
	$holder->quit;
	is($node->safe_psql('terminated', 'select broken_off from ticket_workflow.sweep_health'), '1', 'sweep_health tells of it');
	at_time($node, 'terminated', $moment, $sweep);
	same_as_clean('terminated', 'terminated', $clean);
}

# ---- kill -9 of the backend: the server restarts itself

foreach my $nth ($ENV{HEAVY} ? (1, 2, 3, 8, 21, 55, 100) : (60))
{
	my $database = $ENV{HEAVY} ? "killed$nth" : 'killed';
	twin($database) if $ENV{HEAVY};
	my $holder = brake($database, $nth);
	my ($session, $pid) = braked_sweep($database);
	my $committed = $node->safe_psql($database, 'select count(*) from ticket_workflow.escalation');
	is(kill('KILL', $pid), 1, "kill -9 at escalation $nth");
	$node->poll_query_until('postgres', "select not exists (select from pg_stat_activity where pid = $pid)");
	is($node->safe_psql($database, 'select count(*) from ticket_workflow.escalation'), $committed, 'no committed escalation is lost, none half done');
	at_time($node, $database, $moment, $sweep);
	same_as_clean($database, "killed at $nth", $clean);
}

# ---- and of the whole server

{
	my $holder = brake('postmaster', 80);
	my ($session, $pid) = braked_sweep('postmaster');
	my $committed = $node->safe_psql('postmaster', 'select count(*) from ticket_workflow.escalation');
	my @children = split /\n/, $node->safe_psql('postgres', 'select pid from pg_stat_activity where pid <> pg_backend_pid()');
	$node->kill9;
	# each child notices by itself, and the next server may not start before
	my $tries = 0;
	while (grep { kill 0, $_ } @children) { die "children outlive their server" if ++$tries > 600; select undef, undef, undef, 0.1 }
	$node->start;
	is($node->safe_psql('postmaster', 'select count(*) from ticket_workflow.escalation'), $committed, 'server killed: what was committed is there');
	at_time($node, 'postmaster', $moment, $sweep);
	same_as_clean('postmaster', 'server killed', $clean);
}

# ---- what an auditor took away after a sweep is there after a crash, though the server promises nothing else

{
	# nobody flushes by the way
	$node->append_conf('postgresql.conf', "synchronous_commit = off\nwal_writer_delay = 10s\nbgwriter_lru_maxpages = 0\nautovacuum = off\n");
	$node->restart;
	# how the transaction that seals is committed, asked at its end
	$node->safe_psql('clean', q{
		create table public.committed (how text);
		grant insert on public.committed to public;
		create function public.note_commit() returns trigger language plpgsql as
			$$ begin insert into public.committed values (current_setting('synchronous_commit')); return null; end $$;
		create constraint trigger zz_note after insert on ticket_workflow.journal_seal deferrable initially deferred
			for each row execute function public.note_commit()});
	my $export = 'select center_code, day, digest from ticket_workflow.export_seals()';
	# the first look shows which days were sealed before, the second what this sweep seals
	my $before = $node->safe_psql('clean', $export);
	at_time($node, 'clean', '2023-02-22 00:30+08', $sweep);
	my $taken = $node->safe_psql('clean', $export);
	isnt($taken, $before, 'design 3: a sweep after midnight seals');
	is($node->safe_psql('clean', 'select distinct how from public.committed'), 'on', 'design 3: and waits for the disk before anybody sees it');
	# a write that nobody waited for shows that this crash does lose what was not flushed
	$node->safe_psql('clean', 'create table public.unpromised ()');
	$node->stop('immediate');
	$node->start;
	is($node->safe_psql('clean', $export), $taken, 'design 3: a seal that was exported survives a crash at that moment, also under synchronous_commit = off');
	is($node->safe_psql('clean', q{select to_regclass('public.unpromised') is null}), 't', 'while what was written after it is lost');
	is($node->safe_psql('clean', 'select * from ticket_workflow.verify_seals()'), '', 'design 3: and it verifies');
}

done_testing();
