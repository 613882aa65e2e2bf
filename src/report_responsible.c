/*
 * report_responsible.c
 *		Who answers for the ticket and how he is reached (annex 4, list 1): a
 *		person (E5) and a telephone that is his or his department's (E6, R6).
 */
#include "report_check.h"

#include "report_person.h"
#include "report_phone.h"
#include "report_words.h"

/* How far behind 责任人 a name may stand */
#define NAME_WINDOW 60

/* A stretch of the text, with the spaces within names left out: 别 某 */
typedef struct Window
{
	TwFolded	folded;
	TwChar		chars[NAME_WINDOW];
} Window;

static bool
is_blank(const TwReport *r, int32 at)
{
	return tw_kind_at(r, at) == TW_SPACE && tw_point_at(r, at) != '\n';
}

/* 管理办王　某，: one ideograph behind the space, and nothing that goes on typed wide */
static bool
ends_wide(const TwReport *r, int32 at, int32 next)
{
	return tw_kind_at(r, next) == TW_HAN && tw_kind_at(r, next + 1) != TW_HAN &&
		(!is_blank(r, next + 1) || (tw_point_at(r, next) == 0x67d0 && tw_is_surname(tw_point_at(r, at - 1))));
}

/*
 * Copies a stretch, and leaves out the spaces of what is typed wide: 别 某. A
 * space is one of these where one ideograph stands alone before it; those of
 * another width than the first one part two words: 步 某　电 话.
 */
static void
open_window(const TwReport *r, int32 first, int32 last, Window *window)
{
	TwFolded   *f = &window->folded;
	uint32		wide = 0;
	int			width = 0;
	int			run = 0;		/* ideographs of the text since the last mark or space */

	f->chars = window->chars;
	f->count = 0;
	f->room = NAME_WINDOW;
	f->originals = 0;
	for (int32 at = first; at <= last && at < r->folded.count && f->count < f->room; at++)
	{
		if (is_blank(r, at))
		{
			int32		next = at;

			while (next <= last && is_blank(r, next))
				next++;
			if ((run == 1 ? tw_kind_at(r, next) == TW_HAN : ends_wide(r, at, next)) &&
				(width == 0 || (width == next - at && wide == tw_point_at(r, at))))
			{
				width = next - at;
				wide = tw_point_at(r, at);
				at = next - 1;
				run = 0;
				continue;
			}
		}
		run = tw_kind_at(r, at) == TW_HAN ? run + 1 : 0;
		f->chars[f->count++] = r->folded.chars[at];
	}
}

/* The petitioner by name: behind his number, 13800000000(诉求人), or where a responsible person should stand */
static const char *const callers_list[] = {
	"诉求人", "来电人", "投诉人", "反映人", "求助人", "咨询人", "建议人", "举报人", "信访人", "报修人", "本人", "来电号码", "来电手机", "诉求", "联系诉求", "联系来电", "联系市民",
	"电话联系诉求"
};
static TwWordList callers = TW_WORD_LIST(callers_list);

/* What ends a name: any mark but one that hides a part of it (李**, 王○○), and any letter but x */
static bool
ends_name(const TwChar *c)
{
	switch (c->kind)
	{
		case TW_HAN:
			return false;
		case TW_LETTER:
			return c->point != 'x';
		case TW_MARK:
			return !tw_hides_name(c->point);
		default:
			return true;
	}
}

/* Where the heading of the names ends: 责任人及联系电话：, 责任人(部门): */
static int32
behind_heading(const TwFolded *f, bool numbered, bool *labelled)
{
	int32		after = 0;

	/* 6. 责任人。王某 */
	if (numbered && f->count > 0 && f->chars[0].kind == TW_HARD)
		after = 1;
	*labelled = f->count > 0 && f->chars[0].kind > TW_DIGIT && f->chars[0].point != ',';
	for (int32 i = after; i < f->count && i < 14 && f->chars[i].kind != TW_HARD && f->chars[i].point != ','; i++)
		if (f->chars[i].point == ':' || f->chars[i].point == 0x3011)
		{
			*labelled = true;
			return i + 1;
		}
	return after;
}

static const char *const other_cell_list[] = {"附件", "附：", "回复", "备注", "核实", "处置", "办理", "先行", "满意", "评价"};
static TwWordList other_cells = TW_WORD_LIST(other_cell_list);

/* A name in one of the next five stretches; labelled: whatever is as long as a name is one */
static bool
name_from(const TwFolded *f, int32 at, int32 limit, bool labelled)
{
	for (int stretches = 0; at < limit && stretches < 5;)
	{
		int32		end = at;

		while (end < limit && !ends_name(&f->chars[end]))
			end++;
		if (end > at)
		{
			int32		first = at;

			/* 责任人为王某 */
			if (tw_among("为是系由", f->chars[first].point))
				first++;
			/* another heading's cell */
			if (first < end && tw_word_begins(&other_cells, f, first, end - 1))
				return false;
			/* 联系人：诉求人谯先生 */
			if (tw_word_begins(&callers, f, first, end - 1))
				return false;
			if (first < end && (tw_is_person(f, first, end - 1) || tw_ends_with_person(f, first, end - 1) ||
								tw_begins_with_person(f, first, end - 1)))
				return true;
			if (labelled && first < end && (tw_may_be_person(f, first, end - 1) || tw_is_titled(f, first, end - 1)))
				return true;
			stretches++;
		}
		if (end < limit && f->chars[end].kind == TW_HARD)
			break;
		if (end < limit && f->chars[end].kind == TW_DIGIT)
		{
			/* 责任人：62330055(王某); 责任人：1.王某 */
			int32		digits = end;

			while (end < limit && (f->chars[end].kind == TW_DIGIT || f->chars[end].point == '-'))
				end++;
			if (end >= limit || !(f->chars[end].point == '(' ||
								  (end - digits <= 2 && (f->chars[end].point == '.' || f->chars[end].point == 0x3001))))
				break;
		}
		at = end + 1;
	}
	return false;
}

/* The names behind 责任人: 社区管理办 赵某（主任）、李某; at most five stretches far */
static bool
person_after(const TwReport *r, const TwMatch *match)
{
	int32		at = match->last + 1;
	int32		before = r->clauses[match->clause].first;
	bool		numbered;
	Window		window;
	bool		labelled;
	int32		heading;

	while (tw_kind_at(r, before) == TW_SPACE)
		before++;
	numbered = before < match->first && match->first - before <= 4 &&
		(tw_kind_at(r, before) == TW_DIGIT || tw_kind_at(r, before) == TW_MARK || tw_numeral(tw_point_at(r, before)) >= 0);
	open_window(r, at, at + NAME_WINDOW - 1, &window);
	heading = behind_heading(&window.folded, numbered, &labelled);
	/* 责任人凌某(社区管理办)(电话:…): the colon is not the heading's */
	return (heading > 0 && name_from(&window.folded, 0, heading - 1, false)) ||
		name_from(&window.folded, heading, window.folded.count, labelled);
}

/* Headings that name somebody else */
static const char *const other_holders_list[] = {
	"当事", "证人", "房东", "店", "商", "业主", "施工", "在场", "参加", "见证", "被", "受访", "接听", "通话", "拍摄", "摄影", "物业", "肇事", "违", "居民", "住户", "租", "对方",
	"户主", "家属", "监护", "申请", "委托", "法定", "法人", "代表", "经营", "所有", "产权", "使用", "车", "公司", "企业", "单位负责", "开发"
};
static TwWordList other_holders = TW_WORD_LIST(other_holders_list);

/* 社区民警：毛某, 跟单人：王某: an office or a part as the heading, a name behind it */
static bool
has_office_holder(const TwReport *r)
{
	for (int32 c = 0; c + 1 < r->nclauses; c++)
	{
		const TwClauseSpan *clause = &r->clauses[c];
		const TwClauseSpan *next = &r->clauses[c + 1];
		int32		last = clause->last - 1;
		Window		window;
		int32		end = 0;

		if (clause->end != TW_END_COLON || clause->last - clause->first > 16 ||
			(clause->all_roles & (ROLE(TW_PETITIONER) | ROLE(TW_SPEECH) | ROLE(TW_CONTACT))))
			continue;
		while (last > clause->first && tw_kind_at(r, last) != TW_HAN)
			last--;
		if (!tw_ends_with_title(&r->folded, clause->first, last) &&
			!(tw_among("人员者", tw_point_at(r, last)) && tw_point_at(r, last - 1) != 0x8bc9 &&
			  tw_word_within(&other_holders, &r->folded, clause->first, last) < 0))
			continue;
		open_window(r, next->first, Min(next->last, next->first + 24), &window);
		while (end < window.folded.count && window.folded.chars[end].kind == TW_SPACE)
			end++;
		if (end >= window.folded.count || tw_word_begins(&callers, &window.folded, end, window.folded.count - 1))
			continue;
		for (last = end; last < window.folded.count && !ends_name(&window.folded.chars[last]); last++)
			;
		if (last > end && (tw_is_person(&window.folded, end, last - 1) || tw_ends_with_person(&window.folded, end, last - 1)))
			return true;
	}
	return false;
}

static void
check_person(TwReport *r, bool signed_by_person)
{
	const TwMatch *nameless = NULL;

	for (const TwMatch *match = tw_first_of(r, TW_PERSON); match != NULL; match = tw_next_of(r, match))
	{
		const TwPattern *pattern = tw_pattern_of(r, match);
		const TwClauseSpan *clause = &r->clauses[match->clause];

		/* 店方负责人岑某: the shop's */
		if (match->silent || match->spoken || (pattern->code == TW_CODE_ANY && tw_point_at(r, match->last + 1) == 0x4eba))
			continue;
		/* by code: E5 a name follows, any a name may also stand before (由王某具体负责) */
		if (person_after(r, match))
			return;
		if (pattern->code == TW_CODE_ANY && match->first > clause->first)
		{
			for (int32 end = match->tail_first - 1; end > clause->first && end >= match->tail_first - 5; end--)
				if (tw_ends_with_person(&r->folded, clause->first, end))
					return;
			continue;
		}
		nameless = match;
	}
	if (signed_by_person || has_office_holder(r))
		return;
	tw_add_finding(r, TW_E5, TW_REJECT, nameless ? nameless->first : -1, nameless ? nameless->last : -1, -1,
				   nameless ? "report_e5_no_name" : "report_e5", NULL);
}

static const char *const phone_words_list[] = {"联系电话", "办公电话", "联系方式", "电话", "手机", "座机", "固话", "号码", "tel"};
static TwWordList phone_words = TW_WORD_LIST(phone_words_list);

/*
 * Is it a person who stands right before the number: 市容办 马某 62330055,
 * 王某(电话62330055), 王某(管理办)60001234?  Whoever signs with name and
 * number is responsible.
 */
static bool
person_before(const TwReport *r, const TwPhone *phone)
{
	const TwFolded *f = &r->folded;
	int32		end = phone->first - 1;
	int32		first;
	Window		window;

	for (int rounds = 0; rounds < 2; rounds++)
	{
		for (int i = 0; i < 3 && end >= 0 && f->chars[end].kind > TW_DIGIT && f->chars[end].point != ')' &&
			 (f->chars[end].kind != TW_HARD || (rounds > 0 && f->chars[end].point == ';')); i++)
			end--;
		if (rounds > 0 || end < 1)
			break;
		for (int length = 4; length >= 2; length--)
			if (end >= length && tw_word_fills(&phone_words, f, end - length + 1, end))
			{
				end -= length;
				break;
			}
	}
	/* 王某(社区管理办) */
	if (end > 0 && f->chars[end].point == ')')
		for (int32 at = end - 1; at > 0 && at > end - 18; at--)
			if (f->chars[at].point == '(')
			{
				end = at - 1;
				break;
			}
	for (first = end; first > 0 && first > end - 12 &&
		 (f->chars[first - 1].kind == TW_HAN ||
		  (is_blank(r, first - 1) && tw_kind_at(r, first - 2) == TW_HAN && tw_kind_at(r, first - 3) != TW_HAN)); first--)
		;
	if (end < first || first < 0 || f->chars[end].kind != TW_HAN)
		return false;
	open_window(r, first, end, &window);
	end = window.folded.count - 1;
	return end > 0 && (tw_is_person(&window.folded, 0, end) || tw_ends_with_person(&window.folded, 0, end) ||
					   tw_is_titled(&window.folded, 0, end));
}

typedef enum Owner
{
	HANDLER, CALLER, THIRD, NO_PHONE
} Owner;

/* Whose number is neither the handler's nor the petitioner's: 店方电话, 燃气公司, 房东手机 */
static const char *const third_parties_list[] = {
	"店", "商户", "商家", "摊主", "物业", "公司", "企业", "施工", "师傅", "厂家", "厂方", "售后", "银行", "学校", "校方", "医院", "院方", "法院", "律师", "房东", "租客", "租户",
	"业主", "邻居", "家属", "车主", "司机", "客服电话", "客服热线", "维保", "养护单位", "燃气", "供水", "供电", "电力", "自来水", "中介", "驿站", "快递", "培训", "餐厅", "饭店", "酒店", "宾馆",
	"超市", "老板", "经营者", "经营方", "平台", "保险", "报修", "抢修", "开发商", "承租", "产权人", "当事人", "对方", "户主", "住户", "消费者", "顾客", "家长", "楼上", "楼下",
	"肇事", "仲裁", "消协", "业委会", "消费投诉", "传真", "qq", "微信号"
};
static TwWordList third_parties = TW_WORD_LIST(third_parties_list);

/* Before a number, the petitioner's: 来电显示, 登记号码, 其手机 */
static const char *const callers_own_list[] = {
	"来电显示", "来电号码", "来电电话", "登记号码", "登记的号码", "登记电话", "登记的电话", "预留", "所留", "留下的", "留的", "其手机", "其电话", "其本人", "工单号码", "工单电话", "对其",
	"本人手机", "本人电话"
};
static TwWordList callers_own = TW_WORD_LIST(callers_own_list);

/* With what the author calls: 用, 以, 由 座机 */
static bool
calls_with(const TwReport *r, const TwPhone *phone, int32 first)
{
	for (int32 at = phone->first - 1; at >= first && at >= phone->first - 12; at--)
		if (tw_among("用以由从借我", tw_point_at(r, at)) || (tw_point_at(r, at) == 0x901a && tw_point_at(r, at + 1) == 0x8fc7))	/* 通过 */
			return true;
	return false;
}

/* Does a third party's name stand before the number, and no heading of the handler's behind it? */
static bool
is_third_party(const TwReport *r, const TwPhone *phone, int32 clause)
{
	int32		first = Max(r->clauses[clause].first, phone->first - 16);
	int32		word = tw_word_within(&third_parties, &r->folded, first, phone->first - 1);

	if (word >= 0)
	{
		/* 责任人：物业经理李某 62330055 */
		bool		value = clause > 0 && r->clauses[clause - 1].end == TW_END_COLON &&
			((r->clauses[clause - 1].all_roles & ROLE(TW_PERSON)) || r->clauses[clause].section == TW_E6);

		return !(value && (r->clauses[clause].section == TW_E6 || person_before(r, phone)));
	}
	/* 店方电话：139… */
	if (clause == 0 || r->clauses[clause - 1].end != TW_END_COLON || phone->first - r->clauses[clause].first > 3 ||
		(r->clauses[clause - 1].all_roles & ROLE(TW_PERSON)))
		return false;
	/* 责任人：老年学校教务濮某　电话：… is his own */
	first = Max(r->clauses[clause - 1].first, r->clauses[clause - 1].last -
				(clause > 1 && r->clauses[clause - 2].end == TW_END_COLON && (r->clauses[clause - 2].all_roles & ROLE(TW_PERSON)) ? 6 : 12));
	return tw_word_within(&third_parties, &r->folded, first, r->clauses[clause - 1].last) >= 0;
}

/* Whose number it is, by what stands before it in the sentence, and right behind it (R6) */
static Owner
owner_of(const TwReport *r, const TwPhone *phone, int32 match, int32 clause)
{
	const TwClauseSpan *own = &r->clauses[clause];
	int			section = own->section;
	bool		labelled = section == TW_E5 || section == TW_E6;
	bool		announced = false;
	bool		person = false;
	int			looked = 0;

	/* 12345, 962777, 95588: a hotline that all may call is nobody's own */
	if (phone->kind == TW_SHORT)
		return THIRD;
	for (int32 i = phone->last + 1; i <= phone->last + 2; i++)
		if (tw_word_length(&callers, &r->folded, i, r->folded.count - 1) > 0)
			return CALLER;
	/* 由社区干部王某(62330055)负责 */
	for (int32 i = match + 1; i < r->nmatches && i <= match + 12; i++)
		if (r->matches[i].role == TW_PERSON && r->matches[i].first < phone->first && r->matches[i].clause == clause &&
			!r->matches[i].silent && !r->matches[i].spoken)
			return HANDLER;
	for (int32 i = match; i >= 0 && looked < 16; i--, looked++)
	{
		const TwMatch *m = &r->matches[i];
		int			role = m->role;
		int32		distance = phone->first - m->last - 1;

		if (m->last >= phone->first || m->silent)
			continue;
		if (r->clauses[m->clause].sentence != own->sentence || distance > 40)
			break;
		if (role == TW_NOT_PHONE && distance <= 6 && !announced)
			return NO_PHONE;
		if (role == TW_PHONE && distance <= 12)
			announced = true;
		if (role == TW_PERSON)
		{
			person = true;
			break;
		}
		/* 诉求人(电话：62550905) */
		if (role == TW_PETITIONER && distance <= 5)
			return CALLER;
		if ((role == TW_PETITIONER || role == TW_TITLE) && !labelled)
		{
			/* a desk's own line, named before the caller, stays the desk's */
			if (phone->kind == TW_MOBILE || distance <= 8)
				return CALLER;
		}
		if ((role == TW_CONTACT || role == TW_REPLY) && m->clause == clause && !labelled && phone->kind == TW_MOBILE &&
			!calls_with(r, phone, own->first))
			return CALLER;
	}
	if (!labelled && !person && tw_word_within(&callers_own, &r->folded, Max(own->first, phone->first - 12), phone->first - 1) >= 0)
		return CALLER;
	if (is_third_party(r, phone, clause))
		return THIRD;
	if (person)
		return HANDLER;
	/* 先行联系：13800000000，2月6日10时接通 */
	if ((section == TW_E1 || section == TW_SECTION_REPLY) && phone->kind == TW_MOBILE && !calls_with(r, phone, own->first) &&
		!person_before(r, phone))
		return CALLER;
	if (phone->kind == TW_LOCAL)
		return announced || labelled || person_before(r, phone) ? HANDLER : NO_PHONE;
	return HANDLER;
}

#define MAX_CALLERS 8

/* E6; tells whether a person stands with the handler's number */
static bool
check_phone(TwReport *r)
{
	bool		person = false;
	char		callers_numbers[MAX_CALLERS][TW_PHONE_DIGITS + 1];
	TwSpan		handlers[MAX_CALLERS];
	char		numbers[MAX_CALLERS][TW_PHONE_DIGITS + 1];
	int			ncallers = 0;
	int			nhandlers = 0;
	int32		match = 0;
	int32		clause = 0;
	int32		past = -1;
	int32		seen_first = -1;
	int32		seen_last = -1;

	for (int32 i = 0; i < r->nruns; i++)
	{
		TwPhone		phone;

		if (r->runs[i] <= past || !tw_find_phone(&r->folded, r->runs[i], &phone))
			continue;
		past = phone.last;
		clause = tw_clause_at(r, phone.first, clause);
		while (match < r->nmatches && r->matches[match].last < phone.first)
			match++;
		switch (owner_of(r, &phone, match - 1, clause))
		{
			case CALLER:
				if (ncallers < MAX_CALLERS)
					memcpy(callers_numbers[ncallers++], phone.digits, sizeof(phone.digits));
				seen_first = phone.first;
				seen_last = phone.last;
				break;
			case THIRD:
				seen_first = phone.first;
				seen_last = phone.last;
				break;
			case HANDLER:
				if (nhandlers < MAX_CALLERS)
				{
					person |= person_before(r, &phone);
					handlers[nhandlers].first = phone.first;
					handlers[nhandlers].last = phone.last;
					memcpy(numbers[nhandlers++], phone.digits, sizeof(phone.digits));
				}
				break;
			case NO_PHONE:
				break;
		}
	}
	for (int i = 0; i < nhandlers; i++)
	{
		bool		callers_number = r->input->petitioner_phone != NULL &&
			tw_same_phone(numbers[i], r->input->petitioner_phone);

		for (int c = 0; c < ncallers && !callers_number; c++)
			callers_number = tw_same_phone(numbers[i], callers_numbers[c]);
		if (!callers_number)
			return person;
		seen_first = handlers[i].first;
		seen_last = handlers[i].last;
	}
	tw_add_finding(r, TW_E6, TW_REJECT, seen_first, seen_last, -1,
				   seen_first >= 0 ? "report_e6_not_own" : "report_e6", NULL);
	return person;
}

void
tw_check_responsible(TwReport *r)
{
	check_person(r, check_phone(r));
}
