/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host program that runs for months: a thousand times create, solve and free without growth, and two threads that
 * solve different problems at once. */
#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counting.h"
#include "hcbroker/hcbroker.h"

static const char small[] = HCB_SOURCE_DIR "/tests/golden/base";

enum { SETTLED = 300 };
static int n_cycles = 50;

/* Bytes that malloc has handed out: ours and those of the libraries below. */
static size_t in_use(void) {
    return mallinfo2().uordblks;
}

/* A context, a workspace from files or from memory, a plan, its text. */
static hcb_status cycle(const hcb_allocator *mem, const hcb_problem *problem, int64_t *placed) {
    hcb_context_options options = {.struct_size = sizeof options, .allocator = mem};
    hcb_allocation_options how = HCB_ALLOCATION_OPTIONS_INIT;
    hcb_allocation_summary summary = {.struct_size = sizeof summary};
    hcb_context *ctx = NULL;
    hcb_workspace *workspace = NULL;
    hcb_allocation *allocation = NULL;
    hcb_text *text = NULL;
    how.threads = 1;
    hcb_status status = hcb_context_create(&ctx, &options);
    if (status == HCB_OK)
        status = problem ? hcb_problem_build(&workspace, ctx, problem, NULL)
                         : hcb_workspace_load(&workspace, ctx, small, NULL);
    if (status == HCB_OK)
        status = hcb_allocation_solve(&allocation, ctx, workspace, &how);
    if (status == HCB_OK)
        status = hcb_allocation_print(&text, allocation, ctx, HCB_FORMAT_JSON);
    if (status == HCB_OK)
        status = hcb_allocation_get_summary(allocation, &summary);
    *placed = summary.placed;
    hcb_text_free(text);
    hcb_allocation_free(allocation);
    hcb_workspace_free(workspace);
    hcb_context_free(ctx);
    return status;
}

/* The folder's problem with two packages of its own in the queue. */
static hcb_problem *two_packages(hcb_context *ctx) {
    static const char *const ids[] = {"N1", "N2"};
    static const double easting[] = {451000, 454000}, northing[] = {305000, 295000}, hours[] = {7, 3.5};
    static const char visits[] = "package_id,days,start,end,minutes\nL4,MTWTF--,12:00,14:00,30\n";
    static const hcb_column columns[] = {
        HCB_COLUMN("package_id", HCB_COLUMN_TEXT, ids), HCB_COLUMN("easting", HCB_COLUMN_DOUBLE, easting),
        HCB_COLUMN("northing", HCB_COLUMN_DOUBLE, northing), HCB_COLUMN("weekly_hours", HCB_COLUMN_DOUBLE, hours)};
    hcb_problem *problem = NULL;
    assert_int_equal(hcb_problem_create(&problem, ctx), HCB_OK);
    assert_int_equal(hcb_problem_set_folder(problem, ctx, small), HCB_OK);
    assert_int_equal(hcb_problem_set_table(problem, ctx, "packages", columns, 4, 2), HCB_OK);
    assert_int_equal(hcb_problem_set_text(problem, ctx, "visits", visits, sizeof visits - 1), HCB_OK);
    return problem;
}

static void test_cycles__do_not_grow(void **state) {
    (void)state;
    counting memory;
    counting_init(&memory);
    int64_t placed;
    size_t settled = 0;
    for (int i = 0; i < n_cycles; i++) {
        /* By then libraries have what they make once, and malloc's own caches are full. */
        if (i == SETTLED)
            settled = in_use();
        assert_int_equal(cycle(&memory.mem, NULL, &placed), HCB_OK);
        assert_int_equal(placed, 6);
        assert_int_equal(memory.alive, 0);
    }
    size_t after = in_use();
    print_message("%zu bytes in use after %d cycles, %zu after %d\n", settled, SETTLED, after, n_cycles);
    if (settled && !HCB_SANITIZED) /* whose malloc tells nothing */
        assert_in_range(after, 0, settled + 1024);
}

typedef struct job {
    const hcb_problem *problem;
    int times;
    hcb_status status;
    int64_t placed;
} job;

static void *solve_again(void *payload) {
    job *j = payload;
    for (int i = 0; i < j->times && j->status == HCB_OK; i++)
        j->status = cycle(NULL, j->problem, &j->placed);
    return NULL;
}

static void test_threads__solve_different_problems_at_once(void **state) {
    (void)state;
    hcb_context *ctx = NULL;
    assert_int_equal(hcb_context_create(&ctx, NULL), HCB_OK);
    hcb_problem *problem = two_packages(ctx);
    job jobs[] = {{NULL, 10, HCB_OK, 0}, {problem, 10, HCB_OK, 0}, {problem, 10, HCB_OK, 0}};
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, solve_again, &jobs[i]), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(jobs[i].status, HCB_OK);
        assert_int_equal(jobs[i].placed, i ? 2 : 6);
    }
    hcb_problem_free(problem);
    hcb_context_free(ctx);
}

int main(int argc, char **argv) {
    if (argc > 1)
        n_cycles = atoi(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cycles__do_not_grow),
        cmocka_unit_test(test_threads__solve_different_problems_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
