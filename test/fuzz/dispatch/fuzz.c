/*
 * fuzz.c
 *		The pure part of dispatch against the oracle: random desks, by itself or
 *		as libFuzzer's target (-DTW_LIBFUZZER with clang), and the street of
 *		corpus.txt against answers written by hand.
 */
#include <stdio.h>

#include "world.h"
#include "host.h"

static void
show(const char *who, const TwDispatchRow *rows, int count)
{
	for (int i = 0; i < count; i++)
	{
		fprintf(stderr, "%s %d: principle %d, department %d%s, %s (", who, i, rows[i].principle, rows[i].department,
				rows[i].decisive ? " decides" : "", rows[i].reason);
		for (int a = 0; a < TW_REASON_ARGS; a++)
			fprintf(stderr, "%s%s", a ? ", " : "", rows[i].args[a] != NULL ? rows[i].args[a] : "-");
		fprintf(stderr, ")\n");
	}
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_rows(const TwDispatchRow *a, const TwDispatchRow *b)
{
	bool		same = a->principle == b->principle && a->department == b->department && a->decisive == b->decisive &&
		same_text(a->reason, b->reason);

	for (int i = 0; i < TW_REASON_ARGS; i++)
		same = same && same_text(a->args[i], b->args[i]);
	return same;
}

static bool
same_found(const TwFound *a, const TwFound *b, bool with_names)
{
	bool		same = a->count == b->count;

	for (int i = 0; same && i < a->count; i++)
		same = a->departments[i] == b->departments[i] && (!with_names || same_text(a->names[i], b->names[i]));
	return same;
}

/* In a buffer of its own, so that reading past the end is seen */
static const char *
exactly(const char *text, int length)
{
	return memcpy(malloc(length > 0 ? length : 1), text, length);
}

static long	hits[TW_PRINCIPLES + 1];
static long	undecided = 0;

static bool
agree(const World *world, TwDispatchQuery *query)
{
	TwDispatchRow ours[TW_PRINCIPLES + 1];
	TwDispatchRow theirs[TW_PRINCIPLES + 1];
	TwPlace		place;
	TwPlace		place_of_oracle;
	TwFound		named;
	TwFound		named_of_oracle;
	int			n;
	int			m;
	bool		same;
	bool		decided = false;

	tw_read_texts(&world->dispatch, &world->period, query, &place, &named);
	oracle_texts(world, query, &place_of_oracle, &named_of_oracle);
	same = place.status == place_of_oracle.status && same_text(place.name, place_of_oracle.name) &&
		same_found(&place.found, &place_of_oracle.found, false) && same_found(&named, &named_of_oracle, true);
	n = tw_resolve_dispatch(&world->dispatch, &world->period, query, ours);
	m = oracle(world, query, theirs);
	for (int i = 0; same && i < n && n == m; i++)
	{
		same = same_rows(&ours[i], &theirs[i]);
		if (ours[i].decisive)
			hits[ours[i].principle]++;
		decided = decided || ours[i].decisive;
	}
	undecided += !decided;
	if (same && n == m)
		return true;
	fprintf(stderr, "place  [%.*s]\nappeal [%.*s]\n", query->place_length, query->place ? query->place : "",
			query->appeal_length, query->appeal ? query->appeal : "");
	fprintf(stderr, "found %d %s %d, oracle %d %s %d; named %d, oracle %d\n", place.status, place.name ? place.name : "-", place.found.count,
			place_of_oracle.status, place_of_oracle.name ? place_of_oracle.name : "-", place_of_oracle.found.count, named.count,
			named_of_oracle.count);
	show("engine", ours, n);
	show("oracle", theirs, m);
	for (int i = 0; i < world->nuses; i++)
		fprintf(stderr, "use %d: %s kind %d department %d, %d to %d, numbers %d to %d parity %d\n", i, world->uses[i].name, world->uses[i].kind,
				world->uses[i].department, world->uses[i].valid.from, world->uses[i].valid.until, world->uses[i].number_from,
				world->uses[i].number_until, world->uses[i].parity);
	return false;
}

/* One world, some questions: texts of the world, or the bytes given */
static bool
run_world(uint64_t seed, const char *bytes, int length, int questions)
{
	size_t		mark = tw_host_mark();
	static World world;
	bool		good = true;

	seed_rnd(seed);
	random_world(&world);
	for (int i = 0; i < questions && good; i++)
	{
		TwDispatchQuery query;
		TwHandler	handlers[4];
		int			excluded[4];
		char		place[1024];
		char		appeal[2048];

		random_query(&world, &query, handlers, excluded);
		if (bytes != NULL)
		{
			query.place_length = length / 3;
			query.place = exactly(bytes, query.place_length);
			query.appeal_length = length - length / 3;
			query.appeal = exactly(bytes + length / 3, query.appeal_length);
		}
		else
		{
			query.place_length = random_text(&world, place, sizeof(place));
			query.appeal_length = random_text(&world, appeal, sizeof(appeal));
			query.place = rnd(6) ? exactly(place, query.place_length) : NULL;
			query.appeal = rnd(6) ? exactly(appeal, query.appeal_length) : NULL;
		}
		good = agree(&world, &query);
		if (!good)
			fprintf(stderr, "seed %llu, question %d\n", (unsigned long long) seed, i);
		free((char *) query.place);
		free((char *) query.appeal);
	}
	tw_host_release(mark);
	return good;
}

#ifdef TW_LIBFUZZER

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3)
		return 0;
	/* many texts to a world, so that what a text changes can be learned */
	if (!run_world(data[0] | data[1] << 8, (const char *) data + 2, size - 2, 2))
		abort();
	return 0;
}

#else

/* A line: place, appeal, what is found of the place, who is named; - is none, ? is several */
static bool
run_line(const World *world, char *line, int number)
{
	char	   *cells[4] = {"", "", "", ""};
	char		found[256] = "";
	char		said[256] = "";
	TwDispatchQuery query = {0};
	TwPlace		place;
	TwFound		named;
	bool		good;

	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < 4 && line != NULL; i++)
	{
		char	   *tab = strchr(line, '\t');

		cells[i] = line;
		line = tab != NULL ? tab + 1 : NULL;
		if (tab != NULL)
			*tab = '\0';
	}
	query.matter = 0;
	query.area = -1;
	query.in_territory = true;
	query.separator = "、";
	query.place_length = strlen(cells[0]);
	query.place = *cells[0] ? exactly(cells[0], query.place_length) : NULL;
	query.appeal_length = strlen(cells[1]);
	query.appeal = exactly(cells[1], query.appeal_length);
	tw_read_texts(&world->dispatch, &world->period, &query, &place, &named);
	for (int i = 0; i < place.found.count; i++)
		sprintf(found + strlen(found), "%s%s", i ? " " : "",
				place.found.departments[i] < 0 ? "outside" : world->dispatch.departments[place.found.departments[i]].code);
	for (int i = 0; i < named.count; i++)
		sprintf(said + strlen(said), "%s%s", i ? " " : "", world->dispatch.departments[named.departments[i]].code);
	good = same_text(*found ? found : "-", cells[2]) && same_text(*said ? said : "-", cells[3]);
	if (!good)
		fprintf(stderr, "line %d: %s | %s: found [%s], expected [%s]; named [%s], expected [%s]\n", number, cells[0], cells[1], found, cells[2],
				said, cells[3]);
	good = agree(world, &query) && good;
	free((char *) query.place);
	free((char *) query.appeal);
	return good;
}

static bool
run_corpus(const char *path, int *count)
{
	static World world;
	FILE	   *in = fopen(path, "r");
	char		line[4096];
	bool		good = true;

	if (in == NULL)
	{
		perror(path);
		exit(1);
	}
	street(&world);
	while (fgets(line, sizeof(line), in))
		if (line[0] != '#')
			good = run_line(&world, line, ++*count) && good;
	fclose(in);
	return good;
}

/* Texts that are all of one kind, as long as may be: what is not linear shows here, and what has no end */
static bool
run_long(const World *world, const char *unit, int size)
{
	char	   *text = malloc(size);
	int			length = 0;
	TwDispatchQuery query = {0};
	TwDispatchRow rows[TW_PRINCIPLES + 1];
	int			n;

	while (length + (int) strlen(unit) <= size)
	{
		memcpy(text + length, unit, strlen(unit));
		length += strlen(unit);
	}
	query.area = -1;
	query.in_territory = true;
	query.separator = "、";
	query.place = query.appeal = text;
	query.place_length = query.appeal_length = length;
	n = tw_resolve_dispatch(&world->dispatch, &world->period, &query, rows);
	free(text);
	return n >= TW_PRINCIPLES;
}

int
main(int argc, char **argv)
{
	static const char *const units[] = {
		"宜", "宜川", "宜川路", "宜川路1", "宜川路一百", "宜川路1号，", "泰山小区", "城管", "原城管", "城管学", "1", "一", "十", "千", " ", "，", "。", "第",
		"\xef\xb7\xba", "\xe2\x80\x8b", "𠀀", "区房管局退休"
	};
	bool		heavy = argc > 1 && atoi(argv[1]) > 0;
	int			worlds = heavy ? 100000 : 5000;
	int			size = heavy ? 1024 * 1024 : 128 * 1024;
	int			lines = 0;
	int			bad = 0;
	bool		good;
	static World world;
	long		all = 0;

	(void) argc;
	printf("1..4\n");
	good = run_corpus(argv[2], &lines);
	bad += !good;
	printf("%sok 1 - 2.1: %d addresses and appeals of one street, answers by hand\n", good ? "" : "not ", lines);

	memset(hits, 0, sizeof(hits));
	undecided = 0;
	good = true;
	for (int i = 1; i <= worlds && good; i++)
		good = run_world(i, NULL, 0, 20);
	for (int i = 0; i <= TW_PRINCIPLES; i++)
		all += hits[i];
	bad += !good;
	printf("%sok 2 - 2.1: %d random desks of 20 tickets, every row as the oracle has it\n", good ? "" : "not ", worlds);
	good = undecided > 0 && all > worlds * 10;
	printf("# decided by statute %ld, duty %ld, territory %ld, fact %ld, association %ld, fallback %ld, exception %ld, transfer %ld, by nothing %ld\n",
		   hits[0], hits[1], hits[2], hits[3], hits[4], hits[5], hits[6], hits[7], undecided);
	for (int i = 0; i <= TW_PRINCIPLES; i++)
		good = good && hits[i] > worlds / 20;
	bad += !good;
	printf("%sok 3 - 2.1: each principle decided many of them\n", good ? "" : "not ");

	good = true;
	street(&world);
	for (int i = 0; i < (int) lengthof(units); i++)
		good = run_long(&world, units[i], size) && good;
	bad += !good;
	printf("%sok 4 - 2.1: %d texts of %d kB, one unit repeated\n", good ? "" : "not ", (int) lengthof(units), size / 1024);
	return bad > 0;
}

#endif							/* TW_LIBFUZZER */
