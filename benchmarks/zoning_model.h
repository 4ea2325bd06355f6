/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An instance as an integer programme in the LP format of other solvers. */
#ifndef ZONING_MODEL_H
#define ZONING_MODEL_H

#include "zoning_files.h"

/* cost[j * n + i] of unit i at centre j: Hess's model; NULL: fewest cut edges. False after a message. */
bool zoning_model_write(const char *path, const zoning_map *map, int32_t k, int64_t low, int64_t high,
                        const double *cost, bool contiguous);

#endif
