/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zones given as a table in memory: the GeoJSON that says the same, for the one reader of zones. */
#ifndef HCB_ZONES_ZONE_TABLE_H
#define HCB_ZONES_ZONE_TABLE_H

#include "base/text.h"
#include "io/memory.h"

/* Problems are collected under file->shown. The table's file must be among the context's memory. */
HCB_NODISCARD hcb_status hcb__zone_table_write(hcb__text *out, hcb_context *ctx, const hcb__memory_file *file);

#endif
