/*
 * harness.c
 *		Random calendars against counting by hand; prints TAP.
 *
 * Run it with CFLAGS='-g -fsanitize=address,undefined' to see that no argument
 * leads out of an array or over an integer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar.h"

#define SPAN 400				/* days counted by hand on each side of the centre */

static uint64_t seed = 12345;
static int	tests = 0;
static int	failures = 0;

static uint32_t
rnd(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) ((seed >> 33) % below);
}

static void *blocks[1000000];
static int	nblocks = 0;

static void *
allocate(size_t size)
{
	return blocks[nblocks++] = malloc(size);
}

static void
release(void)
{
	while (nblocks > 0)
		free(blocks[--nblocks]);
}

static void
ok(long bad, const char *what)
{
	printf("%sok %d - %s\n", bad ? "not " : "", ++tests, what);
	if (bad)
	{
		printf("# %ld cases\n", bad);
		failures++;
	}
}

static int
by_day(const void *a, const void *b)
{
	int32_t		x = *(const int32_t *) a;
	int32_t		y = *(const int32_t *) b;

	return (x > y) - (x < y);
}

static void
random_windows(TwWindows *windows)
{
	int			at = rnd(600);

	windows->window = allocate(sizeof(TwWindow) * 8);
	windows->count = windows->minutes = 0;
	if (rnd(5) == 0)
	{
		windows->window[0] = (TwWindow) {0, 1440};
		windows->count = 1;
		windows->minutes = 1440;
		return;
	}
	for (int i = 0; i < 8 && at < 1430; i++)
	{
		int			closes = at + 1 + rnd(1440 - at);

		windows->window[windows->count++] = (TwWindow) {at, closes};
		windows->minutes += closes - at;
		at = closes + 1 + rnd(300);
		if (rnd(2))
			break;
	}
}

/* With `centre` the middle of its exceptions; returns how the days are worked by hand. */
static void
random_calendar(TwCalendar *calendar, int32_t centre, bool *works)
{
	bool		uniform = rnd(2);

	memset(calendar, 0, sizeof(*calendar));
	calendar->week = rnd(10) == 0 ? 1u << rnd(7) : rnd(3) == 0 ? 0x1f : 1 + rnd(127);
	calendar->closing = rnd(3) ? 1440 : 1 + rnd(1439);
	for (int i = 0; i < 7; i++)
	{
		if (uniform && i > 0)
			calendar->weekday[i] = calendar->weekday[0];
		else
			random_windows(&calendar->weekday[i]);
	}
	for (int i = 0; i <= 2 * SPAN; i++)
		works[i] = calendar->week >> tw_weekday((int64_t) centre - SPAN + i) & 1;

	calendar->exceptions = allocate(sizeof(TwException) * 201);
	for (int i = rnd(4) ? rnd(200) : 0; i > 0; i--)
		calendar->exceptions[calendar->nexceptions++] = (TwException) {centre - 150 + (int32_t) rnd(301), rnd(2)};
	/* one far away makes the span wide */
	if (rnd(8) == 0)
		calendar->exceptions[calendar->nexceptions++] = (TwException) {centre + 70000, true};
	qsort(calendar->exceptions, calendar->nexceptions, sizeof(TwException), by_day);
	for (int i = 0, kept = 0, n = calendar->nexceptions; i < n; i++)
	{
		if (i > 0 && calendar->exceptions[i].day == calendar->exceptions[i - 1].day)
			calendar->nexceptions--;
		else
			calendar->exceptions[kept++] = calendar->exceptions[i];
	}
	for (int i = 0; i < calendar->nexceptions && calendar->exceptions[i].day <= centre + SPAN; i++)
		works[calendar->exceptions[i].day - centre + SPAN] = calendar->exceptions[i].works;

	calendar->specials = allocate(sizeof(TwSpecial) * 20);
	for (int32_t day = centre - 100; calendar->nspecials < 20 && rnd(8); day += 1 + rnd(30))
	{
		TwSpecial  *special = &calendar->specials[calendar->nspecials++];

		special->day = day;
		random_windows(&special->windows);
	}

	calendar->offsets = allocate(sizeof(TwOffset) * 40);
	calendar->horizon = INT64_MAX;
	calendar->offsets[0] = (TwOffset) {.start = INT64_MIN,.offset = (int32_t) rnd(100000) - 50000};
	calendar->noffsets = 1;
	for (int64_t at = (int64_t) (centre - 300) * TW_DAY_USECS; calendar->noffsets < 40 && rnd(10);
		 at += (int64_t) (1 + rnd(60)) * TW_DAY_USECS + rnd(86400) * INT64_C(1000000))
	{
		int32_t		before = calendar->offsets[calendar->noffsets - 1].offset;

		calendar->offsets[calendar->noffsets++] = (TwOffset) {.start = at,.offset = before > 0 ? before - 3600 : before + 1800 * (int32_t) rnd(4)};
	}
	if (rnd(4) == 0)
		calendar->horizon = (int64_t) (centre + 1000) * TW_DAY_USECS;
	tw_calendar_build(calendar, allocate);
}

static int64_t
count_by_hand(const bool *works, int a, int b)
{
	int64_t		count = 0;

	if (a <= b)
		for (int i = a + 1; i <= b; i++)
			count += works[i];
	else
		for (int i = b; i < a; i++)
			count -= works[i];
	return count;
}

/* -1 where it lies outside of what is counted */
static int
add_by_hand(const bool *works, int a, int n)
{
	int			at = a;
	int			left = n < 0 ? -n : n;

	if (n == 0)
	{
		while (at <= 2 * SPAN && !works[at])
			at++;
		return at <= 2 * SPAN ? at : -1;
	}
	while (left > 0)
	{
		at += n > 0 ? 1 : -1;
		if (at < 0 || at > 2 * SPAN)
			return -1;
		left -= works[at];
	}
	return at;
}

static void
check(int rounds)
{
	static bool works[2 * SPAN + 1];
	long		cases = 0;
	long		bad_day = 0;
	long		bad_add = 0;
	long		bad_between = 0;
	long		bad_time = 0;
	long		bad_order = 0;
	long		bad_local = 0;
	long		compared = 0;

	for (int round = 0; round < rounds; round++)
	{
		static const int32_t centres[] = {0, 8400, -36000, 70000, 1234};
		int32_t		centre = centres[rnd(5)];
		TwCalendar	calendar;

		random_calendar(&calendar, centre, works);
		for (int i = 0; i <= 2 * SPAN; i++)
			bad_day += tw_is_working(&calendar, centre - SPAN + i) != works[i];
		for (int i = 0; i < 300; i++)
		{
			int			a = rnd(2 * SPAN + 1);
			int			b = rnd(2 * SPAN + 1);
			int			n = (int) rnd(161) - 80;
			int			expected = add_by_hand(works, a, n);
			int64_t		day = 0;
			int64_t		at = ((int64_t) centre - SPAN + a) * TW_DAY_USECS + rnd(86400) * INT64_C(1000000);
			int64_t		amount = ((int64_t) rnd(2000001) - 1000000) * INT64_C(100000);
			int64_t		then;
			int64_t		later;
			int64_t		spent;

			cases++;
			if (expected >= 0)
				bad_add += !tw_add_working_days(&calendar, centre - SPAN + a, n, &day) || day != centre - SPAN + expected;
			bad_between += tw_working_days_between(&calendar, centre - SPAN + a, centre - SPAN + b) != count_by_hand(works, a, b);
			if (n != 0 && tw_add_working_days(&calendar, centre - SPAN + a, n, &day))
				bad_between += tw_working_days_between(&calendar, centre - SPAN + a, (int32_t) day) != n;

			/* what is added is what lies between, and more is later */
			if (tw_add_working_time(&calendar, at, amount, &then))
			{
				compared++;
				if (!tw_working_time_between(&calendar, at, then, &spent) || spent != amount)
					bad_time++;
				if ((amount > 0 && then <= at) || (amount < 0 && then >= at) || (amount == 0 && then < at))
					bad_order++;
				if (tw_add_working_time(&calendar, at, amount + 1000000, &later) && later < then)
					bad_order++;
			}
			/* a local time that the clock shows is read back as a moment that shows it */
			if (tw_to_local(&calendar, at, &then) && tw_from_local(&calendar, then, &later))
			{
				int64_t		again;

				bad_local += !tw_to_local(&calendar, later, &again) || again != then;
			}
		}
		release();
	}
	ok(cases == 0 || compared < cases / 4, "there are cases");
	ok(bad_day, "is_working_day by hand");
	ok(bad_add, "add_working_days by hand");
	ok(bad_between, "working_days_between by hand, between(a, add(a, n)) = n");
	ok(bad_time, "working_time_between(a, add_working_time(a, x)) = x");
	ok(bad_order, "more working time is later");
	ok(bad_local, "wall clock and back");
}

/* No answer is looked at: the sanitizers do that. */
static void
edges(int rounds)
{
	static const int64_t times[] = {INT64_C(-211813488000000000), INT64_C(9223371331199999999), 0, -1, 1,
	INT64_C(-86400000000), INT64_C(6311433600000000)};
	static const int32_t days[] = {-2451545, 2145031948, INT32_MIN + 1, INT32_MAX - 1, 0, -1, 36524};
	static const int32_t amounts[] = {0, 1, -1, 1000000, -1000000, 105000000, 24};
	static bool works[2 * SPAN + 1];
	int64_t		sum = 0;

	for (int round = 0; round < rounds; round++)
	{
		TwCalendar	calendar;
		int64_t		result;

		random_calendar(&calendar, 8400, works);
		if (rnd(10) == 0)
		{
			calendar.week = 0;
			tw_calendar_build(&calendar, allocate);
		}
		for (int i = 0; i < 7; i++)
			for (int j = 0; j < 7; j++)
			{
				int64_t		minutes = amounts[j] * TW_MINUTE_USECS;

				sum += tw_is_working(&calendar, days[i]) + tw_covers(&calendar, days[i]);
				sum += tw_add_working_days(&calendar, days[i], amounts[j] % 1000001, &result);
				sum += tw_working_days_between(&calendar, days[i], days[j]);
				sum += tw_add_working_time(&calendar, times[i], minutes, &result);
				sum += tw_working_time_between(&calendar, times[i], times[j], &result);
				sum += tw_due_on(&calendar, times[i], &result);
				for (int kind = TW_ELAPSED_MINUTES; kind <= TW_HALF_DAY_CUTOFF; kind++)
				{
					TwLimit		limit = {.kind = kind,.has_amount = true,.roll = rnd(2),.has_time = rnd(2),.at_time = rnd(86400) * INT64_C(1000000)};

					limit.amount = amounts[j] < 0 ? 0 : kind == TW_HALF_DAY_CUTOFF ? amounts[j] % 25 :
						kind > TW_SERVICE_MINUTES ? amounts[j] % 1000001 : amounts[j];
					sum += tw_due_at(&calendar, times[i], &limit, &result);
				}
			}
		release();
	}
	ok(sum == 0, "arguments at every edge are answered or refused");
}

int
main(int argc, char **argv)
{
	int			rounds = argc > 1 && atoi(argv[1]) ? 5000 : 300;

	check(rounds);
	edges(rounds / 3);
	printf("1..%d\n", tests);
	return failures > 0;
}
