-- Centers, areas, organizations, officials, posts, substitutes, duty, matters: made and changed through functions,
-- with errors in the caller's terms; history ended by date, on every path.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/desk.sql
select no_plan();
select pg_temp.at_time('2023-02-07 10:00+08');

create function pg_temp.post_of(official text) returns bigint language sql stable as $$
	select p.post_id from ticket_workflow.post p join ticket_workflow.official o using (official_id)
	where o.code = post_of.official order by p.post_id desc limit 1
$$;

-- ---- centers
select is(ticket_workflow.create_center('c2', '第二中心', rulebook => 'yichuan_2023', since => '2023-01-01'), 2::bigint, 'design 3: the next free number of a center');
select is(ticket_workflow.create_center('c9006', '末位中心', center_id => 9006), 9006::bigint, 'design 3: 9006 is the last number');
select throws_ok($$ select ticket_workflow.create_center('c9', '超号') $$, 'TW006', null, 'design 3: after it the automatic number is refused');
select throws_ok($$ select ticket_workflow.create_center('c0', '零号', center_id => 0) $$, 'TW006', null, 'design 3: 0 is no number');
select throws_ok($$ select ticket_workflow.create_center('cx', '重号', center_id => 2) $$, 'TW006', null, 'design 3: a taken number is refused');
select throws_ok($$ select ticket_workflow.create_center('yc', '重码', center_id => 7) $$, 'TW006', null, 'design 3: a taken code is refused');
select throws_ok($$ select ticket_workflow.create_center('c7', '无历', calendar => 'mars', center_id => 7) $$, 'TW011', null, 'T4 an unknown calendar is refused');
select throws_ok($$ select ticket_workflow.create_center('c7', '无规', rulebook => 'nothing', center_id => 7) $$, 'TW012', null, 'design 1: an unknown rulebook is refused');
select throws_ok($$ select ticket_workflow.create_center(' ', '空码', center_id => 7) $$, 'TW006', null, 'design 3: an empty code is refused');
select results_eq($$ select kind, code from ticket_workflow.organization where center_id = 2 $$, $$ values ('center', 'c2') $$, 'design 3: a center has its own organization');
select results_eq($$ select rulebook, lower(valid) from ticket_workflow.center_rulebook where center_id = 2 $$, $$ values ('yichuan_2023', '2023-01-01'::date) $$,
	'design 1: and follows its rulebook from the day given');
select is(ticket_workflow.change_center('c2', name => '第二中心（新）'), 2::bigint, 'design 3: a center is changed');
select results_eq($$ select name, calendar from ticket_workflow.center where center_id = 2 $$, $$ values ('第二中心（新）', 'cn_shanghai') $$,
	'design 3: what is not given stays');
select throws_ok($$ select ticket_workflow.change_center('c2', calendar => 'mars') $$, 'TW011', null, 'T4 not to an unknown calendar');
select throws_ok($$ select ticket_workflow.change_center('nowhere') $$, 'TW006', null, 'design 7: an unknown center');
select throws_ok($$ select ticket_workflow.create_area(null, 'x', 'x') $$, 'TW006', null, 'design 7: no center');

-- ---- areas
select throws_ok($$ select ticket_workflow.create_area('yc', 'p1', '重复') $$, 'TW006', null, 'design 3: an area''s code is unique in its center');
select lives_ok($$ select ticket_workflow.create_area('c2', 'p1', '别处第一片区') $$, 'design 3: another center may use it');
select lives_ok($$ select ticket_workflow.change_area('yc', 'p1', name => '一片区') $$, 'design 3: an area is changed');
select throws_ok($$ select ticket_workflow.change_area('yc', 'p7') $$, 'TW006', null, 'design 7: an unknown area');

-- ---- organizations
select is(ticket_workflow.center_of(ticket_workflow.create_organization('c2', 'd1', '部门一')), 2::bigint, 'design 3: an id tells its center');
select ticket_workflow.create_organization('yc', 'jw2', '第二居委会', '居委会', area => 'p1') \g /dev/null
select is((select kind from ticket_workflow.organization where code = 'jw2'), 'committee', 'design 4: kinds by their Chinese names');
select throws_ok($$ select ticket_workflow.create_organization('yc', 'cg', '重复') $$, 'TW006', null, 'design 3: an organization''s code is unique in its center');
select throws_ok($$ select ticket_workflow.create_organization('yc', 'x', 'x', kind => 'guild') $$, 'TW006', null, 'design 3: an unknown kind');
select throws_ok($$ select ticket_workflow.create_organization('yc', 'x', 'x', kind => 'center') $$, 'TW006', null, 'design 3: a second center organization');
select throws_ok($$ select ticket_workflow.create_organization('yc', 'x', 'x', area => 'p9') $$, 'TW006', null, 'design 3: an unknown area');
select throws_ok($$ select ticket_workflow.create_organization('yc', 'x', 'x', parent => 'd1') $$, 'TW006', null, 'design 3: a parent of another center');
select lives_ok($$ select ticket_workflow.create_organization('yc', 'cg1', '城管一分队', parent => 'cg') $$, 'design 3: below another');
select lives_ok($$ select ticket_workflow.create_organization('yc', 'cg11', '一分队一组', parent => 'cg1') $$, 'design 3: and below that');
select throws_ok($$ select ticket_workflow.change_organization('yc', 'cg', parent => 'cg11') $$, 'TW006', null, 'design 3: a circle of three is refused');
select throws_ok($$ select ticket_workflow.change_organization('yc', 'cg', parent => 'cg') $$, 'TW006', null, 'design 3: an organization above itself is refused');
select lives_ok($$ select ticket_workflow.change_organization('yc', 'cg11', parent => 'cg') $$, 'design 3: another parent');
select throws_ok($$ update ticket_workflow.organization_parent set parent_id = (select organization_id from ticket_workflow.organization where code = 'cg1')
	where organization_id = (select organization_id from ticket_workflow.organization where code = 'cg1') $$, 'TW006', null, 'design 3: a circle by UPDATE of the owner is refused');
select lives_ok($$ select ticket_workflow.change_organization('yc', 'cg11', parent => '') $$, 'design 3: and none');
select is_empty($$ select 1 from ticket_workflow.organization_parent p join ticket_workflow.organization o using (organization_id) where o.code = 'cg11' $$, 'design 3: it stands at the top');
select results_eq($$ select o.code from unnest(ticket_workflow.organizations_below(array(select organization_id from ticket_workflow.organization where code = 'cg'))) b
	join ticket_workflow.organization o on o.organization_id = b order by 1 $$, array['cg', 'cg1'], 'design 3: an organization and those below it');
select lives_ok($$ select ticket_workflow.change_organization('yc', 'jw2', area => '') $$, 'design 3: an area is taken away');
select is((select area_id from ticket_workflow.organization where code = 'jw2'), null, 'design 3: and is gone');

-- ---- closing
select throws_ok($$ select ticket_workflow.close_organization('yc', 'yc') $$, 'TW006', null, 'design 3: the center''s own organization stays');
select throws_ok($$ select ticket_workflow.close_organization('yc', 'jw2', '1999-12-31') $$, 'TW006', null, 'design 3: not before it began');
select pg_temp.act_as('dispatcher');
select ticket_workflow.receive_ticket(center => 'yc', category => '投诉', appeal => '灯不亮', area => 'p1') as ticket \gset
select ticket_workflow.dispatch_ticket(:ticket, 'cg', '职责原则') \g /dev/null
select pg_temp.act_as('');
select throws_ok($$ select ticket_workflow.close_organization('yc', 'cg') $$, 'TW006', null, 'design 3: what leads open tickets is not closed today');
select lives_ok($$ select ticket_workflow.close_organization('yc', 'cg', '2023-12-31') $$, 'design 3: it can be announced');
select lives_ok($$ select ticket_workflow.close_organization('yc', 'fg', '2023-02-07') $$, 'design 3: what leads none is closed');
select is(ticket_workflow.organization_id_of(1, 'fg', '2023-02-07') is not null, true, 'design 3: on its last day it is there');
select throws_ok($$ select ticket_workflow.organization_id_of(1, 'fg', '2023-02-08') $$, 'TW006', null, 'design 3: on the next it is not');
select is((select count(*) from ticket_workflow.posts_on((select official_id from ticket_workflow.official where code = 'fg_head'), '2023-02-08')), 0::bigint,
	'design 3: its posts give no right any more');
select pg_temp.at_time('2023-02-08 10:00+08');
select throws_ok($$ select ticket_workflow.assign_post('officer', 'fg', 'liaison') $$, 'TW006', null, 'design 3: nobody is posted to a closed organization');
select pg_temp.at_time('2023-02-07 10:00+08');

-- ---- matters
select lives_ok($$ select ticket_workflow.create_matter('yc', 'lamp', '路灯', parent => 'light') $$, 'design 3: a matter below another');
select throws_ok($$ select ticket_workflow.change_matter('yc', 'light', parent => 'lamp') $$, 'TW006', null, 'design 3: a circle of matters is refused');
select throws_ok($$ select ticket_workflow.create_matter('yc', 'lamp', '重复') $$, 'TW006', null, 'design 3: a matter''s code is unique in its center');
select throws_ok($$ select ticket_workflow.create_matter('yc', 'x', 'x', parent => 'none') $$, 'TW006', null, 'design 3: an unknown parent');
select throws_ok($$ update ticket_workflow.matter_parent set parent_id = matter_id $$, 'TW006', null, 'design 3: nor above itself by UPDATE');
select lives_ok($$ select ticket_workflow.change_matter('yc', 'lamp', name => '公共路灯', parent => '') $$, 'design 3: a matter goes to the top');

-- ---- officials
select throws_ok($$ select ticket_workflow.create_official('liaison', '重名', 'c2') $$, 'TW006', null, 'design 3: an official''s code is unique over all centers');
select throws_ok($$ select ticket_workflow.create_official('x1', '某人', 'yc', database_role => 'tw_no_role') $$, 'TW006', null, 'design 5: an unknown database role');
select throws_ok($$ select ticket_workflow.create_official('x1', e'某\x01人', 'yc') $$, 'TW006', null, 'design 7: control characters are refused');
select throws_ok($$ select ticket_workflow.create_official('x1', repeat('长', 101), 'yc') $$, 'TW006', null, 'design 7: over-long names are refused');
select throws_ok($$ select ticket_workflow.change_official('unknown') $$, 'TW006', null, 'design 7: an unknown official');
select throws_ok($$ select ticket_workflow.official_id_of(2, 'liaison') $$, 'TW006', null, 'design 3: an official of another center is unknown there');

-- ---- posts
select throws_ok($$ select ticket_workflow.assign_post('liaison', 'cg', 'liaison', valid_from => '2024-01-01') $$, 'TW006', null, 'design 3: the same post twice at a time');
select throws_ok($$ select ticket_workflow.assign_post('liaison', 'cg', 'emperor') $$, 'TW006', null, 'design 3: an unknown position');
select throws_ok($$ select ticket_workflow.assign_post('liaison', 'cg', 'duty_officer') $$, 'TW006', null, 'design 3: duty is no post');
select throws_ok($$ select ticket_workflow.assign_post('liaison', 'yc', '片区信息员') $$, 'TW006', null, '2.4.1 an information officer needs an area');
select throws_ok($$ select ticket_workflow.assign_post('liaison', 'cg', 'information_officer', 'p1') $$, 'TW006', null, '2.4.1 and holds it in the center');
select throws_ok($$ select ticket_workflow.assign_post('liaison', 'cg', 'inspector') $$, 'TW006', null, '3.8 an inspector belongs to discipline inspection');
select throws_ok($$ select ticket_workflow.assign_post('liaison', 'd1', 'liaison') $$, 'TW006', null, 'design 3: no post in another center');
select throws_ok($$ select ticket_workflow.assign_post('liaison', 'yc', 'operator', valid_from => '2023-02-08', valid_until => '2023-02-07') $$, 'TW006', null, 'design 3: days in order');
select lives_ok($$ select ticket_workflow.assign_post('liaison', 'yc', '话务员', valid_from => '2023-03-01', valid_until => '2023-03-01') $$, 'design 3: a post of one day');
select is((select count(*) from ticket_workflow.posts_on((select official_id from ticket_workflow.official where code = 'liaison'), d)), n,
	format('design 3: posts on %s', d))
from (values ('2019-12-31'::date, 0::bigint), ('2020-01-01', 1), ('2023-02-28', 1), ('2023-03-01', 2), ('2023-03-02', 1)) as v (d, n);
select throws_ok($$ select ticket_workflow.end_post(pg_temp.post_of('liaison'), '2023-02-27') $$, 'TW006', null, 'design 3: not ended before it begins');
select lives_ok($$ delete from ticket_workflow.post where post_id = pg_temp.post_of('liaison') $$, 'design 3: what has not begun can be deleted');
select throws_ok($$ delete from ticket_workflow.post where post_id = pg_temp.post_of('liaison') $$, 'TW010', null, 'design 3: what has begun cannot');
select throws_ok($$ update ticket_workflow.post set valid_from = '2022-01-01' where post_id = pg_temp.post_of('liaison') $$, 'TW010', null, 'design 3: nor moved');
select throws_ok($$ update ticket_workflow.post set official_id = official_id + 1 where post_id = pg_temp.post_of('liaison') $$, 'TW010', null, 'design 3: nor given to somebody else');
select throws_ok($$ select ticket_workflow.end_post(99) $$, 'TW006', null, 'design 7: an unknown post');
insert into ticket_workflow.approval (approval_id, center_id, ticket_id, subject, subject_id, state, signer_id, post_id, digest, signed_at, channel, recorded_at)
	select 1000000000001, 1, :ticket, 'transfer', :ticket, 'valid', p.official_id, p.post_id, '\x00', '2023-02-07 23:30+08', 'system', '2023-02-07 23:30+08'
	from ticket_workflow.post p where p.post_id = pg_temp.post_of('leader');
select throws_ok($$ select ticket_workflow.end_post(pg_temp.post_of('leader'), '2023-02-06') $$, 'TW010', null, '2.2.2 a post is not ended before its last signature');
select lives_ok($$ select ticket_workflow.end_post(pg_temp.post_of('leader'), '2023-02-07') $$, '2.2.2 but on the day of it, local');

-- ---- substitutes
create function pg_temp.holders(position_ text, moment timestamptz, relation text default 'lead') returns text language sql as $$
	select string_agg(o.code, ',' order by o.code) from ticket_workflow.ticket t,
		ticket_workflow.holders_of(t, relation, position_, moment) h join ticket_workflow.official o on o.official_id = h
	where t.ticket_id = (select max(ticket_id) from ticket_workflow.ticket)
$$;
select is(pg_temp.holders('head', '2023-02-07 10:00+08'), 'head', 'design 3: the holder');
select throws_ok($$ select ticket_workflow.delegate_post(pg_temp.post_of('head'), 'head', 'x') $$, 'TW006', null, 'design 3: nobody stands in for himself');
select throws_ok($$ select ticket_workflow.delegate_post(pg_temp.post_of('head'), 'officer', '') $$, 'TW009', null, 'design 3: a substitute needs a reason');
select throws_ok($$ select ticket_workflow.delegate_post(pg_temp.post_of('head'), 'officer', 'x', '2019-01-01', '2019-02-01') $$, 'TW006', null, 'design 3: within the post''s days');
select throws_ok($$ select ticket_workflow.delegate_post(pg_temp.post_of('head'), 'officer', 'x', '2023-02-09', '2023-02-08') $$, 'TW006', null, 'design 3: days in order');
select throws_ok($$ select ticket_workflow.delegate_post(pg_temp.post_of('head'), 'nobody', 'x') $$, 'TW006', null, 'design 7: an unknown substitute');
select lives_ok($$ select ticket_workflow.delegate_post(pg_temp.post_of('head'), 'operator', 'AB角', '2023-01-01') $$, '3.x a standing deputy');
select lives_ok($$ select ticket_workflow.delegate_post(pg_temp.post_of('head'), 'officer', '出差', '2023-02-08', '2023-02-09') $$, '3.x a dated substitute');
select is(pg_temp.holders('head', '2023-02-07 23:59:59+08'), 'head', 'design 3: a standing deputy does not take the holder''s place');
select is(pg_temp.holders('head', '2023-02-08 00:00+08'), 'officer', 'design 3: a dated substitute does');
select is(pg_temp.holders('head', '2023-02-09 23:59:59+08'), 'officer', 'design 3: to the end of his last day');
select is(pg_temp.holders('head', '2023-02-10 00:00+08'), 'head', 'design 3: then the holder is back');
select ticket_workflow.change_official('officer', active => false) \g /dev/null
select is(pg_temp.holders('head', '2023-02-08 10:00+08'), 'operator', 'design 3: neither holder nor dated substitute there: the standing deputy');
select ticket_workflow.change_official('officer', active => true) \g /dev/null
select ticket_workflow.change_official('head', active => false) \g /dev/null
select is(pg_temp.holders('head', '2023-02-07 10:00+08'), 'operator', 'design 3: an inactive holder is absent');
select ticket_workflow.change_official('head', active => true) \g /dev/null
select is((select string_agg(p."position" || ':' || p.substitute::text, ',' order by p."position") from ticket_workflow.posts_on(
	(select official_id from ticket_workflow.official where code = 'operator'), '2023-02-07') p), 'head:true,operator:false',
	'design 3: a standing deputy has the rights of the post all the time');
create temp table given as select delegation_id, valid_until from ticket_workflow.delegation order by delegation_id;
select throws_ok($$ delete from ticket_workflow.delegation where valid_until is null $$, 'TW010', null, 'design 3: a substitution that has begun is not deleted');
select lives_ok($$ select ticket_workflow.end_delegation(delegation_id, '2023-02-07') from given where valid_until is null $$, 'design 3: it is ended');
select is((select count(*) from ticket_workflow.posts_on((select official_id from ticket_workflow.official where code = 'operator'), '2023-02-08')), 1::bigint,
	'design 3: and gives no right the day after');
select throws_ok($$ select ticket_workflow.end_delegation(99) $$, 'TW006', null, 'design 7: an unknown substitution');

-- ---- relations of posts to a ticket
select is(pg_temp.holders(p, '2023-02-07 10:00+08', r), w, format('design 3: %s of %s', p, r))
from (values ('liaison', 'lead', 'liaison'), ('liaison', 'assist', null), ('information_officer', 'area', 'officer'),
	('supervising_leader', 'area', 'area_leader'), ('supervising_leader', 'center', 'center_leader'), ('dispatcher', 'center', 'dispatcher'),
	('principal_leader', 'center', 'principal'), ('inspector', 'inspection', null), ('duty_officer', 'duty', null), ('liaison', 'nothing', null)) as v (p, r, w);

-- ---- duty
select lives_ok($$ select ticket_workflow.set_duty('yc', '2023-02-11 08:00+08', '2023-02-12 08:00+08', 'duty', 'duty_leader') $$, '2.3.2.1 a turn of duty');
select throws_ok($$ select ticket_workflow.set_duty('yc', '2023-02-12 07:59+08', '2023-02-12 09:00+08', 'duty', 'duty_leader') $$, 'TW006', null, '2.3.2.1 not twice at a time');
select lives_ok($$ select ticket_workflow.set_duty('yc', '2023-02-12 08:00+08', '2023-02-13 08:00+08', 'duty', 'duty_leader') $$, '2.3.2.1 but one after the other');
select throws_ok($$ select ticket_workflow.set_duty('yc', '2023-02-12 09:00+08', '2023-02-12 09:00+08', 'operator', 'duty_leader') $$, 'TW006', null, '2.3.2.1 an empty turn');
select throws_ok($$ select ticket_workflow.set_duty('yc', '2023-02-12 09:00+08', 'infinity', 'operator', 'duty_leader') $$, 'TW006', null, '2.3.2.1 an endless turn');
select throws_ok($$ select ticket_workflow.set_duty('yc', null, '2023-02-12 09:00+08', 'operator', 'duty_leader') $$, 'TW006', null, '2.3.2.1 a turn without a beginning');
select throws_ok($$ select ticket_workflow.set_duty('yc', '2023-02-14 09:00+08', '2023-02-15 09:00+08', null, 'duty_leader') $$, 'TW006', null, '2.3.2.1 a turn of nobody');
select is(pg_temp.holders('duty_officer', m::timestamptz, 'duty'), w, '2.3.2.1 on duty at ' || m)
from (values ('2023-02-11 07:59:59+08', null), ('2023-02-11 08:00+08', 'duty'), ('2023-02-12 08:00+08', 'duty'), ('2023-02-13 08:00+08', null)) as v (m, w);
select is(pg_temp.holders('duty_leader', '2023-02-11 08:00+08', 'duty'), 'duty_leader', '2.3.2.1 the leader on duty');
create temp table turn as select duty_id, starts_at from ticket_workflow.duty_roster;
select lives_ok($$ select ticket_workflow.end_duty(duty_id) from turn where starts_at = '2023-02-12 08:00+08' $$, '2.3.2.1 a turn to come is taken away');
select is((select count(*) from ticket_workflow.duty_roster), 1::bigint, '2.3.2.1 and is gone');
select pg_temp.at_time('2023-02-11 20:00+08');
select throws_ok($$ delete from ticket_workflow.duty_roster $$, 'TW010', null, '2.3.2.1 one that has begun is not deleted');
select lives_ok($$ select ticket_workflow.end_duty(duty_id) from turn where starts_at = '2023-02-11 08:00+08' $$, '2.3.2.1 it is ended now');
select is((select ends_at from ticket_workflow.duty_roster), '2023-02-11 20:00+08', '2.3.2.1 at this moment');
select throws_ok($$ select ticket_workflow.end_duty(duty_id) from turn where starts_at = '2023-02-11 08:00+08' $$, 'TW010', null, '2.3.2.1 a past turn is history');
select throws_ok($$ update ticket_workflow.duty_roster set leader_id = official_id $$, 'TW010', null, '2.3.2.1 who led is not rewritten');

-- ---- nothing that others rest on is deleted or renamed
select ticket_workflow.change_matter('yc', 'lamp', parent => 'light') \g /dev/null
select throws_ok(format('delete from ticket_workflow.%I', t), 'TW010', null, 'design 2: ' || t || ' that others refer to is not deleted, by the owner neither')
from unnest(array['center', 'area', 'organization', 'official', 'matter']) t;
set local client_min_messages = warning;
select throws_ok(format('truncate ticket_workflow.%I cascade', t), 'TW010', null, 'design 1: ' || t || ' is not truncated')
from unnest(array['center', 'area', 'organization', 'official', 'post', 'delegation', 'duty_roster', 'matter']) t;
-- a cascade meets the guards of other tables too: each has its own
select is_empty($$ select t from unnest(array['center', 'area', 'organization', 'official', 'post', 'delegation', 'duty_roster', 'matter']) t
	where not exists (select from pg_trigger g where g.tgrelid = ('ticket_workflow.' || t)::regclass and g.tgtype & 34 = 34 and g.tgenabled = 'O') $$,
	'design 1: by a guard of its own');
select throws_ok(format('update ticket_workflow.%I set code = code || ''x''', t), 'TW010', null, 'design 3: the code of ' || t || ' stays')
from unnest(array['center', 'area', 'organization', 'official', 'matter']) t;

-- ---- the table of acts
select throws_ok($$ select ticket_workflow.require_right(t, 'accept') from ticket_workflow.ticket t $$, 'TW005', null, 'design 5: who acts must be somebody');
select pg_temp.at_time('2023-02-07 11:00+08');
create function pg_temp.may(official text, act text) returns text language plpgsql as $$
begin
	perform pg_temp.act_as(official);
	perform ticket_workflow.require_right(t, may.act) from ticket_workflow.ticket t where t.ticket_id = (select max(ticket_id) from ticket_workflow.ticket);
	perform pg_temp.act_as('');
	return 'yes';
exception when others then
	perform pg_temp.act_as('');
	return sqlstate;
end
$$;
select is(pg_temp.may(v.official, v.act), v.answer, format('%s %s: %s', v.clause, v.act, v.official))
from (values
	('2.3.2.1', 'receive', 'operator', 'yes'), ('2.3.2.1', 'receive', 'liaison', 'TW005'),
	('2.3.2.1', 'dispatch', 'dispatcher', 'yes'), ('2.3.2.1', 'dispatch', 'officer', 'TW005'), ('2.3.2.1', 'dispatch', 'duty', 'TW005'),
	('2.3.2.2', 'accept', 'liaison', 'yes'), ('2.3.2.2', 'accept', 'head', 'yes'), ('2.3.2.2', 'accept', 'fg_liaison', 'TW005'),
	('2.3.2.2', 'accept', 'dispatcher', 'TW005'), ('2.3.2.2', 'accept', 'officer', 'TW005'),
	('2.2.1', 'return_out_of_area', 'officer', 'yes'), ('2.2.1', 'return_out_of_area', 'liaison', 'TW005'),
	('2.2.2', 'return_out_of_duty', 'liaison', 'yes'), ('2.2.2', 'return_out_of_duty', 'officer', 'TW005'),
	('2.2', 'decide_return', 'dispatcher', 'yes'), ('2.2', 'decide_return', 'operator', 'TW005'), ('2.2', 'decide_return', 'liaison', 'TW005'),
	('2.2.2', 'sign_return', 'head', 'yes'), ('2.2.2', 'sign_return', 'liaison', 'TW005'),
	('2.4.1', 'record_contact', 'officer', 'yes'), ('2.4.1', 'record_contact', 'liaison', 'yes'), ('2.4.1', 'record_contact', 'operator', 'yes'),
	('2.4.1', 'record_contact', 'principal', 'TW005'),
	('2.3.3', 'review_report', 'operator', 'yes'), ('2.3.3', 'review_report', 'liaison', 'TW005'),
	('3.6.2', 'record_guidance', 'officer', 'yes'), ('3.6.2', 'record_guidance', 'liaison', 'TW005'),
	('design 3', 'reveal_petitioner', 'liaison', 'yes'), ('design 3', 'reveal_petitioner', 'principal', 'TW005'),
	('design 5', 'no_such_act', 'dispatcher', 'TW012')) as v (clause, act, official, answer);
select pg_temp.at_time('2023-02-11 19:00+08');
select is(pg_temp.may('duty', 'dispatch'), 'yes', '2.3.2.1 on duty he dispatches');
select is(pg_temp.may('duty_leader', 'sign_transfer'), 'yes', '2.2.2 the leader on duty signs a transfer');
select pg_temp.at_time('2023-02-08 11:00+08');
select is(pg_temp.may('officer', 'accept'), 'yes', 'design 3: the substitute of the head accepts');

select is_empty($$ select act, "position", relation from ticket_workflow.act_right r where
	case when relation = 'duty' then "position" not in ('duty_officer', 'duty_leader')
		else not exists (select from ticket_workflow."position" p where p."position" = r."position") end $$, 'design 5: the table of acts knows its positions');
select is_empty($$ select act from ticket_workflow.act_right r where not exists (select from ticket_workflow.label l where l.domain = 'act' and l.code = r.act) $$,
	'design 6: every act has its label');
select is_empty($$ select clause from ticket_workflow.act_right r where clause is null or not exists (select from ticket_workflow.clause c where c.clause = r.clause) $$,
	'design 7: every act cites a clause');
-- every act a function asks for is in the table
select is_empty($$
	select distinct p.proname, m[1] from pg_proc p, regexp_matches(p.prosrc, '(?:begin_act|require_right)\([^()]*(?:\([^()]*\))?[^()]*,\s*''([a-z_]+)''\)', 'g') m
	where p.pronamespace = 'ticket_workflow'::regnamespace
		and not exists (select from ticket_workflow.act_right r where r.rulebook = 'yichuan_2023' and r.act = m[1])
$$, 'design 5: every act that a function asks for stands in the table of acts');

-- the printed table says what the rows say
\set printed `sed -n '/^| act |/,/^$/p' doc/organization.md`
select results_eq(format($q$
	select btrim(c[2]), btrim(w[1]), btrim(p), btrim(c[4])
	from string_to_table(%L, e'\n') line,
		lateral (select string_to_array(line, '|')) as s (c),
		lateral string_to_table(btrim(c[3]), ';') part,
		lateral (select regexp_match(part, '^\s*([a-z_]+):\s*(.*)$')) as m (w),
		lateral string_to_table(w[2], ',') p
	where line ~ '^\| [a-z_]+ \|' and line !~ '^\| act \|'
	order by 1, 2, 3 $q$, :'printed'),
	$$ select act collate "default", relation collate "default", "position" collate "default", clause collate "default"
		from ticket_workflow.act_right where rulebook = 'yichuan_2023' order by 1, 2, 3 $$,
	'design 5: doc/organization.md prints the table of acts');
select * from finish();
rollback;
