/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small map in a folder of its own: two zones side by side near Leicester, on whole hundredths of a degree. */
#ifndef HCB_TEST_ZONE_FIXTURE_H
#define HCB_TEST_ZONE_FIXTURE_H

#include "workspace_files.h"
#include "zones/zones.h"

#define FEATURE(id, cls, more, ring)                                                                                   \
    "{\"type\":\"Feature\",\"properties\":{\"zone_id\":\"" id "\",\"name\":\"Zone " id "\",\"class\":\"" cls "\"" more \
    "},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" ring "]}}"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define WEST "[[-1.2,52.5],[-1.1,52.5],[-1.1,52.6],[-1.2,52.6],[-1.2,52.5]]"
#define EAST "[[-1.1,52.5],[-1.0,52.5],[-1.0,52.6],[-1.1,52.6],[-1.1,52.5]]"
#define TWO_ZONES COLLECTION(FEATURE("02", "large", "", WEST) "," FEATURE("01", "rural_free", "", EAST))

typedef struct zone_fixture {
    hcb_context *ctx;
    test_folder folder;
    hcb__zone_files files;
    hcb__zone_set *set;
} zone_fixture;

static inline zone_fixture zones_begin(void **state) {
    zone_fixture f = {.ctx = *state, .folder = test_folder_make()};
    f.files = (hcb__zone_files){.zones = "zones.geojson", .overlap_error_m = 20};
    test_folder_write(&f.folder, "zones.geojson", TWO_ZONES);
    return f;
}

static inline hcb_status zones_load(zone_fixture *f) {
    hcb__zone_set_free(f->set);
    f->files.folder = f->folder.path;
    if (hcb__begin(f->ctx) != HCB_OK) /* forgets the problems of an earlier load */
        abort();
    return hcb__end(f->ctx, hcb__zone_set_load(&f->set, f->ctx, &f->files));
}

static inline void zones_end(zone_fixture *f) {
    hcb__zone_set_free(f->set);
    test_folder_remove(f->folder.path);
}

/* The first problem of a severity whose text and pointer contain these (NULL: anything). */
static inline const hcb_diagnostic *find_problem(const hcb_context *ctx, int severity, const char *text,
                                                 const char *pointer) {
    for (size_t i = 0; i < hcb_context_diagnostic_count(ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(ctx, i);
        if (d->severity == severity && (!text || strstr(d->message, text)) &&
            (!pointer || strcmp(d->pointer, pointer) == 0))
            return d;
    }
    return NULL;
}

static inline void require_problem(const hcb_context *ctx, int severity, const char *text, const char *pointer) {
    if (find_problem(ctx, severity, text, pointer))
        return;
    print_diagnostics(ctx);
    fail_msg("no such problem: \"%s\" at %s", text ? text : "", pointer ? pointer : "any place");
}

static inline size_t count_problems(const hcb_context *ctx, int severity) {
    size_t n = 0;
    for (size_t i = 0; i < hcb_context_diagnostic_count(ctx); i++)
        n += hcb_context_diagnostic_at(ctx, i)->severity == severity;
    return n;
}

#define ASSERT_ERROR(f, text, pointer) require_problem((f)->ctx, HCB_SEVERITY_ERROR, (text), (pointer))
#define ASSERT_WARNING(f, text, pointer) require_problem((f)->ctx, HCB_SEVERITY_WARNING, (text), (pointer))
#define ASSERT_NO_PROBLEMS(f)                                                                                          \
    do {                                                                                                               \
        if (hcb_context_diagnostic_count((f)->ctx)) {                                                                  \
            print_diagnostics((f)->ctx);                                                                               \
            fail_msg("problems were not expected");                                                                    \
        }                                                                                                              \
    } while (0)

#endif
