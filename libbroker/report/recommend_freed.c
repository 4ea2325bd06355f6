/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The waiting packages for a provider's freed hours as a table, JSON or CSV. */
#include "io/csv.h"
#include "report/allocation_report.h"
#include "report/recommend.h"

static int32_t fitting(const hcb__recommendation *r) {
    int32_t n = 0;
    while (n < r->n_candidates && r->candidates[n].n_lacks == 0)
        n++;
    return n;
}

static int64_t set_pence(const hcb__recommendation *r) {
    int64_t pence = 0;
    for (int32_t i = 0; i < r->n_candidates; i++)
        pence += r->candidates[i].chosen ? r->candidates[i].choice->weekly_pence : 0;
    return pence;
}

static void text_candidate(hcb__text *out, const hcb__recommendation *r, const hcb__candidate *c) {
    const hcb__package *p = hcb__package_of(r, c);
    hcb__cell_left(out, c->chosen ? "*" : "", 2);
    hcb__cell_left(out, p->id, 21);
    hcb__cell_left(out, r->model->zones->zones[p->zone].id, 6);
    hcb__cell_left(out, hcb__band_words[p->band], 9);
    hcb__cell_int(out, p->priority, 8);
    if (p->received == HCB__NO_DATE)
        hcb__text_puts(out, "     -");
    else
        hcb__cell_int(out, r->model->as_of - p->received, 6);
    hcb__cell_hours(out, p->carer_minutes, 7);
    hcb__cell_fixed(out, c->choice->weekly_pence, 2, 11);
    hcb__cell_hours(out, hcb__whole_minutes(p->carer_visits * c->choice->seconds), 10);
    hcb__text_putc(out, '\n');
    hcb__wrap wrap = {out, 6, 0};
    if (c->n_lacks) {
        hcb__wrap_word(&wrap, "does not fit:");
        hcb__wrap_lacks(&wrap, r, c);
    } else {
        hcb__wrap_change(&wrap, r, c->change);
    }
    hcb__wrap_end(&wrap);
}

static void text_set(hcb__text *out, const hcb__recommendation *r) {
    if (!r->set_count) {
        hcb__text_puts(out, "\nno set of them fits\n");
        return;
    }
    hcb__text_printf(out, "\nthe best set (*): %d packages, ", r->set_count);
    hcb__cell_hours(out, r->set_minutes, 0);
    hcb__text_puts(out, " hours, ");
    hcb__cell_fixed(out, set_pence(r), 2, 0);
    hcb__text_printf(out, " pounds a week%s\n", r->set_proved ? ", proved" : "; not proved the best");
    hcb__wrap wrap = {out, 2, 0};
    hcb__wrap_change(&wrap, r, r->set_change);
    hcb__wrap_end(&wrap);
}

static void write_text(hcb__text *out, const hcb__recommendation *r, int32_t top) {
    hcb__cell_hours(out, r->minutes, 0);
    hcb__text_printf(out, " hours freed at %s%s; %d packages wait%s, it may take %d, %d fit\n",
                     r->model->providers[r->provider].id, r->model->synthetic ? " (synthetic)" : "",
                     r->n_candidates + r->n_left_out, r->plan ? " in the plan" : "", r->n_candidates, fitting(r));
    int32_t listed = hcb__listed(r, top);
    if (listed)
        hcb__text_puts(out, "\n  package              zone  band     priority  days  hours  pounds/wk  travel h\n");
    for (int32_t i = 0; i < listed; i++)
        text_candidate(out, r, &r->candidates[i]);
    if (listed < r->n_candidates)
        hcb__text_printf(out, "      and %d more\n", r->n_candidates - listed);
    text_set(out, r);
    hcb__text_left_out(out, r);
}

static void json_package(hcb__json_writer *w, const hcb__recommendation *r, const hcb__candidate *c) {
    const hcb__package *p = hcb__package_of(r, c);
    hcb__jw_object_flat(w);
    hcb__jw_key_string(w, "package_id", p->id);
    hcb__jw_key_string(w, "zone_id", r->model->zones->zones[p->zone].id);
    hcb__jw_key_string(w, "band", hcb__band_words[p->band]);
    hcb__jw_key_int(w, "priority", p->priority);
    hcb__jw_key(w, "days_waiting");
    p->received == HCB__NO_DATE ? hcb__jw_null(w) : hcb__jw_int(w, r->model->as_of - p->received);
    hcb__jw_key_int(w, "carer_minutes", p->carer_minutes);
    hcb__jw_key_bool(w, "in_best_set", c->chosen);
    hcb__json_choice(w, r, c);
    hcb__jw_end_object(w);
}

static void json_set(hcb__json_writer *w, const hcb__recommendation *r) {
    hcb__jw_key(w, "best_set");
    hcb__jw_object(w);
    hcb__jw_key_int(w, "packages", r->set_count);
    hcb__jw_key_int(w, "carer_minutes", r->set_minutes);
    hcb__jw_key_int(w, "weekly_cost_pence", set_pence(r));
    hcb__json_change(w, "change", r, r->set_change);
    hcb__jw_key_bool(w, "proved", r->set_proved);
    hcb__jw_key(w, "package_ids");
    hcb__jw_array_flat(w);
    for (int32_t i = 0; i < r->n_candidates; i++)
        if (r->candidates[i].chosen)
            hcb__jw_string(w, hcb__package_of(r, &r->candidates[i])->id);
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

static void write_json(hcb__text *out, const hcb__recommendation *r, int32_t top) {
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key_string(&w, "provider_id", r->model->providers[r->provider].id);
    hcb__jw_key_int(&w, "minutes", r->minutes);
    hcb__json_head(&w, r);
    hcb__jw_key_int(&w, "waiting", r->n_candidates + r->n_left_out);
    hcb__jw_key_int(&w, "eligible", r->n_candidates);
    hcb__jw_key_int(&w, "fitting", fitting(r));
    json_set(&w, r);
    hcb__jw_key(&w, "packages");
    hcb__jw_array(&w);
    for (int32_t i = 0; i < hcb__listed(r, top); i++)
        json_package(&w, r, &r->candidates[i]);
    hcb__jw_end_array(&w);
    hcb__json_left_out(&w, r);
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
}

static void csv_package(hcb__text *out, const hcb__recommendation *r, const hcb__candidate *c) {
    const hcb__package *p = hcb__package_of(r, c);
    hcb__csv_put(out, p->id, false);
    hcb__csv_put(out, c->n_lacks ? "no" : "yes", false);
    hcb__csv_put(out, c->chosen ? "yes" : "no", false);
    hcb__csv_put(out, r->model->zones->zones[p->zone].id, false);
    hcb__csv_put(out, hcb__band_words[p->band], false);
    hcb__csv_put_int(out, p->priority, false);
    if (p->received == HCB__NO_DATE)
        hcb__csv_put(out, "", false);
    else
        hcb__csv_put_int(out, r->model->as_of - p->received, false);
    hcb__csv_put_int(out, p->carer_minutes, false);
    hcb__csv_put(out, hcb__tier_words[c->choice->tier], false);
    hcb__csv_put_int(out, c->choice->price, false);
    hcb__csv_put_int(out, c->choice->weekly_pence, false);
    hcb__csv_put_int(out, hcb__whole_minutes(p->carer_visits * c->choice->seconds), false);
    hcb__csv_change(out, r, c->change);
    hcb__csv_lacks(out, r, c);
}

static void write_csv(hcb__text *out, const hcb__recommendation *r, int32_t top) {
    static const char *const names[] = {
        "package_id",        "fits",          "in_best_set",   "zone_id", "band",
        "priority",          "days_waiting",  "carer_minutes", "tier",    "price_pence_per_hour",
        "weekly_cost_pence", "travel_minutes"};
    enum { NAMES = sizeof names / sizeof *names };
    for (size_t i = 0; i < NAMES; i++)
        hcb__csv_put(out, names[i], false);
    hcb__csv_change_names(out, r);
    hcb__csv_put(out, "reason", true);
    for (int32_t i = 0; i < hcb__listed(r, top); i++)
        csv_package(out, r, &r->candidates[i]);
    for (int32_t i = 0; i < r->n_left_out; i++) {
        hcb__csv_put(out, r->model->packages[r->left_out[i].package].id, false);
        for (int32_t b = 1; b < NAMES; b++)
            hcb__csv_put(out, "", false);
        hcb__csv_change(out, r, NULL);
        hcb__csv_put(out, r->left_out[i].code, true);
    }
}

void hcb__write_freed(hcb__text *out, const hcb__recommendation *r, int32_t top, int32_t format) {
    if (format == HCB_FORMAT_JSON)
        write_json(out, r, top);
    else if (format == HCB_FORMAT_CSV)
        write_csv(out, r, top);
    else
        write_text(out, r, top);
}
