-- Who sees which rows: roles, officials and rows, through row security and through may_see(), which must agree.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
\ir ../fixtures/security_desk.sql
select no_plan();

-- ---- who sees which ticket, by hand from section 8 of the design
create temp table expected (actor text, tickets text, why text);
insert into expected values
	('dispatcher', 't_cg,t_city,t_fg,t_new', 'a post in the center receives for it'),
	('operator', 't_cg,t_city,t_fg,t_new', 'a post in the center receives for it'),
	('principal', 't_cg,t_city,t_fg,t_new', 'the principal leader sees the center''s'),
	('center_leader', 't_cg,t_city,t_fg,t_new', 'the center''s supervising leader too'),
	('officer', 't_cg,t_new', 'an information officer sees his area'),
	('area_leader', 't_cg,t_new', 'the leader of a territory sees his area'),
	('liaison', 't_cg', 'a department sees what it leads'),
	('leader', 't_cg', 'the department''s supervising leader too'),
	('fg_liaison', 't_cg,t_city,t_fg', 'a department sees what it leads or assists'),
	('cgx_liaison', null, 'an organization below does not see what the one above leads'),
	('sg_liaison', 't_cg,t_city,t_fg,t_new', '3.4 the community management office sees the center''s'),
	('city_person', 't_city', 'a platform sees what it supervises'),
	('jw1_liaison', null, 'a committee does not see its area''s tickets that others lead'),
	('inspector', null, 'discipline inspection sees its cases only'),
	('deputy', null, 'who stands in for nobody sees nothing'),
	('duty', null, 'who is not on duty yet sees nothing'),
	('nobody', null, 'without a post nothing is seen');

select is(pg_temp.seen('tw_test_application', e.actor), e.tickets, 'design 8: ' || e.actor || ': ' || e.why) from expected e;
-- the same person, by his own role, after his role was registered
do $$
declare e record;
begin
	for e in select actor from expected loop
		execute format('create role %I in role tw_test_official', 'tw_' || e.actor);
		perform ticket_workflow.change_official(e.actor, database_role => 'tw_' || e.actor);
	end loop;
end
$$;
select is(pg_temp.seen('tw_' || e.actor), e.tickets, 'design 8: ' || e.actor || ' sees the same under his own role') from expected e;

select is(pg_temp.seen('tw_test_reader'), 't_cg,t_city,t_fg,t_new', 'design 8: a reader sees the center it was granted');
select is(pg_temp.seen('tw_test_auditor'), 't_zz', 'design 8: an auditor sees the center it was granted');
select is(pg_temp.seen('tw_test_application'), null, 'design 8: an application without an actor sees nothing');
select is(pg_temp.seen('tw_test_official'), null, 'design 8: the group role of officials is nobody and sees nothing');
select is(pg_temp.seen('tw_test_sweeper'), '42501', 'design 8: a sweeper reads no tickets');
select is(pg_temp.seen('tw_test_manager'), '42501', 'design 8: a manager reads no tickets');
select is(pg_temp.seen('tw_test_none'), '42501', 'design 8: a role without a capability reads nothing');
call ticket_workflow.grant_access('tw_test_application', 'reader');
select is(pg_temp.seen('tw_test_application', 'liaison'), 't_cg', 'design 8: an application that names an actor sees no more than he, though it may read');
select is(pg_temp.seen('tw_test_application'), 't_cg,t_city,t_fg,t_new,t_zz', 'design 8: without an actor it reads');
call ticket_workflow.revoke_access('tw_test_application', 'reader');
select is(pg_temp.seen('tw_test_application'), null, 'design 8: a revoked capability shows at once');

-- ---- may_see() is the same rule
create function pg_temp.may_see_all() returns text language plpgsql security invoker as $$
declare
	names text;
begin
	-- the owner's eyes for the rows, the caller's for the question, as in an API function
	select string_agg(o.name, ',' order by o.name collate "C") into names from pg_temp.every_ticket() o;
	return names;
end
$$;
create function pg_temp.every_ticket() returns table (name text) language sql security definer as $$
	select o.name from ticket_workflow.ticket t join ticket_of o using (ticket_id) where ticket_workflow.may_see(t)
$$;
select is(pg_temp.as_role(r.role_name, 'select pg_temp.may_see_all()', r.actor), pg_temp.seen(r.role_name, r.actor),
	format('design 8: may_see() and the row policy agree for %s %s', r.role_name, r.actor))
from (select 'tw_test_application' as role_name, e.actor from expected e
	union all select 'tw_' || e.actor, '' from expected e
	union all values ('tw_test_reader', ''), ('tw_test_auditor', ''), ('tw_test_application', '')) r;

-- ---- a right implies sight: begin_act() rests on it
create temp table right_held (actor text, act text, ticket text, sees boolean);
do $$
declare e record;
begin
	for e in select x.actor from expected x loop
		perform pg_temp.act_as(e.actor);
		insert into right_held
			select e.actor, a.act, o.name, ticket_workflow.may_see(t)
			from ticket_workflow.ticket t join ticket_of o using (ticket_id)
				cross join (select distinct r.act from ticket_workflow.act_right r) a
			where ticket_workflow.has_right(t, a.act);
	end loop;
	perform pg_temp.act_as('');
end
$$;
select cmp_ok((select count(*) from right_held), '>', 200::bigint, 'design 5: the officials of the fixture have rights');
select is_empty($$ select * from right_held where not sees $$, 'design 8: whoever has a right on a ticket sees it');

-- ---- what hangs on a ticket is seen with it, and a table of tickets without a policy fails here
create temp table hanging as
select c.relname::text as name, string_agg(a.attname, ',') as keys, bool_or(a.attname = 'ticket_id') as direct
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'ticket_workflow'::regnamespace and c.relkind = 'r' and c.relname <> 'ticket'
	and a.attname in ('ticket_id', 'report_id', 'petitioner_id', 'escalation_id', 'contact_id', 'approval_id', 'return_id')
group by 1;
select cmp_ok((select count(*) from hanging), '>=', 17::bigint, 'design 8: the tables at a ticket are found');
select is_empty($$
	select h.name from hanging h join pg_class c on c.oid = ('ticket_workflow.' || h.name)::regclass
	where not c.relrowsecurity or not exists (select from pg_policy p where p.polrelid = c.oid)
$$, 'design 8: every table that hangs on a ticket has row security');
select is_empty($$
	select c.relname from pg_class c
	where c.relnamespace = 'ticket_workflow'::regnamespace and c.relforcerowsecurity
$$, 'P-2.9: no FORCE, pg_dump by the owner goes on');
select is_empty($$
	select p.polname from pg_policy p join pg_class c on c.oid = p.polrelid
	where c.relnamespace = 'ticket_workflow'::regnamespace and p.polcmd <> 'r'
$$, 'design 8: policies are for SELECT only: nobody writes past the functions');

create function pg_temp.count_at(relation text) returns text language plpgsql as $$
declare
	n bigint;
begin
	execute format('select count(*) from ticket_workflow.%I', relation) into n;
	return n::text;
end
$$;
create function pg_temp.visible_at(relation text, names text) returns text language plpgsql as $$
declare
	n bigint;
begin
	execute format('select count(*) from ticket_workflow.%I x join ticket_of o using (ticket_id) where o.name = any (string_to_array($1, '',''))', relation)
		into n using coalesce(names, '');
	return n::text;
end
$$;
select is(pg_temp.as_role('tw_test_application', format('select pg_temp.count_at(%L)', h.name), e.actor),
	pg_temp.visible_at(h.name, e.tickets), format('design 8: %s sees of %s what hangs on his tickets', e.actor, h.name))
from hanging h cross join expected e
where h.direct and h.name not in ('sweep_failure')
order by h.name, e.actor;
select cmp_ok((select count(*) from ticket_workflow.journal), '>', 5::bigint, 'design 8: the matrix above had rows to hide');

select is(pg_temp.as_role('tw_test_application', 'select count(*) from (select petitioner_id from ticket_workflow.petitioner) p', 'liaison'), '1',
	'design 8: a petitioner is seen through the ticket');
select is(pg_temp.as_role('tw_test_reader', 'select count(*) from (select petitioner_id from ticket_workflow.petitioner) p'), '4',
	'design 8: a reader sees the petitioners of its center, masked');

-- ---- days: posts, substitutes and duty come and go
create temp table absence as select ticket_workflow.delegate_post(
	(select post_id from ticket_workflow.post p join ticket_workflow.official o using (official_id) where o.code = 'liaison'),
	'deputy', '出差', '2023-02-08', '2023-02-09') as delegation_id;
select is(pg_temp.seen('tw_test_application', 'deputy'), null, 'design 3: a dated substitute sees nothing before his day');
select pg_temp.at_time('2023-02-08 00:00+08');
select is(pg_temp.seen('tw_test_application', 'deputy'), 't_cg', 'design 3: a dated substitute sees the holder''s tickets from 00:00');
select is(pg_temp.seen('tw_test_application', 'liaison'), 't_cg', 'design 3: the holder goes on seeing them');
select pg_temp.at_time('2023-02-09 23:59:59+08');
select is(pg_temp.seen('tw_test_application', 'deputy'), 't_cg', 'design 3: to the end of the last day');
select pg_temp.at_time('2023-02-10 00:00+08');
select is(pg_temp.seen('tw_test_application', 'deputy'), null, 'design 3: and not after it');
select pg_temp.at_time('2023-02-11 00:00+08');
select is(pg_temp.seen('tw_test_application', 'duty'), 't_cg,t_city,t_fg,t_new', '2.3.2.1 the officer on duty sees the center''s desk');
select is(pg_temp.seen('tw_test_application', 'duty_leader'), 't_cg,t_city,t_fg,t_new', '2.3.2.1 the leader on duty too');
select pg_temp.at_time('2023-02-12 00:00+08');
select is(pg_temp.seen('tw_test_application', 'duty'), null, '2.3.2.1 the turn of duty over, he sees it no more');
select ticket_workflow.end_post((select post_id from ticket_workflow.post p join ticket_workflow.official o using (official_id)
	where o.code = 'liaison'), '2023-02-12') \g /dev/null
select is(pg_temp.seen('tw_test_application', 'liaison'), 't_cg', 'design 3: a post holds to the end of its last day');
select pg_temp.at_time('2023-02-13 00:00+08');
select is(pg_temp.seen('tw_test_application', 'liaison'), null, 'design 3: and not after it');

-- ---- masked columns
select is(pg_temp.as_role(r, 'select max(name_masked) from ticket_workflow.petitioner', a) ~ '三丰', false,
	'design 3: ' || r || ' reads a masked name')
from (values ('tw_test_reader', ''), ('tw_test_application', 'dispatcher'), ('tw_dispatcher', '')) as v (r, a);
select is(pg_temp.as_role(r, format('select max(%I) from ticket_workflow.petitioner', c), a), '42501',
	format('design 3: %s cannot read the column %s', r, c))
from (values ('tw_test_reader', ''), ('tw_test_auditor', ''), ('tw_test_application', 'dispatcher'), ('tw_dispatcher', '')) as v (r, a),
	unnest(array['name', 'phone', 'address']) c;
select is(pg_temp.as_role('tw_test_reader', 'select count(*) from ticket_workflow.petitioner p where p is not null'), '42501',
	'design 3: nor the whole row');
select is(pg_temp.as_role('tw_test_reader', 'select count(*) from ticket_workflow.petitioner where phone = ''13800138000'''), '42501',
	'design 3: nor search by the number');

-- ---- reveal_petitioner
select pg_temp.at_time('2023-02-10 10:00+08');
create temp table shown as select t.ticket_id, t.name from ticket_of t where t.name = 't_cg';
grant select on shown to public;
select is(pg_temp.as_role('tw_test_application', 'select phone from ticket_workflow.reveal_petitioner((select ticket_id from shown), ''先行联系'')', 'liaison'),
	'13800138000', 'design 3: the lead department sees the number, for a purpose');
select results_eq($$ select actor, details ->> 'purpose', details::text ~ '138001' from ticket_workflow.journal j join shown using (ticket_id)
	where kind = 'reveal_petitioner' $$, $$ values ('liaison', '先行联系', false) $$,
	'design 3: who asked and why stands in the journal, what was shown does not');
select is(pg_temp.as_role('tw_test_application', 'select phone from ticket_workflow.reveal_petitioner((select ticket_id from shown), '' '')', 'liaison'),
	'TW006', 'design 3: without a purpose nothing is shown');
select is(pg_temp.as_role('tw_test_application', 'select phone from ticket_workflow.reveal_petitioner((select ticket_id from shown), ''好奇'')', 'leader'),
	'TW005', 'design 3: a leader who sees the ticket has no need of the number');
select is(pg_temp.as_role('tw_test_application', 'select phone from ticket_workflow.reveal_petitioner((select ticket_id from shown), ''好奇'')', 'jw1_liaison'),
	'TW006', 'design 8: who may not see the ticket hears that there is none');
select is(pg_temp.as_role('tw_test_reader', 'select phone from ticket_workflow.reveal_petitioner((select ticket_id from shown), ''好奇'')'),
	'42501', 'design 8: a reader cannot call it');

-- ---- what one may not see answers as if it did not exist
select is(pg_temp.as_role('tw_test_application', format('select ticket_workflow.accept_ticket(%s)', t.ticket_id), 'liaison'), 'TW006',
	'design 8: an act on a ticket of others is TW006, as on none') from ticket_of t where t.name = 't_fg';
select is(pg_temp.as_role('tw_test_application', 'select ticket_workflow.accept_ticket(1000000999999)', 'liaison'), 'TW006',
	'design 8: an act on no ticket is TW006');
select is(pg_temp.as_role('tw_test_application', format('select ticket_workflow.accept_ticket(%s)', t.ticket_id), 'fg_liaison'), 'TW005',
	'2.3.2.2 who assists sees the ticket but does not accept it') from ticket_of t where t.name = 't_cg';
select * from finish();
rollback;
