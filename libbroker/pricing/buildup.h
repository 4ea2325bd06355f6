/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an hour of home care costs, line by line and year by year (docs/prices.md, "Price build-up"). */
#ifndef HCB_PRICING_BUILDUP_H
#define HCB_PRICING_BUILDUP_H

#include "io/yaml.h"

typedef enum hcb__price_item {
    HCB__ITEM_WAGE,
    HCB__ITEM_TRAVEL_TIME,
    HCB__ITEM_MILEAGE,
    HCB__ITEM_EMPLOYER_NI,
    HCB__ITEM_PENSION,
    HCB__ITEM_HOLIDAY,
    HCB__ITEM_TRAINING,
    HCB__ITEM_SICKNESS,
    HCB__ITEM_RUNNING,
    HCB__ITEM_SURPLUS,
    HCB__ITEMS
} hcb__price_item;
extern const char *const hcb__price_item_words[HCB__ITEMS];

typedef enum hcb__line_kind {
    HCB__LINE_AMOUNT,  /* value: pence */
    HCB__LINE_MINUTES, /* value: hundredths of a minute, paid at the wage */
    HCB__LINE_MILES,   /* value: hundredths of a mile, paid at per_mile */
    HCB__LINE_PERCENT  /* value: thousandths of a percent of `base` */
} hcb__line_kind;

typedef enum hcb__line_base {
    HCB__OF_WAGE,
    HCB__OF_PAY,   /* wage and travel time */
    HCB__OF_COST,  /* every line that is not a percentage of the cost or of the price */
    HCB__OF_PRICE, /* the sum of all lines */
    HCB__LINE_BASES
} hcb__line_base;
extern const char *const hcb__line_base_words[HCB__LINE_BASES];

typedef struct hcb__price_line {
    uint32_t items; /* bit set: published build-ups print some of them together */
    int32_t kind, base;
    int64_t value;
    int64_t per_mile; /* hundredths of a penny */
    int64_t pence;    /* the result */
} hcb__price_line;

typedef struct hcb__price_year {
    const char *year, *name, *source; /* name and source "" when not given */
    int64_t published;                /* pence that the source prints as its total; -1: none */
    size_t n_lines;
    hcb__price_line *lines;
    int64_t total;          /* pence an hour: the sum of the lines */
    int64_t travel_minutes; /* hundredths of a minute of paid travel in a contact hour; -1: there is no such line */
} hcb__price_year;

typedef struct hcb__price_years {
    hcb__arena arena;
    size_t count;
    hcb__price_year *at; /* in the order of the file */
} hcb__price_years;

/* Reads and works out a file of years; problems are collected. *out NULL only when the file cannot be used at all. */
HCB_NODISCARD hcb_status hcb__price_years_load(hcb__price_years **out, hcb_context *ctx, const char *path,
                                               const char *shown);
void hcb__price_years_free(hcb__price_years *years);
/* The year asked for: its own name, `/` and `-` alike, or the only one that begins so ("2020" for "2020-21"). NULL. */
const hcb__price_year *hcb__price_years_find(const hcb__price_years *years, const char *year);

/* Fills pence, total and travel_minutes. Every line is rounded half up to the penny, the total is their sum. False when
 * the percentages of the price come to 100 or more. */
bool hcb__price_year_work_out(hcb__price_year *year);

#endif
