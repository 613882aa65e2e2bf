/*
 * report_contents.c
 *		What a person has to judge: signs of P3 (R8), and the contents that the
 *		norm asks for beyond the elements (R7a).  Nothing here rejects.
 */
#include "report_check.h"

/* Below this share of the appeal's character pairs the report seems to speak of something else. */
#define LEAST_OVERLAP 0.04
#define LEAST_PAIRS 16
#define LEAST_IDEOGRAPHS 8
/* characters of a clause that tells more than its day */
#define LEAST_TOLD 12

/* Is anything finished, or, where that is the matter, explained? */
static bool
has_substance(const TwReport *r)
{
	for (int32 c = 0; c < r->nclauses; c++)
	{
		int			section = r->clauses[c].section;

		if (section == TW_SECTION_ATTACHMENT || section == TW_SECTION_REPLY || section == TW_E1 ||
			(r->labels[TW_E4] && section != TW_E4))
			continue;
		if (tw_clause_acts(r, c))
			return true;
		/* in the disposal's own section what happened on a day is told, whatever the verb */
		if (section == TW_E4 && r->clauses[c].past && r->clauses[c].last - r->clauses[c].first >= LEAST_TOLD &&
			!(r->clauses[c].roles & (ROLE(TW_FUTURE_MARK) | ROLE(TW_NEGATION) | ROLE(TW_HOLLOW) | ROLE(TW_SYNONYM) |
									 ROLE(TW_PROHIBITED) | ROLE(TW_CONTACT) | ROLE(TW_REPLY))))
			return true;
		if (r->input->category >= TW_SUGGESTION && (r->clauses[c].roles & ROLE(TW_EXPLAINED)) &&
			!(r->clauses[c].roles & (ROLE(TW_FUTURE_MARK) | ROLE(TW_SYNONYM) | ROLE(TW_PROHIBITED))))
			return true;
	}
	return false;
}

static void
check_substance(TwReport *r)
{
	bool		substance = has_substance(r);
	const TwMatch *hollow = NULL;

	for (const TwMatch *match = tw_first_of(r, TW_HOLLOW); match != NULL; match = tw_next_of(r, match))
	{
		const TwPattern *pattern = tw_pattern_of(r, match);

		if (match->silent || match->quoted || match->spoken)
			continue;
		if (hollow == NULL)
			hollow = match;
		/* beside real measures a phrase is a matter of style, unless the rulebook says more */
		tw_add_finding(r, TW_P3, substance ? TW_ADVICE : pattern->severity, match->first, match->last,
					   match->pattern, "report_hollow", NULL);
	}
	if (!substance)
		tw_add_finding(r, TW_P3, TW_REVIEW, -1, -1, -1, "report_no_action", NULL);
}

/* Ideographs of every appeal, which say nothing of its matter */
static const uint16 common_ideographs[] = {
	0x7684, 0x4e86, 0x5728, 0x548c, 0x4e0e, 0x53ca, 0x662f, 0x6709, 0x4e0d, 0x4e3a, 0x4eba, 0x6211,	/* 的了在和与及是有不为人我 */
	0x60a8, 0x4ed6, 0x5979, 0x4eec, 0x4e2a, 0x8fd9, 0x90a3, 0x4e0a, 0x4e0b, 0x5230, 0x5bf9, 0x6765,	/* 您他她们个这那上下到对来 */
	0x53bb, 0x8bf7, 0x6c42, 0x8981, 0x53cd, 0x6620, 0x8bc9, 0x5e02, 0x6c11, 0x6295, 0x4e3e, 0x62a5,	/* 去请求要反映诉市民投举报 */
	0x7535, 0x5c45, 0x5e0c, 0x671b, 0x80fd, 0x5426, 0x95ee, 0x9898, 0x89e3, 0x51b3, 0x5904, 0x7406,	/* 电居希望能否问题解决处理 */
	0x60c5, 0x51b5, 0x73b0, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d,	/* 情况现一二三四五六七八九 */
	0x5341, 0x5e74, 0x6708, 0x65e5, 0x65f6, 0x5206, 0x53f7, 0x697c, 0x8def, 0x5c0f, 0x533a, 0x8857,	/* 十年月日时分号楼路小区街 */
	0x9053,	/* 道 */
};

#define IDEOGRAPH_SLOTS 8192

/* Set or clear the mark of a character; was it the other way before? */
static inline bool
take_mark(uint64_t *marks, uint32 point, bool set)
{
	uint64_t   *word = &marks[point % IDEOGRAPH_SLOTS / 64];
	uint64_t	bit = UINT64_C(1) << (point % 64);

	if (((*word & bit) != 0) == set)
		return false;
	*word ^= bit;
	return true;
}

/*
 * R8: do the measures speak of the matter?  Where they have a section of their
 * own, less than a tenth of the appeal's ideographs in it is a sign that they
 * do not; the finding before it repeats the appeal and says nothing here.
 */
static bool
measures_elsewhere(const TwReport *r, const TwFolded *appeal)
{
	uint64_t	marks[IDEOGRAPH_SLOTS / 64];	/* of the appeal, until seen in the measures */
	int32		own = 0;
	int32		shared = 0;

	if (!r->labels[TW_E3] && !r->labels[TW_E4])
		return false;
	memset(marks, 0, sizeof(marks));
	for (int i = 0; i < appeal->count; i++)
		if (appeal->chars[i].kind == TW_HAN)
			own += take_mark(marks, appeal->chars[i].point, true);
	for (int i = 0; i < (int) lengthof(common_ideographs); i++)
		own -= take_mark(marks, common_ideographs[i], false);
	if (own < LEAST_IDEOGRAPHS)
		return false;
	for (int32 c = 0; c < r->nclauses; c++)
		if (r->clauses[c].section == TW_E3 || r->clauses[c].section == TW_E4)
			for (int32 i = r->clauses[c].first; i <= r->clauses[c].last; i++)
				if (r->folded.chars[i].kind == TW_HAN && take_mark(marks, r->folded.chars[i].point, false) &&
					++shared * 10 > own)
					return false;
	return true;
}

static void
check_overlap(TwReport *r)
{
	TwChar		room[TW_SMALL_TEXT];
	TwFolded	appeal;
	int32		han = 0;

	if (r->input->appeal == NULL)
		return;
	tw_fold_begin(&appeal, room, lengthof(room));
	if (!tw_fold(&appeal, r->input->appeal, r->input->appeal_length))
		return;
	for (int i = 0; i < appeal.count; i++)
		han += appeal.chars[i].kind == TW_HAN;
	if (han > LEAST_PAIRS && r->folded.count > 0 &&
		(tw_pair_overlap(&appeal, &r->folded) < LEAST_OVERLAP || measures_elsewhere(r, &appeal)))
		tw_add_finding(r, TW_P3, TW_REVIEW, -1, -1, -1, "report_off_subject", NULL);
}

/* Photos need a word on what they show: 处置前后照片, 现场照片 */
static void
check_photos(TwReport *r)
{
	const TwMatch *bare = NULL;

	for (const TwMatch *match = tw_first_of(r, TW_PHOTO); match != NULL; match = tw_next_of(r, match))
	{
		if (match->silent)
			continue;
		if (match->first > 0 && r->folded.chars[match->first - 1].kind == TW_HAN)
		{
			switch (r->folded.chars[match->first - 1].point)
			{
				case 0x548c:	/* 和 */
				case 0x53ca:	/* 及 */
				case 0x9644:	/* 附 */
				case 0x5173:	/* 相关 */
					break;
				default:
					return;
			}
		}
		bare = match;
	}
	if (bare != NULL)
		tw_add_finding(r, TW_C2, TW_REVIEW, bare->first, bare->last, -1, "report_c2", NULL);
}

static const TwMatch *
first_of_role(const TwReport *r, TwRole role)
{
	const TwMatch *match = tw_first_of(r, role);

	while (match != NULL && (match->silent || match->spoken))
		match = tw_next_of(r, match);
	return match;
}

void
tw_check_contents(TwReport *r)
{
	const TwMatch *match;

	check_substance(r);
	check_overlap(r);
	check_photos(r);

	/* 2.3.3.1: the petitioner's judgement of handling and result */
	if (!(r->all_roles & (ROLE(TW_FEEDBACK) | ROLE(TW_NO_ANSWER))) && !tw_without_contact(r))
		tw_add_finding(r, TW_C1, TW_REVIEW, -1, -1, -1, "report_c1", NULL);

	/* 2.3.3.2: what cannot be solved yet needs explanation, a plan and a rough time */
	match = first_of_role(r, TW_UNRESOLVED);
	if (match != NULL)
	{
		bool		node = false;

		for (int32 c = 0; c < r->nclauses; c++)
			node |= r->clauses[c].node;
		if (!node || !(r->all_roles & ROLE(TW_EXPLAINED)))
			tw_add_finding(r, TW_C3, TW_REVIEW, match->first, match->last, -1, "report_c3", NULL);
	}

	/* 2.3.4: 不属实 needs a concluding word */
	match = first_of_role(r, TW_UNFOUNDED);
	if (match != NULL && !(r->roles & ROLE(TW_CONCLUDING)))
		tw_add_finding(r, TW_C4, TW_REVIEW, match->first, match->last, -1, "report_c4", NULL);

	/* A4.2.7: where several departments were involved, a summary of what each did */
	match = first_of_role(r, TW_INVOLVED);
	if (match != NULL && !(r->roles & ROLE(TW_SUMMARY)))
		tw_add_finding(r, TW_C5, TW_ADVICE, match->first, match->last, -1, "report_c5", NULL);
}
