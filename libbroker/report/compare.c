/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two scenarios, run one after the other with the same seed. */
#include "base/textbuf.h"
#include "io/file.h"
#include "report/scenario_report.h"

typedef struct job {
    hcb_context *ctx;
    hcb_scenario_options o;
    hcb__scenario_file *file[2];
    hcb__outcome *outcome[2];
    hcb__comparison c;
} job;

static hcb_status run_side(job *j, int side, const char *name) {
    const hcb__scenario *which = NULL;
    hcb_status status = hcb__scenario_find(&j->file[side], &which, j->ctx, name, j->o.workspace);
    if (status == HCB_OK)
        status = hcb__outcome_prepare(&j->outcome[side], j->ctx, which, j->file[side]->shown, &j->o.allocation);
    if (status == HCB_OK)
        status = hcb__outcome_run(j->outcome[side], j->ctx);
    if (status == HCB_OK && !hcb__outcome_whole(j->outcome[side]))
        status = hcb__fail(j->ctx, HCB_ECANCELLED, "the comparison was stopped; half of one says nothing");
    j->c.side[side] = j->outcome[side];
    return status;
}

static hcb_status add_text(job *j, hcb__file_set *set, hcb__arena *arena, const char *name, hcb__text *text,
                           hcb_status status) {
    if (status == HCB_OK && text->failed)
        status = hcb__nomem(j->ctx);
    const char *path = status == HCB_OK ? hcb__path_join(arena, j->o.out, name) : NULL;
    if (status == HCB_OK)
        status = path ? hcb__file_set_add(set, path, text->at ? text->at : "", text->count) : hcb__nomem(j->ctx);
    hcb__text_clear(text);
    return status;
}

static hcb_status write_files(job *j) {
    static const char *const maps[2] = {"zones_a.geojson", "zones_b.geojson"};
    hcb__file_set *set = NULL;
    hcb__arena arena;
    hcb__text text;
    hcb__arena_init(&arena, &j->ctx->mem);
    hcb__text_init(&text, &j->ctx->mem);
    hcb_status status = hcb__file_set_create(&set, j->ctx);
    if (status == HCB_OK)
        status = hcb__file_set_folder(set, j->o.out);
    if (status == HCB_OK) {
        hcb__comparison_json(&text, &j->c, &j->ctx->mem);
        status = add_text(j, set, &arena, "comparison.json", &text, HCB_OK);
    }
    if (status == HCB_OK && !j->c.publish) {
        hcb__comparison_packages_csv(&text, &j->c);
        status = add_text(j, set, &arena, "packages.csv", &text, HCB_OK);
    }
    for (int side = 0; side < 2 && status == HCB_OK; side++) {
        status = hcb__scenario_geojson(&text, j->ctx, j->c.side[side], &j->c.rows[side].zones);
        status = add_text(j, set, &arena, maps[side], &text, status);
    }
    if (status == HCB_OK)
        status = hcb__file_set_commit(set);
    hcb__file_set_free(set);
    hcb__text_free(&text);
    hcb__arena_release(&arena);
    return status;
}

static hcb_status print(hcb_text **out, job *j) {
    hcb_status status = hcb__text_handle(out, j->ctx);
    if (status != HCB_OK)
        return status;
    hcb__text *text = hcb__text_of(*out);
    if (j->o.format == HCB_FORMAT_JSON)
        hcb__comparison_json(text, &j->c, &j->ctx->mem);
    else if (j->o.format == HCB_FORMAT_CSV)
        hcb__comparison_csv(text, &j->c);
    else
        hcb__comparison_text(text, &j->c);
    return hcb__text_finish(out, j->ctx);
}

static hcb_status compare(hcb_text **out, job *j, const char *a, const char *b, const hcb_scenario_options *options) {
    hcb_status status = hcb__scenario_options(&j->o, j->ctx, options);
    if (status == HCB_OK)
        status = run_side(j, 0, a);
    if (status == HCB_OK)
        status = run_side(j, 1, b);
    j->c.publish = j->o.publish != 0;
    for (int side = 0; side < 2 && status == HCB_OK; side++)
        status = hcb__outcome_rows_make(&j->c.rows[side], j->ctx, j->c.side[side], j->c.publish);
    if (status == HCB_OK && j->o.out)
        status = write_files(j);
    return status == HCB_OK ? print(out, j) : status;
}

hcb_status hcb_compare(hcb_text **out, hcb_context *ctx, const char *a, const char *b,
                       const hcb_scenario_options *options) {
    if (!out || !ctx)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    job j = {.ctx = ctx};
    status = a && b ? compare(out, &j, a, b, options) : hcb__fail(ctx, HCB_EINVAL, "two scenarios are needed");
    for (int side = 0; side < 2; side++) {
        hcb__outcome_rows_free(&j.c.rows[side], ctx);
        hcb__outcome_free(j.outcome[side]);
        hcb__scenario_file_close(j.file[side]);
    }
    return hcb__end(ctx, status);
}
