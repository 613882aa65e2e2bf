/*
 * report_cursor.h
 *		Reading forward through folded text: words and numbers that stand where
 *		the cursor stands.  Part of report_time.c.
 */
#ifndef TW_REPORT_CURSOR_H
#define TW_REPORT_CURSOR_H

#include "report_time.h"

typedef struct Cursor
{
	const TwFolded *folded;
	int32		at;
	int32		today;
	int			year;			/* of today */
	int			month;
	int			day;
} Cursor;

TW_HOT uint32
peek(const Cursor *c, int ahead)
{
	return c->at + ahead < c->folded->count ? c->folded->chars[c->at + ahead].point : 0;
}

static inline void
skip_spaces(Cursor *c)
{
	for (int i = 0; i < 4 && c->at < c->folded->count && c->folded->chars[c->at].kind == TW_SPACE; i++)
		c->at++;
}

static inline bool
take_rest(Cursor *c, const char *rest, int32 at)
{
	while (*rest != '\0')
	{
		uint32		point = tw_constant_point(&rest);

		if (at >= c->folded->count || c->folded->chars[at].point != point)
			return false;
		at++;
	}
	c->at = at;
	return true;
}

/* Take a word, a constant of folded text, if it stands here, spaces passed over. */
TW_HOT bool
take(Cursor *c, const char *word)
{
	if (unlikely(c->at < c->folded->count && c->folded->chars[c->at].kind == TW_SPACE))
		skip_spaces(c);
	/* most words differ in their first character */
	return tw_constant_point(&word) == peek(c, 0) && take_rest(c, word, c->at + 1);
}

/* Words that may stand in one place, and the low bits of what they begin with: most characters begin none */
typedef struct Words
{
	uint64_t	beginnings;		/* made when first asked */
	const char *words[24];
} Words;

static inline void
note_beginnings(Words *words)
{
	for (int i = 0; words->words[i] != NULL; i++)
	{
		const char *word = words->words[i];

		words->beginnings |= UINT64_C(1) << (tw_constant_point(&word) & 63);
	}
}

static inline bool
take_one_of(Cursor *c, const Words *words)
{
	for (int i = 0; words->words[i] != NULL; i++)
		if (take(c, words->words[i]))
			return true;
	return false;
}

/* May one of the words stand here, or behind spaces? */
static inline bool
may_take(const Cursor *c, Words *words)
{
	if (unlikely(c->at >= c->folded->count))
		return false;
	if (unlikely(words->beginnings == 0))
		note_beginnings(words);
	return (words->beginnings >> (c->folded->chars[c->at].point & 63) & 1) ||
		unlikely(c->folded->chars[c->at].kind == TW_SPACE);
}

static inline bool
take_any(Cursor *c, Words *words)
{
	return may_take(c, words) && take_one_of(c, words);
}

/* A number of up to eight digits, or Chinese numerals up to 99 or digit by digit; -1 for none */
static inline int
take_number(Cursor *c, int *ndigits)
{
	int			value = 0;
	int			count = 0;

	skip_spaces(c);
	while (count < 9 && c->at < c->folded->count && c->folded->chars[c->at].kind == TW_DIGIT)
	{
		value = value * 10 + (c->folded->chars[c->at].point - '0');
		c->at++;
		count++;
	}
	if (count > 0)
	{
		*ndigits = count;
		return count < 9 ? value : -1;
	}
	while (count < 5 && tw_numeral(peek(c, 0)) >= 0)
	{
		int			digit = tw_numeral(peek(c, 0));

		if (digit == 10)
			value = (value == 0 ? 1 : value) * 10;
		else
			value = count > 0 && tw_numeral(c->folded->chars[c->at - 1].point) != 10 ? value * 10 + digit : value + digit;
		c->at++;
		count++;
	}
	*ndigits = count;
	return count > 0 ? value : -1;
}

#endif							/* TW_REPORT_CURSOR_H */
