/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verifier's own reading of the rules, by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "allocation/verify_run.h"
#include "counting.h"
#include "verify_case.h"

typedef struct fixture {
    test_folder folder;
    counting memory;
    hcb_context *ctx;
    hcb__vf vf;
    hcb__vf_run run;
} fixture;

static int open_fixture(void **state) {
    fixture *f = calloc(1, sizeof *f);
    f->folder = test_folder_make();
    counting_init(&f->memory);
    hcb_context_options options = {.struct_size = sizeof options, .allocator = &f->memory.mem};
    case_write_workspace(&f->folder);
    *state = f;
    return hcb_context_create(&f->ctx, &options) == HCB_OK ? 0 : -1;
}

static void release(fixture *f) {
    hcb__vf_run_free(&f->run);
    hcb__vf_free(&f->vf);
    f->run = (hcb__vf_run){0};
}

static int close_fixture(void **state) {
    fixture *f = *state;
    release(f);
    hcb_context_free(f->ctx);
    long alive = f->memory.alive;
    test_folder_remove(f->folder.path);
    free(f);
    return alive ? -1 : 0;
}

static void read_all(fixture *f, int64_t replan) {
    release(f);
    assert_int_equal(hcb__begin(f->ctx), HCB_OK);
    hcb_status status = hcb__vf_read(&f->vf, f->ctx, f->folder.path, NULL, false);
    if (hcb__end(f->ctx, status) != HCB_OK)
        fail_msg("%s", hcb_context_error(f->ctx)->message);
    assert_true(hcb__vf_run_make(&f->run, &f->vf, replan));
}

static void test_verify_rules__visits_from_totals(void **state) {
    fixture *f = *state;
    assert_int_equal(hcb__begin(f->ctx), HCB_OK);
    f->vf.ctx = f->ctx;
    hcb__arena_init(&f->vf.arena, &f->ctx->mem);
    for (int64_t n = 1; n <= 40; n++)
        for (int64_t total = n; total <= 3000; total += 97) {
            hcb__vf_package p = {.weekly_minutes = total, .per_week = n, .carers = 1};
            int64_t sum = 0, on_day[7] = {0}, least = INT64_MAX, most = 0;
            assert_true(hcb__vf_make_visits(&f->vf, &p));
            assert_int_equal(p.n_visits, n);
            for (size_t i = 0; i < p.n_visits; i++) {
                sum += p.visits[i].minutes;
                on_day[strchr(p.visits[i].days, '1') - p.visits[i].days]++;
                least = p.visits[i].minutes < least ? p.visits[i].minutes : least;
                most = p.visits[i].minutes > most ? p.visits[i].minutes : most;
                assert_true(p.visits[i].end - p.visits[i].start >= p.visits[i].minutes || p.visits[i].end == 1440);
            }
            assert_int_equal(sum, total);
            assert_true(most - least <= 1);
            for (int d = 0; d < 7; d++)
                assert_int_equal(on_day[d], n / 7 + (d < n % 7));
        }
    /* 100 minutes in 8 visits: 13 x 4 + 12 x 4; Monday has two, morning and bed, and the longer ones come first. */
    hcb__vf_package p = {.weekly_minutes = 100, .per_week = 8, .carers = 2};
    assert_true(hcb__vf_make_visits(&f->vf, &p));
    const hcb__vf_visit *last = &p.visits[7], *before = &p.visits[6];
    assert_string_equal(before->days, "1000000");
    assert_int_equal(before->start, 420);
    assert_int_equal(last->start, 1140);
    assert_int_equal(last->minutes, 13);
    assert_int_equal(last->carers, 2);
    assert_string_equal(p.visits[0].days, "0000001");
    assert_int_equal(p.visits[0].minutes, 12);
    /* Four hours in one visit from 07:00: longer than the window. */
    hcb__vf_package one = {.weekly_minutes = 240, .per_week = 1, .carers = 1};
    assert_true(hcb__vf_make_visits(&f->vf, &one));
    assert_int_equal(one.visits[0].end, 660);
    assert_int_equal(hcb__end(f->ctx, HCB_OK), HCB_OK);
}

static void test_verify_rules__weekly_cost_rounds_half_up_once(void **state) {
    (void)state;
    assert_int_equal(hcb__vf_weekly_cost(1, 30), 1); /* 0.5 */
    assert_int_equal(hcb__vf_weekly_cost(1, 29), 0); /* 0.483 */
    assert_int_equal(hcb__vf_weekly_cost(210, 2000), 7000);
    assert_int_equal(hcb__vf_weekly_cost(37, 1875), 1156); /* 1156.25 */
}

static const hcb__vf_package *package_named(const fixture *f, const char *id) {
    for (size_t i = 0; i < f->vf.queue.count; i++)
        if (strcmp(f->vf.queue.at[i].id, id) == 0)
            return &f->vf.queue.at[i];
    return &f->vf.placements.at[0];
}

static void test_verify_rules__nearest_served(void **state) {
    fixture *f = *state;
    read_all(f, HCB__VF_REPLAN_FIXED);
    /* Q1 to P1: office 2 km, L1 sqrt(2^2 + 4^2) = 4.472136 km; mean 3.236068: 2 + 5.824922 = 7.824922 min = 469.495 s.
     */
    assert_int_equal(hcb__vf_serve(&f->run, package_named(f, "Q1"), 0).seconds, 469);
    /* Q2 to P1: office 5, L1 sqrt(25 + 16) = 6.403124; mean 5.701562: 2 + 7.2 + 0.9 x 1.701562 + 1 (rural) = 703.88 s.
     */
    assert_int_equal(hcb__vf_serve(&f->run, package_named(f, "Q2"), 0).seconds, 704);
    /* L1 does not count as its own neighbour: 4 km from the office. */
    assert_int_equal(f->run.today[0].seconds, 552);
    assert_int_equal(f->run.today[0].cost, 13125);
}

static void test_verify_rules__matrix_with_holes(void **state) {
    fixture *f = *state;
    char yaml[1024];
    snprintf(yaml, sizeof yaml, "%stravel: {model: matrix, matrix: m.csv, nearest: 2}\n", case_yaml);
    test_folder_write(&f->folder, "hcbroker.yaml", yaml);
    test_folder_write(&f->folder, "m.csv",
                      "origin,destination,seconds\nP1,Q1,300\nL1,Q1,400.5\nP2,Q1,768\nP1,Q9,1\nL1,L1,5\n");
    read_all(f, HCB__VF_REPLAN_FIXED);
    hcb__vf_service s = hcb__vf_serve(&f->run, package_named(f, "Q1"), 0);
    assert_int_equal(s.seconds, 351); /* (300 + 401) / 2, half up */
    assert_false(s.from_hole);
    s = hcb__vf_serve(&f->run, package_named(f, "Q2"), 1); /* a hole: 5 km, rural: 2 + 7.2 + 0.9 + 1 = 666 s */
    assert_int_equal(s.seconds, 666);
    assert_true(s.from_hole);
}

/* The rules one by one: the provider's and the package's cells, and the reason P1 has against Q1. */
static void test_verify_rules__one_of_each(void **state) {
    static const struct {
        const char *provider, *package, *code;
        int visits; /* of 210 minutes a week */
    } cases[] = {{"yes,good,hoist;carer:female,,,", ",,,,,,,,", NULL, 7},
                 {"yes,good,hoist;carer:female,,,", ",,,,,,,P2,", "pinned_elsewhere", 7},
                 {"no,good,hoist,,,", ",,,,,,,,", "inactive", 7},
                 {"yes,good,,,,2020-12-02", ",,,,,,,,", "start_too_late", 7},
                 {"yes,good,,,,2020-12-02", ",,,,,,,,2020-12-02", NULL, 7},
                 {"yes,inadequate,,,,", ",,,,,,,,", "rating_not_allowed", 7},
                 {"yes,,,,,", ",,,,,,,,", NULL, 7},
                 {"yes,good,hoist,,,", "peg;hoist;dementia,,,,,,,,", "capability_missing:dementia", 7},
                 {"yes,good,,,,", ",female,,,,,,,", "preference_hard:gender", 7},
                 {"yes,good,,,,", ",female,no,,,,,,", NULL, 7},
                 {"yes,good,carer:male,,,", ",male,,,,,,,", NULL, 7},
                 {"yes,good,,,,", ",,,gu,,,,,", NULL, 7},
                 {"yes,good,,,,", ",,,gu,yes,,,,", "preference_hard:language", 7},
                 {"yes,good,lang:gu,,,", ",,,gu,yes,,,,", NULL, 7},
                 {"yes,good,,,,", ",,,,,P2;P1,,,", "excluded", 7},
                 {"yes,good,,7,,", ",,,,,,,,", "travel_too_far", 7}, /* 469 s are above 420 */
                 {"yes,good,,8,,", ",,,,,,,,", NULL, 7},
                 {"yes,good,,,,", ",,,,,,,,", "short_visit_not_agreed", 10}};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "provider_id,easting,northing,capacity_hours,active,rating,capabilities,max_travel_min,"
                 "max_new_packages,starts_from\nP1,450000,300000,10,%s\nP2,460000,300000,20,,,,,,\n",
                 cases[i].provider);
        test_folder_write(&f->folder, "providers.csv", text);
        snprintf(
            text, sizeof text,
            "package_id,easting,northing,weekly_hours,visits_per_week,short_visit_agreed,zone_id,band,needs,gender,"
            "gender_hard,language,language_hard,excluded_providers,current_provider,pinned_provider,start\n"
            "Q1,452000,300000,3.5,%d,,A,urban,%s\n",
            cases[i].visits, cases[i].package);
        test_folder_write(&f->folder, "packages.csv", text);
        read_all(f, HCB__VF_REPLAN_FIXED);
        const hcb__vf_package *p = package_named(f, "Q1");
        hcb__vf_service s = hcb__vf_serve(&f->run, p, 0);
        hcb__vf_refusal why = hcb__vf_refuses(&f->run, p, &s);
        char said[128] = "";
        if (why.code)
            snprintf(said, sizeof said, "%s%s", why.code, why.detail ? why.detail : "");
        if (strcmp(said, cases[i].code ? cases[i].code : "") != 0)
            fail_msg("case %zu: \"%s\", expected \"%s\"", i, said, cases[i].code ? cases[i].code : "");
    }
}

static void test_verify_rules__shape_with_a_hole(void **state) {
    (void)state;
    hcb__point at[] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}, {4, 4}, {4, 6}, {6, 6}, {6, 4}, {4, 4}};
    size_t starts[] = {0, 5, 10};
    hcb__vf_shape shape = {2, starts, at, 0, 0, 10, 10};
    assert_true(hcb__vf_shape_holds(&shape, (hcb__point){1, 1}));
    assert_false(hcb__vf_shape_holds(&shape, (hcb__point){5, 5}));
    assert_true(hcb__vf_shape_holds(&shape, (hcb__point){4, 5})); /* borders belong to it */
    assert_true(hcb__vf_shape_holds(&shape, (hcb__point){10, 10}));
    assert_true(hcb__vf_shape_holds(&shape, (hcb__point){10.0009, 3}));
    assert_false(hcb__vf_shape_holds(&shape, (hcb__point){10.002, 3}));
}

static void test_verify_rules__rows_and_relaxed_limits(void **state) {
    fixture *f = *state;
    char providers[512];
    strcpy(providers, case_providers);
    case_replace(providers, ",10,80,", ",5,80,"); /* 300 minutes, and 420 are served */
    test_folder_write(&f->folder, "providers.csv", providers);
    test_folder_write(&f->folder, "policy.yaml",
                      "version: 1\nmodel: prime_supplementary\nshares:\n  - largest: 40%\n  - {smallest: 50%, tier: "
                      "prime}\n");
    read_all(f, HCB__VF_REPLAN_FIXED);
    int32_t hours = hcb__idmap_get(&f->run.row_names, "hours/P1", 8);
    int32_t most = hcb__idmap_get(&f->run.row_names, "share_max/0/A/P1", 16);
    int32_t other = hcb__idmap_get(&f->run.row_names, "share_max/0/A/P2", 16);
    int32_t least = hcb__idmap_get(&f->run.row_names, "share_min/1/A", 13);
    assert_true(hours >= 0 && most >= 0 && other >= 0 && least >= 0);
    assert_int_equal(f->run.rows.at[hours].limit, 0); /* relaxed to 420, all of it taken */
    assert_int_equal(f->run.rows.at[most].fixed, (10000 - 4000) * 420);
    assert_int_equal(f->run.rows.at[most].limit, 0);
    assert_int_equal(f->run.rows.at[other].limit, 4000 * 420);
    assert_int_equal(f->run.rows.at[least].fixed, (5000 - 10000) * 420);
    /* Movable: nothing is fixed, and staying weighs -1 in the row of moves. */
    read_all(f, 0);
    int32_t moves = hcb__idmap_get(&f->run.row_names, "moves", 5);
    assert_true(moves >= 0);
    assert_int_equal(f->run.rows.at[moves].limit, -1);
    assert_int_equal(f->run.rows.at[hours].limit, 420);
    assert_int_equal(f->run.items.count, 4);
    assert_string_equal(f->run.items.at[0].package->id, "L1");
}

#define T(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
int main(void) {
    const struct CMUnitTest tests[] = {T(test_verify_rules__visits_from_totals),
                                       T(test_verify_rules__weekly_cost_rounds_half_up_once),
                                       T(test_verify_rules__nearest_served),
                                       T(test_verify_rules__matrix_with_holes),
                                       T(test_verify_rules__one_of_each),
                                       T(test_verify_rules__shape_with_a_hole),
                                       T(test_verify_rules__rows_and_relaxed_limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
