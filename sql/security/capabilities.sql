-- What each capability may call and read: the product tables behind grant_access().
-- Every function but triggers, every table and view has a line here, 'internal' where nobody but the
-- extension itself needs it; test/pgtap/security.sql compares with the catalog. A room that adds one adds its line.
-- May touch: function_capability, relation_capability.

-- Whoever has any capability. No tickets stand in these, or only those the caller sees: functions of the
-- caller's own rights, which the views call for him, and his sight for the row policies.
insert into ticket_workflow.function_capability (function_name, capability)
select f, 'any' from unnest(array[
	-- base
	'now', 'language', 'caller', 'require_day', 'label', 'message_text', 'fail', 'center_of',
	-- organization
	'actor', 'actor_id', 'has_capability', 'may_see', 'sees',
	'my_sight', 'my_centers', 'my_areas', 'my_departments', 'my_platforms', 'my_home', 'my_directory', 'my_tickets_apart',
	'today', 'posts_on', 'post_relates', 'holders_of', 'post_holders', 'acting_holders', 'assists',
	-- calendar
	'is_working_day', 'add_working_days', 'working_days_between', 'add_working_time', 'working_time_between',
	'due_at', 'due_on', 'calendar_days', 'calendar_layers', 'calendar_covers', 'calendar_version', 'local_day', 'ticket_calendar',
	-- ticket, clocks, notices: what views call
	'lifecycle_diagram', 'is_open_state', 'local_text', 'makes_late', 'ticket_number', 'post_label', 'notice_text', 'fill_template', 'notice_rulebook',
	'center_organization', 'rulebook_setting', 'completion_if_taken',
	-- figures: of what the caller sees whole, nothing else
	'share_of', 'desk_months', 'period_figures', 'month_repeats', 'center_zone',
	-- mechanisms: what their views are made of
	'notice_rows', 'day_start', 'notice_body', 'check_notice_day', 'period_bounds', 'duty_name',
	'center_holders', 'needed_posts', 'matters_below', 'burst_matters', 'similar_cases', 'counts_for_burst', 'finding_label', 'my_inspected',
	'daily_notice_on', 'daily_notice_text', 'center_id_of',
	-- the engines of texts and dispatch look at no ticket, but for the visible ones of an incident
	'resolve_dispatch', 'found_in_text', 'name_key',
	'check_report_text', 'test_phrase', 'fold_text', 'text_similarity',
	-- reports, signatures: what views call
	'signature_serves', 'subject_digest', 'digest_fields', 'led_duty_at', 'post_may_sign', 'as_wide_as', 'finding_of_text'
]) f;

-- Acts of a person: an application in his name, or himself under his own database role.
insert into ticket_workflow.function_capability (function_name, capability)
select f, c from unnest(array[
	-- ticket
	'receive_ticket', 'correct_ticket', 'dispatch_ticket', 'recall_ticket', 'accept_ticket', 'transfer_ticket',
	'withdraw_ticket', 'merge_ticket', 'close_ticket', 'reopen_ticket', 'supervise_ticket', 'extend_limit', 'reveal_petitioner', 'reveal_sheet',
	-- facts
	'record_contact', 'record_site_visit', 'record_platform_report', 'record_callback', 'add_evidence',
	'declare_absent', 'void_record',
	-- returns
	'request_return', 'withdraw_return', 'decide_return',
	-- reports, signatures
	'save_report', 'submit_report', 'review_report', 'sign_report', 'sign_return', 'sign_transfer', 'sign_extension',
	'revoke_signature', 'contest_signature',
	-- dispatch
	'record_assistance', 'link_incident', 'unlink_incident', 'suggest_incident',
	-- escalation
	'acknowledge_escalation',
	-- mechanisms
	'record_department_call', 'record_guidance', 'record_mediation', 'record_daily_notice', 'record_duty_done', 'report_burst',
	'open_response_plan', 'extend_response_plan', 'close_response_plan', 'open_accountability', 'decide_accountability'
]) f, unnest(array['application', 'official']) c;

-- Reading functions that look at tickets past row security; each begins with may_see().
insert into ticket_workflow.function_capability (function_name, capability)
select f, c from unnest(array['check_report', 'annotated_report', 'report_quality', 'required_signatures', 'recommend_dispatch', 'response_plan_for',
		'monthly_bulletin', 'ticket_sheet', 'desk_today']) f,
	unnest(array['application', 'official', 'reader', 'auditor']) c;

-- An application delivers the notices of the outbox.
insert into ticket_workflow.function_capability (function_name, capability)
select f, 'application' from unnest(array['take_notices', 'confirm_notice', 'fail_notice']) f;

insert into ticket_workflow.function_capability (function_name, capability)
select 'retry_notices', c from unnest(array['application', 'manager']) c;

insert into ticket_workflow.function_capability (function_name, capability)
select f, 'auditor' from unnest(array['verify_journal', 'verify_journals', 'export_seals', 'verify_seals', 'verify_seal', 'check_integrity']) f;

insert into ticket_workflow.function_capability (function_name, capability)
select 'sweep_backlog', c from unnest(array['sweeper', 'manager', 'auditor']) c;

-- sweep() has no rights of its own (it commits): its definer parts are called by the sweeper's.
insert into ticket_workflow.function_capability (function_name, capability)
select f, 'sweeper' from unnest(array['sweep', 'begin_sweep', 'sweep_batch', 'sweep_center', 'end_sweep', 'sweep_calendars', 'recompute_deadlines',
	'purge_notices', 'purge_sweep_runs',
	'schedule_sweeps', 'unschedule_sweeps', 'sweep_job', 'cron_database', 'check_integrity']) f;

insert into ticket_workflow.function_capability (function_name, capability)
select f, 'manager' from unnest(array[
	-- organization
	'create_center', 'change_center', 'create_area', 'change_area', 'create_organization', 'change_organization',
	'close_organization', 'create_matter', 'change_matter', 'create_official', 'change_official', 'assign_post', 'end_post',
	'delegate_post', 'end_delegation', 'set_duty', 'end_duty',
	-- calendar
	'create_calendar', 'change_calendar', 'drop_calendar', 'set_calendar_base', 'set_calendar_day', 'set_date_hours',
	'set_service_hours', 'load_calendar', 'import_calendar', 'preview_calendar_import', 'remove_calendar_document',
	'export_calendar', 'read_ical', 'read_calendar_csv', 'recompute_deadlines',
	-- rulebook
	'load_rulebook', 'copy_rulebook', 'put_in_force', 'set_rulebook_setting',
	'create_duty', 'create_statutory_rule', 'create_exception_rule', 'create_fallback', 'create_alias', 'create_place',
	'end_dispatch_rule', 'simulate_dispatch', 'rulebook_coverage',
	'add_phrase', 'change_phrase', 'remove_phrase', 'raise_phrase_severity',
	'set_escalation_level', 'remove_escalation_level', 'set_escalation_recipient', 'remove_escalation_recipient',
	'set_notice_rule', 'set_notice_channel', 'set_notice_template',
	'schedule_sweeps', 'unschedule_sweeps', 'sweep_job', 'cron_database', 'check_integrity',
	-- import
	'import_ticket', 'import_tickets'
]) f;

insert into ticket_workflow.function_capability (function_name, capability)
select f, 'internal' from unnest(array[
	-- base, checks
	'actor_setting', 'calendar_setting', 'new_id', 'code_of', 'require_code', 'require_text', 'optional_text',
	'require_reason', 'raise_problems', 'iso_date',
	-- organization, security
	'caller_grants', 'caller_is', 'caller_owns', 'granted_centers', 'acting_official', 'require_actor', 'require_capability', 'require_right', 'has_right', 'require_managed', 'require_owner',
	'managed_center', 'managed_official', 'managed_post', 'check_official_role', 'check_organization_parent', 'check_matter_parent',
	'set_organization_parent', 'set_matter_parent', 'organizations_below', 'tickets_apart',
	'area_id_of', 'organization_id_of', 'official_id_of', 'official_text', 'matter_id_of',
	'grant_access', 'revoke_access', 'refresh_grants', 'apply_grants', 'grantable', 'protect', 'unprotect', 'protection',
	-- calendar
	'calendar_changes', 'require_calendar', 'calendar_document_days', 'calendar_document_source', 'check_calendar',
	'check_calendar_day', 'check_calendar_settings', 'lock_calendars', 'log_calendar_change', 'parse_windows', 'refuse_document',
	'feed_document', 'fold_ical_line',
	-- rulebook, journal
	'rulebook_tables', 'check_phrase', 'fold_compatible', 'rulebook_on', 'journal_hash', 'write_journal', 'write_journals', 'audited_centers', 'seal_digest', 'seal_journal', 'seal_days', 'check_seals',
	'broken_references', 'contradicting_keys', 'lost_subjects', 'parent_cycles', 'lagging_sequences',
	-- ticket
	'begin_act', 'begin_move', 'act_time', 'add_petitioner', 'normalize_phone', 'phone_locality', 'mask_name', 'mask_phone', 'mask_address',
	'has_contact', 'changed_columns', 'transition_problems', 'dispatch_problems', 'follow_correction', 'state_columns', 'petitioner_row',
	-- import
	'import_chunk', 'import_clocks', 'import_code', 'import_date', 'import_evidence', 'import_extension', 'import_facts', 'import_flag',
	'import_history', 'import_identity', 'import_journal', 'import_keys', 'import_list', 'import_need', 'import_number', 'import_value',
	'import_occurred', 'import_official', 'import_one', 'import_organization', 'import_actor_of', 'import_platform_reports', 'import_read', 'import_received',
	'import_reference', 'import_report', 'import_return', 'import_step_keys', 'import_text', 'import_time', 'import_type', 'import_unknown',
	'import_write', 'link_imported', 'refresh_imported_repeats', 'told_due', 'told_events', 'told_starts',
	-- dispatch
	'join_incident', 'refuse_shared_name', 'rule_span', 'rule_department', 'findable_name', 'incident_handlers', 'incident_of', 'returned_departments', 'has_dispatch_rules',
	'ticket_recommendation', 'notify_assistance', 'ask_assistance', 'add_to_incident', 'coverage_gaps',
	-- clocks
	'apply_events', 'apply_new_clocks', 'capped_due', 'catch_up', 'clock_fact_time', 'end_clock', 'end_uncarried_clocks', 'ended_status',
	'expire_clock', 'fact_time', 'find_limit', 'end_of_working_day', 'level_at', 'move_due', 'next_due_clock', 'next_look', 'pending_levels', 'process_clock',
	'recompute_calendar', 'recomputed_due', 'release_clock', 'resume_clock', 'resumed_clock', 'settle_fact_clocks', 'start_clocks', 'clocks_to_start',
	'extended_clock', 'extended_limit', 'extension_problems', 'settle_extension',
	-- facts
	'absence_declared', 'acting_organization', 'ask_for_recordings', 'channel_marks', 'check_callback', 'check_occurred',
	'contact_proof', 'contact_reached', 'contact_valid', 'dispatch_round_at', 'evidence_time', 'failed_contact',
	'first_contact_problems', 'insert_absence', 'insert_contact', 'insert_evidence', 'open_review', 'missing_recordings',
	'platform_report_valid', 'recording_problems', 'round_evidence', 'site_visit_time', 'site_visit_valid',
	-- returns
	'begin_return_act', 'improper_marks', 'return_grant_problems', 'return_ordinal', 'return_problems',
	'return_request_problems', 'return_transition_problems', 'return_window', 'window_open',
	-- reports, signatures
	'annotated_html', 'annotated_text', 'approval_problems', 'completion_problems', 'current_report', 'escape_html',
	'finding_code', 'mentions', 'repeat_kind_of', 'repeated_ticket', 'repeated_tickets', 'refresh_repeats', 'annotated_source', 'matters_of_petitioner', 'overruled_findings', 'relation_verdict', 'report_facts', 'report_findings', 'report_problems',
	'report_row_findings', 'report_text_findings', 'shown_findings', 'sign_subject', 'signature_problems', 'subject_ticket',
	'submission_problems', 'visible_approval', 'visible_report', 'wrote_report',
	-- bulletins, printed sheets
	'my_open_tickets', 'desk_clocks', 'make_sheet',
	'sheet_fields', 'sheet_table', 'sheet_text', 'sheet_signatures', 'ticket_blocks', 'return_blocks', 'signature_blocks', 'sheet_html', 'sheet_markdown',
	'bulletin_data', 'bulletin_lines', 'bulletin_opening', 'bulletin_tables', 'bulletin_markdown', 'bulletin_html', 'bulletin_charts',
	'day_figures', 'hot_spots', 'escape_markdown', 'percent_text', 'change_text', 'month_text', 'html_page',
	'chart_top', 'chart_days', 'chart_rows', 'chart_share', 'svg_text', 'svg_bar', 'svg_legend', 'svg_frame',
	-- escalation, sweep
	'center_fallback', 'end_escalations', 'clock_args', 'notify_post', 'office_opening', 'post_notice',
	'raise_escalation', 'raise_escalations', 'reached_levels', 'reopen_escalations', 'set_clock_aside', 'sweep_clock', 'sweep_levels', 'tell_again',
	'tell_missing_year', 'wake_consumers', 'after_quiet_hours', 'notice_time', 'notice_rule_of', 'channel_of',
	'close_notices', 'withdraw_unsent', 'escalation_problems', 'check_escalation_rules', 'require_rulebook', 'follow_levels',
	-- mechanisms
	'center_case', 'begin_center_act', 'tell_holders', 'check_unfinished', 'begin_coordination', 'begin_plan_act',
	'duty_due_on', 'make_occurrences', 'tell_duties', 'burst_word', 'matters_above', 'burst_group', 'duty_holders',
	'raise_burst', 'note_similar_case', 'sweep_bursts', 'accountability_grounds', 'settle_accountability', 'sweep_accountability',
	'sweep_mechanisms', 'add_exception_rule', 'end_rule'
]) f;

-- ---- tables and views

-- The product's words and states, the rules, the calendars, and the directory of who is who.
insert into ticket_workflow.relation_capability (relation_name, capability)
select r, 'any' from unnest(array[
	'message', 'clause', 'label', 'position', 'ticket_state', 'ticket_transition', 'clock_kind', 'clock_carrier', 'clock_event',
	'function_capability', 'relation_capability',
	'rulebook', 'center_rulebook', 'rulebook_setting', 'clock_limit', 'escalation_level', 'escalation_recipient', 'act_right',
	'approval_rule', 'finding_option', 'finding_relation', 'required_evidence', 'phrase', 'dispatch_order', 'dispatch_word', 'rate_weight',
	'notice_rule', 'notice_channel', 'notice_template',
	'periodic_duty', 'periodic_duty_attendee', 'accountability_rule', 'vacant_post',
	'statutory_rule', 'duty', 'exception_rule', 'area_fallback', 'organization_alias', 'committee_place',
	'calendar', 'calendar_base', 'calendar_window', 'calendar_day', 'calendar_date_window', 'calendar_document', 'calendar_change',
	'calendar_health',
	'center', 'area', 'organization', 'organization_parent', 'post', 'duty_roster', 'matter', 'matter_parent'
]) r;
-- without the role a person logs in by, what else is kept about him, and why he is absent
insert into ticket_workflow.relation_capability values
	('official', 'any', '{official_id,center_id,code,name,active}'),
	('official', 'manager', null),
	('delegation', 'any', '{delegation_id,center_id,post_id,substitute_id,valid_from,valid_until}'),
	('delegation', 'manager', null),
	('access_grant', 'manager', null),
	('access_grant', 'auditor', null),
	('journal_seal', 'auditor', null);

-- What stands at tickets, under row security; personal data masked.
insert into ticket_workflow.relation_capability (relation_name, capability, columns)
select r, c, case r when 'petitioner' then
		'{petitioner_id,center_id,phone_is_mobile,phone_locality,name_masked,phone_masked,address_masked}'::text[] end
from unnest(array[
	'ticket', 'petitioner', 'ticket_original', 'ticket_merge', 'ticket_assist', 'dispatch_decision', 'incident', 'incident_ticket', 'journal', 'clock',
	'contact', 'site_visit', 'platform_report', 'evidence', 'evidence_absence', 'ticket_return',
	'report', 'report_finding', 'approval', 'limit_extension', 'escalation', 'notice',
	'ticket_overview', 'running_clock', 'overdue_ticket', 'due_soon', 'escalation_overview', 'escalation_history', 'undelivered_notice',
	'signature_demand', 'open_demand', 'waiting_signature', 'waiting_decision', 'assistance_overview',
	'monthly_summary', 'quarterly_summary', 'department_performance', 'repeat_petition',
	'department_call', 'daily_posting', 'mediation', 'mediation_ticket', 'mediation_participant', 'guidance', 'similar_case', 'response_plan',
	'duty_occurrence', 'duty_attendance', 'accountability_case', 'accountability_decision',
	'finish_today', 'daily_notice', 'unsolved_last_week', 'guidance_missing_today', 'similar_case_burst', 'accountability_case_overview',
	'periodic_duty_overview'
]) r, unnest(array['application', 'official', 'reader', 'auditor']) c;

-- How the machine is doing.
insert into ticket_workflow.relation_capability (relation_name, capability)
select r, c from unnest(array['sweep_run', 'sweep_failure', 'sweep_day', 'sweep_health']) r,
	unnest(array['sweeper', 'manager', 'auditor']) c;

insert into ticket_workflow.relation_capability (relation_name, capability) values
	('shipped_document', 'internal');
