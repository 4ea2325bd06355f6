/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An explanation as sentences and as JSON (docs/explain.md). */
#ifndef HCB_REPORT_EXPLAIN_REPORT_H
#define HCB_REPORT_EXPLAIN_REPORT_H

#include "allocation/explain.h"

extern const char *const hcb__explained_words[7];

/* The reason in two or three sentences, one a line. */
void hcb__explain_sentences(hcb__text *out, const hcb__explanation *x);
void hcb__write_explain_text(hcb__text *out, const hcb__explanation *x);
void hcb__write_explain_json(hcb__text *out, const hcb__explanation *x);

/* First failing rules with how many providers stop there, in the policy's order. */
typedef struct hcb__rule_count {
    const char *code;
    int32_t order, count;
} hcb__rule_count;

#endif
