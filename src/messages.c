/*
 * messages.c
 *		Errors and texts in Chinese and English, from the one message file.
 *
 * messages/messages.tsv gives each message its key, SQLSTATE and hint,
 * messages/clauses.tsv the wording of the norm's clauses.  SQL raises through
 * fail(), C through tw_fail(); both read the same generated table.
 */
#include "ticket_workflow.h"

#include <limits.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(tw_sql_fail);
PG_FUNCTION_INFO_V1(tw_sql_message_text);
PG_FUNCTION_INFO_V1(tw_sql_fill_template);

typedef struct TwMessage
{
	const char *key;
	const char *sqlstate;
	const char *zh;
	const char *en;
	const char *hint_zh;
	const char *hint_en;
} TwMessage;

typedef struct TwClause
{
	const char *clause;
	const char *zh;
	const char *en;
} TwClause;

#include "generated/messages.h"

#define MAX_ARGS 9

/* Both tables start with their key, and are sorted by it. */
static int
compare_key(const void *key, const void *row)
{
	return strcmp((const char *) key, *(const char *const *) row);
}

static const TwMessage *
find_message(const char *key)
{
	const TwMessage *message = bsearch(key, tw_messages, lengthof(tw_messages),
									   sizeof(TwMessage), compare_key);

	if (message == NULL)
		ereport(ERROR,
				(errcode(MAKE_SQLSTATE('T', 'W', '0', '0', '6')),
				 errmsg("ticket_workflow has no message \"%.60s\"", key)));
	return message;
}

/* What a caller sent is not sent back to him by the megabyte. */
#define MAX_SHOWN 1000

/*
 * Put the arguments in the place of %1 to %9; one that is missing stays empty.
 * In the place of %@1 to %@9 comes what the kind of row of that name is called:
 * the label of the domain "object".
 */
static char *
fill_in(const char *format, bool english, int nargs, const char **args, int max_length)
{
	StringInfoData out;

	initStringInfo(&out);
	while (*format != '\0')
	{
		bool		labelled = format[0] == '%' && format[1] == '@';
		char		digit = format[0] != '%' ? '\0' : format[labelled ? 2 : 1];

		if (digit >= '1' && digit <= '9')
		{
			int			which = digit - '1';

			if (which < nargs && args[which] != NULL)
			{
				const char *shown = labelled ? tw_label("object", args[which], english) : args[which];
				int			length = strlen(shown);

				if (length <= max_length)
					appendBinaryStringInfo(&out, shown, length);
				else
				{
					appendBinaryStringInfo(&out, shown, pg_mbcliplen(shown, length, max_length));
					appendStringInfoString(&out, "…");
				}
			}
			format += labelled ? 3 : 2;
		}
		else
		{
			/* up to the next sign, which may be one of the text's own */
			int			length = 1 + (int) strcspn(format + 1, "%");

			appendBinaryStringInfo(&out, format, length);
			format += length;
		}
	}
	return out.data;
}

static void
clause_detail(StringInfo out, const char *key)
{
	bool		english = tw_language_is_english();
	const TwClause *clause = bsearch(key, tw_clauses, lengthof(tw_clauses),
									 sizeof(TwClause), compare_key);

	appendStringInfo(out, english ? "Clause %s" : "条款 %s", key);
	if (clause != NULL)
		appendStringInfo(out, english ? ": %s" : "：%s", english ? clause->en : clause->zh);
}

static void
raise(const char *key, const char *clause, int nargs, const char **args)
{
	const TwMessage *message = find_message(key);
	bool		english = tw_language_is_english();
	const char *state = message->sqlstate[0] ? message->sqlstate : "XX000";
	char	   *hint = fill_in(english ? message->hint_en : message->hint_zh, english, nargs, args, 4 * MAX_SHOWN);
	StringInfoData detail;

	initStringInfo(&detail);
	if (clause != NULL && clause[0] != '\0')
		clause_detail(&detail, clause);

	ereport(ERROR,
			(errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
			 errmsg_internal("%s", fill_in(english ? message->en : message->zh, english, nargs, args, MAX_SHOWN)),
			 detail.len > 0 ? errdetail_internal("%s", detail.data) : 0,
			 hint[0] != '\0' ? errhint("%s", hint) : 0));
}

static int
collect_args(const char **args, int nargs, va_list from)
{
	nargs = Min(nargs, MAX_ARGS);
	for (int i = 0; i < nargs; i++)
		args[i] = va_arg(from, const char *);
	return nargs;
}

void
tw_fail(const char *key, const char *clause, int nargs,...)
{
	const char *args[MAX_ARGS];
	va_list		list;

	va_start(list, nargs);
	nargs = collect_args(args, nargs, list);
	va_end(list);
	raise(key, clause, nargs, args);
	pg_unreachable();
}

char *
tw_message(const char *key, int nargs,...)
{
	const TwMessage *message = find_message(key);
	bool		english = tw_language_is_english();
	const char *args[MAX_ARGS];
	va_list		list;

	va_start(list, nargs);
	nargs = collect_args(args, nargs, list);
	va_end(list);
	return fill_in(english ? message->en : message->zh, english, nargs, args, INT_MAX);
}

/*
 * A message as a datum, made in one piece: dispatch fills in seven of them for
 * every ticket.  The key is a literal of the library, so that its address
 * stands for it.
 */
text *
tw_message_datum(const char *key, const char *const *args, int nargs)
{
	static struct
	{
		const char *key;
		const TwMessage *message;
	}			seen[128];
	int			slot = ((uintptr_t) key >> 3) % lengthof(seen);
	const char *format;
	size_t		lengths[MAX_ARGS];
	size_t		total;
	text	   *result;
	char	   *out;

	if (seen[slot].key != key)
	{
		seen[slot].message = find_message(key);
		seen[slot].key = key;
	}
	format = tw_language_is_english() ? seen[slot].message->en : seen[slot].message->zh;
	nargs = Min(nargs, MAX_ARGS);
	total = strlen(format);
	for (int i = 0; i < nargs; i++)
		lengths[i] = args[i] != NULL ? strlen(args[i]) : 0;
	for (const char *c = strchr(format, '%'); c != NULL; c = strchr(c + 1, '%'))
		if (c[1] >= '1' && c[1] <= '9' && c[1] - '1' < nargs)
			total += lengths[c[1] - '1'];

	result = palloc(VARHDRSZ + total);
	out = VARDATA(result);
	for (;;)
	{
		const char *next = strchr(format, '%');

		if (next == NULL)
			next = format + strlen(format);
		memcpy(out, format, next - format);
		out += next - format;
		if (*next == '\0')
			break;
		format = next + 1;
		if (*format >= '1' && *format <= '9')
		{
			int			which = *format++ - '1';

			if (which < nargs && lengths[which] > 0)
			{
				memcpy(out, args[which], lengths[which]);
				out += lengths[which];
			}
		}
		else
			*out++ = '%';
	}
	SET_VARSIZE(result, out - (char *) result);
	return result;
}

static int
array_args(ArrayType *array, const char **args)
{
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	count = Min(count, MAX_ARGS);
	for (int i = 0; i < count; i++)
		args[i] = nulls[i] ? NULL : TextDatumGetCString(elements[i]);
	return count;
}

Datum
tw_sql_fail(PG_FUNCTION_ARGS)
{
	const char *args[MAX_ARGS];
	int			nargs = 0;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(MAKE_SQLSTATE('T', 'W', '0', '0', '6')),
				 errmsg("fail() needs the key of a message")));
	if (!PG_ARGISNULL(2))
		nargs = array_args(PG_GETARG_ARRAYTYPE_P(2), args);
	raise(text_to_cstring(PG_GETARG_TEXT_PP(0)),
		  PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1)),
		  nargs, args);
	PG_RETURN_VOID();
}

/* message_text(key, args, language): NULL language is the session's */
Datum
tw_sql_message_text(PG_FUNCTION_ARGS)
{
	const char *args[MAX_ARGS];
	int			nargs = 0;
	const TwMessage *message;
	bool		english = tw_language_is_english();

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	message = find_message(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	if (!PG_ARGISNULL(1))
		nargs = array_args(PG_GETARG_ARRAYTYPE_P(1), args);
	if (!PG_ARGISNULL(2))
		english = strcmp(text_to_cstring(PG_GETARG_TEXT_PP(2)), "en") == 0;
	PG_RETURN_TEXT_P(cstring_to_text(fill_in(english ? message->en : message->zh, english, nargs, args, INT_MAX)));
}

/* fill_template(template, args): a text of a rulebook's own with the arguments in their places */
Datum
tw_sql_fill_template(PG_FUNCTION_ARGS)
{
	const char *args[MAX_ARGS];
	int			nargs = array_args(PG_GETARG_ARRAYTYPE_P(1), args);

	PG_RETURN_TEXT_P(cstring_to_text(fill_in(text_to_cstring(PG_GETARG_TEXT_PP(0)), tw_language_is_english(), nargs, args, INT_MAX)));
}
