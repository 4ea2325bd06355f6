/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page shows of a workspace: prices, providers, and people as dots. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/page.h"
#include "report/price_bands.h"

/* Nobody's home is shown more exactly than this square. */
static const double CELL_M = 1000;

/* What has become of a person. */
enum { SERVED, PLACED, WAITS_RULE, WAITS_CAPACITY, WAITS_TRADE, WAITS, STATES };

typedef struct fate {
    int32_t state, provider; /* provider -1: none */
} fate;

typedef struct dot {
    int64_t x, y; /* of the square, in its own size */
    int64_t people[STATES], minutes;
} dot;

static int32_t find(const hcb__idmap *map, const hcb__csv_table *table, size_t row, size_t column) {
    const char *id = column == HCB__NO_COLUMN ? "" : hcb__csv_table_get(table, row, column);
    return hcb__idmap_get(map, id, strlen(id));
}

static int32_t waits_by(const char *reason) {
    static const char *const words[] = {"rule", "capacity", "trade"};
    for (int32_t i = 0; i < 3; i++)
        if (strcmp(words[i], reason) == 0)
            return WAITS_RULE + i;
    return WAITS;
}

/* Where the plan has them; without one: as the workspace has them. */
static void read_fates(fate *fates, const hcb__page_source *source) {
    const hcb__model *model = source->model;
    for (int32_t i = 0; i < model->n_packages + model->n_placements; i++) {
        bool served = model->packages[i].placed;
        fates[i] = (fate){served ? SERVED : WAITS, served ? model->packages[i].provider : -1};
    }
    const hcb__csv_table *placed = source->is_plan ? hcb__page_table_named(source, "allocations") : NULL;
    const hcb__csv_table *waiting = source->is_plan ? hcb__page_table_named(source, "waiting") : NULL;
    for (size_t row = 0; placed && row < placed->rows.count; row++) {
        int32_t i = find(&model->package_of_id, placed, row, hcb__csv_table_column(placed, "package_id", NULL, 0));
        if (i >= 0)
            fates[i] = (fate){PLACED, find(&model->provider_of_id, placed, row,
                                           hcb__csv_table_column(placed, "provider_id", NULL, 0))};
    }
    for (size_t row = 0; waiting && row < waiting->rows.count; row++) {
        int32_t i = find(&model->package_of_id, waiting, row, hcb__csv_table_column(waiting, "package_id", NULL, 0));
        size_t reason = hcb__csv_table_column(waiting, "reason", NULL, 0);
        if (i >= 0)
            fates[i] =
                (fate){reason == HCB__NO_COLUMN ? WAITS : waits_by(hcb__csv_table_get(waiting, row, reason)), -1};
    }
}

static int by_square(const void *va, const void *vb) {
    const dot *a = va, *b = vb;
    if (a->y != b->y)
        return a->y < b->y ? -1 : 1;
    return (a->x > b->x) - (a->x < b->x);
}

/* People of one square as one dot: x, y, how many in each state, carer minutes. */
static void put_dots(hcb__json_writer *w, const hcb__model *model, const fate *fates, dot *dots) {
    int32_t n = model->n_packages + model->n_placements;
    for (int32_t i = 0; i < n; i++) {
        const hcb__package *p = &model->packages[i];
        dots[i] = (dot){.x = (int64_t)floor(p->point.x / CELL_M), .y = (int64_t)floor(p->point.y / CELL_M)};
        dots[i].people[fates[i].state] = 1;
        dots[i].minutes = p->carer_minutes;
    }
    if (n)
        qsort(dots, (size_t)n, sizeof *dots, by_square);
    hcb__jw_key_int(w, "dot_m", (int64_t)CELL_M);
    hcb__jw_key(w, "dots");
    hcb__jw_array(w);
    for (int32_t i = 0, next; i < n; i = next) {
        dot sum = dots[i];
        for (next = i + 1; next < n && by_square(&dots[i], &dots[next]) == 0; next++) {
            sum.minutes += dots[next].minutes;
            for (int s = 0; s < STATES; s++)
                sum.people[s] += dots[next].people[s];
        }
        hcb__jw_array(w);
        hcb__jw_int(w, sum.x);
        hcb__jw_int(w, sum.y);
        for (int s = 0; s < STATES; s++)
            hcb__jw_int(w, sum.people[s]);
        hcb__jw_int(w, sum.minutes);
        hcb__jw_end_array(w);
    }
    hcb__jw_end_array(w);
}

static void put_zones(hcb__json_writer *w, const hcb__model *model) {
    hcb__jw_key(w, "zones");
    hcb__jw_array(w);
    for (int32_t z = 0; z < model->zones->n_zones; z++) {
        const hcb__zone *zone = &model->zones->zones[z];
        hcb__jw_object(w);
        hcb__jw_key_string(w, "zone_id", zone->id);
        hcb__jw_key_string(w, "name", zone->name);
        hcb__jw_key_string(w, "class", hcb__zone_class_words[zone->zone_class]);
        hcb__jw_key_bool(w, "prime", zone->prime);
        hcb__jw_key(w, "prices");
        hcb__jw_object(w);
        for (int32_t b = 0; b < HCB__BANDS; b++) {
            int64_t pence = hcb__schedule_price(model->prices, z, b);
            if (pence >= 0)
                hcb__jw_key_int(w, hcb__band_words[b], pence);
        }
        hcb__jw_end_object(w);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

/* Carer minutes a week of a provider, by tier; the last is outside its coverage. */
enum { TIERS = 3 };
typedef struct work {
    int64_t served[TIERS + 1], placed[TIERS + 1];
} work;

static void count_work(work *works, const hcb__model *model, const fate *fates) {
    for (int32_t i = 0; i < model->n_packages + model->n_placements; i++) {
        const hcb__package *p = &model->packages[i];
        if (fates[i].provider < 0)
            continue;
        const hcb__coverage *c = hcb__model_coverage(model, fates[i].provider, p->zone);
        int32_t tier = c ? c->tier : TIERS;
        work *of = &works[fates[i].provider];
        *(fates[i].state == PLACED ? &of->placed[tier] : &of->served[tier]) += p->carer_minutes;
    }
}

static void put_tiers(hcb__json_writer *w, const char *key, const int64_t *minutes) {
    hcb__jw_key(w, key);
    hcb__jw_array(w);
    for (int t = 0; t <= TIERS; t++)
        hcb__jw_int(w, minutes[t]);
    hcb__jw_end_array(w);
}

/* `works` is left out of a page for everybody: a provider may serve one person. */
static void put_providers(hcb__json_writer *w, const hcb__model *model, const work *works) {
    hcb__jw_key(w, "providers");
    hcb__jw_array(w);
    for (int32_t k = 0; k < model->n_providers; k++) {
        const hcb__provider *p = &model->providers[k];
        hcb__jw_object(w);
        hcb__jw_key_string(w, "provider_id", p->id);
        hcb__jw_key_string(w, "name", p->name);
        hcb__jw_key_int(w, "x", llround(p->point.x));
        hcb__jw_key_int(w, "y", llround(p->point.y));
        hcb__jw_key_bool(w, "active", p->active);
        hcb__jw_key_int(w, "capacity_minutes", p->capacity);
        if (p->quality >= 0)
            hcb__jw_key_int(w, "quality", p->quality);
        if (works) {
            put_tiers(w, "served_minutes", works[k].served);
            put_tiers(w, "placed_minutes", works[k].placed);
        }
        hcb__jw_key(w, "zones");
        hcb__jw_object(w);
        for (int32_t c = p->first_coverage; c < p->first_coverage + p->n_coverage; c++)
            hcb__jw_key_int(w, model->zones->zones[model->coverage[c].zone].id, model->coverage[c].tier);
        hcb__jw_end_object(w);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

/* The document of `price bands --offers`, with the settings it has by default. */
static hcb_status put_prices(hcb__json_writer *w, hcb__page_source *source) {
    static const hcb_price_bands_options settings = HCB_PRICE_BANDS_OPTIONS_INIT;
    hcb__price_bands bands = {.zones = source->model->zones,
                              .prices = source->model->prices,
                              .model = source->model,
                              .plan = source->is_plan && !source->for_public ? source->folder : NULL,
                              .pay = {settings.wage_pence, settings.on_cost, settings.per_mile, settings.speed},
                              .overhead = settings.overhead};
    hcb__text text;
    hcb__text_init(&text, &source->ctx->mem);
    hcb_status status = hcb__price_bands_find(&bands, source->ctx, &source->arena);
    hcb__json_doc *doc = NULL;
    if (status == HCB_OK) {
        hcb__price_bands_json(&text, &bands);
        status = text.failed ? hcb__nomem(source->ctx)
                             : hcb__json_parse(&doc, source->ctx, text.at, text.count, "price bands");
    }
    if (status == HCB_OK && source->for_public) {
        hcb__json_doc *all = doc;
        doc = NULL;
        status = hcb__json_public(&doc, source->ctx, all);
        hcb__json_close(all);
    }
    if (status == HCB_OK) {
        hcb__jw_key(w, "prices");
        hcb__jw_copy(w, hcb__json_root(doc));
    }
    hcb__json_close(doc);
    hcb__text_free(&text);
    return status;
}

hcb_status hcb__page_workspace(hcb__json_writer *w, hcb__page_source *source) {
    const hcb__model *model = source->model;
    size_t n = (size_t)model->n_packages + (size_t)model->n_placements;
    fate *fates = hcb__arena_alloc(&source->arena, n, sizeof *fates);
    dot *dots = hcb__arena_alloc(&source->arena, n, sizeof *dots);
    work *works = hcb__arena_alloc(&source->arena, (size_t)model->n_providers, sizeof *works);
    if (!fates || !dots || !works)
        return hcb__nomem(source->ctx);
    read_fates(fates, source);
    count_work(works, model, fates);
    hcb__jw_key(w, "workspace");
    hcb__jw_object(w);
    hcb__jw_key_string(w, "name", model->name);
    hcb__jw_key_bool(w, "synthetic", model->synthetic);
    put_zones(w, model);
    put_providers(w, model, source->for_public ? NULL : works);
    if (!source->for_public)
        put_dots(w, model, fates, dots);
    hcb_status status = put_prices(w, source);
    hcb__jw_end_object(w);
    return status;
}
