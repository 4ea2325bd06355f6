/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/plunge.h"

#include <string.h>

#include "solve/round.h"

/* Beside what is whole enough, a step settles so many more whose shares are a little less; rounds of columns a step. */
static const double LESS = 0.2;
enum { MORE = 5, ROUNDS = 15, SMALL_STEPS = 40000 };

bool hcb__plan_near(hcb__plan *plan, int32_t *choice, hcb__lp_answer *view, const hcb__master *m) {
    const hcb__bundle *b = m->bundle;
    memcpy(view->x, m->share, (size_t)b->core->n_choices * sizeof *view->x);
    for (int32_t c = 0; c < b->core->n_choices; c++)
        view->reduced[c] = (double)b->value[c];
    if (!hcb__round(choice, &b->mem, b->core, view) || !hcb__plan_set(plan, choice))
        return false;
    if (b->settled.row >= 0) /* the row that settles items leaves no room for small steps */
        return true;
    hcb__budget some = *b->budget;
    some.work_limit = some.work + SMALL_STEPS;
    hcb__plan_descend(plan, &some);
    b->budget->work = some.work;
    return true;
}

/* Whether the choice holds beside those in `load`, which it then joins. */
static bool takes_room(const hcb__core *core, int64_t *load, int32_t c) {
    for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
        if (core->use_row[u] < core->first_goal &&
            load[core->use_row[u]] + core->use_weight[u] > core->limit[core->use_row[u]])
            return false;
    for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
        load[core->use_row[u]] += core->use_weight[u];
    return true;
}

/* The item's open choice with the largest share; *only: there is no other. */
static int32_t largest(const hcb__master *m, int32_t i, bool *only) {
    const hcb__core *core = m->bundle->core;
    int32_t found = -1, open = 0;
    for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
        if (m->bundle->open[c]) {
            found = found < 0 || m->share[c] > m->share[found] ? c : found;
            open++;
        }
    *only = open < 2;
    return found;
}

/* Whether the choice is the item's place, where nearly all stay: settling that would leave nobody to make room. */
static bool is_place(const hcb__master *m, int32_t c) {
    return m->bundle->settled.place[m->bundle->core->item[c]] == c;
}

/* The choice nearest to whole of all items that still have one to make; -1: there is none. */
static int32_t nearest(const hcb__master *m) {
    const hcb__core *core = m->bundle->core;
    int32_t found = -1;
    bool only;
    for (int32_t k = 0; k < core->n_movable; k++) {
        int32_t c = largest(m, core->movable[k], &only);
        if (!only && !is_place(m, c) && (found < 0 || m->share[c] > m->share[found]))
            found = c;
    }
    return found;
}

static void keep_only(hcb__master *m, int32_t c) {
    const hcb__core *core = m->bundle->core;
    int32_t lo = core->start[core->item[c]];
    memset(m->bundle->open + lo, 0, (size_t)(core->start[core->item[c] + 1] - lo));
    m->bundle->open[c] = 1;
}

/* Settles some items, at least one; false when all are. load: [n_rows], for its own use. */
static bool settle_some(hcb__master *m, double whole, int64_t *load) {
    const hcb__core *core = m->bundle->core;
    bool only, some = false;
    memcpy(load, core->base, (size_t)core->n_rows * sizeof *load);
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t c = largest(m, i, &only);
        if (only && c >= 0)
            takes_room(core, load, c);
    }
    for (int32_t k = 0; k < core->n_movable; k++) {
        int32_t c = largest(m, core->movable[k], &only);
        if (!only && m->share[c] >= whole && !is_place(m, c) && takes_room(core, load, c)) {
            keep_only(m, c);
            some = true;
        }
    }
    for (int32_t k = 0; k < MORE; k++) {
        int32_t c = nearest(m);
        if (c < 0 || (some && (m->share[c] < whole - LESS || !takes_room(core, load, c))))
            break;
        keep_only(m, c);
        some = true;
    }
    return some;
}

bool hcb__plunge(hcb__master *m, int64_t cutoff, double whole, hcb__plunge_fn on_step, void *payload) {
    hcb__bundle *b = m->bundle;
    const hcb__core *core = b->core;
    size_t choices = (size_t)core->n_choices, items = (size_t)core->n_items, rows = (size_t)core->n_rows;
    uint8_t *open = hcb__malloc(&b->mem, choices + 1);
    int64_t *load = hcb__calloc(&b->mem, rows + 1, sizeof *load);
    double *kept = hcb__calloc(&b->mem, choices + items + rows + 1, sizeof *kept);
    bool ok = open && load && kept;
    if (ok) {
        hcb__wide bound = b->bound;
        int32_t outcome = HCB__NODE_SOLVED;
        memcpy(open, b->open, choices);
        memcpy(kept, m->share, choices * sizeof *kept);
        memcpy(kept + choices, m->best_item_price, items * sizeof *kept);
        memcpy(kept + choices + items, m->best_row_price, rows * sizeof *kept);
        m->most_rounds = ROUNDS;
        while (outcome != HCB__NODE_PRUNED && m->status == HCB_OK && !hcb__budget_over(b->budget) &&
               settle_some(m, whole, load)) {
            hcb__master_reopen(m);
            outcome = hcb__master_node(m, cutoff, HCB__NO_BOUND);
            on_step(payload);
        }
        m->most_rounds = 0;
        memcpy(b->open, open, choices);
        memcpy(m->share, kept, choices * sizeof *kept);
        memcpy(m->best_item_price, kept + choices, items * sizeof *kept);
        memcpy(m->best_row_price, kept + choices + items, rows * sizeof *kept);
        hcb__bundle_point(b, m->best_item_price, m->best_row_price);
        b->bound = bound;
    }
    hcb__free(&b->mem, open);
    hcb__free(&b->mem, load);
    hcb__free(&b->mem, kept);
    return ok;
}
