/*
 * automaton.c
 *		Aho-Corasick over folded text.
 *
 * Code points become dense symbols (two-stage table), edges lie in one double
 * array: a state owns the cells base + symbol that name it as owner.  The root
 * has a row of its own, since most characters of a text end there.
 *
 * Serves phrases of reports, and names and places of dispatch.
 */
#include "automaton.h"

/* 64 MB of states at the most: far above what a rulebook of a city holds */
#define MAX_STATES (4 * 1024 * 1024)

typedef struct TrieNode
{
	int32		child;			/* first child, 0 for none */
	int32		sibling;		/* next child of the parent, ascending by symbol */
	int32		literal;
	uint16		symbol;
} TrieNode;

struct TwAutomatonBuilder
{
	TrieNode   *nodes;
	int32		nnodes;
	int32		room;
	uint8	   *lengths;
	int32		nliterals;
	int32		literal_room;
	uint16	   *symbol_pages;
	uint16	   *symbol_cells;
	int32		nblocks;
	int32		block_room;
	int32		nsymbols;
};

TwAutomatonBuilder *
tw_automaton_begin(void)
{
	TwAutomatonBuilder *builder = palloc(sizeof(TwAutomatonBuilder));

	memset(builder, 0, sizeof(*builder));
	builder->room = 1024;
	builder->nodes = palloc(builder->room * sizeof(TrieNode));
	memset(&builder->nodes[0], 0, sizeof(TrieNode));
	builder->nodes[0].literal = -1;
	builder->nnodes = 1;
	builder->literal_room = 256;
	builder->lengths = palloc(builder->literal_room);
	builder->symbol_pages = palloc(512 * sizeof(uint16));
	memset(builder->symbol_pages, 0, 512 * sizeof(uint16));
	builder->block_room = 64;
	builder->symbol_cells = palloc(builder->block_room * 128 * sizeof(uint16));
	/* block 0: no symbols */
	memset(builder->symbol_cells, 0, 128 * sizeof(uint16));
	builder->nblocks = 1;
	builder->nsymbols = 1;
	return builder;
}

/* Symbol of a code point, a new one if it has none; 0 for a point outside the Basic Multilingual Plane */
static uint16
symbol_of(TwAutomatonBuilder *b, uint32 point)
{
	uint16	   *cell;

	if (point > 0xffff)
		return 0;
	if (b->symbol_pages[point >> 7] == 0)
	{
		if (b->nblocks == b->block_room)
		{
			b->block_room *= 2;
			b->symbol_cells = repalloc(b->symbol_cells, b->block_room * 128 * sizeof(uint16));
		}
		memset(b->symbol_cells + b->nblocks * 128, 0, 128 * sizeof(uint16));
		b->symbol_pages[point >> 7] = b->nblocks++;
	}
	cell = &b->symbol_cells[b->symbol_pages[point >> 7] * 128 + (point & 127)];
	if (*cell == 0)
		*cell = b->nsymbols++;
	return *cell;
}

static int32
child_of(TwAutomatonBuilder *b, int32 parent, uint16 symbol)
{
	int32	   *link = &b->nodes[parent].child;
	int32		node;

	while (*link != 0 && b->nodes[*link].symbol < symbol)
		link = &b->nodes[*link].sibling;
	if (*link != 0 && b->nodes[*link].symbol == symbol)
		return *link;

	if (b->nnodes == b->room)
	{
		size_t		offset = (char *) link - (char *) b->nodes;

		if (b->room >= MAX_STATES)
			return -1;
		b->room *= 2;
		b->nodes = repalloc(b->nodes, (size_t) b->room * sizeof(TrieNode));
		link = (int32 *) ((char *) b->nodes + offset);
	}
	node = b->nnodes++;
	b->nodes[node].child = 0;
	b->nodes[node].sibling = *link;
	b->nodes[node].literal = -1;
	b->nodes[node].symbol = symbol;
	*link = node;
	return node;
}

/*
 * Add a literal of folded points, letters, ideographs and digits only (marks
 * and spaces are passed over when matching).  Returns its number, the same one
 * for the same literal; -1 if it is empty, too long, or not of that kind.
 */
int
tw_automaton_add(TwAutomatonBuilder *b, const uint32 *points, int length)
{
	int32		node = 0;

	if (length < 1 || length > TW_MAX_LITERAL)
		return -1;
	for (int i = 0; i < length; i++)
		if (points[i] > 0xffff || tw_kind(points[i]) > TW_DIGIT)
			return -1;
	for (int i = 0; i < length; i++)
	{
		node = child_of(b, node, symbol_of(b, points[i]));
		if (node < 0)
			return -1;
	}
	if (b->nodes[node].literal < 0)
	{
		if (b->nliterals == b->literal_room)
		{
			b->literal_room *= 2;
			b->lengths = repalloc(b->lengths, b->literal_room);
		}
		b->lengths[b->nliterals] = length;
		b->nodes[node].literal = b->nliterals++;
	}
	return b->nodes[node].literal;
}

static void
grow_edges(TwAutomaton *a, int32 wanted)
{
	int32		size = Max(wanted, a->nedges + a->nedges / 2);

	if (wanted <= a->nedges)
		return;
	a->edges = a->edges ? repalloc(a->edges, (size_t) size * sizeof(TwEdge))
		: palloc((size_t) size * sizeof(TwEdge));
	for (int32 i = a->nedges; i < size; i++)
		a->edges[i].owner = -1;
	a->nedges = size;
}

/* First base at which all children of a node find a free cell */
static int32
place(TwAutomatonBuilder *b, TwAutomaton *a, int32 node, int32 *first_free, int32 *crowded)
{
	int32		first = b->nodes[node].child;
	bool		single = b->nodes[first].sibling == 0;
	int32		cell = *first_free;
	int			tried = 0;

	while (cell < a->nedges && a->edges[cell].owner >= 0)
		cell++;
	*first_free = cell;
	/* siblings need room side by side: where none was found before, none is looked for again */
	if (!single)
		cell = Max(cell, *crowded);
	for (;; cell++, tried++)
	{
		int32		base = cell - b->nodes[first].symbol;
		int32		child;

		if (base < 0 || (cell < a->nedges && a->edges[cell].owner >= 0))
			continue;
		for (child = first; child != 0; child = b->nodes[child].sibling)
		{
			int32		at = base + b->nodes[child].symbol;

			if (at < a->nedges && a->edges[at].owner >= 0)
				break;
		}
		if (child == 0)
		{
			if (tried > 32)
				*crowded = cell - 16;
			return base;
		}
	}
}

static int32
goto_edge(const TwAutomaton *a, int32 state, uint16 symbol)
{
	const TwEdge *edge = &a->edges[a->states[state].base + symbol];

	return edge->owner == state ? edge->target : 0;
}

TwAutomaton *
tw_automaton_finish(TwAutomatonBuilder *b)
{
	TwAutomaton *a = palloc(sizeof(TwAutomaton));
	int32	   *queue = palloc((size_t) b->nnodes * sizeof(int32));
	int32		head = 0;
	int32		tail = 0;
	int32		first_free = b->nsymbols;	/* cells before it would need a negative base, and stay free for ever */
	int32		crowded = 0;

	memset(a, 0, sizeof(*a));
	a->nstates = b->nnodes;
	a->nsymbols = b->nsymbols;
	a->nliterals = b->nliterals;
	a->lengths = b->lengths;
	a->symbol_pages = b->symbol_pages;
	a->symbol_cells = b->symbol_cells;
	a->states = palloc((size_t) a->nstates * sizeof(TwState));
	memset(a->states, 0, (size_t) a->nstates * sizeof(TwState));
	a->root = palloc((size_t) a->nsymbols * sizeof(int32));
	memset(a->root, 0, (size_t) a->nsymbols * sizeof(int32));
	grow_edges(a, a->nsymbols + a->nstates);

	/* states are the nodes of the trie; breadth first, so that what a fail state's own fail gives is known */
	for (int32 node = 0; node < a->nstates; node++)
		a->states[node].literal = b->nodes[node].literal;
	queue[tail++] = 0;
	while (head < tail)
	{
		int32		node = queue[head++];
		TwState    *state = &a->states[node];

		if (b->nodes[node].child != 0 && node != 0)
		{
			state->base = place(b, a, node, &first_free, &crowded);
			grow_edges(a, state->base + a->nsymbols);
		}
		for (int32 child = b->nodes[node].child; child != 0; child = b->nodes[child].sibling)
		{
			uint16		symbol = b->nodes[child].symbol;
			int32		fail = 0;

			if (node == 0)
				a->root[symbol] = child;
			else
			{
				a->edges[state->base + symbol].owner = node;
				a->edges[state->base + symbol].target = child;
				for (int32 f = state->fail;; f = a->states[f].fail)
				{
					fail = f == 0 ? a->root[symbol] : goto_edge(a, f, symbol);
					if (fail != 0 || f == 0)
						break;
				}
			}
			a->states[child].fail = fail;
			a->states[child].output = a->states[fail].literal >= 0 ? fail : a->states[fail].output;
			queue[tail++] = child;
		}
		if ((head & 4095) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	/* states without children look at cells 0 to nsymbols - 1: never theirs, but there */
	pfree(queue);
	pfree(b->nodes);
	pfree(b);
	return a;
}

static inline uint16
symbol_at(const TwAutomaton *a, uint32 point)
{
	if (unlikely(point > 0xffff))
		return 0;
	return a->symbol_cells[((uint32) a->symbol_pages[point >> 7] << 7) | (point & 127)];
}

static inline int32
step(const TwAutomaton *a, int32 state, uint16 symbol)
{
	while (state != 0)
	{
		const TwEdge *edge = &a->edges[a->states[state].base + symbol];

		if (edge->owner == state)
			return edge->target;
		state = a->states[state].fail;
	}
	return a->root[symbol];
}

/* Add what ends at this state, longest first; the start is found by walking back over passed marks. */
static void
report(const TwAutomaton *a, const TwFolded *folded, int32 state, int32 last, TwHits *hits)
{
	if (a->states[state].literal < 0)
		state = a->states[state].output;
	for (; state != 0; state = a->states[state].output)
	{
		int32		literal = a->states[state].literal;
		int32		first = last;

		for (int left = a->lengths[literal] - 1; left > 0; left--)
			do
				first--;
			while (folded->chars[first].kind > TW_DIGIT);
		if (hits->count == hits->room)
		{
			TwHit	   *old = hits->hits;

			hits->room *= 2;
			hits->hits = palloc((size_t) hits->room * sizeof(TwHit));
			memcpy(hits->hits, old, (size_t) hits->count * sizeof(TwHit));
		}
		hits->hits[hits->count].literal = literal;
		hits->hits[hits->count].first = first;
		hits->hits[hits->count].last = last;
		hits->count++;
	}
}

/*
 * All hits, in order of their ends.  Marks and spaces between two ideographs
 * are passed over, spaces also beside letters (IP 电话); other marks and the
 * end of a sentence break a literal (R1).
 */
void
tw_automaton_scan(const TwAutomaton *a, const TwFolded *folded, TwHits *hits)
{
	int32		state = 0;
	TwKind		before = TW_HARD;
	TwKind		passed = TW_HAN;	/* TW_HAN: nothing */

	for (int32 i = 0; i < folded->count; i++)
	{
		TwKind		kind = folded->chars[i].kind;
		uint16		symbol;

		if (unlikely((i & 8191) == 8191))
			CHECK_FOR_INTERRUPTS();
		if (unlikely(kind > TW_DIGIT))
		{
			if (kind == TW_HARD)
			{
				state = 0;
				before = TW_HARD;
			}
			else if (passed != TW_MARK)
				passed = kind;
			continue;
		}
		if (unlikely(passed != TW_HAN))
		{
			if (state != 0 && !(before == TW_HAN && kind == TW_HAN) &&
				(passed == TW_MARK || (before == TW_DIGIT && kind == TW_DIGIT)))
				state = 0;
			passed = TW_HAN;
		}
		before = kind;
		symbol = symbol_at(a, folded->chars[i].point);
		if (symbol == 0)
		{
			state = 0;
			continue;
		}
		state = step(a, state, symbol);
		if (a->states[state].literal >= 0 || a->states[state].output != 0)
			report(a, folded, state, i, hits);
	}
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
