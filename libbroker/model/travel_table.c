/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Travel of a visit from what a provider serves today. */
#include <math.h>

#include "base/arith.h"
#include "model/model.h"

/* A place from which a provider's carers may come. */
typedef struct origin {
    hcb__point point;
    int32_t package; /* -1: the provider's own position */
    int32_t name;    /* in the matrix; -1: not there */
} origin;

struct hcb__travel_table {
    hcb__arena arena;
    const hcb__model *model;
    int32_t *start; /* [n_providers + 1]: origins, the provider's own first */
    origin *origins;
    int32_t *destination; /* [packages]: names in the matrix; NULL without one */
};

static bool uses_matrix(const hcb__model *m) {
    return m->travel.model == HCB__MATRIX;
}

static void fill(hcb__travel_table *t) {
    const hcb__model *m = t->model;
    int32_t n = m->n_packages + m->n_placements;
    for (int32_t k = 0; k < m->n_providers; k++)
        t->start[k + 1] = 1;
    for (int32_t q = m->n_packages; q < n; q++)
        t->start[m->packages[q].provider + 1]++;
    for (int32_t k = 0; k < m->n_providers; k++)
        t->start[k + 1] += t->start[k];
    for (int32_t k = 0; k < m->n_providers; k++) {
        const hcb__provider *p = &m->providers[k];
        t->origins[t->start[k]++] = (origin){p->point, -1, uses_matrix(m) ? hcb__matrix_number(m->matrix, p->id) : -1};
    }
    for (int32_t q = 0; q < n; q++) {
        const hcb__package *p = &m->packages[q];
        int32_t name = uses_matrix(m) ? hcb__matrix_number(m->matrix, p->id) : -1;
        if (t->destination)
            t->destination[q] = name;
        if (q >= m->n_packages)
            t->origins[t->start[p->provider]++] = (origin){p->point, q, name};
    }
    for (int32_t k = m->n_providers; k > 0; k--)
        t->start[k] = t->start[k - 1];
    t->start[0] = 0;
}

hcb_status hcb__travel_table_create(hcb__travel_table **out, const hcb_allocator *mem, const hcb__model *model) {
    *out = NULL;
    hcb__travel_table *t = hcb__calloc(mem, 1, sizeof *t);
    if (!t)
        return HCB_ENOMEM;
    hcb__arena_init(&t->arena, mem);
    t->model = model;
    size_t n = (size_t)model->n_packages + (size_t)model->n_placements;
    t->start = hcb__arena_alloc(&t->arena, (size_t)model->n_providers + 1, sizeof *t->start);
    t->origins =
        hcb__arena_alloc(&t->arena, (size_t)model->n_providers + (size_t)model->n_placements, sizeof *t->origins);
    if (uses_matrix(model))
        t->destination = hcb__arena_alloc(&t->arena, n, sizeof *t->destination);
    if (!t->start || !t->origins || (uses_matrix(model) && !t->destination)) {
        hcb__travel_table_free(t);
        return HCB_ENOMEM;
    }
    fill(t);
    *out = t;
    return HCB_OK;
}

void hcb__travel_table_free(hcb__travel_table *table) {
    if (!table)
        return;
    hcb_allocator mem = table->arena.mem;
    hcb__arena_release(&table->arena);
    hcb__free(&mem, table);
}

static bool is_rural(const hcb__package *p) {
    return p->band == HCB__RURAL || p->band == HCB__ISOLATED;
}

/* The m smallest values, ascending; there is always that of the provider's own position. */
typedef struct smallest {
    int32_t n, most;
    double at[HCB__MOST_NEAREST];
} smallest;

static void start_with(smallest *s, int32_t most, double value) {
    s->n = 1;
    s->most = most;
    s->at[0] = value;
}

static void offer(smallest *s, double value) {
    if (s->n == s->most && value >= s->at[s->n - 1])
        return;
    int32_t i = s->n < s->most ? s->n++ : s->n - 1;
    for (; i > 0 && s->at[i - 1] > value; i--)
        s->at[i] = s->at[i - 1];
    s->at[i] = value;
}

static double square_of(const origin *o, const hcb__package *p) {
    double dx = o->point.x - p->point.x, dy = o->point.y - p->point.y;
    return dx * dx + dy * dy;
}

static int64_t crow_seconds(const hcb__travel_table *t, int32_t package, int32_t first, int32_t last) {
    const hcb__package *p = &t->model->packages[package];
    smallest squares;
    start_with(&squares, t->model->travel.nearest, square_of(&t->origins[first], p));
    for (int32_t i = first + 1; i < last; i++)
        if (t->origins[i].package != package)
            offer(&squares, square_of(&t->origins[i], p));
    double sum = sqrt(squares.at[0]);
    for (int32_t i = 1; i < squares.n; i++)
        sum += sqrt(squares.at[i]);
    return hcb__crow_seconds(&t->model->travel, sum / squares.n, is_rural(p));
}

/* Seconds doubled, and odd where the crow model fills a hole, so that of equal ones the matrix comes first. */
static int64_t marked_seconds(const hcb__travel_table *t, const origin *o, int32_t package) {
    const hcb__package *p = &t->model->packages[package];
    int64_t seconds = hcb__matrix_at(t->model->matrix, o->name, t->destination[package]);
    if (seconds >= 0)
        return 2 * seconds;
    return 2 * hcb__crow_seconds(&t->model->travel, hcb__distance(o->point, p->point), is_rural(p)) + 1;
}

static int64_t matrix_seconds(const hcb__travel_table *t, int32_t package, int32_t first, int32_t last,
                              bool *fallback) {
    smallest marked;
    start_with(&marked, t->model->travel.nearest, (double)marked_seconds(t, &t->origins[first], package));
    for (int32_t i = first + 1; i < last; i++)
        if (t->origins[i].package != package)
            offer(&marked, (double)marked_seconds(t, &t->origins[i], package));
    int64_t sum = 0;
    for (int32_t i = 0; i < marked.n; i++) {
        int64_t value = (int64_t)marked.at[i];
        *fallback |= value % 2 != 0;
        sum += value / 2;
    }
    return hcb__round_div(sum, marked.n);
}

int64_t hcb__travel_seconds(const hcb__travel_table *table, int32_t package, int32_t provider, bool *fallback) {
    bool ignored = false, *hole = fallback ? fallback : &ignored;
    int32_t first = table->start[provider];
    int32_t last = table->model->travel.origin == HCB__OFFICE ? first + 1 : table->start[provider + 1];
    *hole = false;
    if (uses_matrix(table->model))
        return matrix_seconds(table, package, first, last, hole);
    return crow_seconds(table, package, first, last);
}
