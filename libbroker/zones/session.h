/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan of zones being changed: units move from zone to zone, and every figure follows at once. All totals are whole
 * numbers, so they are what adding up anew would give, whatever moved before. */
#ifndef HCB_ZONES_SESSION_H
#define HCB_ZONES_SESSION_H

#include "zones/metrics.h"
#include "zones/zones.h"

typedef struct hcb__zone_totals {
    int32_t n_units;
    int32_t n_parts;                /* connected by edges; a unit that is but a point is a part */
    int32_t cut_edges;              /* pairs of neighbours, one here and one not */
    int64_t minutes;                /* of care a week */
    int64_t people10, households10; /* tenths; areas that give none count as 0 */
    int64_t perimeter_um;
    hcb__mass mass;
} hcb__zone_totals;

typedef struct hcb__session hcb__session;

/* `minutes` [n_areas] of care a week in each area; NULL: none. The set must outlive the session. HCB_EGEOMETRY: an edge
 * belongs to three areas or more, so areas overlap. */
HCB_NODISCARD hcb_status hcb__session_create(hcb__session **out, hcb_context *ctx, const hcb__zone_set *set,
                                             const int64_t *minutes);
void hcb__session_free(hcb__session *session);

/* The zone of each area now; -1: none. */
const int32_t *hcb__session_zones(const hcb__session *session);
const hcb__zone_totals *hcb__session_totals(const hcb__session *session);
/* The figures of a zone's shape; all 0 when it has no polygons. */
HCB_NODISCARD hcb_status hcb__session_shape(hcb__shape *out, hcb__session *session, int32_t zone);

/* ... after moving the units to zone `to`, which is not done. */
HCB_NODISCARD hcb_status hcb__session_try_shape(hcb__shape *out, hcb__session *session, const int32_t *units, size_t n,
                                                int32_t to, int32_t zone);

enum {
    HCB__MOVE_SPLITS = 1,      /* a zone that loses units falls into more parts */
    HCB__MOVE_DETACHED = 2,    /* the zone that gains them gets more parts */
    HCB__MOVE_EMPTIES = 4,     /* a zone is left without units */
    HCB__MOVE_ABOVE_HOURS = 8, /* the zone that gains has more than its hours_max, and more than before */
    HCB__MOVE_BELOW_HOURS = 16 /* a zone that loses has less than its hours_min, and less than before */
};

typedef struct hcb__move {
    int32_t problems;              /* HCB__MOVE_...; 0: legal */
    int32_t n_changed;             /* zones that lose or gain */
    const int32_t *changed;        /* their numbers, ascending; until the next call on the session */
    const hcb__zone_totals *after; /* of each of them */
    int64_t minutes_moved, people10_moved;
    int32_t n_moved; /* units that really change zone */
} hcb__move;

/* What moving the units to the zone would do; nothing is changed. Units may be given twice or be there already. */
HCB_NODISCARD hcb_status hcb__session_try(hcb__move *out, hcb__session *session, const int32_t *units, size_t n,
                                          int32_t zone);
/* Moves them, legal or not. */
HCB_NODISCARD hcb_status hcb__session_apply(hcb__session *session, const int32_t *units, size_t n, int32_t zone);

/* All totals anew, from nothing but the zones of the units; for tests. [n_zones], freed by the caller. */
HCB_NODISCARD hcb_status hcb__session_recompute(hcb__zone_totals **out, const hcb__session *session);

#endif
