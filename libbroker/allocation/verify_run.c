/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is to be placed, and with whom each may be. */
#include "allocation/verify_run.h"

#include <stdlib.h>
#include <string.h>

static int items_by_id(const void *a, const void *b) {
    return hcb__compare_ids(((const hcb__vf_item *)a)->package->id, ((const hcb__vf_item *)b)->package->id);
}

static bool make_items(hcb__vf_run *run) {
    hcb__vf *vf = run->vf;
    const hcb_allocator *mem = &vf->ctx->mem;
    for (size_t i = 0; i < vf->queue.count; i++) {
        hcb__vf_item item = {.package = &vf->queue.at[i], .chosen = HCB__VF_NONE, .says = HCB__VF_NONE};
        if (!HCB__PUSH(mem, &run->items, item))
            return false;
    }
    for (size_t i = 0; run->replan != HCB__VF_REPLAN_FIXED && i < vf->placements.count; i++) {
        hcb__vf_item item = {
            .package = &vf->placements.at[i], .movable = true, .chosen = HCB__VF_NONE, .says = HCB__VF_NONE};
        if (!HCB__PUSH(mem, &run->items, item))
            return false;
    }
    if (run->items.count)
        qsort(run->items.at, run->items.count, sizeof *run->items.at, items_by_id);
    for (size_t i = 0; i < run->items.count; i++) {
        const char *id = run->items.at[i].package->id;
        if (hcb__idmap_get(&run->item_ids, id, strlen(id)) < 0 && !hcb__idmap_put(&run->item_ids, id, (int32_t)i))
            return false;
    }
    return true;
}

static bool make_choices(hcb__vf_run *run) {
    hcb__vf *vf = run->vf;
    for (size_t i = 0; i < run->items.count; i++) {
        hcb__vf_item *item = &run->items.at[i];
        item->choice_start = run->choices.count;
        for (size_t k = 0; k < vf->providers.count; k++) {
            hcb__vf_choice choice = {.item = (int32_t)i};
            choice.service = hcb__vf_serve(run, item->package, (int32_t)k);
            if (hcb__vf_refuses(run, item->package, &choice.service).code)
                continue;
            if (!HCB__PUSH(&vf->ctx->mem, &run->choices, choice))
                return false;
        }
        item->choice_end = run->choices.count;
    }
    return true;
}

bool hcb__vf_run_make(hcb__vf_run *run, hcb__vf *vf, int64_t replan) {
    *run = (hcb__vf_run){.vf = vf, .replan = replan};
    hcb__idmap_init(&run->item_ids, &vf->ctx->mem);
    hcb__idmap_init(&run->row_names, &vf->ctx->mem);
    size_t most = 0;
    for (size_t k = 0; k < vf->providers.count; k++)
        most = vf->providers.at[k].n_served > most ? vf->providers.at[k].n_served : most;
    run->scratch = hcb__vf_new(vf, most + 1, sizeof *run->scratch);
    run->today = hcb__vf_new(vf, vf->placements.count, sizeof *run->today);
    if (!run->scratch || !run->today)
        return false;
    for (size_t i = 0; i < vf->placements.count; i++)
        run->today[i] = hcb__vf_serve(run, &vf->placements.at[i], vf->placements.at[i].provider);
    return make_items(run) && make_choices(run) && hcb__vf_rows_make(run) && hcb__vf_levels_make(run);
}

void hcb__vf_run_free(hcb__vf_run *run) {
    if (!run->vf)
        return;
    const hcb_allocator *mem = &run->vf->ctx->mem;
    HCB__VEC_FREE(mem, &run->items);
    HCB__VEC_FREE(mem, &run->choices);
    HCB__VEC_FREE(mem, &run->uses);
    HCB__VEC_FREE(mem, &run->rows);
    HCB__VEC_FREE(mem, &run->terms);
    hcb__idmap_free(&run->item_ids);
    hcb__idmap_free(&run->row_names);
}
