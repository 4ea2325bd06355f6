/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the session share. */
#ifndef HCB_ZONES_SESSION_INSIDE_H
#define HCB_ZONES_SESSION_INSIDE_H

#include "zones/session.h"

struct hcb__session {
    hcb_allocator mem;
    hcb__arena arena;
    const hcb__zone_set *set;
    hcb__topology *topology;
    hcb__adjacency *adjacency;
    int32_t n_units, n_zones;
    int32_t *zone; /* of each unit */
    hcb__zone_totals *totals;
    int64_t *minutes, *people10, *households10; /* of each unit */
    hcb__mass *mass;
    int32_t *hull_start; /* [n_units + 1] corners of each unit's convex hull */
    hcb__point *hull;
    /* Work room. */
    hcb__zone_totals *after;
    int32_t *changed, *moved, *was, *queue, *mark, *label, *extra;
    int32_t n_moved, stamp;
    bool *is_changed;
    hcb__point *points, *corners;
};

#endif
