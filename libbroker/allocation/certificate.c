/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "allocation/certificate.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

typedef __int128 wide;

static const int64_t DEFAULT_WORK = 2000000000;
enum { SURROGATE_TURNS = 80, EASY_NODES = 2000, SET_SEARCH_NODES = 400000, UNITS = 2048, BETTER = 4 };

/* An item that a bin could take at a gain, while the bin's best set is looked for. */
typedef struct gain {
    wide gain;   /* > 0 */
    wide weight; /* surrogate */
    int64_t pair;
    int32_t item;
} gain;

typedef struct checker {
    const hcb__check_problem *p;
    const hcb__check_claim *c;
    const hcb_allocator *mem;
    int64_t n_pairs, work_left;
    uint8_t *allowed; /* [pairs + items] */
    int64_t *undo;    /* choices left out on the way to the node at hand */
    size_t undone;
    wide *row_price;                          /* [rows + levels] prices of the multipliers at hand */
    wide *term_price;                         /* [terms] */
    int32_t *kept_start, *kept;               /* bin rows of each bin */
    int32_t *slot;                            /* [rows] place of a row in its bin */
    int64_t *pair_start_of_bin, *pair_of_bin; /* pairs of each bin */
    int32_t *pair_item;
    int64_t *only; /* [items] the one pair that is left to an item, or -1 */
    gain *gains;
    wide *prefix_gain, *prefix_weight;
    int64_t *room;
    int64_t *table; /* [items + 1][UNITS + 1], made when first needed */
    int32_t *table_weight;
    int32_t *better; /* [items][BETTER] places of gains that are to be taken before this one; -1: none */
    uint8_t *taken;  /* [items] by place */
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

static bool ascending(const int32_t *index, const int64_t *price, int32_t n, int32_t most) {
    for (int32_t i = 0; i < n; i++)
        if (index[i] < 0 || index[i] >= most || price[i] <= 0 || (i > 0 && index[i] <= index[i - 1]))
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
    if (m->n_rows < 0 || m->n_terms < 0 || !ascending(m->row, m->row_price, m->n_rows, p->n_rows + k->c->level) ||
        !ascending(m->term, m->term_price, m->n_terms, p->n_terms)) {
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
        if (m->row[r] >= p->n_rows && p->levels[m->row[r] - p->n_rows].kind != HCB__CHECK_SUM)
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
    bool leaf = n->item == HCB__CHECK_LEAF || n->item == HCB__CHECK_EMPTY;
    bool good = (split || fix || leaf) && n->item < p->n_items;
    good = good && (split ? n->bin >= HCB__CHECK_WAITS && n->bin < p->n_bins && n->multipliers == -1
                          : n->bin == 0 && n->multipliers >= 0 && n->multipliers < k->c->n_multipliers);
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
    }
}

static bool check_form(checker *k) {
    const hcb__check_claim *c = k->c;
    if (c->level < 0 || c->level >= k->p->n_levels || c->denominator < 1 || c->n_nodes < 1 || c->n_multipliers < 1) {
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
    for (int32_t r = 0; r < p->n_rows + k->c->level; r++)
        k->row_price[r] = 0;
    for (int32_t t = 0; t < p->n_terms; t++)
        k->term_price[t] = 0;
    for (int32_t i = 0; i < m->n_rows; i++) {
        int32_t r = m->row[i];
        wide limit =
            r < p->n_rows ? p->row_limit[r] : (wide)k->c->frozen[r - p->n_rows] - p->levels[r - p->n_rows].constant;
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

static int by_worth(const void *a, const void *b) {
    const gain *s = a, *t = b;
    /* gain / weight, larger first; exact where the products fit, which the scaling below sees to. */
    wide left = s->gain * t->weight, right = t->gain * s->weight;
    if (left != right)
        return left > right ? -1 : 1;
    return s->item < t->item ? -1 : s->item > t->item;
}

/* The most that gains[from ..] can add within `room` of the surrogate row, the last one cut. */
static wide fractional(const checker *k, int32_t from, int32_t n, wide room) {
    int32_t lo = from, hi = n;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo + 1) / 2;
        if (k->prefix_weight[mid] - k->prefix_weight[from] <= room)
            lo = mid;
        else
            hi = mid - 1;
    }
    wide v = k->prefix_gain[lo] - k->prefix_gain[from];
    if (lo < n) {
        wide left = room - (k->prefix_weight[lo] - k->prefix_weight[from]);
        v += k->gains[lo].gain * left / k->gains[lo].weight + 1;
    }
    return v;
}

typedef struct set_search {
    int32_t bin, n, n_rows;
    int64_t nodes;
    wide best;
    bool tabled, ordered;
} set_search;

static bool fits(const checker *k, const set_search *s, int64_t pair) {
    const hcb__check_problem *p = k->p;
    for (int64_t u = p->use_start[pair]; u < p->use_start[pair + 1]; u++)
        if (p->row_bin[p->use_row[u]] == s->bin && p->use_weight[u] > k->room[k->slot[p->use_row[u]]])
            return false;
    return true;
}

static void use_room(checker *k, const set_search *s, int64_t pair, int64_t sign) {
    const hcb__check_problem *p = k->p;
    for (int64_t u = p->use_start[pair]; u < p->use_start[pair + 1]; u++)
        if (p->row_bin[p->use_row[u]] == s->bin)
            k->room[k->slot[p->use_row[u]]] -= sign * p->use_weight[u];
}

/* Whether, of two pairs of the bin, `a` weighs no more than `b` in any of the bin's rows. */
static bool no_heavier(const checker *k, int32_t bin, int64_t a, int64_t b) {
    const hcb__check_problem *p = k->p;
    int64_t v = p->use_start[b];
    for (int64_t u = p->use_start[a]; u < p->use_start[a + 1]; u++) {
        if (p->row_bin[p->use_row[u]] != bin)
            continue;
        while (v < p->use_start[b + 1] && p->use_row[v] < p->use_row[u])
            v++;
        if (v == p->use_start[b + 1] || p->use_row[v] != p->use_row[u] || p->use_weight[v] < p->use_weight[u])
            return false;
    }
    return true;
}

/* A gain that is no smaller and weighs no more goes first: some best set takes no gain whose better ones it leaves,
 * since the two could be exchanged. The nearest few are enough to look at. */
static bool find_better(checker *k, const set_search *s) {
    if (!k->better) {
        k->better = hcb__calloc(k->mem, (size_t)k->p->n_items * BETTER + 1, sizeof *k->better);
        k->taken = hcb__calloc(k->mem, (size_t)k->p->n_items + 1, 1);
    }
    if (!k->better || !k->taken)
        return false;
    for (int32_t at = 0; at < s->n; at++) {
        int32_t *list = k->better + (size_t)at * BETTER, n = 0;
        k->taken[at] = 0;
        for (int32_t before = at - 1; before >= 0 && n < BETTER; before--)
            if (k->gains[before].gain >= k->gains[at].gain &&
                no_heavier(k, s->bin, k->gains[before].pair, k->gains[at].pair))
                list[n++] = before;
        while (n < BETTER)
            list[n++] = -1;
    }
    return true;
}

static bool leaves_better(const checker *k, int32_t at) {
    const int32_t *list = k->better + (size_t)at * BETTER;
    for (int32_t n = 0; n < BETTER && list[n] >= 0; n++)
        if (!k->taken[list[n]])
            return true;
    return false;
}

/* Take or leave each gain in turn; past the node limit the fractional value stands for the rest, which is safe. */
static void search_sets(checker *k, set_search *s, int32_t at, wide gained, wide room, int32_t units) {
    for (; at < s->n; at++) {
        wide most = gained + fractional(k, at, s->n, room);
        if (s->tabled) {
            wide tabled = gained + k->table[(size_t)at * (UNITS + 1) + (size_t)units];
            most = tabled < most ? tabled : most;
        }
        if (most <= s->best)
            return;
        if (--s->nodes < 0) {
            s->best = most;
            return;
        }
        if (k->gains[at].weight <= room && (!s->tabled || k->table_weight[at] <= units) &&
            !(s->ordered && leaves_better(k, at)) && fits(k, s, k->gains[at].pair)) {
            use_room(k, s, k->gains[at].pair, 1);
            if (s->ordered)
                k->taken[at] = 1;
            search_sets(k, s, at + 1, gained + k->gains[at].gain, room - k->gains[at].weight,
                        s->tabled ? units - k->table_weight[at] : 0);
            use_room(k, s, k->gains[at].pair, -1);
            if (s->ordered)
                k->taken[at] = 0;
        }
    }
    if (gained > s->best)
        s->best = gained;
}

/* The most that gains[at ..] add within u units of the surrogate row, weights rounded down to whole units: never too
 * small. False when the gains do not fit 64 bits or memory is out; the search then goes without. */
static bool make_table(checker *k, const set_search *s, wide room) {
    if (room <= 0 || k->prefix_gain[s->n] >= (wide)1 << 62)
        return false;
    if (!k->table) {
        k->table = hcb__calloc(k->mem, ((size_t)k->p->n_items + 1) * (UNITS + 1), sizeof *k->table);
        k->table_weight = hcb__calloc(k->mem, (size_t)k->p->n_items + 1, sizeof *k->table_weight);
    }
    if (!k->table || !k->table_weight)
        return false;
    wide unit = room / UNITS + 1;
    memset(k->table + (size_t)s->n * (UNITS + 1), 0, (UNITS + 1) * sizeof *k->table);
    for (int32_t at = s->n - 1; at >= 0; at--) {
        const int64_t *after = k->table + (size_t)(at + 1) * (UNITS + 1);
        int64_t *now = k->table + (size_t)at * (UNITS + 1), worth = (int64_t)k->gains[at].gain;
        wide w = k->gains[at].weight / unit;
        int32_t weight = w > UNITS ? UNITS + 1 : (int32_t)w;
        k->table_weight[at] = weight;
        for (int32_t u = 0; u <= UNITS; u++)
            now[u] = u >= weight && after[u - weight] + worth > after[u] ? after[u - weight] + worth : after[u];
    }
    return true;
}

/* What makes whole numbers of the factors: as fine as gains times weights, and gains times the room, allow. */
static double whole_scale(const checker *k, const set_search *s, const double *factor, int32_t n_rows) {
    const hcb__check_problem *p = k->p;
    double most = 0, most_gain = 1, most_sum = 1;
    for (int32_t r = 0; r < n_rows; r++) {
        most = factor[r] > most ? factor[r] : most;
        most_sum += factor[r] * (double)k->room[r];
    }
    for (int32_t i = 0; i < s->n; i++) {
        double sum = 0;
        for (int64_t u = p->use_start[k->gains[i].pair]; u < p->use_start[k->gains[i].pair + 1]; u++)
            if (p->row_bin[p->use_row[u]] == s->bin && k->slot[p->use_row[u]] < n_rows)
                sum += factor[k->slot[p->use_row[u]]] * (double)p->use_weight[u];
        most_sum = sum > most_sum ? sum : most_sum;
        most_gain = (double)k->gains[i].gain > most_gain ? (double)k->gains[i].gain : most_gain;
    }
    double fine = 0x1p118 / most_gain / most_sum;
    return most > 0 && fine * most > 0x1p44 ? 0x1p44 / most : fine;
}

/* Weights of the bin's rows in the surrogate: rows whose greedy load is too high get more, until the bound stops
 * falling. Floating point only chooses; the bound is computed from the whole weights. */
static wide choose_surrogate(checker *k, const set_search *s, int64_t *alpha) {
    const hcb__check_problem *p = k->p;
    double factor[64], load[64], best_factor[64], least = -1;
    int32_t n_rows = s->n_rows < 64 ? s->n_rows : 64;
    for (int32_t r = 0; r < n_rows; r++)
        best_factor[r] = factor[r] = 1.0 / (1.0 + (double)k->room[r]);
    for (int32_t turn = 0; turn < SURROGATE_TURNS && s->n > 0; turn++) {
        double room = 0, value = 0;
        for (int32_t r = 0; r < n_rows; r++) {
            load[r] = 0;
            room += factor[r] * (double)k->room[r];
        }
        for (int32_t i = 0; i < s->n; i++) {
            double w = 0;
            for (int64_t u = p->use_start[k->gains[i].pair]; u < p->use_start[k->gains[i].pair + 1]; u++)
                if (p->row_bin[p->use_row[u]] == s->bin && k->slot[p->use_row[u]] < n_rows)
                    w += factor[k->slot[p->use_row[u]]] * (double)p->use_weight[u];
            k->gains[i].weight = (wide)(w * 0x1p40) + 1;
        }
        qsort(k->gains, (size_t)s->n, sizeof *k->gains, by_worth);
        for (int32_t i = 0; i < s->n && room > 0; i++) {
            double w = (double)k->gains[i].weight * 0x1p-40, part = w <= room ? 1 : room / w;
            room -= w * part;
            value += (double)k->gains[i].gain * part;
            for (int64_t u = p->use_start[k->gains[i].pair]; u < p->use_start[k->gains[i].pair + 1]; u++)
                if (p->row_bin[p->use_row[u]] == s->bin && k->slot[p->use_row[u]] < n_rows)
                    load[k->slot[p->use_row[u]]] += part * (double)p->use_weight[u];
        }
        if (least < 0 || value < least) {
            least = value;
            memcpy(best_factor, factor, sizeof factor);
        }
        for (int32_t r = 0; r < n_rows; r++) {
            double ratio = load[r] / (1.0 + (double)k->room[r]);
            ratio = ratio < 0.25 ? 0.25 : ratio > 4 ? 4 : ratio;
            /* Shorter and shorter steps: full ones would only swing about the best factors. */
            factor[r] *= pow(ratio, 1.0 / (1 + turn / 8));
        }
    }
    double fine = whole_scale(k, s, best_factor, n_rows);
    wide room = 0;
    for (int32_t r = 0; r < s->n_rows; r++) {
        alpha[r] = r < n_rows ? (int64_t)(best_factor[r] * fine) : 0;
        room += (wide)alpha[r] * k->room[r];
    }
    return room;
}

/* The most that a set of the bin's items can gain within the room left; gains[0 .. n) and the room are set. */
static wide best_set(checker *k, int32_t bin, int32_t n) {
    const hcb__check_problem *p = k->p;
    set_search s = {.bin = bin, .n = n, .n_rows = k->kept_start[bin + 1] - k->kept_start[bin]};
    int64_t *alpha = k->room + s.n_rows; /* room has place for both */
    if (n == 0)
        return 0;
    wide room = choose_surrogate(k, &s, alpha);
    for (int32_t i = 0; i < n; i++) {
        wide w = 0;
        for (int64_t u = p->use_start[k->gains[i].pair]; u < p->use_start[k->gains[i].pair + 1]; u++)
            if (p->row_bin[p->use_row[u]] == bin)
                w += (wide)alpha[k->slot[p->use_row[u]]] * p->use_weight[u];
        k->gains[i].weight = w;
    }
    qsort(k->gains, (size_t)n, sizeof *k->gains, by_worth);
    k->prefix_gain[0] = k->prefix_weight[0] = 0;
    for (int32_t i = 0; i < n; i++) {
        k->prefix_gain[i + 1] = k->prefix_gain[i] + k->gains[i].gain;
        k->prefix_weight[i + 1] = k->prefix_weight[i] + k->gains[i].weight;
    }
    s.nodes = EASY_NODES;
    search_sets(k, &s, 0, 0, room, 0);
    k->work_left -= EASY_NODES;
    if (s.nodes < 0) {
        s.tabled = make_table(k, &s, room);
        s.ordered = find_better(k, &s);
        s.nodes = SET_SEARCH_NODES;
        s.best = 0;
        search_sets(k, &s, 0, 0, room, UNITS);
        k->work_left -= SET_SEARCH_NODES - s.nodes;
    }
    return s.best;
}

/* One bin's part of the value: what the items that are left with it alone come to, who are in every set, less the most
 * that the others can gain within the room those leave. *empty when they alone pass a limit. */
static wide bin_value(checker *k, const hcb__check_multipliers *m, int32_t bin, bool costs, bool *empty) {
    const hcb__check_problem *p = k->p;
    int32_t n_rows = k->kept_start[bin + 1] - k->kept_start[bin], n = 0;
    set_search s = {.bin = bin, .n_rows = n_rows};
    wide total = 0;
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
            use_room(k, &s, pair, 1);
            continue;
        }
        if (v >= 0)
            continue;
        if (v < -((wide)1 << 66))
            k->overflow = true;
        k->gains[n++] = (gain){-v, 0, pair, i};
    }
    for (int32_t r = 0; r < n_rows; r++)
        *empty = *empty || k->room[r] < 0;
    return k->overflow || *empty ? 0 : sum_of(k, total, -best_set(k, bin, n));
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
    for (int32_t b = 0; b < p->n_bins && !k->overflow && !*empty && k->work_left > 0; b++)
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
    wide v = m->item_price ? kept_value(k, m, costs, &empty) : plain_value(k, m, costs, &empty);
    if (k->overflow)
        judge(k, HCB__CHECK_MALFORMED, "node %" PRId32 ": a number passes 128 bits", index);
    else if (k->work_left <= 0)
        judge(k, HCB__CHECK_UNCONFIRMED, "the work limit was passed at node %" PRId32, index);
    else if (!empty && costs && v <= below_bound(k))
        judge(k, HCB__CHECK_REFUTED, "leaf %" PRId32 " proves less than the claimed bound %" PRId64, index,
              k->c->bound);
    else if (!empty && !costs && v <= 0)
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
            if (k->allowed[choice] && choice_value(k, i, wait ? -1 : c, costs) - least + total > most)
                leave_out(k, choice);
        }
    }
    if (k->overflow)
        judge(k, HCB__CHECK_MALFORMED, "node %" PRId32 ": a number passes 128 bits", index);
    return empty;
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

static bool walk(checker *k) {
    frame *stack = hcb__calloc(k->mem, (size_t)k->c->n_nodes + 1, sizeof *stack);
    if (!stack)
        return false;
    int32_t depth = 1;
    while (depth > 0 && k->verdict == HCB__CHECK_CONFIRMED) {
        frame *f = &stack[depth - 1];
        const hcb__check_node *n = &k->c->nodes[f->node];
        int32_t child = -1;
        if (f->stage == 0)
            f->mark = k->undone;
        else
            restore(k, f->mark);
        if (n->item == HCB__CHECK_LEAF || n->item == HCB__CHECK_EMPTY)
            check_leaf(k, f->node, n);
        else if (n->item < 0 && f->stage == 0)
            child = apply_fix(k, f->node, n) ? -1 : n->with;
        else if (n->item >= 0 && f->stage == 0)
            child = enter_branch(k, n, true) ? n->with : -2;
        else if (n->item >= 0 && f->stage == 1)
            child = enter_branch(k, n, false) ? n->without : -2;
        if (k->work_left <= 0)
            judge(k, HCB__CHECK_UNCONFIRMED, "the work limit was passed at node %" PRId32, f->node);
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
    k->row_price = hcb__calloc(mem, (size_t)p->n_rows + (size_t)p->n_levels + 1, sizeof *k->row_price);
    k->term_price = hcb__calloc(mem, (size_t)p->n_terms + 1, sizeof *k->term_price);
    k->kept_start = hcb__calloc(mem, (size_t)p->n_bins + 2, sizeof *k->kept_start);
    k->kept = hcb__calloc(mem, (size_t)p->n_rows + 1, sizeof *k->kept);
    k->slot = hcb__calloc(mem, (size_t)p->n_rows + 1, sizeof *k->slot);
    k->pair_start_of_bin = hcb__calloc(mem, (size_t)p->n_bins + 2, sizeof *k->pair_start_of_bin);
    k->pair_of_bin = hcb__calloc(mem, (size_t)k->n_pairs + 1, sizeof *k->pair_of_bin);
    k->pair_item = hcb__calloc(mem, (size_t)k->n_pairs + 1, sizeof *k->pair_item);
    k->only = hcb__calloc(mem, (size_t)p->n_items + 1, sizeof *k->only);
    k->gains = hcb__calloc(mem, (size_t)p->n_items + 1, sizeof *k->gains);
    k->prefix_gain = hcb__calloc(mem, (size_t)p->n_items + 2, sizeof *k->prefix_gain);
    k->prefix_weight = hcb__calloc(mem, (size_t)p->n_items + 2, sizeof *k->prefix_weight);
    k->room = hcb__calloc(mem, 2 * (size_t)p->n_rows + 2, sizeof *k->room);
    if (!k->allowed || !k->undo || !k->row_price || !k->term_price || !k->kept_start || !k->kept || !k->slot ||
        !k->pair_start_of_bin || !k->pair_of_bin || !k->pair_item || !k->only || !k->gains || !k->prefix_gain ||
        !k->prefix_weight || !k->room)
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
                                  const hcb__check_claim *claim, int64_t work_limit, char reason[256]) {
    checker k;
    memset(&k, 0, sizeof k);
    k.p = problem;
    k.c = claim;
    k.mem = mem;
    k.n_pairs = problem->pair_start[problem->n_items];
    k.work_left = work_limit > 0 ? work_limit : DEFAULT_WORK;
    k.reason = reason;
    reason[0] = '\0';
    bool ok = check_form(&k);
    if (ok && k.verdict == HCB__CHECK_CONFIRMED)
        ok = prepare(&k) && walk(&k);
    *verdict = k.verdict;
    void *all[] = {k.allowed,      k.undo,      k.row_price,   k.term_price,    k.kept_start,
                   k.kept,         k.slot,      k.gains,       k.room,          k.pair_start_of_bin,
                   k.pair_of_bin,  k.pair_item, k.prefix_gain, k.prefix_weight, k.table,
                   k.table_weight, k.only,      k.better,      k.taken};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        hcb__free(mem, all[i]);
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
