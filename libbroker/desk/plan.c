/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan for what is open, on the state of the desk. What was accepted stays; who was offered stays, unless asked. */
#include <string.h>

#include "allocation/allocation.h"
#include "base/hash.h"
#include "base/options.h"
#include "desk/desk.h"
#include "desk/offer.h"

/* A few tenths of a second for a county. */
enum { USUAL_WORK = 10000000 };

void hcb_desk_plan_options_init(hcb_desk_plan_options *o) {
    hcb__options_init("hcb_desk_plan_options", o);
}

typedef struct plan_job {
    const hcb_desk_plan_options *given;
    hcb_desk_plan_options options;
    hcb_allocation *allocation;
    bool wanted; /* the caller gets it, with its columns */
} plan_job;

static hcb_status solve(plan_job *job, hcb__entry *e) {
    const hcb_desk_plan_options *o = &job->options;
    hcb__policy *policy = NULL;
    hcb_status status = hcb__desk_policy(&policy, e->desk, e->ctx);
    if (status != HCB_OK) {
        hcb__policy_free(policy);
        return status;
    }
    const hcb__state_options view = {.at = e->at,
                                     .release_offers = o->free_offers != 0,
                                     .pin = o->allocation.replan != HCB_REPLAN_FIXED,
                                     .moves = policy->moves_person,
                                     .days = policy->moves_days};
    hcb__policy_free(policy);
    hcb_allocation_options options = o->allocation;
    if (options.work_limit == 0 && options.time_limit_s <= 0)
        options.work_limit = USUAL_WORK;
    hcb__model *model = NULL;
    hcb_workspace *workspace = NULL;
    status = hcb__state_model(&model, e->desk, e->ctx, &view);
    if (status == HCB_OK)
        status = hcb__workspace_wrap(&workspace, e->ctx, model);
    if (status == HCB_OK)
        status = hcb__allocation_solve(&job->allocation, e->ctx, workspace, &options, NULL);
    /* Offers follow the plan in the ledger; what is found until somebody stops may be nothing at all. */
    if (status == HCB_OK && job->allocation->summary.stop == HCB_STOP_CANCELLED)
        status = hcb__fail(e->ctx, HCB_ECANCELLED, "interrupted: nothing was written, the plan before stands");
    if (status == HCB_OK && job->wanted)
        status = hcb__allocation_columns(job->allocation, e->ctx);
    hcb_workspace_free(workspace);
    return status;
}

static void hash_plan(const hcb_allocation *a, char out[65]) {
    const hcb__model *model = a->problem->model;
    hcb__sha256 sha;
    hcb__sha256_init(&sha);
    for (int32_t i = 0; i < a->problem->n_items; i++) {
        const char *package = model->packages[a->problem->package[i]].id;
        const char *provider = a->bin[i] == HCB__WAITS ? "" : model->providers[a->bin[i]].id;
        hcb__sha256_add(&sha, package, strlen(package));
        hcb__sha256_add(&sha, "\t", 1);
        hcb__sha256_add(&sha, provider, strlen(provider));
        hcb__sha256_add(&sha, "\n", 1);
    }
    hcb__sha256_hex(&sha, out);
}

static hcb_status write_planned(hcb__entry *e, const hcb_allocation *a) {
    const hcb__model *model = a->problem->model;
    char sha[65];
    hash_plan(a, sha);
    hcb__json_writer *w = hcb__entry_open(e, HCB__EVENT_PLANNED);
    hcb__jw_key_string(w, "sha256", sha);
    hcb__jw_key_string(w, "inputs_sha256", model->inputs_sha256);
    hcb__jw_key_string(w, "policy", model->policy->name);
    hcb__jw_key_string(w, "method", a->options.method == HCB_METHOD_SEQUENTIAL ? "sequential" : "optimal");
    hcb__jw_key_int(w, "replan", a->options.replan);
    int64_t placed = 0, waiting = 0;
    for (int32_t i = 0; i < a->problem->n_items; i++)
        if (!model->packages[a->problem->package[i]].placed)
            ++*(a->bin[i] == HCB__WAITS ? &waiting : &placed);
    hcb__jw_key_int(w, "placed", placed);
    hcb__jw_key_int(w, "waiting", waiting);
    hcb__jw_key(w, "plan");
    hcb__jw_array(w);
    for (int32_t i = 0; i < a->problem->n_items; i++) {
        const hcb__package *p = &model->packages[a->problem->package[i]];
        if (p->placed || a->bin[i] == HCB__WAITS)
            continue;
        hcb__jw_array(w);
        hcb__jw_string(w, p->id);
        hcb__jw_string(w, model->providers[a->bin[i]].id);
        hcb__jw_end_array(w);
    }
    hcb__jw_end_array(w);
    return hcb__entry_close(e);
}

/* Nobody who is served loses it by a plan: only moves from one provider to another are carried out. */
static hcb_status carry_out(hcb__entry *e, const hcb_allocation *a) {
    const hcb__model *model = a->problem->model;
    hcb_status status = HCB_OK;
    for (int32_t i = 0; i < a->problem->n_items && status == HCB_OK; i++) {
        const hcb__package *p = &model->packages[a->problem->package[i]];
        if (!p->placed || a->bin[i] == HCB__WAITS || a->bin[i] == p->provider)
            continue;
        hcb__json_writer *w = hcb__entry_open(e, HCB__EVENT_MOVED);
        hcb__jw_key_string(w, "package", p->id);
        hcb__jw_key_string(w, "from", model->providers[p->provider].id);
        hcb__jw_key_string(w, "provider", model->providers[a->bin[i]].id);
        status = hcb__entry_close(e);
    }
    return status;
}

static hcb_status run_plan(hcb__entry *e, void *payload) {
    plan_job *job = payload;
    hcb_status status = hcb__options_take(e->ctx, &job->options, "hcb_desk_plan_options", job->given);
    if (status == HCB_OK)
        status = solve(job, e);
    if (status == HCB_OK && job->options.carry_out)
        status = carry_out(e, job->allocation);
    return status == HCB_OK ? write_planned(e, job->allocation) : status;
}

hcb_status hcb_desk_plan(hcb_text **out, hcb_allocation **allocation, hcb_desk *desk, hcb_context *ctx,
                         const hcb_desk_stamp *stamp, const hcb_desk_plan_options *options, int32_t format) {
    if (out)
        *out = NULL;
    if (allocation)
        *allocation = NULL;
    plan_job job = {.given = options, .wanted = allocation != NULL};
    hcb_status status = hcb__desk_write(out, desk, ctx, stamp, format, run_plan, &job);
    if (status == HCB_OK && allocation)
        *allocation = job.allocation;
    else
        hcb_allocation_free(job.allocation);
    return status;
}
