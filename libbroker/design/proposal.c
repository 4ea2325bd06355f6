/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/proposal.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "design/assign.h"
#include "design/count_bound.h"
#include "design/exact.h"
#include "design/map_bound.h"
#include "design/names.h"
#include "design/piece_bound.h"

enum { EXACT_NODES = 3000000, PROGRAMME_WORK = 150000 };
/* A bound has one part in so many of the time that is left: before the search, and after it. */
enum { BEFORE = 10, AFTER = 3 };
enum { STEPS_A_UNIT = 2500, LEAST_STEPS = 10000, ENOUGH = 2, THIN = 5, SEED_TRIES = 20 };
/* Shares of the work: putting bounds right, each point of the curve, each level. */
enum { WORK_BOUNDS = 2, WORK_POINT = 1, WORK_LEVEL = 4 };

const char *const hcb__bound_words[HCB__BOUND_METHODS] = {"sign",   "prices",    "counts",
                                                          "pieces", "programme", "enumeration"};

typedef struct work {
    const hcb__mapping *m;
    const hcb_allocator *mem;
    const hcb__proposal_options *o;
    hcb__proposal *out;
    hcb__budget budget;
    hcb__worker *worker;
    hcb__map_problem problem; /* the mapping's; the number of zones is held at times */
    double began;
    /* What is shown while the work goes on; chains tell it from their threads. */
    int32_t phase;
    const char *level;
    int64_t bound;
    bool has_bound;
    _Atomic int64_t best, steps; /* of the level; of this search so far */
    int64_t steps_done, shares_left;
    int32_t need; /* viable providers a zone; 0: no such rule */
    hcb__ledger *ledger[HCB__MAP_CHAINS + 1];
    int32_t *at[HCB__MAP_CHAINS + 1]; /* the map of each ledger */
    hcb__viability_zone *view[HCB__MAP_CHAINS + 1];
    int32_t *other; /* [n] the best map with another number of zones; NULL: none */
    int64_t other_value;
    int32_t *floor; /* [k] viable providers that a zone must keep */
} work;

/* Moves a ledger to a map and looks at its providers. */
static const hcb__viability_zone *providers_of(work *w, int32_t chain, const int32_t *zone) {
    for (int32_t u = 0; u < w->m->n; u++)
        if (w->at[chain][u] != zone[u]) {
            hcb__ledger_shift(w->ledger[chain], u, w->at[chain][u], zone[u]);
            w->at[chain][u] = zone[u];
        }
    hcb__ledger_viability(w->view[chain], w->ledger[chain], ENOUGH);
    return w->view[chain];
}

static bool is_open(const work *w, const int32_t *zone, int32_t z) {
    for (int32_t u = 0; u < w->m->n; u++)
        if (zone[u] == z)
            return true;
    return false;
}

static bool providers_enough(const int32_t *zone, int32_t chain, void *payload) {
    work *w = payload;
    const hcb__viability_zone *view = providers_of(w, chain, zone);
    for (int32_t z = 0; z < w->m->k; z++)
        if (view[z].viable < (z < w->m->n_today ? w->floor[z] : w->need) && is_open(w, zone, z))
            return false;
    return true;
}

/* A zone that breaks the rule today need not be mended by moving areas alone, but may not get worse. */
static hcb_status look_at_providers(work *w) {
    const hcb__map_rules *rules = w->m->rules;
    for (size_t r = 0; r < rules->rules.count; r++)
        if (rules->rules.at[r].kind == HCB__RULE_VIABLE && rules->rules.at[r].low > w->need)
            w->need = (int32_t)rules->rules.at[r].low;
    if (w->m->model->n_providers == 0)
        w->need = 0;
    if (!w->need)
        return HCB_OK;
    hcb_status status = HCB_OK;
    hcb__arena *arena = &w->out->arena;
    w->floor = hcb__arena_alloc(arena, (size_t)w->m->k, sizeof *w->floor);
    w->out->viable = hcb__arena_alloc(arena, (size_t)w->m->k, sizeof *w->out->viable);
    w->out->viable_before = hcb__arena_alloc(arena, (size_t)w->m->k, sizeof *w->out->viable_before);
    for (int32_t c = 0; status == HCB_OK && c <= HCB__MAP_CHAINS; c++) {
        w->at[c] = hcb__arena_alloc(arena, (size_t)w->m->n, sizeof **w->at);
        w->view[c] = hcb__arena_alloc(arena, (size_t)w->m->k, sizeof **w->view);
        if (!w->at[c] || !w->view[c])
            return HCB_ENOMEM;
        memcpy(w->at[c], w->m->repaired, (size_t)w->m->n * sizeof **w->at);
        status = hcb__ledger_create_wide(&w->ledger[c], w->mem, w->m->model, w->m->demand, w->m->repaired, w->m->k);
    }
    if (!w->floor || !w->out->viable || !w->out->viable_before)
        return HCB_ENOMEM;
    if (status == HCB_OK) {
        const hcb__viability_zone *view = providers_of(w, HCB__MAP_CHAINS, w->m->repaired);
        for (int32_t z = 0; z < w->m->k; z++) {
            w->out->viable_before[z] = view[z].viable;
            w->floor[z] = view[z].viable < w->need ? view[z].viable : w->need;
        }
    }
    return status;
}

/* The estimate of `zones stats`, of all zones. */
static hcb_status rounds_of(work *w, const int32_t *zone, int64_t *seconds) {
    hcb__ledger *ledger;
    hcb_status status = hcb__ledger_create_wide(&ledger, w->mem, w->m->model, w->m->demand, w->m->repaired, w->m->k);
    *seconds = 0;
    for (int32_t u = 0; status == HCB_OK && u < w->m->n; u++)
        if (zone[u] != w->m->repaired[u])
            hcb__ledger_shift(ledger, u, w->m->repaired[u], zone[u]);
    for (int32_t z = 0; status == HCB_OK && z < w->m->k; z++) {
        hcb__zone_costs costs;
        hcb__ledger_costs(&costs, ledger, z);
        *seconds += costs.travel.seconds;
    }
    if (status == HCB_OK)
        hcb__ledger_free(ledger);
    return status;
}

static int64_t numbers_of(const work *w) {
    return hcb__map_number_free(&w->m->problem) ? w->m->problem.most_zones - w->m->problem.least_zones + 1 : 0;
}

static int64_t all_work(const work *w) {
    return WORK_BOUNDS + HCB__CURVE_POINTS * WORK_POINT + (int64_t)w->m->rules->n_aims * WORK_LEVEL +
           numbers_of(w) * (WORK_BOUNDS + WORK_POINT);
}

/* Steps of one chain for a number of shares of the work. */
static int64_t steps_of(const work *w, int64_t shares) {
    if (w->o->work_limit > 0)
        return w->o->work_limit * shares / (all_work(w) * HCB__MAP_CHAINS);
    int64_t steps = (int64_t)STEPS_A_UNIT * w->m->n * shares;
    return steps < LEAST_STEPS ? LEAST_STEPS : steps;
}

static void publish(work *w) {
    int64_t best = atomic_load(&w->best), done = w->steps_done + atomic_load(&w->steps);
    hcb_progress p = {.struct_size = sizeof p,
                      .phase = w->phase,
                      .level = w->level,
                      .elapsed_s = hcb__now() - w->began,
                      .value = best,
                      .bound = w->bound,
                      .has_value = best != INT64_MAX,
                      .has_bound = w->has_bound,
                      .work = done,
                      .work_limit = 0};
    int64_t planned = w->steps_done + steps_of(w, w->shares_left) * HCB__MAP_CHAINS;
    if (w->shares_left > 0)
        p.work_limit = planned > done ? planned : done;
    hcb__worker_publish(w->worker, &p);
}

/* What begins now, of which nothing is known yet. */
static void enter(work *w, int32_t phase, const char *level) {
    w->phase = phase;
    w->level = level;
    w->has_bound = false;
    atomic_store(&w->best, INT64_MAX);
    publish(w);
}

/* Where a level is known already. */
static void show(work *w, int32_t phase, int32_t level, int64_t value, int64_t bound) {
    w->phase = phase;
    w->level = hcb__map_level_words[level];
    w->bound = bound;
    w->has_bound = true;
    atomic_store(&w->best, value);
    publish(w);
}

static void told_by_chain(int64_t best, int64_t steps, void *payload) {
    work *w = payload;
    atomic_fetch_add(&w->steps, steps);
    for (int64_t known = atomic_load(&w->best); best < known;)
        if (atomic_compare_exchange_weak(&w->best, &known, best))
            break;
    publish(w);
}

static void told_by_ensemble(int64_t done, int64_t all, void *payload) {
    work *w = payload;
    hcb_progress p = {
        .struct_size = sizeof p, .phase = HCB_PHASE_BUILD, .level = "ensemble", .work = done, .work_limit = all};
    hcb__worker_publish(w->worker, &p);
}

static bool improve(work *w, int32_t *zone, int32_t level, int64_t *limit, int64_t shares, int64_t target) {
    hcb__budget budget = w->budget;
    budget.work = 0;
    if (w->budget.deadline.at > 0) { /* what is left, in shares of what is still to be done */
        double left = hcb__deadline_left(w->budget.deadline);
        int64_t all = all_work(w);
        budget.deadline = hcb__deadline_in(fmax(0.01, 0.9 * left * (double)shares / (double)all * 2));
    }
    hcb__map_search s = {.problem = &w->problem,
                         .level = level,
                         .limit = limit,
                         .steps = steps_of(w, shares),
                         .seed = w->o->seed,
                         .threads = w->o->threads,
                         .target = target,
                         .budget = &budget,
                         .accept = w->need && level != HCB__MISSING ? providers_enough : NULL,
                         .tell = told_by_chain,
                         .payload = w};
    const char *name = level == HCB__MISSING ? "hours" : hcb__map_level_words[level];
    if (w->level != name)
        enter(w, HCB_PHASE_SOLVE, name);
    w->phase = HCB_PHASE_SOLVE;
    bool ok = hcb__map_improve(zone, w->mem, &s);
    w->budget.work += budget.work;
    w->steps_done += atomic_exchange(&w->steps, 0);
    w->shares_left -= shares < w->shares_left ? shares : w->shares_left;
    return ok;
}

static bool figures(work *w, const int32_t *zone, int64_t *value, int64_t *missing, int64_t *sums) {
    hcb__map_plan *plan;
    if (!hcb__map_plan_create(&plan, w->mem, &w->m->problem, zone))
        return false;
    memcpy(value, plan->value, HCB__MAP_LEVELS * sizeof *value);
    if (missing)
        *missing = plan->missing;
    if (sums)
        memcpy(sums, plan->sums, (size_t)w->m->k * (size_t)w->m->problem.n_attributes * sizeof *sums);
    hcb__map_plan_free(plan);
    return true;
}

static bool connected(work *w, const int32_t *zone) {
    int32_t *mark = hcb__calloc(w->mem, 2 * (size_t)w->m->n + 1, sizeof *mark);
    bool ok = mark != NULL;
    int32_t n_open = 0;
    for (int32_t z = 0; ok && z < w->m->k; z++) {
        int32_t parts = hcb__graph_parts(w->m->graph, zone, z, mark, mark + w->m->n);
        ok = parts <= w->m->problem.parts[z];
        n_open += parts > 0;
    }
    ok = ok && hcb__map_number_fits(&w->m->problem, n_open);
    for (int32_t u = 0; ok && u < w->m->n; u++)
        ok = (w->m->problem.fixed[u] < 0 || w->m->problem.fixed[u] == zone[u]) &&
             zone[u] == zone[w->m->problem.block[u]];
    hcb__free(w->mem, mark);
    return ok;
}

static int64_t frozen_at(const hcb__map_aim *aim, int64_t value) {
    return value +
           (aim->percent ? value / 10000 * aim->tolerance + value % 10000 * aim->tolerance / 10000 : aim->tolerance);
}

/* What may be gained for how much that moves: each point begins where the one before ended, so that more room never
 * gives less. */
static bool trace(work *w, int32_t *zone, int32_t level, const int64_t *limit) {
    static const int32_t percents[HCB__CURVE_POINTS] = {0, 1, 2, 3, 4, 6, 8, 10}; /* of all hours, without a limit */
    int64_t most = w->m->moved_cap < w->m->total_minutes ? w->m->moved_cap : w->m->total_minutes;
    for (int32_t i = 0; i < HCB__CURVE_POINTS; i++) {
        int64_t room[HCB__MAP_LEVELS], value[HCB__MAP_LEVELS];
        hcb__curve_point *c = &w->out->curve[w->out->n_curve];
        c->limit = w->m->moved_cap == INT64_MAX ? w->m->total_minutes * percents[i] / 100 : most * percents[i] / 10;
        memcpy(room, limit, sizeof room);
        room[HCB__MAP_MOVED_HOURS] = c->limit;
        if (!figures(w, zone, value, NULL, NULL))
            return false;
        if (value[HCB__MAP_MOVED_HOURS] > c->limit)
            continue; /* bounds on hours ask for more */
        if (c->limit > 0 && !improve(w, zone, level, room, WORK_POINT, INT64_MIN))
            return false;
        if (!figures(w, zone, value, NULL, NULL))
            return false;
        c->minutes = value[HCB__MAP_MOVED_HOURS];
        c->people = value[HCB__MAP_MOVED_PEOPLE];
        c->value = value[level];
        w->out->n_curve++;
    }
    return true;
}

/* A legal map with so many zones, and what it gives for the first level; *found: `zone` is one. */
static bool try_number(work *w, int32_t *zone, int32_t number, bool *found, int64_t *value) {
    int64_t limit[HCB__MAP_LEVELS], values[HCB__MAP_LEVELS], missing = 0;
    int32_t level = w->m->rules->aims[0].level;
    hcb__rng rng;
    hcb__rng_seed(&rng, w->o->seed, 2000 + (uint64_t)number);
    for (int32_t l = 0; l < HCB__MAP_LEVELS; l++)
        limit[l] = INT64_MAX;
    memcpy(zone, w->m->repaired, (size_t)w->m->n * sizeof *zone);
    if (!hcb__map_renumber(zone, found, w->mem, &w->m->problem, number, &rng))
        return false;
    if (!*found)
        return true;
    w->problem.least_zones = w->problem.most_zones = number;
    bool ok = figures(w, zone, values, &missing, NULL) &&
              (missing == 0 || improve(w, zone, HCB__MISSING, limit, WORK_BOUNDS, 0)) &&
              figures(w, zone, values, &missing, NULL);
    *found = ok && missing == 0 && connected(w, zone) && values[HCB__MAP_MOVED_HOURS] <= w->m->moved_cap &&
             (!w->need || providers_enough(zone, 0, w));
    ok = ok &&
         (!*found || (improve(w, zone, level, limit, WORK_POINT, INT64_MIN) && figures(w, zone, values, NULL, NULL)));
    w->problem = w->m->problem;
    *value = values[level];
    return ok;
}

/* Each number of zones that is allowed; the best map of all is kept to go on from. */
static bool try_numbers(work *w) {
    const hcb__map_problem *p = &w->m->problem;
    hcb__arena *arena = &w->out->arena;
    size_t n = (size_t)w->m->n;
    int32_t count = (int32_t)numbers_of(w), *zone = hcb__arena_alloc(arena, n, sizeof *zone),
            *best = hcb__arena_alloc(arena, n, sizeof *best);
    w->out->numbers = hcb__arena_alloc(arena, (size_t)count, sizeof *w->out->numbers);
    if (!zone || !best || !w->out->numbers)
        return false;
    for (int32_t i = 0; i < count && !hcb__budget_interrupted(&w->budget); i++) {
        hcb__number_tried *t = &w->out->numbers[w->out->n_numbers++];
        t->zones = p->least_zones + i;
        if (!try_number(w, zone, t->zones, &t->legal, &t->value))
            return false;
        if (t->legal && (!w->other || t->value < w->other_value)) {
            memcpy(best, zone, n * sizeof *zone);
            w->other = best;
            w->other_value = t->value;
        }
    }
    return true;
}

/* The worst zone has no less road a visit than all together. */
static bool worst_bound(work *w, const int32_t *zone, int64_t *bound, hcb__budget *budget) {
    int64_t value[HCB__MAP_LEVELS], road;
    const hcb__map_level *worst = &w->m->problem.levels[HCB__MAP_WORST_TRAVEL];
    if (!figures(w, zone, value, NULL, NULL) ||
        !hcb__map_bound(&road, w->mem, w->m, HCB__MAP_TRAVEL, value[HCB__MAP_TRAVEL]) ||
        !hcb__piece_bound(&road, w->mem, w->m, HCB__MAP_TRAVEL, zone, value[HCB__MAP_TRAVEL], budget))
        return false;
    int64_t mean = worst->mean_total > 0 ? road * worst->mean_scale / worst->mean_total : 0;
    *bound = mean > *bound ? mean : *bound;
    return true;
}

static hcb__budget part_of_time(const work *w, int parts) {
    hcb__budget budget = w->budget;
    budget.work = 0;
    if (w->budget.deadline.at > 0)
        budget.deadline = hcb__deadline_in(fmax(0.01, hcb__deadline_left(w->budget.deadline) / parts));
    return budget;
}

static int64_t better(int32_t *by, int32_t method, int64_t before, int64_t bound) {
    if (bound <= before)
        return before;
    *by = method;
    return bound;
}

/* Prices are raised by how far the bound is from a value that is known: better after a search than before. */
static bool raise_bound(work *w, const int32_t *zone, int32_t level, int64_t value, int64_t *bound, int parts) {
    hcb__budget budget = part_of_time(w, parts);
    int64_t before = *bound;
    show(w, HCB_PHASE_VERIFY, level, value, *bound);
    int32_t *by = &w->out->bound_by[level];
    bool ok = hcb__map_bound(bound, w->mem, w->m, level, value);
    *bound = better(by, HCB__BY_PRICES, before, *bound);
    before = *bound;
    ok = ok && hcb__count_bound(bound, w->mem, w->m, level);
    *bound = better(by, HCB__BY_COUNTS, before, *bound);
    before = *bound;
    show(w, HCB_PHASE_VERIFY, level, value, *bound); /* the rest takes longer */
    ok = ok && hcb__piece_bound(bound, w->mem, w->m, level, zone, value, &budget) &&
         (level != HCB__MAP_WORST_TRAVEL || worst_bound(w, zone, bound, &budget));
    *bound = better(by, HCB__BY_PIECES, before, *bound);
    w->budget.work += budget.work;
    show(w, HCB_PHASE_VERIFY, level, value, *bound);
    return ok;
}

static void told_by_programme(int64_t value, int64_t bound, void *payload) {
    work *w = payload;
    atomic_store(&w->best, value);
    w->bound = bound > w->bound ? bound : w->bound;
    publish(w);
}

/* Where time is limited it ends the programme. */
static int64_t programme_work(const work *w) {
    if (w->budget.deadline.at > 0)
        return INT64_MAX;
    return w->o->work_limit > 0 && w->o->work_limit < PROGRAMME_WORK ? w->o->work_limit : PROGRAMME_WORK;
}

/* Levels that an integer programme can be made of. */
static bool programme(work *w, int32_t *zone, int32_t level, const int64_t *limit, int64_t *value, int64_t *bound) {
    hcb__assign_answer answer;
    hcb__budget budget = part_of_time(w, AFTER);
    hcb__assign x = {.problem = &w->m->problem,
                     .level = level,
                     .limit = limit,
                     .first_new = w->m->n_today,
                     .most_work = programme_work(w),
                     .budget = &budget,
                     .accept = w->need ? providers_enough : NULL,
                     .tell = told_by_programme,
                     .payload = w};
    show(w, HCB_PHASE_VERIFY, level, *value, *bound);
    if (hcb__map_assign(&answer, zone, *value, w->mem, &x) != HCB_OK)
        return false;
    w->budget.work += budget.work;
    *value = answer.value;
    if (answer.bound > *bound) {
        *bound = answer.bound;
        w->out->bound_by[level] = HCB__BY_PROGRAMME;
    }
    return true;
}

/* On a small map every other one is ruled out, or the best found. */
static bool enumeration(work *w, int32_t *zone, int32_t level, const int64_t *limit, int64_t *value, int64_t *bound) {
    hcb__exact_answer answer;
    hcb__budget budget = part_of_time(w, AFTER);
    hcb__exact x = {.problem = &w->m->problem,
                    .level = level,
                    .limit = limit,
                    .first_new = w->m->n_today,
                    .most_nodes = EXACT_NODES,
                    .budget = &budget,
                    .accept = w->need ? providers_enough : NULL,
                    .payload = w};
    if (!hcb__map_exact(&answer, zone, *value, w->mem, &x))
        return false;
    w->budget.work += budget.work;
    *value = answer.value;
    if (answer.complete) {
        *bound = answer.value;
        w->out->bound_by[level] = HCB__BY_ENUMERATION;
    }
    return true;
}

static bool prove(work *w, int32_t *zone, int32_t level, const int64_t *limit, int64_t *value, int64_t *bound) {
    if (*value > *bound && hcb__assign_fits(&w->m->problem, level) && !programme(w, zone, level, limit, value, bound))
        return false;
    return *value <= *bound || w->m->n > HCB__MOST_EXACT || enumeration(w, zone, level, limit, value, bound);
}

/* Goes on from the map with another number of zones where that is better. */
static bool take_other(work *w, int32_t level) {
    int64_t value[HCB__MAP_LEVELS];
    if (!figures(w, w->out->zone, value, NULL, NULL))
        return false;
    if (w->other_value < value[level])
        memcpy(w->out->zone, w->other, (size_t)w->m->n * sizeof *w->other);
    return true;
}

static bool aims(work *w, int64_t *limit) {
    const hcb__map_rules *rules = w->m->rules;
    int64_t value[HCB__MAP_LEVELS];
    for (int32_t a = 0; a < rules->n_aims; a++) {
        int32_t level = rules->aims[a].level;
        if (level == HCB__MAP_SNAP) {
            if (!figures(w, w->out->zone, value, NULL, NULL))
                return false;
            memcpy(w->out->unsnapped, w->out->zone, (size_t)w->m->n * sizeof *w->out->zone);
            w->out->inside_unsnapped = value[level];
        }
        w->shares_left = (rules->n_aims - a) * (int64_t)WORK_LEVEL;
        w->shares_left += a == 0 && level > HCB__MAP_MOVED_PEOPLE ? HCB__CURVE_POINTS * WORK_POINT : 0;
        if (!figures(w, w->out->zone, value, NULL, NULL))
            return false;
        int64_t *bound = &w->out->bound[level], before = value[level];
        if (!raise_bound(w, w->out->zone, level, before, bound, BEFORE) ||
            (a == 0 && level > HCB__MAP_MOVED_PEOPLE && !trace(w, w->out->zone, level, limit)) ||
            (a == 0 && w->other && !take_other(w, level)) ||
            !improve(w, w->out->zone, level, limit, WORK_LEVEL, *bound) ||
            !figures(w, w->out->zone, value, NULL, NULL) ||
            (value[level] < before && !raise_bound(w, w->out->zone, level, value[level], bound, AFTER)) ||
            !prove(w, w->out->zone, level, limit, &value[level], bound))
            return false;
        w->out->best[level] = value[level];
        limit[level] = frozen_at(&rules->aims[a], value[level]);
    }
    return true;
}

/* Packages whose provider does not cover the zone that they come to: they go first, as those whose provider leaves. */
static bool urgency_of(work *w, int64_t *urgency) {
    const hcb__model *model = w->m->model;
    for (int32_t i = 0; i < model->n_packages + model->n_placements; i++) {
        int32_t u = w->m->demand->unit_of[i], provider = model->packages[i].provider;
        if (u >= 0 && provider >= 0 && !hcb__mapping_covers(w->m, provider, w->out->zone[u]))
            urgency[u]++;
    }
    return true;
}

static bool enough_between(const int32_t *zone, void *payload) {
    return providers_enough(zone, HCB__MAP_CHAINS, payload);
}

static bool plan_way(work *w) {
    int64_t *urgency = hcb__calloc(w->mem, (size_t)w->m->n + 1, sizeof *urgency);
    hcb__way way = {&w->m->problem, w->m->repaired, w->out->zone, urgency, w->need ? enough_between : NULL, w,
                    w->worker};
    bool ok = urgency && urgency_of(w, urgency) && hcb__migrate(&w->out->migration, w->mem, &way);
    hcb__free(w->mem, urgency);
    return ok;
}

/* Zones keep the name that leaves most hours where they are, as far as the bounds of the names allow. */
static bool name_zones(work *w, const int64_t *limit) {
    const hcb__map_problem *p = &w->m->problem;
    int32_t k = w->m->k, *column = hcb__calloc(w->mem, (size_t)k + 1, sizeof *column);
    int64_t *worth = hcb__calloc(w->mem, (size_t)k * (size_t)k + 1, sizeof *worth), value[HCB__MAP_LEVELS];
    bool whole = false, ok = worth && column && figures(w, w->out->zone, value, NULL, w->out->sums);
    for (int32_t u = 0; ok && u < w->m->n; u++)
        worth[w->out->zone[u] * k + w->m->repaired[u]] += p->attribute[u];
    for (int32_t z = 0; ok && z < k; z++)
        for (int32_t y = 0; y < k; y++) {
            bool shut = !is_open(w, w->out->zone, z), fits = shut || p->parts[z] == p->parts[y];
            for (int32_t a = 0; !shut && a < p->n_attributes; a++) {
                int64_t sum = w->out->sums[z * p->n_attributes + a];
                fits = fits && sum >= p->low[a * k + y] && sum <= p->high[a * k + y];
            }
            for (int32_t u = 0; fits && u < w->m->n; u++)
                fits = w->out->zone[u] != z || p->fixed[u] < 0 || p->fixed[u] == y;
            if (!fits)
                worth[z * k + y] = HCB__NO_PAIR;
        }
    ok = ok && hcb__best_pairs(column, &whole, w->mem, worth, k);
    int32_t *named = hcb__calloc(w->mem, (size_t)w->m->n + 1, sizeof *named);
    for (int32_t u = 0; named && ok && whole && u < w->m->n; u++)
        named[u] = column[w->out->zone[u]];
    ok = ok && named && (!whole || figures(w, named, value, NULL, NULL));
    /* A name can change what a zone pays or aims at: no level is given up for it. */
    for (int32_t l = 0; ok && l < HCB__MAP_LEVELS; l++)
        whole = whole && value[l] <= limit[l];
    if (ok && whole && (!w->need || providers_enough(named, HCB__MAP_CHAINS, w)))
        memcpy(w->out->zone, named, (size_t)w->m->n * sizeof *named);
    hcb__free(w->mem, named);
    hcb__free(w->mem, worth);
    hcb__free(w->mem, column);
    return ok;
}

/* New zones are all alike: those in use come first. */
static void order_new(work *w) {
    w->out->n_zones = w->m->n_today;
    for (int32_t z = w->m->n_today; z < w->m->k; z++) {
        if (!is_open(w, w->out->zone, z))
            continue;
        for (int32_t u = 0; u < w->m->n; u++)
            if (w->out->zone[u] == z)
                w->out->zone[u] = w->out->n_zones;
        w->out->n_zones++;
    }
}

/* Where today's map cannot be put right, one from nothing. */
static bool begin_anew(work *w, int32_t *zone, int64_t *missing) {
    int64_t value[HCB__MAP_LEVELS];
    bool found = false;
    hcb__rng rng;
    hcb__rng_seed(&rng, w->o->seed, HCB__MAP_CHAINS + 1);
    int32_t *anew = hcb__calloc(w->mem, (size_t)w->m->n + 1, sizeof *anew);
    bool ok = anew && hcb__map_seed(anew, &found, w->mem, &w->m->problem, &rng, SEED_TRIES);
    if (ok && found && connected(w, anew)) {
        memcpy(zone, anew, (size_t)w->m->n * sizeof *zone);
        ok = figures(w, zone, value, missing, NULL);
    }
    hcb__free(w->mem, anew);
    return ok;
}

static hcb_status run(work *w) {
    hcb__proposal *out = w->out;
    size_t n = (size_t)w->m->n, sums = (size_t)w->m->k * (size_t)w->m->problem.n_attributes;
    out->zone = hcb__arena_alloc(&out->arena, n, sizeof *out->zone);
    out->unsnapped = hcb__arena_alloc(&out->arena, n, sizeof *out->unsnapped);
    out->sums = hcb__arena_alloc(&out->arena, sums, sizeof *out->sums);
    out->sums_before = hcb__arena_alloc(&out->arena, sums, sizeof *out->sums_before);
    if (!out->zone || !out->unsnapped || !out->sums || !out->sums_before)
        return HCB_ENOMEM;
    memcpy(out->zone, w->m->repaired, n * sizeof *out->zone);
    hcb_status status = look_at_providers(w);
    if (status != HCB_OK)
        return status;
    if (!figures(w, w->m->today, out->today, NULL, NULL) ||
        !figures(w, w->m->repaired, out->before, &out->missing, out->sums_before))
        return HCB_ENOMEM;
    w->shares_left = all_work(w);
    int64_t missing = out->missing, limit[HCB__MAP_LEVELS];
    for (int32_t l = 0; l < HCB__MAP_LEVELS; l++)
        limit[l] = INT64_MAX;
    bool number = hcb__map_number_free(&w->m->problem);
    if (number && !w->o->hopeless) {
        if (!try_numbers(w))
            return HCB_ENOMEM;
        if (!connected(w, out->zone) && w->other) { /* today's number of zones is not allowed */
            memcpy(out->zone, w->other, n * sizeof *out->zone);
            missing = 0;
        }
    }
    if (missing > 0 && !w->o->hopeless &&
        (!improve(w, out->zone, HCB__MISSING, limit, WORK_BOUNDS, 0) ||
         !figures(w, out->zone, out->value, &missing, out->sums)))
        return HCB_ENOMEM;
    bool anew = !w->o->hopeless && !number && (missing > 0 || !connected(w, out->zone));
    if (anew && !begin_anew(w, out->zone, &missing))
        return HCB_ENOMEM;
    if (missing > 0 && w->other) {
        memcpy(out->zone, w->other, n * sizeof *out->zone);
        missing = 0;
    }
    /* No more than bounds ask for. */
    if ((out->missing > 0 || anew) && missing == 0 && connected(w, out->zone) &&
        !improve(w, out->zone, HCB__MAP_MOVED_HOURS, limit, WORK_BOUNDS, 0))
        return HCB_ENOMEM;
    out->legal = missing == 0 && !w->o->hopeless && connected(w, out->zone);
    if (out->legal && (!aims(w, limit) || !name_zones(w, limit)))
        return HCB_ENOMEM;
    order_new(w);
    if (!figures(w, out->zone, out->value, &missing, out->sums))
        return HCB_ENOMEM;
    out->legal = out->legal && missing == 0 && connected(w, out->zone) &&
                 out->value[HCB__MAP_MOVED_HOURS] <= w->m->moved_cap &&
                 (!w->need || providers_enough(out->zone, HCB__MAP_CHAINS, w));
    for (int32_t z = 0; w->need && z < w->m->k; z++)
        out->viable[z] = providers_of(w, HCB__MAP_CHAINS, out->zone)[z].viable;
    w->shares_left = 0;
    enter(w, HCB_PHASE_BUILD, "transition");
    if (out->legal && !plan_way(w))
        return HCB_ENOMEM;
    if (out->legal && w->o->ensemble > 0 &&
        !hcb__map_ensemble_run(&out->ensemble, w->mem, &w->m->problem, out->zone, w->o->ensemble, THIN, w->o->seed,
                               &w->budget, told_by_ensemble, w))
        return HCB_ENOMEM;
    status = rounds_of(w, w->m->repaired, &out->rounds_before);
    if (status == HCB_OK)
        status = rounds_of(w, out->zone, &out->rounds);
    out->stopped = hcb__budget_interrupted(&w->budget);
    out->work = w->budget.work;
    return status;
}

hcb_status hcb__propose(hcb__proposal **out, const hcb_allocator *mem, const hcb__mapping *mapping,
                        const hcb__proposal_options *options, hcb__worker *worker) {
    *out = NULL;
    hcb__proposal *p = hcb__calloc(mem, 1, sizeof *p);
    if (!p)
        return HCB_ENOMEM;
    hcb__arena_init(&p->arena, mem);
    p->mapping = mapping;
    work w = {.m = mapping, .mem = mem, .o = options, .out = p, .worker = worker, .began = hcb__now()};
    w.problem = mapping->problem;
    w.budget = (hcb__budget){.deadline = hcb__deadline_in(options->time_limit_s), .worker = worker};
    hcb_status status = run(&w);
    for (int32_t c = 0; c <= HCB__MAP_CHAINS; c++)
        hcb__ledger_free(w.ledger[c]);
    if (status == HCB_OK)
        *out = p;
    else
        hcb__proposal_free(p);
    return status;
}

void hcb__proposal_free(hcb__proposal *p) {
    if (!p)
        return;
    hcb_allocator mem = p->arena.mem;
    hcb__migration_free(p->migration);
    hcb__map_ensemble_free(p->ensemble);
    hcb__arena_release(&p->arena);
    hcb__free(&mem, p);
}
