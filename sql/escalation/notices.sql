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

-- Quiet hours are each day's, in the calendar's zone; they may go over midnight.
create or replace function ticket_workflow.after_quiet_hours(at timestamptz, quiet_from time, quiet_until time, calendar text)
	returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	zone constant text := (select c.zone from ticket_workflow.calendar c where c.code = after_quiet_hours.calendar);
	local constant timestamp := after_quiet_hours.at at time zone zone;
	ends_on date := local::date;
begin
	if after_quiet_hours.quiet_from < after_quiet_hours.quiet_until then
		if local::time < after_quiet_hours.quiet_from or local::time >= after_quiet_hours.quiet_until then
			return after_quiet_hours.at;
		end if;
	elsif local::time >= after_quiet_hours.quiet_from then
		ends_on := ends_on + 1;
	elsif local::time >= after_quiet_hours.quiet_until then
		return after_quiet_hours.at;
	end if;
	return (ends_on + after_quiet_hours.quiet_until) at time zone zone;
end
$$;
comment on function ticket_workflow.after_quiet_hours(timestamptz, time, time, text) is
	'The moment itself outside quiet hours, else their end';

create or replace function ticket_workflow.notice_time(at timestamptz, digest boolean, quiet_from time, quiet_until time, calendar text)
	returns timestamptz
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
	goes_at timestamptz := notice_time.at;
begin
	if notice_time.digest then
		goes_at := ticket_workflow.office_opening(goes_at, notice_time.calendar);
	end if;
	if notice_time.quiet_from is not null then
		goes_at := ticket_workflow.after_quiet_hours(goes_at, notice_time.quiet_from, notice_time.quiet_until, notice_time.calendar);
	end if;
	return goes_at;
end
$$;
comment on function ticket_workflow.notice_time(timestamptz, boolean, time, time, text) is
	'When a notice posted at that moment may go out: a digest from the opening of the office on, others outside the quiet hours';

-- The rulebook by which a notice goes that is about no ticket; NULL where none is in force.
create or replace function ticket_workflow.notice_rulebook(center_id bigint) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return (select r.rulebook from ticket_workflow.center_rulebook r
		where r.center_id = notice_rulebook.center_id and r.valid @> ticket_workflow.today(notice_rulebook.center_id));
end
$$;
comment on function ticket_workflow.notice_rulebook(bigint) is
	'The rulebook a center follows today, for notices that are about no ticket; NULL where there is none';

-- Where a rulebook has neither a row for the message nor one for all: ten attempts, a minute, an hour.
create or replace function ticket_workflow.notice_rule_of(rulebook text, message text) returns ticket_workflow.notice_rule
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	found_rule ticket_workflow.notice_rule;
begin
	select r.* into found_rule
		from ticket_workflow.notice_rule r
		where r.rulebook = notice_rule_of.rulebook and r.message in (notice_rule_of.message, '*')
		order by r.message = '*'
		limit 1;
	if not found then
		found_rule := row(notice_rule_of.rulebook, '*', false, false, null, 10, 1, 60);
	end if;
	return found_rule;
end
$$;
comment on function ticket_workflow.notice_rule_of(text, text) is
	'A rulebook''s rule for a message: how long it is of use, how often its delivery is tried';

-- Function: post_notice. One row of the outbox.
-- Returns: its id. Calls: office_opening, notice_rule_of. Wakes listeners of ticket_workflow_notice.
create or replace function ticket_workflow.post_notice(center_id bigint, recipient_id bigint, message text,
		args text[] default '{}', ticket_id bigint default null, escalation_id bigint default null,
		recipient_post text default null, digest boolean default false, "position" text default null,
		expires_at timestamptz default null, not_before timestamptz default null) returns bigint
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	posted bigint;
	at constant timestamptz := ticket_workflow.now();
	goes_at constant timestamptz := greatest(post_notice.not_before, case when post_notice.digest
		then ticket_workflow.office_opening(at, ticket_workflow.ticket_calendar(post_notice.center_id)) else at end);
	rule constant ticket_workflow.notice_rule := ticket_workflow.notice_rule_of(coalesce(
		(select t.rulebook from ticket_workflow.ticket t where t.ticket_id = post_notice.ticket_id),
		ticket_workflow.notice_rulebook(post_notice.center_id)), post_notice.message);
begin
	insert into ticket_workflow.notice (notice_id, center_id, ticket_id, escalation_id, recipient_id, recipient_post,
			message, args, digest, created_at, not_before, position, expires_at, until_ended)
		values (ticket_workflow.new_id(post_notice.center_id, 'ticket_workflow.notice_seq'), post_notice.center_id,
			post_notice.ticket_id, post_notice.escalation_id, post_notice.recipient_id, post_notice.recipient_post,
			post_notice.message, post_notice.args, post_notice.digest, at, goes_at, post_notice."position",
			least(post_notice.expires_at, goes_at + make_interval(mins => rule.keep_minutes)),
			rule.until_ended and post_notice.escalation_id is not null)
		returning notice_id into posted;
	perform pg_notify('ticket_workflow_notice', post_notice.center_id::text);
	return posted;
end
$$;
comment on function ticket_workflow.post_notice(bigint, bigint, text, text[], bigint, bigint, text, boolean, text, timestamptz, timestamptz) is
	'Posts a notice to an official (recipient_id, told in that position), or to a post that nobody holds (recipient_post, relation:position); a digest waits for the opening of the office, any for not_before; past expires_at, or the time its rule keeps it, it is not sent any more';

-- Function: notify_post. For other rooms: tells whoever holds a post in its relation to the ticket.
-- Returns: how many notices were posted, at least one: what nobody receives goes to the center (take_notices).
create or replace function ticket_workflow.notify_post(ticket ticket_workflow.ticket, relation text, "position" text,
		message text, args text[] default '{}', digest boolean default false, expires_at timestamptz default null) returns integer
	language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	told integer;
begin
	select count(ticket_workflow.post_notice(notify_post.ticket.center_id, h.official_id, notify_post.message, notify_post.args,
			notify_post.ticket.ticket_id, digest => notify_post.digest, "position" => notify_post."position",
			expires_at => notify_post.expires_at))
		into told
		from ticket_workflow.holders_of(notify_post.ticket, notify_post.relation, notify_post."position", ticket_workflow.now()) as h (official_id);
	if told = 0 then
		perform ticket_workflow.post_notice(notify_post.ticket.center_id, null, notify_post.message, notify_post.args,
			notify_post.ticket.ticket_id, null, notify_post.relation || ':' || notify_post."position", notify_post.digest,
			notify_post."position", notify_post.expires_at);
		told := 1;
	end if;
	return told;
end
$$;
comment on function ticket_workflow.notify_post(ticket_workflow.ticket, text, text, text, text[], boolean, timestamptz) is
	'Posts a notice to everybody who holds a position in that relation to the ticket; to the center where nobody does';

create or replace function ticket_workflow.fill_template(template text, args text[]) returns text
	language c immutable strict parallel safe as 'MODULE_PATHNAME', 'tw_sql_fill_template';
comment on function ticket_workflow.fill_template(text, text[]) is 'A template with %1 to %9 replaced by the arguments; one that is missing stays empty';

create or replace function ticket_workflow.notice_text(message text, args text[], rulebook text default null) returns text
	language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	shown constant text[] := array(
		select case when given.arg like '@%:%'
				then coalesce(ticket_workflow.label(substr(split_part(given.arg, ':', 1), 2), split_part(given.arg, ':', 2)), given.arg)
				else given.arg end
			from unnest(notice_text.args) with ordinality as given (arg, ordinal)
			order by given.ordinal);
begin
	return coalesce(
		(select ticket_workflow.fill_template(p.template, shown)
			from ticket_workflow.notice_template p
			where p.rulebook = notice_text.rulebook and p.message = notice_text.message and p.language = ticket_workflow.language()),
		ticket_workflow.message_text(notice_text.message, shown));
end
$$;
comment on function ticket_workflow.notice_text(text, text[], text) is
	'Text of a notice in the session''s language, by the words of the rulebook where it has some of its own; an argument @domain:code is shown by its label';

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
