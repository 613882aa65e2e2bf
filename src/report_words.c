/*
 * report_words.c
 *		Does a word of a list stand at a place of a folded text?
 */
#include "report_words.h"

static void
fill_buckets(TwWordList *list)
{
	for (int i = 0; i < list->count; i++)
	{
		const char *word = list->words[i];
		int16	   *bucket = &list->first[tw_constant_point(&word) % TW_WORD_BUCKETS];

		list->next[i] = *bucket;
		*bucket = (int16) (i + 1);
	}
	list->ready = true;
}

/* Characters of the word, if it stands at first and not beyond last; else 0 */
static int
stands(const TwFolded *folded, int32 first, int32 last, const char *word)
{
	int32		at = first;

	for (; *word != '\0'; at++)
		if (at > last || folded->chars[at].point != tw_constant_point(&word))
			return 0;
	return at - first;
}

/* The next word of the bucket that stands at first; entry is the bucket, and moves on */
static int
next_standing(const TwWordList *list, int16 *entry, const TwFolded *folded, int32 first, int32 last)
{
	int			length = 0;

	while (*entry != 0 && length == 0)
	{
		int			word = *entry - 1;

		length = stands(folded, first, last, list->words[word]);
		*entry = list->next[word];
	}
	return length;
}

static int16
bucket_at(TwWordList *list, const TwFolded *folded, int32 first)
{
	if (unlikely(!list->ready))
		fill_buckets(list);
	return list->first[folded->chars[first].point % TW_WORD_BUCKETS];
}

/* Does a word of the list begin at first, and end at last or before it? */
bool
tw_word_begins(TwWordList *list, const TwFolded *folded, int32 first, int32 last)
{
	int16		entry = first <= last ? bucket_at(list, folded, first) : 0;

	return next_standing(list, &entry, folded, first, last) > 0;
}

/* Is the stretch from first to last a word of the list, and nothing more? */
bool
tw_word_fills(TwWordList *list, const TwFolded *folded, int32 first, int32 last)
{
	int16		entry = first <= last ? bucket_at(list, folded, first) : 0;
	int			length;

	while ((length = next_standing(list, &entry, folded, first, last)) > 0)
		if (length == last - first + 1)
			return true;
	return false;
}

/* Characters of a word of the list that begins at first, and ends at last or before it; 0 for none */
int
tw_word_length(TwWordList *list, const TwFolded *folded, int32 first, int32 last)
{
	int16		entry = first >= 0 && first <= last ? bucket_at(list, folded, first) : 0;

	return next_standing(list, &entry, folded, first, last);
}

/* Where the first word of the list stands between two places, or -1: for stretches of a few characters */
int32
tw_word_within(TwWordList *list, const TwFolded *folded, int32 first, int32 last)
{
	last = Min(last, folded->count - 1);
	for (int32 at = Max(first, 0); at <= last; at++)
		if (tw_word_length(list, folded, at, last) > 0)
			return at;
	return -1;
}
