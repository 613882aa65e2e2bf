/*
 * cache.c
 *		One cache of compiled rows for all that the engine reads; see cache.h.
 *
 * Invalidation rides on relcache messages: the triggers of a cached table send
 * one for it, PostgreSQL delivers it at the next command here, at commit to
 * the others and to the standbys, and again here when the change is rolled
 * back.  What is left to get right is which rows a load may see, and when a
 * loaded value may be kept:
 *
 *	- The callback can run anywhere, so it raises flags and nothing else.
 *	- In READ COMMITTED a load looks with a catalog snapshot, which is always
 *	  the newest.  The active snapshot may be older than a message that has
 *	  been taken already, and what it shows would be kept for ever.
 *	- With a transaction snapshot, a value loaded by an earlier transaction
 *	  serves as long as no message has come: then nothing has changed since.
 *	  Else the transaction loads its own copies, which end with it.
 *	- A message that comes during a load leaves the flag raised: that value
 *	  serves this call, and the next one loads again.
 */
#include "cache.h"

#include "access/table.h"
#include "access/xact.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "mb/pg_wchar.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "ticket_workflow.h"

PG_FUNCTION_INFO_V1(tw_sql_invalidate_cache);

#define SITE_SLOTS 128

typedef struct TwCacheEntry
{
	struct TwCacheEntry *next;
	MemoryContext context;
	const void *value;
	uint64		used;
	size_t		key_length;
	char		key[FLEXIBLE_ARRAY_MEMBER];
} Entry;

/* What a call site remembers; it holds while no entry has been dropped. */
typedef struct Site
{
	const TwCache *cache;
	uint64		epoch;
	const Entry *slots[SITE_SLOTS];
} Site;

static TwCache *caches = NULL;

/* grows whenever an entry may go, so that call sites look again */
static uint64 epoch = 1;

/* grows with every look-up that a call site could not answer */
static uint64 lookups = 0;

static void
relation_changed(Datum arg, Oid relid)
{
	for (TwCache *cache = caches; cache != NULL; cache = cache->next)
	{
		bool		ours = relid == InvalidOid || !cache->tables_known;

		for (int i = 0; i < cache->ntables && !ours; i++)
			ours = cache->table_oids[i] == relid;
		if (ours)
		{
			cache->stale = true;
			epoch++;
		}
	}
}

/* The copies of a transaction live in its memory, and are forgotten with it. */
static void
transaction_ends(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE ||
		event == XACT_EVENT_PARALLEL_PRE_COMMIT)
		return;
	for (TwCache *cache = caches; cache != NULL; cache = cache->next)
	{
		if (cache->nlocal > 0)
		{
			memset(cache->local, 0, sizeof(cache->local));
			cache->nlocal = 0;
			epoch++;
		}
	}
}

void
tw_cache_init(void)
{
	CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
	RegisterXactCallback(transaction_ends, NULL);
}

static void
drop_entries(Entry **buckets, int *count)
{
	if (*count == 0)
		return;
	for (int i = 0; i < TW_CACHE_BUCKETS; i++)
	{
		while (buckets[i] != NULL)
		{
			Entry	   *entry = buckets[i];

			buckets[i] = entry->next;
			MemoryContextDelete(entry->context);
		}
	}
	*count = 0;
	epoch++;
}

static void
drop_if_stale(TwCache *cache)
{
	if (!cache->stale)
		return;
	drop_entries(cache->shared, &cache->nshared);
	drop_entries(cache->local, &cache->nlocal);
	cache->stale = false;
}

static void
make_room(Entry **buckets, int *count, int max_entries)
{
	while (*count >= max_entries)
	{
		Entry	  **oldest = NULL;
		Entry	   *gone;

		for (int i = 0; i < TW_CACHE_BUCKETS; i++)
			for (Entry **at = &buckets[i]; *at != NULL; at = &(*at)->next)
				if (oldest == NULL || (*at)->used < (*oldest)->used)
					oldest = at;
		gone = *oldest;
		*oldest = gone->next;
		MemoryContextDelete(gone->context);
		(*count)--;
		epoch++;
	}
}

static int
bucket_of(const char *key, size_t key_length)
{
	return hash_bytes((const unsigned char *) key, (int) key_length) % TW_CACHE_BUCKETS;
}

static Entry *
find(Entry **buckets, int bucket, const char *key, size_t key_length)
{
	for (Entry *entry = buckets[bucket]; entry != NULL; entry = entry->next)
	{
		if (entry->key_length == key_length && memcmp(entry->key, key, key_length) == 0)
		{
			entry->used = ++lookups;
			return entry;
		}
	}
	return NULL;
}

/* Opening a table takes in the messages that the load must not miss. */
static void
open_tables(TwCache *cache, Relation *relations)
{
	cache->tables_known = false;
	cache->ntables = 0;
	for (int i = 0; cache->tables[i] != NULL; i++)
	{
		if (i == TW_CACHE_MAX_TABLES)
			elog(ERROR, "cache \"%s\" names more than %d tables", cache->name, TW_CACHE_MAX_TABLES);
		cache->table_oids[i] = tw_table_oid(cache->tables[i]);
		relations[i] = table_open(cache->table_oids[i], AccessShareLock);
		cache->ntables = i + 1;
	}
	cache->tables_known = true;
	AcceptInvalidationMessages();
}

static Entry *
load(TwCache *cache, int bucket, const char *key, size_t key_length)
{
	bool		own_copy = IsolationUsesXactSnapshot();
	Entry	  **buckets = own_copy ? cache->local : cache->shared;
	int		   *count = own_copy ? &cache->nlocal : &cache->nshared;
	Relation	relations[TW_CACHE_MAX_TABLES];
	Snapshot	snapshot;
	MemoryContext context;
	MemoryContext caller;
	Entry	   *entry;

	open_tables(cache, relations);
	drop_if_stale(cache);

	/* one snapshot for all tables, or a load could mix two states */
	snapshot = RegisterSnapshot(own_copy ? GetTransactionSnapshot() :
								GetCatalogSnapshot(cache->table_oids[0]));

	/* a child of the caller's context until it is complete: an error takes it along */
	context = AllocSetContextCreate(CurrentMemoryContext, "ticket_workflow cache",
									ALLOCSET_START_SMALL_SIZES);
	caller = MemoryContextSwitchTo(context);
	entry = palloc0(offsetof(Entry, key) + key_length + 1);
	entry->context = context;
	entry->key_length = key_length;
	memcpy(entry->key, key, key_length);
	entry->value = cache->load(entry->key, snapshot);
	MemoryContextSetIdentifier(context, entry->key);
	MemoryContextSwitchTo(caller);

	UnregisterSnapshot(snapshot);
	for (int i = 0; i < cache->ntables; i++)
		table_close(relations[i], AccessShareLock);

	make_room(buckets, count, cache->max_entries);
	MemoryContextSetParent(context, own_copy ? TopTransactionContext : CacheMemoryContext);
	entry->used = ++lookups;
	entry->next = buckets[bucket];
	buckets[bucket] = entry;
	(*count)++;
	return entry;
}

static const Entry *
look_up(TwCache *cache, const char *key, size_t key_length)
{
	int			bucket = bucket_of(key, key_length);
	Entry	   *entry;

	if (!cache->registered)
	{
		cache->registered = true;
		cache->next = caches;
		caches = cache;
	}
	drop_if_stale(cache);

	entry = find(cache->shared, bucket, key, key_length);
	if (entry == NULL && IsolationUsesXactSnapshot())
		entry = find(cache->local, bucket, key, key_length);
	if (entry == NULL)
		entry = load(cache, bucket, key, key_length);
	return entry;
}

/* Codes of one kind begin alike; their ends tell them apart. */
static inline int
slot_of(const char *key, size_t key_length)
{
	unsigned	hash = (unsigned) key_length * 7u;

	if (key_length >= 2)
		hash += (unsigned char) key[key_length - 1] + (unsigned char) key[key_length - 2] * 11u;
	return hash % SITE_SLOTS;
}

/* Codes are short: two loads each, which may overlap, say it without a call. */
static inline bool
same_key(const Entry *entry, const char *key, size_t key_length)
{
	if (entry->key_length != key_length)
		return false;
	if (key_length >= 8 && key_length <= 16)
	{
		uint64		a[2];
		uint64		b[2];

		memcpy(&a[0], entry->key, 8);
		memcpy(&b[0], key, 8);
		memcpy(&a[1], entry->key + key_length - 8, 8);
		memcpy(&b[1], key + key_length - 8, 8);
		return a[0] == b[0] && a[1] == b[1];
	}
	if (key_length >= 4 && key_length < 8)
	{
		uint32		a[2];
		uint32		b[2];

		memcpy(&a[0], entry->key, 4);
		memcpy(&b[0], key, 4);
		memcpy(&a[1], entry->key + key_length - 4, 4);
		memcpy(&b[1], key + key_length - 4, 4);
		return a[0] == b[0] && a[1] == b[1];
	}
	return memcmp(entry->key, key, key_length) == 0;
}

const void *
tw_cache_get(TwCache *cache, const char *key, size_t key_length, FunctionCallInfo fcinfo)
{
	Site	   *site = fcinfo != NULL ? fcinfo->flinfo->fn_extra : NULL;
	int			slot = slot_of(key, key_length);
	const Entry *entry;

	/*
	 * A function that takes no lock takes in no message: without this a
	 * transaction would go on with what it has once loaded.  On every call,
	 * for a loop of plpgsql comes back to the same call site with newer
	 * snapshots; it is one unlocked read where nothing is waiting.
	 */
	AcceptInvalidationMessages();

	if (likely(site != NULL && site->epoch == epoch && site->cache == cache))
	{
		entry = site->slots[slot];
		if (likely(entry != NULL && same_key(entry, key, key_length)))
			return entry->value;
	}

	if (key_length > TW_CACHE_MAX_KEY)
		tw_fail("code_too_long", NULL, 1,
				pnstrdup(key, pg_mbcliplen(key, (int) Min(key_length, MaxAllocSize), TW_CACHE_MAX_KEY)));
	entry = look_up(cache, key, key_length);

	if (fcinfo != NULL)
	{
		if (site == NULL)
			fcinfo->flinfo->fn_extra = site =
				MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Site));
		if (site->cache != cache || site->epoch != epoch)
		{
			memset(site->slots, 0, sizeof(site->slots));
			site->cache = cache;
			site->epoch = epoch;
		}
		/* a message came during the load: this call has its answer, the next one asks again */
		if (!cache->stale)
			site->slots[slot] = entry;
	}
	return entry->value;
}

/*
 * Statement trigger of every cached table, BEFORE and AFTER: before the first
 * row is written, so that a rollback at any later moment sends the message
 * again here; and after the last one, when all of them are there to be seen.
 * Logical replication fires no statement triggers, so AFTER each row as well
 * where the rows come from a publisher; the message is sent once per command.
 */
Datum
tw_sql_invalidate_cache(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("invalidate_cache: must be called as trigger")));
	if (TRIGGER_FIRED_FOR_ROW(trigger->tg_event) && TRIGGER_FIRED_BEFORE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("invalidate_cache: must not be fired before a row")));

	CacheInvalidateRelcacheByRelid(RelationGetRelid(trigger->tg_relation));
	return PointerGetDatum(NULL);
}
