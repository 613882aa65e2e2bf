# Logical replication of the read side: a publication of the data tables, a subscriber with the extension, as
# doc/operations.md has the steps. Rows arrive as they are (no guard, no journal of its own), views answer alike, caches
# of the subscriber's sessions follow, sequences do not come along: the steps before writing there are shown too.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node play_every_state at_time data_of differing slurp);
use Test::More;

my $desk = desk_node('desk', conf => "wal_level = logical\nmax_wal_senders = 4\n");
play_every_state($desk, 'desk');
at_time($desk, 'desk', '2023-02-08 12:00+08', 'call ticket_workflow.sweep()');

# the publication's statement is made from the extension's own list, as documented
my ($publication) = slurp('doc/operations.md') =~ /```sql\n(-- on the desk: [^`]*)```/s or die 'no publication in doc/operations.md';
my ($subscription) = slurp('doc/operations.md') =~ /```sql\n(-- on the subscriber: [^`]*)```/s or die 'no subscription in doc/operations.md';
my ($sequences) = slurp('doc/operations.md') =~ /```sql\n(-- sequences: [^`]*)```/s or die 'no sequences in doc/operations.md';
like($publication . $subscription . $sequences, qr/create publication.*create subscription.*setval/s, 'doc/operations.md has the steps');
is($desk->psql('desk', $publication), 0, 'the publication is made as documented');
is($desk->safe_psql('desk', q{
	select count(*) from pg_extension e, unnest(e.extconfig) t(oid) join pg_class c on c.oid = t.oid and c.relkind = 'r'
	where e.extname = 'ticket_workflow' and not exists (select from pg_publication_rel p where p.prrelid = c.oid)}), '0', 'every data table is in it');
# rows are found on the other side by their key
is($desk->safe_psql('desk', q{
	select string_agg(p.prrelid::regclass::text, ' ' order by 1) from pg_publication_rel p join pg_class c on c.oid = p.prrelid
	where c.relreplident = 'd' and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)}), '',
	'every published table has a key, or its whole row is its identity');

my $reports = desk_node('reports', conf => "wal_level = logical\n");
$reports->safe_psql('postgres', 'create database desk');
$reports->safe_psql('desk', 'create extension ticket_workflow');
(my $connection = $desk->connstr('desk')) =~ s/'/''/g;
(my $here = $subscription) =~ s/connection '[^']*'/connection '$connection'/ or die 'no connection in the documented subscription';
is($reports->psql('desk', $here), 0, 'the subscription is made as documented') or die 'no subscription';
$reports->wait_for_subscription_sync($desk, 'ticket_workflow_read', 'desk');

sub caught_up { $desk->wait_for_catchup('ticket_workflow_read'); return; }
sub same_rows
{
	my ($title) = @_;
	my ($theirs, $ours) = map { my $d = data_of($_, 'desk'); +{ map { ($_ => $d->{$_}) } grep { !/_seq$/ } keys %$d } } ($desk, $reports);
	is_deeply(differing($theirs, $ours), [], "$title: identical rows in every table");
	return;
}
same_rows('first copy');
is($reports->safe_psql('desk', q{select string_agg(distinct problem, ' ') from ticket_workflow.check_integrity()}), 'sequence_lags',
	'sound, but for the sequences, which are not replicated');

# views answer alike; the clock is the same
sub views_alike
{
	my ($title) = @_;
	foreach my $view (split /\n/, $desk->safe_psql('desk', q{
		select oid::regclass from pg_class where relnamespace = 'ticket_workflow'::regnamespace and relkind = 'v'
			and relname not in ('sweep_health') order by 1}))
	{
		my $sql = qq{select row_text from (select v::text as row_text from $view v) x order by row_text collate "C"};
		my ($theirs, $ours) = map { at_time($_, 'desk', '2023-02-20 12:00+08', $sql) } ($desk, $reports);
		is($ours, $theirs, "$title: $view answers alike");
	}
	return;
}
views_alike('first copy');

# ---- caches of a session that is warm: calendar, rules of dispatch, phrases

my $warm = $reports->background_psql('desk');
my $calendar = q{select ticket_workflow.is_working_day('2023-02-21', 'cn_shanghai'), ticket_workflow.add_working_days('2023-02-20', 1, 'cn_shanghai')};
my $rules = q{select coalesce(string_agg(principle || ' ' || department, ',' order by rank), 'nothing') from ticket_workflow.resolve_dispatch('yc', matter => 'light', area => 'p1') where decisive};
my $phrases = q{select count(*) from ticket_workflow.check_report_text('本件已按五角大楼方案处理完毕。', rulebook => 'yichuan_2023') where excerpt = '五角大楼'};
is($warm->query($calendar), 't|2023-02-21', 'warm calendar');
my $before = $warm->query($rules);
is($warm->query($phrases), '0', 'warm phrases');

$desk->safe_psql('desk', q{select ticket_workflow.set_calendar_day('cn_shanghai', '2023-02-21', true, '测试')});
$desk->safe_psql('desk', q{select ticket_workflow.create_statutory_rule('yc', 'fg', 'light', '《条例》', since => '2020-01-01')});
$desk->safe_psql('desk', q{
	insert into ticket_workflow.phrase select rulebook, role, code, '五角大楼', severity, clause, waiver
		from ticket_workflow.phrase where rulebook = 'yichuan_2023' and role = 'prohibited' and waiver = 'none' limit 1});
caught_up();
is($warm->query($calendar), 'f|2023-02-22', 'P-2.10: a day given off arrives in a warm session');
isnt($warm->query($rules), $before, 'P-2.10: so does a rule of dispatch');
is($warm->query($phrases), '1', 'P-2.10: and a phrase');
$desk->safe_psql('desk', q{select ticket_workflow.set_calendar_day('cn_shanghai', '2023-02-21', false, '测试'); delete from ticket_workflow.phrase where pattern = '五角大楼'});
caught_up();
is($warm->query($calendar), 't|2023-02-21', 'changed back');
is($warm->query($phrases), '0', 'a deleted row too');
$warm->quit;

# ---- the desk goes on: changes of state, deemed acceptances, corrections, notices

at_time($desk, 'desk', $_, 'call ticket_workflow.sweep(batch_size => 20)') for ('2023-02-15 12:00+08', '2023-02-20 12:00+08');
at_time($desk, 'desk', '2023-02-20 12:00+08', q{
	begin;
	set local ticket_workflow.actor = 'dispatcher';
	select ticket_workflow.correct_ticket(min(ticket_id), '地址有误', place => '宜川路99号') from ticket_workflow.ticket where state = 'received';
	select ticket_workflow.close_ticket(ticket_id) from ticket_workflow.ticket where state = 'completed';
	commit;
	select ticket_workflow.confirm_notice(notice_id, token) from ticket_workflow.take_notices(2)});
caught_up();
same_rows('after a week');
views_alike('after a week');
is($reports->safe_psql('desk', 'select * from ticket_workflow.verify_journals()'), '', 'journals verify: rows came as they are, none was added');
is($reports->safe_psql('desk', q{select count(*) from pg_stat_subscription_stats where apply_error_count + sync_error_count > 0}), '0', 'no error on the way')
	if $reports->safe_psql('postgres', 'show server_version_num') >= 150000;

# ---- when the subscriber is to write: without the subscription, sequences beyond the rows

my ($without) = slurp('doc/operations.md') =~ /```sql\n(-- detach: [^`]*)```/s or die 'no detaching in doc/operations.md';
is($reports->psql('desk', $without), 0, 'the subscription ends as documented');
is($reports->psql('desk', $sequences), 0, 'sequences are set as documented');
is($reports->safe_psql('desk', 'select * from ticket_workflow.check_integrity()'), '', 'then it is sound');
is(at_time($reports, 'desk', '2023-02-20 13:00+08', q{
	begin;
	set local ticket_workflow.actor = 'dispatcher';
	with new as (select ticket_workflow.receive_ticket(center => 'yc', category => 'complaint', appeal => '报表库接管') as id)
	select new.id > (select max(ticket_id) from ticket_workflow.ticket) from new;
	commit}), 't', 'and takes tickets');

done_testing();
