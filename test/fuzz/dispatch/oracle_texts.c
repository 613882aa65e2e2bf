/*
 * oracle_texts.c
 *		What an address and an appeal say, by trying every name at every
 *		character.  Shares with the engine the folding of texts, which has a
 *		proof of its own, and the types.
 */
#include <stdio.h>

#include "oracle.h"

/* ---- names in a text ---- */

typedef struct Text
{
	TwFolded	folded;
} Text;

typedef struct Span
{
	int			first;
	int			last;
	const char *name;			/* as registered: all that is written like it is meant */
} Span;

static Text
folded(const char *start, int length)
{
	Text		text;

	tw_fold_begin(&text.folded, tw_host_alloc(16 * sizeof(TwChar)), 16);
	tw_fold(&text.folded, start, length);
	return text;
}

static const TwChar *
at(const Text *text, int i)
{
	return i >= 0 && i < text->folded.count ? &text->folded.chars[i] : NULL;
}

static bool
matters(TwKind kind)
{
	return kind == TW_LETTER || kind == TW_HAN || kind == TW_DIGIT;
}

/* R1: marks and spaces count for nothing between ideographs, spaces beside a letter neither; a sentence's end does */
static bool
may_bridge(const Text *text, int from, int to)
{
	bool		mark = false;
	TwKind		left = at(text, from)->kind;
	TwKind		right = at(text, to)->kind;

	if (to == from + 1)
		return true;
	for (int i = from + 1; i < to; i++)
	{
		if (at(text, i)->kind == TW_HARD)
			return false;
		mark = mark || at(text, i)->kind == TW_MARK;
	}
	if (left == TW_HAN && right == TW_HAN)
		return true;
	return !mark && !(left == TW_DIGIT && right == TW_DIGIT);
}

/* Last character of the name that begins at first, -1 if it does not */
static int
ends_at(const Text *text, int first, const char *name)
{
	const char *end = name + strlen(name);
	int			i = first;
	int			before = -1;

	while (name < end)
	{
		uint32		point;

		name = tw_decode(name, end, &point);
		if (point < 0x80 && point >= 'A' && point <= 'Z' && at(text, first) != NULL)
		{
			/* folded like the text */
			TwChar		one[4];
			TwFolded	letter;
			char		utf8[4];

			tw_fold_begin(&letter, one, 4);
			tw_fold(&letter, utf8, tw_encode(point, utf8));
			point = letter.chars[0].point;
		}
		while (before >= 0 && at(text, i) != NULL && !matters(at(text, i)->kind))
			i++;
		if (at(text, i) == NULL || !matters(at(text, i)->kind) || at(text, i)->point != point)
			return -1;
		if (before >= 0 && !may_bridge(text, before, i))
			return -1;
		before = i++;
	}
	return before;
}

/* From the left, at each place the longest, none within another */
static int
spans_of(const World *world, const Text *text, int32 day, Span *spans)
{
	int			count = 0;

	for (int i = 0; i < text->folded.count;)
	{
		Span		best = {0, -1, NULL};

		for (int u = 0; u < world->nuses; u++)
		{
			int			last = on(world->uses[u].valid, day) ? ends_at(text, i, world->uses[u].name) : -1;

			if (last > best.last)
				best = (Span) {i, last, world->uses[u].name};
		}
		if (best.name != NULL)
			spans[count++] = best;
		i = best.name != NULL ? best.last + 1 : i + 1;
	}
	return count;
}

/* ---- sets of departments ---- */

void
add(Set *set, int department, const char *name)
{
	if (set->in[department + 1])
		return;
	set->in[department + 1] = true;
	set->names[department + 1] = name;
}

int
size(const Set *set)
{
	int			n = 0;

	for (int i = 0; i <= MAX_WORLD; i++)
		n += set->in[i];
	return n;
}

int
first_of(const Set *set)
{
	for (int i = 0; i <= MAX_WORLD; i++)
		if (set->in[i])
			return i - 1;
	return -2;
}

/* ---- house numbers ---- */

static const char *const han_digits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "〇", "两"};

/* What a character of a Chinese numeral is worth: 0 to 9, 10, 100, 1000, or -1 */
static int
worth(uint32 point)
{
	char		utf8[5] = {0};

	tw_encode(point, utf8);
	for (int i = 0; i < lengthof(han_digits); i++)
		if (strcmp(utf8, han_digits[i]) == 0)
			return i == 10 ? 0 : i == 11 ? 2 : i;
	return strcmp(utf8, "十") == 0 ? 10 : strcmp(utf8, "百") == 0 ? 100 : strcmp(utf8, "千") == 0 ? 1000 : -1;
}

static bool
one_of(const Text *text, int i, const char *list)
{
	char		utf8[5] = {0};

	if (at(text, i) == NULL)
		return false;
	tw_encode(at(text, i)->point, utf8);
	return strstr(list, utf8) != NULL;
}

static int
house_number(const Text *text, int i)
{
	int			worths[4096];
	int			n = 0;
	long		number = 0;

	while (at(text, i) != NULL && at(text, i)->kind == TW_SPACE)
		i++;
	if (one_of(text, i, "第"))
		i++;
	if (at(text, i) != NULL && at(text, i)->kind == TW_DIGIT)
	{
		for (; at(text, i) != NULL && at(text, i)->kind == TW_DIGIT; i++)
		{
			if (at(text, i)->point < '0' || at(text, i)->point > '9')
				return 0;
			if (number <= 99999)
				number = number * 10 + at(text, i)->point - '0';
		}
		while (at(text, i) != NULL && at(text, i)->kind == TW_SPACE)
			i++;
		return number > 99999 || one_of(text, i, "路年月日点时分米元个人次辆台盏平多余岁楼") ? 0 : number;
	}
	for (; at(text, i) != NULL && worth(at(text, i)->point) >= 0; i++)
		if (n < lengthof(worths))
			worths[n++] = worth(at(text, i)->point);
	if (n == 0 || !one_of(text, i, "弄号支"))
		return 0;
	for (int k = 0; k < n;)
	{
		long		digits = 0;
		int			begin = k;

		/* digits one after the other before the first unit; after one the last digit counts */
		for (; k < n && worths[k] < 10; k++)
			digits = begin == 0 ? Min(digits * 10 + worths[k], 1000000000) : worths[k];
		if (begin == 0 && digits > 99999)
			return 0;
		if (k < n)
			number += Max(digits, 1) * worths[k++];
		else if (begin == 0)
			number += digits;
		else
		{
			bool		zero = false;

			for (int z = begin; z < k; z++)
				zero = zero || worths[z] == 0;
			/* 一百零五 and 一百五 */
			number += digits * (zero ? 1 : Max(worths[begin - 1] / 10, 1));
		}
		if (number > 99999)
			return 0;
	}
	return number;
}

static const char *
on_number(const char *road, int number)
{
	char	   *out = tw_host_alloc(strlen(road) + 12);

	sprintf(out, "%s%d", road, number);
	return out;
}

/* ---- the place ---- */

static bool
same_name(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/*
 * Estates and house numbers weigh most, then free text, then roads without a
 * number; roads that cross leave what they share.
 */
static void
place_of(const World *world, const Text *text, int32 day, TwPlace *place, Set *found)
{
	Span	   *spans = tw_host_alloc((text->folded.count + 1) * sizeof(Span));
	int			count = spans_of(world, text, day, spans);
	const char *unregistered = NULL;

	memset(found, 0, sizeof(*found));
	place->name = NULL;
	for (int weight = 3; weight >= 1 && size(found) == 0; weight--)
	{
		for (int s = 0; s < count; s++)
		{
			Set			road = {0};
			bool		any_road = false;
			bool		covered = false;
			int			number = house_number(text, spans[s].last + 1);

			/* an estate is told before the number on a road of its name */
			for (int kind = TW_USE_ESTATE; kind <= TW_USE_TEXT; kind++)
				for (int u = 0; u < world->nuses; u++)
				{
					const TwUse *use = &world->uses[u];
					bool		hits = false;
					const char *name = use->name;

					if (use->kind != kind || !same_name(use->name, spans[s].name) || !on(use->valid, day))
						continue;
					if (kind == TW_USE_ROAD)
					{
						any_road = true;
						add(&road, use->department, use->name);
						hits = number > 0 && use->number_from <= number && number <= use->number_until &&
							(use->parity < 0 || number % 2 == use->parity);
						covered = covered || hits;
						name = hits ? on_number(use->name, number) : use->name;
						hits = hits && weight == 3;
					}
					else
						hits = kind == TW_USE_ESTATE ? weight == 3 : weight == 2;
					if (hits)
					{
						if (size(found) == 0)
							place->name = name;
						add(found, use->department, name);
					}
				}
			if (any_road && number == 0 && weight == 1)
			{
				Set			both = {0};

				for (int i = 0; i <= MAX_WORLD; i++)
					if (road.in[i] && found->in[i])
						add(&both, i - 1, road.names[i]);
				if (size(found) == 0)
				{
					place->name = spans[s].name;
					*found = road;
				}
				else if (size(&both) > 0)
					*found = both;
				else
					for (int i = 0; i <= MAX_WORLD; i++)
						if (road.in[i])
							add(found, i - 1, road.names[i]);
			}
			if (any_road && number > 0 && !covered)
				unregistered = on_number(spans[s].name, number);
		}
	}
	if (size(found) == 0)
	{
		place->status = TW_PLACE_UNKNOWN;
		place->name = unregistered;
	}
	else if (size(found) > 1)
		place->status = TW_PLACE_SEVERAL;
	else
		place->status = first_of(found) < 0 ? TW_PLACE_OUTSIDE : TW_PLACE_FOUND;
}

/* ---- who is named ---- */

static bool
stands(const Text *text, int i, int step, const TwWord *word)
{
	for (int w = 0; w < word->length; w++, i += step)
	{
		while (at(text, i) != NULL && at(text, i)->kind == TW_SPACE)
			i += step;
		if (at(text, i) == NULL || at(text, i)->point != word->points[step > 0 ? w : word->length - 1 - w])
			return false;
	}
	return true;
}

static void
names_of(const World *world, const Text *text, int32 day, Set *named)
{
	Span	   *spans = tw_host_alloc((text->folded.count + 1) * sizeof(Span));
	int			count = spans_of(world, text, day, spans);

	for (int s = 0; s < count; s++)
	{
		bool		meant = true;

		for (int w = 0; w < world->period.nwords; w++)
		{
			const TwWord *word = &world->period.words[w];

			if (word->before ? stands(text, spans[s].first - 1, -1, word) : stands(text, spans[s].last + 1, 1, word))
				meant = false;
		}
		for (int u = 0; u < world->nuses && meant; u++)
			if (world->uses[u].kind == TW_USE_NAME && same_name(world->uses[u].name, spans[s].name) && on(world->uses[u].valid, day))
				add(named, world->uses[u].department, world->uses[u].name);
	}
}

void
read_both(const World *world, const TwDispatchQuery *query, TwPlace *place, Set *found, Set *named)
{
	memset(found, 0, sizeof(*found));
	memset(named, 0, sizeof(*named));
	place->status = TW_PLACE_NONE;
	place->name = NULL;
	if (query->place != NULL)
	{
		Text		text = folded(query->place, query->place_length);

		place_of(world, &text, query->day, place, found);
	}
	if (query->appeal != NULL)
	{
		Text		text = folded(query->appeal, query->appeal_length);
		TwPlace		told;
		Set			there;

		names_of(world, &text, query->day, named);
		place_of(world, &text, query->day, &told, &there);
		if ((place->status == TW_PLACE_NONE || place->status == TW_PLACE_UNKNOWN) && told.status == TW_PLACE_FOUND)
		{
			*place = told;
			*found = there;
		}
	}
}

static void
as_found(const Set *set, TwFound *found)
{
	found->count = 0;
	for (int i = 0; i <= MAX_WORLD; i++)
		if (set->in[i])
		{
			found->departments[found->count] = i - 1;
			found->names[found->count++] = set->names[i];
		}
}

void
oracle_texts(const World *world, const TwDispatchQuery *query, TwPlace *place, TwFound *named)
{
	Set			found;
	Set			names;

	read_both(world, query, place, &found, &names);
	as_found(&found, &place->found);
	as_found(&names, named);
}
