/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which place (a ward, a parish) each small area is in: a CSV file with area_id or unit, and place. */
#ifndef HCB_DESIGN_PLACES_H
#define HCB_DESIGN_PLACES_H

#include "zones/zones.h"

/* `place` [n_areas]: numbers from 0, -1 for areas that the file does not name. `map`: words for the zone set in
 * messages. Every problem of the file is collected. */
HCB_NODISCARD hcb_status hcb__places_read(int32_t *place, int32_t *n_places, hcb_context *ctx, const hcb__zone_set *set,
                                          const char *path, const char *map);

#endif
