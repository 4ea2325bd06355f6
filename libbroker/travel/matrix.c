/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "travel/matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/text.h"

void hcb__matrix_builder_init(hcb__matrix_builder *b, hcb_context *ctx, const char *shown) {
    *b = (hcb__matrix_builder){.ctx = ctx, .shown = shown};
    hcb__arena_init(&b->arena, &ctx->mem);
    hcb__idmap_init(&b->number, &ctx->mem);
}

void hcb__matrix_builder_free(hcb__matrix_builder *b) {
    hcb__arena_release(&b->arena);
    hcb__idmap_free(&b->number);
    HCB__VEC_FREE(&b->ctx->mem, &b->names);
    HCB__VEC_FREE(&b->ctx->mem, &b->cells);
}

int32_t hcb__matrix_name(hcb__matrix_builder *b, const char *name, size_t len) {
    int32_t known = hcb__idmap_get(&b->number, name, len);
    if (known >= 0)
        return known;
    const char *copy = hcb__arena_strndup(&b->arena, name, len);
    int32_t number = (int32_t)b->names.count;
    if (!copy || b->names.count == INT32_MAX || !hcb__idmap_put(&b->number, copy, number) ||
        !HCB__PUSH(&b->ctx->mem, &b->names, copy))
        return -1;
    return number;
}

bool hcb__matrix_add(hcb__matrix_builder *b, int32_t origin, int32_t destination, double seconds, int64_t line) {
    hcb__matrix_cell cell = {origin, destination, (int32_t)hcb__round_half_up(seconds), line};
    return b->cells.count < INT32_MAX && HCB__PUSH(&b->ctx->mem, &b->cells, cell);
}

static int by_place(const void *a, const void *b) {
    const hcb__matrix_cell *x = a, *y = b;
    if (x->origin != y->origin)
        return x->origin < y->origin ? -1 : 1;
    if (x->destination != y->destination)
        return x->destination < y->destination ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static int by_bytes(const void *a, const void *b) {
    return hcb__compare_ids(*(char *const *)a, *(char *const *)b);
}

/* Where a cell stands in its file. `pointer` is the caller's buffer. */
static hcb__where where_of(const hcb__matrix_builder *b, const hcb__matrix_cell *cell, char pointer[64]) {
    hcb__where where = {b->shown, 0, 0, pointer};
    if (b->json) {
        int64_t n = (int64_t)b->json_columns;
        snprintf(pointer, 64, "/durations/%lld/%lld", (long long)(cell->line / n), (long long)(cell->line % n));
    } else {
        snprintf(pointer, 64, "seconds");
        where.line = cell->line;
        where.column = 1;
    }
    return where;
}

static int32_t find(const hcb__matrix *m, int32_t origin, int32_t destination) {
    int32_t low = m->row_start[origin], high = m->row_start[origin + 1];
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (m->cells[middle].destination < destination)
            low = middle + 1;
        else
            high = middle;
    }
    return low < m->row_start[origin + 1] && m->cells[low].destination == destination ? low : -1;
}

typedef struct oddity {
    int64_t count;
    const hcb__matrix_cell *first; /* in the order of the file */
} oddity;

static void count_oddity(oddity *o, const hcb__matrix_cell *cell) {
    o->count++;
    if (!o->first || cell->line < o->first->line)
        o->first = cell;
}

/* One warning each kind: unlike there and back, no time between two places, pairs without a time. */
static void report(const hcb__matrix *m, const hcb__matrix_builder *b) {
    oddity asymmetric = {0}, zero = {0};
    int64_t origins = 0, destinations = 0;
    for (int32_t o = 0; o < m->n_names; o++)
        origins += m->row_start[o + 1] > m->row_start[o];
    uint8_t *is_destination = hcb__calloc(&b->ctx->mem, (size_t)m->n_names, 1);
    for (int32_t i = 0; i < m->n_cells; i++) {
        const hcb__matrix_cell *c = &m->cells[i];
        if (is_destination && !is_destination[c->destination]) {
            is_destination[c->destination] = 1;
            destinations++;
        }
        if (c->origin == c->destination)
            continue;
        if (c->seconds == 0)
            count_oddity(&zero, c);
        int32_t back = c->origin < c->destination ? find(m, c->destination, c->origin) : -1;
        if (back >= 0 && m->cells[back].seconds != c->seconds)
            count_oddity(&asymmetric, c);
    }
    hcb__free(&b->ctx->mem, is_destination);
    char pointer[64];
    if (asymmetric.count) {
        hcb__where where = where_of(b, asymmetric.first, pointer);
        hcb__diag_warning(b->ctx, &where, "%lld pairs take another time there than back; the first: \"%s\" and \"%s\"",
                          (long long)asymmetric.count, m->names[asymmetric.first->origin],
                          m->names[asymmetric.first->destination]);
    }
    if (zero.count) {
        hcb__where where = where_of(b, zero.first, pointer);
        hcb__diag_warning(b->ctx, &where, "%lld cells between different places are 0; the first: \"%s\" to \"%s\"",
                          (long long)zero.count, m->names[zero.first->origin], m->names[zero.first->destination]);
    }
    int64_t holes = origins * destinations - m->n_cells;
    if (holes > 0) {
        hcb__where where = {b->shown, 0, 0, ""};
        hcb__diag_warning(b->ctx, &where, "%lld of %lld cells have no time; the crow model fills them",
                          (long long)holes, (long long)(origins * destinations));
    }
}

static bool refuse_repeats(const hcb__matrix *m, const hcb__matrix_builder *b) {
    bool good = true;
    char pointer[64];
    for (int32_t i = 1; i < m->n_cells; i++) {
        const hcb__matrix_cell *c = &m->cells[i];
        if (c->origin != c[-1].origin || c->destination != c[-1].destination)
            continue;
        hcb__where where = where_of(b, c, pointer);
        hcb__diag_error(b->ctx, &where, "the time from \"%s\" to \"%s\" is given twice", m->names[c->origin],
                        m->names[c->destination]);
        good = false;
    }
    return good;
}

/* Names in order of bytes, cells renumbered and sorted. */
static bool freeze(hcb__matrix *m, hcb__matrix_builder *b) {
    int32_t *renumbered = hcb__arena_alloc(&m->arena, b->names.count, sizeof *renumbered);
    m->names = hcb__arena_alloc(&m->arena, b->names.count, sizeof *m->names);
    m->row_start = hcb__arena_alloc(&m->arena, b->names.count + 1, sizeof *m->row_start);
    m->cells = hcb__arena_alloc(&m->arena, b->cells.count, sizeof *m->cells);
    if (!renumbered || !m->names || !m->row_start || !m->cells)
        return false;
    m->n_names = (int32_t)b->names.count;
    m->n_cells = (int32_t)b->cells.count;
    for (int32_t i = 0; i < m->n_names; i++)
        if (!(m->names[i] = hcb__arena_strndup(&m->arena, b->names.at[i], strlen(b->names.at[i]))))
            return false;
    if (m->n_names)
        qsort(m->names, (size_t)m->n_names, sizeof *m->names, by_bytes);
    for (int32_t i = 0; i < m->n_names; i++) {
        if (!hcb__idmap_put(&m->number, m->names[i], i))
            return false;
        renumbered[hcb__idmap_get(&b->number, m->names[i], strlen(m->names[i]))] = i;
    }
    for (int32_t i = 0; i < m->n_cells; i++) {
        m->cells[i] = b->cells.at[i];
        m->cells[i].origin = renumbered[m->cells[i].origin];
        m->cells[i].destination = renumbered[m->cells[i].destination];
        m->row_start[m->cells[i].origin + 1]++;
    }
    for (int32_t o = 0; o < m->n_names; o++)
        m->row_start[o + 1] += m->row_start[o];
    if (m->n_cells)
        qsort(m->cells, (size_t)m->n_cells, sizeof *m->cells, by_place);
    return true;
}

hcb_status hcb__matrix_finish(hcb__matrix **out, hcb__matrix_builder *b) {
    hcb__matrix *m = hcb__calloc(&b->ctx->mem, 1, sizeof *m);
    if (!m)
        return hcb__nomem(b->ctx);
    hcb__arena_init(&m->arena, &b->ctx->mem);
    hcb__idmap_init(&m->number, &m->arena.mem);
    if (!freeze(m, b)) {
        hcb__matrix_free(m);
        return hcb__nomem(b->ctx);
    }
    if (refuse_repeats(m, b))
        report(m, b);
    *out = m;
    return HCB_OK;
}

void hcb__matrix_free(hcb__matrix *matrix) {
    if (!matrix)
        return;
    hcb_allocator mem = matrix->arena.mem;
    hcb__idmap_free(&matrix->number);
    hcb__arena_release(&matrix->arena);
    hcb__free(&mem, matrix);
}

int32_t hcb__matrix_number(const hcb__matrix *matrix, const char *name) {
    return hcb__idmap_get(&matrix->number, name, strlen(name));
}

int64_t hcb__matrix_at(const hcb__matrix *matrix, int32_t origin, int32_t destination) {
    if (origin < 0 || destination < 0)
        return -1;
    int32_t at = find(matrix, origin, destination);
    return at < 0 ? -1 : matrix->cells[at].seconds;
}

void hcb__matrix_each(const hcb__matrix *matrix, hcb__matrix_visit_fn visit, void *payload) {
    for (int32_t i = 0; i < matrix->n_cells; i++)
        visit(matrix->names[matrix->cells[i].origin], matrix->names[matrix->cells[i].destination],
              matrix->cells[i].seconds, payload);
}
