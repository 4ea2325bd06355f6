/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/regions.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "solve/backend.h"
#include "solve/chain.h"
#include "solve/fill.h"
#include "solve/solver.h"

enum {
    TRIES = 4,           /* places looked at for the next bin */
    MOST_ITEMS = 400,    /* a larger region is left alone: its LP would take too long */
    MOST_COLUMNS = 4000, /* likewise */
    MOST_IDLE = 200,     /* steps in a row with nothing to solve, after which a round ends */
    NODES = 1000,
    PIVOTS = 400
};
static const double GAP = 0.02; /* of what a region gains */

typedef struct run {
    const hcb__core *core;
    hcb__plan *plan;
    const hcb_allocator *mem;
    const hcb__region_options *o;
    hcb__budget *budget;
    hcb__arena arena;
    hcb__rng rng;
    double *loss;    /* [n_bins]: reduced costs of its items, and the price of its rows' room */
    uint8_t *mine;   /* [n_bins] */
    uint8_t *inside; /* [n_bins]: part of the region */
    int32_t bin[HCB__MOST_REGION_BINS], n_bins, idle;
    int32_t *item, n_items; /* [n_items] of the region */
    double reach; /* what its bins lose: hardly a choice of a larger reduced cost is part of anything better */
    int32_t *column, n_columns;  /* [n_choices]: the choices allowed, item by item */
    int32_t *start;              /* [n_items + 1] of each item in `column` */
    int32_t *row_of;             /* [n_rows]: row of the model; -1: none */
    int64_t *free_load;          /* [n_rows] of the free items */
    int64_t *most_load;          /* [n_rows] that they could come to */
    int64_t *largest;            /* [n_rows] of one item */
    int32_t *touched, n_touched; /* [n_rows] */
    uint8_t *is_touched;
    int32_t *choice, *back; /* [n_items]: the plan found; the plan before */
} run;

bool hcb__suits_regions(const hcb__core *core) {
    return core->first_goal == core->n_rows && core->n_movable > HCB__FEW_ITEMS && !hcb__suits_chains(core) &&
           !hcb__suits_filling(core);
}

static bool is_mine(const run *r, uint64_t kind, int32_t k) {
    hcb__rng rng;
    hcb__rng_seed(&rng, r->o->seed, r->o->round << 33 | kind << 32 | (uint32_t)k);
    return hcb__rng_below(&rng, (uint32_t)r->o->shares) == r->o->share;
}

static bool make(run *r) {
    const hcb__core *core = r->core;
    size_t bins = (size_t)core->n_bins + 1, items = (size_t)core->n_items + 1, rows = (size_t)core->n_rows + 1;
    r->loss = hcb__arena_alloc(&r->arena, bins, sizeof *r->loss);
    r->mine = hcb__arena_alloc(&r->arena, bins, 1);
    r->inside = hcb__arena_alloc(&r->arena, bins, 1);
    r->item = hcb__arena_alloc(&r->arena, items, sizeof *r->item);
    r->start = hcb__arena_alloc(&r->arena, items, sizeof *r->start);
    r->choice = hcb__arena_alloc(&r->arena, items, sizeof *r->choice);
    r->back = hcb__arena_alloc(&r->arena, items, sizeof *r->back);
    r->column = hcb__arena_alloc(&r->arena, (size_t)core->n_choices + 1, sizeof *r->column);
    r->row_of = hcb__arena_alloc(&r->arena, rows, sizeof *r->row_of);
    r->free_load = hcb__arena_alloc(&r->arena, rows, sizeof *r->free_load);
    r->most_load = hcb__arena_alloc(&r->arena, rows, sizeof *r->most_load);
    r->largest = hcb__arena_alloc(&r->arena, rows, sizeof *r->largest);
    r->touched = hcb__arena_alloc(&r->arena, rows, sizeof *r->touched);
    r->is_touched = hcb__arena_alloc(&r->arena, rows, 1);
    if (!r->loss || !r->mine || !r->inside || !r->item || !r->start || !r->choice || !r->back || !r->column ||
        !r->row_of || !r->free_load || !r->most_load || !r->largest || !r->touched || !r->is_touched)
        return false;
    memset(r->inside, 0, bins);
    memset(r->is_touched, 0, rows);
    for (int32_t b = 0; b < core->n_bins; b++)
        r->mine[b] = is_mine(r, 0, b);
    return true;
}

static double find_losses(run *r) {
    const hcb__core *core = r->core;
    double sum = 0;
    memset(r->loss, 0, (size_t)core->n_bins * sizeof *r->loss);
    for (int32_t k = 0; k < core->n_movable; k++) {
        int32_t c = r->plan->choice[core->movable[k]];
        if (core->bin[c] >= 0)
            r->loss[core->bin[c]] += r->o->lp->reduced[c];
    }
    for (int32_t q = 0; q < core->n_rows; q++)
        if (core->row_bin[q] >= 0)
            r->loss[core->row_bin[q]] += r->o->lp->row_price[q] * (double)(core->limit[q] - r->plan->load[q]);
    for (int32_t b = 0; b < core->n_bins; b++)
        sum += r->mine[b] ? r->loss[b] : 0;
    return sum;
}

static int32_t first_bin(run *r, double sum) {
    double at = hcb__rng_unit(&r->rng) * sum;
    int32_t found = -1;
    for (int32_t b = 0; b < r->core->n_bins; b++)
        if (r->mine[b] && r->loss[b] > 0) {
            found = b;
            at -= r->loss[b];
            if (at < 0)
                break;
        }
    return found;
}

static void add_bin(run *r, int32_t bin) {
    r->inside[bin] = 1;
    r->bin[r->n_bins++] = bin;
    r->reach += r->loss[bin];
}

/* Of a few that its items could go to, the one that loses most. */
static int32_t next_bin(run *r) {
    const hcb__core *core = r->core;
    int32_t found = -1;
    for (int32_t k = 0; k < TRIES; k++) {
        int32_t from = r->bin[hcb__rng_below(&r->rng, (uint32_t)r->n_bins)];
        if (r->plan->bin_count[from] == 0)
            continue;
        int32_t i = r->plan->bin_item[core->bin_cap_start[from] +
                                      (int32_t)hcb__rng_below(&r->rng, (uint32_t)r->plan->bin_count[from])];
        int32_t c = core->start[i] + (int32_t)hcb__rng_below(&r->rng, (uint32_t)(core->start[i + 1] - core->start[i]));
        int32_t bin = core->bin[c];
        if (bin >= 0 && r->mine[bin] && !r->inside[bin] && r->o->lp->reduced[c] <= r->reach + r->loss[bin] &&
            (found < 0 || r->loss[bin] > r->loss[found]))
            found = bin;
    }
    return found;
}

/* The item with the choices it has within reach; one that has but its own stays out. */
static void add_item(run *r, int32_t i, double reach) {
    const hcb__core *core = r->core;
    int32_t n = r->n_columns;
    for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
        if (c == r->plan->choice[i] || (r->o->lp->reduced[c] <= reach && (core->bin[c] < 0 || r->inside[core->bin[c]])))
            r->column[n++] = c;
    if (n == r->n_columns + 1)
        return;
    r->item[r->n_items] = i;
    r->n_columns = n;
    r->start[++r->n_items] = n;
}

static void add_items(run *r) {
    const hcb__core *core = r->core;
    r->n_items = r->n_columns = r->start[0] = 0;
    for (int32_t k = 0; k < r->n_bins; k++)
        for (int32_t at = 0; at < r->plan->bin_count[r->bin[k]]; at++)
            add_item(r, r->plan->bin_item[core->bin_cap_start[r->bin[k]] + at], r->reach);
}

/* Those who wait and could go to a bin of the region. */
static void add_waiting(run *r) {
    const hcb__core *core = r->core;
    for (int32_t k = 0; k < core->n_movable; k++) {
        int32_t i = core->movable[k], c = r->plan->choice[i];
        if (core->bin[c] < 0 && (r->o->shares == 1 || is_mine(r, 1, i)))
            add_item(r, i, r->reach + r->o->lp->reduced[c]);
    }
}

static void touch(run *r, int32_t row) {
    if (r->is_touched[row])
        return;
    r->is_touched[row] = 1;
    r->touched[r->n_touched++] = row;
    r->free_load[row] = r->most_load[row] = r->largest[row] = 0;
}

/* What the free items load the rows with, and at most could; rows that cannot break are none of the model's. */
static int32_t find_rows(run *r) {
    const hcb__core *core = r->core;
    r->n_touched = 0;
    for (int32_t k = 0; k < r->n_items; k++) {
        for (int32_t e = r->start[k]; e < r->start[k + 1]; e++) {
            int32_t c = r->column[e];
            for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++) {
                int32_t row = core->use_row[u];
                touch(r, row);
                if (core->use_weight[u] > r->largest[row])
                    r->largest[row] = core->use_weight[u];
                if (c == r->plan->choice[r->item[k]])
                    r->free_load[row] += core->use_weight[u];
            }
        }
        for (int32_t e = r->start[k]; e < r->start[k + 1]; e++)
            for (int32_t u = core->use_start[r->column[e]]; u < core->use_start[r->column[e] + 1]; u++) {
                int32_t row = core->use_row[u];
                r->most_load[row] += r->largest[row];
                r->largest[row] = 0;
            }
    }
    int32_t n = r->n_items;
    for (int32_t k = 0; k < r->n_touched; k++) {
        int32_t row = r->touched[k];
        r->is_touched[row] = 0;
        r->row_of[row] = r->plan->load[row] - r->free_load[row] + r->most_load[row] > core->limit[row] ? n++ : -1;
    }
    return n;
}

typedef struct programme {
    hcb__arena arena;
    hcb__columns columns;
    hcb__model model;
    double *cost, *lower, *upper, *value, *x, *dual, *row_lower, *row_upper, *start;
    int32_t *first, *row;
    int32_t n_rows;
} programme;

static bool fill_in(run *r, programme *p) {
    const hcb__core *core = r->core;
    size_t n = (size_t)r->n_columns + 1, entries = n;
    for (int32_t e = 0; e < r->n_columns; e++)
        entries += (size_t)(core->use_start[r->column[e] + 1] - core->use_start[r->column[e]]);
    p->cost = hcb__arena_alloc(&p->arena, n, sizeof *p->cost);
    p->lower = hcb__arena_alloc(&p->arena, n, sizeof *p->lower);
    p->upper = hcb__arena_alloc(&p->arena, n, sizeof *p->upper);
    p->x = hcb__arena_alloc(&p->arena, n, sizeof *p->x);
    p->start = hcb__arena_alloc(&p->arena, n, sizeof *p->start);
    p->first = hcb__arena_alloc(&p->arena, n + 1, sizeof *p->first);
    p->value = hcb__arena_alloc(&p->arena, entries, sizeof *p->value);
    p->row = hcb__arena_alloc(&p->arena, entries, sizeof *p->row);
    p->dual = hcb__arena_alloc(&p->arena, (size_t)p->n_rows + 1, sizeof *p->dual);
    p->row_lower = hcb__arena_alloc(&p->arena, (size_t)p->n_rows + 1, sizeof *p->row_lower);
    p->row_upper = hcb__arena_alloc(&p->arena, (size_t)p->n_rows + 1, sizeof *p->row_upper);
    if (!p->cost || !p->lower || !p->upper || !p->x || !p->start || !p->first || !p->value || !p->row || !p->dual ||
        !p->row_lower || !p->row_upper)
        return false;
    int32_t entry = 0;
    p->first[0] = 0;
    for (int32_t k = 0; k < r->n_items; k++) {
        int32_t now = r->plan->choice[r->item[k]];
        p->row_lower[k] = p->row_upper[k] = 1;
        for (int32_t e = r->start[k]; e < r->start[k + 1]; e++) {
            int32_t c = r->column[e];
            p->cost[e] = (double)core->cost[c] - (double)core->cost[now];
            p->lower[e] = 0;
            p->upper[e] = 1;
            p->start[e] = c == now;
            p->row[entry] = k;
            p->value[entry++] = 1;
            for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
                if (r->row_of[core->use_row[u]] >= 0 && core->use_weight[u] != 0) {
                    p->row[entry] = r->row_of[core->use_row[u]];
                    p->value[entry++] = (double)core->use_weight[u];
                }
            p->first[e + 1] = entry;
        }
    }
    for (int32_t k = 0; k < r->n_touched; k++) {
        int32_t row = r->touched[k];
        if (r->row_of[row] >= 0) {
            p->row_lower[r->row_of[row]] = -INFINITY;
            p->row_upper[r->row_of[row]] = (double)(core->limit[row] - (r->plan->load[row] - r->free_load[row]));
        }
    }
    p->columns = (hcb__columns){r->n_columns, p->cost, p->lower, p->upper, p->first, p->row, p->value};
    return true;
}

/* Choices that no plan better by a unit has; returns whether any plan may be better. */
static bool fix_by_reduced_cost(const run *r, programme *p, hcb_status *status) {
    double value = 0;
    for (int32_t e = 0; e < r->n_columns; e++)
        value += p->cost[e] * p->x[e];
    if (value > -1 + 1e-6)
        return false;
    for (int32_t e = 0; e < r->n_columns && *status == HCB_OK; e++) {
        double d = p->cost[e];
        for (int32_t u = p->first[e]; u < p->first[e + 1]; u++)
            d -= p->dual[p->row[u]] * p->value[u];
        if (value + d > -1 + 1e-6 && p->x[e] < 1e-9)
            *status = hcb__model_set_upper(&p->model, e, 0);
    }
    return true;
}

/* The plan becomes the one found, when its rows hold in whole numbers and it is no worse. */
static void take(run *r, const programme *p) {
    int64_t before = hcb__plan_value(r->plan);
    size_t size = (size_t)r->core->n_items * sizeof *r->choice;
    memcpy(r->back, r->plan->choice, size);
    memcpy(r->choice, r->plan->choice, size);
    for (int32_t k = 0; k < r->n_items; k++)
        for (int32_t e = r->start[k]; e < r->start[k + 1]; e++)
            if (p->x[e] > 0.5)
                r->choice[r->item[k]] = r->column[e];
    if (memcmp(r->choice, r->back, size) != 0 &&
        (!hcb__plan_set(r->plan, r->choice) || hcb__plan_value(r->plan) >= before))
        hcb__plan_set(r->plan, r->back);
}

static hcb_status solve(run *r) {
    programme p = {.n_rows = find_rows(r)};
    hcb__arena_init(&p.arena, r->mem);
    hcb_status status = fill_in(r, &p) ? HCB_OK : HCB_ENOMEM;
    int32_t outcome = HCB__LP_STOPPED;
    bool found = false, complete;
    if (status == HCB_OK)
        status = hcb__model_open(&p.model, hcb__backend_of(r->budget), r->mem, p.n_rows, p.row_lower, p.row_upper);
    if (status == HCB_OK)
        status = hcb__model_add(&p.model, &p.columns);
    if (status == HCB_OK)
        status = hcb__model_solve(&p.model, r->budget, &outcome, p.dual, p.x);
    if (status == HCB_OK && outcome == HCB__LP_OPTIMAL && fix_by_reduced_cost(r, &p, &status) && status == HCB_OK) {
        hcb__integer_options o = {.most_nodes = NODES, .most_pivots = PIVOTS, .gap = GAP, .start = p.start};
        status = hcb__model_solve_integer(&p.model, r->budget, &o, &found, &complete, p.x);
    }
    if (status == HCB_OK && found)
        take(r, &p);
    if (p.model.inside)
        r->budget->work += hcb__model_pivots(&p.model) * p.n_rows / 3 + r->n_columns;
    hcb__model_close(&p.model);
    hcb__arena_release(&p.arena);
    return status == HCB_ENOMEM ? status : HCB_OK;
}

static bool step(run *r) {
    double sum = find_losses(r);
    int32_t bin = first_bin(r, sum);
    r->budget->work += r->core->n_items / 50 + 1;
    r->n_bins = 0;
    r->reach = 0;
    while (bin >= 0 && r->n_bins < r->o->bins) {
        add_bin(r, bin);
        bin = next_bin(r);
    }
    add_items(r);
    add_waiting(r);
    bool idle = r->n_items < 2 || r->n_items > MOST_ITEMS || r->n_columns > MOST_COLUMNS;
    bool ok = idle || solve(r) == HCB_OK;
    r->idle = idle ? r->idle + 1 : 0;
    for (int32_t k = 0; k < r->n_bins; k++)
        r->inside[r->bin[k]] = 0;
    return ok;
}

/* Whether more is lost in bins than by who waits: a last one who waits needs a long chain of moves. */
static bool loses_in_bins(run *r) {
    double waiting = 0, bins = 0;
    find_losses(r);
    for (int32_t b = 0; b < r->core->n_bins; b++)
        bins += r->loss[b];
    for (int32_t k = 0; k < r->core->n_movable; k++) {
        int32_t c = r->plan->choice[r->core->movable[k]];
        waiting += r->core->bin[c] < 0 ? r->o->lp->reduced[c] : 0;
    }
    return bins > waiting;
}

bool hcb__regions(hcb__plan *plan, const hcb_allocator *mem, const hcb__region_options *options, hcb__budget *budget) {
    run r = {.core = plan->core, .plan = plan, .mem = mem, .o = options, .budget = budget};
    hcb__arena_init(&r.arena, mem);
    hcb__rng_seed(&r.rng, options->seed, 7000 + options->round * options->shares + options->share);
    int64_t until = budget->work + options->work;
    bool ok = make(&r), worth = ok && loses_in_bins(&r);
    while (ok && worth && r.idle < MOST_IDLE && budget->work < until && hcb__plan_value(plan) > options->target &&
           !hcb__budget_over(budget))
        ok = step(&r);
    hcb__arena_release(&r.arena);
    return ok;
}
