/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "allocation/allocation.h"

typedef struct turn {
    int32_t priority, received, item;
} turn;

static int compare_turns(const void *a, const void *b) {
    const turn *x = a, *y = b;
    if (x->priority != y->priority)
        return x->priority < y->priority ? -1 : 1;
    if (x->received != y->received)
        return x->received < y->received ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

static int64_t first_with_room(const hcb__alloc_problem *problem, const int64_t *loads, int32_t item) {
    int64_t best = -1;
    for (int64_t c = problem->engine.pair_start[item]; c < problem->engine.pair_start[item + 1]; c++)
        if ((best < 0 || problem->choices[c].rank < problem->choices[best].rank) &&
            hcb__plan_fits(&problem->engine, loads, c))
            best = c;
    return best;
}

hcb_status hcb__sequential(int32_t *bin, hcb_context *ctx, const hcb__alloc_problem *problem) {
    const hcb__engine_problem *e = &problem->engine;
    turn *turns = hcb__calloc(&ctx->mem, (size_t)problem->n_items, sizeof *turns);
    int64_t *loads = hcb__calloc(&ctx->mem, (size_t)problem->n_rows, sizeof *loads);
    if (!turns || !loads) {
        hcb__free(&ctx->mem, turns);
        hcb__free(&ctx->mem, loads);
        return hcb__nomem(ctx);
    }
    memcpy(bin, problem->start, (size_t)problem->n_items * sizeof *bin);
    hcb__plan_loads(e, bin, loads);
    for (int32_t i = 0; i < problem->n_items; i++) {
        const hcb__package *p = &problem->model->packages[problem->package[i]];
        /* A package without a date of receipt comes after those with one. */
        turns[i] = (turn){hcb__model_priority(problem->model, problem->package[i]),
                          p->received == HCB__NO_DATE ? INT32_MAX : p->received, i};
    }
    qsort(turns, (size_t)problem->n_items, sizeof *turns, compare_turns);
    for (int32_t t = 0; t < problem->n_items; t++) {
        int32_t item = turns[t].item;
        int64_t c = bin[item] == HCB__WAITS ? first_with_room(problem, loads, item) : -1;
        if (c >= 0) {
            bin[item] = e->pair_bin[c];
            hcb__plan_add(e, loads, c);
        }
    }
    hcb__free(&ctx->mem, loads);
    hcb__free(&ctx->mem, turns);
    return HCB_OK;
}
