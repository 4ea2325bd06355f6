/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packages come in, change, end and rest. Files are read by the reader of workspaces, so that what a plan would stumble
 * over is refused here, with file, line and column. */
#include <string.h>

#include "desk/cells.h"
#include "desk/desk.h"
#include "io/csv_table.h"
#include "io/file.h"

/* One file of packages (or placements) and one of visits, as they were given. */
typedef struct source {
    hcb__csv_table *packages, *visits;
    const hcb__workspace_file *package_file, *visit_file;
    hcb__idmap row_of_id;
    hcb__idmap visit_of_id; /* the first row of visits of a package; the others follow it in `next_visit` */
    int32_t *next_visit;
} source;

static size_t column_of(const hcb__csv_table *t, const hcb__workspace_file *f, const char *name) {
    return t ? hcb__csv_table_column(t, name, f->renames, f->n_renames) : HCB__NO_COLUMN;
}

static hcb_status index_source(source *s, hcb__entry *e) {
    hcb__idmap_init(&s->row_of_id, &e->ctx->mem);
    hcb__idmap_init(&s->visit_of_id, &e->ctx->mem);
    size_t id = column_of(s->packages, s->package_file, "package_id");
    for (size_t row = 0; s->packages && row < s->packages->rows.count; row++) {
        const char *name = hcb__csv_table_get(s->packages, row, id);
        if (hcb__idmap_get(&s->row_of_id, name, strlen(name)) < 0 && !hcb__idmap_put(&s->row_of_id, name, (int32_t)row))
            return hcb__nomem(e->ctx);
    }
    size_t n = s->visits ? s->visits->rows.count : 0;
    s->next_visit = hcb__arena_alloc(&e->arena, n, sizeof *s->next_visit);
    if (!s->next_visit)
        return hcb__nomem(e->ctx);
    id = column_of(s->visits, s->visit_file, "package_id");
    int32_t *last = hcb__arena_alloc(&e->arena, n, sizeof *last);
    if (!last)
        return hcb__nomem(e->ctx);
    for (size_t row = 0; row < n; row++) {
        const char *name = hcb__csv_table_get(s->visits, row, id);
        int32_t first = hcb__idmap_get(&s->visit_of_id, name, strlen(name));
        s->next_visit[row] = -1;
        if (first < 0 && !hcb__idmap_put(&s->visit_of_id, name, (int32_t)row))
            return hcb__nomem(e->ctx);
        if (first >= 0)
            s->next_visit[last[first]] = (int32_t)row;
        last[first < 0 ? (int32_t)row : first] = (int32_t)row;
    }
    return HCB_OK;
}

static void release_source(source *s) {
    hcb__csv_table_free(s->packages);
    hcb__csv_table_free(s->visits);
    hcb__idmap_free(&s->row_of_id);
    hcb__idmap_free(&s->visit_of_id);
}

/* The cells that the program knows; free text in other columns never reaches the ledger. */
static void write_data(hcb__json_writer *w, const source *s, const char *id) {
    int32_t row = hcb__idmap_get(&s->row_of_id, id, strlen(id));
    hcb__jw_key(w, "data");
    hcb__jw_object(w);
    hcb__jw_key(w, "columns");
    hcb__jw_object(w);
    for (size_t c = 0; c < hcb__n_package_columns; c++) {
        size_t column = column_of(s->packages, s->package_file, hcb__package_columns[c]);
        const char *cell = column == HCB__NO_COLUMN ? "" : hcb__csv_table_get(s->packages, (size_t)row, column);
        if (*cell)
            hcb__jw_key_string(w, hcb__package_columns[c], cell);
    }
    hcb__jw_end_object(w);
    hcb__jw_key(w, "visits");
    hcb__jw_array(w);
    for (int32_t v = hcb__idmap_get(&s->visit_of_id, id, strlen(id)); v >= 0; v = s->next_visit[v]) {
        hcb__jw_array(w);
        for (size_t c = 0; c < HCB__VISIT_COLUMNS; c++) {
            size_t column = column_of(s->visits, s->visit_file, hcb__visit_columns[c]);
            hcb__jw_string(w, column == HCB__NO_COLUMN ? "" : hcb__csv_table_get(s->visits, (size_t)v, column));
        }
        hcb__jw_end_array(w);
    }
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

static hcb_status write_package(hcb__entry *e, hcb__event_kind kind, const hcb__model *model, int32_t q,
                                const source *s) {
    const hcb__package *p = &model->packages[q];
    hcb__json_writer *w = hcb__entry_open(e, kind);
    hcb__jw_key_string(w, "package", p->id);
    if (p->placed)
        hcb__jw_key_string(w, "provider", model->providers[p->provider].id);
    if (kind == HCB__EVENT_RECEIVED) {
        int64_t received = p->received == HCB__NO_DATE ? e->at : (int64_t)p->received * HCB__DAY_S;
        /* When a placement of before the desk began is not known, and nobody's wait. */
        hcb__jw_key_int(w, "since", p->placed || received < 0 ? 0 : received < e->at ? received : e->at);
    }
    hcb__jw_key_int(w, "priority", p->priority);
    hcb__jw_key_int(w, "minutes", p->carer_minutes);
    hcb__jw_key_string(w, "zone", model->zones->zones[p->zone].id);
    write_data(w, s, p->id);
    return hcb__entry_close(e);
}

static hcb_status read_table(hcb__csv_table **out, hcb__entry *e, const hcb__workspace_file *file) {
    *out = NULL;
    return file->name && !file->missing && hcb__file_exists(file->path)
               ? hcb__csv_table_read(out, e->ctx, file->path, file->name)
               : HCB_OK;
}

static hcb_status write_packages(hcb__entry *e, hcb__event_kind kind, const hcb__model *model, int32_t first,
                                 int32_t end, const hcb__workspace_file *packages, const hcb__workspace_file *visits) {
    source s = {.package_file = packages, .visit_file = visits};
    hcb_status status = read_table(&s.packages, e, packages);
    if (status == HCB_OK)
        status = read_table(&s.visits, e, visits);
    if (status == HCB_OK)
        status = index_source(&s, e);
    for (int32_t q = first; q < end && status == HCB_OK; q++)
        status = write_package(e, kind, model, q, &s);
    release_source(&s);
    return status;
}

hcb_status hcb__receive_workspace(hcb__entry *e) {
    const hcb__workspace_file *files = e->desk->ws->files;
    hcb__model *model = NULL;
    hcb_status status = hcb__desk_model(&model, e->desk, e->ctx, NULL, false);
    if (status == HCB_OK)
        status =
            write_packages(e, HCB__EVENT_RECEIVED, model, model->n_packages, model->n_packages + model->n_placements,
                           &files[HCB__FILE_PLACEMENTS], &files[HCB__FILE_VISITS]);
    if (status == HCB_OK)
        status = write_packages(e, HCB__EVENT_RECEIVED, model, 0, model->n_packages, &files[HCB__FILE_PACKAGES],
                                &files[HCB__FILE_VISITS]);
    hcb__model_free(model);
    return status;
}

const char *hcb__package_status(hcb__entry *e, const char *package) {
    const char *status = hcb__store_text(e->store, &e->arena, "SELECT status FROM package WHERE id = ?1", "s", package);
    if (!status && e->store->failed == HCB_OK)
        e->store->failed = hcb__fail(e->ctx, HCB_EDATA, "package \"%s\" is not known to the desk", package);
    return status;
}

/* The files as a workspace of their own: nobody else waits, nobody is served. */
static hcb_status read_files(hcb__model **out, hcb__entry *e, const hcb__package_files *files) {
    static const char no_placements[] = "package_id,provider_id\n", no_visits[] = "package_id,days,start,end,minutes\n";
    char *packages = NULL, *visits = NULL;
    size_t n_packages = 0, n_visits = 0;
    hcb_status status = hcb__file_read(&packages, &n_packages, e->ctx, files->packages, files->packages);
    if (status == HCB_OK && files->visits)
        status = hcb__file_read(&visits, &n_visits, e->ctx, files->visits, files->visits);
    if (status == HCB_OK) {
        hcb__model_override override = {.as_of = (int32_t)(e->at / HCB__DAY_S)};
        override.shown[HCB__OVERRIDE_PACKAGES] = files->packages;
        override.text[HCB__OVERRIDE_PACKAGES] = (hcb__csv_bytes){packages, n_packages};
        override.renamed[HCB__OVERRIDE_PACKAGES] = override.renamed[HCB__OVERRIDE_VISITS] = true;
        override.shown[HCB__OVERRIDE_PLACEMENTS] = "placements";
        override.text[HCB__OVERRIDE_PLACEMENTS] = (hcb__csv_bytes){no_placements, sizeof no_placements - 1};
        override.shown[HCB__OVERRIDE_VISITS] = files->visits ? files->visits : "visits";
        override.text[HCB__OVERRIDE_VISITS] =
            visits ? (hcb__csv_bytes){visits, n_visits} : (hcb__csv_bytes){no_visits, sizeof no_visits - 1};
        status = hcb__desk_model(out, e->desk, e->ctx, &override, true);
    }
    hcb__free(&e->ctx->mem, packages);
    hcb__free(&e->ctx->mem, visits);
    return status;
}

/* Every package that is there and must not be, or is not and must, at once. */
static hcb_status check_known(hcb__entry *e, const hcb__model *model, const char *file, bool known) {
    for (int32_t q = 0; q < model->n_packages; q++) {
        const hcb__where where = {file, 0, 0, model->packages[q].id};
        const char *status = hcb__store_text(e->store, &e->arena, "SELECT status FROM package WHERE id = ?1", "s",
                                             model->packages[q].id);
        if (!known && status)
            hcb__diag_error(e->ctx, &where, "the desk has this package already (%s); a change of it is desk change",
                            status);
        if (known && (!status || strcmp(status, "ended") == 0))
            hcb__diag_error(e->ctx, &where,
                            status ? "the care of this package has ended" : "the desk does not know this package");
    }
    return e->store->failed != HCB_OK ? e->store->failed : hcb__diag_status(e->ctx);
}

typedef struct files_job {
    hcb__package_files files;
    bool change;
} files_job;

static hcb_status run_files(hcb__entry *e, void *payload) {
    const files_job *job = payload;
    /* Copies, because the renamed columns are those of the workspace's own files. */
    hcb__workspace_file packages = e->desk->ws->files[HCB__FILE_PACKAGES],
                        visits = e->desk->ws->files[HCB__FILE_VISITS];
    packages.name = packages.path = job->files.packages;
    visits.name = visits.path = job->files.visits;
    packages.missing = visits.missing = false;
    hcb__model *model = NULL;
    hcb_status status = read_files(&model, e, &job->files);
    if (status == HCB_OK)
        status = check_known(e, model, job->files.packages, job->change);
    for (int32_t q = 0; job->change && status == HCB_OK && q < model->n_packages; q++)
        status = hcb__withdraw_offers(e, model->packages[q].id, "changed");
    if (status == HCB_OK)
        status = write_packages(e, job->change ? HCB__EVENT_CHANGED : HCB__EVENT_RECEIVED, model, 0, model->n_packages,
                                &packages, &visits);
    hcb__model_free(model);
    return status;
}

static hcb_status files_call(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                             files_job *job, int32_t format) {
    if (out)
        *out = NULL;
    if (!job->files.packages)
        return HCB_EINVAL;
    return hcb__desk_write(out, desk, ctx, stamp, format, run_files, job);
}

hcb_status hcb_desk_receive(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                            const char *packages, const char *visits, int32_t format) {
    files_job job = {{packages, visits}, false};
    return files_call(out, desk, ctx, stamp, &job, format);
}

hcb_status hcb_desk_change(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                           const char *packages, const char *visits, int32_t format) {
    files_job job = {{packages, visits}, true};
    return files_call(out, desk, ctx, stamp, &job, format);
}

typedef struct set_job {
    int32_t what;
    const char *const *packages;
    int32_t n_packages;
    const char *reason;
} set_job;

static hcb_status set_one(hcb__entry *e, const set_job *job, const char *package) {
    static const hcb__event_kind kinds[] = {HCB__EVENT_ENDED, HCB__EVENT_SUSPENDED, HCB__EVENT_RESUMED};
    const char *now = hcb__package_status(e, package);
    if (!now)
        return e->store->failed;
    bool suspended = strcmp(now, "suspended") == 0;
    if (strcmp(now, "ended") == 0)
        return hcb__fail(e->ctx, HCB_EDATA, "the care of package %s has ended already", package);
    if (job->what == HCB_DESK_SUSPEND && suspended)
        return hcb__fail(e->ctx, HCB_EDATA, "package %s is suspended already", package);
    if (job->what == HCB_DESK_RESUME && !suspended)
        return hcb__fail(e->ctx, HCB_EDATA, "package %s is not suspended but %s", package, now);
    hcb_status status = hcb__withdraw_offers(e, package, job->what == HCB_DESK_END ? "ended" : "suspended");
    if (status != HCB_OK)
        return status;
    hcb__json_writer *w = hcb__entry_open(e, kinds[job->what]);
    hcb__jw_key_string(w, "package", package);
    if (job->reason)
        hcb__jw_key_string(w, "reason", job->reason);
    return hcb__entry_close(e);
}

static hcb_status run_set(hcb__entry *e, void *payload) {
    const set_job *job = payload;
    hcb_status status = HCB_OK;
    for (int32_t i = 0; i < job->n_packages && status == HCB_OK; i++)
        status = set_one(e, job, job->packages[i]);
    return status;
}

hcb_status hcb_desk_set(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp, int32_t what,
                        const char *const *packages, int32_t n_packages, const char *reason, int32_t format) {
    if (out)
        *out = NULL;
    if (!packages || n_packages < 1 || what < HCB_DESK_END || what > HCB_DESK_RESUME)
        return HCB_EINVAL;
    set_job job = {what, packages, n_packages, reason};
    return hcb__desk_write(out, desk, ctx, stamp, format, run_set, &job);
}
