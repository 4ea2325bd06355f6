/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells and paragraphs of tables for people, in 80 columns. */
#ifndef HCB_REPORT_TABLE_TEXT_H
#define HCB_REPORT_TABLE_TEXT_H

#include "base/text.h"

/* The text in a column of `width` characters, cut when it is longer. */
void hcb__cell_left(hcb__text *out, const char *s, int width);
void hcb__cell_int(hcb__text *out, int64_t value, int width);
/* value / 10^decimals. */
void hcb__cell_fixed(hcb__text *out, int64_t value, int decimals, int width);
/* Minutes as hours with one decimal. */
void hcb__cell_hours(hcb__text *out, int64_t minutes, int width);

/* Words that are broken into lines of at most 80 characters: `indent` spaces before the first, two more before the
 * others. */
typedef struct hcb__wrap {
    hcb__text *out;
    int indent, column; /* column: 0 before the first word */
} hcb__wrap;

void hcb__wrap_word(hcb__wrap *wrap, const char *word);
/* Ends the paragraph. */
void hcb__wrap_end(hcb__wrap *wrap);

#endif
