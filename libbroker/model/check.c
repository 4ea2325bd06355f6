/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks that need more than one file. */
#include <string.h>

#include "model/load.h"

enum { WHOLE_BP = 10000 };

static bool promises(const hcb__share *share, const hcb__zone *zone, int32_t tier) {
    if (share->largest || share->tier != tier)
        return false;
    if (share->zone_id)
        return strcmp(share->zone_id, zone->id) == 0;
    return tier != HCB__PRIME || zone->prime;
}

/* What the policy promises in one zone, and the last of its shares that names the zone. */
static int64_t promised_in(const hcb__policy *policy, const hcb__zone *zone, int32_t *last) {
    int64_t sum = 0;
    *last = -1;
    for (int32_t tier = 0; tier < HCB__TIERS; tier++) {
        int64_t most = 0;
        for (int32_t i = 0; i < policy->n_shares; i++) {
            const hcb__share *share = &policy->shares[i];
            if (!promises(share, zone, tier))
                continue;
            if (share->basis_points > most)
                most = share->basis_points;
            if (share->zone_id && i > *last)
                *last = i;
        }
        sum += most;
    }
    return sum;
}

void hcb__check_shares(hcb__loader *l, const char *shown) {
    const hcb__policy *policy = l->model->policy;
    const hcb__zone_set *zones = l->model->zones;
    for (int32_t i = 0; i < policy->n_shares; i++) {
        const hcb__share *share = &policy->shares[i];
        if (!share->zone_id)
            continue;
        hcb__where where = {shown, share->line, share->column, "shares.zone"};
        int32_t zone = hcb__idmap_get(&zones->zone_of_id, share->zone_id, strlen(share->zone_id));
        if (zone < 0)
            hcb__diag_error(l->ctx, &where, "\"%s\" is not a zone of the workspace", share->zone_id);
        else if (!share->largest && share->tier == HCB__PRIME && !zones->zones[zone].prime)
            hcb__diag_warning(l->ctx, &where, "zone \"%s\" has no prime role, yet a share is promised to primes",
                              share->zone_id);
    }
    for (int32_t z = 0; z < zones->n_zones; z++) {
        int32_t last;
        int64_t sum = promised_in(policy, &zones->zones[z], &last);
        /* A sum over shares for every zone was refused when the policy was read. */
        if (sum <= WHOLE_BP || last < 0)
            continue;
        hcb__where where = {shown, policy->shares[last].line, policy->shares[last].column, "shares"};
        hcb__diag_error(l->ctx, &where,
                        "the smallest shares promised in zone \"%s\" add up to %lld.%02lld%%, more than "
                        "100%%",
                        zones->zones[z].id, (long long)(sum / 100), (long long)(sum % 100));
    }
}

/* Providers of one tier in a zone beyond the number that the framework has room for. */
static hcb_status check_tiers_per_zone(hcb__loader *l) {
    const hcb__model *m = l->model;
    const hcb__policy *policy = m->policy;
    int64_t *count = hcb__calloc(&l->ctx->mem, (size_t)m->zones->n_zones * HCB__TIERS, sizeof *count);
    if (!count)
        return hcb__nomem(l->ctx);
    for (int32_t i = 0; i < m->n_coverage; i++) {
        const hcb__coverage *c = &m->coverage[i];
        int64_t most = policy->tier_most[c->tier];
        if (most < 0 || !m->providers[c->provider].active || ++count[c->zone * HCB__TIERS + c->tier] <= most)
            continue;
        hcb__where where = hcb__spot_where(l, HCB__FILE_COVERAGE, &l->coverage.at[i].spot);
        hcb__diag_error(l->ctx, &where, "provider \"%s\" is %s in zone \"%s\", where the policy has room for %lld",
                        m->providers[c->provider].id, hcb__tier_words[c->tier], m->zones->zones[c->zone].id,
                        (long long)most);
    }
    hcb__free(&l->ctx->mem, count);
    return HCB_OK;
}

static void check_coverage(hcb__loader *l) {
    const hcb__model *m = l->model;
    for (size_t i = 0; i < l->coverage.count; i++) {
        const hcb__coverage_row *r = &l->coverage.at[i];
        const hcb__zone *zone = &m->zones->zones[r->c.zone];
        if (r->c.tier != HCB__PRIME || zone->prime)
            continue;
        hcb__where where = hcb__spot_where(l, HCB__FILE_COVERAGE, &r->spot);
        hcb__diag_warning(l->ctx, &where, "provider \"%s\" is prime in zone \"%s\", which has no prime role",
                          m->providers[r->c.provider].id, zone->id);
    }
    for (int32_t k = 0; k < m->n_providers; k++) {
        if (m->providers[k].n_coverage)
            continue;
        hcb__where where = hcb__spot_where(l, HCB__FILE_PROVIDERS, &l->providers.at[k].spot);
        hcb__diag_warning(l->ctx, &where, "provider \"%s\" covers no zone", m->providers[k].id);
    }
}

/* By zone and band: whether anybody is there, and how many who cover the zone have a price. */
typedef struct use {
    bool people;
    int32_t covering, priced;
} use;

static void count_prices(const hcb__model *m, use *uses) {
    for (int32_t i = 0; i < m->n_coverage; i++) {
        const hcb__coverage *c = &m->coverage[i];
        if (m->policy->tier_rank[c->tier] < 0)
            continue;
        for (int32_t b = 0; b < HCB__BANDS; b++) {
            use *u = &uses[c->zone * HCB__BANDS + b];
            u->covering++;
            u->priced += c->price[b] >= 0 || hcb__schedule_price(m->prices, c->zone, b) >= 0;
        }
    }
    for (int32_t q = 0; q < m->n_packages + m->n_placements; q++)
        uses[m->packages[q].zone * HCB__BANDS + m->packages[q].band].people = true;
}

/* A framework may leave prices to its providers, who then do without the bands they give no price for. */
static void check_band(hcb__loader *l, const char *zone, const char *band, const use *u) {
    hcb__where where = {l->ws->files[HCB__FILE_PRICES].name, 0, 0, band};
    if (!u->people || u->priced == u->covering)
        return;
    if (u->priced == 0)
        hcb__diag_error(l->ctx, &where, "there are people in band %s of zone \"%s\" and no price in force for them",
                        band, zone);
    else
        hcb__diag_warning(
            l->ctx, &where,
            "%d of %d providers who cover zone \"%s\" have no price for band %s and may not take people there",
            u->covering - u->priced, u->covering, zone, band);
}

static hcb_status check_zones(hcb__loader *l) {
    const hcb__model *m = l->model;
    size_t n = (size_t)m->zones->n_zones;
    use *uses = hcb__calloc(&l->ctx->mem, n * HCB__BANDS, sizeof *uses);
    if (!uses)
        return hcb__nomem(l->ctx);
    count_prices(m, uses);
    for (size_t z = 0; z < n; z++) {
        const char *id = m->zones->zones[z].id;
        hcb__where coverage = {l->ws->files[HCB__FILE_COVERAGE].name, 0, 0, id};
        if (!uses[z * HCB__BANDS].covering)
            hcb__diag_warning(l->ctx, &coverage, "no provider covers zone \"%s\"", id);
        for (size_t b = 0; b < HCB__BANDS; b++)
            check_band(l, id, hcb__band_words[b], &uses[z * HCB__BANDS + b]);
    }
    hcb__free(&l->ctx->mem, uses);
    return HCB_OK;
}

static hcb__package_row *row_of(hcb__loader *l, const hcb__package *p) {
    return &l->packages.at[hcb__idmap_get(&l->row_of_package, p->id, strlen(p->id))];
}

static void check_packages(hcb__loader *l, const hcb__travel_table *travel) {
    const hcb__model *m = l->model;
    for (int32_t q = 0; q < m->n_packages + m->n_placements; q++) {
        const hcb__package *p = &m->packages[q];
        hcb__file_kind file = p->placed ? HCB__FILE_PLACEMENTS : HCB__FILE_PACKAGES;
        if (p->placed && !hcb__model_coverage(m, p->provider, p->zone)) {
            hcb__where where = hcb__spot_where(l, file, &row_of(l, p)->row);
            hcb__diag_warning(l->ctx, &where, "\"%s\" is served by \"%s\", which does not cover zone \"%s\"", p->id,
                              m->providers[p->provider].id, m->zones->zones[p->zone].id);
        }
        char code[96];
        if (p->pinned >= 0 &&
            hcb__eligible(m, q, p->pinned, hcb__travel_seconds(travel, q, p->pinned, NULL), code) != HCB__RULES) {
            hcb__where where = hcb__spot_where(l, file, &row_of(l, p)->pin);
            hcb__diag_error(l->ctx, &where, "\"%s\" is pinned to \"%s\", which may not take it%s: %s", p->id,
                            m->providers[p->pinned].id, l->changed ? " in the scenario" : "", code);
        }
    }
}

/* Load and capacity are held against each other in seconds where travel counts. */
static hcb_status check_loads(hcb__loader *l, const hcb__travel_table *travel) {
    const hcb__model *m = l->model;
    bool with_travel = m->travel.capacity_basis == HCB__CONTACT_AND_TRAVEL;
    int64_t *load = hcb__calloc(&l->ctx->mem, (size_t)m->n_providers, sizeof *load);
    if (!load)
        return hcb__nomem(l->ctx);
    for (int32_t q = m->n_packages; q < m->n_packages + m->n_placements; q++) {
        const hcb__package *p = &m->packages[q];
        load[p->provider] += p->carer_minutes * 60;
        if (with_travel)
            load[p->provider] += p->carer_visits * hcb__travel_seconds(travel, q, p->provider, NULL);
    }
    for (int32_t k = 0; k < m->n_providers; k++) {
        const hcb__provider *p = &m->providers[k];
        if (load[k] <= p->capacity * 60)
            continue;
        int64_t over = (load[k] - p->capacity * 60 + 59) / 60;
        hcb__where where = hcb__spot_where(l, HCB__FILE_PROVIDERS, &l->providers.at[k].spot);
        hcb__diag_warning(l->ctx, &where, "provider \"%s\" serves %lld minutes a week more than its capacity of %lld",
                          p->id, (long long)over, (long long)p->capacity);
    }
    hcb__free(&l->ctx->mem, load);
    return HCB_OK;
}

/* Places of the workspace that the matrix does not name: the crow model stands in for all their cells. */
static void check_matrix(hcb__loader *l) {
    const hcb__model *m = l->model;
    if (m->travel.model != HCB__MATRIX)
        return;
    int32_t people = m->n_packages + m->n_placements;
    const char *first = NULL;
    int64_t missing = 0;
    for (int32_t i = 0; i < m->n_providers + people; i++) {
        const char *id = i < m->n_providers ? m->providers[i].id : m->packages[i - m->n_providers].id;
        if (hcb__matrix_number(m->matrix, id) >= 0)
            continue;
        missing++;
        first = first ? first : id;
    }
    hcb__where where = {l->ws->files[HCB__FILE_MATRIX].name, 0, 0, NULL};
    if (missing)
        hcb__diag_warning(l->ctx, &where, "%lld of %d providers and packages are not in the matrix; the first: \"%s\"",
                          (long long)missing, m->n_providers + people, first);
}

hcb_status hcb__check_model(hcb__loader *l) {
    hcb__travel_table *travel = NULL;
    if (hcb__travel_table_create(&travel, &l->ctx->mem, l->model) != HCB_OK)
        return hcb__nomem(l->ctx);
    check_coverage(l);
    check_packages(l, travel);
    check_matrix(l);
    hcb_status status = check_tiers_per_zone(l);
    if (status == HCB_OK)
        status = check_loads(l, travel);
    hcb__travel_table_free(travel);
    return status == HCB_OK ? check_zones(l) : status;
}
