/*
 * report_time.h
 *		Dates, times of day and time nodes in Chinese prose (R5).
 */
#ifndef TW_REPORT_TIME_H
#define TW_REPORT_TIME_H

#include "fold.h"

#define TW_TIME_DATE 1			/* names a day */
#define TW_TIME_CLOCK 2			/* names an hour, or half a day */
#define TW_TIME_NODE 4			/* a bound that lies in the future of the report */
#define TW_TIME_PAST 8			/* a bound that has passed */
#define TW_TIME_BOUND 32		/* 前, 内, 止 stand behind it */
#define TW_TIME_LATER_DAY 16	/* relative to a day named before: 当日, 次日 */

typedef struct TwTime
{
	int32		first;
	int32		last;
	int32		clause;
	uint32		flags;
	int32		day;			/* of a date; 0: none */
} TwTime;

/* The day of the report */
typedef struct TwToday
{
	int32		number;
	int			year;
	int			month;
	int			day;
} TwToday;

/* Literals at which a time may stand that does not begin with a digit */
extern const char *const tw_time_words[];
extern const int tw_ntime_words;

/* report_days.c: days are counted from 1970-01-01 */
extern int32 tw_day_number(int year, int month, int day);
extern void tw_split_day(int32 number, int *year, int *month, int *day);
extern int32 tw_last_of_month(int year, int month);
extern int	tw_numeral(uint32 point);
extern const int tw_nfestivals;
extern const char *tw_festival_name(int which);
extern int32 tw_festival_day(int which, int year);

/* report_time.c */
extern bool tw_find_time(const TwFolded *folded, int32 at, const TwToday *today, TwTime *found);

#endif							/* TW_REPORT_TIME_H */
