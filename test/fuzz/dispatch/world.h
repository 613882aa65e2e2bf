/* world.h: a desk's rules for the harness, as the engine wants them and as they were made */
#include "dispatch.h"

#define MAX_WORLD 48

typedef struct World
{
	TwDispatch	dispatch;
	TwPeriod	period;
	TwUse		uses[MAX_WORLD];	/* as made: literal not set */
	int			nuses;
	TwRule		rules[4][MAX_WORLD];	/* statutory, duties, exceptions, fallbacks, as made */
	int			nrules[4];
} World;

extern uint32 rnd(uint32 below);
extern void seed_rnd(uint64_t seed);
extern const char *any_of(const char *const *list, int count);
#define ANY(list) any_of(list, lengthof(list))

extern void random_world(World *world);
extern void street(World *world);
extern void finish_world(World *world);
extern void random_query(const World *world, TwDispatchQuery *query, TwHandler *handlers, int *excluded);
extern int	random_text(const World *world, char *out, int room);

/* oracle.c, oracle_texts.c */
extern int	oracle(const World *world, const TwDispatchQuery *query, TwDispatchRow *rows);
extern void oracle_texts(const World *world, const TwDispatchQuery *query, TwPlace *place, TwFound *named);
