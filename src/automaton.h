/*
 * automaton.h
 *		Many literals found in one pass over a folded text, whatever their number.
 */
#ifndef TW_AUTOMATON_H
#define TW_AUTOMATON_H

#include "fold.h"

/* Longest literal, in characters: bounds how far a hit reaches back. */
#define TW_MAX_LITERAL 64

/* Code points that can have a symbol: the Basic Multilingual Plane. */
#define TW_SYMBOL_POINTS 0x10000
/* The symbols of 0 to 9 are 1 to 10, in every automaton. */
#define TW_LAST_DIGIT 10

/*
 * A state is the number of its cell, 0 the root.  All that a step and a hit
 * ask for stands together: a text touches cells all over the array, and waits
 * for each.
 */
typedef struct TwCell
{
	uint32		base:30;		/* cell base + symbol is this state's edge, if it bears that symbol; no other state's base */
	uint32		ends:1;			/* a literal ends here */
	uint32		more:1;			/* ... and shorter ones with it */
	uint16		symbol;			/* of the edge that leads here, 0 for a free cell */
	uint16		edges;			/* low bits of the symbols of its edges: most that are not there cost no look */
	int32		fail;			/* where to look when this state has no such edge */
	uint32		literal:25;		/* the longest that ends here */
	uint32		length:7;		/* of it, in characters */
} TwCell;

typedef struct TwAutomaton
{
	TwCell	   *cells;
	int32	   *shorter;		/* by state with more: where the longest of those ends that end with its literal */
	uint16	   *symbols;		/* by code point, TW_SYMBOL_POINTS of them; 0 for one of no literal */
	int32		nstates;
	int32		ncells;
	int32		nsymbols;
	int32		nliterals;
} TwAutomaton;

/* A literal found, by its label where there are labels: first and last character of the folded text */
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
	int32	   *breaks;			/* if not NULL, as long as the text: characters that are no letters or ideographs */
	int			nbreaks;
} TwHits;

typedef struct TwAutomatonBuilder TwAutomatonBuilder;

extern TwAutomatonBuilder *tw_automaton_begin(void);
extern int	tw_automaton_add(TwAutomatonBuilder *builder, const uint32 *points, int length);
extern TwAutomaton *tw_automaton_finish(TwAutomatonBuilder *builder);
extern void tw_automaton_label(TwAutomaton *automaton, const int32 *labels);
extern void tw_automaton_scan(const TwAutomaton *automaton, const TwFolded *folded, TwHits *hits);
extern int	tw_hits_longest(TwHits *hits);

#endif							/* TW_AUTOMATON_H */
