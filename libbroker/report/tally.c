/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arith.h"
#include "report/allocation_report.h"

const char *const hcb__outcome_words[3] = {"optimal", "feasible", "infeasible"};
const char *const hcb__stop_words[5] = {"proved", "gap", "work", "time", "cancelled"};
const char *const hcb__method_words[2] = {"optimal", "sequential"};

enum { SECONDS = 60 };

int64_t hcb__whole_minutes(int64_t seconds) {
    return hcb__round_div(seconds, SECONDS);
}

void hcb__replan_text(hcb__text *out, int64_t replan) {
    if (replan >= 0)
        hcb__text_int(out, replan);
    else
        hcb__text_puts(out, replan == HCB_REPLAN_FREE ? "free" : "fixed");
}

static int64_t use_of(const hcb__model *model, const hcb__package *p, int64_t seconds) {
    return model->travel.capacity_basis == HCB__CONTACT_AND_TRAVEL
               ? p->carer_minutes * SECONDS + p->carer_visits * seconds
               : p->carer_minutes;
}

static void add_placed(hcb__tally *t, const hcb__model *model, const hcb__package *p, const hcb__choice *c) {
    t->packages++;
    t->placed++;
    t->minutes_placed += p->carer_minutes;
    t->pence += c->weekly_pence;
    t->seconds += p->carer_visits * c->seconds;
    t->used += use_of(model, p, c->seconds);
}

static void add_waiting(hcb__tally *t, const hcb__package *p) {
    t->packages++;
    t->waiting++;
    t->minutes_waiting += p->carer_minutes;
}

static void add_fixed(hcb__tally *t, const hcb__model *model, const hcb__package *p, int64_t seconds) {
    t->fixed++;
    t->minutes_fixed += p->carer_minutes;
    t->used += use_of(model, p, seconds);
}

hcb_status hcb__tallies_make(hcb__tallies *out, hcb_context *ctx, const hcb_allocation *allocation) {
    const hcb__alloc_problem *problem = allocation->problem;
    const hcb__model *model = problem->model;
    hcb__arena_init(&out->arena, &ctx->mem);
    out->fallback_minutes = 0;
    out->by_zone = hcb__arena_alloc(&out->arena, (size_t)model->zones->n_zones, sizeof *out->by_zone);
    out->by_provider = hcb__arena_alloc(&out->arena, (size_t)model->n_providers, sizeof *out->by_provider);
    out->by_tier = hcb__arena_alloc(&out->arena, HCB__TIERS, sizeof *out->by_tier);
    if (!out->by_zone || !out->by_provider || !out->by_tier) {
        hcb__tallies_release(out);
        return hcb__nomem(ctx);
    }
    for (int32_t i = 0; i < problem->n_items; i++) {
        const hcb__package *p = &model->packages[problem->package[i]];
        if (allocation->bin[i] == HCB__WAITS) {
            add_waiting(&out->by_zone[p->zone], p);
            continue;
        }
        const hcb__choice *c = &problem->choices[hcb__alloc_pair(problem, i, allocation->bin[i])];
        add_placed(&out->by_zone[p->zone], model, p, c);
        add_placed(&out->by_provider[c->provider], model, p, c);
        add_placed(&out->by_tier[model->policy->tier_rank[c->tier]], model, p, c);
        out->fallback_minutes += c->fallback ? p->carer_minutes : 0;
    }
    for (int32_t q = model->n_packages; q < model->n_packages + model->n_placements; q++) {
        const hcb__package *p = &model->packages[q];
        if (!hcb__is_fixed(problem, p))
            continue;
        int64_t seconds = hcb__travel_seconds(problem->travel, q, p->provider, NULL);
        add_fixed(&out->by_zone[p->zone], model, p, seconds);
        add_fixed(&out->by_provider[p->provider], model, p, seconds);
    }
    return HCB_OK;
}

void hcb__tallies_release(hcb__tallies *tallies) {
    hcb__arena_release(&tallies->arena);
}
