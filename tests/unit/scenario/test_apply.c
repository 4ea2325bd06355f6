/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "folders.h"
#include "model/model.h"

static void hash_of(workbench *bench, char out[65], const char *policy) {
    hcb__model *model = NULL;
    hcb__model_options options = {.policy = policy};
    assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
    hcb_status status = hcb__model_load(&model, bench->ctx, bench->dir, &options);
    assert_int_equal(hcb__end(bench->ctx, status), HCB_OK);
    memcpy(out, model->inputs_sha256, 65);
    hcb__model_free(model);
}

/* A plan folder of the two files that are read. */
static const char *plan(workbench *bench, const char *rows) {
    char sha[65], text[512];
    hash_of(bench, sha, NULL);
    mkdir(workbench_path(bench, "plan"), 0755);
    int n = snprintf(text, sizeof text, "{\"inputs_sha256\": \"%s\", \"options\": {\"seed\": 1}}\n", sha);
    workbench_file(bench, "plan/summary.json", text, (size_t)n);
    n = snprintf(text, sizeof text, "package_id,provider_id,tier,previous_provider\n%s", rows);
    workbench_file(bench, "plan/allocations.csv", text, (size_t)n);
    return workbench_path(bench, "plan");
}

static void make(workbench *bench) {
    folders_small_map(bench, "");
    folders_generate(bench, bench->dir, 1, 4, 0.02, 1);
}

static void test_apply__placed_packages_become_placements(void **state) {
    workbench *bench = *state;
    make(bench);
    hcb__csv_table *queue = folders_table(bench, bench->dir, "packages.csv");
    hcb__csv_table *before = folders_table(bench, bench->dir, "placements.csv");
    char *visits = folders_bytes(bench->dir, "visits.csv");
    hcb_apply_summary s = {.struct_size = sizeof s};
    const char *dir = plan(bench, "Q000001,P002,prime,\nQ000003,P001,supplementary,\n");
    assert_int_equal(hcb_apply(bench->ctx, bench->dir, dir, &s), HCB_OK);
    assert_int_equal(s.placed, 2);
    assert_int_equal(s.moved, 0);
    assert_int_equal(s.waiting, 2);
    assert_int_equal(s.placements, before->rows.count + 2);
    hcb__csv_table *left = folders_table(bench, bench->dir, "packages.csv");
    hcb__csv_table *after = folders_table(bench, bench->dir, "placements.csv");
    assert_int_equal(left->rows.count, 2);
    assert_string_equal(folders_cell(left, 0, "package_id"), "Q000002");
    assert_string_equal(folders_cell(left, 1, "package_id"), "Q000004");
    size_t row = folders_row(after, "package_id", "Q000003");
    assert_string_equal(folders_cell(after, row, "provider_id"), "P001");
    for (size_t c = 0; c < queue->names.count; c++)
        if (*hcb__csv_table_get(queue, 2, c))
            assert_string_equal(folders_cell(after, row, queue->names.at[c]), hcb__csv_table_get(queue, 2, c));
    for (size_t r = 0; r < before->rows.count; r++)
        for (size_t c = 0; c < before->names.count; c++)
            assert_string_equal(hcb__csv_table_get(after, r, c), hcb__csv_table_get(before, r, c));
    char *visits_after = folders_bytes(bench->dir, "visits.csv");
    assert_string_equal(visits, visits_after);
    free(visits);
    free(visits_after);
    hcb__csv_table *const tables[] = {queue, before, left, after};
    for (int i = 0; i < 4; i++)
        hcb__csv_table_free(tables[i]);
    char sha[65];
    hash_of(bench, sha, NULL); /* the workspace is still whole */
    folders_remove(bench, "plan");
}

static void test_apply__never_twice(void **state) {
    workbench *bench = *state;
    make(bench);
    char dir[512];
    snprintf(dir, sizeof dir, "%s", plan(bench, "Q000001,P002,prime,\n"));
    assert_int_equal(hcb_apply(bench->ctx, bench->dir, dir, NULL), HCB_OK);
    char *once = folders_bytes(bench->dir, "placements.csv");
    assert_int_equal(hcb_apply(bench->ctx, bench->dir, dir, NULL), HCB_EDATA);
    assert_non_null(strstr(hcb_context_error(bench->ctx)->message, "applied already"));
    char *twice = folders_bytes(bench->dir, "placements.csv");
    assert_string_equal(once, twice);
    free(once);
    free(twice);
    folders_remove(bench, "plan");
}

static void test_apply__moved_placements_change_provider(void **state) {
    workbench *bench = *state;
    make(bench);
    hcb__csv_table *before = folders_table(bench, bench->dir, "placements.csv");
    bool first = strcmp(folders_cell(before, 4, "provider_id"), "P001") == 0;
    char rows[128];
    snprintf(rows, sizeof rows, "K000004,%s,prime,%s\nK000005,%s,prime,%s\n", folders_cell(before, 3, "provider_id"),
             folders_cell(before, 3, "provider_id"), first ? "P002" : "P001", folders_cell(before, 4, "provider_id"));
    hcb_apply_summary s = {.struct_size = sizeof s};
    assert_int_equal(hcb_apply(bench->ctx, bench->dir, plan(bench, rows), &s), HCB_OK);
    assert_int_equal(s.placed, 0);
    assert_int_equal(s.moved, 1);
    hcb__csv_table *after = folders_table(bench, bench->dir, "placements.csv");
    assert_string_equal(folders_cell(after, 4, "provider_id"), first ? "P002" : "P001");
    assert_string_equal(folders_cell(after, 3, "provider_id"), folders_cell(before, 3, "provider_id"));
    hcb__csv_table_free(before);
    hcb__csv_table_free(after);
    folders_remove(bench, "plan");
}

static void test_apply__keeps_unknown_columns_and_other_names(void **state) {
    workbench *bench = *state;
    make(bench);
    static const char queue[] = "ref,team,easting,northing,weekly_hours,note\nb1,north,430000,450000,7,\"a, b\"\n"
                                "b2,south,430000,450000,7,\n";
    workbench_file(bench, "packages.csv", queue, sizeof queue - 1);
    workbench_file(bench, "visits.csv", "package_id,days,start,end,minutes\n", 34);
    char *yaml = folders_bytes(bench->dir, "hcbroker.yaml");
    hcb__text text;
    hcb__text_init(&text, &bench->memory.mem);
    hcb__text_printf(&text, "%scolumns: {packages: {ref: package_id}}\n", yaml);
    workbench_file(bench, "hcbroker.yaml", text.at, text.count);
    hcb__text_free(&text);
    free(yaml);
    assert_int_equal(hcb_apply(bench->ctx, bench->dir, plan(bench, "b1,P002,prime,\n"), NULL), HCB_OK);
    char *left = folders_bytes(bench->dir, "packages.csv");
    assert_string_equal(left, "ref,team,easting,northing,weekly_hours,note\nb2,south,430000,450000,7,\n");
    free(left);
    hcb__csv_table *after = folders_table(bench, bench->dir, "placements.csv");
    size_t row = folders_row(after, "package_id", "b1");
    assert_string_equal(folders_cell(after, row, "team"), "north");
    assert_string_equal(folders_cell(after, row, "note"), "a, b");
    assert_string_equal(folders_cell(after, row, "provider_id"), "P002");
    hcb__csv_table_free(after);
    folders_remove(bench, "plan");
}

static void expect_refused(workbench *bench, const char *rows, const char *words) {
    char *before = folders_bytes(bench->dir, "placements.csv");
    assert_int_equal(hcb_apply(bench->ctx, bench->dir, plan(bench, rows), NULL), HCB_EDATA);
    assert_non_null(strstr(hcb_context_error(bench->ctx)->message, words));
    char *after = folders_bytes(bench->dir, "placements.csv");
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void test_apply__plans_that_name_what_is_not_there(void **state) {
    workbench *bench = *state;
    make(bench);
    expect_refused(bench, "Q000009,P001,prime,\n", "Q000009");
    expect_refused(bench, "Q000001,P999,prime,\n", "P999");
    expect_refused(bench, "Q000001,P001,prime,\nQ000001,P002,prime,\n", "twice");
    assert_int_equal(hcb_apply(bench->ctx, bench->dir, workbench_path(bench, "nowhere"), NULL), HCB_ENOTFOUND);
    assert_int_equal(hcb_apply(bench->ctx, bench->dir, NULL, NULL), HCB_EINVAL);
    assert_int_equal(hcb_apply(NULL, bench->dir, bench->dir, NULL), HCB_EINVAL);
    folders_remove(bench, "plan");
}

static void test_apply__another_day_is_other_data(void **state) {
    workbench *bench = *state;
    make(bench);
    char dir[512];
    snprintf(dir, sizeof dir, "%s", plan(bench, "Q000001,P002,prime,\n"));
    folders_generate(bench, bench->dir, HCB_SCENARIO_NONE, 1, 1, 1);
    assert_int_equal(hcb_apply(bench->ctx, bench->dir, dir, NULL), HCB_EDATA);
    folders_remove(bench, "plan");
}

#define T(name) cmocka_unit_test_setup_teardown(name, workbench_open, workbench_close)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_apply__placed_packages_become_placements), T(test_apply__never_twice),
        T(test_apply__moved_placements_change_provider),  T(test_apply__keeps_unknown_columns_and_other_names),
        T(test_apply__plans_that_name_what_is_not_there), T(test_apply__another_day_is_other_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
