-- Response plans (应急处置方案, 3.6.1). How they dispatch lives in exception_rule, with its validity.

create sequence ticket_workflow.plan_seq;

create table ticket_workflow.response_plan (
	plan_id bigint primary key,
	center_id bigint not null references ticket_workflow.center,
	name text not null,
	-- null: every matter
	matter_id bigint references ticket_workflow.matter,
	area_id bigint references ticket_workflow.area,
	-- 承接部门, 具体责任人, 接听电话
	department_id bigint not null references ticket_workflow.organization,
	responsible_id bigint not null references ticket_workflow.official,
	phone text not null,
	-- 统一回复口径, 简要情况说明
	wording text not null,
	situation text not null,
	-- the exception by which it dispatches, and which says from when to when; null: taken back before it began
	rule_id bigint references ticket_workflow.exception_rule,
	opened_at timestamptz not null,
	opened_by text,
	closed_at timestamptz,
	closed_by text,
	close_reason text,
	check (center_id = plan_id / 1000000000000),
	check ((closed_at is null) = (close_reason is null)),
	check (rule_id is not null or closed_at is not null)
);
comment on table ticket_workflow.response_plan is
	'Response plans (3.6.1) for matters that may bring many complaints: receiving department, responsible person, telephone, unified wording, situation';
create index response_plan_rule on ticket_workflow.response_plan (rule_id);
create index response_plan_center on ticket_workflow.response_plan (center_id, matter_id);
