# Attempts on what is not theirs, each refused: one line per attempt, who, what, and how the desk answers.
# Every attempt runs in a session of its own, logged in as its role (whose rights on the database are as wide as
# can be: schemas, objects and temporary tables of their own). The answer is an SQLSTATE, or "= value" for what a
# harmless query must give, or "! text" for what must not be in the answer. Afterwards no row of the desk differs.
# $t_cg and the like are ids of test/fixtures/attack_desk.sql; fg's tickets are hidden from liaison, zz's from all of yc.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../perl";
use Desk qw(desk_node data_of differing);
use PostgreSQL::Test::Utils;
use Test::More;

my $W = 'ticket_workflow';
my @every = qw(application liaison reader auditor sweeper manager none);
my $ambush = q{create schema mine_$pid; set search_path = mine_$pid, pg_temp, ticket_workflow, pg_catalog;
	create function mine_$pid.yes(text, text) returns boolean language sql as 'select true'; create operator mine_$pid.= (leftarg = text, rightarg = text, procedure = mine_$pid.yes);
	create function mine_$pid.yes(bigint, bigint) returns boolean language sql as 'select true'; create operator mine_$pid.= (leftarg = bigint, rightarg = bigint, procedure = mine_$pid.yes);
	create function mine_$pid.yes(anyelement, anyarray) returns boolean language sql as 'select true';
	create function mine_$pid.now() returns timestamptz language sql as $$select timestamptz '2023-01-01'$$; create function mine_$pid.clock_timestamp() returns timestamptz language sql as $$select timestamptz '2023-01-01'$$;
	create function mine_$pid.pg_has_role(oid, name, text) returns boolean language sql as 'select true';
	create temp table official as select 1::bigint as official_id, 1::bigint as center_id, 'dispatcher'::text as code, true as active;
	create temp table access_grant as select 'x'::text as role_name, 'application'::text as capability, null::bigint as center_id;};
my $leak = q{create temp table leaked (id text); create function pg_temp.leak(anyelement) returns boolean language plpgsql cost 0.0000001 as $$begin insert into pg_temp.leaked values ($1::text); return true; end$$;};

# [ who, what it is, SQL, answer ]; 'every' stands for each capability in turn
my @attempts = (
	# ---- privileges
	[ none => 'a role without a capability reads', "select * from $W.ticket", '42501' ],
	[ none => 'calls', "select $W.now()", '42501' ],
	[ none => 'acts', "select $W.accept_ticket(\$t_cg)", '42501' ],
	[ every => 'grants itself a capability', "call $W.grant_access(current_user, 'auditor')", '42501' ],
	[ every => 'writes itself a capability', "insert into $W.access_grant values (current_user, 'auditor', null, now(), 'x')", '42501' ],
	[ every => 'becomes a member of the owner', "grant ticket_workflow_owner to current_user", '42501' ],
	[ every => 'takes the owner\'s role', "set role ticket_workflow_owner", '42501' ],
	[ every => 'takes a superuser\'s session', "set session authorization postgres", '42501' ],
	[ every => 'takes what the owner owns', "reassign owned by ticket_workflow_owner to current_user", '42501' ],
	[ every => 'replaces a function', "create or replace function $W.caller() returns regrole language sql as 'select null::regrole'", '42501' ],
	[ every => 'drops a function', "drop function $W.has_capability(text, bigint)", '42501' ],
	[ every => 'opens a function to PUBLIC', "grant execute on function $W.write_journal(bigint, text, text, jsonb, timestamptz, text, text, boolean) to public; select has_function_privilege('public', '$W.write_journal(bigint, text, text, jsonb, timestamptz, text, text, boolean)', 'execute')", '42501' ],
	[ every => 'drops the extension', "drop extension ticket_workflow", '42501' ],
	[ every => 'updates the extension', "alter extension ticket_workflow update", '42501' ],
	[ every => 'adds to the extension', "create table public.x_\$pid (); alter extension ticket_workflow add table public.x_\$pid", '42501' ],
	[ every => 'drops the schema', "drop schema $W cascade", '42501' ],
	[ every => 'makes a table in the schema', "create table $W.mine ()", '42501' ],
	[ every => 'makes an overloaded function in the schema', "create function $W.now(integer) returns timestamptz language sql as 'select null::timestamptz'", '42501' ],
	[ every => 'moves a table of its own into the schema', "create table public.y_\$pid (); alter table public.y_\$pid set schema $W", '42501' ],
	[ manager => 'makes a definer function the owner\'s', "create function public.f_\$pid() returns text language sql security definer as 'select phone from $W.petitioner limit 1'; alter function public.f_\$pid() owner to ticket_workflow_owner", '42501' ],
	[ reader => 'grants on what it was granted', "grant select on $W.ticket to tw_test_none; select has_table_privilege('tw_test_none', '$W.ticket', 'select')", '42501|= f' ],
	[ auditor => 'takes another\'s role', "set role tw_test_manager", '42501' ],
	[ liaison => 'takes a colleague\'s role', "set role tw_dispatcher", '42501' ],

	# ---- guards, triggers, policies
	[ every => 'disables the triggers', "alter table $W.ticket disable trigger all", '42501' ],
	[ every => 'disables them for its session', "set session_replication_role = replica", '42501' ],
	[ every => 'drops a trigger', "drop trigger refuse_history_change on $W.journal", '42501' ],
	[ every => 'disables row security', "alter table $W.ticket disable row level security", '42501' ],
	[ every => 'adds a policy', "create policy wide on $W.ticket using (true)", '42501' ],
	[ every => 'adds a rule', "create rule r as on update to $W.ticket do instead nothing", '42501' ],
	[ every => 'hangs a trigger of its own on a table', "create function public.t_\$pid() returns trigger language plpgsql as 'begin return null; end'; create trigger t before insert on $W.ticket for each row execute function public.t_\$pid()", '42501' ],
	[ manager => 'makes an event trigger', "create function public.e_\$pid() returns event_trigger language plpgsql as 'begin end'; create event trigger e on ddl_command_start execute function public.e_\$pid()", '42501' ],
	[ manager => 'publishes a table', "create publication p for table $W.petitioner", '42501' ],
	[ liaison => 'row_security off', "set row_security = off; select * from $W.ticket", '42501' ],

	# ---- rows past the functions
	[ every => 'inserts a ticket', "insert into $W.ticket select * from $W.ticket", '42501' ],
	[ every => 'moves a state', "update $W.ticket set state = 'completed'", '42501' ],
	[ every => 'moves a deadline', "update $W.clock set due_at = due_at + interval '1 day'", '42501' ],
	[ every => 'deletes a ticket', "delete from $W.ticket", '42501' ],
	[ every => 'rewrites the journal', "update $W.journal set actor = 'head'", '42501' ],
	[ every => 'cuts the journal', "delete from $W.journal", '42501' ],
	[ every => 'empties the journal', "truncate $W.journal", '42501' ],
	[ every => 'empties the seals', "truncate $W.journal_seal", '42501' ],
	[ every => 'merges into a table', "merge into $W.ticket t using (select 1) s on true when matched then delete", '42501' ],
	[ every => 'copies rows in', "copy $W.journal from stdin;\n\\.\n", '42501' ],
	[ every => 'copies personal data out', "copy $W.petitioner to stdout", '42501' ],
	[ every => 'copies out through a program', "copy (select 1) to program 'cat'", '42501' ],
	[ every => 'writes in a DO block', "do \$\$ begin execute 'update $W.ticket set urgent = true'; end \$\$", '42501' ],
	[ every => 'locks a table', "begin; lock table $W.ticket", '42501' ],
	[ every => 'locks rows', "select * from $W.ticket for update", '42501' ],
	[ every => 'locks rows through a view', "select * from $W.ticket_overview for share", '42501' ],
	[ every => 'draws from a sequence', "select nextval('$W.ticket_seq')", '42501' ],
	[ every => 'turns a sequence back', "select setval('$W.ticket_seq', 1)", '42501' ],
	[ reader => 'writes through a view', "update $W.ticket_overview set state = 'closed'", '42501|55000' ],
	[ application => 'gives an act to a position', "insert into $W.act_right values ('yichuan_2023', 'recall', 'liaison', 'lead', null)", '42501' ],
	[ manager => 'rewrites a rule past the functions', "update $W.clock_limit set amount = 1000", '42501' ],
	[ manager => 'becomes an official past the functions', "update $W.official set database_role = 'tw_test_manager'", '42501' ],

	# ---- the owner himself, his guards on: history stays
	[ owner => 'rewrites the journal', "update $W.journal set actor = 'head'", 'TW010' ],
	[ owner => 'cuts the journal', "delete from $W.journal", 'TW010' ],
	[ owner => 'empties the journal', "truncate $W.journal", 'TW010' ],
	[ owner => 'rewrites a seal', "update $W.journal_seal set digest = sha256('x')", 'TW010' ],
	[ owner => 'deletes a ticket', "delete from $W.ticket where ticket_id = \$t_cg", 'TW010' ],
	[ owner => 'changes a petitioner', "update $W.petitioner set phone = '1'", 'TW010' ],
	[ owner => 'completes without a report', "update $W.ticket set state = 'completed', state_act = 'pass_report' where ticket_id = \$t_cg", 'TW001' ],
	[ owner => 'dates a clock back', "update $W.clock set started_at = started_at - interval '1 hour' where ticket_id = \$t_cg", 'TW010' ],
	[ owner => 'changes a product table', "update $W.act_right set act = 'x' where false; delete from $W.ticket_transition", 'TW012' ],
	[ owner => 'signs by UPDATE', "update $W.approval set state = 'valid'; insert into $W.approval (approval_id) values (1)", '23502' ],

	# ---- the clock
	[ every => 'sets the clock', "set ticket_workflow.now = '2023-01-01'; select $W.now() = statement_timestamp()", '= t|42501' ],
	[ every => 'sets it by set_config()', "select set_config('ticket_workflow.now', '2023-01-01', false); select $W.now() = statement_timestamp()", '= t|42501' ],
	[ every => 'sets it for its role', "alter role current_user set ticket_workflow.now = '2023-01-01'", '42501' ],
	[ every => 'sets it for the database', "alter database desk set ticket_workflow.now = '2023-01-01'", '42501' ],
	[ every => 'sets it in a function', "create function public.c_\$pid() returns timestamptz language sql set ticket_workflow.now = '2023-01-01' as 'select 1'", '42501' ],
	[ manager => 'sets it for the server', "alter system set ticket_workflow.now = '2023-01-01'", '42501' ],
	[ liaison => 'a time zone of its own', "set timezone = 'Pacific/Kiritimati'; select $W.now() = statement_timestamp()", '= t' ],
	[ liaison => 'an act within a long transaction is dated by its statement', "begin; select pg_sleep(0.3); select $W.now() - transaction_timestamp() > interval '0.3 s'", '= t' ],
	[ liaison => 'a contact dated before the ticket', "select $W.record_contact(\$t_cg, 'reply', 'ip_phone', 'reached', occurred_at => '2022-01-01', recording => 'file:x')", 'TW0..' ],
	[ liaison => 'a contact dated ahead', "select $W.record_contact(\$t_cg, 'reply', 'ip_phone', 'reached', occurred_at => '2999-01-01', recording => 'file:x')", 'TW006' ],
	[ application => 'a ticket received ahead', "set ticket_workflow.actor = 'dispatcher'; select $W.receive_ticket('yc', '投诉', 'x', received_at => '2999-01-01')", 'TW006' ],
	[ application => 'a ticket received at no time', "set ticket_workflow.actor = 'dispatcher'; select $W.receive_ticket('yc', '投诉', 'x', received_at => '-infinity')", 'TW006' ],

	# ---- the actor
	[ liaison => 'names another as the actor', "set ticket_workflow.actor = 'dispatcher'; select $W.recall_ticket(\$t_cg, 'x')", 'TW005' ],
	[ liaison => 'names himself as the actor', "set ticket_workflow.actor = 'liaison'; select $W.actor()", 'TW005' ],
	[ liaison => 'names another before the library is loaded', "set ticket_workflow.actor = 'dispatcher'; set ticket_workflow.x = 1; select count(*) from $W.ticket", 'TW005' ],
	[ reader => 'names an actor', "set ticket_workflow.actor = 'dispatcher'; select count(*) from $W.ticket", 'TW005' ],
	[ reader => 'asks which codes exist', "set ticket_workflow.actor = 'no such'; select $W.actor()", 'TW005' ],
	[ application => 'names an actor of another center', "set ticket_workflow.actor = 'zz_dispatcher'; select $W.actor()", 'TW005' ],
	[ application => 'names an actor by a pattern', "set ticket_workflow.actor = '%'; select $W.actor()", 'TW005' ],
	[ application => 'names an actor by injection', "set ticket_workflow.actor = ''' or true --'; select $W.actor()", 'TW005' ],
	[ application => 'names an actor in capitals', "set ticket_workflow.actor = 'DISPATCHER'; select $W.actor()", 'TW005' ],
	[ application => 'names an actor in wide letters', "set ticket_workflow.actor = 'ｄｉｓｐａｔｃｈｅｒ'; select $W.actor()", 'TW005' ],
	[ application => 'names a very long actor', "select set_config('ticket_workflow.actor', repeat('x', 1000000), false) is null; select $W.actor()", 'TW005' ],
	[ application => 'acts without an actor', "select $W.accept_ticket(\$t_cg)", 'TW006' ],
	[ application => 'keeps SET LOCAL beyond its transaction', "begin; set local ticket_workflow.actor = 'dispatcher'; select 1 from $W.ticket limit 1; commit; select count(*) from $W.ticket", '= 0' ],
	[ application => 'an actor set by a transaction that failed', "begin; set local ticket_workflow.actor = 'dispatcher'; select 1/0; rollback; select $W.actor() is null", '22012|= t' ],
	[ application => 'a plan made for one actor, run by another', "set ticket_workflow.actor = 'dispatcher'; prepare p as select count(*) from $W.ticket where ticket_id = \$t_fg; execute p; set ticket_workflow.actor = 'liaison'; execute p", '= 0' ],
	[ application => 'a plan made by the role, run under another', "prepare p as select count(*) from $W.ticket; set ticket_workflow.actor = 'dispatcher'; execute p; reset ticket_workflow.actor; execute p", '= 0' ],
	[ liaison => 'another setting of our name', "set ticket_workflow.caller = 'x'; select $W.caller(); set ticket_workflow.caller = 'y'", '42602' ],

	# ---- search_path, temporary objects, operators, casts
	[ liaison => 'own operators, functions and tables before everything', "$ambush select $W.actor() operator(pg_catalog.||) $W.has_capability('application')::text", '= liaisonfalse' ],
	[ liaison => 'and rows', "$ambush select pg_catalog.count(*) from $W.ticket t where t.ticket_id operator(pg_catalog.=) any (array[\$t_fg, \$t_zz])", '= 0' ],
	[ liaison => 'and an act', "$ambush select $W.recall_ticket(\$t_cg, 'x')", 'TW005' ],
	[ liaison => 'and another\'s ticket', "$ambush select $W.accept_ticket(\$t_fg)", 'TW006' ],
	[ reader => 'own operators in a grant', "$ambush select $W.has_capability('auditor')", '= f' ],
	[ liaison => 'a cast of its own', "create function public.k_\$pid(text) returns bigint language sql as 'select 1::bigint'; create cast (text as bigint) with function public.k_\$pid(text)", '42501|42710|42809' ],
	[ liaison => 'a type of the name of ours', "create type pg_temp.ticket as (ticket_id bigint); select $W.may_see(row(\$t_fg)::pg_temp.ticket)", '42883' ],
	[ liaison => 'a row made up for may_see()', "select $W.may_see(t) from json_populate_record(null::$W.ticket, '{\"ticket_id\": \$t_fg, \"center_id\": 1}') t", '= f' ],
	[ liaison => 'settings of the parser', "set transform_null_equals = on; set standard_conforming_strings = off; set backslash_quote = on; set array_nulls = off; select $W.accept_ticket(\$t_fg)", 'TW006' ],
	[ liaison => 'plpgsql\'s own settings', "load 'plpgsql'; set plpgsql.variable_conflict = use_variable", '42501' ],

	# ---- four eyes and signatures
	[ application => 'who wrote it signs it', "set ticket_workflow.actor = 'head'; select $W.sign_report(\$r_cg)", 'TW005' ],
	[ head => 'under his own role too', "select $W.sign_report(\$r_cg)", 'TW005' ],
	[ head => 'has it signed on paper by himself', "select $W.sign_report(\$r_cg, signer => 'head', signed_at => now(), channel => 'paper')", 'TW00[2568]' ],
	[ liaison => 'signs what is the head\'s to sign', "select $W.sign_report(\$r_cg)", 'TW005' ],
	[ application => 'records a signature without its image', "set ticket_workflow.actor = 'operator'; select $W.sign_report(\$r_cg, signer => 'leader', signed_at => '2023-02-08 10:00+08', channel => 'paper')", 'TW00[268]' ],
	[ application => 'records a signature dated before the text', "set ticket_workflow.actor = 'operator'; select $W.sign_report(\$r_cg, signer => 'leader', signed_at => '2020-02-08 10:00+08', channel => 'paper')", 'TW0..' ],
	[ application => 'signs as somebody else within the system', "set ticket_workflow.actor = 'liaison'; select $W.sign_report(\$r_cg, signer => 'leader')", 'TW00[56]' ],
	[ application => 'who asked decides', "set ticket_workflow.actor = 'head'; select $W.decide_return(\$b_cg, true, 'x')", 'TW005' ],
	[ application => 'who handles reviews', "set ticket_workflow.actor = 'liaison'; select $W.review_report(\$r_cg, true)", 'TW005' ],
	[ application => 'signs another center\'s row', "set ticket_workflow.actor = 'leader'; select $W.sign_transfer(\$t_zz)", 'TW006' ],

	# ---- personal data
	(map { [ $_ => 'reads a name', "select name from $W.petitioner", '42501' ] } @every),
	[ reader => 'reads a number through the whole row', "select p from $W.petitioner p", '42501' ],
	[ reader => 'through json', "select row_to_json(p) from $W.petitioner p", '42501' ],
	[ reader => 'through a condition', "select petitioner_id from $W.petitioner where phone = '13800138000'", '42501' ],
	[ reader => 'through an order', "select petitioner_id from $W.petitioner order by phone", '42501' ],
	[ reader => 'through a join', "select 1 from $W.petitioner p join (values ('13800138000')) v (n) on v.n = p.phone", '42501' ],
	[ reader => 'through a natural join', "select * from $W.petitioner p natural join (select 1 as petitioner_id) v", '42501' ],
	[ reader => 'through a view of its own', "create view public.v_\$pid as select phone from $W.petitioner; select * from public.v_\$pid", '42501' ],
	[ reader => 'through system columns', "select ctid, xmin from $W.petitioner", '42501' ],
	[ reader => 'through an error message', "select phone_masked::integer from $W.petitioner", '!13800138000' ],
	[ reader => 'through the statistics', "select count(*) from pg_stats where schemaname = 'ticket_workflow' and (tablename in ('petitioner', 'ticket') or most_common_vals::text ~ '13800138000')", '= 0' ],
	[ reader => 'through the statistics\' table', "select * from pg_statistic", '42501' ],
	[ reader => 'through statistics of its own', "create statistics public.s_\$pid on name, phone from $W.petitioner", '42501' ],
	[ reader => 'through extended statistics', "select * from pg_statistic_ext_data", '42501' ],
	[ reader => 'through a foreign key', "create table public.k_\$pid (t bigint references $W.ticket)", '42501' ],
	[ reader => 'through a child table', "create table public.i_\$pid () inherits ($W.petitioner)", '42501' ],
	[ reader => 'through a copy of the table', "create table public.l_\$pid as table $W.petitioner", '42501' ],
	[ reader => 'through an index', "create index on $W.petitioner (phone)", '42501' ],
	[ reader => 'through the views', "select string_agg(t::text, '') from (select * from $W.ticket_overview) t", '!13800138000' ],
	[ reader => 'through the journal', "select string_agg(j::text, '') from $W.journal j", '!13800138000' ],
	[ reader => 'through the notices', "select string_agg(n::text, '') from $W.notice n", '!13800138000' ],
	[ reader => 'through reveal_petitioner()', "select * from $W.reveal_petitioner(\$t_cg, '好奇')", '42501' ],
	[ application => 'in the name of one who has no need of it', "set ticket_workflow.actor = 'leader'; select * from $W.reveal_petitioner(\$t_cg, '好奇')", 'TW005' ],
	[ fg_liaison => 'of another\'s ticket', "select * from $W.reveal_petitioner(\$t_back, '好奇')", 'TW006' ],
	[ liaison => 'without a purpose', "select * from $W.reveal_petitioner(\$t_cg, E'\\u3000')", 'TW006' ],
	[ manager => 'reads files of the server', "select pg_read_file('postgresql.conf')", '42501' ],
	[ manager => 'through a large object', "select lo_import('/etc/passwd')", '42501' ],
	[ reader => 'in another\'s query text', "select count(*) from pg_stat_activity where usename <> current_user and query <> '<insufficient privilege>' and query <> ''", '= 0' ],

	# ---- hidden rows
	[ liaison => 'a cheap function in the query', "$leak select count(*) from $W.ticket t where pg_temp.leak(t.ticket_id); select count(*) from leaked where id::bigint in (\$t_fg, \$t_zz)", '= 0' ],
	[ liaison => 'in an order', "$leak select count(*) from (select * from $W.ticket t order by pg_temp.leak(t.ticket_id)) x; select count(*) from leaked where id::bigint in (\$t_fg, \$t_zz)", '= 0' ],
	[ liaison => 'in a join', "$leak select count(*) from $W.clock c join (values (1)) v (x) on pg_temp.leak(c.ticket_id); select count(*) from leaked where id::bigint in (\$t_fg, \$t_zz)", '= 0' ],
	[ liaison => 'a division in the query', "select count(*) from $W.ticket t where t.ticket_id = \$t_fg and 1 / (t.dispatch_round - t.dispatch_round) = 0", '= 0' ],
	[ liaison => 'a cast in the query', "select count(*) from $W.ticket t where t.ticket_id = \$t_fg and t.appeal::integer = 0", '= 0' ],
	[ liaison => 'the journal of another', "select count(*) from $W.journal where ticket_id = \$t_fg", '= 0' ],
	[ liaison => 'an act on another\'s ticket', "select $W.accept_ticket(\$t_fg)", 'TW006' ],
	[ auditor => 'another center\'s report', "select $W.annotated_report(\$r_cg)", 'TW006' ],
	[ application => 'another center\'s ticket', "set ticket_workflow.actor = 'principal'; select $W.supervise_ticket(\$t_zz, 'city')", 'TW006' ],
	[ application => 'another center\'s notices', "select count(*) from $W.take_notices(1000, '1 minute') n where n.ticket_id / 1000000000000 = 2; select 1 / 0", '22012' ],
	[ reader => 'another center\'s people', "select count(*) from $W.post where center_id = 2", '= 0' ],
	[ auditor => 'another center\'s journal', "select * from $W.verify_journal(\$t_cg)", 'TW006' ],
	[ auditor => 'another center\'s seals', "select * from $W.export_seals('yc')", 'TW006' ],
	[ application => 'another center\'s number', "set ticket_workflow.actor = 'dispatcher'; begin; select $W.receive_ticket('yc', '投诉', 'x', source => 'city', external_no => 'ZZ-1') is not null; rollback", '= t' ],

	# ---- administration of one center
	[ manager => 'a rule that other centers follow', "select $W.set_rulebook_setting('yichuan_2023', 'late_entry_minutes', '1')", 'TW0..' ],
	[ manager => 'a calendar that other centers follow', "select $W.set_calendar_day('cn_shanghai', '2023-02-13', false, 'x')", 'TW005' ],
	[ manager => 'the calendar below it', "select $W.change_calendar('cn', name => 'x')", 'TW005' ],
	[ manager => 'the hours that other centers follow', "select $W.set_service_hours('cn_shanghai', 1, '00:00-24:00')", 'TW005' ],
	[ manager => 'phrases that other centers follow', "select $W.remove_phrase('yichuan_2023', 'empty_word', 'P1', '已受理')", 'TW0..' ],
	[ manager => 'another center\'s rulebook', "select $W.put_in_force('zz', 'yichuan_2023', '2024-01-01')", 'TW005' ],
	[ manager => 'another center\'s people', "select $W.change_official('zz_dispatcher', database_role => 'tw_test_manager')", 'TW006' ],
	[ manager => 'a superuser as an official', "select $W.change_official('nobody', database_role => 'postgres')", 'TW006' ],
	[ manager => 'the owner as an official', "select $W.change_official('nobody', database_role => 'ticket_workflow_owner')", 'TW006' ],
	[ manager => 'acts', "select $W.accept_ticket(\$t_cg)", '42501' ],
	[ sweeper => 'reads tickets', "select * from $W.ticket", '42501' ],
	[ sweeper => 'takes notices', "select * from $W.take_notices(10, '1 minute')", '42501' ],
	[ application => 'sweeps', "call $W.sweep()", '42501' ],
	[ application => 'confirms a notice with a guessed token', "select $W.confirm_notice((select min(notice_id) from $W.notice), gen_random_uuid())", '= f' ],

	# ---- the server itself
	[ reader => 'ends the server by a NULL where the library looks for an array', "select $W.digest_fields(variadic null) is null", '= t' ],
	[ reader => 'ends it by an array of NULLs', "select $W.fail('unknown_row', null, variadic array[null, null, null, null, null, null, null, null, null, null, null])", 'TW006' ],
	[ application => 'fills its memory by a filler', "select length($W.as_wide_as(repeat('长', 100000), repeat('x', 1000000)))", '= 200000' ],

	# ---- injection and output
	[ application => 'SQL in a name of a table', "set ticket_workflow.actor = 'liaison'; select $W.void_record('contact; drop table $W.journal', 1, 'x')", 'TW006' ],
	[ application => 'SQL in a department', "set ticket_workflow.actor = 'dispatcher'; select $W.dispatch_ticket(\$t_new, 'cg''; drop table $W.ticket; --', 'duty')", 'TW006' ],
	[ manager => 'a control character in a name', "select $W.create_organization('yc', 'k1', E'a\\x07b')", 'TW006' ],
	[ manager => 'text that turns its direction', "select $W.create_organization('yc', 'k2', E'a\\u202Egnp.exe')", 'TW006' ],
	[ application => 'a script in a report, as HTML', "set ticket_workflow.actor = 'head'; select $W.annotated_report(\$r_cg, 'html')", '!<script' ],
	[ application => 'marks in the diagram of states', "select $W.lifecycle_diagram('mermaid')", '!<script' ],
	[ application => 'an unknown format', "select $W.lifecycle_diagram('dot; drop')", 'TW006' ],
);
push @attempts, map { [ application => "a script in $_->[0]", "set ticket_workflow.actor = 'dispatcher'; $_->[1]", '!<script|= ' ] } (
	[ 'ticket_sheet()', "select case when to_regprocedure('$W.ticket_sheet(bigint,text)') is not null then (select string_agg(x::text, '') from query_to_xml('select ticket_workflow.ticket_sheet(\$t_fg, ''html'')', true, false, '') x) end" ],
);

my $node = desk_node('attacks', conf => "max_connections = 30\n");
$node->safe_psql('postgres', 'create database desk');
$node->safe_psql('desk', 'create extension ticket_workflow');
$node->command_ok([ 'psql', '-qX1', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $node->connstr('desk'), '-f', 'test/fixtures/attack_desk.sql' ], 'the desk');
$node->safe_psql('desk', 'analyze; select ticket_workflow.seal_days(center_id, ticket_workflow.today(center_id)) from ticket_workflow.center');
my %id = map { split /\|/ } split /\n/, $node->safe_psql('desk', 'select name, id from attacked');
my %before = %{ data_of($node, 'desk') };

my %login = (owner => 'postgres', map { ($_ => "tw_test_$_") } qw(application reader auditor sweeper manager none));
my $number = 0;
sub attempt
{
	my ($who, $what, $sql, $answer) = @_;
	$number++;
	$sql =~ s/\$pid/$number/g;
	$sql =~ s/\$([trbp]_\w+)/$id{$1} \/\/ die "no id $1"/ge;
	$sql = "set role ticket_workflow_owner;\n$sql" if $who eq 'owner';
	my ($rc, $out, $err) = $node->psql('desk', $sql, extra_params => [ '-U', $login{$who} // "tw_$who", '-v', 'VERBOSITY=verbose' ], on_error_stop => 1);
	my @states = $err =~ /ERROR:\s+(\w{5}):/g;
	my ($last) = $out =~ /([^\n]*)\n*\z/;
	my $good = 0;
	foreach my $one (split /\|/, $answer)
	{
		# what a refusal says must not hold it either
		if ($one =~ /^!(.*)/) { $good = 1 if index("$out$err", $1) < 0 && (@states || length $out); }
		elsif ($one =~ /^= ?(.*)/) { $good = 1 if !@states && $last eq $1; }
		else { $good = 1 if @states && $states[-1] =~ /^$one$/; }
	}
	ok($good, sprintf('%s: %s: %s', $who, $what, $answer)) or diag("$sql\n  answered: $out\n  $err");
	return;
}

# one who sleeps in his statement before he acts, in the background
my $sleeper;
if ($ENV{HEAVY})
{
	$sleeper = $node->background_psql('desk', extra_params => [ '-U', 'tw_fg_liaison', '-v', 'VERBOSITY=verbose' ], on_error_stop => 0);
	$sleeper->query_until(qr/begun/, qq{\\echo begun
do \$\$ begin perform pg_sleep(62); perform $W.record_contact($id{t_fg}, 'reply', 'ip_phone', 'reached', recording => 'file:x'); end \$\$;
\\echo woke
});
}

foreach my $line (@attempts)
{
	my ($who, @rest) = @$line;
	attempt($_, @rest) foreach $who eq 'every' ? @every : $who;
}

# who does not see a ticket does not wait for whoever holds it
my $holder = $node->background_psql('desk');
$holder->query_safe("begin; select 1 from $W.ticket where ticket_id in ($id{t_fg}, $id{t_cg}, $id{t_back}) for update;
	select 1 from $W.post where post_id = $id{p_zz} for update; select 1 from $W.delegation where delegation_id = $id{p_zz_delegation} for update;
	select 1 from $W.duty_roster where duty_id in ($id{p_zz_duty}, $id{p_duty}) for update");
attempt(@$_) foreach (
	[ liaison => 'a ticket of others that is locked', "set lock_timeout = '200ms'; select $W.accept_ticket(\$t_fg)", 'TW006' ],
	[ liaison => 'mediates one of others that is locked', "set lock_timeout = '200ms'; select $W.record_mediation(array[\$t_fg], '漏水', 'area', 'agreed', '已协调', array['cg'])", 'TW006' ],
	[ application => 'merged into one of others that is locked', "set lock_timeout = '200ms'; set ticket_workflow.actor = 'fg_leader'; select $W.merge_ticket(\$t_city, \$t_back)", 'TW00[56]' ],
	[ manager => 'ends a locked post of another center', "set lock_timeout = '200ms'; select $W.end_post(\$p_zz)", 'TW006' ],
	[ manager => 'delegates a locked post of another center', "set lock_timeout = '200ms'; select $W.delegate_post(\$p_zz, 'deputy', '休假')", 'TW006' ],
	[ manager => 'ends a locked delegation of another center', "set lock_timeout = '200ms'; select $W.end_delegation(\$p_zz_delegation)", 'TW006' ],
	[ manager => 'ends a locked turn of duty of another center', "set lock_timeout = '200ms'; select $W.end_duty(\$p_zz_duty)", 'TW006' ],
	[ manager => 'one of his own center that is locked: he waits', "set lock_timeout = '200ms'; select $W.end_duty(\$p_duty)", '55P03' ],
	[ liaison => 'his own that is locked: he waits', "set lock_timeout = '200ms'; select $W.record_site_visit(\$t_cg)", '55P03' ]);
$holder->query_safe('rollback');
$holder->quit;

# nothing changed, on any path; sequences move in attempts that fail, and an application may lease its own notices
my %after = %{ data_of($node, 'desk') };
is_deeply([ grep { !/_seq$|\.notice$/ } @{ differing(\%before, \%after) } ], [], 'no row of the desk differs afterwards');

# what is told to whoever listens
my ($rc, $out, $err) = $node->psql('desk', "listen ticket_workflow_notice; set ticket_workflow.now = '2023-02-08 10:00+08'; set ticket_workflow.actor = 'dispatcher';
	begin; select $W.receive_ticket('yc', '投诉', '王五反映漏水', area => 'p1', petitioner_name => '王五', petitioner_phone => '13700137000', urgent => true) as t \\gset
	select $W.dispatch_ticket(:t, 'cg', 'duty'); rollback; call $W.sweep(); select 1;");
unlike($out, qr/137001|王五|漏水/, 'what NOTIFY carries is no personal data');

# connection options
foreach my $option ("-c ticket_workflow.now=2023-01-01", "-c session_replication_role=replica")
{
	local $ENV{PGOPTIONS} = $option;
	($rc, $out, $err) = $node->psql('desk', "select $W.now() = statement_timestamp() and current_setting('session_replication_role') = 'origin'", extra_params => [ '-U', 'tw_liaison' ]);
	ok($rc != 0 || $out eq 't', "a liaison connects with $option: " . ($rc ? 'refused' : 'without effect'));
}

# the words 'every' and the rest of the list made that many attempts
cmp_ok($number, '>=', 300, "$number attempts");

is($node->safe_psql('desk', "select count(*) from $W.verify_journals()"), '0', 'the journal is whole');
is($node->safe_psql('desk', "select count(*) from $W.verify_seals()"), '0', 'the seals are whole');
is($node->safe_psql('desk', "select count(*) from $W.check_integrity()"), '0', 'the desk is whole');

if ($sleeper)
{
	my $said = $sleeper->query_until(qr/woke/, "\n");
	like($sleeper->{stderr} // '', qr/TW004/, 'liaison: sleeps a minute in his statement and acts as of its beginning: TW004');
	$sleeper->quit;
}
else
{
	note('HEAVY=1 also sleeps a minute in a statement');
}
done_testing();
