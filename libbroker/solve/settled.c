/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/settled.h"

/* What a choice weighs in a row. */
static int64_t weight_in(const hcb__core *core, int32_t c, int32_t row) {
    for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
        if (core->use_row[u] == row)
            return core->use_weight[u];
    return 0;
}

/* The item's one lightest choice in the row, and how much more any other weighs at least; -1: there are several. */
static int32_t place_of(const hcb__core *core, int32_t item, int32_t row, int64_t *lightest, int64_t *step) {
    int32_t found = -1;
    int64_t second = INT64_MAX;
    *lightest = INT64_MAX;
    for (int32_t c = core->start[item]; c < core->start[item + 1]; c++) {
        int64_t w = weight_in(core, c, row);
        if (w < *lightest) {
            second = *lightest;
            *lightest = w;
            found = c;
        } else if (w < second) {
            second = w;
        }
    }
    *step = second > *lightest && second < INT64_MAX ? second - *lightest : 0;
    return *step > 0 ? found : -1;
}

/* What the row lets leave; to_place: INT32_MAX where no item has a place by it. */
static hcb__settled count(const hcb__core *core, int32_t row) {
    hcb__settled s = {.row = row, .to_place = INT32_MAX, .unit = INT64_MAX};
    int64_t room = core->limit[row] - core->base[row], lightest, step;
    int32_t without = 0;
    for (int32_t i = 0; i < core->n_items; i++) {
        if (core->start[i] == core->start[i + 1])
            return s;
        if (place_of(core, i, row, &lightest, &step) < 0)
            without += core->start[i + 1] - core->start[i] > 1;
        else if (step < s.unit)
            s.unit = step;
        room -= lightest;
    }
    int64_t most = room > 0 ? room / s.unit : 0;
    if (s.unit < INT64_MAX && most + without < INT32_MAX) {
        s.most = (int32_t)most;
        s.to_place = s.most + without;
    }
    return s;
}

void hcb__settled_find(hcb__settled *settled, const hcb__core *core) {
    *settled = (hcb__settled){.row = -1, .to_place = INT32_MAX};
    for (int32_t r = 0; r < core->first_goal && core->first_goal == core->n_rows; r++) {
        if (core->row_bin[r] >= 0 || core->ref_kind[r] != HCB__REF_ROW)
            continue;
        hcb__settled s = count(core, r);
        if (s.to_place < settled->to_place)
            *settled = s;
    }
}

/* The least that the choices other than the place cost and weigh. */
static void measure(hcb__settled *s, const hcb__core *core, int32_t i, const int32_t *side, int32_t n_side) {
    int64_t *use = s->away_use + (size_t)i * (size_t)n_side;
    bool first = true;
    for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
        if (c == s->stay[i])
            continue;
        s->away_cost[i] = first || core->cost[c] < s->away_cost[i] ? core->cost[c] : s->away_cost[i];
        for (int32_t k = 0; k < n_side; k++) {
            int64_t w = weight_in(core, c, side[k]);
            use[k] = first || w < use[k] ? w : use[k];
        }
        first = false;
    }
}

bool hcb__settled_init(hcb__settled *s, hcb__arena *arena, const hcb__core *core, const int32_t *side, int32_t n_side) {
    size_t items = (size_t)core->n_items + 1;
    int64_t lightest, step;
    s->place = hcb__arena_alloc(arena, items, sizeof *s->place);
    s->stay = hcb__arena_alloc(arena, items, sizeof *s->stay);
    s->away_cost = hcb__arena_alloc(arena, items, sizeof *s->away_cost);
    s->away_use = hcb__arena_alloc(arena, s->row >= 0 ? items * ((size_t)n_side + 1) : 1, sizeof *s->away_use);
    if (!s->place || !s->stay || !s->away_cost || !s->away_use)
        return false;
    for (int32_t i = 0; i < core->n_items; i++) {
        s->place[i] = s->stay[i] = s->row >= 0 ? place_of(core, i, s->row, &lightest, &step) : -1;
        if (s->stay[i] >= 0)
            measure(s, core, i, side, n_side);
    }
    return true;
}
