-- Signing, revoking and contesting (2.2.2, 2.3.4, 2.3.5, 2.3.6).
-- The rules stand in sql/approval/guards.sql; these functions choose the post and fill in the rows.
-- May touch: approval; through its guards the journal; notice.

-- Function: sign_subject. Inserts the draft of a signature and makes it valid.
-- Returns: approval_id. Calls: begin_act, posts_on, post_notice. Tables: approval.
create or replace function ticket_workflow.sign_subject(subject text, subject_id bigint, ticket_id bigint, signer text,
		signed_at timestamptz, channel text, image_id bigint) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	t ticket_workflow.ticket;
	a ticket_workflow.approval;
	me bigint;
	-- what the signer saw when he said so: the lock may take a while to come
	seen constant bytea := ticket_workflow.subject_digest(sign_subject.subject, sign_subject.subject_id);
	chosen record;
begin
	a.channel := coalesce(ticket_workflow.code_of('approval_channel', sign_subject.channel, 'channel'), 'system');
	-- who signs here has the right by his post, which the guard checks; recording for another is an act of its own
	t := ticket_workflow.begin_act(sign_subject.ticket_id,
		case a.channel when 'system' then 'sign_' || sign_subject.subject else 'record_signature' end);
	me := ticket_workflow.require_actor();
	a.signer_id := case when sign_subject.signer is null then me
		else ticket_workflow.official_id_of(t.center_id, sign_subject.signer) end;
	if a.channel = 'system' then
		if a.signer_id <> me then
			perform ticket_workflow.fail('signature_for_another', '2.2.2', ticket_workflow.official_text(sign_subject.signer));
		end if;
		if sign_subject.signed_at is not null or sign_subject.image_id is not null then
			perform ticket_workflow.fail('signature_system_is_now', '2.2.2');
		end if;
		a.signed_at := ticket_workflow.now();
	else
		if sign_subject.signer is null then
			perform ticket_workflow.fail('text_missing', '2.2.2', 'signer');
		end if;
		if sign_subject.signed_at is null then
			perform ticket_workflow.fail('text_missing', '2.2.2', 'signed_at');
		end if;
		if sign_subject.image_id is null then
			perform ticket_workflow.fail('signature_image_missing', '2.2.2');
		end if;
		a.signed_at := sign_subject.signed_at;
		a.image_id := sign_subject.image_id;
		a.recorded_by := ticket_workflow.actor();
	end if;

	-- of his posts that day the one that serves most of what is asked, his own before one he stands in for
	select p.post_id, p.holder_id, p.substitute into chosen
		from ticket_workflow.posts_on(a.signer_id,
				ticket_workflow.local_day(a.signed_at, ticket_workflow.ticket_calendar(t.center_id))) p
			join ticket_workflow.signature_demand d on d.subject = sign_subject.subject and d.subject_id = sign_subject.subject_id
				and ticket_workflow.post_may_sign(p.post_id, d.position, d.organization_id)
		group by p.post_id, p.holder_id, p.substitute
		order by count(*) desc, p.substitute, p.post_id
		limit 1;
	a.post_id := chosen.post_id;
	a.on_behalf_of_id := case when chosen.substitute then chosen.holder_id end;

	a.approval_id := ticket_workflow.new_id(t.center_id, 'ticket_workflow.approval_seq');
	a.center_id := t.center_id;
	a.ticket_id := t.ticket_id;
	a.subject := sign_subject.subject;
	a.subject_id := sign_subject.subject_id;
	a.state := 'draft';
	a.digest := seen;
	a.recorded_at := ticket_workflow.now();
	insert into ticket_workflow.approval values (a.*);
	update ticket_workflow.approval x set state = 'valid' where x.approval_id = a.approval_id;

	if a.channel <> 'system' then
		perform ticket_workflow.post_notice(t.center_id, a.signer_id, 'notice_signature_recorded',
			array[ticket_workflow.ticket_number(t), ticket_workflow.label('approval_subject', a.subject),
				a.recorded_by, ticket_workflow.label('approval_channel', a.channel), a.approval_id::text], t.ticket_id);
	end if;
	return a.approval_id;
end
$$;
comment on function ticket_workflow.sign_subject(text, bigint, bigint, text, timestamptz, text, bigint) is
	'What sign_report(), sign_return(), sign_transfer() and sign_extension() have in common';

create or replace function ticket_workflow.sign_report(report_id bigint, signer text default null, signed_at timestamptz default null,
		channel text default 'system', image_id bigint default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
	r constant ticket_workflow.report := ticket_workflow.visible_report(sign_report.report_id);
begin
	return ticket_workflow.sign_subject('report', r.report_id, r.ticket_id, sign_report.signer, sign_report.signed_at,
		sign_report.channel, sign_report.image_id);
end
$$;
comment on function ticket_workflow.sign_report(bigint, text, timestamptz, text, bigint) is
	'Signs a report as it stands; on paper or by WeChat (channel) another official records signer, signed_at and image. Returns approval_id';

create or replace function ticket_workflow.sign_return(return_id bigint, signer text default null, signed_at timestamptz default null,
		channel text default 'system', image_id bigint default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	ticket bigint;
begin
	select r.ticket_id into ticket
		from ticket_workflow.ticket_return r
		where r.return_id = sign_return.return_id and ticket_workflow.may_see(r.ticket_id);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'return', sign_return.return_id::text);
	end if;
	return ticket_workflow.sign_subject('return', sign_return.return_id, ticket, sign_return.signer, sign_return.signed_at,
		sign_return.channel, sign_return.image_id);
end
$$;
comment on function ticket_workflow.sign_return(bigint, text, timestamptz, text, bigint) is
	'Signs a return that was asked for (2.2.2); on paper or by WeChat another official records it. Returns approval_id';

create or replace function ticket_workflow.sign_transfer(ticket_id bigint, signer text default null, signed_at timestamptz default null,
		channel text default 'system', image_id bigint default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
	return ticket_workflow.sign_subject('transfer', sign_transfer.ticket_id, sign_transfer.ticket_id, sign_transfer.signer,
		sign_transfer.signed_at, sign_transfer.channel, sign_transfer.image_id);
end
$$;
comment on function ticket_workflow.sign_transfer(bigint, text, timestamptz, text, bigint) is
	'Signs the transfer of a received ticket to a platform above: the center''s supervising leader or the leader on duty. Returns approval_id';

create or replace function ticket_workflow.sign_extension(extension_id bigint, signer text default null, signed_at timestamptz default null,
		channel text default 'system', image_id bigint default null) returns bigint
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	ticket bigint;
begin
	select x.ticket_id into ticket
		from ticket_workflow.limit_extension x
		where x.extension_id = sign_extension.extension_id and ticket_workflow.may_see(x.ticket_id);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'extension', sign_extension.extension_id::text);
	end if;
	return ticket_workflow.sign_subject('extension', sign_extension.extension_id, ticket, sign_extension.signer, sign_extension.signed_at,
		sign_extension.channel, sign_extension.image_id);
end
$$;
comment on function ticket_workflow.sign_extension(bigint, text, timestamptz, text, bigint) is
	'Signs an extension that was asked for: with the last signature it is in force. Returns approval_id';

create or replace function ticket_workflow.visible_approval(approval_id bigint) returns ticket_workflow.approval
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	a ticket_workflow.approval;
begin
	select x.* into a
		from ticket_workflow.approval x
		where x.approval_id = visible_approval.approval_id and x.state <> 'draft' and ticket_workflow.may_see(x.ticket_id);
	if not found then
		perform ticket_workflow.fail('unknown_row', null, 'approval', visible_approval.approval_id::text);
	end if;
	return a;
end
$$;
comment on function ticket_workflow.visible_approval(bigint) is
	'The signature, if its ticket may be seen; TW006 otherwise, as if it did not exist';

create or replace function ticket_workflow.revoke_signature(approval_id bigint, reason text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	a ticket_workflow.approval;
	me bigint;
begin
	a := ticket_workflow.visible_approval(revoke_signature.approval_id);
	perform ticket_workflow.begin_act(a.ticket_id, 'revoke_signature');
	me := ticket_workflow.require_actor();
	-- his own, or what a substitute signed in his name
	if me <> a.signer_id and me is distinct from a.on_behalf_of_id then
		perform ticket_workflow.fail('signature_not_yours', '2.2.2');
	end if;
	update ticket_workflow.approval x
		set state = 'revoked', end_reason = ticket_workflow.require_reason(revoke_signature.reason, '2.2.2')
		where x.approval_id = a.approval_id and x.state = 'valid';
	if not found then
		a := ticket_workflow.visible_approval(revoke_signature.approval_id);
		perform ticket_workflow.fail('signature_transition', '2.2.2',
			ticket_workflow.label('approval_state', a.state), ticket_workflow.label('approval_state', 'revoked'));
	end if;
end
$$;
comment on function ticket_workflow.revoke_signature(bigint, text) is
	'Takes back one''s own signature with a reason, while the ticket is not completed';

create or replace function ticket_workflow.contest_signature(approval_id bigint, reason text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	a ticket_workflow.approval;
	t ticket_workflow.ticket;
	recorder bigint;
begin
	a := ticket_workflow.visible_approval(contest_signature.approval_id);
	t := ticket_workflow.begin_act(a.ticket_id, 'contest_signature');
	if ticket_workflow.require_actor() <> a.signer_id then
		perform ticket_workflow.fail('signature_not_yours', '2.2.2');
	end if;
	update ticket_workflow.approval x
		set contested_at = ticket_workflow.now(),
			contest_reason = ticket_workflow.require_reason(contest_signature.reason, '2.2.2')
		where x.approval_id = a.approval_id;
	select o.official_id into recorder from ticket_workflow.official o where o.code = a.recorded_by;
	if recorder is not null then
		perform ticket_workflow.post_notice(t.center_id, recorder, 'notice_signature_contested',
			array[ticket_workflow.ticket_number(t), ticket_workflow.label('approval_subject', a.subject), a.approval_id::text], t.ticket_id);
	end if;
end
$$;
comment on function ticket_workflow.contest_signature(bigint, text) is
	'The signer denies a signature that was recorded for him: it no longer counts, and its recorder is told';
