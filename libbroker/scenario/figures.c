/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/arith.h"
#include "scenario/changes_apply.h"
#include "scenario/run.h"

enum { BP = 10000, HOUR = 60, HALF = 5000, SHORT_VISIT = 30 };

const hcb__figure hcb__total_figures[HCB__TOTALS] = {
    [HCB__T_PEOPLE] = {"people", "people", "people", HCB__COUNT, -1, 0, 1},
    [HCB__T_SERVED] = {"people_served", "people", "  served", HCB__COUNT, -1, 0, 1},
    [HCB__T_WAITING] = {"people_waiting", "people", "  left waiting", HCB__COUNT, -1, 0, 1},
    [HCB__T_OFFERED] = {"packages_offered", "people", "packages offered in this run", HCB__COUNT, -1, 0, 1},
    [HCB__T_MOVED] = {"people_moved", "people", "people who change provider", HCB__COUNT, -1, 0, 1},
    [HCB__T_MINUTES] = {"carer_minutes_served", "minutes a week", "hours served a week", HCB__SUM, HCB__T_SERVED, 0,
                        60},
    [HCB__T_MINUTES_WAITING] = {"carer_minutes_waiting", "minutes a week", "hours left waiting a week", HCB__SUM,
                                HCB__T_WAITING, 0, 60},
    [HCB__T_WAIT_DAYS] = {"waiting_days_mean", "tenths of a day", "days waited so far, mean of those left", HCB__RATIO,
                          HCB__T_WAITING, 1, 1},
    [HCB__T_COST] = {"weekly_cost_pence", "pence a week", "cost, pounds a week", HCB__SUM, HCB__T_SERVED, 0, 100},
    [HCB__T_PRICE] = {"price_pence_per_hour", "pence an hour", "mean price, pounds an hour", HCB__RATIO, HCB__T_SERVED,
                      2, 1},
    [HCB__T_TRAVEL] = {"travel_minutes", "minutes a week", "travel, hours a week", HCB__SUM, HCB__T_SERVED, 0, 60},
    [HCB__T_TRAVEL_HOUR] = {"travel_per_contact_hour", "hundredths of a minute", "travel, minutes in a contact hour",
                            HCB__RATIO, HCB__T_SERVED, 2, 1},
    [HCB__T_PROVIDERS] = {"providers_serving", "providers", "providers who serve somebody", HCB__COUNT_OPEN, -1, 0, 1},
    [HCB__T_MONITORED] = {"providers_monitored", "providers", "providers the council monitors", HCB__COUNT_OPEN, -1, 0,
                          1},
    [HCB__T_PAIRS] = {"provider_zone_pairs", "pairs", "providers, summed over the zones", HCB__COUNT_OPEN, -1, 0, 1},
    [HCB__T_UNVIABLE] = {"providers_below_viable", "providers", "providers under the hours they need", HCB__COUNT_OPEN,
                         -1, 0, 1},
    [HCB__T_USED] = {"capacity_used", "hundredths of a percent", "capacity in use, %", HCB__RATIO, HCB__T_SERVED, 1,
                     10},
    [HCB__T_HHI] = {"hhi_hours", "points of 10000", "concentration of hours, county (HHI)", HCB__RATIO, HCB__T_SERVED,
                    0, 1},
    [HCB__T_HHI_ZONES] = {"hhi_hours_zones", "points of 10000", "concentration in a zone, mean (HHI)", HCB__RATIO,
                          HCB__T_SERVED, 0, 1},
    [HCB__T_LARGEST] = {"largest_share", "hundredths of a percent", "largest provider's share of hours, %", HCB__RATIO,
                        HCB__T_SERVED, 1, 10},
    [HCB__T_DOMINATED] = {"zones_over_half", "zones", "zones where one provider has over half", HCB__COUNT_OPEN, -1, 0,
                          1},
    [HCB__T_PRIME] = {"prime_share", "hundredths of a percent", "share of hours with primes or leads, %", HCB__RATIO,
                      HCB__T_SERVED, 1, 10},
    [HCB__T_QUALITY] = {"quality_mean", "hundredths of a point", "quality score, mean over hours", HCB__RATIO,
                        HCB__T_SERVED, 1, 10},
    [HCB__T_LOSS] = {"people_below_cost", "people", "served at a price below their cost", HCB__COUNT, -1, 0, 1},
    [HCB__T_HARD] = {"unattractive_offered", "people", "unattractive packages offered", HCB__COUNT, -1, 0, 1},
    [HCB__T_HARD_WAITING] = {"unattractive_waiting", "people", "  of them left waiting", HCB__COUNT, -1, 0, 1},
    [HCB__T_HARD_LEFT] = {"unattractive_left_share", "hundredths of a percent", "  share left waiting, %", HCB__RATIO,
                          HCB__T_HARD_WAITING, 1, 10},
    [HCB__T_OTHER_LEFT] = {"other_left_share", "hundredths of a percent", "  the same share of all others, %",
                           HCB__RATIO, HCB__T_HARD_WAITING, 1, 10},
    [HCB__T_RURAL_WAITING] = {"rural_waiting", "people", "  rural or isolated, left waiting", HCB__COUNT, -1, 0, 1},
    [HCB__T_BRIEF_WAITING] = {"short_waiting", "people", "  with a visit under 30 min, waiting", HCB__COUNT, -1, 0, 1},
    [HCB__T_DOUBLE_WAITING] = {"double_handed_waiting", "people", "  double-handed, left waiting", HCB__COUNT, -1, 0,
                               1},
};

const hcb__figure hcb__zone_figures[HCB__ZONE_FIGURES] = {
    [HCB__Z_SERVED] = {"people_served", "people", "served", HCB__COUNT, -1, 0, 1},
    [HCB__Z_WAITING] = {"people_waiting", "people", "waiting", HCB__COUNT, -1, 0, 1},
    [HCB__Z_MINUTES] = {"carer_minutes_served", "minutes a week", "hours", HCB__SUM, HCB__Z_SERVED, 0, 60},
    [HCB__Z_MINUTES_WAITING] = {"carer_minutes_waiting", "minutes a week", "hours waiting", HCB__SUM, HCB__Z_WAITING, 0,
                                60},
    [HCB__Z_COST] = {"weekly_cost_pence", "pence a week", "pounds a week", HCB__SUM, HCB__Z_SERVED, 0, 100},
    [HCB__Z_PRICE] = {"price_pence_per_hour", "pence an hour", "pounds an hour", HCB__RATIO, HCB__Z_SERVED, 2, 1},
    [HCB__Z_TRAVEL] = {"travel_minutes", "minutes a week", "travel hours", HCB__SUM, HCB__Z_SERVED, 0, 60},
    [HCB__Z_PROVIDERS] = {"providers_serving", "providers", "providers", HCB__COUNT_OPEN, -1, 0, 1},
    [HCB__Z_HHI] = {"hhi_hours", "points of 10000", "HHI", HCB__RATIO, HCB__Z_SERVED, 0, 1},
    [HCB__Z_HARD_WAITING] = {"unattractive_waiting", "people", "unattractive waiting", HCB__COUNT, -1, 0, 1},
    [HCB__Z_AREA] = {"area_m2", "square metres", "square km", HCB__COUNT_OPEN, -1, 0, 1000000},
};

const hcb__figure hcb__provider_figures[HCB__PROVIDER_FIGURES] = {
    [HCB__P_SERVED] = {"people_served", "people", "served", HCB__COUNT, -1, 0, 1},
    [HCB__P_MINUTES] = {"carer_minutes_served", "minutes a week", "hours", HCB__SUM, HCB__P_SERVED, 0, 60},
    [HCB__P_COST] = {"weekly_cost_pence", "pence a week", "pounds a week", HCB__SUM, HCB__P_SERVED, 0, 100},
    [HCB__P_TRAVEL] = {"travel_minutes", "minutes a week", "travel hours", HCB__SUM, HCB__P_SERVED, 0, 60},
    [HCB__P_CAPACITY] = {"capacity_minutes", "minutes a week", "capacity", HCB__COUNT_OPEN, -1, 0, 60},
    [HCB__P_USED] = {"capacity_used", "hundredths of a percent", "in use %", HCB__RATIO, HCB__P_SERVED, 1, 10},
    [HCB__P_ZONES] = {"zones_served", "zones", "zones", HCB__COUNT_OPEN, -1, 0, 1},
};

typedef struct sums {
    hcb__outcome *o;
    int64_t *minutes; /* [provider * n_zones + zone] */
    __int128 quality;
    int64_t days, dated, prime, other, seconds;
} sums;

/* a x scale / b rounded half up; nothing to divide by: HCB__NO_FIGURE. */
static int64_t ratio(__int128 a, int64_t scale, int64_t b) {
    return b > 0 ? (int64_t)((2 * a * scale + b) / (2 * (__int128)b)) : HCB__NO_FIGURE;
}

static void add_served(sums *s, const hcb__person_row *p, const hcb__package *of) {
    hcb__outcome *o = s->o;
    const hcb__model *m = o->model;
    int64_t *zone = o->zone[p->zone], *provider = o->provider[p->provider];
    o->total[HCB__T_SERVED]++;
    o->total[HCB__T_MINUTES] += p->carer_minutes;
    o->total[HCB__T_COST] += p->pence;
    o->total[HCB__T_MOVED] += of->placed && p->before != p->provider;
    s->seconds += p->seconds;
    zone[HCB__Z_SERVED]++;
    zone[HCB__Z_MINUTES] += p->carer_minutes;
    zone[HCB__Z_COST] += p->pence;
    zone[HCB__Z_TRAVEL] += p->seconds; /* minutes in the end */
    provider[HCB__P_SERVED]++;
    provider[HCB__P_MINUTES] += p->carer_minutes;
    provider[HCB__P_COST] += p->pence;
    provider[HCB__P_TRAVEL] += p->seconds;
    s->minutes[(int64_t)p->provider * o->n_zones + p->zone] += p->carer_minutes;
    const hcb__coverage *c = hcb__model_coverage(m, p->provider, p->zone);
    s->prime += c && c->tier == HCB__PRIME ? p->carer_minutes : 0;
    s->quality += (__int128)hcb__model_quality(m, p->provider) * p->carer_minutes;
    int64_t a_visit = of->carer_visits ? p->seconds / of->carer_visits : 0;
    o->total[HCB__T_LOSS] += hcb__below_cost(m, &o->scenario->costs, (int32_t)(of - m->packages), p->provider, a_visit);
}

static void add_waiting(sums *s, const hcb__person_row *p, const hcb__package *of) {
    hcb__outcome *o = s->o;
    bool hard = p->rural || p->brief || p->double_handed;
    o->total[HCB__T_WAITING]++;
    o->total[HCB__T_MINUTES_WAITING] += p->carer_minutes;
    o->total[HCB__T_HARD_WAITING] += hard;
    o->total[HCB__T_RURAL_WAITING] += p->rural;
    o->total[HCB__T_BRIEF_WAITING] += p->brief;
    o->total[HCB__T_DOUBLE_WAITING] += p->double_handed;
    o->zone[p->zone][HCB__Z_WAITING]++;
    o->zone[p->zone][HCB__Z_MINUTES_WAITING] += p->carer_minutes;
    o->zone[p->zone][HCB__Z_HARD_WAITING] += hard;
    if (of->received != HCB__NO_DATE && of->received <= o->model->as_of) {
        s->dated++;
        s->days += o->model->as_of - of->received;
    }
}

static void add_person(sums *s, const hcb__person_row *p, const hcb__package *of) {
    s->o->total[HCB__T_PEOPLE]++;
    s->o->total[HCB__T_OFFERED] += p->offered;
    bool hard = p->rural || p->brief || p->double_handed;
    s->o->total[HCB__T_HARD] += p->offered && hard;
    s->other += p->offered && !hard;
    if (p->provider >= 0)
        add_served(s, p, of);
    else
        add_waiting(s, p, of);
}

/* Sum of squared shares, of 10,000. */
static int64_t concentration(const int64_t *minutes, int32_t n, int32_t step, int64_t all) {
    __int128 squares = 0;
    for (int32_t i = 0; i < n; i++)
        squares += (__int128)minutes[(int64_t)i * step] * minutes[(int64_t)i * step];
    if (all <= 0)
        return HCB__NO_FIGURE;
    __int128 whole = (__int128)all * all;
    return (int64_t)((2 * squares * BP + whole) / (2 * whole));
}

static void finish_zones(sums *s) {
    hcb__outcome *o = s->o;
    __int128 weighted = 0;
    for (int32_t z = 0; z < o->n_zones; z++) {
        int64_t *f = o->zone[z], largest = 0;
        for (int32_t k = 0; k < o->n_providers; k++) {
            int64_t minutes = s->minutes[(int64_t)k * o->n_zones + z];
            f[HCB__Z_PROVIDERS] += minutes > 0;
            o->provider[k][HCB__P_ZONES] += minutes > 0;
            largest = minutes > largest ? minutes : largest;
        }
        f[HCB__Z_HHI] = concentration(s->minutes + z, o->n_providers, o->n_zones, f[HCB__Z_MINUTES]);
        weighted += f[HCB__Z_HHI] == HCB__NO_FIGURE ? 0 : (__int128)f[HCB__Z_HHI] * f[HCB__Z_MINUTES];
        o->total[HCB__T_PAIRS] += f[HCB__Z_PROVIDERS];
        o->total[HCB__T_DOMINATED] += (__int128)largest * BP > (__int128)f[HCB__Z_MINUTES] * HALF;
        f[HCB__Z_PRICE] = ratio(f[HCB__Z_COST], HOUR, f[HCB__Z_MINUTES]);
        f[HCB__Z_TRAVEL] = hcb__round_div(f[HCB__Z_TRAVEL], HOUR);
        f[HCB__Z_AREA] = (int64_t)llround(hcb__polygon_area(&o->model->zones->zones[z].polygon));
    }
    o->total[HCB__T_HHI_ZONES] = ratio(weighted, 1, o->total[HCB__T_MINUTES]);
}

static bool is_monitored(const hcb__outcome *o, int32_t k) {
    const hcb__provider *p = &o->model->providers[k];
    if (!o->scenario->lots.given)
        return o->provider[k][HCB__P_SERVED] > 0;
    /* Subcontractors are their lead's to watch over. */
    for (int32_t i = p->first_coverage; i < p->first_coverage + p->n_coverage; i++)
        if (o->model->coverage[i].tier == HCB__PRIME)
            return true;
    return false;
}

static bool finish_providers(sums *s, const hcb_allocator *mem) {
    hcb__outcome *o = s->o;
    int64_t *minutes = hcb__calloc(mem, (size_t)o->n_providers, sizeof *minutes), capacity = 0, largest = 0;
    if (!minutes)
        return false;
    for (int32_t k = 0; k < o->n_providers; k++) {
        const hcb__provider *p = &o->model->providers[k];
        int64_t *f = o->provider[k];
        minutes[k] = f[HCB__P_MINUTES];
        largest = minutes[k] > largest ? minutes[k] : largest;
        capacity += p->active ? p->capacity : 0;
        f[HCB__P_CAPACITY] = p->active ? p->capacity : 0;
        f[HCB__P_USED] = ratio(f[HCB__P_MINUTES], BP, f[HCB__P_CAPACITY]);
        f[HCB__P_TRAVEL] = hcb__round_div(f[HCB__P_TRAVEL], HOUR);
        o->total[HCB__T_PROVIDERS] += f[HCB__P_SERVED] > 0;
        o->total[HCB__T_MONITORED] += is_monitored(o, k);
        o->total[HCB__T_UNVIABLE] += f[HCB__P_SERVED] > 0 && minutes[k] < p->viable_minutes;
    }
    int64_t all = o->total[HCB__T_MINUTES];
    o->total[HCB__T_HHI] = concentration(minutes, o->n_providers, 1, all);
    o->total[HCB__T_LARGEST] = ratio(largest, BP, all);
    o->total[HCB__T_USED] = ratio(all, BP, capacity);
    hcb__free(mem, minutes);
    return true;
}

static void finish_totals(sums *s) {
    int64_t *t = s->o->total;
    t[HCB__T_TRAVEL] = hcb__round_div(s->seconds, HOUR);
    t[HCB__T_PRICE] = ratio(t[HCB__T_COST], HOUR, t[HCB__T_MINUTES]);
    t[HCB__T_TRAVEL_HOUR] = ratio(s->seconds, 100, t[HCB__T_MINUTES]); /* seconds a minute = minutes an hour */
    t[HCB__T_WAIT_DAYS] = ratio(s->days, 10, s->dated);
    t[HCB__T_PRIME] = ratio(s->prime, BP, t[HCB__T_MINUTES]);
    t[HCB__T_QUALITY] = ratio(s->quality, 100, t[HCB__T_MINUTES]);
    t[HCB__T_HARD_LEFT] = ratio(t[HCB__T_HARD_WAITING], BP, t[HCB__T_HARD]);
    t[HCB__T_OTHER_LEFT] = ratio(t[HCB__T_WAITING] - t[HCB__T_HARD_WAITING], BP, s->other);
}

/* What a plan does with every person, by id. */
static bool list_people(hcb__outcome *o, const hcb_allocation *plan, const hcb__package **of) {
    const hcb__alloc_problem *problem = plan->problem;
    const hcb__model *m = o->model;
    int32_t fixed = m->n_packages, item = 0, n = 0, end = m->n_packages + m->n_placements;
    while (item < problem->n_items || n < o->n_people) {
        /* Items are sorted by id, and so are the fixed placements: merge them. */
        while (fixed < end && !hcb__is_fixed(problem, &m->packages[fixed]))
            fixed++;
        bool items_turn =
            fixed >= end || (item < problem->n_items &&
                             hcb__compare_ids(m->packages[problem->package[item]].id, m->packages[fixed].id) < 0);
        int32_t q = items_turn ? problem->package[item] : fixed++;
        const hcb__package *p = of[n] = &m->packages[q];
        hcb__person_row *row = &o->people[n++];
        *row = (hcb__person_row){.id = p->id,
                                 .zone = p->zone,
                                 .band = p->band,
                                 .provider = -1,
                                 .before = p->provider,
                                 .carer_minutes = p->carer_minutes,
                                 .rural = p->band == HCB__RURAL || p->band == HCB__ISOLATED,
                                 .brief = p->shortest_visit<SHORT_VISIT, .double_handed = p->most_carers> 1,
                                 .offered = items_turn};
        hcb__choice today;
        const hcb__choice *c = &today;
        if (!items_turn)
            hcb__choice_today(problem, q, &today);
        else if (plan->bin[item] != HCB__WAITS)
            c = &problem->choices[hcb__alloc_pair(problem, item, plan->bin[item])];
        else
            c = NULL;
        item += items_turn;
        if (!c)
            continue;
        row->provider = c->provider;
        row->pence = c->weekly_pence;
        row->seconds = p->carer_visits * c->seconds;
    }
    return true;
}

hcb_status hcb__outcome_figures(hcb__outcome *o, hcb_context *ctx, const hcb_allocation *plan) {
    const hcb__model *m = o->model;
    o->n_people = m->n_packages + m->n_placements;
    o->n_zones = m->zones->n_zones;
    o->n_providers = m->n_providers;
    o->people = hcb__arena_alloc(&o->arena, (size_t)o->n_people, sizeof *o->people);
    o->zone = hcb__arena_alloc(&o->arena, (size_t)o->n_zones, sizeof *o->zone);
    o->provider = hcb__arena_alloc(&o->arena, (size_t)o->n_providers, sizeof *o->provider);
    sums s = {.o = o};
    s.minutes = hcb__calloc(&ctx->mem, (size_t)o->n_providers * (size_t)o->n_zones, sizeof *s.minutes);
    const hcb__package **of = hcb__calloc(&ctx->mem, (size_t)o->n_people, sizeof *of);
    bool ok = o->people && o->zone && o->provider && s.minutes && of && list_people(o, plan, of);
    for (int32_t i = 0; ok && i < o->n_people; i++)
        add_person(&s, &o->people[i], of[i]);
    if (ok) {
        finish_zones(&s);
        ok = finish_providers(&s, &ctx->mem);
    }
    if (ok)
        finish_totals(&s);
    hcb__free(&ctx->mem, of);
    hcb__free(&ctx->mem, s.minutes);
    return ok ? HCB_OK : hcb__nomem(ctx);
}
