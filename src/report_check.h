/*
 * report_check.h
 *		A completion report while it is checked: its clauses, what was found in
 *		them, and the findings.  Shared by the report_*.c files.
 */
#ifndef TW_REPORT_CHECK_H
#define TW_REPORT_CHECK_H

#include "report_phrase.h"
#include "report_time.h"

typedef enum TwClauseEnd
{
	TW_END_COMMA,
	TW_END_COLON,
	TW_END_SENTENCE
} TwClauseEnd;

/* What section a clause belongs to: an element's code, or one of these */
#define TW_SECTION_NONE 0
#define TW_SECTION_REPLY 101
#define TW_SECTION_ATTACHMENT 102
#define TW_SECTION_SPEECH 103

typedef struct TwClauseSpan
{
	int32		first;
	int32		last;			/* its closing mark included */
	int32		sentence;
	int32		sentence_first;	/* clauses of the sentence */
	int32		sentence_last;
	uint8		end;			/* TwClauseEnd */
	uint8		section;
	bool		node;			/* holds a time node */
	bool		past;			/* holds a day or hour that is none */
	bool		overdue;		/* ... a bound that has passed, and nothing says 已 */
	bool		heading;		/* begins a section */
	bool		failed;			/* a call that nobody answered */
	uint8		when;			/* TW_TIME_DATE, TW_TIME_CLOCK: what happened here has a time */
	uint8		dispatched;		/* the same of 派单, 接单: the order's time, not the clause's */
	uint64_t	roles;			/* bit per role that the author uses here */
	uint64_t	all_roles;		/* also in quotations and the petitioner's words */
} TwClauseSpan;

/* How many clauses before the n-th are done, verified with the caller, ...: what lies between two is a difference */
typedef struct TwSums
{
	int32		done;
	int32		completed;
	int32		told;			/* with 已, whatever day stands with it, and no contact or reply */
	int32		verified;
	int32		node;
	int32		acts;
} TwSums;

typedef struct TwMatch
{
	int32		pattern;
	int32		first;
	int32		last;
	int32		head_last;		/* end of the first part, start of the last one */
	int32		tail_first;
	int32		clause;			/* of its last character */
	int32		next;			/* of the same role, or -1 */
	uint8		role;			/* the pattern's */
	bool		silent;			/* covered by a harmless word */
	bool		quoted;
	uint8		spoken;			/* the petitioner's words: TW_SAID, or TW_RESTATED by the author */
} TwMatch;

#define TW_SAID 1
#define TW_RESTATED 2			/* 诉求人反映的…情况属实: what is found of it is the author's */

typedef struct TwSpan
{
	int32		first;
	int32		last;
	int32		kind;			/* of a speech: TW_SAID or TW_RESTATED */
} TwSpan;

typedef struct TwFinding
{
	uint8		code;
	uint8		severity;
	int32		first;			/* characters of the folded text; -1: of none */
	int32		last;
	int32		pattern;		/* whose clause is cited, or -1 */
	const char *message;		/* key */
	const char *argument;
} TwFinding;

typedef enum TwCategory
{
	TW_COMPLAINT,
	TW_HELP,
	TW_SUGGESTION,
	TW_CONSULTATION
} TwCategory;

/* What the caller knows beside the text */
typedef struct TwReportInput
{
	const char *body;
	int			body_length;
	const char *points;
	int			points_length;
	const char *appeal;
	int			appeal_length;
	int32		today;
	int			category;		/* TwCategory, or -1 */
	bool		has_contact;
	const char *petitioner_phone;	/* digits, or NULL */
} TwReportInput;

#define TW_SMALL_TEXT 2048

/* A form has no more boxes to tick */
#define TW_MAX_BOXES 64

typedef struct TwReport
{
	const TwLexicon *lexicon;
	const TwReportInput *input;
	TwFolded	folded;

	TwClauseSpan *clauses;
	int32		nclauses;
	int32		clause_room;
	TwSums	   *sums;			/* one more than clauses */
	TwMatch    *matches;		/* in order of their ends */
	int32		nmatches;
	int32		match_room;
	int32		first_of_role[TW_NROLES];	/* matches by role, in order, or -1 */
	int32		last_of_role[TW_NROLES];
	TwToday		today;			/* the report's date, its own where the text names it */
	TwTime	   *times;
	int32		ntimes;
	int32		time_room;
	int32	   *runs;			/* where digits begin */
	int32		nruns;
	int32		run_room;
	TwSpan	   *quotes;
	int32		nquotes;
	int32		quote_room;
	int32		boxes[TW_MAX_BOXES];	/* □ and ☑ of a form */
	int			nboxes;
	TwSpan	   *speeches;
	int32		nspeeches;
	int32		speech_room;

	uint64_t	roles;			/* of all clauses */
	uint64_t	all_roles;
	bool		labels[8];		/* E1 to E7: has a section of its own */
	int32		heading_last[8];	/* where the last one's heading ends */
	bool		two_disposals;
	bool		reply_label;

	TwFinding  *findings;
	int32		nfindings;
	int32		finding_room;
} TwReport;

#define ROLE(role) ((uint64_t) 1 << (role))

/* Longest array of TwRoom below: what has outgrown it is our own, and the server may move its pages */
#define TW_ROOM_MATCHES 512

/* Room for one more; the first array may be the caller's, so it is left where it is. */
#define TW_GROW(array, count, room, type) \
	do { \
		if (unlikely((count) == (room))) \
		{ \
			type	   *outgrown = (array); \
			(room) = (room) > 0 ? (room) * 2 : 128; \
			if ((count) > TW_ROOM_MATCHES) \
				(array) = repalloc(outgrown, (size_t) (room) * sizeof(type)); \
			else \
			{ \
				(array) = palloc((size_t) (room) * sizeof(type)); \
				if ((count) > 0) \
					memcpy((array), outgrown, (size_t) (count) * sizeof(type)); \
			} \
		} \
	} while (0)

/* What the check of a report of usual length needs, on the caller's stack */
typedef struct TwRoom
{
	TwChar		chars[TW_SMALL_TEXT];
	TwClauseSpan clauses[192];
	TwMatch		matches[TW_ROOM_MATCHES];
	TwTime		times[64];
	int32		runs[128];
	TwFinding	findings[64];
} TwRoom;

static inline const TwPattern *
tw_pattern_of(const TwReport *r, const TwMatch *match)
{
	return &r->lexicon->patterns[match->pattern];
}

/* Is its role among these? */
static inline bool
tw_is_of(const TwMatch *match, uint64_t roles)
{
	return (ROLE(match->role) & roles) != 0;
}

/* The matches of one role: for (m = tw_first_of(r, role); m != NULL; m = tw_next_of(r, m)) */
static inline const TwMatch *
tw_first_of(const TwReport *r, TwRole role)
{
	return r->nmatches > 0 && r->first_of_role[role] >= 0 ? &r->matches[r->first_of_role[role]] : NULL;
}

static inline const TwMatch *
tw_next_of(const TwReport *r, const TwMatch *match)
{
	return match->next >= 0 ? &r->matches[match->next] : NULL;
}

static inline uint32
tw_point_at(const TwReport *r, int32 at)
{
	return at >= 0 && at < r->folded.count ? r->folded.chars[at].point : 0;
}

static inline TwKind
tw_kind_at(const TwReport *r, int32 at)
{
	return at >= 0 && at < r->folded.count ? (TwKind) r->folded.chars[at].kind : TW_HARD;
}

/* Said by the author himself, and not in the list of attachments */
static inline bool
tw_is_live(const TwReport *r, const TwMatch *match)
{
	return !match->silent && !match->spoken && !match->quoted &&
		r->clauses[match->clause].section != TW_SECTION_ATTACHMENT;
}

/* report_responsible.c */
extern void tw_check_responsible(TwReport *r);

/* report_events.c */
extern void tw_mark_events(TwReport *r);
extern uint32 tw_times_near(const TwReport *r, int32 clause);
extern bool tw_reaches_out(const TwReport *r, int32 c, bool telling);
extern bool tw_contacts_others_only(const TwReport *r);
extern bool tw_goes_to_other(const TwReport *r, int32 at, int32 clause);

/* report_contacts.c */
extern int32 tw_first_finding(const TwReport *r);
extern int32 tw_leading_contact(const TwReport *r);
extern bool tw_check_first_contact(TwReport *r, int32 *sentence);

/* report_replies.c */
extern void tw_check_times_and_attachments(TwReport *r, bool first_contact, int32 contact_sentence);

/* report_sections.c */
extern void tw_find_sections(TwReport *r);
extern void tw_end_attachments(TwReport *r);

/* report_speech.c */
extern void tw_find_speeches(TwReport *r);

/* report_when.c */
extern void tw_find_times(TwReport *r);

/* report_text.c */
extern bool tw_report_read(TwReport *r);
extern int32 tw_clause_at(const TwReport *r, int32 at, int32 near);

/* report_prohibitions.c */
extern void tw_check_prohibitions(TwReport *r);

/* report_elements.c */
extern void tw_check_elements(TwReport *r);

/* report_contents.c */
extern void tw_check_contents(TwReport *r);
extern bool tw_clause_acts(const TwReport *r, int32 clause);
extern bool tw_clause_done(const TwReport *r, int32 clause);
extern bool tw_without_contact(const TwReport *r);

/* report_check.c */
extern void tw_add_finding(TwReport *r, int code, int severity, int32 first, int32 last,
						   int32 pattern, const char *message, const char *argument);
extern bool tw_check_report(TwReport *r, const TwLexicon *lexicon, const TwReportInput *input,
							TwRoom *room);
extern double tw_pair_similarity(const TwFolded *a, const TwFolded *b);
extern double tw_pair_overlap(const TwFolded *a, const TwFolded *b);

#endif							/* TW_REPORT_CHECK_H */
