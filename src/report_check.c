/*
 * report_check.c
 *		A completion report from text to findings: folding, reading, the three
 *		sets of rules.  Knows nothing of PostgreSQL's catalogs.
 */
#include "report_check.h"

void
tw_add_finding(TwReport *r, int code, int severity, int32 first, int32 last,
			   int32 pattern, const char *message, const char *argument)
{
	TwFinding  *finding;

	TW_GROW(r->findings, r->nfindings, r->finding_room, TwFinding);
	finding = &r->findings[r->nfindings++];
	finding->code = code;
	finding->severity = severity;
	finding->first = first;
	finding->last = last;
	finding->pattern = pattern;
	finding->message = message;
	finding->argument = argument;
}

/* By place in the text, and what is missing at the end, by code */
static int
compare_findings(const void *a, const void *b)
{
	const TwFinding *x = a;
	const TwFinding *y = b;

	if ((x->first < 0) != (y->first < 0))
		return x->first < 0 ? 1 : -1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return strcmp(x->message, y->message);
}

static void
begin_report(TwReport *r, const TwLexicon *lexicon, const TwReportInput *input, TwRoom *room)
{
	memset(r, 0, sizeof(*r));
	r->lexicon = lexicon;
	r->input = input;
	if (room == NULL)
	{
		tw_fold_begin(&r->folded, NULL, 0);
		return;
	}
	tw_fold_begin(&r->folded, room->chars, lengthof(room->chars));
	r->clauses = room->clauses;
	r->clause_room = lengthof(room->clauses);
	r->matches = room->matches;
	r->match_room = lengthof(room->matches);
	r->times = room->times;
	r->time_room = lengthof(room->times);
	r->runs = room->runs;
	r->run_room = lengthof(room->runs);
	r->findings = room->findings;
	r->finding_room = lengthof(room->findings);
}

/*
 * Check a report.  room, if any, is for texts that fit; the findings point
 * into the folded text.  False: the text is not valid.
 */
bool
tw_check_report(TwReport *r, const TwLexicon *lexicon, const TwReportInput *input, TwRoom *room)
{
	begin_report(r, lexicon, input, room);
	if (!tw_fold(&r->folded, input->body, input->body_length))
		return false;
	if (input->points != NULL)
	{
		tw_fold_barrier(&r->folded);
		if (!tw_fold(&r->folded, input->points, input->points_length))
			return false;
	}
	if (!tw_report_read(r))
		return false;
	tw_check_prohibitions(r);
	tw_check_elements(r);
	tw_check_contents(r);
	if (r->nfindings > 1)
		qsort(r->findings, r->nfindings, sizeof(TwFinding), compare_findings);
	return true;
}

/* ---- similarity --------------------------------------------------------- */

/* Heap sort: no memory, no bad case */
static void
sort_pairs(uint64_t *pairs, int count)
{
	int			start = count / 2 - 1;
	int			end = count;

	while (end > 1)
	{
		int			root = 0;
		uint64_t	value;

		if (start >= 0)
			root = start--;
		else
		{
			value = pairs[--end];
			pairs[end] = pairs[0];
			pairs[0] = value;
		}
		value = pairs[root];
		for (int child = 2 * root + 1; child < end; child = 2 * root + 1)
		{
			if (child + 1 < end && pairs[child + 1] > pairs[child])
				child++;
			if (pairs[child] <= value)
				break;
			pairs[root] = pairs[child];
			root = child;
		}
		pairs[root] = value;
	}
}

/* Adjacent ideographs, letters and digits, marks passed over: sorted, without repetition */
static int
pairs_of(const TwFolded *folded, uint64_t *pairs)
{
	uint32		before = 0;
	int			count = 0;
	int			kept = 0;

	for (int i = 0; i < folded->count; i++)
	{
		uint32		point = folded->chars[i].point;

		if (folded->chars[i].kind > TW_DIGIT)
		{
			if (folded->chars[i].kind == TW_HARD)
				before = 0;
			continue;
		}
		if (before != 0)
			pairs[count++] = (uint64_t) before << 32 | point;
		before = point;
	}
	sort_pairs(pairs, count);
	for (int i = 0; i < count; i++)
		if (i == 0 || pairs[i] != pairs[kept - 1])
			pairs[kept++] = pairs[i];
	return kept;
}

/* Dice's coefficient of the two sets of pairs */
double
tw_pair_similarity(const TwFolded *a, const TwFolded *b)
{
	uint64_t   *pairs_a = palloc(Max(a->count, 1) * sizeof(uint64_t));
	uint64_t   *pairs_b = palloc(Max(b->count, 1) * sizeof(uint64_t));
	int			na = pairs_of(a, pairs_a);
	int			nb = pairs_of(b, pairs_b);
	int			common = 0;

	for (int i = 0, j = 0; i < na && j < nb;)
	{
		if (pairs_a[i] == pairs_b[j])
		{
			common++;
			i++;
			j++;
		}
		else if (pairs_a[i] < pairs_b[j])
			i++;
		else
			j++;
	}
	pfree(pairs_a);
	pfree(pairs_b);
	return na + nb > 0 ? 2.0 * common / (na + nb) : 0.0;
}

#define OVERLAP_SLOTS 4096
#define OVERLAP_PAIRS 1024

static inline uint32
pair_slot(uint32 a, uint32 b)
{
	return ((a * 0x9e3779b1u) ^ (b * 0x85ebca6bu)) >> 20;
}

/*
 * Share of the first pairs of ideographs of a that b has too: a sign, so two
 * pairs may share a slot; no sorting, since every check asks for it.
 */
double
tw_pair_overlap(const TwFolded *a, const TwFolded *b)
{
	uint8		marks[OVERLAP_SLOTS];	/* 1: in a, 2: in b too */
	int			own = 0;
	int			common = 0;

	memset(marks, 0, sizeof(marks));
	for (int i = 1; i < a->count && own < OVERLAP_PAIRS; i++)
		if (a->chars[i].kind == TW_HAN && a->chars[i - 1].kind == TW_HAN)
		{
			uint8	   *mark = &marks[pair_slot(a->chars[i - 1].point, a->chars[i].point)];

			own += *mark == 0;
			*mark = 1;
		}
	/* enough is enough: a third in common is no doubt at all */
	for (int i = 1; i < b->count && common * 3 < own; i++)
		if (b->chars[i].kind == TW_HAN && b->chars[i - 1].kind == TW_HAN)
		{
			uint8	   *mark = &marks[pair_slot(b->chars[i - 1].point, b->chars[i].point)];

			common += *mark == 1;
			*mark <<= *mark == 1;
		}
	return own > 0 ? (double) common / own : 1.0;
}
