/*
 * fuzz.c
 *		Any bytes through the report engine, and what must hold of every answer.
 *
 * As libFuzzer's target (-DTW_LIBFUZZER with clang), or by itself with texts
 * grown from the corpus: the pure part must neither crash nor read past its
 * end, and every finding must stand on characters of the original.
 */
#include "host.h"

#include <stdio.h>

#include "report_person.h"
#include "report_phone.h"

static TwLexicon *lexicon = NULL;

static void
load(const char *path)
{
	TwPhraseProblem problem;
	int			count;
	TwPhraseRow *rows = tw_host_phrases(path, &count);

	lexicon = tw_compile_phrases(rows, count, &problem);
	if (lexicon == NULL)
	{
		fprintf(stderr, "row %d: %s %s\n", problem.row, problem.key, rows[problem.row].pattern);
		exit(1);
	}
}

#define must(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

static void
check_findings(const TwReport *r)
{
	int32		before = -1;

	for (int i = 0; i < r->nfindings; i++)
	{
		const TwFinding *f = &r->findings[i];

		must(f->code > 0 && f->code < TW_NCODES && f->severity <= TW_REJECT);
		must(!(f->code == TW_P3 && f->severity == TW_REJECT));
		must(f->message != NULL);
		if (f->first < 0)
			continue;
		must(f->first >= before && f->last >= f->first && f->last < r->folded.count);
		must(r->folded.chars[f->last].pos < (uint32) r->folded.originals);
		must(r->folded.chars[f->first].pos <= r->folded.chars[f->last].pos);
		before = f->first;
	}
	/* clauses cover the text without a gap */
	for (int32 c = 0; c < r->nclauses; c++)
		must(r->clauses[c].first == (c == 0 ? 0 : r->clauses[c - 1].last + 1));
	must(r->nclauses == 0 || r->clauses[r->nclauses - 1].last == r->folded.count - 1);
}

/* The engine's input is what the server has let in: valid UTF-8. Bytes that are not are replaced. */
static int
make_valid(char *text, int length)
{
	int			out = 0;

	for (int i = 0; i < length;)
	{
		unsigned char c = text[i];
		int			size = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
		bool		valid = size > 0 && i + size <= length && c != 0;

		for (int k = 1; k < size && valid; k++)
			valid = ((unsigned char) text[i + k] & 0xc0) == 0x80;
		if (valid && size == 4)
			valid = c < 0xf4 || (unsigned char) text[i + 1] < 0x90;
		if (valid)
		{
			memmove(text + out, text + i, size);
			out += size;
			i += size;
		}
		else
			i++;
	}
	return out;
}

static void
run_one(const char *data, size_t size)
{
	size_t		mark = tw_host_mark();
	TwReportInput input;
	TwReport	report;
	static TwRoom room;
	char	   *text = malloc(size + 1);
	size_t		length;
	size_t		split;

	memcpy(text, data, size);
	length = make_valid(text, size);
	memset(&input, 0, sizeof(input));
	/* the first byte decides on points, contact and category */
	split = length > 0 && (text[0] & 1) ? length / 2 : length;
	while (split < length && ((unsigned char) text[split] & 0xc0) == 0x80)
		split++;
	/* buffers of their own, so that reading past the end is seen */
	input.body = memcpy(malloc(split ? split : 1), text, split);
	input.body_length = split;
	if (split < length)
	{
		input.points = memcpy(malloc(length - split), text + split, length - split);
		input.points_length = length - split;
	}
	input.appeal = input.body;
	input.appeal_length = split;
	input.today = 19403;
	input.category = length > 1 ? text[1] % 5 - 1 : -1;
	input.has_contact = length <= 2 || (text[2] & 1);
	input.petitioner_phone = "13800000000";
	must(tw_check_report(&report, lexicon, &input, length > 3 && (text[3] & 1) ? NULL : &room));
	check_findings(&report);
	free((char *) input.body);
	free((char *) input.points);
	free(text);
	tw_host_release(mark);
}

#ifdef TW_LIBFUZZER

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	load(getenv("PHRASES"));
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run_one((const char *) data, size);
	return 0;
}

#else

static uint64_t state = 88172645463325252u;

static uint32
rnd(uint32 below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32) (state >> 11) % below;
}

#define MAX_SEEDS 4096
static char *seeds[MAX_SEEDS];
static int	nseeds = 0;

static void
read_seeds(const char *path)
{
	FILE	   *in = fopen(path, "r");
	static char line[65536];

	if (in == NULL)
	{
		perror(path);
		exit(1);
	}
	while (fgets(line, sizeof(line), in) && nseeds < MAX_SEEDS)
		seeds[nseeds++] = strdup(line);
	fclose(in);
}

static const char *const splices[] = {
	"。", "，", "：", "“", "”", "\n", "\n\n", " ", "　", "【", "】", "(", "）", "、", "；", "\xe2\x80\x8b", "\xef\xb7\xba",
	"将", "会", "正", "在", "2023年", "3月15日前", "元旦前", "第二季度", "十点半", "021-", "13800000000", "诉求人", "称", "未发现",
	"整改", "完毕", "责任人：", "附件", "\xcc\xb6", "\xf0\x9f\x98\x80", "㊣", "0", "一", "《", "》", "\"", "\xe3\x8f\xbf"
};

/* A text out of pieces of others, with marks, digits and stray bytes */
static size_t
grow(char *out, size_t room)
{
	size_t		length = 0;
	int			pieces = 1 + rnd(12);

	for (int i = 0; i < pieces; i++)
	{
		const char *seed = seeds[rnd(nseeds)];
		size_t		size = strlen(seed);
		size_t		from = size ? rnd(size) : 0;
		size_t		wanted = 1 + rnd(400);
		size_t		take = Min(size - from, wanted);

		if (length + take + 16 > room)
			break;
		memcpy(out + length, seed + from, take);
		length += take;
		if (rnd(3) > 0)
		{
			const char *splice = splices[rnd(lengthof(splices))];

			memcpy(out + length, splice, strlen(splice));
			length += strlen(splice);
		}
	}
	for (uint32 n = rnd(6); n > 0 && length > 0; n--)
		switch (rnd(3))
		{
			case 0:
				out[rnd(length)] = rnd(256);
				break;
			case 1:
				{
					size_t		at = rnd(length);

					memmove(out + at, out + at + 1, length - at - 1);
					length--;
					break;
				}
			default:
				{
					size_t		a = rnd(length);
					size_t		b = a + rnd(length - a);

					if (length + (b - a) < room)
					{
						memmove(out + b + (b - a), out + b, length - b);
						memcpy(out + b, out + a, b - a);
						length += b - a;
					}
				}
		}
	return length;
}

/* Texts that are all of one kind, as long as may be: what is not linear shows here. */
static void
run_long(const char *unit, size_t size)
{
	char	   *text = malloc(size);
	size_t		length = 0;

	while (length + strlen(unit) <= size)
	{
		memcpy(text + length, unit, strlen(unit));
		length += strlen(unit);
	}
	run_one(text, length);
	free(text);
}

static char *
random_pattern(void)
{
	static const char *const parts[] = {
		"已", "要求", "整改", "[10]", "<20>", "[", "]", "(", ")", "|", "[0]", "[99]", "<5", "(a|b)", "(|)", "。", "，", " ", "１", "將",
		"[3](", "x", "\xf0\xa0\x80\x80", "(一|二|三|四|五|六|七|八|九|十)"
	};
	static char out[2048];

	out[0] = '\0';
	for (uint32 n = 1 + rnd(12); n > 0; n--)
		strcat(out, parts[rnd(lengthof(parts))]);
	return out;
}

int
main(int argc, char **argv)
{
	bool		heavy = atoi(argv[1]) > 0;
	int			rounds = heavy ? 400000 : 4000;
	size_t		size = heavy ? 1024 * 1024 : 64 * 1024;
	static const char *const units[] = {
		"将 ", "正在", "将会", "1", "2023年", "，", "。", "诉求人称", "“", "”", "“正在", "一", "责任人：", "021-12345678，", "将会议", "\n",
		"责任人", "第", "整改中的", "已要求", "要求自行整改，", "现场未发现，", "\xef\xb7\xba", "\xcc\xb6", "将\xcc\xb6", "附件：", "(", "办理过程：",
		"联系诉求人", "下", "本周", "十", "0-", "先行联系 ", "5个工作日内完成", "、", "\"", "\"将会\"", "0.", "女士"
	};
	static char text[64 * 1024];

	load(argv[2]);
	for (int i = 3; i < argc; i++)
		read_seeds(argv[i]);
	printf("1..4\n");

	for (int i = 0; i < nseeds; i++)
		run_one(seeds[i], strlen(seeds[i]));
	run_one("", 0);
	printf("ok 1 - R1: %d texts of the corpus, findings on characters of the original\n", nseeds);

	for (int i = 0; i < rounds; i++)
		run_one(text, grow(text, sizeof(text)));
	printf("ok 2 - R1: %d texts grown from it\n", rounds);

	for (int i = 0; i < (int) lengthof(units); i++)
		run_long(units[i], size);
	printf("ok 3 - A4: %d texts of %d kB, one unit repeated\n", (int) lengthof(units), (int) (size / 1024));

	for (int i = 0; i < rounds; i++)
	{
		size_t		mark = tw_host_mark();
		TwPhraseRow row = {"P1", "synonym", random_pattern(), "review", NULL, NULL};
		TwPhraseProblem problem;
		TwLexicon  *one = tw_compile_phrases(&row, 1, &problem);

		must((one == NULL) == (problem.key != NULL));
		if (one != NULL)
		{
			TwLexicon  *all = lexicon;

			lexicon = one;
			run_one(row.pattern, strlen(row.pattern));
			lexicon = all;
		}
		tw_host_release(mark);
	}
	printf("ok 4 - A4: %d patterns, sound or refused\n", rounds);
	return 0;
}

#endif							/* TW_LIBFUZZER */
