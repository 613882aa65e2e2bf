/*
 * calendar_due.c
 *		When a limit ends: the day rules of the requirements, T1 to T7.
 *
 * Pure as calendar.c is.  The start day is not counted (Civil Code 201), the
 * end of a day is 24:00 or the calendar's closing time, and a limit in
 * calendar days that ends on a rest day ends at the same time of the next
 * working day (Civil Code 203).
 */
#include "calendar.h"

#define NOON (12 * 60 * TW_MINUTE_USECS)
#define CUTOFF_HOUR 17

/* The n-th working day after a day; 0 is the day itself or the first one after it. */
static bool
working_day(const TwCalendar *calendar, int64_t day, int32_t n, int64_t *result)
{
	return day >= INT32_MIN && day <= INT32_MAX &&
		tw_add_working_days(calendar, (int32_t) day, n, result);
}

static bool
moment(const TwCalendar *calendar, int64_t day, int64_t time, int64_t *instant)
{
	int64_t		local;

	if (__builtin_mul_overflow(day, TW_DAY_USECS, &local) ||
		__builtin_add_overflow(local, time, &local))
		return false;
	return tw_from_local(calendar, local, instant);
}

bool
tw_due_at(const TwCalendar *calendar, int64_t start, const TwLimit *limit, int64_t *due)
{
	int64_t		minutes = limit->amount * TW_MINUTE_USECS;
	int64_t		local;
	int64_t		day;
	int64_t		time;

	if (limit->kind == TW_ELAPSED_MINUTES)
		return !__builtin_add_overflow(start, minutes, due);
	if (limit->kind == TW_SERVICE_MINUTES)
		return tw_add_working_time(calendar, start, minutes, due);

	if (!tw_to_local(calendar, start, &local))
		return false;
	day = tw_floor_div(local, TW_DAY_USECS);
	time = limit->has_time ? limit->at_time : calendar->closing * TW_MINUTE_USECS;

	switch (limit->kind)
	{
		case TW_WORKING_DAYS:
			if (!working_day(calendar, day, limit->amount, &day))
				return false;
			break;
		case TW_CALENDAR_DAYS:
			day += limit->amount;
			if (limit->roll && !working_day(calendar, day, 0, &day))
				return false;
			break;
		case TW_NEXT_WORKING_DAY_AT:
			if (!working_day(calendar, day, limit->has_amount ? limit->amount : 1, &day))
				return false;
			if (!limit->has_time)
				time = NOON;
			break;
		default:
			/* 2.4.1: in the morning until the cut-off of the day, later until noon of the next */
			if (local - day * TW_DAY_USECS < NOON)
				time = (limit->amount > 0 ? limit->amount : CUTOFF_HOUR) * 60 * TW_MINUTE_USECS;
			else
			{
				day++;
				if (!limit->has_time)
					time = NOON;
			}
			if (limit->roll && !working_day(calendar, day, 0, &day))
				return false;
			break;
	}
	return moment(calendar, day, time, due);
}

bool
tw_due_on(const TwCalendar *calendar, int64_t due, int64_t *day)
{
	int64_t		local;

	/* the moment before, not the wall clock's: in some zones a day begins at 01:00, or is skipped */
	if (!tw_to_local(calendar, due - 1, &local))
		return false;
	*day = tw_floor_div(local, TW_DAY_USECS);
	return true;
}
