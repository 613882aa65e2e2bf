/*
 * automaton.h
 *		Many literals found in one pass over a folded text, whatever their number.
 */
#ifndef TW_AUTOMATON_H
#define TW_AUTOMATON_H

#include "fold.h"

/* Longest literal, in characters: bounds how far a hit reaches back. */
#define TW_MAX_LITERAL 64

/*
 * A state is the number of its cell, 0 the root.  One load says whether the
 * edge is there, and brings along all that the step after it asks for.
 */
typedef struct TwCell
{
	int32		owner;			/* state whose edge leads here, -1 for a free cell */
	int32		base;			/* cells[base + symbol] is this state's edge, if it owns it */
	int32		fail;			/* where to look when this state has no such edge */
	int32		output;			/* longest literal that ends here, from 1, or 0 */
} TwCell;

typedef struct TwEnding
{
	int32		state;			/* where the literal ends */
	int32		resume;			/* a state without edges is as good as its fail state */
	int32		shorter;		/* next literal that ends with it, from 1, or 0 */
	int32		length;			/* in characters */
} TwEnding;

typedef struct TwAutomaton
{
	TwCell	   *cells;
	TwEnding   *endings;		/* by literal */
	uint16	   *symbol_pages;	/* of all code points, blocks of 128; 0 is the empty block */
	uint16	   *symbol_cells;
	int32		nstates;
	int32		ncells;
	int32		nsymbols;
	int32		nliterals;
} TwAutomaton;

/* A literal found: first and last character of the folded text */
typedef struct TwHit
{
	int32		literal;
	int32		first;
	int32		last;
} TwHit;

typedef struct TwHits
{
	TwHit	   *hits;
	int			count;
	int			room;
} TwHits;

typedef struct TwAutomatonBuilder TwAutomatonBuilder;

extern TwAutomatonBuilder *tw_automaton_begin(void);
extern int	tw_automaton_add(TwAutomatonBuilder *builder, const uint32 *points, int length);
extern TwAutomaton *tw_automaton_finish(TwAutomatonBuilder *builder);
extern void tw_automaton_scan(const TwAutomaton *automaton, const TwFolded *folded, TwHits *hits);
extern int	tw_hits_longest(TwHits *hits);

#endif							/* TW_AUTOMATON_H */
