/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider is told before it accepts: enough to say yes or no, and nothing that tells who the person is. Every
 * cell is one that the program understood (a time, a number, a word of a list, a capability the provider has itself).
 */
#include <ctype.h>
#include <string.h>

#include "desk/offer.h"
#include "io/csv.h"

enum { DISTRICT = 16 };

/* The part of a postcode before its last three characters, where the whole is one; else the zone, which says less. */
static void district_of(char out[DISTRICT], const char *postcode, const char *zone) {
    char all[DISTRICT] = "";
    size_t n = 0;
    for (const char *c = postcode; *c && n < DISTRICT - 1; c++)
        if (*c != ' ')
            all[n++] = (char)toupper((unsigned char)*c);
    all[n] = '\0';
    bool whole = n >= 5 && n <= 7 && isalpha((unsigned char)all[0]) && isdigit((unsigned char)all[n - 3]) &&
                 isalpha((unsigned char)all[n - 2]) && isalpha((unsigned char)all[n - 1]);
    bool digit = false;
    for (size_t i = 0; whole && i < n - 3; i++) {
        whole = isalnum((unsigned char)all[i]);
        digit |= isdigit((unsigned char)all[i]) != 0;
    }
    memset(out, 0, DISTRICT);
    if (whole && digit)
        memcpy(out, all, n - 3);
    else
        (void)strncat(memcpy(out, "zone ", 5), zone, DISTRICT - 6);
}

typedef struct requirement {
    const hcb__model *model;
    const hcb__package *p;
    const hcb__offer_row *offer;
    char district[DISTRICT];
} requirement;

/* Needs by the names that the provider has itself; what it cannot have understood is "other". */
static void put_needs(hcb__text *out, const requirement *r) {
    const hcb__model *m = r->model;
    int32_t k = hcb__idmap_get(&m->provider_of_id, r->offer->provider, strlen(r->offer->provider));
    bool other = false, first = true;
    for (int32_t i = 0; i < r->p->n_needs; i++) {
        int32_t need = m->needs[r->p->first_need + i];
        bool has = false;
        for (int32_t c = 0; k >= 0 && c < m->providers[k].n_capabilities; c++)
            has |= m->capabilities_of[m->providers[k].first_capability + c] == need;
        other |= !has;
        if (has)
            hcb__text_printf(out, "%s%s", first ? "" : ";", m->capabilities[need]);
        first &= !has;
    }
    if (r->p->gender != HCB__ANY) {
        hcb__text_printf(out, "%scarer:%s", first ? "" : ";", hcb__gender_words[r->p->gender]);
        first = false;
    }
    if (other)
        hcb__text_puts(out, first ? "other" : ";other");
}

static void put_days(char out[8], uint8_t days) {
    static const char letters[] = "MTWTFSS";
    for (int d = 0; d < 7; d++)
        out[d] = days & 1u << d ? letters[d] : '-';
    out[7] = '\0';
}

static void put_row(hcb__text *out, const requirement *r, const hcb__visit *v, hcb__text *needs) {
    char days[8];
    hcb__csv_put(out, r->offer->id, false);
    hcb__csv_put(out, r->offer->provider, false);
    hcb__text_moment(out, r->offer->due);
    hcb__text_putc(out, ',');
    hcb__csv_put(out, r->district, false);
    hcb__text_fixed(out, (r->p->carer_minutes * 100 + 30) / 60, 2);
    hcb__text_putc(out, ',');
    hcb__csv_put(out, needs->at ? needs->at : "", false);
    hcb__text_fixed(out, r->offer->price, 2);
    put_days(days, v->days);
    hcb__text_printf(out, ",%s,%02d:%02d,%02d:%02d,%d,%d,%s\n", days, v->start / 60, v->start % 60, v->end / 60,
                     v->end % 60, v->minutes, v->carers, v->time_critical ? "yes" : "no");
}

static void put_object(hcb__json_writer *w, const requirement *r, hcb__text *needs) {
    char days[8], start[16];
    hcb__jw_object(w);
    hcb__jw_key_string(w, "offer_id", r->offer->id);
    hcb__jw_key_string(w, "provider_id", r->offer->provider);
    hcb__jw_key_int(w, "due", r->offer->due);
    hcb__jw_key_string(w, "district", r->district);
    hcb__jw_key_int(w, "carer_minutes", r->p->carer_minutes);
    hcb__jw_key_string(w, "needs", needs->at ? needs->at : "");
    hcb__jw_key_int(w, "price_pence", r->offer->price);
    hcb__jw_key(w, "visits");
    hcb__jw_array(w);
    for (int32_t i = 0; i < r->p->n_visits; i++) {
        const hcb__visit *v = &r->model->visits[r->p->first_visit + i];
        put_days(days, v->days);
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "days", days);
        hcb__text time;
        hcb__text_init(&time, w->out->mem);
        hcb__text_printf(&time, "%02d:%02d-%02d:%02d", v->start / 60, v->start % 60, v->end / 60, v->end % 60);
        memset(start, 0, sizeof start);
        if (!time.failed)
            memcpy(start, time.at, time.count < sizeof start ? time.count : sizeof start - 1);
        hcb__text_free(&time);
        hcb__jw_key_string(w, "window", start);
        hcb__jw_key_int(w, "minutes", v->minutes);
        hcb__jw_key_int(w, "carers", v->carers);
        hcb__jw_key_bool(w, "time_critical", v->time_critical);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

static void put_offer(hcb__text *out, hcb__json_writer *w, hcb_desk *desk, const hcb__model *model,
                      const hcb__offer_row *offer) {
    int32_t q = hcb__idmap_get(&model->package_of_id, offer->package, strlen(offer->package));
    if (q < 0)
        return;
    hcb__arena arena;
    hcb__arena_init(&arena, out->mem);
    requirement r = {model, &model->packages[q], offer, ""};
    const char *postcode =
        hcb__store_text(&desk->store, &arena, "SELECT postcode FROM package WHERE id = ?1", "s", offer->package);
    district_of(r.district, postcode ? postcode : "", model->zones->zones[r.p->zone].id);
    hcb__arena_release(&arena);
    hcb__text needs;
    hcb__text_init(&needs, out->mem);
    put_needs(&needs, &r);
    if (w)
        put_object(w, &r, &needs);
    for (int32_t i = 0; !w && i < r.p->n_visits; i++)
        put_row(out, &r, &model->visits[r.p->first_visit + i], &needs);
    out->failed |= needs.failed;
    hcb__text_free(&needs);
}

static hcb_status run_requirements(hcb_desk *desk, hcb_context *ctx, hcb__text *out, int32_t format, void *payload) {
    const char *provider = payload;
    hcb__store *s = &desk->store;
    hcb__entry frame = {.desk = desk, .ctx = ctx, .store = s};
    hcb__arena_init(&frame.arena, &ctx->mem);
    hcb__offer_rows offers;
    hcb__model *model = NULL;
    hcb_status status = hcb__offers_of(&offers, &frame,
                                       hcb__store_bind(s,
                                                       "SELECT " HCB__OFFER_COLUMNS " FROM offer WHERE status = 'open' "
                                                       "AND (?1 IS NULL OR provider = ?1) ORDER BY id",
                                                       "s", provider));
    const hcb__state_options o = {.at = hcb__store_int(s, 0, "SELECT at FROM event ORDER BY seq DESC LIMIT 1", ""),
                                  .release_offers = true};
    if (status == HCB_OK)
        status = hcb__state_model(&model, desk, ctx, &o);
    bool found = true;
    if (status == HCB_OK && provider && !offers.count)
        status = hcb__desk_has_provider(&found, desk, ctx, provider);
    if (status == HCB_OK && !found)
        status = hcb__desk_no_provider(desk, ctx, provider);
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    bool json = format == HCB_FORMAT_JSON;
    if (json)
        hcb__jw_array(&w);
    else
        hcb__text_puts(out, "offer_id,provider_id,due,district,weekly_hours,needs,weekly_price,days,start,end,minutes,"
                            "carers,time_critical\n");
    for (size_t i = 0; i < offers.count && status == HCB_OK; i++)
        put_offer(out, json ? &w : NULL, desk, model, &offers.at[i]);
    if (json) {
        hcb__jw_end_array(&w);
        hcb__text_putc(out, '\n');
    }
    hcb__model_free(model);
    HCB__VEC_FREE(&ctx->mem, &offers);
    hcb__arena_release(&frame.arena);
    return status;
}

hcb_status hcb_desk_requirements(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const char *provider,
                                 int32_t format) {
    return hcb__desk_read(out, desk, ctx, format, run_requirements, (void *)(uintptr_t)provider);
}
