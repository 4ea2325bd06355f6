/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The levels of the policy: what each choice costs in them, what fixed placements add, and the plan's values. */
#include "allocation/verify_run.h"

#include <stdlib.h>

static int64_t blend_part(const hcb__vf_level *level, const hcb__vf_package *p, const hcb__vf_service *s,
                          int64_t cheapest) {
    int64_t quality = level->weight_quality, cost = level->weight_cost;
    int64_t least = s->price < 0 ? 0 : cheapest < s->price ? cheapest : s->price;
    if (level->up_to >= 0 && hcb__vf_weekly_cost(p->carer_minutes, least) <= level->up_to) {
        quality = level->up_to_quality;
        cost = level->up_to_cost;
    }
    int64_t points = quality * (100 - s->quality);
    if (s->price > 0)
        points += cost * (100 - 100 * (cheapest < s->price ? cheapest : s->price) / s->price);
    return p->carer_minutes * points;
}

/* The cost of a package at a provider in a level of the kind sum. */
static int64_t cost_of(const hcb__vf *vf, const hcb__vf_level *level, const hcb__vf_package *p,
                       const hcb__vf_service *s, int64_t cheapest) {
    bool changes = p->provider >= 0 && p->provider != s->provider;
    switch (level->name) {
    case HCB__VF_TIER:
        return p->carer_minutes * s->rank;
    case HCB__VF_MOVES:
        return changes;
    case HCB__VF_QUALITY:
        return p->carer_minutes * (100 - s->quality);
    case HCB__VF_COST:
        return s->cost + (changes ? vf->policy.move_price : 0);
    case HCB__VF_TRAVEL_LEVEL:
        return s->travel;
    case HCB__VF_PREFERENCE:
        return p->carer_minutes * hcb__vf_unmet(vf, p, s->provider);
    case HCB__VF_BLEND:
        return blend_part(level, p, s, cheapest);
    default:
        return 0;
    }
}

/* The lowest price an hour among the providers that may take a placement that stays where it is. */
static int64_t cheapest_of(const hcb__vf_run *run, const hcb__vf_package *p) {
    int64_t cheapest = INT64_MAX;
    for (size_t k = 0; k < run->vf->providers.count; k++) {
        hcb__vf_service s = hcb__vf_serve(run, p, (int32_t)k);
        if (s.price >= 0 && s.price < cheapest && !hcb__vf_refuses(run, p, &s).code)
            cheapest = s.price;
    }
    return cheapest;
}

static bool make_terms(hcb__vf_run *run, bool equal) {
    hcb__vf *vf = run->vf;
    int64_t total = 0, capacity = 0;
    for (size_t i = 0; i < vf->queue.count; i++)
        total += vf->queue.at[i].carer_minutes;
    for (size_t i = 0; i < vf->placements.count; i++)
        total += vf->placements.at[i].carer_minutes;
    for (size_t k = 0; k < vf->providers.count; k++)
        if (vf->providers.at[k].active)
            capacity += equal ? 1 : vf->providers.at[k].capacity;
    for (size_t k = 0; k < vf->providers.count; k++) {
        const hcb__vf_provider *provider = &vf->providers.at[k];
        if (!provider->active)
            continue;
        __extension__ typedef unsigned __int128 wide;
        int64_t target =
            capacity
                ? (int64_t)((wide)(uint64_t)total * (uint64_t)(equal ? 1 : provider->capacity) / (uint64_t)capacity)
                : 0;
        hcb__vf_term term = {(int32_t)k, -target};
        for (size_t i = 0; run->replan == HCB__VF_REPLAN_FIXED && i < provider->n_served; i++)
            term.constant += vf->placements.at[provider->served[i]].carer_minutes;
        if (!HCB__PUSH(&vf->ctx->mem, &run->terms, term))
            return false;
    }
    return true;
}

/* The priority that counts, of the queue with its days of waiting. */
static int32_t priority_of(const hcb__vf *vf, const hcb__vf_item *item) {
    const hcb__vf_package *p = item->package;
    int32_t priority = p->priority;
    for (int32_t i = 0; i < vf->policy.n_steps && !item->movable && p->received != HCB__NO_DATE; i++)
        if (vf->as_of - p->received >= vf->policy.after_days[i] && vf->policy.to_priority[i] < priority)
            priority = (int32_t)vf->policy.to_priority[i];
    return priority;
}

bool hcb__vf_levels_make(hcb__vf_run *run) {
    hcb__vf *vf = run->vf;
    const hcb__vf_policy *policy = &vf->policy;
    for (size_t i = 0; i < run->items.count; i++) {
        hcb__vf_item *item = &run->items.at[i];
        int64_t cheapest = INT64_MAX;
        item->wait_cost = policy->weights[priority_of(vf, item) - 1] * item->package->carer_minutes;
        for (size_t c = item->choice_start; c < item->choice_end; c++)
            if (run->choices.at[c].service.price < cheapest)
                cheapest = run->choices.at[c].service.price;
        for (size_t c = item->choice_start; c < item->choice_end; c++)
            for (int32_t l = 0; l < policy->n_levels; l++)
                run->choices.at[c].cost[l] =
                    cost_of(vf, &policy->levels[l], item->package, &run->choices.at[c].service, cheapest);
    }
    for (int32_t l = 0; l < policy->n_levels; l++) {
        const hcb__vf_level *level = &policy->levels[l];
        if (level->name == HCB__VF_FAIR && !run->terms.count && !make_terms(run, level->equal))
            return false;
        if (run->replan != HCB__VF_REPLAN_FIXED || level->name == HCB__VF_MOVES)
            continue;
        for (size_t i = 0; i < vf->placements.count; i++) {
            const hcb__vf_package *p = &vf->placements.at[i];
            int64_t cheapest = level->name == HCB__VF_BLEND ? cheapest_of(run, p) : 0;
            run->levels[l].constant += cost_of(vf, level, p, &run->today[i], cheapest);
        }
    }
    return true;
}

int32_t hcb__vf_rank_of(const hcb__vf_run *run, const hcb__vf_choice *choice) {
    const hcb__vf_policy *policy = &run->vf->policy;
    const hcb__vf_item *item = &run->items.at[choice->item];
    int32_t rank = 1;
    for (size_t c = item->choice_start; c < item->choice_end; c++) {
        const hcb__vf_choice *other = &run->choices.at[c];
        int64_t difference = 0;
        for (int32_t l = 0; l < policy->n_levels && !difference; l++)
            if (policy->levels[l].name != HCB__VF_WAITING && policy->levels[l].name != HCB__VF_FAIR)
                difference = other->cost[l] - choice->cost[l];
        /* Choices stand in the order of their providers' ids. */
        rank += difference < 0 || (difference == 0 && other < choice);
    }
    return rank;
}

static int64_t fair_value(const hcb__vf_run *run, int64_t *load) {
    int64_t most = 0;
    for (size_t k = 0; k < run->vf->providers.count; k++)
        load[k] = 0;
    for (size_t i = 0; i < run->items.count; i++)
        if (run->items.at[i].chosen >= 0)
            load[run->choices.at[run->items.at[i].chosen].service.provider] += run->items.at[i].package->carer_minutes;
    for (size_t t = 0; t < run->terms.count; t++) {
        int64_t away = run->terms.at[t].constant + load[run->terms.at[t].provider];
        away = away < 0 ? -away : away;
        most = away > most ? away : most;
    }
    return most;
}

int64_t hcb__vf_frozen(const hcb__vf_level *level, int64_t best) {
    /* A percentage is rounded down; in two parts, so that the products stay small. */
    return best + level->tolerance + best / 1000000 * level->ppm + best % 1000000 * level->ppm / 1000000;
}

bool hcb__vf_levels_evaluate(hcb__vf_run *run) {
    const hcb__vf_policy *policy = &run->vf->policy;
    int64_t *load = hcb__vf_new(run->vf, run->vf->providers.count, sizeof *load);
    if (!load)
        return false;
    for (int32_t l = 0; l < policy->n_levels; l++) {
        hcb__vf_level_figures *figures = &run->levels[l];
        int32_t name = policy->levels[l].name;
        int64_t value = name == HCB__VF_FAIR ? fair_value(run, load) : figures->constant;
        for (size_t i = 0; i < run->items.count && name != HCB__VF_FAIR; i++) {
            const hcb__vf_item *item = &run->items.at[i];
            if (item->chosen >= 0)
                value += run->choices.at[item->chosen].cost[l];
            else if (name == HCB__VF_WAITING)
                value += item->wait_cost;
        }
        figures->value = value;
    }
    return true;
}
