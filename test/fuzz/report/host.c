/*
 * host.c
 *		The server's part for the pure files outside the server: memory, and
 *		reading a phrase table in the form of load_rulebook()'s CSV.
 */
#include "host.h"

#include <stdio.h>

static void **blocks = NULL;
static size_t nblocks = 0;
static size_t room = 0;

static void
keep(void *block)
{
	if (nblocks == room)
	{
		room = room ? room * 2 : 1024;
		blocks = realloc(blocks, room * sizeof(void *));
	}
	blocks[nblocks++] = block;
}

void *
tw_host_alloc(size_t size)
{
	void	   *block = malloc(size ? size : 1);

	if (block == NULL)
		abort();
	keep(block);
	return block;
}

/* an old block stays until the arena is emptied; its size is not known, malloc's word is taken */
void *
tw_host_realloc(void *old, size_t size)
{
	for (size_t i = nblocks; i-- > 0;)
		if (blocks[i] == old)
		{
			blocks[i] = realloc(old, size);
			if (blocks[i] == NULL)
				abort();
			return blocks[i];
		}
	abort();
}

size_t
tw_host_mark(void)
{
	return nblocks;
}

void
tw_host_release(size_t mark)
{
	while (nblocks > mark)
		free(blocks[--nblocks]);
}

static char *
field(char **line)
{
	char	   *start = *line;
	char	   *end = start + strcspn(start, ",\n");

	*line = *end ? end + 1 : end;
	*end = '\0';
	return *start ? start : NULL;
}

/* code,role,pattern,severity,clause,waiver without quoting, as data/rulebook keeps it */
TwPhraseRow *
tw_host_phrases(const char *path, int *count)
{
	FILE	   *in = fopen(path, "r");
	TwPhraseRow *rows = tw_host_alloc(4000 * sizeof(TwPhraseRow));
	static char line[65536];
	int			n = 0;

	if (in == NULL)
	{
		perror(path);
		exit(1);
	}
	while (fgets(line, sizeof(line), in) && n < 4000)
	{
		char	   *at = tw_host_alloc(strlen(line) + 1);

		strcpy(at, line);
		rows[n].code = field(&at);
		rows[n].role = field(&at);
		rows[n].pattern = field(&at);
		rows[n].severity = field(&at);
		rows[n].clause = field(&at);
		rows[n].waiver = field(&at);
		if (rows[n].code == NULL || strcmp(rows[n].code, "code") != 0)
			n++;
	}
	fclose(in);
	*count = n;
	return rows;
}
