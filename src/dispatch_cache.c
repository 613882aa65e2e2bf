/*
 * dispatch_cache.c
 *		Compiles the rules of dispatch of a center: rows into arrays, names and
 *		places into one automaton.
 *
 * Ids of a center are a range (center_id * 10^12 + n), so every table is read
 * by its primary key.  Rules of other centers, and rows that name what is not
 * there any more, are passed over: rulebook_coverage() speaks of them.
 */
#include "dispatch_cache.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "dispatch_load.h"
#include "ticket_workflow.h"

static const void *load_center(const char *code, Snapshot snapshot);

static const char *const dispatch_tables[] = {
	"center", "area", "organization", "matter", "matter_parent", "statutory_rule", "duty", "exception_rule",
	"area_fallback", "organization_alias", "committee_place", "center_rulebook", "dispatch_order", "dispatch_word", NULL
};

static TwCache centers = {
	.name = "dispatch",
	.tables = dispatch_tables,
	.load = load_center,
	.max_entries = 16
};

const TwCenterDispatch *
tw_center_dispatch(const char *code, size_t length)
{
	return tw_cache_get(&centers, code, length, NULL);
}

/* ---- codes ---- */

static int
compare_code(const char *stored, const char *code, size_t length)
{
	int			order = strncmp(stored, code, length);

	return order != 0 ? order : stored[length] != '\0';
}

/* Each array's elements begin with their code */
static int
code_index(const void *array, size_t size, int count, const char *code, size_t length)
{
	int			low = 0;
	int			high = count - 1;

	if (memchr(code, '\0', length) != NULL)
		return -1;
	while (low <= high)
	{
		int			middle = (low + high) / 2;
		const char *stored = *(const char *const *) ((const char *) array + middle * size);
		int			order = compare_code(stored, code, length);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle - 1;
	}
	return -1;
}

int
tw_department_index(const TwDispatch *dispatch, const char *code, size_t length)
{
	return code_index(dispatch->departments, sizeof(TwDepartment), dispatch->ndepartments, code, length);
}

int
tw_area_index(const TwDispatch *dispatch, const char *code, size_t length)
{
	return code_index(dispatch->areas, sizeof(TwArea), dispatch->nareas, code, length);
}

int
tw_matter_index(const TwDispatch *dispatch, const char *code, size_t length)
{
	return code_index(dispatch->matters, sizeof(TwMatter), dispatch->nmatters, code, length);
}

static int
compare_codes(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* Rows with their id, put in order of their codes afterwards */
typedef struct Row
{
	const char *code;
	const char *name;
	int64		id;
	int64		area;
	bool		handles;
	TwValidity	valid;
} Row;

typedef struct Rows
{
	Row		   *rows;
	int			count;
	int			room;
} Rows;

static Row *
add_row(Rows *list)
{
	if (list->count == list->room)
	{
		list->room = list->room == 0 ? 256 : list->room * 2;
		list->rows = list->rows == NULL ? palloc(list->room * sizeof(Row)) :
			repalloc(list->rows, list->room * sizeof(Row));
	}
	return &list->rows[list->count++];
}

static void
sort_rows(Rows *list, Ids *ids)
{
	if (list->count > 0)
		qsort(list->rows, list->count, sizeof(Row), compare_codes);
	ids->count = list->count;
	ids->ids = palloc((list->count + 1) * sizeof(Id));
	for (int i = 0; i < list->count; i++)
	{
		ids->ids[i].id = list->rows[i].id;
		ids->ids[i].index = i;
	}
	if (list->count > 0)
		qsort(ids->ids, ids->count, sizeof(Id), compare_ids);
}

static Rows
read_named(Load *load, const char *table, const char *id, Ids *ids)
{
	Rows		list = {0};
	TwScan		scan;
	AttrNumber	id_column;
	AttrNumber	code;
	AttrNumber	name;

	begin(&scan, load, table);
	id_column = tw_scan_column(&scan, id);
	code = tw_scan_column(&scan, "code");
	name = tw_scan_column(&scan, "name");
	while (tw_scan_next(&scan))
	{
		Row		   *row = add_row(&list);

		memset(row, 0, sizeof(*row));
		row->id = get_id(&scan, id_column);
		row->code = tw_scan_text(&scan, code);
		row->name = tw_scan_text(&scan, name);
	}
	tw_scan_end(&scan);
	sort_rows(&list, ids);
	return list;
}

static void
load_areas(Load *load)
{
	TwDispatch *dispatch = load->dispatch;
	Rows		list = read_named(load, "area", "area_id", &load->areas);

	dispatch->nareas = list.count;
	dispatch->areas = palloc((list.count + 1) * sizeof(TwArea));
	for (int i = 0; i < list.count; i++)
	{
		dispatch->areas[i].code = list.rows[i].code;
		dispatch->areas[i].name = list.rows[i].name;
	}
}

static void
load_matters(Load *load)
{
	TwDispatch *dispatch = load->dispatch;
	Rows		list = read_named(load, "matter", "matter_id", &load->matters);
	TwScan		scan;
	AttrNumber	matter;
	AttrNumber	parent;

	dispatch->nmatters = list.count;
	dispatch->matters = palloc((list.count + 1) * sizeof(TwMatter));
	for (int i = 0; i < list.count; i++)
	{
		dispatch->matters[i].code = list.rows[i].code;
		dispatch->matters[i].name = list.rows[i].name;
		dispatch->matters[i].parent = -1;
	}
	begin(&scan, load, "matter_parent");
	matter = tw_scan_column(&scan, "matter_id");
	parent = tw_scan_column(&scan, "parent_id");
	while (tw_scan_next(&scan))
	{
		int			index = id_index(&load->matters, get_id(&scan, matter));

		if (index >= 0)
			dispatch->matters[index].parent = id_index(&load->matters, get_id(&scan, parent));
	}
	tw_scan_end(&scan);
}

static void
load_departments(Load *load)
{
	TwDispatch *dispatch = load->dispatch;
	Rows		list = {0};
	TwScan		scan;
	AttrNumber	id;
	AttrNumber	code;
	AttrNumber	name;
	AttrNumber	kind;
	AttrNumber	area;
	AttrNumber	from;
	AttrNumber	until;

	begin(&scan, load, "organization");
	id = tw_scan_column(&scan, "organization_id");
	code = tw_scan_column(&scan, "code");
	name = tw_scan_column(&scan, "name");
	kind = tw_scan_column(&scan, "kind");
	area = tw_scan_column(&scan, "area_id");
	from = tw_scan_column(&scan, "valid_from");
	until = tw_scan_column(&scan, "valid_until");
	while (tw_scan_next(&scan))
	{
		Row		   *row = add_row(&list);
		char	   *what = tw_scan_text(&scan, kind);

		row->id = get_id(&scan, id);
		row->code = tw_scan_text(&scan, code);
		row->name = tw_scan_text(&scan, name);
		row->handles = strcmp(what, "department") == 0 || strcmp(what, "committee") == 0;
		row->area = get_id(&scan, area);
		row->valid = get_validity(&scan, from, until);
		pfree(what);
	}
	tw_scan_end(&scan);
	sort_rows(&list, &load->departments);

	dispatch->ndepartments = list.count;
	dispatch->departments = palloc((list.count + 1) * sizeof(TwDepartment));
	for (int i = 0; i < list.count; i++)
	{
		dispatch->departments[i].code = list.rows[i].code;
		dispatch->departments[i].name = list.rows[i].name;
		dispatch->departments[i].area = id_index(&load->areas, list.rows[i].area);
		dispatch->departments[i].handles = list.rows[i].handles;
		dispatch->departments[i].valid = list.rows[i].valid;
	}
}

/* ---- rules ---- */

static char *
day_text(int32 day)
{
	int			year;
	int			month;
	int			dom;

	/* whatever the DateStyle: the text is kept */
	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &dom);
	return psprintf("%04d-%02d-%02d", year, month, dom);
}

/* A law and its article, side by side */
static char *
with_article(char *law, char *article)
{
	return article == NULL ? law : psprintf("%s%s", law, article);
}

static void
load_rules(Load *load, TwRules *rules, const char *table, const char *basis, const char *article, const char *more,
		   bool has_matter, bool ends)
{
	TwScan		scan;
	AttrNumber	matter;
	AttrNumber	area;
	AttrNumber	department;
	AttrNumber	from;
	AttrNumber	until;
	AttrNumber	basis_column;
	AttrNumber	article_column;
	AttrNumber	more_column;
	int			room = 64;

	rules->count = 0;
	rules->rules = palloc(room * sizeof(TwRule));
	begin(&scan, load, table);
	matter = has_matter ? tw_scan_column(&scan, "matter_id") : InvalidAttrNumber;
	area = tw_scan_column(&scan, "area_id");
	department = tw_scan_column(&scan, "organization_id");
	from = tw_scan_column(&scan, "valid_from");
	until = tw_scan_column(&scan, "valid_until");
	basis_column = tw_scan_column(&scan, basis);
	article_column = article != NULL ? tw_scan_column(&scan, article) : InvalidAttrNumber;
	more_column = more != NULL ? tw_scan_column(&scan, more) : InvalidAttrNumber;
	while (tw_scan_next(&scan))
	{
		int64		of_matter = has_matter ? get_id(&scan, matter) : 0;
		int64		of_area = get_id(&scan, area);
		TwRule		rule;

		rule.matter = of_matter == 0 ? load->dispatch->nmatters : id_index(&load->matters, of_matter);
		rule.area = of_area == 0 ? -1 : id_index(&load->areas, of_area);
		rule.department = id_index(&load->departments, get_id(&scan, department));
		if (rule.matter < 0 || (of_area != 0 && rule.area < 0) || rule.department < 0)
			continue;
		rule.valid = get_validity(&scan, from, until);
		rule.basis = with_article(tw_scan_text(&scan, basis_column), article != NULL ? tw_scan_text(&scan, article_column) : NULL);
		rule.more = more != NULL ? tw_scan_text(&scan, more_column) : NULL;
		rule.ends = ends ? day_text(rule.valid.until) : NULL;
		if (rules->count == room)
		{
			room *= 2;
			rules->rules = repalloc(rules->rules, room * sizeof(TwRule));
		}
		rules->rules[rules->count++] = rule;
	}
	tw_scan_end(&scan);
	tw_sort_rules(rules, load->dispatch->nmatters);
}

static int64
load_row_of_center(TwCenterDispatch *loaded, const char *code, Snapshot snapshot)
{
	TwScan		scan;
	int64		center_id;

	tw_scan_begin(&scan, "center", snapshot, "code", code);
	if (!tw_scan_next(&scan))
		tw_fail("unknown_row", NULL, 2, "center", code);
	center_id = get_id(&scan, tw_scan_column(&scan, "center_id"));
	loaded->calendar = tw_scan_text(&scan, tw_scan_column(&scan, "calendar"));
	tw_scan_end(&scan);
	return center_id;
}

static const void *
load_center(const char *code, Snapshot snapshot)
{
	TwCenterDispatch *loaded = palloc0(sizeof(TwCenterDispatch));
	Load		load = {0};

	load.snapshot = snapshot;
	load.dispatch = &loaded->dispatch;
	load.center_id = load_row_of_center(loaded, code, snapshot);

	load_areas(&load);
	load_matters(&load);
	load_departments(&load);
	load_rules(&load, &loaded->dispatch.statutory, "statutory_rule", "law", "article", "preceding", true, false);
	load_rules(&load, &loaded->dispatch.duties, "duty", "basis", NULL, NULL, true, false);
	load_rules(&load, &loaded->dispatch.exceptions, "exception_rule", "name", NULL, "reason", true, true);
	load_rules(&load, &loaded->dispatch.fallbacks, "area_fallback", "basis", NULL, NULL, false, false);
	tw_load_periods(&load);
	tw_load_uses(&load);

	pfree(load.areas.ids);
	pfree(load.matters.ids);
	pfree(load.departments.ids);
	return loaded;
}
