/*
 * oracle.c
 *		The seven principles once more, from doc/dispatch.md and the norm: every
 *		rule looked at, in no order.  What the texts say is in oracle_texts.c.
 */
#include <stdio.h>

#include "oracle.h"

/* ---- rules ---- */

typedef struct Question
{
	const World *world;
	const TwDispatchQuery *query;
	int			area;
} Question;

static bool
excluded(const Question *q, int department)
{
	for (int i = 0; i < q->query->nexcluded; i++)
		if (q->query->excluded[i] == department)
			return true;
	return false;
}

static bool
exists(const Question *q, int department)
{
	const TwDepartment *d = &q->world->dispatch.departments[department];

	return d->handles && on(d->valid, q->query->day);
}

static bool
reaches(const Question *q, const TwRule *rule, int matter)
{
	return rule->matter == matter && on(rule->valid, q->query->day) && (rule->area == -1 || rule->area == q->area) &&
		exists(q, rule->department);
}

/* of the area before general, then by code, then the older */
static bool
before(const TwRule *a, const TwRule *b)
{
	if ((a->area >= 0) != (b->area >= 0))
		return a->area >= 0;
	return a->department != b->department ? a->department < b->department : a->valid.from < b->valid.from;
}

static const TwRule *
best_rule(const Question *q, int kind, int matter, Set *gone)
{
	const TwRule *best = NULL;

	for (int i = 0; i < q->world->nrules[kind]; i++)
	{
		const TwRule *rule = &q->world->rules[kind][i];

		if (reaches(q, rule, matter) && !excluded(q, rule->department) && (best == NULL || before(rule, best)))
			best = rule;
	}
	/* told are those that would have gone before it */
	for (int i = 0; i < q->world->nrules[kind]; i++)
	{
		const TwRule *rule = &q->world->rules[kind][i];

		if (reaches(q, rule, matter) && excluded(q, rule->department) && (best == NULL || before(rule, best)))
			add(gone, rule->department, NULL);
	}
	return best;
}

/* The matter and its ancestors, each once; returns how many */
static int
line_of(const Question *q, int *line)
{
	int			n = 0;

	for (int matter = q->query->matter; matter >= 0; matter = q->world->dispatch.matters[matter].parent)
	{
		for (int i = 0; i < n; i++)
			if (line[i] == matter)
				return n;
		line[n++] = matter;
	}
	return n;
}

static const TwRule *
nearest(const Question *q, int kind, Set *gone)
{
	int			line[MAX_WORLD];
	int			n = line_of(q, line);
	const TwRule *rule = NULL;

	for (int i = 0; i < n && rule == NULL && size(gone) == 0; i++)
		rule = best_rule(q, kind, line[i], gone);
	return rule;
}

/* ---- rows ---- */

static const char *
name(const Question *q, int department)
{
	return q->world->dispatch.departments[department].name;
}

static const char *
list(const Question *q, const Set *set)
{
	char	   *out = tw_host_alloc(8192);

	out[0] = '\0';
	for (int i = 1; i <= MAX_WORLD; i++)
		if (set->in[i])
			sprintf(out + strlen(out), "%s%s", *out ? q->query->separator : "", name(q, i - 1));
	return out;
}

static void
row(TwDispatchRow *r, int department, const char *reason, const char *a, const char *b, const char *c, const char *d)
{
	*r = (TwDispatchRow) {r->principle, department, false, reason, {a, b, c, d, NULL}};
}

int
oracle(const World *world, const TwDispatchQuery *query, TwDispatchRow *rows)
{
	Question	q = {world, query, query->area};
	TwPlace		place;
	Set			found;
	Set			named;
	Set			holders = {0};
	Set			holders_gone = {0};
	Set			said = {0};
	int			line[MAX_WORLD];
	int			n;
	int			source = -1;
	bool		outside;
	const char *matter = query->matter >= 0 ? world->dispatch.matters[query->matter].name : NULL;
	const char *why_outside;
	int			count = 0;
	bool		decided = false;

	read_both(world, query, &place, &found, &named);
	outside = place.status == TW_PLACE_OUTSIDE || !query->in_territory;
	why_outside = place.status == TW_PLACE_OUTSIDE ? "dispatch_outside" : "dispatch_outside_given";
	if (q.area < 0 && size(&found) > 0)
	{
		q.area = first_of(&found) < 0 ? -1 : world->dispatch.departments[first_of(&found)].area;
		for (int i = 0; i <= MAX_WORLD; i++)
			if (found.in[i] && (i == 0 || world->dispatch.departments[i - 1].area != q.area))
				q.area = -1;
	}

	n = line_of(&q, line);
	for (int i = 0; i < n && source < 0; i++)
		for (int r = 0; r < world->nrules[1]; r++)
		{
			const TwRule *rule = &world->rules[1][r];

			if (!reaches(&q, rule, line[i]))
				continue;
			source = line[i];
			if (excluded(&q, rule->department))
				add(&holders_gone, rule->department, NULL);
			else
			{
				const TwRule *first = rule;

				for (int o = 0; o < world->nrules[1]; o++)
					if (world->rules[1][o].department == rule->department && reaches(&q, &world->rules[1][o], line[i]) &&
						before(&world->rules[1][o], first))
						first = &world->rules[1][o];
				add(&holders, rule->department, first->basis);
			}
		}
	if (outside)
		memset(&holders, 0, sizeof(holders));
	for (int i = 1; i <= MAX_WORLD; i++)
		if (named.in[i] && holders.in[i])
			add(&said, i - 1, named.names[i]);

	for (int i = 0; i < world->period.norder + (outside ? 1 : 0); i++)
	{
		TwDispatchRow *r = &rows[count++];
		Set			gone = {0};
		const TwRule *rule;
		int			only = first_of(&holders);

		r->principle = i < world->period.norder ? world->period.order[i] : TW_TRANSFER;
		switch (r->principle)
		{
			case TW_EXCEPTION:
				rule = nearest(&q, 2, &gone);
				if (rule == NULL)
					rule = best_rule(&q, 2, world->dispatch.nmatters, &gone);
				if (rule != NULL)
					row(r, rule->department, "dispatch_exception", rule->basis, rule->more, rule->ends, name(&q, rule->department));
				else if (size(&gone) > 0)
					row(r, -1, "dispatch_gone", list(&q, &gone), NULL, NULL, NULL);
				else
					row(r, -1, "dispatch_exception_none", NULL, NULL, NULL, NULL);
				break;
			case TW_STATUTORY:
				rule = matter != NULL ? nearest(&q, 0, &gone) : NULL;
				if (rule != NULL)
					row(r, rule->department, rule->more != NULL ? "dispatch_statutory_preceding" : "dispatch_statutory", rule->basis,
						world->dispatch.matters[rule->matter].name, name(&q, rule->department), rule->more);
				else if (size(&gone) > 0)
					row(r, -1, "dispatch_gone", list(&q, &gone), NULL, NULL, NULL);
				else if (matter != NULL)
					row(r, -1, "dispatch_statutory_none", matter, NULL, NULL, NULL);
				break;
			case TW_FACTUAL:
				{
					const TwHandler *chosen = NULL;
					Set			others = {0};

					for (int h = 0; h < query->nhandlers; h++)
						if (exists(&q, query->handlers[h].department))
						{
							if (excluded(&q, query->handlers[h].department))
								add(&gone, query->handlers[h].department, NULL);
							else if (chosen == NULL)
								chosen = &query->handlers[h];
							else if (chosen->handling == query->handlers[h].handling && chosen->department != query->handlers[h].department)
								add(&others, query->handlers[h].department, NULL);
						}
					if (chosen != NULL)
						row(r, chosen->department, !chosen->handling ? "dispatch_factual_completed" :
							size(&others) > 0 ? "dispatch_factual_first" : "dispatch_factual", chosen->ticket, name(&q, chosen->department),
							chosen->handling && size(&others) > 0 ? list(&q, &others) : NULL, NULL);
					else if (size(&gone) > 0)
						row(r, -1, "dispatch_gone", list(&q, &gone), NULL, NULL, NULL);
					else
						row(r, -1, query->has_incident ? "dispatch_factual_nobody" : "dispatch_factual_none", NULL, NULL, NULL, NULL);
					break;
				}
			case TW_ASSOCIATION:
				if (size(&named) == 0)
					row(r, -1, "dispatch_association_none", NULL, NULL, NULL, NULL);
				else if (matter != NULL && outside)
					row(r, -1, why_outside, place.status == TW_PLACE_OUTSIDE ? place.name : NULL, NULL, NULL, NULL);
				else if (matter != NULL && size(&said) == 1)
					row(r, first_of(&said), "dispatch_association", said.names[first_of(&said) + 1], matter, name(&q, first_of(&said)), NULL);
				else if (matter != NULL && size(&said) > 1)
					row(r, -1, "dispatch_association_several", list(&q, &said), matter, NULL, NULL);
				else if (matter != NULL)
					row(r, -1, "dispatch_association_no_duty", list(&q, &named), matter, NULL, NULL);
				break;
			case TW_DUTY:
			case TW_TERRITORIAL:
				if (matter == NULL)
					break;
				if (outside)
					row(r, -1, why_outside, place.status == TW_PLACE_OUTSIDE ? place.name : NULL, NULL, NULL, NULL);
				else if (source < 0)
					row(r, -1, "dispatch_duty_none", matter, NULL, NULL, NULL);
				else if (size(&holders) == 0)
					row(r, -1, "dispatch_gone", list(&q, &holders_gone), NULL, NULL, NULL);
				else if (r->principle == TW_DUTY && size(&holders) > 1)
					row(r, -1, "dispatch_duty_several", list(&q, &holders), matter, NULL, NULL);
				else if (r->principle == TW_DUTY && source == query->matter)
					row(r, only, "dispatch_duty", matter, name(&q, only), holders.names[only + 1], NULL);
				else if (r->principle == TW_DUTY)
					row(r, only, "dispatch_duty_inherited", matter, world->dispatch.matters[source].name, name(&q, only),
						holders.names[only + 1]);
				else if (size(&holders) == 1)
					row(r, -1, "dispatch_territorial_one", name(&q, only), NULL, NULL, NULL);
				else if (place.status == TW_PLACE_NONE)
					row(r, -1, "dispatch_place_none", NULL, NULL, NULL, NULL);
				else if (place.status == TW_PLACE_SEVERAL)
					row(r, -1, "dispatch_place_several", place.name, list(&q, &found), NULL, NULL);
				else if (place.status == TW_PLACE_UNKNOWN)
					row(r, -1, place.name != NULL ? "dispatch_place_number" : "dispatch_place_unknown", place.name, NULL, NULL, NULL);
				else if (excluded(&q, first_of(&found)))
					row(r, -1, "dispatch_gone", name(&q, first_of(&found)), NULL, NULL, NULL);
				else if (!exists(&q, first_of(&found)))
					row(r, -1, "dispatch_not_in_being", name(&q, first_of(&found)), NULL, NULL, NULL);
				else
					row(r, first_of(&found), "dispatch_territorial", list(&q, &holders), place.name, name(&q, first_of(&found)), NULL);
				break;
			case TW_FALLBACK:
				rule = best_rule(&q, 3, world->dispatch.nmatters, &gone);
				if (outside)
					row(r, -1, why_outside, place.status == TW_PLACE_OUTSIDE ? place.name : NULL, NULL, NULL, NULL);
				else if (size(&holders) > 0)
					row(r, -1, "dispatch_fallback_duty", list(&q, &holders), NULL, NULL, NULL);
				else if (rule != NULL && rule->area >= 0)
					row(r, rule->department, "dispatch_fallback", world->dispatch.areas[rule->area].name, name(&q, rule->department),
						rule->basis, NULL);
				else if (rule != NULL)
					row(r, rule->department, "dispatch_fallback_general", name(&q, rule->department), rule->basis, NULL, NULL);
				else if (size(&gone) > 0)
					row(r, -1, "dispatch_gone", list(&q, &gone), NULL, NULL, NULL);
				else if (q.area < 0)
					row(r, -1, "dispatch_area_none", NULL, NULL, NULL, NULL);
				else
					row(r, -1, "dispatch_fallback_none", world->dispatch.areas[q.area].name, NULL, NULL, NULL);
				break;
			case TW_TRANSFER:
				if (place.status == TW_PLACE_OUTSIDE)
					row(r, -1, "dispatch_transfer", place.name, NULL, NULL, NULL);
				else
					row(r, -1, "dispatch_transfer_given", NULL, NULL, NULL, NULL);
		}
		if (matter == NULL && (r->principle == TW_STATUTORY || r->principle == TW_DUTY || r->principle == TW_TERRITORIAL ||
							   (r->principle == TW_ASSOCIATION && size(&named) > 0)))
			row(r, -1, query->matter_given != NULL ? "dispatch_matter_unknown" : "dispatch_matter_none", query->matter_given, NULL, NULL, NULL);
		r->decisive = !decided && (r->department >= 0 || r->principle == TW_TRANSFER);
		decided = decided || r->decisive;
	}
	return count;
}
