/*
 * report_elements.c
 *		The seven elements (annex 4, list 1), looked for in the text.
 */
#include "report_check.h"

#include "report_person.h"
#include "report_phone.h"

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
	return ideographs == 6;
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
	bool		process = r->labels[TW_E3];
	bool		disposal = r->labels[TW_E4];
	bool		sections = r->labels[TW_E2] || r->labels[TW_E4] || r->labels[TW_E3];
	bool		explaining = r->input->category >= TW_SUGGESTION || (r->roles & (ROLE(TW_UNFOUNDED) | ROLE(TW_CONCLUDING)));
	int32		fact = -1;

	for (int32 i = 0; i < r->nmatches && !(process && disposal); i++)
	{
		const TwMatch *match = &r->matches[i];
		int			role = match->role;
		const TwClauseSpan *clause = &r->clauses[match->clause];

		if (!tw_is_live(r, match) || clause->section == TW_E1 || clause->section == TW_SECTION_REPLY)
			continue;
		if (role == TW_FACT && fact < 0)
			fact = match->clause;
		if (role == TW_PROCESS && !(sections && clause->section == TW_E2))
			process = true;
		if ((role == TW_MEASURE || role == TW_COMPLETION) && tw_clause_acts(r, match->clause))
			disposal = true;
		if (role == TW_PROHIBITED || role == TW_SYNONYM)
			disposal = true;
		if (role == TW_EXPLAINED && explaining)
			disposal = true;
	}
	for (int32 c = fact + 1; c < r->nclauses && !(process && disposal); c++)
	{
		int			section = r->clauses[c].section;

		if ((section == TW_SECTION_NONE || (section == TW_E2 && !r->labels[TW_E4])) && tells_something(r, c))
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
	if (!process)
		tw_add_finding(r, TW_E3, TW_REJECT, -1, -1, -1, "report_e3", NULL);
	if (!disposal)
		tw_add_finding(r, TW_E4, TW_REJECT, -1, -1, -1, "report_e4", NULL);
}

static bool
ends_name(const TwChar *c)
{
	return c->kind == TW_HARD || c->kind == TW_SPACE || c->point == ',' || c->point == 0x3001 || c->point == '(' ||
		c->point == ')' || c->point == ':' || c->point == '/' || c->point == 0x3010 || c->point == 0x3011 ||
		c->point == '-' || c->point == 0x2014 || c->point == '+' || c->point == 0x00b7 || c->point == '|' ||
		c->point == 0x2502 || c->point == '[' || c->point == ']' || (c->point >= 0x3014 && c->point <= 0x3017) ||
		c->point == 0x2192 || c->point == '=' || c->point == '>' || c->point == '~';
}

/* The names behind 责任人: 社区管理办 赵某（主任）、李某; at most five stretches far */
static bool
person_after(const TwReport *r, int32 at)
{
	const TwFolded *f = &r->folded;
	int32		limit = Min(f->count, at + 60);
	int			stretches = 0;
	bool		labelled = at < f->count && f->chars[at].kind > TW_DIGIT && f->chars[at].point != ',';

	/* 责任人及联系电话：, 责任人（部门）: — up to the colon, if one stands near */
	for (int32 i = at; i < limit && i < at + 14 && f->chars[i].kind != TW_HARD && f->chars[i].point != ','; i++)
		if (f->chars[i].point == ':' || f->chars[i].point == 0x3011)
		{
			at = i + 1;
			labelled = true;
			break;
		}
	while (at < limit && stretches < 5)
	{
		int32		end = at;

		while (end < limit && !ends_name(&f->chars[end]) && f->chars[end].kind != TW_DIGIT)
			end++;
		if (end > at)
		{
			int32		first = at;

			/* 责任人为王某 */
			if (f->chars[first].point == 0x4e3a || f->chars[first].point == 0x662f || f->chars[first].point == 0x7cfb ||
				f->chars[first].point == 0x7531)
				first++;
			if (first < end && (tw_is_person(f, first, end - 1) || tw_ends_with_person(f, first, end - 1)))
				return true;
			if (labelled && first < end && (tw_may_be_person(f, first, end - 1) || tw_is_titled(f, first, end - 1)))
				return true;
			stretches++;
		}
		if (end < limit && (f->chars[end].kind == TW_HARD || f->chars[end].kind == TW_DIGIT))
			break;
		at = end + 1;
	}
	return false;
}

/* 社区民警：毛某 — an office as the heading, a name behind it */
static bool
has_office_holder(const TwReport *r)
{
	for (int32 c = 0; c + 1 < r->nclauses; c++)
	{
		const TwClauseSpan *clause = &r->clauses[c];
		const TwClauseSpan *next = &r->clauses[c + 1];
		int32		last = next->last;

		if (clause->end != TW_END_COLON || clause->last - clause->first > 16 ||
			(clause->all_roles & (ROLE(TW_PETITIONER) | ROLE(TW_SPEECH) | ROLE(TW_CONTACT))) ||
			!tw_ends_with_title(&r->folded, clause->first, clause->last - 1))
			continue;
		while (last > next->first && ends_name(&r->folded.chars[last]))
			last--;
		if (tw_is_person(&r->folded, next->first, last))
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

		if (match->silent || match->spoken)
			continue;
		/* by code: E5 a name follows, any a name may also stand before (由王某具体负责) */
		if (person_after(r, match->last + 1))
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

/*
 * Is it a person who stands right before the number: 市容办 马某 62330055,
 * 王某(电话62330055)?  Whoever signs with name and number is responsible.
 */
static bool
person_before(const TwReport *r, const TwPhone *phone)
{
	const TwFolded *f = &r->folded;
	int32		end = phone->first - 1;
	int32		first;

	for (int words = 0; words < 2; words++)
	{
		for (int i = 0; i < 3 && end >= 0 && f->chars[end].kind > TW_DIGIT &&
			 (f->chars[end].kind != TW_HARD || (words > 0 && f->chars[end].point == ';')); i++)
			end--;
		/* 电话, 手机, 座机, 联系电话 */
		if (words > 0 || end < 1 || (f->chars[end].point != 0x8bdd && f->chars[end].point != 0x673a))
			break;
		end -= 2;
		if (end >= 1 && f->chars[end].point == 0x7cfb && f->chars[end - 1].point == 0x8054)
			end -= 2;
	}
	for (first = end; first > 0 && first > end - 12 && f->chars[first - 1].kind == TW_HAN; first--)
		;
	return end >= first && first >= 0 && f->chars[end].kind == TW_HAN &&
		(tw_is_person(f, first, end) || tw_ends_with_person(f, first, end) || tw_is_titled(f, first, end));
}

typedef enum Owner
{
	HANDLER, CALLER, NO_PHONE
} Owner;

/* Whose number it is, by what stands before it in the sentence (R6) */
static Owner
owner_of(const TwReport *r, const TwPhone *phone, int32 match, int32 clause)
{
	int			section = r->clauses[clause].section;
	bool		announced = false;
	int			looked = 0;

	for (int32 i = match; i >= 0 && looked < 16; i--, looked++)
	{
		const TwMatch *m = &r->matches[i];
		int			role = m->role;
		int32		distance = phone->first - m->last - 1;

		if (m->last >= phone->first || m->silent)
			continue;
		if (r->clauses[m->clause].sentence != r->clauses[clause].sentence || distance > 40)
			break;
		if (role == TW_NOT_PHONE && distance <= 6 && !announced)
			return NO_PHONE;
		if (role == TW_PHONE && distance <= 12)
			announced = true;
		if (role == TW_PERSON)
			return phone->kind == TW_SHORT && !announced ? NO_PHONE : HANDLER;
		/* 诉求人(电话：62550905) */
		if (role == TW_PETITIONER && distance <= 5)
			return CALLER;
		if ((role == TW_PETITIONER || role == TW_TITLE) && section != TW_E5 && section != TW_E6)
		{
			/* a desk's own line, named before the caller, stays the desk's */
			if (phone->kind == TW_MOBILE || distance <= 8)
				return CALLER;
		}
	}
	if (phone->kind == TW_LOCAL || phone->kind == TW_SHORT)
		return announced || (phone->kind == TW_LOCAL && person_before(r, phone)) || ((section == TW_E5 || section == TW_E6) && phone->kind == TW_LOCAL) ? HANDLER : NO_PHONE;
	return HANDLER;
}

#define MAX_CALLERS 8

/* E6; tells whether a person stands with the handler's number */
static bool
check_phone(TwReport *r)
{
	bool		person = false;
	char		callers[MAX_CALLERS][TW_PHONE_DIGITS + 1];
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
		if (phone.kind == TW_SHORT && phone.digits[0] != '9')
			phone.kind = TW_SHORT;	/* 12345, 119: told below */
		switch (owner_of(r, &phone, match - 1, clause))
		{
			case CALLER:
				if (ncallers < MAX_CALLERS)
					memcpy(callers[ncallers++], phone.digits, sizeof(phone.digits));
				seen_first = phone.first;
				seen_last = phone.last;
				break;
			case HANDLER:
				if (phone.kind == TW_SHORT && phone.digits[0] != '9')
				{
					seen_first = phone.first;
					seen_last = phone.last;
				}
				else if (nhandlers < MAX_CALLERS)
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
		bool		callers_own = r->input->petitioner_phone != NULL &&
			tw_same_phone(numbers[i], r->input->petitioner_phone);

		for (int c = 0; c < ncallers && !callers_own; c++)
			callers_own = tw_same_phone(numbers[i], callers[c]);
		if (!callers_own)
			return person;
		seen_first = handlers[i].first;
		seen_last = handlers[i].last;
	}
	tw_add_finding(r, TW_E6, TW_REJECT, seen_first, seen_last, -1,
				   seen_first >= 0 ? "report_e6_not_own" : "report_e6", NULL);
	return person;
}

void
tw_check_elements(TwReport *r)
{
	int32		contact_sentence = -1;
	bool		first_contact = tw_without_contact(r) || tw_check_first_contact(r, &contact_sentence);

	check_fact(r);
	check_process_and_disposal(r);
	check_person(r, check_phone(r));
	tw_check_times_and_attachments(r, first_contact, contact_sentence);
}
