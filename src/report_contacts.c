/*
 * report_contacts.c
 *		Elements of contact (annex 4, list 1): the first contact's time (E1), the
 *		reply's and the attachments (E7).
 */
#include "report_check.h"

#include "report_words.h"

/* What happens to the order, not to the petitioner: its time is no time of a contact */
static const char *const dispatch_words_list[] = {
	"派至", "派到", "派单", "派发", "派给", "派往", "派来", "派转", "派件", "转派", "转至", "转到", "转来", "转办", "转单", "流转", "交办", "下派", "下发", "下达",
	"分派", "派送", "推送", "接单", "接到工单", "接到派", "接到诉求", "接到投诉", "接到来电", "接到反映", "接到该", "接到此", "接到本", "接到任务", "接到交办",
	"接到热线", "接到街道", "接到12345", "接报", "接件", "收到", "收单", "收悉", "收件", "签收", "受理", "到单", "来单", "建单", "立单", "生成", "到件", "截止", "到期",
	"拨打12345", "致电12345", "拨打热线", "拨打市民", "来电反映", "来电投诉", "来电咨询", "来电称", "来电诉", "来电求助", "来电建议", "工单到", "任务到",
	"登记工单", "提交诉求", "提出诉求", "留言反映"
};
static TwWordList dispatch_words = TW_WORD_LIST(dispatch_words_list);

/* 派单时间, 受理日期: what stands before its time */
static const char *const order_words_list[] = {
	"派单", "接单", "收单", "来单", "来电", "受理", "转派", "交办", "工单", "登记", "派发", "接收", "签收", "下派", "生成", "派件", "流转", "办结期限", "办理期限", "截止", "要求"
};
static TwWordList order_words = TW_WORD_LIST(order_words_list);

/* Ways to reach somebody; who it is stands behind, or is not said */
static const char *const reach_words_list[] = {
	"联系", "致电", "电联", "去电", "拨通", "拨打", "通话", "沟通", "微信", "短信", "电话", "座机", "语音", "视频", "联络", "回电", "回拨", "接通", "打通", "通了", "连线", "私信",
	"邮件", "面谈", "会面", "约见", "见面", "面访", "走访", "知会", "交谈", "聊", "碰头", "听取", "倾听", "告知受理"
};
static TwWordList reach_words = TW_WORD_LIST(reach_words_list);

/* Is it the time at which the order was sent or taken? */
static bool
is_of_dispatch(const TwReport *r, const TwTime *time)
{
	int32		limit = Min(time->last + 14, r->clauses[time->clause].last);
	int32		word;

	/* 5月30日15时40分(接单后40分钟) is the time of what follows */
	for (int32 at = time->last + 1; at <= limit; at++)
		if (tw_kind_at(r, at) == TW_DIGIT || tw_point_at(r, at) == '(')
		{
			limit = at;
			break;
		}
	word = tw_word_within(&dispatch_words, &r->folded, time->last + 1, limit);
	/* 2月6日10:20联系诉求人告知受理: not the taking of the order */
	if (word >= 0 && word <= time->last + 10 && tw_word_within(&reach_words, &r->folded, time->last + 1, word - 1) < 0)
		return true;
	/* 派单时间: */
	for (int32 at = time->first - 1; at >= 0 && at >= time->first - 6; at--)
	{
		if (tw_kind_at(r, at) == TW_HARD)
			break;
		if ((tw_point_at(r, at) == 0x65f6 && tw_point_at(r, at + 1) == 0x95f4) ||
			(tw_point_at(r, at) == 0x65e5 && tw_point_at(r, at + 1) == 0x671f))	/* 时间, 日期 */
			return tw_word_within(&order_words, &r->folded, at - 5, at - 1) >= 0;
	}
	return false;
}

/* Calls that nobody answered: the clause that says so, and the one before with the call's time */
static void
mark_failed(TwReport *r)
{
	for (const TwMatch *match = tw_first_of(r, TW_NO_ANSWER); match != NULL; match = tw_next_of(r, match))
	{
		int32		c = match->clause;

		if (!tw_is_live(r, match))
			continue;
		r->clauses[c].failed = true;
		for (int i = 0; i < 3 && c > r->clauses[match->clause].sentence_first && r->clauses[c].when == 0; i++)
			r->clauses[--c].failed = true;
	}
}

/* Which clauses tell of something at a day or an hour, and which of a call in vain */
void
tw_mark_events(TwReport *r)
{
	for (int32 i = 0; i < r->ntimes; i++)
	{
		const TwTime *time = &r->times[i];
		TwClauseSpan *clause = &r->clauses[time->clause];
		uint8		flags = time->flags & (TW_TIME_DATE | TW_TIME_CLOCK);

		if (flags == 0 || time->flags == TW_TIME_NODE)
			continue;
		if (is_of_dispatch(r, time))
			clause->dispatched |= flags;
		else
			clause->when |= flags;
	}
	mark_failed(r);
}

/* A clause that goes on with what the one before it tells: 随后, 并, 当场 */
static const char *const sequel_words_list[] = {
	"随后", "随即", "当场", "即时", "即电", "即联", "即回", "并", "同时", "后", "于是", "之后", "当即", "立即", "第一时间", "同步", "当面", "遂", "再", "又", "由", "电话",
	"工作人员", "现场"
};
static TwWordList sequel_words = TW_WORD_LIST(sequel_words_list);

/*
 * Does the clause before give this one its time?  2月6日10时20分，工作人员… does;
 * 3月7日更换灯泡，已电话回复 tells the day of another thing.
 */
static bool
lends_time(const TwReport *r, int32 c)
{
	const TwClauseSpan *before = &r->clauses[c];
	int32		first = r->clauses[c + 1].first;

	if (before->when == 0)
		return false;
	if ((before->when & TW_TIME_CLOCK) || !(before->roles & (ROLE(TW_MEASURE) | ROLE(TW_COMPLETION))))
		return true;
	while (tw_kind_at(r, first) == TW_SPACE)
		first++;
	return tw_word_length(&sequel_words, &r->folded, first, r->clauses[c + 1].last) > 0 ||
		tw_among("后时毕际间许", tw_point_at(r, before->last - 1));
}

static const char *const time_names_list[] = {"时间", "时点", "接通", "通话"};
static TwWordList time_names = TW_WORD_LIST(time_names_list);

/* 已电话联系，时间为5月30日15时: the clause behind is nothing but the time of this one */
static bool
is_time_alone(const TwReport *r, int32 c)
{
	const TwClauseSpan *clause = &r->clauses[c];
	int			ideographs = 0;

	if (clause->when == 0 || (clause->roles & (ROLE(TW_MEASURE) | ROLE(TW_COMPLETION) | ROLE(TW_FACT) | ROLE(TW_REPLY))))
		return false;
	for (int32 i = clause->first; i <= clause->last && ideographs < 14; i++)
		ideographs += r->folded.chars[i].kind == TW_HAN;
	return ideographs < 8 || (ideographs < 14 &&
		tw_word_within(&time_names, &r->folded, clause->first, clause->last) >= 0);
}

/* Day and hour at which a clause happened: its own, a neighbour's in its sentence, or of the section it heads */
static uint32
times_near(const TwReport *r, int32 clause)
{
	const TwClauseSpan *own = &r->clauses[clause];
	uint32		flags = own->when;

	if (own->end == TW_END_COLON)
	{
		/* a heading: what its section says, three clauses far */
		for (int32 c = clause + 1; c < r->nclauses && c <= clause + 4 && r->clauses[c].section == r->clauses[clause + 1].section; c++)
			flags |= r->clauses[c].failed ? 0 : r->clauses[c].when;
	}
	else if (flags == 0 && clause + 1 < r->nclauses && r->clauses[clause + 1].sentence == own->sentence &&
			 is_time_alone(r, clause + 1))
		flags |= r->clauses[clause + 1].when;
	/* 8月4日9点40，助残员上门见到老人，当面沟通: the day stands where the sentence began */
	for (int32 c = clause - 1, steps = 0; c >= 0 && steps < 3 && r->clauses[c].sentence == own->sentence &&
		 r->clauses[c].end == TW_END_COMMA && !(flags & TW_TIME_CLOCK); c--, steps++)
	{
		if (flags != 0 || lends_time(r, c))
			flags |= r->clauses[c].when;
		if (r->clauses[c].when != 0 || (r->clauses[c].roles & (ROLE(TW_MEASURE) | ROLE(TW_COMPLETION) | ROLE(TW_FACT))))
			break;
	}
	/* 【时间】2023-09-06 14:20【联系】: a heading of its own before the contact's */
	if (flags == 0 && own->sentence_first > 0 && clause - own->sentence_first <= 1 &&
		r->clauses[own->sentence_first - 1].when == (TW_TIME_DATE | TW_TIME_CLOCK) && is_time_alone(r, own->sentence_first - 1))
		flags = r->clauses[own->sentence_first - 1].when;
	return flags;
}

/* Does the first contact's own section hold a day and an hour? */
static bool
dated_section(const TwReport *r)
{
	uint32		flags = 0;

	for (int32 c = 0; r->labels[TW_E1] && c < r->nclauses; c++)
		if (r->clauses[c].section == TW_E1 && !r->clauses[c].failed)
			flags |= r->clauses[c].when;
	return (flags & TW_TIME_CLOCK) && (flags & TW_TIME_DATE);
}

/* ... and is another than the petitioner */
static const char *const other_words_list[] = {
	"物业", "店", "公司", "房东", "施工", "师傅", "养护", "供电", "供水", "燃气", "电力", "区", "市", "部门", "单位", "局", "业委会", "居委", "民警", "派出所", "企业",
	"商", "经营", "学校", "医院", "银行", "维保", "环卫", "城管", "房管", "绿化", "水务", "中心", "人员", "队", "方式", "机构", "负责", "管理", "厂",
	"12345", "热线", "开发", "中介", "平台", "电工", "水工", "工人", "工程", "维修", "车主", "摊主", "邻居", "楼上", "楼下", "被", "报修", "法院", "律师"
};
static TwWordList other_words = TW_WORD_LIST(other_words_list);

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
		other = tw_word_within(&other_words, &r->folded, match->last + 1, Min(match->last + 5, r->clauses[match->clause].last)) >= 0;
	return other;
}

/* Are these the petitioner's words? */
static bool
is_spoken(const TwReport *r, int32 at)
{
	for (int32 i = 0; i < r->nspeeches; i++)
		if (r->speeches[i].first <= at && r->speeches[i].last >= at)
			return true;
	return false;
}

/* 微信语音先行联系, 拨通车先生手机: does the clause reach out, and to nobody else? */
static bool
reaches_out(const TwReport *r, int32 c, TwWordList *words)
{
	int32		last = r->clauses[c].last;
	int32		at = r->clauses[c].first;

	while ((at = tw_word_within(words, &r->folded, at, last)) >= 0)
	{
		int			length = tw_word_length(words, &r->folded, at, last);

		if (tw_point_at(r, at + length) != ':' && tw_word_within(&other_words, &r->folded, at + length, Min(last, at + length + 5)) < 0)
			return !is_spoken(r, at);
		at += length;
	}
	return false;
}

/* How far into the text the first contact may be told */
#define LEADING_CLAUSES 24

/*
 * Before anything is found, a clause with day and hour that reaches
 * out to nobody else: the first contact, whatever it calls the petitioner.
 */
static int32
leading_contact(const TwReport *r)
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
			(reaches_out(r, c, &reach_words) ||
			 (c + 1 < r->nclauses && r->clauses[c + 1].sentence == clause->sentence && r->clauses[c + 1].when == 0 &&
			  !(r->clauses[c + 1].roles & ROLE(TW_REPLY)) && !told && reaches_out(r, c + 1, &reach_words))))
			return clause->sentence;
		if (told)
			break;
	}
	return -1;
}

static const char *const thrice_list[] = {"三次", "3次", "四次", "4次", "五次", "5次", "六次", "6次", "多次", "数次", "三通", "3通", "三遍", "3遍", "三度"};
static TwWordList thrice = TW_WORD_LIST(thrice_list);

static const char *const tell_words_list[] = {
	"联系", "致电", "电联", "去电", "拨通", "拨打", "通话", "沟通", "微信", "短信", "电话", "座机", "语音", "视频", "联络", "回电", "回拨", "接通", "打通", "连线", "私信", "邮件",
	"面谈", "会面", "约见", "见面", "面访", "走访", "知会", "告知", "告诉", "通知", "电告", "复告", "转告", "告之", "当面", "书面", "函告", "送达", "回告", "说明", "回音", "回话"
};
static TwWordList tell_words = TW_WORD_LIST(tell_words_list);

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
			(reaches_out(r, c, &tell_words) ||
			 (c + 1 < r->nclauses && r->clauses[c + 1].sentence == clause->sentence && r->clauses[c + 1].when == 0 &&
			  !(r->clauses[c + 1].roles & ROLE(TW_OTHER_PARTY)) && reaches_out(r, c + 1, &tell_words))))
			found = clause->sentence;
		done |= (clause->roles & (ROLE(TW_MEASURE) | ROLE(TW_COMPLETION) | ROLE(TW_FACT))) != 0;
	}
	return found;
}

/* R7: three attempts count as contact; told one by one with their hours, or as a number */
static bool
attempted_thrice(const TwReport *r)
{
	int			attempts = 0;

	for (int32 i = 0; i < r->ntimes && attempts < 3; i++)
		attempts += r->clauses[r->times[i].clause].failed && (r->times[i].flags & TW_TIME_CLOCK) != 0;
	for (int32 c = 0; c < r->nclauses && attempts < 3; c++)
		if (r->clauses[c].failed && tw_word_within(&thrice, &r->folded, r->clauses[c].first, r->clauses[c].last) >= 0)
			attempts = 3;
	return attempts >= 3;
}

/* The first clause that tells of something done, behind the finding: a contact from there on tells the result */
static int32
first_disposal(const TwReport *r)
{
	int32		fact = -1;

	for (const TwMatch *match = tw_first_of(r, TW_FACT); match != NULL && fact < 0; match = tw_next_of(r, match))
		if (tw_is_live(r, match) && r->clauses[match->clause].section != TW_E1 && r->clauses[match->clause].section != TW_SECTION_REPLY)
			fact = match->clause;
	for (int32 c = fact + 1; fact >= 0 && c < r->nclauses; c++)
		if ((r->clauses[c].roles & (ROLE(TW_MEASURE) | ROLE(TW_COMPLETION))) && r->clauses[c].section != TW_E1 &&
			!(r->clauses[c].roles & (ROLE(TW_FUTURE_MARK) | ROLE(TW_NEGATION) | ROLE(TW_CONTACT))))
			return c;
	return r->nclauses;
}

static bool
says_again(const TwReport *r, const TwMatch *match)
{
	for (int32 at = match->first - 2; at <= match->first + 1; at++)
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
		flags = times_near(r, match->clause);
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
	if (dated_section(r) || replies > 1 || leading_contact(r) >= 0)
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

static const char *const nothing_list[] = {"无", "暂无", "没有", "略", "缺", "待", "后补", "未", "另行", "/", "-", "—", "空", "0份", "0张"};
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
		return match->role == TW_ATTACHMENT_LABEL && tw_kind_at(r, at) == TW_HAN;
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
		if (!(times_near(r, match->clause) & (TW_TIME_DATE | TW_TIME_CLOCK)))
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
		int32		leading = leading_contact(r);

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
