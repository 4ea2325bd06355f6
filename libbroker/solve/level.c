/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/level.h"

#include <math.h>
#include <string.h>

#include "solve/ascend.h"
#include "solve/beside.h"
#include "solve/bounding.h"
#include "solve/dive.h"
#include "solve/search.h"

enum {
    MOST_TREE_NODES = 20000,
    FEW_NODES = 40,
    PRICE_TURNS = 60 /* from known prices */
};

/* Known prices that rise by more than this share are too far from today's to search by: the LP comes first. */
static const double PRICES_FAR = 0.001;

static void take_prices(hcb__work *w, const hcb_allocator *mem, hcb__prices *prices) {
    int64_t bound = hcb__dual_ceil(hcb__dual_value(w->core, prices), prices->denominator);
    if (!w->prices.row || bound > w->bound) {
        hcb__prices_free(&w->prices, mem);
        w->prices = *prices;
        w->bound = bound;
    } else {
        hcb__prices_free(prices, mem);
    }
}

/* Prices of nothing, and those an earlier run of the level left. */
static bool first_prices(hcb__solver *s, hcb__work *w, const hcb__prices *kept) {
    double *zero = hcb__calloc(s->mem, (size_t)w->core->n_rows + 1, sizeof *zero);
    hcb__prices prices = {1, NULL};
    bool ok = zero && hcb__prices_round(&prices, s->mem, w->core, zero, 1);
    hcb__free(s->mem, zero);
    if (ok)
        take_prices(w, s->mem, &prices);
    if (ok && kept && kept->row) {
        ok = hcb__prices_copy(&prices, s->mem, w->core, kept);
        if (ok)
            take_prices(w, s->mem, &prices);
    }
    return ok;
}

static bool relax(hcb__solver *s, hcb__work *w) {
    hcb__prices prices = {1, NULL};
    hcb__lp_free(&w->lp, s->mem);
    if (!hcb__lp_solve(&w->lp, s->mem, w->core, &w->budget) ||
        !hcb__prices_round(&prices, s->mem, w->core, w->lp.row_price, HCB__FINEST_DENOMINATOR))
        return false;
    take_prices(w, s->mem, &prices);
    return true;
}

/* The rounded LP, when it holds and is better than the plan at hand. */
static bool try_rounded(hcb__solver *s, hcb__work *w) {
    int32_t *now = hcb__calloc(s->mem, (size_t)w->core->n_items + 1, sizeof *now);
    int32_t *rounded = hcb__calloc(s->mem, (size_t)w->core->n_items + 1, sizeof *rounded);
    bool found = false;
    bool ok = now && rounded && hcb__dive(rounded, &found, s->mem, w->core, &w->lp, s->frozen, &w->budget);
    if (ok && found) {
        int64_t before = hcb__plan_value(&w->plan);
        memcpy(now, w->plan.choice, (size_t)w->core->n_items * sizeof *now);
        if (!hcb__plan_set(&w->plan, rounded) || hcb__plan_value(&w->plan) >= before)
            hcb__plan_set(&w->plan, now);
    }
    hcb__free(s->mem, now);
    hcb__free(s->mem, rounded);
    return ok;
}

/* Prices that the caller has for the level, as prices of the core's rows. */
static bool begin_with_prices(hcb__solver *s, hcb__work *w, int32_t j, const double *known) {
    const hcb__core *core = w->core;
    double *price = hcb__calloc(s->mem, (size_t)core->n_rows + 1, sizeof *price);
    hcb__prices whole = {1, NULL};
    for (int32_t r = 0; price && r < core->n_rows; r++) {
        double l = core->ref_kind[r] == HCB__REF_ROW     ? known[core->ref_index[r]]
                   : core->ref_kind[r] == HCB__REF_LEVEL ? known[s->p->n_rows + core->ref_index[r]]
                                                         : 0;
        price[r] = l > 0 && isfinite(l) ? l : 0;
    }
    double rise = 0;
    bool ok = price &&
              hcb__ascend(price, &rise, s->mem, core, (double)hcb__plan_value(&w->plan), PRICES_FAR, PRICE_TURNS,
                          &w->budget) &&
              hcb__lp_priced(&w->lp, s->mem, core, price) &&
              hcb__prices_round(&whole, s->mem, core, price, HCB__FINEST_DENOMINATOR);
    hcb__free(s->mem, price);
    if (ok)
        take_prices(w, s->mem, &whole);
    return ok && (rise > PRICES_FAR * fabs(w->lp.value) || hcb__search(s, w, j, 1));
}

/* Search and bound of a level whose core and plan are set. */
static bool improve(hcb__solver *s, hcb__work *w, int32_t j, const hcb__prices *kept) {
    if (!first_prices(s, w, kept))
        return false;
    if (s->options->start_only)
        return relax(s, w);
    if (w->core->n_items <= HCB__SWAP_ITEMS)
        hcb__search_descend(w);
    hcb__publish(s, j, hcb__plan_value(&w->plan), w->bound, true);
    if (hcb__close_enough(s, j, hcb__plan_value(&w->plan), w->bound) || hcb__budget_over(&w->budget))
        return true;
    const double *known = j >= 0 && s->options->row_price ? s->options->row_price[j] : NULL;
    if (known && s->p->levels[j].kind == HCB__LEVEL_SUM && !begin_with_prices(s, w, j, known))
        return false;
    if (known && hcb__budget_over(&w->budget))
        return true;
    hcb__search_state state = {.round = 0};
    if (!relax(s, w) || !try_rounded(s, w))
        return false;
    hcb__publish(s, j, hcb__plan_value(&w->plan), w->bound, true);
    if (hcb__settles(w->core)) {
        if (!hcb__close_enough(s, j, hcb__plan_value(&w->plan), w->bound) &&
            !hcb__prove(s, w, j, MOST_TREE_NODES, j <= 0 || s->options->gap <= 0))
            return false;
        hcb__publish(s, j, hcb__plan_value(&w->plan), w->bound, true);
    } else if (hcb__suits_branching(w->core)) {
        /* Very few are proved sooner than a search gets near the best plan; it comes after, where the proof fails. */
        if (w->core->n_movable > HCB__VERY_FEW && !hcb__search(s, w, j, 4))
            return false;
        /* A queue is proved to the end where a few nodes do it; else up to the gap asked for. */
        if (hcb__plan_value(&w->plan) > w->bound && w->core->n_movable <= HCB__VERY_FEW && s->options->gap > 0 &&
            !hcb__prove(s, w, j, FEW_NODES, true))
            return false;
        if (!hcb__close_enough(s, j, hcb__plan_value(&w->plan), w->bound) &&
            !(w->core->n_movable > HCB__VERY_FEW ? hcb__prove_beside : hcb__prove)(s, w, j, MOST_TREE_NODES,
                                                                                   s->options->gap <= 0))
            return false;
        hcb__publish(s, j, hcb__plan_value(&w->plan), w->bound, true);
    } else if (w->core->n_movable <= HCB__SOME_ITEMS) {
        if (!hcb__search_from(s, w, j, 1, &state))
            return false;
        if (!hcb__close_enough(s, j, hcb__plan_value(&w->plan), w->bound) && !hcb__raise_bound(s, w, j))
            return false;
    }
    return hcb__search_from(s, w, j, INT32_MAX, &state);
}

static int32_t stop_of(const hcb__solver *s, const hcb__work *w, int64_t value) {
    int32_t stop = hcb__engine_stop_by_gap(value, w->bound, s->options->gap);
    if (stop >= 0)
        return stop;
    if (hcb__worker_stopping(s->worker))
        return HCB__STOP_CANCELLED;
    return hcb__deadline_passed(w->budget.deadline) ? HCB__STOP_TIME : HCB__STOP_WORK;
}

/* Whether an earlier run of the level proved more, under limits no tighter than today's. */
static bool earlier_bound_holds(const hcb__solver *s, const hcb__work *w, int32_t j) {
    const hcb__level_state *level = &s->level[j];
    if (!level->kept || s->answer->levels[j].bound <= w->bound)
        return false;
    for (int32_t k = 0; k < j; k++)
        if (s->frozen[k] > level->kept[k])
            return false;
    return true;
}

/* What the level's prices are worth to a later solve of much the same problem. */
static bool tell_prices(hcb__solver *s, const hcb__work *w, int32_t j) {
    const hcb__core *core = w->core;
    double *price = hcb__arena_alloc(&s->answer->arena, (size_t)(s->p->n_rows + j), sizeof *price);
    for (int32_t r = 0; price && r < core->n_rows; r++) {
        double l = (double)w->prices.row[r] / (double)w->prices.denominator;
        if (core->ref_kind[r] == HCB__REF_ROW)
            price[core->ref_index[r]] = l;
        else if (core->ref_kind[r] == HCB__REF_LEVEL)
            price[s->p->n_rows + core->ref_index[r]] = l;
    }
    s->answer->levels[j].row_price = price;
    return price != NULL;
}

/* Freezes the level at the plan's value and leaves out what can no longer be chosen. */
static bool freeze(hcb__solver *s, hcb__work *w, int32_t j) {
    hcb__engine_level_answer *out = &s->answer->levels[j];
    hcb__level_state *level = &s->level[j];
    for (int32_t i = 0; i < s->p->n_items; i++)
        s->answer->bin[i] = w->core->bin[w->plan.choice[i]];
    out->best = hcb__plan_value(&w->plan);
    if (earlier_bound_holds(s, w, j)) {
        w->bound = out->bound;
    } else {
        level->kept = hcb__arena_alloc(&s->answer->arena, (size_t)j, sizeof *level->kept);
        if (!level->kept || !hcb__certify(s, w, j))
            return false;
        memcpy(level->kept, s->frozen, (size_t)j * sizeof *level->kept);
    }
    out->bound = w->bound;
    out->stop = stop_of(s, w, out->best);
    out->frozen = s->frozen[j] = hcb__tolerated(&s->p->levels[j], out->best);
    s->floor[j] = out->frozen > out->best ? out->frozen : INT64_MIN;
    if (!tell_prices(s, w, j))
        return false;
    hcb__prices_free(&level->prices, s->mem);
    level->prices = w->prices;
    w->prices.row = NULL;
    if (j == s->p->n_levels - 1)
        return true; /* nothing comes after it that choices could be left out of */
    if (!hcb__proof_multipliers(&level->as_row, &s->answer->arena, w->core, &level->prices, true, NULL))
        return false;
    level->fixes = hcb__dual_fix(w->core, &level->prices, out->frozen, &s->allowed) > 0;
    return true;
}

static void work_done(hcb__solver *s, hcb__work *w) {
    hcb__prices_free(&w->prices, s->mem);
    if (w->has_tree)
        hcb__proof_free(&w->proof);
    hcb__lp_free(&w->lp, s->mem);
    hcb__plan_free(&w->plan, s->mem);
    hcb__core_free(w->core);
    if (w->budget.work > s->budget.work)
        s->budget.work = w->budget.work;
}

hcb_status hcb__level_solve(hcb__solver *s, int32_t j) {
    hcb__work w;
    memset(&w, 0, sizeof w);
    w.budget = hcb__budget_share(s, j);
    w.threads = s->options->threads;
    hcb__level_state *level = &s->level[j];
    memcpy(level->allowed, s->allowed.at, (size_t)(s->n_pairs + s->p->n_items));
    hcb_status status = HCB_ENOMEM;
    if (hcb__core_build(&w.core, s->mem, s->p, j, &s->allowed, s->frozen) && hcb__plan_init(&w.plan, s->mem, w.core)) {
        status = hcb__work_set_plan(&w, s->answer->bin, s->mem);
        if (status == HCB_OK && !(improve(s, &w, j, &level->prices) && freeze(s, &w, j)))
            status = HCB_ENOMEM;
    }
    work_done(s, &w);
    return status;
}

hcb_status hcb__level_place_all(hcb__solver *s) {
    hcb__work w;
    memset(&w, 0, sizeof w);
    w.budget = hcb__budget_share(s, -1);
    w.threads = s->options->threads;
    hcb_status status = HCB_ENOMEM;
    if (hcb__core_build(&w.core, s->mem, s->p, -1, &s->allowed, s->frozen) && hcb__plan_init(&w.plan, s->mem, w.core)) {
        status = hcb__work_set_plan(&w, s->answer->bin, s->mem);
        if (status == HCB_OK && !improve(s, &w, -1, NULL))
            status = HCB_ENOMEM;
        if (status == HCB_OK) {
            s->answer->has_plan = hcb__plan_value(&w.plan) == 0;
            s->answer->infeasible = w.bound > 0;
            if (!s->answer->has_plan)
                s->answer->stop = s->answer->infeasible ? HCB__STOP_PROVED : stop_of(s, &w, 1);
            for (int32_t i = 0; i < s->p->n_items; i++)
                s->answer->bin[i] = w.core->bin[w.plan.choice[i]];
        }
    }
    work_done(s, &w);
    return status;
}
