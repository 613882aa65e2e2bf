/*
 * dispatch_place.c
 *		Finds in address and appeal the committee of the place and the
 *		departments that are named.
 *
 * The longest reading wins, among what is valid on the day.  Of places an
 * estate and a house number on its road weigh most, then free text, then a
 * road without a number, where two roads that cross leave what they have in
 * common.  What still speaks for several committees is a tie, not a guess.
 */
#include "dispatch.h"

#define LOCAL_CHARS 256
#define LOCAL_HITS 64
#define MAX_NUMBER 99999

/* A folded text with its longest valid hits */
typedef struct Reading
{
	TwFolded	text;
	TwHits		hits;
	TwChar		chars[LOCAL_CHARS];
	TwHit		local[LOCAL_HITS];
} Reading;

static bool
used_on(const TwDispatch *dispatch, int literal, int32 day)
{
	for (int i = dispatch->use_first[literal]; i < dispatch->use_first[literal + 1]; i++)
		if (tw_valid_on(dispatch->uses[i].valid, day))
			return true;
	return false;
}

static void
read_text(Reading *reading, const TwDispatch *dispatch, const char *text, int length, int32 day)
{
	int			kept = 0;

	tw_fold_begin(&reading->text, reading->chars, LOCAL_CHARS);
	tw_fold(&reading->text, text, length);
	reading->hits.hits = reading->local;
	reading->hits.count = 0;
	reading->hits.room = LOCAL_HITS;
	reading->hits.breaks = NULL;
	tw_automaton_scan(dispatch->automaton, &reading->text, &reading->hits);
	/* what is no longer valid hides nothing */
	for (int i = 0; i < reading->hits.count; i++)
		if (used_on(dispatch, reading->hits.hits[i].literal, day))
			reading->hits.hits[kept++] = reading->hits.hits[i];
	reading->hits.count = kept;
	tw_hits_longest(&reading->hits);
}

static int
index_in(const TwFound *found, int department)
{
	for (int i = 0; i < found->count; i++)
		if (found->departments[i] == department)
			return i;
	return -1;
}

/* Kept in the order of departments, whatever the order in the text */
void
tw_add_found(TwFound *found, int department, const char *name)
{
	int			at = found->count;

	if (index_in(found, department) >= 0 || found->count == TW_MAX_FOUND)
		return;
	while (at > 0 && found->departments[at - 1] > department)
	{
		found->departments[at] = found->departments[at - 1];
		found->names[at] = found->names[at - 1];
		at--;
	}
	found->departments[at] = department;
	found->names[at] = name;
	found->count++;
}

/* ---- house numbers ---- */

static int
chinese_digit(uint32 point)
{
	static const uint32 digits[] = {
		0x96f6, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d	/* 零一二三四五六七八九 */
	};

	if (point == 0x3007)		/* 〇 */
		return 0;
	if (point == 0x4e24)		/* 两 */
		return 2;
	for (int i = 0; i < lengthof(digits); i++)
		if (digits[i] == point)
			return i;
	return -1;
}

static int
chinese_unit(uint32 point)
{
	return point == 0x5341 ? 10 : point == 0x767e ? 100 : point == 0x5343 ? 1000 : 0;	/* 十百千 */
}

static uint32
point_at(const TwFolded *text, int at)
{
	return at < text->count ? text->chars[at].point : 0;
}

static bool
is_number_word(uint32 point)
{
	return point == 0x5f04 || point == 0x53f7 || point == 0x652f;	/* 弄号支 */
}

/* After a number these make it an amount, a time or a bus line, not a house */
static bool
is_measure(uint32 point)
{
	static const uint32 measures[] = {
		0x8def, 0x5e74, 0x6708, 0x65e5, 0x70b9, 0x65f6, 0x5206, 0x7c73, 0x5143, 0x4e2a,	/* 路年月日点时分米元个 */
		0x4eba, 0x6b21, 0x8f86, 0x53f0, 0x76cf, 0x5e73, 0x591a, 0x4f59, 0x5c81, 0x697c	/* 人次辆台盏平多余岁楼 */
	};

	for (int i = 0; i < lengthof(measures); i++)
		if (measures[i] == point)
			return true;
	return false;
}

/* The house or lane number that follows a road; 0 for none */
static int
number_after(const TwFolded *text, int last)
{
	int			at = last + 1;
	int			number = 0;

	while (at < text->count && text->chars[at].kind == TW_SPACE)
		at++;
	if (point_at(text, at) == 0x7b2c)	/* 第 */
		at++;
	if (at < text->count && text->chars[at].kind == TW_DIGIT)
	{
		for (; at < text->count && text->chars[at].kind == TW_DIGIT; at++)
		{
			uint32		point = text->chars[at].point;

			if (point < '0' || point > '9')
				return 0;
			number = number * 10 + (int) (point - '0');
			if (number > MAX_NUMBER)
				return 0;
		}
		while (at < text->count && text->chars[at].kind == TW_SPACE)
			at++;
		return is_measure(point_at(text, at)) ? 0 : number;
	}
	else
	{
		int			pending = 0;
		int			tens = 0;		/* what a digit after the last unit counts, 0 before any unit */
		int			begin = at;

		for (; at < text->count; at++)
		{
			int			digit = chinese_digit(text->chars[at].point);
			int			unit = chinese_unit(text->chars[at].point);

			if (unit > 0)
			{
				/* 十五, 一百十五, 一千零十 */
				number += Max(pending, 1) * unit;
				pending = 0;
				tens = unit / 10;
			}
			else if (digit < 0)
				break;
			else if (tens > 0)
			{
				/* 一百零五 is 105, 一百五 is 150 */
				pending = digit;
				if (digit == 0)
					tens = 1;
			}
			else
				pending = pending * 10 + digit;
			if (number > MAX_NUMBER || pending > MAX_NUMBER)
				return 0;
		}
		/* 宜川路一村 is a name, 宜川路一号 a number */
		return at > begin && is_number_word(point_at(text, at)) ? number + pending * Max(tens, 1) : 0;
	}
}

static bool
on_road(const TwUse *use, int number)
{
	return number >= use->number_from && number <= use->number_until &&
		(use->parity < 0 || (number & 1) == use->parity);
}

static const char *
with_number(const char *road, int number)
{
	size_t		length = strlen(road);
	char	   *out = palloc(length + 8);
	char		digits[8];
	int			n = 0;

	memcpy(out, road, length);
	for (; number > 0; number /= 10)
		digits[n++] = '0' + number % 10;
	while (n > 0)
		out[length++] = digits[--n];
	out[length] = '\0';
	return out;
}

/* ---- places ---- */

typedef struct Search
{
	int			level;			/* of what has been found: 3, 2, 1, or 0 for nothing */
	TwFound		found;
	const char *name;
	const char *unregistered;	/* a road whose number belongs to nobody */
} Search;

static void
add_place(Search *search, int level, int department, const char *name)
{
	if (level < search->level)
		return;
	if (level > search->level)
	{
		search->level = level;
		search->found.count = 0;
		search->name = name;
	}
	tw_add_found(&search->found, department, name);
}

/* A road without a number: its committees, or those it shares with a road before */
static void
add_plain_road(Search *search, const TwUse *uses, int count, int32 day)
{
	TwFound		committees = {0};

	if (search->level > 1)
		return;
	for (int i = 0; i < count; i++)
		if (uses[i].kind == TW_USE_ROAD && tw_valid_on(uses[i].valid, day))
			tw_add_found(&committees, uses[i].department, uses[i].name);
	if (search->level == 1)
	{
		int			kept = 0;

		for (int i = 0; i < search->found.count; i++)
			if (index_in(&committees, search->found.departments[i]) >= 0)
			{
				search->found.departments[kept] = search->found.departments[i];
				search->found.names[kept++] = search->found.names[i];
			}
		/* roads that share nothing: then any of them */
		if (kept > 0)
			search->found.count = kept;
		else
			for (int i = 0; i < committees.count; i++)
				tw_add_found(&search->found, committees.departments[i], committees.names[i]);
		return;
	}
	search->level = 1;
	search->name = committees.count > 0 ? committees.names[0] : NULL;
	search->found = committees;
}

static void
search_hit(Search *search, const TwDispatch *dispatch, const Reading *reading, const TwHit *hit, int32 day)
{
	const TwUse *uses = dispatch->uses + dispatch->use_first[hit->literal];
	int			count = dispatch->use_first[hit->literal + 1] - dispatch->use_first[hit->literal];
	int			number = -1;
	bool		road = false;
	bool		covered = false;

	for (int i = 0; i < count; i++)
	{
		if (!tw_valid_on(uses[i].valid, day))
			continue;
		if (uses[i].kind == TW_USE_ESTATE)
			add_place(search, 3, uses[i].department, uses[i].name);
		else if (uses[i].kind == TW_USE_TEXT)
			add_place(search, 2, uses[i].department, uses[i].name);
		else if (uses[i].kind == TW_USE_ROAD)
		{
			road = true;
			if (number < 0)
				number = number_after(&reading->text, hit->last);
			if (number > 0 && on_road(&uses[i], number))
			{
				covered = true;
				add_place(search, 3, uses[i].department, with_number(uses[i].name, number));
			}
		}
	}
	if (road && number == 0)
		add_plain_road(search, uses, count, day);
	else if (road && !covered)
	{
		for (int i = 0; i < count; i++)
			if (uses[i].kind == TW_USE_ROAD)
				search->unregistered = with_number(uses[i].name, number);
	}
}

static void
find_place(TwPlace *place, const TwDispatch *dispatch, const Reading *reading, int32 day)
{
	Search		search = {0};

	for (int i = 0; i < reading->hits.count; i++)
		search_hit(&search, dispatch, reading, &reading->hits.hits[i], day);
	place->found = search.found;
	place->name = search.name;
	if (search.found.count == 0)
	{
		place->status = TW_PLACE_UNKNOWN;
		place->name = search.unregistered;
	}
	else if (search.found.count > 1)
		place->status = TW_PLACE_SEVERAL;
	else if (search.found.departments[0] < 0)
		place->status = TW_PLACE_OUTSIDE;
	else
		place->status = TW_PLACE_FOUND;
}

/* ---- names ---- */

static bool
word_before(const TwWord *word, const TwFolded *text, int first)
{
	int			at = first - 1;

	for (int i = word->length - 1; i >= 0; i--, at--)
	{
		while (at >= 0 && text->chars[at].kind == TW_SPACE)
			at--;
		if (at < 0 || text->chars[at].point != word->points[i])
			return false;
	}
	return true;
}

static bool
word_after(const TwWord *word, const TwFolded *text, int last)
{
	int			at = last + 1;

	for (int i = 0; i < word->length; i++, at++)
	{
		while (at < text->count && text->chars[at].kind == TW_SPACE)
			at++;
		if (at >= text->count || text->chars[at].point != word->points[i])
			return false;
	}
	return true;
}

/* 原区房管局退休职工 names a person, 城管中队门口 a place */
static bool
means_department(const TwPeriod *period, const TwFolded *text, const TwHit *hit)
{
	for (int i = 0; i < period->nwords; i++)
	{
		const TwWord *word = &period->words[i];

		if (word->before ? word_before(word, text, hit->first) : word_after(word, text, hit->last))
			return false;
	}
	return true;
}

static void
find_names(TwFound *named, const TwDispatch *dispatch, const TwPeriod *period, const Reading *reading, int32 day)
{
	for (int i = 0; i < reading->hits.count; i++)
	{
		const TwHit *hit = &reading->hits.hits[i];

		for (int u = dispatch->use_first[hit->literal]; u < dispatch->use_first[hit->literal + 1]; u++)
		{
			const TwUse *use = &dispatch->uses[u];

			if (use->kind == TW_USE_NAME && tw_valid_on(use->valid, day) &&
				index_in(named, use->department) < 0 && means_department(period, &reading->text, hit))
				tw_add_found(named, use->department, use->name);
		}
	}
}

void
tw_read_texts(const TwDispatch *dispatch, const TwPeriod *period, const TwDispatchQuery *query,
			  TwPlace *place, TwFound *named)
{
	Reading		reading;

	place->status = TW_PLACE_NONE;
	place->name = NULL;
	place->found.count = 0;
	named->count = 0;
	if (query->place != NULL)
	{
		read_text(&reading, dispatch, query->place, query->place_length, query->day);
		find_place(place, dispatch, &reading, query->day);
	}
	if (query->appeal != NULL)
	{
		read_text(&reading, dispatch, query->appeal, query->appeal_length, query->day);
		find_names(named, dispatch, period, &reading, query->day);

		/* an appeal mentions other places too: it only helps where the address does not */
		if (place->status <= TW_PLACE_UNKNOWN)
		{
			TwPlace		told;

			find_place(&told, dispatch, &reading, query->day);
			if (told.status == TW_PLACE_FOUND)
				*place = told;
		}
	}
}
