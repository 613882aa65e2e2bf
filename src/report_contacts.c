/*
 * report_contacts.c
 *		The first contact and its time (E1; annex 4, list 1).
 */
#include "report_check.h"

#include "report_words.h"

/* Does the first contact's own section hold a day and an hour? */
static bool
dated_section(const TwReport *r, bool others_only)
{
	uint32		flags = 0;

	for (int32 c = 0; r->labels[TW_E1] && !others_only && c < r->nclauses; c++)
		if (r->clauses[c].section == TW_E1 && !r->clauses[c].failed)
			flags |= r->clauses[c].when;
	return (flags & TW_TIME_CLOCK) && (flags & TW_TIME_DATE);
}

/* Is it another party that is called: 联系物业经理王先生? */
static bool
is_of_other_party(const TwReport *r, const TwMatch *match)
{
	bool		other = false;
	bool		titled = false;
	uint32		last = tw_point_at(r, match->last);

	if (tw_pattern_of(r, match)->code == TW_E1)
		return false;
	for (int32 i = match - r->matches; i >= 0 && r->matches[i].last >= match->first; i--)
	{
		int			role = tw_pattern_of(r, &r->matches[i])->role;

		if (r->matches[i].silent || r->matches[i].first < match->first || r->matches[i].last > match->last)
			continue;
		if (role == TW_PETITIONER)
			return false;
		titled |= role == TW_TITLE;
		other |= role == TW_OTHER_PARTY && r->matches[i].first > match->head_last - 1;
	}
	/* 电话联系养护单位: who is called stands behind the match */
	if (!other && !titled && match->last < r->clauses[match->clause].last && tw_among("系电打通络", last))
		other = tw_goes_to_other(r, match->last, match->clause);
	return other;
}

/* How far into the text the first contact may be told */
#define LEADING_CLAUSES 24

/*
 * Before anything is found, a clause with day and hour that reaches
 * out to nobody else: the first contact, whatever it calls the petitioner.
 */
int32
tw_leading_contact(const TwReport *r)
{
	uint32		dates = 0;

	for (int32 c = 0; c < r->nclauses && c < LEADING_CLAUSES; c++)
	{
		const TwClauseSpan *clause = &r->clauses[c];
		bool		told = (clause->roles & ROLE(TW_FACT)) != 0;

		if (clause->section == TW_SECTION_SPEECH)
			continue;
		if (clause->section != TW_SECTION_NONE && clause->section != TW_E1)
			break;
		dates |= clause->when | clause->dispatched;
		if (!clause->failed && !(clause->roles & ROLE(TW_REPLY)) &&
			(clause->when & TW_TIME_CLOCK) && (dates & TW_TIME_DATE) &&
			(tw_reaches_out(r, c, false) ||
			 (c + 1 < r->nclauses && r->clauses[c + 1].sentence == clause->sentence && r->clauses[c + 1].when == 0 &&
			  !(r->clauses[c + 1].roles & ROLE(TW_REPLY)) && !told && tw_reaches_out(r, c + 1, false))))
			return clause->sentence;
		if (told)
			break;
	}
	return -1;
}

static const char *const thrice_list[] = {"三次", "3次", "四次", "4次", "五次", "5次", "六次", "6次", "三通", "3通", "三遍", "3遍", "三度"};
static TwWordList thrice = TW_WORD_LIST(thrice_list);

/* R7: three attempts count as contact; told one by one with their hours, or as a number */
static bool
attempted_thrice(const TwReport *r)
{
	int			attempts = 0;

	for (int32 i = 0; i < r->ntimes && attempts < 3; i++)
		attempts += r->clauses[r->times[i].clause].failed && (r->times[i].flags & TW_TIME_CLOCK) != 0;
	for (int32 c = 0; c < r->nclauses && attempts < 3; c++)
		if (r->clauses[c].failed && r->clauses[c].when != 0 && tw_word_within(&thrice, &r->folded, r->clauses[c].first, r->clauses[c].last) >= 0)
			attempts = 3;
	return attempts >= 3;
}

/* The clause of the author's first finding, or -1 */
int32
tw_first_finding(const TwReport *r)
{
	for (const TwMatch *match = tw_first_of(r, TW_FACT); match != NULL; match = tw_next_of(r, match))
		if (tw_is_live(r, match) && r->clauses[match->clause].section != TW_E1 && r->clauses[match->clause].section != TW_SECTION_REPLY)
			return match->clause;
	return -1;
}

/* The first clause that tells of something done, behind the finding: a contact from there on tells the result */
static int32
first_disposal(const TwReport *r)
{
	int32		fact = tw_first_finding(r);

	for (int32 c = fact + 1; fact >= 0 && c < r->nclauses; c++)
		if ((r->clauses[c].roles & (ROLE(TW_MEASURE) | ROLE(TW_COMPLETION))) && r->clauses[c].section != TW_E1 &&
			!(r->clauses[c].roles & (ROLE(TW_FUTURE_MARK) | ROLE(TW_NEGATION) | ROLE(TW_CONTACT))))
			return c;
	return r->nclauses;
}

static bool
says_again(const TwReport *r, const TwMatch *match)
{
	for (int32 at = match->first - 4; at <= match->first + 1; at++)
		if (tw_among("再又", tw_point_at(r, at)) || (tw_point_at(r, at) == 0x4e8c && tw_point_at(r, at + 1) == 0x6b21))	/* 二次 */
			return true;
	return false;
}

/*
 * E1: a contact with the petitioner and its day and hour.  What is told
 * together with a result is the reply, unless the text calls it the first
 * contact; of two dated replies the first one is a contact.
 */
bool
tw_check_first_contact(TwReport *r, int32 *sentence)
{
	const TwMatch *dated = NULL;
	const TwMatch *seen = NULL;
	const TwMatch *failed = NULL;
	int32		reply_sentence = -1;
	int32		disposal = -1;
	int			replies = 0;
	bool		others_only = r->labels[TW_E1] && tw_contacts_others_only(r);

	*sentence = -1;
	for (int32 i = 0; i < r->nmatches; i++)
	{
		const TwMatch *match = &r->matches[i];
		const TwPattern *pattern = tw_pattern_of(r, match);
		const TwClauseSpan *clause = &r->clauses[match->clause];
		bool		reply;
		uint32		flags;

		if (!tw_is_of(match, ROLE(TW_CONTACT) | ROLE(TW_REPLY)) || !tw_is_live(r, match))
			continue;
		reply = pattern->role == TW_REPLY || (pattern->code != TW_E1 &&
			((clause->roles & ROLE(TW_REPLY)) || clause->section == TW_SECTION_REPLY));
		if (!reply && (is_of_other_party(r, match) || (others_only && (clause->section == TW_E1 || pattern->code == TW_E1))))
			continue;
		if (seen == NULL && !reply)
			seen = match;
		flags = tw_times_near(r, match->clause);
		/* 5月23日14时再次与鲁女士通话: not the first one */
		if (seen != NULL && seen != match && !reply && seen->clause != match->clause && says_again(r, match))
			continue;
		if (clause->failed)
		{
			if (!reply && failed == NULL && (flags & TW_TIME_CLOCK))
				failed = match;
			continue;
		}
		/* 处置后致电: of the result, whatever it is called */
		if (!reply && pattern->code != TW_E1 && clause->section != TW_E1 && flags != 0)
		{
			if (disposal < 0)
				disposal = first_disposal(r);
			reply = match->clause > disposal;
		}
		if (reply)
		{
			if ((flags & TW_TIME_CLOCK) && (flags & TW_TIME_DATE) && clause->sentence != reply_sentence)
			{
				replies++;
				reply_sentence = clause->sentence;
			}
			continue;
		}
		if ((flags & TW_TIME_CLOCK) && ((flags & TW_TIME_DATE) || (r->ntimes > 0 && r->times[0].first < match->first)))
		{
			*sentence = clause->sentence;
			return true;
		}
		if ((flags | clause->dispatched) & (TW_TIME_DATE | TW_TIME_CLOCK))
			dated = match;
	}
	if (dated_section(r, others_only) || replies > 1 || tw_leading_contact(r) >= 0)
		return true;
	if (attempted_thrice(r))
		return true;
	if (dated != NULL)
	{
		/* 2.4.2 asks for the specific time, A4.1.1 for a day: a person decides */
		*sentence = r->clauses[dated->clause].sentence;
		tw_add_finding(r, TW_E1, TW_REVIEW, dated->first, dated->last, -1, "report_e1_rough", NULL);
		return true;
	}
	if (failed != NULL)
		seen = failed;
	tw_add_finding(r, TW_E1, TW_REJECT, seen ? seen->first : -1, seen ? seen->last : -1, -1,
				   seen == NULL ? "report_e1" : seen == failed ? "report_e1_attempts" : "report_e1_no_time", NULL);
	return false;
}
