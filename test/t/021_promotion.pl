# The primary dies in the middle of a sweep and its standby is promoted: what was committed is there, the sweep goes on
# where it was, no level fires twice and no notice is written twice; what a clean run leaves is what stands.
# Before the promotion the standby reads, verifies and refuses to write.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node play_every_state at_time differing outcome_of);
use PostgreSQL::Test::Cluster;
use Test::More;

my $moment  = '2023-02-20 12:00+08';
my $sweep   = 'call ticket_workflow.sweep(batch_size => 5)';
my $primary = desk_node('old', init => [ allows_streaming => 1 ], conf => "max_wal_senders = 4\nmax_connections = 30\n");
play_every_state($primary, 'desk');
# more of what falls due
$primary->safe_psql('desk', q{
	begin;
	set local ticket_workflow.now = '2023-02-10 09:00+08';
	set local ticket_workflow.actor = 'dispatcher';
	select ticket_workflow.dispatch_ticket(ticket_workflow.receive_ticket(center => 'yc', category => 'complaint', appeal => '事项' || n),
		case when n % 2 = 0 then 'cg' else 'fg' end, 'duty')
	from generate_series(1, 40) n;
	commit});
$primary->safe_psql('postgres', 'create database clean template desk');
at_time($primary, 'clean', $_, $sweep) for ('2023-02-13 12:00+08', $moment);
my $clean = outcome_of($primary, 'clean');
cmp_ok(scalar(split /\n/, $clean->{escalations}), '>', 60, 'a clean run escalates');

$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('new');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

# ---- in recovery

at_time($primary, 'desk', '2023-02-13 12:00+08', $sweep);
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
my $half = $standby->safe_psql('desk', 'select count(*) from ticket_workflow.escalation');
cmp_ok($half, '>', 0, 'the first sweep has come over');
is($standby->safe_psql('desk', 'select * from ticket_workflow.check_integrity()'), '', 'check_integrity() answers on a standby');
is($standby->safe_psql('desk', 'select * from ticket_workflow.verify_journals()'), '', 'and so does verify_journals()');
is(at_time($standby, 'desk', $moment, $sweep . '; select count(*) from ticket_workflow.escalation'), $half, 'a sweep on a standby steps aside, and says nothing');
foreach my $call (
	q{select ticket_workflow.receive_ticket(center => 'yc', category => 'complaint', appeal => '备库')},
	q{select ticket_workflow.accept_ticket(min(ticket_id)) from ticket_workflow.ticket where state = 'dispatched'},
	q{select * from ticket_workflow.take_notices(1)})
{
	my ($rc, $out, $err) = $standby->psql('desk', "set ticket_workflow.actor = 'dispatcher'; $call");
	like($err, qr/in a read-only transaction|during recovery/, "refused on a standby: $call");
	isnt($rc, 0, 'with an error');
}

# ---- the primary dies while a sweep is in the middle of a batch

$primary->safe_psql('desk', q{
	create sequence public.braked;
	create function public.brake() returns trigger language plpgsql security definer as $$
	begin
		if nextval('public.braked') = 40 then
			perform pg_advisory_lock_shared(4711);
		end if;
		return null;
	end
	$$;
	create trigger zz_brake after insert on ticket_workflow.escalation for each row execute function public.brake()});
my $holder = $primary->background_psql('desk');
$holder->query_safe('select pg_advisory_lock(4711)');
{
	local $ENV{PGOPTIONS} = '-c ticket_workflow.now=2023-02-20\\ 12:00+08';
	my $session = $primary->background_psql('desk', on_error_stop => 0);
	my $pid = $session->query('select pg_backend_pid()');
	$session->query_until(qr/started/, "\\echo started\n$sweep;\n\\echo finished\n");
	$primary->poll_query_until('desk', "select exists (select from pg_stat_activity where pid = $pid and wait_event = 'advisory')")
		or die 'the sweep does not reach the brake';
	my $committed = $primary->safe_psql('desk', 'select count(*) from ticket_workflow.escalation');
	cmp_ok($committed, '>', $half, 'batches of the second sweep are committed, one is in hand');
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('flush'));
	$primary->kill9;
	$standby->promote;
	is($standby->safe_psql('desk', 'select count(*) from ticket_workflow.escalation'), $committed, 'promoted: what was committed is there, the batch in hand is not');
}
is($standby->safe_psql('desk', 'select pg_is_in_recovery(), broken_off from ticket_workflow.sweep_health'), 'f|1', 'sweep_health tells of the sweep that was broken off');
$standby->safe_psql('desk', 'drop trigger zz_brake on ticket_workflow.escalation');

# ---- and the new one goes on

at_time($standby, 'desk', $moment, $sweep);
is_deeply(differing($clean, outcome_of($standby, 'desk')), [], 'the sweep goes on: clocks, tickets, escalations, notices and journals as of one clean run');
is($standby->safe_psql('desk', 'select clock_id, level from ticket_workflow.escalation group by 1, 2 having count(*) > 1'), '', 'no level twice');
is($standby->safe_psql('desk', q{select escalation_id, message, recipient_id, recipient_post from ticket_workflow.notice
	where escalation_id is not null group by 1, 2, 3, 4 having count(*) > 1}), '', 'no notice twice');
at_time($standby, 'desk', $moment, $sweep);
is_deeply(differing($clean, outcome_of($standby, 'desk')), [], 'a further sweep finds nothing');
is($standby->safe_psql('desk', 'select * from ticket_workflow.check_integrity()'), '', 'sound, sequences included');
is(at_time($standby, 'desk', '2023-02-20 13:00+08', q{
	begin;
	set local ticket_workflow.actor = 'dispatcher';
	with new as (select ticket_workflow.receive_ticket(center => 'yc', category => 'complaint', appeal => '切换后的新工单') as id)
	select new.id > (select max(ticket_id) from ticket_workflow.ticket) from new;
	commit}), 't', 'new tickets get ids beyond all others');
$standby->stop;

done_testing();
