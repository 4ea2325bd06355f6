/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lots with one lead each, and one rate a zone: both follow from what is served, so they need the frozen model. */
#include "base/arith.h"
#include "scenario/changes_apply.h"

enum { NOBODY = -1 };

typedef struct zone_hours {
    int64_t minutes;
    int32_t zone;
} zone_hours;

/* Carer minutes that providers serve in zones: [provider * n_zones + zone]. */
static int64_t *served(const hcb__model *m, const hcb_allocator *mem) {
    int32_t n_zones = m->zones->n_zones;
    int64_t *minutes = hcb__calloc(mem, (size_t)m->n_providers * (size_t)n_zones, sizeof *minutes);
    for (int32_t q = m->n_packages; minutes && q < m->n_packages + m->n_placements; q++) {
        const hcb__package *p = &m->packages[q];
        minutes[(int64_t)p->provider * n_zones + p->zone] += p->carer_minutes;
    }
    return minutes;
}

/* The zone with the most hours that has no lead yet; NOBODY: all have been looked at. */
static int32_t next_zone(const int64_t *total, const bool *done, int32_t n_zones) {
    int32_t best = NOBODY;
    for (int32_t z = 0; z < n_zones; z++)
        if (!done[z] && (best < 0 || total[z] > total[best]))
            best = z;
    return best;
}

/* The active provider with the most hours in the zone that leads nowhere yet. */
static int32_t best_lead(const hcb__model *m, const int64_t *minutes, const bool *leads, int32_t zone) {
    int32_t best = NOBODY;
    for (int32_t i = 0; i < m->n_coverage; i++) {
        int32_t k = m->coverage[i].provider;
        if (m->coverage[i].zone != zone || leads[k] || !m->providers[k].active)
            continue;
        if (best < 0 ||
            minutes[(int64_t)k * m->zones->n_zones + zone] > minutes[(int64_t)best * m->zones->n_zones + zone])
            best = k;
    }
    return best;
}

static bool choose_leads(const hcb__model *m, const hcb_allocator *mem, int32_t *lead) {
    int32_t n_zones = m->zones->n_zones;
    int64_t *minutes = served(m, mem), *total = hcb__calloc(mem, (size_t)n_zones, sizeof *total);
    bool *done = hcb__calloc(mem, (size_t)n_zones, sizeof *done);
    bool *leads = hcb__calloc(mem, (size_t)m->n_providers, sizeof *leads);
    bool ok = minutes && total && done && leads;
    for (int32_t k = 0; ok && k < m->n_providers; k++)
        for (int32_t z = 0; z < n_zones; z++)
            total[z] += minutes[(int64_t)k * n_zones + z];
    for (int32_t z; ok && (z = next_zone(total, done, n_zones)) >= 0; done[z] = true) {
        lead[z] = best_lead(m, minutes, leads, z);
        if (lead[z] >= 0)
            leads[lead[z]] = true;
    }
    hcb__free(mem, minutes);
    hcb__free(mem, total);
    hcb__free(mem, done);
    hcb__free(mem, leads);
    return ok;
}

/* What a coverage row becomes: its tier; -1: it ends. */
static int32_t role_of(const hcb__coverage *row, const int32_t *lead, int32_t n_zones, bool subcontract) {
    if (lead[row->zone] == row->provider)
        return HCB__PRIME;
    for (int32_t z = 0; z < n_zones; z++)
        if (lead[z] == row->provider)
            return -1; /* a lead is barred from other lots */
    return subcontract || lead[row->zone] < 0 ? HCB__SUPPLEMENTARY : -1;
}

/* Where everybody is offered anew, a row that ends goes; else it stays for who is served today and takes nobody more.
 */
static hcb_status change_lots(hcb__model *m, hcb_context *ctx, const hcb__scenario *s) {
    int32_t *lead = hcb__calloc(&ctx->mem, (size_t)m->zones->n_zones, sizeof *lead);
    if (!lead || !choose_leads(m, &ctx->mem, lead)) {
        hcb__free(&ctx->mem, lead);
        return hcb__nomem(ctx);
    }
    int32_t n = 0;
    for (int32_t k = 0; k < m->n_providers; k++)
        m->providers[k].n_coverage = 0;
    for (int32_t i = 0; i < m->n_coverage; i++) {
        hcb__coverage row = m->coverage[i];
        int32_t role = role_of(&row, lead, m->zones->n_zones, s->lots.subcontract);
        if (role < 0 && s->tender)
            continue;
        if (role >= 0)
            row.tier = role;
        else
            row.capacity = 0;
        hcb__provider *p = &m->providers[row.provider];
        if (p->n_coverage++ == 0)
            p->first_coverage = n;
        m->coverage[n++] = row;
    }
    m->n_coverage = n;
    hcb__free(&ctx->mem, lead);
    return HCB_OK;
}

/* Price x minutes of the bands of a zone, over all its people; a zone without any takes the plain mean of its prices.
 */
static int64_t mean_price(const hcb__model *m, int32_t zone, const int64_t *minutes) {
    __int128 pence = 0;
    int64_t weight = 0;
    for (int pass = 0; pass < 2 && weight == 0; pass++)
        for (int32_t b = 0; b < HCB__BANDS; b++) {
            int64_t price = hcb__schedule_price(m->prices, zone, b), w = pass ? 1 : minutes[b];
            if (price < 0)
                continue;
            pence += (__int128)price * w;
            weight += w;
        }
    return weight ? (int64_t)((2 * pence + weight) / (2 * (__int128)weight)) : -1;
}

static hcb_status change_to_one_rate(hcb__model *m, hcb_context *ctx) {
    int32_t n_zones = m->zones->n_zones;
    int64_t *minutes = hcb__calloc(&ctx->mem, (size_t)n_zones * HCB__BANDS, sizeof *minutes);
    if (!minutes)
        return hcb__nomem(ctx);
    for (int32_t q = 0; q < m->n_packages + m->n_placements; q++)
        minutes[m->packages[q].zone * HCB__BANDS + m->packages[q].band] += m->packages[q].carer_minutes;
    for (int32_t z = 0; z < n_zones; z++) {
        int64_t price = mean_price(m, z, minutes + (int64_t)z * HCB__BANDS);
        for (int32_t b = 0; b < HCB__BANDS; b++)
            m->prices->pence[z * HCB__BANDS + b] = price;
    }
    for (int32_t i = 0; i < m->n_coverage; i++)
        for (int32_t b = 0; b < HCB__BANDS; b++)
            m->coverage[i].price[b] = -1;
    hcb__free(&ctx->mem, minutes);
    return HCB_OK;
}

hcb_status hcb__change_roles(hcb__model *model, hcb_context *ctx, const hcb__scenario *scenario) {
    hcb_status status = scenario->lots.given ? change_lots(model, ctx, scenario) : HCB_OK;
    return status == HCB_OK && scenario->one_rate ? change_to_one_rate(model, ctx) : status;
}
