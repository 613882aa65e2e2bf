/*
 * report_text.c
 *		Reads a folded report once: clauses, sections, quotations, the
 *		petitioner's words (R4), phrases and times.  What follows from them is
 *		decided in report_prohibitions.c, report_elements.c, report_contents.c.
 */
#include "report_check.h"

/* Progress of a pattern with gaps: the latest hit of each part */
typedef struct Progress
{
	int32		first;			/* of the whole match so far */
	int32		head_last;
	int32		last;
} Progress;

static void
end_clause(TwReport *r, int32 *first, int32 last, int32 *sentence, TwClauseEnd end)
{
	TwClauseSpan *clause;

	TW_GROW(r->clauses, r->nclauses, r->clause_room, TwClauseSpan);
	clause = &r->clauses[r->nclauses++];
	memset(clause, 0, sizeof(*clause));
	clause->first = *first;
	clause->last = last;
	clause->sentence = *sentence;
	clause->end = end;
	if (end == TW_END_SENTENCE)
		(*sentence)++;
	*first = last + 1;
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

static void
open_quote(TwReport *r, int32 *open, int32 at)
{
	*open = at;
	(void) r;
}

static void
close_quote(TwReport *r, int32 *open, int32 at)
{
	if (*open >= 0)
	{
		TW_GROW(r->quotes, r->nquotes, r->quote_room, TwSpan);
		r->quotes[r->nquotes].first = *open;
		r->quotes[r->nquotes++].last = at;
	}
	*open = -1;
}

/* Clauses, quotations and runs of digits, from marks and digits alone */
static void
find_structure(TwReport *r)
{
	int32		first = 0;
	int32		sentence = 0;
	int32		open = -1;
	TwKind		before = TW_HARD;

	for (int32 i = 0; i < r->folded.count; i++)
	{
		TwKind		kind = r->folded.chars[i].kind;
		uint32		point;

		if (likely(kind == TW_HAN || kind == TW_LETTER))
		{
			before = kind;
			continue;
		}
		if (kind == TW_DIGIT)
		{
			if (before != TW_DIGIT)
			{
				TW_GROW(r->runs, r->nruns, r->run_room, int32);
				r->runs[r->nruns++] = i;
			}
			before = kind;
			continue;
		}
		before = kind;
		point = r->folded.chars[i].point;
		if (kind == TW_HARD)
			end_clause(r, &first, i, &sentence, TW_END_SENTENCE);
		else if (kind == TW_SPACE)
		{
			if (point == '\n' && i > first && line_begins_anew(r, i + 1))
				end_clause(r, &first, i, &sentence, TW_END_SENTENCE);
		}
		else
			switch (point)
			{
				case ',':
					if (!(tw_kind_at(r, i - 1) == TW_DIGIT && tw_kind_at(r, i + 1) == TW_DIGIT &&
						  tw_kind_at(r, i + 3) == TW_DIGIT && tw_kind_at(r, i + 4) != TW_DIGIT))
						end_clause(r, &first, i, &sentence, TW_END_COMMA);
					break;
				case ':':
					if (!(tw_kind_at(r, i - 1) == TW_DIGIT && tw_kind_at(r, i + 1) == TW_DIGIT))
						end_clause(r, &first, i, &sentence, TW_END_COLON);
					break;
				case 0x3011:	/* 】 */
					end_clause(r, &first, i, &sentence, TW_END_COLON);
					break;
				case 0x3010:
					if (i > first)
						end_clause(r, &first, i - 1, &sentence, TW_END_SENTENCE);
					break;
				case 0x201c:	/* “ */
				case 0x300c:
				case 0x300e:
				case 0x2018:
				case 0x300a:	/* a title is not the author's statement either */
					open_quote(r, &open, i);
					break;
				case 0x201d:
				case 0x300d:
				case 0x300f:
				case 0x2019:
				case 0x300b:
					close_quote(r, &open, i);
					break;
				case '"':
					if (open >= 0 && tw_point_at(r, open) == '"')
						close_quote(r, &open, i);
					else
						open_quote(r, &open, i);
					break;
				default:
					break;
			}
	}
	if (first < r->folded.count)
		end_clause(r, &first, r->folded.count - 1, &sentence, TW_END_SENTENCE);

	for (int32 c = 0; c < r->nclauses; c++)
		r->clauses[c].sentence_first = c > 0 && r->clauses[c - 1].sentence == r->clauses[c].sentence ?
			r->clauses[c - 1].sentence_first : c;
	for (int32 c = r->nclauses - 1; c >= 0; c--)
		r->clauses[c].sentence_last = c + 1 < r->nclauses && r->clauses[c + 1].sentence == r->clauses[c].sentence ?
			r->clauses[c + 1].sentence_last : c;
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
add_match(TwReport *r, int32 pattern, int32 first, int32 head_last, int32 tail_first, int32 last, int32 clause)
{
	TwMatch    *match;

	TW_GROW(r->matches, r->nmatches, r->match_room, TwMatch);
	match = &r->matches[r->nmatches];
	match->pattern = pattern;
	match->first = first;
	match->last = last;
	match->head_last = head_last;
	match->tail_first = tail_first;
	match->clause = clause;
	match->next = -1;
	match->role = r->lexicon->patterns[pattern].role;
	match->silent = match->quoted = false;
	match->spoken = 0;
	if (r->first_of_role[match->role] < 0)
		r->first_of_role[match->role] = r->nmatches;
	else
		r->matches[r->last_of_role[match->role]].next = r->nmatches;
	r->last_of_role[match->role] = r->nmatches++;
}

static void
take_part(TwReport *r, Progress *progress, const TwMember *member, const TwHit *hit, int32 clause)
{
	Progress	now = {hit->first, hit->last, hit->last};

	if (member->part > 0)
	{
		const Progress *before = progress - 1;
		int32		previous;
		int32		current;

		if (before->last < 0 || hit->first <= before->last ||
			hit->first - before->last - 1 > member->gap)
			return;
		current = tw_clause_at(r, hit->first, clause);
		previous = tw_clause_at(r, before->last, current);
		if (member->crosses ? r->clauses[previous].sentence != r->clauses[current].sentence
			: previous != current)
			return;
		now.first = before->first;
		now.head_last = before->head_last;
	}
	if (member->last)
		add_match(r, member->pattern, now.first, now.head_last, hit->first, hit->last, clause);
	else
		*progress = now;
}

static void
find_matches(TwReport *r)
{
	const TwLexicon *lexicon = r->lexicon;
	TwHit		small[512];
	TwHits		hits = {small, 0, lengthof(small)};
	Progress	few[128 * TW_MAX_PARTS];
	Progress   *progress = few;
	int32		clause = 0;

	if (lexicon->nslots > 128)
		progress = palloc((size_t) lexicon->nslots * TW_MAX_PARTS * sizeof(Progress));
	memset(r->first_of_role, 0xff, sizeof(r->first_of_role));
	memset(progress, 0xff, (size_t) lexicon->nslots * TW_MAX_PARTS * sizeof(Progress));

	tw_automaton_scan(lexicon->automaton, &r->folded, &hits);
	for (int i = 0; i < hits.count; i++)
	{
		const TwHit *hit = &hits.hits[i];
		const TwMember *member = &lexicon->members[lexicon->first_member[hit->literal]];
		const TwMember *end = &lexicon->members[lexicon->first_member[hit->literal + 1]];

		while (r->clauses[clause].last < hit->last)
			clause++;
		for (; member < end; member++)
		{
			if (member->progress < 0)
				add_match(r, member->pattern, hit->first, hit->last, hit->first, hit->last, clause);
			else if (member->part == 0 || progress[member->progress - 1].last >= 0)
				take_part(r, &progress[member->progress], member, hit, clause);
		}
		if ((i & 8191) == 8191)
			CHECK_FOR_INTERRUPTS();
	}
	if (hits.hits != small)
		pfree(hits.hits);
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
	if (tw_point_at(r, at) == ':' || tw_point_at(r, at) == 0x3011 || tw_point_at(r, at) == 0x2014)
		return true;
	if (!begins)
		return false;
	if (tw_kind_at(r, at) == TW_SPACE)
	{
		while (tw_kind_at(r, at) == TW_SPACE)
			at++;
		*same_clause = tw_point_at(r, at) != ':';
		return true;
	}
	/* 先行联系（电话）：, 责任人及电话： */
	for (int i = 0; i < 8 && tw_kind_at(r, at) != TW_HARD && tw_point_at(r, at) != ','; i++, at++)
		if (tw_point_at(r, at) == ':' || tw_point_at(r, at) == 0x3011)
			return true;
	return false;
}

static void
find_sections(TwReport *r)
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
		if (pattern->role == TW_LABEL)
			r->labels[pattern->code] = true;
		else if (pattern->role == TW_REPLY_LABEL)
			r->reply_label = true;
		/* the clause that ends with the colon is still the section before */
		for (; clause < match->clause + (same_clause ? 0 : 1) && clause < r->nclauses; clause++)
			r->clauses[clause].section = section;
		section = next;
	}
	for (; clause < r->nclauses; clause++)
		r->clauses[clause].section = section;
}

static int
compare_spans(const void *a, const void *b)
{
	int32		x = ((const TwSpan *) a)->first;
	int32		y = ((const TwSpan *) b)->first;

	return x < y ? -1 : x > y;
}

/* The span it lies within, or NULL.  They are sorted; at remembers where the last one stood. */
static inline const TwSpan *
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

static void
mark_matches(TwReport *r)
{
	int32		quote = 0;
	int32		speech = 0;

	if (r->nspeeches > 1)
		qsort(r->speeches, r->nspeeches, sizeof(TwSpan), compare_spans);
	for (int32 i = 0; i < r->nmatches; i++)
	{
		TwMatch    *match = &r->matches[i];
		TwClauseSpan *clause = &r->clauses[match->clause];
		const TwSpan *span;

		if (match->silent)
			continue;
		match->quoted = within(r->quotes, r->nquotes, match->first, match->last, &quote) != NULL;
		span = within(r->speeches, r->nspeeches, match->first, match->last, &speech);
		match->spoken = span != NULL ? span->kind : 0;
		clause->all_roles |= ROLE(match->role);
		if (!match->quoted && !match->spoken)
			clause->roles |= ROLE(match->role);
		r->all_roles |= ROLE(match->role);
	}
	for (int32 c = 0; c < r->nclauses; c++)
		r->roles |= r->clauses[c].roles;
}

static bool
begins_number(uint32 point)
{
	static const uint32 points[] = {0x3007, 0x4e00, 0x4e03, 0x4e09, 0x4e24, 0x4e5d, 0x4e8c, 0x4e94, 0x516b, 0x516d, 0x5341, 0x56db, 0x7b2c, 0x96f6};

	for (int i = 0; i < (int) lengthof(points); i++)
		if (points[i] == point)
			return true;
	return false;
}

/*
 * A list of attachments ends with its sentence; what follows it without one
 * of their names is the author speaking again, and answers for his words.
 */
static void
end_attachments(TwReport *r)
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

static void
take_time(TwReport *r, int32 at, int32 *clause)
{
	TwTime		time;

	if (r->ntimes > 0 && at <= r->times[r->ntimes - 1].last)
		return;
	if (!tw_find_time(&r->folded, at, &r->today, &time))
		return;
	*clause = time.clause = tw_clause_at(r, at, *clause);
	TW_GROW(r->times, r->ntimes, r->time_room, TwTime);
	r->times[r->ntimes++] = time;
	if (time.flags & TW_TIME_NODE)
		r->clauses[time.clause].node = true;
	else
		r->clauses[time.clause].past = true;
}

/* Where digits or time words stand, in order */
static void
find_times(TwReport *r)
{
	const TwMatch *word = tw_first_of(r, TW_TIME_WORD);
	int32		run = 0;
	int32		clause = 0;
	int32		at;

	r->today.number = r->input->today;
	tw_split_day(r->today.number, &r->today.year, &r->today.month, &r->today.day);
	do
	{
		at = r->folded.count;
		if (word != NULL)
		{
			at = word->first;
			for (int back = 0; back < 6 && at > 0 && begins_number(tw_point_at(r, at - 1)); back++)
				at--;
		}
		/* a run just behind the word's beginning belongs to it: 当日11:00 */
		for (; run < r->nruns && r->runs[run] < at; run++)
			take_time(r, r->runs[run], &clause);
		if (word != NULL)
		{
			take_time(r, at, &clause);
			word = tw_next_of(r, word);
		}
	} while (at < r->folded.count);
}

/* False when the text is no text. */
bool
tw_report_read(TwReport *r)
{
	if (r->folded.count == 0)
		return true;
	find_structure(r);
	find_matches(r);
	silence_covered(r);
	find_sections(r);
	tw_find_speeches(r);
	mark_matches(r);
	end_attachments(r);
	find_times(r);
	return true;
}
