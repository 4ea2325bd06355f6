/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packages given back, notes, changes of the workspace taken over. */
#include <string.h>

#include "desk/desk.h"

typedef struct work_job {
    const char *provider;
    const char *const *packages;
    int32_t n_packages;
    const char *text;
} work_job;

static hcb_status give_back(hcb__entry *e, const work_job *job, const char *package) {
    const char *now = hcb__package_status(e, package);
    if (!now)
        return e->store->failed;
    const char *provider = hcb__store_text(
        e->store, &e->arena, "SELECT provider FROM package WHERE id = ?1 AND status <> 'ended'", "s", package);
    if (!provider || strcmp(provider, job->provider) != 0)
        return hcb__fail(e->ctx, HCB_EDATA, "package %s is not served by %s but %s%s", package, job->provider,
                         provider ? "by " : "", provider ? provider : now);
    hcb__json_writer *w = hcb__entry_open(e, HCB__EVENT_HANDED_BACK);
    hcb__jw_key_string(w, "package", package);
    hcb__jw_key_string(w, "provider", provider);
    if (job->text)
        hcb__jw_key_string(w, "reason", job->text);
    return hcb__entry_close(e);
}

static hcb_status run_handback(hcb__entry *e, void *payload) {
    const work_job *job = payload;
    HCB__VEC(const char *) ids = {0};
    hcb_status status = HCB_OK;
    sqlite3_stmt *stmt = job->n_packages ? NULL
                                         : hcb__store_bind(e->store,
                                                           "SELECT id FROM package WHERE provider = ?1 AND "
                                                           "status <> 'ended' ORDER BY id",
                                                           "s", job->provider);
    while (hcb__store_next(e->store, stmt)) {
        const char *id = hcb__column(stmt, 0);
        id = hcb__arena_strndup(&e->arena, id, strlen(id));
        if (!id || !HCB__PUSH(&e->ctx->mem, &ids, id))
            e->store->failed = hcb__nomem(e->ctx);
    }
    for (int32_t i = 0; i < job->n_packages && status == HCB_OK; i++)
        status = give_back(e, job, job->packages[i]);
    for (size_t i = 0; i < ids.count && status == HCB_OK; i++)
        status = give_back(e, job, ids.at[i]);
    if (status == HCB_OK && e->store->failed == HCB_OK && !job->n_packages && !ids.count)
        status = hcb__fail(e->ctx, HCB_EDATA, "provider \"%s\" serves nobody", job->provider);
    HCB__VEC_FREE(&e->ctx->mem, &ids);
    return status == HCB_OK ? e->store->failed : status;
}

hcb_status hcb_desk_handback(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                             const char *provider, const char *const *packages, int32_t n_packages, const char *reason,
                             int32_t format) {
    if (out)
        *out = NULL;
    if (!provider || n_packages < 0 || (n_packages && !packages))
        return HCB_EINVAL;
    work_job job = {provider, packages, n_packages, reason};
    return hcb__desk_write(out, desk, ctx, stamp, format, run_handback, &job);
}

static hcb_status run_note(hcb__entry *e, void *payload) {
    const work_job *job = payload;
    if (job->provider && !hcb__package_status(e, job->provider))
        return e->store->failed;
    hcb__json_writer *w = hcb__entry_open(e, HCB__EVENT_NOTE);
    if (job->provider)
        hcb__jw_key_string(w, "package", job->provider);
    hcb__jw_key_string(w, "text", job->text);
    return hcb__entry_close(e);
}

hcb_status hcb_desk_note(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                         const char *package, const char *text, int32_t format) {
    if (out)
        *out = NULL;
    if (!text || !hcb__valid_utf8(text, strlen(text)))
        return HCB_EINVAL;
    work_job job = {.provider = package, .text = text};
    return hcb__desk_write(out, desk, ctx, stamp, format, run_note, &job);
}

static hcb_status run_adopt(hcb__entry *e, void *payload) {
    (void)payload;
    char reference[65];
    hcb_status status = hcb__desk_reference(e->desk, e->ctx, reference);
    if (status != HCB_OK)
        return status;
    const char *name = hcb__store_text(e->store, &e->arena,
                                       "SELECT json_extract(body, '$.workspace') FROM event WHERE kind = 'opened'", "");
    if (!name || strcmp(name, e->desk->ws->name) != 0)
        return hcb__fail(e->ctx, HCB_EDATA, "%s is the ledger of another workspace, \"%s\"; this one is \"%s\"",
                         e->store->shown, name ? name : "", e->desk->ws->name);
    /* Everything that stands must still be readable with the changed files. */
    const hcb__state_options o = {.at = e->at};
    hcb__model *model = NULL;
    status = hcb__state_model(&model, e->desk, e->ctx, &o);
    hcb__model_free(model);
    if (status != HCB_OK)
        return status;
    hcb__json_writer *w = hcb__entry_open(e, HCB__EVENT_ADOPTED);
    hcb__jw_key_string(w, "reference", reference);
    return hcb__entry_close(e);
}

hcb_status hcb_desk_adopt(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                          int32_t format) {
    return hcb__desk_write(out, desk, ctx, stamp, format, run_adopt, NULL);
}
