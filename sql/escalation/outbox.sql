-- The consumer's half of the outbox: taking with a lease, confirming or reporting a failure with its token; what is
-- past its use, given up, or long settled. Leases and waits run on the real clock: they are about the consumer,
-- not about the desk. An act never waits for a consumer, nor he for an act: each passes by what the other holds.
-- May touch: notice, sweep_run (purge).

create or replace function ticket_workflow.channel_of(rulebook text, message text, "position" text, urgent boolean) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (
		select c.channel
		from ticket_workflow.notice_channel c
		where c.rulebook = channel_of.rulebook
			and (c.message is null or c.message = channel_of.message)
			and (c.position is null or c.position = channel_of."position")
			and (c.urgent is null or c.urgent = channel_of.urgent)
		order by c.priority
		limit 1);
end
$$;
comment on function ticket_workflow.channel_of(text, text, text, boolean) is
	'By which channel a notice is best sent: the first row of notice_channel whose conditions hold; NULL where none does';

-- Past its use, tried too often, or its cause over after a first attempt: closed, not sent any more. Returns how many.
create or replace function ticket_workflow.close_notices() returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	ripe constant timestamptz := ticket_workflow.now();
	real_now constant timestamptz := clock_timestamp();
	expired integer;
	spent integer;
begin
	with dead as (
		select n.notice_id
		from ticket_workflow.notice n
		where n.confirmed_at is null and n.closed_at is null and n.expires_at is not null and n.expires_at <= ripe
			and (n.lease_until is null or n.lease_until < real_now)
		for no key update of n skip locked
	)
	update ticket_workflow.notice n
		set closed_at = real_now, close_reason = 'expired'
		from dead d where n.notice_id = d.notice_id;
	get diagnostics expired = row_count;

	with tried as materialized (
		select n.notice_id, n.center_id, n.ticket_id, n.escalation_id, n.message, n.attempts, n.until_ended
		from ticket_workflow.notice n
		where n.confirmed_at is null and n.closed_at is null and n.attempts > 0
			and (n.lease_until is null or n.lease_until < real_now)
		for no key update of n skip locked
	), dead as (
		select r.notice_id,
			case when r.until_ended and e.ended_at is not null then 'cause_ended'
				when r.attempts >= (ticket_workflow.notice_rule_of(
					coalesce(t.rulebook, ticket_workflow.notice_rulebook(r.center_id)), r.message)).attempts then 'given_up' end as reason
		from tried r
			left join ticket_workflow.ticket t on t.ticket_id = r.ticket_id
			left join ticket_workflow.escalation e on e.escalation_id = r.escalation_id
	)
	update ticket_workflow.notice n
		set closed_at = real_now, close_reason = d.reason
		from dead d where n.notice_id = d.notice_id and d.reason is not null;
	get diagnostics spent = row_count;
	return expired + spent;
end
$$;
comment on function ticket_workflow.close_notices() is
	'Closes notices that are not to be sent any more: past their use, tried as often as their rule allows, their cause over';

-- Function: take_notices. The consumer's half of the outbox.
-- Leases up to max_rows messages that may go out, each under a token of its own; one whose lease ran out is
-- taken again. The digests of one recipient are one message: who locks the first of them has them all.
create or replace function ticket_workflow.take_notices(max_rows integer default 100, lease interval default '5 minutes')
	returns table (notice_id bigint, token uuid, center text, recipient text, recipient_name text, recipient_post text,
		fallback text[], ticket_id bigint, message text, notice_text text, notices integer, created_at timestamptz, attempts integer,
		channel text, "position" text, urgent boolean)
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
	perform ticket_workflow.close_notices();
	return query
		with chosen as materialized (
			select n.notice_id, n.recipient_id, n.digest, gen_random_uuid() as token
			from ticket_workflow.notice n
			where n.confirmed_at is null and n.closed_at is null and n.not_before <= ripe and n.center_id = any (centers)
				and (n.lease_until is null or n.lease_until < real_now) and (n.retry_at is null or n.retry_at <= real_now)
				and not (n.digest and n.recipient_id is not null and exists (
					select from ticket_workflow.notice e
					where e.recipient_id = n.recipient_id and e.digest and e.confirmed_at is null and e.closed_at is null
						and e.not_before <= ripe
						and (e.lease_until is null or e.lease_until < real_now) and (e.retry_at is null or e.retry_at <= real_now)
						and e.notice_id < n.notice_id))
			order by n.not_before, n.notice_id
			limit take_notices.max_rows
			for no key update of n skip locked
		), others as materialized (
			select n.notice_id, l.notice_id as leading_id, l.token
			from chosen l
				join ticket_workflow.notice n on n.recipient_id = l.recipient_id and n.digest
					and n.confirmed_at is null and n.closed_at is null
					and n.not_before <= ripe and (n.lease_until is null or n.lease_until < real_now)
					and (n.retry_at is null or n.retry_at <= real_now)
					and n.notice_id > l.notice_id
			where l.digest
			for no key update of n skip locked
		), members as (
			select l.notice_id, l.notice_id as leading_id, l.token from chosen l
			union all
			select o.notice_id, o.leading_id, o.token from others o
		), taken as (
			update ticket_workflow.notice n
				set lease_token = m.token, lease_until = real_now + take_notices.lease, attempts = n.attempts + 1, retry_at = null
				from members m
				where n.notice_id = m.notice_id
				returning n.*, m.leading_id
		), worded as (
			select t.*, coalesce(k.urgent, false) as urgent, b.rulebook
			from taken t
				left join ticket_workflow.ticket k on k.ticket_id = t.ticket_id
				cross join lateral (select coalesce(k.rulebook, ticket_workflow.notice_rulebook(t.center_id)) as rulebook) b
		), sent as (
			select t.leading_id, count(*)::integer as notices, min(t.created_at) as created_at, max(t.attempts) as attempts,
				bool_or(t.urgent) as urgent,
				string_agg(ticket_workflow.notice_text(t.message, t.args, t.rulebook), E'\n' order by t.ticket_id, t.notice_id) as body
			from worded t
			group by t.leading_id
		)
		select t.notice_id, t.lease_token, c.code, o.code, o.name, t.recipient_post,
			case when t.recipient_id is null
				then ticket_workflow.center_fallback(t.center_id, ticket_workflow.local_day(ripe, c.calendar)) end,
			case when s.notices = 1 then t.ticket_id end,
			m.key,
			case when s.notices > 1 then ticket_workflow.notice_text('notice_digest', array[s.notices::text], t.rulebook) || E'\n' || s.body
				when t.recipient_id is null
				then ticket_workflow.notice_text('notice_vacant', array[ticket_workflow.post_label(t.recipient_post), s.body], t.rulebook)
				else s.body end,
			s.notices, s.created_at, s.attempts,
			ticket_workflow.channel_of(t.rulebook, m.key, t.position, s.urgent), t.position, s.urgent
		from sent s
			join worded t on t.notice_id = s.leading_id
			join ticket_workflow.center c on c.center_id = t.center_id
			left join ticket_workflow.official o on o.official_id = t.recipient_id
			cross join lateral (select case when s.notices = 1 then t.message else 'notice_digest' end as key) m
		order by t.not_before, t.notice_id;
end
$$;
comment on function ticket_workflow.take_notices(integer, interval) is
	'Leases notices that are to be sent now, oldest first, with their text in the session''s language, the channel the rulebook hints at, and a token for confirm_notice() or fail_notice(); digests of one recipient come as one. Without a recipient nobody holds recipient_post: fallback names the officials of the center who pass it on. Errors: TW006';

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
	-- with it the others of its digest; what was closed meanwhile has been delivered after all
	update ticket_workflow.notice n
		set confirmed_at = clock_timestamp(), closed_at = null, close_reason = null
		where n.lease_token = confirm_notice.token and n.confirmed_at is null;
	return true;
end
$$;
comment on function ticket_workflow.confirm_notice(bigint, uuid) is
	'Says that a taken notice was delivered: true, also when said twice; false when the token is not, or no longer, the notice''s';

-- The token is the right, as for confirm_notice(). It is used up: what is tried again gets another.
create or replace function ticket_workflow.fail_notice(notice_id bigint, token uuid, error text) returns boolean
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	real_now constant timestamptz := clock_timestamp();
	-- what a gateway says is not refused for its control characters
	said constant text := left(btrim(regexp_replace(fail_notice.error, '[\x01-\x1f\x7f]+', ' ', 'g')), 500);
begin
	perform ticket_workflow.require_text(said, 'error', 500);
	if not exists (select from ticket_workflow.notice n
			where n.notice_id = fail_notice.notice_id and n.lease_token = fail_notice.token and n.confirmed_at is null) then
		return false;
	end if;
	update ticket_workflow.notice n
		set failures = n.failures + 1, failed_at = real_now, last_error = said, lease_token = null, lease_until = null,
			retry_at = case when not w.spent then real_now + make_interval(secs => 60 *
				least((w.rule).retry_minutes * power(2, least(n.failures, 20)), (w.rule).most_retry_minutes)::double precision) end,
			closed_at = case when w.spent and n.closed_at is null then real_now else n.closed_at end,
			close_reason = case when w.spent and n.closed_at is null then 'given_up' else n.close_reason end
		from (
			select f.notice_id, u.rule, f.attempts >= (u.rule).attempts as spent
			from ticket_workflow.notice f
				left join ticket_workflow.ticket t on t.ticket_id = f.ticket_id
				cross join lateral (select ticket_workflow.notice_rule_of(
					coalesce(t.rulebook, ticket_workflow.notice_rulebook(f.center_id)), f.message) as rule) u
			where f.lease_token = fail_notice.token and f.confirmed_at is null
		) w
		where n.notice_id = w.notice_id and n.lease_token = fail_notice.token and n.confirmed_at is null;
	return found;
end
$$;
comment on function ticket_workflow.fail_notice(bigint, uuid, text) is
	'Says that a taken notice could not be delivered, and why: it is tried again after a while that doubles with each failure, and given up after as many attempts as its rule allows. False when the token is not, or no longer, the notice''s. Errors: TW006';

create or replace function ticket_workflow.retry_notices(center text default null) returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	home constant bigint := ticket_workflow.center_id_of(retry_notices.center);
	centers constant bigint[] := ticket_workflow.granted_centers('{application,manager}');
	again integer;
begin
	update ticket_workflow.notice n
		set closed_at = null, close_reason = null, attempts = 0, failures = 0, retry_at = null, lease_token = null, lease_until = null
		where n.close_reason = 'given_up' and n.center_id = any (centers) and (home is null or n.center_id = home);
	get diagnostics again = row_count;
	if again > 0 then
		perform pg_notify('ticket_workflow_notice', '');
	end if;
	return again;
end
$$;
comment on function ticket_workflow.retry_notices(text) is
	'Lets notices that were given up be sent after all, of one center or of all the caller was granted: once the gateway works again. Returns how many. Errors: TW006';

-- What was delivered or closed long ago. A notice of an escalation that goes on stays: whom it told is told of the end.
create or replace function ticket_workflow.purge_notices(max_rows integer default 10000) returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	kept record;
	gone integer;
	total integer := 0;
begin
	if purge_notices.max_rows is null or purge_notices.max_rows not between 1 and 1000000 then
		perform ticket_workflow.fail('out_of_range', null, 'max_rows', purge_notices.max_rows::text, '1', '1000000');
	end if;
	for kept in
		select c.center_id, s.value::integer as days
		from ticket_workflow.center c
			join ticket_workflow.rulebook_setting s on s.rulebook = ticket_workflow.notice_rulebook(c.center_id)
				and s.name = 'notice_keep_days'
		where c.center_id = any (ticket_workflow.granted_centers('{sweeper}'))
	loop
		delete from ticket_workflow.notice n
			where n.notice_id in (
				select o.notice_id
				from ticket_workflow.notice o
				where o.center_id = kept.center_id
					and coalesce(o.confirmed_at, o.closed_at) < clock_timestamp() - make_interval(days => kept.days)
					and not exists (select from ticket_workflow.escalation e where e.escalation_id = o.escalation_id and e.ended_at is null)
				order by coalesce(o.confirmed_at, o.closed_at)
				limit purge_notices.max_rows - total
				for update skip locked);
		get diagnostics gone = row_count;
		total := total + gone;
		exit when total >= purge_notices.max_rows;
	end loop;
	return total;
end
$$;
comment on function ticket_workflow.purge_notices(integer) is
	'Deletes up to max_rows notices that were delivered or closed longer ago than notice_keep_days of the center''s rulebook, but none of an escalation that goes on; the sweep calls it once a day. Returns how many. Errors: TW006';

create or replace function ticket_workflow.purge_sweep_runs() returns integer
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	-- heartbeats are of no center: the longest that any of them wants
	days constant integer := coalesce((
		select max(s.value::integer)
		from ticket_workflow.center c
			join ticket_workflow.rulebook_setting s on s.rulebook = ticket_workflow.notice_rulebook(c.center_id)
				and s.name = 'sweep_keep_days'), 31);
	gone integer;
begin
	delete from ticket_workflow.sweep_run r where r.started_at < clock_timestamp() - make_interval(days => days);
	get diagnostics gone = row_count;
	return gone;
end
$$;
comment on function ticket_workflow.purge_sweep_runs() is
	'Deletes heartbeats older than sweep_keep_days (31 without the setting); the sweep calls it once a day. Returns how many';
