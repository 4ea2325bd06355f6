/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/crs_plane.h"

#include <proj.h>

static void quiet(void *user, int level, const char *message) {
    (void)user;
    (void)level;
    (void)message;
}

hcb_status hcb__crs_plane(bool *projected, double *unit_m, hcb_context *ctx, const char *name) {
    hcb_status status = HCB_OK;
    *projected = false;
    *unit_m = 1;
    PJ_CONTEXT *proj = proj_context_create();
    if (!proj)
        return hcb__nomem(ctx);
    proj_log_func(proj, NULL, quiet);
    proj_context_set_enable_network(proj, 0);
    PJ *crs = proj_create(proj, name), *system = NULL;
    if (!crs || !proj_is_crs(crs)) {
        status = hcb__fail(ctx, HCB_ECRS, "PROJ knows no coordinate reference system \"%s\"", name);
    } else if (proj_get_type(crs) == PJ_TYPE_PROJECTED_CRS) {
        *projected = true;
        system = proj_crs_get_coordinate_system(proj, crs);
        double factor = 0;
        if (system && proj_cs_get_axis_info(proj, system, 0, NULL, NULL, NULL, &factor, NULL, NULL, NULL) && factor > 0)
            *unit_m = factor;
    }
    proj_destroy(system);
    proj_destroy(crs);
    proj_context_destroy(proj);
    return status;
}
