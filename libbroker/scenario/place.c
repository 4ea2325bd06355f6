/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is served by whom today. Nobody is turned away for want of room: a provider's capacity is what it serves and its
 * spare hours, so the plan of today always fits. */
#include <math.h>

#include "base/arith.h"
#include "scenario/generate.h"

#define P(name) hcb__parameter(HCB__P_##name, scenario)

/* What a provider still lacks of its size never counts less than this part of it, so that full ones stay possible. */
static const double least_room = 0.02;

enum { QUARTER = 15 };

/* Kilometres to the office or the nearest person served, whichever is less. */
static double distance_km(const hcb__supplier *supplier, const hcb__person *people, hcb__point p) {
    double best = hcb__distance(supplier->office, p);
    for (size_t i = 0; i < supplier->people.count; i++)
        best = fmin(best, hcb__distance(people[supplier->people.at[i]].point, p));
    return best / 1000;
}

static double wish(const hcb__supply *supply, const hcb__cover *cover, const hcb__person *people,
                   const hcb__person *person, int32_t scenario) {
    const hcb__supplier *supplier = &supply->at[cover->provider];
    double room = fmax(supplier->size - (double)supplier->load, least_room * supplier->size);
    double factor = cover->tier == HCB__PRIME       ? P(PRIME_FACTOR)
                    : cover->tier == HCB__FRAMEWORK ? P(FRAMEWORK_FACTOR)
                                                    : 1;
    return factor * room * exp(-distance_km(supplier, people, person->point) / P(DISTANCE));
}

static bool in_reach(const hcb__supplier *supplier, const hcb__person *person, int32_t scenario) {
    bool rural = person->band == HCB__RURAL || person->band == HCB__ISOLATED;
    double d = hcb__distance(supplier->office, person->point);
    return hcb__crow_seconds(&hcb__travel_defaults, d, rural) <= 60 * (int64_t)P(TRAVEL_REACH);
}

/* A coverage row of the person's zone, drawn by wish; NULL when no provider will do. */
static hcb__cover *draw_cover(const hcb__supply *supply, hcb__rng *rng, const hcb__person *people,
                              const hcb__person *person, int32_t scenario, double *wishes, bool able, bool near) {
    uint32_t requires = able ? hcb__person_requires(person) : 0;
    int32_t first = supply->zone_first[person->zone], n = supply->zone_first[person->zone + 1] - first;
    double sum = 0;
    for (int32_t i = 0; i < n; i++) {
        const hcb__cover *cover = &supply->cover[supply->zone_cover[first + i]];
        const hcb__supplier *supplier = &supply->at[cover->provider];
        bool possible = supplier->starts_from == HCB__NO_DATE && (supplier->abilities & requires) == requires &&
                        (!near || in_reach(supplier, person, scenario));
        wishes[i] = possible ? wish(supply, cover, people, person, scenario) : 0;
        sum += wishes[i];
    }
    if (!(sum > 0))
        return NULL;
    double u = hcb__rng_unit(rng) * sum;
    int32_t chosen = -1;
    for (int32_t i = 0; i < n; i++) {
        if (wishes[i] > 0)
            chosen = i;
        if (u < wishes[i])
            break;
        u -= wishes[i];
    }
    return &supply->cover[supply->zone_cover[first + chosen]];
}

/* A provider that has what the person needs and is in reach; else one that learns it; else a farther one. */
static hcb__cover *find_cover(hcb__supply *supply, hcb__rng *rng, const hcb__person *people, const hcb__person *person,
                              int32_t scenario, double *wishes) {
    hcb__cover *cover = draw_cover(supply, rng, people, person, scenario, wishes, true, true);
    if (!cover)
        cover = draw_cover(supply, rng, people, person, scenario, wishes, false, true);
    if (!cover)
        cover = draw_cover(supply, rng, people, person, scenario, wishes, false, false);
    return cover;
}

static bool place_one(hcb__supply *supply, hcb_context *ctx, hcb__cover *cover, hcb__person *people, int32_t i) {
    hcb__person *person = &people[i];
    hcb__supplier *supplier = &supply->at[cover->provider];
    uint32_t lacking = hcb__person_requires(person) & ~supplier->abilities;
    supplier->abilities |= lacking;
    supply->granted += __builtin_popcount(lacking);
    person->provider = cover->provider;
    supplier->load += person->carer_minutes;
    cover->load += person->carer_minutes;
    for (int slot = 0; slot < HCB__SLOTS; slot++)
        supplier->slot_load[slot] += person->slot_minutes[slot];
    return HCB__PUSH(&ctx->mem, &supplier->people, i);
}

/* The travel of one visit as model `crow`, origin `nearest_served` has it. */
static int64_t travel_seconds(const hcb__supplier *supplier, const hcb__person *people, int32_t i) {
    enum { NEAREST = 3 };
    const hcb__person *person = &people[i];
    double near[NEAREST + 1] = {hcb__distance(supplier->office, person->point)};
    int n = 1;
    for (size_t j = 0; j < supplier->people.count; j++) {
        if (supplier->people.at[j] == i)
            continue;
        double d = hcb__distance(people[supplier->people.at[j]].point, person->point);
        int at = n;
        for (; at > 0 && near[at - 1] > d; at--)
            near[at] = near[at - 1];
        near[at] = d;
        n = n < NEAREST ? n + 1 : NEAREST;
    }
    double sum = 0;
    for (int j = 0; j < n; j++)
        sum += near[j];
    bool rural = person->band == HCB__RURAL || person->band == HCB__ISOLATED;
    return hcb__crow_seconds(&hcb__travel_defaults, sum / n, rural);
}

static int64_t whole_quarters(double minutes) {
    return (int64_t)floor(minutes / QUARTER) * QUARTER;
}

static void set_capacity(hcb__supply *supply, int32_t k, const hcb__person *people, double spare) {
    hcb__supplier *supplier = &supply->at[k];
    for (size_t i = 0; supplier->max_travel_min >= 0 && i < supplier->people.count; i++) {
        int64_t seconds = travel_seconds(supplier, people, supplier->people.at[i]);
        if (seconds > 60 * (int64_t)supplier->max_travel_min)
            supplier->max_travel_min = (int32_t)((seconds + 59) / 60);
    }
    double base = supplier->load ? (double)supplier->load : supplier->size;
    int64_t room = whole_quarters(base * supplier->spare * spare);
    supplier->capacity = supplier->load + room;
    for (int slot = 0; slot < HCB__SLOTS; slot++) {
        double part = supplier->load ? (double)supplier->slot_load[slot] / (double)supplier->load : 1.0 / HCB__SLOTS;
        supplier->slot_capacity[slot] =
            supplier->block_share[slot] < 0
                ? -1
                : supplier->slot_load[slot] + whole_quarters((double)room * part * supplier->block_share[slot]);
    }
    for (int32_t i = supply->first_cover[k]; i < supply->first_cover[k + 1]; i++) {
        hcb__cover *cover = &supply->cover[i];
        if (cover->capacity_share >= 0)
            cover->capacity = cover->load + whole_quarters((double)room * cover->capacity_share);
    }
}

hcb_status hcb__supply_place(hcb__supply *supply, hcb_context *ctx, hcb__person *people, int32_t n, int32_t scenario,
                             double spare, uint64_t seed) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, HCB__STREAM_PLACING);
    int32_t *order = hcb__arena_alloc(supply->arena, (size_t)n, sizeof *order);
    double *wishes = hcb__arena_alloc(supply->arena, (size_t)supply->n, sizeof *wishes);
    if (!order || !wishes)
        return hcb__nomem(ctx);
    for (int32_t i = 0; i < n; i++) {
        int32_t j = hcb__between(&rng, 0, i);
        order[i] = order[j];
        order[j] = i;
    }
    for (int32_t i = 0; i < n; i++) {
        hcb__cover *cover = find_cover(supply, &rng, people, &people[order[i]], scenario, wishes);
        if (!cover)
            return hcb__fail(ctx, HCB_EINTERNAL, "a zone without a provider");
        if (!place_one(supply, ctx, cover, people, order[i]))
            return hcb__nomem(ctx);
    }
    for (int32_t k = 0; k < supply->n; k++)
        set_capacity(supply, k, people, spare);
    return HCB_OK;
}
