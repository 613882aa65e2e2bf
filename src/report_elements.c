/*
 * report_elements.c
 *		The seven elements (annex 4, list 1), looked for in the text: whether it
 *		is true (E2), process and disposal (E3, E4); the others stand in
 *		report_contacts.c, report_replies.c and report_responsible.c.
 */
#include "report_check.h"

#include "report_words.h"

static int32
quote_length(const TwReport *r, const TwMatch *match)
{
	int32		low = 0;
	int32		high = r->nquotes - 1;

	while (low <= high)
	{
		int32		middle = (low + high) / 2;

		if (r->quotes[middle].last < match->first)
			low = middle + 1;
		else if (r->quotes[middle].first > match->last)
			high = middle - 1;
		else
			return r->quotes[middle].last - r->quotes[middle].first - 1;
	}
	return 0;
}

/* 根据《…办法》…: an answer that stands on a norm by its name says that there is a policy */
static bool
cites_norm(const TwReport *r)
{
	for (const TwMatch *match = tw_first_of(r, TW_LEGAL); match != NULL; match = tw_next_of(r, match))
	{
		uint32		point = tw_point_at(r, match->first);

		if (match->silent || match->spoken || (point != 0x6839 && point != 0x4f9d && point != 0x6309))	/* 根, 依, 按 */
			continue;
		for (int32 i = match->last + 1; i <= match->last + 3; i++)
			if (tw_point_at(r, i) == 0x300a)
				return true;
	}
	return false;
}

static void
check_fact(TwReport *r)
{
	if (r->input->category == TW_CONSULTATION && cites_norm(r))
		return;
	for (const TwMatch *match = tw_first_of(r, TW_FACT); match != NULL; match = tw_next_of(r, match))
	{
		if (match->silent || match->spoken == TW_SAID)
			continue;
		/* “留作参考” in quotation marks is the author's own word; a whole sentence is someone else's */
		if (!match->quoted || quote_length(r, match) <= 10)
			return;
	}
	tw_add_finding(r, TW_E2, TW_REJECT, -1, -1, -1, "report_e2", NULL);
}

/* Words that say that something was done, and not what */
static const char *const empty_list[] = {
	"已", "已经", "均", "全部", "按规定", "按要求", "按照", "规定", "要求", "妥善", "及时", "认真", "积极", "依法", "依规", "处理", "处置", "办结", "办理", "解决", "落实",
	"完成", "完毕", "到位", "问题", "该", "此", "事项", "诉求", "略", "无", "同上", "如上", "见上", "详见", "附件", "系统", "工单", "情况", "相关", "有关", "工作", "做好", "了",
	"过程", "结果", "措施", "经过", "流程", "程序", "正常", "进行", "予以", "给予", "妥", "上述", "所反映", "反映", "本", "单", "事", "的", "立即", "结束", "好", "完", "当日",
	"当场", "圆满", "顺利", "得到", "现", "目前", "经", "后", "一、", "二、", "三、", "四、", "五、", "整改", "改正", "整治"
};
static TwWordList empty_words = TW_WORD_LIST(empty_list);

/* Ideographs between two places that say more than 已按规定办结; counted up to enough */
static int
telling(const TwReport *r, int32 first, int32 last, int enough)
{
	int			count = 0;

	for (int32 at = first; at <= last && count < enough;)
	{
		int			length = r->folded.chars[at].kind == TW_HAN ? tw_word_length(&empty_words, &r->folded, at, last) : 0;

		count += length == 0 && r->folded.chars[at].kind == TW_HAN;
		at += Max(length, 1);
	}
	return count;
}

/* What stands under a heading: 办理过程：略, 处置过程：办结 have empty words */
typedef enum Content
{
	NOTHING, EMPTY_WORDS, TELLING
} Content;

static Content
section_content(const TwReport *r, int section)
{
	int			count = 0;
	bool		words = false;

	if (!r->labels[section])
		return NOTHING;
	for (int32 c = 0; c < r->nclauses && count < 4; c++)
	{
		int32		first = r->clauses[c].first;

		/* the next heading's clause is the last one of the section before it; a reply is none of it */
		if (r->clauses[c].section != section || (r->clauses[c].roles & ROLE(TW_REPLY)) || (r->clauses[c].heading && r->clauses[c].end == TW_END_COLON))
			continue;
		if (r->heading_last[section] >= first && r->heading_last[section] <= r->clauses[c].last)
			first = r->heading_last[section] + 1;
		/* 灯修好了: a measure needs few words */
		count += telling(r, first, r->clauses[c].last, 4) + (r->clauses[c].roles & ROLE(TW_MEASURE) ? 2 : 0);
		for (int32 i = first; i <= r->clauses[c].last && !words; i++)
			words = r->folded.chars[i].kind == TW_HAN;
	}
	/* 到场处理 tells a process, if little of it */
	return count >= (section == TW_E3 ? 2 : 4) ? TELLING : words ? EMPTY_WORDS : NOTHING;
}

/* Six ideographs of the author's that are no contact, reply, finding, name or empty word */
static bool
tells_something(const TwReport *r, int32 c)
{
	const uint64_t other = ROLE(TW_CONTACT) | ROLE(TW_REPLY) | ROLE(TW_FACT) | ROLE(TW_ATTACHMENT) |
		ROLE(TW_ATTACHMENT_LABEL) | ROLE(TW_PERSON) | ROLE(TW_HOLLOW) | ROLE(TW_FEEDBACK) | ROLE(TW_NO_CONTACT) |
		ROLE(TW_PHONE) | ROLE(TW_NOT_PHONE) | ROLE(TW_PETITIONER);
	int			ideographs = 0;

	if ((r->clauses[c].all_roles & other) || r->clauses[c].end == TW_END_COLON)
		return false;
	for (int32 i = r->clauses[c].first; i <= r->clauses[c].last && ideographs < 6; i++)
		ideographs += r->folded.chars[i].kind == TW_HAN;
	return ideographs == 6 && telling(r, r->clauses[c].first, r->clauses[c].last, 3) == 3;
}

/* 注册地址, 搬离日期: what looks like a measure names a thing */
static const char *const thing_words[] = {
	"地址", "日期", "事宜", "原因", "情况", "进度", "单位", "公司", "要求", "需求", "意愿", "条件", "规定", "政策", "依据", "可能", "难度", "成本"
};
static TwWordList things = TW_WORD_LIST(thing_words);

static const char *const talk_words[] = {"谈话", "会议", "通话", "调解", "面谈", "座谈", "协商", "约谈", "走访", "沟通", "听证"};
static TwWordList talks = TW_WORD_LIST(talk_words);

/* Is it something done, and not what was found: 广告牌遮挡灯箱，属实? */
static bool
is_disposal(const TwReport *r, const TwMatch *match, int32 fact)
{
	const TwClauseSpan *clause = &r->clauses[match->clause];

	/* 中介只愿赔两千元; 谈话至11时结束 */
	if (tw_among("愿肯想欲", tw_point_at(r, match->first - 1)))
		return false;
	/* 拍照存档 keeps what was found */
	if (tw_point_at(r, match->first) == 0x62cd && tw_point_at(r, match->first + 1) == 0x7167)
		return false;
	if (match->role == TW_COMPLETION && tw_word_within(&talks, &r->folded, Max(clause->first, match->first - 12), match->first - 1) >= 0)
		return false;
	if (match->role == TW_COMPLETION)
		return telling(r, clause->first, Min(clause->last, clause->first + 120), 2) == 2;
	if (tw_word_begins(&things, &r->folded, match->last + 1, r->folded.count - 1))
		return false;
	if (clause->section == TW_E2 && (r->labels[TW_E3] || r->labels[TW_E4]))
		return false;
	/* before the finding, or with it, only what has a day or 已 */
	return match->clause > fact || clause->past || (clause->roles & (ROLE(TW_DONE_MARK) | ROLE(TW_COMPLETION)));
}

/*
 * E3 and E4: an own section counts as it stands, its substance is P3's matter.
 * Without one, the process is what was done with others (约谈, 会同, 送达), or
 * anything told after the finding; the disposal is what was changed (拆除,
 * 更换), or explained where nothing is to be changed.  Words that are
 * prohibited in their place are rejected as such, not once more as missing.
 */
static void
check_process_and_disposal(TwReport *r)
{
	Content		told_process = section_content(r, TW_E3);
	Content		told_disposal = section_content(r, TW_E4);
	bool		process = told_process == TELLING || (r->two_disposals && told_disposal == TELLING);
	bool		disposal = told_disposal == TELLING;
	bool		sections = r->labels[TW_E2] || r->labels[TW_E4] || r->labels[TW_E3];
	bool		explaining = r->input->category >= TW_SUGGESTION || (r->roles & (ROLE(TW_UNFOUNDED) | ROLE(TW_CONCLUDING)));
	int32		fact = -1;

	fact = tw_first_finding(r);
	for (int32 i = 0; i < r->nmatches && !(process && disposal); i++)
	{
		const TwMatch *match = &r->matches[i];
		int			role = match->role;
		const TwClauseSpan *clause = &r->clauses[match->clause];

		if (!tw_is_live(r, match) || clause->section == TW_E1 || clause->section == TW_SECTION_REPLY)
			continue;
		if (role == TW_PROCESS && !(sections && clause->section == TW_E2))
			process = true;
		if ((role == TW_MEASURE || role == TW_COMPLETION) && tw_clause_acts(r, match->clause) && is_disposal(r, match, fact))
			disposal = true;
		if (role == TW_PROHIBITED || role == TW_SYNONYM)
			disposal = true;
		if (role == TW_EXPLAINED && explaining)
			disposal = true;
	}
	for (int32 c = fact + 1; c < r->nclauses && !(process && disposal); c++)
	{
		int			section = r->clauses[c].section;

		/* 现井盖已更换 tells no process, 物业更换了井盖 says who went about it, 2月7日下午清理完毕 when */
		if ((section == TW_SECTION_NONE || (section == TW_E2 && !r->labels[TW_E4])) &&
			(!(r->clauses[c].roles & (ROLE(TW_MEASURE) | ROLE(TW_COMPLETION))) || (r->clauses[c].roles & ROLE(TW_OTHER_PARTY)) || r->clauses[c].past) &&
			tells_something(r, c))
			process = true;
		/* 车辆已全部驶离: no list of verbs is complete */
		if (section != TW_E1 && section != TW_SECTION_REPLY && (r->clauses[c].roles & ROLE(TW_DONE_MARK)) &&
			!(r->clauses[c].roles & (ROLE(TW_FUTURE_MARK) | ROLE(TW_NEGATION))) && tells_something(r, c))
			disposal = true;
	}
	/* in prose the finding may stand at the end, and two clauses before it tell how it was come by */
	for (int32 c = 0, told = 0; c < r->nclauses && !process && !sections; c++)
		if (r->clauses[c].section == TW_SECTION_NONE && tells_something(r, c))
			process = ++told >= 2;
	/* who gives an element a heading of its own and nothing behind it has not told it elsewhere */
	process &= told_process != EMPTY_WORDS;
	disposal &= told_disposal != EMPTY_WORDS;
	if (!process)
		tw_add_finding(r, TW_E3, TW_REJECT, -1, -1, -1, "report_e3", NULL);
	if (!disposal)
		tw_add_finding(r, TW_E4, TW_REJECT, -1, -1, -1, "report_e4", NULL);
}

void
tw_check_elements(TwReport *r)
{
	int32		contact_sentence = -1;
	bool		first_contact;

	tw_mark_events(r);
	first_contact = tw_without_contact(r) || tw_check_first_contact(r, &contact_sentence);

	check_fact(r);
	check_process_and_disposal(r);
	tw_check_responsible(r);
	tw_check_times_and_attachments(r, first_contact, contact_sentence);
}
