/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over the events, with no look at the state that is kept beside them. */
#include "desk/figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "desk/desk.h"

typedef struct person {
    int64_t since, minutes, priority, moves, rounds, last_round, zone;
    int32_t provider; /* -1: none */
    bool counted;     /* came in while the desk ran */
    bool suspended, ended;
} person;

typedef struct pass {
    hcb_context *ctx;
    hcb__desk_figures *f;
    const hcb_allocator *mem;
    hcb__idmap person_of_id, provider_of_id, zone_of_id;
    HCB__VEC(person) people;
    int64_t waiting, served;
    hcb__day_figures *day;
    bool failed;
} pass;

static const char *keep(pass *p, const char *text) {
    char *out = hcb__arena_strndup(&p->f->arena, text, strlen(text));
    p->failed |= !out;
    return out ? out : "";
}

static const char *text_of(hcb__json *body, const char *key) {
    const char *text = hcb__json_string(hcb__json_get(body, key), NULL);
    return text ? text : "";
}

static int64_t number_of(hcb__json *body, const char *key) {
    int64_t number = 0;
    bool word = false;
    if (hcb__json_bool(hcb__json_get(body, key), &word))
        return word;
    (void)hcb__json_int(hcb__json_get(body, key), &number);
    return number;
}

static hcb__provider_figures *provider_at(pass *p, int32_t i) {
    return &p->f->by_provider.at[i];
}

static int32_t provider_named(pass *p, const char *id) {
    int32_t i = hcb__idmap_get(&p->provider_of_id, id, strlen(id));
    if (i >= 0 || !*id)
        return i;
    hcb__provider_figures k = {.id = keep(p, id), .stated = -1};
    i = (int32_t)p->f->by_provider.count;
    if (!HCB__PUSH(p->mem, &p->f->by_provider, k) || !hcb__idmap_put(&p->provider_of_id, k.id, i)) {
        p->failed = true;
        return -1;
    }
    return i;
}

static int64_t zone_named(pass *p, const char *id) {
    int32_t i = hcb__idmap_get(&p->zone_of_id, id, strlen(id));
    if (i >= 0)
        return i;
    hcb__wait_figures z = {.key = keep(p, id)};
    i = (int32_t)p->f->by_zone.count;
    if (!HCB__PUSH(p->mem, &p->f->by_zone, z) || !hcb__idmap_put(&p->zone_of_id, z.key, i)) {
        p->failed = true;
        return 0;
    }
    return i;
}

static person *person_of(pass *p, const char *id) {
    int32_t i = hcb__idmap_get(&p->person_of_id, id, strlen(id));
    return i < 0 ? NULL : &p->people.at[i];
}

static void received(pass *p, hcb__json *body) {
    const char *provider = text_of(body, "provider");
    person who = {.since = number_of(body, "since"),
                  .minutes = number_of(body, "minutes"),
                  .priority = number_of(body, "priority"),
                  .zone = zone_named(p, text_of(body, "zone")),
                  .last_round = -1,
                  .provider = provider_named(p, provider),
                  .counted = !*provider};
    const char *id = keep(p, text_of(body, "package"));
    if (p->failed || person_of(p, id))
        return;
    if (!HCB__PUSH(p->mem, &p->people, who) || !hcb__idmap_put(&p->person_of_id, id, (int32_t)p->people.count - 1)) {
        p->failed = true;
        return;
    }
    if (who.provider >= 0) {
        p->served++;
        provider_at(p, who.provider)->serves++;
        return;
    }
    p->waiting++;
    p->day->received++;
    p->f->by_zone.at[who.zone].received++;
    p->f->by_priority[who.priority - 1].received++;
}

static void leave_provider(pass *p, person *who) {
    if (who->provider >= 0) {
        provider_at(p, who->provider)->serves--;
        p->served--;
    }
    who->provider = -1;
}

static void add_wait(pass *p, hcb__wait_figures *f, int64_t seconds) {
    int64_t minutes = seconds > 0 ? seconds / 60 : 0;
    f->placed++;
    f->minutes += minutes;
    if (minutes > f->longest)
        f->longest = minutes;
    p->failed |= !HCB__PUSH(p->mem, &f->waits, minutes);
}

static void placed(pass *p, const hcb__event *e, person *who, int32_t k) {
    leave_provider(p, who);
    who->provider = k;
    p->waiting--;
    p->served++;
    p->day->placed++;
    provider_at(p, k)->serves++;
    provider_at(p, k)->accepted++;
    if (provider_at(p, k)->stated >= 0) {
        provider_at(p, k)->proved += who->minutes;
        provider_at(p, k)->proved_people++;
    }
    p->f->placed++;
    p->f->placed_first += who->rounds == 1;
    add_wait(p, &p->f->by_zone.at[who->zone], e->at - who->since);
    add_wait(p, &p->f->by_priority[who->priority - 1], e->at - who->since);
}

static void count_reason(pass *p, hcb__provider_figures *k, const char *code) {
    for (size_t i = 0; i < k->reasons.count; i++)
        if (strcmp(k->reasons.at[i].code, code) == 0) {
            k->reasons.at[i].count++;
            return;
        }
    hcb__reason_count one = {keep(p, code), 1};
    p->failed |= !HCB__PUSH(p->mem, &k->reasons, one);
}

static void declined(pass *p, const person *who, hcb__provider_figures *k, hcb__json *body) {
    k->declined++;
    k->counted += number_of(body, "count");
    p->day->declined++;
    if (k->stated >= 0 && who) {
        k->refused += who->minutes;
        k->refused_people++;
    }
    count_reason(p, k, text_of(body, "reason"));
}

static void stated(hcb__provider_figures *f, hcb__json *body) {
    /* Of a zone or a part of the day: a limit within the whole. */
    if (hcb__json_get(body, "zone") || hcb__json_get(body, "part"))
        return;
    f->stated = number_of(body, "minutes");
    f->spare = number_of(body, "spare");
    f->proved = f->refused = f->proved_people = f->refused_people = 0;
}

static void offered(pass *p, const hcb__event *e, person *who, int32_t k) {
    provider_at(p, k)->offers++;
    p->day->offers++;
    /* Offers of the same moment are one round. */
    if (who && who->last_round != e->at) {
        who->rounds++;
        who->last_round = e->at;
    }
}

static void ended(pass *p, person *who) {
    if (who->ended)
        return;
    if (who->provider < 0)
        p->waiting--;
    leave_provider(p, who);
    who->ended = true;
    p->day->ended++;
}

static void handed_back(pass *p, const hcb__event *e, person *who, int32_t k) {
    provider_at(p, k)->handed_back++;
    leave_provider(p, who);
    p->waiting++;
    p->day->handed_back++;
    who->since = e->at;
    who->rounds = 0;
    who->last_round = -1;
}

static void moved(pass *p, person *who, int32_t k) {
    leave_provider(p, who);
    who->provider = k;
    p->served++;
    provider_at(p, k)->serves++;
    provider_at(p, k)->moved_in++;
    p->day->moved++;
    if (++who->moves > p->f->most_moves)
        p->f->most_moves = who->moves;
}

/* A day for every date up to that of `at`, also those on which nothing happened. */
static void open_day(pass *p, int64_t at) {
    int32_t date = (int32_t)(at / HCB__DAY_S);
    do {
        size_t n = p->f->days.count;
        if (n) {
            p->f->days.at[n - 1].waiting = p->waiting;
            p->f->days.at[n - 1].served = p->served;
        }
        if (n && p->f->days.at[n - 1].date >= date)
            break;
        hcb__day_figures day = {.date = n ? p->f->days.at[n - 1].date + 1 : date};
        p->failed |= !HCB__PUSH(p->mem, &p->f->days, day);
    } while (!p->failed);
    p->day = p->f->days.at + p->f->days.count - 1;
}

/* From then on the person waits, and is placed, under what is true now; `received` stays where it was counted. */
static void changed(pass *p, hcb__json *body, person *who) {
    who->minutes = number_of(body, "minutes");
    who->priority = number_of(body, "priority");
    who->zone = zone_named(p, text_of(body, "zone"));
}

static void about_person(pass *p, const hcb__event *e, hcb__json *body, int32_t kind, person *who, int32_t k) {
    if (kind == HCB__EVENT_PLACED && k >= 0)
        placed(p, e, who, k);
    else if (kind == HCB__EVENT_HANDED_BACK && k >= 0)
        handed_back(p, e, who, k);
    else if (kind == HCB__EVENT_MOVED && k >= 0)
        moved(p, who, k);
    else if (kind == HCB__EVENT_ENDED)
        ended(p, who);
    else if (kind == HCB__EVENT_CHANGED)
        changed(p, body, who);
}

static void take_event(pass *p, const hcb__event *e, hcb__json *body) {
    int32_t kind = hcb__event_kind_of(e->kind), k = provider_named(p, text_of(body, "provider"));
    person *who = person_of(p, text_of(body, "package"));
    open_day(p, e->at);
    if (p->failed)
        return;
    p->f->events++;
    if (kind == HCB__EVENT_OPENED) {
        p->f->synthetic = number_of(body, "synthetic") != 0;
        p->f->workspace = keep(p, text_of(body, "workspace"));
    } else if (kind == HCB__EVENT_RECEIVED) {
        received(p, body);
    } else if (kind == HCB__EVENT_CAPACITY && k >= 0) {
        stated(provider_at(p, k), body);
    } else if (kind == HCB__EVENT_OFFERED && k >= 0) {
        offered(p, e, who, k);
    } else if (kind == HCB__EVENT_DECLINED && k >= 0) {
        declined(p, who, provider_at(p, k), body);
    } else if (kind == HCB__EVENT_EXPIRED && k >= 0) {
        provider_at(p, k)->expired++;
        provider_at(p, k)->counted += number_of(body, "count");
        p->day->expired++;
    } else if (kind == HCB__EVENT_WITHDRAWN && k >= 0) {
        provider_at(p, k)->withdrawn++;
    } else if (who) {
        about_person(p, e, body, kind, who, k);
    }
}

static int by_number(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void finish_waits(hcb__wait_figures *f) {
    if (!f->waits.count)
        return;
    qsort(f->waits.at, f->waits.count, sizeof *f->waits.at, by_number);
    f->median = f->waits.at[(f->waits.count - 1) / 2];
}

static int by_zone_id(const void *a, const void *b) {
    return hcb__compare_ids(((const hcb__wait_figures *)a)->key, ((const hcb__wait_figures *)b)->key);
}

static int by_provider_id(const void *a, const void *b) {
    return hcb__compare_ids(((const hcb__provider_figures *)a)->id, ((const hcb__provider_figures *)b)->id);
}

static void finish(pass *p, int64_t at) {
    hcb__desk_figures *f = p->f;
    open_day(p, at > f->to ? at : f->to);
    f->to = at;
    for (size_t i = 0; i < p->people.count; i++) {
        const person *who = &p->people.at[i];
        if (who->ended || who->provider >= 0)
            continue;
        f->by_zone.at[who->zone].waiting++;
        f->by_priority[who->priority - 1].waiting++;
    }
    for (int i = 0; i < 5; i++)
        finish_waits(&f->by_priority[i]);
    for (size_t i = 0; i < f->by_zone.count; i++)
        finish_waits(&f->by_zone.at[i]);
    if (f->by_zone.count)
        qsort(f->by_zone.at, f->by_zone.count, sizeof *f->by_zone.at, by_zone_id);
    if (f->by_provider.count)
        qsort(f->by_provider.at, f->by_provider.count, sizeof *f->by_provider.at, by_provider_id);
}

typedef struct job {
    hcb__desk_figures *figures;
    int64_t at;
} job;

static hcb_status run_figures(hcb_desk *desk, hcb_context *ctx, hcb__text *out, int32_t format, void *payload) {
    (void)out;
    (void)format;
    job *j = payload;
    hcb__store *s = &desk->store;
    pass p = {.ctx = ctx, .f = j->figures, .mem = &j->figures->arena.mem};
    hcb__idmap_init(&p.person_of_id, &ctx->mem);
    hcb__idmap_init(&p.provider_of_id, &ctx->mem);
    hcb__idmap_init(&p.zone_of_id, &ctx->mem);
    sqlite3_stmt *stmt = hcb__store_bind(s, "SELECT " HCB__EVENT_COLUMNS " FROM event ORDER BY seq", "");
    hcb_status status = HCB_OK;
    while (status == HCB_OK && !p.failed && hcb__store_next(s, stmt)) {
        hcb__event e;
        hcb__json_doc *doc = NULL;
        hcb__event_row(stmt, &e);
        status = hcb__json_parse(&doc, ctx, e.body, strlen(e.body), desk->path);
        if (status == HCB_OK && !hcb__event_fits(&e, hcb__json_root(doc)))
            status = hcb__fail(ctx, HCB_EDATA, "event %lld is not one that the desk writes: desk verify says more",
                               (long long)e.seq);
        if (status == HCB_OK)
            take_event(&p, &e, hcb__json_root(doc));
        p.f->to = e.at;
        hcb__json_close(doc);
    }
    hcb__store_end(stmt);
    if (status == HCB_OK && !p.failed)
        finish(&p, j->at);
    HCB__VEC_FREE(p.mem, &p.people);
    hcb__idmap_free(&p.person_of_id);
    hcb__idmap_free(&p.provider_of_id);
    hcb__idmap_free(&p.zone_of_id);
    return status == HCB_OK && p.failed ? hcb__nomem(ctx) : status;
}

hcb_status hcb__figures_make(hcb__desk_figures **out, hcb_desk *desk, hcb_context *ctx, int64_t at) {
    *out = hcb__calloc(&ctx->mem, 1, sizeof **out);
    if (!*out)
        return HCB_ENOMEM;
    hcb__arena_init(&(*out)->arena, &ctx->mem);
    job j = {*out, at};
    hcb_text *text = NULL;
    hcb_status status = hcb__desk_read(&text, desk, ctx, HCB_FORMAT_TEXT, run_figures, &j);
    hcb_text_free(text);
    if (status != HCB_OK) {
        hcb__figures_free(*out);
        *out = NULL;
    }
    return status;
}

void hcb__figures_free(hcb__desk_figures *f) {
    if (!f)
        return;
    hcb_allocator mem = f->arena.mem;
    for (int i = 0; i < 5; i++)
        HCB__VEC_FREE(&mem, &f->by_priority[i].waits);
    for (size_t i = 0; i < f->by_zone.count; i++)
        HCB__VEC_FREE(&mem, &f->by_zone.at[i].waits);
    for (size_t i = 0; i < f->by_provider.count; i++)
        HCB__VEC_FREE(&mem, &f->by_provider.at[i].reasons);
    HCB__VEC_FREE(&mem, &f->by_zone);
    HCB__VEC_FREE(&mem, &f->by_provider);
    HCB__VEC_FREE(&mem, &f->days);
    hcb__arena_release(&f->arena);
    hcb__free(&mem, f);
}
