/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may take a package as the desk stands: eligibility, ranking and room are those of every plan. */
#include <string.h>

#include "desk/offer.h"

hcb_status hcb__desk_policy(hcb__policy **out, const hcb_desk *desk, hcb_context *ctx) {
    const hcb__workspace_file *file = &desk->ws->files[HCB__FILE_POLICY];
    const char *path = desk->policy ? desk->policy : file->path;
    hcb_status status = hcb__policy_load(out, ctx, path, desk->policy ? desk->policy : file->name);
    return status == HCB_OK ? hcb__diag_status(ctx) : status;
}

const hcb__call_off_route *hcb__call_off_route_of(const hcb__call_off *c, int64_t pence) {
    int32_t i = 0;
    while (i + 1 < c->n_routes && c->routes[i].up_to_pence >= 0 && pence > c->routes[i].up_to_pence)
        i++;
    return &c->routes[i];
}

hcb_status hcb__ask(hcb__asked *out, hcb__entry *e, const char *package, bool firm) {
    *out = (hcb__asked){0};
    const hcb__state_options o = {.at = e->at, .subject = package, .ignore_offers = firm};
    hcb_status status = hcb__state_model(&out->model, e->desk, e->ctx, &o);
    if (status == HCB_OK && hcb__idmap_get(&out->model->package_of_id, package, strlen(package)) < 0)
        status = hcb__fail(e->ctx, HCB_EDATA, "package %s is left out of plans; hcbroker check says why", package);
    return status == HCB_OK ? hcb__recommend_providers(&out->ranking, e->ctx, out->model, package, NULL) : status;
}

void hcb__asked_release(hcb__asked *asked) {
    hcb__recommendation_free(asked->ranking);
    hcb__model_free(asked->model);
    *asked = (hcb__asked){0};
}

const hcb__candidate *hcb__asked_candidate(const hcb__asked *asked, const char *provider) {
    for (int32_t i = 0; i < asked->ranking->n_candidates; i++) {
        const hcb__candidate *c = &asked->ranking->candidates[i];
        if (strcmp(asked->model->providers[c->choice->provider].id, provider) == 0)
            return c;
    }
    return NULL;
}

hcb_status hcb__asked_refuse(const hcb__asked *asked, hcb_context *ctx, const char *package, const char *provider) {
    const hcb__recommendation *r = asked->ranking;
    const hcb__candidate *c = hcb__asked_candidate(asked, provider);
    if (c && c->n_lacks)
        return hcb__fail(ctx, HCB_EDATA, "provider %s has no room for package %s: %s is short by %lld", provider,
                         package, r->problem->rows[c->lacks[0].row].name, (long long)c->lacks[0].by);
    for (int32_t i = 0; i < r->n_left_out; i++)
        if (strcmp(asked->model->providers[r->left_out[i].provider].id, provider) == 0)
            return hcb__fail(ctx, HCB_EDATA, "provider %s may not take package %s: %s", provider, package,
                             r->left_out[i].code);
    return hcb__fail(ctx, HCB_EDATA, "provider \"%s\" is not known", provider);
}
