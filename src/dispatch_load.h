/*
 * dispatch_load.h
 *		What the loaders of the rules of dispatch share: the center being
 *		loaded, and how its rows are read.
 */
#ifndef TW_DISPATCH_LOAD_H
#define TW_DISPATCH_LOAD_H

#include "cache.h"
#include "dispatch.h"

#define IDS_OF_CENTER INT64CONST(1000000000000)

typedef struct Id
{
	int64		id;
	int			index;
} Id;

typedef struct Ids
{
	Id		   *ids;
	int			count;
} Ids;

typedef struct Load
{
	Snapshot	snapshot;
	int64		center_id;
	TwDispatch *dispatch;
	Ids			departments;
	Ids			areas;
	Ids			matters;
	TwAutomatonBuilder *builder;
	int			uses_room;
	int			nuses;
} Load;

static inline int
compare_ids(const void *a, const void *b)
{
	int64		x = ((const Id *) a)->id;
	int64		y = ((const Id *) b)->id;

	return x < y ? -1 : x > y;
}

static inline int
id_index(const Ids *ids, int64 id)
{
	Id			key = {.id = id};
	Id		   *found = ids->count == 0 ? NULL : bsearch(&key, ids->ids, ids->count, sizeof(Id), compare_ids);

	return found != NULL ? found->index : -1;
}

/* ---- rows ---- */

static inline void
begin(TwScan *scan, const Load *load, const char *table)
{
	tw_scan_begin_ids(scan, table, load->snapshot, load->center_id * IDS_OF_CENTER, (load->center_id + 1) * IDS_OF_CENTER - 1);
}

static inline int64
get_id(TwScan *scan, AttrNumber column)
{
	bool		isnull;
	Datum		value = tw_scan_datum(scan, column, &isnull);

	return isnull ? 0 : DatumGetInt64(value);
}

static inline int
get_int(TwScan *scan, AttrNumber column, int otherwise)
{
	bool		isnull;
	Datum		value = tw_scan_datum(scan, column, &isnull);

	return isnull ? otherwise : DatumGetInt32(value);
}

static inline TwValidity
get_validity(TwScan *scan, AttrNumber from, AttrNumber until)
{
	TwValidity	valid;

	valid.from = get_int(scan, from, PG_INT32_MIN);
	valid.until = get_int(scan, until, PG_INT32_MAX);
	return valid;
}

/* dispatch_texts.c: rulebooks first, names and places into the automaton last */
extern void tw_load_periods(Load *load) __attribute__((visibility("hidden")));
extern void tw_load_uses(Load *load) __attribute__((visibility("hidden")));

#endif							/* TW_DISPATCH_LOAD_H */
