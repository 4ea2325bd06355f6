/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of work: level after level, each searched, bounded and frozen; then the last polish. */
#include "solve/engine.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/shared_memory.h"
#include "solve/level.h"
#include "solve/polish.h"
#include "solve/presolve.h"
#include "solve/validate.h"

/* Of a solve that was given neither time nor work. */
static const int64_t DEFAULT_WORK = 12000000;

/* What the levels of a problem with fewer choices left behind proves nothing about the whole. */
static void forget_levels(hcb__solver *s) {
    for (int32_t j = 0; j < s->p->n_levels; j++) {
        uint8_t *allowed = s->level[j].allowed;
        hcb__prices_free(&s->level[j].prices, s->mem);
        memset(&s->level[j], 0, sizeof s->level[j]);
        memset(&s->answer->levels[j], 0, sizeof s->answer->levels[j]);
        s->level[j].allowed = allowed;
    }
}

/* A start with places in it is first filled up: those who wait find a place beside all others, who stay. It takes a
 * moment, and whatever the limits on change, the plan of the whole is then no worse than the one nobody moves for. */
static hcb_status fill_up(hcb__solver *s) {
    const hcb__engine_problem *p = s->p;
    int32_t waiting = 0;
    for (int32_t i = 0; p->start && i < p->n_items; i++)
        waiting += p->start[i] == HCB__WAITS;
    if (!p->start || waiting == 0 || waiting == p->n_items || s->options->start_only)
        return HCB_OK;
    for (int32_t i = 0; i < p->n_items; i++) {
        if (p->start[i] == HCB__WAITS)
            continue;
        for (int64_t k = p->pair_start[i]; k < p->pair_start[i + 1]; k++)
            s->allowed.at[k] = p->pair_bin[k] == p->start[i];
        s->allowed.at[s->n_pairs + i] = 0;
    }
    hcb__budget whole = s->budget;
    s->budget = hcb__budget_part(&whole, 0.1);
    hcb_status status = HCB_OK;
    for (int32_t j = 0; j < p->n_levels && status == HCB_OK; j++)
        status = hcb__level_solve(s, j);
    whole.work = s->budget.work;
    s->budget = whole;
    forget_levels(s);
    hcb__presolve_bins(s);
    return status;
}

/* Whether every level stayed within what it was frozen at: then what was proved for those after it still holds. */
static bool all_stayed_frozen(const hcb__solver *s) {
    for (int32_t j = 0; j < s->p->n_levels; j++)
        if (s->value[j] > s->answer->levels[j].frozen)
            return false;
    return true;
}

static hcb_status run(hcb__solver *s) {
    const hcb__engine_problem *p = s->p;
    bool must = false;
    for (int32_t i = 0; i < p->n_items; i++) {
        s->answer->bin[i] = p->start ? p->start[i] : HCB__WAITS;
        must = must || (!p->start && p->levels[0].wait_cost && p->levels[0].wait_cost[i] == HCB__MUST_PLACE);
    }
    s->answer->has_plan = true;
    hcb__presolve_bins(s);
    hcb_status status = must ? hcb__level_place_all(s) : fill_up(s);
    if (status != HCB_OK || !s->answer->has_plan)
        return status;
    if (!s->options->start_only && ((!must && !hcb__presolve_rows(s)) || !hcb__presolve_dominated(s)))
        return HCB_ENOMEM;
    for (int32_t j = 0; j < p->n_levels && status == HCB_OK;) {
        status = hcb__level_solve(s, j);
        if (status != HCB_OK || ++j < p->n_levels)
            continue;
        int32_t first = p->n_levels;
        if (s->options->start_only ? !hcb__engine_values(s->value, s->mem, p, s->answer->bin)
                                   : !hcb__polish(&first, s->mem, p, s->answer->bin, s->value, s->floor))
            status = HCB_ENOMEM;
        if (first < p->n_levels && !(hcb__budget_interrupted(&s->budget) && all_stayed_frozen(s))) {
            /* A level got better after all: it is frozen anew, and those after it are done again. */
            j = first;
            memcpy(s->allowed.at, s->level[j].allowed, (size_t)(s->n_pairs + p->n_items));
        }
    }
    s->answer->stop = HCB__STOP_PROVED;
    for (int32_t j = 0; j < p->n_levels && status == HCB_OK; j++) {
        hcb__engine_level_answer *level = &s->answer->levels[j];
        level->value = s->value[j];
        /* What a later level's search bettered on its way is frozen where it ended: the bounds after it hold all the
         * more. */
        if (level->value < level->best) {
            level->best = level->value;
            level->frozen = hcb__tolerated(&p->levels[j], level->best);
            int32_t stop = hcb__engine_stop_by_gap(level->best, level->bound, s->options->gap);
            level->stop = stop >= 0 ? stop : level->stop;
        }
        if (s->answer->levels[j].stop > s->answer->stop)
            s->answer->stop = s->answer->levels[j].stop;
    }
    return status;
}

static bool prepare(hcb__solver *s) {
    const hcb__engine_problem *p = s->p;
    size_t levels = (size_t)p->n_levels, choices = (size_t)(s->n_pairs + p->n_items);
    hcb__arena *a = &s->answer->arena;
    s->answer->bin = hcb__arena_alloc(a, (size_t)p->n_items, sizeof *s->answer->bin);
    s->answer->levels = hcb__arena_alloc(a, levels, sizeof *s->answer->levels);
    s->level = hcb__calloc(s->mem, levels, sizeof *s->level);
    s->value = hcb__calloc(s->mem, levels, sizeof *s->value);
    s->frozen = hcb__calloc(s->mem, levels, sizeof *s->frozen);
    s->floor = hcb__calloc(s->mem, levels, sizeof *s->floor);
    s->allowed.at = hcb__calloc(s->mem, choices + 1, 1);
    s->allowed.n_pairs = s->n_pairs;
    bool ok = s->answer->bin && s->answer->levels && s->level && s->value && s->frozen && s->floor && s->allowed.at;
    for (size_t j = 0; ok && j < levels; j++)
        ok = (s->level[j].allowed = hcb__calloc(s->mem, choices + 1, 1)) != NULL;
    return ok;
}

static void solver_done(hcb__solver *s) {
    for (int32_t j = 0; s->level && j < s->p->n_levels; j++) {
        hcb__prices_free(&s->level[j].prices, s->mem);
        hcb__free(s->mem, s->level[j].allowed);
    }
    hcb__free(s->mem, s->level);
    hcb__free(s->mem, s->value);
    hcb__free(s->mem, s->frozen);
    hcb__free(s->mem, s->floor);
    hcb__free(s->mem, s->allowed.at);
    HCB__VEC_FREE(s->mem, &s->forcing);
}

hcb_status hcb__engine_solve(hcb__engine_answer **out, const hcb_allocator *mem, const hcb__engine_problem *problem,
                             const hcb__engine_options *options, hcb__worker *worker, char message[256]) {
    *out = NULL;
    message[0] = '\0';
    hcb__solver s;
    memset(&s, 0, sizeof s);
    s.began = hcb__now();
    s.p = problem;
    s.options = options;
    s.worker = worker;
    s.budget.deadline = hcb__deadline_in(options->time_limit_s);
    s.budget.work_limit = options->work_limit;
    if (options->work_limit <= 0 && options->time_limit_s <= 0)
        s.budget.work_limit = DEFAULT_WORK;
    s.budget.worker = worker;
    s.budget.backend = options->backend;
    hcb_status status = hcb__engine_validate(problem, mem, message);
    if (status != HCB_OK)
        return status;
    s.n_pairs = problem->pair_start[problem->n_items];
    hcb__shared_memory memory;
    if (!hcb__shared_memory_init(&memory, mem)) {
        snprintf(message, 256, "out of memory");
        return HCB_ENOMEM;
    }
    s.mem = &memory.allocator;
    s.answer = hcb__calloc(mem, 1, sizeof *s.answer);
    if (s.answer)
        hcb__arena_init(&s.answer->arena, s.mem);
    status = s.answer && prepare(&s) ? run(&s) : HCB_ENOMEM;
    if (s.answer) {
        solver_done(&s);
        s.answer->arena.mem = *mem; /* it outlives the solve */
    }
    hcb__shared_memory_done(&memory);
    if (status == HCB_OK) {
        s.answer->work = s.budget.work;
        s.answer->seconds = hcb__now() - s.began;
        *out = s.answer;
    } else {
        snprintf(message, 256, "%s",
                 status == HCB_ENOMEM ? "out of memory" : "the engine lost a plan that held every row");
        hcb__engine_answer_free(s.answer);
    }
    return status;
}

void hcb__engine_answer_free(hcb__engine_answer *answer) {
    if (!answer)
        return;
    hcb_allocator mem = answer->arena.mem;
    hcb__arena_release(&answer->arena);
    hcb__free(&mem, answer);
}
