/*
 * report_events.c
 *		When the clauses of a report happened, and whom they reach: the ground of
 *		first contact and reply (report_contacts.c, report_replies.c).
 */
#include "report_check.h"

#include "report_words.h"

/* What happens to the order, not to the petitioner: its time is no time of a contact */
static const char *const dispatch_words_list[] = {
	"派至", "派到", "派单", "派发", "派给", "派往", "派来", "派转", "派件", "转派", "转至", "转到", "转来", "转办", "转单", "流转", "交办", "下派", "下发", "下达",
	"分派", "派送", "推送", "接单", "接到工单", "接到派", "接到诉求", "接到投诉", "接到来电", "接到反映", "接到该", "接到此", "接到本", "接到任务", "接到交办",
	"接到热线", "接到街道", "接到12345", "接报", "接件", "收到工单", "收到派", "收到诉求", "收到转", "收到来电", "收到投诉", "收到热线", "收到任务", "收到该", "收到此", "收到本", "收单", "收悉", "签收工单", "受理", "到单", "来单", "建单", "立单", "生成", "到件", "截止", "到期",
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
		{
			int32		first = at;

			while (first > at - 5 && tw_kind_at(r, first - 1) == TW_HAN)
				first--;
			return tw_word_within(&order_words, &r->folded, first, at - 1) >= 0;
		}
	}
	return false;
}

/* 拟于2月13日15时电话回复: what is still to come has not happened; a day alone may be one of a report written later */
static bool
is_announced(const TwReport *r, const TwTime *time)
{
	for (int32 at = time->first - 1; at >= time->first - 3 && tw_kind_at(r, at) == TW_HAN; at--)
		if (tw_among("拟将计预待准", tw_point_at(r, at)))
			return true;
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

		if (flags == 0 || time->flags == TW_TIME_NODE || ((time->flags & TW_TIME_NODE) && is_announced(r, time)))
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
uint32
tw_times_near(const TwReport *r, int32 clause)
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

/* ... and is another than the petitioner */
static const char *const other_words_list[] = {
	"物业", "店", "公司", "房东", "施工", "师傅", "养护", "供电", "供水", "燃气", "电力", "区", "市", "部门", "单位", "局", "业委会", "居委", "民警", "派出所", "企业",
	"商", "经营", "学校", "医院", "银行", "维保", "环卫", "城管", "房管", "绿化", "水务", "中心", "人员", "队", "方式", "机构", "负责", "管理", "厂",
	"12345", "热线", "开发", "中介", "平台", "电工", "水工", "工人", "工程", "维修", "车主", "摊主", "邻居", "楼上", "楼下", "被", "报修", "法院", "律师"
};
static TwWordList other_words = TW_WORD_LIST(other_words_list);

/* ... and to tell him something */
static const char *const tell_words_list[] = {
	"联系", "致电", "电联", "去电", "拨通", "拨打", "通话", "沟通", "微信", "短信", "电话", "座机", "语音", "视频", "联络", "回电", "回拨", "接通", "打通", "连线", "私信", "邮件",
	"面谈", "会面", "约见", "见面", "面访", "走访", "知会", "告知", "告诉", "通知", "电告", "复告", "转告", "告之", "当面", "书面", "函告", "送达", "回告", "说明", "回音", "回话"
};
static TwWordList tell_words = TW_WORD_LIST(tell_words_list);

/* Are these the petitioner's words? */
static bool
is_spoken(const TwReport *r, int32 at)
{
	int32		low = 0;
	int32		high = r->nspeeches;

	/* the last that begins there or before it; they are sorted, and the one before may reach further */
	while (low < high)
	{
		int32		middle = (low + high) / 2;

		if (r->speeches[middle].first <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return (low > 0 && r->speeches[low - 1].last >= at) || (low > 1 && r->speeches[low - 2].last >= at);
}

/* 微信语音先行联系, 拨通车先生手机: does the clause reach out, and to nobody else? */
bool
tw_reaches_out(const TwReport *r, int32 c, bool telling)
{
	TwWordList *words = telling ? &tell_words : &reach_words;
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

/* 先行联系：2月6日10时电话联系店主林某: whom the section reaches, and it is not the petitioner */
bool
tw_contacts_others_only(const TwReport *r)
{
	bool		others = false;

	for (int32 c = 0; c < r->nclauses; c++)
	{
		if (r->clauses[c].section != TW_E1 || r->clauses[c].heading)
			continue;
		if ((r->clauses[c].all_roles & (ROLE(TW_PETITIONER) | ROLE(TW_TITLE))) || tw_reaches_out(r, c, false))
			return false;
		others |= tw_word_within(&reach_words, &r->folded, r->clauses[c].first, r->clauses[c].last) >= 0;
	}
	return others;
}

/* Does a third party's name stand right behind a place in its clause: 电话联系养护单位? */
bool
tw_goes_to_other(const TwReport *r, int32 at, int32 clause)
{
	return tw_word_within(&other_words, &r->folded, at + 1, Min(at + 5, r->clauses[clause].last)) >= 0;
}
