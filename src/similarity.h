/*
 * similarity.h
 *		How much two short texts say the same.
 */
#ifndef TW_SIMILARITY_H
#define TW_SIMILARITY_H

#include "fold.h"

extern float tw_similarity(const char *a, int a_length, const char *b, int b_length);

#endif							/* TW_SIMILARITY_H */
