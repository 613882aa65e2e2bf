-- Daily seals of the journal: what cannot be cut off or rewritten without being seen. Append-only.
-- Since 1.1.0, so that install and update both run this file (NEW_TABLES).

create table ticket_workflow.journal_seal (
	center_id bigint not null references ticket_workflow.center,
	-- local day of the center
	day date not null,
	-- entries recorded before this moment, the end of the day
	until timestamptz not null,
	version smallint not null,
	-- the last sealed entry of each ticket that came since the seal before, by ticket
	ticket_ids bigint[] not null,
	seqs integer[] not null,
	-- digest of the seal before; null: the first one
	previous bytea,
	digest bytea not null,
	sealed_at timestamptz not null,
	primary key (center_id, day),
	check (cardinality(ticket_ids) = cardinality(seqs)),
	check (octet_length(digest) = 32)
);
comment on table ticket_workflow.journal_seal is
	'Append-only: one digest per center and local day over the last hash of each ticket''s journal and the digest of the day before. Kept elsewhere too, it proves that nothing was cut off or rewritten';
