# The demo plays to its end by itself: every refusal in it was meant, every ticket went where the street's rules send it,
# by each of the seven principles more than once, and what they said of it is printed; the data it leaves is sound.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = desk_node('demo', conf => "shared_buffers = 64MB\n");
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
local $ENV{PGUSER} = $node->safe_psql('postgres', 'select current_user');
local $ENV{KEEP_DATABASE} = 'street';
delete local $ENV{KEEP};
my ($out, $err);
my $done = IPC::Run::run(['demo/run'], '>', \$out, '2>', \$err);
ok($done, 'the demo comes to its end') or diag(join "\n", $err, (split /\n/, $out)[-20 .. -1]);
is($err, '', 'without a complaint');
utf8::decode($out);

sub rows { return $node->safe_psql('street', $_[0]) }
sub printed { my ($what, $title) = @_; utf8::decode(my $words = $what); return like($out, qr/$words/, $title) }

# 2.1: by recommendation, each principle at least twice
is(rows(q{select string_agg(distinct o.principle, ' ') from ticket_workflow.dispatch_order o
	where (select count(*) from ticket_workflow.ticket t where t.dispatch_principle = o.principle) < 2}), '',
	'2.1: each of the seven principles decided two tickets at least');
is(rows(q{select string_agg(p.alias, ' ') from demo.played p
	join demo.story s on s.alias = p.alias join ticket_workflow.ticket t on t.ticket_id = p.ticket_id
	left join ticket_workflow.organization o on o.organization_id = t.lead_department_id
	where t.state not in ('transferred', 'merged') and o.code is distinct from s.department}), '',
	'2.1: every ticket ended with the department that its story names');
is(rows(q{select count(*) from demo.story s where s.principle not in ('factual', 'exception', 'transfer') and not exists (
	select from demo.played p
		join ticket_workflow.ticket t on t.ticket_id = p.ticket_id
		join ticket_workflow.dispatch_decision d on d.ticket_id = t.ticket_id and d.dispatch_round = t.dispatch_round
	where p.alias = s.alias and d.recommended_id = d.department_id and jsonb_array_length(d.explanation) = 7)}), 0,
	'2.1: which was the recommended one, the explanation kept');
is(rows(q{select count(*) filter (where d.reason is null) || ' ' || (count(*) > 0) from ticket_workflow.dispatch_decision d
	where d.department_id <> d.recommended_id}), '0 true', 'A1.7: where the dispatcher departed he gave his reason');
is(rows(q{select count(*) > 0 from ticket_workflow.dispatch_decision d, jsonb_to_recordset(d.explanation) r (principle text, decisive boolean)
	where d.principle = 'exception' and r.principle = 'exception' and r.decisive having count(*) >= 2}), 't',
	'A1.7: rules of exception decided, not only dispatchers');
cmp_ok(rows(q{select count(*) from ticket_workflow.ticket where state = 'transferred'}), '>=', 1, '2.2.1: what lies outside was transferred');
printed("● $_", "2.1: printed why: $_")
	for '例外原则', '法定原则', '事实原则', '关联原则', '职责原则', '属地原则', '托底原则', '转出：“彭浦新村”不在辖区内';
printed("○ $_", "2.1: and why not: $_") for '例外原则：没有适用', '职责原则：“楼道堆物”为房管办事处、社区自治办公室共同职责';
printed("派单 $_原则 +[2-9]\\d* 件", "2.1: the table at the end: $_") for '法定', '职责', '属地', '事实', '关联', '托底', '例外';

is(rows('select count(*) from demo.refusal where not expected'), 0, 'every refusal was meant');
is(rows('select count(*) from ticket_workflow.check_integrity()'), 0, 'what it leaves is sound');
is(rows('select count(*) from ticket_workflow.verify_journals()'), 0, 'and every journal whole');
is(rows(q{select count(*) from ticket_workflow.rulebook_coverage('yichuan', '2023-02-01')
	where gap in ('area_without_fallback', 'area_without_committee', 'committee_without_place', 'rule_of_closed', 'alias_shared')}), 0,
	'2.1: the street leaves no area without fallback or committee');
$node->stop;
done_testing();
