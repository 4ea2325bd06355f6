/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/plan.h"

#include "design/search.h"
#include "design_maps.h"

enum { SIDE = 5, N = 25, K = 3, LEVELS = 5 };

static int64_t product(const int64_t *sums, int32_t zone, const void *payload) {
    (void)payload;
    return sums[0] * sums[1] + zone;
}

typedef struct made {
    hcb__graph *g;
    int64_t attribute[2 * N], low[2 * K], high[2 * K], cost[N * K], length[64];
    int32_t fixed[N], block[N], parts[K], place[N], zone[N];
    hcb__map_level levels[LEVELS];
    hcb__map_problem p;
} made;

static void make(made *m, const hcb_allocator *mem, hcb__rng *rng) {
    *m = (made){.g = grid_graph(mem, SIDE, SIDE)};
    for (int32_t i = 0; i < 2 * N; i++)
        m->attribute[i] = (int64_t)hcb__rng_below(rng, 9);
    for (int32_t i = 0; i < 2 * K; i++) {
        m->low[i] = 12;
        m->high[i] = 60;
    }
    for (int32_t i = 0; i < N * K; i++)
        m->cost[i] = (int64_t)hcb__rng_below(rng, 50);
    for (int32_t i = 0; i < m->g->n_edges; i++)
        m->length[i] = (int64_t)hcb__rng_below(rng, 50);
    for (int32_t i = 0; i < N; i++) {
        m->fixed[i] = i == 0 ? 0 : -1;
        m->block[i] = i == 13 ? 12 : i;
        m->place[i] = (int32_t)hcb__rng_below(rng, 4) - 1;
        m->zone[i] = i / SIDE < 2 ? 0 : i / SIDE < 4 ? 1 : 2;
    }
    for (int32_t z = 0; z < K; z++)
        m->parts[z] = 1;
    m->levels[0] = (hcb__map_level){.kind = HCB__LEVEL_LINEAR, .cost = m->cost, .cap = INT64_MAX};
    m->levels[1] = (hcb__map_level){.kind = HCB__LEVEL_CUT, .length = m->length, .cap = INT64_MAX};
    m->levels[2] = (hcb__map_level){.kind = HCB__LEVEL_ZONES, .figure = product, .cap = INT64_MAX};
    m->levels[3] = (hcb__map_level){.kind = HCB__LEVEL_WORST, .figure = product, .cap = INT64_MAX};
    m->levels[4] = (hcb__map_level){.kind = HCB__LEVEL_SPLITS, .place = m->place, .n_places = 3, .cap = INT64_MAX};
    m->p = (hcb__map_problem){m->g,     K,         2, LEVELS, m->attribute, m->low, m->high, m->fixed, m->block,
                              m->parts, m->levels, 0, 0};
}

static uint32_t set_of(const int32_t *zone, int32_t z) {
    uint32_t set = 0;
    for (int32_t i = 0; i < N; i++)
        set |= (uint32_t)(zone[i] == z) << i;
    return set;
}

/* All figures by sums over sets of bits. */
static void assert_figures(const made *m, const hcb__map_plan *plan) {
    int64_t linear = 0, cut = 0, zones = 0, worst = INT64_MIN, splits = 0, missing = 0;
    for (int32_t i = 0; i < N; i++) {
        linear += m->cost[i * K + plan->zone[i]];
        for (int32_t e = m->g->start[i]; e < m->g->start[i + 1]; e++)
            if (m->g->to[e] > i && plan->zone[i] != plan->zone[m->g->to[e]])
                cut += m->length[m->g->edge[e]];
    }
    for (int32_t z = 0; z < K; z++) {
        int64_t a = bits_sum(set_of(plan->zone, z), m->attribute),
                b = bits_sum(set_of(plan->zone, z), m->attribute + N);
        int64_t figure = a * b + z;
        zones += figure;
        worst = figure > worst ? figure : worst;
        missing += (a < 12 ? 12 - a : a > 60 ? a - 60 : 0) + (b < 12 ? 12 - b : b > 60 ? b - 60 : 0);
    }
    for (int32_t p = 0; p < 3; p++) {
        int32_t in = 0;
        for (int32_t z = 0; z < K; z++) {
            bool there = false;
            for (int32_t i = 0; i < N; i++)
                there = there || (m->place[i] == p && plan->zone[i] == z);
            in += there;
        }
        splits += in > 1 ? in - 1 : 0;
    }
    assert_int_equal(plan->value[0], linear);
    assert_int_equal(plan->value[1], cut);
    assert_int_equal(plan->value[2], zones);
    assert_int_equal(plan->value[3], worst);
    assert_int_equal(plan->value[4], splits);
    assert_int_equal(plan->missing, missing);
}

static void assert_legal(const int32_t *zone) {
    for (int32_t z = 0; z < K; z++)
        assert_true(bits_connected(set_of(zone, z), SIDE));
    assert_int_equal(zone[0], 0);
    assert_int_equal(zone[12], zone[13]);
}

static void test_plan__figures_follow_moves_and_undoing(void **state) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 11, 0);
    made m;
    make(&m, &ctx->mem, &rng);
    hcb__map_plan *plan;
    hcb__recombiner *r;
    assert_true(hcb__map_plan_create(&plan, &ctx->mem, &m.p, m.zone));
    assert_true(hcb__recombiner_create(&r, &ctx->mem, &m.p));
    int moved = 0, undone = 0, recombined = 0;
    for (int step = 0; step < 20000; step++) {
        int32_t before[N];
        memcpy(before, plan->zone, sizeof before);
        if (step % 10 == 0) {
            int32_t a = (int32_t)hcb__rng_below(&rng, K), b = (a + 1) % K;
            recombined += hcb__recombine(r, plan, &rng, a, b);
        } else {
            int32_t u = (int32_t)hcb__rng_below(&rng, N), to = (int32_t)hcb__rng_below(&rng, K);
            int32_t after[N];
            memcpy(after, plan->zone, sizeof after);
            after[u] = to;
            if (u == 12 || u == 13)
                after[12] = after[13] = to;
            bool ok = plan->zone[u] != to && u != 0;
            for (int32_t z = 0; z < K; z++)
                ok = ok && bits_connected(set_of(after, z), SIDE);
            assert_int_equal(hcb__map_move(plan, u, to), ok); /* exactly the legal ones */
            moved += ok;
            hcb__map_refresh(plan);
        }
        assert_legal(plan->zone);
        assert_figures(&m, plan);
        if (hcb__rng_below(&rng, 3) == 0) {
            hcb__map_undo(plan);
            assert_memory_equal(plan->zone, before, sizeof before);
            assert_figures(&m, plan);
            undone++;
        }
        hcb__map_keep(plan);
    }
    assert_true(moved > 100 && undone > 100 && recombined > 100);
    hcb__recombiner_free(r);
    hcb__map_plan_free(plan);
    hcb__graph_free(m.g);
}

static void improve(made *m, const hcb_allocator *mem, int32_t level, int32_t threads, int64_t steps, int32_t *zone) {
    int64_t limit[LEVELS];
    for (int l = 0; l < LEVELS; l++)
        limit[l] = INT64_MAX;
    hcb__budget budget = {.work_limit = 0};
    hcb__map_search s = {.problem = &m->p,
                         .level = level,
                         .limit = limit,
                         .steps = steps,
                         .seed = 4,
                         .threads = threads,
                         .target = INT64_MIN,
                         .budget = &budget};
    memcpy(zone, m->zone, sizeof m->zone);
    assert_true(hcb__map_improve(zone, mem, &s));
}

static void test_search__same_answer_on_any_number_of_threads(void **state) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 12, 0);
    made m;
    make(&m, &ctx->mem, &rng);
    for (int32_t level = 0; level < LEVELS; level++) {
        int32_t one[N], three[N];
        improve(&m, &ctx->mem, level, 1, 20000, one);
        improve(&m, &ctx->mem, level, 3, 20000, three);
        assert_memory_equal(one, three, sizeof one);
        assert_legal(one);
    }
    hcb__graph_free(m.g);
}

/* Every plan of two zones, by subsets: the search finds the least. */
static void test_search__finds_the_least_of_all_plans(void **state) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 13, 0);
    for (int round = 0; round < 3; round++) {
        made m;
        make(&m, &ctx->mem, &rng);
        hcb__graph_free(m.g);
        m.g = grid_graph(&ctx->mem, SIDE, 4); /* twenty cells: a million sets */
        m.p.graph = m.g;
        m.p.k = 2;
        m.p.n_attributes = 1;
        m.p.n_levels = 2;
        for (int32_t i = 0; i < 20; i++) {
            m.zone[i] = i / 10;
            m.block[i] = i;
            m.fixed[i] = -1;
        }
        m.low[0] = m.low[1] = 0;
        int64_t least = INT64_MAX;
        for (uint32_t set = 1; set + 1 < 1u << 20; set++) {
            uint32_t rest = ~set & ((1u << 20) - 1);
            int64_t a = bits_sum(set, m.attribute), b = bits_sum(rest, m.attribute), cost = 0;
            if (a > 60 || b > 60)
                continue;
            for (int32_t i = 0; i < 20; i++)
                cost += m.cost[i * 2 + !(set >> i & 1)];
            if (cost < least && bits_connected(set, SIDE) && bits_connected(rest, SIDE))
                least = cost;
        }
        int32_t zone[N];
        improve(&m, &ctx->mem, 0, 2, 150000, zone);
        int64_t cost = 0;
        for (int32_t i = 0; i < 20; i++)
            cost += m.cost[i * 2 + zone[i]];
        assert_int_equal(cost, least);
        hcb__graph_free(m.g);
    }
}

static void test_seed__keeps_bounds_and_fixed_units(void **state) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 14, 0);
    made m;
    make(&m, &ctx->mem, &rng);
    m.fixed[24] = 1;
    bool found;
    assert_true(hcb__map_seed(m.zone, &found, &ctx->mem, &m.p, &rng, 100));
    assert_true(found);
    assert_int_equal(m.zone[24], 1);
    assert_legal(m.zone);
    hcb__graph_free(m.g);
}

int main(void) {
    const struct CMUnitTest tests[] = {CONTEXT_TEST(test_plan__figures_follow_moves_and_undoing),
                                       CONTEXT_TEST(test_search__same_answer_on_any_number_of_threads),
                                       CONTEXT_TEST(test_search__finds_the_least_of_all_plans),
                                       CONTEXT_TEST(test_seed__keeps_bounds_and_fixed_units)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
