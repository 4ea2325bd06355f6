/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a package waits, or is where it is, each reason proved by solving again with and without it (docs/explain.md). */
#ifndef HCB_ALLOCATION_EXPLAIN_H
#define HCB_ALLOCATION_EXPLAIN_H

#include "allocation/allocation.h"
#include "hcbroker/explain.h"

typedef enum hcb__explained {
    HCB__EXPLAIN_STAYS,    /* a placement that the run leaves where it is */
    HCB__EXPLAIN_PLACED,   /* the plan places it */
    HCB__EXPLAIN_RULE,     /* no provider passes the rules */
    HCB__EXPLAIN_CAPACITY, /* placing it makes more wait than the policy allows */
    HCB__EXPLAIN_TRADE,    /* it could be placed; a later level refuses, or it is one of equals */
    HCB__EXPLAIN_PLAN,     /* a better plan than the one at hand places it */
    HCB__EXPLAIN_UNPROVED
} hcb__explained;

/* A package of the plan that another plan treats differently. */
typedef struct hcb__shift {
    int32_t package, from, to; /* providers or HCB__WAITS */
} hcb__shift;

/* Another plan, less the plan at hand. */
typedef struct hcb__effect {
    int64_t *levels; /* [n_levels] */
    int64_t pence;
    int32_t provider; /* where the package is then, or HCB__WAITS */
    int64_t own_pence;
    int32_t n_shifts, n_waiting; /* the others; how many of them begin to wait */
    hcb__shift *shifts;
} hcb__effect;

typedef struct hcb__raise {
    int32_t row;
    int64_t room; /* by how much the limit in force must grow, in the row's unit */
    int64_t by;   /* by how much the limit as stated must grow: more, where today's placements break it */
} hcb__raise;

/* Limits which, raised together, place the package. */
typedef struct hcb__remedy {
    int32_t n_raises;
    hcb__raise *raises;
    int64_t total;
    bool least; /* no smaller raise of these rows is enough (their sum, when there are several) */
    hcb__effect effect;
} hcb__remedy;

/* A provider that ranks above the one chosen, or that is asked about. */
typedef struct hcb__rival {
    int64_t pair;
    int32_t n_lacks;
    hcb__raise *lacks; /* rows without room when everybody else stays */
    bool never;        /* proved: not even when others wait */
    bool known;        /* effect is set */
    int32_t level;     /* the first level that gets worse there; -1: none */
    int64_t by;        /* at least by so much: proved; 0: not proved */
    hcb__effect effect;
} hcb__rival;

typedef enum hcb__whatif_kind {
    HCB__WHATIF_HOURS,
    HCB__WHATIF_LIMIT,
    HCB__WHATIF_BAND,
    HCB__WHATIF_WINDOW,
    HCB__WHATIF_ZONE,
    HCB__WHATIF_PREFERENCE,
    HCB__WHATIF_RULE,
    HCB__WHATIF_SWAP,
    HCB__WHATIFS
} hcb__whatif_kind;
extern const char *const hcb__whatif_words[HCB__WHATIFS];

typedef struct hcb__whatif {
    int32_t kind;
    bool hard;  /* a hard preference, a need or a rule: never relaxed by the program */
    char *what; /* in words */
    hcb__effect effect;
} hcb__whatif;

typedef HCB__VEC(hcb__whatif) hcb__whatif_list;

typedef struct hcb__failing {
    int32_t order; /* the rule's place in the policy; -1: the pin */
    char code[96]; /* "": every rule holds */
} hcb__failing;

typedef struct hcb__explanation {
    hcb__arena arena;
    hcb_context *ctx, *scratch; /* scratch: for problems built again, whose warnings are known already */
    const hcb__model *model;
    hcb__alloc_problem *problem;
    hcb_allocation_options options;
    double began;
    int64_t work_left;
    int32_t package, item;           /* item -1: not one of the run's */
    int32_t asked;                   /* the provider asked about, or -1 */
    int32_t was;                     /* where the plan given has it */
    const char *plan;                /* the folder; NULL: solved */
    hcb_allocation *solved;          /* owns the problem; NULL: the problem is ours */
    int32_t *bin;                    /* [n_items]: the plan that is explained */
    int32_t *provider_of;            /* [packages and placements]: the same, by package */
    int64_t *values, *best, *frozen; /* [n_levels] of it; frozen: what a level may come to */
    int64_t *loads;                  /* [n_rows] */
    int64_t forced_waiting;          /* `waiting` of the best plan that places the item; 0: not known */
    /* the answer */
    hcb__failing *failing; /* [n_providers] */
    hcb__remedy *remedies;
    hcb__effect forced; /* the best plan that places it */
    int64_t by;         /* at least */
    hcb__rival *rivals;
    hcb__whatif_list whatifs;
    hcb__explained kind;
    int32_t level; /* that refuses; -1: none does */
    int32_t n_remedies, n_rivals;
    int32_t tried;       /* what-ifs that were solved */
    bool waiting_proved; /* the plan is best in `waiting` */
    bool bettered;       /* the plan given was not the best: `bin` is */
    bool all_remedies;   /* every smallest set is among them */
    bool has_forced;
} hcb__explanation;

HCB_NODISCARD hcb_status hcb__explain_create(hcb__explanation **out, hcb_context *ctx, const hcb_workspace *workspace,
                                             const char *package_id, const hcb_explain_options *options);
void hcb__explain_free(hcb__explanation *x);

/* ---- questions to the engine (explain_ask.c) ---- */

enum { HCB__ASK_FREE = -1, HCB__ASK_PLACED = -2, HCB__ASK_WAITS = -3 }; /* or a pair: the item there */

typedef struct hcb__ask {
    const hcb__alloc_problem *problem;
    const int32_t *start; /* a plan that holds every row, or NULL */
    int32_t item;         /* whom `wish` is about */
    int64_t wish;         /* HCB__ASK_... */
    int32_t other;        /* another item with a wish; -1 */
    int64_t other_wish;
    const int64_t *limits; /* NULL: the problem's */
    int32_t n_levels;      /* how many levels, in order */
    const int64_t *excess; /* [pairs], minimised after `waiting`, which may go up to `waiting_most` */
    int64_t waiting_most;
    bool exact;       /* no gap */
    double gap;       /* > 0: this gap instead */
    bool waits_known; /* for hcb__explain_sure: what `waiting` comes to when the item waits, if known */
    int64_t waits_best;
} hcb__ask;

typedef struct hcb__told {
    hcb__engine_answer *answer; /* levels of the ask, after that of the wish */
    const hcb__engine_level_answer *level;
    const int32_t *bin;
    bool met;   /* the wishes hold */
    bool never; /* proved: they cannot */
    bool stopped;
} hcb__told;

/* HCB_OK with answer NULL: the work limit is used up. */
HCB_NODISCARD hcb_status hcb__explain_ask(hcb__told *out, hcb__explanation *x, const hcb__ask *ask);
void hcb__told_free(hcb__told *told);

/* The gap at which a run ends that begins at `value` and wants to know whether a bound passes `most`; 0: none. */
double hcb__explain_gap(int64_t value, int64_t most);

typedef enum hcb__sure { HCB__SURE_NOT, HCB__SURE_YES, HCB__SURE_UNKNOWN } hcb__sure;

/* Whether every best plan of a problem places the item. `waiting_frozen` (may be NULL): what `waiting` may come to. */
HCB_NODISCARD hcb_status hcb__explain_sure(hcb__sure *out, int64_t *waiting_frozen, hcb__effect *effect,
                                           hcb__explanation *x, const hcb__ask *ask);
/* A plan of `problem` less the plan that is explained. */
HCB_NODISCARD hcb_status hcb__explain_effect(hcb__effect *out, hcb__explanation *x, const hcb__alloc_problem *problem,
                                             const int32_t *bin);
/* The plan that is explained, as a plan of another problem of the same model. */
void hcb__explain_bins(int32_t *bin, const hcb__explanation *x, const hcb__alloc_problem *problem);
bool hcb__explain_holds(hcb__explanation *x, const hcb__alloc_problem *problem, const int32_t *bin);

/* ---- parts of the answer ---- */

/* The first failing rule of every provider. */
HCB_NODISCARD hcb_status hcb__explain_rules(hcb__explanation *x);
/* Decides between capacity, trade and plan. */
HCB_NODISCARD hcb_status hcb__explain_waiting(hcb__explanation *x);
/* The smallest sets of limits that, raised, place the package. */
HCB_NODISCARD hcb_status hcb__explain_remedies(hcb__explanation *x);
HCB_NODISCARD hcb_status hcb__explain_rivals(hcb__explanation *x);
HCB_NODISCARD hcb_status hcb__explain_whatifs(hcb__explanation *x);
HCB_NODISCARD hcb_status hcb__explain_swaps(hcb__explanation *x);

/* Whether a row's unit is seconds, of which only whole minutes can be given. */
bool hcb__explain_in_seconds(const hcb__explanation *x, int32_t row);
void hcb__explain_raise_words(hcb__text *out, const hcb__explanation *x, const hcb__raise *raise);
/* Appends a what-if; the text is taken. */
bool hcb__explain_add_whatif(hcb__explanation *x, int32_t kind, bool hard, const hcb__text *what,
                             const hcb__effect *effect);

#endif
