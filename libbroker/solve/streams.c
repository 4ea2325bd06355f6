/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/streams.h"

#include <pthread.h>
#include <string.h>

enum { STREAMS = 2 }; /* searches of a round; the answer depends on it, so it does not follow the threads */

/* How closely chains' fines follow the limits: each way is far better than the other on some problems. */
static const double UP[STREAMS] = {1.02, 1.1}, DOWN[STREAMS] = {0.999, 0.98};

/* One of the independent searches of a round. */
typedef struct stream {
    const hcb_allocator *mem;
    hcb__plan plan;
    hcb__anneal_options options;
    hcb__chain_options chains;   /* work 0: not chains */
    hcb__fill_options fill;      /* width 0: not filling */
    hcb__region_options regions; /* work 0: not regions */
    hcb__budget budget;
    bool ok;
} stream;

static void *run_stream(void *arg) {
    stream *one = arg;
    one->ok = one->regions.work > 0  ? hcb__regions(&one->plan, one->mem, &one->regions, &one->budget)
              : one->fill.width > 0  ? hcb__fill(&one->plan, one->mem, &one->fill, &one->budget)
              : one->chains.work > 0 ? hcb__chains(&one->plan, one->mem, &one->chains, &one->budget)
                                     : hcb__anneal(&one->plan, one->mem, &one->options, &one->budget);
    return NULL;
}

/* The streams of a round, side by side where there are threads: what each does does not depend on it. */
static void run_streams(stream *streams, hcb__budget *budget, int32_t threads) {
    pthread_t thread[STREAMS];
    bool started[STREAMS] = {false};
    int64_t left = budget->work_limit > 0 ? (budget->work_limit - budget->work) / STREAMS : 0;
    hcb__deadline deadline = budget->deadline;
    bool side_by_side = threads >= STREAMS;
    for (int32_t k = 0; k < STREAMS; k++) {
        streams[k].budget = *budget;
        streams[k].budget.work = 0;
        streams[k].budget.work_limit = budget->work_limit > 0 ? (left > 0 ? left : 1) : 0;
        streams[k].ok = true;
        if (hcb__budget_interrupted(budget))
            continue;
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

/* Searches of regions change different items of different bins: the first stream's plan gets all of it, unless rows
 * that join bins forbid it. */
static bool merge(const hcb__work *w, const hcb_allocator *mem, stream *streams) {
    size_t n = (size_t)w->core->n_items;
    int32_t *own = hcb__calloc(mem, 2 * n + 1, sizeof *own);
    if (!own)
        return false;
    int32_t *all = own + n;
    memcpy(own, streams[0].plan.choice, n * sizeof *own);
    memcpy(all, own, n * sizeof *own);
    for (size_t i = 0; i < n; i++)
        for (int32_t k = 1; k < STREAMS; k++)
            if (streams[k].plan.choice[i] != w->plan.choice[i])
                all[i] = streams[k].plan.choice[i];
    if (!hcb__plan_set(&streams[0].plan, all))
        hcb__plan_set(&streams[0].plan, own);
    hcb__free(mem, own);
    return true;
}

bool hcb__streams_round(hcb__solver *s, hcb__work *w, const hcb__anneal_options *options,
                        const hcb__chain_options *chains, const hcb__fill_options *fill,
                        const hcb__region_options *regions, int32_t round) {
    stream streams[STREAMS];
    memset(streams, 0, sizeof streams);
    bool ok = true;
    for (int32_t k = 0; k < STREAMS; k++) {
        streams[k].mem = s->mem;
        streams[k].options = *options;
        streams[k].chains = *chains;
        streams[k].fill = *fill;
        streams[k].regions = *regions;
        streams[k].regions.round = (uint64_t)round;
        streams[k].regions.share = (uint64_t)k;
        streams[k].regions.shares = STREAMS;
        streams[k].chains.up = UP[k];
        streams[k].chains.down = DOWN[k];
        streams[k].fill.stream = streams[k].chains.stream = streams[k].options.stream = (uint64_t)(round * STREAMS + k);
        ok = hcb__plan_init(&streams[k].plan, s->mem, w->core) && ok;
        if (ok)
            hcb__plan_set(&streams[k].plan, w->plan.choice);
    }
    if (ok)
        run_streams(streams, &w->budget, w->threads);
    if (ok && regions->work > 0)
        ok = merge(w, s->mem, streams);
    for (int32_t k = 0; ok && k < STREAMS; k++) {
        if (hcb__plan_value(&streams[k].plan) < hcb__plan_value(&w->plan))
            hcb__plan_set(&w->plan, streams[k].plan.choice);
        ok = streams[k].ok;
    }
    for (int32_t k = 0; k < STREAMS; k++)
        hcb__plan_free(&streams[k].plan, s->mem);
    return ok;
}
