/* SPDX-License-Identifier: GPL-3.0-or-later */
/* providers.csv */
#include <stdlib.h>
#include <string.h>

#include "model/limits.h"
#include "model/load.h"

enum {
    ID,
    NAME,
    POSTCODE,
    LAT,
    LON,
    EASTING,
    NORTHING,
    HOURS,
    MORNING,
    LUNCH,
    TEA,
    BED,
    QUALITY,
    RATING,
    CAPABILITIES,
    MAX_TRAVEL,
    MAX_NEW,
    STARTS_FROM,
    VIABLE,
    ACTIVE,
    COLUMNS
};

static const hcb__csv_column columns[COLUMNS] = {
    {"provider_id", true},
    {"name", false},
    {"postcode", false},
    {"lat", false},
    {"lon", false},
    {"easting", false},
    {"northing", false},
    {"capacity_hours", true},
    {"capacity_morning", false},
    {"capacity_lunch", false},
    {"capacity_tea", false},
    {"capacity_bed", false},
    {"quality", false},
    {"rating", false},
    {"capabilities", false},
    {"max_travel_min", false},
    {"max_new_packages", false},
    {"starts_from", false},
    {"viable_hours", false},
    {"active", false},
};
static const hcb__place_columns place_columns = {POSTCODE, LAT, LON, EASTING, NORTHING};

static void read_numbers(hcb__csv *csv, hcb__provider *p, bool *good) {
    for (int b = 0; b < HCB__BLOCKS; b++)
        *good &= hcb__csv_hours(csv, MORNING + (size_t)b, HCB__MOST_CAPACITY, &p->block_capacity[b]) != HCB__CELL_BAD;
    int64_t quality = -1, minutes;
    *good &= hcb__csv_int(csv, QUALITY, 0, 100, &quality) != HCB__CELL_BAD;
    p->quality = (int32_t)quality;
    *good &= hcb__csv_word(csv, RATING, hcb__rating_words, HCB__RATINGS, &p->rating) != HCB__CELL_BAD;
    hcb__cell cell = hcb__csv_int(csv, MAX_TRAVEL, 0, HCB__MOST_TRAVEL_MIN, &minutes);
    if (cell == HCB__CELL_OK)
        p->max_travel_s = minutes * 60;
    *good &= cell != HCB__CELL_BAD;
    *good &= hcb__csv_int(csv, MAX_NEW, 0, HCB__MOST_PACKAGES, &p->max_new) != HCB__CELL_BAD;
    *good &= hcb__csv_date(csv, STARTS_FROM, &p->starts_from) != HCB__CELL_BAD;
    *good &= hcb__csv_hours(csv, VIABLE, HCB__MOST_CAPACITY, &p->viable_minutes) != HCB__CELL_BAD;
    *good &= hcb__csv_bool(csv, ACTIVE, &p->active) != HCB__CELL_BAD;
}

/* A provider of whom anything but the id is wrong is still one that others may name. */
static hcb_status keep(hcb__loader *l, hcb__csv *csv, hcb__provider_row *r) {
    int32_t other = hcb__idmap_get(&l->row_of_provider, r->p.id, strlen(r->p.id));
    if (other >= 0) {
        hcb__cell_error(l, csv, ID, "the provider \"%s\" is in line %lld already", r->p.id,
                        (long long)l->providers.at[other].spot.line);
        return HCB_OK;
    }
    if (l->providers.count >= HCB__MOST_PROVIDERS) {
        hcb__cell_error(l, csv, ID, "more than %d providers", HCB__MOST_PROVIDERS);
        return HCB_OK;
    }
    if (!hcb__idmap_put(&l->row_of_provider, r->p.id, (int32_t)l->providers.count) ||
        !HCB__PUSH(&l->ctx->mem, &l->providers, *r))
        return hcb__nomem(l->ctx);
    return HCB_OK;
}

static hcb_status read_row(hcb__loader *l, hcb__csv *csv) {
    hcb__provider_row r = {.p = {.block_capacity = {-1, -1, -1, -1},
                                 .quality = -1,
                                 .rating = HCB__NOT_RATED,
                                 .max_travel_s = -1,
                                 .max_new = -1,
                                 .starts_from = HCB__NO_DATE,
                                 .viable_minutes = -1,
                                 .active = true}};
    bool good = true;
    hcb_status status = hcb__required_id(l, csv, ID, &r.p.id, &good);
    if (status == HCB_OK)
        status = hcb__spot_keep(l, csv, ID, &r.spot);
    if (status != HCB_OK)
        return status;
    size_t len;
    const char *name = hcb__csv_text(csv, NAME, &len);
    r.p.name = hcb__arena_strndup(&l->model->arena, name ? name : "", name ? len : 0);
    if (!r.p.name)
        return hcb__nomem(l->ctx);
    hcb__place place;
    hcb__required_place(l, csv, &place_columns, &place, &good);
    r.p.point = place.point;
    hcb__required(l, csv, HOURS, hcb__csv_hours(csv, HOURS, HCB__MOST_CAPACITY, &r.p.capacity),
                  "the capacity in hours a week", &good);
    read_numbers(csv, &r.p, &good);
    status = hcb__capability_cell(l, csv, CAPABILITIES, &l->capabilities_of, &r.p.first_capability, &r.p.n_capabilities,
                                  &good);
    if (status != HCB_OK)
        return status;
    if (!r.p.id) {
        l->providers_known = false;
        return HCB_OK;
    }
    return keep(l, csv, &r);
}

static int by_id(const void *a, const void *b) {
    return hcb__compare_ids(((const hcb__provider_row *)a)->p.id, ((const hcb__provider_row *)b)->p.id);
}

hcb_status hcb__load_providers(hcb__loader *l) {
    bool complete;
    l->providers_known = true;
    hcb_status status = hcb__load_rows(l, HCB__FILE_PROVIDERS, columns, COLUMNS, read_row, &complete);
    l->providers_known &= complete;
    if (status != HCB_OK)
        return status;
    if (l->providers.count)
        qsort(l->providers.at, l->providers.count, sizeof *l->providers.at, by_id);
    for (size_t i = 0; i < l->providers.count; i++)
        if (!hcb__idmap_put(&l->model->provider_of_id, l->providers.at[i].p.id, (int32_t)i))
            return hcb__nomem(l->ctx);
    return HCB_OK;
}
