/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model.h"

void hcb__model_free(hcb__model *model) {
    if (!model)
        return;
    hcb_allocator mem = model->arena.mem;
    hcb__zone_set_free(model->zones);
    hcb__schedule_free(model->prices);
    hcb__policy_free(model->policy);
    hcb__matrix_free(model->matrix);
    hcb__idmap_free(&model->provider_of_id);
    hcb__idmap_free(&model->package_of_id);
    hcb__arena_release(&model->arena);
    hcb__free(&mem, model);
}

const hcb__coverage *hcb__model_coverage(const hcb__model *model, int32_t provider, int32_t zone) {
    const hcb__provider *k = &model->providers[provider];
    int32_t low = k->first_coverage, end = k->first_coverage + k->n_coverage, high = end;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (model->coverage[middle].zone < zone)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && model->coverage[low].zone == zone ? &model->coverage[low] : NULL;
}

int64_t hcb__model_price(const hcb__model *model, int32_t package, int32_t provider) {
    const hcb__package *p = &model->packages[package];
    const hcb__coverage *coverage = hcb__model_coverage(model, provider, p->zone);
    if (!coverage)
        return -1;
    int64_t own = coverage->price[p->band];
    return own >= 0 ? own : hcb__schedule_price(model->prices, p->zone, p->band);
}

int64_t hcb__model_quality(const hcb__model *model, int32_t provider) {
    const hcb__provider *k = &model->providers[provider];
    return hcb__policy_quality(model->policy, k->quality, k->rating);
}

int32_t hcb__model_priority(const hcb__model *model, int32_t package) {
    const hcb__package *p = &model->packages[package];
    if (p->placed || p->received == HCB__NO_DATE)
        return p->priority;
    return hcb__policy_priority(model->policy, p->priority, (int64_t)model->as_of - p->received);
}
