/*
 * fold.h
 *		Text as it is matched: disguises undone (R1), every character with its
 *		place in the original.
 */
#ifndef TW_FOLD_H
#define TW_FOLD_H

#include "pure.h"

/* As scripts/generate-fold-table numbers them; TW_HARD is told apart by fold.c */
typedef enum TwKind
{
	TW_LETTER = 0,
	TW_HAN,
	TW_DIGIT,
	TW_SPACE,
	TW_MARK,					/* punctuation and symbols */
	TW_INVISIBLE,				/* never in a folded text */
	TW_HARD						/* ends a sentence: 。；？！ and a blank line */
} TwKind;

typedef struct TwChar
{
	uint32		point:24;
	uint32		kind:8;
	uint32		pos;			/* which character of the original, from 0 */
} TwChar;

typedef struct TwFolded
{
	TwChar	   *chars;
	int			count;
	int			room;
	int			originals;		/* characters of the original */
} TwFolded;

/* NFKC expands one character to at most 18 (U+FDFA) */
#define TW_MAX_EXPANSION 18

extern const uint32 tw_nfkc_points[];
extern const uint16 tw_nfkc_pages[];
extern const uint16 tw_nfkc_cells[];
extern const uint16 tw_kind_pages[];
extern const uint8 tw_kind_cells[];
extern const uint16 tw_simplified_pages[];
extern const uint16 tw_simplified_cells[];

#define TW_FOLD_LIMIT 0x30000

/* pages[] numbers blocks of 128 cells */
#define TW_CELL(table, point) \
	tw_##table##_cells[((uint32) tw_##table##_pages[(point) >> 7] << 7) | ((point) & 127)]

/* the simplified form of a traditional character, or the character itself */
static inline uint32
tw_simplified(uint32 point)
{
	uint32		other = point <= 0xffff ? TW_CELL(simplified, point) : 0;

	return other ? other : point;
}

/* Code point of a constant of three-byte characters or ASCII, both valid; *word moves on */
static inline uint32
tw_constant_point(const char **word)
{
	const unsigned char *s = (const unsigned char *) *word;

	if (s[0] < 0x80)
	{
		(*word)++;
		return s[0];
	}
	*word += 3;
	return (uint32) (s[0] & 0x0f) << 12 | (uint32) (s[1] & 0x3f) << 6 | (s[2] & 0x3f);
}

extern const char *tw_decode(const char *c, const char *end, uint32 *point);
extern int	tw_encode(uint32 point, char *out);
extern TwKind tw_kind(uint32 point);
extern int	tw_nfkc(uint32 point, uint32 *out);
extern void tw_fold_begin(TwFolded *folded, TwChar *chars, int room);
extern bool tw_fold(TwFolded *folded, const char *text, int length);
extern void tw_fold_barrier(TwFolded *folded);

#endif							/* TW_FOLD_H */
