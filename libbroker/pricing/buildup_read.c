/* SPDX-License-Identifier: GPL-3.0-or-later */
/* price_years.yaml (docs/formats.md). */
#include <string.h>

#include "pricing/buildup.h"

enum { MOST_LINES = 32, HIGHEST_PENCE = 1000000, MOST_HUNDREDTHS = 100000, WHOLE = 100000 };

/* The key that makes a line what it is. */
static const char *const kind_keys[] = {
    [HCB__LINE_AMOUNT] = "amount",
    [HCB__LINE_MINUTES] = "minutes",
    [HCB__LINE_MILES] = "miles",
    [HCB__LINE_PERCENT] = "percent",
};
enum { KINDS = sizeof kind_keys / sizeof *kind_keys };

#define complain(doc, node, ...)                                                                                       \
    do {                                                                                                               \
        hcb__where where_ = hcb__yaml_where((doc), (node));                                                            \
        hcb__diag_error((doc)->ctx, &where_, __VA_ARGS__);                                                             \
    } while (0)

/* One item, or a list of those that the source prints as one figure. */
static bool read_items(hcb__yaml_doc *doc, const hcb__yaml_node *line, uint32_t *items) {
    const hcb__yaml_node *node = hcb__yaml_get(line, "item");
    if (!node) {
        complain(doc, line, "the key item is missing");
        return false;
    }
    size_t n = node->kind == HCB__YAML_SEQUENCE ? node->count : 1;
    bool good = n > 0;
    if (!good)
        complain(doc, node, "an item or a list of items was expected");
    for (size_t i = 0; i < n; i++) {
        const hcb__yaml_node *one = node->kind == HCB__YAML_SEQUENCE ? node->items[i] : node;
        int32_t item;
        if (!hcb__yaml_word(doc, one, hcb__price_item_words, HCB__ITEMS, &item)) {
            good = false;
        } else if (*items & 1u << item) {
            complain(doc, one, "the item %s is listed twice", hcb__price_item_words[item]);
            good = false;
        } else {
            *items |= 1u << item;
        }
    }
    return good;
}

static bool read_value(hcb__yaml_doc *doc, const hcb__yaml_node *line, hcb__price_line *out) {
    const hcb__yaml_node *node = NULL;
    for (int32_t k = 0; k < KINDS; k++) {
        const hcb__yaml_node *one = hcb__yaml_get(line, kind_keys[k]);
        if (one && node) {
            complain(doc, one, "a line has one of amount, minutes, miles and percent, not two");
            return false;
        }
        if (one) {
            node = one;
            out->kind = k;
        }
    }
    if (!node) {
        complain(doc, line, "the line has none of amount, minutes, miles and percent");
        return false;
    }
    const hcb__yaml_node *per_mile = hcb__yaml_get(line, "per_mile"), *of = hcb__yaml_get(line, "of");
    bool good = true;
    if ((per_mile != NULL) != (out->kind == HCB__LINE_MILES)) {
        complain(doc, per_mile ? per_mile : node, "miles and per_mile (pounds) belong together");
        good = false;
    }
    if ((of != NULL) != (out->kind == HCB__LINE_PERCENT)) {
        complain(doc, of ? of : node, "percent and of (wage, pay, cost or price) belong together");
        good = false;
    }
    if (!good)
        return false;
    switch (out->kind) {
    case HCB__LINE_AMOUNT:
        return hcb__yaml_fixed(doc, node, 2, 0, HIGHEST_PENCE, &out->value);
    case HCB__LINE_MINUTES:
        return hcb__yaml_fixed(doc, node, 2, 0, MOST_HUNDREDTHS, &out->value);
    case HCB__LINE_MILES:
        return hcb__yaml_fixed(doc, node, 2, 0, MOST_HUNDREDTHS, &out->value) &&
               hcb__yaml_fixed(doc, per_mile, 4, 0, HIGHEST_PENCE, &out->per_mile);
    default:
        return hcb__yaml_fixed(doc, node, 3, 0, WHOLE, &out->value) &&
               hcb__yaml_word(doc, of, hcb__line_base_words, HCB__LINE_BASES, &out->base);
    }
}

/* The wage is what everything else hangs on, and a percentage of the pay needs its two parts apart. */
static bool check_items(hcb__yaml_doc *doc, const hcb__yaml_node *line, const hcb__price_line *read) {
    const uint32_t wage = 1u << HCB__ITEM_WAGE, travel = 1u << HCB__ITEM_TRAVEL_TIME;
    if (read->items & wage && (read->items != wage || read->kind != HCB__LINE_AMOUNT)) {
        complain(doc, line, "the wage is a line of its own, with an amount");
        return false;
    }
    if (read->items & travel &&
        (read->items != travel || (read->kind == HCB__LINE_PERCENT && read->base != HCB__OF_WAGE))) {
        complain(doc, line, "travel_time is a line of its own, with an amount, minutes, or a percentage of the wage");
        return false;
    }
    return true;
}

static hcb_status read_lines(hcb__price_year *year, hcb__yaml_doc *doc, hcb__arena *arena, const hcb__yaml_node *node) {
    static const char *const keys[] = {"item", "amount", "minutes", "miles", "per_mile", "percent", "of"};
    if (!node || node->kind != HCB__YAML_SEQUENCE || node->count == 0 || node->count > MOST_LINES) {
        hcb__where where = hcb__yaml_where(doc, node ? node : doc->root);
        hcb__diag_error(doc->ctx, &where, "year \"%s\": a list of 1 to %d lines was expected under `lines`", year->year,
                        MOST_LINES);
        return HCB_OK;
    }
    year->lines = hcb__arena_alloc(arena, node->count, sizeof *year->lines);
    if (!year->lines)
        return hcb__nomem(doc->ctx);
    uint32_t seen = 0;
    bool good = true;
    for (size_t i = 0; i < node->count; i++) {
        const hcb__yaml_node *item = node->items[i];
        hcb__price_line line = {0};
        bool read = item->kind == HCB__YAML_MAPPING;
        read = hcb__yaml_known_keys(doc, item, keys, sizeof keys / sizeof *keys) && read;
        read =
            read && read_items(doc, item, &line.items) && read_value(doc, item, &line) && check_items(doc, item, &line);
        for (int32_t k = 0; read && k < HCB__ITEMS; k++)
            if (seen & line.items & 1u << k) {
                complain(doc, item, "the item %s has a line already", hcb__price_item_words[k]);
                read = false;
            }
        good &= read;
        seen |= line.items;
        year->lines[year->n_lines++] = line;
    }
    if (!good)
        return HCB_OK;
    if (!(seen & 1u << HCB__ITEM_WAGE))
        complain(doc, node, "year \"%s\" has no line for the wage", year->year);
    for (int32_t k = 0; k < HCB__ITEMS; k++)
        if (k != HCB__ITEM_WAGE && !(seen & 1u << k)) {
            hcb__where where = hcb__yaml_where(doc, node);
            hcb__diag_warning(doc->ctx, &where, "year \"%s\" has no line for %s: it counts nothing", year->year,
                              hcb__price_item_words[k]);
        }
    if (!hcb__price_year_work_out(year))
        complain(doc, node, "year \"%s\": the percentages of the price come to 100 or more", year->year);
    return HCB_OK;
}

static bool keep_text(hcb__arena *arena, hcb__yaml_doc *doc, const hcb__yaml_node *node, const char **out) {
    const char *text;
    if (hcb__yaml_string(doc, node, &text))
        *out = hcb__arena_strndup(arena, text, node->len);
    return *out;
}

static hcb_status read_year(hcb__price_years *years, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    static const char *const keys[] = {"year", "name", "source", "published", "lines"};
    bool all_known = hcb__yaml_known_keys(doc, node, keys, sizeof keys / sizeof *keys);
    if (node->kind != HCB__YAML_MAPPING)
        return HCB_OK;
    hcb__price_year *year = &years->at[years->count];
    *year = (hcb__price_year){.year = "", .name = "", .source = "", .published = -1, .travel_minutes = -1};
    if (!keep_text(&years->arena, doc, hcb__yaml_get(node, "year"), &year->year) ||
        !keep_text(&years->arena, doc, hcb__yaml_get(node, "name"), &year->name) ||
        !keep_text(&years->arena, doc, hcb__yaml_get(node, "source"), &year->source))
        return hcb__nomem(doc->ctx);
    if (!*year->year) {
        if (all_known)
            complain(doc, node, "the key year is missing");
        return HCB_OK;
    }
    for (size_t i = 0; i < years->count; i++)
        if (strcmp(years->at[i].year, year->year) == 0)
            complain(doc, node, "the year \"%s\" is in the file already", year->year);
    (void)hcb__yaml_fixed(doc, hcb__yaml_get(node, "published"), 2, 0, HIGHEST_PENCE, &year->published);
    years->count++;
    return read_lines(year, doc, &years->arena, hcb__yaml_get(node, "lines"));
}

static hcb_status read_years(hcb__price_years *years, hcb__yaml_doc *doc) {
    static const char *const keys[] = {"version", "years"};
    if (!hcb__yaml_known_keys(doc, doc->root, keys, 2) && doc->root->kind != HCB__YAML_MAPPING)
        return HCB_OK;
    const hcb__yaml_node *version = hcb__yaml_get(doc->root, "version"), *list = hcb__yaml_get(doc->root, "years");
    int64_t number;
    if (version && hcb__yaml_int(doc, version, 0, INT32_MAX, &number) && number != 1)
        complain(doc, version, "version %s is not known to this program; expected 1", version->text);
    if (!list || list->kind != HCB__YAML_SEQUENCE || list->count == 0) {
        complain(doc, list ? list : doc->root, "a list of years was expected under `years`");
        return HCB_OK;
    }
    years->at = hcb__arena_alloc(&years->arena, list->count, sizeof *years->at);
    if (!years->at)
        return hcb__nomem(doc->ctx);
    hcb_status status = HCB_OK;
    for (size_t i = 0; i < list->count && status == HCB_OK; i++)
        status = read_year(years, doc, list->items[i]);
    return status;
}

hcb_status hcb__price_years_load(hcb__price_years **out, hcb_context *ctx, const char *path, const char *shown) {
    *out = NULL;
    hcb__yaml_doc *doc = NULL;
    hcb_status status = hcb__yaml_load(&doc, ctx, path, shown);
    if (status != HCB_OK)
        return status;
    hcb__price_years *years = hcb__calloc(&ctx->mem, 1, sizeof *years);
    if (years) {
        hcb__arena_init(&years->arena, &ctx->mem);
        status = read_years(years, doc);
    } else {
        status = hcb__nomem(ctx);
    }
    hcb__yaml_close(doc);
    if (status == HCB_OK)
        *out = years;
    else
        hcb__price_years_free(years);
    return status;
}

void hcb__price_years_free(hcb__price_years *years) {
    if (!years)
        return;
    const hcb_allocator mem = years->arena.mem;
    hcb__arena_release(&years->arena);
    hcb__free(&mem, years);
}
