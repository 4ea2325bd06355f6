/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/polish.h"

#include <string.h>

/* The pair of item in bin, or -1. */
static int64_t pair_of(const hcb__engine_problem *p, int32_t item, int32_t bin) {
    int64_t lo = p->pair_start[item], hi = p->pair_start[item + 1];
    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2;
        if (p->pair_bin[mid] < bin)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < p->pair_start[item + 1] && p->pair_bin[lo] == bin ? lo : -1;
}

typedef struct polish {
    const hcb__engine_problem *p;
    int64_t *load, *term, *change;
} polish;

static bool init(polish *s, const hcb_allocator *mem, const hcb__engine_problem *p) {
    s->p = p;
    s->load = hcb__calloc(mem, (size_t)p->n_rows + 1, sizeof *s->load);
    s->term = hcb__calloc(mem, (size_t)p->n_terms + 1, sizeof *s->term);
    s->change = hcb__calloc(mem, (size_t)p->n_levels + 1, sizeof *s->change);
    return s->load && s->term && s->change;
}

static void done(polish *s, const hcb_allocator *mem) {
    hcb__free(mem, s->load);
    hcb__free(mem, s->term);
    hcb__free(mem, s->change);
}

static void add(polish *s, int64_t pair, int64_t sign) {
    const hcb__engine_problem *p = s->p;
    if (pair < 0)
        return;
    for (int64_t u = p->use_start[pair]; u < p->use_start[pair + 1]; u++)
        s->load[p->use_row[u]] += sign * p->use_weight[u];
    if (p->n_terms)
        for (int64_t u = p->term_use_start[pair]; u < p->term_use_start[pair + 1]; u++)
            s->term[p->term_use_term[u]] += sign * p->term_use_weight[u];
}

static int64_t cost(const hcb__engine_level *level, int32_t item, int64_t pair) {
    if (pair >= 0)
        return level->pair_cost ? level->pair_cost[pair] : 0;
    int64_t wait = level->wait_cost ? level->wait_cost[item] : 0;
    return wait == HCB__MUST_PLACE ? 0 : wait;
}

static int64_t top(const polish *s, const hcb__engine_level *level) {
    int64_t most = s->term[level->first_term];
    for (int32_t t = 1; t < level->n_terms; t++)
        if (s->term[level->first_term + t] > most)
            most = s->term[level->first_term + t];
    return most + level->constant;
}

static void evaluate(polish *s, const int32_t *bin, int64_t *value) {
    const hcb__engine_problem *p = s->p;
    memset(s->load, 0, (size_t)p->n_rows * sizeof *s->load);
    if (p->n_terms)
        memcpy(s->term, p->term_constant, (size_t)p->n_terms * sizeof *s->term);
    for (int32_t j = 0; j < p->n_levels; j++)
        value[j] = p->levels[j].constant;
    for (int32_t i = 0; i < p->n_items; i++) {
        int64_t pair = bin[i] >= 0 ? pair_of(p, i, bin[i]) : -1;
        add(s, pair, 1);
        for (int32_t j = 0; j < p->n_levels; j++)
            if (p->levels[j].kind == HCB__LEVEL_SUM)
                value[j] += cost(&p->levels[j], i, pair);
    }
    for (int32_t j = 0; j < p->n_levels; j++)
        if (p->levels[j].kind == HCB__LEVEL_MAX)
            value[j] = top(s, &p->levels[j]);
}

bool hcb__engine_values(int64_t *value, const hcb_allocator *mem, const hcb__engine_problem *problem,
                        const int32_t *bin) {
    polish s;
    bool ok = init(&s, mem, problem);
    if (ok)
        evaluate(&s, bin, value);
    done(&s, mem);
    return ok;
}

/* Whether every row holds once `to` has taken the place of `from` in the loads. Both lists of rows ascend. */
static bool would_hold(const polish *s, int64_t from, int64_t to) {
    const hcb__engine_problem *p = s->p;
    int64_t u = to >= 0 ? p->use_start[to] : 0, u_end = to >= 0 ? p->use_start[to + 1] : 0;
    int64_t v = from >= 0 ? p->use_start[from] : 0, v_end = from >= 0 ? p->use_start[from + 1] : 0;
    while (u < u_end || v < v_end) {
        int32_t row = v == v_end || (u < u_end && p->use_row[u] < p->use_row[v]) ? p->use_row[u] : p->use_row[v];
        int64_t load = s->load[row];
        if (u < u_end && p->use_row[u] == row)
            load += p->use_weight[u++];
        if (v < v_end && p->use_row[v] == row)
            load -= p->use_weight[v++];
        if (load > p->row_limit[row])
            return false;
    }
    return true;
}

/* The first level the step makes smaller, when none before it grows; n_levels when there is none, or a row would break.
 * The loads are those after the step when there is one. */
static int32_t gains_at(polish *s, int32_t item, int64_t from, int64_t to, const int64_t *value, const int64_t *floor) {
    const hcb__engine_problem *p = s->p;
    bool moved = false;
    int32_t found = p->n_levels;
    for (int32_t j = 0; j < p->n_levels; j++) {
        const hcb__engine_level *level = &p->levels[j];
        int64_t after;
        if (level->kind == HCB__LEVEL_SUM) {
            after = value[j] + cost(level, item, to) - cost(level, item, from);
        } else {
            if (!moved) {
                add(s, from, -1);
                add(s, to, 1);
                moved = true;
            }
            after = top(s, level);
        }
        int64_t a = after > floor[j] ? after : floor[j], b = value[j] > floor[j] ? value[j] : floor[j];
        if (a != b) {
            found = a < b ? j : p->n_levels;
            break;
        }
    }
    if (moved) {
        add(s, to, -1);
        add(s, from, 1);
    }
    if (found == p->n_levels || !would_hold(s, from, to))
        return p->n_levels;
    add(s, from, -1);
    add(s, to, 1);
    return found;
}

bool hcb__polish(int32_t *first, const hcb_allocator *mem, const hcb__engine_problem *problem, int32_t *bin,
                 int64_t *value, const int64_t *floor) {
    polish s;
    *first = problem->n_levels;
    if (!init(&s, mem, problem)) {
        done(&s, mem);
        return false;
    }
    evaluate(&s, bin, value);
    int32_t still = 0; /* items in a row that had no step */
    for (int32_t i = 0; problem->n_items && still < problem->n_items; i = i + 1 < problem->n_items ? i + 1 : 0) {
        int64_t from = bin[i] >= 0 ? pair_of(problem, i, bin[i]) : -1;
        bool stepped = false;
        for (int64_t k = problem->pair_start[i]; k < problem->pair_start[i + 1]; k++) {
            int32_t at = k == from ? problem->n_levels : gains_at(&s, i, from, k, value, floor);
            if (at == problem->n_levels)
                continue;
            for (int32_t j = 0; j < problem->n_levels; j++)
                value[j] = problem->levels[j].kind == HCB__LEVEL_MAX
                               ? top(&s, &problem->levels[j])
                               : value[j] + cost(&problem->levels[j], i, k) - cost(&problem->levels[j], i, from);
            bin[i] = problem->pair_bin[k];
            from = k;
            *first = at < *first ? at : *first;
            stepped = true;
        }
        still = stepped ? 0 : still + 1;
    }
    done(&s, mem);
    return true;
}
