/*
 * report_words.h
 *		Lists of words, constants of folded text, and which of them stands at a
 *		place: a look at the few that begin alike, however long the list.
 */
#ifndef TW_REPORT_WORDS_H
#define TW_REPORT_WORDS_H

#include "fold.h"

#define TW_WORD_BUCKETS 128

typedef struct TwWordList
{
	const char *const *words;
	int			count;
	int16	   *next;			/* by word: one more than the next in its bucket, 0 for none */
	int16		first[TW_WORD_BUCKETS];	/* by low bits of the first character, likewise */
	bool		ready;			/* the buckets are filled when first asked */
} TwWordList;

/* For file scope, over an array of words */
#define TW_WORD_LIST(array) {array, lengthof(array), (int16[lengthof(array)]) {0}, {0}, false}

extern bool tw_word_begins(TwWordList *list, const TwFolded *folded, int32 first, int32 last);
extern bool tw_word_fills(TwWordList *list, const TwFolded *folded, int32 first, int32 last);
extern int	tw_word_length(TwWordList *list, const TwFolded *folded, int32 first, int32 last);
extern int32 tw_word_within(TwWordList *list, const TwFolded *folded, int32 first, int32 last);

/* Is a character one of a few? */
static inline bool
tw_among(const char *set, uint32 point)
{
	while (*set != '\0')
		if (tw_constant_point(&set) == point)
			return true;
	return false;
}

#endif							/* TW_REPORT_WORDS_H */
