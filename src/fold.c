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

	memcpy(chars, folded->chars, (size_t) folded->count * sizeof(TwChar));
	folded->chars = chars;
	folded->room = room;
}

static bool
is_hard(uint32 point)
{
	return point == 0x3002 || point == ';' || point == '?' || point == '!';
}

/* Characters that the table changes or that are no plain ideograph */
static void
fold_other(TwFolded *folded, uint32 point)
{
	uint32		points[TW_MAX_EXPANSION];
	int			count = tw_nfkc(point, points);

	for (int i = 0; i < count; i++)
	{
		uint32		p = tw_simplified(points[i]);
		TwKind		kind = tw_kind(p);
		TwChar	   *out = &folded->chars[folded->count];

		if (kind == TW_INVISIBLE)
			continue;
		if (p >= 'A' && p <= 'Z')
			p += 'a' - 'A';
		else if (is_hard(p))
			kind = TW_HARD;
		else if (p == '\n')
		{
			/* a blank line is a barrier, a single line break is not (R1) */
			for (int before = folded->count - 1;
				 before >= 0 && folded->chars[before].kind == TW_SPACE; before--)
				if (folded->chars[before].point == '\n')
				{
					kind = TW_HARD;
					break;
				}
		}
		out->point = p;
		out->kind = kind;
		out->pos = folded->originals;
		folded->count++;
	}
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

	while (c < end)
	{
		uint32		point;

		if (unlikely(folded->count + TW_MAX_EXPANSION > folded->room))
		{
			make_room(folded, folded->count + TW_MAX_EXPANSION + (int) (end - c) / 3);
			CHECK_FOR_INTERRUPTS();
		}
		if (likely((unsigned char) *c >= 0xe4 && (unsigned char) *c <= 0xe9 && end - c >= 3))
		{
			const unsigned char *s = (const unsigned char *) c;

			point = (uint32) (s[0] & 0x0f) << 12 | (uint32) (s[1] & 0x3f) << 6 | (s[2] & 0x3f);
			if (likely(point >= 0x4e00 && point <= 0x9fff))
			{
				TwChar	   *out = &folded->chars[folded->count++];

				out->point = tw_simplified(point);
				out->kind = TW_HAN;
				out->pos = folded->originals++;
				c += 3;
				continue;
			}
		}
		else if (*c >= '0' && *c <= '9')
		{
			TwChar	   *out = &folded->chars[folded->count++];

			out->point = *c;
			out->kind = TW_DIGIT;
			out->pos = folded->originals++;
			c++;
			continue;
		}
		c = tw_decode(c, end, &point);
		if (point > 0x10ffff)
			return false;
		fold_other(folded, point);
		folded->originals++;
	}
	return true;
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
