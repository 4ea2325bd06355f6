/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hours that providers state: in all, in a zone that they cover, in a part of the day. */
#include <string.h>

#include "desk/desk.h"
#include "io/csv_table.h"

typedef struct capacity_job {
    const char *provider, *zone, *part; /* zone or part, or neither */
    int64_t minutes;                    /* -1: no limit; of a zone or part */
} capacity_job;

/* Whether a table of the workspace has a row with these ids; `second` may be NULL. */
static hcb_status has_row(bool *out, hcb_desk *desk, hcb_context *ctx, hcb__file_kind kind,
                          const char *const columns[2], const char *first, const char *second) {
    const hcb__workspace_file *file = &desk->ws->files[kind];
    hcb__csv_table *table = NULL;
    *out = false;
    hcb_status status = hcb__csv_table_read(&table, ctx, file->path, file->name);
    if (status != HCB_OK)
        return status;
    size_t a = hcb__csv_table_column(table, columns[0], file->renames, file->n_renames);
    size_t b = second ? hcb__csv_table_column(table, columns[1], file->renames, file->n_renames) : a;
    for (size_t row = 0; row < table->rows.count && !*out; row++)
        *out = strcmp(hcb__csv_table_get(table, row, a), first) == 0 &&
               (!second || strcmp(hcb__csv_table_get(table, row, b), second) == 0);
    hcb__csv_table_free(table);
    return HCB_OK;
}

hcb_status hcb__desk_has_provider(bool *out, hcb_desk *desk, hcb_context *ctx, const char *provider) {
    static const char *const columns[2] = {"provider_id", NULL};
    return has_row(out, desk, ctx, HCB__FILE_PROVIDERS, columns, provider, NULL);
}

hcb_status hcb__desk_no_provider(const hcb_desk *desk, hcb_context *ctx, const char *provider) {
    return hcb__fail(ctx, HCB_EDATA, "provider \"%s\" is not among those of %s", provider,
                     desk->ws->files[HCB__FILE_PROVIDERS].name);
}

static int32_t part_of_day(const char *part) {
    for (int32_t b = 0; b < HCB__BLOCKS; b++)
        if (strcmp(part, hcb__parts_of_day[b]) == 0)
            return b;
    return -1;
}

static hcb_status check(hcb__entry *e, const capacity_job *job) {
    static const char *const pair[2] = {"provider_id", "zone_id"};
    bool found;
    hcb_status status = hcb__desk_has_provider(&found, e->desk, e->ctx, job->provider);
    if (status == HCB_OK && !found)
        return hcb__desk_no_provider(e->desk, e->ctx, job->provider);
    if (status == HCB_OK && job->zone)
        status = has_row(&found, e->desk, e->ctx, HCB__FILE_COVERAGE, pair, job->provider, job->zone);
    if (status == HCB_OK && !found)
        return hcb__fail(e->ctx, HCB_EDATA, "provider %s does not cover the zone \"%s\"", job->provider, job->zone);
    if (status == HCB_OK && job->part && part_of_day(job->part) < 0)
        return hcb__fail(e->ctx, HCB_EDATA, "\"%s\" is no part of the day; expected morning, lunch, tea or bed",
                         job->part);
    return status;
}

/* Minutes a week that the provider serves in the part of the day. */
static hcb_status used_in_part(int64_t *out, hcb__entry *e, const capacity_job *job) {
    const hcb__state_options o = {.at = e->at, .ignore_offers = true};
    hcb__model *model = NULL;
    hcb_status status = hcb__state_model(&model, e->desk, e->ctx, &o);
    if (status != HCB_OK)
        return status;
    int32_t block = part_of_day(job->part);
    for (int32_t q = model->n_packages; q < model->n_packages + model->n_placements; q++)
        if (strcmp(model->providers[model->packages[q].provider].id, job->provider) == 0)
            *out += model->packages[q].block_minutes[block];
    hcb__model_free(model);
    return HCB_OK;
}

static hcb_status run_capacity(hcb__entry *e, void *payload) {
    const capacity_job *job = payload;
    int64_t used = 0;
    hcb_status status = check(e, job);
    if (status == HCB_OK && job->part)
        status = used_in_part(&used, e, job);
    else if (status == HCB_OK)
        used = hcb__store_int(e->store, 0,
                              "SELECT SUM(minutes) FROM package WHERE provider = ?1 AND status <> 'ended' AND (?2 IS "
                              "NULL OR zone = ?2)",
                              "ss", job->provider, job->zone);
    if (status != HCB_OK)
        return status;
    hcb__json_writer *w = hcb__entry_open(e, HCB__EVENT_CAPACITY);
    hcb__jw_key_string(w, "provider", job->provider);
    if (job->zone)
        hcb__jw_key_string(w, "zone", job->zone);
    if (job->part)
        hcb__jw_key_string(w, "part", job->part);
    hcb__jw_key_int(w, "minutes", job->minutes);
    hcb__jw_key_int(w, "spare", job->minutes < 0 ? 0 : job->minutes - used);
    return hcb__entry_close(e);
}

hcb_status hcb_desk_capacity_of(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                                const char *provider, const char *zone, const char *part, int64_t minutes,
                                int32_t format) {
    static const int64_t most = 10000000;
    if (out)
        *out = NULL;
    if (!provider || (zone && part) || minutes < (zone || part ? -1 : 0) || minutes > most)
        return HCB_EINVAL;
    capacity_job job = {provider, zone, part, minutes};
    return hcb__desk_write(out, desk, ctx, stamp, format, run_capacity, &job);
}

hcb_status hcb_desk_capacity(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                             const char *provider, int64_t minutes, int32_t format) {
    return hcb_desk_capacity_of(out, desk, ctx, stamp, provider, NULL, NULL, minutes, format);
}
