/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with a map: every defect with its kind, its units, its place in metres, its area and its width. */
#ifndef HCB_ZONES_COVERAGE_CHECK_H
#define HCB_ZONES_COVERAGE_CHECK_H

#include "geo/geos.h"
#include "zones/topology_read.h"

typedef enum hcb__defect_kind {
    HCB__DEFECT_INVALID,   /* the polygon crosses itself or the like */
    HCB__DEFECT_DUPLICATE, /* two units have the same outline */
    HCB__DEFECT_OVERLAP,   /* two units share area */
    HCB__DEFECT_GAP,       /* enclosed by units, in none of them, and narrow */
    HCB__DEFECT_SLIVER,    /* a part of a unit that is narrow all over */
    HCB__DEFECT_UNMATCHED, /* a corner of one unit on the border of another that has no corner there */
    HCB__DEFECT_OUTSIDE,   /* beyond the outline */
    HCB__DEFECT_HOLE,      /* a note: as a gap, but wide */
    HCB__DEFECT_MULTIPART, /* a note: a unit in several parts, one record a part beyond the largest */
    HCB__DEFECT_KINDS
} hcb__defect_kind;
extern const char *const hcb__defect_words[HCB__DEFECT_KINDS];

typedef struct hcb__defect {
    hcb__defect_kind kind;
    int32_t a, b; /* units; -1: none */
    hcb__point where;
    double area_m2, width_m;
    hcb__polygon polygon; /* n_parts 0: a point */
} hcb__defect;

typedef struct hcb__check_options {
    double least_m;                     /* overlaps, gaps and what is outside count from this width */
    double gap_m;                       /* gaps are up to so wide, wider ones are holes; slivers are up to so wide */
    double near_m;                      /* a corner no farther than this from a border is on it */
    const hcb__polygon *const *outline; /* NULL: none */
    size_t n_outline;
} hcb__check_options;

typedef struct hcb__defects {
    hcb__arena arena;
    HCB__VEC(hcb__defect) list; /* by kind, a, b, place */
    size_t count[HCB__DEFECT_KINDS];
} hcb__defects;

/* Whether the kind makes a map wrong; the others are notes. */
bool hcb__defect_counts(hcb__defect_kind kind);

HCB_NODISCARD hcb_status hcb__coverage_check(hcb__defects **out, hcb_context *ctx, const hcb__topology_unit *units,
                                             size_t n, const hcb__check_options *options);
void hcb__defects_free(hcb__defects *defects, const hcb_allocator *mem);

#endif
