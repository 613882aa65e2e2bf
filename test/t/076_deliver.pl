# The example consumer of doc/escalation.md really delivers: once each, with failures tried again, after being killed in
# the middle, and from several processes at once.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node slurp);
use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

my $node = desk_node('deliver');
my $db   = 'postgres';
$node->safe_psql($db, 'create extension ticket_workflow');
$node->safe_psql($db, "select ticket_workflow.load_rulebook('yichuan_2023')");
$node->command_ok([ 'psql', '-qX1', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $node->connstr($db), '-f', 'test/fixtures/desk.sql' ], 'a desk');
$node->safe_psql($db, q{create role deliver login; call ticket_workflow.grant_access('deliver', 'application')});

my $dir = PostgreSQL::Test::Utils::tempdir;
my ($sent, $brake) = ("$dir/sent", "$dir/brake");
# the gateway: writes down what it got; refuses one recipient; stops where a file says so
append_to_file("$dir/gateway", <<"GATEWAY");
#!/bin/sh
text=\$(cat)
[ "\$RECIPIENT" != head ] || [ "\$ATTEMPT" -gt 1 ] || { echo "450 try again, \$RECIPIENT's box" >&2; exit 4; }
printf '%s|%s|%s|%s\\n' "\$NOTICE_ID" "\$RECIPIENT" "\$CHANNEL" "\$text" >>$sent
while [ -e $brake ]; do sleep 0.1; done
GATEWAY
chmod 0755, "$dir/gateway";
sub consumer { return ('doc/examples/deliver-notices', '--once', $node->connstr($db) . " user=deliver options='-c statement_timeout=60s'", "$dir/gateway"); }
sub lines { return -e $sent ? sort { $a cmp $b } split /\n/, slurp($sent) : (); }
sub status { return $node->safe_psql($db, q{select string_agg(c || ' ' || s, ', ' order by s) from (
	select case when confirmed_at is not null then 'delivered' when failures > 0 then 'failing' when lease_until > clock_timestamp() then 'leased'
		else 'waiting' end as s, count(*) as c from ticket_workflow.notice group by 1) x}); }
sub post { my ($recipient, $n) = @_; return $node->safe_psql($db, qq{select ticket_workflow.post_notice(o.center_id, o.official_id, 'notice_signature_contested',
	array['工单%1''s "第 ' || n || ' 件"' || chr(10) || '|', '\\x', '%'], "position" => 'liaison')
	from ticket_workflow.official o, generate_series(1, $n) n where o.code = '$recipient'}); }

# ---- some are delivered, one fails and is tried again

post('liaison', 3);
post('head', 1);
$node->command_ok([ consumer() ], 'it runs to its end');
is(scalar(grep { /\|liaison\|wechat\|/ } lines()), 3, 'three notices went to the liaison, by the channel of the rulebook');
like(slurp($sent), qr/工单%1's "第 3 件"\n\|/, 'with their text as it is: percent signs, quotes, line breaks and bars');
is(status(), '3 delivered, 1 failing', 'one has failed');
is($node->safe_psql($db, 'select last_error from ticket_workflow.notice where failures > 0'), q{450 try again, head's box}, 'with what the gateway said');
$node->command_ok([ consumer() ], 'again at once');
is(status(), '3 delivered, 1 failing', 'it is not tried before its time');
$node->safe_psql($db, q{update ticket_workflow.notice set retry_at = clock_timestamp() where retry_at is not null});
$node->command_ok([ consumer() ], 'after the wait');
is($node->safe_psql($db, 'select count(*) from ticket_workflow.notice where confirmed_at is null'), '0', 'it is delivered');
is(scalar(grep { /\|head\|/ } lines()), 1, 'once');

# ---- killed in the middle: what it held comes back when the lease is over, under the same number

unlink $sent;
post('liaison', 2);
append_to_file($brake, '');
my $session = IPC::Run::start([ consumer() ], '>', '/dev/null', '2>', '/dev/null');
for (1 .. 300) { last if -s $sent; select(undef, undef, undef, 0.1); }
cmp_ok(-s $sent, '>', 0, 'one was handed to the gateway');
$session->kill_kill(grace => 0);
unlink $brake;
is(status(), '4 delivered, 2 leased', 'nothing of it is confirmed');
$node->command_ok([ consumer() ], 'another comes');
is(status(), '4 delivered, 2 leased', 'and leaves what is leased');
$node->safe_psql($db, q{update ticket_workflow.notice set lease_until = clock_timestamp() where lease_until > clock_timestamp() and confirmed_at is null});
$node->command_ok([ consumer() ], 'after the lease');
is($node->safe_psql($db, 'select count(*) from ticket_workflow.notice where confirmed_at is null'), '0', 'all are delivered');
my %times;
$times{ (split /\|/)[0] }++ for grep { /^\d+\|/ } lines();
is(join(' ', sort values %times), '1 2', 'the one that was under way twice, under the same number, for the gateway to see');

# ---- three at once

unlink $sent;
post($_, 20) for qw(liaison officer);
my @sessions = map { IPC::Run::start([ consumer() ], '>', '/dev/null', '2>', '/dev/null') } 1 .. 3;
ok((grep { $_->finish } @sessions) == 3, 'three at once come to their end');
%times = ();
$times{ (split /\|/)[0] }++ for grep { /^\d+\|/ } lines();
is(scalar(keys %times), 40, 'forty notices');
is(scalar(grep { $_ != 1 } values %times), 0, 'each sent once');

done_testing();
