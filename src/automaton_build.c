/*
 * automaton_build.c
 *		Aho-Corasick over folded text: from literals to cells.
 *
 * Code points become dense symbols, digits the first of them; states and edges
 * lie in one double array: a state owns the cells base + symbol that name it as owner,
 * and each of them is the state the edge leads to.  The root's base is 0.
 *
 * Serves phrases of reports, and names and places of dispatch.  How it is walked: automaton_scan.c.
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
	uint16	   *symbols;
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
	builder->symbols = palloc(TW_SYMBOL_POINTS * sizeof(uint16));
	memset(builder->symbols, 0, TW_SYMBOL_POINTS * sizeof(uint16));
	builder->nsymbols = 1;
	for (uint32 digit = '0'; digit <= '9'; digit++)
		builder->symbols[digit] = builder->nsymbols++;
	return builder;
}

/* Symbol of a code point, a new one if it has none */
static uint16
symbol_of(TwAutomatonBuilder *b, uint32 point)
{
	if (b->symbols[point] == 0)
		b->symbols[point] = b->nsymbols++;
	return b->symbols[point];
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
	bool	   *taken;			/* is this cell's number some state's base? */
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
	int32		added = size - p->ncells;

	if (p->taken != NULL && wanted <= p->ncells)
		return;
	p->cells = grown(p->cells, (size_t) size * sizeof(TwCell));
	p->node_at = grown(p->node_at, (size_t) size * sizeof(int32));
	p->taken = grown(p->taken, (size_t) size * sizeof(bool));
	memset(p->cells + p->ncells, 0, (size_t) added * sizeof(TwCell));
	memset(p->taken + p->ncells, 0, (size_t) added * sizeof(bool));
	p->ncells = size;
}

static inline bool
is_free(const Placing *p, int32 cell)
{
	return cell >= p->ncells || p->cells[cell].symbol == 0;
}

/* First base of no other state at which all children of a node find a free cell */
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

		if (base <= 0 || !is_free(p, cell) || (base < p->ncells && p->taken[base]))
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
	const TwCell *cell = &p->cells[p->cell_of[node]];

	return cell->edges != 0 && p->cells[cell->base + symbol].symbol == symbol ? p->node_at[cell->base + symbol] : 0;
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
	int32		base = node != 0 ? place(p, node) : 0;
	TwCell	   *cell;

	grow_cells(p, base + p->b->nsymbols);
	p->taken[base] = true;
	cell = &p->cells[p->cell_of[node]];
	cell->base = base;
	for (int32 child = nodes[node].child; child != 0; child = nodes[child].sibling)
	{
		uint16		symbol = nodes[child].symbol;
		int32		fail = 0;

		if (node != 0)
			for (int32 f = p->fail[node];; f = p->fail[f])
			{
				fail = placed_child(p, f, symbol);
				if (fail != 0 || f == 0)
					break;
			}
		p->fail[child] = fail;
		p->cell_of[child] = base + symbol;
		p->node_at[base + symbol] = child;
		p->cells[base + symbol].symbol = symbol;
		cell->edges |= 1 << (symbol & 15);
	}
}

static void
finish_state(Placing *p, TwAutomaton *a, int32 node)
{
	TwCell	   *cell = &a->cells[p->cell_of[node]];
	int32		literal = p->b->nodes[node].literal;
	int32		fail = p->cell_of[p->fail[node]];

	if (literal >= 0)
	{
		cell->ends = true;
		cell->literal = literal;
		cell->length = p->b->lengths[literal];
		cell->more = a->cells[fail].ends;
		a->shorter[p->cell_of[node]] = fail;
	}
	else if (a->cells[fail].ends)
	{
		cell->ends = true;
		cell->literal = a->cells[fail].literal;
		cell->length = a->cells[fail].length;
		cell->more = a->cells[fail].more;
		a->shorter[p->cell_of[node]] = a->shorter[fail];
	}
	cell->fail = p->cell_of[useful_fail(p, node)];
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

	a->cells = p.cells;
	a->shorter = palloc((size_t) p.ncells * sizeof(int32));
	memset(a->shorter, 0, (size_t) p.ncells * sizeof(int32));
	a->symbols = b->symbols;
	a->nstates = b->nnodes;
	a->ncells = p.ncells;
	a->nsymbols = b->nsymbols;
	a->nliterals = b->nliterals;
	for (int32 i = 0; i < tail; i++)
		finish_state(&p, a, queue[i]);
	pfree(queue);
	pfree(p.cell_of);
	pfree(p.fail);
	pfree(p.node_at);
	pfree(p.taken);
	pfree(b->lengths);
	pfree(b->nodes);
	pfree(b);
	return a;
}

/* From now on a hit names the label of its literal. */
void
tw_automaton_label(TwAutomaton *a, const int32 *labels)
{
	for (int32 state = 0; state < a->ncells; state++)
		if (a->cells[state].ends)
			a->cells[state].literal = labels[a->cells[state].literal];
}
