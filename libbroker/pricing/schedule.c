/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pricing/pricing.h"

#include <stdlib.h>

enum { BAND, PRICE, EFFECTIVE_FROM, ZONE, COLUMNS };

static const hcb__csv_column columns[COLUMNS] = {
    [BAND] = {"band", true},
    [PRICE] = {"price_per_hour", true},
    [EFFECTIVE_FROM] = {"effective_from", false},
    [ZONE] = {"zone_id", false},
};

enum { HIGHEST_PENCE = 1000000 };

typedef struct row {
    int32_t zone; /* -1: every zone */
    int32_t band, from;
    int64_t pence, line;
} row;

typedef HCB__VEC(row) row_list;

/* By zone, band and date; HCB__NO_DATE is the smallest number and so the oldest. */
static int by_key(const void *a, const void *b) {
    const row *x = a, *y = b;
    if (x->zone != y->zone)
        return x->zone < y->zone ? -1 : 1;
    if (x->band != y->band)
        return x->band < y->band ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static bool read_row(hcb__csv *csv, hcb_context *ctx, const hcb__zone_set *zones, row *out) {
    bool good = true;
    *out = (row){.zone = -1, .from = HCB__NO_DATE, .line = hcb__csv_where_row(csv).line};
    hcb__cell cell = hcb__csv_word(csv, BAND, hcb__band_words, HCB__BANDS, &out->band);
    if (cell == HCB__CELL_EMPTY) {
        hcb__where where = hcb__csv_where(csv, BAND);
        hcb__diag_error(ctx, &where, "no band; expected urban, fringe, rural or isolated");
    }
    good &= cell == HCB__CELL_OK;
    cell = hcb__csv_money(csv, PRICE, HIGHEST_PENCE, &out->pence);
    if (cell == HCB__CELL_EMPTY) {
        hcb__where where = hcb__csv_where(csv, PRICE);
        hcb__diag_error(ctx, &where, "no price; expected pounds an hour such as 18.75");
    }
    good &= cell == HCB__CELL_OK;
    good &= hcb__csv_date(csv, EFFECTIVE_FROM, &out->from) != HCB__CELL_BAD;
    const char *id;
    size_t len;
    cell = hcb__csv_id(csv, ZONE, &id, &len);
    good &= cell != HCB__CELL_BAD;
    if (cell == HCB__CELL_OK && zones) {
        out->zone = hcb__idmap_get(&zones->zone_of_id, id, len);
        if (out->zone < 0) {
            hcb__where where = hcb__csv_where(csv, ZONE);
            hcb__diag_error(ctx, &where, "\"%s\" is not a zone of the workspace", id);
            good = false;
        }
    } else if (cell == HCB__CELL_OK) {
        good = false; /* no zones to hold it against; the missing zones are a problem of their own */
    }
    return good;
}

static void refuse_repeats(hcb_context *ctx, const char *shown, const row_list *rows) {
    for (size_t i = 1; i < rows->count; i++) {
        const row *a = &rows->at[i - 1], *b = &rows->at[i];
        if (a->zone != b->zone || a->band != b->band || a->from != b->from)
            continue;
        hcb__where where = {shown, b->line, 1, "band"};
        hcb__diag_error(ctx, &where, "band \"%s\" has a price for the same zone and date in line %lld already",
                        hcb__band_words[b->band], (long long)a->line);
    }
}

/* Rows are in order of zone (-1 first), band and date: of each kind the last one in force stands. */
static void fill(hcb__schedule *schedule, const row_list *rows, int32_t as_of) {
    for (size_t i = 0; i < rows->count; i++) {
        const row *r = &rows->at[i];
        if (r->from > as_of)
            continue;
        int32_t first = r->zone < 0 ? 0 : r->zone, last = r->zone < 0 ? schedule->n_zones - 1 : r->zone;
        for (int32_t z = first; z <= last; z++)
            schedule->pence[z * HCB__BANDS + r->band] = r->pence;
    }
}

static hcb_status create(hcb__schedule **out, hcb_context *ctx, int32_t n_zones) {
    hcb__schedule *schedule = hcb__calloc(&ctx->mem, 1, sizeof *schedule);
    if (!schedule)
        return hcb__nomem(ctx);
    hcb__arena_init(&schedule->arena, &ctx->mem);
    schedule->n_zones = n_zones;
    schedule->pence = hcb__arena_alloc(&schedule->arena, (size_t)n_zones * HCB__BANDS, sizeof *schedule->pence);
    if (!schedule->pence) {
        hcb__schedule_free(schedule);
        return hcb__nomem(ctx);
    }
    for (int32_t i = 0; i < n_zones * HCB__BANDS; i++)
        schedule->pence[i] = -1;
    *out = schedule;
    return HCB_OK;
}

hcb_status hcb__schedule_load(hcb__schedule **out, hcb_context *ctx, const char *path, const char *shown,
                              const hcb__csv_rename *renames, size_t n_renames, const hcb__zone_set *zones,
                              int32_t as_of) {
    *out = NULL;
    hcb__csv *csv = NULL;
    hcb_status status = hcb__csv_open(&csv, ctx, path, shown, columns, COLUMNS, renames, n_renames);
    if (status != HCB_OK)
        return status;
    row_list rows = {0};
    while (hcb__csv_next(csv)) {
        row r;
        if (read_row(csv, ctx, zones, &r) && !HCB__PUSH(&ctx->mem, &rows, r)) {
            status = hcb__nomem(ctx);
            break;
        }
    }
    hcb__csv_close(csv);
    hcb__schedule *schedule = NULL;
    if (status == HCB_OK)
        status = create(&schedule, ctx, zones ? zones->n_zones : 0);
    if (status == HCB_OK) {
        if (rows.count)
            qsort(rows.at, rows.count, sizeof *rows.at, by_key);
        refuse_repeats(ctx, shown, &rows);
        fill(schedule, &rows, as_of);
        *out = schedule;
    }
    HCB__VEC_FREE(&ctx->mem, &rows);
    return status;
}

void hcb__schedule_free(hcb__schedule *schedule) {
    if (!schedule)
        return;
    hcb_allocator mem = schedule->arena.mem;
    hcb__arena_release(&schedule->arena);
    hcb__free(&mem, schedule);
}

int64_t hcb__schedule_price(const hcb__schedule *schedule, int32_t zone, int32_t band) {
    return schedule->pence[zone * HCB__BANDS + band];
}
