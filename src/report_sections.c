/*
 * report_sections.c
 *		The sections of a report: which clauses stand under 办理过程, 回复, 附件,
 *		and how far a heading reaches.
 */
#include "report_check.h"

#include "report_words.h"

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

/* By what a heading that no row names is known: 先行回应, 推进情况, 整治成效, 佐证图片 */
static const char *const stems_e1[] = {"先行", "首次", "首联", "首问", "初次", "首访", "首呼", "响应时间"};
static const char *const stems_reply[] = {"回复", "答复", "反馈", "回访", "复电", "回告"};
static const char *const stems_e2[] = {"核实", "核查", "调查", "认定", "查证", "勘查", "属实", "采纳"};
static const char *const stems_e4[] = {"处置", "处理", "整改", "整治", "解决", "办结", "成效", "落实"};
static const char *const stems_e3[] = {"办理", "过程", "经过", "推进", "协调", "工作", "调处", "联动", "跟进", "会商", "研判", "行动", "怎么办"};
static const char *const stems_attachment[] = {"附件", "附图", "佐证", "证据", "材料", "随件", "随单"};
static const char *const no_sections[] = {
	"人:", "员:", "者:", "位:", "门:", "时限:", "期限:", "要求:", "依据:", "费用:", "编号:", "地点:", "地址:", "电话:", "主题:", "标题:", "类型:", "原因:", "单:", "报告:", "难点:", "对象:", "方:", "要点:", "正文:", "内容:", "如下:", "下:"
};
static TwWordList stem_e1 = TW_WORD_LIST(stems_e1);
static TwWordList stem_reply = TW_WORD_LIST(stems_reply);
static TwWordList stem_e2 = TW_WORD_LIST(stems_e2);
static TwWordList stem_e4 = TW_WORD_LIST(stems_e4);
static TwWordList stem_e3 = TW_WORD_LIST(stems_e3);
static TwWordList stem_attachment = TW_WORD_LIST(stems_attachment);
static TwWordList no_section = TW_WORD_LIST(no_sections);

static const char *const course_words[] = {"经过", "协调", "推进", "过程", "联动"};
static TwWordList course = TW_WORD_LIST(course_words);

static void
begin_section(TwReport *r, int element, int32 heading_last)
{
	/* 协调处理：… 处置结果：…: two of the same kind are process and disposal where the first one says so */
	if (element == TW_E4 && r->labels[TW_E4])
		r->two_disposals |= tw_word_within(&course, &r->folded, r->heading_last[TW_E4] - 4, r->heading_last[TW_E4]) >= 0;
	r->labels[element] = true;
	r->heading_last[element] = heading_last;
}

/* The section that such a heading begins, or TW_SECTION_NONE */
static int
unlisted_section(const TwReport *r, const TwClauseSpan *clause)
{
	const TwFolded *f = &r->folded;
	int			ideographs = 0;

	for (int32 i = clause->first; i <= clause->last && ideographs < 9; i++)
		ideographs += f->chars[i].kind == TW_HAN;
	/* 现回复如下: opens a letter */
	if (ideographs < 2 || ideographs > 8 || tw_among("现将经已关您我请", f->chars[clause->first].point) || tw_word_within(&no_section, f, clause->last - 2, clause->last) >= 0)
		return TW_SECTION_NONE;
	if (tw_word_within(&stem_attachment, f, clause->first, clause->last) >= 0)
		return TW_SECTION_ATTACHMENT;
	if (ideographs < 3)
		return TW_SECTION_NONE;
	if (tw_word_within(&stem_e1, f, clause->first, clause->last) >= 0)
		return TW_E1;
	if (tw_word_within(&stem_reply, f, clause->first, clause->last) >= 0)
		return TW_SECTION_REPLY;
	if (tw_word_within(&stem_e2, f, clause->first, clause->last) >= 0)
		return TW_E2;
	if (tw_word_within(&stem_e4, f, clause->first, clause->last) >= 0)
		return TW_E4;
	if (tw_word_within(&stem_e3, f, clause->first, clause->last) >= 0)
		return TW_E3;
	return TW_SECTION_NONE;
}

/* Headings at the beginning of a line that no row of the rulebook names */
static void
find_unlisted_headings(TwReport *r)
{
	int			section = TW_SECTION_NONE;

	for (int32 c = 0; c < r->nclauses; c++)
	{
		TwClauseSpan *clause = &r->clauses[c];
		int			begun;

		if (clause->heading)
			section = TW_SECTION_NONE;
		else if (section != TW_SECTION_NONE)
			clause->section = section;
		if (clause->heading || clause->end != TW_END_COLON || c != clause->sentence_first || clause->section == TW_SECTION_SPEECH)
			continue;
		begun = unlisted_section(r, clause);
		if (begun == TW_SECTION_NONE)
			continue;
		section = begun;
		clause->heading = true;
		if (section < (int) lengthof(r->labels))
			begin_section(r, section, clause->last);
	}
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
		/* 先行回应：, 首次答复：: the contact's */
		if (next == TW_SECTION_REPLY && tw_kind_at(r, match->first - 1) == TW_HAN &&
			tw_word_within(&stem_e1, &r->folded, Max(match->first - 4, r->clauses[match->clause].first), match->first - 1) >= 0)
			next = TW_E1;
		if (next < (int) lengthof(r->labels))
			begin_section(r, next, match->last);
		else if (next == TW_SECTION_REPLY)
			r->reply_label = true;
		/* the clause that ends with the colon is still the section before */
		for (; clause < match->clause + (same_clause ? 0 : 1) && clause < r->nclauses; clause++)
			r->clauses[clause].section = section;
		section = next;
		r->clauses[match->clause].heading = true;
	}
	for (; clause < r->nclauses; clause++)
		r->clauses[clause].section = section;
	find_unlisted_headings(r);
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
