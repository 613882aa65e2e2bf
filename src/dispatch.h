/*
 * dispatch.h
 *		The seven principles of dispatch (2.1, annex 1) over compiled rules.
 *
 * Everything is numbered: departments, areas and matters are their place in
 * arrays sorted by code, -1 is none.  Days are days since 2000-01-01, both
 * ends of a validity included.  Texts are UTF-8.
 */
#ifndef TW_DISPATCH_H
#define TW_DISPATCH_H

#include "automaton.h"

typedef enum TwPrinciple
{
	TW_STATUTORY = 0,
	TW_DUTY,
	TW_TERRITORIAL,
	TW_FACTUAL,
	TW_ASSOCIATION,
	TW_FALLBACK,
	TW_EXCEPTION,
	TW_TRANSFER					/* no principle: outside the territory */
} TwPrinciple;

#define TW_PRINCIPLES 7

typedef struct TwValidity
{
	int32		from;
	int32		until;
} TwValidity;

typedef struct TwDepartment
{
	const char *code;
	const char *name;
	int			area;
	bool		handles;		/* a department or committee, which tickets go to */
	TwValidity	valid;
} TwDepartment;

typedef struct TwArea
{
	const char *code;
	const char *name;
} TwArea;

typedef struct TwMatter
{
	const char *code;
	const char *name;
	int			parent;
} TwMatter;

typedef struct TwRule
{
	int			matter;			/* nmatters: any matter (exceptions), every rule (fallbacks) */
	int			area;			/* -1: everywhere */
	int			department;
	TwValidity	valid;
	const char *basis;
	const char *more;			/* preceding procedure, or reason of an exception; NULL for none */
	const char *ends;			/* last day of an exception, as text */
} TwRule;

/* Rules sorted by matter, those of one area before the general ones; rules of m: first[m] to first[m + 1] */
typedef struct TwRules
{
	TwRule	   *rules;
	int32	   *first;
	int			count;
} TwRules;

typedef enum TwUseKind
{
	TW_USE_NAME,
	TW_USE_HARMLESS,
	TW_USE_ESTATE,
	TW_USE_ROAD,
	TW_USE_TEXT
} TwUseKind;

/* What a literal found in a text stands for */
typedef struct TwUse
{
	int32		literal;
	TwUseKind	kind;
	int			department;		/* of places -1: outside the territory */
	TwValidity	valid;
	int			number_from;
	int			number_until;
	int			parity;			/* of a road's side: -1 both, 0 even, 1 odd */
	const char *name;
} TwUse;

typedef struct TwWord
{
	bool		before;
	int			length;
	const uint32 *points;
} TwWord;

/* What a rulebook says while it is in force */
typedef struct TwPeriod
{
	TwValidity	valid;
	int			norder;
	TwPrinciple order[TW_PRINCIPLES];
	int			nwords;
	const TwWord *words;
} TwPeriod;

typedef struct TwDispatch
{
	TwDepartment *departments;
	int			ndepartments;
	TwArea	   *areas;
	int			nareas;
	TwMatter   *matters;
	int			nmatters;
	TwRules		statutory;
	TwRules		duties;
	TwRules		exceptions;
	TwRules		fallbacks;
	const TwAutomaton *automaton;
	TwUse	   *uses;			/* sorted by literal; those of l: use_first[l] to use_first[l + 1] */
	int32	   *use_first;
	TwPeriod   *periods;
	int			nperiods;
} TwDispatch;

typedef struct TwHandler
{
	int			department;
	bool		handling;		/* else it completed an earlier ticket */
	const char *ticket;
} TwHandler;

typedef struct TwDispatchQuery
{
	int			matter;
	const char *matter_given;	/* a code that is not in the taxonomy, or NULL */
	int			area;
	const char *place;			/* NULL for none */
	int			place_length;
	const char *appeal;
	int			appeal_length;
	bool		in_territory;	/* false: known to be outside */
	bool		has_incident;
	const TwHandler *handlers;	/* who handles first, in order of dispatch */
	int			nhandlers;
	const int  *excluded;
	int			nexcluded;
	int32		day;
	const char *separator;		/* between the names of a list */
} TwDispatchQuery;

#define TW_REASON_ARGS 5

typedef struct TwDispatchRow
{
	TwPrinciple principle;
	int			department;		/* -1: a miss */
	bool		decisive;
	const char *reason;			/* key of a message */
	const char *args[TW_REASON_ARGS];
} TwDispatchRow;

extern void tw_sort_rules(TwRules *rules, int nmatters);
extern const TwPeriod *tw_period_of(const TwDispatch *dispatch, int32 day);
extern int	tw_resolve_dispatch(const TwDispatch *dispatch, const TwPeriod *period, const TwDispatchQuery *query,
								TwDispatchRow *rows);

/* dispatch_place.c: where it is and whom the text names */
typedef enum TwPlaceStatus
{
	TW_PLACE_NONE,				/* no address */
	TW_PLACE_UNKNOWN,			/* none of its places is registered */
	TW_PLACE_SEVERAL,			/* it may belong to any of several committees */
	TW_PLACE_FOUND,
	TW_PLACE_OUTSIDE
} TwPlaceStatus;

#define TW_MAX_FOUND 32

typedef struct TwFound
{
	int			count;
	int			departments[TW_MAX_FOUND];
	const char *names[TW_MAX_FOUND];
} TwFound;

typedef struct TwPlace
{
	TwPlaceStatus status;
	const char *name;			/* of the place that decided, as registered, with its number */
	TwFound		found;
} TwPlace;

extern void tw_add_found(TwFound *found, int department, const char *name);
extern void tw_read_texts(const TwDispatch *dispatch, const TwPeriod *period, const TwDispatchQuery *query,
						  TwPlace *place, TwFound *named);

static inline bool
tw_valid_on(TwValidity valid, int32 day)
{
	return valid.from <= day && day <= valid.until;
}

#endif							/* TW_DISPATCH_H */
