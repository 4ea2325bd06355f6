/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small workspace of tests/golden/base, whole or with some files replaced. Include workbench.h first. */
#ifndef HCB_TESTS_MODEL_BASE_H
#define HCB_TESTS_MODEL_BASE_H

#include "io/file.h"
#include "model/model.h"

static const char *const base_files[] = {"hcbroker.yaml", "zones.geojson",  "areas.csv",    "postcodes.csv",
                                         "prices.csv",    "providers.csv",  "coverage.csv", "packages.csv",
                                         "visits.csv",    "placements.csv", "policy.yaml"};
enum { BASE_FILES = sizeof base_files / sizeof *base_files };

#define BASE_DIR HCB_SOURCE_DIR "/tests/golden/base"

/* The text of one of its files; freed by the caller with free(). */
static inline char *base_text(const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", BASE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, 65536);
    assert_non_null(text);
    assert_true(fread(text, 1, 65535, file) < 65535);
    fclose(file);
    return text;
}

/* Copies the workspace into the bench's folder. */
static inline void base_copy(workbench *bench) {
    for (size_t i = 0; i < BASE_FILES; i++) {
        char *text = base_text(base_files[i]);
        (void)workbench_file(bench, base_files[i], text, strlen(text));
        free(text);
    }
}

/* Replaces the first `from` of a file in the bench's folder by `to`. */
static inline void base_edit(workbench *bench, const char *name, const char *from, const char *to) {
    char *text = calloc(1, 65536), *out = calloc(1, 65536);
    FILE *file = fopen(workbench_path(bench, name), "rb");
    assert_non_null(file);
    assert_true(fread(text, 1, 60000, file) > 0);
    fclose(file);
    char *at = strstr(text, from);
    assert_non_null(at);
    snprintf(out, 65536, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    (void)workbench_file(bench, name, out, strlen(out));
    free(text);
    free(out);
}

static inline hcb_status base_load(workbench *bench, const char *folder, bool strict, hcb__model **out) {
    const hcb__model_options options = {.strict = strict};
    assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
    return hcb__end(bench->ctx, hcb__model_load(out, bench->ctx, folder, &options));
}

static inline hcb__model *base_model(workbench *bench, const char *folder) {
    hcb__model *model;
    if (base_load(bench, folder, false, &model) != HCB_OK)
        fail_msg("%s", hcb_context_error(bench->ctx)->message);
    return model;
}

static inline int32_t base_package(const hcb__model *model, const char *id) {
    int32_t q = hcb__idmap_get(&model->package_of_id, id, strlen(id));
    assert_true(q >= 0);
    return q;
}

static inline int32_t base_provider(const hcb__model *model, const char *id) {
    int32_t k = hcb__idmap_get(&model->provider_of_id, id, strlen(id));
    assert_true(k >= 0);
    return k;
}

#endif
