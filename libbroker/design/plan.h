/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan of zones being improved: what every rule and every level of the objective says about it follows each unit that
 * moves. All figures are whole numbers, so they are what adding up anew would give. */
#ifndef HCB_DESIGN_PLAN_H
#define HCB_DESIGN_PLAN_H

#include "base/rng.h"
#include "design/graph.h"

/* The figure of a zone from its sums: [n_attributes]. */
typedef int64_t (*hcb__zone_figure)(const int64_t *sums, int32_t zone, const void *payload);

enum {
    HCB__LEVEL_LINEAR, /* sum over units of what the unit costs in its zone */
    HCB__LEVEL_CUT,    /* sum over edges between zones of their lengths */
    HCB__LEVEL_ZONES,  /* sum over zones of a figure */
    HCB__LEVEL_WORST,  /* the largest figure of a zone */
    HCB__LEVEL_SPLITS  /* pairs of place and zone beyond the first of each place */
};

typedef struct hcb__map_level {
    const char *name;
    int32_t kind;
    const int64_t *cost;   /* LINEAR: [n][k] */
    const int64_t *length; /* CUT: [n_edges]; NULL: 1 each */
    hcb__zone_figure figure;
    const void *payload;
    const int32_t *place; /* SPLITS: [n], -1: none */
    int32_t n_places;
    int64_t cap; /* no plan may have more; INT64_MAX: no limit */
    /* What proofs may use. ZONES: figures of `floor` instead of `payload` are no higher, and two zones put together
     * have at least those that they have apart, less `slack` for rounding; or the figure is the distance of the first
     * attribute from `target` [k]. WORST: at least this level x mean_scale / mean_total. */
    bool grows;
    const void *floor;
    int64_t slack;
    const int64_t *target;
    int32_t mean_of;
    int64_t mean_scale, mean_total;
} hcb__map_level;

typedef struct hcb__map_problem {
    const hcb__graph *graph;
    int32_t k, n_attributes, n_levels;
    const int64_t *attribute;  /* [n_attributes][n] */
    const int64_t *low, *high; /* [n_attributes][k] bounds of the sums of a zone */
    const int32_t *fixed;      /* [n] the zone a unit stays in, -1: any */
    const int32_t *block;      /* [n] units with the same number move together */
    const int32_t *parts;      /* [k] most parts of each zone */
    const hcb__map_level *levels;
    int32_t least_zones, most_zones; /* that have units, where the number is free; 0, 0: all have */
} hcb__map_problem;

static inline bool hcb__map_number_free(const hcb__map_problem *p) {
    return p->most_zones > 0;
}
/* Whether so many zones with units are legal. */
static inline bool hcb__map_number_fits(const hcb__map_problem *p, int32_t n_open) {
    return hcb__map_number_free(p) ? n_open >= p->least_zones && n_open <= p->most_zones : n_open == p->k;
}

typedef struct hcb__map_plan {
    const hcb__map_problem *p;
    hcb__arena arena;
    int32_t *zone;      /* [n] */
    int32_t *n_units;   /* [k] */
    int32_t n_open;     /* zones with units */
    int64_t *sums;      /* [k][n_attributes] */
    int64_t *value;     /* [n_levels] */
    int64_t *figure;    /* [n_levels][k] */
    int64_t *short_of;  /* [k] by how much its sums miss their bounds */
    int64_t missing;    /* sum of them: 0 when all bounds hold */
    int32_t **places;   /* [n_levels] */
    int32_t *next_mate; /* [n] the next unit of its block, in a ring */
    int64_t *stamp;     /* [n] */
    int64_t turn;
    int32_t *queue;              /* [n] */
    int32_t *trail, *trail_zone; /* moves to take back */
    int32_t n_trail, trail_size;
} hcb__map_plan;

/* A plan with the zones given (copied). False when memory is out. */
bool hcb__map_plan_create(hcb__map_plan **out, const hcb_allocator *mem, const hcb__map_problem *problem,
                          const int32_t *zone);
void hcb__map_plan_free(hcb__map_plan *plan);
/* Puts every unit where `zone` says. */
void hcb__map_plan_set(hcb__map_plan *plan, const int32_t *zone);

/* Moves a unit with its block and notes it on the trail; false, with nothing changed, when a unit of it is fixed, or a
 * zone would be left empty or in more parts than it may have. */
bool hcb__map_move(hcb__map_plan *plan, int32_t unit, int32_t to);
/* Moves one unit, whatever comes of it, and notes it on the trail. */
void hcb__map_put(hcb__map_plan *plan, int32_t unit, int32_t to);
/* Figures of the zones that the trail touched. */
void hcb__map_refresh(hcb__map_plan *plan);
/* All units of zone a to zone b, on the trail; false, with nothing changed, when one of them may not go there. */
bool hcb__map_merge(hcb__map_plan *plan, int32_t a, int32_t b);
/* Takes back everything on the trail; forgets it. */
void hcb__map_undo(hcb__map_plan *plan);
static inline void hcb__map_keep(hcb__map_plan *plan) {
    plan->n_trail = 0;
}

/* Parts of a zone now. */
int32_t hcb__map_parts(hcb__map_plan *plan, int32_t zone);

/* Two touching zones joined and cut apart again along a uniform random spanning tree (Wilson's algorithm), where both
 * sides keep their bounds; one such cut by lot. The moves are on the trail. False: there was none. */
typedef struct hcb__recombiner hcb__recombiner;
bool hcb__recombiner_create(hcb__recombiner **out, const hcb_allocator *mem, const hcb__map_problem *problem);
void hcb__recombiner_free(hcb__recombiner *recombiner);
bool hcb__recombine(hcb__recombiner *recombiner, hcb__map_plan *plan, hcb__rng *rng, int32_t a, int32_t b);

/* Merges and splits zones until `want` have units, missing bounds as little as it can; `zone` [n] is changed. *found:
 * there are so many now. False when memory is out. */
bool hcb__map_renumber(int32_t *zone, bool *found, const hcb_allocator *mem, const hcb__map_problem *problem,
                       int32_t want, hcb__rng *rng);

#endif
