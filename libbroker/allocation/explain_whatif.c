/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would place a package that waits: one change of the data at a time, the whole problem built and solved again. A
 * change counts only when every best plan then places the package. */
#include <stdlib.h>
#include <string.h>

#include "allocation/explain.h"
#include "zones/zones.h"

enum { MOST_NEIGHBOURS = 3, WIDEST_MIN = 180 };
static const double TOUCH_M = 25;

const char *const hcb__whatif_words[HCB__WHATIFS] = {"hours", "limit",      "band", "window",
                                                     "zone",  "preference", "rule", "swap"};

/* A copy of the model with room for one change; what it does not change it shares. */
typedef struct variant {
    hcb__model model;
    hcb__package *package; /* the one explained, in the copy */
    int32_t *needs;        /* of the model: lists of all packages */
    hcb__policy policy;
} variant;

static bool begin_variant(variant *v, hcb__explanation *x) {
    const hcb__model *m = x->model;
    size_t packages = (size_t)m->n_packages + (size_t)m->n_placements;
    v->model = *m;
    v->policy = *m->policy;
    v->model.policy = &v->policy;
    v->model.packages = hcb__calloc(&x->ctx->mem, packages, sizeof *m->packages);
    v->model.providers = hcb__calloc(&x->ctx->mem, (size_t)m->n_providers, sizeof *m->providers);
    v->model.coverage = hcb__calloc(&x->ctx->mem, (size_t)m->n_coverage + 1, sizeof *m->coverage);
    int32_t n_needs = 0;
    for (size_t q = 0; q < packages; q++)
        if (m->packages[q].first_need + m->packages[q].n_needs > n_needs)
            n_needs = m->packages[q].first_need + m->packages[q].n_needs;
    v->model.needs = v->needs = hcb__calloc(&x->ctx->mem, (size_t)n_needs, sizeof *v->needs);
    if (!v->model.packages || !v->model.providers || !v->model.coverage || !v->needs)
        return false;
    if (n_needs)
        memcpy(v->needs, m->needs, (size_t)n_needs * sizeof *v->needs);
    memcpy(v->model.packages, m->packages, packages * sizeof *m->packages);
    if (m->n_providers)
        memcpy(v->model.providers, m->providers, (size_t)m->n_providers * sizeof *m->providers);
    if (m->n_coverage)
        memcpy(v->model.coverage, m->coverage, (size_t)m->n_coverage * sizeof *m->coverage);
    v->package = &v->model.packages[x->package];
    return true;
}

static void end_variant(variant *v, hcb__explanation *x) {
    hcb__free(&x->ctx->mem, v->needs);
    hcb__free(&x->ctx->mem, v->model.coverage);
    hcb__free(&x->ctx->mem, v->model.providers);
    hcb__free(&x->ctx->mem, v->model.packages);
}

bool hcb__explain_add_whatif(hcb__explanation *x, int32_t kind, bool hard, const hcb__text *what,
                             const hcb__effect *effect) {
    hcb__whatif w = {kind, hard, NULL, *effect};
    w.what = what->failed ? NULL : hcb__arena_strndup(&x->arena, what->at ? what->at : "", what->count);
    return w.what && HCB__PUSH(&x->ctx->mem, &x->whatifs, w);
}

/* own: the change concerns the package alone, so that without it all is as it was. */
static hcb_status solve_variant(hcb__sure *sure, hcb__effect *effect, hcb__explanation *x,
                                const hcb__alloc_problem *problem, bool own) {
    int32_t *start = hcb__calloc(&x->ctx->mem, (size_t)problem->n_items, sizeof *start);
    if (!start)
        return hcb__nomem(x->ctx);
    hcb__explain_bins(start, x, problem);
    hcb__ask q = {.problem = problem,
                  .start = hcb__explain_holds(x, problem, start) ? start : problem->start,
                  .item = x->item,
                  .other = -1,
                  .waits_known = own && x->waiting_proved,
                  .waits_best = x->best[0]};
    hcb_status status = hcb__explain_sure(sure, NULL, effect, x, &q);
    hcb__free(&x->ctx->mem, start);
    return status;
}

/* Solves a variant and keeps it when it places the package. */
static hcb_status try_variant(hcb__explanation *x, const variant *v, int32_t kind, bool hard, const hcb__text *what) {
    hcb__alloc_problem *problem = NULL;
    hcb__sure sure = HCB__SURE_UNKNOWN;
    hcb__effect effect;
    x->tried++;
    hcb_status status = hcb__alloc_problem_create(&problem, x->scratch, &v->model, x->problem->replan);
    if (status == HCB_ENOMEM)
        return hcb__nomem(x->ctx);
    if (status != HCB_OK)
        return HCB_OK; /* numbers that pass 64 bits: no answer, and none is given */
    bool may = problem->engine.pair_start[x->item + 1] > problem->engine.pair_start[x->item];
    status = may ? solve_variant(&sure, &effect, x, problem, kind != HCB__WHATIF_ZONE) : HCB_OK;
    if (status == HCB_OK && sure == HCB__SURE_YES && !hcb__explain_add_whatif(x, kind, hard, what, &effect))
        status = hcb__nomem(x->ctx);
    hcb__alloc_problem_free(problem);
    return status;
}

typedef void (*change_fn)(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n);

static hcb_status try_change(hcb__explanation *x, change_fn change, int64_t n, int32_t kind, bool hard) {
    variant v;
    hcb__text what;
    hcb__text_init(&what, &x->ctx->mem);
    hcb_status status = HCB_OK;
    if (begin_variant(&v, x)) {
        change(&v, x, &what, n);
        if (what.count)
            status = try_variant(x, &v, kind, hard, &what);
    } else {
        status = hcb__nomem(x->ctx);
    }
    end_variant(&v, x);
    hcb__text_free(&what);
    return status;
}

/* ---- the package ---- */

static void band_up(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    (void)x;
    (void)n;
    if (v->package->band + 1 >= HCB__BANDS)
        return;
    hcb__text_printf(what, "one band up: priced as %s instead of %s", hcb__band_words[v->package->band + 1],
                     hcb__band_words[v->package->band]);
    v->package->band++;
}

static void gender_soft(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    (void)x;
    (void)n;
    hcb__text_printf(what, "without the hard preference for %s carers", hcb__gender_words[v->package->gender]);
    v->package->gender_hard = false;
}

static void language_soft(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    (void)n;
    hcb__text_printf(what, "without the hard preference for the language (%s)",
                     x->model->capabilities[v->package->language]);
    v->package->language_hard = false;
}

/* Soft preferences count only where the policy has a level for them. */
static void gender_any(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    (void)x;
    (void)n;
    hcb__text_printf(what, "without the wish for %s carers", hcb__gender_words[v->package->gender]);
    v->package->gender = HCB__ANY;
}

static void language_any(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    (void)n;
    hcb__text_printf(what, "without the wish for the language (%s)", x->model->capabilities[v->package->language]);
    v->package->language = -1;
}

static void drop_need(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    int32_t *list = v->needs + v->package->first_need;
    hcb__text_printf(what, "without the need %s", x->model->capabilities[list[n]]);
    for (int32_t k = (int32_t)n; k + 1 < v->package->n_needs; k++)
        list[k] = list[k + 1];
    v->package->n_needs--;
}

static void drop_excluded(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    (void)x;
    (void)n;
    hcb__text_puts(what, "if providers excluded for this person were not");
    v->package->n_excluded = 0;
}

static void drop_pin(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    (void)n;
    hcb__text_printf(what, "without the pin to %s", x->model->providers[v->package->pinned].id);
    v->package->pinned = -1;
}

static void agree_short(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    (void)x;
    (void)n;
    hcb__text_puts(what, "if visits under 30 minutes were agreed");
    v->package->short_visit_agreed = true;
}

static void start_later(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    (void)x;
    hcb__text_puts(what, "care that starts on ");
    hcb__text_date(what, (int32_t)n);
    v->package->start = (int32_t)n;
}

/* The first day from which one more provider could start; HCB__NO_DATE: none waits for its day. */
static int32_t next_start(const hcb__explanation *x) {
    const hcb__package *p = &x->model->packages[x->package];
    int32_t next = HCB__NO_DATE;
    for (int32_t k = 0; k < x->model->n_providers; k++) {
        int32_t from = x->model->providers[k].starts_from;
        if (strcmp(x->failing[k].code, "start_too_late") == 0 && (next == HCB__NO_DATE || from < next))
            next = from;
    }
    return p->end != HCB__NO_DATE && next > p->end ? HCB__NO_DATE : next;
}

static bool fails_somewhere(const hcb__explanation *x, const char *code) {
    for (int32_t k = 0; k < x->model->n_providers; k++)
        if (strcmp(x->failing[k].code, code) == 0)
            return true;
    return false;
}

static hcb_status try_package(hcb__explanation *x) {
    const hcb__package *p = &x->model->packages[x->package];
    hcb_status status = try_change(x, band_up, 0, HCB__WHATIF_BAND, false);
    if (status == HCB_OK && p->gender != HCB__ANY)
        status = try_change(x, p->gender_hard ? gender_soft : gender_any, 0, HCB__WHATIF_PREFERENCE, p->gender_hard);
    if (status == HCB_OK && p->language >= 0)
        status =
            try_change(x, p->language_hard ? language_soft : language_any, 0, HCB__WHATIF_PREFERENCE, p->language_hard);
    for (int32_t n = 0; status == HCB_OK && n < p->n_needs; n++)
        status = try_change(x, drop_need, n, HCB__WHATIF_RULE, true);
    if (status == HCB_OK && p->n_excluded)
        status = try_change(x, drop_excluded, 0, HCB__WHATIF_RULE, true);
    if (status == HCB_OK && p->pinned >= 0)
        status = try_change(x, drop_pin, 0, HCB__WHATIF_RULE, true);
    if (status == HCB_OK && !p->short_visit_agreed && fails_somewhere(x, "short_visit_not_agreed"))
        status = try_change(x, agree_short, 0, HCB__WHATIF_RULE, true);
    int32_t start = next_start(x);
    if (status == HCB_OK && start != HCB__NO_DATE)
        status = try_change(x, start_later, start, HCB__WHATIF_RULE, true);
    return status;
}

/* ---- windows ---- */

static const char *const block_words[HCB__BLOCKS] = {"morning", "lunch", "tea", "bed"};

static int block_of(const hcb__policy *policy, int32_t minute) {
    int block = HCB__BLOCKS - 1;
    for (int b = 0; b < HCB__BLOCKS; b++)
        if (minute >= policy->block_start[b])
            block = b;
    return block;
}

/* By how many minutes a visit's window must be wider to start in the block before or after; -1: there is none that
 * day. */
static int32_t widening(const hcb__policy *policy, const hcb__visit *visit, bool earlier) {
    if (earlier) {
        int32_t from = policy->block_start[block_of(policy, visit->start)];
        return visit->start < policy->block_start[0] || from == 0 ? -1 : visit->start - from + 1;
    }
    int32_t next = -1;
    for (int b = HCB__BLOCKS - 1; b >= 0; b--)
        if (policy->block_start[b] > visit->start)
            next = policy->block_start[b];
    int32_t late = next + visit->minutes - visit->end;
    return next < 0 || next + visit->minutes > 24 * 60 ? -1 : late > 0 ? late : 0;
}

/* n: block x 2, + 1 when later. */
static void move_window(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    const hcb__policy *policy = x->model->policy;
    hcb__package *p = v->package;
    int from = (int)(n / 2), to = -1;
    bool earlier = n % 2 == 0;
    int32_t most = -1;
    for (int32_t i = p->first_visit; i < p->first_visit + p->n_visits; i++) {
        const hcb__visit *visit = &x->model->visits[i];
        if (visit->block != from)
            continue;
        int32_t m = widening(policy, visit, earlier);
        int goes = block_of(policy, earlier ? visit->start - m : policy->block_start[(from + 1) % HCB__BLOCKS]);
        if (m < 0 || m > WIDEST_MIN || (to >= 0 && goes != to))
            return;
        to = goes;
        most = m > most ? m : most;
    }
    if (to < 0 || to == from)
        return;
    p->block_minutes[to] += p->block_minutes[from];
    p->block_carer_visits[to] += p->block_carer_visits[from];
    p->block_minutes[from] = p->block_carer_visits[from] = 0;
    if (most > 0)
        hcb__text_printf(what, "%s visits counted as %s: windows wider by %d minutes", block_words[from],
                         block_words[to], most);
    else
        hcb__text_printf(what, "%s visits given late in their windows, counted as %s", block_words[from],
                         block_words[to]);
}

/* Blocks whose rows are short at a provider that may take the package. */
static void binding_blocks(const hcb__explanation *x, bool binds[HCB__BLOCKS]) {
    const hcb__engine_problem *e = &x->problem->engine;
    for (int64_t c = e->pair_start[x->item]; c < e->pair_start[x->item + 1]; c++)
        for (int64_t u = e->use_start[c]; u < e->use_start[c + 1]; u++) {
            const hcb__alloc_row *row = &x->problem->rows[e->use_row[u]];
            const char *word = strrchr(row->name, '/');
            for (int b = 0; b < HCB__BLOCKS && strncmp(row->name, "block/", 6) == 0; b++)
                if (strcmp(word + 1, block_words[b]) == 0 &&
                    x->loads[e->use_row[u]] + e->use_weight[u] > e->row_limit[e->use_row[u]])
                    binds[b] = true;
        }
}

static hcb_status try_windows(hcb__explanation *x) {
    bool binds[HCB__BLOCKS] = {false};
    binding_blocks(x, binds);
    hcb_status status = HCB_OK;
    for (int64_t n = 0; n < 2 * (int64_t)HCB__BLOCKS && status == HCB_OK; n++)
        if (binds[n / 2])
            status = try_change(x, move_window, n, HCB__WHATIF_WINDOW, false);
    return status;
}

/* ---- providers of neighbouring zones ---- */

static bool near_segment(hcb__point p, hcb__point a, hcb__point b) {
    double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    double t = length > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    double ex = a.x + t * dx - p.x, ey = a.y + t * dy - p.y;
    return ex * ex + ey * ey <= TOUCH_M * TOUCH_M;
}

static bool corners_touch(const hcb__polygon *a, const hcb__polygon *b) {
    for (int32_t i = 0; i < a->n_points; i++) {
        hcb__point p = a->points[i];
        if (p.x < b->min_x - TOUCH_M || p.x > b->max_x + TOUCH_M || p.y < b->min_y - TOUCH_M ||
            p.y > b->max_y + TOUCH_M)
            continue;
        for (int32_t r = 0; r < b->n_rings; r++)
            for (int32_t j = b->ring_start[r]; j + 1 < b->ring_start[r + 1]; j++)
                if (near_segment(p, b->points[j], b->points[j + 1]))
                    return true;
    }
    return false;
}

static bool zones_touch(const hcb__zone_set *set, int32_t a, int32_t b) {
    return corners_touch(&set->zones[a].polygon, &set->zones[b].polygon) ||
           corners_touch(&set->zones[b].polygon, &set->zones[a].polygon);
}

/* A provider's coverage of the first zone that touches the package's, which it does not cover; NULL. */
static const hcb__coverage *next_door(const hcb__explanation *x, int32_t provider, const bool *touches) {
    const hcb__provider *k = &x->model->providers[provider];
    const hcb__coverage *found = NULL;
    for (int32_t c = k->first_coverage; c < k->first_coverage + k->n_coverage; c++) {
        const hcb__coverage *row = &x->model->coverage[c];
        if (row->zone == x->model->packages[x->package].zone)
            return NULL;
        if (!found && touches[row->zone] && x->model->policy->tier_rank[row->tier] >= 0)
            found = row;
    }
    return found;
}

/* n: the provider's row of the zone next door. */
static void cover_zone(variant *v, const hcb__explanation *x, hcb__text *what, int64_t n) {
    hcb__coverage row = x->model->coverage[n];
    hcb__provider *k = &v->model.providers[row.provider];
    const hcb__zone *zones = x->model->zones->zones;
    hcb__text_printf(what, "%s also covers zone %s (today zone %s next to it) as %s", k->id, zones[v->package->zone].id,
                     zones[row.zone].id, hcb__tier_words[row.tier]);
    row.zone = v->package->zone;
    row.capacity = -1;
    int32_t at = k->first_coverage;
    while (at < k->first_coverage + k->n_coverage && v->model.coverage[at].zone < row.zone)
        at++;
    memmove(v->model.coverage + at + 1, v->model.coverage + at,
            (size_t)(v->model.n_coverage - at) * sizeof *v->model.coverage);
    v->model.coverage[at] = row;
    v->model.n_coverage++;
    k->n_coverage++;
    for (int32_t other = row.provider + 1; other < v->model.n_providers; other++)
        v->model.providers[other].first_coverage++;
}

/* Carer minutes that a provider serves in the plan, all zones. */
static int64_t minutes_served(const hcb__explanation *x, int32_t provider) {
    int64_t sum = 0;
    for (int32_t q = 0; q < x->model->n_packages + x->model->n_placements; q++)
        if (x->provider_of[q] == provider)
            sum += x->model->packages[q].carer_minutes;
    return sum;
}

typedef struct neighbour {
    int64_t seconds, row;
} neighbour;

static hcb_status try_neighbours(hcb__explanation *x) {
    const hcb__model *m = x->model;
    int32_t zone = m->packages[x->package].zone;
    bool *touches = hcb__calloc(&x->ctx->mem, (size_t)m->zones->n_zones, sizeof *touches);
    if (!touches)
        return hcb__nomem(x->ctx);
    for (int32_t z = 0; z < m->zones->n_zones; z++)
        touches[z] = z != zone && zones_touch(m->zones, zone, z);
    /* The nearest that have room; the others could not take the package either. */
    neighbour list[MOST_NEIGHBOURS];
    int n = 0;
    for (int32_t k = 0; k < m->n_providers; k++) {
        const hcb__coverage *row = next_door(x, k, touches);
        if (!row || strcmp(x->failing[k].code, "zone_not_covered") != 0 ||
            minutes_served(x, k) + m->packages[x->package].carer_minutes > m->providers[k].capacity)
            continue;
        neighbour found = {hcb__travel_seconds(x->problem->travel, x->package, k, NULL), row - m->coverage};
        int at = n < MOST_NEIGHBOURS ? n++ : MOST_NEIGHBOURS;
        while (at > 0 && list[at - 1].seconds > found.seconds) {
            if (at < MOST_NEIGHBOURS)
                list[at] = list[at - 1];
            at--;
        }
        if (at < MOST_NEIGHBOURS)
            list[at] = found;
    }
    hcb__free(&x->ctx->mem, touches);
    hcb_status status = HCB_OK;
    for (int i = 0; i < n && status == HCB_OK; i++)
        status = try_change(x, cover_zone, list[i].row, HCB__WHATIF_ZONE, false);
    return status;
}

/* ---- raised limits, which are solved already ---- */

static hcb_status add_remedies(hcb__explanation *x) {
    for (int32_t r = 0; r < x->n_remedies; r++) {
        const hcb__remedy *remedy = &x->remedies[r];
        bool hours = true;
        hcb__text what;
        hcb__text_init(&what, &x->ctx->mem);
        for (int32_t k = 0; k < remedy->n_raises; k++) {
            hcb__text_puts(&what, k ? " and " : "");
            hcb__explain_raise_words(&what, x, &remedy->raises[k]);
            hours = hours && strncmp(x->problem->rows[remedy->raises[k].row].name, "hours/", 6) == 0;
        }
        bool ok =
            hcb__explain_add_whatif(x, hours ? HCB__WHATIF_HOURS : HCB__WHATIF_LIMIT, false, &what, &remedy->effect);
        hcb__text_free(&what);
        if (!ok)
            return hcb__nomem(x->ctx);
    }
    return HCB_OK;
}

hcb_status hcb__explain_whatifs(hcb__explanation *x) {
    hcb_status status = add_remedies(x);
    if (status == HCB_OK)
        status = try_package(x);
    if (status == HCB_OK)
        status = try_windows(x);
    if (status == HCB_OK)
        status = try_neighbours(x);
    return status;
}
