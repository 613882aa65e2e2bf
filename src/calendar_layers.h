/*
 * calendar_layers.h
 *		A calendar's rows and those of its base, at any depth, as they are read.
 */
#ifndef TW_CALENDAR_LAYERS_H
#define TW_CALENDAR_LAYERS_H

#include "postgres.h"

#include "utils/snapshot.h"

#include "calendar.h"

#define TW_MAX_LAYERS 32

typedef struct TwLayerDay
{
	int32		day;
	int			layer;			/* 0 is the calendar itself */
	int			rank;
	char	   *source;
	bool		off;
} TwLayerDay;

/* weekday is 1 to 7, or 0 for each that has none of its own */
typedef struct TwLayerHours
{
	int32		day;			/* or the weekday */
	int			layer;
	TwWindow	window;
} TwLayerHours;

/* A growing array of either. */
typedef struct TwRows
{
	void	   *items;
	int			count;
	int			room;
} TwRows;

typedef struct TwLayers
{
	int			count;
	char	   *code[TW_MAX_LAYERS];
	char	   *zone;
	char	   *week;
	int			closing;		/* -1 while none is given */
	TwRows		days;
	TwRows		weekday_hours;
	TwRows		date_hours;
	TwRows		covered;
	TwRows		offsets;
	int64		horizon;
} TwLayers;

/* Reads into CurrentMemoryContext, the zone's offsets too; layers comes zeroed. */
extern void tw_read_layers(TwLayers *layers, const char *code, Snapshot snapshot)
	__attribute__((visibility("hidden")));

#endif							/* TW_CALENDAR_LAYERS_H */
