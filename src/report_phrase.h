/*
 * report_phrase.h
 *		Phrases of a rulebook, compiled: patterns of literal parts over one automaton.
 */
#ifndef TW_REPORT_PHRASE_H
#define TW_REPORT_PHRASE_H

#include "automaton.h"

/* What a phrase is there for; the names stand in the column "role". */
typedef enum TwRole
{
	TW_PROHIBITED,				/* the norm's words, of P1 to P7 */
	TW_SYNONYM,					/* words that mean the same */
	TW_HARMLESS,				/* covers a phrase and silences it (R2) */
	TW_HOLLOW,					/* words of P3 */
	TW_PETITIONER,				/* 诉求人 */
	TW_TITLE,					/* 女士: the petitioner, unless another party stands before it */
	TW_OTHER_PARTY,				/* 物业, 店主: who speaks is not the petitioner */
	TW_SPEECH,					/* 反映, 称: what follows is not the author's (R4) */
	TW_SPEECH_LABEL,			/* 诉求内容: heads a section of the petitioner's words */
	TW_COMPLETION,				/* 完毕, 到位 */
	TW_MEASURE,					/* 拆除, 更换 */
	TW_DONE_MARK,				/* 已, 全部: what stands in this clause has happened */
	TW_FUTURE_MARK,				/* 将, 预计, 要求: it has not */
	TW_NEGATION,				/* 未, 尚未 before a completion */
	TW_LABEL,					/* heads the section of an element, by code */
	TW_REPLY_LABEL,
	TW_ATTACHMENT_LABEL,
	TW_CONTACT,					/* E1: contact with the petitioner */
	TW_REPLY,					/* E7: reply to the petitioner */
	TW_ATTACHMENT,				/* E7: attachments */
	TW_FACT,					/* E2: whether it is true */
	TW_PROCESS,					/* E3: handling */
	TW_PERSON,					/* E5: 责任人 */
	TW_PHONE,					/* 电话, 座机: a number follows */
	TW_NOT_PHONE,				/* 工单号, 读数: the number that follows is none */
	TW_NO_CONTACT,				/* 未留联系方式 (R7) */
	TW_NO_ANSWER,				/* 无人接听 (R7) */
	TW_PHOTO,					/* 照片 */
	TW_VERIFY,					/* P5: 核实, 确认, 在场 */
	TW_RECHECK,					/* P5: 复查, 回头看 */
	TW_SCENE,					/* P1: 发现, 到场时: what follows was seen */
	TW_LEGAL,					/* P1: 根据, 条例: what follows is a duty by law */
	TW_SUMMARY,					/* P7: 汇总 */
	TW_UNFOUNDED,				/* 不属实 (2.3.4) */
	TW_CONCLUDING,				/* 不存在, 不符合 (2.3.4) */
	TW_FEEDBACK,				/* the petitioner's judgement (2.3.3.1) */
	TW_UNRESOLVED,				/* 暂时无法解决 (2.3.3.2) */
	TW_INVOLVED,				/* 涉及…部门 (A4.2.7) */
	TW_EXPLAINED,				/* 解释, 说明 (2.3.3.2) */
	TW_TIME_WORD,				/* 年底, 春节: where a time may stand; from the code */
	TW_NROLES
} TwRole;

typedef enum TwSeverity
{
	TW_ADVICE,
	TW_REVIEW,
	TW_REJECT
} TwSeverity;

/* What lifts a prohibition */
typedef enum TwWaiver
{
	TW_WAIVER_NONE,
	TW_WAIVER_TIME_NODE,		/* a time node in the sentence */
	TW_WAIVER_DONE_OR_NODE,		/* ... or done afterwards (P2, P4) */
	TW_WAIVER_SCENE,			/* seen on the spot, or an attribute of what is done */
	TW_WAIVER_LEGAL,			/* a duty by law, fulfilled since */
	TW_WAIVER_VERIFIED,			/* verified with the caller, or no contact and photos (P5) */
	TW_WAIVER_SUMMARY			/* the departments' results are put together (P7) */
} TwWaiver;

typedef enum TwCode
{
	TW_CODE_ANY,
	TW_E1, TW_E2, TW_E3, TW_E4, TW_E5, TW_E6, TW_E7,
	TW_P1, TW_P2, TW_P3, TW_P4, TW_P5, TW_P6, TW_P7,
	TW_C1, TW_C2, TW_C3, TW_C4, TW_C5,
	TW_NCODES
} TwCode;

#define TW_MAX_PARTS 4
#define TW_MAX_GAP 60
/* how far behind a phrase a word may end that is read together with it */
#define TW_MAX_REACH (TW_MAX_GAP + TW_MAX_LITERAL)
/* alternatives of one part, multiplied out */
#define TW_MAX_VARIANTS 1000

typedef struct TwPattern
{
	uint8		role;
	uint8		code;			/* of a harmless word: what it silences, TW_CODE_ANY for all */
	uint8		only_role;		/* of a harmless word: the one role it silences, or TW_NROLES */
	uint8		severity;
	uint8		waiver;
	uint8		nparts;
	uint8		gaps[TW_MAX_PARTS];	/* before part n */
	bool		crosses[TW_MAX_PARTS];	/* the gap may cross a comma */
	int32		row;			/* which of the rows given */
	int32		progress;		/* where a check keeps that of its first part; the others but the last follow */
} TwPattern;

/* A part of a pattern that literals complete, with what each hit asks of the pattern */
typedef struct TwMember
{
	int32		pattern;
	int32		progress;		/* where a check keeps how far the pattern has come with this part; -1 for one of one part */
	uint8		part;
	uint8		gap;			/* before it */
	bool		crosses;
	bool		last;
	uint8		role;
} TwMember;

/* Progress within a sentence is rare: a bit tells of most that there is none. */
#define TW_PROGRESS_BIT(progress) (UINT64_C(1) << ((progress) & 63))

/* What a literal completes: later parts of patterns first, since it must not end one part and begin another at once */
typedef struct TwMembers
{
	int32		later;
	int32		first;			/* first parts, and whole patterns */
	int32		end;
	uint64_t	awaited;		/* bit for each progress that a later part needs, TW_PROGRESS_BIT */
} TwMembers;

typedef struct TwLexicon
{
	TwAutomaton *automaton;
	TwPattern  *patterns;
	int32		npatterns;
	int32		nprogress;
	TwMembers  *members_of;		/* by what a hit names */
	int32		nsets;
	TwMember   *members;
	int32		nmembers;
	const char **clauses;		/* by row; NULL for none */
} TwLexicon;

typedef struct TwPhraseRow
{
	const char *code;
	const char *role;
	const char *pattern;
	const char *severity;
	const char *clause;
	const char *waiver;
} TwPhraseRow;

/* Why a row cannot be compiled; NULL reason: it can */
typedef struct TwPhraseProblem
{
	const char *key;			/* of the message */
	const char *argument;
	int			row;
} TwPhraseProblem;

extern const char *const tw_code_names[TW_NCODES];
extern const char *const tw_severity_names[3];
extern const char *tw_role_name(int role);

extern TwLexicon *tw_compile_phrases(const TwPhraseRow *rows, int count, TwPhraseProblem *problem);

#endif							/* TW_REPORT_PHRASE_H */
