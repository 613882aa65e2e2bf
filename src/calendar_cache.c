/*
 * calendar_cache.c
 *		Makes a calendar of its layers into what calendar.c works on.
 *
 * For a day the most local layer that speaks of it decides; among the documents
 * of one layer the one of the highest rank.  Service hours of a weekday, the
 * weekly pattern, the zone and the closing time are the most local ones given.
 */
#include "calendar_cache.h"

#include "datatype/timestamp.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/memutils.h"

#include "cache.h"
#include "calendar_layers.h"
#include "ticket_workflow.h"

#define DEFAULT_WEEK "1111100"

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

/* the row that decides comes first among those of its day */
static int
compare_days(const void *a, const void *b)
{
	const TwLayerDay  *x = a;
	const TwLayerDay  *y = b;

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
	const TwLayerHours *x = a;
	const TwLayerHours *y = b;

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
sort(TwRows *list, size_t size, int (*compare) (const void *, const void *))
{
	if (list->count > 1)
		qsort(list->items, list->count, size, compare);
}

static void
make_exceptions(TwCalendar *calendar, TwLayers *layers)
{
	TwLayerDay		   *days = layers->days.items;
	int			first = date2j(TW_FIRST_YEAR, 1, 1) - POSTGRES_EPOCH_JDATE;
	int			last = date2j(TW_LAST_YEAR, 12, 31) - POSTGRES_EPOCH_JDATE;

	sort(&layers->days, sizeof(TwLayerDay), compare_days);
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
make_windows(TwWindows *windows, const TwLayerHours *hours, int count)
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
run_of(const TwLayerHours *hours, int left)
{
	int			count = 1;

	while (count < left && hours[count].day == hours[0].day && hours[count].layer == hours[0].layer)
		count++;
	return count;
}

static void
make_week(TwCalendar *calendar, TwLayers *layers)
{
	const char *week = layers->week != NULL ? layers->week : DEFAULT_WEEK;
	TwLayerHours	   *hours = layers->weekday_hours.items;
	int			count = layers->weekday_hours.count;
	int			layer = TW_MAX_LAYERS;
	TwWindows	any = {0};

	for (int i = 0; i < 7 && week[i] != '\0'; i++)
		if (week[i] == '1')
			calendar->week |= 1 << i;

	sort(&layers->weekday_hours, sizeof(TwLayerHours), compare_hours);
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
make_specials(TwCalendar *calendar, TwLayers *layers)
{
	TwLayerHours	   *hours = layers->date_hours.items;
	int			count = layers->date_hours.count;
	int			first = date2j(TW_FIRST_YEAR, 1, 1) - POSTGRES_EPOCH_JDATE;
	int			last = date2j(TW_LAST_YEAR, 12, 31) - POSTGRES_EPOCH_JDATE;

	sort(&layers->date_hours, sizeof(TwLayerHours), compare_hours);
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
make_covered(TwCalendar *calendar, TwLayers *layers)
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

static void
make_offsets(TwCalendar *calendar, TwLayers *layers)
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
	TwLayers		layers = {0};

	/* what grows while it is read stays apart from what is kept */
	MemoryContextSwitchTo(scratch);
	tw_read_layers(&layers, code, snapshot);
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
