/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void engine_check_problem(hcb__check_problem *to, hcb__check_level *levels, const hcb__engine_problem *p) {
    for (int32_t j = 0; j < p->n_levels; j++) {
        const hcb__engine_level *from = &p->levels[j];
        levels[j] = (hcb__check_level){from->kind,      from->first_term, from->n_terms,
                                       from->pair_cost, from->wait_cost,  from->constant};
    }
    to->n_items = p->n_items;
    to->n_bins = p->n_bins;
    to->n_rows = p->n_rows;
    to->n_levels = p->n_levels;
    to->n_terms = p->n_terms;
    to->pair_start = p->pair_start;
    to->pair_bin = p->pair_bin;
    to->use_start = p->use_start;
    to->use_row = p->use_row;
    to->use_weight = p->use_weight;
    to->row_limit = p->row_limit;
    to->row_bin = p->row_bin;
    to->levels = levels;
    to->term_constant = p->term_constant;
    to->term_use_start = p->term_use_start;
    to->term_use_term = p->term_use_term;
    to->term_use_weight = p->term_use_weight;
}

bool engine_check_init(engine_check *k, const hcb__engine_problem *p, const hcb__engine_answer *answer, int32_t level) {
    const hcb__certificate *c = &answer->levels[level].certificate;
    memset(k, 0, sizeof *k);
    k->levels = calloc((size_t)p->n_levels, sizeof *k->levels);
    k->frozen = calloc((size_t)p->n_levels, sizeof *k->frozen);
    k->nodes = calloc((size_t)c->n_nodes + 1, sizeof *k->nodes);
    k->multipliers = calloc((size_t)c->n_multipliers + 1, sizeof *k->multipliers);
    k->cuts = calloc((size_t)c->n_cuts + 1, sizeof *k->cuts);
    if (!k->levels || !k->frozen || !k->nodes || !k->multipliers || !k->cuts) {
        engine_check_free(k);
        return false;
    }
    engine_check_problem(&k->problem, k->levels, p);
    for (int32_t j = 0; j < p->n_levels; j++)
        k->frozen[j] = answer->levels[j].frozen;
    for (int32_t n = 0; n < c->n_nodes; n++)
        k->nodes[n] = (hcb__check_node){c->nodes[n].item, c->nodes[n].bin, c->nodes[n].with, c->nodes[n].without,
                                        c->nodes[n].multipliers};
    for (int32_t m = 0; m < c->n_multipliers; m++) {
        const hcb__multipliers *from = &c->multipliers[m];
        k->multipliers[m] = (hcb__check_multipliers){from->n_rows,  from->row,  from->row_price, from->item_price,
                                                     from->n_terms, from->term, from->term_price};
    }
    for (int32_t q = 0; q < c->n_cuts; q++)
        k->cuts[q] = (hcb__check_cut){c->cuts[q].row,  c->cuts[q].right, c->cuts[q].n,
                                      c->cuts[q].item, c->cuts[q].bin,   c->cuts[q].times};
    k->claim.n_cuts = c->n_cuts;
    k->claim.cuts = k->cuts;
    k->claim.level = level;
    k->claim.frozen = k->frozen;
    k->claim.bound = answer->levels[level].bound;
    k->claim.denominator = c->denominator;
    k->claim.n_nodes = c->n_nodes;
    k->claim.n_multipliers = c->n_multipliers;
    k->claim.nodes = k->nodes;
    k->claim.multipliers = k->multipliers;
    hcb__check_seal(&k->problem, &k->claim, k->claim.seal);
    return true;
}

void engine_check_free(engine_check *k) {
    free(k->levels);
    free(k->frozen);
    free(k->nodes);
    free(k->multipliers);
    free(k->cuts);
    memset(k, 0, sizeof *k);
}

bool engine_check_all(const hcb__engine_problem *p, const hcb__engine_answer *answer, char *reason) {
    for (int32_t j = 0; j < p->n_levels; j++) {
        engine_check k;
        int32_t verdict = HCB__CHECK_UNCONFIRMED;
        char why[256] = "out of memory";
        if (engine_check_init(&k, p, answer, j)) {
            if (hcb__check_claim_holds(&verdict, hcb__default_allocator(), &k.problem, &k.claim, 0, NULL, why) !=
                HCB_OK)
                verdict = HCB__CHECK_UNCONFIRMED;
            engine_check_free(&k);
        }
        if (verdict != HCB__CHECK_CONFIRMED) {
            snprintf(reason, 256, "level %d: %.200s", (int)j, why);
            return false;
        }
    }
    return true;
}
