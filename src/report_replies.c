/*
 * report_replies.c
 *		The times of contact and reply, and the attachments (E7; annex 4, list 1).
 */
#include "report_check.h"

#include "report_words.h"

/* Behind what was found or done, a clause with a day or hour that tells nobody else: the reply by another name */
static int32
closes_with_reply(const TwReport *r, int32 contact_sentence)
{
	bool		done = false;
	int32		found = -1;

	for (int32 c = 0; c < r->nclauses; c++)
	{
		const TwClauseSpan *clause = &r->clauses[c];

		if (done && clause->sentence > contact_sentence && clause->section != TW_SECTION_ATTACHMENT &&
			clause->section != TW_SECTION_SPEECH && clause->when != 0 && !(clause->roles & (ROLE(TW_OTHER_PARTY) | ROLE(TW_MEASURE))) &&
			(tw_reaches_out(r, c, true) ||
			 (c + 1 < r->nclauses && r->clauses[c + 1].sentence == clause->sentence && r->clauses[c + 1].when == 0 &&
			  !(r->clauses[c + 1].roles & ROLE(TW_OTHER_PARTY)) && tw_reaches_out(r, c + 1, true))))
			found = clause->sentence;
		done |= (clause->roles & (ROLE(TW_MEASURE) | ROLE(TW_COMPLETION) | ROLE(TW_FACT))) != 0;
	}
	return found;
}

/* The last sentence behind the first contact with a day or an hour, the petitioner and what he thinks, or -1: the reply by another name */
static int32
tells_judgement(const TwReport *r, int32 first_sentence)
{
	int32		found = -1;

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
			found = r->clauses[c].sentence;
	}
	return found;
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

static const char *const nothing_list[] = {"无", "暂无", "暂缺", "暂未", "没有", "略", "缺", "待", "后补", "未", "另行", "/", "-", "—", "空", "0份", "0张"};
static TwWordList nothing = TW_WORD_LIST(nothing_list);
static const char *const something_list[] = {"无人机", "无障碍", "待办", "未接", "未整改", "未开", "无证", "无声", "未拆", "未处"};
static TwWordList something = TW_WORD_LIST(something_list);

/* 附件：无 — a heading with nothing behind it */
static bool
is_empty_list(const TwReport *r, const TwMatch *match)
{
	int32		at = match->last + 1;
	bool		heading = false;

	for (int i = 0; i < 6 && at < r->folded.count && (tw_kind_at(r, at) == TW_SPACE || tw_among(":】]〕|—情况", tw_point_at(r, at))); i++, at++)
		heading |= tw_kind_at(r, at) != TW_HAN;
	/* 附 within 附件 is no heading; what is attached says so itself: 附照片 */
	if (!heading)
		return match->role == TW_ATTACHMENT_LABEL;
	if (at >= r->folded.count || tw_kind_at(r, at) == TW_HARD)
		return true;
	return tw_word_length(&nothing, &r->folded, at, r->folded.count - 1) > 0 &&
		tw_word_length(&something, &r->folded, at, r->folded.count - 1) == 0;
}

/* E7: times of first contact and reply, and attachments */
void
tw_check_times_and_attachments(TwReport *r, bool first_contact, int32 contact_sentence)
{
	const uint64_t attached = ROLE(TW_ATTACHMENT) | ROLE(TW_ATTACHMENT_LABEL);
	const uint64_t told = ROLE(TW_REPLY) | ROLE(TW_REPLY_LABEL) | ROLE(TW_CONTACT);
	bool		reply = tw_without_contact(r);
	bool		attachments = false;
	int32		first_sentence = -1;
	int32		undated = -1;	/* sentence of a reply without a time */
	int32		other = -1;		/* ... of what may be the reply */

	for (int32 i = 0; i < r->nmatches; i++)
	{
		const TwMatch *match = &r->matches[i];
		int32		sentence = r->clauses[match->clause].sentence;

		if (match->silent || !tw_is_of(match, attached | told))
			continue;
		if (tw_is_of(match, attached))
			attachments |= !match->spoken && !is_empty_list(r, match);
		if (reply || !tw_is_of(match, told) || !tw_is_live(r, match))
			continue;
		if (!(tw_times_near(r, match->clause) & (TW_TIME_DATE | TW_TIME_CLOCK)))
		{
			if (match->role == TW_REPLY)
				undated = sentence;
		}
		else if (match->role != TW_CONTACT)
			reply = true;
		else if (first_sentence < 0)
			first_sentence = sentence;
		else if (sentence != first_sentence)
		{
			/* a later contact, told with the petitioner's judgement or towards the end, is the reply */
			bool		late = match->clause > r->nclauses / 2;

			for (int32 c = match->clause; c <= Min(r->clauses[match->clause].sentence_last, match->clause + 12); c++)
				late |= (r->clauses[c].all_roles & ROLE(TW_FEEDBACK)) != 0;
			if (late)
				other = sentence;
		}
	}
	/* where an earlier contact goes by another name, the one that was found is the reply */
	if (!reply && contact_sentence > 0)
	{
		int32		leading = tw_leading_contact(r);

		if (leading >= 0 && leading < contact_sentence)
			other = Max(other, contact_sentence);
	}
	if (!reply)
	{
		int32		behind = Max(contact_sentence, first_sentence);

		other = Max(other, Max(tells_judgement(r, behind), closes_with_reply(r, contact_sentence)));
		/* 已电话回复 far behind has no time of its own from there */
		reply = other >= 0 && (undated < 0 || other >= undated - 1);
	}
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
