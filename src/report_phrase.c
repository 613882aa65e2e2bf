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
 * is a literal, and a literal knows the parts it completes.
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

typedef struct Compiler
{
	TwAutomatonBuilder *builder;
	TwPattern  *patterns;
	int32		npatterns;
	int32		pattern_room;
	TwMember   *members;		/* with literals[] beside it, in the order of adding */
	int32	   *literals;
	int32		nmembers;
	int32		member_room;
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

static bool
add_member(Compiler *c, int pattern, int part)
{
	for (int i = 0; i < c->nvariants; i++)
	{
		int			literal;

		if (c->variants[i].length == 0)
			return refuse(c, "phrase_empty_part", NULL);
		literal = tw_automaton_add(c->builder, c->variants[i].points, c->variants[i].length);
		if (literal < 0)
			return refuse(c, "phrase_unmatchable", NULL);
		if (c->nmembers == c->member_room)
		{
			c->member_room *= 2;
			c->members = repalloc(c->members, c->member_room * sizeof(TwMember));
			c->literals = repalloc(c->literals, c->member_room * sizeof(int32));
		}
		c->members[c->nmembers].pattern = pattern;
		c->members[c->nmembers].part = part;
		c->literals[c->nmembers++] = literal;
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

/* Members by literal: count, sum, place. */
static void
sort_members(Compiler *c, TwLexicon *lexicon)
{
	int32		nliterals = lexicon->automaton->nliterals;
	int32	   *next = palloc((nliterals + 1) * sizeof(int32));

	lexicon->members_of = palloc((nliterals + 1) * sizeof(TwMembers));
	lexicon->members = palloc(Max(c->nmembers, 1) * sizeof(TwMember));
	memset(lexicon->members_of, 0, (nliterals + 1) * sizeof(TwMembers));
	for (int i = 0; i < c->nmembers; i++)
		lexicon->members_of[c->literals[i]].end++;
	for (int i = 0, sum = 0; i < nliterals; i++)
	{
		lexicon->members_of[i].later = lexicon->members_of[i].first = next[i] = sum;
		lexicon->members_of[i].end = sum += lexicon->members_of[i].end;
	}
	for (int part = TW_MAX_PARTS - 1; part >= 0; part--)
		for (int i = 0; i < c->nmembers; i++)
			if (c->members[i].part == part)
			{
				TwMember   *member = &lexicon->members[next[c->literals[i]]++];
				const TwPattern *pattern = &lexicon->patterns[c->members[i].pattern];

				*member = c->members[i];
				member->progress = pattern->nparts > 1 ? pattern->slot * TW_MAX_PARTS + part : -1;
				member->gap = pattern->gaps[part];
				member->crosses = pattern->crosses[part];
				member->last = part + 1 == pattern->nparts;
				member->role = pattern->role;
				if (part > 0)
					lexicon->members_of[c->literals[i]].first++;
			}
	for (int i = 0; i < nliterals; i++)
	{
		TwMembers  *own = &lexicon->members_of[i];

		own->awaits = own->first == own->end && own->end == own->later + 1 ?
			lexicon->members[own->later].progress - 1 : -1;
	}
	pfree(next);
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
	c.literals = palloc(c.member_room * sizeof(int32));
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
	lexicon->nslots = 0;
	for (int i = 0; i < c.npatterns; i++)
		if (c.patterns[i].nparts > 1)
			c.patterns[i].slot = lexicon->nslots++;
	sort_members(&c, lexicon);
	lexicon->clauses = palloc(Max(count, 1) * sizeof(char *));
	for (int i = 0; i < count; i++)
		lexicon->clauses[i] = rows[i].clause;
	pfree(c.members);
	pfree(c.literals);
	pfree(c.variants);
	return lexicon;
}
