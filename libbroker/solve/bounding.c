/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/bounding.h"

#include <math.h>
#include <string.h>

#include "solve/branch.h"
#include "solve/bundle.h"

enum { RAISE_NODES = 1500 }; /* of each bin's search while the bound is raised */

/* The part of a certificate that all levels share: what single rows and earlier levels leave out. */
static void add_earlier(const hcb__solver *s, hcb__proof *proof, int32_t j) {
    for (size_t k = 0; k < s->forcing.count; k++) {
        int32_t node =
            hcb__proof_add(proof, HCB__CERT_FIX_EMPTY, 0, hcb__proof_add_multipliers(proof, &s->forcing.at[k]));
        if (!proof->failed)
            proof->nodes.at[node].with = node + 1;
    }
    for (int32_t k = 0; k < j; k++)
        if (s->level[k].fixes) {
            int32_t node =
                hcb__proof_add(proof, HCB__CERT_FIX_EMPTY, 0, hcb__proof_add_multipliers(proof, &s->level[k].as_row));
            if (!proof->failed)
                proof->nodes.at[node].with = node + 1;
        }
}

bool hcb__certify(hcb__solver *s, hcb__work *w, int32_t j) {
    if (w->has_tree)
        return hcb__proof_finish(&w->proof, &s->answer->levels[j].certificate);
    hcb__proof proof;
    hcb__multipliers leaf;
    hcb__proof_init(&proof, &s->answer->arena, w->prices.denominator);
    bool ok = hcb__proof_multipliers(&leaf, proof.arena, w->core, &w->prices, false, NULL);
    add_earlier(s, &proof, j);
    if (ok)
        hcb__proof_add(&proof, HCB__CERT_LEAF, 0, hcb__proof_add_multipliers(&proof, &leaf));
    ok = ok && hcb__proof_finish(&proof, &s->answer->levels[j].certificate);
    hcb__proof_free(&proof);
    return ok;
}

/* Leaves out, by the LP's prices, what no better plan can hold; adds the node that says so. */
static bool fix_by_value(hcb__solver *s, hcb__work *w, hcb__proof *proof, hcb__allowed *allowed) {
    hcb__prices prices = {1, NULL};
    hcb__multipliers m;
    if (!hcb__prices_round(&prices, s->mem, w->core, w->lp.row_price, proof->denominator))
        return false;
    bool ok = true;
    if (prices.denominator == proof->denominator &&
        hcb__dual_fix(w->core, &prices, hcb__plan_value(&w->plan) - 1, allowed) > 0) {
        ok = hcb__proof_multipliers(&m, proof->arena, w->core, &prices, false, NULL);
        int32_t node = ok ? hcb__proof_add(proof, HCB__CERT_FIX, 0, hcb__proof_add_multipliers(proof, &m)) : -1;
        if (ok && !proof->failed)
            proof->nodes.at[node].with = node + 1;
    }
    hcb__prices_free(&prices, s->mem);
    return ok;
}

/* A better plan of the tree, which knows fewer choices, becomes the level's. */
static bool adopt(hcb__solver *s, hcb__work *w, const hcb__branch_task *task) {
    int32_t *bin = hcb__calloc(s->mem, (size_t)w->core->n_items + 1, sizeof *bin);
    for (int32_t i = 0; bin && i < w->core->n_items; i++)
        bin[i] = task->core->bin[task->choice[i]];
    bool ok = bin && hcb__work_set_plan(w, bin, s->mem) == HCB_OK;
    hcb__free(s->mem, bin);
    return ok;
}

bool hcb__prove(hcb__solver *s, hcb__work *w, int32_t j, int32_t most_nodes, bool to_the_end) {
    size_t choices = (size_t)(s->n_pairs + s->p->n_items);
    hcb__allowed allowed = {hcb__malloc(s->mem, choices + 1), s->n_pairs};
    hcb__branch_task task;
    hcb__proof proof;
    hcb__core *core = NULL;
    hcb__lp_answer lp;
    memset(&task, 0, sizeof task);
    memset(&lp, 0, sizeof lp);
    hcb__proof_init(&proof, &s->answer->arena, hcb__branch_denominator(w->core));
    task.choice = hcb__calloc(s->mem, (size_t)s->p->n_items + 1, sizeof *task.choice);
    bool ok = allowed.at && task.choice;
    if (ok) {
        memcpy(allowed.at, s->allowed.at, choices);
        add_earlier(s, &proof, j);
        ok = fix_by_value(s, w, &proof, &allowed) && hcb__core_build(&core, s->mem, s->p, j, &allowed, s->frozen);
    }
    if (ok && core->n_choices > 0) {
        task.core = core;
        lp.row_price = w->lp.row_price; /* rows are the same, whatever the choices */
        task.lp = &lp;
        task.value = hcb__plan_value(&w->plan);
        /* A little less than the gap allows: the value may still fall, and the gap with it. */
        task.slack = to_the_end ? 0 : (int64_t)(0.9 * hcb__gap_room(s, j, task.value));
        task.most_nodes = most_nodes;
        task.seed = s->options->seed;
        task.proof = &proof;
        hcb__budget part = hcb__budget_part(&w->budget, core->n_movable <= HCB__VERY_FEW ? 0.9 : 0.6);
        hcb_status status = hcb__branch(&task, s->mem, &part);
        w->budget.work = part.work;
        ok = status != HCB_ENOMEM;
        if (ok && task.found)
            ok = adopt(s, w, &task);
        if (ok && status == HCB_OK && task.bound > w->bound) {
            if (w->has_tree)
                hcb__proof_free(&w->proof);
            w->bound = task.bound;
            w->proof = proof;
            w->has_tree = true;
            memset(&proof.nodes, 0, sizeof proof.nodes);
            memset(&proof.multipliers, 0, sizeof proof.multipliers);
        }
    }
    hcb__proof_free(&proof);
    hcb__core_free(core);
    hcb__free(s->mem, task.choice);
    hcb__free(s->mem, allowed.at);
    return ok;
}

/* Item prices that go with the LP's row prices: the least priced value of each item's choices. */
static void prices_of_lp(const hcb__work *w, double *item_price, double *row_price) {
    const hcb__core *core = w->core;
    for (int32_t i = 0; i < core->n_items; i++) {
        double least = INFINITY;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            double v = (double)core->cost[c];
            for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
                v += w->lp.row_price[core->use_row[u]] * (double)core->use_weight[u];
            least = v < least ? v : least;
        }
        item_price[i] = least;
    }
    for (int32_t r = 0; r < core->n_rows; r++)
        row_price[r] = core->row_bin[r] < 0 ? w->lp.row_price[r] : 0;
}

bool hcb__raise_bound(hcb__solver *s, hcb__work *w, int32_t j, int32_t iterations) {
    size_t items = (size_t)w->core->n_items + 1, rows = (size_t)w->core->n_rows + 1;
    double *price = hcb__calloc(s->mem, items + rows, sizeof *price);
    hcb__bundle bundle;
    hcb__proof proof;
    hcb__multipliers leaf;
    hcb__budget budget = hcb__budget_part(&w->budget, 0.4);
    memset(&bundle, 0, sizeof bundle);
    bool ok = price && hcb__bundle_init(&bundle, s->mem, w->core, &budget);
    if (ok && bundle.overfull < 0) {
        prices_of_lp(w, price, price + items);
        hcb__wide best = hcb__bundle_ascend(&bundle, price, price + items, iterations, hcb__plan_value(&w->plan),
                                            RAISE_NODES, NULL, NULL);
        hcb__bundle_point(&bundle, price, price + items);
        bundle.bound = best;
        int64_t bound = hcb__dual_ceil(bundle.bound, bundle.denominator);
        hcb__prices prices = {bundle.denominator, bundle.row_price};
        hcb__proof_init(&proof, &s->answer->arena, bundle.denominator);
        hcb__bundle_seal(&bundle, bound);
        if (best > HCB__NO_BOUND && bound > w->bound) {
            ok = hcb__proof_multipliers(&leaf, proof.arena, w->core, &prices, false, bundle.item_price);
            add_earlier(s, &proof, j);
            if (ok)
                hcb__proof_add(&proof, HCB__CERT_LEAF, 0, hcb__proof_add_multipliers(&proof, &leaf));
            w->bound = bound;
            w->proof = proof;
            w->has_tree = true;
        }
    }
    w->budget.work = budget.work;
    hcb__bundle_free(&bundle);
    hcb__free(s->mem, price);
    return ok;
}
