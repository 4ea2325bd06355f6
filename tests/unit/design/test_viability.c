/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/viability.h"

#include "base/rng.h"
#include "geo_test.h"

enum { ZONES = 4, PROVIDERS = 6 };

typedef struct made {
    int64_t demand[ZONES], capacity[PROVIDERS], needs[PROVIDERS], reach[PROVIDERS * ZONES];
    hcb__viability_case c;
    hcb__viability *room;
} made;

static void begin(made *m, void **state, int32_t zones, int32_t providers) {
    hcb_context *ctx = *state;
    *m = (made){0};
    assert_int_equal(hcb__viability_create(&m->room, &ctx->mem, zones, providers), HCB_OK);
    m->c = (hcb__viability_case){zones, providers, m->demand, m->capacity, m->needs, m->reach};
}

/* By every set of zones: demand there less what all providers can do there; the largest is what must stay undone. */
static int64_t undone_by_sets(const made *m, const int64_t *demand, const int64_t *room) {
    int64_t most = 0;
    for (unsigned set = 0; set < 1u << m->c.n_zones; set++) {
        int64_t asked = 0, offered = 0;
        for (int32_t z = 0; z < m->c.n_zones; z++)
            asked += set >> z & 1 ? demand[z] : 0;
        for (int32_t k = 0; k < m->c.n_providers; k++) {
            int64_t there = 0;
            for (int32_t z = 0; z < m->c.n_zones; z++)
                there += set >> z & 1 ? m->reach[k * m->c.n_zones + z] : 0;
            offered += there < room[k] ? there : room[k];
        }
        most = asked - offered > most ? asked - offered : most;
    }
    return most;
}

/* A zone can be short when a minute less of it would leave a minute less undone. */
static bool can_be_short(const made *m, const int64_t *room, int32_t zone) {
    int64_t demand[ZONES];
    memcpy(demand, m->demand, sizeof demand);
    demand[zone]--;
    return m->demand[zone] > 0 && undone_by_sets(m, demand, room) < undone_by_sets(m, m->demand, room);
}

static bool have_all(const made *m, unsigned set) {
    int64_t room[PROVIDERS], sum = 0, demand = 0;
    for (int32_t k = 0; k < m->c.n_providers; k++)
        sum += room[k] = set >> k & 1 ? m->needs[k] : 0;
    for (int32_t z = 0; z < m->c.n_zones; z++)
        demand += m->demand[z];
    return demand - undone_by_sets(m, m->demand, room) == sum;
}

static int32_t most_together(const made *m, int32_t zone, int32_t enough) {
    int32_t most = 0;
    for (unsigned set = 0; set < 1u << m->c.n_providers; set++) {
        bool here = true;
        for (int32_t k = 0; k < m->c.n_providers; k++)
            here = here && (!(set >> k & 1) || (m->capacity[k] > 0 && m->reach[k * m->c.n_zones + zone] > 0 &&
                                                m->needs[k] <= m->capacity[k]));
        int32_t n = __builtin_popcount(set);
        if (here && n > most && have_all(m, set))
            most = n;
    }
    return most < enough ? most : enough;
}

static void test_viability__against_every_set_of_zones_and_of_providers(void **state) {
    hcb__rng rng;
    hcb__rng_seed(&rng, 1, 0);
    int shortages = 0, exposed = 0, fewer = 0;
    for (int round = 0; round < 1500; round++) {
        made m;
        begin(&m, state, 1 + (int32_t)hcb__rng_below(&rng, ZONES), 1 + (int32_t)hcb__rng_below(&rng, PROVIDERS));
        for (int32_t z = 0; z < m.c.n_zones; z++)
            m.demand[z] = hcb__rng_below(&rng, 30);
        for (int32_t k = 0; k < m.c.n_providers; k++) {
            m.capacity[k] = hcb__rng_below(&rng, 5) ? hcb__rng_below(&rng, 40) : 0;
            m.needs[k] = hcb__rng_below(&rng, 25);
            for (int32_t z = 0; z < m.c.n_zones; z++)
                m.reach[k * m.c.n_zones + z] = hcb__rng_below(&rng, 2) ? hcb__rng_below(&rng, 25) : 0;
        }
        int32_t enough = 1 + (int32_t)hcb__rng_below(&rng, 4);
        hcb__viability_zone out[ZONES];
        hcb__viability_run(out, m.room, &m.c, enough);
        for (int32_t z = 0; z < m.c.n_zones; z++) {
            int32_t n_exposed = 0;
            int64_t worst = 0, room[PROVIDERS];
            memcpy(room, m.capacity, sizeof room);
            assert_int_equal(out[z].short_now, can_be_short(&m, room, z));
            for (int32_t k = 0; k < m.c.n_providers; k++) {
                if (m.capacity[k] == 0)
                    continue;
                room[k] = 0;
                if (can_be_short(&m, room, z)) {
                    int64_t undone = undone_by_sets(&m, m.demand, room);
                    worst = undone > worst ? undone : worst;
                    n_exposed++;
                }
                room[k] = m.capacity[k];
            }
            assert_int_equal(out[z].exposed, n_exposed);
            assert_int_equal(out[z].worst_short, worst);
            assert_int_equal(out[z].worst >= 0, n_exposed > 0);
            assert_int_equal(out[z].together, most_together(&m, z, enough));
            shortages += out[z].short_now;
            exposed += n_exposed > 0;
            fewer += out[z].together < enough && out[z].together < out[z].viable;
        }
        int32_t without = (int32_t)hcb__rng_below(&rng, (uint32_t)m.c.n_providers + 1) - 1;
        int64_t room[PROVIDERS];
        memcpy(room, m.capacity, sizeof room);
        if (without >= 0)
            room[without] = 0;
        hcb__viability_cut cut;
        hcb__viability_cut_of(&cut, m.room, &m.c, without);
        assert_int_equal(cut.undone, undone_by_sets(&m, m.demand, room));
        assert_int_equal(cut.demand - cut.room, cut.undone); /* the cut proves the shortage */
        for (int32_t i = 0; i < cut.n_full; i++)
            assert_true(room[cut.full[i]] > 0);
        hcb__viability_free(m.room);
    }
    print_message("  %d zones short, %d exposed, %d with fewer together than alone\n", shortages, exposed, fewer);
    assert_true(shortages > 100 && exposed > 100 && fewer > 20);
}

static void test_viability__worked_by_hand(void **state) {
    made m;
    /* Two zones of 100 and 60 minutes; a reaches both, b the first, c the second. */
    begin(&m, state, 2, 3);
    m.demand[0] = 100;
    m.demand[1] = 60;
    m.capacity[0] = 80;
    m.capacity[1] = 70;
    m.capacity[2] = 40;
    memcpy(m.reach, (int64_t[]){80, 80, 70, 0, 0, 40}, 6 * sizeof *m.reach);
    memcpy(m.needs, (int64_t[]){60, 60, 41}, 3 * sizeof *m.needs);
    hcb__viability_zone out[2];
    hcb__viability_run(out, m.room, &m.c, 2);
    assert_false(out[0].short_now || out[1].short_now); /* 190 minutes for 160 */
    assert_int_equal(out[0].in_reach, 2);
    assert_int_equal(out[0].together, 2); /* a 60 from the second, b 60 from the first */
    assert_int_equal(out[1].in_reach, 2);
    assert_int_equal(out[1].viable, 1); /* c needs 41 and has room for 40 */
    assert_int_equal(out[1].together, 1);
    /* Without b the first zone has a alone: 160 asked, 80 + 40 offered. */
    assert_int_equal(out[0].worst, 0); /* without a: 100 + 60 asked, 70 + 40 offered: 50 undone, more than 40 */
    assert_int_equal(out[0].worst_short, 50);
    hcb__viability_cut cut;
    hcb__viability_cut_of(&cut, m.room, &m.c, 1);
    assert_int_equal(cut.undone, 40);
    assert_int_equal(cut.n_zones, 2);
    assert_int_equal(cut.demand, 160);
    assert_int_equal(cut.room, 120);
    assert_int_equal(cut.n_full, 2);
    hcb__viability_cut_of(&cut, m.room, &m.c, -1);
    assert_int_equal(cut.n_zones, 0);
    assert_int_equal(cut.undone, 0);
    hcb__viability_free(m.room);
}

static void test_viability__hours_for_one_only(void **state) {
    made m;
    begin(&m, state, 1, 2);
    m.demand[0] = 100;
    memcpy(m.capacity, (int64_t[]){90, 90}, 2 * sizeof *m.capacity);
    memcpy(m.reach, (int64_t[]){90, 90}, 2 * sizeof *m.reach);
    memcpy(m.needs, (int64_t[]){60, 60}, 2 * sizeof *m.needs);
    hcb__viability_zone out;
    hcb__viability_run(&out, m.room, &m.c, 2);
    assert_int_equal(out.viable, 2);
    assert_int_equal(out.together, 1);
    m.needs[0] = 40;
    hcb__viability_run(&out, m.room, &m.c, 2);
    assert_int_equal(out.together, 2);
    assert_int_equal(out.exposed, 2); /* 90 for 100, whoever leaves */
    hcb__viability_free(m.room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_viability__worked_by_hand),
        CONTEXT_TEST(test_viability__hours_for_one_only),
        CONTEXT_TEST(test_viability__against_every_set_of_zones_and_of_providers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
