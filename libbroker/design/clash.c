/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deletion filter: a rule that is not needed for the proof is dropped, one by one; what is left is a smallest set
 * of its kind. A proof is one of these, in this order: fixed areas that rules put in two zones; a zone whose fixed
 * areas lie in more parts of what it may reach than it may have; hours or people that do not add up; a programme (units
 * go to zones in shares, connectedness let go) without a solution; or, on a small map, every map looked at. */
#include "design/clash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "design/enumerate.h"
#include "design/search.h"
#include "design/shares.h"

enum { MOST_GROWN = 2000000, MOST_UNITS_GROWN = 40, TRIAL_STEPS = 60000, TRIAL_STEPS_A_UNIT = 150 };

static const char *const sum_words[] = {"minutes of care", "tenths of people"};

typedef struct trial {
    hcb_context *ctx;
    const hcb__model *model;
    const hcb__demand *demand;
    const hcb__adjacency *adjacency;
    const hcb__map_rules *rules;
    uint64_t seed;
    hcb__clash *clash;
} trial;

/* An area that two rules want in two zones. */
static bool two_zones(const hcb__mapping *m, const bool *on, char *why) {
    for (int32_t u = 0; u < m->n; u++) {
        int32_t zone = -1;
        for (size_t r = 0; r < m->rules->rules.count; r++) {
            const hcb__map_rule *rule = &m->rules->rules.at[r];
            const int32_t *block = m->problem.block; /* a block goes with each of its areas */
            bool wants = false;
            for (int32_t i = 0; rule->kind == HCB__RULE_FIXED && i < rule->n_areas; i++)
                wants = wants || block[rule->areas[i]] == block[u];
            for (int32_t v = 0; rule->kind == HCB__RULE_FROZEN && v < m->n; v++)
                wants = wants || (block[v] == block[u] && m->today[v] == rule->zone);
            if (!on[r] || !wants)
                continue;
            if (zone >= 0 && zone != rule->zone) {
                snprintf(why, 256, "area %.64s would have to be in zone %.64s and in zone %.64s",
                         m->model->zones->areas[u].id, m->zones[zone].id, m->zones[rule->zone].id);
                return true;
            }
            zone = rule->zone;
        }
        /* A frozen zone takes nothing in. */
        for (size_t r = 0; zone >= 0 && r < m->rules->rules.count; r++) {
            const hcb__map_rule *rule = &m->rules->rules.at[r];
            if (on[r] && rule->kind == HCB__RULE_FROZEN && zone == rule->zone && m->today[u] != zone) {
                snprintf(why, 256, "area %.64s would have to join zone %.64s, which is frozen",
                         m->model->zones->areas[u].id, m->zones[zone].id);
                return true;
            }
        }
    }
    return false;
}

/* Which zones each unit can be in: not those that a rule bars, nor a zone in one part whose fixed areas it cannot be
 * joined with. */
static void find_may(const hcb__mapping *m, bool *may, int32_t *label) {
    int32_t n = m->n, k = m->k, *mark = label + n;
    for (int32_t z = 0; z < k; z++) {
        int32_t home = -1;
        for (int32_t u = 0; u < n; u++) {
            label[u] = m->problem.fixed[u] < 0 || m->problem.fixed[u] == z ? 0 : 1;
            home = m->problem.fixed[u] == z && home < 0 ? u : home;
        }
        hcb__graph_parts(m->graph, label, 0, mark, label + 2 * (size_t)n);
        bool whole = home >= 0 && m->problem.parts[z] == 1;
        for (int32_t u = 0; u < n; u++)
            may[(size_t)u * (size_t)k + (size_t)z] = label[u] == 0 && (!whole || mark[u] == mark[home]);
    }
}

/* A zone whose fixed areas cannot hang together: too many parts of what is not fixed elsewhere hold one. */
static bool torn(const hcb__mapping *m, int32_t *label, char *why) {
    for (int32_t z = 0; z < m->k; z++) {
        int32_t *mark = label + m->n, holding = 0;
        for (int32_t u = 0; u < m->n; u++)
            label[u] = m->problem.fixed[u] < 0 || m->problem.fixed[u] == z ? 0 : 1;
        int32_t parts = hcb__graph_parts(m->graph, label, 0, mark, label + 2 * (size_t)m->n);
        for (int32_t part = 0; part < parts; part++)
            for (int32_t u = 0; u < m->n; u++)
                if (mark[u] == part && m->problem.fixed[u] == z) {
                    holding++;
                    break;
                }
        if (holding > m->problem.parts[z]) {
            snprintf(why, 256, "the areas held in zone %.64s lie in %d parts that nothing can join", m->zones[z].id,
                     holding);
            return true;
        }
    }
    return false;
}

static bool held_any(const hcb__mapping *m, int32_t zone) {
    for (int32_t u = 0; u < m->n; u++)
        if (m->problem.fixed[u] == zone)
            return true;
    return false;
}

/* A zone that misses a bound with all that it can reach, or with what it must have. */
static bool out_of_reach(const hcb__mapping *m, const bool *may, char *why) {
    for (int32_t z = 0; z < m->k; z++)
        for (int32_t a = 0; a < m->problem.n_attributes; a++) {
            int64_t most = 0, least = 0, low = m->problem.low[a * m->k + z], high = m->problem.high[a * m->k + z];
            for (int32_t u = 0; u < m->n; u++) {
                int64_t v = m->problem.attribute[(size_t)a * (size_t)m->n + (size_t)u];
                bool held = m->problem.fixed[u] == z;
                if (may[(size_t)u * (size_t)m->k + (size_t)z]) {
                    most += v > 0 || held ? v : 0;
                    least += v < 0 || held ? v : 0;
                }
            }
            if (hcb__map_number_free(&m->problem) && !held_any(m, z))
                continue; /* it may close */
            const char *id = m->zones[z].id;
            if (low > high && a <= HCB__SUM_PEOPLE)
                snprintf(why, 256, "zone %.64s is to have at least %lld %s, and at most %lld", id, (long long)low,
                         sum_words[a], (long long)high);
            else if (most < low && a <= HCB__SUM_PEOPLE)
                snprintf(why, 256, "zone %.64s can reach %lld %s, and is to have at least %lld", id, (long long)most,
                         sum_words[a], (long long)low);
            else if (least > high && a <= HCB__SUM_PEOPLE)
                snprintf(why, 256, "zone %.64s must have %lld %s, and is to have at most %lld", id, (long long)least,
                         sum_words[a], (long long)high);
            else if (low > high || most < low || least > high)
                snprintf(why, 256, "zone %.64s breaks a rule whatever joins it", id);
            else
                continue;
            return true;
        }
    return false;
}

static int compare_sums(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The sum of the `count` smallest of k, or of the largest. */
static int64_t sum_of(int64_t *bounds, int32_t k, int32_t count, bool smallest) {
    int64_t sum = 0;
    qsort(bounds, (size_t)k, sizeof *bounds, compare_sums);
    for (int32_t i = 0; i < count; i++)
        sum += bounds[smallest ? i : k - 1 - i];
    return sum;
}

/* The sums of the bounds against the sum of the map; where the number of zones is free, of so many as there must be and
 * of so many as there may be. */
static bool adds_up(const hcb__mapping *m, const hcb_allocator *mem, char *why) {
    size_t k = (size_t)m->k;
    int64_t *lows = hcb__calloc(mem, 2 * k + 1, sizeof *lows), *highs = lows ? lows + k : NULL;
    bool any_number = hcb__map_number_free(&m->problem), fine = true;
    int32_t least = any_number ? m->problem.least_zones : m->k;
    int32_t most = any_number ? m->problem.most_zones : m->k;
    for (int32_t a = HCB__SUM_MINUTES; lows && fine && a <= HCB__SUM_PEOPLE; a++) {
        int64_t total = 0, low, high;
        bool open = false;
        for (int32_t u = 0; u < m->n; u++)
            total += m->problem.attribute[(size_t)a * (size_t)m->n + (size_t)u];
        for (int32_t z = 0; z < m->k; z++) {
            int64_t l = m->problem.low[a * m->k + z], h = m->problem.high[a * m->k + z];
            lows[z] = l > -INT64_MAX / 4 ? l : 0;
            open = open || h >= INT64_MAX / 4;
            highs[z] = h < INT64_MAX / 4 ? h : 0;
        }
        low = sum_of(lows, m->k, least, true);
        high = sum_of(highs, m->k, most, false);
        if (low > total || (!open && high < total)) {
            snprintf(why, 256, "the map has %lld %s a week, the zones are to have %s %lld", (long long)total,
                     sum_words[a], low > total ? "at least" : "at most", (long long)(low > total ? low : high));
            fine = false;
        }
    }
    hcb__free(mem, lows);
    return fine;
}

static bool first_plan(const int32_t *zone, int64_t cuts, void *payload) {
    const hcb__mapping *m = ((void **)payload)[0];
    bool *found = ((void **)payload)[1];
    (void)cuts;
    int64_t moved = 0;
    for (int32_t u = 0; u < m->n; u++) {
        moved += m->problem.levels[HCB__MAP_MOVED_HOURS].cost[(size_t)u * (size_t)m->k + (size_t)zone[u]];
        if (zone[u] != zone[m->problem.block[u]])
            return true;
    }
    *found = moved <= m->moved_cap;
    return !*found;
}

/* Every map of a small one, where all zones are to be in one part. *none: there is none; *some: there is one. */
static bool grow_all(const hcb__mapping *m, const hcb_allocator *mem, bool *none, bool *some) {
    *none = *some = false;
    if (m->n > MOST_UNITS_GROWN)
        return true;
    for (int32_t z = 0; z < m->k; z++)
        if (m->problem.parts[z] != 1 || hcb__map_number_free(&m->problem))
            return true;
    bool found = false;
    void *payload[2] = {(void *)m, &found};
    hcb__budget budget = {.work_limit = MOST_GROWN};
    hcb__enumeration what = {.graph = m->graph,
                             .k = m->k,
                             .n_attributes = m->problem.n_attributes,
                             .attribute = m->problem.attribute,
                             .low = m->problem.low,
                             .high = m->problem.high,
                             .fixed = m->problem.fixed,
                             .most_cuts = -1,
                             .budget = &budget,
                             .visit = first_plan,
                             .payload = payload};
    hcb__enumerated all;
    if (!hcb__enumerate(&all, NULL, mem, &what))
        return false;
    *some = found;
    *none = all.complete && !found;
    return true;
}

enum { AT_SIGHT, PROVED, SEARCHED };

/* Whether the rules that are on clash: *proved, at sight or with every proof there is; whether a map was found that
 * keeps them: *kept (only looked for when SEARCHED). */
static hcb_status judge(const trial *t, const bool *on, int depth, bool *proved, bool *kept) {
    hcb__mapping *m;
    char *why = t->clash->why, before[256];
    memcpy(before, why, sizeof before);
    *proved = *kept = false;
    hcb_status status = hcb__mapping_create(&m, t->ctx, t->model, t->demand, t->adjacency, t->rules, on);
    if (status != HCB_OK)
        return status;
    int32_t *label = hcb__calloc(&t->ctx->mem, 3 * (size_t)m->n + 1, sizeof *label);
    bool *may = hcb__calloc(&t->ctx->mem, (size_t)m->n * (size_t)m->k + 1, sizeof *may);
    if (!label || !may) {
        hcb__free(&t->ctx->mem, label);
        hcb__free(&t->ctx->mem, may);
        hcb__mapping_free(m);
        return hcb__nomem(t->ctx);
    }
    find_may(m, may, label);
    *proved =
        two_zones(m, on, why) || torn(m, label, why) || !adds_up(m, &t->ctx->mem, why) || out_of_reach(m, may, why);
    if (!*proved && depth > AT_SIGHT) {
        status = hcb__shares_exist(proved, t->ctx, &m->problem, may, m->problem.levels[HCB__MAP_MOVED_HOURS].cost,
                                   m->moved_cap);
        if (*proved)
            snprintf(why, 256, "even with areas cut into shares no map keeps the bounds");
    }
    hcb__free(&t->ctx->mem, label);
    hcb__free(&t->ctx->mem, may);
    if (status == HCB_OK && !*proved && depth > AT_SIGHT) {
        if (!grow_all(m, &t->ctx->mem, proved, kept))
            status = hcb__nomem(t->ctx);
        if (*proved)
            snprintf(why, 256, "every map was looked at");
    }
    if (!*proved)
        memcpy(why, before, sizeof before);
    if (status == HCB_OK && depth == SEARCHED && !*proved && !*kept) {
        int64_t limit[HCB__MAP_LEVELS];
        for (int32_t l = 0; l < HCB__MAP_LEVELS; l++)
            limit[l] = INT64_MAX;
        hcb__budget budget = {.deadline = hcb__deadline_in(0)};
        hcb__map_search s = {.problem = &m->problem,
                             .level = HCB__MISSING,
                             .limit = limit,
                             .steps = t->model->zones->n_areas < TRIAL_STEPS / TRIAL_STEPS_A_UNIT
                                          ? TRIAL_STEPS
                                          : (int64_t)TRIAL_STEPS_A_UNIT * t->model->zones->n_areas,
                             .seed = t->seed,
                             .threads = 2,
                             .target = 0,
                             .budget = &budget};
        hcb__map_plan *plan = NULL;
        if (!hcb__map_improve(m->repaired, &t->ctx->mem, &s) ||
            !hcb__map_plan_create(&plan, &t->ctx->mem, &m->problem, m->repaired))
            status = hcb__nomem(t->ctx);
        else
            *kept = plan->missing == 0;
        *kept = *kept && hcb__map_number_fits(&m->problem, plan->n_open);
        for (int32_t z = 0; status == HCB_OK && *kept && z < m->k; z++)
            *kept = hcb__map_parts(plan, z) <= m->problem.parts[z];
        hcb__map_plan_free(plan);
    }
    hcb__mapping_free(m);
    /* Nobody asked the providers about that map. */
    for (size_t r = 0; r < t->rules->rules.count; r++)
        *kept = *kept && !(on[r] && t->rules->rules.at[r].kind == HCB__RULE_VIABLE);
    return status;
}

hcb_status hcb__clash_at_sight(bool *proved, hcb_context *ctx, const hcb__model *model, const hcb__demand *demand,
                               const hcb__adjacency *adjacency, const hcb__map_rules *rules) {
    hcb__clash clash = {0};
    trial t = {ctx, model, demand, adjacency, rules, 0, &clash};
    bool kept, *on = hcb__calloc(&ctx->mem, rules->rules.count + 1, sizeof *on);
    if (!on)
        return hcb__nomem(ctx);
    for (size_t r = 0; r < rules->rules.count; r++)
        on[r] = true;
    hcb_status status = judge(&t, on, AT_SIGHT, proved, &kept);
    hcb__free(&ctx->mem, on);
    return status;
}

hcb_status hcb__clash_find(hcb__clash *clash, hcb_context *ctx, const hcb__model *model, const hcb__demand *demand,
                           const hcb__adjacency *adjacency, const hcb__map_rules *rules, uint64_t seed) {
    trial t = {ctx, model, demand, adjacency, rules, seed, clash};
    size_t n = rules->rules.count;
    bool kept, *on = hcb__calloc(&ctx->mem, n + 1, sizeof *on);
    if (!on)
        return hcb__nomem(ctx);
    for (size_t r = 0; r < n; r++)
        on[r] = true;
    clash->proved = false;
    clash->why[0] = '\0';
    hcb_status status = judge(&t, on, PROVED, &clash->proved, &kept);
    for (size_t r = 0; status == HCB_OK && clash->proved && r < n && !hcb__cancelled(ctx); r++) {
        bool still;
        on[r] = false;
        status = judge(&t, on, PROVED, &still, &kept);
        on[r] = !still;
    }
    for (size_t r = 0; r < n; r++) {
        clash->in[r] = clash->proved && on[r];
        clash->drops_help[r] = false;
    }
    /* Without one of the set, all other rules of the file: a map that keeps them shows that the set is what is wrong.
     */
    for (size_t r = 0; status == HCB_OK && r < n && !hcb__cancelled(ctx); r++) {
        if (!clash->in[r])
            continue;
        bool proved;
        char why[256];
        memcpy(why, clash->why, sizeof why);
        for (size_t i = 0; i < n; i++)
            on[i] = i != r;
        status = judge(&t, on, SEARCHED, &proved, &kept);
        clash->drops_help[r] = kept;
        memcpy(clash->why, why, sizeof why);
    }
    hcb__free(&ctx->mem, on);
    return status;
}
