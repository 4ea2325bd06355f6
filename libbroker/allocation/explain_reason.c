/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reason itself: the rules, what forcing the package does, and the providers it might have gone to. */
#include <stdlib.h>
#include <string.h>

#include "allocation/explain.h"

static int32_t order_of(const hcb__policy *policy, int32_t kind) {
    for (int32_t r = 0; kind >= 0 && r < policy->n_rules; r++)
        if (policy->rules[r].kind == kind)
            return r;
    return -1;
}

hcb_status hcb__explain_rules(hcb__explanation *x) {
    const hcb__model *model = x->model;
    x->failing = hcb__arena_alloc(&x->arena, (size_t)model->n_providers, sizeof *x->failing);
    if (!x->failing)
        return hcb__nomem(x->ctx);
    for (int32_t k = 0; k < model->n_providers; k++) {
        int64_t seconds = hcb__travel_seconds(x->problem->travel, x->package, k, NULL);
        int32_t kind = hcb__eligible(model, x->package, k, seconds, x->failing[k].code);
        x->failing[k].order = order_of(model->policy, kind);
    }
    return HCB_OK;
}

/* The first level at which the best plan with the wish must be worse than the plan at hand. */
typedef enum verdict { VERDICT_EQUAL, VERDICT_WORSE, VERDICT_BETTER, VERDICT_UNKNOWN } verdict;

static verdict weigh(const hcb__explanation *x, const hcb__told *told, int32_t *level, int64_t *by) {
    for (int32_t l = 0; l < x->problem->engine.n_levels; l++) {
        const hcb__engine_level_answer *a = &told->level[l];
        *level = l;
        if (a->bound > x->frozen[l]) {
            *by = a->bound - x->frozen[l];
            return VERDICT_WORSE;
        }
        if (a->best > x->frozen[l])
            return VERDICT_UNKNOWN;
        if (a->best < x->best[l])
            return VERDICT_BETTER;
    }
    *level = -1;
    return VERDICT_EQUAL;
}

/* The best plan with a wish; once more without a gap when the gap leaves the verdict open. */
static hcb_status force(hcb__told *told, verdict *found, int32_t *level, int64_t *by, hcb__explanation *x,
                        int64_t wish) {
    hcb__ask q = {.problem = x->problem,
                  .start = x->bin,
                  .item = x->item,
                  .wish = wish,
                  .other = -1,
                  .n_levels = x->problem->engine.n_levels};
    *by = 0;
    *level = -1;
    *found = VERDICT_UNKNOWN;
    hcb_status status = hcb__explain_ask(told, x, &q);
    if (status != HCB_OK || !told->answer || !told->met)
        return status;
    *found = weigh(x, told, level, by);
    if (*found != VERDICT_UNKNOWN)
        return HCB_OK;
    q.exact = true;
    q.n_levels = *level + 1;
    hcb__told exact;
    status = hcb__explain_ask(&exact, x, &q);
    if (status == HCB_OK && exact.answer && exact.met && exact.level[*level].bound > x->frozen[*level]) {
        *found = VERDICT_WORSE;
        *by = exact.level[*level].bound - x->frozen[*level];
    }
    hcb__told_free(&exact);
    return status;
}

hcb_status hcb__explain_waiting(hcb__explanation *x) {
    hcb__ask q = {.problem = x->problem,
                  .start = x->bin,
                  .item = x->item,
                  .wish = HCB__ASK_PLACED,
                  .other = -1,
                  .n_levels = 1,
                  .exact = true};
    hcb__told told;
    x->kind = HCB__EXPLAIN_UNPROVED;
    hcb_status status = hcb__explain_ask(&told, x, &q);
    if (status != HCB_OK || !told.answer)
        return status;
    bool never = told.never;
    bool refused = never || (told.met && told.level[0].bound > x->frozen[0]);
    if (refused) {
        x->kind = HCB__EXPLAIN_CAPACITY;
        x->level = 0;
        x->by = never ? 0 : told.level[0].bound - x->frozen[0];
    }
    if (told.met)
        x->forced_waiting = told.level[0].best;
    hcb__told_free(&told);
    if (never)
        return HCB_OK;
    verdict found;
    int32_t level;
    int64_t by;
    status = force(&told, &found, &level, &by, x, HCB__ASK_PLACED);
    if (status == HCB_OK && told.answer && told.met) {
        x->has_forced = true;
        status = hcb__explain_effect(&x->forced, x, x->problem, told.bin);
        if (!refused && found != VERDICT_UNKNOWN) {
            x->kind = found == VERDICT_BETTER ? HCB__EXPLAIN_PLAN : HCB__EXPLAIN_TRADE;
            x->level = found == VERDICT_WORSE ? level : -1;
            x->by = by;
        }
    }
    hcb__told_free(&told);
    return status;
}

/* ---- providers ---- */

static hcb_status find_lacks(hcb__rival *rival, hcb__explanation *x) {
    const hcb__engine_problem *e = &x->problem->engine;
    int64_t n = e->use_start[rival->pair + 1] - e->use_start[rival->pair];
    rival->lacks = hcb__arena_alloc(&x->arena, (size_t)n, sizeof *rival->lacks);
    if (!rival->lacks)
        return hcb__nomem(x->ctx);
    int64_t now = x->bin[x->item] == HCB__WAITS ? -1 : hcb__alloc_pair(x->problem, x->item, x->bin[x->item]);
    for (int64_t u = e->use_start[rival->pair]; u < e->use_start[rival->pair + 1]; u++) {
        int32_t r = e->use_row[u];
        int64_t load = x->loads[r] + e->use_weight[u];
        for (int64_t v = now < 0 ? 0 : e->use_start[now]; now >= 0 && v < e->use_start[now + 1]; v++)
            if (e->use_row[v] == r)
                load -= e->use_weight[v];
        int64_t over = load - e->row_limit[r];
        const hcb__alloc_row *row = &x->problem->rows[r];
        if (over > 0)
            rival->lacks[rival->n_lacks++] =
                (hcb__raise){r, over, over + (row->today > row->asked ? row->today - row->asked : 0)};
    }
    return HCB_OK;
}

static hcb_status judge_rival(hcb__rival *rival, hcb__explanation *x) {
    hcb_status status = find_lacks(rival, x);
    if (status != HCB_OK)
        return status;
    hcb__told told;
    verdict found;
    status = force(&told, &found, &rival->level, &rival->by, x, rival->pair);
    if (status == HCB_OK && told.answer) {
        rival->never = told.never;
        rival->known = told.met && found != VERDICT_UNKNOWN;
        if (found == VERDICT_BETTER)
            rival->level = -1;
        if (told.met)
            status = hcb__explain_effect(&rival->effect, x, x->problem, told.bin);
    }
    hcb__told_free(&told);
    return status;
}

/* Whom the answer speaks about: the provider asked about, or those that rank above the one chosen. */
static bool concerns(const hcb__explanation *x, int64_t pair) {
    int32_t provider = x->problem->engine.pair_bin[pair], now = x->bin[x->item];
    if (x->asked >= 0)
        return provider == x->asked && provider != now;
    return now != HCB__WAITS &&
           x->problem->choices[pair].rank < x->problem->choices[hcb__alloc_pair(x->problem, x->item, now)].rank;
}

hcb_status hcb__explain_rivals(hcb__explanation *x) {
    const int64_t *start = x->problem->engine.pair_start;
    x->rivals = hcb__arena_alloc(&x->arena, (size_t)(start[x->item + 1] - start[x->item]), sizeof *x->rivals);
    if (!x->rivals)
        return hcb__nomem(x->ctx);
    for (int64_t c = start[x->item]; c < start[x->item + 1]; c++) {
        if (!concerns(x, c))
            continue;
        int32_t at = x->n_rivals++;
        while (at > 0 && x->problem->choices[x->rivals[at - 1].pair].rank > x->problem->choices[c].rank) {
            x->rivals[at] = x->rivals[at - 1];
            at--;
        }
        memset(&x->rivals[at], 0, sizeof x->rivals[at]);
        x->rivals[at].pair = c;
    }
    hcb_status status = HCB_OK;
    for (int32_t r = 0; r < x->n_rivals && status == HCB_OK; r++)
        status = judge_rival(&x->rivals[r], x);
    return status;
}
