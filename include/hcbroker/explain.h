/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * Why a package waits, or why it is with the provider that the plan gives it to. docs/explain.md says what each reason
 * means and how it is proved.
 */
#ifndef HCB_EXPLAIN_H
#define HCB_EXPLAIN_H

#include "hcbroker/allocation.h"
#include "hcbroker/text.h"
#include "hcbroker/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is asked. Begin with HCB_EXPLAIN_OPTIONS_INIT. */
typedef struct hcb_explain_options {
    uint32_t struct_size;    /**< sizeof(hcb_explain_options). */
    int32_t counterfactuals; /**< 1: also what would place the package, priced; 0: the reason alone. */
    const char *plan;        /**< An output folder of `allocate` for this workspace; NULL: one is solved. */
    const char *provider_id; /**< Why (not) this provider; NULL: the package's reason. */
    hcb_allocation_options
        plan_options; /**< Of the plan, when there is no folder, and of what is solved again; its work
                 limit (0: 10,000,000,000 units) is that of the whole call. The method is not used. */
} hcb_explain_options;

#define HCB_EXPLAIN_OPTIONS_INIT                                                                                       \
    { (uint32_t)sizeof(hcb_explain_options), 1, 0, 0, HCB_ALLOCATION_OPTIONS_INIT }

/**
 * Explain one package. Each reason is checked by solving again with and without its cause; one that fails its check is
 * not given.
 *
 * @param[out] out    Freed by the caller with hcb_text_free(); NULL on failure.
 * @param package_id  A package of the queue or a placement in force.
 * @param options     NULL for HCB_EXPLAIN_OPTIONS_INIT.
 * @param format      HCB_FORMAT_TEXT or HCB_FORMAT_JSON.
 * @return HCB_OK, also when nothing could be proved within the work limit. HCB_EINVAL: an argument, no such package or
 *         provider; HCB_EDATA, HCB_EPARSE, HCB_ENOTFOUND, HCB_EIO: the plan cannot be read or is not of this workspace;
 *         HCB_ELIMIT: a sum passes 64 bits; HCB_ESOLVER; HCB_ENOMEM.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_explain(hcb_text **out, hcb_context *ctx, const hcb_workspace *workspace,
                                             const char *package_id, const hcb_explain_options *options,
                                             int32_t format);

#ifdef __cplusplus
}
#endif

#endif
