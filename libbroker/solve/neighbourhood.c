/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/neighbourhood.h"

#include <math.h>
#include <string.h>

#include "solve/branch.h"

enum { TRIES = 6, WAITING = 27, BEST_CHOICES = 5, NODES = 4 };

typedef struct region {
    const hcb__core *core;
    const hcb__plan *plan;
    const hcb__neighbourhood *n;
    hcb__allowed allowed;
    uint8_t *bin, *item; /* whether it is part of the region */
    int32_t n_items;
    double *bin_loss, *item_loss; /* by the guide: of a bin's whole set, of an item that waits; zeros without one */
} region;

bool hcb__guide_init(hcb__guide *guide, const hcb_allocator *mem, const hcb__core *core) {
    guide->worth = hcb__calloc(mem, (size_t)core->n_items + 1, sizeof *guide->worth);
    guide->row_price = hcb__calloc(mem, (size_t)core->n_rows + 1, sizeof *guide->row_price);
    guide->gain = hcb__calloc(mem, (size_t)core->n_bins + 1, sizeof *guide->gain);
    return guide->worth && guide->row_price && guide->gain;
}

void hcb__guide_free(hcb__guide *guide, const hcb_allocator *mem) {
    hcb__free(mem, guide->worth);
    hcb__free(mem, guide->row_price);
    hcb__free(mem, guide->gain);
}

/* Where the plan loses. */
static void find_losses(region *r, const hcb__guide *guide) {
    const hcb__core *core = r->core;
    memcpy(r->bin_loss, guide->gain, (size_t)core->n_bins * sizeof *r->bin_loss);
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t c = r->plan->choice[i];
        if (isnan(guide->worth[i]))
            continue;
        double gain = guide->worth[i] - (double)core->cost[c];
        for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
            gain -= guide->row_price[core->use_row[u]] * (double)core->use_weight[u];
        if (core->bin[c] >= 0)
            r->bin_loss[core->bin[c]] -= gain;
        else
            r->item_loss[i] = -gain;
    }
}

/* What is lost where the item is. */
static double loss_at(const region *r, int32_t item) {
    int32_t bin = r->core->bin[r->plan->choice[item]];
    return bin >= 0 ? r->bin_loss[bin] : r->item_loss[item];
}

/* Adds a bin and the items in it. */
static void add_bin(region *r, int32_t bin) {
    if (bin < 0 || r->bin[bin])
        return;
    r->bin[bin] = 1;
    const int32_t *list = r->plan->bin_item + r->core->bin_cap_start[bin];
    for (int32_t k = 0; k < r->plan->bin_count[bin]; k++)
        if (r->core->start[list[k] + 1] - r->core->start[list[k]] > 1 && !r->item[list[k]]) {
            r->item[list[k]] = 1;
            r->n_items++;
        }
}

/* The k-th of the item's choices by reduced cost, for small k. */
static int32_t by_reduced(const region *r, int32_t item, int32_t k) {
    const hcb__core *core = r->core;
    const double *reduced = r->n->lp->reduced;
    double after = -1;
    int32_t last = -1, found = -1;
    for (int32_t turn = 0; turn <= k; turn++) {
        found = -1;
        for (int32_t c = core->start[item]; c < core->start[item + 1]; c++)
            if ((reduced[c] > after || (reduced[c] == after && c > last)) && (found < 0 || reduced[c] < reduced[found]))
                found = c;
        if (found < 0)
            return -1;
        after = reduced[found];
        last = found;
    }
    return found;
}

/* An item to begin with: by the guide of a place that loses much, else one whose place costs more than its best one
 * would. */
static int32_t first_item(region *r, hcb__rng *rng) {
    const hcb__core *core = r->core;
    int32_t first = -1;
    double most = 0;
    for (int32_t k = 0; k < TRIES; k++) {
        int32_t i = core->movable[hcb__rng_below(rng, (uint32_t)core->n_movable)];
        double loss = r->n->guide ? loss_at(r, i) : r->n->lp->reduced[r->plan->choice[i]];
        if (first < 0 || loss > most) {
            first = i;
            most = loss;
        }
    }
    return first;
}

/* The bin of one of the item's best choices; by the guide of two such the one that loses more. */
static int32_t next_bin(region *r, int32_t item, hcb__rng *rng) {
    int32_t found = HCB__WAITS;
    for (int32_t k = 0; k < (r->n->guide ? 2 : 1); k++) {
        int32_t c = by_reduced(r, item, (int32_t)hcb__rng_below(rng, BEST_CHOICES));
        int32_t bin = c >= 0 ? r->core->bin[c] : HCB__WAITS;
        if (k == 0 || (bin >= 0 && (found < 0 || r->bin_loss[bin] > r->bin_loss[found])))
            found = bin;
    }
    return found;
}

/* Whether the item waits and could go to one of the region's bins. */
static bool waits_near(const region *r, int32_t item) {
    const hcb__core *core = r->core;
    if (core->bin[r->plan->choice[item]] != HCB__WAITS || r->item[item])
        return false;
    for (int32_t c = core->start[item]; c < core->start[item + 1]; c++)
        if (core->bin[c] >= 0 && r->bin[core->bin[c]])
            return true;
    return false;
}

/* Those who wait and could go to one of these bins, from a random one on; by the guide first those who lose much. */
static void add_waiting(region *r, hcb__rng *rng) {
    const hcb__core *core = r->core;
    int32_t waiting = 0, at = (int32_t)hcb__rng_below(rng, (uint32_t)core->n_movable);
    double sum = 0, n = 0;
    for (int32_t i = 0; i < core->n_items; i++) {
        sum += r->item_loss[i];
        n += r->item_loss[i] > 0;
    }
    for (int32_t turn = r->n->guide ? 0 : 1; turn < 2; turn++)
        for (int32_t k = 0; k < core->n_movable && waiting < WAITING; k++, at = at + 1 < core->n_movable ? at + 1 : 0)
            if ((turn == 1 || r->item_loss[core->movable[at]] * n > sum) && waits_near(r, core->movable[at])) {
                r->item[core->movable[at]] = 1;
                r->n_items++;
                waiting++;
            }
}

static void grow(region *r, hcb__rng *rng) {
    const hcb__core *core = r->core;
    int32_t first = first_item(r, rng), from = first;
    r->item[first] = 1;
    r->n_items++;
    for (int32_t turn = 0; turn < 200 && r->n_items < r->n->items; turn++) {
        add_bin(r, core->bin[r->plan->choice[from]]);
        int32_t bin = next_bin(r, from, rng);
        if (bin >= 0) {
            add_bin(r, bin);
            if (r->plan->bin_count[bin] > 0) {
                const int32_t *list = r->plan->bin_item + core->bin_cap_start[bin];
                from = list[hcb__rng_below(rng, (uint32_t)r->plan->bin_count[bin])];
            }
        } else {
            from = first;
        }
    }
    add_waiting(r, rng);
}

static int64_t index_of(const region *r, int32_t c) {
    return r->core->pair[c] >= 0 ? r->core->pair[c] : r->allowed.n_pairs + r->core->item[c];
}

/* Free items may go to the region's bins, wait, or take one of their best choices; the others stay. */
static void allow(region *r) {
    const hcb__core *core = r->core;
    for (int32_t i = 0; i < core->n_items; i++) {
        r->allowed.at[index_of(r, r->plan->choice[i])] = 1;
        if (!r->item[i])
            continue;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            if (core->bin[c] < 0 || r->bin[core->bin[c]])
                r->allowed.at[index_of(r, c)] = 1;
    }
}

static bool solve(region *r, hcb__plan *plan, const hcb_allocator *mem, hcb__budget *budget) {
    hcb__arena arena;
    hcb__proof proof;
    hcb__core *core = NULL;
    hcb__lp_answer lp = {.row_price = r->n->lp->row_price};
    int32_t *choice = hcb__calloc(mem, (size_t)r->core->n_items + 1, sizeof *choice);
    hcb__arena_init(&arena, mem);
    bool ok = choice && hcb__core_build(&core, mem, r->core->problem, r->core->level, &r->allowed, r->n->frozen);
    if (ok && core->n_movable > 1) {
        hcb__proof_init(&proof, &arena, hcb__branch_denominator(core)); /* nobody reads it */
        hcb__branch_task task = {.core = core,
                                 .lp = &lp,
                                 .guide = r->n->guide,
                                 .choice = choice,
                                 .value = hcb__plan_value(plan),
                                 .most_nodes = NODES,
                                 .proof = &proof};
        hcb_status status = hcb__branch(&task, mem, budget);
        ok = status != HCB_ENOMEM;
        for (int32_t i = 0; task.found && i < core->n_items; i++)
            choice[i] = hcb__core_find(r->core, i, core->bin[choice[i]]);
        if (task.found)
            hcb__plan_set(plan, choice);
        hcb__proof_free(&proof);
    }
    hcb__core_free(core);
    hcb__arena_release(&arena);
    hcb__free(mem, choice);
    return ok;
}

bool hcb__neighbourhood_step(hcb__plan *plan, const hcb_allocator *mem, hcb__neighbourhood *n, hcb__budget *budget) {
    const hcb__core *core = plan->core;
    int64_t n_pairs = core->problem->pair_start[core->n_items];
    region r = {.core = core, .plan = plan, .n = n, .allowed = {NULL, n_pairs}};
    r.allowed.at = hcb__calloc(mem, (size_t)n_pairs + (size_t)core->n_items + 1, 1);
    r.bin = hcb__calloc(mem, (size_t)core->n_bins + 1, 1);
    r.item = hcb__calloc(mem, (size_t)core->n_items + 1, 1);
    r.bin_loss = hcb__calloc(mem, (size_t)core->n_bins + 1, sizeof *r.bin_loss);
    r.item_loss = hcb__calloc(mem, (size_t)core->n_items + 1, sizeof *r.item_loss);
    bool ok = r.allowed.at && r.bin && r.item && r.bin_loss && r.item_loss;
    if (ok && n->guide)
        find_losses(&r, n->guide);
    if (ok) {
        budget->work += core->n_choices / 200 + 1;
        grow(&r, &n->rng);
        allow(&r);
        ok = solve(&r, plan, mem, budget);
    }
    hcb__free(mem, r.allowed.at);
    hcb__free(mem, r.bin);
    hcb__free(mem, r.item);
    hcb__free(mem, r.bin_loss);
    hcb__free(mem, r.item_loss);
    return ok;
}
