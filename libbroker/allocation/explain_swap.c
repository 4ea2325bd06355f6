/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One swap: somebody served today goes to another provider with room, or somebody of the queue waits instead. */
#include <stdlib.h>
#include <string.h>

#include "allocation/explain.h"

enum { MOST_SWAPS = 2, MOST_BARRED = 2 };

typedef struct swap {
    int32_t package, to;
    int64_t pence;
} swap;

static int compare_swaps(const void *a, const void *b) {
    const swap *x = a, *y = b;
    if (x->pence != y->pence)
        return x->pence < y->pence ? -1 : 1;
    if (x->package != y->package)
        return x->package < y->package ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

/* ---- someone served today ---- */

/* Placements with a provider that may take the package take part; all others stay. */
static bool make_part(int32_t *part, const hcb__explanation *x) {
    const hcb__model *m = x->model;
    bool any = false;
    for (int32_t q = 0; q < m->n_packages; q++)
        part[q] = HCB__PART_ALL;
    for (int32_t q = m->n_packages; q < m->n_packages + m->n_placements; q++) {
        bool here = hcb__alloc_pair(x->problem, x->item, m->packages[q].provider) >= 0;
        part[q] = here ? HCB__PART_ALL : HCB__PART_FIXED;
        any = any || here;
    }
    return any;
}

static void change_loads(const hcb__engine_problem *e, int64_t *loads, int64_t pair, int64_t sign) {
    for (int64_t u = e->use_start[pair]; u < e->use_start[pair + 1]; u++)
        loads[e->use_row[u]] += sign * e->use_weight[u];
}

static int32_t item_of(const hcb__alloc_problem *problem, int32_t package) {
    for (int32_t i = 0; i < problem->n_items; i++)
        if (problem->package[i] == package)
            return i;
    return -1;
}

/* The cheapest way to move one item so that the package fits where the item was. */
static bool move_of(swap *out, const hcb__alloc_problem *problem, int64_t *loads, int32_t item, int32_t from,
                    int32_t focus) {
    const hcb__engine_problem *e = &problem->engine;
    int64_t now = hcb__alloc_pair(problem, item, from), own = hcb__alloc_pair(problem, focus, from);
    bool found = false;
    if (now < 0 || own < 0)
        return false;
    change_loads(e, loads, now, -1);
    if (hcb__plan_fits(e, loads, own)) {
        change_loads(e, loads, own, 1);
        for (int64_t c = e->pair_start[item]; c < e->pair_start[item + 1]; c++) {
            int64_t pence = problem->choices[c].weekly_pence - problem->choices[now].weekly_pence +
                            problem->choices[own].weekly_pence;
            if (c != now && hcb__plan_fits(e, loads, c) && (!found || pence < out->pence)) {
                *out = (swap){problem->package[item], e->pair_bin[c], pence};
                found = true;
            }
        }
        change_loads(e, loads, own, -1);
    }
    change_loads(e, loads, now, 1);
    return found;
}

/* That one placement goes to its new provider; every other one stays. */
static hcb_status try_move(hcb__explanation *x, const swap *s, int32_t *part) {
    const hcb__model *m = x->model;
    for (int32_t q = 0; q < m->n_packages + m->n_placements; q++)
        part[q] = q < m->n_packages || q == s->package ? HCB__PART_ALL : HCB__PART_FIXED;
    hcb__alloc_problem *problem = NULL;
    x->tried++;
    hcb_status status = hcb__alloc_problem_part(&problem, x->scratch, m, HCB__REPLAN_FREE, part);
    if (status != HCB_OK)
        return status == HCB_ENOMEM ? hcb__nomem(x->ctx) : HCB_OK;
    int32_t *start = hcb__calloc(&x->ctx->mem, (size_t)problem->n_items, sizeof *start);
    if (!start) {
        hcb__alloc_problem_free(problem);
        return hcb__nomem(x->ctx);
    }
    hcb__explain_bins(start, x, problem);
    int32_t moved = item_of(problem, s->package);
    start[moved] = s->to;
    hcb__ask q = {.problem = problem,
                  .start = hcb__explain_holds(x, problem, start) ? start : problem->start,
                  .item = item_of(problem, x->package),
                  .other = moved,
                  .other_wish = hcb__alloc_pair(problem, moved, s->to)};
    hcb__sure sure;
    hcb__effect effect;
    status = hcb__explain_sure(&sure, NULL, &effect, x, &q);
    if (status == HCB_OK && sure == HCB__SURE_YES) {
        hcb__text what;
        hcb__text_init(&what, &x->ctx->mem);
        hcb__text_printf(&what, "%s moves from %s to %s", m->packages[s->package].id,
                         m->providers[m->packages[s->package].provider].id, m->providers[s->to].id);
        if (!hcb__explain_add_whatif(x, HCB__WHATIF_SWAP, false, &what, &effect))
            status = hcb__nomem(x->ctx);
        hcb__text_free(&what);
    }
    hcb__free(&x->ctx->mem, start);
    hcb__alloc_problem_free(problem);
    return status;
}

static hcb_status swap_placements(hcb__explanation *x) {
    const hcb__model *m = x->model;
    int32_t *part = hcb__calloc(&x->ctx->mem, (size_t)m->n_packages + (size_t)m->n_placements, sizeof *part);
    if (!part)
        return hcb__nomem(x->ctx);
    hcb__alloc_problem *problem = NULL;
    hcb_status status = HCB_OK;
    if (make_part(part, x))
        status = hcb__alloc_problem_part(&problem, x->scratch, m, HCB__REPLAN_FREE, part);
    HCB__VEC(swap) list = {0};
    int64_t *loads = problem ? hcb__calloc(&x->ctx->mem, (size_t)problem->n_rows, sizeof *loads) : NULL;
    int32_t *bin = problem ? hcb__calloc(&x->ctx->mem, (size_t)problem->n_items, sizeof *bin) : NULL;
    bool ok = true;
    if (loads && bin) {
        hcb__explain_bins(bin, x, problem);
        hcb__plan_loads(&problem->engine, bin, loads);
        int32_t focus = item_of(problem, x->package);
        for (int32_t i = 0; ok && i < problem->n_items; i++) {
            swap s;
            if (m->packages[problem->package[i]].placed && move_of(&s, problem, loads, i, bin[i], focus))
                ok = HCB__PUSH(&x->ctx->mem, &list, s);
        }
    }
    if (!ok || (problem && (!loads || !bin)) || status == HCB_ENOMEM)
        status = hcb__nomem(x->ctx);
    else
        status = HCB_OK;
    hcb__free(&x->ctx->mem, bin);
    hcb__free(&x->ctx->mem, loads);
    hcb__alloc_problem_free(problem);
    if (list.count)
        qsort(list.at, list.count, sizeof *list.at, compare_swaps);
    for (size_t n = 0; n < list.count && n < MOST_SWAPS && status == HCB_OK; n++)
        status = try_move(x, &list.at[n], part);
    HCB__VEC_FREE(&x->ctx->mem, &list);
    hcb__free(&x->ctx->mem, part);
    return status;
}

/* ---- someone of the queue ---- */

static hcb_status try_barred(hcb__explanation *x, int32_t item) {
    hcb__ask q = {.problem = x->problem, .start = NULL, .item = x->item, .other = item, .other_wish = HCB__ASK_WAITS};
    int32_t *start = hcb__calloc(&x->ctx->mem, (size_t)x->problem->n_items, sizeof *start);
    if (!start)
        return hcb__nomem(x->ctx);
    memcpy(start, x->bin, (size_t)x->problem->n_items * sizeof *start);
    start[item] = HCB__WAITS;
    q.start = hcb__explain_holds(x, x->problem, start) ? start : x->bin;
    hcb__sure sure;
    hcb__effect effect;
    x->tried++;
    hcb_status status = hcb__explain_sure(&sure, NULL, &effect, x, &q);
    hcb__free(&x->ctx->mem, start);
    if (status != HCB_OK || sure != HCB__SURE_YES)
        return status;
    hcb__text what;
    hcb__text_init(&what, &x->ctx->mem);
    hcb__text_printf(&what, "%s waits instead", x->model->packages[x->problem->package[item]].id);
    if (!hcb__explain_add_whatif(x, HCB__WHATIF_SWAP, false, &what, &effect))
        status = hcb__nomem(x->ctx);
    hcb__text_free(&what);
    return status;
}

/* Those of the queue without whom the package fits; those who weigh least in `waiting` first. */
static hcb_status swap_queue(hcb__explanation *x) {
    const hcb__engine_problem *e = &x->problem->engine;
    swap list[MOST_BARRED];
    int n = 0;
    for (int32_t i = 0; i < e->n_items; i++) {
        if (x->bin[i] == HCB__WAITS || x->model->packages[x->problem->package[i]].placed)
            continue;
        int64_t own = hcb__alloc_pair(x->problem, x->item, x->bin[i]);
        int64_t now = hcb__alloc_pair(x->problem, i, x->bin[i]);
        change_loads(e, x->loads, now, -1);
        bool fits = own >= 0 && hcb__plan_fits(e, x->loads, own);
        change_loads(e, x->loads, now, 1);
        if (!fits)
            continue;
        swap s = {i, 0, e->levels[0].wait_cost[i]};
        int at = n < MOST_BARRED ? n++ : MOST_BARRED;
        while (at > 0 && compare_swaps(&s, &list[at - 1]) < 0) {
            if (at < MOST_BARRED)
                list[at] = list[at - 1];
            at--;
        }
        if (at < MOST_BARRED)
            list[at] = s;
    }
    hcb_status status = HCB_OK;
    for (int k = 0; k < n && status == HCB_OK; k++)
        status = try_barred(x, list[k].package);
    return status;
}

static int compare_whatifs(const void *a, const void *b) {
    const hcb__whatif *x = a, *y = b;
    if (x->effect.pence != y->effect.pence)
        return x->effect.pence < y->effect.pence ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return strcmp(x->what, y->what);
}

hcb_status hcb__explain_swaps(hcb__explanation *x) {
    hcb_status status = HCB_OK;
    if (x->problem->replan == HCB__REPLAN_FIXED && x->kind != HCB__EXPLAIN_RULE)
        status = swap_placements(x);
    if (status == HCB_OK && x->kind != HCB__EXPLAIN_RULE)
        status = swap_queue(x);
    if (x->whatifs.count)
        qsort(x->whatifs.at, x->whatifs.count, sizeof *x->whatifs.at, compare_whatifs);
    return status;
}
