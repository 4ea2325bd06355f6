/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "workbench.h"
#include "base.h"

/* By hand from the files of tests/golden/base. */
static void test_load__sums_of_every_package(void **state) {
    static const struct {
        const char *id, *zone;
        int32_t band;
        int64_t visits, contact, carer;
    } expected[] = {
        {"Q1", "01", HCB__URBAN, 17, 615, 930}, {"Q2", "01", HCB__RURAL, 14, 420, 420},
        {"Q3", "02", HCB__URBAN, 14, 210, 210}, {"Q4", "03", HCB__RURAL, 21, 630, 1260},
        {"Q5", "02", HCB__FRINGE, 7, 270, 270}, {"Q6", "03", HCB__ISOLATED, 5, 300, 300},
        {"L1", "01", HCB__URBAN, 14, 525, 525}, {"L2", "01", HCB__URBAN, 14, 420, 420},
        {"L3", "01", HCB__URBAN, 7, 420, 420},  {"L4", "02", HCB__URBAN, 5, 150, 300},
        {"L5", "03", HCB__RURAL, 28, 840, 840}, {"L6", "02", HCB__URBAN, 7, 420, 420},
    };
    workbench *bench = *state;
    hcb__model *m = base_model(bench, BASE_DIR);
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 0);
    assert_int_equal(m->n_packages, 6);
    assert_int_equal(m->n_placements, 6); /* L7 has ended */
    assert_string_equal(m->name, "Three small zones");
    assert_true(m->synthetic);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const hcb__package *p = &m->packages[base_package(m, expected[i].id)];
        assert_int_equal(p->placed, expected[i].id[0] == 'L');
        assert_string_equal(m->zones->zones[p->zone].id, expected[i].zone);
        assert_int_equal(p->band, expected[i].band);
        assert_int_equal(p->visits_week, expected[i].visits);
        assert_int_equal(p->contact_minutes, expected[i].contact);
        assert_int_equal(p->carer_minutes, expected[i].carer);
        assert_int_equal(p->block_minutes[0] + p->block_minutes[1] + p->block_minutes[2] + p->block_minutes[3],
                         p->carer_minutes);
    }
    hcb__model_free(m);
}

static void test_load__prices(void **state) {
    static const struct {
        const char *package, *provider;
        int64_t pence;
    } expected[] = {
        {"Q1", "P1", 1875},                                       /* the band's */
        {"Q1", "P4", 2000},                                       /* its own */
        {"Q2", "P1", 2295}, {"Q4", "P3", 2150},                   /* its own for rural */
        {"Q6", "P3", 2700},                                       /* the zone's for isolated */
        {"Q6", "P4", 2700}, {"Q5", "P2", 1995}, {"Q4", "P1", -1}, /* not covered */
    };
    hcb__model *m = base_model(*state, BASE_DIR);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(
            hcb__model_price(m, base_package(m, expected[i].package), base_provider(m, expected[i].provider)),
            expected[i].pence);
    hcb__model_free(m);
}

static void expect_seconds(const hcb__model *m, const char *package, const char *provider, int64_t seconds,
                           bool expect_fallback) {
    hcb__travel_table *travel;
    bool fallback;
    assert_int_equal(hcb__travel_table_create(&travel, hcb__default_allocator(), m), HCB_OK);
    int64_t got = hcb__travel_seconds(travel, base_package(m, package), base_provider(m, provider), &fallback);
    if (got != seconds || fallback != expect_fallback)
        fail_msg("%s at %s: %d seconds, expected %d", package, provider, (int)got, (int)seconds);
    hcb__travel_table_free(travel);
}

static void test_load__nearest_served_by_hand(void **state) {
    hcb__model *m = base_model(*state, BASE_DIR);
    expect_seconds(m, "Q1", "P1", 271, false); /* docs/worked-example.md */
    /* L1 itself left out: 1562.05, 2332.38 and 5200 m, mean 3031.48 m, 7.457 min */
    expect_seconds(m, "L1", "P1", 447, false);
    /* two origins only: 4242.64 and 2828.43 m, mean 3535.53 m; isolated: 2 + 6.364 + 1 = 9.364 min */
    expect_seconds(m, "Q6", "P3", 562, false);
    /* beyond the bend; L7 has ended: 6082.76 and 5024.94 m, mean 5553.85 m, 9.2 + 1.398 min */
    expect_seconds(m, "Q1", "P2", 636, false);
    hcb__model_free(m);
}

static void test_load__office_by_hand(void **state) {
    workbench *bench = *state;
    base_copy(bench);
    base_edit(bench, "hcbroker.yaml", "nearest_served", "office");
    hcb__model *m = base_model(bench, bench->dir);
    expect_seconds(m, "Q1", "P1", 228, false); /* 1 km: 3.8 min */
    hcb__model_free(m);
}

static void test_load__matrix_with_holes(void **state) {
    static const char cells[] = "origin,destination,seconds\n"
                                "P1,Q1,300\nL1,Q1,400\nL2,Q1,1000\nL3,Q1,50.5\n"
                                "P2,Q1,700\nP1,P2,5\nX,Q1,9\nP1,Q2,11\n";
    workbench *bench = *state;
    base_copy(bench);
    base_edit(bench, "hcbroker.yaml", "model: crow", "model: matrix, matrix: m.csv");
    (void)workbench_file(bench, "m.csv", cells, sizeof cells - 1);
    hcb__model *m = base_model(bench, bench->dir);
    expect_seconds(m, "Q1", "P1", 250, false); /* 51, 300, 400: 250.33 */
    /* P2: 700 of the matrix; L4 at 5024.94 m is a hole: 9.2 + 0.92244 min = 607.3 s; mean of 607 and 700: 653.5 */
    expect_seconds(m, "Q1", "P2", 654, true);
    hcb__text text;
    hcb__text_init(&text, &bench->memory.mem);
    hcb__model_canonical(m, &text);
    const char *tail = strstr(text.at, "\nmatrix\t");
    assert_non_null(tail);
    assert_string_equal(tail + 1, "matrix\tL1\tQ1\t400\nmatrix\tL2\tQ1\t1000\nmatrix\tL3\tQ1\t51\nmatrix\tP1\tP2\t5\n"
                                  "matrix\tP1\tQ1\t300\nmatrix\tP1\tQ2\t11\nmatrix\tP2\tQ1\t700\n");
    hcb__text_free(&text);
    hcb__model_free(m);
}

/* The rows after the header in another order. */
static void shuffle(workbench *bench, const char *name, hcb__rng *rng) {
    char *text = base_text(name), *lines[128] = {NULL}, *rest = NULL;
    uint32_t n = 0;
    hcb__text out;
    hcb__text_init(&out, &bench->memory.mem);
    for (char *line = strtok_r(text, "\n", &rest); line && n < 128; line = strtok_r(NULL, "\n", &rest))
        lines[n++] = line;
    for (uint32_t i = n; i-- > 2;) {
        uint32_t j = 1 + hcb__rng_below(rng, i);
        char *t = lines[i];
        lines[i] = lines[j];
        lines[j] = t;
    }
    for (uint32_t i = 0; i < n; i++)
        hcb__text_printf(&out, "%s\n", lines[i]);
    (void)workbench_file(bench, name, out.at, out.count);
    hcb__text_free(&out);
    free(text);
}

static void test_load__order_of_rows_changes_nothing(void **state) {
    static const char *const files[] = {"areas.csv",    "postcodes.csv", "prices.csv", "providers.csv",
                                        "coverage.csv", "packages.csv",  "visits.csv", "placements.csv"};
    workbench *bench = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 7, 0);
    hcb__model *plain = base_model(bench, BASE_DIR);
    hcb__text before, after;
    hcb__text_init(&before, &bench->memory.mem);
    hcb__text_init(&after, &bench->memory.mem);
    hcb__model_canonical(plain, &before);
    for (int round = 0; round < 10; round++) {
        base_copy(bench);
        for (size_t i = 0; i < sizeof files / sizeof *files; i++)
            shuffle(bench, files[i], &rng);
        hcb__model *m = base_model(bench, bench->dir);
        hcb__text_clear(&after);
        hcb__model_canonical(m, &after);
        assert_string_equal(after.at, before.at);
        assert_string_equal(m->inputs_sha256, plain->inputs_sha256);
        hcb__model_free(m);
    }
    hcb__text_free(&before);
    hcb__text_free(&after);
    hcb__model_free(plain);
}

/* Days are counted, not seconds: neither the hour that is missing in March nor a place's clock matters. */
static void test_load__time_zone_and_locale_change_nothing(void **state) {
    static const char *const days[] = {"2020-03-28", "2020-03-29", "2020-03-30", "2020-10-25", "2020-10-26"};
    workbench *bench = *state;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        char seen[2][65];
        base_copy(bench);
        base_edit(bench, "hcbroker.yaml", "2020-12-01", days[i]);
        base_edit(bench, "providers.csv", "2020-06-01", "");
        base_edit(bench, "placements.csv", "2020-12-01", days[i]); /* the end of L4: still in force */
        for (int round = 0; round < 2; round++) {
            assert_int_equal(setenv("TZ", round ? "Pacific/Kiritimati" : "Europe/London", 1), 0);
            (void)setlocale(LC_ALL, round ? "de_DE.UTF-8" : "C");
            hcb__model *m = base_model(bench, bench->dir);
            assert_int_equal(m->packages[base_package(m, "L4")].end, m->as_of);
            memcpy(seen[round], m->inputs_sha256, sizeof seen[round]);
            hcb__model_free(m);
        }
        (void)setlocale(LC_ALL, "C");
        assert_string_equal(seen[0], seen[1]);
    }
    unsetenv("TZ");
}

/* Whatever counts changes the fingerprint; a name, a column that nobody reads and an ended placement do not. */
static void test_load__the_fingerprint_covers_what_counts(void **state) {
    static const struct {
        const char *file, *from, *to;
        bool same;
    } cases[] = {
        {"packages.csv", "451000", "451000.01", false},
        {"packages.csv", "451000", "451000.004", true},
        {"packages.csv", "3:30", "3.5", true},
        {"packages.csv", "3:30", "3:31", false},
        {"providers.csv", "Provider one", "Another name", true},
        {"providers.csv", ",60,,80", ",60,,81", false},
        {"providers.csv", ",60,,80", ",61,,80", false},
        {"coverage.csv", "P1,02,supplementary,20", "P1,02,supplementary,19", false},
        {"coverage.csv", "P1,02,supplementary", "P1,02,framework", false},
        {"prices.csv", "18.75", "18.76", false},
        {"prices.csv", "18.00", "18.01", true},                             /* no longer in force */
        {"placements.csv", "456000,304000,7,7", "456100,304000,7,7", true}, /* L7 */
        {"placements.csv", "P1,453000", "P2,453000", false},
        {"visits.csv", "Q5,MTWTF--", "Q5,1111100", true},
        {"visits.csv", "Q5,MTWTF--", "Q5,MTW-F--", false},
        {"policy.yaml", "90%", "91%", false},
        {"policy.yaml", "Primes first", "Prime first", true},
        {"hcbroker.yaml", "nearest: 3", "nearest: 2", false},
        {"hcbroker.yaml", "2020-12-01", "2020-11-30", false},
        {"areas.csv", "Westby", "Wessby", true},
    };
    workbench *bench = *state;
    hcb__model *plain = base_model(bench, BASE_DIR);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        base_copy(bench);
        base_edit(bench, cases[i].file, cases[i].from, cases[i].to);
        hcb__model *m = base_model(bench, bench->dir);
        if ((strcmp(m->inputs_sha256, plain->inputs_sha256) == 0) != cases[i].same)
            fail_msg("%s: %s", cases[i].file, cases[i].to);
        hcb__model_free(m);
    }
    hcb__model_free(plain);
}

static void test_load__left_out_or_refused(void **state) {
    static const struct {
        const char *file, *from, *to, *words;
        long line, column;
    } cases[] = {
        {"packages.csv", "451000,305000", "551000,305000", "\"Q1\" lies outside every zone", 2, 8},
        {"packages.csv", "2021-03-31", "2020-11-30", "\"Q4\" ends before the day of the run", 5, 58},
        {"placements.csv", "451000,306200", "451000,386200", "\"L1\" lies outside every zone", 2, 7},
    };
    workbench *bench = *state;
    for (size_t i = 0; i < 3; i++) {
        base_copy(bench);
        base_edit(bench, cases[i].file, cases[i].from, cases[i].to);
        if (i == 1)
            base_edit(bench, cases[i].file, "2020-12-07", "");
        hcb__model *m = base_model(bench, bench->dir);
        assert_int_equal(m->n_left_out, 1);
        assert_int_equal(m->n_packages + m->n_placements, 11);
        const hcb_diagnostic *d = hcb_context_diagnostic_at(bench->ctx, 0);
        assert_int_equal(d->severity, HCB_SEVERITY_LEFT_OUT);
        assert_string_equal(d->file, cases[i].file);
        assert_non_null(strstr(d->message, cases[i].words));
        assert_int_equal(d->line, cases[i].line);
        hcb__model_free(m);
        assert_int_equal(base_load(bench, bench->dir, true, &m), HCB_EDATA);
        assert_null(m);
        assert_int_equal(hcb_context_diagnostic_at(bench->ctx, 0)->severity, HCB_SEVERITY_ERROR);
    }
}

/* P4 serves 420 minutes in 7 visits: it is full by contact time, and over by travel. */
static void test_load__travel_counts_against_capacity_when_asked(void **state) {
    workbench *bench = *state;
    base_copy(bench);
    base_edit(bench, "providers.csv", "458000,300500,14.5", "458000,300500,7");
    hcb__model_free(base_model(bench, bench->dir));
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 0);
    base_edit(bench, "hcbroker.yaml", "capacity_basis: contact", "capacity_basis: contact_and_travel");
    hcb__model_free(base_model(bench, bench->dir));
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 1);
    /* L6 is 5,522.68 m from the office: 9.2 + 1.3704 min = 634 s; 7 of them are 4,438 s, 74 minutes begun. */
    expect_problem(bench, 0, 5, 1, "\"P4\" serves 74 minutes a week more than its capacity of 420");
    const hcb_diagnostic *d = hcb_context_diagnostic_at(bench->ctx, 0);
    assert_int_equal(d->severity, HCB_SEVERITY_WARNING);
}

static void test_load__another_policy(void **state) {
    workbench *bench = *state;
    static const char text[] = "version: 1\nmodel: open_framework\n";
    char path[512];
    snprintf(path, sizeof path, "%s", workbench_file(bench, "other.yaml", text, sizeof text - 1));
    const hcb__model_options options = {.policy = path};
    hcb__model *m;
    assert_int_equal(hcb__model_load(&m, bench->ctx, BASE_DIR, &options), HCB_OK);
    assert_string_equal(m->policy->model, "open_framework");
    hcb__model_free(m);
}

static void test_load__a_workspace_without_a_queue(void **state) {
    workbench *bench = *state;
    base_copy(bench);
    base_edit(bench, "hcbroker.yaml", "packages: packages.csv\n", "");
    base_edit(bench, "visits.csv",
              "Q1,MTWTFSS,07:30,09:30,45,2,yes\nQ1,M-W-F--,11:30,13:30,30,,\n"
              "Q1,1111111,19:30,22:00,30,1,no\nQ5,MTWTF--,08:00,10:00,30,,\n"
              "Q5,-----SS,16:00,18:00,60,,\n",
              "");
    hcb__model *m = base_model(bench, bench->dir);
    assert_int_equal(m->n_packages, 0);
    assert_int_equal(m->n_placements, 6);
    hcb__model_free(m);
}

static void test_load__no_workspace_is_not_found(void **state) {
    workbench *bench = *state;
    hcb__model *m;
    assert_int_equal(base_load(bench, bench->dir, false, &m), HCB_ENOTFOUND);
    assert_null(m);
}

/* The n-th allocation fails, for every n below 150 and then in strides: a status, nothing leaked. */
static void test_load__out_of_memory_is_a_status(void **state) {
    workbench *bench = *state;
    for (long n = 1;; n += n < 150 ? 1 : 101) {
        bench->memory.asked = 0;
        bench->memory.fail_at = n;
        hcb__model *m;
        hcb_status status = base_load(bench, BASE_DIR, false, &m);
        bench->memory.fail_at = 0;
        hcb__model_free(m);
        if (status == HCB_OK)
            break;
        if (status != HCB_ENOMEM)
            fail_msg("request %ld: %s, %s", n, hcb_status_name(status), hcb_context_error(bench->ctx)->message);
        assert_true(n < 100000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_load__sums_of_every_package, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_load__prices, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_load__nearest_served_by_hand, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_load__office_by_hand, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_load__matrix_with_holes, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_load__order_of_rows_changes_nothing, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_load__time_zone_and_locale_change_nothing, workbench_open,
                                        workbench_close),
        cmocka_unit_test_setup_teardown(test_load__the_fingerprint_covers_what_counts, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_load__left_out_or_refused, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_load__travel_counts_against_capacity_when_asked, workbench_open,
                                        workbench_close),
        cmocka_unit_test_setup_teardown(test_load__another_policy, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_load__a_workspace_without_a_queue, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_load__no_workspace_is_not_found, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_load__out_of_memory_is_a_status, workbench_open, workbench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
