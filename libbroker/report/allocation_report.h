/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An allocation as files and tables (docs/formats.md, "Output folder of allocate"). */
#ifndef HCB_REPORT_ALLOCATION_REPORT_H
#define HCB_REPORT_ALLOCATION_REPORT_H

#include "allocation/allocation.h"
#include "base/text.h"

/* Figures of a group of packages: a zone, a provider, a tier. */
typedef struct hcb__tally {
    int64_t packages, placed, waiting, minutes_placed, minutes_waiting, pence, seconds, fixed, minutes_fixed;
    int64_t used; /* all that is served: carer minutes, or seconds with travel where capacity counts it */
} hcb__tally;

typedef struct hcb__tallies {
    hcb__arena arena;
    hcb__tally *by_zone, *by_provider, *by_tier; /* by_tier: in the order of the policy's tiers */
    int64_t fallback_minutes;
} hcb__tallies;

HCB_NODISCARD hcb_status hcb__tallies_make(hcb__tallies *out, hcb_context *ctx, const hcb_allocation *allocation);
void hcb__tallies_release(hcb__tallies *tallies);

void hcb__write_allocations_csv(hcb__text *out, const hcb_allocation *allocation, bool spreadsheet);
void hcb__write_waiting_csv(hcb__text *out, const hcb_allocation *allocation, bool spreadsheet);
void hcb__write_summary_json(hcb__text *out, const hcb_allocation *allocation, const hcb__tallies *tallies);
void hcb__write_certificate_json(hcb__text *out, const hcb_allocation *allocation);
void hcb__write_tables(hcb__text *out, const hcb_allocation *allocation, const hcb__tallies *tallies);

extern const char *const hcb__outcome_words[3], *const hcb__stop_words[5], *const hcb__method_words[2];

/* "priority minutes", "pence a week" ... of a level's name. */
const char *hcb__level_unit(const char *level);

/* At most how many of the waiting packages a gap of the level `waiting` could stand for: as many, lightest first, as
 * fit into it. -1 when memory is out. */
int64_t hcb__packages_of_gap(const hcb_allocation *allocation, int64_t gap);
/* Seconds as minutes, rounded half up. */
int64_t hcb__whole_minutes(int64_t seconds);
/* "fixed", "free" or the number. */
void hcb__replan_text(hcb__text *out, int64_t replan);

#endif
