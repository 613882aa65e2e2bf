/*
 * calendar.c
 *		Arithmetic of working days; see calendar.h.
 *
 * One bit a day over the span that has exceptions, with the number of working
 * days before each word, and the list of working days.  "How many until this
 * day" is a look-up and a bit count, "which is the n-th" a look-up; outside
 * the span whole weeks are divided out.  Nothing depends on how far a call
 * reaches, and nothing branches on the day: a million random days would pay
 * for every wrong guess of the processor.
 */
#include "calendar_span.h"

bool
tw_is_working(const TwCalendar *calendar, int32_t day)
{
	return works_on(calendar, day);
}

/* Working days before the day; those before the span count negative. */
HOT int64_t
days_before(const TwCalendar *calendar, int64_t day)
{
	uint64_t	at = (uint64_t) (day - calendar->first);

	if (at < (uint64_t) calendar->nwords * 64)
		return calendar->days_before[at / 64] +
			count_bits(calendar->works[at / 64] & bits_below(at % 64));
	if (day < calendar->first)
		return week_days_before(calendar, day) - week_days_before(calendar, calendar->first);
	return calendar->days_before[calendar->nwords] +
		week_days_before(calendar, day) - week_days_before(calendar, span_end(calendar));
}

/* The working day that has `rank` before it. */
HOT bool
day_at(const TwCalendar *calendar, int64_t rank, int64_t *day)
{
	int64_t		inside = calendar->days_before[calendar->nwords];

	if ((uint64_t) rank < (uint64_t) inside)
	{
		*day = calendar->first + (int64_t) (calendar->nth_day != NULL ?
											calendar->nth_day[rank] : calendar->nth_day_wide[rank]);
		return true;
	}
	if (calendar->per_week == 0)
		return false;
	if (rank < 0)
		*day = week_day_at(calendar, week_days_before(calendar, calendar->first) + rank);
	else
		*day = week_day_at(calendar, week_days_before(calendar, span_end(calendar)) + rank - inside);
	return true;
}

bool
tw_add_working_days(const TwCalendar *calendar, int32_t day, int32_t n, int64_t *result)
{
	/*
	 * Forward the start does not count, backward it is not reached; with 0 the
	 * day itself stays where it is a working day, else the next one is meant.
	 */
	int			forward = n > 0;

	return day_at(calendar, days_before(calendar, (int64_t) day + forward) + n - forward, result);
}

int64_t
tw_working_days_between(const TwCalendar *calendar, int32_t a, int32_t b)
{
	int			forward = a <= b;

	return days_before(calendar, (int64_t) b + forward) - days_before(calendar, (int64_t) a + forward);
}

bool
tw_covers(const TwCalendar *calendar, int32_t day)
{
	int			low = 0;
	int			high = calendar->ncovered;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (calendar->covered[middle].last < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < calendar->ncovered && calendar->covered[low].first <= day;
}

/* ---- building ---- */

static void
build_week(TwCalendar *calendar)
{
	int			nth = 0;
	int			minutes = 0;

	calendar->even = calendar->nspecials == 0 && calendar->weekday[0].minutes > 0;
	for (int i = 0; i < 7; i++)
	{
		calendar->week_rank[i] = nth;
		calendar->week_minutes[i] = minutes;
		if (calendar->week >> i & 1)
		{
			calendar->week_nth[nth++] = i;
			minutes += calendar->weekday[i].minutes;
		}
		if (calendar->weekday[i].minutes != calendar->weekday[0].minutes)
			calendar->even = false;
	}
	calendar->week_rank[7] = calendar->per_week = nth;
	calendar->week_minutes[7] = minutes;
}

static void
build_span(TwCalendar *calendar, void *(*allocate) (size_t size))
{
	int32_t		first = 0;
	int32_t		last = -1;

	if (calendar->nexceptions > 0)
	{
		first = calendar->exceptions[0].day;
		last = calendar->exceptions[calendar->nexceptions - 1].day;
	}
	if (calendar->nspecials > 0)
	{
		bool		alone = calendar->nexceptions == 0;

		if (alone || calendar->specials[0].day < first)
			first = calendar->specials[0].day;
		if (alone || calendar->specials[calendar->nspecials - 1].day > last)
			last = calendar->specials[calendar->nspecials - 1].day;
	}
	calendar->first = first;
	calendar->nwords = (last - first + 64) / 64;

	/* one word more than needed spares an empty calendar its special cases */
	calendar->works = allocate((calendar->nwords + 1) * sizeof(uint64_t));
	calendar->special = allocate((calendar->nwords + 1) * sizeof(uint64_t));
	calendar->days_before = allocate((calendar->nwords + 1) * sizeof(int32_t));
	calendar->minutes_before = allocate((calendar->nwords + 1) * sizeof(int32_t));

	for (int word = 0; word <= calendar->nwords; word++)
	{
		calendar->works[word] = calendar->special[word] = 0;
		for (int bit = 0; bit < 64; bit++)
			if (calendar->week >> tw_weekday((int64_t) first + word * 64 + bit) & 1)
				calendar->works[word] |= UINT64_C(1) << bit;
	}
	for (int i = 0; i < calendar->nexceptions; i++)
	{
		int			at = calendar->exceptions[i].day - first;
		uint64_t	bit = UINT64_C(1) << (at % 64);

		if (calendar->exceptions[i].works)
			calendar->works[at / 64] |= bit;
		else
			calendar->works[at / 64] &= ~bit;
	}
	for (int i = 0; i < calendar->nspecials; i++)
	{
		int			at = calendar->specials[i].day - first;

		calendar->special[at / 64] |= UINT64_C(1) << (at % 64);
	}

	calendar->days_before[0] = calendar->minutes_before[0] = 0;
	for (int word = 0; word < calendar->nwords; word++)
	{
		calendar->days_before[word + 1] = calendar->days_before[word] +
			count_bits(calendar->works[word]);
		calendar->minutes_before[word + 1] = calendar->minutes_before[word] +
			tw_word_minutes(calendar, word, ~UINT64_C(0));
	}

	/* half the size keeps twenty of them in the processor's cache */
	if (calendar->nwords <= 65536 / 64)
		calendar->nth_day = allocate((calendar->days_before[calendar->nwords] + 1) * sizeof(uint16_t));
	else
		calendar->nth_day_wide = allocate((calendar->days_before[calendar->nwords] + 1) * sizeof(int32_t));
	for (int word = 0, nth = 0; word < calendar->nwords; word++)
	{
		for (uint64_t days = calendar->works[word]; days != 0; days &= days - 1, nth++)
		{
			int32_t		day = word * 64 + __builtin_ctzll(days);

			if (calendar->nth_day != NULL)
				calendar->nth_day[nth] = (uint16_t) day;
			else
				calendar->nth_day_wide[nth] = day;
		}
	}
}

void
tw_calendar_build(TwCalendar *calendar, void *(*allocate) (size_t size))
{
	build_week(calendar);
	build_span(calendar, allocate);
	tw_build_offsets(calendar);
}
