/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/proof.h"

#include <string.h>

void hcb__proof_init(hcb__proof *proof, hcb__arena *arena, int64_t denominator) {
    memset(proof, 0, sizeof *proof);
    proof->arena = arena;
    proof->mem = arena->mem;
    proof->denominator = denominator;
}

void hcb__proof_free(hcb__proof *proof) {
    HCB__VEC_FREE(&proof->mem, &proof->nodes);
    HCB__VEC_FREE(&proof->mem, &proof->multipliers);
    HCB__VEC_FREE(&proof->mem, &proof->cuts);
}

bool hcb__proof_multipliers(hcb__multipliers *out, hcb__arena *arena, const hcb__core *core, const hcb__prices *prices,
                            bool own_level, const int64_t *item_price) {
    const hcb__engine_problem *p = core->problem;
    int32_t rows = 0, terms = 0;
    bool sum = core->level < 0 || p->levels[core->level].kind == HCB__LEVEL_SUM;
    for (int32_t r = 0; r < core->n_rows; r++) {
        bool term = core->ref_kind[r] == HCB__REF_TERM || core->ref_kind[r] == HCB__REF_GOAL;
        rows += prices->row[r] && !term;
        terms += prices->row[r] && term;
    }
    memset(out, 0, sizeof *out);
    int32_t *row = hcb__arena_alloc(arena, (size_t)rows + 1, sizeof *row);
    int64_t *row_price = hcb__arena_alloc(arena, (size_t)rows + 1, sizeof *row_price);
    int32_t *term = hcb__arena_alloc(arena, (size_t)terms + 1, sizeof *term);
    int64_t *term_price = hcb__arena_alloc(arena, (size_t)terms + 1, sizeof *term_price);
    if (!row || !row_price || !term || !term_price)
        return false;
    /* Rows of the core are in this order already: rows, earlier levels, cuts; terms stand among them, by level. */
    for (int32_t r = 0; r < core->n_rows; r++) {
        if (!prices->row[r])
            continue;
        if (core->ref_kind[r] == HCB__REF_TERM || core->ref_kind[r] == HCB__REF_GOAL) {
            int32_t at = out->n_terms++;
            for (; at > 0 && term[at - 1] > core->ref_index[r]; at--) {
                term[at] = term[at - 1];
                term_price[at] = term_price[at - 1];
            }
            term[at] = core->ref_index[r];
            term_price[at] = prices->row[r];
        } else {
            int32_t first = core->ref_kind[r] == HCB__REF_ROW     ? 0
                            : core->ref_kind[r] == HCB__REF_LEVEL ? p->n_rows
                                                                  : p->n_rows + p->n_levels;
            row[out->n_rows] = first + core->ref_index[r];
            row_price[out->n_rows++] = prices->row[r];
        }
    }
    if (own_level && sum && core->level >= 0) {
        row[out->n_rows] = p->n_rows + core->level;
        row_price[out->n_rows++] = prices->denominator;
    }
    out->row = row;
    out->row_price = row_price;
    out->term = term;
    out->term_price = term_price;
    if (item_price) {
        int64_t *copy = hcb__arena_alloc(arena, (size_t)p->n_items, sizeof *copy);
        if (!copy)
            return false;
        memcpy(copy, item_price, (size_t)p->n_items * sizeof *copy);
        out->item_price = copy;
    }
    return true;
}

int32_t hcb__proof_add(hcb__proof *proof, int32_t item, int32_t bin, int32_t multipliers) {
    hcb__cert_node node = {item, bin, -1, -1, multipliers};
    if (!HCB__PUSH(&proof->mem, &proof->nodes, node))
        proof->failed = true;
    return (int32_t)proof->nodes.count - 1;
}

int32_t hcb__proof_add_multipliers(hcb__proof *proof, const hcb__multipliers *multipliers) {
    if (!HCB__PUSH(&proof->mem, &proof->multipliers, *multipliers))
        proof->failed = true;
    return (int32_t)proof->multipliers.count - 1;
}

void hcb__proof_add_step(hcb__proof *proof, int32_t kind, const hcb__multipliers *multipliers) {
    int32_t node = hcb__proof_add(proof, kind, 0, multipliers ? hcb__proof_add_multipliers(proof, multipliers) : -1);
    if (!proof->failed)
        proof->nodes.at[node].with = node + 1;
}

bool hcb__proof_finish(hcb__proof *proof, hcb__certificate *out) {
    memset(out, 0, sizeof *out);
    if (proof->failed)
        return false;
    size_t nodes = proof->nodes.count, multipliers = proof->multipliers.count, cuts = proof->cuts.count;
    hcb__cut *c = hcb__arena_alloc(proof->arena, cuts + 1, sizeof *c);
    hcb__cert_node *n = hcb__arena_alloc(proof->arena, nodes, sizeof *n);
    hcb__multipliers *m = hcb__arena_alloc(proof->arena, multipliers, sizeof *m);
    if (!n || !m || !c)
        return false;
    memcpy(n, proof->nodes.at, nodes * sizeof *n);
    memcpy(m, proof->multipliers.at, multipliers * sizeof *m);
    if (cuts)
        memcpy(c, proof->cuts.at, cuts * sizeof *c);
    out->denominator = proof->denominator;
    out->n_cuts = (int32_t)cuts;
    out->cuts = c;
    out->n_nodes = (int32_t)nodes;
    out->n_multipliers = (int32_t)multipliers;
    out->nodes = n;
    out->multipliers = m;
    return true;
}
