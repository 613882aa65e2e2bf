/*
 * report_phone.c
 *		Recognises telephone numbers by their shape (R6): mobile, landline with
 *		and without area code, 400 and short numbers, extensions, masked digits.
 *
 * Whose number it is, and whether seven digits are a meter's reading, is
 * decided by what stands before it (report_elements.c).
 */
#include "report_phone.h"

#define MAX_GROUPS 4

typedef struct Groups
{
	char		digits[TW_PHONE_DIGITS + 1];
	int			ndigits;
	int			lengths[MAX_GROUPS];
	int32		ends[MAX_GROUPS];	/* index of each group's last character */
	int			count;
} Groups;

static bool
is_digit(const TwChar *c)
{
	/* 138****0000: a masked digit is a digit */
	return c->kind == TW_DIGIT || c->point == '*' || c->point == 'x';
}

static bool
joins(const TwChar *c)
{
	if (c->kind == TW_HAN)
		return false;
	return c->kind == TW_SPACE || c->point == '-' || c->point == ')' || c->point == '(' ||
		c->point == 0x2010 || c->point == 0x2013 || c->point == 0x2014 || c->point == 0x2015 || c->point == 0x30fc;
}

/* One group of less than five digits: most numbers in a text are no telephone's */
static bool
is_short(const TwFolded *folded, int32 at)
{
	int32		end = at + 1;

	while (end < folded->count && end < at + 5 && is_digit(&folded->chars[end]))
		end++;
	return end < at + 5 && (end >= folded->count || !joins(&folded->chars[end]));
}

/* Groups of digits with one or two joining marks between them, 24 characters at most */
static void
read_groups(const TwFolded *folded, int32 at, Groups *groups)
{
	groups->ndigits = 0;
	groups->count = 0;
	while (groups->count < MAX_GROUPS)
	{
		int			length = 0;
		int32		next;

		while (at < folded->count && is_digit(&folded->chars[at]))
		{
			if (groups->ndigits < TW_PHONE_DIGITS)
				groups->digits[groups->ndigits++] = folded->chars[at].kind == TW_DIGIT ? folded->chars[at].point : '*';
			length++;
			at++;
			if (length > TW_PHONE_DIGITS)
				break;
		}
		if (length == 0)
			break;
		groups->lengths[groups->count] = length;
		groups->ends[groups->count] = at - 1;
		groups->count++;
		next = at;
		while (next < folded->count && next < at + 2 && joins(&folded->chars[next]))
			next++;
		if (next == at || next >= folded->count || folded->chars[next].kind != TW_DIGIT)
			break;
		at = next;
	}
	groups->digits[groups->ndigits] = '\0';
}

static bool
accept(const TwFolded *folded, const Groups *groups, int skip, int ngroups, TwPhoneKind kind, TwPhone *found)
{
	int			count = 0;

	for (int i = 0; i < ngroups; i++)
		count += groups->lengths[i];
	count -= skip;
	memcpy(found->digits, groups->digits + skip, count);
	found->digits[count] = '\0';
	found->kind = kind;
	found->last = groups->ends[ngroups - 1];
	(void) folded;
	return true;
}

/* The number that begins at this digit, if its shape is that of a telephone. */
bool
tw_find_phone(const TwFolded *folded, int32 at, TwPhone *found)
{
	Groups		g;
	int		   *n = g.lengths;
	int			skip = 0;

	/* not the tail of a longer number, a decimal, or a letter's */
	if (at > 0 && (folded->chars[at - 1].kind == TW_DIGIT ||
				   (folded->chars[at - 1].point == '.' && at > 1 && folded->chars[at - 2].kind == TW_DIGIT)))
		return false;
	if (is_short(folded, at))
		return false;
	read_groups(folded, at, &g);
	if (g.count == 0)
		return false;
	found->first = at;

	/* the country's code: +86 138..., 86-21-... */
	if (n[0] == 13 && strncmp(g.digits, "861", 3) == 0)
		skip = 2;
	else if (n[0] == 2 && strncmp(g.digits, "861", 3) == 0 && g.count > 1 && n[1] == 11)
		return accept(folded, &g, 2, 2, TW_MOBILE, found);
	else if (n[0] == 2 && strncmp(g.digits, "86", 2) == 0 && g.count > 2 && (n[1] == 2 || n[1] == 3) && (n[2] == 7 || n[2] == 8))
		return accept(folded, &g, 2, 3, TW_LANDLINE, found);

	if (n[0] - skip == 11 && g.digits[skip] == '1' && g.digits[skip + 1] >= '3')
		return accept(folded, &g, skip, 1, TW_MOBILE, found);
	if (g.count >= 3 && n[0] == 3 && n[1] == 4 && n[2] == 4 && g.digits[0] == '1' && g.digits[1] >= '3')
		return accept(folded, &g, 0, 3, TW_MOBILE, found);
	if (g.digits[0] == '0')
	{
		if (n[0] >= 10 && n[0] <= 12)
			return accept(folded, &g, 0, 1, TW_LANDLINE, found);
		if ((n[0] == 3 || n[0] == 4) && g.count >= 2 && (n[1] == 7 || n[1] == 8))
			return accept(folded, &g, 0, 2, TW_LANDLINE, found);
		if ((n[0] == 3 || n[0] == 4) && g.count >= 3 && n[1] + n[2] >= 7 && n[1] + n[2] <= 8)
			return accept(folded, &g, 0, 3, TW_LANDLINE, found);
		return false;
	}
	if (strncmp(g.digits, "400", 3) == 0 || strncmp(g.digits, "800", 3) == 0)
	{
		int			sum = 0;

		for (int i = 0; i < g.count; i++)
		{
			sum += n[i];
			if (sum == 10)
				return accept(folded, &g, 0, i + 1, TW_SERVICE, found);
		}
	}
	/* 12345606: eight digits may begin with a one where a word says what they are */
	if ((n[0] == 7 || n[0] == 8) && g.digits[0] >= (n[0] == 8 ? '1' : '2') && g.digits[0] <= '9')
		return accept(folded, &g, 0, 1, TW_LOCAL, found);
	if (n[0] == 4 && g.count >= 2 && n[1] == 4 && g.digits[0] >= '1' && g.digits[0] <= '9')
		return accept(folded, &g, 0, 2, TW_LOCAL, found);
	if ((n[0] == 5 || n[0] == 6) && (g.digits[0] == '9' || g.digits[0] == '1') && g.digits[1] != '0')
		return accept(folded, &g, 0, 1, TW_SHORT, found);
	return false;
}

/* Equal, or one the tail of the other: with and without area code or country */
bool
tw_same_phone(const char *a, const char *b)
{
	size_t		la = strlen(a);
	size_t		lb = strlen(b);

	if (la < 5 || lb < 5)
		return false;
	if (la > lb)
		return lb >= 7 && strcmp(a + la - lb, b) == 0;
	return (la == lb || la >= 7) && strcmp(b + lb - la, a) == 0;
}

/* The digits of a number as an application stores it; returns how many. */
int
tw_phone_digits(const char *text, int length, char *digits)
{
	int			count = 0;

	for (int i = 0; i < length && count < TW_PHONE_DIGITS; i++)
		if (text[i] >= '0' && text[i] <= '9')
			digits[count++] = text[i];
	digits[count] = '\0';
	return count;
}
