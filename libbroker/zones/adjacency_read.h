/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neighbours from a CSV file, as `zones adjacency` writes it. */
#ifndef HCB_ZONES_ADJACENCY_READ_H
#define HCB_ZONES_ADJACENCY_READ_H

#include "base/context.h"
#include "zones/adjacency.h"

/* Columns a, b, shared_m (may be left out; 0: a corner). A pair counts whichever way round it is given, and may be
 * given both ways with the same length; an empty b is a unit without neighbours. *ids: of the units, by bytes, in the
 * memory of the adjacency. Problems are collected (HCB_EDATA). */
HCB_NODISCARD hcb_status hcb__adjacency_read(hcb__adjacency **out, const char *const **ids, hcb_context *ctx,
                                             const char *path);

#endif
