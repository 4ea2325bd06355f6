/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The assignment programme by itself: against every map of small grids, and against the search through all maps
 * (design/exact.h), which shares nothing with it but the problem. */
#include "design/assign.h"

#include "design/exact.h"
#include "design_maps.h"
#include "solve/backend.h"

enum { MOST = 25, ZONES = 3, LEVELS = 5, SIDES = 40 };
enum { COST, EDGES, METRES, BALANCE, SPLITS };

static int64_t off_target(const int64_t *sums, int32_t zone, const void *payload) {
    const int64_t *target = payload;
    return sums[0] > target[zone] ? sums[0] - target[zone] : target[zone] - sums[0];
}

typedef struct made {
    hcb__graph *g;
    int32_t n, k, width;
    int64_t attribute[2 * MOST], low[2 * ZONES], high[2 * ZONES], cost[MOST * ZONES], length[SIDES], target[ZONES];
    int32_t fixed[MOST], block[MOST], parts[ZONES], place[MOST];
    hcb__map_level levels[LEVELS];
    hcb__map_problem p;
} made;

static int64_t below(hcb__rng *rng, int64_t n) {
    return (int64_t)hcb__rng_below(rng, (uint32_t)n);
}

static void make(made *m, const hcb_allocator *mem, hcb__rng *rng, int32_t width, int32_t height, int32_t k) {
    *m = (made){.g = grid_graph(mem, width, height), .n = width * height, .k = k, .width = width};
    int64_t all = 0;
    for (int32_t u = 0; u < m->n; u++) {
        m->attribute[u] = 60 * below(rng, 6);
        m->attribute[m->n + u] = below(rng, 30) - 10; /* such sums may fall */
        all += m->attribute[u];
        m->fixed[u] = -1;
        m->block[u] = u;
        m->place[u] = (int32_t)below(rng, m->n / 3) - 1;
        for (int32_t z = 0; z < k; z++)
            m->cost[u * k + z] = below(rng, 1000);
    }
    for (int32_t e = 0; e < m->g->n_edges; e++)
        m->length[e] = below(rng, 500);
    for (int32_t z = 0; z < k; z++) {
        m->low[z] = all / k * below(rng, 9) / 10;
        m->high[z] = all / k * (10 + below(rng, 9)) / 10;
        m->low[k + z] = below(rng, 2) ? -INT64_MAX / 4 : -10;
        m->high[k + z] = INT64_MAX / 4;
        m->target[z] = all / k + below(rng, 200) - 100;
        m->parts[z] = below(rng, 4) ? 1 : 2;
    }
    if (below(rng, 2))
        m->fixed[below(rng, m->n)] = (int32_t)below(rng, k);
    if (below(rng, 3) == 0) {
        int32_t u = (int32_t)below(rng, m->n - 1);
        m->block[u + 1 + below(rng, m->n - u - 1)] = u; /* far apart, mostly */
    }
    m->levels[COST] = (hcb__map_level){.kind = HCB__LEVEL_LINEAR, .cost = m->cost};
    m->levels[EDGES] = (hcb__map_level){.kind = HCB__LEVEL_CUT};
    m->levels[METRES] = (hcb__map_level){.kind = HCB__LEVEL_CUT, .length = m->length};
    m->levels[BALANCE] =
        (hcb__map_level){.kind = HCB__LEVEL_ZONES, .figure = off_target, .payload = m->target, .target = m->target};
    m->levels[SPLITS] = (hcb__map_level){.kind = HCB__LEVEL_SPLITS, .place = m->place, .n_places = m->n / 3};
    for (int l = 0; l < LEVELS; l++)
        m->levels[l].cap = INT64_MAX;
    m->p = (hcb__map_problem){m->g,     k,         2, LEVELS, m->attribute, m->low, m->high, m->fixed, m->block,
                              m->parts, m->levels, 0, 0};
    if (below(rng, 4) == 0) {
        m->p.least_zones = k - 1;
        m->p.most_zones = k;
    }
}

/* A map that keeps the rules, by shifts and sums over sets of bits; its figures. */
static bool figures_of(const made *m, const uint32_t *set, int64_t *value) {
    bool number = m->p.most_zones > 0;
    int32_t open = 0;
    memset(value, 0, LEVELS * sizeof *value);
    for (int32_t z = 0; z < m->k; z++) {
        if (!set[z] && number)
            continue;
        open++;
        int64_t sum = bits_sum(set[z], m->attribute), other = bits_sum(set[z], m->attribute + m->n);
        uint32_t rest = set[z] & ~bits_reached(set[z], m->width);
        if (!set[z] || sum < m->low[z] || sum > m->high[z] || other < m->low[m->k + z] ||
            (rest && (m->parts[z] < 2 || bits_reached(rest, m->width) != rest)))
            return false;
        value[BALANCE] += llabs(sum - m->target[z]);
        for (int32_t u = 0; u < m->n; u++)
            if (set[z] >> u & 1) {
                value[COST] += m->cost[u * m->k + z];
                if ((m->fixed[u] >= 0 && m->fixed[u] != z) || !(set[z] >> m->block[u] & 1))
                    return false;
                for (int32_t e = m->g->start[u]; e < m->g->start[u + 1]; e++)
                    if (m->g->to[e] > u && !(set[z] >> m->g->to[e] & 1)) {
                        value[EDGES]++;
                        value[METRES] += m->length[m->g->edge[e]];
                    }
            }
    }
    if (number && (open < m->p.least_zones || open > m->p.most_zones))
        return false;
    for (int32_t p = 0; p < m->n / 3; p++) {
        uint32_t of = 0;
        int32_t in = 0;
        for (int32_t u = 0; u < m->n; u++)
            of |= (uint32_t)(m->place[u] == p) << u;
        for (int32_t z = 0; z < m->k; z++)
            in += (set[z] & of) != 0;
        value[SPLITS] += in > 1 ? in - 1 : 0;
    }
    return true;
}

static int64_t least_of_all(const made *m, int32_t level, const int64_t *limit) {
    int64_t least = INT64_MAX, value[LEVELS];
    for (uint32_t bits = 0; bits < 1u << m->n; bits++) {
        uint32_t set[2] = {bits, ~bits & ((1u << m->n) - 1)};
        if (!figures_of(m, set, value))
            continue;
        bool ok = true;
        for (int l = 0; l < LEVELS; l++)
            ok = ok && value[l] <= limit[l];
        least = ok && value[level] < least ? value[level] : least;
    }
    return least;
}

static int64_t by_search(const made *m, const hcb_allocator *mem, int32_t level, const int64_t *limit) {
    int32_t zone[MOST] = {0};
    hcb__budget budget = {.work_limit = 0};
    hcb__exact x = {.problem = &m->p,
                    .level = level,
                    .limit = limit,
                    .first_new = m->k,
                    .most_nodes = INT64_MAX,
                    .budget = &budget};
    hcb__exact_answer answer;
    assert_true(hcb__map_exact(&answer, zone, INT64_MAX, mem, &x));
    assert_true(answer.complete);
    return answer.value;
}

static int64_t by_programme(const made *m, const hcb_allocator *mem, int32_t level, const int64_t *limit,
                            const hcb__backend *backend) {
    int32_t zone[MOST] = {0};
    hcb__budget budget = {.backend = backend};
    hcb__assign x = {
        .problem = &m->p, .level = level, .limit = limit, .first_new = m->k, .most_work = INT64_MAX, .budget = &budget};
    hcb__assign_answer answer;
    assert_int_equal(hcb__map_assign(&answer, zone, INT64_MAX, mem, &x), HCB_OK);
    assert_true(answer.complete);
    assert_int_equal(answer.bound, answer.value);
    assert_int_equal(answer.found, answer.value < INT64_MAX);
    if (answer.found) {
        uint32_t set[ZONES] = {0};
        int64_t value[LEVELS];
        for (int32_t u = 0; u < m->n; u++)
            set[zone[u]] |= 1u << u;
        assert_true(figures_of(m, set, value));
        assert_int_equal(value[level], answer.value);
        for (int l = 0; l < LEVELS; l++)
            assert_true(value[l] <= limit[l]);
    }
    return answer.value;
}

typedef int64_t (*oracle)(const made *m, const hcb_allocator *mem, int32_t level, const int64_t *limit);

static int64_t by_all(const made *m, const hcb_allocator *mem, int32_t level, const int64_t *limit) {
    (void)mem;
    return least_of_all(m, level, limit);
}

/* Every level alone, then each with the first one within a tenth of its best. */
static void agree(const hcb_allocator *mem, uint64_t seed, int32_t rounds, int32_t width, int32_t height, int32_t k,
                  oracle other) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 0);
    int32_t maps = 0, none = 0;
    for (int32_t round = 0; round < rounds; round++) {
        made m;
        make(&m, mem, &rng, width, height, k);
        int64_t limit[LEVELS] = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
        int32_t first = round % LEVELS;
        for (int32_t i = 0; i < LEVELS; i++) {
            int32_t level = (first + i) % LEVELS;
            int64_t want = other(&m, mem, level, limit);
            assert_int_equal(by_programme(&m, mem, level, limit, NULL), want);
            for (const hcb__backend *const *more = hcb__backends() + 1; *more && round % 4 == 0; more++)
                assert_int_equal(by_programme(&m, mem, level, limit, *more), want);
            maps += want < INT64_MAX;
            none += want == INT64_MAX;
            if (want == INT64_MAX)
                break;
            if (i == 0)
                limit[level] = want + want / 10;
        }
        hcb__graph_free(m.g);
    }
    assert_true(maps > rounds && none < rounds);
}

static void test_assign__agrees_with_every_map_of_two_zones(void **state) {
    hcb_context *ctx = *state;
    agree(&ctx->mem, 21, 10, 4, 4, 2, by_all);
}

static void test_assign__agrees_with_the_search_of_three_zones(void **state) {
    hcb_context *ctx = *state;
    agree(&ctx->mem, 22, 10, 4, 4, 3, by_search);
    agree(&ctx->mem, 24, 1, 5, 5, 3, by_search);
}

int main(void) {
    const struct CMUnitTest tests[] = {CONTEXT_TEST(test_assign__agrees_with_every_map_of_two_zones),
                                       CONTEXT_TEST(test_assign__agrees_with_the_search_of_three_zones)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
