/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan's figures, straight from the problem's arrays. */
#include <string.h>

#include "allocation/allocation.h"
#include "base/arith.h"

void hcb__plan_totals(hcb__totals *out, const hcb__alloc_problem *problem, const int32_t *bin) {
    memset(out, 0, sizeof *out);
    for (int32_t i = 0; i < problem->n_items; i++) {
        const hcb__package *p = &problem->model->packages[problem->package[i]];
        out->moved += p->placed && bin[i] != p->provider;
        if (bin[i] == HCB__WAITS) {
            out->waiting++;
            out->minutes_waiting += p->carer_minutes;
            continue;
        }
        const hcb__choice *c = &problem->choices[hcb__alloc_pair(problem, i, bin[i])];
        out->placed++;
        out->minutes_placed += p->carer_minutes;
        out->pence += c->weekly_pence;
        out->seconds += p->carer_visits * c->seconds;
    }
}

static int64_t pair_of(const hcb__engine_problem *e, int32_t item, int32_t bin) {
    for (int64_t c = e->pair_start[item]; c < e->pair_start[item + 1]; c++)
        if (e->pair_bin[c] == bin)
            return c;
    return -1;
}

static bool max_value(const hcb__engine_problem *e, const hcb__engine_level *level, const int32_t *bin, int64_t *out) {
    int64_t largest = INT64_MIN;
    for (int32_t t = level->first_term; t < level->first_term + level->n_terms; t++) {
        int64_t value = e->term_constant[t];
        for (int32_t i = 0; i < e->n_items; i++) {
            int64_t c = bin[i] == HCB__WAITS ? -1 : pair_of(e, i, bin[i]);
            for (int64_t u = c < 0 ? 0 : e->term_use_start[c]; c >= 0 && u < e->term_use_start[c + 1]; u++)
                if (e->term_use_term[u] == t && !hcb__add(value, e->term_use_weight[u], &value))
                    return false;
        }
        if (value > largest)
            largest = value;
    }
    return hcb__add(level->n_terms ? largest : 0, level->constant, out);
}

static bool sum_value(const hcb__engine_problem *e, const hcb__engine_level *level, const int32_t *bin, int64_t *out) {
    int64_t value = level->constant;
    for (int32_t i = 0; i < e->n_items; i++) {
        const int64_t *costs = bin[i] == HCB__WAITS ? level->wait_cost : level->pair_cost;
        int64_t at = bin[i] == HCB__WAITS ? i : pair_of(e, i, bin[i]);
        if (costs && !hcb__add(value, costs[at], &value))
            return false;
    }
    *out = value;
    return true;
}

bool hcb__plan_values(const hcb__engine_problem *engine, const int32_t *bin, int64_t *values) {
    for (int32_t l = 0; l < engine->n_levels; l++) {
        const hcb__engine_level *level = &engine->levels[l];
        if (!(level->kind == HCB__LEVEL_MAX ? max_value(engine, level, bin, &values[l])
                                            : sum_value(engine, level, bin, &values[l])))
            return false;
    }
    return true;
}

bool hcb__plan_frozen(const hcb__engine_level *level, int64_t value, int64_t *frozen) {
    __int128 part = (__int128)value * level->tolerance_ppm;
    __int128 percent = part / 1000000 - (part % 1000000 < 0);
    if (percent > INT64_MAX || percent < INT64_MIN)
        return false;
    return hcb__add(value, level->tolerance, frozen) && hcb__add(*frozen, (int64_t)percent, frozen);
}

void hcb__plan_loads(const hcb__engine_problem *engine, const int32_t *bin, int64_t *loads) {
    memset(loads, 0, (size_t)engine->n_rows * sizeof *loads);
    for (int32_t i = 0; i < engine->n_items; i++)
        if (bin[i] != HCB__WAITS)
            hcb__plan_add(engine, loads, pair_of(engine, i, bin[i]));
}

bool hcb__plan_fits(const hcb__engine_problem *engine, const int64_t *loads, int64_t pair) {
    for (int64_t u = engine->use_start[pair]; u < engine->use_start[pair + 1]; u++)
        if (loads[engine->use_row[u]] + engine->use_weight[u] > engine->row_limit[engine->use_row[u]])
            return false;
    return true;
}

void hcb__plan_add(const hcb__engine_problem *engine, int64_t *loads, int64_t pair) {
    for (int64_t u = engine->use_start[pair]; u < engine->use_start[pair + 1]; u++)
        loads[engine->use_row[u]] += engine->use_weight[u];
}
