/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "allocation/certificate_cut.h"

typedef __int128 wide;

#define UNREACHED ((wide)1 << 120)

static int64_t n_pairs(const hcb__check_problem *p) {
    return p->pair_start[p->n_items];
}

bool hcb__check_cut_form(const hcb__check_problem *p, int32_t level, const hcb__check_cut *cut, int64_t *choice) {
    bool of_level = cut->row >= p->n_rows;
    if (cut->row < 0 || cut->row >= p->n_rows + level || cut->right < 0 || cut->right > HCB__CHECK_MOST_RIGHT ||
        cut->n < 1 || (of_level && p->levels[cut->row - p->n_rows].kind != HCB__CHECK_SUM))
        return false;
    for (int32_t k = 0; k < cut->n; k++) {
        int32_t i = cut->item[k];
        if (i < 0 || i >= p->n_items || cut->times[k] < 1)
            return false;
        int64_t c = p->pair_start[i];
        while (c < p->pair_start[i + 1] && (cut->bin[k] == HCB__CHECK_WAITS || p->pair_bin[c] != cut->bin[k]))
            c++;
        if (c == p->pair_start[i + 1] && cut->bin[k] != HCB__CHECK_WAITS)
            return false;
        choice[k] = cut->bin[k] == HCB__CHECK_WAITS ? n_pairs(p) + i : c;
        if (k > 0 && (i < cut->item[k - 1] || (i == cut->item[k - 1] && choice[k] <= choice[k - 1])))
            return false;
    }
    return true;
}

/* What a choice weighs in the cut's row: a pair, or waiting of the item (pair < 0). */
static int64_t weight_of(const hcb__check_problem *p, int32_t row, int32_t item, int64_t pair) {
    if (row >= p->n_rows) {
        const hcb__check_level *level = &p->levels[row - p->n_rows];
        if (pair >= 0)
            return level->pair_cost ? level->pair_cost[pair] : 0;
        return level->wait_cost ? level->wait_cost[item] : 0;
    }
    for (int64_t u = pair < 0 ? 0 : p->use_start[pair]; pair >= 0 && u < p->use_start[pair + 1]; u++)
        if (p->use_row[u] == row)
            return p->use_weight[u];
    return 0;
}

/* The number of an item's k-th choice, waiting last; its pair, or -1. */
static int64_t number_of(const hcb__check_problem *p, int32_t item, int64_t pair) {
    return pair < 0 ? n_pairs(p) + item : pair;
}

/* The item's lightest allowed choice; false when it has none. */
static bool lightest_of(const hcb__check_problem *p, int32_t row, int32_t item, const uint8_t *allowed, int64_t *out) {
    bool any = false;
    for (int64_t c = p->pair_start[item]; c <= p->pair_start[item + 1]; c++) {
        int64_t pair = c == p->pair_start[item + 1] ? -1 : c;
        if (!allowed[number_of(p, item, pair)])
            continue;
        int64_t w = weight_of(p, row, item, pair);
        *out = !any || w < *out ? w : *out;
        any = true;
    }
    return any;
}

/* One item more in the table: least[v] is the least weight above the items' lightest at which they count for v or more.
 * from .. to: the item's places in the cut. */
static void take_item(const hcb__check_problem *p, const hcb__check_cut *cut, const int64_t *choice, int32_t from,
                      int32_t to, int64_t lightest, const uint8_t *allowed, wide *least, wide *after) {
    int32_t item = cut->item[from], at = from;
    for (int32_t v = 0; v <= cut->right + 1; v++)
        after[v] = UNREACHED;
    for (int64_t c = p->pair_start[item]; c <= p->pair_start[item + 1]; c++) {
        int64_t pair = c == p->pair_start[item + 1] ? -1 : c, number = number_of(p, item, pair);
        int32_t times = 0;
        if (at < to && choice[at] == number)
            times = cut->times[at++];
        if (!allowed[number])
            continue;
        wide extra = (wide)weight_of(p, cut->row, item, pair) - lightest;
        for (int32_t v = 0; v <= cut->right + 1; v++) {
            wide before = least[v > times ? v - times : 0];
            if (before < UNREACHED && before + extra < after[v])
                after[v] = before + extra;
        }
    }
    for (int32_t v = 0; v <= cut->right + 1; v++)
        least[v] = after[v];
}

bool hcb__check_cut_holds(const hcb_allocator *mem, const hcb__check_problem *p, const int64_t *frozen,
                          const hcb__check_cut *cut, const int64_t *choice, const uint8_t *allowed, int64_t *work_left,
                          bool *failed) {
    bool of_level = cut->row >= p->n_rows, some = true;
    int32_t j = cut->row - p->n_rows;
    wide room = of_level ? (wide)frozen[j] - p->levels[j].constant : p->row_limit[cut->row];
    wide *least = hcb__calloc(mem, 2 * ((size_t)cut->right + 2), sizeof *least);
    if (!least) {
        *failed = true;
        return false;
    }
    for (int32_t v = 1; v <= cut->right + 1; v++)
        least[v] = UNREACHED;
    int32_t from = 0;
    for (int32_t i = 0; i < p->n_items && some; i++) {
        int64_t lightest = 0;
        some = lightest_of(p, cut->row, i, allowed, &lightest);
        room -= lightest;
        int32_t to = from;
        while (to < cut->n && cut->item[to] == i)
            to++;
        if (to > from && some)
            take_item(p, cut, choice, from, to, lightest, allowed, least, least + cut->right + 2);
        *work_left -= (p->pair_start[i + 1] - p->pair_start[i] + 1) * (to > from ? cut->right / 8 + 1 : 1);
        from = to;
    }
    bool holds = !some || least[cut->right + 1] > room;
    hcb__free(mem, least);
    return holds;
}
