/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/bundle.h"

#include <math.h>
#include <string.h>

/* Sums of gains, of costs and of goals' weights times the denominator stay below 2^60: the prices of the goals add up
 * to it. */
int64_t hcb__bundle_denominator(const hcb__core *core) {
    double sum = 1;
    for (int32_t i = 0; i < core->n_items; i++) {
        double most = 0;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            most = fmax(most, fabs((double)core->cost[c]));
        for (int32_t u = core->use_start[core->start[i]]; u < core->use_start[core->start[i + 1]]; u++)
            if (core->use_row[u] >= core->first_goal)
                most = fmax(most, fabs((double)core->use_weight[u]));
        sum += most;
    }
    int64_t d = (int64_t)1 << 20;
    while (d > 1 && sum * (double)d > 0x1p57)
        d >>= 1;
    return d;
}

bool hcb__bundle_init(hcb__bundle *b, const hcb_allocator *mem, const hcb__core *core, hcb__budget *budget) {
    memset(b, 0, sizeof *b);
    b->core = core;
    b->mem = *mem;
    b->budget = budget;
    if (!hcb__pricing_init(&b->pricing, mem, core))
        return false;
    size_t choices = (size_t)core->n_choices + 1, rows = (size_t)core->n_rows + 1, items = (size_t)core->n_items + 1;
    b->denominator = hcb__bundle_denominator(core);
    b->open = hcb__calloc(mem, choices, 1);
    b->side = hcb__calloc(mem, rows, sizeof *b->side);
    b->side_of = hcb__calloc(mem, rows, sizeof *b->side_of);
    b->side_scale = hcb__calloc(mem, rows, sizeof *b->side_scale);
    b->item_price = hcb__calloc(mem, items, sizeof *b->item_price);
    b->row_price = hcb__calloc(mem, rows, sizeof *b->row_price);
    b->value = hcb__calloc(mem, choices, sizeof *b->value);
    b->set_start = hcb__calloc(mem, (size_t)core->n_bins + 2, sizeof *b->set_start);
    b->set_size = hcb__calloc(mem, (size_t)core->n_bins + 2, sizeof *b->set_size);
    b->set = hcb__calloc(mem, choices, sizeof *b->set);
    b->gain = hcb__calloc(mem, items, sizeof *b->gain);
    if (!b->open || !b->side || !b->side_of || !b->side_scale || !b->item_price || !b->row_price || !b->value ||
        !b->set_start || !b->set_size || !b->set || !b->gain) {
        hcb__bundle_free(b);
        return false;
    }
    b->settled.row = -1;
    memset(b->open, 1, choices);
    b->overfull = -1;
    for (int32_t bin = 0; bin < core->n_bins; bin++)
        for (int32_t k = b->pricing.row_start[bin]; k < b->pricing.row_start[bin + 1]; k++)
            if (b->pricing.room[k] < 0)
                b->overfull = bin;
    memcpy(b->set_start, b->pricing.bin_start, ((size_t)core->n_bins + 1) * sizeof *b->set_start);
    for (int32_t r = 0; r < core->n_rows; r++) {
        b->side_of[r] = core->row_bin[r] < 0 ? b->n_side : -1;
        if (core->row_bin[r] < 0)
            b->side[b->n_side++] = r;
    }
    for (int32_t k = 0; k < b->n_side; k++)
        b->side_scale[k] = 1;
    for (int32_t u = 0; u < core->use_start[core->n_choices]; u++) {
        int32_t k = b->side_of[core->use_row[u]];
        double w = fabs((double)core->use_weight[u]);
        if (k >= 0 && w > b->side_scale[k])
            b->side_scale[k] = w;
    }
    int32_t most_uses = 0;
    for (int32_t c = 0; c < core->n_choices; c++)
        if (core->use_start[c + 1] - core->use_start[c] > most_uses)
            most_uses = core->use_start[c + 1] - core->use_start[c];
    b->crowd = 1 + most_uses / 16;
    if (hcb__settled_init(&b->settled, &b->pricing.arena, core, b->side, b->n_side))
        return true;
    hcb__bundle_free(b);
    return false;
}

bool hcb__bundle_settle(hcb__bundle *b) {
    hcb__settled_find(&b->settled, b->core);
    return hcb__settled_init(&b->settled, &b->pricing.arena, b->core, b->side, b->n_side);
}

void hcb__bundle_free(hcb__bundle *b) {
    if (!b->core)
        return;
    hcb__pricing_free(&b->pricing);
    void *all[] = {b->open,  b->side,      b->side_of,  b->side_scale, b->item_price, b->row_price,
                   b->value, b->set_start, b->set_size, b->set,        b->gain};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        hcb__free(&b->mem, all[k]);
    memset(b, 0, sizeof *b);
}

/* Kept so small that sums over all items, and over sixteen rows (times `crowd`) of each, fit 64 bits. */
static int64_t rounded(const hcb__bundle *b, double price, double weight) {
    double v = price * (double)b->denominator, most = 0x1p58 / ((double)b->core->n_items + 1) / weight;
    return isnan(v) ? 0 : llrint(v > most ? floor(most) : v < -most ? -floor(most) : v);
}

static void set_row_prices(hcb__bundle *b, const double *row_price) {
    const hcb__core *core = b->core;
    int64_t left = b->denominator;
    int32_t largest = core->first_goal;
    for (int32_t k = 0; k < b->n_side; k++) {
        int32_t r = b->side[k];
        int64_t v = row_price[r] > 0 ? rounded(b, row_price[r], b->side_scale[k] * b->crowd) : 0;
        if (r >= core->first_goal) {
            v = v > left ? left : v;
            left -= v;
        }
        b->row_price[r] = v;
        if (r >= core->first_goal && v > b->row_price[largest])
            largest = r;
    }
    if (core->first_goal < core->n_rows)
        b->row_price[largest] += left;
}

static hcb__wide constant_part(const hcb__bundle *b) {
    const hcb__core *core = b->core;
    hcb__wide total = (hcb__wide)b->denominator * core->constant;
    for (int32_t k = 0; k < b->n_side; k++) {
        int32_t r = b->side[k];
        total += (hcb__wide)b->row_price[r] * ((hcb__wide)core->base[r] - (r < core->first_goal ? core->limit[r] : 0));
    }
    return total;
}

static void set_values(hcb__bundle *b) {
    const hcb__core *core = b->core;
    for (int32_t c = 0; c < core->n_choices; c++) {
        int64_t v = b->denominator * core->cost[c];
        for (int32_t u = core->use_start[c]; b->n_side && u < core->use_start[c + 1]; u++)
            v += b->row_price[core->use_row[u]] * core->use_weight[u];
        b->value[c] = v;
    }
}

/* A settled item's price is what its cheapest other choice comes to: it then gains nowhere but in its place. */
static int64_t price_away(const hcb__bundle *b, int32_t i) {
    const hcb__core *core = b->core;
    int64_t least = INT64_MAX;
    for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
        if (c != b->settled.stay[i] && b->open[c] && b->value[c] < least)
            least = b->value[c];
    return least < INT64_MAX ? least : b->value[b->settled.stay[i]];
}

void hcb__bundle_point(hcb__bundle *b, const double *item_price, const double *row_price) {
    const hcb__core *core = b->core;
    set_row_prices(b, row_price);
    set_values(b);
    for (int32_t k = 0; k < core->n_movable; k++) {
        int32_t i = core->movable[k];
        b->item_price[i] = b->settled.stay[i] >= 0 ? price_away(b, i) : rounded(b, item_price[i], 1);
    }
}

void hcb__bundle_evaluate(hcb__bundle *b, const double *item_price, const double *row_price, int64_t most_nodes) {
    const hcb__core *core = b->core;
    hcb__pricing *g = &b->pricing;
    hcb__bundle_point(b, item_price, row_price);
    b->bound = constant_part(b);
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t lo = core->start[i], last = core->start[i + 1] - 1;
        if (lo == last) {
            b->bound += b->value[lo];
            continue;
        }
        int64_t u = b->item_price[i];
        b->bound += u;
        if (core->bin[last] == HCB__WAITS && b->open[last] && b->value[last] < u)
            b->bound += b->value[last] - u;
    }
    int64_t before = g->nodes, worked = b->budget->work;
    for (int32_t bin = 0; bin < core->n_bins; bin++) {
        int32_t from = g->bin_start[bin], n = g->bin_start[bin + 1] - from;
        int64_t found;
        for (int32_t k = 0; k < n; k++) {
            int32_t c = g->choice[from + k];
            b->gain[k] = b->open[c] ? b->item_price[g->item[from + k]] - b->value[c] : 0;
        }
        /* The end of the budget makes the rest of the searches short; the bound holds all the same. */
        int64_t nodes = hcb__budget_over(b->budget) ? 0 : most_nodes;
        b->bound -= hcb__pricing_best(g, bin, b->gain, nodes, &found, b->set + b->set_start[bin], &b->set_size[bin]);
        b->budget->work = worked + (core->n_choices + (g->nodes - before) / 2) / (b->settled.row >= 0 ? 32 : 4) + 1;
    }
}

void hcb__bundle_seal(hcb__bundle *b, int64_t want) {
    const hcb__core *core = b->core;
    /* The items fixed in an overfull bin cannot all be in its set: their price is what one of them left out adds. */
    hcb__wide missing = (hcb__wide)b->denominator * want - b->bound;
    int64_t most = (int64_t)(0x1p60 / (core->n_items + 1)), extra = 1;
    if (b->overfull >= 0 && missing > 0)
        extra += missing > most ? most : (int64_t)missing;
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t c = core->start[i];
        if (core->start[i + 1] - c != 1)
            continue;
        int64_t more = 0;
        int32_t bin = core->bin[c];
        for (int32_t k = bin >= 0 ? b->pricing.bin_start[bin] : 0; bin >= 0 && k < b->pricing.bin_start[bin + 1]; k++) {
            int64_t gain = b->item_price[b->pricing.item[k]] - b->value[b->pricing.choice[k]];
            more += gain > 0 ? gain : 0;
        }
        b->item_price[i] = b->value[c] + (bin >= 0 ? more + (bin == b->overfull ? extra : 1) : 0);
    }
    if (b->overfull >= 0 && missing > 0)
        b->bound += extra - 1;
}

/* A subgradient at the point at hand: 1 - times taken for items, load - limit (scaled) for rows. */
static void subgradient(const hcb__bundle *b, double *of_item, double *of_side) {
    const hcb__core *core = b->core;
    for (int32_t k = 0; k < b->n_side; k++) {
        int32_t r = b->side[k];
        of_side[k] = (double)core->base[r] - (r < core->first_goal ? (double)core->limit[r] : 0);
    }
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t lo = core->start[i], last = core->start[i + 1] - 1;
        bool waits = core->bin[last] == HCB__WAITS && b->open[last] && b->value[last] < b->item_price[i];
        of_item[i] = lo == last ? 0 : 1.0 - waits;
        if (lo == last || waits)
            for (int32_t u = core->use_start[last]; b->n_side && u < core->use_start[last + 1]; u++)
                if (b->side_of[core->use_row[u]] >= 0)
                    of_side[b->side_of[core->use_row[u]]] += (double)core->use_weight[u];
    }
    for (int32_t bin = 0; bin < core->n_bins; bin++)
        for (int32_t k = 0; k < b->set_size[bin]; k++) {
            int32_t at = b->set_start[bin] + k, c = b->set[at];
            of_item[core->item[c]] -= 1;
            for (int32_t u = core->use_start[c]; b->n_side && u < core->use_start[c + 1]; u++)
                if (b->side_of[core->use_row[u]] >= 0)
                    of_side[b->side_of[core->use_row[u]]] += (double)core->use_weight[u];
        }
    for (int32_t k = 0; k < b->n_side; k++)
        of_side[k] /= b->side_scale[k];
}

static double in_cost(const hcb__bundle *b) {
    return (double)b->bound / (double)b->denominator;
}

hcb__wide hcb__bundle_ascend(hcb__bundle *b, double *item_price, double *row_price, int32_t iterations, int64_t target,
                             int64_t most_nodes, hcb__bundle_fn on_point, void *payload) {
    const hcb__core *core = b->core;
    size_t items = (size_t)core->n_items + 1, sides = (size_t)b->n_side + 1, rows = (size_t)core->n_rows + 1;
    double *store = hcb__calloc(&b->mem, 3 * items + 2 * sides + rows, sizeof *store);
    hcb__wide most = HCB__NO_BOUND;
    if (!store)
        return most;
    double *u = store, *gi = u + items, *di = gi + items, *gs = di + items, *ds = gs + sides, *l = ds + sides;
    memcpy(u, item_price, (size_t)core->n_items * sizeof *u);
    memcpy(l, row_price, (size_t)core->n_rows * sizeof *l);
    bool goals = core->first_goal < core->n_rows;
    double best = -INFINITY, factor = 1;
    int32_t stale = 0;
    for (int32_t turn = 0; turn < iterations && !hcb__budget_over(b->budget); turn++) {
        hcb__bundle_evaluate(b, u, l, most_nodes);
        if (on_point)
            on_point(b, payload);
        double value = in_cost(b);
        if (value > best) {
            best = value;
            most = b->bound;
            memcpy(item_price, u, (size_t)core->n_items * sizeof *u);
            memcpy(row_price, l, (size_t)core->n_rows * sizeof *l);
            stale = 0;
        } else if (++stale >= 6) {
            /* Back to the best point with shorter steps. */
            stale = 0;
            factor *= 0.6;
            memcpy(u, item_price, (size_t)core->n_items * sizeof *u);
            memcpy(l, row_price, (size_t)core->n_rows * sizeof *l);
        }
        if (hcb__dual_ceil(b->bound, b->denominator) >= target)
            break;
        subgradient(b, gi, gs);
        double norm = 0;
        for (int32_t i = 0; i < core->n_items; i++) {
            di[i] = turn ? 0.6 * gi[i] + 0.4 * di[i] : gi[i];
            norm += di[i] * di[i];
        }
        for (int32_t k = 0; k < b->n_side; k++) {
            ds[k] = turn ? 0.6 * gs[k] + 0.4 * ds[k] : gs[k];
            norm += ds[k] * ds[k];
        }
        double room = (double)target - value, least = 1e-4 * (1 + fabs(value));
        if (norm < 1e-12)
            break;
        double step = factor * (room > least ? room : least) / norm;
        for (int32_t i = 0; i < core->n_items; i++)
            u[i] += step * di[i];
        for (int32_t k = 0; k < b->n_side; k++) {
            int32_t r = b->side[k];
            if (goals && r >= core->first_goal)
                continue;
            l[r] += step * ds[k] / b->side_scale[k];
            l[r] = l[r] > 0 ? l[r] : 0;
        }
    }
    hcb__free(&b->mem, store);
    return most;
}
