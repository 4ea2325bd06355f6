/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one more placement would do to a plan that otherwise stays as it is. */
#include <string.h>

#include "allocation/recommend.h"
#include "base/arith.h"

enum { SECONDS = 60 };

hcb_status hcb__standing_make(hcb__standing *out, hcb_context *ctx, hcb__arena *arena,
                              const hcb__alloc_problem *problem, const int32_t *bin) {
    const hcb__engine_problem *e = &problem->engine;
    out->problem = problem;
    out->loads = hcb__arena_alloc(arena, (size_t)e->n_rows, sizeof *out->loads);
    out->limits = hcb__arena_alloc(arena, (size_t)e->n_rows, sizeof *out->limits);
    out->terms = hcb__arena_alloc(arena, (size_t)e->n_terms, sizeof *out->terms);
    if (!out->loads || !out->limits || !out->terms)
        return hcb__nomem(ctx);
    if (e->n_rows)
        memcpy(out->limits, e->row_limit, (size_t)e->n_rows * sizeof *out->limits);
    if (e->n_terms)
        memcpy(out->terms, e->term_constant, (size_t)e->n_terms * sizeof *out->terms);
    hcb__plan_loads(e, bin, out->loads);
    for (int32_t i = 0; e->n_terms && i < e->n_items; i++) {
        int64_t c = bin[i] == HCB__WAITS ? -1 : hcb__alloc_pair(problem, i, bin[i]);
        for (int64_t u = c < 0 ? 0 : e->term_use_start[c]; c >= 0 && u < e->term_use_start[c + 1]; u++)
            out->terms[e->term_use_term[u]] += e->term_use_weight[u];
    }
    return HCB_OK;
}

static bool sum_change(const hcb__engine_level *level, const hcb__step *steps, int32_t n_steps, int64_t *change) {
    *change = 0;
    for (int32_t s = 0; s < n_steps; s++)
        if ((level->pair_cost && !hcb__add(*change, level->pair_cost[steps[s].pair], change)) ||
            (level->wait_cost && !hcb__add(*change, -level->wait_cost[steps[s].item], change)))
            return false;
    return true;
}

static int64_t largest(const hcb__engine_level *level, const int64_t *terms) {
    int64_t value = level->n_terms ? terms[level->first_term] : 0;
    for (int32_t t = level->first_term; t < level->first_term + level->n_terms; t++)
        value = terms[t] > value ? terms[t] : value;
    return value;
}

/* The terms with the steps (times `sign`) added. */
static void shift_terms(const hcb__standing *s, const hcb__step *steps, int32_t n_steps, int64_t sign) {
    const hcb__engine_problem *e = &s->problem->engine;
    for (int32_t i = 0; i < n_steps; i++)
        for (int64_t u = e->term_use_start[steps[i].pair]; u < e->term_use_start[steps[i].pair + 1]; u++)
            s->terms[e->term_use_term[u]] += sign * e->term_use_weight[u];
}

hcb_status hcb__standing_change(const hcb__standing *standing, hcb_context *ctx, const hcb__step *steps,
                                int32_t n_steps, int64_t *change) {
    const hcb__engine_problem *e = &standing->problem->engine;
    for (int32_t l = 0; l < e->n_levels; l++) {
        const hcb__engine_level *level = &e->levels[l];
        if (level->kind == HCB__LEVEL_MAX && e->n_terms) {
            int64_t before = largest(level, standing->terms);
            shift_terms(standing, steps, n_steps, 1);
            change[l] = largest(level, standing->terms) - before;
            shift_terms(standing, steps, n_steps, -1);
        } else if (!sum_change(level, steps, n_steps, &change[l])) {
            return hcb__fail(ctx, HCB_ELIMIT, "level %s: the change passes 64 bits", level->name);
        }
    }
    return HCB_OK;
}

bool hcb__standing_lacks(const hcb__standing *standing, hcb__arena *arena, int64_t pair, hcb__lack **lacks,
                         int32_t *n) {
    const hcb__engine_problem *e = &standing->problem->engine;
    *n = 0;
    *lacks = NULL;
    /* Also rows that the choice does not use: leaving a provider may itself break a share or the number of moves. */
    for (int pass = 0; pass < 2; pass++) {
        int64_t u = e->use_start[pair];
        int32_t found = 0;
        for (int32_t r = 0; r < e->n_rows; r++) {
            bool used = u < e->use_start[pair + 1] && e->use_row[u] == r;
            int64_t over = standing->loads[r] + (used ? e->use_weight[u++] : 0) - standing->limits[r];
            if (over <= 0)
                continue;
            if (pass)
                (*lacks)[found] = (hcb__lack){r, over};
            found++;
        }
        if (pass || !found)
            break;
        *lacks = hcb__arena_alloc(arena, (size_t)found, sizeof **lacks);
        if (!*lacks)
            return false;
        *n = found;
    }
    return true;
}

int32_t hcb__hours_row(const hcb__alloc_problem *problem, int32_t provider) {
    for (int32_t r = 0; r < problem->n_rows; r++)
        if (problem->rows[r].bin == provider && strncmp(problem->rows[r].name, "hours/", 6) == 0)
            return r;
    return -1;
}

int64_t hcb__standing_room(const hcb__standing *standing, int32_t provider) {
    int32_t row = hcb__hours_row(standing->problem, provider);
    if (row < 0)
        return -1;
    int64_t room = standing->limits[row] - standing->loads[row];
    if (standing->problem->model->travel.capacity_basis == HCB__CONTACT_AND_TRAVEL)
        room = hcb__floor_div(room, SECONDS);
    return room > 0 ? room : 0;
}
