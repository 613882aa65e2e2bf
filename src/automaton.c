/*
 * automaton.c
 *		Aho-Corasick over folded text.
 *
 * Code points become dense symbols (two-stage table), states and edges lie in
 * one double array: a state owns the cells base + symbol that name it as owner,
 * and each of them is the state the edge leads to.  The root's base is 0.
 *
 * Serves phrases of reports, and names and places of dispatch.
 */
#include "automaton.h"

/* 64 MB of states at the most: far above what a rulebook of a city holds */
#define MAX_STATES (4 * 1024 * 1024)

/* one for each 128 code points of Unicode, so that none needs a question */
#define SYMBOL_PAGES (0x110000 / 128)

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
	builder->symbol_pages = palloc(SYMBOL_PAGES * sizeof(uint16));
	memset(builder->symbol_pages, 0, SYMBOL_PAGES * sizeof(uint16));
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

/* A trie on its way to an automaton */
typedef struct Placing
{
	TwAutomatonBuilder *b;
	TwCell	   *cells;
	int32	   *node_at;		/* by cell */
	int32		ncells;
	int32	   *cell_of;		/* by node, as the rest */
	int32	   *fail;
	int32		first_free;
	int32		crowded;
} Placing;

static void *
grown(void *array, size_t size)
{
	return array != NULL ? repalloc(array, size) : palloc(size);
}

static void
grow_cells(Placing *p, int32 wanted)
{
	int32		size = Max(wanted, p->ncells + p->ncells / 2);

	if (wanted <= p->ncells)
		return;
	p->cells = grown(p->cells, (size_t) size * sizeof(TwCell));
	p->node_at = grown(p->node_at, (size_t) size * sizeof(int32));
	for (int32 i = p->ncells; i < size; i++)
	{
		p->cells[i].owner = -1;
		p->cells[i].base = p->cells[i].fail = p->cells[i].output = 0;
	}
	p->ncells = size;
}

static inline bool
is_free(const Placing *p, int32 cell)
{
	return cell >= p->ncells || p->cells[cell].owner < 0;
}

/* First base at which all children of a node find a free cell */
static int32
place(Placing *p, int32 node)
{
	const TrieNode *nodes = p->b->nodes;
	int32		first = nodes[node].child;
	bool		single = nodes[first].sibling == 0;
	int32		cell = p->first_free;
	int			tried = 0;

	while (!is_free(p, cell))
		cell++;
	p->first_free = cell;
	/* siblings need room side by side: where none was found before, none is looked for again */
	if (!single)
		cell = Max(cell, p->crowded);
	for (;; cell++, tried++)
	{
		int32		base = cell - nodes[first].symbol;
		int32		child;

		if (base < 0 || !is_free(p, cell))
			continue;
		for (child = first; child != 0; child = nodes[child].sibling)
			if (!is_free(p, base + nodes[child].symbol))
				break;
		if (child == 0)
		{
			if (tried > 32)
				p->crowded = cell - 16;
			return base;
		}
	}
}

/* The child of a node that has been placed, or 0 */
static int32
placed_child(const Placing *p, int32 node, uint16 symbol)
{
	int32		cell = p->cells[p->cell_of[node]].base + symbol;

	return p->cells[cell].owner == p->cell_of[node] ? p->node_at[cell] : 0;
}

/* Has the first node an edge for each one that the other has? */
static bool
has_edges_of(const Placing *p, int32 node, int32 other)
{
	const TrieNode *nodes = p->b->nodes;
	int32		own = nodes[node].child;

	for (int32 child = nodes[other].child; child != 0; child = nodes[child].sibling)
	{
		while (own != 0 && nodes[own].symbol < nodes[child].symbol)
			own = nodes[own].sibling;
		if (own == 0 || nodes[own].symbol != nodes[child].symbol)
			return false;
	}
	return true;
}

/* The nearest fail state that may have an edge which this one has not */
static int32
useful_fail(const Placing *p, int32 node)
{
	int32		fail = p->fail[node];

	while (fail != 0 && has_edges_of(p, node, fail))
		fail = p->fail[fail];
	return fail;
}

/* The node's children get their cells and fail states. */
static void
place_children(Placing *p, int32 node)
{
	const TrieNode *nodes = p->b->nodes;
	int32		cell = p->cell_of[node];
	int32		base = node != 0 ? place(p, node) : 0;

	grow_cells(p, base + p->b->nsymbols);
	p->cells[cell].base = base;
	for (int32 child = nodes[node].child; child != 0; child = nodes[child].sibling)
	{
		int32		fail = 0;

		if (node != 0)
			for (int32 f = p->fail[node];; f = p->fail[f])
			{
				fail = placed_child(p, f, nodes[child].symbol);
				if (fail != 0 || f == 0)
					break;
			}
		p->fail[child] = fail;
		p->cell_of[child] = base + nodes[child].symbol;
		p->cells[p->cell_of[child]].owner = cell;
		p->node_at[p->cell_of[child]] = child;
	}
}

static void
finish_state(Placing *p, int32 node, TwEnding *endings)
{
	const TrieNode *nodes = p->b->nodes;
	TwCell	   *cell = &p->cells[p->cell_of[node]];
	int32		useful = useful_fail(p, node);
	int32		shorter = node != 0 ? p->cells[p->cell_of[p->fail[node]]].output : 0;

	cell->fail = p->cell_of[useful];
	cell->output = shorter;
	if (nodes[node].literal >= 0)
	{
		TwEnding   *ending = &endings[nodes[node].literal];

		cell->output = nodes[node].literal + 1;
		ending->state = p->cell_of[node];
		ending->resume = nodes[node].child != 0 ? ending->state : cell->fail;
		ending->shorter = shorter;
		ending->length = p->b->lengths[nodes[node].literal];
	}
}

TwAutomaton *
tw_automaton_finish(TwAutomatonBuilder *b)
{
	TwAutomaton *a = palloc(sizeof(TwAutomaton));
	int32	   *queue = palloc((size_t) b->nnodes * sizeof(int32));
	int32		tail = 0;
	Placing		p = {.b = b,.first_free = b->nsymbols};	/* cells before it are the root's */

	p.cell_of = palloc((size_t) b->nnodes * sizeof(int32));
	p.fail = palloc((size_t) b->nnodes * sizeof(int32));
	p.cell_of[0] = p.fail[0] = 0;
	grow_cells(&p, b->nsymbols + b->nnodes);
	p.node_at[0] = 0;

	/* breadth first, so that what a fail state's own fail gives is known */
	queue[tail++] = 0;
	for (int32 head = 0; head < tail; head++)
	{
		int32		node = queue[head];

		if (b->nodes[node].child != 0)
			place_children(&p, node);
		for (int32 child = b->nodes[node].child; child != 0; child = b->nodes[child].sibling)
			queue[tail++] = child;
		if ((head & 4095) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	/* states without edges look at cells of the root, which name another owner */
	a->endings = palloc((size_t) Max(b->nliterals, 1) * sizeof(TwEnding));
	for (int32 i = 0; i < tail; i++)
		finish_state(&p, queue[i], a->endings);

	a->cells = p.cells;
	a->symbol_pages = b->symbol_pages;
	a->symbol_cells = b->symbol_cells;
	a->nstates = b->nnodes;
	a->ncells = p.ncells;
	a->nsymbols = b->nsymbols;
	a->nliterals = b->nliterals;
	pfree(queue);
	pfree(p.cell_of);
	pfree(p.fail);
	pfree(p.node_at);
	pfree(b->lengths);
	pfree(b->nodes);
	pfree(b);
	return a;
}

static inline uint16
symbol_at(const TwAutomaton *a, uint32 point)
{
	return a->symbol_cells[((uint32) a->symbol_pages[point >> 7] << 7) | (point & 127)];
}

static inline int32
step(const TwCell *cells, int32 state, uint16 symbol)
{
	for (;;)
	{
		int32		next = cells[state].base + symbol;

		if (cells[next].owner == state)
			return next;
		if (state == 0)
			return 0;
		state = cells[state].fail;
	}
}

/*
 * Add what ends at this state, longest first; returns where the search goes
 * on.  Where marks were passed over since clear, the start is found by walking
 * back over them.
 */
static int32
report(const TwAutomaton *a, const TwFolded *folded, int32 state, int32 last, int32 clear, TwHits *hits)
{
	int32		literal = a->cells[state].output - 1;
	int32		resume = a->endings[literal].state == state ? a->endings[literal].resume : state;

	do
	{
		const TwEnding *ending = &a->endings[literal];
		int32		first = last - ending->length + 1;
		TwHit	   *hit;

		if (unlikely(first < clear))
		{
			first = last;
			for (int32 left = ending->length - 1; left > 0; left--)
				do
					first--;
				while (folded->chars[first].kind > TW_DIGIT);
		}
		if (unlikely(hits->count == hits->room))
		{
			TwHit	   *old = hits->hits;

			hits->room *= 2;
			hits->hits = palloc((size_t) hits->room * sizeof(TwHit));
			memcpy(hits->hits, old, (size_t) hits->count * sizeof(TwHit));
		}
		hit = &hits->hits[hits->count++];
		hit->literal = literal;
		hit->first = first;
		hit->last = last;
		literal = ending->shorter - 1;
	} while (literal >= 0);
	return resume;
}

/*
 * All hits, in order of their ends.  Marks and spaces between two ideographs
 * are passed over, spaces also beside letters (IP 电话); other marks and the
 * end of a sentence break a literal (R1).
 */
void
tw_automaton_scan(const TwAutomaton *a, const TwFolded *folded, TwHits *hits)
{
	const TwCell *cells = a->cells;
	const TwChar *chars = folded->chars;
	int32		state = 0;
	int32		clear = 0;		/* behind the last mark */
	TwKind		before = TW_HARD;	/* kind of what stands before the marks */
	TwKind		passed = TW_HAN;	/* TW_HAN: nothing */

	for (int32 i = 0; i < folded->count; i++)
	{
		uint16		symbol = symbol_at(a, chars[i].point);

		if (unlikely((i & 8191) == 8191))
			CHECK_FOR_INTERRUPTS();
		if (symbol == 0)
		{
			TwKind		kind = chars[i].kind;

			/* of no literal, or no letter at all */
			if (kind <= TW_DIGIT || kind == TW_HARD)
			{
				state = 0;
				passed = TW_HAN;
				clear = i + 1;
			}
			else
			{
				if (passed == TW_HAN)
					before = i > 0 ? (TwKind) chars[i - 1].kind : TW_HARD;
				if (passed != TW_MARK)
					passed = kind;
				clear = i + 1;
			}
			continue;
		}
		if (unlikely(passed != TW_HAN))
		{
			TwKind		kind = chars[i].kind;

			if (!(before == TW_HAN && kind == TW_HAN) &&
				(passed == TW_MARK || (before == TW_DIGIT && kind == TW_DIGIT)))
				state = 0;
			passed = TW_HAN;
		}
		state = step(cells, state, symbol);
		if (cells[state].output != 0)
			state = report(a, folded, state, i, clear, hits);
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
