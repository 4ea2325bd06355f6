/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Providers that may choose take what pays for its travel: attractive packages go first, the others wait. */
#include "base/arith.h"
#include "scenario/changes_apply.h"

typedef struct lists {
    const hcb_allocator *mem;
    HCB__VEC(int32_t) numbers;
    bool failed;
} lists;

/* Overhead is a share of the zone's first price (urban, where there is one), the same pounds in every band. */
static int64_t overhead_of(const hcb__model *m, const hcb__costs *costs, int32_t zone) {
    for (int32_t b = 0; b < HCB__BANDS; b++) {
        int64_t price = hcb__schedule_price(m->prices, zone, b);
        if (price >= 0)
            return hcb__round_div(price * costs->overhead, 10000);
    }
    return 0;
}

bool hcb__below_cost(const hcb__model *m, const hcb__costs *costs, int32_t package, int32_t provider, int64_t seconds) {
    const hcb__package *p = &m->packages[package];
    int64_t price = hcb__model_price(m, package, provider), margin;
    return price >= 0 &&
           hcb__margin(&costs->pay, price, overhead_of(m, costs, p->zone), p->carer_minutes, p->carer_visits * seconds,
                       &margin) &&
           margin < 0;
}

/* Those excluded already and those who decline, both ascending, as one. Who serves the person today goes on. */
static void merge(lists *l, const hcb__model *m, const hcb__scenario *s, const hcb__travel_table *travel, int32_t q) {
    const hcb__package *p = &m->packages[q];
    const int32_t *old = m->excluded + p->first_excluded, *end = old + p->n_excluded;
    for (int32_t i = 0; i < m->n_coverage; i++) {
        const hcb__coverage *c = &m->coverage[i];
        if (c->zone != p->zone || !(s->refusing >> c->tier & 1) || c->provider == p->provider)
            continue;
        if (!hcb__below_cost(m, &s->costs, q, c->provider, hcb__travel_seconds(travel, q, c->provider, NULL)))
            continue;
        for (; old < end && *old < c->provider; old++)
            l->failed |= !HCB__PUSH(l->mem, &l->numbers, *old);
        if (old == end || *old != c->provider)
            l->failed |= !HCB__PUSH(l->mem, &l->numbers, c->provider);
    }
    for (; old < end; old++)
        l->failed |= !HCB__PUSH(l->mem, &l->numbers, *old);
}

hcb_status hcb__change_refusals(hcb__model *m, hcb_context *ctx, const hcb__scenario *s) {
    if (!s->refusing)
        return HCB_OK;
    hcb__travel_table *travel = NULL;
    hcb_status status = hcb__travel_table_create(&travel, &ctx->mem, m);
    if (status != HCB_OK)
        return status == HCB_ENOMEM ? hcb__nomem(ctx) : status;
    lists l = {.mem = &ctx->mem};
    for (int32_t q = 0; q < m->n_packages + m->n_placements && !l.failed; q++) {
        int32_t first = (int32_t)l.numbers.count;
        merge(&l, m, s, travel, q);
        m->packages[q].first_excluded = first;
        m->packages[q].n_excluded = (int32_t)l.numbers.count - first;
    }
    int32_t *kept = l.failed ? NULL : hcb__arena_alloc(&m->arena, l.numbers.count, sizeof *kept);
    for (size_t i = 0; kept && i < l.numbers.count; i++)
        kept[i] = l.numbers.at[i];
    if (kept)
        m->excluded = kept;
    HCB__VEC_FREE(&ctx->mem, &l.numbers);
    hcb__travel_table_free(travel);
    return kept ? HCB_OK : hcb__nomem(ctx);
}
