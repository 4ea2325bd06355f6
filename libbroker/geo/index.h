/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of many polygons holds a point; frozen after it is made, read from any thread. */
#ifndef HCB_GEO_INDEX_H
#define HCB_GEO_INDEX_H

#include "geo/geo.h"

typedef struct hcb__geo_index hcb__geo_index;

/* The polygons must outlive the index. */
HCB_NODISCARD hcb_status hcb__geo_index_create(hcb__geo_index **out, const hcb_allocator *mem,
                                               const hcb__polygon *const *polygons, size_t n);
void hcb__geo_index_free(hcb__geo_index *index);
/* The smallest number of a polygon that holds the point, its border (within 1 mm) included; -1 when none does. */
int32_t hcb__geo_index_locate(const hcb__geo_index *index, hcb__point p);

/* Nearest of many points: the smallest number among those at the least distance. */
typedef struct hcb__point_index hcb__point_index;
HCB_NODISCARD hcb_status hcb__point_index_create(hcb__point_index **out, const hcb_allocator *mem,
                                                 const hcb__point *points, size_t n);
void hcb__point_index_free(hcb__point_index *index);
int32_t hcb__point_index_nearest(const hcb__point_index *index, hcb__point p, double *distance_m);

#endif
