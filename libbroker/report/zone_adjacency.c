/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs of neighbours as a table, JSON or CSV. */
#include <string.h>

#include "base/options.h"
#include "base/textbuf.h"
#include "hcbroker/zones.h"
#include "io/csv.h"
#include "io/json.h"
#include "report/table_text.h"
#include "report/zone_decimals.h"
#include "zones/adjacency_read.h"
#include "zones/topology_read.h"

typedef struct work {
    hcb_context *ctx;
    const hcb_adjacency_options *o;
    hcb__unit_file *file;
    hcb__topology *topology;
    hcb__adjacency *adjacency;
    const char *const *id; /* of the units, by bytes */
    int32_t *component;
    int32_t components; /* before bridges */
    int32_t bridges;
} work;

static bool wanted(const work *w, const hcb__neighbour *n, int32_t unit) {
    return n->unit > unit && (w->o->rule == HCB_QUEEN || n->rook || n->bridge);
}

static void write_csv(const work *w, hcb__text *out) {
    hcb__text_puts(out, "a,b,shared_m\n");
    for (int32_t u = 0; u < w->adjacency->n_units; u++)
        for (int32_t i = w->adjacency->start[u]; i < w->adjacency->start[u + 1]; i++) {
            const hcb__neighbour *n = &w->adjacency->list[i];
            if (!wanted(w, n, u))
                continue;
            hcb__csv_put(out, w->id[u], false);
            hcb__csv_put(out, w->id[n->unit], false);
            hcb__text_fixed(out, (n->shared_um + 500) / 1000, 3);
            hcb__text_putc(out, '\n');
        }
}

static const char *rule_word(const work *w) {
    return w->o->rule == HCB_QUEEN ? "queen" : "rook";
}

static void write_json(const work *w, hcb__text *out) {
    hcb__json_writer j;
    hcb__jw_init(&j, out, false);
    hcb__jw_object(&j);
    hcb__jw_key_string(&j, "rule", rule_word(w));
    if (w->file)
        hcb__jw_key_int(&j, "decimals", w->file->decimals);
    hcb__jw_key_int(&j, "units", w->adjacency->n_units);
    hcb__jw_key_int(&j, "pairs", hcb__adjacency_pairs(w->adjacency, w->o->rule == HCB_QUEEN));
    hcb__jw_key_int(&j, "components", w->components);
    hcb__jw_key_int(&j, "bridges", w->bridges);
    hcb__jw_key(&j, "neighbours");
    hcb__jw_array(&j);
    for (int32_t u = 0; u < w->adjacency->n_units; u++)
        for (int32_t i = w->adjacency->start[u]; i < w->adjacency->start[u + 1]; i++) {
            const hcb__neighbour *n = &w->adjacency->list[i];
            if (!wanted(w, n, u))
                continue;
            hcb__jw_object_flat(&j);
            hcb__jw_key_string(&j, "a", w->id[u]);
            hcb__jw_key_string(&j, "b", w->id[n->unit]);
            hcb__jw_key(&j, "shared_m");
            hcb__jw_fixed(&j, (n->shared_um + 500) / 1000, 3);
            hcb__jw_key_string(&j, "by", n->rook ? "edge" : n->bridge ? "bridge" : "corner");
            hcb__jw_end_object(&j);
        }
    hcb__jw_end_array(&j);
    hcb__jw_end_object(&j);
    hcb__text_putc(out, '\n');
}

static void write_table(const work *w, hcb__text *out) {
    hcb__text_puts(out, "a                        b                            shared m\n");
    for (int32_t u = 0; u < w->adjacency->n_units; u++)
        for (int32_t i = w->adjacency->start[u]; i < w->adjacency->start[u + 1]; i++) {
            const hcb__neighbour *n = &w->adjacency->list[i];
            if (!wanted(w, n, u))
                continue;
            hcb__cell_left(out, w->id[u], 25);
            hcb__cell_left(out, w->id[n->unit], 25);
            hcb__cell_fixed(out, (n->shared_um + 50000) / 100000, 1, 12);
            hcb__text_puts(out, n->rook ? "\n" : n->bridge ? "  bridge\n" : "  corner\n");
        }
    hcb__text_printf(out, "%d units, %lld %s pairs, %d part%s, %d bridge%s", w->adjacency->n_units,
                     (long long)hcb__adjacency_pairs(w->adjacency, w->o->rule == HCB_QUEEN), rule_word(w),
                     w->components, w->components == 1 ? "" : "s", w->bridges, w->bridges == 1 ? "" : "s");
    if (w->file)
        hcb__text_printf(out, "; coordinates to %d decimals", w->file->decimals);
    hcb__text_putc(out, '\n');
}

/* One line for each part but the one with the most units. */
static hcb_status tell_islands(work *w) {
    hcb__where where = {w->o->geojson, 0, 0, NULL};
    int32_t *size = hcb__calloc(&w->ctx->mem, (size_t)w->components + 1, sizeof *size), largest = 0;
    if (!size)
        return hcb__nomem(w->ctx);
    for (int32_t u = 0; u < w->adjacency->n_units; u++)
        size[w->component[u]]++;
    for (int32_t c = 1; c < w->components; c++)
        largest = size[c] > size[largest] ? c : largest;
    for (int32_t u = 0, seen = 0; u < w->adjacency->n_units && seen < w->components; u++) {
        if (w->component[u] != seen)
            continue;
        seen++; /* parts are numbered by their first unit */
        if (w->component[u] == largest)
            continue;
        if (w->o->islands == HCB_ISLANDS_FAIL)
            hcb__diag_error(w->ctx, &where, "\"%s\" and %d more units share no border with the rest", w->id[u],
                            size[w->component[u]] - 1);
        else
            hcb__diag_warning(w->ctx, &where, "\"%s\" and %d more units share no border with the rest", w->id[u],
                              size[w->component[u]] - 1);
    }
    hcb__free(&w->ctx->mem, size);
    return hcb__diag_status(w->ctx);
}

static void tell_bridges(const work *w) {
    hcb__where where = {w->o->geojson, 0, 0, NULL};
    for (int32_t u = 0; u < w->adjacency->n_units; u++)
        for (int32_t i = w->adjacency->start[u]; i < w->adjacency->start[u + 1]; i++)
            if (w->adjacency->list[i].bridge && w->adjacency->list[i].unit > u)
                hcb__diag_warning(w->ctx, &where, "a bridge joins \"%s\" and \"%s\"", w->id[u],
                                  w->id[w->adjacency->list[i].unit]);
}

static hcb_status settle_islands(work *w) {
    w->component = hcb__calloc(&w->ctx->mem, (size_t)w->adjacency->n_units + 1, sizeof *w->component);
    if (!w->component)
        return hcb__nomem(w->ctx);
    bool queen = w->o->rule == HCB_QUEEN;
    w->components = hcb__adjacency_components(w->adjacency, &w->ctx->mem, queen, w->component);
    if (w->components < 0)
        return hcb__nomem(w->ctx);
    hcb_status status = w->components > 1 ? tell_islands(w) : HCB_OK;
    if (status != HCB_OK || w->o->islands != HCB_ISLANDS_BRIDGE)
        return status;
    if (hcb__adjacency_bridge(w->adjacency, &w->ctx->mem, w->topology, queen, &w->bridges) != HCB_OK)
        return hcb__nomem(w->ctx);
    tell_bridges(w);
    return HCB_OK;
}

static hcb_status read_map(work *w) {
    hcb__unit_file_options read = {w->o->geojson, w->o->id_property, hcb__decimals_asked(w->o->decimals), false};
    hcb_status status = hcb__unit_file_read(&w->file, w->ctx, &read);
    if (status != HCB_OK)
        return status;
    w->id = w->file->id;
    status = hcb__topology_create(&w->topology, &w->ctx->mem, w->file->unit, (size_t)w->file->n);
    if (status == HCB_OK)
        status = hcb__adjacency_create(&w->adjacency, &w->ctx->mem, w->topology);
    if (status == HCB_ELIMIT)
        return hcb__fail(w->ctx, HCB_ELIMIT, "%s has more points or pairs than can be handled", w->o->geojson);
    return status == HCB_OK ? status : hcb__nomem(w->ctx);
}

/* A list of pairs has no places, so nobody can say which bridge is short. */
static hcb_status read_pairs(work *w) {
    if (w->o->islands == HCB_ISLANDS_BRIDGE)
        return hcb__fail(w->ctx, HCB_EINVAL, "%s is a list of pairs: bridges need polygons", w->o->geojson);
    return hcb__adjacency_read(&w->adjacency, &w->id, w->ctx, w->o->geojson);
}

static hcb_status run(work *w, hcb_text **out) {
    size_t len = strlen(w->o->geojson);
    bool csv = len > 4 && strcmp(w->o->geojson + len - 4, ".csv") == 0;
    hcb_status status = csv ? read_pairs(w) : read_map(w);
    if (status != HCB_OK)
        return status;
    status = settle_islands(w);
    if (status == HCB_OK)
        status = hcb__text_handle(out, w->ctx);
    if (status != HCB_OK)
        return status;
    if (w->o->format == HCB_FORMAT_CSV)
        write_csv(w, hcb__text_of(*out));
    else if (w->o->format == HCB_FORMAT_JSON)
        write_json(w, hcb__text_of(*out));
    else
        write_table(w, hcb__text_of(*out));
    return hcb__text_finish(out, w->ctx);
}

hcb_status hcb_zones_adjacency(hcb_text **out, hcb_context *ctx, const hcb_adjacency_options *options) {
    if (!out || !ctx || !options)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_adjacency_options taken;
    const hcb_adjacency_options *const wanted = &taken;
    status = hcb__options_take(ctx, &taken, "hcb_adjacency_options", options);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    work w = {.ctx = ctx, .o = wanted};
    status = run(&w, out);
    hcb__adjacency_free(w.adjacency);
    hcb__topology_free(w.topology);
    hcb__unit_file_free(w.file);
    hcb__free(&ctx->mem, w.component);
    return hcb__end(ctx, status);
}
