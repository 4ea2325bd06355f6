/* SPDX-License-Identifier: GPL-3.0-or-later */
/* price bands as tables, JSON and CSV. */
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "io/csv.h"
#include "io/json.h"
#include "report/price_bands.h"
#include "report/price_text.h"

enum { TENTHS = 10, HUNDREDTHS = 100 };

static bool same_prices(const hcb__schedule *s, int32_t a, int32_t b) {
    for (int32_t band = 0; band < HCB__BANDS; band++)
        if (hcb__schedule_price(s, a, band) != hcb__schedule_price(s, b, band))
            return false;
    return true;
}

/* Zones with the same prices stand together: whether z is the first of its kind. */
static bool is_first(const hcb__price_bands *bands, int32_t z) {
    for (int32_t earlier = 0; earlier < z; earlier++)
        if (same_prices(bands->prices, earlier, z))
            return false;
    return true;
}

static void put_zones(hcb__text *out, const hcb__price_bands *bands, int32_t z, const char *between) {
    bool first = true;
    for (int32_t other = z; other < bands->zones->n_zones; other++)
        if (same_prices(bands->prices, z, other)) {
            hcb__text_printf(out, "%s%s", first ? "" : between, bands->zones->zones[other].id);
            first = false;
        }
}

static bool all_alike(const hcb__price_bands *bands) {
    for (int32_t z = 1; z < bands->zones->n_zones; z++)
        if (!same_prices(bands->prices, 0, z))
            return false;
    return true;
}

static void put_percent(hcb__text *out, int64_t hundredths) {
    if (hundredths % 100)
        hcb__text_fixed(out, hundredths, 2);
    else
        hcb__text_int(out, hundredths / 100);
    hcb__text_putc(out, '%');
}

static void put_settings(hcb__text *out, const hcb__price_bands *bands) {
    static const int64_t minute = 60000; /* an hour's ten-thousandths of a penny to thousandths of a pound */
    const hcb__travel_pay *pay = &bands->pay;
    hcb__text_puts(out, "A minute of travel costs ");
    hcb__text_fixed(out, hcb__round_div(hcb__travel_of_hour(pay), minute), 3);
    hcb__text_puts(out, " pounds: wage ");
    hcb__text_fixed(out, pay->wage, 2);
    hcb__text_puts(out, ", on-cost ");
    put_percent(out, pay->on_cost);
    hcb__text_puts(out, ", ");
    hcb__text_fixed(out, pay->per_mile % 100 ? pay->per_mile : pay->per_mile / 100, pay->per_mile % 100 ? 4 : 2);
    hcb__text_puts(out, " a mile, ");
    hcb__text_fixed(out, pay->speed % 10 ? pay->speed : pay->speed / 10, pay->speed % 10 ? 1 : 0);
    hcb__text_puts(out, " miles an hour.\nOverhead and surplus: ");
    put_percent(out, bands->overhead);
    hcb__text_puts(out, " of the urban price, the same pounds in every band.\n");
}

static void text_bands(hcb__text *out, const hcb__price_bands *bands, int32_t z) {
    int32_t base = hcb__base_band(bands->prices, z);
    hcb__text_puts(out, "\n");
    if (!all_alike(bands)) {
        hcb__text_puts(out, "zones ");
        put_zones(out, bands, z, ", ");
        hcb__text_puts(out, "\n");
    }
    hcb__text_puts(out, "                           over   paid travel, minutes a contact hour\n"
                        "band           price      urban     over urban          in all\n");
    for (int32_t b = 0; b < HCB__BANDS; b++) {
        int64_t price = hcb__schedule_price(bands->prices, z, b);
        hcb__text_printf(out, "%-10s", hcb__band_words[b]);
        if (price < 0) {
            hcb__text_puts(out, "  no price\n");
            continue;
        }
        int64_t step = price - hcb__schedule_price(bands->prices, z, base);
        hcb__price_number(out, price, 2, 10);
        hcb__price_number(out, step, 2, 11);
        hcb__price_number(out, hcb__minutes_paid_by(&bands->pay, step, TENTHS), 1, 15);
        hcb__price_number(out, hcb__minutes_carried(&bands->pay, price, hcb__overhead_of(bands, z), TENTHS), 1, 16);
        hcb__text_putc(out, '\n');
    }
}

static void text_offer(hcb__text *out, const hcb__price_bands *bands, const hcb__offer *offer) {
    hcb__price_number(out, offer->packages, 0, 9);
    hcb__price_number(out, hcb__round_div(offer->carer_minutes * 10, 60), 1, 10);
    hcb__price_number(out, hcb__minutes_needed(offer, TENTHS), 1, 9);
    hcb__price_number(out, hcb__minutes_paid(bands, offer, TENTHS), 1, 9);
    hcb__price_number(out, hcb__margin_pence(offer), 2, 12);
    hcb__price_number(out, offer->below, 0, 8);
    hcb__text_putc(out, '\n');
}

static int by_margin(const void *a, const void *b) {
    const hcb__offer *x = *(const hcb__offer *const *)a, *y = *(const hcb__offer *const *)b;
    if (x->margin != y->margin)
        return x->margin < y->margin ? -1 : 1;
    return (x > y) - (x < y); /* by provider and zone */
}

static const char columns[] = " packages  hours/wk   needed     paid   pounds/wk   below\n";

static void text_below(hcb__text *out, const hcb__price_bands *bands) {
    enum { SHOWN = 20 };
    const hcb__offer **below = hcb__malloc(out->mem, (size_t)bands->n_offers * sizeof *below + 1);
    int32_t n = 0;
    if (!below) {
        out->failed = true;
        return;
    }
    for (int32_t i = 0; i < bands->n_offers; i++)
        if (bands->offers[i].margin < 0)
            below[n++] = &bands->offers[i];
    hcb__text_printf(out, "\n%d of %d offers (a provider in a zone) are below break-even%s\n", n, bands->n_offers,
                     n ? ", the largest loss first" : "");
    if (n) {
        qsort(below, (size_t)n, sizeof *below, by_margin);
        hcb__text_printf(out, "%-13s %-7s %s", "provider", "zone", columns);
    }
    for (int32_t i = 0; i < n && i < SHOWN; i++) {
        hcb__text_printf(out, "%-13s %-7s ", bands->model->providers[below[i]->provider].id,
                         bands->zones->zones[below[i]->zone].id);
        text_offer(out, bands, below[i]);
    }
    if (n > SHOWN)
        hcb__text_printf(out, "... and %d more, all with --offers --format csv\n", n - SHOWN);
    hcb__free(out->mem, below);
}

void hcb__price_bands_text(hcb__text *out, const hcb__price_bands *bands) {
    put_settings(out, bands);
    for (int32_t z = 0; z < bands->zones->n_zones; z++)
        if (is_first(bands, z))
            text_bands(out, bands, z);
    if (!bands->model) {
        hcb__text_puts(out, "\nThe workspace has no providers yet, so no work can be held against these prices.\n");
        return;
    }
    hcb__text_printf(out,
                     "\nTravel of today's placements%s%s%s: minutes a contact hour needed, and paid by the prices in "
                     "force;\nwhat is left a week once pay, travel and overhead are covered; packages below "
                     "break-even\n",
                     bands->plan ? " and the plan " : "", bands->plan ? bands->plan : "",
                     bands->model->synthetic ? " (synthetic people)" : "");
    hcb__text_printf(out, "%-22s%s", "zone", columns);
    for (int32_t z = 0; z < bands->zones->n_zones; z++) {
        if (!bands->by_zone[z].packages)
            continue;
        hcb__text_printf(out, "%-22s", bands->zones->zones[z].id);
        text_offer(out, bands, &bands->by_zone[z]);
    }
    hcb__text_printf(out, "%-22s", "all");
    text_offer(out, bands, &bands->all);
    if (bands->all.unpriced)
        hcb__text_printf(out, "%lld packages have no price at their provider and are counted only.\n",
                         (long long)bands->all.unpriced);
    text_below(out, bands);
}

static void json_offer(hcb__json_writer *w, const hcb__price_bands *bands, const hcb__offer *offer) {
    hcb__jw_object_flat(w);
    if (offer->provider >= 0)
        hcb__jw_key_string(w, "provider_id", bands->model->providers[offer->provider].id);
    if (offer->zone >= 0)
        hcb__jw_key_string(w, "zone_id", bands->zones->zones[offer->zone].id);
    hcb__jw_key_int(w, "packages", offer->packages);
    hcb__jw_key_int(w, "carer_minutes", offer->carer_minutes);
    hcb__jw_key_int(w, "travel_minutes", hcb__round_div(offer->travel_seconds, 60));
    hcb__jw_key(w, "minutes_needed");
    hcb__jw_fixed(w, hcb__minutes_needed(offer, HUNDREDTHS), 2);
    hcb__jw_key(w, "minutes_paid");
    hcb__jw_fixed(w, hcb__minutes_paid(bands, offer, HUNDREDTHS), 2);
    hcb__jw_key_int(w, "margin_pence", hcb__margin_pence(offer));
    hcb__jw_key_bool(w, "below_break_even", offer->margin < 0);
    hcb__jw_key_int(w, "packages_below", offer->below);
    hcb__jw_key_int(w, "packages_without_price", offer->unpriced);
    hcb__jw_end_object(w);
}

static void json_bands(hcb__json_writer *w, const hcb__price_bands *bands, int32_t z) {
    int32_t base = hcb__base_band(bands->prices, z);
    hcb__jw_object(w);
    hcb__jw_key(w, "zones");
    hcb__jw_array_flat(w);
    for (int32_t other = z; other < bands->zones->n_zones; other++)
        if (same_prices(bands->prices, z, other))
            hcb__jw_string(w, bands->zones->zones[other].id);
    hcb__jw_end_array(w);
    hcb__jw_key(w, "bands");
    hcb__jw_array(w);
    for (int32_t b = 0; b < HCB__BANDS; b++) {
        int64_t price = hcb__schedule_price(bands->prices, z, b);
        if (price < 0)
            continue;
        int64_t step = price - hcb__schedule_price(bands->prices, z, base);
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "band", hcb__band_words[b]);
        hcb__jw_key_int(w, "price_pence_per_hour", price);
        hcb__jw_key_int(w, "over_urban_pence", step);
        hcb__jw_key(w, "minutes_over_urban");
        hcb__jw_fixed(w, hcb__minutes_paid_by(&bands->pay, step, HUNDREDTHS), 2);
        hcb__jw_key(w, "minutes_paid");
        hcb__jw_fixed(w, hcb__minutes_carried(&bands->pay, price, hcb__overhead_of(bands, z), HUNDREDTHS), 2);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

static void json_settings(hcb__json_writer *w, const hcb__price_bands *bands) {
    const hcb__travel_pay *pay = &bands->pay;
    hcb__jw_key(w, "settings");
    hcb__jw_object_flat(w);
    hcb__jw_key_int(w, "wage_pence", pay->wage);
    hcb__jw_key(w, "on_cost_percent");
    hcb__jw_fixed(w, pay->on_cost, 2);
    hcb__jw_key(w, "pence_per_mile");
    hcb__jw_fixed(w, pay->per_mile, 2);
    hcb__jw_key(w, "miles_per_hour");
    hcb__jw_fixed(w, pay->speed, 1);
    hcb__jw_key(w, "overhead_percent");
    hcb__jw_fixed(w, bands->overhead, 2);
    hcb__jw_key(w, "travel_minute_pence");
    hcb__jw_fixed(w, hcb__round_div(hcb__travel_of_hour(pay), 60), 4);
    hcb__jw_end_object(w);
}

void hcb__price_bands_json(hcb__text *out, const hcb__price_bands *bands) {
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    json_settings(&w, bands);
    hcb__jw_key(&w, "schedules");
    hcb__jw_array(&w);
    for (int32_t z = 0; z < bands->zones->n_zones; z++)
        if (is_first(bands, z))
            json_bands(&w, bands, z);
    hcb__jw_end_array(&w);
    if (bands->model) {
        hcb__jw_key_string(&w, "plan", bands->plan);
        hcb__jw_key_bool(&w, "synthetic", bands->model->synthetic);
        hcb__jw_key_string(&w, "inputs_sha256", bands->model->inputs_sha256);
        hcb__jw_key(&w, "all");
        json_offer(&w, bands, &bands->all);
        hcb__jw_key(&w, "by_zone");
        hcb__jw_array(&w);
        for (int32_t z = 0; z < bands->zones->n_zones; z++)
            json_offer(&w, bands, &bands->by_zone[z]);
        hcb__jw_end_array(&w);
        hcb__jw_key(&w, "offers");
        hcb__jw_array(&w);
        for (int32_t i = 0; i < bands->n_offers; i++)
            json_offer(&w, bands, &bands->offers[i]);
        hcb__jw_end_array(&w);
    }
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
}

static void csv_fixed(hcb__text *out, int64_t value, int decimals, bool last) {
    hcb__text_fixed(out, value, decimals);
    hcb__text_puts(out, last ? "\n" : ",");
}

static void csv_bands(hcb__text *out, const hcb__price_bands *bands, int32_t z) {
    int32_t base = hcb__base_band(bands->prices, z);
    hcb__text zones;
    hcb__text_init(&zones, out->mem);
    put_zones(&zones, bands, z, ";");
    for (int32_t b = 0; b < HCB__BANDS; b++) {
        int64_t price = hcb__schedule_price(bands->prices, z, b);
        if (price < 0)
            continue;
        int64_t step = price - hcb__schedule_price(bands->prices, z, base);
        hcb__csv_put(out, hcb__band_words[b], false);
        hcb__csv_put_int(out, price, false);
        hcb__csv_put_int(out, step, false);
        csv_fixed(out, hcb__minutes_paid_by(&bands->pay, step, HUNDREDTHS), 2, false);
        csv_fixed(out, hcb__minutes_carried(&bands->pay, price, hcb__overhead_of(bands, z), HUNDREDTHS), 2, false);
        hcb__csv_put(out, zones.at ? zones.at : "", true);
    }
    out->failed |= zones.failed;
    hcb__text_free(&zones);
}

static void csv_offer(hcb__text *out, const hcb__price_bands *bands, const hcb__offer *offer) {
    hcb__csv_put(out, bands->model->providers[offer->provider].id, false);
    hcb__csv_put(out, bands->zones->zones[offer->zone].id, false);
    hcb__csv_put_int(out, offer->packages, false);
    hcb__csv_put_int(out, offer->carer_minutes, false);
    hcb__csv_put_int(out, hcb__round_div(offer->travel_seconds, 60), false);
    csv_fixed(out, hcb__minutes_needed(offer, HUNDREDTHS), 2, false);
    csv_fixed(out, hcb__minutes_paid(bands, offer, HUNDREDTHS), 2, false);
    hcb__csv_put_int(out, hcb__margin_pence(offer), false);
    hcb__csv_put(out, offer->margin < 0 ? "yes" : "no", false);
    hcb__csv_put_int(out, offer->below, false);
    hcb__csv_put_int(out, offer->unpriced, true);
}

void hcb__price_bands_csv(hcb__text *out, const hcb__price_bands *bands, bool offers) {
    if (!offers) {
        hcb__text_puts(out, "band,price_pence_per_hour,over_urban_pence,minutes_over_urban,minutes_paid,zones\n");
        for (int32_t z = 0; z < bands->zones->n_zones; z++)
            if (is_first(bands, z))
                csv_bands(out, bands, z);
        return;
    }
    hcb__text_puts(out, "provider_id,zone_id,packages,carer_minutes,travel_minutes,minutes_needed,minutes_paid,"
                        "margin_pence,below_break_even,packages_below,packages_without_price\n");
    for (int32_t i = 0; i < bands->n_offers; i++)
        csv_offer(out, bands, &bands->offers[i]);
}
