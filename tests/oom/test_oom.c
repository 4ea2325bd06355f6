/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every allocation of every public call fails in turn: the call gives HCB_ENOMEM, everything is freed, what it was
 * given is unchanged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calls.h"
#include "counting.h"
#include "workspace_files.h"

static const char small[] = HCB_SOURCE_DIR "/tests/golden/base";
static fixture f;
static counting memory;
static long alive_before; /* of the fixture's own objects */

static const char actual[] = "visit_id,package_id,date,planned_minutes,actual_minutes,carers\n"
                             "V1,Q1,2020-11-30,45,44,2\nV2,Q1,2020-12-01,45,50,2\nV3,Q3,2020-12-01,15,15,1\n";

static const char sweep[] = "version: 1\nscenarios:\n  - {name: as it is}\n";

static bool begin_desk(void) {
    const hcb_desk_stamp stamp = {.struct_size = sizeof stamp, .at = 1606809600, .user = "test"};
    char command[400];
    snprintf(command, sizeof command, "cp -r '%s' '%s/desk'", small, f.own);
    return system(command) == 0 && hcb_desk_init(f.ctx, fixture_path(&f, "desk"), NULL, &stamp) == HCB_OK;
}

static int open_fixture(void **state) {
    (void)state;
    setenv("HCB_DATA_DIR", HCB_SOURCE_DIR "/zones", 1);
    counting_init(&memory);
    hcb_context_options options = {.struct_size = sizeof options, .allocator = &memory.mem};
    test_folder own = test_folder_make();
    char folder[160];
    f = (fixture){.small = small};
    snprintf(f.own, sizeof f.own, "%s", own.path);
    test_folder_write(&own, "actual.csv", actual);
    test_folder_write(&own, "sweep.yaml", sweep);
    hcb_generate_options few = HCB_GENERATE_OPTIONS_INIT;
    few.scale = 0.01;
    few.scenario = HCB_SCENARIO_S1;
    snprintf(folder, sizeof folder, "%s", fixture_path(&f, "synthetic"));
    if (hcb_context_create(&f.ctx, &options) != HCB_OK || hcb_init(f.ctx, folder, NULL) != HCB_OK ||
        hcb_generate(f.ctx, folder, &few, NULL) != HCB_OK || hcb_zone_map_load(&f.map, f.ctx, folder) != HCB_OK ||
        hcb_workspace_load(&f.county, f.ctx, folder, NULL) != HCB_OK ||
        hcb_workspace_load(&f.workspace, f.ctx, small, NULL) != HCB_OK || !begin_desk() ||
        hcb_allocation_solve(&f.allocation, f.ctx, f.workspace, NULL) != HCB_OK ||
        hcb_allocation_write(f.allocation, f.ctx, fixture_path(&f, "plan"), 0) != HCB_OK) {
        print_error("%s\n", f.ctx ? hcb_context_error(f.ctx)->message : "no context");
        return -1;
    }
    return 0;
}

static int close_fixture(void **state) {
    (void)state;
    hcb_allocation_free(f.allocation);
    hcb_workspace_free(f.workspace);
    hcb_workspace_free(f.county);
    hcb_zone_map_free(f.map);
    hcb_context_free(f.ctx);
    test_folder_remove(f.own);
    if (memory.alive)
        print_error("%ld blocks were not freed\n", memory.alive);
    return memory.alive ? -1 : 0;
}

/* The context keeps the texts of its last error until the next call; a call that succeeds leaves none. */
static void settle(void) {
    hcb_text *text = NULL;
    memory.fail_at = 0;
    assert_int_equal(hcb_workspace_canonical(&text, f.ctx, f.workspace), HCB_OK);
    hcb_text_free(text);
}

static void fail_in_turn(const call *c) {
    settle();
    hcb_status status = c->run(&f);
    print_message("%s\n", c->name);
    if (status != HCB_OK)
        print_error("%s: %s: %s\n", c->name, hcb_status_name(status), hcb_context_error(f.ctx)->message);
    assert_int_equal(status, HCB_OK);
    settle();
    alive_before = memory.alive;
    long refused = 0;
    bool finished = false;
    for (long n = 1; !finished; n += 1 + n / (c->slow ? 6 : 30)) {
        memory.fail_at = memory.asked + n;
        status = c->run(&f);
        finished = memory.asked < memory.fail_at;
        memory.fail_at = 0;
        refused += status == HCB_ENOMEM;
        /* An answer although memory ran out is right where what failed was not needed for it. */
        if (status != HCB_OK && status != HCB_ENOMEM)
            print_error("%s, allocation %ld: %s: %s\n", c->name, n, hcb_status_name(status),
                        hcb_context_error(f.ctx)->message);
        assert_true(status == HCB_OK || status == HCB_ENOMEM);
        if (status == HCB_ENOMEM)
            assert_string_equal(hcb_status_name(hcb_context_error(f.ctx)->code), "HCB_ENOMEM");
        settle();
        if (memory.alive != alive_before)
            print_error("%s, allocation %ld: %ld blocks left\n", c->name, n, memory.alive - alive_before);
        assert_int_equal(memory.alive, alive_before);
    }
    assert_true(refused > 0);
}

static void test_oom__every_call_says_so_and_frees_everything(void **state) {
    (void)state;
    for (size_t i = 0; i < n_calls; i++)
        fail_in_turn(&calls[i]);
}

static void test_oom__contexts_and_tokens(void **state) {
    (void)state;
    counting own;
    counting_init(&own);
    hcb_context_options options = {.struct_size = sizeof options, .allocator = &own.mem};
    hcb_context *ctx = NULL;
    own.fail_at = 1;
    assert_int_equal(hcb_context_create(&ctx, &options), HCB_ENOMEM);
    assert_null(ctx);
    assert_int_equal(own.alive, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oom__every_call_says_so_and_frees_everything),
        cmocka_unit_test(test_oom__contexts_and_tokens),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
