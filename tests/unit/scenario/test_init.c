/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "folders.h"

static void test_init__copies_the_bundled_workspace(void **state) {
    workbench *bench = *state;
    const char *dir = workbench_path(bench, "new");
    unsetenv("HCB_DATA_DIR");
    assert_int_equal(hcb_init(bench->ctx, dir, NULL), HCB_OK);
    char *copy = folders_bytes(workbench_path(bench, "new"), "open_framework.yaml");
    char *original = folders_bytes(HCB_SOURCE_DIR "/zones/leicestershire", "open_framework.yaml");
    assert_string_equal(copy, original);
    free(copy);
    free(original);
    assert_int_equal(access(workbench_path(bench, "new/hcbroker.yaml"), R_OK), 0);
    folders_remove(bench, "new");
}

static void test_init__the_manifest_names_every_file(void **state) {
    workbench *bench = *state;
    assert_int_equal(hcb_init(bench->ctx, workbench_path(bench, "new"), NULL), HCB_OK);
    char *manifest = folders_bytes(workbench_path(bench, "new"), "manifest.json");
    DIR *dir = opendir(workbench_path(bench, "new"));
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char quoted[300];
        snprintf(quoted, sizeof quoted, "\"%s\": {", entry->d_name);
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "manifest.json") != 0 && !strstr(manifest, quoted))
            fail_msg("manifest.json does not name %s", entry->d_name);
    }
    closedir(dir);
    free(manifest);
    folders_remove(bench, "new");
}

static void test_init__keeps_a_folder_that_holds_something(void **state) {
    workbench *bench = *state;
    workbench_file(bench, "mine.txt", "x", 1);
    assert_int_equal(hcb_init(bench->ctx, bench->dir, "leicestershire"), HCB_EINVAL);
    assert_non_null(strstr(hcb_context_error(bench->ctx)->message, "mine.txt"));
    assert_int_equal(workbench_entries(bench), 1);
    assert_int_equal(hcb_init(bench->ctx, workbench_path(bench, "mine.txt"), NULL), HCB_EINVAL);
}

static void test_init__takes_an_empty_folder_and_another_root(void **state) {
    workbench *bench = *state;
    folders_make(bench, "root");
    assert_int_equal(mkdir(workbench_path(bench, "root/toy"), 0755), 0);
    workbench_file(bench, "root/toy/hcbroker.yaml", "version: 1\n", 11);
    folders_make(bench, "into");
    setenv("HCB_DATA_DIR", workbench_path(bench, "root"), 1);
    assert_int_equal(hcb_init(bench->ctx, workbench_path(bench, "into"), "toy"), HCB_OK);
    unsetenv("HCB_DATA_DIR");
    char *copy = folders_bytes(workbench_path(bench, "into"), "hcbroker.yaml");
    assert_string_equal(copy, "version: 1\n");
    free(copy);
    folders_remove(bench, "into");
    folders_remove(bench, "root/toy");
    folders_remove(bench, "root");
}

static void test_init__unknown_names(void **state) {
    workbench *bench = *state;
    const char *dir = workbench_path(bench, "new");
    assert_int_equal(hcb_init(bench->ctx, dir, "atlantis"), HCB_ENOTFOUND);
    assert_int_equal(hcb_init(bench->ctx, dir, "../zones"), HCB_EINVAL);
    assert_int_equal(hcb_init(bench->ctx, dir, ""), HCB_EINVAL);
    assert_int_equal(hcb_init(bench->ctx, NULL, NULL), HCB_EINVAL);
    assert_int_equal(hcb_init(NULL, dir, NULL), HCB_EINVAL);
    assert_int_equal(hcb_init(bench->ctx, workbench_path(bench, "no/such/parent"), NULL), HCB_EIO);
    assert_int_equal(workbench_entries(bench), 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, workbench_open, workbench_close)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_init__copies_the_bundled_workspace),
        T(test_init__the_manifest_names_every_file),
        T(test_init__keeps_a_folder_that_holds_something),
        T(test_init__takes_an_empty_folder_and_another_root),
        T(test_init__unknown_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
