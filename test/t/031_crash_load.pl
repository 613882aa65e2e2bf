# kill -9 of a backend, and of the whole server, at random moments of a load: people's calls, sweeps, a consumer of
# notices. Each client keeps its own log of what came back to it; whatever stands in a log is in the database afterwards,
# no level has fired and no notice was written twice, journals verify, check_integrity() is clean.
# Five kills; HEAVY=1: 60. SEED=n takes other moments. A killed process loses nothing that the kernel has, so fsync stays off.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $kills = $ENV{KILLS} // ($ENV{HEAVY} ? 60 : 5);
srand($ENV{SEED} // 20230207);

my $node = desk_node('crash_load', conf => "restart_after_crash = on\nshared_buffers = 64MB\n");
$node->safe_psql('postgres', 'create database desk');
$node->safe_psql('desk', 'create extension ticket_workflow');
$node->safe_psql('desk', slurp_file('test/fixtures/desk.sql'));
# a clock for all: a second is five hours, so that limits run out within the test
$node->safe_psql('desk', q{
	create schema load;
	create table load.began as select clock_timestamp() as at;
	create function load.clock() returns text language sql volatile as $$
		select (timestamptz '2023-02-07 09:00+08' + (clock_timestamp() - at) * 18000)::text from load.began $$;
	create sequence load.caller});

my $dir = PostgreSQL::Test::Utils::tempdir;

# one life of a ticket, each call a transaction; what came back is written down at once
my $life = '';
sub act_as { my $who = shift; $life .= "set ticket_workflow.actor = '$who';\n"; return; }
sub call
{
	# id: the variable that takes what the call returns; subject: the one that is written down
	my ($what, $sql, $id, $subject) = @_;
	$life .= "select set_config('ticket_workflow.now', load.clock(), false) \\g /dev/null\n";
	$life .= defined $id ? "$sql as $id \\gset\n" : "$sql \\g /dev/null\n";
	$subject //= $id // 'ticket';
	$life .= "\\if :ERROR\n\\else\n\\echo $what :$subject\n\\endif\n";
	return;
}
act_as('dispatcher');
$life .= "\\set ticket 0\n\\set report 0\n";
call('receive', q{select ticket_workflow.receive_ticket(center => 'yc', category => 'help', appeal => '楼道灯不亮', area => 'p1', matter => 'light',
	place => '宜川路' || nextval('load.caller') || '号', petitioner_phone => '138' || lpad(currval('load.caller')::text, 8, '0'))} =~ s/\s+/ /gr, 'ticket');
call('dispatch', q{select ticket_workflow.dispatch_ticket(:ticket, 'cg', 'duty')});
act_as('liaison');
call('accept', q{select ticket_workflow.accept_ticket(:ticket)});
call('contact', q{select ticket_workflow.record_contact(:ticket, 'first_contact', 'ip_phone', 'reached', recording => 'file:first.mp3')}, 'fact');
call('visit', q{select ticket_workflow.record_site_visit(:ticket, photos => array['file:site1.jpg'])}, 'fact');
call('save', q{select ticket_workflow.save_report(:ticket, '先行联系诉求人，核实反映的楼道灯不亮情况属实。经现场查看，灯管损坏。物业已更换灯管，恢复照明，已电话回复诉求人，诉求人表示满意。责任人：李明，联系电话：62345678。附回复录音和现场照片。', fact_finding => '属实', claim_finding => '诉求合理合法', handling_result => '实际解决', responsible_person => '李明', responsible_phone => '021-62345678')}, 'report');
call('contact', q{select ticket_workflow.record_contact(:ticket, 'reply', 'ip_phone', 'reached', recording => 'file:reply.mp3')}, 'fact');
call('submit', q{select ticket_workflow.submit_report(:report)}, undef, 'report');
act_as('operator');
call('review', q{select ticket_workflow.review_report(:report, true)}, undef, 'report');
act_as('dispatcher');
call('close', q{select ticket_workflow.close_ticket(:ticket)});

# a third of the tickets stays with nobody: their limits run out
my $left = $life =~ s/set ticket_workflow\.actor = 'liaison'.*//sr;
# joined: in a list, x repeats the list, and append_to_file() takes its first
append_to_file("$dir/desk.sql", join '', ($life . $left . $life) x 200);
append_to_file("$dir/sweep.sql", join '', (qq{select set_config('ticket_workflow.now', load.clock(), false) \\g /dev/null
call ticket_workflow.sweep(batch_size => 15);
\\if :ERROR
\\else
\\echo sweep 0
\\endif
select 'confirm ' || n.notice_id from ticket_workflow.take_notices(5) n where ticket_workflow.confirm_notice(n.notice_id, n.token);
}) x 2000);

sub client
{
	my ($script, $log) = @_;
	my $pid = fork() // die $!;
	if (!$pid)
	{
		open(STDIN,  '<', '/dev/null');
		open(STDOUT, '>>', $log);
		open(STDERR, '>>', "$log.err");
		exec('psql', '-qXAt', '-d', $node->connstr('desk'), '-f', $script) or exit 1;
	}
	return $pid;
}

my (%acknowledged, $lost, $broken);
sub kinds { return join ', ', map { "$_ $acknowledged{$_}" } sort keys %acknowledged }
my ($backends, $servers) = (0, 0);
foreach my $round (1 .. $kills)
{
	my @log = map { "$dir/log.$round.$_" } 0 .. 4;
	my @client = map { client($_ < 4 ? "$dir/desk.sql" : "$dir/sweep.sql", $log[$_]) } 0 .. 4;
	select undef, undef, undef, 0.5 + rand 1.5;

	if ($round % 2)
	{
		my @backend;
		# a client may not have come in yet
		foreach my $try (1 .. 100)
		{
			@backend = split /\n/, $node->safe_psql('postgres', "select pid from pg_stat_activity where datname = 'desk' and backend_type = 'client backend'");
			last if @backend;
			select undef, undef, undef, 0.1;
		}
		@backend or die 'no client is at work';
		$backends += kill 'KILL', $backend[ rand @backend ];
		waitpid $_, 0 for @client;
		$node->poll_query_until('postgres', 'select true') or die 'the server does not come back';
	}
	else
	{
		my @children = split /\n/, $node->safe_psql('postgres', 'select pid from pg_stat_activity where pid <> pg_backend_pid()');
		$node->kill9;
		$servers++;
		waitpid $_, 0 for @client;
		my $tries = 0;
		while (grep { kill 0, $_ } @children) { die 'children outlive their server' if ++$tries > 600; select undef, undef, undef, 0.1 }
		$node->start;
	}

	# what came back to a client: kind and id
	my @said = map { split /\n/, slurp_file($_) } @log;
	$acknowledged{ (split ' ')[0] }++ for @said;
	my $values = join ', ', map { my ($kind, $id) = /^(\w+) (\d+)$/ or die "log: $_"; "('$kind', $id)" } grep { !/^sweep/ } @said;
	next if $values eq '';
	$lost .= $node->safe_psql('desk', qq{
		select s.kind, s.id from (values $values) s (kind, id)
		where not case s.kind
			when 'receive' then exists (select from ticket_workflow.ticket t where t.ticket_id = s.id)
				and exists (select from ticket_workflow.journal j where j.ticket_id = s.id and j.seq = 1)
			when 'contact' then exists (select from ticket_workflow.contact c where c.contact_id = s.id)
			when 'visit' then exists (select from ticket_workflow.site_visit v where v.visit_id = s.id)
			when 'save' then exists (select from ticket_workflow.report r where r.report_id = s.id)
			when 'submit' then exists (select from ticket_workflow.report r join ticket_workflow.journal j on j.ticket_id = r.ticket_id
				where r.report_id = s.id and j.kind = 'submit_report')
			when 'review' then exists (select from ticket_workflow.report r join ticket_workflow.journal j on j.ticket_id = r.ticket_id
				where r.report_id = s.id and j.kind = 'pass_report')
			when 'confirm' then exists (select from ticket_workflow.notice n where n.notice_id = s.id and n.confirmed_at is not null)
			else exists (select from ticket_workflow.journal j where j.ticket_id = s.id and j.kind = s.kind) end});
	$broken .= $node->safe_psql('desk', 'select * from ticket_workflow.check_integrity()');
}
note("$backends backends and $servers servers killed; came back: " . kinds());
is($backends + $servers, $kills, "$kills kills");
is($lost, '', 'no call that came back to a client is lost');
is($broken, '', 'check_integrity() is clean after each kill');
cmp_ok($acknowledged{$_} // 0, '>', 0, "some came back: $_") for qw(receive dispatch accept contact visit save submit review close sweep confirm);

# the next sweep finishes what was broken off
$node->safe_psql('desk', q{select set_config('ticket_workflow.now', load.clock(), false); call ticket_workflow.sweep()});
is($node->safe_psql('desk', 'select clock_id, level from ticket_workflow.escalation group by 1, 2 having count(*) > 1'), '', 'no level fired twice');
is($node->safe_psql('desk', q{select escalation_id, message, recipient_id, recipient_post from ticket_workflow.notice
	where escalation_id is not null and message in ('notice_warning', 'notice_overdue', 'notice_notice') group by 1, 2, 3, 4 having count(*) > 1}), '', 'no notice was written twice');
cmp_ok($node->safe_psql('desk', 'select count(*) from ticket_workflow.escalation'), '>', 20, 'levels fired');
is($node->safe_psql('desk', 'select * from ticket_workflow.verify_journals()'), '', 'journals verify');
is($node->safe_psql('desk', 'select distinct sqlstate, message from ticket_workflow.sweep_failure'), '', 'no clock was set aside');
is($node->safe_psql('desk', 'select * from ticket_workflow.check_integrity()'), '', 'sound in the end');
# refusals are rules (TW...), never the machine's
my %error;
foreach my $log (glob "$dir/log.*.err")
{
	$error{$_}++ for grep { !/terminat|crash|connection|server closed|before or while|Attempting reset|recovery|starting up|shutting down|DETAIL|HINT|CONTEXT|WARNING|The postmaster|command cannot|abnormally|In a moment|this probably means|^\s*(PL\/pgSQL|SQL )|^psql:\S+\s*$/i }
		map { s/^psql:\S+:\d+: //r } split /\n/, slurp_file($log);
}
note("refused: $error{$_} x $_") for sort keys %error;
is(join(' ', grep { /deadlock|duplicate key|internal|cache lookup|could not|unexpected/i } keys %error), '', 'no error of the machine but the kills');

done_testing();
