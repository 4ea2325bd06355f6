/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of coordinates a CRS has. */
#ifndef HCB_GEO_CRS_PLANE_H
#define HCB_GEO_CRS_PLANE_H

#include "base/context.h"

/* Whether the CRS is projected, and then how many metres one of its units has (0.3048... for feet; 1 when it is not
 * projected). HCB_ECRS: PROJ does not know it. */
HCB_NODISCARD hcb_status hcb__crs_plane(bool *projected, double *unit_m, hcb_context *ctx, const char *name);

#endif
