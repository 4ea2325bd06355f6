/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/synthetic.md shows the parameters the program has. With HCB_UPDATE_DOCS set the test writes them there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/parameters.h"
#include "workbench.h"

static const char page[] = HCB_SOURCE_DIR "/docs/synthetic.md";
static const char begin[] = "<!-- parameters -->\n", end[] = "<!-- end of parameters -->\n";

static char *read_page(void) {
    FILE *file = fopen(page, "rb");
    assert_non_null(file);
    static char bytes[1 << 17];
    size_t size = fread(bytes, 1, sizeof bytes - 1, file);
    bytes[size] = '\0';
    fclose(file);
    return bytes;
}

static void test_parameters__the_page_shows_them(void **state) {
    workbench *bench = *state;
    hcb__text table;
    hcb__text_init(&table, &bench->memory.mem);
    hcb__parameters_markdown(&table);
    char *bytes = read_page(), *from = strstr(bytes, begin), *to = strstr(bytes, end);
    assert_true(from && to && from < to);
    from += sizeof begin - 1;
    if (getenv("HCB_UPDATE_DOCS")) {
        FILE *file = fopen(page, "wb");
        assert_non_null(file);
        fprintf(file, "%.*s%s%s", (int)(from - bytes), bytes, table.at, to);
        fclose(file);
    } else {
        assert_int_equal(to - from, table.count);
        assert_memory_equal(from, table.at, table.count);
    }
    hcb__text_free(&table);
}

static void test_parameters__shares_leave_something(void **state) {
    (void)state;
    for (int32_t s = 0; s < 3; s++) {
#define P(name) hcb__parameter(HCB__P_##name, s)
        assert_true(P(FEW) + P(CALLS_1) + P(CALLS_2) + P(CALLS_3) < 1);
        assert_true(P(LENGTH_15) + P(LENGTH_30) + P(LENGTH_45) < 1);
        assert_true(P(DOUBLE_2) + P(DOUBLE_3) < 1);
        assert_true(P(ZONES_1) + P(ZONES_2) + P(ZONES_3) + P(ZONES_4) + P(ZONES_5) < 1);
        assert_true(P(HOSPITAL) + P(REABLEMENT) < 1);
        /* mean hours a person that the shares give, against the scenario's: within 2 % */
        double few = (P(FEW_LEAST) + P(FEW_MOST)) / 2;
        double four = 1 - P(FEW) - P(CALLS_1) - P(CALLS_2) - P(CALLS_3);
        double single = P(FEW) * few + 7 * P(CALLS_1) + 14 * P(CALLS_2) + 21 * P(CALLS_3) + 28 * four;
        double twice = 7 * (2 * P(DOUBLE_2) + 3 * P(DOUBLE_3) + 4 * (1 - P(DOUBLE_2) - P(DOUBLE_3)));
        double minutes = 15 * P(LENGTH_15) + 30 * P(LENGTH_30) + 45 * P(LENGTH_45) +
                         60 * (1 - P(LENGTH_15) - P(LENGTH_30) - P(LENGTH_45));
        double hours = ((1 - P(DOUBLE)) * single + 2 * P(DOUBLE) * twice) * minutes / 60;
        double wanted = P(HOURS) / P(PEOPLE);
        assert_true(hours > 0.98 * wanted && hours < 1.02 * wanted);
#undef P
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, workbench_open, workbench_close)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_parameters__the_page_shows_them),
        T(test_parameters__shares_leave_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
