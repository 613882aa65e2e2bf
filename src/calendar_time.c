/*
 * calendar_time.c
 *		Arithmetic of working time; see calendar.h.
 *
 * As with days, in minutes, on the wall clock; and per change of the clock's
 * offset what the wall clock's count is to be corrected by.  An instant is in
 * service when the wall clock shows a service hour of a working day: an hour
 * that is skipped is not served, one that comes twice is served twice.
 */
#include "calendar_span.h"

#define EVERY_SEVENTH UINT64_C(0x8102040810204081)

/* the day whose minutes include the one that has so many before it */
static int64_t
week_day_of_minute(const TwCalendar *calendar, int64_t rank)
{
	int64_t		week = tw_floor_div(rank, calendar->week_minutes[7]);
	int			weekday = 0;

	rank -= week * calendar->week_minutes[7];
	while (calendar->week_minutes[weekday + 1] <= rank)
		weekday++;
	return 2 + week * 7 + weekday;
}

/* ---- service time on the wall clock ---- */

static const TwWindows *
windows_of(const TwCalendar *calendar, int64_t day)
{
	if (in_span(calendar, day))
	{
		int			at = (int) (day - calendar->first);

		if (calendar->special[at / 64] >> (at % 64) & 1)
		{
			int			low = 0;
			int			high = calendar->nspecials - 1;

			while (low < high)
			{
				int			middle = (low + high) / 2;

				if (calendar->specials[middle].day < day)
					low = middle + 1;
				else
					high = middle;
			}
			return &calendar->specials[low].windows;
		}
	}
	return &calendar->weekday[tw_weekday(day)];
}

/* service minutes of those days of a word that `mask` holds */
int32_t
tw_word_minutes(const TwCalendar *calendar, int word, uint64_t mask)
{
	uint64_t	days = calendar->works[word] & mask;
	uint64_t	special;
	int64_t		first = (int64_t) calendar->first + word * 64;
	int32_t		minutes = 0;

	if (calendar->even)
		return count_bits(days) * calendar->weekday[0].minutes;

	/* all days of one weekday at once; those with hours of their own after them */
	special = days & calendar->special[word];
	for (int offset = 0, weekday = tw_weekday(first); offset < 7; offset++, weekday = weekday == 6 ? 0 : weekday + 1)
		minutes += count_bits(days & ~special & EVERY_SEVENTH << offset) * calendar->weekday[weekday].minutes;
	for (; special != 0; special &= special - 1)
		minutes += windows_of(calendar, first + __builtin_ctzll(special))->minutes;
	return minutes;
}

/* Service minutes before the day; those before the span count negative. */
static int64_t
minutes_before(const TwCalendar *calendar, int64_t day)
{
	int64_t		end = span_end(calendar);

	if (day < calendar->first)
		return week_minutes_before(calendar, day) - week_minutes_before(calendar, calendar->first);
	if (day < end)
	{
		int			at = (int) (day - calendar->first);

		return calendar->minutes_before[at / 64] +
			tw_word_minutes(calendar, at / 64, bits_below(at % 64));
	}
	return calendar->minutes_before[calendar->nwords] +
		week_minutes_before(calendar, day) - week_minutes_before(calendar, end);
}

/* The word where the last of `before` that is at most `rank` stands, searched around a guess. */
static inline int
word_of(const int32_t *before, int nwords, int64_t rank, int guess)
{
	int			low = 0;
	int			high = nwords - 1;

	/* most limits are short: look where the day is, and a few words on */
	if (guess >= 0 && guess < nwords && before[guess] <= rank)
	{
		for (int i = 0; i < 8 && guess < nwords; i++, guess++)
			if (before[guess + 1] > rank)
				return guess;
		low = guess < nwords ? guess : nwords - 1;
	}
	while (low < high)
	{
		int			middle = (low + high + 1) / 2;

		if (before[middle] <= rank)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/* The day whose service includes the minute with `rank` before it, and the minutes before that day. */
static bool
day_of_minute(const TwCalendar *calendar, int64_t rank, int64_t near, int64_t *day, int64_t *before)
{
	int64_t		inside = calendar->minutes_before[calendar->nwords];

	if (rank >= 0 && rank < inside)
	{
		int			guess = in_span(calendar, near) ? (int) (near - calendar->first) / 64 : -1;
		int			word = word_of(calendar->minutes_before, calendar->nwords, rank, guess);
		int64_t		first = (int64_t) calendar->first + word * 64;
		int64_t		passed = calendar->minutes_before[word];

		if (calendar->even)
		{
			int			nth = (int) ((rank - passed) / calendar->weekday[0].minutes);

			*before = passed + (int64_t) nth * calendar->weekday[0].minutes;
			*day = first + nth_bit(calendar->works[word], nth);
			return true;
		}
		for (uint64_t days = calendar->works[word];; days &= days - 1)
		{
			int64_t		minutes = windows_of(calendar, first + __builtin_ctzll(days))->minutes;

			if (passed + minutes > rank)
			{
				*day = first + __builtin_ctzll(days);
				*before = passed;
				return true;
			}
			passed += minutes;
		}
	}
	if (calendar->week_minutes[7] == 0)
		return false;
	if (rank < 0)
		*day = week_day_of_minute(calendar, week_minutes_before(calendar, calendar->first) + rank);
	else
		*day = week_day_of_minute(calendar,
								  week_minutes_before(calendar, span_end(calendar)) + rank - inside);
	*before = minutes_before(calendar, *day);
	return true;
}

/* Service time up to a local time. */
static int64_t
local_service(const TwCalendar *calendar, int64_t local)
{
	int64_t		day = tw_floor_div(local, TW_DAY_USECS);
	int64_t		time = local - day * TW_DAY_USECS;
	int64_t		service = minutes_before(calendar, day) * TW_MINUTE_USECS;

	if (works_on(calendar, day))
	{
		const TwWindows *windows = windows_of(calendar, day);

		for (int i = 0; i < windows->count; i++)
		{
			int64_t		opens = windows->window[i].opens * TW_MINUTE_USECS;
			int64_t		closes = windows->window[i].closes * TW_MINUTE_USECS;

			if (time <= opens)
				break;
			service += (time < closes ? time : closes) - opens;
		}
	}
	return service;
}

/*
 * The local time at which so much service is done: the first such moment, so
 * that what ends at closing stays there; or the last, so that what begins
 * between two windows begins with the next, and what goes back stays at opening.
 */
static bool
local_at_service(const TwCalendar *calendar, int64_t service, bool last, int64_t near, int64_t *local)
{
	int64_t		minute = last ? tw_floor_div(service, TW_MINUTE_USECS) :
		-tw_floor_div(-service, TW_MINUTE_USECS) - 1;
	int64_t		day;
	int64_t		before;
	int64_t		rest;
	const TwWindows *windows;

	if (!day_of_minute(calendar, minute, tw_floor_div(near, TW_DAY_USECS), &day, &before))
		return false;
	windows = windows_of(calendar, day);
	rest = service - before * TW_MINUTE_USECS;
	for (int i = 0; i < windows->count; i++)
	{
		int64_t		length = (windows->window[i].closes - windows->window[i].opens) * TW_MINUTE_USECS;

		if (last ? rest < length : rest <= length)
		{
			/* an hour a week reaches beyond all time soon enough */
			return !__builtin_mul_overflow(day, TW_DAY_USECS, local) &&
				!__builtin_add_overflow(*local, windows->window[i].opens * TW_MINUTE_USECS + rest, local);
		}
		rest -= length;
	}
	return false;				/* not reached: the day has that minute */
}

/* ---- instants ---- */

static inline const TwOffset *
offset_at(const TwCalendar *calendar, int64_t instant)
{
	int			low = 0;
	int			high = calendar->noffsets - 1;

	/* most zones have left their last change behind them */
	if (instant >= calendar->offsets[high].start)
		return &calendar->offsets[high];
	while (low < high)
	{
		int			middle = (low + high + 1) / 2;

		if (calendar->offsets[middle].start <= instant)
			low = middle;
		else
			high = middle - 1;
	}
	return &calendar->offsets[low];
}

bool
tw_to_local(const TwCalendar *calendar, int64_t instant, int64_t *local)
{
	if (instant >= calendar->horizon)
		return false;
	*local = instant + offset_at(calendar, instant)->offset * INT64_C(1000000);
	return true;
}

bool
tw_from_local(const TwCalendar *calendar, int64_t local, int64_t *instant)
{
	/* an offset is less than a day: the one in force a day before is where to begin */
	const TwOffset *at = offset_at(calendar, local - TW_DAY_USECS);
	const TwOffset *end = calendar->offsets + calendar->noffsets;

	*instant = local - at->offset * INT64_C(1000000);
	for (at++; at < end; at++)
	{
		int64_t		after = local - at->offset * INT64_C(1000000);

		/* skipped: the clock before the change serves; twice: the one after it */
		if (after < at->start)
			break;
		*instant = after;
	}
	return *instant < calendar->horizon;
}

static inline int64_t
service_at(const TwCalendar *calendar, const TwOffset *offset, int64_t instant)
{
	return local_service(calendar, instant + offset->offset * INT64_C(1000000)) + offset->correction;
}

/* The instant at which so much service is done; first and last as for local_at_service(). */
static bool
instant_at_service(const TwCalendar *calendar, int64_t service, bool last, int64_t near, int64_t *instant)
{
	int			low = 0;
	int			high = calendar->noffsets - 1;
	const TwOffset *offset;
	int64_t		local;
	int64_t		usecs;

	while (low < high)
	{
		int			middle = (low + high + 1) / 2;
		int64_t		start = calendar->offsets[middle].service;

		if (last ? start <= service : start < service)
			low = middle;
		else
			high = middle - 1;
	}
	offset = &calendar->offsets[low];
	usecs = offset->offset * INT64_C(1000000);
	if (!local_at_service(calendar, service - offset->correction, last, near + usecs, &local))
		return false;
	return !__builtin_sub_overflow(local, usecs, instant) && *instant < calendar->horizon;
}

bool
tw_add_working_time(const TwCalendar *calendar, int64_t at, int64_t amount, int64_t *result)
{
	int64_t		service;

	if (at >= calendar->horizon)
		return false;
	service = service_at(calendar, offset_at(calendar, at), at);
	if (__builtin_add_overflow(service, amount, &service))
		return false;
	if (amount == 0)
	{
		/* open, or just closing: stay; else wait for the next opening */
		if (!instant_at_service(calendar, service, false, at, result))
			return false;
		if (*result == at)
			return true;
	}
	return instant_at_service(calendar, service, amount <= 0, at, result);
}

bool
tw_working_time_between(const TwCalendar *calendar, int64_t a, int64_t b, int64_t *result)
{
	if (a >= calendar->horizon || b >= calendar->horizon)
		return false;
	return !__builtin_sub_overflow(service_at(calendar, offset_at(calendar, b), b),
								   service_at(calendar, offset_at(calendar, a), a), result);
}

void
tw_build_offsets(TwCalendar *calendar)
{
	/* before the first change the wall clock's count is the service time */
	calendar->offsets[0].service = INT64_MIN;
	calendar->offsets[0].correction = 0;
	for (int i = 1; i < calendar->noffsets; i++)
	{
		TwOffset   *offset = &calendar->offsets[i];

		offset->service = service_at(calendar, offset - 1, offset->start);
		offset->correction = offset->service -
			local_service(calendar, offset->start + offset->offset * INT64_C(1000000));
	}
}
