/*
 * report_phrase.c
 *		Compiles the phrases of a rulebook into one automaton.
 *
 * A pattern is literals with bounded gaps between them:
 *
 *	已要求[10]自行(整改|改正)		up to 10 characters, within the clause
 *	到现场查看<20>未发现			up to 20 characters, within the sentence
 *	(已|)报上级部门				alternatives; an empty one makes a part optional
 *
 * Literals are folded as texts are, so that a pattern may be typed in any form.
 * Parts, not whole patterns, go into the automaton: each alternative of a part
 * is a literal, and a hit names the set of the parts that its literal completes.
 */
#include "report_phrase.h"

#include "report_time.h"

const char *const tw_code_names[TW_NCODES] = {
	"*", "E1", "E2", "E3", "E4", "E5", "E6", "E7",
	"P1", "P2", "P3", "P4", "P5", "P6", "P7",
	"C1", "C2", "C3", "C4", "C5"
};

const char *const tw_severity_names[3] = {"advice", "review", "reject"};

static const char *const role_names[TW_NROLES] = {
	"prohibited", "synonym", "harmless", "hollow", "petitioner", "title", "other_party",
	"speech", "speech_label", "completion", "measure", "done_mark", "future_mark", "negation",
	"label", "reply_label", "attachment_label", "contact", "reply", "attachment", "fact",
	"process", "person", "phone", "not_phone", "no_contact", "no_answer", "photo", "verify",
	"recheck", "scene", "legal", "summary", "unfounded", "concluding", "feedback", "unresolved",
	"involved", "explained", "time_word"
};

static const char *const waiver_names[] = {
	"none", "time_node", "done_or_node", "scene", "legal", "verified", "summary"
};

typedef struct Variant
{
	uint32		points[TW_MAX_LITERAL];
	int			length;
} Variant;

/*
 * Parts that one literal completes, as a set with one part more than another
 * set.  The alternatives of a part share it: some hundred sets serve twenty
 * thousand literals, and stay in the processor's first cache.
 */
typedef struct MemberSet
{
	int32		rest;			/* the set without this member */
	int32		member;
	int32		grown;			/* the latest set that grew from it */
	int32		size;
	int32		place;			/* in the lexicon; -1 before it has one */
} MemberSet;

typedef struct Compiler
{
	TwAutomatonBuilder *builder;
	TwPattern  *patterns;
	int32		npatterns;
	int32		pattern_room;
	TwMember   *members;		/* one for each part of each pattern */
	int32		nmembers;
	int32		member_room;
	MemberSet  *sets;			/* the first is empty */
	int32		nsets;
	int32		set_room;
	int32	   *set_of;			/* by literal */
	int32		nliterals;
	int32		literal_room;
	Variant    *variants;		/* of the part at hand */
	int			nvariants;
	TwPhraseProblem *problem;
} Compiler;

const char *
tw_role_name(int role)
{
	return role_names[role];
}

static int
index_of(const char *name, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
		if (name != NULL && strcmp(name, names[i]) == 0)
			return i;
	return -1;
}

static bool
refuse(Compiler *c, const char *key, const char *argument)
{
	if (c->problem->key == NULL)
	{
		c->problem->key = key;
		c->problem->argument = argument;
	}
	return false;
}

static bool
append(Variant *variant, const Variant *tail)
{
	if (variant->length + tail->length > TW_MAX_LITERAL)
		return false;
	memcpy(variant->points + variant->length, tail->points, tail->length * sizeof(uint32));
	variant->length += tail->length;
	return true;
}

/* Multiply the variants so far by the alternatives just read. */
static bool
multiply(Compiler *c, const Variant *alternatives, int count)
{
	int			before = c->nvariants;

	if (before * count > TW_MAX_VARIANTS)
		return refuse(c, "phrase_too_many_variants", NULL);
	for (int a = count - 1; a >= 0; a--)
		for (int i = 0; i < before; i++)
		{
			Variant    *target = &c->variants[a * before + i];

			if (a > 0)
				*target = c->variants[i];
			if (!append(target, &alternatives[a]))
				return refuse(c, "phrase_too_long", NULL);
		}
	c->nvariants = before * count;
	return true;
}

/* The array with room for one more */
static void *
with_room(void *array, int32 count, int32 *room, size_t size)
{
	if (count < *room)
		return array;
	*room *= 2;
	return repalloc(array, *room * size);
}

/* The set and the latest member */
static int32
grown_set(Compiler *c, int32 set)
{
	int32		member = c->nmembers - 1;
	MemberSet  *old = &c->sets[set];

	/* two alternatives may be spelt alike */
	if (set != 0 && old->member == member)
		return set;
	if (old->grown == 0 || c->sets[old->grown].member != member)
	{
		MemberSet	more = {set, member, 0, old->size + 1, -1};

		old->grown = c->nsets;
		c->sets = with_room(c->sets, c->nsets, &c->set_room, sizeof(MemberSet));
		c->sets[c->nsets++] = more;
	}
	return c->sets[set].grown;
}

static bool
add_member(Compiler *c, int pattern, int part)
{
	c->members = with_room(c->members, c->nmembers, &c->member_room, sizeof(TwMember));
	c->members[c->nmembers].pattern = pattern;
	c->members[c->nmembers++].part = part;
	for (int i = 0; i < c->nvariants; i++)
	{
		int			literal;

		if (c->variants[i].length == 0)
			return refuse(c, "phrase_empty_part", NULL);
		literal = tw_automaton_add(c->builder, c->variants[i].points, c->variants[i].length);
		if (literal < 0)
			return refuse(c, "phrase_unmatchable", NULL);
		if (literal == c->nliterals)
		{
			c->set_of = with_room(c->set_of, c->nliterals, &c->literal_room, sizeof(int32));
			c->set_of[c->nliterals++] = 0;
		}
		c->set_of[literal] = grown_set(c, c->set_of[literal]);
	}
	c->variants[0].length = 0;
	c->nvariants = 1;
	return true;
}

/* A gap [n] or <n>; returns where it ends, or NULL. */
static const char *
read_gap(const char *at, TwPattern *pattern)
{
	char		closing = *at == '[' ? ']' : '>';
	int			gap = 0;
	const char *digit = at + 1;

	while (*digit >= '0' && *digit <= '9' && gap <= TW_MAX_GAP)
		gap = gap * 10 + (*digit++ - '0');
	if (*digit != closing || digit == at + 1 || gap < 1 || gap > TW_MAX_GAP ||
		pattern->nparts == TW_MAX_PARTS)
		return NULL;
	pattern->gaps[pattern->nparts] = gap;
	pattern->crosses[pattern->nparts] = closing == '>';
	return digit + 1;
}

/* Fold a stretch of literal text into one variant; marks and spaces drop out as they do in texts. */
static bool
fold_literal(Compiler *c, const char *text, const char *end, Variant *out)
{
	TwChar		room[TW_MAX_LITERAL * 2 + TW_MAX_EXPANSION];
	TwFolded	folded;

	out->length = 0;
	if (end - text > TW_MAX_LITERAL * 3)
		return refuse(c, "phrase_too_long", NULL);
	tw_fold_begin(&folded, room, lengthof(room));
	if (!tw_fold(&folded, text, end - text))
		return refuse(c, "phrase_unmatchable", NULL);
	for (int i = 0; i < folded.count; i++)
	{
		if (folded.chars[i].kind == TW_HARD)
			return refuse(c, "phrase_barrier", NULL);
		if (folded.chars[i].kind > TW_DIGIT)
			continue;
		if (out->length == TW_MAX_LITERAL)
			return refuse(c, "phrase_too_long", NULL);
		out->points[out->length++] = folded.chars[i].point;
	}
	return true;
}

static bool
compile_pattern(Compiler *c, const char *text, TwPattern *pattern, int number)
{
	const char *at = text;

	pattern->nparts = 0;
	c->variants[0].length = 0;
	c->nvariants = 1;
	while (*at != '\0')
	{
		if (*at == '[' || *at == '<')
		{
			if (!add_member(c, number, pattern->nparts))
				return false;
			pattern->nparts++;
			at = read_gap(at, pattern);
			if (at == NULL)
				return refuse(c, "phrase_bad_gap", NULL);
		}
		else if (*at == '(')
		{
			Variant    *alternatives = palloc(TW_MAX_VARIANTS * sizeof(Variant));
			int			count = 0;

			do
			{
				const char *end;

				at++;
				end = at + strcspn(at, "()|[]<>");
				if (count == TW_MAX_VARIANTS || (*end != '|' && *end != ')'))
					return refuse(c, "phrase_bad_group", NULL);
				if (!fold_literal(c, at, end, &alternatives[count++]))
					return false;
				at = end;
			} while (*at == '|');
			at++;
			if (!multiply(c, alternatives, count))
				return false;
			pfree(alternatives);
		}
		else if (strchr(")|]>", *at) != NULL)
			return refuse(c, "phrase_bad_group", NULL);
		else
		{
			const char *end = at + strcspn(at, "()|[]<>");
			Variant		literal;

			if (!fold_literal(c, at, end, &literal) || !multiply(c, &literal, 1))
				return false;
			at = end;
		}
	}
	if (!add_member(c, number, pattern->nparts))
		return false;
	pattern->nparts++;
	return true;
}

static bool
compile_row(Compiler *c, const TwPhraseRow *row, int number)
{
	TwPattern  *pattern;
	int			role = index_of(row->role, role_names, TW_TIME_WORD);
	int			code = row->code ? index_of(row->code, tw_code_names, TW_NCODES) : TW_CODE_ANY;
	int			only_role = TW_NROLES;
	int			severity = row->severity ? index_of(row->severity, tw_severity_names, 3) : TW_ADVICE;
	int			waiver = row->waiver ? index_of(row->waiver, waiver_names, lengthof(waiver_names)) : TW_WAIVER_NONE;
	bool		judges;

	if (role < 0)
		return refuse(c, "phrase_unknown_role", row->role);
	/* a harmless word may be one for a role alone: 已要求 is no 已 of something done */
	if (code < 0 && role == TW_HARMLESS)
	{
		only_role = index_of(row->code, role_names, TW_TIME_WORD);
		if (only_role == TW_HARMLESS)
			only_role = -1;
		code = only_role < 0 ? -1 : TW_CODE_ANY;
	}
	if (code < 0)
		return refuse(c, "phrase_unknown_code", row->code);
	if (severity < 0)
		return refuse(c, "phrase_unknown_severity", row->severity);
	if (waiver < 0)
		return refuse(c, "phrase_unknown_waiver", row->waiver);
	judges = role == TW_PROHIBITED || role == TW_SYNONYM || role == TW_HOLLOW;
	if (judges && (code < TW_P1 || code > TW_P7))
		return refuse(c, "phrase_needs_code", row->role);
	if (judges && row->severity == NULL)
		return refuse(c, "phrase_needs_severity", row->role);
	/* P3 is never decided by the machine alone (R8) */
	if (judges && code == TW_P3 && severity == TW_REJECT)
		return refuse(c, "phrase_p3_reject", NULL);
	if (role == TW_LABEL && (code < TW_E1 || code > TW_E7))
		return refuse(c, "phrase_needs_element", NULL);
	if (!judges && waiver != TW_WAIVER_NONE)
		return refuse(c, "phrase_waiver_without_prohibition", NULL);

	if (c->npatterns == c->pattern_room)
	{
		c->pattern_room *= 2;
		c->patterns = repalloc(c->patterns, c->pattern_room * sizeof(TwPattern));
	}
	pattern = &c->patterns[c->npatterns];
	memset(pattern, 0, sizeof(*pattern));
	pattern->role = role;
	pattern->code = code;
	pattern->only_role = only_role;
	pattern->severity = severity;
	pattern->waiver = waiver;
	pattern->row = number;
	if (row->pattern == NULL || !compile_pattern(c, row->pattern, pattern, c->npatterns))
		return refuse(c, "phrase_empty_part", NULL);
	c->npatterns++;
	return true;
}

/* Words that announce a time are part of the recogniser, not of the rulebook. */
static bool
compile_time_words(Compiler *c)
{
	for (int i = 0; i < tw_ntime_words; i++)
	{
		TwPhraseRow row = {NULL, "harmless", tw_time_words[i], NULL, NULL, NULL};

		if (!compile_row(c, &row, -1))
			return false;
		c->patterns[c->npatterns - 1].role = TW_TIME_WORD;
	}
	return true;
}

/* Later parts before first ones, by pattern */
static int
compare_members(const void *a, const void *b)
{
	const TwMember *x = a;
	const TwMember *y = b;

	return x->part != y->part ? y->part - x->part : x->pattern - y->pattern;
}

/* What each hit asks of the pattern */
static void
describe_members(Compiler *c)
{
	for (int i = 0; i < c->nmembers; i++)
	{
		TwMember   *member = &c->members[i];
		const TwPattern *pattern = &c->patterns[member->pattern];

		member->progress = pattern->nparts > 1 ? pattern->progress + member->part : -1;
		member->gap = pattern->gaps[member->part];
		member->crosses = pattern->crosses[member->part];
		member->last = member->part + 1 == pattern->nparts;
		member->role = pattern->role;
	}
}

static void
place_set(Compiler *c, TwLexicon *lexicon, int32 number)
{
	MemberSet  *set = &c->sets[number];
	TwMembers  *own = &lexicon->members_of[lexicon->nsets];
	TwMember   *members = lexicon->members + lexicon->nmembers;
	int32		count = 0;

	own->later = own->first = lexicon->nmembers;
	for (const MemberSet *s = set; s != c->sets; s = &c->sets[s->rest])
	{
		members[count++] = c->members[s->member];
		own->first += c->members[s->member].part > 0;
	}
	qsort(members, count, sizeof(TwMember), compare_members);
	own->end = lexicon->nmembers += count;
	own->awaited = 0;
	for (int i = 0; i < own->first - own->later; i++)
		own->awaited |= TW_PROGRESS_BIT(members[i].progress - 1);
	set->place = lexicon->nsets++;
}

/* The sets that literals have in the end get their places, and hits name them. */
static void
place_sets(Compiler *c, TwLexicon *lexicon)
{
	size_t		members = 0;

	for (int i = 0; i < c->nliterals; i++)
	{
		MemberSet  *set = &c->sets[c->set_of[i]];

		members += set->place == -1 ? set->size : 0;
		set->place = -2;
	}
	lexicon->members_of = palloc(c->nsets * sizeof(TwMembers));
	lexicon->members = palloc(members * sizeof(TwMember));
	lexicon->nsets = lexicon->nmembers = 0;
	for (int i = 0; i < c->nliterals; i++)
	{
		if (c->sets[c->set_of[i]].place == -2)
			place_set(c, lexicon, c->set_of[i]);
		c->set_of[i] = c->sets[c->set_of[i]].place;
	}
	tw_automaton_label(lexicon->automaton, c->set_of);
}

/*
 * Compile; what it returns points into rows' clauses.  NULL when a row is
 * wrong, and problem says which and why.
 */
TwLexicon *
tw_compile_phrases(const TwPhraseRow *rows, int count, TwPhraseProblem *problem)
{
	TwLexicon  *lexicon = palloc(sizeof(TwLexicon));
	Compiler	c;

	memset(&c, 0, sizeof(c));
	memset(problem, 0, sizeof(*problem));
	c.problem = problem;
	c.builder = tw_automaton_begin();
	c.pattern_room = 256;
	c.patterns = palloc(c.pattern_room * sizeof(TwPattern));
	c.member_room = 1024;
	c.members = palloc(c.member_room * sizeof(TwMember));
	c.set_room = 1024;
	c.sets = palloc(c.set_room * sizeof(MemberSet));
	c.sets[c.nsets++] = (MemberSet) {0, -1, 0, 0, -1};
	c.literal_room = 1024;
	c.set_of = palloc(c.literal_room * sizeof(int32));
	c.variants = palloc(TW_MAX_VARIANTS * sizeof(Variant));

	for (int i = 0; i < count; i++)
		if (!compile_row(&c, &rows[i], i))
		{
			problem->row = i;
			return NULL;
		}
	if (!compile_time_words(&c))
		return NULL;

	lexicon->automaton = tw_automaton_finish(c.builder);
	lexicon->patterns = c.patterns;
	lexicon->npatterns = c.npatterns;
	lexicon->nprogress = 0;
	for (int i = 0; i < c.npatterns; i++)
	{
		c.patterns[i].progress = lexicon->nprogress;
		lexicon->nprogress += c.patterns[i].nparts - 1;
	}
	describe_members(&c);
	place_sets(&c, lexicon);
	lexicon->clauses = palloc(Max(count, 1) * sizeof(char *));
	for (int i = 0; i < count; i++)
		lexicon->clauses[i] = rows[i].clause;
	pfree(c.members);
	pfree(c.sets);
	pfree(c.set_of);
	pfree(c.variants);
	return lexicon;
}
