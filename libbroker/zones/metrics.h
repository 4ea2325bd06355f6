/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The published figures of shape and of plans; docs/zones-map.md has their definitions. */
#ifndef HCB_ZONES_METRICS_H
#define HCB_ZONES_METRICS_H

#include "zones/adjacency.h"

__extension__ typedef __int128 hcb__wide;

/* What adds up when units are put together, about one origin. Whole numbers: a unit that comes and goes leaves nothing
 * behind. */
typedef struct hcb__mass {
    int64_t area_mm2;
    hcb__wide x, y;   /* integral of x, of y: cubic millimetres */
    hcb__wide square; /* integral of x^2 + y^2: billionths of m^4 */
} hcb__mass;

hcb__mass hcb__mass_of(const hcb__polygon *polygon, hcb__point origin);
void hcb__mass_add(hcb__mass *sum, const hcb__mass *part, int sign);

/* All are 1 for a circle but `convex_hull`, which is 1 for every convex shape; 0 for a shape without area. */
typedef struct hcb__shape {
    double polsby_popper; /* 4 pi area / perimeter^2 */
    double schwartzberg;  /* perimeter of the circle of the same area / perimeter: the root of Polsby-Popper */
    double reock;         /* area / area of the smallest circle around it */
    double convex_hull;   /* area / area of the convex hull */
    double inertia;       /* area^2 / (2 pi integral of the squared distance from the centre of gravity) */
} hcb__shape;

/* Figures of a shape from its mass, its perimeter and the corners of its convex hull (changed by the call). */
hcb__shape hcb__shape_of(const hcb__mass *mass, double perimeter_m, hcb__point *hull, size_t n_hull);
/* ... and of one polygon. HCB_ENOMEM. */
HCB_NODISCARD hcb_status hcb__shape_of_polygon(hcb__shape *out, const hcb_allocator *mem, const hcb__polygon *polygon);

/* Places with units in more than one zone. Units whose place or zone is negative do not count. */
typedef struct hcb__splits {
    int32_t places; /* that have a unit in a zone */
    int32_t split;  /* in two zones or more */
    int32_t multi;  /* in three or more */
    int32_t pieces; /* pairs (place, zone) beyond the first of each place */
} hcb__splits;
HCB_NODISCARD hcb_status hcb__splits_of(hcb__splits *out, const hcb_allocator *mem, const int32_t *place,
                                        const int32_t *zone, size_t n);

/* Variation of information between two plans of the same units, in nats: H(a|b) + H(b|a) with shares of weight; 0 when
 * they are the same but for the numbers of the zones. Weights are 0 or more; units in no zone of either do not count.
 */
HCB_NODISCARD hcb_status hcb__variation_of_information(double *out, const hcb_allocator *mem, const int32_t *a,
                                                       const int32_t *b, const int64_t *weight, size_t n);

#endif
