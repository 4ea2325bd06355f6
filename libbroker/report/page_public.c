/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as everybody may see it: small numbers out, sums in steps (report/suppress.h). What a key means is looked
 * up here; an integer whose key is not known counts as people, so that a new key is hidden rather than told. */
#include <string.h>

#include "report/page.h"
#include "report/suppress.h"

enum { STEP_CARE = 50 * 60, STEP_TRAVEL = 10 * 60, STEP_PENCE = 1000 * 100 };

/* Facts that are not about the people who are served. */
static const char *const plain_keys[] = {"format",
                                         "version",
                                         "seed",
                                         "seconds",
                                         "gap",
                                         "prime",
                                         "areas",
                                         "parts",
                                         "area_km2",
                                         "perimeter_km",
                                         "cut_edges",
                                         "polsby_popper",
                                         "schwartzberg",
                                         "reock",
                                         "convex_hull",
                                         "inertia",
                                         "households",
                                         "people65",
                                         "capacity_minutes",
                                         "price_pence_per_hour",
                                         "over_urban_pence",
                                         "minutes_over_urban",
                                         "minutes_paid",
                                         "minutes_needed",
                                         "wage_pence",
                                         "on_cost_percent",
                                         "pence_per_mile",
                                         "miles_per_hour",
                                         "overhead_percent",
                                         "travel_minute_pence",
                                         "year",
                                         "quality",
                                         "providers_in_reach",
                                         "providers_viable",
                                         "providers_together",
                                         "providers_exposed",
                                         "travel_needed",
                                         "travel_carried",
                                         "maps",
                                         "distinct",
                                         "rhat",
                                         "ess",
                                         "units",
                                         "work_limit",
                                         "time_limit",
                                         "urban",
                                         "fringe",
                                         "rural",
                                         "isolated",
                                         "framework",
                                         "supplementary",
                                         "step",
                                         "scenarios"};

/* Sums of a group of people: the count that they belong to, and about five people's worth. */
typedef struct sum_key {
    const char *key, *of;
    int64_t step;
} sum_key;
static const sum_key sum_keys[] = {{"carer_minutes_placed", "placed", STEP_CARE},
                                   {"carer_minutes_waiting", "waiting", STEP_CARE},
                                   {"carer_minutes_fixed", "placements_fixed", STEP_CARE},
                                   {"weekly_cost_pence", "placed", STEP_PENCE},
                                   {"travel_minutes", "placed", STEP_TRAVEL},
                                   {"minutes", "packages", STEP_CARE},
                                   {"carer_minutes", "packages", STEP_CARE},
                                   {"price_pence", "packages", STEP_PENCE},
                                   {"margin_pence", "packages", STEP_PENCE},
                                   {"travel_seconds", "packages", (int64_t)STEP_TRAVEL * 60},
                                   {"travel_error_seconds", "packages", (int64_t)STEP_TRAVEL * 60},
                                   {"band_minutes", "packages", STEP_CARE},
                                   {"room_minutes", "placed", STEP_CARE},
                                   {"value", NULL, STEP_CARE},
                                   {"best", NULL, STEP_CARE},
                                   {"frozen", NULL, STEP_CARE},
                                   {"bound", NULL, STEP_CARE},
                                   {"over_plan", NULL, STEP_CARE},
                                   {"priority_minutes", NULL, STEP_CARE},
                                   {"matrix_fallback_carer_minutes", NULL, STEP_CARE},
                                   {"short_minutes_then", "packages", STEP_CARE}};

static bool is_plain(const char *key) {
    for (size_t i = 0; i < sizeof plain_keys / sizeof *plain_keys; i++)
        if (strcmp(plain_keys[i], key) == 0)
            return true;
    return false;
}

static const sum_key *sum_of(const char *key) {
    for (size_t i = 0; i < sizeof sum_keys / sizeof *sum_keys; i++)
        if (strcmp(sum_keys[i].key, key) == 0)
            return &sum_keys[i];
    return NULL;
}

/* A count of people: a whole number that is nothing else. */
static bool is_count(const char *key, const hcb__json *value, int64_t *people) {
    return hcb__json_kind_of(value) == HCB__JSON_INT && hcb__json_int(value, people) && !is_plain(key) && !sum_of(key);
}

typedef struct publisher {
    hcb_context *ctx;
    hcb__json_writer *w;
    bool failed;
} publisher;

/* Which rows' counts under a key are hidden; *told: whether their total may be told. NULL when memory is out. */
static bool *hide_column(publisher *p, hcb__json *list, const char *key, bool *told) {
    size_t n = hcb__json_count(list);
    bool *hidden = hcb__calloc(&p->ctx->mem, n, sizeof *hidden);
    int64_t *people = hcb__calloc(&p->ctx->mem, n, sizeof *people);
    if (hidden && people) {
        for (size_t i = 0; i < n; i++)
            if (!hcb__json_int(hcb__json_get(hcb__json_at(list, i), key), &people[i]))
                people[i] = 0;
        *told = hcb__suppress_rows(hidden, people, n) || n < 2;
    } else {
        hcb__free(&p->ctx->mem, hidden);
        hidden = NULL;
        p->failed = true;
    }
    hcb__free(&p->ctx->mem, people);
    return hidden;
}

/* Where an object stands: row i of a list whose hidden counts are known, or alone. */
typedef struct place {
    hcb__json *list;
    size_t row;
} place;

static bool count_hidden(publisher *p, hcb__json *object, const place *at, const char *key, int64_t people) {
    bool told = true;
    if (hcb__small_count(people))
        return true;
    if (at->list) {
        bool *hidden = hide_column(p, at->list, key, &told);
        bool this_one = !hidden || hidden[at->row];
        hcb__free(&p->ctx->mem, hidden);
        return this_one;
    }
    /* A total beside lists of its parts. */
    void *cursor = NULL;
    const char *name;
    for (hcb__json *member; told && (member = hcb__json_next(object, &cursor, &name));) {
        if (hcb__json_kind_of(member) != HCB__JSON_ARRAY || !hcb__json_get(hcb__json_at(member, 0), key))
            continue;
        hcb__free(&p->ctx->mem, hide_column(p, member, key, &told));
    }
    return !told;
}

static void put(publisher *p, const char *key, hcb__json *value, hcb__json *object, const place *at);

static bool sum_hidden(publisher *p, const sum_key *sum, hcb__json *object, const place *at) {
    int64_t people = 0;
    return sum->of && hcb__json_int(hcb__json_get(object, sum->of), &people) &&
           count_hidden(p, object, at, sum->of, people);
}

/* Any count of the object is hidden. */
static bool something_hidden(publisher *p, hcb__json *object, const place *at) {
    void *cursor = NULL;
    const char *key;
    int64_t people = 0;
    for (hcb__json *member; (member = hcb__json_next(object, &cursor, &key));)
        if (is_count(key, member, &people) && count_hidden(p, object, at, key, people))
            return true;
    return false;
}

static void put_object(publisher *p, hcb__json *object, const place *at) {
    void *cursor = NULL;
    const char *key;
    hcb__jw_object(p->w);
    for (hcb__json *member; (member = hcb__json_next(object, &cursor, &key));) {
        hcb__jw_key(p->w, key);
        put(p, key, member, object, at);
    }
    hcb__jw_end_object(p->w);
}

static void put_list(publisher *p, const char *key, hcb__json *list, hcb__json *object, const place *at) {
    hcb__jw_array(p->w);
    for (size_t i = 0; i < hcb__json_count(list); i++) {
        hcb__json *item = hcb__json_at(list, i);
        if (hcb__json_kind_of(item) == HCB__JSON_OBJECT)
            put_object(p, item, &(place){list, i});
        else
            put(p, key, item, object, at);
    }
    hcb__jw_end_array(p->w);
}

/* Minutes by band: whole steps of each, or nothing. */
static void put_parts(publisher *p, const sum_key *sum, hcb__json *parts, bool hidden) {
    void *cursor = NULL;
    const char *key;
    int64_t value = 0;
    hcb__jw_object(p->w);
    for (hcb__json *member; (member = hcb__json_next(parts, &cursor, &key));) {
        hcb__jw_key(p->w, key);
        if (hidden || !hcb__json_int(member, &value))
            hcb__jw_null(p->w);
        else
            hcb__jw_int(p->w, hcb__public_sum(value, sum->step));
    }
    hcb__jw_end_object(p->w);
}

static void put(publisher *p, const char *key, hcb__json *value, hcb__json *object, const place *at) {
    hcb__json_kind kind = hcb__json_kind_of(value);
    const sum_key *sum = sum_of(key);
    int64_t whole = 0;
    if (sum && kind == HCB__JSON_OBJECT) {
        put_parts(p, sum, value, sum_hidden(p, sum, object, at));
    } else if (kind == HCB__JSON_OBJECT) {
        put_object(p, value, &(place){NULL, 0});
    } else if (kind == HCB__JSON_ARRAY) {
        put_list(p, key, value, object, at);
    } else if (is_plain(key) || (kind != HCB__JSON_INT && kind != HCB__JSON_REAL)) {
        hcb__jw_copy(p->w, value);
    } else if (kind == HCB__JSON_REAL) {
        if (something_hidden(p, object, at))
            hcb__jw_null(p->w);
        else
            hcb__jw_copy(p->w, value);
    } else if (!hcb__json_int(value, &whole) ||
               (sum ? sum_hidden(p, sum, object, at) : count_hidden(p, object, at, key, whole))) {
        hcb__jw_null(p->w);
    } else {
        hcb__jw_int(p->w, sum ? hcb__public_sum(whole, sum->step) : hcb__public_count(whole));
    }
}

hcb_status hcb__json_public(hcb__json_doc **out, hcb_context *ctx, const hcb__json_doc *doc) {
    hcb__text text;
    hcb__text_init(&text, &ctx->mem);
    hcb__json_writer w;
    hcb__jw_init(&w, &text, true);
    publisher p = {ctx, &w, false};
    put_object(&p, hcb__json_root(doc), &(place){NULL, 0});
    hcb_status status =
        p.failed || text.failed ? hcb__nomem(ctx) : hcb__json_parse(out, ctx, text.at, text.count, hcb__json_file(doc));
    hcb__text_free(&text);
    return status;
}
