/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/generate.h"

#include <math.h>
#include <string.h>

#include "base/arith.h"
#include "base/options.h"
#include "io/file.h"

_Static_assert(sizeof(hcb_generate_options) == 40, "no padding");
_Static_assert(sizeof(hcb_generate_summary) == 96, "no padding");

enum {
    MOST_QUEUE = 1000000,
    ALL_FILES = (1 << HCB__MADE) - 1,
    QUEUE_FILES = 1 << HCB__MADE_VISITS | 1 << HCB__MADE_PACKAGES
};

typedef struct job {
    hcb_context *ctx;
    hcb__arena arena;
    hcb__folder *folder;
    hcb__zone_set *set;
    hcb__schedule *prices;
    hcb__ground ground;
    hcb_generate_options options;
    int32_t scenario;
    bool fresh;
    hcb__supply supply;
    hcb__person *served, *waiting;
    int32_t n_served, n_waiting;
    int64_t first_waiting;
    const char **declined;
    hcb__csv_table *table[HCB__MADE];
} job;

void hcb_generate_options_init(hcb_generate_options *options) {
    hcb__options_init("hcb_generate_options", options);
}

/* People of a real workspace are not overwritten or mixed with made-up ones. */
static hcb_status protect(job *j) {
    if (j->folder->ws->synthetic || j->options.force)
        return HCB_OK;
    for (int i = 0; i < HCB__MADE; i++) {
        if (!j->fresh && i < HCB__MADE_PLACEMENTS)
            continue;
        hcb__csv_table *table = NULL;
        hcb_status status = hcb__folder_read(&table, j->ctx, j->folder, (hcb__made)i);
        if (status != HCB_OK)
            return status;
        size_t rows = table->rows.count;
        hcb__csv_table_free(table);
        if (rows)
            return hcb__fail(j->ctx, HCB_EINVAL,
                             "%s holds %zu rows and hcbroker.yaml does not say `synthetic: true`; they are kept "
                             "(use force to overwrite them)",
                             j->folder->file[i], rows);
    }
    return HCB_OK;
}

static hcb_status has_providers(job *j, bool *out) {
    hcb__csv_table *table = NULL;
    hcb_status status = hcb__folder_table(&table, j->ctx, j->folder, HCB__MADE_PROVIDERS);
    *out = status == HCB_OK && table->rows.count > 0;
    hcb__csv_table_free(table);
    return status;
}

static hcb_status read_map(job *j) {
    j->folder->map.skip_overlaps = true;
    hcb_status status = hcb__zone_set_load(&j->set, j->ctx, &j->folder->map);
    const hcb__workspace_file *prices = &j->folder->ws->files[HCB__FILE_PRICES];
    if (status == HCB_OK && prices->name)
        status = hcb__schedule_load(&j->prices, j->ctx, prices->path, prices->name, prices->renames, prices->n_renames,
                                    j->set, j->folder->ws->as_of);
    if (status == HCB_OK)
        status = hcb__diag_status(j->ctx);
    return status == HCB_OK ? hcb__ground_make(&j->ground, j->ctx, &j->arena, j->set, j->scenario) : status;
}

static int32_t times(hcb__parameter_name name, const job *j, int32_t least) {
    double n = floor(hcb__parameter(name, j->scenario) * j->options.scale + 0.5);
    return n > least ? (int32_t)n : least;
}

static hcb_status make_served(job *j) {
    double hours = hcb__parameter(HCB__P_HOURS, j->scenario) * j->options.scale;
    int32_t as_of = j->folder->ws->as_of,
            n = times(HCB__P_PROVIDERS, j, (int32_t)hcb__parameter(HCB__P_ZONE_LEAST, j->scenario));
    j->n_served = times(HCB__P_PEOPLE, j, 1);
    j->served = hcb__arena_alloc(&j->arena, (size_t)j->n_served, sizeof *j->served);
    if (!j->served)
        return hcb__nomem(j->ctx);
    hcb_status status =
        hcb__people_served(j->served, j->n_served, j->ctx, &j->ground, j->scenario, hours, as_of, j->options.seed);
    if (status == HCB_OK)
        status = hcb__supply_make(&j->supply, j->ctx, &j->arena, &j->ground, j->prices, j->scenario, n, hours, as_of,
                                  j->options.seed);
    if (status == HCB_OK)
        status = hcb__supply_place(&j->supply, j->ctx, j->served, j->n_served, j->scenario, j->options.spare,
                                   j->options.seed);
    return status;
}

/* The tables to write: empty ones, or what is there when only a queue is added. */
static hcb_status open_tables(job *j) {
    hcb_status status = HCB_OK;
    for (int i = 0; i < HCB__MADE && status == HCB_OK; i++)
        status = j->fresh ? hcb__csv_table_create(&j->table[i], j->ctx)
                          : hcb__folder_table(&j->table[i], j->ctx, j->folder, (hcb__made)i);
    return status;
}

static const hcb__workspace_file *file_of(const job *j, hcb__made file) {
    return hcb__folder_file(j->folder, file);
}

static void write_served(job *j) {
    hcb__write_providers(j->table[HCB__MADE_PROVIDERS], file_of(j, HCB__MADE_PROVIDERS), &j->supply, j->scenario);
    hcb__write_coverage(j->table[HCB__MADE_COVERAGE], file_of(j, HCB__MADE_COVERAGE), &j->supply, j->set);
    hcb__write_placements(j->table[HCB__MADE_PLACEMENTS], file_of(j, HCB__MADE_PLACEMENTS), j->served, j->n_served,
                          j->supply.n);
    hcb__write_visits(j->table[HCB__MADE_VISITS], file_of(j, HCB__MADE_VISITS), j->served, j->n_served, 'K', 1);
}

static size_t column_of(const job *j, hcb__made file, const char *name) {
    return hcb__csv_table_column(j->table[file], name, file_of(j, file)->renames, file_of(j, file)->n_renames);
}

/* One more than the highest number among Q000001, Q000002, ... of a file. */
static void pass_numbers(job *j, hcb__made file) {
    size_t column = column_of(j, file, "package_id");
    for (size_t row = 0; row < j->table[file]->rows.count; row++) {
        const char *id = hcb__csv_table_get(j->table[file], row, column);
        int64_t number;
        if (*id == 'Q' && id[1] >= '0' && id[1] <= '9' && hcb__parse_int(id + 1, strlen(id + 1), &number) &&
            number >= j->first_waiting && number < INT64_MAX - MOST_QUEUE)
            j->first_waiting = number + 1;
    }
}

/* Who has declined is one of those who cover the zone. */
static hcb_status choose_declined(job *j) {
    const hcb__csv_table *coverage = j->table[HCB__MADE_COVERAGE];
    size_t provider = column_of(j, HCB__MADE_COVERAGE, "provider_id"),
           zone = column_of(j, HCB__MADE_COVERAGE, "zone_id");
    j->declined = hcb__arena_alloc(&j->arena, (size_t)j->n_waiting, sizeof *j->declined);
    if (!j->declined)
        return hcb__nomem(j->ctx);
    for (int32_t i = 0; i < j->n_waiting; i++) {
        if (j->waiting[i].provider < 0)
            continue;
        const char *zone_id = j->set->zones[j->waiting[i].zone].id;
        int32_t n = 0;
        for (size_t row = 0; row < coverage->rows.count; row++)
            n += strcmp(hcb__csv_table_get(coverage, row, zone), zone_id) == 0;
        int32_t left = n ? j->waiting[i].provider % n : -1;
        for (size_t row = 0; row < coverage->rows.count && left >= 0; row++)
            if (strcmp(hcb__csv_table_get(coverage, row, zone), zone_id) == 0 && left-- == 0)
                j->declined[i] = hcb__csv_table_get(coverage, row, provider);
    }
    return HCB_OK;
}

static hcb_status make_waiting(job *j) {
    j->n_waiting = j->options.queue >= 0 ? j->options.queue : (int32_t)hcb__parameter(HCB__P_QUEUE, j->scenario);
    j->first_waiting = 1;
    pass_numbers(j, HCB__MADE_PACKAGES);
    pass_numbers(j, HCB__MADE_PLACEMENTS);
    j->waiting = hcb__arena_alloc(&j->arena, (size_t)j->n_waiting, sizeof *j->waiting);
    if (!j->waiting)
        return hcb__nomem(j->ctx);
    hcb_status status = hcb__people_waiting(j->waiting, j->n_waiting, j->ctx, &j->ground, j->scenario,
                                            j->folder->ws->as_of, j->options.seed, j->first_waiting);
    if (status == HCB_OK)
        status = choose_declined(j);
    if (status != HCB_OK)
        return status;
    hcb__write_packages(j->table[HCB__MADE_PACKAGES], file_of(j, HCB__MADE_PACKAGES), j->waiting, j->n_waiting,
                        j->first_waiting, j->declined);
    hcb__write_visits(j->table[HCB__MADE_VISITS], file_of(j, HCB__MADE_VISITS), j->waiting, j->n_waiting, 'Q',
                      j->first_waiting);
    return HCB_OK;
}

static hcb_status write_files(job *j) {
    static const char *const id[HCB__MADE] = {"provider_id", "provider_id", "package_id", "package_id", "package_id"};
    uint32_t files = j->fresh ? ALL_FILES : QUEUE_FILES;
    hcb__file_set *set = NULL;
    hcb__text text;
    hcb__text_init(&text, &j->ctx->mem);
    hcb_status status = hcb__file_set_create(&set, j->ctx);
    for (int i = 0; i < HCB__MADE && status == HCB_OK; i++) {
        if (!(files >> i & 1))
            continue;
        hcb__text_clear(&text);
        hcb__csv_table_sort(j->table[i], column_of(j, (hcb__made)i, id[i]));
        hcb__csv_table_write(j->table[i], &text);
        const char *path = hcb__folder_path(j->folder, (hcb__made)i);
        status = text.failed || j->table[i]->failed || !path ? hcb__nomem(j->ctx)
                                                             : hcb__file_set_add(set, path, text.at, text.count);
    }
    if (status == HCB_OK) {
        hcb__text_clear(&text);
        status = hcb__folder_yaml(&text, j->ctx, j->folder, true, files);
    }
    if (status == HCB_OK)
        status = hcb__file_set_add(set, j->folder->ws->path, text.at, text.count);
    if (status == HCB_OK)
        status = hcb__file_set_commit(set);
    hcb__file_set_free(set);
    hcb__text_free(&text);
    return status;
}

static hcb_status generate(job *j, const char *dir) {
    hcb_status status = hcb__folder_open(&j->folder, j->ctx, dir);
    bool providers = false;
    if (status == HCB_OK && j->options.scenario == HCB_SCENARIO_NONE)
        status = has_providers(j, &providers);
    j->fresh = !providers;
    j->scenario = j->options.scenario == HCB_SCENARIO_NONE ? HCB_SCENARIO_S1 : j->options.scenario;
    if (status == HCB_OK)
        status = protect(j);
    if (status == HCB_OK)
        status = read_map(j);
    if (status == HCB_OK && j->fresh)
        status = make_served(j);
    if (status == HCB_OK)
        status = open_tables(j);
    if (status == HCB_OK && j->fresh)
        write_served(j);
    if (status == HCB_OK)
        status = make_waiting(j);
    return status == HCB_OK ? write_files(j) : status;
}

static void summarise(const job *j, hcb_generate_summary *out) {
    *out = (hcb_generate_summary){.scenario = j->fresh ? j->scenario : HCB_SCENARIO_NONE, .seed = j->options.seed};
    out->people = j->n_served;
    out->queue = j->n_waiting;
    out->waiting = (int32_t)j->table[HCB__MADE_PACKAGES]->rows.count;
    out->providers = j->supply.n;
    out->coverage = j->supply.n_cover;
    out->capabilities_granted = j->supply.granted;
    for (int32_t k = 0; k < j->supply.n; k++)
        out->capacity_minutes += j->supply.at[k].capacity;
    for (int32_t i = 0; i < j->n_served; i++) {
        const hcb__person *p = &j->served[i];
        out->carer_minutes += p->carer_minutes;
        out->contact_minutes += p->contact_minutes;
        out->people_by_band[p->band]++;
        out->double_handed += p->carers == 2;
        out->visits += p->n_calls;
    }
    for (int32_t i = 0; i < j->n_waiting; i++) {
        out->queue_carer_minutes += j->waiting[i].carer_minutes;
        out->visits += j->waiting[i].n_calls;
    }
}

static void release(job *j) {
    for (int i = 0; i < HCB__MADE; i++)
        hcb__csv_table_free(j->table[i]);
    hcb__supply_free(&j->supply, &j->ctx->mem);
    hcb__schedule_free(j->prices);
    hcb__zone_set_free(j->set);
    hcb__folder_close(j->folder);
    hcb__arena_release(&j->arena);
}

hcb_status hcb_generate(hcb_context *ctx, const char *dir, const hcb_generate_options *options,
                        hcb_generate_summary *out) {
    if (!ctx)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    job j = {.ctx = ctx};
    hcb__arena_init(&j.arena, &ctx->mem);
    status = dir ? hcb__options_take(ctx, &j.options, "hcb_generate_options", options)
                 : hcb__fail(ctx, HCB_EINVAL, "no folder was given");
    if (status == HCB_OK && out && !hcb__struct_size_ok(out->struct_size))
        status = hcb__fail(ctx, HCB_EVERSION, "summary: struct_size is not set");
    if (status == HCB_OK)
        status = generate(&j, dir);
    if (status == HCB_OK && out) {
        hcb_generate_summary all;
        summarise(&j, &all);
        status = hcb__result_give(out, &all, sizeof all);
    }
    release(&j);
    return hcb__end(ctx, status);
}
