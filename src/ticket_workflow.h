/*
 * ticket_workflow.h
 *		What two or more files of the extension share.
 *
 * Every symbol that is not static starts with tw_: a library of PostgreSQL 15
 * exports them all into the backend.
 */
#ifndef TICKET_WORKFLOW_H
#define TICKET_WORKFLOW_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"				/* part of postgres.h before */
#endif

#if PG_VERSION_NUM < 180000
#define pg_noreturn __attribute__((noreturn))
#endif

/* settings.c */
extern void tw_define_settings(void);
extern const char *tw_default_calendar(void);
extern const char *tw_default_calendar_key(size_t *length);
extern const char *tw_actor_setting(void);
extern bool tw_language_is_english(void);
extern TimestampTz tw_now(void);

/* messages.c */
pg_noreturn extern void tw_fail(const char *key, const char *clause, int nargs,...);
extern char *tw_message(const char *key, int nargs,...);
extern const char *tw_label(const char *domain, const char *code, bool english);
extern text *tw_message_datum(const char *key, const char *const *args, int nargs);

/* Refuses to work on a database that is not UTF-8 (CREATE EXTENSION does too). */
extern void tw_require_utf8(void);

#endif							/* TICKET_WORKFLOW_H */
