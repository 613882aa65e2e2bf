/*
 * desk.c
 *		A desk's fixed points that every act asks for: a center's calendar, the
 *		single amounts of a rulebook.
 */
#include "ticket_workflow.h"

#include "cache.h"

#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(tw_sql_ticket_calendar);
PG_FUNCTION_INFO_V1(tw_sql_rulebook_setting);

typedef struct Setting
{
	struct Setting *next;
	char	   *name;
	text	   *value;
} Setting;

/* the list of a rulebook's settings begins in one of these */
typedef struct Settings
{
	Setting    *first;
} Settings;

/* null: there is no such center */
typedef struct Calendar
{
	text	   *code;
} Calendar;

static const void *load_calendar(const char *key, Snapshot snapshot);
static const void *load_settings(const char *key, Snapshot snapshot);

static const char *const calendar_tables[] = {"center", NULL};
static const char *const setting_tables[] = {"rulebook_setting", NULL};

static TwCache calendars = {
	.name = "calendars of centers",
	.tables = calendar_tables,
	.load = load_calendar,
	.max_entries = 64
};

static TwCache settings = {
	.name = "rulebook settings",
	.tables = setting_tables,
	.load = load_settings,
	.max_entries = 16
};

static const void *
load_calendar(const char *key, Snapshot snapshot)
{
	Calendar   *result = palloc0(sizeof(Calendar));
	int64		center = strtoll(key, NULL, 10);
	TwScan		scan;
	bool		isnull;

	tw_scan_begin_ids(&scan, "center", snapshot, center, center);
	if (tw_scan_next(&scan))
		result->code = DatumGetTextPCopy(tw_scan_datum(&scan, tw_scan_column(&scan, "calendar"), &isnull));
	tw_scan_end(&scan);
	return result;
}

static const void *
load_settings(const char *key, Snapshot snapshot)
{
	Settings   *result = palloc0(sizeof(Settings));
	TwScan		scan;
	AttrNumber	name;
	AttrNumber	value;
	bool		isnull;

	tw_scan_begin(&scan, "rulebook_setting", snapshot, "rulebook", key);
	name = tw_scan_column(&scan, "name");
	value = tw_scan_column(&scan, "value");
	while (tw_scan_next(&scan))
	{
		Setting    *setting = palloc(sizeof(Setting));

		setting->name = tw_scan_text(&scan, name);
		setting->value = DatumGetTextPCopy(tw_scan_datum(&scan, value, &isnull));
		setting->next = result->first;
		result->first = setting;
	}
	tw_scan_end(&scan);
	return result;
}

/* A copy: the kept one may go with the next look-up, and the caller's value lives longer. */
static Datum
copy_of(const text *kept)
{
	text	   *copy = palloc(VARSIZE_ANY(kept));

	memcpy(copy, kept, VARSIZE_ANY(kept));
	return PointerGetDatum(copy);
}

Datum
tw_sql_ticket_calendar(PG_FUNCTION_ARGS)
{
	char		key[32];
	const Calendar *calendar;

	snprintf(key, sizeof(key), INT64_FORMAT, PG_GETARG_INT64(0));
	calendar = tw_cache_get(&calendars, key, strlen(key), fcinfo);
	if (calendar->code == NULL)
		PG_RETURN_NULL();
	return copy_of(calendar->code);
}

/* rulebook_setting(rulebook, name) */
Datum
tw_sql_rulebook_setting(PG_FUNCTION_ARGS)
{
	char	   *rulebook = PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *name = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));

	if (rulebook != NULL && name != NULL && strlen(rulebook) <= TW_CACHE_MAX_KEY)
	{
		const Settings *found = tw_cache_get(&settings, rulebook, strlen(rulebook), fcinfo);

		for (const Setting *setting = found->first; setting != NULL; setting = setting->next)
			if (strcmp(setting->name, name) == 0)
				return copy_of(setting->value);
	}
	tw_fail("setting_missing", NULL, 2, name, rulebook);
}
