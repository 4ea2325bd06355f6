/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "base/rng.h"
#include "session_grid.h"
#include "zones/session_repair.h"

enum { MOST = 20 };

/* A board of squares with three zones, and rules; counted here from nothing. */
typedef struct board {
    int width, height, n;
    char text[MOST + 1];
    int zone[MOST], minutes[MOST], weight[MOST];
    int least[3], most[3]; /* -1: none */
    bool with_rule;
} board;

/* A made-up rule of the whole map: the weights of zone 0 must not leave 1 when divided by 3. */
static bool rule_of(const board *b, const int *zone) {
    int sum = 0;
    for (int u = 0; u < b->n; u++)
        sum += zone[u] == 0 ? b->weight[u] : 0;
    return sum % 3 != 1;
}

static bool rule_holds(void *payload, const int32_t *units, const int32_t *to, int32_t n) {
    const board *b = payload;
    int zone[MOST];
    memcpy(zone, b->zone, sizeof zone);
    for (int32_t i = 0; i < n; i++)
        zone[units[i]] = to[i];
    return rule_of(b, zone);
}

static bool rule_matters(void *payload, int32_t unit) {
    return ((const board *)payload)->weight[unit] % 3 != 0;
}

static int parts_of(const board *b, const int *zone, int z) {
    int parts = 0, stack[MOST], n = 0;
    bool seen[MOST] = {false};
    for (int first = 0; first < b->n; first++) {
        if (zone[first] != z || seen[first])
            continue;
        parts++;
        seen[first] = true;
        stack[n++] = first;
        while (n) {
            int u = stack[--n];
            const int next[] = {u % b->width ? u - 1 : -1, u % b->width < b->width - 1 ? u + 1 : -1, u - b->width,
                                u + b->width};
            for (int k = 0; k < 4; k++)
                if (next[k] >= 0 && next[k] < b->n && zone[next[k]] == z && !seen[next[k]]) {
                    seen[next[k]] = true;
                    stack[n++] = next[k];
                }
        }
    }
    return parts;
}

static bool legal(const board *b, const int *zone) {
    for (int z = 0; z < 3; z++) {
        int before = 0, after = 0, kept = 0, changes = 0, was = parts_of(b, b->zone, z), is = parts_of(b, zone, z);
        for (int u = 0; u < b->n; u++) {
            before += b->zone[u] == z ? b->minutes[u] : 0;
            after += zone[u] == z ? b->minutes[u] : 0;
            kept += zone[u] == z && b->zone[u] == z;
            changes += (zone[u] == z) != (b->zone[u] == z);
        }
        if (changes && ((kept == 0 && was > 0) || (is > was && is > 1) ||
                        (b->most[z] >= 0 && after > b->most[z] && after > before) ||
                        (b->least[z] >= 0 && after < b->least[z] && after < before)))
            return false;
    }
    return !b->with_rule || rule_of(b, zone);
}

typedef struct answer {
    int n, minutes; /* n < 0: none */
} answer;

/* All sets of exactly `left` further units from `from` on. */
static void all_sets(const board *b, int *zone, unsigned fixed, int from, int left, answer sofar, answer *best) {
    if (left == 0) {
        if ((best->n < 0 || sofar.minutes < best->minutes) && legal(b, zone))
            *best = sofar;
        return;
    }
    for (int u = from; u < b->n; u++)
        for (int z = 0; z < 3; z++) {
            int was = zone[u];
            if (fixed >> u & 1 || z == was)
                continue;
            zone[u] = z;
            all_sets(b, zone, fixed, u + 1, left - 1, (answer){sofar.n, sofar.minutes + b->minutes[u]}, best);
            zone[u] = was;
        }
}

static board draw(hcb__rng *rng, int width, int height) {
    board b = {.width = width, .height = height, .n = width * height};
    bool seeds_only = hcb__rng_below(rng, 3) > 0; /* else any zone anywhere: in many parts */
    for (int u = 0; u < b.n; u++) {
        b.zone[u] = seeds_only ? -2 : (int)hcb__rng_below(rng, 3);
        b.minutes[u] = 10 * (int)hcb__rng_below(rng, 4);
        b.weight[u] = (int)hcb__rng_below(rng, 4);
    }
    for (int z = 0; z < 3; z++)
        b.zone[hcb__rng_below(rng, (uint32_t)b.n)] = z;
    for (int round = 0; round < 4000; round++) {
        int u = (int)hcb__rng_below(rng, (uint32_t)b.n), way = (int)hcb__rng_below(rng, 4);
        int x = u % width + (way == 0) - (way == 1), y = u / width + (way == 2) - (way == 3);
        if (b.zone[u] == -2 && x >= 0 && x < width && y >= 0 && y < height)
            b.zone[u] = b.zone[width * y + x];
    }
    if (hcb__rng_below(rng, 4) == 0)
        b.zone[hcb__rng_below(rng, (uint32_t)b.n)] = -1; /* in no zone */
    for (int z = 0; z < 3; z++) {
        int sum = 0;
        for (int u = 0; u < b.n; u++)
            sum += b.zone[u] == z ? b.minutes[u] : 0;
        b.least[z] = hcb__rng_below(rng, 3) ? -1 : sum - 10 * (int)hcb__rng_below(rng, 4) + 10;
        b.most[z] = hcb__rng_below(rng, 3) ? -1 : sum + 10 * (int)hcb__rng_below(rng, 4) - 10;
    }
    b.with_rule = hcb__rng_below(rng, 3) == 0;
    for (int u = 0; u < b.n; u++)
        b.text[u] = b.zone[u] < 0 ? '.' : (char)('0' + b.zone[u]);
    return b;
}

static void put(made *m, void **state, const board *b) {
    grid(m, state, b->width, b->height, 3, b->text);
    hcb__session_free(m->session);
    int64_t minutes[MOST];
    for (int u = 0; u < b->n; u++)
        minutes[u] = b->minutes[u];
    for (int z = 0; z < 3; z++) {
        m->set.zones[z].hours_min = b->least[z];
        m->set.zones[z].hours_max = b->most[z];
    }
    assert_int_equal(hcb__session_create(&m->session, m->ctx, &m->set, minutes), HCB_OK);
}

/* What is given is legal, leaves the units asked for in their zone, and moves so much care. */
static void assert_legal(const board *b, const int *asked, const hcb__repair *r) {
    int zone[MOST], minutes = 0;
    memcpy(zone, asked, sizeof zone);
    for (int32_t i = 0; i < r->n; i++) {
        assert_true(zone[r->unit[i]] == b->zone[r->unit[i]] && r->zone[i] != zone[r->unit[i]]);
        zone[r->unit[i]] = r->zone[i];
        minutes += b->minutes[r->unit[i]];
    }
    assert_true(legal(b, zone));
    assert_int_equal(minutes, r->minutes);
}

/* Random boards, moves and rules: every set of up to `depth` further moves is looked at here too. */
static void against_all_sets(void **state, uint64_t seed, int cases, int width, int height, int depth) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 0);
    int found[MOST] = {0}, none = 0;
    for (int c = 0; c < cases; c++) {
        board b = draw(&rng, width, height);
        made m;
        put(&m, state, &b);
        int32_t units[2] = {(int32_t)hcb__rng_below(&rng, (uint32_t)b.n), (int32_t)hcb__rng_below(&rng, (uint32_t)b.n)};
        size_t n = 1 + hcb__rng_below(&rng, 2);
        int32_t to = (int32_t)hcb__rng_below(&rng, 3);
        int zone[MOST];
        unsigned fixed = 0;
        memcpy(zone, b.zone, sizeof zone);
        for (size_t i = 0; i < n; i++) {
            zone[units[i]] = to;
            fixed |= 1U << units[i];
        }
        answer best = {-1, 0};
        for (int k = 0; k <= depth && best.n < 0; k++)
            all_sets(&b, zone, fixed, 0, k, (answer){k, 0}, &best);
        hcb__repair r;
        hcb__repair_options options = {.most_units = depth, .most_states = 1000000};
        if (b.with_rule)
            options.rule = (hcb__repair_rule){rule_holds, rule_matters, &b, 1};
        assert_int_equal(hcb__session_repair(&r, m.session, units, n, to, &options), HCB_OK);
        if (best.n >= 0) {
            if (r.n != best.n || r.minutes != best.minutes || r.proof != HCB__REPAIR_SMALLEST)
                fail_msg("case %d, %s: %d units, %lld minutes, proof %d; %d units, %d minutes would do", c, b.text, r.n,
                         (long long)r.minutes, r.proof, best.n, best.minutes);
            assert_int_equal(r.none_up_to, best.n - 1);
            found[best.n]++;
        } else {
            assert_true(r.n < 0 || r.n > depth);
            assert_int_equal(r.none_up_to, depth);
            none++;
        }
        if (r.n >= 0)
            assert_legal(&b, zone, &r);
        /* With hardly any search what is found is still legal, and claims nothing that is not so. */
        options.most_states = 1 + (int64_t)hcb__rng_below(&rng, 40);
        assert_int_equal(hcb__session_repair(&r, m.session, units, n, to, &options), HCB_OK);
        if (r.n >= 0)
            assert_legal(&b, zone, &r);
        if (best.n >= 0 && r.n >= 0) {
            assert_true(r.n >= best.n && r.none_up_to < best.n);
            assert_true(r.proof < HCB__REPAIR_FEWEST || r.n == best.n);
            assert_true(r.proof < HCB__REPAIR_SMALLEST || r.minutes == best.minutes);
        }
        for (int u = 0; u < b.n; u++)
            assert_int_equal(hcb__session_zones(m.session)[u], b.zone[u]);
        unmake(&m);
    }
    print_message("  %d x %d, %d cases: %d legal, repairs of 1 to %d units: %d, %d, %d, %d; none of them: %d\n", width,
                  height, cases, found[0], depth, found[1], found[2], found[3], found[4], none);
    assert_true(found[1] > 20 && found[2] > 10);
}

static void test_session_repair__is_the_smallest_of_all_sets_of_small_boards(void **state) {
    against_all_sets(state, 1, 1500, 3, 3, 8);
}

static void test_session_repair__is_the_smallest_up_to_three_units(void **state) {
    against_all_sets(state, 2, 800, 5, 4, 3);
}

static void test_session_repair__worked_by_hand(void **state) {
    made m;
    hcb__repair r;
    const hcb__repair_options o = {.most_units = 4};
    grid(&m, state, 4, 2, 2,
         "0001"
         "0001");
    /* Unit 1 is one unit away from zone 1. */
    assert_int_equal(hcb__session_repair(&r, m.session, (int32_t[]){1}, 1, 1, &o), HCB_OK);
    assert_int_equal(r.n, 1);
    assert_int_equal(r.unit[0], 2);
    assert_int_equal(r.zone[0], 1);
    assert_int_equal(r.minutes, 60);
    assert_int_equal(r.proof, HCB__REPAIR_SMALLEST);
    /* No more than today's two hours in zone 1: something must go the other way; only unit 7 may. */
    m.set.zones[1].hours_max = 120;
    assert_int_equal(hcb__session_repair(&r, m.session, (int32_t[]){2}, 1, 1, &o), HCB_OK);
    assert_int_equal(r.n, 1);
    assert_int_equal(r.unit[0], 7);
    assert_int_equal(r.zone[0], 0);
    assert_int_equal(hcb__session_repair(&r, m.session, (int32_t[]){9}, 1, 1, &o), HCB_EINVAL);
    assert_int_equal(hcb__session_repair(&r, m.session, (int32_t[]){1}, 1, 1, &(hcb__repair_options){.most_units = 17}),
                     HCB_EINVAL);
    unmake(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_session_repair__worked_by_hand),
        CONTEXT_TEST(test_session_repair__is_the_smallest_of_all_sets_of_small_boards),
        CONTEXT_TEST(test_session_repair__is_the_smallest_up_to_three_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
