/*
 * calendar_layers.c
 *		Reads a calendar's rows and those of its base, at any depth.
 */
#include "calendar_layers.h"

#include "datatype/timestamp.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"

#include "cache.h"
#include "calendar_cache.h"
#include "ticket_workflow.h"

#define MAX_OFFSETS 4096

static void *
add(TwRows *list, size_t size)
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

/* The calendar's row; what it leaves open its base decides. */
static void
read_calendar(TwLayers *layers, const char *code, Snapshot snapshot)
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
read_days(TwLayers *layers, int layer, Snapshot snapshot)
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
		TwLayerDay		   *item = add(&layers->days, sizeof(TwLayerDay));

		item->day = DatumGetDateADT(tw_scan_datum(&scan, day, &isnull));
		item->layer = layer;
		item->rank = DatumGetInt32(tw_scan_datum(&scan, rank, &isnull));
		item->source = tw_scan_text(&scan, source);
		item->off = DatumGetBool(tw_scan_datum(&scan, off, &isnull));
	}
	tw_scan_end(&scan);
}

static void
read_hours(TwLayers *layers, int layer, Snapshot snapshot, const char *table, const char *key, TwRows *list)
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
		TwLayerHours	   *item = add(list, sizeof(TwLayerHours));
		Datum		value = tw_scan_datum(&scan, day, &isnull);

		item->day = by_date ? DatumGetDateADT(value) : DatumGetInt16(value);
		item->layer = layer;
		item->window.opens = minute_of(tw_scan_datum(&scan, opens, &isnull));
		item->window.closes = minute_of(tw_scan_datum(&scan, closes, &isnull));
	}
	tw_scan_end(&scan);
}

static void
read_covered(TwLayers *layers, int layer, Snapshot snapshot)
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

static int64
to_usecs(pg_time_t seconds)
{
	return (seconds - (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY) * USECS_PER_SEC;
}

/* Every change of the zone's offset; daylight saving is followed through TW_LAST_YEAR. */
static void
read_offsets(TwLayers *layers)
{
	const char *zone_name = layers->zone;
	TwRows	   *list = &layers->offsets;
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

void
tw_read_layers(TwLayers *layers, const char *code, Snapshot snapshot)
{
	char	   *next = pstrdup(code);

	layers->closing = -1;
	for (int layer = 0; next != NULL; layer++)
	{
		/* the functions refuse circles; rows written past them must not hang a backend */
		if (layer == TW_MAX_LAYERS)
			tw_fail("calendar_circle", NULL, 1, code);
		layers->code[layer] = next;
		layers->count = layer + 1;
		read_calendar(layers, next, snapshot);
		read_days(layers, layer, snapshot);
		read_hours(layers, layer, snapshot, "calendar_window", "weekday", &layers->weekday_hours);
		read_hours(layers, layer, snapshot, "calendar_date_window", "day", &layers->date_hours);
		read_covered(layers, layer, snapshot);
		next = base_of(next, snapshot);
	}	read_offsets(layers);
}
