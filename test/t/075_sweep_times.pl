# C4: the same span played five times, the same acts at the same moments, the sweep differently each time: every half
# hour; hardly ever; twice each time in batches of odd sizes; two at once; killed in the middle again and again.
# The same escalations, clocks, states and journals, the same people told; only noticed later.
# SEED= takes other acts and other accidents, HEAVY=1 more tickets and sweeps.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node differing);
use IPC::Run ();
use Test::More;
use Time::Local qw(timegm);

my $heavy = $ENV{HEAVY} // 0;
my $seed  = $ENV{SEED}  // 20230206;
srand $seed;
note("SEED=$seed");

my $node = desk_node('sweeps');
$node->safe_psql('postgres', 'create database desk');
$node->safe_psql('desk', 'create extension ticket_workflow');
$node->safe_psql('desk', "select ticket_workflow.load_rulebook('yichuan_2023')");
$node->command_ok([ 'psql', '-qX1', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $node->connstr('desk'), '-f', 'test/fixtures/desk.sql' ],
	'a desk');
# levels of every sort besides the norm's: late ones by share, minutes and working days, some for urgent tickets only
$node->safe_psql('desk', q{
	select ticket_workflow.set_escalation_level('yichuan_2023', 'completion', 3, 'working_days', 1, 'overdue', '2.3.2.2'),
		ticket_workflow.set_escalation_level('yichuan_2023', 'first_contact', 3, 'share', 1.5, 'overdue', '2.4.1'),
		ticket_workflow.set_escalation_level('yichuan_2023', 'dispatch', 2, 'minutes', -10, 'warning', '2.3.2.1', urgent => true);
	select ticket_workflow.set_escalation_recipient('yichuan_2023', c.clock, c.level, 'center', 'supervising_leader')
	from (values ('completion', 3), ('first_contact', 3), ('dispatch', 2)) c (clock, level);
	create table public.made (n integer primary key, ticket_id bigint);
	create table public.answer (n integer, what text, answer text);
	-- one act of the plan; what it answers is compared, too
	create function public.play(n integer, what text, actor text, call text) returns void language plpgsql as $$
	begin
		perform set_config('ticket_workflow.actor', actor, false);
		begin
			execute replace(call, '$t', coalesce((select m.ticket_id from public.made m where m.n = play.n)::text, 'null'));
			insert into public.answer values (play.n, play.what, 'ok');
		exception when others then
			insert into public.answer values (play.n, play.what, sqlstate);
		end;
		perform set_config('ticket_workflow.actor', '', false);
	end
	$$;
	-- kills its own session in the middle of a batch, where the test wants it
	create sequence public.fired;
	create function public.kill_sweep() returns trigger language plpgsql security definer as $$
	begin
		if current_setting('application_name') = 'doomed' and nextval('public.fired') % 5 = 0 then
			perform pg_terminate_backend(pg_backend_pid());
		end if;
		return null;
	end
	$$;
	create trigger zz_kill after insert on ticket_workflow.escalation for each row execute function public.kill_sweep()});

# ---- the plan: [minute since 2023-02-06 00:00, SQL], a ticket's acts in order, at random distances

my $begin   = timegm(0, 0, 0, 6, 1, 2023);
my $days    = $heavy ? 30 : 15;
my $tickets = $heavy ? 200 : 24;
my @plan;

sub act
{
	my ($minute, $n, $what, $actor, $call) = @_;
	$call =~ s/'/''/g;
	push @plan, [ $minute, "select public.play($n, '$what', '$actor', '$call');" ] if $minute < $days * 1440;
	return;
}
foreach my $n (1 .. $tickets)
{
	my $at = int(rand(6)) * 1440 + 480 + int(rand(600));
	my $urgent = rand() < 0.3 ? 'true' : 'false';
	my $class = rand() < 0.2 ? 'simple' : 'ordinary';
	act($at, $n, 'receive', 'dispatcher', qq{insert into public.made select $n, ticket_workflow.receive_ticket(center => 'yc', category => 'complaint',
		appeal => 'appeal $n', area => 'p1', urgent => $urgent, petitioner_phone => '13812345678', handling_class => '$class')});
	next if rand() < 0.1;
	act($at += int(rand(200)), $n, 'dispatch', 'dispatcher', q{select ticket_workflow.dispatch_ticket($t, 'cg', 'duty')});
	if (rand() < 0.2)
	{
		act($at += int(rand(3000)), $n, 'recall', 'dispatcher', q{select ticket_workflow.recall_ticket($t, 'wrong department')});
		act($at += int(rand(200)),  $n, 'dispatch again', 'dispatcher', q{select ticket_workflow.dispatch_ticket($t, 'cg', 'duty')});
	}
	next if rand() < 0.15;
	act($at += int(rand(90)), $n, 'accept', 'liaison', q{select ticket_workflow.accept_ticket($t)}) if rand() < 0.8;
	act($at += int(rand(2000)), $n, 'contact', 'liaison',
		q{select ticket_workflow.record_contact($t, 'first_contact', 'mobile_phone', 'reached', ticket_workflow.now(), 'file:rec')})
		if rand() < 0.7;
	act($at += int(rand(4000)), $n, 'correct', 'dispatcher', q{select ticket_workflow.correct_ticket($t, 'heard more', urgent => true)}) if rand() < 0.3;
	act($at + int(rand(8000)), $n, 'merge', 'dispatcher', q{select ticket_workflow.merge_ticket($t, (select ticket_id from public.made where n = 1))})
		if $n > 1 && rand() < 0.4;
}
@plan = sort { $a->[0] <=> $b->[0] } @plan;

sub moment { my @t = gmtime($begin + 60 * shift); return sprintf('%04d-%02d-%02d %02d:%02d+08', $t[5] + 1900, $t[4] + 1, @t[ 3, 2, 1 ]); }
sub set_now { return sprintf("set ticket_workflow.now = '%s';\n", moment(shift)); }

# sweeps: [minute, kind]; kind: SQL, or a number of sessions of which the first may be doomed
sub play
{
	my ($database, @sweeps) = @_;
	$node->safe_psql('postgres', "create database $database template desk");
	my @all = sort { $a->[0] <=> $b->[0] || $a->[2] <=> $b->[2] } (map { [ @$_, 0 ] } @plan), (map { [ @$_, 1 ] } @sweeps),
		[ $days * 1440, 'call ticket_workflow.sweep();', 2 ];
	my $script = '';
	my $killed = 0;
	foreach my $step (@all)
	{
		my ($minute, $what) = @$step;
		if ($what !~ /^\d+$/)
		{
			$script .= set_now($minute) . "$what\n";
			next;
		}
		$node->safe_psql($database, $script) if $script ne '';
		$script = '';
		my @sessions;
		foreach my $which (1 .. abs $what)
		{
			local $ENV{PGAPPNAME} = $which == 1 ? 'doomed' : 'sweeper';
			local $ENV{PGOPTIONS} = '-c ticket_workflow.now=' . moment($minute) =~ s/ /\\ /r;
			my ($out, $err) = ('', '');
			push @sessions, IPC::Run::start([ 'psql', '-qXAt', '-d', $node->connstr($database), '-c', 'call ticket_workflow.sweep(7)' ],
				'>', \$out, '2>', \$err);
		}
		foreach my $session (@sessions)
		{
			$killed++ unless $session->finish;
		}
	}
	$node->safe_psql($database, $script);
	return $killed;
}

sub outcome
{
	my ($database) = @_;
	my %query = (
		escalations => q{select m.n, e.clock, e.round, e.level, e.purpose, e.due_at, e.reached_at, e.recipients, e.vacant_posts, e.ended_at, e.end_cause
			from ticket_workflow.escalation e join public.made m using (ticket_id)},
		clocks => q{select m.n, c.clock, c.round, c.status, c.due_at, c.stopped_at, c.next_at from ticket_workflow.clock c join public.made m using (ticket_id)},
		tickets => q{select m.n, t.state, t.state_at, t.accepted_at, t.accepted_deemed from ticket_workflow.ticket t join public.made m using (ticket_id)},
		# but whether and when they went out, which is the consumers' affair
		notices => q{select m.n, e.clock, e.round, e.level, n.message, n.args, n.recipient_id, n.recipient_post, n.position, n.expires_at
			from ticket_workflow.notice n join ticket_workflow.escalation e using (escalation_id) join public.made m on m.ticket_id = n.ticket_id},
		journals => q{select m.n, j.kind, j.clause, j.actor, j.from_state, j.to_state, j.occurred_at, j.details - 'escalation_id' - 'notice_id'
			from ticket_workflow.journal j join public.made m using (ticket_id)
			-- the daily part of the sweep has its own test
			where j.kind in ('escalated', 'escalation_ended', 'escalation_reopened', 'return_window_closed') or j.to_state is not null},
		answers => q{select * from public.answer});
	my %seen = map {
		$_ => $node->safe_psql($database, qq{select row_text from (select x::text as row_text from ($query{$_}) x) y order by row_text collate "C"})
	} keys %query;
	return \%seen;
}

my $step = $heavy ? 5 : 30;
my @dense = map { [ $_ * $step, 'call ticket_workflow.sweep();' ] } 1 .. $days * 1440 / $step;
sub sometimes { my ($share, $what) = @_; return map { [ $_->[0] + int(rand($step)), $what->() ] } grep { rand() < $share } @dense; }

play('dense', @dense);
my $dense = outcome('dense');
cmp_ok(scalar(split /\n/, $dense->{escalations}), '>', 4 * $tickets, 'a span with escalations');
foreach my $word ('warning', 'overdue', 'notice', 'dispatch,2', 'completion,1,3', 'first_contact,1,3')
{
	like($dense->{escalations}, qr/,\Q$word\E,/, "C4 with $word among them");
}
like($dense->{escalations}, qr/acceptance,2,/, 'C4 and second rounds');
like($dense->{answers}, qr/$_,ok/, "C4 and $_ went through") for qw(accept contact correct recall merge);
is($node->safe_psql('dense', 'select max(noticed_at - reached_at) < interval \'1 day\' from ticket_workflow.escalation where reached_at > \'2023-02-06\''), 't',
	'the dense sweep notices soon');

sub same_ok
{
	my ($database, $title) = @_;
	my $got = outcome($database);
	is_deeply(differing($dense, $got), [], "C4 $title: the same escalations, clocks, states, notices, journals");
	foreach my $name (@{ differing($dense, $got) })
	{
		my %here  = map { $_ => 1 } split /\n/, $got->{$name};
		my %there = map { $_ => 1 } split /\n/, $dense->{$name};
		diag("$name, only $title: $_") for (sort grep { !$there{$_} } keys %here)[ 0 .. 2 ];
		diag("$name, only dense: $_") for (sort grep { !$here{$_} } keys %there)[ 0 .. 2 ];
	}
	is($node->safe_psql($database, 'select clock_id, level from ticket_workflow.escalation group by 1, 2 having count(*) > 1'), '', "C4 $title: none twice");
	is($node->safe_psql($database, q{select count(*) from ticket_workflow.escalation e join ticket_workflow.ticket t using (ticket_id)
		where t.state in ('closed', 'transferred', 'withdrawn', 'merged') and (e.ended_at is null or e.reached_at > t.state_at)}), '0',
		"C3 $title: nothing fires for tickets that have ended");
	is($node->safe_psql($database, 'select * from ticket_workflow.check_integrity()'), '', "$title: sound");
	is($node->safe_psql($database, 'select distinct message from ticket_workflow.sweep_failure'), '', "$title: nothing set aside");
	return;
}

same_ok('dense', 'dense');
play('sparse', sometimes(0.03, sub { 'call ticket_workflow.sweep();' }));
same_ok('sparse', 'hardly ever');
cmp_ok($node->safe_psql('sparse', 'select max(noticed_at - reached_at) from ticket_workflow.escalation') =~ /day|0[5-9]:|1\d:/, '==', 1, 'C4 only noticed later');
play('doubled', sometimes(0.1, sub { sprintf 'call ticket_workflow.sweep(%d); call ticket_workflow.sweep(%d);', 1 + int(rand(9)), 1 + int(rand(9)) }));
same_ok('doubled', 'doubled');
my $killed = play('killed', sometimes(0.04, sub { 2 }));
cmp_ok($killed, '>', 2, "two at once, $killed sweeps killed in the middle");
same_ok('killed', 'two at once and killed');

done_testing();
