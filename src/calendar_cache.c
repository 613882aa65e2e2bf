/*
 * calendar_cache.c
 *		Makes a calendar of rows into what calendar.c works on.
 *
 * A calendar is its own rows over those of its base, at any depth.  For a day
 * the most local layer that speaks of it decides; among the documents of one
 * layer the one of the highest rank.  Service hours of a weekday, the weekly
 * pattern, the zone and the closing time are the most local ones given.
 */
#include "calendar_cache.h"

#include "common/int.h"
#include "datatype/timestamp.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/memutils.h"

#include "cache.h"
#include "ticket_workflow.h"

#define MAX_LAYERS 32
#define MAX_OFFSETS 4096
#define DEFAULT_WEEK "1111100"

typedef struct Day
{
	int32		day;
	int			layer;			/* 0 is the calendar itself */
	int			rank;
	char	   *source;
	bool		off;
} Day;

/* weekday is 1 to 7, or 0 for each that has none of its own */
typedef struct Hours
{
	int32		day;			/* or the weekday */
	int			layer;
	TwWindow	window;
} Hours;

/* A growing array of either. */
typedef struct Rows
{
	void	   *items;
	int			count;
	int			room;
} Rows;

typedef struct Layers
{
	int			count;
	char	   *code[MAX_LAYERS];
	char	   *zone;
	char	   *week;
	int			closing;		/* -1 while none is given */
	Rows		days;
	Rows		weekday_hours;
	Rows		date_hours;
	Rows		covered;
	Rows		offsets;
	int64		horizon;
} Layers;

static const void *load_calendar(const char *code, Snapshot snapshot);

static const char *const calendar_tables[] = {
	"calendar", "calendar_base", "calendar_window", "calendar_date_window",
	"calendar_document", "calendar_day", NULL
};

static TwCache calendars = {
	.name = "calendar",
	.tables = calendar_tables,
	.load = load_calendar,
	.max_entries = 64
};

const TwCalendar *
tw_calendar_arg(FunctionCallInfo fcinfo, int arg)
{
	if (PG_ARGISNULL(arg))
	{
		size_t		length;
		const char *code = tw_default_calendar_key(&length);

		return tw_cache_get(&calendars, code, length, fcinfo);
	}
	else
	{
		text	   *code = PG_GETARG_TEXT_PP(arg);

		return tw_cache_get(&calendars, VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code), fcinfo);
	}
}

const TwCalendar *
tw_calendar_named(const char *code)
{
	return tw_cache_get(&calendars, code, strlen(code), NULL);
}

static void *
add(Rows *list, size_t size)
{
	if (list->count == list->room)
	{
		list->room = list->room == 0 ? 64 : list->room * 2;
		list->items = list->items == NULL ? palloc(list->room * size) :
			repalloc(list->items, list->room * size);
	}
	return (char *) list->items + size * list->count++;
}

static int
minute_of(Datum time)
{
	return DatumGetTimeADT(time) / USECS_PER_MINUTE;
}

/* ---- the layers ---- */

/* The calendar's row; what it leaves open its base decides. */
static void
read_calendar(Layers *layers, const char *code, Snapshot snapshot)
{
	TwScan		scan;
	bool		isnull;
	Datum		closing;
	char	   *zone;
	char	   *week;

	tw_scan_begin(&scan, "calendar", snapshot, "code", code);
	if (!tw_scan_next(&scan))
		tw_fail("unknown_calendar", NULL, 1, code);
	zone = tw_scan_text(&scan, tw_scan_column(&scan, "zone"));
	week = tw_scan_text(&scan, tw_scan_column(&scan, "working_week"));
	closing = tw_scan_datum(&scan, tw_scan_column(&scan, "closing_time"), &isnull);
	if (layers->zone == NULL)
		layers->zone = zone;
	if (layers->week == NULL)
		layers->week = week;
	if (layers->closing < 0 && !isnull)
		layers->closing = minute_of(closing);
	tw_scan_end(&scan);
}

static char *
base_of(const char *code, Snapshot snapshot)
{
	TwScan		scan;
	char	   *base = NULL;

	tw_scan_begin(&scan, "calendar_base", snapshot, "calendar", code);
	if (tw_scan_next(&scan))
		base = tw_scan_text(&scan, tw_scan_column(&scan, "base"));
	tw_scan_end(&scan);
	return base;
}

static void
read_days(Layers *layers, int layer, Snapshot snapshot)
{
	TwScan		scan;
	AttrNumber	day;
	AttrNumber	off;
	AttrNumber	rank;
	AttrNumber	source;
	bool		isnull;

	tw_scan_begin(&scan, "calendar_day", snapshot, "calendar", layers->code[layer]);
	day = tw_scan_column(&scan, "day");
	off = tw_scan_column(&scan, "is_off_day");
	rank = tw_scan_column(&scan, "rank");
	source = tw_scan_column(&scan, "source");
	while (tw_scan_next(&scan))
	{
		Day		   *item = add(&layers->days, sizeof(Day));

		item->day = DatumGetDateADT(tw_scan_datum(&scan, day, &isnull));
		item->layer = layer;
		item->rank = DatumGetInt32(tw_scan_datum(&scan, rank, &isnull));
		item->source = tw_scan_text(&scan, source);
		item->off = DatumGetBool(tw_scan_datum(&scan, off, &isnull));
	}
	tw_scan_end(&scan);
}

static void
read_hours(Layers *layers, int layer, Snapshot snapshot, const char *table, const char *key, Rows *list)
{
	bool		by_date = list == &layers->date_hours;
	TwScan		scan;
	AttrNumber	day;
	AttrNumber	opens;
	AttrNumber	closes;
	bool		isnull;

	tw_scan_begin(&scan, table, snapshot, "calendar", layers->code[layer]);
	day = tw_scan_column(&scan, key);
	opens = tw_scan_column(&scan, "opens");
	closes = tw_scan_column(&scan, "closes");
	while (tw_scan_next(&scan))
	{
		Hours	   *item = add(list, sizeof(Hours));
		Datum		value = tw_scan_datum(&scan, day, &isnull);

		item->day = by_date ? DatumGetDateADT(value) : DatumGetInt16(value);
		item->layer = layer;
		item->window.opens = minute_of(tw_scan_datum(&scan, opens, &isnull));
		item->window.closes = minute_of(tw_scan_datum(&scan, closes, &isnull));
	}
	tw_scan_end(&scan);
}

static void
read_covered(Layers *layers, int layer, Snapshot snapshot)
{
	TwScan		scan;
	AttrNumber	since;
	AttrNumber	until;

	tw_scan_begin(&scan, "calendar_document", snapshot, "calendar", layers->code[layer]);
	since = tw_scan_column(&scan, "covers_since");
	until = tw_scan_column(&scan, "covers_until");
	while (tw_scan_next(&scan))
	{
		bool		no_since;
		bool		no_until;
		Datum		first = tw_scan_datum(&scan, since, &no_since);
		Datum		last = tw_scan_datum(&scan, until, &no_until);

		if (!no_since && !no_until)
		{
			TwRange    *range = add(&layers->covered, sizeof(TwRange));

			range->first = DatumGetDateADT(first);
			range->last = DatumGetDateADT(last);
		}
	}
	tw_scan_end(&scan);
}

static void
read_layers(Layers *layers, const char *code, Snapshot snapshot)
{
	char	   *next = pstrdup(code);

	layers->closing = -1;
	for (int layer = 0; next != NULL; layer++)
	{
		/* the functions refuse circles; rows written past them must not hang a backend */
		if (layer == MAX_LAYERS)
			tw_fail("calendar_circle", NULL, 1, code);
		layers->code[layer] = next;
		layers->count = layer + 1;
		read_calendar(layers, next, snapshot);
		read_days(layers, layer, snapshot);
		read_hours(layers, layer, snapshot, "calendar_window", "weekday", &layers->weekday_hours);
		read_hours(layers, layer, snapshot, "calendar_date_window", "day", &layers->date_hours);
		read_covered(layers, layer, snapshot);
		next = base_of(next, snapshot);
	}
}

/* ---- making one of them ---- */

/* the row that decides comes first among those of its day */
static int
compare_days(const void *a, const void *b)
{
	const Day  *x = a;
	const Day  *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	if (x->layer != y->layer)
		return x->layer < y->layer ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	return strcmp(y->source, x->source);
}

static int
compare_hours(const void *a, const void *b)
{
	const Hours *x = a;
	const Hours *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	if (x->layer != y->layer)
		return x->layer < y->layer ? -1 : 1;
	return x->window.opens - y->window.opens;
}

static int
compare_ranges(const void *a, const void *b)
{
	const TwRange *x = a;
	const TwRange *y = b;

	return x->first < y->first ? -1 : x->first > y->first ? 1 : 0;
}

static void
sort(Rows *list, size_t size, int (*compare) (const void *, const void *))
{
	if (list->count > 1)
		qsort(list->items, list->count, size, compare);
}

static void
make_exceptions(TwCalendar *calendar, Layers *layers)
{
	Day		   *days = layers->days.items;
	int			first = date2j(TW_FIRST_YEAR, 1, 1) - POSTGRES_EPOCH_JDATE;
	int			last = date2j(TW_LAST_YEAR, 12, 31) - POSTGRES_EPOCH_JDATE;

	sort(&layers->days, sizeof(Day), compare_days);
	calendar->exceptions = palloc(sizeof(TwException) * (layers->days.count + 1));
	for (int i = 0; i < layers->days.count; i++)
	{
		TwException *exception;

		if ((i > 0 && days[i].day == days[i - 1].day) || days[i].day < first || days[i].day > last)
			continue;
		exception = &calendar->exceptions[calendar->nexceptions++];
		exception->day = days[i].day;
		exception->works = !days[i].off;
	}
}

/* Windows of rows in order, those that touch or overlap made one. */
static void
make_windows(TwWindows *windows, const Hours *hours, int count)
{
	windows->window = palloc(sizeof(TwWindow) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		TwWindow	window = hours[i].window;
		TwWindow   *before = windows->count > 0 ? &windows->window[windows->count - 1] : NULL;

		if (window.opens < 0 || window.closes > TW_DAY_MINUTES || window.opens >= window.closes)
			continue;
		if (before != NULL && window.opens <= before->closes)
			before->closes = Max(before->closes, window.closes);
		else
			windows->window[windows->count++] = window;
	}
	for (int i = 0; i < windows->count; i++)
		windows->minutes += windows->window[i].closes - windows->window[i].opens;
}

/* No windows: the whole day. */
static void
make_whole_day(TwWindows *windows)
{
	windows->window = palloc(sizeof(TwWindow));
	windows->window[0].opens = 0;
	windows->window[0].closes = TW_DAY_MINUTES;
	windows->count = 1;
	windows->minutes = TW_DAY_MINUTES;
}

/* how many rows from here on are of the same day and layer */
static int
run_of(const Hours *hours, int left)
{
	int			count = 1;

	while (count < left && hours[count].day == hours[0].day && hours[count].layer == hours[0].layer)
		count++;
	return count;
}

static void
make_week(TwCalendar *calendar, Layers *layers)
{
	const char *week = layers->week != NULL ? layers->week : DEFAULT_WEEK;
	Hours	   *hours = layers->weekday_hours.items;
	int			count = layers->weekday_hours.count;
	int			layer = MAX_LAYERS;
	TwWindows	any = {0};

	for (int i = 0; i < 7 && week[i] != '\0'; i++)
		if (week[i] == '1')
			calendar->week |= 1 << i;

	sort(&layers->weekday_hours, sizeof(Hours), compare_hours);
	/* a layer that has service hours replaces those of its base */
	for (int i = 0; i < count; i++)
		layer = Min(layer, hours[i].layer);
	for (int i = 0, rows; i < count; i += rows)
	{
		rows = run_of(&hours[i], count - i);
		if (hours[i].layer == layer && hours[i].day >= 0 && hours[i].day <= 7)
			make_windows(hours[i].day == 0 ? &any : &calendar->weekday[hours[i].day - 1], &hours[i], rows);
	}
	for (int i = 0; i < 7; i++)
	{
		if (calendar->weekday[i].count > 0)
			continue;
		if (any.count > 0)
			calendar->weekday[i] = any;
		else
			make_whole_day(&calendar->weekday[i]);
	}
}

static void
make_specials(TwCalendar *calendar, Layers *layers)
{
	Hours	   *hours = layers->date_hours.items;
	int			count = layers->date_hours.count;
	int			first = date2j(TW_FIRST_YEAR, 1, 1) - POSTGRES_EPOCH_JDATE;
	int			last = date2j(TW_LAST_YEAR, 12, 31) - POSTGRES_EPOCH_JDATE;

	sort(&layers->date_hours, sizeof(Hours), compare_hours);
	calendar->specials = palloc0(sizeof(TwSpecial) * (count + 1));
	for (int i = 0, rows; i < count; i += rows)
	{
		TwSpecial  *special = &calendar->specials[calendar->nspecials];

		rows = run_of(&hours[i], count - i);
		if ((i > 0 && hours[i - 1].day == hours[i].day) || hours[i].day < first || hours[i].day > last)
			continue;
		make_windows(&special->windows, &hours[i], rows);
		special->day = hours[i].day;
		if (special->windows.count > 0)
			calendar->nspecials++;
	}
}

static void
make_covered(TwCalendar *calendar, Layers *layers)
{
	TwRange    *ranges = layers->covered.items;

	sort(&layers->covered, sizeof(TwRange), compare_ranges);
	calendar->covered = palloc(sizeof(TwRange) * (layers->covered.count + 1));
	for (int i = 0; i < layers->covered.count; i++)
	{
		TwRange    *before = calendar->ncovered > 0 ? &calendar->covered[calendar->ncovered - 1] : NULL;

		if (before != NULL && (int64) ranges[i].first <= (int64) before->last + 1)
			before->last = Max(before->last, ranges[i].last);
		else
			calendar->covered[calendar->ncovered++] = ranges[i];	/* NOLINT: no items only where count is 0 */
	}
}

static int64
to_usecs(pg_time_t seconds)
{
	return (seconds - (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY) * USECS_PER_SEC;
}

/* Every change of the zone's offset; daylight saving is followed through TW_LAST_YEAR. */
static void
read_offsets(Layers *layers)
{
	const char *zone_name = layers->zone;
	Rows	   *list = &layers->offsets;
	pg_tz	   *zone = pg_tzset(zone_name);
	pg_time_t	at = (pg_time_t) (date2j(1800, 1, 1) - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
	pg_time_t	end = (pg_time_t) (date2j(TW_LAST_YEAR + 1, 1, 1) - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
	TwOffset   *offset;

	if (zone == NULL)
		tw_fail("unknown_zone", NULL, 1, zone_name);

	offset = add(list, sizeof(TwOffset));
	offset->start = PG_INT64_MIN;
	layers->horizon = PG_INT64_MAX;
	for (bool first = true;; first = false)
	{
		long int	before;
		long int	after;
		int			before_dst;
		int			after_dst;
		pg_time_t	boundary;
		int			found = pg_next_dst_boundary(&at, &before, &before_dst, &boundary,
												 &after, &after_dst, zone);

		if (found < 0)
			tw_fail("unknown_zone", NULL, 1, zone_name);
		if (first)
			((TwOffset *) list->items)[0].offset = before;
		if (found == 0)
			break;
		if (boundary >= end || list->count == MAX_OFFSETS)
		{
			layers->horizon = to_usecs(boundary);
			break;
		}
		if (before != after)
		{
			offset = add(list, sizeof(TwOffset));
			offset->start = to_usecs(boundary);
			offset->offset = after;
		}
		at = boundary;
	}
}

static void
make_offsets(TwCalendar *calendar, Layers *layers)
{
	size_t		size = sizeof(TwOffset) * layers->offsets.count;

	calendar->horizon = layers->horizon;
	calendar->noffsets = layers->offsets.count;
	calendar->offsets = palloc(size);
	memcpy(calendar->offsets, layers->offsets.items, size);
}

static void *
allocate(size_t size)
{
	return palloc(size);
}

static const void *
load_calendar(const char *code, Snapshot snapshot)
{
	TwCalendar *calendar = palloc0(sizeof(TwCalendar));
	MemoryContext keep = CurrentMemoryContext;
	MemoryContext scratch = AllocSetContextCreate(keep, "calendar rows", ALLOCSET_DEFAULT_SIZES);
	Layers		layers = {0};

	/* what grows while it is read stays apart from what is kept */
	MemoryContextSwitchTo(scratch);
	read_layers(&layers, code, snapshot);
	read_offsets(&layers);
	make_exceptions(calendar, &layers);

	MemoryContextSwitchTo(keep);
	calendar->closing = layers.closing < 0 ? TW_DAY_MINUTES : layers.closing;
	make_week(calendar, &layers);
	make_specials(calendar, &layers);
	make_covered(calendar, &layers);
	make_offsets(calendar, &layers);
	tw_calendar_build(calendar, allocate);

	calendar->exceptions = NULL;
	MemoryContextDelete(scratch);
	return calendar;
}
