/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a new map must keep, and what it should be good at: design.yaml (docs/zone-design.md). */
#ifndef HCB_DESIGN_RULES_H
#define HCB_DESIGN_RULES_H

#include "design/demand.h"
#include "design/graph.h"
#include "model/model.h"

enum {
    HCB__RULE_CONNECTED, /* at most `high` parts */
    HCB__RULE_HOURS,     /* carer minutes a week */
    HCB__RULE_PEOPLE,    /* tenths of people aged 65 and over */
    HCB__RULE_MIX,       /* percent of the carer minutes that are rural or isolated */
    HCB__RULE_TOGETHER,  /* areas in one zone */
    HCB__RULE_FIXED,     /* areas in a named zone */
    HCB__RULE_FROZEN,    /* a zone keeps exactly its areas */
    HCB__RULE_BARRIER,   /* two areas do not count as neighbours */
    HCB__RULE_MOVED,     /* carer minutes that may change zone */
    HCB__RULE_VIABLE,    /* viable providers of every zone */
    HCB__RULE_ZONES,     /* how many zones; zone_class: of new ones */
    HCB__MAP_RULES
};
extern const char *const hcb__map_rule_words[HCB__MAP_RULES];

typedef struct hcb__map_rule {
    int32_t kind;
    int32_t zone, zone_class; /* -1: all */
    int64_t low, high;        /* -1: no bound */
    bool percent;             /* MOVED: of all minutes, in hundredths of a percent */
    const int32_t *areas;
    int32_t n_areas;
    int64_t line;     /* of design.yaml; 0: not from there */
    const char *text; /* in words */
} hcb__map_rule;

enum {
    HCB__MAP_MOVED_HOURS,
    HCB__MAP_MOVED_PACKAGES,
    HCB__MAP_MOVED_PEOPLE,
    HCB__MAP_TRAVEL,
    HCB__MAP_PRICE,
    HCB__MAP_INERTIA,
    HCB__MAP_CUT_EDGES,
    HCB__MAP_PERIMETER,
    HCB__MAP_BALANCE,
    HCB__MAP_SPLITS,
    HCB__MAP_WORST_TRAVEL,
    HCB__MAP_SNAP, /* border inside places; only with their file */
    HCB__MAP_LEVELS
};
extern const char *const hcb__map_level_words[HCB__MAP_LEVELS];
extern const char *const hcb__map_level_units[HCB__MAP_LEVELS];

typedef struct hcb__map_aim {
    int32_t level;
    int64_t tolerance; /* in the level's unit, or hundredths of a percent */
    bool percent;
} hcb__map_aim;

typedef struct hcb__map_rules {
    hcb__arena arena;
    HCB__VEC(hcb__map_rule) rules;
    hcb__map_aim aims[HCB__MAP_LEVELS];
    int32_t n_aims;
    int32_t *place; /* [areas] of the file to snap to; NULL: none */
    int32_t n_places;
    int32_t phases, start, end; /* of the change-over; days, HCB__NO_DATE */
    hcb_allocator mem;
} hcb__map_rules;

/* Rules of the map itself (connected; hours_min and hours_max of zones.geojson) and those of the file, NULL: none.
 * Every problem of the file is collected. */
HCB_NODISCARD hcb_status hcb__map_rules_read(hcb__map_rules **out, hcb_context *ctx, const hcb__model *model,
                                             const char *path);
/* What holds when there is no file: hours of each zone within 15 % of today's, at most 10 % of all hours moved. */
HCB_NODISCARD hcb_status hcb__map_rules_default(hcb__map_rules *rules, hcb_context *ctx, const hcb__model *model,
                                                const hcb__demand *demand);
void hcb__map_rules_free(hcb__map_rules *rules);

/* Whether a rule is about a zone. */
static inline bool hcb__rule_covers(const hcb__map_rule *rule, const hcb__zone *zones, int32_t zone) {
    return (rule->zone < 0 || rule->zone == zone) &&
           (rule->zone_class < 0 || rule->zone_class == (int32_t)zones[zone].zone_class);
}

#endif
