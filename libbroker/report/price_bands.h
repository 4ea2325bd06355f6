/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `price bands` found, for its writers. */
#ifndef HCB_REPORT_PRICE_BANDS_H
#define HCB_REPORT_PRICE_BANDS_H

#include "hcbroker/price.h"
#include "model/model.h"
#include "pricing/bands.h"

/* The work of one provider in one zone, or of all of them in a zone, or anywhere. */
typedef struct hcb__offer {
    int32_t provider, zone;                /* -1: all */
    int64_t packages, below, unpriced;     /* below: at a price that does not pay for their own travel */
    int64_t carer_minutes, travel_seconds; /* a week, of those with a price */
    int64_t left;                          /* carer minutes x hcb__left_for_travel */
    int64_t margin;                        /* hcb__margin_unit-ths of a penny a week */
} hcb__offer;

typedef struct hcb__price_bands {
    const hcb__zone_set *zones;
    const hcb__schedule *prices;
    const hcb__model *model; /* NULL: the workspace has no providers yet */
    const char *plan;        /* NULL: none */
    hcb__travel_pay pay;
    int64_t overhead; /* hundredths of a percent of the urban price */
    int32_t n_offers;
    hcb__offer *offers; /* by provider and zone */
    hcb__offer *by_zone, all;
} hcb__price_bands;

/* The offers of a model (`zones`, `prices`, `model`, `plan` and the settings are set): placements in force, and what a
 * plan does with the queue and with those it may move. Memory is `arena`'s. */
HCB_NODISCARD hcb_status hcb__price_bands_find(hcb__price_bands *bands, hcb_context *ctx, hcb__arena *arena);

/* The band that others are held against: urban, or the first that has a price; -1: none has. */
int32_t hcb__base_band(const hcb__schedule *prices, int32_t zone);
/* Overhead and surplus in pence an hour; the zone must have a price. */
int64_t hcb__overhead_of(const hcb__price_bands *bands, int32_t zone);
/* Minutes in a contact hour, in 1/unit of a minute; 0 without any work. */
int64_t hcb__minutes_needed(const hcb__offer *offer, int32_t unit);
int64_t hcb__minutes_paid(const hcb__price_bands *bands, const hcb__offer *offer, int32_t unit);
/* Pence a week, rounded towards the loss. */
int64_t hcb__margin_pence(const hcb__offer *offer);

void hcb__price_bands_text(hcb__text *out, const hcb__price_bands *bands);
void hcb__price_bands_json(hcb__text *out, const hcb__price_bands *bands);
void hcb__price_bands_csv(hcb__text *out, const hcb__price_bands *bands, bool offers);

#endif
