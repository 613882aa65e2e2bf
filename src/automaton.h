/*
 * automaton.h
 *		Many literals found in one pass over a folded text, whatever their number.
 */
#ifndef TW_AUTOMATON_H
#define TW_AUTOMATON_H

#include "fold.h"

/* Longest literal, in characters: bounds how far a hit reaches back. */
#define TW_MAX_LITERAL 64

typedef struct TwEdge
{
	int32		owner;			/* state the edge leaves, -1 for a free cell */
	int32		target;
} TwEdge;

typedef struct TwState
{
	int32		base;			/* edges[base + symbol] is this state's edge, if it owns it */
	int32		fail;
	int32		literal;		/* literal that ends here, or -1 */
	int32		output;			/* nearest state on the fail path where one ends, or 0 */
} TwState;

typedef struct TwAutomaton
{
	TwState    *states;			/* 0 is the root */
	TwEdge	   *edges;
	int32	   *root;			/* next state by symbol */
	uint16	   *symbol_pages;	/* blocks of 128 code points; 0 is the empty block */
	uint16	   *symbol_cells;
	uint8	   *lengths;		/* of literals, in characters */
	int32		nstates;
	int32		nedges;
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
