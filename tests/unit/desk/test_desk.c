/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk/event.h"
#include "desk/offer.h"
#include "workbench.h"

static void test_event__the_hash_is_that_of_the_written_text(void **state) {
    (void)state;
    const hcb__event e = {1, 1606815000, "ann", "abc", "note", "{\"text\":\"x\"}", NULL};
    char hash[65];
    hcb__event_hash(&e, hcb__event_no_hash, hash);
    /* printf '%064d\n1\n1606815000\nann\nabc\nnote\n{"text":"x"}' 0 | sha256sum */
    assert_string_equal(hash, "1e57298502fcfb20cf7af764455837b55800e2d37c0d974a39877341fd3e51a5");
}

static void test_event__moments_are_utc(void **state) {
    workbench *bench = *state;
    hcb__text text;
    hcb__text_init(&text, &bench->memory.mem);
    hcb__text_moment(&text, 1606815000);
    hcb__text_moment(&text, 951827696);
    assert_string_equal(text.at, "2020-12-01T09:30:00Z2000-02-29T12:34:56Z");
    hcb__text_free(&text);
}

static void test_event__every_kind_has_a_word_of_its_own(void **state) {
    (void)state;
    for (int32_t k = 0; k < HCB__EVENTS; k++)
        assert_int_equal(hcb__event_kind_of(hcb__event_words[k]), k);
    assert_int_equal(hcb__event_kind_of("Placed"), -1);
}

static void test_call_off__the_route_is_that_of_the_cost(void **state) {
    (void)state;
    const hcb__call_off c = {.n_routes = 3,
                             .routes = {{.up_to_pence = 50000}, {.up_to_pence = 90000}, {.up_to_pence = -1}}};
    assert_ptr_equal(hcb__call_off_route_of(&c, 0), &c.routes[0]);
    assert_ptr_equal(hcb__call_off_route_of(&c, 50000), &c.routes[0]);
    assert_ptr_equal(hcb__call_off_route_of(&c, 50001), &c.routes[1]);
    assert_ptr_equal(hcb__call_off_route_of(&c, 90001), &c.routes[2]);
}

/* The county of zones/policies/worcestershire, in the bench's folder. */
static void copy_workspace(workbench *bench) {
    static const char *const names[] = {"hcbroker.yaml", "policy.yaml",  "prices.csv",   "providers.csv",
                                        "coverage.csv",  "packages.csv", "zones.geojson"};
    static char bytes[65536];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/zones/policies/worcestershire/%s", HCB_SOURCE_DIR, names[i]);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        size_t n = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        workbench_file(bench, names[i], bytes, n);
    }
}

typedef hcb_status (*step)(hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp);

static hcb_status offer_a(hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp) {
    hcb_text *text = NULL;
    hcb_status status = hcb_desk_offer(&text, desk, ctx, stamp, "a", NULL, 0, HCB_FORMAT_JSON);
    hcb_text_free(text);
    return status;
}

static hcb_status decline(hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp) {
    return hcb_desk_answer(NULL, desk, ctx, stamp, "O000001", 0, "capacity", -1, HCB_FORMAT_TEXT);
}

static hcb_status accept(hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp) {
    return hcb_desk_answer(NULL, desk, ctx, stamp, "O000002", 1, NULL, -1, HCB_FORMAT_TEXT);
}

static hcb_status mornings(hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp) {
    return hcb_desk_capacity_of(NULL, desk, ctx, stamp, "P1", NULL, "morning", 60, HCB_FORMAT_TEXT);
}

static hcb_status plan(hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp) {
    hcb_desk_plan_options o;
    hcb_desk_plan_options_init(&o);
    o.allocation.threads = 1;
    return hcb_desk_plan(NULL, NULL, desk, ctx, stamp, &o, HCB_FORMAT_TEXT);
}

static int64_t events(hcb_desk *desk) {
    desk->store.failed = HCB_OK;
    return hcb__store_int(&desk->store, -1, "SELECT COUNT(*) FROM event", "");
}

/* Every so-manieth request for memory is refused until the call succeeds; before that it has written nothing. */
static void starve(workbench *bench, hcb_desk *desk, const hcb_desk_stamp *stamp, step call) {
    int64_t before = events(desk);
    hcb_status status = HCB_ENOMEM;
    for (long n = 1; status != HCB_OK; n += 1 + n / 40) {
        bench->memory.fail_at = bench->memory.asked + n;
        status = call(desk, bench->ctx, stamp);
        bench->memory.fail_at = 0;
        if (status == HCB_OK)
            break;
        assert_int_equal(status, HCB_ENOMEM);
        assert_int_equal(events(desk), before);
    }
    assert_true(events(desk) > before);
}

static void test_desk__without_memory_nothing_is_written(void **state) {
    workbench *bench = *state;
    copy_workspace(bench);
    hcb_desk_stamp stamp = {sizeof stamp, 0, 1606809600, "test"};
    hcb_desk *desk = NULL;
    assert_int_equal(hcb_desk_init(bench->ctx, bench->dir, NULL, &stamp), HCB_OK);
    assert_int_equal(hcb_desk_open(&desk, bench->ctx, bench->dir, NULL), HCB_OK);
    starve(bench, desk, &stamp, offer_a);
    starve(bench, desk, &stamp, decline);
    starve(bench, desk, &stamp, accept);
    starve(bench, desk, &stamp, plan);
    starve(bench, desk, &stamp, mornings);
    int32_t sound = 0;
    hcb_text *text = NULL;
    assert_int_equal(hcb_desk_verify(&text, &sound, desk, bench->ctx, HCB_FORMAT_TEXT), HCB_OK);
    assert_int_equal(sound, 1);
    hcb_text_free(text);
    hcb_desk_close(desk);
}

static void test_desk__wrong_arguments_are_refused(void **state) {
    workbench *bench = *state;
    copy_workspace(bench);
    hcb_desk_stamp stamp = {sizeof stamp, 0, 1606809600, "test"}, nobody = stamp, early = stamp;
    hcb_desk *desk = NULL;
    struct {
        hcb_desk_options options;
        int64_t more;
    } newer = {HCB_DESK_OPTIONS_INIT, 1};
    newer.options.struct_size = sizeof newer;
    nobody.user = "two\nlines";
    early.at = -1;
    assert_int_equal(hcb_desk_open(&desk, bench->ctx, bench->dir, NULL), HCB_ENOTFOUND);
    assert_int_equal(hcb_desk_open(&desk, bench->ctx, bench->dir, &newer.options), HCB_EVERSION);
    assert_int_equal(hcb_desk_init(bench->ctx, bench->dir, NULL, &nobody), HCB_EINVAL);
    /* What a failed beginning leaves is as good as nothing. */
    assert_int_equal(hcb_desk_init(bench->ctx, bench->dir, NULL, &stamp), HCB_OK);
    assert_int_equal(hcb_desk_init(bench->ctx, bench->dir, NULL, &stamp), HCB_EDATA);
    assert_int_equal(hcb_desk_open(&desk, bench->ctx, bench->dir, NULL), HCB_OK);
    assert_int_equal(hcb_desk_note(NULL, desk, bench->ctx, NULL, NULL, "x", 0), HCB_EINVAL);
    assert_int_equal(hcb_desk_note(NULL, desk, bench->ctx, &early, NULL, "x", 0), HCB_EINVAL);
    assert_int_equal(hcb_desk_note(NULL, desk, bench->ctx, &stamp, NULL, "\xff", 0), HCB_EINVAL);
    assert_int_equal(hcb_desk_note(NULL, desk, bench->ctx, &stamp, NULL, "x", 9), HCB_EINVAL);
    assert_int_equal(hcb_desk_note(NULL, NULL, bench->ctx, &stamp, NULL, "x", 0), HCB_EINVAL);
    assert_int_equal(hcb_desk_capacity(NULL, desk, bench->ctx, &stamp, "P1", -1, 0), HCB_EINVAL);
    assert_int_equal(hcb_desk_capacity_of(NULL, desk, bench->ctx, &stamp, "P1", NULL, "bed", -2, 0), HCB_EINVAL);
    assert_int_equal(hcb_desk_capacity_of(NULL, desk, bench->ctx, &stamp, "P1", "W1", "bed", 60, 0), HCB_EINVAL);
    assert_int_equal(hcb_desk_capacity_of(NULL, desk, bench->ctx, &stamp, "P1", NULL, "noon", 60, 0), HCB_EDATA);
    assert_int_equal(hcb_desk_set(NULL, desk, bench->ctx, &stamp, 7, NULL, 0, NULL, 0), HCB_EINVAL);
    hcb_desk_close(desk);
    hcb_desk_close(NULL);
}

/* A clock that was read before another wrote is not one that runs backwards. */
static void test_desk__a_little_slack_is_no_backwards_clock(void **state) {
    workbench *bench = *state;
    copy_workspace(bench);
    hcb_desk_stamp stamp = {sizeof stamp, 0, 1606809600, "test"};
    hcb_desk *desk = NULL;
    assert_int_equal(hcb_desk_init(bench->ctx, bench->dir, NULL, &stamp), HCB_OK);
    assert_int_equal(hcb_desk_open(&desk, bench->ctx, bench->dir, NULL), HCB_OK);
    stamp.at -= 5;
    assert_int_equal(hcb_desk_note(NULL, desk, bench->ctx, &stamp, NULL, "x", 0), HCB_EDATA);
    stamp.slack_s = 4;
    assert_int_equal(hcb_desk_note(NULL, desk, bench->ctx, &stamp, NULL, "x", 0), HCB_EDATA);
    stamp.slack_s = 5;
    assert_int_equal(hcb_desk_note(NULL, desk, bench->ctx, &stamp, NULL, "x", 0), HCB_OK);
    assert_int_equal(hcb__store_int(&desk->store, 0, "SELECT at FROM event ORDER BY seq DESC LIMIT 1", ""), 1606809600);
    hcb_desk_close(desk);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, workbench_open, workbench_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_event__the_hash_is_that_of_the_written_text), TEST(test_event__moments_are_utc),
        TEST(test_event__every_kind_has_a_word_of_its_own),     TEST(test_call_off__the_route_is_that_of_the_cost),
        TEST(test_desk__without_memory_nothing_is_written),     TEST(test_desk__wrong_arguments_are_refused),
        TEST(test_desk__a_little_slack_is_no_backwards_clock)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
