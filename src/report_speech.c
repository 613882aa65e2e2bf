/*
 * report_speech.c
 *		Whose words they are (R4): the petitioner's, told by the author, or the
 *		author's own.
 */
#include "report_check.h"

#include "report_person.h"
#include "report_words.h"

static void
add_speech(TwReport *r, int32 first, int32 last, int kind)
{
	if (first > last)
		return;
	TW_GROW(r->speeches, r->nspeeches, r->speech_room, TwSpan);
	r->speeches[r->nspeeches].kind = kind;
	r->speeches[r->nspeeches].first = first;
	r->speeches[r->nspeeches++].last = last;
}

/* The character before or behind a place, spaces passed over */
static uint32
point_before(const TwReport *r, int32 at)
{
	do
		at--;
	while (tw_kind_at(r, at) == TW_SPACE);
	return tw_point_at(r, at);
}

static uint32
point_behind(const TwReport *r, int32 at)
{
	do
		at++;
	while (tw_kind_at(r, at) == TW_SPACE);
	return tw_point_at(r, at);
}

/* The petitioner spoken to (向诉求人, 回复诉求人) does not speak. */
static bool
is_addressed(const TwReport *r, int32 first)
{
	return tw_among("向对给复知访为", point_before(r, first));
}

/* 该建议, 的要求: a thing, not an act of speech */
static bool
is_noun(const TwReport *r, int32 first)
{
	return tw_among("该的此项本", point_before(r, first));
}

/*
 * The petitioner's name, learnt where the text introduces him (诉求人应某,
 * 投诉人陈建华, 联系业主谌先生): 应某称, 业主谌先生表示 are his words too.
 */
#define MAX_NAMES 4

typedef struct Names
{
	uint32		surnames[MAX_NAMES];
	uint32		seconds[MAX_NAMES];	/* the character behind the surname; 0: a title, which is a match of its own */
	int			count;
	bool		untitled;
	uint64_t	beginnings;		/* low bits of the surnames: most characters begin none of them */
} Names;

/* What may stand behind a surname beside the titles of the rulebook, which are not said of petitioners alone */
static const char *const forms_of_address[] = {
	"某", "老师", "同志", "师傅", "妈妈", "爸爸", "同学", "老人", "家长", "医生", "老汉", "婆婆", "姑娘", "老太", "伯", "婶", "嫂", "姐", "哥"
};
static TwWordList addresses = TW_WORD_LIST(forms_of_address);

static bool
is_known(const Names *names, uint32 surname, uint32 second)
{
	for (int i = 0; i < names->count; i++)
		if (names->surnames[i] == surname && (second == 0 || names->seconds[i] == second))
			return true;
	return false;
}

static void
learn(Names *names, uint32 surname, uint32 second)
{
	if (names->count == MAX_NAMES || !tw_is_surname(surname) || (second != 0 && is_known(names, surname, second)))
		return;
	names->surnames[names->count] = surname;
	names->seconds[names->count++] = second;
	names->untitled |= second != 0;
	names->beginnings |= UINT64_C(1) << (surname & 63);
}

/* 诉求人应某, 求助人：习老师, 投诉人陈建华， */
static void
learn_behind(const TwReport *r, int32 at, Names *names)
{
	int32		last = r->folded.count - 1;
	int32		end;

	while (tw_kind_at(r, at) == TW_SPACE || tw_point_at(r, at) == ':' || tw_point_at(r, at) == '(')
		at++;
	if (!tw_is_surname(tw_point_at(r, at)))
		return;
	if (tw_word_begins(&addresses, &r->folded, at + 1, last))
	{
		learn(names, tw_point_at(r, at), tw_point_at(r, at + 1));
		return;
	}
	for (end = at; end < at + 4 && tw_kind_at(r, end) == TW_HAN; end++)
		;
	if (end - at >= 2 && end - at <= 3 && !tw_among("和于向从连常应时能全有都可单管经对家", tw_point_at(r, at)) &&
		tw_is_person(&r->folded, at, end - 1))
		learn(names, tw_point_at(r, at), tw_point_at(r, at + 1));
}

/* Titles within a match, which ends behind them */
static void
learn_titles(const TwReport *r, const TwMatch *match, Names *names)
{
	int32		index = match - r->matches;

	for (int32 i = Max(index - 12, 0); i < r->nmatches && i < index + 12 && r->matches[i].last <= match->last; i++)
		if (r->matches[i].role == TW_TITLE && r->matches[i].first > match->first)
			learn(names, tw_point_at(r, r->matches[i].first - 1), 0);
}

static void
learn_names(const TwReport *r, Names *names)
{
	int			looked = 0;

	names->count = 0;
	names->untitled = false;
	names->beginnings = 0;
	for (const TwMatch *match = tw_first_of(r, TW_PETITIONER); match != NULL && looked < 32; match = tw_next_of(r, match), looked++)
		if (!match->silent)
			learn_behind(r, match->last + 1, names);
	/* 电话联系业主谌先生: the first whom a contact names */
	looked = 0;
	for (const TwMatch *match = tw_first_of(r, TW_CONTACT); match != NULL && looked < 8 && names->count == 0;
		 match = tw_next_of(r, match), looked++)
		if (!match->silent)
			learn_titles(r, match, names);
}

/* Where a learnt name begins before a place in its clause, close to it; -1 for nowhere */
static int32
name_before(const TwReport *r, const Names *names, int32 at, int32 first)
{
	for (int32 i = at - 2; i >= first && i >= at - 8; i--)
		if (is_known(names, tw_point_at(r, i), tw_point_at(r, i + 1)) && !is_addressed(r, i))
			return i;
	return -1;
}

/* Clauses that name the petitioner as 应某 name him */
static void
mark_names(TwReport *r, const Names *names)
{
	int32		clause = 0;

	for (int32 i = 1; names->untitled && i < r->folded.count; i++)
		if ((names->beginnings >> (r->folded.chars[i - 1].point & 63) & 1) &&
			is_known(names, r->folded.chars[i - 1].point, r->folded.chars[i].point))
		{
			clause = tw_clause_at(r, i, clause);
			r->clauses[clause].all_roles |= ROLE(TW_PETITIONER);
			r->clauses[clause].roles |= ROLE(TW_PETITIONER);
		}
}

static bool
is_empty_box(uint32 point)
{
	return point == 0x25a1 || point == 0x2610 || point == 0x25cb;
}

/* Characters from a box to the end of its option: the next space, mark or box */
static int
option_length(const TwReport *r, int32 at)
{
	int			length = 0;

	while (length < 12 && tw_kind_at(r, at + 1 + length) <= TW_DIGIT)
		length++;
	return length;
}

/* ☑属实　□部分属实　□不属实: what was not ticked is nobody's statement; two boxes at least are a choice */
static void
find_empty_boxes(TwReport *r)
{
	for (int i = 0; i < r->nboxes; i++)
	{
		int32		at = r->boxes[i];
		int			length = option_length(r, at);
		int32		last = at + length;
		bool		choice = false;

		if (!is_empty_box(tw_point_at(r, at)) || length < 1 || length > 10)
			continue;
		/* a neighbour within a few spaces, before or behind */
		if (i + 1 < r->nboxes)
		{
			choice = r->boxes[i + 1] - last <= 4;
			for (int32 k = last + 1; choice && k < r->boxes[i + 1]; k++)
				choice = tw_kind_at(r, k) >= TW_SPACE && tw_point_at(r, k) != '\n';
		}
		if (!choice && i > 0)
		{
			int32		end = r->boxes[i - 1] + option_length(r, r->boxes[i - 1]);

			choice = end > r->boxes[i - 1] && at - end <= 4;
			for (int32 k = end + 1; choice && k < at; k++)
				choice = tw_kind_at(r, k) >= TW_SPACE && tw_point_at(r, k) != '\n';
		}
		if (choice)
			add_speech(r, at + 1, last, TW_SAID);
	}
}

/* R4: after 诉求人 + 反映/称/… the words are his, to the end of the clause; after a colon, of the sentence. */
void
tw_find_speeches(TwReport *r)
{
	enum
	{
		NOBODY, PETITIONER, OTHER
	}			subject = NOBODY;
	bool		spoke = false;	/* the petitioner, in the clause before */
	int32		subject_last = -1;
	int32		subject_clause = -1;
	Names		names;
	const uint64_t speakers = ROLE(TW_PETITIONER) | ROLE(TW_TITLE) | ROLE(TW_OTHER_PARTY) | ROLE(TW_SPEECH);

	learn_names(r, &names);
	mark_names(r, &names);
	for (int32 i = 0; i < r->nmatches; i++)
	{
		const TwMatch *match = &r->matches[i];
		TwClauseSpan *clause = &r->clauses[match->clause];

		if (match->silent || !tw_is_of(match, speakers))
			continue;
		if (match->clause != subject_clause)
		{
			if (!spoke || subject_clause < 0 || r->clauses[subject_clause].sentence != clause->sentence ||
				match->clause > subject_clause + 1)
				subject = NOBODY;
			else
				subject_last = clause->first - 1;
			spoke = false;
			subject_clause = match->clause;
		}
		switch (match->role)
		{
			case TW_PETITIONER:
				subject = is_addressed(r, match->first) ? NOBODY : PETITIONER;
				subject_last = match->last;
				break;
			case TW_TITLE:
				/* 店主李先生 is the shopkeeper, unless it was he who was called first */
				if (!(subject == OTHER && match->first - subject_last <= 4) || is_known(&names, tw_point_at(r, match->first - 1), 0))
					subject = is_addressed(r, match->first - 1) ? NOBODY : PETITIONER;
				subject_last = match->last;
				break;
			case TW_OTHER_PARTY:
				subject = OTHER;
				subject_last = match->last;
				break;
			default:
				if (names.untitled && subject != PETITIONER)
				{
					int32		name = name_before(r, &names, match->first, clause->first);

					if (name > subject_last)
					{
						subject = PETITIONER;
						subject_last = name + 1;
					}
				}
				if (subject == PETITIONER && match->first > subject_last && match->first - subject_last <= 14 &&
					!is_noun(r, match->first) &&
					(subject_last >= clause->first || match->first <= clause->first + 1))
				{
					int32		last = clause->last;
					int32		next = match->clause;
					int32		at = match->last + 1;

					while (tw_kind_at(r, at) == TW_SPACE)
						at++;
					if (clause->end == TW_END_COLON && tw_point_at(r, clause->last) == ':' && at >= clause->last - 3)
						last = r->clauses[clause->sentence_last].last;
					else if (at >= clause->last && clause->end == TW_END_COMMA && next + 1 < r->nclauses &&
							 tw_pattern_of(r, match)->code != TW_E2)
						last = r->clauses[next + 1].last;
					add_speech(r, match->last + 1, last,
							   tw_pattern_of(r, match)->code == TW_E2 || point_behind(r, match->last) == 0x7684 ||
							   point_before(r, match->first) == 0x6240 ?
							   TW_RESTATED : TW_SAID);
					spoke = true;
				}
		}
	}

	find_empty_boxes(r);

	/* a section headed 诉求内容 is his too: up to the next heading, or, without one, to the end of the sentence */
	for (int32 c = 0; c < r->nclauses; c++)
		if (r->clauses[c].section == TW_SECTION_SPEECH)
		{
			int32		start = c;
			int32		end = c;
			int32		sentence_end;

			while (end + 1 < r->nclauses && r->clauses[end + 1].section == TW_SECTION_SPEECH)
				end++;
			sentence_end = Min(end, r->clauses[c].sentence_last);
			add_speech(r, r->clauses[start].first, r->clauses[end + 1 < r->nclauses ? end : sentence_end].last,
					   TW_SAID);
			c = end;
		}
}
