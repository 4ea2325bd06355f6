/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/presolve.h"

#include <string.h>

void hcb__presolve_bins(hcb__solver *s) {
    const hcb__engine_problem *p = s->p;
    memset(s->allowed.at, 1, (size_t)(s->n_pairs + p->n_items));
    for (int64_t k = 0; k < s->n_pairs; k++)
        for (int64_t u = p->use_start[k]; u < p->use_start[k + 1]; u++)
            if (p->row_bin[p->use_row[u]] >= 0 && p->use_weight[u] > p->row_limit[p->use_row[u]])
                s->allowed.at[k] = 0;
}

/* What a choice (a pair, or waiting) weighs in a row. */
static int64_t weight_in(const hcb__engine_problem *p, int64_t pair, int32_t row) {
    for (int64_t u = pair >= 0 ? p->use_start[pair] : 0; pair >= 0 && u < p->use_start[pair + 1]; u++)
        if (p->use_row[u] == row)
            return p->use_weight[u];
    return 0;
}

/* Leaves out every choice that passes the row's limit even when all others weigh as little as they can; gives how many.
 * A limit on moves that nobody may use leaves the queue alone in this way. */
static int64_t force_row(hcb__solver *s, int32_t row) {
    const hcb__engine_problem *p = s->p;
    hcb__wide least_of_all = 0;
    int64_t left_out = 0;
    for (int32_t pass = 0; pass < 2; pass++)
        for (int32_t i = 0; i < p->n_items; i++) {
            int64_t least = INT64_MAX;
            for (int64_t k = p->pair_start[i]; k <= p->pair_start[i + 1]; k++) {
                bool waits = k == p->pair_start[i + 1];
                if (s->allowed.at[waits ? s->n_pairs + i : k]) {
                    int64_t w = weight_in(p, waits ? -1 : k, row);
                    least = w < least ? w : least;
                }
            }
            if (pass == 0)
                least_of_all += least;
            for (int64_t k = p->pair_start[i]; pass == 1 && k <= p->pair_start[i + 1]; k++) {
                bool waits = k == p->pair_start[i + 1];
                uint8_t *allowed = &s->allowed.at[waits ? s->n_pairs + i : k];
                if (*allowed && least_of_all - least + weight_in(p, waits ? -1 : k, row) > p->row_limit[row]) {
                    *allowed = 0;
                    left_out++;
                }
            }
        }
    return left_out;
}

bool hcb__presolve_rows(hcb__solver *s) {
    for (int32_t r = 0; r < s->p->n_rows; r++) {
        if (s->p->row_bin[r] >= 0 || force_row(s, r) == 0)
            continue;
        int32_t *row = hcb__arena_alloc(&s->answer->arena, 1, sizeof *row);
        int64_t *price = hcb__arena_alloc(&s->answer->arena, 1, sizeof *price);
        hcb__multipliers m = {.n_rows = 1, .row = row, .row_price = price};
        if (!row || !price || !HCB__PUSH(s->mem, &s->forcing, m))
            return false;
        *row = r;
        *price = 1;
    }
    return true;
}
