-- The desk on which bench/load/*.pgbench play, in a database with the extension and the desk of test/fixtures/desk.sql:
-- a role of an application and one of a reader, a clock that runs faster, so that limits run out while the load is on,
-- and a log of what came off, to be compared with the journals afterwards (test/fixtures/invariants.sql sits in walk).
-- speed: how many times faster than the real clock.

create role load_app login;
create role load_reader login;
create role load_sweeper login;
call ticket_workflow.grant_access('load_app', 'application');
call ticket_workflow.grant_access('load_reader', 'reader');
call ticket_workflow.grant_access('load_sweeper', 'sweeper');

create schema load;
create table load.began as select clock_timestamp() as at, :speed::double precision as speed;
create function load.clock() returns text language sql volatile as $$
	select (timestamptz '2023-02-07 09:00+08' + (clock_timestamp() - at) * speed)::text from load.began $$;
create sequence load.caller;
create table load.log (act text not null, ticket_id bigint, sqlstate text);

-- One act on a ticket in a state that allows it, as the person who may; what the rules refuse (somebody else was
-- quicker) is written down, all else is an error. The caller stays the session's role: it is what rights go by.
create function load.act(what text) returns void language plpgsql security definer set plan_cache_mode = force_generic_plan as $$
declare
	t ticket_workflow.ticket;
	r ticket_workflow.report;
	n bigint;
	department text;
begin
	perform set_config('ticket_workflow.now', load.clock(), true);
	if what <> 'receive' then
		select x.* into t from ticket_workflow.ticket x
			where x.center_id = 1 and x.state = any (case what when 'dispatch' then '{received}' when 'accept' then '{dispatched}'
				when 'contact' then '{dispatched,accepted}' when 'visit' then '{accepted}' when 'report' then '{accepted,rework}'
				when 'reply' then '{accepted}' when 'submit' then '{accepted,rework}' when 'review' then '{reported}'
				when 'close' then '{completed}' end::text[])
				and (what <> 'submit' or exists (select from ticket_workflow.report d where d.ticket_id = x.ticket_id and d.state = 'draft'))
			-- clients meet: each takes one of the oldest few
			order by x.ticket_id limit 1 offset floor(random() * 20)::integer;
		if not found then
			return;
		end if;
		select o.code into department from ticket_workflow.organization o where o.organization_id = t.lead_department_id;
	end if;
	perform set_config('ticket_workflow.actor', case
		when what in ('receive', 'dispatch', 'close') then 'dispatcher' when what = 'review' then 'operator'
		when department = 'fg' then 'fg_liaison' else 'liaison' end, true);
	begin
		case what
			when 'receive' then
				n := nextval('load.caller');
				t.ticket_id := ticket_workflow.receive_ticket(center => 'yc', category => case n % 3 when 0 then 'complaint' else 'help' end,
					appeal => '楼道灯不亮，请修复' || n, area => 'p1', matter => 'light', place => '宜川路' || n || '号',
					petitioner_name => '张三', petitioner_phone => '138' || lpad(n::text, 8, '0'), urgent => n % 20 = 0);
			when 'dispatch' then
				perform ticket_workflow.dispatch_ticket(t.ticket_id, case when t.ticket_id % 2 = 0 then 'cg' else 'fg' end, 'duty');
			when 'accept' then perform ticket_workflow.accept_ticket(t.ticket_id);
			when 'contact' then perform ticket_workflow.record_contact(t.ticket_id, 'first_contact', 'ip_phone', 'reached', recording => 'file:first.mp3');
			when 'visit' then perform ticket_workflow.record_site_visit(t.ticket_id, photos => array['file:site1.jpg']);
			when 'reply' then perform ticket_workflow.record_contact(t.ticket_id, 'reply', 'ip_phone', 'reached', recording => 'file:reply.mp3');
			when 'report' then
				perform ticket_workflow.save_report(t.ticket_id, '先行联系诉求人，核实反映的楼道灯不亮情况属实。经现场查看，灯管损坏。物业已更换灯管，恢复照明，已电话回复诉求人，诉求人表示满意。责任人：李明，联系电话：62345678。附回复录音和现场照片。',
					fact_finding => '属实', claim_finding => '诉求合理合法', handling_result => '实际解决', responsible_person => '李明', responsible_phone => '021-62345678');
			when 'submit' then
				select x.* into r from ticket_workflow.report x where x.ticket_id = t.ticket_id and x.state = 'draft' order by x.version desc limit 1;
				perform ticket_workflow.submit_report(r.report_id);
			when 'review' then
				select x.* into r from ticket_workflow.report x where x.ticket_id = t.ticket_id and x.state = 'submitted' order by x.version desc limit 1;
				perform ticket_workflow.review_report(r.report_id, random() < 0.9, '未写明整改结果');
			when 'close' then perform ticket_workflow.close_ticket(t.ticket_id);
		end case;
		insert into load.log values (what, t.ticket_id, null);
	exception when others then
		-- the desk's own rules only
		if sqlstate not like 'TW0%' then
			raise;
		end if;
		insert into load.log values (what, t.ticket_id, sqlstate);
	end;
end
$$;
grant usage on schema load to load_app, load_reader, load_sweeper;
grant execute on function load.clock() to load_reader, load_sweeper;
grant select on load.began to load_reader, load_sweeper;

-- what was acknowledged and what the journals say, by act: no row when no call was lost and none done twice
create view load.lost as
	select act, kind, acknowledged, journalled
	from (values ('dispatch', 'dispatch'), ('accept', 'accept'), ('submit', 'submit_report'), ('close', 'close'), ('receive', 'receive')) k (act, kind),
		lateral (select count(*) as acknowledged from load.log l where l.act = k.act and l.sqlstate is null) l,
		lateral (select count(*) as journalled from ticket_workflow.journal j where j.kind = k.kind and j.actor is not null) j
	where acknowledged <> journalled;

-- the second opinion wants to know when it was swept
create schema walk;
create table walk.swept (at timestamptz not null);
\ir ../../test/fixtures/invariants.sql
