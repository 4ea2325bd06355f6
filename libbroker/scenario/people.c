/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "base/arith.h"
#include "model/model.h"
#include "scenario/generate.h"

const char *const hcb__ability_words[HCB__ABILITIES] = {
    "carer:female", "carer:male", "dementia", "end_of_life",         "hoist",
    "lang:gu",      "lang:pa",    "lang:pl",  "learning_disability", "peg_feeding"};

#define P(name) hcb__parameter(HCB__P_##name, scenario)
enum { DAY_WEEK = 7, EVERY_DAY = 0x7f, PLACE_TRIES = 64, AREA_TRIES = 1000, WINDOW_STEP = 15, SHORT_MINUTES = 30 };

/* Morning, lunch, tea, bed: when visits are planned. */
static const int16_t slot_start[HCB__SLOTS] = {7 * 60, 11 * 60 + 30, 16 * 60, 19 * 60};
static const int16_t slot_end[HCB__SLOTS] = {10 * 60, 14 * 60, 18 * 60 + 30, 22 * 60};
/* Slots of a day with 1, 2, 3 and 4 calls, as bits. */
static const uint8_t slots_of_calls[HCB__SLOTS + 1] = {0, 1, 1 | 8, 1 | 2 | 8, 15};

/* A place in the area's zone and, as long as there is hope, in its band. */
static bool place_near(hcb__person *person, hcb__rng *rng, const hcb__ground *ground, int32_t a, int32_t scenario) {
    const hcb__zone_set *set = ground->set;
    int32_t first = ground->first_postcode[a], n = ground->first_postcode[a + 1] - first;
    for (int t = 0; t < PLACE_TRIES; t++) {
        hcb__point centre =
            n ? set->postcodes[ground->postcodes[first + hcb__between(rng, 0, n - 1)]].point : set->areas[a].point;
        hcb__point p = hcb__near(rng, centre, n ? P(JITTER_POSTCODE) : P(JITTER_AREA));
        hcb__location at = hcb__locate(set, -1, -1, -1, false, p);
        if (at.by == HCB__LOCATED_NOT || at.zone != ground->zone[a] || at.band < 0)
            continue;
        if (at.band != set->areas[a].band && t < PLACE_TRIES / 2)
            continue;
        person->point = p;
        person->zone = at.zone;
        person->band = at.band;
        return true;
    }
    return false;
}

static hcb_status draw_place(hcb__person *person, hcb_context *ctx, hcb__rng *rng, const hcb__ground *ground,
                             int32_t scenario) {
    for (int t = 0; t < AREA_TRIES; t++)
        if (place_near(person, rng, ground, hcb__ground_draw(ground, rng), scenario))
            return HCB_OK;
    return hcb__fail(ctx, HCB_EDATA,
                     "no place found in the zones near the small areas; do the two files belong together?");
}

static hcb__call draw_call(hcb__rng *rng, int slot, uint8_t days, int32_t scenario) {
    static const int16_t lengths[] = {15, 30, 45, 60};
    const double shares[] = {P(LENGTH_15), P(LENGTH_30), P(LENGTH_45)};
    hcb__call call = {.days = days, .slot = (uint8_t)slot};
    call.minutes = lengths[hcb__pick_share(rng, shares, 3)];
    call.critical = hcb__chance(rng, P(CRITICAL));
    int32_t width = call.minutes + 2 * (int32_t)(call.critical ? P(TOLERANCE_CRITICAL) : P(TOLERANCE));
    int32_t steps = (slot_end[slot] - slot_start[slot] - width) / WINDOW_STEP;
    call.start = (int16_t)(slot_start[slot] + WINDOW_STEP * hcb__between(rng, 0, steps));
    call.end = (int16_t)(call.start + width);
    return call;
}

static uint8_t draw_days(hcb__rng *rng, int32_t n) {
    uint8_t days = 0;
    for (int32_t left = DAY_WEEK, d = 0; d < DAY_WEEK; d++, left--)
        if ((int32_t)hcb__rng_below(rng, (uint32_t)left) < n) {
            days |= (uint8_t)(1 << d);
            n--;
        }
    return days;
}

static int32_t days_of(uint8_t days) {
    return __builtin_popcount(days);
}

/* The week's visits. */
static void draw_calls(hcb__person *person, hcb__rng *rng, int32_t scenario) {
    const double two[] = {P(DOUBLE_2), P(DOUBLE_3)};
    const double one[] = {P(FEW), P(CALLS_1), P(CALLS_2), P(CALLS_3)};
    person->carers = hcb__chance(rng, P(DOUBLE)) ? 2 : 1;
    int32_t calls = person->carers == 2 ? 2 + hcb__pick_share(rng, two, 2) : hcb__pick_share(rng, one, 4);
    uint8_t days = EVERY_DAY;
    if (calls == 0) {
        days = draw_days(rng, hcb__between(rng, (int32_t)P(FEW_LEAST), (int32_t)P(FEW_MOST)));
        calls = 1;
    }
    person->n_calls = person->visits = 0;
    person->contact_minutes = person->carer_minutes = 0;
    person->short_visit = false;
    for (int slot = 0; slot < HCB__SLOTS; slot++) {
        person->slot_minutes[slot] = 0;
        if (!(slots_of_calls[calls] >> slot & 1))
            continue;
        hcb__call call = draw_call(rng, slot, days, scenario);
        int64_t minutes = (int64_t)call.minutes * days_of(days);
        person->calls[person->n_calls++] = call;
        person->visits += days_of(days);
        person->contact_minutes += minutes;
        person->slot_minutes[slot] = minutes * person->carers;
        person->carer_minutes += minutes * person->carers;
        person->short_visit |= call.minutes < SHORT_MINUTES;
    }
}

static void draw_needs(hcb__person *person, hcb__rng *rng, int32_t scenario) {
    const double genders[] = {1 - P(FEMALE) - P(MALE), P(FEMALE), P(MALE)};
    const double languages[] = {P(LANG_GU), P(LANG_PA), P(LANG_PL)};
    bool dementia = hcb__chance(rng, P(NEED_DEMENTIA)), hoist = hcb__chance(rng, P(NEED_HOIST)),
         learning = hcb__chance(rng, P(NEED_LEARNING)), end_of_life = hcb__chance(rng, P(NEED_END_OF_LIFE)),
         peg = hcb__chance(rng, P(NEED_PEG));
    person->needs = (uint32_t)dementia << HCB__DEMENTIA | (uint32_t)(hoist && person->carers == 2) << HCB__HOIST |
                    (uint32_t)learning << HCB__LEARNING_DISABILITY | (uint32_t)end_of_life << HCB__END_OF_LIFE |
                    (uint32_t)peg << HCB__PEG_FEEDING;
    person->gender = hcb__pick_share(rng, genders, 2);
    person->gender_hard = hcb__chance(rng, P(GENDER_HARD)) && person->gender != HCB__ANY;
    int32_t language = hcb__pick_share(rng, languages, 3);
    person->language = language < 3 ? HCB__LANG_GU + language : -1;
    person->language_hard = hcb__chance(rng, P(LANGUAGE_HARD)) && language < 3;
}

uint32_t hcb__person_requires(const hcb__person *person) {
    uint32_t needs = person->needs;
    if (person->gender_hard)
        needs |= 1u << (person->gender == HCB__FEMALE ? HCB__CARER_FEMALE : HCB__CARER_MALE);
    if (person->language_hard)
        needs |= 1u << person->language;
    return needs;
}

static double exponential(hcb__rng *rng) {
    return -log(1 - hcb__rng_unit(rng));
}

/* Since when: some began lately, the others longer ago, so that the mean is as asked for. */
static void draw_stay(hcb__person *person, hcb__rng *rng, int32_t scenario, int32_t as_of) {
    double share = P(STAY_SHORT), weeks = P(STAY_SHORT_WEEKS);
    double beyond = (P(STAY_MEAN) - share * weeks / 2) / (1 - share) - weeks;
    double u = hcb__rng_unit(rng), e = exponential(rng);
    double since = hcb__chance(rng, share) ? weeks * u : weeks + beyond * e;
    person->start = as_of - (int32_t)(since * DAY_WEEK) - 1;
    int32_t left = hcb__between(rng, 0, (int32_t)P(END_WEEKS) * DAY_WEEK);
    person->end = hcb__chance(rng, P(END_GIVEN)) ? as_of + left : HCB__NO_DATE;
}

/* The hours of a sample differ from the scenario's by a per cent or two: one person at a time gets another week, which
 * is kept when the sum comes nearer. Fewer than one in twenty change, so the shares of visits stay what they were. */
static void calibrate(hcb__person *people, int32_t n, hcb__rng *rng, int32_t scenario, double hours) {
    int64_t target = hcb__round_half_up(hours * 60), sum = 0;
    int64_t enough = hcb__round_half_up(hours * 60 * P(HOURS_TOLERANCE));
    for (int32_t i = 0; i < n; i++)
        sum += people[i].carer_minutes;
    for (int64_t t = 0; t < 10000 + 200 * (int64_t)n && llabs(sum - target) > enough; t++) {
        hcb__person *person = &people[hcb__rng_below(rng, (uint32_t)n)];
        hcb__person other = *person;
        draw_calls(&other, rng, scenario);
        int64_t changed = sum - person->carer_minutes + other.carer_minutes;
        if (llabs(changed - target) >= llabs(sum - target))
            continue;
        sum = changed;
        *person = other;
    }
}

hcb_status hcb__people_served(hcb__person *people, int32_t n, hcb_context *ctx, const hcb__ground *ground,
                              int32_t scenario, double hours, int32_t as_of, uint64_t seed) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, HCB__STREAM_PEOPLE);
    for (int32_t i = 0; i < n; i++) {
        people[i] = (hcb__person){.priority = 0, .received = HCB__NO_DATE, .provider = -1};
        hcb_status status = draw_place(&people[i], ctx, &rng, ground, scenario);
        if (status != HCB_OK)
            return status;
        draw_calls(&people[i], &rng, scenario);
    }
    calibrate(people, n, &rng, scenario, hours);
    for (int32_t i = 0; i < n; i++) {
        draw_needs(&people[i], &rng, scenario);
        draw_stay(&people[i], &rng, scenario, as_of);
    }
    return HCB_OK;
}

/* Where from, how urgent, since when. */
static void draw_referral(hcb__person *person, hcb__rng *rng, int32_t scenario, int32_t as_of) {
    const double from[] = {P(HOSPITAL), P(REABLEMENT)};
    const int32_t days[] = {(int32_t)P(HOSPITAL_DAYS), (int32_t)P(REABLEMENT_DAYS), (int32_t)P(COMMUNITY_DAYS)};
    int32_t source = hcb__pick_share(rng, from, 2);
    person->priority = source + hcb__between(rng, 1, source == 2 ? 3 : 2);
    person->received = as_of - hcb__between(rng, 0, days[source]);
    int32_t start = hcb__between(rng, 0, (int32_t)P(START_DAYS));
    person->start = hcb__chance(rng, P(START_GIVEN)) ? as_of + start : HCB__NO_DATE;
}

hcb_status hcb__people_waiting(hcb__person *people, int32_t n, hcb_context *ctx, const hcb__ground *ground,
                               int32_t scenario, int32_t as_of, uint64_t seed, int64_t first) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, HCB__STREAM_QUEUE + (uint64_t)first);
    for (int32_t i = 0; i < n; i++) {
        hcb__person *person = &people[i];
        *person = (hcb__person){.end = HCB__NO_DATE, .provider = -1};
        hcb_status status = draw_place(person, ctx, &rng, ground, scenario);
        if (status != HCB_OK)
            return status;
        draw_calls(person, &rng, scenario);
        draw_needs(person, &rng, scenario);
        draw_referral(person, &rng, scenario, as_of);
        int32_t declined = (int32_t)hcb__rng_below(&rng, INT32_MAX);
        person->provider = hcb__chance(&rng, P(EXCLUDED)) ? declined : -1;
    }
    return HCB_OK;
}
