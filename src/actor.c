/*
 * actor.c
 *		Who calls, what his role was granted, and which official acts.
 *
 * Every act asks this several times: its right, its author, its journal rows.
 * Grants and officials change seldom, so they are kept (cache.h); what roles
 * are members of is the server's own cache, and asked each time.
 */
#include "ticket_workflow.h"

#include "cache.h"

#include "access/htup_details.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(tw_sql_caller_is);
PG_FUNCTION_INFO_V1(tw_sql_has_capability);
PG_FUNCTION_INFO_V1(tw_sql_actor_id);
PG_FUNCTION_INFO_V1(tw_sql_actor);

#define OWNER_ROLE "ticket_workflow_owner"

/* longer codes than this are nobody's */
#define MAX_CODE (TW_CACHE_MAX_KEY - 1)

typedef struct Grant
{
	struct Grant *next;
	bool		everywhere;
	int64		center_id;
	char	   *role;
	char	   *capability;
} Grant;

typedef struct Grants
{
	Grant	   *first;
} Grants;

typedef struct Official
{
	/* false: nobody has this code or role */
	bool		exists;
	bool		active;
	int64		official_id;
	int64		center_id;
	char	   *code;
} Official;

static const void *load_grants(const char *key, Snapshot snapshot);
static const void *load_official(const char *key, Snapshot snapshot);

static const char *const grant_tables[] = {"access_grant", NULL};
static const char *const official_tables[] = {"official", NULL};

static TwCache grants = {
	.name = "grants",
	.tables = grant_tables,
	.load = load_grants,
	.max_entries = 1
};

static TwCache officials = {
	.name = "officials",
	.tables = official_tables,
	.load = load_official,
	.max_entries = 256
};

static const void *
load_grants(const char *key, Snapshot snapshot)
{
	Grants	   *result = palloc0(sizeof(Grants));
	TwScan		scan;
	AttrNumber	role;
	AttrNumber	capability;
	AttrNumber	center;

	tw_scan_begin(&scan, "access_grant", snapshot, NULL, NULL);
	role = tw_scan_column(&scan, "role_name");
	capability = tw_scan_column(&scan, "capability");
	center = tw_scan_column(&scan, "center_id");
	while (tw_scan_next(&scan))
	{
		Grant	   *grant = palloc(sizeof(Grant));

		grant->role = tw_scan_text(&scan, role);
		grant->capability = tw_scan_text(&scan, capability);
		grant->center_id = DatumGetInt64(tw_scan_datum(&scan, center, &grant->everywhere));
		grant->next = result->first;
		result->first = grant;
	}
	tw_scan_end(&scan);
	return result;
}

/* The key is the column's first letter and the value: code or database_role. */
static const void *
load_official(const char *key, Snapshot snapshot)
{
	Official   *result = palloc0(sizeof(Official));
	TwScan		scan;
	bool		isnull;

	tw_scan_begin(&scan, "official", snapshot, key[0] == 'c' ? "code" : "database_role", key + 1);
	if (tw_scan_next(&scan))
	{
		result->exists = true;
		result->official_id = DatumGetInt64(tw_scan_datum(&scan, tw_scan_column(&scan, "official_id"), &isnull));
		result->center_id = DatumGetInt64(tw_scan_datum(&scan, tw_scan_column(&scan, "center_id"), &isnull));
		result->active = DatumGetBool(tw_scan_datum(&scan, tw_scan_column(&scan, "active"), &isnull));
		result->code = tw_scan_text(&scan, tw_scan_column(&scan, "code"));
	}
	tw_scan_end(&scan);
	return result;
}

static const Official *
find_official(char column, const char *value)
{
	char		key[MAX_CODE + 2];
	size_t		length = strlen(value);

	if (length > MAX_CODE)
		return NULL;
	key[0] = column;
	memcpy(key + 1, value, length + 1);
	return tw_cache_get(&officials, key, length + 1, NULL);
}

/* The right to use a role's privileges, as EXECUTE itself asks; a dropped role is nobody's. */
static bool
caller_is(const char *role)
{
	Oid			oid = get_role_oid(role, true);

	return OidIsValid(oid) && has_privs_of_role(GetOuterUserId(), oid);
}

/* For a center, or with any_center for one of them at least. */
static bool
has_capability(const char *capability, bool any_center, int64 center_id)
{
	const Grants *all;

	/* superusers and owners have every capability */
	if (caller_is(OWNER_ROLE))
		return true;
	all = tw_cache_get(&grants, "all", 3, NULL);
	for (const Grant *grant = all->first; grant != NULL; grant = grant->next)
		if (strcmp(grant->capability, capability) == 0 &&
			(grant->everywhere || any_center || grant->center_id == center_id) &&
			caller_is(grant->role))
			return true;
	return false;
}

static char *
caller_name(void)
{
	return GetUserNameFromId(GetOuterUserId(), false);
}

/*
 * The official who acts: named by ticket_workflow.actor, which counts only for
 * the capability application, or the one whose database role calls; NULL for
 * none.
 */
static const Official *
acting_official(void)
{
	const char *named = tw_actor_setting();
	const Official *me;

	if (named != NULL)
	{
		me = find_official('c', named);
		if (me == NULL || !me->exists || !has_capability("application", false, me->center_id))
		{
			/* who may not name an actor at all does not learn which codes exist */
			if (!has_capability("application", true, 0))
				tw_fail("actor_needs_application", NULL, 1, caller_name());
			tw_fail("actor_unknown", NULL, 1,
					pnstrdup(named, pg_mbcharcliplen(named, strlen(named), 60)));
		}
	}
	else
	{
		me = find_official('r', caller_name());
		if (me == NULL || !me->exists)
			return NULL;
	}
	if (!me->active)
		tw_fail("actor_inactive", NULL, 1, me->code);
	return me;
}

Datum
tw_sql_caller_is(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(caller_is(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

/* has_capability(capability, center_id): NULL for the center asks for any */
Datum
tw_sql_has_capability(PG_FUNCTION_ARGS)
{
	/* no capability is called like this */
	const char *capability = PG_ARGISNULL(0) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(0));

	PG_RETURN_BOOL(has_capability(capability, PG_ARGISNULL(1), PG_ARGISNULL(1) ? 0 : PG_GETARG_INT64(1)));
}

Datum
tw_sql_actor_id(PG_FUNCTION_ARGS)
{
	const Official *me = acting_official();

	if (me == NULL)
		PG_RETURN_NULL();
	PG_RETURN_INT64(me->official_id);
}

Datum
tw_sql_actor(PG_FUNCTION_ARGS)
{
	const Official *me = acting_official();

	if (me == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(me->code));
}
