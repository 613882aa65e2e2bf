/*
 * report_person.h
 *		Names of persons, told from names of departments (R6).
 */
#ifndef TW_REPORT_PERSON_H
#define TW_REPORT_PERSON_H

#include "fold.h"

extern bool tw_hides_name(uint32 point);
extern bool tw_is_surname(uint32 point);
extern bool tw_is_person(const TwFolded *folded, int32 first, int32 last);
extern bool tw_may_be_person(const TwFolded *folded, int32 first, int32 last);
extern bool tw_is_titled(const TwFolded *folded, int32 first, int32 last);
extern bool tw_ends_with_title(const TwFolded *folded, int32 first, int32 last);
extern bool tw_begins_with_person(const TwFolded *folded, int32 first, int32 last);
extern bool tw_ends_with_person(const TwFolded *folded, int32 first, int32 last);

#endif							/* TW_REPORT_PERSON_H */
