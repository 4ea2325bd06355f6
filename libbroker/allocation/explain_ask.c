/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions to the engine: the same problem with a wish for one package, with other limits, or up to a level. A wish is
 * a level of its own before all others, so that a plan that does not hold it can still be the start. */
#include <string.h>

#include "allocation/explain.h"
#include "base/arith.h"

/* Levels in front of the problem's: the wish. */
enum { WISH = 1 };

/* Work units that one question may use; the least raise of limits is hard to prove where packages are large. */
static const int64_t MOST_WORK = 20000000, MOST_EXCESS_WORK = 400000;

typedef struct wishes {
    int64_t *pair, *wait;
} wishes;

static void wish_for(wishes *w, const hcb__engine_problem *e, int32_t item, int64_t wish) {
    if (item < 0 || wish == HCB__ASK_FREE)
        return;
    w->wait[item] = wish != HCB__ASK_WAITS;
    for (int64_t c = e->pair_start[item]; c < e->pair_start[item + 1]; c++)
        w->pair[c] = wish == HCB__ASK_WAITS || (wish >= 0 && wish != c);
}

/* The levels of an ask, in `arena`. */
static hcb__engine_level *levels_of(hcb__arena *arena, const hcb__ask *ask, int32_t *n_levels, int64_t waiting_slack) {
    const hcb__engine_problem *e = &ask->problem->engine;
    int64_t n_pairs = e->pair_start[e->n_items];
    hcb__engine_level *levels = hcb__arena_alloc(arena, (size_t)ask->n_levels + 2, sizeof *levels);
    wishes w = {hcb__arena_alloc(arena, (size_t)n_pairs, sizeof *w.pair),
                hcb__arena_alloc(arena, (size_t)e->n_items, sizeof *w.wait)};
    if (!levels || !w.pair || !w.wait)
        return NULL;
    wish_for(&w, e, ask->item, ask->wish);
    wish_for(&w, e, ask->other, ask->other_wish);
    levels[0] = (hcb__engine_level){.name = "wish", .pair_cost = w.pair, .wait_cost = w.wait};
    memcpy(levels + WISH, e->levels, (size_t)ask->n_levels * sizeof *levels);
    *n_levels = WISH + ask->n_levels;
    if (ask->excess) {
        levels[WISH].tolerance = waiting_slack;
        levels[WISH].tolerance_ppm = 0;
        levels[(*n_levels)++] = (hcb__engine_level){.name = "excess", .pair_cost = ask->excess};
    }
    return levels;
}

static hcb_status run(hcb__told *out, hcb__explanation *x, const hcb__ask *ask, int64_t waiting_slack) {
    memset(out, 0, sizeof *out);
    if (x->work_left <= 0)
        return HCB_OK;
    hcb__engine_problem problem = ask->problem->engine;
    hcb__arena arena;
    hcb__arena_init(&arena, &x->ctx->mem);
    problem.levels = levels_of(&arena, ask, &problem.n_levels, waiting_slack);
    problem.start = ask->start;
    if (ask->limits)
        problem.row_limit = ask->limits;
    hcb_allocation_options options = x->options;
    options.work_limit = ask->excess ? MOST_EXCESS_WORK : MOST_WORK;
    if (options.work_limit > x->work_left)
        options.work_limit = x->work_left;
    options.threads = 1;
    if (ask->gap > 0 || ask->exact)
        options.gap = ask->gap;
    hcb_status status = problem.levels
                            ? hcb__run_engine(&out->answer, x->ctx, &x->ctx->mem, &problem, &options, x->began)
                            : hcb__nomem(x->ctx);
    hcb__arena_release(&arena);
    if (status != HCB_OK)
        return status;
    /* Every question costs something, so that their number is bounded too. */
    x->work_left -= out->answer->work + 1000;
    out->level = out->answer->levels + WISH;
    out->bin = out->answer->bin;
    out->met = out->answer->levels[0].value == 0;
    out->never = out->answer->levels[0].bound > 0;
    out->stopped = out->answer->stop >= HCB__STOP_WORK;
    return HCB_OK;
}

hcb_status hcb__explain_ask(hcb__told *out, hcb__explanation *x, const hcb__ask *ask) {
    if (!ask->excess)
        return run(out, x, ask, 0);
    /* Two runs: `waiting` has a tolerance from its best value on, which the first run finds. */
    hcb__ask first = *ask;
    first.excess = NULL;
    hcb_status status = run(out, x, &first, 0);
    if (status != HCB_OK || !out->answer || !out->met || out->level[0].best > ask->waiting_most)
        return status;
    int32_t *start = hcb__calloc(&x->ctx->mem, (size_t)ask->problem->n_items, sizeof *start);
    if (!start) {
        hcb__told_free(out);
        return hcb__nomem(x->ctx);
    }
    memcpy(start, out->bin, (size_t)ask->problem->n_items * sizeof *start);
    int64_t slack = ask->waiting_most - out->level[0].best;
    hcb__told_free(out);
    hcb__ask second = *ask;
    second.start = start;
    status = run(out, x, &second, slack);
    hcb__free(&x->ctx->mem, start);
    return status;
}

void hcb__told_free(hcb__told *told) {
    hcb__engine_answer_free(told->answer);
    told->answer = NULL;
}

void hcb__explain_bins(int32_t *bin, const hcb__explanation *x, const hcb__alloc_problem *problem) {
    for (int32_t i = 0; i < problem->n_items; i++) {
        int32_t provider = x->provider_of[problem->package[i]];
        bin[i] = provider >= 0 && hcb__alloc_pair(problem, i, provider) >= 0 ? provider : HCB__WAITS;
    }
}

bool hcb__explain_holds(hcb__explanation *x, const hcb__alloc_problem *problem, const int32_t *bin) {
    int64_t *loads = hcb__calloc(&x->ctx->mem, (size_t)problem->n_rows, sizeof *loads);
    if (!loads)
        return false;
    hcb__plan_loads(&problem->engine, bin, loads);
    bool holds = true;
    for (int32_t r = 0; holds && r < problem->n_rows; r++)
        holds = loads[r] <= problem->engine.row_limit[r];
    hcb__free(&x->ctx->mem, loads);
    return holds;
}

static hcb_status fill_effect(hcb__effect *out, hcb__explanation *x, const hcb__alloc_problem *problem,
                              const int32_t *bin, int32_t *before, int64_t *values) {
    hcb__explain_bins(before, x, problem);
    out->provider = HCB__WAITS;
    for (int32_t i = 0; i < problem->n_items; i++) {
        int32_t q = problem->package[i];
        if (q == x->package) {
            out->provider = bin[i];
            if (bin[i] != HCB__WAITS)
                out->own_pence = problem->choices[hcb__alloc_pair(problem, i, bin[i])].weekly_pence;
        } else if (bin[i] != before[i]) {
            out->shifts[out->n_shifts++] = (hcb__shift){q, before[i], bin[i]};
            out->n_waiting += bin[i] == HCB__WAITS;
        }
    }
    hcb__totals a, b;
    hcb__plan_totals(&a, problem, before);
    hcb__plan_totals(&b, problem, bin);
    out->pence = b.pence - a.pence;
    if (!hcb__plan_values(&problem->engine, before, values) || !hcb__plan_values(&problem->engine, bin, out->levels))
        return hcb__fail(x->ctx, HCB_ELIMIT, "the value of a level passes 64 bits");
    for (int32_t l = 0; l < problem->engine.n_levels; l++)
        out->levels[l] -= values[l];
    return HCB_OK;
}

hcb_status hcb__explain_effect(hcb__effect *out, hcb__explanation *x, const hcb__alloc_problem *problem,
                               const int32_t *bin) {
    memset(out, 0, sizeof *out);
    size_t items = (size_t)problem->n_items, levels = (size_t)problem->engine.n_levels;
    int32_t *before = hcb__calloc(&x->ctx->mem, items, sizeof *before);
    int64_t *values = hcb__calloc(&x->ctx->mem, levels, sizeof *values);
    hcb__shift *shifts = hcb__calloc(&x->ctx->mem, items, sizeof *shifts);
    out->shifts = shifts;
    out->levels = hcb__arena_alloc(&x->arena, levels, sizeof *out->levels);
    hcb_status status = before && values && shifts && out->levels ? fill_effect(out, x, problem, bin, before, values)
                                                                  : hcb__nomem(x->ctx);
    if (status == HCB_OK) {
        /* Few change: what is kept is as long as they are many. */
        out->shifts = hcb__arena_alloc(&x->arena, (size_t)out->n_shifts, sizeof *shifts);
        if (out->shifts && out->n_shifts)
            memcpy(out->shifts, shifts, (size_t)out->n_shifts * sizeof *shifts);
        if (!out->shifts)
            status = hcb__nomem(x->ctx);
    }
    hcb__free(&x->ctx->mem, shifts);
    hcb__free(&x->ctx->mem, values);
    hcb__free(&x->ctx->mem, before);
    return status;
}

/* Both wishes' best values, level by level, each proved: the first level at which they differ decides, unless a
 * tolerance before it lets the other one in. */
static hcb__sure compare(const hcb__ask *ask, const hcb__told *placed, const hcb__told *waits) {
    const hcb__engine_problem *e = &ask->problem->engine;
    for (int32_t l = 0; l < ask->n_levels; l++) {
        const hcb__engine_level_answer *a = &placed->level[l], *b = &waits->level[l];
        int64_t may;
        if (!hcb__plan_frozen(&e->levels[l], a->best, &may))
            return HCB__SURE_UNKNOWN;
        if (b->bound > may)
            return HCB__SURE_YES;
        if (a->bound > b->best)
            return HCB__SURE_NOT;
        if (a->best != a->bound || b->best != b->bound)
            return HCB__SURE_UNKNOWN;
        if (e->levels[l].tolerance || e->levels[l].tolerance_ppm)
            return HCB__SURE_NOT;
    }
    return HCB__SURE_NOT;
}

/* `waiting` leaves it open: every level of the best plans with and without. */
static hcb_status break_tie(hcb__sure *out, hcb__explanation *x, const hcb__ask *ask) {
    hcb__told placed, waits;
    hcb__ask q = *ask;
    q.n_levels = ask->problem->engine.n_levels;
    q.exact = true;
    q.wish = HCB__ASK_PLACED;
    hcb_status status = hcb__explain_ask(&placed, x, &q);
    if (status != HCB_OK)
        return status;
    q.wish = HCB__ASK_WAITS;
    status = hcb__explain_ask(&waits, x, &q);
    if (status == HCB_OK) {
        *out = !placed.answer || !waits.answer ? HCB__SURE_UNKNOWN
               : placed.never || waits.never   ? (waits.never ? HCB__SURE_YES : HCB__SURE_NOT)
               : !placed.met || !waits.met     ? HCB__SURE_UNKNOWN
                                               : compare(&q, &placed, &waits);
        hcb__told_free(&waits);
    }
    hcb__told_free(&placed);
    return status;
}

/* The gap of plans that only price what is proved already; from the plan at hand on, little else changes. */
static const double PRICING_GAP = 0.01;

/* The whole policy, from a plan that places the item, as every best plan does. */
static hcb_status solve_all(hcb__sure *out, hcb__effect *effect, hcb__explanation *x, const hcb__ask *ask,
                            const int32_t *start) {
    hcb__told told;
    hcb__ask q = *ask;
    q.n_levels = ask->problem->engine.n_levels;
    q.wish = HCB__ASK_PLACED;
    q.start = start;
    q.gap = PRICING_GAP;
    hcb_status status = hcb__explain_ask(&told, x, &q);
    if (status != HCB_OK)
        return status;
    if (!told.answer || !told.met)
        *out = HCB__SURE_UNKNOWN;
    if (*out == HCB__SURE_YES && effect)
        status = hcb__explain_effect(effect, x, ask->problem, told.bin);
    hcb__told_free(&told);
    return status;
}

double hcb__explain_gap(int64_t value, int64_t most) {
    return value > most + 1 ? (double)(value - most - 1) / (double)value : 0;
}

/* Cheaply: some plan that places the item, and a bound of those in which it waits. Leaves *out unknown when they do not
 * tell. */
static hcb_status look(hcb__sure *out, hcb__explanation *x, hcb__ask *ask, int32_t *bin) {
    hcb__told told;
    hcb__ask q = *ask;
    q.n_levels = 1;
    q.wish = HCB__ASK_PLACED;
    q.gap = 1;
    hcb_status status = hcb__explain_ask(&told, x, &q);
    if (status != HCB_OK)
        return status;
    int64_t most = INT64_MAX;
    bool met = told.answer && told.met && hcb__plan_frozen(&q.problem->engine.levels[0], told.level[0].best, &most);
    if (met)
        memcpy(bin, told.bin, (size_t)q.problem->n_items * sizeof *bin);
    hcb__told_free(&told);
    if (!met || x->values[0] <= most)
        return HCB_OK;
    if (ask->waits_known) {
        *out = ask->waits_best > most ? HCB__SURE_YES : HCB__SURE_UNKNOWN;
        return HCB_OK;
    }
    q.wish = HCB__ASK_WAITS;
    q.exact = true;
    q.gap = hcb__explain_gap(x->values[0], most);
    status = hcb__explain_ask(&told, x, &q);
    if (status == HCB_OK && told.answer && (told.never || (told.met && told.level[0].bound > most)))
        *out = HCB__SURE_YES;
    if (status == HCB_OK && told.answer && told.met && told.level[0].best == told.level[0].bound) {
        ask->waits_known = true;
        ask->waits_best = told.level[0].best;
    }
    hcb__told_free(&told);
    return status;
}

/* What `waiting` comes to with a wish: its best value, known only when proved. */
static hcb_status waiting_with(int64_t *best, bool *known, hcb__explanation *x, const hcb__ask *ask, int64_t wish,
                               int32_t *bin) {
    hcb__told told;
    hcb__ask q = *ask;
    q.n_levels = 1;
    q.exact = true;
    q.wish = wish;
    hcb_status status = hcb__explain_ask(&told, x, &q);
    if (status != HCB_OK)
        return status;
    /* Nobody can be made to wait or to be placed where no plan does so: that is worse than any value. */
    *known = told.answer && (told.never || (told.met && told.level[0].best == told.level[0].bound));
    *best = *known && !told.never ? told.level[0].best : INT64_MAX;
    if (*known && !told.never && bin)
        memcpy(bin, told.bin, (size_t)ask->problem->n_items * sizeof *bin);
    hcb__told_free(&told);
    return HCB_OK;
}

static hcb_status decide(hcb__sure *out, int64_t *waiting_frozen, hcb__effect *effect, hcb__explanation *x,
                         const hcb__ask *ask, int32_t *bin) {
    int64_t placed, waits = ask->waits_best, frozen = INT64_MAX;
    bool known;
    hcb_status status = waiting_with(&placed, &known, x, ask, HCB__ASK_PLACED, bin);
    if (status != HCB_OK || !known)
        return status;
    if (!ask->waits_known)
        status = waiting_with(&waits, &known, x, ask, HCB__ASK_WAITS, NULL);
    if (status != HCB_OK || !known)
        return status;
    int64_t best = placed < waits ? placed : waits;
    if (best == INT64_MAX || !hcb__plan_frozen(&ask->problem->engine.levels[0], best, &frozen))
        return HCB_OK;
    if (waiting_frozen)
        *waiting_frozen = frozen;
    *out = placed > frozen ? HCB__SURE_NOT : HCB__SURE_YES;
    if (placed <= frozen && waits <= frozen)
        status = break_tie(out, x, ask);
    if (status == HCB_OK && *out == HCB__SURE_YES)
        status = solve_all(out, effect, x, ask, bin);
    return status;
}

hcb_status hcb__explain_sure(hcb__sure *out, int64_t *waiting_frozen, hcb__effect *effect, hcb__explanation *x,
                             const hcb__ask *ask) {
    *out = HCB__SURE_UNKNOWN;
    int32_t *bin = hcb__calloc(&x->ctx->mem, (size_t)ask->problem->n_items, sizeof *bin);
    if (!bin)
        return hcb__nomem(x->ctx);
    hcb__ask q = *ask;
    hcb_status status = look(out, x, &q, bin);
    if (status == HCB_OK && *out == HCB__SURE_YES)
        status = solve_all(out, effect, x, &q, bin);
    else if (status == HCB_OK)
        status = decide(out, waiting_frozen, effect, x, &q, bin);
    hcb__free(&x->ctx->mem, bin);
    return status;
}
