/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest sets of limits that, raised, place a package.
 *
 * A set is possible when, without its limits, a plan exists that places the package and lets no more wait than the plan
 * at hand may. Every set found impossible gives a conflict: the limits kept, which alone keep the package out. A
 * possible set must hit every conflict, so the smallest sets that hit all conflicts found so far are tried until one is
 * possible: nothing smaller exists. Then the raises: the least that is possible, and more as long as what is raised
 * goes to others first. */
#include <string.h>

#include "allocation/explain.h"
#include "base/arith.h"

enum { MOST_ROWS = 3, MOST_TESTS = 400, MOST_REMEDIES = 6, MOST_ROUNDS = 40, SECONDS = 60 };

typedef struct row_set {
    int32_t n, row[MOST_ROWS];
} row_set;

typedef struct search {
    hcb__explanation *x;
    hcb__arena arena;
    int32_t n_rows;
    int64_t *free_limit; /* [n_rows]: what the row can never pass */
    int64_t *limits;     /* [n_rows]: of the question being asked */
    int64_t *excess;     /* [pairs] */
    bool *own;           /* [n_rows]: a choice of the package uses the row */
    HCB__VEC(uint8_t *) conflicts;
    HCB__VEC(row_set) tried;
    HCB__VEC(hcb__remedy) found;
    row_set pick;
    int tests;
    int64_t reserve; /* work that is left to what comes after */
    bool unknown;    /* a question without an answer: the search ends */
    bool missed;     /* the raises of a possible set were not found: there may be more sets than told */
} search;

bool hcb__explain_in_seconds(const hcb__explanation *x, int32_t row) {
    const char *name = x->problem->rows[row].name;
    return x->model->travel.capacity_basis == HCB__CONTACT_AND_TRAVEL &&
           (strncmp(name, "hours/", 6) == 0 || strncmp(name, "zone/", 5) == 0 || strncmp(name, "block/", 6) == 0);
}

static bool has_row(const row_set *set, int32_t row) {
    for (int32_t k = 0; k < set->n; k++)
        if (set->row[k] == row)
            return true;
    return false;
}

static bool same_set(const row_set *a, const row_set *b) {
    if (a->n != b->n)
        return false;
    for (int32_t k = 0; k < a->n; k++)
        if (!has_row(b, a->row[k]))
            return false;
    return true;
}

static bool was_tried(const search *s, const row_set *set) {
    for (size_t t = 0; t < s->tried.count; t++)
        if (same_set(&s->tried.at[t], set))
            return true;
    return false;
}

/* The next set of exactly n rows that hits every conflict and was not tried; in s->pick. */
static bool next_set(search *s, int32_t n) {
    const uint8_t *open = NULL;
    for (size_t c = 0; c < s->conflicts.count && !open; c++) {
        bool hit = false;
        for (int32_t k = 0; k < s->pick.n; k++)
            hit = hit || s->conflicts.at[c][s->pick.row[k]];
        if (!hit)
            open = s->conflicts.at[c];
    }
    if (s->pick.n == n)
        return !open && !was_tried(s, &s->pick);
    for (int32_t r = 0; r < s->n_rows; r++) {
        /* A possible set whose raises go to others first needs one row more: one that the package itself uses. */
        if (open ? !open[r] : !s->own[r] || has_row(&s->pick, r))
            continue;
        s->pick.row[s->pick.n++] = r;
        if (next_set(s, n))
            return true;
        s->pick.n--;
    }
    return false;
}

/* Limits with the rows of `kept` alone (NULL: all but those of `dropped`). */
static void set_limits(search *s, const uint8_t *kept, const row_set *dropped) {
    const int64_t *now = s->x->problem->engine.row_limit;
    for (int32_t r = 0; r < s->n_rows; r++) {
        bool drop = kept ? !kept[r] : dropped && has_row(dropped, r);
        s->limits[r] = drop ? s->free_limit[r] : now[r];
    }
}

static hcb__ask question(const search *s) {
    return (hcb__ask){.problem = s->x->problem,
                      .start = s->x->bin,
                      .item = s->x->item,
                      .wish = HCB__ASK_PLACED,
                      .other = -1,
                      .limits = s->limits,
                      .n_levels = 1,
                      .exact = true};
}

/* Whether the limits asked about let the package in. */
static hcb__sure judge(const hcb__told *told, int64_t most) {
    if (!told->answer)
        return HCB__SURE_UNKNOWN;
    if (told->never || (told->met && told->level[0].bound > most))
        return HCB__SURE_NOT;
    return told->met && told->level[0].best <= most ? HCB__SURE_YES : HCB__SURE_UNKNOWN;
}

/* Whether the package simply fits somewhere, everybody else staying: then no question is needed. */
static bool just_fits(const search *s, int64_t most) {
    hcb__engine_problem e = s->x->problem->engine;
    e.row_limit = s->limits;
    if (s->x->values[0] - e.levels[0].wait_cost[s->x->item] > most)
        return false;
    for (int64_t c = e.pair_start[s->x->item]; c < e.pair_start[s->x->item + 1]; c++)
        if (hcb__plan_fits(&e, s->x->loads, c))
            return true;
    return false;
}

/* The rows that the proof gives a price, or that leave a choice out because it is too large alone. */
static void priced_rows(const search *s, const hcb__told *told, uint8_t *kept) {
    const hcb__engine_problem *e = &s->x->problem->engine;
    for (int32_t l = 0; l < (told->never ? 1 : 2); l++) {
        const hcb__certificate *c = &told->answer->levels[l].certificate;
        for (int32_t m = 0; m < c->n_multipliers; m++) {
            const hcb__multipliers *u = &c->multipliers[m];
            for (int32_t k = 0; k < u->n_rows; k++)
                if (u->row_price[k] && u->row[k] < s->n_rows)
                    kept[u->row[k]] = 1;
        }
        for (int32_t k = 0; k < c->n_cuts; k++)
            if (c->cuts[k].row < s->n_rows)
                kept[c->cuts[k].row] = 1;
    }
    int64_t n_pairs = e->pair_start[e->n_items];
    for (int64_t u = 0; u < e->use_start[n_pairs]; u++)
        if (e->row_bin[e->use_row[u]] >= 0 && e->use_weight[u] > s->limits[e->use_row[u]])
            kept[e->use_row[u]] = 1;
    for (int32_t r = 0; r < s->n_rows; r++)
        kept[r] = kept[r] && s->limits[r] < s->free_limit[r];
}

/* Whether the limits at hand let the package in; `told` (may be NULL) keeps what the engine said. */
static hcb_status is_possible(hcb__sure *out, const search *s, int64_t most, hcb__told *told) {
    hcb__told local = {0};
    hcb__told *t = told ? told : &local;
    *t = local;
    *out = HCB__SURE_YES;
    if (just_fits(s, most))
        return HCB_OK;
    /* Cheapest first: some plan; then a bound that is just good enough; then both in full. */
    const double gaps[] = {1, hcb__explain_gap(s->x->forced_waiting, most), 0};
    hcb_status status = HCB_OK;
    *out = HCB__SURE_UNKNOWN;
    for (int g = 0; g < 3 && status == HCB_OK && *out == HCB__SURE_UNKNOWN; g++) {
        hcb__ask q = question(s);
        q.gap = gaps[g];
        if (g == 1 && q.gap <= 0)
            continue;
        hcb__told_free(t);
        status = hcb__explain_ask(t, s->x, &q);
        if (status == HCB_OK)
            *out = judge(t, most);
    }
    if (!told)
        hcb__told_free(&local);
    return status;
}

/* A conflict from an impossible set: the priced rows if they alone keep the package out, else every row kept. */
static hcb_status add_conflict(search *s, const row_set *dropped, const hcb__told *told) {
    uint8_t *kept = hcb__arena_alloc(&s->arena, (size_t)s->n_rows, 1);
    if (!kept || !HCB__PUSH(&s->x->ctx->mem, &s->conflicts, kept))
        return hcb__nomem(s->x->ctx);
    priced_rows(s, told, kept);
    set_limits(s, kept, NULL);
    hcb__sure possible;
    hcb_status status = is_possible(&possible, s, s->x->frozen[0], NULL);
    if (status != HCB_OK)
        return status;
    bool few = possible == HCB__SURE_NOT;
    set_limits(s, NULL, dropped);
    for (int32_t r = 0; !few && r < s->n_rows; r++)
        kept[r] = s->limits[r] < s->free_limit[r];
    return HCB_OK;
}

/* What the rows of a set lack when the package is added to the plan as it is and everybody else stays: the least over
 * its providers, or -1 where other rows are short too. `room`: [set->n]. */
static int64_t direct_lack(int64_t *room, const search *s, const row_set *set, int64_t most) {
    const hcb__engine_problem *e = &s->x->problem->engine;
    int64_t least = -1;
    if (s->x->values[0] - e->levels[0].wait_cost[s->x->item] > most)
        return -1;
    for (int64_t c = e->pair_start[s->x->item]; c < e->pair_start[s->x->item + 1]; c++) {
        int64_t lack[MOST_ROWS] = {0}, sum = 0;
        bool others = false;
        for (int64_t u = e->use_start[c]; u < e->use_start[c + 1]; u++) {
            int64_t over = s->x->loads[e->use_row[u]] + e->use_weight[u] - e->row_limit[e->use_row[u]];
            others = others || (over > 0 && !has_row(set, e->use_row[u]));
            for (int32_t k = 0; k < set->n; k++)
                if (set->row[k] == e->use_row[u] && over > 0) {
                    lack[k] = over;
                    sum += over;
                }
        }
        if (!others && sum > 0 && (least < 0 || sum < least)) {
            least = sum;
            memcpy(room, lack, (size_t)set->n * sizeof *room);
        }
    }
    return least;
}

/* Whether raising one row by less than `room` cannot do: then the direct way is the least. */
static hcb_status is_least(bool *out, search *s, int32_t row, int64_t room, int64_t most) {
    memcpy(s->limits, s->x->problem->engine.row_limit, (size_t)s->n_rows * sizeof *s->limits);
    s->limits[row] += room - 1;
    hcb__sure possible;
    hcb_status status = is_possible(&possible, s, most, NULL);
    *out = status == HCB_OK && possible == HCB__SURE_NOT;
    return status;
}

static void put_raises(hcb__remedy *out, const search *s, const row_set *set, const int64_t *room) {
    out->n_raises = 0;
    out->total = 0;
    for (int32_t k = 0; k < set->n; k++) {
        int64_t more = room[k];
        if (more <= 0)
            continue;
        if (hcb__explain_in_seconds(s->x, set->row[k]))
            more = (more + SECONDS - 1) / SECONDS * SECONDS;
        const hcb__alloc_row *row = &s->x->problem->rows[set->row[k]];
        int64_t broken = row->today > row->asked ? row->today - row->asked : 0;
        out->raises[out->n_raises++] = (hcb__raise){set->row[k], more, more + broken};
        out->total += more + broken;
    }
}

/* The least raises of a set at which a plan exists that places the package with `waiting` at most `most`. */
static hcb_status least_raise(bool *found, bool *least, hcb__remedy *out, search *s, const row_set *set, int64_t most) {
    const hcb__engine_problem *e = &s->x->problem->engine;
    int64_t room[MOST_ROWS] = {0}, direct[MOST_ROWS] = {0}, proved = 0, total = 0;
    int64_t lack = direct_lack(direct, s, set, most);
    *found = lack >= 0;
    *least = false;
    put_raises(out, s, set, direct);
    if (lack >= 0 && set->n == 1) {
        hcb_status checked = is_least(least, s, set->row[0], lack, most);
        if (checked != HCB_OK || *least)
            return checked;
    }
    set_limits(s, NULL, set);
    hcb__ask q = question(s);
    q.excess = s->excess;
    q.waiting_most = most;
    hcb__told told;
    hcb_status status = hcb__explain_ask(&told, s->x, &q);
    if (status != HCB_OK || !told.answer) {
        s->missed = s->missed || !*found;
        return status;
    }
    int64_t *loads = hcb__calloc(&s->x->ctx->mem, (size_t)s->n_rows, sizeof *loads);
    if (!loads) {
        hcb__told_free(&told);
        return hcb__nomem(s->x->ctx);
    }
    *found = told.met && told.level[0].value <= most;
    s->missed = s->missed || (lack < 0 && !*found && judge(&told, most) != HCB__SURE_NOT);
    if (*found) {
        hcb__plan_loads(e, told.bin, loads);
        proved = told.level[1].bound;
        for (int32_t k = 0; k < set->n; k++) {
            room[k] = loads[set->row[k]] - e->row_limit[set->row[k]];
            total += room[k] > 0 ? room[k] : 0;
            proved -= e->row_limit[set->row[k]];
        }
    }
    *least = *found;
    if (lack >= 0 && (!*found || lack < total)) {
        memcpy(room, direct, sizeof room);
        total = lack;
        *found = true;
    }
    *least = *least && proved >= total;
    put_raises(out, s, set, room);
    *found = *found && out->n_raises > 0;
    hcb__free(&s->x->ctx->mem, loads);
    hcb__told_free(&told);
    return HCB_OK;
}

static void sum_excess(search *s, const row_set *set) {
    const hcb__engine_problem *e = &s->x->problem->engine;
    for (int64_t c = 0; c < e->pair_start[e->n_items]; c++) {
        s->excess[c] = 0;
        for (int64_t u = e->use_start[c]; u < e->use_start[c + 1]; u++)
            if (has_row(set, e->use_row[u]))
                s->excess[c] += e->use_weight[u];
    }
}

/* The raises of a possible set; more while others come first. */
static hcb_status find_raises(bool *good, search *s, const row_set *set, hcb__remedy *out) {
    *good = false;
    sum_excess(s, set);
    int64_t most = s->x->frozen[0];
    for (int round = 0; round < MOST_ROUNDS; round++) {
        bool found, least = false;
        hcb_status status = least_raise(&found, &least, out, s, set, most);
        if (status != HCB_OK || !found)
            return status;
        /* Of several rows only the first round bounds the sum; of one row every round does. */
        out->least = least && (set->n == 1 || (round == 0 && out->n_raises == set->n));
        memcpy(s->limits, s->x->problem->engine.row_limit, (size_t)s->n_rows * sizeof *s->limits);
        for (int32_t k = 0; k < out->n_raises; k++)
            s->limits[out->raises[k].row] += out->raises[k].room;
        hcb__ask q = question(s);
        int64_t frozen;
        hcb__sure sure;
        status = hcb__explain_sure(&sure, &frozen, &out->effect, s->x, &q);
        if (status != HCB_OK || sure == HCB__SURE_UNKNOWN) {
            s->missed = true;
            return status;
        }
        *good = sure == HCB__SURE_YES;
        if (*good)
            return HCB_OK;
        most = frozen < most ? frozen : most - 1;
    }
    s->missed = true;
    return HCB_OK;
}

/* A possible set: its raises, and whether they are kept. */
static hcb_status take_set(search *s, const row_set *set) {
    hcb__remedy remedy = {.raises = hcb__arena_alloc(&s->x->arena, (size_t)set->n, sizeof *remedy.raises)};
    if (!remedy.raises)
        return hcb__nomem(s->x->ctx);
    bool good;
    hcb_status status = find_raises(&good, s, set, &remedy);
    if (status == HCB_OK && good && !HCB__PUSH(&s->x->ctx->mem, &s->found, remedy))
        return hcb__nomem(s->x->ctx);
    return status;
}

static hcb_status test_set(search *s, const row_set *set) {
    hcb__told told;
    hcb__sure possible;
    set_limits(s, NULL, set);
    hcb_status status = is_possible(&possible, s, s->x->frozen[0], &told);
    if (status == HCB_OK && possible == HCB__SURE_NOT)
        status = add_conflict(s, set, &told);
    hcb__told_free(&told);
    s->unknown = s->unknown || possible == HCB__SURE_UNKNOWN;
    return status == HCB_OK && possible == HCB__SURE_YES ? take_set(s, set) : status;
}

/* Which single rows of rows[0 .. n) are possible sets: none when even all of them together are not. */
static hcb_status test_singles(search *s, const int32_t *rows, int32_t n) {
    if (n == 0 || s->unknown || s->found.count == MOST_REMEDIES)
        return HCB_OK;
    if (s->x->work_left <= s->reserve) {
        s->unknown = true;
        return HCB_OK;
    }
    uint8_t *kept = hcb__arena_alloc(&s->arena, (size_t)s->n_rows, 1);
    if (!kept)
        return hcb__nomem(s->x->ctx);
    memset(kept, 1, (size_t)s->n_rows);
    for (int32_t k = 0; k < n; k++)
        kept[rows[k]] = 0;
    set_limits(s, kept, NULL);
    hcb__sure possible;
    hcb_status status = is_possible(&possible, s, s->x->frozen[0], NULL);
    if (status != HCB_OK)
        return status;
    if (possible == HCB__SURE_NOT)
        return HCB__PUSH(&s->x->ctx->mem, &s->conflicts, kept) ? HCB_OK : hcb__nomem(s->x->ctx);
    s->unknown = possible == HCB__SURE_UNKNOWN;
    if (s->unknown)
        return HCB_OK;
    if (n > 1) {
        status = test_singles(s, rows, n / 2);
        return status == HCB_OK ? test_singles(s, rows + n / 2, n - n / 2) : status;
    }
    row_set set = {1, {rows[0]}};
    if (!HCB__PUSH(&s->x->ctx->mem, &s->tried, set))
        return hcb__nomem(s->x->ctx);
    return take_set(s, &set);
}

/* All single rows; the first conflict names those that can be. */
static hcb_status search_singles(search *s) {
    int32_t *rows = hcb__arena_alloc(&s->arena, (size_t)s->n_rows, sizeof *rows);
    if (!rows)
        return hcb__nomem(s->x->ctx);
    int32_t n = 0, direct = 0;
    for (int32_t r = 0; r < s->n_rows && s->conflicts.count; r++) {
        if (!s->conflicts.at[0][r])
            continue;
        row_set set = {1, {r}};
        set_limits(s, NULL, &set);
        rows[n++] = r;
        /* Those that let the package in at once come first: they need no search. */
        if (just_fits(s, s->x->frozen[0])) {
            rows[n - 1] = rows[direct];
            rows[direct++] = r;
        }
    }
    hcb_status status = HCB_OK;
    for (int32_t k = 0; k < direct && status == HCB_OK; k++)
        status = test_singles(s, rows + k, 1);
    if (status == HCB_OK)
        status = test_singles(s, rows + direct, n - direct);
    if (s->found.count == MOST_REMEDIES)
        s->unknown = true;
    return status;
}

/* Sets of 1, 2, ... rows until some place the package; all of that size. */
static hcb_status search_sets(search *s) {
    for (int32_t n = 0; n <= MOST_ROWS && s->found.count == 0; n++) {
        if (n == 1) {
            hcb_status status = search_singles(s);
            if (status != HCB_OK || s->unknown)
                return status;
        }
        for (;;) {
            s->pick.n = 0;
            if (!next_set(s, n))
                break;
            if (s->tests++ == MOST_TESTS || s->found.count == MOST_REMEDIES || s->x->work_left <= s->reserve) {
                s->unknown = true;
                return HCB_OK;
            }
            row_set set = s->pick;
            if (!HCB__PUSH(&s->x->ctx->mem, &s->tried, set))
                return hcb__nomem(s->x->ctx);
            hcb_status status = test_set(s, &set);
            if (status != HCB_OK || s->unknown)
                return status;
        }
        /* A set that may do after all: no larger one can be called smallest. */
        if (s->missed)
            return HCB_OK;
    }
    return HCB_OK;
}

static int compare_remedies(const hcb__remedy *a, const hcb__remedy *b) {
    if (a->total != b->total)
        return a->total < b->total ? -1 : 1;
    for (int32_t k = 0; k < a->n_raises && k < b->n_raises; k++)
        if (a->raises[k].row != b->raises[k].row)
            return a->raises[k].row < b->raises[k].row ? -1 : 1;
    return 0;
}

static hcb_status keep_found(search *s) {
    hcb__explanation *x = s->x;
    x->remedies = hcb__arena_alloc(&x->arena, s->found.count, sizeof *x->remedies);
    if (!x->remedies)
        return hcb__nomem(x->ctx);
    for (size_t f = 0; f < s->found.count; f++) {
        int32_t at = x->n_remedies++;
        while (at > 0 && compare_remedies(&s->found.at[f], &x->remedies[at - 1]) < 0) {
            x->remedies[at] = x->remedies[at - 1];
            at--;
        }
        x->remedies[at] = s->found.at[f];
    }
    x->all_remedies = !s->unknown && !s->missed && s->found.count > 0;
    return HCB_OK;
}

hcb_status hcb__explain_remedies(hcb__explanation *x) {
    const hcb__engine_problem *e = &x->problem->engine;
    search s = {.x = x, .n_rows = x->problem->n_rows, .reserve = x->work_left / 3};
    hcb__arena_init(&s.arena, &x->ctx->mem);
    int64_t n_pairs = e->pair_start[e->n_items];
    s.free_limit = hcb__arena_alloc(&s.arena, (size_t)s.n_rows, sizeof *s.free_limit);
    s.limits = hcb__arena_alloc(&s.arena, (size_t)s.n_rows, sizeof *s.limits);
    s.own = hcb__arena_alloc(&s.arena, (size_t)s.n_rows, sizeof *s.own);
    s.excess = hcb__arena_alloc(&s.arena, (size_t)n_pairs, sizeof *s.excess);
    hcb_status status = s.free_limit && s.limits && s.excess && s.own ? HCB_OK : hcb__nomem(x->ctx);
    if (status == HCB_OK) {
        for (int64_t u = 0; u < e->use_start[n_pairs]; u++)
            s.free_limit[e->use_row[u]] += e->use_weight[u] > 0 ? e->use_weight[u] : 0;
        for (int32_t r = 0; r < s.n_rows; r++)
            if (s.free_limit[r] < e->row_limit[r])
                s.free_limit[r] = e->row_limit[r];
        for (int64_t c = e->pair_start[x->item]; c < e->pair_start[x->item + 1]; c++)
            for (int64_t u = e->use_start[c]; u < e->use_start[c + 1]; u++)
                s.own[e->use_row[u]] = true;
        status = search_sets(&s);
    }
    if (status == HCB_OK)
        status = keep_found(&s);
    HCB__VEC_FREE(&x->ctx->mem, &s.conflicts);
    HCB__VEC_FREE(&x->ctx->mem, &s.tried);
    HCB__VEC_FREE(&x->ctx->mem, &s.found);
    hcb__arena_release(&s.arena);
    return status;
}
