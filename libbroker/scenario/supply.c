/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/arith.h"
#include "scenario/generate.h"
#include "scenario/offices.h"

#define P(name) hcb__parameter(HCB__P_##name, scenario)
enum { MOST_ZONES = 6 };

static uint32_t draw_abilities(hcb__rng *rng, int32_t scenario) {
    const double share[HCB__ABILITIES] = {P(CAN_FEMALE), P(CAN_MALE), P(CAN_DEMENTIA), P(CAN_END_OF_LIFE), P(CAN_HOIST),
                                          P(CAN_GU),     P(CAN_PA),   P(CAN_PL),       P(CAN_LEARNING),    P(CAN_PEG)};
    uint32_t abilities = 0;
    for (int i = 0; i < HCB__ABILITIES; i++)
        abilities |= (uint32_t)hcb__chance(rng, share[i]) << i;
    return abilities;
}

static void draw_quality(hcb__supplier *supplier, hcb__rng *rng, int32_t scenario) {
    const double ratings[] = {P(RATED_OUTSTANDING), P(RATED_GOOD)};
    const double mean[] = {P(QUALITY_OUTSTANDING), P(QUALITY_GOOD), P(QUALITY_IMPROVE)};
    int32_t rating = hcb__pick_share(rng, ratings, 2); /* 2: requires improvement */
    bool rated = hcb__chance(rng, P(RATED));
    double score = (rated ? mean[rating] : P(QUALITY_NOT_RATED)) + P(QUALITY_SD) * hcb__rng_normal(rng);
    supplier->rating = rated ? rating : HCB__NOT_RATED;
    supplier->quality = (int32_t)hcb__round_half_up(fmin(fmax(score, 0), 100));
}

static void draw_limits(hcb__supplier *supplier, hcb__rng *rng, int32_t scenario, int32_t as_of, bool may_wait) {
    int32_t travel = hcb__between(rng, (int32_t)P(TRAVEL_LEAST), (int32_t)P(TRAVEL_MOST));
    supplier->max_travel_min = hcb__chance(rng, P(TRAVEL_GIVEN)) ? travel : -1;
    int32_t new_packages = hcb__between(rng, (int32_t)P(NEW_LEAST), (int32_t)P(NEW_MOST));
    supplier->max_new = hcb__chance(rng, P(NEW_GIVEN)) ? new_packages : -1;
    int32_t days = hcb__between(rng, 1, 7 * (int32_t)P(FUTURE_WEEKS));
    supplier->starts_from = hcb__chance(rng, P(FUTURE)) && may_wait ? as_of + days : HCB__NO_DATE;
    double spare = P(SPARE_MOST) * hcb__rng_unit(rng);
    supplier->spare = hcb__chance(rng, P(SPARE_NONE)) ? 0 : spare;
    bool blocks = hcb__chance(rng, P(BLOCKS_GIVEN));
    for (int i = 0; i < HCB__SLOTS; i++) {
        double share = 0.6 + 0.8 * hcb__rng_unit(rng);
        supplier->block_share[i] = blocks ? share : -1;
    }
}

static void draw_suppliers(hcb__supply *supply, const hcb__ground *ground, hcb__rng *rng, int32_t scenario,
                           double hours, int32_t as_of) {
    hcb__offices offices = hcb__offices_of(ground, scenario);
    double sum = 0;
    for (int32_t k = 0; k < supply->n; k++) {
        hcb__supplier *supplier = &supply->at[k];
        supplier->office = hcb__offices_draw(&offices, rng);
        double size = P(SIZE_MEDIAN) * exp(P(SIZE_SIGMA) * hcb__rng_normal(rng));
        supplier->size = fmin(size, P(SIZE_CAP));
        supplier->abilities = draw_abilities(rng, scenario);
        draw_quality(supplier, rng, scenario);
        draw_limits(supplier, rng, scenario, as_of, k >= (int32_t)P(ZONE_LEAST));
        sum += supplier->size;
    }
    for (int32_t k = 0; k < supply->n; k++)
        supply->at[k].size *= hours * 60 / sum;
}

/* Metres from an office to the nearest small area of each zone. */
static void zone_distances(const hcb__ground *ground, hcb__point office, double *distance, int32_t n_zones) {
    for (int32_t z = 0; z < n_zones; z++)
        distance[z] = HUGE_VAL;
    for (int32_t a = 0; a < ground->set->n_areas; a++)
        if (ground->zone[a] >= 0) {
            double d = hcb__distance(office, ground->set->areas[a].point);
            distance[ground->zone[a]] = fmin(distance[ground->zone[a]], d);
        }
}

/* The zone at the least distance that is not covered yet; -1: all are. */
static int32_t nearest_left(const double *distance, const bool *covered, int32_t n_zones) {
    int32_t best = -1;
    for (int32_t z = 0; z < n_zones; z++)
        if (!covered[z] && (best < 0 || distance[z] < distance[best]))
            best = z;
    return best;
}

static void cover_nearest(const hcb__supply *supply, hcb__rng *rng, int32_t scenario, const double *distance,
                          bool *covered) {
    const double shares[MOST_ZONES - 1] = {P(ZONES_1), P(ZONES_2), P(ZONES_3), P(ZONES_4), P(ZONES_5)};
    for (int32_t k = 0; k < supply->n; k++) {
        int32_t want = 1 + hcb__pick_share(rng, shares, MOST_ZONES - 1);
        size_t first = (size_t)k * (size_t)supply->n_zones;
        for (int32_t i = 0; i < want; i++) {
            int32_t z = nearest_left(distance + first, covered + first, supply->n_zones);
            if (z >= 0)
                covered[first + (size_t)z] = true;
        }
    }
}

/* The zones with the fewest people first: every zone gets its least number of providers, the nearest. */
static void cover_thin(const hcb__supply *supply, const hcb__ground *ground, int32_t scenario, const double *distance,
                       bool *covered, bool *done) {
    for (int32_t i = 0; i < supply->n_zones; i++) {
        int32_t thin = -1;
        for (int32_t z = 0; z < supply->n_zones; z++)
            if (!done[z] && (thin < 0 || ground->zone_weight[z] < ground->zone_weight[thin]))
                thin = z;
        done[thin] = true;
        int32_t have = 0;
        for (int32_t k = 0; k < supply->n; k++)
            have += covered[k * supply->n_zones + thin] && supply->at[k].starts_from == HCB__NO_DATE;
        for (; have < (int32_t)P(ZONE_LEAST); have++) {
            int32_t best = -1;
            for (int32_t k = 0; k < supply->n; k++)
                if (!covered[k * supply->n_zones + thin] && supply->at[k].starts_from == HCB__NO_DATE &&
                    (best < 0 || distance[k * supply->n_zones + thin] < distance[best * supply->n_zones + thin]))
                    best = k;
            if (best < 0)
                break;
            covered[best * supply->n_zones + thin] = true;
        }
    }
}

static bool list_cover(hcb__supply *supply, const bool *covered) {
    int32_t n_zones = supply->n_zones, n = 0;
    for (int64_t i = 0; i < (int64_t)supply->n * n_zones; i++)
        n += covered[i];
    supply->n_cover = n;
    supply->cover = hcb__arena_alloc(supply->arena, (size_t)n, sizeof *supply->cover);
    supply->first_cover = hcb__arena_alloc(supply->arena, (size_t)supply->n + 1, sizeof *supply->first_cover);
    supply->zone_first = hcb__arena_alloc(supply->arena, (size_t)n_zones + 1, sizeof *supply->zone_first);
    supply->zone_cover = hcb__arena_alloc(supply->arena, (size_t)n, sizeof *supply->zone_cover);
    if (!supply->cover || !supply->first_cover || !supply->zone_first || !supply->zone_cover)
        return false;
    n = 0;
    for (int32_t k = 0; k < supply->n; k++) {
        for (int32_t z = 0; z < n_zones; z++)
            if (covered[k * n_zones + z])
                supply->cover[n++] = (hcb__cover){.provider = k, .zone = z, .capacity = -1};
        supply->first_cover[k + 1] = n;
    }
    n = 0;
    for (int32_t z = 0; z < n_zones; z++) {
        for (int32_t i = 0; i < supply->n_cover; i++)
            if (supply->cover[i].zone == z)
                supply->zone_cover[n++] = i;
        supply->zone_first[z + 1] = n;
    }
    return true;
}

/* The biggest providers of a zone with a prime role are its primes. */
static void choose_primes(hcb__supply *supply, const hcb__zone *zone, int32_t z, int32_t scenario) {
    int32_t want = !zone->prime                                                        ? 0
                   : zone->zone_class == HCB__LARGE || zone->zone_class == HCB__MEDIUM ? (int32_t)P(PRIMES_LARGE)
                                                                                       : (int32_t)P(PRIMES_SMALL);
    for (int32_t p = 0; p < want; p++) {
        hcb__cover *best = NULL;
        for (int32_t i = supply->zone_first[z]; i < supply->zone_first[z + 1]; i++) {
            hcb__cover *cover = &supply->cover[supply->zone_cover[i]];
            const hcb__supplier *supplier = &supply->at[cover->provider];
            if (cover->tier != HCB__PRIME && supplier->starts_from == HCB__NO_DATE &&
                (!best || supplier->size > supply->at[best->provider].size))
                best = cover;
        }
        if (!best)
            return;
        best->tier = HCB__PRIME;
        for (int32_t band = 0; band < HCB__BANDS; band++)
            best->price[band] = -1;
    }
}

static void draw_terms(hcb__supply *supply, hcb__rng *rng, const hcb__schedule *prices, int32_t scenario) {
    for (int32_t i = 0; i < supply->n_cover; i++) {
        hcb__cover *cover = &supply->cover[i];
        bool framework = hcb__chance(rng, P(FRAMEWORK)), own = hcb__chance(rng, P(OWN_PRICE));
        double factor = P(OWN_PRICE_LEAST) + (P(OWN_PRICE_MOST) - P(OWN_PRICE_LEAST)) * hcb__rng_unit(rng);
        double share = 0.4 + 0.6 * hcb__rng_unit(rng);
        cover->capacity_share = hcb__chance(rng, P(ZONE_CAP_GIVEN)) ? share : -1;
        cover->tier = framework ? HCB__FRAMEWORK : HCB__SUPPLEMENTARY;
        for (int32_t band = 0; band < HCB__BANDS; band++) {
            int64_t price = framework && own && prices ? hcb__schedule_price(prices, cover->zone, band) : -1;
            cover->price[band] = price < 0 ? -1 : hcb__round_half_up((double)price * factor);
        }
    }
}

hcb_status hcb__supply_make(hcb__supply *supply, hcb_context *ctx, hcb__arena *arena, const hcb__ground *ground,
                            const hcb__schedule *prices, int32_t scenario, int32_t n, double hours, int32_t as_of,
                            uint64_t seed) {
    int32_t n_zones = ground->set->n_zones;
    *supply = (hcb__supply){.arena = arena, .n = n, .n_zones = n_zones};
    size_t pairs = (size_t)n * (size_t)n_zones;
    supply->at = hcb__arena_alloc(arena, (size_t)n, sizeof *supply->at);
    double *distance = hcb__arena_alloc(arena, pairs, sizeof *distance);
    bool *covered = hcb__arena_alloc(arena, pairs, sizeof *covered);
    bool *done = hcb__arena_alloc(arena, (size_t)n_zones, sizeof *done);
    if (!supply->at || !distance || !covered || !done)
        return hcb__nomem(ctx);
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, HCB__STREAM_PROVIDERS);
    draw_suppliers(supply, ground, &rng, scenario, hours, as_of);
    for (int32_t k = 0; k < n; k++)
        zone_distances(ground, supply->at[k].office, distance + (size_t)k * (size_t)n_zones, n_zones);
    cover_nearest(supply, &rng, scenario, distance, covered);
    cover_thin(supply, ground, scenario, distance, covered, done);
    if (!list_cover(supply, covered))
        return hcb__nomem(ctx);
    draw_terms(supply, &rng, prices, scenario);
    for (int32_t z = 0; z < n_zones; z++)
        choose_primes(supply, &ground->set->zones[z], z, scenario);
    return HCB_OK;
}

void hcb__supply_free(hcb__supply *supply, const hcb_allocator *mem) {
    for (int32_t k = 0; supply->at && k < supply->n; k++)
        HCB__VEC_FREE(mem, &supply->at[k].people);
}
