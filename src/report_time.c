/*
 * report_time.c
 *		Recognises dates, times of day and time nodes (R5).
 *
 * Called where a digit or one of tw_time_words stands; reads forward only, a
 * few characters, never back and forth.  Days are counted from 1970-01-01; the
 * report's date decides what is future.
 */
#include "report_time.h"

#include "report_cursor.h"

#define NUMERALS "(一|二|三|四|五|六|七|八|九|十|两|〇|零)"

const char *const tw_time_words[] = {
	/* NOLINTNEXTLINE(bugprone-suspicious-missing-comma): NUMERALS goes on in the same string */
	NUMERALS "(年|月|日|号|天|周|个月|个工作日|个星期|季度|小时|时|点)",
	"(本|下|这|上|每|)(周|星期|礼拜)(一|二|三|四|五|六|日|天|末|内|底)", "(本|下|这)周",
	"(本|下|当|次|)月(底|末|内|初|中旬|下旬|上旬)", "(上|下|本|次)(个|)月",
	"(今|明|去|次|本|当|)年(底|末|内|初|上半年|下半年)", "(去|明|今|次|本)年",
	"(上|下)半年", "(本|下|当)季度", "季度末",
	"(春节|元旦|国庆|五一|劳动节|中秋|端午|清明|元宵|新年|春运|开学|汛期|入夏|入冬|雨季|暑假|寒假|梅雨季|台风季|高考|中考|两会)前",
	"(春节|元旦|国庆|五一|中秋|端午|清明)(节|)(之|以)前",
	"(今|明|后)(日|天)", "(当|次|同|昨|即)(日|天)", "当晚", "当即", "次晨", "上午", "下午", "中午", "晚上", "凌晨", "早上", "傍晚"
};
const int	tw_ntime_words = lengthof(tw_time_words);

static Words before_words = {0, {"之前", "以前", "前", "内", "之内", "以内", "止", "底前"}};

static void
settle(const Cursor *c, TwTime *time, int32 until)
{
	time->flags |= until >= c->today ? TW_TIME_NODE : TW_TIME_PAST;
}

/* The year of a month that stands without one: this year's, or the next one's late in the year. */
static int
year_of(const Cursor *c, int month)
{
	if (c->month >= 10 && month <= 3)
		return c->year + 1;
	/* in January and February, December is the last one */
	if (c->month <= 2 && month >= 11)
		return c->year - 1;
	return c->year;
}

static bool
take_clock(Cursor *c, TwTime *time)
{
	static Words halves = {0, {"上午", "下午", "中午", "晚上", "凌晨", "早上", "傍晚", "晚间", "早晨", "清晨", "夜间", "晚", "早"}};
	int32		start = c->at;
	bool		half = take_any(c, &halves);
	int32		after_half = c->at;
	int			ndigits;
	int			hour = take_number(c, &ndigits);

	if (hour >= 0 && hour <= 24 && ndigits <= 3)
	{
		if (take(c, ":"))
		{
			int			minute = take_number(c, &ndigits);

			if (minute >= 0 && minute < 60 && ndigits == 2)
			{
				if (take(c, ":"))
					(void) take_number(c, &ndigits);
				time->flags |= TW_TIME_CLOCK;
				return true;
			}
		}
		else if (take(c, "点") || take(c, "时") || take(c, "h"))
		{
			int32		whole = c->at;

			if (!take(c, "半") && !take(c, "整") && !take(c, "许"))
			{
				if (take_number(c, &ndigits) < 0 || ndigits > 3)
					c->at = whole;
				else
					(void) take(c, "分");
			}
			time->flags |= TW_TIME_CLOCK;
			return true;
		}
	}
	c->at = half ? after_half : start;
	if (half)
		time->flags |= TW_TIME_CLOCK;
	return half;
}

/* A day is known: the hour and a bound may follow. */
static bool
finish_day(Cursor *c, TwTime *time, int32 day)
{
	int32		at = c->at;

	time->day = day;
	time->flags |= TW_TIME_DATE;
	if (take(c, "(") && (take(c, "周") || take(c, "星期")))
	{
		c->at++;
		if (!take(c, ")"))
			c->at = at;
	}
	else
		c->at = at;
	(void) take(c, ",");
	if (!take_clock(c, time))
		c->at = at;
	/* by today is still to come, today itself is the day of the report */
	if (take_any(c, &before_words))
	{
		time->flags |= TW_TIME_BOUND;
		settle(c, time, day);
	}
	else
		settle(c, time, day - 1);
	return true;
}

/* After 年 or at a month: 3月, 3月15日, 3月底前; year 0 for none given */
static bool
take_month(Cursor *c, TwTime *time, int year, int month)
{
	int32		after = c->at;
	int			ndigits;
	int			day = take_number(c, &ndigits);

	if (month < 1 || month > 12)
		return false;
	if (year == 0)
		year = year_of(c, month);
	if (day >= 1 && day <= 31 && ndigits <= 3)
	{
		if (take(c, "日") || take(c, "号"))
			return finish_day(c, time, tw_day_number(year, month, day));
		if (peek(c, 0) == 0x524d)	/* 3月15前 */
			return finish_day(c, time, tw_day_number(year, month, day));
	}
	c->at = after;
	(void) take(c, "份");
	if (take(c, "底") || take(c, "末") || take(c, "下旬") || take(c, "内"))
		settle(c, time, tw_last_of_month(year, month));
	else if (take(c, "中旬"))
		settle(c, time, tw_day_number(year, month, 20));
	else if (take(c, "上旬") || take(c, "初"))
		settle(c, time, tw_day_number(year, month, 10));
	else if (take_any(c, &before_words))
		settle(c, time, tw_day_number(year, month, 1));
	else if (tw_day_number(year, month, 1) > c->today)
		/* a bare month is a bound only when it has not begun */
		time->flags |= TW_TIME_NODE;
	(void) take_any(c, &before_words);
	return true;
}

static bool
take_quarter(Cursor *c, TwTime *time, int year)
{
	int32		start = c->at;
	int			ndigits;
	int			quarter;

	(void) take(c, "第");
	quarter = take_number(c, &ndigits);
	if (quarter >= 1 && quarter <= 4 && (take(c, "季度") || take(c, "个季度")))
	{
		(void) take(c, "末");
		(void) take_any(c, &before_words);
		settle(c, time, tw_last_of_month(year, quarter * 3));
		return true;
	}
	c->at = start;
	if (take(c, "上半年"))
	{
		(void) take_any(c, &before_words);
		settle(c, time, tw_last_of_month(year, 6));
		return true;
	}
	if (take(c, "下半年"))
	{
		(void) take_any(c, &before_words);
		settle(c, time, tw_last_of_month(year, 12));
		return true;
	}
	return false;
}

/* After a year: 2023年3月…, 2023年底, 2023年第二季度 */
static bool
take_year(Cursor *c, TwTime *time, int year)
{
	int32		after = c->at;
	int			ndigits;
	int			month;

	if (take_quarter(c, time, year))
		return true;
	month = take_number(c, &ndigits);
	if (month >= 1 && month <= 12 && ndigits <= 2 && take(c, "月"))
		return take_month(c, time, year, month);
	c->at = after;
	if (take(c, "底") || take(c, "末") || take(c, "内") || take(c, "度内"))
	{
		(void) take_any(c, &before_words);
		settle(c, time, tw_day_number(year, 12, 31));
		return true;
	}
	if (take_any(c, &before_words))
	{
		settle(c, time, tw_day_number(year, 1, 1));
		return true;
	}
	return false;
}

/* N days, weeks, months, hours: a bound only with 内 */
static bool
take_span(Cursor *c, TwTime *time)
{
	static Words units = {0, {"个工作日", "工作日", "个自然日", "自然日", "个星期", "星期", "个月", "个小时", "小时", "周", "天", "日", "个季度", "分钟"}};

	if (!take_any(c, &units))
		return false;
	if (take(c, "之内") || take(c, "以内") || take(c, "内"))
	{
		time->flags |= TW_TIME_NODE;
		return true;
	}
	return false;
}

/* What makes a time of a number before it; a number of days or houses is given up at the next character */
static Words number_units = {0, {
	"年", "月", "日", "号", "天", "周", "星", "季", "个", "工", "自", "小", "分", "时", "点", "h", ":", "-", "/", "."
}};

static bool
from_number(Cursor *c, TwTime *time)
{
	int32		start = c->at;
	int			ndigits;
	int			number = take_number(c, &ndigits);
	int32		after = c->at;

	if (number < 0)
		return false;
	if (ndigits == 8 && number / 10000 >= 1990 && number / 10000 < 2100 && number / 100 % 100 >= 1 &&
		number / 100 % 100 <= 12 && number % 100 >= 1 && number % 100 <= 31)
		return finish_day(c, time, tw_day_number(number / 10000, number / 100 % 100, number % 100));
	if (!may_take(c, &number_units))
		return false;
	if (ndigits == 4 && number >= 1900 && number < 2200)
	{
		static Words separators = {0, {"-", "/", "."}};

		if (take(c, "年"))
			return take_year(c, time, number);
		if (take_any(c, &separators))
		{
			int			month = take_number(c, &ndigits);

			if (month >= 1 && month <= 12 && ndigits <= 2 && take_any(c, &separators))
			{
				int			day = take_number(c, &ndigits);

				if (day >= 1 && day <= 31 && ndigits <= 2)
				{
					(void) take(c, "日");
					(void) take(c, "t");
					return finish_day(c, time, tw_day_number(number, month, day));
				}
			}
		}
		return false;
	}
	if (ndigits > 4 || number > 999)
		return false;
	/* two digits for a year: 23年3月 */
	if (ndigits == 2 && number >= 20 && number < 60 && take(c, "年"))
		return take_year(c, time, 2000 + number);
	c->at = after;
	if (take(c, "月"))
		return take_month(c, time, 0, number);
	if (number >= 1 && number <= 4 && take(c, "季度"))
	{
		c->at = start;
		return take_quarter(c, time, c->year);
	}
	c->at = after;
	if (take_span(c, time))
		return true;
	c->at = after;
	if (number >= 1 && number <= 31 && (take(c, "日") || take(c, "号")))
	{
		int32		day = c->at;

		/* the 15th: of this month, or of the next when that has passed */
		if (take_any(c, &before_words))
		{
			time->flags |= TW_TIME_DATE | TW_TIME_NODE;
			return true;
		}
		c->at = day;
		if (take_clock(c, time))
		{
			time->flags |= TW_TIME_DATE;
			return true;
		}
		/* 18号楼 is no day, 6日 is */
		c->at = day;
		if (c->folded->chars[day - 1].point == 0x65e5)
		{
			time->flags |= TW_TIME_DATE;
			return true;
		}
		return false;
	}
	/* 2/6 or 2-6 10:20 in tables: a month and a day when an hour follows */
	if (number >= 1 && number <= 12 && (take(c, "/") || take(c, "-") || take(c, ".")))
	{
		int			day = take_number(c, &ndigits);

		if (day >= 1 && day <= 31 && ndigits <= 2)
		{
			TwTime		hour = *time;
			int32		at = c->at;

			if (take_clock(c, &hour) || take_any(c, &before_words))
			{
				c->at = at;
				return finish_day(c, time, tw_day_number(year_of(c, number), number, day));
			}
		}
	}
	c->at = start;
	return take_clock(c, time);
}

static bool
take_weekday(Cursor *c, TwTime *time)
{
	static Words weeks = {0, {"周", "星期", "礼拜"}};
	int			week = 0;
	bool		named = true;
	int			weekday = -1;
	int			of_today = ((c->today + 3) % 7 + 7) % 7;	/* Monday is 0 */

	if (take(c, "下下"))
		week = 2;
	else if (take(c, "下"))
		week = 1;
	else if (take(c, "上") || take(c, "每"))
		return false;
	else if (!take(c, "本") && !take(c, "这"))
		named = false;
	if (!take_any(c, &weeks))
		return false;
	if (take(c, "末") || take(c, "底") || take(c, "日") || take(c, "天"))
		weekday = 6;
	else
	{
		int			digit = tw_numeral(peek(c, 0));

		if (digit >= 1 && digit <= 6)
		{
			weekday = digit - 1;
			c->at++;
		}
	}
	if (!named)
	{
		/* a weekday alone may be a habit (每周二、周五): only with 前 it bounds */
		if (weekday >= 0 && take_any(c, &before_words))
		{
			time->flags |= TW_TIME_NODE;
			return true;
		}
		return false;
	}
	(void) take_any(c, &before_words);
	settle(c, time, c->today - of_today + week * 7 + (weekday < 0 ? 6 : weekday));
	if (weekday >= 0)
		time->flags |= TW_TIME_DATE;
	(void) take_clock(c, time);
	return true;
}

/* 春节前: a bound unless the festival has just been, and the next one is most of a year away */
static bool
take_festival(Cursor *c, TwTime *time)
{
	for (int i = 0; i < tw_nfestivals; i++)
		if (take(c, tw_festival_name(i)))
		{
			int32		day = tw_festival_day(i, c->year);

			(void) take(c, "节");
			if (!take(c, "前") && !take(c, "之前") && !take(c, "以前"))
				return false;
			if (day < c->today - 150)
				day = tw_festival_day(i, c->year + 1);
			else if (day > c->today + 215)
				day = tw_festival_day(i, c->year - 1);
			settle(c, time, day);
			return true;
		}
	return false;
}

static bool
from_word(Cursor *c, TwTime *time)
{
	static Words same_day = {0, {"当日", "当天", "同日", "次日", "次晨", "昨日", "昨天", "同天", "即日"}};
	int32		start = c->at;

	if (take_any(c, &same_day) || take(c, "当晚"))
	{
		time->flags |= TW_TIME_DATE | TW_TIME_LATER_DAY;
		if (c->folded->chars[c->at - 1].point == 0x665a)
			time->flags |= TW_TIME_CLOCK;
		(void) take_clock(c, time);
		return true;
	}
	if (take(c, "今日") || take(c, "今天"))
	{
		time->flags |= TW_TIME_DATE;
		(void) take_clock(c, time);
		if (take_any(c, &before_words))
			settle(c, time, c->today);
		return true;
	}
	if (take(c, "明日") || take(c, "明天") || take(c, "后天") || take(c, "后日"))
	{
		time->flags |= TW_TIME_DATE | TW_TIME_NODE;
		(void) take_clock(c, time);
		(void) take_any(c, &before_words);
		return true;
	}
	if (take(c, "明年") || take(c, "次年"))
	{
		(void) take_year(c, time, c->year + 1);
		time->flags &= ~TW_TIME_PAST;
		/* 明年 without month or half is too rough for a node */
		return time->flags != 0;
	}
	if (take(c, "今年") || take(c, "本年") || take(c, "当年"))
		return take_year(c, time, c->year);
	if (take(c, "年底") || take(c, "年末") || take(c, "年内"))
	{
		(void) take_any(c, &before_words);
		time->flags |= TW_TIME_NODE;
		return true;
	}
	if (take(c, "上个月") || take(c, "上月"))
		return take_month(c, time, c->month == 1 ? c->year - 1 : c->year, c->month == 1 ? 12 : c->month - 1) && time->flags != 0;
	if (take(c, "去年"))
		return take_year(c, time, c->year - 1);
	if (take(c, "下个月") || take(c, "下月") || take(c, "次月"))
	{
		int			year = c->month == 12 ? c->year + 1 : c->year;
		int			month = c->month == 12 ? 1 : c->month + 1;

		(void) take_month(c, time, year, month);
		time->flags |= TW_TIME_NODE;
		return true;
	}
	if (take(c, "本月") || take(c, "这个月") || take(c, "当月"))
		return take_month(c, time, c->year, c->month) && time->flags != 0;
	if (take(c, "月底") || take(c, "月末") || take(c, "月内") || take(c, "本季度") || take(c, "季度末"))
	{
		(void) take_any(c, &before_words);
		time->flags |= TW_TIME_NODE;
		return true;
	}
	if (take(c, "下季度") || take(c, "下个季度"))
	{
		time->flags |= TW_TIME_NODE;
		return true;
	}
	if (take_quarter(c, time, c->year))
		return true;
	c->at = start;
	if (take_festival(c, time))
		return true;
	c->at = start;
	if (take_weekday(c, time))
		return true;
	c->at = start;
	return take_clock(c, time);
}

/*
 * The time that begins here, if one does: a digit, a numeral or the first
 * character of a time word.  Of numerals the caller hands over the first.
 */
bool
tw_find_time(const TwFolded *folded, int32 at, const TwToday *today, TwTime *found)
{
	Cursor		c = {folded, at, today->number, today->year, today->month, today->day};
	bool		is_time;

	found->first = at;
	found->flags = 0;
	found->clause = 0;
	found->day = 0;
	if (folded->chars[at].kind == TW_DIGIT || tw_numeral(folded->chars[at].point) >= 0 ||
		folded->chars[at].point == 0x7b2c)	/* 第 */
	{
		is_time = folded->chars[at].point == 0x7b2c ? take_quarter(&c, found, c.year) : from_number(&c, found);
		if (!is_time && tw_numeral(folded->chars[at].point) >= 0)
		{
			/* 五一前 begins with a numeral */
			c.at = at;
			found->flags = 0;
			is_time = from_word(&c, found);
		}
	}
	else
		is_time = from_word(&c, found);
	found->last = c.at - 1;
	return is_time && found->flags != 0 && found->last >= found->first;
}
