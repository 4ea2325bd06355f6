/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/label.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 24, BUCKETS = 4096, SWEEPS = 6, WINDOW = 32, BEAM = 24, MOST_CELLS = 1 << 21 };

/* One call. Rows are those that can bind, the heaviest first; its loads are kept exactly in the table. */
typedef struct labels {
    hcb__label_room *room;
    hcb__label_item *items;
    int32_t n, rows, shift, buckets, stride;
    int32_t row[MOST_ROWS];
    int64_t limit[MOST_ROWS];
    double price[MOST_ROWS];
    double *priced; /* [n] gain less the priced weights in all rows but the first */
    double **after; /* [n + 1] tables: the most that items k .. n - 1 add, by free buckets */
    int64_t *rest;  /* [n + 1][rows] weight of items k .. n - 1 */
    int64_t found;
    int32_t best_trace;
} labels;

void hcb__label_free(hcb__label_room *room) {
    HCB__VEC_FREE(&room->mem, &room->table);
    HCB__VEC_FREE(&room->mem, &room->cells);
    HCB__VEC_FREE(&room->mem, &room->trace);
    HCB__VEC_FREE(&room->mem, &room->scratch);
}

/* Rows that all items together can pass; false when there are too many. */
static bool keep_rows(labels *l, int32_t rows, const int64_t *limit) {
    for (int32_t r = 0; r < rows; r++) {
        int64_t sum = 0;
        for (int32_t k = 0; k < l->n; k++)
            sum += l->items[k].weight[r];
        if (sum <= limit[r])
            continue;
        if (l->rows == MOST_ROWS)
            return false;
        l->row[l->rows] = r;
        l->limit[l->rows++] = limit[r];
    }
    return true;
}

static int falling(const void *a, const void *b) {
    const double *s = a, *t = b;
    return s[0] > t[0] ? -1 : s[0] < t[0];
}

/* Prices of the rows that make the relaxed value small: row after row is given the price at which what gains beyond it
 * just fills it. */
static void set_prices(labels *l, double *scratch) {
    for (int32_t sweep = 0; sweep < SWEEPS; sweep++)
        for (int32_t r = 0; r < l->rows; r++) {
            int32_t n = 0;
            double load = 0;
            for (int32_t k = 0; k < l->n; k++) {
                const int64_t *w = l->items[k].weight;
                double left = (double)l->items[k].gain;
                if (w[l->row[r]] == 0)
                    continue;
                for (int32_t q = 0; q < l->rows; q++)
                    left -= q == r ? 0 : l->price[q] * (double)w[l->row[q]];
                if (left <= 0)
                    continue;
                scratch[2 * (size_t)n] = left / (double)w[l->row[r]];
                scratch[2 * (size_t)n++ + 1] = (double)w[l->row[r]];
                load += (double)w[l->row[r]];
            }
            l->price[r] = 0;
            if (load <= (double)l->limit[r])
                continue;
            qsort(scratch, (size_t)n, 2 * sizeof *scratch, falling);
            load = 0;
            for (int32_t k = 0; k < n && load <= (double)l->limit[r]; k++) {
                load += scratch[2 * (size_t)k + 1];
                l->price[r] = scratch[2 * (size_t)k];
            }
        }
}

/* The row whose capacity is worth most goes first and is no longer priced. False: numbers too large to be exact. */
static bool choose_main(labels *l) {
    int32_t main = 0;
    double sum = 0;
    for (int32_t r = 0; r < l->rows; r++) {
        l->price[r] = floor(l->price[r]);
        if (l->price[r] * (double)l->limit[r] > l->price[main] * (double)l->limit[main])
            main = r;
    }
    if (l->rows > 0) {
        int32_t row = l->row[main];
        int64_t limit = l->limit[main];
        l->row[main] = l->row[0];
        l->limit[main] = l->limit[0];
        l->price[main] = l->price[0];
        l->row[0] = row;
        l->limit[0] = limit;
        l->price[0] = 0;
    }
    for (int32_t r = 0; r < l->rows; r++)
        sum += l->price[r] * (double)l->limit[r];
    for (int32_t k = 0; k < l->n; k++) {
        double left = (double)l->items[k].gain;
        for (int32_t r = 1; r < l->rows; r++)
            left -= l->price[r] * (double)l->items[k].weight[l->row[r]];
        l->priced[k] = left;
        sum += fabs(left) + (double)l->items[k].gain;
    }
    return sum < 0x1p50;
}

typedef struct keyed {
    int32_t group;
    double worth;
    hcb__label_item item;
    double priced;
} keyed;

static int by_key(const void *a, const void *b) {
    const keyed *s = a, *t = b;
    if (s->group != t->group)
        return s->group > t->group ? -1 : 1;
    if (s->worth != t->worth)
        return s->worth > t->worth ? -1 : 1;
    return s->item.id < t->item.id ? -1 : s->item.id > t->item.id;
}

static void fill_tables(labels *l, double *table) {
    size_t width = (size_t)l->buckets + 1;
    memset(table, 0, width * sizeof *table);
    l->after[l->n] = table;
    for (int32_t k = l->n - 1; k >= 0; k--) {
        const double *from = l->after[k + 1];
        double gain = l->priced[k];
        int64_t w = l->rows ? l->items[k].weight[l->row[0]] >> l->shift : 0;
        l->after[k] = l->after[k + 1];
        if (gain <= 0 || w > l->buckets)
            continue;
        double *now = table += width;
        memcpy(now, from, (size_t)w * sizeof *now);
        for (int64_t c = w; c <= l->buckets; c++) {
            double with = from[c - w] + gain;
            now[c] = with > from[c] ? with : from[c];
        }
        l->after[k] = now;
    }
}

/* A label's cells: its value, its relaxed value so far, its trace, then its loads. */
enum { VALUE = 0, RELAXED = 1, TRACE = 2, LOAD = 3 };

/* What no set that begins as the label does can pass. */
static int64_t most_of(const labels *l, const int64_t *cell, int32_t stage) {
    int64_t left = l->rows ? (l->limit[0] - cell[LOAD]) >> l->shift : 0;
    return cell[RELAXED] + (int64_t)l->after[stage][left];
}

/* Whether one of the last labels kept is as good in everything. */
static bool dominated(const labels *l, const int64_t *kept, int32_t n, const int64_t *cell) {
    int32_t from = n > WINDOW ? n - WINDOW : 0;
    for (int32_t k = n - 1; k >= from; k--) {
        const int64_t *other = kept + (size_t)k * l->stride;
        if (other[VALUE] < cell[VALUE])
            continue;
        bool worse = true;
        for (int32_t r = 0; r < l->rows && worse; r++)
            worse = other[LOAD + r] <= cell[LOAD + r];
        if (worse)
            return true;
    }
    return false;
}

/* Loads so small that the rest of the items cannot pass the limit count alike. */
static void level_loads(const labels *l, int64_t *cell, int32_t stage) {
    for (int32_t r = 1; r < l->rows; r++) {
        int64_t least = l->limit[r] - l->rest[(size_t)stage * MOST_ROWS + r];
        if (cell[LOAD + r] < least) {
            cell[RELAXED] -= (int64_t)l->price[r] * (least - cell[LOAD + r]);
            cell[LOAD + r] = least;
        }
    }
}

/* One stage: every label leaves the item or takes it; the two lists, ascending in the first load, are merged. -1: out
 * of memory. */
static int32_t step(labels *l, int32_t k, int64_t *from, int32_t n, int64_t *to, int32_t room_for) {
    const hcb__label_item *item = &l->items[k];
    int32_t kept = 0, skip = 0, take = 0, stride = l->stride;
    int64_t w[MOST_ROWS];
    for (int32_t r = 0; r < l->rows; r++)
        w[r] = item->weight[l->row[r]];
    while (skip < n || take < n) {
        int64_t *cell = to + (size_t)kept * stride;
        bool takes = skip == n || (take < n && l->rows > 0 &&
                                   from[(size_t)take * stride + LOAD] + w[0] < from[(size_t)skip * stride + LOAD]);
        if (kept >= room_for)
            return -1;
        memcpy(cell, from + (size_t)(takes ? take++ : skip++) * stride, (size_t)stride * sizeof *cell);
        if (takes) {
            bool fits = true;
            for (int32_t r = 0; r < l->rows; r++) {
                cell[LOAD + r] += w[r];
                fits = fits && cell[LOAD + r] <= l->limit[r];
            }
            if (!fits)
                continue;
            cell[VALUE] += item->gain;
            cell[RELAXED] += (int64_t)l->priced[k];
        }
        level_loads(l, cell, k + 1);
        if (most_of(l, cell, k + 1) <= l->found || dominated(l, to, kept, cell)) {
            if (!(takes && cell[VALUE] > l->found))
                continue;
        }
        if (takes) {
            int32_t trace = (int32_t)(l->room->trace.count / 2);
            if (!HCB__PUSH(&l->room->mem, &l->room->trace, (int32_t)cell[TRACE]) ||
                !HCB__PUSH(&l->room->mem, &l->room->trace, item->id))
                return -1;
            cell[TRACE] = trace;
            if (cell[VALUE] > l->found) {
                l->found = cell[VALUE];
                l->best_trace = trace;
                if (most_of(l, cell, k + 1) <= l->found)
                    continue;
            }
        }
        kept++;
    }
    return kept;
}

/* The items of a priced row that few others share come together, so that its loads soon stop to tell labels apart;
 * among them the most worth first. */
static void sort_items(labels *l, keyed *all) {
    int32_t users[MOST_ROWS] = {0};
    for (int32_t k = 0; k < l->n; k++)
        for (int32_t r = 0; r < l->rows; r++)
            users[r] += l->items[k].weight[l->row[r]] > 0;
    for (int32_t k = 0; k < l->n; k++) {
        const int64_t *w = l->items[k].weight;
        int32_t group = -1;
        for (int32_t r = 1; r < l->rows; r++)
            if (l->price[r] > 0 && w[l->row[r]] > 0 && 2 * users[r] < l->n && (group < 0 || users[r] < users[group]))
                group = r;
        double main = l->rows ? (double)w[l->row[0]] : 0;
        all[k] = (keyed){group, l->priced[k] / (main + 1e-9), l->items[k], l->priced[k]};
    }
    qsort(all, (size_t)l->n, sizeof *all, by_key);
    for (int32_t k = 0; k < l->n; k++) {
        l->items[k] = all[k].item;
        l->priced[k] = all[k].priced;
    }
}

/* Drops all but the `width` labels that could still become most; gives how many are left. */
static int32_t narrow(const labels *l, int64_t *cells, int32_t n, int32_t stage, int32_t width, int64_t *most) {
    for (int32_t k = 0; k < n; k++)
        most[k] = most_of(l, cells + (size_t)k * l->stride, stage);
    /* The width-th largest, by quickselect on a copy. */
    int64_t *copy = most + n;
    memcpy(copy, most, (size_t)n * sizeof *copy);
    int32_t lo = 0, hi = n - 1;
    while (lo < hi) {
        int64_t pivot = copy[lo + (hi - lo) / 2];
        int32_t i = lo, j = hi;
        while (i <= j) {
            while (copy[i] > pivot)
                i++;
            while (copy[j] < pivot)
                j--;
            if (i <= j) {
                int64_t t = copy[i];
                copy[i++] = copy[j];
                copy[j--] = t;
            }
        }
        if (width - 1 <= j)
            hi = j;
        else if (width - 1 >= i)
            lo = i;
        else
            break;
    }
    int64_t least = copy[width - 1];
    int32_t kept = 0;
    for (int32_t k = 0; k < n && kept < width; k++)
        if (most[k] >= least) {
            if (kept < k)
                memcpy(cells + (size_t)kept * l->stride, cells + (size_t)k * l->stride,
                       (size_t)l->stride * sizeof *cells);
            kept++;
        }
    return kept;
}

/* All stages. width > 0: no more labels than that go on from each, and nothing is proved. *done: all of them were set
 * or cut off. False: memory is out. */
static bool run(labels *l, int32_t width, int64_t most_labels, int64_t *bound, bool *done) {
    hcb__label_room *room = l->room;
    const hcb_allocator *mem = &room->mem;
    int32_t capacity = 256, stage = 0, now = 1;
    if (!HCB__RESERVE(mem, &room->cells, (size_t)(2 * capacity * l->stride)))
        return false;
    int64_t *from = room->cells.at, used = 0;
    bool dropped = false;
    memset(from, 0, (size_t)l->stride * sizeof *from);
    for (int32_t r = 1; r < l->rows; r++)
        from[RELAXED] += (int64_t)l->price[r] * l->limit[r];
    from[TRACE] = -1;
    level_loads(l, from, 0);
    int64_t top = most_of(l, from, 0);
    *bound = top < *bound ? top : *bound;
    if (*bound <= l->found)
        now = 0;
    for (; stage < l->n && now > 0 && used <= most_labels; stage++) {
        /* Room for twice as many labels in the other half. */
        if (2 * now > capacity) {
            while (2 * now > capacity)
                capacity *= 2;
            size_t offset = (size_t)(from - room->cells.at);
            if (!HCB__RESERVE(mem, &room->cells, (size_t)2 * capacity * l->stride))
                return false;
            memmove(room->cells.at, room->cells.at + offset, (size_t)now * l->stride * sizeof *from);
            from = room->cells.at;
        }
        int64_t *to = from == room->cells.at ? room->cells.at + (size_t)capacity * l->stride : room->cells.at;
        now = step(l, stage, from, now, to, capacity);
        if (now < 0)
            return false;
        from = to;
        used += now;
        if (width && now > width) {
            int64_t most[4 * BEAM];
            now = narrow(l, from, now, stage + 1, width, most);
            dropped = true;
        }
        top = l->found;
        for (int32_t k = 0; k < now && !dropped; k++) {
            int64_t v = most_of(l, from + (size_t)k * l->stride, stage + 1);
            top = v > top ? v : top;
        }
        if (!dropped)
            *bound = top < *bound ? top : *bound;
    }
    *done = !dropped && (now == 0 || stage == l->n);
    room->labels += used;
    return true;
}

/* What does not fit alone is never taken. */
static void drop_too_large(labels *l, int32_t n_items, int32_t rows, const int64_t *limit) {
    for (int32_t k = 0; k < n_items; k++) {
        bool fits = true;
        for (int32_t r = 0; r < rows; r++)
            fits = fits && l->items[k].weight[r] <= limit[r];
        if (fits)
            l->items[l->n++] = l->items[k];
    }
}

/* Everything the stages need. False: out of memory, or the numbers do not suit. */
static bool prepare(labels *l) {
    hcb__label_room *room = l->room;
    size_t count = (size_t)l->n + 1;
    /* Per item: priced, after, rest, and the larger of a keyed and a pair of doubles, in words of 8 bytes. */
    size_t words = 2 + MOST_ROWS + (sizeof(keyed) + 7) / 8;
    if (!HCB__RESERVE(&room->mem, &room->scratch, count * words))
        return false;
    l->priced = room->scratch.at;
    l->after = (double **)(void *)(l->priced + count);
    l->rest = (int64_t *)(void *)(l->after + count);
    void *scratch = l->rest + count * MOST_ROWS;
    set_prices(l, scratch);
    if (!choose_main(l))
        return false;
    sort_items(l, scratch);
    memset(l->rest + (size_t)l->n * MOST_ROWS, 0, MOST_ROWS * sizeof *l->rest);
    for (int32_t k = l->n - 1; k >= 0; k--)
        for (int32_t r = 0; r < l->rows; r++)
            l->rest[(size_t)k * MOST_ROWS + r] =
                l->rest[(size_t)(k + 1) * MOST_ROWS + r] + l->items[k].weight[l->row[r]];
    while (l->rows && (l->limit[0] >> l->shift > BUCKETS || (size_t)(l->limit[0] >> l->shift) * count > MOST_CELLS))
        l->shift++;
    l->buckets = l->rows ? (int32_t)(l->limit[0] >> l->shift) : 0;
    if (!HCB__RESERVE(&room->mem, &room->table, count * ((size_t)l->buckets + 1)))
        return false;
    fill_tables(l, room->table.at);
    room->labels += (int64_t)l->n * l->buckets / 256;
    l->stride = LOAD + l->rows;
    return true;
}

int64_t hcb__label_best(hcb__label_room *room, hcb__label_item *items, int32_t n_items, int32_t rows,
                        const int64_t *limit, int64_t most_labels, int64_t most, int64_t *found, int32_t *set,
                        int32_t *n) {
    labels l = {.room = room, .items = items, .found = *found, .best_trace = -1};
    bool done = false;
    drop_too_large(&l, n_items, rows, limit);
    room->trace.count = 0;
    if (keep_rows(&l, rows, limit) && prepare(&l) && run(&l, BEAM, INT64_MAX, &most, &done) && !done)
        run(&l, 0, most_labels, &most, &done);
    if (l.best_trace >= 0) {
        *n = 0;
        for (int32_t t = l.best_trace; t >= 0; t = room->trace.at[2 * (size_t)t])
            set[(*n)++] = room->trace.at[2 * (size_t)t + 1];
    }
    *found = l.found;
    return done || most < l.found ? l.found : most;
}
