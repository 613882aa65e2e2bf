/*
 * report_speech.c
 *		Whose words they are (R4): the petitioner's, told by the author, or the
 *		author's own.
 */
#include "report_check.h"

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

/* The petitioner spoken to (向诉求人, 回复诉求人) does not speak. */
static bool
is_addressed(const TwReport *r, int32 first)
{
	switch (tw_point_at(r, first - 1))
	{
		case 0x5411:			/* 向 */
		case 0x5bf9:			/* 对 */
		case 0x7ed9:			/* 给 */
		case 0x590d:			/* 复 */
		case 0x77e5:			/* 知 */
		case 0x8bbf:			/* 访 */
		case 0x4e3a:			/* 为 */
			return true;
		default:
			return false;
	}
}

/* 该建议, 的要求: a thing, not an act of speech */
static bool
is_noun(const TwReport *r, int32 first)
{
	uint32		before = tw_point_at(r, first - 1);

	return before == 0x8be5 || before == 0x7684 || before == 0x6b64 || before == 0x9879 || before == 0x672c;
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
	const uint64_t speakers = ROLE(TW_PETITIONER) | ROLE(TW_TITLE) | ROLE(TW_OTHER_PARTY) | ROLE(TW_SPEECH);

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
				/* 店主李先生 is the shopkeeper */
				if (!(subject == OTHER && match->first - subject_last <= 4))
					subject = is_addressed(r, match->first - 1) ? NOBODY : PETITIONER;
				subject_last = match->last;
				break;
			case TW_OTHER_PARTY:
				subject = OTHER;
				subject_last = match->last;
				break;
			default:
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
							   tw_pattern_of(r, match)->code == TW_E2 || tw_point_at(r, match->last + 1) == 0x7684 ||
							   tw_point_at(r, match->first - 1) == 0x6240 ?
							   TW_RESTATED : TW_SAID);
					spoke = true;
				}
		}
	}

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
