/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * A ranked answer for one package, the best use of freed hours, what letting people move is worth, and what optimising
 * is worth. docs/recommend.md says how to read each.
 */
#ifndef HCB_RECOMMEND_H
#define HCB_RECOMMEND_H

#include "hcbroker/allocation.h"
#include "hcbroker/text.h"
#include "hcbroker/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is asked. Begin with HCB_RECOMMEND_OPTIONS_INIT. */
typedef struct hcb_recommend_options {
    uint32_t struct_size; /**< sizeof(hcb_recommend_options). */
    int32_t top;          /**< How many to list; 0: all. */
    const char *plan;     /**< An output folder of `allocate` for this workspace; NULL: today's placements alone. */
} hcb_recommend_options;

#define HCB_RECOMMEND_OPTIONS_INIT                                                                                     \
    { (uint32_t)sizeof(hcb_recommend_options), 0, 0 }

/**
 * The providers that may take a package, as the policy ranks them, each with price, travel, tier, quality, room and
 * what choosing it instead of the best does to the plan's levels; those without room with the rows that are short; and
 * everyone left out with the first rule that fails. Nothing else of the plan moves. The package waits, or is a
 * placement that is to move: then its own hours are free.
 *
 * @param[out] out    Freed by the caller with hcb_text_free(); NULL on failure.
 * @param package_id  A package of the queue or a placement in force.
 * @param options     NULL for HCB_RECOMMEND_OPTIONS_INIT.
 * @param format      HCB_FORMAT_...; CSV has a row for each provider.
 * @return HCB_OK, also when nobody may take the package. HCB_EINVAL: an argument, or no such package; HCB_EDATA,
 *         HCB_EPARSE, HCB_ENOTFOUND, HCB_EIO: the plan cannot be read or is not of this workspace; HCB_ELIMIT: a sum
 *         passes 64 bits; HCB_ENOMEM.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_recommend_providers(hcb_text **out, hcb_context *ctx,
                                                         const hcb_workspace *workspace, const char *package_id,
                                                         const hcb_recommend_options *options, int32_t format);

/**
 * Who among the waiting best fits hours that a provider has freed: each alone, in the order of what placing it does to
 * the levels, and the best set of them, which the engine finds and proves. All other rows must hold; the provider's
 * capacity is raised by the hours, and what is placed has to fit into them.
 *
 * @param minutes  Carer minutes a week, 1 to 10,000,000.
 * @return As hcb_recommend_providers(); HCB_EINVAL: no such provider; HCB_ESOLVER.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_recommend_packages(hcb_text **out, hcb_context *ctx,
                                                        const hcb_workspace *workspace, const char *provider_id,
                                                        int64_t minutes, const hcb_recommend_options *options,
                                                        int32_t format);

/** Which numbers of moves are tried. Begin with hcb_replan_options_init(). */
typedef struct hcb_replan_options {
    uint32_t struct_size; /**< sizeof(hcb_replan_options). */
    int32_t n_steps;      /**< 0: 0, 1, 2, 5, 10, 20, 50 ... up to `most`, and `most` itself. */
    const int64_t *steps; /**< [n_steps]: people who may move, ascending; the last may be HCB_REPLAN_FREE. */
    int64_t most;         /**< Of the steps above; 0 to 1,000,000. Default 20. */
    hcb_allocation_options allocation; /**< Of each run (work_limit 0: 50 million units); its method and replan
                                            do not count; time_limit_s is for all of them. */
} hcb_replan_options;

/** Set the defaults. */
HCB_API void hcb_replan_options_init(hcb_replan_options *options);

/**
 * The curve of the levels against the number of people who may change provider. Each run begins with the plan of the
 * one before, so that a step never makes the ordered levels worse.
 *
 * @param[out] out  Freed by the caller with hcb_text_free(); NULL on failure.
 * @param options   NULL for the defaults.
 * @return As hcb_allocation_solve(); HCB_EINVAL: steps that do not ascend.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_replan_curve(hcb_text **out, hcb_context *ctx, const hcb_workspace *workspace,
                                                  const hcb_replan_options *options, int32_t format);

/**
 * Put beside an allocation what the sequential method does with the same data: hcb_allocation_print() and
 * hcb_allocation_write() then tell the difference, level by level.
 * @return HCB_OK, HCB_EINVAL, HCB_ELIMIT, HCB_ENOMEM.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_allocation_add_baseline(hcb_allocation *allocation, hcb_context *ctx);

#ifdef __cplusplus
}
#endif

#endif
