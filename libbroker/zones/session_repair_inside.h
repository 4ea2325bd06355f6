/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the repair share: a map under change, and what is wrong with it. */
#ifndef HCB_ZONES_SESSION_REPAIR_INSIDE_H
#define HCB_ZONES_SESSION_REPAIR_INSIDE_H

#include "zones/session_inside.h"
#include "zones/session_repair.h"

/* A part of a zone that has too many, or may. */
typedef struct repair_part {
    int32_t zone, first, size;
    bool pinned; /* holds a unit that is to stay */
} repair_part;

typedef struct repair_step {
    int32_t unit, to;
} repair_step;

typedef struct repair {
    hcb__session *s;
    const hcb__repair_options *o;
    hcb__arena arena;
    int32_t *unit, *to, *from; /* moved so far, those asked for first */
    int32_t n, n_asked;
    bool *pinned;       /* of each unit: asked for, or moved */
    int32_t *forbidden; /* [n_units x n_zones] looked at already, together with what is moved now */
    int32_t *touched;   /* of each zone: units that came or went */
    int64_t *minutes;   /* of each zone */
    int32_t *kept;      /* of each zone: units that it has had all the time */
    int32_t *n_parts;   /* of each zone */
    int32_t *label;     /* of each unit in a touched zone: its part */
    int32_t *depth;     /* of each unit: work room of walks */
    int32_t *before;    /* likewise: whence a walk came */
    int32_t *order;     /* loose parts */
    bool *near;         /* of each zone: work room */
    int32_t way_end;
    repair_part *part; /* of touched zones */
    int32_t total_parts;
    int64_t sum; /* minutes of the further units */
    HCB__VEC(repair_step) steps;
    repair_step *best; /* [n_units] sorted by unit */
    int32_t n_best;    /* -1: none */
    int64_t best_sum, states, most_states;
    bool stopped, no_memory;
} repair;

typedef enum trouble_kind { FINE, GONE, IN_PARTS, ABOVE, BELOW, RULE } trouble_kind;

/* One thing that is wrong, and how many further moves at least it takes to mend all that is wrong. */
typedef struct trouble {
    trouble_kind kind;
    int32_t zone, least;
} trouble;

void hcb__repair_push(repair *r, int32_t unit, int32_t to);
void hcb__repair_pop(repair *r);
/* Looks at the map with `left` more moves to come. */
trouble hcb__repair_look(repair *r, int32_t left);
/* Moves one of which every set of up to `left` further moves that leads to a legal map must hold, onto r->steps. */
void hcb__repair_list(repair *r, const trouble *t, int32_t left);
/* Parts of a zone that has too many, of which one must vanish or be joined to another: r->order[0 .. n). */
int32_t hcb__repair_loose_parts(repair *r, int32_t zone, int32_t left);
/* Units outside the zone on a shortest way from part p to another part of it; -1: more than `most`. The last of them is
 * r->way_end, the others follow by r->before[], down to -1. */
int32_t hcb__repair_way(repair *r, int32_t p, int32_t most);
bool hcb__repair_rule_holds(repair *r);
/* Any repair: what is cut off follows (or only when that is shorter), what is loose is joined, areas are handed on. */
void hcb__repair_dive(repair *r, bool follow);
/* Keeps what is moved now when it is better than the best. */
void hcb__repair_keep(repair *r);

#endif
