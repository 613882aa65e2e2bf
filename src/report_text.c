/*
 * report_text.c
 *		Reads a folded report once: clauses, quotations and phrases; its sections
 *		in report_sections.c, the petitioner's words (R4) in report_speech.c,
 *		its times in report_when.c.  What follows from them is decided in
 *		report_prohibitions.c, report_elements.c, report_contents.c.
 */
#include "report_check.h"

/* Progress of a pattern with gaps: the latest hit of each part but the last */
typedef struct Progress
{
	int32		first;			/* of the whole match so far */
	int32		head_last;
	int32		last;
} Progress;

/* Where the clause and the sentence at hand began */
typedef struct Open
{
	int32		first;
	int32		sentence;
	int32		sentence_first;	/* its first clause */
	int32		quote;			/* where a quotation began, or -1 */
	bool		heading;		/* within brackets that head a section */
} Open;

static void
end_sentence(TwReport *r, Open *open)
{
	for (int32 c = open->sentence_first; c < r->nclauses; c++)
		r->clauses[c].sentence_last = r->nclauses - 1;
	open->sentence++;
	open->sentence_first = r->nclauses;
}

static void
end_clause(TwReport *r, Open *open, int32 last, TwClauseEnd end)
{
	TwClauseSpan *clause;

	TW_GROW(r->clauses, r->nclauses, r->clause_room, TwClauseSpan);
	clause = &r->clauses[r->nclauses++];
	memset(clause, 0, sizeof(*clause));
	clause->first = open->first;
	clause->last = last;
	clause->sentence = open->sentence;
	clause->sentence_first = open->sentence_first;
	clause->end = end;
	open->first = last + 1;
	if (end == TW_END_SENTENCE)
		end_sentence(r, open);
}

/*
 * A single line break ends a sentence where a new line of a form begins: a
 * number, a bracket, or a heading with its colon.  Elsewhere it is the edge of
 * the paper.
 */
static bool
line_begins_anew(const TwReport *r, int32 at)
{
	int			length = 0;

	while (tw_kind_at(r, at) == TW_SPACE)
		at++;
	if (at >= r->folded.count || tw_point_at(r, at) == 0x3010 || tw_point_at(r, at) == '(')
		return true;
	if (tw_kind_at(r, at) == TW_DIGIT || (tw_point_at(r, at + 1) == 0x3001))
		return !(tw_kind_at(r, at) == TW_DIGIT && tw_kind_at(r, at + 1) == TW_DIGIT &&
				 tw_kind_at(r, at + 2) == TW_DIGIT);
	for (; length < 12 && tw_kind_at(r, at) <= TW_DIGIT; at++, length++)
		;
	/* a heading, set apart by its colon or by a space */
	return length > 1 && (tw_point_at(r, at) == ':' || (length <= 8 && tw_kind_at(r, at) == TW_SPACE && tw_point_at(r, at) != '\n'));
}

/* 〔责任人〕, [联系电话]: brackets around a few ideographs and nothing else head a section as 【】 do */
static bool
brackets_heading(const TwReport *r, int32 at, uint32 closing)
{
	int			length = 0;

	for (at++; length < 12 && (tw_kind_at(r, at) == TW_HAN || tw_kind_at(r, at) == TW_SPACE); at++)
		length++;
	return length > 1 && tw_point_at(r, at) == closing;
}

/* A cell of a table: a short one heads what follows, a long one is a sentence */
#define SHORT_CELL 10

static void
close_quote(TwReport *r, Open *open, int32 at)
{
	if (open->quote >= 0)
	{
		TW_GROW(r->quotes, r->nquotes, r->quote_room, TwSpan);
		r->quotes[r->nquotes].first = open->quote;
		r->quotes[r->nquotes++].last = at;
	}
	open->quote = -1;
}

static void
read_mark(TwReport *r, Open *open, int32 i)
{
	switch (r->folded.chars[i].point)
	{
		case ',':
			if (!(tw_kind_at(r, i - 1) == TW_DIGIT && tw_kind_at(r, i + 1) == TW_DIGIT &&
				  tw_kind_at(r, i + 3) == TW_DIGIT && tw_kind_at(r, i + 4) != TW_DIGIT))
				end_clause(r, open, i, TW_END_COMMA);
			break;
		case '.':
			/* 属实. 3月7日: typed for a full stop */
			if (tw_kind_at(r, i - 1) == TW_HAN && tw_kind_at(r, i + 1) == TW_SPACE)
				end_clause(r, open, i, TW_END_SENTENCE);
			break;
		case ':':
			if (!(tw_kind_at(r, i - 1) == TW_DIGIT && tw_kind_at(r, i + 1) == TW_DIGIT))
				end_clause(r, open, i, TW_END_COLON);
			break;
		case 0x3011:			/* 】 */
			end_clause(r, open, i, TW_END_COLON);
			break;
		case 0x3010:
			if (i > open->first)
				end_clause(r, open, i - 1, TW_END_SENTENCE);
			break;
		case 0x3014:			/* 〔 */
		case 0x3016:			/* 〖 */
		case '[':
			if (brackets_heading(r, i, r->folded.chars[i].point == '[' ? ']' : r->folded.chars[i].point + 1))
			{
				if (i > open->first)
					end_clause(r, open, i - 1, TW_END_SENTENCE);
				open->heading = true;
			}
			break;
		case 0x3015:
		case 0x3017:
		case ']':
			if (open->heading)
				end_clause(r, open, i, TW_END_COLON);
			open->heading = false;
			break;
		case '|':
		case 0x2502:			/* of a drawn table */
			if (!(tw_kind_at(r, i - 1) == TW_DIGIT && tw_kind_at(r, i + 1) == TW_DIGIT))
				end_clause(r, open, i, i - open->first > SHORT_CELL ? TW_END_SENTENCE : TW_END_COLON);
			break;
		case 0x25a1:			/* □ */
		case 0x2610:
		case 0x2611:			/* ☑ */
		case 0x2612:
		case 0x2713:
		case 0x2714:
		case 0x221a:
		case 0x25a0:
		case 0x25cb:
		case 0x25cf:
			if (r->nboxes < TW_MAX_BOXES)
				r->boxes[r->nboxes++] = i;
			break;
		case 0x201c:			/* “ */
		case 0x300c:
		case 0x300e:
		case 0x2018:
		case 0x300a:			/* a title is not the author's statement either */
			open->quote = i;
			break;
		case 0x201d:
		case 0x300d:
		case 0x300f:
		case 0x2019:
		case 0x300b:
			close_quote(r, open, i);
			break;
		case '"':
			if (open->quote >= 0 && tw_point_at(r, open->quote) == '"')
				close_quote(r, open, i);
			else
				open->quote = i;
			break;
		default:
			break;
	}
}

/* Clauses, quotations and runs of digits, from marks and digits alone */
static void
find_structure(TwReport *r, const int32 *breaks, int32 nbreaks)
{
	Open		open = {0, 0, 0, -1, false};

	for (int32 b = 0; b < nbreaks; b++)
	{
		int32		i = breaks[b];

		switch ((TwKind) r->folded.chars[i].kind)
		{
			case TW_DIGIT:
				if (i == 0 || r->folded.chars[i - 1].kind != TW_DIGIT)
				{
					TW_GROW(r->runs, r->nruns, r->run_room, int32);
					r->runs[r->nruns++] = i;
				}
				break;
			case TW_HARD:
				end_clause(r, &open, i, TW_END_SENTENCE);
				break;
			case TW_SPACE:
				if (r->folded.chars[i].point == '\n' && i > open.first && line_begins_anew(r, i + 1))
					end_clause(r, &open, i, TW_END_SENTENCE);
				break;
			default:
				read_mark(r, &open, i);
		}
	}
	if (open.first < r->folded.count)
		end_clause(r, &open, r->folded.count - 1, TW_END_SENTENCE);
	end_sentence(r, &open);
}

/* The clause of a character; near is one not far from it. */
int32
tw_clause_at(const TwReport *r, int32 at, int32 near)
{
	while (near > 0 && r->clauses[near].first > at)
		near--;
	while (near + 1 < r->nclauses && r->clauses[near].last < at)
		near++;
	return near;
}

static inline void
add_match(TwReport *r, const TwMember *member, int32 first, int32 head_last, int32 tail_first, int32 last, int32 clause)
{
	TwMatch    *match;

	TW_GROW(r->matches, r->nmatches, r->match_room, TwMatch);
	match = &r->matches[r->nmatches];
	match->pattern = member->pattern;
	match->first = first;
	match->last = last;
	match->head_last = head_last;
	match->tail_first = tail_first;
	match->clause = clause;
	match->next = -1;
	match->role = member->role;
	match->silent = match->quoted = false;
	match->spoken = 0;
	if (r->first_of_role[member->role] < 0)
		r->first_of_role[member->role] = r->nmatches;
	else
		r->matches[r->last_of_role[member->role]].next = r->nmatches;
	r->last_of_role[member->role] = r->nmatches++;
}

/* A later part of a pattern; true when the next part may follow */
static bool
take_part(TwReport *r, Progress *progress, const TwMember *member, const TwHit *hit, int32 clause)
{
	const Progress *before = progress - 1;
	int32		previous;
	int32		current;

	if (before->last < 0 || hit->first <= before->last || hit->first - before->last - 1 > member->gap)
		return false;
	current = tw_clause_at(r, hit->first, clause);
	previous = tw_clause_at(r, before->last, current);
	if (member->crosses ? r->clauses[previous].sentence != r->clauses[current].sentence
		: previous != current)
		return false;
	if (member->last)
	{
		add_match(r, member, before->first, before->head_last, hit->first, hit->last, clause);
		return false;
	}
	*progress = (Progress) {before->first, before->head_last, hit->last};
	return true;
}

static void
find_matches(TwReport *r, const TwHits *hits)
{
	const TwLexicon *lexicon = r->lexicon;
	const TwClauseSpan *clauses = r->clauses;
	Progress	few[512];
	Progress   *progress = few;
	int32		clause = 0;
	int32		sentence = -1;
	uint64_t	begun = 0;		/* in this sentence, bits of progress */

	if (lexicon->nprogress > (int) lengthof(few))
		progress = palloc((size_t) lexicon->nprogress * sizeof(Progress));
	memset(r->first_of_role, 0xff, sizeof(r->first_of_role));
	memset(progress, 0xff, (size_t) lexicon->nprogress * sizeof(Progress));

	for (int i = 0; i < hits->count; i++)
	{
		const TwHit *hit = &hits->hits[i];
		const TwMembers *members = &lexicon->members_of[hit->literal];
		const TwMember *member = &lexicon->members[members->first];
		const TwMember *end = &lexicon->members[members->end];

		while (clauses[clause].last < hit->last)
			clause++;
		/* no gap reaches into the next sentence */
		if (clauses[clause].sentence != sentence)
		{
			sentence = clauses[clause].sentence;
			begun = 0;
		}
		if (members->awaited & begun)
			for (const TwMember *later = &lexicon->members[members->later]; later < member; later++)
				if ((begun & TW_PROGRESS_BIT(later->progress - 1)) &&
					take_part(r, &progress[later->progress], later, hit, clause))
					begun |= TW_PROGRESS_BIT(later->progress);
		for (; member < end; member++)
			if (member->progress < 0)
				add_match(r, member, hit->first, hit->last, hit->first, hit->last, clause);
			else
			{
				progress[member->progress] = (Progress) {hit->first, hit->last, hit->last};
				begun |= TW_PROGRESS_BIT(member->progress);
			}
		if ((i & 8191) == 8191)
			CHECK_FOR_INTERRUPTS();
	}
	if (progress != few)
		pfree(progress);
}

/* Does the harmless word speak of this phrase, and cover its first part or its last? */
static bool
covers(const TwReport *r, const TwMatch *cover, const TwMatch *match)
{
	const TwPattern *word = tw_pattern_of(r, cover);

	if (match->role == TW_HARMLESS || match->role == TW_TIME_WORD ||
		(word->only_role != TW_NROLES && word->only_role != match->role) ||
		(word->code != TW_CODE_ANY && word->code != tw_pattern_of(r, match)->code))
		return false;
	/* 先行联系，录音已存 is no 联系录音: between two clauses there is a disguise to undo only where something is prohibited */
	if (cover->clause != match->clause && !tw_is_of(match, ROLE(TW_PROHIBITED) | ROLE(TW_SYNONYM)))
		return false;
	return (cover->first <= match->first && cover->last >= match->head_last) ||
		(cover->first <= match->tail_first && cover->last >= match->last);
}

/*
 * R2: the longest reading wins.  A harmless word that covers a part of a
 * phrase, its own code's or anyone's, silences it.  Matches come in order of
 * their ends: what a word covers as a whole, or in its last part, ends within
 * it; a phrase covered in its first part alone has the word behind it.
 */
static void
silence_covered(TwReport *r)
{
	for (int32 i = 0; i < r->nmatches; i++)
	{
		TwMatch    *match = &r->matches[i];

		if (match->role == TW_HARMLESS)
		{
			int32		first = Max(match->first, match->last - TW_MAX_REACH);

			for (int32 k = i - 1; k >= 0 && r->matches[k].last >= first; k--)
				r->matches[k].silent |= covers(r, match, &r->matches[k]);
			for (int32 k = i + 1; k < r->nmatches && r->matches[k].last == match->last; k++)
				r->matches[k].silent |= covers(r, match, &r->matches[k]);
		}
		else if (match->head_last < match->last)
			for (int32 k = i - 1; k >= 0 && r->matches[k].last >= match->head_last && !match->silent; k--)
				match->silent = r->matches[k].role == TW_HARMLESS && covers(r, &r->matches[k], match);
	}
}

static int
compare_spans(const void *a, const void *b)
{
	int32		x = ((const TwSpan *) a)->first;
	int32		y = ((const TwSpan *) b)->first;

	return x < y ? -1 : x > y;
}

/* The span it lies within, or NULL.  They are sorted; at remembers where the last one stood. */
static const TwSpan *
within(const TwSpan *spans, int32 count, int32 first, int32 last, int32 *at)
{
	if (count == 0 || spans[0].first > first)
		return NULL;
	while (*at > 0 && spans[*at].first > first)
		(*at)--;
	while (*at + 1 < count && spans[*at + 1].first <= first)
		(*at)++;
	/* speeches may overlap: the one before can reach further */
	for (int32 i = *at; i >= 0 && i >= *at - 1; i--)
		if (spans[i].first <= first && spans[i].last >= last)
			return &spans[i];
	return NULL;
}

/* The first and the last character of all spans; first > last without any */
static TwSpan
extent(const TwSpan *spans, int32 count)
{
	TwSpan		all = {INT32_MAX, -1, 0};

	for (int32 i = 0; i < count; i++)
	{
		all.first = Min(all.first, spans[i].first);
		all.last = Max(all.last, spans[i].last);
	}
	return all;
}

static void
mark_matches(TwReport *r)
{
	TwSpan		quotes = extent(r->quotes, r->nquotes);
	TwSpan		speeches = extent(r->speeches, r->nspeeches);
	int32		quote = 0;
	int32		speech = 0;
	uint64_t	all_roles = 0;

	if (r->nspeeches > 1)
		qsort(r->speeches, r->nspeeches, sizeof(TwSpan), compare_spans);
	for (int32 i = 0; i < r->nmatches; i++)
	{
		TwMatch    *match = &r->matches[i];
		TwClauseSpan *clause = &r->clauses[match->clause];
		uint64_t	role = ROLE(match->role);

		if (match->silent)
			continue;
		if (match->first >= quotes.first && match->last <= quotes.last)
			match->quoted = within(r->quotes, r->nquotes, match->first, match->last, &quote) != NULL;
		if (match->first >= speeches.first && match->last <= speeches.last)
		{
			const TwSpan *span = within(r->speeches, r->nspeeches, match->first, match->last, &speech);

			match->spoken = span != NULL ? span->kind : 0;
		}
		all_roles |= role;
		clause->all_roles |= role;
		if (!match->quoted && !match->spoken)
			clause->roles |= role;
	}
	r->all_roles = all_roles;
	for (int32 c = 0; c < r->nclauses; c++)
		r->roles |= r->clauses[c].roles;
}

/* False when the text is no text. */
bool
tw_report_read(TwReport *r)
{
	TwHit		few_hits[512];
	int32		few_breaks[TW_SMALL_TEXT];
	TwHits		hits = {few_hits, 0, lengthof(few_hits), few_breaks, 0};

	if (r->folded.count == 0)
		return true;
	if (r->folded.count > (int) lengthof(few_breaks))
	{
		/* room for more than reports have, so that nothing is copied as it grows */
		hits.breaks = palloc((size_t) r->folded.count * sizeof(int32));
		hits.room = r->folded.count;
		hits.hits = palloc((size_t) hits.room * sizeof(TwHit));
	}
	tw_automaton_scan(r->lexicon->automaton, &r->folded, &hits);
	find_structure(r, hits.breaks, hits.nbreaks);
	find_matches(r, &hits);
	if (hits.hits != few_hits)
		pfree(hits.hits);
	if (hits.breaks != few_breaks)
		pfree(hits.breaks);
	silence_covered(r);
	tw_find_sections(r);
	tw_find_speeches(r);
	mark_matches(r);
	tw_end_attachments(r);
	tw_find_times(r);
	return true;
}
