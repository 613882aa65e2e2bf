/*
 * report_when.c
 *		The times of a report: where they stand, against which day they are read,
 *		and what they make of their clauses (R5).
 */
#include "report_check.h"

static bool
begins_number(uint32 point)
{
	static const uint32 points[] = {0x3007, 0x4e00, 0x4e03, 0x4e09, 0x4e24, 0x4e5d, 0x4e8c, 0x4e94, 0x516b, 0x516d, 0x5341, 0x56db, 0x7b2c, 0x96f6};

	for (int i = 0; i < (int) lengthof(points); i++)
		if (points[i] == point)
			return true;
	return false;
}

/* 已于2月8日前清完, 2月8日前均已清完: a bound that was kept */
static bool
says_done(const TwReport *r, const TwTime *time)
{
	int32		first = Max(r->clauses[time->clause].first, time->first - 8);
	int32		last = Min(r->clauses[time->clause].last, time->last + 12);

	for (int32 i = first; i <= last; i++)
		if (tw_point_at(r, i) == 0x5df2)	/* 已 */
			return true;
	return false;
}

static void
take_time(TwReport *r, int32 at, int32 *clause)
{
	TwTime		time;

	if (r->ntimes > 0 && at <= r->times[r->ntimes - 1].last)
		return;
	if (!tw_find_time(&r->folded, at, &r->today, &time))
		return;
	*clause = time.clause = tw_clause_at(r, at, *clause);
	TW_GROW(r->times, r->ntimes, r->time_room, TwTime);
	r->times[r->ntimes++] = time;
	if (time.flags & TW_TIME_NODE)
		r->clauses[time.clause].node = true;
	else
	{
		r->clauses[time.clause].past = true;
		r->clauses[time.clause].overdue |= (time.flags & TW_TIME_BOUND) != 0 && !says_done(r, &time);
	}
}

/*
 * 报告日2024年5月20日: a text that names its own date is read against it.
 * Only a date with its year does, so that nothing is guessed.
 */
static void
find_own_date(TwReport *r)
{
	r->today.number = r->input->today;
	tw_split_day(r->today.number, &r->today.year, &r->today.month, &r->today.day);
	for (int32 i = 0; i < r->nruns; i++)
	{
		int32		at = r->runs[i];
		int32		word = at - 1;
		TwTime		time;

		while (word > at - 4 && (tw_point_at(r, word) == ':' || tw_kind_at(r, word) == TW_SPACE || tw_point_at(r, word) == 0x4e3a ||
								 tw_point_at(r, word) == 0x671f))	/* 为, 期 */
			word--;
		if (tw_point_at(r, word) != 0x65e5 || tw_point_at(r, word - 1) != 0x544a || tw_point_at(r, word - 2) != 0x62a5)
			continue;
		if (tw_kind_at(r, at + 3) == TW_DIGIT && tw_kind_at(r, at + 4) != TW_DIGIT &&
			tw_find_time(&r->folded, at, &r->today, &time) && time.day > 0)
			r->today.number = time.day;
		else
		{
			int			year = 0;
			int			month = 0;

			/* 报告日2023年5月: from its first day on */
			for (; tw_kind_at(r, at) == TW_DIGIT && year < 1000; at++)
				year = year * 10 + (int) (tw_point_at(r, at) - '0');
			if (tw_point_at(r, at++) == 0x5e74)	/* 年 */
				for (; tw_kind_at(r, at) == TW_DIGIT && month < 10; at++)
					month = month * 10 + (int) (tw_point_at(r, at) - '0');
			if (year >= 2000 && month >= 1 && month <= 12 && tw_point_at(r, at) == 0x6708)	/* 月 */
				r->today.number = tw_day_number(year, month, 1);
		}
		return;
	}
}

/* Where digits or time words stand, in order */
void
tw_find_times(TwReport *r)
{
	const TwMatch *word = tw_first_of(r, TW_TIME_WORD);
	int32		run = 0;
	int32		clause = 0;
	int32		at;

	find_own_date(r);
	tw_split_day(r->today.number, &r->today.year, &r->today.month, &r->today.day);
	do
	{
		at = r->folded.count;
		if (word != NULL)
		{
			at = word->first;
			for (int back = 0; back < 6 && at > 0 && begins_number(tw_point_at(r, at - 1)); back++)
				at--;
		}
		/* a run just behind the word's beginning belongs to it: 当日11:00 */
		for (; run < r->nruns && r->runs[run] < at; run++)
			take_time(r, r->runs[run], &clause);
		if (word != NULL)
		{
			take_time(r, at, &clause);
			word = tw_next_of(r, word);
		}
	} while (at < r->folded.count);
}
