/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/assign.h"

#include <math.h>
#include <string.h>

#include "solve/backend.h"

/* Maps that only a look at the whole of them refuses, before the programme has nothing to say. */
enum { MOST_REFUSED = 50 };
enum { ROOT_ROUNDS = 60, NODE_ROUNDS = 2, IDLE_ROUNDS = 4, IDLE_ANSWERS = 4, MOST_COLUMNS = 16000, MOST_ROWS = 40000 };
static const double WHOLE = 1e-6;

/* A node: what its parent has, and one pair more that is in the map or out of it. */
typedef struct node {
    int32_t parent, pair;
    bool in, open;
    double bound;
} node;

typedef struct tree {
    hcb__assign_run r;
    hcb__model model;
    HCB__VEC(node) nodes;
    HCB__VEC(double) dual;
    int32_t *zone, *best; /* [n] */
    double *upper, *sent; /* [n_columns] of the node; as the back end has them */
    double *reduced;      /* [n_columns], and of pairs [n_blocks][k] */
    double *pair_cost;
    int64_t value; /* of the best map known */
    int64_t work;
    double sure; /* bound of what was given up */
    int32_t n_refused;
    bool found, stop;
    hcb_status status;
} tree;

bool hcb__assign_fits(const hcb__map_problem *p, int32_t level) {
    const hcb__map_level *of = &p->levels[level];
    return of->kind == HCB__LEVEL_LINEAR || of->kind == HCB__LEVEL_CUT || of->kind == HCB__LEVEL_SPLITS ||
           (of->kind == HCB__LEVEL_ZONES && of->target);
}

static void fail(tree *t, hcb_status status) {
    if (t->status == HCB_OK)
        t->status = status;
    t->stop = true;
}

/* A value that is no less than the bound and a whole number. */
static int64_t raised(double bound) {
    return bound >= 9e15 ? INT64_MAX : bound <= 0 ? 0 : (int64_t)ceil(bound);
}

static bool hopeless(const tree *t, double bound) {
    return raised(bound) >= t->value;
}

/* --- What the back end is given. --- */

static void send_rows(tree *t) {
    hcb__assign_run *r = &t->r;
    int32_t n = (int32_t)r->row_low.count - r->n_sent, first = r->row_start.at[r->n_sent];
    size_t entries = r->parts.count - (size_t)first;
    int32_t *start = hcb__calloc(r->mem, (size_t)n + 1, sizeof *start),
            *column = hcb__calloc(r->mem, entries + 1, sizeof *column);
    double *value = hcb__calloc(r->mem, entries + 1, sizeof *value);
    if (!start || !column || !value || !HCB__RESERVE(r->mem, &t->dual, r->row_low.count + 1)) {
        fail(t, HCB_ENOMEM);
    } else {
        for (int32_t i = 0; i <= n; i++)
            start[i] = r->row_start.at[r->n_sent + i] - first;
        for (size_t e = 0; e < entries; e++) {
            column[e] = r->parts.at[(size_t)first + e].column;
            value[e] = r->parts.at[(size_t)first + e].value;
        }
        hcb__rows rows = {n, r->row_low.at + r->n_sent, r->row_high.at + r->n_sent, start, column, value};
        hcb_status status = hcb__model_add_rows(&t->model, &rows);
        r->n_sent += n;
        if (status != HCB_OK)
            fail(t, status);
    }
    hcb__free(r->mem, start);
    hcb__free(r->mem, column);
    hcb__free(r->mem, value);
}

/* The back end's model has one row of its own before ours, which says nothing. */
static void open_model(tree *t) {
    hcb__assign_run *r = &t->r;
    static const double low = -INFINITY, high = INFINITY;
    size_t n = (size_t)r->n_columns;
    double *lower = hcb__calloc(r->mem, n + 1, sizeof *lower);
    int32_t *start = hcb__calloc(r->mem, n + 1, sizeof *start), none = 0;
    hcb_status status = HCB_ENOMEM;
    double value = 0;
    if (lower && start) {
        hcb__columns columns = {r->n_columns, r->cost.at, lower, r->upper.at, start, &none, &value};
        status = hcb__model_open(&t->model, hcb__backend_of(r->what->budget), r->mem, 1, &low, &high);
        if (status == HCB_OK)
            status = hcb__model_add(&t->model, &columns);
    }
    hcb__free(r->mem, lower);
    hcb__free(r->mem, start);
    if (status != HCB_OK)
        fail(t, status);
    else
        send_rows(t);
}

/* Rows that had room for long: they come back where they are broken. */
static void drop_rows(tree *t) {
    hcb__assign_run *r = &t->r;
    size_t n = (size_t)r->n_sent, many = 0;
    bool *drop = hcb__calloc(r->mem, r->row_low.count + 1, sizeof *drop);
    for (size_t i = 0; drop && i < n; i++) {
        drop[i + 1] = r->idle.at[i] >= IDLE_ANSWERS;
        many += drop[i + 1];
    }
    if (!drop) {
        fail(t, HCB_ENOMEM);
    } else if (8 * many > n) {
        hcb_status status = hcb__model_drop_rows(&t->model, drop);
        if (status == HCB_OK)
            hcb__assign_drop(r, drop + 1);
        else
            fail(t, status);
    }
    hcb__free(r->mem, drop);
}

static void set_uppers(tree *t, int32_t at) {
    hcb__assign_run *r = &t->r;
    memcpy(t->upper, r->upper.at, (size_t)r->n_columns * sizeof *t->upper);
    for (int32_t i = 0; i < r->n_blocks * r->k; i++)
        if (r->column[i] >= 0 && r->barred[i])
            t->upper[r->column[i]] = 0;
    for (; t->nodes.at[at].parent >= 0; at = t->nodes.at[at].parent) {
        const node *of = &t->nodes.at[at];
        int32_t first = of->pair / r->k * r->k;
        for (int32_t i = first; i < first + r->k; i++)
            if (r->column[i] >= 0 && (i == of->pair) != of->in)
                t->upper[r->column[i]] = 0;
    }
    for (int32_t c = 0; c < r->n_columns && !t->stop; c++)
        if (t->upper[c] != t->sent[c]) {
            t->sent[c] = t->upper[c];
            hcb_status status = hcb__model_set_upper(&t->model, c, t->upper[c]);
            if (status != HCB_OK)
                fail(t, status);
        }
}

/* --- Bounds. --- */

/* What the rows' prices prove: every block takes its cheapest zone, every other column the better of its ends. Fills
 * `reduced` and `pair_cost`. INFINITY: a block has no zone left. */
static double price_out(tree *t) {
    hcb__assign_run *r = &t->r;
    double sum = r->constant, size = fabs(sum);
    for (int32_t c = 0; c < r->n_columns; c++)
        t->reduced[c] = r->cost.at[c];
    for (size_t i = 0; i < r->row_low.count; i++) {
        double y = t->dual.at[i + 1], side = y > 0 ? r->row_low.at[i] : r->row_high.at[i];
        if (r->idle.at[i] >= 0)
            r->idle.at[i] = y == 0 ? r->idle.at[i] + 1 : 0;
        if (y == 0 || isinf(side))
            continue;
        sum += y * side;
        size += fabs(y * side);
        for (int32_t e = r->row_start.at[i]; e < r->row_start.at[i + 1]; e++)
            t->reduced[r->parts.at[e].column] -= y * r->parts.at[e].value;
    }
    for (int32_t b = 0; b < r->n_blocks; b++) {
        double least = INFINITY;
        for (int32_t z = 0; z < r->k; z++) {
            int32_t c = r->column[hcb__pair_at(r, b, z)];
            double cost = c < 0 ? INFINITY : t->reduced[c];
            t->pair_cost[hcb__pair_at(r, b, z)] = cost;
            if (c >= 0 && t->upper[c] > 0)
                least = fmin(least, cost);
        }
        sum += least;
        size += fabs(least);
    }
    for (int32_t c = r->first_other; c < r->n_columns; c++)
        if (t->reduced[c] < 0) {
            sum += t->reduced[c] * t->upper[c];
            size += fabs(t->reduced[c] * t->upper[c]);
        }
    return sum - 1e-11 * size - 1e-6;
}

static double open_bound(const tree *t, double current) {
    double least = fmin(current, t->sure);
    for (size_t i = 0; i < t->nodes.count; i++)
        if (t->nodes.at[i].open)
            least = fmin(least, t->nodes.at[i].bound);
    return least;
}

static void tell(const tree *t, double current) {
    int64_t bound = raised(open_bound(t, current));
    if (t->r.what->tell)
        t->r.what->tell(t->value, bound < t->value ? bound : t->value, t->r.what->payload);
}

/* --- Maps. --- */

static bool legal(tree *t, int64_t *value) {
    hcb__assign_run *r = &t->r;
    hcb__map_plan *plan;
    if (!hcb__map_plan_create(&plan, r->mem, r->p, t->zone)) {
        fail(t, HCB_ENOMEM);
        return false;
    }
    bool ok = plan->missing == 0 && hcb__map_number_fits(r->p, plan->n_open);
    for (int32_t l = 0; ok && l < r->p->n_levels; l++)
        ok = plan->value[l] <= hcb__assign_limit(r, l);
    for (int32_t z = 0; ok && z < r->k; z++)
        ok = hcb__map_parts(plan, z) <= r->p->parts[z];
    *value = plan->value[r->what->level];
    hcb__map_plan_free(plan);
    return ok && (*value >= t->value || !r->what->accept || r->what->accept(t->zone, 0, r->what->payload));
}

static bool is_whole(const tree *t) {
    const hcb__assign_run *r = &t->r;
    for (int32_t i = 0; i < r->n_blocks * r->k; i++)
        if (r->column[i] >= 0 && fabs(r->x[r->column[i]] - round(r->x[r->column[i]])) > WHOLE)
            return false;
    return true;
}

/* The map that x is, with all its rows in place: it is taken, or ruled out by a row of its own. */
static void take(tree *t) {
    hcb__assign_run *r = &t->r;
    int64_t value;
    for (int32_t u = 0; u < r->n; u++)
        for (int32_t z = 0; z < r->k; z++) {
            int32_t c = r->column[hcb__pair_at(r, r->of[u], z)];
            t->zone[u] = c >= 0 && r->x[c] > 0.5 ? z : t->zone[u];
        }
    bool ok = true;
    if (!legal(t, &value)) {
        t->n_refused++;
    } else if (value < t->value) {
        t->value = value;
        t->found = true;
        memcpy(t->best, t->zone, (size_t)r->n * sizeof *t->best);
    }
    for (int32_t i = 0; ok && i < r->n_blocks * r->k; i++)
        if (r->column[i] >= 0 && r->x[r->column[i]] > 0.5)
            ok = hcb__assign_part_of_row(r, r->column[i], 1);
    r->for_good = true;
    if (!ok || !hcb__assign_row(r, -INFINITY, r->n_blocks - 1))
        fail(t, HCB_ENOMEM);
    r->for_good = false;
}

/* --- The tree. --- */

/* The block that is most torn, by what it weighs; its likeliest zone. -1: none. */
static int32_t choose_pair(const tree *t) {
    const hcb__assign_run *r = &t->r;
    int32_t best = -1;
    double most = 0;
    for (int32_t b = 0; b < r->n_blocks; b++) {
        int32_t top = -1;
        double x = 0;
        for (int32_t z = 0; z < r->k; z++) {
            int32_t c = r->column[hcb__pair_at(r, b, z)];
            if (c >= 0 && r->x[c] > x) {
                x = r->x[c];
                top = b * r->k + z;
            }
        }
        double torn = (1 - x) * r->block_weight[b];
        if (top >= 0 && x < 1 - WHOLE && torn > most) {
            most = torn;
            best = top;
        }
    }
    return best;
}

static void bar_by_prices(tree *t, double bound) {
    if (t->value == INT64_MAX)
        return;
    t->r.n_barred += hcb__assign_bar(&t->r, t->pair_cost, (double)t->value - 1 - bound);
}

/* Stops the tree where its work, its time or its room is used up. */
static bool must_stop(tree *t) {
    const hcb__assign_run *r = &t->r;
    t->stop = t->stop || t->work >= r->what->most_work || hcb__budget_interrupted(r->what->budget) ||
              r->row_low.count > MOST_ROWS || t->n_refused > MOST_REFUSED;
    return t->stop;
}

/* Thousandths of a unit of work: a pivot goes through the rows, and through a part of the columns. */
static int64_t pivot_cost(const hcb__assign_run *r) {
    int64_t rows = (int64_t)r->row_low.count, columns = r->n_columns / 2;
    return 1000 + (rows > columns ? rows : columns);
}

/* Solves, cuts and solves again; *pair: what to branch on, -1: the node is done. */
static void work_on(tree *t, int32_t at, int32_t *pair) {
    hcb__assign_run *r = &t->r;
    *pair = -1;
    int32_t idle = 0, most = at == 0 ? ROOT_ROUNDS : NODE_ROUNDS;
    for (int32_t round = 0; !must_stop(t); round++) {
        int32_t outcome = HCB__LP_STOPPED, added = 0;
        set_uppers(t, at);
        int64_t before = hcb__model_pivots(&t->model);
        hcb_status status =
            t->stop ? t->status : hcb__model_solve(&t->model, r->what->budget, &outcome, t->dual.at, r->x);
        t->work += 1 + r->n_columns / 500 + (hcb__model_pivots(&t->model) - before) * pivot_cost(r) / 1000;
        if (status != HCB_OK || (outcome != HCB__LP_OPTIMAL && outcome != HCB__LP_INFEASIBLE)) {
            fail(t, status == HCB_OK ? HCB_ESOLVER : status);
            break;
        }
        if (outcome == HCB__LP_INFEASIBLE)
            return;
        double bound = price_out(t), was = t->nodes.at[at].bound;
        t->nodes.at[at].bound = fmax(was, bound);
        tell(t, t->nodes.at[at].bound);
        if (hopeless(t, t->nodes.at[at].bound))
            return;
        if (at == 0)
            bar_by_prices(t, bound);
        idle = bound > was + 1e-4 * fabs((double)t->value - was) ? 0 : idle + 1;
        bool whole = is_whole(t);
        if (!whole && (round >= most || idle > IDLE_ROUNDS)) {
            *pair = choose_pair(t);
            break;
        }
        if (!hcb__assign_separate(r, whole, &added))
            fail(t, HCB_ENOMEM);
        if (whole && added == 0)
            take(t);
        else if (added == 0) {
            *pair = choose_pair(t);
            break;
        }
        if (at == 0)
            drop_rows(t);
        send_rows(t);
    }
    if (!t->stop)
        drop_rows(t);
    if (*pair < 0) /* not done */
        t->sure = fmin(t->sure, t->nodes.at[at].bound);
}

/* The open node whose bound is least; of equals the last. */
static int32_t next_open(const tree *t) {
    int32_t best = -1;
    for (int32_t i = 0; i < (int32_t)t->nodes.count; i++)
        if (t->nodes.at[i].open && (best < 0 || t->nodes.at[i].bound <= t->nodes.at[best].bound))
            best = i;
    return best;
}

static void grow(tree *t) {
    int32_t at = 0;
    if (!HCB__PUSH(t->r.mem, &t->nodes, ((node){-1, -1, true, true, 0})))
        fail(t, HCB_ENOMEM);
    while (!t->stop && at >= 0) {
        int32_t pair = -1;
        t->nodes.at[at].open = false;
        if (!hopeless(t, t->nodes.at[at].bound))
            work_on(t, at, &pair);
        if (pair < 0) {
            at = next_open(t);
            continue;
        }
        node out = {at, pair, false, true, t->nodes.at[at].bound}, in = out;
        in.in = true;
        if (!HCB__PUSH(t->r.mem, &t->nodes, out) || !HCB__PUSH(t->r.mem, &t->nodes, in))
            fail(t, HCB_ENOMEM);
        at = (int32_t)t->nodes.count - 1;
    }
}

static bool prepare(tree *t) {
    hcb__assign_run *r = &t->r;
    size_t n = (size_t)r->n, columns = (size_t)r->n_columns;
    t->zone = hcb__arena_alloc(&r->arena, n, sizeof *t->zone);
    t->best = hcb__arena_alloc(&r->arena, n, sizeof *t->best);
    t->upper = hcb__arena_alloc(&r->arena, columns, sizeof *t->upper);
    t->sent = hcb__arena_alloc(&r->arena, columns, sizeof *t->sent);
    t->reduced = hcb__arena_alloc(&r->arena, columns, sizeof *t->reduced);
    t->pair_cost = hcb__arena_alloc(&r->arena, (size_t)r->n_blocks * (size_t)r->k, sizeof *t->pair_cost);
    if (!t->zone || !t->best || !t->upper || !t->sent || !t->reduced || !t->pair_cost)
        return false;
    memcpy(t->sent, r->upper.at, columns * sizeof *t->sent);
    return true;
}

static void run(tree *t, const int32_t *zone, hcb__assign_answer *out) {
    hcb__assign_run *r = &t->r;
    if (!hcb__assign_begin(r) || !hcb__assign_bar_all(r)) {
        fail(t, HCB_ENOMEM);
        return;
    }
    int32_t left = 0;
    out->pairs = r->n_blocks * r->k;
    for (int32_t i = 0; i < out->pairs; i++)
        left += !r->barred[i];
    out->left = left;
    if (left > MOST_COLUMNS) {
        t->stop = true;
        return;
    }
    if (!hcb__assign_build(r) || !hcb__assign_expect(r, zone) || !prepare(t)) {
        fail(t, HCB_ENOMEM);
        return;
    }
    open_model(t);
    if (!t->stop)
        grow(t);
    for (int32_t i = 0; i < out->pairs; i++)
        left -= r->column[i] >= 0 && r->barred[i];
    out->left = left;
}

hcb_status hcb__map_assign(hcb__assign_answer *out, int32_t *zone, int64_t known, const hcb_allocator *mem,
                           const hcb__assign *what) {
    tree t = {.r = {.what = what, .p = what->problem, .mem = mem, .n = what->problem->graph->n, .k = what->problem->k},
              .value = known,
              .sure = INFINITY};
    hcb__assign_run *r = &t.r;
    *out = (hcb__assign_answer){.value = known};
    hcb__arena_init(&r->arena, mem);
    run(&t, zone, out);
    out->found = t.found;
    out->value = t.value;
    int64_t bound = t.nodes.count ? raised(open_bound(&t, INFINITY)) : 0;
    out->complete = bound >= t.value;
    out->bound = out->complete ? t.value : bound;
    out->nodes = (int32_t)t.nodes.count;
    out->rows = (int32_t)r->row_low.count;
    if (t.found)
        memcpy(zone, t.best, (size_t)r->n * sizeof *zone);
    what->budget->work += t.work;
    hcb__model_close(&t.model);
    HCB__VEC_FREE(mem, &t.nodes);
    HCB__VEC_FREE(mem, &t.dual);
    HCB__VEC_FREE(mem, &r->cost);
    HCB__VEC_FREE(mem, &r->upper);
    HCB__VEC_FREE(mem, &r->row_low);
    HCB__VEC_FREE(mem, &r->row_high);
    HCB__VEC_FREE(mem, &r->row_start);
    HCB__VEC_FREE(mem, &r->parts);
    HCB__VEC_FREE(mem, &r->idle);
    hcb__arena_release(&r->arena);
    return t.status == HCB_ENOMEM ? HCB_ENOMEM : HCB_OK;
}
