/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The providers of one package as a table, JSON or CSV, and the public calls of recommendations. */
#include "report/recommend.h"
#include "base/options.h"

#include "base/textbuf.h"
#include "io/csv.h"
#include "model/handle.h"
#include "report/allocation_report.h"

static void text_head(hcb__text *out, const hcb__recommendation *r) {
    const hcb__model *model = r->model;
    const hcb__package *p = &model->packages[r->package];
    const hcb__zone *zone = &model->zones->zones[p->zone];
    hcb__text_printf(out, "%s%s: ", p->id, model->synthetic ? " (synthetic)" : "");
    hcb__cell_hours(out, p->carer_minutes, 0);
    hcb__text_printf(out, " carer hours a week, zone %s %s, %s\n", zone->id, zone->name, hcb__band_words[p->band]);
    hcb__text_printf(out, "priority %d", p->priority);
    if (p->placed)
        hcb__text_printf(out, ", served by %s today", model->providers[p->provider].id);
    else if (p->received != HCB__NO_DATE)
        hcb__text_printf(out, ", waiting for %d days", model->as_of - p->received);
    hcb__text_puts(out, r->plan ? "; the plan " : "; rooms are those of today's placements\n");
    if (r->plan && r->provider != HCB__WAITS)
        hcb__text_printf(out, "gives it to %s\n", model->providers[r->provider].id);
    else if (r->plan)
        hcb__text_puts(out, p->placed ? "does not move it\n" : "leaves it waiting\n");
}

static void text_candidate(hcb__text *out, const hcb__recommendation *r, int32_t i) {
    const hcb__candidate *c = &r->candidates[i];
    const hcb__choice *choice = c->choice;
    hcb__cell_int(out, choice->rank, 4);
    hcb__text_puts(out, "  ");
    hcb__cell_left(out, r->model->providers[choice->provider].id, 21);
    hcb__cell_left(out, hcb__tier_words[choice->tier], 13);
    hcb__cell_fixed(out, choice->weekly_pence, 2, 11);
    hcb__cell_hours(out, hcb__whole_minutes(hcb__package_of(r, c)->carer_visits * choice->seconds), 10);
    hcb__cell_int(out, hcb__model_quality(r->model, choice->provider), 9);
    hcb__cell_hours(out, c->room, 10);
    hcb__text_putc(out, '\n');
    hcb__wrap wrap = {out, 6, 0};
    if (i == r->best)
        hcb__wrap_word(&wrap, "the best");
    else
        hcb__wrap_change(&wrap, r, c->change);
    hcb__wrap_end(&wrap);
    if (c->n_lacks) {
        hcb__wrap_word(&wrap, "does not fit:");
        hcb__wrap_lacks(&wrap, r, c);
        hcb__wrap_end(&wrap);
    }
}

static void write_text(hcb__text *out, const hcb__recommendation *r, int32_t top) {
    text_head(out, r);
    int32_t listed = hcb__listed(r, top);
    if (r->n_candidates)
        hcb__text_puts(out, "\nrank  provider             tier           pounds/wk  travel h  quality    room h\n");
    else
        hcb__text_puts(out, "\nno provider may take it\n");
    for (int32_t i = 0; i < listed; i++)
        text_candidate(out, r, i);
    if (listed < r->n_candidates)
        hcb__text_printf(out, "      and %d more\n", r->n_candidates - listed);
    if (r->n_candidates && r->best < 0)
        hcb__text_puts(out, "nobody has room; changes are told from the best of all\n");
    else if (r->n_candidates)
        hcb__text_puts(out, "changes of the plan's levels are told from the best that fits\n");
    hcb__text_left_out(out, r);
}

static void write_json(hcb__text *out, const hcb__recommendation *r, int32_t top) {
    const hcb__model *model = r->model;
    const hcb__package *p = &model->packages[r->package];
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key_string(&w, "package_id", p->id);
    hcb__jw_key_bool(&w, "placement", p->placed);
    hcb__jw_key_string(&w, "previous_provider", p->provider >= 0 ? model->providers[p->provider].id : NULL);
    hcb__jw_key_string(&w, "planned_provider", r->provider >= 0 ? model->providers[r->provider].id : NULL);
    hcb__jw_key_string(&w, "zone_id", model->zones->zones[p->zone].id);
    hcb__jw_key_string(&w, "band", hcb__band_words[p->band]);
    hcb__jw_key_int(&w, "carer_minutes", p->carer_minutes);
    hcb__jw_key_int(&w, "priority", p->priority);
    hcb__jw_key(&w, "days_waiting");
    p->received == HCB__NO_DATE ? hcb__jw_null(&w) : hcb__jw_int(&w, model->as_of - p->received);
    hcb__json_head(&w, r);
    hcb__jw_key_int(&w, "eligible", r->n_candidates);
    hcb__jw_key_string(&w, "best", r->best >= 0 ? model->providers[r->candidates[r->best].choice->provider].id : NULL);
    hcb__jw_key(&w, "providers");
    hcb__jw_array(&w);
    for (int32_t i = 0; i < hcb__listed(r, top); i++) {
        const hcb__candidate *c = &r->candidates[i];
        hcb__jw_object_flat(&w);
        hcb__jw_key_int(&w, "rank", c->choice->rank);
        hcb__jw_key_string(&w, "provider_id", model->providers[c->choice->provider].id);
        hcb__jw_key_int(&w, "quality", hcb__model_quality(r->model, c->choice->provider));
        hcb__jw_key_int(&w, "room_minutes", c->room);
        hcb__json_choice(&w, r, c);
        hcb__jw_end_object(&w);
    }
    hcb__jw_end_array(&w);
    hcb__json_left_out(&w, r);
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
}

static void csv_names(hcb__text *out, const char *const *names, size_t n) {
    for (size_t i = 0; i < n; i++)
        hcb__csv_put(out, names[i], false);
}

static void write_csv(hcb__text *out, const hcb__recommendation *r, int32_t top) {
    static const char *const names[] = {
        "rank",           "provider_id", "tier",        "fits", "price_pence_per_hour", "weekly_cost_pence",
        "travel_minutes", "quality",     "room_minutes"};
    enum { NAMES = sizeof names / sizeof *names, BLANK = NAMES - 2 };
    csv_names(out, names, NAMES);
    hcb__csv_change_names(out, r);
    hcb__csv_put(out, "reason", true);
    for (int32_t i = 0; i < hcb__listed(r, top); i++) {
        const hcb__candidate *c = &r->candidates[i];
        hcb__csv_put_int(out, c->choice->rank, false);
        hcb__csv_put(out, r->model->providers[c->choice->provider].id, false);
        hcb__csv_put(out, hcb__tier_words[c->choice->tier], false);
        hcb__csv_put(out, c->n_lacks ? "no" : "yes", false);
        hcb__csv_put_int(out, c->choice->price, false);
        hcb__csv_put_int(out, c->choice->weekly_pence, false);
        hcb__csv_put_int(out, hcb__whole_minutes(hcb__package_of(r, c)->carer_visits * c->choice->seconds), false);
        hcb__csv_put_int(out, hcb__model_quality(r->model, c->choice->provider), false);
        hcb__csv_put_int(out, c->room, false);
        hcb__csv_change(out, r, c->change);
        hcb__csv_lacks(out, r, c);
    }
    for (int32_t i = 0; i < r->n_left_out; i++) {
        hcb__csv_put(out, "", false);
        hcb__csv_put(out, r->model->providers[r->left_out[i].provider].id, false);
        for (int32_t b = 0; b < BLANK; b++)
            hcb__csv_put(out, "", false);
        hcb__csv_change(out, r, NULL);
        hcb__csv_put(out, r->left_out[i].code, true);
    }
}

static hcb_status check_call(hcb_context *ctx, const hcb_workspace *workspace, const char *id, hcb_recommend_options *o,
                             const hcb_recommend_options *given, int32_t format) {
    if (!workspace || !id)
        return hcb__fail(ctx, HCB_EINVAL, "no workspace or no id was given");
    hcb_status status = hcb__options_take(ctx, o, "hcb_recommend_options", given);
    if (status != HCB_OK)
        return status;
    if (format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV)
        return hcb__fail(ctx, HCB_EINVAL, "format is %d; must be HCB_FORMAT_TEXT, HCB_FORMAT_JSON or HCB_FORMAT_CSV",
                         format);
    return HCB_OK;
}

static void write_providers(hcb__text *out, const hcb__recommendation *r, int32_t top, int32_t format) {
    if (format == HCB_FORMAT_JSON)
        write_json(out, r, top);
    else if (format == HCB_FORMAT_CSV)
        write_csv(out, r, top);
    else
        write_text(out, r, top);
}

static hcb_status give(hcb_text **out, hcb_context *ctx, const hcb__recommendation *r, int32_t top, int32_t format) {
    hcb_status status = hcb__text_handle(out, ctx);
    if (status != HCB_OK)
        return status;
    if (r->package >= 0)
        write_providers(hcb__text_of(*out), r, top, format);
    else
        hcb__write_freed(hcb__text_of(*out), r, top, format);
    return hcb__text_finish(out, ctx);
}

hcb_status hcb_recommend_providers(hcb_text **out, hcb_context *ctx, const hcb_workspace *workspace,
                                   const char *package_id, const hcb_recommend_options *options, int32_t format) {
    if (!out || !ctx)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_recommend_options o = HCB_RECOMMEND_OPTIONS_INIT;
    status = check_call(ctx, workspace, package_id, &o, options, format);
    hcb__recommendation *r = NULL;
    if (status == HCB_OK)
        status = hcb__recommend_providers(&r, ctx, workspace->model, package_id, o.plan);
    if (status == HCB_OK)
        status = give(out, ctx, r, o.top, format);
    hcb__recommendation_free(r);
    return hcb__end(ctx, status);
}

hcb_status hcb_recommend_packages(hcb_text **out, hcb_context *ctx, const hcb_workspace *workspace,
                                  const char *provider_id, int64_t minutes, const hcb_recommend_options *options,
                                  int32_t format) {
    enum { MOST_MINUTES = 10000000 };
    if (!out || !ctx)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_recommend_options o = HCB_RECOMMEND_OPTIONS_INIT;
    status = check_call(ctx, workspace, provider_id, &o, options, format);
    if (status == HCB_OK && (minutes < 1 || minutes > MOST_MINUTES))
        status = hcb__fail(ctx, HCB_EINVAL, "%lld carer minutes were freed; must be 1 to %d", (long long)minutes,
                           MOST_MINUTES);
    hcb__recommendation *r = NULL;
    if (status == HCB_OK)
        status = hcb__recommend_packages(&r, ctx, workspace->model, provider_id, minutes, o.plan);
    if (status == HCB_OK)
        status = give(out, ctx, r, o.top, format);
    hcb__recommendation_free(r);
    return hcb__end(ctx, status);
}
