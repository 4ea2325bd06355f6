/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether zones have providers enough: each with the hours it needs to be viable, and others in reach with room when
 * any one of them leaves (docs/viability.md). Capacity, demand and needs are carer minutes a week. */
#ifndef HCB_DESIGN_VIABILITY_H
#define HCB_DESIGN_VIABILITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/context.h"

enum { HCB__ENOUGH_PROVIDERS = 2 }; /* a zone should have so many viable ones */

typedef struct hcb__viability_case {
    int32_t n_zones, n_providers;
    const int64_t *demand;   /* [n_zones] */
    const int64_t *capacity; /* [n_providers]; 0: not active */
    const int64_t *needs;    /* [n_providers] what it must have over all its zones to be viable; 0: nothing */
    const int64_t *reach;    /* [n_providers x n_zones] the most it can do there; 0: out of reach */
} hcb__viability_case;

typedef struct hcb__viability_zone {
    int32_t in_reach;    /* providers that can do something here */
    int32_t viable;      /* of them, those that could have what they need, were they the only ones */
    int32_t together;    /* the most of them that can have it all at once, counted up to `enough` */
    int32_t exposed;     /* providers whose leaving can leave this zone short */
    int32_t worst;       /* the one of them with which most is lost; -1: none */
    int64_t worst_short; /* what is then left undone in the tightest zones, of which this is one */
    bool short_now;      /* may be short already, with everybody there */
} hcb__viability_zone;

/* Zones whose providers cannot do what they ask together: demand - room = short. */
typedef struct hcb__viability_cut {
    int64_t undone; /* minutes that nobody can do, in the whole map */
    int64_t demand; /* of the zones of the cut */
    int64_t room;   /* of all providers there: for each its capacity, or what it can reach there, whichever is less */
    int32_t n_zones, n_full;
    const int32_t *zones; /* ascending; until the next call */
    const int32_t *full;  /* providers whose whole capacity is used up there, ascending */
} hcb__viability_cut;

typedef struct hcb__viability hcb__viability;

/* Room for work on maps of this size; used by one thread at a time. HCB_ENOMEM. */
HCB_NODISCARD hcb_status hcb__viability_create(hcb__viability **out, const hcb_allocator *mem, int32_t n_zones,
                                               int32_t n_providers);
void hcb__viability_free(hcb__viability *room);

/* Figures of every zone; out[n_zones]. `enough` 1 to 8: how many providers a zone needs. The sizes are those of
 * hcb__viability_create; all values are 0 or more, and their sums fit. */
void hcb__viability_run(hcb__viability_zone *out, hcb__viability *room, const hcb__viability_case *c, int32_t enough);

/* The tightest zones when provider `without` has left (-1: nobody). Without a shortage the cut is empty. */
void hcb__viability_cut_of(hcb__viability_cut *out, hcb__viability *room, const hcb__viability_case *c,
                           int32_t without);

#endif
