/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/swift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOGS = 4096, CANDIDATES = 10, STEPS = 128, EVICTIONS = 8, BLOCK = 4096, REACH = 8 };

typedef struct pack_use {
    int64_t weight;
    int32_t row;
} pack_use;

typedef struct pack_choice {
    int64_t cost;
    int32_t bin, use, n_uses;
} pack_choice;

/* Bins' lists, with one more at the end for those who wait. */
typedef struct run {
    const hcb__core *core;
    hcb__rng rng;
    pack_choice *choice;
    pack_use *use;
    int64_t *room;  /* [n_rows] */
    int32_t *order; /* choices of an item, best candidate first */
    int32_t *width; /* [n_items] how many of them are candidates */
    int32_t *near;  /* items that the heat can move from their best candidate */
    int32_t n_near;
    int32_t *now; /* [n_items] */
    int32_t *list_start, *list_count, *list, *place;
    int32_t *best;
    int32_t *changed, n_changed; /* items moved since the best was copied */
    uint8_t *is_changed;
    int64_t value, best_value;
    double *fine;   /* [n_rows] cost of a unit of load above the limit, while that is allowed */
    int32_t broken; /* rows above their limits */
    double logs[LOGS];
    double temperature;
    double began, seconds; /* of the phase at hand: it is cut short, not off, by the budget */
    int64_t work_began, work;
} run;

static inline uint32_t below(run *r, uint32_t n) {
    return hcb__rng_below(&r->rng, n);
}

static inline int32_t list_of(const run *r, int32_t bin) {
    return bin >= 0 ? bin : r->core->n_bins;
}

static inline void leave(run *r, int32_t item) {
    int32_t b = list_of(r, r->choice[r->now[item]].bin), *list = r->list + r->list_start[b];
    int32_t last = list[--r->list_count[b]];
    list[r->place[item]] = last;
    r->place[last] = r->place[item];
}

static inline void enter(run *r, int32_t item, int32_t c) {
    int32_t b = list_of(r, r->choice[c].bin);
    r->now[item] = c;
    r->place[item] = r->list_count[b];
    r->list[r->list_start[b] + r->list_count[b]++] = item;
}

static inline void give_back(run *r, int32_t c) {
    const pack_use *u = r->use + r->choice[c].use;
    for (int32_t k = 0; k < r->choice[c].n_uses; k++)
        r->room[u[k].row] += u[k].weight;
}

static inline void take(run *r, int32_t c) {
    const pack_use *u = r->use + r->choice[c].use;
    for (int32_t k = 0; k < r->choice[c].n_uses; k++)
        r->room[u[k].row] -= u[k].weight;
}

static inline bool holds(const run *r, int32_t c) {
    const pack_use *u = r->use + r->choice[c].use;
    for (int32_t k = 0; k < r->choice[c].n_uses; k++)
        if (r->room[u[k].row] < 0)
            return false;
    return true;
}

/* Moves items to choices when every row holds afterwards. */
static bool try_steps(run *r, int32_t n, const int32_t *item, const int32_t *c) {
    bool good = true;
    for (int32_t k = 0; k < n; k++)
        give_back(r, r->now[item[k]]);
    for (int32_t k = 0; k < n; k++)
        take(r, c[k]);
    for (int32_t k = 0; good && k < n; k++)
        good = holds(r, c[k]);
    for (int32_t k = 0; good && k < n; k++)
        good = holds(r, r->now[item[k]]);
    if (!good) {
        for (int32_t k = 0; k < n; k++)
            give_back(r, c[k]);
        for (int32_t k = 0; k < n; k++)
            take(r, r->now[item[k]]);
        return false;
    }
    for (int32_t k = 0; k < n; k++) {
        r->value += r->core->cost[c[k]] - r->core->cost[r->now[item[k]]];
        leave(r, item[k]);
        enter(r, item[k], c[k]);
        if (!r->is_changed[item[k]]) {
            r->is_changed[item[k]] = 1;
            r->changed[r->n_changed++] = item[k];
        }
    }
    return true;
}

static void keep_best(run *r) {
    for (int32_t k = 0; k < r->n_changed; k++) {
        r->best[r->changed[k]] = r->now[r->changed[k]];
        r->is_changed[r->changed[k]] = 0;
    }
    r->n_changed = 0;
    r->best_value = r->value;
}

static inline int32_t candidate(run *r, int32_t item) {
    int32_t lo = r->core->start[item], n = r->width[item];
    uint32_t a = below(r, (uint32_t)n), b = below(r, (uint32_t)n);
    return r->order[lo + (int32_t)(a < b ? a : b)];
}

/* Mostly those who may find a better place: where the least and the next reduced cost lie far apart, hardly any. */
static inline int32_t random_item(run *r) {
    if (r->n_near > 0 && below(r, 8))
        return r->near[below(r, (uint32_t)r->n_near)];
    return r->core->movable[below(r, (uint32_t)r->core->n_movable)];
}

static inline int32_t random_in(run *r, int32_t bin) {
    uint32_t n = (uint32_t)r->list_count[bin];
    return n ? r->list[r->list_start[bin] + (int32_t)below(r, n)] : -1;
}

/* Whether the choice's rows would have room if `out` (a choice, or -1) were given back. */
static inline bool would_fit(const run *r, int32_t c, int32_t out) {
    const pack_use *u = r->use + r->choice[c].use;
    for (int32_t k = 0; k < r->choice[c].n_uses; k++) {
        int64_t room = r->room[u[k].row] - u[k].weight;
        if (room >= 0)
            continue;
        const pack_use *v = r->use + (out >= 0 ? r->choice[out].use : 0);
        int32_t n = out >= 0 ? r->choice[out].n_uses : 0, m = 0;
        while (m < n && v[m].row != u[k].row)
            m++;
        if (m == n || room + v[m].weight < 0)
            return false;
    }
    return true;
}

static inline int64_t cost(const run *r, int32_t c) {
    return r->choice[c].cost;
}

/* Where an item sent away goes: back where the first came from, or to a candidate of its own. */
static inline int32_t destination(run *r, int32_t item, int32_t from) {
    if (from >= 0 && below(r, 2)) {
        int32_t back = hcb__core_find(r->core, item, from);
        if (back >= 0)
            return back;
    }
    return candidate(r, item);
}

/* Sends `other` to d as well; when its new bin is full (or its old one not yet empty enough), a third item moves on. */
static bool with_third(run *r, int32_t item, int32_t c, int32_t other, int32_t d, int32_t where, int32_t to,
                       int64_t both, int64_t most) {
    int32_t third = random_in(r, where);
    if (third < 0 || third == item || third == other)
        return false;
    int32_t e = destination(r, third, to);
    int64_t all = both + cost(r, e) - cost(r, r->now[third]);
    if (all > most || e == r->now[third] || r->choice[e].bin == where)
        return false;
    int32_t items[3] = {item, other, third}, choices[3] = {c, d, e};
    return try_steps(r, 3, items, choices);
}

/* Room in c's bin by sending one of its items away, and one more where that is not enough. */
static bool evict(run *r, int32_t item, int32_t c, int64_t change, int64_t most) {
    int32_t from = r->choice[r->now[item]].bin, bin = r->choice[c].bin, n = r->list_count[bin];
    if (n == 0)
        return false;
    const int32_t *list = r->list + r->list_start[bin];
    int32_t at = (int32_t)below(r, (uint32_t)n), tries = n < EVICTIONS ? n : EVICTIONS;
    for (int32_t turn = 0; turn < tries; turn++, at = at + 1 < n ? at + 1 : 0) {
        int32_t other = list[at], d;
        if (r->core->start[other + 1] - r->core->start[other] < 2)
            continue;
        bool enough = would_fit(r, c, r->now[other]);
        if (!enough && (hcb__rng_u64(&r->rng) & 7))
            continue;
        d = destination(r, other, from);
        if (d == r->now[other] || r->choice[d].bin == bin)
            continue;
        int64_t both = change + cost(r, d) - cost(r, r->now[other]);
        int32_t items[2] = {item, other}, choices[2] = {c, d};
        if (enough && both <= most && try_steps(r, 2, items, choices))
            return true;
        if (enough && (r->choice[d].bin < 0 || r->choice[d].bin == from))
            continue;
        if (enough ? with_third(r, item, c, other, d, r->choice[d].bin, from, both, most)
                   : with_third(r, item, c, other, d, bin, r->choice[d].bin, both, most))
            return true;
    }
    return false;
}

static void propose(run *r) {
    const hcb__core *core = r->core;
    int32_t item = random_item(r);
    /* Those who wait are few and matter most. */
    if ((hcb__rng_u64(&r->rng) & 7) == 0 && r->list_count[core->n_bins] > 0)
        item = random_in(r, core->n_bins);
    if (core->start[item + 1] - core->start[item] < 2)
        return;
    int32_t c = candidate(r, item), now = r->now[item];
    if (c == now)
        return;
    int64_t most = (int64_t)(r->temperature * r->logs[below(r, LOGS)]);
    int64_t change = cost(r, c) - cost(r, now);
    bool moved = false;
    if (would_fit(r, c, now))
        moved = change <= most && try_steps(r, 1, &item, &c);
    else if (r->choice[c].bin >= 0)
        moved = evict(r, item, c, change, most);
    if (moved && r->value < r->best_value)
        keep_best(r);
}

/* A phase may use this share of what is left of the budget. */
static void begin_phase(run *r, const hcb__budget *budget, double share) {
    r->began = hcb__now();
    r->seconds = budget->deadline.at > 0 ? hcb__deadline_left(budget->deadline) * share : 0;
    r->work_began = budget->work;
    r->work = budget->work_limit > 0 ? (int64_t)((double)(budget->work_limit - budget->work) * share) + 1 : 0;
}

/* The step to go on with: the next, or a later one when the budget runs out faster than the steps. */
static int32_t next_step(const run *r, const hcb__budget *budget, int32_t step) {
    double part = r->seconds > 0 ? (hcb__now() - r->began) / r->seconds : 0;
    if (r->work > 0 && (double)(budget->work - r->work_began) > part * (double)r->work)
        part = (double)(budget->work - r->work_began) / (double)r->work;
    int32_t due = part < 1 ? (int32_t)(part * STEPS) : STEPS;
    return step + 1 > due ? step + 1 : due;
}

/* --- with limits that may be broken at a price ------------------------------------------------------------------ */

/* Loads a choice onto its rows (or off them) and gives the change of the fines. */
static double load_on(run *r, int32_t c, int64_t sign) {
    const pack_use *u = r->use + r->choice[c].use;
    double change = 0;
    for (int32_t k = 0; k < r->choice[c].n_uses; k++) {
        int64_t before = r->room[u[k].row], after = before - sign * u[k].weight;
        r->room[u[k].row] = after;
        if (before >= 0 && after >= 0)
            continue;
        r->broken += (after < 0) - (before < 0);
        change += r->fine[u[k].row] * (double)((before < 0 ? before : 0) - (after < 0 ? after : 0));
    }
    return change;
}

static void note_change(run *r, int32_t item, int32_t c) {
    r->value += r->core->cost[c] - r->core->cost[r->now[item]];
    leave(r, item);
    enter(r, item, c);
    if (!r->is_changed[item]) {
        r->is_changed[item] = 1;
        r->changed[r->n_changed++] = item;
    }
}

/* One item to a candidate, or two exchanged; limits count by their fines. */
static void propose_soft(run *r) {
    const hcb__core *core = r->core;
    int32_t item = random_item(r), now = r->now[item];
    int32_t c = candidate(r, item), other = -1, d = -1;
    if (c == now)
        return;
    double most = r->temperature * r->logs[below(r, LOGS)];
    double change = (double)(cost(r, c) - cost(r, now));
    if (r->choice[c].bin >= 0 && below(r, 2)) {
        other = random_in(r, r->choice[c].bin);
        if (other >= 0 && core->start[other + 1] - core->start[other] > 1) {
            d = hcb__core_find(core, other, r->choice[now].bin);
            if (d < 0)
                d = candidate(r, other);
            if (d == r->now[other])
                d = -1;
        }
    }
    if (d >= 0)
        change += (double)(cost(r, d) - cost(r, r->now[other]));
    change += load_on(r, now, -1);
    if (d >= 0)
        change += load_on(r, r->now[other], -1) + load_on(r, d, 1);
    change += load_on(r, c, 1);
    if (change > most) {
        load_on(r, c, -1);
        if (d >= 0) {
            load_on(r, d, -1);
            load_on(r, r->now[other], 1);
        }
        load_on(r, now, 1);
        return;
    }
    note_change(r, item, c);
    if (d >= 0)
        note_change(r, other, d);
    if (r->broken == 0 && r->value < r->best_value)
        keep_best(r);
}

/* The cheapest step that takes load off a broken row and breaks none. */
static bool relieve(run *r, int32_t row) {
    const hcb__core *core = r->core;
    int32_t bin = core->row_bin[row];
    const int32_t *list = bin >= 0 ? r->list + r->list_start[bin] : core->movable;
    int32_t n = bin >= 0 ? r->list_count[bin] : core->n_movable, best_item = -1, best_choice = -1;
    double best = 0;
    for (int32_t k = 0; k < n; k++) {
        int32_t item = list[k], now = r->now[item];
        int64_t weight = 0;
        for (int32_t u = core->use_start[now]; u < core->use_start[now + 1]; u++)
            weight = core->use_row[u] == row ? core->use_weight[u] : weight;
        if (weight <= 0)
            continue;
        double relief = (double)(weight < -r->room[row] ? weight : -r->room[row]);
        for (int32_t c = core->start[item]; c < core->start[item + 1]; c++) {
            double worth = (double)(core->cost[c] - core->cost[now]) / relief;
            if (c == now || (best_item >= 0 && worth >= best) || !would_fit(r, c, now))
                continue;
            best = worth;
            best_item = item;
            best_choice = c;
        }
    }
    if (best_item < 0)
        return false;
    load_on(r, r->now[best_item], -1);
    load_on(r, best_choice, 1);
    note_change(r, best_item, best_choice);
    return true;
}

static void back_to_best(run *r) {
    for (int32_t k = 0; k < r->n_changed; k++) {
        int32_t item = r->changed[k];
        r->is_changed[item] = 0;
        if (r->now[item] == r->best[item])
            continue;
        r->value += r->core->cost[r->best[item]] - r->core->cost[r->now[item]];
        load_on(r, r->now[item], -1);
        load_on(r, r->best[item], 1);
        leave(r, item);
        enter(r, item, r->best[item]);
    }
    r->n_changed = 0;
}

static void repair(run *r) {
    for (int32_t row = 0; row < r->core->n_rows && r->broken > 0; row++)
        while (r->room[row] < 0)
            if (!relieve(r, row)) {
                back_to_best(r);
                return;
            }
    if (r->broken > 0)
        back_to_best(r);
    else if (r->value < r->best_value)
        keep_best(r);
}

/* Fines begin a little above the rows' prices and end well above them. */
static void set_fines(run *r, const hcb__anneal_options *o, double times, const double *floor_of) {
    for (int32_t row = 0; row < r->core->n_rows; row++) {
        double price = o->row_price ? o->row_price[row] : 0;
        r->fine[row] = times * (price > floor_of[row] ? price : floor_of[row]);
    }
}

/* A fine for rows without a price: a typical difference of costs for a typical weight. */
static void find_floors(const run *r, double scale, double *floor_of) {
    const hcb__core *core = r->core;
    for (int32_t row = 0; row < core->n_rows; row++)
        floor_of[row] = 0;
    for (int32_t u = 0; u < core->use_start[core->n_choices]; u++) {
        double w = fabs((double)core->use_weight[u]);
        if (w > floor_of[core->use_row[u]])
            floor_of[core->use_row[u]] = w;
    }
    for (int32_t row = 0; row < core->n_rows; row++)
        floor_of[row] = floor_of[row] > 0 ? 2 * scale / floor_of[row] : 0;
}

static void anneal_soft(run *r, const hcb__anneal_options *o, const double *floor_of, hcb__budget *budget) {
    int64_t block = o->soft / STEPS + 1;
    double hot = o->hot > 0 ? o->hot : 1, cold = o->cold > 0 && o->cold < hot ? o->cold : hot;
    begin_phase(r, budget, 0.8);
    for (int32_t step = 0; step < STEPS; step = next_step(r, budget, step)) {
        double part = (double)step / (STEPS - 1);
        r->temperature = hot * pow(cold / hot, part);
        double now = 0;
        set_fines(r, o, 1.05 * pow(o->strict, part), floor_of);
        for (int32_t row = 0; row < r->core->n_rows; row++)
            now += r->room[row] < 0;
        r->broken = (int32_t)now;
        for (int64_t done = 0; done < block; done += BLOCK) {
            int32_t n = block - done < BLOCK ? (int32_t)(block - done) : BLOCK;
            for (int32_t k = 0; k < n; k++)
                propose_soft(r);
            budget->work += n / 8 + 1;
            if (r->best_value <= o->target || hcb__budget_over(budget)) {
                repair(r);
                return;
            }
        }
    }
    repair(r);
}

static void anneal(run *r, const hcb__anneal_options *o, hcb__budget *budget) {
    int64_t block = o->proposals / STEPS + 1;
    double hot = o->hot > 0 ? o->hot : 0, cold = o->cold > 0 && o->cold < hot ? o->cold : hot;
    begin_phase(r, budget, 0.95);
    for (int32_t step = 0; step < STEPS; step = next_step(r, budget, step)) {
        r->temperature = hot > 0 ? hot * pow(cold / hot, (double)step / (STEPS - 1)) : 0;
        for (int64_t done = 0; done < block; done += BLOCK) {
            int32_t n = block - done < BLOCK ? (int32_t)(block - done) : BLOCK;
            for (int32_t k = 0; k < n; k++)
                propose(r);
            budget->work += n / 8 + 1;
            if (r->best_value <= o->target || hcb__budget_over(budget))
                return;
        }
    }
}

static double key(const hcb__core *core, const double *reduced, int32_t c) {
    return reduced ? reduced[c] : (double)core->cost[c];
}

static void pack(run *r, const hcb__plan *plan, const double *reduced, double reach) {
    const hcb__core *core = r->core;
    for (int32_t c = 0; c < core->n_choices; c++)
        r->choice[c] =
            (pack_choice){core->cost[c], core->bin[c], core->use_start[c], core->use_start[c + 1] - core->use_start[c]};
    for (int32_t u = 0; u < core->use_start[core->n_choices]; u++)
        r->use[u] = (pack_use){core->use_weight[u], core->use_row[u]};
    for (int32_t row = 0; row < core->n_rows; row++)
        r->room[row] = core->limit[row] - plan->load[row];
    memcpy(r->list_start, core->bin_cap_start, ((size_t)core->n_bins + 1) * sizeof *r->list_start);
    for (int32_t i = 0; i < core->n_items; i++) {
        enter(r, i, plan->choice[i]);
        r->best[i] = plan->choice[i];
        int32_t lo = core->start[i];
        for (int32_t c = lo; c < core->start[i + 1]; c++) {
            int32_t at = c;
            double k = key(core, reduced, c);
            for (; at > lo && key(core, reduced, r->order[at - 1]) > k; at--)
                r->order[at] = r->order[at - 1];
            r->order[at] = c;
        }
        int32_t n = core->start[i + 1] - lo, most = n < CANDIDATES ? n : CANDIDATES;
        double least = n ? key(core, reduced, r->order[lo]) : 0;
        r->width[i] = n ? 1 : 0;
        while (r->width[i] < most && key(core, reduced, r->order[lo + r->width[i]]) <= least + reach)
            r->width[i]++;
        if (r->width[i] > 1)
            r->near[r->n_near++] = i;
        else if (n > 1)
            r->width[i] = 2;
    }
    for (int32_t k = 0; k < LOGS; k++)
        r->logs[k] = -log((k + 0.5) / LOGS);
    r->value = r->best_value = plan->cost;
}

bool hcb__swift(hcb__plan *plan, const hcb_allocator *mem, const hcb__anneal_options *o, hcb__budget *budget) {
    const hcb__core *core = plan->core;
    hcb__arena arena;
    hcb__arena_init(&arena, mem);
    size_t items = (size_t)core->n_items + 1, choices = (size_t)core->n_choices + 1, bins = (size_t)core->n_bins + 2;
    run *r = hcb__arena_alloc(&arena, 1, sizeof *r);
    double *floor_of = NULL;
    bool ok = r != NULL;
    if (ok) {
        r->core = core;
        hcb__rng_seed(&r->rng, o->seed, o->stream);
        r->choice = hcb__arena_alloc(&arena, choices, sizeof *r->choice);
        r->use = hcb__arena_alloc(&arena, (size_t)core->use_start[core->n_choices] + 1, sizeof *r->use);
        r->room = hcb__arena_alloc(&arena, (size_t)core->n_rows + 1, sizeof *r->room);
        r->fine = hcb__arena_alloc(&arena, (size_t)core->n_rows + 1, sizeof *r->fine);
        floor_of = hcb__arena_alloc(&arena, (size_t)core->n_rows + 1, sizeof *floor_of);
        r->order = hcb__arena_alloc(&arena, choices, sizeof *r->order);
        r->width = hcb__arena_alloc(&arena, items, sizeof *r->width);
        r->near = hcb__arena_alloc(&arena, items, sizeof *r->near);
        r->now = hcb__arena_alloc(&arena, items, sizeof *r->now);
        r->list_start = hcb__arena_alloc(&arena, bins, sizeof *r->list_start);
        r->list_count = hcb__arena_alloc(&arena, bins, sizeof *r->list_count);
        r->list = hcb__arena_alloc(&arena, choices + items, sizeof *r->list);
        r->place = hcb__arena_alloc(&arena, items, sizeof *r->place);
        r->best = hcb__arena_alloc(&arena, items, sizeof *r->best);
        r->changed = hcb__arena_alloc(&arena, items, sizeof *r->changed);
        r->is_changed = hcb__arena_alloc(&arena, items, 1);
        ok = r->choice && r->use && r->room && r->fine && floor_of && r->order && r->width && r->near && r->now &&
             r->list_start && r->list_count && r->list && r->place && r->best && r->changed && r->is_changed;
    }
    if (ok) {
        pack(r, plan, o->reduced, REACH * o->hot);
        if (o->soft > 0) {
            find_floors(r, hcb__anneal_scale(core, o->reduced), floor_of);
            anneal_soft(r, o, floor_of, budget);
        }
        anneal(r, o, budget);
        hcb__plan_set(plan, r->best);
    }
    hcb__arena_release(&arena);
    return ok;
}
