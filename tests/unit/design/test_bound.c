/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds of travel and the search through all maps, against every map of small grids: roads that are faster far than
 * near, as they mostly are, and slower. */
#include "design/exact.h"
#include "design/map_bound.h"
#include "design/piece_bound.h"
#include "design_maps.h"

enum { MOST = 100, ZONES = 3, RULES = ZONES + 2, PAIRS = 4 * MOST };
enum { MORNING, BED = 3 };

typedef struct county {
    int32_t width, n, k;
    hcb__zone_set set;
    hcb__schedule prices;
    hcb__model model;
    hcb__demand demand;
    hcb__adjacency adjacency;
    hcb__map_rules rules;
    hcb__zone zones[ZONES];
    hcb__area areas[MOST];
    hcb__demand_unit units[MOST];
    int64_t pence[ZONES * HCB__BANDS];
    hcb__neighbour list[PAIRS];
    int32_t start[MOST + 1];
    hcb__map_rule rule[RULES];
    hcb__mapping *m;
} county;

static int64_t below(hcb__rng *rng, int64_t n) {
    return (int64_t)hcb__rng_below(rng, (uint32_t)n);
}

/* A grid on which nothing is asked for, all in the first zone; nothing moves more than `moved` minutes. */
static void begin(county *c, int32_t width, int32_t height, int32_t k, int64_t moved) {
    static const char *const ids[ZONES] = {"a", "b", "c"};
    *c = (county){.width = width, .n = width * height, .k = k};
    c->set = (hcb__zone_set){.n_zones = k, .n_areas = c->n, .zones = c->zones, .areas = c->areas};
    c->prices = (hcb__schedule){.n_zones = k, .pence = c->pence};
    c->model = (hcb__model){.zones = &c->set, .prices = &c->prices, .travel = hcb__travel_defaults};
    c->demand = (hcb__demand){.n_units = c->n, .unit = c->units};
    for (int32_t z = 0; z < k; z++)
        c->zones[z] = (hcb__zone){.id = ids[z], .name = ids[z], .hours_min = -1, .hours_max = -1};
    int32_t pairs = 0;
    for (int32_t u = 0; u < c->n; u++) {
        int32_t x = u % width, near[4] = {u - width, x > 0 ? u - 1 : -1, x + 1 < width ? u + 1 : -1, u + width};
        c->areas[u] = (hcb__area){.id = "", .name = "", .point = {1000.0 * x, 1000.0 * (u / width)}};
        c->start[u] = pairs;
        for (int i = 0; i < 4; i++)
            if (near[i] >= 0 && near[i] < c->n)
                c->list[pairs++] = (hcb__neighbour){.unit = near[i], .rook = true, .shared_um = 1000000000};
        c->units[u].tour.area_m2 = 2e6;
    }
    c->start[c->n] = pairs;
    c->adjacency = (hcb__adjacency){.n_units = c->n, .start = c->start, .list = c->list};
    c->rules.rules.at = c->rule;
    c->rules.rules.count = 2;
    c->rule[0] = (hcb__map_rule){.kind = HCB__RULE_CONNECTED, .zone = -1, .zone_class = -1, .low = -1, .high = 1};
    c->rule[1] = (hcb__map_rule){.kind = HCB__RULE_MOVED, .zone = -1, .zone_class = -1, .low = -1, .high = moved};
}

/* Visits of half an hour. */
static void ask(county *c, int32_t u, int b, int64_t visits) {
    c->units[u].tour.visits[b] += 1000 * visits;
    c->units[u].minutes += 30 * visits;
    c->units[u].packages++;
}

static void finish(county *c, hcb_context *ctx) {
    assert_int_equal(hcb__mapping_create(&c->m, ctx, &c->model, &c->demand, &c->adjacency, &c->rules, NULL), HCB_OK);
}

/* Seconds of road a week of a set of areas, and its visits. */
static int64_t road_of(const county *c, const int32_t *zone, int32_t z, int64_t *visits) {
    const hcb__travel_settings *t = &c->model.travel;
    double ground = 0, near = (double)t->near_slope / 1000, far = (double)t->far_slope / 1000;
    int64_t week[HCB__BLOCKS] = {0};
    long long ms = 0;
    for (int32_t u = 0; u < c->n; u++)
        if (zone[u] == z) {
            ground += c->units[u].tour.area_m2;
            for (int b = 0; b < HCB__BLOCKS; b++)
                week[b] += (c->units[u].tour.visits[b] + c->units[u].tour.visits[HCB__BLOCKS + b]) / 1000;
        }
    *visits = 0;
    for (int b = 0; b < HCB__BLOCKS; b++) {
        if (week[b] == 0)
            continue;
        double km = 0.735 * sqrt(ground / ((double)week[b] / 7)) / 1000, bend = (double)t->bend_m / 1000;
        ms += llround(60000 * (km < bend ? near * km : near * bend + far * (km - bend)) * (double)week[b]);
        *visits += week[b];
    }
    return (ms + 500) / 1000;
}

static int64_t value_of(const county *c, const int32_t *zone, int32_t level) {
    int64_t sum = 0, worst = 0, visits;
    for (int32_t z = 0; z < c->k; z++) {
        int64_t road = road_of(c, zone, z, &visits), mean = visits ? road * 1000 / visits : 0;
        sum += road;
        worst = mean > worst ? mean : worst;
    }
    return level == HCB__MAP_TRAVEL ? sum : worst;
}

/* Within hours and moves, all zones open; `whole`: and each in one piece. */
static bool legal(const county *c, const int32_t *zone, bool whole) {
    int64_t moved = 0;
    for (int32_t u = 0; u < c->n; u++)
        moved += zone[u] != c->m->repaired[u] ? c->units[u].minutes : 0;
    if (moved > c->rule[1].high)
        return false;
    for (int32_t z = 0; z < c->k; z++) {
        uint32_t set = 0;
        int64_t minutes = 0;
        for (int32_t u = 0; u < c->n; u++)
            if (zone[u] == z) {
                set |= 1u << u;
                minutes += c->units[u].minutes;
            }
        if (!set || minutes < c->rule[2 + z].low || minutes > c->rule[2 + z].high ||
            (whole && !bits_connected(set, c->width)))
            return false;
    }
    return true;
}

static bool next_map(const county *c, int32_t *zone) {
    for (int32_t u = 0; u < c->n; u++) {
        if (++zone[u] < c->k)
            return true;
        zone[u] = 0;
    }
    return false;
}

/* INT64_MAX: there is no legal map. */
static int64_t least_of_all(const county *c, int32_t level, bool whole, int32_t *best) {
    int32_t zone[MOST] = {0};
    int64_t least = INT64_MAX;
    do {
        int64_t value = legal(c, zone, whole) ? value_of(c, zone, level) : INT64_MAX;
        if (value < least) {
            least = value;
            memcpy(best, zone, sizeof zone);
        }
    } while (next_map(c, zone));
    return least;
}

/* Today's zones are stripes or a scatter; ground from some hectares to what is far beyond a bend. */
static void draw(county *c, hcb__rng *rng, int32_t width, int32_t height, int32_t k) {
    static const int64_t slopes[] = {0, 300, 900, 1800, 3000}, bends[] = {500, 1500, 4000};
    begin(c, width, height, k, 0);
    int64_t all = 0, care[ZONES] = {0};
    bool scatter = below(rng, 4) == 0;
    for (int32_t u = 0; u < c->n; u++) {
        int32_t z = c->areas[u].zone = scatter && u >= k ? (int32_t)below(rng, k) : u % k;
        c->units[u].tour.area_m2 = (double)(10000 << below(rng, 14));
        for (int b = 0; b < HCB__TOUR_STREAMS; b++)
            if (below(rng, 4) == 0)
                ask(c, u, b, 1 + below(rng, below(rng, 3) ? 7 : 70));
        care[z] += c->units[u].minutes;
        all += c->units[u].minutes;
    }
    c->model.travel.near_slope = slopes[below(rng, 5)];
    c->model.travel.far_slope = slopes[below(rng, 5)];
    c->model.travel.bend_m = bends[below(rng, 3)];
    c->rule[1].high = all * (1 + below(rng, 8)) / (below(rng, 2) ? 8 : 60);
    for (int32_t z = 0; z < k; z++)
        c->rule[2 + z] = (hcb__map_rule){.kind = HCB__RULE_HOURS,
                                         .zone = z,
                                         .zone_class = -1,
                                         .low = care[z] * below(rng, 10) / 10,
                                         .high = care[z] * (10 + below(rng, 10)) / 10 + 60};
    c->rules.rules.count = 2 + (size_t)k;
}

/* `pieces`: the bound that takes long, too. */
static void try_bounds(const county *c, const hcb_allocator *mem, const int32_t *best, int64_t least, bool pieces,
                       int32_t *told) {
    int64_t bound, more = 0;
    hcb__budget budget = {.work_limit = 0};
    assert_true(hcb__map_bound(&bound, mem, c->m, HCB__MAP_TRAVEL, least));
    assert_true(!pieces || hcb__piece_bound(&more, mem, c->m, HCB__MAP_TRAVEL, best, least, &budget));
    if (bound > least || more > least)
        fail_msg("slopes %d, %d: bounds %lld and %lld of %lld", (int)c->model.travel.near_slope,
                 (int)c->model.travel.far_slope, (long long)bound, (long long)more, (long long)least);
    *told += bound > least / 2 || more > least / 2;
}

/* The search, which tries what `zone` says first. */
static hcb__exact_answer search(const county *c, const hcb_allocator *mem, int32_t level, int32_t *zone) {
    int64_t limit[HCB__MAP_LEVELS];
    hcb__budget budget = {.work_limit = 0};
    hcb__exact x = {.problem = &c->m->problem,
                    .level = level,
                    .limit = limit,
                    .first_new = c->k,
                    .most_nodes = INT64_MAX,
                    .budget = &budget};
    hcb__exact_answer answer;
    for (int32_t l = 0; l < HCB__MAP_LEVELS; l++)
        limit[l] = INT64_MAX;
    assert_true(hcb__map_exact(&answer, zone, INT64_MAX, mem, &x));
    assert_true(answer.complete);
    return answer;
}

static void try_exact(const county *c, const hcb_allocator *mem, int32_t level, int32_t *maps) {
    int32_t best[MOST], zone[MOST];
    int64_t least = least_of_all(c, level, true, best);
    memcpy(zone, c->m->repaired, (size_t)c->n * sizeof *zone);
    hcb__exact_answer answer = search(c, mem, level, zone);
    assert_int_equal(answer.value, least);
    assert_int_equal(answer.found, least < INT64_MAX);
    if (!answer.found)
        return;
    assert_true(legal(c, zone, true));
    assert_int_equal(value_of(c, zone, level), least);
    ++*maps;
}

enum { PIECES_EVERY = 5 };

static void agree(hcb_context *ctx, uint64_t seed, int32_t rounds, int32_t width, int32_t height, int32_t k) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 0);
    int32_t maps = 0, told = 0, slower = 0; /* far than near */
    county *c = malloc(sizeof *c);
    assert_non_null(c);
    for (int32_t round = 0; round < rounds; round++) {
        int32_t best[MOST];
        draw(c, &rng, width, height, k);
        finish(c, ctx);
        int64_t least = least_of_all(c, HCB__MAP_TRAVEL, false, best);
        if (least < INT64_MAX)
            try_bounds(c, &ctx->mem, best, least, round % PIECES_EVERY == 0, &told);
        try_exact(c, &ctx->mem, HCB__MAP_TRAVEL, &maps);
        try_exact(c, &ctx->mem, HCB__MAP_WORST_TRAVEL, &maps);
        slower += c->model.travel.far_slope > c->model.travel.near_slope;
        hcb__mapping_free(c->m);
    }
    free(c);
    assert_true(maps > rounds && told > rounds / 3 && slower > rounds / 4);
}

static void test_bound__agrees_with_every_map_of_two_zones(void **state) {
    agree(*state, 33, 200, 4, 3, 2);
}

static void test_bound__agrees_with_every_map_of_three_zones(void **state) {
    agree(*state, 33, 100, 3, 3, 3);
}

/* Where all visits of a block may leave a zone, its ground may stay without them and has no road in that block. Areas
 * of the left half ask for bed visits, those of the right half for morning ones, but for one that asks for bed visits
 * too: as many minutes as may move. It moves, and the zones are of one density each. */
static void test_bound__ground_that_no_visit_is_left_on(void **state) {
    hcb_context *ctx = *state;
    county *c = malloc(sizeof *c);
    assert_non_null(c);
    begin(c, 10, 10, 2, 210);
    int32_t zone[MOST];
    for (int32_t u = 0; u < c->n; u++) {
        zone[u] = c->areas[u].zone = u % 10 < 5 ? 0 : 1;
        ask(c, u, u % 10 < 5 || u == 45 ? BED : MORNING, 7);
    }
    zone[45] = 0;
    finish(c, ctx);
    int64_t value = value_of(c, zone, HCB__MAP_TRAVEL), bound;
    /* 100 areas with a leg of 0.735 sqrt(2) km, 1.8 minutes a km, before each of 7 visits */
    ASSERT_NEAR((double)value, 100 * 7 * 60 * 1.8 * 0.735 * sqrt(2), 1);
    assert_true(hcb__map_bound(&bound, &ctx->mem, c->m, HCB__MAP_TRAVEL, value));
    assert_true(bound <= value);
    hcb__mapping_free(c->m);
    free(c);
}

/* Visits of two areas lie 3 and 5 km apart, those of their ground put together sqrt(17): one minute a km, three beyond
 * 4 km. The two have more road apart than as one zone. */
static void test_bound__roads_slower_far_than_near(void **state) {
    hcb_context *ctx = *state;
    static const double legs[] = {3, 5};
    county *c = malloc(sizeof *c);
    assert_non_null(c);
    begin(c, 2, 1, 2, 30 * 700);
    c->rule[2] = (hcb__map_rule){.kind = HCB__RULE_ZONES, .zone = -1, .zone_class = -1, .low = 1, .high = 2};
    c->rules.rules.count = 3;
    c->model.travel.near_slope = 1000;
    c->model.travel.far_slope = 3000;
    c->model.travel.bend_m = 4000;
    for (int32_t u = 0; u < 2; u++) {
        c->areas[u].zone = u;
        ask(c, u, MORNING, 700);
        c->units[u].tour.area_m2 = 100 * 1e6 * legs[u] * legs[u] / (0.735 * 0.735);
    }
    finish(c, ctx);
    int32_t zone[] = {0, 1}, both[] = {0, 0}, told = 0;
    int64_t value = value_of(c, both, HCB__MAP_TRAVEL);
    ASSERT_NEAR((double)value_of(c, zone, HCB__MAP_TRAVEL), 700 * 60 * 10, 1);
    ASSERT_NEAR((double)value, 1400 * 60 * (4 + 3 * (sqrt(17) - 4)), 1);
    try_bounds(c, &ctx->mem, both, value, true, &told);
    assert_int_equal(search(c, &ctx->mem, HCB__MAP_TRAVEL, zone).value, value);
    assert_int_equal(zone[0], zone[1]);
    hcb__mapping_free(c->m);
    free(c);
}

/* One zone, of which half may go: its legs are 4 km now, could be from 4 / sqrt(2) to 4 sqrt(2), and the chord over
 * that is above one minute a km, three beyond 4 km. */
static void test_bound__chord_over_the_bend(void **state) {
    hcb_context *ctx = *state;
    county *c = malloc(sizeof *c);
    assert_non_null(c);
    begin(c, 2, 1, 1, 30 * 700);
    c->model.travel.near_slope = 1000;
    c->model.travel.far_slope = 3000;
    c->model.travel.bend_m = 4000;
    for (int32_t u = 0; u < 2; u++) {
        ask(c, u, MORNING, 700);
        c->units[u].tour.area_m2 = 100 * 1e6 * 16 / (0.735 * 0.735);
    }
    finish(c, ctx);
    int32_t zone[] = {0, 0}, told = 0;
    int64_t value = value_of(c, zone, HCB__MAP_TRAVEL);
    ASSERT_NEAR((double)value, 1400 * 60 * 4, 1);
    try_bounds(c, &ctx->mem, zone, value, true, &told);
    hcb__mapping_free(c->m);
    free(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {CONTEXT_TEST(test_bound__agrees_with_every_map_of_two_zones),
                                       CONTEXT_TEST(test_bound__agrees_with_every_map_of_three_zones),
                                       CONTEXT_TEST(test_bound__ground_that_no_visit_is_left_on),
                                       CONTEXT_TEST(test_bound__roads_slower_far_than_near),
                                       CONTEXT_TEST(test_bound__chord_over_the_bend)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
