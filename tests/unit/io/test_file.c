/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "io/file.h"
#include "workbench.h"

static void expect_content(workbench *bench, const char *name, const char *want) {
    char *bytes;
    size_t size;
    assert_int_equal(hcb__file_read(&bytes, &size, bench->ctx, workbench_path(bench, name), name), HCB_OK);
    assert_int_equal(size, strlen(want));
    assert_string_equal(bytes, want);
    hcb__free(&bench->ctx->mem, bytes);
}

static void test_file__reads_bytes_and_adds_an_end(void **state) {
    workbench *bench = *state;
    char *bytes;
    size_t size;
    const char *path = workbench_file(bench, "f", "a\0b\n", 4);
    assert_int_equal(hcb__file_read(&bytes, &size, bench->ctx, path, "f"), HCB_OK);
    assert_int_equal(size, 4);
    assert_memory_equal(bytes, "a\0b\n\0", 5);
    hcb__free(&bench->ctx->mem, bytes);
    path = workbench_file(bench, "empty", "", 0);
    assert_int_equal(hcb__file_read(&bytes, &size, bench->ctx, path, "empty"), HCB_OK);
    assert_int_equal(size, 0);
    hcb__free(&bench->ctx->mem, bytes);
}

static hcb_status read_status(workbench *bench, const char *path) {
    char *bytes;
    size_t size;
    assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
    hcb_status status = hcb__file_read(&bytes, &size, bench->ctx, path, "shown");
    assert_null(bytes);
    assert_int_equal(size, 0);
    assert_int_equal(hcb__end(bench->ctx, HCB_OK), HCB_OK);
    assert_string_equal(hcb_context_error(bench->ctx)->file, "shown");
    return status;
}

static void test_file__says_why_it_cannot_read(void **state) {
    workbench *bench = *state;
    const hcb_error *error = hcb_context_error(bench->ctx);
    assert_int_equal(read_status(bench, workbench_path(bench, "none")), HCB_ENOTFOUND);
    assert_string_equal(error->message, "cannot be opened: No such file or directory");
    assert_int_equal(read_status(bench, bench->dir), HCB_EIO);
    assert_string_equal(error->message, "is a folder; a file was expected");
    assert_int_equal(mkfifo(workbench_path(bench, "pipe"), 0600), 0);
    assert_int_equal(read_status(bench, workbench_path(bench, "pipe")), HCB_EIO);
    assert_string_equal(error->message, "is not a regular file");
    int fd = open(workbench_path(bench, "huge"), O_CREAT | O_WRONLY, 0600);
    if (ftruncate(fd, ((off_t)1 << 31) + 1) == 0)
        assert_int_equal(read_status(bench, workbench_path(bench, "huge")), HCB_ELIMIT);
    close(fd);
}

static void test_file__knows_files_from_folders(void **state) {
    workbench *bench = *state;
    const char *path = workbench_file(bench, "f", "x", 1);
    assert_true(hcb__file_exists(path));
    assert_false(hcb__folder_exists(path));
    assert_false(hcb__file_exists(bench->dir));
    assert_true(hcb__folder_exists(bench->dir));
    assert_false(hcb__file_exists(workbench_path(bench, "none")));
}

static void test_file__joins_paths(void **state) {
    workbench *bench = *state;
    hcb__arena arena;
    hcb__arena_init(&arena, &bench->memory.mem);
    assert_string_equal(hcb__path_join(&arena, "a/b", "c.csv"), "a/b/c.csv");
    assert_string_equal(hcb__path_join(&arena, "a/", "c.csv"), "a/c.csv");
    assert_string_equal(hcb__path_join(&arena, "/", "c.csv"), "/c.csv");
    assert_string_equal(hcb__path_join(&arena, "", "c.csv"), "c.csv");
    assert_string_equal(hcb__path_join(&arena, "a", "/abs/c.csv"), "/abs/c.csv");
    hcb__arena_release(&arena);
}

static void test_file__writes_and_replaces_one_file(void **state) {
    workbench *bench = *state;
    char path[512];
    snprintf(path, sizeof path, "%s", workbench_path(bench, "f"));
    assert_int_equal(hcb__file_write(bench->ctx, path, "one", 3), HCB_OK);
    expect_content(bench, "f", "one");
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(hcb__file_write(bench->ctx, path, "second", 6), HCB_OK);
    expect_content(bench, "f", "second");
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(workbench_entries(bench), 1);
}

static void test_file__a_symbolic_link_stays_one(void **state) {
    workbench *bench = *state;
    char link_path[512];
    workbench_file(bench, "real", "old", 3);
    snprintf(link_path, sizeof link_path, "%s", workbench_path(bench, "link"));
    assert_int_equal(symlink("real", link_path), 0);
    assert_int_equal(hcb__file_write(bench->ctx, link_path, "new", 3), HCB_OK);
    struct stat st;
    assert_int_equal(lstat(link_path, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    expect_content(bench, "real", "new");
    assert_int_equal(workbench_entries(bench), 2);
}

static void test_file__replaces_nothing_but_files(void **state) {
    workbench *bench = *state;
    char path[512];
    snprintf(path, sizeof path, "%s", workbench_path(bench, "pipe"));
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(hcb__file_write(bench->ctx, path, "x", 1), HCB_EIO);
    assert_string_equal(hcb_context_error(bench->ctx)->file, path);
    assert_int_equal(hcb__file_write(bench->ctx, "/dev/null", "x", 1), HCB_EIO);
    struct stat st;
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    assert_int_equal(hcb__file_write(bench->ctx, bench->dir, "x", 1), HCB_EIO);
    assert_int_equal(workbench_entries(bench), 1);
}

static void test_file_set__nothing_shows_before_commit(void **state) {
    workbench *bench = *state;
    char a[512], b[512];
    snprintf(a, sizeof a, "%s", workbench_file(bench, "a", "old a", 5));
    snprintf(b, sizeof b, "%s", workbench_path(bench, "b"));
    hcb__file_set *set;
    assert_int_equal(hcb__file_set_create(&set, bench->ctx), HCB_OK);
    assert_int_equal(hcb__file_set_add(set, a, "new a", 5), HCB_OK);
    assert_int_equal(hcb__file_set_add(set, b, "new b", 5), HCB_OK);
    expect_content(bench, "a", "old a");
    assert_false(hcb__file_exists(b));
    hcb__file_set_free(set);
    expect_content(bench, "a", "old a");
    assert_int_equal(workbench_entries(bench), 1);
    assert_int_equal(hcb__file_set_create(&set, bench->ctx), HCB_OK);
    assert_int_equal(hcb__file_set_add(set, a, "new a", 5), HCB_OK);
    assert_int_equal(hcb__file_set_add(set, b, "new b", 5), HCB_OK);
    assert_int_equal(hcb__file_set_commit(set), HCB_OK);
    hcb__file_set_free(set);
    expect_content(bench, "a", "new a");
    expect_content(bench, "b", "new b");
    assert_int_equal(workbench_entries(bench), 2);
}

static void test_file_set__makes_its_folder_or_removes_it(void **state) {
    workbench *bench = *state;
    char dir[512], file[600];
    snprintf(dir, sizeof dir, "%s", workbench_path(bench, "out"));
    snprintf(file, sizeof file, "%s/f", dir);
    hcb__file_set *set;
    for (int commit = 0; commit < 2; commit++) {
        assert_int_equal(hcb__file_set_create(&set, bench->ctx), HCB_OK);
        assert_int_equal(hcb__file_set_folder(set, dir), HCB_OK);
        assert_int_equal(hcb__file_set_folder(set, dir), HCB_OK);
        assert_int_equal(hcb__file_set_add(set, file, "x", 1), HCB_OK);
        if (commit)
            assert_int_equal(hcb__file_set_commit(set), HCB_OK);
        hcb__file_set_free(set);
        assert_int_equal(hcb__folder_exists(dir), commit);
        assert_int_equal(hcb__file_exists(file), commit);
    }
    assert_int_equal(hcb__file_set_create(&set, bench->ctx), HCB_OK);
    assert_int_equal(hcb__file_set_folder(set, file), HCB_EIO);
    assert_int_equal(hcb__file_set_folder(set, workbench_path(bench, "no/parent")), HCB_EIO);
    hcb__file_set_free(set);
    unlink(file);
}

/* The target of the second file turns into a folder between add and commit, so that its rename fails. */
static void test_file_set__a_failed_rename_puts_the_others_back(void **state) {
    workbench *bench = *state;
    char a[512], b[512], c[512];
    snprintf(a, sizeof a, "%s", workbench_file(bench, "a", "old a", 5));
    snprintf(b, sizeof b, "%s", workbench_path(bench, "b"));
    snprintf(c, sizeof c, "%s", workbench_path(bench, "c"));
    hcb__file_set *set;
    assert_int_equal(hcb__file_set_create(&set, bench->ctx), HCB_OK);
    assert_int_equal(hcb__file_set_add(set, a, "new a", 5), HCB_OK);
    assert_int_equal(hcb__file_set_add(set, b, "new b", 5), HCB_OK);
    assert_int_equal(hcb__file_set_add(set, c, "new c", 5), HCB_OK);
    assert_int_equal(mkdir(c, 0700), 0);
    assert_int_equal(hcb__file_set_commit(set), HCB_EIO);
    assert_string_equal(hcb_context_error(bench->ctx)->file, c);
    assert_string_equal(hcb_context_error(bench->ctx)->message,
                        "cannot be replaced; the old files are kept: Is a directory");
    hcb__file_set_free(set);
    expect_content(bench, "a", "old a");
    assert_false(hcb__file_exists(b));
    assert_int_equal(workbench_entries(bench), 2); /* a and the folder c */
}

static void test_file_set__says_that_the_folder_is_missing_or_closed(void **state) {
    workbench *bench = *state;
    const hcb_error *error = hcb_context_error(bench->ctx);
    assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
    assert_int_equal(hcb__file_write(bench->ctx, workbench_path(bench, "none/f"), "x", 1), HCB_EIO);
    assert_string_equal(error->message, "cannot be written: No such file or directory");
    assert_int_equal(hcb__end(bench->ctx, HCB_OK), HCB_OK);
    if (geteuid() == 0)
        return; /* root may write everywhere */
    assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
    assert_int_equal(chmod(bench->dir, 0500), 0);
    hcb_status status = hcb__file_write(bench->ctx, workbench_path(bench, "f"), "x", 1);
    assert_int_equal(chmod(bench->dir, 0700), 0);
    assert_int_equal(status, HCB_EIO);
    assert_string_equal(error->message, "cannot be written: Permission denied");
    assert_int_equal(hcb__end(bench->ctx, HCB_OK), HCB_OK);
}

/* A limit on the size of files stands for a full disk: write fails after some bytes. */
static void test_file_set__a_full_disk_leaves_the_old_file(void **state) {
    workbench *bench = *state;
    char path[512];
    snprintf(path, sizeof path, "%s", workbench_file(bench, "f", "old", 3));
    struct rlimit old, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 4096;
    char *big = calloc(1, 100000);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    hcb_status status = hcb__file_write(bench->ctx, path, big, 100000);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, handler);
    free(big);
    assert_int_equal(status, HCB_EIO);
    assert_string_equal(hcb_context_error(bench->ctx)->message, "cannot be written: File too large");
    expect_content(bench, "f", "old");
    assert_int_equal(workbench_entries(bench), 1);
}

static void test_file_set__every_failed_allocation_is_reported(void **state) {
    workbench *bench = *state;
    char path[512];
    snprintf(path, sizeof path, "%s", workbench_file(bench, "f", "old", 3));
    long before = bench->memory.alive;
    for (long n = 1;; n++) {
        bench->memory.asked = 0;
        bench->memory.fail_at = n;
        hcb_status status = hcb__file_write(bench->ctx, path, "new", 3);
        bench->memory.fail_at = 0;
        assert_int_equal(bench->memory.alive, before);
        assert_int_equal(workbench_entries(bench), 1);
        if (status == HCB_OK) {
            assert_true(n > 2);
            break;
        }
        assert_int_equal(status, HCB_ENOMEM);
        expect_content(bench, "f", "old");
    }
    expect_content(bench, "f", "new");
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, workbench_open, workbench_close)
    const struct CMUnitTest tests[] = {
        TEST(test_file__reads_bytes_and_adds_an_end),
        TEST(test_file__says_why_it_cannot_read),
        TEST(test_file__knows_files_from_folders),
        TEST(test_file__joins_paths),
        TEST(test_file__writes_and_replaces_one_file),
        TEST(test_file__a_symbolic_link_stays_one),
        TEST(test_file__replaces_nothing_but_files),
        TEST(test_file_set__nothing_shows_before_commit),
        TEST(test_file_set__makes_its_folder_or_removes_it),
        TEST(test_file_set__a_failed_rename_puts_the_others_back),
        TEST(test_file_set__says_that_the_folder_is_missing_or_closed),
        TEST(test_file_set__a_full_disk_leaves_the_old_file),
        TEST(test_file_set__every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("io.file", tests, NULL, NULL);
}
