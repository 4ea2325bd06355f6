/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "base/rng.h"
#include "open_data.h"
#include "session_grid.h"
#include "zones/session_inside.h"
#include "zones/topology_read.h"

static void assert_same(const hcb__zone_totals *got, const hcb__zone_totals *want) {
    assert_int_equal(got->n_units, want->n_units);
    assert_int_equal(got->n_parts, want->n_parts);
    assert_int_equal(got->cut_edges, want->cut_edges);
    assert_int_equal(got->minutes, want->minutes);
    assert_int_equal(got->people10, want->people10);
    assert_int_equal(got->households10, want->households10);
    assert_int_equal(got->perimeter_um, want->perimeter_um);
    assert_int_equal(got->mass.area_mm2, want->mass.area_mm2);
    assert_true(got->mass.x == want->mass.x && got->mass.y == want->mass.y && got->mass.square == want->mass.square);
}

static void test_session__a_move_worked_by_hand(void **state) {
    made m;
    grid(&m, state, 4, 1, 2, "0011");
    hcb__move move;
    assert_int_equal(hcb__session_try(&move, m.session, (int32_t[]){1}, 1, 1), HCB_OK);
    assert_int_equal(move.problems, 0);
    assert_int_equal(move.n_changed, 2);
    assert_int_equal(move.n_moved, 1);
    assert_int_equal(move.minutes_moved, 60);
    assert_int_equal(move.people10_moved, 100);
    assert_int_equal(move.after[0].n_units, 1);
    assert_int_equal(move.after[0].perimeter_um, 400000000);
    assert_int_equal(move.after[1].perimeter_um, 800000000);
    assert_int_equal(move.after[1].mass.area_mm2, 30000000000);
    assert_int_equal(move.after[1].cut_edges, 1);
    assert_int_equal(hcb__session_totals(m.session)[0].n_units, 2); /* nothing has happened yet */
    assert_int_equal(hcb__session_apply(m.session, (int32_t[]){1}, 1, 1), HCB_OK);
    hcb__shape shape;
    assert_int_equal(hcb__session_shape(&shape, m.session, 1), HCB_OK);
    ASSERT_NEAR(shape.polsby_popper, 4 * acos(-1) * 30000 / (800.0 * 800), 1e-12);
    ASSERT_NEAR(shape.convex_hull, 1, 1e-12);
    ASSERT_NEAR(shape.reock, 30000 / (acos(-1) * (150.0 * 150 + 50 * 50)), 1e-9);
    assert_int_equal(hcb__session_try(&move, m.session, (int32_t[]){0}, 1, 1), HCB_OK);
    assert_int_equal(move.problems, HCB__MOVE_EMPTIES);
    assert_int_equal(hcb__session_try(&move, m.session, (int32_t[]){3, 3}, 2, 1), HCB_OK);
    assert_int_equal(move.n_moved, 0);
    assert_int_equal(hcb__session_try(&move, m.session, (int32_t[]){9}, 1, 1), HCB_EINVAL);
    assert_int_equal(hcb__session_try(&move, m.session, (int32_t[]){0}, 1, 2), HCB_EINVAL);
    unmake(&m);
}

static void test_session__why_a_move_is_illegal(void **state) {
    made m;
    grid(&m, state, 5, 2, 2,
         "00000"
         "11101");
    hcb__move move;
    /* Unit 9 is an exclave of zone 1 today, which is no fault of a move. */
    assert_int_equal(hcb__session_totals(m.session)[1].n_parts, 2);
    assert_int_equal(hcb__session_try(&move, m.session, (int32_t[]){2}, 1, 1), HCB_OK);
    assert_int_equal(move.problems, HCB__MOVE_SPLITS);
    /* Corner 4 touches zone 1 by unit 9 only. */
    assert_int_equal(hcb__session_try(&move, m.session, (int32_t[]){4}, 1, 1), HCB_OK);
    assert_int_equal(move.problems, 0);
    unmake(&m);
    grid(&m, state, 5, 1, 3, "00012");
    assert_int_equal(hcb__session_try(&move, m.session, (int32_t[]){0}, 1, 1), HCB_OK);
    assert_int_equal(move.problems, HCB__MOVE_DETACHED);
    m.set.zones[1].hours_max = 90;
    m.set.zones[0].hours_min = 150;
    assert_int_equal(hcb__session_try(&move, m.session, (int32_t[]){2}, 1, 1), HCB_OK);
    assert_int_equal(move.problems, HCB__MOVE_ABOVE_HOURS | HCB__MOVE_BELOW_HOURS);
    unmake(&m);
}

static char *next_cell(char **rest) {
    char *cell = *rest, *stop = strpbrk(cell, ",\r\n");
    if (!stop)
        return NULL;
    *stop = '\0';
    *rest = stop + 1;
    return cell;
}

/* The 2,085 Output Areas in their 14 zones. */
static bool leicestershire(void **state, made *m, hcb__unit_file **file) {
    char path[1024], csv[1024], line[512];
    open_data_path(path, sizeof path, "oa2011.geojson");
    open_data_path(csv, sizeof csv, "oa2011.csv");
    FILE *rows = fopen(csv, "r");
    if (!rows)
        return false;
    hcb__unit_file_options read = {path, NULL, -1, false};
    assert_int_equal(hcb__unit_file_read(file, *state, &read), HCB_OK);
    *m = make(state, (*file)->n, 14);
    int64_t *minutes = hcb__arena_alloc(&m->arena, (size_t)(*file)->n, sizeof *minutes);
    int column = -1, k = 0;
    assert_non_null(fgets(line, sizeof line, rows));
    for (char *rest = line, *cell; (cell = next_cell(&rest)); k++)
        if (strcmp(cell, "zone_inferred") == 0)
            column = k;
    assert_true(column > 0);
    while (fgets(line, sizeof line, rows)) {
        char *rest = line, *id = next_cell(&rest), *cell = NULL;
        for (int c = 1; c <= column; c++)
            cell = next_cell(&rest);
        int32_t u = hcb__idmap_get(&(*file)->of_id, id, strlen(id));
        assert_true(u >= 0);
        m->set.areas[u] = (hcb__area){.id = (*file)->id[u],
                                      .zone = atoi(cell) - 1,
                                      .people65 = u % 50,
                                      .households = u % 130,
                                      .polygon = (*file)->unit[u].polygon};
        minutes[u] = u * 37 % 900;
    }
    fclose(rows);
    assert_int_equal(hcb__session_create(&m->session, m->ctx, &m->set, minutes), HCB_OK);
    return true;
}

static void test_session__many_random_moves_equal_recomputation(void **state) {
    made m;
    hcb__unit_file *file;
    if (!leicestershire(state, &m, &file)) {
        print_message("[  SKIP    ] %s: no open data\n", __func__);
        skip();
    }
    enum { MOVES = 100000 };
    hcb__rng rng;
    hcb__rng_seed(&rng, 1, 0);
    const hcb__adjacency *adj = m.session->adjacency;
    int legal = 0;
    hcb__shape shape;
    for (int i = 0; i < MOVES; i++) {
        int32_t units[4], zone = (int32_t)hcb__rng_below(&rng, 14);
        size_t n = i % 4 ? 1 : 1 + hcb__rng_below(&rng, 4);
        for (size_t k = 0; k < n; k++)
            units[k] = (int32_t)hcb__rng_below(&rng, 2085);
        if (i % 8 && adj->start[units[0] + 1] > adj->start[units[0]]) { /* mostly to where a neighbour is */
            int32_t at = adj->start[units[0]];
            at += (int32_t)hcb__rng_below(&rng, (uint32_t)(adj->start[units[0] + 1] - at));
            zone = hcb__session_zones(m.session)[adj->list[at].unit];
        }
        hcb__move move;
        assert_int_equal(hcb__session_try(&move, m.session, units, n, zone), HCB_OK);
        legal += !move.problems;
        hcb__zone_totals after[14];
        int32_t changed[14], n_changed = move.n_changed;
        memcpy(after, move.after, (size_t)n_changed * sizeof *after);
        memcpy(changed, move.changed, (size_t)n_changed * sizeof *changed);
        assert_int_equal(hcb__session_apply(m.session, units, n, zone), HCB_OK);
        hcb__zone_totals *anew;
        assert_int_equal(hcb__session_recompute(&anew, m.session), HCB_OK);
        for (int32_t z = 0; z < 14; z++)
            assert_same(&hcb__session_totals(m.session)[z], &anew[z]);
        for (int32_t k = 0; k < n_changed; k++)
            assert_same(&after[k], &anew[changed[k]]);
        hcb__free(&m.ctx->mem, anew);
        if (i % 100 == 0)
            assert_int_equal(hcb__session_shape(&shape, m.session, zone), HCB_OK);
    }
    print_message("  %d moves, %d legal\n", MOVES, legal);
    unmake(&m);
    hcb__unit_file_free(file);
}

/* Whatever is moved, nothing is lost. */
static void test_session__totals_are_conserved(void **state) {
    made m;
    hcb__unit_file *file;
    if (!leicestershire(state, &m, &file)) {
        print_message("[  SKIP    ] %s: no open data\n", __func__);
        skip();
    }
    int64_t sums[2][4] = {{0}};
    hcb__rng rng;
    hcb__rng_seed(&rng, 2, 0);
    for (int k = 0; k < 2; k++) {
        for (int32_t z = 0; z < 14; z++) {
            const hcb__zone_totals *t = &hcb__session_totals(m.session)[z];
            sums[k][0] += t->n_units;
            sums[k][1] += t->minutes;
            sums[k][2] += t->people10;
            sums[k][3] += t->mass.area_mm2;
        }
        for (int i = 0; k == 0 && i < 500; i++) {
            int32_t unit = (int32_t)hcb__rng_below(&rng, 2085);
            assert_int_equal(hcb__session_apply(m.session, &unit, 1, (int32_t)hcb__rng_below(&rng, 14)), HCB_OK);
        }
    }
    assert_memory_equal(sums[0], sums[1], sizeof sums[0]);
    unmake(&m);
    hcb__unit_file_free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_session__a_move_worked_by_hand),
        CONTEXT_TEST(test_session__why_a_move_is_illegal),
        CONTEXT_TEST(test_session__totals_are_conserved),
        CONTEXT_TEST(test_session__many_random_moves_equal_recomputation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
