/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts of a certificate: that one row, with one choice an item, lets their inequality hold for every plan. */
#ifndef HCB_ALLOCATION_CERTIFICATE_CUT_H
#define HCB_ALLOCATION_CERTIFICATE_CUT_H

#include "allocation/certificate.h"

enum { HCB__CHECK_MOST_RIGHT = 100000 };

/* Whether the cut is in canonical form: its row there for the level, its choices there, ascending (waiting is an item's
 * last), each counted at least once. choice: [cut->n] gets their numbers, pairs first, then waiting by item. */
bool hcb__check_cut_form(const hcb__check_problem *problem, int32_t level, const hcb__check_cut *cut, int64_t *choice);

/* Whether no choice of one an item, out of those allowed (by number), that keeps the row's limit counts for more than
 * the cut's right side: the least weight of those that do, found by a table over what they count for, passes the limit.
 * *failed: memory is out, or a number passes 128 bits. */
bool hcb__check_cut_holds(const hcb_allocator *mem, const hcb__check_problem *problem, const int64_t *frozen,
                          const hcb__check_cut *cut, const int64_t *choice, const uint8_t *allowed, int64_t *work_left,
                          bool *failed);

#endif
