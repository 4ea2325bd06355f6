/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "folders.h"

static const char *const files[] = {"providers.csv", "coverage.csv", "placements.csv", "visits.csv", "packages.csv"};

/* Bytes of the five files and of hcbroker.yaml, one after another. */
static char *all_bytes(const char *dir) {
    size_t size = 1;
    char *all = calloc(1, 1);
    for (int i = 0; i < 6; i++) {
        char *bytes = folders_bytes(dir, i < 5 ? files[i] : "hcbroker.yaml");
        size += strlen(bytes);
        all = realloc(all, size);
        strcat(all, bytes);
        free(bytes);
    }
    return all;
}

static int days_of(const char *days) {
    int n = 0;
    for (int d = 0; d < 7; d++)
        n += days[d] != '-';
    return n;
}

/* Carer minutes a week of the package, from the rows of visits.csv alone. */
static long minutes_of(const hcb__csv_table *visits, const char *id) {
    long sum = 0;
    for (size_t row = 0; row < visits->rows.count; row++)
        if (strcmp(folders_cell(visits, row, "package_id"), id) == 0)
            sum += atol(folders_cell(visits, row, "minutes")) * atol(folders_cell(visits, row, "carers")) *
                   days_of(folders_cell(visits, row, "days"));
    return sum;
}

static long all_minutes(const hcb__csv_table *visits, char letter) {
    long sum = 0;
    for (size_t row = 0; row < visits->rows.count; row++)
        if (*folders_cell(visits, row, "package_id") == letter)
            sum += atol(folders_cell(visits, row, "minutes")) * atol(folders_cell(visits, row, "carers")) *
                   days_of(folders_cell(visits, row, "days"));
    return sum;
}

static void test_generate__people_and_hours_of_every_scenario(void **state) {
    static const int people[] = {1670, 2090, 2650}, hours[] = {20000, 28600, 38000};
    workbench *bench = *state;
    folders_small_map(bench, "");
    for (int scenario = 0; scenario < 3; scenario++)
        for (uint64_t seed = 1; seed <= 3; seed++) {
            hcb_generate_summary s = folders_generate(bench, bench->dir, scenario, 60, 1, seed);
            hcb__csv_table *placements = folders_table(bench, bench->dir, "placements.csv");
            hcb__csv_table *visits = folders_table(bench, bench->dir, "visits.csv");
            assert_int_equal(placements->rows.count, people[scenario]);
            long minutes = all_minutes(visits, 'K');
            assert_in_range(minutes, hours[scenario] * 60L * 99 / 100, hours[scenario] * 60L * 101 / 100);
            assert_int_equal(s.carer_minutes, minutes);
            assert_int_equal(s.queue_carer_minutes, all_minutes(visits, 'Q'));
            assert_int_equal(s.people, people[scenario]);
            assert_int_equal(s.visits, visits->rows.count);
            assert_int_equal(s.providers, 86);
            hcb__csv_table_free(placements);
            hcb__csv_table_free(visits);
        }
}

static void test_generate__scale_multiplies(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "");
    hcb_generate_summary s = folders_generate(bench, bench->dir, 1, 10, 0.1, 1);
    assert_int_equal(s.people, 209);
    assert_int_equal(s.providers, 9);
    assert_in_range(s.carer_minutes, 2860 * 60 * 99 / 100, 2860 * 60 * 101 / 100);
    s = folders_generate(bench, bench->dir, 1, 10, 0.0001, 1);
    assert_int_equal(s.people, 1);
    assert_int_equal(s.providers, 2);
}

static void test_generate__same_seed_same_bytes(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "");
    folders_generate(bench, bench->dir, 1, 60, 0.2, 7);
    char *first = all_bytes(bench->dir);
    folders_generate(bench, bench->dir, 1, 60, 0.2, 8);
    char *other = all_bytes(bench->dir);
    folders_generate(bench, bench->dir, 1, 60, 0.2, 7);
    char *again = all_bytes(bench->dir);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    free(first);
    free(other);
    free(again);
}

static void test_generate__queue_and_spare_leave_the_placements_alone(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "");
    hcb_generate_options options = HCB_GENERATE_OPTIONS_INIT;
    hcb_generate_summary s = {.struct_size = sizeof s}, t = {.struct_size = sizeof t};
    options.scenario = 1;
    options.scale = 0.2;
    assert_int_equal(hcb_generate(bench->ctx, bench->dir, &options, &s), HCB_OK);
    char *first = folders_bytes(bench->dir, "placements.csv");
    options.queue = 400;
    options.spare = 0.33;
    assert_int_equal(hcb_generate(bench->ctx, bench->dir, &options, &t), HCB_OK);
    char *second = folders_bytes(bench->dir, "placements.csv");
    assert_string_equal(first, second);
    free(first);
    free(second);
    assert_int_equal(s.queue, 60);
    assert_int_equal(t.queue, 400);
    int64_t room = s.capacity_minutes - s.carer_minutes, less = t.capacity_minutes - t.carer_minutes;
    assert_true(room > 0 && less < room * 34 / 100);
    options.spare = 0;
    assert_int_equal(hcb_generate(bench->ctx, bench->dir, &options, &t), HCB_OK);
    assert_int_equal(t.capacity_minutes, t.carer_minutes);
}

/* A part of a whole is near a share: four standard deviations. */
static void expect_share(const char *what, double part, double whole, double share) {
    double n = part / whole, sd4 = 16 * share * (1 - share) / whole;
    if ((n - share) * (n - share) > sd4)
        fail_msg("%s: %.4f, expected about %.4f", what, n, share);
}

static void expect_columns(const hcb__csv_table *table, const char *column, double n, int count,
                           const char *const *texts, const double *shares) {
    for (int i = 0; i < count; i++)
        expect_share(texts[i], (double)folders_count(table, column, texts[i]), n, shares[i]);
}

static void test_generate__shares_of_visits_and_people(void **state) {
    static const char *const lengths[] = {"15", "30", "45", "60"}, *const critical[] = {"yes"}, *const two[] = {"2"};
    static const double length_shares[] = {.03, .62, .20, .15}, critical_share[] = {.15}, two_share[] = {.19};
    workbench *bench = *state;
    folders_small_map(bench, "");
    hcb_generate_summary s = folders_generate(bench, bench->dir, 1, 0, 2, 1);
    hcb__csv_table *placements = folders_table(bench, bench->dir, "placements.csv");
    hcb__csv_table *visits = folders_table(bench, bench->dir, "visits.csv");
    double people = (double)placements->rows.count, calls = (double)visits->rows.count;
    expect_columns(visits, "minutes", calls, 4, lengths, length_shares);
    expect_columns(visits, "time_critical", calls, 1, critical, critical_share);
    expect_columns(placements, "carers", people, 1, two, two_share);
    assert_int_equal(folders_count(placements, "carers", "2"), s.double_handed);
    double single[5] = {0}, n_single = 0;
    for (size_t row = 0; row < placements->rows.count; row++) {
        int n = atoi(folders_cell(placements, row, "visits_per_week"));
        if (*folders_cell(placements, row, "carers") == '2')
            continue;
        n_single++;
        single[n < 7 ? 0 : n / 7]++;
        assert_true(n % 7 == 0 || (n >= 2 && n <= 5));
    }
    static const double single_shares[] = {.12, .24, .24, .21, .19};
    for (int i = 0; i < 5; i++)
        expect_share("visits a week", single[i], n_single, single_shares[i]);
    hcb__csv_table_free(placements);
    hcb__csv_table_free(visits);
}

static void test_generate__visits_fit_their_windows(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "");
    folders_generate(bench, bench->dir, 1, 60, 0.2, 1);
    hcb__csv_table *visits = folders_table(bench, bench->dir, "visits.csv");
    for (size_t row = 0; row < visits->rows.count; row++) {
        const char *start = folders_cell(visits, row, "start"), *end = folders_cell(visits, row, "end");
        int from = atoi(start) * 60 + atoi(start + 3), to = atoi(end) * 60 + atoi(end + 3);
        int tolerance = strcmp(folders_cell(visits, row, "time_critical"), "yes") == 0 ? 15 : 30;
        assert_int_equal(to - from, atoi(folders_cell(visits, row, "minutes")) + 2 * tolerance);
        bool morning = from >= 420 && to <= 600, lunch = from >= 690 && to <= 840, tea = from >= 960 && to <= 1110,
             bed = from >= 1140 && to <= 1320;
        assert_int_equal(morning + lunch + tea + bed, 1);
    }
    hcb__csv_table_free(visits);
}

static void test_generate__every_zone_has_two_providers_and_its_primes(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "");
    for (uint64_t seed = 1; seed <= 3; seed++) {
        folders_generate(bench, bench->dir, 1, 0, 0.05, seed);
        hcb__csv_table *coverage = folders_table(bench, bench->dir, "coverage.csv");
        for (int zone = 'A'; zone <= 'F'; zone++) {
            size_t primes = 0, providers = 0;
            for (size_t row = 0; row < coverage->rows.count; row++) {
                bool here = *folders_cell(coverage, row, "zone_id") == zone;
                providers += here;
                primes += here && strcmp(folders_cell(coverage, row, "tier"), "prime") == 0;
            }
            assert_true(providers >= 2);
            assert_int_equal(primes, zone == 'F' ? 0 : zone <= 'C' ? 2 : 1);
        }
        hcb__csv_table_free(coverage);
    }
}

static void test_generate__a_morning_adds_to_the_queue(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "");
    folders_generate(bench, bench->dir, 1, 20, 0.1, 1);
    char *providers = folders_bytes(bench->dir, "providers.csv"), *placed = folders_bytes(bench->dir, "placements.csv");
    char *yaml = folders_bytes(bench->dir, "hcbroker.yaml");
    hcb__csv_table *before = folders_table(bench, bench->dir, "packages.csv");
    hcb_generate_summary s = folders_generate(bench, bench->dir, HCB_SCENARIO_NONE, 15, 1, 1);
    assert_int_equal(s.scenario, HCB_SCENARIO_NONE);
    assert_int_equal(s.people, 0);
    assert_int_equal(s.queue, 15);
    assert_int_equal(s.waiting, 35);
    hcb__csv_table *after = folders_table(bench, bench->dir, "packages.csv");
    hcb__csv_table *visits = folders_table(bench, bench->dir, "visits.csv");
    assert_int_equal(after->rows.count, 35);
    for (size_t row = 0; row < 35; row++) {
        char id[16];
        snprintf(id, sizeof id, "Q%06d", (int)row + 1);
        assert_string_equal(folders_cell(after, row, "package_id"), id);
        assert_true(minutes_of(visits, id) > 0);
        for (size_t c = 0; row < 20 && c < before->names.count; c++)
            assert_string_equal(hcb__csv_table_get(before, row, c), hcb__csv_table_get(after, row, c));
    }
    /* the same seed brings other people */
    assert_string_not_equal(folders_cell(after, 0, "easting"), folders_cell(after, 20, "easting"));
    char *providers_after = folders_bytes(bench->dir, "providers.csv"),
         *placed_after = folders_bytes(bench->dir, "placements.csv"),
         *yaml_after = folders_bytes(bench->dir, "hcbroker.yaml");
    assert_string_equal(providers, providers_after);
    assert_string_equal(placed, placed_after);
    assert_string_equal(yaml, yaml_after);
    char *const texts[] = {providers, placed, yaml, providers_after, placed_after, yaml_after};
    for (int i = 0; i < 6; i++)
        free(texts[i]);
    hcb__csv_table_free(before);
    hcb__csv_table_free(after);
    hcb__csv_table_free(visits);
}

static void test_generate__a_morning_keeps_columns_it_does_not_know(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "synthetic: true\n");
    folders_generate(bench, bench->dir, 1, 0, 0.1, 1);
    static const char queue[] = "team,package_id,easting,northing,weekly_hours\nnorth,X1,430000,450000,7\n"
                                "south,Q000041,430000,450000,7\n";
    workbench_file(bench, "packages.csv", queue, sizeof queue - 1);
    folders_generate(bench, bench->dir, HCB_SCENARIO_NONE, 2, 1, 1);
    hcb__csv_table *after = folders_table(bench, bench->dir, "packages.csv");
    assert_int_equal(after->rows.count, 4);
    assert_string_equal(after->names.at[0], "team");
    assert_string_equal(folders_cell(after, 0, "package_id"), "Q000041");
    assert_string_equal(folders_cell(after, 1, "package_id"), "Q000042");
    assert_string_equal(folders_cell(after, 3, "package_id"), "X1");
    assert_string_equal(folders_cell(after, 3, "team"), "north");
    assert_string_equal(folders_cell(after, 1, "team"), "");
    hcb__csv_table_free(after);
}

static void test_generate__adds_only_lines_to_the_workspace_file(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "packages: queue.csv\n# the end, without a line end");
    char *before = folders_bytes(bench->dir, "hcbroker.yaml");
    folders_generate(bench, bench->dir, 1, 3, 0.1, 1);
    char *after = folders_bytes(bench->dir, "hcbroker.yaml");
    assert_memory_equal(before, after, strlen(before));
    assert_string_equal(after + strlen(before), "\nsynthetic: true\nproviders: providers.csv\ncoverage: coverage.csv\n"
                                                "placements: placements.csv\nvisits: visits.csv\n");
    assert_int_equal(access(workbench_path(bench, "queue.csv"), R_OK), 0);
    assert_int_not_equal(access(workbench_path(bench, "packages.csv"), R_OK), 0);
    free(before);
    free(after);
}

static hcb_status generate_quietly(workbench *bench, int32_t scenario, int32_t force) {
    hcb_generate_options options = HCB_GENERATE_OPTIONS_INIT;
    options.scenario = scenario;
    options.scale = 0.1;
    options.force = force;
    return hcb_generate(bench->ctx, bench->dir, &options, NULL);
}

static void test_generate__real_people_are_not_overwritten(void **state) {
    static const char people[] = "package_id,easting,northing,weekly_hours\nA1,430000,450000,7\n";
    workbench *bench = *state;
    folders_small_map(bench, "synthetic: false # ours\nname: here\n");
    workbench_file(bench, "packages.csv", people, sizeof people - 1);
    assert_int_equal(generate_quietly(bench, 1, 0), HCB_EINVAL);
    assert_non_null(strstr(hcb_context_error(bench->ctx)->message, "packages.csv"));
    assert_int_equal(generate_quietly(bench, HCB_SCENARIO_NONE, 0), HCB_EINVAL);
    char *kept = folders_bytes(bench->dir, "packages.csv");
    assert_string_equal(kept, people);
    free(kept);
    assert_int_not_equal(access(workbench_path(bench, "providers.csv"), R_OK), 0);
    assert_int_equal(generate_quietly(bench, 1, 1), HCB_OK);
    char *yaml = folders_bytes(bench->dir, "hcbroker.yaml");
    assert_non_null(strstr(yaml, "\nsynthetic: true # ours\nname: here\n"));
    free(yaml);
    assert_int_equal(generate_quietly(bench, 1, 0), HCB_OK); /* now they are synthetic */
}

static void test_generate__all_files_or_none(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "packages: no/such/folder.csv\n");
    char *yaml = folders_bytes(bench->dir, "hcbroker.yaml");
    size_t entries = workbench_entries(bench);
    assert_int_equal(generate_quietly(bench, 1, 0), HCB_EIO);
    assert_int_equal(workbench_entries(bench), entries);
    char *after = folders_bytes(bench->dir, "hcbroker.yaml");
    assert_string_equal(yaml, after);
    free(yaml);
    free(after);
}

static void test_generate__errors_of_the_map_are_listed(void **state) {
    static const char areas[] = "area_id,lat,lon,zone_id,band\na1,53.95,-1.55,A,urbane\na2,53.95,-1.55,Z,urban\n";
    workbench *bench = *state;
    folders_small_map(bench, "");
    workbench_file(bench, "areas.csv", areas, sizeof areas - 1);
    size_t entries = workbench_entries(bench);
    assert_int_equal(generate_quietly(bench, 1, 0), HCB_EDATA);
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 2);
    assert_int_equal(workbench_entries(bench), entries);
}

static void test_generate__a_workspace_in_braces_is_told(void **state) {
    static const char yaml[] = "{version: 1, as_of: 2020-12-01, zones: zones.geojson, areas: areas.csv}\n";
    workbench *bench = *state;
    folders_small_map(bench, "");
    workbench_file(bench, "hcbroker.yaml", yaml, sizeof yaml - 1);
    assert_int_equal(generate_quietly(bench, 1, 0), HCB_EDATA);
    assert_non_null(strstr(hcb_context_error(bench->ctx)->message, "synthetic: true"));
    assert_int_not_equal(access(workbench_path(bench, "providers.csv"), R_OK), 0);
}

static void test_generate__an_empty_people_file_is_nobody(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "");
    workbench_file(bench, "packages.csv", "package_id\n", 11);
    assert_int_equal(generate_quietly(bench, 1, 0), HCB_OK);
}

static void test_generate__renamed_columns_stay_renamed(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "columns: {packages: {ref: package_id}, visits: {ref: package_id}}\n");
    folders_generate(bench, bench->dir, 1, 3, 0.1, 1);
    folders_generate(bench, bench->dir, HCB_SCENARIO_NONE, 2, 1, 1);
    hcb__csv_table *packages = folders_table(bench, bench->dir, "packages.csv");
    assert_string_equal(folders_cell(packages, 4, "ref"), "Q000005");
    assert_int_equal(hcb__csv_table_column(packages, "package_id", NULL, 0), HCB__NO_COLUMN);
    hcb__csv_table_free(packages);
}

static void test_generate__options_are_checked(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "");
    hcb_generate_options bad[] = {HCB_GENERATE_OPTIONS_INIT, HCB_GENERATE_OPTIONS_INIT, HCB_GENERATE_OPTIONS_INIT,
                                  HCB_GENERATE_OPTIONS_INIT, HCB_GENERATE_OPTIONS_INIT};
    bad[0].scenario = 3;
    bad[1].queue = 1000001;
    bad[2].scale = 0;
    bad[3].spare = -1;
    bad[4].scale = 0.0 / 0.0 > 0 ? 1 : strtod("nan", NULL);
    for (int i = 0; i < 5; i++)
        assert_int_equal(hcb_generate(bench->ctx, bench->dir, &bad[i], NULL), HCB_EINVAL);
    struct {
        hcb_generate_options options;
        char more[8];
    } later = {.options = HCB_GENERATE_OPTIONS_INIT};
    later.options.struct_size = sizeof later;
    later.options.scale = 0.05;
    later.more[7] = 1;
    assert_int_equal(hcb_generate(bench->ctx, bench->dir, &later.options, NULL), HCB_EVERSION);
    later.more[7] = 0;
    assert_int_equal(hcb_generate(bench->ctx, bench->dir, &later.options, NULL), HCB_OK);
    later.options.struct_size = 0;
    assert_int_equal(hcb_generate(bench->ctx, bench->dir, &later.options, NULL), HCB_EVERSION);
    assert_int_equal(hcb_generate(bench->ctx, NULL, NULL, NULL), HCB_EINVAL);
    assert_int_equal(hcb_generate(NULL, bench->dir, NULL, NULL), HCB_EINVAL);
    assert_int_equal(hcb_generate(bench->ctx, workbench_path(bench, "nowhere"), NULL, NULL), HCB_ENOTFOUND);
}

static void test_generate__failed_allocations_leave_the_files_alone(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "");
    hcb_generate_options options = HCB_GENERATE_OPTIONS_INIT;
    options.scenario = 1;
    options.queue = 2;
    options.scale = 0.005;
    assert_int_equal(hcb_generate(bench->ctx, bench->dir, &options, NULL), HCB_OK);
    char *before = all_bytes(bench->dir);
    options.seed = 2;
    long step = 1;
    for (long n = 1;; n += step) {
        bench->memory.asked = 0;
        bench->memory.fail_at = n;
        hcb_status status = hcb_generate(bench->ctx, bench->dir, &options, NULL);
        bench->memory.fail_at = 0;
        if (status == HCB_OK)
            break;
        assert_int_equal(status, HCB_ENOMEM);
        char *after = all_bytes(bench->dir);
        assert_string_equal(before, after);
        free(after);
        step = n < 400 ? 1 : 17;
    }
    free(before);
}

#define T(name) cmocka_unit_test_setup_teardown(name, workbench_open, workbench_close)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_generate__people_and_hours_of_every_scenario),
        T(test_generate__scale_multiplies),
        T(test_generate__same_seed_same_bytes),
        T(test_generate__queue_and_spare_leave_the_placements_alone),
        T(test_generate__shares_of_visits_and_people),
        T(test_generate__visits_fit_their_windows),
        T(test_generate__every_zone_has_two_providers_and_its_primes),
        T(test_generate__a_morning_adds_to_the_queue),
        T(test_generate__a_morning_keeps_columns_it_does_not_know),
        T(test_generate__adds_only_lines_to_the_workspace_file),
        T(test_generate__real_people_are_not_overwritten),
        T(test_generate__all_files_or_none),
        T(test_generate__errors_of_the_map_are_listed),
        T(test_generate__a_workspace_in_braces_is_told),
        T(test_generate__an_empty_people_file_is_nobody),
        T(test_generate__renamed_columns_stay_renamed),
        T(test_generate__options_are_checked),
        T(test_generate__failed_allocations_leave_the_files_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
