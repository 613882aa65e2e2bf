/*
 * cache_scan.c
 *		How a load reads the tables of our schema; see cache.h.
 */
#include "cache.h"

#include "access/relscan.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#if PG_VERSION_NUM < 180000
#define RelationGetPrimaryKeyIndex(relation, deferrable_ok) RelationGetPrimaryKeyIndex(relation)
#endif

#define SCHEMA "ticket_workflow"

Oid
tw_table_oid(const char *table)
{
	Oid			schema = get_namespace_oid(SCHEMA, true);
	Oid			oid = OidIsValid(schema) ? get_relname_relid(table, schema) : InvalidOid;

	if (!OidIsValid(oid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table %s.%s does not exist", SCHEMA, table),
				 errhint("create extension ticket_workflow")));
	return oid;
}

/* The primary key's index when the column leads it. */
static Oid
index_led_by(Relation relation, AttrNumber column)
{
	Oid			oid = RelationGetPrimaryKeyIndex(relation, false);
	Relation	index;
	bool		leads;

	if (!OidIsValid(oid))
		return InvalidOid;
	index = index_open(oid, AccessShareLock);
	leads = index->rd_index->indkey.values[0] == column && index->rd_rel->relam == BTREE_AM_OID;
	index_close(index, AccessShareLock);
	return leads ? oid : InvalidOid;
}

void
tw_scan_begin(TwScan *scan, const char *table, Snapshot snapshot,
			  const char *key_column, const char *key)
{
	ScanKeyData scan_key;
	Oid			index = InvalidOid;

	scan->relation = table_open(tw_table_oid(table), AccessShareLock);
	scan->tuple = NULL;
	if (key_column != NULL)
	{
		AttrNumber	column = tw_scan_column(scan, key_column);
		Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(scan->relation), column - 1);

		if (attribute->atttypid != TEXTOID)
			elog(ERROR, "column \"%s\" of table \"%s\" is not text", key_column, table);
		index = index_led_by(scan->relation, column);
		/* the index is sorted by the column's collation, not by "C" as catalogs are */
		ScanKeyEntryInitialize(&scan_key, 0, column, BTEqualStrategyNumber, InvalidOid,
							   attribute->attcollation, F_TEXTEQ, CStringGetTextDatum(key));
	}
	scan->scan = systable_beginscan(scan->relation, index, OidIsValid(index), snapshot,
									key_column != NULL ? 1 : 0, &scan_key);
}

void
tw_scan_begin_ids(TwScan *scan, const char *table, Snapshot snapshot, int64 first, int64 last)
{
	ScanKeyData keys[2];
	Relation	index;
	Oid			primary;
	AttrNumber	column;

	scan->relation = table_open(tw_table_oid(table), AccessShareLock);
	scan->tuple = NULL;
	primary = RelationGetPrimaryKeyIndex(scan->relation, false);
	if (!OidIsValid(primary))
		elog(ERROR, "table \"%s\" has no primary key", table);
	index = index_open(primary, AccessShareLock);
	column = index->rd_index->indkey.values[0];
	index_close(index, AccessShareLock);
	if (TupleDescAttr(RelationGetDescr(scan->relation), column - 1)->atttypid != INT8OID)
		elog(ERROR, "primary key of table \"%s\" is not bigint", table);
	ScanKeyInit(&keys[0], column, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(first));
	ScanKeyInit(&keys[1], column, BTLessEqualStrategyNumber, F_INT8LE, Int64GetDatum(last));
	scan->scan = systable_beginscan(scan->relation, primary, true, snapshot, 2, keys);
}

bool
tw_scan_next(TwScan *scan)
{
	CHECK_FOR_INTERRUPTS();
	scan->tuple = systable_getnext(scan->scan);
	return HeapTupleIsValid(scan->tuple);
}

void
tw_scan_end(TwScan *scan)
{
	systable_endscan(scan->scan);
	table_close(scan->relation, AccessShareLock);
}

AttrNumber
tw_scan_column(TwScan *scan, const char *column)
{
	AttrNumber	number = get_attnum(RelationGetRelid(scan->relation), column);

	if (number == InvalidAttrNumber)
		elog(ERROR, "table \"%s\" has no column \"%s\"",
			 RelationGetRelationName(scan->relation), column);
	return number;
}

Datum
tw_scan_datum(TwScan *scan, AttrNumber column, bool *isnull)
{
	return heap_getattr(scan->tuple, column, RelationGetDescr(scan->relation), isnull);
}

char *
tw_scan_text(TwScan *scan, AttrNumber column)
{
	bool		isnull;
	Datum		value = tw_scan_datum(scan, column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}
