/*
 * report_sections.c
 *		The sections of a report: which clauses stand under 办理过程, 回复, 附件,
 *		and how far a heading reaches.
 */
#include "report_check.h"

/* Marks that set a heading apart, where it begins a line or follows a mark */
static bool
ends_heading(uint32 point)
{
	return point == '|' || point == 0x2502 || point == ']' || point == 0x3015 || point == 0x3017 || point == '>' ||
		point == '=' || point == '~' || point == '-' || point == 0x2192 || point == 0x2500 || point == 0x00b7;
}

/* Does the label stand where a label stands: at the beginning of a line, before a colon or a space? */
static bool
heads_section(const TwReport *r, const TwMatch *match, bool *same_clause)
{
	int32		at = match->last + 1;
	int32		before = match->first - 1;
	bool		begins;

	begins = false;
	for (; tw_kind_at(r, before) == TW_SPACE; before--)
		begins |= tw_point_at(r, before) == '\n';
	begins |= tw_kind_at(r, before) > TW_DIGIT && tw_point_at(r, before) != 0x201c;
	*same_clause = false;
	if (tw_point_at(r, at) == ':' || tw_point_at(r, at) == 0x3011)
		return true;
	/* 核实情况——属实 */
	if (tw_point_at(r, at) == 0x2014)
	{
		*same_clause = r->clauses[match->clause].last > at + 1;
		return true;
	}
	if (!begins)
		return false;
	if (ends_heading(tw_point_at(r, at)))
	{
		/* a mark that ends no clause has the section on both its sides */
		*same_clause = r->clauses[match->clause].last != at;
		return true;
	}
	/* (先行联系)2月6日… */
	if (tw_point_at(r, at) == ')')
	{
		*same_clause = true;
		return tw_point_at(r, match->first - 1) == '(' && tw_kind_at(r, match->first - 2) >= TW_SPACE;
	}
	/* 一、先行联系。2月6日… */
	if (tw_kind_at(r, at) == TW_HARD)
	{
		int32		first = r->clauses[match->clause].first;

		while (first < match->first && tw_kind_at(r, first) == TW_SPACE)
			first++;
		return match->first > first && match->first - first <= 4 &&
			(tw_numeral(tw_point_at(r, first)) >= 0 || tw_kind_at(r, first) == TW_DIGIT || tw_point_at(r, first) == '(');
	}
	if (tw_kind_at(r, at) == TW_SPACE)
	{
		while (tw_kind_at(r, at) == TW_SPACE)
			at++;
		*same_clause = r->clauses[match->clause].last != at;
		return true;
	}
	/* 先行联系（电话）：, 责任人及电话： */
	for (int i = 0; i < 8 && tw_kind_at(r, at) != TW_HARD && tw_point_at(r, at) != ','; i++, at++)
		if (tw_point_at(r, at) == ':' || tw_point_at(r, at) == 0x3011)
			return true;
	return false;
}

void
tw_find_sections(TwReport *r)
{
	const uint64_t headings = ROLE(TW_LABEL) | ROLE(TW_REPLY_LABEL) | ROLE(TW_ATTACHMENT_LABEL) | ROLE(TW_SPEECH_LABEL);
	int32		clause = 0;
	int			section = TW_SECTION_NONE;
	int32		heading_last = -1;

	for (int32 i = 0; i < r->nmatches; i++)
	{
		const TwMatch *match = &r->matches[i];
		const TwPattern *pattern;
		int			next;
		bool		same_clause;

		if (match->silent || !tw_is_of(match, headings))
			continue;
		/* 处置过程 is no 过程: of headings that end alike the longest came first */
		if (match->last == heading_last || !heads_section(r, match, &same_clause))
			continue;
		heading_last = match->last;
		pattern = tw_pattern_of(r, match);
		next = pattern->role == TW_LABEL ? pattern->code :
			pattern->role == TW_REPLY_LABEL ? TW_SECTION_REPLY :
			pattern->role == TW_ATTACHMENT_LABEL ? TW_SECTION_ATTACHMENT : TW_SECTION_SPEECH;
		if (pattern->role == TW_LABEL)
		{
			r->labels[pattern->code] = true;
			r->heading_last[pattern->code] = match->last;
		}
		else if (pattern->role == TW_REPLY_LABEL)
			r->reply_label = true;
		/* the clause that ends with the colon is still the section before */
		for (; clause < match->clause + (same_clause ? 0 : 1) && clause < r->nclauses; clause++)
			r->clauses[clause].section = section;
		section = next;
	}
	for (; clause < r->nclauses; clause++)
		r->clauses[clause].section = section;
	/* a heading of the first contact alone, over prose: it heads its own sentence */
	if (r->labels[TW_E1] && !r->labels[TW_E2] && !r->labels[TW_E3] && !r->labels[TW_E4])
	{
		int32		sentence = -1;

		for (int32 c = 0; c < r->nclauses; c++)
		{
			if (r->clauses[c].section != TW_E1)
				sentence = -1;
			else if (sentence < 0)
				sentence = r->clauses[c].sentence;
			else if (r->clauses[c].sentence != sentence)
				r->clauses[c].section = TW_SECTION_NONE;
		}
	}
}

/*
 * A list of attachments ends with its sentence; what follows it without one
 * of their names is the author speaking again, and answers for his words.
 */
void
tw_end_attachments(TwReport *r)
{
	bool		listing = false;

	for (int32 c = 0; c < r->nclauses;)
	{
		const TwClauseSpan *clause = &r->clauses[c];
		int32		sentence_last = clause->sentence_last;
		bool		named = false;

		if (clause->section != TW_SECTION_ATTACHMENT)
		{
			listing = false;
			c++;
			continue;
		}
		for (int32 i = c; i <= sentence_last; i++)
			named |= (r->clauses[i].all_roles & ROLE(TW_ATTACHMENT)) != 0;
		for (; c <= sentence_last && r->clauses[c].section == TW_SECTION_ATTACHMENT; c++)
			if (listing && !named)
				r->clauses[c].section = TW_SECTION_NONE;
		listing = true;
	}
}
