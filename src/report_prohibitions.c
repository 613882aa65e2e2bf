/*
 * report_prohibitions.c
 *		The seven prohibitions (annex 4, list 2): which of the phrases found
 *		stand, and which are lifted by what stands around them (R2 to R5).
 */
#include "report_check.h"

#include "report_words.h"

static const char *const prohibited_messages[] = {
	"report_p1", "report_p2", "report_hollow", "report_p4", "report_p5", "report_p6", "report_p7"
};

static const char *const synonym_messages[] = {
	"report_p1_like", "report_p2_like", "report_hollow", "report_p4_like", "report_p5_like", "report_p6_like", "report_p7_like"
};

/* A bound in this clause, tied to completion there or, where the clause ends with it, in the next (R5) */
static bool
node_in_clause(const TwReport *r, int32 c)
{
	const uint64_t tied = ROLE(TW_COMPLETION) | ROLE(TW_MEASURE);

	if (!r->clauses[c].node)
		return false;
	if (r->clauses[c].roles & tied)
		return true;
	return c + 1 < r->nclauses && r->clauses[c + 1].sentence == r->clauses[c].sentence &&
		r->clauses[c].end != TW_END_SENTENCE &&
		!(r->clauses[c].roles & (ROLE(TW_CONTACT) | ROLE(TW_REPLY) | ROLE(TW_RECHECK))) &&
		(r->clauses[c + 1].roles & tied) && !r->clauses[c + 1].past;
}

static inline bool
node_in_sentence(const TwReport *r, int32 clause)
{
	return r->sums[r->clauses[clause].sentence_last + 1].node > r->sums[r->clauses[clause].sentence_first].node;
}

/* Something is done here, not merely promised, told or denied. */
bool
tw_clause_acts(const TwReport *r, int32 c)
{
	uint64_t	roles = r->clauses[c].roles;

	if (roles & (ROLE(TW_FUTURE_MARK) | ROLE(TW_NEGATION) | ROLE(TW_REPLY) | ROLE(TW_CONTACT)))
		return false;
	/* 已妥善处理完毕 completes nothing */
	return (roles & ROLE(TW_MEASURE)) || ((roles & ROLE(TW_COMPLETION)) && !(roles & ROLE(TW_HOLLOW)));
}

/*
 * Is it done: rectified, not merely begun?  Replies and contacts are no
 * rectification.  What a past day stands at is done.
 */
bool
tw_clause_done(const TwReport *r, int32 c)
{
	const TwClauseSpan *clause = &r->clauses[c];

	if (clause->node || clause->overdue || clause->section == TW_SECTION_REPLY || clause->section == TW_SECTION_ATTACHMENT ||
		!(clause->roles & ROLE(TW_MEASURE)) || !tw_clause_acts(r, c))
		return false;
	if (clause->past || (clause->roles & (ROLE(TW_COMPLETION) | ROLE(TW_DONE_MARK))))
		return true;
	return c > 0 && r->clauses[c - 1].sentence == clause->sentence && r->clauses[c - 1].past;
}

/* Done behind the phrase, in clauses before until; of its own clause only what stands behind it counts */
static bool
done_after(const TwReport *r, const TwMatch *match, int32 until)
{
	if (until > match->clause + 1 && r->sums[until].done > r->sums[match->clause + 1].done)
		return true;
	if (!tw_clause_done(r, match->clause))
		return false;
	for (int32 i = match - r->matches + 1; i < r->nmatches && i < match - r->matches + 64 &&
		 r->matches[i].clause == match->clause; i++)
	{
		int			role = r->matches[i].role;

		if (r->matches[i].first > match->last && !r->matches[i].silent &&
			(role == TW_COMPLETION || role == TW_MEASURE))
			return true;
	}
	return false;
}

/* 门洞还在, 仍未拆: what was asked for is still to be done */
static const char *const undone_list[] = {
	"还在", "仍在", "仍存", "尚在", "尚存", "依旧", "依然", "原样", "未动", "没动", "未拆", "未清", "未改", "未搬", "未移", "没拆", "没清", "没改", "没搬", "仍有", "还有", "仍未", "还未", "还没",
	"尚未", "仍然", "未见改", "未予", "未执行", "拒不", "未果"
};
static TwWordList undone = TW_WORD_LIST(undone_list);

/* Does the sentence of the phrase go on, or the next one begin, with words that it is still undone? */
static bool
is_undone(const TwReport *r, const TwMatch *match)
{
	int32		last = r->clauses[r->clauses[match->clause].sentence_last].last;

	return tw_word_within(&undone, &r->folded, match->last + 1, Min(last, match->last + 60)) >= 0;
}

/* A clause within this sentence, before the phrase, that has a role */
static bool
role_before(const TwReport *r, const TwMatch *match, TwRole role, int max_distance)
{
	for (int32 i = match - r->matches - 1; i >= 0; i--)
	{
		const TwMatch *other = &r->matches[i];

		if (r->clauses[other->clause].sentence != r->clauses[match->clause].sentence ||
			match->first - other->last > max_distance)
			return false;
		/* of P1: only in the phrase's own clause (因物业正在施工, not 因缺砖，厂家正在调货) */
		if (!other->silent && other->last < match->first && other->role == role &&
			(tw_pattern_of(r, other)->code != TW_P1 || other->clause == match->clause))
			return true;
	}
	return false;
}

/* 正在施工的…: an attribute, not a statement of the report */
static bool
is_attribute(const TwReport *r, const TwMatch *match)
{
	int32		limit = Min(match->last + 10, r->clauses[match->clause].last - 1);

	for (int32 at = match->last + 1; at <= limit; at++)
		if (r->folded.chars[at].point == 0x7684)	/* 的 */
			return at + 1 < r->folded.count && r->folded.chars[at + 1].kind <= TW_DIGIT;
	return false;
}

/* The caller and a word of verification in one clause, or the caller in the one before */
static bool
verified_in(const TwReport *r, int32 c)
{
	const uint64_t caller = ROLE(TW_PETITIONER) | ROLE(TW_TITLE);

	if (!(r->clauses[c].all_roles & ROLE(TW_VERIFY)) || r->clauses[c].section == TW_SECTION_ATTACHMENT)
		return false;
	return (r->clauses[c].all_roles & caller) ||
		(c > 0 && r->clauses[c - 1].sentence == r->clauses[c].sentence && (r->clauses[c - 1].all_roles & caller));
}

/* 复查，未再发现: what was found before has been put right */
static bool
says_again(const TwReport *r, const TwMatch *match)
{
	for (int32 i = match->tail_first; i <= match->last && i < match->tail_first + 4; i++)
		if (tw_point_at(r, i) == 0x518d)	/* 再 */
			return true;
	return false;
}

/* Sums over clauses, so that a question about many of them costs one subtraction */
static void
sum_up(TwReport *r)
{
	r->sums = palloc((size_t) (r->nclauses + 1) * sizeof(TwSums));
	memset(&r->sums[0], 0, sizeof(TwSums));
	for (int32 c = 0; c < r->nclauses; c++)
	{
		const TwClauseSpan *clause = &r->clauses[c];
		TwSums	   *next = &r->sums[c + 1];

		*next = r->sums[c];
		next->done += tw_clause_done(r, c);
		next->told += (clause->roles & ROLE(TW_DONE_MARK)) &&
			!(clause->roles & (ROLE(TW_NEGATION) | ROLE(TW_FUTURE_MARK) | ROLE(TW_CONTACT) | ROLE(TW_REPLY)));
		next->completed += (clause->roles & ROLE(TW_COMPLETION)) && !(clause->roles & ROLE(TW_NEGATION)) && !clause->node;
		next->verified += verified_in(r, c);
		next->node += node_in_clause(r, c);
		next->acts += (clause->roles & (ROLE(TW_MEASURE) | ROLE(TW_COMPLETION))) != 0;
	}
}

bool
tw_without_contact(const TwReport *r)
{
	return !r->input->has_contact || (r->roles & ROLE(TW_NO_CONTACT)) != 0;
}

/* Severity that is left, or -1 when the phrase is lifted */
static int
after_waiver(const TwReport *r, const TwMatch *match)
{
	const TwPattern *pattern = tw_pattern_of(r, match);
	const TwClauseSpan *clause = &r->clauses[match->clause];
	int32		sentence_end = clause->sentence_last + 1;
	int			severity = pattern->severity;

	switch ((TwWaiver) pattern->waiver)
	{
		case TW_WAIVER_NONE:
			return severity;

		case TW_WAIVER_TIME_NODE:
			/* 来电时正在施工的围挡已拆除 */
			if (node_in_sentence(r, match->clause) || (is_attribute(r, match) && done_after(r, match, sentence_end)))
				return -1;
			return severity;

		case TW_WAIVER_DONE_OR_NODE:
			if (node_in_sentence(r, match->clause) || (done_after(r, match, r->nclauses) && !is_undone(r, match)))
				return -1;
			/* the bound may stand in the sentence that follows */
			if (sentence_end < r->nclauses && r->clauses[sentence_end].section == clause->section &&
				node_in_sentence(r, sentence_end))
				return -1;
			return severity;

		case TW_WAIVER_SCENE:
			if (is_attribute(r, match))
				return done_after(r, match, sentence_end) ? -1 : Min(severity, TW_REVIEW);
			if (role_before(r, match, TW_SCENE, 16))
				return Min(severity, TW_REVIEW);
			return severity;

		case TW_WAIVER_LEGAL:
			/* 单位应向职工补发的工资已发清 */
			if (is_attribute(r, match) && (clause->roles & ROLE(TW_DONE_MARK)) && !(clause->roles & ROLE(TW_NEGATION)))
				return -1;
			if (role_before(r, match, TW_LEGAL, 60) &&
				(r->sums[sentence_end].completed > r->sums[match->clause + 1].completed ||
				 r->sums[sentence_end].told > r->sums[match->clause + 1].told))
				return -1;
			return severity;

		case TW_WAIVER_VERIFIED:
			if (tw_without_contact(r) && (r->all_roles & ROLE(TW_PHOTO)))
				return -1;
			/* with the caller on the spot, or afterwards */
			if (r->sums[r->nclauses].verified > r->sums[clause->sentence_first].verified)
				return -1;
			/* seen again after what was done: nothing is left to be found */
			if (says_again(r, match) && (r->sums[match->clause].acts > 0 || role_before(r, match, TW_RECHECK, 40)))
				return -1;
			if (r->sums[match->clause + 1].acts > 0 && role_before(r, match, TW_RECHECK, 40))
				return -1;
			/* the place alone was verified before: a person decides */
			return r->sums[match->clause].verified > 0 ? Min(severity, TW_REVIEW) : severity;

		case TW_WAIVER_SUMMARY:
			return (r->roles & ROLE(TW_SUMMARY)) ? Min(severity, TW_REVIEW) : severity;
	}
	return severity;
}

/* “将会”一词, “正在施工”告示牌: the word is talked about */
static bool
is_mentioned(const TwReport *r, int32 at)
{
	static const uint32 carriers[][2] = {	/* 告示 公告 通告 通知 提示 标语 标识 标牌 牌子 横幅 海报 招牌 警示 围挡 字条 */
		{0x544a, 0x793a}, {0x516c, 0x544a}, {0x901a, 0x544a}, {0x901a, 0x77e5}, {0x63d0, 0x793a}, {0x6807, 0x8bed},
		{0x6807, 0x8bc6}, {0x6807, 0x724c}, {0x724c, 0x5b50}, {0x6a2a, 0x5e45}, {0x6d77, 0x62a5}, {0x62db, 0x724c},
		{0x8b66, 0x793a}, {0x56f4, 0x6321}, {0x5b57, 0x6761}
	};
	uint32		first = tw_point_at(r, at);
	uint32		second = tw_point_at(r, at + 1);

	for (int i = 0; i < (int) lengthof(carriers); i++)
		if (first == carriers[i][0] && second == carriers[i][1])
			return true;
	return ((first == 0x4e00 || first == 0x7b49 || first == 0x4e8c || first == 0x4e24 || first == 0x8fd9) &&
			(second == 0x8bcd || second == 0x5b57 || second == 0x8bed || second == 0x7c7b)) ||
		(first == 0x5b57 && second == 0x6837) || (first == 0x7684 && (second == 0x8868 || second == 0x63aa || second == 0x8bf4)) ||
		(first == 0x4e4b && second == 0x7c7b) || (first == 0x8868 && second == 0x8ff0);
}

/* 物业“将会”安排: marks around the phrase alone are a disguise, not a quotation. */
static bool
quotes_phrase_alone(const TwReport *r, const TwMatch *match)
{
	if (is_mentioned(r, match->last + 2))
		return false;
	if (match->first == 0 || match->last + 1 >= r->folded.count || role_before(r, match, TW_SPEECH, 6))
		return false;
	return r->folded.chars[match->first - 1].kind == TW_MARK && r->folded.chars[match->last + 1].kind == TW_MARK;
}

/* 现场核实时诉求人称“没看到”: whose words the last part is, begun behind the first */
static bool
ends_in_others_words(const TwReport *r, const TwMatch *match)
{
	if (match->head_last == match->last)
		return false;
	for (int32 i = 0; i < r->nspeeches && r->speeches[i].first <= match->tail_first; i++)
		if (r->speeches[i].kind == TW_SAID && r->speeches[i].first > match->head_last && r->speeches[i].last >= match->last)
			return true;
	/* marks around the part alone are a disguise */
	for (int32 i = 0; i < r->nquotes && r->quotes[i].first <= match->tail_first; i++)
		if (r->quotes[i].first > match->head_last && r->quotes[i].last >= match->last &&
			r->quotes[i].last - r->quotes[i].first > match->last - match->tail_first + 4)
			return true;
	return false;
}

static inline bool
is_judged(const TwReport *r, const TwMatch *match)
{
	if (!tw_is_of(match, ROLE(TW_PROHIBITED) | ROLE(TW_SYNONYM)))
		return false;
	if (match->silent || match->spoken)
		return false;
	return match->quoted ? quotes_phrase_alone(r, match) : !ends_in_others_words(r, match);
}

/*
 * R3: the specific rule wins.  A phrase that lies within a longer one of at
 * least its severity, of its own code or in the norm's own words, is that one's.
 */
static bool
belongs_to_longer(const TwReport *r, int32 index)
{
	const TwMatch *match = &r->matches[index];
	const TwPattern *pattern = tw_pattern_of(r, match);

	for (int step = -1; step <= 1; step += 2)
		for (int32 i = index + step; i >= 0 && i < r->nmatches; i += step)
		{
			const TwMatch *other = &r->matches[i];
			const TwPattern *longer = tw_pattern_of(r, other);

			if (other->last < match->last || other->last > match->last + TW_MAX_REACH)
				break;
			if (other->first > match->first ||
				other->last - other->first <= match->last - match->first ||
				!is_judged(r, other))
				continue;
			/* of two synonyms of different rules both are shown: which one it is the reviewer knows */
			if (longer->severity >= pattern->severity && (longer->code == pattern->code || longer->role == TW_PROHIBITED))
				return true;
		}
	return false;
}

/* Most reports hold no phrase that no harmless word covers (居委会安排) */
static bool
any_loud(const TwReport *r, TwRole role)
{
	const TwMatch *match = tw_first_of(r, role);

	while (match != NULL && match->silent)
		match = tw_next_of(r, match);
	return match != NULL;
}

void
tw_check_prohibitions(TwReport *r)
{
	int32		last_of_code[TW_NCODES];

	memset(last_of_code, 0xff, sizeof(last_of_code));
	if (!any_loud(r, TW_PROHIBITED) && !any_loud(r, TW_SYNONYM))
		return;
	sum_up(r);
	for (int32 i = 0; i < r->nmatches; i++)
	{
		const TwMatch *match = &r->matches[i];
		const TwPattern *pattern;
		int			severity;

		if (!is_judged(r, match))
			continue;
		pattern = tw_pattern_of(r, match);
		if (r->clauses[match->clause].section == TW_SECTION_ATTACHMENT || belongs_to_longer(r, i))
			continue;
		severity = after_waiver(r, match);
		if (severity < 0)
			continue;
		/* two ways to read the same words are one finding */
		if (r->nfindings > 0 && last_of_code[pattern->code] >= match->first)
		{
			TwFinding  *before = &r->findings[r->nfindings - 1];

			if (before->code == pattern->code)
			{
				/* the graver reading is shown */
				if (severity > before->severity)
				{
					before->severity = severity;
					before->first = match->first;
					before->last = match->last;
					before->pattern = match->pattern;
					before->message = pattern->role == TW_PROHIBITED ? prohibited_messages[pattern->code - TW_P1]
						: synonym_messages[pattern->code - TW_P1];
				}
				else if (severity == before->severity)
				{
					before->first = Min(before->first, match->first);
					before->last = Max(before->last, match->last);
				}
				last_of_code[pattern->code] = Max(match->last, last_of_code[pattern->code]);
				continue;
			}
		}
		tw_add_finding(r, pattern->code, severity, match->first, match->last, match->pattern,
					   pattern->role == TW_PROHIBITED ? prohibited_messages[pattern->code - TW_P1]
					   : synonym_messages[pattern->code - TW_P1], NULL);
		last_of_code[pattern->code] = match->last;
	}
}
