/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenario files: named changes on a workspace (docs/scenarios.md). */
#ifndef HCB_SCENARIO_CHANGES_H
#define HCB_SCENARIO_CHANGES_H

#include "io/yaml.h"
#include "model/workspace.h"
#include "pricing/bands.h"
#include "zones/zones.h"

enum { HCB__MOST_SCENARIOS = 10000, HCB__MOST_BUDGET_YEARS = 20, HCB__NOT_CHANGED = INT32_MIN };

/* One provider by its id. */
typedef struct hcb__provider_change {
    const char *id;
    int64_t line, column; /* in the scenario file */
    bool leaves;          /* takes no part; who it serves joins the queue with priority 1 */
    int64_t capacity;     /* hundredths of a percent more (or less); 0: as it is */
    int64_t most;         /* minutes a week at most; -1: no cap */
} hcb__provider_change;

/* The lots of before the zones: each zone a lot with one lead. */
typedef struct hcb__lots {
    bool given, subcontract; /* subcontract: the lot's other providers may be asked after the lead */
} hcb__lots;

/* A year's four lines of the budget, each in hundredths of a percent or pence. */
typedef struct hcb__budget_plan {
    int32_t years;
    const char *first;                      /* "2021-22" */
    int64_t growth[HCB__MOST_BUDGET_YEARS]; /* more care than the year before */
    int64_t inflation[HCB__MOST_BUDGET_YEARS];
    int64_t savings[HCB__MOST_BUDGET_YEARS]; /* pence a year, from that year on */
} hcb__budget_plan;

/* What a provider is taken to spend: for refusals, and for the figure of packages that do not pay for their travel. */
typedef struct hcb__costs {
    hcb__travel_pay pay;
    int64_t overhead; /* hundredths of a percent of the zone's urban price */
} hcb__costs;

typedef struct hcb__scenario {
    const char *name, *group;      /* group "": none */
    const char *base;              /* folder */
    const char *files[HCB__FILES]; /* absolute paths in place of the workspace's; NULL */
    const char *shown[HCB__FILES]; /* the same as the file has them */
    const char *plan, *plan_shown; /* zones of the small areas, beside `zones`; NULL */
    /* hundredths of a percent; 0: as it is */
    int64_t people, hours, starts, capacity, prices, band_prices[HCB__BANDS];
    const char *wage_from, *wage_to, *wage_file; /* NULL: none */
    int64_t wage_line, wage_column;
    int32_t n_providers;
    hcb__provider_change *providers;
    hcb__lots lots;
    bool one_rate;     /* one price a zone: the mean of its bands' over the hours served */
    uint32_t refusing; /* bit set of tiers that decline what does not pay for its travel */
    hcb__costs costs;
    bool tender; /* everybody is offered anew: placements are free, limits on new packages do not count */
    /* run: */
    int32_t method;     /* HCB__NOT_CHANGED */
    int64_t replan;     /* HCB__NOT_CHANGED */
    int64_t work_limit; /* -1 */
    double gap;         /* negative */
    int64_t seed;       /* -1 */
    hcb__budget_plan budget;
} hcb__scenario;

typedef struct hcb__scenario_file {
    hcb__arena arena;
    const char *name, *shown; /* shown: the file as it was named; a folder where the scenario is a workspace as it is */
    bool lists;               /* it has `scenarios:` */
    int32_t count;
    hcb__scenario *at;
} hcb__scenario_file;

/* `name` is a folder, a file, or the name of a bundled file; `workspace` the base of files without one. Problems are
 * collected with their places. */
HCB_NODISCARD hcb_status hcb__scenario_file_open(hcb__scenario_file **out, hcb_context *ctx, const char *name,
                                                 const char *workspace);
void hcb__scenario_file_close(hcb__scenario_file *file);
/* The scenario of FILE, FOLDER or FILE#NAME; *which is in *out, which the caller closes. */
HCB_NODISCARD hcb_status hcb__scenario_find(hcb__scenario_file **out, const hcb__scenario **which, hcb_context *ctx,
                                            const char *name, const char *workspace);

/* What is changed, one phrase each ("people +25%", "P007 leaves"): calls `say` for each. */
typedef void (*hcb__say_change)(void *payload, const char *phrase);
void hcb__changes_say(const hcb__scenario *scenario, const hcb_allocator *mem, hcb__say_change say, void *payload);

#endif
