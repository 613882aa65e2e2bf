-- Signing: who, when, in whose stead, for what; paper and WeChat; how a signature ends. Through the API and by plain UPDATE.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
\ir ../fixtures/report_desk.sql
select no_plan();

create function pg_temp.starred_report() returns bigint language sql as $$
	select pg_temp.saved_report(pg_temp.accepted_ticket(), fact => '不属实', claim => '无政策依据', result => '解释说明', body => pg_temp.unfounded_body()) $$;
create function pg_temp.missing(report bigint) returns bigint language sql as $$
	select count(*) from ticket_workflow.signature_problems('report', report) $$;
create function pg_temp.ticket_of(report bigint) returns bigint language sql as $$
	select r.ticket_id from ticket_workflow.report r where r.report_id = report $$;

-- ---- the post, on the day (A3)

select pg_temp.starred_report() as report \gset
select throws_ok(format('select ticket_workflow.sign_report(%s)', :report), 'TW005', null, 'A3 ' || s.who || ' does not sign')
from (values ('rp_author'), ('rp_head'), ('rp_reviewer'), ('rp_center_leader'), ('rp_area_leader'), ('rp_info'), ('rp_standing'), ('nobody')) as s (who),
	pg_temp.act_as(s.who);
select pg_temp.act_as('rp_other_leader');
select throws_ok(format('select ticket_workflow.sign_report(%s)', :report), 'TW006', null, 'A3 who does not see the ticket finds no report');
select pg_temp.at_time('2023-02-13 10:00+08'), pg_temp.act_as('rp_leader');
select ticket_workflow.sign_report(:report) as approval \gset
select is((select format('%s %s %s %s', a.state, a.post_id, coalesce(a.on_behalf_of_id::text, '-'), a.channel) from ticket_workflow.approval a where a.approval_id = :approval),
	'valid 77000000000006 - system', 'A3 the supervising leader signs');
select is(pg_temp.missing(:report), 0::bigint, 'A3 nothing is missing');
select is((select format('%s %s %s', j.kind, j.details ->> 'signer', j.details ->> 'position') from ticket_workflow.journal j
	where j.ticket_id = pg_temp.ticket_of(:report) order by j.seq desc limit 1), 'signed rp_leader supervising_leader', 'A3 the journal knows who signed');
-- the day after his post ended
select pg_temp.starred_report() as report \gset
select pg_temp.at_time('2023-02-14 00:00+08'), pg_temp.act_as('rp_leader');
update ticket_workflow.post set valid_until = '2023-02-13' where post_id = 77000000000006;
select throws_ok(format('select ticket_workflow.sign_report(%s)', :report), 'TW006', null, 'A3 with a post that ended yesterday there is no report to sign');
select pg_temp.at_time('2023-02-13 23:59:59+08');
select lives_ok(format('select ticket_workflow.sign_report(%s)', :report), 'A3 on its last day it does');
update ticket_workflow.post set valid_until = null where post_id = 77000000000006;

-- higher post
select pg_temp.starred_report() as report \gset
select pg_temp.act_as('rp_principal');
select lives_ok(format('select ticket_workflow.sign_report(%s)', :report), 'A3 the principal leader signs for the supervising leader');

-- ---- substitutes: dated, and both names kept

select pg_temp.starred_report() as report \gset
select pg_temp.act_as('rp_deputy');
select ticket_workflow.sign_report(:report) as approval \gset
select is((select format('%s for %s', a.signer_id - 77000000000000, a.on_behalf_of_id - 77000000000000) from ticket_workflow.approval a where a.approval_id = :approval),
	'8 for 6', 'A3 the substitute signs, both names are kept');
select pg_temp.starred_report() as report \gset
select pg_temp.at_time('2023-02-11 00:00+08'), pg_temp.act_as('rp_deputy');
select isnt(pg_temp.outcome(format('select ticket_workflow.sign_report(%s)', :report)), 'allowed', 'A3 the day after the delegation ended he does not');
select pg_temp.at_time('2023-02-10 23:59+08');
select is(pg_temp.outcome(format('select ticket_workflow.sign_report(%s)', :report)), 'allowed', 'A3 on its last day he does');
-- a standing deputy of the head, where the head signs
select pg_temp.accepted_ticket(phone => '13900139000', matter => 'noise', place => p.place) from (values ('甲地'), ('乙地')) as p (place);
select pg_temp.saved_report(pg_temp.accepted_ticket(phone => '13900139000', matter => 'noise', place => '丙地')) as report \gset
select pg_temp.act_as('rp_standing');
select lives_ok(format('select ticket_workflow.sign_report(%s)', :report), '2.3.6.1 a standing deputy signs for the head');
select is(pg_temp.missing(:report), 0::bigint, '2.3.6.1 and it counts');

-- ---- four eyes

select pg_temp.accepted_ticket() as ticket \gset
insert into ticket_workflow.post values (77000000000099, 77, 77000000000006, 77000000000002, 'liaison', null, '2020-01-01', null);
select pg_temp.at_time('2023-02-07 10:00+08'), pg_temp.act_as('rp_leader');
select pg_temp.saved_report(:ticket, fact => '不属实', claim => '其他', result => '解释说明') as report \gset
select throws_ok(format('select ticket_workflow.sign_report(%s)', :report), 'TW005', null, '2.3.4 the writer does not sign, whatever his post');
select pg_temp.act_as('rp_deputy');
select throws_ok(format('select ticket_workflow.sign_report(%s)', :report), 'TW005', null, '2.3.4 nor does his substitute for him');
select pg_temp.act_as('rp_principal');
select lives_ok(format('select ticket_workflow.sign_report(%s)', :report), '2.3.4 a higher post does');
select pg_temp.act_as('rp_author');
select pg_temp.saved_report(:ticket, fact => '不属实', claim => '其他', result => '解释说明', body => '他人改写');
select pg_temp.at_time('2023-02-13 10:00+08'), pg_temp.act_as('rp_leader');
select throws_ok(format('select ticket_workflow.sign_report(%s)', :report), 'TW005', null, '2.3.4 who wrote an earlier draft does not sign the later one');

-- ---- what is signed

select pg_temp.saved_report(pg_temp.accepted_ticket()) as plain \gset
select pg_temp.at_time('2023-02-13 10:00+08'), pg_temp.act_as('rp_leader');
select throws_ok(format('select ticket_workflow.sign_report(%s)', :plain), 'TW006', null, 'A3 what needs no signature takes none');
select throws_ok('select ticket_workflow.sign_report(1)', 'TW006', null, 'A3 no such report');
select throws_ok(format('select ticket_workflow.sign_report(%s, %s)', :plain, a.args), a.state, null, '2.2.2 ' || a.what)
from (values ('signer => ''rp_principal''', 'TW005', 'in the system one signs for oneself'), ('signed_at => now()', 'TW006', 'and now'),
	('image_id => 1', 'TW006', 'and without an image'), ('channel => ''fax''', 'TW006', 'a channel that there is not')) as a (args, state, what);

-- voided by a change of what was signed, not by later evidence
create function pg_temp.signed_report() returns bigint language plpgsql as $$
declare
	report bigint := pg_temp.starred_report();
begin
	perform pg_temp.act_as('rp_deputy');
	perform ticket_workflow.sign_report(report);
	perform pg_temp.act_as('rp_author');
	return report;
end
$$;
create function pg_temp.after_change(change text) returns text language plpgsql as $$
declare
	report bigint := pg_temp.signed_report();
begin
	execute format('update ticket_workflow.report set %s where report_id = %s', change, report);
	return (select a.state from ticket_workflow.approval a where a.subject = 'report' and a.subject_id = report);
end
$$;
select is(pg_temp.after_change(c.change), c.state, 'A3 ' || c.change || ': ' || c.state)
from (values ('body = body || ''。''', 'void'), ('points = ''要点''', 'void'), ('fact_finding = ''founded''', 'void'), ('claim_finding = ''other''', 'void'),
	('handling_result = ''solved''', 'void'), ('responsible_phone = ''62345679''', 'valid'), ('relation_reason = ''因''', 'valid'), ('body = body', 'valid'))
	as c (change, state);
select pg_temp.signed_report() as report \gset
select ticket_workflow.add_evidence(pg_temp.ticket_of(:report), 'document', 'file:later');
select is(pg_temp.missing(:report), 0::bigint, 'A3 later evidence voids nothing');
select pg_temp.saved_report(pg_temp.ticket_of(:report), fact => '不属实', claim => '无政策依据', result => '解释说明', body => '另一篇，不存在。');
select is(pg_temp.missing(:report), 1::bigint, 'A3 a changed text is signed anew');
select is((select n.message || ' ' || n.recipient_id from ticket_workflow.notice n where n.ticket_id = pg_temp.ticket_of(:report)
	and n.message = 'notice_signature_void'), 'notice_signature_void 77000000000008', 'A3 the signer is told');
select is((select a.end_reason from ticket_workflow.approval a where a.subject_id = :report and a.subject = 'report'), 'changed', 'A3 and why is kept');

-- a signature of the text before does not count, even if its state were left
select pg_temp.signed_report() as report \gset
set local session_replication_role = replica;
update ticket_workflow.report set body = '偷改' where report_id = :report;
set local session_replication_role = origin;
select is(pg_temp.missing(:report), 1::bigint, 'A3 it is the digest that counts');

-- ---- completion

select pg_temp.starred_report() as report \gset
select ticket_workflow.add_evidence(pg_temp.ticket_of(:report), 'document', 'file:basis');
select ticket_workflow.submit_report(:report);
select pg_temp.act_as('rp_reviewer');
select throws_ok(format('select ticket_workflow.review_report(%s, true)', :report), 'TW002', null, 'A3 no completion without the signature');
select throws_ok(format('update ticket_workflow.report set state = ''passed'', reviewed_by = ''rp_reviewer'' where report_id = %s', :report), 'TW002', null,
	'A3 nor by a plain UPDATE of the report');
select pg_temp.act_as('rp_deputy');
select ticket_workflow.sign_report(:report) as approval \gset
select pg_temp.act_as('rp_reviewer');
savepoint revoked;
update ticket_workflow.report set state = 'passed', reviewed_by = 'rp_reviewer' where report_id = :report;
update ticket_workflow.approval set state = 'revoked', end_reason = '误签' where approval_id = :approval;
select throws_ok(format('update ticket_workflow.ticket set state = ''completed'' where ticket_id = %s', pg_temp.ticket_of(:report)), 'TW002', null,
	'A3 nor by a plain UPDATE of the ticket');
rollback to revoked;
select is(ticket_workflow.review_report(:report, true), 'passed', 'A3 signed after submission, it passes');
select pg_temp.act_as('rp_deputy');
select throws_ok(format('select ticket_workflow.revoke_signature(%s, ''误签'')', :approval), 'TW004', null, '2.2.2 completed: no longer revoked');
select throws_ok(format('update ticket_workflow.approval set state = ''revoked'', end_reason = ''误签'' where approval_id = %s', :approval), 'TW004', null,
	'2.2.2 nor by a plain UPDATE');
select throws_ok(format('select ticket_workflow.sign_report(%s)', :report), 'TW001', null, '2.2.2 completed: no longer signed');

-- ---- revoking

select pg_temp.signed_report() as report \gset
select a.approval_id as approval from ticket_workflow.approval a where a.subject = 'report' and a.subject_id = :report \gset
select pg_temp.act_as('rp_head');
select throws_ok(format('select ticket_workflow.revoke_signature(%s, ''误签'')', :approval), 'TW005', null, '2.2.2 another''s signature is not revoked');
select pg_temp.act_as('rp_deputy');
select throws_ok(format('select ticket_workflow.revoke_signature(%s, '' '')', :approval), 'TW009', null, '2.2.2 nor without a reason');
select throws_ok('select ticket_workflow.revoke_signature(1, ''误签'')', 'TW006', null, '2.2.2 nor one that there is not');
select lives_ok(format('select ticket_workflow.revoke_signature(%s, ''误签'')', :approval), '2.2.2 his own, with a reason');
select is((select format('%s %s', a.state, a.end_reason) from ticket_workflow.approval a where a.approval_id = :approval), 'revoked 误签', '2.2.2 revoked');
select is(pg_temp.missing(:report), 1::bigint, '2.2.2 the signature is missing again');
select throws_ok(format('select ticket_workflow.revoke_signature(%s, ''误签'')', :approval), 'TW001', null, '2.2.2 not twice');
select throws_ok(format('update ticket_workflow.approval set state = ''valid'' where approval_id = %s', :approval), 'TW001', null, '2.2.2 it does not come back');
select lives_ok(format('select ticket_workflow.sign_report(%s)', :report), '2.2.2 but he may sign again');
-- the holder takes back what his substitute signed
select pg_temp.signed_report() as report \gset
select a.approval_id as approval from ticket_workflow.approval a where a.subject = 'report' and a.subject_id = :report \gset
select pg_temp.act_as('rp_leader');
select lives_ok(format('select ticket_workflow.revoke_signature(%s, ''不同意'')', :approval), '2.2.2 the holder of the post revokes what was signed in his name');

-- ---- paper and WeChat (2.2.2)

select pg_temp.starred_report() as report \gset
select pg_temp.ticket_of(:report) as ticket \gset
select ticket_workflow.add_evidence(:ticket, 'signature_image', 'file:signed.jpg') as image \gset
select ticket_workflow.add_evidence(:ticket, 'photo', 'file:photo.jpg') as photo \gset
select pg_temp.act_as('rp_info');
select throws_ok(format('select ticket_workflow.sign_report(%s, %s)', :report, p.args), p.state, null, '2.2.2 paper: ' || p.what)
from (values ('channel => ''paper'', signed_at => ''2023-02-03 10:00+08'', image_id => ' || :image, 'TW006', 'whose signature'),
	('channel => ''paper'', signer => ''rp_leader'', image_id => ' || :image, 'TW006', 'signed when'),
	('channel => ''paper'', signer => ''rp_leader'', signed_at => ''2023-02-03 10:00+08''', 'TW008', 'its image'),
	('channel => ''paper'', signer => ''rp_leader'', signed_at => ''2023-02-03 10:00+08'', image_id => ' || :photo, 'TW008', 'a photo is no image of a signature'),
	('channel => ''paper'', signer => ''rp_leader'', signed_at => ''2023-02-07 10:00:01+08'', image_id => ' || :image, 'TW006', 'signed tomorrow'),
	('channel => ''paper'', signer => ''rp_info'', signed_at => ''2023-02-07 10:00+08'', image_id => ' || :image, 'TW005', 'he who records does not sign'),
	('channel => ''paper'', signer => ''rp_head'', signed_at => ''2023-02-07 10:00+08'', image_id => ' || :image, 'TW005', 'not high enough'),
	('channel => ''paper'', signer => ''rp_deputy'', signed_at => ''2023-02-05 10:00+08'', image_id => ' || :image, 'TW005', 'before his delegation began'))
	as p (args, state, what);
select ticket_workflow.sign_report(:report, channel => '微信', signer => 'rp_leader', signed_at => '2023-02-07 09:55+08', image_id => :image) as approval \gset
select is((select format('%s %s %s', a.state, a.channel, a.recorded_by) from ticket_workflow.approval a where a.approval_id = :approval),
	'valid wechat rp_info', '2.2.2 recorded with signer, time and image');
select is((select j.occurred_at from ticket_workflow.journal j where j.ticket_id = :ticket order by j.seq desc limit 1), '2023-02-07 09:55+08'::timestamptz,
	'2.2.2 the journal dates it as signed');
select is(pg_temp.missing(:report), 0::bigint, '2.2.2 it counts');
select is((select n.recipient_id from ticket_workflow.notice n where n.ticket_id = :ticket and n.message = 'notice_signature_recorded'), 77000000000006,
	'2.2.2 the signer is told');
select pg_temp.act_as('rp_author');
select throws_ok(format('select ticket_workflow.sign_report(%s, channel => ''paper'', signer => ''rp_leader'', signed_at => ''2023-02-07 09:55+08'', image_id => %s)', :report, :image),
	'TW005', null, '2.2.2 the department does not record signatures');

-- contested
select pg_temp.act_as('rp_head');
select throws_ok(format('select ticket_workflow.contest_signature(%s, ''非本人'')', :approval), 'TW005', null, '2.2.2 another does not contest it');
select pg_temp.act_as('rp_leader');
select throws_ok(format('select ticket_workflow.contest_signature(%s, null)', :approval), 'TW009', null, '2.2.2 nor without a reason');
select lives_ok(format('select ticket_workflow.contest_signature(%s, ''非本人所签'')', :approval), '2.2.2 the signer contests what was recorded for him');
select is((select format('%s %s', a.state, a.contest_reason) from ticket_workflow.approval a where a.approval_id = :approval), 'void 非本人所签', '2.2.2 it is void');
select is(pg_temp.missing(:report), 1::bigint, '2.2.2 and no longer counts');
select is((select n.recipient_id from ticket_workflow.notice n where n.ticket_id = :ticket and n.message = 'notice_signature_contested'), 77000000000003,
	'2.2.2 its recorder is told');
select throws_ok(format('select ticket_workflow.contest_signature(%s, ''非本人'')', :approval), 'TW010', null, '2.2.2 once');
select pg_temp.signed_report() as report \gset
select pg_temp.act_as('rp_deputy');
select throws_ok(format('select ticket_workflow.contest_signature(%s, ''非本人'')', (select a.approval_id from ticket_workflow.approval a where a.subject_id = :report)),
	'TW006', null, '2.2.2 a signature in the system is revoked, not contested');

-- ---- by plain UPDATE of the owner

create function pg_temp.drafted(report bigint, signer integer, post bigint, behalf bigint default null, digest bytea default null,
	channel text default 'system', image bigint default null, recorder text default null, signed text default '2023-02-13 10:00+08')
	returns bigint language sql as $$
	insert into ticket_workflow.approval (approval_id, center_id, ticket_id, subject, subject_id, state, signer_id, post_id, on_behalf_of_id, digest,
			signed_at, channel, image_id, recorded_by, recorded_at)
		values (ticket_workflow.new_id(77, 'ticket_workflow.approval_seq'), 77, pg_temp.ticket_of(report), 'report', report, 'draft', 77000000000000 + signer,
			77000000000000 + post, 77000000000000 + behalf, coalesce(drafted.digest, ticket_workflow.subject_digest('report', report)), signed::timestamptz,
			drafted.channel, image, recorder, '2023-02-13 10:00+08')
		returning approval_id $$;
select pg_temp.starred_report() as report \gset
select ticket_workflow.add_evidence(pg_temp.ticket_of(:report), 'signature_image', 'file:signed.jpg') as own_image \gset
select pg_temp.at_time('2023-02-13 10:00+08');
select is(pg_temp.outcome('update ticket_workflow.approval set state = ''valid'' where approval_id = ' || d.id), d.state, '2.2.2 plain UPDATE: ' || d.what)
from (values (pg_temp.drafted(:report, 6, 6), 'allowed', 'the supervising leader'), (pg_temp.drafted(:report, 5, 5), 'TW005', 'the head'),
	(pg_temp.drafted(:report, 5, 6), 'TW005', 'in a post he does not hold'), (pg_temp.drafted(:report, 8, 6, 6), 'TW005', 'a substitute out of time'),
	(pg_temp.drafted(:report, 8, 6, 6, signed => '2023-02-10 10:00+08'), 'allowed', 'a substitute in time'),
	(pg_temp.drafted(:report, 8, 6, signed => '2023-02-10 10:00+08'), 'TW005', 'a substitute who hides for whom'),
	(pg_temp.drafted(:report, 9, 9), 'TW005', 'another department''s leader'), (pg_temp.drafted(:report, 6, null), 'TW005', 'no post'),
	(pg_temp.drafted(:report, 6, 6, digest => '\x00'), 'TW002', 'another text'), (pg_temp.drafted(:report, 6, 6, signed => '2023-02-13 10:00:01+08'), 'TW006', 'the future'),
	(pg_temp.drafted(:report, 6, 6, channel => 'paper', image => :own_image, recorder => 'rp_leader'), 'TW005', 'recorded by the signer'),
	(pg_temp.drafted(:report, 6, 6, channel => 'paper', image => :own_image), 'TW005', 'recorded by nobody'),
	(pg_temp.drafted(:report, 6, 6, channel => 'paper', image => :image, recorder => 'rp_info'), 'TW008', 'another ticket''s image'),
	(pg_temp.drafted(:report, 6, 6, channel => 'paper', image => :own_image, recorder => 'rp_info'), 'allowed', 'paper with its image')) as d (id, state, what);
select max(a.approval_id) as approval from ticket_workflow.approval a where a.subject = 'report' and a.subject_id = :report and a.state = 'valid' \gset
select throws_ok(format('update ticket_workflow.approval set %s where approval_id = %s', u.change, :approval), u.state, null, '2.2.2 plain UPDATE: ' || u.what)
from (values ('signer_id = 77000000000007', 'TW010', 'the signer stays'), ('digest = ''\x00''', 'TW010', 'so does the digest'), ('signed_at = now()', 'TW010', 'and the time'),
	('state = ''void''', 'TW010', 'what still holds is not void'), ('state = ''draft''', 'TW001', 'no draft again'), ('end_reason = ''因''', 'TW010', 'no reason without an end'),
	('state = ''revoked''', 'TW009', 'no revocation without a reason')) as u (change, state, what);
select throws_ok(format('delete from ticket_workflow.approval where approval_id = %s', :approval), 'TW010', null, '2.2.2 no signature is deleted');
select throws_ok('truncate ticket_workflow.approval', 'TW010', null, '2.2.2 nor all of them');

-- ---- transfer: the center's supervising leader, or the leader on duty at that moment

select pg_temp.at_time('2023-02-11 10:00+08'), pg_temp.act_as('rp_duty');
select ticket_workflow.receive_ticket(center => 'rp', category => '投诉', appeal => '外区道路', in_territory => false) as outside \gset
select throws_ok(format('select ticket_workflow.transfer_ticket(%s, ''非本街道'')', :outside), 'TW002', null, '2.2 no transfer without the signature');
select is(pg_temp.outcome(format('select ticket_workflow.sign_transfer(%s)', :outside)), s.state, '2.2 transfer: ' || s.what)
from (values ('rp_duty', 'TW005', 'the officer on duty does not sign'), ('rp_reviewer', 'TW005', 'the center''s head does not'), ('rp_leader', 'TW006', 'a department''s leader does not see it')) as s (who, state, what),
	pg_temp.act_as(s.who);
select pg_temp.act_as('rp_duty_leader');
savepoint duty;
select pg_temp.at_time('2023-02-12 00:00+08');
select isnt(pg_temp.outcome(format('select ticket_workflow.sign_transfer(%s)', :outside)), 'allowed', '2.2 transfer: off duty he does not sign');
rollback to duty;
select ticket_workflow.sign_transfer(:outside) as approval \gset
select is((select a.post_id from ticket_workflow.approval a where a.approval_id = :approval), null, '2.2 the leader on duty signs without a post');
select pg_temp.act_as('rp_duty');
savepoint changed;
update ticket_workflow.ticket set appeal = '其实是本街道道路' where ticket_id = :outside;
select throws_ok(format('select ticket_workflow.transfer_ticket(%s, ''非本街道'')', :outside), 'TW002', null, '2.2 another appeal is another transfer');
rollback to changed;
select lives_ok(format('select ticket_workflow.transfer_ticket(%s, ''非本街道'')', :outside), '2.2 signed, it is transferred');
select pg_temp.at_time('2023-02-13 10:00+08'), pg_temp.act_as('rp_dispatcher');
select ticket_workflow.receive_ticket(center => 'rp', category => '投诉', appeal => '外区道路二', in_territory => false) as outside \gset
select pg_temp.act_as('rp_center_leader');
select lives_ok(format('select ticket_workflow.sign_transfer(%s)', :outside), '2.2 the center''s supervising leader signs');

-- ---- extension (test/pgtap/extensions.sql has the rest)

select pg_temp.accepted_ticket() as ticket \gset
select ticket_workflow.extend_limit(:ticket, 2, '等待灯具到货') as extension \gset
select pg_temp.act_as('rp_head');
select lives_ok(format('select ticket_workflow.sign_extension(%s)', :extension), '2.3.2.2 the head signs an extension');
select is((select count(*) from ticket_workflow.signature_problems('extension', :extension)), 0::bigint, '2.3.2.2 it counts');

select * from finish();
rollback;
