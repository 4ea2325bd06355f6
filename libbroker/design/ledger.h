/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each zone of a plan asks for and what that costs, while small areas move from zone to zone. Everything is a sum
 * of whole numbers over its areas: shifting there and back leaves nothing behind. */
#ifndef HCB_DESIGN_LEDGER_H
#define HCB_DESIGN_LEDGER_H

#include "design/demand.h"
#include "design/viability.h"
#include "pricing/bands.h"

typedef struct hcb__ledger_zone {
    int64_t packages, waiting;
    int64_t minutes, contact; /* a week: of carers, of care */
    int64_t band_minutes[HCB__BANDS];
    hcb__tour_sum tour;
} hcb__ledger_zone;

typedef struct hcb__ledger {
    hcb__arena arena;
    const hcb__model *model;
    const hcb__demand *demand;
    int32_t n_zones, n_providers;
    hcb__ledger_zone *zone;
    int64_t *sharers;  /* [n_zones] x 1000; as they are today, whatever moves */
    int64_t *work;     /* [n_zones x n_providers] carer visits a week in the zone, as they are today */
    int64_t *within;   /* [n_providers x n_zones] carer minutes within the provider's travel */
    int64_t *needs;    /* [n_providers] viable minutes, 0: not given */
    int64_t *capacity; /* [n_providers] 0: not active */
    int64_t *reach;    /* [n_providers x n_zones] work room: what it can do there */
    int64_t *demanded; /* [n_zones] work room */
    hcb__viability *room;
} hcb__ledger;

/* `zone` of each unit, -1: none. Model and demand must outlive the ledger. */
HCB_NODISCARD hcb_status hcb__ledger_create(hcb__ledger **out, const hcb_allocator *mem, const hcb__model *model,
                                            const hcb__demand *demand, const int32_t *zone);
void hcb__ledger_free(hcb__ledger *ledger);

/* With room for new zones behind today's: no prices, one sharer, open to every provider that covers some zone. */
HCB_NODISCARD hcb_status hcb__ledger_create_wide(hcb__ledger **out, const hcb_allocator *mem, const hcb__model *model,
                                                 const hcb__demand *demand, const int32_t *zone, int32_t n_zones);

/* One unit from zone to zone; -1: none. */
void hcb__ledger_shift(hcb__ledger *ledger, int32_t unit, int32_t from, int32_t to);

typedef struct hcb__zone_costs {
    int64_t pence;   /* a week, each band at the zone's price; -1: a band that is asked for has none */
    int64_t carried; /* minutes of paid travel in a contact hour that these prices carry, x 100 */
    hcb__tour_estimate travel;
    int64_t needed; /* minutes of travel in a contact hour, x 100 */
} hcb__zone_costs;

void hcb__ledger_costs(hcb__zone_costs *out, const hcb__ledger *ledger, int32_t zone);

/* Providers that each zone can rely on, all zones at once; out[n_zones]. A provider reaches a zone that it covers in a
 * tier of the policy, up to the capacity of that row and to the demand within its travel. */
void hcb__ledger_viability(hcb__viability_zone *out, hcb__ledger *ledger, int32_t enough);
/* The tightest zones without a provider (-1: with all); hcb__viability_cut_of. */
void hcb__ledger_cut(hcb__viability_cut *out, hcb__ledger *ledger, int32_t without);

#endif
