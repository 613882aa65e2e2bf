/*
 * automaton_scan.c
 *		Aho-Corasick over folded text: all literals found in one pass.
 *
 * How the cells are laid out: automaton_build.c.
 */
#include "automaton.h"

/* A scan on its way; what most characters do not ask for */
typedef struct Scan
{
	const TwAutomaton *a;
	const TwChar *chars;
	const TwChar *end;
	int32		clear;			/* behind the last mark */
	TwHits	   *hits;
	int32	   *breaks;
} Scan;

/* A state without edges looks nowhere. */
static inline int32
step(const TwAutomaton *a, int32 state, uint32 symbol)
{
	while (state != 0)
	{
		const TwCell *cell = &a->cells[state];

		if ((cell->edges >> (symbol & 15) & 1) && a->cells[cell->base + symbol].symbol == symbol)
			return cell->base + symbol;
		state = cell->fail;
	}
	return a->cells[symbol].symbol == symbol ? (int32) symbol : 0;
}

/* Room for all that can end at one character */
static void
make_room(TwHits *hits)
{
	TwHit	   *old = hits->hits;

	CHECK_FOR_INTERRUPTS();
	hits->room = hits->room * 2 + TW_MAX_LITERAL;
	hits->hits = palloc((size_t) hits->room * sizeof(TwHit));
	memcpy(hits->hits, old, (size_t) hits->count * sizeof(TwHit));
}

/*
 * Add what ends at this character, the literal and those that end with it,
 * longest first.  Where marks were passed over, the start is found by walking
 * back over them.
 */
static void
report(Scan *scan, int32 state, const TwChar *at)
{
	const TwCell *cell = &scan->a->cells[state];
	TwHits	   *hits = scan->hits;
	int32		last = at - scan->chars;

	if (unlikely(hits->count + TW_MAX_LITERAL > hits->room))
		make_room(hits);
	for (;;)
	{
		TwHit	   *hit = &hits->hits[hits->count++];
		int32		first = last - (int32) cell->length + 1;

		if (unlikely(first < scan->clear))
		{
			first = last;
			for (int32 left = cell->length - 1; left > 0; left--)
				do
					first--;
				while (scan->chars[first].kind > TW_DIGIT);
		}
		hit->literal = cell->literal;
		hit->first = first;
		hit->last = last;
		if (!cell->more)
			break;
		state = scan->a->shorter[state];
		cell = &scan->a->cells[state];
	}
}

static inline void
note_break(Scan *scan, const TwChar *at)
{
	if (scan->breaks != NULL)
		*scan->breaks++ = at - scan->chars;
}

/*
 * Pass over marks and spaces.  Between two ideographs they are nothing, spaces
 * neither beside letters (IP 电话); other marks and the end of a sentence break
 * a literal (R1).  Returns the first character behind them.
 */
static const TwChar *
pass_marks(Scan *scan, const TwChar *at, int32 *state)
{
	TwKind		before = at > scan->chars ? (TwKind) at[-1].kind : TW_HARD;
	bool		marks = false;

	for (; at < scan->end && at->kind > TW_DIGIT; at++)
	{
		note_break(scan, at);
		if (at->kind == TW_HARD)
		{
			CHECK_FOR_INTERRUPTS();
			*state = 0;
		}
		marks |= at->kind != TW_SPACE;
	}
	if (at < scan->end && !(before == TW_HAN && at->kind == TW_HAN) &&
		(marks || (before == TW_DIGIT && at->kind == TW_DIGIT)))
		*state = 0;
	scan->clear = at - scan->chars;
	return at;
}

/* All hits, in order of their ends */
void
tw_automaton_scan(const TwAutomaton *a, const TwFolded *folded, TwHits *hits)
{
	const uint16 *symbols = a->symbols;
	const TwChar *end = folded->chars + folded->count;
	Scan		scan = {a, folded->chars, end, 0, hits, hits->breaks};
	int32		state = 0;

	for (const TwChar *at = folded->chars; at < end;)
	{
		uint32		symbol = likely(at->point < TW_SYMBOL_POINTS) ? symbols[at->point] : 0;

		if (symbol <= TW_LAST_DIGIT)
		{
			if (at->kind > TW_DIGIT)
			{
				at = pass_marks(&scan, at, &state);
				continue;
			}
			if (at->kind == TW_DIGIT)
				note_break(&scan, at);
			if (symbol == 0)
			{
				state = 0;
				at++;
				continue;
			}
		}
		state = step(a, state, symbol);
		if (a->cells[state].ends)
			report(&scan, state, at);
		at++;
	}
	if (hits->breaks != NULL)
		hits->nbreaks = scan.breaks - hits->breaks;
}

/* Leftmost, then longest: keep hits that do not overlap a better one; returns how many stay. */
int
tw_hits_longest(TwHits *hits)
{
	int			kept = 0;

	for (int i = 0; i < hits->count; i++)
	{
		TwHit		hit = hits->hits[i];

		int			base = kept;

		/* hits come by end: one that begins no later takes the place of those it overlaps */
		while (base > 0 && hits->hits[base - 1].last >= hit.first && hits->hits[base - 1].first >= hit.first)
			base--;
		if (base > 0 && hits->hits[base - 1].last >= hit.first)
			continue;
		kept = base;
		hits->hits[kept++] = hit;
	}
	hits->count = kept;
	return kept;
}
