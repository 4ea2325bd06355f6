/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What callers read of an allocation. */
#include "allocation/allocation.h"
#include "base/options.h"

hcb_status hcb_allocation_get_summary(const hcb_allocation *allocation, hcb_allocation_summary *summary) {
    if (!allocation || !summary)
        return HCB_EINVAL;
    return hcb__result_give(summary, &allocation->summary, sizeof *summary);
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
    hcb_allocation_level l = {.name = allocation->problem->engine.levels[i].name,
                              .value = allocation->values[i],
                              .best = allocation->best[i],
                              .frozen = allocation->frozen[i]};
    if (allocation->answer) {
        l.has_bound = 1;
        l.bound = allocation->answer->levels[i].bound;
        l.gap = gap_of(l.value, l.bound);
        l.stop = l.best == l.bound                                    ? HCB_STOP_PROVED
                 : gap_of(l.best, l.bound) <= allocation->options.gap ? HCB_STOP_GAP
                                                                      : allocation->answer->levels[i].stop;
    }
    return hcb__result_give(level, &l, sizeof l);
}

int32_t hcb_allocation_item_count(const hcb_allocation *allocation) {
    return allocation ? allocation->problem->n_items : 0;
}

hcb_status hcb_allocation_item_at(const hcb_allocation *allocation, int32_t i, hcb_allocation_item *item) {
    if (!allocation || !item || i < 0 || i >= allocation->problem->n_items)
        return HCB_EINVAL;
    const hcb__alloc_problem *problem = allocation->problem;
    const hcb__model *model = problem->model;
    const hcb__package *p = &model->packages[problem->package[i]];
    hcb_allocation_item one = {.quality = -1};
    one.package_id = p->id;
    one.previous_provider_id = p->provider >= 0 ? model->providers[p->provider].id : NULL;
    one.zone_id = model->zones->zones[p->zone].id;
    one.band = hcb__band_words[p->band];
    one.carer_minutes = p->carer_minutes;
    one.priority = p->priority;
    one.days_waiting = p->received == HCB__NO_DATE ? -1 : model->as_of - p->received;
    if (allocation->bin[i] == HCB__WAITS) {
        one.reason = hcb__reason_words[allocation->reasons[i]];
        one.detail = allocation->details[i];
        return hcb__result_give(item, &one, sizeof one);
    }
    const hcb__choice *c = &problem->choices[hcb__alloc_pair(problem, i, allocation->bin[i])];
    const hcb__provider *k = &model->providers[c->provider];
    one.provider_id = k->id;
    one.rank = c->rank;
    one.tier = hcb__tier_words[c->tier];
    one.price_pence_per_hour = c->price;
    one.weekly_cost_pence = c->weekly_pence;
    one.travel_seconds = p->carer_visits * c->seconds;
    one.quality = (int32_t)hcb__model_quality(model, c->provider);
    return hcb__result_give(item, &one, sizeof one);
}
