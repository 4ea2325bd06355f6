/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What callers read of an allocation. */
#include <string.h>

#include "allocation/allocation.h"

hcb_status hcb_allocation_get_summary(const hcb_allocation *allocation, hcb_allocation_summary *summary) {
    if (!allocation || !summary)
        return HCB_EINVAL;
    if (summary->struct_size != sizeof *summary)
        return HCB_EVERSION;
    *summary = allocation->summary;
    return HCB_OK;
}

int32_t hcb_allocation_level_count(const hcb_allocation *allocation) {
    return allocation ? allocation->problem->engine.n_levels : 0;
}

static double gap_of(int64_t value, int64_t bound) {
    if (value == bound)
        return 0;
    return value ? ((double)value - (double)bound) / (double)value : 1.0;
}

hcb_status hcb_allocation_level_at(const hcb_allocation *allocation, int32_t i, hcb_allocation_level *level) {
    if (!allocation || !level || i < 0 || i >= allocation->problem->engine.n_levels)
        return HCB_EINVAL;
    if (level->struct_size != sizeof *level)
        return HCB_EVERSION;
    memset(level, 0, sizeof *level);
    level->struct_size = sizeof *level;
    level->name = allocation->problem->engine.levels[i].name;
    level->value = allocation->values[i];
    level->best = allocation->best[i];
    level->frozen = allocation->frozen[i];
    if (allocation->answer) {
        level->has_bound = 1;
        level->bound = allocation->answer->levels[i].bound;
        level->gap = gap_of(level->value, level->bound);
        level->stop = level->best == level->bound ? HCB_STOP_PROVED
                      : gap_of(level->best, level->bound) <= allocation->options.gap
                          ? HCB_STOP_GAP
                          : allocation->answer->levels[i].stop;
    }
    return HCB_OK;
}

int32_t hcb_allocation_item_count(const hcb_allocation *allocation) {
    return allocation ? allocation->problem->n_items : 0;
}

hcb_status hcb_allocation_item_at(const hcb_allocation *allocation, int32_t i, hcb_allocation_item *item) {
    if (!allocation || !item || i < 0 || i >= allocation->problem->n_items)
        return HCB_EINVAL;
    if (item->struct_size != sizeof *item)
        return HCB_EVERSION;
    const hcb__alloc_problem *problem = allocation->problem;
    const hcb__model *model = problem->model;
    const hcb__package *p = &model->packages[problem->package[i]];
    memset(item, 0, sizeof *item);
    item->struct_size = sizeof *item;
    item->package_id = p->id;
    item->previous_provider_id = p->provider >= 0 ? model->providers[p->provider].id : NULL;
    item->zone_id = model->zones->zones[p->zone].id;
    item->band = hcb__band_words[p->band];
    item->carer_minutes = p->carer_minutes;
    item->priority = p->priority;
    item->days_waiting = p->received == HCB__NO_DATE ? -1 : model->as_of - p->received;
    item->quality = -1;
    if (allocation->bin[i] == HCB__WAITS) {
        item->reason = hcb__reason_words[allocation->reasons[i]];
        item->detail = allocation->details[i];
        return HCB_OK;
    }
    const hcb__choice *c = &problem->choices[hcb__alloc_pair(problem, i, allocation->bin[i])];
    const hcb__provider *k = &model->providers[c->provider];
    item->provider_id = k->id;
    item->rank = c->rank;
    item->tier = hcb__tier_words[c->tier];
    item->price_pence_per_hour = c->price;
    item->weekly_cost_pence = c->weekly_pence;
    item->travel_seconds = p->carer_visits * c->seconds;
    item->quality = (int32_t)hcb__model_quality(model, c->provider);
    return HCB_OK;
}
