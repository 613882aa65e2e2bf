/*
 * calendar_sql.c
 *		The calendar functions as SQL calls them.
 *
 * None is strict: the calendar may be NULL, for the setting's.  A NULL day or
 * time gives NULL.  Infinite days stay what they are where the result is a
 * day, are neither working days nor covered, and have nothing between them.
 */
#include "calendar_cache.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "ticket_workflow.h"

PG_FUNCTION_INFO_V1(tw_sql_is_working_day);
PG_FUNCTION_INFO_V1(tw_sql_add_working_days);
PG_FUNCTION_INFO_V1(tw_sql_working_days_between);
PG_FUNCTION_INFO_V1(tw_sql_add_working_time);
PG_FUNCTION_INFO_V1(tw_sql_working_time_between);
PG_FUNCTION_INFO_V1(tw_sql_calendar_covers);
PG_FUNCTION_INFO_V1(tw_sql_due_at);
PG_FUNCTION_INFO_V1(tw_sql_due_on);

/* Beyond these a limit is a mistake: four thousand years of days, two hundred of minutes. */
#define MAX_DAYS 1000000
#define MAX_MINUTES 105000000

static const char *
int_text(int64 value)
{
	return psprintf(INT64_FORMAT, value);
}

static DateADT
checked_date(int64 day)
{
	if (day < PG_INT32_MIN || day > PG_INT32_MAX || !IS_VALID_DATE((DateADT) day))
		tw_fail("date_out_of_range", NULL, 0);
	return (DateADT) day;
}

static TimestampTz
checked_time(int64 time)
{
	if (!IS_VALID_TIMESTAMP(time))
		tw_fail("date_out_of_range", NULL, 0);
	return time;
}

/* What the engine cannot answer: there is no service at all, the end of time, or of the zone's known changes. */
static void
refuse(const TwCalendar *calendar)
{
	if (calendar->per_week == 0)
		tw_fail("calendar_never_works", NULL, 0);
	if (calendar->horizon == PG_INT64_MAX)
		tw_fail("date_out_of_range", NULL, 0);
	tw_fail("beyond_horizon", NULL, 1, int_text(TW_LAST_YEAR));
}

Datum
tw_sql_is_working_day(PG_FUNCTION_ARGS)
{
	DateADT		day;
	const TwCalendar *calendar;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	day = PG_GETARG_DATEADT(0);
	calendar = tw_calendar_arg(fcinfo, 1);
	if (DATE_NOT_FINITE(day))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(tw_is_working(calendar, day));
}

Datum
tw_sql_calendar_covers(PG_FUNCTION_ARGS)
{
	DateADT		day;
	const TwCalendar *calendar;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	day = PG_GETARG_DATEADT(0);
	calendar = tw_calendar_arg(fcinfo, 1);
	PG_RETURN_BOOL(!DATE_NOT_FINITE(day) && tw_covers(calendar, day));
}

Datum
tw_sql_add_working_days(PG_FUNCTION_ARGS)
{
	DateADT		day;
	int32		n;
	const TwCalendar *calendar;
	int64		result;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	day = PG_GETARG_DATEADT(0);
	n = PG_GETARG_INT32(1);
	calendar = tw_calendar_arg(fcinfo, 2);
	if (n > MAX_DAYS || n < -MAX_DAYS)
		tw_fail("amount_out_of_range", NULL, 2, int_text(n), int_text(MAX_DAYS));
	if (DATE_NOT_FINITE(day))
		PG_RETURN_DATEADT(day);
	if (!tw_add_working_days(calendar, day, n, &result))
		tw_fail("calendar_never_works", NULL, 0);
	PG_RETURN_DATEADT(checked_date(result));
}

Datum
tw_sql_working_days_between(PG_FUNCTION_ARGS)
{
	DateADT		a;
	DateADT		b;
	const TwCalendar *calendar;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	a = PG_GETARG_DATEADT(0);
	b = PG_GETARG_DATEADT(1);
	calendar = tw_calendar_arg(fcinfo, 2);
	if (DATE_NOT_FINITE(a) || DATE_NOT_FINITE(b))
		tw_fail("infinite_range", NULL, 0);
	PG_RETURN_INT32((int32) tw_working_days_between(calendar, a, b));
}

Datum
tw_sql_add_working_time(PG_FUNCTION_ARGS)
{
	TimestampTz at;
	Interval   *amount;
	const TwCalendar *calendar;
	int64		result;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	at = PG_GETARG_TIMESTAMPTZ(0);
	amount = PG_GETARG_INTERVAL_P(1);
	calendar = tw_calendar_arg(fcinfo, 2);

	/* also what 17 and later call an infinite interval */
	if (amount->day != 0 || amount->month != 0)
		tw_fail("interval_with_days", NULL, 0);
	if (amount->time > MAX_MINUTES * USECS_PER_MINUTE || amount->time < -MAX_MINUTES * USECS_PER_MINUTE)
		tw_fail("amount_out_of_range", NULL, 2,
				int_text(amount->time / USECS_PER_MINUTE), int_text(MAX_MINUTES));
	if (TIMESTAMP_NOT_FINITE(at))
		PG_RETURN_TIMESTAMPTZ(at);
	if (!tw_add_working_time(calendar, at, amount->time, &result))
		refuse(calendar);
	PG_RETURN_TIMESTAMPTZ(checked_time(result));
}

Datum
tw_sql_working_time_between(PG_FUNCTION_ARGS)
{
	TimestampTz a;
	TimestampTz b;
	const TwCalendar *calendar;
	Interval   *result;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	a = PG_GETARG_TIMESTAMPTZ(0);
	b = PG_GETARG_TIMESTAMPTZ(1);
	calendar = tw_calendar_arg(fcinfo, 2);
	if (TIMESTAMP_NOT_FINITE(a) || TIMESTAMP_NOT_FINITE(b))
		tw_fail("infinite_range", NULL, 0);
	result = palloc0(sizeof(Interval));
	if (!tw_working_time_between(calendar, a, b, &result->time))
		refuse(calendar);
	PG_RETURN_INTERVAL_P(result);
}

/* ---- limits ---- */

static const char *const limit_kinds[] = {
	[TW_ELAPSED_MINUTES] = "elapsed_minutes",
	[TW_SERVICE_MINUTES] = "service_minutes",
	[TW_WORKING_DAYS] = "working_days",
	[TW_CALENDAR_DAYS] = "calendar_days",
	[TW_NEXT_WORKING_DAY_AT] = "next_working_day_at",
	[TW_HALF_DAY_CUTOFF] = "half_day_cutoff",
};

static TwLimitKind
limit_kind(text *name)
{
	size_t		length = VARSIZE_ANY_EXHDR(name);

	for (int i = 0; i < lengthof(limit_kinds); i++)
		if (strlen(limit_kinds[i]) == length && memcmp(limit_kinds[i], VARDATA_ANY(name), length) == 0)
			return i;
	tw_fail("unknown_limit_kind", NULL, 1, text_to_cstring(name));
}

static void
check_amount(const TwLimit *limit)
{
	int			most = limit->kind == TW_HALF_DAY_CUTOFF ? 24 :
		limit->kind == TW_ELAPSED_MINUTES || limit->kind == TW_SERVICE_MINUTES ? MAX_MINUTES : MAX_DAYS;

	if (!limit->has_amount)
	{
		if (limit->kind != TW_NEXT_WORKING_DAY_AT && limit->kind != TW_HALF_DAY_CUTOFF)
			tw_fail("limit_amount_missing", NULL, 1, limit_kinds[limit->kind]);
	}
	else if (limit->amount < 0 || limit->amount > most)
		tw_fail("amount_out_of_range", NULL, 2, int_text(limit->amount), int_text(most));
}

Datum
tw_sql_due_at(PG_FUNCTION_ARGS)
{
	TimestampTz start;
	TwLimit		limit = {0};
	const TwCalendar *calendar;
	int64		due;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	start = PG_GETARG_TIMESTAMPTZ(0);
	limit.kind = limit_kind(PG_GETARG_TEXT_PP(1));
	limit.has_amount = !PG_ARGISNULL(2);
	limit.amount = limit.has_amount ? PG_GETARG_INT32(2) : 0;
	limit.has_time = !PG_ARGISNULL(3);
	limit.at_time = limit.has_time ? PG_GETARG_TIMEADT(3) : 0;
	limit.roll = PG_ARGISNULL(5) || PG_GETARG_BOOL(5);
	check_amount(&limit);
	calendar = tw_calendar_arg(fcinfo, 4);
	if (TIMESTAMP_NOT_FINITE(start))
		PG_RETURN_TIMESTAMPTZ(start);
	if (!tw_due_at(calendar, start, &limit, &due))
		refuse(calendar);
	PG_RETURN_TIMESTAMPTZ(checked_time(due));
}

Datum
tw_sql_due_on(PG_FUNCTION_ARGS)
{
	TimestampTz due;
	const TwCalendar *calendar;
	int64		day;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	due = PG_GETARG_TIMESTAMPTZ(0);
	calendar = tw_calendar_arg(fcinfo, 1);
	if (TIMESTAMP_IS_NOBEGIN(due))
		PG_RETURN_DATEADT(DATEVAL_NOBEGIN);
	if (TIMESTAMP_IS_NOEND(due))
		PG_RETURN_DATEADT(DATEVAL_NOEND);
	if (!tw_due_on(calendar, due, &day))
		refuse(calendar);
	PG_RETURN_DATEADT(checked_date(day));
}
