-- check_integrity(): silent about a desk with tickets in every state, and loud about each thing that can be wrong with
-- stored rows. The damage is done as a restore under session_replication_role = replica could do it: no trigger, no key.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
select no_plan();
\o /dev/null
\ir ../fixtures/every_state.sql
select ticket_workflow.create_fallback('yc', 'cg');
\o
set local ticket_workflow.actor to default;

-- The problems that a statement brings about, and all is as before. By name; empty when none.
create function pg_temp.damage(statement text) returns text language plpgsql as $$
declare
	found_problems text;
begin
	perform set_config('session_replication_role', 'replica', true);
	begin
		execute statement;
		perform set_config('session_replication_role', 'origin', true);
		select coalesce(string_agg(distinct c.problem, ' ' order by c.problem), '') into found_problems from ticket_workflow.check_integrity() c;
		raise exception 'back' using errcode = 'ZZ001';
	exception when sqlstate 'ZZ001' then
		return found_problems;
	end;
end
$$;

select is_empty('select * from ticket_workflow.check_integrity()', 'design 9: a sound desk has no line');

select is(pg_temp.damage(d.statement), d.problems, 'design 9: ' || d.title)
from (values
	('a clock in a state that does not carry it',
		$$update ticket_workflow.ticket set state = 'closed' where ticket_id = (select min(ticket_id) from ticket_workflow.ticket where state = 'reported')$$,
		'clock_not_carried report_missing state_without_journal'),
	('a clock that runs twice',
		$$update ticket_workflow.clock set status = 'running', stopped_at = null where clock_id = (
			select c.clock_id from ticket_workflow.clock c join ticket_workflow.clock o using (ticket_id, clock)
			where c.round = 1 and o.round = 2 and o.status = 'running' and c.status <> 'running' and c.clock = 'dispatch' limit 1)$$,
		'clock_twice'),
	('a running clock that no sweep will look at', $$update ticket_workflow.clock set next_at = null where status = 'running' and clock = 'return_window'$$,
		'clock_never_looked_at'),
	('a row cut out of a journal', $$delete from ticket_workflow.journal where seq = 2 and ticket_id = (select min(ticket_id) from ticket_workflow.ticket where state = 'accepted')$$,
		'journal_gap'),
	('a changed row of a journal', $$update ticket_workflow.journal set actor = 'nobody' where seq = 2 and ticket_id = (select min(ticket_id) from ticket_workflow.ticket where state = 'accepted')$$,
		'journal_hash'),
	('a ticket whose journal is gone', $$delete from ticket_workflow.journal where ticket_id = (select min(ticket_id) from ticket_workflow.ticket where state = 'accepted')$$,
		'journal_head_missing state_without_journal'),
	('a dispatch without its decision', $$delete from ticket_workflow.dispatch_decision where ticket_id = (select min(ticket_id) from ticket_workflow.dispatch_decision)$$,
		'round_without_decision'),
	('a completed ticket without its report', $$update ticket_workflow.report set state = 'draft' where state = 'passed' and ticket_id in (select ticket_id from ticket_workflow.ticket where state = 'completed')$$,
		'report_missing'),
	('a return asked for that is not there', $$delete from ticket_workflow.ticket_return where state = 'requested'$$, 'return_missing'),
	('a signature of a report that is not there', $$update ticket_workflow.approval set subject_id = subject_id + 500 where subject = 'report'$$, 'signature_without_subject'),
	('a signature of another ticket''s extension', $$update ticket_workflow.approval set ticket_id = (select max(ticket_id) from ticket_workflow.ticket) where subject = 'extension'$$, 'signature_without_subject'),
	('a post in a position that is not', $$update ticket_workflow.post set position = 'king' where position = 'principal_leader'$$, 'post_without_position'),
	('an evidence of another ticket''s contact', $$update ticket_workflow.evidence set ticket_id = (select max(ticket_id) from ticket_workflow.ticket) where contact_id is not null$$,
		'ticket_contradicts_reference'),
	('a contact of another center', $$update ticket_workflow.contact set center_id = 77 where contact_id = (select min(contact_id) from ticket_workflow.contact)$$,
		'center_contradicts_key'),
	('an organization above itself', $$insert into ticket_workflow.organization_parent
		select a.organization_id, b.organization_id from ticket_workflow.organization a, ticket_workflow.organization b where (a.code, b.code) in (('cg', 'fg'), ('fg', 'cg'))$$,
		'cycle_in_organization_parent'),
	('a calendar above itself', $$insert into ticket_workflow.calendar_base values ('cn', 'yc_own')$$, 'cycle_in_calendar_base')
) d (title, statement, problems);

-- every foreign key: the rows that it leads to are taken away
create function pg_temp.unseen_references() returns setof text language plpgsql as $$
declare
	k record;
	hit bigint;
begin
	for k in
		select c.conname, c.conrelid::regclass as child, c.confrelid::regclass as parent,
			(select string_agg(format('c.%I is not null and p.%I = c.%I', a.attname, b.attname, a.attname), ' and ')
				from unnest(c.conkey, c.confkey) u (num, theirs)
					join pg_attribute a on a.attrelid = c.conrelid and a.attnum = u.num
					join pg_attribute b on b.attrelid = c.confrelid and b.attnum = u.theirs) as matches
		from pg_constraint c where c.contype = 'f' and c.connamespace = 'ticket_workflow'::regnamespace
	loop
		begin
			perform set_config('session_replication_role', 'replica', true);
			execute format('delete from %s p where exists (select from %s c where %s)', k.parent, k.child, k.matches);
			get diagnostics hit = row_count;
			if hit > 0 and not exists (select from ticket_workflow.broken_references() r where r.problem = 'reference_' || k.conname) then
				return next k.conname;
			end if;
			raise exception 'back' using errcode = 'ZZ001';
		exception when sqlstate 'ZZ001' then
			null;
		end;
	end loop;
	perform set_config('session_replication_role', 'origin', true);
end
$$;
select is_empty('select * from pg_temp.unseen_references()', 'P-2.1: each foreign key that leads nowhere is seen');

-- every sequence: set back to its start
create function pg_temp.unseen_sequences() returns setof text language plpgsql as $$
declare
	s record;
	stood record;
	hit boolean;
begin
	for s in select c.oid::regclass::text as name, regexp_replace(c.relname, '_seq$', '_id') as key from pg_class c
		where c.relkind = 'S' and c.relnamespace = 'ticket_workflow'::regnamespace
	loop
		-- setval() is not undone by a rollback
		execute format('select last_value, is_called from %s', s.name) into stood;
		begin
			execute format('select setval(%L, 1, false)', s.name);
			-- a table without a row has no highest id
			select exists (select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
					join pg_class r on r.oid = i.indrelid and r.relnamespace = 'ticket_workflow'::regnamespace
				where i.indisprimary and i.indnkeyatts = 1 and a.attname = s.key
					and (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s', i.indrelid::regclass), false, true, '')))[1]::text::int = 0)
				or exists (select from ticket_workflow.lagging_sequences() l where l.problem = 'sequence_lags' and l.detail = s.name) into hit;
			if not hit then
				return next s.name;
			end if;
			raise exception 'back' using errcode = 'ZZ001';
		exception when sqlstate 'ZZ001' then
			null;
		end;
		execute format('select setval(%L, %s, %L)', s.name, stood.last_value, stood.is_called);
	end loop;
end
$$;
select is_empty('select * from pg_temp.unseen_sequences()', 'P-2.3: each sequence that stands behind its table is seen');
select * from finish();
rollback;
