/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/pricing.h"

#include <math.h>
#include <string.h>

static bool gather_rows(hcb__pricing *g, int64_t *most, int64_t *fixed) {
    const hcb__core *core = g->core;
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t lo = core->start[i], hi = core->start[i + 1];
        for (int32_t u = core->use_start[lo]; u < core->use_start[hi]; u++)
            (hi - lo == 1 ? fixed : most)[core->use_row[u]] += core->use_weight[u];
    }
    for (int32_t pass = 0; pass < 2; pass++) {
        for (int32_t r = 0; r < core->n_rows; r++) {
            int32_t b = core->row_bin[r];
            if (b < 0 || most[r] + fixed[r] <= core->limit[r])
                continue;
            if (pass == 0) {
                g->row_start[b + 1]++;
                continue;
            }
            int32_t at = g->row_start[b]++;
            g->row[at] = r;
            g->room[at] = core->limit[r] - fixed[r];
        }
        for (int32_t b = 0; pass == 0 && b < core->n_bins; b++)
            g->row_start[b + 1] += g->row_start[b];
    }
    for (int32_t b = core->n_bins; b > 0; b--)
        g->row_start[b] = g->row_start[b - 1];
    g->row_start[0] = 0;
    for (int32_t k = 0; k < g->row_start[core->n_bins]; k++)
        g->factor[k] = 1.0 / (1.0 + (double)g->room[k]);
    return true;
}

static void gather_choices(hcb__pricing *g) {
    const hcb__core *core = g->core;
    for (int32_t m = 0; m < core->n_movable; m++) {
        int32_t i = core->movable[m];
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            if (core->bin[c] >= 0) {
                int32_t at = g->bin_start[core->bin[c]]++;
                g->choice[at] = c;
                g->item[at] = i;
            }
    }
    for (int32_t b = core->n_bins; b > 0; b--)
        g->bin_start[b] = g->bin_start[b - 1];
    g->bin_start[0] = 0;
    int32_t n = 0;
    for (int32_t b = 0; b < core->n_bins; b++) {
        int32_t rows = g->row_start[b + 1] - g->row_start[b];
        for (int32_t k = g->bin_start[b]; k < g->bin_start[b + 1]; k++) {
            g->weight_start[k] = n;
            for (int32_t u = core->use_start[g->choice[k]]; u < core->use_start[g->choice[k] + 1]; u++)
                for (int32_t r = 0; r < rows; r++)
                    if (g->row[g->row_start[b] + r] == core->use_row[u])
                        g->weight[n + r] = core->use_weight[u];
            n += rows;
        }
    }
}

enum { EASY_NODES = 400 };

bool hcb__pricing_init(hcb__pricing *g, const hcb_allocator *mem, const hcb__core *core) {
    memset(g, 0, sizeof *g);
    hcb__arena_init(&g->arena, mem);
    g->core = core;
    hcb__arena *a = &g->arena;
    size_t bins = (size_t)core->n_bins + 2, rows = (size_t)core->n_rows + 1;
    int64_t *most = hcb__arena_alloc(a, rows, sizeof *most), *fixed = hcb__arena_alloc(a, rows, sizeof *fixed);
    g->bin_start = hcb__arena_alloc(a, bins, sizeof *g->bin_start);
    g->row_start = hcb__arena_alloc(a, bins, sizeof *g->row_start);
    g->row = hcb__arena_alloc(a, rows, sizeof *g->row);
    g->room = hcb__arena_alloc(a, rows, sizeof *g->room);
    g->factor = hcb__arena_alloc(a, rows, sizeof *g->factor);
    if (!most || !fixed || !g->bin_start || !g->row_start || !g->row || !g->room || !g->factor)
        goto fail;
    gather_rows(g, most, fixed);
    size_t weights = 0, widest = 0, choices = 0;
    for (int32_t m = 0; m < core->n_movable; m++)
        for (int32_t c = core->start[core->movable[m]]; c < core->start[core->movable[m] + 1]; c++)
            if (core->bin[c] >= 0) {
                g->bin_start[core->bin[c] + 1]++;
                choices++;
                weights += (size_t)(g->row_start[core->bin[c] + 1] - g->row_start[core->bin[c]]);
            }
    for (int32_t b = 0; b < core->n_bins; b++) {
        if ((size_t)g->bin_start[b + 1] > widest)
            widest = (size_t)g->bin_start[b + 1];
        g->bin_start[b + 1] += g->bin_start[b];
    }
    g->choice = hcb__arena_alloc(a, choices, sizeof *g->choice);
    g->item = hcb__arena_alloc(a, choices, sizeof *g->item);
    g->weight_start = hcb__arena_alloc(a, choices + 1, sizeof *g->weight_start);
    g->weight = hcb__arena_alloc(a, weights, sizeof *g->weight);
    g->order = hcb__arena_alloc(a, widest + 1, sizeof *g->order);
    g->chosen = hcb__arena_alloc(a, widest + 1, sizeof *g->chosen);
    g->best = hcb__arena_alloc(a, widest + 1, sizeof *g->best);
    g->gain = hcb__arena_alloc(a, widest + 1, sizeof *g->gain);
    g->load = hcb__arena_alloc(a, rows, sizeof *g->load);
    g->prefix_gain = hcb__arena_alloc(a, widest + 2, sizeof *g->prefix_gain);
    g->worth = hcb__arena_alloc(a, widest + 1, sizeof *g->worth);
    g->surrogate = hcb__arena_alloc(a, widest + 1, sizeof *g->surrogate);
    g->prefix_weight = hcb__arena_alloc(a, widest + 2, sizeof *g->prefix_weight);
    g->use = hcb__arena_alloc(a, rows, sizeof *g->use);
    g->labelled = hcb__arena_alloc(a, widest + 1, sizeof *g->labelled);
    g->labels.mem = *mem;
    if (!g->choice || !g->item || !g->weight_start || !g->weight || !g->order || !g->chosen || !g->best || !g->gain ||
        !g->load || !g->prefix_gain || !g->worth || !g->surrogate || !g->prefix_weight || !g->use || !g->labelled)
        goto fail;
    gather_choices(g);
    return true;
fail:
    hcb__pricing_free(g);
    return false;
}

void hcb__pricing_free(hcb__pricing *g) {
    if (g->core) {
        hcb__label_free(&g->labels);
        hcb__arena_release(&g->arena);
    }
    memset(g, 0, sizeof *g);
}

void hcb__pricing_weigh_rows(hcb__pricing *g, const double *row_price) {
    static const double LEAST = 1e-9; /* the factors are multiplied on the way: none may be zero */
    for (int32_t k = 0; k < g->row_start[g->core->n_bins]; k++)
        g->factor[k] = row_price[g->row[k]] > 0 ? row_price[g->row[k]] + LEAST : LEAST;
}

/* One search. Positions 0 .. n - 1 are the gaining choices in falling worth. */
typedef struct search {
    hcb__pricing *g;
    int32_t n, rows, depth, best_depth;
    const int32_t *place; /* of position k: index of the choice within the pricing's lists */
    const int64_t *room;
    int64_t found, most, nodes;
} search;

static void sort_by_worth(hcb__pricing *g, int32_t *place, int32_t n) {
    /* Shell sort: short lists, nearly sorted from the turn before. */
    static const int32_t gaps[] = {301, 132, 57, 23, 10, 4, 1};
    for (size_t s = 0; s < sizeof gaps / sizeof *gaps; s++)
        for (int32_t i = gaps[s]; i < n; i++) {
            int32_t p = place[i], o = g->order[i], at = i;
            for (; at >= gaps[s] && (g->worth[g->order[at - gaps[s]]] < g->worth[o] ||
                                     (g->worth[g->order[at - gaps[s]]] == g->worth[o] && place[at - gaps[s]] > p));
                 at -= gaps[s]) {
                place[at] = place[at - gaps[s]];
                g->order[at] = g->order[at - gaps[s]];
            }
            place[at] = p;
            g->order[at] = o;
        }
}

/* Surrogate weights of all gaining choices for the bin's factors, and the order of worth. */
static void weigh(hcb__pricing *g, int32_t *place, int32_t n, int32_t rows, const double *factor) {
    for (int32_t k = 0; k < n; k++) {
        const int64_t *w = g->weight + g->weight_start[place[k]];
        double sum = 0;
        for (int32_t r = 0; r < rows; r++)
            sum += factor[r] * (double)w[r];
        int32_t o = g->order[k];
        g->surrogate[o] = sum;
        g->worth[o] = sum > 0 ? (double)g->gain[o] / sum : INFINITY;
    }
    sort_by_worth(g, place, n);
}

/* Moves the factors towards rows that the fractional set overfills. */
static void adapt(hcb__pricing *g, int32_t *place, int32_t n, int32_t bin, int32_t rows, int32_t turns) {
    double *factor = g->factor + g->row_start[bin];
    const int64_t *room = g->room + g->row_start[bin];
    double best[32], least = INFINITY;
    if (rows > 32)
        rows = 32;
    for (int32_t turn = 0; turn < turns; turn++) {
        double capacity = 0, value = 0;
        for (int32_t r = 0; r < rows; r++) {
            capacity += factor[r] * (double)room[r];
            g->use[r] = 0;
        }
        weigh(g, place, n, rows, factor);
        for (int32_t k = 0; k < n && capacity > 0; k++) {
            const int64_t *w = g->weight + g->weight_start[place[k]];
            double s = g->surrogate[g->order[k]], part = s <= capacity ? 1 : capacity / s;
            capacity -= s * part;
            value += (double)g->gain[g->order[k]] * part;
            for (int32_t r = 0; r < rows; r++)
                g->use[r] += part * (double)w[r];
        }
        if (value < least) {
            least = value;
            memcpy(best, factor, (size_t)rows * sizeof *best);
        }
        for (int32_t r = 0; r < rows; r++) {
            double ratio = g->use[r] / (1.0 + (double)room[r]);
            factor[r] *= ratio < 0.3 ? 0.3 : ratio > 3 ? 3 : ratio;
            if (factor[r] < 1e-12)
                factor[r] = 1e-12;
        }
    }
    memcpy(factor, best, (size_t)rows * sizeof *best);
}

static int64_t bound_from(const search *s, int32_t k, double capacity) {
    const hcb__pricing *g = s->g;
    double target = g->prefix_weight[k] + capacity;
    int32_t lo = k, hi = s->n;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo + 1) / 2;
        if (g->prefix_weight[mid] <= target)
            lo = mid;
        else
            hi = mid - 1;
    }
    int64_t v = g->prefix_gain[lo] - g->prefix_gain[k];
    if (lo < s->n) {
        double part = (target - g->prefix_weight[lo]) / (g->prefix_weight[lo + 1] - g->prefix_weight[lo]);
        /* One part in 10^9 covers the rounding of the weights' sums. */
        v += (int64_t)((double)g->gain[g->order[lo]] * (part + 1e-9)) + 2;
    }
    return v;
}

static void descend(search *s, int32_t k, int64_t gained, double capacity) {
    hcb__pricing *g = s->g;
    for (; k < s->n; k++) {
        int64_t most = gained + bound_from(s, k, capacity);
        if (most <= s->found || most <= s->most)
            return;
        if (--s->nodes < 0) {
            s->most = most;
            return;
        }
        const int64_t *w = g->weight + g->weight_start[s->place[k]];
        bool fits = true;
        for (int32_t r = 0; r < s->rows && fits; r++)
            fits = g->load[r] + w[r] <= s->room[r];
        if (!fits)
            continue;
        for (int32_t r = 0; r < s->rows; r++)
            g->load[r] += w[r];
        g->chosen[s->depth++] = g->choice[s->place[k]];
        descend(s, k + 1, gained + g->gain[g->order[k]], capacity - g->surrogate[g->order[k]]);
        s->depth--;
        for (int32_t r = 0; r < s->rows; r++)
            g->load[r] -= w[r];
    }
    if (gained > s->found) {
        s->found = gained;
        s->best_depth = s->depth;
        memcpy(g->best, g->chosen, (size_t)s->depth * sizeof *g->best);
    }
}

int64_t hcb__pricing_best(hcb__pricing *g, int32_t bin, const int64_t *gain, int64_t most_nodes, int64_t *found,
                          int32_t *set, int32_t *n) {
    int32_t lo = g->bin_start[bin], hi = g->bin_start[bin + 1], count = 0;
    int32_t rows = g->row_start[bin + 1] - g->row_start[bin];
    int32_t *place = set; /* the caller's array serves until the set is known */
    *found = 0;
    *n = 0;
    for (int32_t k = lo; k < hi; k++)
        if (gain[k - lo] > 0) {
            place[count] = k;
            g->order[count] = count;
            g->gain[count++] = gain[k - lo];
        }
    for (int32_t r = 0; r < rows; r++)
        if (g->room[g->row_start[bin] + r] < 0)
            return 0;
    if (count == 0)
        return 0;
    if (rows > 0)
        adapt(g, place, count, bin, rows, rows > 1 ? 6 : 1);
    const double *factor = g->factor + g->row_start[bin];
    weigh(g, place, count, rows, factor);
    double capacity = 0;
    for (int32_t r = 0; r < rows; r++) {
        capacity += factor[r] * (double)g->room[g->row_start[bin] + r];
        g->load[r] = 0;
    }
    g->prefix_gain[0] = 0;
    g->prefix_weight[0] = 0;
    for (int32_t k = 0; k < count; k++) {
        g->prefix_gain[k + 1] = g->prefix_gain[k] + g->gain[g->order[k]];
        g->prefix_weight[k + 1] = g->prefix_weight[k] + g->surrogate[g->order[k]];
    }
    capacity *= 1 + 1e-9;
    search s = {.g = g, .n = count, .rows = rows, .place = place, .room = g->room + g->row_start[bin]};
    s.nodes = most_nodes < EASY_NODES ? most_nodes : EASY_NODES;
    descend(&s, 0, 0, capacity);
    g->nodes += EASY_NODES;
    /* place is set: what the labels need of it comes first. */
    for (int32_t k = 0; k < count && s.nodes < 0; k++)
        g->labelled[k] =
            (hcb__label_item){g->gain[g->order[k]], g->weight + g->weight_start[place[k]], g->choice[place[k]]};
    *found = s.found;
    *n = s.best_depth;
    memcpy(set, g->best, (size_t)s.best_depth * sizeof *set);
    int64_t most = s.most > s.found ? s.most : s.found;
    if (s.nodes < 0 && most_nodes > EASY_NODES) {
        int64_t before = g->labels.labels;
        most = hcb__label_best(&g->labels, g->labelled, count, rows, s.room, most_nodes, most, found, set, n);
        g->nodes += g->labels.labels - before;
    }
    return most;
}
