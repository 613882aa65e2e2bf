/*
 * calendar_cache.h
 *		The calendars of the database, as the engine wants them.
 */
#ifndef TW_CALENDAR_CACHE_H
#define TW_CALENDAR_CACHE_H

#include "postgres.h"

#include "fmgr.h"

#include "calendar.h"

/* Days that depart from the weekly pattern lie in these years: it bounds a calendar's memory. */
#define TW_FIRST_YEAR 1900
#define TW_LAST_YEAR 2199

/* The calendar of an argument that is a code, or of the setting where it is NULL. */
extern const TwCalendar *tw_calendar_arg(FunctionCallInfo fcinfo, int arg)
	__attribute__((visibility("hidden")));

/* The calendar of a code that another part of the engine holds. */
extern const TwCalendar *tw_calendar_named(const char *code)
	__attribute__((visibility("hidden")));

#endif							/* TW_CALENDAR_CACHE_H */
