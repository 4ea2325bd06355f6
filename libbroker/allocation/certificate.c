/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "allocation/certificate.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocation/certificate_cut.h"
#include "allocation/certificate_dominance.h"
#include "allocation/certificate_set.h"
#include "base/hash.h"

typedef __int128 wide;

static const int64_t DEFAULT_WORK = 2000000000;
/* Labels of one bin's best set: few at first, and more only while the claim is not confirmed. */
enum { FEW_LABELS = 2000, MORE_LABELS = 15, MOST_LABELS = 6000000 };

typedef struct checker {
    const hcb__check_problem *p;
    const hcb__check_claim *c;
    const hcb_allocator *mem;
    int64_t n_pairs, work_left, labels, proved;
    uint8_t *allowed; /* [pairs + items] */
    int64_t *undo;    /* choices left out on the way to the node at hand */
    size_t undone;
    wide *row_price;                          /* [rows + levels + cuts] prices of the multipliers at hand */
    wide *term_price;                         /* [terms] */
    int32_t *kept_start, *kept;               /* bin rows of each bin */
    int32_t *slot;                            /* [rows] place of a row in its bin */
    int64_t *pair_start_of_bin, *pair_of_bin; /* pairs of each bin */
    int32_t *pair_item;
    int64_t *only;          /* [items] the one pair that is left to an item, or -1 */
    int64_t **cut_choice;   /* [cuts] the numbers of their choices */
    int64_t *cut_use_start; /* [pairs + items + 1] a choice's uses of cuts, in cut_use and cut_times; NULL: no cuts */
    int32_t *cut_use, *cut_times;
    bool cuts_hold; /* they have been looked at */
    hcb__check_set set;
    int64_t *room;
    bool overflow;
    int32_t verdict;
    char *reason;
} checker;

static void judge(checker *k, int32_t verdict, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void judge(checker *k, int32_t verdict, const char *format, ...) {
    if (k->verdict != HCB__CHECK_CONFIRMED)
        return;
    k->verdict = verdict;
    va_list args;
    va_start(args, format);
    vsnprintf(k->reason, 256, format, args);
    va_end(args);
}

static wide sum_of(checker *k, wide a, wide b) {
    wide r;
    if (__builtin_add_overflow(a, b, &r)) {
        k->overflow = true;
        return 0;
    }
    return r;
}

static wide times(checker *k, wide a, wide b) {
    wide r;
    if (__builtin_mul_overflow(a, b, &r)) {
        k->overflow = true;
        return 0;
    }
    return r;
}

/* --- form ------------------------------------------------------------------------------------------------------- */

static bool may_wait(const hcb__check_problem *p, int32_t item) {
    return !p->levels[0].wait_cost || p->levels[0].wait_cost[item] != HCB__CHECK_MUST_PLACE;
}

/* none, none_end: numbers in between that stand for nothing. */
static bool ascending(const int32_t *index, const int64_t *price, int32_t n, int32_t none, int32_t none_end,
                      int32_t most) {
    for (int32_t i = 0; i < n; i++)
        if (index[i] < 0 || index[i] >= most || (index[i] >= none && index[i] < none_end) || price[i] <= 0 ||
            (i > 0 && index[i] <= index[i - 1]))
            return false;
    return true;
}

/* Level that a term belongs to, or -1. */
static int32_t level_of_term(const hcb__check_problem *p, int32_t term) {
    for (int32_t j = 0; j < p->n_levels; j++)
        if (p->levels[j].kind == HCB__CHECK_MAX && term >= p->levels[j].first_term &&
            term - p->levels[j].first_term < p->levels[j].n_terms)
            return j;
    return -1;
}

static void check_multipliers(checker *k, int32_t index) {
    const hcb__check_problem *p = k->p;
    const hcb__check_multipliers *m = &k->c->multipliers[index];
    int32_t first_cut = p->n_rows + p->n_levels;
    if (m->n_rows < 0 || m->n_terms < 0 ||
        !ascending(m->row, m->row_price, m->n_rows, p->n_rows + k->c->level, first_cut, first_cut + k->c->n_cuts) ||
        !ascending(m->term, m->term_price, m->n_terms, p->n_terms, p->n_terms, p->n_terms)) {
        judge(k, HCB__CHECK_MALFORMED,
              "multipliers %" PRId32 ": rows or terms out of range, out of order or not positive", index);
        return;
    }
    for (int32_t t = 0; t < m->n_terms; t++) {
        int32_t j = level_of_term(p, m->term[t]);
        if (j < 0 || j > k->c->level)
            judge(k, HCB__CHECK_MALFORMED, "multipliers %" PRId32 ": term %" PRId32 " is of no level up to this one",
                  index, m->term[t]);
    }
    for (int32_t r = 0; r < m->n_rows; r++)
        if (m->row[r] >= p->n_rows && m->row[r] < first_cut && p->levels[m->row[r] - p->n_rows].kind != HCB__CHECK_SUM)
            judge(k, HCB__CHECK_MALFORMED, "multipliers %" PRId32 ": a level of the kind MAX is priced by its terms",
                  index);
}

/* Terms of this level must add up to the denominator in a value, and be absent where costs are left out. */
static void check_goals(checker *k, int32_t index, bool costs) {
    const hcb__check_multipliers *m = &k->c->multipliers[index];
    wide sum = 0;
    for (int32_t t = 0; t < m->n_terms; t++)
        if (level_of_term(k->p, m->term[t]) == k->c->level)
            sum += m->term_price[t];
    wide want = costs && k->p->levels[k->c->level].kind == HCB__CHECK_MAX ? k->c->denominator : 0;
    if (sum != want)
        judge(k, HCB__CHECK_MALFORMED, "multipliers %" PRId32 ": the prices of the level's terms do not add up", index);
}

static void check_node(checker *k, int32_t index, uint8_t *used_node, uint8_t *used_multipliers) {
    const hcb__check_problem *p = k->p;
    const hcb__check_node *n = &k->c->nodes[index];
    bool split = n->item >= 0, fix = n->item == HCB__CHECK_FIX || n->item == HCB__CHECK_FIX_EMPTY;
    bool leaf = n->item == HCB__CHECK_LEAF || n->item == HCB__CHECK_EMPTY, dominated = n->item == HCB__CHECK_DOMINATED;
    bool good = (split || fix || leaf || dominated) && n->item < p->n_items;
    good = good && (split ? n->bin >= HCB__CHECK_WAITS && n->bin < p->n_bins : n->bin == 0);
    good = good &&
           (split || dominated ? n->multipliers == -1 : n->multipliers >= 0 && n->multipliers < k->c->n_multipliers);
    good = good && (leaf ? n->with == -1 : n->with > index && n->with < k->c->n_nodes);
    good =
        good && (split ? n->without > index && n->without < k->c->n_nodes && n->without != n->with : n->without == -1);
    if (!good) {
        judge(k, HCB__CHECK_MALFORMED, "node %" PRId32 " is not well formed", index);
        return;
    }
    int32_t child[2] = {n->with, n->without};
    for (int32_t b = 0; b < 2; b++)
        if (child[b] >= 0 && used_node[child[b]]++)
            judge(k, HCB__CHECK_MALFORMED, "node %" PRId32 " has two parents", child[b]);
    if (n->multipliers >= 0) {
        used_multipliers[n->multipliers] = 1;
        check_goals(k, n->multipliers, n->item == HCB__CHECK_LEAF || n->item == HCB__CHECK_FIX);
        if (fix && k->c->multipliers[n->multipliers].item_price)
            judge(k, HCB__CHECK_MALFORMED, "node %" PRId32 ": item prices cannot leave choices out", index);
        const hcb__check_multipliers *m = &k->c->multipliers[n->multipliers];
        if (fix && m->n_rows > 0 && m->row[m->n_rows - 1] >= p->n_rows + p->n_levels)
            judge(k, HCB__CHECK_MALFORMED, "node %" PRId32 ": a cut cannot leave choices out", index);
    }
}

/* The cuts' form, and where each choice counts in them. False: memory is out. */
static bool check_cuts(checker *k) {
    const hcb__check_problem *p = k->p;
    const hcb__check_claim *c = k->c;
    size_t choices = (size_t)k->n_pairs + (size_t)p->n_items, uses = 0;
    if (c->n_cuts == 0)
        return true;
    k->cut_choice = hcb__calloc(k->mem, (size_t)c->n_cuts, sizeof *k->cut_choice);
    k->cut_use_start = hcb__calloc(k->mem, choices + 2, sizeof *k->cut_use_start);
    if (!k->cut_choice || !k->cut_use_start)
        return false;
    for (int32_t q = 0; q < c->n_cuts; q++) {
        const hcb__check_cut *cut = &c->cuts[q];
        k->cut_choice[q] = hcb__calloc(k->mem, cut->n > 0 ? (size_t)cut->n : 1, sizeof **k->cut_choice);
        if (!k->cut_choice[q])
            return false;
        if (!hcb__check_cut_form(p, c->level, cut, k->cut_choice[q])) {
            judge(k, HCB__CHECK_MALFORMED, "cut %" PRId32 " is not well formed", q);
            return true;
        }
        for (int32_t i = 0; i < cut->n; i++)
            k->cut_use_start[k->cut_choice[q][i] + 2]++;
        uses += (size_t)cut->n;
    }
    k->cut_use = hcb__calloc(k->mem, uses, sizeof *k->cut_use);
    k->cut_times = hcb__calloc(k->mem, uses, sizeof *k->cut_times);
    if (!k->cut_use || !k->cut_times)
        return false;
    /* Starts one place late: filling the lists moves each to where it belongs. */
    for (size_t i = 2; i < choices + 2; i++)
        k->cut_use_start[i] += k->cut_use_start[i - 1];
    for (int32_t q = 0; q < c->n_cuts; q++)
        for (int32_t i = 0; i < c->cuts[q].n; i++) {
            int64_t at = k->cut_use_start[k->cut_choice[q][i] + 1]++;
            k->cut_use[at] = q;
            k->cut_times[at] = c->cuts[q].times[i];
        }
    return true;
}

static bool check_form(checker *k) {
    const hcb__check_claim *c = k->c;
    if (c->level < 0 || c->level >= k->p->n_levels || c->denominator < 1 || c->n_nodes < 1 || c->n_multipliers < 1 ||
        c->n_cuts < 0 || c->n_cuts > INT32_MAX - k->p->n_rows - k->p->n_levels) {
        judge(k, HCB__CHECK_MALFORMED, "the level, the denominator or a count is out of range");
        return true;
    }
    char seal[65];
    hcb__check_seal(k->p, c, seal);
    if (strcmp(seal, c->seal) != 0)
        judge(k, HCB__CHECK_MALFORMED, "the seal is not that of the certificate's content");
    uint8_t *used_node = hcb__calloc(k->mem, (size_t)c->n_nodes, 1);
    uint8_t *used_multipliers = hcb__calloc(k->mem, (size_t)c->n_multipliers, 1);
    bool ok = used_node && used_multipliers;
    for (int32_t m = 0; ok && m < c->n_multipliers; m++)
        check_multipliers(k, m);
    ok = ok && (k->verdict != HCB__CHECK_CONFIRMED || check_cuts(k));
    if (ok)
        used_node[0] = 1;
    for (int32_t n = 0; ok && k->verdict == HCB__CHECK_CONFIRMED && n < c->n_nodes; n++)
        check_node(k, n, used_node, used_multipliers);
    for (int32_t n = 0; ok && n < c->n_nodes; n++)
        if (!used_node[n])
            judge(k, HCB__CHECK_MALFORMED, "node %" PRId32 " is not part of the tree", n);
    for (int32_t m = 0; ok && m < c->n_multipliers; m++)
        if (!used_multipliers[m])
            judge(k, HCB__CHECK_MALFORMED, "multipliers %" PRId32 " are not used", m);
    hcb__free(k->mem, used_node);
    hcb__free(k->mem, used_multipliers);
    return ok;
}

/* --- values ----------------------------------------------------------------------------------------------------- */

/* Spreads the multipliers' prices and gives what does not depend on choices: minus the priced limits. */
static wide set_prices(checker *k, const hcb__check_multipliers *m, bool costs) {
    const hcb__check_problem *p = k->p;
    wide total = costs ? times(k, k->c->denominator, p->levels[k->c->level].constant) : 0;
    int32_t first_cut = p->n_rows + p->n_levels;
    for (int32_t r = 0; r < first_cut + k->c->n_cuts; r++)
        k->row_price[r] = 0;
    for (int32_t t = 0; t < p->n_terms; t++)
        k->term_price[t] = 0;
    for (int32_t i = 0; i < m->n_rows; i++) {
        int32_t r = m->row[i];
        wide limit = r < p->n_rows    ? p->row_limit[r]
                     : r >= first_cut ? k->c->cuts[r - first_cut].right
                                      : (wide)k->c->frozen[r - p->n_rows] - p->levels[r - p->n_rows].constant;
        k->row_price[r] = m->row_price[i];
        total = sum_of(k, total, -times(k, m->row_price[i], limit));
    }
    for (int32_t i = 0; i < m->n_terms; i++) {
        int32_t t = m->term[i], j = level_of_term(p, t);
        wide less = j < k->c->level ? (wide)k->c->frozen[j] - p->levels[j].constant : 0;
        k->term_price[t] = m->term_price[i];
        total = sum_of(k, total, times(k, m->term_price[i], (wide)p->term_constant[t] - less));
    }
    return total;
}

/* The priced value of a pair, or of waiting (pair < 0). */
static wide choice_value(checker *k, int32_t item, int64_t pair, bool costs) {
    const hcb__check_problem *p = k->p;
    wide v = 0;
    for (int32_t j = 0; j <= k->c->level; j++) {
        const hcb__check_level *level = &p->levels[j];
        wide price = j == k->c->level ? (costs ? k->c->denominator : 0) : k->row_price[p->n_rows + j];
        if (level->kind != HCB__CHECK_SUM || price == 0)
            continue;
        int64_t cost = pair >= 0 ? (level->pair_cost ? level->pair_cost[pair] : 0)
                                 : (level->wait_cost ? level->wait_cost[item] : 0);
        v = sum_of(k, v, times(k, price, cost));
    }
    for (int64_t choice = pair < 0 ? k->n_pairs + item : pair, u = k->cut_use_start ? k->cut_use_start[choice] : 0;
         k->cut_use_start && u < k->cut_use_start[choice + 1]; u++)
        v = sum_of(k, v, times(k, k->row_price[p->n_rows + p->n_levels + k->cut_use[u]], k->cut_times[u]));
    if (pair < 0)
        return v;
    for (int64_t u = p->use_start[pair]; u < p->use_start[pair + 1]; u++)
        v = sum_of(k, v, times(k, k->row_price[p->use_row[u]], p->use_weight[u]));
    for (int64_t u = p->n_terms ? p->term_use_start[pair] : 0; p->n_terms && u < p->term_use_start[pair + 1]; u++)
        v = sum_of(k, v, times(k, k->term_price[p->term_use_term[u]], p->term_use_weight[u]));
    return v;
}

/* The one pair that an item is left with; -1 when it may wait, or has several. */
static int64_t only_pair(checker *k, int32_t item) {
    int64_t found = -1;
    if (k->allowed[k->n_pairs + item])
        return -1;
    for (int64_t c = k->p->pair_start[item]; c < k->p->pair_start[item + 1]; c++) {
        if (k->allowed[c] && found >= 0)
            return -1;
        found = k->allowed[c] ? c : found;
    }
    return found;
}

/* The least value of an item's allowed choices; false when it has none. */
static bool least_choice(checker *k, int32_t item, bool costs, wide *least) {
    const hcb__check_problem *p = k->p;
    bool any = false;
    for (int64_t c = p->pair_start[item]; c <= p->pair_start[item + 1]; c++) {
        bool wait = c == p->pair_start[item + 1];
        if (!k->allowed[wait ? k->n_pairs + item : c])
            continue;
        wide v = choice_value(k, item, wait ? -1 : c, costs);
        if (!any || v < *least)
            *least = v;
        any = true;
    }
    k->work_left -= p->pair_start[item + 1] - p->pair_start[item] + 1;
    return any;
}

/* The ordinary value of multipliers without item prices; *empty when some item has no choice left. */
static wide plain_value(checker *k, const hcb__check_multipliers *m, bool costs, bool *empty) {
    wide total = set_prices(k, m, costs);
    for (int32_t i = 0; i < k->p->n_items; i++) {
        wide least = 0;
        if (!least_choice(k, i, costs, &least))
            *empty = true;
        total = sum_of(k, total, least);
    }
    return total;
}

/* --- the best set of a bin --------------------------------------------------------------------------------------- */

/* Takes the pair's weights from the room of its bin. */
static void use_room(checker *k, int32_t bin, int64_t pair) {
    const hcb__check_problem *p = k->p;
    for (int64_t u = p->use_start[pair]; u < p->use_start[pair + 1]; u++)
        if (p->row_bin[p->use_row[u]] == bin)
            k->room[k->slot[p->use_row[u]]] -= p->use_weight[u];
}

/* Adds a pair to those that the bin's best set is chosen from. */
static void may_take(checker *k, int32_t bin, int64_t pair, wide gain) {
    const hcb__check_problem *p = k->p;
    hcb__check_set *set = &k->set;
    size_t rows = (size_t)set->rows, at = (size_t)set->n * rows;
    if (!HCB__RESERVE(k->mem, &set->gain, (size_t)set->n + 1) || !HCB__RESERVE(k->mem, &set->weight, at + rows + 1)) {
        set->failed = true;
        return;
    }
    memset(set->weight.at + at, 0, rows * sizeof *set->weight.at);
    for (int64_t u = p->use_start[pair]; u < p->use_start[pair + 1]; u++)
        if (p->row_bin[p->use_row[u]] == bin)
            set->weight.at[at + (size_t)k->slot[p->use_row[u]]] = p->use_weight[u];
    set->gain.at[set->n++] = gain;
}

/* One bin's part of the value: what the items that are left with it alone come to, who are in every set, less the most
 * that the others can gain within the room those leave. *empty when they alone pass a limit. */
static wide bin_value(checker *k, const hcb__check_multipliers *m, int32_t bin, bool costs, bool *empty) {
    const hcb__check_problem *p = k->p;
    int32_t n_rows = k->kept_start[bin + 1] - k->kept_start[bin];
    wide total = 0;
    k->set.n = 0;
    k->set.rows = n_rows;
    for (int32_t r = 0; r < n_rows; r++)
        k->room[r] = p->row_limit[k->kept[k->kept_start[bin] + r]];
    for (int64_t at = k->pair_start_of_bin[bin]; at < k->pair_start_of_bin[bin + 1]; at++) {
        int64_t pair = k->pair_of_bin[at];
        int32_t i = k->pair_item[pair];
        if (!k->allowed[pair])
            continue;
        wide v = sum_of(k, choice_value(k, i, pair, costs), -(wide)m->item_price[i]);
        if (k->only[i] == pair) {
            total = sum_of(k, total, v);
            use_room(k, bin, pair);
            continue;
        }
        if (v >= 0)
            continue;
        if (v < -((wide)1 << 66))
            k->overflow = true;
        else
            may_take(k, bin, pair, -v);
    }
    for (int32_t r = 0; r < n_rows; r++)
        *empty = *empty || k->room[r] < 0;
    if (k->overflow || *empty || k->set.failed || k->set.n == 0)
        return total;
    if (!HCB__RESERVE(k->mem, &k->set.limit, (size_t)n_rows + 1)) {
        k->set.failed = true;
        return total;
    }
    memcpy(k->set.limit.at, k->room, (size_t)n_rows * sizeof *k->room);
    return sum_of(k, total, -hcb__check_set_best(&k->set, k->labels, &k->work_left));
}

/* The value of multipliers with item prices: every bin's rows are kept, and its best set is searched for. */
static wide kept_value(checker *k, const hcb__check_multipliers *m, bool costs, bool *empty) {
    const hcb__check_problem *p = k->p;
    wide total = set_prices(k, m, costs), least;
    for (int32_t i = 0; i < p->n_items; i++) {
        wide u = m->item_price[i];
        total = sum_of(k, total, u);
        if (!least_choice(k, i, costs, &least))
            *empty = true;
        if (k->allowed[k->n_pairs + i]) {
            wide v = sum_of(k, choice_value(k, i, -1, costs), -u);
            total = sum_of(k, total, v < 0 ? v : 0);
        }
        k->only[i] = only_pair(k, i);
    }
    for (int32_t b = 0; b < p->n_bins && !k->overflow && !*empty; b++)
        total = sum_of(k, total, bin_value(k, m, b, costs, empty));
    return total;
}

/* --- the tree ---------------------------------------------------------------------------------------------------- */

static void leave_out(checker *k, int64_t choice) {
    if (k->allowed[choice]) {
        k->allowed[choice] = 0;
        k->undo[k->undone++] = choice;
    }
}

static void restore(checker *k, size_t mark) {
    while (k->undone > mark)
        k->allowed[k->undo[--k->undone]] = 1;
}

/* denominator x bound - 1: a whole value above it, divided and rounded up, is at least the bound. */
static wide below_bound(const checker *k) {
    return (wide)k->c->denominator * ((wide)k->c->bound - 1);
}

static void check_leaf(checker *k, int32_t index, const hcb__check_node *n) {
    const hcb__check_multipliers *m = &k->c->multipliers[n->multipliers];
    bool costs = n->item == HCB__CHECK_LEAF, empty = false;
    wide v = 0, enough = costs ? below_bound(k) : 0;
    if (m->item_price)
        for (k->labels = FEW_LABELS;;) {
            empty = false;
            wide now = kept_value(k, m, costs, &empty);
            /* With more labels a value is higher, but not one that the work limit cut short. */
            v = now > v || k->labels == FEW_LABELS ? now : v;
            if (empty || v > enough || k->overflow || k->work_left <= 0 || k->labels >= MOST_LABELS)
                break;
            k->labels = k->labels < MOST_LABELS / MORE_LABELS ? k->labels * MORE_LABELS : MOST_LABELS;
        }
    else
        v = plain_value(k, m, costs, &empty);
    if (k->overflow)
        judge(k, HCB__CHECK_MALFORMED, "node %" PRId32 ": a number passes 128 bits", index);
    else if (!empty && costs && v <= enough) {
        wide whole = v / k->c->denominator + (v % k->c->denominator > 0);
        k->proved = whole > INT64_MIN ? (int64_t)whole : INT64_MIN;
        if (k->work_left > 0)
            judge(k, HCB__CHECK_REFUTED, "leaf %" PRId32 " proves less than the claimed bound %" PRId64, index,
                  k->c->bound);
        else
            judge(k, HCB__CHECK_UNCONFIRMED, "the work limit was passed at node %" PRId32, index);
    } else if (!empty && !costs && v <= 0)
        judge(k, HCB__CHECK_REFUTED, "node %" PRId32 " does not prove its branch empty", index);
}

/* Leaves out what cannot be better than claimed; true when nothing at all is left. */
static bool apply_fix(checker *k, int32_t index, const hcb__check_node *n) {
    const hcb__check_problem *p = k->p;
    const hcb__check_multipliers *m = &k->c->multipliers[n->multipliers];
    bool costs = n->item == HCB__CHECK_FIX, empty = false;
    wide total = plain_value(k, m, costs, &empty), most = costs ? below_bound(k) : 0;
    for (int32_t i = 0; i < p->n_items && !empty && !k->overflow; i++) {
        wide least = 0;
        least_choice(k, i, costs, &least);
        for (int64_t c = p->pair_start[i]; c <= p->pair_start[i + 1]; c++) {
            bool wait = c == p->pair_start[i + 1];
            int64_t choice = wait ? k->n_pairs + i : c;
            if (!k->allowed[choice])
                continue;
            wide with = sum_of(k, choice_value(k, i, wait ? -1 : c, costs), sum_of(k, total, times(k, least, -1)));
            if (with > most && !k->overflow)
                leave_out(k, choice);
        }
    }
    if (k->overflow)
        judge(k, HCB__CHECK_MALFORMED, "node %" PRId32 ": a number passes 128 bits", index);
    return empty;
}

/* Leaves out what some best plan does without. */
static void apply_dominance(checker *k) {
    bool *dominated = hcb__calloc(k->mem, (size_t)k->n_pairs + 1, sizeof *dominated);
    if (!dominated || !hcb__check_dominated(dominated, k->mem, k->p, k->allowed))
        k->set.failed = true;
    for (int64_t c = 0; !k->set.failed && c < k->n_pairs; c++)
        if (dominated[c])
            leave_out(k, c);
    k->work_left -= k->n_pairs;
    hcb__free(k->mem, dominated);
}

/* The choice that a split is about: a pair, waiting, or -1 when the item has no such choice. */
static int64_t split_choice(const checker *k, const hcb__check_node *n) {
    if (n->bin == HCB__CHECK_WAITS)
        return k->n_pairs + n->item;
    for (int64_t c = k->p->pair_start[n->item]; c < k->p->pair_start[n->item + 1]; c++)
        if (k->p->pair_bin[c] == n->bin)
            return c;
    return -1;
}

typedef struct frame {
    int32_t node, stage;
    size_t mark;
} frame;

/* Enters one branch of a split; false when no plan can take it. */
static bool enter_branch(checker *k, const hcb__check_node *n, bool with) {
    int64_t choice = split_choice(k, n);
    if (!with) {
        if (choice >= 0)
            leave_out(k, choice);
        return true;
    }
    for (int64_t c = k->p->pair_start[n->item]; c <= k->p->pair_start[n->item + 1]; c++) {
        int64_t other = c == k->p->pair_start[n->item + 1] ? k->n_pairs + n->item : c;
        if (other != choice)
            leave_out(k, other);
    }
    return choice >= 0 && k->allowed[choice];
}

/* Each cut, for the choices that the fix nodes so far have left: those below have no others. */
static bool prove_cuts(checker *k) {
    bool failed = false;
    k->cuts_hold = true;
    for (int32_t q = 0; q < k->c->n_cuts && !failed; q++)
        if (!hcb__check_cut_holds(k->mem, k->p, k->c->frozen, &k->c->cuts[q], k->cut_choice[q], k->allowed,
                                  &k->work_left, &failed))
            judge(k, HCB__CHECK_REFUTED, "cut %" PRId32 " does not follow from its row", q);
    return !failed;
}

static bool walk(checker *k) {
    frame *stack = hcb__calloc(k->mem, (size_t)k->c->n_nodes + 1, sizeof *stack);
    if (!stack)
        return false;
    int32_t depth = 1;
    while (depth > 0 && k->verdict == HCB__CHECK_CONFIRMED) {
        frame *f = &stack[depth - 1];
        const hcb__check_node *n = &k->c->nodes[f->node];
        int32_t child = -1;
        if (k->work_left <= 0) {
            judge(k, HCB__CHECK_UNCONFIRMED, "the work limit was passed before node %" PRId32, f->node);
            break;
        }
        if (f->stage == 0)
            f->mark = k->undone;
        else
            restore(k, f->mark);
        bool leaves_out =
            n->item == HCB__CHECK_FIX || n->item == HCB__CHECK_FIX_EMPTY || n->item == HCB__CHECK_DOMINATED;
        if (!leaves_out && !k->cuts_hold && !prove_cuts(k)) {
            hcb__free(k->mem, stack);
            return false;
        }
        if (n->item == HCB__CHECK_LEAF || n->item == HCB__CHECK_EMPTY)
            check_leaf(k, f->node, n);
        else if (n->item == HCB__CHECK_DOMINATED && f->stage == 0)
            apply_dominance(k), child = n->with;
        else if (n->item < 0 && f->stage == 0)
            child = apply_fix(k, f->node, n) ? -1 : n->with;
        else if (n->item >= 0 && f->stage == 0)
            child = enter_branch(k, n, true) ? n->with : -2;
        else if (n->item >= 0 && f->stage == 1)
            child = enter_branch(k, n, false) ? n->without : -2;
        f->stage++;
        if (child >= 0)
            stack[depth++] = (frame){child, 0, 0};
        else if (child == -1)
            depth--, restore(k, f->mark);
    }
    hcb__free(k->mem, stack);
    return true;
}

/* --- entry ------------------------------------------------------------------------------------------------------- */

static bool prepare(checker *k) {
    const hcb__check_problem *p = k->p;
    const hcb_allocator *mem = k->mem;
    size_t choices = (size_t)k->n_pairs + (size_t)p->n_items + 1;
    k->allowed = hcb__calloc(mem, choices, 1);
    k->undo = hcb__calloc(mem, choices, sizeof *k->undo);
    k->row_price =
        hcb__calloc(mem, (size_t)p->n_rows + (size_t)p->n_levels + (size_t)k->c->n_cuts + 1, sizeof *k->row_price);
    k->term_price = hcb__calloc(mem, (size_t)p->n_terms + 1, sizeof *k->term_price);
    k->kept_start = hcb__calloc(mem, (size_t)p->n_bins + 2, sizeof *k->kept_start);
    k->kept = hcb__calloc(mem, (size_t)p->n_rows + 1, sizeof *k->kept);
    k->slot = hcb__calloc(mem, (size_t)p->n_rows + 1, sizeof *k->slot);
    k->pair_start_of_bin = hcb__calloc(mem, (size_t)p->n_bins + 2, sizeof *k->pair_start_of_bin);
    k->pair_of_bin = hcb__calloc(mem, (size_t)k->n_pairs + 1, sizeof *k->pair_of_bin);
    k->pair_item = hcb__calloc(mem, (size_t)k->n_pairs + 1, sizeof *k->pair_item);
    k->only = hcb__calloc(mem, (size_t)p->n_items + 1, sizeof *k->only);
    k->set.mem = *mem;
    k->room = hcb__calloc(mem, 2 * (size_t)p->n_rows + 2, sizeof *k->room);
    if (!k->allowed || !k->undo || !k->row_price || !k->term_price || !k->kept_start || !k->kept || !k->slot ||
        !k->pair_start_of_bin || !k->pair_of_bin || !k->pair_item || !k->only || !k->room)
        return false;
    for (int32_t r = 0; r < p->n_rows; r++)
        if (p->row_bin[r] >= 0)
            k->kept_start[p->row_bin[r] + 1]++;
    for (int64_t c = 0; c < k->n_pairs; c++)
        k->pair_start_of_bin[p->pair_bin[c] + 1]++;
    for (int32_t b = 0; b < p->n_bins; b++) {
        k->kept_start[b + 1] += k->kept_start[b];
        k->pair_start_of_bin[b + 1] += k->pair_start_of_bin[b];
    }
    /* The starts move forward while the lists are filled, and back afterwards. */
    for (int32_t r = 0; r < p->n_rows; r++)
        if (p->row_bin[r] >= 0) {
            int32_t at = k->kept_start[p->row_bin[r]]++;
            k->kept[at] = r;
        }
    for (int32_t i = 0; i < p->n_items; i++)
        for (int64_t c = p->pair_start[i]; c < p->pair_start[i + 1]; c++) {
            k->pair_item[c] = i;
            k->pair_of_bin[k->pair_start_of_bin[p->pair_bin[c]]++] = c;
        }
    for (int32_t b = p->n_bins; b > 0; b--) {
        k->kept_start[b] = k->kept_start[b - 1];
        k->pair_start_of_bin[b] = k->pair_start_of_bin[b - 1];
    }
    k->kept_start[0] = 0;
    k->pair_start_of_bin[0] = 0;
    for (int32_t b = 0; b < p->n_bins; b++)
        for (int32_t at = k->kept_start[b]; at < k->kept_start[b + 1]; at++)
            k->slot[k->kept[at]] = at - k->kept_start[b];
    for (int64_t c = 0; c < k->n_pairs; c++) {
        k->allowed[c] = 1;
        for (int64_t u = p->use_start[c]; u < p->use_start[c + 1]; u++)
            if (p->row_bin[p->use_row[u]] >= 0 && p->use_weight[u] > p->row_limit[p->use_row[u]])
                k->allowed[c] = 0;
    }
    for (int32_t i = 0; i < p->n_items; i++)
        k->allowed[k->n_pairs + i] = may_wait(p, i);
    return true;
}

hcb_status hcb__check_claim_holds(int32_t *verdict, const hcb_allocator *mem, const hcb__check_problem *problem,
                                  const hcb__check_claim *claim, int64_t work_limit, int64_t *proved,
                                  char reason[256]) {
    checker k;
    memset(&k, 0, sizeof k);
    k.p = problem;
    k.c = claim;
    k.mem = mem;
    k.n_pairs = problem->pair_start[problem->n_items];
    k.work_left = work_limit > 0 ? work_limit : DEFAULT_WORK;
    k.reason = reason;
    k.proved = INT64_MIN;
    reason[0] = '\0';
    bool ok = check_form(&k);
    if (ok && k.verdict == HCB__CHECK_CONFIRMED)
        ok = prepare(&k) && walk(&k);
    *verdict = k.verdict;
    if (proved)
        *proved = k.proved;
    for (int32_t q = 0; k.cut_choice && q < claim->n_cuts; q++)
        hcb__free(mem, k.cut_choice[q]);
    void *all[] = {k.cut_choice,        k.cut_use_start, k.cut_use,    k.cut_times, k.allowed, k.undo,
                   k.row_price,         k.term_price,    k.kept_start, k.kept,      k.slot,    k.room,
                   k.pair_start_of_bin, k.pair_of_bin,   k.pair_item,  k.only};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        hcb__free(mem, all[i]);
    ok = ok && !k.set.failed;
    hcb__check_set_free(&k.set);
    return ok ? HCB_OK : HCB_ENOMEM;
}

static void seal_int(hcb__sha256 *sha, int64_t v) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)v >> (8 * i));
    hcb__sha256_add(sha, bytes, sizeof bytes);
}

void hcb__check_seal(const hcb__check_problem *problem, const hcb__check_claim *c, char seal[65]) {
    hcb__sha256 sha;
    hcb__sha256_init(&sha);
    seal_int(&sha, c->level);
    for (int32_t j = 0; j < c->level; j++)
        seal_int(&sha, c->frozen[j]);
    seal_int(&sha, c->bound);
    seal_int(&sha, c->denominator);
    seal_int(&sha, c->n_nodes);
    for (int32_t n = 0; n < c->n_nodes; n++) {
        seal_int(&sha, c->nodes[n].item);
        seal_int(&sha, c->nodes[n].bin);
        seal_int(&sha, c->nodes[n].with);
        seal_int(&sha, c->nodes[n].without);
        seal_int(&sha, c->nodes[n].multipliers);
    }
    seal_int(&sha, c->n_cuts);
    for (int32_t q = 0; q < c->n_cuts; q++) {
        seal_int(&sha, c->cuts[q].row);
        seal_int(&sha, c->cuts[q].right);
        seal_int(&sha, c->cuts[q].n);
        for (int32_t i = 0; i < c->cuts[q].n; i++) {
            seal_int(&sha, c->cuts[q].item[i]);
            seal_int(&sha, c->cuts[q].bin[i]);
            seal_int(&sha, c->cuts[q].times[i]);
        }
    }
    seal_int(&sha, c->n_multipliers);
    for (int32_t m = 0; m < c->n_multipliers; m++) {
        const hcb__check_multipliers *l = &c->multipliers[m];
        seal_int(&sha, l->n_rows);
        for (int32_t r = 0; r < l->n_rows; r++) {
            seal_int(&sha, l->row[r]);
            seal_int(&sha, l->row_price[r]);
        }
        seal_int(&sha, l->n_terms);
        for (int32_t t = 0; t < l->n_terms; t++) {
            seal_int(&sha, l->term[t]);
            seal_int(&sha, l->term_price[t]);
        }
        seal_int(&sha, l->item_price != NULL);
        for (int32_t i = 0; l->item_price && i < problem->n_items; i++)
            seal_int(&sha, l->item_price[i]);
    }
    hcb__sha256_hex(&sha, seal);
}
