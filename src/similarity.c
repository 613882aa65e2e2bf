/*
 * similarity.c
 *		Dice's coefficient over the pairs of adjacent characters of two folded
 *		texts: no dictionary, no order of words, and what is written in other
 *		forms of the same characters is the same.
 *
 * Marks and spaces neither count nor separate; a text of one character is
 * that character.  Symmetric; 1 for texts that fold to the same, 0 for texts
 * without a pair in common.
 */
#include "similarity.h"

#define LOCAL_CHARS 512

typedef struct Pairs
{
	uint64_t   *pairs;
	int			count;
} Pairs;

static int
compare_pairs(const void *a, const void *b)
{
	uint64_t	x = *(const uint64_t *) a;
	uint64_t	y = *(const uint64_t *) b;

	return x < y ? -1 : x > y;
}

static Pairs
pairs_of(const char *text, int length)
{
	TwChar		chars[LOCAL_CHARS];
	TwFolded	folded;
	Pairs		result = {0};
	uint64_t	before = 0;
	int			letters = 0;

	tw_fold_begin(&folded, chars, LOCAL_CHARS);
	tw_fold(&folded, text, length);
	result.pairs = palloc((size_t) (folded.count + 1) * sizeof(uint64_t));
	for (int i = 0; i < folded.count; i++)
	{
		if (folded.chars[i].kind > TW_DIGIT)
			continue;
		if (letters++ > 0)
			result.pairs[result.count++] = before << 32 | folded.chars[i].point;
		before = folded.chars[i].point;
	}
	if (letters == 1)
		result.pairs[result.count++] = before;
	CHECK_FOR_INTERRUPTS();
	if (result.count > 1)
		qsort(result.pairs, result.count, sizeof(uint64_t), compare_pairs);
	return result;
}

float
tw_similarity(const char *a, int a_length, const char *b, int b_length)
{
	Pairs		x = pairs_of(a, a_length);
	Pairs		y = pairs_of(b, b_length);
	int			common = 0;

	if (x.count + y.count == 0)
		return 1;
	for (int i = 0, j = 0; i < x.count && j < y.count;)
	{
		if (x.pairs[i] == y.pairs[j])
		{
			common++;
			i++;
			j++;
		}
		else if (x.pairs[i] < y.pairs[j])
			i++;
		else
			j++;
	}
	return (float) (2.0 * common / (x.count + y.count));
}
