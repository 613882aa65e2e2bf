/*
 * calendar.h
 *		Working days and working time on a calendar in memory.
 *
 * Knows nothing of PostgreSQL, so that a harness can run it alone: days are
 * counted from 2000-01-01, times are microseconds from 2000-01-01 00:00 (UTC
 * for instants, the wall clock for local times), as the server's own types are.
 */
#ifndef TW_CALENDAR_H
#define TW_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* what stays inside the library needs no way round through its symbol table */
#pragma GCC visibility push(hidden)

#define TW_DAY_USECS INT64_C(86400000000)
#define TW_MINUTE_USECS INT64_C(60000000)
#define TW_DAY_MINUTES 1440

/* Service hours are minutes of the day, opens < closes <= 1440. */
typedef struct TwWindow
{
	int16_t		opens;
	int16_t		closes;
} TwWindow;

typedef struct TwWindows
{
	int			count;
	int			minutes;		/* their sum */
	TwWindow   *window;			/* in order, apart from each other */
} TwWindows;

/* A day that departs from the weekly pattern. */
typedef struct TwException
{
	int32_t		day;
	bool		works;
} TwException;

/* A day with service hours of its own. */
typedef struct TwSpecial
{
	int32_t		day;
	TwWindows	windows;
} TwSpecial;

/* From `start` on the wall clock is `offset` seconds ahead of UTC. */
typedef struct TwOffset
{
	int64_t		start;
	int32_t		offset;
	/* filled by tw_calendar_build(): service time at the start, and how to get it from the wall clock's */
	int64_t		service;
	int64_t		correction;
} TwOffset;

typedef struct TwRange
{
	int32_t		first;
	int32_t		last;
} TwRange;

typedef struct TwCalendar
{
	/* ---- what the builder is given ---- */
	uint8_t		week;			/* working weekdays, bit 0 is Monday */
	int16_t		closing;		/* minute at which a day ends, 1440 for 24:00 */
	TwWindows	weekday[7];		/* Monday first, also of those that do not work */
	int			nexceptions;	/* sorted by day, each day once */
	TwException *exceptions;
	int			nspecials;		/* sorted by day, each day once */
	TwSpecial  *specials;
	int			noffsets;		/* sorted, the first from INT64_MIN on */
	TwOffset   *offsets;
	int64_t		horizon;		/* instants from here on have no offset; INT64_MAX for none */
	int			ncovered;		/* published ranges, sorted and apart */
	TwRange    *covered;

	/* ---- what it makes of that ---- */
	int			per_week;
	int			week_rank[8];	/* working weekdays before this one */
	int			week_nth[7];	/* the weekday that is the n-th to work */
	int			week_minutes[8];	/* service minutes before this weekday */
	bool		even;			/* all days have the same service minutes */

	/* days from `first` on, 64 a word; the weekly pattern rules outside */
	int32_t		first;
	int			nwords;
	uint64_t   *works;
	uint64_t   *special;
	int32_t    *days_before;	/* working days before each word, and after the last */
	int32_t    *minutes_before; /* service minutes, likewise */
	uint16_t   *nth_day;		/* the working days of the span, from its first day on */
	int32_t    *nth_day_wide;	/* in its place where the span has 65536 days or more */
} TwCalendar;

/* Fills in the second part; the exceptions are not needed after it. */
extern void tw_calendar_build(TwCalendar *calendar, void *(*allocate) (size_t size));

extern bool tw_is_working(const TwCalendar *calendar, int32_t day);

/* False when the calendar never works in that direction. */
extern bool tw_add_working_days(const TwCalendar *calendar, int32_t day, int32_t n, int64_t *result);

/* The working days of a < d <= b; going back, b <= d < a, negative. */
extern int64_t tw_working_days_between(const TwCalendar *calendar, int32_t a, int32_t b);

/* False when the calendar never opens, or beyond its horizon. */
extern bool tw_add_working_time(const TwCalendar *calendar, int64_t at, int64_t amount, int64_t *result);
extern bool tw_working_time_between(const TwCalendar *calendar, int64_t a, int64_t b, int64_t *result);

/* A wall-clock time that is skipped or comes twice is read as PostgreSQL reads it. */
extern bool tw_to_local(const TwCalendar *calendar, int64_t instant, int64_t *local);
extern bool tw_from_local(const TwCalendar *calendar, int64_t local, int64_t *instant);

extern bool tw_covers(const TwCalendar *calendar, int32_t day);

/* calendar_due.c: the kinds of limits */
typedef enum TwLimitKind
{
	TW_ELAPSED_MINUTES,
	TW_SERVICE_MINUTES,
	TW_WORKING_DAYS,
	TW_CALENDAR_DAYS,
	TW_NEXT_WORKING_DAY_AT,
	TW_HALF_DAY_CUTOFF
} TwLimitKind;

typedef struct TwLimit
{
	TwLimitKind kind;
	bool		has_amount;
	int32_t		amount;
	bool		has_time;
	int64_t		at_time;		/* microseconds of the day */
	bool		roll;			/* off a rest day to the next working day */
} TwLimit;

/* False when the calendar never works, or beyond its horizon. */
extern bool tw_due_at(const TwCalendar *calendar, int64_t start, const TwLimit *limit, int64_t *due);

/* The last day of a limit: the end of a day is the next one's 00:00. */
extern bool tw_due_on(const TwCalendar *calendar, int64_t due, int64_t *day);

static inline int64_t
tw_floor_div(int64_t value, int64_t by)
{
	int64_t		quotient = value / by;

	return quotient - (value % by < 0);
}

/* Monday 0 to Sunday 6; 2000-01-01 was a Saturday */
static inline int
tw_weekday(int64_t day)
{
	int			weekday = (int) ((day + 5) % 7);

	return weekday < 0 ? weekday + 7 : weekday;
}

#pragma GCC visibility pop

#endif							/* TW_CALENDAR_H */
