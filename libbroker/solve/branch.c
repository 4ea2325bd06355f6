/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/branch.h"

#include <math.h>
#include <string.h>

#include "solve/master.h"
#include "solve/plan.h"
#include "solve/plunge.h"

enum { MOST_WHOLE_NODES = 300, ASCENT = 40, ASCENT_NODES = 2000, DEEPEST = 400, LEAST_PLUNGE = 100 };

typedef struct tree {
    hcb__branch_task *task;
    const hcb_allocator *mem;
    hcb__budget *budget;
    hcb__bundle bundle;
    hcb__master master;
    hcb__plan plan;
    hcb__lp_answer view; /* the node's fractional plan, as the rounding reads it */
    int32_t *rounded;
    int32_t nodes;
    int64_t lowest; /* least bound of the leaves */
} tree;

int64_t hcb__branch_denominator(const hcb__core *core) {
    return hcb__bundle_denominator(core);
}

static void collect(hcb__bundle *b, void *payload) {
    tree *t = payload;
    for (int32_t bin = 0; bin < b->core->n_bins; bin++)
        hcb__master_add_set(&t->master, bin, b->set + b->set_start[bin], b->set_size[bin]);
}

/* A plan that is better than any known. */
static void offer(tree *t) {
    int64_t value = hcb__plan_value(&t->plan);
    if (value >= t->task->value)
        return;
    t->task->value = value;
    t->task->found = true;
    memcpy(t->task->choice, t->plan.choice, (size_t)t->bundle.core->n_items * sizeof *t->task->choice);
}

/* The largest share of each item, as a plan. */
static bool take_largest(tree *t) {
    const hcb__core *core = t->bundle.core;
    for (int32_t i = 0; i < core->n_items; i++) {
        t->rounded[i] = core->start[i];
        for (int32_t c = core->start[i] + 1; c < core->start[i + 1]; c++)
            if (t->master.share[c] > t->master.share[t->rounded[i]])
                t->rounded[i] = c;
    }
    return hcb__plan_set(&t->plan, t->rounded);
}

/* Whole plans near the fractional one. */
static void round_node(void *payload) {
    tree *t = payload;
    if (take_largest(t))
        offer(t);
    if (hcb__plan_near(&t->plan, t->rounded, &t->view, &t->master))
        offer(t);
}

static int64_t cutoff(const tree *t) {
    return t->task->value - t->task->slack;
}

static bool over(const tree *t) {
    return hcb__budget_over(t->budget) || t->master.status != HCB_OK || t->task->proof->failed ||
           t->nodes >= t->task->most_nodes;
}

/* Down to plans, boldly first. */
static void plunge(tree *t) {
    static const double whole[] = {0.6, 0.75};
    for (int32_t k = 0; k < 2 && t->bundle.core->n_movable > LEAST_PLUNGE && !over(t); k++)
        if (!hcb__plunge(&t->master, cutoff(t), whole[k], round_node, t))
            t->task->proof->failed = true;
}

/* The best plan of the sets at hand: what the LP made of them is often within a few nodes of it. Its tree may take a
 * tenth of the budget, at about a unit for each twenty columns of a node. */
static void whole_sets(tree *t) {
    const hcb__core *core = t->bundle.core;
    int64_t columns = (int64_t)t->master.column_bin.count, nodes = MOST_WHOLE_NODES;
    int64_t a_node = columns * (1 + core->n_movable / 20) / 20 + 1;
    if (t->budget->work_limit > 0) {
        int64_t most = (t->budget->work_limit - t->budget->work) / 10 / a_node;
        nodes = most < nodes ? most : nodes;
    }
    if (core->first_goal < core->n_rows || nodes < 1)
        return;
    t->budget->work += nodes * a_node / 2;
    if (hcb__master_integer(&t->master, (int32_t)nodes, t->rounded) && hcb__plan_set(&t->plan, t->rounded))
        offer(t);
}

/* The least bound of a subtree that is not looked into: what its parent proved. */
static void leaf(tree *t, int64_t bound) {
    hcb__bundle *b = &t->bundle;
    hcb__multipliers m;
    hcb__prices prices = {b->denominator, b->row_price};
    hcb__bundle_seal(b, t->task->value);
    if (b->overfull >= 0)
        bound = hcb__dual_ceil(b->bound, b->denominator);
    if (!hcb__proof_multipliers(&m, t->task->proof->arena, b->core, &prices, false, b->item_price))
        t->task->proof->failed = true;
    else
        hcb__proof_add(t->task->proof, HCB__CERT_LEAF, 0, hcb__proof_add_multipliers(t->task->proof, &m));
    if (bound < t->lowest)
        t->lowest = bound;
}

/* The only choices left, in t->rounded; false when some item still has more than one. */
static bool all_decided(tree *t) {
    const hcb__core *core = t->bundle.core;
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t open = 0;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            if (t->bundle.open[c]) {
                t->rounded[i] = c;
                open++;
            }
        if (open != 1)
            return false;
    }
    return true;
}

/* A leaf of a single plan, proved without rounding: its own value, or a row that it passes. Prices of a relaxation are
 * too coarse for that where weights are large (shares of hours in ten-thousandths). False: not such a leaf. */
static bool settle(tree *t) {
    hcb__bundle *b = &t->bundle;
    const hcb__core *core = b->core;
    if (!all_decided(t))
        return false;
    bool holds = hcb__plan_set(&t->plan, t->rounded);
    int32_t priced = -1; /* the row it passes, or the largest goal */
    for (int32_t r = 0; r < core->n_rows; r++) {
        bool passes = t->plan.load[r] > core->limit[r], goal = holds && r >= core->first_goal;
        if (priced < 0 ? passes || goal : goal && t->plan.load[r] > t->plan.load[priced])
            priced = r;
    }
    int64_t price = holds ? b->denominator : 1;
    memset(b->row_price, 0, (size_t)core->n_rows * sizeof *b->row_price);
    if (priced >= 0)
        b->row_price[priced] = price;
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t c = t->rounded[i];
        b->item_price[i] = holds ? price * core->cost[c] : 0;
        for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
            if (core->use_row[u] == priced)
                b->item_price[i] += price * core->use_weight[u];
    }
    hcb__multipliers m;
    hcb__prices prices = {b->denominator, b->row_price};
    hcb__proof *proof = t->task->proof;
    if (!hcb__proof_multipliers(&m, proof->arena, core, &prices, false, b->item_price)) {
        proof->failed = true;
        return true;
    }
    hcb__proof_add(proof, holds ? HCB__CERT_LEAF : HCB__CERT_EMPTY, 0, hcb__proof_add_multipliers(proof, &m));
    if (holds) {
        int64_t value = hcb__plan_value(&t->plan);
        offer(t);
        t->lowest = value < t->lowest ? value : t->lowest;
    }
    return true;
}

/* The most undecided choice, those near one half and of large items first; -1 when all is whole. */
static int32_t pick(const tree *t) {
    const hcb__core *core = t->bundle.core;
    int32_t found = -1;
    double best = 1e-6;
    for (int32_t c = 0; c < core->n_choices; c++) {
        double x = t->master.share[c], score = x < 1 - x ? x : 1 - x;
        if (score > best && t->bundle.open[c]) {
            best = score;
            found = c;
        }
    }
    return found;
}

/* Any item that still has a choice to make. */
static int32_t pick_any(const tree *t) {
    const hcb__core *core = t->bundle.core;
    for (int32_t k = 0; k < core->n_movable; k++) {
        int32_t i = core->movable[k], open = 0, first = -1;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            if (t->bundle.open[c]) {
                first = first < 0 || t->master.share[c] > t->master.share[first] ? c : first;
                open++;
            }
        if (open > 1)
            return first;
    }
    return -1;
}

static void solve_node(tree *t, int32_t depth, hcb__wide parent);

static void enter(tree *t, int32_t choice, bool with, int32_t depth, const double *item_price, const double *row_price,
                  hcb__wide parent) {
    const hcb__core *core = t->bundle.core;
    int32_t i = core->item[choice], lo = core->start[i], n = core->start[i + 1] - lo;
    uint8_t *saved = hcb__malloc(t->mem, (size_t)n);
    if (!saved) {
        t->task->proof->failed = true;
        return;
    }
    memcpy(saved, t->bundle.open + lo, (size_t)n);
    for (int32_t c = lo; c < lo + n; c++)
        if ((c == choice) != with)
            t->bundle.open[c] = 0;
    memcpy(t->master.best_item_price, item_price, (size_t)core->n_items * sizeof *item_price);
    memcpy(t->master.best_row_price, row_price, (size_t)core->n_rows * sizeof *row_price);
    solve_node(t, depth + 1, parent);
    memcpy(t->bundle.open + lo, saved, (size_t)n);
    hcb__free(t->mem, saved);
}

static void split(tree *t, int32_t choice, int32_t depth) {
    const hcb__core *core = t->bundle.core;
    hcb__proof *proof = t->task->proof;
    hcb__wide bound = t->bundle.bound;
    size_t items = (size_t)core->n_items + 1, rows = (size_t)core->n_rows + 1;
    double *prices = hcb__calloc(t->mem, items + rows, sizeof *prices);
    int32_t node = hcb__proof_add(proof, core->item[choice], core->bin[choice], -1);
    if (!prices || proof->failed) {
        proof->failed = true;
        hcb__free(t->mem, prices);
        return;
    }
    memcpy(prices, t->master.best_item_price, (items - 1) * sizeof *prices);
    memcpy(prices + items, t->master.best_row_price, (rows - 1) * sizeof *prices);
    for (int32_t with = 1; with >= 0; with--) {
        int32_t child = (int32_t)proof->nodes.count;
        enter(t, choice, with, depth, prices, prices + items, bound);
        if (proof->failed)
            break;
        *(with ? &proof->nodes.at[node].with : &proof->nodes.at[node].without) = child;
    }
    hcb__free(t->mem, prices);
}

static bool empty(const tree *t) {
    const hcb__core *core = t->bundle.core;
    for (int32_t i = 0; i < core->n_items; i++) {
        bool any = false;
        for (int32_t c = core->start[i]; c < core->start[i + 1] && !any; c++)
            any = t->bundle.open[c];
        if (!any)
            return true;
    }
    return false;
}

/* parent: what the parent proved, at the prices that are the start here. */
static void solve_node(tree *t, int32_t depth, hcb__wide parent) {
    t->nodes++;
    if (empty(t)) {
        leaf(t, INT64_MAX);
        return;
    }
    int32_t outcome = HCB__NODE_STOPPED;
    if (t->bundle.overfull >= 0) {
        hcb__bundle_evaluate(&t->bundle, t->master.best_item_price, t->master.best_row_price, HCB__SET_NODES);
        leaf(t, t->task->value);
        return;
    }
    if (over(t) || depth > DEEPEST) {
        hcb__bundle_point(&t->bundle, t->master.best_item_price, t->master.best_row_price);
        t->bundle.bound = parent;
    } else {
        hcb__master_reopen(&t->master);
        outcome = hcb__master_node(&t->master, cutoff(t), parent);
    }
    int64_t bound = hcb__dual_ceil(t->bundle.bound, t->bundle.denominator);
    if (outcome == HCB__NODE_SOLVED)
        round_node(t);
    if (outcome == HCB__NODE_SOLVED && depth == 0 && bound < cutoff(t)) {
        whole_sets(t);
        plunge(t);
    }
    int32_t choice = -1;
    /* Where the relaxation did not converge, the branches below are smaller and do. */
    bool go_on = outcome == HCB__NODE_SOLVED || (outcome == HCB__NODE_STOPPED && !over(t) && depth <= DEEPEST);
    if (go_on && bound < cutoff(t)) {
        choice = pick(t);
        if (choice < 0)
            choice = pick_any(t);
    }
    if (choice >= 0) {
        split(t, choice, depth);
        return;
    }
    if (go_on && bound < cutoff(t) && settle(t))
        return;
    if (outcome == HCB__NODE_STOPPED)
        t->task->stopped = true;
    leaf(t, bound);
}

/* Item prices of the LP: the least priced value of each item's choices, all rows priced. */
static void start_prices(tree *t, double *item_price, double *row_price) {
    const hcb__core *core = t->bundle.core;
    const double *price = t->task->lp ? t->task->lp->row_price : NULL;
    for (int32_t i = 0; i < core->n_items; i++) {
        double least = INFINITY;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            double v = (double)core->cost[c];
            for (int32_t u = core->use_start[c]; price && u < core->use_start[c + 1]; u++)
                v += price[core->use_row[u]] * (double)core->use_weight[u];
            least = v < least ? v : least;
        }
        item_price[i] = least;
    }
    for (int32_t r = 0; price && r < core->n_rows; r++)
        row_price[r] = t->bundle.side_of[r] >= 0 ? price[r] : 0;
}

static bool init(tree *t) {
    const hcb__core *core = t->task->core;
    if (!hcb__bundle_init(&t->bundle, t->mem, core, t->budget))
        return false;
    t->view.x = hcb__calloc(t->mem, (size_t)core->n_choices + 1, sizeof *t->view.x);
    t->view.reduced = hcb__calloc(t->mem, (size_t)core->n_choices + 1, sizeof *t->view.reduced);
    t->rounded = hcb__calloc(t->mem, (size_t)core->n_items + 1, sizeof *t->rounded);
    return t->view.x && t->view.reduced && t->rounded && hcb__plan_init(&t->plan, t->mem, core) &&
           hcb__master_init(&t->master, hcb__backends()[0], &t->bundle);
}

hcb_status hcb__branch(hcb__branch_task *task, const hcb_allocator *mem, hcb__budget *budget) {
    tree t;
    memset(&t, 0, sizeof t);
    t.task = task;
    t.mem = mem;
    t.budget = budget;
    t.lowest = INT64_MAX;
    task->found = task->stopped = false;
    task->bound = INT64_MIN;
    hcb_status status = HCB_ENOMEM;
    if (init(&t)) {
        start_prices(&t, t.master.best_item_price, t.master.best_row_price);
        hcb__bundle_ascend(&t.bundle, t.master.best_item_price, t.master.best_row_price, ASCENT, task->value,
                           ASCENT_NODES, collect, &t);
        solve_node(&t, 0, HCB__NO_BOUND);
        status = task->proof->failed ? HCB_ENOMEM : t.master.status;
        if (!task->proof->failed)
            task->bound = t.lowest < task->value ? t.lowest : task->value;
    } else if (t.master.status != HCB_OK) {
        status = t.master.status;
    }
    hcb__master_free(&t.master);
    hcb__plan_free(&t.plan, mem);
    hcb__lp_free(&t.view, mem);
    hcb__free(mem, t.rounded);
    hcb__bundle_free(&t.bundle);
    return status;
}
