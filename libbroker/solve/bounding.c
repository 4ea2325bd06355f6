/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/bounding.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "solve/branch.h"
#include "solve/chain.h"
#include "solve/components.h"
#include "solve/master.h"
#include "solve/plunge.h"
#include "solve/search.h"

/* Nodes and labels of each bin's search: while columns are generated, and at the end. */
enum { GENERATE_NODES = 3000, LONGEST_NODES = 1000000, GENERATE_TURNS = 40, LEAST_PART = 20, PART_TREE_NODES = 2000 };

/* How whole a share is that a plunge settles at once, and what part of what is left a plunge may use. */
static const double PLUNGE_WHOLE = 0.65, PLUNGE_SHARE = 0.6;

/* The part of a certificate that all levels share: what single rows and earlier levels leave out. */
static void add_earlier(const hcb__solver *s, hcb__proof *proof, int32_t j) {
    for (size_t k = 0; k < s->forcing.count; k++)
        hcb__proof_add_step(proof, HCB__CERT_FIX_EMPTY, &s->forcing.at[k]);
    if (s->dominance)
        hcb__proof_add_step(proof, HCB__CERT_DOMINATED, NULL);
    for (int32_t k = 0; k < j; k++)
        if (s->level[k].fixes)
            hcb__proof_add_step(proof, HCB__CERT_FIX_EMPTY, &s->level[k].as_row);
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
        if (ok)
            hcb__proof_add_step(proof, HCB__CERT_FIX, &m);
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

bool hcb__proving_open(hcb__proving *o, hcb__solver *s, hcb__work *w, int32_t j, int32_t most_nodes, bool to_the_end) {
    size_t choices = (size_t)(s->n_pairs + s->p->n_items);
    memset(o, 0, sizeof *o);
    hcb__proof_init(&o->proof, &s->answer->arena, hcb__branch_denominator(w->core));
    o->allowed = (hcb__allowed){hcb__malloc(s->mem, choices + 1), s->n_pairs};
    o->task.choice = hcb__calloc(s->mem, (size_t)s->p->n_items + 1, sizeof *o->task.choice);
    if (!o->allowed.at || !o->task.choice)
        return false;
    memcpy(o->allowed.at, s->allowed.at, choices);
    add_earlier(s, &o->proof, j);
    if (!fix_by_value(s, w, &o->proof, &o->allowed) ||
        !hcb__core_build(&o->core, s->mem, s->p, j, &o->allowed, s->frozen))
        return false;
    o->task.core = o->core;
    o->lp.row_price = w->lp.row_price; /* rows are the same, whatever the choices */
    o->task.lp = &o->lp;
    o->task.value = hcb__plan_value(&w->plan);
    /* A little less than the gap allows: the value may still fall, and the gap with it. */
    o->task.slack = to_the_end ? 0 : (int64_t)(0.9 * hcb__gap_room(s, j, o->task.value));
    o->task.most_nodes = most_nodes;
    o->task.settles = hcb__settles(o->core);
    o->task.least = w->bound;
    o->task.seed = s->options->seed;
    o->task.bound = INT64_MIN;
    o->task.proof = &o->proof;
    return true;
}

bool hcb__proving_share(hcb__proving *o, hcb__solver *s, hcb__work *w) {
    if (o->task.found && o->task.value < hcb__plan_value(&w->plan))
        return adopt(s, w, &o->task);
    o->task.value = hcb__plan_value(&w->plan);
    return true;
}

bool hcb__proving_close(hcb__proving *o, hcb__solver *s, hcb__work *w, hcb_status status) {
    bool ok = status != HCB_ENOMEM && hcb__proving_share(o, s, w);
    if (ok && status == HCB_OK && o->task.bound > w->bound) {
        if (w->has_tree)
            hcb__proof_free(&w->proof);
        w->bound = o->task.bound;
        w->proof = o->proof;
        w->has_tree = true;
    } else {
        hcb__proof_free(&o->proof);
    }
    hcb__core_free(o->core);
    hcb__free(s->mem, o->task.choice);
    hcb__free(s->mem, o->allowed.at);
    return ok;
}

bool hcb__prove(hcb__solver *s, hcb__work *w, int32_t j, int32_t most_nodes, bool to_the_end) {
    hcb__proving o;
    bool ok = hcb__proving_open(&o, s, w, j, most_nodes, to_the_end);
    hcb_status status = ok ? HCB_OK : HCB_ENOMEM;
    if (ok && o.core->n_choices > 0) {
        hcb__budget part =
            hcb__budget_part(&w->budget, o.core->n_movable <= HCB__VERY_FEW || o.task.settles ? 0.9 : 0.3);
        status = hcb__branch(&o.task, s->mem, &part);
        w->budget.work = part.work;
    }
    return hcb__proving_close(&o, s, w, status);
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

static void collect(hcb__bundle *b, void *payload) {
    hcb__master *m = payload;
    for (int32_t bin = 0; bin < b->core->n_bins; bin++)
        hcb__master_add_set(m, bin, b->set + b->set_start[bin], b->set_size[bin]);
}

/* The same prices again with ever longer searches of the bins, while the budget has room for the next. */
static hcb__wide evaluate_longer(hcb__bundle *b, const double *item_price, const double *row_price, hcb__wide best) {
    for (int64_t nodes = 8 * GENERATE_NODES; nodes <= LONGEST_NODES; nodes *= 8) {
        int64_t before = b->budget->work;
        double began = hcb__now();
        hcb__bundle_evaluate(b, item_price, row_price, nodes);
        best = b->bound > best ? b->bound : best;
        int64_t cost = b->budget->work - before;
        if (b->budget->work_limit > 0 && b->budget->work_limit - b->budget->work < 8 * cost)
            break;
        if (hcb__budget_interrupted(b->budget) || hcb__deadline_left(b->budget->deadline) < 8 * (hcb__now() - began))
            break;
    }
    return best;
}

/* Where the plans of a plunge go: into the level's where they are better. */
typedef struct placing {
    hcb__work *w;
    const hcb__master *m;
    hcb__plan plan;
    hcb__lp_answer view;
    int32_t *choice;
} placing;

static void place(void *payload) {
    placing *p = payload;
    if (hcb__plan_near(&p->plan, p->choice, &p->view, p->m) && hcb__plan_value(&p->plan) < hcb__plan_value(&p->w->plan))
        hcb__plan_set(&p->w->plan, p->plan.choice);
}

/* Better plans of the whole level from the columns at hand. False: memory is out. */
static bool plunge(hcb__work *w, hcb__master *m) {
    const hcb_allocator *mem = &m->bundle->mem;
    size_t choices = (size_t)w->core->n_choices + 1;
    placing p = {.w = w, .m = m};
    p.view.x = hcb__calloc(mem, choices, sizeof *p.view.x);
    p.view.reduced = hcb__calloc(mem, choices, sizeof *p.view.reduced);
    p.choice = hcb__calloc(mem, (size_t)w->core->n_items + 1, sizeof *p.choice);
    bool ok = p.view.x && p.view.reduced && p.choice && hcb__plan_init(&p.plan, mem, w->core) &&
              hcb__plunge(m, hcb__plan_value(&w->plan), PLUNGE_WHOLE, place, &p);
    hcb__plan_free(&p.plan, mem);
    hcb__lp_free(&p.view, mem);
    hcb__free(mem, p.choice);
    return ok;
}

/* An ascent, then column generation from where it ended, within that part of the budget; then plans for `w`, if there
 * is one, for as much of the rest. */
static hcb__wide generate(hcb__work *w, bool *ok, hcb__bundle *b, double *item_price, double *row_price, int64_t value,
                          double of) {
    hcb__master m;
    hcb__wide best = HCB__NO_BOUND;
    hcb__budget *whole = b->budget, most = hcb__budget_part(whole, of);
    if (hcb__master_init(&m, b)) {
        m.set_nodes = GENERATE_NODES;
        b->budget = &most;
        best = hcb__bundle_ascend(b, item_price, row_price, GENERATE_TURNS, value, GENERATE_NODES, collect, &m);
        memcpy(m.best_item_price, item_price, (size_t)b->core->n_items * sizeof *item_price);
        memcpy(m.best_row_price, row_price, (size_t)b->core->n_rows * sizeof *row_price);
        hcb__master_node(&m, value, best);
        best = b->bound > best ? b->bound : best;
        whole->work = most.work;
        if (w && m.status == HCB_OK) {
            most = hcb__budget_part(whole, PLUNGE_SHARE);
            *ok = plunge(w, &m);
        }
        memcpy(item_price, m.best_item_price, (size_t)b->core->n_items * sizeof *item_price);
        memcpy(row_price, m.best_row_price, (size_t)b->core->n_rows * sizeof *row_price);
        b->budget = whole;
        whole->work = most.work;
    }
    hcb__master_free(&m);
    return best;
}

/* A better plan of one part by branch and price. Its tree proves the part alone, so it is not kept. */
static bool place_part(hcb__solver *s, hcb__work *w, const hcb__core *core, hcb__budget *budget) {
    hcb__lp_answer lp = {.row_price = w->lp.row_price};
    hcb__arena arena;
    hcb__proof proof;
    hcb__budget share = hcb__budget_part(budget, 0.6);
    hcb__arena_init(&arena, s->mem);
    hcb__proof_init(&proof, &arena, hcb__branch_denominator(core));
    hcb__branch_task task = {.core = core,
                             .lp = &lp,
                             .choice = hcb__calloc(s->mem, (size_t)core->n_items + 1, sizeof *task.choice),
                             .value = hcb__plan_value(&w->plan),
                             .most_nodes = PART_TREE_NODES,
                             .seed = s->options->seed,
                             .proof = &proof};
    bool ok = task.choice && hcb__branch(&task, s->mem, &share) != HCB_ENOMEM;
    budget->work = share.work;
    if (ok && task.found)
        ok = adopt(s, w, &task);
    hcb__free(s->mem, task.choice);
    hcb__proof_free(&proof);
    hcb__arena_release(&arena);
    return ok;
}

/* One part of a level that no row joins to the rest, whose items stay where the plan has them: its prices, raised by
 * themselves, become the whole's. */
static bool raise_part(hcb__solver *s, hcb__work *w, int32_t part, const int32_t *of_item, double *item_price,
                       double *row_price, hcb__budget *budget) {
    const hcb__core *whole = w->core;
    size_t choices = (size_t)(s->n_pairs + s->p->n_items), items = (size_t)whole->n_items;
    hcb__allowed allowed = {hcb__malloc(s->mem, choices + 1), s->n_pairs};
    double *price = hcb__calloc(s->mem, items + (size_t)whole->n_rows + 1, sizeof *price);
    hcb__core *core = NULL;
    hcb__bundle bundle;
    memset(&bundle, 0, sizeof bundle);
    bool ok = allowed.at && price;
    if (ok)
        memcpy(allowed.at, s->allowed.at, choices);
    for (int32_t i = 0; ok && i < whole->n_items; i++)
        for (int32_t c = whole->start[i]; of_item[i] != part && c < whole->start[i + 1]; c++)
            if (c != w->plan.choice[i])
                allowed.at[whole->pair[c] >= 0 ? whole->pair[c] : s->n_pairs + i] = 0;
    ok = ok && hcb__core_build(&core, s->mem, s->p, whole->level, &allowed, s->frozen) &&
         hcb__bundle_init(&bundle, s->mem, core, budget);
    if (ok && hcb__suits_branching(core))
        ok = place_part(s, w, core, budget);
    if (ok && bundle.overfull < 0) {
        memcpy(price, item_price, items * sizeof *price);
        memcpy(price + items, row_price, (size_t)whole->n_rows * sizeof *price);
        if (core->n_movable <= HCB__SWAP_ITEMS)
            generate(NULL, NULL, &bundle, price, price + items, hcb__plan_value(&w->plan), 1);
        for (int32_t m = 0; m < core->n_movable; m++) {
            int32_t i = core->movable[m];
            item_price[i] = price[i];
            for (int32_t u = core->use_start[core->start[i]]; u < core->use_start[core->start[i + 1]]; u++)
                row_price[core->use_row[u]] = price[items + (size_t)core->use_row[u]];
        }
    }
    hcb__bundle_free(&bundle);
    hcb__core_free(core);
    hcb__free(s->mem, price);
    hcb__free(s->mem, allowed.at);
    return ok;
}

/* Raises the bound part by part (of_item: of each item; NULL: as a whole); the value of all prices together goes to
 * *best. */
static bool raise_parts(hcb__solver *s, hcb__work *w, hcb__bundle *bundle, const int32_t *of_item, int32_t parts,
                        double *item_price, double *row_price, hcb__wide *best) {
    const hcb__core *core = w->core;
    bool ok = true;
    if (of_item) {
        int32_t left = core->n_movable;
        for (int32_t part = 0; ok && part < parts && !hcb__budget_over(bundle->budget); part++) {
            int32_t size = 0;
            for (int32_t m = 0; m < core->n_movable; m++)
                size += of_item[core->movable[m]] == part;
            hcb__budget share = hcb__budget_part(bundle->budget, 0.9 * size / left);
            left -= size;
            ok = raise_part(s, w, part, of_item, item_price, row_price, &share);
            bundle->budget->work = share.work;
        }
        *best = evaluate_longer(bundle, item_price, row_price, HCB__NO_BOUND);
    } else {
        *best = generate(w, &ok, bundle, item_price, row_price, hcb__plan_value(&w->plan), 0.6);
        *best = evaluate_longer(bundle, item_price, row_price, *best);
    }
    return ok;
}

/* of_item: the part of each item; NULL: there is one. */
static bool raise_level(hcb__solver *s, hcb__work *w, int32_t j, const int32_t *of_item, int32_t parts) {
    size_t items = (size_t)w->core->n_items + 1, rows = (size_t)w->core->n_rows + 1;
    double *price = hcb__calloc(s->mem, items + rows, sizeof *price);
    hcb__bundle bundle;
    hcb__proof proof;
    hcb__multipliers leaf;
    hcb__budget budget = hcb__budget_part(&w->budget, 0.65);
    memset(&bundle, 0, sizeof bundle);
    bool ok = price && hcb__bundle_init(&bundle, s->mem, w->core, &budget);
    if (ok && bundle.overfull < 0) {
        prices_of_lp(w, price, price + items);
        if (w->core->n_movable <= HCB__SWAP_ITEMS)
            hcb__pricing_weigh_rows(&bundle.pricing, w->lp.row_price);
        hcb__wide best = HCB__NO_BOUND;
        ok = raise_parts(s, w, &bundle, of_item, parts, price, price + items, &best);
        hcb__bundle_point(&bundle, price, price + items);
        bundle.bound = best;
        int64_t bound = hcb__dual_ceil(bundle.bound, bundle.denominator);
        hcb__prices prices = {bundle.denominator, bundle.row_price};
        hcb__proof_init(&proof, &s->answer->arena, bundle.denominator);
        hcb__bundle_seal(&bundle, bound);
        if (ok && best > HCB__NO_BOUND && bound > w->bound) {
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

bool hcb__raise_bound(hcb__solver *s, hcb__work *w, int32_t j) {
    const hcb__core *core = w->core;
    int32_t *of_item = hcb__calloc(s->mem, (size_t)core->n_items + 1, sizeof *of_item);
    int32_t parts = of_item ? hcb__components(core, s->mem, of_item) : -1;
    bool ok = parts >= 0, apart = parts > 1 && core->n_movable / parts >= LEAST_PART;
    if (ok && (apart || core->n_movable <= HCB__SWAP_ITEMS))
        ok = raise_level(s, w, j, apart ? of_item : NULL, parts);
    hcb__free(s->mem, of_item);
    return ok;
}
