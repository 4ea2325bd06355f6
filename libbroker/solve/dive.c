/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/dive.h"

#include <string.h>

#include "solve/round.h"

enum { DIVES = 12 };

typedef struct dive {
    const hcb__core *core;
    hcb__allowed allowed;
    int64_t *room;
    int64_t n_pairs;
} dive;

static int64_t index_of(const dive *d, const hcb__core *core, int32_t c) {
    return core->pair[c] >= 0 ? core->pair[c] : d->n_pairs + core->item[c];
}

static bool fits(const dive *d, const hcb__core *core, int32_t c) {
    for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
        if (core->use_weight[u] > 0 && core->use_weight[u] > d->room[core->use_row[u]])
            return false;
    return true;
}

/* Settles items whose largest share is at least `enough` and still fits; gives how many movable items are left. */
static int32_t settle(dive *d, const hcb__core *core, const double *x, double enough) {
    int32_t left = 0;
    for (int32_t k = 0; k < core->n_movable; k++) {
        int32_t i = core->movable[k], best = core->start[i];
        for (int32_t c = best + 1; c < core->start[i + 1]; c++)
            if (x[c] > x[best])
                best = c;
        if (x[best] < enough || !fits(d, core, best)) {
            left++;
            continue;
        }
        for (int32_t u = core->use_start[best]; u < core->use_start[best + 1]; u++)
            d->room[core->use_row[u]] -= core->use_weight[u];
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            d->allowed.at[index_of(d, core, c)] = c == best;
    }
    return left;
}

/* Drops choices that no longer fit, but never an item's last one. */
static void drop(dive *d, const hcb__core *core) {
    for (int32_t k = 0; k < core->n_movable; k++) {
        int32_t i = core->movable[k], fitting = 0;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            fitting += d->allowed.at[index_of(d, core, c)] && fits(d, core, c);
        for (int32_t c = core->start[i]; fitting > 0 && c < core->start[i + 1]; c++)
            if (d->allowed.at[index_of(d, core, c)] && !fits(d, core, c))
                d->allowed.at[index_of(d, core, c)] = 0;
    }
}

static bool copy_out(int32_t *choice, bool *found, const hcb_allocator *mem, const hcb__core *whole,
                     const hcb__core *core, const hcb__lp_answer *lp) {
    int32_t *rounded = hcb__calloc(mem, (size_t)core->n_items + 1, sizeof *rounded);
    if (!rounded)
        return false;
    *found = hcb__round(rounded, mem, core, lp);
    for (int32_t i = 0; *found && i < core->n_items; i++)
        choice[i] = hcb__core_find(whole, i, core->bin[rounded[i]]);
    hcb__free(mem, rounded);
    return true;
}

/* One LP of what is left, from `core` to *next. */
static bool again(dive *d, hcb__core **next, hcb__lp_answer *lp, const hcb_allocator *mem, const int64_t *frozen,
                  hcb__budget *budget) {
    const hcb__core *whole = d->core;
    return hcb__core_build(next, mem, whole->problem, whole->level, &d->allowed, frozen) &&
           hcb__lp_solve(lp, mem, *next, budget);
}

bool hcb__dive(int32_t *choice, bool *found, const hcb_allocator *mem, const hcb__core *core, const hcb__lp_answer *lp,
               const int64_t *frozen, hcb__budget *budget) {
    dive d = {core, {NULL, 0}, NULL, core->problem->pair_start[core->n_items]};
    size_t choices = (size_t)d.n_pairs + (size_t)core->n_items + 1;
    d.allowed.at = hcb__calloc(mem, choices, 1);
    d.allowed.n_pairs = d.n_pairs;
    d.room = hcb__calloc(mem, (size_t)core->n_rows + 1, sizeof *d.room);
    bool ok = d.allowed.at && d.room;
    *found = false;
    for (int32_t c = 0; ok && c < core->n_choices; c++)
        d.allowed.at[index_of(&d, core, c)] = 1;
    /* Half the range stands for a row without limit: what is taken off, or given back, then cannot overflow. */
    const int64_t most = INT64_MAX / 2;
    for (int32_t r = 0; ok && r < core->n_rows; r++)
        d.room[r] = (core->limit[r] < most ? core->limit[r] : most) - core->base[r];
    for (int32_t i = 0; ok && i < core->n_items; i++)
        if (core->start[i + 1] - core->start[i] == 1)
            for (int32_t u = core->use_start[core->start[i]]; u < core->use_start[core->start[i + 1]]; u++)
                d.room[core->use_row[u]] -= core->use_weight[u];
    const hcb__core *now = core;
    const hcb__lp_answer *answer = lp;
    hcb__core *owned = NULL;
    hcb__lp_answer owned_lp;
    memset(&owned_lp, 0, sizeof owned_lp);
    double enough = 0.99;
    for (int32_t turn = 0; ok && turn < DIVES; turn++) {
        int32_t left = settle(&d, now, answer->x, enough);
        if (left == 0 || hcb__budget_over(budget))
            break;
        drop(&d, now);
        hcb__core *next = NULL;
        hcb__lp_answer next_lp;
        memset(&next_lp, 0, sizeof next_lp);
        ok = again(&d, &next, &next_lp, mem, frozen, budget);
        if (!ok || next->n_movable == 0 || hcb__budget_interrupted(budget)) {
            hcb__lp_free(&next_lp, mem);
            hcb__core_free(next);
            break;
        }
        /* When the LP settles little, settle what it likes best. */
        enough = now->n_movable - next->n_movable < now->n_movable / 4 ? enough * 0.85 : 0.99;
        hcb__lp_free(&owned_lp, mem);
        hcb__core_free(owned);
        owned = next;
        owned_lp = next_lp;
        now = owned;
        answer = &owned_lp;
    }
    if (ok)
        ok = copy_out(choice, found, mem, core, now, answer);
    hcb__lp_free(&owned_lp, mem);
    hcb__core_free(owned);
    hcb__free(mem, d.allowed.at);
    hcb__free(mem, d.room);
    return ok;
}
