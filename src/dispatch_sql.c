/*
 * dispatch_sql.c
 *		resolve_dispatch(), found_in_text() and name_key() as SQL calls them.
 */
#include "dispatch_cache.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "parser/parse_func.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "calendar_cache.h"
#include "ticket_workflow.h"

PG_FUNCTION_INFO_V1(tw_sql_resolve_dispatch);
PG_FUNCTION_INFO_V1(tw_sql_found_in_text);
PG_FUNCTION_INFO_V1(tw_sql_name_key);

/* rank, principle, department, decisive, basis */
#define COLUMNS 5
#define MAX_ROWS (TW_PRINCIPLES + 1)

typedef struct Answer
{
	Datum		values[MAX_ROWS][COLUMNS];
	bool		nulls[MAX_ROWS][COLUMNS];
} Answer;

static const char *const principle_codes[] = {
	"statutory", "duty", "territorial", "factual", "association", "fallback", "exception", "transfer"
};

/*
 * Who handles the incident, by incident_handlers(): triples of department,
 * handling or completed, ticket.  Called without a check of EXECUTE: a definer
 * function that tells codes only, for a caller who may ask for the dispatch.
 */
static int
incident_handlers(FunctionCallInfo fcinfo, char ***texts)
{
	static const Oid types[] = {TEXTOID, INT8OID, INT8OID};
	Oid			function;
	Datum		answer;
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	LOCAL_FCINFO(call, 3);
	FmgrInfo	flinfo;

	function = LookupFuncName(list_make2(makeString("ticket_workflow"), makeString("incident_handlers")), 3, types, false);
	fmgr_info(function, &flinfo);
	InitFunctionCallInfoData(*call, &flinfo, 3, InvalidOid, NULL, NULL);
	call->args[0].value = PG_GETARG_DATUM(0);
	call->args[0].isnull = false;
	call->args[1].value = PG_GETARG_DATUM(5);
	call->args[1].isnull = false;
	call->args[2].value = PG_GETARG_DATUM(9);
	call->args[2].isnull = PG_ARGISNULL(9);
	answer = FunctionCallInvoke(call);
	if (call->isnull)
		return 0;
	deconstruct_array(DatumGetArrayTypeP(answer), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	*texts = palloc((count + 1) * sizeof(char *));
	for (int i = 0; i < count; i++)
		(*texts)[i] = TextDatumGetCString(elements[i]);
	return count / 3;
}

static int
today(const char *calendar)
{
	int64		day;

	/* the end of a day is due on that day; a moment later is the next */
	if (!tw_due_on(tw_calendar_named(calendar), tw_now() + 1, &day))
		tw_fail("date_out_of_range", NULL, 0);
	return (int) day;
}

static void
text_arg(FunctionCallInfo fcinfo, int arg, const char **start, int *length)
{
	*start = NULL;
	*length = 0;
	if (!PG_ARGISNULL(arg))
	{
		text	   *given = PG_GETARG_TEXT_PP(arg);

		*start = VARDATA_ANY(given);
		*length = VARSIZE_ANY_EXHDR(given);
	}
}

static const TwCenterDispatch *
center_arg(FunctionCallInfo fcinfo, int arg)
{
	text	   *code;

	if (PG_ARGISNULL(arg))
		tw_fail("text_missing", NULL, 1, "center");
	code = PG_GETARG_TEXT_PP(arg);
	return tw_center_dispatch(VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code));
}

static const TwPeriod *
period_on(const TwDispatch *dispatch, int32 day)
{
	const TwPeriod *period = tw_period_of(dispatch, day);

	if (period == NULL)
		tw_fail("no_rulebook_in_force", NULL, 1, DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day))));
	if (period->norder == 0)
		tw_fail("dispatch_order_missing", "2.1", 0);
	return period;
}

static int
day_arg(FunctionCallInfo fcinfo, int arg, const char *calendar)
{
	DateADT		day;

	if (PG_ARGISNULL(arg))
		return today(calendar);
	day = PG_GETARG_DATEADT(arg);
	if (DATE_NOT_FINITE(day))
		tw_fail("date_out_of_range", NULL, 0);
	return day;
}

/* Codes of departments that are left out */
static void
excluded_arg(FunctionCallInfo fcinfo, int arg, const TwDispatch *dispatch, TwDispatchQuery *query)
{
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	int		   *excluded;

	if (PG_ARGISNULL(arg))
		return;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(arg), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	if (count == 0)
		return;
	excluded = palloc(count * sizeof(int));
	for (int i = 0; i < count; i++)
	{
		text	   *code;

		if (nulls[i])
			continue;
		code = DatumGetTextPP(elements[i]);
		excluded[query->nexcluded] = tw_department_index(dispatch, VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code));
		if (excluded[query->nexcluded++] < 0)
			tw_fail("unknown_row", NULL, 2, "organization", text_to_cstring(code));
	}
	query->excluded = excluded;
}

static void
handlers_of(const TwDispatch *dispatch, char **texts, int count, TwDispatchQuery *query)
{
	TwHandler  *handlers = palloc((count + 1) * sizeof(TwHandler));

	for (int i = 0; i < count; i++)
	{
		TwHandler  *handler = &handlers[query->nhandlers];

		handler->department = tw_department_index(dispatch, texts[i * 3], strlen(texts[i * 3]));
		handler->handling = strcmp(texts[i * 3 + 1], "handling") == 0;
		handler->ticket = texts[i * 3 + 2];
		if (handler->department >= 0)
			query->nhandlers++;
	}
	query->handlers = handlers;
}

/* All rows at once: the compiled rules hold only until the next look-up */
static int
answer_of(FunctionCallInfo fcinfo, Answer *answer)
{
	const TwCenterDispatch *center;
	const TwDispatch *dispatch;
	const TwPeriod *period;
	TwDispatchQuery query = {0};
	TwDispatchRow rows[MAX_ROWS];
	char	  **handlers = NULL;
	int			nhandlers = 0;
	int			count;

	/* first, for it runs SQL */
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(5))
		nhandlers = incident_handlers(fcinfo, &handlers);

	center = center_arg(fcinfo, 0);
	dispatch = &center->dispatch;
	query.day = day_arg(fcinfo, 7, center->calendar);
	period = period_on(dispatch, query.day);

	query.matter = query.area = -1;
	if (!PG_ARGISNULL(1))
	{
		text	   *matter = PG_GETARG_TEXT_PP(1);

		query.matter = tw_matter_index(dispatch, VARDATA_ANY(matter), VARSIZE_ANY_EXHDR(matter));
		if (query.matter < 0)
			query.matter_given = text_to_cstring(matter);
	}
	if (!PG_ARGISNULL(2))
	{
		text	   *area = PG_GETARG_TEXT_PP(2);

		query.area = tw_area_index(dispatch, VARDATA_ANY(area), VARSIZE_ANY_EXHDR(area));
		if (query.area < 0)
			tw_fail("unknown_row", NULL, 2, "area", text_to_cstring(area));
	}
	text_arg(fcinfo, 3, &query.place, &query.place_length);
	text_arg(fcinfo, 4, &query.appeal, &query.appeal_length);
	query.has_incident = !PG_ARGISNULL(5);
	handlers_of(dispatch, handlers, nhandlers, &query);
	excluded_arg(fcinfo, 6, dispatch, &query);
	query.in_territory = PG_ARGISNULL(8) || PG_GETARG_BOOL(8);
	query.separator = tw_language_is_english() ? ", " : "、";

	count = tw_resolve_dispatch(dispatch, period, &query, rows);
	for (int i = 0; i < count; i++)
	{
		const TwDispatchRow *row = &rows[i];

		answer->values[i][0] = Int32GetDatum(i + 1);
		answer->values[i][1] = CStringGetTextDatum(principle_codes[row->principle]);
		answer->nulls[i][2] = row->department < 0;
		if (row->department >= 0)
			answer->values[i][2] = CStringGetTextDatum(dispatch->departments[row->department].code);
		answer->values[i][3] = BoolGetDatum(row->decisive);
		answer->values[i][4] = PointerGetDatum(tw_message_datum(row->reason, row->args, TW_REASON_ARGS));
	}
	return count;
}

/*
 * One row a call, with the row type that the executor expects: looking it up
 * would cost as much as the answer.
 */
Datum
tw_sql_resolve_dispatch(PG_FUNCTION_ARGS)
{
	FuncCallContext *state;

	if (SRF_IS_FIRSTCALL())
	{
		ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
		MemoryContext caller;

		if (info == NULL || !IsA(info, ReturnSetInfo) || info->expectedDesc == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("set-valued function called in context that cannot accept a set")));
		if (info->expectedDesc->natts != COLUMNS)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("resolve_dispatch returns %d columns", COLUMNS)));
		state = SRF_FIRSTCALL_INIT();
		caller = MemoryContextSwitchTo(state->multi_call_memory_ctx);
		state->tuple_desc = BlessTupleDesc(info->expectedDesc);
		state->user_fctx = palloc0(sizeof(Answer));
		state->max_calls = answer_of(fcinfo, state->user_fctx);
		MemoryContextSwitchTo(caller);
	}
	state = SRF_PERCALL_SETUP();
	if (state->call_cntr < state->max_calls)
	{
		Answer	   *answer = state->user_fctx;
		HeapTuple	tuple = heap_form_tuple(state->tuple_desc, answer->values[state->call_cntr],
											answer->nulls[state->call_cntr]);

		SRF_RETURN_NEXT(state, HeapTupleGetDatum(tuple));
	}
	SRF_RETURN_DONE(state);
}

static void
append_found(StringInfo out, const TwDispatch *dispatch, const char *name, const TwFound *found, int first, int count)
{
	if (out->len > 0)
		appendStringInfoString(out, "; ");
	appendStringInfo(out, "%s:", name);
	for (int i = first; i < first + count; i++)
		appendStringInfo(out, " %s", found->departments[i] < 0 ? "-" : dispatch->departments[found->departments[i]].code);
}

/* For whoever keeps names and places: what is found in a text */
Datum
tw_sql_found_in_text(PG_FUNCTION_ARGS)
{
	const TwCenterDispatch *center = center_arg(fcinfo, 0);
	const TwDispatch *dispatch = &center->dispatch;
	TwDispatchQuery query = {0};
	TwPlace		place;
	TwFound		named;
	StringInfoData out;

	text_arg(fcinfo, 1, &query.place, &query.place_length);
	text_arg(fcinfo, 2, &query.appeal, &query.appeal_length);
	query.day = day_arg(fcinfo, 3, center->calendar);
	tw_read_texts(dispatch, period_on(dispatch, query.day), &query, &place, &named);

	initStringInfo(&out);
	if (place.found.count > 0)
		append_found(&out, dispatch, place.name, &place.found, 0, place.found.count);
	for (int i = 0; i < named.count; i++)
		append_found(&out, dispatch, named.names[i], &named, i, 1);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

/* A name as it is matched: what two spellings of one name have in common */
Datum
tw_sql_name_key(PG_FUNCTION_ARGS)
{
	text	   *given = PG_GETARG_TEXT_PP(0);
	TwChar		chars[256];
	TwFolded	folded;
	char	   *out;
	int			length = 0;

	tw_fold_begin(&folded, chars, lengthof(chars));
	tw_fold(&folded, VARDATA_ANY(given), VARSIZE_ANY_EXHDR(given));
	out = palloc(folded.count * 4 + 1);
	for (int i = 0; i < folded.count; i++)
		if (folded.chars[i].kind <= TW_DIGIT)
			length += tw_encode(folded.chars[i].point, out + length);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out, length));
}
