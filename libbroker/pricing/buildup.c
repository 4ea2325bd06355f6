/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pricing/buildup.h"

#include <string.h>

#include "base/arith.h"

const char *const hcb__price_item_words[HCB__ITEMS] = {"wage",    "travel_time", "mileage",  "employer_ni", "pension",
                                                       "holiday", "training",    "sickness", "running",     "surplus"};
const char *const hcb__line_base_words[HCB__LINE_BASES] = {"wage", "pay", "cost", "price"};

static const int64_t whole = 100000;     /* 100 percent in thousandths */
static const int64_t hour = 6000;        /* in hundredths of a minute */
static const int64_t hundredths = 10000; /* of hundredths: a mile and a penny */

static const hcb__price_line *line_of(const hcb__price_year *year, hcb__price_item item) {
    for (size_t i = 0; i < year->n_lines; i++)
        if (year->lines[i].items == 1u << item)
            return &year->lines[i];
    return NULL;
}

static int64_t pence_of(const hcb__price_line *line) {
    return line ? line->pence : 0;
}

static bool is_percent(const hcb__price_line *line, hcb__line_base base) {
    return line->kind == HCB__LINE_PERCENT && line->base == (int32_t)base;
}

/* Sum of the lines that are not percentages of the cost (when `with_cost` is not set) or of the price. */
static int64_t sum_below(const hcb__price_year *year, bool with_cost) {
    int64_t sum = 0;
    for (size_t i = 0; i < year->n_lines; i++) {
        const hcb__price_line *line = &year->lines[i];
        if (!is_percent(line, HCB__OF_PRICE) && (with_cost || !is_percent(line, HCB__OF_COST)))
            sum += line->pence;
    }
    return sum;
}

static void percent_lines(hcb__price_year *year, hcb__line_base base, int64_t of, int64_t parts) {
    for (size_t i = 0; i < year->n_lines; i++)
        if (is_percent(&year->lines[i], base))
            year->lines[i].pence = hcb__round_div(of * year->lines[i].value, parts);
}

bool hcb__price_year_work_out(hcb__price_year *year) {
    int64_t of_price = 0;
    for (size_t i = 0; i < year->n_lines; i++) {
        hcb__price_line *line = &year->lines[i];
        line->pence = line->kind == HCB__LINE_AMOUNT ? line->value : 0;
        if (is_percent(line, HCB__OF_PRICE))
            of_price += line->value;
    }
    if (of_price >= whole)
        return false;
    int64_t wage = pence_of(line_of(year, HCB__ITEM_WAGE));
    for (size_t i = 0; i < year->n_lines; i++) {
        hcb__price_line *line = &year->lines[i];
        if (line->kind == HCB__LINE_MINUTES)
            line->pence = hcb__round_div(wage * line->value, hour);
        else if (line->kind == HCB__LINE_MILES)
            line->pence = hcb__round_div(line->per_mile * line->value, hundredths);
    }
    percent_lines(year, HCB__OF_WAGE, wage, whole);
    const hcb__price_line *travel = line_of(year, HCB__ITEM_TRAVEL_TIME);
    percent_lines(year, HCB__OF_PAY, wage + pence_of(travel), whole);
    percent_lines(year, HCB__OF_COST, sum_below(year, false), whole);
    percent_lines(year, HCB__OF_PRICE, sum_below(year, true), whole - of_price);
    year->total = 0;
    for (size_t i = 0; i < year->n_lines; i++)
        year->total += year->lines[i].pence;
    year->travel_minutes = -1;
    if (travel && wage > 0)
        year->travel_minutes =
            travel->kind == HCB__LINE_MINUTES ? travel->value : hcb__round_div(travel->pence * hour, wage);
    return true;
}

static bool same_year(const char *a, const char *b, size_t n) {
    for (size_t i = 0; i < n; i++)
        if ((a[i] == '/' ? '-' : a[i]) != (b[i] == '/' ? '-' : b[i]))
            return false;
    return true;
}

const hcb__price_year *hcb__price_years_find(const hcb__price_years *years, const char *year) {
    const hcb__price_year *found = NULL;
    size_t len = strlen(year), n_found = 0;
    for (size_t i = 0; i < years->count; i++) {
        const char *name = years->at[i].year;
        if (strlen(name) < len || !same_year(name, year, len))
            continue;
        if (strlen(name) == len)
            return &years->at[i];
        found = &years->at[i];
        n_found++;
    }
    return n_found == 1 ? found : NULL;
}
