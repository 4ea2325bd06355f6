/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * The desk: a day of offers, answers and hand-backs on a durable ledger. docs/desk.md tells how to work with it.
 *
 * The ledger is one file of events that are only ever added to, each chained to the one before by its hash. A call
 * that writes either commits all its events or none; once it has returned HCB_OK they survive a crash. Several
 * processes may work on one ledger: HCB_EBUSY means that another held it for too long, nothing was written, and the
 * call may be repeated. What the rules forbid (an answer to an offer that is not open, more than a provider has
 * room for, a time before that of the last event) is HCB_EDATA, with a message that names it; nothing is written.
 */
#ifndef HCB_DESK_H
#define HCB_DESK_H

#include "hcbroker/allocation.h"
#include "hcbroker/context.h"
#include "hcbroker/text.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hcb_desk hcb_desk;

/** How a desk is opened. Begin with HCB_DESK_OPTIONS_INIT. */
typedef struct hcb_desk_options {
    uint32_t struct_size; /**< sizeof(hcb_desk_options). */
    int32_t wait_ms;      /**< How long to wait for another writer; 0: 5000, -1: not at all. */
    const char *ledger;   /**< The file; NULL: desk.ledger in the workspace's folder. */
    const char *policy;   /**< A policy file instead of the workspace's; NULL. */
    int32_t inspect;      /**< 1: open it whatever workspace it is of, to verify it, to read it or to adopt changes. */
    int32_t reserved;     /**< 0. */
} hcb_desk_options;

#define HCB_DESK_OPTIONS_INIT                                                                                          \
    { (uint32_t)sizeof(hcb_desk_options), 0, 0, 0, 0, 0 }

/** Who writes, and when. The library reads no clock. */
typedef struct hcb_desk_stamp {
    uint32_t struct_size; /**< sizeof(hcb_desk_stamp). */
    int32_t slack_s;      /**< A time that is so many seconds or less before the last event counts as the last event's:
                               for callers that read a clock and then wait for other writers. 0: none. */
    int64_t at;           /**< Seconds since 1970-01-01 00:00 UTC. */
    const char *user;     /**< 1 to 64 bytes without control characters. */
} hcb_desk_stamp;

/**
 * Make a ledger, permissions 0600, and take the workspace's queue and placements into it. From then on the desk, not
 * packages.csv and placements.csv, says who waits and who is served; providers, coverage, prices, map and policy stay
 * the workspace's.
 * @return HCB_OK; HCB_EDATA: there is a ledger already, or the workspace has errors; HCB_EBUSY, HCB_EIO, HCB_ENOMEM,
 *         HCB_EINVAL, HCB_EVERSION.
 */
HCB_API HCB_NODISCARD hcb_status hcb_desk_init(hcb_context *ctx, const char *folder, const hcb_desk_options *options,
                                               const hcb_desk_stamp *stamp);

/**
 * Open the ledger of a workspace; an older schema is brought up to date.
 * @param[out] out  Freed by hcb_desk_close(); NULL on failure. Used by one thread at a time.
 * @return HCB_OK; HCB_ENOTFOUND: there is none; HCB_EDATA: not a ledger, of a newer schema, or of another workspace;
 *         HCB_EBUSY, HCB_EIO, HCB_ENOMEM, HCB_EINVAL, HCB_EVERSION.
 */
HCB_API HCB_NODISCARD hcb_status hcb_desk_open(hcb_desk **out, hcb_context *ctx, const char *folder,
                                               const hcb_desk_options *options);
/** NULL is fine. */
HCB_API void hcb_desk_close(hcb_desk *desk);

/*
 * Calls that write. `out` (may be NULL) gets the events that were added: lines for people, a JSON array, or CSV;
 * freed with hcb_text_free(), NULL on failure and where memory ran out after all was written. All give HCB_OK,
 * HCB_EDATA, HCB_EBUSY, HCB_EIO, HCB_EINVAL, HCB_EVERSION, HCB_ENOMEM, and what reading files and solving gives.
 */

/** New packages: packages.csv and (NULL: none) visits.csv of docs/formats.md. All of them or, when one is wrong, none.
 */
HCB_API HCB_NODISCARD hcb_status hcb_desk_receive(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                  const hcb_desk_stamp *stamp, const char *packages, const char *visits,
                                                  int32_t format);
/** The same for packages that the desk has: the new rows replace the old ones; open offers of them are withdrawn. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_change(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                 const hcb_desk_stamp *stamp, const char *packages, const char *visits,
                                                 int32_t format);

enum { HCB_DESK_END = 0, HCB_DESK_SUSPEND = 1, HCB_DESK_RESUME = 2 };
/** End, suspend or resume packages. Open offers are withdrawn; a suspended placement keeps its provider's hours. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_set(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                              const hcb_desk_stamp *stamp, int32_t what, const char *const *packages,
                                              int32_t n_packages, const char *reason, int32_t format);

/** What a provider says it can do in all: carer minutes a week, 0 to 10,000,000. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_capacity(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                   const hcb_desk_stamp *stamp, const char *provider, int64_t minutes,
                                                   int32_t format);
/** The same in one zone that the provider covers, or in one part of the day ("morning", "lunch", "tea", "bed"); the
 * other is NULL. It takes the place of capacity_hours of coverage.csv, or capacity_morning and so on of providers.csv.
 * @param minutes  -1: no limit there any more. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_capacity_of(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                      const hcb_desk_stamp *stamp, const char *provider,
                                                      const char *zone, const char *part, int64_t minutes,
                                                      int32_t format);

/**
 * Offer a waiting package. Without providers, to whom the policy's call-off rules say (the plan's provider first
 * where they say so); with providers, to these, all at once.
 */
HCB_API HCB_NODISCARD hcb_status hcb_desk_offer(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                const hcb_desk_stamp *stamp, const char *package,
                                                const char *const *providers, int32_t n_providers, int32_t format);

/**
 * A provider's answer. Accepting places the package, or is a bid in a tender; declining does what the policy says.
 * @param reason       Of a decline: one of the policy's codes. NULL when it accepts.
 * @param price_pence  Of a bid: pence a week; -1: the price of the offer.
 */
HCB_API HCB_NODISCARD hcb_status hcb_desk_answer(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                 const hcb_desk_stamp *stamp, const char *offer, int32_t accept,
                                                 const char *reason, int64_t price_pence, int32_t format);
/** A file of answers: offer_id, answer (accept, decline), reason, price. All of them or none. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_answers(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                  const hcb_desk_stamp *stamp, const char *path, int32_t format);

/** Offers whose time is over expire, tenders whose time is over are decided, care whose last day is over ends. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_expire(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                 const hcb_desk_stamp *stamp, int32_t format);
/** Take an open offer back. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_withdraw(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                   const hcb_desk_stamp *stamp, const char *offer, const char *reason,
                                                   int32_t format);
/** A provider gives packages back (n_packages 0: all it serves); they wait again, and not for it. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_handback(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                   const hcb_desk_stamp *stamp, const char *provider,
                                                   const char *const *packages, int32_t n_packages, const char *reason,
                                                   int32_t format);
/** A note, about a package or (NULL) about the desk. It never leaves the ledger but by `log` and the events' export. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_note(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                               const hcb_desk_stamp *stamp, const char *package, const char *text,
                                               int32_t format);
/** Accept that the workspace's providers, coverage, prices or map were changed on purpose; the desk was opened with
 * `inspect`. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_adopt(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                const hcb_desk_stamp *stamp, int32_t format);

/** How a round of offers is planned. */
typedef struct hcb_desk_plan_options {
    uint32_t struct_size; /**< sizeof(hcb_desk_plan_options). */
    int32_t free_offers;  /**< 1: people who have an open offer may be planned elsewhere too. */
    int32_t carry_out; /**< 1: moves of people who are served are carried out at once; with a replan that allows any. */
    int32_t reserved;  /**< 0. */
    hcb_allocation_options allocation; /**< work_limit 0: one that ends a county in a fraction of a second. */
} hcb_desk_plan_options;

/** Set the defaults. */
HCB_API void hcb_desk_plan_options_init(hcb_desk_plan_options *options);

/**
 * Allocate on the state of the desk, and keep the plan in the ledger: offers follow it. What is accepted stays; so do,
 * unless asked, people with an open offer. Nobody is moved more often than the policy's `moves: {per_person, days}`.
 * @param[out] allocation  NULL, or the plan: freed by hcb_allocation_free().
 * @return HCB_ECANCELLED too: the context's cancel was requested; nothing is written and the plan before stands.
 */
HCB_API HCB_NODISCARD hcb_status hcb_desk_plan(hcb_text **out, hcb_allocation **allocation, hcb_desk *desk,
                                               hcb_context *ctx, const hcb_desk_stamp *stamp,
                                               const hcb_desk_plan_options *options, int32_t format);

/*
 * Calls that read.
 */

/** Who waits, since when, in which order, and what is next to do. `at`: seconds since 1970, for the waits. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_queue(hcb_text **out, hcb_desk *desk, hcb_context *ctx, int64_t at,
                                                int32_t format);
/** The events, of all or (`subject`) of one package, offer or provider; at most `last` of them, 0: all. HCB_EDATA:
 * `subject` is none of these. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_log(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const char *subject,
                                              int64_t last, int32_t format);
/** Waits, acceptance, capacity, hand-backs by day, priority, zone and provider (desk.json of docs/formats.md).
 * `at`: as above. `is_public`: counts under 5 are suppressed. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_figures(hcb_text **out, hcb_desk *desk, hcb_context *ctx, int64_t at,
                                                  int32_t is_public, int32_t format);

/**
 * Check the chain of hashes, rebuild the state from the events and compare.
 * @param[out] sound  1: everything holds; 0: `out` names the first event or row that does not.
 */
HCB_API HCB_NODISCARD hcb_status hcb_desk_verify(hcb_text **out, int32_t *sound, hcb_desk *desk, hcb_context *ctx,
                                                 int32_t format);

/** The events as JSON lines: what hcb_desk_import() reads. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_events(hcb_text **out, hcb_desk *desk, hcb_context *ctx);
/** Open offers without anything that tells who the person is: offer, provider, postcode district, hours, visits, needs,
 * price. One row a visit; CSV or JSON. `provider`: of one; NULL: of all. HCB_EDATA: the workspace has no such provider.
 */
HCB_API HCB_NODISCARD hcb_status hcb_desk_requirements(hcb_text **out, hcb_desk *desk, hcb_context *ctx,
                                                       const char *provider, int32_t format);
/** The state on the day of `at` as a workspace of its own, which every other call can read.
 * @param folder  Made when it is not there; HCB_EINVAL: it is not empty. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_export(hcb_desk *desk, hcb_context *ctx, int64_t at, const char *folder);
/** Make a ledger from exported events; every hash must hold. HCB_EDATA: one does not, named; or there is a ledger. */
HCB_API HCB_NODISCARD hcb_status hcb_desk_import(hcb_context *ctx, const char *folder, const hcb_desk_options *options,
                                                 const char *path);

#ifdef __cplusplus
}
#endif

#endif
