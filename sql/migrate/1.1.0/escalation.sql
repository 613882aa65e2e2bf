-- 1.1.0: conditions and quiet hours of levels; notices fail, expire and are given up. Levels of loaded rulebooks have no
-- condition, as before; what they get about notices stands with the new tables (sql/escalation/rule_tables.sql).

alter table ticket_workflow.escalation_level
	add column urgent boolean,
	add column quiet_from time,
	add column quiet_until time,
	drop constraint escalation_level_check,
	add constraint escalation_level_check check (offset_kind <> 'share' or amount > 0 and amount <= 10),
	add constraint escalation_level_quiet check (quiet_from is null and quiet_until is null
		or quiet_from is not null and quiet_until is not null and quiet_from <> quiet_until);
alter table ticket_workflow.escalation_recipient add column urgent boolean;

alter table ticket_workflow.notice
	add column position text,
	add column expires_at timestamptz,
	add column until_ended boolean not null default false,
	add column failures integer not null default 0,
	add column failed_at timestamptz,
	add column last_error text,
	add column retry_at timestamptz,
	add column closed_at timestamptz,
	add column close_reason text constraint notice_close_reason check (close_reason in ('expired', 'cause_ended', 'given_up')),
	add constraint notice_closed check ((closed_at is null) = (close_reason is null)),
	add constraint notice_settled_once check (confirmed_at is null or closed_at is null);
-- the keys behind it say the same; asking twice for every row of a sweep was a tenth of its time
alter table ticket_workflow.escalation drop constraint escalation_ticket_id_fkey;
alter table ticket_workflow.notice drop constraint notice_ticket_id_fkey;
comment on table ticket_workflow.notice is
	'Outbox of notices: taken with a lease, confirmed or found failed with its token, closed when past its use or given up';
drop index ticket_workflow.notice_open;
drop index ticket_workflow.notice_digest;
create index notice_open on ticket_workflow.notice (not_before) where confirmed_at is null and closed_at is null;
create index notice_digest on ticket_workflow.notice (recipient_id) where confirmed_at is null and closed_at is null and digest;
create index notice_expires on ticket_workflow.notice (expires_at)
	where confirmed_at is null and closed_at is null and expires_at is not null;
create index notice_tried on ticket_workflow.notice (center_id) where confirmed_at is null and closed_at is null and attempts > 0;
create index notice_given_up on ticket_workflow.notice (center_id, closed_at) where close_reason = 'given_up';
create index notice_settled on ticket_workflow.notice (center_id, coalesce(confirmed_at, closed_at))
	where coalesce(confirmed_at, closed_at) is not null;

insert into ticket_workflow.rulebook_setting (rulebook, name, value)
	select r.rulebook, s.name, s.value
	from ticket_workflow.rulebook r, (values ('notice_keep_days', '365'), ('sweep_keep_days', '31')) as s (name, value);

drop view ticket_workflow.sweep_health;
drop function ticket_workflow.sweep_backlog();
drop function ticket_workflow.sweep_daily();
drop function ticket_workflow.take_notices(integer, interval);
drop function ticket_workflow.post_notice(bigint, bigint, text, text[], bigint, bigint, text, boolean);
drop function ticket_workflow.notify_post(ticket_workflow.ticket, text, text, text, text[]);
drop function ticket_workflow.notice_text(text, text[]);
