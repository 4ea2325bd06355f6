/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/branch.h"

#include <math.h>
#include <string.h>

#include "solve/covers.h"
#include "solve/master.h"
#include "solve/plan.h"
#include "solve/plunge.h"
#include "solve/solver.h"

enum {
    MOST_WHOLE_NODES = 300,
    ASCENT = 40,
    SHORT_ASCENT = 10, /* from a guide's prices */
    ASCENT_NODES = 2000,
    MOST_OPEN = 2000,
    LEAST_PLUNGE = 100,
    CUT_ROUNDS = 12,
    MOST_WAKES = 8, /* in a step of a plunge */
    LOWER = 4       /* each toll than the one before */
};

/* Another round of cuts, and the cuts at all, are worth this part of what is open between bound and value. */
static const double LEAST_GAIN = 0.02;

/* Of the budget, for plans with a toll. */
static const double TOLL_SHARE = 0.6;

/* Of what a plunge finds left of the budget. */
static const double PLUNGE_SHARE = 0.2;

/* Prices that two branches start from, and their multipliers in the proof where one of them was left unsearched. */
typedef struct point {
    int32_t users, multipliers;
    double price[]; /* of items, then of rows */
} point;

/* What one branching decided, and the one above it (-1: the root). */
typedef struct step {
    int32_t up, choice;
    bool with;
} step;

/* A branch that waits to be searched: `parent` is its node of the proof, `bound` what that proved at `from`. */
typedef struct branch {
    int32_t step, parent;
    hcb__wide bound;
    point *from;
} branch;

struct hcb__tree {
    hcb__branch_task *task;
    const hcb_allocator *mem;
    hcb__budget *budget;
    hcb__core *cut; /* the task's core with cuts as rows, or NULL */
    hcb__bundle bundle;
    hcb__master master;
    hcb__plan plan;
    hcb__lp_answer view; /* the node's fractional plan, as the rounding reads it */
    int32_t *rounded;
    HCB__VEC(step) steps;
    HCB__VEC(branch) waiting; /* the last pushed at the end */
    bool dives;               /* the last pushed is looked at next */
    int32_t nodes;
    int64_t toll;   /* what it costs beside the level to leave a place */
    int64_t lowest; /* least bound of the leaves */
};

typedef hcb__tree tree;

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
    const hcb__core *core = t->task->core; /* without a toll, with the same choices */
    int64_t value = t->toll > 0 ? core->constant : hcb__plan_value(&t->plan);
    for (int32_t i = 0; t->toll > 0 && i < core->n_items; i++)
        value += core->cost[t->plan.choice[i]];
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
    return t->toll > 0 ? INT64_MAX : t->task->value - t->task->slack;
}

static bool over(const tree *t) {
    return hcb__budget_over(t->budget) || t->master.status != HCB_OK || t->task->proof->failed ||
           t->nodes >= t->task->most_nodes;
}

/* The best plan of the sets at hand: what the LP made of them is often within a few nodes of it. Its tree may take a
 * tenth of the budget, at about a unit for each twenty columns of a node. */
static void whole_sets(tree *t) {
    const hcb__core *core = t->bundle.core;
    int64_t columns = (int64_t)t->master.column_bin.count, nodes = MOST_WHOLE_NODES;
    int64_t a_node = columns * (1 + t->master.first_bin_row / 20) / 20 + 1;
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

/* Wakes the settled items that the fractional plan moves: the master gets their rows. False: there are none, or memory
 * is out. */
static bool wake(tree *t) {
    hcb__bundle *b = &t->bundle;
    int32_t woken = 0;
    for (int32_t k = 0; k < b->core->n_movable; k++) {
        int32_t i = b->core->movable[k], stay = b->settled.stay[i];
        if (stay < 0 || t->master.share[stay] > 1 - 1e-6)
            continue;
        b->settled.stay[i] = -1;
        t->master.best_item_price[i] = (double)b->item_price[i] / (double)b->denominator;
        woken++;
    }
    if (woken == 0)
        return false;
    hcb__master old = t->master;
    hcb__model_close(&old.model); /* one model at a time */
    memset(&t->master, 0, sizeof t->master);
    bool ok = hcb__master_init(&t->master, b);
    if (ok) {
        t->master.most_rounds = old.most_rounds;
        hcb__master_take_sets(&t->master, &old);
        memcpy(t->master.best_item_price, old.best_item_price, (size_t)b->core->n_items * sizeof(double));
        memcpy(t->master.best_row_price, old.best_row_price, (size_t)b->core->n_rows * sizeof(double));
        hcb__master_reopen(&t->master);
    }
    hcb__master_free(&old);
    t->task->proof->failed = t->task->proof->failed || !ok;
    return ok;
}

/* The best bound of the node at hand, whose relaxation moves no settled item when it is solved. */
static int32_t bound_node(tree *t, hcb__wide known) {
    int32_t outcome = hcb__master_node(&t->master, cutoff(t), known);
    while (outcome == HCB__NODE_SOLVED && wake(t))
        outcome = hcb__master_node(&t->master, cutoff(t), t->bundle.bound);
    return t->task->proof->failed ? HCB__NODE_STOPPED : outcome;
}

/* A step of a plunge, whose plan is whole only where it moves no settled item. */
static void plunged(void *payload) {
    tree *t = payload;
    for (int32_t k = 0; k < MOST_WAKES && !over(t) && wake(t); k++)
        hcb__master_node(&t->master, cutoff(t), HCB__NO_BOUND);
    round_node(t);
}

/* Down to plans, boldly first, with a part of what is left: the tree needs the rest. */
static void plunge(tree *t) {
    static const double whole[] = {0.6, 0.75};
    hcb__budget *all = t->budget, some = hcb__budget_part(all, PLUNGE_SHARE);
    t->budget = t->bundle.budget = &some;
    for (int32_t k = 0; k < 2 && !over(t); k++)
        if (!hcb__plunge(&t->master, cutoff(t), whole[k], plunged, t))
            t->task->proof->failed = true;
    t->budget = t->bundle.budget = all;
    all->work = some.work;
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
    bool ok = hcb__proof_multipliers(&m, proof->arena, core, &prices, false, b->item_price);
    if (priced >= 0)
        b->row_price[priced] = 0; /* a bin's own row has no price anywhere else, and nobody resets it */
    if (!ok) {
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

/* The most undecided choice: near one half, and of an item that is worth much, since where that goes settles most
 * else. -1 when all is whole. */
static int32_t pick(const tree *t) {
    const hcb__core *core = t->bundle.core;
    int32_t found = -1;
    double best = 0;
    for (int32_t c = 0; c < core->n_choices; c++) {
        double x = t->master.share[c], part = x < 1 - x ? x : 1 - x;
        double score = part * (1 + fabs(t->master.best_item_price[core->item[c]]));
        if (part > 1e-6 && score > best && t->bundle.open[c]) {
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
        if (t->bundle.settled.stay[i] >= 0)
            continue;
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

static void release(tree *t, point *p) {
    if (p && --p->users == 0)
        hcb__free(t->mem, p);
}

/* Two branches more; the one with the choice comes next. */
static void split(tree *t, int32_t choice, int32_t up) {
    const hcb__core *core = t->bundle.core;
    size_t items = (size_t)core->n_items, rows = (size_t)core->n_rows;
    int32_t node = hcb__proof_add(t->task->proof, core->item[choice], core->bin[choice], -1);
    point *p = hcb__malloc(t->mem, sizeof *p + (items + rows) * sizeof *p->price);
    bool ok = p != NULL;
    if (ok) {
        *p = (point){.users = 2, .multipliers = -1};
        memcpy(p->price, t->master.best_item_price, items * sizeof *p->price);
        memcpy(p->price + items, t->master.best_row_price, rows * sizeof *p->price);
    }
    for (int32_t with = 0; with < 2 && ok; with++) {
        step s = {up, choice, with};
        branch b = {(int32_t)t->steps.count, node, t->bundle.bound, p};
        ok = HCB__PUSH(t->mem, &t->steps, s) && HCB__PUSH(t->mem, &t->waiting, b);
        if (!ok) { /* the first, if there is one, is with those that wait */
            p->users = with + 1;
            release(t, p);
        }
    }
    t->dives = true;
    if (!ok)
        t->task->proof->failed = true;
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

/* The root anew, with the proof's cuts as rows: the same sets as columns, the same prices. False: memory is out. */
static bool rebuild(tree *t, const double *cut_price) {
    const hcb__core *plain = t->task->core;
    hcb__cuts *cuts = &t->task->proof->cuts;
    tree old = *t;
    old.master.bundle = &old.bundle;
    hcb__model_close(&old.master.model); /* one model at a time */
    t->cut = NULL;
    memset(&t->bundle, 0, sizeof t->bundle);
    memset(&t->master, 0, sizeof t->master);
    memset(&t->plan, 0, sizeof t->plan);
    bool ok = hcb__core_with_cuts(&t->cut, t->mem, plain, cuts->at, (int32_t)cuts->count);
    for (int32_t i = 0; ok && t->toll > 0 && i < plain->n_items; i++)
        if (old.bundle.settled.place[i] >= 0)
            t->cut->cost[old.bundle.settled.place[i]] -= t->toll;
    ok = ok && hcb__bundle_init(&t->bundle, t->mem, t->cut, t->budget) &&
         (!t->task->settles || hcb__bundle_settle(&t->bundle)) && hcb__plan_init(&t->plan, t->mem, t->cut);
    if (ok) /* what was woken stays so */
        memcpy(t->bundle.settled.stay, old.bundle.settled.stay, (size_t)plain->n_items * sizeof(int32_t));
    ok = ok && hcb__master_init(&t->master, &t->bundle);
    if (ok) {
        t->bundle.denominator = old.bundle.denominator;
        hcb__master_take_sets(&t->master, &old.master);
        memcpy(t->master.best_item_price, old.master.best_item_price,
               (size_t)plain->n_items * sizeof *t->master.best_item_price);
        memcpy(t->master.best_row_price, old.master.best_row_price,
               (size_t)plain->n_rows * sizeof *t->master.best_row_price);
        for (size_t k = 0; k < cuts->count; k++)
            t->master.best_row_price[(size_t)plain->n_rows + k] = cut_price[k];
    }
    hcb__master_free(&old.master);
    hcb__bundle_free(&old.bundle);
    hcb__plan_free(&old.plan, t->mem);
    hcb__core_free(old.cut);
    return ok;
}

/* Leaves out the cuts without a price, which goes to cut_price for the others. */
static void drop_idle(tree *t, double *cut_price) {
    hcb__cuts *cuts = &t->task->proof->cuts;
    size_t first = (size_t)t->task->core->n_rows, kept = 0;
    for (size_t k = 0; k < cuts->count; k++)
        if (t->bundle.row_price[first + k] > 0) {
            cut_price[kept] = t->master.best_row_price[first + k];
            cuts->at[kept++] = cuts->at[k];
        }
    cuts->count = kept;
}

/* One round of cuts at the root. *done: there are none, or they gained too little. */
static bool cut_once(tree *t, int32_t *outcome, bool *done) {
    hcb__cuts *cuts = &t->task->proof->cuts;
    hcb__wide before = t->bundle.bound, goal = (hcb__wide)t->bundle.denominator * cutoff(t);
    size_t known = cuts->count;
    *done = true;
    if (!hcb__covers_find(cuts, t->task->proof->arena, t->mem, t->bundle.core, t->master.share))
        return false;
    if (cuts->count == known)
        return true;
    size_t found = cuts->count;
    double *price = hcb__calloc(t->mem, found, sizeof *price);
    if (!price)
        return false;
    /* The new ones, which have no price yet, move down to those that have one. */
    cuts->count = known;
    drop_idle(t, price);
    memmove(cuts->at + cuts->count, cuts->at + known, (found - known) * sizeof *cuts->at);
    cuts->count += found - known;
    bool ok = rebuild(t, price);
    hcb__free(t->mem, price);
    if (!ok)
        return false;
    *outcome = bound_node(t, before);
    *done = *outcome != HCB__NODE_SOLVED || (double)(t->bundle.bound - before) < LEAST_GAIN * (double)(goal - before);
    return true;
}

/* Cuts at the root for as long as they gain; none where they gain too little in all. */
static int32_t tighten(tree *t, int32_t outcome) {
    hcb__cuts *cuts = &t->task->proof->cuts;
    hcb__wide before = t->bundle.bound, goal = (hcb__wide)t->bundle.denominator * cutoff(t);
    bool ok = true, done = t->bundle.core->first_goal < t->bundle.core->n_rows;
    for (int32_t round = 0; ok && !done && round < CUT_ROUNDS && !over(t); round++)
        ok = cut_once(t, &outcome, &done);
    if (ok && cuts->count > 0 && outcome != HCB__NODE_PRUNED) {
        hcb__wide bound = t->bundle.bound;
        double *price = hcb__calloc(t->mem, cuts->count, sizeof *price);
        ok = price != NULL;
        if (ok)
            drop_idle(t, price);
        if ((double)(bound - before) < LEAST_GAIN * (double)(goal - before))
            cuts->count = 0;
        ok = ok && rebuild(t, price);
        hcb__free(t->mem, price);
        if (ok)
            outcome = bound_node(t, cuts->count ? bound : HCB__NO_BOUND);
    }
    t->task->proof->failed = t->task->proof->failed || !ok;
    return ok ? outcome : HCB__NODE_STOPPED;
}

/* Searches the branch whose choices are open and whose prices are set: a leaf, or two branches more. way: its last
 * step, -1 at the root. */
static void solve_node(tree *t, int32_t way, hcb__wide parent) {
    bool root = way < 0;
    t->nodes++;
    if (empty(t)) {
        leaf(t, INT64_MAX);
        return;
    }
    if (t->bundle.overfull >= 0) {
        hcb__bundle_evaluate(&t->bundle, t->master.best_item_price, t->master.best_row_price, HCB__SET_NODES);
        leaf(t, t->task->value);
        return;
    }
    hcb__master_reopen(&t->master);
    int32_t outcome = bound_node(t, parent);
    if (outcome == HCB__NODE_SOLVED && root) {
        outcome = tighten(t, outcome);
        if (t->task->proof->failed)
            return;
    }
    int64_t bound = hcb__dual_ceil(t->bundle.bound, t->bundle.denominator);
    if (outcome == HCB__NODE_SOLVED)
        round_node(t);
    if (outcome == HCB__NODE_SOLVED && root && bound < cutoff(t)) {
        whole_sets(t);
        /* A toll has shown the plans of a plunge already, with room to spare. */
        if (t->bundle.core->n_movable > LEAST_PLUNGE && !t->task->settles)
            plunge(t);
    }
    int32_t choice = -1;
    /* Where the relaxation did not converge, the branches below are smaller and do. */
    bool go_on = outcome == HCB__NODE_SOLVED || (outcome == HCB__NODE_STOPPED && !over(t));
    if (go_on && bound < cutoff(t)) {
        choice = pick(t);
        if (choice < 0)
            choice = pick_any(t);
    }
    if (choice >= 0) {
        split(t, choice, way);
        return;
    }
    if (go_on && bound < cutoff(t) && settle(t))
        return;
    if (outcome == HCB__NODE_STOPPED)
        t->task->stopped = true;
    leaf(t, bound);
}

/* A branch that is not searched: a leaf at the prices of its parent. */
static void leave(tree *t, const branch *b) {
    hcb__proof *proof = t->task->proof;
    int64_t bound = hcb__dual_ceil(b->bound, t->bundle.denominator);
    if (b->from->multipliers < 0) {
        hcb__bundle_point(&t->bundle, b->from->price, b->from->price + t->bundle.core->n_items);
        t->bundle.bound = b->bound;
        leaf(t, bound);
        b->from->multipliers = (int32_t)proof->multipliers.count - 1;
    } else {
        hcb__proof_add(proof, HCB__CERT_LEAF, 0, b->from->multipliers);
    }
}

/* Which branch comes next: down while there is something below, where few items make that the way to plans; else the
 * one with the least bound, since no other raises that of the tree; and the last, which soon ends, where too many wait.
 */
static size_t next_branch(const tree *t) {
    size_t last = t->waiting.count - 1, least = last;
    if ((t->dives && t->bundle.core->n_movable <= LEAST_PLUNGE) || t->waiting.count > MOST_OPEN)
        return last;
    for (size_t k = 0; k < last; k++)
        if (t->waiting.at[k].bound < t->waiting.at[least].bound)
            least = k;
    return least;
}

/* Opens what the decisions on the way to a branch leave. */
static void open_branch(tree *t, const branch *b) {
    const hcb__core *core = t->bundle.core;
    memset(t->bundle.open, 1, (size_t)core->n_choices);
    for (int32_t at = b->step; at >= 0; at = t->steps.at[at].up) {
        int32_t choice = t->steps.at[at].choice, i = core->item[choice];
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            if ((c == choice) != t->steps.at[at].with)
                t->bundle.open[c] = 0;
    }
    memcpy(t->master.best_item_price, b->from->price, (size_t)core->n_items * sizeof *b->from->price);
    memcpy(t->master.best_row_price, b->from->price + core->n_items, (size_t)core->n_rows * sizeof *b->from->price);
}

/* Takes the k-th of those that wait: a leaf where it is `left`, else searched. */
static void take_branch(tree *t, size_t k, bool left) {
    hcb__proof *proof = t->task->proof;
    branch b = t->waiting.at[k];
    memmove(t->waiting.at + k, t->waiting.at + k + 1, (--t->waiting.count - k) * sizeof b);
    int32_t node = (int32_t)proof->nodes.count;
    bool closed = hcb__dual_ceil(b.bound, t->bundle.denominator) >= cutoff(t);
    t->dives = false;
    if (closed || left) {
        t->task->stopped = t->task->stopped || !closed;
        leave(t, &b);
    } else {
        open_branch(t, &b);
        solve_node(t, b.step, b.bound);
    }
    release(t, b.from);
    if (!proof->failed)
        *(t->steps.at[b.step].with ? &proof->nodes.at[b.parent].with : &proof->nodes.at[b.parent].without) = node;
}

/* Item prices of the LP: the least priced value of each item's choices, all rows priced. */
static void start_prices(tree *t, double *item_price, double *row_price) {
    const hcb__core *core = t->bundle.core;
    const hcb__guide *guide = t->task->guide;
    const double *price = t->task->lp ? t->task->lp->row_price : NULL;
    for (int32_t i = 0; i < core->n_items; i++) {
        double least = INFINITY;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            double v = (double)core->cost[c];
            for (int32_t u = core->use_start[c]; price && u < core->use_start[c + 1]; u++)
                v += price[core->use_row[u]] * (double)core->use_weight[u];
            least = v < least ? v : least;
        }
        item_price[i] = guide && !isnan(guide->worth[i]) ? guide->worth[i] : least;
    }
    for (int32_t r = 0; price && r < core->n_rows; r++)
        row_price[r] = t->bundle.side_of[r] < 0 ? 0 : guide ? guide->row_price[r] : price[r];
}

static bool init(tree *t) {
    const hcb__core *core = t->task->core;
    if (!hcb__bundle_init(&t->bundle, t->mem, core, t->budget) || (t->task->settles && !hcb__bundle_settle(&t->bundle)))
        return false;
    t->bundle.denominator = t->task->proof->denominator;
    t->view.x = hcb__calloc(t->mem, (size_t)core->n_choices + 1, sizeof *t->view.x);
    t->view.reduced = hcb__calloc(t->mem, (size_t)core->n_choices + 1, sizeof *t->view.reduced);
    t->rounded = hcb__calloc(t->mem, (size_t)core->n_items + 1, sizeof *t->rounded);
    return t->view.x && t->view.reduced && t->rounded && hcb__plan_init(&t->plan, t->mem, core) &&
           hcb__master_init(&t->master, &t->bundle);
}

static void free_tree(tree *t) {
    const hcb_allocator *mem = t->mem;
    for (size_t k = 0; k < t->waiting.count; k++)
        release(t, t->waiting.at[k].from);
    hcb__master_free(&t->master);
    hcb__plan_free(&t->plan, mem);
    hcb__lp_free(&t->view, mem);
    hcb__free(mem, t->rounded);
    hcb__bundle_free(&t->bundle);
    hcb__core_free(t->cut);
    HCB__VEC_FREE(mem, &t->steps);
    HCB__VEC_FREE(mem, &t->waiting);
    hcb__free(mem, t);
}

/* The bin's items in their places, as choices in t->rounded; -1 when they do not fit together. */
static int32_t items_in_place(tree *t, int32_t bin) {
    const hcb__pricing *g = &t->bundle.pricing;
    int32_t n = 0, rows = g->row_start[bin + 1] - g->row_start[bin];
    for (int32_t k = g->bin_start[bin]; k < g->bin_start[bin + 1]; k++)
        if (t->bundle.settled.place[g->item[k]] == g->choice[k])
            t->rounded[n++] = g->choice[k];
    for (int32_t r = 0; r < rows; r++) {
        int64_t load = 0;
        for (int32_t k = g->bin_start[bin]; k < g->bin_start[bin + 1]; k++)
            if (t->bundle.settled.place[g->item[k]] == g->choice[k])
                load += g->weight[g->weight_start[k] + r];
        if (load > g->room[g->row_start[bin] + r])
            return -1;
    }
    return n;
}

/* Each bin's items in their places as a set: the master then begins with a plan. */
static void add_places(tree *t) {
    for (int32_t b = 0; b < t->bundle.core->n_bins; b++) {
        int32_t n = items_in_place(t, b);
        if (n > 0)
            hcb__master_add_set(&t->master, b, t->rounded, n);
    }
}

/* What an item without a place costs at most when it waits. */
static int64_t dearest_wait(const tree *t) {
    const hcb__core *core = t->task->core;
    int64_t most = 0;
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t last = core->start[i + 1] - 1;
        if (t->bundle.settled.place[i] < 0 && core->bin[last] == HCB__WAITS && core->cost[last] > most)
            most = core->cost[last];
    }
    return most;
}

/* The first toll: a part of the dearest wait, and so little that all tolls together pass no sum. */
static int64_t first_toll(const tree *t) {
    int64_t most = (int64_t)(0x1p56 / (double)t->bundle.denominator / (t->task->core->n_items + 1));
    int64_t toll = dearest_wait(t) / LOWER;
    return toll < most ? toll : most;
}

/* Plans in which few items leave their places, for a part of the budget: with a toll on each move, high at first, the
 * columns show what a move is worth, and what the relaxation leaves of the row's limit is room to make its plan whole.
 * Where the limit is tighter than the toll, lower tolls would change nothing. */
static void begin_with_toll(tree *t) {
    hcb__budget *all = t->budget, some = hcb__budget_part(all, TOLL_SHARE);
    bool ok = true, binding = false;
    t->budget = t->bundle.budget = &some;
    for (t->toll = first_toll(t); ok && !binding && t->toll > 0 && t->task->value > t->task->least && !over(t);
         t->toll /= LOWER) {
        ok = rebuild(t, NULL);
        if (!ok || bound_node(t, HCB__NO_BOUND) != HCB__NODE_SOLVED)
            continue;
        binding = t->master.row_price[t->bundle.settled.row] > 0;
        round_node(t);
        whole_sets(t);
        if (t->task->value > t->task->least && !binding)
            plunge(t);
    }
    t->budget = t->bundle.budget = all;
    all->work = some.work;
    t->toll = 0;
    if (!ok || (t->task->value > t->task->least && !rebuild(t, NULL)))
        t->task->proof->failed = true;
}

hcb_status hcb__tree_open(hcb__tree **out, hcb__branch_task *task, const hcb_allocator *mem, hcb__budget *budget) {
    tree *t = *out = hcb__calloc(mem, 1, sizeof *t);
    task->found = task->stopped = false;
    task->bound = INT64_MIN;
    if (!t)
        return HCB_ENOMEM;
    t->task = task;
    t->mem = mem;
    t->budget = budget;
    t->lowest = INT64_MAX;
    if (init(t)) {
        start_prices(t, t->master.best_item_price, t->master.best_row_price);
        if (task->settles)
            add_places(t);
        else
            hcb__bundle_ascend(&t->bundle, t->master.best_item_price, t->master.best_row_price,
                               task->guide ? SHORT_ASCENT : ASCENT, task->value, ASCENT_NODES, collect, t);
        if (task->settles && task->core->level == 0)
            begin_with_toll(t);
        if (!task->proof->failed && (!task->settles || task->value > task->least))
            solve_node(t, -1, HCB__NO_BOUND);
        return HCB_OK;
    }
    hcb_status status = t->master.status != HCB_OK ? t->master.status : HCB_ENOMEM;
    free_tree(t);
    *out = NULL;
    return status;
}

bool hcb__tree_grow(hcb__tree *t, const hcb__budget *until) {
    while (t->waiting.count > 0 && !t->task->proof->failed && !over(t)) {
        hcb__budget some = *until;
        some.work = t->budget->work;
        if (hcb__budget_over(&some))
            return true;
        take_branch(t, next_branch(t), false);
    }
    return false;
}

int64_t hcb__tree_bound(const hcb__tree *t) {
    hcb__wide least = (hcb__wide)t->bundle.denominator * (t->lowest < t->task->value ? t->lowest : t->task->value);
    for (size_t k = 0; k < t->waiting.count; k++)
        if (t->waiting.at[k].bound < least)
            least = t->waiting.at[k].bound;
    return hcb__dual_ceil(least, t->bundle.denominator);
}

void hcb__tree_guide(hcb__tree *t, hcb__guide *guide) {
    hcb__bundle *b = &t->bundle;
    const hcb__core *core = b->core;
    double scale = 1 / (double)b->denominator;
    hcb__bundle_evaluate(b, t->master.best_item_price, t->master.best_row_price, ASCENT_NODES);
    for (int32_t i = 0; i < core->n_items; i++)
        guide->worth[i] = core->start[i + 1] - core->start[i] > 1 ? scale * (double)b->item_price[i] : NAN;
    for (int32_t r = 0; r < t->task->core->n_rows; r++)
        guide->row_price[r] = scale * (double)b->row_price[r];
    for (int32_t bin = 0; bin < core->n_bins; bin++)
        for (int32_t k = 0; k < b->set_size[bin]; k++) {
            int32_t c = b->set[b->set_start[bin] + k];
            guide->gain[bin] += scale * (double)(b->item_price[core->item[c]] - b->value[c]);
        }
}

hcb_status hcb__tree_close(hcb__tree *t) {
    hcb__branch_task *task = t->task;
    while (t->waiting.count > 0 && !task->proof->failed)
        take_branch(t, t->waiting.count - 1, true);
    hcb_status status = task->proof->failed ? HCB_ENOMEM : t->master.status;
    if (!task->proof->failed && t->nodes > 0)
        task->bound = t->lowest < task->value ? t->lowest : task->value;
    free_tree(t);
    return status;
}

hcb_status hcb__branch(hcb__branch_task *task, const hcb_allocator *mem, hcb__budget *budget) {
    tree *t;
    hcb_status status = hcb__tree_open(&t, task, mem, budget);
    if (!t)
        return status;
    hcb__tree_grow(t, budget);
    return hcb__tree_close(t);
}
