/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/lp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solve/normal.h"

enum {
    MOST_ITERATIONS = 80,
    CORRECTORS = 3,
    BETWEEN_LOOKS = 512, /* items: a wish to stop is seen within milliseconds at any size */
    MANY_COLUMNS = 5000  /* with fewer a factor costs hardly more than the direction of a corrector */
};
static const double SHORT = 0.9995; /* of the longest step that stays inside */

/* What an item's other choices have of it when their squares no longer count. */
static const double SETTLED = 1e-13;

/* Where a run begins: products of a variable and its reduced cost, and prices, in scaled cost. */
static const double FIRST_PRODUCT = 0.1, FIRST_PRICE = 1;

/* The reduced LP. Columns: the choices of movable items, and for a level of the kind MAX one more item whose first
 * choice is the level's value (as a share of its largest) and whose second is nothing. Rows: those that can bind. */
typedef struct ipm {
    const hcb__core *core;
    const hcb__budget *budget;
    bool cut; /* short, before the first iteration */
    hcb__arena arena;
    int32_t n_items, n_cols, n_rows, n_uses;
    int32_t *item_start; /* [n_items + 1] columns of an item */
    int32_t *col_choice; /* [n_cols] choice of the core, or -1 */
    double *c, *x, *z, *dx, *dz, *rc, *rd, *g;
    double *old_dx, *old_dz, *old_du, *old_ds, *old_dl; /* a direction to come back to */
    int32_t *use_start, *use_row, *use_slot;            /* slot: place of the row in its item's list */
    double *use_w;
    int32_t *rows_start, *rows; /* rows of an item, ascending */
    /* Items of the same rows make a group: group_item[group_start[g] .. group_start[g + 1]). Their part of S is added
     * up in one dense block, which then goes to its place. */
    int32_t n_groups, *group_start, *group_item;
    size_t longest; /* list of rows */
    double *q, *block;
    double *u, *du, *T, *rp_item, *sum_g;
    double *b, *s, *l, *ds, *dl, *rcs, *rp, *rhs, *row_scale;
    int32_t *row_of; /* [core rows] position, or -1 */
    double *best_l;
    double best_value, cost_scale, goal_span;
    int32_t low_goal; /* the goal that is never below the least value of the level */
    hcb__normal S;
} ipm;

static bool stopping(const void *budget) {
    return hcb__budget_interrupted(budget);
}

/* Every so many items. */
static bool stopping_at(const hcb__budget *budget, int32_t item) {
    return item % BETWEEN_LOOKS == BETWEEN_LOOKS - 1 && hcb__budget_interrupted(budget);
}

/* Largest and least load a row can get; rows that cannot pass their limit are left out. */
static bool find_rows(ipm *p) {
    const hcb__core *core = p->core;
    int32_t R = core->n_rows;
    double *most = hcb__arena_alloc(&p->arena, (size_t)R + 1, sizeof *most);
    double *item_most = hcb__arena_alloc(&p->arena, (size_t)R + 1, sizeof *item_most);
    double *least = hcb__arena_alloc(&p->arena, (size_t)R + 1, sizeof *least);
    double *item_least = hcb__arena_alloc(&p->arena, (size_t)R + 1, sizeof *item_least);
    int32_t *touched = hcb__arena_alloc(&p->arena, (size_t)R + 1, sizeof *touched);
    int32_t *times = hcb__arena_alloc(&p->arena, (size_t)R + 1, sizeof *times);
    p->row_of = hcb__arena_alloc(&p->arena, (size_t)R + 1, sizeof *p->row_of);
    p->row_scale = hcb__arena_alloc(&p->arena, (size_t)R + 1, sizeof *p->row_scale);
    if (!most || !item_most || !least || !item_least || !touched || !times || !p->row_of || !p->row_scale)
        return false;
    for (int32_t r = 0; r < R; r++)
        most[r] = least[r] = (double)core->base[r];
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t n = 0, choices = core->start[i + 1] - core->start[i];
        for (int32_t u = core->use_start[core->start[i]]; u < core->use_start[core->start[i + 1]]; u++) {
            int32_t r = core->use_row[u];
            double w = (double)core->use_weight[u];
            if (times[r]++ == 0) {
                touched[n++] = r;
                item_most[r] = item_least[r] = w;
            }
            item_most[r] = w > item_most[r] ? w : item_most[r];
            item_least[r] = w < item_least[r] ? w : item_least[r];
            if (choices > 1 && fabs(w) > p->row_scale[r])
                p->row_scale[r] = fabs(w);
        }
        for (int32_t k = 0; k < n; k++) {
            int32_t r = touched[k];
            bool all = times[r] == choices;
            most[r] += all || item_most[r] > 0 ? item_most[r] : 0;
            least[r] += all || item_least[r] < 0 ? item_least[r] : 0;
            times[r] = 0;
        }
    }
    double low = INFINITY, high = -INFINITY;
    for (int32_t r = core->first_goal; r < R; r++) {
        if (low == INFINITY || least[r] > low) {
            low = least[r];
            p->low_goal = r;
        }
        high = most[r] > high ? most[r] : high;
    }
    p->goal_span = high > low ? high - low : 0;
    for (int32_t r = 0; r < R; r++) {
        bool goal = r >= core->first_goal;
        bool binds = goal ? p->goal_span > 0 && most[r] > low : most[r] > (double)core->limit[r];
        p->row_of[r] = binds && p->row_scale[r] > 0 ? p->n_rows++ : -1;
        /* The value of a level of the kind MAX is low + goal_span x share; the rows of the goals then read
         * load - goal_span x share <= low. */
        most[r] = goal ? low : (double)core->limit[r];
    }
    p->b = hcb__arena_alloc(&p->arena, (size_t)p->n_rows + 1, sizeof *p->b);
    if (!p->b)
        return false;
    for (int32_t r = 0; r < R; r++)
        if (p->row_of[r] >= 0)
            p->b[p->row_of[r]] = most[r] - (double)core->base[r];
    return true;
}

static bool allocate(ipm *p, size_t cols, size_t uses) {
    const hcb__core *core = p->core;
    hcb__arena *a = &p->arena;
    size_t items = (size_t)core->n_movable + 2;
    p->item_start = hcb__arena_alloc(a, items + 1, sizeof *p->item_start);
    p->col_choice = hcb__arena_alloc(a, cols, sizeof *p->col_choice);
    double **of_cols[] = {&p->c, &p->x, &p->z, &p->dx, &p->dz, &p->rc, &p->rd, &p->g, &p->old_dx, &p->old_dz};
    bool ok = p->item_start && p->col_choice;
    for (size_t k = 0; ok && k < sizeof of_cols / sizeof *of_cols; k++) {
        ok = (*of_cols[k] = hcb__arena_alloc(a, cols, sizeof(double))) != NULL;
        /* The memory of a region is large enough for a wish to stop to come in between. */
        if ((p->cut = hcb__budget_interrupted(p->budget)))
            return ok;
    }
    p->use_start = hcb__arena_alloc(a, cols + 1, sizeof *p->use_start);
    p->use_row = hcb__arena_alloc(a, uses, sizeof *p->use_row);
    p->use_slot = hcb__arena_alloc(a, uses, sizeof *p->use_slot);
    p->use_w = hcb__arena_alloc(a, uses, sizeof *p->use_w);
    p->rows_start = hcb__arena_alloc(a, items + 1, sizeof *p->rows_start);
    p->rows = hcb__arena_alloc(a, uses, sizeof *p->rows);
    double **of_items[] = {&p->u, &p->du, &p->T, &p->rp_item, &p->sum_g, &p->old_du};
    for (size_t k = 0; k < sizeof of_items / sizeof *of_items; k++)
        ok = (*of_items[k] = hcb__arena_alloc(a, items, sizeof(double))) && ok;
    double **of_rows[] = {&p->s, &p->l, &p->ds, &p->dl, &p->rcs, &p->rp, &p->rhs, &p->best_l, &p->old_ds, &p->old_dl};
    for (size_t k = 0; k < sizeof of_rows / sizeof *of_rows; k++)
        ok = (*of_rows[k] = hcb__arena_alloc(a, (size_t)p->n_rows + 8, sizeof(double))) && ok;
    return ok && p->use_start && p->use_row && p->use_slot && p->use_w && p->rows_start && p->rows;
}

static void add_use(ipm *p, int32_t core_row, double w) {
    int32_t r = p->row_of[core_row];
    if (r < 0)
        return;
    p->use_row[p->n_uses] = r;
    p->use_w[p->n_uses++] = w / p->row_scale[core_row];
}

static bool fill(ipm *p) {
    const hcb__core *core = p->core;
    size_t cols = 2, uses = (size_t)core->n_rows + 1;
    for (int32_t m = 0; m < core->n_movable; m++) {
        int32_t i = core->movable[m];
        cols += (size_t)(core->start[i + 1] - core->start[i]);
        uses += (size_t)(core->use_start[core->start[i + 1]] - core->use_start[core->start[i]]);
    }
    if (!allocate(p, cols, uses))
        return false;
    for (int32_t i = 0; !p->cut && i < core->n_items; i++) {
        p->cut = stopping_at(p->budget, i);
        int32_t lo = core->start[i], hi = core->start[i + 1];
        if (hi - lo == 1)
            for (int32_t u = core->use_start[lo]; u < core->use_start[hi]; u++)
                if (p->row_of[core->use_row[u]] >= 0)
                    p->b[p->row_of[core->use_row[u]]] -= (double)core->use_weight[u];
        if (hi - lo < 2)
            continue;
        p->item_start[p->n_items++] = p->n_cols;
        for (int32_t c = lo; c < hi; c++) {
            p->col_choice[p->n_cols] = c;
            p->c[p->n_cols] = (double)core->cost[c];
            p->use_start[p->n_cols++] = p->n_uses;
            for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
                add_use(p, core->use_row[u], (double)core->use_weight[u]);
        }
    }
    if (p->cut)
        return true;
    if (p->goal_span > 0) {
        p->item_start[p->n_items++] = p->n_cols;
        for (int32_t k = 0; k < 2; k++) {
            p->col_choice[p->n_cols] = -1;
            p->c[p->n_cols] = k ? 0 : p->goal_span;
            p->use_start[p->n_cols++] = p->n_uses;
            for (int32_t r = core->first_goal; !k && r < core->n_rows; r++)
                add_use(p, r, -p->goal_span);
        }
    }
    p->item_start[p->n_items] = p->n_cols;
    p->use_start[p->n_cols] = p->n_uses;
    double widest = 0;
    for (int32_t i = 0; i < p->n_items; i++) {
        double least = INFINITY;
        for (int32_t k = p->item_start[i]; k < p->item_start[i + 1]; k++)
            least = p->c[k] < least ? p->c[k] : least;
        for (int32_t k = p->item_start[i]; k < p->item_start[i + 1]; k++)
            widest += p->c[k] - least;
    }
    p->cost_scale = widest > 0 ? widest / p->n_cols : 1;
    for (int32_t k = 0; k < p->n_cols; k++)
        p->c[k] /= p->cost_scale;
    for (int32_t r = 0; r < core->n_rows; r++)
        if (p->row_of[r] >= 0)
            p->b[p->row_of[r]] /= p->row_scale[r];
    return true;
}

/* Lists the rows of each item, in the order that keeps the envelope small, and points every use at its place. */
static bool order(ipm *p, const hcb_allocator *mem) {
    int32_t *mark = hcb__calloc(mem, (size_t)p->n_rows + 1, sizeof *mark);
    int32_t *position = hcb__calloc(mem, (size_t)p->n_rows + 1, sizeof *position);
    bool ok = mark && position;
    for (int32_t pass = 0; ok && !p->cut && pass < 2; pass++) {
        memset(mark, 0, (size_t)p->n_rows * sizeof *mark);
        int32_t n = 0;
        for (int32_t i = 0; !p->cut && i < p->n_items; i++) {
            int32_t from = n;
            p->cut = stopping_at(p->budget, i);
            p->rows_start[i] = n;
            for (int32_t u = p->use_start[p->item_start[i]]; u < p->use_start[p->item_start[i + 1]]; u++)
                if (mark[p->use_row[u]] != i + 1) {
                    mark[p->use_row[u]] = i + 1;
                    int32_t at = n++;
                    for (; at > from && p->rows[at - 1] > p->use_row[u]; at--)
                        p->rows[at] = p->rows[at - 1];
                    p->rows[at] = p->use_row[u];
                }
        }
        p->rows_start[p->n_items] = n;
        if (pass == 1 || p->cut)
            break;
        ok = hcb__normal_order(position, mem, p->n_rows, p->n_items, p->rows_start, p->rows);
        for (int32_t u = 0; u < p->n_uses; u++)
            p->use_row[u] = position[p->use_row[u]];
        for (int32_t r = 0; r < p->core->n_rows; r++)
            if (p->row_of[r] >= 0)
                p->row_of[r] = position[p->row_of[r]];
        memcpy(p->rhs, p->b, (size_t)p->n_rows * sizeof *p->b);
        for (int32_t r = 0; r < p->n_rows; r++)
            p->b[position[r]] = p->rhs[r];
        p->cut = hcb__budget_interrupted(p->budget);
    }
    for (int32_t i = 0; ok && !p->cut && i < p->n_items; i++) {
        for (int32_t k = p->rows_start[i]; k < p->rows_start[i + 1]; k++)
            mark[p->rows[k]] = k - p->rows_start[i];
        for (int32_t u = p->use_start[p->item_start[i]]; u < p->use_start[p->item_start[i + 1]]; u++)
            p->use_slot[u] = mark[p->use_row[u]];
    }
    hcb__free(mem, mark);
    hcb__free(mem, position);
    return ok && (p->cut || hcb__normal_init(&p->S, mem, p->n_rows, p->n_items, p->rows_start, p->rows));
}

typedef struct listed {
    uint64_t hash;
    int32_t item;
} listed;

static int by_hash(const void *a, const void *b) {
    const listed *s = a, *t = b;
    if (s->hash != t->hash)
        return s->hash < t->hash ? -1 : 1;
    return s->item < t->item ? -1 : s->item > t->item;
}

static bool same_rows(const ipm *p, int32_t i, int32_t j) {
    size_t n = (size_t)(p->rows_start[i + 1] - p->rows_start[i]);
    return n == (size_t)(p->rows_start[j + 1] - p->rows_start[j]) &&
           memcmp(p->rows + p->rows_start[i], p->rows + p->rows_start[j], n * sizeof *p->rows) == 0;
}

static bool group(ipm *p) {
    size_t items = (size_t)p->n_items + 1, longest = 0;
    listed *list = hcb__arena_alloc(&p->arena, items, sizeof *list);
    p->group_item = hcb__arena_alloc(&p->arena, items, sizeof *p->group_item);
    p->group_start = hcb__arena_alloc(&p->arena, items, sizeof *p->group_start);
    if (!list || !p->group_item || !p->group_start)
        return false;
    for (int32_t i = 0; i < p->n_items; i++) {
        size_t n = (size_t)(p->rows_start[i + 1] - p->rows_start[i]);
        uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a, a row at a time */
        for (int32_t k = p->rows_start[i]; k < p->rows_start[i + 1]; k++)
            hash = (hash ^ (uint64_t)p->rows[k]) * 0x100000001b3u;
        list[i] = (listed){hash, i};
        longest = n > longest ? n : longest;
    }
    qsort(list, (size_t)p->n_items, sizeof *list, by_hash);
    for (int32_t k = 0; k < p->n_items; k++) {
        p->group_item[k] = list[k].item;
        if (k == 0 || !same_rows(p, list[k - 1].item, list[k].item))
            p->group_start[p->n_groups++] = k;
    }
    p->group_start[p->n_groups] = p->n_items;
    p->longest = longest = (longest + 3) / 4 * 4;
    p->q = hcb__arena_alloc(&p->arena, longest * HCB__SQUARES + 1, sizeof *p->q);
    p->block = hcb__arena_alloc(&p->arena, longest * (longest + 1) / 2 + 1, sizeof *p->block);
    return p->q && p->block;
}

static double priced(const ipm *p, int32_t k, const double *l) {
    double v = 0;
    for (int32_t u = p->use_start[k]; u < p->use_start[k + 1]; u++)
        v += p->use_w[u] * l[p->use_row[u]];
    return v;
}

/* The Lagrangian value at prices l, in scaled cost. */
static double lagrangian(const ipm *p, const double *l) {
    double value = 0;
    for (int32_t r = 0; r < p->n_rows; r++)
        value -= l[r] * p->b[r];
    for (int32_t i = 0; i < p->n_items; i++) {
        double least = INFINITY;
        for (int32_t k = p->item_start[i]; k < p->item_start[i + 1]; k++) {
            double v = p->c[k] + priced(p, k, l);
            least = v < least ? v : least;
        }
        value += least;
    }
    return value;
}

/* The price u of an item at which its choices, each at mu over its reduced cost, add up to one. z holds their priced
 * costs. */
static double centre(const double *z, int32_t n, double mu) {
    double least = INFINITY, below = mu;
    for (int32_t k = 0; k < n; k++)
        least = z[k] < least ? z[k] : least;
    /* Newton's method from where the sum is too large: it is convex, and comes down without passing one. */
    for (int32_t turn = 0; turn < 40; turn++) {
        double sum = -1, slope = 0;
        for (int32_t k = 0; k < n; k++) {
            double x = mu / (z[k] - least + below);
            sum += x;
            slope += x * x;
        }
        if (sum < 1e-9)
            break;
        below += sum * mu / slope;
    }
    return least - below;
}

/* Every item's choices in the middle of what the prices leave them, every row with its slack or in its middle. */
static void begin(ipm *p) {
    const double mu = FIRST_PRODUCT;
    for (int32_t r = 0; r < p->n_rows; r++) {
        p->l[r] = FIRST_PRICE;
        p->s[r] = p->b[r];
    }
    for (int32_t i = 0; i < p->n_items; i++) {
        int32_t lo = p->item_start[i], hi = p->item_start[i + 1];
        for (int32_t k = lo; k < hi; k++)
            p->z[k] = p->c[k] + priced(p, k, p->l);
        p->u[i] = centre(p->z + lo, hi - lo, mu);
        for (int32_t k = lo; k < hi; k++) {
            p->z[k] -= p->u[i];
            p->x[k] = mu / p->z[k];
            for (int32_t u = p->use_start[k]; u < p->use_start[k + 1]; u++)
                p->s[p->use_row[u]] -= p->use_w[u] * p->x[k];
        }
    }
    for (int32_t r = 0; r < p->n_rows; r++)
        p->s[r] = p->s[r] > mu / p->l[r] ? p->s[r] : mu / p->l[r];
}

static void residuals(ipm *p) {
    for (int32_t r = 0; r < p->n_rows; r++)
        p->rp[r] = p->b[r] - p->s[r];
    for (int32_t i = 0; i < p->n_items; i++) {
        double sum = 1;
        for (int32_t k = p->item_start[i]; k < p->item_start[i + 1]; k++) {
            double v = p->c[k] - p->u[i] - p->z[k];
            sum -= p->x[k];
            for (int32_t u = p->use_start[k]; u < p->use_start[k + 1]; u++) {
                v += p->use_w[u] * p->l[p->use_row[u]];
                p->rp[p->use_row[u]] -= p->use_w[u] * p->x[k];
            }
            p->rd[k] = v;
        }
        p->rp_item[i] = sum;
    }
}

/* An item's part of the block of its group. S takes the sum of theta w w' over its choices, less (sum of theta w)
 * (sum of theta w)' / T. One choice, m, outweighs the others by far once the item is nearly settled; told apart from
 * them, what would cancel never appears:
 *   sum of the others' theta w w' - theta_m / T (r w_m' + w_m r') + theta_m T' / T w_m w_m' - r r' / T
 * with r the sum of the others' theta w and T' that of their theta. The last part is left to the caller, r being in q;
 * false when it is too small to count. */
static bool form_item(ipm *p, int32_t i, double *restrict q, int32_t n) {
    double others = 0, most = -1, *restrict block = p->block;
    int32_t m = p->item_start[i];
    for (int32_t k = p->item_start[i]; k < p->item_start[i + 1]; k++) {
        p->g[k] = p->x[k] / p->z[k];
        if (p->g[k] > most) {
            most = p->g[k];
            m = k;
        }
    }
    memset(q, 0, (size_t)n * sizeof *q);
    for (int32_t k = p->item_start[i]; k < p->item_start[i + 1]; k++) {
        double theta = p->g[k];
        if (k == m)
            continue;
        others += theta;
        for (int32_t u = p->use_start[k]; u < p->use_start[k + 1]; u++) {
            double tw = theta * p->use_w[u];
            size_t a = (size_t)p->use_slot[u];
            q[a] += tw;
            for (int32_t v = p->use_start[k]; v < p->use_start[k + 1]; v++)
                if (p->use_slot[v] <= p->use_slot[u])
                    block[a * (a + 1) / 2 + (size_t)p->use_slot[v]] += tw * p->use_w[v];
        }
    }
    double T = p->T[i] = most + others;
    for (int32_t u = p->use_start[m]; u < p->use_start[m + 1]; u++) {
        double w = most / T * p->use_w[u];
        size_t a = (size_t)p->use_slot[u], row = a * (a + 1) / 2;
        for (size_t b = 0; b <= a; b++)
            block[row + b] -= w * q[b];
        for (size_t b = a; b < (size_t)n; b++)
            block[b * (b + 1) / 2 + a] -= w * q[b];
        for (int32_t v = p->use_start[m]; v < p->use_start[m + 1]; v++)
            if (p->use_slot[v] <= p->use_slot[u])
                block[row + (size_t)p->use_slot[v]] += others * w * p->use_w[v];
    }
    return others > SETTLED * T;
}

/* The block of a group of n rows; the squares by fours. */
static bool form_group(ipm *p, int32_t g, int32_t n, const hcb__budget *budget) {
    const double *q[HCB__SQUARES];
    double by[HCB__SQUARES];
    int32_t held = 0;
    for (int32_t m = 0; m < HCB__SQUARES; m++)
        q[m] = p->q + (size_t)m * p->longest;
    memset(p->block, 0, (size_t)n * ((size_t)n + 1) / 2 * sizeof *p->block);
    for (int32_t k = p->group_start[g]; k < p->group_start[g + 1]; k++) {
        int32_t item = p->group_item[k];
        if (stopping_at(budget, k))
            return false;
        by[held] = 1;
        if (form_item(p, item, p->q + (size_t)held * p->longest, n))
            by[held++] = p->T[item];
        if (held == HCB__SQUARES) {
            hcb__normal_subtract(p->block, n, q, by);
            held = 0;
        }
    }
    for (int32_t m = held; m < HCB__SQUARES; m++) {
        memset(p->q + (size_t)m * p->longest, 0, (size_t)n * sizeof *p->q);
        by[m] = 1;
    }
    if (held > 0)
        hcb__normal_subtract(p->block, n, q, by);
    return true;
}

/* False when it was interrupted. */
static bool form(ipm *p, const hcb__budget *budget) {
    hcb__normal *S = &p->S;
    memset(S->at, 0, (size_t)S->size * sizeof *S->at);
    for (int32_t r = 0; r < p->n_rows; r++)
        S->at[S->offset[r] + r] = p->s[r] / p->l[r];
    for (int32_t g = 0; g < p->n_groups; g++) {
        int32_t first = p->group_item[p->group_start[g]];
        const int32_t *rows = p->rows + p->rows_start[first];
        int32_t n = p->rows_start[first + 1] - p->rows_start[first];
        if (!form_group(p, g, n, budget))
            return false;
        const double *from = p->block;
        for (int32_t a = 0; a < n; a++, from += a) {
            double *row = S->at + S->offset[rows[a]];
            for (int32_t b = 0; b <= a; b++)
                row[rows[b]] += from[b];
        }
    }
    return true;
}

/* One direction for the residuals of complementarity in rc and rcs, and for that share of the others. */
static void direction(ipm *p, double share) {
    for (int32_t r = 0; r < p->n_rows; r++)
        p->rhs[r] = p->rcs[r] / p->l[r] - share * p->rp[r];
    for (int32_t i = 0; i < p->n_items; i++) {
        double sum = 0;
        for (int32_t k = p->item_start[i]; k < p->item_start[i + 1]; k++) {
            p->g[k] = (p->rc[k] - p->x[k] * share * p->rd[k]) / p->z[k];
            sum += p->g[k];
        }
        p->sum_g[i] = sum;
        double f = (share * p->rp_item[i] - sum) / p->T[i];
        for (int32_t k = p->item_start[i]; k < p->item_start[i + 1]; k++) {
            double v = p->g[k] + f * p->x[k] / p->z[k];
            for (int32_t u = p->use_start[k]; u < p->use_start[k + 1]; u++)
                p->rhs[p->use_row[u]] += p->use_w[u] * v;
        }
    }
    memcpy(p->dl, p->rhs, (size_t)p->n_rows * sizeof *p->dl);
    hcb__normal_solve(&p->S, p->dl);
    for (int32_t i = 0; i < p->n_items; i++) {
        double sum = share * p->rp_item[i] - p->sum_g[i];
        for (int32_t k = p->item_start[i]; k < p->item_start[i + 1]; k++) {
            p->dz[k] = priced(p, k, p->dl);
            sum += p->x[k] / p->z[k] * p->dz[k];
        }
        p->du[i] = sum / p->T[i];
        for (int32_t k = p->item_start[i]; k < p->item_start[i + 1]; k++) {
            p->dz[k] += share * p->rd[k] - p->du[i];
            p->dx[k] = (p->rc[k] - p->x[k] * p->dz[k]) / p->z[k];
        }
    }
    for (int32_t r = 0; r < p->n_rows; r++)
        p->ds[r] = (p->rcs[r] - p->s[r] * p->dl[r]) / p->l[r];
}

static double longest(const double *v, const double *dv, int32_t n, double step) {
    for (int32_t k = 0; k < n; k++)
        if (v[k] + step * dv[k] < 0)
            step = -v[k] / dv[k];
    return step;
}

static double complementarity(const ipm *p, double sp, double sd) {
    double sum = 0;
    for (int32_t k = 0; k < p->n_cols; k++)
        sum += (p->x[k] + sp * p->dx[k]) * (p->z[k] + sd * p->dz[k]);
    for (int32_t r = 0; r < p->n_rows; r++)
        sum += (p->s[r] + sp * p->ds[r]) * (p->l[r] + sd * p->dl[r]);
    return sum / (p->n_cols + p->n_rows);
}

static void step(ipm *p, double sp, double sd) {
    for (int32_t k = 0; k < p->n_cols; k++) {
        p->x[k] += sp * p->dx[k];
        p->z[k] += sd * p->dz[k];
    }
    for (int32_t i = 0; i < p->n_items; i++)
        p->u[i] += sd * p->du[i];
    for (int32_t r = 0; r < p->n_rows; r++) {
        p->s[r] += sp * p->ds[r];
        p->l[r] += sd * p->dl[r];
    }
}

static void lengths(const ipm *p, double *sp, double *sd) {
    *sp = longest(p->s, p->ds, p->n_rows, longest(p->x, p->dx, p->n_cols, 1 / SHORT));
    *sd = longest(p->l, p->dl, p->n_rows, longest(p->z, p->dz, p->n_cols, 1 / SHORT));
}

/* What takes a product that a longer step would make far smaller or larger than the others back among them. */
static double pull(double product, double aim) {
    double v = product < 0.1 * aim ? 0.1 * aim - product : product > 10 * aim ? 10 * aim - product : 0;
    return v > -10 * aim ? v : -10 * aim;
}

/* A centrality corrector (Gondzio 1996): the direction made fit for a longer step. False when that step is not longer;
 * the one before is then restored. */
static bool correct(ipm *p, double aim, double share, double *sp, double *sd) {
    double wish_p = *sp + 0.3 < 1 ? *sp + 0.3 : 1, wish_d = *sd + 0.3 < 1 ? *sd + 0.3 : 1;
    if (*sp > 0.9 && *sd > 0.9)
        return false;
    double *keep[] = {p->dx, p->dz, p->du, p->ds, p->dl},
           *spare[] = {p->old_dx, p->old_dz, p->old_du, p->old_ds, p->old_dl};
    size_t size[] = {(size_t)p->n_cols, (size_t)p->n_cols, (size_t)p->n_items, (size_t)p->n_rows, (size_t)p->n_rows};
    for (size_t k = 0; k < 5; k++)
        memcpy(spare[k], keep[k], size[k] * sizeof(double));
    for (int32_t k = 0; k < p->n_cols; k++)
        p->rc[k] += pull((p->x[k] + wish_p * p->dx[k]) * (p->z[k] + wish_d * p->dz[k]), aim);
    for (int32_t r = 0; r < p->n_rows; r++)
        p->rcs[r] += pull((p->s[r] + wish_p * p->ds[r]) * (p->l[r] + wish_d * p->dl[r]), aim);
    direction(p, share);
    double now_p, now_d;
    lengths(p, &now_p, &now_d);
    if (isfinite(now_p) && isfinite(now_d) && now_p + now_d > *sp + *sd + 0.02) {
        *sp = now_p;
        *sd = now_d;
        return true;
    }
    for (size_t k = 0; k < 5; k++)
        memcpy(keep[k], spare[k], size[k] * sizeof(double));
    return false;
}

/* One predictor-corrector iteration; false when it no longer moves, or was interrupted. */
static bool iterate(ipm *p, const hcb__budget *budget) {
    double mu = complementarity(p, 0, 0);
    residuals(p);
    if (hcb__budget_interrupted(budget) || !form(p, budget) || !hcb__normal_factor(&p->S, stopping, budget))
        return false;
    for (int32_t k = 0; k < p->n_cols; k++)
        p->rc[k] = -p->x[k] * p->z[k];
    for (int32_t r = 0; r < p->n_rows; r++)
        p->rcs[r] = -p->s[r] * p->l[r];
    direction(p, 1);
    if (hcb__budget_interrupted(budget))
        return false;
    double sp, sd;
    lengths(p, &sp, &sd);
    sp = sp < 1 ? sp : 1;
    sd = sd < 1 ? sd : 1;
    double ratio = complementarity(p, sp, sd) / mu, sigma = ratio * ratio * ratio;
    if (!isfinite(ratio))
        return false;
    for (int32_t k = 0; k < p->n_cols; k++)
        p->rc[k] = sigma * mu - p->x[k] * p->z[k] - p->dx[k] * p->dz[k];
    for (int32_t r = 0; r < p->n_rows; r++)
        p->rcs[r] = sigma * mu - p->s[r] * p->l[r] - p->ds[r] * p->dl[r];
    /* Rows are brought to their limits no faster than the products fall: what asks for more gets short steps. */
    double share = sigma < 1 ? 1 - sigma : 0;
    direction(p, share);
    lengths(p, &sp, &sd);
    int32_t correctors = p->n_cols >= MANY_COLUMNS ? CORRECTORS : 0;
    for (int32_t k = 0; k < correctors && correct(p, sigma * mu, share, &sp, &sd); k++)
        if (hcb__budget_interrupted(budget))
            return false;
    sp *= SHORT;
    sd *= SHORT;
    if (!isfinite(sp) || !isfinite(sd) || (sp < 1e-8 && sd < 1e-8))
        return false;
    step(p, sp, sd);
    return true;
}

static double primal(const ipm *p) {
    double value = 0;
    for (int32_t k = 0; k < p->n_cols; k++)
        value += p->c[k] * p->x[k];
    return value;
}

static int32_t run(ipm *p, hcb__budget *budget) {
    int64_t work = p->S.size;
    for (int32_t i = 0; i < p->n_items; i++) {
        int64_t n = p->rows_start[i + 1] - p->rows_start[i];
        work += n * n / 4;
    }
    for (int32_t r = 0; r < p->n_rows; r++)
        work += (int64_t)(r - p->S.first[r]) * (r - p->S.first[r]) / 16;
    work = (work + 20 * (int64_t)p->n_uses) / 1000 + 1;
    p->best_value = lagrangian(p, p->best_l);
    begin(p);
    int32_t done = 0, stale = 0;
    double least = complementarity(p, 0, 0);
    while (done < MOST_ITERATIONS && stale < 12 && !hcb__budget_over(budget)) {
        if (!iterate(p, budget))
            break;
        done++;
        budget->work += work;
        double value = lagrangian(p, p->l), mu = complementarity(p, 0, 0);
        stale = mu < 0.99 * least ? 0 : stale + 1;
        least = mu < least ? mu : least;
        if (value > p->best_value) {
            if (value > p->best_value + 1e-9 * (1 + fabs(value)))
                stale = 0;
            p->best_value = value;
            memcpy(p->best_l, p->l, (size_t)p->n_rows * sizeof *p->l);
        }
        double miss = 0;
        for (int32_t r = 0; r < p->n_rows; r++)
            miss = fmax(miss, fabs(p->rp[r]) / (1 + fabs(p->b[r])));
        if (miss < 1e-6 && primal(p) - p->best_value < 1e-9 * (1 + fabs(p->best_value)))
            break;
    }
    return done;
}

static bool allocate_answer(hcb__lp_answer *out, const hcb_allocator *mem, const hcb__core *core) {
    out->row_price = hcb__calloc(mem, (size_t)core->n_rows + 1, sizeof *out->row_price);
    out->reduced = hcb__calloc(mem, (size_t)core->n_choices + 1, sizeof *out->reduced);
    out->x = hcb__calloc(mem, (size_t)core->n_choices + 1, sizeof *out->x);
    return out->row_price && out->reduced && out->x;
}

/* Reduced costs and the value at the prices, and the plan of items without a choice to make. */
static void reduce(hcb__lp_answer *out, const hcb__core *core) {
    for (int32_t r = 0; r < core->n_rows; r++)
        out->value += out->row_price[r] * ((double)core->base[r] - (r < core->first_goal ? (double)core->limit[r] : 0));
    for (int32_t i = 0; i < core->n_items; i++) {
        double least = INFINITY;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            double v = (double)core->cost[c];
            for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
                v += out->row_price[core->use_row[u]] * (double)core->use_weight[u];
            out->reduced[c] = v;
            least = v < least ? v : least;
        }
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            out->reduced[c] -= least;
        out->x[core->start[i]] = core->start[i + 1] - core->start[i] == 1;
        out->value += least;
    }
}

static bool deliver(hcb__lp_answer *out, const hcb_allocator *mem, const ipm *p) {
    const hcb__core *core = p->core;
    if (!allocate_answer(out, mem, core))
        return false;
    double goals = 0;
    for (int32_t r = 0; r < core->n_rows; r++)
        if (p->row_of[r] >= 0) {
            double l = p->best_l[p->row_of[r]] * p->cost_scale / p->row_scale[r];
            out->row_price[r] = l > 0 && isfinite(l) ? l : 0;
            goals += r >= core->first_goal ? out->row_price[r] : 0;
        }
    for (int32_t r = core->first_goal; r < core->n_rows; r++)
        out->row_price[r] /= goals > 1 ? goals : 1;
    if (core->first_goal < core->n_rows && goals < 1)
        out->row_price[p->low_goal] += 1 - goals;
    reduce(out, core);
    for (int32_t k = 0; k < p->n_cols; k++)
        if (p->col_choice[k] >= 0)
            out->x[p->col_choice[k]] = p->x[k];
    return true;
}

/* Prices of nothing are all that a run has that was cut short before its first iteration. */
static void leave_off(ipm *p) {
    p->n_cols = 0;
    for (int32_t r = 0; r < p->core->n_rows; r++)
        p->row_of[r] = -1;
}

bool hcb__lp_solve(hcb__lp_answer *out, const hcb_allocator *mem, const hcb__core *core, hcb__budget *budget) {
    memset(out, 0, sizeof *out);
    ipm p;
    memset(&p, 0, sizeof p);
    p.core = core;
    hcb__arena_init(&p.arena, mem);
    p.budget = budget;
    bool ok = find_rows(&p) && fill(&p) && (p.cut || order(&p, mem)) && (p.cut || group(&p));
    if (ok && p.cut)
        leave_off(&p);
    else if (ok)
        out->iterations = run(&p, budget);
    ok = ok && deliver(out, mem, &p);
    hcb__normal_free(&p.S, mem);
    hcb__arena_release(&p.arena);
    if (!ok)
        hcb__lp_free(out, mem);
    return ok;
}

bool hcb__lp_priced(hcb__lp_answer *out, const hcb_allocator *mem, const hcb__core *core, const double *row_price) {
    memset(out, 0, sizeof *out);
    if (!allocate_answer(out, mem, core)) {
        hcb__lp_free(out, mem);
        return false;
    }
    memcpy(out->row_price, row_price, (size_t)core->n_rows * sizeof *row_price);
    reduce(out, core);
    return true;
}

void hcb__lp_free(hcb__lp_answer *out, const hcb_allocator *mem) {
    hcb__free(mem, out->row_price);
    hcb__free(mem, out->reduced);
    hcb__free(mem, out->x);
    memset(out, 0, sizeof *out);
}
