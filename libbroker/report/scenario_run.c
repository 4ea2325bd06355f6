/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One scenario, run for a caller. */
#include "base/options.h"
#include "base/textbuf.h"
#include "io/file.h"
#include "report/scenario_report.h"

_Static_assert(sizeof(hcb_scenario_options) == 32 + sizeof(hcb_allocation_options), "no padding");

void hcb_scenario_options_init(hcb_scenario_options *options) {
    hcb__options_init("hcb_scenario_options", options);
}

hcb_status hcb__scenario_options(hcb_scenario_options *out, hcb_context *ctx, const hcb_scenario_options *options) {
    hcb_status status = hcb__options_take(ctx, out, "hcb_scenario_options", options);
    if (!out->workspace)
        out->workspace = ".";
    return status;
}

static hcb_status save_one(hcb_context *ctx, const char *folder, const char *name, const hcb__text *text) {
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb__file_set *set = NULL;
    const char *path = hcb__path_join(&arena, folder, name);
    hcb_status status = path ? hcb__file_set_create(&set, ctx) : hcb__nomem(ctx);
    if (status == HCB_OK)
        status = hcb__file_set_folder(set, folder);
    if (status == HCB_OK)
        status = hcb__file_set_add(set, path, text->at, text->count);
    if (status == HCB_OK)
        status = hcb__file_set_commit(set);
    hcb__file_set_free(set);
    hcb__arena_release(&arena);
    return status;
}

static hcb_status run(hcb_text **json, hcb_context *ctx, const char *scenario, const hcb_scenario_options *given) {
    hcb_scenario_options o;
    hcb_status status = hcb__scenario_options(&o, ctx, given);
    if (status != HCB_OK)
        return status;
    hcb__scenario_file *file = NULL;
    const hcb__scenario *which = NULL;
    hcb__outcome *outcome = NULL;
    status = hcb__scenario_find(&file, &which, ctx, scenario, o.workspace);
    if (status == HCB_OK)
        status = hcb__outcome_prepare(&outcome, ctx, which, file->shown, &o.allocation);
    if (status == HCB_OK)
        status = hcb__outcome_run(outcome, ctx);
    if (status == HCB_OK)
        status = hcb__text_handle(json, ctx);
    if (status == HCB_OK)
        status = hcb__scenario_json(hcb__text_of(*json), ctx, outcome, o.publish != 0);
    if (status == HCB_OK && o.out)
        status = save_one(ctx, o.out, "scenario.json", hcb__text_of(*json));
    if (status == HCB_OK)
        status = hcb__text_finish(json, ctx);
    hcb__outcome_free(outcome);
    hcb__scenario_file_close(file);
    return status;
}

hcb_status hcb_scenario_run(hcb_text **json, hcb_context *ctx, const char *scenario,
                            const hcb_scenario_options *options) {
    if (!json || !ctx)
        return HCB_EINVAL;
    *json = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    status = scenario ? run(json, ctx, scenario, options) : hcb__fail(ctx, HCB_EINVAL, "no scenario was given");
    if (status != HCB_OK && *json) {
        hcb_text_free(*json);
        *json = NULL;
    }
    return hcb__end(ctx, status);
}

static void write_list(hcb__text *out, const hcb_allocator *mem, const hcb__scenario_file *file) {
    hcb__json_writer w;
    hcb__text address;
    hcb__text_init(&address, mem);
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key_string(&w, "kind", "scenarios");
    hcb__jw_key_string(&w, "name", file->name);
    hcb__jw_key(&w, "scenarios");
    hcb__jw_array(&w);
    for (int32_t i = 0; i < file->count; i++) {
        const hcb__scenario *s = &file->at[i];
        hcb__text_clear(&address);
        hcb__text_printf(&address, "%s%s%s", file->shown, file->lists ? "#" : "", file->lists ? s->name : "");
        out->failed |= address.failed;
        hcb__jw_object_flat(&w);
        hcb__jw_key_string(&w, "name", s->name);
        hcb__jw_key_string(&w, "scenario", address.failed ? "" : address.at);
        hcb__jw_key_string(&w, "group", s->group);
        hcb__json_changes(&w, s, mem);
        hcb__jw_end_object(&w);
    }
    hcb__jw_end_array(&w);
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
    hcb__text_free(&address);
}

hcb_status hcb_scenario_list(hcb_text **json, hcb_context *ctx, const char *name, const hcb_scenario_options *options) {
    if (!json || !ctx)
        return HCB_EINVAL;
    *json = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_scenario_options o;
    hcb__scenario_file *file = NULL;
    status = name ? hcb__scenario_options(&o, ctx, options) : hcb__fail(ctx, HCB_EINVAL, "no file was given");
    if (status == HCB_OK)
        status = hcb__scenario_file_open(&file, ctx, name, o.workspace);
    if (status == HCB_OK)
        status = hcb__text_handle(json, ctx);
    if (status == HCB_OK) {
        write_list(hcb__text_of(*json), &ctx->mem, file);
        status = hcb__text_finish(json, ctx);
    }
    hcb__scenario_file_close(file);
    return hcb__end(ctx, status);
}
