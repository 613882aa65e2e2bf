/*
 * dispatch_texts.c
 *		What dispatch finds in texts and reads in rulebooks: names and places
 *		into one automaton, the words beside a name, the order of principles.
 */
#include "dispatch_load.h"

#include "utils/date.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* ---- names and places ---- */

static int
folded_points(const char *text, uint32 *points, int room)
{
	TwFolded	folded;
	TwChar		chars[TW_MAX_LITERAL * 2];
	int			count = 0;

	tw_fold_begin(&folded, chars, lengthof(chars));
	tw_fold(&folded, text, strlen(text));
	for (int i = 0; i < folded.count && count < room; i++)
		if (folded.chars[i].kind <= TW_DIGIT)
			points[count++] = folded.chars[i].point;
	return count;
}

/* The change functions refuse what no automaton could find; a bulk load's row of that kind finds nothing */
static void
add_use(Load *load, TwUse use)
{
	uint32		points[TW_MAX_LITERAL + 1];
	int			count = folded_points(use.name, points, lengthof(points));

	use.literal = tw_automaton_add(load->builder, points, count);
	if (use.literal < 0)
		return;
	if (load->nuses == load->uses_room)
	{
		load->uses_room *= 2;
		load->dispatch->uses = repalloc(load->dispatch->uses, load->uses_room * sizeof(TwUse));
	}
	load->dispatch->uses[load->nuses++] = use;
}

static void
load_names(Load *load)
{
	const TwDispatch *dispatch = load->dispatch;
	TwScan		scan;
	AttrNumber	organization;
	AttrNumber	alias;
	AttrNumber	from;
	AttrNumber	until;

	for (int i = 0; i < dispatch->ndepartments; i++)
	{
		TwUse		use = {0};

		/* the center, a platform or the court are nobody to dispatch to, but their names hold others' */
		use.kind = dispatch->departments[i].handles ? TW_USE_NAME : TW_USE_HARMLESS;
		use.department = i;
		use.valid = dispatch->departments[i].valid;
		use.name = dispatch->departments[i].name;
		add_use(load, use);
	}
	begin(&scan, load, "organization_alias");
	organization = tw_scan_column(&scan, "organization_id");
	alias = tw_scan_column(&scan, "alias");
	from = tw_scan_column(&scan, "valid_from");
	until = tw_scan_column(&scan, "valid_until");
	while (tw_scan_next(&scan))
	{
		int64		id = get_id(&scan, organization);
		TwUse		use = {0};

		use.department = id == 0 ? -1 : id_index(&load->departments, id);
		if (id != 0 && use.department < 0)
			continue;
		use.kind = id != 0 && dispatch->departments[use.department].handles ? TW_USE_NAME : TW_USE_HARMLESS;
		use.valid = get_validity(&scan, from, until);
		use.name = tw_scan_text(&scan, alias);
		add_use(load, use);
	}
	tw_scan_end(&scan);
}

static void
load_places(Load *load)
{
	TwScan		scan;
	AttrNumber	organization;
	AttrNumber	kind;
	AttrNumber	name;
	AttrNumber	number_from;
	AttrNumber	number_until;
	AttrNumber	side;
	AttrNumber	from;
	AttrNumber	until;

	begin(&scan, load, "committee_place");
	organization = tw_scan_column(&scan, "organization_id");
	kind = tw_scan_column(&scan, "kind");
	name = tw_scan_column(&scan, "name");
	number_from = tw_scan_column(&scan, "number_from");
	number_until = tw_scan_column(&scan, "number_until");
	side = tw_scan_column(&scan, "side");
	from = tw_scan_column(&scan, "valid_from");
	until = tw_scan_column(&scan, "valid_until");
	while (tw_scan_next(&scan))
	{
		int64		id = get_id(&scan, organization);
		char	   *what = tw_scan_text(&scan, kind);
		char	   *which = tw_scan_text(&scan, side);
		TwUse		use = {0};

		use.department = id == 0 ? -1 : id_index(&load->departments, id);
		if (id != 0 && use.department < 0)
			continue;
		use.kind = what[0] == 'e' ? TW_USE_ESTATE : what[0] == 'r' ? TW_USE_ROAD : TW_USE_TEXT;
		use.number_from = get_int(&scan, number_from, 0);
		use.number_until = get_int(&scan, number_until, PG_INT32_MAX);
		use.parity = which[0] == 'b' ? -1 : which[0] == 'o' ? 1 : 0;
		use.valid = get_validity(&scan, from, until);
		use.name = tw_scan_text(&scan, name);
		pfree(what);
		pfree(which);
		add_use(load, use);
	}
	tw_scan_end(&scan);
}

static int
compare_uses(const void *a, const void *b)
{
	const TwUse *x = a;
	const TwUse *y = b;

	if (x->literal != y->literal)
		return x->literal < y->literal ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->department != y->department)
		return x->department < y->department ? -1 : 1;
	return x->number_from < y->number_from ? -1 : x->number_from > y->number_from;
}

static void
finish_uses(Load *load)
{
	TwDispatch *dispatch = load->dispatch;
	int			at = 0;

	dispatch->automaton = tw_automaton_finish(load->builder);
	if (load->nuses > 0)
		qsort(dispatch->uses, load->nuses, sizeof(TwUse), compare_uses);
	dispatch->use_first = palloc((dispatch->automaton->nliterals + 1) * sizeof(int32));
	for (int literal = 0; literal <= dispatch->automaton->nliterals; literal++)
	{
		while (at < load->nuses && dispatch->uses[at].literal < literal)
			at++;
		dispatch->use_first[literal] = at;
	}
}

void
tw_load_uses(Load *load)
{
	load->builder = tw_automaton_begin();
	load->uses_room = 64;
	load->dispatch->uses = palloc(load->uses_room * sizeof(TwUse));
	load_names(load);
	load_places(load);
	finish_uses(load);
}

/* ---- what the rulebooks of the center say ---- */

static TwPrinciple
principle_of(const char *code)
{
	static const char *const codes[TW_PRINCIPLES] = {
		"statutory", "duty", "territorial", "factual", "association", "fallback", "exception"
	};

	for (int i = 0; i < TW_PRINCIPLES; i++)
		if (strcmp(codes[i], code) == 0)
			return (TwPrinciple) i;
	elog(ERROR, "there is no principle \"%s\"", code);
}

static void
load_order(Load *load, TwPeriod *period, const char *rulebook)
{
	int			ordinals[TW_PRINCIPLES];
	TwScan		scan;
	AttrNumber	ordinal;
	AttrNumber	principle;

	tw_scan_begin(&scan, "dispatch_order", load->snapshot, "rulebook", rulebook);
	ordinal = tw_scan_column(&scan, "ordinal");
	principle = tw_scan_column(&scan, "principle");
	while (tw_scan_next(&scan) && period->norder < TW_PRINCIPLES)
	{
		int			own = get_int(&scan, ordinal, 0);
		int			at = period->norder++;
		char	   *code = tw_scan_text(&scan, principle);

		for (; at > 0 && ordinals[at - 1] > own; at--)
		{
			ordinals[at] = ordinals[at - 1];
			period->order[at] = period->order[at - 1];
		}
		ordinals[at] = own;
		period->order[at] = principle_of(code);
		pfree(code);
	}
	tw_scan_end(&scan);
}

static void
load_words(Load *load, TwPeriod *period, const char *rulebook)
{
	TwScan		scan;
	AttrNumber	side;
	AttrNumber	word;
	int			room = 32;
	TwWord	   *words = palloc(room * sizeof(TwWord));

	tw_scan_begin(&scan, "dispatch_word", load->snapshot, "rulebook", rulebook);
	side = tw_scan_column(&scan, "side");
	word = tw_scan_column(&scan, "word");
	while (tw_scan_next(&scan))
	{
		uint32		points[TW_MAX_LITERAL];
		uint32	   *kept;
		char	   *which = tw_scan_text(&scan, side);
		int			length = folded_points(tw_scan_text(&scan, word), points, lengthof(points));

		if (length == 0)
			continue;
		if (period->nwords == room)
		{
			room *= 2;
			words = repalloc(words, room * sizeof(TwWord));
		}
		kept = palloc(length * sizeof(uint32));
		memcpy(kept, points, length * sizeof(uint32));
		words[period->nwords].before = which[0] == 'b';
		words[period->nwords].length = length;
		words[period->nwords++].points = kept;
		pfree(which);
	}
	tw_scan_end(&scan);
	period->words = words;
}

static TwValidity
range_validity(Datum value)
{
	RangeType  *range = DatumGetRangeTypeP(value);
	TypeCacheEntry *type = lookup_type_cache(RangeTypeGetOid(range), TYPECACHE_RANGE_INFO);
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;
	TwValidity	valid;

	range_deserialize(type, range, &lower, &upper, &empty);
	valid.from = lower.infinite ? PG_INT32_MIN : DatumGetDateADT(lower.val);
	/* a range of dates is kept with its upper end left out */
	valid.until = upper.infinite ? PG_INT32_MAX : DatumGetDateADT(upper.val) - 1;
	return valid;
}

void
tw_load_periods(Load *load)
{
	TwDispatch *dispatch = load->dispatch;
	TwScan		scan;
	AttrNumber	center;
	AttrNumber	rulebook;
	AttrNumber	valid;
	int			room = 8;

	dispatch->periods = palloc(room * sizeof(TwPeriod));
	tw_scan_begin(&scan, "center_rulebook", load->snapshot, NULL, NULL);
	center = tw_scan_column(&scan, "center_id");
	rulebook = tw_scan_column(&scan, "rulebook");
	valid = tw_scan_column(&scan, "valid");
	while (tw_scan_next(&scan))
	{
		TwPeriod   *period;
		bool		isnull;
		char	   *name;

		if (get_id(&scan, center) != load->center_id)
			continue;
		if (dispatch->nperiods == room)
		{
			room *= 2;
			dispatch->periods = repalloc(dispatch->periods, room * sizeof(TwPeriod));
		}
		period = &dispatch->periods[dispatch->nperiods++];
		memset(period, 0, sizeof(*period));
		period->valid = range_validity(tw_scan_datum(&scan, valid, &isnull));
		name = tw_scan_text(&scan, rulebook);
		load_order(load, period, name);
		load_words(load, period, name);
		pfree(name);
	}
	tw_scan_end(&scan);
}
