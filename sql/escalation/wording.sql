-- Changing how notices are delivered and worded, by rulebook. What cannot be meant is refused by
-- check_escalation_rules(), as with load_rulebook().
-- May touch: notice_rule, notice_channel, notice_template.

create or replace function ticket_workflow.set_notice_rule(rulebook text, message text, attempts integer default 10,
		retry_minutes numeric default 1, most_retry_minutes numeric default 60, keep_minutes integer default null,
		until_due boolean default false, until_ended boolean default false) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	r ticket_workflow.notice_rule;
begin
	r.rulebook := ticket_workflow.require_rulebook(set_notice_rule.rulebook);
	r.message := ticket_workflow.require_text(set_notice_rule.message, 'message', 64);
	r.until_due := coalesce(set_notice_rule.until_due, false);
	r.until_ended := coalesce(set_notice_rule.until_ended, false);
	r.keep_minutes := set_notice_rule.keep_minutes;
	r.attempts := set_notice_rule.attempts;
	r.retry_minutes := set_notice_rule.retry_minutes;
	r.most_retry_minutes := set_notice_rule.most_retry_minutes;
	insert into ticket_workflow.notice_rule values (r.*)
		on conflict (rulebook, message) do update
			set until_due = excluded.until_due, until_ended = excluded.until_ended, keep_minutes = excluded.keep_minutes,
				attempts = excluded.attempts, retry_minutes = excluded.retry_minutes, most_retry_minutes = excluded.most_retry_minutes;
	perform ticket_workflow.check_escalation_rules(r.rulebook);
exception when check_violation or not_null_violation then
	perform ticket_workflow.fail('rulebook_row_unreadable', null, 'notice_rule', sqlerrm);
end
$$;
comment on function ticket_workflow.set_notice_rule(text, text, integer, numeric, numeric, integer, boolean, boolean) is
	'How often the delivery of a message (* = any other) is tried, with which waits, and how long it is of use: so many minutes, not after the due time of its clock, not once its escalation has ended. Times of use count for notices posted from now on. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.set_notice_channel(rulebook text, priority integer, channel text,
		message text default null, "position" text default null, urgent boolean default null) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	c ticket_workflow.notice_channel;
begin
	c.rulebook := ticket_workflow.require_rulebook(set_notice_channel.rulebook);
	c.priority := set_notice_channel.priority;
	c.channel := ticket_workflow.code_of('notice_channel', set_notice_channel.channel, 'channel');
	c.message := set_notice_channel.message;
	c.position := ticket_workflow.code_of('position', set_notice_channel."position", 'position');
	c.urgent := set_notice_channel.urgent;
	if c.channel is null then
		delete from ticket_workflow.notice_channel r where r.rulebook = c.rulebook and r.priority = c.priority;
		if not found then
			perform ticket_workflow.fail('notice_channel_missing', null, set_notice_channel.priority::text);
		end if;
		return;
	end if;
	insert into ticket_workflow.notice_channel values (c.*)
		on conflict (rulebook, priority) do update
			set message = excluded.message, "position" = excluded."position", urgent = excluded.urgent, channel = excluded.channel;
	perform ticket_workflow.check_escalation_rules(c.rulebook);
exception when not_null_violation then
	perform ticket_workflow.fail('rulebook_row_unreadable', null, 'notice_channel', sqlerrm);
end
$$;
comment on function ticket_workflow.set_notice_channel(text, integer, text, text, text, boolean) is
	'By which channel (wechat, sms, phone, desk) notices go that meet the conditions (NULL = any); the lowest priority whose conditions hold decides. channel NULL removes the row. Errors: TW005, TW006, TW012';

create or replace function ticket_workflow.set_notice_template(rulebook text, message text, language text, template text) returns void
	language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	t ticket_workflow.notice_template;
begin
	t.rulebook := ticket_workflow.require_rulebook(set_notice_template.rulebook);
	t.message := ticket_workflow.require_text(set_notice_template.message, 'message', 64);
	t.language := set_notice_template.language;
	t.template := ticket_workflow.optional_text(set_notice_template.template, 'template');
	if t.template is null then
		delete from ticket_workflow.notice_template r
			where r.rulebook = t.rulebook and r.message = t.message and r.language = t.language;
		if not found then
			perform ticket_workflow.fail('notice_template_missing', null, t.message, t.language);
		end if;
		return;
	end if;
	insert into ticket_workflow.notice_template values (t.*)
		on conflict (rulebook, message, language) do update set template = excluded.template;
	perform ticket_workflow.check_escalation_rules(t.rulebook);
exception when check_violation or not_null_violation then
	perform ticket_workflow.fail('rulebook_row_unreadable', null, 'notice_template', sqlerrm);
end
$$;
comment on function ticket_workflow.set_notice_template(text, text, text, text) is
	'Words of a rulebook''s own for a notice, in zh or en, with the placeholders %1 to %9 of the message they replace; NULL takes them away. Errors: TW005, TW006, TW012';
