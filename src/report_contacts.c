/*
 * report_contacts.c
 *		Elements of contact (annex 4, list 1): the first contact's time (E1), the
 *		reply's and the attachments (E7).
 */
#include "report_check.h"

/* Times near a clause: in it, in its neighbours of the same sentence, and in the section it heads */
static uint32
times_near(const TwReport *r, int32 clause, int32 *from)
{
	const TwClauseSpan *own = &r->clauses[clause];
	int32		first = clause;
	int32		last = clause;
	uint32		flags = 0;

	if (first > 0 && r->clauses[first - 1].sentence == own->sentence && r->clauses[first - 1].end == TW_END_COMMA)
		first--;
	if (own->end == TW_END_COLON)
	{
		/* a heading: what its section says, three clauses far */
		while (last + 1 < r->nclauses && last < clause + 4 &&
			   r->clauses[last + 1].section == r->clauses[clause + 1].section)
			last++;
	}
	else if (last + 1 < r->nclauses && r->clauses[last + 1].sentence == own->sentence)
		last++;
	while (*from > 0 && r->times[Min(*from, r->ntimes - 1)].clause >= first)
		(*from)--;
	for (int32 i = *from; i < r->ntimes && r->times[i].clause <= last; i++)
		if (r->times[i].clause >= first && !(r->times[i].flags & TW_TIME_NODE && r->times[i].flags == TW_TIME_NODE))
			flags |= r->times[i].flags;
	return flags;
}

/* Is it another party that is called: 联系物业经理王先生? */
static bool
is_of_other_party(const TwReport *r, const TwMatch *match)
{
	bool		other = false;

	if (tw_pattern_of(r, match)->code == TW_E1)
		return false;
	for (int32 i = match - r->matches; i >= 0 && r->matches[i].last >= match->first; i--)
	{
		int			role = tw_pattern_of(r, &r->matches[i])->role;

		if (r->matches[i].silent || r->matches[i].first < match->first || r->matches[i].last > match->last)
			continue;
		if (role == TW_PETITIONER)
			return false;
		other |= role == TW_OTHER_PARTY && r->matches[i].first > match->head_last - 1;
	}
	return other;
}

/* Does the first contact's own section hold a day and an hour? */
static bool
dated_section(const TwReport *r)
{
	uint32		flags = 0;

	for (int32 i = 0; r->labels[TW_E1] && i < r->ntimes; i++)
		if (r->clauses[r->times[i].clause].section == TW_E1)
			flags |= r->times[i].flags;
	return (flags & TW_TIME_CLOCK) && (flags & TW_TIME_DATE);
}

/* 10月31日15:20联系消费者: a report that begins so, and names no other party, tells of the first contact whatever it calls the petitioner */
static bool
begins_with_contact(const TwReport *r)
{
	static const char *const verbs[] = {"联系", "致电", "电联", "去电", "拨通", "拨打", "通话", "沟通"};
	uint64_t	roles = 0;
	uint32		flags = 0;
	int32		last;

	if (r->nclauses == 0)
		return false;
	last = r->clauses[0].sentence_last;
	for (int32 c = 0; c <= last; c++)
		roles |= r->clauses[c].roles;
	for (int32 i = 0; i < r->ntimes && r->times[i].clause <= last; i++)
		flags |= r->times[i].flags;
	if (!(flags & TW_TIME_DATE) || !(flags & TW_TIME_CLOCK) || (roles & (ROLE(TW_OTHER_PARTY) | ROLE(TW_REPLY))))
		return false;
	for (int32 i = 0; i < r->clauses[last].last && i < 80; i++)
		for (int v = 0; v < (int) lengthof(verbs); v++)
		{
			const char *word = verbs[v];

			if (tw_constant_point(&word) == tw_point_at(r, i) && tw_constant_point(&word) == tw_point_at(r, i + 1) &&
				tw_point_at(r, i + 2) != 0x65b9 && tw_point_at(r, i + 2) != 0x7535 && tw_point_at(r, i + 2) != 0x4eba)	/* 方式, 电话, 人 */
				return true;
		}
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
	int32		from = 0;
	int32		reply_sentence = -1;
	int			replies = 0;

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
		if (!reply && is_of_other_party(r, match))
			continue;
		if (seen == NULL && !reply)
			seen = match;
		flags = r->ntimes > 0 ? times_near(r, match->clause, &from) : 0;
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
		if (flags & (TW_TIME_DATE | TW_TIME_CLOCK))
			dated = match;
	}
	if (dated_section(r) || replies > 1 || begins_with_contact(r))
		return true;
	if (dated != NULL)
	{
		/* 2.4.2 asks for the specific time, A4.1.1 for a day: a person decides */
		*sentence = r->clauses[dated->clause].sentence;
		tw_add_finding(r, TW_E1, TW_REVIEW, dated->first, dated->last, -1, "report_e1_rough", NULL);
		return true;
	}
	tw_add_finding(r, TW_E1, TW_REJECT, seen ? seen->first : -1, seen ? seen->last : -1, -1,
				   seen ? "report_e1_no_time" : "report_e1", NULL);
	return false;
}

/* A sentence behind the first contact with a day or an hour, the petitioner and what he thinks: the reply by another name */
static bool
tells_judgement(const TwReport *r, int32 first_sentence)
{
	for (int32 c = 0; c < r->nclauses; c = r->clauses[c].sentence_last + 1)
	{
		uint64_t	roles = 0;
		bool		past = false;

		for (int32 i = c; i <= r->clauses[c].sentence_last; i++)
		{
			roles |= r->clauses[i].all_roles;
			past |= r->clauses[i].past;
		}
		if (past && r->clauses[c].sentence > first_sentence && (roles & ROLE(TW_FEEDBACK)) &&
			(roles & (ROLE(TW_PETITIONER) | ROLE(TW_TITLE) | ROLE(TW_PHONE))))
			return true;
	}
	return false;
}

/* Recordings and pictures named together, or towards the end, are attached even if no word says so */
static bool
names_attachments(const TwReport *r)
{
	int			kinds = 0;

	for (int32 c = r->nclauses - 1; c >= 0 && c >= r->nclauses - 4; c--)
		if ((r->clauses[c].roles & ROLE(TW_PHOTO)) && !(r->clauses[c].roles & ROLE(TW_NEGATION)))
			kinds++;
	return kinds > 0;
}

/* E7: times of first contact and reply, and attachments */
void
tw_check_times_and_attachments(TwReport *r, bool first_contact, int32 contact_sentence)
{
	const uint64_t attached = ROLE(TW_ATTACHMENT) | ROLE(TW_ATTACHMENT_LABEL);
	const uint64_t told = ROLE(TW_REPLY) | ROLE(TW_REPLY_LABEL) | ROLE(TW_CONTACT);
	bool		without_contact = tw_without_contact(r);
	bool		reply = without_contact;
	bool		attachments = false;
	int32		first_sentence = -1;
	int32		from = 0;

	for (int32 i = 0; i < r->nmatches; i++)
	{
		const TwMatch *match = &r->matches[i];
		uint32		flags;

		if (match->silent || !tw_is_of(match, attached | told))
			continue;
		if (tw_is_of(match, attached))
			attachments |= !match->spoken;
		if (reply || !tw_is_of(match, told) || !tw_is_live(r, match))
			continue;
		flags = r->ntimes > 0 ? times_near(r, match->clause, &from) : 0;
		if (!(flags & (TW_TIME_DATE | TW_TIME_CLOCK)))
			continue;
		if (match->role != TW_CONTACT)
			reply = true;
		else
		{
			/* a later contact, told with the petitioner's judgement or towards the end, is the reply */
			int32		c = match->clause;

			if (first_sentence < 0)
				first_sentence = r->clauses[c].sentence;
			else if (r->clauses[c].sentence != first_sentence)
			{
				reply = match->clause > r->nclauses / 2;
				for (; c <= Min(r->clauses[match->clause].sentence_last, match->clause + 12); c++)
					reply |= (r->clauses[c].all_roles & ROLE(TW_FEEDBACK)) != 0;
			}
		}
	}
	if (!reply)
		reply = tells_judgement(r, Max(contact_sentence, first_sentence));
	if (!attachments)
		attachments = names_attachments(r);
	/* three failed attempts count as contact (R7) */
	if (!reply && first_contact && (r->roles & ROLE(TW_NO_ANSWER)) && r->ntimes >= 3)
		reply = true;
	if (!first_contact)
		tw_add_finding(r, TW_E7, TW_REJECT, -1, -1, -1, "report_e7_contact", NULL);
	else if (!reply && !attachments)
		tw_add_finding(r, TW_E7, TW_REJECT, -1, -1, -1, "report_e7_both", NULL);
	else if (!reply)
		tw_add_finding(r, TW_E7, TW_REJECT, -1, -1, -1, "report_e7_reply", NULL);
	else if (!attachments)
		tw_add_finding(r, TW_E7, TW_REJECT, -1, -1, -1, "report_e7_attachments", NULL);
}
