-- Signatures on every path: who may sign, for what, and how a signature ends.
-- May touch: triggers of approval, report and ticket_return; approval; the journal.

create or replace function ticket_workflow.guard_approval() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
begin
	if (new.approval_id, new.center_id, new.ticket_id, new.subject, new.subject_id, new.signer_id, new.post_id, new.on_behalf_of_id,
			new.digest, new.signed_at, new.channel, new.image_id, new.recorded_by, new.recorded_at)
		is distinct from
		(old.approval_id, old.center_id, old.ticket_id, old.subject, old.subject_id, old.signer_id, old.post_id, old.on_behalf_of_id,
			old.digest, old.signed_at, old.channel, old.image_id, old.recorded_by, old.recorded_at)
	then
		perform ticket_workflow.fail('history_change', '2.2.2', 'approval');
	end if;
	-- signer, writer and reviewer of a ticket wait for each other
	select x.* into t from ticket_workflow.ticket x where x.ticket_id = new.ticket_id for no key update;

	-- contesting: said once, by the one who is said to have signed; what counted no longer does
	if new.contested_at is distinct from old.contested_at or new.contest_reason is distinct from old.contest_reason then
		if old.contested_at is not null or old.state = 'draft' then
			perform ticket_workflow.fail('history_change', '2.2.2', 'approval');
		end if;
		if old.channel = 'system' then
			perform ticket_workflow.fail('signature_not_recorded', '2.2.2');
		end if;
		new.contested_at := ticket_workflow.now();
		new.contest_reason := ticket_workflow.require_reason(new.contest_reason, '2.2.2');
		if old.state = 'valid' and t.state not in ('completed', 'closed') then
			new.state := 'void';
			new.ended_at := new.contested_at;
			new.end_reason := 'contested';
		end if;
		return new;
	end if;

	if new.state = old.state then
		if (new.ended_at, new.end_reason) is distinct from (old.ended_at, old.end_reason) then
			perform ticket_workflow.fail('history_change', '2.2.2', 'approval');
		end if;
		return new;
	end if;
	if (old.state, new.state) not in (('draft', 'valid'), ('draft', 'void'), ('valid', 'revoked'), ('valid', 'void')) then
		perform ticket_workflow.fail('signature_transition', '2.2.2',
			ticket_workflow.label('approval_state', old.state), ticket_workflow.label('approval_state', new.state));
	end if;

	if new.state = 'valid' then
		-- nor does the text change under the pen, also by a plain UPDATE of its row
		perform from ticket_workflow.report r where new.subject = 'report' and r.report_id = new.subject_id for share;
		perform from ticket_workflow.ticket_return r where new.subject = 'return' and r.return_id = new.subject_id for share;
		perform from ticket_workflow.limit_extension x where new.subject = 'extension' and x.extension_id = new.subject_id for share;
		new.ended_at := null;
		new.end_reason := null;
		perform ticket_workflow.raise_problems((
			select jsonb_agg(to_jsonb(p)) from ticket_workflow.approval_problems(new, t) p));
		return new;
	end if;

	new.ended_at := ticket_workflow.now();
	if new.state = 'revoked' then
		if t.state in ('completed', 'closed') then
			perform ticket_workflow.fail('signature_too_late_to_revoke', '2.2.2', ticket_workflow.label('state', t.state));
		end if;
		-- the limit has moved with it
		if old.subject = 'extension' and exists (select from ticket_workflow.limit_extension x
				where x.extension_id = old.subject_id and x.state = 'granted') then
			perform ticket_workflow.fail('signature_too_late_to_revoke', '2.2.2', ticket_workflow.label('extension_state', 'granted'));
		end if;
		new.end_reason := ticket_workflow.require_reason(new.end_reason, '2.2.2');
	elsif old.digest = ticket_workflow.subject_digest(old.subject, old.subject_id) then
		-- void is what became of a signature, not what somebody does to it
		perform ticket_workflow.fail('signature_still_holds', '2.2.2');
	else
		new.end_reason := 'changed';
	end if;
	return new;
end
$$;
comment on function ticket_workflow.guard_approval() is
	'Trigger: judges every change of a signature: who signs in which post and day, for what as it stands, four eyes, paper with its image';

create or replace function ticket_workflow.approval_problems(approval ticket_workflow.approval, ticket ticket_workflow.ticket)
	returns table (message text, clause text, args text[])
	language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	a constant ticket_workflow.approval := approval_problems.approval;
	t constant ticket_workflow.ticket := approval_problems.ticket;
	day constant date := ticket_workflow.local_day(a.signed_at, ticket_workflow.ticket_calendar(t.center_id));
	signer constant text := (select o.code from ticket_workflow.official o where o.official_id = a.signer_id);
	holder constant text := (select o.code from ticket_workflow.official o where o.official_id = a.on_behalf_of_id);
	r ticket_workflow.report;
	e ticket_workflow.evidence;
	own boolean;
	awaited boolean;
begin
	case a.subject
	when 'report' then
		select x.* into r from ticket_workflow.report x where x.report_id = a.subject_id;
		awaited := r.state in ('draft', 'submitted');
		own := ticket_workflow.wrote_report(r, signer) or ticket_workflow.wrote_report(r, holder);
	when 'return' then
		select x.state = 'requested', x.requested_by in (signer, holder) into awaited, own
			from ticket_workflow.ticket_return x where x.return_id = a.subject_id;
	when 'transfer' then
		awaited := t.state = 'received';
	else
		select x.state = 'requested', x.requested_by in (signer, holder) into awaited, own
			from ticket_workflow.limit_extension x where x.extension_id = a.subject_id;
	end case;
	if not coalesce(awaited, false) then
		return query values ('signature_not_awaited', '2.2.2', array[ticket_workflow.label('approval_subject', a.subject)]);
		return;
	end if;
	if ticket_workflow.subject_ticket(a.subject, a.subject_id) is distinct from a.ticket_id
		or a.digest is distinct from ticket_workflow.subject_digest(a.subject, a.subject_id)
	then
		return query values ('signature_of_other_text', '2.2.2', array[ticket_workflow.label('approval_subject', a.subject)]);
	end if;
	-- who wrote or asked does not sign, neither himself nor through his substitute
	if own then
		return query values ('signature_own', '2.2.2', array[ticket_workflow.official_text(signer)]);
	end if;
	if a.signed_at > ticket_workflow.now() then
		return query values ('signature_in_future', '2.2.2', '{}'::text[]);
	end if;

	if not exists (
		select from ticket_workflow.signature_demand d where d.subject = a.subject and d.subject_id = a.subject_id)
	then
		return query values ('signature_not_needed', 'A3', array[ticket_workflow.label('approval_subject', a.subject)]);
	elsif not exists (
		select
		from ticket_workflow.signature_demand d
		where d.subject = a.subject and d.subject_id = a.subject_id
			and (ticket_workflow.post_may_sign(a.post_id, d.position, d.organization_id)
					and exists (
						select from ticket_workflow.posts_on(a.signer_id, day) p
						where p.post_id = a.post_id and (case when p.substitute then p.holder_id end) is not distinct from a.on_behalf_of_id)
				or d.or_leader_on_duty and ticket_workflow.led_duty_at(a.signer_id, t.center_id, a.signed_at)))
	then
		return query
			select 'signer_without_post', min(d.clause), array[ticket_workflow.official_text(signer), to_char(day, 'YYYY-MM-DD'),
				string_agg(distinct coalesce(o.name, '') || ticket_workflow.label('position', d.position), ', ')]
			from ticket_workflow.signature_demand d
				left join ticket_workflow.organization o on o.organization_id = d.organization_id
			where d.subject = a.subject and d.subject_id = a.subject_id;
	end if;

	-- 签字材料通过图片形式: what was signed elsewhere is recorded by somebody else, with its image
	if a.channel <> 'system' then
		if a.recorded_by is null or a.recorded_by = signer then
			return query values ('signature_recorder', '2.2.2', array[ticket_workflow.official_text(signer)]);
		end if;
		select x.* into e from ticket_workflow.evidence x where x.evidence_id = a.image_id;
		if e.ticket_id is distinct from a.ticket_id or e.kind <> 'signature_image' or e.voided_at is not null then
			return query values ('signature_image_missing', '2.2.2', '{}'::text[]);
		end if;
	end if;
end
$$;
comment on function ticket_workflow.approval_problems(ticket_workflow.approval, ticket_workflow.ticket) is
	'What keeps the draft of a signature from being valid, all at once';

create or replace function ticket_workflow.follow_approval() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	what text;
begin
	what := case
		when new.contested_at is distinct from old.contested_at then 'signature_contested'
		when new.state = 'valid' then 'signed'
		else 'signature_' || new.state
	end;
	perform ticket_workflow.write_journal(new.ticket_id, what, '2.2.2',
		jsonb_strip_nulls(jsonb_build_object('approval_id', new.approval_id, 'subject', new.subject, 'subject_id', new.subject_id,
			'signer', (select o.code from ticket_workflow.official o where o.official_id = new.signer_id),
			'on_behalf_of', (select o.code from ticket_workflow.official o where o.official_id = new.on_behalf_of_id),
			'position', (select p.position from ticket_workflow.post p where p.post_id = new.post_id),
			'channel', new.channel, 'digest', encode(new.digest, 'hex'),
			'reason', case when what in ('signature_revoked', 'signature_void') then new.end_reason
				when what = 'signature_contested' then new.contest_reason end)),
		case when what = 'signed' then new.signed_at end);
	return null;
end
$$;
comment on function ticket_workflow.follow_approval() is 'Trigger: journals signatures, and how they ended';

create or replace trigger guard_approval
	before update on ticket_workflow.approval
	for each row execute function ticket_workflow.guard_approval();

create or replace trigger follow_approval
	after update on ticket_workflow.approval
	for each row when (old.state is distinct from new.state or old.contested_at is distinct from new.contested_at)
	execute function ticket_workflow.follow_approval();

create or replace trigger refuse_history_change
	before delete or truncate on ticket_workflow.approval
	for each statement execute function ticket_workflow.refuse_history_change();

-- A signature is on this text, not on the next one; later evidence leaves it alone.
create or replace function ticket_workflow.void_signatures() returns trigger
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	a ticket_workflow.approval;
	number text;
	what constant text := tg_argv[0];
	id constant bigint := (to_jsonb(new) ->> tg_argv[1])::bigint;
begin
	for a in
		update ticket_workflow.approval x
			set state = 'void'
			where x.subject = what and x.subject_id = id and x.state = 'valid'
				and x.digest <> ticket_workflow.subject_digest(what, id)
			returning x.*
	loop
		select ticket_workflow.ticket_number(t) into number from ticket_workflow.ticket t where t.ticket_id = a.ticket_id;
		perform ticket_workflow.post_notice(a.center_id, a.signer_id, 'notice_signature_void',
			array[number, ticket_workflow.label('approval_subject', what)], a.ticket_id);
	end loop;
	return null;
end
$$;
comment on function ticket_workflow.void_signatures() is
	'Trigger: what was signed has changed, so its signatures are void and their signers told';

-- conditions, not column lists: what a BEFORE trigger changes stands in no column list
create or replace trigger void_signatures
	after update on ticket_workflow.report
	for each row when ((old.body, old.points, old.fact_finding, old.claim_finding, old.handling_result)
		is distinct from (new.body, new.points, new.fact_finding, new.claim_finding, new.handling_result))
	execute function ticket_workflow.void_signatures('report', 'report_id');

create or replace trigger void_signatures
	after update on ticket_workflow.ticket_return
	for each row when ((old.ground, old.reason, old.should_go_to, old.upward)
		is distinct from (new.ground, new.reason, new.should_go_to, new.upward))
	execute function ticket_workflow.void_signatures('return', 'return_id');

create or replace trigger void_transfer_signatures
	after update on ticket_workflow.ticket
	for each row when ((old.appeal, old.place, old.matter_id, old.dispatch_round)
		is distinct from (new.appeal, new.place, new.matter_id, new.dispatch_round))
	execute function ticket_workflow.void_signatures('transfer', 'ticket_id');
