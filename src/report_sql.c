/*
 * report_sql.c
 *		The report engine's SQL functions, and the cache of compiled phrases.
 */
#include "ticket_workflow.h"

#include "access/detoast.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "cache.h"
#include "report_check.h"
#include "report_phone.h"

PG_FUNCTION_INFO_V1(tw_sql_check_report_text);
PG_FUNCTION_INFO_V1(tw_sql_test_phrase);
PG_FUNCTION_INFO_V1(tw_sql_check_phrase);
PG_FUNCTION_INFO_V1(tw_sql_fold_text);
PG_FUNCTION_INFO_V1(tw_sql_fold_compatible);
PG_FUNCTION_INFO_V1(tw_sql_text_similarity);

#define MAX_TEXT (1024 * 1024)
#define UNIX_EPOCH_JULIAN 2440588

/* Phrases of more rulebooks than a desk works with at once are compiled again. */
#define MAX_RULEBOOKS 8

static const void *load_lexicon(const char *rulebook, Snapshot snapshot);

static const char *const phrase_tables[] = {"phrase", NULL};
static TwCache lexicons = {.name = "phrases",.tables = phrase_tables,.load = load_lexicon,.max_entries = MAX_RULEBOOKS};

static void
refuse_phrase(const TwPhraseProblem *problem, const TwPhraseRow *row)
{
	tw_fail(problem->key, NULL, 2, row->pattern ? row->pattern : "",
			problem->argument ? problem->argument : "");
}

/* The one rulebook that has phrases, where a call names none */
static const char *
only_rulebook(Snapshot snapshot)
{
	TwScan		scan;
	char	   *found = NULL;

	tw_scan_begin(&scan, "phrase", snapshot, NULL, NULL);
	while (tw_scan_next(&scan))
	{
		char	   *rulebook = tw_scan_text(&scan, tw_scan_column(&scan, "rulebook"));

		if (found != NULL && strcmp(found, rulebook) != 0)
			tw_fail("rulebook_not_named", NULL, 2, found, rulebook);
		if (found != NULL)
			pfree(found);
		found = rulebook;
	}
	tw_scan_end(&scan);
	if (found == NULL)
		tw_fail("no_phrases", NULL, 1, "");
	return found;
}

static int
compare_rows(const void *a, const void *b)
{
	const TwPhraseRow *x = a;
	const TwPhraseRow *y = b;
	int			order = strcmp(x->role, y->role);

	if (order == 0)
		order = strcmp(x->code, y->code);
	return order != 0 ? order : strcmp(x->pattern, y->pattern);
}

static const void *
load_lexicon(const char *rulebook, Snapshot snapshot)
{
	TwScan		scan;
	TwPhraseRow *rows = palloc(256 * sizeof(TwPhraseRow));
	int			count = 0;
	int			room = 256;
	TwPhraseProblem problem;
	TwLexicon  *lexicon;

	if (rulebook[0] == '\0')
		rulebook = only_rulebook(snapshot);
	tw_scan_begin(&scan, "phrase", snapshot, "rulebook", rulebook);
	while (tw_scan_next(&scan))
	{
		if (count == room)
		{
			room *= 2;
			rows = repalloc(rows, room * sizeof(TwPhraseRow));
		}
		rows[count].code = tw_scan_text(&scan, tw_scan_column(&scan, "code"));
		rows[count].role = tw_scan_text(&scan, tw_scan_column(&scan, "role"));
		rows[count].pattern = tw_scan_text(&scan, tw_scan_column(&scan, "pattern"));
		rows[count].severity = tw_scan_text(&scan, tw_scan_column(&scan, "severity"));
		rows[count].clause = tw_scan_text(&scan, tw_scan_column(&scan, "clause"));
		rows[count].waiver = tw_scan_text(&scan, tw_scan_column(&scan, "waiver"));
		count++;
	}
	tw_scan_end(&scan);
	if (count == 0)
		tw_fail("no_phrases", NULL, 1, rulebook);
	/* the same findings whatever the order on disk */
	qsort(rows, count, sizeof(TwPhraseRow), compare_rows);
	lexicon = tw_compile_phrases(rows, count, &problem);
	if (lexicon == NULL)
		refuse_phrase(&problem, &rows[problem.row]);
	pfree(rows);
	return lexicon;
}

static const TwLexicon *
lexicon_of(FunctionCallInfo fcinfo, int argument)
{
	const text *name;

	if (PG_ARGISNULL(argument))
		return tw_cache_get(&lexicons, "", 0, NULL);
	name = PG_GETARG_TEXT_PP(argument);
	if (VARSIZE_ANY_EXHDR(name) == 0)
		tw_fail("no_phrases", NULL, 1, "");
	/* fn_extra stays the caller's: a set-returning function's node frees what hangs there */
	return tw_cache_get(&lexicons, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), NULL);
}

static const char *
text_argument(FunctionCallInfo fcinfo, int argument, const char *name, int *length)
{
	const text *given;
	Size		size;
	char		limit[16];

	*length = 0;
	if (PG_ARGISNULL(argument))
		return NULL;
	/* before it is decompressed: a long text is refused for what it is, not for its memory */
	size = toast_raw_datum_size(PG_GETARG_DATUM(argument)) - VARHDRSZ;
	if (size > MAX_TEXT)
	{
		snprintf(limit, sizeof(limit), "%d", MAX_TEXT);
		tw_fail("report_too_long", NULL, 2, name, limit);
	}
	given = PG_GETARG_TEXT_PP(argument);
	*length = VARSIZE_ANY_EXHDR(given);
	return VARDATA_ANY(given);
}

/* The day of the report as days since 1970; without one, today where the desk is */
static int32
day_argument(FunctionCallInfo fcinfo, int argument)
{
	pg_time_t	now;
	struct pg_tm *tm;

	if (!PG_ARGISNULL(argument))
	{
		DateADT		day = PG_GETARG_DATEADT(argument);

		if (DATE_NOT_FINITE(day) || day < -800000 || day > 3000000)
			tw_fail("report_day_unusable", NULL, 0);
		return day + POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JULIAN;
	}
	now = timestamptz_to_time_t(tw_now());
	tm = pg_localtime(&now, pg_tzset("Asia/Shanghai"));
	return tw_day_number(tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday);
}

/* Codes of the label domain "category" and their Chinese names, with and without 类 as annex 3 writes them */
static int
category_argument(FunctionCallInfo fcinfo, int argument)
{
	static const struct
	{
		const char *name;
		TwCategory	category;
	}			names[] = {
		{"complaint", TW_COMPLAINT}, {"help", TW_HELP}, {"suggestion", TW_SUGGESTION}, {"consultation", TW_CONSULTATION},
		{"投诉", TW_COMPLAINT}, {"求助", TW_HELP}, {"意见建议", TW_SUGGESTION}, {"咨询", TW_CONSULTATION},
		{"投诉类", TW_COMPLAINT}, {"求助类", TW_HELP}, {"意见建议类", TW_SUGGESTION}, {"咨询类", TW_CONSULTATION}
	};
	char	   *given;

	if (PG_ARGISNULL(argument))
		return -1;
	given = text_to_cstring(PG_GETARG_TEXT_PP(argument));
	for (int i = 0; i < (int) lengthof(names); i++)
		if (strcmp(given, names[i].name) == 0)
			return names[i].category;
	tw_fail("unknown_code", NULL, 3, "category", given,
			"complaint (投诉), help (求助), suggestion (意见建议), consultation (咨询)");
}

/* Bytes of the first n characters; the text is valid */
static int
bytes_of(const char *text, int length, int characters)
{
	int			at = 0;

	while (characters > 0 && at < length)
	{
		unsigned char c = text[at];

		at += c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
		characters--;
	}
	return Min(at, length);
}

/* Walks over the joined original, forward only, to cut excerpts out of it. */
typedef struct Cutter
{
	const char *texts[2];
	int			lengths[2];
	int			body_characters;	/* -1: not yet counted */
	int			character;		/* where it stands in the body */
	int			byte;
} Cutter;

static int
count_characters(const char *text, int length)
{
	int			count = 0;

	for (int i = 0; i < length; i++)
		count += ((unsigned char) text[i] & 0xc0) != 0x80;
	return count;
}

/* Characters first to first + count - 1 of body, line break, points */
static text *
cut(Cutter *cutter, int first, int count)
{
	const char *body = cutter->texts[0];
	int			length = cutter->lengths[0];
	int			start;
	int			end;

	if (cutter->texts[1] != NULL)
	{
		if (cutter->body_characters < 0)
			cutter->body_characters = count_characters(body, length);
		if (first > cutter->body_characters)
		{
			const char *points = cutter->texts[1];

			first -= cutter->body_characters + 1;
			start = bytes_of(points, cutter->lengths[1], first);
			end = start + bytes_of(points + start, cutter->lengths[1] - start, count);
			return cstring_to_text_with_len(points + start, end - start);
		}
	}
	if (first < cutter->character)
	{
		cutter->character = 0;
		cutter->byte = 0;
	}
	start = cutter->byte + bytes_of(body + cutter->byte, length - cutter->byte, first - cutter->character);
	cutter->character = first;
	cutter->byte = start;
	end = start + bytes_of(body + start, length - start, count);
	return cstring_to_text_with_len(body + start, end - start);
}

static const char *
clause_of(const TwLexicon *lexicon, const TwFinding *finding)
{
	static const char *const clauses[TW_NCODES] = {
		NULL, "A4.1.1", "A4.1.2", "A4.1.3", "A4.1.4", "A4.1.5", "A4.1.6", "A4.1.7",
		"A4.2.1", "A4.2.2", "A4.2.3", "A4.2.4", "A4.2.5", "A4.2.6", "A4.2.7",
		"2.3.3.1", "2.3.3.1", "2.3.3.2", "2.3.4", "A4.2.7"
	};

	if (finding->pattern >= 0)
	{
		int32		row = lexicon->patterns[finding->pattern].row;

		if (row >= 0 && lexicon->clauses[row] != NULL)
			return lexicon->clauses[row];
	}
	return clauses[finding->code];
}

static Tuplestorestate *
begin_rows(FunctionCallInfo fcinfo, TupleDesc *desc)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext caller;
	Tuplestorestate *store;

	if (result == NULL || !IsA(result, ReturnSetInfo) || !(result->allowedModes & SFRM_Materialize) ||
		result->expectedDesc == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("set-valued function called in context that cannot accept a set")));
	caller = MemoryContextSwitchTo(result->econtext->ecxt_per_query_memory);
	*desc = CreateTupleDescCopy(result->expectedDesc);
	store = tuplestore_begin_heap((result->allowedModes & SFRM_Materialize_Random) != 0, false, work_mem);
	MemoryContextSwitchTo(caller);
	result->returnMode = SFRM_Materialize;
	result->setResult = store;
	result->setDesc = *desc;
	return store;
}

static void
put_finding(Tuplestorestate *store, TupleDesc desc, const TwReport *r, const TwFinding *finding, Cutter *cutter)
{
	Datum		values[7];
	bool		nulls[7] = {false};
	text	   *excerpt = NULL;

	values[0] = CStringGetTextDatum(tw_code_names[finding->code]);
	values[1] = CStringGetTextDatum(tw_severity_names[finding->severity]);
	if (finding->first >= 0)
	{
		int			first = r->folded.chars[finding->first].pos;
		int			count = r->folded.chars[finding->last].pos - first + 1;

		excerpt = cut(cutter, first, count);
		values[2] = Int32GetDatum(first + 1);
		values[3] = Int32GetDatum(count);
		values[4] = PointerGetDatum(excerpt);
	}
	else
		nulls[2] = nulls[3] = nulls[4] = true;
	values[5] = CStringGetTextDatum(tw_message(finding->message, 1, excerpt ? text_to_cstring(excerpt) : ""));
	values[6] = CStringGetTextDatum(clause_of(r->lexicon, finding));
	tuplestore_putvalues(store, desc, values, nulls);
}

/*
 * check_report_text(body, points, rulebook, reported_on, appeal, category,
 * has_contact, petitioner_phone)
 */
Datum
tw_sql_check_report_text(PG_FUNCTION_ARGS)
{
	TwReportInput input;
	TwReport	report;
	TwRoom		room;
	char		phone[TW_PHONE_DIGITS + 1];
	int			length;
	const char *given;
	const TwLexicon *lexicon;
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	tw_require_utf8();
	memset(&input, 0, sizeof(input));
	input.body = text_argument(fcinfo, 0, "body", &input.body_length);
	if (input.body == NULL)
		input.body = "";
	input.points = text_argument(fcinfo, 1, "points", &input.points_length);
	input.today = day_argument(fcinfo, 3);
	input.appeal = text_argument(fcinfo, 4, "appeal", &input.appeal_length);
	input.category = category_argument(fcinfo, 5);
	input.has_contact = PG_ARGISNULL(6) || PG_GETARG_BOOL(6);
	given = text_argument(fcinfo, 7, "petitioner_phone", &length);
	if (given != NULL && tw_phone_digits(given, length, phone) > 0)
		input.petitioner_phone = phone;

	lexicon = lexicon_of(fcinfo, 2);
	if (!tw_check_report(&report, lexicon, &input, &room))
		ereport(ERROR, (errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE), errmsg("invalid text")));

	if (report.nfindings == 0)
	{
		TupleDesc	desc;

		/* without a store the caller makes an empty one; this raises the error of a caller that takes no set */
		if (result == NULL || !IsA(result, ReturnSetInfo))
			begin_rows(fcinfo, &desc);
		result->returnMode = SFRM_Materialize;	/* NOLINT: begin_rows() does not return without a result */
	}
	else
	{
		TupleDesc	desc;
		Tuplestorestate *store = begin_rows(fcinfo, &desc);
		Cutter		cutter = {{input.body, input.points}, {input.body_length, input.points_length}, -1, 0, 0};

		for (int i = 0; i < report.nfindings; i++)
		{
			CHECK_FOR_INTERRUPTS();
			put_finding(store, desc, &report, &report.findings[i], &cutter);
		}
	}
	return (Datum) 0;
}

static char *
optional_cstring(FunctionCallInfo fcinfo, int argument)
{
	return PG_ARGISNULL(argument) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(argument));
}

/* check_phrase(code, role, pattern, severity, waiver): raises what is wrong with a row */
Datum
tw_sql_check_phrase(PG_FUNCTION_ARGS)
{
	TwPhraseRow row;
	TwPhraseProblem problem;

	row.code = optional_cstring(fcinfo, 0);
	row.role = optional_cstring(fcinfo, 1);
	row.pattern = optional_cstring(fcinfo, 2);
	row.severity = optional_cstring(fcinfo, 3);
	row.waiver = optional_cstring(fcinfo, 4);
	row.clause = NULL;
	if (tw_compile_phrases(&row, 1, &problem) == NULL)
		refuse_phrase(&problem, &row);
	PG_RETURN_VOID();
}

/* test_phrase(pattern, text): where a pattern alone would be found */
Datum
tw_sql_test_phrase(PG_FUNCTION_ARGS)
{
	TwPhraseRow row = {"P1", "synonym", NULL, "review", NULL, NULL};
	TwPhraseProblem problem;
	TwLexicon  *lexicon;
	TwReportInput input;
	TwReport	report;
	TupleDesc	desc;
	Tuplestorestate *store;
	Cutter		cutter;

	tw_require_utf8();
	row.pattern = optional_cstring(fcinfo, 0);
	lexicon = tw_compile_phrases(&row, 1, &problem);
	if (lexicon == NULL)
		refuse_phrase(&problem, &row);
	memset(&input, 0, sizeof(input));
	input.body = text_argument(fcinfo, 1, "sample", &input.body_length);
	store = begin_rows(fcinfo, &desc);
	if (input.body == NULL)
		return (Datum) 0;

	memset(&report, 0, sizeof(report));
	report.lexicon = lexicon;
	report.input = &input;
	tw_fold_begin(&report.folded, palloc(TW_SMALL_TEXT * sizeof(TwChar)), TW_SMALL_TEXT);
	if (!tw_fold(&report.folded, input.body, input.body_length) || !tw_report_read(&report))
		ereport(ERROR, (errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE), errmsg("invalid text")));
	cutter = (Cutter) {{input.body, NULL}, {input.body_length, 0}, -1, 0, 0};
	for (int i = 0; i < report.nmatches; i++)
	{
		const TwMatch *match = &report.matches[i];
		Datum		values[3];
		bool		nulls[3] = {false};
		int			first = report.folded.chars[match->first].pos;
		int			count = report.folded.chars[match->last].pos - first + 1;

		if (lexicon->patterns[match->pattern].row != 0)
			continue;
		values[0] = Int32GetDatum(first + 1);
		values[1] = Int32GetDatum(count);
		values[2] = PointerGetDatum(cut(&cutter, first, count));
		tuplestore_putvalues(store, desc, values, nulls);
	}
	return (Datum) 0;
}

static text *
folded_text(const TwFolded *folded)
{
	text	   *out = palloc(VARHDRSZ + (Size) folded->count * 4);
	int			length = 0;

	for (int i = 0; i < folded->count; i++)
		length += tw_encode(folded->chars[i].point, VARDATA(out) + length);
	SET_VARSIZE(out, VARHDRSZ + length);
	return out;
}

/* fold_text(given): as phrases and texts are compared (R1) */
Datum
tw_sql_fold_text(PG_FUNCTION_ARGS)
{
	TwFolded	folded;
	int			length;
	const char *given = text_argument(fcinfo, 0, "given", &length);

	tw_require_utf8();
	tw_fold_begin(&folded, palloc(TW_SMALL_TEXT * sizeof(TwChar)), TW_SMALL_TEXT);
	if (!tw_fold(&folded, given, length))
		ereport(ERROR, (errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE), errmsg("invalid text")));
	PG_RETURN_TEXT_P(folded_text(&folded));
}

/* fold_compatible(given): NFKC of each character by itself, as the table has it */
Datum
tw_sql_fold_compatible(PG_FUNCTION_ARGS)
{
	int			length;
	const char *at = text_argument(fcinfo, 0, "given", &length);
	const char *end = at + length;
	StringInfoData out;

	tw_require_utf8();
	initStringInfo(&out);
	while (at < end)
	{
		uint32		points[TW_MAX_EXPANSION];
		uint32		point;
		int			count;

		at = tw_decode(at, end, &point);
		count = tw_nfkc(point, points);
		for (int i = 0; i < count; i++)
		{
			char		utf8[4];

			appendBinaryStringInfo(&out, utf8, tw_encode(points[i], utf8));
		}
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

static bool
same_letters(const TwFolded *a, const TwFolded *b)
{
	int			i = 0;
	int			j = 0;

	for (;;)
	{
		while (i < a->count && a->chars[i].kind > TW_DIGIT)
			i++;
		while (j < b->count && b->chars[j].kind > TW_DIGIT)
			j++;
		if (i == a->count || j == b->count)
			return i == a->count && j == b->count;
		if (a->chars[i++].point != b->chars[j++].point)
			return false;
	}
}

/* text_similarity(a, b): share of adjacent character pairs that both have, 0 to 1 */
Datum
tw_sql_text_similarity(PG_FUNCTION_ARGS)
{
	TwChar		room_a[TW_SMALL_TEXT];
	TwChar		room_b[TW_SMALL_TEXT];
	TwFolded	a;
	TwFolded	b;
	int			length_a;
	int			length_b;
	const char *text_a = text_argument(fcinfo, 0, "a", &length_a);
	const char *text_b = text_argument(fcinfo, 1, "b", &length_b);

	tw_require_utf8();
	tw_fold_begin(&a, room_a, lengthof(room_a));
	tw_fold_begin(&b, room_b, lengthof(room_b));
	if (!tw_fold(&a, text_a, length_a) || !tw_fold(&b, text_b, length_b))
		ereport(ERROR, (errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE), errmsg("invalid text")));
	/* texts without a pair, of one letter or none, are the same or not at all */
	if (same_letters(&a, &b))
		PG_RETURN_FLOAT4(1);
	PG_RETURN_FLOAT4((float4) tw_pair_similarity(&a, &b));
}
