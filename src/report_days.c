/*
 * report_days.c
 *		Day arithmetic and festivals for the recogniser of times.
 */
#include "report_time.h"

/* Days since 1970-01-01 of the proleptic Gregorian calendar */
int32
tw_day_number(int year, int month, int day)
{
	int32		y = month <= 2 ? year - 1 : year;
	int32		era = (y >= 0 ? y : y - 399) / 400;
	int32		of_era = y - era * 400;
	int32		of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void
tw_split_day(int32 number, int *year, int *month, int *day)
{
	int32		z = number + 719468;
	int32		era = (z >= 0 ? z : z - 146096) / 146097;
	int32		of_era = z - era * 146097;
	int32		y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int32		of_year = of_era - (365 * y + y / 4 - y / 100);
	int32		m = (5 * of_year + 2) / 153;

	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = y + era * 400 + (*month <= 2);
}

int32
tw_last_of_month(int year, int month)
{
	return month == 12 ? tw_day_number(year + 1, 1, 1) - 1 : tw_day_number(year, month + 1, 1) - 1;
}

/* Where a festival stands in a year: lunar ones by table as far as it goes, then by their mean */
static const struct
{
	const char *name;
	int			month;
	int			day;
	bool		from_spring;	/* days after the Spring Festival stand in day */
}			festivals[] = {
	{"春节", 0, 0, true}, {"元宵", 0, 14, true}, {"新年", 1, 1, false}, {"元旦", 1, 1, false}, {"清明", 4, 5, false},
	{"五一", 5, 1, false}, {"劳动节", 5, 1, false}, {"端午", 6, 14, false}, {"高考", 6, 7, false}, {"中考", 6, 18, false},
	{"梅雨季", 6, 17, false}, {"汛期", 6, 1, false}, {"雨季", 6, 10, false}, {"入夏", 5, 25, false}, {"暑假", 7, 1, false},
	{"台风季", 7, 10, false}, {"开学", 9, 1, false}, {"中秋", 9, 22, false}, {"国庆", 10, 1, false}, {"入冬", 11, 25, false},
	{"寒假", 1, 20, false}, {"春运", 1, 20, false}, {"两会", 3, 4, false}
};

int32
tw_festival_day(int which, int year)
{
	/* from 2018 */
	static const uint8 spring[][2] = {
		{2, 16}, {2, 5}, {1, 25}, {2, 12}, {2, 1}, {1, 22}, {2, 10}, {1, 29}, {2, 17}, {2, 6}, {1, 26}, {2, 13}, {2, 3},
		{1, 23}, {2, 11}, {1, 31}, {2, 19}, {2, 8}, {1, 28}, {2, 15}, {2, 4}, {1, 24}, {2, 12}
	};

	if (!festivals[which].from_spring)
		return tw_day_number(year, festivals[which].month, festivals[which].day);
	if (year < 2018 || year >= 2018 + (int) lengthof(spring))
		return tw_day_number(year, 2, 5) + festivals[which].day;
	return tw_day_number(year, spring[year - 2018][0], spring[year - 2018][1]) + festivals[which].day;
}

const char *
tw_festival_name(int which)
{
	return festivals[which].name;
}

const int	tw_nfestivals = lengthof(festivals);

/* Value of a Chinese numeral, 10 for 十; -1 for any other character */
int
tw_numeral(uint32 point)
{
	switch (point)
	{
		case 0x3007:
		case 0x96f6:
			return 0;
		case 0x4e00:
			return 1;
		case 0x4e8c:
		case 0x4e24:
			return 2;
		case 0x4e09:
			return 3;
		case 0x56db:
			return 4;
		case 0x4e94:
			return 5;
		case 0x516d:
			return 6;
		case 0x4e03:
			return 7;
		case 0x516b:
			return 8;
		case 0x4e5d:
			return 9;
		case 0x5341:
			return 10;
		default:
			return -1;
	}
}
