/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of work: level after level, each searched, bounded and frozen; then the last polish. */
#include "solve/engine.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "solve/anneal.h"
#include "solve/ascend.h"
#include "solve/backend.h"
#include "solve/branch.h"
#include "solve/bundle.h"
#include "solve/dive.h"
#include "solve/lp.h"
#include "solve/neighbourhood.h"
#include "solve/polish.h"
#include "solve/proof.h"
#include "solve/validate.h"

/* Of a solve that was given neither time nor work. */
static const int64_t DEFAULT_WORK = 12000000;

enum {
    SWAP_ITEMS = 1000, /* all exchanges are tried up to so many items */
    VERY_FEW = 100,    /* branch and price however many there are a bin */
    FEW_ITEMS = 300,   /* branch and price up to so many items that can move */
    MOST_TREE_NODES = 20000,
    FEW_NODES = 40,
    SOME_ITEMS = 6000, /* the bound is raised above the LP's up to so many */
    NEIGHBOURS = 60,   /* items of a neighbourhood solved anew */
    RAISE_TURNS = 150,
    PRICE_TURNS = 60,   /* from known prices */
    RAISE_NODES = 1500, /* of each bin's search meanwhile */
    STREAMS = 2         /* searches of a round; the answer depends on it, so it does not follow the threads */
};

/* What is kept of a level that is done. */
typedef struct level_state {
    hcb__prices prices;      /* best row prices so far; row NULL: none */
    hcb__multipliers as_row; /* the same, the level itself as a row, for the certificates of later levels */
    bool fixes;              /* as_row left choices out */
    uint8_t *allowed;        /* before the level */
    int64_t *kept;           /* earlier levels' frozen values the bound was proved under; NULL: no bound yet */
} level_state;

typedef struct solver {
    const hcb_allocator *mem;
    const hcb__engine_problem *p;
    const hcb__engine_options *options;
    hcb__worker *worker;
    hcb__engine_answer *answer;
    hcb__budget budget;
    double began;
    int64_t n_pairs;
    hcb__allowed allowed;
    level_state *level;
    int64_t *value, *frozen, *floor;
    HCB__VEC(hcb__multipliers) forcing; /* side rows that alone leave choices out, in the order in which they do */
} solver;

static void publish(const solver *s, int32_t j, int64_t value, int64_t bound, bool has_bound) {
    hcb_progress progress;
    memset(&progress, 0, sizeof progress);
    progress.struct_size = sizeof progress;
    progress.phase = HCB_PHASE_SOLVE;
    progress.level = j >= 0 && s->p->levels[j].name ? s->p->levels[j].name : "";
    progress.elapsed_s = hcb__now() - s->began;
    progress.value = value;
    progress.bound = bound;
    progress.has_value = 1;
    progress.has_bound = has_bound;
    progress.work = s->budget.work;
    progress.work_limit = s->budget.work_limit;
    hcb__worker_publish(s->worker, &progress);
}

static double magnitude(int64_t v) {
    return v < 0 ? -(double)v : (double)v;
}

/* How far the bound may stay below the value when the search stops: the gap asked for, of the part of the value that
 * can change. What fixed placements cost would else hide a queue in a county's total. */
static double room_of(const solver *s, int32_t j, int64_t value) {
    double whole = magnitude(value), part = j >= 0 ? magnitude(value - s->p->levels[j].constant) : whole;
    return s->options->gap * (part < whole ? part : whole);
}

static bool close_enough(const solver *s, int32_t j, int64_t value, int64_t bound) {
    return value <= bound || (double)value - (double)bound <= room_of(s, j, value);
}

static int64_t tolerated(const hcb__engine_level *level, int64_t value) {
    hcb__wide more = value > 0 ? (hcb__wide)value * level->tolerance_ppm / 1000000 : 0;
    if (more < level->tolerance)
        more = level->tolerance;
    hcb__wide sum = more + value;
    return sum > INT64_MAX / 4 ? INT64_MAX / 4 : (int64_t)sum;
}

/* The share of what is left that a level may use: the first searched level twice what each later one may. */
static hcb__budget share(const solver *s, int32_t j) {
    hcb__budget part = s->budget;
    double of = j < 0 ? 0.5 : 2.0 / (s->p->n_levels - j + 1);
    if (part.deadline.at > 0) {
        double left = hcb__deadline_left(part.deadline) * of;
        part.deadline = hcb__deadline_in(left > 1e-6 ? left : 1e-6);
    }
    if (part.work_limit > 0) {
        int64_t left = part.work_limit - part.work;
        part.work_limit = part.work + (left > 0 ? (int64_t)((double)left * of) : 0);
    }
    return part;
}

/* A share of what is left of a budget. */
static hcb__budget part_of(const hcb__budget *budget, double of) {
    hcb__budget part = *budget;
    if (part.deadline.at > 0)
        part.deadline = hcb__deadline_in(hcb__deadline_left(part.deadline) * of + 1e-6);
    if (part.work_limit > 0)
        part.work_limit = part.work + (int64_t)((double)(part.work_limit - part.work) * of);
    return part;
}

/* A level being worked on. */
typedef struct work {
    hcb__core *core;
    hcb__plan plan;
    hcb__lp_answer lp;
    hcb__prices prices;
    int64_t bound;
    hcb__budget budget;
    bool has_tree; /* the proof holds the whole certificate */
    hcb__proof proof;
} work;

/* HCB_EINTERNAL: the plan breaks a row, or uses a choice that was fixed out. */
static hcb_status set_from_bins(work *w, const int32_t *bin, const hcb_allocator *mem) {
    int32_t *choice = hcb__calloc(mem, (size_t)w->core->n_items + 1, sizeof *choice);
    if (!choice)
        return HCB_ENOMEM;
    bool ok = true;
    for (int32_t i = 0; ok && i < w->core->n_items; i++) {
        choice[i] = hcb__core_find(w->core, i, bin[i]);
        ok = choice[i] >= 0;
    }
    ok = ok && hcb__plan_set(&w->plan, choice);
    hcb__free(mem, choice);
    return ok ? HCB_OK : HCB_EINTERNAL;
}

static void take_prices(work *w, const hcb_allocator *mem, hcb__prices *prices) {
    int64_t bound = hcb__dual_ceil(hcb__dual_value(w->core, prices), prices->denominator);
    if (!w->prices.row || bound > w->bound) {
        hcb__prices_free(&w->prices, mem);
        w->prices = *prices;
        w->bound = bound;
    } else {
        hcb__prices_free(prices, mem);
    }
}

/* Prices of nothing, and those an earlier run of the level left. */
static bool first_prices(solver *s, work *w, const hcb__prices *kept) {
    double *zero = hcb__calloc(s->mem, (size_t)w->core->n_rows + 1, sizeof *zero);
    hcb__prices prices = {1, NULL};
    bool ok = zero && hcb__prices_round(&prices, s->mem, w->core, zero, 1);
    hcb__free(s->mem, zero);
    if (ok)
        take_prices(w, s->mem, &prices);
    if (ok && kept && kept->row) {
        ok = hcb__prices_copy(&prices, s->mem, w->core, kept);
        if (ok)
            take_prices(w, s->mem, &prices);
    }
    return ok;
}

static bool relax(solver *s, work *w) {
    hcb__prices prices = {1, NULL};
    if (!hcb__lp_solve(&w->lp, s->mem, w->core, &w->budget) ||
        !hcb__prices_round(&prices, s->mem, w->core, w->lp.row_price, HCB__FINEST_DENOMINATOR))
        return false;
    take_prices(w, s->mem, &prices);
    return true;
}

/* The rounded LP, when it holds and is better than the plan at hand. */
static bool try_rounded(solver *s, work *w) {
    int32_t *now = hcb__calloc(s->mem, (size_t)w->core->n_items + 1, sizeof *now);
    int32_t *rounded = hcb__calloc(s->mem, (size_t)w->core->n_items + 1, sizeof *rounded);
    bool found = false;
    bool ok = now && rounded && hcb__dive(rounded, &found, s->mem, w->core, &w->lp, s->frozen, &w->budget);
    if (ok && found) {
        int64_t before = hcb__plan_value(&w->plan);
        memcpy(now, w->plan.choice, (size_t)w->core->n_items * sizeof *now);
        if (!hcb__plan_set(&w->plan, rounded) || hcb__plan_value(&w->plan) >= before)
            hcb__plan_set(&w->plan, now);
    }
    hcb__free(s->mem, now);
    hcb__free(s->mem, rounded);
    return ok;
}

/* The host's allocator need not bear two threads at once: the streams take turns. */
typedef struct shared_memory {
    const hcb_allocator *mem;
    pthread_mutex_t lock;
} shared_memory;

static void *shared_malloc(size_t size, void *user) {
    shared_memory *m = user;
    pthread_mutex_lock(&m->lock);
    void *ptr = m->mem->malloc_fn(size, m->mem->user);
    pthread_mutex_unlock(&m->lock);
    return ptr;
}

static void *shared_realloc(void *ptr, size_t size, void *user) {
    shared_memory *m = user;
    pthread_mutex_lock(&m->lock);
    void *moved = m->mem->realloc_fn(ptr, size, m->mem->user);
    pthread_mutex_unlock(&m->lock);
    return moved;
}

static void shared_free(void *ptr, void *user) {
    shared_memory *m = user;
    pthread_mutex_lock(&m->lock);
    m->mem->free_fn(ptr, m->mem->user);
    pthread_mutex_unlock(&m->lock);
}

/* One of the independent searches of a round. */
typedef struct stream {
    const hcb_allocator *mem;
    hcb__plan plan;
    hcb__anneal_options options;
    hcb__budget budget;
    bool ok;
} stream;

static void *run_stream(void *arg) {
    stream *one = arg;
    one->ok = hcb__anneal(&one->plan, one->mem, &one->options, &one->budget);
    return NULL;
}

/* The streams of a round, side by side where there are threads: what each does does not depend on it. */
static void run_streams(const solver *s, stream *streams, hcb__budget *budget) {
    pthread_t thread[STREAMS];
    bool started[STREAMS] = {false};
    int64_t left = budget->work_limit > 0 ? (budget->work_limit - budget->work) / STREAMS : 0;
    hcb__deadline deadline = budget->deadline;
    bool side_by_side = s->options->threads >= STREAMS;
    for (int32_t k = 0; k < STREAMS; k++) {
        streams[k].budget = *budget;
        streams[k].budget.work = 0;
        streams[k].budget.work_limit = budget->work_limit > 0 ? (left > 0 ? left : 1) : 0;
        if (!side_by_side && deadline.at > 0 && k + 1 < STREAMS)
            streams[k].budget.deadline = hcb__deadline_in(hcb__deadline_left(deadline) / (STREAMS - k));
        started[k] = side_by_side && k + 1 < STREAMS && pthread_create(&thread[k], NULL, run_stream, &streams[k]) == 0;
        if (!started[k])
            run_stream(&streams[k]);
    }
    for (int32_t k = 0; k < STREAMS; k++) {
        if (started[k])
            pthread_join(thread[k], NULL);
        budget->work += streams[k].budget.work;
    }
}

/* One round: every stream from the plan at hand, the best of them (the first among equals) kept. */
static bool search_round(solver *s, work *w, const hcb__anneal_options *options, int32_t round) {
    stream streams[STREAMS];
    shared_memory memory = {.mem = s->mem};
    hcb_allocator shared = {shared_malloc, shared_realloc, shared_free, &memory};
    memset(streams, 0, sizeof streams);
    bool ok = pthread_mutex_init(&memory.lock, NULL) == 0;
    if (!ok)
        return false;
    for (int32_t k = 0; k < STREAMS; k++) {
        streams[k].mem = &shared;
        streams[k].options = *options;
        streams[k].options.stream = (uint64_t)(round * STREAMS + k);
        ok = hcb__plan_init(&streams[k].plan, s->mem, w->core) && ok;
        if (ok)
            hcb__plan_set(&streams[k].plan, w->plan.choice);
    }
    if (ok)
        run_streams(s, streams, &w->budget);
    for (int32_t k = 0; ok && k < STREAMS; k++) {
        if (hcb__plan_value(&streams[k].plan) < hcb__plan_value(&w->plan))
            hcb__plan_set(&w->plan, streams[k].plan.choice);
        ok = streams[k].ok;
    }
    for (int32_t k = 0; k < STREAMS; k++)
        hcb__plan_free(&streams[k].plan, s->mem);
    pthread_mutex_destroy(&memory.lock);
    return ok;
}

/* Small steps, for a small part of the budget. */
static void descend(work *w) {
    hcb__budget part = part_of(&w->budget, 0.1);
    hcb__plan_descend(&w->plan, &part);
    w->budget.work = part.work;
}

/* Branch and price is for few items a bin: with many, the LP is nearly as good a bound and far cheaper. */
static bool suits_branching(const hcb__core *core) {
    return core->n_movable <= VERY_FEW || (core->n_movable <= FEW_ITEMS && core->n_movable / 8 <= core->n_bins);
}

/* Neighbourhoods solved anew, for as much work as `part` allows. Goals couple all bins: nothing for them. */
static bool solve_anew(solver *s, work *w, int32_t j, hcb__budget part, int32_t round) {
    hcb__neighbourhood n = {.lp = &w->lp, .frozen = s->frozen, .items = NEIGHBOURS};
    hcb__rng_seed(&n.rng, s->options->seed, (uint64_t)(1000 + round));
    bool ok = true;
    while (ok && w->core->first_goal == w->core->n_rows && !hcb__budget_over(&part) &&
           !close_enough(s, j, hcb__plan_value(&w->plan), w->bound))
        ok = hcb__neighbourhood_step(&w->plan, s->mem, &n, &part);
    w->budget.work = part.work;
    return ok;
}

/* Rounds of annealing, each longer than the one before; their heat and the fines for broken limits vary. */
static bool search(solver *s, work *w, int32_t j, int32_t rounds) {
    static const double heat[] = {0.05, 0.1, 0.3, 0.03}, strict[] = {4, 8, 3, 5};
    double scale = hcb__anneal_scale(w->core, w->lp.reduced);
    int64_t proposals = (int64_t)w->core->n_movable * 200 + 1000;
    for (int32_t round = 0; round < rounds && !hcb__budget_over(&w->budget); round++) {
        if (close_enough(s, j, hcb__plan_value(&w->plan), w->bound) || w->core->n_movable == 0)
            break;
        hcb__anneal_options o = {.hot = scale * heat[round % 4],
                                 .cold = scale * heat[round % 4] * 0.05,
                                 .proposals = proposals,
                                 .soft = 6 * proposals,
                                 .strict = strict[round % 4],
                                 .target = w->bound,
                                 .seed = s->options->seed,
                                 .row_price = w->lp.row_price,
                                 .reduced = w->lp.reduced};
        if (!search_round(s, w, &o, round))
            return false;
        if (w->core->n_items <= SWAP_ITEMS)
            descend(w);
        publish(s, j, hcb__plan_value(&w->plan), w->bound, true);
        if (rounds == INT32_MAX && suits_branching(w->core) && !solve_anew(s, w, j, part_of(&w->budget, 0.2), round))
            return false;
        proposals += proposals / 2;
    }
    return true;
}

/* The part of a certificate that all levels share: what single rows and earlier levels leave out. */
static void add_earlier(const solver *s, hcb__proof *proof, int32_t j) {
    for (size_t k = 0; k < s->forcing.count; k++) {
        int32_t node =
            hcb__proof_add(proof, HCB__CERT_FIX_EMPTY, 0, hcb__proof_add_multipliers(proof, &s->forcing.at[k]));
        if (!proof->failed)
            proof->nodes.at[node].with = node + 1;
    }
    for (int32_t k = 0; k < j; k++)
        if (s->level[k].fixes) {
            int32_t node =
                hcb__proof_add(proof, HCB__CERT_FIX_EMPTY, 0, hcb__proof_add_multipliers(proof, &s->level[k].as_row));
            if (!proof->failed)
                proof->nodes.at[node].with = node + 1;
        }
}

/* The certificate of a level: the tree when there is one, else one leaf. */
static bool certify(solver *s, work *w, int32_t j) {
    if (w->has_tree)
        return hcb__proof_finish(&w->proof, &s->answer->levels[j].certificate);
    hcb__proof proof;
    hcb__multipliers leaf;
    hcb__proof_init(&proof, &s->answer->arena, w->prices.denominator);
    bool ok = hcb__proof_multipliers(&leaf, proof.arena, w->core, &w->prices, false, NULL);
    add_earlier(s, &proof, j);
    if (ok)
        hcb__proof_add(&proof, HCB__CERT_LEAF, 0, hcb__proof_add_multipliers(&proof, &leaf));
    ok = ok && hcb__proof_finish(&proof, &s->answer->levels[j].certificate);
    hcb__proof_free(&proof);
    return ok;
}

/* Leaves out, by the LP's prices, what no better plan can hold; adds the node that says so. */
static bool fix_by_value(solver *s, work *w, hcb__proof *proof, hcb__allowed *allowed) {
    hcb__prices prices = {1, NULL};
    hcb__multipliers m;
    if (!hcb__prices_round(&prices, s->mem, w->core, w->lp.row_price, proof->denominator))
        return false;
    bool ok = true;
    if (prices.denominator == proof->denominator &&
        hcb__dual_fix(w->core, &prices, hcb__plan_value(&w->plan) - 1, allowed) > 0) {
        ok = hcb__proof_multipliers(&m, proof->arena, w->core, &prices, false, NULL);
        int32_t node = ok ? hcb__proof_add(proof, HCB__CERT_FIX, 0, hcb__proof_add_multipliers(proof, &m)) : -1;
        if (ok && !proof->failed)
            proof->nodes.at[node].with = node + 1;
    }
    hcb__prices_free(&prices, s->mem);
    return ok;
}

/* A better plan of the tree, which knows fewer choices, becomes the level's. */
static bool adopt(solver *s, work *w, const hcb__branch_task *task) {
    int32_t *bin = hcb__calloc(s->mem, (size_t)w->core->n_items + 1, sizeof *bin);
    for (int32_t i = 0; bin && i < w->core->n_items; i++)
        bin[i] = task->core->bin[task->choice[i]];
    bool ok = bin && set_from_bins(w, bin, s->mem) == HCB_OK;
    hcb__free(s->mem, bin);
    return ok;
}

/* Branch and price on what the LP's prices leave. */
static bool prove(solver *s, work *w, int32_t j, int32_t most_nodes, bool to_the_end) {
    size_t choices = (size_t)(s->n_pairs + s->p->n_items);
    hcb__allowed allowed = {hcb__malloc(s->mem, choices + 1), s->n_pairs};
    hcb__branch_task task;
    hcb__proof proof;
    hcb__core *core = NULL;
    hcb__lp_answer lp;
    memset(&task, 0, sizeof task);
    memset(&lp, 0, sizeof lp);
    hcb__proof_init(&proof, &s->answer->arena, hcb__branch_denominator(w->core));
    task.choice = hcb__calloc(s->mem, (size_t)s->p->n_items + 1, sizeof *task.choice);
    bool ok = allowed.at && task.choice;
    if (ok) {
        memcpy(allowed.at, s->allowed.at, choices);
        add_earlier(s, &proof, j);
        ok = fix_by_value(s, w, &proof, &allowed) && hcb__core_build(&core, s->mem, s->p, j, &allowed, s->frozen);
    }
    if (ok && core->n_choices > 0) {
        task.core = core;
        lp.row_price = w->lp.row_price; /* rows are the same, whatever the choices */
        task.lp = &lp;
        task.value = hcb__plan_value(&w->plan);
        /* A little less than the gap allows: the value may still fall, and the gap with it. */
        task.slack = to_the_end ? 0 : (int64_t)(0.9 * room_of(s, j, task.value));
        task.most_nodes = most_nodes;
        task.seed = s->options->seed;
        task.proof = &proof;
        hcb__budget part = part_of(&w->budget, core->n_movable <= VERY_FEW ? 0.9 : 0.6);
        hcb_status status = hcb__branch(&task, s->mem, &part);
        w->budget.work = part.work;
        ok = status != HCB_ENOMEM;
        if (ok && task.found)
            ok = adopt(s, w, &task);
        if (ok && status == HCB_OK && task.bound > w->bound) {
            if (w->has_tree)
                hcb__proof_free(&w->proof);
            w->bound = task.bound;
            w->proof = proof;
            w->has_tree = true;
            memset(&proof.nodes, 0, sizeof proof.nodes);
            memset(&proof.multipliers, 0, sizeof proof.multipliers);
        }
    }
    hcb__proof_free(&proof);
    hcb__core_free(core);
    hcb__free(s->mem, task.choice);
    hcb__free(s->mem, allowed.at);
    return ok;
}

/* Item prices that go with the LP's row prices: the least priced value of each item's choices. */
static void prices_of_lp(const work *w, double *item_price, double *row_price) {
    const hcb__core *core = w->core;
    for (int32_t i = 0; i < core->n_items; i++) {
        double least = INFINITY;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            double v = (double)core->cost[c];
            for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
                v += w->lp.row_price[core->use_row[u]] * (double)core->use_weight[u];
            least = v < least ? v : least;
        }
        item_price[i] = least;
    }
    for (int32_t r = 0; r < core->n_rows; r++)
        row_price[r] = core->row_bin[r] < 0 ? w->lp.row_price[r] : 0;
}

/* One leaf with item prices, raised from the LP's by a subgradient method. */
static bool raise_bound(solver *s, work *w, int32_t j, int32_t iterations) {
    size_t items = (size_t)w->core->n_items + 1, rows = (size_t)w->core->n_rows + 1;
    double *price = hcb__calloc(s->mem, items + rows, sizeof *price);
    hcb__bundle bundle;
    hcb__proof proof;
    hcb__multipliers leaf;
    hcb__budget budget = part_of(&w->budget, 0.4);
    memset(&bundle, 0, sizeof bundle);
    bool ok = price && hcb__bundle_init(&bundle, s->mem, w->core, &budget);
    if (ok && bundle.overfull < 0) {
        prices_of_lp(w, price, price + items);
        hcb__wide best = hcb__bundle_ascend(&bundle, price, price + items, iterations, hcb__plan_value(&w->plan),
                                            RAISE_NODES, NULL, NULL);
        hcb__bundle_point(&bundle, price, price + items);
        bundle.bound = best;
        int64_t bound = hcb__dual_ceil(bundle.bound, bundle.denominator);
        hcb__prices prices = {bundle.denominator, bundle.row_price};
        hcb__proof_init(&proof, &s->answer->arena, bundle.denominator);
        hcb__bundle_seal(&bundle, bound);
        if (best > HCB__NO_BOUND && bound > w->bound) {
            ok = hcb__proof_multipliers(&leaf, proof.arena, w->core, &prices, false, bundle.item_price);
            add_earlier(s, &proof, j);
            if (ok)
                hcb__proof_add(&proof, HCB__CERT_LEAF, 0, hcb__proof_add_multipliers(&proof, &leaf));
            w->bound = bound;
            w->proof = proof;
            w->has_tree = true;
        }
    }
    w->budget.work = budget.work;
    hcb__bundle_free(&bundle);
    hcb__free(s->mem, price);
    return ok;
}

/* Prices that the caller has for the level, as prices of the core's rows. */
static bool begin_with_prices(solver *s, work *w, int32_t j, const double *known) {
    const hcb__core *core = w->core;
    double *price = hcb__calloc(s->mem, (size_t)core->n_rows + 1, sizeof *price);
    hcb__prices whole = {1, NULL};
    for (int32_t r = 0; price && r < core->n_rows; r++) {
        double l = core->ref_kind[r] == HCB__REF_ROW     ? known[core->ref_index[r]]
                   : core->ref_kind[r] == HCB__REF_LEVEL ? known[s->p->n_rows + core->ref_index[r]]
                                                         : 0;
        price[r] = l > 0 && isfinite(l) ? l : 0;
    }
    bool ok = price && hcb__ascend(price, s->mem, core, (double)hcb__plan_value(&w->plan), PRICE_TURNS, &w->budget) &&
              hcb__lp_priced(&w->lp, s->mem, core, price) &&
              hcb__prices_round(&whole, s->mem, core, price, HCB__FINEST_DENOMINATOR);
    hcb__free(s->mem, price);
    if (ok)
        take_prices(w, s->mem, &whole);
    ok = ok && search(s, w, j, 1);
    hcb__lp_free(&w->lp, s->mem);
    return ok;
}

/* Search and bound of a level whose core and plan are set. */
static bool improve(solver *s, work *w, int32_t j, const hcb__prices *kept) {
    if (!first_prices(s, w, kept))
        return false;
    if (s->options->start_only)
        return relax(s, w);
    if (w->core->n_items <= SWAP_ITEMS)
        descend(w);
    publish(s, j, hcb__plan_value(&w->plan), w->bound, true);
    if (close_enough(s, j, hcb__plan_value(&w->plan), w->bound) || hcb__budget_over(&w->budget))
        return true;
    const double *known = j >= 0 && s->options->row_price ? s->options->row_price[j] : NULL;
    if (known && s->p->levels[j].kind == HCB__LEVEL_SUM && !begin_with_prices(s, w, j, known))
        return false;
    if (hcb__budget_over(&w->budget) && known)
        return true;
    if (!relax(s, w) || !try_rounded(s, w))
        return false;
    publish(s, j, hcb__plan_value(&w->plan), w->bound, true);
    if (suits_branching(w->core)) {
        if (!search(s, w, j, w->core->n_movable <= VERY_FEW ? 2 : 4))
            return false;
        /* A queue is proved to the end where a few nodes do it; else up to the gap asked for. */
        if (hcb__plan_value(&w->plan) > w->bound && w->core->n_movable <= VERY_FEW && s->options->gap > 0 &&
            !prove(s, w, j, FEW_NODES, true))
            return false;
        if (!close_enough(s, j, hcb__plan_value(&w->plan), w->bound) &&
            !prove(s, w, j, MOST_TREE_NODES, s->options->gap <= 0))
            return false;
        publish(s, j, hcb__plan_value(&w->plan), w->bound, true);
    } else if (w->core->n_movable <= SOME_ITEMS) {
        if (!search(s, w, j, 1))
            return false;
        if (!close_enough(s, j, hcb__plan_value(&w->plan), w->bound) && !raise_bound(s, w, j, RAISE_TURNS))
            return false;
    }
    return search(s, w, j, INT32_MAX);
}

static int32_t stop_of(const solver *s, const work *w, int64_t value) {
    if (value <= w->bound)
        return HCB__STOP_PROVED;
    if ((double)value - (double)w->bound <= s->options->gap * magnitude(value))
        return HCB__STOP_GAP;
    if (hcb__worker_stopping(s->worker))
        return HCB__STOP_CANCELLED;
    return hcb__deadline_passed(w->budget.deadline) ? HCB__STOP_TIME : HCB__STOP_WORK;
}

/* Whether an earlier run of the level proved more, under limits no tighter than today's. */
static bool earlier_bound_holds(const solver *s, const work *w, int32_t j) {
    const level_state *level = &s->level[j];
    if (!level->kept || s->answer->levels[j].bound <= w->bound)
        return false;
    for (int32_t k = 0; k < j; k++)
        if (s->frozen[k] > level->kept[k])
            return false;
    return true;
}

/* What the level's prices are worth to a later solve of much the same problem. */
static bool tell_prices(solver *s, const work *w, int32_t j) {
    const hcb__core *core = w->core;
    double *price = hcb__arena_alloc(&s->answer->arena, (size_t)(s->p->n_rows + j), sizeof *price);
    for (int32_t r = 0; price && r < core->n_rows; r++) {
        double l = (double)w->prices.row[r] / (double)w->prices.denominator;
        if (core->ref_kind[r] == HCB__REF_ROW)
            price[core->ref_index[r]] = l;
        else if (core->ref_kind[r] == HCB__REF_LEVEL)
            price[s->p->n_rows + core->ref_index[r]] = l;
    }
    s->answer->levels[j].row_price = price;
    return price != NULL;
}

/* Freezes the level at the plan's value and leaves out what can no longer be chosen. */
static bool freeze(solver *s, work *w, int32_t j) {
    hcb__engine_level_answer *out = &s->answer->levels[j];
    level_state *level = &s->level[j];
    for (int32_t i = 0; i < s->p->n_items; i++)
        s->answer->bin[i] = w->core->bin[w->plan.choice[i]];
    out->best = hcb__plan_value(&w->plan);
    if (earlier_bound_holds(s, w, j)) {
        w->bound = out->bound;
    } else {
        level->kept = hcb__arena_alloc(&s->answer->arena, (size_t)j, sizeof *level->kept);
        if (!level->kept || !certify(s, w, j))
            return false;
        memcpy(level->kept, s->frozen, (size_t)j * sizeof *level->kept);
    }
    out->bound = w->bound;
    out->stop = stop_of(s, w, out->best);
    out->frozen = s->frozen[j] = tolerated(&s->p->levels[j], out->best);
    s->floor[j] = out->frozen > out->best ? out->frozen : INT64_MIN;
    if (!tell_prices(s, w, j))
        return false;
    if (!hcb__proof_multipliers(&level->as_row, &s->answer->arena, w->core, &w->prices, true, NULL))
        return false;
    level->fixes = hcb__dual_fix(w->core, &w->prices, out->frozen, &s->allowed) > 0;
    hcb__prices_free(&level->prices, s->mem);
    level->prices = w->prices;
    w->prices.row = NULL;
    return true;
}

static void work_done(solver *s, work *w) {
    hcb__prices_free(&w->prices, s->mem);
    if (w->has_tree)
        hcb__proof_free(&w->proof);
    hcb__lp_free(&w->lp, s->mem);
    hcb__plan_free(&w->plan, s->mem);
    hcb__core_free(w->core);
    if (w->budget.work > s->budget.work)
        s->budget.work = w->budget.work;
}

static hcb_status solve_level(solver *s, int32_t j) {
    work w;
    memset(&w, 0, sizeof w);
    w.budget = share(s, j);
    level_state *level = &s->level[j];
    memcpy(level->allowed, s->allowed.at, (size_t)(s->n_pairs + s->p->n_items));
    hcb_status status = HCB_ENOMEM;
    if (hcb__core_build(&w.core, s->mem, s->p, j, &s->allowed, s->frozen) && hcb__plan_init(&w.plan, s->mem, w.core)) {
        status = set_from_bins(&w, s->answer->bin, s->mem);
        if (status == HCB_OK && !(improve(s, &w, j, &level->prices) && freeze(s, &w, j)))
            status = HCB_ENOMEM;
    }
    work_done(s, &w);
    return status;
}

/* Before the first level: a place for everybody who must have one. */
static hcb_status place_all(solver *s) {
    work w;
    memset(&w, 0, sizeof w);
    w.budget = share(s, -1);
    hcb_status status = HCB_ENOMEM;
    if (hcb__core_build(&w.core, s->mem, s->p, -1, &s->allowed, s->frozen) && hcb__plan_init(&w.plan, s->mem, w.core)) {
        status = set_from_bins(&w, s->answer->bin, s->mem);
        if (status == HCB_OK && !improve(s, &w, -1, NULL))
            status = HCB_ENOMEM;
        if (status == HCB_OK) {
            s->answer->has_plan = hcb__plan_value(&w.plan) == 0;
            s->answer->infeasible = w.bound > 0;
            if (!s->answer->has_plan)
                s->answer->stop = s->answer->infeasible ? HCB__STOP_PROVED : stop_of(s, &w, 1);
            for (int32_t i = 0; i < s->p->n_items; i++)
                s->answer->bin[i] = w.core->bin[w.plan.choice[i]];
        }
    }
    work_done(s, &w);
    return status;
}

/* Pairs that alone pass the limit of a row of their bin are never taken. */
static void forbid_too_large(solver *s) {
    const hcb__engine_problem *p = s->p;
    memset(s->allowed.at, 1, (size_t)(s->n_pairs + p->n_items));
    for (int64_t k = 0; k < s->n_pairs; k++)
        for (int64_t u = p->use_start[k]; u < p->use_start[k + 1]; u++)
            if (p->row_bin[p->use_row[u]] >= 0 && p->use_weight[u] > p->row_limit[p->use_row[u]])
                s->allowed.at[k] = 0;
}

/* What a choice (a pair, or waiting) weighs in a row. */
static int64_t weight_in(const hcb__engine_problem *p, int64_t pair, int32_t row) {
    for (int64_t u = pair >= 0 ? p->use_start[pair] : 0; pair >= 0 && u < p->use_start[pair + 1]; u++)
        if (p->use_row[u] == row)
            return p->use_weight[u];
    return 0;
}

/* Leaves out every choice that passes the row's limit even when all others weigh as little as they can; gives how many.
 * A limit on moves that nobody may use leaves the queue alone in this way. */
static int64_t force_row(solver *s, int32_t row) {
    const hcb__engine_problem *p = s->p;
    hcb__wide least_of_all = 0;
    int64_t left_out = 0;
    for (int32_t pass = 0; pass < 2; pass++)
        for (int32_t i = 0; i < p->n_items; i++) {
            int64_t least = INT64_MAX;
            for (int64_t k = p->pair_start[i]; k <= p->pair_start[i + 1]; k++) {
                bool waits = k == p->pair_start[i + 1];
                if (s->allowed.at[waits ? s->n_pairs + i : k]) {
                    int64_t w = weight_in(p, waits ? -1 : k, row);
                    least = w < least ? w : least;
                }
            }
            if (pass == 0)
                least_of_all += least;
            for (int64_t k = p->pair_start[i]; pass == 1 && k <= p->pair_start[i + 1]; k++) {
                bool waits = k == p->pair_start[i + 1];
                uint8_t *allowed = &s->allowed.at[waits ? s->n_pairs + i : k];
                if (*allowed && least_of_all - least + weight_in(p, waits ? -1 : k, row) > p->row_limit[row]) {
                    *allowed = 0;
                    left_out++;
                }
            }
        }
    return left_out;
}

/* All side rows in turn; false when memory is out. Where an item must be placed nothing is done: its waiting is no
 * choice, which the rows do not know. */
static bool force_rows(solver *s) {
    for (int32_t r = 0; r < s->p->n_rows; r++) {
        if (s->p->row_bin[r] >= 0 || force_row(s, r) == 0)
            continue;
        int32_t *row = hcb__arena_alloc(&s->answer->arena, 1, sizeof *row);
        int64_t *price = hcb__arena_alloc(&s->answer->arena, 1, sizeof *price);
        hcb__multipliers m = {.n_rows = 1, .row = row, .row_price = price};
        if (!row || !price || !HCB__PUSH(s->mem, &s->forcing, m))
            return false;
        *row = r;
        *price = 1;
    }
    return true;
}

/* What the levels of a problem with fewer choices left behind proves nothing about the whole. */
static void forget_levels(solver *s) {
    for (int32_t j = 0; j < s->p->n_levels; j++) {
        uint8_t *allowed = s->level[j].allowed;
        hcb__prices_free(&s->level[j].prices, s->mem);
        memset(&s->level[j], 0, sizeof s->level[j]);
        memset(&s->answer->levels[j], 0, sizeof s->answer->levels[j]);
        s->level[j].allowed = allowed;
    }
}

/* A start with places in it is first filled up: those who wait find a place beside all others, who stay. It takes a
 * moment, and whatever the limits on change, the plan of the whole is then no worse than the one nobody moves for. */
static hcb_status fill_up(solver *s) {
    const hcb__engine_problem *p = s->p;
    int32_t waiting = 0;
    for (int32_t i = 0; p->start && i < p->n_items; i++)
        waiting += p->start[i] == HCB__WAITS;
    if (!p->start || waiting == 0 || waiting == p->n_items || s->options->start_only)
        return HCB_OK;
    for (int32_t i = 0; i < p->n_items; i++) {
        if (p->start[i] == HCB__WAITS)
            continue;
        for (int64_t k = p->pair_start[i]; k < p->pair_start[i + 1]; k++)
            s->allowed.at[k] = p->pair_bin[k] == p->start[i];
        s->allowed.at[s->n_pairs + i] = 0;
    }
    hcb__budget whole = s->budget;
    s->budget = part_of(&whole, 0.1);
    hcb_status status = HCB_OK;
    for (int32_t j = 0; j < p->n_levels && status == HCB_OK; j++)
        status = solve_level(s, j);
    whole.work = s->budget.work;
    s->budget = whole;
    forget_levels(s);
    forbid_too_large(s);
    return status;
}

static hcb_status run(solver *s) {
    const hcb__engine_problem *p = s->p;
    bool must = false;
    for (int32_t i = 0; i < p->n_items; i++) {
        s->answer->bin[i] = p->start ? p->start[i] : HCB__WAITS;
        must = must || (!p->start && p->levels[0].wait_cost && p->levels[0].wait_cost[i] == HCB__MUST_PLACE);
    }
    s->answer->has_plan = true;
    forbid_too_large(s);
    hcb_status status = must ? place_all(s) : fill_up(s);
    if (status != HCB_OK || !s->answer->has_plan)
        return status;
    if (!must && !s->options->start_only && !force_rows(s))
        return HCB_ENOMEM;
    for (int32_t j = 0; j < p->n_levels && status == HCB_OK;) {
        status = solve_level(s, j);
        if (status != HCB_OK || ++j < p->n_levels)
            continue;
        int32_t first = p->n_levels;
        if (s->options->start_only ? !hcb__engine_values(s->value, s->mem, p, s->answer->bin)
                                   : !hcb__polish(&first, s->mem, p, s->answer->bin, s->value, s->floor))
            status = HCB_ENOMEM;
        if (first < p->n_levels) {
            /* A level got better after all: it is frozen anew, and those after it are done again. */
            j = first;
            memcpy(s->allowed.at, s->level[j].allowed, (size_t)(s->n_pairs + p->n_items));
        }
    }
    s->answer->stop = HCB__STOP_PROVED;
    for (int32_t j = 0; j < p->n_levels && status == HCB_OK; j++) {
        hcb__engine_level_answer *level = &s->answer->levels[j];
        level->value = s->value[j];
        /* What a later level's search bettered on its way is frozen where it ended: the bounds after it hold all the
         * more. */
        if (level->value < level->best) {
            level->best = level->value;
            level->frozen = tolerated(&p->levels[j], level->best);
        }
        if (s->answer->levels[j].stop > s->answer->stop)
            s->answer->stop = s->answer->levels[j].stop;
    }
    return status;
}

static bool prepare(solver *s) {
    const hcb__engine_problem *p = s->p;
    size_t levels = (size_t)p->n_levels, choices = (size_t)(s->n_pairs + p->n_items);
    hcb__arena *a = &s->answer->arena;
    s->answer->bin = hcb__arena_alloc(a, (size_t)p->n_items, sizeof *s->answer->bin);
    s->answer->levels = hcb__arena_alloc(a, levels, sizeof *s->answer->levels);
    s->level = hcb__calloc(s->mem, levels, sizeof *s->level);
    s->value = hcb__calloc(s->mem, levels, sizeof *s->value);
    s->frozen = hcb__calloc(s->mem, levels, sizeof *s->frozen);
    s->floor = hcb__calloc(s->mem, levels, sizeof *s->floor);
    s->allowed.at = hcb__calloc(s->mem, choices + 1, 1);
    s->allowed.n_pairs = s->n_pairs;
    bool ok = s->answer->bin && s->answer->levels && s->level && s->value && s->frozen && s->floor && s->allowed.at;
    for (size_t j = 0; ok && j < levels; j++)
        ok = (s->level[j].allowed = hcb__calloc(s->mem, choices + 1, 1)) != NULL;
    return ok;
}

static void solver_done(solver *s) {
    for (int32_t j = 0; s->level && j < s->p->n_levels; j++) {
        hcb__prices_free(&s->level[j].prices, s->mem);
        hcb__free(s->mem, s->level[j].allowed);
    }
    hcb__free(s->mem, s->level);
    hcb__free(s->mem, s->value);
    hcb__free(s->mem, s->frozen);
    hcb__free(s->mem, s->floor);
    hcb__free(s->mem, s->allowed.at);
    HCB__VEC_FREE(s->mem, &s->forcing);
}

hcb_status hcb__engine_solve(hcb__engine_answer **out, const hcb_allocator *mem, const hcb__engine_problem *problem,
                             const hcb__engine_options *options, hcb__worker *worker, char message[256]) {
    *out = NULL;
    message[0] = '\0';
    solver s;
    memset(&s, 0, sizeof s);
    s.began = hcb__now();
    s.mem = mem;
    s.p = problem;
    s.options = options;
    s.worker = worker;
    s.budget.deadline = hcb__deadline_in(options->time_limit_s);
    s.budget.work_limit = options->work_limit;
    if (options->work_limit <= 0 && options->time_limit_s <= 0)
        s.budget.work_limit = DEFAULT_WORK;
    s.budget.worker = worker;
    hcb_status status = hcb__engine_validate(problem, mem, message);
    if (status != HCB_OK)
        return status;
    s.n_pairs = problem->pair_start[problem->n_items];
    s.answer = hcb__calloc(mem, 1, sizeof *s.answer);
    if (s.answer)
        hcb__arena_init(&s.answer->arena, mem);
    status = s.answer && prepare(&s) ? run(&s) : HCB_ENOMEM;
    if (status == HCB_OK) {
        s.answer->work = s.budget.work;
        s.answer->seconds = hcb__now() - s.began;
        *out = s.answer;
    } else {
        strcpy(message, status == HCB_ENOMEM ? "out of memory" : "the engine lost a plan that held every row");
        hcb__engine_answer_free(s.answer);
    }
    if (s.answer)
        solver_done(&s);
    return status;
}

void hcb__engine_answer_free(hcb__engine_answer *answer) {
    if (!answer)
        return;
    hcb_allocator mem = answer->arena.mem;
    hcb__arena_release(&answer->arena);
    hcb__free(&mem, answer);
}

const char *const *hcb__engine_backends(void) {
    static const char *const names[] = {"GLPK",
#ifdef HCB_HAVE_CBC
                                        "CBC",
#endif
                                        NULL};
    return names;
}
