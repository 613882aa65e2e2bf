-- Import and export of calendars, their layers, coverage, and the log of changes.
\set ON_ERROR_STOP 1
\set QUIET 1
begin;
select no_plan();
set local ticket_workflow.language = en;
set local timezone = 'Asia/Shanghai';
select ticket_workflow.load_calendar('cn_shanghai');
select ticket_workflow.create_calendar('t', 'test', 'Asia/Shanghai');

create function pg_temp.state() returns text language sql as $$
	select md5(string_agg(x, '|' order by x)) from (
		select c::text from ticket_workflow.calendar c union all select d::text from ticket_workflow.calendar_document d
		union all select d::text from ticket_workflow.calendar_day d union all select g::text from ticket_workflow.calendar_change g) s(x)
$$;
create function pg_temp.doc(year integer, variadic days text[]) returns jsonb language sql as $$
	select jsonb_build_object('year', year, 'papers', '[]'::jsonb, 'days', coalesce(jsonb_agg(jsonb_build_object(
		'name', 'x', 'date', left(d, 10), 'isOffDay', right(d, 1) = '+')), '[]'))
	from unnest(days) d where d <> ''
$$;

-- ---- what is refused, and changes nothing
create temp table malformed (what text, document jsonb);
insert into malformed values
	('NULL', null), ('null', 'null'), ('an array', '[]'), ('a string', '"2023"'), ('a number', '2023'), ('an empty object', '{}'),
	('no year', '{"papers": [], "days": []}'), ('year as text', '{"year": "2023", "days": []}'), ('year true', '{"year": true, "days": []}'),
	('year with a fraction', '{"year": 2023.5, "days": []}'), ('year 0', '{"year": 0, "days": []}'), ('year 1899', '{"year": 1899, "days": []}'),
	('year 2200', '{"year": 2200, "days": []}'), ('year beyond integers', '{"year": 1e30, "days": []}'), ('year negative', '{"year": -2023, "days": []}'),
	('no days', '{"year": 2023, "papers": []}'), ('days null', '{"year": 2023, "days": null}'), ('days an object', '{"year": 2023, "days": {}}'),
	('days a string', '{"year": 2023, "days": "x"}'), ('papers a string', '{"year": 2023, "papers": "x", "days": []}'),
	('papers null', '{"year": 2023, "papers": null, "days": []}'), ('papers of numbers', '{"year": 2023, "papers": [1], "days": []}'),
	('unknown field', '{"year": 2023, "days": [], "dayz": []}'),
	('day null', '{"year": 2023, "days": [null]}'), ('day a string', '{"year": 2023, "days": ["2023-01-01"]}'), ('day an array', '{"year": 2023, "days": [[]]}'),
	('day empty', '{"year": 2023, "days": [{}]}'),
	('no name', '{"year": 2023, "days": [{"date": "2023-01-01", "isOffDay": true}]}'),
	('name null', '{"year": 2023, "days": [{"name": null, "date": "2023-01-01", "isOffDay": true}]}'),
	('name empty', '{"year": 2023, "days": [{"name": " ", "date": "2023-01-01", "isOffDay": true}]}'),
	('name a number', '{"year": 2023, "days": [{"name": 1, "date": "2023-01-01", "isOffDay": true}]}'),
	('name too long', jsonb_build_object('year', 2023, 'days', jsonb_build_array(jsonb_build_object('name', repeat('x', 201), 'date', '2023-01-01', 'isOffDay', true)))),
	('no date', '{"year": 2023, "days": [{"name": "x", "isOffDay": true}]}'),
	('date null', '{"year": 2023, "days": [{"name": "x", "date": null, "isOffDay": true}]}'),
	('date a number', '{"year": 2023, "days": [{"name": "x", "date": 20230101, "isOffDay": true}]}'),
	('date with slashes', '{"year": 2023, "days": [{"name": "x", "date": "2023/01/01", "isOffDay": true}]}'),
	('date without zeros', '{"year": 2023, "days": [{"name": "x", "date": "2023-1-1", "isOffDay": true}]}'),
	('date in words', '{"year": 2023, "days": [{"name": "x", "date": "today", "isOffDay": true}]}'),
	('date with a time', '{"year": 2023, "days": [{"name": "x", "date": "2023-01-01T00:00:00", "isOffDay": true}]}'),
	('30 February', '{"year": 2023, "days": [{"name": "x", "date": "2023-02-30", "isOffDay": true}]}'),
	('29 February of no leap year', '{"year": 2023, "days": [{"name": "x", "date": "2023-02-29", "isOffDay": true}]}'),
	('month 13', '{"year": 2023, "days": [{"name": "x", "date": "2023-13-01", "isOffDay": true}]}'),
	('day 0', '{"year": 2023, "days": [{"name": "x", "date": "2023-01-00", "isOffDay": true}]}'),
	('infinity', '{"year": 2023, "days": [{"name": "x", "date": "infinity", "isOffDay": true}]}'),
	('another year', '{"year": 2023, "days": [{"name": "x", "date": "2021-05-01", "isOffDay": true}]}'),
	('November before', '{"year": 2023, "days": [{"name": "x", "date": "2022-11-30", "isOffDay": true}]}'),
	('no isOffDay', '{"year": 2023, "days": [{"name": "x", "date": "2023-01-01"}]}'),
	('isOffDay null', '{"year": 2023, "days": [{"name": "x", "date": "2023-01-01", "isOffDay": null}]}'),
	('isOffDay as text', '{"year": 2023, "days": [{"name": "x", "date": "2023-01-01", "isOffDay": "true"}]}'),
	('isOffDay 1', '{"year": 2023, "days": [{"name": "x", "date": "2023-01-01", "isOffDay": 1}]}'),
	('isOffday misspelt', '{"year": 2023, "days": [{"name": "x", "date": "2023-01-01", "isOffday": true}]}'),
	('a day twice', '{"year": 2023, "days": [{"name": "x", "date": "2023-01-01", "isOffDay": true}, {"name": "x", "date": "2023-01-01", "isOffDay": true}]}'),
	('a good day, then a bad one', '{"year": 2023, "days": [{"name": "x", "date": "2023-01-02", "isOffDay": true}, {"name": "x", "date": "2023-02-30", "isOffDay": true}]}'),
	('too many', jsonb_build_object('year', 2023, 'days', (select jsonb_agg('{}'::jsonb) from generate_series(1, 10001))));
select cmp_ok((select count(*) from malformed), '>=', 30::bigint, 'at least 30 kinds of malformed documents');
create temp table before as select pg_temp.state();
select throws_ok(format('select ticket_workflow.import_calendar(''cn'', %L::jsonb)', m.document), 'TW011', null, 'refused: ' || m.what) from malformed m;
select throws_ok(format('select * from ticket_workflow.preview_calendar_import(''cn'', %L::jsonb)', m.document), 'TW011', null, 'preview refuses: ' || m.what)
	from malformed m where m.what in ('NULL', 'no year', 'a day twice');
select throws_ok($$ select ticket_workflow.import_calendar('nowhere', pg_temp.doc(2023, '')) $$, 'TW011', null, 'refused: no such calendar');
select throws_ok($$ select ticket_workflow.import_calendar('cn', pg_temp.doc(2023, ''), '') $$, 'TW011', null, 'refused: an empty source');
select throws_ok($$ select ticket_workflow.import_calendar('cn', pg_temp.doc(2023, ''), 'manual') $$, 'TW011', null, 'refused: the reserved source');
select is((select pg_temp.state()), (select state from before), 'and nothing was changed');

-- ---- what is taken over
select is(ticket_workflow.import_calendar('t', pg_temp.doc(2023, '2022-12-31+', '2023-01-02+', '2023-01-28-')), 3, 'three days are new');
select is(ticket_workflow.is_working_day('2023-01-28', 't'), true, 'a make-up Saturday');
select ok(ticket_workflow.calendar_covers('2023-12-31', 't') and not ticket_workflow.calendar_covers('2022-12-31', 't'),
	'a year is the year of the paper, though one day of it lies before');
create temp table version as select ticket_workflow.calendar_version('t') as v;
select is(ticket_workflow.import_calendar('t', pg_temp.doc(2023, '2022-12-31+', '2023-01-02+', '2023-01-28-')), 0, 'again: nothing');
select is(ticket_workflow.calendar_version('t'), (select v from version), 'and no change is logged');
select is(ticket_workflow.import_calendar('t', pg_temp.doc(2024, '2024-01-01+')), 1, 'another year beside it');
select results_eq($$ select day, change from ticket_workflow.preview_calendar_import('t', pg_temp.doc(2023, '2022-12-31+', '2023-01-28+', '2023-05-01+')) $$,
	$$ values (date '2023-01-02', 'removed'), ('2023-01-28', 'changed'), ('2023-05-01', 'added') $$, 'the preview of an amended document');
select is(ticket_workflow.is_working_day('2023-05-01', 't'), true, 'which changes nothing');
update version set v = ticket_workflow.calendar_version('t');
select is(ticket_workflow.import_calendar('t', pg_temp.doc(2023, '2022-12-31+', '2023-01-28+', '2023-05-01+')), 3, 'the amended document replaces its own days');
select ok(not ticket_workflow.is_working_day('2023-05-01', 't') and not ticket_workflow.is_working_day('2024-01-01', 't')
	and ticket_workflow.is_working_day('2023-01-02', 't'), 'and its own only');
select results_eq($$ select first_day, last_day from ticket_workflow.calendar_changes('t', (select v from version)) $$,
	$$ values (date '2023-01-02', date '2023-05-01') $$, 'T5: the days that may have moved are logged');
select is(ticket_workflow.import_calendar('t', pg_temp.doc(2025, '')), 0, 'a document with no days');
select ok(not ticket_workflow.calendar_covers('2025-06-01', 't'), 'covers nothing');
select is(ticket_workflow.import_calendar('t', pg_temp.doc(2026, '2025-12-31+'), 'first'), 1, 'two documents may name one day:');
select is(ticket_workflow.import_calendar('t', pg_temp.doc(2025, '2025-12-31-', '2025-05-01+')), 2, 'that of 2026 and that of 2025');
select is(ticket_workflow.is_working_day('2025-12-31', 't'), false, 'the later paper decides');
select ticket_workflow.set_calendar_day('t', '2025-12-31', true, 'storm');
select is(ticket_workflow.remove_calendar_document('t', 'first'), 1, 'a document is taken back');
select is(ticket_workflow.is_working_day('2025-12-31', 't'), false, 'a day entered by hand goes before all');
select ticket_workflow.set_calendar_day('t', '2025-12-31', null);
select is(ticket_workflow.is_working_day('2025-12-31', 't'), true, 'until it is taken away');
select throws_ok($$ select ticket_workflow.remove_calendar_document('t', 'first') $$, 'TW011', null, 'gone is gone');
select is(ticket_workflow.import_calendar('t', '{"year": 2027, "$schema": "x", "days": [{"name": "x", "date": "2027-01-01", "isOffDay": true}]}'), 1,
	'fields with $ and missing papers are taken');

-- ---- layers
select ticket_workflow.create_calendar('u', 'under', base => 't');
select ticket_workflow.create_calendar('v', 'under under', base => 'u');
select is(ticket_workflow.is_working_day('2024-01-01', 'v'), false, 'T4: the base''s base says so');
select ticket_workflow.set_calendar_day('u', '2024-01-01', false);
select is(ticket_workflow.is_working_day('2024-01-01', 'v'), true, 'T4: the nearer layer goes before it');
select is(ticket_workflow.is_working_day('2024-01-01', 't'), false, 'and the base keeps its own');
select ticket_workflow.import_calendar('u', pg_temp.doc(2024, '2024-03-05+'));
select ticket_workflow.set_calendar_day('t', '2024-03-05', false);
select is(ticket_workflow.is_working_day('2024-03-05', 'u'), false, 'T4: a local document goes before a day of the base entered by hand');
update version set v = ticket_workflow.calendar_version('v');
select ticket_workflow.set_calendar_day('t', '2024-01-02', true);
select is(ticket_workflow.is_working_day('2024-01-02', 'v'), false, 'a change of the base reaches those built on it');
select results_eq($$ select changed, first_day, last_day from ticket_workflow.calendar_changes('v', (select v from version)) $$,
	$$ values ('t', date '2024-01-02', date '2024-01-02') $$, 'T5: and stands in their log');
select is_empty($$ select * from ticket_workflow.calendar_changes('cn', (select v from version)) $$, 'not in that of others');
select ok(ticket_workflow.calendar_covers('2024-05-05', 'v'), 'the base''s papers cover');
select is(ticket_workflow.import_calendar('v', pg_temp.doc(2030, '2030-05-06+')), 1, 'a local document');
select ok(not ticket_workflow.calendar_covers('2030-05-05', 'v'), 'completes a base, and covers no year by itself');
select is(ticket_workflow.import_calendar('v', pg_temp.doc(2030, '2030-05-06+'), complete => true), 0, 'unless it is said to be complete');
select ok(ticket_workflow.calendar_covers('2030-05-05', 'v'), 'then it does');
select throws_ok($$ select ticket_workflow.change_calendar('t', base => 'v') $$, 'TW011', null, 'a circle is refused');
select throws_ok($$ select ticket_workflow.change_calendar('t', base => 't') $$, 'TW011', null, 'also the shortest');
select throws_ok($$ select ticket_workflow.change_calendar('t', base => 'nowhere') $$, 'TW011', null, 'and a base that is not there');
select throws_ok($$ select ticket_workflow.drop_calendar('u') $$, 'TW011', null, 'a base in use cannot be dropped');
select ticket_workflow.drop_calendar('v');
select throws_ok($$ select ticket_workflow.is_working_day('2024-01-01', 'v') $$, 'TW011', null, 'dropped');
select ticket_workflow.change_calendar('u', base => '');
select is(ticket_workflow.is_working_day('2024-01-02', 'u'), true, 'without its base');
-- a circle written past the functions must not hang anybody
insert into ticket_workflow.calendar_base values ('u', 't'), ('t', 'u');
select throws_ok($$ select ticket_workflow.is_working_day('2024-01-01', 'u') $$, 'TW011', null, 'a circle in the rows is an error, no endless loop');
select cmp_ok((select count(*) from ticket_workflow.calendar_layers('u')), '<=', 32::bigint, 'for SQL too');
delete from ticket_workflow.calendar_base where calendar = 't';

select throws_ok(q, 'TW011', null, q) from unnest(array[
	$$ select ticket_workflow.create_calendar('t', 'again', 'UTC') $$, $$ select ticket_workflow.create_calendar('', 'x', 'UTC') $$,
	$$ select ticket_workflow.create_calendar('Bad Code', 'x', 'UTC') $$, $$ select ticket_workflow.create_calendar('w', '', 'UTC') $$,
	$$ select ticket_workflow.create_calendar('w', 'x') $$, $$ select ticket_workflow.create_calendar('w', 'x', 'Asia/Nowhere') $$,
	$$ select ticket_workflow.create_calendar('w', 'x', 'UTC', '11111') $$, $$ select ticket_workflow.create_calendar('w', 'x', 'UTC', closing_time => '00:00') $$,
	$$ select ticket_workflow.create_calendar('w', 'x', 'UTC', closing_time => '17:30:30') $$, $$ select ticket_workflow.create_calendar('w', 'x', base => 'nowhere') $$,
	$$ select ticket_workflow.create_calendar('w', 'x', '+08') $$, $$ select ticket_workflow.set_calendar_day('t', 'infinity', true) $$,
	$$ select ticket_workflow.set_calendar_day('t', null, true) $$, $$ select ticket_workflow.set_calendar_day('t', '1899-12-31', true) $$,
	$$ select ticket_workflow.set_calendar_day('nowhere', '2023-01-01', true) $$, $$ select ticket_workflow.load_calendar('mars') $$]) q;

-- ---- other forms
create function pg_temp.feed(variadic lines text[]) returns text language sql as
	$$ select E'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n' || array_to_string(lines, E'\r\n') || E'\r\nEND:VCALENDAR\r\n' $$;
select is(ticket_workflow.read_ical(pg_temp.feed('BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20230121', 'DTEND;VALUE=DATE:20230123', 'SUMMARY:春', ' 节 休', 'END:VEVENT',
		'BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20230128', 'SUMMARY:春节（班）', 'BEGIN:VALARM', 'TRIGGER:-P1D', 'END:VALARM', 'END:VEVENT',
		'BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20230501', 'DURATION:P1D', 'SUMMARY:Labour\, Day', 'X-APPLE-SPECIAL-DAY:WORK-HOLIDAY', 'END:VEVENT',
		'BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20230601', 'SUMMARY:cancelled', 'STATUS:CANCELLED', 'END:VEVENT',
		'BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20240101', 'SUMMARY:next year', 'END:VEVENT'), 2023) -> 'days',
	'[{"date": "2023-01-21", "name": "春节", "isOffDay": true}, {"date": "2023-01-22", "name": "春节", "isOffDay": true},
		{"date": "2023-01-28", "name": "春节", "isOffDay": false}, {"date": "2023-05-01", "name": "Labour, Day", "isOffDay": true}]'::jsonb,
	'iCalendar: folded lines, exclusive DTEND, 休 and 班, an alarm inside, another year left out');
select throws_ok(format('select ticket_workflow.read_ical(%L, 2023)', f), 'TW011', null, 'iCalendar refused: ' || what) from (values
	('empty', ''), ('no calendar', 'hello'), ('JSON', '{"year": 2023}'), ('a line that is none', pg_temp.feed('what is this')),
	('cut off', left(pg_temp.feed('BEGIN:VEVENT', 'DTSTART:20230101', 'END:VEVENT'), -16)), ('after the end', pg_temp.feed('') || E'X:1\r\n'),
	('no DTSTART', pg_temp.feed('BEGIN:VEVENT', 'SUMMARY:x', 'END:VEVENT')), ('a time', pg_temp.feed('BEGIN:VEVENT', 'DTSTART:20230101T080000Z', 'END:VEVENT')),
	('no such day', pg_temp.feed('BEGIN:VEVENT', 'DTSTART:20230230', 'END:VEVENT')), ('DTEND not after', pg_temp.feed('BEGIN:VEVENT', 'DTSTART:20230102', 'DTEND:20230102', 'END:VEVENT')),
	('a decade', pg_temp.feed('BEGIN:VEVENT', 'DTSTART:20230102', 'DTEND:20330102', 'END:VEVENT')), ('hours', pg_temp.feed('BEGIN:VEVENT', 'DTSTART:20230102', 'DURATION:PT8H', 'END:VEVENT')),
	('recurring', pg_temp.feed('BEGIN:VEVENT', 'DTSTART:20230102', 'RRULE:FREQ=YEARLY', 'END:VEVENT')), ('END of another', pg_temp.feed('BEGIN:VEVENT', 'DTSTART:20230102', 'END:VTODO')),
	('both', pg_temp.feed('BEGIN:VEVENT', 'DTSTART:20230102', 'SUMMARY:x 休', 'END:VEVENT', 'BEGIN:VEVENT', 'DTSTART:20230102', 'SUMMARY:x 班', 'END:VEVENT'))) e(what, f);

select is(ticket_workflow.read_calendar_csv(E'\uFEFFname,Date,is_off_day\r\n"元旦, ""new""",2023-01-01,true\r\n\r\n春节,2023-01-28,班\r\n', 2023) -> 'days',
	'[{"date": "2023-01-01", "name": "元旦, \"new\"", "isOffDay": true}, {"date": "2023-01-28", "name": "春节", "isOffDay": false}]'::jsonb, 'CSV: quotes, any order of columns');
select throws_ok(format('select ticket_workflow.read_calendar_csv(%L, 2023)', f), 'TW011', null, 'CSV refused: ' || what) from (values
	('empty', ''), ('no header', '2023-01-01,x,true'), ('a column missing', E'date,name\n2023-01-01,x'), ('too few', E'date,name,is_off_day\n2023-01-01,x'),
	('too many', E'date,name,is_off_day\n2023-01-01,x,true,y'), ('a quote', E'date,name,is_off_day\n2023-01-01,"x,true'), ('no date', E'date,name,is_off_day\n2023-02-30,x,true'),
	('no kind', E'date,name,is_off_day\n2023-02-03,x,maybe'), ('no name', E'date,name,is_off_day\n2023-02-03,,true')) e(what, f);
select throws_ok($$ select ticket_workflow.import_calendar('t', ticket_workflow.read_calendar_csv(E'date,name,is_off_day\n2023-02-03,x,true')) $$, 'TW011', null,
	'several years at once need a source');
select is(ticket_workflow.import_calendar('t', ticket_workflow.read_calendar_csv(E'date,name,is_off_day\n2031-02-03,x,true\n2032-02-03,x,true'), 'feed'), 2, 'with one they come in');
select ok(not ticket_workflow.calendar_covers('2031-02-03', 't'), 'and cover nothing');

select ticket_workflow.create_calendar('round', 'round trip', 'Asia/Shanghai');
select is((select count(*) from generate_series(2004, 2026) y, lateral ticket_workflow.import_calendar('round', ticket_workflow.export_calendar('cn', y)::jsonb) i),
	23::bigint, 'every year goes out as JSON and in again');
select is_empty($$ select day, name, is_off_day from ticket_workflow.calendar_days('cn') except select day, name, is_off_day from ticket_workflow.calendar_days('round') $$,
	'and is the same');
select is_empty($$ select y, p.* from generate_series(2004, 2026) y, lateral ticket_workflow.preview_calendar_import('round',
	ticket_workflow.read_ical(ticket_workflow.export_calendar('cn', y, 'ical'), y)) p $$, 'as iCalendar too');
select is((select max(octet_length(l)) <= 75 from regexp_split_to_table(ticket_workflow.export_calendar('cn', 2020, 'ical'), E'\r\n') l), true, 'no line beyond 75 octets');
select throws_ok($$ select ticket_workflow.export_calendar('cn', 2023, 'pdf') $$, 'TW006', null, 'no other format');
select throws_ok($$ select ticket_workflow.export_calendar('cn', null) $$, 'TW006', null, 'no year');

-- ---- coverage
set local ticket_workflow.now = '2026-09-30 23:59+08';
select results_eq($$ select calendar_status, covered_until, next_year_missing, notice_since from ticket_workflow.calendar_health where calendar = 'cn_shanghai' $$,
	$$ values ('ok', date '2026-12-31', true, date '2026-10-01') $$, 'T4: the horizon, before October');
set local ticket_workflow.now = '2026-10-01 00:00+08';
select results_eq($$ select calendar_status, calendar_status_label from ticket_workflow.calendar_health where calendar = 'cn' $$,
	$$ values ('next_year_missing', 'next year is missing') $$, 'T4: from 1 October on');
set local ticket_workflow.now = '2025-11-01 00:00+08';
select is((select calendar_status from ticket_workflow.calendar_health where calendar = 'cn'), 'ok', 'T4: the next year is there');
set local ticket_workflow.now = '2027-01-01 00:00+08';
select is((select calendar_status from ticket_workflow.calendar_health where calendar = 'cn'), 'not_covered', 'T4: the year itself is missing');

-- loading again brings what is missing, and overwrites nothing
select ticket_workflow.import_calendar('cn', pg_temp.doc(2025, '2025-01-01+'));
select ticket_workflow.remove_calendar_document('cn', '2024');
select ticket_workflow.load_calendar('cn');
select is((select count(*) from ticket_workflow.calendar_day where calendar = 'cn' and source = '2025'), 1::bigint, 'an amended year stays');
select is((select count(*) from ticket_workflow.calendar_day where calendar = 'cn' and source = '2024'), 36::bigint, 'a missing one comes back');
select * from finish();
rollback;
