/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/crs.h"

#include <geos_c.h>
#include <math.h>
#include <proj.h>
#include <string.h>

struct hcb__crs {
    hcb_allocator mem;
    PJ_CONTEXT *proj;
    PJ *operation;
    char *name;
    double accuracy_m;
    bool in_degrees;
};

/* PROJ would print to standard error; what it says is put into our messages by its error numbers. */
static void quiet(void *user, int level, const char *message) {
    (void)user;
    (void)level;
    (void)message;
}

/* The best operation between the two whose grids are on this machine, one for all points, so that neighbouring points
 * never go through different operations. NULL when there is none that is more than a ballpark guess. */
static PJ *choose_operation(PJ_CONTEXT *proj, PJ *source, PJ *target) {
    PJ_OPERATION_FACTORY_CONTEXT *factory = proj_create_operation_factory_context(proj, NULL);
    if (!factory)
        return NULL;
    double west, south, east, north;
    if (proj_get_area_of_use(proj, target, &west, &south, &east, &north, NULL) && west > -1000)
        proj_operation_factory_context_set_area_of_interest(proj, factory, west, south, east, north);
    proj_operation_factory_context_set_spatial_criterion(proj, factory, PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
    proj_operation_factory_context_set_grid_availability_use(proj, factory,
                                                             PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID);
    proj_operation_factory_context_set_allow_ballpark_transformations(proj, factory, 0);
    PJ_OBJ_LIST *list = proj_create_operations(proj, source, target, factory);
    proj_operation_factory_context_destroy(factory);
    PJ *chosen = NULL;
    for (int i = 0; list && i < proj_list_get_count(list) && !chosen; i++) {
        chosen = proj_list_get(proj, list, i);
        if (chosen && !proj_coordoperation_is_instantiable(proj, chosen)) {
            proj_destroy(chosen);
            chosen = NULL;
        }
    }
    proj_list_destroy(list);
    return chosen;
}

static hcb_status set_up(hcb__crs *crs, hcb_context *ctx, const char *source_name, const char *target_name) {
    hcb_status status = HCB_OK;
    PJ *source = proj_create(crs->proj, source_name), *target = proj_create(crs->proj, target_name);
    PJ *operation = NULL;
    if (!source || !proj_is_crs(source)) {
        status = hcb__fail(ctx, HCB_ECRS, "PROJ knows no coordinate reference system \"%s\"", source_name);
    } else if (!target || !proj_is_crs(target)) {
        status = hcb__fail(ctx, HCB_ECRS, "PROJ knows no coordinate reference system \"%s\"", target_name);
    } else if (!(operation = choose_operation(crs->proj, source, target))) {
        status = hcb__fail(ctx, HCB_ECRS, "PROJ has no operation from \"%s\" to \"%s\" on this machine", source_name,
                           target_name);
    } else if (!(crs->operation = proj_normalize_for_visualization(crs->proj, operation))) {
        status = hcb__fail(ctx, HCB_ECRS, "PROJ cannot order the axes of \"%s\" to \"%s\"", source_name, target_name);
    } else {
        const char *name = proj_get_name(operation);
        name = name ? name : "";
        crs->name = hcb__strndup(&crs->mem, name, strlen(name));
        PJ_TYPE type = proj_get_type(source);
        crs->in_degrees = type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
        crs->accuracy_m = proj_coordoperation_get_accuracy(crs->proj, operation);
        if (!crs->name)
            status = hcb__nomem(ctx);
    }
    proj_destroy(operation);
    proj_destroy(source);
    proj_destroy(target);
    return status;
}

hcb_status hcb__crs_create(hcb__crs **out, hcb_context *ctx, const char *source, const char *target) {
    *out = NULL;
    hcb__crs *crs = hcb__calloc(&ctx->mem, 1, sizeof *crs);
    if (!crs)
        return hcb__nomem(ctx);
    crs->mem = ctx->mem;
    crs->proj = proj_context_create();
    if (!crs->proj) {
        hcb__crs_free(crs);
        return hcb__nomem(ctx);
    }
    proj_log_func(crs->proj, NULL, quiet);
    proj_context_set_enable_network(crs->proj, 0);
    hcb_status status = set_up(crs, ctx, source, target ? target : "EPSG:27700");
    if (status != HCB_OK) {
        hcb__crs_free(crs);
        return status;
    }
    *out = crs;
    return HCB_OK;
}

void hcb__crs_free(hcb__crs *crs) {
    if (!crs)
        return;
    proj_destroy(crs->operation);
    proj_context_destroy(crs->proj);
    hcb_allocator mem = crs->mem;
    hcb__free(&mem, crs->name);
    hcb__free(&mem, crs);
}

static bool transform(hcb__crs *crs, PJ_DIRECTION direction, hcb__point *points, size_t n, size_t *bad) {
    for (size_t i = 0; i < n; i++) {
        PJ_COORD c = proj_coord(points[i].x, points[i].y, 0, HUGE_VAL);
        bool good = isfinite(points[i].x) && isfinite(points[i].y);
        if (good) {
            c = proj_trans(crs->operation, direction, c);
            good = isfinite(c.xy.x) && isfinite(c.xy.y);
        }
        if (!good) {
            proj_errno_reset(crs->operation);
            *bad = i;
            return false;
        }
        points[i].x = c.xy.x;
        points[i].y = c.xy.y;
    }
    return true;
}

bool hcb__crs_forward(hcb__crs *crs, hcb__point *points, size_t n, size_t *bad) {
    return transform(crs, PJ_FWD, points, n, bad);
}

bool hcb__crs_inverse(hcb__crs *crs, hcb__point *points, size_t n, size_t *bad) {
    return transform(crs, PJ_INV, points, n, bad);
}

const char *hcb__crs_operation(const hcb__crs *crs) {
    return crs->name;
}

double hcb__crs_accuracy_m(const hcb__crs *crs) {
    return crs->accuracy_m;
}

bool hcb__crs_in_degrees(const hcb__crs *crs) {
    return crs->in_degrees;
}

const char *hcb__crs_proj_version(void) {
    return proj_info().version;
}

const char *hcb__geos_version(void) {
    return GEOSversion();
}
