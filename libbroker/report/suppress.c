/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/suppress.h"

#include "base/arith.h"

int64_t hcb__public_count(int64_t people) {
    return hcb__small_count(people) ? HCB__HIDDEN : hcb__public_sum(people, HCB__FEWEST);
}

int64_t hcb__public_sum(int64_t value, int64_t step) {
    return hcb__round_div(value, step) * step;
}

/* The row with the fewest people that is told so far; n: none is left. */
static size_t smallest_told(const bool *hidden, const int64_t *people, size_t n) {
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (!hidden[i] && people[i] > 0 && (best == n || people[i] < people[best]))
            best = i;
    return best;
}

/* Who sees the total knows what the hidden rows come to: each may still be 4 where the others can be 1. */
static bool enough(size_t rows, int64_t sum) {
    return rows == 0 || (rows > 1 && sum >= (int64_t)rows + HCB__FEWEST - 2);
}

bool hcb__suppress_rows(bool *hidden, const int64_t *people, size_t n) {
    size_t rows = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        hidden[i] = hcb__small_count(people[i]);
        rows += hidden[i];
        sum += hidden[i] ? people[i] : 0;
    }
    for (size_t next; !enough(rows, sum); rows++) {
        next = smallest_told(hidden, people, n);
        if (next == n)
            return false;
        hidden[next] = true;
        sum += people[next];
    }
    return true;
}
