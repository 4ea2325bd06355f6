/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Travel of one visit, in whole seconds (model.md section 3). */
#ifndef HCB_TRAVEL_TRAVEL_H
#define HCB_TRAVEL_TRAVEL_H

#include "base/context.h"
#include "base/hash.h"
#include "geo/geo.h"

typedef enum hcb__travel_model { HCB__CROW, HCB__MATRIX } hcb__travel_model;
typedef enum hcb__travel_origin { HCB__OFFICE, HCB__NEAREST_SERVED } hcb__travel_origin;
typedef enum hcb__capacity_basis { HCB__CONTACT, HCB__CONTACT_AND_TRAVEL } hcb__capacity_basis;

enum { HCB__MOST_NEAREST = 100 };

/* The workspace's `travel:`. Minutes in thousandths, so that every setting is a whole number:
 * t(d) = base + near_slope x min(d, bend_m) + far_slope x max(d - bend_m, 0), + rural_extra where rural or isolated. */
typedef struct hcb__travel_settings {
    int32_t model, origin, capacity_basis;
    int32_t nearest;        /* m: 1 to HCB__MOST_NEAREST */
    int64_t base_ms;        /* thousandths of a minute: 2000 */
    int64_t near_slope;     /* thousandths of a minute per km: 1800 */
    int64_t far_slope;      /* 900 */
    int64_t bend_m;         /* 4000 */
    int64_t rural_extra_ms; /* 1000 */
    int64_t road_factor;    /* thousandths: miles = 1.3 x crow: 1300 */
    const char *matrix;     /* file name; NULL */
} hcb__travel_settings;

extern const hcb__travel_settings hcb__travel_defaults;

/* Words of hcbroker.yaml, by the enumerations above. */
extern const char *const hcb__travel_model_words[2];
extern const char *const hcb__travel_origin_words[2];
extern const char *const hcb__capacity_basis_words[2];

/* Seconds of one visit at planar distance distance_m, rounded half up: floor(60 x minutes + 0.5) with
 * minutes = (base + near x min(d, bend) + far x max(d - bend, 0) + extra) / 1000, d = distance_m / 1000 in kilometres,
 * computed in doubles in exactly this order. */
int64_t hcb__crow_seconds(const hcb__travel_settings *settings, double distance_m, bool rural);

/* A table of seconds between named places. */
typedef struct hcb__matrix hcb__matrix;
/* CSV origin,destination,seconds or JSON {"origins":[ids],"destinations":[ids],"durations":[[seconds]]} (OSRM's table
 * with names). Asymmetric cells and zeros off the diagonal are reported as one warning each kind with their number and
 * the first place. */
HCB_NODISCARD hcb_status hcb__matrix_load(hcb__matrix **out, hcb_context *ctx, const char *path, const char *shown);
void hcb__matrix_free(hcb__matrix *matrix);

/* The same in two steps, for many look-ups: the number of a name (-1: not in the matrix), and the cell of two numbers
 * (-1: a hole, also where a number is -1). */
int32_t hcb__matrix_number(const hcb__matrix *matrix, const char *name);
int64_t hcb__matrix_at(const hcb__matrix *matrix, int32_t origin, int32_t destination);
/* Every cell, by origin and destination bytes. */
typedef void (*hcb__matrix_visit_fn)(const char *origin, const char *destination, int64_t seconds, void *payload);
void hcb__matrix_each(const hcb__matrix *matrix, hcb__matrix_visit_fn visit, void *payload);

#endif
