/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events for people and programs. */
#include <string.h>

#include "desk/event.h"
#include "io/csv.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

void hcb__text_moment(hcb__text *out, int64_t at) {
    int64_t second = at % DAY_S;
    hcb__text_date(out, (int32_t)(at / DAY_S));
    hcb__text_printf(out, "T%02d:%02d:%02dZ", (int)(second / HOUR_S), (int)(second % HOUR_S / MINUTE_S),
                     (int)(second % MINUTE_S));
}

static void moment_for_people(hcb__text *out, int64_t at) {
    int64_t second = at % DAY_S;
    hcb__text_date(out, (int32_t)(at / DAY_S));
    hcb__text_printf(out, " %02d:%02d", (int)(second / HOUR_S), (int)(second % HOUR_S / MINUTE_S));
}

void hcb__json_copy(hcb__json_writer *w, hcb__json *value) {
    int64_t number;
    bool word;
    void *cursor = NULL;
    const char *key;
    switch (hcb__json_kind_of(value)) {
    case HCB__JSON_OBJECT:
        hcb__jw_object_flat(w);
        for (hcb__json *v = hcb__json_next(value, &cursor, &key); v; v = hcb__json_next(value, &cursor, &key)) {
            hcb__jw_key(w, key);
            hcb__json_copy(w, v);
        }
        hcb__jw_end_object(w);
        return;
    case HCB__JSON_ARRAY:
        hcb__jw_array_flat(w);
        for (size_t i = 0; i < hcb__json_count(value); i++)
            hcb__json_copy(w, hcb__json_at(value, i));
        hcb__jw_end_array(w);
        return;
    case HCB__JSON_STRING:
        hcb__jw_string(w, hcb__json_string(value, NULL));
        return;
    case HCB__JSON_BOOL:
        hcb__jw_bool(w, hcb__json_bool(value, &word) && word);
        return;
    case HCB__JSON_INT:
    case HCB__JSON_REAL:
        if (hcb__json_int(value, &number)) {
            hcb__jw_int(w, number);
            return;
        }
        break;
    case HCB__JSON_ABSENT:
    case HCB__JSON_NULL:
        break;
    }
    hcb__jw_null(w);
}

void hcb__event_json(hcb__json_writer *w, const hcb__event *e, hcb__json *body) {
    hcb__jw_object_flat(w);
    hcb__jw_key_int(w, "seq", e->seq);
    hcb__jw_key(w, "at");
    hcb__text at;
    hcb__text_init(&at, w->out->mem);
    hcb__text_moment(&at, e->at);
    hcb__jw_string(w, at.failed ? NULL : at.at);
    w->out->failed |= at.failed;
    hcb__text_free(&at);
    hcb__jw_key_string(w, "user", e->user);
    hcb__jw_key_string(w, "rules", e->rules);
    hcb__jw_key_string(w, "kind", e->kind);
    hcb__jw_key(w, "body");
    hcb__json_copy(w, body);
    hcb__jw_key_string(w, "hash", e->hash);
    hcb__jw_end_object(w);
}

static const char *text_of(hcb__json *body, const char *key) {
    const char *text = hcb__json_string(hcb__json_get(body, key), NULL);
    return text ? text : "";
}

static int64_t number_of(hcb__json *body, const char *key) {
    int64_t number = 0;
    (void)hcb__json_int(hcb__json_get(body, key), &number);
    return number;
}

static void say_pounds(hcb__text *out, hcb__json *body, const char *before) {
    hcb__text_puts(out, before);
    hcb__text_puts(out, "GBP ");
    hcb__text_fixed(out, number_of(body, "price"), 2);
    hcb__text_puts(out, " a week");
}

static void say_hours(hcb__text *out, int64_t minutes) {
    hcb__text_printf(out, "%lld:%02lld h", (long long)(minutes / MINUTE_S), (long long)(minutes % MINUTE_S));
}

static void say_package(hcb__text *out, hcb__event_kind kind, hcb__json *body) {
    hcb__text_printf(out, "%s %s", text_of(body, "package"), hcb__event_words[kind]);
    if (kind == HCB__EVENT_RECEIVED || kind == HCB__EVENT_CHANGED) {
        hcb__text_puts(out, ": ");
        say_hours(out, number_of(body, "minutes"));
        hcb__text_printf(out, " a week, priority %lld, zone %s", (long long)number_of(body, "priority"),
                         text_of(body, "zone"));
        if (*text_of(body, "provider"))
            hcb__text_printf(out, ", served by %s", text_of(body, "provider"));
    } else if (*text_of(body, "reason")) {
        hcb__text_printf(out, ": %s", text_of(body, "reason"));
    }
}

static void say_offer(hcb__text *out, hcb__event_kind kind, hcb__json *body) {
    if (kind == HCB__EVENT_OFFERED) {
        hcb__text_printf(out, "%s %s offered to %s (%s, rank %lld), answer by ", text_of(body, "offer"),
                         text_of(body, "package"), text_of(body, "provider"), text_of(body, "mode"),
                         (long long)number_of(body, "rank"));
        moment_for_people(out, number_of(body, "due"));
        say_pounds(out, body, ", ");
        return;
    }
    hcb__text_printf(out, "%s %s %s by %s", text_of(body, "offer"), text_of(body, "package"), hcb__event_words[kind],
                     text_of(body, "provider"));
    if (*text_of(body, "reason"))
        hcb__text_printf(out, ": %s", text_of(body, "reason"));
    if (kind == HCB__EVENT_ACCEPTED)
        say_pounds(out, body, " at ");
}

void hcb__event_words_text(hcb__text *out, const hcb__event *e, hcb__json *body) {
    int32_t kind = hcb__event_kind_of(e->kind);
    hcb__text_printf(out, "%6lld  ", (long long)e->seq);
    moment_for_people(out, e->at);
    hcb__text_printf(out, "  %s  ", e->user);
    switch (kind) {
    case HCB__EVENT_RECEIVED:
    case HCB__EVENT_CHANGED:
    case HCB__EVENT_ENDED:
    case HCB__EVENT_SUSPENDED:
    case HCB__EVENT_RESUMED:
        say_package(out, (hcb__event_kind)kind, body);
        break;
    case HCB__EVENT_CAPACITY:
        hcb__text_printf(out, "%s can do ", text_of(body, "provider"));
        if (number_of(body, "minutes") < 0)
            hcb__text_puts(out, "any number of hours");
        else
            say_hours(out, number_of(body, "minutes"));
        if (hcb__json_get(body, "zone"))
            hcb__text_printf(out, " a week in zone %s", text_of(body, "zone"));
        else if (hcb__json_get(body, "part"))
            hcb__text_printf(out, " a week in the %s", text_of(body, "part"));
        else
            hcb__text_puts(out, " a week in all");
        break;
    case HCB__EVENT_OFFERED:
    case HCB__EVENT_ACCEPTED:
    case HCB__EVENT_DECLINED:
    case HCB__EVENT_EXPIRED:
    case HCB__EVENT_WITHDRAWN:
        say_offer(out, (hcb__event_kind)kind, body);
        break;
    case HCB__EVENT_PLACED:
        hcb__text_printf(out, "%s placed with %s", text_of(body, "package"), text_of(body, "provider"));
        say_pounds(out, body, ", ");
        break;
    case HCB__EVENT_HANDED_BACK:
        hcb__text_printf(out, "%s handed back by %s", text_of(body, "package"), text_of(body, "provider"));
        break;
    case HCB__EVENT_MOVED:
        hcb__text_printf(out, "%s moved from %s to %s", text_of(body, "package"), text_of(body, "from"),
                         text_of(body, "provider"));
        break;
    case HCB__EVENT_PLANNED:
        hcb__text_printf(out, "planned (%s): %lld of %lld packages have a provider", text_of(body, "method"),
                         (long long)number_of(body, "placed"),
                         (long long)(number_of(body, "placed") + number_of(body, "waiting")));
        break;
    case HCB__EVENT_NOTE:
        hcb__text_printf(out, "note %s: %s", text_of(body, "package"), text_of(body, "text"));
        break;
    default:
        hcb__text_puts(out, e->kind);
    }
    hcb__text_putc(out, '\n');
}

static const char *const csv_keys[] = {"package", "offer", "provider", "reason"};

void hcb__event_csv_head(hcb__text *out) {
    hcb__text_puts(out, "seq,at,user,kind,package_id,offer_id,provider_id,reason\n");
}

void hcb__event_csv(hcb__text *out, const hcb__event *e, hcb__json *body) {
    hcb__csv_put_int(out, e->seq, false);
    hcb__text_moment(out, e->at);
    hcb__text_putc(out, ',');
    hcb__csv_put(out, e->user, false);
    hcb__csv_put(out, e->kind, false);
    for (size_t i = 0; i < sizeof csv_keys / sizeof *csv_keys; i++)
        hcb__csv_put(out, text_of(body, csv_keys[i]), i + 1 == sizeof csv_keys / sizeof *csv_keys);
}
