# CREATE EXTENSION: the databases it refuses, twice in one session, twice in one cluster, and what it leaves behind;
# and that an update of the last release ends in the same catalog (050_update.pl: with data).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node stderr_of data_of);
use Drift qw(catalog_of same_extension updates_ok versions);
use Test::More;

my $node = desk_node('install');

foreach my $encoding (qw(LATIN1 EUC_CN SQL_ASCII))
{
	my $database = lc $encoding;
	$node->safe_psql('postgres',
		"create database $database template template0 encoding '$encoding' locale 'C'");
	my $error = stderr_of($node, $database, 'create extension ticket_workflow');
	# the server converts the whole script before it runs a line: where a character has no place, that fails first
	like($error, $encoding ne 'SQL_ASCII'
		? qr/has no equivalent in encoding "$encoding"/
		: qr/ticket_workflow needs a database in UTF8, this one is in $encoding.*HINT:.*encoding 'UTF8'/s,
		"P-2.14: $encoding is refused");
	is($node->safe_psql($database, "select count(*) from pg_namespace where nspname = 'ticket_workflow'"),
		'0', 'and leaves nothing behind');
}

# drop and create in one session: caches and oids of the first must not survive
my $again = $node->safe_psql('postgres', q{
	create database one;
	\c one
	set client_min_messages = warning;
	create extension ticket_workflow;
	select ticket_workflow.label('language', 'zh');
	drop extension ticket_workflow cascade;
	create extension ticket_workflow;
	select ticket_workflow.label('language', 'zh');
	select ticket_workflow.message_text('product_table', array['x']) <> '';
	begin;
	drop extension ticket_workflow cascade;
	rollback;
	select ticket_workflow.label('language', 'zh');
});
is($again, "中文\n中文\nt\n中文", 'drop and create in one session');

# the owner role is the cluster's: the second database finds it
$node->safe_psql('postgres', 'create database two');
$node->safe_psql('two', 'create extension ticket_workflow');
is($node->safe_psql('two', "select rolcanlogin, rolsuper, rolinherit from pg_roles where rolname = 'ticket_workflow_owner'"),
	'f|f|f', 'one owner role, which may not log in');
is($node->safe_psql('two', "select ticket_workflow.label('language', 'zh')"), '中文', 'a second database in the cluster');
$node->safe_psql('one', 'drop extension ticket_workflow cascade');
is($node->safe_psql('two', "select ticket_workflow.label('language', 'zh')"), '中文', 'and outlives the first');

# nothing but the schema is left, and the role, which other databases may use
is($node->safe_psql('one', q{
	select count(*) from pg_class where relnamespace = (select oid from pg_namespace where nspname = 'ticket_workflow')}),
	'0', 'DROP EXTENSION leaves no relation behind');

# what is dumped starts empty: a row of the script in a dumped table would collide with the dump's
my $data = data_of($node, 'two');
is_deeply([ grep { $data->{$_} !~ /^$|^1\|f$/ } sort keys %$data ], [], 'P-2.1: no data table is filled by the script');

# into a schema of one's own choice it does not go, and a plain role may not create it
$node->safe_psql('one', 'create schema elsewhere; create role plain login');
like(stderr_of($node, 'one', 'create extension ticket_workflow schema elsewhere'),
	qr/must be installed in schema "ticket_workflow"/, 'the schema is fixed');
like(stderr_of($node, 'one', 'create extension ticket_workflow', extra_params => [ '-U', 'plain' ]),
	qr/permission denied/, 'a plain role may not create it');

# names of a hostile schema ahead in the path must not be picked up by the script
$node->safe_psql('postgres', 'create database hostile');
$node->safe_psql('hostile', q{
	create schema trap;
	create function trap.now() returns timestamptz language sql as $$ select 'epoch'::timestamptz $$;
	create function trap.format(text, variadic "any") returns text language internal as 'text_format';
	create table trap.message (key text);
	create operator trap.= (leftarg = text, rightarg = text, function = textne);
	alter database hostile set search_path = trap, pg_catalog, public;
});
$node->safe_psql('hostile', 'create extension ticket_workflow');
is($node->safe_psql('hostile', q{select ticket_workflow.label('language', 'zh')}), '中文',
	'P-2.7: a hostile search_path captures neither the script nor a function');
is($node->safe_psql('hostile', q{select count(*) from trap.message}), '0', 'nor its rows');

# ---- an updated database is a fresh one

my ($from, $to) = versions();
$node->safe_psql('postgres', 'create database updated');
$node->safe_psql('updated', "create extension ticket_workflow version '$from'");
# CREATE EXTENSION does not look whether the library has the symbols
is($node->safe_psql('updated', q{
	set check_function_bodies = on;
	select count(fmgr_c_validator(p.oid)::text) > 10
	from pg_proc p join pg_language l on l.oid = p.prolang
	where l.lanname = 'c' and p.pronamespace = 'ticket_workflow'::regnamespace}), 't',
	"P-2.6: the library has every C symbol that $from names");
same_extension(catalog_of($node, 'two'), catalog_of($node, 'updated'), "P-1.4: an update from $from and a fresh install of $to have the same catalog")
	if updates_ok($node, 'updated');
is_deeply([ grep { $_ !~ /^$/ } $node->safe_psql('updated', q{
	select d from pg_extension_update_paths('ticket_workflow') p (source, target, d)
	where source <> target and target = '} . $to . q{' and d is null}) ], [], 'P-2.6: there is a way from every released version');

done_testing();
