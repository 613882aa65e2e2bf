/*
 * changes.c
 *		What an UPDATE of a ticket changed, for the journal: codes and times, never
 *		the texts in which people are named.
 */
#include "ticket_workflow.h"

#include "access/htup_details.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "nodes/makefuncs.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(tw_sql_changed_columns);

typedef enum Shown
{
	SHOWN_NOT,					/* the journal row's own from_state, to_state, kind and time */
	SHOWN_AS_CHANGED,			/* words of the petitioner */
	SHOWN_NEW,					/* the old value stands in an earlier row */
	SHOWN_BOTH
} Shown;

static Shown
how_shown(const char *column)
{
	static const struct
	{
		const char *column;
		Shown		shown;
	}			special[] = {
		{"state", SHOWN_NOT},
		{"state_at", SHOWN_NOT},
		{"state_act", SHOWN_NOT},
		{"appeal", SHOWN_AS_CHANGED},
		{"place", SHOWN_AS_CHANGED},
		{"dispatch_round", SHOWN_NEW},
		{"dispatched_at", SHOWN_NEW},
		{"accepted_at", SHOWN_NEW},
		{"reported_at", SHOWN_NEW}
	};

	for (int i = 0; i < lengthof(special); i++)
		if (strcmp(column, special[i].column) == 0)
			return special[i].shown;
	return SHOWN_BOTH;
}

/* to_jsonb() of a column: it learns the type from the expression that calls it. */
static Jsonb *
jsonb_of(Form_pg_attribute column, Datum value)
{
	FmgrInfo	flinfo;
	Node	   *argument = (Node *) makeConst(column->atttypid, column->atttypmod, column->attcollation,
											  column->attlen, (Datum) 0, true, column->attbyval);

	fmgr_info(F_TO_JSONB, &flinfo);
	fmgr_info_set_expr((Node *) makeFuncExpr(F_TO_JSONB, JSONBOID, list_make1(argument), InvalidOid,
											 column->attcollation, COERCE_EXPLICIT_CALL), &flinfo);
	return DatumGetJsonbP(FunctionCall1Coll(&flinfo, column->attcollation, value));
}

static void
push_string(JsonbParseState **state, JsonbIteratorToken token, const char *string)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, string);
	value.val.string.len = strlen(string);
	pushJsonbValue(state, token, &value);
}

/* NULL is JSON's null. */
static void
push_value(JsonbParseState **state, Jsonb *given)
{
	JsonbValue	value;

	if (given == NULL)
		value.type = jbvNull;
	else if (!JsonbExtractScalar(&given->root, &value))
	{
		value.type = jbvBinary;
		value.val.binary.data = &given->root;
		value.val.binary.len = VARSIZE(given) - VARHDRSZ;
	}
	pushJsonbValue(state, WJB_VALUE, &value);
}

static void
push_change(JsonbParseState **state, Form_pg_attribute column, Jsonb *before, Jsonb *after)
{
	Shown		shown = how_shown(NameStr(column->attname));

	push_string(state, WJB_KEY, NameStr(column->attname));
	if (shown == SHOWN_AS_CHANGED)
		push_string(state, WJB_VALUE, "changed");
	else if (before == NULL || shown == SHOWN_NEW)
		push_value(state, after);
	else
	{
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		push_string(state, WJB_KEY, "from");
		push_value(state, before);
		push_string(state, WJB_KEY, "to");
		push_value(state, after);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
}

/* changed_columns(before, after): both are rows of one table. */
Datum
tw_sql_changed_columns(PG_FUNCTION_ARGS)
{
	HeapTupleHeader rows[2];
	HeapTupleData tuples[2];
	TupleDesc	columns;
	Datum	   *values[2];
	bool	   *nulls[2];
	JsonbParseState *state = NULL;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	for (int i = 0; i < 2; i++)
	{
		rows[i] = PG_GETARG_HEAPTUPLEHEADER(i);
		tuples[i].t_len = HeapTupleHeaderGetDatumLength(rows[i]);
		ItemPointerSetInvalid(&tuples[i].t_self);
		tuples[i].t_tableOid = InvalidOid;
		tuples[i].t_data = rows[i];
	}
	if (HeapTupleHeaderGetTypeId(rows[0]) != HeapTupleHeaderGetTypeId(rows[1]))
		elog(ERROR, "changed_columns() compares two rows of one table");
	columns = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(rows[0]), HeapTupleHeaderGetTypMod(rows[0]));
	for (int i = 0; i < 2; i++)
	{
		values[i] = palloc(columns->natts * sizeof(Datum));
		nulls[i] = palloc(columns->natts * sizeof(bool));
		heap_deform_tuple(&tuples[i], columns, values[i], nulls[i]);
	}

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);
		Jsonb	   *before;
		Jsonb	   *after;

		if (column->attisdropped || how_shown(NameStr(column->attname)) == SHOWN_NOT)
			continue;
		if (nulls[0][i] && nulls[1][i])
			continue;
		/* equal bytes are equal values; others may still be */
		if (!nulls[0][i] && !nulls[1][i] &&
			datum_image_eq(values[0][i], values[1][i], column->attbyval, column->attlen))
			continue;
		before = nulls[0][i] ? NULL : jsonb_of(column, values[0][i]);
		after = nulls[1][i] ? NULL : jsonb_of(column, values[1][i]);
		if (before != NULL && after != NULL && compareJsonbContainers(&before->root, &after->root) == 0)
			continue;
		push_change(&state, column, before, after);
	}
	ReleaseTupleDesc(columns);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}
