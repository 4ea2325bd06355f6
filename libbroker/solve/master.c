/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/master.h"

#include <math.h>
#include <string.h>

enum { ARTIFICIAL = -2, GOAL = -3, RETIRED = -4, NODES_A_SET = 20000, MOST_ROUNDS = 600 };

static void fail(hcb__master *m, hcb_status status) {
    if (m->status == HCB_OK)
        m->status = status;
}

/* Limits of rows less what items with a single choice use, and settled ones that are away. */
static double *row_limits(const hcb__bundle *b) {
    const hcb__core *core = b->core;
    const hcb_allocator *mem = &b->mem;
    double *limit = hcb__calloc(mem, (size_t)core->n_rows + 1, sizeof *limit);
    for (int32_t r = 0; limit && r < core->n_rows; r++)
        limit[r] = (r < core->first_goal ? (double)core->limit[r] : 0) - (double)core->base[r];
    for (int32_t i = 0; limit && i < core->n_items; i++)
        if (core->start[i + 1] - core->start[i] == 1)
            for (int32_t u = core->use_start[core->start[i]]; u < core->use_start[core->start[i + 1]]; u++)
                limit[core->use_row[u]] -= (double)core->use_weight[u];
    for (int32_t i = 0; limit && i < core->n_items; i++)
        for (int32_t k = 0; b->settled.stay[i] >= 0 && k < b->n_side; k++)
            limit[b->side[k]] -= (double)b->settled.away_use[i * b->n_side + k];
    return limit;
}

static bool open_model(hcb__master *m) {
    const hcb__core *core = m->bundle->core;
    const hcb_allocator *mem = &m->bundle->mem;
    int32_t rows = 0;
    for (int32_t i = 0; i < core->n_items; i++)
        m->item_row[i] = core->start[i + 1] - core->start[i] > 1 && m->bundle->settled.stay[i] < 0 ? rows++ : -1;
    m->first_bin_row = rows;
    m->first_side_row = rows + core->n_bins;
    rows = m->first_side_row + m->bundle->n_side;
    double *lower = hcb__calloc(mem, (size_t)rows + 1, sizeof *lower);
    double *upper = hcb__calloc(mem, (size_t)rows + 1, sizeof *upper);
    double *limit = row_limits(m->bundle);
    m->dual = hcb__calloc(mem, (size_t)rows + 1, sizeof *m->dual);
    bool ok = lower && upper && limit && m->dual;
    for (int32_t r = 0; ok && r < rows; r++) {
        lower[r] = r < m->first_bin_row ? 1 : -INFINITY;
        upper[r] = 1;
        if (r >= m->first_side_row) {
            int32_t k = r - m->first_side_row;
            upper[r] = limit[m->bundle->side[k]] / m->bundle->side_scale[k];
        }
    }
    if (ok)
        fail(m, hcb__model_open(&m->model, hcb__backend_of(m->bundle->budget), mem, rows, lower, upper));
    hcb__free(mem, lower);
    hcb__free(mem, upper);
    hcb__free(mem, limit);
    return ok && m->status == HCB_OK;
}

typedef struct entries {
    HCB__VEC(int32_t) row;
    HCB__VEC(double) value;
    bool failed;
} entries;

static void add_entry(entries *e, const hcb_allocator *mem, int32_t row, double value) {
    if (e->failed) /* the two lists may then differ in length */
        return;
    /* Several choices of a set may use the same side row. */
    for (size_t k = 0; k < e->row.count; k++)
        if (e->row.at[k] == row) {
            e->value.at[k] += value;
            return;
        }
    if (!HCB__PUSH(mem, &e->row, row) || !HCB__PUSH(mem, &e->value, value))
        e->failed = true;
}

/* What a choice in a set costs: of a settled item, more than away. */
static double cost_of(const hcb__bundle *b, int32_t c) {
    int32_t i = b->core->item[c];
    return (double)b->core->cost[c] - (b->settled.stay[i] >= 0 ? (double)b->settled.away_cost[i] : 0);
}

/* One column of the model and of our lists. An artificial one is for an item, or for the k-th side row (item = -1 - k).
 */
static void add_column(hcb__master *m, int32_t kind, int32_t item, const int32_t *choices, int32_t n) {
    const hcb__bundle *b = m->bundle;
    const hcb__core *core = b->core;
    const hcb_allocator *mem = &b->mem;
    entries e;
    memset(&e, 0, sizeof e);
    double cost = kind == ARTIFICIAL ? m->artificial : kind == GOAL ? 1 / m->cost_scale : 0;
    double lower = kind == GOAL ? -INFINITY : 0, upper = INFINITY;
    if (kind == ARTIFICIAL && item >= 0)
        add_entry(&e, mem, m->item_row[item], 1);
    if (kind == ARTIFICIAL && item < 0)
        add_entry(&e, mem, m->first_side_row - 1 - item, -1);
    if (kind >= 0)
        add_entry(&e, mem, m->first_bin_row + kind, 1);
    for (int32_t k = 0; k < n; k++) {
        int32_t c = choices[k];
        int32_t i = core->item[c];
        if (m->item_row[i] >= 0)
            add_entry(&e, mem, m->item_row[i], 1);
        cost += cost_of(b, c) / m->cost_scale;
        for (int32_t u = core->use_start[c]; b->n_side && u < core->use_start[c + 1]; u++) {
            int32_t side = b->side_of[core->use_row[u]];
            if (side >= 0)
                add_entry(&e, mem, m->first_side_row + side, (double)core->use_weight[u] / b->side_scale[side]);
        }
        for (int32_t side = 0; m->item_row[i] < 0 && side < b->n_side; side++)
            add_entry(&e, mem, m->first_side_row + side,
                      -(double)b->settled.away_use[i * b->n_side + side] / b->side_scale[side]);
        if (!HCB__PUSH(mem, &m->column_choice, c))
            e.failed = true;
    }
    for (int32_t k = 0; kind == GOAL && k < b->n_side; k++)
        if (b->side[k] >= core->first_goal)
            add_entry(&e, mem, m->first_side_row + k, -1 / b->side_scale[k]);
    if (!HCB__PUSH(mem, &m->column_start, (int32_t)m->column_choice.count) || !HCB__PUSH(mem, &m->column_bin, kind) ||
        !HCB__PUSH(mem, &m->column_open, 1))
        e.failed = true;
    int32_t start[2] = {0, (int32_t)e.row.count};
    hcb__columns column = {1, &cost, &lower, &upper, start, e.row.at, e.value.at};
    fail(m, e.failed ? HCB_ENOMEM : hcb__model_add(&m->model, &column));
    HCB__VEC_FREE(mem, &e.row);
    HCB__VEC_FREE(mem, &e.value);
}

/* What makes the LP feasible: a column that takes an item, one that gives room to a side row. */
static void add_artificial(hcb__master *m) {
    const hcb__core *core = m->bundle->core;
    for (int32_t k = 0; k < core->n_movable && m->status == HCB_OK; k++)
        if (m->item_row[core->movable[k]] >= 0)
            add_column(m, ARTIFICIAL, core->movable[k], NULL, 0);
    for (int32_t k = 0; k < m->bundle->n_side && m->status == HCB_OK; k++)
        if (m->bundle->side[k] < core->first_goal)
            add_column(m, ARTIFICIAL, -1 - k, NULL, 0);
}

static void first_columns(hcb__master *m) {
    const hcb__core *core = m->bundle->core;
    if (!HCB__PUSH(&m->bundle->mem, &m->column_start, 0))
        fail(m, HCB_ENOMEM);
    for (int32_t k = 0; k < core->n_movable && m->status == HCB_OK; k++) {
        int32_t i = core->movable[k], last = core->start[i + 1] - 1;
        if (core->bin[last] == HCB__WAITS && m->item_row[i] >= 0)
            add_column(m, HCB__WAITS, i, &last, 1);
    }
    add_artificial(m);
    if (core->first_goal < core->n_rows && m->status == HCB_OK)
        add_column(m, GOAL, -1, NULL, 0);
}

bool hcb__master_init(hcb__master *m, hcb__bundle *bundle) {
    memset(m, 0, sizeof *m);
    m->bundle = bundle;
    m->set_nodes = bundle->settled.row >= 0 ? HCB__SET_NODES : NODES_A_SET;
    const hcb__core *core = bundle->core;
    const hcb_allocator *mem = &bundle->mem;
    size_t items = (size_t)core->n_items + 1, rows = (size_t)core->n_rows + 1;
    m->item_row = hcb__calloc(mem, items, sizeof *m->item_row);
    double **prices[] = {&m->item_price, &m->best_item_price, &m->try_item_price,
                         &m->row_price,  &m->best_row_price,  &m->try_row_price};
    bool ok = m->item_row != NULL;
    for (size_t k = 0; k < 6; k++)
        ok = (*prices[k] = hcb__calloc(mem, k < 3 ? items : rows, sizeof(double))) && ok;
    m->share = hcb__calloc(mem, (size_t)core->n_choices + 1, sizeof *m->share);
    double most = 1, sum = 0;
    for (int32_t c = 0; c < core->n_choices; c++) {
        sum += fabs((double)core->cost[c]);
        most = fmax(most, fabs((double)core->cost[c]));
    }
    m->cost_scale = sum > 0 ? sum / core->n_choices : 1;
    m->artificial = 10 * (most / m->cost_scale + 1);
    if (ok && m->share && open_model(m)) {
        first_columns(m);
        if (m->status == HCB_OK)
            return true;
    }
    fail(m, HCB_ENOMEM);
    return false;
}

void hcb__master_free(hcb__master *m) {
    if (!m->bundle)
        return;
    const hcb_allocator *mem = &m->bundle->mem;
    hcb__model_close(&m->model);
    void *all[] = {m->item_row,       m->dual,           m->x,
                   m->item_price,     m->row_price,      m->best_item_price,
                   m->best_row_price, m->try_item_price, m->try_row_price,
                   m->share};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        hcb__free(mem, all[k]);
    hcb__free(mem, m->seen);
    HCB__VEC_FREE(mem, &m->column_start);
    HCB__VEC_FREE(mem, &m->column_choice);
    HCB__VEC_FREE(mem, &m->column_bin);
    HCB__VEC_FREE(mem, &m->column_open);
    memset(m, 0, sizeof *m);
}

/* Whether the set is new; remembers it. A table of hashes, at most half full; two sets with one hash count as one,
 * which costs a column and nothing else. */
static bool is_new(hcb__master *m, int32_t bin, const int32_t *choices, int32_t n) {
    const hcb_allocator *mem = &m->bundle->mem;
    if (2 * (m->seen_count + 1) > m->seen_size) {
        size_t size = m->seen_size ? 2 * m->seen_size : 1024;
        uint64_t *grown = hcb__calloc(mem, size, sizeof *grown);
        if (!grown) {
            fail(m, HCB_ENOMEM);
            return false;
        }
        for (size_t k = 0; k < m->seen_size; k++)
            if (m->seen[k]) {
                size_t at = m->seen[k] & (size - 1);
                while (grown[at])
                    at = (at + 1) & (size - 1);
                grown[at] = m->seen[k];
            }
        hcb__free(mem, m->seen);
        m->seen = grown;
        m->seen_size = size;
    }
    /* A sum does not depend on the order of the set. */
    uint64_t hash = (uint64_t)bin * 0x9e3779b97f4a7c15u + 1;
    for (int32_t k = 0; k < n; k++) {
        uint64_t z = ((uint64_t)choices[k] + 1) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 29) * 0x94d049bb133111ebu;
        hash += z ^ z >> 32;
    }
    hash += !hash;
    size_t at = hash & (m->seen_size - 1);
    for (; m->seen[at]; at = (at + 1) & (m->seen_size - 1))
        if (m->seen[at] == hash)
            return false;
    m->seen[at] = hash;
    m->seen_count++;
    return true;
}

void hcb__master_add_set(hcb__master *m, int32_t bin, const int32_t *choices, int32_t n) {
    if (n > 0 && m->status == HCB_OK && is_new(m, bin, choices, n))
        add_column(m, bin, -1, choices, n);
}

void hcb__master_take_sets(hcb__master *m, const hcb__master *from) {
    for (size_t k = 0; k < from->column_bin.count; k++)
        if (from->column_bin.at[k] >= 0)
            hcb__master_add_set(m, from->column_bin.at[k], from->column_choice.at + from->column_start.at[k],
                                from->column_start.at[k + 1] - from->column_start.at[k]);
}

void hcb__master_reopen(hcb__master *m) {
    for (size_t k = 0; k < m->column_bin.count && m->status == HCB_OK; k++) {
        bool open = m->column_bin.at[k] != RETIRED;
        for (int32_t c = m->column_start.at[k]; open && c < m->column_start.at[k + 1]; c++)
            open = m->bundle->open[m->column_choice.at[c]];
        if (open != m->column_open.at[k])
            fail(m, hcb__model_set_upper(&m->model, (int32_t)k, open ? INFINITY : 0));
        m->column_open.at[k] = open;
    }
}

/* Solves the LP and reads prices and the fractional plan. */
static int32_t solve_lp(hcb__master *m) {
    const hcb__bundle *b = m->bundle;
    const hcb__core *core = b->core;
    size_t n = m->column_bin.count;
    int32_t outcome = HCB__LP_STOPPED;
    if (n > m->x_cap) {
        double *grown = hcb__realloc(&b->mem, m->x, n + n / 2, sizeof *grown);
        if (!grown) {
            fail(m, HCB_ENOMEM);
            return outcome;
        }
        m->x = grown;
        m->x_cap = n + n / 2;
    }
    int64_t pivots = hcb__model_pivots(&m->model);
    fail(m, hcb__model_solve(&m->model, b->budget, &outcome, m->dual, m->x));
    b->budget->work += (int64_t)n / 2 + (int64_t)m->model.n_rows * 4;
    if (b->settled.row >= 0)
        b->budget->work += (hcb__model_pivots(&m->model) - pivots) * m->model.n_rows / 3;
    if (m->status != HCB_OK || outcome != HCB__LP_OPTIMAL)
        return outcome;
    for (int32_t i = 0; i < core->n_items; i++)
        m->item_price[i] = m->item_row[i] >= 0 ? m->dual[m->item_row[i]] * m->cost_scale : 0;
    for (int32_t k = 0; k < b->n_side; k++) {
        double l = -m->dual[m->first_side_row + k] * m->cost_scale / b->side_scale[k];
        m->row_price[b->side[k]] = l > 0 ? l : 0;
    }
    memset(m->share, 0, (size_t)core->n_choices * sizeof *m->share);
    for (size_t k = 0; k < n; k++)
        for (int32_t c = m->column_start.at[k]; c < m->column_start.at[k + 1]; c++)
            m->share[m->column_choice.at[c]] += m->x[k];
    for (int32_t i = 0; i < core->n_items; i++)
        if (core->start[i + 1] - core->start[i] == 1)
            m->share[core->start[i]] = 1;
    return outcome;
}

/* Whether artificial columns are still in use. */
static bool has_artificial(const hcb__master *m) {
    for (size_t k = 0; k < m->column_bin.count; k++)
        if (m->column_bin.at[k] == ARTIFICIAL && m->x[k] > 1e-7)
            return true;
    return false;
}

/* Adds each bin's best set when the LP's duals want it; gives the number. */
static int32_t add_wanted(hcb__master *m) {
    const hcb__bundle *b = m->bundle;
    const hcb__core *core = b->core;
    int32_t added = 0;
    for (int32_t bin = 0; bin < core->n_bins && m->status == HCB_OK; bin++) {
        const int32_t *set = b->set + b->set_start[bin];
        double reduced = -m->dual[m->first_bin_row + bin];
        for (int32_t k = 0; k < b->set_size[bin]; k++) {
            int32_t c = set[k], i = core->item[c];
            reduced += cost_of(b, c) / m->cost_scale - (m->item_row[i] >= 0 ? m->dual[m->item_row[i]] : 0);
            for (int32_t side = 0; m->item_row[i] < 0 && side < b->n_side; side++)
                reduced += m->dual[m->first_side_row + side] * (double)b->settled.away_use[i * b->n_side + side] /
                           b->side_scale[side];
            for (int32_t u = core->use_start[c]; b->n_side && u < core->use_start[c + 1]; u++) {
                int32_t side = b->side_of[core->use_row[u]];
                if (side >= 0)
                    reduced -= m->dual[m->first_side_row + side] * (double)core->use_weight[u] / b->side_scale[side];
            }
        }
        size_t before = m->column_bin.count;
        if (b->set_size[bin] && reduced < -1e-7)
            hcb__master_add_set(m, bin, set, b->set_size[bin]);
        added += m->column_bin.count > before;
    }
    return added;
}

static void blend(const hcb__master *m, double weight) {
    const hcb__core *core = m->bundle->core;
    for (int32_t i = 0; i < core->n_items; i++)
        m->try_item_price[i] = weight * m->best_item_price[i] + (1 - weight) * m->item_price[i];
    for (int32_t r = 0; r < core->n_rows; r++)
        m->try_row_price[r] = weight * m->best_row_price[r] + (1 - weight) * m->row_price[r];
}

static void keep_best(hcb__master *m, hcb__wide *best) {
    const hcb__core *core = m->bundle->core;
    if (m->bundle->bound <= *best)
        return;
    *best = m->bundle->bound;
    memcpy(m->best_item_price, m->try_item_price, (size_t)core->n_items * sizeof(double));
    memcpy(m->best_row_price, m->try_row_price, (size_t)core->n_rows * sizeof(double));
}

/* Raises the cost of artificial columns: the node has no plan, or its plan is dearer than they were. */
static bool raise_artificial(hcb__master *m) {
    if (m->artificial > 1e9)
        return false;
    double before = m->artificial;
    m->artificial *= 100;
    /* A fresh set of columns at the new cost; the old ones are closed. */
    size_t n = m->column_bin.count;
    for (size_t k = 0; k < n && m->status == HCB_OK; k++)
        if (m->column_bin.at[k] == ARTIFICIAL && m->column_open.at[k]) {
            fail(m, hcb__model_set_upper(&m->model, (int32_t)k, 0));
            m->column_open.at[k] = 0;
            m->column_bin.at[k] = RETIRED;
        }
    add_artificial(m);
    return m->status == HCB_OK && m->artificial > before;
}

int32_t hcb__master_node(hcb__master *m, int64_t cutoff, hcb__wide known) {
    hcb__bundle *b = m->bundle;
    hcb__wide best = HCB__NO_BOUND, wanted = (hcb__wide)b->denominator * (cutoff - 1);
    double weight = 0.5;
    int32_t most_rounds = m->most_rounds > 0 ? m->most_rounds : MOST_ROUNDS;
    memcpy(m->try_item_price, m->best_item_price, (size_t)b->core->n_items * sizeof(double));
    memcpy(m->try_row_price, m->best_row_price, (size_t)b->core->n_rows * sizeof(double));
    hcb__bundle_evaluate(b, m->try_item_price, m->try_row_price, m->set_nodes);
    keep_best(m, &best);
    if (best < known)
        best = known;
    int32_t outcome = HCB__NODE_STOPPED;
    for (int32_t round = 0; round < most_rounds && best <= wanted; round++) {
        if (hcb__budget_over(b->budget) || solve_lp(m) != HCB__LP_OPTIMAL)
            break;
        int32_t added = 0;
        double w = weight;
        for (;;) {
            blend(m, w);
            hcb__bundle_evaluate(b, m->try_item_price, m->try_row_price, m->set_nodes);
            keep_best(m, &best);
            added = add_wanted(m);
            if (added || w == 0 || best > wanted)
                break;
            w = 0;
        }
        if (best > wanted || m->status != HCB_OK)
            break;
        if (!added && !has_artificial(m)) {
            outcome = HCB__NODE_SOLVED;
            break;
        }
        if (!added && !raise_artificial(m))
            break;
    }
    if (best > wanted)
        outcome = HCB__NODE_PRUNED;
    /* The best point is the one the caller finds in the bundle. */
    hcb__bundle_point(b, m->best_item_price, m->best_row_price);
    b->bound = best;
    return m->status == HCB_OK ? outcome : HCB__NODE_STOPPED;
}

bool hcb__master_integer(hcb__master *m, int32_t most_nodes, int32_t *choice) {
    const hcb__core *core = m->bundle->core;
    bool found = false, complete;
    if (m->status != HCB_OK || m->x_cap < m->column_bin.count)
        return false;
    fail(m, hcb__model_solve_integer(&m->model, m->bundle->budget, &(hcb__integer_options){.most_nodes = most_nodes},
                                     &found, &complete, m->x));
    if (!found || has_artificial(m))
        return false;
    for (int32_t i = 0; i < core->n_items; i++)
        choice[i] = core->start[i + 1] - core->start[i] == 1 ? core->start[i] : -1;
    for (size_t k = 0; k < m->column_bin.count; k++)
        for (int32_t e = m->column_start.at[k]; m->x[k] > 0.5 && e < m->column_start.at[k + 1]; e++) {
            int32_t c = m->column_choice.at[e];
            choice[core->item[c]] = c;
        }
    for (int32_t i = 0; i < core->n_items; i++)
        if (choice[i] < 0)
            return false;
    return true;
}
