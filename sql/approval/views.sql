-- What waits for whose signature or decision, one row per person who can do it.
-- May touch: nothing.

-- What is open and lacks a signature: what waiting_signature is made of, and desk_today() counts.
create or replace view ticket_workflow.open_demand with (security_invoker = true) as
	select open.*
	from (
			-- a branch per subject, so that each finds its few open rows by its own index
			select d.* from ticket_workflow.signature_demand d
			where d.subject = 'report' and d.subject_state in ('draft', 'submitted') and d.ticket_state in ('accepted', 'rework', 'reported')
			union all
			select d.* from ticket_workflow.signature_demand d
			where d.subject = 'return' and d.subject_state = 'requested'
			union all
			select d.* from ticket_workflow.signature_demand d
			where d.subject = 'extension' and d.subject_state = 'requested'
			union all
			-- outside our territory: it can only go up
			select d.* from ticket_workflow.signature_demand d
			where d.subject = 'transfer' and d.subject_state = 'received' and not d.in_territory
		) open
	where open.approval_id is null;
comment on view ticket_workflow.open_demand is
	'Signatures that open reports, returns, extensions and transfers lack; waiting_signature says who can give them';

-- Who holds a post depends on department, area or center, not on the ticket: each is looked up once.
create or replace view ticket_workflow.waiting_signature with (security_invoker = true) as
	with demand as materialized (
		select o.* from ticket_workflow.open_demand o
	), asked as materialized (
		select d.center_id, d.relation, d.position, d.organization_id, d.or_leader_on_duty, min(d.ticket_id) as ticket_id
		from demand d
		group by d.center_id, d.relation, d.position, d.organization_id, d.or_leader_on_duty
	), holder as materialized (
		select k.center_id, k.relation, k.position, k.organization_id, k.or_leader_on_duty, h.official_id
		from asked k
			join ticket_workflow.ticket t on t.ticket_id = k.ticket_id
			cross join lateral (
				select h.official_id
				from ticket_workflow.holders_of(t, k.relation, k.position, ticket_workflow.now()) as h (official_id)
				union
				select h.official_id
				from ticket_workflow.holders_of(t, 'duty', 'duty_leader', ticket_workflow.now()) as h (official_id)
				where k.or_leader_on_duty
			) h
	)
	select d.center_id, d.ticket_id, d.external_no,
		d.subject, ticket_workflow.label('approval_subject', d.subject) as subject_label,
		d.subject_id,
		d.subject_state,
		ticket_workflow.label(case d.subject when 'report' then 'report_state' when 'return' then 'return_state'
			when 'extension' then 'extension_state' else 'state' end,
			d.subject_state) as subject_state_label,
		d.since, d.rule, d.clause,
		case when ticket_workflow.language() = 'en' then c.en else c.zh end as clause_text,
		d.position, ticket_workflow.label('position', d.position) as position_label,
		d.organization_id, o.name as organization_name, d.or_leader_on_duty,
		p.official_id, p.code as official_code, p.name as official_name
	from demand d
		left join ticket_workflow.organization o on o.organization_id = d.organization_id
		left join ticket_workflow.clause c on c.clause = d.clause
		left join holder h on h.center_id = d.center_id and h.relation = d.relation and h.position = d.position
			and h.organization_id = d.organization_id and h.or_leader_on_duty = d.or_leader_on_duty
		left join ticket_workflow.official p on p.official_id = h.official_id;
comment on view ticket_workflow.waiting_signature is
	'Signatures that are missing, why, and who can give them: one row per person, or one without a person where nobody holds the post';
comment on column ticket_workflow.waiting_signature.center_id is 'Center';
comment on column ticket_workflow.waiting_signature.ticket_id is 'Ticket';
comment on column ticket_workflow.waiting_signature.external_no is 'The platform''s number of the ticket';
comment on column ticket_workflow.waiting_signature.subject is 'What is to be signed: report, return, transfer, extension';
comment on column ticket_workflow.waiting_signature.subject_label is 'Label of subject';
comment on column ticket_workflow.waiting_signature.subject_id is 'report_id, return_id, ticket_id or extension_id: the argument of sign_report(), sign_return(), sign_transfer(), sign_extension()';
comment on column ticket_workflow.waiting_signature.subject_state is 'State of the report, return, ticket or extension';
comment on column ticket_workflow.waiting_signature.subject_state_label is 'Label of subject_state';
comment on column ticket_workflow.waiting_signature.since is 'Saved, submitted, asked for or received at';
comment on column ticket_workflow.waiting_signature.rule is 'Rule of the rulebook that asks for the signature';
comment on column ticket_workflow.waiting_signature.clause is 'Clause the rule stands on';
comment on column ticket_workflow.waiting_signature.clause_text is 'Wording of the clause';
comment on column ticket_workflow.waiting_signature.position is 'The least position that signs';
comment on column ticket_workflow.waiting_signature.position_label is 'Label of position';
comment on column ticket_workflow.waiting_signature.organization_id is 'Over which organization';
comment on column ticket_workflow.waiting_signature.organization_name is 'Name of that organization';
comment on column ticket_workflow.waiting_signature.or_leader_on_duty is 'Whether the leader on duty may sign instead';
comment on column ticket_workflow.waiting_signature.official_id is 'Who can sign now: holder, substitute or leader on duty';
comment on column ticket_workflow.waiting_signature.official_code is 'Code of that official';
comment on column ticket_workflow.waiting_signature.official_name is 'Name of that official';

create or replace view ticket_workflow.waiting_decision with (security_invoker = true) as
	with pending as materialized (
		select w.*, t.external_no, t.rulebook,
			k.due_at, k.due_on,
			(select count(*)::integer from ticket_workflow.report_finding f
				where w.subject = 'report' and f.report_id = w.subject_id and f.severity = 'reject' and f.overruled_at is null
					and ticket_workflow.finding_of_text(f.code)) as open_rejects,
			(select count(*)::integer from ticket_workflow.signature_demand d
				where d.subject = w.subject and d.subject_id = w.subject_id
					and d.approval_id is null)
				as missing_signatures
		from (
				select r.center_id, r.ticket_id, 'report'::text as subject, r.report_id as subject_id, r.submitted_at as since,
					r.organization_id, 'review_report'::text as act, 'review'::text as clock
				from ticket_workflow.report r where r.state = 'submitted'
				union all
				select r.center_id, r.ticket_id, 'return', r.return_id, r.requested_at, r.organization_id, 'decide_return', 'return_decision'
				from ticket_workflow.ticket_return r where r.state = 'requested'
			) w
			join ticket_workflow.ticket t on t.ticket_id = w.ticket_id and t.state in ('reported', 'return_requested')
			left join ticket_workflow.clock k on k.ticket_id = w.ticket_id and k.clock = w.clock and k.status = 'running'
	), asked as materialized (
		-- the center decides, or who is on duty for it: the same people for all its tickets
		select p.center_id, p.rulebook, p.act, min(p.ticket_id) as ticket_id
		from pending p
		group by p.center_id, p.rulebook, p.act
	), decider as materialized (
		select k.center_id, k.rulebook, k.act, a.position, h.official_id
		from asked k
			join ticket_workflow.ticket t on t.ticket_id = k.ticket_id
			join ticket_workflow.act_right a on a.rulebook = k.rulebook and a.act = k.act and a.relation in ('center', 'duty')
			left join lateral ticket_workflow.holders_of(t, a.relation, a.position, ticket_workflow.now()) as h (official_id) on true
	)
	select w.center_id, w.ticket_id, w.external_no,
		w.subject, ticket_workflow.label('approval_subject', w.subject) as subject_label,
		w.subject_id, w.since, w.due_at, w.due_on, w.due_at < ticket_workflow.now() as overdue,
		w.organization_id, o.name as organization_name,
		w.open_rejects, w.missing_signatures,
		w.act, ticket_workflow.label('act', w.act) as act_label,
		d.position, ticket_workflow.label('position', d.position) as position_label,
		p.official_id, p.code as official_code, p.name as official_name
	from pending w
		left join ticket_workflow.organization o on o.organization_id = w.organization_id
		left join decider d on d.center_id = w.center_id and d.rulebook = w.rulebook and d.act = w.act
		left join ticket_workflow.official p on p.official_id = d.official_id;
comment on view ticket_workflow.waiting_decision is
	'Reports and returns that wait for the center''s word, with what they lack, and who can give it: one row per person';
comment on column ticket_workflow.waiting_decision.center_id is 'Center';
comment on column ticket_workflow.waiting_decision.ticket_id is 'Ticket';
comment on column ticket_workflow.waiting_decision.external_no is 'The platform''s number of the ticket';
comment on column ticket_workflow.waiting_decision.subject is 'What is to be decided: report, return';
comment on column ticket_workflow.waiting_decision.subject_label is 'Label of subject';
comment on column ticket_workflow.waiting_decision.subject_id is 'report_id or return_id: the argument of review_report() or decide_return()';
comment on column ticket_workflow.waiting_decision.since is 'Submitted or asked for at';
comment on column ticket_workflow.waiting_decision.due_at is 'When the decision is due; NULL where no clock runs';
comment on column ticket_workflow.waiting_decision.due_on is 'Last day of the decision';
comment on column ticket_workflow.waiting_decision.overdue is 'Whether it is past due_at';
comment on column ticket_workflow.waiting_decision.organization_id is 'Department that reported or asked';
comment on column ticket_workflow.waiting_decision.organization_name is 'Name of that department';
comment on column ticket_workflow.waiting_decision.open_rejects is 'Rejects of the report''s text that nobody has overruled';
comment on column ticket_workflow.waiting_decision.missing_signatures is 'Signatures that are still missing';
comment on column ticket_workflow.waiting_decision.act is 'The act that decides: review_report, decide_return';
comment on column ticket_workflow.waiting_decision.act_label is 'Label of act';
comment on column ticket_workflow.waiting_decision.position is 'Position that may decide';
comment on column ticket_workflow.waiting_decision.position_label is 'Label of position';
comment on column ticket_workflow.waiting_decision.official_id is 'Who can decide now';
comment on column ticket_workflow.waiting_decision.official_code is 'Code of that official';
comment on column ticket_workflow.waiting_decision.official_name is 'Name of that official';
