/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small numbers in what is meant for others (docs/scenarios.md, "Small numbers").
 *
 * Counts of people: 1 to 4 are hidden, every other is given to the nearest 5, so two published counts differ by 0 or by
 * 5 at least, in one output or between two. In a table whose total is published, further rows are hidden with a small
 * one until the published numbers leave each of 1, 2, 3 and 4 possible for it. Sums (hours, money, travel) are given in
 * steps of about five people's worth, and are hidden with the count that they belong to. */
#ifndef HCB_REPORT_SUPPRESS_H
#define HCB_REPORT_SUPPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HCB__FEWEST = 5 };
#define HCB__HIDDEN (INT64_MIN + 1)

/* Whether a count is one that must not be told. */
static inline bool hcb__small_count(int64_t people) {
    return people > 0 && people < HCB__FEWEST;
}

/* A count as it may be told; HCB__HIDDEN. */
int64_t hcb__public_count(int64_t people);
/* A sum in whole steps, to the nearest; step > 0. */
int64_t hcb__public_sum(int64_t value, int64_t step);
/* hidden[i]: the count of row i is not to be told where that of all rows together is. Rows of nobody never are. False:
 * even then the total would say too much, so it must not be told. */
bool hcb__suppress_rows(bool *hidden, const int64_t *people, size_t n);

#endif
