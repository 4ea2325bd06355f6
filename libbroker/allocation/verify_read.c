/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* realpath */
/* The verifier's reading of hcbroker.yaml, prices, providers and coverage. */
#include <stdlib.h>
#include <string.h>

#include "allocation/verify_data.h"
#include "base/arith.h"
#include "io/file.h"

/* Upper ends that keep every sum within 64 bits. */
static const int64_t most_minutes = 60000000, most_pence = 1000000, most_packages = 1000000;

hcb_status hcb__vf_open(hcb__csv **csv, hcb__vf *vf, const char *path, const char *shown, const char *kind,
                        const hcb__csv_column *columns, size_t n) {
    hcb__csv_rename renames[64];
    size_t n_renames = 0;
    const hcb__yaml_node *names = hcb__yaml_get(hcb__yaml_get(vf->yaml->root, "columns"), kind);
    for (size_t i = 0; names && i < names->count && i < 64; i++)
        renames[n_renames++] = (hcb__csv_rename){names->keys[i]->text, names->items[i]->text};
    return hcb__csv_open(csv, vf->ctx, path, shown, columns, n, renames, n_renames);
}

static const char *keep_id(hcb__vf *vf, hcb__csv *csv, size_t column) {
    const char *id;
    size_t len;
    return hcb__csv_id(csv, column, &id, &len) == HCB__CELL_OK ? hcb__vf_keep(vf, id, len) : NULL;
}

/* The index of the id in a cell; an id that is not known is an error. */
static int32_t look_up(hcb__vf *vf, hcb__csv *csv, size_t column, const hcb__idmap *map) {
    size_t len;
    const char *id = hcb__csv_text(csv, column, &len);
    int32_t found = id ? hcb__idmap_get(map, id, len) : HCB__VF_NONE;
    if (id && found < 0) {
        hcb__where where = hcb__csv_where(csv, column);
        hcb__diag_error(vf->ctx, &where, "\"%s\" is not known", id);
    }
    return found;
}

static bool read_prices(hcb__vf *vf, const char *path, const char *shown) {
    enum { BAND, PRICE, FROM, ZONE, N };
    static const hcb__csv_column columns[N] = {
        {"band", true}, {"price_per_hour", true}, {"effective_from", false}, {"zone_id", false}};
    typedef struct newest {
        bool given;
        int32_t from;
        int64_t price;
    } newest;
    newest general[HCB__VF_BANDS] = {{0}};
    newest *own = hcb__vf_new(vf, vf->zones.count * HCB__VF_BANDS, sizeof *own);
    hcb__csv *csv;
    if (!own || hcb__vf_open(&csv, vf, path, shown, "prices", columns, N) != HCB_OK)
        return false;
    while (hcb__csv_next(csv)) {
        int32_t band, from = HCB__NO_DATE, zone = HCB__VF_NONE;
        int64_t price;
        if (hcb__csv_word(csv, BAND, hcb__vf_bands, HCB__VF_BANDS, &band) != HCB__CELL_OK ||
            hcb__csv_money(csv, PRICE, most_pence, &price) != HCB__CELL_OK ||
            hcb__csv_date(csv, FROM, &from) == HCB__CELL_BAD)
            continue;
        bool zoned = hcb__csv_text(csv, ZONE, NULL) != NULL;
        if (zoned && (zone = look_up(vf, csv, ZONE, &vf->zone_ids)) < 0)
            continue;
        newest *slot = zoned ? &own[zone * HCB__VF_BANDS + band] : &general[band];
        /* A row without a date is the oldest: HCB__NO_DATE is below every date. */
        if (from <= vf->as_of && (!slot->given || from > slot->from))
            *slot = (newest){true, from, price};
    }
    hcb__csv_close(csv);
    for (size_t z = 0; z < vf->zones.count; z++)
        for (int b = 0; b < HCB__VF_BANDS; b++) {
            const newest *slot = own[z * HCB__VF_BANDS + b].given ? &own[z * HCB__VF_BANDS + b] : &general[b];
            vf->zones.at[z].price[b] = slot->given ? slot->price : HCB__VF_NONE;
        }
    return true;
}

static int by_bytes(const void *a, const void *b) {
    return hcb__compare_ids(*(const char *const *)a, *(const char *const *)b);
}

size_t hcb__vf_sort_set(const char **items, size_t n) {
    size_t kept = 0;
    if (n)
        qsort(items, n, sizeof *items, by_bytes);
    for (size_t i = 0; i < n; i++)
        if (!kept || strcmp(items[kept - 1], items[i]) != 0)
            items[kept++] = items[i];
    return kept;
}

const char **hcb__vf_set(hcb__vf *vf, hcb__csv *csv, size_t column, size_t *count) {
    size_t cursor = 0, n = 0, len;
    const char *item;
    while (hcb__csv_list(csv, column, &cursor, &item, &len))
        n++;
    const char **items = hcb__vf_new(vf, n, sizeof *items);
    cursor = n = 0;
    while (items && hcb__csv_list(csv, column, &cursor, &item, &len))
        items[n++] = hcb__vf_keep(vf, item, len);
    *count = vf->nomem ? 0 : hcb__vf_sort_set(items, n);
    return items;
}

static int providers_by_id(const void *a, const void *b) {
    return hcb__compare_ids(((const hcb__vf_provider *)a)->id, ((const hcb__vf_provider *)b)->id);
}

static bool read_providers(hcb__vf *vf, const char *path, const char *shown) {
    enum {
        ID,
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
        CAPS,
        MAX_TRAVEL,
        MAX_NEW,
        STARTS,
        ACTIVE,
        NAME,
        VIABLE,
        N
    };
    static const hcb__csv_column columns[N] = {{"provider_id", true},
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
                                               {"active", false},
                                               {"name", false},
                                               {"viable_hours", false}};
    hcb__csv *csv;
    if (hcb__vf_open(&csv, vf, path, shown, "providers", columns, N) != HCB_OK)
        return false;
    while (!vf->nomem && hcb__csv_next(csv)) {
        hcb__vf_provider p = {.quality = HCB__VF_NONE,
                              .max_new = HCB__VF_NONE,
                              .rating = HCB__VF_NOT_RATED,
                              .starts_from = HCB__NO_DATE,
                              .active = true};
        int64_t minutes = HCB__VF_NONE;
        int32_t postcode;
        p.id = keep_id(vf, csv, ID);
        if (!p.id || !hcb__vf_place(vf, csv, POSTCODE, &p.at, &postcode) ||
            hcb__csv_hours(csv, HOURS, most_minutes, &p.capacity) != HCB__CELL_OK)
            continue;
        for (int b = 0; b < HCB__VF_BLOCKS; b++) {
            p.block[b] = HCB__VF_NONE;
            (void)hcb__csv_hours(csv, (size_t)(MORNING + b), most_minutes, &p.block[b]);
        }
        (void)hcb__csv_int(csv, QUALITY, 0, 100, &p.quality);
        (void)hcb__csv_word(csv, RATING, hcb__vf_ratings, HCB__VF_RATINGS, &p.rating);
        (void)hcb__csv_int(csv, MAX_TRAVEL, 0, 100000, &minutes);
        p.max_travel_s = minutes < 0 ? HCB__VF_NONE : 60 * minutes;
        (void)hcb__csv_int(csv, MAX_NEW, 0, most_packages, &p.max_new);
        (void)hcb__csv_date(csv, STARTS, &p.starts_from);
        (void)hcb__csv_bool(csv, ACTIVE, &p.active);
        p.caps = hcb__vf_set(vf, csv, CAPS, &p.n_caps);
        p.covers = hcb__vf_new(vf, vf->zones.count, sizeof *p.covers);
        for (size_t z = 0; p.covers && z < vf->zones.count; z++)
            p.covers[z] = HCB__VF_NONE;
        vf->nomem |= !HCB__PUSH(&vf->ctx->mem, &vf->providers, p);
    }
    hcb__csv_close(csv);
    if (vf->nomem)
        return false;
    if (vf->providers.count)
        qsort(vf->providers.at, vf->providers.count, sizeof *vf->providers.at, providers_by_id);
    for (size_t k = 0; k < vf->providers.count; k++) {
        const char *id = vf->providers.at[k].id;
        if (hcb__idmap_get(&vf->provider_ids, id, strlen(id)) < 0)
            vf->nomem |= !hcb__idmap_put(&vf->provider_ids, id, (int32_t)k);
    }
    return !vf->nomem;
}

static int coverage_by_ids(const void *a, const void *b) {
    const hcb__vf_coverage *x = a, *y = b;
    return x->provider != y->provider ? x->provider - y->provider : x->zone - y->zone;
}

static bool read_coverage(hcb__vf *vf, const char *path, const char *shown) {
    enum { PROVIDER, ZONE, TIER, HOURS, PRICE, N = PRICE + HCB__VF_BANDS };
    static const hcb__csv_column columns[N] = {
        {"provider_id", true},  {"zone_id", true},       {"tier", true},         {"capacity_hours", false},
        {"price_urban", false}, {"price_fringe", false}, {"price_rural", false}, {"price_isolated", false}};
    hcb__csv *csv;
    if (hcb__vf_open(&csv, vf, path, shown, "coverage", columns, N) != HCB_OK)
        return false;
    while (!vf->nomem && hcb__csv_next(csv)) {
        hcb__vf_coverage c = {.capacity = HCB__VF_NONE};
        c.provider = look_up(vf, csv, PROVIDER, &vf->provider_ids);
        c.zone = look_up(vf, csv, ZONE, &vf->zone_ids);
        if (c.provider < 0 || c.zone < 0 ||
            hcb__csv_word(csv, TIER, hcb__vf_tiers, HCB__VF_TIERS, &c.tier) != HCB__CELL_OK)
            continue;
        (void)hcb__csv_hours(csv, HOURS, most_minutes, &c.capacity);
        for (int b = 0; b < HCB__VF_BANDS; b++) {
            c.price[b] = HCB__VF_NONE;
            (void)hcb__csv_money(csv, (size_t)(PRICE + b), most_pence, &c.price[b]);
        }
        vf->nomem |= !HCB__PUSH(&vf->ctx->mem, &vf->coverage, c);
    }
    hcb__csv_close(csv);
    if (vf->nomem)
        return false;
    if (vf->coverage.count)
        qsort(vf->coverage.at, vf->coverage.count, sizeof *vf->coverage.at, coverage_by_ids);
    for (size_t i = 0; i < vf->coverage.count; i++)
        vf->providers.at[vf->coverage.at[i].provider].covers[vf->coverage.at[i].zone] = (int32_t)i;
    return true;
}

/* The last part of the folder's path: the name of a workspace that gives none. */
static const char *folder_name(hcb__vf *vf, const char *folder) {
    char *full = realpath(folder, NULL);
    if (!full)
        return hcb__vf_keep(vf, folder, strlen(folder));
    hcb__utf8_mend(full);
    const char *slash = strrchr(full, '/');
    const char *name = slash && slash[1] ? slash + 1 : full;
    const char *kept = hcb__vf_keep(vf, name, strlen(name));
    free(full);
    return kept;
}

static void read_travel(hcb__vf *vf, const hcb__yaml_node *node) {
    static const char *const models[] = {"crow", "matrix"}, *const origins[] = {"office", "nearest_served"},
                             *const bases[] = {"contact", "contact_and_travel"};
    hcb__vf_travel *t = &vf->travel;
    int32_t model = 0, origin = 1, basis = 0;
    *t = (hcb__vf_travel){
        .nearest = 3, .base = 2000, .near_slope = 1800, .far_slope = 900, .bend_m = 4000, .extra = 1000};
    (void)hcb__yaml_word(vf->yaml, hcb__yaml_get(node, "model"), models, 2, &model);
    (void)hcb__yaml_word(vf->yaml, hcb__yaml_get(node, "origin"), origins, 2, &origin);
    (void)hcb__yaml_word(vf->yaml, hcb__yaml_get(node, "capacity_basis"), bases, 2, &basis);
    (void)hcb__yaml_int(vf->yaml, hcb__yaml_get(node, "nearest"), 1, 1000000, &t->nearest);
    (void)hcb__yaml_fixed(vf->yaml, hcb__yaml_get(node, "base_min"), 3, 0, 1000000, &t->base);
    (void)hcb__yaml_fixed(vf->yaml, hcb__yaml_get(node, "near_min_per_km"), 3, 0, 1000000, &t->near_slope);
    (void)hcb__yaml_fixed(vf->yaml, hcb__yaml_get(node, "far_min_per_km"), 3, 0, 1000000, &t->far_slope);
    (void)hcb__yaml_fixed(vf->yaml, hcb__yaml_get(node, "bend_km"), 3, 0, 10000000, &t->bend_m);
    (void)hcb__yaml_fixed(vf->yaml, hcb__yaml_get(node, "rural_extra_min"), 3, 0, 1000000, &t->extra);
    t->matrix = model == 1;
    t->office = origin == 0;
    t->with_travel = basis == 1;
}

/* The path of a file that hcbroker.yaml names, and the name itself; NULL when it names none. */
static const char *file_of(hcb__vf *vf, const hcb__yaml_node *parent, const char *key, const char **shown) {
    *shown = NULL;
    const hcb__yaml_node *node = hcb__yaml_get(parent, key);
    if (!node || !hcb__yaml_string(vf->yaml, node, shown))
        return NULL;
    const char *path = hcb__path_join(&vf->arena, vf->folder, *shown);
    vf->nomem |= !path;
    return path;
}

/* `areas.geojson` beside `areas.csv`, when the workspace does not say otherwise. */
static const char *shapes_beside(hcb__vf *vf, const char *areas) {
    size_t len = strlen(areas);
    if (len > 4 && strcmp(areas + len - 4, ".csv") == 0)
        len -= 4;
    char *path = hcb__vf_new(vf, len + sizeof ".geojson", 1);
    if (!path)
        return NULL;
    memcpy(path, areas, len);
    memcpy(path + len, ".geojson", sizeof ".geojson");
    return hcb__file_exists(path) ? path : NULL;
}

static bool read_files(hcb__vf *vf, const char *policy_path) {
    const hcb__yaml_node *root = vf->yaml->root;
    const char *path, *shown, *shapes;
    if (!(path = file_of(vf, root, "zones", &shown)) || !hcb__vf_read_zones(vf, path, shown))
        return false;
    if ((path = file_of(vf, root, "postcodes", &shown)) != NULL && !hcb__vf_read_postcodes(vf, path, shown))
        return false;
    shapes = file_of(vf, root, "areas_geojson", &shown);
    if ((path = file_of(vf, root, "areas", &shown)) != NULL) {
        if (!shapes)
            shapes = shapes_beside(vf, path);
        if (!hcb__vf_read_areas(vf, path, shown, shapes))
            return false;
    }
    if (!(path = file_of(vf, root, "prices", &shown)) || !read_prices(vf, path, shown))
        return false;
    if (!(path = file_of(vf, root, "providers", &shown)) || !read_providers(vf, path, shown))
        return false;
    if (!(path = file_of(vf, root, "coverage", &shown)) || !read_coverage(vf, path, shown))
        return false;
    path = file_of(vf, root, "policy", &shown);
    if (policy_path) {
        path = policy_path;
        if (!hcb__file_exists(path))
            path = hcb__path_join(&vf->arena, vf->folder, policy_path);
        shown = policy_path;
    }
    if (!path || !hcb__vf_read_policy(vf, path, shown))
        return false;
    for (int placements = 0; placements < 2; placements++)
        if ((path = file_of(vf, root, placements ? "placements" : "packages", &shown)) != NULL &&
            !hcb__vf_read_packages(vf, path, shown, placements))
            return false;
    if ((path = file_of(vf, root, "visits", &shown)) != NULL && !hcb__vf_read_visits(vf, path, shown))
        return false;
    if (!hcb__vf_finish(vf))
        return false;
    path = file_of(vf, hcb__yaml_get(root, "travel"), "matrix", &shown);
    return !vf->travel.matrix || (path && hcb__vf_read_matrix(vf, path, shown));
}

hcb_status hcb__vf_read(hcb__vf *vf, hcb_context *ctx, const char *folder, const char *policy_path, bool strict) {
    *vf = (hcb__vf){.ctx = ctx, .folder = folder};
    hcb__arena_init(&vf->arena, &ctx->mem);
    hcb__idmap *maps[] = {&vf->zone_ids,     &vf->area_ids,    &vf->postcode_ids,
                          &vf->provider_ids, &vf->package_ids, &vf->place_ids};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        hcb__idmap_init(maps[i], &ctx->mem);
    const char *path = hcb__path_join(&vf->arena, folder, "hcbroker.yaml");
    if (!path)
        return hcb__nomem(ctx);
    hcb_status status = hcb__yaml_load(&vf->yaml, ctx, path, "hcbroker.yaml");
    if (status != HCB_OK)
        return status;
    const hcb__yaml_node *root = vf->yaml->root;
    vf->as_of = HCB__NO_DATE;
    if (!hcb__yaml_date(vf->yaml, hcb__yaml_get(root, "as_of"), &vf->as_of))
        return hcb__fail(ctx, HCB_EDATA, "hcbroker.yaml gives no as_of");
    (void)hcb__yaml_bool(vf->yaml, hcb__yaml_get(root, "synthetic"), &vf->synthetic);
    if (!hcb__yaml_string(vf->yaml, hcb__yaml_get(root, "name"), &vf->name))
        vf->name = folder_name(vf, folder);
    read_travel(vf, hcb__yaml_get(root, "travel"));
    bool read = !vf->nomem && read_files(vf, policy_path);
    if (vf->nomem)
        return hcb__nomem(ctx);
    status = hcb__diag_status(ctx);
    if (status != HCB_OK)
        return status;
    if (!read)
        return hcb__fail(ctx, ctx->error.code != HCB_OK ? ctx->error.code : HCB_EDATA,
                         "the workspace cannot be read: run check");
    if (strict && ctx->diag_left_out)
        return hcb__fail(ctx, HCB_EDATA, "%zu records had to be left out of the workspace", ctx->diag_left_out);
    return hcb__vf_hash(vf) ? HCB_OK : hcb__nomem(ctx);
}

void hcb__vf_free(hcb__vf *vf) {
    if (!vf->ctx)
        return;
    const hcb_allocator *mem = &vf->ctx->mem;
    HCB__VEC_FREE(mem, &vf->zones);
    HCB__VEC_FREE(mem, &vf->areas);
    HCB__VEC_FREE(mem, &vf->postcodes);
    HCB__VEC_FREE(mem, &vf->providers);
    HCB__VEC_FREE(mem, &vf->coverage);
    HCB__VEC_FREE(mem, &vf->queue);
    HCB__VEC_FREE(mem, &vf->placements);
    HCB__VEC_FREE(mem, &vf->visits);
    HCB__VEC_FREE(mem, &vf->policy.shares);
    hcb__idmap *maps[] = {&vf->zone_ids,     &vf->area_ids,    &vf->postcode_ids,
                          &vf->provider_ids, &vf->package_ids, &vf->place_ids};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        hcb__idmap_free(maps[i]);
    hcb__crs_free(vf->degrees);
    if (vf->yaml)
        hcb__yaml_close(vf->yaml);
    hcb__arena_release(&vf->arena);
    vf->ctx = NULL;
}
