/*
 * ticket_workflow.c
 *		Loading of the library.
 */
#include "ticket_workflow.h"

#include "cache.h"

#include "mb/pg_wchar.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	tw_define_settings();
	tw_cache_init();
}

void
tw_require_utf8(void)
{
	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("ticket_workflow needs a database in UTF8, this one is in %s",
						GetDatabaseEncodingName())));
}
