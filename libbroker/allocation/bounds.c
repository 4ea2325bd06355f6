/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bound that its certificate does not prove to the independent checker is not reported: it is lowered to one that is.
 */
#include "allocation/allocation.h"
#include "allocation/certificate.h"

/* What no plan can be below, whatever the limits: everybody's least cost. */
static int64_t plain_bound(const hcb__engine_problem *e, const hcb__engine_level *level) {
    /* Terms come in pairs of opposite sign, so that the largest is never negative. */
    if (level->kind == HCB__LEVEL_MAX)
        return 0;
    int64_t sum = level->constant;
    for (int32_t i = 0; i < e->n_items; i++) {
        int64_t least = level->wait_cost ? level->wait_cost[i] : 0;
        for (int64_t c = e->pair_start[i]; c < e->pair_start[i + 1]; c++) {
            int64_t cost = level->pair_cost ? level->pair_cost[c] : 0;
            least = cost < least ? cost : least;
        }
        sum += least;
    }
    return sum;
}

/* Of the checker's work, for a claim: a step is about a quarter of a unit of the engine's, so that a claim costs a
 * fraction of what it took to make. */
enum { WORK_FOR_ANY = 500000 };

static hcb_status proves(bool *yes, int64_t *proved, hcb_context *ctx, const hcb__check_problem *p,
                         hcb__check_claim *claim, int64_t work) {
    char reason[256];
    int32_t verdict;
    hcb__check_seal(p, claim, claim->seal);
    hcb_status status = hcb__check_claim_holds(&verdict, &ctx->mem, p, claim, WORK_FOR_ANY + work, proved, reason);
    *yes = status == HCB_OK && verdict == HCB__CHECK_CONFIRMED;
    return status == HCB_OK ? HCB_OK : hcb__nomem(ctx);
}

/* The same certificate for ever lower claims, each what the last one's weakest leaf proved or a growing step below,
 * then none. */
static hcb_status settle(hcb_allocation *a, hcb_context *ctx, const hcb__check_problem *p, hcb__check_claim *claim) {
    const hcb__engine_problem *e = &a->problem->engine;
    hcb__engine_level_answer *level = &a->answer->levels[claim->level];
    int64_t lowest = plain_bound(e, &e->levels[claim->level]);
    bool proved = false;
    hcb_status status = HCB_OK;
    for (int64_t step = 1; status == HCB_OK && !proved && claim->bound > lowest; step *= 8) {
        int64_t weakest;
        status = proves(&proved, &weakest, ctx, p, claim, a->answer->work);
        if (status == HCB_OK && !proved && weakest > lowest && weakest < claim->bound)
            claim->bound = weakest;
        else if (status == HCB_OK && !proved)
            claim->bound = claim->bound - step > lowest ? claim->bound - step : lowest;
    }
    level->bound = claim->bound;
    if (!proved) {
        level->bound = lowest;
        level->certificate = (hcb__certificate){0};
    }
    return status;
}

/* What a level's figures say of its end; a level that is open after all counts as one that ran out of work. */
static void judge_stop(hcb__engine_level_answer *level, double gap) {
    int32_t stop = hcb__engine_stop_by_gap(level->best, level->bound, gap);
    if (stop >= 0)
        level->stop = stop;
    else if (level->stop < HCB__STOP_WORK)
        level->stop = HCB__STOP_WORK;
}

hcb_status hcb__confirm_bounds(hcb_allocation *a, hcb_context *ctx) {
    const hcb__engine_problem *e = &a->problem->engine;
    hcb__check_level *levels = hcb__calloc(&ctx->mem, (size_t)e->n_levels, sizeof *levels);
    if (!levels)
        return hcb__nomem(ctx);
    for (int32_t l = 0; l < e->n_levels; l++)
        levels[l] = (hcb__check_level){.kind = e->levels[l].kind == HCB__LEVEL_MAX ? HCB__CHECK_MAX : HCB__CHECK_SUM,
                                       .first_term = e->levels[l].first_term,
                                       .n_terms = e->levels[l].n_terms,
                                       .pair_cost = e->levels[l].pair_cost,
                                       .wait_cost = e->levels[l].wait_cost,
                                       .constant = e->levels[l].constant};
    hcb__check_problem p = {e->n_items,       e->n_bins,         e->n_rows,    e->n_levels,      e->n_terms,
                            e->pair_start,    e->pair_bin,       e->use_start, e->use_row,       e->use_weight,
                            e->row_limit,     e->row_bin,        levels,       e->term_constant, e->term_use_start,
                            e->term_use_term, e->term_use_weight};
    hcb_status status = HCB_OK;
    for (int32_t l = 0; l < e->n_levels && status == HCB_OK; l++) {
        const hcb__certificate *c = &a->answer->levels[l].certificate;
        if (c->denominator == 0)
            continue;
        hcb__check_claim claim = {.level = l,
                                  .frozen = a->frozen,
                                  .bound = a->answer->levels[l].bound,
                                  .denominator = c->denominator,
                                  .n_nodes = c->n_nodes,
                                  .n_multipliers = c->n_multipliers,
                                  .n_cuts = c->n_cuts};
        hcb__check_node *nodes = hcb__calloc(&ctx->mem, (size_t)c->n_nodes, sizeof *nodes);
        hcb__check_multipliers *prices = hcb__calloc(&ctx->mem, (size_t)c->n_multipliers, sizeof *prices);
        hcb__check_cut *cuts = hcb__calloc(&ctx->mem, (size_t)c->n_cuts + 1, sizeof *cuts);
        for (int32_t q = 0; cuts && q < c->n_cuts; q++)
            cuts[q] = (hcb__check_cut){c->cuts[q].row,  c->cuts[q].right, c->cuts[q].n,
                                       c->cuts[q].item, c->cuts[q].bin,   c->cuts[q].times};
        for (int32_t n = 0; nodes && n < c->n_nodes; n++)
            nodes[n] = (hcb__check_node){c->nodes[n].item, c->nodes[n].bin, c->nodes[n].with, c->nodes[n].without,
                                         c->nodes[n].multipliers};
        for (int32_t m = 0; prices && m < c->n_multipliers; m++) {
            const hcb__multipliers *from = &c->multipliers[m];
            prices[m] = (hcb__check_multipliers){from->n_rows,  from->row,  from->row_price, from->item_price,
                                                 from->n_terms, from->term, from->term_price};
        }
        claim.nodes = nodes;
        claim.multipliers = prices;
        claim.cuts = cuts;
        status = nodes && prices && cuts ? settle(a, ctx, &p, &claim) : hcb__nomem(ctx);
        hcb__free(&ctx->mem, nodes);
        hcb__free(&ctx->mem, prices);
        hcb__free(&ctx->mem, cuts);
    }
    for (int32_t l = 0; l < e->n_levels; l++)
        judge_stop(&a->answer->levels[l], a->options.gap);
    hcb__free(&ctx->mem, levels);
    return status;
}
