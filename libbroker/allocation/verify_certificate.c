/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate.json: the proof of every bound, held against rows, weights and costs of the verifier's own making. */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "allocation/certificate.h"
#include "allocation/verify_want.h"

/* The run as plain arrays. Row numbers are those of run->rows; term 2t is over/K, 2t + 1 is under/K of run->terms[t].
 */
typedef struct proof {
    hcb__vf_run *run;
    hcb__check_problem problem;
    int64_t best[HCB__VF_LEVELS], frozen[HCB__VF_LEVELS];
} proof;

static bool make_uses(hcb__vf_run *run, hcb__check_problem *p) {
    hcb__vf *vf = run->vf;
    size_t n_choices = run->choices.count, n_uses = run->uses.count;
    int64_t *pair_start = hcb__vf_new(vf, run->items.count + 1, sizeof *pair_start);
    int64_t *use_start = hcb__vf_new(vf, n_choices + 1, sizeof *use_start);
    int64_t *use_weight = hcb__vf_new(vf, n_uses, sizeof *use_weight), *row_limit;
    int32_t *pair_bin = hcb__vf_new(vf, n_choices, sizeof *pair_bin);
    int32_t *use_row = hcb__vf_new(vf, n_uses, sizeof *use_row), *row_bin;
    row_limit = hcb__vf_new(vf, run->rows.count, sizeof *row_limit);
    row_bin = hcb__vf_new(vf, run->rows.count, sizeof *row_bin);
    if (vf->nomem)
        return false;
    for (size_t i = 0; i < run->items.count; i++)
        pair_start[i + 1] = (int64_t)run->items.at[i].choice_end;
    for (size_t c = 0; c < n_choices; c++) {
        pair_bin[c] = run->choices.at[c].service.provider;
        use_start[c + 1] = (int64_t)run->choices.at[c].use_end;
    }
    for (size_t u = 0; u < n_uses; u++) {
        use_row[u] = run->uses.at[u].row;
        use_weight[u] = run->uses.at[u].weight;
    }
    for (size_t r = 0; r < run->rows.count; r++) {
        row_limit[r] = run->rows.at[r].limit;
        row_bin[r] = run->rows.at[r].provider;
    }
    p->pair_start = pair_start;
    p->pair_bin = pair_bin;
    p->use_start = use_start;
    p->use_row = use_row;
    p->use_weight = use_weight;
    p->row_limit = row_limit;
    p->row_bin = row_bin;
    return true;
}

/* The terms of `fair`: a choice weighs in over/K and under/K of its provider. */
static bool make_terms(hcb__vf_run *run, hcb__check_problem *p) {
    hcb__vf *vf = run->vf;
    size_t n_choices = run->choices.count, n_terms = 2 * run->terms.count, n = 0;
    int64_t *constant = hcb__vf_new(vf, n_terms, sizeof *constant);
    int64_t *start = hcb__vf_new(vf, n_choices + 1, sizeof *start);
    int64_t *weight = hcb__vf_new(vf, 2 * n_choices, sizeof *weight);
    int32_t *term = hcb__vf_new(vf, 2 * n_choices, sizeof *term);
    int32_t *term_of = hcb__vf_new(vf, vf->providers.count, sizeof *term_of);
    if (vf->nomem)
        return false;
    for (size_t k = 0; k < vf->providers.count; k++)
        term_of[k] = HCB__VF_NONE;
    for (size_t t = 0; t < run->terms.count; t++) {
        term_of[run->terms.at[t].provider] = (int32_t)t;
        constant[2 * t] = run->terms.at[t].constant;
        constant[2 * t + 1] = -run->terms.at[t].constant;
    }
    for (size_t c = 0; c < n_choices; c++) {
        const hcb__vf_choice *choice = &run->choices.at[c];
        int64_t minutes = run->items.at[choice->item].package->carer_minutes;
        int32_t t = term_of[choice->service.provider];
        for (int under = 0; under < 2 && t >= 0 && minutes; under++) {
            term[n] = 2 * t + under;
            weight[n++] = under ? -minutes : minutes;
        }
        start[c + 1] = (int64_t)n;
    }
    p->n_terms = (int32_t)n_terms;
    p->term_constant = constant;
    p->term_use_start = start;
    p->term_use_term = term;
    p->term_use_weight = weight;
    return true;
}

static bool make_levels(hcb__vf_run *run, hcb__check_problem *p) {
    hcb__vf *vf = run->vf;
    size_t n_choices = run->choices.count;
    int32_t n_levels = vf->policy.n_levels;
    hcb__check_level *levels = hcb__vf_new(vf, (size_t)n_levels, sizeof *levels);
    for (int32_t l = 0; levels && l < n_levels; l++) {
        int32_t name = vf->policy.levels[l].name;
        levels[l].constant = run->levels[l].constant;
        if (name == HCB__VF_FAIR) {
            levels[l].kind = p->n_terms ? HCB__CHECK_MAX : HCB__CHECK_SUM; /* nobody active: a sum of nothing */
            levels[l].n_terms = p->n_terms;
            continue;
        }
        int64_t *cost = hcb__vf_new(vf, n_choices, sizeof *cost);
        for (size_t c = 0; cost && c < n_choices; c++)
            cost[c] = run->choices.at[c].cost[l];
        levels[l].pair_cost = cost;
        if (name != HCB__VF_WAITING)
            continue;
        int64_t *wait = hcb__vf_new(vf, run->items.count, sizeof *wait);
        for (size_t i = 0; wait && i < run->items.count; i++)
            wait[i] = run->items.at[i].wait_cost;
        levels[l].wait_cost = wait;
    }
    p->levels = levels;
    p->n_levels = n_levels;
    return !vf->nomem;
}

static bool make_problem(hcb__vf_run *run, hcb__check_problem *p) {
    *p = (hcb__check_problem){.n_items = (int32_t)run->items.count,
                              .n_bins = (int32_t)run->vf->providers.count,
                              .n_rows = (int32_t)run->rows.count};
    bool fair = run->terms.count > 0;
    return make_uses(run, p) && (!fair || make_terms(run, p)) && make_levels(run, p);
}

/* --- reading a proof --------------------------------------------------------------------------------------------- */

/* A name and its price; sorted by index they are what the checker wants. */
typedef struct priced {
    int32_t index;
    int64_t price;
} priced;

static int by_index(const void *a, const void *b) {
    return ((const priced *)a)->index - ((const priced *)b)->index;
}

/* The number of a cut in plain digits, as a row after all levels. */
static int32_t cut_named(const proof *p, const char *digits) {
    int32_t k = 0;
    if (!*digits || (*digits == '0' && digits[1]))
        return HCB__VF_NONE;
    for (; *digits; digits++) {
        if (*digits < '0' || *digits > '9' || k > 1000000)
            return HCB__VF_NONE;
        k = 10 * k + (*digits - '0');
    }
    return p->problem.n_rows + p->problem.n_levels + k;
}

static int32_t row_named(const proof *p, const char *name) {
    const hcb__vf_policy *policy = &p->run->vf->policy;
    if (strncmp(name, "level/", 6) == 0)
        for (int32_t l = 0; l < policy->n_levels; l++)
            if (strcmp(hcb__vf_levels[policy->levels[l].name], name + 6) == 0)
                return p->problem.n_rows + l;
    if (strncmp(name, "cut/", 4) == 0)
        return cut_named(p, name + 4);
    return hcb__idmap_get(&p->run->row_names, name, strlen(name));
}

static int32_t term_named(const proof *p, const char *name) {
    bool under = strncmp(name, "under/", 6) == 0;
    if (!under && strncmp(name, "over/", 5) != 0)
        return HCB__VF_NONE;
    const char *id = strchr(name, '/') + 1;
    int32_t k = hcb__idmap_get(&p->run->vf->provider_ids, id, strlen(id));
    for (size_t t = 0; k >= 0 && t < p->run->terms.count; t++)
        if (p->run->terms.at[t].provider == k)
            return (int32_t)(2 * t + under);
    return HCB__VF_NONE;
}

/* An object of names and prices as two sorted arrays; false when a name or price is not one. */
static bool read_prices(proof *p, hcb__json *object, int32_t (*find)(const proof *, const char *), int32_t *count,
                        const int32_t **indexes, const int64_t **prices) {
    hcb__vf *vf = p->run->vf;
    size_t most = hcb__json_count(object), n = 0;
    priced *list = hcb__vf_new(vf, most, sizeof *list);
    int32_t *index = hcb__vf_new(vf, most, sizeof *index);
    int64_t *price = hcb__vf_new(vf, most, sizeof *price);
    void *cursor = NULL;
    const char *name;
    hcb__json *value;
    if (vf->nomem)
        return false;
    while ((value = hcb__json_next(object, &cursor, &name)) != NULL && n < most) {
        list[n].index = find(p, name);
        if (list[n].index < 0 || !hcb__json_int(value, &list[n].price))
            return false;
        n++;
    }
    if (n)
        qsort(list, n, sizeof *list, by_index);
    for (size_t i = 0; i < n; i++) {
        index[i] = list[i].index;
        price[i] = list[i].price;
    }
    *count = (int32_t)n;
    *indexes = index;
    *prices = price;
    return true;
}

static bool read_multipliers(proof *p, const hcb__json *object, hcb__check_multipliers *m) {
    hcb__json *items = hcb__json_get(object, "items");
    if (!read_prices(p, hcb__json_get(object, "rows"), row_named, &m->n_rows, &m->row, &m->row_price) ||
        !read_prices(p, hcb__json_get(object, "terms"), term_named, &m->n_terms, &m->term, &m->term_price))
        return false;
    if (hcb__json_kind_of(items) == HCB__JSON_ABSENT)
        return true;
    size_t n = p->run->items.count;
    int64_t *price = hcb__vf_new(p->run->vf, n, sizeof *price);
    for (size_t i = 0; price && i < n; i++)
        if (!hcb__json_int(hcb__json_get(items, p->run->items.at[i].package->id), &price[i]))
            return false;
    m->item_price = price;
    return price && hcb__json_count(items) == n;
}

/* A package and one of the providers, or waiting (null). */
static bool read_choice(proof *p, const hcb__json *object, int32_t *item, int32_t *bin) {
    size_t len;
    const char *id = hcb__json_string(hcb__json_get(object, "package"), &len);
    const hcb__json *provider = hcb__json_get(object, "provider");
    *item = id ? hcb__idmap_get(&p->run->item_ids, id, len) : HCB__VF_NONE;
    id = hcb__json_string(provider, &len);
    *bin = id ? hcb__idmap_get(&p->run->vf->provider_ids, id, len) : HCB__CHECK_WAITS;
    return *item >= 0 && (id ? *bin >= 0 : hcb__json_kind_of(provider) == HCB__JSON_NULL);
}

static bool read_index(const hcb__json *object, const char *key, int32_t *out) {
    int64_t number;
    if (!hcb__json_int(hcb__json_get(object, key), &number) || number < 0 || number > INT32_MAX)
        return false;
    *out = (int32_t)number;
    return true;
}

static bool read_cut(proof *p, const hcb__json *object, hcb__check_cut *cut) {
    const hcb__json *choices = hcb__json_get(object, "choices");
    size_t n = hcb__json_count(choices);
    const int32_t *row;
    const int64_t *right;
    int32_t rows, *item = hcb__vf_new(p->run->vf, n, sizeof *item), *bin = hcb__vf_new(p->run->vf, n, sizeof *bin);
    int32_t *times = hcb__vf_new(p->run->vf, n, sizeof *times);
    if (p->run->vf->nomem || n > INT32_MAX ||
        !read_prices(p, hcb__json_get(object, "of"), row_named, &rows, &row, &right) || rows != 1 || right[0] < 0 ||
        right[0] > INT32_MAX)
        return false;
    for (size_t k = 0; k < n; k++)
        if (!read_choice(p, hcb__json_at(choices, k), &item[k], &bin[k]) ||
            !read_index(hcb__json_at(choices, k), "times", &times[k]))
            return false;
    *cut = (hcb__check_cut){
        .row = row[0], .right = (int32_t)right[0], .n = (int32_t)n, .item = item, .bin = bin, .times = times};
    return true;
}

static bool read_node(proof *p, const hcb__json *object, hcb__check_node *node) {
    static const char *const kinds[] = {"leaf", "empty", "fix", "fix_empty"};
    for (int32_t kind = 0; kind < 4; kind++)
        if (read_index(object, kinds[kind], &node->multipliers)) {
            node->item = -1 - kind;
            node->bin = 0;
            node->with = node->without = -1;
            return kind < 2 || read_index(object, "with", &node->with);
        }
    bool dominated;
    if (hcb__json_bool(hcb__json_get(object, "dominated"), &dominated)) {
        *node = (hcb__check_node){HCB__CHECK_DOMINATED, 0, -1, -1, -1};
        return dominated && read_index(object, "with", &node->with);
    }
    node->multipliers = -1;
    if (!read_choice(p, object, &node->item, &node->bin))
        return false;
    return read_index(object, "with", &node->with) && read_index(object, "without", &node->without);
}

static bool read_claim(proof *p, const hcb__json *object, hcb__check_claim *claim) {
    hcb__vf *vf = p->run->vf;
    const hcb__json *multipliers = hcb__json_get(object, "multipliers"), *nodes = hcb__json_get(object, "nodes");
    const hcb__json *cuts = hcb__json_get(object, "cuts");
    size_t n_multipliers = hcb__json_count(multipliers), n_nodes = hcb__json_count(nodes),
           n_cuts = hcb__json_count(cuts);
    hcb__check_cut *cut = hcb__vf_new(vf, n_cuts, sizeof *cut);
    hcb__check_multipliers *m = hcb__vf_new(vf, n_multipliers, sizeof *m);
    hcb__check_node *node = hcb__vf_new(vf, n_nodes, sizeof *node);
    if (vf->nomem || !hcb__json_int(hcb__json_get(object, "denominator"), &claim->denominator) ||
        n_multipliers > INT32_MAX || n_nodes > INT32_MAX || n_cuts > 1000000)
        return false;
    for (size_t i = 0; i < n_multipliers; i++)
        if (!read_multipliers(p, hcb__json_at(multipliers, i), &m[i]))
            return false;
    for (size_t i = 0; i < n_nodes; i++)
        if (!read_node(p, hcb__json_at(nodes, i), &node[i]))
            return false;
    for (size_t i = 0; i < n_cuts; i++)
        if (!read_cut(p, hcb__json_at(cuts, i), &cut[i]))
            return false;
    claim->n_cuts = (int32_t)n_cuts;
    claim->cuts = cut;
    claim->n_multipliers = (int32_t)n_multipliers;
    claim->n_nodes = (int32_t)n_nodes;
    claim->multipliers = m;
    claim->nodes = node;
    return true;
}

/* --- judging it ----------------------------------------------------------------------------------------------------
 */

static hcb_status holds(proof *p, hcb__check_claim *claim, int32_t *verdict, char reason[256]) {
    hcb__check_seal(&p->problem, claim, claim->seal);
    return hcb__check_claim_holds(verdict, &p->run->vf->ctx->mem, &p->problem, claim, 0, NULL, reason);
}

/* Without a proof the bound may be what one leaf without prices shows; of `fair`, with all weight on one term. */
static hcb_status holds_by_itself(proof *p, int32_t level, int64_t bound, int32_t *verdict, char reason[256]) {
    bool fair = p->problem.levels[level].kind == HCB__CHECK_MAX;
    hcb__check_multipliers m = {0};
    hcb__check_node leaf = {HCB__CHECK_LEAF, 0, -1, -1, 0};
    int32_t term = 0;
    int64_t whole = 1;
    hcb__check_claim claim = {.level = level,
                              .frozen = p->frozen,
                              .bound = bound,
                              .denominator = 1,
                              .n_nodes = 1,
                              .n_multipliers = 1,
                              .nodes = &leaf,
                              .multipliers = &m};
    if (fair) {
        m.n_terms = 1;
        m.term = &term;
        m.term_price = &whole;
        /* The value is never negative, because over/K and under/K are each other's negative. */
        if (bound <= 0) {
            *verdict = HCB__CHECK_CONFIRMED;
            return HCB_OK;
        }
    }
    hcb_status status;
    do
        status = holds(p, &claim, verdict, reason);
    while (status == HCB_OK && *verdict != HCB__CHECK_CONFIRMED && fair && ++term < p->problem.n_terms);
    return status;
}

static bool check_bound(proof *p, hcb__vf_want *want, int32_t l) {
    hcb__check_claim claim = {.level = l, .frozen = p->frozen};
    char reason[256] = "";
    int32_t verdict = HCB__CHECK_MALFORMED;
    hcb_status status = HCB_OK;
    if (!hcb__json_int(hcb__json_get(want->object, "bound"), &claim.bound) || claim.bound < -(INT64_MAX / 4))
        snprintf(reason, sizeof reason, "the bound is not a whole number");
    else if (!read_claim(p, want->object, &claim))
        snprintf(reason, sizeof reason, "the proof names something that does not exist, or lacks a part");
    else if (claim.denominator == 0 && claim.n_nodes == 0 && claim.n_multipliers == 0)
        status = holds_by_itself(p, l, claim.bound, &verdict, reason);
    else
        status = holds(p, &claim, &verdict, reason);
    if (status != HCB_OK || p->run->vf->nomem)
        return false;
    if (verdict != HCB__CHECK_CONFIRMED)
        hcb__vf_find(want->report, want->file, want->record, "bound", "", "a bound that its proof shows",
                     "the bound of %s is not proved: %s", want->record, reason);
    return true;
}

/* Writes a value again without white space. */
static void put(hcb__json_writer *w, hcb__json *value, const char *leave_out) {
    void *cursor = NULL;
    const char *key;
    hcb__json *part;
    int64_t number;
    double real;
    bool yes = false;
    switch (hcb__json_kind_of(value)) {
    case HCB__JSON_OBJECT:
        hcb__jw_object(w);
        while ((part = hcb__json_next(value, &cursor, &key)) != NULL)
            if (!leave_out || strcmp(key, leave_out) != 0) {
                hcb__jw_key(w, key);
                put(w, part, NULL);
            }
        hcb__jw_end_object(w);
        break;
    case HCB__JSON_ARRAY:
        hcb__jw_array(w);
        for (size_t i = 0; i < hcb__json_count(value); i++)
            put(w, hcb__json_at(value, i), NULL);
        hcb__jw_end_array(w);
        break;
    case HCB__JSON_STRING:
        hcb__jw_string(w, hcb__json_string(value, NULL));
        break;
    case HCB__JSON_BOOL:
        (void)hcb__json_bool(value, &yes);
        hcb__jw_bool(w, yes);
        break;
    case HCB__JSON_INT:
        (void)hcb__json_int(value, &number);
        hcb__jw_int(w, number);
        break;
    case HCB__JSON_REAL:
        (void)hcb__json_number(value, &real);
        hcb__jw_double(w, real, 9);
        break;
    default:
        hcb__jw_null(w);
    }
}

static bool check_seal(hcb__vf_run *run, hcb__vf_want *want, hcb__json *certificate) {
    hcb__text text;
    hcb__json_writer w;
    hcb__sha256 sha;
    char seal[65];
    hcb__text_init(&text, &run->vf->ctx->mem);
    hcb__jw_init(&w, &text, true);
    put(&w, certificate, "seal");
    bool ok = !text.failed;
    if (ok) {
        hcb__sha256_init(&sha);
        hcb__sha256_add(&sha, text.at, text.count);
        hcb__sha256_hex(&sha, seal);
        hcb__vf_want_text(want, "seal", seal);
    }
    hcb__text_free(&text);
    return ok;
}

static void check_plan(const hcb__vf_run *run, hcb__vf_want *want, const hcb__json *certificate) {
    const hcb__json *plan = hcb__json_get(certificate, "plan");
    want->object = plan;
    want->record = "plan";
    for (size_t i = 0; i < run->items.count; i++) {
        const hcb__vf_item *item = &run->items.at[i];
        hcb__vf_want_text(want, item->package->id, item->says >= 0 ? run->vf->providers.at[item->says].id : NULL);
    }
    if (hcb__json_count(plan) != run->items.count)
        hcb__vf_find(want->report, want->file, "plan", "", "", "every package once",
                     "plan names %zu packages; must be %zu", hcb__json_count(plan), run->items.count);
}

/* The figures of a level, which the summary repeats; keeps those that later levels are held to. */
static void check_figures(proof *p, hcb__vf_want *want, int32_t l, const hcb__json *summary, bool sequential) {
    const hcb__json *twin = hcb__json_at(hcb__json_get(summary, "levels"), (size_t)l);
    const hcb__vf_level *level = &p->run->vf->policy.levels[l];
    int64_t bound;
    hcb__vf_want_text(want, "name", hcb__vf_levels[level->name]);
    hcb__vf_want_int(want, "value", p->run->levels[l].value);
    p->best[l] = p->run->levels[l].value;
    if (level->tolerance || level->ppm)
        (void)hcb__json_int(hcb__json_get(twin, "best"), &p->best[l]);
    if (p->best[l] < 0 || p->best[l] > p->run->levels[l].value)
        p->best[l] = p->run->levels[l].value;
    p->frozen[l] = hcb__vf_frozen(level, p->best[l]);
    hcb__vf_want_int(want, "best", p->best[l]);
    hcb__vf_want_int(want, "frozen", p->frozen[l]);
    if (sequential)
        hcb__vf_want_text(want, "bound", NULL);
    else if (hcb__json_int(hcb__json_get(twin, "bound"), &bound))
        hcb__vf_want_int(want, "bound", bound);
}

bool hcb__vf_check_certificate(hcb__vf_run *run, hcb_verify_report *report, hcb__json *certificate,
                               const hcb__json *summary) {
    hcb__vf *vf = run->vf;
    hcb__vf_want want = {.report = report, .file = "certificate.json", .record = "", .object = certificate};
    const char *method = hcb__json_string(hcb__json_get(summary, "method"), NULL);
    bool sequential = method && strcmp(method, "sequential") == 0;
    proof p = {.run = run};
    if (!certificate)
        return true;
    hcb__vf_want_int(&want, "format", 1);
    hcb__vf_want_text(&want, "inputs_sha256", vf->sha256);
    hcb__vf_want_text(&want, "method", sequential ? "sequential" : "optimal");
    hcb__vf_want_replan(&want, run->replan);
    if (!check_seal(run, &want, certificate) || !make_problem(run, &p.problem))
        return false;
    check_plan(run, &want, certificate);
    const hcb__json *levels = hcb__json_get(certificate, "levels");
    if (hcb__json_count(levels) != (size_t)vf->policy.n_levels) {
        want.object = certificate;
        want.record = "";
        hcb__vf_want_fail(&want, "levels", "a list with every level of the policy");
        return true;
    }
    for (int32_t l = 0; l < vf->policy.n_levels; l++) {
        want.object = hcb__json_at(levels, (size_t)l);
        want.record = hcb__vf_levels[vf->policy.levels[l].name];
        check_figures(&p, &want, l, summary, sequential);
        if (!sequential && !check_bound(&p, &want, l))
            return false;
    }
    hcb__vf_checked(report, "figures of the certificate held against plan and summary", want.count);
    if (!sequential)
        hcb__vf_checked(report, "bounds proved again from the certificate", vf->policy.n_levels);
    return !vf->nomem;
}
