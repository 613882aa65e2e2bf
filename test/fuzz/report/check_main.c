/*
 * report_check_main.c
 *		Checks reports outside the server: one per line, as body, appeal and
 *		category with tabs between, \n for line breaks.  For tuning and profiling.
 */
#include "host.h"

#include <stdio.h>
#include <time.h>

int
main(int argc, char **argv)
{
	TwPhraseProblem problem;
	int			count;
	TwPhraseRow *rows = tw_host_phrases(argv[1], &count);
	TwLexicon  *lexicon = tw_compile_phrases(rows, count, &problem);
	static char line[2000000];
	int			repeat = argc > 2 ? atoi(argv[2]) : 1;

	if (lexicon == NULL)
	{
		printf("row %d: %s (%s) %s\n", problem.row + 2, problem.key, problem.argument ? problem.argument : "",
			   rows[problem.row].pattern);
		return 1;
	}
	fprintf(stderr, "%d patterns, %d sets, %d literals, %d states, %d cells, %d symbols\n", lexicon->npatterns,
			lexicon->nsets, lexicon->automaton->nliterals, lexicon->automaton->nstates,
			lexicon->automaton->ncells, lexicon->automaton->nsymbols);
	while (fgets(line, sizeof(line), stdin))
	{
		char	   *cells[4] = {"", "", "", ""};
		char	   *at = line;
		TwReport	report;
		static TwRoom room;
		TwReportInput input;
		size_t		mark = tw_host_mark();
		struct timespec a, b;

		for (int i = 0; i < 4; i++)
		{
			char	   *end = at + strcspn(at, "\t\n");
			bool		more = *end == '\t';

			*end = '\0';
			cells[i] = at;
			at = end + 1;
			if (!more)
				break;
		}
		for (char *c = cells[0]; *c; c++)
			if (*c == '\001')
				*c = '\n';
		memset(&input, 0, sizeof(input));
		input.body = cells[0];
		input.body_length = strlen(cells[0]);
		input.appeal = *cells[1] ? cells[1] : NULL;
		input.appeal_length = strlen(cells[1]);
		input.category = *cells[2] ? atoi(cells[2]) : -1;
		input.today = *cells[3] ? atoi(cells[3]) : 19400;
		input.has_contact = true;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
		for (int i = 0; i < repeat; i++)
		{
			tw_host_release(mark);
			tw_check_report(&report, lexicon, &input, &room);
		}
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
		if (repeat > 1)
			fprintf(stderr, "%d characters, %d matches, %d clauses: %.2f us\n", report.folded.originals, report.nmatches, report.nclauses,
					((b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec)) / 1000.0 / repeat);
		for (int i = 0; i < report.nfindings; i++)
		{
			TwFinding  *f = &report.findings[i];

			printf("%s%s:%s", i ? "," : "", tw_code_names[f->code], tw_severity_names[f->severity]);
			if (f->first >= 0)
			{
				printf("(");
				for (int32 c = f->first; c <= f->last; c++)
				{
					char		utf8[5] = {0};

					utf8[tw_encode(report.folded.chars[c].point, utf8)] = '\0';
					printf("%s", utf8[0] == '\n' ? " " : utf8);
				}
				printf(")");
			}
			else
				printf("[%s]", f->message);
		}
		for (int i = 0; getenv("MATCHES") && i < report.nmatches; i++)
		{
			TwMatch    *m = &report.matches[i];

			printf("\n  %s %s%s%s%d section %d: ", tw_role_name(lexicon->patterns[m->pattern].role), m->silent ? "silent " : "",
				   m->quoted ? "quoted " : "", m->spoken ? "spoken " : "", m->clause, report.clauses[m->clause].section);
			for (int32 c = m->first; c <= m->last; c++)
			{
				char		utf8[5] = {0};

				utf8[tw_encode(report.folded.chars[c].point, utf8)] = '\0';
				printf("%s", utf8);
			}
		}
		printf("\n");
		tw_host_release(mark);
	}
	return 0;
}
