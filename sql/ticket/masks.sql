-- Masks of personal data; generated columns are made of them, so they stand before the tables.
-- May touch: nothing.

create or replace function ticket_workflow.mask_name(name text) returns text
	language sql immutable parallel safe
	return case when mask_name.name is null then null
		else left(mask_name.name, 1) || repeat('*', greatest(length(mask_name.name) - 1, 1)) end;
comment on function ticket_workflow.mask_name(text) is 'The family name, the rest starred';

create or replace function ticket_workflow.mask_phone(phone text) returns text
	language sql immutable parallel safe
	return case when mask_phone.phone is null then null
		when length(mask_phone.phone) < 7 then repeat('*', length(mask_phone.phone))
		else left(mask_phone.phone, 3) || repeat('*', length(mask_phone.phone) - 5) || right(mask_phone.phone, 2) end;
comment on function ticket_workflow.mask_phone(text) is 'First three and last two digits, the rest starred';

create or replace function ticket_workflow.mask_address(address text) returns text
	language sql immutable parallel safe
	-- road and estate help the reader, numbers lead to the door
	return regexp_replace(mask_address.address, '[0-9０-９一二三四五六七八九十百]+(?=\s*(弄|号|栋|幢|座|单元|室|楼|层|支弄|-|—))|[0-9０-９]+', '**', 'g');
comment on function ticket_workflow.mask_address(text) is 'The address without its numbers';
