/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of a desk, counted from its events. */
#ifndef HCB_DESK_FIGURES_H
#define HCB_DESK_FIGURES_H

#include "base/context.h"
#include "hcbroker/desk.h"

/* How long people waited, of those who were placed by an offer; and who waits now. */
typedef struct hcb__wait_figures {
    const char *key; /* the zone; NULL: a priority */
    int64_t received, placed, waiting;
    int64_t minutes, median, longest; /* of the waits of those placed: sum, median, longest */
    HCB__VEC(int64_t) waits;
} hcb__wait_figures;

typedef struct hcb__reason_count {
    const char *code;
    int64_t count;
} hcb__reason_count;

typedef struct hcb__provider_figures {
    const char *id;
    int64_t offers, accepted, declined, expired, withdrawn, counted;
    int64_t handed_back, moved_in, serves; /* serves: people now */
    int64_t stated, spare;                 /* minutes in all and free when it last said; -1: it never did */
    int64_t proved, refused;               /* minutes accepted since, and declined since, */
    int64_t proved_people, refused_people; /* and of how many */
    HCB__VEC(hcb__reason_count) reasons;   /* as met */
} hcb__provider_figures;

/* A day of the ledger: what happened, and how it stood at its end. */
typedef struct hcb__day_figures {
    int32_t date;
    int64_t waiting, served;
    int64_t received, placed, ended, offers, declined, expired, handed_back, moved;
} hcb__day_figures;

typedef struct hcb__desk_figures {
    hcb__arena arena;
    bool synthetic;
    const char *workspace;
    int64_t events, to;
    int64_t placed, placed_first; /* by an offer; at the first round of offers */
    int64_t most_moves;           /* of one person, in all */
    hcb__wait_figures by_priority[5];
    HCB__VEC(hcb__wait_figures) by_zone;         /* by id */
    HCB__VEC(hcb__provider_figures) by_provider; /* those with an offer, a statement or a hand-back, by id */
    HCB__VEC(hcb__day_figures) days;
} hcb__desk_figures;

/* A call of its own. `at`: the end of the last day, and of the waits of those who wait. */
HCB_NODISCARD hcb_status hcb__figures_make(hcb__desk_figures **out, hcb_desk *desk, hcb_context *ctx, int64_t at);
void hcb__figures_free(hcb__desk_figures *figures);

#endif
