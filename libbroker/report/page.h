/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a result: what is in its folder, as one JSON document inside a template (docs/report.md). */
#ifndef HCB_REPORT_PAGE_H
#define HCB_REPORT_PAGE_H

#include "hcbroker/report.h"
#include "io/csv_table.h"
#include "io/json.h"
#include "model/handle.h"

enum { HCB__PAGE_TABLES = 6 };

typedef struct hcb__page_table {
    const char *name;      /* "allocations"; NULL: not there */
    hcb__csv_table *table; /* owned */
} hcb__page_table;

/* What the page is made of. */
typedef struct hcb__page_source {
    hcb_context *ctx;
    hcb__arena arena;
    const char *folder, *kind, *main_name;
    bool for_public;
    hcb__json_doc *main;
    hcb__page_table tables[HCB__PAGE_TABLES];
    hcb_workspace *workspace; /* NULL: none was given */
    const hcb__model *model;  /* its */
    bool is_plan;             /* the folder is a plan of the workspace */
    int32_t explain;          /* how many people */
} hcb__page_source;

HCB_NODISCARD hcb_status hcb__page_open(hcb__page_source *source, hcb_context *ctx, const char *folder,
                                        const hcb_report_options *options);
void hcb__page_close(hcb__page_source *source);
/* A table of the folder, or NULL. */
const hcb__csv_table *hcb__page_table_named(const hcb__page_source *source, const char *name);

/* Everything as one JSON object. */
HCB_NODISCARD hcb_status hcb__page_data(hcb__text *out, hcb__page_source *source);
/* Members of it. */
HCB_NODISCARD hcb_status hcb__page_layers(hcb__json_writer *w, hcb__page_source *source);
HCB_NODISCARD hcb_status hcb__page_workspace(hcb__json_writer *w, hcb__page_source *source);
HCB_NODISCARD hcb_status hcb__page_explanations(hcb__json_writer *w, hcb__page_source *source);

/* A value with all it holds. */
void hcb__jw_copy(hcb__json_writer *w, hcb__json *value);

/* The document as everybody may see it, as a new one. */
HCB_NODISCARD hcb_status hcb__json_public(hcb__json_doc **out, hcb_context *ctx, const hcb__json_doc *doc);

/* HTML of tables alone. */
void hcb__page_plain(hcb__text *out, const hcb__page_source *source);
void hcb__html_text(hcb__text *out, const char *text);

/* The template with its scripts and styles; NULL when the library was built without it. */
const char *hcb__page_template(size_t *size);

#endif
