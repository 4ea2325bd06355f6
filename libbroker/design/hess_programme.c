/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pairs that the bound leaves, as an integer programme for the back end. Where a zone of the answer is in parts,
 * rows are added that no connected plan breaks (a unit goes to a centre only if one of the units between them does),
 * and the programme is solved again: a handful of rounds at most on real maps. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "design/hess.h"
#include "solve/backend.h"

typedef struct programme {
    hcb__hess_run *run;
    const bool *open;
    hcb__arena arena;
    int32_t n, n_columns;
    int32_t *column; /* [n * n] of a pair, -1: none */
    int32_t *pair_unit, *pair_centre;
    int32_t *mark, *queue, *label;
} programme;

static bool usable(const programme *q, int32_t i, int32_t j) {
    const hcb__hess_run *r = q->run;
    if (r->closed[j] || (q->open && !q->open[j]) || (r->p->capacity && r->p->capacity[j] <= 0))
        return false;
    if (i != j && r->p->capacity && r->p->capacity[i] > 0) /* a centre serves itself */
        return false;
    return i == j || !r->barred[(size_t)j * (size_t)q->n + (size_t)i];
}

/* Units that no chain of usable pairs joins to the centre are not usable either. */
static void choose_columns(programme *q) {
    for (int32_t j = 0; j < q->n; j++) {
        for (int32_t i = 0; i < q->n; i++) {
            q->column[(size_t)j * (size_t)q->n + (size_t)i] = -1;
            q->label[i] = usable(q, i, j) ? 0 : 1;
        }
        if (q->label[j] != 0)
            continue;
        if (q->run->p->contiguous)
            hcb__graph_parts(q->run->p->graph, q->label, 0, q->mark, q->queue);
        for (int32_t i = 0; i < q->n; i++)
            if (q->label[i] == 0 && (!q->run->p->contiguous || q->mark[i] == q->mark[j])) {
                q->pair_unit[q->n_columns] = i;
                q->pair_centre[q->n_columns] = j;
                q->column[(size_t)j * (size_t)q->n + (size_t)i] = q->n_columns++;
            }
    }
}

/* Rows: units; for each centre its least and its largest weight; the number of centres; links; cuts. */
typedef struct rows {
    int32_t low_of, high_of, count, links, cuts, n;
    double *lower, *upper;
} rows;

static bool make_rows(programme *q, rows *w) {
    const hcb__hess_run *r = q->run;
    int32_t n = q->n;
    w->low_of = n;
    w->high_of = 2 * n;
    w->count = 3 * n;
    w->links = w->count + 1;
    w->cuts = w->links + q->n_columns;
    w->n = w->cuts + (int32_t)q->run->cuts.count;
    w->lower = hcb__arena_alloc(&q->arena, (size_t)w->n, sizeof *w->lower);
    w->upper = hcb__arena_alloc(&q->arena, (size_t)w->n, sizeof *w->upper);
    if (!w->lower || !w->upper)
        return false;
    for (int32_t i = 0; i < n; i++) {
        w->lower[i] = w->upper[i] = 1;
        w->lower[w->low_of + i] = 0;
        w->upper[w->low_of + i] = INFINITY;
        w->lower[w->high_of + i] = -INFINITY;
        w->upper[w->high_of + i] = 0;
    }
    w->lower[w->count] = w->upper[w->count] = r->p->k;
    for (int32_t c = 0; c < q->n_columns; c++) {
        w->lower[w->links + c] = -INFINITY;
        w->upper[w->links + c] = 0;
    }
    for (size_t c = 0; c < q->run->cuts.count; c++) {
        w->lower[w->cuts + (int32_t)c] = 0;
        w->upper[w->cuts + (int32_t)c] = INFINITY;
    }
    return true;
}

typedef struct entries {
    HCB__VEC(int32_t) row;
    HCB__VEC(double) value;
} entries;

static bool put(const hcb_allocator *mem, entries *e, int32_t row, double value) {
    return HCB__PUSH(mem, &e->row, row) && HCB__PUSH(mem, &e->value, value);
}

/* The entries of a column; `by_unit`: heads of lists of cut members, by pair. */
static bool put_column(programme *q, const rows *w, int32_t c, entries *e) {
    const hcb__hess_run *r = q->run;
    const hcb_allocator *mem = r->mem;
    int32_t i = q->pair_unit[c], j = q->pair_centre[c];
    double weight = (double)r->p->weight[i];
    bool ok = put(mem, e, i, 1);
    if (i == j) {
        ok = ok && put(mem, e, w->low_of + j, weight - (double)r->low[j]) &&
             put(mem, e, w->high_of + j, weight - (double)r->high[j]) && put(mem, e, w->count, 1);
        for (int32_t u = 0; ok && u < q->n; u++) {
            int32_t pair = q->column[(size_t)j * (size_t)q->n + (size_t)u];
            if (u != j && pair >= 0)
                ok = put(mem, e, w->links + pair, -1);
        }
    } else {
        ok = ok && (weight == 0 || (put(mem, e, w->low_of + j, weight) && put(mem, e, w->high_of + j, weight))) &&
             put(mem, e, w->links + c, 1);
    }
    for (size_t t = 0; ok && t < q->run->cuts.count; t++) {
        const hcb__hess_cut *k = &q->run->cuts.at[t];
        if (k->b != j)
            continue;
        if (k->a == i)
            ok = put(mem, e, w->cuts + (int32_t)t, -1);
        for (int32_t m = 0; ok && m < k->n; m++)
            if (q->run->members.at[k->first + m] == i)
                ok = put(mem, e, w->cuts + (int32_t)t, 1);
    }
    return ok;
}

static hcb_status add_columns(programme *q, const rows *w, hcb__model *model) {
    entries e = {{0}, {0}};
    const hcb_allocator *mem = q->run->mem;
    size_t m = (size_t)q->n_columns;
    double *cost = hcb__arena_alloc(&q->arena, m, sizeof *cost), *lower = hcb__arena_alloc(&q->arena, m, sizeof *lower),
           *upper = hcb__arena_alloc(&q->arena, m, sizeof *upper);
    int32_t *start = hcb__arena_alloc(&q->arena, m + 1, sizeof *start);
    bool ok = cost && lower && upper && start;
    for (int32_t c = 0; ok && c < q->n_columns; c++) {
        cost[c] = q->run->p->cost[(size_t)q->pair_centre[c] * (size_t)q->n + (size_t)q->pair_unit[c]];
        upper[c] = 1;
        start[c] = (int32_t)e.row.count;
        ok = put_column(q, w, c, &e);
    }
    hcb_status status = HCB_ENOMEM;
    if (ok) {
        start[m] = (int32_t)e.row.count;
        hcb__columns columns = {q->n_columns, cost, lower, upper, start, e.row.at, e.value.at};
        status = hcb__model_add(model, &columns);
    }
    HCB__VEC_FREE(mem, &e.row);
    HCB__VEC_FREE(mem, &e.value);
    return status;
}

/* Rows for every unit of every zone that its centre does not reach inside the zone. *broken: there were some. */
static bool separate(programme *q, const int32_t *centre_of, bool *broken) {
    const hcb__graph *g = q->run->p->graph;
    const hcb_allocator *mem = q->run->mem;
    *broken = false;
    for (int32_t b = 0; b < q->n; b++) {
        if (centre_of[b] != b || hcb__graph_parts(g, centre_of, b, q->mark, q->queue) == 1)
            continue;
        *broken = true;
        int32_t home = q->mark[b];
        /* label: 1 the home part, 2 its border, 3 what a cut-off part reaches without the border */
        for (int32_t u = 0; u < q->n; u++)
            q->label[u] = centre_of[u] == b && q->mark[u] == home;
        for (int32_t u = 0; u < q->n; u++)
            for (int32_t e = g->start[u]; q->label[u] == 1 && e < g->start[u + 1]; e++)
                if (q->label[g->to[e]] == 0)
                    q->label[g->to[e]] = 2;
        for (int32_t part = 0; part < q->n; part++) {
            int32_t head = 0, tail = 0, first = (int32_t)q->run->members.count;
            for (int32_t u = 0; u < q->n; u++)
                if (centre_of[u] == b && q->mark[u] == part && part != home) {
                    q->label[u] = 3;
                    q->queue[tail++] = u;
                }
            if (!tail && part != home)
                break;
            int32_t n_part = tail;
            while (head < tail) {
                int32_t u = q->queue[head++];
                for (int32_t e = g->start[u]; e < g->start[u + 1]; e++)
                    if (q->label[g->to[e]] == 0) {
                        q->label[g->to[e]] = 3;
                        q->queue[tail++] = g->to[e];
                    }
            }
            for (int32_t u = 0; u < q->n; u++) {
                bool between = false;
                for (int32_t e = g->start[u]; q->label[u] == 2 && e < g->start[u + 1]; e++)
                    between = between || q->label[g->to[e]] == 3;
                if (between && !HCB__PUSH(mem, &q->run->members, u))
                    return false;
            }
            for (int32_t m = 0; m < n_part; m++) {
                hcb__hess_cut c = {q->queue[m], b, first, (int32_t)q->run->members.count - first};
                if (!HCB__PUSH(mem, &q->run->cuts, c))
                    return false;
            }
            for (int32_t m = 0; m < tail; m++)
                q->label[q->queue[m]] = 0;
        }
    }
    return true;
}

/* One round; *centre_of holds the answer when *found. */
static hcb_status solve_round(programme *q, double seconds, bool *found, bool *complete, int32_t *centre_of) {
    rows w;
    hcb__model model = {0};
    hcb__budget *budget = q->run->p->budget;
    *found = *complete = false;
    if (!make_rows(q, &w))
        return HCB_ENOMEM;
    double *x = hcb__arena_alloc(&q->arena, (size_t)q->n_columns, sizeof *x),
           *dual = hcb__arena_alloc(&q->arena, (size_t)w.n, sizeof *dual);
    if (!x || !dual)
        return HCB_ENOMEM;
    hcb_status status = hcb__model_open(&model, hcb__backend_of(budget), q->run->mem, w.n, w.lower, w.upper);
    if (status == HCB_OK)
        status = add_columns(q, &w, &model);
    int32_t outcome = HCB__LP_STOPPED;
    hcb__deadline until = hcb__deadline_in(seconds);
    if (status == HCB_OK)
        status = hcb__model_solve(&model, budget, &outcome, dual, x);
    if (status == HCB_OK && outcome == HCB__LP_OPTIMAL) {
        hcb__budget round = *budget;
        if (!(round.deadline.at > 0) || until.at < round.deadline.at)
            round.deadline = until;
        hcb__integer_options all = {.most_nodes = INT32_MAX};
        status = hcb__model_solve_integer(&model, &round, &all, found, complete, x);
    } else if (status == HCB_OK && outcome == HCB__LP_INFEASIBLE) {
        *complete = true;
    }
    hcb__model_close(&model);
    for (int32_t c = 0; status == HCB_OK && *found && c < q->n_columns; c++)
        if (x[c] > 0.5)
            centre_of[q->pair_unit[c]] = q->pair_centre[c];
    /* A solver that loses its numbers is no reason to fail: nothing is concluded. */
    if (status == HCB_ESOLVER) {
        *found = *complete = false;
        status = HCB_OK;
    }
    return status;
}

static double cost_of(const programme *q, const int32_t *centre_of) {
    double cost = 0;
    for (int32_t i = 0; i < q->n; i++)
        cost += q->run->p->cost[(size_t)centre_of[i] * (size_t)q->n + (size_t)i];
    return cost;
}

static hcb_status rounds(programme *q, double seconds, bool *complete) {
    hcb__hess_run *r = q->run;
    hcb__deadline until = hcb__deadline_in(seconds);
    int32_t *centre_of = hcb__arena_alloc(&q->arena, (size_t)q->n, sizeof *centre_of);
    if (!centre_of)
        return HCB_ENOMEM;
    for (;;) {
        bool found, broken = false;
        hcb_status status = solve_round(q, hcb__deadline_left(until), &found, complete, centre_of);
        r->out->rounds++;
        if (status != HCB_OK || !found)
            return status;
        double cost = cost_of(q, centre_of);
        /* Without all rows the answer is a bound: nothing among these pairs beats it. */
        if (*complete && cost >= r->best_value - (r->p->real_cost ? 0 : 0.5))
            return HCB_OK;
        if (r->p->contiguous && !separate(q, centre_of, &broken))
            return HCB_ENOMEM;
        r->out->cut_rows = (int32_t)q->run->cuts.count;
        if (!broken) {
            hcb__hess_offer(r, centre_of);
            /* What keeps the rows but for a solver's tolerance may be no plan in whole numbers, and tells of no other.
             */
            *complete = *complete && r->best_value <= cost + (r->p->real_cost ? 1e-9 * fabs(cost) : 0.5);
            return HCB_OK;
        }
        if (hcb__deadline_passed(until) || hcb__budget_interrupted(r->p->budget)) {
            *complete = false;
            return HCB_OK;
        }
    }
}

hcb_status hcb__hess_programme(hcb__hess_run *run, const bool *open, double seconds, bool *complete) {
    programme q = {.run = run, .open = open, .n = run->n};
    size_t n = (size_t)run->n;
    *complete = false;
    hcb__arena_init(&q.arena, run->mem);
    q.column = hcb__arena_alloc(&q.arena, n * n, sizeof *q.column);
    q.pair_unit = hcb__arena_alloc(&q.arena, n * n, sizeof *q.pair_unit);
    q.pair_centre = hcb__arena_alloc(&q.arena, n * n, sizeof *q.pair_centre);
    q.mark = hcb__arena_alloc(&q.arena, n, sizeof *q.mark);
    q.queue = hcb__arena_alloc(&q.arena, n, sizeof *q.queue);
    q.label = hcb__arena_alloc(&q.arena, n, sizeof *q.label);
    hcb_status status = HCB_ENOMEM;
    if (q.column && q.pair_unit && q.pair_centre && q.mark && q.queue && q.label) {
        choose_columns(&q);
        status = rounds(&q, seconds, complete);
    }
    hcb__arena_release(&q.arena);
    return status;
}
