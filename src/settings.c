/*
 * settings.c
 *		The settings of a session, and the functions that alone read them.
 *
 * A role can set a placeholder of any name before the library is loaded, so
 * current_setting('ticket_workflow...') could be forged.  Here the variable is
 * defined first, and the server drops a value that its role may not set.
 */
#include "ticket_workflow.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(tw_sql_now);
PG_FUNCTION_INFO_V1(tw_sql_act_time);
PG_FUNCTION_INFO_V1(tw_sql_language);
PG_FUNCTION_INFO_V1(tw_sql_caller);
PG_FUNCTION_INFO_V1(tw_sql_actor_setting);
PG_FUNCTION_INFO_V1(tw_sql_calendar_setting);

typedef enum TwLanguage
{
	TW_LANGUAGE_ZH,
	TW_LANGUAGE_EN
} TwLanguage;

static const struct config_enum_entry language_options[] = {
	{"zh", TW_LANGUAGE_ZH, false},
	{"en", TW_LANGUAGE_EN, false},
	{NULL, 0, false}
};

static char *calendar_setting = NULL;
static size_t calendar_length = 0;
static char *actor_setting = NULL;
static char *now_setting = NULL;
static int	language_setting = TW_LANGUAGE_ZH;

/* now_setting, parsed: parsing costs more than all that is done with it */
static bool now_parsed = false;
static TimestampTz now_value;

/* kept beside it: the calendar is asked for a million times in one query */
static void
assign_calendar(const char *newval, void *extra)
{
	calendar_length = newval != NULL ? strlen(newval) : 0;
}

static void
assign_now(const char *newval, void *extra)
{
	now_parsed = false;
}

void
tw_define_settings(void)
{
	DefineCustomStringVariable("ticket_workflow.calendar",
							   "Calendar used where a function is given none.",
							   NULL,
							   &calendar_setting,
							   "cn_shanghai",
							   PGC_USERSET, 0,
							   NULL, assign_calendar, NULL);

	DefineCustomStringVariable("ticket_workflow.actor",
							   "Code of the official who acts, set by an application.",
							   "Needs the capability \"application\".",
							   &actor_setting,
							   "",
							   PGC_USERSET, 0,
							   NULL, NULL, NULL);

	DefineCustomEnumVariable("ticket_workflow.language",
							 "Language of messages, details, hints and labels.",
							 NULL,
							 &language_setting,
							 TW_LANGUAGE_ZH, language_options,
							 PGC_USERSET, 0,
							 NULL, NULL, NULL);

	DefineCustomStringVariable("ticket_workflow.now",
							   "A time that takes the place of the clock, for demos, tests and simulations.",
							   "Timestamp with time zone; empty for the real clock.",
							   &now_setting,
							   "",
							   PGC_SUSET, 0,
							   NULL, assign_now, NULL);

	MarkGUCPrefixReserved("ticket_workflow");
}

const char *
tw_default_calendar(void)
{
	return calendar_setting;
}

const char *
tw_default_calendar_key(size_t *length)
{
	*length = calendar_length;
	return calendar_setting;
}

bool
tw_language_is_english(void)
{
	return language_setting == TW_LANGUAGE_EN;
}

/*
 * The time of the statement: a long transaction cannot date its acts back to
 * its beginning, and all parts of one statement agree.
 */
TimestampTz
tw_now(void)
{
	if (now_setting == NULL || now_setting[0] == '\0')
		return GetCurrentStatementStartTimestamp();

	if (!now_parsed)
	{
		now_value = DatumGetTimestampTz(DirectFunctionCall3(timestamptz_in,
															CStringGetDatum(now_setting),
															ObjectIdGetDatum(InvalidOid),
															Int32GetDatum(-1)));
		now_parsed = true;
	}
	return now_value;
}

Datum
tw_sql_now(PG_FUNCTION_ARGS)
{
	PG_RETURN_TIMESTAMPTZ(tw_now());
}

/*
 * An act is dated by its statement: one that slept for an hour before it acts
 * would date it back (real clock only).
 */
Datum
tw_sql_act_time(PG_FUNCTION_ARGS)
{
	TimestampTz at = tw_now();
	TimestampTz began = GetCurrentStatementStartTimestamp();

	if (at == began)
	{
		int64		age = GetCurrentTimestamp() - began;

		if (age > USECS_PER_MINUTE)
			tw_fail("statement_old", NULL, 1, psprintf(INT64_FORMAT, (age + USECS_PER_SEC / 2) / USECS_PER_SEC));
	}
	PG_RETURN_TIMESTAMPTZ(at);
}

Datum
tw_sql_language(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(tw_language_is_english() ? "en" : "zh"));
}

/* The outer user: right under SET ROLE, and inside a SECURITY DEFINER function. */
Datum
tw_sql_caller(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID(GetOuterUserId());
}

const char *
tw_actor_setting(void)
{
	return actor_setting != NULL && actor_setting[0] != '\0' ? actor_setting : NULL;
}

Datum
tw_sql_actor_setting(PG_FUNCTION_ARGS)
{
	if (tw_actor_setting() == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(tw_actor_setting()));
}

Datum
tw_sql_calendar_setting(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(tw_default_calendar()));
}
