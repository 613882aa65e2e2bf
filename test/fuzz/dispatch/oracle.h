/* oracle.h: what the two halves of the oracle share */
#include "world.h"
#include "host.h"

/* Departments; [0] is outside the territory */
typedef struct Set
{
	bool		in[MAX_WORLD + 1];
	const char *names[MAX_WORLD + 1];
} Set;

static inline bool
on(TwValidity valid, int32 day)
{
	return day >= valid.from && day <= valid.until;
}

extern void add(Set *set, int department, const char *name);
extern int	size(const Set *set);
extern int	first_of(const Set *set);
extern void read_both(const World *world, const TwDispatchQuery *query, TwPlace *place, Set *found, Set *named);
