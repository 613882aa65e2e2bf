-- Signatures: bound to a digest of what was signed, a post and a day. Inserted as drafts,
-- valid by a guarded UPDATE.

create sequence ticket_workflow.approval_seq;

create table ticket_workflow.approval (
	approval_id bigint primary key,
	center_id bigint not null,
	ticket_id bigint not null references ticket_workflow.ticket,
	subject text not null check (subject in ('report', 'return', 'transfer', 'extension')),
	-- report_id, return_id, extension_id; the ticket's own id for a transfer
	subject_id bigint not null,
	state text not null check (state in ('draft', 'valid', 'revoked', 'void')),
	signer_id bigint not null references ticket_workflow.official,
	post_id bigint references ticket_workflow.post,
	-- a substitute signs for the holder of the post: both names stay
	on_behalf_of_id bigint references ticket_workflow.official,
	digest bytea not null,
	signed_at timestamptz not null,
	channel text not null check (channel in ('system', 'paper', 'wechat')),
	image_id bigint references ticket_workflow.evidence,
	recorded_by text,
	recorded_at timestamptz not null,
	ended_at timestamptz,
	end_reason text,
	contested_at timestamptz,
	contest_reason text,
	check (channel = 'system' or image_id is not null)
);
comment on table ticket_workflow.approval is 'Signatures on reports, returns, transfers and extensions (2.2.2, 2.3.4, 2.3.5, 2.3.6)';
create index approval_subject on ticket_workflow.approval (subject, subject_id);
create index approval_ticket on ticket_workflow.approval (ticket_id);
create index approval_signer on ticket_workflow.approval (signer_id);
