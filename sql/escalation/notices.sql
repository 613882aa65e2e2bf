-- Notices to people: posted in the transaction of what they tell, taken with a lease, confirmed with its token.
-- May touch: notice.

-- A limit of one service minute ends one minute after the opening that follows, or after now.
create or replace function ticket_workflow.office_opening(at timestamptz, calendar text) returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	after_minute constant timestamptz := ticket_workflow.due_at(office_opening.at, 'service_minutes', 1, null, office_opening.calendar);
begin
	if after_minute = office_opening.at + interval '1 minute' then
		return office_opening.at;
	end if;
	-- in the last minute before closing a part of the minute was counted before it
	return date_trunc('minute', after_minute - interval '1 microsecond');
end
$$;
comment on function ticket_workflow.office_opening(timestamptz, text) is
	'The moment itself within service hours, else the next opening of the office';

-- The end of a day is the next day's 00:00; people read it as 24:00.
create or replace function ticket_workflow.local_text(local_at timestamp) returns text
	language sql stable parallel safe
	return case when local_text.local_at = date_trunc('day', local_text.local_at)
		then to_char(local_text.local_at - interval '1 day', 'YYYY-MM-DD') || ' 24:00'
		else to_char(local_text.local_at, 'YYYY-MM-DD HH24:MI') end;
comment on function ticket_workflow.local_text(timestamp) is
	'A local moment as people read it; 00:00 is the 24:00 of the day before';

create or replace function ticket_workflow.local_text(at timestamptz, calendar text) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (select ticket_workflow.local_text(local_text.at at time zone c.zone)
		from ticket_workflow.calendar c where c.code = local_text.calendar);
end
$$;
comment on function ticket_workflow.local_text(timestamptz, text) is 'A moment as people of the calendar''s zone read it';

create or replace function ticket_workflow.ticket_number(ticket ticket_workflow.ticket) returns text
	language sql stable parallel safe
	return coalesce((ticket_number.ticket).external_no, (ticket_number.ticket).ticket_id::text);
comment on function ticket_workflow.ticket_number(ticket_workflow.ticket) is
	'The number people call a ticket by: the platform''s own, else ours';

-- What every notice about a clock says: ticket, clock, due time, department. Never who asked, or what for.
create or replace function ticket_workflow.clock_args(number text, clock text, due timestamp, department text) returns text[]
	language sql stable parallel safe
	return array[clock_args.number, '@clock:' || clock_args.clock, ticket_workflow.local_text(clock_args.due), clock_args.department];
comment on function ticket_workflow.clock_args(text, text, timestamp, text) is
	'Arguments of the notices about a clock: ticket number, clock, due time in its calendar''s zone, who has it in hand';

create or replace function ticket_workflow.post_label(post text) returns text
	language sql stable
	return ticket_workflow.label('relation', split_part(post_label.post, ':', 1))
		|| ' ' || ticket_workflow.label('position', split_part(post_label.post, ':', 2));
comment on function ticket_workflow.post_label(text) is 'relation:position of a recipient in the session''s language';

-- Function: post_notice. One row of the outbox.
-- Returns: its id. Calls: rulebook_setting, office_opening. Wakes listeners of ticket_workflow_notice.
create or replace function ticket_workflow.post_notice(center_id bigint, recipient_id bigint, message text,
		args text[] default '{}', ticket_id bigint default null, escalation_id bigint default null,
		recipient_post text default null, digest boolean default false) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	posted bigint;
	at constant timestamptz := ticket_workflow.now();
begin
	insert into ticket_workflow.notice (notice_id, center_id, ticket_id, escalation_id, recipient_id, recipient_post,
			message, args, digest, created_at, not_before)
		values (ticket_workflow.new_id(post_notice.center_id, 'ticket_workflow.notice_seq'), post_notice.center_id,
			post_notice.ticket_id, post_notice.escalation_id, post_notice.recipient_id, post_notice.recipient_post,
			post_notice.message, post_notice.args, post_notice.digest, at,
			case when post_notice.digest
				then ticket_workflow.office_opening(at, ticket_workflow.ticket_calendar(post_notice.center_id)) else at end)
		returning notice_id into posted;
	perform pg_notify('ticket_workflow_notice', post_notice.center_id::text);
	return posted;
end
$$;
comment on function ticket_workflow.post_notice(bigint, bigint, text, text[], bigint, bigint, text, boolean) is
	'Posts a notice to an official (recipient_id), or to a post that nobody holds (recipient_post, relation:position); a digest waits for the opening of the office';

-- Function: notify_post. For other rooms: tells whoever holds a post in its relation to the ticket.
-- Returns: how many notices were posted, at least one: what nobody receives goes to the center (take_notices).
create or replace function ticket_workflow.notify_post(ticket ticket_workflow.ticket, relation text, "position" text,
		message text, args text[] default '{}') returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	told integer;
begin
	select count(ticket_workflow.post_notice(notify_post.ticket.center_id, h.official_id, notify_post.message, notify_post.args,
			notify_post.ticket.ticket_id))
		into told
		from ticket_workflow.holders_of(notify_post.ticket, notify_post.relation, notify_post."position", ticket_workflow.now()) as h (official_id);
	if told = 0 then
		perform ticket_workflow.post_notice(notify_post.ticket.center_id, null, notify_post.message, notify_post.args,
			notify_post.ticket.ticket_id, null, notify_post.relation || ':' || notify_post."position");
		told := 1;
	end if;
	return told;
end
$$;
comment on function ticket_workflow.notify_post(ticket_workflow.ticket, text, text, text, text[]) is
	'Posts a notice to everybody who holds a position in that relation to the ticket; to the center where nobody does';

create or replace function ticket_workflow.notice_text(message text, args text[]) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
	return ticket_workflow.message_text(notice_text.message, array(
		select case when given.arg like '@%:%'
				then coalesce(ticket_workflow.label(substr(split_part(given.arg, ':', 1), 2), split_part(given.arg, ':', 2)), given.arg)
				else given.arg end
			from unnest(notice_text.args) with ordinality as given (arg, ordinal)
			order by given.ordinal));
end
$$;
comment on function ticket_workflow.notice_text(text, text[]) is
	'Text of a notice in the session''s language; an argument @domain:code is shown by its label';

-- What was meant for a post that nobody holds is passed on by those who receive and dispatch for the center (2.3.2.1).
create or replace function ticket_workflow.center_fallback(center_id bigint, on_day date) returns text[]
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	codes text[];
begin
	select array_agg(h.code order by h.code) into codes
		from (
			select distinct o.code, rank() over (order by array_position('{dispatcher,operator,head,supervising_leader,principal_leader}'::text[], p.position)) as place
			from ticket_workflow.post p
				join ticket_workflow.organization c on c.organization_id = p.organization_id and c.kind = 'center'
				join ticket_workflow.official o on o.official_id = p.official_id and o.active
			where c.center_id = center_fallback.center_id
				and p.position = any ('{dispatcher,operator,head,supervising_leader,principal_leader}')
				and center_fallback.on_day between p.valid_from and coalesce(p.valid_until, 'infinity')
		) h
		where h.place = 1;
	return codes;
end
$$;
comment on function ticket_workflow.center_fallback(bigint, date) is
	'Officials who pass on what was meant for a post that nobody holds: the center''s dispatchers, else its operators, head, leaders';

-- Function: take_notices. The consumer's half of the outbox.
-- Leases up to max_rows messages that may go out, each under a token of its own; one whose lease ran out is
-- taken again. The digests of one recipient are one message: who locks the first of them has them all.
-- Leases run on the real clock: they are about the consumer, not about the desk.
create or replace function ticket_workflow.take_notices(max_rows integer default 100, lease interval default '5 minutes')
	returns table (notice_id bigint, token uuid, center text, recipient text, recipient_name text, recipient_post text,
		fallback text[], ticket_id bigint, message text, notice_text text, notices integer, created_at timestamptz, attempts integer)
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	ripe constant timestamptz := ticket_workflow.now();
	real_now constant timestamptz := clock_timestamp();
	-- an application delivers for the centers it was granted
	centers constant bigint[] := ticket_workflow.granted_centers('{application}');
begin
	if max_rows is null or max_rows not between 1 and 10000 then
		perform ticket_workflow.fail('out_of_range', null, 'max_rows', max_rows::text, '1', '10000');
	end if;
	if lease is null or lease < interval '1 second' or lease > interval '1 day' then
		perform ticket_workflow.fail('out_of_range', null, 'lease', lease::text, '1 second', '1 day');
	end if;
	return query
		with chosen as materialized (
			select n.notice_id, n.recipient_id, n.digest, gen_random_uuid() as token
			from ticket_workflow.notice n
			where n.confirmed_at is null and n.not_before <= ripe and n.center_id = any (centers)
				and (n.lease_until is null or n.lease_until < real_now)
				and not (n.digest and n.recipient_id is not null and exists (
					select from ticket_workflow.notice e
					where e.recipient_id = n.recipient_id and e.digest and e.confirmed_at is null and e.not_before <= ripe
						and (e.lease_until is null or e.lease_until < real_now)
						and e.notice_id < n.notice_id))
			order by n.not_before, n.notice_id
			limit take_notices.max_rows
			for no key update of n skip locked
		), members as materialized (
			select l.notice_id, l.notice_id as leading_id, l.token from chosen l
			union all
			select n.notice_id, l.notice_id, l.token
			from chosen l
				join ticket_workflow.notice n on n.recipient_id = l.recipient_id and n.digest and n.confirmed_at is null
					and n.not_before <= ripe and (n.lease_until is null or n.lease_until < real_now)
					and n.notice_id > l.notice_id
			where l.digest
		), taken as (
			update ticket_workflow.notice n
				set lease_token = m.token, lease_until = real_now + take_notices.lease, attempts = n.attempts + 1
				from members m
				where n.notice_id = m.notice_id
				returning n.*, m.leading_id
		), sent as (
			select t.leading_id, count(*)::integer as notices, min(t.created_at) as created_at, max(t.attempts) as attempts,
				string_agg(ticket_workflow.notice_text(t.message, t.args), E'\n' order by t.ticket_id, t.notice_id) as body
			from taken t
			group by t.leading_id
		)
		select t.notice_id, t.lease_token, c.code, o.code, o.name, t.recipient_post,
			case when t.recipient_id is null
				then ticket_workflow.center_fallback(t.center_id, ticket_workflow.local_day(ripe, c.calendar)) end,
			case when s.notices = 1 then t.ticket_id end,
			case when s.notices = 1 then t.message else 'notice_digest' end,
			case when s.notices > 1 then ticket_workflow.message_text('notice_digest', array[s.notices::text]) || E'\n' || s.body
				when t.recipient_id is null
				then ticket_workflow.message_text('notice_vacant', array[ticket_workflow.post_label(t.recipient_post), s.body])
				else s.body end,
			s.notices, s.created_at, s.attempts
		from sent s
			join taken t on t.notice_id = s.leading_id
			join ticket_workflow.center c on c.center_id = t.center_id
			left join ticket_workflow.official o on o.official_id = t.recipient_id
		order by t.not_before, t.notice_id;
end
$$;
comment on function ticket_workflow.take_notices(integer, interval) is
	'Leases notices that are to be sent now, oldest first, with their text in the session''s language and a token for confirm_notice(); digests of one recipient come as one. Without a recipient nobody holds recipient_post: fallback names the officials of the center who pass it on';

-- Late is better than twice: a lease that ran out can still be confirmed, unless somebody else took it since.
create or replace function ticket_workflow.confirm_notice(notice_id bigint, token uuid) returns boolean
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	if not exists (select from ticket_workflow.notice n
			where n.notice_id = confirm_notice.notice_id and n.lease_token = confirm_notice.token) then
		return false;
	end if;
	-- with it the others of its digest
	update ticket_workflow.notice n
		set confirmed_at = clock_timestamp()
		where n.lease_token = confirm_notice.token and n.confirmed_at is null;
	return true;
end
$$;
comment on function ticket_workflow.confirm_notice(bigint, uuid) is
	'Says that a taken notice was delivered: true, also when said twice; false when the token is not, or no longer, the notice''s';
