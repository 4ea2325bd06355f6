/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "allocation/certificate_set.h"

#include <stdlib.h>
#include <string.h>

typedef __int128 wide;

enum { MOST_ROWS = 32, UNITS = 4096, SWEEPS = 5, HALVINGS = 26, LOOK_BACK = 64 };

/* The search for sets that gain more than `guess`. */
typedef struct search {
    hcb__check_set *set;
    int32_t n, rows, shift, units;
    int32_t row[MOST_ROWS]; /* those that can bind; the first is the table's */
    int64_t limit[MOST_ROWS], price[MOST_ROWS];
    int64_t *priced, *rest, *table; /* by place in the order */
    int64_t guess, best;
} search;

void hcb__check_set_free(hcb__check_set *set) {
    HCB__VEC_FREE(&set->mem, &set->gain);
    HCB__VEC_FREE(&set->mem, &set->weight);
    HCB__VEC_FREE(&set->mem, &set->limit);
    HCB__VEC_FREE(&set->mem, &set->worth);
    HCB__VEC_FREE(&set->mem, &set->order);
    HCB__VEC_FREE(&set->mem, &set->real);
    HCB__VEC_FREE(&set->mem, &set->whole);
    HCB__VEC_FREE(&set->mem, &set->labels);
}

static int64_t weight_of(const search *s, int32_t item, int32_t r) {
    return s->set->weight.at[(size_t)item * (size_t)s->set->rows + (size_t)s->row[r]];
}

/* Items that fit at all, and rows that they can pass together. A row too many, or of sums too large, is left out, which
 * is safe. */
static void choose_items_and_rows(search *s) {
    hcb__check_set *set = s->set;
    for (int32_t i = 0; i < set->n; i++) {
        bool fits = true;
        for (int32_t r = 0; r < set->rows; r++)
            fits = fits && set->weight.at[(size_t)i * (size_t)set->rows + (size_t)r] <= set->limit.at[r];
        if (fits)
            set->order.at[s->n++] = i;
    }
    for (int32_t r = 0; r < set->rows && s->rows < MOST_ROWS; r++) {
        wide sum = 0;
        s->row[s->rows] = r;
        s->limit[s->rows] = set->limit.at[r];
        for (int32_t k = 0; k < s->n; k++)
            sum += weight_of(s, set->order.at[k], s->rows);
        s->rows += sum > set->limit.at[r] && sum < (wide)1 << 61;
    }
}

/* Gains in units that keep all sums within 2^60, rounded up. Gives the unit's power of two. */
static int32_t scale_gains(search *s) {
    hcb__check_set *set = s->set;
    wide sum = 1;
    int32_t down = 0;
    for (int32_t k = 0; k < s->n; k++)
        sum += set->gain.at[set->order.at[k]];
    while (sum >> down >= (wide)1 << 59)
        down++;
    for (int32_t k = 0; k < s->n; k++) {
        wide g = set->gain.at[set->order.at[k]];
        set->worth.at[set->order.at[k]] = (int64_t)((g + ((wide)1 << down) - 1) >> down);
    }
    return down;
}

/* What the items that gain at `price` in row r, beside the other rows' prices, weigh there. */
static double load_at(const search *s, const double *left, int32_t r, double price) {
    double load = 0;
    for (int32_t k = 0; k < s->n; k++) {
        double w = (double)weight_of(s, s->set->order.at[k], r);
        if (left[k] > price * w)
            load += w;
    }
    return load;
}

/* Row after row, the price at which the row is just filled, by halving an interval. */
static void find_prices(search *s, double *price, double *left) {
    for (int32_t k = 0; k < s->n; k++)
        left[k] = (double)s->set->worth.at[s->set->order.at[k]];
    for (int32_t turn = 0; turn < SWEEPS; turn++)
        for (int32_t r = 0; r < s->rows; r++) {
            double low = 0, high = 0;
            for (int32_t k = 0; k < s->n; k++) {
                double w = (double)weight_of(s, s->set->order.at[k], r);
                left[k] += price[r] * w;
                if (w > 0 && left[k] > high * w)
                    high = left[k] / w;
            }
            if (load_at(s, left, r, 0) > (double)s->limit[r])
                for (int32_t half = 0; half < HALVINGS; half++) {
                    double middle = 0.5 * (low + high);
                    *(load_at(s, left, r, middle) > (double)s->limit[r] ? &low : &high) = middle;
                }
            else
                high = 0;
            price[r] = high;
            for (int32_t k = 0; k < s->n; k++)
                left[k] -= high * (double)weight_of(s, s->set->order.at[k], r);
        }
}

/* Whole prices; the row whose limit is worth most comes first and keeps its weights instead. */
static void take_prices(search *s, const double *price) {
    int32_t first = 0;
    for (int32_t r = 0; r < s->rows; r++) {
        double most = 0x1p59 / (double)(s->rows + 1) / ((double)s->limit[r] + 1);
        s->price[r] = (int64_t)(price[r] < most ? price[r] : most);
        if (price[r] * (double)s->limit[r] > price[first] * (double)s->limit[first])
            first = r;
    }
    if (s->rows == 0)
        return;
    int32_t row = s->row[first];
    int64_t limit = s->limit[first];
    s->row[first] = s->row[0];
    s->limit[first] = s->limit[0];
    s->price[first] = s->price[0];
    s->row[0] = row;
    s->limit[0] = limit;
    s->price[0] = 0;
}

typedef struct ranked {
    int32_t family, item;
    double worth;
} ranked;

static int by_rank(const void *a, const void *b) {
    const ranked *s = a, *t = b;
    if (s->family != t->family)
        return s->family < t->family ? -1 : 1;
    if (s->worth != t->worth)
        return s->worth > t->worth ? -1 : 1;
    return s->item < t->item ? -1 : s->item > t->item;
}

/* Items that share a priced row of few items follow one another: when they are through, the row's load no longer
 * matters. Within such a family, and without one, the worthiest by the first row's weight go first. */
static void rank_items(search *s, ranked *all) {
    int32_t users[MOST_ROWS] = {0};
    for (int32_t k = 0; k < s->n; k++)
        for (int32_t r = 0; r < s->rows; r++)
            users[r] += weight_of(s, s->set->order.at[k], r) > 0;
    for (int32_t k = 0; k < s->n; k++) {
        int32_t item = s->set->order.at[k], family = s->rows;
        double gain = (double)s->set->worth.at[item];
        for (int32_t r = s->rows - 1; r > 0; r--) {
            int64_t w = weight_of(s, item, r);
            gain -= (double)s->price[r] * (double)w;
            if (w > 0 && s->price[r] > 0 && users[r] <= s->n / 2)
                family = r;
        }
        double first = s->rows ? (double)weight_of(s, item, 0) : 0;
        all[k] = (ranked){family, item, gain / (first + 1e-6)};
    }
    qsort(all, (size_t)s->n, sizeof *all, by_rank);
    for (int32_t k = 0; k < s->n; k++)
        s->set->order.at[k] = all[k].item;
}

/* table[k][u]: the most that the k-th and later items add, priced in all rows but the first, whose weights are rounded
 * down to whole units: never too small. */
static void fill_table(search *s) {
    size_t width = (size_t)s->units + 1;
    memset(s->rest + (size_t)s->n * MOST_ROWS, 0, MOST_ROWS * sizeof *s->rest);
    memset(s->table + (size_t)s->n * width, 0, width * sizeof *s->table);
    for (int32_t k = s->n - 1; k >= 0; k--) {
        int32_t item = s->set->order.at[k];
        const int64_t *later = s->table + (size_t)(k + 1) * width;
        int64_t *now = s->table + (size_t)k * width, gain = s->set->worth.at[item], units = 0;
        for (int32_t r = 0; r < s->rows; r++) {
            int64_t w = weight_of(s, item, r);
            s->rest[(size_t)k * MOST_ROWS + (size_t)r] = s->rest[(size_t)(k + 1) * MOST_ROWS + (size_t)r] + w;
            gain -= s->price[r] * w;
            units = r == 0 ? w >> s->shift : units;
        }
        s->priced[k] = gain;
        memcpy(now, later, width * sizeof *now);
        for (int64_t u = units; gain > 0 && u <= s->units; u++) {
            int64_t with = later[u - units] + gain;
            now[u] = with > later[u] ? with : later[u];
        }
    }
}

/* A label: what it gained, what it counts for beside the table, its loads. */
enum { GAINED = 0, COUNTS = 1, LOADS = 2 };

static int64_t reach(const search *s, const int64_t *label, int32_t place) {
    int64_t left = s->rows ? (s->limit[0] - label[LOADS]) >> s->shift : 0;
    return label[COUNTS] + s->table[(size_t)place * ((size_t)s->units + 1) + (size_t)left];
}

/* A row that the items from `place` on cannot pass any more is as good as loaded to where they just can. */
static void lift_loads(const search *s, int64_t *label, int32_t place) {
    for (int32_t r = 1; r < s->rows; r++) {
        int64_t least = s->limit[r] - s->rest[(size_t)place * MOST_ROWS + (size_t)r];
        if (label[LOADS + r] < least) {
            label[COUNTS] -= s->price[r] * (least - label[LOADS + r]);
            label[LOADS + r] = least;
        }
    }
}

/* Whether a label set shortly before gained no less and weighs no more. */
static bool has_better(const search *s, const int64_t *all, int64_t n, const int64_t *label) {
    int64_t stride = LOADS + s->rows;
    for (int64_t k = n - 1; k >= 0 && k >= n - LOOK_BACK; k--) {
        const int64_t *other = all + k * stride;
        int32_t r = 0;
        while (r < s->rows && other[LOADS + r] <= label[LOADS + r])
            r++;
        if (r == s->rows && other[GAINED] >= label[GAINED])
            return true;
    }
    return false;
}

/* The labels after one more item, ascending in the first load. Gives their number. */
static int64_t extend(search *s, int32_t place, const int64_t *before, int64_t n, int64_t *after) {
    int32_t item = s->set->order.at[place];
    int64_t stride = LOADS + s->rows, kept = 0, w[MOST_ROWS];
    for (int32_t r = 0; r < s->rows; r++)
        w[r] = weight_of(s, item, r);
    for (int64_t left = 0, taken = 0; left < n || taken < n;) {
        int64_t *label = after + kept * stride;
        bool take = left == n || (s->rows > 0 && taken < left &&
                                  before[taken * stride + LOADS] + w[0] < before[left * stride + LOADS]);
        memcpy(label, before + (take ? taken++ : left++) * stride, (size_t)stride * sizeof *label);
        bool fits = true;
        if (take) {
            label[GAINED] += s->set->worth.at[item];
            label[COUNTS] += s->priced[place];
            for (int32_t r = 0; r < s->rows; r++) {
                label[LOADS + r] += w[r];
                fits = fits && label[LOADS + r] <= s->limit[r];
            }
        }
        if (!fits)
            continue;
        s->best = label[GAINED] > s->best ? label[GAINED] : s->best;
        lift_loads(s, label, place + 1);
        kept += reach(s, label, place + 1) > s->guess && !has_better(s, after, kept, label);
    }
    return kept;
}

/* Sets labels for all sets that may gain more than the guess; afterwards the best gain is in s->best, or no set gains
 * more than the guess. Gives what no set passes. */
static int64_t try_guess(search *s, int64_t *labels_left) {
    hcb__check_set *set = s->set;
    int64_t stride = LOADS + s->rows, n = 1, cap = 256;
    s->best = 0;
    if (!HCB__RESERVE(&set->mem, &set->labels, (size_t)(2 * cap * stride))) {
        set->failed = true;
        return 0;
    }
    int64_t *now = set->labels.at;
    memset(now, 0, (size_t)stride * sizeof *now);
    for (int32_t r = 1; r < s->rows; r++)
        now[COUNTS] += s->price[r] * s->limit[r];
    lift_loads(s, now, 0);
    for (int32_t place = 0; place < s->n && n > 0; place++) {
        if (2 * n > cap) {
            int64_t at = now - set->labels.at;
            while (2 * n > cap)
                cap *= 2;
            if (!HCB__RESERVE(&set->mem, &set->labels, (size_t)(2 * cap * stride))) {
                set->failed = true;
                return 0;
            }
            memmove(set->labels.at, set->labels.at + at, (size_t)(n * stride) * sizeof *now);
            now = set->labels.at;
        }
        int64_t *next = now == set->labels.at ? set->labels.at + cap * stride : set->labels.at;
        n = extend(s, place, now, n, next);
        now = next;
        *labels_left -= n + 1;
        if (*labels_left < 0) {
            int64_t most = s->best > s->guess ? s->best : s->guess;
            for (int64_t k = 0; k < n; k++) {
                int64_t v = reach(s, now + k * stride, place + 1);
                most = v > most ? v : most;
            }
            return most;
        }
    }
    return s->best > s->guess ? s->best : s->guess;
}

static bool reserve(search *s) {
    hcb__check_set *set = s->set;
    size_t n = (size_t)s->n + 1, width;
    while (s->rows && s->limit[0] >> s->shift > UNITS)
        s->shift++;
    s->units = s->rows ? (int32_t)(s->limit[0] >> s->shift) : 0;
    width = (size_t)s->units + 1;
    if (!HCB__RESERVE(&set->mem, &set->whole, n * (1 + MOST_ROWS + width)))
        return false;
    s->priced = set->whole.at;
    s->rest = s->priced + n;
    s->table = s->rest + n * MOST_ROWS;
    return true;
}

__int128 hcb__check_set_best(hcb__check_set *set, int64_t most_labels, int64_t *work_left) {
    search s = {.set = set};
    size_t n = (size_t)set->n + 1;
    size_t reals = MOST_ROWS + n * (1 + (sizeof(ranked) + sizeof(double) - 1) / sizeof(double));
    if (!HCB__RESERVE(&set->mem, &set->order, n) || !HCB__RESERVE(&set->mem, &set->worth, n) ||
        !HCB__RESERVE(&set->mem, &set->real, reals)) {
        set->failed = true;
        return 0;
    }
    choose_items_and_rows(&s);
    int32_t down = scale_gains(&s);
    memset(set->real.at, 0, MOST_ROWS * sizeof *set->real.at);
    find_prices(&s, set->real.at, set->real.at + MOST_ROWS);
    take_prices(&s, set->real.at);
    rank_items(&s, (ranked *)(void *)(set->real.at + MOST_ROWS + n));
    if (!reserve(&s)) {
        set->failed = true;
        return 0;
    }
    fill_table(&s);
    *work_left -= (int64_t)s.n * (s.units / 64 + SWEEPS * s.rows + 1);
    int64_t most = s.table[s.units], labels = most_labels < *work_left ? most_labels : *work_left, before = labels;
    for (int32_t r = 1; r < s.rows; r++)
        most += s.price[r] * s.limit[r];
    /* Guesses fall from what the prices allow: a guess that some set passes gives the best set, and one that none
     * passes costs little, since almost all labels are cut off. */
    for (int64_t step = most / 8192 + 2; labels > 0 && !set->failed; step += step / 2) {
        int64_t proved;
        s.guess = most > step ? most - step : 0;
        proved = try_guess(&s, &labels);
        most = proved < most ? proved : most;
        if (s.best > s.guess || s.guess == 0)
            break;
    }
    *work_left -= before - labels;
    return (wide)most << down;
}
