/*
 * calendar.c
 *		Arithmetic of working days and of working time; see calendar.h.
 *
 * Days: one bit each over the span that has exceptions, with the number of
 * working days before each word, and the list of working days.  "How many
 * until this day" is a look-up and a bit count, "which is the n-th" a look-up;
 * outside the span whole weeks are divided out.  Nothing depends on how far a
 * call reaches, and nothing branches on the day: a million random days would
 * pay for every wrong guess of the processor.
 *
 * Time: the same, in minutes, on the wall clock; and per change of the clock's
 * offset what the wall clock's count is to be corrected by.  An instant is in
 * service when the wall clock shows a service hour of a working day: an hour
 * that is skipped is not served, one that comes twice is served twice.
 */
#include "calendar.h"

/* the few lines that every call runs through */
#define HOT static inline __attribute__((always_inline))

#define BYTES_01 UINT64_C(0x0101010101010101)
#define BYTES_80 UINT64_C(0x8080808080808080)

/* days since Monday 2000-01-03 */
#define FROM_MONDAY(day) ((int64_t) (day) - 2)

/* ---- bits ---- */

/* The number of set bits of each byte, summed up from the lowest one. */
HOT uint64_t
byte_ranks(uint64_t word)
{
	word -= (word >> 1) & UINT64_C(0x5555555555555555);
	word = (word & UINT64_C(0x3333333333333333)) + ((word >> 2) & UINT64_C(0x3333333333333333));
	return ((word + (word >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f)) * BYTES_01;
}

HOT int
count_bits(uint64_t word)
{
	return (int) (byte_ranks(word) >> 56);
}

/* The place of the n-th set bit, from 0; there are more than n. */
static inline int
nth_bit(uint64_t word, int n)
{
	uint64_t	ranks = byte_ranks(word);
	/* bytes that end at or before the n-th bit, all at once: no rank exceeds 64 */
	uint64_t	passed = (((uint64_t) n * BYTES_01 | BYTES_80) - ranks) & BYTES_80;
	int			shift = (int) (((passed >> 7) * BYTES_01) >> 56) * 8;

	if (shift > 0)
		n -= (int) (ranks >> (shift - 8)) & 0xff;
	word >>= shift;
	while (n-- > 0)
		word &= word - 1;
	return shift + __builtin_ctzll(word);
}

HOT uint64_t
bits_below(unsigned bit)
{
	return (UINT64_C(1) << bit) - 1;
}

/* ---- the weekly pattern alone ---- */

/* working days before the day, from Monday 2000-01-03 on */
static inline int64_t
week_days_before(const TwCalendar *calendar, int64_t day)
{
	return tw_floor_div(FROM_MONDAY(day), 7) * calendar->per_week +
		calendar->week_rank[tw_weekday(day)];
}

/* the working day that has so many before it */
static inline int64_t
week_day_at(const TwCalendar *calendar, int64_t rank)
{
	int64_t		week = tw_floor_div(rank, calendar->per_week);

	return 2 + week * 7 + calendar->week_nth[rank - week * calendar->per_week];
}

static inline int64_t
week_minutes_before(const TwCalendar *calendar, int64_t day)
{
	return tw_floor_div(FROM_MONDAY(day), 7) * calendar->week_minutes[7] +
		calendar->week_minutes[tw_weekday(day)];
}

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

/* ---- days ---- */

static inline int64_t
span_end(const TwCalendar *calendar)
{
	return (int64_t) calendar->first + (int64_t) calendar->nwords * 64;
}

static inline bool
in_span(const TwCalendar *calendar, int64_t day)
{
	return day >= calendar->first && day < span_end(calendar);
}

static inline bool
works_on(const TwCalendar *calendar, int64_t day)
{
	if (in_span(calendar, day))
	{
		int			at = (int) (day - calendar->first);

		return calendar->works[at / 64] >> (at % 64) & 1;
	}
	return calendar->week >> tw_weekday(day) & 1;
}

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
		*day = calendar->nth_day[rank];
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
static int32_t
word_minutes(const TwCalendar *calendar, int word, uint64_t mask)
{
	uint64_t	days = calendar->works[word] & mask;
	int32_t		minutes = 0;

	if (calendar->even)
		return count_bits(days) * calendar->weekday[0].minutes;
	for (; days != 0; days &= days - 1)
		minutes += windows_of(calendar, (int64_t) calendar->first + word * 64 +
							  __builtin_ctzll(days))->minutes;
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
			word_minutes(calendar, at / 64, bits_below(at % 64));
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
			*local = day * TW_DAY_USECS + windows->window[i].opens * TW_MINUTE_USECS + rest;
			return true;
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
	*instant = local - usecs;
	return *instant < calendar->horizon;
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
	*result = service_at(calendar, offset_at(calendar, b), b) -
		service_at(calendar, offset_at(calendar, a), a);
	return true;
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
			word_minutes(calendar, word, ~UINT64_C(0));
	}

	calendar->nth_day = allocate((calendar->days_before[calendar->nwords] + 1) * sizeof(int32_t));
	for (int word = 0, nth = 0; word < calendar->nwords; word++)
		for (uint64_t days = calendar->works[word]; days != 0; days &= days - 1)
			calendar->nth_day[nth++] = first + word * 64 + __builtin_ctzll(days);
}

void
tw_calendar_build(TwCalendar *calendar, void *(*allocate) (size_t size))
{
	build_week(calendar);
	build_span(calendar, allocate);

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
