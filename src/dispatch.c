/*
 * dispatch.c
 *		Which department a ticket goes to, by which principle, and what each
 *		other principle says (2.1, annex 1).
 *
 * Every principle is asked, in the order of the rulebook; the first that hits
 * decides.  A tie is a miss that names who is tied.  Outside the territory no
 * duty of ours reaches: only an exception, the law or an incident already in
 * hand can decide there, else the ticket is to be transferred.
 */
#include "dispatch.h"

/* A taxonomy is a handful of levels; a circle that a bulk load made ends here */
#define MAX_DEPTH 64

typedef struct Case
{
	const TwDispatch *dispatch;
	const TwDispatchQuery *query;
	TwPlace		place;
	TwFound		named;
	int			area;			/* given, or that of the committee found */
	bool		outside;
	int			source;			/* matter whose duties count, -1 for none */
	TwFound		holders;		/* of the duty; names are its bases */
	TwFound		gone;			/* holders left out since their return was granted */
} Case;

static int
compare_rules(const void *a, const void *b)
{
	const TwRule *x = a;
	const TwRule *y = b;

	if (x->matter != y->matter)
		return x->matter < y->matter ? -1 : 1;
	/* those of an area first */
	if (x->area != y->area)
		return x->area > y->area ? -1 : 1;
	if (x->department != y->department)
		return x->department < y->department ? -1 : 1;
	return x->valid.from < y->valid.from ? -1 : x->valid.from > y->valid.from;
}

/* Rules by matter; nmatters itself is a matter here, that of rules for all */
void
tw_sort_rules(TwRules *rules, int nmatters)
{
	int			at = 0;

	if (rules->count > 0)
		qsort(rules->rules, rules->count, sizeof(TwRule), compare_rules);
	rules->first = palloc((nmatters + 2) * sizeof(int32));
	for (int matter = 0; matter <= nmatters + 1; matter++)
	{
		while (at < rules->count && rules->rules[at].matter < matter)
			at++;
		rules->first[matter] = at;
	}
}

const TwPeriod *
tw_period_of(const TwDispatch *dispatch, int32 day)
{
	for (int i = 0; i < dispatch->nperiods; i++)
		if (tw_valid_on(dispatch->periods[i].valid, day))
			return &dispatch->periods[i];
	return NULL;
}

/* ---- texts of reasons ---- */

static void
say(TwDispatchRow *row, const char *reason, const char *a, const char *b, const char *c, const char *d, const char *e)
{
	row->reason = reason;
	row->args[0] = a;
	row->args[1] = b;
	row->args[2] = c;
	row->args[3] = d;
	row->args[4] = e;
}

static void
hit(TwDispatchRow *row, int department, const char *reason, const char *a, const char *b, const char *c, const char *d,
	const char *e)
{
	row->department = department;
	say(row, reason, a, b, c, d, e);
}

static const char *
name_of(const Case *it, int department)
{
	return it->dispatch->departments[department].name;
}

static const char *
list_add(const Case *it, const char *list, const char *name)
{
	size_t		length = list != NULL ? strlen(list) : 0;
	size_t		between = list != NULL ? strlen(it->query->separator) : 0;
	size_t		more = strlen(name);
	char	   *out;

	if (list == NULL)
		return name;
	out = palloc(length + between + more + 1);
	memcpy(out, list, length);
	memcpy(out + length, it->query->separator, between);
	memcpy(out + length + between, name, more + 1);
	return out;
}

static const char *
list_of(const Case *it, const TwFound *found)
{
	const char *list = NULL;

	for (int i = 0; i < found->count; i++)
		if (found->departments[i] >= 0)
			list = list_add(it, list, name_of(it, found->departments[i]));
	return list;
}

static const char *
matter_name(const Case *it)
{
	return it->dispatch->matters[it->query->matter].name;
}

/* Why the matter tells nothing: none was given, or one that is not in the taxonomy */
static void
say_no_matter(const Case *it, TwDispatchRow *row)
{
	if (it->query->matter_given != NULL)
		say(row, "dispatch_matter_unknown", it->query->matter_given, NULL, NULL, NULL, NULL);
	else
		say(row, "dispatch_matter_none", NULL, NULL, NULL, NULL, NULL);
}

static void
say_outside(const Case *it, TwDispatchRow *row)
{
	if (it->place.status == TW_PLACE_OUTSIDE)
		say(row, "dispatch_outside", it->place.name, NULL, NULL, NULL, NULL);
	else
		say(row, "dispatch_outside_given", NULL, NULL, NULL, NULL, NULL);
}

/* ---- rules ---- */

static bool
is_excluded(const Case *it, int department)
{
	for (int i = 0; i < it->query->nexcluded; i++)
		if (it->query->excluded[i] == department)
			return true;
	return false;
}

static bool
in_being(const Case *it, int department)
{
	const TwDepartment *d = &it->dispatch->departments[department];

	return d->handles && tw_valid_on(d->valid, it->query->day);
}

static bool
applies(const Case *it, const TwRule *rule)
{
	return tw_valid_on(rule->valid, it->query->day) && (rule->area < 0 || rule->area == it->area) &&
		in_being(it, rule->department);
}

/* The first rule of a matter that applies; whoever returned the ticket is passed over and named */
static const TwRule *
rule_of(const Case *it, const TwRules *rules, int matter, TwFound *gone)
{
	for (int i = rules->first[matter]; i < rules->first[matter + 1]; i++)
	{
		const TwRule *rule = &rules->rules[i];

		if (!applies(it, rule))
			continue;
		if (!is_excluded(it, rule->department))
			return rule;
		tw_add_found(gone, rule->department, NULL);
	}
	return NULL;
}

/* The same for the nearest of the matter and its ancestors; the search does not climb past who returned it */
static const TwRule *
nearest_rule(const Case *it, const TwRules *rules, TwFound *gone)
{
	int			depth = 0;

	for (int matter = it->query->matter; matter >= 0 && depth < MAX_DEPTH;
		 matter = it->dispatch->matters[matter].parent, depth++)
	{
		const TwRule *rule = rule_of(it, rules, matter, gone);

		if (rule != NULL || gone->count > 0)
			return rule;
	}
	return NULL;
}

static void
find_holders(Case *it)
{
	const TwRules *duties = &it->dispatch->duties;
	int			depth = 0;

	it->source = -1;
	for (int matter = it->query->matter; matter >= 0 && it->source < 0 && depth < MAX_DEPTH;
		 matter = it->dispatch->matters[matter].parent, depth++)
	{
		for (int i = duties->first[matter]; i < duties->first[matter + 1]; i++)
		{
			const TwRule *rule = &duties->rules[i];

			if (!applies(it, rule))
				continue;
			it->source = matter;
			if (is_excluded(it, rule->department))
			{
				tw_add_found(&it->gone, rule->department, NULL);
				continue;
			}
			/* the rule of the area comes first, and its basis is the one told */
			tw_add_found(&it->holders, rule->department, rule->basis);
		}
	}
}

/* ---- the principles ---- */

static void
by_exception(const Case *it, TwDispatchRow *row)
{
	TwFound		gone;
	const TwRule *rule;

	gone.count = 0;
	rule = nearest_rule(it, &it->dispatch->exceptions, &gone);
	if (rule == NULL)
		rule = rule_of(it, &it->dispatch->exceptions, it->dispatch->nmatters, &gone);
	if (rule != NULL)
		hit(row, rule->department, "dispatch_exception", rule->basis, rule->more, rule->ends,
			name_of(it, rule->department), NULL);
	else if (gone.count > 0)
		say(row, "dispatch_gone", list_of(it, &gone), NULL, NULL, NULL, NULL);
	else
		say(row, "dispatch_exception_none", NULL, NULL, NULL, NULL, NULL);
}

static void
by_statute(const Case *it, TwDispatchRow *row)
{
	TwFound		gone;
	const TwRule *rule;

	if (it->query->matter < 0)
	{
		say_no_matter(it, row);
		return;
	}
	gone.count = 0;
	rule = nearest_rule(it, &it->dispatch->statutory, &gone);
	if (rule != NULL && rule->more != NULL)
		hit(row, rule->department, "dispatch_statutory_preceding", rule->basis, it->dispatch->matters[rule->matter].name,
			name_of(it, rule->department), rule->more, NULL);
	else if (rule != NULL)
		hit(row, rule->department, "dispatch_statutory", rule->basis, it->dispatch->matters[rule->matter].name,
			name_of(it, rule->department), NULL, NULL);
	else if (gone.count > 0)
		say(row, "dispatch_gone", list_of(it, &gone), NULL, NULL, NULL, NULL);
	else
		say(row, "dispatch_statutory_none", matter_name(it), NULL, NULL, NULL, NULL);
}

static void
by_fact(const Case *it, TwDispatchRow *row)
{
	const TwHandler *chosen = NULL;
	TwFound		others;
	TwFound		gone;

	others.count = gone.count = 0;
	for (int i = 0; i < it->query->nhandlers; i++)
	{
		const TwHandler *handler = &it->query->handlers[i];

		if (!in_being(it, handler->department))
			continue;
		if (is_excluded(it, handler->department))
			tw_add_found(&gone, handler->department, NULL);
		else if (chosen == NULL)
			chosen = handler;
		else if (handler->department != chosen->department && handler->handling == chosen->handling)
			tw_add_found(&others, handler->department, NULL);
	}
	if (chosen == NULL && gone.count > 0)
		say(row, "dispatch_gone", list_of(it, &gone), NULL, NULL, NULL, NULL);
	else if (chosen == NULL)
		say(row, it->query->has_incident ? "dispatch_factual_nobody" : "dispatch_factual_none", NULL, NULL, NULL, NULL, NULL);
	else if (!chosen->handling)
		hit(row, chosen->department, "dispatch_factual_completed", chosen->ticket, name_of(it, chosen->department), NULL, NULL, NULL);
	else if (others.count > 0)
		hit(row, chosen->department, "dispatch_factual_first", chosen->ticket, name_of(it, chosen->department),
			list_of(it, &others), NULL, NULL);
	else
		hit(row, chosen->department, "dispatch_factual", chosen->ticket, name_of(it, chosen->department), NULL, NULL, NULL);
}

static void
by_association(const Case *it, TwDispatchRow *row)
{
	TwFound		both = {0};

	for (int i = 0; i < it->named.count; i++)
		for (int h = 0; h < it->holders.count; h++)
			if (it->holders.departments[h] == it->named.departments[i])
			{
				both.departments[both.count] = it->named.departments[i];
				both.names[both.count++] = it->named.names[i];
			}
	if (it->named.count == 0)
		say(row, "dispatch_association_none", NULL, NULL, NULL, NULL, NULL);
	else if (it->query->matter < 0)
		say_no_matter(it, row);
	else if (it->outside)
		say_outside(it, row);
	else if (both.count == 0)
		say(row, "dispatch_association_no_duty", list_of(it, &it->named), matter_name(it), NULL, NULL, NULL);
	else if (both.count > 1)
		say(row, "dispatch_association_several", list_of(it, &both), matter_name(it), NULL, NULL, NULL);
	else
		hit(row, both.departments[0], "dispatch_association", both.names[0], matter_name(it),
			name_of(it, both.departments[0]), NULL, NULL);
}

/* What duty and territory have in common when nobody holds the duty */
static bool
nobody_holds(const Case *it, TwDispatchRow *row)
{
	if (it->query->matter < 0)
		say_no_matter(it, row);
	else if (it->outside)
		say_outside(it, row);
	else if (it->source < 0)
		say(row, "dispatch_duty_none", matter_name(it), NULL, NULL, NULL, NULL);
	else if (it->holders.count == 0)
		say(row, "dispatch_gone", list_of(it, &it->gone), NULL, NULL, NULL, NULL);
	else
		return false;
	return true;
}

static void
by_duty(const Case *it, TwDispatchRow *row)
{
	if (nobody_holds(it, row))
		return;
	if (it->holders.count > 1)
		say(row, "dispatch_duty_several", list_of(it, &it->holders), matter_name(it), NULL, NULL, NULL);
	else if (it->source != it->query->matter)
		hit(row, it->holders.departments[0], "dispatch_duty_inherited", matter_name(it), it->dispatch->matters[it->source].name,
			name_of(it, it->holders.departments[0]), it->holders.names[0], NULL);
	else
		hit(row, it->holders.departments[0], "dispatch_duty", matter_name(it),
			name_of(it, it->holders.departments[0]), it->holders.names[0], NULL, NULL);
}

static void
by_territory(const Case *it, TwDispatchRow *row)
{
	int			committee;

	if (nobody_holds(it, row))
		return;
	if (it->holders.count == 1)
	{
		say(row, "dispatch_territorial_one", name_of(it, it->holders.departments[0]), NULL, NULL, NULL, NULL);
		return;
	}
	switch (it->place.status)
	{
		case TW_PLACE_NONE:
			say(row, "dispatch_place_none", NULL, NULL, NULL, NULL, NULL);
			return;
		case TW_PLACE_SEVERAL:
			say(row, "dispatch_place_several", it->place.name, list_of(it, &it->place.found), NULL, NULL, NULL);
			return;
		case TW_PLACE_FOUND:
			break;
		default:
			if (it->place.name != NULL)
				say(row, "dispatch_place_number", it->place.name, NULL, NULL, NULL, NULL);
			else
				say(row, "dispatch_place_unknown", NULL, NULL, NULL, NULL, NULL);
			return;
	}
	committee = it->place.found.departments[0];
	if (is_excluded(it, committee))
		say(row, "dispatch_gone", name_of(it, committee), NULL, NULL, NULL, NULL);
	else if (!in_being(it, committee))
		say(row, "dispatch_not_in_being", name_of(it, committee), NULL, NULL, NULL, NULL);
	else
		hit(row, committee, "dispatch_territorial", list_of(it, &it->holders), it->place.name, name_of(it, committee), NULL, NULL);
}

static void
by_fallback(const Case *it, TwDispatchRow *row)
{
	TwFound		gone;
	const TwRule *rule;

	if (it->outside)
	{
		say_outside(it, row);
		return;
	}
	/* 托底 is for what is nobody's duty: holders who cannot be told apart are a matter for people */
	if (it->holders.count > 0)
	{
		say(row, "dispatch_fallback_duty", list_of(it, &it->holders), NULL, NULL, NULL, NULL);
		return;
	}
	gone.count = 0;
	rule = rule_of(it, &it->dispatch->fallbacks, it->dispatch->nmatters, &gone);
	if (rule != NULL && rule->area >= 0)
		hit(row, rule->department, "dispatch_fallback", it->dispatch->areas[rule->area].name, name_of(it, rule->department),
			rule->basis, NULL, NULL);
	else if (rule != NULL)
		hit(row, rule->department, "dispatch_fallback_general", name_of(it, rule->department), rule->basis, NULL, NULL, NULL);
	else if (gone.count > 0)
		say(row, "dispatch_gone", list_of(it, &gone), NULL, NULL, NULL, NULL);
	else if (it->area < 0)
		say(row, "dispatch_area_none", NULL, NULL, NULL, NULL, NULL);
	else
		say(row, "dispatch_fallback_none", it->dispatch->areas[it->area].name, NULL, NULL, NULL, NULL);
}

static void
ask(const Case *it, TwDispatchRow *row)
{
	switch (row->principle)
	{
		case TW_STATUTORY:
			by_statute(it, row);
			break;
		case TW_DUTY:
			by_duty(it, row);
			break;
		case TW_TERRITORIAL:
			by_territory(it, row);
			break;
		case TW_FACTUAL:
			by_fact(it, row);
			break;
		case TW_ASSOCIATION:
			by_association(it, row);
			break;
		case TW_FALLBACK:
			by_fallback(it, row);
			break;
		case TW_EXCEPTION:
			by_exception(it, row);
			break;
		case TW_TRANSFER:
			if (it->place.status == TW_PLACE_OUTSIDE)
				say(row, "dispatch_transfer", it->place.name, NULL, NULL, NULL, NULL);
			else
				say(row, "dispatch_transfer_given", NULL, NULL, NULL, NULL, NULL);
			break;
	}
}

/* The area of the committee found, or the one that all who may be meant have in common */
static int
area_of(const Case *it)
{
	int			area = -1;

	/* cppcheck-suppress ctuuninitvar ; tw_read_texts() has filled it in */
	for (int i = 0; i < it->place.found.count; i++)
	{
		int			department = it->place.found.departments[i];
		int			of_this = department < 0 ? -1 : it->dispatch->departments[department].area;

		if (of_this < 0 || (i > 0 && of_this != area))
			return -1;
		area = of_this;
	}
	return area;
}

/* One row per principle, and one for the transfer of what is outside; rows has room for all */
int
tw_resolve_dispatch(const TwDispatch *dispatch, const TwPeriod *period, const TwDispatchQuery *query, TwDispatchRow *rows)
{
	Case		it;
	bool		decided = false;
	int			count = 0;

	it.dispatch = dispatch;
	it.query = query;
	it.gone.count = 0;
	it.holders.count = 0;
	tw_read_texts(dispatch, period, query, &it.place, &it.named);
	it.outside = !query->in_territory || it.place.status == TW_PLACE_OUTSIDE;
	it.area = query->area;
	if (it.area < 0)
		it.area = area_of(&it);
	find_holders(&it);
	if (it.outside)
		it.holders.count = 0;

	for (int i = 0; i <= period->norder; i++)
	{
		TwDispatchRow *row = &rows[count];

		if (i == period->norder && !it.outside)
			break;
		row->principle = i < period->norder ? period->order[i] : TW_TRANSFER;
		row->department = -1;
		ask(&it, row);
		row->decisive = !decided && (row->department >= 0 || row->principle == TW_TRANSFER);
		decided = decided || row->decisive;
		count++;
	}
	return count;
}
