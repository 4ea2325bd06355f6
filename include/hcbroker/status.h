/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * Status codes: what a call may return. An outcome (infeasible, stopped early) is never a status.
 */
#ifndef HCB_STATUS_H
#define HCB_STATUS_H

#include <stdint.h>

#include "hcbroker/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Zero is success, negative is an error. The numbers are fixed for ever. */
typedef int32_t hcb_status;

/** One list for codes, numbers and texts, so that they cannot drift apart. */
#define HCB_STATUS_MAP(XX)                                                                                             \
    XX(EINVAL, -1, "an argument is NULL or out of range")                                                              \
    XX(ENOMEM, -2, "out of memory")                                                                                    \
    XX(EIO, -3, "input or output failed")                                                                              \
    XX(EPARSE, -4, "a file is not well formed")                                                                        \
    XX(EDATA, -5, "a file is well formed but its content is wrong")                                                    \
    XX(EGEOMETRY, -6, "a geometry is not valid")                                                                       \
    XX(ECRS, -7, "a coordinate reference system cannot be used")                                                       \
    XX(ENOTFOUND, -8, "the thing asked for does not exist")                                                            \
    XX(ELIMIT, -9, "a number is beyond the safe range")                                                                \
    XX(ESOLVER, -10, "the solver failed")                                                                              \
    XX(ECANCELLED, -11, "cancelled before any answer")                                                                 \
    XX(EVERSION, -12, "the caller was built against another version")                                                  \
    XX(EBUSY, -13, "the context is in use by a call that has not returned")                                            \
    XX(EUSER, -14, "a callback asked to stop")                                                                         \
    XX(EINTERNAL, -15, "a defect in the library")

enum {
    HCB_OK = 0,
#define HCB_STATUS_ENUM(name, number, text) HCB_##name = number,
    HCB_STATUS_MAP(HCB_STATUS_ENUM)
#undef HCB_STATUS_ENUM
        HCB_STATUS_END = -16 /**< One past the last code; for tests that walk them all. */
};

/** Name of a status, for example "HCB_EDATA"; "HCB_UNKNOWN" for a number that is none. Never NULL, never freed. */
HCB_API const char *hcb_status_name(hcb_status status);

/** One sentence that says what a status means. Never NULL, never freed. */
HCB_API const char *hcb_status_text(hcb_status status);

#ifdef __cplusplus
}
#endif

#endif
