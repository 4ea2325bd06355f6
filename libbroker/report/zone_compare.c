/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two maps: who is in another zone, what each zone gains and loses. Maps may have different zones and different small
 * areas; what is counted are the units of the map that has more of them. */
#include "report/zone_compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "design/places.h"
#include "base/textbuf.h"
#include "io/csv.h"
#include "io/file.h"
#include "report/zone_map.h"

typedef struct work {
    hcb_context *ctx;
    hcb__arena arena;
    hcb__zone_comparison c;
} work;

static hcb_status load_workspace(work *w, hcb__compared *side, const char *dir) {
    hcb_status status = hcb__zones_of_workspace(&side->set, &side->model, w->ctx, dir);
    if (status == HCB_OK && side->model && hcb__demand_create(&side->demand, &w->ctx->mem, side->model) != HCB_OK)
        status = hcb__nomem(w->ctx);
    return status;
}

static hcb_status own_zones(work *w, hcb__compared *side) {
    const hcb__zone_set *set = side->set;
    side->n_zones = set->n_zones;
    side->ids = hcb__arena_alloc(&w->arena, (size_t)set->n_zones, sizeof *side->ids);
    side->names = hcb__arena_alloc(&w->arena, (size_t)set->n_zones, sizeof *side->names);
    side->zone = hcb__arena_alloc(&w->arena, (size_t)set->n_areas, sizeof *side->zone);
    if (!side->ids || !side->names || !side->zone)
        return hcb__nomem(w->ctx);
    for (int32_t z = 0; z < set->n_zones; z++) {
        side->ids[z] = set->zones[z].id;
        side->names[z] = set->zones[z].name;
    }
    for (int32_t a = 0; a < set->n_areas; a++) {
        side->zone[a] = set->areas[a].zone;
        if (side->zone[a] < 0)
            side->zone[a] = hcb__locate(set, -1, -1, -1, false, set->areas[a].point).zone;
    }
    return HCB_OK;
}

static int by_bytes(const void *a, const void *b) {
    return hcb__compare_ids(*(const char *const *)a, *(const char *const *)b);
}

static int32_t find_id(const char *const *ids, int32_t n, const char *id) {
    int32_t low = 0, high = n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (hcb__compare_ids(ids[middle], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && strcmp(ids[low], id) == 0 ? low : -1;
}

enum { AREA, UNIT, ZONE_ID, ZONE, PLAN_COLUMNS };
static const hcb__csv_column plan_columns[PLAN_COLUMNS] = {
    {"area_id", false}, {"unit", false}, {"zone_id", false}, {"zone", false}};

/* The zone id of each unit; NULL: none. */
static void read_rows(work *w, hcb__csv *csv, const hcb__zone_set *set, const char **zone_of) {
    size_t area = hcb__csv_has(csv, AREA) ? AREA : UNIT, zone = hcb__csv_has(csv, ZONE_ID) ? ZONE_ID : ZONE;
    bool *seen = hcb__arena_alloc(&w->arena, (size_t)set->n_areas, sizeof *seen);
    while (seen && hcb__csv_next(csv)) {
        const char *id = NULL, *to = NULL;
        size_t len = 0, to_len = 0;
        if (hcb__csv_id(csv, area, &id, &len) != HCB__CELL_OK || hcb__csv_id(csv, zone, &to, &to_len) == HCB__CELL_BAD)
            continue;
        int32_t a = hcb__idmap_get(&set->area_of_id, id, len);
        hcb__where where = hcb__csv_where(csv, area);
        if (a < 0)
            hcb__diag_error(w->ctx, &where, "\"%s\" is not a small area of the workspace", id);
        else if (seen[a])
            hcb__diag_error(w->ctx, &where, "\"%s\" is given twice", id);
        else if (to)
            zone_of[a] = hcb__arena_strndup(&w->arena, to, to_len);
        if (a >= 0)
            seen[a] = true;
    }
    for (int32_t a = 0; seen && a < set->n_areas; a++)
        if (!seen[a])
            hcb__diag_error(w->ctx, NULL, "the plan has no row for the small area \"%s\"", set->areas[a].id);
}

static hcb_status zones_of_plan(work *w, hcb__compared *side, const char **zone_of) {
    const hcb__zone_set *set = side->set;
    int32_t n = 0;
    side->ids = hcb__arena_alloc(&w->arena, (size_t)set->n_areas, sizeof *side->ids);
    side->names = hcb__arena_alloc(&w->arena, (size_t)set->n_areas, sizeof *side->names);
    side->zone = hcb__arena_alloc(&w->arena, (size_t)set->n_areas, sizeof *side->zone);
    if (!side->ids || !side->names || !side->zone)
        return hcb__nomem(w->ctx);
    for (int32_t a = 0; a < set->n_areas; a++)
        if (zone_of[a])
            side->ids[n++] = zone_of[a];
    if (n)
        qsort(side->ids, (size_t)n, sizeof *side->ids, by_bytes);
    for (int32_t i = 0; i < n; i++)
        if (side->n_zones == 0 || strcmp(side->ids[side->n_zones - 1], side->ids[i]) != 0)
            side->ids[side->n_zones++] = side->ids[i];
    for (int32_t z = 0; z < side->n_zones; z++) {
        int32_t known = hcb__idmap_get(&set->zone_of_id, side->ids[z], strlen(side->ids[z]));
        side->names[z] = known >= 0 ? set->zones[known].name : "";
    }
    for (int32_t a = 0; a < set->n_areas; a++)
        side->zone[a] = zone_of[a] ? find_id(side->ids, side->n_zones, zone_of[a]) : -1;
    return HCB_OK;
}

static hcb_status read_plan(work *w, hcb__compared *side) {
    hcb__csv *csv = NULL;
    const char **zone_of = hcb__arena_alloc(&w->arena, (size_t)side->set->n_areas, sizeof *zone_of);
    hcb_status status = zone_of
                            ? hcb__csv_open(&csv, w->ctx, side->given, side->given, plan_columns, PLAN_COLUMNS, NULL, 0)
                            : hcb__nomem(w->ctx);
    if (status != HCB_OK)
        return status;
    if (!(hcb__csv_has(csv, AREA) || hcb__csv_has(csv, UNIT)) ||
        !(hcb__csv_has(csv, ZONE_ID) || hcb__csv_has(csv, ZONE))) {
        hcb__where where = hcb__csv_where_row(csv);
        hcb__diag_error(w->ctx, &where, "a plan has the columns area_id and zone_id (or unit and zone)");
    } else {
        read_rows(w, csv, side->set, zone_of);
    }
    hcb__csv_close(csv);
    status = hcb__diag_status(w->ctx);
    return status == HCB_OK ? zones_of_plan(w, side, zone_of) : status;
}

/* Price and travel of each zone, by the people of the map; of a plan only where its zones are those of the workspace,
 * which has the prices. */
static hcb_status cost(work *w, hcb__compared *side) {
    size_t units = (size_t)side->set->n_areas;
    int32_t *zone = hcb__arena_alloc(&w->arena, units, sizeof *zone);
    int32_t *known = hcb__arena_alloc(&w->arena, (size_t)side->n_zones, sizeof *known);
    hcb__zone_costs *costs = hcb__arena_alloc(&w->arena, (size_t)side->n_zones, sizeof *costs);
    if (!zone || !known || !costs)
        return hcb__nomem(w->ctx);
    for (int32_t z = 0; z < side->n_zones; z++) {
        known[z] = hcb__idmap_get(&side->set->zone_of_id, side->ids[z], strlen(side->ids[z]));
        if (known[z] < 0)
            return HCB_OK;
    }
    for (size_t a = 0; a < units; a++)
        zone[a] = side->zone[a] < 0 ? -1 : known[side->zone[a]];
    hcb__ledger *ledger = NULL;
    if (hcb__ledger_create(&ledger, &w->ctx->mem, side->model, side->demand, zone) != HCB_OK)
        return hcb__nomem(w->ctx);
    for (int32_t z = 0; z < side->n_zones; z++)
        hcb__ledger_costs(&costs[z], ledger, known[z]);
    hcb__ledger_free(ledger);
    side->costs = costs;
    return HCB_OK;
}

static hcb_status load(work *w, hcb__compared *side, const char *given, const char *workspace) {
    size_t len = strlen(given);
    side->given = given;
    side->from_plan = len > 4 && strcmp(given + len - 4, ".csv") == 0;
    hcb_status status = load_workspace(w, side, side->from_plan ? workspace : given);
    if (status == HCB_OK)
        status = side->from_plan ? read_plan(w, side) : own_zones(w, side);
    return status == HCB_OK && side->model ? cost(w, side) : status;
}

static bool same_ids(const hcb__zone_set *a, const hcb__zone_set *b) {
    if (a->n_areas != b->n_areas)
        return false;
    for (int32_t i = 0; i < a->n_areas; i++)
        if (strcmp(a->areas[i].id, b->areas[i].id) != 0)
            return false;
    return true;
}

/* The zone of a point that is not a unit of the map. */
static int32_t zone_at(const hcb__compared *side, hcb__point p) {
    hcb__location l = hcb__locate(side->set, -1, -1, -1, false, p);
    if (!side->from_plan)
        return l.zone;
    return l.area >= 0 ? side->zone[l.area] : -1;
}

static hcb__amounts amounts_of(const hcb__compared *side, int32_t a) {
    const hcb__area *area = &side->set->areas[a];
    return (hcb__amounts){1, area->people65 > 0 ? (int64_t)llround(10 * area->people65) : 0,
                          side->demand ? side->demand->unit[a].minutes : 0,
                          (int64_t)llround(1e6 * hcb__polygon_area(&area->polygon))};
}

static void add(hcb__amounts *sum, const hcb__amounts *part) {
    sum->units += part->units;
    sum->people10 += part->people10;
    sum->minutes += part->minutes;
    sum->area_mm2 += part->area_mm2;
}

/* Zones of both maps by id, and "none" behind them. */
static hcb_status join_zones(work *w) {
    hcb__zone_comparison *c = &w->c;
    size_t most = (size_t)c->side[0].n_zones + (size_t)c->side[1].n_zones + 1;
    int32_t at[2] = {0, 0};
    c->zones = hcb__arena_alloc(&w->arena, most, sizeof *c->zones);
    if (!c->zones)
        return hcb__nomem(w->ctx);
    while (at[0] < c->side[0].n_zones || at[1] < c->side[1].n_zones) {
        int first = at[0] == c->side[0].n_zones;
        if (!first && at[1] < c->side[1].n_zones)
            first = hcb__compare_ids(c->side[1].ids[at[1]], c->side[0].ids[at[0]]) < 0;
        const char *id = c->side[first].ids[at[first]], *name = c->side[first].names[at[first]];
        hcb__compared_zone *zone = &c->zones[c->n_zones++];
        *zone = (hcb__compared_zone){.id = id, .name = name, .number = {-1, -1}};
        for (int s = 0; s < 2; s++)
            if (at[s] < c->side[s].n_zones && strcmp(c->side[s].ids[at[s]], id) == 0)
                zone->number[s] = at[s]++;
    }
    c->zones[c->n_zones++] = (hcb__compared_zone){.id = "", .name = "in no zone", .number = {-1, -1}};
    return HCB_OK;
}

/* The zone of each counted unit in each map, as a number of the joined zones. */
static hcb_status place_units(work *w) {
    hcb__zone_comparison *c = &w->c;
    const hcb__compared *finer = &c->side[c->finer];
    for (int s = 0; s < 2; s++) {
        const hcb__compared *side = &c->side[s];
        int32_t *joined = hcb__arena_alloc(&w->arena, (size_t)side->n_zones, sizeof *joined);
        c->of[s] = hcb__arena_alloc(&w->arena, (size_t)finer->set->n_areas, sizeof *c->of[s]);
        if (!joined || !c->of[s])
            return hcb__nomem(w->ctx);
        for (int32_t z = 0; z < c->n_zones; z++)
            if (c->zones[z].number[s] >= 0)
                joined[c->zones[z].number[s]] = z;
        for (int32_t a = 0; a < finer->set->n_areas; a++) {
            int32_t zone = s == c->finer || c->same_units ? side->zone[a] : zone_at(side, finer->set->areas[a].point);
            c->of[s][a] = zone < 0 ? c->n_zones - 1 : joined[zone];
        }
    }
    return HCB_OK;
}

static hcb_status add_up(work *w) {
    hcb__zone_comparison *c = &w->c;
    const hcb__compared *finer = &c->side[c->finer];
    size_t n = (size_t)c->n_zones;
    hcb__amounts *cells = hcb__calloc(&w->ctx->mem, n * n, sizeof *cells);
    c->flows = hcb__arena_alloc(&w->arena, n * n, sizeof *c->flows);
    if (!cells || !c->flows) {
        hcb__free(&w->ctx->mem, cells);
        return hcb__nomem(w->ctx);
    }
    for (int32_t a = 0; a < finer->set->n_areas; a++) {
        int32_t from = c->of[0][a], to = c->of[1][a];
        hcb__amounts amount = amounts_of(finer, a);
        add(&cells[(size_t)from * n + (size_t)to], &amount);
        add(&c->zones[from].amount[0], &amount);
        add(&c->zones[to].amount[1], &amount);
        add(&c->all, &amount);
        if (from == to)
            continue;
        add(&c->zones[from].lost, &amount);
        add(&c->zones[to].gained, &amount);
        add(&c->moved, &amount);
    }
    for (int32_t from = 0; from < c->n_zones; from++)
        for (int32_t to = 0; to < c->n_zones; to++)
            if (cells[(size_t)from * n + (size_t)to].units)
                c->flows[c->n_flows++] = (hcb__zone_flow){from, to, cells[(size_t)from * n + (size_t)to]};
    hcb__free(&w->ctx->mem, cells);
    return HCB_OK;
}

static hcb_status weigh(work *w) {
    hcb__zone_comparison *c = &w->c;
    int32_t n = c->side[c->finer].set->n_areas;
    int64_t *weight = hcb__arena_alloc(&w->arena, (size_t)n, sizeof *weight);
    if (!weight)
        return hcb__nomem(w->ctx);
    c->weight = c->all.minutes ? "minutes" : c->all.people10 ? "people65" : "units";
    for (int32_t a = 0; a < n; a++) {
        hcb__amounts amount = amounts_of(&c->side[c->finer], a);
        weight[a] = c->all.minutes ? amount.minutes : c->all.people10 ? amount.people10 : 1;
    }
    hcb_status status =
        hcb__variation_of_information(&c->variation, &w->ctx->mem, c->of[0], c->of[1], weight, (size_t)n);
    return status == HCB_OK ? status : hcb__nomem(w->ctx);
}

static hcb_status count_splits(work *w, const char *path) {
    hcb__zone_comparison *c = &w->c;
    const hcb__zone_set *set = c->side[c->finer].set;
    int32_t *place = hcb__arena_alloc(&w->arena, (size_t)set->n_areas, sizeof *place), n_places = 0;
    if (!place)
        return hcb__nomem(w->ctx);
    hcb_status status = hcb__places_read(place, &n_places, w->ctx, set, path, "the finer map");
    for (int s = 0; status == HCB_OK && s < 2; s++)
        if (hcb__splits_of(&c->splits[s], &w->ctx->mem, place, c->of[s], (size_t)set->n_areas) != HCB_OK)
            status = hcb__nomem(w->ctx);
    c->has_places = true;
    return status;
}

static hcb_status compare(work *w, const hcb_zone_compare_options *o) {
    hcb__zone_comparison *c = &w->c;
    hcb_status status = load(w, &c->side[0], o->a, o->workspace ? o->workspace : ".");
    if (status == HCB_OK)
        status = load(w, &c->side[1], o->b, o->workspace ? o->workspace : ".");
    if (status != HCB_OK)
        return status;
    /* The same choice whichever map comes first, so that A - B is -(B - A). */
    int32_t n[2] = {c->side[0].set->n_areas, c->side[1].set->n_areas};
    c->finer = n[0] != n[1] ? n[1] > n[0] : strcmp(o->b, o->a) < 0;
    c->same_units = same_ids(c->side[0].set, c->side[1].set);
    if (n[c->finer] == 0)
        return hcb__fail(w->ctx, HCB_EDATA, "%s and %s have no small areas (key \"areas\")", o->a, o->b);
    status = join_zones(w);
    if (status == HCB_OK)
        status = place_units(w);
    if (status == HCB_OK)
        status = add_up(w);
    if (status == HCB_OK)
        status = weigh(w);
    return status == HCB_OK && o->places ? count_splits(w, o->places) : status;
}

static hcb_status save(work *w, const char *folder) {
    static const char *const names[2] = {"zones_comparison.json", "units.csv"};
    hcb__text texts[2];
    for (int i = 0; i < 2; i++)
        hcb__text_init(&texts[i], &w->ctx->mem);
    hcb__zone_comparison_json(&texts[0], &w->c);
    hcb__zone_comparison_units(&texts[1], &w->c);
    hcb_status status = hcb__folder_write(w->ctx, folder, names, texts, 2);
    for (int i = 0; i < 2; i++)
        hcb__text_free(&texts[i]);
    return status;
}

static hcb_status print(work *w, hcb_text **out, int32_t format) {
    hcb_status status = hcb__text_handle(out, w->ctx);
    if (status != HCB_OK)
        return status;
    if (format == HCB_FORMAT_JSON)
        hcb__zone_comparison_json(hcb__text_of(*out), &w->c);
    else if (format == HCB_FORMAT_CSV)
        hcb__zone_comparison_csv(hcb__text_of(*out), &w->c);
    else
        hcb__zone_comparison_text(hcb__text_of(*out), &w->c);
    return hcb__text_finish(out, w->ctx);
}

static void release(work *w) {
    for (int s = 0; s < 2; s++) {
        hcb__compared *side = &w->c.side[s];
        hcb__demand_free(side->demand);
        hcb__zone_set_free(side->set);
        hcb__model_free(side->model);
    }
    hcb__arena_release(&w->arena);
}

hcb_status hcb_zones_compare(hcb_text **out, hcb_context *ctx, const hcb_zone_compare_options *options) {
    if (!out || !ctx || !options)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_zone_compare_options o;
    status = hcb__options_take(ctx, &o, "hcb_zone_compare_options", options);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    work w = {.ctx = ctx};
    hcb__arena_init(&w.arena, &ctx->mem);
    status = compare(&w, &o);
    if (status == HCB_OK && o.out)
        status = save(&w, o.out);
    if (status == HCB_OK)
        status = print(&w, out, o.format);
    release(&w);
    return hcb__end(ctx, status);
}
