/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps of squares to move about on. */
#ifndef HCB_TESTS_SESSION_GRID_H
#define HCB_TESTS_SESSION_GRID_H

#include "geo_shapes.h"
#include "zones/session.h"

/* A zone set without files. */
typedef struct made {
    hcb_context *ctx;
    hcb__arena arena;
    hcb__zone_set set;
    hcb__session *session;
} made;

static inline made make(void **state, int32_t n_areas, int32_t n_zones) {
    made m = {.ctx = *state};
    hcb__arena_init(&m.arena, &m.ctx->mem);
    m.set.n_areas = n_areas;
    m.set.n_zones = n_zones;
    m.set.areas = hcb__arena_alloc(&m.arena, (size_t)n_areas, sizeof *m.set.areas);
    m.set.zones = hcb__arena_alloc(&m.arena, (size_t)n_zones, sizeof *m.set.zones);
    for (int32_t z = 0; z < n_zones; z++)
        m.set.zones[z] = (hcb__zone){.id = "z", .name = "", .hours_min = -1, .hours_max = -1};
    return m;
}

static inline void unmake(made *m) {
    hcb__session_free(m->session);
    hcb__arena_release(&m->arena);
}

/* width x height boxes of 100 m, zones as digits row by row ('.': none), 60 minutes and 10 people each. */
static inline void grid(made *m, void **state, int width, int height, int32_t n_zones, const char *zones) {
    *m = make(state, width * height, n_zones);
    int64_t *minutes = hcb__arena_alloc(&m->arena, (size_t)(width * height), sizeof *minutes);
    for (int i = 0; i < width * height; i++) {
        double x = 450000 + 100 * (i % width), y = 300000 + 100 * (i / width);
        m->set.areas[i] = (hcb__area){.id = "a",
                                      .zone = zones[i] == '.' ? -1 : zones[i] - '0',
                                      .people65 = 10,
                                      .households = -1,
                                      .polygon = shape_box(&m->arena, x, y, x + 100, y + 100)};
        minutes[i] = 60;
    }
    assert_int_equal(hcb__session_create(&m->session, m->ctx, &m->set, minutes), HCB_OK);
}

#endif
