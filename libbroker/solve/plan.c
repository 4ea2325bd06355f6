/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/plan.h"

#include <string.h>

bool hcb__plan_init(hcb__plan *plan, const hcb_allocator *mem, const hcb__core *core) {
    memset(plan, 0, sizeof *plan);
    plan->core = core;
    plan->choice = hcb__calloc(mem, (size_t)core->n_items + 1, sizeof *plan->choice);
    plan->load = hcb__calloc(mem, (size_t)core->n_rows + 1, sizeof *plan->load);
    plan->bin_item = hcb__calloc(mem, (size_t)core->n_choices + 1, sizeof *plan->bin_item);
    plan->bin_count = hcb__calloc(mem, (size_t)core->n_bins + 1, sizeof *plan->bin_count);
    plan->place = hcb__calloc(mem, (size_t)core->n_items + 1, sizeof *plan->place);
    if (plan->choice && plan->load && plan->bin_item && plan->bin_count && plan->place)
        return true;
    hcb__plan_free(plan, mem);
    return false;
}

void hcb__plan_free(hcb__plan *plan, const hcb_allocator *mem) {
    hcb__free(mem, plan->choice);
    hcb__free(mem, plan->load);
    hcb__free(mem, plan->bin_item);
    hcb__free(mem, plan->bin_count);
    hcb__free(mem, plan->place);
    memset(plan, 0, sizeof *plan);
}

static void find_top(hcb__plan *plan) {
    const hcb__core *core = plan->core;
    plan->top = core->first_goal < core->n_rows ? plan->load[core->first_goal] : 0;
    for (int32_t r = core->first_goal; r < core->n_rows; r++)
        if (plan->load[r] > plan->top)
            plan->top = plan->load[r];
}

static inline void add_load(hcb__plan *plan, int32_t choice) {
    const hcb__core *core = plan->core;
    for (int32_t u = core->use_start[choice]; u < core->use_start[choice + 1]; u++)
        plan->load[core->use_row[u]] += core->use_weight[u];
}

static inline void sub_load(hcb__plan *plan, int32_t choice) {
    const hcb__core *core = plan->core;
    for (int32_t u = core->use_start[choice]; u < core->use_start[choice + 1]; u++)
        plan->load[core->use_row[u]] -= core->use_weight[u];
}

static inline bool rows_hold(const hcb__plan *plan, int32_t choice) {
    const hcb__core *core = plan->core;
    for (int32_t u = core->use_start[choice]; u < core->use_start[choice + 1]; u++)
        if (plan->load[core->use_row[u]] > core->limit[core->use_row[u]])
            return false;
    return true;
}

static inline void enter(hcb__plan *plan, int32_t item, int32_t choice) {
    const hcb__core *core = plan->core;
    int32_t bin = core->bin[choice];
    plan->choice[item] = choice;
    if (bin < 0)
        return;
    plan->place[item] = plan->bin_count[bin];
    plan->bin_item[core->bin_cap_start[bin] + plan->bin_count[bin]++] = item;
}

static inline void leave(hcb__plan *plan, int32_t item) {
    const hcb__core *core = plan->core;
    int32_t bin = core->bin[plan->choice[item]];
    if (bin < 0)
        return;
    int32_t *list = plan->bin_item + core->bin_cap_start[bin], last = list[--plan->bin_count[bin]];
    list[plan->place[item]] = last;
    plan->place[last] = plan->place[item];
}

bool hcb__plan_set(hcb__plan *plan, const int32_t *choice) {
    const hcb__core *core = plan->core;
    memcpy(plan->load, core->base, (size_t)core->n_rows * sizeof *plan->load);
    memset(plan->bin_count, 0, ((size_t)core->n_bins + 1) * sizeof *plan->bin_count);
    plan->cost = 0;
    for (int32_t i = 0; i < core->n_items; i++) {
        plan->cost += core->cost[choice[i]];
        add_load(plan, choice[i]);
        enter(plan, i, choice[i]);
    }
    find_top(plan);
    for (int32_t r = 0; r < core->n_rows; r++)
        if (plan->load[r] > core->limit[r])
            return false;
    return true;
}

bool hcb__plan_try(hcb__plan *plan, int32_t n, const int32_t *item, const int32_t *choice, int64_t most) {
    const hcb__core *core = plan->core;
    const int32_t *now = plan->choice;
    int64_t grows = 0, top = plan->top;
    for (int32_t k = 0; k < n; k++)
        grows += core->cost[choice[k]] - core->cost[now[item[k]]];
    bool goals = core->first_goal < core->n_rows;
    if (!goals && grows > most)
        return false;
    for (int32_t k = 0; k < n; k++)
        sub_load(plan, now[item[k]]);
    for (int32_t k = 0; k < n; k++)
        add_load(plan, choice[k]);
    bool good = true;
    for (int32_t k = 0; good && k < n; k++)
        good = rows_hold(plan, choice[k]);
    for (int32_t k = 0; good && k < n; k++)
        good = rows_hold(plan, now[item[k]]);
    if (good && goals) {
        find_top(plan);
        good = plan->top - top <= most;
    }
    if (good) {
        for (int32_t k = 0; k < n; k++)
            leave(plan, item[k]);
        for (int32_t k = 0; k < n; k++)
            enter(plan, item[k], choice[k]);
        plan->cost += grows;
        return true;
    }
    for (int32_t k = 0; k < n; k++)
        sub_load(plan, choice[k]);
    for (int32_t k = 0; k < n; k++)
        add_load(plan, now[item[k]]);
    plan->top = top;
    return false;
}

void hcb__plan_put(hcb__plan *plan, int32_t n, const int32_t *item, const int32_t *choice) {
    for (int32_t k = 0; k < n; k++) {
        int32_t now = plan->choice[item[k]];
        plan->cost += plan->core->cost[choice[k]] - plan->core->cost[now];
        sub_load(plan, now);
        add_load(plan, choice[k]);
        leave(plan, item[k]);
        enter(plan, item[k], choice[k]);
    }
    find_top(plan);
}

/* One item to any choice; false when nothing was gained. */
static bool shift_one(hcb__plan *plan, int32_t item) {
    const hcb__core *core = plan->core;
    for (int32_t c = core->start[item]; c < core->start[item + 1]; c++)
        if (c != plan->choice[item] && hcb__plan_try(plan, 1, &item, &c, -1))
            return true;
    return false;
}

/* The item to a bin, and one of that bin's items to the place left, or anywhere else. */
static bool swap_one(hcb__plan *plan, int32_t item, hcb__budget *budget) {
    const hcb__core *core = plan->core;
    uint32_t tries = 0; /* sixteen cost about one unit */
    for (int32_t c = core->start[item]; c < core->start[item + 1]; c++) {
        int32_t bin = core->bin[c];
        if (c == plan->choice[item] || bin < 0)
            continue;
        for (int32_t k = 0; k < plan->bin_count[bin]; k++) {
            int32_t other = plan->bin_item[core->bin_cap_start[bin] + k];
            for (int32_t d = core->start[other]; d < core->start[other + 1]; d++) {
                int32_t items[2] = {item, other}, choices[2] = {c, d};
                budget->work += (tries++ & 15) == 0;
                if (core->bin[d] != bin && hcb__plan_try(plan, 2, items, choices, -1))
                    return true;
            }
        }
    }
    return false;
}

void hcb__plan_descend(hcb__plan *plan, hcb__budget *budget) {
    const hcb__core *core = plan->core;
    bool again = true;
    while (again) {
        again = false;
        for (int32_t m = 0; m < core->n_movable; m++) {
            int32_t i = core->movable[m];
            budget->work += 1 + (core->start[i + 1] - core->start[i]) / 8;
            if (hcb__budget_over(budget))
                return;
            while (shift_one(plan, i))
                again = true;
            if (swap_one(plan, i, budget))
                again = true;
        }
    }
}
