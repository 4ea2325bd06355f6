/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The desk's figures as tables, as desk.json and as CSV; for the public without small numbers. */
#include "base/textbuf.h"
#include "desk/figures.h"
#include "io/csv.h"
#include "io/json.h"
#include "report/suppress.h"
#include "report/table_text.h"

enum { DAY_MINUTES = 1440 };

/* A count as it may be told; HCB__HIDDEN. */
static int64_t told(int64_t count, bool is_public) {
    return is_public ? hcb__public_count(count) : count;
}

typedef struct writer {
    hcb__json_writer w;
    bool is_public;
} writer;

/* For the public: 1 to 4 are not told, others to the nearest 5 (report/suppress.h). */
static void put_count(writer *w, const char *key, int64_t count) {
    count = told(count, w->is_public);
    hcb__jw_key(&w->w, key);
    if (count == HCB__HIDDEN)
        hcb__jw_null(&w->w);
    else
        hcb__jw_int(&w->w, count);
}

static void put_sum(writer *w, const char *key, int64_t value, int64_t people) {
    hcb__jw_key(&w->w, key);
    if (people == 0 || (w->is_public && people < HCB__FEWEST))
        hcb__jw_null(&w->w);
    else
        hcb__jw_int(&w->w, value);
}

static void put_wait(writer *w, const hcb__wait_figures *f) {
    put_count(w, "received", f->received);
    put_count(w, "placed", f->placed);
    put_count(w, "waiting", f->waiting);
    put_sum(w, "mean_wait_minutes", f->placed ? f->minutes / f->placed : 0, f->placed);
    put_sum(w, "median_wait_minutes", f->median, f->placed);
    put_sum(w, "longest_wait_minutes", f->longest, w->is_public ? 0 : f->placed);
    hcb__jw_end_object(&w->w);
}

static void put_provider(writer *w, const hcb__provider_figures *k) {
    hcb__jw_object_flat(&w->w);
    hcb__jw_key_string(&w->w, "provider_id", k->id);
    put_count(w, "offers", k->offers);
    put_count(w, "accepted", k->accepted);
    put_count(w, "declined", k->declined);
    put_count(w, "expired", k->expired);
    put_count(w, "withdrawn", k->withdrawn);
    put_count(w, "counted", k->counted);
    int64_t answered = k->accepted + k->declined + k->expired, others = answered - k->accepted;
    /* A percentage of few is a way to tell a small number. */
    bool small = w->is_public && (hcb__small_count(k->accepted) || hcb__small_count(others));
    put_sum(w, "acceptance_percent", answered ? (200 * k->accepted + answered) / (2 * answered) : 0,
            small ? 0 : answered);
    hcb__jw_key(&w->w, "reasons");
    hcb__jw_object_flat(&w->w);
    for (size_t i = 0; i < k->reasons.count; i++)
        put_count(w, k->reasons.at[i].code, k->reasons.at[i].count);
    hcb__jw_end_object(&w->w);
    put_sum(w, "stated_minutes", k->stated, k->stated >= 0 ? HCB__FEWEST : 0);
    put_sum(w, "stated_spare_minutes", k->spare, k->stated >= 0 ? HCB__FEWEST : 0);
    put_sum(w, "proved_minutes", k->proved, k->stated < 0 ? 0 : w->is_public ? k->proved_people : HCB__FEWEST);
    put_sum(w, "refused_minutes", k->refused, k->stated < 0 ? 0 : w->is_public ? k->refused_people : HCB__FEWEST);
    put_count(w, "handed_back", k->handed_back);
    put_count(w, "serves", k->serves);
    hcb__jw_end_object(&w->w);
}

static void put_day(writer *w, const hcb__day_figures *d) {
    hcb__jw_object_flat(&w->w);
    hcb__text date;
    hcb__text_init(&date, w->w.out->mem);
    hcb__text_date(&date, d->date);
    hcb__jw_key_string(&w->w, "date", date.failed ? NULL : date.at);
    hcb__text_free(&date);
    put_count(w, "waiting", d->waiting);
    put_count(w, "served", d->served);
    put_count(w, "received", d->received);
    put_count(w, "placed", d->placed);
    put_count(w, "ended", d->ended);
    put_count(w, "offers", d->offers);
    put_count(w, "declined", d->declined);
    put_count(w, "expired", d->expired);
    put_count(w, "handed_back", d->handed_back);
    put_count(w, "moved", d->moved);
    hcb__jw_end_object(&w->w);
}

static void write_json(hcb__text *out, const hcb__desk_figures *f, bool is_public) {
    writer w = {.is_public = is_public};
    hcb__jw_init(&w.w, out, false);
    hcb__jw_object(&w.w);
    hcb__jw_key_string(&w.w, "kind", "desk");
    hcb__jw_key_string(&w.w, "workspace", f->workspace);
    hcb__jw_key_bool(&w.w, "synthetic", f->synthetic);
    hcb__jw_key_bool(&w.w, "public", is_public);
    hcb__jw_key_int(&w.w, "events", f->events);
    put_count(&w, "placed", f->placed);
    put_count(&w, "placed_at_first_offer", f->placed_first);
    put_count(&w, "most_moves_of_one_person", f->most_moves);
    hcb__jw_key(&w.w, "days");
    hcb__jw_array(&w.w);
    for (size_t i = 0; i < f->days.count; i++)
        put_day(&w, &f->days.at[i]);
    hcb__jw_end_array(&w.w);
    hcb__jw_key(&w.w, "by_priority");
    hcb__jw_array(&w.w);
    for (int i = 0; i < 5; i++) {
        hcb__jw_object_flat(&w.w);
        hcb__jw_key_int(&w.w, "priority", i + 1);
        put_wait(&w, &f->by_priority[i]);
    }
    hcb__jw_end_array(&w.w);
    hcb__jw_key(&w.w, "by_zone");
    hcb__jw_array(&w.w);
    for (size_t i = 0; i < f->by_zone.count; i++) {
        hcb__jw_object_flat(&w.w);
        hcb__jw_key_string(&w.w, "zone_id", f->by_zone.at[i].key);
        put_wait(&w, &f->by_zone.at[i]);
    }
    hcb__jw_end_array(&w.w);
    hcb__jw_key(&w.w, "by_provider");
    hcb__jw_array(&w.w);
    for (size_t i = 0; i < f->by_provider.count; i++)
        put_provider(&w, &f->by_provider.at[i]);
    hcb__jw_end_array(&w.w);
    hcb__jw_end_object(&w.w);
    hcb__text_putc(out, '\n');
}

static void cell(hcb__text *out, int64_t count, int width, bool is_public) {
    count = told(count, is_public);
    if (count == HCB__HIDDEN)
        hcb__text_printf(out, "%*s", width, "<5");
    else
        hcb__cell_int(out, count, width);
}

/* Waits in days with one decimal. */
static void text_wait(hcb__text *out, const char *name, const hcb__wait_figures *f, bool is_public) {
    hcb__cell_left(out, name, 12);
    cell(out, f->received, 10, is_public);
    cell(out, f->placed, 9, is_public);
    cell(out, f->waiting, 9, is_public);
    if (f->placed == 0 || (is_public && f->placed < HCB__FEWEST)) {
        hcb__text_puts(out, "\n");
        return;
    }
    hcb__cell_fixed(out, (f->minutes / f->placed * 10 + DAY_MINUTES / 2) / DAY_MINUTES, 1, 12);
    hcb__cell_fixed(out, (f->median * 10 + DAY_MINUTES / 2) / DAY_MINUTES, 1, 10);
    if (!is_public)
        hcb__cell_fixed(out, (f->longest * 10 + DAY_MINUTES / 2) / DAY_MINUTES, 1, 10);
    hcb__text_putc(out, '\n');
}

static void text_provider(hcb__text *out, const hcb__provider_figures *k, bool is_public) {
    hcb__cell_left(out, k->id, 12);
    cell(out, k->offers, 7, is_public);
    cell(out, k->accepted, 9, is_public);
    cell(out, k->declined, 9, is_public);
    cell(out, k->expired, 8, is_public);
    cell(out, k->handed_back, 11, is_public);
    if (k->stated >= 0)
        hcb__cell_hours(out, k->spare, 10);
    else
        hcb__text_puts(out, "         -");
    if (k->stated >= 0 && !is_public)
        hcb__cell_hours(out, k->proved, 10);
    hcb__wrap wrap = {out, 14, 0};
    hcb__text_putc(out, '\n');
    for (size_t i = 0; i < k->reasons.count && !is_public; i++) {
        hcb__text word;
        hcb__text_init(&word, out->mem);
        hcb__text_printf(&word, "%s %lld%s", k->reasons.at[i].code, (long long)k->reasons.at[i].count,
                         i + 1 < k->reasons.count ? "," : "");
        if (!word.failed)
            hcb__wrap_word(&wrap, word.at);
        hcb__text_free(&word);
    }
    if (k->reasons.count && !is_public)
        hcb__wrap_end(&wrap);
}

static bool asked(const hcb__provider_figures *k) {
    return k->offers || k->handed_back || k->stated >= 0 || k->moved_in;
}

static void write_text(hcb__text *out, const hcb__desk_figures *f, bool is_public) {
    hcb__text_printf(out, "%s%s: %zu days\n", f->workspace ? f->workspace : "",
                     f->synthetic ? " (synthetic people)" : "", f->days.count);
    cell(out, f->placed, 0, is_public);
    hcb__text_puts(out, " placed by offers, ");
    cell(out, f->placed_first, 0, is_public);
    hcb__text_puts(out, " of them at the first; ");
    if (f->most_moves) {
        hcb__text_puts(out, "the most moves of one person: ");
        cell(out, f->most_moves, 0, is_public);
        hcb__text_putc(out, '\n');
    } else {
        hcb__text_puts(out, "nobody moved\n");
    }
    hcb__text_puts(out, "\npriority      received   placed  waiting   mean days    median   longest\n");
    for (int i = 0; i < 5; i++) {
        const char name[] = {(char)('1' + i), '\0'};
        text_wait(out, name, &f->by_priority[i], is_public);
    }
    hcb__text_puts(out, "\nzone          received   placed  waiting   mean days    median   longest\n");
    for (size_t i = 0; i < f->by_zone.count; i++)
        text_wait(out, f->by_zone.at[i].key, &f->by_zone.at[i], is_public);
    hcb__text_puts(out, "\nprovider     offers accepted declined expired handed back  stated h  proved h\n");
    for (size_t i = 0; i < f->by_provider.count; i++)
        if (asked(&f->by_provider.at[i]))
            text_provider(out, &f->by_provider.at[i], is_public);
}

static void write_csv(hcb__text *out, const hcb__desk_figures *f, bool is_public) {
    hcb__text_puts(out, "date,waiting,served,received,placed,ended,offers,declined,expired,handed_back,moved\n");
    for (size_t i = 0; i < f->days.count; i++) {
        const hcb__day_figures *d = &f->days.at[i];
        const int64_t values[] = {d->waiting, d->served,   d->received, d->placed,      d->ended,
                                  d->offers,  d->declined, d->expired,  d->handed_back, d->moved};
        enum { N = sizeof values / sizeof *values };
        hcb__text_date(out, d->date);
        for (size_t v = 0; v < N; v++) {
            hcb__text_putc(out, ',');
            if (told(values[v], is_public) != HCB__HIDDEN)
                hcb__text_int(out, told(values[v], is_public));
        }
        hcb__text_putc(out, '\n');
    }
}

hcb_status hcb_desk_figures(hcb_text **out, hcb_desk *desk, hcb_context *ctx, int64_t at, int32_t is_public,
                            int32_t format) {
    if (out)
        *out = NULL;
    if (!out || !desk || !ctx || at < 0 || format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV)
        return HCB_EINVAL;
    hcb__desk_figures *figures = NULL;
    hcb_status status = hcb__figures_make(&figures, desk, ctx, at);
    if (status != HCB_OK)
        return status;
    status = hcb__begin(ctx);
    if (status == HCB_OK)
        status = hcb__text_handle(out, ctx);
    if (status == HCB_OK) {
        hcb__text *text = hcb__text_of(*out);
        if (format == HCB_FORMAT_JSON)
            write_json(text, figures, is_public != 0);
        else if (format == HCB_FORMAT_CSV)
            write_csv(text, figures, is_public != 0);
        else
            write_text(text, figures, is_public != 0);
        status = hcb__text_finish(out, ctx);
    }
    hcb__figures_free(figures);
    return hcb__end(ctx, status);
}
