/*
 * world.c
 *		Random desks, addresses and appeals; and one street by hand.
 *
 * Names come from a handful of characters, so that they lie within one
 * another, overlap, and stand before numbers.  Days are few, so that both ends
 * of a validity are met.
 */
#include <stdio.h>

#include "world.h"
#include "host.h"

static uint64_t state = 88172645463325252u;

uint32
rnd(uint32 below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return below == 0 ? 0 : (uint32) (state >> 11) % below;
}

void
seed_rnd(uint64_t seed)
{
	state = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	if (state == 0)
		state = 1;
}

const char *
any_of(const char *const *list, int count)
{
	return list[rnd(count)];
}

static char *
kept(const char *text)
{
	return strcpy(tw_host_alloc(strlen(text) + 1), text);
}

static const char *const letters[] = {"宜", "川", "路", "村", "城", "管", "房", "区", "局", "A", "3"};
static const char *const words[] = {"原", "退休", "门口", "前", "的"};

static const char *
random_name(void)
{
	char		out[64] = "";

	for (uint32 n = 1 + rnd(4); n > 0; n--)
		strcat(out, ANY(letters));
	return kept(out);
}

static TwValidity
random_validity(void)
{
	TwValidity	valid = {INT32_MIN, INT32_MAX};

	if (rnd(3) == 0)
		valid.from = rnd(8);
	if (rnd(3) == 0)
		valid.until = Max(valid.from, 0) + rnd(6);
	return valid;
}

static const char *
numbered(const char *what, int n)
{
	char		out[64];

	snprintf(out, sizeof(out), "%s%d", what, n);
	return kept(out);
}

static bool
same_rule(const TwRule *a, const TwRule *b)
{
	return a->matter == b->matter && a->area == b->area && a->department == b->department && a->valid.from == b->valid.from;
}

static void
random_rules(World *world, int kind)
{
	const TwDispatch *d = &world->dispatch;
	int			wanted = rnd(9);

	world->nrules[kind] = 0;
	for (int i = 0; i < wanted; i++)
	{
		TwRule		rule = {0};
		bool		known = false;

		/* fallbacks are for all matters, exceptions may be */
		rule.matter = kind == 3 || d->nmatters == 0 || (kind == 2 && rnd(4) == 0) ? d->nmatters : (int) rnd(d->nmatters);
		if (kind < 2 && rule.matter == d->nmatters)
			continue;
		rule.area = d->nareas > 0 && rnd(2) ? (int) rnd(d->nareas) : -1;
		rule.department = rnd(d->ndepartments);
		rule.valid = random_validity();
		rule.basis = numbered("basis", kind * 100 + i);
		rule.more = kind != 1 && rnd(2) ? numbered("more", kind * 100 + i) : NULL;
		rule.ends = kind == 2 ? "some day" : NULL;
		for (int k = 0; k < world->nrules[kind]; k++)
			known = known || same_rule(&rule, &world->rules[kind][k]);
		/* two that differ in nothing that orders them would be one rule told twice */
		if (!known)
			world->rules[kind][world->nrules[kind]++] = rule;
	}
}

static void
random_uses(World *world)
{
	TwDispatch *d = &world->dispatch;
	int			places = rnd(16);
	int			names = rnd(10);

	world->nuses = 0;
	for (int i = 0; i < d->ndepartments; i++)
		world->uses[world->nuses++] = (TwUse) {
			.kind = d->departments[i].handles ? TW_USE_NAME : TW_USE_HARMLESS, .department = i,
			.valid = d->departments[i].valid, .name = d->departments[i].name
		};
	for (int i = 0; i < names; i++)
		world->uses[world->nuses++] = (TwUse) {
			.kind = rnd(4) ? TW_USE_NAME : TW_USE_HARMLESS, .department = rnd(d->ndepartments),
			.valid = random_validity(), .name = random_name()
		};
	for (int i = 0; i < places; i++)
	{
		TwUse	   *use = &world->uses[world->nuses++];

		memset(use, 0, sizeof(*use));
		use->kind = TW_USE_ESTATE + rnd(3);
		use->department = rnd(6) ? (int) rnd(d->ndepartments) : -1;
		use->valid = random_validity();
		/* a road of several stretches */
		use->name = i > 0 && rnd(2) ? use[-1].name : random_name();
		use->number_until = INT32_MAX;
		use->parity = -1;
		if (use->kind == TW_USE_ROAD && rnd(3))
		{
			use->number_from = 1 + rnd(30);
			if (rnd(4))
				use->number_until = use->number_from + rnd(30);
			use->parity = (int) rnd(3) - 1;
		}
	}
}

static void
add_word(World *world, bool before, const char *text)
{
	TwWord	   *word = (TwWord *) &world->period.words[world->period.nwords++];
	uint32	   *points = tw_host_alloc(8 * sizeof(uint32));
	const char *end = text + strlen(text);

	word->before = before;
	word->length = 0;
	word->points = points;
	while (text < end)
		text = tw_decode(text, end, &points[word->length++]);
}

static void
begin_world(World *world)
{
	memset(world, 0, sizeof(*world));
	world->dispatch.departments = tw_host_alloc(MAX_WORLD * sizeof(TwDepartment));
	world->dispatch.areas = tw_host_alloc(MAX_WORLD * sizeof(TwArea));
	world->dispatch.matters = tw_host_alloc(MAX_WORLD * sizeof(TwMatter));
	world->period.words = tw_host_alloc(16 * sizeof(TwWord));
	world->period.valid = (TwValidity) {INT32_MIN, INT32_MAX};
}

void
random_world(World *world)
{
	TwDispatch *d = &world->dispatch;

	begin_world(world);
	d->ndepartments = 1 + rnd(10);
	d->nareas = rnd(4);
	d->nmatters = rnd(9);
	for (int i = 0; i < d->nareas; i++)
		d->areas[i] = (TwArea) {numbered("a", i), numbered("area", i)};
	for (int i = 0; i < d->nmatters; i++)
		/* a bulk load may make a circle */
		d->matters[i] = (TwMatter) {
			numbered("m", i), numbered("matter", i), i == 0 || rnd(4) == 0 ? -1 : rnd(20) ? (int) rnd(i) : (int) rnd(d->nmatters)
		};
	for (int i = 0; i < d->ndepartments; i++)
		d->departments[i] = (TwDepartment) {
			numbered("d", i), random_name(), d->nareas > 0 && rnd(3) ? (int) rnd(d->nareas) : -1, rnd(8) > 0, random_validity()
		};
	for (int kind = 0; kind < 4; kind++)
		random_rules(world, kind);
	random_uses(world);

	for (int i = 0; i < TW_PRINCIPLES; i++)
	{
		int			at = rnd(i + 1);

		world->period.order[i] = world->period.order[at];
		world->period.order[at] = i;
	}
	world->period.norder = rnd(8) ? TW_PRINCIPLES : 1 + rnd(TW_PRINCIPLES);
	for (uint32 n = rnd(4); n > 0; n--)
		add_word(world, rnd(2), ANY(words));
	finish_world(world);
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

/* What the loaders of the server do with rows (dispatch_cache.c, dispatch_texts.c) */
void
finish_world(World *world)
{
	TwDispatch *d = &world->dispatch;
	TwRules    *lists[] = {&d->statutory, &d->duties, &d->exceptions, &d->fallbacks};
	TwAutomatonBuilder *builder = tw_automaton_begin();
	int			at = 0;
	int			n = 0;

	for (int kind = 0; kind < 4; kind++)
	{
		lists[kind]->count = world->nrules[kind];
		lists[kind]->rules = tw_host_alloc((world->nrules[kind] + 1) * sizeof(TwRule));
		memcpy(lists[kind]->rules, world->rules[kind], world->nrules[kind] * sizeof(TwRule));
		tw_sort_rules(lists[kind], d->nmatters);
	}
	d->uses = tw_host_alloc((world->nuses + 1) * sizeof(TwUse));
	for (int i = 0; i < world->nuses; i++)
	{
		TwUse		use = world->uses[i];
		TwFolded	folded;
		TwChar		chars[64];
		uint32		points[64];
		int			length = 0;

		tw_fold_begin(&folded, chars, lengthof(chars));
		tw_fold(&folded, use.name, strlen(use.name));
		for (int c = 0; c < folded.count; c++)
			if (folded.chars[c].kind <= TW_DIGIT)
				points[length++] = folded.chars[c].point;
		use.literal = tw_automaton_add(builder, points, length);
		if (use.literal >= 0)
			d->uses[n++] = use;
	}
	d->automaton = tw_automaton_finish(builder);
	qsort(d->uses, n, sizeof(TwUse), compare_uses);
	d->use_first = tw_host_alloc((d->automaton->nliterals + 1) * sizeof(int32));
	for (int literal = 0; literal <= d->automaton->nliterals; literal++)
	{
		while (at < n && d->uses[at].literal < literal)
			at++;
		d->use_first[literal] = at;
	}
}

/* ---- texts and questions ---- */

int
random_text(const World *world, char *out, int room)
{
	static const char *const marks[] = {
		" ", "　", "，", "、", "。", "\n\n", "\xe2\x80\x8b", "-", "（", "號", "區", "１", "２", "𠀀"
	};
	static const char *const numbers[] = {
		"号", "弄", "号", "支弄", "路", "米", "年", " 号", "", "一号", "十二弄", "二十三号", "一百零五号", "一百五号", "百号", "第八号", "一村",
		"三〇号", "一二三号", "千号", "〇号", "十十号", "零号"
	};
	int			length = 0;

	for (uint32 n = rnd(10); n > 0; n--)
	{
		char		piece[256] = "";

		switch (rnd(7))
		{
			case 0:
			case 1:
			case 2:
				strcpy(piece, world->uses[rnd(world->nuses)].name);
				break;
			case 3:
				if (rnd(2))
					snprintf(piece, sizeof(piece), "%s%u%s", rnd(4) ? "" : " ", rnd(20) ? rnd(65) : rnd(2000000), ANY(numbers));
				else
					strcpy(piece, ANY(numbers));
				break;
			case 4:
				strcpy(piece, ANY(words));
				break;
			case 5:
				strcpy(piece, ANY(marks));
				break;
			default:
				strcpy(piece, ANY(letters));
		}
		/* a name with something put between */
		if (rnd(6) == 0 && strlen(piece) >= 6 && (unsigned char) piece[0] >= 0xe0)
		{
			const char *mark = ANY(marks);
			size_t		size = strlen(mark);

			memmove(piece + 3 + size, piece + 3, strlen(piece + 3) + 1);
			memcpy(piece + 3, mark, size);
		}
		if (length + (int) strlen(piece) >= room)
			break;
		strcpy(out + length, piece);
		length += strlen(piece);
	}
	return length;
}

/* Everything but the texts */
void
random_query(const World *world, TwDispatchQuery *query, TwHandler *handlers, int *excluded)
{
	const TwDispatch *d = &world->dispatch;

	memset(query, 0, sizeof(*query));
	query->matter = d->nmatters > 0 && rnd(8) ? (int) rnd(d->nmatters) : -1;
	query->matter_given = query->matter < 0 && rnd(2) ? "unknown" : NULL;
	query->area = d->nareas > 0 && rnd(2) ? (int) rnd(d->nareas) : -1;
	query->in_territory = rnd(10) > 0;
	query->nhandlers = rnd(3) ? 0 : rnd(4);
	query->has_incident = query->nhandlers > 0 || rnd(8) == 0;
	for (int i = 0; i < query->nhandlers; i++)
		handlers[i] = (TwHandler) {rnd(d->ndepartments), rnd(2), numbered("ticket", i)};
	query->handlers = handlers;
	query->nexcluded = rnd(3) ? 0 : rnd(4);
	for (int i = 0; i < query->nexcluded; i++)
		excluded[i] = rnd(d->ndepartments);
	query->excluded = excluded;
	query->day = rnd(10);
	query->separator = rnd(2) ? ", " : "、";
}

/* The street of corpus.txt */
void
street(World *world)
{
	static const TwDepartment departments[] = {
		{"cg", "城管中队", -1, true, {INT32_MIN, INT32_MAX}}, {"fg", "房管办", -1, true, {INT32_MIN, INT32_MAX}},
		{"jw1", "泰山居委会", 0, true, {INT32_MIN, INT32_MAX}}, {"jw2", "华山居委会", 0, true, {INT32_MIN, INT32_MAX}},
		{"jw3", "黄山居委会", 1, true, {INT32_MIN, INT32_MAX}}
	};
	static const struct
	{
		TwUseKind	kind;
		const char *name;
		int			department;
		int			from;
		int			until;
		int			parity;
	}			places[] = {
		{TW_USE_NAME, "区房管局", 1, 0, 0, 0}, {TW_USE_NAME, "城管", 0, 0, 0, 0}, {TW_USE_NAME, "房管所", 1, 0, 0, 0},
		{TW_USE_HARMLESS, "城管学院", -1, 0, 0, 0}, {TW_USE_ESTATE, "泰山小区", 2, 0, 0, -1}, {TW_USE_ESTATE, "华山新村", 3, 0, 0, -1},
		{TW_USE_ROAD, "宜川路", 2, 1, 199, 1}, {TW_USE_ROAD, "宜川路", 3, 2, 200, 0}, {TW_USE_ROAD, "宜川路", 4, 201, 399, -1},
		{TW_USE_ROAD, "宜川路", -1, 400, 999, -1}, {TW_USE_ROAD, "石泉路", 4, 0, INT32_MAX, -1}, {TW_USE_ROAD, "华池路", 2, 1, 99, -1},
		{TW_USE_ROAD, "华池路", 3, 100, 199, -1}, {TW_USE_TEXT, "宜川公园", 3, 0, 0, -1}, {TW_USE_TEXT, "长寿公园", -1, 0, 0, -1}
	};
	TwDispatch *d = &world->dispatch;

	begin_world(world);
	d->ndepartments = lengthof(departments);
	memcpy(d->departments, departments, sizeof(departments));
	d->nareas = 2;
	d->areas[0] = (TwArea) {"p1", "第一片区"};
	d->areas[1] = (TwArea) {"p2", "第二片区"};
	d->nmatters = 1;
	d->matters[0] = (TwMatter) {"leak", "漏水", -1};
	for (int i = 0; i < 2; i++)
		world->rules[1][world->nrules[1]++] = (TwRule) {0, -1, i, {INT32_MIN, INT32_MAX}, "职责", NULL, NULL};
	for (int i = 0; i < d->ndepartments; i++)
		world->uses[world->nuses++] = (TwUse) {
			.kind = TW_USE_NAME, .department = i, .valid = d->departments[i].valid, .name = d->departments[i].name
		};
	for (int i = 0; i < lengthof(places); i++)
		world->uses[world->nuses++] = (TwUse) {
			.kind = places[i].kind, .department = places[i].department, .valid = {INT32_MIN, INT32_MAX},
			.number_from = places[i].from, .number_until = places[i].until, .parity = places[i].parity, .name = places[i].name
		};
	for (int i = 0; i < TW_PRINCIPLES; i++)
		world->period.order[i] = (TwPrinciple[]) {
			TW_EXCEPTION, TW_STATUTORY, TW_FACTUAL, TW_ASSOCIATION, TW_DUTY, TW_TERRITORIAL, TW_FALLBACK
		}[i];
	world->period.norder = TW_PRINCIPLES;
	add_word(world, true, "原");
	add_word(world, false, "退休");
	add_word(world, false, "门口");
	finish_world(world);
}
