/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/names.h"

/* Shortest augmenting paths with potentials; rows and columns count from 1, 0 stands for none. */
bool hcb__best_pairs(int32_t *column, bool *whole, const hcb_allocator *mem, const int64_t *worth, int32_t k) {
    size_t size = (size_t)k + 1;
    int64_t *room = hcb__calloc(mem, 3 * size, sizeof *room), most = 0;
    int32_t *pair = hcb__calloc(mem, 2 * size, sizeof *pair);
    bool *used = hcb__calloc(mem, size, sizeof *used);
    bool ok = room && pair && used;
    *whole = true;
    for (int32_t i = 0; i < k * k; i++)
        if (worth[i] != HCB__NO_PAIR)
            most = worth[i] > most ? worth[i] : most;
    const int64_t barred = INT64_MAX / 8;
    int64_t *row_at = room, *column_at = ok ? room + size : NULL, *least = ok ? room + 2 * size : NULL;
    int32_t *way = ok ? pair + size : NULL;
    for (int32_t row = 1; ok && row <= k; row++) {
        int32_t c = 0;
        pair[0] = row;
        for (int32_t j = 0; j <= k; j++) {
            least[j] = INT64_MAX;
            used[j] = false;
        }
        do {
            int32_t r = pair[c], next = 0;
            int64_t step = INT64_MAX;
            used[c] = true;
            for (int32_t j = 1; j <= k; j++) {
                if (used[j])
                    continue;
                int64_t w = worth[(r - 1) * k + j - 1], cost = w == HCB__NO_PAIR ? barred : most - w;
                int64_t now = cost - row_at[r] - column_at[j];
                if (now < least[j]) {
                    least[j] = now;
                    way[j] = c;
                }
                if (least[j] < step) {
                    step = least[j];
                    next = j;
                }
            }
            for (int32_t j = 0; j <= k; j++) {
                if (used[j]) {
                    row_at[pair[j]] += step;
                    column_at[j] -= step;
                } else {
                    least[j] -= step;
                }
            }
            c = next;
        } while (pair[c] != 0);
        while (c) {
            pair[c] = pair[way[c]];
            c = way[c];
        }
    }
    for (int32_t j = 1; ok && j <= k; j++) {
        column[pair[j] - 1] = j - 1;
        *whole = *whole && worth[(pair[j] - 1) * k + j - 1] != HCB__NO_PAIR;
    }
    hcb__free(mem, room);
    hcb__free(mem, pair);
    hcb__free(mem, used);
    return ok;
}
