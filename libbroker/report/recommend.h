/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages of a recommendation share. */
#ifndef HCB_REPORT_RECOMMEND_H
#define HCB_REPORT_RECOMMEND_H

#include "allocation/recommend.h"
#include "io/json.h"
#include "report/table_text.h"

/* How many of the candidates are listed; 0: all. */
int32_t hcb__listed(const hcb__recommendation *r, int32_t top);

/* "tier +840 rank minutes, cost -12 pence a week" as words; "no level changes" when all are 0. */
void hcb__wrap_change(hcb__wrap *wrap, const hcb__recommendation *r, const int64_t *change);
/* "hours/P1 short by 90, new/P1 short by 1" as words. */
void hcb__wrap_lacks(hcb__wrap *wrap, const hcb__recommendation *r, const hcb__candidate *c);
/* Those left out, by code. */
void hcb__text_left_out(hcb__text *out, const hcb__recommendation *r);

void hcb__json_head(hcb__json_writer *w, const hcb__recommendation *r);
/* key: {level: change} */
void hcb__json_change(hcb__json_writer *w, const char *key, const hcb__recommendation *r, const int64_t *change);
void hcb__json_choice(hcb__json_writer *w, const hcb__recommendation *r, const hcb__candidate *c);
void hcb__json_left_out(hcb__json_writer *w, const hcb__recommendation *r);

/* A cell with the rows that are short: "hours/P1 short by 90, ..." */
void hcb__csv_lacks(hcb__text *out, const hcb__recommendation *r, const hcb__candidate *c);
void hcb__csv_change_names(hcb__text *out, const hcb__recommendation *r);
void hcb__csv_change(hcb__text *out, const hcb__recommendation *r, const int64_t *change);

const hcb__package *hcb__package_of(const hcb__recommendation *r, const hcb__candidate *c);

/* recommend_freed.c */
void hcb__write_freed(hcb__text *out, const hcb__recommendation *r, int32_t top, int32_t format);

#endif
