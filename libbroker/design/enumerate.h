/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every legal plan of a small map, or the one with the fewest cut edges, by growing one zone after the other. Complete:
 * what it does not find does not exist. */
#ifndef HCB_DESIGN_ENUMERATE_H
#define HCB_DESIGN_ENUMERATE_H

#include "design/graph.h"
#include "solve/core.h"

enum { HCB__MOST_ENUMERATED = 1024 }; /* units: growth is recursive */

typedef struct hcb__enumeration {
    const hcb__graph *graph;
    int32_t k;
    int32_t n_attributes;
    const int64_t *attribute;  /* [n_attributes][n]; the sums of a zone must lie in its bounds */
    const int64_t *low, *high; /* [n_attributes][k] */
    const int32_t *fixed;      /* [n] the zone a unit must be in, -1: any; NULL: none */
    bool alike; /* zones have the same bounds and no unit is fixed: each plan is given once, whatever the labels */
    bool fewest_cuts;    /* only plans with ever fewer cut edges; needs `alike` */
    int64_t most_cuts;   /* plans with more are left out; negative: no limit */
    hcb__budget *budget; /* work: growth steps */
    /* Each plan, zones 0 .. k - 1. False: stop. NULL: none. */
    bool (*visit)(const int32_t *zone, int64_t cuts, void *payload);
    void *payload;
} hcb__enumeration;

typedef struct hcb__enumerated {
    int64_t plans;
    int64_t least_cuts; /* -1: no plan */
    bool complete;      /* everything was looked at */
} hcb__enumerated;

/* `best` [n] (may be NULL): the plan with the fewest cut edges seen. False when memory is out. */
bool hcb__enumerate(hcb__enumerated *out, int32_t *best, const hcb_allocator *mem, const hcb__enumeration *what);

#endif
