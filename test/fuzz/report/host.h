/* host.h: what the harnesses around the pure files share */
#include "report_check.h"

extern size_t tw_host_mark(void);
extern void tw_host_release(size_t mark);
extern TwPhraseRow *tw_host_phrases(const char *path, int *count);
