/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/search.h"

#include "solve/settled.h"
#include "solve/streams.h"

/* Items of a neighbourhood solved anew; work of chains for a proposal of the annealing in their place; width of the
 * first beam, and how often it is doubled. */
enum { NEIGHBOURS = 60, CHAIN_PROPOSALS = 8, FIRST_WIDTH = 4, DOUBLINGS = 4 };

/* Most work of steps and exchanges, a choice: a large budget does not make them find more. */
enum { DESCENT = 75 };

/* Work of a round of regions. */
enum { REGION_ROUND = 500000 };

/* While the gap asked for is near, rounds begin at a part of their length and grow: what is near needs no long one. */
enum { SHORT_ROUND = 16, NEAR = 64 };

void hcb__search_descend(hcb__work *w) {
    hcb__budget part = hcb__budget_part(&w->budget, 0.1);
    int64_t most = part.work + (int64_t)DESCENT * w->core->n_choices;
    part.work_limit = part.work_limit > 0 && part.work_limit < most ? part.work_limit : most;
    hcb__plan_descend(&w->plan, &part);
    w->budget.work = part.work;
}

bool hcb__settles(const hcb__core *core) {
    hcb__settled settled = {.to_place = INT32_MAX};
    if (core->n_movable > HCB__FEW_ITEMS)
        hcb__settled_find(&settled, core);
    return settled.to_place <= HCB__FEW_TO_PLACE;
}

bool hcb__suits_branching(const hcb__core *core) {
    return core->n_movable <= HCB__VERY_FEW ||
           (core->n_movable <= HCB__FEW_ITEMS && core->n_movable / 8 <= core->n_bins);
}

/* Neighbourhoods solved anew, for as much work as `part` allows. Goals couple all bins: nothing for them. */
static bool solve_anew(hcb__solver *s, hcb__work *w, int32_t j, hcb__budget part, int32_t round) {
    hcb__neighbourhood n = {.lp = &w->lp, .frozen = s->frozen, .guide = w->guide, .items = NEIGHBOURS};
    hcb__rng_seed(&n.rng, s->options->seed, (uint64_t)(1000 + round));
    bool ok = true;
    while (ok && w->core->first_goal == w->core->n_rows && !hcb__budget_over(&part) &&
           !hcb__close_enough(s, j, hcb__plan_value(&w->plan), w->bound))
        ok = hcb__neighbourhood_step(&w->plan, s->mem, &n, &part);
    w->budget.work = part.work;
    return ok;
}

/* The next turn of a level that filling suits: every third is for chains (width 0). */
static hcb__fill_options next_filling(const hcb__solver *s, hcb__work *w, double scale) {
    static const double heat[] = {0.2, 0.2, 0.4, 0.1};
    int32_t turn = w->turns++, n = turn - turn / 3;
    double price = 0;
    for (int32_t r = 0; r < w->core->n_rows; r++)
        price += w->lp.row_price[r] / w->core->n_rows;
    return (hcb__fill_options){.temperature = scale * heat[n % 4],
                               .reach = 4 * scale + price,
                               .noise = 0.1 * scale,
                               .width = turn % 3 == 2 ? 0 : FIRST_WIDTH << (n < DOUBLINGS ? n : DOUBLINGS),
                               .seed = s->options->seed,
                               .row_price = w->lp.row_price,
                               .reduced = w->lp.reduced};
}

/* The largest value at which the search may stop. */
static int64_t good_enough(const hcb__solver *s, const hcb__work *w, int32_t j) {
    int64_t room = (int64_t)hcb__gap_room(s, j, w->bound);
    int64_t less = (int64_t)hcb__gap_room(s, j, w->bound + room);
    return w->bound + (less < room ? less : room);
}

/* One round of the streams; the heat of annealing and its fines for broken limits vary from one to the next. */
static bool one_round(hcb__solver *s, hcb__work *w, double scale, int64_t target, const hcb__search_state *at) {
    static const double heat[] = {0.075, 0.15, 0.45, 0.045}, strict[] = {4, 8, 3, 5}, chain_heat[] = {1, 3, 0.3};
    hcb__anneal_options o = {.hot = scale * heat[at->annealed % 4],
                             .cold = scale * heat[at->annealed % 4] * 0.05,
                             .proposals = at->proposals,
                             .soft = 6 * at->proposals,
                             .strict = strict[at->annealed % 4],
                             .target = target,
                             .seed = s->options->seed,
                             .row_price = w->lp.row_price,
                             .reduced = w->lp.reduced};
    hcb__chain_options c = {.hot = scale * chain_heat[at->round % 3],
                            .cold = scale * chain_heat[at->round % 3] * 0.05,
                            .work = hcb__suits_chains(w->core) ? CHAIN_PROPOSALS * at->proposals : 0,
                            .target = target,
                            .seed = s->options->seed,
                            .row_price = w->lp.row_price,
                            .reduced = w->lp.reduced};
    hcb__region_options g = {.lp = &w->lp,
                             .target = target,
                             .seed = s->options->seed,
                             .bins = at->regions,
                             .work = at->regions ? REGION_ROUND : 0};
    hcb__fill_options f = {.width = 0};
    int32_t round = at->regions ? at->round : at->annealed;
    if (hcb__suits_filling(w->core)) {
        round = w->turns;
        f = next_filling(s, w, scale);
        f.target = target;
    }
    return hcb__streams_round(s, w, &o, &c, &f, &g, round);
}

/* Regions while they gain, then annealing. Where neither gained anything the next regions are larger. */
static void take_turns(hcb__search_state *at, bool gained) {
    at->gained = at->gained || gained;
    if (at->regions == 0) {
        at->regions = at->wide ? HCB__MOST_REGION_BINS : HCB__LEAST_REGION_BINS;
    } else if (!gained) {
        at->wide = !at->gained;
        at->gained = false;
        at->regions = 0;
    }
}

bool hcb__search_from(hcb__solver *s, hcb__work *w, int32_t j, int32_t rounds, hcb__search_state *at) {
    bool anew = rounds == INT32_MAX && hcb__suits_branching(w->core);
    double scale = hcb__anneal_scale(w->core, w->lp.reduced);
    const int64_t full = (int64_t)w->core->n_movable * 200 + 1000;
    while (at->round < rounds && !hcb__budget_over(&w->budget)) {
        if (hcb__close_enough(s, j, hcb__plan_value(&w->plan), w->bound) || w->core->n_movable == 0)
            break;
        int64_t target = good_enough(s, w, j);
        bool near = (double)hcb__plan_value(&w->plan) - (double)w->bound < NEAR * (double)(target - w->bound);
        if (at->proposals == 0)
            at->proposals = near ? full / SHORT_ROUND : full;
        if (!near && at->proposals < full)
            at->proposals = full;
        int64_t before = hcb__plan_value(&w->plan);
        if (!one_round(s, w, scale, target, at))
            return false;
        if (w->core->n_items <= HCB__SWAP_ITEMS && !hcb__close_enough(s, j, hcb__plan_value(&w->plan), w->bound))
            hcb__search_descend(w);
        hcb__publish(s, j, hcb__plan_value(&w->plan), w->bound, true);
        if (anew && !solve_anew(s, w, j, hcb__budget_part(&w->budget, 0.85), at->round))
            return false;
        if (!at->regions) {
            at->proposals += at->proposals < full ? at->proposals : at->proposals / 7;
            at->annealed++;
        }
        if (hcb__suits_regions(w->core))
            take_turns(at, hcb__plan_value(&w->plan) < before);
        at->round++;
    }
    return true;
}

bool hcb__search(hcb__solver *s, hcb__work *w, int32_t j, int32_t rounds) {
    return hcb__search_from(s, w, j, rounds, &(hcb__search_state){.round = 0});
}
