-- What stays as it is in the rows of the mechanisms, who decides on accountability, and what the rows of other rooms
-- bring about here. Guards act on UPDATE, DELETE and TRUNCATE only.
-- May touch: triggers of this room's tables, and of ticket, ticket_return and contact; through them the rows of this room.

-- S4 as elsewhere: the first decision, and what may follow it.
create or replace function ticket_workflow.guard_accountability() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
begin
	if to_jsonb(new) - '{state,state_at,decided_by,decision_reason}'::text[]
		is distinct from to_jsonb(old) - '{state,state_at,decided_by,decision_reason}'::text[] then
		perform ticket_workflow.fail('history_change', '3.8', tg_table_name::text);
	end if;
	-- that is nobody's act: it follows from what the ticket shows, whoever writes it, and what a person raised stays
	if (old.state, new.state) in (('candidate', 'lapsed'), ('lapsed', 'candidate')) then
		perform from ticket_workflow.ticket r where r.ticket_id = new.ticket_id for no key update;
		if old.ground = 'person' or (new.state = 'candidate') <> exists (
			select from ticket_workflow.accountability_grounds(array[new.ticket_id]) g where g.item = new.item) then
			perform ticket_workflow.fail('accountability_state', '3.8', ticket_workflow.label('accountability_state', old.state),
				ticket_workflow.label('accountability_state', new.state));
		end if;
		new.state_at := ticket_workflow.now();
		new.decided_by := old.decided_by;
		new.decision_reason := old.decision_reason;
		return new;
	end if;
	if (old.state, new.state) not in (
			('candidate', 'opened'), ('candidate', 'dismissed'), ('candidate', 'referred'),
			('lapsed', 'opened'), ('lapsed', 'dismissed'), ('lapsed', 'referred'),
			('opened', 'dismissed'), ('opened', 'referred'), ('dismissed', 'opened')) then
		perform ticket_workflow.fail('accountability_state', '3.8', ticket_workflow.label('accountability_state', old.state),
			ticket_workflow.label('accountability_state', new.state));
	end if;
	select * into strict t from ticket_workflow.ticket r where r.ticket_id = new.ticket_id for no key update;
	perform ticket_workflow.require_right(t, 'decide_accountability');
	-- who raised it does not decide it
	if ticket_workflow.actor() = old.raised_by then
		perform ticket_workflow.fail('four_eyes', '3.8', ticket_workflow.official_text(old.raised_by));
	end if;
	new.decision_reason := ticket_workflow.require_reason(new.decision_reason, '3.8');
	new.state_at := ticket_workflow.now();
	new.decided_by := ticket_workflow.actor();
	return new;
end
$$;
comment on function ticket_workflow.guard_accountability() is
	'Trigger: facts of a case stay; an undecided one lapses when its ground is gone and comes back with it; only discipline inspection decides, not who raised it, with a reason (TW001, TW005, TW009, TW010)';

create or replace function ticket_workflow.follow_accountability() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	decided constant text := case new.state when 'opened' then 'open' when 'dismissed' then 'dismiss' else 'refer' end;
begin
	insert into ticket_workflow.accountability_decision (case_id, ordinal, decision, reason, decided_at, decided_by)
		select new.case_id, 1 + count(*), decided, new.decision_reason, new.state_at, new.decided_by
		from ticket_workflow.accountability_decision d where d.case_id = new.case_id;
	-- the decision, not its reason: the department reads the journal
	perform ticket_workflow.write_journal(new.ticket_id, 'accountability_decided', new.clause,
		jsonb_build_object('case_id', new.case_id, 'item', new.item, 'decision', decided));
	return null;
end
$$;
comment on function ticket_workflow.follow_accountability() is 'Trigger: keeps every decision on a case, and journals it';

create or replace trigger guard_accountability
	before update on ticket_workflow.accountability_case
	for each row execute function ticket_workflow.guard_accountability();
create or replace trigger follow_accountability
	after update on ticket_workflow.accountability_case
	for each row when (new.state in ('opened', 'dismissed', 'referred')) execute function ticket_workflow.follow_accountability();

-- What a change elsewhere shows by 3.8; behind the triggers that follow the change itself, by its name.
create or replace function ticket_workflow.settle_changed() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.settle_accountability(array[new.ticket_id]);
	return null;
end
$$;
comment on function ticket_workflow.settle_changed() is 'Trigger: looks at a ticket''s accountability again';

create or replace trigger settle_accountability
	after update on ticket_workflow.ticket
	for each row when (old.state is distinct from new.state and (new.state = 'completed' or old.state in ('completed', 'closed') and new.state = 'rework'))
	execute function ticket_workflow.settle_changed();
create or replace trigger settle_accountability
	after update on ticket_workflow.ticket_return
	for each row when (old.state = 'requested' and new.state in ('granted', 'refused'))
	execute function ticket_workflow.settle_changed();
create or replace trigger settle_accountability
	after update on ticket_workflow.contact
	for each row when (new.purpose = 'callback' and old.voided_at is distinct from new.voided_at)
	execute function ticket_workflow.settle_changed();

-- A corrected matter or area may be the fifth of its day (3.6.2).
create or replace function ticket_workflow.note_correction() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	perform ticket_workflow.note_similar_case(new);
	return null;
end
$$;
comment on function ticket_workflow.note_correction() is 'Trigger: looks whether a ticket''s new matter or area makes a burst';

create or replace trigger note_correction
	after update on ticket_workflow.ticket
	for each row when (old.matter_id is distinct from new.matter_id or old.area_id is distinct from new.area_id)
	execute function ticket_workflow.note_correction();

-- What was done once is not done anew.
create or replace function ticket_workflow.guard_occurrence() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if old.held_at is not null and to_jsonb(new) is distinct from to_jsonb(old) then
		perform ticket_workflow.fail('history_change', '3.4', tg_table_name::text);
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_occurrence() is 'Trigger: a meeting that was recorded stays as it was recorded (TW010)';

create or replace function ticket_workflow.guard_plan() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	if old.closed_at is not null then
		perform ticket_workflow.fail('plan_closed', '3.6.1', old.plan_id::text);
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_plan() is 'Trigger: a closed response plan is history (TW001)';

create or replace function ticket_workflow.guard_burst() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
	-- told in the transaction that raised it, reported once
	if old.reported_at is not null or old.recipients || old.vacant_posts <> '{}'
			and (new.recipients, new.vacant_posts) is distinct from (old.recipients, old.vacant_posts) then
		perform ticket_workflow.fail('history_change', '3.6.2', tg_table_name::text);
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_burst() is 'Trigger: whom a burst was told, and what was reported of it, stays (TW010)';

create or replace trigger guard_occurrence before update on ticket_workflow.duty_occurrence
	for each row execute function ticket_workflow.guard_occurrence();
create or replace trigger guard_plan before update on ticket_workflow.response_plan
	for each row execute function ticket_workflow.guard_plan();
create or replace trigger guard_burst before update on ticket_workflow.similar_case
	for each row execute function ticket_workflow.guard_burst();

do $guards$
declare
	guarded record;
begin
	-- facts: added, never changed
	for guarded in
		select r as relation from pg_catalog.unnest(array['department_call', 'daily_posting', 'mediation', 'mediation_ticket',
			'mediation_participant', 'guidance', 'duty_attendance', 'accountability_decision']) r
	loop
		execute pg_catalog.format('create or replace trigger refuse_history_change before update or delete or truncate on ticket_workflow.%I '
			'for each statement execute function ticket_workflow.refuse_history_change()', guarded.relation);
	end loop;
	-- rows that something happens to: never gone, and what names them stays
	for guarded in
		select * from (values
			('similar_case', 'burst_id, center_id, scope, level, matter_id, area_id, day, threshold, reached_by_id, reached_at, noticed_at, clause'),
			('response_plan', 'plan_id, center_id, name, matter_id, area_id, department_id, responsible_id, phone, opened_at, opened_by'),
			('duty_occurrence', 'occurrence_id, center_id, rulebook, duty, period_start, period_end, due_at, due_on, created_at'),
			('accountability_case', 'case_id')) as g (relation, fixed)
	loop
		execute pg_catalog.format('create or replace trigger refuse_history_change before delete or truncate on ticket_workflow.%I '
			'for each statement execute function ticket_workflow.refuse_history_change()', guarded.relation);
		execute pg_catalog.format('create or replace trigger guard_fixed_columns before update on ticket_workflow.%I '
			'for each row execute function ticket_workflow.guard_fixed_columns(%s)', guarded.relation, guarded.fixed);
	end loop;
end
$guards$;
