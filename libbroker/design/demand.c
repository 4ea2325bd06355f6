/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/demand.h"

#include <math.h>

#include "base/arith.h"
#include "model/visits.h"

/* Places of people in a unit: enough of them say on how much of its ground they live. */
typedef struct spread {
    int32_t n;
    double x, y, square; /* about the unit's point */
} spread;

enum { ENOUGH_PEOPLE = 4 };
static const double least_ground = 1e4; /* square metres: a hectare */
static const double near_m = 4000;      /* neighbours, as far as a round may well go */

static void add_visits(hcb__tour_unit *tour, const hcb__model *model, const hcb__package *p) {
    for (int32_t v = p->first_visit; v < p->first_visit + p->n_visits; v++) {
        const hcb__visit *visit = &model->visits[v];
        int64_t week = 1000 * (int64_t)hcb__visit_days(visit);
        tour->visits[visit->block] += week;
        tour->visits[HCB__TOUR_BLOCKS + visit->block] += week * (visit->carers - 1);
    }
}

static void add_package(hcb__demand_unit *u, spread *s, const hcb__area *area, const hcb__package *p, bool waiting) {
    u->packages++;
    u->waiting += waiting;
    u->minutes += p->carer_minutes;
    u->contact += p->contact_minutes;
    u->band_minutes[p->band] += p->carer_minutes;
    double dx = p->point.x - area->point.x, dy = p->point.y - area->point.y;
    s->n++;
    s->x += dx;
    s->y += dy;
    s->square += dx * dx + dy * dy;
}

/* People spread evenly over a square of area a have a variance of a / 6 in all. What they show counts where it is less
 * than the unit itself: a village in its fields. */
static double ground_of(const spread *s, double area) {
    double seen = area;
    if (s->n >= ENOUGH_PEOPLE)
        seen = 6 * (s->square - (s->x * s->x + s->y * s->y) / s->n) / (s->n - 1);
    return fmax(fmin(area, seen), least_ground);
}

static double area_of(const hcb__zone_set *set, int32_t a) {
    const hcb__area *area = &set->areas[a];
    if (area->polygon.n_parts)
        return hcb__polygon_area(&area->polygon);
    if (area->zone < 0)
        return least_ground;
    int32_t alike = 0;
    for (int32_t i = 0; i < set->n_areas; i++)
        alike += set->areas[i].zone == area->zone;
    return hcb__polygon_area(&set->zones[area->zone].polygon) / alike;
}

static void find_reach(hcb__demand *d, const hcb__model *model) {
    for (int32_t k = 0; k < model->n_providers; k++) {
        const hcb__provider *p = &model->providers[k];
        for (int32_t a = 0; a < d->n_units; a++) {
            const hcb__area *area = &model->zones->areas[a];
            bool rural = area->band == HCB__RURAL || area->band == HCB__ISOLATED;
            d->in_reach[(size_t)k * (size_t)d->n_units + (size_t)a] =
                p->active &&
                (p->max_travel_s < 0 ||
                 hcb__crow_seconds(&model->travel, hcb__distance(p->point, area->point), rural) <= p->max_travel_s);
        }
    }
}

static void fill(hcb__demand *d, const hcb__model *model, spread *spreads) {
    const hcb__zone_set *set = model->zones;
    for (int32_t i = 0; i < model->n_packages + model->n_placements; i++) {
        const hcb__package *p = &model->packages[i];
        int32_t a = hcb__locate(set, -1, -1, -1, false, p->point).area;
        d->unit_of[i] = a;
        if (a >= 0) {
            add_package(&d->unit[a], &spreads[a], &set->areas[a], p, i < model->n_packages);
            add_visits(&d->unit[a].tour, model, p);
        } else
            d->elsewhere++;
    }
    double x0 = d->n_units ? set->areas[0].point.x : 0, y0 = d->n_units ? set->areas[0].point.y : 0;
    for (int32_t a = 0; a < d->n_units; a++) {
        int32_t band = set->areas[a].band;
        d->unit[a].tour.cell_m2 = area_of(set, a);
        d->unit[a].tour.area_m2 = ground_of(&spreads[a], d->unit[a].tour.cell_m2);
        d->unit[a].tour.point = (hcb__point){set->areas[a].point.x - x0, set->areas[a].point.y - y0};
        d->unit[a].tour.rural = band == HCB__RURAL || band == HCB__ISOLATED;
    }
    find_reach(d, model);
}

hcb_status hcb__demand_create(hcb__demand **out, const hcb_allocator *mem, const hcb__model *model) {
    *out = NULL;
    hcb__demand *d = hcb__calloc(mem, 1, sizeof *d);
    if (!d)
        return HCB_ENOMEM;
    hcb__arena_init(&d->arena, mem);
    size_t units = (size_t)model->zones->n_areas;
    d->n_units = model->zones->n_areas;
    d->unit = hcb__arena_alloc(&d->arena, units, sizeof *d->unit);
    d->unit_of =
        hcb__arena_alloc(&d->arena, (size_t)model->n_packages + (size_t)model->n_placements, sizeof *d->unit_of);
    d->in_reach = hcb__arena_alloc(&d->arena, (size_t)model->n_providers, units * sizeof *d->in_reach);
    spread *spreads = hcb__calloc(mem, units + 1, sizeof *spreads);
    bool good = d->unit && d->unit_of && d->in_reach && spreads;
    if (good)
        fill(d, model, spreads);
    hcb__free(mem, spreads);
    if (!good) {
        hcb__demand_free(d);
        return HCB_ENOMEM;
    }
    *out = d;
    return HCB_OK;
}

void hcb__demand_free(hcb__demand *demand) {
    if (!demand)
        return;
    hcb_allocator mem = demand->arena.mem;
    hcb__arena_release(&demand->arena);
    hcb__free(&mem, demand);
}

void hcb__sharers(int64_t *sharers, const hcb__demand *demand, const hcb__model *model, const int32_t *zone,
                  int64_t (*pairs)[2]) {
    int32_t first = model->n_packages, last = first + model->n_placements;
    for (int32_t z = 0; z < model->zones->n_zones; z++)
        pairs[z][0] = pairs[z][1] = 0;
    for (int32_t i = first; i < last; i++) {
        const hcb__package *p = &model->packages[i];
        int32_t z = demand->unit_of[i] >= 0 ? zone[demand->unit_of[i]] : -1;
        for (int32_t j = i + 1; z >= 0 && j < last; j++) {
            const hcb__package *q = &model->packages[j];
            if (demand->unit_of[j] < 0 || zone[demand->unit_of[j]] != z || hcb__distance(p->point, q->point) > near_m)
                continue;
            pairs[z][0]++;
            pairs[z][1] += p->provider == q->provider;
        }
    }
    for (int32_t z = 0; z < model->zones->n_zones; z++)
        sharers[z] = pairs[z][1] ? hcb__round_div(1000 * pairs[z][0], pairs[z][1]) : 1000;
}
