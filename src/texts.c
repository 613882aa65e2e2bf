/*
 * texts.c
 *		What every text argument is asked before it is stored.
 */
#include "ticket_workflow.h"

#include "fold.h"

#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(tw_sql_optional_text);
PG_FUNCTION_INFO_V1(tw_sql_require_text);

/*
 * A control character would break sheets, logs and the reader's trust, and so
 * would a mark that turns the direction of text; line ends and tabs are text.
 */
static bool
is_refused(uint32 c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
		(c >= 0x7f && c <= 0x9f) ||
		(c >= 0x202a && c <= 0x202e) ||
		(c >= 0x2066 && c <= 0x2069);
}

static bool
is_blank(uint32 c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x3000;
}

static char *
parameter_name(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
}

/* Raises what is wrong with the text. */
static void
check_text(FunctionCallInfo fcinfo, bool required)
{
	text	   *given = PG_GETARG_TEXT_PP(0);
	const char *at = VARDATA_ANY(given);
	const char *end = at + VARSIZE_ANY_EXHDR(given);
	int			length = 0;
	bool		refused = false;
	bool		filled = false;

	while (at < end)
	{
		uint32		c;

		at = tw_decode(at, end, &c);
		refused = refused || is_refused(c);
		filled = filled || !is_blank(c);
		length++;
	}
	if (required && !filled)
		tw_fail("text_missing", NULL, 1, parameter_name(fcinfo));
	if (!PG_ARGISNULL(2) && length > PG_GETARG_INT32(2))
		tw_fail("text_too_long", NULL, 3, parameter_name(fcinfo),
				psprintf("%d", length), psprintf("%d", PG_GETARG_INT32(2)));
	if (refused)
		tw_fail("text_control", NULL, 1, parameter_name(fcinfo));
}

/* optional_text(given, parameter, max_length) */
Datum
tw_sql_optional_text(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	check_text(fcinfo, false);
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

/* require_text(given, parameter, max_length): the same, and more than blanks */
Datum
tw_sql_require_text(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		tw_fail("text_missing", NULL, 1, parameter_name(fcinfo));
	check_text(fcinfo, true);
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}
