/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/adjacency_read.h"

#include <stdlib.h>
#include <string.h>

#include "io/csv.h"

enum { A, B, SHARED, COLUMNS };

typedef struct pair {
    const char *id[2];
    int32_t unit[2];
    int64_t um;
    int64_t line;
} pair;

typedef struct work {
    hcb_context *ctx;
    hcb__adjacency *adjacency;
    const char *path;
    HCB__VEC(pair) pairs;
    HCB__VEC(const char *) ids;
    bool lengths; /* the file has the column */
} work;

static const int64_t longest_um = (int64_t)4e13; /* round the earth */

static bool read_row(work *w, hcb__csv *csv) {
    pair p = {.line = hcb__csv_where_row(csv).line};
    int64_t mm = 0;
    for (size_t c = A; c <= B; c++) {
        const char *id = NULL;
        size_t len = 0;
        hcb__cell cell = hcb__csv_id(csv, c, &id, &len);
        hcb__where where = hcb__csv_where(csv, c);
        if (cell == HCB__CELL_EMPTY && c == A)
            hcb__diag_error(w->ctx, &where, "a unit is missing");
        if (cell == HCB__CELL_BAD || (cell == HCB__CELL_EMPTY && c == A))
            return true;
        if (cell == HCB__CELL_EMPTY)
            continue;
        p.id[c] = hcb__arena_strndup(&w->adjacency->arena, id, len);
        if (!p.id[c] || !HCB__PUSH(&w->ctx->mem, &w->ids, p.id[c]))
            return false;
    }
    if (hcb__csv_fixed(csv, SHARED, 3, 0, longest_um / 1000, &mm) == HCB__CELL_BAD || !p.id[B])
        return true;
    hcb__where where = hcb__csv_where(csv, B);
    if (strcmp(p.id[A], p.id[B]) == 0) {
        hcb__diag_error(w->ctx, &where, "\"%s\" cannot be its own neighbour", p.id[A]);
        return true;
    }
    p.um = 1000 * mm;
    return HCB__PUSH(&w->ctx->mem, &w->pairs, p);
}

static int by_bytes(const void *a, const void *b) {
    return hcb__compare_ids(*(const char *const *)a, *(const char *const *)b);
}

static int by_units(const void *va, const void *vb) {
    const pair *a = va, *b = vb;
    for (int i = 0; i < 2; i++)
        if (a->unit[i] != b->unit[i])
            return a->unit[i] < b->unit[i] ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

static int32_t number_of(const work *w, const char *id) {
    const char **found = bsearch(&id, w->ids.at, w->ids.count, sizeof *w->ids.at, by_bytes);
    return (int32_t)(found - w->ids.at);
}

/* Each id once; each pair once, the smaller unit first. */
static void put_in_order(work *w) {
    size_t n = 0;
    if (w->ids.count)
        qsort(w->ids.at, w->ids.count, sizeof *w->ids.at, by_bytes);
    for (size_t i = 0; i < w->ids.count; i++)
        if (n == 0 || strcmp(w->ids.at[n - 1], w->ids.at[i]) != 0)
            w->ids.at[n++] = w->ids.at[i];
    w->ids.count = n;
    for (size_t i = 0; i < w->pairs.count; i++) {
        pair *p = &w->pairs.at[i];
        int32_t a = number_of(w, p->id[A]), b = number_of(w, p->id[B]);
        p->unit[0] = a < b ? a : b;
        p->unit[1] = a < b ? b : a;
    }
    if (w->pairs.count)
        qsort(w->pairs.at, w->pairs.count, sizeof *w->pairs.at, by_units);
    n = 0;
    for (size_t i = 0; i < w->pairs.count; i++) {
        const pair *p = &w->pairs.at[i], *last = n ? &w->pairs.at[n - 1] : NULL;
        hcb__where where = {w->path, p->line, 1, NULL};
        if (!last || last->unit[0] != p->unit[0] || last->unit[1] != p->unit[1])
            w->pairs.at[n++] = *p;
        else if (last->um != p->um)
            hcb__diag_error(w->ctx, &where, "\"%s\" and \"%s\" have another length in line %lld", p->id[A], p->id[B],
                            (long long)last->line);
    }
    w->pairs.count = n;
}

static hcb_status link_units(work *w) {
    size_t n = w->pairs.count;
    int32_t *first = hcb__calloc(&w->ctx->mem, n + 1, sizeof *first);
    hcb__neighbour *second = hcb__calloc(&w->ctx->mem, n + 1, sizeof *second);
    hcb_status status = first && second ? HCB_OK : HCB_ENOMEM;
    for (size_t i = 0; status == HCB_OK && i < n; i++) {
        const pair *p = &w->pairs.at[i];
        first[i] = p->unit[0];
        second[i] = (hcb__neighbour){p->unit[1], p->um > 0 || !w->lengths, false, p->um};
    }
    w->adjacency->n_units = (int32_t)w->ids.count;
    if (status == HCB_OK)
        status = hcb__adjacency_link(w->adjacency, first, second, n);
    hcb__free(&w->ctx->mem, first);
    hcb__free(&w->ctx->mem, second);
    return status == HCB_OK ? status : hcb__nomem(w->ctx);
}

static hcb_status read(work *w) {
    static const hcb__csv_column columns[COLUMNS] = {{"a", true}, {"b", true}, {"shared_m", false}};
    hcb__csv *csv = NULL;
    hcb_status status = hcb__csv_open(&csv, w->ctx, w->path, w->path, columns, COLUMNS, NULL, 0);
    if (status != HCB_OK)
        return status;
    w->lengths = hcb__csv_has(csv, SHARED);
    while (status == HCB_OK && hcb__csv_next(csv))
        if (!read_row(w, csv))
            status = hcb__nomem(w->ctx);
    hcb__csv_close(csv);
    if (status == HCB_OK)
        put_in_order(w);
    if (status == HCB_OK)
        status = hcb__diag_status(w->ctx);
    if (status == HCB_OK && (w->ids.count >= INT32_MAX / 2 || w->pairs.count >= INT32_MAX / 2))
        status = hcb__fail(w->ctx, HCB_ELIMIT, "%s has more pairs than can be handled", w->path);
    return status == HCB_OK ? link_units(w) : status;
}

hcb_status hcb__adjacency_read(hcb__adjacency **out, const char *const **ids, hcb_context *ctx, const char *path) {
    *out = NULL;
    *ids = NULL;
    work w = {.ctx = ctx, .path = path, .adjacency = hcb__calloc(&ctx->mem, 1, sizeof *w.adjacency)};
    if (!w.adjacency)
        return hcb__nomem(ctx);
    hcb__arena_init(&w.adjacency->arena, &ctx->mem);
    hcb_status status = read(&w);
    const char **list = NULL;
    if (status == HCB_OK) {
        list = hcb__arena_alloc(&w.adjacency->arena, w.ids.count, sizeof *list);
        if (!list)
            status = hcb__nomem(ctx);
        else if (w.ids.count)
            memcpy(list, w.ids.at, w.ids.count * sizeof *list);
    }
    HCB__VEC_FREE(&ctx->mem, &w.pairs);
    HCB__VEC_FREE(&ctx->mem, &w.ids);
    if (status == HCB_OK) {
        *out = w.adjacency;
        *ids = list;
    } else {
        hcb__adjacency_free(w.adjacency);
    }
    return status;
}
