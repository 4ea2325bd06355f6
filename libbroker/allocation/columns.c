/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan as columns. Made once, when the plan is: a finished allocation is read by several threads. */
#include "allocation/allocation.h"
#include "base/options.h"

_Static_assert(HCB_REASON_RULE == (int)HCB__BY_RULE && HCB_REASON_CAPACITY == (int)HCB__BY_CAPACITY &&
                   HCB_REASON_TRADE == (int)HCB__BY_TRADE && HCB_REASON_NONE == (int)HCB__PLACED,
               "the public reasons are ours");
_Static_assert(HCB_BAND_URBAN == (int)HCB__URBAN && HCB_BAND_FRINGE == (int)HCB__FRINGE &&
                   HCB_BAND_RURAL == (int)HCB__RURAL && HCB_BAND_ISOLATED == (int)HCB__ISOLATED,
               "the public bands are ours");
_Static_assert(HCB_TIER_PRIME == (int)HCB__PRIME && HCB_TIER_SUPPLEMENTARY == (int)HCB__SUPPLEMENTARY &&
                   HCB_TIER_FRAMEWORK == (int)HCB__FRAMEWORK,
               "the public tiers are ours");

typedef struct columns {
    const char **package_id, **provider_id, **zone_id, **detail;
    int32_t *provider, *previous_provider, *zone, *band, *tier, *rank, *quality, *priority, *days_waiting, *reason;
    int64_t *carer_minutes, *price, *cost, *travel;
} columns;

static bool make(columns *c, hcb__arena *arena, size_t n, size_t n_providers, size_t n_zones) {
    const char ***texts[] = {&c->package_id, &c->detail, &c->provider_id, &c->zone_id};
    const size_t counts[] = {n, n, n_providers, n_zones};
    int32_t **numbers[] = {&c->provider, &c->previous_provider, &c->zone,     &c->band,         &c->tier,
                           &c->rank,     &c->quality,           &c->priority, &c->days_waiting, &c->reason};
    int64_t **sums[] = {&c->carer_minutes, &c->price, &c->cost, &c->travel};
    bool good = true;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        good &= (*texts[i] = hcb__arena_alloc(arena, counts[i], sizeof **texts[i])) != NULL;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        good &= (*numbers[i] = hcb__arena_alloc(arena, n, sizeof **numbers[i])) != NULL;
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        good &= (*sums[i] = hcb__arena_alloc(arena, n, sizeof **sums[i])) != NULL;
    return good;
}

static void fill(columns *c, const hcb_allocation *a, int32_t i) {
    const hcb__alloc_problem *problem = a->problem;
    const hcb__model *model = problem->model;
    const hcb__package *p = &model->packages[problem->package[i]];
    c->package_id[i] = p->id;
    c->previous_provider[i] = p->provider;
    c->zone[i] = p->zone;
    c->band[i] = p->band;
    c->priority[i] = p->priority;
    c->days_waiting[i] = p->received == HCB__NO_DATE ? -1 : model->as_of - p->received;
    c->carer_minutes[i] = p->carer_minutes;
    c->provider[i] = c->tier[i] = c->quality[i] = -1;
    if (a->bin[i] == HCB__WAITS) {
        c->reason[i] = a->reasons[i];
        c->detail[i] = a->details[i];
        return;
    }
    const hcb__choice *choice = &problem->choices[hcb__alloc_pair(problem, i, a->bin[i])];
    c->provider[i] = choice->provider;
    c->tier[i] = choice->tier;
    c->rank[i] = choice->rank;
    c->quality[i] = (int32_t)hcb__model_quality(model, choice->provider);
    c->price[i] = choice->price;
    c->cost[i] = choice->weekly_pence;
    c->travel[i] = p->carer_visits * choice->seconds;
}

hcb_status hcb__allocation_columns(hcb_allocation *a, hcb_context *ctx) {
    const hcb__model *model = a->problem->model;
    const int32_t n = a->problem->n_items, n_providers = model->n_providers, n_zones = model->zones->n_zones;
    columns c;
    if (!make(&c, &a->problem->arena, (size_t)n, (size_t)n_providers, (size_t)n_zones))
        return hcb__nomem(ctx);
    for (int32_t i = 0; i < n; i++)
        fill(&c, a, i);
    for (int32_t k = 0; k < n_providers; k++)
        c.provider_id[k] = model->providers[k].id;
    for (int32_t z = 0; z < n_zones; z++)
        c.zone_id[z] = model->zones->zones[z].id;
    a->arrays = (hcb_allocation_arrays){.struct_size = sizeof a->arrays,
                                        .n_items = n,
                                        .n_providers = n_providers,
                                        .n_zones = n_zones,
                                        .package_id = c.package_id,
                                        .provider_id = c.provider_id,
                                        .zone_id = c.zone_id,
                                        .provider = c.provider,
                                        .previous_provider = c.previous_provider,
                                        .zone = c.zone,
                                        .band = c.band,
                                        .tier = c.tier,
                                        .rank = c.rank,
                                        .quality = c.quality,
                                        .priority = c.priority,
                                        .days_waiting = c.days_waiting,
                                        .reason = c.reason,
                                        .carer_minutes = c.carer_minutes,
                                        .price_pence_per_hour = c.price,
                                        .weekly_cost_pence = c.cost,
                                        .travel_seconds = c.travel,
                                        .detail = c.detail};
    return HCB_OK;
}

hcb_status hcb_allocation_get_arrays(const hcb_allocation *allocation, hcb_allocation_arrays *arrays) {
    if (!allocation || !arrays)
        return HCB_EINVAL;
    return hcb__result_give(arrays, &allocation->arrays, sizeof *arrays);
}
