/*
 * calendar_span.h
 *		What the days (calendar.c) and the time (calendar_time.c) of a calendar
 *		have in common: bits, the weekly pattern, the span that has exceptions.
 */
#ifndef TW_CALENDAR_SPAN_H
#define TW_CALENDAR_SPAN_H

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
HOT int
nth_bit(uint64_t word, int n)
{
	uint64_t	ranks = byte_ranks(word);
	/* bytes that end at or before the n-th bit, all at once: no rank exceeds 64 */
	uint64_t	passed = (((uint64_t) n * BYTES_01 | BYTES_80) - ranks) & BYTES_80;
	int			shift = (int) (((passed >> 7) * BYTES_01) >> 56) * 8;

	/* a multiple of 8 */
	if (shift >= 8)
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
HOT int64_t
week_days_before(const TwCalendar *calendar, int64_t day)
{
	return tw_floor_div(FROM_MONDAY(day), 7) * calendar->per_week +
		calendar->week_rank[tw_weekday(day)];
}

/* the working day that has so many before it */
HOT int64_t
week_day_at(const TwCalendar *calendar, int64_t rank)
{
	int64_t		week = tw_floor_div(rank, calendar->per_week);

	return 2 + week * 7 + calendar->week_nth[rank - week * calendar->per_week];
}

HOT int64_t
week_minutes_before(const TwCalendar *calendar, int64_t day)
{
	return tw_floor_div(FROM_MONDAY(day), 7) * calendar->week_minutes[7] +
		calendar->week_minutes[tw_weekday(day)];
}

/* ---- the span ---- */

HOT int64_t
span_end(const TwCalendar *calendar)
{
	return (int64_t) calendar->first + (int64_t) calendar->nwords * 64;
}

HOT bool
in_span(const TwCalendar *calendar, int64_t day)
{
	return day >= calendar->first && day < span_end(calendar);
}

HOT bool
works_on(const TwCalendar *calendar, int64_t day)
{
	if (in_span(calendar, day))
	{
		int			at = (int) (day - calendar->first);

		return calendar->works[at / 64] >> (at % 64) & 1;
	}
	return calendar->week >> tw_weekday(day) & 1;
}

/* calendar_time.c: service minutes of those days of a word that `mask` holds */
extern int32_t tw_word_minutes(const TwCalendar *calendar, int word, uint64_t mask)
			__attribute__((visibility("hidden")));

/* calendar_time.c: the service time at each change of the clock's offset */
extern void tw_build_offsets(TwCalendar *calendar) __attribute__((visibility("hidden")));

#endif							/* TW_CALENDAR_SPAN_H */
