/*
 * fold.c
 *		Undoes disguises (R1): compatibility forms, invisible characters,
 *		traditional forms.  Spaces and marks stay, told apart by kind; what
 *		matches across them is the matter of automaton.c.
 *
 * The mapping of single characters is NFKC by a generated table: the server's
 * normalize() costs more than the whole check.  Sequences that NFKC would
 * compose (Latin letters with accents, Hangul) stay as they are: no phrase
 * holds one, and accents are invisible here.
 */
#include "fold.h"

/*
 * Decode one character of UTF-8.  The server hands over valid text; what a
 * fuzzer hands over is taken byte by byte as marks rather than read past its
 * end.
 */
const char *
tw_decode(const char *c, const char *end, uint32 *point)
{
	const unsigned char *s = (const unsigned char *) c;
	int			left = end - c;

	if (s[0] < 0x80)
	{
		*point = s[0];
		return c + 1;
	}
	if ((s[0] & 0xe0) == 0xc0 && left >= 2)
	{
		*point = (uint32) (s[0] & 0x1f) << 6 | (s[1] & 0x3f);
		return c + 2;
	}
	if ((s[0] & 0xf0) == 0xe0 && left >= 3)
	{
		*point = (uint32) (s[0] & 0x0f) << 12 | (uint32) (s[1] & 0x3f) << 6 | (s[2] & 0x3f);
		return c + 3;
	}
	if ((s[0] & 0xf8) == 0xf0 && left >= 4)
	{
		*point = (uint32) (s[0] & 0x07) << 18 | (uint32) (s[1] & 0x3f) << 12 |
			(uint32) (s[2] & 0x3f) << 6 | (s[3] & 0x3f);
		return c + 4;
	}
	*point = 0xfffd;
	return c + 1;
}

int
tw_encode(uint32 point, char *out)
{
	if (point < 0x80)
	{
		out[0] = point;
		return 1;
	}
	if (point < 0x800)
	{
		out[0] = 0xc0 | point >> 6;
		out[1] = 0x80 | (point & 0x3f);
		return 2;
	}
	if (point < 0x10000)
	{
		out[0] = 0xe0 | point >> 12;
		out[1] = 0x80 | (point >> 6 & 0x3f);
		out[2] = 0x80 | (point & 0x3f);
		return 3;
	}
	out[0] = 0xf0 | point >> 18;
	out[1] = 0x80 | (point >> 12 & 0x3f);
	out[2] = 0x80 | (point >> 6 & 0x3f);
	out[3] = 0x80 | (point & 0x3f);
	return 4;
}

TwKind
tw_kind(uint32 point)
{
	if (point < TW_FOLD_LIMIT)
		return TW_CELL(kind, point);
	/* the third plane holds ideographs, the fourteenth tags and selectors */
	if (point < 0x40000)
		return TW_HAN;
	if (point >= 0xe0000 && point <= 0xe0fff)
		return TW_INVISIBLE;
	return TW_MARK;
}

/* NFKC of one character; out has room for TW_MAX_EXPANSION */
int
tw_nfkc(uint32 point, uint32 *out)
{
	uint32		cell = point < TW_FOLD_LIMIT ? TW_CELL(nfkc, point) : 0;
	int			count;

	if (cell == 0)
	{
		out[0] = point;
		return 1;
	}
	count = tw_nfkc_points[cell];
	memcpy(out, &tw_nfkc_points[cell + 1], count * sizeof(uint32));
	return count;
}

/* chars is the caller's room for short texts; longer ones move to memory of their own */
void
tw_fold_begin(TwFolded *folded, TwChar *chars, int room)
{
	folded->chars = chars;
	folded->count = 0;
	folded->room = room;
	folded->originals = 0;
}

static void
make_room(TwFolded *folded, int wanted)
{
	int			room = Max(wanted, folded->room * 2);
	TwChar	   *chars = palloc((size_t) room * sizeof(TwChar));

	if (folded->count > 0)
		memcpy(chars, folded->chars, (size_t) folded->count * sizeof(TwChar));
	folded->chars = chars;
	folded->room = room;
}

static bool
is_hard(uint32 point)
{
	return point == 0x3002 || point == ';' || point == '?' || point == '!';
}

/*
 * What becomes of the characters of the first plane that turn into one each,
 * wherever they stand: the three tables in one, filled in as texts need it.
 * The others, line breaks among them, stay all zero.
 */
typedef struct Plain
{
	uint32		point:24;		/* as TwChar begins */
	uint32		kind:8;
} Plain;

static Plain plain[0x10000];

/* A folded character by itself */
static Plain
plain_of(uint32 point)
{
	Plain		out;

	point = tw_simplified(point);
	out.point = point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point;
	out.kind = is_hard(point) ? TW_HARD : tw_kind(point);
	return out;
}

static TwKind
kind_of_break(const TwFolded *folded)
{
	/* a blank line is a barrier, a single line break is not (R1) */
	for (int before = folded->count - 1;
		 before >= 0 && folded->chars[before].kind == TW_SPACE; before--)
		if (folded->chars[before].point == '\n')
			return TW_HARD;
	return TW_SPACE;
}

/* ① is read as ⑴, which NFKC takes apart: it numbers an item, and is no digit of the telephone number before it */
static uint32
itemizing(uint32 point)
{
	return point >= 0x2460 && point <= 0x2473 ? point + 20 : point;
}

/* A character that has no place in plain, or not yet */
static void
fold_other(TwFolded *folded, uint32 point)
{
	uint32		points[TW_MAX_EXPANSION];
	int			count = tw_nfkc(itemizing(point), points);

	for (int i = 0; i < count; i++)
	{
		Plain		folds = plain_of(points[i]);
		TwChar	   *out = &folded->chars[folded->count];

		if (folds.kind == TW_INVISIBLE)
			continue;
		out->point = folds.point;
		out->kind = folds.point == '\n' ? kind_of_break(folded) : (TwKind) folds.kind;
		out->pos = folded->originals;
		folded->count++;
		if (count == 1 && point <= 0xffff && folds.point != '\n')
			plain[point] = folds;
	}
	folded->originals++;
}

/* As far as the characters are plain ones and there is room; returns where it stopped. */
static const char *
fold_plain(TwFolded *folded, const char *text, const char *end)
{
	const unsigned char *c = (const unsigned char *) text;
	TwChar	   *out = folded->chars + folded->count;
	uint32		pos = folded->originals;
	int			count;			/* characters there is text and room for, whatever they are */
	bool		odd = false;

	while (!odd && (count = Min((end - (const char *) c) / 3, folded->chars + folded->room - TW_MAX_EXPANSION + 1 - out)) > 0)
		for (; count > 0; count--)
		{
			Plain		folds;
			uint32		found;
			int			bytes = 1;

			if ((c[0] & 0xf0) == 0xe0)
			{
				folds = plain[(uint16) (((uint32) c[0] << 12) + ((uint32) c[1] << 6) + c[2] - 0x2080)];
				bytes = 3;
			}
			else
				folds = plain[c[0] & 0x7f];
			memcpy(&found, &folds, sizeof(found));
			/* nothing plain folds to the code point 0, a letter */
			odd = found == 0 || (bytes == 1 && c[0] >= 0x80);
			if (unlikely(odd))
				break;
			memcpy(out, &found, sizeof(found));
			out->pos = pos++;
			out++;
			c += bytes;
		}
	folded->count = out - folded->chars;
	folded->originals = pos;
	return (const char *) c;
}

/*
 * Append a text.  False when it is no longer a text of the server: a code
 * point outside Unicode.
 */
bool
tw_fold(TwFolded *folded, const char *text, int length)
{
	const char *c = text;
	const char *end = text + length;

	for (;;)
	{
		uint32		point;

		if (unlikely(folded->count + TW_MAX_EXPANSION > folded->room))
		{
			make_room(folded, folded->count + TW_MAX_EXPANSION + (int) (end - c) / 3);
			CHECK_FOR_INTERRUPTS();
		}
		c = fold_plain(folded, c, end);
		if (c >= end)
			return true;
		/* room that was used up is seen to first */
		if (folded->count + TW_MAX_EXPANSION > folded->room)
			continue;
		c = tw_decode(c, end, &point);
		if (point > 0x10ffff)
			return false;
		fold_other(folded, point);
	}
}

/* Between two texts stands one line break of the joined original, and a barrier. */
void
tw_fold_barrier(TwFolded *folded)
{
	if (folded->count + 1 > folded->room)
		make_room(folded, folded->count + TW_MAX_EXPANSION);
	folded->chars[folded->count].point = '\n';
	folded->chars[folded->count].kind = TW_HARD;
	folded->chars[folded->count].pos = folded->originals;
	folded->count++;
	folded->originals++;
}
