/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/ledger.h"

#include <math.h>
#include <string.h>

#include "base/arith.h"

/* What travel costs and what is left for it, as `price bands` has them by default (docs/prices.md). */
static const hcb__travel_pay travel_pay = {.wage = 930, .on_cost = 2500, .per_mile = 4500, .speed = 250};
static const int64_t overhead_share = 2000; /* hundredths of a percent of the urban price */

enum { HUNDREDTHS = 100 };

static void put_unit(hcb__ledger *l, int32_t unit, int32_t zone, int sign) {
    const hcb__demand_unit *u = &l->demand->unit[unit];
    hcb__ledger_zone *z = &l->zone[zone];
    if (u->packages == 0)
        return;
    z->packages += (int64_t)sign * u->packages;
    z->waiting += (int64_t)sign * u->waiting;
    z->minutes += (int64_t)sign * u->minutes;
    z->contact += (int64_t)sign * u->contact;
    for (int b = 0; b < HCB__BANDS; b++)
        z->band_minutes[b] += sign * u->band_minutes[b];
    hcb__tour_sum part;
    hcb__tour_of_unit(&part, &hcb__tour_defaults, &l->model->travel, &u->tour, l->sharers[zone]);
    hcb__tour_add(&z->tour, &part, sign);
    for (int32_t k = 0; k < l->n_providers; k++)
        if (l->demand->in_reach[(size_t)k * (size_t)l->demand->n_units + (size_t)unit])
            l->within[(size_t)k * (size_t)l->n_zones + (size_t)zone] += sign * u->minutes;
}

void hcb__ledger_shift(hcb__ledger *ledger, int32_t unit, int32_t from, int32_t to) {
    if (from >= 0)
        put_unit(ledger, unit, from, -1);
    if (to >= 0)
        put_unit(ledger, unit, to, 1);
}

/* Legs are as long as the root of the visits is small, so a few large providers and many small ones travel like more
 * than the share of neighbours with the same provider says: like (sum of sqrt(share))^2 equal ones against 1 / (sum of
 * share^2), were they all over the zone. Two thirds of that, because small ones keep to a corner of it
 * (docs/travel.md). */
static void weigh_small_ones(hcb__ledger *l) {
    for (int32_t z = 0; z < l->n_zones; z++) {
        double sum = 0, roots = 0, squares = 0;
        for (int32_t k = 0; k < l->n_providers; k++) {
            double work = (double)l->work[(size_t)z * (size_t)l->n_providers + (size_t)k];
            sum += work;
            roots += sqrt(work);
            squares += work * work;
        }
        if (sum > 0)
            l->sharers[z] = llround((double)l->sharers[z] * cbrt(pow(roots * roots * squares / (sum * sum * sum), 2)));
    }
}

static void count_work(hcb__ledger *l, const int32_t *zone) {
    for (int32_t i = l->model->n_packages; i < l->model->n_packages + l->model->n_placements; i++) {
        const hcb__package *p = &l->model->packages[i];
        int32_t unit = l->demand->unit_of[i], z = unit >= 0 ? zone[unit] : -1;
        if (z >= 0)
            l->work[(size_t)z * (size_t)l->n_providers + (size_t)p->provider] += p->carer_visits;
    }
}

hcb_status hcb__ledger_create(hcb__ledger **out, const hcb_allocator *mem, const hcb__model *model,
                              const hcb__demand *demand, const int32_t *zone) {
    return hcb__ledger_create_wide(out, mem, model, demand, zone, model->zones->n_zones);
}

hcb_status hcb__ledger_create_wide(hcb__ledger **out, const hcb_allocator *mem, const hcb__model *model,
                                   const hcb__demand *demand, const int32_t *zone, int32_t n_zones) {
    *out = NULL;
    hcb__ledger *l = hcb__calloc(mem, 1, sizeof *l);
    if (!l)
        return HCB_ENOMEM;
    hcb__arena_init(&l->arena, mem);
    l->model = model;
    l->demand = demand;
    l->n_zones = n_zones;
    l->n_providers = model->n_providers;
    size_t zones = (size_t)l->n_zones, providers = (size_t)l->n_providers;
    l->zone = hcb__arena_alloc(&l->arena, zones, sizeof *l->zone);
    l->sharers = hcb__arena_alloc(&l->arena, zones, sizeof *l->sharers);
    l->work = hcb__arena_alloc(&l->arena, providers, zones * sizeof *l->work);
    l->within = hcb__arena_alloc(&l->arena, providers, zones * sizeof *l->within);
    l->reach = hcb__arena_alloc(&l->arena, providers, zones * sizeof *l->reach);
    l->demanded = hcb__arena_alloc(&l->arena, zones, sizeof *l->demanded);
    l->needs = hcb__arena_alloc(&l->arena, providers, sizeof *l->needs);
    l->capacity = hcb__arena_alloc(&l->arena, providers, sizeof *l->capacity);
    int64_t(*pairs)[2] = hcb__calloc(mem, zones + 1, sizeof *pairs);
    bool good =
        l->zone && l->sharers && l->work && l->within && l->reach && l->demanded && l->needs && l->capacity && pairs;
    if (!good || hcb__viability_create(&l->room, mem, l->n_zones, l->n_providers) != HCB_OK) {
        hcb__free(mem, pairs);
        hcb__ledger_free(l);
        return HCB_ENOMEM;
    }
    hcb__sharers(l->sharers, demand, model, zone, pairs);
    for (int32_t z = model->zones->n_zones; z < n_zones; z++)
        l->sharers[z] = 1000;
    hcb__free(mem, pairs);
    count_work(l, zone);
    weigh_small_ones(l);
    for (int32_t k = 0; k < l->n_providers; k++) {
        const hcb__provider *p = &model->providers[k];
        l->needs[k] = p->viable_minutes > 0 ? p->viable_minutes : 0;
        l->capacity[k] = p->active ? p->capacity : 0;
    }
    for (int32_t u = 0; u < demand->n_units; u++)
        hcb__ledger_shift(l, u, -1, zone[u]);
    *out = l;
    return HCB_OK;
}

void hcb__ledger_free(hcb__ledger *ledger) {
    if (!ledger)
        return;
    hcb_allocator mem = ledger->arena.mem;
    hcb__viability_free(ledger->room);
    hcb__arena_release(&ledger->arena);
    hcb__free(&mem, ledger);
}

static int64_t price_of(const hcb__ledger *l, int32_t zone, int32_t band) {
    return zone < l->model->zones->n_zones ? hcb__schedule_price(l->model->prices, zone, band) : -1;
}

/* The price of the first band that has one stands for the urban one in the overhead. */
static int64_t overhead_of(const hcb__ledger *l, int32_t zone) {
    for (int32_t b = 0; b < HCB__BANDS; b++) {
        int64_t price = price_of(l, zone, b);
        if (price >= 0)
            return hcb__round_div(price * overhead_share, 10000);
    }
    return 0;
}

void hcb__ledger_costs(hcb__zone_costs *out, const hcb__ledger *l, int32_t zone) {
    const hcb__ledger_zone *z = &l->zone[zone];
    int64_t sum = 0, left = 0, overhead = overhead_of(l, zone), priced = 0;
    *out = (hcb__zone_costs){0};
    bool all = true;
    for (int32_t b = 0; b < HCB__BANDS; b++) {
        int64_t price = price_of(l, zone, b), minutes = z->band_minutes[b];
        if (minutes == 0)
            continue;
        all = all && price >= 0;
        if (price < 0)
            continue;
        sum += minutes * price;
        left += minutes * hcb__left_for_travel(&travel_pay, price, overhead);
        priced += minutes;
    }
    out->pence = all ? hcb__round_div(sum, 60) : -1;
    out->carried = priced ? hcb__minutes_for(&travel_pay, hcb__round_div(left, priced), HUNDREDTHS) : 0;
    const hcb__tour_crews crews = {l->work + (size_t)zone * (size_t)l->n_providers, l->n_providers};
    hcb__tour_estimate_of(&out->travel, &hcb__tour_defaults, &z->tour, &crews);
    /* Seconds for each minute of care are minutes for each hour of it. */
    out->needed = z->minutes ? hcb__round_div(out->travel.seconds * HUNDREDTHS, z->minutes) : 0;
}

static hcb__viability_case case_of(hcb__ledger *l) {
    size_t cells = (size_t)l->n_providers * (size_t)l->n_zones;
    memset(l->reach, 0, cells * sizeof *l->reach);
    for (int32_t i = 0; i < l->model->n_coverage; i++) {
        const hcb__coverage *c = &l->model->coverage[i];
        size_t at = (size_t)c->provider * (size_t)l->n_zones + (size_t)c->zone;
        if (l->model->policy->tier_rank[c->tier] < 0)
            continue;
        l->reach[at] = c->capacity >= 0 && c->capacity < l->within[at] ? c->capacity : l->within[at];
        size_t row = (size_t)c->provider * (size_t)l->n_zones;
        for (int32_t z = l->model->zones->n_zones; z < l->n_zones; z++)
            l->reach[row + (size_t)z] = l->within[row + (size_t)z];
    }
    for (int32_t z = 0; z < l->n_zones; z++)
        l->demanded[z] = l->zone[z].minutes;
    return (hcb__viability_case){l->n_zones, l->n_providers, l->demanded, l->capacity, l->needs, l->reach};
}

void hcb__ledger_viability(hcb__viability_zone *out, hcb__ledger *l, int32_t enough) {
    hcb__viability_case c = case_of(l);
    hcb__viability_run(out, l->room, &c, enough);
}

void hcb__ledger_cut(hcb__viability_cut *out, hcb__ledger *l, int32_t without) {
    hcb__viability_case c = case_of(l);
    hcb__viability_cut_of(out, l->room, &c, without);
}
