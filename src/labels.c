/*
 * labels.c
 *		What a code is called in the session's language, and which code a name is.
 *
 * Views put a label beside each code, so label() runs several times a row: it
 * reads the generated table and keeps, per call site, what it has found.  The
 * product table ticket_workflow.label holds the same rows, for joins.
 */
#include "ticket_workflow.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(tw_sql_label);
PG_FUNCTION_INFO_V1(tw_sql_code_of);

typedef struct TwLabel
{
	const char *domain;
	const char *code;
	const char *zh;
	const char *en;
} TwLabel;

#include "generated/labels.h"

/* A column has a dozen codes; what does not fit is looked up each time. */
#define KEPT_LABELS 16

typedef struct KeptLabels
{
	bool		english;
	int			count;
	struct
	{
		text	   *domain;
		text	   *code;
		text	   *label;
	}			kept[KEPT_LABELS];
} KeptLabels;

/* strcmp() of a string that is not terminated. */
static int
compare_text(const text *given, const char *string)
{
	int			length = VARSIZE_ANY_EXHDR(given);
	int			other = strlen(string);
	int			order = memcmp(VARDATA_ANY(given), string, Min(length, other));

	return order != 0 ? order : length - other;
}

static const TwLabel *
find_label(const text *domain, const text *code)
{
	int			low = 0;
	int			high = lengthof(tw_labels);

	while (low < high)
	{
		int			middle = (low + high) / 2;
		int			order = compare_text(domain, tw_labels[middle].domain);

		if (order == 0)
			order = compare_text(code, tw_labels[middle].code);
		if (order == 0)
			return &tw_labels[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* What a code is called; the code where it has no label. */
const char *
tw_label(const char *domain, const char *code, bool english)
{
	const TwLabel *found = find_label(cstring_to_text(domain), cstring_to_text(code));

	return found == NULL ? code : english ? found->en : found->zh;
}

static bool
same_text(const text *a, const text *b)
{
	int			length = VARSIZE_ANY_EXHDR(a);

	return length == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), length) == 0;
}

static text *
copy_text(MemoryContext context, const text *given)
{
	text	   *copy = MemoryContextAlloc(context, VARSIZE_ANY(given));

	memcpy(copy, given, VARSIZE_ANY(given));
	return copy;
}

Datum
tw_sql_label(PG_FUNCTION_ARGS)
{
	text	   *domain = PG_GETARG_TEXT_PP(0);
	text	   *code = PG_GETARG_TEXT_PP(1);
	bool		english = tw_language_is_english();
	KeptLabels *kept = fcinfo->flinfo->fn_extra;
	const TwLabel *found;
	text	   *label;

	if (kept == NULL)
	{
		kept = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(KeptLabels));
		fcinfo->flinfo->fn_extra = kept;
	}
	/* a function may change the language between two rows */
	if (kept->english != english)
	{
		kept->english = english;
		kept->count = 0;
	}

	for (int i = 0; i < kept->count; i++)
	{
		if (same_text(code, kept->kept[i].code) && same_text(domain, kept->kept[i].domain))
			PG_RETURN_TEXT_P(kept->kept[i].label);
	}

	/* a code that no table knows may be of any length, and is not kept */
	found = find_label(domain, code);
	if (found == NULL)
		PG_RETURN_NULL();
	label = cstring_to_text(english ? found->en : found->zh);
	if (kept->count < KEPT_LABELS)
	{
		MemoryContext context = fcinfo->flinfo->fn_mcxt;

		kept->kept[kept->count].domain = copy_text(context, domain);
		kept->kept[kept->count].code = copy_text(context, code);
		kept->kept[kept->count].label = copy_text(context, label);
		kept->count++;
	}
	PG_RETURN_TEXT_P(label);
}

/* The codes of a domain, with their names, for who gave another one. */
static char *
list_codes(const text *domain)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < lengthof(tw_labels); i++)
		if (compare_text(domain, tw_labels[i].domain) == 0)
			appendStringInfo(&list, "%s%s (%s)", list.len > 0 ? ", " : "", tw_labels[i].code, tw_labels[i].zh);
	return list.data;
}

/*
 * code_of(domain, given, parameter): the code for a code or its Chinese or
 * English name; NULL for NULL.
 */
Datum
tw_sql_code_of(PG_FUNCTION_ARGS)
{
	text	   *domain;
	text	   *given;
	const TwLabel *found;

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0))
		elog(ERROR, "code_of() needs a domain");
	domain = PG_GETARG_TEXT_PP(0);
	given = PG_GETARG_TEXT_PP(1);
	found = find_label(domain, given);
	for (int i = 0; i < lengthof(tw_labels) && found == NULL; i++)
		if (compare_text(domain, tw_labels[i].domain) == 0 &&
			(compare_text(given, tw_labels[i].zh) == 0 || compare_text(given, tw_labels[i].en) == 0))
			found = &tw_labels[i];
	if (found == NULL)
	{
		char	   *shown = text_to_cstring(given);

		tw_fail("unknown_code", NULL, 3,
				PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2)),
				pnstrdup(shown, pg_mbcharcliplen(shown, strlen(shown), 60)), list_codes(domain));
	}
	PG_RETURN_TEXT_P(cstring_to_text(found->code));
}
