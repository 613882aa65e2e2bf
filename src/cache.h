/*
 * cache.h
 *		What a backend keeps of rows that seldom change: calendars, rules, phrases.
 *
 * A cache is a static TwCache with a name, the tables it is made from and a
 * load function.  Each of those tables carries the triggers of
 * sql/base/cache.sql, and then an answer is never stale:
 *
 *	- READ COMMITTED sees the newest committed rows and its own changes, also
 *	  when the statement is older, inside a loop of plpgsql, and on a standby;
 *	- REPEATABLE READ and SERIALIZABLE see what their snapshot sees;
 *	- a ROLLBACK, also to a savepoint, takes the cached rows back too.
 *
 * static TwCache rules = {.name = "rules", .tables = rule_tables, .load = load_rules, .max_entries = 16};
 * const Rules *r = tw_cache_get(&rules, key, strlen(key), fcinfo);
 */
#ifndef TW_CACHE_H
#define TW_CACHE_H

#include "postgres.h"

#include "access/genam.h"
#include "fmgr.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

/* what stays inside the library needs no way round through its symbol table */
#pragma GCC visibility push(hidden)

#define TW_CACHE_MAX_TABLES 16
#define TW_CACHE_BUCKETS 64
#define TW_CACHE_MAX_KEY 260	/* a code of 64 characters of four bytes, and what tells it from another kind of key */

struct TwCacheEntry;

typedef struct TwCache
{
	const char *name;
	/* names in our schema, ended by NULL; at most TW_CACHE_MAX_TABLES */
	const char *const *tables;

	/*
	 * Builds the value of a key in CurrentMemoryContext, which is kept, from
	 * what the snapshot sees; raises where there is no such key.  It reads
	 * tables by tw_scan_begin() alone, and does not call tw_cache_get() on its
	 * own cache.
	 */
	const void *(*load) (const char *key, Snapshot snapshot);

	/* keys kept at once; the one not looked up for longest makes room */
	int			max_entries;

	/* from here on the cache's own */
	bool		registered;
	bool		tables_known;
	bool		stale;
	int			ntables;
	Oid			table_oids[TW_CACHE_MAX_TABLES];
	int			nshared;
	int			nlocal;
	struct TwCacheEntry *shared[TW_CACHE_BUCKETS];
	struct TwCacheEntry *local[TW_CACHE_BUCKETS];
	struct TwCache *next;
} TwCache;

extern void tw_cache_init(void);

/*
 * The value of a key.  The pointer holds until the next call for the same
 * cache, and not across anything that runs SQL: compute, copy out, return.
 *
 * With fcinfo the answer is remembered at the call site, in fn_extra, for any
 * number of keys; a function that needs fn_extra itself passes NULL.
 */
extern const void *tw_cache_get(TwCache *cache, const char *key, size_t key_length,
								FunctionCallInfo fcinfo);

/* cache_scan.c: reading of a table of our schema with the snapshot of a load. */
typedef struct TwScan
{
	Relation	relation;
	SysScanDesc scan;
	HeapTuple	tuple;
} TwScan;

/* The table's OID, asked each time: the extension may have been created anew. */
extern Oid	tw_table_oid(const char *table);

/* All rows, or with key_column (text) those where it is key; the primary key serves when it leads it. */
extern void tw_scan_begin(TwScan *scan, const char *table, Snapshot snapshot,
						  const char *key_column, const char *key);

/* The rows whose primary key, a bigint, begins with a value from first to last; of a center: its ids. */
extern void tw_scan_begin_ids(TwScan *scan, const char *table, Snapshot snapshot, int64 first, int64 last);
extern bool tw_scan_next(TwScan *scan);
extern void tw_scan_end(TwScan *scan);

extern AttrNumber tw_scan_column(TwScan *scan, const char *column);
extern Datum tw_scan_datum(TwScan *scan, AttrNumber column, bool *isnull);

/* A copy in CurrentMemoryContext; NULL for null. */
extern char *tw_scan_text(TwScan *scan, AttrNumber column);

#pragma GCC visibility pop

#endif							/* TW_CACHE_H */
