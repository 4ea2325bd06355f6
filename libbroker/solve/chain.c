/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/chain.h"

#include <math.h>
#include <string.h>

/* Links kept of each length, items of a longest chain, candidates of an item; chains, or so many choices looked at,
 * between two looks at the budget and the limits; choices looked at for a unit of work. */
enum { LOGS = 4096, BEAM = 16, LONGEST = 8, CANDIDATES = 8, TURN = 16, MOST_LOOKS = 1 << 20, LOOKS_A_UNIT = 128 };

/* The least and the most of fines, in prices of the rows. */
static const double LEAST_FINE = 1.2, MOST_FINE = 1000;

/* `hand` was sent away by its parent's hand, which took `put` in the same bin. */
typedef struct link {
    int32_t hand, put, parent;
    double change; /* of cost and fines so far */
    double score;  /* with the hand at its least price, and a little noise: the next links are made from the least */
} link;

typedef struct run {
    hcb__plan *plan;
    const hcb__core *core;
    hcb__rng rng;
    double *fine;    /* [n_rows] */
    double *price;   /* [n_rows] what fines are multiples of */
    double *least;   /* [n_items] the least priced value of its choices */
    int32_t *order;  /* choices of an item, best candidate first */
    int32_t *width;  /* [n_items] how many of them are candidates */
    int64_t *listed; /* [n_items] when it was last given a link */
    int64_t turn;
    int32_t *best;
    int64_t best_value;
    link link[LONGEST][BEAM];
    int32_t n_links[LONGEST];
    double leaving; /* change of the fines when the first item of the chain leaves */
    link end;       /* of the best whole chain: its last item, where it goes, and the link it was */
    int32_t end_length;
    double logs[LOGS]; /* -log of evenly spaced probabilities */
    double temperature;
    int64_t looks;
} run;

static inline double noise(run *r) {
    return r->temperature * r->logs[hcb__rng_below(&r->rng, LOGS)];
}

static inline double over(const run *r, int32_t row, int64_t load) {
    int64_t o = load - r->core->limit[row];
    return o > 0 ? (double)o * r->fine[row] : 0;
}

/* Change of the fines when choice c is taken up and `out` (-1: nothing), of the same bin, is given up. */
static inline double fines(const run *r, int32_t c, int32_t out) {
    const hcb__core *core = r->core;
    double sum = 0;
    for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++) {
        int32_t row = core->use_row[u];
        int64_t before = r->plan->load[row], after = before + core->use_weight[u];
        if (after <= core->limit[row] && before <= core->limit[row])
            continue;
        int32_t v = out >= 0 ? core->use_start[out] : 0, end = out >= 0 ? core->use_start[out + 1] : 0;
        while (v < end && core->use_row[v] != row)
            v++;
        sum += over(r, row, v < end ? after - core->use_weight[v] : after) - over(r, row, before);
    }
    return sum;
}

/* Keeps the link among the best of its length, one for each item. */
static void add_link(run *r, int32_t length, link l) {
    link *list = r->link[length];
    int32_t n = r->n_links[length], at;
    int64_t stamp = r->turn * LONGEST + length;
    if (r->listed[l.hand] == stamp) {
        for (at = 0; at < n && list[at].hand != l.hand; at++)
            ;
        if (at < n && list[at].score <= l.score)
            return;
        if (at < n) {
            n--;
            memmove(list + at, list + at + 1, (size_t)(n - at) * sizeof *list);
        }
    }
    r->listed[l.hand] = stamp;
    n -= n == BEAM;
    for (at = n; at > 0 && list[at - 1].score > l.score; at--)
        ;
    memmove(list + at + 1, list + at, (size_t)(n - at) * sizeof *list);
    list[at] = l;
    r->n_links[length] = n + 1;
}

static void end_chain(run *r, int32_t length, int32_t parent, int32_t c, double change) {
    double score = change + noise(r);
    if (r->end_length < 0 || score < r->end.score) {
        r->end = (link){r->link[length][parent].hand, c, parent, change, score};
        r->end_length = length;
    }
}

static bool has_bin(const run *r, int32_t length, int32_t at, int32_t bin) {
    for (; length >= 0; at = r->link[length--][at].parent)
        if (r->core->bin[r->plan->choice[r->link[length][at].hand]] == bin)
            return true;
    return false;
}

/* Ends the chain with the hand in the bin, and goes on with every item of the bin it can take the place of. */
static void go_to(run *r, int32_t length, int32_t at, int32_t c) {
    const hcb__core *core = r->core;
    const hcb__plan *plan = r->plan;
    const link *from = &r->link[length][at];
    double change = from->change + (double)core->cost[c], extra = fines(r, c, -1);
    int32_t bin = core->bin[c], next = length + 1;
    end_chain(r, length, at, c, change + extra);
    if (extra == 0 || next == LONGEST)
        return;
    const int32_t *list = plan->bin_item + core->bin_cap_start[bin];
    r->looks += plan->bin_count[bin];
    for (int32_t k = 0; k < plan->bin_count[bin]; k++) {
        int32_t item = list[k], now = plan->choice[item], n = r->n_links[next];
        double after = change - (double)core->cost[now], score = after + r->least[item];
        double worst = n < BEAM ? INFINITY : r->link[next][n - 1].score;
        if (r->width[item] < 2 || score >= worst || (score += noise(r)) >= worst)
            continue;
        double fine = fines(r, c, now);
        r->looks += 4;
        if (score + fine < worst)
            add_link(r, next, (link){item, c, at, after + fine, score + fine});
    }
}

static void grow(run *r, int32_t length, int32_t at, int32_t first) {
    const hcb__core *core = r->core;
    const link *from = &r->link[length][at];
    int32_t hand = from->hand, home = core->bin[r->plan->choice[first]];
    int32_t back = length > 0 && home >= 0 ? hcb__core_find(core, hand, home) : -1;
    if (back >= 0)
        end_chain(r, length, at, back,
                  from->change + (double)core->cost[back] + fines(r, back, r->plan->choice[first]) - r->leaving);
    for (int32_t k = 0; k < r->width[hand]; k++) {
        int32_t c = r->order[core->start[hand] + k], bin = core->bin[c];
        r->looks += 4;
        if (c == r->plan->choice[hand])
            continue;
        if (bin < 0)
            end_chain(r, length, at, c, from->change + (double)core->cost[c]);
        else if (!has_bin(r, length, at, bin))
            go_to(r, length, at, c);
    }
}

static bool all_hold(const run *r) {
    for (int32_t row = 0; row < r->core->n_rows; row++)
        if (r->plan->load[row] > r->core->limit[row])
            return false;
    return true;
}

static void take_chain(run *r) {
    int32_t item[LONGEST], choice[LONGEST], n = 0, put = r->end.put;
    for (int32_t length = r->end_length, at = r->end.parent; length >= 0; length--) {
        const link *l = &r->link[length][at];
        item[n] = l->hand;
        choice[n++] = put;
        put = l->put;
        at = l->parent;
    }
    hcb__plan_put(r->plan, n, item, choice);
    if (hcb__plan_value(r->plan) < r->best_value && all_hold(r)) {
        r->best_value = hcb__plan_value(r->plan);
        memcpy(r->best, r->plan->choice, (size_t)r->core->n_items * sizeof *r->best);
    }
}

static void chain_from(run *r, int32_t first) {
    const hcb__core *core = r->core;
    int32_t now = r->plan->choice[first];
    r->turn++;
    r->leaving = 0;
    for (int32_t u = core->use_start[now]; u < core->use_start[now + 1]; u++) {
        int32_t row = core->use_row[u];
        r->leaving += over(r, row, r->plan->load[row] - core->use_weight[u]) - over(r, row, r->plan->load[row]);
    }
    memset(r->n_links, 0, sizeof r->n_links);
    r->link[0][0] = (link){first, -1, 0, r->leaving - (double)core->cost[now], 0};
    r->n_links[0] = 1;
    r->end_length = -1;
    for (int32_t length = 0; length < LONGEST; length++)
        for (int32_t at = 0; at < r->n_links[length]; at++)
            grow(r, length, at, first);
    if (r->end_length >= 0 && r->end.change <= noise(r))
        take_chain(r);
}

static void follow_limits(run *r, const hcb__chain_options *o) {
    for (int32_t row = 0; row < r->core->n_rows; row++) {
        double low = LEAST_FINE * r->price[row], fine = r->fine[row];
        fine *= r->plan->load[row] > r->core->limit[row] ? o->up : o->down;
        r->fine[row] = fmin(fmax(fine, low), MOST_FINE * low);
    }
}

/* How much of the run is over, by work or by the clock. */
static double part_done(const hcb__budget *began, const hcb__budget *now, double since, int64_t work) {
    double part = (double)(now->work - began->work) / (double)work;
    if (now->deadline.at > 0) {
        double gone = hcb__now() - since;
        part = fmax(part, gone / (gone + fmax(hcb__deadline_left(now->deadline), 1e-6)));
    }
    return part;
}

static void walk(run *r, const hcb__chain_options *o, hcb__budget *budget) {
    const hcb__core *core = r->core;
    hcb__budget began = *budget;
    double since = hcb__now(), cold = o->cold < o->hot ? o->cold : o->hot;
    int64_t work = o->work;
    if (budget->work_limit > 0 && budget->work_limit - budget->work < work)
        work = budget->work_limit - budget->work;
    double part = 0;
    while (part < 1 && r->best_value > o->target && !hcb__budget_over(budget)) {
        r->temperature = o->hot * pow(cold / o->hot, part);
        follow_limits(r, o);
        for (int32_t k = 0; k < TURN && r->looks < MOST_LOOKS; k++)
            chain_from(r, core->movable[hcb__rng_below(&r->rng, (uint32_t)core->n_movable)]);
        budget->work += r->looks / LOOKS_A_UNIT + 1;
        r->looks %= LOOKS_A_UNIT;
        part = part_done(&began, budget, since, work);
    }
}

static void sort_candidates(run *r, const hcb__chain_options *o) {
    const hcb__core *core = r->core;
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t lo = core->start[i], n = core->start[i + 1] - lo;
        for (int32_t c = lo; c < lo + n; c++) {
            int32_t at = c;
            for (; at > lo && o->reduced[r->order[at - 1]] > o->reduced[c]; at--)
                r->order[at] = r->order[at - 1];
            r->order[at] = c;
        }
        r->width[i] = n < CANDIDATES ? n : CANDIDATES;
        for (int32_t u = core->use_start[r->order[lo]]; u < core->use_start[r->order[lo] + 1]; u++)
            r->least[i] += o->row_price[core->use_row[u]] * (double)core->use_weight[u];
        r->least[i] += (double)core->cost[r->order[lo]];
    }
}

/* A row without a price: a typical difference of costs for its largest weight. */
static void set_fines(run *r, const hcb__chain_options *o) {
    const hcb__core *core = r->core;
    for (int32_t u = 0; u < core->use_start[core->n_choices]; u++)
        r->price[core->use_row[u]] = fmax(r->price[core->use_row[u]], fabs((double)core->use_weight[u]));
    for (int32_t row = 0; row < core->n_rows; row++) {
        r->price[row] = fmax(o->row_price[row], r->price[row] > 0 ? 2 * o->hot / r->price[row] : 0);
        r->fine[row] = 2 * LEAST_FINE * r->price[row];
    }
}

bool hcb__suits_chains(const hcb__core *core) {
    bool suits = core->first_goal == core->n_rows && core->n_movable > 0;
    for (int32_t k = 0; suits && k < core->n_movable; k++)
        suits = core->bin[core->start[core->movable[k] + 1] - 1] != HCB__WAITS;
    return suits;
}

bool hcb__chains(hcb__plan *plan, const hcb_allocator *mem, const hcb__chain_options *o, hcb__budget *budget) {
    const hcb__core *core = plan->core;
    size_t items = (size_t)core->n_items + 1, rows = (size_t)core->n_rows + 1;
    hcb__arena arena;
    hcb__arena_init(&arena, mem);
    run *r = hcb__arena_alloc(&arena, 1, sizeof *r);
    bool ok = r != NULL;
    if (ok) {
        r->plan = plan;
        r->core = core;
        hcb__rng_seed(&r->rng, o->seed, o->stream);
        r->fine = hcb__arena_alloc(&arena, rows, sizeof *r->fine);
        r->price = hcb__arena_alloc(&arena, rows, sizeof *r->price);
        r->least = hcb__arena_alloc(&arena, items, sizeof *r->least);
        r->order = hcb__arena_alloc(&arena, (size_t)core->n_choices + 1, sizeof *r->order);
        r->width = hcb__arena_alloc(&arena, items, sizeof *r->width);
        r->listed = hcb__arena_alloc(&arena, items, sizeof *r->listed);
        r->best = hcb__arena_alloc(&arena, items, sizeof *r->best);
        ok = r->fine && r->price && r->least && r->order && r->width && r->listed && r->best;
    }
    if (ok && o->hot > 0 && o->cold > 0 && o->work > 0 && core->n_movable > 0) {
        for (int32_t k = 0; k < LOGS; k++)
            r->logs[k] = -log((k + 0.5) / LOGS);
        sort_candidates(r, o);
        set_fines(r, o);
        memcpy(r->best, plan->choice, (size_t)core->n_items * sizeof *r->best);
        r->best_value = hcb__plan_value(plan);
        walk(r, o, budget);
        hcb__plan_set(plan, r->best);
    }
    hcb__arena_release(&arena);
    return ok;
}
