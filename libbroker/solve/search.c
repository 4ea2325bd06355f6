/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/search.h"

#include "solve/neighbourhood.h"
#include "solve/streams.h"

/* Items of a neighbourhood solved anew; work of chains for a proposal of the annealing in their place. */
enum { NEIGHBOURS = 60, CHAIN_PROPOSALS = 8 };

void hcb__search_descend(hcb__work *w) {
    hcb__budget part = hcb__budget_part(&w->budget, 0.1);
    hcb__plan_descend(&w->plan, &part);
    w->budget.work = part.work;
}

bool hcb__suits_branching(const hcb__core *core) {
    return core->n_movable <= HCB__VERY_FEW ||
           (core->n_movable <= HCB__FEW_ITEMS && core->n_movable / 8 <= core->n_bins);
}

/* Neighbourhoods solved anew, for as much work as `part` allows. Goals couple all bins: nothing for them. */
static bool solve_anew(hcb__solver *s, hcb__work *w, int32_t j, hcb__budget part, int32_t round) {
    hcb__neighbourhood n = {.lp = &w->lp, .frozen = s->frozen, .items = NEIGHBOURS};
    hcb__rng_seed(&n.rng, s->options->seed, (uint64_t)(1000 + round));
    bool ok = true;
    while (ok && w->core->first_goal == w->core->n_rows && !hcb__budget_over(&part) &&
           !hcb__close_enough(s, j, hcb__plan_value(&w->plan), w->bound))
        ok = hcb__neighbourhood_step(&w->plan, s->mem, &n, &part);
    w->budget.work = part.work;
    return ok;
}

bool hcb__search(hcb__solver *s, hcb__work *w, int32_t j, int32_t rounds) {
    static const double heat[] = {0.075, 0.15, 0.45, 0.045}, strict[] = {4, 8, 3, 5};
    double scale = hcb__anneal_scale(w->core, w->lp.reduced);
    static const double chain_heat[] = {1, 3, 0.3};
    bool chains = hcb__suits_chains(w->core);
    int64_t proposals = (int64_t)w->core->n_movable * 200 + 1000;
    for (int32_t round = 0; round < rounds && !hcb__budget_over(&w->budget); round++) {
        if (hcb__close_enough(s, j, hcb__plan_value(&w->plan), w->bound) || w->core->n_movable == 0)
            break;
        hcb__anneal_options o = {.hot = scale * heat[round % 4],
                                 .cold = scale * heat[round % 4] * 0.05,
                                 .proposals = proposals,
                                 .soft = 6 * proposals,
                                 .strict = strict[round % 4],
                                 .target = w->bound,
                                 .seed = s->options->seed,
                                 .row_price = w->lp.row_price,
                                 .reduced = w->lp.reduced};
        hcb__chain_options c = {.hot = scale * chain_heat[round % 3],
                                .cold = scale * chain_heat[round % 3] * 0.05,
                                .work = chains ? CHAIN_PROPOSALS * proposals : 0,
                                .target = w->bound,
                                .seed = s->options->seed,
                                .row_price = w->lp.row_price,
                                .reduced = w->lp.reduced};
        if (!hcb__streams_round(s, w, &o, &c, round))
            return false;
        if (w->core->n_items <= HCB__SWAP_ITEMS)
            hcb__search_descend(w);
        hcb__publish(s, j, hcb__plan_value(&w->plan), w->bound, true);
        if (rounds == INT32_MAX && hcb__suits_branching(w->core) &&
            !solve_anew(s, w, j, hcb__budget_part(&w->budget, 0.4), round))
            return false;
        proposals += proposals / 7;
    }
    return true;
}
