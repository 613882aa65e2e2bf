/*
 * report_contents.c
 *		What a person has to judge: signs of P3 (R8), and the contents that the
 *		norm asks for beyond the elements (R7a).  Nothing here rejects.
 */
#include "report_check.h"

/* Below this share of the appeal's character pairs the report seems to speak of something else. */
#define LEAST_OVERLAP 0.04
#define LEAST_PAIRS 16

/* Is anything finished, or, where that is the matter, explained? */
static bool
has_substance(const TwReport *r)
{
	for (int32 c = 0; c < r->nclauses; c++)
	{
		int			section = r->clauses[c].section;

		if (section == TW_SECTION_ATTACHMENT || section == TW_SECTION_REPLY || section == TW_E1)
			continue;
		if (tw_clause_acts(r, c))
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
	if (han > LEAST_PAIRS && r->folded.count > 0 && tw_pair_overlap(&appeal, &r->folded) < LEAST_OVERLAP)
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
