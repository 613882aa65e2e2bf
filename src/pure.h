/*
 * pure.h
 *		What the files that know nothing of PostgreSQL's catalogs stand on.
 *
 * Inside the server memory is palloc'd in the current context, so an error or
 * the end of the statement frees it.  With TW_HOST the same files compile into
 * the fuzzing harness (test/fuzz), where an arena takes the context's place.
 */
#ifndef TW_PURE_H
#define TW_PURE_H

#ifdef TW_HOST

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t uint8;
typedef uint16_t uint16;
typedef uint32_t uint32;
typedef int16_t int16;
typedef int32_t int32;
typedef int64_t int64;

#define Min(x, y) ((x) < (y) ? (x) : (y))
#define Max(x, y) ((x) > (y) ? (x) : (y))
#define lengthof(array) (sizeof(array) / sizeof((array)[0]))
#define likely(x) __builtin_expect((x) != 0, 1)
#define unlikely(x) __builtin_expect((x) != 0, 0)

extern void *tw_host_alloc(size_t size);
extern void *tw_host_realloc(void *old, size_t size);

#define palloc(size) tw_host_alloc(size)
#define repalloc(pointer, size) tw_host_realloc(pointer, size)
#define pfree(pointer) ((void) (pointer))
#define CHECK_FOR_INTERRUPTS() ((void) 0)

#else

#include "postgres.h"

#include "miscadmin.h"

#endif							/* TW_HOST */

/* the few lines that every character or every word runs through */
#define TW_HOT static inline __attribute__((always_inline))

#endif							/* TW_PURE_H */
