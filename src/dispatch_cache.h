/*
 * dispatch_cache.h
 *		The rules of dispatch of a center, as the engine wants them.
 */
#ifndef TW_DISPATCH_CACHE_H
#define TW_DISPATCH_CACHE_H

#include "dispatch.h"

typedef struct TwCenterDispatch
{
	TwDispatch	dispatch;
	const char *calendar;
} TwCenterDispatch;

/* The rules of a center by its code; TW006 for a center that there is not. */
extern const TwCenterDispatch *tw_center_dispatch(const char *code, size_t length)
	__attribute__((visibility("hidden")));

/* Place of a code in the arrays, which are sorted by it; -1 for none. */
extern int	tw_department_index(const TwDispatch *dispatch, const char *code, size_t length)
	__attribute__((visibility("hidden")));
extern int	tw_area_index(const TwDispatch *dispatch, const char *code, size_t length)
	__attribute__((visibility("hidden")));
extern int	tw_matter_index(const TwDispatch *dispatch, const char *code, size_t length)
	__attribute__((visibility("hidden")));

#endif							/* TW_DISPATCH_CACHE_H */
