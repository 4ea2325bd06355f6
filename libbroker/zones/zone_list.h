/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The zones of a map that is being made: zone_id, name, class, prime. */
#ifndef HCB_ZONES_ZONE_LIST_H
#define HCB_ZONES_ZONE_LIST_H

#include "io/json.h"
#include "zones/zones.h"

typedef struct hcb__zone_list {
    hcb__dissolve_zone *at; /* by id bytes */
    int32_t n;
    hcb__idmap of_id;
} hcb__zone_list;

/* Reads zones.csv; problems are collected. Memory is `arena`'s, but for the table, which hcb__zone_list_free gives
 * back. */
HCB_NODISCARD hcb_status hcb__zone_list_read(hcb__zone_list *list, hcb_context *ctx, hcb__arena *arena,
                                             const char *path);
void hcb__zone_list_free(hcb__zone_list *list);

/* The properties of a zone's feature. */
void hcb__write_zone_properties(hcb__json_writer *w, const hcb__dissolve_zone *zone);

#endif
