/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coverage.csv */
#include <stdlib.h>

#include "model/limits.h"
#include "model/load.h"

enum { PROVIDER, ZONE, TIER, HOURS, URBAN, FRINGE, RURAL, ISOLATED, COLUMNS };

static const hcb__csv_column columns[COLUMNS] = {
    {"provider_id", true},  {"zone_id", true},       {"tier", true},         {"capacity_hours", false},
    {"price_urban", false}, {"price_fringe", false}, {"price_rural", false}, {"price_isolated", false},
};

static hcb_status read_row(hcb__loader *l, hcb__csv *csv) {
    hcb__coverage_row r = {.c = {.provider = -1, .zone = -1, .capacity = -1}};
    bool good = true;
    size_t len;
    hcb__provider_cell(l, csv, PROVIDER, &r.c.provider, &good);
    if (!hcb__csv_text(csv, PROVIDER, &len))
        hcb__required(l, csv, PROVIDER, HCB__CELL_EMPTY, "a provider_id", &good);
    hcb__zone_cell(l, csv, ZONE, &r.c.zone, &good);
    if (!hcb__csv_text(csv, ZONE, &len))
        hcb__required(l, csv, ZONE, HCB__CELL_EMPTY, "a zone_id", &good);
    hcb__required(l, csv, TIER, hcb__csv_word(csv, TIER, hcb__tier_words, HCB__TIERS, &r.c.tier),
                  "prime, supplementary or framework", &good);
    good &= hcb__csv_hours(csv, HOURS, HCB__MOST_CAPACITY, &r.c.capacity) != HCB__CELL_BAD;
    for (int b = 0; b < HCB__BANDS; b++) {
        r.c.price[b] = -1;
        good &= hcb__csv_money(csv, URBAN + (size_t)b, HCB__MOST_PRICE, &r.c.price[b]) != HCB__CELL_BAD;
    }
    /* A pair that is known counts for repeats and for "covers nothing" even where the rest is wrong. */
    if (r.c.provider < 0 || r.c.zone < 0)
        return HCB_OK;
    hcb_status status = hcb__spot_keep(l, csv, TIER, &r.spot);
    if (status == HCB_OK && !HCB__PUSH(&l->ctx->mem, &l->coverage, r))
        status = hcb__nomem(l->ctx);
    return status;
}

static int by_pair(const void *a, const void *b) {
    const hcb__coverage_row *x = a, *y = b;
    if (x->c.provider != y->c.provider)
        return x->c.provider < y->c.provider ? -1 : 1;
    if (x->c.zone != y->c.zone)
        return x->c.zone < y->c.zone ? -1 : 1;
    return (x->spot.line > y->spot.line) - (x->spot.line < y->spot.line);
}

hcb_status hcb__load_coverage(hcb__loader *l) {
    bool complete;
    hcb_status status = hcb__load_rows(l, HCB__FILE_COVERAGE, columns, COLUMNS, read_row, &complete);
    if (status != HCB_OK || !l->coverage.count)
        return status;
    qsort(l->coverage.at, l->coverage.count, sizeof *l->coverage.at, by_pair);
    for (size_t i = 1; i < l->coverage.count; i++) {
        const hcb__coverage_row *a = &l->coverage.at[i - 1], *b = &l->coverage.at[i];
        if (a->c.provider != b->c.provider || a->c.zone != b->c.zone)
            continue;
        hcb__where where = {l->ws->files[HCB__FILE_COVERAGE].name, b->spot.line, 1, NULL};
        hcb__diag_error(l->ctx, &where, "provider \"%s\" and zone \"%s\" are in line %lld already",
                        l->providers.at[b->c.provider].p.id, l->model->zones->zones[b->c.zone].id,
                        (long long)a->spot.line);
    }
    return HCB_OK;
}
